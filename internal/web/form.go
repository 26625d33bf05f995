package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/money"
)

// formMax bounds a form: five hundred lines of an entry fit, a flood does not.
const formMax = 1 << 20

// Form is what a person typed, read field by field into values, with the refusals beside the fields they concern.
//
// A refused field keeps what was typed. Names are those of the use cases: "price", "lines[2].rate".
type Form struct {
	P       i18n.Printer
	Key     string // makes a second click harmless: pass it to the use case
	today   date.Day
	values  url.Values
	refused []*fault.Error
	files   map[string][]office.Upload // by field; see upload.go
	labels  map[string]string          // of the fields written so far
	order   []string                   // their names, as they stand in the page

	changes   []fieldChange     // by someone else while the form was open: see since.go
	changedBy string            // who, and when
	words     map[string]string // what the values of choices are called, when there are changes
	closed    string            // how who fills it is told of a closed month: see [Visit.closedWords]
}

// told is a refusal in words.
func (f *Form) told(e *fault.Error) string { return refusalTo(f.P, e, f.closed) }

func refusalTo(p i18n.Printer, e *fault.Error, closed string) string {
	if closed != "" && (e.Key == "ledger.month_closed" || e.Key == "ledger.year_closed") {
		own := *e
		own.Key = closedKeys[closed][e.Key]
		e = &own
	}
	return p.Fault(e)
}

// closedKeys are the words of a closed month: to who opens and closes months, who is not sent to ask for it, and to an
// entrepreneur, in words of their own.
var closedKeys = map[string]map[string]string{
	"own":   {"ledger.month_closed": "ledger.month_closed_own", "ledger.year_closed": "ledger.year_closed_own"},
	"plain": {"ledger.month_closed": "ledger.month_closed_plain", "ledger.year_closed": "ledger.year_closed_plain"},
}

// newForm starts an empty form.
func newForm(p i18n.Printer, today date.Day, key string) *Form {
	return &Form{P: p, Key: key, today: today, values: url.Values{}}
}

// readForm reads the form of a request.
func readForm(r *http.Request, p i18n.Printer, today date.Day) (*Form, error) {
	if r.Body != nil {
		r.Body = http.MaxBytesReader(nil, r.Body, formMax)
	}
	err := r.ParseForm()
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, fault.New(fault.Invalid, "web.too_large").Wrap(errTooLarge)
		}
		return nil, fault.New(fault.Invalid, "web.form_broken").Wrap(err)
	}
	f := newForm(p, today, "")
	f.values = r.PostForm
	f.tidy()
	f.Key = f.values.Get("key")
	return f, nil
}

var errTooLarge = errors.New("web: form too large")

// Get returns what was typed, trimmed.
func (f *Form) Get(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// Has says whether the form holds the field at all.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// All returns every value of a field: ticked boxes of one name.
func (f *Form) All(name string) []string { return f.values[name] }

// Set gives a field its first value: amounts, days and the like are written as the person would.
func (f *Form) Set(name string, value any) *Form {
	switch v := value.(type) {
	case money.Cents:
		f.values.Set(name, f.P.Amount(v))
	case money.Micro: // no thousands: « 1,000 » would come back as one
		f.values.Set(name, f.decimal(v.String()))
	case money.Rate:
		f.values.Set(name, f.decimal(v.String()))
	case bool:
		if v {
			f.values.Set(name, "1")
		} else {
			f.values.Del(name)
		}
	case int64: // an id: no separators
		f.values.Set(name, strconv.FormatInt(v, 10))
	case int:
		f.values.Set(name, strconv.Itoa(v))
	default:
		f.values.Set(name, f.P.Text(value))
	}
	return f
}

// decimal puts the language's decimal sign into a number written for machines.
func (f *Form) decimal(s string) string { return strings.Replace(s, ".", f.P.Amount(0)[1:2], 1) }

// Refuse tells what is wrong with a field; the key's message speaks to the person.
func (f *Form) Refuse(field, key string, args ...any) {
	f.refused = append(f.refused, fault.At(field, key, args...))
}

// OK says whether nothing was refused so far, and nobody has changed what the form is about since it was opened.
func (f *Form) OK() bool { return len(f.refused) == 0 && len(f.changes) == 0 }

// Take notes the refusals of a use case beside their fields, and says whether that is all there was: a form with wrong
// fields is shown again, any other error is the request's. A form that was sent before with something else is shown again
// too, with a key of its own: sent once more, it stands beside the first.
func (f *Form) Take(err error) bool {
	if usedBefore(err) {
		f.Key = newKey(f.Key)
		f.Refuse("", "web.form_used")
		return true
	}
	if fault.KindOf(err) != fault.Invalid {
		return false
	}
	for _, e := range fault.All(err) {
		if e.Kind != fault.Invalid {
			return false
		}
		f.refused = append(f.refused, e)
	}
	return true
}

// usedBefore says whether the form of a request had been sent already, with something else in it.
func usedBefore(err error) bool {
	return slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Key == "store.key_reused" })
}

// Refusal returns the words of the first refusal of a field, or "".
func (f *Form) Refusal(name string) string {
	for _, e := range f.refused {
		if e.Field == name {
			return f.told(e)
		}
	}
	return ""
}

// Refusals returns all of them.
func (f *Form) Refusals() []*fault.Error { return f.refused }

// Need reads a text that must be there, of at most max characters.
func (f *Form) Need(name string, max int) string {
	s := f.Text(name, max)
	if s == "" && f.Refusal(name) == "" {
		f.Refuse(name, "web.field_needed")
	}
	return s
}

// Text reads a text of at most max characters.
func (f *Form) Text(name string, max int) string {
	s := f.Get(name)
	if utf8.RuneCountInString(s) > max {
		f.Refuse(name, "web.field_long", "n", max)
		return ""
	}
	if !fault.Plain(s) {
		f.Refuse(name, "web.field_signs")
		return ""
	}
	return strings.ReplaceAll(s, "\r\n", "\n")
}

// Cents reads an amount; an empty field is zero.
func (f *Form) Cents(name string) money.Cents {
	return read(f, name, money.ParseCents, "web.field_amount")
}

// Micro reads a quantity or a unit price; an empty field is zero.
func (f *Form) Micro(name string) money.Micro {
	return read(f, name, money.ParseMicro, "web.field_number")
}

// Rate reads a percentage; an empty field is zero.
func (f *Form) Rate(name string) money.Rate {
	return read(f, name, func(s string) (money.Rate, error) {
		r, err := money.ParseRate(s)
		if errors.Is(err, money.ErrRange) { // below nothing, more often than too much
			err = errRate
		}
		return r, err
	}, "web.field_rate")
}

var errRate = errors.New("web: rate out of range")

// Day reads a day as people type it (« 22/11 »); an empty field is no day.
func (f *Form) Day(name string) date.Day {
	return read(f, name, func(s string) (date.Day, error) { return i18n.ParseDay(s, f.today) }, "web.field_day")
}

// Month reads "2026-11", as a list of months gives it; an empty field is no month.
func (f *Form) Month(name string) date.Month {
	return read(f, name, date.ParseMonth, "web.field_choice")
}

// ID reads the id of something chosen; an empty field is 0.
func (f *Form) ID(name string) int64 {
	return read(f, name, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }, "web.field_choice")
}

// Int reads a whole number between two bounds; an empty field is 0 and within.
func (f *Form) Int(name string, from, to int) int {
	n := read(f, name, strconv.Atoi, "web.field_whole")
	if f.Get(name) != "" && f.Refusal(name) == "" && (n < from || n > to) {
		f.Refuse(name, "web.field_between", "from", from, "to", to)
		return 0
	}
	return n
}

// Bool reads a switch or a ticked box.
func (f *Form) Bool(name string) bool { return f.Get(name) != "" && f.Get(name) != "0" }

// Choice reads one of the allowed values; anything else is refused, the empty one too unless it is allowed.
func (f *Form) Choice(name string, allowed ...string) string {
	s := f.Get(name)
	if !slices.Contains(allowed, s) {
		if s == "" {
			f.Refuse(name, "web.field_needed")
		} else {
			f.Refuse(name, "web.field_choice")
		}
		return ""
	}
	return s
}

// Rows returns the indexes of a repeated group, "lines[0].label", "lines[2].label" → 0, 2, in order; rows in which
// nothing was typed are left out.
func (f *Form) Rows(name string) []int {
	var rows []int
	for field, values := range f.values {
		rest, ok := strings.CutPrefix(field, name+"[")
		if !ok || len(values) == 0 || strings.TrimSpace(values[0]) == "" {
			continue
		}
		index, _, ok := strings.Cut(rest, "]")
		n, err := strconv.Atoi(index)
		if ok && err == nil && n >= 0 && n < 1000 && !slices.Contains(rows, n) {
			rows = append(rows, n)
		}
	}
	slices.Sort(rows)
	return rows
}

// read reads a field with a parser; what it cannot read is refused with the key's message.
func read[T any](f *Form, name string, parse func(string) (T, error), key string) T {
	var zero T
	s := f.Get(name)
	if s == "" {
		return zero
	}
	v, err := parse(s)
	switch {
	case errors.Is(err, errRate):
		f.Refuse(name, "web.field_rate_range")
	case errors.Is(err, money.ErrRange):
		f.Refuse(name, "web.field_range")
	case err != nil:
		f.Refuse(name, key)
	default:
		return v
	}
	return zero
}
