package demo

import (
	"fmt"
	"strings"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// enterprise is an activity as the story goes on.
type enterprise struct {
	trade
	chance  chance
	id      int64 // of the activity and its section
	holders []*person
	opened  date.Day
	clients []*client
	sold    int    // documents written so far
	due     int    // thousandths of a document that the season has brought and that are not written
	bills   int    // of suppliers
	month   steady // of the large cooperative
}

// client is a customer of one activity with their habits.
type client struct {
	certified bool // its certificate for the reduced rate is kept
	customer  sale.Customer
	saved     bool
	late      int // usual days after the due date; negative: before
	means     sale.Means
	unpaid    []sale.Document // of the long list, until there are enough for a payment
}

// there returns the holders who share the activity on a day.
func (e *enterprise) there(on date.Day) []*person {
	var now []*person
	for _, p := range e.holders {
		if p.joined <= on {
			now = append(now, p)
		}
	}
	return now
}

// author is who writes a document: each of those who share the activity in turn.
func (e *enterprise) author(on date.Day) *person {
	now := e.there(on)
	return now[e.sold%len(now)]
}

// share returns the dated shares of those who hold the activity on a day.
func (e *enterprise) shares(on date.Day) []activity.Share {
	var all []activity.Share
	for _, p := range e.there(on) {
		all = append(all, activity.Share{Person: p.id, From: max(p.joined, e.opened), Parts: 1})
	}
	return all
}

// described is an activity as it is on a day.
func (w *world) described(e *enterprise, on date.Day) activity.Activity {
	return activity.Activity{
		ID: e.id, Code: e.code, Name: e.name, Trade: e.trade.trade, Email: e.holders[0].mail(), Phone: fmt.Sprintf("06 39 98 %02d %02d", 40+len(e.code), 41*e.holders[0].id%100),
		Opened: e.opened, Advisor: w.byName[e.advisor].id, Policy: w.policies[e.policy], Natures: e.natures, Tax: e.tax, Gross: e.gross, Insurance: e.insurance, Cover: w.cover(e),
		Shares: e.shares(max(on, e.opened)),
	}
}

// openActivity opens an activity, or writes it anew when someone joins it.
func (w *world) openActivity(e *enterprise) error {
	admin, err := w.named(administering)
	if err != nil {
		return err
	}
	a := w.described(e, w.today)
	a, err = w.office.SaveActivity(w.ctx, admin, a)
	if err != nil {
		return fmt.Errorf("activity %s: %w", e.code, err)
	}
	e.id = a.ID
	w.changed()
	return nil
}

// clientele makes the customers an activity will have.
func (w *world) clientele(e *enterprise) {
	for i := range e.buyers {
		for n := range 1 + e.chance.IntN(2) {
			if c := w.buyer(e.chance, e.buyers[i], i+7*n); !e.knows(c) {
				e.clients = append(e.clients, c)
			}
		}
	}
}

func (e *enterprise) knows(c *client) bool {
	for _, k := range e.clients {
		if k.customer.FullName() == c.customer.FullName() {
			return true
		}
	}
	return false
}

// buyer makes one customer of a kind.
func (w *world) buyer(c chance, kind byte, n int) *client {
	cl := &client{means: sale.Transfer}
	cu := &cl.customer
	cu.Kind = buyerKinds[kind]
	at := pick(c, towns)
	cu.Address = coop.Address{Line1: fmt.Sprintf("%d %s", c.between(1, 88), pick(c, streets)), Zip: at.zip, City: at.name, Country: "FR"}
	legal := func(names []string, base int) {
		i := c.IntN(len(names))
		cu.Name, cu.Address = names[i], seat(base+i, names[i])
		cu.SIREN = siren(base + 37*i)
		cu.Email = "compta@" + domain(names[i])
		cu.Contact = pick(c, firstNames) + " " + pick(c, lastNames)
		cu.Phone = fmt.Sprintf("04 65 71 %02d %02d", c.IntN(100), c.IntN(100))
	}
	switch kind {
	case 'c':
		legal(companyNames, 20_000)
		cu.VATNumber = coop.VATNumber(cu.SIREN)
		cl.late = habit(c, 55, 30)
	case 'a':
		legal(associationNames, 40_000)
		cl.late = habit(c, 60, 30)
	case 'k':
		legal(condominiums, 60_000)
		cu.Contact = "Cabinet Sève, syndic"
		cl.late = habit(c, 35, 45)
	case 'p':
		b := publicBodies[c.IntN(len(publicBodies))]
		w.public(cu, b.name)
		cl.late = c.between(-6, 9)
	case 'e', 's':
		list := unionCompanies
		if kind == 's' {
			list = swissCompanies
		}
		x := list[n%len(list)]
		cu.Name, cu.VATNumber = x.name, x.vat
		cu.Address = coop.Address{Line1: x.line, Zip: x.zip, City: x.city, Country: x.country}
		cu.Email = "accounts@" + domain(x.name)
		cl.late = c.between(-12, 6)
	default:
		cu.FirstName, cu.Name = pick(c, firstNames), pick(c, lastNames)
		cu.Email = plain(cu.FirstName) + "." + plain(cu.Name) + "@courriel.example"
		cu.Phone = fmt.Sprintf("06 39 98 %02d %02d", c.IntN(100), c.IntN(100))
		cl.late = c.between(-29, -18) // private persons pay when the work is done
		cl.means = pick(c, []sale.Means{sale.Card, sale.Transfer, sale.Cheque, sale.Card, sale.Cash})
	}
	return cl
}

// seat is the address of an enterprise: one, whoever works for it.
func seat(n int, name string) coop.Address {
	own := newChance(uint64(n), name)
	at := pick(own, towns)
	return coop.Address{Line1: fmt.Sprintf("%d %s", own.between(1, 88), pick(own, streets)), Zip: at.zip, City: at.name, Country: "FR"}
}

// public makes a customer of a public body: its numbers are compulsory, and it asks for its own references.
func (w *world) public(cu *sale.Customer, name string) {
	for i, b := range publicBodies {
		if b.name != name {
			continue
		}
		cu.Kind, cu.Name = sale.Public, b.name
		cu.SIREN = siren(80_000 + 41*i)
		cu.SIRET = siret(cu.SIREN)
		cu.Address = coop.Address{Line1: "1 place de la République", Zip: b.at.zip, City: b.at.name, Country: "FR"}
		cu.Contact, cu.Email, cu.Phone = "Service comptable", "marches@"+domain(b.name), fmt.Sprintf("04 65 71 %02d %02d", 20+i, 11*i+3)
		cu.NeedsService, cu.NeedsCommitment, cu.ServiceCode = true, i%2 == 0, b.service
	}
}

// habit returns the days after the due date of a customer who mostly pays in time; one in so many is slow.
func habit(c chance, prompt, slow int) int {
	switch {
	case c.in(prompt):
		return c.between(-9, 2)
	case c.in(85):
		return c.between(3, 16)
	}
	return c.between(17, slow)
}

// domain makes an invented mail domain of a name.
func domain(name string) string {
	s := plain(strings.NewReplacer("Association ", "", "Syndicat des copropriétaires ", "copro-", "Commune de ", "mairie-", "Communauté de communes du ", "cc-").Replace(name))
	if len(s) > 40 {
		s = strings.Trim(s[:40], "-")
	}
	return s + ".example"
}

// price of an offer's line for a customer: what it is taxed depends on who buys and what.
func (e *enterprise) line(o offer, c sale.Customer) sale.Line {
	l := sale.Line{Label: o.label, Nature: o.nature, Unit: o.unit, Quantity: money.Unit * money.Micro(e.chance.between(o.least, o.most)), Price: e.chance.euros(o.low, o.high, max(o.step, 1)).Micro()}
	n, _ := sale.NatureOf(o.nature)
	switch {
	case c.Kind == sale.EUCompany:
		l.Tax = "EUS"
	case c.Kind == sale.Foreign:
		l.Tax = "EXS"
	case o.tax != "":
		l.Tax = o.tax
	case n.Works && (c.Kind == sale.Consumer || c.Kind == sale.NonTaxable):
		l.Tax = "S10" // housing of more than two years
	default:
		l.Tax = n.Fit("S20", ledger.France())
	}
	return l
}

// content writes one to three lines for a customer.
func (e *enterprise) content(c sale.Customer) sale.Content {
	first := e.chance.IntN(len(e.offers))
	d := sale.Content{Gross: e.gross, DueDays: 30, Title: e.offers[first].label}
	n := 1
	if len(e.offers) > 1 && e.chance.in(38) {
		n++
	}
	for i := range n {
		d.Lines = append(d.Lines, e.line(e.offers[(first+i)%len(e.offers)], c))
	}
	switch c.Kind {
	case sale.Consumer:
		d.DueDays = 30
	case sale.Public:
		if c.NeedsCommitment {
			d.Commitment = fmt.Sprintf("EJ-%d-%04d", 2000+e.chance.between(25, 26), e.chance.between(100, 9999))
		}
		d.OrderRef = fmt.Sprintf("BC %04d", e.chance.between(200, 4800))
	case sale.Company:
		if e.chance.in(25) {
			d.OrderRef = fmt.Sprintf("CDE-%05d", e.chance.between(1000, 99999))
		}
		if e.chance.in(12) {
			d.DueDays = 45
		}
	}
	return d
}
