package web

import (
	"slices"

	"essaim/access"
	"essaim/internal/office"
	"essaim/member"
)

type absencesData struct {
	F      *Form
	Rows   []absenceRow
	People []Option // whose absence one may declare; one: one's own only
	Stand  []Option // who may stand in
	Own    int64
	Empty  Empty
}

type absenceRow struct {
	ID                int64
	Name, About, When string
	Now, May          bool
}

func (s *Server) absences(v *Visit) error {
	return s.showAbsences(v, v.NewForm().Set("person", v.Actor.Person).Set("from", v.Today()), false)
}

func (s *Server) showAbsences(v *Visit, f *Form, again bool) error {
	all, err := s.office.Absences(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := absencesData{F: f, Empty: Empty{Title: p.T("absence.none"), Text: p.T("absence.none_about")}}
	declares := func(person int64) bool {
		return access.Can(v.Actor, access.DeclareAbsence, access.Subject{Coop: v.Coop.ID, Person: person}) == access.Allowed
	}
	for _, x := range all {
		row := absenceRow{ID: x.ID, Name: h.PersonName(x.Person), About: p.T("absence.stands", "name", h.PersonName(x.Substitute)), When: p.T("absence.when", "from", x.From, "until", x.Until), Now: x.On(v.Today()), May: declares(x.Person)}
		d.Rows = append(d.Rows, row)
	}
	reads := func(x member.Person) bool {
		return (x.Left == 0 || x.Left >= v.Today()) && slices.ContainsFunc(x.Roles(v.Today()), access.Reads)
	}
	if declares(0) {
		d.People = personOptions(h, p.T("house.choose_person"), reads)
	} else {
		d.Own = v.Actor.Person
	}
	d.Stand = personOptions(h, p.T("absence.choose"), func(x member.Person) bool { return reads(x) && x.ID != d.Own })
	page := Page{Title: p.T("absence.title"), Section: "desk", Team: true}
	if again {
		return v.Again("absences", page, d)
	}
	return v.Show("absences", page, d)
}

func (s *Server) absenceSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	x := member.Absence{Person: f.ID("person"), Substitute: f.ID("substitute"), From: f.Day("from"), Until: f.Day("until")}
	if x.Person == 0 {
		x.Person = v.Actor.Person
	}
	if f.OK() {
		_, err := s.office.SaveAbsence(office.Keyed(v.Ctx(), f.Key), v.Actor, x)
		if err == nil {
			v.Say("absence.saved")
			return v.Go(v.URL("absences"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAbsences(v, f, true)
}

func (s *Server) absenceEnd(v *Visit) error {
	id, _, err := v.deed()
	if err != nil {
		return err
	}
	if err := s.office.EndAbsence(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.Say("absence.ended")
	return v.Go(v.URL("absences"))
}
