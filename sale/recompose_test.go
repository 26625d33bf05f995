package sale

import (
	"reflect"
	"testing"

	"essaim/money"

	"pgregory.net/rapid"
)

// What a form brings back of an invoice made of a quote comes out as the books say, whatever was forged; what is the
// author's to decide stays.
func TestForgedStageIsRecomposed(t *testing.T) {
	s := newShop(t, signedFacts())
	works := draft(Quote, false, line("Réseau", "works", "S20", "1", "3000"), line("Tableau", "works", "S20", "1", "1000")).Content
	quote := s.quoted(works)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte de 30 %")))
	made := []Document{s.invoices[dep.ID]}
	c, err := Compose(quote, made, Invoicing{Stage: Progress, Done: []money.Rate{500_000}})
	if err != nil {
		t.Fatal(err)
	}
	forged := c
	forged.Situation, forged.Before = 7, []Part{{Nature: "works", Tax: "S20", Net: 900_00, VAT: 180_00}}
	forged.Lines = append([]Line(nil), c.Lines...)
	forged.Lines[0].Price, forged.Lines[0].Tax, forged.Lines[0].Before = money.Cents(1_00).Micro(), "S10", 100_00
	forged.Lines[0].Label, forged.Lines[1].Done = "Réseau et gaines", 250_000
	deduct := &forged.Lines[2]
	deduct.VAT, deduct.Label = -999_00, "rien"
	got := Recompose(forged, quote, made)
	if got.Situation != 1 || got.Before != nil || got.Lines[0].Price != works.Lines[0].Price || got.Lines[0].Tax != "S20" || got.Lines[0].Before != 0 {
		t.Errorf("forged works: %+v", got)
	}
	if got.Lines[0].Label != "Réseau et gaines" || got.Lines[1].Done != 250_000 {
		t.Errorf("what its author decides: %+v", got.Lines)
	}
	if l := got.Lines[2]; l.VAT != money.Extend(money.Unit, l.Price).Times(200_000) || l.Label == "rien" || l.Deposit != dep.ID {
		t.Errorf("forged deduction: %+v", l)
	}
	deduct.Price = money.Cents(-100_00).Micro() // less than proposed: the author's choice, its VAT is not
	if l := Recompose(forged, quote, made).Lines[2]; l.Price != deduct.Price || l.VAT != -20_00 {
		t.Errorf("reduced deduction: %+v", l)
	}
	deduct.Price = 0 // follows: 30 % of 1 750 done
	if l := Recompose(forged, quote, made).Lines[2]; l.Price != money.Cents(-525_00).Micro() || l.VAT != -105_00 {
		t.Errorf("proposed deduction: %+v", l)
	}
	one := s.invoice(s.titled(Recompose(c, quote, made)))
	made = []Document{s.invoices[dep.ID], s.invoices[one.ID]}
	whole := works // an ordinary invoice of the whole, though half of it is invoiced
	if got := Recompose(whole, quote, made); got.Situation != 2 || got.Stage != Balance || got.Lines[0].Before != 1500_00 {
		t.Errorf("works invoiced in part are not invoiced whole: %+v", got)
	}
	deposit := DepositOf(quote, 100000, 0, "Acompte")
	deposit.Situation, deposit.Retention, deposit.Lines[0].Before = 3, 50_000, 12_00
	if got := Recompose(deposit, quote, made); got.Situation != 0 || got.Retention != 0 || got.Lines[0].Before != 0 {
		t.Errorf("forged deposit: %+v", got)
	}
}

// What is composed is already as the books say.
func TestRecomposeKeepsWhatIsComposed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newShop(t, signedFacts())
		c := draft(Quote, rapid.Bool().Draw(r, "gross")).Content
		c.Papers = housed
		for range rapid.IntRange(1, 4).Draw(r, "lines") {
			tax := rapid.SampledFrom([]string{"S20", "S10"}).Draw(r, "tax")
			l := line("Travaux", "works", tax, "1", "1")
			l.Price = money.Cents(rapid.Int64Range(10_00, 9999_99).Draw(r, "price")).Micro()
			c.Lines = append(c.Lines, l)
		}
		quote := s.quoted(c)
		var made []Document
		for range rapid.IntRange(0, 2).Draw(r, "deposits") {
			d := s.invoice(s.titled(DepositOf(quote, money.Rate(rapid.Int64Range(10_000, 300_000).Draw(r, "share")), 0, "Acompte")))
			made = append(made, s.invoices[d.ID])
		}
		done := make([]money.Rate, len(c.Lines))
		for range rapid.IntRange(0, 3).Draw(r, "situations") {
			for i := range done {
				done[i] += (money.One - done[i]) * money.Rate(rapid.Int64Range(1, 5).Draw(r, "done")) / 10
			}
			next, err := Compose(quote, made, Invoicing{Stage: Progress, Done: done})
			if err != nil {
				r.Fatal(err)
			}
			if got := Recompose(next, quote, made); !reflect.DeepEqual(got, next) {
				r.Fatalf("situation\n%+v\n%+v", next, got)
			}
			d := s.invoice(s.titled(next))
			for i := range made {
				made[i] = s.invoices[made[i].ID]
			}
			made = append(made, s.invoices[d.ID])
		}
		last, err := Compose(quote, made, Invoicing{Stage: Balance})
		if err != nil {
			r.Fatal(err)
		}
		if got := Recompose(last, quote, made); !reflect.DeepEqual(got, last) {
			r.Fatalf("balance\n%+v\n%+v", last, got)
		}
	})
}
