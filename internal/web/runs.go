package web

import (
	"html/template"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
)

// runPages show what is done behind for many things at once: how far it is, and what was refused.
func (s *Server) runPages() {
	s.page("GET", "/{coop}/runs", "", s.runs)
	s.page("GET", "/{coop}/runs/{id}", "", s.run)
	s.page("POST", "/{coop}/runs/{id}/cancel", "", s.runCancel)
	s.page("POST", "/{coop}/runs/{id}/retry", "", s.runRetry)
}

// runPoll is how often the page of a run asks again, in seconds.
const runPoll = 2

func (s *Server) runs(v *Visit) error {
	all, err := s.office.Runs(v.Ctx(), v.Actor, false)
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("run.title"), Section: "home", Team: v.Team()}
	head := Head{Title: v.P.T("run.title"), Lead: v.P.T("run.lead")}
	if len(all) == 0 {
		return v.Blocks(page, head, Empty{Title: v.P.T("run.none"), Text: v.P.T("run.none_about")})
	}
	var list List
	for _, r := range all {
		list.Items = append(list.Items, Item{Name: v.P.T("run.kind." + r.Kind), Href: v.URL("runs", r.ID), About: v.P.Instant(v.At(r.At)), Status: v.runStatus(r)})
	}
	return v.Blocks(page, head, list)
}

// runStatus says in a word or two how a run goes.
func (v *Visit) runStatus(r store.Run) Status {
	switch {
	case r.State == store.RunRunning:
		return Status{Tone: ToneWait, Text: v.P.T("run.going", "done", r.Done+r.Failed, "total", r.Total)}
	case r.State == store.RunCancelled:
		return Status{Text: v.P.T("run.cancelled_short", "n", r.Done)}
	case r.Failed > 0:
		return Status{Tone: ToneLate, Text: v.P.T("run.failed_short", "n", r.Failed)}
	}
	return Status{Tone: ToneOK, Text: v.P.T("run.done_short", "n", r.Done)}
}

func (s *Server) run(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	r, err := s.office.Run(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	if v.Partial() {
		m := new(markup)
		m.runProgress(v, h, &r)
		v.html(200, m.b)
		return nil
	}
	title := v.P.T("run.kind." + r.Kind)
	page := Page{Title: title, Section: "home", Team: v.Team()}
	if r.State == store.RunRunning {
		page.Live, page.Refresh = true, runPoll
	}
	facts := []string{v.P.Instant(v.At(r.At))}
	if name := h.PersonName(r.By); name != "" && !r.Mine {
		facts = append(facts, name)
	}
	if name := h.ActivityName(r.Activity); name != "" {
		facts = append(facts, name)
	}
	acts := []Link{{Label: v.P.T("run.all"), Href: v.URL("runs")}}
	if r.Kind == "validate" && v.can(access.ReadDesk, 0) {
		acts = append([]Link{{Label: v.P.T("desk.title"), Href: v.URL("desk"), Icon: "arrow-left"}}, acts...)
	}
	if month, ok := office.PayRunMonth(r.Run); ok && v.can(access.ViewPay, 0) {
		page.Section = "pay"
		acts = append([]Link{{Label: v.P.T("pay_month.title_of", "month", v.P.Month(month)), Href: v.URL("pay", month), Icon: "arrow-left"}}, acts...)
	}
	return v.written(page, func(m *markup) {
		Head{Title: title, Fresh: facts, Acts: acts}.write(m, v.P)
		m.runProgress(v, h, &r)
	})
}

// runProgress is the part of the page that changes while a run goes on; it asks for itself again.
func (m *markup) runProgress(v *Visit, h *house, r *office.RunView) {
	p := v.P
	going := r.State == store.RunRunning
	m.raw(`<div id="run" class="run" aria-live="polite"`)
	if going {
		m.attr("hx-get", v.URL("runs", r.ID)).raw(` hx-trigger="every `).int(runPoll).raw(`s" hx-swap="outerHTML"`)
	}
	m.raw(">")
	ended := r.Done + r.Failed
	m.raw(`<p class="runbar"><progress`).attr("aria-label", p.T("run.progress")).raw(` max="`).int(max(1, r.Total)).raw(`" value="`).int(ended).raw(`"></progress><b>`).text(p.T("run.of", "done", ended, "total", r.Total)).raw("</b></p>")
	var n Note
	switch {
	case going && r.Stuck(v.s.office.Now().UnixMicro()):
		n = Note{Tone: ToneWait, Strong: p.T("run.stuck"), Text: p.T("run.stuck_about")}
	case going:
		n = Note{Tone: ToneWait, Strong: p.T("run.running"), Text: p.T("run.running_about"), Links: []Link{{Label: p.T("run.reload"), Href: v.URL("runs", r.ID)}}}
	case r.State == store.RunCancelled:
		n = Note{Strong: p.T("run.cancelled", "n", r.Done), Text: p.T("run.cancelled_about", "n", r.Left())}
	case r.Failed > 0:
		n = Note{Tone: ToneLate, Strong: p.T("run.ended", "n", r.Done), Text: p.T("run.ended_failed", "n", r.Failed)}
	default:
		n = Note{Tone: ToneOK, Strong: p.T("run.ended", "n", r.Done), Text: p.T("run.ended_well")}
	}
	m.note(n)
	if r.Mine && (going || r.Failed > 0 || r.Left() > 0) {
		m.raw(`<div class="acts">`)
		stuck := r.Stuck(v.s.office.Now().UnixMicro())
		if !going || stuck {
			key := "run.again"
			switch {
			case r.Left() > 0:
				key = "run.go_on"
			case r.Kind == "validate":
				key = "run.again_now"
			}
			m.deed(v.URL("runs", r.ID, "retry"), p.T(key), "b go")
		}
		if going {
			m.deed(v.URL("runs", r.ID, "cancel"), p.T("run.stop"), "b")
		}
		m.raw("</div>")
	}
	if len(r.Refused) > 0 {
		var list List
		for _, line := range r.Refused {
			words, href := v.runSubject(h, r, line.Subject)
			var why []string
			for _, e := range line.Why {
				why = append(why, p.Fault(e))
			}
			list.Items = append(list.Items, Item{Icon: "alert-triangle", Name: words, Href: href, About: line.About, Under: Status{Tone: ToneLate, Text: strings.Join(why, " ")}})
		}
		Block{Title: p.T("run.refused", "n", r.Failed), Body: list}.write(m, p)
	}
	m.raw("</div>")
}

// runSubject names a thing of a run and leads to it.
func (v *Visit) runSubject(h *house, r *office.RunView, subject string) (words, href string) {
	if _, id, ok := strings.Cut(subject, ":"); ok {
		if c, found := office.AuditCalled(r.Called, subject); found && strings.HasPrefix(subject, "sale:") {
			subject = c.Kind + ":" + id
		}
	}
	return v.auditSubjectWords(h, r.Called, subject)
}

// deed writes a button that sends nothing but itself.
func (m *markup) deed(href, label, class string) *markup {
	return m.raw(`<form method="post" action="`).text(href).raw(`"><button class="`).raw(class).raw(`">`).text(label).raw("</button></form>")
}

func (s *Server) runCancel(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	if err := s.office.CancelRun(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	return v.Go(v.URL("runs", id))
}

func (s *Server) runRetry(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	if err := s.office.RetryRun(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	return v.Go(v.URL("runs", id))
}

// runNotes tell, on the pages where someone's day begins, of runs that go on or have ended unread.
func (v *Visit) runNotes() template.HTML {
	all, err := v.s.office.Runs(v.Ctx(), v.Actor, true)
	if err != nil || len(all) == 0 {
		return "" // the page is complete without
	}
	m := new(markup)
	for _, r := range all[:min(3, len(all))] {
		st := v.runStatus(r)
		n := Note{Tone: st.Tone, Strong: v.P.T("run.kind."+r.Kind) + " :", Text: st.Text, Links: []Link{{Label: v.P.T("run.see"), Href: v.URL("runs", r.ID)}}}
		m.raw(`<div class="alert block">`).note(n).raw("</div>")
	}
	return m.html()
}
