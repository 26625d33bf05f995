package office_test

import (
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// american is a customer who pays in dollars.
func (h *house) american(t testing.TB) sale.Customer {
	t.Helper()
	c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{
		Activity: storetest.First, Kind: sale.Foreign, Name: "Harbor & Pine Inc.", Email: "ap@harborpine.example",
		Address: coop.Address{Line1: "12 Water Street", Zip: "04101", City: "Portland", Country: "US"},
	}, "")
	must(t, err)
	return c
}

func (h *dated) rate(t *testing.T, currency string, rate money.Micro) {
	t.Helper()
	must(t, h.SaveRate(t.Context(), h.accountant, sale.DayRate{Currency: currency, Day: h.accountant.Today, Rate: rate}, "BCE", ""))
}

func abroadServices(net money.Cents, currency, tax string) sale.Content {
	c := services(net)
	c.Currency, c.Lines[0].Tax = currency, tax
	return c
}

func (h *dated) issue(t *testing.T, d sale.Document) sale.Document {
	t.Helper()
	d, err := h.CreateAndSubmit(t.Context(), h.ada, d, "")
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

// paidIn records what an invoice was paid in its currency and the euros that came.
func (h *dated) paidIn(t *testing.T, inv sale.Document, own, euros money.Cents) sale.Payment {
	t.Helper()
	p := sale.Payment{Customer: inv.Customer, Date: h.ada.Today, Amount: euros, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: inv.ID, Foreign: own}}}
	tried, err := h.TryPayment(t.Context(), h.gestionary, p)
	must(t, err)
	p, err = h.Receive(t.Context(), h.gestionary, p, "")
	must(t, err)
	if p.Exchange != tried.Exchange {
		t.Errorf("shown %v, recorded %v", tried.Exchange, p.Exchange)
	}
	return p
}

// Practice 56: foreign customers; currency on the document, euros in the books, exchange difference at receipt. A deposit in
// dollars, paid in two parts, the balance paid at another rate, a credit note in dollars: all is nil in the end.
func TestPractice56ForeignCustomers(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		h.rate(t, "USD", 1_100_000)
		content := abroadServices(10_000_00, "USD", "EXS")
		content.Schedule = []sale.Term{{Stage: sale.Deposit, Share: 300_000}, {Stage: sale.Balance}}
		quote := h.accepted(t, h.american(t).ID, content)
		if quote.Totals.Own().Gross != 10_000_00 || quote.Totals.Gross != 9_090_91 || quote.Content.ExchangeSource != "BCE" {
			t.Fatalf("quote %+v at %+v", quote.Totals, quote.Content.Exchange)
		}
		h.on("2026-11-25")
		h.rate(t, "USD", 1_200_000)
		deposit := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
		if deposit.Content.Exchange != 1_200_000 || deposit.Totals.Gross != 2_500_00 || deposit.Totals.Own().Gross != 3_000_00 {
			t.Fatalf("the rate of the day of the deposit, not of its quote: %v, %v", deposit.Content.Exchange, deposit.Totals.Gross)
		}
		h.clean(t)
		if p := h.paidIn(t, deposit, 1_000_00, 840_00); p.Exchange != 6_67 { // 1 000 $ are 833.33 in the books
			t.Errorf("exchange of the first part %v", p.Exchange)
		}
		if p := h.paidIn(t, deposit, 2_000_00, 1_650_00); p.Exchange != -16_67 {
			t.Errorf("exchange of the rest %v", p.Exchange)
		}
		h.clean(t)

		h.on("2026-12-10")
		h.rate(t, "USD", 1_000_000)
		balance := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Balance})
		if left, currency := sale.Owing(balance); left != 7_000_00 || currency != "USD" || balance.Totals.Gross != 7_000_00 {
			t.Errorf("left %v %s, %v in the books", left, currency, balance.Totals.Gross)
		}
		if p := h.paidIn(t, balance, 7_000_00, 6_500_00); p.Exchange != -500_00 {
			t.Errorf("exchange of the balance %v", p.Exchange)
		}
		owed, advances, err := h.CustomerOpen(t.Context(), h.gestionary, balance.Customer)
		must(t, err)
		if len(owed) != 0 || advances != 0 {
			t.Errorf("still owed %d, advances %v", len(owed), advances)
		}

		// Another invoice, and its credit note at its own rate whatever the day's is.
		inv := h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: balance.Customer, Content: abroadServices(500_00, "USD", "EXS")})
		h.on("2026-12-12")
		h.rate(t, "USD", 1_250_000)
		s, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, inv.ID)
		must(t, err)
		s.Doc.Content.Reason = "prestation annulée"
		s.Doc.Content.Currency, s.Doc.Content.Exchange = "", 0 // whatever a form forgets, it is that of its invoice
		note := h.issue(t, s.Doc)
		if note.Content.Exchange != 1_000_000 || note.Totals.Gross != 500_00 || note.Content.Currency != "USD" {
			t.Errorf("credit note %v at %v", note.Totals.Gross, note.Content.Exchange)
		}
		h.clean(t)
		rows, err := h.TrialBalance(t.Context(), h.accountant, storetest.Year2026, 0, 0, 12, "")
		must(t, err)
		want := map[string]money.Cents{"411": 0, ledger.DepositsHeld: 0, ledger.DepositsBilled: 0, ledger.Advances: 0, ledger.ExchangeGain: -6_67, ledger.ExchangeLoss: 516_67, "706": -9_500_00}
		for _, row := range rows {
			if w, ok := want[row.Account]; ok && row.Balance != w {
				t.Errorf("%s holds %v, want %v", row.Account, row.Balance, w)
			}
		}
		list, _, err := h.Sales(t.Context(), h.ada, store.SaleFilter{Activity: storetest.First, Customer: balance.Customer, Today: h.ada.Today})
		must(t, err)
		for _, r := range list {
			if r.Currency != "USD" || r.Own.Gross == 0 || r.Left != 0 {
				t.Errorf("%s shows %+v", r.Number, r.Own)
			}
		}
	})
}

// A payment of an invoice in another currency says what it settles in it; in euros alone, or without its rate, nothing is
// recorded, and a gesture that is repeated is one.
func TestPaymentInAnotherCurrencyIsRefusedInWords(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		c := h.american(t)
		_, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: abroadServices(100_00, "USD", "EXS")}, "")
		refusal(t, err, "exchange", "sale.fault.exchange_missing") // no rate is kept, none was typed
		h.rate(t, "USD", 1_250_000)
		_, err = h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: abroadServices(100_00, "USD", "S20")}, "")
		refusal(t, err, "lines[0].tax", "sale.fault.currency_vat")
		inv := h.issue(t, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: abroadServices(100_00, "USD", "EXS")})
		pay := func(a sale.Allocation, euros money.Cents) error {
			a.Invoice = inv.ID
			_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: c.ID, Date: h.ada.Today, Amount: euros, Means: sale.Transfer, Allocations: []sale.Allocation{a}}, "")
			return err
		}
		refusal(t, pay(sale.Allocation{Amount: 80_00}, 80_00), "allocations[0].foreign", "sale.fault.allocation_currency")
		refusal(t, pay(sale.Allocation{Foreign: 101_00}, 80_00), "allocations[0].amount", "sale.fault.allocation_above")
		must(t, pay(sale.Allocation{Foreign: 100_00}, 79_00))
		h.clean(t)
	})
}

// The file of the European Central Bank, and what else one may send.
func TestRatesOfTheCentralBank(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-23")
		file := "Date, USD, JPY, GBP, \n2026-11-20, 1.0854, 163.2, N/A, \n2026-11-19, 1.0801, 162.9, 0.8342, \n"
		rf, err := h.TryRates(t.Context(), h.accountant, []byte(file))
		must(t, err)
		if rf.New != 3 || rf.From != date.MustParse("2026-11-19") || rf.To != date.MustParse("2026-11-20") {
			t.Errorf("%+v", rf)
		}
		if _, err := h.ImportRates(t.Context(), h.accountant, []byte(file), "k"); err != nil {
			t.Fatal(err)
		}
		must(t, h.SaveRate(t.Context(), h.accountant, sale.DayRate{Currency: "USD", Day: date.MustParse("2026-11-20"), Rate: 1_090_000}, "banque", ""))
		rf, err = h.TryRates(t.Context(), h.accountant, []byte(file))
		must(t, err)
		if rf.New != 0 || rf.Changed != 1 {
			t.Errorf("again %+v", rf)
		}
		r, err := h.Rates(t.Context(), h.accountant, "USD")
		must(t, err)
		if len(r.Last) != 2 || len(r.Of) != 2 || r.Of[0].Rate != 1_090_000 {
			t.Errorf("%+v", r)
		}
		_, err = h.ImportRates(t.Context(), h.ada, []byte(file), "")
		if err == nil {
			t.Error("who keeps no books imports no rates")
		}
		for name, bad := range map[string]string{
			"another table": "Nom;Prix\nBol;12", "ahead": "Date,USD\n2026-11-24,1.1", "no rate": "Date,USD\n2026-11-20,-1", "huge": "Date,USD\n2026-11-20,99999999",
			"twice": "Date,USD,USD\n2026-11-20,1,2", "day twice": "Date,USD\n2026-11-20,1\n2026-11-20,2", "day": "Date,USD\nhier,1", "zip": "PK\x03\x04oops", "wide": "Date" + strings.Repeat(",USD", 90),
		} {
			if _, err := h.TryRates(t.Context(), h.accountant, []byte(bad)); err == nil {
				t.Errorf("%s: taken", name)
			}
		}
		h.clean(t)
	})
}
