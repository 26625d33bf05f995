package activity

import (
	"strconv"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// Input is what an activity account is built from: nothing but what the books and the contracts hold.
type Input struct {
	Activity    Activity
	Policy      *Applied // nil: no contribution
	PolicyFacts Facts    // zero Year: gathered from the rest ([Gather])
	Grid        coop.Grid
	Available   coop.Available
	Balances    []ledger.Balance  // of this section and fiscal year, period 0 included
	Netted      []NettedLine      // lines of the year whose entries bring less than they say
	Turnover    []Turnover        // of the fiscal year
	Open        []ledger.OpenItem // customers' open items of this section
	Contracts   []member.Contract // of its entrepreneurs: those that touch the year, and those to come
	Year        date.FiscalYear
	Today       date.Day

	NegativeSince date.Day // first day since when the treasury has been below zero, 0: it is not, or not known
	LastInvoice   date.Day // date of the last validated invoice, 0: none
	PotUntil      date.Day // day by which last year's variable part must be taken (R7331-12), 0: not known

	Aside coop.Prefixes // accounts on which a year end sets money aside
	Kept  money.Cents   // what year ends left as net result of the cooperative (R7331-12): in the treasury, for no pay
}

// MonthRow is one month of the account, or the whole year. Charges are negative: a result is the sum of its row.
type MonthRow struct {
	Month        date.Month `json:"month,omitempty"` // 0: the year
	Period       int        `json:"period,omitempty"`
	Invoiced     Figure     `json:"invoiced"`  // sales and other income, net
	Collected    Figure     `json:"collected"` // net turnover collected; not part of the result
	Purchases    Figure     `json:"purchases"`
	Charges      Figure     `json:"charges"`
	Contribution Figure     `json:"contribution"` // and other exchanges with the cooperative
	Exchanged    Figure     `json:"exchanged"`    // sold to other activities less bought from them
	Pay          Figure     `json:"pay"`
	Result       Figure     `json:"result"`
}

// CashMonth is the treasury of one month: what came in, what went out, what stands at its end.
type CashMonth struct {
	Month date.Month `json:"month"`
	In    Figure     `json:"in"`
	Out   Figure     `json:"out"` // negative
	End   Figure     `json:"end"`
}

// Account is the activity account. Every figure opens: see [Figure].
type Account struct {
	Activity Activity        `json:"activity"`
	Status   Status          `json:"status"`
	Year     date.FiscalYear `json:"year"`
	Today    date.Day        `json:"today"`

	Months []MonthRow `json:"months"`
	Total  MonthRow   `json:"total"`

	Cash        Figure      `json:"cash"`      // treasury of the day: class 5 and 181
	Reference   Figure      `json:"reference"` // less taxes, social debts and suppliers
	Projected   Figure      `json:"projected"` // and pay, expenses and customers: « trésorerie future »
	CashByMonth []CashMonth `json:"cashByMonth"`
	Forecast    []CashMonth `json:"forecast"` // the present month's end and the three that follow

	Receivable  Figure   `json:"receivable,omitzero"`   // what customers owe today: the sum of Receivables
	Receivables []Figure `json:"receivables,omitempty"` // not due, 1–30, 31–60, 61–90, over 90 days late
	Overdue     Figure   `json:"overdue,omitzero"`      // the late ones together

	Contribution Contribution `json:"contribution"`
	Available    Figure       `json:"available,omitzero"`  // of the year of today, as the four that follow: what remains for pay, never below zero: the sum of its children
	Refundable   Figure       `json:"refundable,omitzero"` // cash that expenses advanced may be refunded from (practice 16, 27)
	Deposits     Figure       `json:"deposits,omitzero"`   // « acomptes reçus (travail à faire) »: received before the work, no turnover yet (practice 19)
	Pot          Figure       `json:"pot,omitzero"`        // last year's variable part, shown apart (practice 10)
	PotUntil     date.Day     `json:"potUntil,omitempty"`
	Uses         []Figure     `json:"uses,omitempty"` // « À quoi sert l'argent de mon compte »: they sum to Cash
	Alerts       []Alert      `json:"alerts,omitempty"`
	Why          string       `json:"why,omitempty"` // message key: why nothing can be paid
	WhyArgs      []any        `json:"whyArgs,omitempty"`
}

// builder holds what the parts of an account share while it is built.
type builder struct {
	Input
	tally
	last  int           // last period of the year
	flows []Flow        // what entries that bring less than their lines say leave of them
	owing coop.Prefixes // accounts of what customers owe: advances received are apart

	cash, taxes, suppliers, salaries, expenses, customers, sales, purchases, charges, pay, internal selection
	sold, bought                                                                                    selection
	vatSales, vatBought, vatDeclared, vatOther, vatPending                                          selection
	owed, advances, booked, pot, aside, results                                                     selection
	bodies, withheld, leave, otherSocial                                                            selection
}

// Build builds the account. It reads each balance once.
func Build(in Input) Account {
	g := in.Grid
	b := &builder{Input: in, last: len(in.Year.Months()), owing: without(g.Customers, "419")}
	b.cash, b.taxes, b.suppliers = b.choose(g.Cash), b.choose(g.Taxes), b.choose(g.Suppliers)
	b.salaries, b.expenses, b.customers = b.choose(g.Salaries), b.choose(g.Expenses), b.choose(g.Customers)
	b.sales, b.purchases, b.charges, b.pay, b.internal = b.choose(g.Sales), b.choose(g.Purchases), b.choose(g.Charges), b.choose(g.Pay), b.choose(without(g.Internal, InternalSold, InternalBought))
	b.sold, b.bought = b.choose(within(g.Internal, InternalSold)), b.choose(within(g.Internal, InternalBought))
	b.vatSales = b.choose(coop.Prefixes{In: []string{"4457"}, Out: []string{"44574"}})
	b.vatBought = b.choose(coop.Prefixes{In: []string{"4456"}, Out: []string{"44564", "44567"}})
	b.vatDeclared = b.choose(coop.Prefixes{In: []string{"4455", "44567", "44583"}})
	b.vatOther = b.choose(coop.Prefixes{In: []string{"445"}, Out: []string{"4455", "4456", "4457", "44583", "44586", "44587"}})
	b.vatPending = b.choose(coop.Prefixes{In: []string{ledger.VATPending}})
	b.owed = b.choose(without(g.Suppliers, "409")) // advances paid are gone: they lessen no debt to another supplier
	b.advances = b.choose(coop.Prefixes{In: []string{ledger.Advances}, Out: []string{ledger.DepositsBilled}})
	b.booked = b.choose(contributions)
	b.pot = b.choose(coop.Prefixes{In: []string{ledger.VariablePot, "4386"}})
	b.aside, b.results = b.choose(in.Aside), b.choose(coop.Prefixes{In: []string{"11", "12"}})
	social := without(g.Taxes, "445", ledger.VariablePot, "4386")
	b.bodies = b.choose(without(within(social, "43"), "4382"))
	b.withheld = b.choose(within(social, "442"))
	b.leave = b.choose(within(social, "4282", "4382"))
	b.otherSocial = b.choose(without(social, "43", "442", "4282"))
	b.read(in.Balances, in.Activity.ID, b.last)
	b.last = max(b.last, b.periods)
	b.flows = Flows(in.Netted, g.Cash)

	a := Account{
		Activity: in.Activity, Status: in.Activity.StatusOn(in.Contracts, in.Today), Year: in.Year, Today: in.Today,
		PotUntil: in.PotUntil,
	}
	b.months(&a)
	b.treasury(&a)
	a.Deposits = b.asCredit("deposits-received", "activity.deposits", b.advances, 0, b.last)
	b.receivable(&a)
	b.available(&a)
	b.forecast(&a)
	a.Alerts = b.alerts(&a)
	return a
}

// Find returns any figure of the account by its key.
func (a *Account) Find(key string) (Figure, bool) {
	for _, f := range [...]*Figure{&a.Cash, &a.Reference, &a.Projected, &a.Receivable, &a.Overdue, &a.Available, &a.Refundable, &a.Deposits, &a.Pot} {
		if found, ok := f.find(key); ok {
			return found, true
		}
	}
	if f, ok := find(a.Uses, key); ok {
		return f, true
	}
	if f, ok := a.Total.find(key); ok {
		return f, true
	}
	for i := range a.Months {
		if f, ok := a.Months[i].find(key); ok {
			return f, true
		}
	}
	for _, list := range [][]CashMonth{a.CashByMonth, a.Forecast} {
		for i := range list {
			for _, f := range [...]*Figure{&list[i].In, &list[i].Out, &list[i].End} {
				if found, ok := f.find(key); ok {
					return found, true
				}
			}
		}
	}
	return Figure{}, false
}

// find returns a figure of the row by its key.
func (r *MonthRow) find(key string) (Figure, bool) {
	for _, f := range [...]*Figure{&r.Invoiced, &r.Collected, &r.Purchases, &r.Charges, &r.Contribution, &r.Exchanged, &r.Pay, &r.Result} {
		if found, ok := f.find(key); ok {
			return found, true
		}
	}
	return Figure{}, false
}

// keyed writes the key of a figure of one period: "invoiced-03", or "invoiced-year".
func keyed(name string, period int) string {
	if period == 0 {
		return name + "-year"
	}
	if period < 10 {
		return name + "-0" + strconv.Itoa(period)
	}
	return name + "-" + strconv.Itoa(period)
}

// months builds the rows of the months begun (and later ones that hold something), and the year's.
func (b *builder) months(a *Account) {
	collected := make([]money.Cents, b.last+1)
	for _, t := range b.Turnover {
		if t.Period > 0 && t.Period <= b.last && !OfDeposit(t.Nature) {
			collected[t.Period] += t.Collected
		}
	}
	shown := min(max(b.Year.Period(min(b.Today, b.Year.End)), 0), b.last)
	for p := shown + 1; p <= b.last; p++ {
		if collected[p] != 0 || b.moved(p) {
			shown = p
		}
	}
	a.Months, a.CashByMonth = make([]MonthRow, 0, shown), make([]CashMonth, 0, shown)
	for p := 1; p <= shown; p++ {
		m := b.Year.Start.Month() + date.Month(p-1)
		r := b.row(p, p, p, m, collected[p])
		r.Month, r.Period = m, p
		a.Months = append(a.Months, r)
		in := b.flow(DebitSide, keyed("cash-in", p), "activity.month.cash_in", p, p, "month", m)
		out := b.flow(CreditSide, keyed("cash-out", p), "activity.month.cash_out", p, p, "month", m)
		a.CashByMonth = append(a.CashByMonth, CashMonth{Month: m, In: in, Out: out, End: b.figure(keyed("cash", p), "activity.month.cash", b.cash, 0, p, "month", m)})
	}
	var all money.Cents
	for _, c := range collected {
		all += c
	}
	a.Total = b.row(0, 1, b.last, 0, all)
}

// moved says whether any selection has something in a period.
func (b *builder) moved(p int) bool {
	for i := range b.selections {
		if n := i*(b.periods+1) + p; p <= b.periods && (b.debit[n] != 0 || b.credit[n] != 0) {
			return true
		}
	}
	return false
}

func (b *builder) row(name, from, to int, m date.Month, collected money.Cents) MonthRow {
	args := []any{"month", m}
	if m == 0 {
		args = []any{"year", b.Year.Label()}
	}
	label := func(month, year string) string {
		if m == 0 {
			return year
		}
		return month
	}
	parts := []Figure{
		b.asCredit(keyed("invoiced", name), label("activity.month.invoiced", "activity.year.invoiced"), b.sales, from, to, args...),
		b.asCredit(keyed("purchases", name), label("activity.month.purchases", "activity.year.purchases"), b.purchases, from, to, args...),
		b.asCredit(keyed("charges", name), label("activity.month.charges", "activity.year.charges"), b.charges, from, to, args...),
		b.asCredit(keyed("contribution", name), label("activity.month.contribution", "activity.year.contribution"), b.internal, from, to, args...),
		sum(keyed("exchanged", name), label("activity.month.exchanged", "activity.year.exchanged"), []Figure{
			b.asCredit(keyed("sold", name), "activity.exchanged.sold", b.sold, from, to),
			b.asCredit(keyed("bought", name), "activity.exchanged.bought", b.bought, from, to),
		}, args...),
		b.asCredit(keyed("pay", name), label("activity.month.pay", "activity.year.pay"), b.pay, from, to, args...),
	}
	return MonthRow{
		Invoiced: parts[0], Purchases: parts[1], Charges: parts[2], Contribution: parts[3], Exchanged: parts[4], Pay: parts[5],
		Collected: Figure{
			Key: keyed("collected", name), Label: label("activity.month.collected", "activity.year.collected"), Args: args, Amount: collected,
			Scope: Scope{Kind: FromReceipts, FromPeriod: from, ToPeriod: to},
		},
		Result: sum(keyed("result", name), label("activity.month.result", "activity.year.result"), parts, args...),
	}
}

// treasury builds the three treasuries of the standard grid (peers b.9).
func (b *builder) treasury(a *Account) {
	a.Cash = sum("cash", "activity.line.cash", []Figure{
		b.figure("cash-before", "activity.cash.before", b.cash, 0, 0, "year", b.Year.Label()),
		b.flow(DebitSide, "cash-in", "activity.cash.in", 1, b.last),
		b.flow(CreditSide, "cash-out", "activity.cash.out", 1, b.last),
	})
	a.Cash.Note = "activity.note.cash"
	all := func(key, label string, s selection) Figure { return b.figure(key, label, s, 0, b.last) }
	a.Reference = sum("reference", "activity.treasury.reference", []Figure{
		all("reference-cash", "activity.treasury.cash", b.cash),
		all("reference-taxes", "activity.treasury.taxes", b.taxes),
		all("reference-suppliers", "activity.treasury.suppliers", b.suppliers),
	})
	a.Projected = sum("projected", "activity.treasury.projected", []Figure{
		under("projected-", a.Reference),
		all("projected-salaries", "activity.treasury.salaries", b.salaries),
		all("projected-expenses", "activity.treasury.expenses", b.expenses),
		all("projected-customers", "activity.treasury.customers", b.customers),
	})
}

// receivable builds what customers owe, by age.
//
// It is known of today only: the account of another year leaves it out.
func (b *builder) receivable(a *Account) {
	if !b.Year.Contains(b.Today) {
		return
	}
	item := func(key, label string, from, to date.Day, args ...any) Figure {
		return b.items(key, label, DebitSide, from, to, args...)
	}
	d := b.Today
	a.Receivables = []Figure{
		item("owed-not-due", "activity.owed.not_due", d, 0),
		item("owed-1-30", "activity.owed.days", d-30, d-1, "from", 1, "to", 30),
		item("owed-31-60", "activity.owed.days", d-60, d-31, "from", 31, "to", 60),
		item("owed-61-90", "activity.owed.days", d-90, d-61, "from", 61, "to", 90),
		item("owed-over-90", "activity.owed.over", 0, d-91, "from", 90),
	}
	a.Receivable = sum("owed", "activity.owed.all", a.Receivables)
	a.Overdue = sum("overdue", "activity.owed.late", mapped(a.Receivables[1:], func(f Figure) Figure { return under("overdue-", f) }))
}

// items makes a figure of the customers' open items due between two days: what they owe, or what is owed to them.
func (b *builder) items(key, label string, side Side, from, to date.Day, args ...any) Figure {
	f := Figure{Key: key, Label: label, Args: args, Scope: Scope{Kind: FromOpen, Accounts: b.owing, Side: side, DueFrom: from, DueTo: to}}
	for _, it := range b.Open {
		if f.Scope.MatchesItem(it) {
			f.Amount += it.Remaining
		}
	}
	return f
}
