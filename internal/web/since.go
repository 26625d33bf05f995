package web

import (
	"encoding/json"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
)

// A form that changes a thing carries what it was filled with ([Form.Opened]); sent, this is compared with what the thing
// is by then ([Visit.since]). When someone else has changed it, nothing is saved: the page comes again, says who did and
// when, puts their values where the person had typed nothing, and leaves what was typed elsewhere with theirs beside it.
// Sent again, it is saved: what was not seen is never written over.

// wasField is the hidden field that carries what a form was filled with.
const wasField = "was"

// A fieldChange is a field, or a group of rows, that someone else changed while the form was open.
type fieldChange struct {
	name     string
	was, now []string // values; of a group, one text a row
	kept     bool     // the person had typed something else, which stands in the field
}

// Opened notes what the form is filled with: a handler calls it once every field has its first value.
func (f *Form) Opened() *Form {
	f.values.Del(wasField)
	b, err := json.Marshal(f.values)
	if err != nil { // strings by strings always encode
		panic(err)
	}
	f.values.Set(wasField, string(b))
	return f
}

// opened is what the form was filled with; nothing when it does not say.
func (f *Form) opened() map[string][]string {
	was := map[string][]string{}
	if json.Unmarshal([]byte(f.values.Get(wasField)), &was) != nil {
		return map[string][]string{}
	}
	return was
}

// since compares what the form was opened on with what is now, whose form is filled alike: thing is its name in the log,
// and actions are those that change what the form shows. A group of rows ("shares") is compared as a whole; its label is
// given since no field has it. What changed makes the form refused: see [Form.OK].
func (v *Visit) since(f, now *Form, groups map[string]string, act access.Action, s access.Subject, thing string, actions ...string) error {
	now.Opened()
	was, is := f.opened(), now.opened()
	delete(was, "key")
	// A form that does not say what it was opened on has seen nothing: all that it would change is shown first.
	seen, bare := map[string]bool{}, !f.Has(wasField)
	for _, name := range slices.Sorted(maps.Keys(is)) {
		f.compare(name, was, is, groups, seen, bare)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		f.compare(name, was, is, groups, seen, bare)
	}
	f.values.Set(wasField, now.values.Get(wasField))
	if len(f.changes) == 0 {
		return nil
	}
	for group, label := range groups {
		f.Label(group, label)
	}
	s.Coop = v.Coop.ID
	row, by, err := v.s.office.LastChange(v.Ctx(), v.Actor, act, s, thing, actions...)
	switch {
	case err != nil:
		return err
	case row.At == 0:
		f.changedBy = v.P.T("web.changed_someone")
	case row.By == v.Actor.Person && row.By != 0:
		f.changedBy = v.P.T("web.changed_self", "at", v.P.Instant(v.At(row.At)))
	case by == "":
		f.changedBy = v.P.T("web.changed_program", "at", v.P.Instant(v.At(row.At)))
	default:
		f.changedBy = v.P.T("web.changed_by", "name", by, "at", v.P.Instant(v.At(row.At)))
	}
	return nil
}

// compare notes one field, or the whole group it is of.
func (f *Form) compare(name string, was, is map[string][]string, groups map[string]string, seen map[string]bool, bare bool) {
	if group, _, ok := strings.Cut(name, "["); ok {
		if _, known := groups[group]; known {
			name = group
		}
	}
	if seen[name] {
		return
	}
	seen[name] = true
	rows := func(from map[string][]string) map[string][]string {
		of := map[string][]string{}
		for n, values := range from {
			if (n == name || strings.HasPrefix(n, name+"[") && groups[name] != "") && typedText(values) != "" {
				of[n] = values
			}
		}
		return of
	}
	before, after, typed := rows(was), rows(is), rows(f.values)
	if alike(before, after) && !bare || alike(typed, after) {
		return
	}
	c := fieldChange{name: name, was: flat(before), now: flat(after), kept: !alike(typed, before)}
	if !c.kept {
		for n := range typed {
			f.values.Del(n)
		}
		for n, values := range after {
			f.values[n] = slices.Clone(values)
		}
	}
	f.changes = append(f.changes, c)
}

// typedText is what was typed, as a browser sends it back: no choice is "0" to some and empty to others.
func typedText(values []string) string {
	all := make([]string, 0, len(values))
	for _, s := range values {
		if s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")); s != "" && s != "0" {
			all = append(all, s)
		}
	}
	return strings.Join(all, "\n")
}

func alike(a, b map[string][]string) bool {
	return maps.EqualFunc(a, b, func(x, y []string) bool { return typedText(x) == typedText(y) })
}

// flat are the fields with their values, "name\x00value", in the order of their rows.
func flat(of map[string][]string) []string {
	var all []string
	for name, values := range of {
		for _, value := range values {
			all = append(all, name+"\x00"+value)
		}
	}
	slices.Sort(all)
	return all
}

// worded notes what a value of a choice is called, for the words of a change.
func (f *Form) worded(name, value, label string) {
	if len(f.changes) == 0 {
		return
	}
	if f.words == nil {
		f.words = map[string]string{}
	}
	f.words[anyRow(name)+"\x00"+value] = label
}

// anyRow is the name of a field without the number of its row.
func anyRow(name string) string {
	before, rest, ok := strings.Cut(name, "[")
	_, after, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return name
	}
	return before + "[]" + after
}

// said tells values as the page shows them, row by row.
func (f *Form) said(values []string) string {
	var rows []string
	last := ""
	inOrder := slices.Clone(values) // of the page, row by row
	slices.SortStableFunc(inOrder, func(a, b string) int {
		x, _, _ := strings.Cut(a, "].")
		y, _, _ := strings.Cut(b, "].")
		if x != y {
			return strings.Compare(x, y)
		}
		x, _, _ = strings.Cut(a, "\x00")
		y, _, _ = strings.Cut(b, "\x00")
		return slices.Index(f.order, x) - slices.Index(f.order, y)
	})
	for _, pair := range inOrder {
		name, value, _ := strings.Cut(pair, "\x00")
		if label, ok := f.words[anyRow(name)+"\x00"+value]; ok {
			value = label
		}
		row, _, _ := strings.Cut(name, "].")
		if len(rows) > 0 && row == last && row != name {
			rows[len(rows)-1] += ", " + value
		} else {
			rows = append(rows, value)
		}
		last = row
	}
	if len(rows) == 0 {
		return f.P.T("web.changed_nothing")
	}
	return strings.Join(rows, " ; ")
}

// theirs is what someone else wrote in a field in which the person had typed something too.
func (f *Form) theirs(name string) string {
	for _, c := range f.changes {
		if c.name == name && c.kept {
			return f.P.T("web.changed_theirs", "now", f.said(c.now))
		}
	}
	return ""
}

// Since tells what someone else changed while the form was open; nothing when nobody did.
func (f *Form) Since() template.HTML {
	if len(f.changes) == 0 {
		return ""
	}
	m := new(markup).raw(`<div class="note wait errs" role="alert" tabindex="-1" data-focus>`).icon("alert-triangle").raw("<div><b>").text(f.changedBy).raw("</b><ul>")
	for _, c := range f.changes {
		key := "web.changed_taken"
		if c.kept {
			key = "web.changed_kept"
		}
		m.raw("<li>")
		if label := f.labels[c.name]; label != "" {
			m.raw(`<a href="#`).text(fieldID(c.name)).raw(`">`).text(label).raw("</a> ")
		}
		m.text(f.P.T(key, "was", f.said(c.was), "now", f.said(c.now))).raw("</li>")
	}
	return m.raw("</ul><p>").text(f.P.T("web.changed_next")).raw("</p></div></div>").html()
}

// thingOf names a thing as the log does.
func thingOf(kind string, id int64) string { return kind + ":" + strconv.FormatInt(id, 10) }
