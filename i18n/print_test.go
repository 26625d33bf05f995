package i18n

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

var fr, en = For("fr"), For("en-GB")

func TestWhichLanguage(t *testing.T) {
	for tag, want := range map[string]string{"fr": "fr", "fr-FR": "fr", "en": "en", "EN-us": "en", "de": "fr", "": "fr"} {
		if got := For(tag).Lang(); got != want {
			t.Errorf("For(%q) speaks %s", tag, got)
		}
	}
	if got := (Printer{}).Lang(); got != "fr" {
		t.Errorf("the zero printer speaks %s", got)
	}
}

func TestAmountsAsText(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{fr.Euros(1234_56), "1\u202f234,56\u00a0€"}, {en.Euros(1234_56), "€1,234.56"},
		{fr.Euros(-1234567_89), "\u22121\u202f234\u202f567,89\u00a0€"}, {en.Euros(-12_00), "\u2212€12.00"},
		{fr.Euros(0), "0,00\u00a0€"}, {fr.Euros(5), "0,05\u00a0€"}, {fr.Euros(-5), "\u22120,05\u00a0€"}, {fr.Euros(999_99), "999,99\u00a0€"},
		{fr.Euros(math.MinInt64), "\u221292\u202f233\u202f720\u202f368\u202f547\u202f758,08\u00a0€"}, {en.Euros(math.MinInt64), "\u2212€92,233,720,368,547,758.08"},
		{fr.Amount(-1234_56), "\u22121\u202f234,56"}, {en.Amount(1234_56), "1,234.56"},
		{fr.WholeEuros(812_00), "812\u00a0€"}, {fr.WholeEuros(812_50), "812,50\u00a0€"}, {fr.WholeEuros(-1812_00), "\u22121\u202f812\u00a0€"},
		{en.WholeEuros(1812_00), "€1,812"}, {en.WholeEuros(-1812_00), "\u2212€1,812"}, {fr.WholeEuros(0), "0\u00a0€"},
		{fr.Rate(55_000), "5,5\u00a0%"}, {en.Rate(200_000), "20%"}, {fr.Rate(-21_000), "\u22122,1\u00a0%"},
		{fr.Micro(1234_567_800), "1\u202f234,5678"}, {en.Micro(-335_000), "\u22120.335"}, {fr.Micro(3 * money.Unit), "3"},
		{fr.UnitPrice(335_000), "0,335"}, {fr.UnitPrice(12_500_000), "12,50"}, {fr.UnitPrice(12 * money.Unit), "12,00"}, {en.UnitPrice(1200 * money.Unit), "1,200.00"},
		{fr.Int(1234567), "1\u202f234\u202f567"}, {en.Int(-1234), "\u22121,234"}, {fr.Int(math.MinInt64), "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// What a person sees, they can type back.
func TestAmountsShownCanBeTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "cents"))
		for _, p := range []Printer{fr, en} {
			for _, text := range []string{p.Euros(c), p.Amount(c)} {
				if got, err := money.ParseCents(text); err != nil || got != c {
					t.Fatalf("%q is read as %s, %v", text, got, err)
				}
			}
		}
		if got, err := money.ParseCents(fr.WholeEuros(c)); err != nil || got != c {
			t.Fatalf("%q is read as %s, %v", fr.WholeEuros(c), got, err)
		}
		m := money.Micro(rapid.Int64Range(-int64(money.MaxMicro), int64(money.MaxMicro)).Draw(t, "micro"))
		if got, err := money.ParseMicro(fr.UnitPrice(m)); err != nil || got != m {
			t.Fatalf("%q is read as %s, %v", fr.UnitPrice(m), got, err)
		}
		d := date.Day(rapid.Int32Range(int32(date.Of(1950, 1, 1)), int32(date.Of(2150, 1, 1))).Draw(t, "day"))
		for _, text := range []string{fr.Day(d), en.Day(d), d.String()} {
			if got, err := ParseDay(text, date.Of(2026, 11, 22)); err != nil || got != d {
				t.Fatalf("%q is read as %s, %v", text, got, err)
			}
		}
	})
}

func TestDaysAsText(t *testing.T) {
	d, first := date.Of(2026, 11, 22), date.Of(2026, 11, 1)
	at := time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		got, want string
	}{
		{fr.Day(d), "22\u00a0nov.\u00a02026"}, {en.Day(d), "22\u00a0Nov\u00a02026"}, {fr.Day(0), ""}, {fr.ShortDay(0), ""},
		{fr.ShortDay(first), "1er\u00a0nov."}, {en.ShortDay(first), "1\u00a0Nov"}, {fr.Day(date.Of(2027, 5, 3)), "3\u00a0mai\u00a02027"},
		{fr.LongDay(d), "dimanche 22 novembre"}, {en.LongDay(first), "Sunday 1 November"}, {fr.LongDay(first), "dimanche 1er novembre"},
		{fr.Month(d.Month()), "novembre 2026"}, {en.Month(d.Month()), "November 2026"}, {fr.MonthName(d.Month()), "novembre"},
		{fr.ShortMonth(date.MonthOf(2027, 2)), "févr."}, {fr.Clock(at), "14\u00a0h\u00a005"}, {en.Clock(at), "14:05"},
		{fr.Instant(at), "22\u00a0nov.\u00a02026 à 14\u00a0h\u00a005"}, {en.Instant(at), "22\u00a0Nov\u00a02026, 14:05"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestDaysAsPeopleTypeThem(t *testing.T) {
	today := date.Of(2026, 11, 22)
	for text, want := range map[string]string{
		"22/11/2026": "2026-11-22", "22/11": "2026-11-22", "22.11.26": "2026-11-22", "22-11-2026": "2026-11-22", "2026-11-22": "2026-11-22",
		"22 nov. 2026": "2026-11-22", "22 nov": "2026-11-22", "22 Novembre 2026": "2026-11-22", "1er nov.": "2026-11-01", "1er nov. 2026": "2026-11-01",
		"3 févr. 2027": "2027-02-03", "3 fev 2027": "2027-02-03", "15 aout": "2026-08-15", "24 dec": "2026-12-24", "24 décembre": "2026-12-24",
		"22\u00a0nov.\u00a02026": "2026-11-22", " 5/1 ": "2026-01-05", "31/12": "2026-12-31", "2 sept. 2026": "2026-09-02", "14 July 2026": "2026-07-14",
		"1 avr": "2026-04-01", "29/02/2028": "2028-02-29",
	} {
		if got, err := ParseDay(text, today); err != nil || got != date.MustParse(want) {
			t.Errorf("ParseDay(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "22", "31/11", "29/02/2026", "22/13", "0/11", "22 jui", "22 xyz", "22 no", "a/11", "22/11/20266", "22/11/026", "+2/11", "1/2/3/4", "2026-11-31",
		"22/11/1850", "99999999999999999999/11", "22 novembre 2026 ou peut-être le lendemain",
	} {
		if got, err := ParseDay(text, today); err == nil || got != 0 {
			t.Errorf("ParseDay(%q) = %s, %v", text, got, err)
		}
	}
	// Around the new year, a day without its year is the near one.
	for _, c := range []struct{ today, text, want string }{
		{"2026-12-28", "5/1", "2027-01-05"}, {"2027-01-04", "28/12", "2026-12-28"}, {"2027-01-04", "1/2", "2027-02-01"}, {"2026-11-30", "1/12", "2026-12-01"},
	} {
		if got, err := ParseDay(c.text, date.MustParse(c.today)); err != nil || got != date.MustParse(c.want) {
			t.Errorf("on %s, %q is %s, %v; want %s", c.today, c.text, got, err, c.want)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, text := range []string{"22/11", "1er nov. 2026", "2026-11-22", "3 févr.", "99/99/99", "É/è"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDay(text, date.Of(2026, 11, 22))
		if err != nil {
			if d != 0 {
				t.Errorf("ParseDay(%q) = %s, %v", text, d, err)
			}
			return
		}
		if again, err := ParseDay(fr.Day(d), date.Of(2026, 11, 22)); err != nil || again != d {
			t.Errorf("ParseDay(%q) = %s, shown as %q, read as %s, %v", text, d, fr.Day(d), again, err)
		}
	})
}

func TestElisionBeforeWhatIsFilledIn(t *testing.T) {
	fr := For("fr")
	for m, want := range map[date.Month]string{
		date.MustParse("2026-10-01").Month(): "Achats d’octobre 2026", date.MustParse("2026-04-01").Month(): "Achats d’avril 2026", date.MustParse("2026-08-01").Month(): "Achats d’août 2026",
		date.MustParse("2026-11-01").Month(): "Achats de novembre 2026", date.MustParse("2026-05-01").Month(): "Achats de mai 2026",
	} {
		if got := fr.T("activity.month.purchases", "month", m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for name, want := range map[string]string{
		"Awa": "d’Awa", "Élise": "d’Élise", "Yves": "d’Yves", "Hélène": "d’Hélène", "Hugo": "d’Hugo", "Hadrien": "d’Hadrien", "Œuvre": "d’Œuvre", "Ibrahim": "d’Ibrahim",
		"Hassan": "de Hassan", "Houria": "de Houria", "Yasmine": "de Yasmine", "Maëlle": "de Maëlle", "Wassila": "de Wassila", "Onze": "de Onze", "": "de ", "4 mains": "de 4 mains",
	} {
		if got := fr.T("people.contract_of", "name", name); got != "Contrat "+want {
			t.Errorf("%q, want %q", got, "Contrat "+want)
		}
	}
	if got := fr.T("desk.of.invoice", "activity", "Atelier"); got != "Facture d’Atelier" {
		t.Error(got)
	}
	if got := string(elided([]byte("le code "), "Awa")); got != "le code " {
		t.Error(got)
	}
	if got := For("en").T("activity.month.purchases", "month", date.MustParse("2026-10-01").Month()); strings.Contains(got, "’") {
		t.Error(got)
	}
}

func TestMessages(t *testing.T) {
	catalogues["fr"]["test.n"], catalogues["en"]["test.n"] = message{One: "{n} facture de {who}", Other: "{n} factures de {who}"}, message{One: "{n} invoice", Other: "{n} invoices"}
	catalogues["fr"]["test.all"] = message{Other: "{a}, {b}, {c}, {d}, {e}, {f}"}
	t.Cleanup(func() {
		delete(catalogues["fr"], "test.n")
		delete(catalogues["en"], "test.n")
		delete(catalogues["fr"], "test.all")
	})
	for _, c := range []struct {
		got, want string
	}{
		{fr.T("test.n", "n", 0, "who", "Odile"), "0 facture d’Odile"}, {fr.T("test.n", "n", 1, "who", "Odile"), "1 facture d’Odile"},
		{fr.T("test.n", "n", int64(2), "who", "{n}"), "2 factures de {n}"}, // a value is not read again
		{en.T("test.n", "n", 0), "0 invoices"}, {en.T("test.n", "n", int32(1)), "1 invoice"}, {en.T("test.n", "n", 1234), "1,234 invoices"},
		{fr.T("test.nothing"), "test.nothing"}, {fr.T("test.nothing", "n", 1), "test.nothing"},
		{
			fr.T("test.all", "a", money.Cents(5), "b", 20*money.Percent, "c", money.Unit, "d", date.Of(2026, 11, 22), "e", date.MonthOf(2026, 11), "f", time.Sunday),
			"0,05\u00a0€, 20\u00a0%, 1, 22\u00a0nov.\u00a02026, novembre 2026, Sunday",
		},
		{fr.Fault(fault.At("x", "test.n", "n", 3, "who", "vous")), "3 factures de vous"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if !fr.Has("test.n") || fr.Has("test.nothing") {
		t.Error("the catalogue does not know what it has")
	}
}
