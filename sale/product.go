package sale

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// Product is what an activity sells again and again: one line, or a group of lines put on a document at once.
type Product struct {
	ID        int64  `json:"-"`
	Activity  int64  `json:"-"`
	Version   int64  `json:"-"`
	Label     string `json:"label"`
	Reference string `json:"reference,omitempty"`
	Gross     bool   `json:"gross,omitempty"` // prices typed TTC
	Lines     []Line `json:"lines"`
	Archived  bool   `json:"archived,omitempty"`
}

const maxProductRef = 60

// CheckProduct tells what a product cannot be kept with.
func CheckProduct(p Product, f Facts) error {
	var errs []error
	if strings.TrimSpace(p.Label) == "" {
		errs = append(errs, fault.At("label", "sale.fault.label_missing"))
	}
	errs = append(errs, checkText("label", p.Label, maxTitle)...)
	errs = append(errs, checkText("reference", p.Reference, maxProductRef)...)
	if len(p.Lines) == 0 {
		errs = append(errs, fault.At("lines", "sale.fault.no_line"))
	}
	for i, l := range p.Lines {
		if strings.TrimSpace(l.Label) == "" {
			errs = append(errs, lineFault(i, "label", "sale.fault.label_missing"))
		}
		if l.Nature == "" {
			errs = append(errs, lineFault(i, "nature", "sale.fault.nature_unknown"))
		}
		if l.Tax == "" {
			errs = append(errs, lineFault(i, "tax", "sale.fault.tax_unknown"))
		}
	}
	errs = append(errs, checkWorth(p), CheckDraft(Document{Kind: Quote, Content: Content{Lines: p.Lines, Gross: p.Gross}}, f))
	return errors.Join(errs...)
}

// checkWorth: what is sold has a price. A line below zero is a rebate on the others of its group, and takes no more than
// they come to.
func checkWorth(p Product) error {
	var sum money.Cents
	at := -1
	for i, l := range p.Lines {
		v, err := l.amount()
		if err != nil {
			return nil // told by [CheckDraft]
		}
		if sum += v; v < 0 && at < 0 {
			at = i
		}
	}
	if sum >= 0 || at < 0 {
		return nil
	}
	return lineFault(at, "price", "sale.fault.product_negative", "total", sum)
}

// catalogue are the columns of a catalogue as a file, by what their heads may be called.
var catalogue = [][]string{
	{"reference", "ref", "code"}, {"groupe", "group", "ensemble"}, {"designation", "libelle", "label", "description", "article"}, {"nature"}, {"tva", "vat", "taux"}, {"unite", "unit"},
	{"quantite", "quantity", "qte"}, {"prix", "price", "pu"}, {"ttc", "gross", "mode"},
}

// CatalogueRows writes products as the rows of a file: a group has a row for each of its lines.
func CatalogueRows(all []Product) [][]string {
	rows := [][]string{{"Référence", "Groupe", "Désignation", "Nature", "TVA", "Unité", "Quantité", "Prix", "TTC"}}
	for _, p := range all {
		group, mode := "", "HT"
		if len(p.Lines) != 1 || p.Label != firstLine(p.Lines[0].Label) {
			group = p.Label
		}
		if p.Gross {
			mode = "TTC"
		}
		for _, l := range p.Lines {
			rows = append(rows, []string{p.Reference, group, l.Label, l.Nature, l.Tax, l.Unit, comma(l.Quantity), comma(l.Price), mode})
		}
	}
	return rows
}

func comma(m money.Micro) string { return strings.Replace(m.String(), ".", ",", 1) }

func firstLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(first)
}

// CatalogueRow is what becomes of a row of a file: put into a product, perhaps mended, or refused.
type CatalogueRow struct {
	N       int // from 1, heads included
	Label   string
	Mended  []i18n.Said
	Refused []*fault.Error
}

// ReadCatalogue makes products of the rows of a file. Nothing is guessed silently: each row says what was mended of it and
// why it is refused; a group with a refused row is refused whole.
func ReadCatalogue(rows [][]string, f Facts) (all []Product, told []CatalogueRow, err error) {
	if len(rows) == 0 {
		return nil, nil, fault.New(fault.Invalid, "sheet.empty")
	}
	at := make([]int, len(catalogue))
	for i, names := range catalogue {
		at[i] = slices.IndexFunc(rows[0], func(head string) bool { return slices.Contains(names, folded(head)) })
	}
	if at[2] < 0 || at[7] < 0 {
		return nil, nil, fault.New(fault.Invalid, "sheet.heads")
	}
	index, bad, last := map[string]int{}, map[int]bool{}, map[int]int{}
	for n, row := range rows[1:] {
		cell := func(i int) string {
			if at[i] < 0 || at[i] >= len(row) {
				return ""
			}
			return row[at[i]]
		}
		r := CatalogueRow{N: n + 2, Label: firstLine(cell(2))}
		mend := func(key string, args ...any) { r.Mended = append(r.Mended, i18n.Said{Key: key, Args: args}) }
		refuse := func(field, key string, args ...any) { r.Refused = append(r.Refused, fault.At(field, key, args...)) }
		l := Line{Label: strings.ReplaceAll(cell(2), "\r\n", "\n"), Unit: cell(5), Quantity: money.Unit}
		if q := cell(6); q != "" {
			if l.Quantity, err = money.ParseMicro(q); err != nil {
				refuse("quantity", "sheet.number", "text", q)
			}
		}
		if l.Price, err = money.ParseMicro(strings.TrimSpace(strings.TrimSuffix(cell(7), "€"))); err != nil {
			refuse("price", "sheet.number", "text", cell(7))
		}
		nature, known := natureCalled(cell(3))
		if !known {
			usual := "service"
			if len(f.Activity.Natures) > 0 {
				usual = f.Activity.Natures[0]
			}
			nature, _ = NatureOf(usual)
			key := "sheet.nature"
			if cell(3) == "" {
				key = "sheet.nature_none"
			}
			mend(key, "text", cell(3), "nature", i18n.Said{Key: nature.Label})
		}
		l.Nature = nature.Code
		l.Tax = taxCalled(cell(4), nature, f)
		if fit := nature.Fit(cmp.Or(l.Tax, nature.Usual(f.Rules.VAT, f.Today)), f.Taxes); fit != l.Tax {
			key := "sheet.tax"
			if cell(4) == "" {
				key = "sheet.tax_none"
			}
			mend(key, "text", cell(4), "tax", i18n.Said{Key: f.Taxes[fit].Label})
			l.Tax = fit
		}
		p := Product{Reference: cell(0), Label: clipTo(cmp.Or(cell(1), r.Label), maxTitle), Gross: strings.Contains(folded(cell(8)), "ttc") || folded(cell(8)) == "1", Lines: []Line{l}}
		key := "row " + fmt.Sprint(n)
		switch {
		case cell(1) != "":
			key = "group " + p.Reference + "\x00" + cell(1)
		case p.Reference != "":
			key = "reference " + p.Reference
		}
		k, seen := index[key]
		switch {
		case seen && cell(1) == "":
			refuse("reference", "sheet.twice", "text", p.Reference)
			k = -1
		case seen && all[k].Gross != p.Gross:
			refuse("gross", "sheet.mode")
		case seen:
			all[k].Lines = append(all[k].Lines, l)
		default:
			k, index[key] = len(all), len(all)
			all = append(all, p)
		}
		for _, e := range fault.All(CheckProduct(p, f)) {
			if cell(1) == "" || e.Key != "sale.fault.product_negative" { // a rebate is judged with its group
				r.Refused = append(r.Refused, e)
			}
		}
		if k >= 0 && len(r.Refused) > 0 {
			bad[k] = true
		}
		told = append(told, r)
		if k >= 0 {
			last[k] = len(told) - 1
		}
	}
	for k, p := range all {
		if err := checkWorth(p); err != nil && !bad[k] {
			bad[k] = true
			told[last[k]].Refused = append(told[last[k]].Refused, fault.All(err)...)
		}
	}
	var kept []Product
	for k, p := range all {
		if !bad[k] {
			kept = append(kept, p)
		}
	}
	return kept, told, nil
}

func clipTo(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}

var accents = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "â", "a", "ô", "o", "î", "i", "û", "u", "ç", "c")

// folded is a head or a choice as people write it, without case and accents.
func folded(s string) string { return accents.Replace(strings.ToLower(strings.TrimSpace(s))) }

func natureCalled(s string) (Nature, bool) {
	for _, n := range Natures() {
		if n.Code == folded(s) || folded(i18n.For("fr").T(n.Label)) == folded(s) || folded(i18n.For("en").T(n.Label)) == folded(s) {
			return n, true
		}
	}
	return Nature{}, false
}

// taxCalled finds a tax by its code, or by its rate: « 20 », « 5,5 % ».
func taxCalled(s string, n Nature, f Facts) string {
	if c, ok := f.Taxes[strings.ToUpper(strings.TrimSpace(s))]; ok && !c.Input {
		return c.Code
	}
	rate, err := money.ParseRate(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")))
	if err != nil || s == "" {
		return ""
	}
	for _, c := range TaxesFor(Document{Kind: Quote}, n, f) {
		if c.Rate == rate && !c.Exempt() {
			return c.Code
		}
	}
	return ""
}
