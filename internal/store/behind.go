package store

import "context"

type behindKey struct{}

// Behind marks what is done in a context as work that nobody waits for: rendering, mail. It does not count as asked for
// by anyone ([DB.Asked]).
func Behind(ctx context.Context) context.Context { return context.WithValue(ctx, behindKey{}, true) }

// Asked counts the operations that somebody waited for since the store was opened. Who works behind looks whether it
// moves, and leaves the machine to those who wait.
func (db *DB) Asked() int64 { return db.asked.Load() }
