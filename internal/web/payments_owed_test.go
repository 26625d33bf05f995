package web_test

import (
	"fmt"
	"strings"
	"testing"

	"essaim/date"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/money"
)

// One figure for what customers owe: what an entry alone says is owed stands beside the invoices, and both pages have the
// same sum, which « Pourquoi ? » opens.
func TestOwedIsOneFigure(t *testing.T) {
	s := newStudio(t)
	irene, jean := s.As("irene"), s.As("jean")
	_, err := s.Office.PostEntry(t.Context(), s.as("irene"), ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-11-12"), Ref: "REPRISE-7", Label: "Reste d’avant la maison", Lines: []ledger.Line{
		{Account: "411", Section: webtest.Ceramique, Third: s.company.Third, Due: date.MustParse("2026-11-15"), Amount: 10_00}, {Account: "758", Section: webtest.Ceramique, Amount: -10_00}}}, "")
	s.must(err)
	account, err := s.Office.Account(t.Context(), s.as("irene"), webtest.Ceramique, 0)
	s.must(err)
	if account.Account.Receivable.Amount != 1090_00 {
		t.Fatalf("owed: %s", account.Account.Receivable.Amount)
	}
	for _, path := range []string{"/payments?view=owed", fmt.Sprintf("/payments?view=owed&activity=%d", webtest.Ceramique)} {
		jean.Get(place+path).Want(t, 200, "sur 3 lignes", "1 090,00 €", "Dont 10,00 €", "REPRISE-7", "7 jours de retard", "3 lignes").Without(t, "books/entries")
		irene.Get(place+path).Want(t, 200, "1 090,00 €")
	}
	irene.Get(fmt.Sprintf("%s/a/%d/why/owed", place, webtest.Ceramique)).Want(t, 200, "1 090,00 €")
	if p := irene.Get(place + "/payments?view=owed&q=reprise"); !strings.Contains(p.Body, "/books/entries/") || strings.Contains(p.Body, "payments/new?customer") {
		t.Error("the entry opens to who sees the books, and is settled by an entry")
	}
	if csv := jean.Get(place + "/payments.csv?view=owed").Body; !strings.Contains(csv, "REPRISE-7") || !strings.Contains(csv, "Total;;;;;;;;1090,00") {
		t.Errorf("the file:\n%s", csv)
	}
}

// An auditor is told what was owed at the end of the year audited, as the books of it say, whatever was paid since.
func TestAuditorIsToldTheYearsEnd(t *testing.T) {
	s := newStudio(t)
	claire := s.As("claire")
	rows, err := s.Office.TrialBalance(t.Context(), s.as("claire"), s.as("claire").Year(), 0, 1, 12, "411")
	s.must(err)
	var owed money.Cents
	for _, r := range rows {
		owed += r.Balance
	}
	for _, view := range []string{"", "?view=owed", "?view=received"} {
		claire.Get(place+"/payments"+view).Want(t, 200, "On 22 Nov 2026, customers owed", "€1,080.00").Without(t, "Nobody owes us anything", "payments/new")
	}
	if owed != 1080_00 {
		t.Errorf("the books say %s", owed)
	}
	p := claire.Get(place+"/payments?view=owed").Want(t, 200, "Brindille d’Orge", "Owed on 22 Nov 2026")
	href := `href="` + place + `/books/ledger?account=411&amp;section=001&amp;year=2&amp;third=` + s.third("Brindille")
	if !strings.Contains(p.Body, href) {
		t.Errorf("no way to the lines: %s", href)
	}
	claire.Get(place+"/books/ledger?account=411&section=001&year=2&third="+s.third("Brindille")).Want(t, 200, "€1,080.00")
	if csv := claire.Get(place + "/payments.csv?view=owed").Body; !strings.Contains(csv, "Total;;;1080,00") {
		t.Errorf("the file:\n%s", csv)
	}
	// The year is over, and the customer pays in the next: the end of the year stays what it was.
	s.day("2027-02-01")
	s.pay(s.late, 600_00)
	s.As("claire").Get(place+"/payments?view=owed").Want(t, 200, "On 31 Dec 2026, customers owed", "€1,080.00")
}
