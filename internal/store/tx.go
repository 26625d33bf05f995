package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"essaim/date"
	"essaim/fault"
)

// Tx is a transaction on one cooperative's data. Each method passes the cooperative as $1.
type Tx struct {
	db     *DB
	ctx    context.Context
	c      *conn
	coop   int64
	write  bool
	now    int64
	own    *stage // this operation's
	shared *stage // of the operations before it in the transaction
	saved  bool   // a savepoint is open
	broken bool   // a statement outside this operation's savepoint failed: the transaction cannot go on
	woken  map[string]bool
	set    *Settings
	touch  bool               // this operation changed the settings
	buyers map[int64]string   // names of the customers this operation has read
	tills  map[int64]date.Day // activities whose till this operation took from, with the first day
}

// Coop returns the cooperative of the transaction.
func (tx *Tx) Coop() int64 { return tx.coop }

// Now returns the instant the operation began, in microseconds UTC.
func (tx *Tx) Now() int64 { return tx.now }

// Wake asks for the hook of [DB.OnCommit] after the commit.
func (tx *Tx) Wake(name string) {
	if tx.woken == nil {
		tx.woken = map[string]bool{}
	}
	tx.woken[name] = true
}

// errReadOnly is a defect of the caller: a write in a reading transaction.
var errReadOnly = errors.New("store: write in a reading transaction")

var tableWords = regexp.MustCompile(`(?i)\b(?:from|join|update|into)\s+([a-z_]+)`)

var tablesOf sync.Map // text → []string

func tables(text string) []string {
	if t, ok := tablesOf.Load(text); ok {
		return t.([]string)
	}
	var names []string
	for _, m := range tableWords.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.ToLower(m[1]))
	}
	tablesOf.Store(text, names)
	return names
}

// settle writes what is staged for the tables that a statement names, so that it sees them.
func (tx *Tx) settle(text string, direct bool) error {
	if !tx.write {
		return nil
	}
	need := direct
	for _, t := range tables(text) {
		need = need || tx.own.holds(t) || tx.shared.holds(t)
	}
	if !need {
		return nil
	}
	if !tx.saved {
		if err := tx.flush(tx.shared); err != nil {
			return tx.fail(err)
		}
		if err := tx.c.exec(tx.ctx, "SAVEPOINT essaim_op"); err != nil {
			return tx.fail(err)
		}
		tx.saved, tx.shared.wrote = true, true
	}
	return tx.flush(tx.own)
}

// fail notes that a statement failed. PostgreSQL then refuses everything up to the last savepoint, and would answer a
// COMMIT without one by a rollback that looks like success: when this operation has no savepoint of its own, the whole
// transaction is given up and its operations are run again, each alone.
func (tx *Tx) fail(err error) error {
	tx.broken = tx.broken || !tx.saved
	return err
}

// exec runs a statement that changes rows and returns how many it changed.
func (tx *Tx) exec(text string, args ...any) (int64, error) {
	if !tx.write {
		return 0, errReadOnly
	}
	if err := tx.settle(text, true); err != nil {
		return 0, err
	}
	tx.db.statements.Add(1)
	s, err := tx.c.prepare(tx.ctx, text)
	if err != nil {
		return 0, tx.fail(fmt.Errorf("%w in %.60s", err, text))
	}
	r, err := s.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, tx.fail(fmt.Errorf("%w in %.60s", err, text))
	}
	return r.RowsAffected()
}

// stage adds a row to be written with the batch.
func (tx *Tx) stage(i *insert, args ...any) error {
	if !tx.write {
		return errReadOnly
	}
	if len(args) != i.columns {
		return fmt.Errorf("store: %d values for %d columns of %s", len(args), i.columns, i.table)
	}
	tx.own.add(i, args...)
	return nil
}

// rows runs a query; scan is called for each row with a function that reads its columns.
func (tx *Tx) rows(text string, args []any, each func(scan func(...any) error) error) error {
	if err := tx.settle(text, tx.write && changes(text)); err != nil {
		return err
	}
	return tx.peek(text, args, each)
}

// changes says whether a text returns rows that it writes (INSERT … RETURNING).
func changes(text string) bool {
	t := strings.TrimSpace(text)
	return len(t) > 6 && !strings.EqualFold(t[:6], "SELECT") && !strings.EqualFold(t[:4], "WITH")
}

// peek is rows without regard to what is staged, for tables that operations do not stage.
func (tx *Tx) peek(text string, args []any, each func(scan func(...any) error) error) error {
	tx.db.statements.Add(1)
	s, err := tx.c.prepare(tx.ctx, text)
	if err != nil {
		return tx.fail(fmt.Errorf("%w in %.60s", err, text))
	}
	rs, err := s.QueryContext(tx.ctx, args...)
	if err != nil {
		return tx.fail(fmt.Errorf("%w in %.60s", err, text))
	}
	defer func() { _ = rs.Close() }() // Err below tells what matters
	for rs.Next() {
		if err := each(rs.Scan); err != nil {
			return err
		}
	}
	if err := rs.Err(); err != nil {
		return tx.fail(fmt.Errorf("%w in %.60s", err, text))
	}
	return nil
}

// one reads one row; found is false when there is none.
func (tx *Tx) one(text string, args []any, into ...any) (found bool, err error) {
	err = tx.rows(text, args, func(scan func(...any) error) error {
		found = true
		return scan(into...)
	})
	return found, err
}

// list reads rows into values.
func list[T any](tx *Tx, text string, args []any, read func(scan func(...any) error, v *T) error) ([]T, error) {
	var all []T
	err := tx.rows(text, args, func(scan func(...any) error) error {
		var v T
		if err := read(scan, &v); err != nil {
			return err
		}
		all = append(all, v)
		return nil
	})
	return all, err
}

// NextID takes the next id of a table of the cooperative.
func (tx *Tx) NextID(name string) (int64, error) {
	if !tx.write {
		return 0, errReadOnly
	}
	k := takenKey{tx.coop, name}
	next, ok := tx.own.counters[k]
	if !ok {
		if next, ok = tx.shared.counters[k]; !ok {
			next = 1
			if err := tx.peek(`SELECT next FROM counter WHERE coop_id = $1 AND name = $2`, []any{tx.coop, name}, func(scan func(...any) error) error { return scan(&next) }); err != nil {
				return 0, err
			}
		}
	}
	tx.own.counters[k] = next + 1
	return next, nil
}

// SkipIDs makes the ids of a table start at from at least.
func (tx *Tx) SkipIDs(name string, from int64) error {
	next, err := tx.NextID(name)
	if err != nil {
		return err
	}
	tx.own.counters[takenKey{tx.coop, name}] = max(next, from)
	return nil
}

// NextNumber takes the next number of a series: from 1, without a hole. When day is given, it must not be before the
// day of the number before: numbers follow the days.
func (tx *Tx) NextNumber(series string, day date.Day) (int64, error) {
	if !tx.write {
		return 0, errReadOnly
	}
	k := takenKey{tx.coop, series}
	s, ok := tx.own.series[k]
	if !ok {
		if s, ok = tx.shared.series[k]; !ok {
			if err := tx.peek(`SELECT last, day FROM series WHERE coop_id = $1 AND name = $2`, []any{tx.coop, series}, func(scan func(...any) error) error { return scan(&s.last, &s.day) }); err != nil {
				return 0, err
			}
		}
	}
	if day != 0 {
		if d := day.String(); d < s.day {
			last, err := date.Parse(s.day)
			if err != nil {
				return 0, err
			}
			return 0, fault.New(fault.Conflict, "store.number_back", "day", day, "last", last)
		} else {
			s.day = d
		}
	}
	s.last++
	tx.own.series[k] = s
	return s.last, nil
}

// head returns the state of a chain within the transaction. The first question reads every chain of the cooperative: an
// operation that moves one mostly moves others.
func (tx *Tx) head(name string) (chainState, error) {
	k := takenKey{tx.coop, name}
	if !tx.write {
		all, err := tx.heads()
		return all[name], err
	}
	if s, ok := tx.own.chains[k]; ok {
		return s, nil
	}
	if s, ok := tx.shared.chains[k]; ok {
		return s, nil
	}
	before, ok := tx.shared.heads[tx.coop]
	if !ok {
		var err error
		if before, err = tx.heads(); err != nil {
			return chainState{}, err
		}
		tx.shared.heads[tx.coop] = before
	}
	return before[name], nil
}

// heads reads the chains of the cooperative as the last commit left them.
func (tx *Tx) heads() (map[string]chainState, error) {
	all := map[string]chainState{}
	err := tx.peek(`SELECT name, seq, head FROM chain WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var name string
		var s chainState
		err := scan(&name, &s.seq, &s.head)
		all[name] = s
		return err
	})
	return all, err
}

func (tx *Tx) setHead(name string, s chainState) { tx.own.chains[takenKey{tx.coop, name}] = s }

type keptKey struct {
	coop int64
	key  string
}

// kept is an answer given under an idempotency key.
type kept struct {
	request []byte
	result  string
}

// Once returns the answer given before under the same key, if there is one; the same key with another request is
// refused. See [Tx.Keep].
func (tx *Tx) Once(key string, request []byte) (result string, done bool, err error) {
	if !tx.write {
		return "", false, errReadOnly
	}
	mine := keptKey{tx.coop, key}
	k, ok := tx.own.keys[mine]
	if !ok {
		if k, ok = tx.shared.keys[mine]; !ok {
			err = tx.peek(`SELECT request, result FROM idempotency WHERE coop_id = $1 AND key = $2`, []any{tx.coop, key}, func(scan func(...any) error) error {
				ok = true
				return scan(&k.request, &k.result)
			})
		}
	}
	if err != nil || !ok {
		return "", false, err
	}
	if string(k.request) != string(request) {
		return "", false, fault.New(fault.Conflict, "store.key_reused")
	}
	return k.result, true, nil
}

var insertKept = into("idempotency", "coop_id, key, at, request, result")

// Keep records the answer of an operation under its idempotency key.
func (tx *Tx) Keep(key string, request []byte, result string) error {
	if !tx.write {
		return errReadOnly
	}
	tx.own.keys[keptKey{tx.coop, key}] = kept{request, result}
	return tx.stage(insertKept, tx.coop, key, tx.now, request, result)
}
