package sale

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

func day(s string) date.Day { return date.MustParse(s) }

func owedFrom(due string, gross money.Cents) Document {
	return Document{ID: 1, Kind: Invoice, Number: "F-1", Due: day(due), Date: day(due) - 30, Totals: Totals{Gross: gross}}
}

// The cases are worked by hand: base × rate × days / 365.
func TestLate(t *testing.T) {
	legal, ecb := coop.UsualReminders(), coop.UsualReminders()
	ecb.Interest = coop.LateECB
	fixed := coop.UsualReminders()
	fixed.Interest, fixed.Rate = coop.LateFixed, 5*money.Percent
	for _, c := range []struct {
		name     string
		due, on  string
		gross    money.Cents
		kind     CustomerKind
		rules    coop.Reminders
		received []Received
		interest money.Cents
		forty    money.Cents
		guessed  bool
	}{
		{"on the due day nothing is owed", "2026-01-31", "2026-01-31", 1_200_00, Company, legal, nil, 0, 0, false},
		{"one day: 1 200 × 7.86 % / 365 = 0.2584", "2026-01-31", "2026-02-01", 1_200_00, Company, legal, nil, 26, 40_00, false},
		{"thirty days: 1 200 × 7.86 % × 30 / 365 = 7.7523", "2026-01-31", "2026-03-02", 1_200_00, Company, legal, nil, 7_75, 40_00, false},
		{"the central bank's rate and ten points: 1 200 × 12.15 % × 30 / 365 = 11.9836", "2026-01-31", "2026-03-02", 1_200_00, Company, ecb, nil, 11_98, 40_00, true},
		{"two half-years: 15 days at 11.13 %, 15 at 8.28 %", "2025-06-15", "2025-07-15", 1_000_00, Company, legal, nil, 4_57 + 3_40 + 1, 40_00, false},                            // 4.5740 + 3.4027 = 7.9767
		{"a part paid after ten days: 10 × 1 200, 20 × 200", "2026-01-31", "2026-03-02", 1_200_00, Company, legal, []Received{{day("2026-02-10"), 1_000_00}}, 3_45, 40_00, false}, // 2.5841 + 0.8614
		{"paid in time but for a part", "2026-01-31", "2026-03-02", 1_200_00, Company, legal, []Received{{day("2026-01-20"), 1_000_00}}, 1_29, 40_00, false},                      // 200: 1.2921
		{"all paid in time", "2026-01-31", "2026-03-02", 1_200_00, Company, legal, []Received{{day("2026-01-31"), 1_200_00}}, 0, 0, false},
		{"paid late: the indemnity stays", "2026-01-31", "2026-06-02", 1_200_00, Company, legal, []Received{{day("2026-02-10"), 1_200_00}}, 2_58, 40_00, false},
		{"a rate of the terms under three times the legal one is lifted to it", "2026-01-31", "2026-03-02", 1_200_00, Company, fixed, nil, 7_75, 40_00, false},
		{"an association is no consumer", "2026-01-31", "2026-03-02", 1_200_00, NonTaxable, legal, nil, 7_75, 40_00, false},
		{"a consumer owes neither", "2026-01-31", "2026-03-02", 1_200_00, Consumer, legal, nil, 0, 0, false},
		{"a town hall: eight points, of the half-year it began in: 1 200 × 11.15 % × 30 / 365 = 10.9973", "2025-06-15", "2025-07-15", 1_200_00, Public, legal, nil, 11_00, 40_00, false},
		{"beyond what was read", "2026-06-15", "2026-07-15", 1_200_00, Company, legal, nil, 7_75, 40_00, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := LateOf(owedFrom(c.due, c.gross), c.kind, c.rules, c.received, day(c.on))
			if l.Interest != c.interest || l.Forty != c.forty || l.Guessed != c.guessed {
				t.Errorf("interest %s, indemnity %s, guessed %v; want %s, %s, %v\n%+v", l.Interest, l.Forty, l.Guessed, c.interest, c.forty, c.guessed, l.Spans)
			}
		})
	}
}

// The spans follow each other from the day after the due day, never overlap, and what they come to is the interest.
func TestLateSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := owedFrom("2024-03-10", money.Cents(rapid.Int64Range(1, 5_000_000_00).Draw(t, "gross")))
		var pays []Received
		left := inv.Totals.Gross
		for range rapid.IntRange(0, 5).Draw(t, "parts") {
			p := Received{inv.Due + date.Day(rapid.IntRange(-20, 700).Draw(t, "day")), money.Cents(rapid.Int64Range(0, int64(left)).Draw(t, "amount"))}
			left -= p.Amount
			pays = append(pays, p)
		}
		on := inv.Due + date.Day(rapid.IntRange(1, 800).Draw(t, "on"))
		l := LateOf(inv, Company, coop.UsualReminders(), pays, on)
		at := inv.Due
		var sum float64
		for _, s := range l.Spans {
			if s.From <= at || s.To < s.From || s.To > on || s.Base <= 0 {
				t.Fatalf("span %+v after %s", s, at)
			}
			at = s.To
			sum += float64(s.Base) * float64(s.Rate) / 1e6 * float64(s.Days()) / 365
		}
		if d := float64(l.Interest) - sum; d > 0.51 || d < -0.51 {
			t.Fatalf("interest %s, spans come to %f", l.Interest, sum)
		}
		later := LateOf(inv, Company, coop.UsualReminders(), pays, on+30)
		if later.Interest < l.Interest {
			t.Fatalf("less interest a month later: %s then %s", l.Interest, later.Interest)
		}
	})
}

func TestRatesAreInOrder(t *testing.T) {
	all := lateRates.Semesters
	for i, s := range all {
		if _, m, d := s.From.Date(); d != 1 || m != 1 && m != 7 || i > 0 && semesterEnd(all[i-1].From)+1 != s.From || s.Source == "" || s.ECB <= 0 || s.Legal <= 0 {
			t.Errorf("half-year %d: %+v", i, s)
		}
	}
	r := coop.UsualReminders()
	if SemesterOn(r, day("2026-11-22")).From != day("2026-01-01") || SemesterOn(r, day("2025-07-01")).From != day("2025-07-01") || SemesterOn(r, day("2019-01-01")).From != all[0].From {
		t.Error("half-year of a day")
	}
}

func TestTransferCode(t *testing.T) {
	c := facts().Coop
	d := owedFrom("2026-12-01", 1_234_50)
	d.Number, d.Paid = "F-2026-0012", 234_50
	want := "BCD\n002\n1\nSCT\nAGRIFRPP\nTrame & Sillon\nFR7630006000011234567890189\nEUR1000.00\n\n\nF-2026-0012"
	if got := TransferCode(d, c); got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	for name, broken := range map[string]func(*Document, *coop.Cooperative){
		"paid":     func(d *Document, _ *coop.Cooperative) { d.Paid = d.Totals.Gross },
		"dollars":  func(d *Document, _ *coop.Cooperative) { d.Content.Currency = "USD" },
		"no IBAN":  func(_ *Document, c *coop.Cooperative) { c.IBAN = "" },
		"a draft":  func(d *Document, _ *coop.Cooperative) { d.Number = "" },
		"a credit": func(d *Document, _ *coop.Cooperative) { d.Kind = CreditNote },
	} {
		d, c := d, c
		broken(&d, &c)
		if got := TransferCode(d, c); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	c.Name = "Une très, très longue dénomination sociale de coopérative d’activités et d’emploi à capital variable"
	if got := TransferCode(d, c); len(got) > epcBytes || got == "" {
		t.Errorf("a long name: %d bytes, %q", len(got), got)
	}
}

// What the cooperative read stands before what the program came with, in its place; a half-year not read yet follows the last.
func TestRatesOfTheCooperativeComeFirst(t *testing.T) {
	r := coop.UsualReminders()
	r.Known = []coop.LateHalf{
		{From: day("2022-07-01"), LateRates: coop.LateRates{ECB: 0, Legal: 7_700}, Source: "a"},
		{From: day("2026-01-01"), LateRates: coop.LateRates{ECB: 20_000, Legal: 26_200}, Source: "b"},
		{From: day("2026-07-01"), LateRates: coop.LateRates{ECB: 19_000, Legal: 25_000}, Source: "c"},
	}
	all := Semesters(r)
	for i := 1; i < len(all); i++ {
		if all[i].From <= all[i-1].From {
			t.Errorf("%s after %s", all[i].From, all[i-1].From)
		}
	}
	if len(all) != len(lateRates.Semesters)+2 {
		t.Errorf("%d half-years", len(all))
	}
	for on, want := range map[string]money.Rate{"2022-08-01": 7_700, "2023-02-01": 20_600, "2026-03-01": 26_200, "2026-11-22": 25_000, "2027-02-01": 25_000, "2020-01-01": 20_600} {
		if got := SemesterOn(r, day(on)).Legal; got != want {
			t.Errorf("%s: %v, want %v", on, got, want)
		}
	}
	ecb := r
	ecb.Interest = coop.LateECB
	inv := owedFrom("2026-01-31", 1_200_00)
	if l := LateOf(inv, Company, ecb, nil, day("2026-03-02")); l.Guessed || l.Interest != 11_84 { // 1 200 × 12 % × 30 / 365
		t.Errorf("%+v", l)
	}
	if l := LateOf(inv, Company, ecb, nil, day("2027-01-15")); !l.Guessed || l.Unread != day("2027-01-01") {
		t.Errorf("%+v", l)
	}
}

// Never more than computed: however penalties are asked in parts, what was asked and what is left come to what is owed, and a
// forged claim does not add up.
func TestClaimsComeToWhatIsOwed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := owedFrom("2025-01-31", money.Cents(rapid.Int64Range(1, 500_000_00).Draw(t, "gross")))
		var asked Asked
		on := inv.Due
		for range rapid.IntRange(1, 5).Draw(t, "times") {
			on += date.Day(rapid.IntRange(1, 120).Draw(t, "later"))
			l := LateOf(inv, Company, coop.UsualReminders(), nil, on)
			c := ClaimOf(inv, l, asked)
			asked.Interest, asked.Forty = asked.Interest+c.Interest, asked.Forty+c.Forty
			if asked.Interest != l.Interest || asked.Forty != Recovery {
				t.Fatalf("asked %+v of %s", asked, l.Interest)
			}
			if c.Total() == 0 {
				continue
			}
			d := Document{Kind: Invoice, Content: PenaltyOf([]Claim{c}, on)}
			if !PenaltyAddsUp(d) {
				t.Fatalf("%+v", d.Content)
			}
			for _, forge := range []func(*Claim){func(c *Claim) { c.Interest++ }, func(c *Claim) { c.Forty += 1 }, func(c *Claim) { c.Interest = -1 }} {
				f := c
				forge(&f)
				if PenaltyAddsUp(Document{Kind: Invoice, Content: PenaltyOf([]Claim{f}, on)}) {
					t.Fatalf("%+v", f)
				}
			}
		}
	})
}
