package office

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
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
	Available *money.Cents    // what the account of the activity bears today; nil for the team, and once the payslip is issued or the month locked: it would speak of another day
	Slip      *store.SlipSums // ours of the month, nil: not computed
	Issued    *store.SlipSums
	Sent      date.Day // on which its transfer left, 0: it has not, or nobody said so
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
	// Unprepared: the contract ends in the month, and what its end pays was not prepared.
	Unprepared bool
	Stale      bool // the draft is not what would be computed now
	Checked    bool // Stale, Refused and Available were asked
}

// Gap is how much the cost differs from the month before.
func (r *PayRow) Gap() money.Cents {
	if r.Last == nil {
		return 0
	}
	return r.Cost - *r.Last
}

// First says whether the row is to be looked at first. What is issued does not change any more: it is looked at as long as
// it is not paid.
func (r *PayRow) First() bool {
	return len(r.Waits)+len(r.Refused) > 0 || r.Stale || r.Issued != nil && r.Paid < 0 || r.Issued == nil && slices.ContainsFunc(r.Look, weighs)
}

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
	Charges  []PayRow    // CAPEs without pay: no payslip, a contribution of the activity (practice 16)
	Charged  money.Cents // what they cost
	Passed   int         // of the charges, those in the books
	Pending  int         // of the charges, those computed and not in the books
	Drafts   int         // that the actor may issue
	Others   int         // that another must issue
	Issued   int
	Filed    int      // whose PDF is in the person's space
	Unpaid   int      // issued, and in no file of transfers
	Prepared int      // in a file that nobody said had left
	Sent     date.Day // last day on which a file left
	Run      *store.Run
	MayRun   bool
}

// payChecked is how many contracts a month may have for every draft to be computed again when its page opens. Beyond, it
// is those of the page that are: a list is made of sums.
const payChecked = 120

// PayMonth returns the month of pay, the rows to look at first. pick chooses which of them are shown (nil: all are): what
// the account bears, and whether a draft is still what would be computed, is asked of these alone when there are many.
func (o *Office) PayMonth(ctx context.Context, a access.Actor, m date.Month, pick func(*PayMonthView) []*PayRow) (v PayMonthView, err error) {
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
		if err = o.payRows(tx, a, &f, &v); err != nil {
			return err
		}
		if pick == nil {
			pick = every
		}
		whole := len(v.Rows) <= payChecked
		if whole {
			err = o.checkRows(tx, a, &f, every(&v))
			sortRows(v.Rows)
		}
		if shown := pick(&v); err == nil && !whole {
			err = o.checkRows(tx, a, &f, shown)
		}
		if err != nil {
			return err
		}
		for i := range v.Rows {
			v.count(&v.Rows[i])
		}
		v.Run, err = lastPayRun(tx, a)
		return err
	})
	return v, err
}

// every is all rows of a month.
func every(v *PayMonthView) []*PayRow {
	all := make([]*PayRow, len(v.Rows))
	for i := range v.Rows {
		all[i] = &v.Rows[i]
	}
	return all
}

func (v *PayMonthView) count(r *PayRow) {
	v.Sum.Add(r)
	if r.Issued != nil {
		v.Issued++
		if r.Issued.File != "" {
			v.Filed++
		}
		switch {
		case r.Issued.Transfer == 0 && r.Issued.Paid > 0:
			v.Unpaid++
		case r.Issued.Transfer != 0 && r.Sent == 0:
			v.Prepared++
		}
		v.Sent = max(v.Sent, r.Sent)
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

// PayMonths are the months of pay that the page of the months offers: those that somebody touched, the present one and the
// next, the last first.
type PayMonths struct {
	Months []PayMonthSum
	Way    string
}

// PayMonthSum is a month on that page.
type PayMonthSum struct {
	Month             date.Month
	Locked            bool
	Drafts, Issued    int
	Gross, Paid, Cost money.Cents
	Unpaid            int // issued, in no file of transfers
	Prepared          int // in a file that nobody said had left
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
		contracts, err := tx.Contracts()
		if err != nil {
			return err
		}
		kinds := map[int64]member.ContractKind{}
		for _, c := range contracts {
			kinds[c.ID] = c.Kind
		}
		files, err := tx.PayTransfersSince(this - 23)
		if err != nil {
			return err
		}
		left, err := leftDays(tx, files)
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
			case s.Origin == store.SlipOpening, onlyCharge(kinds[s.Contract], &s):
			case s.Real():
				x.Issued++
				x.Gross, x.Paid, x.Cost = x.Gross+s.Gross, x.Paid+s.Paid, x.Cost+s.Cost
				switch {
				case s.Transfer == 0 && s.Paid > 0:
					x.Unpaid++
				case s.Transfer != 0 && left[s.Transfer] == 0:
					x.Prepared++
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
