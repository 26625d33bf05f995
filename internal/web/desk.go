package web

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/sale"
)

// deskPages are the reading desk: what waits on the left, the document, what to look at on the right.
func (s *Server) deskPages() {
	s.page("GET", "/{coop}/desk", access.ReadDesk, s.desk)
	s.page("GET", "/{coop}/desk/{id}", access.ReadDesk, s.desk)
	s.page("POST", "/{coop}/desk/{id}/validate", access.ReadDesk, s.deskValidate)
	s.page("POST", "/{coop}/desk/{id}/return", access.ReadDesk, s.deskReturn)
	s.page("POST", "/{coop}/desk/{id}/amend", access.ReadDesk, s.deskAmend)
	s.page("GET", "/{coop}/desk/bulk", access.ReadDesk, s.deskBulk)
	s.page("POST", "/{coop}/desk/bulk", access.ReadDesk, s.deskBulkSent)
	s.page("GET", "/{coop}/reviews", access.ReadDesk, s.deskAfter)
	s.page("GET", "/{coop}/reviews/{id}", access.ReadDesk, s.deskAfter)
	s.page("POST", "/{coop}/reviews/{id}", access.ReadDesk, s.deskAfterSent)
	s.page("GET", "/{coop}/absences", "", s.absences)
	s.page("POST", "/{coop}/absences", "", s.absenceSent)
	s.page("POST", "/{coop}/absences/{id}/end", "", s.absenceEnd)
	s.count("desk", func(v *Visit) string {
		n, err := s.office.DeskCount(v.Ctx(), v.Actor)
		if err != nil || n == 0 {
			return "" // the page itself says what is wrong
		}
		return v.P.Int(int64(n))
	})
}

type deskData struct {
	Count   int
	Oldest  string
	Usual   string // how long an answer takes as a rule
	Filters Filters
	Rows    []deskRow
	Open    *deskOpen
	Empty   template.HTML
	Runs    template.HTML // what is validated at once, and goes on or ended unread

	F           *Form // the filter in selects
	Activities  []Option
	Advisors    []Option
	Narrow      bool   // by one of them
	First, Next string // pages of the queue
	Bulk        string // all but some, at once
	After       string // what is read afterwards
	AfterN      int
	Absences    string
}

type deskRow struct {
	Href, Buyer, About, For string
	Age, Promise, Why       string
	Amount                  string
	Old, Current            bool
}

// deskOpen is the document in hand.
type deskOpen struct {
	ID         int64
	Version    int64
	Title      string
	About      string
	Paper      template.HTML
	Pieces     template.HTML // attached to it
	Checks     []check
	Changes    []change
	Comments   []comment
	Author     string
	F          *Form
	Lines      []int
	Taxes      []Option
	Natures    []Option
	LineTitles []Option
	Prev, Next string
	May        bool
	Gross      bool
	Alone      bool // asked for by its address: on a phone the list is a page of its own
	Back       string
	Query      string   // the filter, for the deeds
	Then       string   // where one goes on
	Mending    bool     // something is mended and not kept yet: it stays open
	Was        string   // the content as it is shown, for the form to come back with
	Told       string   // what happened to it meanwhile
	Lost       []change // what was typed and came too late
	Since      []change // what its author changed since it was sent back
	Again      bool     // it was sent back before
}

type check struct {
	Tone, Icon, Strong, Text string
	Href, Act                string // where it is mended
}

type comment struct {
	By, Text, When, Line string
}

func (s *Server) desk(v *Visit) error { return s.showDesk(v, deskSaid{}) }

// showDesk answers with the desk; said holds what a refused deed had typed.
func (s *Server) showDesk(v *Visit, said deskSaid) error {
	filter := v.deskFilter()
	desk, err := s.office.Desk(v.Ctx(), v.Actor, filter)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d := deskData{Count: desk.All, Usual: usualWords(v.P, desk.Usual)}
	v.deskFilters(&d, &desk, h, filter)
	if desk.Oldest != 0 {
		age, _, _ := v.deskAge(desk.Oldest, desk.Promised)
		d.Oldest = v.P.T("desk.oldest", "age", age)
	}
	if r, err := s.office.Reviews(v.Ctx(), v.Actor); err != nil {
		return err
	} else if r.Percent > 0 || len(r.Waiting) > 0 {
		d.After, d.AfterN = v.URL("reviews"), len(r.Waiting)
	}
	if v.can(access.DeclareAbsence, 0) || access.Can(v.Actor, access.DeclareAbsence, access.Subject{Coop: v.Coop.ID, Person: v.Actor.Person}) == access.Allowed {
		d.Absences = v.URL("absences")
	}
	rows, query := desk.Rows, deskQuery(filter)
	open := int64(0)
	if v.PathValue("id") != "" {
		if open, err = v.ID("id"); err != nil {
			return err
		}
	} else if len(rows) > 0 {
		open = rows[0].ID
	}
	at := -1
	for i := range rows {
		r := &rows[i]
		row := v.deskRowOf(h, r, desk.Promised)
		row.Href, row.Current = v.URL("desk", r.ID)+query, r.ID == open
		if row.Current {
			at = i
		}
		d.Rows = append(d.Rows, row)
	}
	if desk.More {
		g, last := filter, rows[len(rows)-1]
		g.After = store.DeskPlace{At: last.SubmittedAt, ID: last.ID}
		d.Next = v.URL("desk") + deskQuery(g)
	}
	if filter.After != (store.DeskPlace{}) {
		g := filter
		g.After = store.DeskPlace{}
		d.First = v.URL("desk") + deskQuery(g)
	}
	if open != 0 {
		if d.Open, err = s.deskOpen(v, h, open, v.PathValue("id") != "", said); err != nil {
			return err
		}
		d.Open.Alone, d.Open.Back, d.Open.Query = v.PathValue("id") != "", v.URL("desk")+query, query
		d.Open.Then = d.Open.Back
		if at >= 0 {
			d.Open.About = v.P.T("desk.rank", "n", desk.Before+at+1, "of", desk.Size, "on", v.P.Instant(v.At(rows[at].SubmittedAt)))
			if at > 0 {
				d.Open.Prev = d.Rows[at-1].Href
			}
			if at+1 < len(rows) {
				d.Open.Next = d.Rows[at+1].Href
			} else if d.Next != "" {
				d.Open.Next = d.Next
			}
			if d.Open.Next != "" {
				d.Open.Then = d.Open.Next
			}
		}
	}
	if len(rows) == 0 {
		d.Empty = Empty{Title: v.P.T("desk.empty"), Text: v.P.T("desk.empty_text")}.HTML()
		if desk.All > 0 {
			d.Empty = Empty{Title: v.P.T("desk.empty_such"), Acts: []Link{{v.P.T("desk.show_all"), v.URL("desk"), ""}}}.HTML()
		}
	}
	page := Page{Title: v.P.T("desk.title"), Section: "desk", Team: true, Wide: true, Main: "flush", Script: "desk.js", NoDock: true, Status: said.Status}
	return v.Show("desk", page, d)
}

// ageWords writes how long something waits: « 40 min », « 6 h », « 2 j ».
func ageWords(p i18n.Printer, d time.Duration) string {
	switch {
	case d < time.Hour:
		return p.T("desk.minutes", "n", max(1, int(d.Minutes())))
	case d < 48*time.Hour:
		return p.T("desk.hours", "n", int(d.Hours()))
	}
	return p.T("desk.days", "n", int(d.Hours()/24))
}

// deskOpen shows a document. Only who chose it opens it for reading, after which its author no longer takes it back: what
// the desk shows first to whoever comes by stays as it was.
func (s *Server) deskOpen(v *Visit, h *house, id int64, chosen bool, said deskSaid) (*deskOpen, error) {
	open := s.office.Document
	if chosen {
		open = s.office.OpenForReading
	}
	sheet, err := open(v.Ctx(), v.Actor, id)
	if err != nil {
		return nil, err
	}
	doc := sheet.Doc
	o := &deskOpen{ID: id, Version: doc.Version, Author: h.PersonName(doc.Author), Gross: doc.Content.Gross,
		Title: v.P.T("desk.of."+string(doc.Kind), "activity", sheet.Facts.Activity.Name), May: sheet.Can[access.ValidateDocument] && doc.Status == sale.Submitted}
	print := v.worn(sale.Print(doc, sheet.Facts, i18n.For("fr")), doc.Activity)
	if was, changed := beforeReading(sheet); changed {
		o.Paper = paperChanged(print, sale.Print(was, sheet.Facts, i18n.For("fr")))
	} else {
		o.Paper = paper(print)
	}
	o.Checks = s.deskChecks(v, sheet)
	joined, err := s.office.Attachments(v.Ctx(), v.Actor, "sale:"+strconv.FormatInt(id, 10))
	if err != nil {
		return nil, err
	}
	o.Pieces = v.piecesListed(joined.Pieces)
	for _, x := range joined.Pieces {
		o.Checks = append(o.Checks, check{Icon: "paperclip", Text: v.P.T("attachment.kind." + x.Kind), Href: v.URL("attachments", x.ID), Act: x.Name})
	}
	o.Since, o.Again = sinceSentBack(v.P, sheet)
	for _, e := range sheet.Events {
		switch e.Deed {
		case "amended":
			o.Changes = append(o.Changes, changesOf(v.P, e)...)
		case "comment", string(sale.DeedReturn), string(sale.DeedSubmit):
			if e.Comment == "" {
				continue
			}
			c := comment{By: e.ByName, Text: e.Comment, When: v.P.Instant(v.At(e.At))}
			if e.Line > 0 {
				c.Line = v.P.T("desk.line", "n", e.Line)
			}
			o.Comments = append(o.Comments, c)
		}
	}
	o.LineTitles = []Option{{Value: "0", Label: v.P.T("desk.whole")}}
	if o.F = said.F; said.F == nil {
		o.F = v.NewForm()
	}
	o.Told, o.Lost = said.Told, said.Lost
	fillDesk(o.F, doc.Content)
	o.Was = wasOf(doc)
	for i, l := range doc.Content.Lines {
		o.Lines = append(o.Lines, i)
		o.LineTitles = append(o.LineTitles, Option{Value: strconv.Itoa(i + 1), Label: v.P.T("desk.line", "n", i+1) + " · " + short(l.Label, 40)})
	}
	o.Mending = said.Mending
	o.Taxes, o.Natures = taxOptions(v.P), natureOptions(v.P)
	for _, l := range doc.Content.Lines {
		if n, _ := sale.NatureOf(l.Nature); n.Late && !slices.ContainsFunc(o.Natures, func(x Option) bool { return x.Value == n.Code }) {
			o.Natures = append(o.Natures, Option{Value: n.Code, Label: v.P.T(n.Label)})
		}
	}
	return o, nil
}

// beforeReading is the document as its author last submitted it, when a reader has changed it since.
func beforeReading(sheet office.Sheet) (was sale.Document, changed bool) {
	was = sheet.Doc
	was.Content.Lines = slices.Clone(was.Content.Lines)
	named := was.Content.Title == titleOf(was.Content)
	for _, e := range slices.Backward(sheet.Events) {
		if e.Deed == string(sale.DeedSubmit) {
			break
		}
		if e.Deed != "amended" {
			continue
		}
		var lines [2]sale.Line
		var days [2]sale.Content
		switch {
		case e.Line == 0 && json.Unmarshal([]byte(e.Comment), &days) == nil:
			was.Content.Delivered, changed = days[0].Delivered, true
		case e.Line > 0 && e.Line <= len(was.Content.Lines) && json.Unmarshal([]byte(e.Comment), &lines) == nil:
			was.Content.Lines[e.Line-1], changed = lines[0], true
		}
	}
	if named {
		was.Content.Title = titleOf(was.Content)
	}
	return was, changed
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// taxOptions are the codes of sales in force, natureOptions the natures of sale.
func taxOptions(p i18n.Printer) []Option {
	var list []Option
	for _, code := range []string{"S20", "S10", "S55", "S21", "G20", "G10", "G55", "G21", "XFORM", "XEDU", "XMED", "AE", "EUS", "EUG", "EXG", "EXS", "HORS"} {
		t := ledger.France()[code]
		group := p.T("desk.tax_services")
		if t.Goods {
			group = p.T("desk.tax_goods")
		}
		if t.Exempt() {
			group = p.T("desk.tax_exempt")
		}
		list = append(list, Option{Value: code, Label: p.T(t.Label), Group: group})
	}
	return list
}

func natureOptions(p i18n.Printer) []Option {
	var list []Option
	for _, n := range sale.Natures() {
		list = append(list, Option{Value: n.Code, Label: p.T(n.Label)})
	}
	return list
}

// deskChecks tell what deserves a look, and what was looked at and is right.
func (s *Server) deskChecks(v *Visit, sheet office.Sheet) []check {
	var list []check
	late := func(strong, text string) {
		list = append(list, check{Tone: ToneLate, Icon: "alert-triangle", Strong: strong, Text: text})
	}
	ok := func(text string) { list = append(list, check{Tone: ToneOK, Icon: "check", Text: text}) }
	f, doc := sheet.Facts, sheet.Doc
	list = append(list, check{Tone: ToneWait, Icon: "hourglass", Text: v.P.T("desk.why." + doc.ReadRule)})
	for i, l := range doc.Content.Lines {
		n, _ := sale.NatureOf(l.Nature)
		if got, want := f.Taxes[l.Tax], f.Taxes[sale.StartTax(n, f)]; got.Rate != want.Rate || got.Exempt() != want.Exempt() {
			late(v.P.T("desk.tax_odd", "tax", v.P.T(got.Label), "n", i+1), v.P.T("desk.tax_usual", "tax", v.P.T(want.Label)))
		}
	}
	for _, g := range v.gaps(doc, f) {
		if g.Block {
			g.Strong, g.Text = v.P.T("desk.blocks", "what", lowerFirst(g.Strong)), g.Text+" "+v.P.T("desk.blocks_now")
		}
		late(g.Strong, g.Text)
		list[len(list)-1].Href, list[len(list)-1].Act = g.Href, cmp.Or(g.Act, v.P.T("setup.fill_it"))
	}
	if names := sheet.Warned(); len(names) > 0 {
		list = append(list, check{Tone: ToneWait, Icon: "send", Text: v.P.T("desk.warned", "list", v.warnedWords(names))})
	}
	if err := sale.CheckSubmit(doc, f); err != nil {
		for _, e := range fault.All(err) {
			late(v.P.Fault(e), "")
		}
	}
	if f.CustomerKnown {
		ok(v.P.T("desk.customer_known"))
	} else {
		list = append(list, check{Tone: ToneWait, Icon: "user", Text: v.P.T("desk.customer_new")})
	}
	if f.Customer.SIREN != "" {
		ok(v.P.T("desk.siren", "siren", coop.GroupSIREN(f.Customer.SIREN)))
	}
	if doc.Origin != 0 {
		ok(v.P.T("desk.from_quote"))
	}
	if doc.Content.SendWhenValidated && doc.Kind != sale.Quote {
		if f.Customer.Email != "" {
			list = append(list, check{Tone: ToneWait, Icon: "mail", Strong: v.P.T("desk.leaves"), Text: v.P.T("desk.leaves_to", "to", f.Customer.Email)})
		} else {
			late(v.P.T("desk.leaves_not"), v.P.T("desk.leaves_not_about"))
		}
	}
	if f.Contract.End != 0 {
		list = append(list, check{Tone: ToneWait, Icon: "calendar", Text: v.P.T("desk.contract_end", "end", f.Contract.End)})
	}
	return list
}

// changesOf reads what one deed of mending changed: a line, or the day of delivery.
func changesOf(p i18n.Printer, e store.SaleEvent) []change {
	var list []change
	var days [2]sale.Content
	var lines [2]sale.Line
	switch {
	case e.Line == 0 && json.Unmarshal([]byte(e.Comment), &days) == nil:
		list = []change{{Label: p.T("desk.field_delivered"), Old: p.Day(days[0].Delivered), New: p.Day(days[1].Delivered)}}
	case e.Line > 0 && json.Unmarshal([]byte(e.Comment), &lines) == nil:
		list = lineChanges(p, lines[0], lines[1], e.Line)
	}
	for i := range list {
		list[i].By = e.ByName
	}
	return list
}
