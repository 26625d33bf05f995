package office

import (
	"cmp"
	"context"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// statementMoves bounds the movements printed one by one.
const statementMoves = 2000

// Statement draws up the monthly statement of an activity (R7331-5 Code du travail): its result of the month and since
// the year began, what it has and owes at the end of the month, and every movement of its treasury. It speaks the
// actor's language. A month that has not begun, or before the activity opened, is absent.
func (o *Office) Statement(ctx context.Context, a access.Actor, activityID int64, month date.Month) (name string, body []byte, err error) {
	st, err := o.statementOf(ctx, a, activityID, month)
	if err != nil {
		return "", nil, err
	}
	body, err = pdf.Statement(st.report())
	return st.in.Activity.Code + "-" + month.String() + ".pdf", body, err
}

// statementOf reads what a statement tells.
func (o *Office) statementOf(ctx context.Context, a access.Actor, activityID int64, month date.Month) (*statement, error) {
	if err := can(a, access.ViewAccount, access.Subject{Activity: activityID}); err != nil {
		return nil, err
	}
	st := &statement{p: i18n.For(a.Lang), month: month, today: a.Today}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		year, ok := set.YearOf(month.First())
		if !ok || month > a.Today.Month() {
			return fault.New(fault.NotFound, "office.absent")
		}
		var v AccountView
		if st.in, _, err = o.accountInput(tx, a, activityID, year.ID, &v); err != nil {
			return err
		}
		if st.in.Activity.Opened.Month() > month {
			return fault.New(fault.NotFound, "office.absent")
		}
		if st.look, err = tx.LookAt(activityID, 0); err != nil {
			return err
		}
		st.coop, st.period = set.Coop, year.Span.Period(month.First())
		st.account = activity.Build(st.in)
		return nil
	})
	if err != nil {
		return nil, err
	}
	st.picture = sale.LookOf(st.look)
	if err := o.logo(&st.picture); err != nil {
		return nil, err
	}
	st.moves, err = o.Moves(ctx, a, activityID, month.First(), min(month.Last(), a.Today), statementMoves)
	return st, err
}

// statement is what the parts of the paper share.
type statement struct {
	p       i18n.Printer
	coop    coop.Cooperative
	in      activity.Input
	account activity.Account
	look    activity.Look
	picture sale.Look
	moves   []PanelLine
	month   date.Month
	period  int
	today   date.Day
}

func (s *statement) report() pdf.Report {
	p := s.p
	end := min(s.month.Last(), s.today)
	r := pdf.Report{
		Lang: p.Lang(), Title: p.T("statement.title"), Subtitle: p.T("statement.subtitle", "month", s.month, "day", s.today),
		Brand: cmp.Or(s.look.Name, s.in.Activity.Name), Look: s.picture, Day: s.today,
		Answer: sale.Pair{Label: p.T("statement.cash_on", "day", end), Value: p.Euros(s.cashAt(s.period))},
		Foot:   s.foot(),
	}
	if s.month == s.today.Month() && s.account.Why == "" {
		r.Answer = sale.Pair{Label: p.T("statement.available"), Value: p.Euros(s.account.Available.Amount)}
	}
	r.Blocks = append(r.Blocks, s.result(), s.worth(end), s.movements())
	if s.month == s.today.Month() {
		r.Blocks = append(r.Blocks, s.left())
	}
	return r
}

func (s *statement) foot() []string {
	c := s.coop
	return []string{
		c.Name + ", " + c.LegalForm + ", " + c.Address.Line1 + ", " + strings.TrimSpace(c.Address.Zip+" "+c.Address.City),
		"SIREN\u00a0" + coop.GroupSIREN(c.SIREN) + ", " + s.p.T("statement.law"),
	}
}

// sum adds up balances of some accounts over periods, both included.
func (s *statement) sum(from, to int, match func(account string) bool) (net money.Cents) {
	for _, b := range s.in.Balances {
		if b.Period >= from && b.Period <= to && match(b.Account) {
			net += b.Net()
		}
	}
	return net
}

func (s *statement) cashAt(period int) money.Cents { return s.sum(0, period, s.in.Grid.Cash.Match) }

// result is what the activity ledger.Result and spent, in the month and since the year began.
func (s *statement) result() pdf.Block {
	p, g := s.p, s.in.Grid
	b := pdf.Block{Heading: p.T("statement.result"), Columns: []pdf.Column{{Weight: 1}, {Title: p.Month(s.month), Right: true}, {Title: p.T("statement.since", "year", s.account.Year.Label()), Right: true}}}
	row := func(key string, match func(string) bool) {
		b.Rows = append(b.Rows, pdf.Row{Cells: []string{p.T(key), p.Euros(-s.sum(s.period, s.period, match)), p.Euros(-s.sum(1, s.period, match))}})
	}
	known := []coop.Prefixes{g.Sales, g.Purchases, g.Charges, g.Internal, g.Pay}
	row("statement.invoiced", g.Sales.Match)
	row("statement.purchases", g.Purchases.Match)
	row("statement.charges", g.Charges.Match)
	row("statement.contribution", g.Internal.Match)
	row("statement.pay", g.Pay.Match)
	other := func(account string) bool { return ledger.Result(account) && !anyOf(known, account) }
	if s.sum(1, s.period, other) != 0 {
		row("statement.other", other)
	}
	b.Rows = append(b.Rows, pdf.Row{Strong: true, Cells: []string{p.T("statement.net"), p.Euros(-s.sum(s.period, s.period, ledger.Result)), p.Euros(-s.sum(1, s.period, ledger.Result))}})
	var month, since money.Cents
	for _, t := range s.in.Turnover {
		if activity.OfDeposit(t.Nature) {
			continue
		}
		if t.Period == s.period {
			month += t.Collected
		}
		if t.Period >= 1 && t.Period <= s.period {
			since += t.Collected
		}
	}
	b.Rows = append(b.Rows, pdf.Row{Detail: true, Cells: []string{p.T("statement.collected"), p.Euros(month), p.Euros(since)}})
	return b
}

// kept says whether an account holds the results of years gone by, and what else is owed to nobody.
func kept(account string) bool {
	return strings.HasPrefix(account, "1") && !strings.HasPrefix(account, "18")
}

func anyOf(all []coop.Prefixes, account string) bool {
	for _, p := range all {
		if p.Match(account) {
			return true
		}
	}
	return false
}

// worth is what the activity has and owes: its own small balance sheet, which the result explains.
func (s *statement) worth(end date.Day) pdf.Block {
	p, g := s.p, s.in.Grid
	b := pdf.Block{Heading: p.T("statement.worth", "day", end), Columns: []pdf.Column{{Weight: 1}, {Title: p.T("statement.amount"), Right: true}}}
	row := func(key string, amount money.Cents, args ...any) {
		if amount != 0 {
			b.Rows = append(b.Rows, pdf.Row{Cells: []string{p.T(key, args...), p.Euros(amount)}})
		}
	}
	known := []coop.Prefixes{g.Cash, g.Customers, g.Suppliers, g.Taxes, g.Salaries, g.Expenses}
	b.Rows = append(b.Rows, pdf.Row{Cells: []string{p.T("statement.cash"), p.Euros(s.cashAt(s.period))}})
	row("statement.customers", s.sum(0, s.period, g.Customers.Match))
	row("statement.suppliers", s.sum(0, s.period, g.Suppliers.Match))
	row("statement.taxes", s.sum(0, s.period, g.Taxes.Match))
	row("statement.salaries", s.sum(0, s.period, g.Salaries.Match))
	row("statement.expenses", s.sum(0, s.period, g.Expenses.Match))
	row("statement.goods", s.sum(0, s.period, func(account string) bool {
		return !ledger.Result(account) && !kept(account) && !anyOf(known, account)
	}))
	result, before := -s.sum(1, s.period, ledger.Result), -s.sum(0, 0, ledger.Result)-s.sum(0, s.period, kept)
	b.Rows = append(b.Rows, pdf.Row{Strong: true, Cells: []string{p.T("statement.total"), p.Euros(result + before)}})
	b.Rows = append(b.Rows, pdf.Row{Detail: true, Cells: []string{p.T("statement.of_year", "year", s.account.Year.Label()), p.Euros(result)}})
	b.Rows = append(b.Rows, pdf.Row{Detail: true, Cells: []string{p.T("statement.of_before"), p.Euros(before)}})
	return b
}

// movements is the treasury of the month, line by line, from what it began with to what it ended with.
func (s *statement) movements() pdf.Block {
	p := s.p
	b := pdf.Block{Heading: p.T("statement.moves"), Columns: []pdf.Column{{Title: p.T("statement.day")}, {Title: p.T("statement.what"), Weight: 1}, {Title: p.T("statement.in"), Right: true}, {Title: p.T("statement.out"), Right: true}}}
	b.Rows = append(b.Rows, pdf.Row{Detail: true, Cells: []string{"", p.T("statement.opening"), p.Euros(s.cashAt(s.period - 1)), ""}})
	var in, out money.Cents
	for i := range s.moves {
		m := s.moves[len(s.moves)-1-i]
		if m.Folded {
			continue
		}
		label := m.Label
		if m.Key != "" {
			label = p.T(m.Key, m.Args...)
		} else if strings.HasPrefix(m.Document, "policy:") {
			label = p.T("statement.contribution") // the books say « contribution »
		}
		cells := []string{p.ShortDay(m.Date), label, "", ""}
		if m.Amount > 0 {
			in += m.Amount
			cells[2] = p.Euros(m.Amount)
		} else {
			out += m.Amount
			cells[3] = p.Euros(m.Amount)
		}
		b.Rows = append(b.Rows, pdf.Row{Cells: cells})
	}
	b.Foot = []string{"", p.T("statement.closing", "amount", s.cashAt(s.period)), p.Euros(in), p.Euros(out)}
	return b
}

// left is the answer of the present month, as the column one reads aloud.
func (s *statement) left() pdf.Block {
	p := s.p
	b := pdf.Block{Heading: p.T("statement.left"), Columns: []pdf.Column{{Weight: 1}, {Title: p.T("statement.amount"), Right: true}}}
	for _, f := range s.account.Available.Children {
		b.Rows = append(b.Rows, pdf.Row{Cells: []string{p.T(f.Label, f.Args...), p.Euros(f.Amount)}})
	}
	f := s.account.Available
	b.Rows = append(b.Rows, pdf.Row{Strong: true, Cells: []string{p.T(f.Label, f.Args...), p.Euros(f.Amount)}})
	if s.account.Why != "" {
		b.Text = p.T(s.account.Why, s.account.WhyArgs...)
	}
	return b
}
