package office_test

import (
	"bytes"
	"essaim/internal/office"
	"slices"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// TestStatement tells a month in figures that agree with each other: the small balance sheet with the result, the
// movements with the treasury.
func TestStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		customer := h.customer(t)
		invoice := h.invoice(t, customer, 1000_00)
		_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 600_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 600_00}}}, "")
		must(t, err)
		_, err = h.PostEntry(t.Context(), h.accountant, ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-10-05"), Ref: "OD-1", Label: "Assurance", Lines: []ledger.Line{
			{Account: "616", Section: storetest.First, Amount: 30_00}, {Account: "512", Section: storetest.First, Amount: -30_00},
		}}, "")
		must(t, err)

		r, err := h.StatementReport(t.Context(), h.ada, storetest.First, date.MonthOf(2026, 11))
		must(t, err)
		if r.Brand != "Atelier Morel" || !strings.Contains(r.Subtitle, "novembre 2026") || !strings.Contains(strings.Join(r.Foot, " "), "R7331-5") {
			t.Errorf("%+v", r)
		}
		cells(t, r.Blocks[0], "Facturé", "1 000,00 €", "1 000,00 €")
		cells(t, r.Blocks[0], "Autres frais", "0,00 €", "−30,00 €")
		cells(t, r.Blocks[0], "Part à la coopérative", "−100,00 €", "−100,00 €")
		cells(t, r.Blocks[0], "Résultat", "900,00 €", "870,00 €")
		cells(t, r.Blocks[0], "pour mémoire, encaissé hors taxes", "500,00 €", "500,00 €")
		agrees(t, r)
		cells(t, r.Blocks[1], "Dû par les clients", "600,00 €")
		cells(t, r.Blocks[1], "Ensemble", "870,00 €")
		cells(t, r.Blocks[2], "", "Au début du mois", "−30,00 €", "")
		if got := strings.Join(r.Blocks[2].Foot, "|"); plain(got) != "|À la fin : 470,00 €|600,00 €|−100,00 €" {
			t.Error(got)
		}

		october, err := h.StatementReport(t.Context(), h.ada, storetest.First, date.MonthOf(2026, 10))
		must(t, err)
		agrees(t, october)
		if october.Answer.Value != "−30,00\u00a0€" || len(october.Blocks) != 3 {
			t.Errorf("October, before anything of November: %+v", october.Answer)
		}
		cells(t, october.Blocks[0], "Résultat", "−30,00 €", "−30,00 €")

		_, body, err := h.Statement(t.Context(), h.ada, storetest.First, date.MonthOf(2026, 11))
		must(t, err)
		if !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Error("no PDF")
		}
		for _, month := range []date.Month{date.MonthOf(2026, 12), date.MonthOf(2024, 12), date.MonthOf(1950, 1)} {
			if _, _, err := h.Statement(t.Context(), h.ada, storetest.First, month); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", month, err)
			}
		}
		if _, _, err := h.Statement(t.Context(), h.gestionary, storetest.First, date.MonthOf(2026, 11)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who may not see accounts: %v", err)
		}
	})
}

// cells looks for a row by its first cells and compares it.
func cells(t *testing.T, b pdf.Block, want ...string) {
	t.Helper()
	for _, r := range b.Rows {
		got := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			got[i] = plain(c)
		}
		if slices.Equal(got, want) {
			return
		}
	}
	t.Errorf("%s has no row %q: %+v", b.Heading, want, b.Rows)
}

func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}

// agrees says that what the activity has and owes is its result, this year's and before.
func agrees(t *testing.T, r pdf.Report) {
	t.Helper()
	var sum, total, parts money.Cents
	for _, row := range r.Blocks[1].Rows {
		amount, err := money.ParseCents(strings.ReplaceAll(row.Cells[1], "\u2212", "-"))
		must(t, err)
		switch {
		case row.Strong:
			total = amount
		case row.Detail:
			parts += amount
		default:
			sum += amount
		}
	}
	if sum != total || parts != total {
		t.Errorf("%s: rows %s, total %s, explained %s", r.Subtitle, sum, total, parts)
	}
}

// TestWaiting tells what the entrepreneur has to do, and nothing that is done.
func TestWaiting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		w, err := h.Waiting(t.Context(), h.ada, storetest.First)
		must(t, err)
		if !w.None {
			t.Fatalf("nothing was written yet: %+v", w)
		}
		customer := h.customer(t)
		quote, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: customer.ID, Content: services(100_00)}, "")
		must(t, err)
		quote, err = h.Submit(t.Context(), h.ada, quote.ID, 0)
		must(t, err)
		_, err = h.RecordAcceptance(t.Context(), h.ada, quote.ID, office.Agreement{Name: "Odile Martin"}, 0)
		must(t, err)
		invoice := h.invoice(t, customer, 500_00)
		back, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(10_00)}, "")
		must(t, err)
		_, err = h.Submit(t.Context(), h.ada, back.ID, 0)
		must(t, err)
		_, err = h.Return(t.Context(), h.gestionary, back.ID, "Quelle heure ?", 1)
		must(t, err)
		w, err = h.Waiting(t.Context(), h.ada, storetest.First)
		must(t, err)
		if w.None || len(w.Agreed) != 1 || w.Agreed[0].ID != quote.ID || len(w.Returned) != 1 || w.Returned[0].Comment != "Quelle heure ?" || w.Returned[0].By != "Jean Roux" || w.Returned[0].Line != 1 || len(w.Owed) != 1 || w.Owed[0].ID != invoice.ID || len(w.Drafts) != 0 {
			t.Fatalf("%+v", w)
		}
		// A quote of which an invoice was begun waits no more: the draft does.
		_, err = h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Origin: quote.ID}, "")
		must(t, err)
		w, err = h.Waiting(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(w.Agreed) != 0 || len(w.Drafts) != 1 {
			t.Fatalf("%+v", w)
		}
		other := h.ada
		other.Person, other.Activities = 99, []int64{storetest.Second}
		if _, err := h.Waiting(t.Context(), other, storetest.First); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another's activity: %v", err)
		}
	})
}

// TestPreview writes nothing, and knows no one else's customer or document.
func TestPreview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		customer := h.customer(t)
		s, err := h.Preview(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(1000_00)})
		must(t, err)
		if s.Doc.Totals.Gross != 1200_00 || !s.Read || s.ReadKey != "sale.read.first" || s.Facts.Customer.ID != customer.ID {
			t.Errorf("%+v %s", s.Doc.Totals, s.ReadKey)
		}
		rows, _, err := h.Sales(t.Context(), h.ada, store.SaleFilter{Activity: storetest.First})
		must(t, err)
		if len(rows) != 0 {
			t.Errorf("a preview saved %d documents", len(rows))
		}
		other := h.ada
		other.Person, other.Activities = 99, []int64{storetest.Second}
		invoice := h.invoice(t, customer, 10_00)
		for what, d := range map[string]sale.Document{
			"an activity":      {Kind: sale.Invoice, Activity: storetest.First},
			"a customer":       {Kind: sale.Invoice, Activity: storetest.Second, Customer: customer.ID},
			"a document":       {ID: invoice.ID, Kind: sale.Invoice, Activity: storetest.Second},
			"what it comes of": {Kind: sale.CreditNote, Activity: storetest.Second, Corrects: invoice.ID},
		} {
			if _, err := h.Preview(t.Context(), other, d); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s of another: %v", what, err)
			}
		}
	})
}
