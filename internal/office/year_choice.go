package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/payroll"
)

// YearSaid is what a person signed: who, when, what was shown and what was chosen. Its digest is kept beside it and in
// the log.
type YearSaid struct {
	Year     string          `json:"year"`
	Activity string          `json:"activity"`
	Person   string          `json:"person"`
	By       int64           `json:"by"` // 0: nobody, silence is pay
	At       int64           `json:"at"` // microseconds UTC
	Deadline string          `json:"deadline"`
	Base     money.Cents     `json:"base"`
	Paid     money.Cents     `json:"paid"`
	Result   money.Cents     `json:"result"` // BASE − PAID of the activity
	Balance  money.Cents     `json:"balance"`
	Shown    []YearOption    `json:"shown"`
	Wishes   []activity.Wish `json:"wishes"`
}

// YearOption is one way side by side with the others: what it costs and what the person gets of it.
type YearOption struct {
	Kind   activity.WishKind `json:"kind"`
	Months int               `json:"months,omitempty"`
	Cost   money.Cents       `json:"cost"`
	Gross  money.Cents       `json:"gross,omitempty"`
	Net    money.Cents       `json:"net,omitempty"`
	Tax    money.Cents       `json:"tax,omitempty"`
	Paid   money.Cents       `json:"paid,omitempty"`
	Less   money.Cents       `json:"less,omitempty"` // of the reduction
	// Profit-sharing: whether it goes to the savings plan, the forfait social in its cost, and what of it is taxed.
	Saved   bool        `json:"saved,omitempty"`
	Package money.Cents `json:"package,omitempty"`
	Taxable money.Cents `json:"taxable,omitempty"`
}

func readSaid(c store.YearChoice) (s YearSaid, err error) {
	err = json.Unmarshal([]byte(c.Body), &s)
	return s, err
}

// YearForm is the form of one person for one activity and year.
type YearForm struct {
	Year     ledger.FiscalYear
	Rule     coop.YearEnd
	Deadline date.Day
	Late     bool // the deadline has passed
	Activity activity.Activity
	Row      activity.YearRow // its figures; its parts are the person's alone
	Part     activity.YearPart
	People   int // who share the balance
	Months   []date.Month
	Options  []YearOption
	Beyond   bool // some months lie after what is verified
	Partners []activity.Activity
	Choice   store.YearChoice // ID 0: none yet
	Said     YearSaid
	Chosen   payroll.Spread // of what is chosen as pay
	Booked   bool
	Profit   ProfitRight
	Shared   money.Cents // set aside as profit-sharing: there is a sheet
}

// YearForms returns the forms that a person has been asked to fill, the latest year first.
func (o *Office) YearForms(ctx context.Context, a access.Actor) (all []YearForm, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		asked, err := tx.YearEnds()
		if err != nil {
			return err
		}
		for _, e := range asked {
			f, err := readYearEnd(tx, e.Year)
			if err != nil {
				return err
			}
			all = append(all, f.formsOf(a.Person)...)
		}
		return nil
	})
	return all, err
}

// formsOf are the forms of a person for the year.
func (f *yearFacts) formsOf(person int64) (all []YearForm) {
	for _, r := range f.rows {
		for _, p := range r.Parts {
			if p.Person == person && p.Standing == activity.StandsPaid && (p.Balance > 0 || f.choices[partKey{r.Activity, p.Person}].ID != 0) {
				all = append(all, f.form(partKey{r.Activity, p.Person}, r, p))
			}
		}
	}
	return all
}

// form is a form without its options.
func (f *yearFacts) form(key partKey, r activity.YearRow, p activity.YearPart) YearForm {
	v := YearForm{
		Year: f.year, Rule: f.rules.YearEnd, Deadline: f.asked.Deadline, Late: f.today > f.asked.Deadline, Activity: f.activities[key.activity], Row: r, Part: p, People: len(r.Parts),
		Months: f.months, Choice: f.choices[key], Booked: len(f.booked[key]) > 0, Profit: f.profit[key],
	}
	for _, s := range f.booked[key] {
		if s.Kind == activity.YearProfit {
			v.Shared += s.Amount
		}
	}
	v.Row.Parts = nil
	for _, id := range f.partners(key) {
		v.Partners = append(v.Partners, f.activities[id])
	}
	if v.Choice.ID != 0 {
		v.Said, _ = readSaid(v.Choice) // it was read with the facts
	}
	return v
}

// YearForm returns a person's own form for an activity, with every way side by side.
func (o *Office) YearForm(ctx context.Context, a access.Actor, yearID, activityID int64) (v YearForm, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v, err = yearForm(tx, yearID, partKey{activityID, a.Person})
		return err
	})
	return v, err
}

func yearForm(tx *store.Tx, yearID int64, key partKey) (v YearForm, err error) {
	unknown := fault.New(fault.NotFound, "access.absent.payroll")
	if yearID == 0 {
		return v, unknown
	}
	f, err := readYearEnd(tx, yearID)
	if err != nil {
		return v, err
	}
	r, p, found := f.part(key)
	if !found || !f.open || p.Standing != activity.StandsPaid {
		return v, unknown
	}
	v = f.form(key, r, p)
	pay, err := readPay(tx, f.months[0])
	if err != nil {
		return v, err
	}
	for _, n := range slices.Compact([]int{len(f.months), 1}) {
		s, err := f.spread(&pay, key, p.Balance, n)
		if err != nil {
			return v, err
		}
		v.Beyond = v.Beyond || s.Beyond
		v.Options = append(v.Options, YearOption{Kind: activity.WishPay, Months: n, Cost: p.Balance, Gross: s.Gross, Net: s.Net, Tax: s.Tax, Paid: s.Paid, Less: s.Less})
	}
	if most := min(v.Profit.Cost, p.Balance); most > 0 {
		for _, saved := range []bool{false, true} {
			if saved && !v.Rule.Profit.Plan {
				break
			}
			o, err := f.bonus(&pay, key, most, saved)
			if err != nil {
				return v, err
			}
			v.Options = append(v.Options, o)
		}
	}
	for _, k := range []struct {
		kind activity.WishKind
		on   bool
	}{{activity.WishKeep, v.Rule.Keep}, {activity.WishProvision, v.Rule.Provision}, {activity.WishTransfer, v.Rule.Transfer && len(v.Partners) > 0}} {
		if k.on {
			v.Options = append(v.Options, YearOption{Kind: k.kind, Cost: p.Balance})
		}
	}
	for _, w := range p.Wishes {
		if w.Kind == activity.WishPay {
			if v.Chosen, err = f.spread(&pay, key, w.Amount, w.Months); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

// SignYear writes what a person chose for their part, signed by them: seen is the balance that the page showed. It may be
// changed until the deadline; what was chosen before is kept beside.
func (o *Office) SignYear(ctx context.Context, a access.Actor, yearID, activityID int64, wishes []activity.Wish, seen money.Cents, key string) (c store.YearChoice, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return c, err
	}
	err = o.writeOnce(Keyed(ctx, key), a, "yearend.sign", []any{yearID, activityID, wishes, seen}, func(tx *store.Tx, id int64) error {
		c, err = tx.YearChoice(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		v, err := yearForm(tx, yearID, partKey{activityID, a.Person})
		if err != nil {
			return 0, err
		}
		switch {
		case v.Late:
			return 0, fault.New(fault.Closed, "office.year_late", "deadline", v.Deadline)
		case v.Booked:
			return 0, fault.New(fault.Conflict, "office.year_booked")
		case v.Part.Balance != seen:
			return 0, fault.At("sum", "office.year_moved", "was", seen, "balance", v.Part.Balance)
		}
		var partners []int64
		for _, p := range v.Partners {
			partners = append(partners, p.ID)
		}
		if err := activity.CheckWishes(wishes, v.Part.Balance, len(v.Months), v.Rule, partners, v.Profit.Cost); err != nil {
			return 0, err
		}
		if c, err = addChoice(tx, v, wishes, a.Person, store.ChoiceSigned); err != nil {
			return 0, err
		}
		return c.ID, tx.Audit(a.Person, "yearend.sign", choiceSubject(c.ID), map[string]any{"year": v.Year.Span.Label(), "hash": c.Hash})
	})
	return c, err
}

func choiceSubject(id int64) string { return fmt.Sprintf("yearchoice:%d", id) }

func addChoice(tx *store.Tx, v YearForm, wishes []activity.Wish, by int64, state string) (c store.YearChoice, err error) {
	person, err := tx.Person(v.Part.Person)
	if err != nil {
		return c, err
	}
	said := YearSaid{
		Year: v.Year.Span.Label(), Activity: v.Activity.Name, Person: person.Name(), By: by, At: tx.Now(), Deadline: v.Deadline.String(), Base: v.Row.Base, Paid: v.Row.Paid, Result: v.Row.Balance,
		Balance: v.Part.Balance, Shown: v.Options, Wishes: wishes,
	}
	body, err := json.Marshal(said)
	if err != nil {
		return c, err
	}
	c = store.YearChoice{Year: v.Year.ID, Activity: v.Activity.ID, Person: v.Part.Person, State: state, Balance: v.Part.Balance, Body: string(body), By: by}
	return c, tx.AddYearChoice(&c)
}

// jobYearSilent is the job that writes, once the deadline has passed, that who did not answer is paid.
const jobYearSilent = "yearend.silent"

type yearSilentArgs struct {
	Year int64 `json:"year"`
}

// AskYear asks everyone what becomes of their part, or moves the deadline (0: as many days as the rule says). Each is told
// by a mail without a figure.
func (o *Office) AskYear(ctx context.Context, a access.Actor, yearID int64, deadline date.Day, key string) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	return o.writeOnce(Keyed(ctx, key), a, "yearend.ask", []any{yearID, deadline}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return 0, err
		}
		if deadline == 0 {
			deadline = f.today + date.Day(f.rules.YearEnd.AnswerDays)
		}
		switch {
		case deadline < f.today:
			return 0, fault.At("deadline", "office.year_deadline_past", "today", f.today)
		case deadline > f.today+366:
			return 0, fault.At("deadline", "office.year_deadline_far")
		case len(f.entries) > 0:
			return 0, fault.New(fault.Conflict, "office.year_booked")
		}
		first := !f.open
		if err := tx.SaveYearEnd(store.YearEnd{Year: f.year.ID, Deadline: deadline, By: a.Person}); err != nil {
			return 0, err
		}
		if err := tx.Audit(a.Person, "yearend.ask", fmt.Sprintf("year:%d", f.year.ID), map[string]any{"deadline": deadline.String()}); err != nil {
			return 0, err
		}
		wait := max(int64(deadline+1-f.today), 1) * (24 * time.Hour).Microseconds()
		if _, err := tx.AddJob(jobYearSilent, yearSilentArgs{f.year.ID}, tx.Now()+wait); err != nil {
			return 0, err
		}
		if first {
			return 1, o.tellYear(tx, &f)
		}
		return 1, nil
	})
}

// RemindYear tells again those who have not answered.
func (o *Office) RemindYear(ctx context.Context, a access.Actor, yearID int64, key string) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	return o.writeOnce(Keyed(ctx, key), a, "yearend.remind", yearID, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		f, err := readYearEnd(tx, yearID)
		if err != nil {
			return 0, err
		}
		if !f.open || len(f.silent()) == 0 {
			return 0, fault.New(fault.Conflict, "office.year_all_answered")
		}
		if err := o.tellYear(tx, &f); err != nil {
			return 0, err
		}
		return 1, tx.Audit(a.Person, "yearend.remind", fmt.Sprintf("year:%d", f.year.ID), map[string]any{"n": len(f.silent())})
	})
}

// silent are the parts that nobody answered for, by person.
func (f *yearFacts) silent() map[int64][]partKey {
	all := map[int64][]partKey{}
	for _, r := range f.rows {
		for _, p := range r.Parts {
			key := partKey{p.Activity, p.Person}
			if _, answered := f.choices[key]; !answered && p.Standing == activity.StandsPaid && p.Balance > 0 {
				all[p.Person] = append(all[p.Person], key)
			}
		}
	}
	return all
}

// tellYear mails those who have not answered that something waits for them: no name of an activity, no figure.
func (o *Office) tellYear(tx *store.Tx, f *yearFacts) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	page := strings.TrimSuffix(o.opt.PublicURL, "/") + "/" + set.Coop.Slug + "/year-choice"
	silent := f.silent()
	for _, id := range sortedKeys(silent) {
		p := f.people[id]
		if p.Email == "" || p.Left != 0 && p.Left < f.today {
			continue
		}
		w := i18n.For(p.Lang)
		if err := o.later(tx, jobLetter, Letter{To: p.Email, Subject: w.T("pay_year.mail_subject", "coop", set.Coop.Name), Text: w.T("pay_year.mail_text", "first", p.FirstName, "page", page, "coop", set.Coop.Name), Lang: p.Lang}); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[int64]V) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// yearSilent writes that who has not answered by the deadline is paid: once, and not before the deadline that stands now.
func (o *Office) yearSilent(ctx context.Context, coopID, year int64) error {
	return o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		if err := tx.ReachToday(); err != nil {
			return err
		}
		f, err := readYearEnd(tx, year)
		if err != nil || !f.open || f.today <= f.asked.Deadline {
			return err
		}
		return writeSilence(tx, &f)
	})
}

func writeSilence(tx *store.Tx, f *yearFacts) error {
	silent := f.silent()
	for _, person := range sortedKeys(silent) {
		for _, key := range silent[person] {
			r, p, _ := f.part(key)
			c, err := addChoice(tx, f.form(key, r, p), p.Wishes, 0, store.ChoiceSilent)
			if err != nil {
				return err
			}
			f.choices[key] = c
			if err := tx.Audit(0, "yearend.silent", choiceSubject(c.ID), map[string]any{"year": f.year.Span.Label(), "hash": c.Hash}); err != nil {
				return err
			}
		}
	}
	return nil
}
