package office

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// A run is one deed asked for many things at once: send twelve invoices to be read, validate all but two, remind everyone.
// It is started within the operation that decides it ([Office.startRun]) and done behind, each thing in an operation of its
// own that also notes that it is done: what a crash interrupts goes on where it stopped, nothing is done twice, and what is
// refused keeps the words of the refusal while the others go on.

// A runKind is a deed that runs can do.
type runKind struct {
	// do does the deed on one subject as who started the run, with the rights they have when it is done.
	do func(o *Office, tx *store.Tx, a access.Actor, run store.Run, subject string) error
	// many, where there is one, does the deed on several subjects at once for a fraction of the questions, and says at each
	// rank whether it was done; those it left are done alone, and so are all when it fails: the words of a refusal are
	// those of its own subject.
	many func(o *Office, tx *store.Tx, a access.Actor, run store.Run, subjects []string) ([]bool, error)
	// again, where there is one, readies a run for what was refused of it to be tried again.
	again func(tx *store.Tx, run store.Run, refused []store.RunItem) error
	// see is the action that opens a run to others than who started it, asked on its activity; "" is nobody.
	see access.Action
}

// runKinds are all there are, by a name without a point; each has its words under "run.kind.".
func runKinds() map[string]runKind {
	return map[string]runKind{
		runRemind: {do: (*Office).runRemind, many: (*Office).runRemindMany, see: access.RemindCustomer},
		runSubmit: {do: (*Office).runSubmit, see: access.ViewDocument},

		runValidate: {do: (*Office).runValidate, again: readAgain},

		runCompute: {do: (*Office).runCompute, many: (*Office).runComputeMany, see: access.ViewPay},
		runIssue:   {do: (*Office).runIssue, many: (*Office).runIssueMany, see: access.ViewPay},
		runYearEnd: {do: (*Office).runYearEnd, many: (*Office).runYearEndMany, see: access.RunPay},
	}
}

const (
	jobRun = "run"

	runMost   = 10_000 // subjects of one run
	runChunk  = 50     // subjects of one turn in the lane: who waits for an answer gets theirs between two
	runChunks = 200    // turns of one job, well within its lease; another goes on
)

type runArgs struct {
	Run int64 `json:"run"`
}

// startRun starts a run within an operation, under whose idempotency key it stands. The caller has asked access.
func (o *Office) startRun(tx *store.Tx, a access.Actor, kind string, activity int64, args any, subjects []string) (store.Run, error) {
	if _, known := runKinds()[kind]; !known {
		return store.Run{}, fmt.Errorf("unknown run %q", kind)
	}
	switch {
	case len(subjects) == 0:
		return store.Run{}, fault.New(fault.Invalid, "run.fault.nothing")
	case len(subjects) > runMost:
		return store.Run{}, fault.New(fault.Invalid, "run.fault.many", "max", runMost)
	}
	b, err := json.Marshal(args)
	if err != nil {
		return store.Run{}, err
	}
	run := store.Run{Kind: kind, Activity: activity, By: a.Person, Args: string(b)}
	if err := tx.AddRun(&run, subjects); err != nil {
		return run, err
	}
	if err := tx.Audit(a.Person, "run.start", runSubject(run.ID), map[string]any{"run": kind, "total": run.Total}); err != nil {
		return run, err
	}
	return run, o.later(tx, jobRun, runArgs{run.ID})
}

func runSubject(id int64) string { return "run:" + strconv.FormatInt(id, 10) }

// subjectID reads "sale:12"; 0 when the subject is of another sort.
func subjectID(subject, sort string) int64 {
	rest, ok := strings.CutPrefix(subject, sort+":")
	id, err := strconv.ParseInt(rest, 10, 64)
	if !ok || err != nil {
		return 0
	}
	return id
}

// subjectsOf names things of a sort by their ids, each once.
func subjectsOf(sort string, ids []int64) []string {
	all := make([]string, 0, len(ids))
	seen := map[int64]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all = append(all, sort+":"+strconv.FormatInt(id, 10))
		}
	}
	return all
}

// goOn does what waits in a run, turn after turn. before is called between two turns.
func (o *Office) goOn(ctx context.Context, coopID, id int64, before func(context.Context)) error {
	var run store.Run
	if err := o.db.Read(ctx, coopID, func(tx *store.Tx) (err error) { run, err = tx.RunByID(id); return err }); err != nil {
		return err
	}
	kind, known := runKinds()[run.Kind]
	if !known {
		return fmt.Errorf("unknown run %q", run.Kind)
	}
	after := 0
	for turn := 0; run.State == store.RunRunning; turn++ {
		if turn == runChunks {
			return o.db.Write(ctx, coopID, func(tx *store.Tx) error {
				_, err := tx.AddJob(jobRun, runArgs{id}, run.At) // before all that the run itself left to do
				return err
			})
		}
		if turn > 0 {
			before(ctx)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var items []store.RunItem
		if err := o.db.Read(ctx, coopID, func(tx *store.Tx) (err error) {
			items, err = tx.RunItems(id, store.ItemWaiting, after, runChunk)
			return err
		}); err != nil {
			return err
		}
		if len(items) > 0 {
			after = items[len(items)-1].N
		}
		if err := o.turn(ctx, coopID, run, kind, items); err != nil {
			return err
		}
		if err := o.db.Write(ctx, coopID, func(tx *store.Tx) (err error) { run, err = tx.CountRun(id); return err }); err != nil {
			return err
		}
		if len(items) == 0 {
			return nil // what else waits is another worker's
		}
	}
	return nil
}

// together does what it can of some items in one operation, and returns those that are left to be done alone.
func (o *Office) together(ctx context.Context, coopID int64, run store.Run, kind runKind, items []store.RunItem) (left []store.RunItem) {
	if kind.many == nil || len(items) < 2 {
		return items
	}
	err := o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		left = nil
		if err := tx.ReachToday(); err != nil {
			return err
		}
		mine, err := tx.TakeRunItems(run.ID, items)
		if err != nil || len(mine) == 0 {
			return err
		}
		a, err := runner(tx, run)
		if err != nil {
			return err
		}
		subjects := make([]string, len(mine))
		for i, it := range mine {
			subjects[i] = it.Subject
		}
		did, err := kind.many(o, tx, a, run, subjects)
		if err != nil {
			return err
		}
		var done []store.RunItem
		for i, it := range mine {
			if did[i] {
				done = append(done, it)
			} else {
				left = append(left, it)
			}
		}
		return tx.DoneRunItems(run.ID, done)
	})
	if err != nil {
		return items // each alone says what was wrong with it
	}
	return left
}

// turn does some items in one turn of the lane, then notes those that were refused.
func (o *Office) turn(ctx context.Context, coopID int64, run store.Run, kind runKind, items []store.RunItem) error {
	items = o.together(ctx, coopID, run, kind, items)
	deeds := make([]func(*store.Tx) error, len(items))
	for i, it := range items {
		deeds[i] = func(tx *store.Tx) error {
			if err := tx.ReachToday(); err != nil {
				return err
			}
			if mine, err := tx.TakeRunItem(run.ID, it.N); err != nil || !mine {
				return err
			}
			a, err := runner(tx, run)
			if err != nil {
				return err
			}
			if err := kind.do(o, tx, a, run, it.Subject); err != nil {
				return err
			}
			return tx.SetRunItem(run.ID, it.N, store.ItemDone, "")
		}
	}
	ended := o.db.WriteEach(ctx, coopID, deeds)
	var refused []func(*store.Tx) error
	for i, err := range ended {
		if err == nil {
			continue
		}
		if ctx.Err() != nil || fault.KindOf(err) == fault.Busy {
			return err // the job comes back: nothing was refused
		}
		if len(fault.All(err)) == 0 {
			slog.Error("run", "coop", coopID, "run", run.ID, "subject", items[i].Subject, "error", err)
			err = fault.New(fault.Internal, "run.fault.defect").Wrap(err)
		}
		message, err := keepFaults(err)
		if err != nil {
			return err
		}
		refused = append(refused, func(tx *store.Tx) error { return tx.SetRunItem(run.ID, items[i].N, store.ItemFailed, message) })
	}
	for _, err := range o.db.WriteEach(ctx, coopID, refused) {
		if err != nil {
			return err
		}
	}
	return nil
}

// runner is who started a run, as they are now: what a person may no longer do, their run may no longer do either.
func runner(tx *store.Tx, run store.Run) (access.Actor, error) {
	today, err := tx.Today()
	if err != nil {
		return access.Actor{}, err
	}
	if run.By == 0 {
		return access.Actor{Coop: tx.Coop(), System: true, Name: "Essaim", Lang: "fr", Today: today}, nil
	}
	p, err := tx.Person(run.By)
	if err != nil {
		return access.Actor{}, err
	}
	if p.Left != 0 && p.Left < today {
		return access.Actor{Coop: tx.Coop(), Person: p.ID, Name: p.Name(), Lang: p.Lang, Today: today}, nil
	}
	return actorOf(tx, p, today)
}

// RunLine is a thing of a run that was refused, or that nobody has come to.
type RunLine struct {
	store.RunItem
	About string // whose it is, and what
	Why   []*fault.Error
}

// RunView is a run as its page shows it.
type RunView struct {
	store.Run
	Mine    bool // by who looks
	Refused []RunLine
	Called  map[string]store.Called // see [AuditCalled]
}

// refusedMost bounds the refusals of a page; the count tells how many there are.
const refusedMost = 200

// Run returns a run. Who started it has then read how it ended.
func (o *Office) Run(ctx context.Context, a access.Actor, id int64) (v RunView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if v.Run, err = o.theRun(tx, a, id, false); err != nil {
			return err
		}
		v.Mine = a.Person == v.By
		items, err := tx.RunItems(id, store.ItemFailed, 0, refusedMost)
		if err != nil {
			return err
		}
		v.Refused = nil
		rows := make([]store.AuditRow, len(items))
		for i, it := range items {
			about := ""
			if id := subjectID(it.Subject, "sale"); id != 0 {
				if about, err = aboutSale(tx, a, id); err != nil {
					return err
				}
			}
			if about == "" {
				if about, err = aboutPay(tx, a, it.Subject); err != nil {
					return err
				}
			}
			v.Refused = append(v.Refused, RunLine{it, about, readFaults(it.Message)})
			rows[i].Subject = it.Subject
		}
		v.Called, err = calledIn(tx, rows)
		return err
	})
	if err == nil && v.Mine && v.State != store.RunRunning && !v.Seen {
		err = o.db.Write(ctx, a.Coop, func(tx *store.Tx) error { return tx.SeeRun(id) })
	}
	return v, err
}

// aboutSale says whose a document is, and what it is about; nothing of one that was deleted meanwhile, or that is hidden
// from who looks: a run is asked with whatever numbers.
func aboutSale(tx *store.Tx, a access.Actor, id int64) (string, error) {
	d, _, err := document(tx, a, id)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Forbidden {
		return "", nil
	}
	if err != nil || d.Customer == 0 {
		return d.Content.Title, err
	}
	c, err := tx.Customer(d.Customer)
	if err != nil || d.Content.Title == "" {
		return c.FullName(), err
	}
	return c.FullName() + " · " + d.Content.Title, nil
}

// Runs returns the last runs of a person, the newest first; unseen keeps those that go on or whose end they have not read.
func (o *Office) Runs(ctx context.Context, a access.Actor, unseen bool) (all []store.Run, err error) {
	if a.Person == 0 {
		return nil, nil
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.RunsBy(a.Person, unseen, 20)
		return err
	})
	return all, err
}

// theRun reads a run that the actor may see; own asks for one of their own.
func (o *Office) theRun(tx *store.Tx, a access.Actor, id int64, own bool) (store.Run, error) {
	hidden := absent(a, access.ViewDocument, fault.New(fault.NotFound, "store.run_unknown"))
	run, err := tx.RunByID(id)
	if fault.KindOf(err) == fault.NotFound {
		return run, hidden
	}
	if err != nil || a.System || run.By != 0 && run.By == a.Person {
		return run, err
	}
	kind := runKinds()[run.Kind]
	if kind.see == "" || can(a, kind.see, access.Subject{Activity: run.Activity}) != nil {
		return store.Run{}, hidden
	}
	if own {
		if refused := can(a, access.SubmitDocument, access.Subject{Activity: run.Activity}); run.Activity != 0 && refused != nil {
			return store.Run{}, refused
		}
		return store.Run{}, fault.New(fault.Forbidden, "run.fault.own")
	}
	return run, nil
}

// CancelRun stops a run: what is done stays done, what waits is left as it is.
func (o *Office) CancelRun(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		run, err := o.theRun(tx, a, id, true)
		if err != nil || run.State == store.RunCancelled {
			return err
		}
		if run.State != store.RunRunning {
			return fault.New(fault.Conflict, "run.fault.over")
		}
		if err := tx.SetRunState(id, store.RunCancelled); err != nil {
			return err
		}
		return tx.Audit(a.Person, "run.cancel", runSubject(id), nil)
	})
}

// RetryRun makes a run go on: what was refused is tried again, and what was left when it was stopped is done.
func (o *Office) RetryRun(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		run, err := o.theRun(tx, a, id, true)
		if err != nil {
			return err
		}
		if run.State == store.RunRunning && run.Failed == 0 && tx.Now()-run.Changed < stuckAfter {
			return nil // a second click
		}
		if run.State == store.RunDone && run.Failed == 0 {
			return fault.New(fault.Conflict, "run.fault.over")
		}
		if again := runKinds()[run.Kind].again; again != nil {
			items, err := tx.RunItems(id, store.ItemFailed, 0, runMost)
			if err != nil {
				return err
			}
			if err := again(tx, run, items); err != nil {
				return err
			}
		}
		if err := tx.RetryRun(id); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "run.retry", runSubject(id), nil); err != nil {
			return err
		}
		return o.later(tx, jobRun, runArgs{id})
	})
}

// stuckAfter is how long a run may stand still before its page offers to take it up again, in microseconds: longer than
// the lease after which another worker takes up the work of one that died.
const stuckAfter = 5 * 60 * 1_000_000

// Stuck says whether a run has stood still for too long.
func (v RunView) Stuck(now int64) bool {
	return v.State == store.RunRunning && now-v.Changed > stuckAfter
}

const runSubmit = "submit"

// SubmitAll sends drafts of an activity to the desk, or validates those that the trust rules let leave alone, in a run.
func (o *Office) SubmitAll(ctx context.Context, a access.Actor, activity int64, ids []int64, key string) (store.Run, error) {
	if err := can(a, access.SubmitDocument, access.Subject{Activity: activity}); err != nil {
		return store.Run{}, err
	}
	var run store.Run
	err := o.writeOnce(Keyed(ctx, key), a, "submit_all", []any{activity, ids}, func(tx *store.Tx, id int64) (err error) {
		run, err = tx.RunByID(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		var err error
		run, err = o.startRun(tx, a, runSubmit, activity, nil, subjectsOf("sale", ids))
		return run.ID, err
	})
	return run, err
}

func (o *Office) runSubmit(tx *store.Tx, a access.Actor, _ store.Run, subject string) error {
	d, s, err := document(tx, a, subjectID(subject, "sale"))
	if err != nil {
		return err
	}
	if err := can(a, access.SubmitDocument, s); err != nil {
		return err
	}
	if d.Status != sale.Draft && d.Status != sale.Returned {
		return nil // sent by hand meanwhile: it is where it was to go
	}
	return o.submit(tx, a, &d)
}

// RunKinds lists the kinds of runs, in order.
func RunKinds() []string {
	var all []string
	for kind := range runKinds() {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}
