package web

import (
	"fmt"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/internal/office"
	"essaim/member"
)

// grantFields are the fields of one line of the roles, the one that says which first.
var grantFields = []string{"role", "from", "until", "year"}

type personForm struct {
	F      *Form
	Person member.Person
	Langs  []Option
	Roles  []Option
	Years  []Option
	Rows   []int
}

func (s *Server) newPerson(v *Visit) error {
	f := v.NewForm()
	f.Set("lang", "fr").Set("from", v.Today()).Set("invite", true).Set("role", string(member.Entrepreneur))
	return s.showPersonForm(v, f, member.Person{}, false)
}

func (s *Server) showPersonForm(v *Visit, f *Form, x member.Person, again bool) error {
	p := v.P
	d := personForm{F: f, Person: x, Langs: []Option{{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}}}
	d.Roles = []Option{{Label: p.T("people.no_role")}}
	for _, r := range member.Roles() {
		if r != member.Auditor { // which names a year and ends: on the page of roles
			d.Roles = append(d.Roles, Option{Value: string(r), Label: p.T(r.Label())})
		}
	}
	page := Page{Title: p.T("people.new"), Section: "people", Team: true}
	if x.ID != 0 {
		page.Title = x.Name()
	}
	if again {
		return v.Again("people_edit", page, d)
	}
	return v.Show("people_edit", page, d)
}

// readPerson reads who someone is.
func readPerson(f *Form, x *member.Person) {
	x.FirstName, x.LastName = f.Text("firstName", 120), f.Text("lastName", 120)
	x.Email, x.Phone = f.Text("email", 254), f.Text("phone", 40)
	x.Lang = f.Choice("lang", "fr", "en")
}

func (s *Server) newPersonSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var x member.Person
	readPerson(f, &x)
	if r := member.Role(f.Get("role")); r != "" {
		x.Grants = []member.Grant{{Role: r, From: f.Day("from")}}
		if x.Grants[0].From == 0 && f.Refusal("from") == "" {
			f.Refuse("from", "member.grant_from")
		}
	}
	if f.OK() {
		saved, err := s.office.AddPerson(v.Ctx(), v.Actor, x, f.Key)
		if err == nil {
			if f.Bool("invite") {
				return s.inviteTo(v, saved)
			}
			v.Say("people.saved", "name", saved.Name())
			return v.Go(v.URL("people", saved.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPersonForm(v, f, member.Person{}, true)
}

func (s *Server) editPerson(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	return s.showPersonForm(v, fillPerson(v.NewForm(), x).Opened(), x, false)
}

func fillPerson(f *Form, x member.Person) *Form {
	f.Set("firstName", x.FirstName).Set("lastName", x.LastName).Set("email", x.Email).Set("phone", x.Phone).Set("lang", x.Lang)
	if x.Left != 0 {
		f.Set("left", x.Left)
	}
	return f
}

func (s *Server) editPersonSent(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err := v.since(f, fillPerson(v.NewForm(), x), nil, access.ManagePeople, access.Subject{Person: x.ID}, thingOf("person", x.ID), "person.save"); err != nil {
		return err
	}
	was := x
	readPerson(f, &x)
	x.Left = f.Day("left")
	if f.OK() {
		_, err := s.office.ChangePerson(v.Ctx(), v.Actor, was, x)
		if office.Changed(err) {
			return s.editPersonSent(v)
		}
		if err == nil {
			v.Say("people.saved", "name", x.Name())
			return v.Go(v.URL("people", x.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPersonForm(v, f, was, true)
}

func (s *Server) editRoles(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	return s.showRoles(v, fillRoles(v.NewForm(), x).Opened(), x, false)
}

func fillRoles(f *Form, x member.Person) *Form {
	for i, g := range x.Grants {
		at := func(n string) string { return fmt.Sprintf("grants[%d].%s", i, n) }
		f.Set(at("role"), string(g.Role)).Set(at("from"), g.From)
		if g.Until != 0 {
			f.Set(at("until"), g.Until)
		}
		if g.Year != 0 {
			f.Set(at("year"), g.Year)
		}
	}
	return f
}

func (s *Server) showRoles(v *Visit, f *Form, x member.Person, again bool) error {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	d := personForm{F: f, Person: x, Rows: f.openRows("grants", 1), Roles: []Option{{Label: p.T("people.choose_role")}}, Years: []Option{{Label: p.T("people.no_year")}}}
	for _, r := range member.Roles() {
		d.Roles = append(d.Roles, Option{Value: string(r), Label: p.T(r.Label())})
	}
	for i := range set.Years {
		y := set.Years[len(set.Years)-1-i]
		d.Years = append(d.Years, Option{Value: strconv.FormatInt(y.ID, 10), Label: y.Span.Label()})
	}
	page := Page{Title: p.T("people.roles_of", "name", x.Name()), Section: "people", Team: true}
	if again {
		return v.Again("people_roles", page, d)
	}
	return v.Show("people_roles", page, d)
}

func (s *Server) rolesSent(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	f.pack("grants", grantFields)
	if f.Get("deed") == "more" {
		f.more("grants")
		return s.showRoles(v, f, x, false)
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	err = v.since(f, fillRoles(v.NewForm(), x), map[string]string{"grants": v.P.T("people.roles")}, access.ManagePeople, access.Subject{Person: x.ID}, thingOf("person", x.ID), "person.grant", "person.withdraw")
	if err != nil {
		return err
	}
	was := x
	x.Grants = nil
	for _, i := range f.Rows("grants") {
		at := func(n string) string { return fmt.Sprintf("grants[%d].%s", i, n) }
		g := member.Grant{Role: member.Role(f.Get(at("role"))), From: f.Day(at("from")), Until: f.Day(at("until")), Year: f.ID(at("year"))}
		if g.Role == "" {
			f.Refuse(at("role"), "people.role_missing")
		}
		if _, known := set.Year(g.Year); g.Year != 0 && !known {
			f.Refuse(at("year"), "web.field_choice")
		}
		if g.Role != member.Auditor {
			g.Year = 0
		}
		x.Grants = append(x.Grants, g)
	}
	if f.OK() {
		_, err := s.office.ChangePerson(v.Ctx(), v.Actor, was, x)
		if office.Changed(err) {
			return s.rolesSent(v)
		}
		if err == nil {
			v.Say("people.roles_saved", "name", x.Name())
			return v.Go(v.URL("people", x.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showRoles(v, f, x, true)
}

type contractData struct {
	F          *Form
	Person     member.Person
	ID         int64
	Kinds      []Option
	Activities []Option
	Clock      Note
}

// contractOf reads the contract of the address; "new" is one to write.
func (s *Server) contractOf(v *Visit) (x member.Person, c member.Contract, all []member.Contract, err error) {
	if x, all, err = s.sheetOf(v); err != nil {
		return x, c, nil, err
	}
	c.Person = x.ID
	if v.PathValue("contract") == "new" {
		return x, c, all, nil
	}
	id, err := v.ID("contract")
	if err != nil {
		return x, c, nil, err
	}
	for _, known := range all {
		if known.ID == id {
			return x, known, all, nil
		}
	}
	return x, c, nil, errAbsent()
}

func (s *Server) editContract(v *Visit) error {
	x, c, all, err := s.contractOf(v)
	if err != nil {
		return err
	}
	f := v.NewForm()
	if c.ID == 0 {
		k, ok := member.CAPEClock(all, x.ID, v.Today())
		c.Kind, c.Start = member.CAPE, v.Today()
		switch {
		case len(all) > 0 && (!ok || k.Renewals == 0):
			c.Kind = member.CESA
		case ok && k.Ends >= v.Today():
			c.Start = k.Ends + 1
		}
	}
	fillContract(f, c)
	if c.ID != 0 {
		f.Opened()
	}
	return s.showContract(v, f, x, c.ID, all, false)
}

func fillContract(f *Form, c member.Contract) *Form {
	f.Set("kind", string(c.Kind)).Set("start", c.Start).Set("activity", c.Activity).Set("associate", c.Associate)
	if c.End != 0 {
		f.Set("end", c.End)
	}
	if c.FixedCost != 0 {
		f.Set("fixedCost", c.FixedCost)
	}
	return f
}

func (s *Server) showContract(v *Visit, f *Form, x member.Person, id int64, all []member.Contract, again bool) error {
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := contractData{F: f, Person: x, ID: id, Clock: v.clockNote(all, x.ID), Activities: []Option{{Value: "0", Label: p.T("people.only_activity")}}}
	for _, k := range []member.ContractKind{member.CAPE, member.CESA, member.CDI} {
		d.Kinds = append(d.Kinds, Option{Value: string(k), Label: p.T(k.Label())})
	}
	for _, a := range sharedBy(h, x.ID, v.Today()) {
		d.Activities = append(d.Activities, Option{Value: strconv.FormatInt(a.ID, 10), Label: a.Name})
	}
	page := Page{Title: p.T("people.contract_of", "name", x.Name()), Section: "people", Team: true}
	if again {
		return v.Again("people_contract", page, d)
	}
	return v.Show("people_contract", page, d)
}

func (s *Server) contractSent(v *Visit) error {
	x, c, all, err := s.contractOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	id, was := c.ID, c
	if id != 0 {
		if err := v.since(f, fillContract(v.NewForm(), c), nil, access.ManagePeople, access.Subject{Person: x.ID}, thingOf("person", x.ID), "contract.save"); err != nil {
			return err
		}
	}
	c.Kind = member.ContractKind(f.Choice("kind", string(member.CAPE), string(member.CESA), string(member.CDI)))
	c.Start, c.End = f.Day("start"), f.Day("end")
	c.FixedCost, c.Activity, c.Associate, c.Term = f.Cents("fixedCost"), f.ID("activity"), f.Bool("associate"), 0
	if c.Kind == member.CAPE {
		c.Term, c.Associate, c.Activity = 1, false, 0
		for _, other := range all { // the periods number themselves
			if other.Kind == member.CAPE && other.ID != c.ID && other.Start < c.Start {
				c.Term++
			}
		}
	}
	for _, other := range all { // the same form sent twice
		if same := c; c.ID == 0 {
			same.ID = other.ID
			if same == other {
				return v.Go(v.URL("people", x.ID))
			}
		}
	}
	if f.OK() {
		if id == 0 {
			_, err = s.office.SaveContract(v.Ctx(), v.Actor, c)
		} else {
			_, err = s.office.ChangeContract(v.Ctx(), v.Actor, was, c)
		}
		if office.Changed(err) {
			return s.contractSent(v)
		}
		if err == nil {
			v.Say("people.contract_saved", "name", x.Name())
			return v.Go(v.URL("people", x.ID))
		}
		if !f.takeContract(err) {
			return err
		}
	}
	return s.showContract(v, f, x, id, all, true)
}

// takeContract notes the refusals of a contract beside the fields of the form: the use case names it among all those of
// the person, of which this is the first.
func (f *Form) takeContract(err error) bool {
	n := len(f.refused)
	if !f.Take(err) {
		return false
	}
	for i, e := range f.refused[n:] {
		own := *e
		if at, field, ok := strings.Cut(e.Field, "]."); ok && strings.HasPrefix(at, "contracts[") {
			own.Field = field
			if field == "term" { // the form does not ask for it: the order of the days decides
				own.Field = "start"
			}
		}
		f.refused[n+i] = &own
	}
	return true
}
