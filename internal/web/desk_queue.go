package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// deskKinds are the kinds of document that wait, in the order of the filters.
var deskKinds = []sale.Kind{sale.Invoice, sale.Quote, sale.CreditNote}

// deskFilter reads what the address asks of the desk.
func (v *Visit) deskFilter() office.DeskFilter {
	f := office.DeskFilter{Activity: v.queryID("activity"), Advisor: v.queryID("advisor"), Late: v.Query("age") == "late"}
	if k := sale.Kind(v.Query("kind")); slices.Contains(deskKinds, k) {
		f.Kind = k
	}
	at, id, _ := strings.Cut(v.Query("after"), "-")
	f.After.At, _ = strconv.ParseInt(at, 10, 64)
	f.After.ID, _ = strconv.ParseInt(id, 10, 64)
	if f.After.At <= 0 || f.After.ID <= 0 {
		f.After = store.DeskPlace{}
	}
	return f
}

// deskQuery writes a filter as an address does, with its question mark; "" when nothing is asked.
func deskQuery(f office.DeskFilter) string {
	q := url.Values{}
	set := func(name, value string, on bool) {
		if on {
			q.Set(name, value)
		}
	}
	set("kind", string(f.Kind), f.Kind != "")
	set("activity", strconv.FormatInt(f.Activity, 10), f.Activity != 0)
	set("advisor", strconv.FormatInt(f.Advisor, 10), f.Advisor != 0)
	set("age", "late", f.Late)
	set("after", fmt.Sprintf("%d-%d", f.After.At, f.After.ID), f.After != (store.DeskPlace{}))
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// deskFilters are the choices above the queue: kinds and lateness side by side, activities and advisors in a form.
func (v *Visit) deskFilters(d *deskData, desk *office.Desk, h *house, f office.DeskFilter) {
	p := v.P
	f.After = store.DeskPlace{}
	to := func(change func(*office.DeskFilter)) string { g := f; change(&g); return v.URL("desk") + deskQuery(g) }
	add := func(label string, n int, href string, current bool) {
		d.Filters = append(d.Filters, Filter{Label: label, Count: p.Int(int64(n)), Href: href, Current: current})
	}
	add(p.T("desk.all"), desk.All, to(func(g *office.DeskFilter) { g.Kind, g.Late = "", false }), f.Kind == "" && !f.Late)
	for _, k := range deskKinds {
		if desk.Kinds[k] > 0 || f.Kind == k {
			add(p.T("desk.kinds."+string(k)), desk.Kinds[k], to(func(g *office.DeskFilter) { g.Kind = k }), f.Kind == k)
		}
	}
	if desk.Late > 0 || f.Late {
		add(p.T("desk.late"), desk.Late, to(func(g *office.DeskFilter) { g.Late = !f.Late }), f.Late)
	}
	name := func(counts map[int64]int, called func(int64) string) []Option {
		var all []Option
		for id, n := range counts {
			all = append(all, Option{Value: strconv.FormatInt(id, 10), Label: fmt.Sprintf("%s (%d)", called(id), n)})
		}
		slices.SortFunc(all, func(a, b Option) int { return strings.Compare(store.Normal(a.Label), store.Normal(b.Label)) })
		return all
	}
	if len(desk.Activities) > 1 || f.Activity != 0 {
		d.Activities = append([]Option{{Label: p.T("desk.any_activity")}}, name(desk.Activities, h.ActivityName)...)
	}
	if len(desk.Advisors) > 1 || f.Advisor != 0 {
		d.Advisors = append([]Option{{Label: p.T("desk.any_advisor")}}, name(desk.Advisors, h.PersonName)...)
	}
	d.F = v.NewForm()
	d.F.Set("kind", string(f.Kind)).Set("activity", "").Set("advisor", "")
	if f.Activity != 0 {
		d.F.Set("activity", f.Activity)
	}
	if f.Advisor != 0 {
		d.F.Set("advisor", f.Advisor)
	}
	if f.Late {
		d.F.Set("age", "late")
	}
	d.Narrow = f.Activity != 0 || f.Advisor != 0
	d.Bulk = v.URL("desk", "bulk") + deskQuery(f)
	d.Runs = v.runNotes()
}

// deskAge tells how long a document has waited, in working days once a day has passed, and when its answer was promised.
func (v *Visit) deskAge(submitted int64, promised int) (age, promise string, late bool) {
	at := v.At(submitted)
	day := date.FromTime(at)
	by := day.AddWorking(promised)
	if n := day.WorkingUntil(v.Today()); n > 0 {
		age = v.P.T("desk.work_days", "n", n)
	} else {
		age = ageWords(v.P, v.s.office.Now().Sub(time.UnixMicro(submitted)))
	}
	switch late = by < v.Today(); {
	case late:
		return age, v.P.T("desk.promised_past", "on", by), late
	case by == v.Today():
		return age, v.P.T("desk.promised_today"), late
	}
	return age, v.P.T("desk.promised", "on", by), late
}

// usualWords tell how long an answer takes as a rule; "" when it is not known.
func usualWords(p i18n.Printer, u office.Usual) string {
	switch {
	case !u.Known:
		return ""
	case u.Days == 0:
		return p.T("desk.usual_day")
	}
	return p.T("desk.usual", "n", u.Days)
}

// deskRowOf is a document as the queue shows it.
func (v *Visit) deskRowOf(h *house, r *store.SaleRow, promised int) deskRow {
	row := deskRow{Buyer: r.Buyer, About: v.P.T("desk.about", "activity", h.ActivityName(r.Activity), "kind", v.P.T("desk.kind."+string(r.Kind))), Amount: v.P.Euros(r.Gross), Why: v.P.T("desk.why." + r.ReadRule)}
	if r.Kind == sale.CreditNote {
		row.Amount = v.P.Euros(-r.Gross)
	}
	if author := h.persons[r.Author]; author.ID != 0 {
		row.For = author.FirstName
	}
	row.Age, row.Promise, row.Old = v.deskAge(r.SubmittedAt, promised)
	return row
}
