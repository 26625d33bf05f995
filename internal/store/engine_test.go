package store_test

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
)

var ctx = context.Background()

// dump returns what the store holds.
func dump(t testing.TB, db *store.DB) map[string][]string {
	t.Helper()
	all, err := db.Dump(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same fails when two dumps differ, and says in which tables.
func same(t testing.TB, got, want map[string][]string) {
	t.Helper()
	for table := range maps.Keys(want) {
		if g, w := strings.Join(got[table], "\n"), strings.Join(want[table], "\n"); g != w {
			t.Errorf("table %s holds\n%s\nand not\n%s", table, g, w)
		}
	}
}

// A placeholder binds by its number, whatever the order of the text: every method passes the cooperative first.
func TestPlaceholdersBindByNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Write(t, db, 1, func(tx *store.Tx) error {
			if _, err := tx.Exec(`INSERT INTO counter (name, coop_id, next) VALUES ($2, $1, $3)`, int64(1), "first", int64(7)); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE counter SET next = $3 WHERE name = $2 AND coop_id = $1 AND next = $4`, int64(1), "first", int64(9), int64(7)); err != nil {
				return err
			}
			var next int64
			if found, err := tx.One(`SELECT next + $3 FROM counter WHERE name = $2 AND coop_id = $1 AND name = $2`, []any{int64(1), "first", int64(100)}, &next); err != nil || !found || next != 109 {
				t.Errorf("next %d, found %v, %v", next, found, err)
			}
			return nil
		})
	})
}

// Both engines report what went wrong in the same words.
func TestErrorsAreClassified(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		for _, c := range []struct {
			name string
			text string
			args []any
			kind fault.Kind
			key  string
		}{
			{"unique", `INSERT INTO section (coop_id, id, code, name) VALUES ($1, 99, '001', '')`, nil, fault.Conflict, "store.conflict"},
			{"foreign key", `INSERT INTO contract (coop_id, id, person_id, kind, start_day, end_day, term, fixed_cost, associate) VALUES ($1, 1, 999, '', '', '', 0, 0, 0)`, nil, fault.Conflict, "store.conflict"},
			{"null", `UPDATE section SET name = NULL WHERE coop_id = $1`, nil, fault.Conflict, "store.conflict"},
			{"defect", `SELECT nothing FROM section WHERE coop_id = $1`, nil, fault.Internal, ""},
			{"text in a number", `UPDATE activity SET reserve = $2 WHERE coop_id = $1`, []any{"abc"}, "", ""},
		} {
			err := db.Write(ctx, coop, func(tx *store.Tx) error {
				_, err := tx.Exec(c.text, append([]any{coop}, c.args...)...)
				return err
			})
			if err == nil {
				t.Errorf("%s: accepted", c.name)
			} else if c.kind != "" && fault.KindOf(err) != c.kind || c.key != "" && !store.IsFault(err, c.key) {
				t.Errorf("%s: %v is %s", c.name, err, fault.KindOf(err))
			}
		}
	})
}

// A write in a reading transaction is a defect that is told, and changes nothing.
func TestReadingDoorDoesNotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		before := dump(t, db)
		for name, fn := range map[string]func(*store.Tx) error{
			"direct": func(tx *store.Tx) error {
				_, err := tx.Exec(`DELETE FROM activity_share WHERE coop_id = $1`, coop)
				return err
			},
			"staged": func(tx *store.Tx) error { return tx.Audit(1, "x", "y", nil) },
			"sum": func(tx *store.Tx) error {
				tx.MoveTurnover(storetest.First, 1, "service", 1, 1, 1)
				return nil
			},
		} {
			if err := db.Read(ctx, coop, fn); err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
		same(t, dump(t, db), before)
	})
}

// A reading sees one state, whatever is committed beside it.
func TestReadingSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			first, err := tx.Persons()
			if err != nil {
				return err
			}
			first[0].LastName = "Autre"
			storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.SavePerson(&first[0]) })
			again, err := tx.Person(first[0].ID)
			if err == nil && again.LastName == "Autre" {
				t.Error("a change committed meanwhile is seen")
			}
			return err
		})
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			all, err := tx.Persons()
			if err == nil && all[0].LastName != "Autre" {
				t.Error("the next reading does not see the change")
			}
			return err
		})
	})
}

// A panic in one operation or reading is an error for its caller and nothing else.
func TestPanicIsAnError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		before := dump(t, db)
		for _, door := range []func(context.Context, int64, func(*store.Tx) error) error{db.Read, db.Write} {
			err := door(ctx, coop, func(tx *store.Tx) error {
				if _, err := tx.Persons(); err != nil {
					return err
				}
				var none map[string]int
				none["x"] = 1
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), "panic") || fault.KindOf(err) != fault.Internal {
				t.Errorf("%v", err)
			}
		}
		same(t, dump(t, db), before)
		storetest.Read(t, db, coop, func(tx *store.Tx) error { _, err := tx.Persons(); return err })
	})
}

// A request that was cut before its turn is not run; one that is running is carried to its end.
func TestCutRequests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		gone, cut := context.WithCancel(ctx)
		cut()
		err := db.Write(gone, coop, func(*store.Tx) error { t.Error("run"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		running, stop := context.WithCancel(ctx)
		if err := db.Write(running, coop, func(tx *store.Tx) error {
			stop()
			return tx.SetReserve(storetest.First, 123_00, storetest.Today)
		}); err != nil {
			t.Error(err)
		}
		reading, halt := context.WithCancel(ctx)
		if err := db.Read(reading, coop, func(tx *store.Tx) error {
			halt()
			a, err := tx.Activity(storetest.First)
			if err == nil && a.Reserve != 123_00 {
				t.Errorf("reserve %d", a.Reserve)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error { _, err := tx.Activity(storetest.First); return err })
	})
}

// A closed store answers instead of hanging.
func TestClosedStore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, err := store.Open(ctx, store.Options{URL: url, Now: func() time.Time { return storetest.Now }})
		if err != nil {
			t.Fatal(err)
		}
		coop := storetest.Coop(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, coop, func(*store.Tx) error { return nil }); fault.KindOf(err) != fault.Busy {
			t.Error(err)
		}
		if err := db.Read(ctx, coop, func(*store.Tx) error { return nil }); err == nil {
			t.Error("reading from a closed store")
		}
		again := storetest.Open(t, store.Options{URL: url})
		storetest.Read(t, again, coop, func(tx *store.Tx) error { _, err := tx.Activity(storetest.Second); return err })
	})
}

func TestAddressOfNoDatabase(t *testing.T) {
	for _, url := range []string{"", "essaim.db", "mysql://x", "sqlite:" + t.TempDir() + "/none/there/essaim.db", "postgres://nobody:hush@127.0.0.1:1/none?connect_timeout=2"} {
		_, err := store.Open(ctx, store.Options{URL: url})
		if err == nil {
			t.Errorf("%q opened", url)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("the password is told: %v", err)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func contains(s, part string) bool { return strings.Contains(s, part) }

// When the server was started again the connections are gone: who comes next is served all the same.
func TestServerStartedAgain(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.Postgres(t)})
	coop := storetest.Coop(t, db)
	cut := func() error {
		_, err := db.Owner().ExecContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		return err
	}
	readAll := func() { // as many at once as there are connections, so that each is used
		var wg, in sync.WaitGroup
		all := make(chan struct{})
		in.Add(4)
		for range 4 {
			wg.Go(func() {
				arrived := sync.OnceFunc(in.Done)
				defer arrived()
				if err := db.Read(ctx, coop, func(tx *store.Tx) error {
					arrived()
					<-all
					_, err := tx.Persons()
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		in.Wait()
		close(all)
		wg.Wait()
	}
	for range 2 {
		readAll()
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.Audit(0, "x", "", nil) })
		if err := cut(); err != nil {
			t.Fatal(err)
		}
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.Audit(0, "x", "", nil) })
		readAll()
	}
	// Cut in the middle, an operation is told so and leaves no trace.
	err := db.Write(ctx, coop, func(tx *store.Tx) error {
		if err := tx.SetReserve(storetest.First, 77_00, storetest.Today); err != nil {
			return err
		}
		if err := cut(); err != nil {
			return err
		}
		return tx.SetReserve(storetest.First, 78_00, storetest.Today)
	})
	if fault.KindOf(err) != fault.Busy {
		t.Errorf("%s: %v", fault.KindOf(err), err)
	}
	storetest.Read(t, db, coop, func(tx *store.Tx) error {
		a, err := tx.Activity(storetest.First)
		equal(t, a.Reserve, money.Cents(0))
		return err
	})
}
