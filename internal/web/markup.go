package web

import (
	"html/template"
	"strconv"

	"essaim/i18n"
)

// A markup is HTML being written by hand: the few components that stand on every line of every list are written with it,
// because html/template takes ten times as long (see doc.go). Everything that comes from outside goes through text or
// attr, which escape; raw is for constants of this package.
type markup struct{ b []byte }

func (m *markup) raw(s string) *markup { m.b = append(m.b, s...); return m }

// text writes s escaped: it is safe between tags and within a double-quoted attribute.
func (m *markup) text(s string) *markup {
	last := 0
	for i := range len(s) {
		var escape string
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '"':
			escape = "&#34;"
		case '\'':
			escape = "&#39;"
		case 0:
			escape = "\uFFFD"
		default:
			continue
		}
		m.b = append(append(m.b, s[last:i]...), escape...)
		last = i + 1
	}
	m.b = append(m.b, s[last:]...)
	return m
}

// attr writes ` name="value"`; an empty value writes nothing.
func (m *markup) attr(name, value string) *markup {
	if value == "" {
		return m
	}
	return m.raw(" ").raw(name).raw(`="`).text(value).raw(`"`)
}

func (m *markup) int(n int) *markup { m.b = strconv.AppendInt(m.b, int64(n), 10); return m }

// Write lets a template write into it.
func (m *markup) Write(b []byte) (int, error) { m.b = append(m.b, b...); return len(b), nil }

// part writes a component.
func (m *markup) part(c Component, p i18n.Printer) *markup {
	c.write(m, p)
	return m
}

// component returns what a component writes.
func component(c Component, p i18n.Printer) template.HTML {
	m := new(markup)
	c.write(m, p)
	return m.html()
}

// html returns what was written.
func (m *markup) html() template.HTML { return template.HTML(m.b) }

// put writes HTML made elsewhere in this package.
func (m *markup) put(h template.HTML) *markup { m.b = append(m.b, h...); return m }
