package web

import (
	"essaim/date"
	"essaim/money"
)

// movesMost bounds what one month shows.
const movesMost = 5000

// moves is what moved on the account, month by month.
func (s *Server) moves(v *Visit) error {
	act, err := s.office.Activity(v.Ctx(), v.Actor, v.Activity)
	if err != nil {
		return err
	}
	present := v.Actor.Today.Month()
	first := act.Opened.Month()
	month := present
	if asked, err := date.ParseMonth(v.Query("month")); err == nil {
		month = min(max(asked, first), present)
	}
	moves, err := s.office.Moves(v.Ctx(), v.Actor, v.Activity, month.First(), month.Last(), movesMost)
	if err != nil {
		return err
	}
	p := v.P
	w := accountWords{v: v, team: !v.Actor.Owns(v.Activity), base: v.URL("a", v.Activity, "why") + "/"}
	page := Page{Title: p.T("moves.title", "month", month), Section: "account", Main: "narrow"}
	back := w.T("account.title")
	if w.team {
		page.Section, page.Team, back = "activities", true, act.Name
	}
	var in, out money.Cents
	for _, x := range moves {
		if x.Amount > 0 {
			in += x.Amount
		} else {
			out += x.Amount
		}
	}
	m := new(markup).raw(`<div class="head"><div><a class="lk" href="`).text(v.URL("a", v.Activity) + "/").raw(`">`).icon("arrow-left").text(back).raw(`</a><h1 class="ttl">`).
		text(page.Title).raw("</h1>").fresh([]string{p.T("moves.sums", "in", in, "out", out), p.T("moves.sum", "amount", in+out)}).raw("</div>")
	m.raw(`<div class="deskact">`).monthStep(v, month-1, first, present, "chevron-left", "prev").monthStep(v, month+1, first, present, "chevron-right", "next").raw("</div></div>")
	if len(moves) == 0 {
		m.put(Empty{Title: p.T("moves.none", "month", month), Text: p.T("moves.none_about")}.HTML())
	} else {
		m.list(p, List{Items: moveItems(w, v.documents(v.Activity), moves)})
	}
	return v.Blocks(page, m.html())
}

// monthStep leads to the month before or after, when there is one.
func (m *markup) monthStep(v *Visit, to, first, last date.Month, i, rel string) *markup {
	if to < first || to > last {
		return m
	}
	m.raw(`<a class="b" rel="`).raw(rel).raw(`" href="`).text(v.With("month", to.String())).raw(`">`)
	if rel == "prev" {
		return m.icon(i).text(v.P.Month(to)).raw("</a>")
	}
	return m.text(v.P.Month(to)).icon(i).raw("</a>")
}
