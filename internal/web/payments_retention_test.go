package web_test

import (
	"fmt"
	"strings"
	"testing"

	"essaim/date"
	"essaim/i18n"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// Of works paid but for the retention, nothing is late before the day on which the retention is to be paid (loi 71-584).
func TestRetentionAloneIsNotLate(t *testing.T) {
	s := newStudio(t)
	system, err := s.Office.System(t.Context(), s.Coop.ID)
	s.must(err)
	act, err := s.Office.Activity(t.Context(), system, webtest.Ceramique)
	s.must(err)
	act.Insurance = "Décennale, Assurances du Bâti, France entière"
	_, err = s.Office.SaveActivity(t.Context(), system, act)
	s.must(err)

	d := s.save(sale.Invoice, s.company, "Pose de carreaux", 1000_00)
	d.Content.Retention, d.Content.ReleaseOn = 5*money.Percent, date.MustParse("2027-06-01")
	d.Content.Lines[0].Nature, d.Content.DueDays = "works", 0
	d, err = s.Office.SaveDraft(t.Context(), s.as("maelle"), d, "")
	s.must(err)
	// What is to be paid now stands first, the retention beside it: in the form, and once it is validated.
	fr := i18n.For("fr")
	edit := fmt.Sprintf("%s/sales/%d", place, d.ID)
	s.As("maelle").Get(edit+"/edit").Want(t, 200, "À payer par le client "+fr.Euros(d.Totals.Gross-d.Totals.Retained)+" Retenue de garantie 5 % "+fr.Euros(d.Totals.Retained))
	if d = s.submit(d); d.Status == sale.Submitted {
		d, err = s.Office.Validate(t.Context(), s.as("jean"), d.ID, 0)
		s.must(err)
	}
	s.As("maelle").Get(edit).Want(t, 200, "Reste à payer "+fr.Euros(d.Totals.Gross-d.Totals.Retained)+" S’y ajoute la retenue de garantie, "+fr.Euros(d.Totals.Retained))
	s.pay(d, d.Totals.Gross-d.Totals.Retained)
	s.day("2027-05-20")
	search := place + "/payments?view=owed&q=" + d.Number
	s.As("jean").Get(search).Want(t, 200, d.Number, "1er juin 2027", "pas encore échue").Without(t, "jours de retard")
	// The home names what is really late, first, and the retention on its own day.
	home := s.As("maelle").Get(place+"/").Want(t, 200, "2 en retard", "Brindille d’Orge, 222 jours de retard", "Pose de carreaux, retenue de garantie à payer le 1er juin", "retenue de garantie à venir").Text()
	if strings.Index(home, "Assiettes") > strings.Index(home, "Pose de carreaux") {
		t.Error("a retention stands before what is late")
	}
	s.day("2027-06-11")
	s.As("jean").Get(search).Want(t, 200, d.Number, "10 jours de retard")
}
