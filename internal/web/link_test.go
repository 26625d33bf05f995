package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// quote makes a quote of Maëlle's, sent for signature, and returns its address.
func quote(t *testing.T, h *webtest.House) string {
	t.Helper()
	return quoteOf(t, h, "k1", sale.Line{Label: "Atelier modelage,\n3 demi-journées <b>", Nature: "service", Quantity: 3 * money.Unit, Price: money.Cents(319_44).Micro(), Tax: "S20"})
}

func quoteOf(t *testing.T, h *webtest.House, key string, lines ...sale.Line) string {
	t.Helper()
	ctx := t.Context()
	maelle := h.Actor("maelle")
	customer, err := h.Office.SaveCustomer(ctx, maelle, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Company, Name: "Brindille d’Orge", SIREN: "732829320", Email: "compta@brindille.example",
		Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.Office.SaveDraft(ctx, maelle, sale.Document{Kind: sale.Quote, Activity: webtest.Ceramique, Customer: customer.ID, Content: sale.Content{
		Title: "Ateliers d’automne", DueDays: 30, ValidUntil: storetest.Today + 30,
		Lines: lines,
	}}, key)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = h.Office.Submit(ctx, maelle, d.ID, 0); err != nil {
		t.Fatal(err)
	}
	link, err := h.Office.Link(ctx, maelle, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(link, h.URL)
}

// signedQuote is the id of the quote of [quote].
func signedQuote(t *testing.T, h *webtest.House) int64 {
	t.Helper()
	rows, _, err := h.Office.Sales(t.Context(), h.Actor("maelle"), store.SaleFilter{Activity: webtest.Ceramique, Kind: sale.Quote, Limit: 1})
	if err != nil || len(rows) != 1 {
		t.Fatal(err, rows)
	}
	return rows[0].ID
}

// What is signed is the price that stood on the page: without the script the new total is shown before it is agreed to, with it the
// price follows what is ticked.
func TestNobodySignsAPriceUnseen(t *testing.T) {
	h := webtest.Start(t)
	line := func(label, option, variant string, price money.Cents) sale.Line {
		return sale.Line{Label: label, Nature: "service", Quantity: money.Unit, Price: price.Micro(), Tax: "S20", Option: option, Variant: variant}
	}
	lines := []sale.Line{line("Pose", "", "", 1000_00), line("Vernis", "Vernis", "", 100_00), line("Grès", "Grès", "Terre", 200_00), line("Porcelaine", "Porcelaine", "Terre", 300_00)}
	link, other := quoteOf(t, h, "k1", lines...), quoteOf(t, h, "k2", lines...)
	b := h.Visitor()
	page := b.Get(link).Want(t, 200, "Total TTC de votre choix 1 440,00 €")
	taken := url.Values{"option": {"Vernis"}, "variant[0].name": {"Porcelaine"}, "name": {"Odile Martin"}, "agree": {"Bon pour accord"}}
	told := b.Post(link, page.Form("#accord", taken)).Want(t, 422, "Votre choix change le total : 1 680,00 €", "Total TTC de votre choix 1 680,00 €", "Accepter ce devis")
	taken.Del("variant[0].name")
	taken.Del("option")
	forged := told.Form("#accord", taken)
	forged.Del("total")
	b.Post(link, forged).Want(t, 422, "1 680,00 €")
	b.Post(link, told.Form("#accord", taken)).WantTo(t, link)
	b.Get(link).Want(t, 200, "le devis est accepté", "1 680,00 €")

	c := h.Chrome(t)
	c.Size(390, 844)
	c.Open(other)
	total := `document.querySelector('dd.amt.strong').textContent.replace(/\s/g, ' ')`
	c.Eval(`document.querySelector('[name="variant[0].name"][value=Porcelaine]').click()`)
	c.Until(total + ` === '€1,560.00'`)
	c.Eval(`document.querySelector('[name=option]').click()`)
	c.Until(total + ` === '€1,680.00' && document.querySelector('h1 .mark').textContent.replace(/\s/g, ' ') === '€1,680.00' && document.querySelector('[data-count]').hidden`)
	c.Eval(`document.querySelector('#f-name').value = 'Odile Martin', document.querySelector('#f-agree').value = 'read and agreed', document.querySelector('[value=sign]').click()`)
	c.Until(`document.querySelector('h1').textContent.includes('accepted')`)
}

func TestCustomerSignsAQuote(t *testing.T) {
	h := webtest.Start(t)
	link := quote(t, h)
	b := h.Visitor()
	page := b.Get(link).Want(t, 200, "Envoyé par Trame & Sillon", "Maëlle céramique vous propose ce devis de", "1 149,98 €", "Brindille d’Orge", "Accepter ce devis", "Atelier modelage, 3 demi-journées <b>")
	if page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the secret address: %v", page.Header)
	}
	for typed, words := range map[string]string{"": "Il manque ce renseignement.", "oui": "Recopier exactement « Bon pour accord ».", "bon pour": "Recopier exactement"} {
		p := b.Post(link, page.Form("#accord", url.Values{"name": {"Odile Martin"}, "agree": {typed}})).Want(t, 422, words)
		if !strings.Contains(p.Body, `value="Odile Martin"`) {
			t.Error("the name typed is lost")
		}
	}
	b.Post(link, page.Form("#accord", url.Values{"name": {"O"}, "agree": {"bon pour accord"}})).Want(t, 422)
	b.Get(link).Want(t, 200, "Accepter ce devis")
	for range 2 { // a double click signs once
		b.Post(link, page.Form("#accord", url.Values{"name": {"Odile Martin"}, "agree": {" bon  pour ACCORD."}})).WantTo(t, link)
	}
	b.Get(link).Want(t, 200, "Merci, le devis est accepté", "Accepté par Odile Martin.", "22 nov. 2026 à 11 h 00").Without(t, "Accepter ce devis", "Signer")
	// One clock on the page and on the paper; the signed file is the customer's to keep, and goes by mail, once.
	p := b.Get(link).Want(t, 200, "Accepté par Odile Martin le 22 nov. 2026 à 11 h 00, sur la page du devis", "Télécharger le devis signé").Without(t, "UTC")
	if file := b.Get(link + "/pdf"); file.Status != 200 || !strings.HasPrefix(file.Body, "%PDF-") || !strings.Contains(file.Header.Get("Content-Disposition"), "D-2026-0001.pdf") || !strings.Contains(p.Body, `href="`+link+`/pdf"`) {
		t.Errorf("%d %v", file.Status, file.Header)
	}
	b.Get("/trame-et-sillon/d/nothing/pdf").Want(t, 404)
	b.Get("/autre-rive/d/"+link[strings.LastIndexByte(link, '/')+1:]+"/pdf").Want(t, 404)
	var mails []store.Mail
	if err := h.DB.Read(t.Context(), h.Coop.ID, func(tx *store.Tx) (err error) { mails, err = tx.Mails(signedQuote(t, h)); return err }); err != nil || len(mails) != 1 {
		t.Fatalf("%+v %v", mails, err)
	}
	if m := mails[0]; m.Recipient != "compta@brindille.example" || !strings.HasPrefix(m.Subject, "Devis D-2026-0001 signé") {
		t.Errorf("%+v", m)
	}
	b.Lang = "en"
	b.Get(link).Want(t, 200, "Thank you, the quote is accepted")
	b.Get("/autre-rive/d/"+link[strings.LastIndexByte(link, '/')+1:]).Want(t, 404)
	b.Get("/trame-et-sillon/d/nothing").Want(t, 404)
}

func TestAQuoteExpires(t *testing.T) {
	h := webtest.Start(t)
	link := quote(t, h)
	b := h.Visitor()
	page := b.Get(link)
	h.Pass(31 * 24 * time.Hour)
	b.Post(link, page.Form("#accord", url.Values{"name": {"Odile Martin"}, "agree": {"Bon pour accord"}})).Want(t, 409, "Cette offre était valable jusqu’au 22 déc. 2026")
	b.Get(link).Want(t, 200, "Ce devis n’est plus valable depuis le 22 déc. 2026", "Demander à Maëlle céramique de le renouveler.").Without(t, "Signer")
}
