package sale

import (
	"maps"
	"slices"
	"testing"

	"essaim/activity"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"

	"pgregory.net/rapid"
)

// Whatever the cooperative makes of its policy from one year to the next, by the invoice or by the money, deposits first or with
// the work, each euro that is sold counts once: deposits, situations, credit notes and payments of several years, all settled
// in the end.
func TestEachEuroCountsOnceWhateverThePolicy(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := signedFacts()
		f.Rules.VAT.OnDebits = rapid.IntRange(0, 9).Draw(r, "debits") == 0
		s := newShop(r, f)
		years, ways := make([]date.FiscalYear, 4), make([]activity.Counting, 4)
		for i := range years {
			years[i] = date.FiscalYear{Start: date.MustParse("2026-01-01").AddMonths(3 * i), End: date.MustParse("2026-01-01").AddMonths(3*i+3) - 1} // short ones
			ways[i] = activity.Counting{Collected: rapid.Bool().Draw(r, "collected"), Deposits: rapid.Bool().Draw(r, "deposits")}
		}
		c := draft(Quote, rapid.Bool().Draw(r, "gross"), line("a", "service", "S20", "1", "1000"), line("b", "goods", "G20", "3", "33.33")).Content
		c.DueDays = 30
		quote := s.quoted(c)
		got := make([][]CollectedIn, len(years))
		for y := range years {
			s.f.Today = years[y].Start + 40
			before := map[int64]map[string]money.Cents{}
			for id, nets := range s.collected {
				before[id] = maps.Clone(nets)
			}
			for range rapid.IntRange(0, 5).Draw(r, "steps") {
				s.deal(r, quote)
			}
			if y == len(years)-1 {
				s.finish(r, quote)
			}
			for id, nets := range s.collected {
				for nature, v := range nets {
					if more := v - before[id][nature]; more != 0 {
						got[y] = append(got[y], CollectedIn{Sale: id, Period: 7, Nature: nature, Net: more})
					}
				}
			}
		}
		at := func(day date.Day) activity.Counting {
			return ways[slices.IndexFunc(years, func(y date.FiscalYear) bool { return y.Contains(day) })]
		}
		var counted money.Cents
		for y, year := range years {
			for _, x := range append(s.turnover(year, got[y]), Carried(year, ways[y], at, s.carried(year, got[y]), got[y])...) {
				switch {
				case activity.OfDeposit(x.Nature) && !ways[y].Deposits:
				case ways[y].Collected:
					counted += x.Collected
				default:
					counted += x.Invoiced
				}
			}
		}
		sold := -s.balance(42, "706") - s.balance(42, "707")
		if waits := s.balance(42, ledger.DepositsHeld); counted != sold && waits == 0 {
			r.Fatalf("%v is sold, %v counts: %v", sold, counted, ways)
		}
	})
}

// deal does one thing that may happen to a sale.
func (s *shop) deal(r *rapid.T, quote Document) {
	switch rapid.IntRange(0, 3).Draw(r, "deal") {
	case 0:
		if c := DepositOf(quote, money.Rate(rapid.IntRange(10_000, 300_000).Draw(r, "share")), 0, "acompte"); len(s.made(Deposit)) < 3 && len(s.made(Balance)) == 0 {
			s.invoice(s.titled(c))
		}
	case 1:
		if len(s.made(Progress)) < 2 && len(s.made(Balance)) == 0 {
			done := money.Rate(300_000 * (1 + len(s.made(Progress))))
			c := ProgressOf(quote, s.made(Progress), []money.Rate{done, done})
			c.Delivered = s.f.Today
			c.Lines = append(c.Lines, ProposedDeductions(c, quote, s.made(Deposit))...)
			if t, err := Compute(c, s.f.Taxes); err == nil && t.Gross > 0 {
				s.invoice(s.titled(c))
			}
		}
	default:
		var ids []int64
		for _, d := range s.all() {
			ids = append(ids, d.ID)
		}
		if len(ids) > 0 {
			s.step(r, rapid.SampledFrom(ids).Draw(r, "on"))
		}
	}
}

// finish invoices what is left of a sale, and settles all of it.
func (s *shop) finish(r *rapid.T, quote Document) {
	if c := s.balanceOf(quote); len(s.made(Balance)) == 0 {
		c.Delivered = s.f.Today
		if t, err := Compute(c, s.f.Taxes); err == nil && (t.Gross > 0 || t.Gross == 0 && deducts(c)) {
			s.invoice(c)
		}
	}
	for _, d := range s.made(Deposit) {
		if len(Undeducted(d)) > 0 {
			if _, err := s.credit(d.ID, CreditOf(d)); err != nil {
				r.Fatal(words(err))
			}
		}
	}
	for id, d := range s.invoices {
		if rest := Remaining(d); rest > 0 {
			s.pay(Transfer, rest, Allocation{Invoice: id, Amount: rest})
		}
	}
	s.audit()
}

// turnover is what a year counts by the invoice and by the money, by nature.
func (s *shop) turnover(year date.FiscalYear, got []CollectedIn) (list []activity.Turnover) {
	for _, d := range append(s.all(), s.credits...) {
		sign := money.Cents(1)
		if d.Kind == CreditNote {
			sign = -1
		}
		for nature, net := range d.NetByNature() {
			if year.Contains(d.Date) {
				list = append(list, activity.Turnover{Nature: nature, Period: 7, Invoiced: sign * net})
			}
		}
	}
	for _, c := range got {
		list = append(list, activity.Turnover{Nature: c.Nature, Period: 7, Collected: c.Net})
	}
	return list
}

// carried are the documents that a change of policy looks at.
func (s *shop) carried(year date.FiscalYear, got []CollectedIn) map[int64]Document {
	all, docs := map[int64]Document{}, map[int64]Document{}
	for _, d := range append(s.all(), s.credits...) {
		all[d.ID] = d
		if year.Contains(d.Date) && (d.Corrects != 0 || deducts(d.Content)) || slices.ContainsFunc(got, func(c CollectedIn) bool { return c.Sale == d.ID }) {
			docs[d.ID] = d
		}
	}
	for named := Named(docs); len(named) > 0; named = Named(docs) {
		for _, id := range named {
			docs[id] = all[id]
		}
	}
	return docs
}
