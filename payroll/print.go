package payroll

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"essaim/i18n"
	"essaim/money"
)

// Print writes a payslip: its first page in French, as the law wants it, in the words of its model; the second in the
// person's language. A contract without working time shows no hour and no rate of one.
func Print(f PaperFacts) Paper {
	w := printer{f: f, s: f.Payslip, t: f.Payslip.Totals, p: i18n.For("fr")}
	paper := Paper{Title: w.p.T("slip.title"), Month: capital(w.p.Month(w.s.Month)), House: w.house(), Person: append([]string{f.Person.Name}, f.Person.Address...), About: w.about(),
		Net: PaperPair{w.p.T(f.Model.Net), w.p.Euros(w.t.Paid)}, Cost: w.cost(), Leave: w.leave(), Foot: f.House.Foot, Told: told(f)}
	if w.s.Regime == CAPE {
		paper.Title = w.p.T("slip.title_cape")
	}
	if f.From != 0 {
		paper.Dates = append(paper.Dates, w.p.T("slip.period", "from", f.From, "until", f.Until))
	}
	if f.Paid != 0 {
		paper.Dates = append(paper.Dates, w.p.T("slip.paid", "on", f.Paid))
	}
	paper.Tables = w.tables()
	if f.House.Agreement == "" && w.s.Regime != CAPE { // R3243-1, 3°: the law is referred to instead
		paper.Mentions = append(paper.Mentions, w.p.T("slip.no_agreement"))
	}
	paper.Mentions = append(append(paper.Mentions, w.leaveDays()...), w.p.T("slip.keep"), w.p.T("slip.site"))
	return paper
}

type printer struct {
	f PaperFacts
	s Payslip
	t Totals
	p i18n.Printer
}

func (w printer) house() []string {
	h := w.f.House
	all := append([]string{h.Name}, h.Address...)
	var ids []string
	if h.SIRET != "" {
		ids = append(ids, w.p.T("slip.siret", "number", spaced(h.SIRET, 3, 3, 3, 5)))
	}
	if h.APE != "" {
		ids = append(ids, w.p.T("slip.ape", "code", h.APE))
	}
	if len(ids) > 0 {
		all = append(all, strings.Join(ids, " · "))
	}
	if h.Urssaf != "" {
		all = append(all, h.Urssaf)
	}
	return all
}

func (w printer) about() (all []PaperPair) {
	who := w.f.Person
	add := func(key, value string) {
		if value != "" {
			all = append(all, PaperPair{w.p.T(key), value})
		}
	}
	add("slip.job", who.Job)
	add("slip.contract", w.p.T("slip.regime."+string(w.s.Regime)))
	status := ""
	if w.s.Regime == Permanent || w.s.Regime == FixedTerm {
		status = w.p.T("slip.not_executive")
	}
	if who.Executive {
		status = w.p.T("slip.executive")
	}
	add("slip.status", join(", ", status, who.Class))
	add("slip.hired", w.p.Day(who.Hired))
	if w.hours() > 0 {
		add("slip.hours", w.p.T("slip.hours_of", "week", hundredths(who.Hours), "month", money.Micro(w.hours())*10_000))
	}
	add("slip.number", who.Number)
	add("slip.nir", spaced(who.NIR, 1, 2, 2, 2, 3, 3, 2))
	add("slip.agreement", w.f.House.Agreement)
	return all
}

// hours of a month, in hundredths, of a contract that counts them.
func (w printer) hours() int64 {
	if w.s.Regime == CESA || w.s.Regime == CAPE || w.f.Person.Hours <= 0 {
		return 0
	}
	return money.MulDiv(int64(w.f.Person.Hours), 52, 12)
}

func hundredths(n int) money.Micro { return money.Micro(n) * 10_000 }

// tables are the first page from the gross to the tax.
func (w printer) tables() []PaperTable {
	p := w.p
	gross := PaperTable{Titles: []string{p.T("slip.block.gross"), p.T("slip.base"), p.T("slip.rate"), p.T("slip.amount"), ""}}
	owed := PaperTable{Titles: []string{p.T("slip.contributions"), p.T("slip.base"), p.T("slip.rate"), p.T("slip.employee"), p.T("slip.employer")}}
	beside := PaperTable{}
	group := ""
	for _, b := range Group(w.s, w.f.Model) {
		switch b.Code {
		case BlockGross:
			for _, r := range b.Rows {
				gross.Rows = append(gross.Rows, w.item(r))
			}
		case BlockBeside:
			beside.Titles = []string{p.T(b.Label), "", "", p.T("slip.amount"), p.T("slip.employer")}
			for _, r := range b.Rows {
				beside.Rows = append(beside.Rows, w.item(r))
			}
		default:
			if b.Group != group {
				group = b.Group
				if len(owed.Rows) == 0 { // the first heading is the table's
					owed.Titles[0] = p.T(group)
				} else {
					owed.Rows = append(owed.Rows, PaperRow{Kind: GroupRow, Label: p.T(group)})
				}
			}
			owed.Rows = append(owed.Rows, w.block(b)...)
		}
	}
	gross.Rows = append(gross.Rows, PaperRow{Kind: TotalRow, Label: p.T("slip.gross"), Cells: []string{"", "", p.Amount(w.t.Gross)}})
	if w.t.Employee != 0 || w.t.Employer != 0 {
		owed.Rows = append(owed.Rows, PaperRow{Kind: TotalRow, Label: p.T("slip.total"), Cells: []string{"", "", p.Amount(w.t.Employee), p.Amount(w.t.Employer)}})
	}
	all := []PaperTable{gross}
	if len(owed.Rows) > 0 {
		all = append(all, owed)
	}
	social := PaperRow{Kind: NetRow, Label: p.T("slip.net_social"), Cells: []string{"", "", p.Amount(w.t.NetSocial)}}
	if len(beside.Rows) > 0 {
		all[len(all)-1].Rows = append(all[len(all)-1].Rows, social)
		all = append(all, beside)
		social.Label = ""
	}
	last := &all[len(all)-1]
	if social.Label != "" {
		last.Rows = append(last.Rows, social)
	}
	last.Rows = append(last.Rows, PaperRow{Kind: NetRow, Label: p.T(w.f.Model.BeforeTax), Cells: []string{"", "", p.Amount(w.t.Net + w.t.Beside)}})
	return append(all, w.tax())
}

// block is a block of contributions: its name, then its rows; on one line when the row is the block's own.
func (w printer) block(b Block) (rows []PaperRow) {
	head := PaperRow{Kind: BlockRow, Label: w.p.T(b.Label)}
	for _, r := range b.Rows {
		cells := []string{"", "", "", ""}
		if r.Base != 0 {
			cells[0] = w.p.Amount(r.Base)
		}
		if r.Rate != 0 {
			cells[1] = w.rate(r.Rate)
		}
		if r.Employee != 0 {
			cells[2] = w.p.Amount(r.Employee)
		}
		if r.Employer != 0 {
			cells[3] = w.p.Amount(r.Employer)
		}
		if r.Label == "" {
			head.Cells = cells
			continue
		}
		rows = append(rows, PaperRow{Kind: InBlock, Label: w.p.T(r.Label), Cells: cells})
	}
	return append([]PaperRow{head}, rows...)
}

// item is a row of the gross or of what is paid beside.
func (w printer) item(r Row) PaperRow {
	row := PaperRow{Label: w.p.T(r.Label), Detail: r.Text, Cells: []string{"", "", "", ""}}
	if r.Base != 0 {
		row.Cells[0] = w.p.Amount(r.Base)
	}
	if r.Rate != 0 {
		row.Cells[1] = w.rate(r.Rate)
	}
	if hours := w.hours(); r.Element == "salary" && hours > 0 && r.Base == 0 { // of a part of a month, the month's pay and the part are shown
		row.Cells[0] = w.p.T("slip.in_hours", "hours", money.Micro(hours)*10_000)
		row.Cells[1] = w.p.UnitPrice(money.Micro(money.MulDiv(int64(r.Employee), 10_000, hours)) * 100)
	}
	if r.Employee != 0 {
		row.Cells[2] = w.p.Amount(r.Employee)
	}
	if r.Employer != 0 {
		row.Cells[3] = w.p.Amount(r.Employer)
	}
	return row
}

// rate writes a rate with two decimals at least, so that a column of them is read at a glance.
func (w printer) rate(r money.Rate) string {
	text := w.p.Micro(money.Micro(r) * 100)
	sign := ","
	whole, decimals, _ := strings.Cut(text, sign)
	for len(decimals) < 2 {
		decimals += "0"
	}
	return whole + sign + decimals + "\u00a0%"
}

func (w printer) tax() PaperTable {
	p := w.p
	kind := p.T("slip.tax_personal")
	if w.t.TaxNeutral {
		kind = p.T("slip.tax_neutral")
	}
	return PaperTable{Titles: []string{p.T("slip.block.tax"), p.T("slip.base"), p.T("slip.rate"), p.T("slip.amount"), p.T("slip.year")}, Rows: []PaperRow{
		{Label: p.T("slip.net_taxable"), Cells: []string{"", "", p.Amount(w.t.NetTaxable), p.Amount(w.f.Year.NetTaxable)}},
		{Label: p.T("slip.tax"), Detail: kind, Cells: []string{p.Amount(w.t.TaxBase), w.rate(w.t.TaxRate), p.Amount(w.t.Tax), p.Amount(w.f.Year.Tax)}},
	}}
}

// cost is what the employer pays by R3243-1, 13° and 14°, and the sums of the year.
func (w printer) cost() []PaperPair {
	p := w.p
	return []PaperPair{
		{p.T("slip.employer_total"), p.Euros(w.t.Gross + w.t.Employer)},
		{p.T("slip.employer_relief"), p.Euros(Relieved(w.s))},
		{p.T("slip.year_gross", "year", strconv.Itoa(w.s.Month.Year())), p.Euros(w.f.Year.Gross)},
		{p.T("slip.ceiling"), p.Euros(w.s.Ceiling)},
	}
}

func (w printer) leave() (t PaperTable) {
	p := w.p
	all := append(LeaveRows(p, w.f.State), w.f.Leave...)
	if len(all) == 0 {
		return t
	}
	t.Titles = []string{p.T("slip.leave"), p.T("slip.leave_earned"), p.T("slip.leave_taken"), p.T("slip.leave_due")}
	for _, c := range all {
		t.Rows = append(t.Rows, PaperRow{Label: c.Label, Cells: c.Words(p)})
	}
	return t
}

// leaveDays are the days of leave in the month, with what is paid for them (R3243-1, 11°): an indemnity of its own, or the pay
// of the month that goes on.
func (w printer) leaveDays() (all []string) {
	if w.f.State == nil {
		return nil
	}
	for _, s := range w.f.State.Spans {
		all = append(all, w.p.T("slip.leave_days", "from", s.From, "until", s.Until, "n", money.Micro(s.Days)*(money.Unit/100)))
	}
	if len(all) == 0 {
		return nil
	}
	var paid money.Cents
	for _, it := range w.s.Items {
		if it.Element == leaveIndemnity {
			paid += it.Amount
		}
	}
	if paid != 0 {
		return append(all, w.p.T("slip.leave_paid", "amount", paid))
	}
	return append(all, w.p.T("slip.leave_goes_on"))
}

// Words are the figures of a counter: earned, taken, left.
func (c LeaveCounter) Words(p i18n.Printer) []string {
	all := make([]string, 0, 3)
	for _, v := range []money.Micro{c.Earned, c.Taken, c.Due} {
		if c.Euros {
			all = append(all, p.Euros(money.Cents(v/(money.Unit/100))))
		} else {
			all = append(all, p.Micro(v))
		}
	}
	return all
}

// told is the second page.
func told(f PaperFacts) Told {
	s, p := f.Payslip, i18n.For(f.Lang)
	t := s.Totals
	lead, received := "slip.told.lead_house", "slip.told.received"
	switch {
	case t.Paid < 0:
		lead, received = "slip.told.lead_owed", "slip.told.owed"
	case s.Regime == CESA || s.Regime == CAPE:
		lead = "slip.told.lead_activity"
	}
	args := []any{"cost", t.Cost, "paid", t.Paid, "gap", t.Cost - t.Paid, "owed", -t.Paid}
	all := Told{
		Lang: p.Lang(), Title: p.T("slip.told.title", "month", p.Month(s.Month)), Lead: p.T(lead, args...),
		Cost: PaperPair{p.T("slip.told.cost"), p.Euros(t.Cost)}, Received: PaperPair{p.T(received), p.Euros(t.Paid.Abs())},
		Titles: [3]string{p.T("slip.told.kept"), p.T("slip.told.beside"), p.T("slip.told.together")}, StepsOf: p.T("slip.told.steps"), Whole: t.Cost, Kept: t.Paid,
	}
	amount := func(v money.Cents) string {
		if v == 0 {
			return ""
		}
		return p.Amount(v)
	}
	for _, one := range Shares(s) {
		row := ToldRow{Employee: amount(one.Employee), Employer: amount(one.Employer), Together: p.Amount(-one.Amount()), Amount: one.Amount()}
		row.Label, row.Why = one.Words(p)
		all.Rows = append(all.Rows, row)
	}
	all.Steps = Steps(s, p)
	for _, n := range s.Notes { // the others are for whoever runs the month
		if n.Key == "payroll.note.negative" {
			all.Notes = append(all.Notes, p.T(n.Key, n.Args...))
		}
	}
	return all
}

// Words are the name of a share and what it is for, in a person's own language; of an item, what was typed.
func (s Share) Words(p i18n.Printer) (label, why string) {
	code := s.Code
	switch {
	case s.Item:
		return p.T("slip.element." + code), s.Text
	case code == "relief" && s.Amount() > 0:
		code = "relief_back"
	}
	return p.T("slip.purpose." + code), p.T("slip.why." + code)
}

// Steps are the same way from the cost to the net, by the names of the payslip; what is nil is left out.
func Steps(s Payslip, p i18n.Printer) (all []PaperPair) {
	t := s.Totals
	var kind money.Cents
	for _, it := range s.Items {
		if e, _ := law.ElementOf(it.Element); e.Kind == "in_kind" {
			kind += it.Amount
		}
	}
	add := func(key string, v money.Cents) {
		if v != 0 {
			all = append(all, PaperPair{p.T(key), p.Euros(v)})
		}
	}
	add("slip.step.cost", t.Cost)
	add("slip.step.employer", -t.Employer)
	add("slip.step.borne", -(t.Cost - t.Gross - t.Employer))
	add("slip.step.gross", t.Gross)
	add("slip.step.employee", -t.Employee)
	add("slip.step.in_kind", -kind)
	add("slip.step.beside", t.Beside)
	add("slip.step.before_tax", t.Net+t.Beside)
	add("slip.step.tax", -t.Tax)
	all = append(all, PaperPair{p.T("slip.step.paid"), p.Euros(t.Paid)})
	return all
}

// spaced groups the signs of a number; one of another length stays as it is.
func spaced(number string, groups ...int) string {
	compact := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, number)
	all := 0
	for _, n := range groups {
		all += n
	}
	if len(compact) != all || utf8.RuneCountInString(compact) != all {
		return number
	}
	var parts []string
	for _, n := range groups {
		parts, compact = append(parts, compact[:n]), compact[n:]
	}
	return strings.Join(parts, "\u00a0")
}

func join(sep string, texts ...string) string {
	var some []string
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	return strings.Join(some, sep)
}

func capital(t string) string {
	r, n := utf8.DecodeRuneInString(t)
	return string(unicode.ToUpper(r)) + t[n:]
}
