package web

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
)

// Shell is the frame around a page of a cooperative: where one is, where one can go, and who accompanies.
type Shell struct {
	Brand   string  // the cooperative
	Home    string  // its address
	Place   Place   // the activity or the team one is in
	Places  []Place // the others one can go to: activities, the team, other cooperatives
	Groups  []NavGroup
	Dock    []NavItem // the thumbs of a phone
	Advisor Contact
	Name    string // of the person
	Roles   string
	Search  string // address of the search; empty: none
	Quiet   bool   // nothing but the cooperative: the person has no place in it yet
}

// Place is an activity or the team.
type Place struct {
	Name, About, Href string
	Activity          int64 // 0: the team, or another cooperative
}

// Contact is whom to call.
type Contact struct{ Name, First, Phone, Email string }

// Tel is the address that dials.
func (c Contact) Tel() template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Phone)
	return template.URL("tel:" + digits) // digits and nothing else
}

// NavGroup is a part of the side bar under its name; the first has none.
type NavGroup struct {
	Name  string
	Items []NavItem
}

// NavItem is one section; Count is what waits there, in words.
type NavItem struct {
	Section, Label, Icon, Href, Count string
}

// house is what the frame names of a cooperative, kept as long as its settings.
type house struct {
	set        *store.Settings
	activities map[int64]activity.Activity
	persons    map[int64]member.Person
	contracts  map[int64][]member.Contract
	absences   []member.Absence
}

func (s *Server) house(ctx context.Context, coopID int64) (*house, error) {
	var h *house
	err := s.office.DB().Read(ctx, coopID, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if k, ok := s.houses.Load(coopID); ok && k.(*house).set == set {
			h = k.(*house)
			return nil
		}
		h = &house{set: set, activities: map[int64]activity.Activity{}, persons: map[int64]member.Person{}, contracts: map[int64][]member.Contract{}}
		activities, err := tx.Activities()
		if err != nil {
			return err
		}
		persons, err := tx.Persons()
		if err != nil {
			return err
		}
		if h.absences, err = tx.Absences(0); err != nil {
			return err
		}
		contracts, err := tx.Contracts()
		if err != nil {
			return err
		}
		for _, a := range activities {
			h.activities[a.ID] = a
		}
		for _, p := range persons {
			h.persons[p.ID] = p
		}
		for _, c := range contracts {
			h.contracts[c.Person] = append(h.contracts[c.Person], c)
		}
		s.houses.Store(coopID, h)
		return nil
	})
	return h, err
}

// House returns the names that pages want beside a figure: activities and persons of the cooperative by id.
func (v *Visit) House() (*house, error) {
	if v.house != nil {
		return v.house, nil
	}
	h, err := v.s.house(v.Ctx(), v.Coop.ID)
	if v.r.Method == http.MethodGet { // a deed may change it
		v.house = h
	}
	return h, err
}

// ActivityName and PersonName name what an id stands for; "" when it is unknown.
func (h *house) ActivityName(id int64) string { return h.activities[id].Name }
func (h *house) PersonName(id int64) string   { p := h.persons[id]; return p.Name() }

// advisor is who accompanies an activity on a day: while they are away, who stands in for them.
func (h *house) advisor(activityID int64, on date.Day) (member.Person, bool) {
	p, ok := h.persons[h.activities[activityID].Advisor]
	return h.present(p, on), ok
}

// present is a person, or who stands in for them on a day.
func (h *house) present(p member.Person, on date.Day) member.Person {
	if id := member.StandsIn(h.absences, p.ID, on); id != 0 {
		if x, ok := h.persons[id]; ok {
			return x
		}
	}
	return p
}

// meet puts who stands in for the one who accompanies in their place while they are away.
func (v *Visit) meet(view *office.AccountView) {
	if h, err := v.House(); err == nil {
		view.Advisor = h.present(view.Advisor, v.Today())
	}
}

// SectionName names an activity or a section of the house.
func (h *house) SectionName(id int64) string {
	return cmp.Or(h.activities[id].Name, h.set.Sections[id].Name)
}

// placesKept are the cooperatives of a login. They are read again when this program changed one, and once a minute for
// what another program did.
type placesKept struct {
	until   time.Time
	changed int64
	places  []store.Membership
}

func (v *Visit) memberships() ([]store.Membership, error) {
	now, changed := v.s.office.Now(), v.s.office.DB().Changed()
	if k, ok := v.s.places.Load(v.Who.Login); ok && now.Before(k.(placesKept).until) && k.(placesKept).changed == changed {
		return k.(placesKept).places, nil
	}
	all, err := v.s.office.DB().Memberships(v.Ctx(), v.Who.Login)
	if err == nil {
		v.s.places.Store(v.Who.Login, placesKept{now.Add(time.Minute), changed, all})
	}
	return all, err
}

// returning makes a page outside a cooperative (the profile) keep the frame of the one the person comes from.
func (v *Visit) returning() bool {
	if !v.In || v.route != nil && v.route.kind != ofSigned {
		return false
	}
	slug := ""
	if c, err := v.r.Cookie("coop"); err == nil {
		slug = c.Value
	} else if all, err := v.memberships(); err == nil && len(all) == 1 {
		slug = all[0].Slug
	}
	if slug == "" {
		return false
	}
	a, co, err := v.s.office.Actor(v.Ctx(), slug, v.Who.Login)
	if err != nil {
		return false
	}
	v.Actor, v.Coop, v.member = a, co, true
	return true
}

// team are the roles that work for all activities.
var team = []member.Role{member.Advisor, member.Gestionnaire, member.Accountant, member.Payroll, member.Manager, member.Administrator, member.Auditor}

// Team says whether the person works for the house, be it beside an activity of their own.
func (v *Visit) Team() bool {
	return slices.ContainsFunc(team, v.Actor.Has)
}

// rememberCoop remembers the cooperative one was in last: pages outside of any keep its frame.
func (v *Visit) rememberCoop() {
	if c, err := v.r.Cookie("coop"); !v.placed && (err != nil || c.Value != v.Coop.Slug) {
		v.remember("coop", v.Coop.Slug, 365*86400)
	}
	v.placed = true
}

// shell builds the frame.
func (v *Visit) shell() (*Shell, error) {
	h, err := v.House()
	if err != nil {
		return nil, err
	}
	v.rememberCoop()
	sh := &Shell{Brand: v.Coop.Name, Home: v.URL(""), Name: v.Actor.Name}
	var roles []string
	for _, r := range v.Actor.Roles {
		roles = append(roles, v.P.T("member.role."+string(r)))
	}
	sh.Roles = strings.Join(roles, ", ")
	mine := v.Activity
	if !v.Actor.Owns(mine) {
		mine = 0
		if !v.Team() && len(v.Actor.Activities) > 0 {
			mine = v.Actor.Activities[0]
		}
	}
	several := len(v.Actor.Activities) > 1 || v.Team()
	add := func(p Place, current bool) {
		if current {
			sh.Place = p
		} else {
			sh.Places = append(sh.Places, p)
		}
	}
	for _, id := range v.Actor.Activities {
		a := h.activities[id]
		home := v.URL("")
		if several {
			home += "?a=" + strconv.FormatInt(id, 10)
		}
		add(Place{Name: a.Name, About: v.standing(h, a), Href: home, Activity: id}, id == mine)
	}
	if v.Team() {
		add(Place{Name: v.P.T("web.team"), About: v.P.T("web.team_about", "n", v.teamOpen(h)), Href: v.URL("")}, mine == 0)
	}
	sh.Quiet = sh.Place.Name == ""
	others, err := v.memberships()
	if err != nil {
		return nil, err
	}
	for _, m := range others {
		if m.Coop != v.Coop.ID {
			sh.Places = append(sh.Places, Place{Name: m.Name, About: v.P.T("web.other_coop"), Href: "/" + m.Slug + "/"})
		}
	}
	if mine != 0 {
		v.entrepreneurNav(sh, mine)
		if p, ok := h.advisor(mine, v.Today()); ok && p.ID != v.Actor.Person {
			sh.Advisor = Contact{p.Name(), p.FirstName, p.Phone, p.Email}
		}
	} else {
		v.teamNav(sh)
	}
	if v.s.has("/{coop}/search") {
		sh.Search = v.URL("search")
	}
	return sh, nil
}

// teamOpen counts the activities that the visitor's work bears on today: a portfolio, where they have no more than that.
func (v *Visit) teamOpen(h *house) int {
	every := []access.Action{access.ViewHouse, access.ManageActivity, access.ViewDocument, access.ViewLedger}
	if len(v.Actor.Followed()) == 0 || slices.ContainsFunc(every, func(act access.Action) bool { return v.can(act, 0) }) {
		return h.open(v.Actor.Today, func(int64) bool { return true })
	}
	followed := v.Actor.Followed()
	return h.open(v.Actor.Today, func(id int64) bool { return slices.Contains(followed, id) })
}

// open counts the activities open on a day, of those that are kept.
func (h *house) open(on date.Day, keep func(int64) bool) int {
	n := 0
	for id, a := range h.activities {
		if !keep(id) {
			continue
		}
		if a.Opened <= on && (a.Closed == 0 || on <= a.Closed) {
			n++
		}
	}
	return n
}

// standing says under which contract the person runs the activity: « CESA, depuis mars 2025 ».
func (v *Visit) standing(h *house, a activity.Activity) string {
	people := 0
	for _, s := range a.Shares {
		if s.From <= v.Actor.Today && (s.Until == 0 || v.Actor.Today <= s.Until) {
			people++
		}
	}
	if people > 1 {
		return v.P.T("web.standing_joint", "n", people)
	}
	for _, c := range h.contracts[v.Actor.Person] {
		switch {
		case !c.ActiveOn(v.Actor.Today):
		case c.Kind == member.CAPE && c.End != 0:
			return v.P.T("web.standing_cape", "until", c.End)
		case c.Kind == member.CESA:
			return v.P.T("web.standing_cesa", "month", v.P.Month(c.Start.Month()))
		}
	}
	return a.Trade
}

// door is an entry that shows when its page exists and the person may open it.
type door struct {
	section, label, icon, pattern string
	any                           []access.Action // one of them opens it; none: it is open
}

func (v *Visit) entrepreneurNav(sh *Shell, id int64) {
	doors := []door{
		{"home", "web.nav_home", "home", "/{coop}/", nil},
		{"account", "web.nav_account", "chart-line", "/{coop}/a/{activity}/", []access.Action{access.ViewAccount}},
		{"sales", "web.nav_sales", "file-invoice", "/{coop}/a/{activity}/sales", []access.Action{access.ViewDocument}},
		{"takings", "web.nav_takings", "building-store", "/{coop}/a/{activity}/takings", []access.Action{access.RecordTaking}},
		{"customers", "web.nav_customers", "address-book", "/{coop}/a/{activity}/customers", []access.Action{access.ViewCustomer}},
		{"products", "products.title", "tag", "/{coop}/a/{activity}/products", []access.Action{access.ViewDocument}},
		{"subscriptions", "subs.title", "repeat", "/{coop}/a/{activity}/subscriptions", []access.Action{access.ViewDocument}},
		{"look", "look.title", "file-text", "/{coop}/a/{activity}/look", []access.Action{access.ManageLook}},
		{"together", "web.nav_together", "users-group", "/{coop}/a/{activity}/together", []access.Action{access.ViewDocument}},
		{"pay", "web.nav_pay", "coins", "/{coop}/a/{activity}/pay", nil},
	}
	sh.Groups = append(sh.Groups, NavGroup{Items: v.open(doors, id)})
	for i := range sh.Groups[0].Items {
		if sh.Groups[0].Items[i].Section == "home" {
			sh.Groups[0].Items[i].Href = sh.Place.Href
		}
	}
	// Four thumbs (practice E). A quote stands where a ticket will, as long as expenses have no page.
	pay := door{"account", "web.dock_account", "coins", "/{coop}/a/{activity}/", []access.Action{access.ViewAccount}}
	for _, c := range v.contractsNow() {
		if c.Kind == member.CESA {
			pay = door{"pay", "web.dock_pay", "coins", "/{coop}/a/{activity}/pay", nil}
		}
	}
	sh.Dock = v.open([]door{
		{"invoice", "web.dock_invoice", "file-invoice", "/{coop}/a/{activity}/sales/quick", []access.Action{access.DraftDocument}},
		{"quote", "web.dock_quote", "file-text", "/{coop}/a/{activity}/sales/new", []access.Action{access.DraftDocument}},
		{"taking", "web.dock_taking", "building-store", "/{coop}/a/{activity}/takings/new", []access.Action{access.RecordTaking}},
		pay,
	}, id)
	for i := range sh.Dock {
		if sh.Dock[i].Section == "quote" {
			sh.Dock[i].Href += "?kind=quote"
		}
	}
}

// contractsNow are the person's contracts of the day.
func (v *Visit) contractsNow() []member.Contract {
	h, err := v.House()
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(h.contracts[v.Actor.Person]), func(c member.Contract) bool { return !c.ActiveOn(v.Actor.Today) })
}

func (v *Visit) teamNav(sh *Shell) {
	groups := []struct {
		name  string
		doors []door
	}{
		{"", []door{
			{"desk", "web.nav_desk", "file-check", "/{coop}/desk", []access.Action{access.ReadDesk}},
			{"activities", "web.nav_activities", "hexagon", "/{coop}/activities", []access.Action{access.ViewHouse, access.ViewPortfolio, access.ManageActivity}},
			{"payments", "web.nav_payments", "cash", "/{coop}/payments", []access.Action{access.RecordPayment, access.ViewDocument}},
			{"together", "web.nav_together", "users-group", "/{coop}/together", []access.Action{access.ReadDesk}},
			{"cash", "web.nav_cash", "coins", "/{coop}/cash", []access.Action{access.RecordPayment}},
			{"pay", "pay_month.title", "report-money", "/{coop}/pay", []access.Action{access.ViewPay}},
			{"people", "web.nav_people", "users", "/{coop}/people", []access.Action{access.ViewPeople}},
			{"year-end", "web.nav_year_end", "coins", "/{coop}/year-end", []access.Action{access.ViewPay}},
		}},
		{"web.nav_books", []door{
			{"entry", "web.nav_entry", "keyboard", "/{coop}/books/entry/new", []access.Action{access.PostEntry}},
			{"balance", "web.nav_balance", "scale", "/{coop}/books/balance", []access.Action{access.ViewLedger}},
			{"ledger", "web.nav_ledger", "books", "/{coop}/books/ledger", []access.Action{access.ViewLedger}},
			{"journal", "web.nav_journal", "list-details", "/{coop}/books/journal", []access.Action{access.ViewLedger}},
			{"months", "web.nav_months", "lock", "/{coop}/books/months", []access.Action{access.ClosePeriod}},
			{"closings", "web.nav_closings", "shield-check", "/{coop}/closings", []access.Action{access.ViewLedger}},
			{"abroad", "abroad.title", "world", "/{coop}/books/abroad", []access.Action{access.ViewLedger}},
			{"rates", "rates.title", "refresh", "/{coop}/books/rates", []access.Action{access.PostEntry}},
			{"fec", "web.nav_fec", "file-download", "/{coop}/books/fec", []access.Action{access.ExportFEC}},
		}},
		{"web.nav_house", []door{
			{"rules", "web.nav_rules", "adjustments", "/{coop}/rules", []access.Action{access.ViewRules}},
			{"audit", "web.nav_audit", "history", "/{coop}/audit", []access.Action{access.ViewAudit}},
		}},
	}
	if slices.ContainsFunc(v.contractsNow(), func(c member.Contract) bool { return c.Kind == member.CDI }) {
		groups[0].doors = append(groups[0].doors, door{"payslips", "web.nav_payslips", "file-text", "/{coop}/payslips", nil})
	}
	for _, g := range groups {
		items := v.open(g.doors, 0)
		if len(items) == 0 {
			continue
		}
		name := ""
		if g.name != "" {
			name = v.P.T(g.name)
		}
		sh.Groups = append(sh.Groups, NavGroup{Name: name, Items: items})
	}
}

// open keeps the doors that exist and that the person may open.
func (v *Visit) open(doors []door, activityID int64) []NavItem {
	var items []NavItem
	for _, d := range doors {
		if !v.s.has(d.pattern) {
			continue
		}
		if len(d.any) > 0 && !slices.ContainsFunc(d.any, func(a access.Action) bool { return v.can(a, activityID) }) {
			continue
		}
		href := strings.Replace(strings.TrimPrefix(d.pattern, "/{coop}"), "{activity}", strconv.FormatInt(activityID, 10), 1)
		item := NavItem{Section: d.section, Label: v.P.T(d.label), Icon: d.icon, Href: "/" + v.Coop.Slug + href}
		if count := v.s.counts[d.section]; count != nil {
			item.Count = count(v)
		}
		items = append(items, item)
	}
	return items
}

func (v *Visit) can(a access.Action, activityID int64) bool {
	return access.Can(v.Actor, a, v.subject(a, activityID)) == access.Allowed
}

// count gives an entry of the side bar the number of what waits there ("" for nothing); it is asked on every page of
// the team, so it must be cheap.
func (s *Server) count(section string, of func(*Visit) string) { s.counts[section] = of }

// subject is what an action bears on, as far as an address tells. An auditor is asked about the latest of their years; the
// use case looks at the very year.
func (v *Visit) subject(a access.Action, activityID int64) access.Subject {
	sub := access.Subject{Coop: v.Coop.ID, Year: v.Actor.Year()}
	if onActivity(a) {
		sub.Activity = activityID
	}
	return sub
}

// subjectOn is what an action bears on when it is about something of a day: an auditor's years are not all years.
func (v *Visit) subjectOn(a access.Action, activityID int64, day date.Day) access.Subject {
	sub := v.subject(a, activityID)
	sub.Year = 0
	if h, err := v.House(); err == nil {
		y, _ := h.set.YearOf(day)
		sub.Year = y.ID
	}
	return sub
}

func (v *Visit) canOn(a access.Action, activityID int64, day date.Day) bool {
	return access.Can(v.Actor, a, v.subjectOn(a, activityID, day)) == access.Allowed
}

// choosePlace is the page of someone who is in several cooperatives.
func (s *Server) choosePlace(v *Visit) error {
	all, err := v.memberships()
	if err != nil {
		return err
	}
	if len(all) == 1 {
		return v.Go("/" + all[0].Slug + "/")
	}
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("cooperatives", Page{Title: v.P.T("sign.choose_title"), Status: http.StatusOK}, all)
}
