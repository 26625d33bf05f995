package ledger_test

import (
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

const (
	potter  = ledger.Section(10)
	trainer = ledger.Section(11)
)

func books() ledger.Books {
	chart := ledger.Chart{}
	for _, a := range ledger.FrenchChart() {
		chart[a.Code] = a
	}
	journals := map[string]ledger.Journal{}
	for _, j := range ledger.FrenchJournals() {
		journals[j.Code] = j
	}
	return ledger.Books{
		Chart: chart, Journals: journals, Taxes: ledger.France(),
		Sections: func(s ledger.Section) bool {
			return s == ledger.House || s == ledger.Mutual || s == potter || s == trainer
		},
		Thirds: func(id int64) (ledger.Third, bool) {
			return ledger.Third{ID: id, Kind: ledger.Customer, Code: "C00001", Name: "Brindille d’Orge"}, id == 1
		},
		Year:  ledger.FiscalYear{ID: 1, Span: date.FiscalYear{Start: date.MustParse("2026-01-01"), End: date.MustParse("2026-12-31")}, ClosedTo: 3},
		Today: date.MustParse("2026-11-22"),
	}
}

func entry(lines ...ledger.Line) ledger.Entry {
	return ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-11-22"), Ref: "OD1", Label: "Essai", Lines: lines}
}

// TestContributionIsFourLines is the example of the notes: a contribution of 100 is 186 D / 181 C in the activity and
// 181 D / 187 C in mutualised services.
func TestContributionIsFourLines(t *testing.T) {
	e := entry(
		ledger.Line{Account: "1861", Section: potter, Amount: 100_00},
		ledger.Line{Account: "1871", Section: ledger.Mutual, Amount: -100_00},
	)
	if err := e.Prepare(books()); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		account string
		section ledger.Section
		amount  money.Cents
		added   bool
	}{
		{"1861", potter, 100_00, false},
		{"1871", ledger.Mutual, -100_00, false},
		{"181", ledger.Mutual, 100_00, true},
		{"181", potter, -100_00, true},
	}
	if len(e.Lines) != len(want) {
		t.Fatalf("%d lines", len(e.Lines))
	}
	for i, w := range want {
		l := e.Lines[i]
		if l.N != i+1 || l.Account != w.account || l.Section != w.section || l.Amount != w.amount || l.Added != w.added || l.Label != "Essai" {
			t.Errorf("line %d: %+v", i+1, l)
		}
	}
}

// TestRefusals says what is wrong, on the field where it is, in both languages.
func TestRefusals(t *testing.T) {
	good := func() ledger.Entry {
		return entry(ledger.Line{Account: "6064", Section: potter, Amount: 60_00}, ledger.Line{Account: "512", Section: potter, Amount: -60_00})
	}
	for _, c := range []struct {
		name, field, key string
		kind             fault.Kind
		change           func(*ledger.Entry)
	}{
		{"unbalanced", "lines", "ledger.unbalanced", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Amount = 61_00 }},
		{"closed month", "date", "ledger.month_closed", fault.Closed, func(e *ledger.Entry) { e.Date = date.MustParse("2026-03-31") }},
		{"a day that has not come", "date", "ledger.date_ahead", fault.Invalid, func(e *ledger.Entry) { e.Date = date.MustParse("2026-11-23") }},
		{"outside the year", "date", "ledger.date_outside", fault.Invalid, func(e *ledger.Entry) { e.Date = date.MustParse("2025-12-31") }},
		{"a rate not in force", "lines[0].tax", "ledger.tax_not_in_force", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Tax = "S196" }},
		{"an unknown rate", "lines[0].tax", "ledger.tax_unknown", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Tax = "X" }},
		{"an unknown account", "lines[0].account", "ledger.account_unknown", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Account = "999" }},
		{"no section", "lines[0].section", "ledger.section_unknown", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Section = 0; e.Lines[0].Section = 0 }},
		{"a customer's account without customer", "lines[1].third", "ledger.third_missing", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Account = "411" }},
		{"a third party where none belongs", "lines[0].third", "ledger.third_unwanted", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Third = 1 }},
		{"a customer on a supplier's account", "lines[1].third", "ledger.third_kind", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Account, e.Lines[1].Third = "401", 1 }},
		{"a third party that does not exist", "lines[1].third", "ledger.third_unknown", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Account, e.Lines[1].Third = "411", 7 }},
		{"a label of ten megabytes", "label", "ledger.text_long", fault.Invalid, func(e *ledger.Entry) { e.Label = strings.Repeat("x", 10<<20) }},
		{"a reference missing", "ref", "ledger.ref_missing", fault.Invalid, func(e *ledger.Entry) { e.Ref = " " }},
		{"an amount missing", "lines[0].amount", "ledger.amount_nil", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Amount = 0 }},
		{"an amount too large", "lines[0].amount", "ledger.amount_large", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Amount, e.Lines[1].Amount = money.Max+1, -money.Max-1 }},
		{"half a currency", "lines[0].currency", "ledger.currency_incomplete", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Currency = "CHF" }},
		{"a currency that has no code", "lines[0].currency", "ledger.currency_incomplete", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Currency, e.Lines[0].Foreign = "c 1", 55_00 }},
		{"a foreign amount of the other side", "lines[0].foreignAmount", "ledger.foreign_sign", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Currency, e.Lines[0].Foreign = "CHF", -55_00 }},
		{"a foreign credit on the debit side", "lines[1].foreignAmount", "ledger.foreign_sign", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Currency, e.Lines[1].Foreign = "CHF", 55_00 }},
		{"a foreign amount too large", "lines[0].foreignAmount", "ledger.amount_large", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Currency, e.Lines[0].Foreign = "CHF", int64(money.Max)+1 }},
		{"the most negative foreign amount", "lines[1].foreignAmount", "ledger.amount_large", fault.Invalid, func(e *ledger.Entry) { e.Lines[1].Currency, e.Lines[1].Foreign = "CHF", math.MinInt64 }},
		{"an unknown journal", "journal", "ledger.journal_unknown", fault.Invalid, func(e *ledger.Entry) { e.Journal = "ZZ" }},
		{"a liaison that does not cancel out", "lines", "ledger.liaison_open", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Account = "181" }},
		{"an internal charge without its income", "lines", "ledger.internal_open", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Account = "1861" }},
		{"an internal income against revenue", "lines", "ledger.internal_open", fault.Invalid, func(e *ledger.Entry) { e.Lines[0].Account, e.Lines[1].Account = "706", "187" }},
		{"opening balances of a later year", "journal", "ledger.journal_opening", fault.Invalid, func(e *ledger.Entry) { e.Journal = "AN" }},
		{"one line", "lines", "ledger.lines_few", fault.Invalid, func(e *ledger.Entry) { e.Lines = e.Lines[:1] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := good()
			c.change(&e)
			all := fault.All(e.Prepare(books()))
			i := slices.IndexFunc(all, func(x *fault.Error) bool { return x.Key == c.key })
			if i < 0 {
				t.Fatalf("not refused: %v", all)
			}
			if all[i].Field != c.field || all[i].Kind != c.kind {
				t.Errorf("%s %s, want %s %s", all[i].Kind, all[i].Field, c.kind, c.field)
			}
			for _, lang := range []string{"fr", "en"} {
				if words := i18n.For(lang).Fault(all[i]); words == c.key || strings.Contains(words, "{") {
					t.Errorf("%s: %q", lang, words)
				}
			}
		})
	}
	e := good()
	e.Lines[0].Currency, e.Lines[0].Foreign, e.Lines[1].Currency, e.Lines[1].Foreign = "CHF", 55_00, "CHF", -55_00
	if err := e.Prepare(books()); err != nil {
		t.Errorf("a right entry is refused: %v", err)
	}
}

// TestOpeningOfTheFirstYear: what stood before the books is entered in AN of their first year; it is put right in OD.
func TestOpeningOfTheFirstYear(t *testing.T) {
	b := books()
	b.First = true
	e := entry(ledger.Line{Account: "512", Section: potter, Amount: 60_00}, ledger.Line{Account: "110", Section: potter, Amount: -60_00})
	e.Journal = ledger.JournalOpening
	if err := e.Prepare(b); err != nil {
		t.Error(err)
	}
	if r := e.Reversal(e.Date, "R", "Annulation"); r.Journal != ledger.JournalMisc {
		t.Errorf("reversed in %s", r.Journal)
	}
}

// TestWholeYearClosed: where no day of the year is left, none is proposed.
func TestWholeYearClosed(t *testing.T) {
	b := books()
	b.Year.ClosedTo = 12
	e := entry(ledger.Line{Account: "6064", Section: potter, Amount: 60_00}, ledger.Line{Account: "512", Section: potter, Amount: -60_00})
	all := fault.All(e.Check(b))
	if len(all) != 1 || all[0].Key != "ledger.year_closed" || all[0].Kind != fault.Closed {
		t.Fatal(all)
	}
	if says := i18n.For("fr").Fault(all[0]); !strings.Contains(says, "2026 est clos") {
		t.Error(says)
	}
}

func TestEveryEntryBalancesInEachSection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := entry()
		var sum money.Cents
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			amount := money.Cents(rapid.Int64Range(-1_000_000, 1_000_000).Filter(func(n int64) bool { return n != 0 }).Draw(t, "amount"))
			sum += amount
			e.Lines = append(e.Lines, ledger.Line{Account: "467", Section: rapid.SampledFrom([]ledger.Section{ledger.House, ledger.Mutual, potter, trainer}).Draw(t, "section"), Amount: amount})
		}
		if sum != 0 {
			e.Lines = append(e.Lines, ledger.Line{Account: "471", Section: potter, Amount: -sum})
		}
		if len(e.Lines) < 2 {
			return
		}
		if err := e.Prepare(books()); err != nil {
			t.Fatal(err)
		}
		sections := map[ledger.Section]money.Cents{}
		for _, l := range e.Lines {
			sections[l.Section] += l.Amount
			if l.Added != (l.Account == ledger.Liaison) {
				t.Fatalf("line %d: %+v", l.N, l)
			}
		}
		for s, gap := range sections {
			if gap != 0 {
				t.Fatalf("section %d is %s out", s, gap)
			}
		}
		r := e.Reversal(e.Date, "R", "Annulation")
		if err := r.Prepare(books()); err != nil || len(r.Lines) != len(e.Lines) {
			t.Fatalf("reversal: %v, %d lines of %d", err, len(r.Lines), len(e.Lines))
		}
		for i := range r.Lines {
			if r.Lines[i].Amount != -e.Lines[i].Amount || r.Lines[i].Account != e.Lines[i].Account || r.Lines[i].Section != e.Lines[i].Section {
				t.Fatalf("line %d is not undone", i+1)
			}
		}
	})
}

// TestDigestSeesEverything: the digest of an entry changes with every field, and its form is frozen, since chains kept in
// databases rely on it.
func TestDigestSeesEverything(t *testing.T) {
	make := func() ledger.Entry {
		return ledger.Entry{ID: 7, Journal: "VE", Year: 2, Number: 3, Date: date.MustParse("2026-11-22"), DocDate: date.MustParse("2026-11-21"), Ref: "F-2026-0003", Label: "Facture", Document: "invoice:9", Reverses: 1, By: 4, At: 1795341600000000, ValidOn: date.MustParse("2026-11-22"),
			Lines: []ledger.Line{{N: 1, Account: "411", Section: 10, Third: 1, Axis: 2, Tax: "S20", Due: date.MustParse("2026-12-22"), Amount: 120000, Currency: "CHF", Foreign: 115000, Label: "a", Document: "b", Settles: ledger.ItemRef{Entry: 5, Line: 1}, Added: true}}}
	}
	e := make()
	d := e.Digest()
	first := hex.EncodeToString(d[:])
	changes := []func(*ledger.Entry){
		func(e *ledger.Entry) { e.ID++ }, func(e *ledger.Entry) { e.Journal = "AC" }, func(e *ledger.Entry) { e.Year++ }, func(e *ledger.Entry) { e.Number++ }, func(e *ledger.Entry) { e.Date++ }, func(e *ledger.Entry) { e.DocDate++ },
		func(e *ledger.Entry) { e.Ref += "x" }, func(e *ledger.Entry) { e.Label += "x" }, func(e *ledger.Entry) { e.Document += "x" }, func(e *ledger.Entry) { e.Reverses++ }, func(e *ledger.Entry) { e.By++ }, func(e *ledger.Entry) { e.At++ }, func(e *ledger.Entry) { e.ValidOn++ },
		func(e *ledger.Entry) { e.Lines = append(e.Lines, ledger.Line{}) },
		func(e *ledger.Entry) { e.Lines[0].N++ }, func(e *ledger.Entry) { e.Lines[0].Account = "412" }, func(e *ledger.Entry) { e.Lines[0].Section++ }, func(e *ledger.Entry) { e.Lines[0].Third++ }, func(e *ledger.Entry) { e.Lines[0].Axis++ }, func(e *ledger.Entry) { e.Lines[0].Tax = "S10" },
		func(e *ledger.Entry) { e.Lines[0].Due++ }, func(e *ledger.Entry) { e.Lines[0].Amount++ }, func(e *ledger.Entry) { e.Lines[0].Currency = "USD" }, func(e *ledger.Entry) { e.Lines[0].Foreign++ }, func(e *ledger.Entry) { e.Lines[0].Label = "ab"; e.Lines[0].Document = "" },
		func(e *ledger.Entry) { e.Lines[0].Document = "c" }, func(e *ledger.Entry) { e.Lines[0].Settles.Entry++ }, func(e *ledger.Entry) { e.Lines[0].Settles.Line++ }, func(e *ledger.Entry) { e.Lines[0].Added = false },
	}
	for i, change := range changes {
		e := make()
		change(&e)
		if d := e.Digest(); hex.EncodeToString(d[:]) == first {
			t.Errorf("change %d is not seen", i)
		}
	}
}

// TestChart: about two hundred accounts, three digits at least (LPF A47 A-1), each with a label, sub-accounts found.
func TestChart(t *testing.T) {
	chart := books().Chart
	if n := len(chart); n < 180 || n > 260 {
		t.Errorf("%d accounts", n)
	}
	for code, a := range chart {
		if len(code) < 3 || strings.Trim(code, "0123456789") != "" || strings.TrimSpace(a.Label) == "" {
			t.Errorf("account %q %q", code, a.Label)
		}
	}
	if a, exact := chart.Find("706100"); a.Code != "7061" || exact {
		t.Errorf("706100 is found as %q", a.Code)
	}
	if _, exact := chart.Find("999"); exact {
		t.Error("999 is found")
	}
	for account, result := range map[string]bool{"706": true, "6411": true, "1861": true, "187": true, "181": false, "512": false, "120": false} {
		if ledger.Result(account) != result {
			t.Errorf("Result(%s) is %v", account, !result)
		}
	}
	for code, c := range ledger.France() {
		if c.Source == "" || c.From == 0 || (c.Exempt() && c.Ground == "" && !c.Input) {
			t.Errorf("tax code %s lacks its source, its day or its ground", code)
		}
	}
}
