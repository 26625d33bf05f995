package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

func newPath(kind string) string { return salesPath(webtest.Ceramique) + "/new?kind=" + kind }

// typed is the form of a page with what a person types, sent by one of its buttons.
func typed(p *webtest.Page, do string, change url.Values) url.Values {
	v := p.Form("sales/", change)
	v.Set("do", do)
	return v
}

// documents are those of the activity, the newest first.
func (s *studio) documents(kind sale.Kind) []store.SaleRow {
	s.t.Helper()
	rows, _, err := s.Office.Sales(s.t.Context(), s.as("maelle"), store.SaleFilter{Activity: webtest.Ceramique, Kind: kind})
	s.must(err)
	return rows
}

// The form says beforehand whether the document will be read, by whom and how fast, and which day it will bear.
func TestSaleFormSaysWhatFollows(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	b.Get(newPath("invoice")).Want(t, 200, "Nouvelle facture", "Client", "Quoi", "Prix HT", "Fait ou livré le", "Samira relit avant l’envoi.", "C’est la 4e facture sur 5", "Réponse sous 2 jours ouvrés.", "Elle portera la date du jour où elle sera validée.", "Envoyer à la relecture", "Ce que recevra le client")
	b.Get(newPath("quote")).Want(t, 200, "Nouveau devis", "Le devis part sans relecture.", "Valider le devis", "Valable jusqu’au")
	s.As("malo").Get(fmt.Sprintf("%s/new?kind=invoice", salesPath(webtest.Paysage))).Want(t, 200, "Pendant le CAPE, l’équipe relit chaque facture")
	s.As("jean").Get(newPath("invoice")).Want(t, 403)
	s.As("malo").Get(newPath("invoice")).Want(t, 404)
	// An advisor writes for a person; sending stays with the person.
	s.As("samira").Get(newPath("invoice")).Want(t, 200, "L’envoi reste à la personne.").Without(t, "Envoyer à la relecture")
	b.Get(newPath("credit")).Want(t, 409, "partir de la facture")
}

// Without a script the buttons add a line, take it out, and count; nothing is saved by them.
func TestSaleFormWithoutScript(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	before := len(s.documents(""))
	p := b.Get(newPath("invoice"))
	to := salesPath(webtest.Ceramique) + "/new"
	p = b.Post(to, typed(p, "add", url.Values{"lines[0].label": {"Bol"}, "lines[0].price": {"35"}, "lines[0].quantity": {"3"}, "gross": {"1"}})).Want(t, 200, "105,00 € en tout.", "À payer par le client 105,00 €")
	if n := strings.Count(p.Body, `name="lines[1].label"`); n != 1 {
		t.Fatalf("%d second lines", n)
	}
	p = b.Post(to, typed(p, "count", url.Values{"lines[1].label": {"Port"}, "lines[1].price": {"9,99"}, "lines[1].quantity": {"1"}})).Want(t, 200, "Total HT", "Port", "114,99 €")
	p = b.Post(to, typed(p, "drop0", nil)).Want(t, 200, "9,99 €", "TVA 20 %, comptée dans le prix : 1,67 €.").Without(t, "105,00")
	b.Post(to, typed(p, "count", url.Values{"lines[0].price": {"neuf"}})).Want(t, 200) // still typing: no refusal yet
	if got := len(s.documents("")); got != before {
		t.Errorf("%d documents were saved by counting", got-before)
	}
}

// What is missing is told beside its field, all at once, and what was typed stays.
func TestSaleFormRefusals(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(newPath("invoice"))
	to := salesPath(webtest.Ceramique) + "/new"
	b.Post(to, typed(p, "submit", url.Values{"lines[0].label": {"Bols & théières"}, "lines[0].price": {"mille"}, "delivered": {"31/11"}})).Want(t, 422, "2 choses à revoir", "Ce n’est pas un nombre", "Ce jour n’existe pas", "Bols & théières")
	q := b.Post(to, typed(p, "submit", url.Values{"lines[0].label": {"Bols"}, "lines[0].price": {"1000"}, "delivered": {""}})).Want(t, 422, "Il manque le client.", "Il manque la date : quand est-ce fait ou livré ?", "Facture en brouillon")
	if len(s.documents(sale.Invoice)) != 7 { // the draft is kept all the same
		t.Errorf("%d invoices", len(s.documents(sale.Invoice)))
	}
	edit := place + "/sales/" + q.Fields("/edit").Get("id") + "/edit"
	q = b.Post(edit, typed(q, "submit", url.Values{"customerName": {"commune"}, "delivered": {"20/11"}})).Want(t, 422, "exige un numéro d’engagement", "Jeanne Roy", "Ce que demande l’acheteur public", "exigé")
	b.Post(edit, typed(q, "submit", url.Values{"commitment": {"E-17"}})).WantTo(t, strings.TrimSuffix(edit, "/edit"))
	b.Get(strings.TrimSuffix(edit, "/edit")).Want(t, 200, "En relecture", "Commune de Valmorence", "E-17")
}

// What cannot be read does not cost the rest: the draft keeps it, the unreadable field as it was, and the page says which of the two it shows.
func TestSaleFormKeepsWhatItCanRead(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := salesPath(webtest.Ceramique) + "/new"
	fill := url.Values{"lines[0].label": {"Deux bols"}, "lines[0].price": {"12,0,0"}}
	for _, shape := range []string{salesPath(webtest.Ceramique) + "/quick", newPath("invoice"), newPath("quote")} {
		p := b.Post(to, typed(b.Get(shape), "submit", fill)).Want(t, 422, "Enregistré, sauf ce qui est signalé", "Ce n’est pas un nombre").Without(t, "Brouillon enregistré")
		edit := place + "/sales/" + p.Fields("/edit").Get("id") + "/edit"
		b.Get(edit).Want(t, 200, "Deux bols", "Brouillon enregistré")
		r := b.Post(edit, typed(p, "save", url.Values{"lines[0].price": {"12"}})).Want(t, 303)
		p = b.Post(edit, typed(b.Get(r.Location), "save", url.Values{"lines[0].label": {"Trois bols"}, "lines[0].price": {"12,0,0"}})).Want(t, 422, "Enregistré, sauf ce qui est signalé")
		if got := p.Form("/edit", nil).Get("lines[0].price"); got != "12,0,0" {
			t.Errorf("%s: the page shows %q", shape, got)
		}
		q := b.Get(edit).Want(t, 200, "Trois bols")
		if got := q.Form("/edit", nil).Get("lines[0].price"); got != "12" && got != "12,00" {
			t.Errorf("%s: the draft holds %q", shape, got)
		}
	}
	before := len(s.documents(""))
	if blank := b.Get(newPath("invoice")).Body; strings.Contains(blank, "Ligne 0") || !strings.Contains(blank, "Ligne __m__") {
		t.Error("the line that the script adds has no place of its own")
	}
	b.Post(to, typed(b.Get(newPath("invoice")), "save", url.Values{"lines[0].price": {"12,0,0"}})).Want(t, 422, "Pas encore enregistré")
	if got := len(s.documents("")); got != before {
		t.Errorf("%d drafts of nothing", got-before)
	}
}

// A customer is found by name; a name that is several people's, or no one's, is asked about.
func TestSaleFormFindsTheCustomer(t *testing.T) {
	s := newStudio(t)
	s.customer(sale.Customer{Kind: sale.Consumer, FirstName: "Odile", Name: "Marchand"})
	b := s.As("maelle")
	to := salesPath(webtest.Ceramique) + "/new"
	p := b.Get(newPath("quote"))
	line := url.Values{"lines[0].label": {"Bols"}, "lines[0].price": {"10"}}
	with := func(name string) url.Values {
		v := url.Values{"customerName": {name}}
		maps.Copy(v, line)
		return v
	}
	b.Post(to, typed(p, "save", with("Personne"))).Want(t, 422, "« Personne » n’est pas encore client")
	q := b.Post(to, typed(p, "save", with("odile"))).Want(t, 422, "Plusieurs clients répondent à « odile »", "Odile Martin", "Odile Marchand")
	b.Post(to, typed(q, "save", url.Values{"customer": {fmt.Sprint(s.odile.ID)}})).Want(t, 303)
	if d := s.documents(sale.Quote)[0]; d.Customer != s.odile.ID {
		t.Errorf("the quote is for %d", d.Customer)
	}
	b.Post(to, typed(b.Get(newPath("quote")), "save", with("  brindille   d’orge "))).Want(t, 303)
	if d := s.documents(sale.Quote)[0]; d.Customer != s.company.ID {
		t.Errorf("the quote is for %d", d.Customer)
	}
	// The customer of another activity is no one here.
	other := url.Values{"customer": {fmt.Sprint(s.company.ID)}, "customerName": {"Brindille d’Orge"}, "lines[0].label": {"x"}, "lines[0].price": {"1"}}
	malo := s.As("malo")
	m := malo.Get(salesPath(webtest.Paysage) + "/new?kind=quote")
	malo.Post(salesPath(webtest.Paysage)+"/new", typed(m, "save", other)).Want(t, 422, "n’est pas encore client")
	part := partOf(s, b, fmt.Sprintf("%s/a/%d/customers/suggest?q=ODIL", place, webtest.Ceramique)).Body.String()
	if !strings.Contains(part, "Odile Martin") || strings.Contains(part, "<html") {
		t.Error(part)
	}
}

// previewOf asks what follows from a form as typed.
func (s *studio) previewOf(b *webtest.Browser, form url.Values) string {
	s.t.Helper()
	return b.Send(salesPath(webtest.Ceramique)+"/preview", form, "HX-Request", "true").Want(s.t, 200).Body
}

// What follows from the customer and from the nature of a line follows at once, in the answer that the form asks for.
func TestChoicesFollowCustomerAndNature(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	page := b.Get(newPath("invoice"))
	ask := func(change url.Values) string {
		v := typed(page, "", change)
		v.Del("do")
		return s.previewOf(b, v)
	}
	says := func(part string, want ...string) {
		t.Helper()
		for _, w := range want {
			if without, ok := strings.CutPrefix(w, "!"); ok == strings.Contains(part, strings.TrimPrefix(w, "!")) {
				t.Errorf("%s: %q in %s", map[bool]string{true: "too much", false: "missing"}[ok], without, part)
			}
		}
	}
	bowls := url.Values{"lines[0].label": {"Bols"}, "lines[0].price": {"42"}, "lines[0].nature": {"service"}, "lines[0].tax": {"S20"}}
	says(ask(bowls), `data-live="price" data-sign="€">Prix HT<`, "S20", "EUS", "!EUG", "!G20")
	// A consumer's document is typed TTC, until one says otherwise.
	bowls.Set("customerName", "Odile Martin")
	says(ask(bowls), `data-live="price" data-sign="€">Prix TTC<`, "Particulier, prix TTC", "XEDU", "!EUS", `name="mode" value="1"`)
	bowls.Set("mode", "")
	says(ask(bowls), `data-live="price" data-sign="€">Prix HT<`)
	bowls.Del("mode")
	bowls.Set("gross", "1")
	bowls.Set("customerName", "Brindille d’Orge") // a company, and TTC chosen by hand: it stays
	says(ask(bowls), `data-live="price" data-sign="€">Prix TTC<`, "!EUS", "!XEDU")
	bowls.Del("gross")
	// The nature of the line.
	bowls.Set("lines[0].nature", "goods")
	says(ask(bowls), `value="G20" selected`, "!S20", "!XMED", "!EUS")
	// A company of the Union: the rate follows, and one that somebody chose since is told of.
	berlin, err := s.Office.SaveCustomer(t.Context(), s.as("maelle"), sale.Customer{Activity: webtest.Ceramique, Kind: sale.EUCompany, Name: "Berlin GmbH", VATNumber: "DE811907980", Address: coop.Address{Line1: "Weg 1", City: "Berlin", Country: "DE"}}, "")
	s.must(err)
	bowls.Set("customerName", "Berlin GmbH")
	bowls.Set("lines[0].nature", "service")
	says(ask(bowls), `value="EUS" selected`, "!EUG", "!EXS", "!a un numéro de TVA dans l’Union")
	bowls.Set("taxFor", strconv.FormatInt(berlin.ID, 10))
	says(ask(bowls), "Berlin GmbH a un numéro de TVA dans l’Union", `value="S20" selected`, "EUS", "!EUG", "!EXS")
	bowls.Set("lines[0].tax", "EUS")
	says(ask(bowls), `value="EUS" selected`, "!a un numéro de TVA dans l’Union")
	bowls.Set("lines[0].nature", "goods")
	says(ask(bowls), `value="EUG" selected`, "!EUS")
	// A line just added has its choices and its sentence, in the mode of the document.
	bowls.Set("lines[1].label", "")
	bowls.Set("lines[1].nature", "service")
	bowls.Set("lines[1].tax", "S20")
	says(ask(bowls), `data-taxes="1"`, `data-live="line1"`)
	// Without a script: the refusal names what is right.
	form := typed(page, "submit", url.Values{"customerName": {"Berlin GmbH"}, "lines[0].label": {"Rat"}, "lines[0].price": {"42"}, "lines[0].nature": {"service"}, "lines[0].tax": {"EXS"}, "delivered": {"20/11/2026"}})
	b.Post(salesPath(webtest.Ceramique)+"/new", form).Want(t, 422, "Cette TVA vaut pour un client hors de l’Union", "Pour cette ligne et ce client : TVA 20 %")
	// What the customer lacks stays in sight, with the way to mend it, while one goes on typing.
	lacking := typed(page, "", url.Values{"customerName": {"Odile Martin"}, "lines[0].label": {"Bols"}, "lines[0].price": {"42"}, "lacking": {"1"}})
	d := sale.Customer{Activity: webtest.Ceramique, Kind: sale.Consumer, Name: "Sans Adresse"}
	_, err = s.Office.SaveCustomer(t.Context(), s.as("maelle"), d, "")
	s.must(err)
	says(s.previewOf(b, lacking), "!Compléter la fiche")
	lacking.Set("customerName", "Sans Adresse")
	says(s.previewOf(b, lacking), "Il manque l’adresse de Sans Adresse", "Compléter la fiche du client", `name="lacking"`)
	// Nor may a document say what its file cannot write.
	form = typed(page, "submit", url.Values{"customerName": {"Brindille d’Orge"}, "lines[0].label": {"Bol 金継ぎ 🎨"}, "lines[0].price": {"42"}, "delivered": {"20/11/2026"}})
	b.Post(salesPath(webtest.Ceramique)+"/new", form).Want(t, 422, "Un document ne peut pas écrire 金 継 ぎ 🎨")
}

// The same form sent twice is one document; saved by itself while it is sent, too.
func TestSaleFormTwice(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	to := salesPath(webtest.Ceramique) + "/new"
	p := b.Get(newPath("invoice"))
	form := typed(p, "submit", url.Values{"customerName": {"Odile Martin"}, "lines[0].label": {"Bols"}, "lines[0].price": {"50"}, "delivered": {"20/11/2026"}})
	before := len(s.documents(sale.Invoice))
	first := b.Post(to, form).Want(t, 303)
	second := b.Post(to, form).Want(t, 303)
	if first.Location != second.Location || len(s.documents(sale.Invoice)) != before+1 {
		t.Errorf("%s then %s, %d invoices more", first.Location, second.Location, len(s.documents(sale.Invoice))-before)
	}
	b.Post(first.Location+"/edit", form).WantTo(t, first.Location) // the second click of a page that had saved itself

	p = b.Get(newPath("invoice"))
	auto := p.Form("sales/new", url.Values{"lines[0].label": {"Vas"}, "lines[0].price": {"1"}})
	saved := b.Send(to, auto, "X-Autosave", "1").Want(t, 200)
	var said map[string]string
	if err := json.Unmarshal([]byte(saved.Body), &said); err != nil || !strings.Contains(said["saved"], "Brouillon enregistré à 9") || said["version"] == "0" {
		t.Fatalf("%v: %s", err, saved.Body)
	}
	form = typed(p, "submit", url.Values{"customerName": {"Odile Martin"}, "lines[0].label": {"Vase"}, "lines[0].price": {"60"}, "delivered": {"20/11/2026"}})
	sent := b.Post(to, form).Want(t, 303)
	if sent.Location+"/edit" != said["action"] || len(s.documents(sale.Invoice)) != before+2 {
		t.Errorf("saved at %s, sent at %s", said["action"], sent.Location)
	}
	if d := s.documents(sale.Invoice)[0]; d.Title != "Vase" || d.Gross != 72_00 {
		t.Errorf("what was sent is %q, %s", d.Title, d.Gross)
	}
	// A page that saved itself as it was closed brings the same words under the version it knew: no conflict, no change.
	p = b.Get(newPath("invoice"))
	auto = p.Form("sales/new", url.Values{"lines[0].label": {"Jarre"}, "lines[0].price": {"12,5"}})
	if err := json.Unmarshal([]byte(b.Send(to, auto, "X-Autosave", "1").Want(t, 200).Body), &said); err != nil {
		t.Fatal(err)
	}
	known := said["version"]
	auto.Set("lines[0].label", "Jarre haute")
	auto.Set("version", known)
	for range 2 {
		if err := json.Unmarshal([]byte(b.Send(said["action"], auto, "X-Autosave", "1").Want(t, 200).Body), &said); err != nil || said["version"] == known {
			t.Fatalf("%v: version %s after %s", err, said["version"], known)
		}
	}
	last := said["version"]
	auto.Set("lines[0].label", "Autre chose")
	b.Send(said["action"], auto, "X-Autosave", "1").Want(t, 409)
	if d := s.documents(sale.Invoice)[0]; d.Title != "Jarre haute" || strconv.FormatInt(d.Version, 10) != last {
		t.Errorf("%q in version %d, want %s", d.Title, d.Version, last)
	}
	// What cannot be read yet is not saved, and says so.
	p = b.Get(newPath("invoice"))
	b.Send(to, p.Form("sales/new", url.Values{"lines[0].label": {"x"}, "lines[0].price": {"12,"}, "delivered": {"3"}}), "X-Autosave", "1").Want(t, 422)
}

// Two windows on one draft: the second is told, keeps what it wrote, and may then save it.
func TestSaleFormConflict(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	edit := fmt.Sprintf("%s/sales/%d/edit", place, s.draft.ID)
	first, second := b.Get(edit), b.Get(edit)
	b.Post(edit, typed(first, "save", url.Values{"lines[0].label": {"Bols bleus"}})).WantTo(t, edit)
	told := b.Post(edit, typed(second, "save", url.Values{"lines[0].label": {"Bols verts"}})).Want(t, 409, "Ce document a changé dans une autre fenêtre.", "Bols verts", "Voir plutôt l’autre version")
	b.Get(edit).Want(t, 200, "Bols bleus")
	b.Post(edit, typed(told, "save", nil)).WantTo(t, edit)
	b.Get(edit).Want(t, 200, "Bols verts")
}

// Prices typed with the tax within come out to the cent: 9.99 at 20 % is 8.32 and 1.67.
func TestSaleFormTaxWithin(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(newPath("quote"))
	form := typed(p, "submit", url.Values{"customerName": {"Odile Martin"}, "gross": {"1"}, "lines[0].label": {"Bol"}, "lines[0].quantity": {"1"}, "lines[0].price": {"9,99"}, "lines[0].nature": {"made"}})
	form = typed(b.Post(salesPath(webtest.Ceramique)+"/new", form).Want(t, 422, "Dire où le devis est signé"), "submit", url.Values{"place": {"shop"}})
	to := b.Post(salesPath(webtest.Ceramique)+"/new", form).Want(t, 303)
	b.Get(to.Location).Want(t, 200, "Devis D-2026-0002", "8,32 €", "1,67 €", "9,99 €")
	d := s.documents(sale.Quote)[0]
	if d.Net != 8_32 || d.VAT != 1_67 || d.Gross != 9_99 {
		t.Errorf("%s + %s = %s", d.Net, d.VAT, d.Gross)
	}
}

// What follows from what is typed comes back while it is typed, and nothing of it is saved.
func TestSalePreview(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	before := len(s.documents(""))
	p := b.Get(newPath("invoice"))
	form := p.Form("sales/new", url.Values{"customerName": {"Commune de Valmorence"}, "lines[3].label": {"<b>Atelier</b>"}, "lines[3].price": {"1 234,5"}, "lines[3].quantity": {"2"}, "lines[3].tax": {"S20"}, "lines[3].nature": {"service"}, "paper": {"1"}})
	got := b.Send(salesPath(webtest.Ceramique)+"/preview", form, "HX-Request", "true").Want(t, 200, "Commune de Valmorence", "2 962,80 €", "Numéro d’engagement", "2 469,00 € en tout.")
	for _, want := range []string{`data-live="paper"`, `data-live="sums"`, `data-live="read"`, `data-live="line3"`, "&lt;b&gt;Atelier"} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("the answer lacks %s:\n%s", want, got.Body)
		}
	}
	if strings.Contains(got.Body, "<html") || len(s.documents("")) != before {
		t.Error("a preview is a part of a page, and saves nothing")
	}
	s.As("malo").Send(salesPath(webtest.Ceramique)+"/preview", form, "HX-Request", "true").Want(t, 404)
}

// A credit note starts from its invoice, whole; it says why, and never takes more than the invoice holds.
func TestCreditNoteForm(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	at := fmt.Sprintf("%s&invoice=%d", newPath("credit"), s.owed.ID)
	p := b.Get(at).Want(t, 200, "Nouvel avoir", "Sur la facture F-2026-0003", "Brindille d’Orge", "Rendu au client 480,00 €", "Pourquoi cet avoir ?")
	to := salesPath(webtest.Ceramique) + "/new"
	b.Post(to, typed(p, "submit", nil)).Want(t, 422, "Il manque le motif")
	b.Post(to, typed(p, "submit", url.Values{"reason": {"Assiettes fêlées"}, "lines[0].price": {"401"}})).Want(t, 422, "Il reste 400,00 €")
	p = b.Get(at)
	done := b.Post(to, typed(p, "submit", url.Values{"reason": {"Assiettes fêlées"}, "lines[0].price": {"100"}})).Want(t, 303)
	b.Get(done.Location).Want(t, 200, "Avoir A-2026-0001", "Motif de l’avoir : Assiettes fêlées", "120,00 €", "Facture F-2026-0003")
	b.Get(fmt.Sprintf("%s/sales/%d", place, s.owed.ID)).Want(t, 200, "Avoir A-2026-0001", "Reste à payer 360,00 €")
}

// An invoice starts from an agreed quote with its lines; the day is still asked for.
func TestInvoiceFromQuote(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	p := b.Get(fmt.Sprintf("%s&quote=%d", newPath("invoice"), s.agreed.ID)).Want(t, 200, "Atelier modelage", "Brindille d’Orge", "1 380,00 €")
	done := b.Post(salesPath(webtest.Ceramique)+"/new", typed(p, "submit", url.Values{"delivered": {"21/11/2026"}})).Want(t, 303)
	b.Get(done.Location).Want(t, 200, "Devis D-2026-0001", "d’où il vient")
	b.Get(place+"/").Without(t, "Un devis accepté")
	b.Get(fmt.Sprintf("%s&quote=%d", newPath("invoice"), s.late.ID)).Want(t, 200) // a copy of an invoice
	b.Get(newPath("invoice")+"&quote=999999").Want(t, 404)
	b.Get(newPath("invoice")+"&quote=x").Want(t, 404)
}
