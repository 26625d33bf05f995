package coop

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
)

func keys(err error) (all []string) {
	for _, e := range fault.All(err) {
		all = append(all, e.Key)
	}
	return all
}

// The numbers that every cooperative starts with are those that were always given.
func TestNumberingAsEver(t *testing.T) {
	n := Default().Numbering
	if err := n.check(); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]Series{"F-2026-0001": n.Invoice, "A-2026-0001": n.Credit, "D-2026-0001": n.Quote} {
		if got := s.Number(1, date.Of(2026, 11, 22), "042"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := n.Invoice.Number(12345, date.Of(2026, 1, 1), ""); got != "F-2026-12345" {
		t.Error(got)
	}
}

// Peers b.4: a template whose numbers could repeat, or that no document may bear, is refused.
func TestNumberingRefused(t *testing.T) {
	for _, c := range []struct {
		template string
		reset    Reset
		want     string
	}{
		{"F{SEQ}", ResetNever, ""},
		{"F-{YY}-{SEQ:5}", ResetYear, ""},
		{"{ANA}-{YYYY}{MM}-{SEQ:3}", ResetMonth, ""},
		{"{SEQ}/{ANA}", ResetNever, ""},
		{"F{YYYY}", ResetYear, "coop.number_seq"},
		{"F{SEQ}{SEQ}", ResetNever, "coop.number_seq"},
		{"F{SEQ}", ResetYear, "coop.number_year"},
		{"F{MM}{SEQ}", ResetYear, "coop.number_year"},
		{"F{YYYY}{SEQ}", ResetMonth, "coop.number_month"},
		{"F{MM}{SEQ}", ResetMonth, "coop.number_month"},
		{"F{ANA}{SEQ}", ResetNever, "coop.number_parted"}, // 04·21 is 042·1
		{"F{SEQ}{ANA}", ResetNever, "coop.number_parted"},
		{"F{ANA}7{SEQ}", ResetNever, "coop.number_parted"},
		{"F{ANA}-{YYYY}{SEQ}", ResetYear, "coop.number_parted"},
		{"F {SEQ}", ResetNever, "coop.number_letter"},
		{"É{SEQ}", ResetNever, "coop.number_letter"},
		{"F{SEQ", ResetNever, "coop.number_brace"},
		{"F{SEQ:9}", ResetNever, "coop.number_pad"},
		{"F{DD}{SEQ}", ResetNever, "coop.number_token"},
		{strings.Repeat("F", 27) + "{SEQ}", ResetNever, "coop.number_long"},
		{"F{SEQ}", "week", "coop.number_reset"},
	} {
		got := strings.Join(keys(Series{c.template, c.reset}.check()), " ")
		if got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.template, c.reset, got, c.want)
		}
	}
}

func TestNumberingTogether(t *testing.T) {
	n := Default().Numbering
	n.Credit.Template = "F-{YYYY}-{SEQ:5}"
	if got := keys(n.check()); len(got) != 1 || got[0] != "coop.number_shared" {
		t.Errorf("two kinds with the same numbers: %v", got)
	}
	n = Default().Numbering
	n.Invoice = Series{"F-{ANA}-{SEQ:4}", ResetNever}
	if got := keys(n.check()); len(got) != 1 || got[0] != "coop.number_why" {
		t.Errorf("a series for each activity without a reason: %v", got)
	}
}

// A change in the middle of a year never repeats a number.
func TestNumberingChanged(t *testing.T) {
	adopt := func(id int64, template string, reset Reset) Rule {
		n := Default().Numbering
		n.Invoice, n.Why = Series{template, reset}, "Une antenne par métier"
		b, _ := json.Marshal(n)
		return Rule{ID: id, Kind: RuleNumbering, From: date.Of(2026, 7, 1), Value: string(b), Decision: "CA"}
	}
	for _, c := range []struct {
		before, now Rule
		ok          bool
	}{
		{adopt(1, "F-{YYYY}-{SEQ:4}", ResetYear), adopt(2, "F-{YYYY}-{SEQ:6}", ResetYear), true}, // the same count goes on
		{adopt(1, "F-{YYYY}-{SEQ:4}", ResetYear), adopt(2, "F-{YYYY}-{SEQ:4}", ResetNever), false},
		{adopt(1, "F-{YYYY}-{SEQ:4}", ResetYear), adopt(2, "F-{YYYY}-{MM}-{SEQ:3}", ResetMonth), true},
		{adopt(1, "FA{YYYY}{SEQ:4}", ResetYear), adopt(2, "FA{YY}{SEQ:6}", ResetYear), false},
		{adopt(1, "FA{YYYY}{SEQ:4}", ResetYear), adopt(2, "FB{YY}{SEQ:6}", ResetYear), true},
		{adopt(1, "F-{ANA}-{SEQ:4}", ResetNever), adopt(2, "F-{YYYY}-{SEQ:4}", ResetYear), false}, // of the activity 2026
		{adopt(1, "FX{SEQ}", ResetNever), adopt(2, "F{ANA}-X{SEQ}", ResetNever), true},
	} {
		if err := CheckNumbering([]Rule{c.before}, c.now); (err == nil) != c.ok {
			t.Errorf("%s then %s: %v", c.before.Value, c.now.Value, err)
		}
	}
}

var bearable = regexp.MustCompile(`^[0-9A-Za-z+\-_/]{1,35}$`)

// Whatever templates are let through, one after the other as the days pass and whatever the activities, no number is given
// twice and every one may be borne.
func TestNumberingNeverRepeats(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		piece := rapid.SampledFrom([]string{"F", "A-", "-", "/", "7", "20", "{YYYY}", "{YY}", "{MM}", "{ANA}", "{SEQ}", "{SEQ:2}", "{SEQ:4}", "x"})
		resets := rapid.SampledFrom([]Reset{ResetYear, ResetMonth, ResetNever})
		codes := []string{"0", "04", "042", "4", "A", "A-1", "2026", "F"}
		given, last := map[string]string{}, map[string]int64{}
		kinds := []string{"invoice", "credit", "quote"}
		now, rows := Default().Numbering, []Rule(nil)
		readers := map[string][]func(string) (int64, string, bool){}
		keep := func(n Numbering) {
			for kind, s := range n.Each() {
				readers[kind] = append(readers[kind], s.Reader())
			}
		}
		keep(now)
		for day := date.Of(2026, 1, 1); day < date.Of(2028, 3, 1); day += date.Day(rapid.IntRange(1, 40).Draw(r, "days")) {
			if rapid.Bool().Draw(r, "change") {
				n := Default().Numbering
				n.Why = "par métier"
				n.Invoice = Series{strings.Join(rapid.SliceOfN(piece, 1, 7).Draw(r, "template"), ""), resets.Draw(r, "reset")}
				if rapid.Bool().Draw(r, "zeros") { // a near miss: the one in force with other zeros or another reset
					n.Invoice.Template = strings.NewReplacer("{SEQ:4}", "{SEQ:2}", "{SEQ}", "{SEQ:4}").Replace(now.Invoice.Template)
				}
				b, _ := json.Marshal(n)
				row := Rule{ID: int64(len(rows) + 1), Kind: RuleNumbering, From: day, Value: string(b), Decision: "CA"}
				if row.Check() == nil && CheckNumbering(rows, row) == nil {
					rows, now = append(rows, row), n
					keep(n)
				}
			}
			for range rapid.IntRange(1, 12).Draw(r, "documents") {
				kind, at := rapid.SampledFrom(kinds).Draw(r, "kind"), rapid.IntRange(0, len(codes)-1).Draw(r, "activity")
				s := *now.Each()[kind]
				series := kind
				if s.ByActivity() {
					series += fmt.Sprint("@", at)
				}
				series += "/" + s.Period(day)
				last[series]++
				no := s.Number(last[series], day, codes[at])
				if was, twice := given[no]; twice {
					r.Fatalf("%s given twice: as %s, then as %s %q on %s", no, was, kind, s.Template, day)
				}
				given[no] = fmt.Sprintf("%s %q on %s", kind, s.Template, day)
				// Whichever of the adopted templates reads it, the count and the period are the ones it was given for.
				read := false
				for _, reads := range readers[kind] {
					n, period, ok := reads(no)
					if read = read || ok; ok && (n != last[series] || period != s.Period(day)) {
						r.Fatalf("%s of %q, %d of %q, is read as %d of %q", no, s.Template, last[series], s.Period(day), n, period)
					}
				}
				if !read {
					r.Fatalf("%s of %q is read by none", no, s.Template)
				}
				if !bearable.MatchString(no) {
					r.Fatalf("%q of %q", no, s.Template)
				}
			}
		}
	})
}

// One template let through: two documents of other counts, activities or periods never share a number.
func TestNumberTellsItsCount(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		piece := rapid.SampledFrom([]string{"-", "7", "{YY}", "{MM}", "{ANA}", "{SEQ}"})
		s := Series{strings.Join(rapid.Permutation([]string{"{SEQ}", "{ANA}", piece.Draw(r, "between"), piece.Draw(r, "and")}).Draw(r, "template"), ""), ResetNever}
		if s.check() != nil {
			return
		}
		// The same digits, parted elsewhere.
		digits := rapid.StringOfN(rapid.RuneFrom([]rune("123")), 3, 8, -1).Draw(r, "digits")
		day := date.Of(2026, 11, 22)
		seen := map[string]string{}
		for cut := 1; cut < len(digits); cut++ {
			for _, both := range [][2]string{{digits[:cut], digits[cut:]}, {digits[cut:], digits[:cut]}} {
				var n int64
				_, _ = fmt.Sscan(both[1], &n)
				who := fmt.Sprint(both[0], " ", n)
				if no := s.Number(n, day, both[0]); seen[no] != "" && seen[no] != who {
					r.Fatalf("%s: %s is of %s and of %s", s.Template, no, seen[no], who)
				} else {
					seen[no] = who
				}
			}
		}
	})
}
