package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

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
