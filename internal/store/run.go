package store

import (
	"context"
	"slices"

	"essaim/fault"
)

// The states of a run and of its items.
const (
	RunRunning   = "running"
	RunDone      = "done"
	RunCancelled = "cancelled"

	ItemWaiting = "waiting"
	ItemDone    = "done"
	ItemFailed  = "failed"
)

// Run is one deed on many things, done one after the other in the background.
type Run struct {
	ID       int64
	Kind     string
	Activity int64 // 0: of no activity
	State    string
	Total    int
	Done     int
	Failed   int
	By       int64 // person, 0: the program
	At       int64 // microseconds UTC
	Changed  int64
	Seen     bool
	Args     string // JSON of the kind
}

// Left is how many items nobody has come to yet.
func (r Run) Left() int { return r.Total - r.Done - r.Failed }

// RunItem is one of the things.
type RunItem struct {
	N       int
	Subject string // "sale:12"
	State   string
	Message string // JSON of what refused it
}

var (
	insertRun     = into("run", "coop_id, id, kind, activity_id, state, total, done, failed, by_id, at, changed, seen, args")
	insertRunItem = into("run_item", "coop_id, run_id, n, subject, state, message")
)

const runColumns = `id, kind, activity_id, state, total, done, failed, by_id, at, changed, seen, args`

func scanRun(scan func(...any) error, r *Run) error {
	seen := 0
	err := scan(&r.ID, &r.Kind, &r.Activity, &r.State, &r.Total, &r.Done, &r.Failed, &r.By, &r.At, &r.Changed, &seen, &r.Args)
	r.Seen = seen != 0
	return err
}

// AddRun writes a run and what it will be done to, in that order.
func (tx *Tx) AddRun(r *Run, subjects []string) error {
	id, err := tx.NextID("run")
	if err != nil {
		return err
	}
	run := *r
	run.ID, run.State, run.Total, run.At, run.Changed = id, RunRunning, len(subjects), tx.now, tx.now
	if err := tx.stage(insertRun, tx.coop, id, run.Kind, run.Activity, run.State, run.Total, 0, 0, run.By, run.At, run.Changed, 0, run.Args); err != nil {
		return err
	}
	for i, s := range subjects {
		if err := tx.stage(insertRunItem, tx.coop, id, i+1, s, ItemWaiting, ""); err != nil {
			return err
		}
	}
	*r = run
	return nil
}

// RunByID returns a run.
func (tx *Tx) RunByID(id int64) (Run, error) {
	all, err := list(tx, `SELECT `+runColumns+` FROM run WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanRun)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.run_unknown")
	}
	if err != nil {
		return Run{}, err
	}
	return all[0], nil
}

// RunsBy returns the runs of a person, the newest first; unseen keeps those whose end they have not read.
func (tx *Tx) RunsBy(person int64, unseen bool, limit int) ([]Run, error) {
	w := where{args: []any{tx.coop}}
	w.add("by_id = ?", person)
	if unseen {
		w.add("seen = 0")
	}
	return list(tx, w.text(`SELECT `+runColumns+` FROM run WHERE coop_id = $1`, ` ORDER BY id DESC LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args, scanRun)
}

// RunItems returns items of a run after n, in order; state "" is any.
func (tx *Tx) RunItems(run int64, state string, after, limit int) ([]RunItem, error) {
	w := where{args: []any{tx.coop}}
	w.add("run_id = ?", run)
	if state != "" {
		w.add("state = ?", state)
	}
	w.add("n > ?", after)
	return list(tx, w.text(`SELECT n, subject, state, message FROM run_item WHERE coop_id = $1`, ` ORDER BY n LIMIT CAST(? AS BIGINT)`, atMost(limit)), w.args,
		func(scan func(...any) error, i *RunItem) error { return scan(&i.N, &i.Subject, &i.State, &i.Message) })
}

// TakeRunItem says whether an item still waits in a run that is still going on: what was done before a crash, or was
// stopped meanwhile, is left alone.
func (tx *Tx) TakeRunItem(run int64, n int) (bool, error) {
	one := 0
	return tx.one(`SELECT 1 FROM run_item i JOIN run r ON r.coop_id = i.coop_id AND r.id = i.run_id WHERE i.coop_id = $1 AND i.run_id = $2 AND i.n = $3 AND i.state = 'waiting' AND r.state = 'running'`, []any{tx.coop, run, n}, &one)
}

// TakeRunItems is [Tx.TakeRunItem] of several.
func (tx *Tx) TakeRunItems(run int64, items []RunItem) (mine []RunItem, err error) {
	for some := range slices.Chunk(items, inMost) {
		w := where{args: []any{tx.coop, run}}
		w.among("i.n", numbersOf(some))
		waiting := map[int]bool{}
		if err := tx.rows(w.text(`SELECT i.n FROM run_item i JOIN run r ON r.coop_id = i.coop_id AND r.id = i.run_id WHERE i.coop_id = $1 AND i.run_id = $2 AND i.state = 'waiting' AND r.state = 'running'`, ""), w.args, func(scan func(...any) error) error {
			n := 0
			err := scan(&n)
			waiting[n] = true
			return err
		}); err != nil {
			return nil, err
		}
		for _, it := range some {
			if waiting[it.N] {
				mine = append(mine, it)
			}
		}
	}
	return mine, nil
}

// DoneRunItems records that items which waited are done.
func (tx *Tx) DoneRunItems(run int64, items []RunItem) error {
	for some := range slices.Chunk(items, inMost) {
		w := where{args: []any{tx.coop, run}}
		w.among("n", numbersOf(some))
		if _, err := tx.exec(w.text(`UPDATE run_item SET state = 'done', message = '' WHERE coop_id = $1 AND run_id = $2 AND state = 'waiting'`, ""), w.args...); err != nil {
			return err
		}
	}
	return nil
}

func numbersOf(items []RunItem) []int64 {
	all := make([]int64, len(items))
	for i, it := range items {
		all[i] = int64(it.N)
	}
	return all
}

// SetRunItem records what became of an item that waited.
func (tx *Tx) SetRunItem(run int64, n int, state, message string) error {
	_, err := tx.exec(`UPDATE run_item SET state = $4, message = $5 WHERE coop_id = $1 AND run_id = $2 AND n = $3 AND state = 'waiting'`, tx.coop, run, n, state, message)
	return err
}

// CountRun counts what has been done; a run in which nothing waits any more is done.
func (tx *Tx) CountRun(id int64) (Run, error) {
	r, err := tx.RunByID(id)
	if err != nil {
		return r, err
	}
	waiting, done, failed := 0, 0, 0
	err = tx.rows(`SELECT state, COUNT(*) FROM run_item WHERE coop_id = $1 AND run_id = $2 GROUP BY state`, []any{tx.coop, id}, func(scan func(...any) error) error {
		state, n := "", 0
		if err := scan(&state, &n); err != nil {
			return err
		}
		switch state {
		case ItemDone:
			done = n
		case ItemFailed:
			failed = n
		default:
			waiting = n
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	if waiting == 0 && r.State == RunRunning {
		r.State = RunDone
	}
	r.Done, r.Failed, r.Changed = done, failed, tx.now
	_, err = tx.exec(`UPDATE run SET state = $3, done = $4, failed = $5, changed = $6 WHERE coop_id = $1 AND id = $2`, tx.coop, id, r.State, r.Done, r.Failed, r.Changed)
	return r, err
}

// SetRunState stops a run or makes it go on; its end has then not been read.
func (tx *Tx) SetRunState(id int64, state string) error {
	_, err := tx.exec(`UPDATE run SET state = $3, seen = 0, changed = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, id, state, tx.now)
	return err
}

// SeeRun notes that who started a run has read how it ended.
func (tx *Tx) SeeRun(id int64) error {
	_, err := tx.exec(`UPDATE run SET seen = 1 WHERE coop_id = $1 AND id = $2`, tx.coop, id)
	return err
}

// SetRunArgs changes what a run is asked with.
func (tx *Tx) SetRunArgs(id int64, args string) error {
	_, err := tx.exec(`UPDATE run SET args = $3 WHERE coop_id = $1 AND id = $2`, tx.coop, id, args)
	return err
}

// RetryRun makes what was refused wait again, in a run that goes on.
func (tx *Tx) RetryRun(id int64) error {
	_, err := tx.exec(`UPDATE run_item SET state = 'waiting', message = '' WHERE coop_id = $1 AND run_id = $2 AND state = 'failed'`, tx.coop, id)
	if err != nil {
		return err
	}
	if err := tx.SetRunState(id, RunRunning); err != nil {
		return err
	}
	_, err = tx.CountRun(id)
	return err
}

// WriteEach puts several operations into the lane of a cooperative, in their order, and returns how each ended once all
// have: they share their commits, and one that fails leaves no trace and does not disturb the others.
func (db *DB) WriteEach(ctx context.Context, coop int64, all []func(*Tx) error) []error {
	ended := make([]error, len(all))
	ops := make([]*operation, len(all))
	for i, fn := range all {
		ops[i] = &operation{ctx: ctx, coop: coop, fn: fn, done: make(chan struct{})}
		if ctx.Value(behindKey{}) == nil {
			db.asked.Add(1)
		}
		if !db.join(ops[i]) {
			ended[i] = fault.New(fault.Busy, "store.away")
			ops[i] = nil
		}
	}
	for i, op := range ops {
		if op != nil {
			<-op.done
			ended[i] = op.err
		}
	}
	return ended
}
