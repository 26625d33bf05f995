package sale

import (
	"slices"
	"testing"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// A credit note of the whole invoice gives exactly the opposite, paid or not.
func TestWholeCreditNote(t *testing.T) {
	s := newShop(t, facts())
	c := draft(Invoice, true, line("Bol", "made", "G20", "1", "9.99"), line("Atelier", "service", "S20", "3", "35"), line("Livre", "goods", "G55", "1", "12")).Content
	inv := s.invoice(c)
	cn, err := s.credit(inv.ID, CreditOf(inv))
	if err != nil {
		t.Fatal(words(err))
	}
	if !slices.Equal(cn.Totals.Taxes, inv.Totals.Taxes) || !slices.Equal(cn.Totals.Lines, inv.Totals.Lines) || cn.Totals.Gross != inv.Totals.Gross {
		t.Errorf("credit note %+v of %+v", cn.Totals, inv.Totals)
	}
	for key, v := range s.balances {
		if v != 0 {
			t.Errorf("%v keeps %v", key, v)
		}
	}
	if State(s.invoices[inv.ID], today) != "credited" {
		t.Error("the invoice is credited")
	}
	_, err = s.credit(inv.ID, CreditOf(inv))
	refused(t, err, "", "sale.fault.credit_done")
	s.audit()
}

// Paid, then credited: the money becomes an advance, the VAT is no longer due, the turnover no longer collected. Then the
// cheque bounces: the advance goes back, the customer owes nothing.
func TestCreditOfPaidInvoiceThenBouncedCheque(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("Conseil", "service", "S20", "1", "1000")).Content)
	p := s.pay(Cheque, cents("1200"), Allocation{Invoice: inv.ID, Amount: cents("1200")})
	cn, err := s.credit(inv.ID, CreditOf(inv))
	if err != nil {
		t.Fatal(words(err))
	}
	same(t, "credit note", s.entries[s.next], "4191 C 1200.00 ", "706 D 1000.00 S20", "44571 D 200.00 S20")
	if d := s.invoices[inv.ID]; d.Paid != 0 || d.Settled.Moved[0] != (Moved{Credit: cn.ID, Amount: cents("1200")}) || s.collected[inv.ID]["service"] != 0 {
		t.Errorf("%+v, collected %v", d, s.collected)
	}
	s.audit()
	if err := s.reverse(p.ID); err != nil {
		t.Fatal(words(err))
	}
	same(t, "bounced", s.entries[s.next], "5112 C 1200.00 ", "4191 D 1200.00 ")
	s.audit()
	for key, v := range s.balances {
		if v != 0 {
			t.Errorf("%v keeps %v", key, v)
		}
	}
}

// Half paid, then half credited: nothing remains, and the VAT of what stays is due whole.
func TestHalfPaidHalfCredited(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("Conseil", "service", "S20", "1", "1000")).Content)
	s.pay(Transfer, cents("600"), Allocation{Invoice: inv.ID, Amount: cents("600")})
	c := CreditOf(inv)
	c.Lines[0].Price = cents("500").Micro()
	if _, err := s.credit(inv.ID, c); err != nil {
		t.Fatal(words(err))
	}
	same(t, "credit note", s.entries[s.next], "411 C 600.00 ", "706 D 500.00 S20", "44574 D 100.00 S20")
	if d := s.invoices[inv.ID]; State(d, today) != "paid" || s.balance(42, ledger.VATDue) != -cents("100") || s.balance(42, ledger.VATPending) != 0 {
		t.Errorf("%s, %v due, %v pending", State(d, today), s.balance(42, ledger.VATDue), s.balance(42, ledger.VATPending))
	}
	s.audit()
}

// Partial credit notes that sum to the invoice leave no cent: the last takes the exact remainder.
func TestPartialCreditNotesLeaveNoCent(t *testing.T) {
	for _, gross := range []bool{false, true} {
		s := newShop(t, facts())
		inv := s.invoice(draft(Invoice, gross, line("a", "service", "S20", "1", "0.13"), line("b", "study", "S20", "1", "0.13"), line("c", "goods", "G20", "1", "9.99")).Content)
		for _, price := range []string{"0.03", "0.03", "0.03"} {
			c := CreditOf(inv)
			c.Lines = []Line{line("a", "service", "S20", "1", price), line("c", "goods", "G20", "1", "0.03")}
			if _, err := s.credit(inv.ID, c); err != nil {
				t.Fatal(words(err))
			}
			s.audit()
		}
		rest := CreditOf(s.invoices[inv.ID])
		if len(rest.Lines) != 3 {
			t.Fatalf("three natures are left: %+v", rest.Lines)
		}
		if _, err := s.credit(inv.ID, rest); err != nil {
			t.Fatal(words(err))
		}
		for key, v := range s.balances {
			if v != 0 {
				t.Errorf("gross %v: %v keeps %v", gross, key, v)
			}
		}
	}
}

// The cents that rounding would leave: VAT that the parts together would miss, or take twice.
func TestCreditNotesBelowACentOfVAT(t *testing.T) {
	for _, c := range []struct {
		name, price string
		gross       bool
		parts, vats []string
	}{
		{"the parts alone have no VAT, the last takes it", "0.06", false, []string{"0.02", "0.02", "0.02"}, []string{"0", "0", "0.01"}},
		{"the parts would take more VAT than there is", "0.12", false, []string{"0.03", "0.03", "0.03", "0.03"}, []string{"0.01", "0.01", "0", "0"}},
		{"TTC, the last takes the VAT", "0.06", true, []string{"0.02", "0.02", "0.02"}, []string{"0", "0", "0.01"}},
		{"TTC, more VAT than there is", "0.12", true, []string{"0.03", "0.03", "0.03", "0.03"}, []string{"0.01", "0.01", "0", "0"}},
		{"TTC, more net than there is", "0.10", true, []string{"0.02", "0.02", "0.02", "0.02", "0.01", "0.01"}, []string{"0", "0", "0", "0", "0.01", "0.01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, facts())
			inv := s.invoice(draft(Invoice, c.gross, line("a", "service", "S20", "1", c.price)).Content)
			for i, part := range c.parts {
				content := CreditOf(inv)
				content.Lines = []Line{line("a", "service", "S20", "1", part)}
				cn, err := s.credit(inv.ID, content)
				if err != nil {
					t.Fatal(words(err))
				}
				if cn.Totals.VAT != cents(c.vats[i]) || cn.Totals.Lines[0].Net != cn.Totals.Net {
					t.Errorf("credit note %d: %+v, want VAT %s", i, cn.Totals, c.vats[i])
				}
				s.audit()
			}
			for key, v := range s.balances {
				if v != 0 {
					t.Errorf("%v keeps %v", key, v)
				}
			}
		})
	}
}

// Credit notes may bring an invoice with lines of both signs to nil while its natures are not: nothing is left to pay, so
// the VAT of what stays is due and its turnover collected.
func TestCreditToNil(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100"), line("b", "goods", "G20", "1", "-50")).Content)
	c := CreditOf(inv)
	c.Lines = []Line{line("a", "service", "S20", "1", "50")}
	if _, err := s.credit(inv.ID, c); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	if s.balance(42, ledger.VATPending) != 0 || s.balance(42, ledger.VATDue) != 0 || s.collected[inv.ID]["service"] != cents("50") || s.collected[inv.ID]["goods"] != -cents("50") {
		t.Errorf("pending %v, due %v, collected %v", s.balance(42, ledger.VATPending), s.balance(42, ledger.VATDue), s.collected)
	}
}

// The second axis of a line follows it into the books.
func TestAxisOnRevenue(t *testing.T) {
	c := draft(Invoice, false, line("a", "service", "S20", "1", "100"), line("b", "service", "S20", "1", "50"), line("c", "service", "S20", "1", "25")).Content
	c.Lines[1].Axis, c.Lines[2].Axis = 9, 9
	s := newShop(t, facts())
	inv := s.invoice(c)
	got := map[int64]money.Cents{}
	for _, l := range s.entries[inv.Entry].Lines {
		if l.Account == "706" {
			got[l.Axis] += l.Amount
		}
	}
	if len(s.entries[inv.Entry].Lines) != 4 || got[0] != -cents("100") || got[9] != -cents("75") {
		t.Errorf("%v", got)
	}
}

func TestCreditNoteRefuses(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100"), line("b", "goods", "G20", "1", "50")).Content)
	for _, c := range []struct {
		field, key string
		change     func(*Content)
	}{
		{"lines[0].price", "sale.fault.credit_above", func(c *Content) { c.Lines[0].Price++; c.Lines[0].Quantity = 2 * money.Unit }},
		{"lines[0].price", "sale.fault.credit_above", func(c *Content) { c.Lines[0].Price *= -1 }},
		{"lines[0].price", "sale.fault.credit_above", func(c *Content) { c.Lines = append(c.Lines, c.Lines[0]) }},
		{"lines[0].tax", "sale.fault.credit_other", func(c *Content) { c.Lines[0].Nature = "study" }},
		{"lines[0].tax", "sale.fault.credit_other", func(c *Content) { c.Lines[0].Tax = "S10" }},
		{"gross", "sale.fault.credit_mode", func(c *Content) { c.Gross = true }},
		{"lines", "sale.fault.credit_nil", func(c *Content) { c.Lines[0].Price, c.Lines[1].Price = 0, 0 }},
		{"lines", "sale.fault.no_line", func(c *Content) { c.Lines = nil }},
	} {
		content := CreditOf(inv)
		c.change(&content)
		_, err := s.credit(inv.ID, content)
		refused(t, err, c.field, c.key)
	}
	f := s.f
	d := Document{Kind: CreditNote, Activity: 42, Customer: 7, Corrects: inv.ID, Content: CreditOf(inv)}
	refused(t, CheckSubmit(d, f), "", "sale.fault.credit_of_nothing")
	f.Invoice = &inv
	d.Customer = 8
	refused(t, CheckSubmit(d, f), "", "sale.fault.credit_elsewhere")
	d.Customer = 7
	f.Today = today - 1
	if _, err := Issue(Document{Kind: CreditNote, Status: Draft, Activity: 42, Customer: 7, Corrects: inv.ID, Content: CreditOf(inv)}, f, "A-1", 3, 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("before its invoice: %v", err)
	}
	// Lines of both signs: the positive ones alone are more than the invoice.
	mixed := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100"), line("b", "goods", "G20", "1", "-50")).Content)
	part := CreditOf(mixed)
	part.Lines = part.Lines[:1]
	_, err := s.credit(mixed.ID, part)
	refused(t, err, "lines", "sale.fault.credit_total")
}

// A credit note may follow the closing of the activity and the end of a CAPE: the seller is still there.
func TestCreditNoteAfterTheEnd(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	s.f.Activity.Closed = today - 1
	s.f.Customer.SIREN = ""
	if _, err := s.credit(inv.ID, CreditOf(inv)); err != nil {
		t.Error(words(err))
	}
}

// Under one tax code a rebate of another nature holds VAT below zero: crediting what it is a rebate of takes the VAT of its
// own base, and the rest can still be credited to nothing.
func TestCreditBesideARebate(t *testing.T) {
	for _, gross := range []bool{false, true} {
		s := newShop(t, facts())
		inv := s.invoice(draft(Invoice, gross, line("Étude", "study", "S20", "1", "1200"), line("Remise", "service", "S20", "1", "-120"), line("Autre", "service", "S10", "1", "550")).Content)
		c := CreditOf(inv)
		c.Lines = c.Lines[:1]
		cn, err := s.credit(inv.ID, c)
		if err != nil {
			t.Fatal(words(err))
		}
		want := cents("240")
		if gross {
			want = cents("200")
		}
		if cn.Totals.VAT != want {
			t.Errorf("gross %v: VAT of %v and not %v", gross, cn.Totals.VAT, want)
		}
		s.audit()
		rest := CreditOf(s.invoices[inv.ID])
		if _, err := s.credit(inv.ID, rest); err == nil {
			for key, v := range s.balances {
				if v != 0 {
					t.Errorf("gross %v: %v keeps %v", gross, key, v)
				}
			}
		} else {
			t.Errorf("gross %v: %v", gross, words(err))
		}
	}
}
