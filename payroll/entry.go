package payroll

import (
	"cmp"
	"slices"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// The accounts of an entry of pay that neither an element nor a contribution line names.
const (
	taxDue         = "4421" // prélèvement à la source, collected for the State
	urssafCharge   = "6451"
	pensionCharge  = "6453"
	urssafDebt     = "431"
	pensionDebt    = "4373"
	variableCharge = "6413"
	potCharges     = "4386" // charges of what is set aside on [ledger.VariablePot]
)

// The bodies that no contribution line names.
const (
	BodyUrssaf  = "urssaf"
	BodyPension = "agirc_arrco"
	BodyTax     = "tax"
)

// ProfitPackage is the line of the forfait social on profit-sharing, which was set aside with it.
const ProfitPackage = "forfait_social_interessement"

// Bearer is the activity that bears a payslip, or a share of it when several do.
type Bearer struct {
	Section ledger.Section
	Weight  int64 // of its share; one bearer alone bears all, whatever its weight
}

// Pot is what a payslip takes of last year's variable part: it was a charge of that year, set aside on 4286 and 4386,
// and is no charge of this one (practice 10).
type Pot struct {
	Section ledger.Section
	Pay     money.Cents    // of the gross, off 4286
	Charges money.Cents    // of the employer's contributions, off 4386
	Item    ledger.ItemRef // the line of the provision that Pay settles
}

// ProfitAside says where a line of profit-sharing was set aside at the end of its year: what is paid of it, and its forfait
// social, are no charge of the year that pays. An empty account: that of the element, and the forfait social is a charge.
type ProfitAside struct {
	Pay     string // account of what is due to people
	Package string // account of the forfait social
}

// Posting is what an entry needs beyond the payslip. Thirds of bodies are wanted on accounts that name one; 4486, 427
// and 4387 name nobody.
type Posting struct {
	Date     date.Day
	Ref      string
	Label    string
	Document string
	Due      date.Day         // when the net is paid
	Worker   int64            // third party of the person paid
	Bodies   map[string]int64 // third party by body of [Line], and [BodyTax]
	Bearers  []Bearer
	Pots     []Pot
	// Profit is of each line of profit-sharing, in the order of the payslip: a month may pay two years of it, set aside on
	// accounts of their own. A line beyond has the zero value.
	Profit []ProfitAside
}

// Owed is what a payslip owes to one body, on one account.
type Owed struct {
	Body    string
	Account string
	Amount  money.Cents // both parts, less the reduction
}

// OwedTo lists what a payslip owes to each body, in the order of the payslip, the tax withheld last. The reduction comes
// off the Urssaf, and off the pension scheme for its part (L241-13 VII CSS).
func OwedTo(s Payslip) []Owed {
	var all []Owed
	add := func(body, account string, v money.Cents) {
		n := slices.IndexFunc(all, func(o Owed) bool { return o.Body == body && o.Account == account })
		if n < 0 {
			n, all = len(all), append(all, Owed{Body: body, Account: account})
		}
		all[n].Amount += v
	}
	for _, l := range s.Lines {
		add(l.Body, l.Debt, l.Amount)
	}
	if p := s.Totals.Pension; p != 0 {
		add(BodyUrssaf, urssafDebt, p)
		add(BodyPension, pensionDebt, -p)
	}
	if s.Totals.Tax != 0 {
		add(BodyTax, taxDue, s.Totals.Tax)
	}
	return slices.DeleteFunc(all, func(o Owed) bool { return o.Amount == 0 })
}

// Entry makes the journal entry of a payslip. Charges are booked by their nature, what is owed to the person, to each body
// and to the State by who it is owed to, all of it in the sections of those who bear it: debit equals credit, in total and
// in each section. The charges of classes 63 and 64, without the 649 that meets a benefit in kind, sum to what the payslip
// costs, less what the pots give back.
func Entry(s Payslip, p Posting) (ledger.Entry, error) {
	if len(p.Bearers) == 0 {
		return ledger.Entry{}, fault.At("bearers", "slip.no_bearer")
	}
	var all sums
	var packages []string // account of the forfait social of each line of profit-sharing
	var shared []int64    // their amounts
	for _, it := range s.Items {
		e, known := law.ElementOf(it.Element)
		if !known {
			return ledger.Entry{}, fault.At("items", "slip.element_unknown", "element", it.Element)
		}
		if e.Profit {
			var aside ProfitAside
			if n := len(shared); n < len(p.Profit) {
				aside = p.Profit[n]
			}
			e.Account = cmp.Or(aside.Pay, e.Account)
			packages, shared = append(packages, aside.Package), append(shared, int64(it.Amount))
		}
		all.element(e, it.Amount)
	}
	for _, l := range s.Lines {
		switch {
		case l.Charge == "":
		case l.Code == ProfitPackage && len(shared) > 0:
			for i, v := range money.Allocate(l.Amount, shared) {
				all.add(cmp.Or(packages[i], l.Charge), "", v)
			}
		default:
			all.add(l.Charge, "", l.Amount)
		}
	}
	if v := s.Totals.Pension; v != 0 {
		all.add(urssafCharge, "", v)
		all.add(pensionCharge, "", -v)
	}
	for _, o := range OwedTo(s) {
		all.add(o.Account, o.Body, -o.Amount)
	}
	parts := all.share(p.Bearers)
	if err := parts.release(p); err != nil {
		return ledger.Entry{}, err
	}
	e := ledger.Entry{Journal: ledger.JournalPay, Date: p.Date, Ref: p.Ref, Label: p.Label, Document: p.Document}
	for _, part := range parts {
		e.Lines = append(e.Lines, part.lines(p)...)
	}
	return e, nil
}

// sum is what moves on one account for one body, debit positive.
type sum struct {
	account, body string
	amount        money.Cents
}

type sums []sum

func (all *sums) add(account, body string, v money.Cents) {
	for i := range *all {
		if (*all)[i].account == account && (*all)[i].body == body {
			(*all)[i].amount += v
			return
		}
	}
	*all = append(*all, sum{account, body, v})
}

// element books an amount that is no contribution. What is paid and kept back meets the net on 421; what is neither has
// an account of its own against it.
func (all *sums) element(e Element, v money.Cents) {
	if e.Sign < 0 {
		v = -v
	}
	if e.Kind == "recovery" {
		v = -v
	}
	all.add(e.Account, "", v)
	if e.Against != "" {
		all.add(e.Against, "", -v)
	}
}

// portion is what one section bears of an entry.
type portion struct {
	section ledger.Section
	sums    sums
	pots    []Pot
}

type portions []*portion

// share gives each bearer its part of every account. The net is what is left, so that each section balances to the cent.
func (all sums) share(bearers []Bearer) portions {
	weights := make([]int64, len(bearers))
	parts := make(portions, len(bearers))
	for i, b := range bearers {
		weights[i], parts[i] = b.Weight, &portion{section: b.Section}
	}
	for _, one := range all {
		for i, v := range money.Allocate(one.amount, weights) {
			parts[i].sums.add(one.account, one.body, v)
		}
	}
	return parts
}

// release takes the pots out of the charges of the year, in the section that set them aside.
func (all portions) release(p Posting) error {
	for _, pot := range p.Pots {
		n := slices.IndexFunc(all, func(part *portion) bool { return part.section == pot.Section })
		switch {
		case n < 0:
			return fault.At("pots", "slip.pot_elsewhere")
		case pot.Pay < 0 || pot.Charges < 0:
			return fault.At("pots", "slip.pot_negative")
		}
		part := all[n]
		part.sums.add(variableCharge, "", -pot.Pay)
		part.sums.add(urssafCharge, "", -pot.Charges)
		part.sums.add(potCharges, "", pot.Charges)
		part.pots = append(part.pots, pot)
	}
	for _, part := range all {
		for _, one := range part.sums {
			if one.account == variableCharge && one.amount < 0 && len(part.pots) > 0 {
				return fault.At("pots", "slip.pot_larger", "over", -one.amount)
			}
		}
	}
	return nil
}

// lines are those of a section, charges first, then what was set aside, then what is owed, the net before the bodies.
func (part *portion) lines(p Posting) []ledger.Line {
	all := slices.Clone(part.sums)
	slices.SortStableFunc(all, func(a, b sum) int { return rank(a.account) - rank(b.account) })
	var lines []ledger.Line
	var left money.Cents
	add := func(l ledger.Line) {
		if l.Amount != 0 {
			l.Section = part.section
			lines = append(lines, l)
		}
		left += l.Amount
	}
	n := slices.IndexFunc(all, func(s sum) bool { return rank(s.account) > 0 })
	if n < 0 {
		n = len(all)
	}
	for _, s := range all[:n] {
		add(ledger.Line{Account: s.account, Amount: s.amount})
	}
	for _, pot := range part.pots {
		add(ledger.Line{Account: ledger.VariablePot, Third: p.Worker, Amount: pot.Pay, Settles: pot.Item})
	}
	net := len(lines)
	for _, s := range all[n:] {
		l := ledger.Line{Account: s.account, Third: p.Bodies[s.body], Amount: s.amount}
		if s.account == ledger.PayAdvance {
			l.Third = p.Worker
		}
		add(l)
	}
	if left != 0 {
		lines = slices.Insert(lines, net, ledger.Line{Account: ledger.NetPay, Section: part.section, Third: p.Worker, Due: p.Due, Amount: -left})
	}
	return lines
}

// rank orders accounts: charges, then what is owed.
func rank(account string) int {
	if account[0] == '6' {
		return 0
	}
	return 1
}
