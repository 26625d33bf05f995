package sale

import (
	"strings"
	"testing"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// claims are what the customer owes that no invoice opened.
func (b *books) claims() []ledger.OpenItem {
	var open []ledger.OpenItem
	for _, it := range b.items {
		if it.Account == ledger.Customers && it.Remaining > 0 && !strings.HasPrefix(it.Document, string(Invoice)) {
			open = append(open, it)
		}
	}
	return open
}

// givenBack is what refunds have taken of each advance.
func (s *shop) givenBack() []GivenBack {
	var all []GivenBack
	for id := int64(1000); id <= s.ids; id++ {
		p, ok := s.payments[id]
		if !ok || p.Amount >= 0 || p.Reversed != 0 {
			continue
		}
		for _, l := range s.entries[p.Entry].Lines {
			if l.Account == ledger.Advances {
				all = append(all, GivenBack{s.itemAt(l.Settles), l.Amount})
			}
		}
	}
	return all
}

func (s *shop) refund(amount money.Cents) Payment {
	s.t.Helper()
	p := Payment{ID: s.id(), Date: s.f.Today, Amount: -amount, Excess: -amount, Means: Transfer, Customer: s.f.Customer.ID, Activity: s.f.Activity.ID}
	e, err := Refund(p, s.payFacts())
	if err != nil {
		s.t.Fatalf("refund %v: %v", amount, words(err))
	}
	p.Entry = s.apply(e).ID
	s.payments[p.ID] = p
	return p
}

// payClaims brings what the customer owes besides invoices.
func (s *shop) payClaims() {
	var owed money.Cents
	for _, it := range s.claims() {
		owed += it.Remaining
	}
	if owed > 0 {
		s.pay(Transfer, owed)
	}
}

// A cheque too large, the difference sent back by transfer, and the cheque bounces: the invoice is open again, and the
// customer owes what they were sent.
func TestBounceAfterRefund(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("Atelier", "service", "S20", "1", "100")).Content)
	cheque := s.pay(Cheque, cents("150"), Allocation{Invoice: inv.ID, Amount: cents("120")})
	back := s.refund(cents("30"))
	if err := s.reverse(cheque.ID); err != nil {
		t.Fatal(words(err))
	}
	same(t, "bounce", s.entries[s.payments[cheque.ID].Reversed], "5112 C 150.00 ", "411 D 120.00 ", "411 D 30.00 ", "44574 C 20.00 S20", "44571 D 20.00 S20")
	s.audit()
	again := s.pay(Transfer, cents("150"), Allocation{Invoice: inv.ID, Amount: cents("120")})
	same(t, "paid again", s.entries[again.Entry], "512 D 150.00 ", "411 C 120.00 ", "411 C 30.00 ", "44574 D 20.00 S20", "44571 C 20.00 S20")
	s.audit()
	s.nothingLeft()
	if err := s.reverse(again.ID); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	if err := s.reverse(back.ID); err != nil { // the transfer had not reached them either
		t.Fatal(words(err))
	}
	same(t, "refund that came back", s.entries[s.payments[back.ID].Reversed], "411 C 30.00 ", "512 D 30.00 ")
	if len(s.claims()) != 0 || s.balance(42, ledger.Advances) != 0 {
		t.Errorf("nothing is owed but the invoice: %v", s.claims())
	}
	s.audit()
}

// The same through a credit note: what it made an advance was refunded, in part, before the cheque came back.
func TestBounceAfterCreditAndRefund(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("Atelier", "service", "S20", "1", "100")).Content)
	cheque := s.pay(Cheque, cents("120"), Allocation{Invoice: inv.ID, Amount: cents("120")})
	if _, err := s.credit(inv.ID, CreditOf(inv)); err != nil {
		t.Fatal(words(err))
	}
	s.refund(cents("100"))
	if err := s.reverse(cheque.ID); err != nil {
		t.Fatal(words(err))
	}
	same(t, "bounce", s.entries[s.payments[cheque.ID].Reversed], "5112 C 120.00 ", "4191 D 20.00 ", "411 D 100.00 ")
	s.audit()
	s.payClaims()
	s.audit()
	s.nothingLeft()
}

// What was used for another invoice, not refunded, still has to be freed first.
func TestBounceAfterUse(t *testing.T) {
	s := newShop(t, facts())
	one := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "100")).Content)
	two := s.invoice(draft(Invoice, false, line("b", "service", "S20", "1", "10")).Content)
	cheque := s.pay(Cheque, cents("150"), Allocation{Invoice: one.ID, Amount: cents("120")})
	s.pay(Advance, cents("12"), Allocation{Invoice: two.ID, Amount: cents("12")})
	s.refund(cents("18"))
	if err := s.reverse(cheque.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an advance that was used does not go back: %v", err)
	}
}

// loi 71-584 art. 1: the customer retains 5 % at most. A credit note takes its share of the retention with it, and the
// customer who had paid the rest has the difference as an advance.
func TestRetentionAfterACreditNote(t *testing.T) {
	s := newShop(t, signedFacts())
	c := draft(Invoice, false, line("Réseau", "works", "S20", "1", "1000")).Content
	c.Retention, c.ReleaseOn = 50000, today+365
	inv := s.invoice(c)
	half := CreditOf(inv)
	half.Lines[0].Price = 500 * money.Unit
	cn, err := s.credit(inv.ID, half)
	if err != nil {
		t.Fatal(words(err))
	}
	_ = cn
	if kept := s.balance(42, ledger.Retention); kept != cents("30") || RetainedOpen(s.invoices[inv.ID], today) != cents("30") {
		t.Errorf("5 %% of 600 is 30: %v", kept)
	}
	s.audit()
	s.pay(Transfer, cents("570"), Allocation{Invoice: inv.ID, Amount: cents("570")})
	quarter := CreditOf(s.invoices[inv.ID])
	quarter.Lines[0].Price = 250 * money.Unit
	if _, err := s.credit(inv.ID, quarter); err != nil {
		t.Fatal(words(err))
	}
	if kept, held := s.balance(42, ledger.Retention), s.balance(42, ledger.Advances); kept != cents("15") || held != -cents("285") {
		t.Errorf("retained %v, advance %v", kept, held)
	}
	s.audit()
	if _, err := s.credit(inv.ID, CreditOf(s.invoices[inv.ID])); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	s.nothingLeft()
}
