package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// Profit-sharing (intéressement, L3312-1 ff. c. trav.) as a choice of the end of a year: what an agreement allows, what it
// gives beside being paid, and its payment by the pay of a month.

// The elements of a payslip that pay profit-sharing. What is saved is written as one element and becomes two: the bonus,
// and what is kept back of it for the plan.
const (
	profitItem      = "profit_sharing"
	profitSavedItem = "profit_saved"
	profitPlanItem  = "profit_plan"
)

// ProfitRight is what a person may have of an activity's profit-sharing.
type ProfitRight struct {
	Cost   money.Cents // at most, the forfait social in it
	Gross  money.Cents // at most
	CutAll money.Cents // what the limit of all took off, as gross
	Cut    money.Cents // what the limit of one person took off
	Short  bool        // an agreement covers the year, and the person has not been there long enough
}

// absentFor says whether an absence is no presence: the law counts maternity, paternity and accidents at work as presence
// (L3314-5), paid leave and therapeutic part time are work or count as it.
func absentFor(k payroll.AbsenceKind) bool {
	return k == payroll.Sickness || k == payroll.Child || k == payroll.UnpaidLeave
}

// employed is how many days of a span the contracts of one person bind them as an employee. Two on a day are one day.
func employed(contracts []member.Contract, from, until date.Day) int {
	spans := make([]date.FiscalYear, 0, len(contracts))
	for _, c := range contracts {
		x := date.FiscalYear{Start: max(c.Start, from), End: until}
		if c.End != 0 {
			x.End = min(c.End, until)
		}
		if c.Kind != member.CAPE && x.Start <= x.End {
			spans = append(spans, x)
		}
	}
	slices.SortFunc(spans, func(x, y date.FiscalYear) int { return cmp.Compare(x.Start, y.Start) })
	n, next := 0, from // the first day that is not counted yet
	for _, x := range spans {
		if x.End >= next {
			n += int(x.End-max(x.Start, next)) + 1
			next = x.End + 1
		}
	}
	return n
}

// paidGross is what contracts of employment paid in the year, by person, read from sums: what a contract was in a month is
// written beside it. What was paid before this program counts for the months of the year that it covers.
func (f *yearFacts) paidGross(tx *store.Tx) (map[int64]money.Cents, error) {
	first, last := f.year.Span.Start.Month(), f.year.Span.End.Month()
	sums, err := tx.SlipsBetween(first, date.MonthOf(last.Year(), 12)) // an opening of a later month covers months of the year too
	if err != nil {
		return nil, err
	}
	contracts := map[int64]member.Contract{}
	for _, c := range f.contracts {
		contracts[c.ID] = c
	}
	gross, opened := map[int64]money.Cents{}, []int64{}
	var facts payFacts
	for _, s := range sums {
		if !s.Real() || s.Month > last && s.Origin != store.SlipOpening {
			continue
		}
		if s.Month != facts.month {
			facts.month = s.Month
			if facts.terms, err = tx.PayTerms(s.Month.Last()); err != nil {
				return nil, err
			}
		}
		switch c, known := contracts[s.Contract]; {
		case !known || !facts.contract(c).Regime.Employed():
		case s.Origin == store.SlipOpening:
			opened = append(opened, s.ID)
		default:
			gross[s.Person] += s.Gross
		}
	}
	slips, err := tx.SlipsIn(opened)
	for _, s := range slips {
		for _, m := range openedMonths(&s, contracts[s.Contract].Start) {
			if first <= m.Month && m.Month <= last {
				gross[s.Person] += m.Pay
			}
		}
	}
	return gross, err
}

// readProfit says what each part may have, when an agreement covers the year. A unit is an activity; its result is what it
// has before anything becomes of it.
func (f *yearFacts) readProfit(tx *store.Tx) error {
	f.profit = map[partKey]ProfitRight{}
	agreed := f.rules.YearEnd.Profit
	if !agreed.Covers(f.year.Span) {
		return nil
	}
	gross, err := f.paidGross(tx)
	if err != nil {
		return err
	}
	all := money.Cents(0)
	for _, paid := range gross {
		all += paid
	}
	contracts := map[int64][]member.Contract{}
	for _, c := range f.contracts {
		contracts[c.Person] = append(contracts[c.Person], c)
	}
	absences, err := tx.PayAbsencesOver(f.year.Span.Start, f.year.Span.End)
	if err != nil {
		return err
	}
	away := map[int64]int{}
	for _, x := range absences {
		if absentFor(AbsenceBody(x).Kind) {
			away[x.Person] += int(min(x.Until, f.year.Span.End)-max(x.From, f.year.Span.Start)) + 1
		}
	}
	var units []payroll.ProfitUnit
	for _, r := range f.rows {
		u := payroll.ProfitUnit{ID: r.Activity, Result: r.Balance}
		for _, p := range r.Parts {
			if p.Standing != activity.StandsPaid {
				continue
			}
			// The contracts of the year and of the twelve months before it count (L3342-1); a month is thirty days.
			if employed(contracts[p.Person], f.year.Span.Start.AddMonths(-12), f.year.Span.End) < 30*agreed.Presence {
				f.profit[partKey{p.Activity, p.Person}] = ProfitRight{Short: true}
				continue
			}
			days := employed(contracts[p.Person], f.year.Span.Start, f.year.Span.End)
			u.People = append(u.People, payroll.ProfitPerson{ID: strconv.FormatInt(p.Person, 10), Gross: gross[p.Person], Days: max(days-away[p.Person], 0)})
		}
		units = append(units, u)
	}
	law, staff := f.profitLaw()
	split := payroll.ProfitSplit{Even: agreed.Even, ByPay: agreed.ByPay, ByTime: agreed.ByTime}
	for _, o := range law.OfferProfit(payroll.ProfitFormula{Above: agreed.Above, Rate: agreed.Rate, Most: agreed.Most}, split, all, units) {
		person, err := strconv.ParseInt(o.ID, 10, 64)
		if err != nil {
			return err
		}
		b := law.Bonus(o.Gross, false, staff)
		f.profit[partKey{o.Unit, person}] = ProfitRight{Cost: b.Gross + b.Package, Gross: o.Gross, CutAll: o.CutAll, Cut: o.Cut}
	}
	for i := range f.rows {
		for j := range f.rows[i].Parts {
			p := &f.rows[i].Parts[j]
			p.Profit = f.profit[partKey{p.Activity, p.Person}].Cost
		}
	}
	return nil
}

// profitLaw is the law of the year and the headcount that decides of the forfait social.
func (f *yearFacts) profitLaw() (*payroll.Parameters, int) {
	return payroll.Law().On(f.year.Span.End.Month()), f.rules.Pay.Staff
}

// packageIn is the forfait social in what profit-sharing costs.
func (f *yearFacts) packageIn(cost money.Cents) money.Cents {
	law, staff := f.profitLaw()
	return cost - law.BonusFor(cost, staff)
}

// bonus says what a cost in profit-sharing gives the person, with the tax that the payslip of the first month to pay would
// keep back for it.
func (f *yearFacts) bonus(pay *payFacts, key partKey, cost money.Cents, saved bool) (YearOption, error) {
	law, staff := f.profitLaw()
	b := law.Bonus(law.BonusFor(cost, staff), saved, staff)
	o := YearOption{Kind: activity.WishProfit, Saved: saved, Cost: b.Gross + b.Package, Gross: b.Gross, Net: b.Net, Package: b.Package, Taxable: b.Taxable}
	if saved {
		return o, nil // nothing is paid: it goes to the plan
	}
	o.Paid = b.Net
	c, ok := f.contractOf(key.person)
	if !ok || b.Gross == 0 {
		return o, nil
	}
	k, in := f.inputs(pay, c, f.months[0])
	p := payroll.Law().On(in.Month)
	with := in
	with.Items = append(slices.Clone(in.Items), payroll.Item{Element: profitItem, Amount: b.Gross})
	var tax money.Cents
	for _, x := range []struct {
		in   payroll.Inputs
		sign money.Cents
	}{{with, 1}, {in, -1}} {
		s, _, err := payroll.Compute(p, pay.employer(), k, pay.years[c.ID], x.in)
		if err != nil {
			return o, err
		}
		tax += x.sign * s.Totals.Tax
	}
	o.Tax, o.Paid = tax, b.Net-tax
	return o, nil
}

// ProfitTerm is the last day to pay profit-sharing of a year: that of the fifth month after it. Beyond, interest is due at
// 1.33 times the average rate of private bonds (L3314-9).
func ProfitTerm(year date.FiscalYear) date.Day { return (year.End.Month() + 5).Last() }

// ProfitDue is what was set aside as profit-sharing for one part, and what becomes of it.
type ProfitDue struct {
	Activity, Person int64
	Gross, Package   money.Cents // set aside
	Saved            bool
	Written          money.Cents // in the pay of months
	Month            date.Month  // the last of them
	Over             bool        // no contract runs: no pay can bear it
	contract         int64
}

// Left is what is in the pay of no month yet; below zero, more was written than stands in the books now.
func (d ProfitDue) Left() money.Cents { return d.Gross - d.Written }

// profitDues lists what was set aside, by part, and what the pay of months has of it.
func (f *yearFacts) profitDues(tx *store.Tx) (all []ProfitDue, err error) {
	for _, key := range f.keys() {
		d := ProfitDue{Activity: key.activity, Person: key.person}
		for _, s := range f.booked[key] {
			if s.Kind == activity.YearProfit {
				d.Gross, d.Package = d.Gross+s.Amount-s.Charges, d.Package+s.Charges
			}
		}
		if _, p, ok := f.part(key); ok {
			for _, w := range p.Wishes {
				d.Saved = d.Saved || w.Kind == activity.WishProfit && w.Saved
			}
		}
		for _, c := range f.contracts {
			if c.Person != key.person {
				continue
			}
			items, err := tx.PayItemsOf(c.ID)
			if err != nil {
				return nil, err
			}
			for _, i := range items {
				b := ItemBody(i)
				if i.Element != profitItem && i.Element != profitSavedItem || i.Dropped || b.Year != f.year.ID || b.Activity != key.activity {
					continue
				}
				held, err := profitHeld(tx, i)
				if err != nil {
					return nil, err
				}
				if held {
					d.Written, d.Month = d.Written+i.Amount, max(d.Month, i.Month)
				}
			}
		}
		if d.Gross == 0 && d.Written == 0 {
			continue
		}
		c, ok := f.contractOf(key.person)
		d.contract, d.Over = c.ID, !ok || c.End != 0 && c.End.Month() < f.today.Month()
		all = append(all, d)
	}
	return all, nil
}

// profitHeld says whether the pay of its month holds what was written as profit-sharing: as long as the month is not locked
// it will. Once it is, only a payslip issued does: what a month locked without is to be written again, into a later one. A
// payroll software was told of the element with the month, and its payslip names it in words of its own.
func profitHeld(tx *store.Tx, i store.PayItem) (bool, error) {
	month, err := tx.PayMonth(i.Month)
	if err != nil || month.State != store.PayMonthLocked {
		return true, err
	}
	slips, err := tx.SlipsOf(i.Person, i.Month, i.Month)
	return slices.ContainsFunc(slips, func(s store.Slip) bool {
		return s.Contract == i.Contract && s.Real() && (s.Origin == store.SlipSoftware || slices.ContainsFunc(s.Body.Payslip.Items, func(it payroll.Item) bool {
			return it.Element == i.Element && it.Amount == i.Amount && it.Text == i.Label
		}))
	}), err
}

// PayProfit writes what was set aside as profit-sharing into the pay of a month: once, for whoever has a contract in it,
// but oneself. It returns for how many people.
func (o *Office) PayProfit(ctx context.Context, a access.Actor, yearID int64, m date.Month, key string) (n int, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return 0, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "yearend.profit", []any{yearID, m}, func(_ *store.Tx, id int64) error {
		n = int(id)
		return nil
	}, func(tx *store.Tx) (int64, error) {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return 0, err
		}
		if m < f.today.Month() || m > f.today.Month()+12 {
			return 0, fault.At("month", "office.profit_month")
		}
		if err := openPayMonth(tx, m); err != nil {
			return 0, err
		}
		dues, err := f.profitDues(tx)
		if err != nil {
			return 0, err
		}
		n = 0
		for _, d := range dues {
			wrote, err := f.writeProfit(tx, a, d, m)
			if err != nil {
				return 0, err
			}
			if wrote {
				n++
			}
		}
		if n == 0 {
			return 0, fault.New(fault.Conflict, "office.profit_none", "month", m)
		}
		return int64(n), nil
	})
	return n, err
}

// writeProfit writes what is left of one part; false when the month cannot bear it, or it is the actor's own.
func (f *yearFacts) writeProfit(tx *store.Tx, a access.Actor, d ProfitDue, m date.Month) (bool, error) {
	n := slices.IndexFunc(f.contracts, func(c member.Contract) bool { return c.ID == d.contract })
	if d.Left() <= 0 || n < 0 || can(a, access.RunPay, access.Subject{Person: d.Person}) != nil {
		return false, nil
	}
	c := f.contracts[n]
	if m < c.Start.Month() || c.End != 0 && m > c.End.Month() {
		return false, nil
	}
	if out, err := issuedIn(tx, c, m); err != nil || out {
		return false, err
	}
	body, err := jsonOf(PayItemBody{Year: f.year.ID, Activity: d.Activity})
	if err != nil {
		return false, err
	}
	i := store.PayItem{Person: d.Person, Contract: c.ID, Month: m, Until: m, Element: profitItem, Amount: d.Left(), Body: body, By: a.Person,
		Label: french.T("pay_year.profit_label", "year", f.year.Span.Label(), "activity", f.activities[d.Activity].Name)}
	if d.Saved {
		i.Element = profitSavedItem
	}
	if err := tx.AddPayItem(&i); err != nil {
		return false, err
	}
	return true, tx.Audit(a.Person, "yearend.profit", fmt.Sprintf("person:%d", d.Person), map[string]any{"year": f.year.Span.Label(), "from": m})
}

// profitBrought are the elements of a payslip that an element written for profit-sharing becomes: what is saved is paid to
// the plan and not to the person.
func (f *payFacts) profitBrought(i store.PayItem) []payroll.Item {
	items := []payroll.Item{{Element: i.Element, Amount: i.Amount, Text: i.Label}}
	if i.Element == profitSavedItem {
		items = append(items, payroll.Item{Element: profitPlanItem, Amount: f.params.Bonus(i.Amount, true, f.rules.Staff).Net, Text: i.Label})
	}
	return items
}

// profitAside says, for each line of profit-sharing of a payslip, on which accounts it was set aside: those of the rule of
// its year. A line that nothing wrote here (brought by a return) has those of the rules of any year.
func (f *payFacts) profitAside(tx *store.Tx, s *store.Slip) (aside []payroll.ProfitAside, err error) {
	written := slices.Clone(f.items[s.Contract])
	for _, it := range s.Body.Payslip.Items {
		if it.Element != profitItem && it.Element != profitSavedItem {
			continue
		}
		agreed := coop.Default().YearEnd.Profit
		n := slices.IndexFunc(written, func(i store.PayItem) bool {
			return i.Element == it.Element && i.Amount == it.Amount && i.Label == it.Text
		})
		if n >= 0 {
			set, err := tx.Settings()
			if err != nil {
				return nil, err
			}
			if year, known := set.Year(ItemBody(written[n]).Year); known {
				rules, err := set.On(year.Span.End)
				if err != nil {
					return nil, err
				}
				agreed = rules.YearEnd.Profit
			}
			written = slices.Delete(written, n, n+1)
		}
		aside = append(aside, payroll.ProfitAside{Pay: agreed.Aside, Package: agreed.PackageAside})
	}
	return aside, nil
}
