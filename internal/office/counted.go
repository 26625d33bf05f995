package office

import (
	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/sale"
)

// countedBefore corrects the turnover of a fiscal year by what an earlier policy counts of it otherwise. Nothing is read unless a
// policy before this one counted in another way.
func (o *Office) countedBefore(tx *store.Tx, set *store.Settings, act activity.Activity, year ledger.FiscalYear, now activity.Applied) ([]activity.Turnover, error) {
	near := o.near.of(tx.Coop(), set)
	ways, changed := map[date.Day]activity.Counting{}, false
	for _, y := range set.Years {
		if y.Span.Start >= year.Span.Start || y.Span.End < act.Opened {
			continue
		}
		p, err := near.policyOf(act, y, y.Span.End)
		if err != nil {
			return nil, err
		}
		if p != nil {
			ways[y.Span.Start] = p.Policy.Counting()
			changed = changed || p.Policy.Counting() != now.Policy.Counting()
		}
	}
	if !changed {
		return nil, nil
	}
	docs, err := tx.SalesCarried(act.ID, year.ID, year.Span)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Collected(act.ID, year.ID, 1, year.Span.Period(year.Span.End))
	if err != nil {
		return nil, err
	}
	var got []sale.CollectedIn
	for _, r := range rows {
		if r.Sale != 0 {
			got = append(got, sale.CollectedIn{Sale: r.Sale, Period: r.Period, Nature: r.Nature, Net: r.Net})
		}
	}
	return sale.Carried(year.Span, now.Policy.Counting(), func(day date.Day) activity.Counting {
		if y, ok := set.YearOf(day); ok {
			if how, ok := ways[y.Span.Start]; ok {
				return how
			}
		}
		return now.Policy.Counting()
	}, docs, got), nil
}
