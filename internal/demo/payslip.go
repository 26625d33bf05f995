package demo

import (
	"cmp"
	"fmt"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// housePay is how the demonstration pays: it makes its own payslips.
func housePay(staff int) coop.Pay {
	p := coop.Default().Pay
	p.Way, p.Staff, p.Accident, p.Mobility, p.Health = coop.PayOwn, staff, 11_200, 20_000, 60_00
	p.Agreement, p.Urssaf = "", "Urssaf Rhône-Alpes (fictive), n° 827 0000001"
	return p
}

// employer is the cooperative as the engine of pay asks for it.
func (w *world) employer() payroll.Employer {
	r := w.pay
	return payroll.Employer{Staff: r.Staff, Accident: r.Accident, Mobility: r.Mobility}
}

// paidAs is what a person is paid as: of the team, or of their activity.
func (w *world) paidAs(p *person, team bool) payroll.Contract {
	k := payroll.Contract{Regime: payroll.CESA, From: w.start.AddMonths(-24), Cover: payroll.Cover{Health: w.pay.Health, HealthEmployer: w.pay.HealthEmployer}}
	if team {
		k.Regime, k.Executive, k.Hours = payroll.Permanent, p.executive(), p.hours()
		return k
	}
	for _, c := range p.contracts {
		if c.Kind == member.CESA {
			k.From = c.Start
		}
	}
	return k
}

// executive says who of the team is a cadre.
func (p *person) executive() bool { return p.first == managing || p.first == accounting }

// hours are those of a week under the team's contract, in hundredths: at some thirteen euros an hour.
func (p *person) hours() int {
	const hourly = 13_20
	return min(35_00, int(p.gross*12*100/52/hourly)/50*50)
}

// stub is a payslip on its way to the books.
type stub struct {
	month  date.Month
	slip   payroll.Payslip
	before payroll.YearToDate
	after  payroll.YearToDate
	in     payroll.Inputs
	k      payroll.Contract
	pots   []payroll.Pot

	person   *person
	section  int64
	contract int64 // 0: the one that pays in that section
}

// paidKey is under what the year to date of a contract is kept: a person may have two.
type paidKey struct {
	person int64
	team   bool
}

type paidYear struct {
	year int
	sum  payroll.YearToDate
}

// payMonth is the month whose parameters a month is paid by: what came before those that are known is paid as their first
// year was.
func payMonth(m date.Month) date.Month {
	if first := payroll.Begins(); m < first {
		return date.MonthOf(first.Year(), m.Number())
	}
	return m
}

// begun returns what a payslip of a month starts from.
func (w *world) begun(p *person, m date.Month, team bool) stub {
	b := stub{k: w.paidAs(p, team), month: m}
	if so := w.paidSoFar[paidKey{p.id, team}]; so.year == m.Year() {
		b.before = so.sum
	}
	tax := p.tax
	b.in = payroll.Inputs{Month: payMonth(m), Paid: opened(m.Last()), Tax: &tax}
	if b.k.From > b.in.Month.Last() {
		b.k.From = b.in.Month.First()
	}
	return b
}

// computed makes the payslip, or the one whose last element costs so much more than the others, or has the amount it was given.
func (w *world) computed(b stub, element string, budget money.Cents) (stub, error) {
	p := payroll.Law().On(b.in.Month)
	var err error
	if element == "" {
		b.slip, b.after, err = payroll.Compute(p, w.employer(), b.k, b.before, b.in)
		return b, err
	}
	b.slip, b.after, err = payroll.Solve(p, w.employer(), b.k, b.before, b.in, element, payroll.Target{By: payroll.ByCost, Amount: budget})
	if err == nil {
		b.in.Items = b.slip.Items
	}
	return b, err
}

// fixedGross is the fixed part whose cost alone is that of the contract.
func (w *world) fixedGross(p *person) (money.Cents, error) {
	if p.fixedPart == 0 && p.fixed > 0 {
		b := w.begun(p, w.first, false)
		b.before = payroll.YearToDate{}
		b.k.From = w.start.AddMonths(-24)
		b, err := w.computed(b, "fixed_part", p.fixed)
		if err != nil {
			return 0, err
		}
		p.fixedPart = b.slip.Totals.Gross / 10_00 * 10_00
	}
	return p.fixedPart, nil
}

// filed keeps what pay must know of a person: what lacks to pay someone is told, and of one of them it does.
func (w *world) filed(p *person) error {
	if w.extent.activities > 0 { // the large house shows accounts and lists, not payslips
		return nil
	}
	tax := p.tax
	known := payroll.Person{Number: fmt.Sprintf("%04d", p.id), NIR: nir(int(p.id), p.id%2 == 0), Holder: p.name(), IBAN: iban(31_000 + int(p.id)), Tax: &tax, Street: fmt.Sprintf("%d rue des Tisserands", 2+3*p.id), PostCode: "69000", City: "Lyon"}
	return w.direct(func(tx *store.Tx) error {
		return tx.SavePayPerson(store.PayPerson{Person: p.id, From: w.start, Known: known})
	})
}

// agreed keeps what a contract pays.
func (w *world) agreed(p *person, c member.Contract) error {
	if w.extent.activities > 0 {
		return nil
	}
	if c.Kind == member.CAPE { // pays nothing
		if p.capes == nil {
			p.capes = map[date.Day]int64{}
		}
		p.capes[c.Start] = c.ID
		return nil
	}
	t := payroll.Terms{Job: jobs[p.first], Gross: p.gross, Executive: p.executive(), Hours: p.hours()}
	if c.Kind == member.CESA {
		fixed, err := w.fixedGross(p)
		if err != nil {
			return err
		}
		t = payroll.Terms{Job: p.activity.trade.trade, Gross: fixed}
	}
	if p.bound == nil {
		p.bound = map[member.ContractKind]int64{}
	}
	p.bound[c.Kind] = c.ID
	return w.direct(func(tx *store.Tx) error {
		return tx.SavePayTerms(store.PayTerms{Contract: c.ID, From: c.Start, Terms: t})
	})
}

// slipRow is a payslip as the cooperative keeps it.
func (w *world) slipRow(b *stub) store.Slip {
	kind := member.CESA
	if b.section == ledger.Mutual {
		kind = member.CDI
	}
	s := store.Slip{Person: b.person.id, Contract: cmp.Or(b.contract, b.person.bound[kind]), Activity: b.section, Month: b.month, Origin: store.SlipOwn, State: store.SlipDraft}
	s.Body = store.SlipBody{Employer: w.employer(), Contract: b.k, Before: b.before, Inputs: b.in, Payslip: b.slip, After: b.after, Version: payroll.Formulas, Law: payroll.LawHash()}
	for _, one := range b.pots {
		s.Body.Pot += one.Pay + one.Charges
	}
	return s
}

// booked makes the entry of a payslip.
func (w *world) booked(p *person, section int64, b stub) (ledger.Entry, error) {
	m := b.month
	ref := fmt.Sprintf("BS-%s-%03d", m, p.id)
	if section == ledger.Mutual {
		ref += "E"
	}
	return payroll.Entry(b.slip, payroll.Posting{Ref: ref, Label: fmt.Sprintf("Paie, %s, %s", inWords(m), p.name()), Due: opened(m.Last()), Worker: p.third, Bearers: []payroll.Bearer{{Section: section}}, Pots: b.pots})
}

// bodies are the accounts that a payslip owes to others than the person, with who is paid there.
var bodies = []struct{ account, name string }{{"431", "Urssaf"}, {"4373", "Agirc-Arrco"}, {"4372", "Mutuelle et prévoyance"}, {"4421", "Prélèvement à la source"}, {"4486", "Participation à l’effort de construction"}}

// owedTo notes what a payslip owes to each body.
func (w *world) owedTo(v ledger.Entry) {
	for _, l := range v.Lines {
		for _, b := range bodies {
			if l.Account != b.account {
				continue
			}
			if w.social[l.Account] == nil {
				w.social[l.Account] = purse{}
			}
			w.social[l.Account][l.Section] -= l.Amount
		}
	}
}

// kept says what a person has been paid this year, under a contract.
func (w *world) kept(p *person, team bool, b stub) {
	if w.paidSoFar == nil {
		w.paidSoFar = map[paidKey]paidYear{}
	}
	w.paidSoFar[paidKey{p.id, team}] = paidYear{b.month.Year(), b.after}
}

// potOf takes from last year's pot what a payslip's balance comes to: never more than is left of it.
func potOf(last *pot, balance, charges money.Cents, section int64) payroll.Pot {
	return payroll.Pot{Section: section, Pay: min(balance, last.pay), Charges: min(max(charges, 0), last.charges), Item: last.item}
}
