package office

import (
	"context"
	"encoding/json"

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
	return o.decide(tx, a, &d, id, sale.DeedValidate, Reading{Version: args.Versions[id]})
}
