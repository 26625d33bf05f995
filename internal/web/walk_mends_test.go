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
	"essaim/money"
	"essaim/sale"
)

// An entrepreneur who opens the house's list of what is owed reads what is owed to them; the team reads the house's.
func TestOwedOfOnesOwn(t *testing.T) {
	s := newStudio(t)
	maelle := s.As("maelle")
	maelle.Follow(maelle.Get(place+"/owed")).Want(t, 200, "Brindille d’Orge").Without(t, "Personne ne nous doit")
	s.As("jean").Get(place+"/owed").Want(t, 200, "Brindille d’Orge")
}

// Takings that were undone are not corrected: their page says so.
func TestRedoOfUndoneTakings(t *testing.T) {
	s := newStudio(t)
	r, err := s.Office.SaveTaking(t.Context(), s.as("maelle"), webtest.Ceramique, storetest.Today, sale.Taking{Lines: []sale.TakingLine{{Nature: "goods", Tax: "G20", Gross: 12_00}}, Means: sale.Tenders{Cash: 12_00}, Count: 1}, "")
	s.must(err)
	s.must(s.Office.UndoRecord(t.Context(), s.as("maelle"), r.ID))
	maelle := s.As("maelle")
	maelle.Follow(maelle.Get(fmt.Sprintf("%s/a/%d/takings/new?redo=%d", place, webtest.Ceramique, r.ID))).Want(t, 200, "déjà annulée")
}

// A price that goes up is told one way, of all lines or of one; what cannot be done is said, not left aside.
func TestPriceChangeIsOneThing(t *testing.T) {
	s := newStudio(t)
	x := sale.Subscription{Activity: webtest.Ceramique, Customer: s.company.ID, Months: 1, First: date.MustParse("2026-12-01"), Day: 1, Before: 5, Content: sale.Content{Title: "Four", DueDays: 30, Lines: []sale.Line{{Label: "Four", Nature: "service", Quantity: money.Unit, Price: 30_000_000, Tax: "S20"}}}}
	x, err := s.Office.SaveSubscription(t.Context(), s.as("maelle"), x, "")
	s.must(err)
	one := fmt.Sprintf("%s/subscriptions/%d", place, x.ID)
	maelle := s.As("maelle")
	f := maelle.Get(one).Form("/price", url.Values{"from": {"01/03/2027"}, "percent": {"5"}, "price": {"50"}, "line": {"0"}})
	maelle.Post(one+"/price", f).Want(t, 422, "choisir laquelle")
	f.Set("line", "1")
	maelle.Post(one+"/price", f).Want(t, 422, "n’en garder qu’un")
	f.Set("percent", "")
	maelle.Follow(maelle.Post(one+"/price", f)).Want(t, 200, "50,00")
}

// A customer whose cheque was announced is not reminded by one click: the row says what came, and is left unticked.
func TestReminderTellsWhatWasAnnounced(t *testing.T) {
	s := newStudio(t)
	s.day("2026-11-24")
	list := place + "/reminders"
	ticked := func() bool {
		return strings.Contains(s.As("jean").Get(list).Want(t, 200, "Brindille d’Orge").Body, fmt.Sprintf(`name="customers" value="%d" checked`, s.company.ID))
	}
	if !ticked() {
		t.Error("not ticked at first")
	}
	n, err := s.Office.Announce(t.Context(), s.as("maelle"), store.Announcement{Activity: webtest.Ceramique, Sale: s.late.ID, Means: string(sale.Cheque), Amount: 225_00, Day: storetest.Today}, "")
	s.must(err)
	if ticked() {
		t.Error("ticked although a cheque was announced")
	}
	s.As("jean").Get(list).Want(t, 200, "225,00 € annoncés comme reçus")
	f := s.As("jean").Get(list).Fields("/reminders")
	f.Del("customers")
	f.Set("rest", "1") // as if the page ended before them
	s.As("jean").Post(list, f).Want(t, 422, "Cochez au moins un client.")
	takings := fmt.Sprintf("%s/a/%d/takings", place, webtest.Ceramique)
	s.As("maelle").Post(fmt.Sprintf("%s/announcements/%d/withdraw", place, n.ID), s.As("maelle").Get(takings).Fields("/withdraw")).Want(t, 303)
	if !ticked() {
		t.Error("not ticked once it is withdrawn")
	}
}
