package web_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
)

// A late customer is asked from their page: what is ticked, once, and nothing when the sums have changed since they were read.
// The document leads to its credit note, which keeps its lines.
func TestPenaltiesAreAsked(t *testing.T) {
	s := newStudio(t)
	jean := s.As("jean")
	to := fmt.Sprintf("%s/customers/%d/penalties", place, s.company.ID)
	jean.Get(docPath(s.late)).Want(t, 200, "Demander les pénalités", "2e semestre 2026")
	p := jean.Get(to).Want(t, 200, s.late.Number, "40,00", "Intérêts de retard", "/ 365", "2e semestre 2026")
	form := p.Form("/penalties", url.Values{})
	for name := range form {
		if strings.HasPrefix(name, "seen.forty.") {
			changed := url.Values{}
			maps.Copy(changed, form)
			changed[name] = []string{"1"}
			jean.Post(to, changed).Want(t, 422, "Les montants ont changé")
		}
	}
	none := p.Form("/penalties", url.Values{})
	none.Del("interest")
	none.Del("forty")
	jean.Get(to)
	jean.Post(to, none).Want(t, 422, "Cocher au moins une somme")
	p = jean.Get(to).Want(t, 200)
	made := jean.Post(to, p.Form("/penalties", url.Values{})).Want(t, 303)
	jean.Get(made.Location).Want(t, 200, "PR-2026-0001", "Pénalités de retard", "art. L441-10").Without(t, "Dupliquer")
	jean.Get(to).Want(t, 200, "Déjà demandées", "PR-2026-0001")
	jean.Get(docPath(s.late)).Want(t, 200).Without(t, "Demander les pénalités")
	var id int64
	if _, err := fmt.Sscanf(made.Location[strings.LastIndex(made.Location, "/")+1:], "%d", &id); err != nil {
		t.Fatal(made.Location)
	}
	maelle := s.As("maelle")
	credit := fmt.Sprintf("%s/a/%d/sales/new", place, s.late.Activity)
	maelle.Get(credit+fmt.Sprintf("?kind=credit&invoice=%d", id)).Want(t, 200, "Intérêts de retard", "Indemnité pour frais de recouvrement")
	if found, err := s.DB.Verify(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("verify: %v %v", found, err)
	}
}

// Who keeps the books completes the official rates, each refusal on its field; what they read counts from then on.
func TestLateRatesAreCompleted(t *testing.T) {
	s := newStudio(t)
	irene := s.As("irene")
	at := place + "/books/late-rates"
	irene.Get(place+"/rules").Want(t, 200, "Taux du retard de paiement", "à confirmer")
	p := irene.Get(at).Want(t, 200, "2e semestre 2026", "à confirmer", "JORF 0302")
	for words, bad := range map[string]url.Values{
		"Mettre un taux positif, de 25":    {"legal": {"55"}, "ecb": {"2,15"}, "source": {"JO"}},
		"Ce n’est pas un taux":             {"legal": {"2,62"}, "ecb": {"abc"}, "source": {"JO"}},
		"Il manque ce renseignement":       {"legal": {"2,62"}, "ecb": {"2,15"}, "source": {""}},
		"Les taux changent le 1er janvier": {"legal": {"2,62"}, "ecb": {"2,15"}, "source": {"JO"}, "from": {"2026-07-02"}},
	} {
		irene.Post(at, p.Form("/late-rates", bad)).Want(t, 422, "Une chose à revoir", words)
	}
	irene.Post(at, p.Form("/late-rates", url.Values{"from": {"2026-07-01"}, "legal": {"2,7"}, "ecb": {"2,25"}, "source": {"Arrêté du 20 juin 2026"}})).Want(t, 303)
	irene.Get(at).Want(t, 200, "Arrêté du 20 juin 2026", "lu par la coopérative", "2,7", "2,25")
	s.As("jean").Get(fmt.Sprintf("%s/customers/%d/penalties", place, s.company.ID)).Want(t, 200).Without(t, "2e semestre 2026")
}
