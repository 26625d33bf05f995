package journey

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"essaim/coop"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// A market day, as the potter and the team walk it: on a phone the takings by means and by rate, with a till that always
// says what it holds and never less than nothing, a cheque that came for an invoice, and takings corrected by undoing
// them; on a desk the payout of the cards with its fee, the cheques taken to the bank, and the day closed once it is over.
func TestMarketDay(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	ctx, potter, team := t.Context(), h.Actor("maelle"), h.Actor("jean")
	cafe, err := h.Office.SaveCustomer(ctx, potter, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Company, Name: "Café des Halles", SIREN: "732829320", Email: "bonjour@halles.example",
		Address: coop.Address{Line1: "2 place du Marché", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "")
	must(t, err)
	owed, err := h.Office.CreateAndSubmit(ctx, potter, sale.Document{Kind: sale.Invoice, Activity: webtest.Ceramique, Customer: cafe.ID, Content: sale.Content{
		Title: "Douze bols", DueDays: 30, Delivered: storetest.Today, Lines: []sale.Line{{Label: "Bol émaillé", Nature: "made", Quantity: 12 * money.Unit, Price: money.Cents(10_00).Micro(), Tax: "S20"}},
	}}, "")
	must(t, err)
	_, err = h.Office.Validate(ctx, team, owed.ID, 0)
	must(t, err)

	maelle := h.device(t, "Maëlle", phone)
	euros := func(c money.Cents) string { return maelle.printer().Euros(c) }
	takings := path("/a/%d/takings", webtest.Ceramique)
	record := `form[data-main] button[data-send]`
	maelle.signIn("maelle")
	maelle.open(takings)
	maelle.look("market-01-nothing")

	// Pots at the usual rate, and a book of hers at 5.5 %: what is not said apart is at the usual rate.
	maelle.follow(`main a[href$="/takings/new"]`)
	for field, text := range map[string]string{"cash": "180", "card": "120", "cheque": "35", "count": "12", "note": "Marché de la Croix-Rousse"} {
		maelle.write(field, text)
	}
	maelle.look("market-02-takings")
	maelle.click(`details:has([name="lines[1].gross"]) summary`)
	maelle.write("lines[0].gross", "300")
	maelle.write("lines[1].gross", "55")
	maelle.pick("lines[1].nature", "goods")
	maelle.pick("lines[1].tax", "S55")
	maelle.expect("422")
	if status := maelle.send(record); status != 422 {
		t.Errorf("355 sold and 335 paid: %d", status)
	}
	maelle.says(maelle.words("till.fault.sums_more", "sold", money.Cents(355_00), "paid", money.Cents(335_00), "gap", money.Cents(20_00)))
	maelle.holds(map[string]string{"cash": "180", "card": "120", "cheque": "35", "count": "12", "note": "Marché de la Croix-Rousse", "lines[1].gross": "55"})
	maelle.look("market-03-sums-differ")
	maelle.write("lines[0].gross", "")
	maelle.follow(record)
	maelle.says("R-2026-0001")
	maelle.says(maelle.words("till.held") + " " + euros(180_00))
	maelle.look("market-04-recorded")

	// The till: taken to the bank more than it holds, counted below nothing, counted short without a word.
	maelle.follow(`main a[href$="/till"]`)
	maelle.pick("kind", "banked")
	maelle.write("amount", "200")
	if status := maelle.send(record); status != 422 {
		t.Errorf("200 out of a till of 180: %d", status)
	}
	maelle.says(maelle.words("till.fault.below", "on", storetest.Today, "lacking", money.Cents(20_00)))
	maelle.holds(map[string]string{"kind": "banked", "amount": "200"})
	maelle.look("market-05-till-below")
	maelle.pick("kind", "count")
	maelle.write("amount", "-5")
	maelle.write("word", "compté à la fermeture")
	if status := maelle.send(record); status != 422 {
		t.Errorf("counted below nothing: %d", status)
	}
	maelle.says(maelle.words("till.fault.counted_negative"))
	maelle.holds(map[string]string{"kind": "count", "amount": "-5", "word": "compté à la fermeture"})
	maelle.look("market-06-counted-below")
	maelle.write("amount", "178")
	maelle.write("word", "")
	if status := maelle.send(record); status != 422 {
		t.Errorf("two euros short without a word: %d", status)
	}
	maelle.says(maelle.words("till.fault.count_word_less", "expected", money.Cents(180_00), "gap", money.Cents(2_00)))
	maelle.write("word", "erreur de rendu")
	maelle.follow(record)
	maelle.says(maelle.words("till.held") + " " + euros(178_00))
	maelle.look("market-07-counted")

	// A cheque for the invoice: announced, it counts for nothing yet.
	maelle.follow(`main a[href$="/announce"]`)
	maelle.pick("invoice", fmt.Sprint(owed.ID))
	maelle.write("amount", "144")
	maelle.write("word", "chèque du Café des Halles")
	maelle.look("market-08-announce")
	maelle.follow(record)
	maelle.says(maelle.words("till.state.announced"))

	// Ten euros of the cards were cash: undone and made again, both numbers stay.
	maelle.follow(`main a[href$="/register/1"]`)
	maelle.look("market-09-record")
	maelle.follow(`main a[href*="redo="]`)
	maelle.holds(map[string]string{"cash": maelle.printer().Amount(180_00), "card": maelle.printer().Amount(120_00), "lines[1].gross": maelle.printer().Amount(55_00)})
	maelle.write("cash", "190")
	maelle.write("card", "110")
	maelle.look("market-10-again")
	maelle.follow(record)
	maelle.says("R-2026-0002")
	maelle.says(maelle.words("till.undone"))
	maelle.says(maelle.words("till.held") + " " + euros(188_00))
	maelle.look("market-11-corrected")

	// The team: the cheque has come, and so has the acquirer's payout; more than the cards is refused.
	jean := h.device(t, "Jean", laptop)
	jean.signIn("jean")
	jean.open(path("/cash"))
	jean.look("market-12-desk")
	jean.follow(`main a[href*="announced="]`)
	jean.look("market-13-cheque")
	jean.follow(record)
	jean.open(path("/cash/payout"))
	card := fmt.Sprintf("parts[%d].card", webtest.Ceramique)
	for field, text := range map[string]string{"acquirer": "SumUp", "fee": "2", "vat": "0,40", "net": "117,60", card: "120"} {
		jean.write(field, text)
	}
	jean.pick("how", "domestic")
	jean.expect("422")
	if status := jean.send(record); status != 422 {
		t.Errorf("120 paid out of 110 by card: %d", status)
	}
	jean.says(jean.words("till.fault.payout_more", "amount", money.Cents(120_00), "waiting", money.Cents(110_00), "on", storetest.Today))
	jean.holds(map[string]string{"acquirer": "SumUp", "fee": "2", "vat": "0,40", "net": "117,60", card: "120", "how": "domestic"})
	jean.look("market-14-payout-more")
	jean.write(card, "110")
	jean.write("net", "107,60")
	jean.follow(record)
	jean.says(euros(110_00))
	jean.look("market-15-payout")
	jean.open(path("/cash"))
	jean.look("market-16-cheques")
	if total := jean.text(`section:has(#f-cheque) .bh b`); total != strings.Join(strings.Fields(euros(179_00)), " ") {
		t.Errorf("cheques of %q", total)
	}
	jean.follow(`#f-cheque button.go`)
	jean.says("B-2026-0001")
	jean.says(euros(179_00))
	jean.look("market-17-slip")

	// The day after, what is over is closed: two takings, the one undone, and the cheque.
	h.Pass(24 * time.Hour)
	irene := h.device(t, "Irène", laptop)
	irene.signIn("irene")
	irene.open(path("/closings"))
	irene.look("market-18-open")
	irene.follow(`form[action$="/closings"] button`)
	irene.says(irene.words("closing.grand_before") + " " + euros(479_00))
	irene.look("market-19-closed")
	view, err := h.Office.Closings(ctx, h.Actor("irene"), 0, 10)
	must(t, err)
	if len(view.Days) != 1 || view.Days[0].Total != 479_00 || view.Days[0].Count != 4 || view.Open.Count != 0 {
		t.Errorf("closings: %+v", view)
	}
	h.clean(t)
}
