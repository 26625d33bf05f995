package office

import (
	"cmp"
	"context"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// A cooperative that begins to pay here in mid-year takes over the sums of the payslips made elsewhere: ceilings and
// reduction are counted over the year, and would begin again without them.

// PayMissing is what is not known of the months of a year before the first payslip of a contract here.
type PayMissing struct {
	From, Until date.Month // paid elsewhere, or not at all
	Gap         bool       // there are counters, that stop before
}

// missingBefore tells the months of the year that a contract ran before one and that no counter covers; false: none. A CAPE
// is paid by the way, under no ceiling of its own.
func missingBefore(c member.Contract, m date.Month, y payroll.YearToDate) (PayMissing, bool) {
	miss, lacks := missingIn(c.Start, c.End, m, y)
	return miss, lacks && c.Kind != member.CAPE
}

func missingIn(from, until date.Day, m date.Month, y payroll.YearToDate) (PayMissing, bool) {
	miss := PayMissing{From: max(date.MonthOf(m.Year(), 1), from.Month()), Until: m - 1}
	if y.Year == m.Year() {
		miss.Gap, miss.From = y.Until >= miss.From, max(miss.From, y.Until+1)
	}
	if until != 0 {
		miss.Until = min(miss.Until, until.Month())
	}
	return miss, miss.From <= miss.Until
}

// PayOpeningLine is a contract in the list of openings.
type PayOpeningLine struct {
	Person   member.Person
	Contract member.Contract
	Number   string
	Missing  *PayMissing // nil: nothing lacks
	Opening  *store.Slip // that was taken over this year
	Used     date.Month  // first payslip here that counts on it, or was made without; 0: none yet
	Own      bool        // the reader's: another types it
}

// PayOpenings are the contracts of a year for which something lacks or was taken over, before a month is paid.
type PayOpenings struct {
	Month date.Month // the first to be paid here
	Rows  []PayOpeningLine
	Lack  int
}

// PayOpenings lists who lacks counters before a month, those first, then what was taken over this year.
func (o *Office) PayOpenings(ctx context.Context, a access.Actor, m date.Month) (v PayOpenings, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v, err = payOpenings(tx, a, m)
		return err
	})
	return v, err
}

func payOpenings(tx *store.Tx, a access.Actor, m date.Month) (PayOpenings, error) {
	v := PayOpenings{Month: m}
	contracts, err := tx.Contracts()
	if err != nil {
		return v, err
	}
	persons, err := tx.Persons()
	if err != nil {
		return v, err
	}
	people := map[int64]member.Person{}
	for _, p := range persons {
		people[p.ID] = p
	}
	known, err := tx.PayPersons(m.Last())
	if err != nil {
		return v, err
	}
	january, december := date.MonthOf(m.Year(), 1), date.MonthOf(m.Year(), 12)
	sums, err := tx.SlipsBetween(january, december)
	if err != nil {
		return v, err
	}
	firsts := map[int64]date.Month{}
	var opened []int64
	for _, s := range sums {
		switch {
		case s.Origin == store.SlipOpening:
			opened = append(opened, s.ID)
		case s.Real() && firsts[s.Contract] == 0:
			firsts[s.Contract] = s.Month
		}
	}
	slips, err := tx.SlipsIn(opened)
	if err != nil {
		return v, err
	}
	openings := map[int64]*store.Slip{}
	for _, s := range slips {
		openings[s.Contract] = &s
	}
	for _, c := range contracts {
		if c.Start >= m.First() || c.End != 0 && c.End < january.First() {
			continue
		}
		l := PayOpeningLine{Person: people[c.Person], Contract: c, Number: known[c.Person].Known.Number, Opening: openings[c.ID], Used: firsts[c.ID], Own: c.Person == a.Person}
		var y payroll.YearToDate
		if l.Opening != nil {
			y = l.Opening.Body.After
		}
		first := m
		if l.Used != 0 {
			first = min(m, l.Used)
		}
		if miss, lacks := missingBefore(c, first, y); lacks {
			l.Missing = &miss
		}
		if l.Missing == nil && l.Opening == nil {
			continue
		}
		if l.Missing != nil {
			v.Lack++
		}
		v.Rows = append(v.Rows, l)
	}
	slices.SortStableFunc(v.Rows, func(x, y PayOpeningLine) int {
		if lacks := x.Missing != nil; lacks != (y.Missing != nil) {
			if lacks {
				return -1
			}
			return 1
		}
		return cmp.Or(byName(x.Person, y.Person), cmp.Compare(x.Contract.ID, y.Contract.ID))
	})
	return v, nil
}

// openingOf is what was taken over for a contract in a year, and the first month that a payslip here counts on it.
func openingOf(tx *store.Tx, c member.Contract, year int) (kept *store.Slip, used date.Month, err error) {
	slips, err := tx.SlipsOf(c.Person, date.MonthOf(year, 1), date.MonthOf(year, 12))
	for i := range slips { // the last first
		s := &slips[i]
		switch {
		case s.Contract != c.ID || !s.Real():
		case s.Origin == store.SlipOpening:
			kept = s
		default:
			used = s.Month
		}
	}
	return kept, used, err
}

// SaveOpening takes over the sums of a year for a contract, or changes them as long as no payslip here counts on them. was
// is what the form began from, nil: nothing was there.
func (o *Office) SaveOpening(ctx context.Context, a access.Actor, was *payroll.Opening, person, contract int64, x payroll.Opening) error {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		c, err := contractOf(tx, person, contract)
		if err != nil {
			return err
		}
		kept, _, err := openingOf(tx, c, x.Until.Year())
		if err != nil {
			return err
		}
		var now *payroll.Opening
		if kept != nil {
			now = kept.Body.Opening
		}
		if (was == nil) != (now == nil) || was != nil && *was != *now {
			return errChanged()
		}
		s, err := readyOpening(tx, a, c, x)
		if err != nil {
			return err
		}
		return keepOpening(tx, a, kept, s)
	})
}

// readyOpening makes the row of an opening; everything that refuses it is said on its field.
func readyOpening(tx *store.Tx, a access.Actor, c member.Contract, x payroll.Opening) (s store.Slip, err error) {
	if x.Until == 0 {
		return s, fault.At("until", "payroll.opening_file.month_missing")
	}
	if c.Kind == member.CAPE {
		return s, fault.At("until", "payopening.fault.cape")
	}
	if last := a.Today.Month(); x.Until > last {
		return s, fault.At("until", "payopening.fault.ahead", "last", last)
	}
	_, used, err := openingOf(tx, c, x.Until.Year())
	switch {
	case err != nil:
		return s, err
	case used != 0:
		return s, fault.At("until", "payopening.fault.used", "month", used)
	}
	f, err := payRules(tx, x.Until)
	if err != nil {
		return s, err
	}
	if f.terms, err = tx.PayTerms(x.Until.Last()); err != nil {
		return s, err
	}
	if f.shares, err = readShares(tx, x.Until); err != nil {
		return s, err
	}
	after, err := x.YearToDate(payroll.Law(), f.employer(), f.contract(c))
	if err != nil {
		return s, err
	}
	return store.Slip{Person: c.Person, Contract: c.ID, Activity: f.bears(c), Month: x.Until, Origin: store.SlipOpening, State: store.SlipIssued, By: a.Person, Body: store.SlipBody{Opening: &x, After: after}}, nil
}

// keepOpening writes an opening in the place of the one of before.
func keepOpening(tx *store.Tx, a access.Actor, kept *store.Slip, s store.Slip) error {
	if kept != nil {
		if err := tx.TakeBackSlip(kept.ID); err != nil {
			return err
		}
	}
	if err := tx.SaveSlip(&s); err != nil {
		return err
	}
	return tx.Audit(a.Person, "pay.opening", thing("person", s.Person), map[string]any{"until": s.Month.Last()})
}

// DropOpening takes away what was taken over for a contract in a year, as long as no payslip here counts on it.
func (o *Office) DropOpening(ctx context.Context, a access.Actor, person, contract int64, year int) error {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		c, err := contractOf(tx, person, contract)
		if err != nil {
			return err
		}
		kept, used, err := openingOf(tx, c, year)
		switch {
		case err != nil || kept == nil: // a second click
			return err
		case used != 0:
			return fault.New(fault.Conflict, "payopening.fault.used", "month", used)
		}
		if err := tx.TakeBackSlip(kept.ID); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.opening_drop", thing("person", person), map[string]any{"until": kept.Month.Last()})
	})
}
