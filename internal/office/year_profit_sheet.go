package office

import (
	"context"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// ProfitSheet draws up the sheet that goes with a person's profit-sharing, apart from the payslip (D3313-9 c. trav.): what
// was shared among all, the average, what is theirs, what is kept back, and the rules of the agreement. It is the
// person's own.
func (o *Office) ProfitSheet(ctx context.Context, a access.Actor, yearID, activityID int64) (name string, b []byte, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return "", nil, err
	}
	var r pdf.Report
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if yearID == 0 {
			return fault.New(fault.NotFound, "access.absent.payroll")
		}
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		dues, err := f.profitDues(tx)
		if err != nil {
			return err
		}
		var mine ProfitDue
		var all money.Cents
		people := map[int64]bool{}
		for _, d := range dues {
			if d.Gross <= 0 {
				continue
			}
			all += d.Gross
			people[d.Person] = true
			if d.Person == a.Person && d.Activity == activityID {
				mine = d
			}
		}
		if mine.Gross == 0 {
			return fault.New(fault.NotFound, "access.absent.payroll")
		}
		r = f.profitReport(i18n.For(a.Lang), set.Coop, mine, all, len(people))
		name = "interessement-" + f.year.Span.Label() + ".pdf"
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	b, err = pdf.Statement(r)
	return strings.ReplaceAll(name, "/", "-"), b, err
}

func (f *yearFacts) profitReport(p i18n.Printer, c coop.Cooperative, mine ProfitDue, all money.Cents, people int) pdf.Report {
	law, staff := f.profitLaw()
	bonus := law.Bonus(mine.Gross, mine.Saved, staff)
	who := f.people[mine.Person]
	r := pdf.Report{
		Lang: p.Lang(), Title: p.T("pay_year.sheet.title", "year", f.year.Span.Label()), Subtitle: who.Name() + ", " + f.activities[mine.Activity].Name,
		Brand: c.Name, Day: f.today, Answer: sale.Pair{Label: p.T("pay_year.sheet.net"), Value: p.Euros(bonus.Net)},
		Foot: []string{
			c.Name + ", " + c.LegalForm + ", " + c.Address.Line1 + ", " + strings.TrimSpace(c.Address.Zip+" "+c.Address.City),
			"SIREN\u00a0" + coop.GroupSIREN(c.SIREN) + ", " + p.T("pay_year.sheet.law"),
		},
	}
	amounts := pdf.Block{Heading: p.T("pay_year.sheet.amounts"), Columns: []pdf.Column{{Weight: 1}, {Right: true}}}
	row := func(key string, v money.Cents, strong bool) {
		amounts.Rows = append(amounts.Rows, pdf.Row{Cells: []string{p.T(key), p.Euros(v)}, Strong: strong})
	}
	row("pay_year.sheet.all", all, false)
	row("pay_year.sheet.average", all/money.Cents(max(people, 1)), false)
	row("pay_year.sheet.mine", bonus.Gross, true)
	row("pay_year.sheet.csg", -bonus.CSG, false)
	row("pay_year.sheet.crds", -bonus.CRDS, false)
	row("pay_year.sheet.net", bonus.Net, true)
	if !mine.Saved {
		row("pay_year.sheet.taxable", bonus.Taxable, false)
	}
	where := p.T("pay_year.sheet.paid", "term", ProfitTerm(f.year.Span))
	if mine.Saved {
		where = p.T("pay_year.sheet.saved")
	}
	r.Blocks = []pdf.Block{amounts, {Heading: p.T("pay_year.sheet.where"), Text: where}, {Heading: p.T("pay_year.sheet.rules"), Text: strings.Join(ProfitWords(p, f.rules.YearEnd.Profit), " ")}}
	return r
}

// ProfitWords says what an agreement gives, as its rule has it.
func ProfitWords(p i18n.Printer, x coop.Profit) []string {
	words := []string{p.T("pay_year.profit.dates", "from", x.From, "until", x.Until), p.T("pay_year.profit.formula", "rate", x.Rate, "above", x.Above)}
	if x.Most > 0 {
		words = append(words, p.T("pay_year.profit.most", "most", x.Most))
	}
	for _, s := range []struct {
		key  string
		rate money.Rate
	}{{"pay_year.profit.split_even", x.Even}, {"pay_year.profit.split_pay", x.ByPay}, {"pay_year.profit.split_time", x.ByTime}} {
		if s.rate > 0 {
			words = append(words, p.T(s.key, "rate", s.rate))
		}
	}
	if x.Presence > 0 {
		words = append(words, p.T("pay_year.profit.presence", "n", x.Presence))
	}
	if x.Plan {
		words = append(words, p.T("pay_year.profit.plan"))
	}
	return append(words, p.T("pay_year.profit.limits"))
}
