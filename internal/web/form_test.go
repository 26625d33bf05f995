package web

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

var today = date.MustParse("2026-11-22")

func formOf(t testing.TB, lang string, values url.Values) *Form {
	t.Helper()
	r := httptest.NewRequest("POST", "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := readForm(r, i18n.For(lang), today)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFormReadsWhatPeopleType(t *testing.T) {
	f := formOf(t, "fr", url.Values{
		"amount": {" 1 234,5 € "}, "price": {"0,335"}, "rate": {"5,5 %"}, "day": {"22/11"}, "month": {"2026-11"}, "id": {"12"}, "n": {"7"}, "on": {"1"}, "off": {"0"},
		"name": {"  Odile  "}, "note": {"une\r\ndeux"}, "kind": {"quote"}, "lines[2].label": {"b"}, "lines[0].label": {"a"}, "lines[1].label": {"  "}, "lines[x].label": {"c"},
	})
	if got := f.Cents("amount"); got != 1234_50 {
		t.Errorf("amount %s", got)
	}
	if got := f.Micro("price"); got != 335_000 {
		t.Errorf("price %s", got)
	}
	if got := f.Rate("rate"); got != 55_000 {
		t.Errorf("rate %s", got)
	}
	if got := f.Day("day"); got != today {
		t.Errorf("day %s", got)
	}
	if got := f.Month("month"); got != date.MonthOf(2026, 11) {
		t.Errorf("month %s", got)
	}
	if f.ID("id") != 12 || f.Int("n", 1, 9) != 7 || !f.Bool("on") || f.Bool("off") || f.Bool("absent") {
		t.Error("id, n, on, off")
	}
	if f.Need("name", 10) != "Odile" || f.Text("note", 10) != "une\ndeux" || f.Choice("kind", "quote", "invoice") != "quote" {
		t.Error("name, note, kind")
	}
	if got := f.Rows("lines"); len(got) != 2 || got[0] != 0 || got[1] != 2 {
		t.Errorf("rows %v", got)
	}
	if !f.OK() {
		t.Errorf("refused: %v", f.Refusals())
	}
	if f.Cents("absent") != 0 || f.Day("absent") != 0 || f.ID("absent") != 0 || !f.OK() {
		t.Error("an empty field is zero")
	}
}

func TestFormRefusesBesideTheField(t *testing.T) {
	f := formOf(t, "fr", url.Values{"a": {"douze"}, "b": {"99999999999999"}, "c": {"31/11"}, "d": {"1.200"}, "e": {"250"}, "f": {"x\x00y"}, "g": {"trop long"}, "h": {"autre"}, "i": {"-1x"}})
	f.Cents("a")
	f.Cents("b")
	f.Day("c")
	f.Rate("d")
	f.Int("e", 1, 100)
	f.Text("f", 10)
	f.Need("g", 3)
	f.Choice("h", "x")
	f.ID("i")
	f.Need("j", 5)
	want := map[string]string{
		"a": "Ce n’est pas un montant", "b": "trop grand", "c": "Ce jour n’existe pas", "e": "de 1 à 100", "f": "caractère invisible", "g": "3 caractères au plus",
		"h": "Choisir dans la liste", "i": "Choisir dans la liste", "j": "Il manque ce renseignement",
	}
	for field, words := range want {
		if got := strings.ReplaceAll(f.Refusal(field), "\u00a0", " "); !strings.Contains(got, words) {
			t.Errorf("%s: %q, want %q", field, got, words)
		}
		if n := strings.Count(string(f.Summary()), `href="#`+fieldID(field)+`"`); n != 1 {
			t.Errorf("%s stands %d times in the summary", field, n)
		}
	}
	html := string(f.Field("c", "Fait le", "icon=calendar"))
	for _, part := range []string{`class="f bad"`, `aria-invalid="true"`, `aria-describedby="f-c-h"`, `id="f-c-h"`, `value="31/11"`} {
		if !strings.Contains(html, part) {
			t.Errorf("a refused field lacks %s: %s", part, html)
		}
	}
}

// The summary names the fields as the page does, in its order, and the line where there are several.
func TestSummaryNamesTheFields(t *testing.T) {
	f := formOf(t, "fr", url.Values{"lines[0].price": {"douze"}, "lines[1].price": {"x"}, "on": {"31/11"}})
	f.Micro("lines[1].price")
	f.Day("on")
	f.Refuse("elsewhere", "web.field_needed")
	f.Field("on", "Fait le")
	f.Field("lines[0].price", "Prix TTC")
	f.Field("lines[1].price", "Prix TTC")
	got := string(f.Summary())
	rest := got
	for _, part := range []string{`<a href="#f-elsewhere">Il manque ce renseignement`, `<a href="#f-on">Fait le</a> Ce jour`, `<a href="#f-lines-1-price">Prix TTC, ligne 2</a> Ce n’est pas`} {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("the summary lacks %s, or has it too early:\n%s", part, got)
		}
		rest = after
	}
}

func TestFormTakesOnlyRefusalsOfFields(t *testing.T) {
	f := formOf(t, "fr", nil)
	if !f.Take(errors.Join(fault.At("name", "web.field_needed"), fault.At("lines[2].rate", "web.field_rate"))) || f.Refusal("lines[2].rate") == "" {
		t.Error("refusals of a use case are not taken")
	}
	for _, err := range []error{
		errors.New("disk"), fault.New(fault.Conflict, "web.busy_title"),
		errors.Join(fault.At("name", "web.field_needed"), fault.New(fault.Closed, "web.closed_title")),
	} {
		if formOf(t, "fr", nil).Take(err) {
			t.Errorf("%v was taken for a refusal of fields", err)
		}
	}
}

func TestFormSizeIsBounded(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("a="+strings.Repeat("x", formMax+1)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, err := readForm(r, i18n.For("fr"), today)
	if statusOf(err) != 413 {
		t.Errorf("%v is answered by %d", err, statusOf(err))
	}
	r = httptest.NewRequest("POST", "/", strings.NewReader("a=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := readForm(r, i18n.For("fr"), today); statusOf(err) != 422 {
		t.Errorf("a broken form: %v", err)
	}
}

// What Set writes is read back as the same value, in both languages.
func TestFormRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := i18n.For(rapid.SampledFrom([]string{"fr", "en"}).Draw(t, "lang"))
		cents := money.Cents(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "cents"))
		micro := money.Micro(rapid.Int64Range(0, int64(money.MaxMicro)).Draw(t, "micro"))
		rate := money.Rate(rapid.Int64Range(0, 10*int64(money.One)).Draw(t, "rate"))
		day := date.MustParse("2000-01-01") + date.Day(rapid.IntRange(0, 40_000).Draw(t, "day"))
		f := newForm(p, today, "")
		f.Set("cents", cents).Set("micro", micro).Set("rate", rate).Set("day", day).Set("id", int64(123456)).Set("on", true)
		if f.Cents("cents") != cents || f.Micro("micro") != micro || f.Rate("rate") != rate || f.Day("day") != day || f.ID("id") != 123456 || !f.Bool("on") || !f.OK() {
			t.Fatalf("%s: %v %v", p.Lang(), f.values, f.Refusals())
		}
	})
}
