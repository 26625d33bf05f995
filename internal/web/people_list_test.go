package web_test

import (
	"net/url"
	"strings"
	"testing"

	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/member"
)

// The list tells the same of everyone as their sheet: the contract they have, and whether they can enter.
func TestPeopleListTellsWhatIs(t *testing.T) {
	s := newStudio(t)
	system, err := s.Office.System(t.Context(), s.Coop.ID)
	s.must(err)
	_, err = s.Office.SaveContract(t.Context(), system, member.Contract{Person: s.as("irene").Person, Kind: member.CDI, Start: storetest.Today, Associate: true})
	s.must(err)
	hugo := s.As("hugo")
	p := hugo.Get(place + "/people/new")
	hugo.Post(place+"/people/new", p.Form("/people/new", url.Values{"firstName": {"Rose"}, "lastName": {"Petit"}, "email": {"rose@trame.example"}, "invite": {"1"}})).Want(t, 303)
	list := hugo.Get(place+"/people").Want(t, 200, "CDI, associé·e, depuis le 22 nov. 2026").Text()
	for name, state := range map[string]string{"Rose Petit": "Invitation envoyée", "Irène Costa": "Ouvert"} {
		_, row, _ := strings.Cut(list, name)
		if at := strings.Index(row, state); at < 0 || at > 200 {
			t.Errorf("%s is not said to be %s: %.200s", name, state, row)
		}
	}
	hugo.Post(place+"/people/2/close", url.Values{}).Want(t, 303)
	hugo.Get(place + "/people") // tells what was done
	_, row, _ := strings.Cut(hugo.Get(place+"/people").Text(), "Malo Quéré")
	if at := strings.Index(row, "Pas encore"); at < 0 || at > 200 {
		t.Errorf("closed: %.200s", row)
	}
	hugo.Get(place+"/people/2/contracts/new").Want(t, 200, "Contrat de Malo Quéré")
}

// The switch counts what one's work bears on: an advisor's portfolio, not the house.
func TestSwitchCountsThePortfolio(t *testing.T) {
	h := webtest.Start(t)
	h.As("samira").Get(place+"/activities").Want(t, 200, "2 activités").Without(t, "5 activités")
	h.As("nadia").Get(place+"/activities").Want(t, 200, "5 activités")
}

// A whole number is asked for as one; an empty activity is not called unknown.
func TestWholeNumbersAreAskedFor(t *testing.T) {
	h := webtest.Start(t)
	nadia := h.As("nadia")
	p := nadia.Get(place + "/rules/new/terms")
	nadia.Post(place+"/rules/new/terms", p.Form("/rules/", url.Values{"dueDays": {"30"}, "quoteDays": {"2,5"}, "decision": {"CA"}})).Want(t, 422, "Ce n’est pas un nombre entier")
}
