package journey

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"essaim/format/fec"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
)

// The whole way, as three people walk it: what Maëlle can pay herself moves by the expected cents, and every figure opens
// down to its documents.
func TestFromQuoteToPay(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		phone, laptop := phone, laptop // in French by day, in English by night
		if strings.HasSuffix(t.Name(), "/postgres") {
			phone.lang, phone.dark, laptop.lang, laptop.dark = "en", true, "en", true
		}
		maelle := h.device(t, "Maëlle", phone)
		maelle.open("/sign-in")
		maelle.look("00-sign-in")
		maelle.signIn("maelle")
		maelle.look("01-home-empty")

		// A quote of 3 days at 1 200 € with VAT, to someone new.
		maelle.follow(`main a[href$="sales/new?kind=quote"]`)
		maelle.look("02-quote-new")
		maelle.write("customerName", "Brindille d’Orge")
		maelle.write("lines[0].label", "Atelier modelage, trois journées dans vos locaux")
		maelle.write("lines[0].quantity", "3")
		maelle.write("lines[0].unit", "jours")
		maelle.choose("gross", "1")
		maelle.write("lines[0].price", maelle.printer().Amount(1_200_00))
		maelle.until(fmt.Sprintf(`document.querySelector('[data-live=sums]').innerText.includes(%q)`, maelle.printer().Amount(3_600_00)))
		maelle.look("03-quote-typed")
		maelle.follow(`button[name=do][value=customer]`)
		maelle.look("04-customer-new")
		for name, text := range map[string]string{"siren": "732 829 320", "email": "compta@brindille.example", "address.line1": "2 rue des Tanneurs", "address.zip": "69001", "address.city": "Lyon"} {
			maelle.write(name, text)
		}
		maelle.look("05-customer-typed")
		maelle.follow(`form.cust button.go`)
		maelle.says(maelle.words("sale.read.quote_free"))
		maelle.look("06-quote-complete")
		maelle.follow(`button[name=do][value=submit]`)
		maelle.says("D-2026-0001")
		maelle.look("07-quote-numbered")
		quote := maelle.text("h1")
		if !strings.Contains(quote, "D-2026-0001") {
			t.Fatalf("the quote is %q", quote)
		}
		maelle.follow(`form[action$="/send"] button`)
		maelle.look("08-quote-sent")

		// The customer opens the letter and signs, on a phone of their own.
		first := read(t, h.smtp.Await(1)[0])
		link := address0(t, first.text)
		if words := first.pdf(t, "D-2026-0001.pdf"); !strings.Contains(words, "D-2026-0001") {
			t.Errorf("the attached quote says %s", words)
		}
		odile := h.device(t, "Odile", phone)
		odile.open(link)
		odile.says(odile.printer().Euros(3_600_00))
		odile.look("09-link")
		odile.write("name", "Odile Martin")
		odile.write("agree", odile.words("link.agree_words"))
		odile.follow(`#accord button.go`)
		odile.says("Odile Martin")
		odile.look("10-signed")
		signed := read(t, h.smtp.Await(2)[1]) // their copy, with the name and the hour on it
		if words := signed.pdf(t, "D-2026-0001.pdf"); !strings.Contains(words, "Accepté par Odile Martin") || strings.Contains(words, "UTC") {
			t.Errorf("the signed quote says %s", words)
		}

		// The invoice says beforehand that it will be read.
		maelle.open(path("/"))
		maelle.look("11-home-agreed")
		maelle.follow(`main a[href*="kind=invoice&quote="]`)
		maelle.write("delivered", "22/11/2026")
		maelle.says(maelle.words("sale.read.first", "n", 1, "of", 5))
		maelle.look("12-invoice")
		maelle.follow(`button[name=do][value=submit]`)
		maelle.look("13-invoice-submitted")
		invoice := eval[string](maelle, `location.pathname`)

		// Jean reads, mends a word, validates.
		jean := h.device(t, "Jean", laptop)
		jean.signIn("jean")
		jean.open(path("/desk"))
		jean.says("Brindille d’Orge")
		jean.look("14-desk")
		jean.click(`details.mend summary`)
		jean.write("lines[0].label", "Atelier modelage, trois journées chez vous")
		jean.look("15-desk-mending")
		jean.follow(`details.mend button`)
		if was, is := jean.text(".chg del"), jean.text(".chg ins"); was != "Atelier modelage, trois journées dans vos locaux" || is != "Atelier modelage, trois journées chez vous" {
			t.Errorf("the change shown: %q → %q", was, is)
		}
		jean.look("16-desk-mended")
		jean.follow(`button[formaction$="/validate"]`)
		jean.says("F-2026-0001")
		jean.look("17-desk-validated")

		// It left by itself, as the box of its form said; the letter holds the document with its mentions.
		maelle.open(invoice)
		if h1 := maelle.text("h1"); !strings.Contains(h1, "F-2026-0001") {
			t.Fatalf("the invoice is %q", h1)
		}
		maelle.look("18-invoice-validated")
		second := read(t, h.smtp.Await(3)[2])
		maelle.open(invoice)
		maelle.says(maelle.words("deed.send_when", "to", "compta@brindille.example"))
		maelle.look("19-invoice-sent")
		words := second.pdf(t, "F-2026-0001.pdf")
		for _, want := range []string{
			"F-2026-0001", "Trame & Sillon", "SCOP SARL à capital variable", "404 833 048", "RCS Lyon", "FR83404833048", "Maëlle céramique", "Brindille d’Orge", "732 829 320", "2 rue des Tanneurs",
			"Atelier modelage, trois journées chez vous", "3 000,00", "20 %", "600,00", "3 600,00 €", "Indemnité forfaitaire pour frais de recouvrement", "40 €", "pénalités", "Pas d’escompte",
		} {
			if !strings.Contains(words, want) {
				t.Errorf("the invoice does not say %q:\n%s", want, words)
			}
		}

		// What there was before the customer pays: the contribution is taken when one invoices.
		maelle.open(path("/a/%d/", webtest.Ceramique))
		maelle.look("20-account-invoiced")
		before := maelle.why("available")
		figures(t, "before the payment", before, map[string]money.Cents{"cash": -300_00})

		// Jean records the payment.
		jean.open(path("/payments"))
		jean.look("21-payments")
		jean.follow(`main a[href*="payments/new?customer="]`)
		jean.look("22-payment-new")
		jean.follow(`form[action$="/payments/new"] button.go`)
		jean.says(jean.printer().Euros(3_600_00))
		jean.look("23-payment")

		// + 3 600,00 received, of which 600,00 is VAT set aside; 300,00 of contribution were taken before; this
		// month and the next cost 981,00 each, and no pay has been booked.
		maelle.open(path("/a/%d/", webtest.Ceramique))
		maelle.look("24-account-paid")
		maelle.follow(`main a[href$="/why/cash"]`)
		maelle.look("25-why-cash")
		after := maelle.why("available")
		figures(t, "after the payment", after, map[string]money.Cents{"cash": 3_300_00, "vat": -600_00, "fixed": -2 * 981_00, "available": 738_00})
		if moved := after["cash"] - before["cash"]; moved != 3_600_00 {
			t.Errorf("the treasury moved by %s", moved)
		}
		for _, figure := range []string{"cash", "vat", "owed", "invoiced-year", "collected-year", "contribution-year", "result-year"} {
			maelle.why(figure)
		}
		maelle.open(path("/"))
		if answer := maelle.text("h1"); !strings.Contains(answer, strings.Join(strings.Fields(maelle.printer().WholeEuros(738_00)), " ")) {
			t.Errorf("the home says %q", answer)
		}
		maelle.look("26-home-paid")
		maelle.open(path("/a/%d/sales", webtest.Ceramique))
		maelle.look("27-sales")
		maelle.open(path("/a/%d/customers", webtest.Ceramique))
		maelle.look("28-customers")
		maelle.open(path("/customers/1"))
		maelle.look("29-customer")
		maelle.open(path("/a/%d/moves", webtest.Ceramique))
		maelle.look("30-moves")
		maelle.open("/me")
		maelle.look("31-me")
		h.clean(t)
		h.rounds(t, laptop)
	})
}

// address0 is the first address in a letter.
func address0(t *testing.T, text string) string {
	t.Helper()
	found := address.FindString(text)
	if found == "" {
		t.Fatalf("no address in the letter:\n%s", text)
	}
	return strings.TrimRight(found, ".,)»")
}

func figures(t *testing.T, when string, have, want map[string]money.Cents) {
	t.Helper()
	for figure, amount := range want {
		if have[figure] != amount {
			t.Errorf("%s: %s is %s, want %s (%v)", when, figure, have[figure], amount, have)
		}
	}
}

// clean checks the books: the store finds nothing to say, the FEC passes the strict test.
func (h *house) clean(t *testing.T) {
	t.Helper()
	found, err := h.DB.Verify(context.Background())
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
	accountant := h.Actor("irene")
	var file, side bytes.Buffer
	must(t, h.office.ExportFEC(t.Context(), accountant, storetest.Year2026, false, &file, &side))
	set, _, err := h.office.Settings(t.Context(), accountant)
	must(t, err)
	year, _ := set.Year(storetest.Year2026)
	sum, err := fec.Check(bytes.NewReader(file.Bytes()), fec.Options{Name: office.FECName(set, year)}, func(f fec.Finding) { t.Errorf("fec: %+v", f) })
	must(t, err)
	if !sum.Clean(true) {
		t.Errorf("fec: %+v", sum)
	}
}

// rounds is what those see of it who keep the books, lead and look after the house.
func (h *house) rounds(t *testing.T, d device) {
	for _, w := range []struct {
		who   string
		pages [][2]string
	}{
		{"irene", [][2]string{{"balance", "/books/balance"}, {"sections", "/books/activities"}, {"ledger", "/books/ledger"}, {"journal", "/books/journal"}, {"entry", "/books/entries/1"}, {"entry-new", "/books/entry/new"}, {"months", "/books/months"}, {"fec", "/books/fec"}}},
		{"nadia", [][2]string{{"activities", "/activities"}, {"people", "/people"}, {"rules", "/rules"}}},
		{"hugo", [][2]string{{"audit", "/audit"}}},
	} {
		p := h.device(t, w.who, d)
		p.signIn(w.who)
		for _, x := range w.pages {
			p.open(path("%s", x[1]))
			p.look("40-" + w.who + "-" + x[0])
		}
	}
}
