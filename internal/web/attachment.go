package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/format/piece"
	"essaim/internal/office"
	"essaim/internal/store"
)

// attachmentPages are the pieces attached to anything: their list, their contents, and how one is added or taken off.
// Other pages show them with [Visit.Pieces]. What one may do follows from what they are attached to, which only the use
// case knows.
func (s *Server) attachmentPages() {
	s.page("GET", "/{coop}/attached/{subject}", "", s.attachments)
	s.page("POST", "/{coop}/attached/{subject}", "", s.attach)
	s.page("GET", "/{coop}/attachments/{id}", "", s.attachment)
	s.page("POST", "/{coop}/attachments/{id}/remove", "", s.detach)
}

// piecesPage is the page of the pieces of a subject.
type piecesPage struct {
	F       *Form
	Subject string
	Back    string
	Pieces  template.HTML
}

// attachmentKinds are the kinds of pieces as forms offer them.
func (v *Visit) attachmentKinds() []Option {
	return options(v.P, "attachment.kind.", store.AttachmentKinds()...)
}

// piecesBack is the page to return to, one of this cooperative.
func (v *Visit) piecesBack(to, subject string) string {
	if local(to) && len(to) < 400 && strings.HasPrefix(to, v.URL("")) {
		return to
	}
	return v.URL("attached", subject)
}

func (s *Server) attachments(v *Visit) error {
	return s.showPieces(v, v.NewForm().Set("kind", v.Query("kind")), v.PathValue("subject"), v.Query("back"), http.StatusOK)
}

func (s *Server) showPieces(v *Visit, f *Form, subject, back string, status int) error {
	d := &piecesPage{F: f, Subject: subject, Back: v.piecesBack(back, subject)}
	at, err := s.office.Attachments(v.Ctx(), v.Actor, subject)
	if err != nil {
		return err
	}
	d.Pieces = v.pieces(f, at, subject, d.Back)
	return v.Show("attachments", Page{Title: v.P.T("attachment.title"), Main: "narrow", Status: status}, d)
}

// attach adds the files of the form. Those that can be read are kept even when another is refused.
func (s *Server) attach(v *Visit) error {
	subject := v.PathValue("subject")
	at, err := s.office.Attachments(v.Ctx(), v.Actor, subject) // before the form is found wanting
	if err == nil {
		err = at.Refuse
	}
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	back := f.Get("back")
	kind := f.Choice("kind", store.AttachmentKinds()...)
	files := f.Files("file")
	if len(files) == 0 && f.OK() {
		f.Refuse("file", "attachment.none_chosen")
	}
	added := 0
	if kind != "" {
		for i, up := range files {
			_, err := s.office.Attach(office.Keyed(v.Ctx(), f.Key+"/"+strconv.Itoa(i)), v.Actor, subject, kind, up)
			switch {
			case err == nil:
				added++
			case !f.Take(err):
				return err
			}
		}
	}
	if f.OK() {
		v.Say("attachment.added", "n", added)
		return v.Go(v.piecesBack(back, subject))
	}
	return s.showPieces(v, f, subject, back, http.StatusUnprocessableEntity)
}

func (s *Server) attachment(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	p, body, err := s.office.Attachment(v.Ctx(), v.Actor, id, v.Query("thumb") != "")
	if err != nil {
		return err
	}
	return v.sendPiece(p.Name, p.Media, body)
}

func (s *Server) detach(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	p, err := s.office.Detach(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Say("attachment.removed", "name", p.Name)
	return v.Go(v.piecesBack(f.Get("back"), p.Subject))
}

// Pieces writes what is attached to a subject ("sale:12"), with a form to add more where that is allowed. It stands
// outside any other form; a form of its own takes files with [Form.Upload] and [Form.Files].
func (s screen) Pieces(subject string) (template.HTML, error) {
	at, err := s.s.office.Attachments(s.Ctx(), s.Actor, subject)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Forbidden {
			return "", nil
		}
		return "", err
	}
	if len(at.Pieces) == 0 && !at.Add {
		return "", nil
	}
	m := new(markup).raw(`<section class="block" id="pieces"><div class="bh"><h2>`).text(s.P.T("attachment.title")).raw("</h2></div>")
	return m.put(s.pieces(s.NewForm(), at, subject, s.Here()+"#pieces")).raw("</section>").html(), nil
}

// PieceList is [screen.Pieces] for a page that has a form of its own: what is attached, and the way to the page that adds.
func (s screen) PieceList(subject string) (template.HTML, error) {
	at, err := s.s.office.Attachments(s.Ctx(), s.Actor, subject)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Forbidden) {
		return "", nil
	}
	if err != nil || len(at.Pieces) == 0 && !at.Add {
		return "", err
	}
	back := s.Here() + "#pieces"
	m := new(markup).raw(`<section class="block" id="pieces"><div class="bh"><h2>`).text(s.P.T("attachment.title")).raw("</h2>")
	if at.Add {
		m.raw(`<a class="lk"`).attr("href", s.URL("attached", subject)+"?back="+url.QueryEscape(back)).raw(">").icon("paperclip").text(s.P.T("attachment.join")).raw("</a>")
	}
	m.raw("</div>")
	at.Add = false
	if len(at.Pieces) == 0 {
		m.raw(`<p class="soft small">`).text(s.P.T("attachment.none_yet")).raw("</p>")
	}
	return m.put(s.pieces(s.NewForm(), at, subject, back)).raw("</section>").html(), nil
}

// pieces are the list and the form.
func (v *Visit) pieces(f *Form, at office.Attached, subject, back string) template.HTML {
	p := v.P
	m := new(markup)
	if len(at.Pieces) > 0 {
		m.raw(`<ul class="list pieces">`)
		for _, x := range at.Pieces {
			v.piece(m, x, at.Remove[x.ID], back, f.Key)
		}
		m.raw("</ul>")
	}
	if !at.Add {
		return m.html()
	}
	m.raw(`<details class="twin more"`)
	if !f.OK() || len(at.Pieces) == 0 && v.route.pattern == "/{coop}/attached/{subject}" {
		m.raw(" open")
	}
	m.raw("><summary>").icon("paperclip").text(p.T("attachment.join")).raw(`</summary><form class="stack" method="post" enctype="multipart/form-data"`).attr("action", v.URL("attached", subject)).raw(">")
	f.Set("back", back)
	m.put(f.Once()).put(f.Hidden("back"))
	m.put(f.Select("kind", p.T("attachment.kind"), v.attachmentKinds()))
	m.put(f.Upload("file", p.T("attachment.file"), "multiple"))
	m.raw(`<button class="b">`).icon("upload").text(p.T("attachment.send")).raw("</button></form></details>")
	return m.html()
}

func (v *Visit) piece(m *markup, x store.Attachment, removable bool, back, key string) {
	p, href := v.P, v.URL("attachments", x.ID)
	m.raw(`<li><a class="icoline"`).attr("href", href)
	if x.Media != piece.PDF {
		m.raw(` target="_blank" rel="noopener"`)
	}
	m.raw(">")
	if x.Thumb != "" {
		m.raw(`<img class="pth" alt="" loading="lazy" width="56" height="56"`).attr("src", href+"?thumb=1").raw(">")
	} else {
		m.raw(`<span class="pth">`).icon("file-text").raw("</span>")
	}
	m.raw(`<span><span class="n">`).text(x.Name).raw(`</span><span class="d">`).text(p.T("attachment.about", "kind", p.T("attachment.kind."+x.Kind), "when", p.Instant(v.At(x.At)))).raw("</span></span></a>")
	if removable {
		m.raw(`<form class="r" method="post"`).attr("action", v.URL("attachments", x.ID, "remove")).raw(`><input type="hidden" name="key"`).attr("value", key).raw(`><input type="hidden" name="back"`).attr("value", back).
			raw(`><button class="ib"`).attr("aria-label", p.T("attachment.take_off", "name", x.Name)).attr("title", p.T("attachment.take_off", "name", x.Name)).raw(">").icon("trash").raw("</button></form>")
	}
	m.raw("</li>")
}
