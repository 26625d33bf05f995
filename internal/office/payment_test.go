package office_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// dated is a house whose day the test sets.
type dated struct {
	*house
	now time.Time
}

// eachDated runs a test on both engines, its clock under its own hand.
func eachDated(t *testing.T, run func(t *testing.T, h *dated)) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := &dated{now: storetest.Now}
		h.house = open(t, storetest.Open(t, store.Options{URL: address, Now: func() time.Time { return h.now }}))
		run(t, h)
	})
}

// on goes to a day, everybody with it.
func (h *dated) on(day string) date.Day {
	d := date.MustParse(day)
	h.now = storetest.Now.AddDate(0, 0, int(d-storetest.Today))
	for _, a := range []*access.Actor{&h.system, &h.ada, &h.accountant, &h.gestionary} {
		a.Today = d
	}
	return d
}

// invoiced issues an invoice of services done on its day.
func (h *dated) invoiced(t *testing.T, c sale.Customer, net money.Cents, day string) sale.Document {
	t.Helper()
	content := services(net)
	content.Delivered = h.on(day)
	d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content}, "")
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

func (h *dated) receive(t *testing.T, c sale.Customer, amount money.Cents, day string, parts ...sale.Allocation) sale.Payment {
	t.Helper()
	p := transfer(c, amount, date.MustParse(day), parts...)
	p.Excess = amount
	for _, a := range parts {
		p.Excess -= a.Amount
	}
	p, err := h.Receive(t.Context(), h.gestionary, p, "")
	must(t, err)
	return p
}

func transfer(c sale.Customer, amount money.Cents, day date.Day, parts ...sale.Allocation) sale.Payment {
	return sale.Payment{Date: day, Amount: amount, Means: sale.Transfer, Customer: c.ID, Allocations: parts}
}

// moved returns what the lines of an account moved by in one month of 2026, in the first activity.
func (h *house) moved(t *testing.T, account string, month int) (sum money.Cents) {
	t.Helper()
	must(t, h.db.Read(t.Context(), h.coop, func(tx *store.Tx) error {
		balances, err := tx.Balances(storetest.First, storetest.Year2026)
		for _, b := range balances {
			if b.Account == account && b.Period == month {
				sum += b.Net()
			}
		}
		return err
	}))
	return sum
}

func (h *house) paid(t *testing.T, id int64) money.Cents {
	t.Helper()
	s, err := h.Document(t.Context(), h.gestionary, id)
	must(t, err)
	return s.Doc.Paid
}

func amounts(t *testing.T, got, want []money.Cents) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// refusal says that an error refuses a field by a key that both languages have words for.
func refusal(t *testing.T, err error, field, key string) {
	t.Helper()
	for _, e := range fault.All(err) {
		if e.Field == field && e.Key == key {
			for _, lang := range []string{"fr", "en"} {
				if !i18n.For(lang).Has(key) {
					t.Errorf("no %s words for %s", lang, key)
				}
			}
			return
		}
	}
	t.Fatalf("want %s at %q, got %v", key, field, err)
}

// Money that came before its invoice settles nothing on that day: it is refused on the date, or kept as an advance in one
// gesture and used on the day of the invoice.
func TestMoneyBeforeItsInvoice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		inv := h.invoiced(t, c, 1000_00, "2026-11-20")
		h.on("2026-11-22")
		part := sale.Allocation{Invoice: inv.ID, Amount: 1200_00}
		for _, day := range []string{"2026-11-19", "2026-03-01", "2025-03-01"} {
			_, err := h.Receive(t.Context(), h.gestionary, transfer(c, 1200_00, date.MustParse(day), part), "")
			refusal(t, err, "date", "sale.fault.payment_before")
		}
		p := transfer(c, 1200_00, date.MustParse("2026-10-09"), part)
		p.Ahead = true
		over := p
		over.Amount = 1210_00
		_, err := h.Receive(t.Context(), h.gestionary, over, "")
		refusal(t, err, "keep", "sale.fault.payment_above")
		kept, err := h.Receive(t.Context(), h.gestionary, p, "key")
		must(t, err)
		again, err := h.Receive(t.Context(), h.gestionary, p, "key")
		must(t, err)
		if kept.Excess != 1200_00 || len(kept.Allocations) != 0 || kept.Date != p.Date || again.ID != kept.ID {
			t.Fatalf("kept %+v, sent twice %+v", kept, again)
		}
		amounts(t, []money.Cents{h.moved(t, "512", 10), h.moved(t, "4191", 10), h.moved(t, "44571", 10), h.moved(t, "411", 10)}, []money.Cents{1200_00, -1200_00, 0, 0})
		amounts(t, []money.Cents{h.moved(t, "512", 11), h.moved(t, "4191", 11), h.moved(t, "44571", 11), h.moved(t, "411", 11)}, []money.Cents{0, 1200_00, -200_00, 0})
		all, err := h.Payments(t.Context(), h.gestionary, store.PaymentFilter{Sale: inv.ID})
		must(t, err)
		if len(all) != 1 || all[0].Means != sale.Advance || all[0].Date != inv.Date || h.paid(t, inv.ID) != 1200_00 {
			t.Fatalf("the invoice is paid by its use: %+v", all)
		}
		h.clean(t)

		// The advance is used on a day it had come by.
		second := h.invoiced(t, c, 100_00, "2026-11-22")
		h.on("2026-11-24")
		h.receive(t, c, 120_00, "2026-11-23")
		use := transfer(c, 120_00, date.MustParse("2026-11-22"), sale.Allocation{Invoice: second.ID, Amount: 120_00})
		use.Means = sale.Advance
		_, err = h.Receive(t.Context(), h.gestionary, use, "")
		refusal(t, err, "date", "sale.fault.advance_later")
		use.Date = date.MustParse("2026-11-23")
		_, err = h.Receive(t.Context(), h.gestionary, use, "")
		must(t, err)
		h.clean(t)
	})
}

// « Réaffecter » has no effect of its own on any month (practice 45): both halves bear the day of the payment, or the
// first that the books can still bear.
func TestReassignStaysInItsMonth(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		one := h.invoiced(t, c, 1000_00, "2026-10-02")
		two := h.invoiced(t, c, 1000_00, "2026-10-03")
		h.on("2026-10-31")
		p := h.receive(t, c, 1200_00, "2026-10-30", sale.Allocation{Invoice: one.ID, Amount: 1200_00})
		h.on("2026-11-22")
		again, err := h.Reassign(t.Context(), h.gestionary, p.ID, 0, []sale.Allocation{{Invoice: two.ID, Amount: 1200_00}}, false)
		must(t, err)
		if again.Date != p.Date || h.paid(t, one.ID) != 0 || h.paid(t, two.ID) != 1200_00 {
			t.Fatalf("recorded again: %+v", again)
		}
		amounts(t, []money.Cents{h.moved(t, "512", 10), h.moved(t, "44571", 10), h.moved(t, "512", 11), h.moved(t, "44571", 11)}, []money.Cents{1200_00, -200_00, 0, 0})
		h.came(t, 10, 1200_00, 0) // once, although three entries moved the bank
		h.clean(t)

		// An invoice issued since is paid on its own day; what came is an advance until then.
		three := h.invoiced(t, c, 1000_00, "2026-11-23")
		again, err = h.Reassign(t.Context(), h.gestionary, again.ID, 0, []sale.Allocation{{Invoice: three.ID, Amount: 1200_00}}, false)
		must(t, err)
		if again.Date != p.Date || again.Excess != 1200_00 || h.paid(t, three.ID) != 1200_00 {
			t.Fatalf("for a later invoice: %+v", again)
		}
		amounts(t, []money.Cents{h.moved(t, "512", 10), h.moved(t, "4191", 10), h.moved(t, "44571", 10), h.moved(t, "4191", 11), h.moved(t, "44571", 11)}, []money.Cents{1200_00, -1200_00, 0, 1200_00, -200_00})
		h.came(t, 10, 1200_00, 0)
		h.clean(t)

		// A closed month keeps what it had: both halves go to the first open day, the money keeps the day that it came.
		h.on("2026-11-25")
		q := h.receive(t, c, 500_00, "2026-10-31", sale.Allocation{Invoice: one.ID, Amount: 500_00})
		must(t, h.CloseMonths(t.Context(), h.accountant, storetest.Year2026, 10))
		moved, err := h.Reassign(t.Context(), h.gestionary, q.ID, 0, []sale.Allocation{{Invoice: one.ID, Amount: 100_00}}, true)
		must(t, err)
		if moved.Date != q.Date || moved.Booked != date.MustParse("2026-11-01") {
			t.Fatalf("a closed month: %s", moved.Date)
		}
		amounts(t, []money.Cents{h.moved(t, "512", 10), h.moved(t, "512", 11), h.moved(t, "4191", 11)}, []money.Cents{1700_00, 0, 1200_00 - 400_00})
		h.clean(t)
	})
}

// The contribution of a payment that is reassigned stays as it was taken: nothing is given back to be taken again.
func TestReassignTakesNoContributionTwice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		must(t, h.adopt(t, tenth("Encaissé", activity.Collected, activity.AtReceipt), "2020-01-01", "2026-01-01"))
		c := h.customer(t)
		one, two := h.invoiced(t, c, 1000_00, "2026-11-20"), h.invoiced(t, c, 1000_00, "2026-11-20")
		h.on("2026-11-22")
		p := h.receive(t, c, 1200_00, "2026-11-21", sale.Allocation{Invoice: one.ID, Amount: 1200_00})
		h.came(t, 11, 1200_00, -100_00)
		_, err := h.Reassign(t.Context(), h.gestionary, p.ID, 0, []sale.Allocation{{Invoice: two.ID, Amount: 1200_00}}, false)
		must(t, err)
		h.came(t, 11, 1200_00, -100_00)
		h.clean(t)
	})
}

// came checks what came in and what went out in a month, and that each opens to its lines.
func (h *dated) came(t *testing.T, period int, in, out money.Cents) {
	t.Helper()
	for key, want := range map[string]money.Cents{fmt.Sprintf("cash-in-%d", period): in, fmt.Sprintf("cash-out-%d", period): out} {
		p, err := h.Why(t.Context(), h.accountant, storetest.First, storetest.Year2026, key)
		must(t, err)
		if p.Figure.Amount != want {
			t.Fatalf("%s is %s and not %s: %+v", key, p.Figure.Amount, want, p.Lines)
		}
	}
}

// A reversal that is itself reversed stays the half of its first pair: what it brought back counts once.
func TestUndoneTwiceCountsOnce(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-25")
		e, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: "OD", Date: date.MustParse("2026-11-20"), Ref: "F1", Label: "Papier", Lines: []ledger.Line{
			{Account: "606", Section: storetest.First, Amount: 80_00}, {Account: "512", Section: storetest.First, Amount: -80_00}}}, "")
		must(t, err)
		h.came(t, 11, 0, -80_00)
		for _, want := range []money.Cents{0, -80_00, 0} {
			e, err = h.ReverseEntry(t.Context(), h.accountant, e.ID, date.MustParse("2026-11-21"), "")
			must(t, err)
			h.came(t, 11, 0, want)
			h.clean(t)
		}
	})
}

// Money that moves between an activity's own accounts neither comes nor goes: cash banked is received once (§ « encaissé »),
// and a card payout lessens it by its fee only.
func TestBankedCashCountsOnce(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		inv := h.invoiced(t, c, 1000_00, "2026-11-02")
		h.on("2026-11-25")
		p := transfer(c, 1200_00, date.MustParse("2026-11-10"), sale.Allocation{Invoice: inv.ID, Amount: 1200_00})
		p.Means = sale.Cash
		_, err := h.Receive(t.Context(), h.gestionary, p, "")
		must(t, err)
		h.came(t, 11, 1200_00, -100_00)
		post := func(label string, lines ...ledger.Line) {
			t.Helper()
			for i := range lines {
				lines[i].Section = storetest.First
			}
			_, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: "OD", Date: date.MustParse("2026-11-20"), Ref: "V1", Label: label, Lines: lines}, "")
			must(t, err)
		}
		post("Versement d’espèces", ledger.Line{Account: "512", Amount: 1200_00}, ledger.Line{Account: "530", Amount: -1200_00})
		h.came(t, 11, 1200_00, -100_00)
		post("Remise de cartes", ledger.Line{Account: "512", Amount: 97_00}, ledger.Line{Account: "627", Amount: 3_00}, ledger.Line{Account: "5115", Amount: -100_00})
		h.came(t, 11, 1200_00, -103_00)
		moves, err := h.Moves(t.Context(), h.accountant, storetest.First, date.MustParse("2026-11-01"), date.MustParse("2026-11-30"), 50)
		must(t, err)
		var got []money.Cents
		for _, m := range moves {
			got = append(got, m.Amount)
		}
		amounts(t, got, []money.Cents{-3_00, 1200_00, -100_00})
		h.clean(t)
	})
}

// An entry written by hand does not settle an invoice of the house behind its back: its VAT would stay pending and the
// invoice unpaid. An invoice that was booked by hand is settled by hand.
func TestInvoiceIsNotSettledByHand(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		inv := h.invoiced(t, c, 1000_00, "2026-11-22")
		item := ledger.ItemRef{Entry: inv.Entry, Line: 1}
		entry := func(account string, settles ledger.ItemRef) ledger.Entry {
			return ledger.Entry{Journal: "BQ", Date: storetest.Today, Ref: "VIR", Label: "Virement", Lines: []ledger.Line{
				{Account: account, Section: storetest.First, Amount: 1200_00},
				{Account: "411", Section: storetest.First, Third: c.Third, Amount: -1200_00, Settles: settles},
			}}
		}
		for _, account := range []string{"512", "654"} { // paid, or written off
			_, err := h.PostEntry(t.Context(), h.accountant, entry(account, item), "")
			refusal(t, err, "lines[1].settles", "office.invoice_by_payment")
		}
		_, err := h.PostDrafts(t.Context(), h.accountant, []office.EntryDraft{{Entry: entry("530", ledger.ItemRef{}), Sections: []string{"001", "001"}, Thirds: []string{"", ""}}}, "")
		refusal(t, err, "lines[1].third", "office.invoice_by_payment")

		opened, err := h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: "OD", Date: storetest.Today, Ref: "REPRISE", Label: "Facture d’avant", Lines: []ledger.Line{
			{Account: "411", Section: storetest.First, Third: c.Third, Due: storetest.Today, Amount: 1200_00}, {Account: "467", Section: storetest.First, Amount: -1200_00}}}, "")
		must(t, err)
		_, err = h.PostEntry(t.Context(), h.accountant, entry("512", ledger.ItemRef{Entry: opened.ID, Line: 1}), "")
		must(t, err)
		h.receive(t, c, 1200_00, "2026-11-22", sale.Allocation{Invoice: inv.ID, Amount: 1200_00})
		if got := h.moved(t, "44571", 11); h.paid(t, inv.ID) != 1200_00 || got != -200_00 {
			t.Errorf("paid %s, VAT due %s", h.paid(t, inv.ID), got)
		}
		h.clean(t)
	})
}

// A payment opens to the activity of its customer; what it paid of another activity is one line of it.
func TestPaymentHidesOtherActivities(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 1000_00, "2026-11-22")
		nord := h.nord(t)
		c, err := h.SaveCustomer(t.Context(), nord, private("Secret"), "")
		must(t, err)
		p := h.receive(t, c, 1300_00, "2026-11-22", sale.Allocation{Invoice: inv.ID, Amount: 1200_00})
		got, invoices, _, err := h.Payment(t.Context(), nord, p.ID)
		must(t, err)
		if len(invoices) != 1 || invoices[0].ID != 0 || invoices[0].Content.Title != "" || len(got.Allocations) != 1 || got.Allocations[0] != (sale.Allocation{Amount: 1200_00}) {
			t.Fatalf("the other activity sees %+v of %+v", invoices, got.Allocations)
		}
		got, invoices, _, err = h.Payment(t.Context(), h.gestionary, p.ID)
		must(t, err)
		if len(invoices) != 1 || invoices[0].ID != inv.ID || got.Allocations[0].Invoice != inv.ID {
			t.Fatalf("the team sees %+v", invoices)
		}
	})
}

// More lines than are shown one by one, and money moved around among them: the panel still sums.
func TestManyLinesAndAPayout(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-25")
		var all []ledger.Entry
		for i := range 450 {
			account := []string{"512", "530"}[i%2]
			all = append(all, ledger.Entry{Journal: "OD", Date: date.MustParse("2026-11-02") + date.Day(i%20), Ref: fmt.Sprintf("R%d", i), Label: "Recette", Lines: []ledger.Line{
				{Account: account, Section: storetest.First, Amount: 10_00}, {Account: "758", Section: storetest.First, Amount: -10_00}}})
		}
		all = append(all, ledger.Entry{Journal: "OD", Date: date.MustParse("2026-11-20"), Ref: "C", Label: "Remise de cartes", Lines: []ledger.Line{
			{Account: "512", Section: storetest.First, Amount: 130_00}, {Account: "5115", Section: storetest.First, Amount: -100_00}, {Account: "758", Section: storetest.First, Amount: -30_00}}})
		_, err := h.PostEntries(t.Context(), h.accountant, all, "")
		must(t, err)
		h.came(t, 11, 4530_00, 0)
		h.clean(t)
	})
}

// One who pays what another was invoiced (an insurer, a mother company): the payment can be reversed although a credit note
// made an advance of some of it, for the one who was invoiced.
func TestPaidByAnotherThenCredited(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		payer := h.customer(t)
		invoiced := private("Bruno")
		invoiced.Activity = storetest.First
		invoiced, err := h.SaveCustomer(t.Context(), h.ada, invoiced, "")
		must(t, err)
		inv := h.invoiced(t, invoiced, 1000_00, "2026-11-10")
		h.on("2026-11-12")
		p := h.receive(t, payer, 1200_00, "2026-11-12", sale.Allocation{Invoice: inv.ID, Amount: 1200_00})
		st, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, inv.ID)
		must(t, err)
		st.Doc.Content.Reason = "Une séance de moins"
		st.Doc.Content.Lines[0].Price = money.Cents(200_00).Micro()
		cn, err := h.CreateAndSubmit(t.Context(), h.ada, st.Doc, "")
		must(t, err)
		if cn.Status == sale.Submitted {
			_, err = h.Validate(t.Context(), h.gestionary, cn.ID, 0)
			must(t, err)
		}
		must(t, h.Unreceive(t.Context(), h.gestionary, p.ID))
		amounts(t, []money.Cents{h.paid(t, inv.ID), h.moved(t, "4191", 11), h.moved(t, "411", 11), h.moved(t, "512", 11), h.moved(t, "44571", 11)}, []money.Cents{0, 0, 960_00, 0, 0})
		h.clean(t)
	})
}

// The paper of an invoice is that of the day of issue, however late it is rendered: what was paid since is no part of it.
func TestPaperIsOfTheDayOfIssue(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		inv := h.invoiced(t, c, 1000_00, "2026-11-10")
		s, err := h.Document(t.Context(), h.gestionary, inv.ID)
		must(t, err)
		want, err := pdf.Document(sale.Print(s.Doc, s.Facts, i18n.For("fr")))
		must(t, err)
		h.on("2026-11-12")
		h.receive(t, c, 700_00, "2026-11-12", sale.Allocation{Invoice: inv.ID, Amount: 700_00})
		_, got, err := h.PDF(t.Context(), h.gestionary, inv.ID)
		must(t, err)
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes and not the %d of the day of issue", len(got), len(want))
		}
	})
}
