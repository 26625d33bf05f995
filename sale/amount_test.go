package sale

import (
	"fmt"
	"strings"
	"testing"

	"essaim/ledger"
	"essaim/money"

	"pgregory.net/rapid"
)

// Worked examples by name: law notes § 3.3, peers b.2 (with the numbers of the reports they come from), practice 8.
func TestWorkedAmounts(t *testing.T) {
	flat := line("1 pot", "goods", "G20", "1", "40")
	flat.DiscountFlat = cents("5.00")
	tenth := line("remisé", "service", "S20", "3", "99.99")
	tenth.Discount = 10 * money.Percent
	for _, c := range []struct {
		name            string
		gross           bool
		lines           []Line
		net, vat, total string
	}{
		{"sale of services of law notes § 3.3", false, []Line{line("a", "service", "S20", "1", "1000")}, "1000.00", "200.00", "1200.00"},
		{"three lines of 0.335", false, []Line{line("a", "service", "S20", "1", "0.335"), line("b", "service", "S20", "1", "0.335"), line("c", "service", "S20", "1", "0.335")}, "1.02", "0.20", "1.22"},
		{"peers b.2 #399", false, []Line{line("a", "service", "S20", "1", "221.125")}, "221.13", "44.23", "265.36"},
		{"peers b.2 #692", false, []Line{line("a", "service", "S55", "1", "181.86387")}, "181.86", "10.00", "191.86"},
		{"peers b.2 #418", false, []Line{line("a", "works", "S10", "1", "352.70"), line("b", "service", "S20", "1", "10.025")}, "362.73", "37.28", "400.01"},
		{"peers b.2 #363", false, []Line{
			line("a", "works", "S10", "1", "150"), line("b", "works", "S10", "20", "86"), line("c", "works", "S10", "1", "-1730.10"),
			line("d", "works", "S10", "1", "100"), line("e", "works", "S10", "1", "-2018.45"), line("f", "works", "S10", "45", "33"),
			line("g", "works", "S10", "18", "74"), line("h", "works", "S10", "35", "28"),
		}, "2018.45", "201.85", "2220.30"},
		{"practice 8: 35.00", true, []Line{line("a", "goods", "G20", "1", "35")}, "29.17", "5.83", "35.00"},
		{"practice 8: 3 × 35.00", true, []Line{line("a", "goods", "G20", "3", "35")}, "87.50", "17.50", "105.00"},
		{"practice 8: 12.00 at 5.5 %", true, []Line{line("a", "goods", "G55", "1", "12")}, "11.37", "0.63", "12.00"},
		{"practice 8: 9.99, which no net in cents reaches", true, []Line{line("a", "goods", "G20", "1", "9.99")}, "8.32", "1.67", "9.99"},
		{"typed TTC, VAT of the rate and not of each line", true, []Line{line("a", "goods", "G20", "1", "9.99"), line("b", "service", "S20", "1", "9.99")}, "16.65", "3.33", "19.98"},
		{"practice 8: 5.00 at 10 %", true, []Line{line("a", "made", "G10", "1", "5")}, "4.55", "0.45", "5.00"},
		{"practice 8: a TTC discount of 5.00", true, []Line{flat}, "29.17", "5.83", "35.00"},
		{"discount in proportion", false, []Line{tenth}, "269.97", "53.99", "323.96"},
		{"exempt training and taxed advice", false, []Line{line("a", "training", "XFORM", "2", "450"), line("b", "service", "S20", "1", "300")}, "1200.00", "60.00", "1260.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Compute(Content{Gross: c.gross, Lines: c.lines}, ledger.France())
			if err != nil {
				t.Fatal(err)
			}
			if got.Net != cents(c.net) || got.VAT != cents(c.vat) || got.Gross != cents(c.total) {
				t.Errorf("got %v + %v = %v, want %s + %s = %s", got.Net, got.VAT, got.Gross, c.net, c.vat, c.total)
			}
		})
	}
	two, err := Compute(Content{Lines: []Line{line("a", "works", "S10", "1", "352.70"), line("b", "service", "S20", "1", "10.025")}}, ledger.France())
	if err != nil || len(two.Taxes) != 2 || two.Taxes[0] != (TaxTotal{"S20", 200000, cents("10.03"), cents("2.01")}) || two.Taxes[1].VAT != cents("35.27") {
		t.Errorf("#418 is 35.27 + 2.01, got %+v %v", two.Taxes, err)
	}
}

// A document with services and goods at 20 % has one VAT, computed on the rate, whatever the codes it is posted under.
func TestVATIsOfTheRate(t *testing.T) {
	c := Content{Lines: []Line{line("a", "goods", "G20", "1", "0.02"), line("b", "service", "S20", "1", "0.02")}}
	got, err := Compute(c, ledger.France())
	if err != nil {
		t.Fatal(err)
	}
	if got.VAT != cents("0.01") { // 0.04 × 20 % = 0.008; code by code it would be 0.004 twice, nothing
		t.Errorf("VAT %v, want 0.01", got.VAT)
	}
	if sum := got.row("G20").VAT + got.row("S20").VAT; sum != got.VAT {
		t.Errorf("codes sum to %v", sum)
	}
}

func TestComputeRefuses(t *testing.T) {
	huge := line("a", "service", "S20", "1000000000", "1000000000")
	_, err := Compute(Content{Lines: []Line{huge}}, ledger.France())
	refused(t, err, "lines[0].price", "sale.fault.amount_large")
	minimum := huge
	minimum.Price = -minimum.Price
	_, err = Compute(Content{Lines: []Line{minimum}}, ledger.France())
	refused(t, err, "lines[0].price", "sale.fault.amount_large")
	_, err = Compute(Content{Lines: []Line{line("a", "service", "S20", "1", "1"), line("b", "service", "Z", "1", "1"), line("c", "service", "D20", "1", "1")}}, ledger.France())
	refused(t, err, "lines[1].tax", "sale.fault.tax_unknown")
	refused(t, err, "lines[2].tax", "sale.fault.tax_unknown")
	flat := line("a", "service", "S20", "1", "1")
	flat.DiscountFlat = -1 << 63
	_, err = Compute(Content{Lines: []Line{flat}}, ledger.France())
	refused(t, err, "lines[0].discountFlat", "sale.fault.amount_large")
	over := line("a", "service", "S20", "1", "1")
	over.Discount = money.One + 1
	_, err = Compute(Content{Lines: []Line{over}}, ledger.France())
	refused(t, err, "lines[0].discount", "sale.fault.discount_range")
	_, err = Compute(Content{Lines: make([]Line, MaxLines+1)}, ledger.France())
	refused(t, err, "lines", "sale.fault.lines_many")
}

// anyLine draws a line of a company's invoice; prices of either sign.
func anyLine(r *rapid.T, label string) Line {
	pairs := [][2]string{{"service", "S20"}, {"goods", "G20"}, {"service", "S10"}, {"made", "G55"}, {"study", "S20"}, {"made", "G20"}, {"recharged", "G20"}}
	p := rapid.SampledFrom(pairs).Draw(r, label+" nature")
	l := Line{
		Label: label, Nature: p[0], Tax: p[1], Quantity: money.Micro(rapid.Int64Range(1, 9_999_999).Draw(r, label+" quantity")),
		Price: money.Micro(rapid.Int64Range(-200_000_000, 900_000_000).Draw(r, label+" price")),
	}
	if rapid.Bool().Draw(r, label+" discounted") {
		l.Discount = money.Rate(rapid.Int64Range(0, 1_000_000).Draw(r, label+" discount"))
	}
	return l
}

func anyContent(r *rapid.T) Content {
	n := rapid.IntRange(1, 6).Draw(r, "lines")
	c := Content{Gross: rapid.Bool().Draw(r, "gross")}
	for i := range n {
		c.Lines = append(c.Lines, anyLine(r, fmt.Sprint("line ", i)))
	}
	return c
}

// Whatever the lines: rows, lines and parts sum to the totals; typed TTC, the total is the sum of what was typed; the VAT
// of each rate is the rounded rule; a document with every sign turned has every amount turned.
func TestAmountsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := anyContent(r)
		taxes := ledger.France()
		got, err := Compute(c, taxes)
		if err != nil {
			r.Fatal(err)
		}
		var net, gross, parted money.Cents
		for _, l := range got.Lines {
			net += l.Net
			gross += l.Gross
		}
		if net != got.Net || c.Gross && gross != got.Gross || got.Net+got.VAT != got.Gross {
			r.Fatalf("lines %v %v, totals %+v", net, gross, got)
		}
		nets, vats := map[money.Rate]money.Cents{}, map[money.Rate]money.Cents{}
		for _, row := range got.Taxes {
			nets[row.Rate] += row.Net
			vats[row.Rate] += row.VAT
		}
		for rate, vat := range vats {
			want := nets[rate].Times(rate)
			if c.Gross {
				want = vatWithin(nets[rate]+vat, rate)
			}
			if vat != want {
				r.Fatalf("VAT at %v is %v, want %v", rate, vat, want)
			}
		}
		byCode := map[string]money.Cents{}
		for _, p := range parts(c, got) {
			parted += p.Net + p.VAT
			byCode[p.Tax] += p.VAT
		}
		if parted != got.Gross {
			r.Fatalf("parts sum to %v of %v", parted, got.Gross)
		}
		for code, vat := range byCode {
			if vat != got.row(code).VAT {
				r.Fatalf("parts of %s hold %v of VAT %v", code, vat, got.row(code).VAT)
			}
		}
		turned := c
		turned.Lines = nil
		for _, l := range c.Lines {
			l.Price = -l.Price
			turned.Lines = append(turned.Lines, l)
		}
		back, err := Compute(turned, taxes)
		if err != nil {
			r.Fatal(err)
		}
		for i := range back.Taxes {
			if back.Taxes[i].Net != -got.Taxes[i].Net || back.Taxes[i].VAT != -got.Taxes[i].VAT {
				r.Fatalf("turned %+v, straight %+v", back.Taxes, got.Taxes)
			}
		}
	})
}

func TestNatures(t *testing.T) {
	accounts := map[string]bool{}
	for _, a := range ledger.FrenchChart() {
		accounts[a.Code] = true
	}
	want := map[string]string{"service": "706", "training": "7061", "goods": "707", "made": "701", "works": "704", "study": "705", "recharged": "7085"}
	if len(Natures()) != len(want) {
		t.Errorf("%d natures, want %d", len(Natures()), len(want))
	}
	for code, account := range want {
		n, ok := NatureOf(code)
		if !ok || n.Account != account || !accounts[account] {
			t.Errorf("%s: %+v", code, n)
		}
		if tax, ok := ledger.France()[n.Tax]; !ok || tax.Goods != n.Goods || tax.Input {
			t.Errorf("%s: its usual tax %s does not go with it", code, n.Tax)
		}
	}
	goods, _ := NatureOf("goods")
	for from, to := range map[string]string{"S20": "G20", "S55": "G55", "G10": "G10", "EUS": "EUS", "Z": "Z"} {
		if got := goods.Fit(from, ledger.France()); got != to {
			t.Errorf("%s on goods becomes %s, want %s", from, got, to)
		}
	}
	training, _ := NatureOf("training")
	v := facts().Rules.VAT
	if training.Usual(v, today) != "XFORM" || training.Usual(v, v.TrainingFrom-1) != "S20" {
		t.Error("training is exempt from the day of the attestation on")
	}
	fitted := Content{Lines: []Line{line("a", "goods", "S20", "1", "1"), line("b", "recharged", "G20", "1", "1")}}.Fit(ledger.France())
	if fitted.Lines[0].Tax != "G20" || fitted.Lines[1].Tax != "G20" {
		t.Errorf("fitted %+v", fitted.Lines)
	}
}

func TestNumbersTheReformAllows(t *testing.T) {
	for s, want := range map[string]bool{
		"F-2026-0012": true, "A_1/2+3": true, "": false, "F 12": false, "F.12": false, "F-é": false, strings.Repeat("1", 36): false,
	} {
		if ValidNumber(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
