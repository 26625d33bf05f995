package web

import (
	"context"
	"errors"
	"net/http"

	"essaim/fault"
	"essaim/internal/auth"
)

// failData is the page of a refusal: what is so, what to do, whom to ask.
type failData struct {
	Status  int
	Title   string
	Text    string
	Advisor Contact
	Request string   // number to give when calling; broken pages only
	Kept    keptForm // what was being sent, so that it is not lost
	Retry   bool     // sending it again is harmless
	Back    string
	Step    string // where to go on instead of back
	StepTo  string
}

// statusOf gives the status of a kind of refusal.
func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid:
		if errors.Is(err, errTooLarge) {
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict, fault.Closed:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers a visit that went wrong.
func (v *Visit) fail(err error) {
	if errors.Is(err, context.Canceled) && v.Ctx().Err() != nil {
		return // nobody is there any more
	}
	v.q.err = err
	if errors.Is(err, auth.ErrStale) {
		err = v.confirmFirst()
		if err == nil {
			return
		}
	}
	status := statusOf(err)
	d := failData{Status: status, Back: back(v.r)}
	if all := fault.All(err); len(all) > 0 {
		d.Text = refusalTo(v.P, all[0], v.closedWords())
	}
	switch {
	case status == http.StatusNotFound:
		d.Title = v.P.T("web.absent_title")
		if d.Text == "" || fault.All(err)[0].Key == "office.absent" {
			d.Text = v.P.T("web.absent")
		}
		d.Back = "/"
		if all := fault.All(err); len(all) > 0 && all[0].Key == "auth.link_over" {
			d.Step, d.StepTo = v.P.T("sign.forgotten_again"), "/password"
		}
	case status == http.StatusForbidden:
		d.Title = v.P.T("web.forbidden_title")
	case fault.KindOf(err) == fault.Closed:
		d.Title = v.P.T("web.closed_title")
	case usedBefore(err):
		d.Title, d.Text, d.Retry = v.P.T("web.used_title"), v.P.T("web.form_used"), true
	case status == http.StatusConflict:
		d.Title = v.P.T("web.conflict_title")
	case status == http.StatusRequestEntityTooLarge:
		d.Title = v.P.T("web.large_title")
	case status == http.StatusUnprocessableEntity:
		d.Title = v.P.T("web.refused_title")
	case status == http.StatusServiceUnavailable:
		d.Title, d.Retry = v.P.T("web.busy_title"), true
	default:
		d.Title, d.Text, d.Retry, d.Request = v.P.T("web.broken_title"), v.P.T("web.broken_text"), true, v.q.id
	}
	if v.Autosave() || v.Partial() {
		_ = v.sayJSON(status, map[string]string{"error": d.Title + " " + d.Text}) // to memory
		return
	}
	d.Kept, _ = v.kept(v.keep())
	if usedBefore(err) && d.Kept.To != "" {
		d.Kept.Fields.Set("key", newKey(d.Kept.Fields.Get("key")))
	}
	if status == http.StatusNotFound || status == http.StatusForbidden {
		v.whom(&d)
	}
	v.w.Header().Set("Cache-Control", "no-store")
	if err := v.Show("fail", Page{Title: d.Title, Status: status}, d); err != nil {
		v.s.log.Error("page of a refusal", "err", err, "request", v.q.id)
		v.s.plain(v.w, v.r, status, "web.broken_title", "web.broken_text")
	}
}

// sessionFailed answers where the session could not be read or kept: nobody is signed in, and the next try may well do.
func (s *Server) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	text := "web.broken_text"
	if all := fault.All(err); len(all) > 0 {
		text = all[0].Key
	}
	w.Header().Set("Cache-Control", "no-store")
	s.plain(w, r, http.StatusServiceUnavailable, "web.busy_title", text)
}

// whom adds one's advisor, by name and telephone, to the words that say which role to ask.
func (v *Visit) whom(d *failData) {
	if !v.member {
		return
	}
	if nav, err := v.shell(); err == nil {
		d.Advisor = nav.Advisor
	}
}

// plain answers where there is no visit: without session, frame or template.
func (s *Server) plain(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	v := &Visit{s: s, w: w, r: r, q: requestOf(r.Context())}
	v.speak()
	m := new(markup).raw(`<!doctype html><html lang="`).text(v.P.Lang()).raw(`"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>`).
		text(v.P.T(title)).raw(` · Essaim</title><link rel="stylesheet" href="`).raw(assetURL("app.css")).raw(`"></head><body class="bare"><main class="main card"><h1 class="ttl">`).
		text(v.P.T(title)).raw("</h1><p>").text(v.P.T(text)).raw(`</p><p class="muted small">`).text(v.P.T("web.request", "id", v.q.id)).
		raw(`</p><div class="acts"><a class="b" href="/">`).text(v.P.T("web.home")).raw("</a></div></main></body></html>")
	v.html(status, m.b)
}
