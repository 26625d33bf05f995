package journey

import (
	"fmt"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// A building site, as the electrician and the team walk it: a quote with its schedule, signed on a link, a deposit and its
// payment, a situation that gives the deposit back as the works advance, the balance with 5 % retained, all paid, and the
// retention freed and paid in the end.
func TestBuildingSite(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		phone, laptop := phone, laptop
		if strings.HasSuffix(t.Name(), "/postgres") {
			phone.lang, phone.dark, laptop.lang, laptop.dark = "en", true, "en", true
		}
		system, err := h.office.System(t.Context(), h.Coop.ID)
		must(t, err)
		act, err := h.office.Activity(t.Context(), system, webtest.Ceramique)
		must(t, err)
		act.Natures, act.Tax, act.Gross = []string{"works"}, "S20", false
		act.Cover = coop.Cover{Insurer: "Assurances du Bâti", Contract: "7 045", Zone: "France", From: date.MustParse("2026-01-01"), Until: date.MustParse("2027-12-31")}
		act.Insurance = "Décennale, Assurances du Bâti, France"
		_, err = h.office.SaveActivity(t.Context(), system, act)
		must(t, err)
		_, err = h.office.SaveCustomer(t.Context(), system, sale.Customer{
			Activity: webtest.Ceramique, Kind: sale.Company, Name: "Logis du Parc", SIREN: "732829320", Email: "achats@logis.example",
			Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
		}, "")
		must(t, err)

		julien := h.device(t, "Julien", phone)
		julien.open("/sign-in")
		julien.signIn("maelle")
		julien.open(path("/a/%d/sales/new?kind=quote", webtest.Ceramique))
		julien.write("customerName", "Logis du Parc")
		julien.choose("gross", "0")
		julien.write("lines[0].label", "Réfection du réseau électrique")
		julien.write("lines[0].price", "5000")
		julien.click(`details.sched summary`)
		julien.look("01-schedule")
		julien.follow(`button[value=plan3]`)
		julien.write("retention", "5")
		julien.look("02-quote")
		if total := julien.text(`[data-live=term2]`); total != strings.Join(strings.Fields(julien.printer().Euros(1_800_00)), " ") {
			t.Errorf("the balance comes to %q", total)
		}
		julien.write("schedule[0].share", "80")
		julien.expect("422")
		if status := julien.send(`button[name=do][value=submit]`); status != 422 {
			t.Errorf("terms above the whole: %d", status)
		}
		julien.says(julien.words("sale.fault.terms_above"))
		julien.look("03-refused")
		julien.write("schedule[0].share", "30")
		julien.follow(`button[name=do][value=submit]`)
		julien.look("04-quote-numbered")
		quote := eval[string](julien, `location.pathname`)

		// The customer signs.
		julien.follow(`form[action$="/link"] button`)
		link := julien.text("code.sel")
		odile := h.device(t, "Odile", phone)
		odile.open(link)
		odile.says(odile.printer().Euros(1_800_00))
		odile.look("05-link")
		odile.write("name", "Odile Martin")
		odile.write("agree", odile.words("link.agree_words"))
		odile.follow(`#accord button.go`)

		// The deposit, in one tap from the quote.
		jean := h.device(t, "Jean", laptop)
		jean.signIn("jean")
		invoice := ""
		read := func(step string) {
			t.Helper()
			julien.look(step)
			julien.follow(`button[name=do][value=submit]`)
			invoice = eval[string](julien, `location.pathname`)
			jean.open(path("/desk"))
			jean.look(step + "-desk")
			jean.follow(`button[formaction$="/validate"]`)
		}
		paid := func(step string) {
			t.Helper()
			jean.open(invoice)
			jean.follow(`main a[href*="payments/new?customer="]`)
			jean.look(step)
			jean.follow(`form[action$="/payments/new"] button.go`)
		}
		julien.open(quote)
		julien.look("06-quote-signed")
		julien.follow(`main a.go[href$="/invoice"]`)
		julien.look("07-ways")
		julien.follow(`.nextp a.go`)
		julien.says(julien.printer().Euros(1_800_00))
		read("08-deposit")
		paid("09-deposit-paid")
		julien.open(path("/a/%d/", webtest.Ceramique))
		julien.look("10-account")
		figures(t, "after the deposit", julien.why("available"), map[string]money.Cents{"cash": 1_800_00, "deposits": -1_500_00, "vat": -300_00})

		// Half of the works: half of the deposit is given back.
		julien.open(quote + "/invoice")
		julien.write("lines[0].done", "50")
		julien.until(fmt.Sprintf(`document.querySelector('[data-live=now0]').innerText.includes(%q)`, julien.printer().Amount(2_500_00)))
		julien.look("11-ways-situation")
		julien.follow(`form[data-preview] button:not([data-count])`)
		julien.write("delivered", "22/11/2026")
		julien.write("releaseOn", "22/11/2027")
		julien.write("lines[0].done", "60")
		julien.until(fmt.Sprintf(`document.querySelector('[data-live=line0]').innerText.includes(%q)`, julien.printer().Amount(3_000_00)))
		julien.until(fmt.Sprintf(`document.querySelector('[name="deduct[0].amount"]').value === %q`, julien.printer().Amount(900_00)))
		read("12-situation")
		paid("13-situation-paid")

		// The balance, with what is retained.
		julien.open(quote)
		julien.look("14-life")
		julien.follow(`main a.go[href$="/invoice"]`)
		julien.follow(`.nextp a.go`)
		julien.write("delivered", "22/11/2026")
		julien.write("releaseOn", "22/11/2027")
		read("15-balance")
		paid("16-balance-paid")
		julien.open(quote)
		julien.look("17-life-done")
		julien.says(julien.printer().Euros(6_000_00))
		balance := eval[string](julien, `[...document.querySelectorAll('#life-made a')].pop().getAttribute('href')`)
		julien.open(balance)
		julien.says(julien.printer().Euros(120_00))
		julien.look("18-retained")

		// The team frees the retention of the balance, and it is paid.
		jean.open(balance)
		jean.click(`form[action$="/retention"] + *, details:has(form[action$="/retention"]) summary`)
		jean.write("day", "22/11/2026")
		jean.write("reason", "Réception sans réserve, caution de la banque")
		jean.follow(`form[action$="/retention"] button`)
		jean.look("19-freed")
		h.clean(t)
	})
}
