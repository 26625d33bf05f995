package sale

import (
	"testing"

	"essaim/money"
)

// What came of a loss and was credited since was moved to an advance: when it bounces it goes back from there, and nothing
// of the credited sale is lost again. What was not credited is lost as before.
func TestRecoveryBouncesAfterCreditNote(t *testing.T) {
	for _, x := range []struct {
		name           string
		credited, lost string
	}{{"whole", "100", "0"}, {"half", "50", "60"}} {
		t.Run(x.name, func(t *testing.T) {
			s := newShop(t, facts())
			inv := s.invoice(draft(Invoice, false, line("Pose", "service", "S20", "1", "100")).Content)
			e, err := Lose(s.receivable(inv.ID), s.payFacts())
			if err != nil {
				t.Fatal(words(err))
			}
			s.apply(e)
			one := s.pay(Cheque, cents("60"), Allocation{Invoice: inv.ID, Amount: cents("60")})
			two := s.pay(Cheque, cents("60"), Allocation{Invoice: inv.ID, Amount: cents("60")})
			c := CreditOf(s.invoices[inv.ID])
			c.Reason, c.Lines = "geste", []Line{line("Pose", "service", "S20", "1", x.credited)}
			if _, err := s.credit(inv.ID, c); err != nil {
				t.Fatal(words(err))
			}
			s.audit()
			for _, p := range []Payment{two, one} {
				if err := s.reverse(p.ID); err != nil {
					t.Fatal(words(err))
				}
				s.audit()
			}
			d := s.invoices[inv.ID]
			if d.Lost != cents(x.lost) || d.Paid != 0 || Remaining(d) != 0 {
				t.Errorf("lost %v, paid %v, %v to pay", d.Lost, d.Paid, Remaining(d))
			}
			for _, account := range []string{"512", "5112", "411", "4191", "44574", "44571"} {
				if left := s.balance(42, account); left != 0 {
					t.Errorf("%s holds %v", account, left)
				}
			}
			result := money.Cents(0)
			for _, account := range []string{"706", "654", "758"} {
				result += s.balance(42, account)
			}
			if result != 0 {
				t.Errorf("a sale that brought nothing: %v", result)
			}
		})
	}
}
