package payroll

import (
	"errors"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// OpeningLine is one line of a table of openings: whose, of which contract, and the sums.
type OpeningLine struct {
	N     int      // line of the table, from 1
	Who   string   // matricule or NIR, as it was written without spaces
	Start date.Day // of the contract, 0: the only one
	Opening
	Refuse error // why the line cannot be taken
}

// The columns of the table, by the field they fill. Their titles are French: it goes to and comes from payroll software.
var openingColumns = []struct {
	field, title string
	also         []string // in letters alone
}{
	{"number", "Matricule", []string{"nir", "numerodesecuritesociale"}},
	{"name", "Nom", []string{"nometprenom", "salarie"}}, // to know one's way: nothing is read of it
	{"contract", "Contrat", nil},
	{"start", "Début du contrat", []string{"entree", "datedentree"}},
	{"until", "Dernier mois payé", []string{"dernierbulletin", "jusqua", "mois"}},
	{"gross", "Brut", []string{"brutcumule", "cumulbrut"}},
	{"base", "Base soumise", []string{"basesoumiseacotisations"}},
	{"ceiling", "Plafond", []string{"plafondcumule", "pss", "cumulplafond", "plafondsecuritesociale"}},
	{"t1", "Tranche 1", []string{"tranchea", "ta"}},
	{"t2", "Tranche 2", []string{"trancheb", "tb"}},
	{"smic", "SMIC de référence", []string{"smiccumule", "smic"}},
	{"hours", "Heures", []string{"heurescumulees", "equivalentheures"}},
	{"reduction", "Réduction générale", []string{"reduction", "reductiongeneralecumulee", "rgdu"}},
	{"net", "Net avant impôt", nil},
	{"netTaxable", "Net imposable", []string{"netimposablecumule", "cumulnetimposable"}},
	{"netSocial", "Net social", []string{"montantnetsocial", "netsocialcumule"}},
	{"tax", "Impôt prélevé", []string{"pas", "impotpreleve", "prelevementalasource"}},
	{"cost", "Coût employeur", []string{"cout", "couttotal", "coutglobal", "totalverse"}},
}

// OpeningTitles are the titles of a table to fill in.
func OpeningTitles() []string {
	all := make([]string, len(openingColumns))
	for i, c := range openingColumns {
		all[i] = c.title
	}
	return all
}

// signs keeps the letters and the figures of a title: tranches are told apart by theirs.
func signs(s string) string {
	var kept strings.Builder
	kept.WriteString(letters(s))
	for _, r := range s {
		if r >= '0' && r <= '9' {
			kept.WriteString(string(r))
		}
	}
	return kept.String()
}

// ReadOpeningLines reads a table of openings by its titles, each line on its own: what is wrong with one does not hide
// what is wrong with another. A title that names nothing is refused, so that no column is lost unseen.
func ReadOpeningLines(rows [][]string) ([]OpeningLine, error) {
	if len(rows) < 2 {
		return nil, fault.At("file", "sheet.nothing")
	}
	at := map[string]int{}
	for i, title := range rows[0] {
		if strings.TrimSpace(title) == "" {
			continue
		}
		field := openingField(title)
		if field == "" {
			return nil, fault.At("file", "payroll.opening_file.column", "title", title)
		}
		if _, twice := at[field]; twice {
			return nil, fault.At("file", "payroll.opening_file.column_twice", "title", title)
		}
		at[field] = i
	}
	for _, c := range openingColumns {
		switch c.field {
		case "number", "until", "gross", "reduction":
			if _, there := at[c.field]; !there {
				return nil, fault.At("file", "payroll.opening_file.column_missing", "title", c.title)
			}
		}
	}
	var all []OpeningLine
	for i, row := range rows[1:] {
		cell := func(field string) string {
			n, there := at[field]
			if !there || n >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[n])
		}
		l := readOpening(cell)
		l.N = i + 2
		all = append(all, l)
	}
	return all, nil
}

func openingField(title string) string {
	of := signs(title)
	for _, c := range openingColumns {
		if of == signs(c.title) {
			return c.field
		}
		if slices.Contains(c.also, of) {
			return c.field
		}
	}
	return ""
}

// readOpening reads one line.
func readOpening(cell func(string) string) (l OpeningLine) {
	refuse := func(field, key string, args ...any) {
		l.Refuse = errors.Join(l.Refuse, fault.At(field, key, args...))
	}
	if l.Who = compact(cell("number")); l.Who == "" {
		refuse("number", "payroll.tax_file.nobody")
	}
	if s := cell("start"); s != "" {
		d, err := readDay(s)
		if err != nil {
			refuse("start", "payroll.opening_file.day", "text", s)
		}
		l.Start = d
	}
	switch s := cell("until"); s {
	case "":
		refuse("until", "payroll.opening_file.month_missing")
	default:
		m, err := readMonth(s)
		if err != nil {
			refuse("until", "payroll.opening_file.month", "text", s)
		}
		l.Until = m
	}
	if cell("gross") == "" {
		refuse("gross", "payroll.opening.missing")
	}
	for field, into := range map[string]*money.Cents{"gross": &l.Gross, "base": &l.Base, "ceiling": &l.Ceiling, "t1": &l.T1, "t2": &l.T2, "smic": &l.SMIC, "reduction": &l.Reduction, "net": &l.Net, "netTaxable": &l.NetTaxable, "netSocial": &l.NetSocial, "tax": &l.Tax, "cost": &l.Cost} {
		if s := cell(field); s != "" {
			v, err := money.ParseCents(s)
			if err != nil {
				refuse(field, "payroll.opening_file.amount", "text", s)
			}
			*into = v
		}
	}
	l.NoReduction = l.Reduction == 0 && cell("reduction") != ""
	if s := cell("hours"); s != "" {
		v, err := money.ParseCents(s) // hundredths, written as amounts are
		if err != nil {
			refuse("hours", "payroll.opening_file.amount", "text", s)
		}
		l.Hours = int64(v)
	}
	return l
}

// readDay reads 2026-05-31 and 31/05/2026.
func readDay(s string) (date.Day, error) {
	if p := strings.Split(s, "/"); len(p) == 3 {
		s = p[2] + "-" + two(p[1]) + "-" + two(p[0])
	}
	return date.Parse(s)
}

// readMonth reads 2026-05, 05/2026 and the days that spreadsheets make of them.
func readMonth(s string) (date.Month, error) {
	if p := strings.Split(s, "/"); len(p) == 2 {
		s = p[1] + "-" + two(p[0])
	}
	if m, err := date.ParseMonth(s); err == nil {
		return m, nil
	}
	d, err := readDay(s)
	return d.Month(), err
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
