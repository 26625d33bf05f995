package sale

import (
	"slices"
	"testing"

	"essaim/ledger"
	"essaim/money"
)

// starts is what a line of each nature starts with for each sort of customer (CGI art. 259, 259 A, 262, 262 ter-I): G20 and S20
// are the rates of France.
var starts = map[CustomerKind]map[string]string{
	"":         {"service": "S20", "training": "XFORM", "goods": "G20", "made": "G20", "works": "S20", "study": "S20", "recharged": "S20"},
	Company:    {"service": "S20", "training": "XFORM", "goods": "G20", "made": "G20", "works": "S20", "study": "S20", "recharged": "S20"},
	NonTaxable: {"service": "S20", "training": "XFORM", "goods": "G20", "made": "G20", "works": "S20", "study": "S20", "recharged": "S20"},
	Public:     {"service": "S20", "training": "XFORM", "goods": "G20", "made": "G20", "works": "S20", "study": "S20", "recharged": "S20"},
	Consumer:   {"service": "S20", "training": "XFORM", "goods": "G20", "made": "G20", "works": "S20", "study": "S20", "recharged": "S20"},
	EUCompany:  {"service": "EUS", "training": "EUS", "goods": "EUG", "made": "EUG", "works": "S20", "study": "EUS", "recharged": "EUS"},
	Foreign:    {"service": "EXS", "training": "EXS", "goods": "EXG", "made": "EXG", "works": "S20", "study": "EXS", "recharged": "EXS"},
}

func buying(f Facts, k CustomerKind) Facts {
	f.Customer.Kind = k
	if k == "" {
		f.Customer = Customer{}
	}
	return f
}

// Every nature for every sort of customer starts with a code that sending takes; the number of a company of the Union is
// asked for, not guessed.
func TestTaxThatALineStartsWithAbroad(t *testing.T) {
	for kind, want := range starts {
		for _, n := range Natures() {
			f := buying(facts(), kind)
			got := StartTax(n, f)
			if got != want[n.Code] {
				t.Errorf("%s to %q starts with %s, want %s", n.Code, kind, got, want[n.Code])
			}
			if kind == "" {
				continue
			}
			f.Customer.VATNumber = "DE811569869"
			if err := checkTax(good(), Line{Tax: got, Nature: n.Code}, n, f.Taxes[got], f); err != nil {
				t.Errorf("%s to %q: %s is refused: %v", n.Code, kind, got, words(err))
			}
			if all := TaxesFor(good(), n, f); !slices.ContainsFunc(all, func(c ledger.TaxCode) bool { return c.Code == got }) {
				t.Errorf("%s to %q: %s is not among the choices", n.Code, kind, got)
			}
		}
	}
	swiss := facts()
	swiss.Customer.Kind, swiss.Customer.Address.Country = Consumer, "CH"
	for _, code := range []string{"service", "goods"} { // CGI art. 259-2°, 258 A
		if n, _ := NatureOf(code); StartTax(n, swiss) != n.Tax {
			t.Errorf("%s to a consumer in Switzerland: %s", code, StartTax(n, swiss))
		}
	}
	f := buying(facts(), EUCompany)
	f.Activity.Tax = "S55" // the usual rate of the activity is one of France
	if n, _ := NatureOf("goods"); StartTax(n, f) != "EUG" {
		t.Errorf("usual rate against place: %s", StartTax(n, f))
	}
}

// A customer that changes takes along the lines nobody chose a rate for, from every sort to every other and back; a rate
// that was chosen, and a deposit that is deducted, stay.
func TestTaxesFollowTheCustomer(t *testing.T) {
	for from, given := range starts {
		for to, want := range starts {
			before, now := buying(facts(), from), buying(facts(), to)
			var c Content
			for _, n := range Natures() {
				c.Lines = append(c.Lines, Line{Nature: n.Code, Tax: given[n.Code]})
			}
			first := slices.Clone(c.Lines)
			FollowTaxes(&c, before, now)
			for i, l := range c.Lines {
				if l.Tax != want[l.Nature] {
					t.Errorf("%s from %q to %q: %s, want %s", l.Nature, from, to, l.Tax, want[l.Nature])
				}
				if first[i].Tax != given[l.Nature] {
					t.Fatal("the lines of the caller changed")
				}
			}
			FollowTaxes(&c, now, before)
			if !slices.Equal(c.Lines, first) {
				t.Errorf("from %q to %q and back: %+v", from, to, c.Lines)
			}
			chosen := []Line{{Nature: "service", Tax: "S10"}, {Nature: "made", Tax: "G55"}, {Nature: "service", Tax: given["service"], Deposit: 9}, {Nature: "unheard", Tax: "S20"}}
			c.Lines = chosen
			if FollowTaxes(&c, before, now); !slices.Equal(c.Lines, chosen) {
				t.Errorf("from %q to %q: what was chosen became %+v", from, to, c.Lines)
			}
		}
	}
	home, union := buying(facts(), Company), buying(facts(), EUCompany)
	for _, x := range []struct{ nature, tax, want string }{
		{"recharged", "G20", "EUG"},   // it bears the code of goods: so it does abroad
		{"service", "", "EUS"},        // none yet
		{"goods", "S20", "EUG"},       // the same 20 %, before it was fitted to the nature
		{"service", taxCare, taxCare}, // chosen
		{"service", taxWorksReverse, taxWorksReverse},
	} {
		c := Content{Lines: []Line{{Nature: x.nature, Tax: x.tax}}}
		if FollowTaxes(&c, home, union); c.Lines[0].Tax != x.want {
			t.Errorf("%+v: %s", x, c.Lines[0].Tax)
		}
	}
}

// A product costs the same before tax whoever buys it.
func TestProductPutForACustomer(t *testing.T) {
	price := func(s string) money.Micro { return line("", "", "", "1", s).Price }
	for _, x := range []struct {
		kind       CustomerKind
		typed, put bool // TTC
		tax        string
		price      string
	}{
		{Company, true, true, "G20", "120"}, {Company, true, false, "G20", "100"}, {Company, false, true, "G20", "144"}, {Company, false, false, "G20", "120"},
		{EUCompany, true, true, "EUG", "100"}, {EUCompany, true, false, "EUG", "100"}, {EUCompany, false, true, "EUG", "120"}, {EUCompany, false, false, "EUG", "120"},
		{Foreign, true, true, "EXG", "100"}, {Foreign, false, false, "EXG", "120"}, {Consumer, true, true, "G20", "120"},
	} {
		p := Product{Gross: x.typed, Lines: []Line{line("Bol", "made", "G20", "2", "120"), line("Livre", "goods", "G55", "1", "10.55")}}
		got := p.Put(x.put, buying(facts(), x.kind))
		if got[0].Tax != x.tax || got[0].Price != price(x.price) || got[0].Quantity != 2*money.Unit {
			t.Errorf("%+v: %+v", x, got[0])
		}
		if got[1].Tax != "G55" { // not the usual rate: it was chosen
			t.Errorf("%+v: %+v", x, got[1])
		}
		if p.Lines[0].Tax != "G20" || p.Lines[0].Price != price("120") {
			t.Fatal("the product itself changed")
		}
	}
}
