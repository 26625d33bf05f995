package journey

import (
	"strings"
	"testing"

	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
)

// The town hall with its four fields (practice 21): they are asked on the quote, an invoice that lacks one says whom to
// ask, and what the buyer usually wants is remembered. On a phone, then on a desk.
func TestTownHallWithItsFourFields(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	for _, d := range []device{phone, laptop} {
		maelle := h.device(t, "Maëlle", d)
		maelle.open("/sign-in")
		maelle.signIn("maelle")
		maelle.open(path("/a/%d/sales/new?kind=invoice", webtest.Ceramique))
		name, siret := "Commune de Valmorence", "21340001300008"
		if !d.phone {
			name, siret = "Commune de Saint-Aubin", "21010001200009"
		}
		maelle.write("customerName", name)
		maelle.write("lines[0].label", "Atelier poterie à l’école, six séances")
		maelle.write("lines[0].price", "900")
		maelle.write("delivered", "20/11")
		maelle.follow(`button[name=do][value=customer]`)
		maelle.choose("kind", "public")
		maelle.write("siret", siret)
		maelle.write("contact", "Mme Delmas, service achats")
		for field, text := range map[string]string{"address.line1": "1 place de la Mairie", "address.zip": "34700", "address.city": "Valmorence", "email": "achats@valmorence.example"} {
			maelle.write(field, text)
		}
		for _, needs := range []string{"needsService", "needsCommitment", "needsContract"} {
			maelle.click(`[name=` + needs + `]`)
		}
		maelle.look("1-customer")
		maelle.follow(`form.cust button.go`)
		maelle.until(`document.querySelector('[name=commitment]')`)
		maelle.look("2-asked")
		maelle.expect("422")
		if status := maelle.send(`button[name=do][value=submit]`); status != 422 {
			t.Errorf("without them: %d", status)
		}
		maelle.says("Mme Delmas")
		maelle.look("3-refused")
		maelle.write("service", "CULTURE")
		maelle.write("commitment", "EJ-2026-118")
		maelle.write("contract", "2026-M12")
		maelle.follow(`button[name=do][value=submit]`)
		for _, words := range []string{"CULTURE", "EJ-2026-118", "2026-M12"} {
			if !strings.Contains(maelle.text("main"), words) {
				t.Errorf("the invoice does not say %s", words)
			}
		}
		maelle.look("4-sent")
	}
}
