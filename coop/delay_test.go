package coop

import (
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/i18n"
)

// What people write, what it is, and the day to pay. « 45 jours fin de mois » counted both ways: the examples are those of the
// answers of the Commission d'examen des pratiques commerciales and of the comments on C. com. L441-10.
func TestDueDays(t *testing.T) {
	for _, c := range []struct {
		name, text, code, invoice, due string
	}{
		{"on receipt", "à réception", "0", "2026-11-22", "2026-11-22"},
		{"cash", "Comptant", "0", "2026-11-22", "2026-11-22"},
		{"thirty days", "30 jours", "30", "2026-11-22", "2026-12-22"},
		{"a bare number", "45", "45", "2026-01-31", "2026-03-17"},
		{"sixty days net", "60 jours nets", "60", "2026-12-31", "2027-03-01"},
		{"45 days end of month, counted from the invoice", "45 jours fin de mois", "45fm", "2026-01-15", "2026-03-31"},
		{"the same, an invoice of April", "45 j fdm", "45fm", "2025-04-10", "2025-05-31"},
		{"45 days end of month, counted from the end of the month", "fin de mois + 45 jours", "fm45", "2026-01-15", "2026-03-17"},
		{"the same, an invoice of March", "fin de mois 45 jours", "fm45", "2026-03-10", "2026-05-15"},
		{"both ways on the last day of a month", "45 jours fin de mois", "45fm", "2026-01-31", "2026-03-31"},
		{"end of month", "fin de mois", "0fm", "2026-02-03", "2026-02-28"},
		{"end of month of a leap year", "Fin de mois", "0fm", "2028-02-03", "2028-02-29"},
		{"thirty days end of month, the tenth", "30 jours fin de mois le 10", "30fm@10", "2026-10-15", "2026-12-10"},
		{"end of month, the tenth", "fin de mois le 10", "0fm@10", "2026-10-15", "2026-11-10"},
		{"thirty days, the fifteenth", "30 jours le 15", "30@15", "2026-11-20", "2027-01-15"},
		{"thirty days, the fifteenth, on the day", "30 jours, le 15", "30@15", "2026-11-15", "2026-12-15"},
		{"the thirty-first of a shorter month", "le 31", "0@31", "2026-02-03", "2026-02-28"},
		{"in English", "30 days end of month on the 10th", "30fm@10", "2026-10-15", "2026-12-10"},
		{"a code", "fm45@10", "fm45@10", "2026-01-15", "2026-04-10"},
	} {
		d, err := ParseDelay(c.text)
		if err != nil || d.Code() != c.code {
			t.Errorf("%s: %q is %q, %v, not %q", c.name, c.text, d.Code(), err, c.code)
			continue
		}
		if due := d.Due(date.MustParse(c.invoice)); due != date.MustParse(c.due) {
			t.Errorf("%s: %s from %s is %s, not %s", c.name, c.text, c.invoice, due, c.due)
		}
	}
	for _, text := range []string{"", "bientôt", "30 45", "30 jours le", "le 32", "le 0", "400", "-3", "2,5 mois", "fin de mois fin de mois", "30 jours à réception", "99999999999999999999", "@", "fm fm"} {
		if d, err := ParseDelay(text); err == nil {
			t.Errorf("%q is read as %q", text, d.Code())
		}
	}
}

// What the law leaves to companies: sixty days, or forty-five days end of month, in either way to count.
func TestDelayBetweenCompanies(t *testing.T) {
	for code, lawful := range map[string]bool{
		"0": true, "60": true, "61": false, "90": false, "45fm": true, "fm45": true, "46fm": false, "60fm": false, "fm46": false, "30fm@10": false, "fm30@10": true, "0fm@15": true,
		"45fm@10": false, "60@10": false, "30@15": true, "29@31": true,
	} {
		d, err := ParseDelay(code)
		if err != nil {
			t.Fatal(code, err)
		}
		if first := d.Beyond(); (first == 0) != lawful {
			t.Errorf("%s: lawful %v, not %v (%s)", code, first == 0, lawful, first)
		}
	}
}

// A delay never ends before the invoice, nor earlier for a later invoice; what it is called is read back as it is.
func TestDelays(t *testing.T) {
	words := []i18n.Printer{i18n.For("fr"), i18n.For("en")}
	rapid.Check(t, func(t *rapid.T) {
		d := Delay{Days: rapid.IntRange(0, 120).Draw(t, "days"), Month: rapid.SampledFrom([]MonthEnd{NetDays, ThenEnd, FromEnd}).Draw(t, "month"), Day: rapid.IntRange(0, 31).Draw(t, "day")}
		if d.Month == FromEnd && d.Days == 0 {
			d.Month = ThenEnd
		}
		on := date.Of(2024, 1, 1) + date.Day(rapid.IntRange(0, 1500).Draw(t, "on"))
		due := d.Due(on)
		if due < on+date.Day(d.Days) || d.Due(on+1) < due || int(due-on) > d.Longest() {
			t.Fatalf("%s from %s: %s, the day after %s, at most %d", d.Code(), on, due, d.Due(on+1), d.Longest())
		}
		for _, text := range []string{d.Code(), d.Words(words[0]), d.Words(words[1])} {
			if d.Days == 0 && d.Day != 0 && d.Month == NetDays && text != d.Code() {
				continue // « le 10 qui suit »
			}
			if back, err := ParseDelay(text); err != nil || back != d {
				t.Fatalf("%q is read as %q, %v, not %q", text, back.Code(), err, d.Code())
			}
		}
	})
}

func FuzzParseDelay(f *testing.F) {
	for _, s := range []string{"30 jours fin de mois le 10", "fm45@10", "à réception", "30th", "\u00a0", "@@", "fmfm9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDelay(s)
		if err != nil {
			return
		}
		if err := d.Check("x"); err != nil {
			t.Fatalf("%q: %+v is out of bounds", s, d)
		}
		if back, err := ParseDelay(d.Code()); err != nil || back != d {
			t.Fatalf("%q: %q is read as %+v, %v", s, d.Code(), back, err)
		}
	})
}
