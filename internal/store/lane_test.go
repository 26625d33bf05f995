package store_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/sale"
)

// inOneBatch runs operations in one transaction, in their order: the lane is held while they join the line. It returns
// their errors.
func inOneBatch(t *testing.T, db *store.DB, coop int64, ops []func(*store.Tx) error) []error {
	t.Helper()
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = db.Write(ctx, coop, func(*store.Tx) error { close(held); <-hold; return errors.New("only held the lane") })
	})
	<-held
	errs := make([]error, len(ops))
	for i, op := range ops {
		wg.Go(func() { errs[i] = db.Write(ctx, coop, op) })
		for db.Waiting(coop) != i+1 {
			runtime.Gosched()
		}
	}
	close(hold)
	wg.Wait()
	return errs
}

// invoice is a small sales entry: 120.00 to a customer of the activity.
func invoice(section, third int64, day, label string) *ledger.Entry {
	d := date.MustParse(day)
	return &ledger.Entry{Journal: ledger.JournalSales, Date: d, Ref: "F", Label: label, By: storetest.Person, Lines: []ledger.Line{
		{Account: ledger.Customers, Section: section, Third: third, Due: d + 30, Amount: 120_00},
		{Account: "706", Section: section, Amount: -100_00, Tax: "S20"},
		{Account: ledger.VATPending, Section: section, Amount: -20_00, Tax: "S20"},
	}}
}

// customer adds a customer and returns its third party.
func customer(t testing.TB, db *store.DB, coop, activity int64, name string) (id, third int64) {
	t.Helper()
	c := sale.Customer{Activity: activity, Kind: sale.Consumer, Name: name}
	storetest.Write(t, db, coop, func(tx *store.Tx) error { c.ID = 0; return tx.SaveCustomer(&c) })
	return c.ID, c.Third
}

type namedOp struct {
	name string
	bad  bool
	fn   func(*store.Tx) error
}

var errRefused = errors.New("refused")

// neighbours are operations of every kind: that only stage, that write directly, that fail in every way.
func neighbours(third int64) []namedOp {
	post := func(label string) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.Post(invoice(storetest.First, third, "2026-11-20", label)) }
	}
	reserve := func(n int64) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			a, err := tx.Activity(storetest.Second)
			if err != nil {
				return err
			}
			return tx.SetReserve(storetest.Second, a.Reserve*10+2, date.Day(20000+n))
		}
	}
	then := func(fns ...func(*store.Tx) error) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			for _, fn := range fns {
				if err := fn(tx); err != nil {
					return err
				}
			}
			return nil
		}
	}
	mail := func(id int64) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.Stage(store.StageMail, tx.Coop(), id, int64(0), "", "", "", "", "", "", int64(0), int64(0))
		}
	}
	return []namedOp{
		{"stages", false, post("one")},
		{"refused after staging", true, then(post("lost"), func(*store.Tx) error { return errRefused })},
		{"writes", false, then(reserve(1), post("two"))},
		{"refused after writing", true, then(reserve(9), post("lost"), func(*store.Tx) error { return errRefused })},
		{"stages after a refusal", false, post("three")},
		{"panic after staging", true, then(post("lost"), func(*store.Tx) error { panic("defect") })},
		{"a query that does not exist, before any write", true, func(tx *store.Tx) error {
			var n int
			_, err := tx.One(`SELECT nothing FROM stamp WHERE coop_id = $1`, []any{tx.Coop()}, &n)
			return err
		}},
		{"stages after a defect", false, then(post("four"), mail(1001))},
		{"panic after writing", true, then(reserve(9), func(*store.Tx) error { panic("defect") })},
		{"the same row staged again", true, then(post("lost"), mail(1001))},
		{"a child before its parents", true, func(tx *store.Tx) error { return tx.AddEvent(999, "x", "", 0, 0, "") }},
		{"a foreign key that fails", true, then(post("lost"), func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO contract (coop_id, id, person_id, kind, start_day, end_day, term, fixed_cost, associate) VALUES ($1, 1, 999, '', '', '', 0, 0, 0)`, tx.Coop())
			return err
		})},
		{"a division by zero", true, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE activity SET reserve = 1 / (reserve - reserve), name = NULL WHERE coop_id = $1`, tx.Coop())
			return err
		}},
		{"writes at the end", false, then(reserve(2), post("five"))},
		{"an entry out of balance", true, func(tx *store.Tx) error {
			e := invoice(storetest.First, third, "2026-11-20", "lost")
			e.Lines[1].Amount++
			return tx.Post(e)
		}},
		{"stages last", false, post("six")},
	}
}

// Operations share a transaction; those that fail leave nothing and do not hurt the others: the store is, to the byte, as
// if they had never been sent.
func TestFailingNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		var all []func(*store.Tx) error
		for _, op := range neighbours(third) {
			all = append(all, op.fn)
		}
		for i, err := range inOneBatch(t, db, coop, all) {
			if op := neighbours(third)[i]; (err != nil) != op.bad {
				t.Errorf("%s: %v", op.name, err)
			}
		}
		alone := storetest.Open(t, store.Options{URL: another(t, db)})
		storetest.Coop(t, alone)
		customer(t, alone, coop, storetest.First, "Durand")
		for _, op := range neighbours(third) {
			if !op.bad {
				storetest.Write(t, alone, coop, op.fn)
			}
		}
		same(t, dump(t, db), dump(t, alone))
		clean(t, db)
	})
}

// another returns the address of one more database of the same engine.
func another(t *testing.T, db *store.DB) string {
	if db.Engine() == "sqlite" {
		return storetest.SQLite(t)
	}
	return storetest.Postgres(t)
}

// clean fails when verify finds something.
func clean(t testing.TB, db *store.DB) {
	t.Helper()
	found, err := db.Verify(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %+v", f)
	}
}

// Each operation that fails leaves no trace when it is alone either: no row, no balance, no number, no id taken.
func TestFailingAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			return tx.Stage(store.StageMail, coop, int64(1001), int64(0), "", "", "", "", "", "", int64(0), int64(0))
		})
		before := dump(t, db)
		for _, op := range neighbours(third) {
			if op.bad {
				if err := db.Write(ctx, coop, op.fn); err == nil {
					t.Errorf("%s: accepted", op.name)
				}
				same(t, dump(t, db), before)
			}
		}
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			e := invoice(storetest.First, third, "2026-11-20", "first")
			if err := tx.Post(e); err != nil {
				return err
			}
			if e.ID != 1 || e.Number != 1 {
				t.Errorf("the first entry is %d, number %d", e.ID, e.Number)
			}
			return nil
		})
	})
}

// What waits together is committed together.
func TestGroupCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		batches := map[any]int{}
		ops := make([]func(*store.Tx) error, 40)
		for i := range ops {
			ops[i] = func(tx *store.Tx) error {
				batches[tx.Batch()]++ // the lane is one goroutine
				return tx.Audit(0, "n", strconv.Itoa(i), nil)
			}
		}
		for _, err := range inOneBatch(t, db, coop, ops) {
			if err != nil {
				t.Error(err)
			}
		}
		if len(batches) != 1 {
			t.Errorf("%d transactions: %v", len(batches), batches)
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			all, err := tx.Audits(store.AuditFilter{Limit: 100})
			for i, a := range slices.Backward(all) {
				if want := strconv.Itoa(len(all) - 1 - i); a.Subject != want {
					t.Errorf("%s and not %s", a.Subject, want)
				}
			}
			return err
		})
	})
}

// An operation reads what it wrote and what its neighbours before it wrote, staged or not.
func TestOperationsSeeWhatCameBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		balance := func(tx *store.Tx, want int64) {
			t.Helper()
			all, err := tx.Balances(storetest.First, storetest.Year2026)
			if err != nil {
				t.Error(err)
			}
			for _, b := range all {
				if b.Account == ledger.Customers && int64(b.Debit) != want {
					t.Errorf("balance %d and not %d", b.Debit, want)
				}
			}
			if len(all) == 0 && want != 0 {
				t.Errorf("no balance, want %d", want)
			}
		}
		var ops []func(*store.Tx) error
		for i := range 3 {
			ops = append(ops, func(tx *store.Tx) error {
				balance(tx, int64(i)*240_00)
				for k := range 2 {
					if err := tx.Post(invoice(storetest.First, third, "2026-11-20", fmt.Sprint(i, k))); err != nil {
						return err
					}
					balance(tx, int64(i)*240_00+int64(k+1)*120_00)
				}
				items, err := tx.OpenItems(storetest.First, ledger.Customers)
				if err == nil && len(items) != 2*i+2 {
					t.Errorf("%d open items", len(items))
				}
				return err
			})
		}
		for _, err := range inOneBatch(t, db, coop, ops) {
			if err != nil {
				t.Error(err)
			}
		}
		clean(t, db)
	})
}

// Settings that an operation changed and that were rolled back are not remembered.
func TestSettingsOfARefusedChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		account := func(code string, end error) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				if err := tx.AddAccount(ledger.Account{Code: code, Label: code}); err != nil {
					return err
				}
				s, err := tx.Settings()
				if err != nil {
					return err
				}
				if _, ok := s.Chart[code]; !ok {
					t.Errorf("%s is not seen by who added it", code)
				}
				return end
			}
		}
		knows := func(tx *store.Tx, code string, want bool) error {
			s, err := tx.Settings()
			if err == nil {
				if _, ok := s.Chart[code]; ok != want {
					t.Errorf("%s known: %v", code, ok)
				}
			}
			return err
		}
		// The last operation's staged rows make the whole transaction fail: the others are run again, each alone.
		errs := inOneBatch(t, db, coop, []func(*store.Tx) error{
			account("6091", nil),
			func(tx *store.Tx) error { return knows(tx, "6091", true) },
			account("6092", errRefused),
			func(tx *store.Tx) error { return errors.Join(knows(tx, "6091", true), knows(tx, "6092", false)) },
			func(tx *store.Tx) error { return tx.AddEvent(999, "x", "", 0, 0, "") },
		})
		for i, err := range errs {
			if (err != nil) != (i == 2 || i == 4) {
				t.Errorf("%d: %v", i, err)
			}
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error { return errors.Join(knows(tx, "6091", true), knows(tx, "6092", false)) })
		storetest.Write(t, db, coop, account("6093", nil))
		storetest.Read(t, db, coop, func(tx *store.Tx) error { return knows(tx, "6093", true) })

		// Run again, an operation does something else: what a neighbour read the first time was never true.
		runs := 0
		errs = inOneBatch(t, db, coop, []func(*store.Tx) error{
			func(tx *store.Tx) error { runs++; return account([]string{"6094", "6095"}[min(runs, 2)-1], nil)(tx) },
			func(tx *store.Tx) error { _, err := tx.Settings(); return err },
			func(tx *store.Tx) error { return tx.AddEvent(999, "x", "", 0, 0, "") },
		})
		if errs[0] != nil || errs[1] != nil || errs[2] == nil || runs != 2 {
			t.Errorf("%v after %d runs", errs, runs)
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error { return errors.Join(knows(tx, "6094", false), knows(tx, "6095", true)) })
	})
}

// Numbers have no hole, whatever is refused, under sixteen clients; numbers follow the days.
func TestNumbersWithoutHole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		const clients, each = 16, 20
		given := make(chan int64, clients*each)
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					refuse, panics := (c+i)%5 == 1, (c+i)%7 == 2
					var n int64
					err := db.Write(ctx, coop, func(tx *store.Tx) (err error) {
						if n, err = tx.NextNumber("invoice/2026", storetest.Today); err != nil {
							return err
						}
						switch {
						case refuse:
							return errRefused
						case panics:
							panic("defect")
						}
						return tx.Audit(0, "numbered", strconv.FormatInt(n, 10), nil)
					})
					switch {
					case err == nil:
						given <- n
					case !refuse && !panics:
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		close(given)
		var all []int64
		for n := range given {
			all = append(all, n)
		}
		slices.Sort(all)
		for i, n := range all {
			if n != int64(i)+1 {
				t.Fatalf("number %d stands at %d", n, i+1)
			}
		}
		err := db.Write(ctx, coop, func(tx *store.Tx) error {
			_, err := tx.NextNumber("invoice/2026", storetest.Today-1)
			return err
		})
		if fault.KindOf(err) != fault.Conflict || !store.IsFault(err, "store.number_back") {
			t.Errorf("a number goes back in days: %v", err)
		}
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			n, err := tx.NextNumber("invoice/2026", storetest.Today+1)
			if n != int64(len(all))+1 {
				t.Errorf("after a refusal comes %d", n)
			}
			return err
		})
	})
}

// Two stores on the same database (a server and the command line) share the numbers, the chain and the settings.
func TestTwoProgramsOnOneDatabase(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		a, b := storetest.Open(t, store.Options{URL: url}), storetest.Open(t, store.Options{URL: url})
		coop := storetest.Coop(t, a)
		_, third := customer(t, a, coop, storetest.First, "Durand")
		var wg sync.WaitGroup
		for _, db := range []*store.DB{a, b, a, b} {
			wg.Go(func() {
				for range 15 {
					if err := db.Write(ctx, coop, func(tx *store.Tx) error {
						return tx.Post(invoice(storetest.First, third, "2026-11-20", "shared"))
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		clean(t, a)
		storetest.Write(t, b, coop, func(tx *store.Tx) error { return tx.AddAccount(ledger.Account{Code: "6091", Label: "X"}) })
		storetest.Read(t, a, coop, func(tx *store.Tx) error {
			s, err := tx.Settings()
			if err == nil && s.Chart["6091"].Label != "X" {
				t.Error("the change of the other program is not seen")
			}
			return err
		})
	})
}

// The hook of a name is called after the commit, once for a transaction, and not when nothing was committed.
func TestWakeAfterCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		calls := 0
		db.OnCommit("jobs", func() { calls++ })
		if err := db.Write(ctx, coop, func(tx *store.Tx) error { tx.Wake("jobs"); return errRefused }); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		if calls != 0 {
			t.Error("called without a commit")
		}
		op := func(tx *store.Tx) error { _, err := tx.AddJob("x", nil, 0); return err }
		for _, err := range inOneBatch(t, db, coop, []func(*store.Tx) error{op, op, op}) {
			if err != nil {
				t.Error(err)
			}
		}
		if calls != 1 {
			t.Errorf("called %d times", calls)
		}
	})
}

// A request repeated under its key is answered as the first time and does nothing; another request under it is refused; a
// refused one leaves its key free.
func TestIdempotencyKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		request := []byte("sha-256 of the request")
		double := func(key string, request []byte, refused error) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				result, done, err := tx.Once(key, request)
				if err != nil {
					return err
				}
				if done {
					if result != "42" {
						t.Errorf("answer %q", result)
					}
					return nil
				}
				if err := tx.Audit(0, "done", key, nil); err != nil {
					return err
				}
				if err := tx.Keep(key, request, "42"); err != nil {
					return err
				}
				return refused
			}
		}
		if err := db.Write(ctx, coop, double("a", request, errRefused)); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		errs := inOneBatch(t, db, coop, []func(*store.Tx) error{
			double("a", request, nil), double("a", request, nil), double("a", []byte("another"), nil), double("b", request, nil),
		})
		for i, err := range errs {
			if i == 2 != store.IsFault(err, "store.key_reused") || i != 2 && err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		storetest.Write(t, db, coop, double("a", request, nil))
		if err := db.Write(ctx, coop, double("b", []byte("another"), nil)); fault.KindOf(err) != fault.Conflict {
			t.Error(err)
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			all, err := tx.Audits(store.AuditFilter{Action: "done"})
			if err == nil && len(all) != 2 {
				t.Errorf("done %d times", len(all))
			}
			return err
		})
		other := storetest.Coop(t, db)
		storetest.Write(t, db, other, double("a", []byte("of another cooperative"), nil))
	})
}

// A reader who kept something under the number of [store.Tx.Written] knows whether it still holds.
func TestWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop, other := storetest.Coop(t, db), storetest.Coop(t, db)
		written := func() (n int64) {
			storetest.Read(t, db, coop, func(tx *store.Tx) (err error) { n, err = tx.Written(); return err })
			return n
		}
		before := written()
		storetest.Write(t, db, other, func(tx *store.Tx) error { return tx.Audit(1, "test", "", nil) })
		if err := db.Write(ctx, coop, func(tx *store.Tx) error { return errors.Join(tx.Audit(1, "test", "", nil), errRefused) }); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		equal(t, written(), before)
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.Audit(1, "test", "", nil) })
		if now := written(); now <= before {
			t.Errorf("%d after %d", now, before)
		}
		before = written()
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.SetReserve(storetest.First, 100_00, storetest.Today) })
		if now := written(); now <= before {
			t.Errorf("%d after %d", now, before)
		}
	})
}
