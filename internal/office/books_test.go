package office_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// typed is a miscellaneous entry as the accountant types it: a charge of the first activity paid from its bank.
func typed(day date.Day, amount money.Cents) ledger.Entry {
	return ledger.Entry{Journal: ledger.JournalMisc, Date: day, Ref: "OD1", Label: "Fournitures", Lines: []ledger.Line{
		{Account: "6064", Section: storetest.First, Amount: amount}, {Account: ledger.Bank, Section: storetest.First, Amount: -amount},
	}}
}

// The FEC says on which day an entry was validated: that is the day it happened, so that none is dated ahead.
func TestEntryIsNotDatedAhead(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		today := h.on("2026-11-24")
		_, err := h.PostEntry(t.Context(), h.accountant, typed(today+1, 10_00), "")
		refusal(t, err, "date", "ledger.date_ahead")
		for day := today - 2; day <= today; day++ {
			e, err := h.PostEntry(t.Context(), h.accountant, typed(day, 10_00), "")
			must(t, err)
			if e.ValidOn != today {
				t.Errorf("the entry of %s is validated on %s", day, e.ValidOn)
			}
		}
		h.clean(t)
	})
}

// opened returns the lines of the journal AN in the FEC of 2026, as « account third debit credit ».
func (h *house) opened(t *testing.T) (lines []string) {
	t.Helper()
	var file, side bytes.Buffer
	must(t, h.ExportFEC(t.Context(), h.accountant, storetest.Year2026, false, &file, &side))
	log, _, _, err := h.AuditLog(t.Context(), access.Actor{Coop: h.coop, Person: 99, Roles: []member.Role{member.Administrator}, Today: storetest.Today}, office.AuditQuery{AuditFilter: store.AuditFilter{Action: store.Events, Limit: 1}})
	must(t, err)
	if set, _, err := h.Settings(t.Context(), h.accountant); err != nil || len(log) != 1 || log[0].Action != "export.fec" || log[0].By != h.accountant.Person || log[0].Subject != "2026" || log[0].Detail != `{"file":"`+set.Coop.SIREN+`FEC20261231.txt"}` {
		t.Errorf("the event journal: %+v", log)
	}
	for line := range strings.Lines(file.String()) {
		f := strings.Split(line, "\t")
		if f[0] == ledger.JournalOpening {
			lines = append(lines, strings.TrimSpace(f[4]+" "+f[6])+" "+f[11]+" "+f[12])
		}
	}
	return lines
}

// The opening entries of the FEC name who owes and who is owed, and the one company has one result: on 120 or on 129.
func TestOpeningOfTheFEC(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		first, other := h.customer(t), h.customer(t)
		last := date.MustParse("2025-12-31")
		book := func(lines ...ledger.Line) {
			t.Helper()
			_, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: ledger.JournalMisc, Date: last, Ref: "R", Label: "Reprise", Lines: lines}, "")
			must(t, err)
		}
		book(ledger.Line{Account: ledger.Customers, Section: storetest.First, Third: first.Third, Amount: 120_00}, ledger.Line{Account: "706", Section: storetest.First, Amount: -120_00})
		book(ledger.Line{Account: ledger.Customers, Section: storetest.First, Third: other.Third, Amount: -50_00}, ledger.Line{Account: ledger.Bank, Section: storetest.First, Amount: 50_00})
		book(ledger.Line{Account: "6064", Section: storetest.Second, Amount: 40_00}, ledger.Line{Account: "431", Section: storetest.Second, Amount: -40_00})
		code := map[int64]string{}
		must(t, db.Read(t.Context(), h.coop, func(tx *store.Tx) error {
			thirds, err := tx.AllThirds()
			for id, third := range thirds {
				code[id] = third.Code
			}
			return err
		}))
		want := []string{"120 0,00 120,00", "411 " + code[first.Third] + " 120,00 0,00", "411 " + code[other.Third] + " 0,00 50,00", "512 50,00 0,00", "120 40,00 0,00", "431 0,00 40,00"}
		if got := h.opened(t); !slices.Equal(got, want) {
			t.Errorf("a year of profit opens the next with\n%q, want\n%q", got, want)
		}
		h.clean(t)
		// A loss of the house stands on 129 in every activity, those that gained too.
		book(ledger.Line{Account: "6064", Section: ledger.Mutual, Amount: 100_00}, ledger.Line{Account: ledger.Bank, Section: ledger.Mutual, Amount: -100_00})
		for _, line := range h.opened(t) {
			if strings.HasPrefix(line, "120") {
				t.Errorf("a year of loss opens the next with %s", line)
			}
		}
		// What is paid this year changes nothing in what it opened with; two who settle nil together are still both there.
		book(ledger.Line{Account: ledger.Customers, Section: storetest.First, Third: other.Third, Amount: -70_00}, ledger.Line{Account: ledger.Bank, Section: storetest.First, Amount: 70_00})
		last = date.MustParse("2026-02-01")
		book(ledger.Line{Account: ledger.Customers, Section: storetest.First, Third: first.Third, Amount: -120_00}, ledger.Line{Account: ledger.Bank, Section: storetest.First, Amount: 120_00})
		got := h.opened(t)
		for _, line := range []string{"411 " + code[first.Third] + " 120,00 0,00", "411 " + code[other.Third] + " 0,00 120,00"} {
			if !slices.Contains(got, line) {
				t.Errorf("no %q in %q", line, got)
			}
		}
		h.clean(t)
		// No one enters beside them.
		e := typed(storetest.Today, 10_00)
		e.Journal = ledger.JournalOpening
		_, err := h.PostEntry(t.Context(), h.accountant, e, "")
		refusal(t, err, "journal", "ledger.journal_opening")
	})
}

// What stood before the first year is entered in AN: that year stays the first, or its opening would count twice.
func TestOpeningOfTheBooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		e := typed(date.MustParse("2025-01-01"), 10_00)
		e.Journal = ledger.JournalOpening
		e, err := h.PostEntry(t.Context(), h.accountant, e, "")
		must(t, err)
		r, err := h.ReverseEntry(t.Context(), h.accountant, e.ID, 0, "")
		must(t, err)
		if r.Journal != ledger.JournalMisc {
			t.Errorf("reversed in %s", r.Journal)
		}
		refusal(t, db.Write(t.Context(), h.coop, func(tx *store.Tx) error {
			_, err := tx.AddYear(storetest.Year("2024"))
			return err
		}), "start", "store.year_begun")
		h.clean(t)
	})
}

// years returns the fiscal years, as « first day to last day ».
func (h *house) years(t *testing.T) (all []string) {
	t.Helper()
	storetest.Read(t, h.db, h.coop, func(tx *store.Tx) error {
		set, err := tx.Settings()
		for _, y := range set.Years {
			all = append(all, y.Span.Start.String()+" to "+y.Span.End.String())
		}
		return err
	})
	return all
}

// yearsOpened returns what the log says of the fiscal years opened, the first first: the year and who.
func (h *house) yearsOpened(t *testing.T) (labels []string, by []int64) {
	t.Helper()
	storetest.Read(t, h.db, h.coop, func(tx *store.Tx) error {
		rows, err := tx.Audits(store.AuditFilter{Action: "year.open"})
		for i := range rows {
			labels, by = append(labels, rows[len(rows)-1-i].Subject), append(by, rows[len(rows)-1-i].By)
		}
		return err
	})
	return labels, by
}

var (
	two   = []string{"2025-01-01 to 2025-12-31", "2026-01-01 to 2026-12-31"}
	three = append(slices.Clone(two), "2027-01-01 to 2027-12-31")
)

// On 1 January everything works: the year opens with the first operation, in its transaction, and says so in the log.
func TestYearOpensByItself(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		h.invoiced(t, c, 1000_00, "2026-12-31")
		day := h.on("2027-01-01")
		// What is refused leaves no year behind.
		_, err := h.PostEntry(t.Context(), h.accountant, typed(day+1, 10_00), "")
		refusal(t, err, "date", "ledger.date_ahead")
		if got := h.years(t); !slices.Equal(got, two) {
			t.Errorf("a refusal opened a year: %q", got)
		}
		e, err := h.PostEntry(t.Context(), h.accountant, typed(day, 10_00), "")
		must(t, err)
		if e.Year != 3 || e.Number != 1 {
			t.Errorf("OD %d of year %d", e.Number, e.Year)
		}
		if got := h.years(t); !slices.Equal(got, three) {
			t.Errorf("years %q", got)
		}
		if labels, by := h.yearsOpened(t); !slices.Equal(labels, []string{"2027"}) || by[0] != 0 {
			t.Errorf("the log: %q by %d", labels, by)
		}
		h.invoiced(t, c, 500_00, "2027-01-01")
		_, err = h.PostEntry(t.Context(), h.accountant, typed(day-1, 10_00), "") // the year before is still open
		must(t, err)
		h.clean(t)
		h.cleanYear(t, 3)
		// After years without anyone, each of them is there.
		day = h.on("2029-03-01")
		_, err = h.PostEntry(t.Context(), h.accountant, typed(day, 10_00), "")
		must(t, err)
		if got := h.years(t); len(got) != 5 || got[4] != "2029-01-01 to 2029-12-31" {
			t.Errorf("years %q", got)
		}
		h.clean(t)
		h.cleanYear(t, 5)
	})
}

// Whoever looks first on 1 January sees the new year too.
func TestYearIsThereToLookAt(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.invoiced(t, h.customer(t), 1000_00, "2026-12-31")
		h.on("2027-01-01")
		v, err := h.Account(t.Context(), h.ada, storetest.First, 0)
		must(t, err)
		if v.Year.Span.Label() != "2027" {
			t.Errorf("the account is that of %s", v.Year.Span.Label())
		}
		_, err = h.House(t.Context(), h.accountant)
		must(t, err)
		if labels, by := h.yearsOpened(t); !slices.Equal(labels, []string{"2027"}) || by[0] != 0 {
			t.Errorf("the log: %q by %d", labels, by)
		}
	})
}

// An accountant may open the next year ahead, one and not two; it bears nothing before its first day, and holds what is
// carried over.
func TestYearOpenedAhead(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.invoiced(t, h.customer(t), 1000_00, "2026-11-22")
		if _, err := h.OpenYear(t.Context(), h.gestionary, storetest.Year2026); err == nil {
			t.Fatal("a gestionnaire opens a fiscal year")
		}
		for range 2 { // a second click opens no other
			y, err := h.OpenYear(t.Context(), h.accountant, storetest.Year2026)
			must(t, err)
			if y.ID != 3 || y.Span.Label() != "2027" {
				t.Errorf("opened %d, %s", y.ID, y.Span.Label())
			}
		}
		_, err := h.OpenYear(t.Context(), h.accountant, 3)
		refusal(t, err, "after", "office.year_ahead")
		_, err = h.OpenYear(t.Context(), h.accountant, 99)
		refusal(t, err, "after", "office.year_unknown")
		if labels, by := h.yearsOpened(t); !slices.Equal(labels, []string{"2027"}) || by[0] != h.accountant.Person {
			t.Errorf("the log: %q by %d", labels, by)
		}
		if got := h.years(t); !slices.Equal(got, three) {
			t.Errorf("years %q", got)
		}
		_, err = h.PostEntry(t.Context(), h.accountant, typed(date.MustParse("2027-01-01"), 10_00), "")
		refusal(t, err, "date", "ledger.date_ahead")
		h.clean(t)
		h.cleanYear(t, 3)
		h.on("2027-01-01")
		_, err = h.PostEntry(t.Context(), h.accountant, typed(date.MustParse("2027-01-01"), 10_00), "")
		must(t, err)
	})
}

// A month is closed once it is over, not before: what is still sold in it must find it open.
func TestMonthIsClosedOnceOver(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-30")
		for _, period := range []int{11, 12} {
			refusal(t, h.CloseMonths(t.Context(), h.accountant, storetest.Year2026, period), "period", "office.month_running")
		}
		must(t, h.CloseMonths(t.Context(), h.accountant, storetest.Year2026, 10))
		h.invoiced(t, h.customer(t), 100_00, "2026-11-30")
		h.on("2026-12-01")
		must(t, h.CloseMonths(t.Context(), h.accountant, storetest.Year2026, 11))
		must(t, h.CloseMonths(t.Context(), h.accountant, storetest.Year2026, 9)) // reopened
	})
}

// An entry is reversed on its day or later; without a day, today.
func TestReversalIsNotBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		e, err := h.PostEntry(t.Context(), h.accountant, typed(storetest.Today-3, 10_00), "")
		must(t, err)
		_, err = h.ReverseEntry(t.Context(), h.accountant, e.ID, storetest.Today-4, "")
		refusal(t, err, "date", "ledger.reversal_before")
		_, err = h.ReverseEntry(t.Context(), h.accountant, e.ID, storetest.Today+1, "")
		refusal(t, err, "date", "ledger.date_ahead")
		r, err := h.ReverseEntry(t.Context(), h.accountant, e.ID, e.Date, "")
		must(t, err)
		if r.Date != e.Date {
			t.Errorf("reversed on %s", r.Date)
		}
		h.clean(t)
	})
}

// How far the bank is read is the same in every activity, that where nothing moved too; what customers owe is known of
// today, and a past year says neither.
func TestAccountSaysHowFreshItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.invoice(t, h.customer(t), 1000_00)
		day := storetest.Today - 2
		for _, e := range []struct {
			section int64
			day     date.Day
		}{{storetest.Second, day}, {ledger.Mutual, day - 1}} {
			_, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: ledger.JournalBank, Date: e.day, Ref: "R", Label: "Relevé", Lines: []ledger.Line{{Account: "627", Section: e.section, Amount: 1_00}, {Account: ledger.Bank, Section: e.section, Amount: -1_00}}}, "")
			must(t, err)
		}
		v, err := h.Account(t.Context(), h.ada, storetest.First, 0)
		must(t, err)
		if v.BankDay != day {
			t.Errorf("the bank is read up to %s", v.BankDay)
		}
		figure(t, v.Account, "owed", 1200_00)
		v, err = h.Account(t.Context(), h.ada, storetest.First, storetest.Year2025)
		must(t, err)
		if _, ok := v.Account.Find("owed"); ok || v.Account.Receivable.Amount != 0 || v.BankDay != 0 {
			t.Errorf("2025 says what is owed today, %s, and the bank of %s", v.Account.Receivable.Amount, v.BankDay)
		}
		if _, err := h.Why(t.Context(), h.ada, storetest.First, storetest.Year2025, "owed"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("what is owed today opens in 2025: %v", err)
		}
	})
}

// The general ledger of one third party has its lines only and what they carry over. Whose pay the reader may not see is
// neither named, nor suggested, nor opened (practice 24).
func TestTheLedgerOfAThirdParty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newTogether(t, db)
		ctx := t.Context()
		buy := func(day string, third int64, amount money.Cents) {
			_, err := h.PostEntry(ctx, h.accountant, ledger.Entry{Journal: ledger.JournalPurchases, Date: date.MustParse(day), Ref: "R", Label: "Achat", Lines: []ledger.Line{
				{Account: "6061", Section: storetest.First, Amount: amount}, {Account: "401", Section: storetest.First, Third: third, Amount: -amount}}}, "")
			must(t, err)
		}
		other, err := h.AddThird(ctx, h.accountant, ledger.Third{Kind: ledger.Supplier, Name: "Papeterie du Pilat"}, "")
		must(t, err)
		buy("2025-12-30", h.paper, 100_00)
		buy("2026-02-03", h.paper, 20_00)
		buy("2026-03-01", other.ID, 7_00)
		buy("2026-03-02", h.paper, 3_00)
		h.post(t, ledger.JournalPay, "Paie", ledger.Line{Account: "6411", Section: storetest.First, Amount: 500_00}, ledger.Line{Account: "421", Section: storetest.First, Third: h.adas, Amount: -500_00})

		for _, account := range []string{"401", "4", ""} { // "": the accounts of suppliers
			lines, before, err := h.GeneralLedger(ctx, h.accountant, storetest.Year2026, store.LineFilter{Account: account, Third: h.paper, From: date.MustParse("2026-03-01"), To: storetest.Today})
			must(t, err)
			if before != -120_00 || len(lines) != 1 || lines[0].Amount != -3_00 || lines[0].Third != h.paper {
				t.Errorf("account %q: %s before, %+v", account, before, lines)
			}
		}
		auditor := access.Actor{Coop: h.coop, Person: 4711, Roles: []member.Role{member.Auditor}, AuditYears: []int64{storetest.Year2026}, Today: storetest.Today}
		for who, a := range map[string]access.Actor{"accountant": h.accountant, "auditor": auditor} {
			opens := who == "accountant"
			named, err := h.ThirdsOf(ctx, a, []int64{h.paper, h.adas, h.paper})
			must(t, err)
			if named[h.paper].Name != "Bois du Pilat" || named[h.adas].Kind != ledger.Worker || (named[h.adas].Name != "") != opens || (named[h.adas].Code != "") != opens {
				t.Errorf("%s: %+v", who, named)
			}
			found, err := h.ThirdsSeen(ctx, a, ledger.Worker, "", 50)
			must(t, err)
			if (len(found) > 0) != opens {
				t.Errorf("%s: %d workers suggested", who, len(found))
			}
			_, _, err = h.GeneralLedger(ctx, a, storetest.Year2026, store.LineFilter{Third: h.adas, From: date.MustParse("2026-01-01"), To: storetest.Today})
			if (err == nil) != opens {
				t.Errorf("%s opens the account of a worker: %v", who, err)
			}
		}
		_, err = h.ThirdsSeen(ctx, h.ada, "", "", 50)
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("an entrepreneur looks third parties up: %v", err)
		}
	})
}
