package web

import (
	"html/template"

	"essaim/access"
	"essaim/activity"
	"essaim/fault"
	"essaim/internal/auth"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
)

type personData struct {
	F          *Form
	Person     member.Person
	Who        someone
	Status     template.HTML
	Grants     []grantLine
	Contracts  []contractLine
	Clock      Note
	Activities []activityLine
	Follows    int
	SignIn     office.SignIn
	Manage     bool   // may change this sheet
	Admin      bool   // may change sheets, this one too or not
	OpenNew    bool   // may open an activity
	Pay        string // address of the pay file, for who may read it
}

type grantLine struct {
	Role, When string
	State      template.HTML
}

type contractLine struct {
	ID          int64
	Name, About string
	State       template.HTML
}

type activityLine struct {
	Name, Trade, Href string
}

// person is someone's sheet.
func (s *Server) person(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	x, contracts, err := s.office.Person(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	d := personData{F: v.NewForm(), Person: x, Who: v.someone(h, x), Admin: v.can(access.ManagePeople, 0), OpenNew: v.can(access.ManageActivity, 0)}
	d.Manage = v.mayManage(id)
	d.Status = v.contractStatus(d.Who).HTML()
	for _, g := range x.Grants {
		d.Grants = append(d.Grants, v.grantLine(set, g))
	}
	switch {
	case id == v.Actor.Person:
		d.Pay = v.URL("pay-file")
	case access.Can(v.Actor, access.RunPay, access.Subject{Coop: v.Coop.ID, Person: id}) == access.Allowed:
		d.Pay = v.URL("people", id, "pay")
	}
	pay := access.Can(v.Actor, access.ViewPay, access.Subject{Coop: v.Coop.ID, Person: id}) == access.Allowed || d.Admin
	for _, c := range contracts {
		d.Contracts = append([]contractLine{v.contractLine(h, c, pay)}, d.Contracts...)
	}
	d.Clock = v.clockNote(contracts, id)
	for _, a := range sharedBy(h, id, v.Today()) {
		d.Activities = append(d.Activities, activityLine{Name: a.Name, Trade: a.Trade, Href: v.activityHref(a)})
	}
	for _, a := range h.activities {
		if a.Advisor == id && a.OpenOn(v.Today()) {
			d.Follows++
		}
	}
	if d.Admin {
		if d.SignIn, err = s.office.SignInOf(v.Ctx(), v.Actor, id); err != nil {
			return err
		}
	}
	return v.Show("people_one", Page{Title: x.Name(), Section: "people", Team: true}, d)
}

// mayManage says whether the visitor may change someone's sheet: never one's own.
func (v *Visit) mayManage(person int64) bool {
	return access.Can(v.Actor, access.ManagePeople, access.Subject{Coop: v.Coop.ID, Person: person}) == access.Allowed
}

// activityHref is where an activity opens for the visitor; "" where it does not.
func (v *Visit) activityHref(a activity.Activity) string {
	switch {
	case v.can(access.ViewAccount, a.ID) && v.s.has("/{coop}/a/{activity}/"):
		return v.URL("a", a.ID) + "/"
	case v.can(access.ViewDocument, a.ID) && v.s.has("/{coop}/a/{activity}/sales"):
		return v.URL("a", a.ID, "sales")
	case access.Can(v.Actor, access.ManageActivity, access.Subject{Coop: v.Coop.ID, Activity: a.ID}) == access.Allowed:
		return v.URL("activities", a.ID, "edit")
	}
	return ""
}

func (v *Visit) grantLine(set *store.Settings, g member.Grant) grantLine {
	p := v.P
	l := grantLine{Role: p.T(g.Role.Label()), When: p.T("people.since", "day", g.From)}
	if g.Until != 0 {
		l.When = p.T("people.from_until", "from", g.From, "until", g.Until)
	}
	if y, ok := set.Year(g.Year); ok {
		l.When = p.T("people.year_of", "year", y.Span.Label()) + ", " + l.When
	}
	state := Status{Tone: ToneOK, Text: p.T("people.holds")}
	switch {
	case g.Until != 0 && g.Until < v.Today():
		state = Status{Text: p.T("people.ended")}
	case g.From > v.Today():
		state = Status{Tone: ToneWait, Icon: "clock", Text: p.T("people.to_come")}
	}
	l.State = state.HTML()
	return l
}

func (v *Visit) contractLine(h *house, c member.Contract, pay bool) contractLine {
	p := v.P
	l := contractLine{ID: c.ID, Name: p.T(c.Kind.Label()), About: p.T("people.since", "day", c.Start)}
	if c.Kind == member.CAPE {
		l.Name = p.T("people.cape_term", "n", max(c.Term, 1))
	}
	if c.End != 0 {
		l.About = p.T("people.from_until", "from", c.Start, "until", c.End)
	}
	if c.Associate {
		l.About += ", " + p.T("people.associate")
	}
	if c.FixedCost != 0 && pay {
		l.About += ", " + p.T("people.fixed", "amount", c.FixedCost)
	}
	if c.Activity != 0 {
		l.About += ", " + h.ActivityName(c.Activity)
	}
	state := Status{Tone: ToneOK, Text: p.T("people.running")}
	switch {
	case c.End != 0 && c.End < v.Today():
		state = Status{Text: p.T("people.ended")}
	case c.Start > v.Today():
		state = Status{Tone: ToneWait, Icon: "clock", Text: p.T("people.to_come")}
	}
	l.State = state.HTML()
	return l
}

// clockNote tells where a CAPE stands in the time that the law gives it.
func (v *Visit) clockNote(contracts []member.Contract, person int64) Note {
	p := v.P
	k, ok := member.CAPEClock(contracts, person, v.Today())
	if c, running := member.InForce(contracts, person, v.Today()); !ok || running && c.Kind != member.CAPE {
		return Note{}
	}
	n := Note{Icon: "clock"}
	switch {
	case k.Days < 0:
		n.Tone, n.Strong = ToneLate, p.T("people.clock_over", "day", k.Ends, "n", -k.Days)
	case k.Continues:
		n.Tone, n.Strong = ToneOK, p.T("people.clock_ends", "day", k.Ends, "n", k.Days)
		n.Text = p.T("people.clock_continues")
		return n
	default:
		n.Strong = p.T("people.clock_ends", "day", k.Ends, "n", k.Days)
		if k.Days <= soonDays {
			n.Tone = ToneWait
		}
	}
	if k.Renewals > 0 {
		n.Text = p.T("people.clock_renewals", "n", k.Renewals, "until", k.Longest)
	} else {
		n.Text = p.T("people.clock_last")
	}
	return n
}

// sheetOf reads someone whose sheet the visitor may change; one's own is refused in words.
func (s *Server) sheetOf(v *Visit) (x member.Person, contracts []member.Contract, err error) {
	id, err := v.ID("id")
	if err != nil {
		return x, nil, err
	}
	if x, contracts, err = s.office.Person(v.Ctx(), v.Actor, id); err != nil {
		return x, nil, err
	}
	return x, contracts, access.Refuse(v.Actor, access.ManagePeople, access.Subject{Coop: v.Coop.ID, Person: id})
}

// invite opens the way in: a letter to choose a password, or the login that the address has already.
func (s *Server) invite(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	return s.inviteTo(v, x)
}

func (s *Server) inviteTo(v *Visit, x member.Person) error {
	in, err := s.auth.Invite(v.Ctx(), x.Email, x.Lang)
	if err != nil {
		return err
	}
	if err := s.office.Admit(v.Ctx(), v.Actor, x.ID, in.Login); err != nil {
		return err
	}
	if reopened, err := s.reopen(v, x.ID); err != nil {
		return err
	} else if reopened {
		if in, err = s.auth.Invite(v.Ctx(), x.Email, x.Lang); err != nil {
			return err
		}
	}
	if in.Link == "" {
		v.Say("people.admitted", "email", x.Email)
	} else {
		v.Say("people.invited", "email", x.Email)
	}
	return v.Go(v.URL("people", x.ID))
}

// reopen opens a login that was closed when its person left the only cooperative it opened: this one.
func (s *Server) reopen(v *Visit, person int64) (bool, error) {
	in, err := s.office.SignInOf(v.Ctx(), v.Actor, person)
	if err != nil || !in.Closed {
		return false, err
	}
	places, err := s.office.DB().Memberships(v.Ctx(), in.Login)
	if err != nil || len(places) != 1 {
		return false, err
	}
	return true, s.auth.Disable(v.Ctx(), in.Login, false, auth.By{Coop: v.Coop.ID, Actor: v.Actor.Person, Person: person})
}

// closeAccess takes the way in, at once. The sheet, the contracts and what the person wrote stay.
func (s *Server) closeAccess(v *Visit) error {
	x, _, err := s.sheetOf(v)
	if err != nil {
		return err
	}
	login, alone, err := s.office.Dismiss(v.Ctx(), v.Actor, x.ID)
	if err != nil {
		return err
	}
	if alone {
		if err := s.auth.Disable(v.Ctx(), login, true, auth.By{Coop: v.Coop.ID, Actor: v.Actor.Person, Person: x.ID}); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	s.places.Delete(login) // the list of cooperatives of the login is kept for a minute
	v.Say("people.closed", "name", x.Name())
	return v.Go(v.URL("people", x.ID))
}
