package sale

import (
	"fmt"
	"slices"
	"testing"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"

	"pgregory.net/rapid"
)

// lines writes an entry the way an accountant reads it.
func lines(e ledger.Entry) []string {
	var list []string
	for _, l := range e.Lines {
		side := "D"
		if l.Amount < 0 {
			side = "C"
		}
		list = append(list, fmt.Sprintf("%s %s %v %s", l.Account, side, l.Amount.Abs(), l.Tax))
	}
	return list
}

func same(t *testing.T, what string, got ledger.Entry, want ...string) {
	t.Helper()
	if g := lines(got); !slices.Equal(g, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, g, want)
	}
}

// Law notes § 3.3: 1 000 + 200; receipt of 600 moves 100 of VAT, the rest moves the rest.
func TestReceiptInTwoParts(t *testing.T) {
	s := newShop(t, facts())
	c := draft(Invoice, false, line("Conseil", "service", "S20", "1", "1000")).Content
	inv := s.invoice(c)
	same(t, "invoice", s.entries[inv.Entry], "411 D 1200.00 ", "706 C 1000.00 S20", "44574 C 200.00 S20")
	if l := s.entries[inv.Entry].Lines[0]; l.Third != 501 || l.Due != today+30 || l.Section != 42 || l.Document != "invoice:1001" {
		t.Errorf("receivable: %+v", l)
	}
	first := s.pay(Transfer, cents("600"), Allocation{Invoice: inv.ID, Amount: cents("600")})
	same(t, "first part", s.entries[first.Entry], "512 D 600.00 ", "411 C 600.00 ", "44574 D 100.00 S20", "44571 C 100.00 S20")
	if got := s.collected[inv.ID]["service"]; got != cents("500") {
		t.Errorf("collected %v, want 500", got)
	}
	if State(s.invoices[inv.ID], today) != "partly" || State(s.invoices[inv.ID], today+31) != "overdue" {
		t.Error("a part paid in time is partly paid, then overdue")
	}
	second := s.pay(Cheque, cents("600"), Allocation{Invoice: inv.ID, Amount: cents("600")})
	same(t, "second part", s.entries[second.Entry], "5112 D 600.00 ", "411 C 600.00 ", "44574 D 100.00 S20", "44571 C 100.00 S20")
	if State(s.invoices[inv.ID], today+90) != "paid" {
		t.Error("paid")
	}
	s.audit()
}

// Practice 3: goods are due at delivery, services at receipt, on one invoice paid in two parts.
func TestMixedInvoicePaidInTwoParts(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, true, line("Bol", "made", "G20", "3", "35"), line("Atelier", "service", "S20", "1", "45")).Content)
	same(t, "invoice", s.entries[inv.Entry], "411 D 150.00 ", "701 C 87.50 G20", "706 C 37.50 S20", "44571 C 17.50 G20", "44574 C 7.50 S20")
	first := s.pay(Card, cents("49.99"), Allocation{Invoice: inv.ID, Amount: cents("49.99")})
	same(t, "first part", s.entries[first.Entry], "5115 D 49.99 ", "411 C 49.99 ", "44574 D 2.50 S20", "44571 C 2.50 S20")
	s.audit()
	second := s.pay(Cash, cents("100.01"), Allocation{Invoice: inv.ID, Amount: cents("100.01")})
	same(t, "second part", s.entries[second.Entry], "530 D 100.01 ", "411 C 100.01 ", "44574 D 5.00 S20", "44571 C 5.00 S20")
	if c := s.collected[inv.ID]; c["made"] != cents("87.50") || c["service"] != cents("37.50") {
		t.Errorf("collected %v", c)
	}
	s.audit()
}

func TestOptionForDebits(t *testing.T) {
	f := facts()
	f.Rules.VAT.OnDebits = true
	s := newShop(t, f)
	inv := s.invoice(draft(Invoice, false, line("Conseil", "service", "S20", "1", "1000")).Content)
	same(t, "invoice", s.entries[inv.Entry], "411 D 1200.00 ", "706 C 1000.00 S20", "44571 C 200.00 S20")
	s.f.Rules.VAT.OnDebits = false // the option ends: what was issued under it stays so
	p := s.pay(Transfer, cents("600"), Allocation{Invoice: inv.ID, Amount: cents("600")})
	same(t, "payment", s.entries[p.Entry], "512 D 600.00 ", "411 C 600.00 ")
	if _, err := s.credit(inv.ID, CreditOf(inv)); err != nil {
		t.Fatal(words(err))
	}
	if s.balance(42, ledger.VATDue) != 0 || s.balance(42, ledger.VATPending) != 0 {
		t.Error("the credit note takes back the VAT that the option made due")
	}
	s.audit()
}

func TestExemptInvoiceHasNoVATLine(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("Formation", "training", "XFORM", "2", "450")).Content)
	same(t, "invoice", s.entries[inv.Entry], "411 D 900.00 ", "7061 C 900.00 XFORM")
	p := s.pay(Debit, cents("900"), Allocation{Invoice: inv.ID, Amount: cents("900")})
	same(t, "payment", s.entries[p.Entry], "512 D 900.00 ", "411 C 900.00 ")
	s.audit()
}

// A payment above the due is kept as an advance only when the person says so; the advance then pays the next invoice.
func TestOverPaymentAndItsUse(t *testing.T) {
	s := newShop(t, facts())
	one := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	two := s.invoice(draft(Invoice, false, line("b", "service", "S20", "1", "50")).Content)
	p := Payment{Date: today, Amount: cents("150"), Means: Transfer, Activity: 42, Customer: 7, Allocations: []Allocation{{Invoice: one.ID, Amount: cents("120")}}}
	_, err := Receive(p, s.receivables(), s.payFacts())
	e := refusedAs(t, err, "keep", "sale.fault.payment_above")
	if e != nil && e.Args[1] != cents("30") {
		t.Errorf("above: %v", e.Args)
	}
	kept := s.pay(Transfer, cents("150"), Allocation{Invoice: one.ID, Amount: cents("120")})
	same(t, "over-payment", s.entries[kept.Entry], "512 D 150.00 ", "411 C 120.00 ", "4191 C 30.00 ", "44574 D 20.00 S20", "44571 C 20.00 S20")
	used := s.pay(Advance, cents("30"), Allocation{Invoice: two.ID, Amount: cents("30")})
	same(t, "use", s.entries[used.Entry], "4191 D 30.00 ", "411 C 30.00 ", "44574 D 5.00 S20", "44571 C 5.00 S20")
	if j := s.entries[used.Entry].Journal; j != ledger.JournalMisc {
		t.Errorf("journal %s", j)
	}
	s.audit()

	_, err = Receive(Payment{Date: today, Amount: 1, Means: Advance, Activity: 42, Allocations: []Allocation{{Invoice: two.ID, Amount: 1}}}, s.receivables(), s.payFacts())
	refused(t, err, "amount", "sale.fault.advance_short")
	if err := s.reverse(kept.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an advance that was used does not go back: %v", err)
	}
	if err := s.reverse(used.ID); err != nil {
		t.Fatal(words(err))
	}
	if err := s.reverse(kept.ID); err != nil {
		t.Fatal(words(err))
	}
	if err := s.reverse(kept.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("reversed twice: %v", err)
	}
	s.audit()
	if s.balance(42, ledger.Bank) != 0 || s.balance(42, ledger.VATDue) != 0 || s.balance(42, ledger.Advances) != 0 {
		t.Error("nothing is left of a payment reversed")
	}
}

// One cheque for two activities: each section has its own money.
func TestOnePaymentTwoActivities(t *testing.T) {
	s := newShop(t, facts())
	one := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	s.f.Activity.ID = 43
	two := s.invoice(draft(Invoice, false, line("b", "service", "S10", "1", "100")).Content)
	p := s.pay(Cheque, cents("230"), Allocation{Invoice: one.ID, Amount: cents("120")}, Allocation{Invoice: two.ID, Amount: cents("110")})
	if s.balance(42, "5112") != cents("120") || s.balance(43, "5112") != cents("110") {
		t.Errorf("%q", lines(s.entries[p.Entry]))
	}
	if err := s.reverse(p.ID); err != nil {
		t.Fatal(words(err))
	}
	for _, section := range []int64{42, 43} {
		for _, account := range []string{"5112", ledger.VATDue} {
			if got := s.balance(section, account); got != 0 {
				t.Errorf("section %d, %s: %v left", section, account, got)
			}
		}
	}
}

// Three payments of an invoice whose VAT does not split evenly, reversed in the order they came: the VAT lines of a
// reversal follow what is paid after it, not the payment's own.
func TestReversalFollowsTheRule(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "0.13")).Content) // 0.13 + 0.03 = 0.16
	var ps []Payment
	for _, amount := range []string{"0.05", "0.05", "0.06"} {
		ps = append(ps, s.pay(Transfer, cents(amount), Allocation{Invoice: inv.ID, Amount: cents(amount)}))
		s.audit()
	}
	for _, p := range ps {
		if err := s.reverse(p.ID); err != nil {
			t.Fatal(words(err))
		}
		s.audit()
	}
	if s.balance(42, ledger.VATDue) != 0 || s.balance(42, ledger.VATPending) != -cents("0.03") || s.collected[inv.ID]["service"] != 0 {
		t.Error("nothing is due nor collected once everything is reversed")
	}
}

// One advance for two invoices is used once, cent by cent, oldest first; what the books no longer hold open cannot be paid.
func TestAdvanceIsUsedOnce(t *testing.T) {
	s := newShop(t, facts())
	one := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	two := s.invoice(draft(Invoice, false, line("b", "service", "S20", "1", "100")).Content)
	zero := s.invoice(draft(Invoice, false, line("c", "service", "S20", "1", "10")).Content)
	s.pay(Transfer, cents("32"), Allocation{Invoice: zero.ID, Amount: cents("12")})
	s.pay(Transfer, cents("10"))
	both := func(amount string) Payment {
		a := cents(amount)
		return Payment{Date: today, Amount: 2 * a, Means: Advance, Activity: 42, Customer: 7, Allocations: []Allocation{{Invoice: one.ID, Amount: a}, {Invoice: two.ID, Amount: a}}}
	}
	_, err := Receive(both("20"), s.receivables(), s.payFacts())
	refused(t, err, "amount", "sale.fault.advance_short")
	used := s.pay(Advance, cents("30"), both("15").Allocations...)
	same(t, "one advance after the other", s.entries[used.Entry], "4191 D 15.00 ", "4191 D 5.00 ", "4191 D 10.00 ", "411 C 15.00 ", "411 C 15.00 ",
		"44574 D 2.50 S20", "44571 C 2.50 S20", "44574 D 2.50 S20", "44571 C 2.50 S20")
	s.audit()

	r := s.receivable(one.ID)
	r.Items[0].Remaining = cents("40") // the accountant wrote a part off
	p := Payment{Date: today, Amount: cents("50"), Means: Transfer, Activity: 42, Allocations: []Allocation{{Invoice: one.ID, Amount: cents("50")}}}
	refused(t, p.Check([]Receivable{r}, today), "allocations[0].amount", "sale.fault.allocation_above")
}

// An advance that a credit note made, once used, holds back the reversal of the money it came from.
func TestReversalOfMoneyUsedElsewhere(t *testing.T) {
	s := newShop(t, facts())
	one := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	two := s.invoice(draft(Invoice, false, line("b", "service", "S20", "1", "100")).Content)
	first := s.pay(Transfer, cents("120"), Allocation{Invoice: one.ID, Amount: cents("120")})
	if _, err := s.credit(one.ID, CreditOf(one)); err != nil {
		t.Fatal(words(err))
	}
	use := s.pay(Advance, cents("70"), Allocation{Invoice: two.ID, Amount: cents("70")})
	refused(t, s.reverse(first.ID), "", "sale.fault.advance_used")
	s.audit()
	for _, id := range []int64{use.ID, first.ID} {
		if err := s.reverse(id); err != nil {
			t.Fatal(words(err))
		}
		s.audit()
	}
}

func TestPaymentCheck(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	rs := s.receivables()
	good := Payment{Date: today, Amount: cents("120"), Means: Transfer, Allocations: []Allocation{{Invoice: inv.ID, Amount: cents("120")}}}
	if err := good.Check(rs, today); err != nil {
		t.Fatal(words(err))
	}
	for _, c := range []struct {
		field, key string
		change     func(*Payment)
	}{
		{"amount", "sale.fault.payment_nil", func(p *Payment) { p.Amount = 0 }},
		{"amount", "sale.fault.payment_negative", func(p *Payment) { p.Amount = -1 }},
		{"amount", "sale.fault.amount_large", func(p *Payment) { p.Amount = money.Max + 1 }},
		{"date", "sale.fault.payment_date_missing", func(p *Payment) { p.Date = 0 }},
		{"date", "sale.fault.payment_ahead", func(p *Payment) { p.Date = today + 1 }},
		{"date", "sale.fault.payment_old", func(p *Payment) { p.Date = today - 4000 }},
		{"means", "sale.fault.means", func(p *Payment) { p.Means = "shells" }},
		{"reference", "sale.fault.text_long", func(p *Payment) { p.Reference = string(make([]byte, 200)) }},
		{"allocations[0].amount", "sale.fault.allocation_above", func(p *Payment) { p.Allocations[0].Amount++ }},
		{"allocations[0].amount", "sale.fault.allocation_nil", func(p *Payment) { p.Allocations[0].Amount = -1 }},
		{"allocations[0].invoice", "sale.fault.allocation_unknown", func(p *Payment) { p.Allocations[0].Invoice = 99 }},
		{"allocations[1].invoice", "sale.fault.allocation_twice", func(p *Payment) { p.Allocations = append(p.Allocations, p.Allocations[0]) }},
		{"amount", "sale.fault.payment_short", func(p *Payment) { p.Amount = cents("119") }},
		{"keep", "sale.fault.payment_above", func(p *Payment) { p.Amount = cents("121") }},
		{"keep", "sale.fault.keep_nothing", func(p *Payment) { p.Excess = 1 }},
		{"amount", "sale.fault.advance_whole", func(p *Payment) { p.Means, p.Amount, p.Excess = Advance, cents("121"), cents("1") }},
	} {
		p := good
		p.Allocations = slices.Clone(good.Allocations)
		c.change(&p)
		refused(t, p.Check(rs, today), c.field, c.key)
		if _, err := Receive(p, rs, s.payFacts()); err == nil {
			t.Errorf("%s: received all the same", c.key)
		}
	}
	s.pay(Transfer, cents("120"), Allocation{Invoice: inv.ID, Amount: cents("120")})
	refused(t, good.Check(s.receivables(), today), "allocations[0].amount", "sale.fault.allocation_settled")
	double := Payment{Date: today, Amount: cents("120"), Means: Transfer, Activity: 42, Excess: cents("120")}
	e, err := Receive(double, nil, s.payFacts())
	if err != nil {
		t.Fatalf("the same invoice paid twice: %v", words(err))
	}
	same(t, "paid twice", e.Entry, "512 D 120.00 ", "4191 C 120.00 ")
}

func TestEffectsLeaveTheirArgumentsAlone(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100"), line("b", "goods", "G20", "1", "10")).Content)
	s.pay(Transfer, cents("50"), Allocation{Invoice: inv.ID, Amount: cents("50")})
	r := s.receivable(inv.ID)
	before := fmt.Sprintf("%+v", r)
	facts := s.payFacts()
	p := Payment{Date: today, Amount: cents("10"), Means: Transfer, Activity: 42, Allocations: []Allocation{{Invoice: inv.ID, Amount: cents("10")}}}
	if _, err := Receive(p, []Receivable{r}, facts); err != nil {
		t.Fatal(words(err))
	}
	f := s.f
	f.Invoice = &r.Invoice
	cn, err := Issue(Document{ID: 9, Kind: CreditNote, Activity: 42, Customer: 7, Status: Draft, Corrects: inv.ID, Content: CreditOf(inv)}, f, "A-1", 3, 1)
	if err != nil {
		t.Fatal(words(err))
	}
	if _, err := CreditEffect(cn, r, f); err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprintf("%+v", r); after != before {
		t.Errorf("changed from\n%s to\n%s", before, after)
	}
}

// Any sequence of payments, reversals, uses of advances and credit notes, until all is settled: every entry balances in
// total and in its section, no item is settled beyond what it holds, VAT and turnover follow the rule at every step; in
// the end 411 and 44574 are nil, 44571 is the VAT and the collected turnover the net of what was not credited.
func TestAnySequenceUntilSettled(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := facts()
		f.Rules.VAT.OnDebits = rapid.IntRange(0, 9).Draw(r, "debits") == 0
		s := newShop(r, f)
		var ids []int64
		for i := range rapid.IntRange(1, 2).Draw(r, "invoices") {
			c := anyContent(r)
			c.Title, c.Delivered, c.DueDays = fmt.Sprint(i), today, 30
			t, err := Compute(c, f.Taxes)
			if err != nil {
				r.Fatal(err)
			}
			if t.Gross <= 0 { // a line more makes an invoice of it
				c.Lines = append(c.Lines, Line{Label: "de plus", Nature: "service", Tax: "S20", Quantity: money.Unit, Price: (1 - t.Gross).Micro()})
			}
			ids = append(ids, s.invoice(c).ID)
		}
		s.audit()
		for range rapid.IntRange(0, 12).Draw(r, "steps") {
			s.step(r, rapid.SampledFrom(ids).Draw(r, "on"))
			s.audit()
		}
		for _, id := range ids {
			if rest := Remaining(s.invoices[id]); rest > 0 {
				s.pay(Transfer, rest, Allocation{Invoice: id, Amount: rest})
			}
		}
		s.audit()
		var vat money.Cents
		for _, id := range ids {
			_, vats, nets := effective(s.invoices[id])
			for _, v := range vats {
				vat += v
			}
			for nature, n := range nets {
				if got := s.collected[id][nature]; got != n {
					r.Fatalf("collected %v of %v of %s", got, n, nature)
				}
			}
		}
		if s.balance(42, ledger.Customers) != 0 || s.balance(42, ledger.VATPending) != 0 || s.balance(42, ledger.VATDue) != -vat {
			r.Fatalf("411 %v, 44574 %v, 44571 %v of %v", s.balance(42, ledger.Customers), s.balance(42, ledger.VATPending), s.balance(42, ledger.VATDue), -vat)
		}
	})
}

// step does one thing that may happen to an invoice.
func (s *shop) step(r *rapid.T, id int64) {
	inv := s.invoices[id]
	rest := Remaining(inv)
	switch rapid.IntRange(0, 4).Draw(r, "deed") {
	case 0: // a part, or more than all of it
		part := money.Cents(rapid.Int64Range(1, int64(rest)+int64(inv.Totals.Gross)/4+1).Draw(r, "paid"))
		if part <= rest {
			s.pay(Transfer, part, Allocation{Invoice: id, Amount: part})
		} else if rest > 0 {
			s.pay(Card, part, Allocation{Invoice: id, Amount: rest})
		}
	case 1: // a reversal, which may have to wait
		var done []int64
		for pid, p := range s.payments {
			if p.Reversed == 0 {
				done = append(done, pid)
			}
		}
		slices.Sort(done)
		if len(done) == 0 {
			return
		}
		if err := s.reverse(rapid.SampledFrom(done).Draw(r, "reversed")); err != nil && fault.KindOf(err) != fault.Conflict {
			r.Fatalf("reverse: %v", err)
		}
	case 2: // an advance is used
		held := newPurse(s.advances()).holds(42, 501, "")
		if use := min(held, rest); use > 0 {
			use = money.Cents(rapid.Int64Range(1, int64(use)).Draw(r, "used"))
			s.pay(Advance, use, Allocation{Invoice: id, Amount: use})
		}
	case 3: // a part is credited
		if inv.Credited < inv.Totals.Gross {
			s.creditPart(r, inv)
		}
	case 4: // all that is left is credited
		if inv.Credited < inv.Totals.Gross && rapid.IntRange(0, 2).Draw(r, "whole") == 0 {
			if len(inv.Settled.Deducted) > 0 { // of a deposit, only what no invoice has deducted
				_, _ = s.credit(id, CreditOf(inv))
				return
			}
			if _, err := s.credit(id, CreditOf(inv)); err != nil {
				if slices.ContainsFunc(inv.Content.Lines, func(l Line) bool { return s.invoices[l.Deposit].Settled.LostWhole > 0 }) {
					return // it would give back a deposit that is lost
				}
				r.Fatalf("whole credit note: %v", words(err))
			}
			if gross, vats, nets := effective(s.invoices[id]); gross != 0 || nonZero(vats) != nil || nonZero(nets) != nil {
				r.Fatalf("credited whole, and %v is left: %v %v", gross, vats, nets)
			}
		}
	}
}

func (s *shop) creditPart(r *rapid.T, inv Document) {
	c := CreditOf(inv)
	var kept []Line
	for _, p := range remainingParts(inv) {
		amount := p.Net
		if c.Gross {
			amount += p.VAT
		}
		if amount <= 0 || rapid.Bool().Draw(r, "leave") {
			continue
		}
		part := money.Cents(rapid.Int64Range(1, int64(amount)).Draw(r, "credited"))
		kept = append(kept, Line{Label: "rendu", Nature: p.Nature, Tax: p.Tax, Quantity: money.Unit, Price: part.Micro()})
	}
	if len(kept) == 0 {
		return
	}
	c.Lines = kept
	if _, err := s.credit(inv.ID, c); err != nil {
		// With lines of both signs the positive ones can be more than the invoice still holds in all.
		if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Conflict {
			return
		}
		r.Fatalf("credit note: %v", err)
	}
}
