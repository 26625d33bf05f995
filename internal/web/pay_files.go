package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// payFilePages are what the payroll officer types before a month: files of people, terms of contracts, elements, absences
// and rates; and to each person their own file, which they read, complete with an absence, and whose paper they choose.
func (s *Server) payFilePages() {
	s.page("GET", "/{coop}/pay-files", access.RunPay, s.payFiles)
	s.page("GET", "/{coop}/pay-files/rates", access.RunPay, s.payRates)
	s.page("POST", "/{coop}/pay-files/rates", access.RunPay, s.payRatesSent)
	s.page("GET", "/{coop}/pay-file", "", s.ownPayFile)
	s.page("POST", "/{coop}/pay-file/paper", "", s.paperSent)
	s.page("GET", "/{coop}/pay-file/absence", "", s.declareAbsence)
	s.page("POST", "/{coop}/pay-file/absence", "", s.declareAbsenceSent)
	s.page("GET", "/{coop}/people/{id}/pay", access.RunPay, s.payFile)
	s.page("GET", "/{coop}/people/{id}/pay/edit", access.RunPay, s.editPayFile)
	s.page("POST", "/{coop}/people/{id}/pay/edit", access.RunPay, s.payFileSent)
	s.page("GET", "/{coop}/people/{id}/terms/{contract}", access.RunPay, s.editTerms)
	s.page("POST", "/{coop}/people/{id}/terms/{contract}", access.RunPay, s.termsSent)
	s.page("GET", "/{coop}/people/{id}/items/{contract}", access.RunPay, s.payItems)
	s.page("POST", "/{coop}/people/{id}/items/{contract}", access.RunPay, s.payItemSent)
	s.page("POST", "/{coop}/people/{id}/items/{contract}/stop", access.RunPay, s.payItemStop)
	s.page("GET", "/{coop}/people/{id}/absences/{contract}", access.RunPay, s.newPayAbsence)
	s.page("POST", "/{coop}/people/{id}/absences/{contract}", access.RunPay, s.newPayAbsenceSent)
	s.page("GET", "/{coop}/pay-absences", access.RunPay, s.payAbsences)
	s.page("GET", "/{coop}/pay-absences/{id}", "", s.payAbsence)
	s.page("POST", "/{coop}/pay-absences/{id}", access.RunPay, s.payAbsenceSent)
	s.page("POST", "/{coop}/pay-absences/{id}/drop", "", s.payAbsenceDrop)
}

// payFiles is the list of who is paid, those that lack something first in sight.
func (s *Server) payFiles(v *Visit) error {
	all, rates, err := s.office.PayFiles(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	incomplete, declared := 0, 0
	for _, l := range all {
		if len(l.Lacks) > 0 {
			incomplete++
		}
		declared += l.Declared
	}
	only := v.Query("show") == "incomplete"
	t := Table{Caption: p.T("payfile.title"), Cols: []Col{{Label: p.T("payfile.who")}, {Label: p.T("payfile.number")}, {Label: p.T("payfile.contract")}, {Label: p.T("payfile.gross_short"), Num: true}, {Label: p.T("payfile.tax_short"), Num: true}, {Label: p.T("payfile.state")}}}
	for _, l := range all {
		if only && len(l.Lacks) == 0 {
			continue
		}
		tax := p.T("payfile.neutral_short")
		if l.Known.Tax != nil {
			tax = p.Rate(*l.Known.Tax)
		}
		state := Status{Tone: ToneOK, Text: p.T("payfile.complete")}
		switch {
		case len(l.Lacks) == 1:
			state = Status{Tone: ToneWait, Icon: "edit", Text: p.T("payfile.lacking", "what", p.T(l.Lacks[0]))}
		case len(l.Lacks) > 1: // the file names them
			state = Status{Tone: ToneWait, Icon: "edit", Text: p.T("payfile.lacking_n", "n", len(l.Lacks))}
		case l.Declared > 0:
			state = Status{Tone: ToneWait, Icon: "calendar-event", Text: p.T("payfile.declared_n", "n", l.Declared)}
		case l.Contract.Kind == member.CAPE:
			state = Status{Text: p.T("payfile.cape_state")}
		}
		gross := cellAmount(l.Terms.Gross, "")
		if l.Terms.Gross == 0 {
			gross = cellText("")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellPerson(l.Person.Name(), "", v.URL("people", l.Person.ID, "pay")), cellText(l.Known.Number), cellText(p.T(l.Contract.Kind.Label())), gross, cellNumber(tax), cellStatus(state)}})
	}
	return v.written(Page{Title: p.T("payfile.title"), Section: "pay", Team: true}, func(m *markup) {
		Head{Title: p.T("payfile.title"), Lead: p.T("payfile.lead"), Acts: []Link{{p.T("payfile.rates"), v.URL("pay-files", "rates"), "percentage"}, {p.T("payopening.title"), v.URL("pay-files", "openings"), "history"}}}.write(m, p)
		m.put(v.payNav("files", v.Today().Month()))
		if !rates {
			v.noRates().write(m, p)
		}
		if len(all) == 0 {
			Empty{Title: p.T("payfile.nobody"), Text: p.T("payfile.nobody_about")}.write(m, p)
			return
		}
		Filters{{Label: p.T("payfile.all"), Count: p.Int(int64(len(all))), Href: v.URL("pay-files"), Current: !only}, {Label: p.T("payfile.incomplete"), Count: p.Int(int64(incomplete)), Href: v.URL("pay-files") + "?show=incomplete", Current: only}}.write(m, p)
		if declared > 0 {
			m.note(Note{Tone: ToneWait, Icon: "calendar-event", Strong: p.T("payfile.declared_n", "n", declared), Links: []Link{{Label: p.T("payfile.absences"), Href: v.URL("pay-absences")}}})
		}
		if len(t.Rows) == 0 {
			m.note(Note{Tone: ToneOK, Text: p.T("payfile.none_incomplete")})
			return
		}
		m.table(p, t)
	})
}

// noRates says that the establishment's rates are not set, and where that is done, to who may.
func (v *Visit) noRates() Note {
	n := Note{Tone: ToneWait, Icon: "alert-triangle", Strong: v.P.T("payfile.no_rates"), Text: v.P.T("payfile.no_rates_whom")}
	if v.can(access.ManageRules, 0) {
		n.Text, n.Links = "", []Link{{Label: v.P.T("payfile.no_rates_set"), Href: v.URL("rules", "new", string(coop.RulePay))}}
	}
	return n
}

// lackFields are the fields that mend what lacks.
var lackFields = map[string]string{"payroll.lacks.nir": "nir", "payroll.lacks.iban": "iban", "payroll.lacks.holder": "holder", "payroll.lacks.gross": "gross", "payroll.lacks.hours": "hours"}

// lackLink is something missing, and the field to fill.
func (v *Visit) lackLink(key string, at ...any) Link {
	return Link{Label: v.P.T(key), Href: v.URL(at...) + "#" + fieldID(lackFields[key])}
}

type payFilePage struct {
	F         *Form
	Person    member.Person
	Own, May  bool
	Lacks     []Link
	Rates     template.HTML // a note, when the rates are not set
	Facts     []fact
	Since     string
	Paper     bool
	History   Table
	Contracts []payContractPart
}

type payContractPart struct {
	ID              int64
	Name, When      string
	State           template.HTML
	Running, Cape   bool
	Facts           []fact
	Amendments      Table
	Items, Absences List
	Terms, Write    string // addresses, for who may
	Absence         string
	Exit            Link // to what the end of the contract would pay
	payYearPart
}

func (s *Server) ownPayFile(v *Visit) error {
	f, err := s.office.PayFile(v.Ctx(), v.Actor, v.Actor.Person)
	if err != nil {
		return err
	}
	return s.showPayFile(v, f)
}

func (s *Server) payFile(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	if id == v.Actor.Person { // one reads one's own, and changes nothing of it
		return v.Go(v.URL("pay-file"))
	}
	f, err := s.office.PayFile(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return s.showPayFile(v, f)
}

func (s *Server) showPayFile(v *Visit, x office.PayFile) error {
	p := v.P
	d := payFilePage{F: v.NewForm(), Person: x.Person, Own: x.Own, May: !x.Own, Facts: personFacts(p, x.Now.Known), Paper: x.Now.Known.Paper}
	if x.Now.From != 0 {
		d.Since = p.T("payfile.since", "day", x.Now.From)
	}
	team := d.May
	paid := false
	for _, k := range x.Contracts {
		part := v.payContract(x, k)
		paid = paid || part.Running && !part.Cape
		d.Contracts = append(d.Contracts, part)
		if part.Running && team {
			for _, key := range k.Lacks {
				d.Lacks = append(d.Lacks, v.lackLink(key, "people", x.Person.ID, "terms", k.Contract.ID))
			}
		}
	}
	if paid {
		var own []Link
		for _, key := range x.Lacks {
			l := Link{Label: p.T(key)}
			if team {
				l = v.lackLink(key, "people", x.Person.ID, "pay", "edit")
			}
			own = append(own, l)
		}
		d.Lacks = append(own, d.Lacks...)
	}
	if team && !x.Rates {
		d.Rates = v.noRates().HTML()
	}
	d.History = v.payHistory(x)
	page := Page{Title: p.T("payfile.of", "name", x.Person.Name()), Section: "people", Team: true}
	if x.Own {
		page = Page{Title: p.T("payfile.mine"), Section: "payfile", Main: "narrow"}
	}
	v.w.Header().Set("Cache-Control", "no-store")
	return v.Show("pay_file", page, d)
}

// personFacts tell what pay knows of someone, as they were typed.
func personFacts(p i18n.Printer, x payroll.Person) []fact {
	tax := p.T("payfile.neutral")
	if x.Tax != nil {
		tax = p.Rate(*x.Tax)
	}
	birth := ""
	if x.Birth != 0 {
		birth = p.Day(x.Birth)
	}
	slip := p.T("payfile.electronic")
	if x.Paper {
		slip = p.T("payfile.on_paper")
	}
	none := func(s string) string {
		if s == "" {
			return "—"
		}
		return s
	}
	all := []fact{
		{p.T("payfile.number"), none(x.Number)}, {p.T("payfile.nir"), none(spacedNIR(x.NIR))}, {p.T("payfile.birth"), none(joinWords(", ", birth, x.BirthPlace))},
		{p.T("payfile.address"), none(joinWords(", ", x.Street, joinWords(" ", x.PostCode, x.City)))},
		{p.T("payfile.iban"), none(spaced(x.IBAN))}, {p.T("payfile.holder"), none(x.Holder)}, {p.T("payfile.tax"), tax}, {p.T("payfile.exempt"), exemptionWords(p, x.Exempt)}, {p.T("payfile.slip"), slip},
	}
	return all
}

func exemptionWords(p i18n.Printer, e *payroll.Exemption) string {
	if e == nil {
		return p.T("payfile.exempt_no")
	}
	words := []string{p.T("payfile.exempt." + string(e.Reason)), p.T("payfile.exempt_since", "day", e.Asked)}
	if e.Proof != 0 {
		words = append(words, p.T("payfile.exempt_proved", "day", e.Proof))
	} else {
		words = append(words, p.T("payfile.exempt_unproved"))
	}
	if e.Until != 0 {
		words = append(words, p.T("payfile.exempt_until_day", "day", e.Until))
	}
	return strings.Join(words, ", ")
}

// spacedNIR writes a social security number as its card does.
func spacedNIR(s string) string {
	if len(s) != 15 {
		return s
	}
	return strings.Join([]string{s[:1], s[1:3], s[3:5], s[5:7], s[7:10], s[10:13], s[13:]}, " ")
}

// payHistory are the versions of a file, the last first.
func (v *Visit) payHistory(x office.PayFile) Table {
	p := v.P
	t := Table{Caption: p.T("payfile.history"), Class: "plain", Cols: []Col{{Label: p.T("payfile.from")}, {Label: p.T("payfile.changed")}, {Label: p.T("payfile.by")}}}
	for i := len(x.Versions) - 1; i >= 0; i-- {
		var was payroll.Person
		if i > 0 {
			was = x.Versions[i-1].Known
		}
		var changed []string
		before, after := personFacts(p, was), personFacts(p, x.Versions[i].Known)
		for n := range after {
			if before[n].Value != after[n].Value {
				changed = append(changed, p.T("payfile.change", "label", after[n].Label, "value", after[n].Value))
			}
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellDay(x.Versions[i].From), cellText(strings.Join(changed, " ; ")), cellText(v.byWhom(x.Versions[i].By, x.Versions[i].At))}})
	}
	return t
}

func (v *Visit) byWhom(by, at int64) string {
	h, err := v.House()
	if err != nil {
		return ""
	}
	if by == 0 {
		return v.P.Instant(v.At(at))
	}
	return h.PersonName(by) + ", " + v.P.Instant(v.At(at))
}

// payContract is a contract of the file: what it pays, what the months bring, the days away.
func (v *Visit) payContract(x office.PayFile, k office.PayContract) payContractPart {
	p, c := v.P, k.Contract
	part := payContractPart{ID: c.ID, Name: p.T(c.Kind.Label()), When: p.T("people.since", "day", c.Start), Cape: c.Kind == member.CAPE}
	if c.End != 0 {
		part.When = p.T("people.from_until", "from", c.Start, "until", c.End)
	}
	part.Running = c.End == 0 || c.End >= v.Today()
	state := Status{Tone: ToneOK, Text: p.T("people.running")}
	switch {
	case !part.Running:
		state = Status{Text: p.T("people.ended")}
	case c.Start > v.Today():
		state = Status{Tone: ToneWait, Icon: "clock", Text: p.T("people.to_come")}
	}
	part.State = state.HTML()
	if k.Set {
		part.Facts = termsFacts(p, c, k.Now.Terms)
		if c.Kind == member.CESA {
			part.Facts = append(part.Facts, fact{p.T("payfile.fixed_cost"), p.Euros(c.FixedCost)})
		}
	}
	part.payYearPart = v.payYear(x, k)
	part.Amendments = Table{Caption: p.T("payfile.amendments"), Class: "plain", Cols: []Col{{Label: p.T("payfile.from")}, {Label: p.T("payfile.changed")}, {Label: p.T("payfile.by")}}}
	for i := len(k.Terms) - 1; i >= 0; i-- {
		var was []fact
		if i > 0 {
			was = termsFacts(p, c, k.Terms[i-1].Terms)
		}
		var changed []string
		for _, f := range termsFacts(p, c, k.Terms[i].Terms) {
			known := false
			for _, w := range was {
				known = known || w == f
			}
			if !known {
				changed = append(changed, p.T("payfile.change", "label", f.Label, "value", f.Value))
			}
		}
		part.Amendments.Rows = append(part.Amendments.Rows, Row{Cells: []Cell{cellDay(k.Terms[i].From), cellText(strings.Join(changed, " ; ")), cellText(v.byWhom(k.Terms[i].By, k.Terms[i].At))}})
	}
	this := v.Today().Month()
	for _, i := range k.Items {
		if i.Until < this-1 && !i.Dropped || i.Dropped && i.Element != office.OverrideAdvance {
			continue
		}
		part.Items.Items = append(part.Items.Items, v.itemLine(i))
	}
	for _, a := range k.Absences {
		if a.Dropped || len(part.Absences.Items) >= 12 {
			continue
		}
		part.Absences.Items = append(part.Absences.Items, v.absenceLine(a))
	}
	if !x.Own {
		part.Terms, part.Write = v.URL("people", x.Person.ID, "terms", c.ID), v.URL("people", x.Person.ID, "items", c.ID)
		part.Absence = v.URL("people", x.Person.ID, "absences", c.ID)
		part.Exit = Link{Label: p.T("payexit.link_of"), Href: v.URL("people", x.Person.ID, "exit", c.ID)}
	} else if part.Running && !part.Cape {
		part.Absence, part.Exit = v.URL("pay-file", "absence"), Link{Label: p.T("payexit.link"), Href: v.URL("pay-file", "exit")}
	}
	ends := slices.ContainsFunc(k.Items, func(i store.PayItem) bool { return i.Element == "exit" && !i.Dropped })
	switch {
	case part.Cape || !part.Running && !ends:
		part.Exit = Link{}
	case ends && !x.Own:
		part.Exit.Label = p.T("payexit.link_see")
	}
	return part
}

// termsFacts tell what a contract pays.
func termsFacts(p i18n.Printer, c member.Contract, t payroll.Terms) []fact {
	label := p.T("payfile.salary")
	if c.Kind == member.CESA {
		label = p.T("payfile.fixed_part")
	}
	all := []fact{{label, p.Euros(t.Gross)}}
	if c.Kind == member.CDI {
		hours := p.T("payfile.full_time")
		if t.Hours != 0 {
			hours = p.T("payfile.hours_week", "hours", hoursText(p, t.Hours))
		}
		if t.Regime != payroll.Manager {
			all = append(all, fact{p.T("payfile.hours"), hours})
		}
	}
	if t.Regime != "" {
		all = append(all, fact{p.T("payfile.regime"), p.T("payfile.regime." + string(t.Regime))})
	}
	yes := p.T("audit.no")
	if t.Executive {
		yes = p.T("web.changed_yes")
	}
	all = append(all, fact{p.T("payfile.executive"), yes})
	if t.Job != "" {
		all = append(all, fact{p.T("payfile.job"), t.Job})
	}
	cover := p.T("payfile.cover_house")
	if t.Cover != nil {
		cover = p.T("payfile.cover_own", "health", t.Cover.Health, "share", t.Cover.HealthEmployer, "employer", t.Cover.ProvidentEmployer, "employee", t.Cover.ProvidentEmployee)
	}
	all = append(all, fact{p.T("payfile.cover"), cover})
	if t.Paper != "" {
		all = append(all, fact{p.T("payfile.amendment"), t.Paper})
	}
	return all
}

// hoursText writes hundredths of an hour: « 17,5 ».
func hoursText(p i18n.Printer, hundredths int) string {
	s := strings.TrimSuffix(strings.TrimRight(strconv.Itoa(hundredths/100)+"."+strconv.Itoa(100 + hundredths%100)[1:], "0"), ".")
	return strings.Replace(s, ".", p.Amount(0)[1:2], 1)
}

func (s *Server) paperSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	paper := f.Bool("paper")
	if err := s.office.SetPaper(v.Ctx(), v.Actor, paper); err != nil {
		return err
	}
	if paper {
		v.Say("payfile.said_paper")
	} else {
		v.Say("payfile.said_electronic")
	}
	return v.Go(v.URL("pay-file"))
}

// payMonths are the months that a list offers, around today.
func payMonths(p i18n.Printer, from, until date.Month) []Option {
	var all []Option
	for m := from; m <= until; m++ {
		all = append(all, Option{Value: m.String(), Label: upperFirst(p.Month(m))})
	}
	return all
}

// openMonths leaves out the months that are locked, but for those that a form holds already (kept).
func openMonths(all []Option, locked []date.Month, kept string) []Option {
	return slices.DeleteFunc(all, func(o Option) bool {
		m, err := date.ParseMonth(o.Value)
		return err == nil && slices.Contains(locked, m) && !strings.Contains(kept, o.Value)
	})
}

// payElementWords names an element as the forms do.
func payElementWords(p i18n.Printer, code string) string { return p.T("payfile.element." + code) }

// itemLine is an element in a list: what, since when until when, how much, and why when it stands in the place of what
// was asked.
func (v *Visit) itemLine(i store.PayItem) Item {
	p, b := v.P, office.ItemBody(i)
	when := p.T("payfile.month_only", "month", i.Month)
	switch {
	case i.Until >= office.ForEver():
		when = p.T("payfile.each_month", "month", i.Month)
	case i.Until != i.Month:
		when = p.T("payfile.until_month", "month", i.Month, "until", i.Until)
	}
	words := []string{when, i.Label}
	switch i.Element {
	case "transport":
		words = append(words, p.T("payfile.share_refunded", "share", b.Share))
	case "meal_vouchers":
		words = append(words, p.T("payfile.vouchers_of", "n", b.Count, "value", b.Value, "employer", b.Employer))
	case "garnishment":
		words = append(words, p.T("payfile.rank."+string(b.Rank)), b.Creditor)
	case office.OverrideAdvance:
		words = append(words, p.T("payfile.override_why", "reason", b.Reason, "by", v.byWhom(i.By, i.At)))
	}
	amount := i.Amount
	x := Item{Icon: "coins", Name: payElementWords(p, i.Element), About: joinWords(" · ", words...), Amount: &amount}
	if i.Element == "exit" {
		x.Href = v.URL("people", i.Person, "exit", i.Contract)
		if i.Person == v.Actor.Person {
			x.Href = v.URL("pay-file", "exit")
		}
	}
	if i.Dropped {
		x.Status = Status{Text: p.T("payfile.replaced")}
	}
	return x
}

// absenceLine is an absence in a list.
func (v *Visit) absenceLine(a store.PayAbsence) Item {
	p, b := v.P, office.AbsenceBody(a)
	x := Item{Icon: "calendar-event", Name: p.T("payfile.absence." + string(b.Kind)), Href: v.URL("pay-absences", a.ID), About: p.T("absence.when", "from", a.From, "until", a.Until)}
	if a.Declared {
		x.Status = Status{Tone: ToneWait, Text: p.T("payfile.declared")}
	}
	return x
}
