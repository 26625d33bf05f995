package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/i18n"
)

// Option is one value of a choice.
type Option struct {
	Value string
	Label string
	Group string // options of one group stand together under its name
}

// fieldID is the id of a field in the page: "lines[2].rate" → "f-lines-2-rate".
func fieldID(name string) string {
	return "f-" + strings.NewReplacer("[", "-", "].", "-", "]", "", ".", "-").Replace(name)
}

// fieldLook is what the options of a field say; see [Form.Field].
type fieldLook struct {
	hint, icon, unit, small, number, class string
	amount                                 bool
	attrs                                  []string // pairs
}

// look reads options written "name=value" or "name". Those of the component are taken out; the rest become attributes.
func look(options []string) fieldLook {
	l := fieldLook{}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		switch name {
		case "hint":
			l.hint = value
		case "icon":
			l.icon = value
		case "unit":
			l.unit = value
		case "small":
			l.small = value
		case "n":
			l.number = value
		case "class":
			l.class = value
		case "amount":
			l.amount = true
		default:
			l.attrs = append(l.attrs, name, value)
		}
	}
	return l
}

func (l fieldLook) has(attr string) bool {
	for i := 0; i < len(l.attrs); i += 2 {
		if l.attrs[i] == attr {
			return true
		}
	}
	return false
}

// Field writes a field: its label, the input, the hint, and the refusal with what was typed. Options:
//
//	hint=…  a line below         small=…  beside the label        icon=…  a symbol in front
//	unit=€  a unit behind        amount   figures to the right    n=1     a number before the label
//	class=… on the block (in.ttc: "ttc")
//
// Anything else is an attribute of the input: "type=email", "autocomplete=username", "required", "maxlength=80",
// "inputmode=decimal", "list=places", "autofocus".
func (f *Form) Field(name, label string, options ...string) template.HTML {
	m, l := new(markup), look(options)
	m.open(f, name, label, l)
	m.raw(`<div class="in`)
	if l.class != "" {
		m.raw(" ").text(l.class)
	}
	m.raw(`">`)
	if l.icon != "" {
		m.icon(l.icon)
	}
	m.raw("<input")
	if l.amount {
		m.raw(` class="amt"`)
		if !l.has("inputmode") {
			m.raw(` inputmode="decimal"`)
		}
	}
	m.input(f, name, l)
	if v := f.values.Get(name); v != "" && !secret(l) {
		m.attr("value", v)
	}
	m.raw(">")
	if l.unit != "" {
		m.raw(`<span class="u">`).text(l.unit).raw("</span>")
	}
	return m.raw("</div>").close(f, name, l).html()
}

// secret says whether a field is a password: it is never sent back.
func secret(l fieldLook) bool {
	for i := 0; i < len(l.attrs); i += 2 {
		if l.attrs[i] == "type" && l.attrs[i+1] == "password" {
			return true
		}
	}
	return false
}

// Area writes a field of several lines ("rows=3").
func (f *Form) Area(name, label string, options ...string) template.HTML {
	m, l := new(markup), look(options)
	m.open(f, name, label, l).raw(`<textarea class="in"`).input(f, name, l).raw(">")
	if v := f.values.Get(name); v != "" {
		m.raw("\n").text(v)
	}
	return m.raw("</textarea>").close(f, name, l).html()
}

// Select writes a list to choose from.
func (f *Form) Select(name, label string, from []Option, options ...string) template.HTML {
	m, l := new(markup), look(options)
	m.open(f, name, label, l).raw(`<select class="in"`).input(f, name, l).raw(">")
	chosen, group := f.Get(name), ""
	for _, o := range from {
		if o.Group != group {
			if group != "" {
				m.raw("</optgroup>")
			}
			if o.Group != "" {
				m.raw("<optgroup").attr("label", o.Group).raw(">")
			}
			group = o.Group
		}
		m.raw(`<option value="`).text(o.Value).raw(`"`)
		if o.Value == chosen {
			m.raw(" selected")
		}
		m.raw(">").text(o.Label).raw("</option>")
		f.worded(name, o.Value, o.Label)
	}
	if group != "" {
		m.raw("</optgroup>")
	}
	return m.raw("</select>").close(f, name, l).html()
}

// Segment writes a choice between a few values, all in sight.
func (f *Form) Segment(name, label string, from []Option, options ...string) template.HTML {
	m, l := new(markup), look(options)
	f.Label(name, label)
	m.raw(`<fieldset class="f`)
	if f.Refusal(name) != "" {
		m.raw(" bad")
	}
	m.raw(`" id="`).text(fieldID(name)).raw(`"><legend class="lab">`).text(label).raw(`</legend><div class="seg big">`)
	chosen := f.Get(name)
	for _, o := range from {
		m.raw(`<label><input type="radio" name="`).text(name).raw(`" value="`).text(o.Value).raw(`"`)
		if o.Value == chosen {
			m.raw(" checked")
		}
		for i := 0; i < len(l.attrs); i += 2 {
			m.raw(" ").raw(l.attrs[i])
			if l.attrs[i+1] != "" {
				m.raw(`="`).text(l.attrs[i+1]).raw(`"`)
			}
		}
		m.raw("><span>").text(o.Label).raw("</span></label>")
		f.worded(name, o.Value, o.Label)
	}
	m.raw("</div>").below(f, name, l)
	return m.raw("</fieldset>").html()
}

// Switch writes a question of yes or no.
func (f *Form) Switch(name, label string, options ...string) template.HTML {
	m, l := new(markup), look(options)
	f.Label(name, label)
	f.worded(name, "1", f.P.T("web.changed_yes"))
	m.raw(`<div class="f`)
	if f.Refusal(name) != "" {
		m.raw(" bad")
	}
	m.raw(`"><label class="sw" for="`).text(fieldID(name)).raw(`"><span class="strong">`).text(label)
	if l.small != "" {
		m.raw(` <small class="muted">`).text(l.small).raw("</small>")
	}
	m.raw(`</span><input type="checkbox" role="switch" value="1"`).input(f, name, l)
	if f.Bool(name) {
		m.raw(" checked")
	}
	return m.raw("></label>").below(f, name, l).raw("</div>").html()
}

// Hidden carries a value that nobody types.
func (f *Form) Hidden(name string) template.HTML {
	return new(markup).raw(`<input type="hidden" name="`).text(name).raw(`" value="`).text(f.values.Get(name)).raw(`">`).html()
}

// Once carries the key that makes a second click harmless, and what the form was filled with when it was [Form.Opened].
// It stands once in every form that changes something.
func (f *Form) Once() template.HTML {
	m := new(markup).raw(`<input type="hidden" name="key" value="`).text(f.Key).raw(`">`)
	if was := f.values.Get(wasField); was != "" {
		m.raw(`<input type="hidden" name="` + wasField + `" value="`).text(was).raw(`">`)
	}
	return m.html()
}

// Label notes the name of a field that the page writes by hand, for [Form.Summary]; the writers of fields note theirs.
func (f *Form) Label(name, label string) string {
	if f.labels == nil {
		f.labels = map[string]string{}
	}
	if _, written := f.labels[name]; !written {
		f.order = append(f.order, name)
	}
	f.labels[name] = label
	return ""
}

// labelOf names a field in the summary: as its label does, with the line it stands in where there are several.
func (f *Form) labelOf(field string) string {
	label := f.labels[field]
	rest, ok := strings.CutPrefix(field, "lines[")
	if index, _, found := strings.Cut(rest, "]."); ok && found && label != "" && len(f.lineNumbers()) > 1 {
		if i, err := strconv.Atoi(index); err == nil {
			return f.P.T("web.field_of_line", "field", label, "n", i+1)
		}
	}
	return label
}

// Summary lists the refusals above a form: the name of each field, leading to it, and what is wrong. A summary stands
// before its fields: [Visit.Show] writes a refused page twice so that the names are known.
func (f *Form) Summary() template.HTML {
	if len(f.refused) == 0 {
		return f.Since()
	}
	m := new(markup).put(f.Since()).raw(`<div class="note late errs" role="alert" tabindex="-1" data-focus>`).icon("alert-triangle").raw("<div><b>")
	m.text(f.P.T("web.form_refused", "n", len(f.refused))).raw("</b><ul>")
	inOrder := slices.Clone(f.refused) // of the page, so that one goes down it once
	slices.SortStableFunc(inOrder, func(a, b *fault.Error) int { return slices.Index(f.order, a.Field) - slices.Index(f.order, b.Field) })
	for _, e := range inOrder {
		m.raw("<li>")
		switch label := f.labelOf(e.Field); {
		case label != "":
			m.raw(`<a href="#`).text(fieldID(e.Field)).raw(`">`).text(label).raw("</a> ").text(f.told(e))
		case e.Field != "":
			m.raw(`<a href="#`).text(fieldID(e.Field)).raw(`">`).text(f.told(e)).raw("</a>")
		default:
			m.text(f.told(e))
		}
		m.raw("</li>")
	}
	return m.raw("</ul></div></div>").html()
}

func (m *markup) open(f *Form, name, label string, l fieldLook) *markup {
	f.Label(name, label)
	m.raw(`<div class="f`)
	if f.Refusal(name) != "" {
		m.raw(" bad")
	}
	m.raw(`"><label for="`).text(fieldID(name)).raw(`"`)
	if l.number != "" {
		m.raw(` class="num0"><i>`).text(l.number).raw("</i> ")
	} else {
		m.raw(">")
	}
	m.raw("<span>").text(label).raw("</span>")
	if l.small != "" {
		m.raw(" <small>").text(l.small).raw("</small>")
	}
	return m.raw("</label>")
}

// input writes name, id, state and the other attributes.
func (m *markup) input(f *Form, name string, l fieldLook) *markup {
	m.raw(` id="`).text(fieldID(name)).raw(`" name="`).text(name).raw(`"`)
	bad := f.Refusal(name) != ""
	if bad {
		m.raw(` aria-invalid="true"`)
	}
	if bad || l.hint != "" || f.theirs(name) != "" {
		m.raw(` aria-describedby="`).text(fieldID(name)).raw(`-h"`)
	}
	for i := 0; i < len(l.attrs); i += 2 {
		m.raw(" ").raw(l.attrs[i]) // written in this package
		if l.attrs[i+1] != "" {
			m.raw(`="`).text(l.attrs[i+1]).raw(`"`)
		}
	}
	return m
}

// below writes the refusal, or the hint.
func (m *markup) below(f *Form, name string, l fieldLook) *markup {
	if refusal := f.Refusal(name); refusal != "" {
		return m.raw(`<p class="hint" id="`).text(fieldID(name)).raw(`-h">`).icon("alert-triangle").raw("<span>").text(refusal).raw("</span></p>")
	}
	if theirs := f.theirs(name); theirs != "" {
		return m.raw(`<p class="hint" id="`).text(fieldID(name)).raw(`-h">`).icon("users").raw("<span>").text(theirs).raw("</span></p>")
	}
	if l.hint != "" {
		m.raw(`<p class="hint" id="`).text(fieldID(name)).raw(`-h">`).raw("<span>").text(l.hint).raw("</span></p>")
	}
	return m
}

func (m *markup) close(f *Form, name string, l fieldLook) *markup {
	return m.below(f, name, l).raw("</div>")
}

// options makes a choice of values whose words are messages: options(p, "sale.means.", "transfer", "cheque").
func options(p i18n.Printer, prefix string, values ...string) []Option {
	all := make([]Option, len(values))
	for i, v := range values {
		all[i] = Option{Value: v, Label: p.T(prefix + v)}
	}
	return all
}
