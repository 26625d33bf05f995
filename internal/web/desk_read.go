package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// The desk is one form: what is mended, the word and the deed go together, whichever button is pressed. It carries the
// content as it was shown, so that a field that nobody touched says nothing, even when someone else has changed the
// document meanwhile.

// deskSaid is what the desk shows again after a deed that was refused, or came too late.
type deskSaid struct {
	F       *Form
	Status  int
	Told    string   // what happened meanwhile
	Lost    []change // what was typed and is not in the document
	Mending bool
}

// shownField carries the document as the form showed it, a shown.
const shownField = "shown"

// shown is the document as the form showed it.
type shown struct {
	Buyer   int64        `json:"buyer"`
	Content sale.Content `json:"content"`
}

func wasOf(d sale.Document) string {
	b, err := json.Marshal(shown{d.Customer, d.Content})
	if err != nil {
		return ""
	}
	return string(b)
}

// deskField names a field of a line.
func deskField(i int, name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }

var deskFields = []string{"label", "quantity", "price", "nature", "tax"}

// fillDesk gives the fields of the desk their first values; what was typed stays.
func fillDesk(f *Form, c sale.Content) {
	first := func(name string, value any) {
		if !f.Has(name) {
			f.Set(name, value)
		}
	}
	first("line", 0)
	first("delivered", c.Delivered)
	for i, l := range c.Lines {
		first(deskField(i, "label"), l.Label)
		first(deskField(i, "quantity"), l.Quantity)
		first(deskField(i, "price"), l.Price)
		first(deskField(i, "nature"), l.Nature)
		first(deskField(i, "tax"), l.Tax)
	}
}

// typedOn puts into a content what a reader typed over what was shown; touched says whether that is anything.
func typedOn(v *Visit, f *Form, was, c sale.Content) (mended sale.Content, touched bool) {
	fresh := v.NewForm()
	fillDesk(fresh, was)
	changed := func(name string) bool {
		if !f.Has(name) || f.Text(name, formMax) == fresh.Text(name, formMax) {
			return false
		}
		touched = true
		return true
	}
	named := c.Title == titleOf(c) // after its first line, which may be about to change
	c.Lines = slices.Clone(c.Lines)
	for i := range c.Lines {
		l := &c.Lines[i]
		for _, name := range deskFields {
			at := deskField(i, name)
			if !changed(at) {
				continue
			}
			switch name {
			case "label":
				l.Label = f.Need(at, 2000)
			case "quantity":
				f.Need(at, 40)
				l.Quantity = f.Micro(at)
			case "price":
				f.Need(at, 40)
				l.Price = f.Micro(at)
			case "nature":
				l.Nature = f.Get(at)
			case "tax":
				l.Tax = f.Get(at)
			}
		}
	}
	if changed("delivered") {
		f.Need("delivered", 40)
		c.Delivered = f.Day("delivered")
	}
	if named {
		c.Title = titleOf(c)
	}
	return c, touched
}

func (s *Server) deskValidate(v *Visit) error { return s.deskDecided(v, sale.DeedValidate) }
func (s *Server) deskReturn(v *Visit) error   { return s.deskDecided(v, sale.DeedReturn) }
func (s *Server) deskAmend(v *Visit) error    { return s.deskDecided(v, sale.DeedAmend) }

// deskDecided is any of the buttons of the desk.
func (s *Server) deskDecided(v *Visit, deed sale.Deed) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	sheet, err := s.office.Document(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.ValidateDocument, sheet.Subject); err != nil {
		return err
	}
	was := shown{sheet.Doc.Customer, sheet.Doc.Content}
	if f.Has(shownField) {
		was = shown{} // nothing of the document itself is read into
		if json.Unmarshal([]byte(f.Get(shownField)), &was) != nil {
			return fault.New(fault.Invalid, "web.form_broken")
		}
	}
	r := office.Reading{Version: f.ID("version"), Word: f.Text("comment", 4000), Line: f.Int("line", 0, 1000)}
	content, touched := typedOn(v, f, was.Content, sheet.Doc.Content)
	if touched {
		r.Mended = &content
	}
	same := was.Buyer == sheet.Doc.Customer && reflect.DeepEqual(was.Content, sheet.Doc.Content)
	if r.Version != 0 && r.Version != sheet.Doc.Version {
		if sheet.Doc.Status != sale.Submitted || !same {
			return s.deskTooLate(v, f, r, was)
		}
		r.Version = sheet.Doc.Version // someone opened it; what was read still stands
	}
	if deed == sale.DeedReturn && r.Word == "" {
		f.Refuse("comment", "desk.word_missing")
	}
	if !f.OK() {
		return s.showDesk(v, deskSaid{F: f, Status: http.StatusUnprocessableEntity, Mending: touched})
	}
	if deed == sale.DeedAmend && !touched && r.Word == "" {
		return v.Go(v.URL("desk", id) + deskQuery(v.deskFilter()))
	}
	d, err := s.office.Decide(v.Ctx(), v.Actor, id, deed, r)
	switch {
	case err == nil:
	case f.Take(err):
		return s.showDesk(v, deskSaid{F: f, Status: http.StatusUnprocessableEntity, Mending: touched})
	case stale(err): // only who wrote it can take up what came between: the word that asks for it is ready
		told := v.P.Fault(staleIn(err))
		if r.Word == "" {
			f.values.Set("comment", v.P.T("desk.stale_word", "what", told))
		}
		return s.showDesk(v, deskSaid{F: f, Status: http.StatusConflict, Told: v.P.T("desk.stale", "what", told), Mending: touched})
	case fault.KindOf(err) == fault.Conflict:
		return s.deskTooLate(v, f, r, was)
	default:
		return err
	}
	switch {
	case deed == sale.DeedAmend && !touched:
		v.Say("desk.said")
	case deed == sale.DeedAmend:
		v.Say("desk.amended")
	case deed == sale.DeedReturn && touched:
		v.Say("desk.returned_amended")
	case deed == sale.DeedReturn:
		v.Say("desk.returned")
	case touched:
		v.Say("desk.validated_amended", "number", d.Number)
	case d.SentAt != 0:
		v.Say("desk.validated_mailed", "number", d.Number)
	default:
		v.Say("desk.validated", "number", d.Number)
	}
	if deed == sale.DeedAmend {
		return v.Go(v.URL("desk", id) + deskQuery(v.deskFilter()))
	}
	return v.deskNext(f)
}

// deskNext goes where the button said.
func (v *Visit) deskNext(f *Form) error {
	if next := f.Get("next"); next != "" && local(next) {
		return v.Go(next)
	}
	return v.Go(v.URL("desk"))
}

// deskTooLate answers a deed on a document that is no more what the reader had before them. Who did what is told; what the
// reader typed is shown, and stays in the fields while the document can still be mended.
func (s *Server) deskTooLate(v *Visit, f *Form, r office.Reading, was shown) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	sheet, err := s.office.Document(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	said := deskSaid{F: f, Status: http.StatusConflict, Told: v.meanwhile(sheet)}
	typed, touched := typedOn(v, f, was.Content, sheet.Doc.Content)
	f.refused = nil
	if sheet.Doc.Status == sale.Submitted {
		fresh := v.NewForm()
		fillDesk(fresh, was.Content)
		for name := range fresh.values { // what nobody touched is the document's own again
			if name != "line" && f.Text(name, formMax) == fresh.Text(name, formMax) {
				f.values.Del(name)
			}
		}
		said.Mending = touched
		return s.showDesk(v, said)
	}
	said.Lost = contentChanges(v.P, sheet.Doc.Content, typed)
	if r.Word != "" && !slices.ContainsFunc(sheet.Events, func(e store.SaleEvent) bool { return e.By == v.Actor.Person && e.Comment == r.Word }) {
		said.Lost = append(said.Lost, change{Line: r.Line, Label: v.P.T("desk.word"), New: r.Word})
	}
	if len(said.Lost) == 0 { // a second click, or nothing but the deed itself
		v.leave(flash{Text: said.Told})
		return v.deskNext(f)
	}
	return s.showDesk(v, said)
}

// meanwhile says what became of a document, by whom, in words for the one who comes second.
func (v *Visit) meanwhile(sheet office.Sheet) string {
	var last store.SaleEvent
	for _, e := range sheet.Events {
		switch e.Deed {
		case string(sale.DeedValidate), string(sale.DeedReturn), string(sale.DeedAmend), string(sale.DeedTakeBack), string(sale.DeedSubmit):
			last = e
		}
	}
	key := map[string][2]string{
		string(sale.DeedValidate): {"desk.late_validated", "desk.late_validated_self"},
		string(sale.DeedReturn):   {"desk.late_returned", "desk.late_returned_self"},
		string(sale.DeedAmend):    {"desk.late_amended", "desk.late_amended_self"},
		string(sale.DeedTakeBack): {"desk.late_taken_back", "desk.late_taken_back"},
		string(sale.DeedSubmit):   {"desk.late_submitted", "desk.late_submitted"},
	}[last.Deed]
	if key[0] == "" {
		return v.P.T("office.changed_meanwhile")
	}
	n := 0
	if last.By == v.Actor.Person {
		n = 1
	}
	return v.P.T(key[n], "name", last.ByName, "number", sheet.Doc.Number, "when", v.P.Instant(v.At(last.At)))
}

// sinceSentBack is what its author changed in a document since a reader sent it back; again says whether one did.
func sinceSentBack(p i18n.Printer, sheet office.Sheet) (list []change, again bool) {
	back, again := sheet.SentBack()
	if !again || sheet.Doc.Status == sale.Returned || sheet.Doc.Status == sale.Draft { // it has not come back yet
		return nil, false
	}
	now, _ := beforeReading(sheet)
	if is := sheet.Facts.Customer.FullName(); is != back.Buyer {
		list = append(list, change{Label: p.T("form.customer"), Old: back.Buyer, New: is})
	}
	return append(list, contentChanges(p, back.Content, now.Content)...), true
}

// deed reads the id of the address and the form sent.
func (v *Visit) deed() (int64, *Form, error) {
	id, err := v.ID("id")
	if err != nil {
		return 0, nil, err
	}
	f, err := v.Form()
	return id, f, err
}

// Of is the screen of one part of the page.
func (s screen) Of(part any) screen {
	s.D = part
	return s
}
