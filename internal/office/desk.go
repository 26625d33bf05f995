package office

import (
	"context"
	"slices"
	"sync"
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/internal/store"
	"essaim/sale"
)

// DeskFilter is what a reader asks of the desk.
type DeskFilter struct {
	Kind     sale.Kind // "": all
	Activity int64     // 0: any
	Advisor  int64     // of the activities that this person accompanies
	Late     bool      // only what was promised an answer before today
	After    store.DeskPlace
	Limit    int // 0: 50
}

// Desk is a page of what waits to be read, and how much waits in all.
type Desk struct {
	Rows       []store.SaleRow
	Before     int               // how many stand before the page
	Size       int               // how many the filter lets through
	More       bool              // more after the page
	All        int               // how many the actor may read, whatever the filter
	Late       int               // of them, those whose answer was promised before today
	Oldest     int64             // instant the oldest of them came, 0: none
	Kinds      map[sale.Kind]int // of them
	Activities map[int64]int
	Advisors   map[int64]int
	Promised   int // working days within which an answer is promised
	Usual      Usual
}

// Usual is how long readers take to answer, in working days: the median of their latest answers.
type Usual struct {
	Days  int
	Known bool // enough answers to tell
}

// The answers that the usual delay is told from: those of three months, the latest 200, at least five.
const (
	usualSpan  = 92 // days
	usualMost  = 200
	usualLeast = 5
)

// mayRead says whether the actor reads the documents of an activity and an author.
func mayRead(a access.Actor, activity, author int64, kind sale.Kind) bool {
	return access.Can(a, access.ValidateDocument, access.Subject{Coop: a.Coop, Activity: activity, Author: author, Kind: string(kind)}) == access.Allowed
}

// Desk returns the submitted documents the actor may validate, the oldest first.
func (o *Office) Desk(ctx context.Context, a access.Actor, f DeskFilter) (desk Desk, err error) {
	if err := can(a, access.ReadDesk, access.Subject{}); err != nil {
		return desk, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		desk, err = o.desk(tx, a, f)
		return err
	})
	return desk, err
}

func (o *Office) desk(tx *store.Tx, a access.Actor, f DeskFilter) (Desk, error) {
	d := Desk{Kinds: map[sale.Kind]int{}, Activities: map[int64]int{}, Advisors: map[int64]int{}}
	set, err := tx.Settings()
	if err != nil {
		return d, err
	}
	near := o.near.of(tx.Coop(), set)
	rules, err := near.rulesOn(a.Today)
	if err != nil {
		return d, err
	}
	d.Promised = rules.Trust.AnswerWorkDays
	if d.Usual, err = o.usual.of(tx, set, a.Today); err != nil {
		return d, err
	}
	waiting, err := tx.SubmittedBy()
	if err != nil {
		return d, err
	}
	every := true // nothing waits that the actor may not read, or that the filter leaves out by its activity
	mine, wanted := []int64{}, []int64{}
	for _, w := range waiting {
		if w.Author == a.Person && a.Person != 0 {
			continue // by the author, below
		}
		if !mayRead(a, w.Activity, w.Author, w.Kind) {
			every = false
			continue
		}
		seller, err := near.seller(tx, w.Activity)
		if err != nil {
			return d, err
		}
		advisor := seller.activity.Advisor
		d.All += w.N
		d.Kinds[w.Kind] += w.N
		d.Activities[w.Activity] += w.N
		if advisor != 0 {
			d.Advisors[advisor] += w.N
		}
		if d.Oldest == 0 || w.Oldest < d.Oldest {
			d.Oldest = w.Oldest
		}
		mine = append(mine, w.Activity)
		if (f.Activity == 0 || f.Activity == w.Activity) && (f.Advisor == 0 || f.Advisor == advisor) {
			wanted = append(wanted, w.Activity)
			if f.Kind == "" || f.Kind == w.Kind {
				d.Size += w.N
			}
		}
	}
	if d.All == 0 {
		return d, nil
	}
	late := instantOf(lateBefore(a.Today, d.Promised), set.Zone)
	within := func(activities []int64) []int64 {
		if every {
			return nil
		}
		slices.Sort(activities)
		return slices.Compact(activities)
	}
	if d.Late, err = tx.DeskSize(store.DeskFilter{Activities: within(mine), NotAuthor: a.Person, Before: late}, store.DeskPlace{}); err != nil {
		return d, err
	}
	every = every && f.Activity == 0 && f.Advisor == 0
	q := store.DeskFilter{Kind: f.Kind, Activities: within(wanted), NotAuthor: a.Person, After: f.After, Limit: f.Limit + 1}
	if f.Limit == 0 {
		q.Limit = 51
	}
	if f.Late {
		q.Before = late
	}
	if f.Late { // the counts above know the oldest alone
		if d.Size, err = tx.DeskSize(q, store.DeskPlace{}); err != nil {
			return d, err
		}
	}
	if d.Size == 0 {
		return d, nil
	}
	if f.After != (store.DeskPlace{}) {
		if d.Before, err = tx.DeskSize(q, f.After); err != nil {
			return d, err
		}
	}
	if d.Rows, err = tx.Desk(q); err != nil {
		return d, err
	}
	if d.More = len(d.Rows) == q.Limit; d.More {
		d.Rows = d.Rows[:q.Limit-1]
	}
	// Of an activity that one reads in another's place, what that person wrote stays out.
	d.Rows = slices.DeleteFunc(d.Rows, func(r store.SaleRow) bool { return !mayRead(a, r.Activity, r.Author, r.Kind) })
	return d, nil
}

// lateBefore is the first day whose documents are not late: what came before it was promised an answer before today.
func lateBefore(today date.Day, promised int) date.Day {
	day := today
	for day.AddWorking(promised) >= today {
		day--
	}
	return day + 1
}

// DeskCount is how many documents [Office.Desk] goes through.
func (o *Office) DeskCount(ctx context.Context, a access.Actor) (n int, err error) {
	if err := can(a, access.ReadDesk, access.Subject{}); err != nil {
		return 0, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err := tx.SubmittedBy()
		n = 0
		for _, s := range all {
			if mayRead(a, s.Activity, s.Author, s.Kind) {
				n += s.N
			}
		}
		return err
	})
	return n, err
}

// usuals remembers the usual delay of each cooperative until a document changes or the day does.
type usuals struct {
	mu  sync.Mutex
	all map[int64]usualKept
}

type usualKept struct {
	stamp int64
	today date.Day
	usual Usual
}

func (u *usuals) of(tx *store.Tx, set *store.Settings, today date.Day) (Usual, error) {
	stamp, err := tx.AnswerStamp()
	if err != nil {
		return Usual{}, err
	}
	u.mu.Lock()
	k, ok := u.all[tx.Coop()]
	u.mu.Unlock()
	if ok && k.stamp == stamp && k.today == today {
		return k.usual, nil
	}
	answers, err := tx.Answers(instantOf(today-usualSpan, set.Zone), usualMost)
	if err != nil {
		return Usual{}, err
	}
	k = usualKept{stamp, today, usualOf(answers, set.Zone)}
	u.mu.Lock()
	if u.all == nil {
		u.all = map[int64]usualKept{}
	}
	u.all[tx.Coop()] = k
	u.mu.Unlock()
	return k.usual, nil
}

// addUsual adds how long readers take to answer.
func (o *Office) addUsual(tx *store.Tx, s *Sheet) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	s.Usual, err = o.usual.of(tx, set, s.Facts.Today)
	return err
}

// usualOf is the median of what the answers took: the lower of the two in the middle.
func usualOf(answers []store.Answer, zone *time.Location) Usual {
	var took []int
	for _, x := range answers {
		if x.Submitted == 0 {
			continue // left alone
		}
		took = append(took, date.FromTime(time.UnixMicro(x.Submitted).In(zone)).WorkingUntil(date.FromTime(time.UnixMicro(x.At).In(zone))))
	}
	if len(took) < usualLeast {
		return Usual{}
	}
	slices.Sort(took)
	return Usual{took[(len(took)-1)/2], true}
}
