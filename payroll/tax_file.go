package payroll

import (
	"errors"
	"strings"
	"unicode"

	"essaim/fault"
	"essaim/money"
)

// TaxLine is one line of a file of rates of the tax withheld: who, and the rate or the neutral grid.
type TaxLine struct {
	N      int         // line of the table, from 1
	Who    string      // matricule or NIR, as it was written without spaces
	Tax    *money.Rate // nil: the neutral grid
	Refuse error       // why the line is not taken; the others are
}

// titles of the columns, in letters alone.
var (
	taxWho  = []string{"matricule", "nir", "numerodesecuritesociale", "nsecuritesociale", "numero", "salarie", "employee", "number"}
	taxRate = []string{"taux", "tauxpas", "tauxpersonnalise", "tauxdimposition", "rate", "tauxpasindividualise"}
)

// ReadTaxLines reads the rows of a table of rates: a title row that names its columns, or the matricule or NIR first and
// the rate second. A rate is a percentage; « neutre » stands for the grid. What is wrong with one line does not keep the
// others from being taken; a person who stands twice is taken from neither line.
func ReadTaxLines(rows [][]string) ([]TaxLine, error) {
	who, rate, first := 0, 1, 0
	if len(rows) > 0 {
		w, r := column(rows[0], taxWho), column(rows[0], taxRate)
		switch {
		case w >= 0 && r >= 0:
			who, rate, first = w, r, 1
		case w >= 0:
			return nil, fault.At("file", "payroll.tax_file.no_rate")
		case r >= 0:
			return nil, fault.At("file", "payroll.tax_file.no_who")
		}
	}
	var all []TaxLine
	seen := map[string]int{} // by who: index in all
	for i, row := range rows[first:] {
		cell := func(n int) string {
			if n >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[n])
		}
		l := TaxLine{N: first + i + 1, Who: compact(cell(who))}
		if l.Who == "" && cell(rate) == "" {
			continue
		}
		if l.Who == "" {
			l.Refuse = fault.At("number", "payroll.tax_file.nobody")
		}
		tax, err := readTax(cell(rate))
		l.Tax, l.Refuse = tax, errors.Join(l.Refuse, err)
		if before, twice := seen[l.Who]; twice && l.Who != "" {
			l.Refuse = errors.Join(l.Refuse, fault.At("number", "payroll.tax_file.twice", "line", all[before].N))
			all[before].Refuse = errors.Join(all[before].Refuse, fault.At("number", "payroll.tax_file.twice", "line", l.N))
		} else {
			seen[l.Who] = len(all)
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return nil, fault.At("file", "sheet.nothing")
	}
	return all, nil
}

// readTax reads a rate: a percentage up to 100, or the word for the neutral grid.
func readTax(s string) (*money.Rate, error) {
	switch letters(s) {
	case "neutre", "neutral", "tauxneutre":
		return nil, nil
	}
	if s == "" {
		return nil, fault.At("tax", "payroll.tax_file.rate_missing")
	}
	r, err := money.ParseRate(s)
	switch {
	case errors.Is(err, money.ErrRange), err == nil && r > money.One:
		return nil, fault.At("tax", "payroll.tax_file.rate_range", "rate", s)
	case err != nil:
		return nil, fault.At("tax", "payroll.tax_file.rate_odd", "rate", s)
	}
	return &r, nil
}

func column(row, names []string) int {
	for i, cell := range row {
		for _, name := range names {
			if letters(cell) == name {
				return i
			}
		}
	}
	return -1
}

// letters keeps the letters of a title, small and without accents.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); r {
		case 'é', 'è', 'ê':
			return 'e'
		case 'à':
			return 'a'
		}
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, s)
}

// compact takes the spaces out of a number and writes its letters large, as it is compared.
func compact(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' {
			return -1
		}
		return r
	}, s))
}

// Same says whether a matricule or a NIR, with or without its key, names this person.
func (p Person) Same(who string) bool {
	who = compact(who)
	nir := compact(p.NIR)
	return who != "" && (who == compact(p.Number) || who == nir || len(nir) == 15 && who == nir[:13])
}
