package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/payroll"
)

// payReturnFilters put who differs first, or everybody by name.
func (v *Visit) payReturnFilters(r *office.PayReturn) Filters {
	p, differ := v.P, 0
	for i := range r.Rows {
		if r.Rows[i].Differs() {
			differ++
		}
	}
	if differ == 0 {
		return nil
	}
	now := v.Query("show")
	return Filters{
		{Label: p.T("pay_outside.show.first"), Count: strconv.Itoa(differ), Href: v.With("show", ""), Current: now != "gaps" && now != "names"},
		{Label: p.T("pay_outside.show.gaps"), Count: strconv.Itoa(differ), Href: v.With("show", "gaps"), Current: now == "gaps"},
		{Label: p.T("pay_outside.show.names"), Count: strconv.Itoa(len(r.Rows)), Href: v.With("show", "names"), Current: now == "names"},
	}
}

// payReturnShown are the rows that the filter keeps, in its order.
func (v *Visit) payReturnShown(r *office.PayReturn) []office.PayReturnRow {
	rows := slices.Clone(r.Rows)
	switch v.Query("show") {
	case "gaps":
		rows = slices.DeleteFunc(rows, func(x office.PayReturnRow) bool { return !x.Differs() && len(x.Refused) == 0 })
	case "names":
		slices.SortStableFunc(rows, func(x, y office.PayReturnRow) int {
			return strings.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName))
		})
	}
	return rows
}

// payLineGaps writes what differs line by line, in words, folded.
func (v *Visit) payLineGaps(m *markup, x *office.PayReturnRow) {
	p := v.P
	if x.Line == 0 || x.Ours == nil {
		return
	}
	if !x.Detailed {
		m.raw(`<div class="soft small">`).text(p.T("pay_outside.row.totals")).raw("</div>")
		return
	}
	for _, g := range x.Partial {
		m.raw("<div>").text(p.T("pay_outside.row.partial."+g.Field, "sum", g.Theirs, "total", g.Ours)).raw("</div>")
	}
	if len(x.LineGaps) == 0 {
		m.raw(`<div class="soft small">`).text(p.T("pay_outside.row.lines_same")).raw("</div>")
		return
	}
	m.raw(`<details class="folded"><summary>`).icon("chevron-down").raw("<span>").text(p.T("pay_outside.row.lines_differ", "n", len(x.LineGaps))).raw(`</span></summary><ul class="plook">`)
	for _, g := range x.LineGaps {
		m.raw("<li>").text(v.payLineGap(&g)).raw("</li>")
	}
	m.raw("</ul></details>")
}

// payLineGap says one gap: what, how much on each side, and why.
func (v *Visit) payLineGap(g *payroll.LineGap) string {
	p := v.P
	names := g.Theirs
	if len(g.Codes) > 0 {
		names = make([]string, len(g.Codes))
		for i, code := range g.Codes {
			if names[i] = v.lineName(code); g.Part == "" {
				names[i] = p.T("slip.element." + code)
			}
		}
	}
	what := strings.Join(names, ", ")
	if g.Part != "" {
		what = p.T("pay_outside.part."+string(g.Part), "line", what)
	}
	return p.T("pay_outside.line_gap", "line", what, "ours", g.Ours, "theirs", g.Said, "gap", v.signed(g.Difference()), "why", p.T(g.Why.Key, g.Why.Args...))
}

func (s *Server) payReturn(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	return s.showPayReturn(v, id, v.NewForm(), http.StatusOK)
}

func (s *Server) showPayReturn(v *Visit, id int64, f *Form, status int) error {
	r, err := s.office.PayReturn(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	p := v.P
	title := p.T("pay_outside.return_of", "month", p.Month(r.Month))
	names := make([]string, len(r.Files))
	for i, x := range r.Files {
		names[i] = x.Name
	}
	page := Page{Title: title, Section: "pay", Team: true, Wide: true, Status: status}
	head := Head{Back: Link{Label: p.T("pay_outside.title", "month", p.Month(r.Month)), Href: v.URL("pay", r.Month, "outside")}, Title: title, Lead: v.returnStatus(r.State).Text, Fresh: names}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(f.Summary())
		tell := func(all []*fault.Error, key string) {
			if len(all) > 0 {
				mk.note(Note{Tone: ToneLate, Strong: p.T(key, "n", len(all))}).put(v.saidFaults(all))
			}
		}
		if r.Blocked {
			mk.note(Note{Tone: ToneLate, Strong: p.T("pay_outside.blocked"), Text: p.T("pay_outside.blocked_about")})
		}
		tell(r.Told, "pay_outside.told.results")
		tell(r.Journal, "pay_outside.told.journal")
		tell(r.Detail, "pay_outside.told.lines")
		tell(r.PDF, "pay_outside.told.slips")
		if len(r.Missing) > 0 {
			all := make([]string, len(r.Missing))
			for i, x := range r.Missing {
				all[i] = x.Name()
			}
			mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.missing", "n", len(all)), Text: strings.Join(all, ", ")})
		}
		v.payReturnDeeds(mk, &r)
		if len(r.Rows) == 0 {
			return
		}
		if r.Theirs != (payroll.Totals{}) {
			mk.raw(`<section class="block">`).put(v.paySumsTable(&r).HTML(p)).raw("</section>")
		}
		mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_outside.rows")).raw("</h2></div>")
		if r.Theirs != (payroll.Totals{}) && r.Lined == 0 {
			mk.raw(`<p class="soft">`).text(p.T("pay_outside.totals_only")).raw("</p>")
		}
		mk.put(v.payReturnFilters(&r).HTML(p)).put(v.payReturnTable(&r).HTML(p)).raw("</section>")
		if len(r.Differ) > 0 {
			mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_outside.all_gaps", "n", len(r.Differ))).raw("</h2></div>").put(v.payGapsTable(r.Differ).HTML(p)).raw("</section>")
		}
	})
}

// payReturnDeeds are what can be done of a return.
func (v *Visit) payReturnDeeds(mk *markup, r *office.PayReturn) {
	p := v.P
	deed := func(part, label, class string) {
		mk.raw(`<form method="post" action="`).text(v.URL("pay-returns", r.ID, part)).raw(`">`).put(v.NewForm().Set("seen", r.Digest).Once())
		mk.raw(`<input type="hidden" name="seen"`).attr("value", r.Digest).raw(`><button class="`).raw(class).raw(`">`).text(label).raw("</button></form>")
	}
	if r.Others > 0 {
		mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.own"), Text: p.T("pay_outside.own_about")})
	}
	if r.Locked {
		return
	}
	if len(r.Stay) > 0 {
		mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.stay", "n", len(r.Stay))}).raw(`<ul class="plook">`)
		for _, x := range r.Stay {
			mk.raw("<li>").text(p.T("pay_outside.stays", "name", x.Person.Name(), "why", v.faultWords(x.Why))).raw("</li>")
		}
		mk.raw("</ul>")
	}
	mk.raw(`<div class="acts">`)
	if !r.Blocked && (r.Ready > 0 || r.Fileable() > 0) {
		deed("accept", p.T("pay_outside.accept", "n", max(r.Ready, r.Fileable())), "b go")
	}
	switch {
	case r.State == store.PayStaged:
		deed("drop", p.T("pay_outside.drop"), "b")
	case r.Back > 0:
		deed("undo", p.T("pay_outside.undo", "n", r.Back), "b")
	}
	mk.raw("</div>")
}

func (v *Visit) payReturnTable(r *office.PayReturn) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.rows"), Class: "act pay", Wide: true, Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_month.look")}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("pay_month.employee"), Num: true}, {Label: p.T("pay_month.employer"), Num: true}, {Label: p.T("pay_month.net_taxable"), Num: true}, {Label: p.T("pay_month.tax"), Num: true}, {Label: p.T("pay_month.paid"), Num: true}, {Label: p.T("pay_month.cost"), Num: true}}}
	rows := v.payReturnShown(r)
	for i := range rows {
		x := &rows[i]
		m := new(markup)
		say := func(s string) { m.raw("<div>").text(s).raw("</div>") }
		switch {
		case x.Done && len(x.Gaps) > 0:
			say(p.T("pay_outside.row.done"))
			say(p.T("pay_outside.row.gaps", "n", len(x.Gaps)))
		case x.Done:
			say(p.T("pay_outside.row.done"))
		case x.Line == 0:
		case x.Own:
			say(p.T("pay_outside.row.own"))
		case len(x.Why) > 0:
			say(p.T("pay_outside.row.alone"))
			m.put(v.saidFaults(x.Why))
		case len(x.Gaps) > 0:
			say(p.T("pay_outside.row.gaps", "n", len(x.Gaps)))
		case len(x.Refused)+len(x.LineGaps) == 0:
			say(p.T("pay_outside.row.same"))
		}
		v.payLineGaps(m, x)
		if x.Pages > 0 {
			say(p.T("pay_outside.row.pages", "n", x.Pages))
		}
		if x.Lines > 0 {
			say(p.T("pay_outside.row.lines", "n", x.Lines))
		}
		m.put(v.saidFaults(x.Refused))
		sub := ""
		if x.Line > 0 {
			sub = p.T("pay_outside.row.line", "n", x.Line)
		}
		z := x.Theirs
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellSub(x.Person.LastName+" "+x.Person.FirstName, sub, ""), cellHTML(m.html()), cellAmount(z.Gross, ""), cellAmount(z.Employee, ""), cellAmount(z.Employer, ""), cellAmount(z.NetTaxable, ""), cellAmount(z.Tax, ""), cellAmount(z.Paid, ""), cellAmount(z.Cost, "", "strong")}})
	}
	return t
}

// paySumsTable holds the sums of what came back against ours, of those whom we could count.
func (v *Visit) paySumsTable(r *office.PayReturn) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.sums"), Class: "plain", Cols: []Col{{Label: p.T("pay_outside.sums")}, {Label: p.T("pay_month.gross"), Num: true}, {Label: p.T("pay_month.employee"), Num: true}, {Label: p.T("pay_month.employer"), Num: true}, {Label: p.T("pay_month.tax"), Num: true}, {Label: p.T("pay_month.paid"), Num: true}, {Label: p.T("pay_month.cost"), Num: true}}}
	row := func(label string, x payroll.Totals) {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(label), cellAmount(x.Gross, ""), cellAmount(x.Employee, ""), cellAmount(x.Employer, ""), cellAmount(x.Tax, ""), cellAmount(x.Paid, ""), cellAmount(x.Cost, "", "strong")}})
	}
	row(p.T("pay_outside.theirs"), r.Theirs)
	row(p.T("pay_outside.ours"), r.Ours)
	o, z := r.Ours, r.Theirs
	row(p.T("pay_outside.gap"), payroll.Totals{Gross: z.Gross - o.Gross, Employee: z.Employee - o.Employee, Employer: z.Employer - o.Employer, Tax: z.Tax - o.Tax, Paid: z.Paid - o.Paid, Cost: z.Cost - o.Cost})
	return t
}

func (v *Visit) payGapsTable(all []office.PayReturnGap) Table {
	p := v.P
	t := Table{Caption: p.T("pay_outside.gaps"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_outside.figure")}, {Label: p.T("pay_outside.ours"), Num: true}, {Label: p.T("pay_outside.theirs"), Num: true}, {Label: p.T("pay_outside.gap"), Num: true}}}
	const most = 500
	for _, g := range all[:min(len(all), most)] {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(g.Person.LastName + " " + g.Person.FirstName), cellText(p.T("pay_outside.field." + g.Field)), cellAmount(g.Ours, ""), cellAmount(g.Theirs, ""), cellAmount(g.Difference(), "", "strong")}})
	}
	return t
}

func (s *Server) payAccept(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	x, err := s.office.AcceptPay(v.Ctx(), v.Actor, id, f.Get("seen"), f.Key)
	if err != nil {
		if !f.Take(err) {
			return err
		}
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	}
	v.Say("pay_outside.said_accepted", "n", x.People, "filed", x.Filed)
	return v.Go(v.URL("pay", x.Month, "outside"))
}

func (s *Server) payReturnDrop(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	m, err := s.office.DropPayReturn(v.Ctx(), v.Actor, id)
	if err != nil {
		if m == 0 || !f.Take(err) {
			return err
		}
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	}
	v.Say("pay_outside.said_dropped")
	return v.Go(v.URL("pay", m, "outside"))
}

// payReturnUndo takes back what can be; who stays is told on the page of the return.
func (s *Server) payReturnUndo(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	done, err := s.office.UndoPayReturn(v.Ctx(), v.Actor, id)
	switch {
	case err != nil && (done.Month == 0 || !f.Take(err)):
		return err
	case err != nil:
		return s.showPayReturn(v, id, f, http.StatusUnprocessableEntity)
	case len(done.Left) > 0:
		v.Say("pay_outside.said_undone_partly", "n", done.Count, "left", len(done.Left))
		return v.Go(v.URL("pay-returns", id))
	}
	v.Say("pay_outside.said_undone", "n", done.Count)
	return v.Go(v.URL("pay", done.Month, "outside"))
}

func (s *Server) payParallel(v *Visit) error {
	all, run, wanted, err := s.office.PayParallels(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	title := p.T("pay_outside.parallel")
	return v.written(Page{Title: title, Section: "pay", Team: true}, func(mk *markup) {
		Head{Back: Link{Label: p.T("pay_month.title"), Href: v.URL("pay")}, Title: title, Lead: p.T("pay_outside.parallel_lead", "n", wanted)}.write(mk, p)
		if len(all) == 0 {
			mk.put(Empty{Title: p.T("pay_outside.parallel_none"), Text: p.T("pay_outside.parallel_none_about")}.HTML())
			return
		}
		if run >= wanted {
			mk.note(Note{Tone: ToneOK, Strong: p.T("pay_outside.ready", "n", run), Text: p.T("pay_outside.ready_about"), Links: []Link{{Label: p.T("rules.title"), Href: v.URL("rules")}}})
		} else {
			mk.note(Note{Tone: ToneWait, Strong: p.T("pay_outside.not_ready", "n", run, "of", wanted)})
		}
		t := Table{Caption: title, Class: "plain", Cols: []Col{{Label: p.T("pay_month.month")}, {Label: p.T("pay_month.state")}, {Label: p.T("pay_month.issued"), Num: true}, {Label: p.T("pay_outside.alone"), Num: true}, {Label: p.T("pay_outside.gaps"), Num: true}, {Label: p.T("pay_outside.gap_sum"), Num: true}, {Label: p.T("pay_outside.lined"), Num: true}, {Label: p.T("pay_outside.lines_differ"), Num: true}}}
		for _, x := range all {
			st := Status{Tone: ToneOK, Text: p.T("pay_outside.zero")}
			switch {
			case x.Gaps+x.Lines > 0:
				st = Status{Tone: ToneLate, Text: p.T("pay_outside.some_gaps")}
			case !x.Whole || x.Alone > 0:
				st = Status{Tone: ToneWait, Text: p.T("pay_outside.not_whole")}
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(p.Month(x.Month), v.URL("pay", x.Month, "outside")), cellStatus(st), cellNumber(strconv.Itoa(x.People)), cellNumber(strconv.Itoa(x.Alone)), cellNumber(strconv.Itoa(x.Gaps)), cellAmount(x.Sum, ""), cellNumber(strconv.Itoa(x.Lined)), cellNumber(strconv.Itoa(x.Lines))}})
		}
		mk.put(t.HTML(p))
	})
}
