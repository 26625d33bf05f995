package web_test

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// « Tout valider sauf… »: the ticked ones take their numbers behind, the unticked one stays, and the one that cannot go says
// why on the page of the run; sent twice, nothing is validated twice.
func TestDeskBulk(t *testing.T) {
	w := newWalk(t)
	kept, broken, fine := w.waits, w.newWaiting(), w.newWaiting()
	jean := w.As("jean")
	at := place + "/desk/bulk"
	p := jean.Get(at).Want(t, 200, "Tout valider sauf", "Valider ce qui est coché")
	f := p.Fields("/desk/bulk")
	f["ok"] = []string{strconv.FormatInt(broken, 10), strconv.FormatInt(fine, 10)}
	// Someone mends one of them meanwhile: who ticked it has not read that.
	c := w.written(sale.Invoice).Content
	c.Lines[0].Label = "Assiettes creuses"
	_, err := w.Office.Amend(t.Context(), w.Actor("nadia"), broken, 0, c)
	w.must(err)
	run := jean.Post(at, f).Location
	w.must(w.Office.Drain(t.Context()))
	jean.Get(run).Want(t, 200, "2 sur 2", "1 fait", "a changé", "Réessayer")
	state := func(id int64) (sale.Status, string) {
		sheet, err := w.Office.Document(t.Context(), w.Actor("nadia"), id)
		w.must(err)
		return sheet.Doc.Status, sheet.Doc.Number
	}
	_, number := state(fine)
	if s, n := state(kept); s != sale.Submitted || n != "" || number == "" {
		t.Errorf("kept is %s %q, the other %q", s, n, number)
	}
	jean.Post(at, f).WantTo(t, run)
	if _, n := state(fine); n != number {
		t.Errorf("the second click gave %s after %s", n, number)
	}
	f = jean.Get(at).Fields("/desk/bulk")
	none := maps.Clone(f)
	none.Del("ok")
	jean.Follow(jean.Post(at, none)).Want(t, 200, "Rien n’était coché")
	run = jean.Post(at, f).Location
	w.must(w.Office.Drain(t.Context()))
	jean.Get(run).Want(t, 200, "2 sur 2", "Rien n’a été refusé")
	jean.Get(place+"/desk").Want(t, 200, "Aucune relecture en attente")
	// Whatever numbers are asked for, nobody learns whose document it is.
	other, err := w.Office.SaveDraft(t.Context(), w.Actor("anatole"), sale.Document{Kind: sale.Invoice, Activity: webtest.Vitraux, Content: w.written(sale.Invoice).Content}, "")
	w.must(err)
	hidden, err := w.Office.ValidateAll(t.Context(), w.Actor("samira"), []office.Read{{Sale: other.ID}}, "")
	w.must(err)
	w.must(w.Office.Drain(t.Context()))
	if v, err := w.Office.Run(t.Context(), w.Actor("samira"), hidden.ID); err != nil || len(v.Refused) != 1 || v.Refused[0].About != "" {
		t.Errorf("%+v %v", v.Refused, err)
	}
}

// What is asked of the desk stays in the address, through a deed too.
func TestDeskFilters(t *testing.T) {
	w := newWalk(t)
	d, err := w.Office.SaveDraft(t.Context(), w.Actor("malo"), sale.Document{Kind: sale.Invoice, Activity: webtest.Paysage, Content: w.written(sale.Invoice).Content}, "")
	w.must(err)
	_ = d
	jean := w.As("jean")
	query := fmt.Sprintf("?activity=%d&kind=invoice", webtest.Ceramique)
	p := jean.Get(place+"/desk"+query).Want(t, 200, "réponse promise", "de Maëlle", "Premières factures")
	if !strings.Contains(p.Body, fmt.Sprintf(`/desk/%d?activity=%d&amp;kind=invoice"`, w.waits, webtest.Ceramique)) {
		t.Error("the row leaves the filter")
	}
	at := fmt.Sprintf("%s/desk/%d%s", place, w.waits, query)
	jean.Post(fmt.Sprintf("%s/desk/%d/return%s", place, w.waits, query), jean.Get(at).Form("/amend", url.Values{"comment": {"Quel jour ?"}, "line": {"1"}})).WantTo(t, place+"/desk"+query)
	jean.Get(place+"/desk?kind=quote").Want(t, 200)
	jean.Get(place+"/desk?activity=x&advisor=-1&after=a-b&age=late&kind=zz").Want(t, 200)
}

// An absence opens the desk of the absent reader to who stands in, and the author reads the substitute's name.
func TestAbsencePage(t *testing.T) {
	w := newWalk(t)
	samira := w.As("samira")
	f := samira.Get(place+"/absences").Want(t, 200, "Personne n’est absent").Fields("/absences")
	f.Set("until", "30/11/2026")
	f.Set("substitute", strconv.FormatInt(w.Actor("jean").Person, 10))
	f.Set("person", strconv.FormatInt(w.Actor("samira").Person, 10))
	w.As("maelle").Get(fmt.Sprintf("%s/sales/%d", place, w.waits)).Want(t, 200, "Samira")
	bad := url.Values{}
	maps.Copy(bad, f)
	bad.Set("until", "01/11/2026")
	samira.Post(place+"/absences", bad).Want(t, 422, "Le dernier jour vient avant le premier")
	samira.Follow(samira.Post(place+"/absences", f).WantTo(t, place+"/absences")).Want(t, 200, "Jean Roux remplace", "En ce moment")
	w.As("maelle").Get(fmt.Sprintf("%s/sales/%d", place, w.waits)).Want(t, 200, "Jean").Without(t, "chez Samira")
	if s := w.Actor("jean").Stands; len(s) != 1 || len(s[0].Portfolio) == 0 {
		t.Errorf("Jean stands in for %+v", s)
	}
}

// What left alone and was picked is read afterwards; its author reads the remark on the document.
func TestReviewPage(t *testing.T) {
	w := newWalk(t)
	id := w.newReview()
	jean := w.As("jean")
	jean.Get(place+"/desk").Want(t, 200, "À relire après coup")
	at := fmt.Sprintf("%s/reviews/%d", place, id)
	f := jean.Get(at).Want(t, 200, "Rien à dire", "Un avoir est nécessaire").Fields("/reviews")
	f.Set("verdict", office.VerdictCredit)
	jean.Post(at, f).Want(t, 422, "Écrire la remarque")
	f.Set("remark", "Le taux est de 10 %.")
	jean.Post(at, f).WantTo(t, place+"/reviews")
	jean.Get(at).Want(t, 200, "Un avoir est nécessaire", "Le taux est de 10 %.", "Aller à la facture")
	w.As("maelle").Get(fmt.Sprintf("%s/sales/%d", place, id)).Want(t, 200, "Relu après coup", "Le taux est de 10 %.")
}

// A control that holds shows where it is mended: on the form, on the document and on the desk.
func TestGateOnPages(t *testing.T) {
	w := newWalk(t)
	act, err := w.Office.Activity(t.Context(), w.system(), webtest.Ceramique)
	w.must(err)
	act.InsuranceUntil = storetest.Today - 1
	_, err = w.Office.SaveActivity(t.Context(), w.system(), act)
	w.must(err)
	draft := w.newDraft()
	const words = "Assurance du métier expirée"
	w.As("maelle").Get(fmt.Sprintf("%s/sales/%d", place, draft)).Want(t, 200, words, "L’équipe peut le mettre en ordre")
	w.As("maelle").Get(fmt.Sprintf("%s/sales/%d/edit", place, draft)).Want(t, 200, words)
	waits := w.newWaiting()
	w.As("nadia").Get(fmt.Sprintf("%s/desk/%d", place, waits)).Want(t, 200, words, "Mettre à jour l’assurance", "Envoyé en connaissance de cause")
	gates := coop.Default().Gates
	gates.Insurance = coop.GateBlock
	rule, err := office.RuleOf(coop.RuleGates, "", storetest.Today, gates, "CA")
	w.must(err)
	_, err = w.Office.SaveRule(t.Context(), w.system(), rule)
	w.must(err)
	edit := w.As("maelle").Get(fmt.Sprintf("%s/sales/%d/edit", place, draft))
	f := edit.Form("/edit", url.Values{"do": {"submit"}})
	w.As("maelle").Post(fmt.Sprintf("%s/sales/%d/edit", place, draft), f).Want(t, 422, "s’arrête le")
}

// The three kinds of rule about documents are adopted on their pages; a template that repeats is refused on its field.
func TestSaleRulePages(t *testing.T) {
	w := newWalk(t)
	nadia := w.As("nadia")
	for kind, c := range map[string]struct {
		set  url.Values
		want string
	}{
		"gates":     {url.Values{"insurance": {"block"}, "quoteAbove": {"2000"}}, "Bloque : assurance du métier expirée"},
		"numbering": {url.Values{"invoice.template": {"F-{YYYY}-{MM}-{SEQ:3}"}, "invoice.reset": {"month"}}, "F-2026-11-123"},
		"mentions":  {url.Values{"service": {"Annulation gratuite jusqu’à 48 h."}}, "Annulation gratuite"},
	} {
		at := place + "/rules/new/" + kind
		f := nadia.Get(at).Want(t, 200).Fields("/rules/new")
		f.Set("decision", "CA du 3 mars")
		f.Set("from", "22/11/2026")
		maps.Copy(f, c.set)
		nadia.Follow(nadia.Post(at, f).WantTo(t, place+"/rules")).Want(t, 200, c.want)
	}
	f := nadia.Get(place + "/rules/new/numbering").Fields("/rules/new")
	f.Set("decision", "CA du 3 mars")
	f.Set("invoice.template", "F-{SEQ}")
	nadia.Post(place+"/rules/new/numbering", f).Want(t, 422, "Un compte qui repart chaque mois demande")
	f.Set("invoice.reset", "never")
	f.Set("invoice.template", "A-{YYYY}-{SEQ:3}")
	nadia.Post(place+"/rules/new/numbering", f).Want(t, 422)
}

func (w *walk) written(kind sale.Kind) sale.Document {
	d := sale.Document{Kind: kind, Activity: webtest.Ceramique, Customer: w.customer, Content: sale.Content{
		Title: "Vaisselle", DueDays: 30, Lines: []sale.Line{{Label: "Assiettes", Nature: "service", Quantity: money.Unit, Price: money.Cents(100_00).Micro(), Tax: "S20"}},
	}}
	if kind == sale.Quote {
		d.Content.ValidUntil = storetest.Today + 30
	} else {
		d.Content.Delivered = storetest.Today
	}
	return d
}
