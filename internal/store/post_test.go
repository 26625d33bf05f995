package store_test

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
)

type cell struct {
	section, year int64
	account       string
	period        int
}

// book is what the store should hold, kept by the shortest means: a list of entries.
type book struct {
	years   []ledger.FiscalYear
	entries []ledger.Entry
}

// balances adds up the entries. A year holds what the entries of the years before it leave.
func (b *book) balances() map[cell]money.Cents {
	sums := map[cell]money.Cents{}
	for _, e := range b.entries {
		for _, l := range e.Lines {
			for _, section := range []int64{0, l.Section} {
				for _, y := range b.years {
					switch {
					case y.Span.Contains(e.Date):
						sums[cell{section, y.ID, l.Account, y.Span.Period(e.Date)}] += l.Amount
					case y.Span.Start > e.Date && (l.Account[0] == '6' || l.Account[0] == '7' || l.Account[:3] == "186" || l.Account[:3] == "187"):
						sums[cell{section, y.ID, "120", 0}] += l.Amount
					case y.Span.Start > e.Date:
						sums[cell{section, y.ID, l.Account, 0}] += l.Amount
					}
				}
			}
		}
	}
	maps.DeleteFunc(sums, func(_ cell, v money.Cents) bool { return v == 0 })
	return sums
}

// items adds up what remains of each line with a third party.
func (b *book) items() map[ledger.ItemRef]money.Cents {
	rest := map[ledger.ItemRef]money.Cents{}
	for _, e := range b.entries {
		for _, l := range e.Lines {
			switch {
			case l.Third == 0:
			case l.Settles != ledger.ItemRef{}:
				rest[l.Settles] += l.Amount
			default:
				rest[ledger.ItemRef{Entry: e.ID, Line: l.N}] += l.Amount
			}
		}
	}
	maps.DeleteFunc(rest, func(_ ledger.ItemRef, v money.Cents) bool { return v == 0 })
	return rest
}

// kept reads the same from the store.
func kept(t *rapid.T, db *store.DB, coop int64) (sums map[cell]money.Cents, rest map[ledger.ItemRef]money.Cents, entries []ledger.Entry) {
	sums, rest = map[cell]money.Cents{}, map[ledger.ItemRef]money.Cents{}
	err := db.Read(ctx, coop, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		for _, y := range set.Years {
			all, err := tx.BalancesBySection(y.ID)
			if err != nil {
				return err
			}
			for section, balances := range all {
				for _, b := range balances {
					if b.Debit < 0 || b.Credit < 0 {
						t.Errorf("a negative side: %+v", b)
					}
					if b.Net() != 0 {
						sums[cell{section, y.ID, b.Account, b.Period}] = b.Net()
					}
				}
			}
		}
		items, err := tx.OpenItemsAll("")
		for _, i := range items {
			rest[i.Item] = i.Remaining
		}
		if err != nil {
			return err
		}
		return tx.EachEntry(0, func(e *ledger.Entry) error { entries = append(entries, *e); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums, rest, entries
}

// compare fails when the store and the list differ.
func (b *book) compare(t *rapid.T, db *store.DB, coop int64) {
	sums, rest, entries := kept(t, db, coop)
	if want := b.balances(); !maps.Equal(sums, want) {
		t.Fatalf("balances\n%v\nwant\n%v", sums, want)
	}
	if want := b.items(); !maps.Equal(rest, want) {
		t.Fatalf("open items\n%v\nwant\n%v", rest, want)
	}
	if len(entries) != len(b.entries) {
		t.Fatalf("%d entries, want %d", len(entries), len(b.entries))
	}
	var head []byte
	numbers := map[string]int64{}
	nets := map[int64]money.Cents{}
	for i, e := range entries {
		if fmt.Sprintf("%+v", e) != fmt.Sprintf("%+v", b.entries[i]) {
			t.Fatalf("entry\n%+v\nwant\n%+v", e, b.entries[i])
		}
		digest := e.Digest()
		head = ledger.Link(head, digest[:])
		if e.Seq != int64(i)+1 || !bytes.Equal(e.Hash, digest[:]) || !bytes.Equal(e.Chain, head) {
			t.Fatalf("entry %d: the chain does not hold", e.ID)
		}
		series := fmt.Sprint(e.Journal, e.Year)
		numbers[series]++
		if e.Number != numbers[series] {
			t.Fatalf("entry %d of %s has the number %d", e.ID, series, e.Number)
		}
		for _, l := range e.Lines {
			nets[l.Section] += l.Amount
		}
	}
	for section, net := range nets {
		if net != 0 {
			t.Fatalf("section %d does not balance: %s", section, net)
		}
	}
}

var accounts = []string{"411", "401", "512", "706", "707", "6063", "6411", "44571", "44566", "181", "186", "187", "120", "4191", "421"}

// After any sequence of entries, payments and reversals, across sections and years, refused or not, balances and open
// items equal the entries, also in the years that are opened afterwards, and the chain holds.
func TestBooksEqualTheEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		checks := flag.Lookup("rapid.checks").Value
		if was := checks.String(); db.Engine() == "postgres" && was == "100" { // each statement is a round trip there
			if err := checks.Set("30"); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = checks.Set(was) }() // it was accepted before
		}
		rapid.Check(t, func(t *rapid.T) {
			coop, thirds := fresh(t, db)
			b := &book{years: yearsOf(t, db, coop)}
			last := "2027"
			t.Repeat(map[string]func(*rapid.T){
				"post":    func(t *rapid.T) { b.post(t, db, coop, thirds) },
				"reverse": func(t *rapid.T) { b.reverse(t, db, coop) },
				"year": func(t *rapid.T) {
					if len(b.years) > 4 {
						return
					}
					if err := db.Write(ctx, coop, func(tx *store.Tx) error { _, err := tx.AddYear(storetest.Year(last)); return err }); err != nil {
						t.Fatal(err)
					}
					last = itoa(int64(len(b.years)) + 2026)
					b.years = yearsOf(t, db, coop)
				},
				"": func(t *rapid.T) {},
			})
			b.compare(t, db, coop)
		})
		clean(t, db) // every cooperative that the runs have left
	})
}

// fresh opens a cooperative for one run of a property and gives it third parties.
func fresh(t *rapid.T, db *store.DB) (coop int64, thirds map[ledger.ThirdKind]int64) {
	coop = storetest.Coop(t, db)
	thirds = map[ledger.ThirdKind]int64{}
	err := db.Write(ctx, coop, func(tx *store.Tx) error {
		worker, err := tx.WorkerOf(storetest.Person)
		if err != nil {
			return err
		}
		thirds[ledger.Worker] = worker.ID
		for _, kind := range []ledger.ThirdKind{ledger.Customer, ledger.Supplier} {
			third := ledger.Third{Kind: kind, Name: string(kind)}
			if err := tx.AddThird(&third); err != nil {
				return err
			}
			thirds[kind] = third.ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return coop, thirds
}

func yearsOf(t *rapid.T, db *store.DB, coop int64) (years []ledger.FiscalYear) {
	err := db.Read(ctx, coop, func(tx *store.Tx) error {
		s, err := tx.Settings()
		if err == nil {
			years = s.Years
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return years
}

// post draws an entry, sometimes a wrong one, sometimes one that settles what is open.
func (b *book) post(t *rapid.T, db *store.DB, coop int64, thirds map[ledger.ThirdKind]int64) {
	first, end := b.years[0].Span.Start, storetest.Today
	e := ledger.Entry{
		Journal: rapid.SampledFrom([]string{"VE", "BQ", "OD"}).Draw(t, "journal"), Ref: "P", By: 1,
		Date:  date.Day(rapid.IntRange(int(first), int(end)).Draw(t, "date")),
		Label: rapid.StringMatching(`[a-zé ]{0,12}[a-z]`).Draw(t, "label"),
	}
	var total money.Cents
	for range rapid.IntRange(1, 4).Draw(t, "lines") {
		l := ledger.Line{
			Account: rapid.SampledFrom(accounts).Draw(t, "account"),
			Section: rapid.SampledFrom([]int64{ledger.House, ledger.Mutual, storetest.First, storetest.Second}).Draw(t, "section"),
			Amount:  money.Cents(rapid.Int64Range(-50_000, 50_000).Draw(t, "amount")),
		}
		switch l.Account {
		case "411", "4191":
			l.Third, l.Due = thirds[ledger.Customer], e.Date+30
		case "401":
			l.Third = thirds[ledger.Supplier]
		case "421":
			l.Third = thirds[ledger.Worker]
		}
		if open := b.items(); l.Third != 0 && len(open) > 0 && rapid.Bool().Draw(t, "settles") {
			b.settle(t, &l, open)
		}
		total += l.Amount
		e.Lines = append(e.Lines, l)
		if other := map[string]string{"181": "181", "186": "187", "187": "186"}[l.Account]; other != "" && l.Amount != 0 && rapid.IntRange(0, 9).Draw(t, "halved") > 0 {
			e.Lines = append(e.Lines, ledger.Line{Account: other, Section: storetest.Second, Amount: -l.Amount})
			total -= l.Amount
		}
	}
	e.Lines = append(e.Lines, ledger.Line{Account: "471", Section: storetest.First, Amount: -total})
	if rapid.IntRange(0, 9).Draw(t, "wrong") == 0 {
		e.Lines[0].Amount++ // out of balance
	}
	b.try(t, db, coop, e)
}

// settle makes a line settle one of the open items, mostly within what remains of it.
func (b *book) settle(t *rapid.T, l *ledger.Line, open map[ledger.ItemRef]money.Cents) {
	for _, ref := range slices.SortedFunc(maps.Keys(open), func(a, b ledger.ItemRef) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Line, b.Line))
	}) {
		rest := open[ref]
		item := b.entries[ref.Entry-1].Lines[ref.Line-1]
		if item.Account == l.Account && item.Section == l.Section && item.Third == l.Third {
			l.Settles = ref
			l.Amount = -rest
			if part := money.Cents(rapid.Int64Range(1, 3).Draw(t, "part")); part > 1 {
				l.Amount = -(rest / part)
			}
			return
		}
	}
}

func (b *book) reverse(t *rapid.T, db *store.DB, coop int64) {
	if len(b.entries) == 0 {
		return
	}
	e := b.entries[rapid.IntRange(0, len(b.entries)-1).Draw(t, "entry")]
	if slices.ContainsFunc(b.entries, func(r ledger.Entry) bool { return r.Reverses == e.ID }) && rapid.IntRange(0, 4).Draw(t, "twice") > 0 {
		return // an entry is reversed once: seldom tried
	}
	r := e.Reversal(e.Date, "R", "annulation")
	r.By = 1
	b.try(t, db, coop, r)
}

// try posts an entry, in an operation that is sometimes refused afterwards, and adds it to the list when it was accepted.
func (b *book) try(t *rapid.T, db *store.DB, coop int64, e ledger.Entry) {
	refuse := rapid.IntRange(0, 9).Draw(t, "refused") == 0
	var posted ledger.Entry
	err := db.Write(ctx, coop, func(tx *store.Tx) error {
		posted = e
		posted.Lines = append([]ledger.Line(nil), e.Lines...)
		if err := tx.Post(&posted); err != nil {
			return err
		}
		if refuse {
			return errRefused
		}
		return nil
	})
	switch {
	case err == nil:
		b.entries = append(b.entries, posted)
	case errors.Is(err, errRefused):
	case fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.Conflict:
		t.Fatal(err)
	}
}

// The books of a year that is opened late hold what the years before it left: charges and income in the result of their
// section, the rest as it was; entries dated back into a year before still reach it.
func TestYearOpenedAfterEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		post := func(day string) {
			t.Helper()
			storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.Post(invoice(storetest.First, third, day, "x")) })
		}
		carried := func(section int64) (all []ledger.Balance) {
			t.Helper()
			storetest.Read(t, db, coop, func(tx *store.Tx) (err error) {
				all, err = tx.Balances(section, 3)
				return err
			})
			return all
		}
		post("2025-03-01")
		post("2026-03-01")
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			y, err := tx.AddYear(storetest.Year("2027"))
			equal(t, y.ID, int64(3))
			return err
		})
		want := func(section int64, n money.Cents) []ledger.Balance {
			return []ledger.Balance{
				{Year: 3, Section: section, Account: "120", Credit: n * 100_00},
				{Year: 3, Section: section, Account: "411", Debit: n * 120_00},
				{Year: 3, Section: section, Account: ledger.VATPending, Credit: n * 20_00},
			}
		}
		equal(t, carried(storetest.First), want(storetest.First, 2))
		equal(t, carried(0), want(0, 2))
		post("2025-12-31")
		equal(t, carried(storetest.First), want(storetest.First, 3))
		equal(t, carried(0), want(0, 3))
		equal(t, len(carried(storetest.Second)), 0)
		// A year opened before the others changes nothing in them, and its entries reach all of them.
		storetest.Write(t, db, coop, func(tx *store.Tx) error { _, err := tx.AddYear(storetest.Year("2024")); return err })
		equal(t, carried(0), want(0, 3))
		post("2024-06-01")
		equal(t, carried(0), want(0, 4))
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			all, err := tx.Balances(storetest.First, storetest.Year2025)
			equal(t, all[0], ledger.Balance{Year: storetest.Year2025, Section: storetest.First, Account: "120", Credit: 100_00})
			return err
		})
	})
}

// An entry in a closed month, outside every year or dated ahead is refused in words, and the books stay as they were.
func TestClosedMonths(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.SetClosedTo(storetest.Year2026, 10) })
		before := dump(t, db)
		for day, want := range map[string]struct {
			kind fault.Kind
			key  string
		}{
			"2026-10-31": {fault.Closed, "ledger.month_closed"}, "2026-11-23": {fault.Invalid, "ledger.date_ahead"}, "2027-01-01": {fault.Invalid, "ledger.date_ahead"}, "2024-12-31": {fault.Invalid, "ledger.date_outside"},
		} {
			isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.Post(invoice(storetest.First, third, day, "x")) }), want.kind, want.key)
		}
		same(t, dump(t, db), before)
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.Post(invoice(storetest.First, third, "2026-11-01", "x")) })
	})
}

// What stands between activities is nil for the house in each entry: an entry that leaves some is refused in words, and the
// books stay as they were.
func TestInternalAccountsAreNil(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		before := dump(t, db)
		post := func(lines ...ledger.Line) error {
			return db.Write(ctx, coop, func(tx *store.Tx) error {
				return tx.Post(&ledger.Entry{Journal: "OD", Date: storetest.Today, Ref: "X", Label: "x", Lines: slices.Clone(lines)})
			})
		}
		charge := ledger.Line{Account: "1861", Section: storetest.First, Amount: 10_00}
		isFault(t, post(charge, ledger.Line{Account: "758", Section: ledger.Mutual, Amount: -10_00}), fault.Invalid, "ledger.internal_open")
		isFault(t, post(ledger.Line{Account: "181", Section: storetest.First, Amount: 10_00}, ledger.Line{Account: "471", Section: ledger.Mutual, Amount: -10_00}), fault.Invalid, "ledger.liaison_open")
		same(t, dump(t, db), before)
		if err := post(charge, ledger.Line{Account: "187", Section: ledger.Mutual, Amount: -10_00}); err != nil {
			t.Fatal(err)
		}
		clean(t, db)
	})
}

// Sixty-four clients post at once: no hole, no refusal, and the chain follows.
func TestManyClientsPost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		_, third := customer(t, db, coop, storetest.First, "Durand")
		var wg sync.WaitGroup
		for c := range 64 {
			wg.Go(func() {
				for i := range 5 {
					err := db.Write(ctx, coop, func(tx *store.Tx) error {
						e := invoice(storetest.First, third, "2026-11-20", fmt.Sprint(c, i))
						e.Journal = []string{"VE", "OD"}[i%2]
						if c%3 == 0 { // some write directly too
							if err := tx.AddFile(fmt.Sprintf("%064d", c*10+i), "", "", 0); err != nil {
								return err
							}
						}
						return tx.Post(e)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			n := 0
			err := tx.EachEntry(0, func(*ledger.Entry) error { n++; return nil })
			equal(t, n, 320)
			return err
		})
		clean(t, db)
	})
}
