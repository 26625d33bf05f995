package variables

import (
	"strings"
	"unicode"

	"essaim/date"
	"essaim/money"
)

// Person is who a row is about, as the payroll software knows them.
type Person struct {
	Matricule string // number of the person in the payroll software
	NIR       string // number of the social security: 13 digits, or 15 with the key
	Last      string
	First     string
}

// Name is the person as a list shows them: « MARTIN Zoé ».
func (p Person) Name() string { return strings.TrimSpace(strings.ToUpper(p.Last) + " " + p.First) }

// Row is one variable of the month of one person.
type Row struct {
	Person   Person
	Month    date.Month
	Element  Element
	Amount   money.Cents // euros of the element
	Quantity money.Micro // days, hours, kilometres, vouchers
	Base     money.Cents // what the rate applies to, where there is one
	Rate     money.Rate
	From     date.Day // first day of an absence, day of an entry or exit; 0: none
	Until    date.Day // last day; 0: none
	Label    string   // a comment for the one who makes the payslips; a format may leave it out
	Note     string   // another, or the reason of an exit
}

// MaxRows is the most rows of one file of variables.
const MaxRows = 20_000

// line makes one line of a text: what is no sign becomes a space, and spaces do not follow each other. Software of pay does not
// read a cell of two lines.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff'
	}), " ")
}

// digits keeps the digits of a number, and the A and B of Corsica.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == 'A', r == 'B':
			return r
		case r == 'a', r == 'b':
			return r - 'a' + 'A'
		}
		return -1
	}, s)
}
