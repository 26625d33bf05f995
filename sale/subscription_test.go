package sale

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

func hosting(first string, months, day int) Subscription {
	return Subscription{Customer: 7, Activity: 42, State: SubscriptionRunning, Months: months, First: date.MustParse(first), Day: day, Before: 5, Next: date.MustParse(first),
		Content: Content{Title: "Hébergement", DueDays: 30, Lines: []Line{line("Hébergement, {mois}, {période}", "service", "S20", "1", "29.90")}}}
}

func days(all []date.Day) string {
	var list []string
	for _, d := range all {
		list = append(list, d.String())
	}
	return strings.Join(list, " ")
}

// The 31st is the last day of shorter months and comes back after them.
func TestSubscriptionAtTheEndOfMonths(t *testing.T) {
	s := hosting("2027-12-31", 1, 31)
	var starts []date.Day
	for k := range 6 {
		starts = append(starts, s.Start(k))
	}
	if got := days(starts); got != "2027-12-31 2028-01-31 2028-02-29 2028-03-31 2028-04-30 2028-05-31" {
		t.Error(got)
	}
	if got := s.Last(s.Start(1)); got != date.MustParse("2028-02-28") {
		t.Error(got)
	}
	if got := hosting("2027-02-28", 1, 30).Start(1); got != date.MustParse("2027-03-30") {
		t.Error(got)
	}
}

// Periods follow each other without a hole and never overlap, whatever their length and their day; After walks the same
// way as Start; each has its draft before it, and none comes after the end.
func TestSubscriptionPeriodsFollowEachOther(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := Subscription{State: SubscriptionRunning, Months: rapid.SampledFrom(Periods()).Draw(rt, "months"), Day: rapid.IntRange(1, 31).Draw(rt, "day"), Before: rapid.IntRange(0, 60).Draw(rt, "before"), Arrears: rapid.Bool().Draw(rt, "arrears")}
		m := date.MonthOf(rapid.IntRange(2020, 2040).Draw(rt, "year"), rapid.IntRange(1, 12).Draw(rt, "month"))
		s.First = min(m.First()+date.Day(s.Day)-1, m.Last())
		if rapid.Bool().Draw(rt, "counted") {
			s.Times = rapid.IntRange(1, 30).Draw(rt, "times")
		}
		if rapid.Bool().Draw(rt, "ended") {
			s.End = s.First + date.Day(rapid.IntRange(0, 1500).Draw(rt, "end"))
		}
		s.Next = s.First
		if s.Start(0) != s.First {
			rt.Fatalf("the first period begins on %v and not on %v", s.Start(0), s.First)
		}
		start, n := s.First, 0
		for ; start != 0 && n < 40; n++ {
			if start != s.Start(n) || s.Times != 0 && n >= s.Times || s.End != 0 && start > s.End {
				rt.Fatalf("period %d begins on %v", n, start)
			}
			last := s.Last(start)
			if last < start+27*date.Day(s.Months) || last+1 != s.Start(n+1) {
				rt.Fatalf("period %d: %v to %v, then %v", n, start, last, s.Start(n+1))
			}
			_, _, dd := start.Date()
			if dd != s.Day && start.Month() != (start+1).Month()-1 {
				rt.Fatalf("%v is neither the %d nor the end of its month", start, s.Day)
			}
			start = s.After(start)
		}
		today := s.First + date.Day(rapid.IntRange(-100, 1200).Draw(rt, "today"))
		reached := s.Reached(today)
		placed := s.Placed(today)
		missed := placed.Missed(nil)
		if len(reached) > 0 && placed.Next != reached[len(reached)-1] || !slices.Equal(missed, reached[:max(0, len(reached)-1)]) {
			rt.Fatalf("reached %s, placed on %v, missed %s", days(reached), placed.Next, days(missed))
		}
	})
}

// A model is read for its next period, and once it has ended for its last one.
func TestShownPeriodOfASubscription(t *testing.T) {
	s := hosting("2026-11-01", 3, 1)
	s.Times = 2
	fr := i18n.For("fr")
	for _, c := range []struct{ next, want string }{{"", "novembre 2026"}, {"2026-11-01", "novembre 2026"}, {"2027-02-01", "février 2027"}, {"2027-05-01", "février 2027"}} {
		s.Next = 0
		if c.next != "" {
			s.Next = date.MustParse(c.next)
		}
		if got := s.Reads("{Mois} {month} {x}", fr); got != c.want+" "+c.want+" {x}" {
			t.Errorf("next %q: %s", c.next, got)
		}
	}
	if got := (Subscription{}).Reads("{mois}", fr); got != "{mois}" {
		t.Errorf("nothing is known of its periods: %q", got)
	}
}

// What is printed: the period, its month in the words, the price of the day, and the next one announced before it comes.
func TestDraftOfASubscription(t *testing.T) {
	s := hosting("2026-11-01", 1, 1)
	s.Means = Debit
	s.Prices = []PriceChange{{From: date.MustParse("2027-01-01"), Percent: 3 * money.Percent}, {From: date.MustParse("2027-06-01"), Line: 1, Price: money.Cents(35_00).Micro()}}
	fr := i18n.For("fr")
	for _, c := range []struct{ start, price, label, note string }{
		{"2026-11-01", "29.9", "Hébergement, novembre 2026, du 1er nov. 2026 au 30 nov. 2026", "Règlement convenu : Prélèvement.|À partir du 1er janv. 2027, nouveau prix : 30,80 € HT."},
		{"2027-01-01", "30.8", "Hébergement, janvier 2027, du 1er janv. 2027 au 31 janv. 2027", "Règlement convenu : Prélèvement.|À partir du 1er juin 2027, nouveau prix : 35,00 € HT."},
		{"2027-06-01", "35", "Hébergement, juin 2027, du 1er juin 2027 au 30 juin 2027", "Règlement convenu : Prélèvement."},
	} {
		d := s.Draft(date.MustParse(c.start), fr)
		note := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\n", "|").Replace(d.Note)
		if d.Lines[0].Price.String() != c.price || strings.ReplaceAll(d.Lines[0].Label, "\u00a0", " ") != c.label || note != c.note || d.DeliveredFrom.String() != c.start {
			t.Errorf("%s: %s, %q, %q", c.start, d.Lines[0].Price, d.Lines[0].Label, note)
		}
	}
	if s.Content.Lines[0].Price.String() != "29.9" {
		t.Error("the model changed")
	}
	if err := CheckSubscription(s, facts()); err != nil {
		t.Error(words(err))
	}
}

func TestCheckSubscription(t *testing.T) {
	for field, change := range map[string]func(*Subscription){
		"customer":                   func(s *Subscription) { s.Customer = 0 },
		"months":                     func(s *Subscription) { s.Months = 5 },
		"day":                        func(s *Subscription) { s.Day = 12 },
		"first":                      func(s *Subscription) { s.First = 0 },
		"end":                        func(s *Subscription) { s.End = s.First - 1 },
		"times":                      func(s *Subscription) { s.Times = 601 },
		"before":                     func(s *Subscription) { s.Before = 61 },
		"means":                      func(s *Subscription) { s.Means = Advance },
		"lines":                      func(s *Subscription) { s.Content.Lines = nil },
		"lines Le total est négatif": func(s *Subscription) { s.Content.Lines[0].Price *= -1 },
		"lines[0].price":             func(s *Subscription) { s.Content.Lines[0].Price = 0 },
		"prices[0].from":             func(s *Subscription) { s.Prices = []PriceChange{{From: s.First, Percent: money.Percent}} },
		"prices[0].line":             func(s *Subscription) { s.Prices = []PriceChange{{From: s.First + 40, Line: 2, Price: 1}} },
		"prices[0].price":            func(s *Subscription) { s.Prices = []PriceChange{{From: s.First + 40, Line: 1}} },
	} {
		s := hosting("2026-11-01", 1, 1)
		change(&s)
		err := CheckSubscription(s, facts())
		if !strings.Contains(strings.Join(words(err), "\n"), field+" ") {
			t.Errorf("%s: %v", field, words(err))
		}
	}
}

// A price that changes is told in the currency that it is paid in.
func TestSubscriptionInDollarsTellsDollars(t *testing.T) {
	first := date.MustParse("2026-11-01")
	s := Subscription{
		Months: 1, First: first, Day: 1, Content: Content{Title: "Suivi", Currency: "USD", Lines: []Line{line("Suivi", "service", "EXS", "1", "50")}},
		Prices: []PriceChange{{From: first.AddMonths(2), Percent: 10 * money.Percent}},
	}
	var note strings.Builder
	for i := range 2 {
		note.WriteString(s.Draft(first.AddMonths(i), i18n.For("fr")).Note)
	}
	if !strings.Contains(note.String(), "USD") || strings.Contains(note.String(), "€") {
		t.Errorf("%q", note.String())
	}
}
