package web

import (
	"html/template"
	"strings"

	"essaim/date"
)

// A deed is something that happened to a document, as its page tells it.
type deed struct {
	Icon, What, Who, When string
	Word                  string // what was said
	Changes               []change
	Line                  int
}

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
	"withdraw":           {"arrow-back-up", "deed.withdraw"},
	"reopen":             {"edit", "deed.reopen"},
	"revoke":             {"lock", "deed.revoke"},
	"unsent":             {"mail", "deed.unsent"},
	"reviewed":           {"history", "deed.reviewed"},
	"warned":             {"alert-triangle", "deed.warned"},
	"comment":            {"message-circle", "deed.comment"},
	"lost":               {"alert-triangle", "deed.lost"},
	"restored":           {"arrow-back-up", "deed.restored"},
	"doubtful":           {"alert-triangle", "deed.doubtful"},
	"retention":          {"calendar", "deed.retention"},
	"closed":             {"circle-check", "deed.closed"},
	"opened_again":       {"arrow-back-up", "deed.opened_again"},
	"opened_by_customer": {"eye", "deed.opened_by_customer"},
	"reminded":           {"bell", "deed.reminded"},
	"penalised":          {"percentage", "deed.penalised"},
	"paused":             {"clock", "deed.paused"},
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
			x.Changes = changesOf(p, e)
			if e.Line == 0 { // the day of delivery
				break
			}
			x.What = p.T("deed.amended_line", "line", e.Line)
		case "warned":
			x.Word = v.warnedWords(strings.Fields(e.Comment))
		case "reminded", "penalised", "paused", "return", "comment", "submit", "reviewed", "closed", "opened_again", "lost", "restored", "doubtful":
			x.Word = e.Comment
		case "retention":
			day, why, _ := strings.Cut(e.Comment, " ")
			if on, err := date.Parse(day); err == nil {
				x.What, x.Word = p.T("deed.retention_on", "day", on), why
			}
		case "send":
			switch {
			case e.Comment == "link":
				x.Icon, x.What = "qrcode", p.T("deed.link")
			case e.Comment != "" && e.At == d.Doc.ValidatedAt:
				x.What = p.T("deed.send_when", "to", e.Comment)
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

// ItemList writes a list made by the handler.
func (s screen) ItemList(items []Item) template.HTML { return List{Items: items}.HTML(s.P) }
