package web

import (
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/member"
)

// peoplePages are the team's list of persons: who they are, what they may do, which contract binds them, and how they
// enter.
func (s *Server) peoplePages() {
	s.page("GET", "/{coop}/people", access.ViewPeople, s.people)
	s.page("GET", "/{coop}/people.csv", access.ViewPeople, s.people)
	s.page("GET", "/{coop}/people/new", access.ManagePeople, s.newPerson)
	s.page("POST", "/{coop}/people/new", access.ManagePeople, s.newPersonSent)
	s.page("GET", "/{coop}/people/{id}", access.ViewPeople, s.person)
	s.page("GET", "/{coop}/people/{id}/edit", access.ManagePeople, s.editPerson)
	s.page("POST", "/{coop}/people/{id}/edit", access.ManagePeople, s.editPersonSent)
	s.page("GET", "/{coop}/people/{id}/roles", access.ManagePeople, s.editRoles)
	s.page("POST", "/{coop}/people/{id}/roles", access.ManagePeople, s.rolesSent)
	s.page("GET", "/{coop}/people/{id}/contracts/{contract}", access.ManagePeople, s.editContract)
	s.page("POST", "/{coop}/people/{id}/contracts/{contract}", access.ManagePeople, s.contractSent)
	s.page("POST", "/{coop}/people/{id}/invite", access.ManagePeople, s.invite)
	s.page("POST", "/{coop}/people/{id}/close", access.ManagePeople, s.closeAccess)
}

// soonDays is how long before its end a CAPE without a follow-up is told.
const soonDays = 60

// someone is a line of the list.
type someone struct {
	member.Person
	roles    []member.Role
	contract member.Contract // in force today
	bound    bool            // there is one
	clock    member.Clock
	over     int  // days since when no contract follows the last one, an entrepreneur's
	watch    bool // the contract ends soon, or is over, without a follow-up
	gone     bool
}

func (v *Visit) someone(h *house, p member.Person) someone {
	today := v.Today()
	x := someone{Person: p, roles: p.Roles(today), gone: p.Left != 0 && p.Left < today}
	x.contract, x.bound = member.InForce(h.contracts[p.ID], p.ID, today)
	clock, ok := member.CAPEClock(h.contracts[p.ID], p.ID, today)
	x.clock = clock
	x.watch = ok && !x.gone && !clock.Continues && clock.Days <= soonDays && (!x.bound || x.contract.Kind == member.CAPE)
	if c, over := member.Over(h.contracts[p.ID], p.ID, today); over && c.Kind != member.CAPE && !x.gone && slices.Contains(x.roles, member.Entrepreneur) {
		x.over, x.watch = int(today-c.End), true
	}
	return x
}

// standing is the state of a contract in a few words.
func (v *Visit) contractStatus(x someone) Status {
	p := v.P
	switch {
	case x.gone:
		return Status{Text: p.T("people.left_on", "day", x.Left)}
	case x.over > 0:
		return Status{Tone: ToneLate, Text: p.T("people.contract_over", "n", x.over)}
	case x.watch && x.clock.Days < 0:
		return Status{Tone: ToneLate, Text: p.T("people.cape_over", "n", -x.clock.Days)}
	case x.watch:
		return Status{Tone: ToneWait, Icon: "clock", Text: p.T("people.cape_ends", "n", x.clock.Days)}
	case !x.bound:
		return Status{Text: p.T("activity.status.none")}
	case x.contract.Kind == member.CAPE:
		return Status{Text: p.T("people.cape_until", "day", x.contract.End)}
	case x.contract.Kind == member.CDI && x.contract.Associate:
		return Status{Text: p.T("people.cdi_associate_since", "day", x.contract.Start)}
	case x.contract.Kind == member.CDI:
		return Status{Text: p.T("people.cdi_since", "day", x.contract.Start)}
	case x.contract.Associate:
		return Status{Text: p.T("people.associate_since", "day", x.contract.Start)}
	}
	return Status{Text: p.T("people.cesa_since", "day", x.contract.Start)}
}

var peopleFilters = []struct {
	show, label string
	keep        func(someone) bool
}{
	{"", "people.filter_here", func(x someone) bool { return !x.gone }},
	{"watch", "people.filter_watch", func(x someone) bool { return x.watch }},
	{"entrepreneurs", "people.filter_entrepreneurs", func(x someone) bool { return !x.gone && slices.Contains(x.roles, member.Entrepreneur) }},
	{"team", "people.filter_team", func(x someone) bool {
		return !x.gone && slices.ContainsFunc(x.roles, func(r member.Role) bool { return slices.Contains(team, r) })
	}},
	{"no-access", "people.filter_no_access", func(x someone) bool { return !x.gone && x.Login == 0 }},
	{"left", "people.filter_left", func(x someone) bool { return x.gone }},
}

func (s *Server) people(v *Visit) error {
	persons, err := s.office.Persons(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p, may := v.P, v.can(access.ManagePeople, 0)
	all := make([]someone, len(persons))
	here, watch := 0, 0
	for i, x := range persons {
		all[i] = v.someone(h, x)
		if !all[i].gone {
			here++
		}
		if all[i].watch {
			watch++
		}
	}
	var filters Filters
	shown := all
	for _, f := range peopleFilters {
		if f.show == "no-access" && !may {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(all), func(x someone) bool { return !f.keep(x) })
		current := v.Query("show") == f.show
		if current {
			shown = kept
		}
		if len(kept) > 0 || current || f.show == "" {
			filters = append(filters, Filter{Label: p.T(f.label), Count: p.Int(int64(len(kept))), Href: v.With("show", f.show), Current: current})
		}
	}
	if v.wantsCSV() {
		return v.peopleCSV(h, shown)
	}
	head := Head{Answer: Answer{Before: p.T("people.count", "n", here)}}
	if watch > 0 {
		head.Answer.Before = p.T("people.count_and", "n", here)
		head.Answer.Mark, head.Answer.Href = p.T("people.watch", "n", watch), v.With("show", "watch")
	}
	if may {
		head.Acts, head.Go = []Link{{Label: p.T("people.new"), Href: v.URL("people", "new"), Icon: "user-plus"}}, true
	}
	if !v.can(access.ViewHouse, 0) && v.can(access.ManageActivity, 0) {
		head.Acts = append(head.Acts, Link{Label: p.T("house.title"), Href: v.URL("activities"), Icon: "hexagon"})
	}
	head.Acts = append(head.Acts, Link{Label: p.T("house.export"), Href: v.csvHref(), Icon: "download"})
	page := Page{Title: p.T("people.title"), Section: "people", Team: true, Wide: true}
	todo := v.setup(h)
	if len(shown) == 0 {
		return v.Blocks(page, head, todo, filters, Empty{Title: p.T("people.none_shown"), Text: p.T("people.none_shown_text"), Acts: []Link{{Label: p.T("house.show_all"), Href: v.With("show", "")}}})
	}
	var ways map[int64]office.SignIn
	if may {
		if ways, err = s.office.SignIns(v.Ctx(), v.Actor, persons); err != nil {
			return err
		}
	}
	t := Table{Caption: p.T("people.title"), Class: "act people", Cols: []Col{{Label: p.T("people.name")}, {Label: p.T("people.roles")}, {Label: p.T("people.contract")}, {Label: p.T("people.activities")}}}
	if may {
		t.Cols = append(t.Cols, Col{Label: p.T("people.access")})
	}
	for _, x := range shown {
		row := Row{Cells: []Cell{cellPerson(x.Name(), x.Email, v.URL("people", x.ID)), cellText(v.roleWords(x.roles)), plainStatus(v.contractStatus(x)), cellText(v.activitiesOf(h, x.ID))}}
		if may {
			row.Cells = append(row.Cells, cellStatus(v.accessStatus(ways[x.ID])))
		}
		t.Rows = append(t.Rows, row)
	}
	return v.Blocks(page, head, todo, filters, t, new(markup).fresh([]string{p.T("house.shown", "n", len(shown), "all", len(all))}).html())
}

// accessStatus tells whether someone can sign in, as their sheet does.
func (v *Visit) accessStatus(in office.SignIn) Status {
	switch {
	case in.Login == 0:
		return Status{Text: v.P.T("people.access_none")}
	case in.Closed:
		return Status{Tone: ToneLate, Text: v.P.T("people.access_closed")}
	case !in.Chosen:
		return Status{Tone: ToneWait, Icon: "mail", Text: v.P.T("people.access_invited")}
	}
	return Status{Tone: ToneOK, Text: v.P.T("people.access_open")}
}

// plainStatus writes a state without a tone as plain text: here it is a fact, not « nothing to report ».
func plainStatus(s Status) Cell {
	if s.Tone == "" {
		return cellText(s.Text)
	}
	return cellStatus(s)
}

func (v *Visit) roleWords(roles []member.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = v.P.T(r.Label())
	}
	return strings.Join(words, ", ")
}

// activitiesOf names the activities someone shares today.
func (v *Visit) activitiesOf(h *house, person int64) string {
	var names []string
	for _, a := range sharedBy(h, person, v.Today()) {
		names = append(names, a.Name)
	}
	return strings.Join(names, ", ")
}

// sharedBy are the activities someone shares on a day, by code.
func sharedBy(h *house, person int64, on date.Day) (all []activity.Activity) {
	for _, a := range h.activities {
		for _, s := range a.Members(on) {
			if s.Person == person && a.OpenOn(on) {
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, func(a, b activity.Activity) int { return strings.Compare(a.Code, b.Code) })
	return all
}

func (v *Visit) peopleCSV(h *house, shown []someone) error {
	out := [][]string{{"Nom", "Prénom", "Courriel", "Téléphone", "Rôles", "Contrat", "Depuis", "Jusqu’au", "Activités", "Parti le"}}
	for _, x := range shown {
		kind := ""
		if x.bound {
			kind = v.P.T(x.contract.Kind.Label())
		}
		out = append(out, []string{x.LastName, x.FirstName, x.Email, x.Phone, v.roleWords(x.roles), kind, dayText(x.contract.Start), dayText(x.contract.End), v.activitiesOf(h, x.ID), dayText(x.Left)})
	}
	return v.csv("personnes.csv", out)
}
