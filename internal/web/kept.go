package web

import (
	"bytes"
	"compress/gzip"
	"html/template"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A kept form is one that was sent after its session had ended. It travels, sealed, through the pages of sign-in, and is
// shown to the same person afterwards, who sends it with one click: nothing is lost, and nothing is sent by surprise.
type keptForm struct {
	To     string     `json:"to"` // address it was sent to
	Login  int64      `json:"login"`
	Fields url.Values `json:"fields"`
	Files  bool       `json:"files,omitempty"` // it may have brought files, which are not kept
}

const keptFor = time.Hour

// keep seals the form of this request; "" when there is none worth keeping.
func (v *Visit) keep() string {
	if v.r.Method != http.MethodPost {
		return ""
	}
	var values url.Values
	kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		f, err := v.Form()
		if err != nil {
			return ""
		}
		values = f.values
	case "multipart/form-data":
		if v.form != nil {
			values = v.form.values
		} else {
			values = wordsOfFiles(v.r)
		}
	}
	login, ours := ownerOf(values.Get("key"))
	if !ours {
		return ""
	}
	for name := range values {
		if strings.Contains(name, "password") {
			return "" // a form of passwords is typed again
		}
	}
	text, err := v.s.lock("kept", keptForm{To: v.r.URL.RequestURI(), Login: login, Fields: values, Files: kind == "multipart/form-data"}, keptFor)
	if err != nil {
		return ""
	}
	return text
}

// ownerOf is the login of whoever a form's key says wrote it.
func ownerOf(key string) (login int64, ours bool) {
	_, owner, _ := strings.Cut(key, ".")
	login, err := strconv.ParseInt(owner, 36, 64)
	return login, err == nil
}

// wordsOfFiles reads what was typed in a form that brings files, and none of the files. The key comes first in every form
// of ours: of another sender nothing more is read.
func wordsOfFiles(r *http.Request) url.Values {
	r.Body = http.MaxBytesReader(nil, r.Body, filesDrain)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil
	}
	values, size := url.Values{}, 0
	for fields := 0; fields <= fieldsMax; fields++ {
		part, err := parts.NextPart()
		if err != nil { // the end, or a line that was cut: what came is kept
			return values
		}
		if part.FileName() != "" || part.Header.Get("Content-Type") != "" {
			if _, ours := ownerOf(values.Get("key")); !ours {
				return nil
			}
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, formMax+1))
		if size += len(b); err != nil || size > formMax {
			return nil
		}
		values.Add(part.FormName(), string(b))
	}
	return nil
}

// kept opens it again for the one who wrote it.
func (v *Visit) kept(text string) (keptForm, bool) {
	var k keptForm
	err := v.s.unlock("kept", text, &k)
	return k, err == nil && v.In && k.Login == v.Who.Login && local(k.To)
}

// toSignIn answers someone who is not signed in: the sign-in page, which leads back here.
func (v *Visit) toSignIn() error {
	if v.Autosave() {
		return v.sayJSON(http.StatusUnauthorized, map[string]string{"error": v.P.T("web.save_signed_out")})
	}
	if v.Partial() { // htmx would put the sign-in page in the middle of another
		v.w.Header().Set("HX-Redirect", "/sign-in?next="+url.QueryEscape(back(v.r)))
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if v.r.Method != http.MethodGet && v.r.Method != http.MethodHead {
		if kept := v.keep(); kept != "" {
			return v.s.signInPage(v, signInData{F: v.NewForm(), Next: back(v.r), Kept: kept, Over: true}, http.StatusUnauthorized)
		}
		return v.Go("/sign-in?over=1&next=" + url.QueryEscape(back(v.r)))
	}
	if v.r.URL.RequestURI() == "/" {
		return v.Go("/sign-in")
	}
	return v.Go("/sign-in?next=" + url.QueryEscape(v.r.URL.RequestURI()))
}

// back is a page from which the request may have come: its own for a GET, the page with the form for a POST.
func back(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if u, err := url.Parse(r.Referer()); err == nil && u.Host == r.Host && local(u.RequestURI()) {
		return u.RequestURI()
	}
	return "/"
}

// Resumes says whether the form is shown again as it was typed, rather than sent: it may have brought photographs, which a
// device keeps (app.js) and a kept form does not.
func (k keptForm) Resumes() bool { return k.Fields.Get("shape") == quickShape }

// hidden writes the fields of a kept form.
func (k keptForm) Hidden() template.HTML {
	m := new(markup)
	names := make([]string, 0, len(k.Fields))
	for name := range k.Fields {
		if name != "do" || !k.Resumes() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range k.Fields[name] {
			m.raw(`<textarea hidden`).attr("name", name).raw(">\n").text(value).raw("</textarea>")
		}
	}
	return m.html()
}

// Texts are what the person wrote, the longest first: enough to recognise it, or to copy it.
func (k keptForm) Texts() []string {
	var texts []string
	for name, values := range k.Fields {
		switch name {
		case "key", "version", "next", wasField, shownField: // the form's own
			continue
		}
		for _, value := range values {
			if value = strings.TrimSpace(value); strings.ContainsAny(value, " \n") || len(value) > 15 { // not the code of a choice
				texts = append(texts, value)
			}
		}
	}
	slices.SortFunc(texts, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return texts[:min(len(texts), 12)]
}

// expand undoes squeeze, up to a size.
func expand(b []byte, most int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, most))
}
