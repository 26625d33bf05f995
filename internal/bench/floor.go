package bench

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	_ "modernc.org/sqlite" // the engine of the floor, as of the store
)

// The floor is no product: no rights, no chart, no periods, no audit. It bounds what the program can reach.

type floorLine struct {
	Account string `json:"account"`
	Section string `json:"section"`
	Debit   int64  `json:"debit"`
	Credit  int64  `json:"credit"`
}

type floorEntry struct {
	Date  string      `json:"date"`
	Ref   string      `json:"ref"`
	Lines []floorLine `json:"lines"`
}

type floorOrder struct {
	entries []floorEntry
	bodies  [][]byte // what the chain is made of
	first   int64
	last    []byte
	err     error
	done    chan struct{}
}

// floorBatch bounds the orders of one transaction, as the lane of the store does.
const floorBatch = 256

const floorSchema = `
CREATE TABLE entry (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, day TEXT NOT NULL, body BLOB NOT NULL, chain BLOB NOT NULL);
CREATE TABLE line (entry INTEGER NOT NULL, n INTEGER NOT NULL, account TEXT NOT NULL, section TEXT NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (entry, n)) WITHOUT ROWID;
CREATE TABLE balance (account TEXT NOT NULL, section TEXT NOT NULL, month TEXT NOT NULL, debit INTEGER NOT NULL, credit INTEGER NOT NULL, PRIMARY KEY (account, section, month)) WITHOUT ROWID`

// floor writes entries to a file of its own.
type floor struct {
	db     *sql.DB
	entry  *sql.Stmt
	line   *sql.Stmt
	moved  *sql.Stmt
	id     int64
	chain  [32]byte
	orders chan *floorOrder
}

// Floor serves "POST /entry" (one entry) and "POST /bulk" (a list, all or nothing) on a fresh SQLite file until ctx ends:
// JSON, a number without a gap, a chain of SHA-256, rows, running balances by account, section and month, one writer with
// group commit and synchronous=FULL. Bodies are those of the program's own API.
func Floor(ctx context.Context, addr, file string) error {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // thrown away
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, floorSchema); err != nil {
		return err
	}
	f := &floor{db: db, orders: make(chan *floorOrder, 4*floorBatch)}
	for text, s := range map[string]**sql.Stmt{
		"INSERT INTO entry VALUES (?, ?, ?, ?, ?)": &f.entry,
		"INSERT INTO line VALUES (?, ?, ?, ?, ?)":  &f.line,
		"INSERT INTO balance VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET debit = debit + excluded.debit, credit = credit + excluded.credit": &f.moved,
	} {
		if *s, err = db.PrepareContext(ctx, text); err != nil {
			return err
		}
	}
	go f.write(ctx)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("POST /entry", func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, false) })
	mux.HandleFunc("POST /bulk", func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, true) })
	s := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() }) // the clients are gone
	defer stop()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (f *floor) serve(w http.ResponseWriter, r *http.Request, bulk bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	o := &floorOrder{done: make(chan struct{})}
	if err == nil && bulk {
		var raw []json.RawMessage
		if err = json.Unmarshal(body, &raw); err == nil {
			for _, b := range raw {
				o.bodies = append(o.bodies, b)
			}
		}
	} else if err == nil {
		o.bodies = [][]byte{body}
	}
	for _, b := range o.bodies {
		var e floorEntry
		if err == nil {
			err = json.Unmarshal(b, &e)
		}
		var sum int64
		for _, l := range e.Lines {
			sum += l.Debit - l.Credit
		}
		if err == nil && (sum != 0 || len(e.Lines) == 0 || e.Ref == "") {
			err = errors.New("an entry balances and has a reference")
		}
		o.entries = append(o.entries, e)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	f.orders <- o
	<-o.done
	if o.err != nil {
		http.Error(w, o.err.Error(), http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"id":%d,"number":%d,"hash":"%x"}`, o.first, o.first, o.last)
}

// write commits what waits, batch after batch. An order that fails ends the program: it would be a defect of the bench.
func (f *floor) write(ctx context.Context) {
	for {
		var batch []*floorOrder
		select {
		case <-ctx.Done():
			return
		case o := <-f.orders:
			batch = append(batch, o)
		}
	more:
		for len(batch) < floorBatch {
			select {
			case o := <-f.orders:
				batch = append(batch, o)
			default:
				break more
			}
		}
		err := f.commit(ctx, batch)
		for _, o := range batch {
			o.err = err
			close(o.done)
		}
	}
}

func (f *floor) commit(ctx context.Context, batch []*floorOrder) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	id, chain := f.id, f.chain
	entry, line, moved := tx.StmtContext(ctx, f.entry), tx.StmtContext(ctx, f.line), tx.StmtContext(ctx, f.moved)
	for _, o := range batch {
		o.first = id + 1
		for i, e := range o.entries {
			id++
			h := sha256.New()
			h.Write(chain[:])
			h.Write(o.bodies[i])
			h.Sum(chain[:0])
			if _, err := entry.ExecContext(ctx, id, e.Ref, e.Date, o.bodies[i], chain[:]); err != nil {
				return err
			}
			for n, l := range e.Lines {
				if _, err := line.ExecContext(ctx, id, n+1, l.Account, l.Section, l.Debit-l.Credit); err != nil {
					return err
				}
				if _, err := moved.ExecContext(ctx, l.Account, l.Section, e.Date[:min(7, len(e.Date))], l.Debit, l.Credit); err != nil {
					return err
				}
			}
		}
		o.last = append([]byte(nil), chain[:]...)
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	f.id, f.chain = id, chain
	return nil
}
