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

// housed are the papers of works in a dwelling of more than two years.
var housed = &Papers{Housing: &Housing{Old: true, Address: "4 rue des Lilas, Lodève", Work: HousingWorks()[0]}}

// signedFacts are those of an invoice whose quote the customer has accepted, its papers with it.
func signedFacts() Facts {
	f := facts()
	f.Accepted, f.Certified = true, true
	return f
}

// quoted is an accepted quote of the shop.
func (s *shop) quoted(c Content) Document {
	s.t.Helper()
	t, err := Compute(c, s.f.Taxes)
	if err != nil {
		s.t.Fatalf("quote: %v", words(err))
	}
	return Document{ID: s.id(), Kind: Quote, Activity: 42, Customer: 7, Status: Accepted, Number: "D-1", Content: c, Totals: t}
}

// made are the invoices of a stage, oldest first.
func (s *shop) made(stage Stage) (list []Document) {
	for id := int64(1000); id <= s.ids; id++ {
		if d, ok := s.invoices[id]; ok && d.Content.Stage == stage {
			list = append(list, d)
		}
	}
	return list
}

func (s *shop) titled(c Content) Content { c.Title = fmt.Sprint(s.ids); return c }

// balanceOf is the content of what is left of a quote, deposits deducted.
func (s *shop) balanceOf(quote Document) Content {
	situations := s.made(Progress)
	c := from(quote)
	c.Stage = Balance
	if len(situations) > 0 {
		c = ProgressOf(quote, situations, nil)
	}
	c.Lines = append(c.Lines, deductions(s.made(Deposit), c.Gross, nil)...)
	return s.titled(c)
}

// nothingLeft fails unless all that waits is nil: account by account, and item by item.
func (s *shop) nothingLeft() {
	s.t.Helper()
	for _, account := range []string{ledger.Customers, ledger.Doubtful, ledger.Retention, ledger.VATPending, ledger.DepositsHeld, ledger.DepositsBilled} {
		if left := s.balance(42, account); left != 0 {
			s.t.Fatalf("%s still holds %v", account, left)
		}
	}
	for _, it := range s.items {
		if it.Remaining != 0 && it.Account != ledger.Advances {
			s.t.Fatalf("item %+v is open", it)
		}
	}
}

// Practice 3 and 19: a 30 % deposit on goods bears its VAT when it is paid; the rest of the VAT comes with the delivery.
func TestDepositOnGoods(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Service de table", "made", "G20", "1", "1000")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte de 30 %")))
	same(t, "deposit", s.entries[dep.Entry], "411 D 360.00 ", "44574 C 60.00 G20", "41912 C 300.00 ")
	s.audit()
	p := s.pay(Transfer, cents("360"), Allocation{Invoice: dep.ID, Amount: cents("360")})
	same(t, "its receipt", s.entries[p.Entry], "512 D 360.00 ", "411 C 360.00 ", "44574 D 60.00 G20", "44571 C 60.00 G20", "41911 C 300.00 ", "41912 D 300.00 ")
	if s.collected[dep.ID]["deposit/made"] != cents("300") || s.collected[dep.ID]["made"] != 0 {
		t.Errorf("a deposit is no turnover yet: %v", s.collected[dep.ID])
	}
	s.audit()
	rest := s.invoice(s.balanceOf(quote))
	same(t, "delivery", s.entries[rest.Entry], "411 D 840.00 ", "701 C 1000.00 G20", "44571 C 140.00 G20", "41911 D 300.00 ")
	if rest.Totals.Gross != cents("840") || s.collected[dep.ID]["made"] != cents("300") || s.collected[dep.ID]["deposit/made"] != 0 {
		t.Errorf("%v to pay, %v collected", rest.Totals.Gross, s.collected[dep.ID])
	}
	if nets := rest.NetByNature(); nets["made"] != cents("1000") || nets["deposit/made"] != -cents("300") {
		t.Errorf("turnover %v", nets)
	}
	s.pay(Transfer, cents("840"), Allocation{Invoice: rest.ID, Amount: cents("840")})
	s.audit()
	s.nothingLeft()
}

// A deposit that is still unpaid on delivery: the VAT of the goods is due all the same, that of services is not.
func TestUnpaidDepositOnDelivery(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Poêle", "goods", "G20", "1", "1000"), line("Pose", "service", "S20", "1", "500")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, 500000, 0, "Acompte de 50 %")))
	rest := s.invoice(s.balanceOf(quote))
	same(t, "balance", s.entries[rest.Entry], "411 D 900.00 ", "706 C 500.00 S20", "707 C 1000.00 G20", "44571 C 200.00 G20", "44574 C 50.00 S20", "44574 D 100.00 G20", "41912 D 750.00 ")
	s.audit()
	s.pay(Card, cents("1800"), Allocation{Invoice: dep.ID, Amount: cents("900")}, Allocation{Invoice: rest.ID, Amount: cents("900")})
	s.audit()
	s.nothingLeft()
}

// A training paid whole in advance: the sale reaches turnover with a balance of nothing to pay.
func TestDepositOfTheWhole(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Formation", "training", "XFORM", "1", "700"), line("Supports", "recharged", "S20", "1", "50")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, money.One, 0, "Acompte")))
	s.pay(Transfer, cents("760"), Allocation{Invoice: dep.ID, Amount: cents("760")})
	rest := s.invoice(s.balanceOf(quote))
	if rest.Totals.Gross != 0 || State(rest, today) != "paid" {
		t.Errorf("%v to pay, %s", rest.Totals.Gross, State(rest, today))
	}
	same(t, "balance", s.entries[rest.Entry], "7061 C 700.00 XFORM", "7085 C 50.00 S20", "41911 D 750.00 ")
	s.audit()
	s.nothingLeft()
}

// Situations of a site (practice 37): cumulated percentages, the deposit given back as works advance, 5 % retained; prices
// typed net or TTC.
func TestSituationsOfASite(t *testing.T) {
	for _, gross := range []bool{false, true} {
		situations(t, gross)
	}
}

func situations(t *testing.T, gross bool) {
	t.Helper()
	s := newShop(t, signedFacts())
	c := draft(Quote, gross, line("Réseau", "works", "S10", "1", "3333.33"), line("Tableau", "works", "S20", "3", "333.33")).Content
	c.Retention, c.ReleaseOn, c.Papers = 50000, today+365, housed
	quote := s.quoted(c)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte de 30 %")))
	s.pay(Transfer, dep.Totals.Gross, Allocation{Invoice: dep.ID, Amount: dep.Totals.Gross})
	var net, vat, retained money.Cents
	for n, done := range [][]money.Rate{{333333, 0}, {666667, 500000}, nil} {
		c := ProgressOf(quote, s.made(Progress), done)
		whole, _ := Compute(c, s.f.Taxes)
		c.Lines = append(c.Lines, ProposedDeductions(c, quote, s.made(Deposit))...)
		d := s.invoice(s.titled(c))
		if d.Content.Situation != n+1 {
			t.Errorf("situation %d, want %d", d.Content.Situation, n+1)
		}
		s.audit()
		net, vat, retained = net+whole.Net, vat+whole.VAT, retained+d.Totals.Retained
		s.pay(Transfer, d.Totals.Gross-d.Totals.Retained, Allocation{Invoice: d.ID, Amount: d.Totals.Gross - d.Totals.Retained})
		if left := s.balance(42, ledger.Retention); left != retained {
			t.Errorf("4117 holds %v of %v", left, retained)
		}
		if got := State(s.invoices[d.ID], today+60); got != "retained" {
			t.Errorf("only the retention is left: %s", got)
		}
	}
	if net != quote.Totals.Net || vat != quote.Totals.VAT {
		t.Errorf("situations %v + %v, quote %v + %v", net, vat, quote.Totals.Net, quote.Totals.VAT)
	}
	if s.balance(42, ledger.DepositsHeld) != 0 {
		t.Errorf("the deposit is cleared: %v", s.balance(42, ledger.DepositsHeld))
	}
	for id, d := range s.invoices {
		if rest := Remaining(d); rest > 0 {
			if State(d, today+400) != "overdue" {
				t.Errorf("a retention not paid after its day is %s", State(d, today+400))
			}
			s.pay(Transfer, rest, Allocation{Invoice: id, Amount: rest})
		}
	}
	s.audit()
	s.nothingLeft()
}

// A situation that a credit note took back whole does not count in the next.
func TestCreditedSituation(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Chape", "works", "S20", "1", "1000")).Content)
	first := s.invoice(s.titled(ProgressOf(quote, nil, []money.Rate{400000})))
	s.invoice(s.titled(ProgressOf(quote, s.made(Progress), []money.Rate{700000})))
	if _, err := s.credit(first.ID, CreditOf(first)); err != nil {
		t.Fatal(words(err))
	}
	last := s.invoice(s.titled(ProgressOf(quote, s.made(Progress), nil)))
	if last.Totals.Net != cents("700") {
		t.Errorf("300 stand invoiced of 1 000: the last is %v", last.Totals.Net)
	}
	s.audit()
}

// A credit note of a balance gives the deposit back to the work that is left; one of a deposit takes what nothing has cleared.
func TestCreditOfABalance(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Site", "service", "S20", "1", "1000")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte")))
	s.pay(Transfer, cents("360"), Allocation{Invoice: dep.ID, Amount: cents("360")})
	rest := s.invoice(s.balanceOf(quote))
	if _, err := s.credit(dep.ID, Content{Lines: CreditOf(dep).Lines, Stage: Deposit}); err == nil {
		t.Error("a deposit that an invoice has deducted cannot be credited")
	}
	if _, err := s.credit(rest.ID, CreditOf(rest)); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	if s.balance(42, ledger.DepositsHeld) != -cents("300") || s.balance(42, "706") != 0 {
		t.Errorf("41911 %v, 706 %v", s.balance(42, ledger.DepositsHeld), s.balance(42, "706"))
	}
	if _, err := s.credit(dep.ID, CreditOf(s.invoices[dep.ID])); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	s.nothingLeft()
	if got := s.balance(42, ledger.Advances); got != -cents("360") {
		t.Errorf("the customer has an advance of 360: %v", got)
	}
	e, err := Refund(Payment{ID: 1, Date: today, Amount: -cents("360"), Excess: -cents("360"), Means: Transfer, Customer: 7, Activity: 42}, s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	same(t, "refund", s.apply(e), "4191 D 360.00 ", "512 C 360.00 ")
	_, err = Refund(Payment{ID: 1, Date: today, Amount: -1, Excess: -1, Means: Transfer, Customer: 7, Activity: 42}, s.payFacts())
	refused(t, err, "amount", "sale.fault.advance_short")
}

// Terms of a schedule (notes of peers b.3: 10 in three parts; a typed amount; the balance is what is left).
func TestSchedule(t *testing.T) {
	third := Term{Stage: Deposit, Share: 333333}
	for _, c := range []struct {
		gross string
		terms []Term
		want  string
	}{
		{"10", []Term{third, third, {Stage: Balance}}, "[3.33 3.34 3.33]"},
		{"1200", []Term{{Stage: Deposit, Share: 300000}, {Stage: Progress, Amount: cents("400")}, {Stage: Balance}}, "[360.00 400.00 440.00]"},
		{"2220.30", []Term{{Stage: Balance}}, "[2220.30]"},
	} {
		if got := fmt.Sprint(TermAmounts(c.terms, cents(c.gross))); got != c.want {
			t.Errorf("%s: %s, want %s", c.gross, got, c.want)
		}
	}
	bad := func(want, field string, terms ...Term) {
		t.Helper()
		found := false
		for _, err := range checkSchedule(Content{Schedule: terms}, Totals{Gross: cents("100")}) {
			for _, f := range fault.All(err) {
				found = found || f.Key == want && f.Field == field
			}
		}
		if !found {
			t.Errorf("%v is not refused as %s at %s", terms, want, field)
		}
	}
	bad("sale.fault.balance_last", "schedule[0].stage", third)
	bad("sale.fault.term_stage", "schedule[0].stage", Term{Stage: Balance}, Term{Stage: Balance})
	bad("sale.fault.term_share", "schedule[0].share", Term{Stage: Deposit}, Term{Stage: Balance})
	bad("sale.fault.terms_above", "schedule[1].share", Term{Stage: Deposit, Amount: cents("100.01")}, Term{Stage: Balance})
}

// An amount typed TTC is what the customer reads.
func TestDepositOfAnAmount(t *testing.T) {
	s := newShop(t, signedFacts())
	c := draft(Quote, false, line("a", "works", "S10", "1", "352.70"), line("b", "service", "S20", "1", "10.025")).Content
	c.Papers = housed
	quote := s.quoted(c)
	dep := s.invoice(s.titled(DepositOf(quote, 0, cents("99.99"), "Acompte")))
	if dep.Totals.Gross != cents("99.99") {
		t.Errorf("%v", dep.Totals.Gross)
	}
	rest := s.invoice(s.balanceOf(quote))
	if dep.Totals.VAT+rest.Totals.VAT != cents("37.28") || dep.Totals.Gross+rest.Totals.Gross != cents("400.01") {
		t.Errorf("%+v and %+v", dep.Totals, rest.Totals)
	}
}

// An unpaid deposit that the balance has deducted: the sale is made, and the customer is gone. All of it is lost, with its VAT:
// that of goods is due since the delivery and taken back (CGI 272-1), that of services waited.
func TestUnpaidDepositIsLost(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Poêle", "goods", "G20", "1", "1000"), line("Pose", "service", "S20", "1", "500")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte de 30 %")))
	_, err := Lose(s.receivable(dep.ID), s.payFacts())
	refused(t, err, "", "sale.fault.deposit_lost")
	s.pay(Transfer, cents("54"), Allocation{Invoice: dep.ID, Amount: cents("54")})
	rest := s.invoice(s.balanceOf(quote))
	s.audit()
	for id, want := range map[int64][]string{
		rest.ID: {"654 D 1050.00 ", "44571 D 140.00 G20", "44574 D 70.00 S20", "411 C 1260.00 "},
		dep.ID:  {"654 D 405.00 ", "44571 D 54.00 G20", "44574 D 27.00 S20", "411 C 486.00 "},
	} {
		e, err := Lose(s.receivable(id), s.payFacts())
		if err != nil {
			t.Fatal(words(err))
		}
		same(t, "lost", e.Entry, want...)
		s.apply(e)
		s.audit()
	}
	s.nothingLeft()
	if _, err := s.credit(rest.ID, CreditOf(s.invoices[rest.ID])); err == nil {
		t.Error("a credit note gives back what is lost")
	}
	p := s.pay(Transfer, cents("486"), Allocation{Invoice: dep.ID, Amount: cents("486")})
	same(t, "what comes of it", s.entries[p.Entry], "512 D 486.00 ", "758 C 405.00 ", "44571 C 54.00 G20", "44571 C 27.00 S20")
	s.audit()
	if err := s.reverse(p.ID); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	s.nothingLeft()
}

// A deposit that is lost is not given back: nobody would ever pay what would stand on 41912.
func TestLostDepositIsNotGivenBack(t *testing.T) {
	s := newShop(t, facts())
	quote := s.quoted(draft(Quote, false, line("Site", "service", "S20", "1", "1000")).Content)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte")))
	rest := s.invoice(s.balanceOf(quote))
	e, err := Lose(s.receivable(dep.ID), s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	entry := s.apply(e)
	_, err = s.credit(rest.ID, CreditOf(rest))
	refused(t, err, "lines[1].deposit", "sale.fault.deposit_given_up")
	back, err := Restore(s.receivable(dep.ID), entry, s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	s.apply(back)
	for _, id := range []int64{rest.ID, dep.ID} {
		if _, err = s.credit(id, CreditOf(s.invoices[id])); err != nil {
			t.Fatal(words(err))
		}
		s.audit()
	}
	s.nothingLeft()
}

// Any deal: deposits, situations, parts, reversals, credit notes, losses and what comes of them; at every step the books
// follow the rule, and once all is settled nothing waits on 411, 416, 4117, 4191x or 44574.
func TestAnyDealUntilSettled(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := signedFacts()
		f.Rules.VAT.OnDebits = rapid.IntRange(0, 9).Draw(r, "debits") == 0
		s := newShop(r, f)
		c := anyContent(r)
		for i := range c.Lines { // what a quote of works and goods is made of: nothing below zero
			l := &c.Lines[i]
			l.Price, l.Quantity, l.DiscountFlat = max(l.Price, -l.Price)+1, max(l.Quantity, -l.Quantity)+1, 0
		}
		c.Title, c.Delivered, c.DueDays, c.Papers = "deal", today, 30, housed
		works := rapid.Bool().Draw(r, "works")
		site := slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Nature == "works" })
		if works && site && rapid.Bool().Draw(r, "retention") {
			c.Retention, c.ReleaseOn = 50000, today+365
		}
		quote := s.quoted(c)
		if quote.Totals.Gross < 10 {
			return
		}
		var net money.Cents
		done := make([]money.Rate, len(c.Lines))
		for range rapid.IntRange(0, 8).Draw(r, "steps") {
			switch rapid.IntRange(0, 2).Draw(r, "deed") {
			case 0:
				share := money.Rate(rapid.IntRange(10_000, 150_000).Draw(r, "share"))
				amount := money.Cents(0)
				if rapid.Bool().Draw(r, "typed") {
					share, amount = 0, max(1, quote.Totals.Gross.Times(share))
				}
				if c := DepositOf(quote, share, amount, "acompte"); depositGross(c, s.f.Taxes) > 0 && len(s.made(Deposit)) < 4 {
					s.invoice(s.titled(c))
				}
			case 1:
				if !works {
					continue
				}
				for i := range done {
					done[i] += money.Rate(rapid.Int64Range(0, int64(money.One-done[i])/2).Draw(r, "done"))
				}
				c := ProgressOf(quote, s.made(Progress), done)
				whole, _ := Compute(c, s.f.Taxes)
				c.Lines = append(c.Lines, ProposedDeductions(c, quote, s.made(Deposit))...)
				if t, _ := Compute(c, s.f.Taxes); t.Gross > 0 {
					s.invoice(s.titled(c))
					net += whole.Net
				}
			case 2:
				s.anything(r)
			}
			s.audit()
		}
		bal := s.balanceOf(quote)
		if t, err := Compute(bal, s.f.Taxes); err != nil || t.Gross < 0 || t.Gross == 0 && !deducts(bal) {
			return // nothing is left, or a deposit is to be credited first
		}
		s.invoice(bal)
		s.audit()
		for range rapid.IntRange(0, 6).Draw(r, "after") {
			s.anything(r)
			s.audit()
		}
		for id := int64(1000); id <= s.ids; id++ {
			if d, ok := s.invoices[id]; ok && Remaining(d) > 0 {
				s.pay(Transfer, Remaining(d), Allocation{Invoice: id, Amount: Remaining(d)})
			}
		}
		s.payClaims()
		s.audit()
		restored := s.balance(42, ledger.DepositsHeld) // a credit note of the balance gave it back to the work that is left
		for _, d := range s.made(Deposit) {
			if left := leftToDeduct(d); restored != 0 && len(left) > 0 {
				if _, err := s.credit(d.ID, CreditOf(d)); err != nil && fault.KindOf(err) == "" {
					r.Fatal(words(err))
				}
			}
		}
		s.audit()
		s.nothingLeft()
	})
}

func depositGross(c Content, taxes ledger.Taxes) money.Cents {
	t, err := Compute(c, taxes)
	if err != nil {
		return 0
	}
	return t.Gross
}

// anything does to some invoice one of the things that may happen to it.
func (s *shop) anything(r *rapid.T) {
	var ids []int64
	for id := int64(1000); id <= s.ids; id++ {
		if _, ok := s.invoices[id]; ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(r, "on")
	inv := s.invoices[id]
	switch rapid.IntRange(0, 7).Draw(r, "what") {
	case 7: // an advance is given back, or what was given back comes back
		if held := newPurse(s.advances()).holds(42, 501, ""); held > 0 {
			s.refund(money.Cents(rapid.Int64Range(1, int64(held)).Draw(r, "refunded")))
		}
	case 5:
		rec := s.receivable(id)
		if inv.Settled.LostWhole > 0 && rapid.Bool().Draw(r, "recovered") && inv.Lost > 0 {
			part := money.Cents(rapid.Int64Range(1, int64(inv.Lost)).Draw(r, "part"))
			s.pay(Transfer, part, Allocation{Invoice: id, Amount: part})
		} else if e, err := Lose(rec, s.payFacts()); err == nil {
			s.apply(e)
		} else if fault.KindOf(err) != fault.Conflict || Remaining(inv) > 0 && inv.Settled.LostWhole == 0 && len(Undeducted(inv)) == 0 {
			r.Fatal(err) // what is sold and unpaid can be lost, a deposit too once it is deducted
		}
	case 6:
		if e, err := Doubt(s.receivable(id), s.payFacts()); err == nil {
			posted := s.apply(e)
			d := s.invoices[id]
			d.Settled.Doubtful = ledger.ItemRef{Entry: posted.ID, Line: 1}
			s.invoices[id] = d
		} else if fault.KindOf(err) != fault.Conflict {
			r.Fatal(err)
		}
	default:
		if inv.Settled.LostWhole == 0 {
			s.step(r, id)
		}
	}
}

// Law notes § 3.3: a lost receivable of 1 200, of which 600 had been paid; 120 come two years later.
func TestLossAndWhatComesOfIt(t *testing.T) {
	s := newShop(t, facts())
	inv := s.invoice(draft(Invoice, false, line("a", "service", "S20", "1", "500"), line("b", "goods", "G20", "1", "500")).Content)
	s.pay(Transfer, cents("600"), Allocation{Invoice: inv.ID, Amount: cents("600")})
	doubt, err := Doubt(s.receivable(inv.ID), s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	same(t, "doubtful", doubt.Entry, "416 D 600.00 ", "411 C 600.00 ")
	posted := s.apply(doubt)
	d := s.invoices[inv.ID]
	d.Settled.Doubtful = ledger.ItemRef{Entry: posted.ID, Line: 1}
	s.invoices[inv.ID] = d
	lost, err := Lose(s.receivable(inv.ID), s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	same(t, "lost", lost.Entry, "654 D 500.00 ", "44571 D 50.00 G20", "44574 D 50.00 S20", "416 C 600.00 ")
	entry := s.apply(lost)
	s.audit()
	if got := State(s.invoices[inv.ID], today); got != "lost" {
		t.Error(got)
	}
	p := s.pay(Transfer, cents("120"), Allocation{Invoice: inv.ID, Amount: cents("120")})
	same(t, "what the liquidator pays", s.entries[p.Entry], "512 D 120.00 ", "758 C 100.00 ", "44571 C 10.00 G20", "44571 C 10.00 S20")
	s.audit()
	if _, err := Restore(s.receivable(inv.ID), entry, s.payFacts()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a loss that something came of stands: %v", err)
	}
	if err := s.reverse(p.ID); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	back, err := Restore(s.receivable(inv.ID), entry, s.payFacts())
	if err != nil {
		t.Fatal(words(err))
	}
	s.apply(back)
	s.audit()
	if got := Remaining(s.invoices[inv.ID]); got != cents("600") {
		t.Errorf("%v is owed again", got)
	}
	// The cents: as if they had come.
	_, err = Receive(Payment{Date: today, Amount: cents("600"), Means: GivenUp, Customer: 7, Activity: 42, Allocations: []Allocation{{Invoice: inv.ID, Amount: cents("600")}}}, s.receivables(), s.payFacts())
	refused(t, err, "amount", "sale.fault.cents_above")
	s.pay(Transfer, cents("599.63"), Allocation{Invoice: inv.ID, Amount: cents("599.63")})
	c := s.pay(GivenUp, cents("0.37"), Allocation{Invoice: inv.ID, Amount: cents("0.37")})
	same(t, "the cents", s.entries[c.Entry], "658 D 0.37 ", "416 C 0.37 ", "44574 D 0.03 S20", "44571 C 0.03 S20")
	s.audit()
	s.nothingLeft()
}

// Practice 56: written in dollars, booked in euros, the difference on the day of the money.
func TestInvoiceInDollars(t *testing.T) {
	f := facts()
	f.Customer.Kind, f.Customer.SIREN, f.Customer.VATNumber, f.Customer.Address.Country = Foreign, "", "", "US"
	s := newShop(t, f)
	c := draft(Invoice, false, line("Design", "service", "EXS", "1", "1000")).Content
	c.Currency, c.Exchange, c.ExchangeOn, c.ExchangeSource = "USD", 1_100_000, today, "BCE"
	inv := s.invoice(c)
	if inv.Totals.Gross != cents("909.09") || inv.Totals.Foreign.Gross != cents("1000") {
		t.Fatalf("%+v", inv.Totals)
	}
	if l := s.entries[inv.Entry].Lines[0]; l.Currency != "USD" || l.Foreign != 1000_00 {
		t.Errorf("%+v", l)
	}
	receive := func(euros, dollars string) Payment {
		t.Helper()
		p := Payment{ID: s.id(), Date: today, Amount: cents(euros), Means: Transfer, Customer: 7, Activity: 42, Allocations: []Allocation{{Invoice: inv.ID, Foreign: cents(dollars)}}}.Convert(s.receivables())
		e, err := Receive(p, s.receivables(), s.payFacts())
		if err != nil {
			t.Fatal(words(err))
		}
		p.Entry = s.apply(e).ID
		s.payments[p.ID] = p
		return p
	}
	one := receive("300", "333.33")
	same(t, "a third, at a worse rate", s.entries[one.Entry], "512 D 300.00 ", "411 C 303.03 ", "656 D 3.03 ")
	if rest, currency := Owing(s.invoices[inv.ID]); rest != cents("666.67") || currency != "USD" {
		t.Errorf("%v %s are owed", rest, currency)
	}
	two := receive("620", "666.67")
	same(t, "the rest, at a better one", s.entries[two.Entry], "512 D 620.00 ", "411 C 606.06 ", "756 C 13.94 ")
	s.audit()
	s.nothingLeft()
	if err := s.reverse(one.ID); err != nil {
		t.Fatal(words(err))
	}
	s.audit()
	again := receive("305.01", "333.33")
	same(t, "again", s.entries[again.Entry], "512 D 305.01 ", "411 C 303.03 ", "756 C 1.98 ")
	s.audit()
	s.nothingLeft()
}

// Deposits and credit notes in another currency are worth in the books what they were, and leave no cent.
func TestDealInAnotherCurrency(t *testing.T) {
	f := facts()
	f.Customer.Kind, f.Customer.SIREN, f.Customer.VATNumber, f.Customer.Address.Country = Foreign, "", "", "CH"
	rapid.Check(t, func(r *rapid.T) {
		s := newShop(r, f)
		c := draft(Quote, rapid.Bool().Draw(r, "gross"), line("a", "service", "EXS", "1", "100"), line("b", "goods", "EXG", "3", "33.33")).Content
		c.Currency, c.Exchange, c.ExchangeOn = "CHF", money.Micro(rapid.Int64Range(300_000, 3_000_000).Draw(r, "rate")), today
		quote := s.quoted(c)
		dep := DepositOf(quote, money.Rate(rapid.IntRange(10_000, 990_000).Draw(r, "share")), 0, "acompte")
		dep.Exchange = money.Micro(rapid.Int64Range(300_000, 3_000_000).Draw(r, "other rate"))
		if depositGross(dep, f.Taxes) <= 0 {
			return
		}
		s.invoice(s.titled(dep))
		rest := s.invoice(s.balanceOf(quote))
		if rapid.Bool().Draw(r, "credited") && rest.Totals.Gross > 0 {
			for range 3 {
				inv := s.invoices[rest.ID]
				if inv.Credited >= inv.Totals.Gross {
					break
				}
				if _, err := s.credit(rest.ID, CreditOf(inv)); err != nil {
					r.Fatal(words(err))
				}
			}
			for _, d := range s.made(Deposit) {
				if _, err := s.credit(d.ID, CreditOf(d)); err != nil {
					r.Fatal(words(err))
				}
			}
		}
		for id, d := range s.invoices {
			for own, _ := Owing(d); own > 0; own, _ = Owing(s.invoices[id]) {
				part := money.Cents(rapid.Int64Range(1, int64(own)).Draw(r, "part"))
				p := Payment{ID: s.id(), Date: today, Amount: max(1, part/2), Means: Transfer, Customer: 7, Activity: 42, Allocations: []Allocation{{Invoice: id, Foreign: part}}}.Convert(s.receivables())
				e, err := Receive(p, s.receivables(), s.payFacts())
				if err != nil {
					if own != part { // a part too small for a cent of euro: pay the whole
						p.Allocations[0].Foreign = own
						p = p.Convert(s.receivables())
						e, err = Receive(p, s.receivables(), s.payFacts())
					}
					if err != nil {
						r.Fatal(words(err))
					}
				}
				p.Entry = s.apply(e).ID
				s.payments[p.ID] = p
			}
		}
		s.audit()
		s.nothingLeft()
	})
}

// In a shared deal a deposit is asked, and deducted, of each member's lines: what the form brings back keeps whose it is.
func TestDepositOfASharedDeal(t *testing.T) {
	s := newShop(t, facts())
	c := draft(Quote, false, line("Site", "service", "S20", "1", "1000"), line("Textes", "service", "S20", "1", "500")).Content
	c.Lines[0].Axis, c.Lines[1].Axis = 4, 5
	quote := s.quoted(c)
	dep := s.invoice(s.titled(DepositOf(quote, 300000, 0, "Acompte")))
	bal, err := Compose(quote, s.made(Deposit), Invoicing{Stage: Balance})
	if err != nil {
		t.Fatal(err)
	}
	for i := range bal.Lines { // as the form posts them: a deduction left as proposed has no price
		if l := &bal.Lines[i]; l.Deposit != 0 {
			*l = Line{Nature: l.Nature, Tax: l.Tax, Quantity: money.Unit, Deposit: dep.ID, Axis: l.Axis}
		}
	}
	rest := s.invoice(s.titled(Recompose(bal, quote, s.made(Deposit))))
	nets := map[int64]money.Cents{}
	for i, l := range rest.Content.Lines {
		nets[l.Axis] += rest.Totals.Lines[i].Net
	}
	if nets[4] != cents("700") || nets[5] != cents("350") {
		t.Errorf("left to each: %v", nets)
	}
	s.audit()
}
