package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"essaim/i18n"
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
	Refresh int    // seconds after which a browser without scripts asks again; 0: never
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
	"lower":    lowerFirst,
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

// basedOn names the pages that take the blocks of another and define some anew.
var basedOn = map[string]string{"sale_quick": "sale_form"}

// templates are the pages: page/NAME.html defines "main", and blocks of its own.
var templates = sync.OnceValue(func() map[string]*template.Template {
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil {
		panic(err)
	}
	all := map[string]*template.Template{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		t := template.New("").Funcs(functions)
		if base := basedOn[name]; base != "" {
			template.Must(t.ParseFS(pageFiles, "page/"+base+".html"))
		}
		all[name] = template.Must(t.ParseFS(pageFiles, file))
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
	if v.form != nil && !v.form.OK() { // its summary stands before the fields whose names it tells: see [Form.Summary]
		if err := t.ExecuteTemplate(io.Discard, "main", &sc); err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
	}
	return v.framed(&sc, func(m *markup) error {
		if err := t.ExecuteTemplate(m, "main", &sc); err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
		return nil
	})
}

// Component is anything on a page that writes itself: [Table], [List], [Why], [Cash] and the others, and template.HTML
// made by them.
type Component interface {
	write(m *markup, p i18n.Printer)
}

// Blocks answers with a page made of components alone, without a template: the quickest way to write one. A part is a
// [Component] or template.HTML.
func (v *Visit) Blocks(page Page, parts ...any) error {
	return v.framed(&screen{Visit: v, Page: page}, func(m *markup) error {
		for _, part := range parts {
			switch part := part.(type) {
			case Component:
				part.write(m, v.P)
			case template.HTML:
				m.put(part)
			default:
				return fmt.Errorf("web: %T is no part of a page", part)
			}
		}
		return nil
	})
}

// written answers with a page whose content is written straight into its frame.
func (v *Visit) written(page Page, main func(*markup)) error {
	return v.framed(&screen{Visit: v, Page: page}, func(m *markup) error {
		main(m)
		return nil
	})
}

// framed writes a page within its frame and answers with it.
func (v *Visit) framed(sc *screen, main func(*markup) error) error {
	v.takeFlash()
	m := markups.Get().(*markup)
	defer markups.Put(m)
	m.b = m.b[:0]
	var err error
	if v.member || v.returning() {
		if sc.Nav, err = v.shell(); err != nil {
			return err
		}
		err = m.layout(sc, main)
	} else {
		err = m.bare(sc, main)
	}
	if err != nil {
		return err
	}
	status := sc.Page.Status
	if status == 0 {
		status = http.StatusOK
	}
	v.html(status, m.b)
	return nil
}

// markups are the buffers in which pages are written.
var markups = sync.Pool{New: func() any { return &markup{b: make([]byte, 0, 64<<10)} }}

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
