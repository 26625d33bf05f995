package demo

import (
	"fmt"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// The large cooperative is for measuring: five hundred activities whose months are alike. Its history is taken up from
// entries, as from the program used before; the documents of the last fiscal year are written, numbered and paid here.
const together = 50 // activities whose entries of a month are booked at once

// extent is how large it is.
type extent struct {
	activities, years int
	documents         int // of an activity in the last year
	long              int // of one activity that sells by small invoices, before the present month
}

var wide = extent{activities: 500, years: 10, documents: 27, long: 10_000}

// steady is the usual month of an activity.
type steady struct {
	net      money.Cents // sold
	bought   money.Cents
	pay      money.Cents // employer's cost
	owed     ledger.ItemRef
	owedVAT  money.Cents
	owedAll  money.Cents
	customer *client
}

// large fills many activities over several fiscal years, the last one with its documents.
func (w *world) large(x extent) error {
	w.extent = x
	year := w.opt.Today.Month().Year()
	if w.opt.Today.Month().Number() == 1 { // a year with some months in it
		year--
	}
	documents := date.MonthOf(year, 1)
	first := documents - date.Month(12*(x.years-1))
	w.first, w.start = first, first.First()
	w.rulesFrom = documents.First()
	if err := w.begin(int(w.opt.Today.Month()-first) + 1); err != nil {
		return err
	}
	trust := coop.Default().Trust
	trust.FirstInvoices, trust.AllUnderCAPE, trust.AlwaysExempt, trust.AlwaysForeign, trust.KnownCustomers, trust.AloneUpTo = 0, false, false, false, false, money.Max
	r, err := office.RuleOf(coop.RuleTrust, "", w.start, trust, "AG d’ouverture, résolution 3")
	if err == nil {
		_, err = w.office.SaveRule(w.ctx, w.system, r)
	}
	if err != nil {
		return err
	}
	w.cast()
	w.crowd()
	if err := w.crowded(); err != nil {
		return err
	}
	if err := w.broughtAlong(); err != nil {
		return err
	}
	for _, e := range w.enterprises { // who comes later is not yet known to their activity
		for _, p := range e.holders {
			if day := max(e.opened, p.joined); day > w.start {
				w.agenda.at(day, 0, 10, func() error { w.changed(); return nil })
			}
		}
	}
	for m := first; m <= w.opt.Today.Month(); m++ {
		if m.Number() == 1 && m > first {
			w.agenda.at((m - 1).First(), 0, 5, w.openYear) // before it begins: the story may end on its first day
		}
		w.houseCosts(m)
		for _, day := range []date.Day{m.First() + 12, m.Last()} {
			w.agenda.at(day, 15, 30, w.sitting)
		}
		if m >= documents {
			w.invoices(m)
			w.counter(m, documents)
			w.agenda.at(m.Last(), 23, 40, func() error {
				return w.direct(func(tx *store.Tx) error {
					_, err := tx.PassJobs("document.render")
					return err
				})
			})
		}
		w.agenda.at(m.Last(), 18, 0, func() error { return w.alike(m, m < documents) })
		w.agenda.at((m+1).First()+14, 9, 0, func() error { return w.followUp(m, m < documents) })
	}
	if err := w.run(w.opt.Today); err != nil {
		return err
	}
	if err := w.direct(func(tx *store.Tx) error {
		_, err := tx.PassJobs("document.render")
		return err
	}); err != nil {
		return err
	}
	return w.counted()
}

// crowd adds people and activities to the cast until there are enough.
func (w *world) crowd() {
	models := trades()
	for i := 0; len(w.enterprises) < w.extent.activities; i++ {
		model := models[i%len(models)]
		if len(model.offers) == 0 {
			continue
		}
		first, last := firstNames[i%len(firstNames)], lastNames[(i/len(firstNames)*7+i)%len(lastNames)]
		p := &person{first: first, last: last, lang: "fr", roles: []member.Role{member.Entrepreneur}, from: w.start, joined: w.start, address: plain(first) + "." + plain(last), tax: money.Rate(i % 5 * 9_000)}
		e := &enterprise{trade: model, chance: newChance(w.opt.Seed, fmt.Sprint("large ", i)), holders: []*person{p}, opened: w.start}
		e.code, e.name, e.advisor = fmt.Sprintf("%03d", 31+i), first+" "+last, []string{"Odile", "Thibault"}[i%2]
		e.people, e.opening, e.reserve = nil, e.chance.euros(800_00, 9000_00, 10_00), 0
		p.activity = e
		p.fixed = e.chance.euros(450_00, 1300_00, 10_00)
		p.contracts = []member.Contract{{Kind: member.CESA, Start: w.start, FixedCost: p.fixed, Associate: i%3 > 0}}
		w.people = append(w.people, p)
		w.enterprises = append(w.enterprises, e)
	}
	for _, e := range w.enterprises {
		if e.policy == margin { // months are closed at once: nothing is taken afterwards
			e.policy = house
		}
		e.month.net = e.chance.euros(1500_00, 4200_00, 10_00)
		e.month.bought = e.month.net / 9
		e.month.pay = e.month.net * 66 / 100
	}
	for i, p := range w.people {
		p.id = int64(i) + 1
	}
}

// crowded opens everyone and every activity in three transactions: five hundred times three use cases would read the
// whole house each time.
func (w *world) crowded() error {
	if err := w.office.DB().Write(w.ctx, 0, func(tx *store.Tx) error {
		for _, p := range w.people {
			l, err := tx.AddLogin(store.Login{Email: p.mail(), Password: passwordHash(), Lang: p.lang, Handle: handle(w.opt.Seed, p.mail())})
			if err != nil {
				return err
			}
			p.login = l.ID
		}
		return nil
	}); err != nil {
		return err
	}
	if err := w.direct(func(tx *store.Tx) error {
		for _, p := range w.people {
			m := w.sheet(p)
			if err := tx.SavePerson(&m); err != nil {
				return err
			}
			if m.ID != p.id {
				return fmt.Errorf("%s is person %d, planned as %d", p.name(), m.ID, p.id)
			}
			if err := w.worker(tx, p); err != nil {
				return err
			}
		}
		for _, e := range w.enterprises {
			a := w.described(e, w.opt.Today)
			if err := tx.SaveActivity(&a); err != nil {
				return err
			}
			e.id = a.ID
		}
		for _, p := range w.people {
			for _, c := range p.contracts {
				c.Person = p.id
				if c.Kind == member.CESA && p.activity != nil {
					c.Activity = p.activity.id
				}
				if err := tx.SaveContract(&c); err != nil {
					return err
				}
			}
		}
		return tx.Audit(0, "history.taken_up", w.coop.Slug, nil)
	}); err != nil {
		return err
	}
	for _, e := range w.enterprises {
		if len(e.offers) == 0 {
			continue
		}
		w.clientele(e)
		if e.opened > w.start {
			continue // its people come later, and their customers with them
		}
		a, err := w.as(e.holders[0])
		if err != nil {
			return err
		}
		for _, c := range e.clients {
			if err := w.known(a, e, c); err != nil {
				return err
			}
		}
		e.month.customer = e.clients[0]
	}
	return nil
}

// left writes an invoice that leaves the same day: what a gate sends to the team is read at once.
func (w *world) left(e *enterprise, c *client, content sale.Content) (sale.Document, error) {
	d, err := w.written(e, c, content, 0)
	if err != nil || d.Number != "" {
		return d, err
	}
	return w.validate(w.byName[desk], d.ID)
}

// invoices plans the documents of a month of the last year, spread over its days.
func (w *world) invoices(m date.Month) {
	for i, e := range w.enterprises {
		n := w.extent.documents*m.Number()/12 - w.extent.documents*(m.Number()-1)/12
		for k := range n {
			day := opened(m.First() + date.Day((i*7+k*11+3)%27))
			if len(e.offers) == 0 || day < m.First() || day <= e.opened+10 {
				continue
			}
			w.agenda.at(day, 9+k, i%60, func() error {
				c := pick(e.chance, e.clients)
				o := e.offers[0]
				d, err := w.left(e, c, e.one(o, c, m, e.month.net*12/money.Cents(w.extent.documents)))
				if err != nil {
					return err
				}
				if e.chance.in(94) {
					w.pays(e, c, []sale.Document{d}, d.Totals.Gross, max(d.Date+1, d.Due+date.Day(c.late)))
				}
				return nil
			})
		}
	}
}

// one is what is sold of one offer to a client, at a price.
func (e *enterprise) one(o offer, c *client, m date.Month, price money.Cents) sale.Content {
	content := several(o.label, o.nature, o.unit, money.Unit, price)
	content.Gross = e.gross
	content.Lines[0].Tax = e.line(o, c.customer).Tax
	if c.customer.Kind == sale.Public {
		content.Commitment = "EJ-" + m.String()
	}
	return content
}

// counter plans the invoices of a month of the activity whose list is long: many small ones, each customer paying twenty
// at a time.
func (w *world) counter(m, first date.Month) {
	months := int(w.opt.Today.Month() - first)
	if w.extent.long == 0 || m >= w.opt.Today.Month() {
		return
	}
	e := w.enterprises[len(w.enterprises)-1]
	n := (w.extent.long + months - 1) / months
	for k := range n {
		w.agenda.at(opened(m.First()+date.Day(2+k*25/n)), 9, k%500, func() error {
			c := pick(e.chance, e.clients)
			o := e.offers[0]
			d, err := w.left(e, c, e.one(o, c, m, e.chance.euros(18_00, 60_00, 1_00)))
			if err != nil {
				return err
			}
			if c.unpaid = append(c.unpaid, d); len(c.unpaid) < 20 {
				return nil
			}
			paid := c.unpaid
			c.unpaid = nil
			var sum money.Cents
			for _, d := range paid {
				sum += d.Totals.Gross
			}
			w.pays(e, c, paid, sum, max(d.Date+1, d.Due+date.Day(c.late)))
			return nil
		})
	}
}

// alike books the usual month of every activity: in the history its sale, what was paid of the one before and its
// contribution; always what it bought and its payslips.
func (w *world) alike(m date.Month, history bool) error {
	for from := 0; from < len(w.enterprises); from += together {
		var es []ledger.Entry
		var of []*enterprise
		for _, e := range w.enterprises[from:min(from+together, len(w.enterprises))] {
			if e.opened > m.First() || len(e.offers) == 0 {
				continue
			}
			list, err := w.usual(e, m, history)
			if err != nil {
				return err
			}
			for _, each := range list {
				es, of = append(es, each), append(of, e)
			}
		}
		posted, err := w.postAll(paying, es)
		if err != nil {
			return err
		}
		for i, v := range posted {
			w.remember(of[i], v)
		}
	}
	w.slips = nil
	for _, p := range w.people {
		if p.gross > 0 {
			if err := w.salaried(p, m); err != nil {
				return err
			}
		}
	}
	posted, err := w.postSlips()
	if err != nil {
		return err
	}
	for _, v := range posted {
		w.remember(nil, v)
	}
	return w.transfer([]string{ledger.NetPay}, w.today, "SAL-"+m.String(), "Virement des salaires, "+m.String())
}

// usual makes the entries of an activity's month.
func (w *world) usual(e *enterprise, m date.Month, history bool) ([]ledger.Entry, error) {
	var es []ledger.Entry
	s := &e.month
	tag := fmt.Sprintf("%s-%s", m, e.code)
	if history && s.customer != nil {
		if s.owedAll != 0 {
			es = append(es, ledger.Entry{Journal: ledger.JournalBank, Date: m.First() + date.Day(4+e.id%20), Ref: "VIR-" + tag, Label: "Règlement, " + s.customer.customer.FullName(), Lines: []ledger.Line{
				{Account: ledger.Bank, Section: e.id, Amount: s.owedAll}, {Account: ledger.Customers, Section: e.id, Third: s.customer.customer.Third, Amount: -s.owedAll, Settles: s.owed},
				{Account: ledger.VATPending, Section: e.id, Tax: "S20", Amount: s.owedVAT}, {Account: ledger.VATDue, Section: e.id, Tax: "S20", Amount: -s.owedVAT},
			}})
		}
		net := e.chance.about(s.net)
		vat := net.Times(200_000)
		day := m.First() + date.Day(2+e.id%22)
		es = append(es, ledger.Entry{Journal: ledger.JournalSales, Date: day, Ref: "V-" + tag, Label: "Facture V-" + tag + ", " + s.customer.customer.FullName(), Lines: []ledger.Line{
			{Account: ledger.Customers, Section: e.id, Third: s.customer.customer.Third, Due: day + 30, Amount: net + vat}, {Account: "706", Section: e.id, Tax: "S20", Amount: -net}, {Account: ledger.VATPending, Section: e.id, Tax: "S20", Amount: -vat},
		}}, ledger.Entry{Journal: ledger.JournalInternal, Date: day, Ref: "V-" + tag, Label: "Contribution aux services mutualisés", Lines: activity.ContributionLines(e.id, net.Times(10*money.Percent), "", "")})
	}
	v, _, err := w.purchase(e.id, "606", "Comptoir des métiers", "Fournitures", "CM-"+tag, e.chance.about(s.bought), "D20", m.First()+date.Day(e.id%25), 30)
	if err != nil {
		return nil, err
	}
	v.Date = m.Last()
	es = append(es, v)
	w.slips = nil
	for _, p := range e.there(m.Last()) {
		if c, ok := p.contractOn(member.CESA, m.Last()); ok {
			each := s.pay / money.Cents(len(e.there(m.Last())))
			if err := w.paid(e, p, m, max(each-c.FixedCost, 0)); err != nil {
				return nil, err
			}
		}
	}
	return append(es, w.slips...), nil
}

// remember keeps what an entry leaves to be paid, declared or received.
func (w *world) remember(e *enterprise, v ledger.Entry) {
	switch v.Journal {
	case ledger.JournalSales:
		e.month.owed = ledger.ItemRef{Entry: v.ID, Line: 1}
		e.month.owedAll, e.month.owedVAT = v.Lines[0].Amount, -v.Lines[2].Amount
		return
	case ledger.JournalPay:
		w.owedTo(v)
	}
	w.holds(v)
	w.owe(v, v.Date)
}

// holds adds the VAT of an entry to what the month declares.
func (w *world) holds(v ledger.Entry) {
	for _, l := range v.Lines {
		switch l.Account {
		case ledger.VATDue, ledger.VATDeductible, "44562":
			if w.held[l.Account] == nil {
				w.held[l.Account] = purse{}
			}
			w.held[l.Account][l.Section] += l.Amount
		}
	}
}

// followUp is what a month leaves for the middle of the next: bodies, suppliers and VAT are paid, the month is closed.
func (w *world) followUp(m date.Month, history bool) error {
	if err := w.bodiesPaid(m, "431", "4372", "4421", "4486", "4373"); err != nil {
		return err
	}
	if err := w.transfer([]string{ledger.Suppliers, "404"}, w.today, "VIRF-"+m.String(), "Virement aux fournisseurs, "+inWords(m)); err != nil {
		return err
	}
	held := w.held
	w.held = map[string]purse{}
	var err error
	if !history {
		if held, err = w.balances(m, ledger.VATDue, ledger.VATDeductible, "44562"); err != nil {
			return err
		}
	}
	if err := w.declared(m, held); err != nil {
		return err
	}
	if err := w.vatPaid(m); err != nil {
		return err
	}
	return w.closed(m)
}
