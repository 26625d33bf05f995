package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed page/*.html
var pageFiles embed.FS

// Page is what a page tells the frame around it.
type Page struct {
	Title   string // in the browser's tab and history
	Section string // the entry of the side bar it belongs to: "home", "account", "sales", "customers", "desk" …
	Team    bool   // pages of the team: smaller type
	Wide    bool   // the whole width
	Main    string // further classes of <main>: "flush", "inv"
	Home    bool   // the home, where the dock's first thumb is filled
	NoDock  bool   // a page with its own bar at the foot
	Live    bool   // needs htmx
	Script  string // a further script of static/
	Status  int    // 0: 200
}

// screen is what a template sees: .P the printer, .D the page's own data, .URL and the rest of [Visit].
type screen struct {
	*Visit
	Page Page
	D    any
	Nav  *Shell // nil outside a cooperative
}

// Theme is the look this device was told to have.
func (s screen) Theme() string { return theme(s.r) }

// Lang of the page.
func (s screen) Lang() string { return s.P.Lang() }

// Flash is what the deed before this page has to say, once.
func (s screen) Flash() *flash { return s.flash }

// Here is this page's address, to come back to.
func (s screen) Here() string { return s.r.URL.RequestURI() }

// functions are the components that templates may call. None knows a language: those that write words take the printer.
var functions = template.FuncMap{
	"asset":    assetURL,
	"icon":     icon,
	"hexagon":  hexagon,
	"avatar":   avatar,
	"amount":   amount,
	"figure":   figure,
	"paper":    paper,
	"options":  options,
	"honey":    func() template.HTML { return honeycomb },
	"initials": initials,
	"inc":      func(n int) int { return n + 1 },
	"dec":      func(n int) int { return n - 1 },
	// dict gives a block several values by name: a template takes only one.
	"dict": func(pairs ...any) map[string]any {
		m := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			name, _ := pairs[i].(string)
			m[name] = pairs[i+1]
		}
		return m
	},
}

// templates are the pages, each with the two frames: "layout" for those who are in a cooperative, "bare" for the others.
var templates = sync.OnceValue(func() map[string]*template.Template {
	frames := template.Must(template.New("").Funcs(functions).ParseFS(pageFiles, "page/layout.html", "page/bare.html"))
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil {
		panic(err)
	}
	all := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "bare" {
			continue
		}
		all[name] = template.Must(template.Must(frames.Clone()).ParseFS(pageFiles, file))
	}
	return all
})

// Show answers with a page: the template page/NAME.html, within its frame. data is its .D.
func (v *Visit) Show(name string, page Page, data any) error {
	t := templates()[name]
	if t == nil {
		return fmt.Errorf("web: no page %q", name)
	}
	sc := screen{Visit: v, Page: page, D: data}
	v.takeFlash()
	frame := "bare"
	if v.member || v.returning() {
		nav, err := v.shell()
		if err != nil {
			return err
		}
		sc.Nav, frame = nav, "layout"
	}
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	if err := t.ExecuteTemplate(out, frame, sc); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	status := page.Status
	if status == 0 {
		status = http.StatusOK
	}
	v.html(status, out.Bytes())
	return nil
}

// Again shows a form that was refused, with what was typed and what is wrong with it.
func (v *Visit) Again(name string, page Page, data any) error {
	page.Status = http.StatusUnprocessableEntity
	return v.Show(name, page, data)
}

// Part answers with one block of a page, for htmx to put in place.
func (v *Visit) Part(name, block string, data any) error {
	t := templates()[name]
	if t == nil {
		return fmt.Errorf("web: no page %q", name)
	}
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	if err := t.ExecuteTemplate(out, block, screen{Visit: v, D: data}); err != nil {
		return fmt.Errorf("page %s, block %s: %w", name, block, err)
	}
	v.html(http.StatusOK, out.Bytes())
	return nil
}

// Partial says whether htmx asks for a part of the page rather than the whole.
func (v *Visit) Partial() bool {
	return v.r.Header.Get("HX-Request") == "true" && v.r.Header.Get("HX-History-Restore-Request") == "" && v.r.Header.Get("HX-Boosted") == ""
}

// SearchText is what was searched for, on the page that answers it.
func (s screen) SearchText() string {
	if s.Page.Section == "search" {
		return s.Query("q")
	}
	return ""
}
