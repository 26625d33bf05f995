package sale

import (
	"errors"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// What is printed of a drawn signature are strokes within the pad, of a bounded length, and nothing else.
func TestDrawnSignature(t *testing.T) {
	for _, bad := range []string{"M10 20L9999 40", "M601 0", "M0 201", `"/><script>`, "L1 1", "M1 1" + strings.Repeat("L2 2", 6000), "M-1 2"} {
		if CheckDrawn(bad) == nil {
			t.Errorf("%.30s is taken", bad)
		}
	}
	const hand = "M10 20L30 40L600 200M5 5"
	all, ok := Strokes(hand)
	if !ok || len(all) != 2 || len(all[0]) != 3 || all[0][2] != [2]int{600, 200} {
		t.Errorf("%v %v", all, ok)
	}
	d := Document{Kind: Quote, Status: Accepted, Number: "D-1", Signed: Signature{Name: "Aïcha Benali", At: 1_795_000_000_000_000}}
	if got := Print(d, Facts{Taxes: ledger.France(), Drawn: hand}, i18n.For("fr")).Drawn; got != hand {
		t.Errorf("printed %q", got)
	}
	if got := Print(d, Facts{Taxes: ledger.France(), Drawn: "M9999 1"}, i18n.For("fr")).Drawn; got != "" {
		t.Errorf("printed %q", got)
	}
	d.Signed.Recorded = true
	if got := Print(d, Facts{Taxes: ledger.France(), Drawn: hand}, i18n.For("fr")).Drawn; got != "" {
		t.Errorf("recorded by hand, printed %q", got)
	}
}

// A product has a price; a line below zero is a rebate in a group, and takes no more than the others come to.
func TestProductBelowZero(t *testing.T) {
	line := func(euros money.Cents) Line {
		return Line{Label: "Bol", Nature: "service", Quantity: money.Unit, Price: (euros * 100).Micro(), Tax: "S20"}
	}
	f := Facts{Taxes: ledger.France()}
	told := func(lines ...Line) string {
		for _, e := range fault.All(CheckProduct(Product{Label: "Bol", Lines: lines}, f)) {
			if e.Key == "sale.fault.product_negative" {
				return e.Field
			}
		}
		return ""
	}
	for _, c := range []struct {
		lines []Line
		want  string
	}{{[]Line{line(-10)}, "lines[0].price"}, {[]Line{line(100), line(-10)}, ""}, {[]Line{line(10), line(-100)}, "lines[1].price"}, {[]Line{line(10)}, ""}} {
		if got := told(c.lines...); got != c.want {
			t.Errorf("%v: %q, want %q", c.lines, got, c.want)
		}
	}
	head := []string{"Groupe", "Désignation", "Nature", "TVA", "Prix"}
	kept, rows, err := ReadCatalogue([][]string{head, {"Lot", "Bol", "service", "20", "100"}, {"Lot", "Remise", "service", "20", "-10"}, {"", "Rien", "service", "20", "-5"}, {"Vide", "Remise", "service", "20", "-5"}}, f)
	if err != nil || len(kept) != 1 || len(kept[0].Lines) != 2 {
		t.Fatalf("%+v %v", kept, err)
	}
	if len(rows[1].Refused) != 0 || len(rows[2].Refused) != 1 || len(rows[3].Refused) != 1 {
		t.Errorf("%+v", rows)
	}
}

// An invoice that is not the last gives back no more of a deposit than it sells under each rate.
func TestDeductionBeyondARate(t *testing.T) {
	c := Content{Lines: []Line{
		{Label: "Repas", Nature: "service", Quantity: money.Unit, Price: money.Cents(100_00).Micro(), Tax: "S20"},
		{Label: "Transport", Nature: "service", Quantity: money.Unit, Price: money.Cents(500_00).Micro(), Tax: "S10"},
		{Label: "Acompte", Nature: "service", Quantity: money.Unit, Price: money.Cents(-150_00).Micro(), Tax: "S20", Deposit: 9, VAT: -30_00},
	}}
	beyond := func(kind Kind, more bool) string {
		for _, e := range fault.All(errors.Join(checkStage(Document{Kind: kind, Content: c}, Facts{Taxes: ledger.France(), More: more})...)) {
			if e.Key == "sale.fault.deducts_rate" {
				return e.Field
			}
		}
		return ""
	}
	if got := beyond(Invoice, true); got != "lines[2].price" {
		t.Errorf("refused on %q", got)
	}
	if got := beyond(Invoice, false); got != "" {
		t.Errorf("the last one gives back all that is left, refused on %q", got)
	}
	c.Lines[2].Price, c.Lines[2].VAT = money.Cents(-100_00).Micro(), -20_00
	if got := beyond(Invoice, true); got != "" {
		t.Errorf("as much as it sells, refused on %q", got)
	}
}
