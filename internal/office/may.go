package office

import (
	"errors"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/sale"
)

// of is what an action on a document bears on. A document is of the fiscal year of its day; one that has none yet, a
// draft, is of no year.
func of(set *store.Settings, d sale.Document) access.Subject {
	return access.Subject{Activity: d.Activity, Author: d.Author, Kind: string(d.Kind), Year: yearOf(set, d.Date)}
}

// ofPaid is what an action on a payment bears on.
func ofPaid(set *store.Settings, p sale.Payment) access.Subject {
	return access.Subject{Activity: p.Activity, Year: yearOf(set, p.Date), Kind: access.Payment}
}

// yearOf returns the id of the fiscal year of a day, 0 when there is none.
func yearOf(set *store.Settings, day date.Day) int64 {
	if day == 0 {
		return 0
	}
	y, _ := set.YearOf(day)
	return y.ID
}

// document reads a document that the actor may see, with what an action on it bears on.
func document(tx *store.Tx, a access.Actor, id int64) (sale.Document, access.Subject, error) {
	set, err := tx.Settings()
	if err != nil {
		return sale.Document{}, access.Subject{}, err
	}
	d, err := tx.Sale(id)
	if err != nil {
		return d, access.Subject{}, absent(a, access.ViewDocument, err)
	}
	s := of(set, d)
	if err := can(a, access.ViewDocument, s); err != nil {
		return sale.Document{}, s, err
	}
	return d, s, nil
}

// absent gives what does not exist the words of what one may not see, so that nobody learns which of the two it is; who
// may see all there is is told that it does not exist.
func absent(a access.Actor, act access.Action, err error) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	if refused := can(a, act, access.Subject{}); refused != nil {
		return refused
	}
	return err
}

// open asks access about things of an activity (0: of all) that a list holds. nil years: of whatever day; otherwise the
// list is kept to these years, for what the actor may see is bound to them.
func open(set *store.Settings, a access.Actor, act access.Action, s access.Subject) ([]date.FiscalYear, error) {
	err := can(a, act, s)
	if err == nil {
		return nil, nil
	}
	var years []date.FiscalYear
	for _, id := range a.AuditYears {
		s.Year = id
		y, ok := set.Year(id)
		switch refused := can(a, act, s); {
		case ok && refused == nil:
			years = append(years, y.Span)
		case fault.KindOf(refused) == fault.Forbidden:
			err = refused // it is there, and it is the token that does not serve for it
		}
	}
	if len(years) == 0 {
		return nil, err
	}
	return years, nil
}

// mayList asks access about the documents of a list, of one activity or of all that are open to the actor (0): of which
// activities and within which years they may be, nil for any.
func mayList(set *store.Settings, a access.Actor, activityID int64, kind string) (activities []int64, years []date.FiscalYear, err error) {
	years, err = open(set, a, access.ViewDocument, access.Subject{Activity: activityID, Kind: kind})
	if err == nil || activityID != 0 {
		return nil, years, err
	}
	for _, id := range slices.Concat(a.Activities, a.Followed()) {
		if can(a, access.ViewDocument, access.Subject{Activity: id, Kind: kind}) == nil && !slices.Contains(activities, id) {
			activities = append(activities, id)
		}
	}
	if len(activities) == 0 {
		return nil, nil, err
	}
	return activities, nil, nil
}

// mayPost asks access for each section that an entry touches and each person to whom it makes the house owe pay or
// expenses: nobody books for oneself. What settles a debt that another has booked, to the cent, books nobody's pay; what
// settles nothing does. What is refused of a line is told on its field, of every line at once.
func mayPost(tx *store.Tx, a access.Actor, year int64, lines []ledger.Line) error {
	if err := can(a, access.PostEntry, access.Subject{Year: year}); err != nil {
		return err
	}
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	var refused []error
	own, asked := int64(0), a.Person == 0
	for i, l := range lines {
		if !l.Added { // the liaison line answers to the others
			if err := can(a, access.PostEntry, access.Subject{Activity: l.Section, Year: year}); err != nil {
				refused = append(refused, onLine(err, i, "section"))
				continue
			}
		}
		if l.Third == 0 || l.Amount > 0 && l.Settles != (ledger.ItemRef{}) || a.Person == 0 || set.Chart[l.Account].Third != ledger.Worker {
			continue
		}
		if !asked { // once an entry, and only for one that names a worker
			asked = true
			mine, err := tx.WorkerOf(a.Person)
			if err != nil {
				return err
			}
			own = mine.ID
		}
		if l.Third == own {
			if err := can(a, access.PostEntry, access.Subject{Activity: l.Section, Year: year, Person: a.Person}); err != nil {
				refused = append(refused, onLine(err, i, "third"))
			}
		}
	}
	return errors.Join(refused...)
}

// onLine puts a refusal on a field of a line; what is absent stays so.
func onLine(err error, i int, field string) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Kind != fault.Forbidden {
		return err
	}
	c := *e
	c.Field = fmt.Sprintf("lines[%d].%s", i, field)
	return &c
}
