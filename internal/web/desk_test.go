package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/sale"
)

// What a reader typed leaves with the button that is pressed: the correction and the word are in the document that is
// validated, and in its history.
func TestValidatingCarriesWhatWasTyped(t *testing.T) {
	s := newStudio(t)
	jean, at := s.As("jean"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(at).Want(t, 200, "Théière unique", "120,00")
	f := p.Form("/amend", url.Values{"lines[0].price": {"100"}, "comment": {"J’ai mis le prix du devis."}, "line": {"1"}})
	jean.Follow(jean.Post(at+"/validate", f).WantTo(t, place+"/desk")).Want(t, 200, "Validée avec votre correction")
	sheet, err := s.Office.Document(t.Context(), s.as("maelle"), s.submitted.ID)
	s.must(err)
	if sheet.Doc.Number == "" || sheet.Doc.Totals.Gross != 120_00 {
		t.Errorf("issued %q at %v", sheet.Doc.Number, sheet.Doc.Totals.Gross)
	}
	s.As("maelle").Get(docPath(s.submitted)).Want(t, 200, "Ligne 1 corrigée", "120,00 €", "100,00 €", "J’ai mis le prix du devis.", "Validé")
	// A word alone goes too, and a field that nobody touched changes nothing.
	p = jean.Get(fmt.Sprintf("%s/desk/%d", place, s.submitted.ID))
	if strings.Contains(p.Body, `formaction`) {
		t.Error("what is validated may be validated again")
	}
}

// A word without a correction leaves no trace of mending; a field made empty is refused where it stands.
func TestValidatingWithAWord(t *testing.T) {
	s := newStudio(t)
	jean, at := s.As("jean"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(at)
	refused := jean.Post(at+"/validate", p.Form("/amend", url.Values{"lines[0].price": {""}, "comment": {"Très bien."}})).Want(t, 422, "Très bien.", "Il manque ce renseignement")
	if !strings.Contains(refused.Body, `id="mend" data-key="e" open`) {
		t.Error("the correction that was refused is folded away")
	}
	jean.Post(at+"/validate", refused.Form("/amend", url.Values{"lines[0].price": {"120"}})).WantTo(t, place+"/desk")
	s.As("maelle").Get(docPath(s.submitted)).Want(t, 200, "Très bien.", "Validé").Without(t, "corrigée")
}

// A correction typed before sending back is not lost either, and the author starts from it.
func TestSendingBackCarriesTheCorrection(t *testing.T) {
	s := newStudio(t)
	jean, at := s.As("jean"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(at)
	jean.Post(at+"/return", p.Form("/amend", url.Values{"lines[0].label": {"Théière bleue"}, "comment": {"Quelle taille ?"}, "line": {"1"}})).WantTo(t, place+"/desk")
	s.As("maelle").Get(docPath(s.submitted)+"/edit").Want(t, 200, "Théière bleue", "Quelle taille ?")
}

// Whoever comes second is told who did what; what they typed is shown, or stays in the fields while it can be used.
func TestDeskSecondReaderIsTold(t *testing.T) {
	s := newStudio(t)
	jean, nadia, at := s.As("jean"), s.As("nadia"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	first, second := jean.Get(at), nadia.Get(at)
	// Someone corrects meanwhile: the correction stands, what the second typed beside it stays in its field.
	jean.Post(at+"/amend", first.Form("/amend", url.Values{"lines[0].price": {"100"}})).WantTo(t, at)
	p := nadia.Post(at+"/validate", second.Form("/amend", url.Values{"lines[0].label": {"Théière verte"}})).Want(t, 409, "Jean Roux l’a corrigé pendant que vous le lisiez").Without(t, "Ce que vous aviez écrit")
	f := p.Fields("/amend")
	if f.Get("lines[0].label") != "Théière verte" || f.Get("lines[0].price") != "100" {
		t.Errorf("the fields hold %q at %q", f.Get("lines[0].label"), f.Get("lines[0].price"))
	}
	// Someone validates meanwhile: nothing was typed, one goes on; something was, it is shown beside the number.
	third := jean.Get(at)
	nadia.Post(at+"/validate", p.Form("/amend", nil)).WantTo(t, place+"/desk")
	sheet, err := s.Office.Document(t.Context(), s.as("nadia"), s.submitted.ID)
	s.must(err)
	if l := sheet.Doc.Content.Lines[0]; l.Label != "Théière verte" || sheet.Doc.Totals.Gross != 120_00 {
		t.Errorf("issued %q at %v", l.Label, sheet.Doc.Totals.Gross)
	}
	jean.Follow(jean.Post(at+"/validate", third.Form("/amend", nil)).WantTo(t, place+"/desk")).Want(t, 200, "Nadia", "l’a validé avant vous", sheet.Doc.Number)
	nadia.Follow(nadia.Post(at+"/validate", p.Form("/amend", nil)).Want(t, 303)).Want(t, 200, "Vous l’avez déjà validé", sheet.Doc.Number)
	lost := jean.Post(at+"/validate", third.Form("/amend", url.Values{"lines[0].price": {"90"}, "next": {place + "/desk/853"}})).Want(t, 409, "l’a validé avant vous", sheet.Doc.Number, "Ce que vous aviez écrit n’y est pas", "90,00")
	if strings.Contains(lost.Body, "desk/853") {
		t.Error("what the form carries for itself is shown as the reader's words")
	}
}

// The same reader who opened a document that someone else opened first has lost nothing.
func TestDeskOpenedByTwo(t *testing.T) {
	s := newStudio(t)
	jean, nadia, at := s.As("jean"), s.As("nadia"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(place + "/desk") // shown, not opened
	nadia.Get(at)
	jean.Post(at+"/validate", p.Form("/amend", nil)).WantTo(t, place+"/desk")
	sheet, err := s.Office.Document(t.Context(), s.as("jean"), s.submitted.ID)
	s.must(err)
	if sheet.Doc.Status != sale.Validated {
		t.Errorf("the document is %s", sheet.Doc.Status)
	}
}

// Who corrects sees the remark on the line it is about and answers with the same button; the reader sees the answer, and
// what was changed since.
func TestCorrectingAndAnswering(t *testing.T) {
	s := newStudio(t)
	jean, b, at := s.As("jean"), s.As("maelle"), fmt.Sprintf("%s/desk/%d", place, s.submitted.ID)
	p := jean.Get(at).Without(t, "depuis le renvoi")
	jean.Post(at+"/return", p.Form("/amend", url.Values{"comment": {"Quelle terre ?"}, "line": {"1"}})).WantTo(t, place+"/desk")
	edit := docPath(s.submitted) + "/edit"
	p = b.Get(edit).Want(t, 200, "Quelle terre ?", "Un mot pour Jean Roux")
	if line := p.Body[strings.Index(p.Body, `<fieldset class="ln" data-line="0">`):]; !strings.Contains(line[:strings.Index(line, "</fieldset>")], "Quelle terre ?") {
		t.Error("the remark does not stand on its line")
	}
	sent := url.Values{"lines[0].label": {"Théière unique en grès"}, "word": {"Du grès, je l’ai ajouté."}, "do": {"submit"}}
	b.Post(edit, p.Form("/edit", sent)).WantTo(t, docPath(s.submitted))
	p = jean.Get(at).Want(t, 200, "Ce que Maëlle Le Goff a changé depuis le renvoi", "Du grès, je l’ai ajouté.")
	if !strings.Contains(p.Body, "<del>Théière unique</del>") || !strings.Contains(p.Body, "<ins>Théière unique en grès</ins>") {
		t.Error("what was changed is not shown")
	}
	// Sent again from a page that came back: the same is harmless, what was changed since is shown with what to do.
	again := b.Get(docPath(s.submitted))
	b.Post(edit, url.Values{"key": {again.Fields("/comment").Get("key")}, "kind": {"invoice"}, "customer": {fmt.Sprint(s.submitted.Customer)}, "delivered": {"20/11/2026"}, "dueDays": {"30"}, "gross": {"0"},
		"lines[0].label": {"Théière unique en grès"}, "lines[0].quantity": {"1"}, "lines[0].price": {"2000"}, "lines[0].nature": {"service"}, "lines[0].tax": {"S20"}, "do": {"submit"}}).
		Want(t, 409, "Ce que vous aviez écrit n’y est pas", "2 000,00 €")
}

// The box of a new document is ticked when the customer has an address, and what is ticked is told to the author, to the
// reader and in the history; what nobody was asked is no.
func TestSendWhenValidatedOnTheForm(t *testing.T) {
	s := newStudio(t)
	b, to := s.As("maelle"), "/"+strings.TrimPrefix(salesPath(webtest.Ceramique), "/")+"/new"
	b.Get(to+"?kind=quote").Want(t, 200).Without(t, "L’envoyer au client")
	p := b.Get(fmt.Sprintf("%s?kind=invoice&customer=%d", to, s.company.ID)).Want(t, 200, "L’envoyer au client dès qu’elle est validée", "compta@brindille.example")
	f := p.Form("/new", url.Values{"lines[0].label": {"Grand plat"}, "lines[0].price": {"5000"}, "delivered": {"20/11/2026"}, "do": {"submit"}})
	if got := f["sendWhenValidated"]; fmt.Sprint(got) != "[0 1]" {
		t.Fatalf("the box holds %v", got)
	}
	made := b.Post(to, f).Want(t, 303)
	page := b.Follow(made).Want(t, 200, "Dès la validation, départ par courriel à compta@brindille.example.")
	jean, at := s.As("jean"), strings.Replace(page.Path, "/sales/", "/desk/", 1)
	p = jean.Get(at).Want(t, 200, "Part par courriel dès la validation.", "Pour compta@brindille.example.")
	jean.Follow(jean.Post(at+"/validate", p.Form("/amend", nil)).Want(t, 303)).Want(t, 200, "Départ par courriel")
	b.Get(page.Path).Want(t, 200, "Envoyé par courriel à compta@brindille.example, dès la validation", "envoyée")

	f.Set("lines[0].label", "Petit plat")
	f["sendWhenValidated"], f["key"] = []string{"0"}, []string{b.Get(to).Fields("/new").Get("key")}
	b.Follow(b.Post(to, f).Want(t, 303)).Want(t, 200).Without(t, "départ par courriel")
	delete(f, "sendWhenValidated")
	f.Set("lines[0].label", "Bol")
	f["key"] = []string{b.Get(to).Fields("/new").Get("key")}
	b.Follow(b.Post(to, f).Want(t, 303)).Want(t, 200).Without(t, "départ par courriel")
}

// Every way on from a document, a customer or a list opens for who is shown it.
func TestNoDeadEndAroundSales(t *testing.T) {
	s := newStudio(t)
	pages := map[string][]string{
		"jean":   {docPath(s.late), docPath(s.agreed), fmt.Sprintf("%s/customers/%d", place, s.company.ID), salesPath(webtest.Ceramique), strings.Replace(salesPath(webtest.Ceramique), "/sales", "/customers", 1)},
		"samira": {docPath(s.late), fmt.Sprintf("%s/customers/%d", place, s.company.ID), salesPath(webtest.Ceramique)},
		"irene":  {docPath(s.late), fmt.Sprintf("%s/customers/%d", place, s.company.ID), salesPath(webtest.Ceramique)},
		"nadia":  {docPath(s.late), fmt.Sprintf("%s/customers/%d", place, s.company.ID), salesPath(webtest.Ceramique)},
		"claire": {docPath(s.late), salesPath(webtest.Ceramique)},
	}
	for name, all := range pages {
		b := s.As(name)
		seen := map[string]bool{}
		for _, at := range all {
			p := b.Get(at)
			if p.Status != 200 {
				t.Errorf("%s: %s answers %d", name, at, p.Status)
				continue
			}
			for _, to := range leadsTo(p.Body) {
				to, _, _ = strings.Cut(to, "#")
				if !strings.HasPrefix(to, place+"/") || seen[to] {
					continue
				}
				seen[to] = true
				if got := b.Get(to); got.Status == 404 || got.Status == 403 {
					t.Errorf("%s: %s leads to %s, which answers %d", name, at, to, got.Status)
				}
			}
		}
	}
}

// « Me doit » is the entrepreneur's word; the team says « nous ».
func TestCustomerOwesWhom(t *testing.T) {
	s := newStudio(t)
	at := fmt.Sprintf("%s/customers/%d", place, s.company.ID)
	s.As("maelle").Get(at).Want(t, 200, "Me doit")
	s.As("jean").Get(at).Want(t, 200, "Nous doit").Without(t, "Me doit")
}

// What cannot be read is told by the draft that saves itself beside its field, under the number that its line has in the
// page, and no total is told of it.
func TestAutosaveTellsTheField(t *testing.T) {
	s := newStudio(t)
	b, edit := s.As("maelle"), docPath(s.draft)+"/edit"
	f := b.Get(edit).Form("/edit", url.Values{"lines[4].label": {"Bol"}, "lines[4].price": {"douze"}})
	b.Send(edit, f, "X-Autosave", "1").Want(t, 422, `"name":"lines[4].price"`, "Ce n’est pas un nombre")
	live := b.Post(strings.TrimSuffix(salesPath(webtest.Ceramique), "/")+"/preview", f).Want(t, 200)
	sums := live.Body[strings.Index(live.Body, `data-live="sums"`):]
	if sums = sums[:strings.Index(sums, "</dl>")]; !strings.Contains(sums, `strong">…<`) {
		t.Errorf("the total is told: %s", sums)
	}
}
