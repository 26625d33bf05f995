package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
)

// runRemind is the deed of a run that reminds customers: one operation for each, so that what a crash interrupts goes on
// where it stopped and nobody hears the same word twice.
const runRemind = "remind"

func (o *Office) runRemind(tx *store.Tx, a access.Actor, _ store.Run, subject string) error {
	told, err := o.remind(tx, a, []int64{subjectID(subject, "customer")})
	if err == nil && len(told) == 0 {
		err = fault.New(fault.Conflict, "office.remind_nothing")
	}
	return err
}

// runRemindMany tells several customers; those who need not be told are left to [Office.runRemind], whose words say so.
func (o *Office) runRemindMany(tx *store.Tx, a access.Actor, _ store.Run, subjects []string) ([]bool, error) {
	ids := make([]int64, len(subjects))
	for i, s := range subjects {
		ids[i] = subjectID(s, "customer")
	}
	told, err := o.remind(tx, a, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return nil, err
	}
	did := make([]bool, len(ids))
	for i, id := range ids {
		did[i] = slices.Contains(told, id)
	}
	return did, nil
}

// RemindAll starts a run that tells customers of an activity, or of the house (0), what they owe.
func (o *Office) RemindAll(ctx context.Context, a access.Actor, activityID int64, customers []int64) (run store.Run, err error) {
	err = o.writeOnce(ctx, a, "remind", customers, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		rules, err := o.rulesToday(tx, a)
		if err != nil {
			return 0, err
		}
		if _, err := mayRemind(a, rules.Reminders, activityID); err != nil {
			return 0, err
		}
		run, err = o.startRun(tx, a, runRemind, activityID, nil, subjectsOf("customer", customers))
		return run.ID, err
	})
	return run, err
}
