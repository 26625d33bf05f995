package web

import (
	"net/url"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/sale"
)

// findings are the controls that hold for a document, each with where it is mended for who may.
func (v *Visit) findings(d sale.Document, f sale.Facts) []gap {
	var all []gap
	for _, x := range sale.Findings(d, f) {
		g := gap{Strong: v.P.T("sale.gates." + x.Name), Text: v.P.T(x.Key(), x.Args...), Block: x.Block}
		g.Href, g.Act = v.mend(x, d)
		if g.Href == "" && (x.Mend == "activity" || x.Mend == "person") { // the rest is its author's to mend
			g.Text += " " + v.P.T("sale.gate_ask")
		}
		if g.Href == "" && d.Status == sale.Submitted && v.can(access.ValidateDocument, d.Activity) && (x.Mend == "quote" || x.Mend == "lines") {
			if h, err := v.House(); err == nil {
				g.Text += " " + v.P.T("sale.gate_author", "name", h.PersonName(d.Author))
			}
		}
		all = append(all, g)
	}
	return all
}

// mend is where what a control found is put right, and what the way there is called; none for who may not.
func (v *Visit) mend(x sale.Finding, d sale.Document) (href, label string) {
	drafts := v.can(access.DraftDocument, d.Activity)
	switch x.Mend {
	case "activity":
		if v.can(access.ManageActivity, d.Activity) {
			return v.URL("activities", d.Activity, "edit") + "#f-insuranceUntil", v.P.T("sale.mend_activity")
		}
	case "person":
		if v.can(access.ViewPeople, 0) {
			return v.URL("people", d.Author), v.P.T("sale.mend_person")
		}
	case "papers":
		if d.ID != 0 && (drafts || d.Status == sale.Submitted && v.can(access.ValidateDocument, d.Activity)) {
			back := v.URL("sales", d.ID)
			if editable(d) {
				back = v.URL("sales", d.ID, "edit")
			}
			return v.URL("attached", "sale:"+strconv.FormatInt(d.ID, 10)) + "?" + url.Values{"kind": {x.Name}, "back": {back}}.Encode(), v.P.T("sale.mend_papers")
		}
	case "quote":
		if d.Origin != 0 {
			return v.URL("sales", d.Origin), v.P.T("sale.mend_quote")
		}
		if drafts {
			return v.URL("a", d.Activity, "sales", "new") + "?kind=quote", v.P.T("sale.mend_new_quote")
		}
	case "lines":
		if d.ID != 0 && drafts && editable(d) {
			return v.URL("sales", d.ID, "edit") + "#f-lines", v.P.T("sale.mend_lines")
		}
	}
	return "", ""
}

// warnedWords name the warnings that stood when a document was submitted.
func (v *Visit) warnedWords(names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, lowerFirst(v.P.T("sale.gates."+n)))
	}
	return strings.Join(all, ", ")
}
