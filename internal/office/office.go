// Package office holds the use cases: each loads what it needs, asks a pure room, saves, and enqueues what follows, in one
// transaction. Screens, the JSON API, the command line and the demo all go through it; nothing else writes.
//
// Every use case takes the actor and asks access.Can first. A refusal is a fault.Error with words for the person; what
// the actor may not see answers fault.NotFound.
package office

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/internal/store"
)

// Office is the program's set of use cases over one store.
type Office struct {
	db     *store.DB
	files  *store.Files
	opt    Options
	actors actors
	near   nears
	usual  usuals
	slugs  sync.Map     // slug → id of the cooperative that bore it when last seen
	closed sync.Map     // id of a cooperative → day on which the closings before it were seen to
	seen   atomic.Int64 // what had been asked when a job was last begun
}

// Options are what the use cases need of the world.
type Options struct {
	PublicURL string // « https://gestion.exemple.coop », for links in mails
	Mail      Mailer // nil: mails are kept as "queued"
}

// New makes the office.
func New(db *store.DB, files *store.Files, opt Options) *Office {
	return &Office{db: db, files: files, opt: opt}
}

// DB returns the store, for the few parts that run beside the use cases (verify, bench).
func (o *Office) DB() *store.DB { return o.db }

// Now returns the clock of the store.
func (o *Office) Now() time.Time { return o.db.Now() }

// can asks access about the actor's own cooperative.
func can(a access.Actor, act access.Action, s access.Subject) error {
	if s.Coop == 0 {
		s.Coop = a.Coop
	}
	return access.Refuse(a, act, s)
}

// read opens a transaction of the actor's cooperative. Every page stands on the fiscal year of its day: on the first day
// of a new one, whoever looks before anybody writes has it opened first.
func (o *Office) read(ctx context.Context, a access.Actor, fn func(*store.Tx) error) error {
	over := false
	err := o.db.Read(ctx, a.Coop, func(tx *store.Tx) (err error) {
		if over, err = tx.YearsOver(); err != nil || over {
			return err
		}
		return fn(tx)
	})
	if err != nil || !over {
		return err
	}
	// What cannot be opened now, on a full disk perhaps, must not keep anyone from reading what needs no year.
	_ = o.write(ctx, a, func(*store.Tx) error { return nil })
	return o.db.Read(ctx, a.Coop, fn)
}

// write opens a transaction in the lane of the actor's cooperative; the fiscal year of today is open in it.
func (o *Office) write(ctx context.Context, a access.Actor, fn func(*store.Tx) error) error {
	var today date.Day // of the closings that were seen to
	err := o.db.Write(ctx, a.Coop, func(tx *store.Tx) error {
		today = 0
		if err := tx.ReachToday(); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		if err := tillsHold(tx); err != nil {
			return err
		}
		var err error
		today, err = o.closeBefore(tx)
		return err
	})
	if err == nil && today != 0 {
		o.closed.Store(a.Coop, today)
	}
	return err
}
