package web

import (
	"fmt"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// receivedFields are the fields of what came for an absence in a month.
var receivedFields = []string{"month", "daily", "provident"}

type payAbsenceForm struct {
	F        *Form
	Person   member.Person
	Own      bool // declared by the person
	New      bool
	Back     Link
	Kinds    []Option
	Bearers  []Option
	Months   []Option
	Rows     []int // of what was received
	Facts    []fact
	Note     string
	ID       int64
	May      bool // completes it
	Drop     bool
	Declared bool
	Subject  string
	About    []fact
}

// payAbsences is the list of absences, those that wait to be completed first.
func (s *Server) payAbsences(v *Visit) error {
	all, err := s.office.PayAbsences(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	t := Table{Caption: p.T("payfile.absences"), Cols: []Col{{Label: p.T("payfile.who")}, {Label: p.T("payfile.kind")}, {Label: p.T("absence.from")}, {Label: p.T("absence.until")}, {Label: p.T("payfile.document")}, {Label: p.T("payfile.state")}}}
	for _, x := range all {
		state := Status{Tone: ToneOK, Text: p.T("payfile.counted")}
		if x.Declared {
			state = Status{Tone: ToneWait, Text: p.T("payfile.to_complete")}
		}
		doc := Status{Tone: ToneOK, Icon: "paperclip", Text: p.T("payfile.document_there")}
		if x.Documents == 0 {
			doc = Status{Tone: ToneWait, Text: p.T("payfile.document_none")}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellPerson(x.Person.Name(), "", v.URL("pay-absences", x.ID)), cellText(p.T("payfile.absence." + string(x.Body.Kind))), cellDay(x.From), cellDay(x.Until), cellStatus(doc), cellStatus(state)}})
	}
	return v.written(Page{Title: p.T("payfile.absences"), Section: "pay", Team: true}, func(m *markup) {
		Head{Back: Link{Label: p.T("payfile.title"), Href: v.URL("pay-files")}, Title: p.T("payfile.absences"), Lead: p.T("payfile.absences_lead")}.write(m, p)
		m.put(v.payNav("absences", v.Today().Month()))
		if len(all) == 0 {
			Empty{Title: p.T("payfile.no_absences"), Text: p.T("payfile.absences_none")}.write(m, p)
			return
		}
		m.table(p, t)
	})
}

func (s *Server) declareAbsence(v *Visit) error {
	x, k, ok, err := s.ownContract(v)
	if err != nil || !ok {
		return err
	}
	return s.showAbsence(v, v.NewForm().Set("kind", string(payroll.Sickness)).Set("from", v.Today()), x, k, office.PayAbsenceView{}, false)
}

// ownContract is the contract under which one is employed about today; who has none is told so on their own file.
func (s *Server) ownContract(v *Visit) (x office.PayFile, k office.PayContract, ok bool, err error) {
	if x, err = s.office.PayFile(v.Ctx(), v.Actor, v.Actor.Person); err != nil {
		return x, k, false, err
	}
	for _, k := range x.Contracts {
		if k.Contract.Kind != member.CAPE && k.Contract.Start <= v.Today()+31 && (k.Contract.End == 0 || k.Contract.End >= v.Today()-31) {
			return x, k, true, nil
		}
	}
	v.Say("payfile.absence_contract")
	return x, k, false, v.Go(v.URL("pay-file"))
}

func (s *Server) newPayAbsence(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	return s.showAbsence(v, v.NewForm().Set("kind", string(payroll.Sickness)).Set("from", v.Today()).Set("subrogated", true), x, k, office.PayAbsenceView{}, false)
}

func fillAbsence(f *Form, x store.PayAbsence) *Form {
	b := office.AbsenceBody(x)
	f.Set("kind", string(b.Kind)).Set("from", x.From).Set("until", x.Until).Set("subrogated", b.Subrogated)
	if b.Share != 0 {
		f.Set("share", b.Share)
	}
	if m := b.Maintenance; m.From != 0 {
		f.Set("keptFrom", m.From).Set("percent", m.Percent).Set("bearer", string(m.Bearer))
		if m.Until != 0 {
			f.Set("keptUntil", m.Until)
		}
	}
	for i, r := range b.Received {
		at := fmt.Sprintf("received[%d].", i)
		f.Set(at+"month", r.Month.String()).Set(at+"daily", r.Daily).Set(at+"provident", r.Provident)
	}
	return f
}

func readAbsence(f *Form) (x store.PayAbsence, b office.PayAbsenceBody) {
	x.From, x.Until = f.Day("from"), f.Day("until")
	b.Kind, b.Subrogated, b.Share = payroll.AbsenceKind(f.Get("kind")), f.Bool("subrogated"), f.Rate("share")
	if b.Kind != payroll.HealthPartTime {
		b.Share = 0
	}
	if n := f.Int("keptFrom", 0, 366); n != 0 {
		b.Maintenance = payroll.Maintenance{From: n, Until: f.Int("keptUntil", 0, 3660), Percent: f.Rate("percent"), Bearer: payroll.KeptBy(f.Get("bearer"))}
		if f.Get("percent") == "" {
			b.Maintenance.Percent = money.One
		}
	}
	f.pack("received", receivedFields)
	for _, i := range f.Rows("received") {
		at := fmt.Sprintf("received[%d].", i)
		r := office.Received{Month: f.Month(at + "month"), Daily: f.Cents(at + "daily"), Provident: f.Cents(at + "provident")}
		if r.Daily != 0 || r.Provident != 0 {
			b.Received = append(b.Received, r)
		}
	}
	return x, b
}

func (s *Server) showAbsence(v *Visit, f *Form, x office.PayFile, k office.PayContract, one office.PayAbsenceView, again bool) error {
	p := v.P
	d := payAbsenceForm{F: f, Person: x.Person, Own: x.Own, New: one.ID == 0, ID: one.ID, Note: one.Body.Note, May: !x.Own && (one.ID == 0 || one.Complete), Drop: one.Drop, Declared: one.Declared}
	d.Back = Link{Label: x.Person.Name(), Href: v.URL("people", x.Person.ID, "pay")}
	if x.Own {
		d.Back = Link{Label: p.T("payfile.mine"), Href: v.URL("pay-file")}
	}
	for _, kind := range payroll.AbsenceKinds() {
		d.Kinds = append(d.Kinds, Option{Value: string(kind), Label: p.T("payfile.absence." + string(kind))})
	}
	for _, by := range []payroll.KeptBy{payroll.ByActivity, payroll.ByFund, payroll.ByInsurer} {
		d.Bearers = append(d.Bearers, Option{Value: string(by), Label: p.T("payfile.bearer." + string(by))})
	}
	this := v.Today().Month()
	d.Rows = f.openRows("received", 1)
	var kept strings.Builder
	for _, i := range d.Rows {
		kept.WriteString(f.Get(fmt.Sprintf("received[%d].month", i)) + " ")
	}
	d.Months = append([]Option{{}}, openMonths(payMonths(p, this-12, this+1), x.Locked, kept.String())...)
	if one.ID != 0 {
		d.Subject = fmt.Sprintf("pay_absence:%d", one.ID)
		d.Facts = v.absenceFacts(one)
	}
	title := p.T("payfile.absence_of", "name", x.Person.Name())
	switch {
	case d.New && d.Own:
		title = p.T("payfile.absence_declare")
	case d.New:
		title = p.T("payfile.absence_new_of", "name", x.Person.Name())
	}
	page := Page{Title: title, Section: "people", Team: true}
	if x.Own {
		page = Page{Title: title, Section: "payfile", Main: "narrow"}
	}
	v.w.Header().Set("Cache-Control", "no-store")
	if again {
		return v.Again("pay_absence", page, d)
	}
	return v.Show("pay_absence", page, d)
}

// absenceFacts tell an absence to who may not change it.
func (v *Visit) absenceFacts(x office.PayAbsenceView) []fact {
	p := v.P
	all := []fact{{p.T("payfile.kind"), p.T("payfile.absence." + string(x.Body.Kind))}, {p.T("payfile.days"), p.T("absence.when", "from", x.From, "until", x.Until)}}
	state := p.T("payfile.counted")
	switch {
	case x.Dropped:
		state = p.T("payfile.dropped")
	case x.Declared:
		state = p.T("payfile.to_complete")
	case x.Missed != 0:
		state = p.T("payfile.counted_late", "month", x.Missed, "next", x.Missed+1)
	}
	all = append(all, fact{p.T("payfile.state"), state})
	if !x.Declared && !x.Dropped {
		kept := p.T("payfile.kept_nothing")
		if m := x.Body.Maintenance; m.From != 0 {
			kept = p.T("payfile.kept", "rate", m.Percent, "from", m.From)
		}
		all = append(all, fact{p.T("payfile.maintenance"), kept})
		if x.Body.Subrogated {
			all = append(all, fact{p.T("payfile.subrogated"), p.T("web.changed_yes")})
		}
		if sum := x.Body.Sum(); sum != 0 {
			all = append(all, fact{p.T("payfile.received"), p.Euros(sum)})
		}
	}
	return all
}

// document reads the document of an absence before anything is written: a picture that cannot be read is refused first.
func (s *Server) document(v *Visit, f *Form) (*office.Taken, error) {
	for _, up := range f.Files("file") {
		t, err := s.office.Take(v.Ctx(), "certificate", up)
		if err == nil {
			return &t, nil
		}
		if !f.Take(err) {
			return nil, err
		}
	}
	return nil, nil
}

func (s *Server) declareAbsenceSent(v *Visit) error {
	x, k, ok, err := s.ownContract(v)
	if err != nil || !ok {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	a, b := readAbsence(f)
	a.Contract, b.Note = k.Contract.ID, f.Text("note", 1000)
	doc, err := s.document(v, f)
	if err != nil {
		return err
	}
	if f.OK() {
		saved, err := s.office.DeclarePayAbsence(office.Keyed(v.Ctx(), f.Key), v.Actor, a, b, doc)
		if err == nil {
			v.Say("payfile.said_declared")
			return v.Go(v.URL("pay-absences", saved.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAbsence(v, f, x, k, office.PayAbsenceView{}, true)
}

func (s *Server) newPayAbsenceSent(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if f.Get("deed") == "more" {
		f.more("received")
		return s.showAbsence(v, f, x, k, office.PayAbsenceView{}, false)
	}
	a, b := readAbsence(f)
	a.Person, a.Contract = x.Person.ID, k.Contract.ID
	doc, err := s.document(v, f)
	if err != nil {
		return err
	}
	if f.OK() {
		saved, err := s.office.SavePayAbsence(office.Keyed(v.Ctx(), f.Key), v.Actor, nil, a, b, doc)
		if err == nil {
			v.Say("payfile.said_absence", "name", x.Person.Name())
			return v.Go(v.URL("pay-absences", saved.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAbsence(v, f, x, k, office.PayAbsenceView{}, true)
}

// absenceIn is the absence of the address, with the file that it is in.
func (s *Server) absenceIn(v *Visit) (one office.PayAbsenceView, x office.PayFile, err error) {
	id, err := v.ID("id")
	if err != nil {
		return one, x, err
	}
	if one, err = s.office.PayAbsence(v.Ctx(), v.Actor, id); err != nil {
		return one, x, err
	}
	x.Person, x.Own = one.Person, one.Person.ID == v.Actor.Person
	return one, x, nil
}

func (s *Server) payAbsence(v *Visit) error {
	one, x, err := s.absenceIn(v)
	if err != nil {
		return err
	}
	return s.showAbsence(v, fillAbsence(v.NewForm(), one.PayAbsence).Opened(), x, office.PayContract{Contract: one.Contract}, one, false)
}

func (s *Server) payAbsenceSent(v *Visit) error {
	one, x, err := s.absenceIn(v)
	if err != nil {
		return err
	}
	if err := access.Refuse(v.Actor, access.RunPay, access.Subject{Coop: v.Coop.ID, Person: one.Person.ID}); err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	k := office.PayContract{Contract: one.Contract}
	if f.Get("deed") == "more" {
		f.more("received")
		return s.showAbsence(v, f, x, k, one, false)
	}
	f.pack("received", receivedFields)
	groups := map[string]string{"received": v.P.T("payfile.received")}
	if err := v.since(f, fillAbsence(v.NewForm(), one.PayAbsence), groups, access.RunPay, access.Subject{Person: one.Person.ID}, thingOf("person", one.Person.ID), "pay.absence", "pay.absence_declare"); err != nil {
		return err
	}
	a, b := readAbsence(f)
	a.ID, a.Person = one.ID, one.Person.ID
	doc, err := s.document(v, f)
	if err != nil {
		return err
	}
	if f.OK() {
		_, err := s.office.SavePayAbsence(v.Ctx(), v.Actor, &one.PayAbsence, a, b, doc)
		if office.Changed(err) {
			return s.payAbsenceSent(v)
		}
		if err == nil {
			v.Say("payfile.said_absence", "name", one.Person.Name())
			return v.Go(v.URL("pay-absences"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAbsence(v, f, x, k, one, true)
}

func (s *Server) payAbsenceDrop(v *Visit) error {
	id, _, err := v.deed()
	if err != nil {
		return err
	}
	x, err := s.office.DropPayAbsence(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Say("payfile.said_dropped")
	if x.Person == v.Actor.Person {
		return v.Go(v.URL("pay-file"))
	}
	return v.Go(v.URL("pay-absences"))
}
