package web

import (
	"slices"
	"strings"

	"essaim/access"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// searchPages answer the field that stands on every page, and the "/" key.
func (s *Server) searchPages() {
	s.page("GET", "/{coop}/search", "", s.search)
}

// searchGroups are the headings of what was found, in the order they are shown.
var searchGroups = []struct {
	label string
	kinds []string
}{
	{"search.people", []string{"person"}},
	{"search.activities", []string{"activity"}},
	{"search.customers", []string{"customer"}},
	{"search.documents", []string{string(sale.Invoice), string(sale.Quote), string(sale.CreditNote)}},
}

// search looks for people, activities, customers and documents: those the visitor may see, nothing of the others.
func (s *Server) search(v *Visit) error {
	p, q := v.P, short(v.Query("q"), 100)
	page := Page{Title: p.T("search.title"), Section: "search", Team: v.Team(), Main: "narrow"}
	var parts []any
	if q == "" {
		parts = append(parts, Head{Title: p.T("search.title")}, v.searchField(q), Note{Icon: "search", Text: p.T("search.hint")})
		return v.Blocks(page, parts...)
	}
	hits, err := s.office.Find(v.Ctx(), v.Actor, q)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	page.Title = p.T("search.title_of", "q", q)
	head := Head{Title: p.T("search.found", "n", len(hits), "q", q)}
	if len(hits) == 0 {
		text := p.T("search.none_text")
		if amount, err := money.ParseCents(q); err == nil && amount > 0 {
			text = p.T("search.none_amount", "amount", amount)
		}
		return v.Blocks(page, Head{Title: p.T("search.none", "q", q)}, v.searchField(q), Empty{Title: p.T("search.none_title"), Text: text})
	}
	parts = append(parts, head, v.searchField(q))
	first := true
	for _, g := range searchGroups {
		var l List
		for _, hit := range hits {
			if slices.Contains(g.kinds, hit.Kind) {
				l.Items = append(l.Items, v.searchItem(h, hit))
			}
		}
		if len(l.Items) > 0 {
			parts = append(parts, Block{Title: p.T(g.label), Side: new(markup).raw(`<span class="muted small">`).text(p.Int(int64(len(l.Items)))).raw("</span>").html(), Body: l, First: first})
			first = false
		}
	}
	return v.Blocks(page, parts...)
}

// searchField is the field of a phone, where the bar at the top has only a magnifier.
func (v *Visit) searchField(q string) any {
	m := new(markup).raw(`<form class="find phone-only" action="`).text(v.URL("search")).raw(`" role="search"><label class="sr" for="find">`).text(v.P.T("web.search"))
	m.raw(`</label><div class="in">`).icon("search").raw(`<input id="find" type="search" name="q"`).attr("placeholder", v.P.T("web.search_hint")).attr("value", q)
	if q == "" {
		m.raw(" autofocus")
	}
	return m.raw(`></div><button class="b go">`).text(v.P.T("web.search")).raw("</button></form>").html()
}

func (v *Visit) searchItem(h *house, hit store.Hit) Item {
	p := v.P
	i := Item{Name: hit.Title, About: hit.Detail}
	of := func(parts ...string) string { return joinWords(", ", parts...) }
	several := v.Team() || len(v.Actor.Activities) > 1
	whose := ""
	if several && hit.Activity != 0 {
		whose = h.ActivityName(hit.Activity)
	}
	switch hit.Kind {
	case "person":
		i.Person, i.Href = hit.Title, v.URL("people", hit.ID)
		x := h.persons[hit.ID]
		i.About = of(v.roleWords(x.Roles(v.Today())), hit.Detail)
	case "activity":
		i.Activity = hit.Title
		if a, ok := h.activities[hit.ID]; ok {
			i.Href = v.activityHref(a)
			names := map[int64]string{}
			for id := range h.persons {
				names[id] = h.PersonName(id)
			}
			i.About = of(hit.Detail, v.membersOf(a, names))
		}
	case "customer":
		i.Icon, i.About = "address-book", of(hit.Detail, whose)
		if v.s.has("/{coop}/customers/{id}") && v.can(access.ViewCustomer, hit.Activity) {
			i.Href = v.URL("customers", hit.ID)
		}
	default:
		i.Icon = "file-invoice"
		if hit.Kind == string(sale.Quote) {
			i.Icon = "file-text"
		}
		i.About = of(p.T("search.kind."+hit.Kind), strings.ReplaceAll(hit.Detail, " · ", ", "), whose)
		if v.s.has("/{coop}/sales/{id}") {
			i.Href = v.URL("sales", hit.ID)
		}
	}
	return i
}
