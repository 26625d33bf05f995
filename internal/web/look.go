package web

import (
	"net/http"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/format/piece"
	"essaim/sale"
)

// lookPages are how the papers of an activity look, with an invoice as a sample.
func (s *Server) lookPages() {
	s.page("GET", "/{coop}/a/{activity}/look", access.ManageLook, s.activityLook)
	s.page("POST", "/{coop}/a/{activity}/look", access.ManageLook, s.lookSent)
	s.page("GET", "/{coop}/a/{activity}/look.pdf", access.ManageLook, s.lookPDF)
	s.page("GET", "/{coop}/a/{activity}/logo", "", s.logo)
	s.public("GET", "/{coop}/d/{token}/logo", s.linkLogo)
}

// lookData is the page.
type lookData struct {
	F      *Form
	May    bool
	Sample sale.Paper
	Logo   string // address of the logo there is
	Words  string // what becomes of the colour
	Wait   bool   // it is mended
	Back   string
	PDF    string
}

// lookAccents are colours to begin with: each can be read on white.
var lookAccents = []string{"#1f6f5c", "#2f5d9b", "#8a3b2e", "#6b3f86", "#8a5a00", "#3d4a52"}

// Accents are colours to choose from.
func (d *lookData) Accents() []string { return lookAccents }

func fillLook(f *Form, l activity.Look) *Form {
	f.Set("name", l.Name).Set("accent", l.Accent).Set("foot", l.Foot)
	f.values.Set("lines", strings.Join(l.Lines, "\n"))
	return f
}

func readLook(f *Form) activity.Look {
	l := activity.Look{Name: f.Text("name", 80), Accent: f.Get("accent"), Foot: f.Text("foot", activity.MaxLookFoot)}
	for line := range strings.SplitSeq(strings.ReplaceAll(f.Text("lines", 600), "\r\n", "\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			l.Lines = append(l.Lines, line)
		}
	}
	return l
}

func (s *Server) activityLook(v *Visit) error {
	view, err := s.office.Look(v.Ctx(), v.Actor, v.Activity, nil, v.P.Lang())
	if err != nil {
		return err
	}
	return s.showLook(v, fillLook(v.NewForm(), view.Look).Opened(), nil, http.StatusOK)
}

func (s *Server) showLook(v *Visit, f *Form, tried *activity.Look, status int) error {
	if tried != nil && tried.Check() != nil {
		tried = nil
	}
	view, err := s.office.Look(v.Ctx(), v.Actor, v.Activity, tried, v.P.Lang())
	if err != nil {
		return err
	}
	here := v.URL("a", v.Activity, "look")
	d := &lookData{F: f, May: view.May, Sample: v.worn(view.Sample, v.Activity), Back: v.URL("a", v.Activity, "sales"), PDF: here + ".pdf"}
	if view.Look.Logo != "" {
		d.Logo = v.logoURL(v.Activity, view.Look.Logo)
	}
	if c, ok := activity.ParseColour(f.Get("accent")); ok {
		d.Words, d.Wait = v.P.T("look.readable"), false
		if ink := c.Ink(); ink != c {
			d.Words, d.Wait = v.P.T("look.mended", "colour", c.String(), "ink", ink.String()), true
		}
	}
	page := Page{Title: v.P.T("look.title"), Section: "look", Status: status}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	return v.Show("look", page, d)
}

func (s *Server) lookSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	l := readLook(f)
	if f.Get("do") == "look" {
		if err := l.Check(); err != nil && !f.Take(err) {
			return err
		}
		status := http.StatusOK
		if !f.OK() {
			status = http.StatusUnprocessableEntity
		}
		return s.showLook(v, f, &l, status)
	}
	view, err := s.office.Look(v.Ctx(), v.Actor, v.Activity, nil, v.P.Lang())
	if err != nil {
		return err
	}
	if err := v.since(f, fillLook(v.NewForm(), view.Look), nil, access.ManageLook, access.Subject{Activity: v.Activity}, thingOf("activity", v.Activity), "activity.look"); err != nil {
		return err
	}
	var logo []byte
	if files := f.Files("logo"); len(files) > 0 {
		logo = files[0].Body
	}
	if f.OK() {
		_, err := s.office.SaveLook(v.Ctx(), v.Actor, v.Activity, readLook(f), logo, f.Bool("drop"))
		if err == nil {
			v.Say("look.saved")
			return v.Go(v.URL("a", v.Activity, "look"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showLook(v, f, &l, http.StatusUnprocessableEntity)
}

func (s *Server) lookPDF(v *Visit) error {
	b, err := s.office.LookPDF(v.Ctx(), v.Actor, v.Activity, v.P.Lang())
	if err != nil {
		return err
	}
	return v.Send(v.P.T("look.file")+".pdf", b, true)
}

func (s *Server) logo(v *Visit) error {
	b, err := s.office.Logo(v.Ctx(), v.Actor, v.Activity, v.Query("sha"))
	if err != nil {
		return err
	}
	return v.sendPiece("logo.png", piece.PNG, b)
}

func (s *Server) linkLogo(v *Visit) error {
	c, err := s.office.Coop(v.Ctx(), v.r.PathValue("coop"))
	if err != nil {
		return err
	}
	b, err := s.office.LinkLogo(v.Ctx(), c.ID, v.r.PathValue("token"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Referrer-Policy", "no-referrer")
	return v.sendPiece("logo.png", piece.PNG, b)
}

func (v *Visit) logoURL(activityID int64, sha string) string {
	return v.URL("a", activityID, "logo") + "?sha=" + sha
}

// worn is a paper that finds its logo.
func (v *Visit) worn(p sale.Paper, activityID int64) sale.Paper {
	if p.Look.Logo != "" {
		p.Look.Address = v.logoURL(activityID, p.Look.Logo)
	}
	return p
}

// worn writes the colour and the logo of a paper: a picture of its own and attributes, which the policy of pages lets through.
func (m *markup) worn(l sale.Look, brand string) *markup {
	if c, ok := activity.ParseColour(l.Accent); ok {
		m.raw(`<svg class="band" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="1"`).attr("fill", c.String()).raw("></rect></svg>")
	}
	if l.Address != "" {
		m.raw(`<img class="logo2"`).attr("src", l.Address).attr("alt", brand).raw(">")
	}
	return m
}
