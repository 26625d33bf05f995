package web

import (
	"html/template"
	"strconv"

	"essaim/fault"
	"essaim/format/piece"
	"essaim/internal/office"
	"essaim/internal/store"
)

// A photograph that comes with another form: of what was made, of the ticket of the till, of a cheque. It is read, and
// refused on its field, before the deed; it is attached to what the deed has made.

// photoField is the field of photographs of such forms.
const photoField = "photo"

// Photo writes the field: it opens the camera of a phone.
func (f *Form) Photo(label, hint string) template.HTML {
	return f.Upload(photoField, label, "multiple", "hint="+hint+" "+f.P.T("web.files_hint", "max", piece.Max>>20))
}

// photos reads what came in the field; what cannot be read is refused on it.
func (s *Server) photos(v *Visit, f *Form) ([]office.Taken, error) {
	var all []office.Taken
	for _, up := range f.Files(photoField) {
		t, err := s.office.Take(v.Ctx(), "photo", up)
		switch {
		case err == nil:
			all = append(all, t)
		case fault.KindOf(err) == fault.Invalid:
			for _, e := range fault.All(err) {
				f.Refuse(photoField, e.Key, e.Args...)
			}
		default:
			return nil, err
		}
	}
	return all, nil
}

// attachPhotos attaches them, each once whatever is clicked twice.
func (s *Server) attachPhotos(v *Visit, f *Form, subject string, all []office.Taken) error {
	for i, t := range all {
		if _, err := s.office.AttachTaken(office.Keyed(v.Ctx(), f.Key+"/"+photoField+"/"+strconv.Itoa(i)), v.Actor, subject, t); err != nil {
			return err
		}
	}
	return nil
}

// piecesShown lists what is attached to a subject for who reads it: nothing where there is none.
func (v *Visit) piecesShown(subject string) template.HTML {
	at, err := v.s.office.Attachments(v.Ctx(), v.Actor, subject)
	if err != nil { // whoever sees the one sees the other
		return ""
	}
	return v.piecesListed(at.Pieces)
}

func (v *Visit) piecesListed(all []store.Attachment) template.HTML {
	if len(all) == 0 {
		return ""
	}
	m := new(markup).raw(`<div class="shown"><h2 class="lab strong">`).text(v.P.T("attachment.title")).raw(`</h2><ul class="list pieces">`)
	for _, x := range all {
		v.piece(m, x, false, "", "")
	}
	return m.raw("</ul></div>").html()
}
