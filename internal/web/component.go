package web

import (
	"html/template"
	"strings"
	"unicode"

	"essaim/i18n"
	"essaim/money"
)

// Link is a place to go or a deed to do.
type Link struct {
	Label string
	Href  string
	Icon  string // name of a symbol of icons.svg without "i-"; may be empty
}

// The tones of a status, a tag or a note. Each comes with an icon and a word: never with its colour alone.
const (
	ToneLate = "late" // late, negative, lost: red
	ToneOK   = "ok"   // money in, done: green
	ToneWait = "wait" // waits or provisional: honey
)

// Status says in what state something is.
type Status struct {
	Tone string
	Icon string // empty: the tone's own
	Text string
}

func (m *markup) icon(name string) *markup {
	return m.raw(`<svg class="i" aria-hidden="true"><use href="`).raw(sprite()).raw("#i-").text(name).raw(`"/></svg>`)
}

func sprite() string { return assets()["icons.svg"].url() }

// icon draws a symbol of icons.svg.
func icon(name string) template.HTML { return new(markup).icon(name).html() }

// amount writes an amount that opens what it is made of; without href it is plain. class: "strong", "pos", "neg".
func (m *markup) amount(p i18n.Printer, c money.Cents, href, class string) *markup {
	return m.figure(p.Euros(c), href, class)
}

// figure is [markup.amount] for an amount already in words (« 812 € », « 118 % »).
func (m *markup) figure(words, href, class string) *markup {
	tag := "span"
	if href != "" {
		tag = "a"
	}
	m.raw("<").raw(tag).raw(` class="amt`)
	if class != "" {
		m.raw(" ").text(class)
	}
	return m.raw(`"`).attr("href", href).raw(">").text(words).raw("</").raw(tag).raw(">")
}

func amount(p i18n.Printer, c money.Cents, href string, class ...string) template.HTML {
	return new(markup).amount(p, c, href, strings.Join(class, " ")).html()
}

func figure(words, href string, class ...string) template.HTML {
	return new(markup).figure(words, href, strings.Join(class, " ")).html()
}

func (m *markup) status(s Status) *markup {
	if s.Text == "" {
		return m
	}
	m.raw(`<span class="st`)
	if s.Tone != "" {
		m.raw(" ").text(s.Tone)
	}
	m.raw(`">`)
	if i := s.icon(); i != "" {
		m.icon(i)
	}
	return m.text(s.Text).raw("</span>")
}

func (s Status) icon() string {
	if s.Icon != "" {
		return s.Icon
	}
	switch s.Tone {
	case ToneLate:
		return "alert-triangle"
	case ToneOK:
		return "check"
	case ToneWait:
		return "hourglass"
	}
	return ""
}

// HTML writes the status as a line of text with its icon.
func (s Status) HTML() template.HTML { return new(markup).status(s).html() }

// Tag writes it as a small label.
func (s Status) Tag() template.HTML {
	m := new(markup).raw(`<span class="tag`)
	if s.Tone != "" {
		m.raw(" ").text(s.Tone)
	}
	m.raw(`">`)
	if s.Icon != "" || s.Tone != "" {
		m.icon(s.icon())
	}
	return m.raw("<span>").text(s.Text).raw("</span></span>").html()
}

// Note is a message on the page: what is so (Strong), what follows from it (Text), and where to go.
type Note struct {
	Tone   string
	Icon   string // empty: the tone's own, or an i
	Strong string
	Text   string
	Links  []Link
}

// HTML writes the note.
func (n Note) HTML() template.HTML { return new(markup).note(n).html() }

func (n Note) write(m *markup, _ i18n.Printer) { m.note(n) }

func (m *markup) note(n Note) *markup {
	m.raw(`<div class="note`)
	if n.Tone != "" {
		m.raw(" ").text(n.Tone)
	}
	m.raw(`"`)
	if n.Tone == ToneLate {
		m.raw(` role="alert"`)
	}
	m.raw(">")
	i := Status{Tone: n.Tone, Icon: n.Icon}.icon()
	if i == "" {
		i = "info-circle"
	}
	m.icon(i).raw("<span>")
	if n.Strong != "" {
		m.raw("<b>").text(n.Strong).raw("</b>")
	}
	if n.Text != "" {
		m.raw(" ").text(n.Text)
	}
	for _, l := range n.Links {
		m.raw(` <a href="`).text(l.Href).raw(`">`).text(l.Label).raw("</a>")
	}
	return m.raw("</span></div>")
}

// initials takes the first letters of the first two words of a name.
func initials(name string) string {
	var b strings.Builder
	n := 0
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '’' && r != '\'' }) {
		r := []rune(word)
		if len(r) > 2 && (r[1] == '’' || r[1] == '\'') { // « d’Orge »: the O
			r = r[2:]
		}
		b.WriteRune(unicode.ToUpper(r[0]))
		if n++; n == 2 {
			break
		}
	}
	return b.String()
}

func (m *markup) hexagon(name string) *markup {
	return m.raw(`<svg class="hexa" viewBox="0 0 32 32" aria-hidden="true"><path d="M14.2 1.5a3.6 3.6 0 0 1 3.6 0l9.4 5.4A3.6 3.6 0 0 1 29 10v12a3.6 3.6 0 0 1-1.8 3.1l-9.4 5.4a3.6 3.6 0 0 1-3.6 0l-9.4-5.4A3.6 3.6 0 0 1 3 22V10a3.6 3.6 0 0 1 1.8-3.1z"/><text x="16" y="20">`).text(initials(name)).raw("</text></svg>")
}

// hexagon stands for an activity, avatar for a person.
func hexagon(name string) template.HTML { return new(markup).hexagon(name).html() }

func (m *markup) avatar(name string) *markup {
	r := []rune(initials(name))
	return m.raw(`<span class="ava" aria-hidden="true">`).text(string(r[:min(1, len(r))])).raw("</span>")
}

func avatar(name string) template.HTML { return new(markup).avatar(name).html() }

// Empty stands where a list would: what it is for, and the first step.
type Empty struct {
	Title string
	Text  string
	Acts  []Link
}

const honeycomb = `<svg class="art" viewBox="0 0 132 88" aria-hidden="true"><path d="M48.99 20.50L48.99 35.50L36.00 43.00L23.01 35.50L23.01 20.50L36.00 13.00z"/><path class="s" d="M78.44 20.50L78.44 35.50L65.44 43.00L52.45 35.50L52.45 20.50L65.44 13.00z"/><path d="M107.88 20.50L107.88 35.50L94.89 43.00L81.90 35.50L81.90 20.50L94.89 13.00z"/><path class="h" d="M63.71 46.00L63.71 61.00L50.72 68.50L37.73 61.00L37.73 46.00L50.72 38.50z"/><path d="M93.16 46.00L93.16 61.00L80.17 68.50L67.18 61.00L67.18 46.00L80.17 38.50z"/></svg>`

// HTML writes the block with its honeycomb.
func (e Empty) HTML() template.HTML { return component(e, i18n.Printer{}) }

func (e Empty) write(m *markup, _ i18n.Printer) {
	m.raw(`<div class="list"><div class="empty">`).raw(honeycomb)
	m.raw("<h2>").text(e.Title).raw("</h2><p>").text(e.Text).raw("</p>")
	if len(e.Acts) > 0 {
		m.raw(`<div class="acts">`)
		for _, l := range e.Acts {
			m.button(l, "b")
		}
		m.raw("</div>")
	}
	m.raw("</div></div>")
}

// button writes a link that looks like a button: "b", "b go", "b q".
func (m *markup) button(l Link, class string) *markup {
	m.raw(`<a class="`).raw(class).raw(`" href="`).text(l.Href).raw(`">`)
	if l.Icon != "" {
		m.icon(l.Icon)
	}
	return m.text(l.Label).raw("</a>")
}

// Filter is one choice above a list; filters live in the address.
type Filter struct {
	Label   string
	Count   string // in words; may be empty
	Href    string
	Current bool
}

// Filters are the choices above a list.
type Filters []Filter

// HTML writes them in a row that slides on a phone.
func (f Filters) HTML(p i18n.Printer) template.HTML { return component(f, p) }

func (f Filters) write(m *markup, p i18n.Printer) {
	m.raw(`<div class="filters" role="group"`).attr("aria-label", p.T("web.filters")).raw(">")
	for _, x := range f {
		m.raw(`<a class="fi" href="`).text(x.Href).raw(`"`)
		if x.Current {
			m.raw(` aria-current="true"`)
		}
		m.raw(">").text(x.Label)
		if x.Count != "" {
			m.raw(" <b>").text(x.Count).raw("</b>")
		}
		m.raw("</a>")
	}
	m.raw("</div>")
}

// Pager walks through a long list; URL writes the address of a page (from 1).
type Pager struct {
	Page, Pages int
	Total       int // rows in all
	Per         int // rows a page
	URL         func(page int) string
}

// HTML says which rows are shown, and leads to the pages beside.
func (g Pager) HTML(p i18n.Printer) template.HTML { return component(g, p) }

func (g Pager) write(m *markup, p i18n.Printer) {
	from, to := (g.Page-1)*g.Per+1, min(g.Page*g.Per, g.Total)
	m.raw(`<nav class="pager" aria-label="`).text(p.T("web.pages")).raw(`"><span class="fresh">`)
	switch {
	case g.Total == 0:
		m.text(p.T("web.rows_none"))
	case g.Pages <= 1:
		m.text(p.T("web.rows", "n", g.Total))
	default:
		m.text(p.T("web.rows_of", "from", from, "to", to, "n", g.Total))
	}
	m.raw("</span>")
	if g.Pages > 1 {
		m.raw(`<span class="pg">`)
		m.page(g, g.Page-1, "chevron-left", p.T("web.page_before"), "prev")
		m.page(g, g.Page+1, "chevron-right", p.T("web.page_after"), "next")
		m.raw("</span>")
	}
	m.raw("</nav>")
}

func (m *markup) page(g Pager, page int, i, label, rel string) {
	if page < 1 || page > g.Pages {
		m.raw(`<span class="ib off">`).icon(i).raw("</span>")
		return
	}
	m.raw(`<a class="ib" rel="`).raw(rel).raw(`" href="`).text(g.URL(page)).raw(`" aria-label="`).text(label).raw(`">`).icon(i).raw("</a>")
}

// Figures is a row of key figures under their names.
type Figures []Figure

// Figure is one of them; Href opens what it is made of.
type Figure struct {
	Label, Words, Href string
	Status             Status
}

// HTML writes the row.
func (f Figures) HTML() template.HTML { return component(f, i18n.Printer{}) }

func (f Figures) write(m *markup, _ i18n.Printer) {
	m.raw(`<dl class="kpi k`).int(len(f)).raw(`">`)
	for _, x := range f {
		m.raw("<div><dt>").text(x.Label).raw("</dt><dd>").figure(x.Words, x.Href, "").raw(" ").status(x.Status).raw("</dd></div>")
	}
	m.raw("</dl>")
}
