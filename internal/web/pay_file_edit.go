package web

import (
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

type payFileForm struct {
	F        *Form
	Person   member.Person
	ID       int64 // of the contract
	Contract string
	Taxes    []Option
	Reasons  []Option
	Regimes  []Option
	Covers   []Option
	CESA     bool
	CDI      bool
	House    string // the cover of the cooperative, in words
	Rates    Note
	Last     string // since when what the form shows holds
}

// fileOf reads the pay file of the address, of someone else: nobody types their own.
func (s *Server) fileOf(v *Visit) (office.PayFile, error) {
	id, err := v.ID("id")
	if err != nil {
		return office.PayFile{}, err
	}
	if err := access.Refuse(v.Actor, access.RunPay, access.Subject{Coop: v.Coop.ID, Person: id}); err != nil {
		return office.PayFile{}, err
	}
	return s.office.PayFile(v.Ctx(), v.Actor, id)
}

// lastVersion is what a form of a file begins from.
func lastVersion(x office.PayFile) (p store.PayPerson) {
	if n := len(x.Versions); n > 0 {
		p = x.Versions[n-1]
	}
	return p
}

func (s *Server) editPayFile(v *Visit) error {
	x, err := s.fileOf(v)
	if err != nil {
		return err
	}
	f := fillPayFile(v.NewForm(), lastVersion(x).Known).Opened()
	return s.showPayFileForm(v, f.Set("from", max(v.Today(), lastVersion(x).From)), x, false)
}

func fillPayFile(f *Form, x payroll.Person) *Form {
	f.Set("number", x.Number).Set("nir", spacedNIR(x.NIR)).Set("birthPlace", x.BirthPlace).Set("street", x.Street).Set("postCode", x.PostCode).Set("city", x.City)
	f.Set("holder", x.Holder).Set("iban", spaced(x.IBAN)).Set("bic", x.BIC).Set("paper", x.Paper)
	if x.Birth != 0 {
		f.Set("birth", x.Birth)
	}
	f.Set("taxBy", "neutral")
	if x.Tax != nil {
		f.Set("taxBy", "typed").Set("tax", *x.Tax)
	}
	if e := x.Exempt; e != nil {
		f.Set("exempt.reason", string(e.Reason)).Set("exempt.asked", e.Asked)
		if e.Proof != 0 {
			f.Set("exempt.proof", e.Proof)
		}
		if e.Until != 0 {
			f.Set("exempt.until", e.Until)
		}
	}
	return f
}

func (s *Server) showPayFileForm(v *Visit, f *Form, x office.PayFile, again bool) error {
	p := v.P
	d := payFileForm{F: f, Person: x.Person, Taxes: []Option{{Value: "neutral", Label: p.T("payfile.tax_neutral")}, {Value: "typed", Label: p.T("payfile.tax_typed")}}, Reasons: []Option{{Label: p.T("payfile.exempt_no")}}}
	for _, r := range payroll.ExemptionReasons() {
		d.Reasons = append(d.Reasons, Option{Value: string(r), Label: p.T("payfile.exempt." + string(r))})
	}
	if last := lastVersion(x); last.From != 0 {
		d.Last = p.T("payfile.since", "day", last.From)
	}
	page := Page{Title: p.T("payfile.of", "name", x.Person.Name()), Section: "people", Team: true}
	v.w.Header().Set("Cache-Control", "no-store")
	if again {
		return v.Again("pay_file_edit", page, d)
	}
	return v.Show("pay_file_edit", page, d)
}

func (s *Server) payFileSent(v *Visit) error {
	x, err := s.fileOf(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	was := lastVersion(x).Known
	if err := v.since(f, fillPayFile(v.NewForm(), was), nil, access.RunPay, access.Subject{Person: x.Person.ID}, thingOf("person", x.Person.ID), "pay.person", "pay.rates", "pay.paper"); err != nil {
		return err
	}
	k := payroll.Person{
		Number: f.Text("number", 60), NIR: f.Text("nir", 40), Birth: f.Day("birth"), BirthPlace: f.Text("birthPlace", 120), Street: f.Text("street", 200), PostCode: f.Text("postCode", 20), City: f.Text("city", 120),
		Holder: f.Text("holder", 140), IBAN: f.Text("iban", 60), BIC: f.Text("bic", 20), Paper: f.Bool("paper"),
	}
	if f.Choice("taxBy", "neutral", "typed") == "typed" {
		if f.Get("tax") == "" {
			f.Refuse("tax", "payfile.tax_missing")
		}
		rate := f.Rate("tax")
		k.Tax = &rate
	}
	if reason := f.Get("exempt.reason"); reason != "" {
		k.Exempt = &payroll.Exemption{Reason: payroll.ExemptionReason(reason), Asked: f.Day("exempt.asked"), Proof: f.Day("exempt.proof"), Until: f.Day("exempt.until")}
	}
	from := f.Day("from")
	if f.OK() {
		err := s.office.SavePayPerson(v.Ctx(), v.Actor, &was, store.PayPerson{Person: x.Person.ID, From: from, Known: k})
		if office.Changed(err) {
			return s.payFileSent(v)
		}
		if err == nil {
			v.Say("payfile.saved", "name", x.Person.Name())
			return v.Go(v.URL("people", x.Person.ID, "pay"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showPayFileForm(v, f, x, true)
}

// contractIn is the contract of the address, of the person of the address.
func (s *Server) contractIn(v *Visit) (office.PayFile, office.PayContract, error) {
	x, err := s.fileOf(v)
	if err != nil {
		return x, office.PayContract{}, err
	}
	id, err := v.ID("contract")
	if err != nil {
		return x, office.PayContract{}, err
	}
	for _, k := range x.Contracts {
		if k.Contract.ID == id {
			return x, k, nil
		}
	}
	return x, office.PayContract{}, errAbsent()
}

// lastTerms are what a form of terms begins from.
func lastTerms(k office.PayContract) (t store.PayTerms) {
	if n := len(k.Terms); n > 0 {
		t = k.Terms[n-1]
	}
	return t
}

func (s *Server) editTerms(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	last := lastTerms(k)
	f := v.fillTerms(v.NewForm(), last.Terms).Opened()
	from := max(v.Today().Month().First(), last.From, k.Contract.Start)
	if !k.Set {
		from = k.Contract.Start
	}
	return s.showTerms(v, f.Set("from", from), x, k, false)
}

func (v *Visit) fillTerms(f *Form, t payroll.Terms) *Form {
	f.Set("executive", t.Executive).Set("job", t.Job).Set("regime", string(t.Regime)).Set("paper", t.Paper).Set("number", t.Number).Set("coverBy", "house")
	if t.Gross != 0 {
		f.Set("gross", t.Gross)
	}
	if t.Hours != 0 {
		f.Set("hours", hoursText(v.P, t.Hours))
	}
	if c := t.Cover; c != nil {
		f.Set("coverBy", "own").Set("cover.health", c.Health).Set("cover.healthEmployer", c.HealthEmployer).Set("cover.providentEmployer", c.ProvidentEmployer).Set("cover.providentEmployee", c.ProvidentEmployee)
	}
	return f
}

func (s *Server) showTerms(v *Visit, f *Form, x office.PayFile, k office.PayContract, again bool) error {
	p, c := v.P, k.Contract
	d := payFileForm{F: f, Person: x.Person, ID: c.ID, Contract: p.T(c.Kind.Label()), CESA: c.Kind == member.CESA, CDI: c.Kind == member.CDI, Covers: []Option{{Value: "house", Label: p.T("payfile.cover_house")}, {Value: "own", Label: p.T("payfile.cover_other")}}}
	d.Regimes = []Option{{Label: p.T("payfile.regime.cdi")}, {Value: string(payroll.FixedTerm), Label: p.T("payfile.regime.cdd")}, {Value: string(payroll.Manager), Label: p.T("payfile.regime.manager")}}
	_, now, err := s.office.Settings(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	d.House = p.T("rules.pay_no_cover")
	if r := now.Pay; r.Health != 0 {
		d.House = p.T("rules.pay_cover", "health", r.Health, "share", r.HealthEmployer)
	}
	if d.CESA && !x.Rates {
		d.Rates = v.noRates()
	}
	if last := lastTerms(k); last.From != 0 {
		d.Last = p.T("payfile.since", "day", last.From)
	}
	page := Page{Title: p.T("payfile.terms_of", "name", x.Person.Name()), Section: "people", Team: true}
	v.w.Header().Set("Cache-Control", "no-store")
	if again {
		return v.Again("pay_terms", page, d)
	}
	return v.Show("pay_terms", page, d)
}

func (s *Server) termsSent(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	was := lastTerms(k).Terms
	if err := v.since(f, v.fillTerms(v.NewForm(), was), nil, access.RunPay, access.Subject{Person: x.Person.ID}, thingOf("person", x.Person.ID), "pay.terms"); err != nil {
		return err
	}
	t := payroll.Terms{Gross: f.Cents("gross"), Executive: f.Bool("executive"), Job: f.Text("job", 120), Paper: f.Text("paper", 250), Number: f.Text("number", 60)}
	if k.Contract.Kind == member.CDI {
		t.Regime = payroll.Regime(f.Choice("regime", "", string(payroll.FixedTerm), string(payroll.Manager)))
		t.Hours = hundredths(f, "hours")
	}
	if f.Choice("coverBy", "house", "own") == "own" {
		t.Cover = &payroll.Cover{Health: f.Cents("cover.health"), HealthEmployer: f.Rate("cover.healthEmployer"), ProvidentEmployer: f.Rate("cover.providentEmployer"), ProvidentEmployee: f.Rate("cover.providentEmployee")}
	}
	from := f.Day("from")
	if f.OK() {
		cost, err := s.office.SavePayTerms(v.Ctx(), v.Actor, &was, x.Person.ID, store.PayTerms{Contract: k.Contract.ID, From: from, Terms: t})
		if office.Changed(err) {
			return s.termsSent(v)
		}
		if err == nil {
			if k.Contract.Kind == member.CESA {
				v.Say("payfile.terms_saved_cost", "name", x.Person.Name(), "cost", cost)
			} else {
				v.Say("payfile.terms_saved", "name", x.Person.Name())
			}
			return v.Go(v.URL("people", x.Person.ID, "pay"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showTerms(v, f, x, k, true)
}

// hundredths reads hours of a week: « 17,5 » is 17 hours and a half.
func hundredths(f *Form, name string) int {
	n := f.Micro(name)
	const part = money.Unit / 100
	if n%part != 0 || n < 0 || n > 168*money.Unit {
		f.Refuse(name, "payroll.hours")
		return 0
	}
	return int(n / part)
}

type payItemsForm struct {
	F        *Form
	Person   member.Person
	ID       int64
	Contract string
	Elements []Option
	Months   []Option
	Untils   []Option
	Ranks    []Option
	About    []fact
	Items    []payItemRow
	Past     List
	Override bool
}

type payItemRow struct {
	ID      int64
	Name    string
	About   string
	Amount  string
	Stops   []Option // the last month it would be in
	Drop    string
	Element string
}

func (s *Server) payItems(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	this := v.Today().Month()
	for slices.Contains(k.Shut, this) {
		this++
	}
	f := v.NewForm().Set("month", this.String()).Set("until", "").Set("share", money.One/2)
	return s.showItems(v, f, x, k, false)
}

func (s *Server) showItems(v *Visit, f *Form, x office.PayFile, k office.PayContract, again bool) error {
	p, c, this := v.P, k.Contract, v.Today().Month()
	d := payItemsForm{F: f, Person: x.Person, ID: c.ID, Contract: p.T(c.Kind.Label())}
	for _, code := range office.PayElements(c.Kind) {
		d.Elements = append(d.Elements, Option{Value: code, Label: payElementWords(p, code)})
		d.About = append(d.About, fact{payElementWords(p, code), p.T("payfile.element_about." + code)})
		d.Override = d.Override || code == office.OverrideAdvance
	}
	first := max(this-2, c.Start.Month())
	d.Months = slices.DeleteFunc(payMonths(p, first, this+12), func(o Option) bool {
		return slices.ContainsFunc(k.Shut, func(m date.Month) bool { return m.String() == o.Value })
	})
	d.Untils = append([]Option{{Label: p.T("payfile.that_month")}, {Value: office.ForEver().String(), Label: p.T("payfile.until_stopped")}}, payMonths(p, this, this+24)...)
	for _, r := range payroll.Ranks() {
		d.Ranks = append(d.Ranks, Option{Value: string(r), Label: p.T("payfile.rank." + string(r))})
	}
	for _, i := range k.Items {
		line := v.itemLine(i)
		if i.Dropped || i.Until < this-1 || i.Element == "exit" { // an end is taken back on its own page
			d.Past.Items = append(d.Past.Items, line)
			continue
		}
		row := payItemRow{ID: i.ID, Name: line.Name, About: line.About, Amount: p.Euros(i.Amount), Element: i.Element}
		row.Drop = (i.Month - 1).String()
		if i.Until > i.Month {
			row.Stops = payMonths(p, max(i.Month, this-1), min(i.Until-1, this+12))
		}
		d.Items = append(d.Items, row)
	}
	page := Page{Title: p.T("payfile.items_of", "name", x.Person.Name()), Section: "people", Team: true}
	v.w.Header().Set("Cache-Control", "no-store")
	if again {
		return v.Again("pay_items", page, d)
	}
	return v.Show("pay_items", page, d)
}

func (s *Server) payItemSent(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	i := store.PayItem{Person: x.Person.ID, Contract: k.Contract.ID, Element: f.Choice("element", office.PayElements(k.Contract.Kind)...), Month: f.Month("month"), Until: f.Month("until"), Label: f.Text("label", 120)}
	if i.Until == 0 {
		i.Until = i.Month
	}
	var b office.PayItemBody
	switch i.Element { // the fields of the others may hold what was typed before another was chosen
	case office.OverrideAdvance:
		b.Reason = f.Text("reason", 500)
	case "garnishment":
		b.Creditor, b.Rank, b.Dependants = f.Text("creditor", 120), payroll.Rank(f.Get("rank")), f.Int("dependants", 0, 30)
	case "transport":
		b.Share = f.Rate("share")
	case "meal_vouchers":
		b.Count, b.Value, b.Employer = f.Int("count", 1, 31), f.Cents("value"), f.Cents("employer")
	}
	if i.Element != "meal_vouchers" {
		i.Amount = f.Cents("amount")
	}
	if f.OK() {
		_, err := s.office.AddPayItem(office.Keyed(v.Ctx(), f.Key), v.Actor, i, b)
		if err == nil {
			v.Say("payfile.item_saved", "element", payElementWords(v.P, i.Element))
			return v.Go(v.URL("people", x.Person.ID, "items", k.Contract.ID))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showItems(v, f, x, k, true)
}

func (s *Server) payItemStop(v *Visit) error {
	x, k, err := s.contractIn(v)
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	id, last := f.ID("item"), f.Month("last")
	known := false
	for _, i := range k.Items {
		known = known || i.ID == id
	}
	if !known || last == 0 {
		f.Refuse("", "store.pay_item_unknown")
		return s.showItems(v, f, x, k, true)
	}
	if err := s.office.EndPayItem(v.Ctx(), v.Actor, id, last); err != nil {
		if fault.KindOf(err) == fault.Invalid && f.Take(err) {
			return s.showItems(v, f, x, k, true)
		}
		return err
	}
	v.Say("payfile.item_stopped")
	return v.Go(v.URL("people", x.Person.ID, "items", k.Contract.ID))
}

// payRates is the page of a file of rates: sent, told line by line, then accepted.
func (s *Server) payRates(v *Visit) error {
	return s.showPayRates(v, v.NewForm().Set("from", v.Today().Month().First()), nil, "", 0)
}

func (s *Server) showPayRates(v *Visit, f *Form, im *office.TaxImport, text string, status int) error {
	p := v.P
	v.w.Header().Set("Cache-Control", "no-store")
	return v.written(Page{Title: p.T("payfile.rates"), Section: "pay", Team: true, Status: status}, func(m *markup) {
		Head{Back: Link{Label: p.T("payfile.title"), Href: v.URL("pay-files")}, Title: p.T("payfile.rates"), Lead: p.T("payfile.rates_lead")}.write(m, p)
		m.put(v.payNav("files", v.Today().Month()))
		f.Label("file", p.T("payfile.rates_file"))
		f.Label("from", p.T("payfile.from"))
		m.put(f.Summary())
		if im == nil {
			m.raw(`<form class="pane stack wform" method="post" enctype="multipart/form-data">`).put(f.Once()).put(f.Field("from", p.T("payfile.from"), "icon=calendar", "required", "hint="+p.T("payfile.rates_from")))
			m.raw(`<div class="f upl" id="f-file"><label class="lab" for="file">`).text(p.T("payfile.rates_file")).raw(`</label><input type="file" id="file" name="file" accept=".csv,.txt,text/csv,text/plain"><p class="hint"><span>`).text(p.T("payfile.rates_hint")).raw("</span></p></div>")
			m.put(f.Area("text", p.T("payfile.rates_paste"), "rows=6"))
			m.raw(`<div class="acts"><button class="b go">`).text(p.T("payfile.rates_try")).raw("</button></div></form>")
			return
		}
		tone := ToneOK
		if im.Refused > 0 {
			tone = ToneWait
		}
		m.note(Note{Tone: tone, Strong: p.T("payfile.rates_would", "n", im.Taken), Text: joinWords(" ", p.T("payfile.rates_same", "n", im.Same), p.T("payfile.rates_refused", "n", im.Refused))})
		t := Table{Caption: p.T("payfile.rates"), Class: "plain", Cols: []Col{{Label: p.T("payfile.line")}, {Label: p.T("payfile.who")}, {Label: p.T("payfile.rate_was"), Num: true}, {Label: p.T("payfile.rate_now"), Num: true}, {Label: p.T("payfile.becomes")}}}
		rate := func(r *money.Rate) Cell {
			if r == nil {
				return cellNumber(p.T("payfile.neutral_short"))
			}
			return cellNumber(p.Rate(*r))
		}
		for _, r := range im.Rows {
			who := joinWords(", ", r.Name, r.Who)
			st, was, now := Status{Tone: ToneOK, Text: p.T("payfile.rate_taken")}, rate(r.Was), rate(r.Tax)
			if r.Same {
				st = Status{Text: p.T("payfile.rate_same")}
			}
			if len(r.Refused) > 0 {
				var words []string
				for _, e := range r.Refused {
					words = append(words, p.Fault(e))
				}
				st, now = Status{Tone: ToneLate, Text: strings.Join(words, " ")}, cellText("")
			}
			if r.Name == "" {
				was = cellText("")
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(strconv.Itoa(r.N)), cellText(who), was, now, cellStatus(st)}})
		}
		m.part(t, p)
		m.raw(`<form method="post">`).put(f.Once()).put(f.Hidden("from")).raw(`<textarea name="text" hidden aria-hidden="true">`).raw("\n").text(text).raw(`</textarea><div class="acts">`)
		if im.Taken > 0 {
			m.raw(`<button class="b go" name="do" value="accept">`).text(p.T("payfile.rates_accept", "n", im.Taken)).raw("</button>")
		}
		m.raw(`<a class="b" href="`).text(v.URL("pay-files", "rates")).raw(`">`).text(p.T("products.other")).raw("</a></div></form>")
	})
}

func (s *Server) payRatesSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	text := f.table()
	var from date.Day
	if from = f.Day("from"); !f.OK() {
		return s.showPayRates(v, f, nil, "", 422)
	}
	if f.Get("do") == "accept" {
		im, err := s.office.ImportTaxRates(office.Keyed(v.Ctx(), f.Key), v.Actor, from, text)
		if err == nil {
			v.Say("payfile.rates_saved", "n", im.Taken)
			return v.Go(v.URL("pay-files"))
		}
		if !f.Take(err) {
			return err
		}
		return s.showPayRates(v, f, nil, "", 422)
	}
	im, err := s.office.TryTaxRates(v.Ctx(), v.Actor, from, text)
	if f.Take(err) {
		return s.showPayRates(v, f, nil, "", 422)
	}
	if err != nil {
		return err
	}
	plain, err := plainSheet(text)
	if err != nil {
		return err
	}
	f.Key = v.key()
	f.Set("from", from)
	return s.showPayRates(v, f, &im, plain, 0)
}
