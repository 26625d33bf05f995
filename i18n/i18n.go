// Package i18n turns message keys, amounts and days into the words of a person's language, and reads amounts and
// days as people type them. French is complete and comes first; English beside it is complete too.
//
// Catalogues are the JSON files under fr/ and en/, merged: {"sale.submit": "Envoyer à la relecture"}. A value may be
// {"one": …, "other": …}, chosen by the argument "n" (French: 0 and 1 are "one"; English: 1 is). Placeholders are
// {name}; « de » and « que » before one are elided where its word asks it. Tests hold that both languages have the same keys and placeholders, and that no key is unused.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

//go:embed fr/*.json en/*.json
var files embed.FS

type message struct{ One, Other string }

func (m *message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &m.Other); err != nil {
			return err
		}
		m.One = m.Other
		return nil
	}
	type plain message
	return json.Unmarshal(b, (*plain)(m))
}

var catalogues = load()

func load() map[string]map[string]message {
	all := map[string]map[string]message{}
	for _, lang := range []string{"fr", "en"} {
		all[lang] = map[string]message{}
		names, err := fs.Glob(files, lang+"/*.json")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			b, err := files.ReadFile(name)
			if err != nil {
				panic(err)
			}
			var one map[string]message
			if err := json.Unmarshal(b, &one); err != nil {
				panic("i18n: " + name + ": " + err.Error())
			}
			for k, v := range one {
				if _, twice := all[lang][k]; twice {
					panic("i18n: " + name + ": " + k + " stands twice")
				}
				if lang == "fr" {
					v.One, v.Other = unbreakable.Replace(v.One), unbreakable.Replace(v.Other)
				}
				all[lang][k] = v
			}
		}
	}
	return all
}

// unbreakable puts the no-break spaces of French typography where the catalogues, written on ordinary keyboards, have
// plain ones.
var unbreakable = strings.NewReplacer(
	" :", nbsp+":", " »", nbsp+"»", "« ", "«"+nbsp, " %", nbsp+"%", " €", nbsp+"€", " ;", narrow+";", " ?", narrow+"?",
)

// Printer speaks one language. The zero Printer speaks French.
type Printer struct{ lang string }

// For returns the printer of a language tag ("en-GB" is English); anything unknown is French.
func For(lang string) Printer {
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		return Printer{"en"}
	}
	return Printer{"fr"}
}

// Lang returns "fr" or "en".
func (p Printer) Lang() string {
	if p.lang == "en" {
		return "en"
	}
	return "fr"
}

// Has says whether the catalogue holds the key.
func (p Printer) Has(key string) bool { _, ok := catalogues[p.Lang()][key]; return ok }

// T returns the message of the key with its named arguments (name, value, name, value …): [money.Cents] as an amount,
// [date.Day] as a short day, numbers with their separators, anything else as text. An unknown key returns itself.
func (p Printer) T(key string, args ...any) string {
	m, ok := catalogues[p.Lang()][key]
	if !ok {
		return key
	}
	text := m.Other
	if len(args) == 0 {
		return text
	}
	for i := 0; i+1 < len(args); i += 2 {
		if name, _ := args[i].(string); name == "n" && p.one(args[i+1]) {
			text = m.One
		}
	}
	out := make([]byte, 0, len(text)+32)
	for {
		at := strings.IndexByte(text, '{')
		if at < 0 {
			return string(append(out, text...))
		}
		out, text = append(out, text[:at]...), text[at:]
		end := strings.IndexByte(text, '}')
		value, known := "", false
		for i := 0; i+1 < len(args) && end > 0; i += 2 {
			if name, _ := args[i].(string); name == text[1:end] {
				value, known = p.Text(args[i+1]), true
				break
			}
		}
		if known {
			if p.lang != "en" {
				out = elided(out, value)
			}
			out, text = append(out, value...), text[end+1:]
		} else {
			out, text = append(out, '{'), text[1:]
		}
	}
}

// Said is a message as the value of another: the name of a thing in the language of the sentence.
type Said struct {
	Key  string
	Args []any
}

func (p Printer) one(v any) bool {
	n, ok := integer(v)
	if !ok {
		return false
	}
	return n == 1 || n == -1 || (n == 0 && p.Lang() == "fr")
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case money.Micro: // « 1 part », « 2,5 parts »
		if n%money.Unit == 0 {
			return int64(n / money.Unit), true
		}
	}
	return 0, false
}

// Text writes a value in the language.
func (p Printer) Text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case money.Cents:
		return p.Euros(x)
	case Sum:
		return p.Sum(x)
	case money.Rate:
		return p.Rate(x)
	case money.Micro:
		return p.Micro(x)
	case date.Day:
		return p.Day(x)
	case date.Month:
		return p.Month(x)
	case Said:
		return p.T(x.Key, x.Args...)
	case fmt.Stringer:
		return x.String()
	}
	if n, ok := integer(v); ok {
		return p.Int(n)
	}
	return fmt.Sprint(v)
}

// Fault returns the words of a refusal.
func (p Printer) Fault(e *fault.Error) string { return p.T(e.Key, e.Args...) }

// Int writes a whole number with thousands separators.
func (p Printer) Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = minus, s[1:]
	}
	return sign + p.group(s)
}

const (
	narrow = "\u202f" // narrow no-break space between thousands
	nbsp   = "\u00a0"
	minus  = "\u2212"
)

func (p Printer) group(digits string) string {
	sep := narrow
	if p.Lang() == "en" {
		sep = ","
	}
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Amount writes « −1 234,56 » without the currency.
func (p Printer) Amount(c money.Cents) string {
	s, negative := strings.CutPrefix(c.String(), "-")
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if negative {
		sign = minus
	}
	return sign + p.group(whole) + p.decimal() + frac
}

func (p Printer) decimal() string {
	if p.Lang() == "en" {
		return "."
	}
	return ","
}

// Euros writes « 1 234,56 € », or "€1,234.56".
func (p Printer) Euros(c money.Cents) string {
	if p.Lang() == "en" {
		if s, negative := strings.CutPrefix(p.Amount(c), minus); negative {
			return minus + "€" + s
		}
		return "€" + p.Amount(c)
	}
	return p.Amount(c) + nbsp + "€"
}

// Sum is an amount in a currency; "" and "EUR" are the euro.
type Sum struct {
	Amount   money.Cents
	Currency string
}

// Sum writes « 1 234,56 USD », or "USD 1,234.56"; the code of a currency is never mistaken for another's sign.
func (p Printer) Sum(s Sum) string {
	switch {
	case s.Currency == "" || s.Currency == "EUR":
		return p.Euros(s.Amount)
	case p.Lang() != "en":
		return p.Amount(s.Amount) + nbsp + s.Currency
	}
	if rest, negative := strings.CutPrefix(p.Amount(s.Amount), minus); negative {
		return minus + s.Currency + nbsp + rest
	}
	return s.Currency + nbsp + p.Amount(s.Amount)
}

// WholeEuros writes the amount without cents when it has none to show: « 812 € ».
func (p Printer) WholeEuros(c money.Cents) string {
	if c%100 != 0 {
		return p.Euros(c)
	}
	s := p.Int(int64(c / 100))
	if p.Lang() == "en" {
		if c < 0 {
			return minus + "€" + strings.TrimPrefix(s, minus)
		}
		return "€" + s
	}
	return s + nbsp + "€"
}

// Rate writes « 5,5 % ».
func (p Printer) Rate(r money.Rate) string {
	whole, rest, decimals := strings.Cut(strings.TrimPrefix(r.String(), "-"), ".")
	s := p.group(whole)
	if decimals {
		s += p.decimal() + rest
	}
	if r < 0 {
		s = minus + s
	}
	if p.Lang() == "en" {
		return s + "%"
	}
	return s + nbsp + "%"
}

// Micro writes a quantity or unit price with the decimals it has.
func (p Printer) Micro(m money.Micro) string {
	s := m.String()
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = minus, s[1:]
	}
	whole, frac, has := strings.Cut(s, ".")
	s = sign + p.group(whole)
	if has {
		s += p.decimal() + frac
	}
	return s
}

// UnitEuros writes a unit price with its sign: « 0,335 € », or "€0.335".
func (p Printer) UnitEuros(m money.Micro) string {
	s := p.UnitPrice(m)
	if p.Lang() != "en" {
		return s + nbsp + "€"
	}
	if rest, negative := strings.CutPrefix(s, minus); negative {
		return minus + "€" + rest
	}
	return "€" + s
}

// UnitPrice writes a unit price with at least two decimals: « 12,50 », « 0,335 ».
func (p Printer) UnitPrice(m money.Micro) string {
	s := p.Micro(m)
	_, frac, has := strings.Cut(s, p.decimal())
	switch {
	case !has:
		return s + p.decimal() + "00"
	case len(frac) == 1:
		return s + "0"
	}
	return s
}
