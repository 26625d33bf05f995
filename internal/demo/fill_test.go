package demo_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to write a file whole, beside the store

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/format/fec"
	"essaim/internal/demo"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

var today = date.MustParse("2026-11-22")

// filled is a cooperative filled in a store.
type filled struct {
	*office.Office
	t      *testing.T
	db     *store.DB
	clock  *demo.Clock
	result demo.Result
	system access.Actor
}

func fill(t *testing.T, address string, opt demo.Options) filled {
	t.Helper()
	clock := demo.NewClock()
	db := storetest.Open(t, store.Options{URL: address, Now: clock.Now, Filling: true})
	files, err := store.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	opt.Clock = clock
	if opt.Today == 0 {
		opt.Today = today
	}
	o := office.New(db, files, office.Options{PublicURL: "http://localhost", Mail: demo.Outbox{}})
	began := time.Now()
	r, err := demo.Fill(t.Context(), o, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %+v in %v", db.Engine(), r.Counts, time.Since(began).Round(time.Millisecond))
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	clock.Stay(opt.Today, zone)
	f := filled{o, t, db, clock, r, access.Actor{}}
	if f.system, err = o.System(t.Context(), r.Coop.ID); err != nil {
		t.Fatal(err)
	}
	return f
}

// books checks that everything agrees, and returns the digest of every year's FEC and side file.
func (f filled) books() map[string]string {
	f.t.Helper()
	ctx := f.t.Context()
	found, err := f.db.Verify(ctx)
	must(f.t, err)
	for _, each := range found {
		f.t.Errorf("verify: %s %v", each.Key, each.Args)
	}
	set, _, err := f.Settings(ctx, f.system)
	must(f.t, err)
	sums := map[string]string{}
	for _, y := range set.Years {
		var file, side bytes.Buffer
		must(f.t, f.ExportFEC(ctx, f.system, y.ID, false, &file, &side))
		name := office.FECName(set, y)
		sum, err := fec.Check(bytes.NewReader(file.Bytes()), fec.Options{Name: name}, func(x fec.Finding) { f.t.Errorf("%s: %+v", name, x) })
		must(f.t, err)
		if !sum.Clean(true) {
			f.t.Errorf("%s: %+v", name, sum)
		}
		for suffix, b := range map[string][]byte{"": file.Bytes(), " sections": side.Bytes()} {
			h := sha256.Sum256(b)
			sums[name+suffix] = hex.EncodeToString(h[:])
		}
		rows, err := f.BySection(ctx, f.system, y.ID, len(y.Span.Months()))
		must(f.t, err)
		for _, r := range rows {
			if r.Sum != 0 {
				f.t.Errorf("%s: the analytic balance of %s is %s", name, r.Section.Code, r.Sum)
			}
		}
	}
	house, err := f.House(ctx, f.system)
	must(f.t, err)
	if p := house.House.Proof; !p.Right || !p.Covered {
		f.t.Errorf("proofs of the house: %+v", p)
	}
	return sums
}

// TestSmall fills three times: twice on a file, once on the other engine. The books are right and the same everywhere, the
// two files are the same to the byte, and the story is there.
func TestSmall(t *testing.T) {
	first, second := storetest.SQLite(t), storetest.SQLite(t)
	f := fill(t, first, demo.Options{Seed: 1})
	again := fill(t, second, demo.Options{Seed: 1})
	// Before anything is asked of them: who takes the books out stands in the log with the time of day.
	if a, b := tables(t, first), tables(t, second); !maps.Equal(a, b) {
		for name := range a {
			if a[name] != b[name] {
				t.Errorf("table %s differs", name)
			}
		}
	}
	if a, b := vacuumed(t, first), vacuumed(t, second); !bytes.Equal(a, b) {
		t.Errorf("the same seed and day, other bytes: %d and %d", len(a), len(b))
	} else {
		t.Logf("%d bytes", len(a))
	}
	sums := f.books()
	f.told()
	f.apart()
	f.opens()
	if got := again.books(); !maps.Equal(got, sums) {
		t.Errorf("the same seed and day, other books:\n%v\n%v", sums, got)
	}

	other := fill(t, storetest.Postgres(t), demo.Options{Seed: 1})
	if got := other.books(); !maps.Equal(got, sums) {
		t.Errorf("PostgreSQL has other books:\n%v\n%v", sums, got)
	}
	other.apart()
}

// TestAnyDay: a demonstration is begun on any day, by any chance. In the middle of a year, on its last and its first day,
// and on the day that most years have not, everyone gets in, the story is there and the books are right.
func TestAnyDay(t *testing.T) {
	for i, day := range []string{"2026-05-01", "2026-12-31", "2027-01-01", "2028-02-29"} {
		t.Run(day, func(t *testing.T) {
			f := fill(t, storetest.SQLite(t), demo.Options{Seed: uint64(i + 2), Today: date.MustParse(day)})
			f.books()
			f.told()
		})
	}
}

// told checks that what a visitor is promised is there.
func (f filled) told() {
	t, ctx := f.t, f.t.Context()
	t.Helper()
	if f.result.People != 40 || f.result.Activities != 30 {
		t.Errorf("%d people, %d activities", f.result.People, f.result.Activities)
	}
	v, err := f.House(ctx, f.system)
	must(t, err)
	fine := 0
	for _, r := range v.House.Rows {
		if r.Available > 0 {
			fine++
		}
		switch r.Code {
		case "014":
			if r.Cash >= 0 {
				t.Errorf("the account of %s stands at %s", r.Name, r.Cash)
			}
		case "013":
			// But the contribution of a month under CAPE, once its pay is made: a few euros that nothing covers yet.
			owes := func(a activity.Alert) bool { return a.Key == "activity.alert.short" && a.Amount < 5_00 }
			if r.Cash != 0 || r.Sales != 0 || slices.ContainsFunc(r.Alerts, func(a activity.Alert) bool { return !owes(a) }) {
				t.Errorf("the new arrival has something: %+v", r)
			}
		}
	}
	if fine < 15 {
		t.Errorf("only %d accounts have something to pay", fine)
	}
	months, err := f.PayMonths(ctx, f.system)
	must(t, err)
	for _, m := range months.Months {
		if done := m.Locked && m.Unpaid+m.Prepared+m.Drafts == 0 && m.Issued > 0; m.Month < f.system.Today.Month() && !done {
			t.Errorf("the pay of %s: %+v", m.Month, m)
		}
	}
	f.documents()
	f.payments()
	f.roles()
}

// documents: one in every state, late ones, and something at the desk for each reason.
func (f filled) documents() {
	t, ctx := f.t, f.t.Context()
	late := map[int]bool{}
	states := map[string]int{}
	reasons := map[string]int{}
	kinds := map[sale.CustomerKind]int{}
	for _, kind := range []sale.Kind{sale.Quote, sale.Invoice, sale.CreditNote} {
		rows, _, err := f.Sales(ctx, f.system, store.SaleFilter{Kind: kind, Limit: 5000})
		must(t, err)
		for _, r := range rows {
			state := r.State(f.system.Today)
			states[string(kind)+" "+state]++
			if state == "overdue" {
				late[int(f.system.Today-r.Due)] = true
			}
			if r.Status == sale.Submitted {
				reasons[r.ReadRule]++
			}
			if r.Customer != 0 {
				c, err := f.Customer(ctx, f.system, r.Customer)
				must(t, err)
				kinds[c.Kind]++
			}
		}
	}
	for _, days := range []int{12, 45, 92} {
		if !late[days] {
			t.Errorf("nobody is %d days late: %v", days, slices.Sorted(maps.Keys(late)))
		}
	}
	for _, want := range []string{
		"quote draft", "quote validated", "quote sent", "quote accepted", "quote refused", "quote expired",
		"invoice draft", "invoice submitted", "invoice returned", "invoice sent", "invoice overdue", "invoice partly", "invoice paid", "credit submitted", "credit validated",
	} {
		if states[want] == 0 {
			t.Errorf("no %s among %v", want, states)
		}
	}
	for _, want := range []string{"sale.read.cape", "sale.read.exempt", "sale.read.foreign", "sale.read.above", "sale.read.new_customer", "sale.read.credit_above"} {
		if reasons[want] == 0 {
			t.Errorf("nothing at the desk for %s: %v", want, reasons)
		}
	}
	for _, k := range sale.CustomerKinds() {
		if kinds[k] == 0 {
			t.Errorf("no customer of kind %s", k)
		}
	}
}

// payments: one kept as an advance, one reassigned, several means.
func (f filled) payments() {
	t := f.t
	all, err := f.Payments(t.Context(), f.system, store.PaymentFilter{Limit: 5000})
	must(t, err)
	means := map[sale.Means]bool{}
	var excess money.Cents
	reversed := 0
	for _, p := range all {
		means[p.Means] = true
		excess += p.Excess
		if p.Reversed != 0 {
			reversed++
		}
	}
	if excess != 30_00 || reversed != 1 || len(means) < 4 {
		t.Errorf("advance %s, reversed %d, means %v", excess, reversed, means)
	}
}

// roles: everyone of the list gets in as who they are said to be.
func (f filled) roles() {
	t, ctx := f.t, f.t.Context()
	for _, l := range demo.Logins() {
		var id int64
		must(t, f.db.Read(ctx, 0, func(tx *store.Tx) error {
			login, ok, err := tx.LoginByEmail(l.Email)
			if !ok {
				t.Errorf("no login %s", l.Email)
			}
			id = login.ID
			return err
		}))
		a, err := f.ActorIn(ctx, f.result.Coop.ID, id)
		must(t, err)
		if a.Name != l.Name || !slices.ContainsFunc(a.Roles, func(r member.Role) bool { return r.Label() == l.Role }) {
			t.Errorf("%s is %s, %v", l.Email, a.Name, a.Roles)
		}
	}
}

// tables returns the digest of every row of every table.
func tables(t *testing.T, address string) map[string]string {
	t.Helper()
	db := open(t, address)
	var names []string
	rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	must(t, err)
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	sums := map[string]string{}
	for _, name := range names {
		rows, err := db.Query(`SELECT * FROM ` + name)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		h, n := sha256.New(), 0
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			must(t, rows.Scan(into...))
			fmt.Fprintf(h, "%v\n", values)
			n++
		}
		must(t, rows.Err())
		sums[name] = fmt.Sprintf("%d rows, %x", n, h.Sum(nil))
	}
	if len(sums) < 30 {
		t.Fatalf("only %d tables", len(sums))
	}
	return sums
}

// vacuumed returns the bytes of the file, written anew without what its pages held before.
func vacuumed(t *testing.T, address string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "whole.db")
	_, err := open(t, address).Exec(`VACUUM INTO '` + name + `'`)
	must(t, err)
	b, err := os.ReadFile(name)
	must(t, err)
	return b
}

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(address, "sqlite:"))
	must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
