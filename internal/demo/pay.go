package demo

import (
	"fmt"
	"slices"

	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// jobs are what the team is employed as; an entrepreneur is by their trade.
var jobs = map[string]string{
	managing: "Gérante", accounting: "Comptable", desk: "Gestionnaire", "Odile": "Accompagnatrice", "Thibault": "Accompagnateur", paying: "Responsable de la paie", administering: "Administrateur",
}

// contractOn returns the contract of a kind that runs on a day.
func (p *person) contractOn(k member.ContractKind, on date.Day) (member.Contract, bool) {
	for _, c := range p.contracts {
		if c.Kind == k && c.ActiveOn(on) {
			return c, true
		}
	}
	return member.Contract{}, false
}

func (p *person) underCAPE(on date.Day) bool {
	_, test := p.contractOn(member.CAPE, on)
	_, job := p.contractOn(member.CESA, on)
	return test && !job
}

// pot is last year's variable part that a person takes over the first months of the year (practice 10).
type pot struct {
	enterprise   *enterprise
	pay, charges money.Cents    // what is left of the provision: 4286 and 4386
	item         ledger.ItemRef // the line on 4286 that it is taken from
	months       int            // payslips it is still spread over
	year         string
}

// available asks the table of all activities what each can pay today, as the payroll officer does.
func (w *world) available() (map[int64]activity.HouseRow, error) {
	a, err := w.named(paying)
	if err != nil {
		return nil, err
	}
	v, err := w.office.House(w.ctx, a)
	rows := map[int64]activity.HouseRow{}
	for _, r := range v.House.Rows {
		rows[r.Activity] = r
	}
	return rows, err
}

// payRun books one payslip for each contract that pays: the fixed part, which is never refused (practice 12), what the
// account can bear of the variable part, and what is left of last year's. The team is paid by mutualised services.
func (w *world) payRun(m date.Month) error {
	rows, err := w.available()
	if err != nil {
		return err
	}
	w.slips = nil
	for _, p := range w.people {
		if p.gross > 0 && p.from <= w.today {
			if err := w.salaried(p, m); err != nil {
				return err
			}
		}
	}
	for _, e := range w.enterprises {
		if e.id == 0 {
			continue
		}
		paid, owed := 0, money.Cents(0)
		for _, p := range e.there(w.today) {
			if c, ok := p.contractOn(member.CESA, w.today); ok {
				paid++
				owed += c.FixedCost
			}
		}
		for _, p := range e.there(w.today) {
			if _, ok := p.contractOn(member.CESA, w.today); !ok {
				continue
			}
			more := variable(rows[e.id].Available, owed) / money.Cents(paid)
			if err := w.paid(e, p, m, more/10_00*10_00); err != nil {
				return fmt.Errorf("%s: %w", p.name(), err)
			}
		}
	}
	if w.slipping(m) {
		for _, e := range w.enterprises {
			for _, p := range e.there(w.today) {
				if err := w.unpaid(e, p, m); err != nil {
					return err
				}
			}
		}
	}
	posted, err := w.postSlips()
	if err != nil {
		return err
	}
	for _, v := range posted {
		w.owe(v, opened(m.Last()))
		w.owedTo(v)
	}
	return nil
}

// salaried adds the payslip of someone of the team to the run.
func (w *world) salaried(p *person, m date.Month) error {
	b := w.begun(p, m, true)
	b.in.Items = []payroll.Item{{Element: "salary", Amount: p.gross}}
	b, err := w.computed(b, "", 0)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	return w.slip(p, m, ledger.Mutual, b)
}

// postSlips books the run: the payroll officer books everybody's pay, and the accountant hers.
func (w *world) postSlips() ([]ledger.Entry, error) {
	officer := w.byName[paying].third
	var hers, others []ledger.Entry
	for _, v := range w.slips {
		if officer != 0 && slices.ContainsFunc(v.Lines, func(l ledger.Line) bool { return l.Third == officer }) {
			hers = append(hers, v)
		} else {
			others = append(others, v)
		}
	}
	posted, err := w.postAll(paying, others)
	if err != nil {
		return nil, err
	}
	own, err := w.postAll(accounting, hers)
	if err != nil {
		return nil, err
	}
	posted = append(posted, own...)
	return posted, w.slipsIssued(posted)
}

// slipsIssued notes the entry of each payslip of the run: from then on it never changes.
func (w *world) slipsIssued(posted []ledger.Entry) error {
	entries := map[string]int64{}
	for _, v := range posted {
		entries[v.Document] = v.ID
	}
	rows := w.rows
	w.rows = nil
	return w.direct(func(tx *store.Tx) error {
		for i := range rows {
			rows[i].Entry, rows[i].State = entries[fmt.Sprintf("pay:%d", rows[i].ID)], store.SlipIssued
			if err := tx.SaveSlip(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// variable is what people ask for of what they could: not quite half, once a month's fixed parts stay aside, so that a
// quiet month is paid too.
func variable(available, fixed money.Cents) money.Cents {
	return max(0, available-fixed-250_00) * 45 / 100
}

// paid books the payslip of an entrepreneur: the fixed part, so much of what the activity has earned, and a share of last
// year's pot.
func (w *world) paid(e *enterprise, p *person, m date.Month, more money.Cents) error {
	fixed, err := w.fixedGross(p)
	if err != nil {
		return err
	}
	b := w.begun(p, m, false)
	b.in.Items = []payroll.Item{{Element: "fixed_part", Amount: fixed}}
	if b, err = w.computed(b, "", 0); err != nil {
		return err
	}
	if more > 0 {
		if b, err = w.computed(b, "variable_advance", b.slip.Totals.Cost+more); err != nil {
			return err
		}
	}
	last := w.pots[p.id]
	if last != nil && last.months > 0 {
		share := (last.pay + last.charges) / money.Cents(last.months)
		before := b.slip.Totals
		if b, err = w.computed(b, "variable_balance", before.Cost+share); err != nil {
			return err
		}
		after := b.slip.Totals
		one := potOf(last, after.Gross-before.Gross, after.Employer-before.Employer, e.id)
		b.pots = []payroll.Pot{one}
		last.pay, last.charges, last.months = last.pay-one.Pay, last.charges-one.Charges, last.months-1
	}
	if b.slip.Totals.Gross == 0 {
		return nil
	}
	if err := w.slip(p, m, e.id, b); err != nil {
		return err
	}
	if last != nil && last.months == 0 {
		w.slips = append(w.slips, emptied(p, last))
		delete(w.pots, p.id)
	}
	return nil
}

// slip adds one payslip to the run.
func (w *world) slip(p *person, m date.Month, section int64, b stub) error {
	e, err := w.booked(p, section, b)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", p.name(), m, err)
	}
	b.person, b.section = p, section
	if w.slipping(m) { // what came before was paid by other means
		row := w.slipRow(&b)
		if err := w.direct(func(tx *store.Tx) error { return tx.SaveSlip(&row) }); err != nil {
			return fmt.Errorf("%s, %s: %w", p.name(), m, err)
		}
		e.Document = fmt.Sprintf("pay:%d", row.ID)
		w.rows = append(w.rows, row)
	}
	w.slips = append(w.slips, e)
	w.kept(p, section == ledger.Mutual, b)
	return nil
}

// bodiesPaid pays what the pay of a month owes to some bodies, each by one movement.
func (w *world) bodiesPaid(m date.Month, accounts ...string) error {
	names := map[string]string{}
	for _, b := range bodies {
		names[b.account] = b.name
	}
	for _, account := range accounts {
		owed := w.social[account]
		if len(owed) == 0 {
			continue
		}
		delete(w.social, account)
		if err := w.settled(owed, account, account+"-"+m.String(), names[account]+", "+inWords(m)); err != nil {
			return err
		}
	}
	return nil
}

// provisions sets aside, at the end of a year, the variable part that people have earned and not taken: it is smoothed
// over the first half of the next (practice 10).
func (w *world) provisions(m date.Month) error {
	rows, err := w.available()
	if err != nil {
		return err
	}
	var all []ledger.Entry
	var of []*person
	for _, e := range w.enterprises {
		var paid []*person
		for _, p := range e.there(m.Last()) {
			if _, ok := p.contractOn(member.CESA, m.Last()); ok {
				paid = append(paid, p)
			}
		}
		left := rows[e.id].Available
		if e.id == 0 || len(paid) == 0 || left < 900_00 {
			continue
		}
		each := left * 40 / 100 / money.Cents(len(paid)) / 10_00 * 10_00
		charges := each * 22 / 100
		for _, p := range paid {
			all = append(all, ledger.Entry{Journal: ledger.JournalMisc, Date: m.Last(), Ref: fmt.Sprintf("PV-%d-%s-%03d", m.Year(), e.code, p.id), Label: fmt.Sprintf("Part variable %d à prendre avant l’été, %s", m.Year(), p.name()), Lines: []ledger.Line{
				{Account: "6413", Section: e.id, Amount: each - charges, Label: "Part variable à payer, " + p.name()}, {Account: "6451", Section: e.id, Amount: charges, Label: "Cotisations sur part variable, " + p.name()},
				{Account: ledger.VariablePot, Section: e.id, Third: p.third, Amount: charges - each, Label: "Part variable à payer, " + p.name()}, {Account: "4386", Section: e.id, Amount: -charges, Label: "Cotisations sur part variable, " + p.name()},
			}})
			of = append(of, p)
			w.pots[p.id] = &pot{enterprise: e, pay: each - charges, charges: charges, months: 6, year: fmt.Sprint(m.Year())}
		}
	}
	posted, err := w.postAll(paying, all)
	for i, v := range posted {
		w.pots[of[i].id].item = ledger.ItemRef{Entry: v.ID, Line: 3}
	}
	return err
}

// emptied closes a provision that has been paid: what the real contributions differ by goes back to the charges.
func emptied(p *person, last *pot) ledger.Entry {
	return ledger.Entry{Journal: ledger.JournalMisc, Ref: fmt.Sprintf("PV-%s-%s-%03d", last.year, last.enterprise.code, p.id), Label: "Solde de la provision de part variable " + last.year + ", " + p.name(), Lines: []ledger.Line{
		{Account: ledger.VariablePot, Section: last.enterprise.id, Third: p.third, Amount: last.pay, Settles: last.item}, {Account: "6413", Section: last.enterprise.id, Amount: -last.pay},
		{Account: "4386", Section: last.enterprise.id, Amount: last.charges}, {Account: "6451", Section: last.enterprise.id, Amount: -last.charges},
	}}
}

// slipping says whether the payslips of a month are kept.
func (w *world) slipping(m date.Month) bool {
	return w.extent.activities == 0 && m >= payroll.Begins()
}

// unpaid adds what the activity of someone under CAPE bears of a month without pay: the contribution for accidents (practice 16).
func (w *world) unpaid(e *enterprise, p *person, m date.Month) error {
	c, ok := p.contractOn(member.CAPE, w.today)
	id := p.capes[c.Start]
	if !ok || !p.underCAPE(w.today) || e.id == 0 || id == 0 {
		return nil
	}
	key := paidKey{p.id, false} // each contract has a year to date of its own
	was, paid := w.paidSoFar[key]
	defer func() {
		if delete(w.paidSoFar, key); paid {
			w.paidSoFar[key] = was
		}
	}()
	b := w.begun(p, m, false)
	b.contract, b.k, b.before = id, payroll.Contract{Regime: payroll.CAPE, From: c.Start}, payroll.YearToDate{}
	if so := w.capeSoFar[id]; so.year == m.Year() {
		b.before = so.sum
	}
	b, err := w.computed(b, "", 0)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	if w.capeSoFar == nil {
		w.capeSoFar = map[int64]paidYear{}
	}
	w.capeSoFar[id] = paidYear{m.Year(), b.after}
	return w.slip(p, m, e.id, b)
}
