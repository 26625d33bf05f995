package office

import (
	"cmp"
	"context"
	"fmt"
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

// PayRow is a contract in the month of pay.
type PayRow struct {
	Person    member.Person
	Contract  member.Contract
	Activity  int64       // section that bears it, 0: nobody knows
	Fixed     money.Cents // gross of the fixed part, or of the salary
	Asked     *store.PayRequest
	Available *money.Cents // what the account of the activity bears today; nil for the team, and once the payslip is issued or the month locked: it would speak of another day
	Slip      *store.Slip  // ours of the month, nil: not computed
	Issued    *store.SlipSums
	Gross     money.Cents
	Net       money.Cents
	Paid      money.Cents
	Cost      money.Cents
	Last      *money.Cents // cost of the month before
	Look      []payroll.Note
	Waits     []payroll.Note // why the bank is not asked to pay it
	Refused   []*fault.Error // why nothing can be computed
	Absences  []store.PayAbsence
	Items     []store.PayItem
	Note      store.PayNote
	Own       bool // the officer's own: another issues it
	Stale     bool // the draft is not what would be computed now
}

// Gap is how much the cost differs from the month before.
func (r *PayRow) Gap() money.Cents {
	if r.Last == nil {
		return 0
	}
	return r.Cost - *r.Last
}

// First says whether the row is to be looked at first.
func (r *PayRow) First() bool { return len(r.Look)+len(r.Waits)+len(r.Refused) > 0 || r.Stale }

// PaySums are sums of rows.
type PaySums struct {
	Rows                              int
	Fixed, Gross, Net, Paid, Cost, Is money.Cents // Is: cost of the same rows in the month before
}

// Add adds a row.
func (s *PaySums) Add(r *PayRow) {
	s.Rows++
	s.Fixed, s.Gross, s.Net, s.Paid, s.Cost = s.Fixed+r.Fixed, s.Gross+r.Gross, s.Net+r.Net, s.Paid+r.Paid, s.Cost+r.Cost
	if r.Last != nil {
		s.Is += *r.Last
	}
}

// PayMonthView is the month of pay as one table.
type PayMonthView struct {
	Month    date.Month
	Way      string
	Locked   bool
	LockedAt int64
	LockedBy int64
	CutOff   date.Day
	PayDay   date.Day
	Late     bool // beyond the last verified parameters
	Rows     []PayRow
	Sum      PaySums
	Drafts   int // that the actor may issue
	Others   int // that another must issue
	Issued   int
	Filed    int // whose PDF is in the person's space
	Unpaid   int // issued, and in no file of transfers
	Run      *store.Run
	MayRun   bool
}

// payChange is how much of its cost a payslip may move from a month to the next before it is to be looked at.
const payChange = money.Rate(200_000)

// PayMonth returns the month of pay, the rows to look at first.
func (o *Office) PayMonth(ctx context.Context, a access.Actor, m date.Month) (v PayMonthView, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		v = PayMonthView{Month: m, Way: f.rules.Way, Locked: f.state.State == store.PayMonthLocked, LockedAt: f.state.At, LockedBy: f.state.By, CutOff: f.cutOff(), PayDay: f.payDay(),
			Late: m.Last() > payroll.Verified(), MayRun: can(a, access.RunPay, access.Subject{}) == nil}
		if v.Rows, err = o.payRows(tx, a, &f); err != nil {
			return err
		}
		for i := range v.Rows {
			v.count(a, &v.Rows[i])
		}
		v.Run, err = lastPayRun(tx, a)
		return err
	})
	return v, err
}

func (v *PayMonthView) count(a access.Actor, r *PayRow) {
	v.Sum.Add(r)
	if r.Issued != nil {
		v.Issued++
		if r.Issued.File != "" {
			v.Filed++
		}
		if r.Issued.Transfer == 0 && r.Issued.Paid > 0 {
			v.Unpaid++
		}
		return
	}
	if r.Slip != nil && r.Slip.State == store.SlipDraft && r.Slip.Origin == store.SlipOwn {
		if r.Own {
			v.Others++
		} else {
			v.Drafts++
		}
	}
}

// lastPayRun is the run of pay of the actor that goes on, if one does.
func lastPayRun(tx *store.Tx, a access.Actor) (*store.Run, error) {
	if a.Person == 0 {
		return nil, nil
	}
	runs, err := tx.RunsBy(a.Person, true, 20)
	for _, r := range runs {
		if (r.Kind == runCompute || r.Kind == runIssue) && r.State == store.RunRunning {
			return &r, err
		}
	}
	return nil, err
}

// payRows makes the rows of a month.
func (o *Office) payRows(tx *store.Tx, a access.Actor, f *payFacts) ([]PayRow, error) {
	slips, err := tx.Slips(f.month)
	if err != nil {
		return nil, err
	}
	before, err := tx.SlipsBetween(f.month-1, f.month-1)
	if err != nil {
		return nil, err
	}
	last := lastOf(before, f.rules.Way)
	notes, err := tx.PayNotes()
	if err != nil {
		return nil, err
	}
	if f.accounts, err = o.payAccounts(tx, a); err != nil {
		return nil, err
	}
	over, err := f.over(tx)
	if err != nil {
		return nil, err
	}
	ours, issued := map[int64]*store.Slip{}, map[int64]*store.SlipSums{}
	for i := range slips {
		s := &slips[i]
		if s.Origin == f.origin() {
			ours[s.Contract] = s
		}
		if s.Real() && s.Origin != store.SlipOpening {
			issued[s.Contract] = sumsOf(s)
		}
	}
	var rows []PayRow
	for _, c := range slices.Concat(f.contracts, over) {
		r := PayRow{Person: f.people[c.Person], Contract: c, Fixed: f.terms[c.ID].Terms.Gross, Slip: ours[c.ID], Issued: issued[c.ID], Absences: f.absences[c.ID], Items: f.items[c.ID], Note: notes[c.Person], Own: a.Person != 0 && c.Person == a.Person}
		if req, asked := f.requests[c.ID]; asked {
			r.Asked = &req
		}
		if cost, known := last[c.ID]; known {
			r.Last = &cost
		}
		if section, err := f.bearer(c); err == nil {
			r.Activity = section
		}
		o.fill(tx, a, f, &r)
		if in, ok := f.accounts[r.Activity]; ok && r.Issued == nil && f.state.State != store.PayMonthLocked {
			if p := f.purses[r.Activity]; p != nil {
				r.Available = &p.account.Available.Amount
			} else {
				r.Available = new(activity.Build(in).Available.Amount)
			}
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(x, y PayRow) int {
		return cmp.Or(cmp.Compare(rank(&x), rank(&y)), cmp.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName)), cmp.Compare(x.Contract.ID, y.Contract.ID))
	})
	return rows, nil
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
	all, issued := map[int64]money.Cents{}, map[int64]bool{}
	for _, s := range slips {
		real := s.Real()
		if real || !issued[s.Contract] && (s.Origin == store.SlipOwn) == (way == coop.PayOwn) {
			all[s.Contract], issued[s.Contract] = s.Cost, real
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

// fill completes a row with what it is paid and with what there is to look at.
func (o *Office) fill(tx *store.Tx, a access.Actor, f *payFacts, r *PayRow) {
	if r.Issued != nil {
		r.Gross, r.Net, r.Paid, r.Cost = r.Issued.Gross, r.Issued.Net, r.Issued.Paid, r.Issued.Cost
	}
	var now store.Slip
	var err error
	if r.Issued == nil || r.Slip == nil {
		if now, _, err = f.slip(tx, o, a.Today, r.Contract); err != nil {
			now = store.Slip{}
			if r.Issued == nil {
				r.Refused = fault.All(err)
			}
		}
	}
	body := &now.Body
	if r.Slip != nil {
		body = &r.Slip.Body
		if r.Issued == nil {
			t := body.Payslip.Totals
			r.Gross, r.Net, r.Paid, r.Cost = t.Gross, t.Net, t.Paid, t.Cost
		}
		r.Stale = r.Slip.State == store.SlipDraft && f.state.State != store.PayMonthLocked && (err != nil || !sameSlip(&now.Body, body) || now.Activity != r.Slip.Activity)
	}
	f.look(r, body, r.Slip != nil || err == nil)
	if r.Issued == nil || r.Issued.Transfer == 0 {
		for _, key := range f.known[r.Person.ID].Known.Lacks() {
			r.Waits = append(r.Waits, payroll.Note{Key: key})
		}
	}
}

// look says why a row is to be looked at.
func (f *payFacts) look(r *PayRow, b *store.SlipBody, computed bool) {
	say := func(key string, args ...any) {
		r.Look = append(r.Look, payroll.Note{Key: "pay_month.look." + key, Args: args})
	}
	r.Look = append(r.Look, b.Notes...)
	said := func(key string) bool {
		return slices.ContainsFunc(b.Notes, func(n payroll.Note) bool { return n.Key == key })
	}
	for _, it := range r.Items {
		if strings.HasPrefix(it.Element, "override") {
			say("override", "amount", it.Amount)
		}
	}
	for _, x := range r.Absences {
		from, until := max(x.From, f.month.First()), min(x.Until, f.month.Last())
		if x.File == "" {
			say("absence_bare", "from", from, "until", until)
		} else {
			say("absence", "from", from, "until", until)
		}
	}
	if r.Contract.Start >= f.month.First() && r.Contract.Start <= f.month.Last() {
		say("entry", "day", r.Contract.Start)
	}
	if r.Contract.End != 0 && r.Contract.End <= f.month.Last() && r.Contract.End >= f.month.First() {
		say("exit", "day", r.Contract.End)
	}
	if !computed {
		return
	}
	t := b.Payslip.Totals
	if t.Reduction < 0 && !said("mypay.note.taken_back") {
		say("reduction_back", "amount", -t.Reduction)
	}
	if t.Paid < 0 {
		say("negative", "amount", -t.Paid)
	}
	if t.TaxNeutral && t.TaxBase > 0 && t.TaxRate > 0 {
		say("neutral", "rate", t.TaxRate)
	}
	switch {
	case r.Last == nil && b.Before.Year == 0:
		say("first")
	case r.Last != nil && *r.Last != 0:
		if gap := r.Cost - *r.Last; r.Slip != nil && gap.Abs() > r.Last.Abs().Times(payChange) {
			say("change", "gap", gap)
		}
	}
}

// PayMonths are the months of pay that the page of the months offers: those that somebody touched, the present one and the
// next, the last first.
type PayMonths struct {
	Months []PayMonthSum
	Way    string
}

// PayMonthSum is a month on that page.
type PayMonthSum struct {
	Month               date.Month
	Locked              bool
	Drafts, Issued      int
	Gross, Paid, Cost   money.Cents
	Unpaid, Transferred int
}

// PayMonths returns them.
func (o *Office) PayMonths(ctx context.Context, a access.Actor) (v PayMonths, err error) {
	if err := can(a, access.ViewPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := set.On(a.Today)
		if err != nil {
			return err
		}
		this := a.Today.Month()
		slips, err := tx.SlipsBetween(this-23, this+1)
		if err != nil {
			return err
		}
		states, err := tx.PayMonths()
		if err != nil {
			return err
		}
		v = PayMonths{Way: rules.Pay.Way}
		by := map[date.Month]*PayMonthSum{}
		month := func(m date.Month) *PayMonthSum {
			if by[m] == nil {
				by[m] = &PayMonthSum{Month: m}
			}
			return by[m]
		}
		month(this)
		month(this + 1)
		for _, s := range states {
			month(s.Month).Locked = s.State == store.PayMonthLocked
		}
		for _, s := range slips {
			x := month(s.Month)
			switch {
			case s.Origin == store.SlipOpening:
			case s.Real():
				x.Issued++
				x.Gross, x.Paid, x.Cost = x.Gross+s.Gross, x.Paid+s.Paid, x.Cost+s.Cost
				if s.Transfer == 0 && s.Paid > 0 {
					x.Unpaid++
				}
			case s.State == store.SlipDraft:
				x.Drafts++
			}
		}
		for _, x := range by {
			v.Months = append(v.Months, *x)
		}
		slices.SortFunc(v.Months, func(x, y PayMonthSum) int { return cmp.Compare(y.Month, x.Month) })
		return nil
	})
	return v, err
}

// NotePay keeps a note on a person that comes back each month; an empty one takes it away. Nobody writes on themselves.
func (o *Office) NotePay(ctx context.Context, a access.Actor, person int64, text string) error {
	if err := can(a, access.RunPay, access.Subject{Person: person}); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if err := coop.CheckText("note", text); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		if _, err := tx.Person(person); err != nil {
			return absent(a, access.RunPay, err)
		}
		notes, err := tx.PayNotes()
		if err != nil || notes[person].Text == text {
			return err
		}
		if err := tx.SavePayNote(store.PayNote{Person: person, Text: text, By: a.Person}); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.note", fmt.Sprintf("person:%d", person), nil)
	})
}
