package sale

import (
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/money"

	"pgregory.net/rapid"
)

// all are the invoices of the shop, the oldest first.
func (s *shop) all() (list []Document) {
	for id := int64(1000); id <= s.ids; id++ {
		if d, ok := s.invoices[id]; ok {
			list = append(list, d)
		}
	}
	return list
}

// sold is what stands invoiced of a sale, tax included, and what waits in deposits.
func (s *shop) sold() (sold, waiting money.Cents) {
	for _, d := range s.all() {
		a, b := Sold(d)
		sold, waiting = sold+a, waiting+b
	}
	return sold, waiting
}

// compose issues the next invoice of a quote as it is proposed.
func (s *shop) compose(quote Document, how Invoicing) Document {
	s.t.Helper()
	c, err := Compose(quote, s.all(), how)
	if err != nil {
		s.t.Fatalf("compose: %v", words(err))
	}
	return s.invoice(s.titled(c))
}

// What a credit note takes of a situation is left to invoice: it counts no more among what was invoiced before, and what is
// proposed next makes the whole sale, to the cent.
func TestSituationCreditedInPart(t *testing.T) {
	for _, gross := range []bool{false, true} {
		s := newShop(t, facts())
		quote := s.quoted(draft(Quote, gross, line("Charpente", "works", "S20", "1", "3333.33"), line("Couverture", "works", "S20", "1", "1000")).Content)
		first := s.compose(quote, Invoicing{Stage: Progress, Done: []money.Rate{333_333, 0}})
		back := Content{Gross: gross, Reason: "mesuré trop large", Lines: []Line{line("Charpente", "works", "S20", "1", "100")}}
		if _, err := s.credit(first.ID, back); err != nil {
			t.Fatal(words(err))
		}
		s.audit()
		if done := DoneBy(quote, s.all()); done[0] != 303_333 || done[1] != 0 {
			t.Errorf("gross %v: invoiced so far: %v", gross, done)
		}
		next := s.compose(quote, Invoicing{Stage: Progress, Done: []money.Rate{500_000, 0}})
		if got := next.Content.Lines[0].Before; got != cents("1011.11") || next.Content.Situation != 2 {
			t.Errorf("gross %v: situation %d, %v before", gross, next.Content.Situation, got)
		}
		last := s.compose(quote, Invoicing{Stage: Balance})
		s.audit()
		if sold, _ := s.sold(); sold != quote.Totals.Gross {
			t.Errorf("gross %v: %v are invoiced of %v; the balance is %v", gross, sold, quote.Totals.Gross, last.Totals.Gross)
		}
	}
}

// A situation that deposits have paid whole comes to nothing to pay: it counts all the same.
func TestSituationThatDepositsPaid(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Chape", "works", "S20", "1", "1000")).Content)
	s.compose(quote, Invoicing{Stage: Deposit, Share: 400_000})
	c, err := Compose(quote, s.all(), Invoicing{Stage: Progress, Done: []money.Rate{400_000}})
	if err != nil {
		t.Fatal(err)
	}
	c.Lines[1].Price, c.Lines[1].VAT = (-cents("400")).Micro(), -cents("80") // the author gives all of it back now
	if one := s.invoice(s.titled(c)); one.Totals.Gross != 0 {
		t.Fatalf("%v to pay", one.Totals.Gross)
	}
	if last := s.compose(quote, Invoicing{Stage: Balance}); last.Totals.Net != cents("600") || last.Content.Situation != 2 {
		t.Errorf("the rest is %v, situation %d", last.Totals.Net, last.Content.Situation)
	}
	s.audit()
}

// An invoice of the lines at one rate gives back the deposit under that rate and no other; the rest of the sale gives back
// the rest, and no rate is below zero.
func TestBalanceOfOneRate(t *testing.T) {
	for _, gross := range []bool{false, true} {
		s := newShop(t, signedFacts())
		c := draft(Quote, gross, line("Pose", "works", "S10", "1", "1000"), line("Mobilier", "service", "S20", "1", "352"), line("Éclairage", "service", "S20", "2", "25")).Content
		c.Papers = housed
		quote := s.quoted(c)
		s.compose(quote, Invoicing{Stage: Deposit, Share: 200_000})
		c, err := Compose(quote, s.all(), Invoicing{Stage: Balance})
		if err != nil {
			t.Fatal(err)
		}
		c.Lines = append(c.Lines[:1:1], c.Lines[3:]...) // as its author leaves it, deductions as proposed for the whole
		for i := range c.Lines {
			if c.Lines[i].Deposit != 0 {
				c.Lines[i].Price = 0
			}
		}
		works := s.invoice(s.titled(Recompose(c, quote, s.all())))
		if len(works.Totals.Taxes) != 1 || works.Totals.Taxes[0].Tax != "S10" || works.Totals.Taxes[0].VAT <= 0 {
			t.Errorf("gross %v: rates %+v", gross, works.Totals.Taxes)
		}
		rest := s.compose(quote, Invoicing{Stage: Balance})
		if n := len(rest.Content.Lines); n != 3 || rest.Content.Lines[0].Label != "Mobilier" || rest.Content.Lines[1].Label != "Éclairage" {
			t.Errorf("gross %v: what is left: %+v", gross, rest.Content.Lines)
		}
		if len(rest.Totals.Taxes) != 1 || rest.Totals.Taxes[0].Tax != "S20" || rest.Totals.Taxes[0].VAT <= 0 {
			t.Errorf("gross %v: rates %+v", gross, rest.Totals.Taxes)
		}
		if sold, waiting := s.sold(); sold != quote.Totals.Gross || waiting != 0 {
			t.Errorf("gross %v: %v invoiced of %v, %v wait", gross, sold, quote.Totals.Gross, waiting)
		}
		s.audit()
	}
}

// What of an ordinary invoice was credited is left to invoice, and is what is proposed.
func TestInvoiceCreditedInPart(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Site", "service", "S20", "1", "1000"), line("Textes", "service", "S20", "1", "200")).Content)
	whole := s.compose(quote, Invoicing{Stage: Balance})
	if _, err := s.credit(whole.ID, Content{Reason: "geste", Lines: []Line{line("Site", "service", "S20", "1", "100")}}); err != nil {
		t.Fatal(words(err))
	}
	rest := s.compose(quote, Invoicing{Stage: Balance})
	if sold, _ := s.sold(); rest.Totals.Net != cents("100") || sold != quote.Totals.Gross {
		t.Errorf("%v proposed, %v invoiced of %v", rest.Totals.Net, sold, quote.Totals.Gross)
	}
}

// Any sale at several rates, invoiced by deposits, situations or some of its lines, credited in part on the way: no rate of
// an invoice comes below zero before the last, and what is proposed at the end makes the sale to the cent.
func TestAnySaleIsInvoicedWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newShop(r, signedFacts())
		c := draft(Quote, rapid.Bool().Draw(r, "gross")).Content
		c.Papers = housed
		for i := range rapid.IntRange(2, 4).Draw(r, "lines") {
			l := line("Travaux "+string(rune('a'+i)), "works", rapid.SampledFrom([]string{"S20", "S10"}).Draw(r, "tax"), "1", "1")
			l.Price = money.Cents(rapid.Int64Range(1_00, 9999_99).Draw(r, "price")).Micro()
			c.Lines = append(c.Lines, l)
		}
		quote := s.quoted(c)
		site := rapid.Bool().Draw(r, "site")
		done := make([]money.Rate, len(c.Lines))
		for range rapid.IntRange(1, 5).Draw(r, "steps") {
			switch rapid.IntRange(0, 2).Draw(r, "deed") {
			case 0:
				sold, waiting := s.sold()
				share := money.Rate(rapid.Int64Range(10_000, 300_000).Draw(r, "share"))
				if sold+waiting+quote.Totals.Gross.Times(share) < quote.Totals.Gross {
					s.compose(quote, Invoicing{Stage: Deposit, Share: share})
				}
			case 1:
				var next Content
				var err error
				if site {
					for i := range done {
						done[i] += money.Rate(rapid.Int64Range(0, int64(money.One-done[i])/2).Draw(r, "done"))
					}
					next, err = Compose(quote, s.all(), Invoicing{Stage: Progress, Done: done})
				} else {
					if next, err = Compose(quote, s.all(), Invoicing{Stage: Balance}); err == nil && len(next.Lines) > 1 {
						next.Lines = next.Lines[rapid.IntRange(0, 1).Draw(r, "from"):]
						for i := range next.Lines {
							if next.Lines[i].Deposit != 0 {
								next.Lines[i].Price = 0
							}
						}
						next = Recompose(next, quote, s.all())
					}
				}
				if fault.KindOf(err) == fault.Conflict {
					continue // all is invoiced
				}
				if err != nil {
					r.Fatal(words(err))
				}
				t, err := Compute(next, s.f.Taxes)
				if err != nil || t.Gross <= 0 {
					continue
				}
				plain := next
				plain.Lines = nil
				for _, l := range next.Lines {
					if l.Deposit == 0 {
						plain.Lines = append(plain.Lines, l)
					}
				}
				before, _ := Compute(plain, s.f.Taxes)
				if !lastOf(plain, before, quote, s.all()) {
					for _, row := range t.Taxes {
						if row.Net < 0 && !negative(before, row.Tax) || row.VAT < 0 && !negative(before, row.Tax) {
							r.Fatalf("%s comes to %v and %v of VAT", row.Tax, row.Net, row.VAT)
						}
					}
				}
				s.invoice(s.titled(next))
			case 2:
				for _, d := range s.all() {
					if isDeposit(d) || deducts(d.Content) || d.Credited >= d.Totals.Gross || !rapid.Bool().Draw(r, "credited") {
						continue
					}
					back := CreditOf(d)
					back.Lines, back.Reason = back.Lines[:1], "moins"
					l := &back.Lines[0]
					l.Discount, l.DiscountFlat, l.Quantity = 0, 0, money.Unit
					p := findPart(remainingParts(d), Part{Nature: l.Nature, Tax: l.Tax})
					if c.Gross {
						p.Net += p.VAT
					}
					if p.Net <= 1 {
						continue
					}
					l.Price = money.Cents(rapid.Int64Range(1, int64(p.Net)-1).Draw(r, "taken")).Micro()
					if _, err := s.credit(d.ID, back); err != nil {
						continue
					}
				}
			}
			s.audit()
		}
		if LeftOf(quote, s.all()) > 0 {
			last, err := Compose(quote, s.all(), Invoicing{Stage: Balance})
			if err != nil {
				r.Fatal(words(err))
			}
			if t, err := Compute(last, s.f.Taxes); err != nil || t.Gross < 0 {
				r.Fatalf("the balance comes to %v: %v", t.Gross, err)
			}
			s.invoice(s.titled(last))
			s.audit()
		}
		sold, waiting := s.sold()
		if off := (sold - quote.Totals.Gross).Abs(); site && off != 0 || off > money.Cents(len(s.all())) { // apart from works, each invoice rounds its own VAT
			r.Fatalf("%v invoiced of %v", sold, quote.Totals.Gross)
		}
		if waiting != 0 {
			r.Fatalf("%v wait still", waiting)
		}
	})
}

func negative(t Totals, tax string) bool {
	for _, row := range t.Taxes {
		if row.Tax == tax {
			return row.Net < 0 || row.VAT < 0
		}
	}
	return false
}

// A discount takes no more than its line, and goes its way; a rebate on the whole is a line below zero.
func TestDiscountBeyondItsLine(t *testing.T) {
	for _, c := range []struct {
		price, flat string
		refused     bool
	}{{"3333.33", "5000", true}, {"3333.33", "3333.33", false}, {"100", "-5", true}, {"-100", "-20", false}, {"-100", "20", true}} {
		d := draft(Invoice, false, line("Pose", "service", "S20", "1", c.price), line("Autre", "service", "S20", "1", "9000"))
		d.Content.Lines[0].DiscountFlat = cents(c.flat)
		err := CheckSubmit(d, facts())
		if c.refused {
			refused(t, err, "lines[0].discountFlat", "sale.fault.discount_above")
		} else if err != nil {
			t.Errorf("%s less %s: %v", c.price, c.flat, words(err))
		}
	}
}

// A retention is freed neither in the past nor too far ahead, on a quote as on an invoice; beyond the year of the law it is
// told (loi 71-584 art. 2).
func TestReleaseOfARetention(t *testing.T) {
	for _, kind := range []Kind{Quote, Invoice} {
		d := draft(kind, false, line("Pose", "works", "S20", "1", "1000"))
		d.Content.Retention = 50_000
		for _, day := range []date.Day{today - 1, today + maxRelease + 1} {
			d.Content.ReleaseOn = day
			refused(t, CheckSubmit(d, facts()), "releaseOn", "sale.fault.release_range")
		}
		d.Content.ReleaseOn = today.AddMonths(12)
		if err := CheckSubmit(d, facts()); err != nil {
			t.Error(words(err))
		}
		d.Content.Delivered = today - 30
		if got := ReleaseLate(d.Content, today); got != 0 {
			t.Errorf("one year is what the law says: %v", got)
		}
		d.Content.ReleaseOn++
		if got := ReleaseLate(d.Content, today); got != today.AddMonths(12) {
			t.Errorf("more than a year: %v", got)
		}
	}
}
