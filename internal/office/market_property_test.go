package office_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// TestAnyMarket draws sequences of what brings money in: takings made, undone and made again, movements of the till,
// payouts of cards, cheques announced and taken to the bank, invoices paid and payments that come back, over days that
// close. The till never holds less than nothing; once all is closed, the totals of days, months and years are the sum of
// the payments and takings that stand, counted one by one; and whatever column of whatever closing or record of the
// register is changed, verify finds it.
func TestAnyMarket(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		m := &markets{address: address}
		m.db = storetest.Open(t, store.Options{URL: address, Now: func() time.Time { return m.now }})
		files, err := store.OpenFiles(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, files.Close()) })
		m.raw(t)
		rounds(t, m.db, 20, 8)
		rapid.Check(t, func(rt *rapid.T) {
			m.now = storetest.Now
			h := &dated{house: furnish(t, m.db, files), now: m.now}
			s := &stall{sequence: &sequence{house: h.house, t: t, rt: rt}, dated: h, m: m}
			s.buyer = s.sequence.customer(t)
			s.day = storetest.Today
			for range rapid.IntRange(6, 20).Draw(rt, "steps") {
				s.step()
				s.tillHolds()
			}
			s.closed()
			s.tampered()
		})
		untouched(t, m.db)
	})
}

// markets is what all runs share.
type markets struct {
	address string
	db      *store.DB
	now     time.Time
	direct  *sql.DB
}

// raw opens the database beside the program.
func (m *markets) raw(t *testing.T) {
	t.Helper()
	driver, address := "sqlite", strings.TrimPrefix(m.address, "sqlite:")
	if m.db.Engine() == "postgres" {
		driver, address = "pgx", m.address
	}
	direct, err := sql.Open(driver, address)
	must(t, err)
	m.direct = direct
	t.Cleanup(func() { must(t, direct.Close()) })
}

// stall is one run.
type stall struct {
	*sequence
	dated   *dated
	m       *markets
	day     date.Day
	records []int64
}

func (s *stall) cents(name string, most money.Cents) money.Cents {
	return money.Cents(rapid.Int64Range(0, int64(most)).Draw(s.rt, name))
}

func (s *stall) step() {
	ctx, h, first := s.t.Context(), s.dated, int64(storetest.First)
	noted := func(r sale.Record, err error) {
		if s.allow(err); err == nil {
			s.records = append(s.records, r.ID)
		}
	}
	when := s.day - date.Day(rapid.IntRange(0, 2).Draw(s.rt, "ago"))
	switch rapid.SampledFrom([]string{"taking", "taking", "taking", "again", "undo", "till", "till", "payout", "remit", "announce", "invoice", "pay", "unpay", "credit", "later", "later"}).Draw(s.rt, "deed") {
	case "taking":
		noted(h.SaveTaking(ctx, h.ada, first, when, s.taking(), ""))
	case "again":
		if id, ok := pick(s.rt, s.records); ok {
			noted(h.RedoTaking(ctx, h.ada, id, first, when, s.taking(), ""))
		}
	case "undo":
		if id, ok := pick(s.rt, s.records); ok {
			s.allow(h.UndoRecord(ctx, h.gestionary, id))
		}
	case "till":
		move := sale.TillMove{Kind: rapid.SampledFrom(sale.TillKinds()).Draw(s.rt, "kind"), Amount: s.cents("moved", 120_00)}
		if move.Kind == sale.TillCount {
			move.Counted, move.Amount, move.Word = move.Amount, 0, "compté"
		}
		noted(h.MoveTill(ctx, h.ada, first, when, move, ""))
	case "payout":
		p := sale.Payout{Acquirer: "SumUp", How: sale.FeeExempt, Fee: s.cents("fee", 2_00), Parts: []sale.PayoutPart{{Activity: first, Card: 2_00 + s.cents("cards", 100_00)}}}
		p.Net = p.Gross() - p.Fee
		noted(h.SavePayout(ctx, h.gestionary, when, p, ""))
	case "remit":
		desk, err := h.CashDesk(ctx, h.gestionary)
		must(s.t, err)
		noted(h.Remit(ctx, h.gestionary, s.day, desk.Loose, "", ""))
	case "announce":
		_, err := h.Announce(ctx, h.ada, store.Announcement{Activity: first, Means: "cheque", Amount: 1 + s.cents("announced", 100_00), Day: s.day, Word: "de Rose"}, "")
		s.allow(err)
	case "invoice":
		s.write()
	case "pay":
		s.pay()
	case "unpay":
		if id, ok := pick(s.rt, s.payments); ok {
			s.allow(s.Unreceive(ctx, h.gestionary, id))
		}
	case "credit":
		s.credit()
	case "later":
		if next := s.day + date.Day(rapid.IntRange(1, 14).Draw(s.rt, "days")); next < date.MustParse("2026-12-31") {
			s.goTo(next)
		}
		if rapid.Bool().Draw(s.rt, "close") {
			_, err := h.CloseTakings(ctx, h.accountant)
			must(s.t, err)
		}
	}
}

func (s *stall) taking() sale.Taking {
	t := sale.Taking{Count: 1 + rapid.IntRange(0, 30).Draw(s.rt, "count"), Means: sale.Tenders{Cash: s.cents("cash", 200_00), Card: s.cents("card", 100_00), Cheque: s.cents("cheque", 50_00), Online: s.cents("online", 20_00)}}
	all := t.Means.Total()
	other := min(all, s.cents("other", 40_00))
	t.Lines = []sale.TakingLine{{Nature: "goods", Tax: "S20", Gross: all - other}}
	if other > 0 {
		t.Lines = append(t.Lines, sale.TakingLine{Nature: "goods", Tax: "S55", Gross: other})
	}
	return t
}

func (s *stall) goTo(day date.Day) {
	s.day = day
	s.dated.on(day.String())
	s.m.now = s.dated.now
}

// tillHolds: on no day does the till hold less than nothing.
func (s *stall) tillHolds() {
	must(s.t, s.db.Read(s.t.Context(), s.coop, func(tx *store.Tx) error {
		before, days, err := tx.Standing(storetest.First, sale.Till, date.MustParse("2026-01-01"))
		for _, d := range days {
			if d.Balance < 0 || before < 0 {
				s.rt.Fatalf("the till holds %s on %s", d.Balance, d.Day)
			}
		}
		return err
	}))
}

// closed closes all there is and compares the totals with what stands, counted one by one.
func (s *stall) closed() {
	ctx := s.t.Context()
	s.goTo(date.MustParse("2027-01-02"))
	_, err := s.CloseTakings(ctx, s.accountant)
	must(s.t, err)
	var stands money.Cents
	must(s.t, s.db.Read(ctx, s.coop, func(tx *store.Tx) error {
		stands = 0
		paid, err := tx.Payments(store.PaymentFilter{Limit: 10_000})
		if err != nil {
			return err
		}
		for _, p := range paid {
			if p.Reversed == 0 {
				stands += p.Amount
			}
		}
		taken, err := tx.Records(store.RecordFilter{Kinds: []sale.RecordKind{sale.RecordTaking}, Standing: true, Limit: 10_000})
		for _, r := range taken {
			stands += r.Taking.Means.Total()
		}
		return err
	}))
	view, err := s.Closings(ctx, s.accountant, 0, 10_000)
	must(s.t, err)
	if view.Open.Count != 0 || view.Grand != stands {
		s.rt.Fatalf("%d still open, %s in all, %s stands", view.Open.Count, view.Grand, stands)
	}
	for name, all := range map[string][]store.ClosedAt{"days": view.Days, "months": view.Months, "years": view.Years} {
		var sum money.Cents
		for i := range all { // the latest first
			c := all[len(all)-1-i]
			if sum += c.Total; c.Grand != sum {
				s.rt.Fatalf("%s: %s carries %s, the totals make %s", name, c.To, c.Grand, sum)
			}
		}
		if len(view.Days) > 0 && sum != stands {
			s.rt.Fatalf("%s add up to %s, %s stands", name, sum, stands)
		}
	}
	s.sound("nothing was changed", 0)
}

func (s *stall) sound(what string, least int) {
	found, err := s.db.Verify(s.t.Context(), s.coop)
	must(s.t, err)
	if least == 0 && len(found) > 0 || len(found) < least {
		s.rt.Fatalf("%s: verify says %v", what, found)
	}
}

// changeable are the columns of what the law wants unchanged.
var changeable = map[string][]string{
	"register": {"kind", "number", "activity_id", "day", "amount", "entry_id", "reverses", "by_id", "at", "body", "hash", "chain"},
	"closing":  {"kind", "from_day", "to_day", "payments", "records", "body", "at", "hash", "chain"},
}

// tampered changes one column of one row, looks whether it is found, and puts it back.
func (s *stall) tampered() {
	ctx, db := s.t.Context(), s.m.direct
	for _, table := range []string{"register", "closing"} {
		columns := changeable[table]
		var rows int
		must(s.t, db.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table+` WHERE coop_id = $1`, s.coop).Scan(&rows))
		if rows == 0 {
			continue
		}
		id := rapid.IntRange(1, rows).Draw(s.rt, table)
		column := rapid.SampledFrom(columns).Draw(s.rt, "column")
		where := fmt.Sprintf(`%s.%s of %d`, table, column, id)
		var was, is any
		must(s.t, db.QueryRowContext(ctx, `SELECT `+column+` FROM `+table+` WHERE coop_id = $1 AND id = $2`, s.coop, id).Scan(&was))
		switch v := was.(type) {
		case int64:
			is = v + 1 + rapid.Int64Range(0, 1000).Draw(s.rt, "more")
		case string:
			is = v + "x"
			if at := rapid.IntRange(0, len(v)).Draw(s.rt, "byte"); at < len(v) {
				is = v[:at] + string(v[at]%26+'a') + v[at+1:]
				if is == v {
					is = v[:at] + "_" + v[at+1:]
				}
			}
		case []byte:
			b := append([]byte(nil), v...)
			b[rapid.IntRange(0, len(b)-1).Draw(s.rt, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(s.rt, "bit")
			is = b
		default:
			s.rt.Fatalf("%s is %T", where, was)
		}
		set := func(value any) error {
			_, err := db.ExecContext(ctx, `UPDATE `+table+` SET `+column+` = $1 WHERE coop_id = $2 AND id = $3`, value, s.coop, id)
			return err
		}
		if err := set(is); err != nil && strings.Contains(strings.ToLower(err.Error()), "unique") {
			continue // the database itself does not let it happen
		} else if err != nil {
			s.rt.Fatal(err)
		}
		s.sound(fmt.Sprintf("%s was %v and is %v", where, was, is), 1)
		must(s.t, set(was))
	}
	s.sound("all is put back", 0)
}
