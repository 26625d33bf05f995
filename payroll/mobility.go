package payroll

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Bounds of a table of the versement mobilité: all communes of France over many years hold in them.
const (
	MaxMobilityBytes = 16 << 20
	maxMobilityRows  = 400_000
	maxMobilityField = 200
)

// MobilityRate is the versement mobilité of one commune from a day on: the rate itself, the additional one of a mixed
// syndicate, and the regional and rural one (L2333-64, L5722-7 and L4332-8-1 CGCT). They are separate lines of a payslip.
type MobilityRate struct {
	Commune string     `json:"commune"` // INSEE code
	Name    string     `json:"name"`
	From    date.Day   `json:"from"`
	Rate    money.Rate `json:"rate"`
	Extra   money.Rate `json:"extra"`
	Region  money.Rate `json:"region"`
}

// Mobility is a table of rates. It is read-only.
type Mobility struct {
	rows []MobilityRate // by commune, then day
	// Sample says that it is the sample that the program carries, not the table of the Urssaf.
	Sample bool
}

//go:embed data/mobility_sample.csv
var mobilitySample []byte

// SampleMobility is a small table read in public notices of the Urssaf, to try the program with; it is marked as such.
func SampleMobility() (*Mobility, error) {
	m, err := ReadMobility(mobilitySample)
	if m != nil {
		m.Sample = true
	}
	return m, err
}

// Of returns the rates of a commune on a day: the last row that has begun.
func (m *Mobility) Of(commune string, on date.Day) (MobilityRate, bool) {
	n, _ := slices.BinarySearchFunc(m.rows, MobilityRate{Commune: commune, From: on + 1}, byCommune)
	if n == 0 || m.rows[n-1].Commune != commune {
		return MobilityRate{}, false
	}
	return m.rows[n-1], true
}

// Len is the number of rows.
func (m *Mobility) Len() int { return len(m.rows) }

func byCommune(a, b MobilityRate) int {
	return cmp.Or(strings.Compare(a.Commune, b.Commune), cmp.Compare(a.From, b.From))
}

// mobilityColumns are the names that a column may bear, in small letters without accents.
func mobilityColumn(name string) string {
	switch name {
	case "insee", "code insee", "code commune", "commune code", "code":
		return "insee"
	case "nom", "commune", "libelle", "nom commune", "libelle commune", "name":
		return "name"
	case "taux", "taux vm", "vm", "rate":
		return "rate"
	case "taux vma", "vma", "taux additionnel", "additionnel", "extra":
		return "extra"
	case "taux vmrr", "vmrr", "taux regional", "region":
		return "region"
	case "date", "date effet", "date d'effet", "date debut", "from":
		return "from"
	}
	return ""
}

var plainLetters = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "_", " ", "’", "'", "\ufeff", "")

// ReadMobility reads a table as comma or semicolon separated values in UTF-8: a first row of names, then a row for each
// commune and day with its INSEE code, its name, the rates in per cent and the day they begin. Everything wrong is told
// with its row; nothing of a table that has a fault is taken.
func ReadMobility(b []byte) (*Mobility, error) {
	if len(b) > MaxMobilityBytes {
		return nil, fault.At("file", "payroll.mobility_large", "max", MaxMobilityBytes>>20)
	}
	if !utf8.Valid(b) {
		return nil, fault.At("file", "payroll.mobility_utf8")
	}
	head, _, _ := bytes.Cut(b, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(b))
	r.ReuseRecord, r.LazyQuotes, r.FieldsPerRecord = true, false, -1
	switch {
	case bytes.ContainsRune(head, ';'):
		r.Comma = ';'
	case bytes.ContainsRune(head, '\t'):
		r.Comma = '\t'
	}
	names, err := r.Read()
	if err != nil {
		return nil, fault.At("file", "payroll.mobility_head").Wrap(err)
	}
	at := map[string]int{}
	for i, n := range names {
		c := mobilityColumn(strings.TrimSpace(plainLetters.Replace(strings.ToLower(n))))
		if _, twice := at[c]; c != "" && !twice {
			at[c] = i
		}
	}
	for _, need := range []string{"insee", "rate", "from"} {
		if _, ok := at[need]; !ok {
			return nil, fault.At("file", "payroll.mobility_column", "column", need)
		}
	}
	m := &Mobility{}
	var errs []error
	for row := 2; ; row++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.At("file", "payroll.mobility_row", "row", row).Wrap(err)
		}
		if row > maxMobilityRows {
			return nil, fault.At("file", "payroll.mobility_rows", "max", maxMobilityRows)
		}
		x, err := mobilityRow(record, at, row)
		if err != nil {
			if errs = append(errs, err); len(errs) >= 20 {
				break
			}
			continue
		}
		m.rows = append(m.rows, x)
	}
	slices.SortStableFunc(m.rows, byCommune)
	for i := 1; i < len(m.rows) && len(errs) < 20; i++ {
		if byCommune(m.rows[i-1], m.rows[i]) == 0 {
			errs = append(errs, fault.At("file", "payroll.mobility_twice", "commune", m.rows[i].Commune, "from", m.rows[i].From))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return m, nil
}

func mobilityRow(record []string, at map[string]int, row int) (MobilityRate, error) {
	get := func(c string) string {
		i, ok := at[c]
		if !ok || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	x := MobilityRate{Commune: strings.ToUpper(get("insee")), Name: get("name")}
	if !isCommune(x.Commune) {
		return x, fault.At("file", "payroll.mobility_insee", "row", row)
	}
	if len(x.Name) > maxMobilityField {
		return x, fault.At("file", "payroll.mobility_row", "row", row)
	}
	var err error
	if x.From, err = mobilityDay(get("from")); err != nil {
		return x, fault.At("file", "payroll.mobility_day", "row", row)
	}
	for _, r := range []struct {
		column string
		into   *money.Rate
	}{{"rate", &x.Rate}, {"extra", &x.Extra}, {"region", &x.Region}} {
		s := strings.TrimSpace(strings.TrimSuffix(get(r.column), "%"))
		if s == "" {
			if r.column == "rate" {
				return x, fault.At("file", "payroll.mobility_rate", "row", row)
			}
			continue
		}
		v, err := money.ParseRate(s)
		if err != nil || v < 0 || v > money.One/20 { // the law stops at 3.2 %; a twentieth is surely a slip
			return x, fault.At("file", "payroll.mobility_rate", "row", row)
		}
		*r.into = v
	}
	return x, nil
}

// isCommune says whether a code has the shape of an INSEE code: five signs, digits but for 2A and 2B of Corsica.
func isCommune(s string) bool {
	if len(s) != 5 {
		return false
	}
	for i := range len(s) {
		if digit := s[i] >= '0' && s[i] <= '9'; !digit && (i != 1 || s[0] != '2' || s[i] != 'A' && s[i] != 'B') {
			return false
		}
	}
	return true
}

// mobilityDay reads 2026-01-01 or 01/01/2026.
func mobilityDay(s string) (date.Day, error) {
	if len(s) == 10 && s[2] == '/' && s[5] == '/' {
		s = s[6:] + "-" + s[3:5] + "-" + s[:2]
	}
	return date.Parse(s)
}
