package office

import (
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
)

// lateTerms are the rules that invoices bear interest by: those of the terms of each, in force on its day (Code de commerce
// L441-10 II), with the official rates as they are known today. What the cooperative adopts later bears on later invoices.
type lateTerms struct {
	set  *store.Settings
	now  coop.Reminders
	days map[date.Day]coop.Reminders
}

func newLateTerms(tx *store.Tx, now coop.Rules) (*lateTerms, error) {
	set, err := tx.Settings()
	return &lateTerms{set, now.Reminders, map[date.Day]coop.Reminders{}}, err
}

// of returns them for an invoice of a day.
func (t *lateTerms) of(day date.Day) (coop.Reminders, error) {
	if r, ok := t.days[day]; ok {
		return r, nil
	}
	then, err := t.set.On(day)
	r := then.Reminders
	r.Known = t.now.Known
	t.days[day] = r
	return r, err
}
