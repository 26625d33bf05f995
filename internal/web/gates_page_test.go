package web_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

var noteLinks = regexp.MustCompile(`(?s)<div class="note (?:late|wait)">.*?</div>`)

// A document that every control holds is shown to whoever may see it, blocked or warned, with what holds it and, for who
// may mend it, a way there that opens.
func TestDocumentThatEveryGateHolds(t *testing.T) {
	w := newWalk(t)
	system := w.system()
	author := w.Actor("anatole")
	act, err := w.Office.Activity(t.Context(), system, author.Activities[0])
	w.must(err)
	act.InsuranceUntil = storetest.Today - 1
	_, err = w.Office.SaveActivity(t.Context(), system, act)
	w.must(err)
	c, err := w.Office.SaveCustomer(t.Context(), author, sale.Customer{Activity: act.ID, Kind: sale.Company, Name: "Bati Sud", SIREN: "732829320", Address: coop.Address{Line1: "1 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}, "")
	w.must(err)
	line := func(label, nature, tax string) sale.Line {
		return sale.Line{Label: label, Nature: nature, Tax: tax, Quantity: money.Unit, Price: money.Cents(800_00).Micro()}
	}
	d, err := w.Office.SaveDraft(t.Context(), author, sale.Document{Kind: sale.Invoice, Activity: act.ID, Customer: c.ID, Content: sale.Content{
		Title: "Chantier en sous-traitance", DueDays: 30, Delivered: date.MustParse("2027-01-13"),
		Lines: []sale.Line{line("Formation", "training", "XFORM"), line("Cloison", "works", "S20"), line("Bol", "made", "EXG")},
	}}, "")
	w.must(err)
	page := fmt.Sprintf("%s/sales/%d", place, d.ID)
	for _, choice := range []coop.Gate{coop.GateWarn, coop.GateBlock} {
		gates := coop.Gates{QuoteAbove: 1}
		for _, name := range coop.GateNames() {
			*gates.Of(name) = choice
		}
		rule, err := office.RuleOf(coop.RuleGates, "", storetest.Today, gates, "CA "+string(choice))
		w.must(err)
		_, err = w.Office.SaveRule(t.Context(), system, rule)
		w.must(err)
		for _, name := range []string{"anatole", "samira", "jean", "nadia"} {
			b := w.As(name)
			p := b.Get(page)
			if p.Status == 404 { // not hers to see
				continue
			}
			p.Want(t, 200)
			printer, notes := i18n.For("fr"), strings.Join(noteLinks.FindAllString(p.Body, -1), "\n")
			if name == "anatole" {
				printer = i18n.For("en")
			}
			var to []string
			for _, gate := range coop.GateNames() {
				if title := printer.T("sale.gates." + gate); !strings.Contains(html.UnescapeString(notes), title) {
					t.Errorf("%s, %s: %q is not told", name, choice, title)
				}
			}
			for _, m := range hrefs.FindAllStringSubmatch(notes, -1) {
				path, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
				to = append(to, path)
			}
			if name == "anatole" && len(to) < 5 { // agreement, attendance, quote, lines, transport
				t.Errorf("%s: ways to mend it: %v", choice, to)
			}
			slices.Sort(to)
			for _, path := range slices.Compact(to) {
				b.Get(path).Want(t, 200)
			}
		}
	}
}
