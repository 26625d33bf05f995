package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
)

// forbidden are the words that an entrepreneur's pages never say: those of the books, and their numbers. An avoir is a
// « note de crédit » nowhere.
var forbidden = []*regexp.Regexp{
	regexp.MustCompile(`(?i)lettr(é|age|er)`), regexp.MustCompile(`(?i)\banalytiques?\b`), regexp.MustCompile(`(?i)\bjournal\b`), regexp.MustCompile(`(?i)\bjournaux\b`),
	regexp.MustCompile(`(?i)grand[ -]livre`), regexp.MustCompile(`(?i)\bdébit(s|eur)?\b`), regexp.MustCompile(`(?i)\bcrédit(s|eur)?\b`), regexp.MustCompile(`(?i)échéancier`),
	regexp.MustCompile(`\bB[GT]-\d`), regexp.MustCompile(`(?i)\bcomptes? [1-7]\d`), regexp.MustCompile(`(?i)écriture`), regexp.MustCompile(`(?i)\bledger\b`), regexp.MustCompile(`(?i)\bsub-?section\b`),
	regexp.MustCompile(`\b(?:401|404|411|4191|421|425|431|437|4421|44571|44574|44566|4455|512|53|606|607|616|6411|645|701|704|706|7061|707|7085|181|186|187)\b`),
}

// An entrepreneur's pages speak their words, in both languages; every link of every page opens.
func TestEntrepreneursWords(t *testing.T) {
	s := newStudio(t)
	b := s.As("maelle")
	ceramique := accountPath(webtest.Ceramique)
	var paths []string
	for _, path := range []string{
		"/", "/?a=14", "/a/10/", "/a/10/?year=1", "/a/10/moves?month=2026-10", "/a/10/sales", "/a/10/sales?kind=invoice&state=overdue", "/a/10/sales?q=rien", "/a/10/sales/new?kind=quote", "/a/10/sales/new?kind=invoice",
		fmt.Sprintf("/a/10/sales/new?kind=credit&invoice=%d", s.owed.ID), fmt.Sprintf("/a/10/sales/new?kind=invoice&quote=%d", s.agreed.ID), fmt.Sprintf("/sales/%d/edit", s.draft.ID), fmt.Sprintf("/sales/%d/edit", s.returned.ID),
		"/a/10/customers", "/a/10/customers/new", fmt.Sprintf("/customers/%d", s.company.ID), fmt.Sprintf("/customers/%d", s.town.ID), "/a/14/", "/a/14/sales", "/a/14/customers",
	} {
		paths = append(paths, place+path)
	}
	for _, d := range []int64{s.late.ID, s.paid.ID, s.owed.ID, s.agreed.ID, s.returned.ID, s.submitted.ID, s.draft.ID} {
		paths = append(paths, fmt.Sprintf("%s/sales/%d", place, d))
	}
	for _, href := range links(b.Get(ceramique)) {
		if strings.Contains(href, "/why/") {
			paths = append(paths, href)
		}
	}
	for _, lang := range []string{"fr", "en"} {
		me := b.Get("/me")
		b.Post("/me/look", me.Form("/me/look", url.Values{"lang": {lang}})).Want(t, 303)
		for _, path := range paths {
			p := b.Get(path)
			if p.Status != 200 {
				t.Errorf("%s: %d", path, p.Status)
				continue
			}
			text := p.Text()
			for _, rule := range forbidden {
				if found := rule.FindString(withoutNumbers.ReplaceAllString(text, " ")); found != "" {
					t.Errorf("%s in %s says %q:\n%s", path, lang, found, around(text, found))
				}
			}
			for _, key := range keysShown.FindAllString(text, -1) {
				t.Errorf("%s in %s shows the message %s itself", path, lang, key)
			}
		}
	}
}

var (
	// withoutNumbers are figures that are no account: amounts, telephone numbers, SIREN and IBAN.
	withoutNumbers = regexp.MustCompile(`[−-]?€?\d[\d ,.]*[,.]\d{2}( €)?|[−€]?\d[\d ,]*( €| %|%)|€[\d,.]+|(?:\d{2} ){4}\d{2}|\b[A-Z]{2}\d{2}[ \d]{10,}|\b\d{3} \d{3} \d{3}( \d{5})?|\d+ (?:jours?|days?|lignes?|rows?|factures?|invoices?|documents?)\b`)
	keysShown      = regexp.MustCompile(`\b(?:account|home|moves|statement|sales|sale_page|form|deed|customers|web|sale|paper|activity|office|tax)\.[a-z_]+(?:\.[a-z_]+)*\b`)
)

// The rules above see what they are meant to see, and let amounts, numbers and telephones pass.
func TestForbiddenWordsAreSeen(t *testing.T) {
	for _, text := range []string{"le journal des ventes", "un montant non lettré", "Grand livre", "au débit", "Crédit", "compte 411", "16 nov. 4421-2026-10", "classe 706 et", "BT-114", "section analytique", "Échéancier", "une écriture"} {
		if !seen(text) {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"1 411,00 €", "−401,50 €", "€1,512.00", "06 39 98 14 48", "SIREN 732 829 320", "FR76 3000 6000 0112 3456 7890 189", "F-2026-0411", "40 €", "411 €", "512 jours", "Avoir A-2026-0001", "20 %", "Échéance"} {
		if seen(text) {
			t.Errorf("%q is refused", text)
		}
	}
}

func seen(text string) bool {
	text = withoutNumbers.ReplaceAllString(text, " ")
	for _, rule := range forbidden {
		if rule.MatchString(text) {
			return true
		}
	}
	return false
}

// around is what stands beside some words.
func around(text, words string) string {
	i := strings.Index(text, words)
	if i < 0 {
		return ""
	}
	return text[max(0, i-60):min(len(text), i+60)]
}
