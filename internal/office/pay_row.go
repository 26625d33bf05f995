package office

import (
	"cmp"
	"slices"
	"strings"

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

// payRows makes the rows of a month from sums: no body of a payslip is read for a list.
func (o *Office) payRows(tx *store.Tx, a access.Actor, f *payFacts, v *PayMonthView) error {
	slips, err := tx.SlipsBetween(f.month-1, f.month)
	if err != nil {
		return err
	}
	cut := slices.IndexFunc(slips, func(s store.SlipSums) bool { return s.Month == f.month })
	if cut < 0 {
		cut = len(slips)
	}
	last := lastOf(slips[:cut], f.rules.Way)
	notes, err := tx.PayNotes()
	if err != nil {
		return err
	}
	over, err := f.over(tx)
	if err != nil {
		return err
	}
	declared, err := f.declared(tx)
	if err != nil {
		return err
	}
	files, err := tx.PayTransfers(f.month)
	if err != nil {
		return err
	}
	left, err := leftDays(tx, files)
	if err != nil {
		return err
	}
	ours, issued := map[int64]*store.SlipSums{}, map[int64]*store.SlipSums{}
	for i := range slips[cut:] {
		s := &slips[cut+i]
		if s.Origin == f.origin() {
			ours[s.Contract] = s
		}
		if s.Real() && s.Origin != store.SlipOpening {
			issued[s.Contract] = s
		}
	}
	for _, c := range slices.Concat(f.contracts, over) {
		r := PayRow{Person: f.people[c.Person], Contract: c, Fixed: f.terms[c.ID].Terms.Gross, Slip: ours[c.ID], Issued: issued[c.ID], Absences: slices.Concat(f.absences[c.ID], declared[c.ID]), Items: f.items[c.ID], Note: notes[c.Person], Own: a.Person != 0 && c.Person == a.Person}
		if req, asked := f.requests[c.ID]; asked {
			r.Asked = &req
		}
		if cost, known := last[c.ID]; known {
			r.Last = &cost
		}
		if section, err := f.bearer(c); err == nil {
			r.Activity = section
		}
		switch {
		case r.Issued != nil:
			r.Gross, r.Net, r.Paid, r.Cost, r.Sent = r.Issued.Gross, r.Issued.Net, r.Issued.Paid, r.Issued.Cost, left[r.Issued.Transfer]
		case r.Slip != nil:
			r.Gross, r.Net, r.Paid, r.Cost = r.Slip.Gross, r.Slip.Net, r.Slip.Paid, r.Slip.Cost
		}
		if f.charge(&r) {
			v.Charges, v.Charged = append(v.Charges, r), v.Charged+r.Cost
			switch {
			case r.Issued != nil:
				v.Passed++
			case r.Slip != nil && r.Slip.Origin == store.SlipOwn && !r.Own:
				v.Pending++
			}
			continue
		}
		f.plain(&r)
		v.Rows = append(v.Rows, r)
	}
	sortRows(v.Rows)
	sortRows(v.Charges)
	return nil
}

// charge says whether a row is that of a CAPE without pay: who holds it is not employed and gets no payslip; the activity
// bears the contribution for accidents on a flat base, booked with the month (practice 16).
func (f *payFacts) charge(r *PayRow) bool {
	switch {
	case r.Contract.Kind != member.CAPE:
		return false
	case r.Issued != nil:
		return onlyCharge(member.CAPE, r.Issued)
	case r.Slip != nil:
		return onlyCharge(member.CAPE, r.Slip)
	}
	return r.Fixed == 0 && len(r.Items) == 0
}

// onlyCharge says the same of what is kept of a month.
func onlyCharge(kind member.ContractKind, s *store.SlipSums) bool {
	return kind == member.CAPE && s.Gross == 0 && s.Net == 0 && s.Paid == 0
}

// noPaper says whether a payslip is one for the books alone: see [payFacts.charge].
func noPaper(s *store.Slip) bool {
	t := &s.Body.Payslip.Totals
	return s.Body.Contract.Regime == payroll.CAPE && t.Gross == 0 && t.Net == 0 && t.Paid == 0
}

func sortRows(rows []PayRow) {
	slices.SortStableFunc(rows, func(x, y PayRow) int {
		return cmp.Or(cmp.Compare(rank(&x), rank(&y)), byName(x.Person, y.Person), cmp.Compare(x.Contract.ID, y.Contract.ID))
	})
}

// rank puts first what cannot be computed, then what is to be looked at.
func rank(r *PayRow) int {
	switch {
	case len(r.Refused) > 0:
		return 0
	case r.First():
		return 1
	}
	return 2
}

func sumsOf(s *store.Slip) *store.SlipSums {
	t := s.Body.Payslip.Totals
	return &store.SlipSums{ID: s.ID, Person: s.Person, Contract: s.Contract, Activity: s.Activity, Month: s.Month, Origin: s.Origin, State: s.State, Gross: t.Gross, Net: t.Net, Paid: t.Paid, Cost: t.Cost, Entry: s.Entry, File: s.File, Transfer: s.Transfer}
}

// lastOf is what each contract cost in a month, by the payslips really issued, else by what was computed.
func lastOf(slips []store.SlipSums, way string) map[int64]money.Cents {
	all := map[int64]money.Cents{}
	for id, s := range bestOf(slips, way) {
		all[id] = s.Cost
	}
	return all
}

// bestOf is the payslip of each contract in a month: the one really issued, else what was computed.
func bestOf(slips []store.SlipSums, way string) map[int64]store.SlipSums {
	all, issued := map[int64]store.SlipSums{}, map[int64]bool{}
	for _, s := range slips {
		if s.Origin == store.SlipOpening { // the sum of a year
			continue
		}
		real := s.Real()
		if real || !issued[s.Contract] && (s.Origin == store.SlipOwn) == (way == coop.PayOwn) {
			all[s.Contract], issued[s.Contract] = s, real
		}
	}
	return all
}

// payAccounts reads what the accounts of all activities are built of, together.
func (o *Office) payAccounts(tx *store.Tx, a access.Actor) (map[int64]activity.Input, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	near := o.near.of(tx.Coop(), set)
	rules, err := near.rulesOn(a.Today)
	if err != nil {
		return nil, err
	}
	year, ok := set.YearOf(a.Today)
	if !ok {
		return nil, nil
	}
	inputs, _, err := o.houseInputs(tx, a, near, rules, year, true)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]activity.Input, len(inputs))
	for _, in := range inputs {
		all[in.Activity.ID] = in
	}
	return all, nil
}

// declared are the absences of the month that the persons said and pay has not completed, by contract: they do not count yet.
func (f *payFacts) declared(tx *store.Tx) (map[int64][]store.PayAbsence, error) {
	all, err := tx.PayAbsencesSince(f.month.First())
	of := map[int64][]store.PayAbsence{}
	for _, x := range all {
		if x.Declared && !x.Dropped && x.From <= f.month.Last() {
			of[x.Contract] = append(of[x.Contract], x)
		}
	}
	return of, err
}

// plain says of a row what is known without computing anything: what the month brings, who comes and goes, what lacks to be
// paid, and what was said of the draft when it was computed.
func (f *payFacts) plain(r *PayRow) {
	say := func(key string, args ...any) {
		r.Look = append(r.Look, payroll.Note{Key: "pay_month.look." + key, Args: args})
	}
	r.Unprepared = r.Issued == nil && f.state.State != store.PayMonthLocked && f.unprepared(r.Contract)
	if r.Unprepared {
		r.Look = append(r.Look, payroll.Note{Key: exitLacks, Args: []any{"day", r.Contract.End}})
	}
	for _, it := range r.Items {
		if strings.HasPrefix(it.Element, "override") {
			say("override", "amount", it.Amount)
		}
	}
	for _, x := range r.Absences {
		from, until := max(x.From, f.month.First()), min(x.Until, f.month.Last())
		switch {
		case x.Declared:
			say("absence_declared", "from", from, "until", until)
		case x.File == "":
			say("absence_bare", "from", from, "until", until)
		default:
			say("absence", "from", from, "until", until)
		}
	}
	if r.Contract.Start >= f.month.First() && r.Contract.Start <= f.month.Last() {
		say("entry", "day", r.Contract.Start)
	}
	if !r.Unprepared && r.Contract.End != 0 && r.Contract.End <= f.month.Last() && r.Contract.End >= f.month.First() {
		say("exit", "day", r.Contract.End)
	}
	switch {
	case r.Issued != nil && r.Paid < 0:
		say("negative", "amount", -r.Paid)
	case r.Issued == nil && r.Slip != nil:
		r.Look = append(r.Look, r.Slip.Look...)
	}
	if r.Issued == nil || r.Issued.Transfer == 0 {
		for _, key := range f.known[r.Person.ID].Known.Lacks() {
			r.Waits = append(r.Waits, payroll.Note{Key: key})
		}
	}
}

// checkRows completes rows that are not issued: what the account bears, why nothing can be computed, whether a draft is
// still what would be.
func (o *Office) checkRows(tx *store.Tx, a access.Actor, f *payFacts, rows []*PayRow) (err error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r *PayRow) bool { return r.Issued != nil || r.Checked })
	if len(rows) == 0 || f.state.State == store.PayMonthLocked {
		return nil
	}
	if f.accounts, err = o.payAccounts(tx, a); err != nil {
		return err
	}
	var ids, bare []int64
	for _, r := range rows {
		if r.Slip != nil {
			ids = append(ids, r.Slip.ID)
		} else {
			bare = append(bare, r.Contract.ID)
		}
	}
	drafts, err := tx.SlipsIn(ids)
	if err != nil {
		return err
	}
	before, err := slipsBefore(tx, f.month, f.rules.Way, bare)
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Checked = true
		now, _, err := f.slip(tx, o, a.Today, r.Contract)
		if err != nil {
			if r.Refused = fault.All(err); len(r.Refused) == 0 {
				return err // of the store
			}
		}
		if r.Slip != nil {
			draft := drafts[r.Slip.ID]
			r.Stale = r.Slip.State == store.SlipDraft && (err != nil || !sameSlip(&now.Body, &draft.Body) || now.Activity != draft.Activity)
		} else if err == nil {
			r.Look = append(r.Look, lookOf(&now, before[r.Contract.ID])...)
		}
		if in, ok := f.accounts[r.Activity]; ok && r.Issued == nil && f.state.State != store.PayMonthLocked {
			if p := f.purses[r.Activity]; p != nil {
				r.Available = &p.account.Available.Amount
			} else {
				r.Available = new(activity.Build(in).Available.Amount)
			}
		}
	}
	return nil
}

// slipsBefore are the payslips of the month before of some contracts.
func slipsBefore(tx *store.Tx, m date.Month, way string, contracts []int64) (map[int64]*store.Slip, error) {
	all := map[int64]*store.Slip{}
	if len(contracts) == 0 {
		return all, nil
	}
	sums, err := tx.SlipsBetween(m-1, m-1)
	if err != nil {
		return nil, err
	}
	best := bestOf(sums, way)
	var ids []int64
	for _, c := range contracts {
		if s, paid := best[c]; paid {
			ids = append(ids, s.ID)
		}
	}
	slips, err := tx.SlipsIn(ids)
	for _, s := range slips {
		all[s.Contract] = &s
	}
	return all, err
}

// payChange is how much its gross, without the variable parts, may move from a month to the next before a payslip is to be
// looked at: those move with what people ask, and are looked at where they are asked.
const payChange = money.Rate(200_000)

// lookOf is why a payslip that was just computed is to be looked at, beside that of the month before (nil: there is none).
func lookOf(s, last *store.Slip) []payroll.Note {
	all := slices.Clone(s.Body.Notes)
	say := func(key string, args ...any) {
		all = append(all, payroll.Note{Key: "pay_month.look." + key, Args: args})
	}
	t := &s.Body.Payslip.Totals
	if t.Reduction < 0 && !slices.ContainsFunc(all, func(n payroll.Note) bool { return n.Key == "mypay.note.taken_back" }) {
		say("reduction_back", "amount", -t.Reduction)
	}
	if t.Paid < 0 {
		say("negative", "amount", -t.Paid)
	}
	if t.TaxNeutral && t.TaxBase > 0 && t.TaxRate > 0 && (last == nil || !last.Body.Payslip.Totals.TaxNeutral) {
		say("neutral", "rate", t.TaxRate)
	}
	k := &s.Body.Contract
	miss, lacks := missingIn(k.From, k.Until, s.Month, s.Body.Before)
	switch {
	case last == nil && lacks && k.Regime != payroll.CAPE && miss.Gap:
		say("counters_gap", "from", miss.From, "until", miss.Until)
	case last == nil && lacks && k.Regime != payroll.CAPE:
		say("counters", "from", miss.From, "until", miss.Until)
	case last == nil && s.Body.Before.Year == 0:
		say("first")
	case last != nil:
		if was, now := steady(last), steady(s); (now - was).Abs() > was.Abs().Times(payChange) {
			say("change", "was", was, "now", now)
		}
	}
	return all
}

// steady is the gross of a payslip without its variable parts.
func steady(s *store.Slip) money.Cents {
	gross := s.Body.Payslip.Totals.Gross
	for _, it := range s.Body.Payslip.Items {
		if strings.HasPrefix(it.Element, "variable_") {
			gross -= it.Amount
		}
	}
	return gross
}

// weighs says whether a note is a reason of its own to look at a row, or goes with another.
func weighs(n payroll.Note) bool {
	return n.Key != "mypay.note.shared" && n.Key != "mypay.note.pot_late" && !strings.HasPrefix(n.Key, "activity.why.")
}
