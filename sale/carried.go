package sale

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"essaim/activity"
	"essaim/date"
	"essaim/money"
)

// CollectedIn is a change of the turnover collected of an invoice, in one month of a fiscal year.
type CollectedIn struct {
	Sale   int64
	Period int
	Nature string
	Net    money.Cents
}

// Carried returns what the turnover of a fiscal year has to be corrected by once a policy counts otherwise than the one
// before it. A sale goes on counting as its own year began to count it, at the rates of the year in which it counts: what was
// counted on the invoice does not count again when it is paid, and what was to count with the money still does, though the
// policy of the day counts invoices (practice 38: a change is never retroactive). So each euro counts once.
//
// docs are the invoices and credit notes of the activity that may count otherwise: those that got holds something of, those
// of the year that correct or deduct another, and those they name. at tells how the year of a day counts.
func Carried(year date.FiscalYear, now activity.Counting, at func(date.Day) activity.Counting, docs map[int64]Document, got []CollectedIn) []activity.Turnover {
	type kind struct {
		nature string
		period int
	}
	sums := map[kind]money.Cents{}
	c := counts{at, docs}
	add := func(nature string, period int, v money.Cents, counts, counted bool) {
		nature = strings.TrimPrefix(nature, activity.DepositNature)
		if counts {
			sums[kind{nature, period}] += v
		}
		if counted {
			sums[kind{nature, period}] -= v
		}
	}
	for _, r := range got {
		d, ok := docs[r.Sale]
		if !ok {
			continue
		}
		how, deposit := c.of(d), activity.OfDeposit(r.Nature)
		add(r.Nature, r.Period, r.Net, how.Collected && (how.Deposits || !deposit), now.Collected && (now.Deposits || !deposit))
	}
	for _, d := range docs {
		if !year.Contains(d.Date) {
			continue
		}
		how, sign := c.of(d), money.Cents(1)
		if d.Kind == CreditNote {
			sign = -1
		}
		for i, l := range d.Content.Lines {
			if i >= len(d.Totals.Lines) {
				break
			}
			own, today := true, now.Deposits || l.Deposit == 0 && !isDeposit(d)
			switch {
			case l.Deposit != 0:
				own = c.alone(docs[l.Deposit])
			case isDeposit(d):
				own = how.Deposits
			}
			add(l.Nature, year.Period(d.Date), sign*d.Totals.Lines[i].Net, !how.Collected && own, !now.Collected && today)
		}
	}
	var list []activity.Turnover
	for k, v := range sums {
		if v != 0 {
			list = append(list, activity.Turnover{Nature: k.nature, Period: k.period, Invoiced: v, Collected: v})
		}
	}
	slices.SortFunc(list, func(a, b activity.Turnover) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), cmp.Compare(a.Nature, b.Nature))
	})
	return list
}

type counts struct {
	at   func(date.Day) activity.Counting
	docs map[int64]Document
}

// of tells how a document counts: as its day says, a credit note as its invoice. An invoice that clears a deposit which
// counted nowhere yet counts it, hence when it is invoiced, as that deposit would have.
func (c counts) of(d Document) activity.Counting {
	if inv, ok := c.docs[d.Corrects]; ok && d.Kind == CreditNote {
		return c.of(inv)
	}
	how := c.at(d.Date)
	if how.Collected && slices.ContainsFunc(d.Content.Lines, func(l Line) bool {
		dep, ok := c.docs[l.Deposit]
		return ok && l.Deposit != 0 && !c.alone(dep)
	}) {
		how.Collected = false
	}
	return how
}

// alone says whether a deposit counts by itself, with the money or when it is asked for: the invoice that clears it then
// counts the rest.
func (c counts) alone(dep Document) bool {
	how := c.at(dep.Date)
	return how.Collected || how.Deposits
}

// Named returns the invoices that documents correct or deduct and that are not among them.
func Named(docs map[int64]Document) []int64 {
	ids := map[int64]bool{}
	for _, d := range docs {
		ids[d.Corrects] = true
		for _, l := range d.Content.Lines {
			ids[l.Deposit] = true
		}
	}
	maps.DeleteFunc(ids, func(id int64, _ bool) bool { _, known := docs[id]; return known || id == 0 })
	return slices.Sorted(maps.Keys(ids))
}
