package journey

import (
	"fmt"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// Two hundred customers in one gesture: the drafts are ready, one is left out, the button is pressed once, the page tells
// how far it is until all are done, and one that could not leave says why.
func TestTwoHundredSubscriptions(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	maelle := h.Actor("maelle")
	for i := range 200 {
		c, err := h.Office.SaveCustomer(t.Context(), maelle, sale.Customer{Activity: webtest.Ceramique, Kind: sale.Consumer, FirstName: "Ode", Name: fmt.Sprintf("Abonnée %03d", i),
			Address: coop.Address{Line1: "1 rue du Four", Zip: "69001", City: "Lyon", Country: "FR"}}, "")
		must(t, err)
		_, err = h.Office.SaveSubscription(t.Context(), maelle, sale.Subscription{Activity: webtest.Ceramique, Customer: c.ID, Months: 1, First: date.MustParse("2026-11-01"), Day: 1,
			Content: sale.Content{Title: "Cours de tour, {mois}", Gross: true, Lines: []sale.Line{{Label: "Cours de tour, {période}", Nature: "service", Quantity: money.Unit, Price: money.Cents(48_00).Micro(), Tax: "S20"}}}}, "")
		must(t, err)
	}
	var all office.Subscriptions
	for t.Context().Err() == nil && len(all.Ready) < 200 { // the house's own worker may be at it
		must(t, h.Office.Drain(t.Context()))
		var err error
		all, err = h.Office.Subscriptions(t.Context(), maelle, webtest.Ceramique)
		must(t, err)
	}
	broken, err := h.Office.Document(t.Context(), maelle, all.Ready[9].Sale)
	must(t, err)
	broken.Doc.Content.Delivered, broken.Doc.Content.DeliveredFrom = 0, 0
	_, err = h.Office.SaveDraft(t.Context(), maelle, broken.Doc, "")
	must(t, err)

	p := h.device(t, "maelle", phone)
	p.signIn("maelle")
	p.open(path("/a/%d/subscriptions", webtest.Ceramique))
	p.says(p.words("subs.ready_mark", "n", 200))
	p.look("subscriptions ready")
	p.click(fmt.Sprintf(`input[name="id"][value="%d"]`, all.Ready[0].Sale))
	p.send(`button[data-send]`)
	p.says(p.words("run.kind.submit"))
	p.look("run under way")
	p.until(`!!document.querySelector("#run progress") && document.querySelector("#run progress").value === 199`)
	p.says(p.words("run.refused", "n", 1))
	p.look("run over")
	rows, _, err := h.Office.Sales(t.Context(), maelle, store.SaleFilter{Activity: webtest.Ceramique, Kind: sale.Invoice, Status: []sale.Status{sale.Submitted, sale.Validated, sale.Sent}, Limit: 500})
	must(t, err)
	if len(rows) != 198 {
		t.Errorf("%d have left", len(rows))
	}
}
