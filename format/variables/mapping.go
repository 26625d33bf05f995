package variables

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
)

// MaxMapping is the largest mapping read, in bytes.
const MaxMapping = 128 << 10

const (
	maxColumns = sheet.MaxCells
	maxWords   = 200 // bytes of a name, a title, a code
)

// Negative says where a format puts the minus.
type Negative string

// The places of a minus.
const (
	Before Negative = "before" // -12,00; also when nothing is said
	After  Negative = "after"  // 12,00-
)

// Charset is the encoding of a file that is written.
type Charset string

// The encodings.
const (
	UTF8        Charset = "utf-8"
	UTF8BOM     Charset = "utf-8-bom"
	Windows1252 Charset = "windows-1252"
)

// Format is how a file writes what it holds, whatever it holds.
type Format struct {
	Separator string   `json:"separator"`          // ";", "," or a tab
	Decimal   string   `json:"decimal"`            // "," or "."
	Charset   Charset  `json:"charset,omitempty"`  // of a file that is read: guessed when empty
	Newline   string   `json:"newline,omitempty"`  // "crlf" (also when empty) or "lf"
	Date      string   `json:"date"`               // pattern of YYYY, YY, MM and DD
	Cents     bool     `json:"cents,omitempty"`    // amounts are whole cents, without a decimal sign
	Negative  Negative `json:"negative,omitempty"` // where the minus stands
	Header    bool     `json:"header"`             // a row names the columns
}

// Source says what a column of variables holds.
type Source string

// The sources.
const (
	FromMatricule Source = "matricule"
	FromNIR       Source = "nir"
	FromLast      Source = "last_name"
	FromFirst     Source = "first_name"
	FromName      Source = "name"         // « MARTIN Zoé »
	FromMonth     Source = "month"        // the first day of the month, by the column's own pattern
	FromStart     Source = "period_start" // first day of the month
	FromEnd       Source = "period_end"   // last day of the month
	FromCode      Source = "code"         // code of the element in the software
	FromElement   Source = "element_name" // its name in this program, such as fixed_part
	FromCodeLabel Source = "code_label"   // what the mapping calls it
	FromValue     Source = "value"        // amount or quantity, as the element counts
	FromAmount    Source = "amount"
	FromQuantity  Source = "quantity"
	FromBase      Source = "base"
	FromRate      Source = "rate" // percent
	FromFrom      Source = "from"
	FromUntil     Source = "until"
	FromLabel     Source = "label"
	FromNote      Source = "note"
	FromConstant  Source = "constant"
)

// ofPerson are the sources that say who a row is about and of which month, not what.
func ofPerson() []Source {
	return []Source{FromMatricule, FromNIR, FromLast, FromFirst, FromName, FromMonth, FromStart, FromEnd, FromConstant}
}

func sources() []Source {
	return append(ofPerson(), FromCode, FromElement, FromCodeLabel, FromValue, FromAmount, FromQuantity, FromBase, FromRate,
		FromFrom, FromUntil, FromLabel, FromNote)
}

// Column is one column of a file of variables.
type Column struct {
	Title    string  `json:"title"`
	Source   Source  `json:"source"`
	Element  Element `json:"element,omitempty"`  // of a file of one row per person: what the column is about
	Constant string  `json:"constant,omitempty"` // what it holds when the source is constant
	Date     string  `json:"date,omitempty"`     // pattern of its own
	Required bool    `json:"required,omitempty"` // a row without it does not leave
}

// Layout says what one row of a file is.
type Layout string

// The layouts.
const (
	ByElement Layout = "element" // one row per person and element
	ByPerson  Layout = "person"  // one row per person, a column or several per element
)

// Code is what an element is called in the payroll software.
type Code struct {
	Code    string  `json:"code"`
	Label   string  `json:"label,omitempty"`
	Value   Measure `json:"value,omitempty"`   // another value than the element's own
	Negate  bool    `json:"negate,omitempty"`  // the software wants deductions negative
	Example bool    `json:"example,omitempty"` // to be replaced: every file of a client has its own codes
}

// Mapping is how variables are written for one payroll software.
type Mapping struct {
	Name     string           `json:"name"`
	Software string           `json:"software"`
	Label    string           `json:"label,omitempty"`
	Sources  []string         `json:"sources"` // where this shape was read, or who decided it
	Checked  string           `json:"checked"` // the day it was last compared, as 2026-11-23
	Layout   Layout           `json:"layout"`
	Columns  []Column         `json:"columns"`
	Codes    map[Element]Code `json:"codes,omitempty"`
	// Prefix begins the number of a contract that needs one of its own: its person is known by theirs for another contract.
	Prefix string `json:"prefix,omitempty"`
	Format
}

// MaxPrefix is the longest prefix of a number, in bytes.
const MaxPrefix = 10

//go:embed mapping/*.json
var embedded embed.FS

// Mappings returns the names of the mappings that the package ships with.
func Mappings() []string { return shipped("variables") }

// ReturnMappings returns the names of the mappings of returns that the package ships with, of one kind.
func ReturnMappings(kind Kind) []string { return shipped(string(kind)) }

func shipped(kind string) []string {
	entries, err := embedded.ReadDir("mapping")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), "."+kind+".json"); ok {
			names = append(names, name)
		}
	}
	return names
}

func open(name, kind string) ([]byte, error) {
	b, err := embedded.ReadFile(path.Join("mapping", name+"."+kind+".json"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "variables.mapping_none", "name", name).Wrap(err)
	}
	return b, nil
}

// Shipped returns a mapping that the package ships with.
func Shipped(name string) (Mapping, error) {
	b, err := open(name, "variables")
	if err != nil {
		return Mapping{}, err
	}
	return ParseMapping(b)
}

// decode reads data that a cooperative may have written itself: what is not known is refused, so that a misspelled word does not go
// unnoticed.
func decode(b []byte, into any) error {
	if len(b) > MaxMapping {
		return fault.New(fault.Invalid, "variables.mapping_large", "max", MaxMapping>>10)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fault.New(fault.Invalid, "variables.mapping_json", "why", line(err.Error())).Wrap(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "variables.mapping_json", "why", "EOF")
	}
	return nil
}

// ParseMapping reads a mapping from JSON and checks it.
func ParseMapping(b []byte) (Mapping, error) {
	var m Mapping
	if err := decode(b, &m); err != nil {
		return Mapping{}, err
	}
	if err := m.Check(); err != nil {
		return Mapping{}, err
	}
	return m, nil
}

// word checks a text of a mapping: one line, not too long, nothing that the file could not hold.
func word(field, s string, wanted bool) error {
	switch {
	case s == "" && wanted:
		return fault.At(field, "variables.mapping_empty")
	case len(s) > maxWords || s != line(s) || strings.HasPrefix(s, "'"):
		return fault.At(field, "variables.mapping_word", "max", maxWords)
	}
	return nil
}

// pattern checks a pattern of days: each part once, nothing but signs between them.
func pattern(field, s string, day bool) error {
	rest := s
	for _, part := range []string{"YYYY", "MM", "DD"} {
		switch n := strings.Count(rest, part); {
		case n == 1:
			rest = strings.Replace(rest, part, "|", 1)
		case n == 0 && part == "YYYY" && strings.Count(rest, "YY") == 1:
			rest = strings.Replace(rest, "YY", "|", 1)
		case n == 0 && part == "DD" && !day:
		default:
			return fault.At(field, "variables.mapping_date", "pattern", s)
		}
	}
	if strings.Trim(rest, "|/-. ") != "" {
		return fault.At(field, "variables.mapping_date", "pattern", s)
	}
	return nil
}

// check tells what is wrong in how a file is written. A file that is read may leave its separator and encoding to be guessed.
func (f Format) check(read bool) []error {
	var errs []error
	one := func(field, value string, of ...string) {
		if !slices.Contains(of, value) {
			errs = append(errs, fault.At(field, "variables.mapping_one_of", "value", value, "choices", strings.Join(of, " | ")))
		}
	}
	separators, charsets := []string{";", ",", "\t"}, []string{string(UTF8), string(UTF8BOM), string(Windows1252)}
	if read {
		separators, charsets = append(separators, ""), append(charsets, "")
	}
	one("separator", f.Separator, separators...)
	one("charset", string(f.Charset), charsets...)
	one("decimal", f.Decimal, ",", ".")
	one("newline", f.Newline, "crlf", "lf", "")
	one("negative", string(f.Negative), string(Before), string(After), "")
	if err := pattern("date", f.Date, true); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// sourced checks what says where a mapping comes from.
func sourced(name, software, checked string, from []string) []error {
	errs := []error{word("name", name, true), word("software", software, true)}
	if len(from) == 0 || len(from) > 20 {
		errs = append(errs, fault.At("sources", "variables.mapping_unsourced"))
	}
	for i, s := range from {
		errs = append(errs, word(fmt.Sprintf("sources[%d]", i), s, true))
	}
	if _, err := date.Parse(checked); err != nil {
		errs = append(errs, fault.At("checked", "variables.mapping_checked"))
	}
	return errs
}

// Check tells everything that is wrong in a mapping.
func (m Mapping) Check() error {
	errs := append(sourced(m.Name, m.Software, m.Checked, m.Sources), m.Format.check(false)...)
	errs = append(errs, word("label", m.Label, false), word("prefix", m.Prefix, false))
	if len(m.Prefix) > MaxPrefix {
		errs = append(errs, fault.At("prefix", "variables.mapping_word", "max", MaxPrefix))
	}
	if m.Layout != ByElement && m.Layout != ByPerson {
		errs = append(errs, fault.At("layout", "variables.mapping_one_of", "value", string(m.Layout), "choices", "element | person"))
	}
	if len(m.Columns) == 0 || len(m.Columns) > maxColumns {
		errs = append(errs, fault.At("columns", "variables.mapping_columns", "max", maxColumns))
	} else {
		errs = append(errs, m.checkColumns()...)
	}
	for _, e := range slices.Sorted(func(yield func(Element) bool) {
		for e := range m.Codes {
			if !yield(e) {
				return
			}
		}
	}) {
		at, c := "codes."+string(e), m.Codes[e]
		if _, known := of(e); !known {
			errs = append(errs, fault.At(at, "variables.mapping_element", "element", string(e)))
		}
		errs = append(errs, word(at+".code", c.Code, m.Layout == ByElement), word(at+".label", c.Label, false))
		if c.Value != "" && c.Value != Euros && c.Value != Number && c.Value != Event {
			errs = append(errs, fault.At(at+".value", "variables.mapping_one_of", "value", string(c.Value), "choices", "amount | quantity | none"))
		}
	}
	return errors.Join(errs...)
}

func (m Mapping) checkColumns() []error {
	var errs []error
	who, what, value := false, false, false
	seen := map[string]bool{}
	for i, c := range m.Columns {
		at := fmt.Sprintf("columns[%d]", i)
		errs = append(errs, word(at+".title", c.Title, m.Header), word(at+".constant", c.Constant, false))
		if !slices.Contains(sources(), c.Source) {
			errs = append(errs, fault.At(at+".source", "variables.mapping_source", "source", string(c.Source)))
			continue
		}
		who = who || c.Source == FromMatricule || c.Source == FromNIR
		what = what || c.Source == FromCode || c.Source == FromElement
		value = value || c.Source == FromValue || c.Source == FromAmount || c.Source == FromQuantity
		if c.Constant != "" && c.Source != FromConstant {
			errs = append(errs, fault.At(at+".constant", "variables.mapping_constant"))
		}
		if c.Date != "" {
			if err := pattern(at+".date", c.Date, c.Source != FromMonth); err != nil {
				errs = append(errs, err)
			}
		}
		errs = append(errs, m.checkElement(at, c))
		if key := string(c.Source) + " " + string(c.Element); c.Source != FromConstant && seen[key] {
			errs = append(errs, fault.At(at+".source", "variables.mapping_twice", "source", string(c.Source)))
		} else {
			seen[key] = true
		}
	}
	if !who {
		errs = append(errs, fault.At("columns", "variables.mapping_who"))
	}
	if !what && m.Layout == ByElement || !value {
		errs = append(errs, fault.At("columns", "variables.mapping_what"))
	}
	return errs
}

// checkElement checks what element a column is about: one when a row is a person's whole month, none when it is an element.
func (m Mapping) checkElement(at string, c Column) error {
	_, known := of(c.Element)
	switch personal := slices.Contains(ofPerson(), c.Source); {
	case c.Element != "" && !known:
		return fault.At(at+".element", "variables.mapping_element", "element", string(c.Element))
	case c.Element != "" && (m.Layout == ByElement || personal):
		return fault.At(at+".element", "variables.mapping_element_here")
	case c.Element == "" && m.Layout == ByPerson && !personal:
		return fault.At(at+".element", "variables.mapping_element_wanted")
	case m.Layout == ByPerson && (c.Source == FromCode || c.Source == FromElement || c.Source == FromCodeLabel):
		return fault.At(at+".source", "variables.mapping_source", "source", string(c.Source))
	}
	return nil
}

// encodable says whether a text can be written in the mapping's encoding.
func (f Format) encodable(s string) bool {
	return f.Charset != Windows1252 || !slices.ContainsFunc([]rune(s), func(r rune) bool { return !windows(r) }) && utf8.ValidString(s)
}

// Examples returns the elements whose code is only an example, which a cooperative replaces before it uses the mapping.
func (m Mapping) Examples() []Element {
	var found []Element
	for _, e := range Elements() {
		if m.Codes[e].Example {
			found = append(found, e)
		}
	}
	return found
}
