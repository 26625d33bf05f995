package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// The balance by activity is filtered by month and by activity; months given the other way round are the same months.
func TestBalanceByActivityIsFiltered(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	all := irene.Get(place+"/books/activities").Want(t, 200, "Jusqu’à", "Maëlle céramique", "Trio paysage", "leur somme est la maison")
	if until := irene.Get(place + "/books/activities?to=9"); until.Text() == all.Text() || !strings.Contains(until.Body, "section=001&amp;year=2&amp;to=9") {
		t.Error("the month changes nothing")
	}
	irene.Get(place+"/books/activities?section=001").Want(t, 200, "L’activité est équilibrée").Without(t, ">005 Trio paysage</a>")
	if csv := irene.Get(place + "/books/activities.csv?section=001").Body; !strings.Contains(csv, "001;") || strings.Contains(csv, "\r\n005;") {
		t.Errorf("the file:\n%s", csv)
	}
	if there, back := irene.Get(place+"/books/balance.csv?from=10&to=11").Body, irene.Get(place+"/books/balance.csv?from=11&to=10").Body; there != back {
		t.Errorf("from November to October:\n%s\nfrom October to November:\n%s", back, there)
	}
}

// What a page says of the books it says in full: which month was closed, which days are taken, in which letters a file is
// written, what a journal is called in the language of the reader.
func TestBooksSayItInFull(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	months := irene.Get(place + "/books/months")
	form := months.Fields("/books/months")
	for _, step := range []struct{ period, want string }{{"8", "Le mois est clos : août 2026."}, {"9", "Le mois est clos : septembre 2026."}, {"8", "Le mois est rouvert : septembre 2026."}, {"9", "Le mois est clos"}} {
		form.Set("year", "2")
		form.Set("period", step.period)
		irene.Follow(irene.Post(place+"/books/months", form)).Want(t, 200, step.want)
	}
	to := place + "/books/entry/new"
	irene.Post(to, irene.Get(to).Form("/entry/new", url.Values{"date": {"3/4/2024"}, "ref": {"R"}, "label": {"L"}, "lines[0].account": {"6132"}, "lines[0].section": {"001"}, "lines[0].debit": {"1"}, "lines[1].account": {"512"}, "lines[1].section": {"001"}, "lines[1].credit": {"1"}})).
		Want(t, 422, "mettre une date du 1er oct. 2026 au 22 nov. 2026")
	for file, want := range map[string]string{"latin9": "text/plain; charset=iso-8859-15", "utf8": "text/plain; charset=utf-8"} {
		if got := irene.Post(place+"/books/fec/2/"+file, nil).Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %s", file, got)
		}
	}
	irene.Get(to).Want(t, 200, "OD Opérations diverses")
	s.As("claire").Get(place+"/books/journal").Want(t, 200, "OD Miscellaneous", "VE Sales").Without(t, "Opérations")
}
