package web

import (
	"errors"
	"html/template"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/format/piece"
	"essaim/i18n"
	"essaim/internal/office"
)

// Bounds of a form that brings files. What is beyond is read and forgotten, up to a point, because a browser shows no
// answer to a form that it could not send whole.
const (
	filesMax   = 8        // files of one form
	filesWhole = 40 << 20 // bytes of all of them
	filesDrain = 80 << 20
	fieldsMax  = 4000
)

// withFiles says whether a request brings files. Only forms of people of a cooperative do: for others nothing is read.
func (v *Visit) withFiles() bool {
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data" && v.member
}

// readFiles reads a form with its files. A file that is refused leaves the form as it was typed, with the refusal on its
// field.
func readFiles(r *http.Request, p i18n.Printer, today date.Day) (*Form, error) {
	f := newForm(p, today, "")
	f.files = map[string][]office.Upload{}
	r.Body = http.MaxBytesReader(nil, r.Body, filesDrain)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.New(fault.Invalid, "web.form_broken").Wrap(err)
	}
	values := url.Values{}
	texts, whole, files, fields := 0, 0, 0, 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return nil, fault.New(fault.Invalid, "web.files_large").Wrap(errTooLarge)
			}
			return nil, fault.New(fault.Invalid, "web.form_broken").Wrap(err)
		}
		name := part.FormName()
		if part.FileName() == "" && part.Header.Get("Content-Type") == "" {
			b, err := io.ReadAll(io.LimitReader(part, formMax+1))
			fields++
			if texts += len(b) + len(name); err != nil || texts > formMax || fields > fieldsMax {
				return nil, fault.New(fault.Invalid, "web.too_large").Wrap(errors.Join(err, errTooLarge))
			}
			values.Add(name, string(b))
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, piece.Max+1))
		switch {
		case err != nil:
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return nil, fault.New(fault.Invalid, "web.files_large").Wrap(errTooLarge)
			}
			return nil, fault.New(fault.Invalid, "web.form_broken").Wrap(err)
		case part.FileName() == "" && len(b) == 0: // nothing was chosen
		case len(b) > piece.Max:
			f.Refuse(name, "piece.large", "max", piece.Max>>20)
		case files >= filesMax, whole+len(b) > filesWhole:
			f.Refuse(name, "web.files_many", "n", filesMax, "max", filesWhole>>20)
		default:
			files, whole = files+1, whole+len(b)
			f.files[name] = append(f.files[name], office.Upload{Name: part.FileName(), Body: b})
		}
	}
	f.values = values
	f.tidy()
	f.Key = f.values.Get("key")
	return f, nil
}

// Files returns what was sent in a field of files, the largest already refused.
func (f *Form) Files(name string) []office.Upload { return f.files[name] }

// table is a table that was sent: the file just chosen, or the text that its dry run gave back. Neither is refused.
func (f *Form) table() []byte {
	text := []byte(f.values.Get("text"))
	for _, file := range f.Files("file") {
		text = file.Body
	}
	if len(text) == 0 && f.OK() {
		f.Refuse("file", "web.field_needed")
	}
	return text
}

// Upload writes a field for files: on a phone its camera too. The form says enctype="multipart/form-data". Options are
// "hint=…", "multiple", "required".
func (f *Form) Upload(name, label string, options ...string) template.HTML {
	l := look(options)
	f.Label(name, label)
	id, refusal := fieldID(name), f.Refusal(name)
	m := new(markup)
	m.raw(`<div class="f upl`)
	if refusal != "" {
		m.raw(" bad")
	}
	m.raw(`"><label class="lab"`).attr("for", id).raw(">").text(label).raw("</label>")
	input := func(id, kind, extra string) {
		m.raw(`<input type="file"`).attr("id", id).attr("name", name).attr("accept", kind).raw(extra)
		for i := 0; i < len(l.attrs); i += 2 {
			if l.attrs[i] == "multiple" {
				m.raw(" multiple")
			}
		}
		if refusal != "" {
			m.raw(` aria-invalid="true"`).attr("aria-describedby", fieldID(name)+"-e")
		}
		m.raw(">")
	}
	input(id, "image/jpeg,image/png,image/webp,application/pdf", "")
	m.raw(`<label class="cam"`).attr("for", id+"-cam").raw(">").icon("camera").text(f.P.T("web.camera")).raw("</label>")
	m.raw(`<span class="camin">`)
	input(id+"-cam", "image/*", ` capture="environment"`)
	m.raw("</span>")
	hint := l.hint
	if hint == "" {
		hint = f.P.T("web.files_hint", "max", piece.Max>>20)
	}
	m.raw(`<p class="hint">`).text(hint).raw("</p>")
	if refusal != "" {
		m.raw(`<p class="err"`).attr("id", fieldID(name)+"-e").raw(">").icon("alert-circle").text(refusal).raw("</p>")
	}
	return m.raw("</div>").html()
}

// sendPiece answers with a piece. Nothing of it may run: a picture is shown alone in its sandbox, anything else is saved.
func (v *Visit) sendPiece(name, media string, body []byte) error {
	h := v.w.Header()
	disposition := "attachment"
	if media == piece.JPEG || media == piece.PNG {
		disposition = "inline"
	}
	h["Content-Security-Policy"] = []string{"default-src 'none'; sandbox"}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": strings.TrimSpace(name)}))
	h.Set("Cache-Control", "private, max-age=3600")
	v.write(http.StatusOK, body, false)
	return nil
}
