package web

import (
	"html/template"

	"essaim/i18n"
	"essaim/money"
)

// List is a list of things in one block, made for a phone: what it is on the left, the amount or the deed on the right.
type List struct {
	Items []Item
	Act   *Link // a deed for all of them, at the foot
}

// Item is one line of a [List]. On the left at most one of Icon, Activity and Person.
type Item struct {
	Icon     string
	Activity string // its hexagon
	Person   string // their circle
	Name     string
	Href     string // of the name
	About    string
	AboutRaw template.HTML // instead of About, when it holds a link

	Amount *money.Cents // on the right
	In     string       // its currency, when that is not the euro
	Why    string       // what the amount opens
	Class  string       // of the amount: "pos", "neg"
	Status Status       // under the amount, or alone on the right
	Act    *Link        // or a button
	Deed   *Link        // a button that sends a form to Href, on a line of its own
	Under  Status       // a line of its own below
	Fold   bool         // something without effect, kept small
}

// HTML writes the list.
func (l List) HTML(p i18n.Printer) template.HTML { return component(l, p) }

func (l List) write(m *markup, p i18n.Printer) { m.list(p, l) }

func (m *markup) list(p i18n.Printer, l List) *markup {
	m.raw(`<ul class="list">`)
	for _, i := range l.Items {
		m.item(p, i)
	}
	if l.Act != nil {
		m.raw("<li>").button(*l.Act, "b full rowact").raw("</li>")
	}
	return m.raw("</ul>")
}

func (m *markup) item(p i18n.Printer, i Item) {
	if i.Fold {
		m.raw(`<li class="fold"><div class="d muted">`).text(i.Name).raw("</div>")
		if i.Amount != nil {
			m.raw(`<div class="r muted small">`).text(p.Euros(*i.Amount)).raw("</div>")
		}
		m.raw("</li>")
		return
	}
	m.raw("<li>")
	left := i.Icon != "" || i.Activity != "" || i.Person != ""
	if left {
		m.raw(`<div class="icoline">`)
		switch {
		case i.Icon != "":
			m.raw(`<span class="ico">`).icon(i.Icon).raw("</span>")
		case i.Activity != "":
			m.hexagon(i.Activity)
		default:
			m.avatar(i.Person)
		}
	}
	m.raw(`<div><div class="n">`)
	if i.Href != "" {
		m.raw(`<a class="go2" href="`).text(i.Href).raw(`">`).text(i.Name).raw("</a>")
	} else {
		m.text(i.Name)
	}
	m.raw("</div>")
	if i.About != "" || i.AboutRaw != "" {
		m.raw(`<div class="d">`).text(i.About).put(i.AboutRaw).raw("</div>")
	}
	m.raw("</div>")
	if left {
		m.raw("</div>")
	}
	switch {
	case i.Act != nil:
		m.button(*i.Act, "b")
	case i.Amount != nil:
		class := "strong"
		if i.Class != "" {
			class += " " + i.Class
		}
		m.raw(`<div class="r">`).figure(p.Sum(i18n.Sum{Amount: *i.Amount, Currency: i.In}), i.Why, class)
		if i.Status.Text != "" {
			m.raw("<div>").status(i.Status).raw("</div>")
		}
		m.raw("</div>")
	case i.Status.Text != "":
		m.status(i.Status)
	case i.Href != "":
		m.raw(`<span class="chev">`).icon("chevron-right").raw("</span>")
	}
	if i.Deed != nil {
		m.raw(`<form class="rowact" method="post" action="`).text(i.Deed.Href).raw(`"><button class="lk plain">`)
		if i.Deed.Icon != "" {
			m.icon(i.Deed.Icon)
		}
		m.text(i.Deed.Label).raw("</button></form>")
	}
	if i.Under.Text != "" {
		m.raw(`<div class="rowact">`).status(i.Under).raw("</div>")
	}
	m.raw("</li>")
}
