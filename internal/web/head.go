package web

import (
	"html/template"

	"essaim/i18n"
)

// Head opens a page: what it is, or the answer to its person's question with the honey marker under its key words (one
// marker a page), how fresh it is, and what one can do.
type Head struct {
	Back    Link   // on a phone, the page before
	Eyebrow string // « Bonjour Maëlle, dimanche 22 novembre »
	Title   string // a plain title …
	Answer  Answer // … or the answer
	Lead    string // what follows from it
	Fresh   []string
	Acts    []Link // beside it on a desk; the first is filled when Go
	Go      bool
}

// Answer is a sentence in the first person around its key words: Before, Mark, After. Big is the home's.
type Answer struct {
	Before, Mark, After string
	Href                string // what the marked words open
	Big                 bool
}

func (m *markup) answer(a Answer) *markup {
	m.raw(`<h1 class="answer`)
	if !a.Big {
		m.raw(" mid")
	}
	m.raw(`">`).text(a.Before)
	if a.Mark != "" {
		if a.Before != "" {
			m.raw(" ")
		}
		tag := "span"
		if a.Href != "" {
			tag = "a"
		}
		m.raw("<").raw(tag).raw(` class="mark"`).attr("href", a.Href).raw(">").text(a.Mark).raw("</").raw(tag).raw(">")
		if a.After != "" {
			m.raw(" ")
		}
	}
	return m.text(a.After).raw("</h1>")
}

// HTML writes the answer alone.
func (a Answer) HTML() template.HTML { return new(markup).answer(a).html() }

// HTML writes the head.
func (h Head) HTML() template.HTML { return component(h, i18n.Printer{}) }

func (h Head) write(m *markup, _ i18n.Printer) {
	m.raw(`<div class="head"><div>`)
	if h.Back.Href != "" {
		m.raw(`<a class="lk phone-only" href="`).text(h.Back.Href).raw(`">`).icon("arrow-left").text(h.Back.Label).raw("</a>")
	}
	if h.Eyebrow != "" {
		m.raw(`<p class="eyebrow">`).text(h.Eyebrow).raw("</p>")
	}
	if h.Title != "" {
		m.raw(`<h1 class="ttl">`).text(h.Title).raw("</h1>")
	} else {
		m.answer(h.Answer)
	}
	if h.Lead != "" {
		m.raw(`<p class="lead">`).text(h.Lead).raw("</p>")
	}
	m.fresh(h.Fresh).raw("</div>")
	if len(h.Acts) > 0 {
		m.raw(`<div class="deskact">`)
		for i, l := range h.Acts {
			if i == 0 && h.Go {
				m.button(l, "b go")
			} else {
				m.button(l, "b")
			}
		}
		m.raw("</div>")
	}
	m.raw("</div>")
}

// fresh writes a quiet line of facts.
func (m *markup) fresh(facts []string) *markup {
	if len(facts) == 0 {
		return m
	}
	m.raw(`<p class="fresh">`)
	for _, f := range facts {
		m.raw("<span>").text(f).raw("</span>")
	}
	return m.raw("</p>")
}

// Thumb is a deed of every day, one of a row of large buttons (a desk's; a phone has the dock).
type Thumb struct {
	Link
	Small string
}

// Thumbs writes the row; the first is filled.
func thumbs(label string, all ...Thumb) template.HTML {
	m := new(markup).raw(`<nav class="thumbs"`).attr("aria-label", label).raw(">")
	for i, t := range all {
		m.raw("<a")
		if i == 0 {
			m.raw(` class="go"`)
		}
		m.raw(` href="`).text(t.Href).raw(`">`).icon(t.Icon).raw("<span>").text(t.Label)
		if t.Small != "" {
			m.raw("<small>").text(t.Small).raw("</small>")
		}
		m.raw("</span></a>")
	}
	return m.raw("</nav>").html()
}

// Block is a heading with what stands under it; Side is a word or a link at its right.
type Block struct {
	Title string
	Total template.HTML // after the title: an amount
	Side  template.HTML
	Body  any  // a [Component] or template.HTML
	First bool // no space above
	ID    string
}

// HTML writes the block.
func (b Block) HTML(p i18n.Printer) template.HTML { return component(b, p) }

func (b Block) write(m *markup, p i18n.Printer) {
	m.raw("<section")
	if !b.First {
		m.raw(` class="block"`)
	}
	m.attr("id", b.ID).raw(`><div class="bh"><h2>`).text(b.Title)
	if b.Total != "" {
		m.raw(" ").put(b.Total)
	}
	m.raw("</h2>").put(b.Side).raw("</div>")
	switch body := b.Body.(type) {
	case Component:
		body.write(m, p)
	case template.HTML:
		m.put(body)
	}
	m.raw("</section>")
}
