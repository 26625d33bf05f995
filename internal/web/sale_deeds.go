package web

import (
	"encoding/json"
	"html/template"

	"essaim/money"
	"essaim/sale"
)

// A deed is something that happened to a document, as its page tells it.
type deed struct {
	Icon, What, Who, When string
	Word                  string // what was said
	Changes               []mended
	Line                  int
}

// mended is a value that a reader mended.
type mended struct{ Name, Old, New string }

// deedWords say what happened, with the icon of it.
var deedWords = map[string][2]string{
	"create":             {"pencil", "deed.create"},
	"submit":             {"send", "deed.submit"},
	"take_back":          {"arrow-back-up", "deed.take_back"},
	"open":               {"eye", "deed.open"},
	"amend":              {"edit", "deed.amend"},
	"amended":            {"edit", "deed.amended"},
	"return":             {"message-circle", "deed.return"},
	"validate":           {"file-check", "deed.validate"},
	"send":               {"mail", "deed.send"},
	"accept":             {"signature", "deed.accept"},
	"refuse":             {"x", "deed.refuse"},
	"reopen":             {"edit", "deed.reopen"},
	"comment":            {"message-circle", "deed.comment"},
	"opened_by_customer": {"eye", "deed.opened_by_customer"},
}

// deeds tells the history of a document, the latest first.
func (v *Visit) deeds(d *salePage) []deed {
	p := v.P
	var list []deed
	for i := range d.Events {
		e := d.Events[len(d.Events)-1-i]
		w, known := deedWords[e.Deed]
		if !known || e.Deed == "amend" {
			continue // the lines that were mended tell it
		}
		x := deed{Icon: w[0], What: p.T(w[1]), Who: e.ByName, When: p.Instant(v.At(e.At)), Line: e.Line}
		switch e.Deed {
		case "amended":
			if e.Line == 0 { // the day of delivery
				var both [2]sale.Content
				if json.Unmarshal([]byte(e.Comment), &both) == nil {
					x.Changes = []mended{{p.T("desk.field_delivered"), p.Day(both[0].Delivered), p.Day(both[1].Delivered)}}
				}
				break
			}
			var lines [2]sale.Line
			if json.Unmarshal([]byte(e.Comment), &lines) == nil {
				x.Changes = v.changes(d, lines[0], lines[1])
			}
			x.What = p.T("deed.amended_line", "line", e.Line)
		case "return", "comment":
			x.Word = e.Comment
		case "send":
			switch {
			case e.Comment == "link":
				x.Icon, x.What = "qrcode", p.T("deed.link")
			case e.Comment != "":
				x.What = p.T("deed.send_to", "to", e.Comment)
			}
		case "validate":
			if e.By == 0 || d.Doc.ValidatedBy == 0 {
				x.What = p.T("deed.validate_alone")
			}
		case "opened_by_customer":
			d.Opened = x.When
		}
		list = append(list, x)
	}
	return list
}

// changes tells what differs between a line and what a reader made of it.
func (v *Visit) changes(d *salePage, old, now sale.Line) []mended {
	p := v.P
	var list []mended
	add := func(key, a, b string) {
		if a != b {
			list = append(list, mended{p.T(key), a, b})
		}
	}
	tax := func(code string) string { return p.T(d.Facts.Taxes[code].Label) }
	nature := func(code string) string {
		n, _ := sale.NatureOf(code)
		return p.T(n.Label)
	}
	discount := func(l sale.Line) string {
		if l.DiscountFlat != 0 {
			return p.Euros(l.DiscountFlat)
		}
		return p.Rate(l.Discount)
	}
	quantity := func(l sale.Line) string {
		if l.Unit != "" {
			return p.Micro(l.Quantity) + " " + l.Unit
		}
		return p.Micro(l.Quantity)
	}
	add("form.what", old.Label, now.Label)
	add("form.quantity", quantity(old), quantity(now))
	add("form.price", p.UnitEuros(old.Price), p.UnitEuros(now.Price))
	add("form.discount", discount(old), discount(now))
	add("form.nature", nature(old.Nature), nature(now.Nature))
	if rated(old.Tax, d) != rated(now.Tax, d) || nature(old.Nature) == nature(now.Nature) {
		add("form.vat", tax(old.Tax), tax(now.Tax))
	}
	return list
}

// rated is the rate of a code: goods and services of one rate are the same to who reads.
func rated(code string, d *salePage) money.Rate { return d.Facts.Taxes[code].Rate }

// ItemList writes a list made by the handler.
func (s screen) ItemList(items []Item) template.HTML { return List{Items: items}.HTML(s.P) }
