package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/sale"
)

// shareFields are the fields of one line of the shares, the one that says whom first.
var shareFields = []string{"person", "from", "until", "parts"}

type activityData struct {
	F        *Form
	ID       int64
	Code     string // stable once there
	Rows     []int
	People   []Option
	Advisors []Option
	Natures  []Option
	Taxes    []Option
	Policies []Option
	Prices   []Option
}

func (s *Server) newActivity(v *Visit) error {
	f := v.NewForm()
	f.Set("opened", v.Today()).Set("gross", "0").Set("tax", "")
	h, err := v.House()
	if err != nil {
		return err
	}
	f.Set("code", nextCode(h))
	if _, here := h.persons[v.queryID("person")]; here {
		f.Set("shares[0].person", v.queryID("person")).Set("shares[0].from", v.Today()).Set("shares[0].parts", 1)
	}
	return s.showActivity(v, f, 0, false)
}

// queryID reads an id from the address; anything else is 0.
func (v *Visit) queryID(name string) int64 {
	id, err := strconv.ParseInt(v.Query(name), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// nextCode proposes the number after the highest one.
func nextCode(h *house) string {
	last, width := 0, 3
	for _, a := range h.activities {
		if n, err := strconv.Atoi(a.Code); err == nil && n >= last {
			last, width = n, len(a.Code)
		}
	}
	return fmt.Sprintf("%0*d", width, last+1)
}

func (s *Server) editActivity(v *Visit) error {
	act, err := s.activityToEdit(v)
	if err != nil {
		return err
	}
	return s.showActivity(v, fillActivity(v.NewForm(), act).Opened(), act.ID, false)
}

func fillActivity(f *Form, act activity.Activity) *Form {
	f.Set("name", act.Name).Set("trade", act.Trade).Set("email", act.Email).Set("phone", act.Phone).Set("opened", act.Opened).Set("advisor", act.Advisor).
		Set("tax", act.Tax).Set("insurance", act.Insurance).Set("gross", "0").Set("policy", act.Policy)
	f.Set("cover.insurer", act.Cover.Insurer).Set("cover.contract", act.Cover.Contract).Set("cover.zone", act.Cover.Zone).Set("cover.from", act.Cover.From).Set("cover.until", act.Cover.Until)
	if act.PolicyFrom != 0 {
		f.Set("policyFrom", act.PolicyFrom)
	}
	if act.InsuranceUntil != 0 {
		f.Set("insuranceUntil", act.InsuranceUntil)
	}
	f.setDelay("terms", act.Terms).setDelay("termsConsumers", act.TermsConsumers)
	if act.Closed != 0 {
		f.Set("closed", act.Closed)
	}
	if act.Gross {
		f.Set("gross", "1")
	}
	if len(act.Natures) > 0 {
		f.Set("nature", act.Natures[0])
		f.values["natures"] = act.Natures[1:]
	}
	for i, x := range act.Shares {
		at := func(n string) string { return fmt.Sprintf("shares[%d].%s", i, n) }
		f.Set(at("person"), x.Person).Set(at("from"), x.From).Set(at("parts"), x.Parts)
		if x.Until != 0 {
			f.Set(at("until"), x.Until)
		}
	}
	return f
}

// activityToEdit reads the activity of the address, and asks for it by name: nobody changes their own.
func (s *Server) activityToEdit(v *Visit) (activity.Activity, error) {
	id, err := v.ID("id")
	if err != nil {
		return activity.Activity{}, err
	}
	act, err := s.office.Activity(v.Ctx(), v.Actor, id)
	if err != nil {
		return act, err
	}
	return act, access.Refuse(v.Actor, access.ManageActivity, access.Subject{Coop: v.Actor.Coop, Activity: id})
}

func (s *Server) showActivity(v *Visit, f *Form, id int64, again bool) error {
	set, _, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := activityData{F: f, ID: id, Code: h.activities[id].Code, Rows: f.openRows("shares", 1)}
	d.People = personOptions(h, p.T("house.choose_person"), func(x member.Person) bool {
		return x.Left == 0 || x.Left >= v.Today() || sharesIn(h.activities[id], x.ID)
	})
	d.Advisors = personOptions(h, p.T("house.no_advisor"), func(x member.Person) bool {
		return slices.Contains(x.Roles(v.Today()), member.Advisor) || x.ID == h.activities[id].Advisor
	})
	for _, n := range sale.Natures() {
		d.Natures = append(d.Natures, Option{Value: n.Code, Label: p.T(n.Label)})
	}
	d.Taxes = usualTaxes(p, f.Get("tax"))
	d.Policies = policyOptions(p, set, f)
	d.Prices = []Option{{Value: "0", Label: p.T("house.price_net")}, {Value: "1", Label: p.T("house.price_gross")}}
	page := Page{Title: p.T("house.new"), Section: "activities", Team: true}
	if id != 0 {
		page.Title = h.activities[id].Name
	}
	if again {
		return v.Again("activity_edit", page, d)
	}
	return v.Show("activity_edit", page, d)
}

func sharesIn(a activity.Activity, person int64) bool {
	return slices.ContainsFunc(a.Shares, func(s activity.Share) bool { return s.Person == person })
}

// personOptions are the people of the cooperative by name, behind a first choice that is nobody.
func personOptions(h *house, none string, keep func(member.Person) bool) []Option {
	var list []Option
	for _, x := range h.persons {
		if keep(x) {
			list = append(list, Option{Value: strconv.FormatInt(x.ID, 10), Label: x.LastName + " " + x.FirstName})
		}
	}
	slices.SortFunc(list, func(a, b Option) int { return strings.Compare(store.Normal(a.Label), store.Normal(b.Label)) })
	return append([]Option{{Label: none}}, list...)
}

// usualTaxes are the rates an activity may start its lines with; the nature of each line decides when they fall due.
func usualTaxes(p i18n.Printer, chosen string) []Option {
	list := []Option{{Label: p.T("house.tax_by_nature")}}
	codes := []string{"S20", "S10", "S55", "S21", "XFORM", "XEDU", "XMED", "HORS"}
	if chosen != "" && !slices.Contains(codes, chosen) {
		codes = append(codes, chosen)
	}
	known := ledger.France()
	for _, code := range codes {
		if t, ok := known[code]; ok {
			list = append(list, Option{Value: code, Label: p.T(t.Label)})
		}
	}
	return list
}

// policyOptions are the contribution policies by name, each once; the row an activity already names stands for its own.
func policyOptions(p i18n.Printer, set *store.Settings, f *Form) []Option {
	list := []Option{{Value: "0", Label: p.T("house.no_policy")}}
	chosen := f.ID("policy")
	at := map[string]int{}
	for _, r := range set.Rules {
		if r.Kind != coop.RuleContribution {
			continue
		}
		i, known := at[r.Name]
		if !known {
			at[r.Name] = len(list)
			list = append(list, Option{Value: strconv.FormatInt(r.ID, 10), Label: r.Name})
		} else if r.ID == chosen {
			list[i].Value = strconv.FormatInt(r.ID, 10)
		}
	}
	return list
}

func (s *Server) activitySent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	act := activity.Activity{Code: strings.ToUpper(f.Get("code"))}
	if v.PathValue("id") != "" {
		if act, err = s.activityToEdit(v); err != nil {
			return err
		}
	}
	f.pack("shares", shareFields)
	if f.Get("deed") == "more" {
		f.more("shares")
		return s.showActivity(v, f, act.ID, false)
	}
	was := act
	if act.ID != 0 {
		now, groups := fillActivity(v.NewForm(), act), map[string]string{"shares": v.P.T("house.shares")}
		if err := v.since(f, now, groups, access.ManageActivity, access.Subject{Activity: act.ID}, thingOf("activity", act.ID), "activity.save"); err != nil {
			return err
		}
	}
	readActivity(f, &act)
	if h, err := v.House(); err != nil {
		return err
	} else if act.ID == 0 {
		for _, other := range h.activities { // the same form sent twice
			if other.Code == act.Code && other.Name == act.Name && other.Opened == act.Opened {
				return v.Go(v.URL("activities"))
			}
		}
	}
	if f.OK() {
		saved, err := act, error(nil)
		if act.ID == 0 {
			saved, err = s.office.SaveActivity(v.Ctx(), v.Actor, act)
		} else {
			saved, err = s.office.ChangeActivity(v.Ctx(), v.Actor, was, act)
		}
		if office.Changed(err) {
			return s.activitySent(v)
		}
		if err == nil {
			v.Say("house.saved", "name", saved.Name)
			return v.Go(v.URL("activities"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showActivity(v, f, act.ID, true)
}

// readActivity reads the form into the activity.
func readActivity(f *Form, act *activity.Activity) {
	act.Name, act.Trade = f.Text("name", 120), f.Text("trade", 120)
	act.Email, act.Phone = f.Text("email", 254), f.Text("phone", 40)
	act.Advisor = f.ID("advisor")
	policy, from := f.ID("policy"), f.Day("policyFrom")
	if policy != act.Policy && from == act.PolicyFrom {
		from = 0 // the day shown was that of the policy before
	}
	act.Policy, act.PolicyFrom = policy, from
	act.Tax, act.Gross, act.Insurance = f.Get("tax"), f.Bool("gross"), f.Text("insurance", 250)
	act.InsuranceUntil = f.Day("insuranceUntil")
	act.Terms, act.TermsConsumers = f.DelayCode("terms"), f.DelayCode("termsConsumers")
	act.Cover = coop.Cover{Insurer: f.Text("cover.insurer", 120), Contract: f.Text("cover.contract", 80), Zone: f.Text("cover.zone", 120), From: f.Day("cover.from"), Until: f.Day("cover.until")}
	act.Opened, act.Closed = f.Day("opened"), f.Day("closed")
	if _, known := ledger.France()[act.Tax]; act.Tax != "" && !known {
		f.Refuse("tax", "web.field_choice")
	}
	act.Natures = nil
	for _, code := range append([]string{f.Get("nature")}, f.All("natures")...) {
		if _, known := sale.NatureOf(code); known && !slices.Contains(act.Natures, code) {
			act.Natures = append(act.Natures, code)
		}
	}
	act.Shares = nil
	for _, i := range f.Rows("shares") {
		at := func(n string) string { return fmt.Sprintf("shares[%d].%s", i, n) }
		x := activity.Share{Person: f.ID(at("person")), From: f.Day(at("from")), Until: f.Day(at("until")), Parts: int64(f.Int(at("parts"), 1, 10_000))}
		if f.Get(at("parts")) == "" {
			x.Parts = 1
		}
		act.Shares = append(act.Shares, x)
	}
}

// pack numbers the rows of a repeated group anew, without holes: the refusals of a use case name rows as it counts them.
// A row whose first field is empty and whose others hold nothing is gone; so is one that was ticked to be dropped.
func (f *Form) pack(name string, fields []string) {
	rows := f.Rows(name)
	at := func(i int, field string) string { return fmt.Sprintf("%s[%d].%s", name, i, field) }
	n := 0
	for _, i := range rows {
		drop := f.Bool(at(i, "drop"))
		f.values.Del(at(i, "drop"))
		for _, field := range fields {
			values := f.values[at(i, field)]
			f.values.Del(at(i, field))
			if !drop {
				f.values[at(n, field)] = values
			}
		}
		if !drop {
			n++
		}
	}
}

// openRows are the rows a form shows of a repeated group: those typed, and spare ones to write into.
func (f *Form) openRows(name string, spare int) []int {
	n := 0
	for _, i := range f.Rows(name) {
		n = max(n, i+1)
	}
	asked, err := strconv.Atoi(f.Get(name + "_rows"))
	if err != nil || asked > 200 {
		asked = 0
	}
	rows := make([]int, max(n+spare, asked))
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// more asks for two rows to write into.
func (f *Form) more(name string) { f.Set(name+"_rows", len(f.Rows(name))+2) }
