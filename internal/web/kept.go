package web

import (
	"bytes"
	"compress/gzip"
	"html/template"
	"io"
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
}

const keptFor = time.Hour

// keep seals the form of this request; "" when there is none worth keeping.
func (v *Visit) keep() string {
	if v.r.Method != http.MethodPost || !strings.HasPrefix(v.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return ""
	}
	f, err := v.Form()
	if err != nil || len(f.values) == 0 {
		return ""
	}
	_, owner, _ := strings.Cut(f.Key, ".")
	login, err := strconv.ParseInt(owner, 36, 64)
	if err != nil {
		return "" // not a form of ours
	}
	for name := range f.values {
		if strings.Contains(name, "password") {
			return "" // a form of passwords is typed again
		}
	}
	text, err := v.s.lock("kept", keptForm{To: v.r.URL.RequestURI(), Login: login, Fields: f.values}, keptFor)
	if err != nil {
		return ""
	}
	return text
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

// hidden writes the fields of a kept form.
func (k keptForm) Hidden() template.HTML {
	m := new(markup)
	names := make([]string, 0, len(k.Fields))
	for name := range k.Fields {
		names = append(names, name)
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
