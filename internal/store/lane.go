package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"essaim/fault"
)

// batchMax bounds the operations of one transaction: enough to share a sync among many clients, small enough that none
// waits long.
const batchMax = 256

// lane is the one committer of a cooperative (SQLite: of the file).
type lane struct {
	ops chan *operation
	c   *conn // of its goroutine alone; nil before the first batch, and after it broke
}

type operation struct {
	ctx  context.Context
	coop int64
	fn   func(*Tx) error
	err  error
	done chan struct{}
}

// Write runs fn in the lane of the cooperative and returns after its commit. fn may be run again, so it must not keep
// anything from a run before; what it returned as an error leaves no trace. A request that ends while it waits in the
// line is not run; one that has begun is carried to its end.
func (db *DB) Write(ctx context.Context, coop int64, fn func(*Tx) error) error {
	if ctx.Value(behindKey{}) == nil {
		db.asked.Add(1)
	}
	op := &operation{ctx: ctx, coop: coop, fn: fn, done: make(chan struct{})}
	if !db.join(op) {
		return fault.New(fault.Busy, "store.away")
	}
	<-op.done
	return op.err
}

// join puts an operation in its line, opening the lane the first time; false when the store is closed.
func (db *DB) join(op *operation) bool {
	key := int64(0)
	if db.d.lanePer {
		key = op.coop
	}
	db.mu.RLock()
	l := db.lanes[key]
	if l == nil && !db.closed {
		db.mu.RUnlock()
		db.mu.Lock()
		if l = db.lanes[key]; l == nil && !db.closed {
			l = &lane{ops: make(chan *operation, 4*batchMax)}
			db.lanes[key] = l
			db.work.Go(func() { db.serve(l) })
		}
		db.mu.Unlock()
		db.mu.RLock()
	}
	defer db.mu.RUnlock()
	if db.closed {
		return false
	}
	l.ops <- op
	return true
}

// serve commits what waits, batch after batch.
func (db *DB) serve(l *lane) {
	defer func() {
		if l.c != nil {
			_ = l.c.close() // nothing is pending on it
		}
	}()
	ctx := context.Background()
	batch := make([]*operation, 0, batchMax)
	for op := range l.ops {
		batch = append(batch[:0], op)
	more:
		for len(batch) < batchMax {
			select {
			case next, ok := <-l.ops:
				if !ok {
					break more
				}
				batch = append(batch, next)
			default:
				break more
			}
		}
		db.commit(ctx, l, batch)
	}
}

// commit runs a batch in one transaction and answers each operation. When the transaction as a whole fails, because of
// one operation's staged rows or because the engine asks to try again, each operation is tried alone.
func (db *DB) commit(ctx context.Context, l *lane, batch []*operation) {
	good, err := db.attempt(ctx, l, batch)
	if err == nil {
		db.answer(batch, nil)
		return
	}
	if len(batch) == 1 || !good {
		for range 3 {
			if !good || fault.KindOf(err) != fault.Busy || !retryable(err) {
				break
			}
			if good, err = db.attempt(ctx, l, batch); err == nil {
				break
			}
		}
		db.answer(batch, err)
		return
	}
	for _, op := range batch {
		db.commit(ctx, l, []*operation{op})
	}
}

// begin opens a transaction. A connection that broke since the last one, as when the server was started again, is replaced:
// nothing has been asked of it yet.
func (db *DB) begin(ctx context.Context, l *lane, coop int64) error {
	for fresh := false; ; {
		if l.c == nil {
			c, err := newConn(ctx, db.app)
			if err != nil {
				return err
			}
			l.c, fresh = c, true
		}
		err := l.c.exec(ctx, db.d.begin(coop, true))
		if err == nil || db.undo(ctx, l) || fresh {
			return err
		}
	}
}

func retryable(err error) bool {
	for _, e := range fault.All(err) {
		if e.Key == "store.busy" {
			return true
		}
	}
	return false
}

func (db *DB) answer(batch []*operation, err error) {
	for _, op := range batch {
		if err != nil {
			op.err = err
		}
		select {
		case <-op.done:
		default:
			close(op.done)
		}
	}
}

// attempt runs the operations and commits. The error is that of the transaction; an operation's own is in op.err.
func (db *DB) attempt(ctx context.Context, l *lane, batch []*operation) (good bool, err error) {
	// SQLite's one lane serves every cooperative; PostgreSQL's transaction is bound to one.
	if err := db.begin(ctx, l, batch[0].coop); err != nil {
		return l.c != nil, db.d.classify(err)
	}
	c := l.c
	shared := newStage()
	kept, touched := 0, false
	woken := map[string]bool{}
	for _, op := range batch {
		op.err = nil
		if op.ctx.Err() != nil {
			op.err = op.ctx.Err()
			continue
		}
		tx := &Tx{db: db, ctx: ctx, c: c, coop: op.coop, write: true, now: db.now().UnixMicro(), own: newStage(), shared: shared}
		if op.err = tx.run(op.fn); op.err == nil && tx.saved {
			op.err = tx.flush(tx.own)
		}
		if tx.broken {
			if op.err == nil {
				op.err = errors.New("store: the operation went on after a statement had failed")
			}
			op.err = db.d.classify(op.err)
			return db.undo(ctx, l), op.err
		}
		if op.err != nil {
			op.err = db.d.classify(op.err)
			if tx.saved && c.exec(ctx, "ROLLBACK TO essaim_op") != nil {
				// On a full disk SQLite drops the whole transaction, savepoints too: what the operation met is the cause.
				return db.undo(ctx, l), op.err
			}
			continue
		}
		if tx.saved {
			if err := c.exec(ctx, "RELEASE essaim_op"); err != nil {
				return db.undo(ctx, l), db.d.classify(err)
			}
		}
		shared.take(tx.own)
		if op.coop != 0 {
			shared.stamps[takenKey{op.coop, stampWritten}] = true
		}
		if tx.touch {
			delete(shared.settings, op.coop)
			touched = true
		}
		kept++
		for k := range tx.woken {
			woken[k] = true
		}
	}
	if kept == 0 {
		return db.undo(ctx, l), nil
	}
	err = db.d.send(ctx, c, shared.drainTaken(shared.drain(db.d), db.d), true)
	if err != nil {
		good, err := db.undo(ctx, l), db.d.classify(err)
		if !good { // the answer to the commit was lost on its way, perhaps
			err = fault.New(fault.Busy, "store.unsure").Wrap(err)
		}
		return good, err
	}
	if touched {
		db.changed.Add(1)
	}
	for k := range woken {
		if f, ok := db.wake.Load(k); ok {
			f.(func())()
		}
	}
	return true, nil
}

// undo rolls the transaction back and says whether the connection is still good; one that is not is let go. SQLite may have
// rolled back by itself, and then has no transaction to end.
func (db *DB) undo(ctx context.Context, l *lane) bool {
	if l.c.exec(ctx, "ROLLBACK") == nil || db.d.name == "sqlite" {
		return true
	}
	l.c.drop()
	l.c = nil
	return false
}

// run calls fn and turns a panic into an error: a defect in one operation must not stop the lane.
func (tx *Tx) run(fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

// OnCommit calls f after each commit of a transaction that called [Tx.Wake] with the same name.
func (db *DB) OnCommit(name string, f func()) { db.wake.Store(name, f) }
