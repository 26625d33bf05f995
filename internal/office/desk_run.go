package office

import (
	"context"
	"encoding/json"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// runValidate is the deed of a reader who lets many documents through at once: each takes its number in an operation of its
// own, and what cannot be validated says why while the others go.
const runValidate = "validate"

// Read is a document as its reader saw it: what was changed since is not validated unread.
type Read struct{ Sale, Version int64 }

// BulkMost is how many documents one page lets through at once: each of them was on it, to be looked at.
const BulkMost = 200

type validateArgs struct {
	Versions map[int64]int64 `json:"versions"`
}

// ValidateAll validates documents that wait to be read, in a run.
func (o *Office) ValidateAll(ctx context.Context, a access.Actor, read []Read, key string) (run store.Run, err error) {
	if err := can(a, access.ReadDesk, access.Subject{}); err != nil {
		return run, err
	}
	if len(read) > BulkMost {
		return run, fault.New(fault.Invalid, "run.fault.many", "max", BulkMost)
	}
	err = o.writeOnce(Keyed(ctx, key), a, "validate_all", read, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		args, ids := validateArgs{map[int64]int64{}}, make([]int64, len(read))
		for i, r := range read {
			args.Versions[r.Sale], ids[i] = r.Version, r.Sale
		}
		var err error
		run, err = o.startRun(tx, a, runValidate, 0, args, subjectsOf("sale", ids))
		return run.ID, err
	})
	return run, err
}

func (o *Office) runValidate(tx *store.Tx, a access.Actor, run store.Run, subject string) error {
	var args validateArgs
	if err := json.Unmarshal([]byte(run.Args), &args); err != nil {
		return err
	}
	var d sale.Document
	id := subjectID(subject, "sale")
	version, err := readAs(tx, id, args.Versions[id])
	if err != nil {
		return err
	}
	err = o.decide(tx, a, &d, id, sale.DeedValidate, Reading{Version: version})
	if slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Key == "office.changed_meanwhile" }) {
		return fault.New(fault.Conflict, "run.fault.changed")
	}
	return err
}

// readAs is the version of a document that was read as one: that a reader opened it since changes nothing to it.
func readAs(tx *store.Tx, id, read int64) (int64, error) {
	d, err := tx.Sale(id)
	if err != nil || read == 0 || d.Version != read+1 || d.Status != sale.Submitted || d.OpenedBy == 0 {
		return read, nil // what is wrong with it is told by the deed
	}
	events, err := tx.Events(id)
	if err != nil {
		return read, err
	}
	for i := range events {
		switch events[len(events)-1-i].Deed {
		case "comment":
		case string(sale.DeedOpen):
			return d.Version, nil
		default:
			return read, nil
		}
	}
	return read, nil
}

// readAgain makes a run take what was refused of it as it is now: who asks for it again has seen why.
func readAgain(tx *store.Tx, run store.Run, refused []store.RunItem) error {
	var args validateArgs
	if err := json.Unmarshal([]byte(run.Args), &args); err != nil {
		return err
	}
	for _, it := range refused {
		id := subjectID(it.Subject, "sale")
		d, err := tx.Sale(id)
		if fault.KindOf(err) == fault.NotFound {
			continue // refused once more, in words
		}
		if err != nil {
			return err
		}
		args.Versions[id] = d.Version
	}
	b, err := json.Marshal(args)
	if err != nil {
		return err
	}
	return tx.SetRunArgs(run.ID, string(b))
}
