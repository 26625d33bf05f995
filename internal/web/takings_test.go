package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// Whoever announced a cheque may take it back from their own page, as long as the team has not answered; nobody else is
// offered it.
func TestAnnouncementWithdrawn(t *testing.T) {
	s := newStudio(t)
	n, err := s.Office.Announce(t.Context(), s.as("maelle"), store.Announcement{Activity: webtest.Ceramique, Means: string(sale.Cheque), Amount: 38_00, Day: storetest.Today, Word: "Mme Brun, un plat"}, "")
	s.must(err)
	takings := fmt.Sprintf("%s/a/%d/takings", place, webtest.Ceramique)
	to := fmt.Sprintf("%s/announcements/%d/withdraw", place, n.ID)
	if p := s.As("irene").Get(takings); strings.Contains(p.Body, to) {
		t.Error("the team is offered to take it back for her")
	}
	maelle := s.As("maelle")
	maelle.Follow(maelle.Post(to, maelle.Get(takings).Want(t, 200, "Retirer cette annonce").Fields("/withdraw"))).Want(t, 200, "Annonce retirée", "Mme Brun, un plat").Without(t, "Retirer cette annonce")
	if n, err = s.Office.Announcement(t.Context(), s.as("maelle"), n.ID); err != nil || n.State != store.Withdrawn {
		t.Errorf("%s %v", n.State, err)
	}
}

// A till that was never counted and holds nothing has nothing to count, however long ago it moved; one that holds money
// tells since when.
func TestTillWithNothingToCount(t *testing.T) {
	s := newStudio(t)
	takings := fmt.Sprintf("%s/a/%d/takings", place, webtest.Ceramique)
	sold := date.MustParse("2026-09-11")
	for _, m := range []sale.TillMove{{Kind: sale.TillFloat, Amount: 50_00}, {Kind: sale.TillBanked, Amount: 50_00}} {
		_, err := s.Office.MoveTill(t.Context(), s.as("maelle"), webtest.Ceramique, sold, m, "")
		s.must(err)
	}
	s.day("2026-11-22")
	s.As("maelle").Get(takings).Want(t, 200, "vide, rien à compter").Without(t, "jours")
	s.As("irene").Get(place+"/cash").Want(t, 200, "vide, rien à compter").Without(t, "depuis")
	_, err := s.Office.MoveTill(t.Context(), s.as("maelle"), webtest.Ceramique, sold, sale.TillMove{Kind: sale.TillFloat, Amount: 20_00}, "")
	s.must(err)
	s.As("maelle").Get(takings).Want(t, 200, "Jamais comptée, et elle sert depuis 72 jours")
}

// What is written between braces is read as the next invoice says it, in lists and titles, whoever looks in whatever
// language; the form tells the names of the reader's own language.
func TestSubscriptionIsReadAsItsInvoice(t *testing.T) {
	s := newStudio(t)
	x := sale.Subscription{Activity: webtest.Ceramique, Customer: s.company.ID, Months: 1, First: date.MustParse("2026-12-01"), Day: 1, Before: 5, Content: sale.Content{Title: "Location du four, {Month}", DueDays: 30, Lines: []sale.Line{
		{Label: "Four, {période}", Nature: "service", Quantity: 1_000_000, Price: 30_000_000, Tax: "S20"}, {Label: "Entretien", Nature: "service", Quantity: 1_000_000, Price: 10_000_000, Tax: "S20"},
	}}}
	x, err := s.Office.SaveSubscription(t.Context(), s.as("maelle"), x, "")
	s.must(err)
	list, one := fmt.Sprintf("%s/a/%d/subscriptions", place, webtest.Ceramique), fmt.Sprintf("%s/subscriptions/%d", place, x.ID)
	maelle := s.As("maelle")
	maelle.Get(list).Want(t, 200, "Location du four, décembre 2026").Without(t, "{")
	maelle.Get(one).Want(t, 200, "Brindille d’Orge · Location du four, décembre 2026", "« Four, du 1er déc. 2026 au 31 déc. 2026 »", "{mois} et {période}")
	anatole := s.As("anatole")
	anatole.Get(fmt.Sprintf("%s/a/%d/subscriptions/new", place, s.as("anatole").Activities[0])).Want(t, 200, "{month} and {period}")
}

// A day in a closed month: what was sold is recorded with its day, for the books to bear on their first open one; what counts
// for that day alone is refused to an entrepreneur in their own words: no entry, no page that they cannot open.
func TestClosedMonthInPlainWords(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	base := fmt.Sprintf("%s/a/%d", place, webtest.Ceramique)
	s.must(s.Office.CloseMonths(t.Context(), s.as("irene"), storetest.Year2026, 9))
	p := b.Get(base + "/takings/new")
	b.Post(base+"/takings/new", p.Form("/takings/new", url.Values{"date": {"15/09/2026"}, "lines[0].gross": {"12"}, "cash": {"12"}, "count": {"1"}})).Want(t, 303)
	p = b.Get(base + "/till")
	b.Post(base+"/till", p.Form("/till", url.Values{"kind": {"count"}, "date": {"16/09/2026"}, "amount": {"3"}, "word": {"compté"}})).Want(t, 422, "déjà arrêté", "demander à l’équipe").Without(t, "l’écriture", "Clôture des mois")
}
