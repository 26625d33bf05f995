package sale

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

func kitchen() Content {
	option := func(l Line, name string) Line { l.Option = name; return l }
	of := func(l Line, name string) Line { l.Variant, l.Option = "Plan", name; return l }
	return Content{Title: "Cuisine", Lines: []Line{
		line("Meubles", "made", "G20", "1", "1000"),
		option(line("Pose", "service", "S20", "1", "200"), "Pose"), option(line("Trajet", "service", "S20", "1", "30.55"), "Pose"),
		of(line("Plan en hêtre", "made", "G20", "1", "300"), "hêtre"), of(line("Plan en chêne", "made", "G20", "1", "450"), "chêne"),
	}}
}

// Not in the total until chosen; exactly one alternative; the paper says what each changes.
func TestOptionsAndVariants(t *testing.T) {
	taxes := ledger.France()
	c := kitchen().Fit(taxes)
	total := func(c Content) money.Cents {
		t.Helper()
		x, err := Compute(c, taxes)
		if err != nil {
			t.Fatal(err)
		}
		return x.Gross
	}
	if got := total(c); got != 1560_00 { // furniture and the first top
		t.Fatalf("base %v", got)
	}
	taken, err := c.Choose([]string{"Pose"}, map[string]string{"Plan": "chêne"})
	if err != nil || total(taken) != 1560_00+276_66+180_00 {
		t.Fatalf("%v: %v", total(taken), err)
	}
	for _, bad := range []struct {
		options  []string
		variants map[string]string
		key      string
	}{{nil, nil, "variant_open"}, {nil, map[string]string{"Plan": "marbre"}, "variant_open"}, {[]string{"Livraison"}, map[string]string{"Plan": "hêtre"}, "option_unknown"}} {
		if _, err := c.Choose(bad.options, bad.variants); err == nil || !strings.Contains(err.Error(), bad.key) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	d := draft(Quote, false, c.Lines...)
	paper := Print(d, facts(), i18n.For("fr"))
	var told []string
	for _, p := range paper.Totals {
		told = append(told, plainly(p.Label+" = "+p.Value))
	}
	want := "Option « Pose » = en plus 276,66 € TTC|Plan : hêtre = compris|Plan : chêne = en plus 180,00 € TTC"
	if got := strings.Join(told[3:], "|"); got != want {
		t.Errorf("%s\n%s", got, want)
	}
	if !strings.HasPrefix(plainly(paper.Rows[1].Label), "Option « Pose »") || plainly(paper.Rows[1].Amount) != "(200,00)" {
		t.Errorf("%+v", paper.Rows[1])
	}
	inv := taken.Taken()
	if len(inv.Lines) != 4 || inv.HasChoices() || total(inv) != total(taken) {
		t.Errorf("%+v", inv.Lines)
	}
	if errs := checkChoices(draft(Invoice, false, c.Lines...)); len(errs) != 4 {
		t.Errorf("%v", errs)
	}
	alone := draft(Quote, false, c.Lines[:4]...)
	if errs := checkVariants(alone.Content); len(errs) != 1 {
		t.Errorf("%v", errs)
	}
}

func plainly(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

// Whatever is offered and taken: the total is that of the lines taken, alone, to the cent; and the same once invoiced.
func TestWhatIsTakenIsTheTotal(t *testing.T) {
	taxes := ledger.France()
	rapid.Check(t, func(rt *rapid.T) {
		c := Content{Gross: rapid.Bool().Draw(rt, "gross")}
		for range rapid.IntRange(1, 8).Draw(rt, "lines") {
			l := Line{Label: "x", Nature: "service", Tax: rapid.SampledFrom([]string{"S20", "S10", "S055"}).Draw(rt, "tax"), Quantity: money.Unit, Price: money.Cents(rapid.Int64Range(1, 99_999).Draw(rt, "price")).Micro()}
			if _, ok := taxes[l.Tax]; !ok {
				l.Tax = "S20"
			}
			switch rapid.IntRange(0, 2).Draw(rt, "sort") {
			case 1:
				l.Option, l.Chosen = rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "option"), rapid.Bool().Draw(rt, "chosen")
			case 2:
				l.Variant, l.Option, l.Chosen = "v", rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "alternative"), rapid.Bool().Draw(rt, "chosen")
			}
			c.Lines = append(c.Lines, l)
		}
		c = c.Fit(taxes)
		whole, err := Compute(c, taxes)
		if err != nil {
			rt.Fatal(err)
		}
		alone, err := Compute(c.Taken(), taxes)
		if err != nil {
			rt.Fatal(err)
		}
		if whole.Net != alone.Net || whole.VAT != alone.VAT || whole.Gross != alone.Gross {
			rt.Fatalf("%v of all, %v of what is taken", whole, alone)
		}
		var net money.Cents
		taken := map[string]bool{}
		for i, l := range c.Lines {
			net += whole.Lines[i].Net
			if l.Variant != "" && l.Chosen {
				taken[l.Option] = true
			}
			if !l.Counts() && whole.Lines[i] != (LineTotal{}) {
				rt.Fatalf("line %d counts", i)
			}
		}
		if net != whole.Net || len(taken) > 1 {
			rt.Fatalf("%v of the lines, %v in all; taken %v", net, whole.Net, taken)
		}
	})
}
