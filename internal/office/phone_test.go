package office_test

import (
	"context"
	"fmt"
	"testing"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// What is asked in advance without a quote is cleared by a later invoice to the same customer, and by nothing else: 345 of
// 1 150 (practice 19).
func TestDepositWithoutQuote(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		h.on("2026-11-02")
		c := h.customer(t)
		gross := func(amount money.Cents, stage sale.Stage) sale.Document {
			content := services(amount)
			content.Gross, content.Stage = true, stage
			if content.Delivered = h.ada.Today; stage == sale.Deposit {
				content.Delivered = 0
			}
			return sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content}
		}
		issue := func(d sale.Document) sale.Document {
			t.Helper()
			d, err := h.CreateAndSubmit(t.Context(), h.ada, d, "")
			must(t, err)
			if d.Status == sale.Submitted {
				d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
				must(t, err)
			}
			return d
		}
		deposit := issue(gross(345_00, sale.Deposit))
		h.settle(t, deposit, 345_00)
		if left := h.held(t, "41911"); left != -287_50 {
			t.Errorf("held: %s", left)
		}
		h.clean(t)

		h.on("2026-11-20")
		seen, err := h.Preview(t.Context(), h.ada, gross(1150_00, ""))
		must(t, err)
		if seen.Staged == nil || len(seen.Staged.Made) != 1 || seen.Staged.Made[0].ID != deposit.ID || len(seen.Staged.Proposed) != 1 {
			t.Fatalf("nothing is proposed: %+v", seen.Staged)
		}
		if seen.Doc.Totals.Gross != 1150_00 {
			t.Errorf("deducted unasked: %s", seen.Doc.Totals.Gross)
		}
		asked := gross(1150_00, "")
		asked.Content.Lines = append(asked.Content.Lines, sale.Line{Deposit: deposit.ID, Nature: "service", Tax: "S20", Quantity: money.Unit, VAT: -1})
		draft, err := h.SaveDraft(t.Context(), h.ada, asked, "")
		must(t, err)
		if l := draft.Content.Lines[1]; draft.Totals.Gross != 805_00 || l.VAT != -57_50 || draft.Content.Stage != sale.Balance {
			t.Errorf("deducted: %s, %+v", draft.Totals.Gross, l)
		}
		off := draft
		off.Content.Lines = off.Content.Lines[:1]
		off, err = h.SaveDraft(t.Context(), h.ada, off, "")
		must(t, err)
		if off.Totals.Gross != 1150_00 || off.Content.Stage != "" {
			t.Errorf("no more deducted: %s, %q", off.Totals.Gross, off.Content.Stage)
		}
		balance := issue(asked)
		if balance.Totals.Gross != 805_00 {
			t.Errorf("issued: %s", balance.Totals.Gross)
		}
		h.settle(t, balance, 805_00)
		for _, account := range []string{"41911", "41912", "44574"} {
			if left := h.held(t, account); left != 0 {
				t.Errorf("%s: %s", account, left)
			}
		}
		h.clean(t)
		again, err := h.Preview(t.Context(), h.ada, gross(10_00, ""))
		must(t, err)
		if again.Staged != nil {
			t.Errorf("proposed again: %+v", again.Staged.Proposed)
		}

		// The deposit of a quote is cleared by the invoices of that quote alone.
		quote := h.accepted(t, c.ID, services(1000_00))
		of := h.next(t, quote.ID, sale.Invoicing{Stage: sale.Deposit, Share: 300_000})
		free := gross(500_00, "")
		free.Content.Lines = append(free.Content.Lines, sale.Line{Label: "Acompte", Deposit: of.ID, Nature: "service", Tax: "S20", Quantity: money.Unit, Price: money.Cents(-100_00).Micro()})
		if _, err := h.CreateAndSubmit(t.Context(), h.ada, free, ""); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the deposit of a quote on another invoice: %v", err)
		}
		h.clean(t)
	})
}

// A photograph of the ticket comes with takings, that of a cheque with what is announced: who keeps the till adds them, the
// team sees them, and what was closed or answered keeps them.
func TestPhotosOfMoney(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		day := h.on("2026-11-20")
		taking, err := h.RedoTaking(t.Context(), h.ada, 0, storetest.First, day, sale.Taking{Count: 3, Means: sale.Tenders{Card: 60_00}, Lines: []sale.TakingLine{{Nature: "goods", Tax: "S20", Gross: 60_00}}}, "")
		must(t, err)
		cheque, err := h.Announce(t.Context(), h.ada, store.Announcement{Activity: storetest.First, Means: string(sale.Cheque), Amount: 38_00, Day: day, Word: "Mme Roux"}, "")
		must(t, err)
		stranger := access.Actor{Coop: h.ada.Coop, Person: 999, Today: h.ada.Today}
		for _, subject := range []string{fmt.Sprint("register:", taking.ID), fmt.Sprint("announcement:", cheque.ID)} {
			ticket := func(word string) store.Attachment {
				taken, err := h.Take(t.Context(), "photo", office.Upload{Name: "ticket.pdf", Body: []byte("%PDF-1.4\n" + subject + word + "\nstartxref\n0\n%%EOF")})
				must(t, err)
				p, err := h.AttachTaken(office.Keyed(context.Background(), subject+word), h.ada, subject, taken)
				must(t, err)
				again, err := h.AttachTaken(office.Keyed(context.Background(), subject+word), h.ada, subject, taken)
				must(t, err)
				if again.ID != p.ID {
					t.Errorf("%s: attached twice", subject)
				}
				return p
			}
			wrong, kept := ticket("1"), ticket("2")
			_, err := h.Detach(t.Context(), h.ada, wrong.ID)
			must(t, err)
			if subject[0] == 'r' {
				h.on("2026-11-21")
			} else {
				must(t, h.DeclineAnnouncement(t.Context(), h.gestionary, cheque.ID, "Pas arrivé"))
			}
			if _, err := h.Detach(t.Context(), h.ada, kept.ID); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: taken off: %v", subject, err)
			}
			at, err := h.Attachments(t.Context(), h.gestionary, subject)
			must(t, err)
			if len(at.Pieces) != 1 || at.Pieces[0].ID != kept.ID {
				t.Errorf("%s: the team sees %+v", subject, at.Pieces)
			}
			if _, err := h.Attachments(t.Context(), stranger, subject); err == nil {
				t.Errorf("%s: anyone sees them", subject)
			}
			if _, _, err := h.Attachment(t.Context(), stranger, kept.ID, false); err == nil {
				t.Errorf("%s: anyone opens them", subject)
			}
		}
		h.clean(t)
	})
}
