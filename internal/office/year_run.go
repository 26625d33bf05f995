package office

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// runYearEnd books what becomes of a year's results, person by person. What is booked is what is missing for the books to
// say what was chosen: a second run books nothing, and one after the books have moved books the difference.
const runYearEnd = "year_end"

type yearEndArgs struct {
	Year int64 `json:"year"`
}

// BookYear starts the run that books a year's provisions, once the year is over and the deadline to choose has passed, or
// everyone has chosen.
func (o *Office) BookYear(ctx context.Context, a access.Actor, yearID int64, key string) (run store.Run, err error) {
	if err := mayBookYear(a, access.Subject{}); err != nil {
		return run, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "yearend.book", yearID, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return 0, err
		}
		switch {
		case f.year.Span.End >= f.today:
			return 0, fault.New(fault.Conflict, "office.year_not_over", "end", f.year.Span.End)
		case !f.open:
			return 0, fault.New(fault.Conflict, "office.year_not_asked")
		case f.today <= f.asked.Deadline && len(f.silent()) > 0:
			return 0, fault.New(fault.Conflict, "office.year_waiting", "n", len(f.silent()), "deadline", f.asked.Deadline)
		}
		if err := writeSilence(tx, &f); err != nil {
			return 0, err
		}
		pay, err := f.pay(tx)
		if err != nil {
			return 0, err
		}
		var subjects []string
		for _, key := range f.keys() {
			missing, err := f.missing(pay, key)
			if err != nil || len(missing) > 0 { // who cannot be computed is told on the page of the run
				subjects = append(subjects, yearSubject(key))
			}
		}
		if len(subjects) == 0 {
			return 0, fault.New(fault.Conflict, "office.year_done")
		}
		run, err = o.startRun(tx, a, runYearEnd, 0, yearEndArgs{f.year.ID}, subjects)
		return run.ID, err
	})
	return run, err
}

// mayBookYear asks whether the actor may book a year end: who runs the pay, or keeps the books; never one's own.
func mayBookYear(a access.Actor, s access.Subject) error {
	err := can(a, access.RunPay, s)
	if err != nil && can(a, access.PostEntry, s) == nil {
		return nil
	}
	return err
}

func yearSubject(key partKey) string {
	return fmt.Sprintf("yearpart:%d.%d", key.activity, key.person)
}

func partOf(subject string) (key partKey, ok bool) {
	rest, ok := strings.CutPrefix(subject, "yearpart:")
	act, person, cut := strings.Cut(rest, ".")
	var errs [2]error
	key.activity, errs[0] = strconv.ParseInt(act, 10, 64)
	key.person, errs[1] = strconv.ParseInt(person, 10, 64)
	return key, ok && cut && errs[0] == nil && errs[1] == nil
}

// keys are all parts, those of people who have no part any more but for whom something was booked included.
func (f *yearFacts) keys() (all []partKey) {
	seen := map[partKey]bool{}
	for _, r := range f.rows {
		for _, p := range r.Parts {
			key := partKey{p.Activity, p.Person}
			seen[key] = true
			all = append(all, key)
		}
	}
	for _, e := range f.entries {
		if key := (partKey{e.Activity, e.Person}); !seen[key] {
			seen[key] = true
			all = append(all, key)
		}
	}
	return all
}

func (f *yearFacts) pay(tx *store.Tx) (*payFacts, error) {
	pay, err := readPay(tx, f.months[0])
	return &pay, err
}

// missing is what still has to be booked for a part.
func (f *yearFacts) missing(pay *payFacts, key partKey) ([]activity.YearSum, error) {
	var target []activity.YearSum
	if _, p, ok := f.part(key); ok {
		target = p.Sums(func(activity.YearKind, money.Cents) money.Cents { return 0 })
		for i := range target {
			s := &target[i]
			switch s.Kind {
			case activity.YearLeave:
				s.Charges = s.Amount.Times(f.rates[key])
			case activity.YearProfit:
				s.Charges = f.packageIn(s.Amount)
			case activity.YearVariable:
				months := len(f.months)
				for _, w := range p.Wishes {
					if w.Kind == activity.WishPay {
						months = w.Months
					}
				}
				spread, err := f.spread(pay, key, s.Amount, months)
				if err != nil {
					return nil, err
				}
				s.Charges = max(s.Amount-spread.Gross, 0)
			}
		}
	}
	return activity.Missing(target, f.booked[key]), nil
}

func (o *Office) runYearEnd(tx *store.Tx, a access.Actor, run store.Run, subject string) error {
	did, err := o.runYearEndMany(tx, a, run, []string{subject})
	if err == nil && !did[0] {
		err = fault.New(fault.NotFound, "store.year_unknown")
	}
	return err
}

func (o *Office) runYearEndMany(tx *store.Tx, a access.Actor, run store.Run, subjects []string) ([]bool, error) {
	var args yearEndArgs
	if err := json.Unmarshal([]byte(run.Args), &args); err != nil {
		return nil, err
	}
	f, err := readYearEnd(tx, args.Year)
	if err != nil {
		return nil, err
	}
	pay, err := f.pay(tx)
	if err != nil {
		return nil, err
	}
	done := make([]bool, len(subjects))
	for i, subject := range subjects {
		key, ok := partOf(subject)
		if !ok {
			continue
		}
		if err := f.book(tx, a, pay, key); err != nil {
			return nil, err
		}
		done[i] = true
	}
	return done, nil
}

// book posts what is missing for one part, on the last day of the year.
func (f *yearFacts) book(tx *store.Tx, a access.Actor, pay *payFacts, key partKey) error {
	if err := mayBookYear(a, access.Subject{Activity: key.activity, Person: key.person}); err != nil {
		return err
	}
	missing, err := f.missing(pay, key)
	if err != nil || len(missing) == 0 {
		return err
	}
	third, err := tx.WorkerOf(key.person)
	if err != nil {
		return err
	}
	for _, s := range missing {
		name, act := f.people[key.person], f.activities[key.activity]
		words := []any{"year", f.year.Span.Label(), "name", name.Name(), "activity", f.activities[s.To].Name}
		label := french.T("pay_year.entry."+string(s.Kind), words...)
		e := ledger.Entry{
			Journal: ledger.JournalMisc, Date: f.year.Span.End, Ref: fmt.Sprintf("FA-%s-%s-%d", f.year.Span.Label(), act.Code, key.person), Label: label,
			Lines: s.Lines(key.activity, third.ID, f.rules.YearEnd, label), By: a.Person,
		}
		if err := tx.Post(&e); err != nil {
			return err
		}
		if err := tx.AddYearEntry(store.YearEntry{Entry: e.ID, N: 1, Year: f.year.ID, Activity: key.activity, Person: key.person, Sum: s, By: a.Person}); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "yearend.book", fmt.Sprintf("entry:%d", e.ID), map[string]any{"year": f.year.Span.Label(), "part": string(s.Kind)}); err != nil {
			return err
		}
	}
	return nil
}

// What was set aside of a CAPE is released to the account that the person now has under a CESA, from where it is paid or
// used, or to the person's new company.
const (
	AsideToAccount = "account"
	AsideToCompany = "company"
)

// companyAccount is what is owed to a person's new company until it is paid.
const companyAccount = "467"

// ReleaseAside releases some of what a year set aside of a CAPE, today.
func (o *Office) ReleaseAside(ctx context.Context, a access.Actor, yearID, activityID, person int64, amount money.Cents, to, key string) error {
	if err := mayBookYear(a, access.Subject{Activity: activityID, Person: person}); err != nil {
		return err
	}
	return o.writeOnce(Keyed(ctx, key), a, "yearend.release", []any{yearID, activityID, person, amount, to}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return 0, err
		}
		left := money.Cents(0)
		for _, x := range f.aside() {
			if x.Activity == activityID && x.Person == person {
				left = x.Aside - x.Released
			}
		}
		switch {
		case amount <= 0 || amount > left:
			return 0, fault.At("amount", "office.year_release", "left", left)
		case to != AsideToAccount && to != AsideToCompany:
			return 0, fault.At("to", "office.year_release_to")
		}
		r := f.rules.YearEnd
		income := r.CAPEIncome
		if to == AsideToCompany {
			income = companyAccount
		}
		label := french.T("pay_year.entry.released_"+to, "year", f.year.Span.Label(), "name", f.people[person].Name())
		e := ledger.Entry{
			Journal: ledger.JournalMisc, Date: f.today, Ref: fmt.Sprintf("FA-%s-%s-%d", f.year.Span.Label(), f.activities[activityID].Code, person), Label: label, By: a.Person,
			Lines: []ledger.Line{{Account: r.CAPEAside, Section: activityID, Amount: amount, Label: label}, {Account: income, Section: activityID, Amount: -amount, Label: label}},
		}
		if err := tx.Post(&e); err != nil {
			return 0, err
		}
		if err := tx.AddYearEntry(store.YearEntry{Entry: e.ID, N: 1, Year: f.year.ID, Activity: activityID, Person: person, Sum: activity.YearSum{Kind: store.YearReleased, Amount: -amount}, By: a.Person}); err != nil {
			return 0, err
		}
		return e.ID, tx.Audit(a.Person, "yearend.release", fmt.Sprintf("entry:%d", e.ID), map[string]any{"year": f.year.Span.Label(), "to": to})
	})
}
