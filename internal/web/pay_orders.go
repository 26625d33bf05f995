package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
)

func (s *Server) payTransfers(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	return s.showPayTransfers(v, m, nil, http.StatusOK)
}

// showPayTransfers is what the bank is asked to pay: who the next file pays, who waits and why, the files that were made.
func (s *Server) showPayTransfers(v *Visit, m date.Month, f *Form, status int) error {
	all, err := s.office.PayTransfers(v.Ctx(), v.Actor, m)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	if f == nil {
		f = v.NewForm().Set("day", all.Day)
	}
	title := p.T("pay_month.transfers_of", "month", p.Month(m))
	page := Page{Title: title, Section: "pay", Team: true, Status: status}
	back := Link{p.T("pay_month.title_of", "month", p.Month(m)), v.URL("pay", m), "arrow-left"}
	head := Head{Back: back, Title: title, Acts: []Link{back}}
	if n := len(all.Ready) + len(all.Waiting); n > 0 {
		head.Eyebrow, head.Title, head.Answer, head.Lead = title, "", Answer{Before: p.T("pay_month.to_pay"), Mark: p.Euros(all.Total)}, p.T("pay_month.transfers_lead", "ready", len(all.Ready), "waits", len(all.Waiting))
	}
	return v.written(page, func(mk *markup) {
		head.write(mk, p)
		mk.put(v.payNav("transfers", m))
		mk.put(f.Summary())
		if all.NoIBAN {
			mk.note(Note{Tone: ToneLate, Strong: p.T("pay_month.fault.no_iban")})
		}
		if all.MayRun && len(all.Ready) > 0 && !all.NoIBAN {
			mk.raw(`<form class="bookf" method="post" action="`).text(v.URL("pay", m, "transfers")).raw(`">`).put(f.Once()).put(f.Field("day", p.T("pay_month.order_day"), "type=text", "required")).raw(`<button class="b go">`).text(p.T("pay_month.do.order", "n", len(all.Ready))).raw("</button></form>")
		}
		if len(all.Waiting) > 0 {
			var list List
			for _, w := range all.Waiting {
				list.Items = append(list.Items, Item{Person: w.Person.Name(), Name: w.Person.Name(), Href: v.URL("pay", m, w.Slip.ID), About: strings.Join(v.payWords(w.Why), " "), Amount: new(w.Slip.Paid), Class: negative(w.Slip.Paid)})
			}
			Block{Title: p.T("pay_month.waiting", "n", len(all.Waiting)), Body: list}.write(mk, p)
		}
		if len(all.Files) > 0 {
			mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_month.files")).raw("</h2></div>")
			v.payFiles(mk, h, m, &all, f)
			mk.raw("</section>")
		}
		if len(all.Ready) > 0 {
			t := Table{Caption: p.T("pay_month.ready"), Class: "plain", Cols: []Col{{Label: p.T("pay_month.person")}, {Label: p.T("pay_month.paid"), Num: true}}}
			for _, w := range all.Ready {
				t.Rows = append(t.Rows, Row{Cells: []Cell{cellLink(w.Person.LastName+" "+w.Person.FirstName, v.URL("pay", m, w.Slip.ID)), cellAmount(w.Slip.Paid, "")}})
			}
			t.Foot = []Cell{cellText(p.T("pay_month.people", "n", len(all.Ready))), cellAmount(all.Total, "", "strong")}
			Block{Title: p.T("pay_month.ready"), Body: t}.write(mk, p)
		}
		if len(all.Ready)+len(all.Files)+len(all.Waiting) == 0 {
			mk.put(Empty{Title: p.T("pay_month.nothing_to_pay"), Text: p.T("pay_month.nothing_to_pay_about")}.HTML())
		}
	})
}

// payFiles are the files that were made: prepared, then gone, on the day that somebody says or that the books show.
func (v *Visit) payFiles(m *markup, h *house, month date.Month, all *office.PayTransfersView, typed *Form) {
	p := v.P
	m.raw(`<ul class="list payfiles">`)
	for _, x := range all.Files {
		st := Status{Tone: ToneWait, Text: p.T("pay_month.file.made")}
		switch {
		case x.Cancelled != 0:
			st = Status{Icon: "x", Text: p.T("pay_month.file.cancelled", "at", p.Instant(v.At(x.Cancelled)))}
		case x.Executed:
			st = Status{Tone: ToneOK, Icon: "check", Text: p.T("pay_month.file.executed", "day", x.Left())}
		case x.Sent != 0:
			st = Status{Tone: ToneOK, Icon: "send", Text: p.T("pay_month.file.sent", "day", x.Sent)}
		}
		m.raw(`<li><div><div class="n">`).text(p.T("pay_month.file.holds", "n", x.Count, "day", x.Day)).raw(`</div><div class="d">`).text(p.T("pay_month.file.by", "name", h.PersonName(x.By), "at", p.Instant(v.At(x.At))))
		if x.Sent != 0 {
			m.raw("<br>").text(p.T("pay_month.file.said", "name", h.PersonName(x.SentBy), "day", x.Sent))
		}
		m.raw(`</div></div><div class="r"><span class="amt strong">`).text(p.Euros(x.Total)).raw("</span>").status(st).raw("</div>")
		if all.MayRun {
			at := v.URL("pay", month, "transfers", x.ID)
			m.raw(`<div class="acts"><a class="b" href="`).text(at + "/file").raw(`" download>`).icon("download").text(p.T("pay_month.file.get")).raw("</a>")
			switch {
			case x.Cancelled != 0 || x.Executed:
			case x.Sent != 0:
				if x.Keepable(v.Today()) {
					m.deed(at+"/kept", p.T("pay_month.file.kept"), "b")
				}
			default:
				m.deed(at+"/cancel", p.T("pay_month.file.cancel"), "b")
				f := v.NewForm().Set("day", v.Today())
				m.raw(`<form class="bookf" method="post" action="`).text(at + "/sent").raw(`">`).put(f.Field("day", p.T("pay_month.file.left_on"), "type=text", "required")).raw(`<button class="b go">`).text(p.T("pay_month.file.left")).raw("</button></form>")
			}
			m.raw("</div>")
			v.payUnpaid(m, at, month, &x, typed)
		}
		m.raw("</li>")
	}
	m.raw("</ul>")
}

// payUnpaid are the payslips of a file that nothing shows the bank to have paid. It stands open once the books show that
// the bank paid others.
func (v *Visit) payUnpaid(m *markup, at string, month date.Month, x *office.PayTransferFile, f *Form) {
	p := v.P
	if len(x.Unpaid) == 0 {
		return
	}
	open := x.Executed || slices.ContainsFunc(x.Unpaid, func(u office.PayUnpaid) bool {
		return slices.ContainsFunc(f.Refusals(), func(e *fault.Error) bool { return e.Field == rejectField(u.Slip.ID) })
	})
	m.raw(`<details class="folded"`)
	if open {
		m.raw(" open")
	}
	m.raw("><summary>").icon("chevron-down").raw("<span>").text(p.T("pay_month.file.unpaid", "n", len(x.Unpaid))).raw(`</span></summary><p class="soft small">`).text(p.T("pay_month.file.unpaid_about")).raw(`</p><ul class="list">`)
	for _, u := range x.Unpaid {
		m.raw(`<li><div><div class="n"><a href="`).text(v.URL("pay", month, u.Slip.ID)).raw(`">`).text(u.Person.Name()).raw(`</a></div></div><div class="r"><span class="amt">`).text(p.Euros(u.Slip.Paid)).raw("</span></div>")
		if u.Mine {
			m.raw(`<div class="acts soft small">`).text(p.T("pay_month.file.unpaid_own")).raw("</div>")
		} else {
			m.raw(`<div class="acts"><form class="bookf" method="post" action="`).text(at + "/rejected").raw(`"><input type="hidden" name="slip" value="`).text(strconv.FormatInt(u.Slip.ID, 10)).raw(`">`).
				put(f.Field(rejectField(u.Slip.ID), p.T("pay_month.file.reject_reason"), "type=text", "required")).raw(`<button class="b">`).text(p.T("pay_month.file.reject")).raw("</button></form></div>")
		}
		m.raw("</li>")
	}
	m.raw("</ul></details>")
}

// rejectField names the field of the reason of one payslip: a page holds as many as payslips.
func rejectField(slip int64) string { return "reason" + strconv.FormatInt(slip, 10) }

func (s *Server) payOrder(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	f.Label("day", v.P.T("pay_month.order_day"))
	day := f.Day("day")
	if day == 0 && f.OK() {
		f.Refuse("day", "pay_month.fault.day_missing")
	}
	if f.OK() {
		t, err := s.office.OrderPay(v.Ctx(), v.Actor, m, day, f.Get("key"))
		if err == nil {
			v.Say("pay_month.said.order", "n", t.Count, "amount", t.Total)
			return v.Go(v.URL("pay", m, "transfers"))
		}
		if fault.KindOf(err) == fault.Forbidden || !f.Take(err) {
			return err
		}
	}
	return s.showPayTransfers(v, m, f, http.StatusUnprocessableEntity)
}

func (s *Server) payOrderFile(v *Visit) error {
	if _, err := v.payMonthAsked(); err != nil {
		return err
	}
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	name, b, err := s.office.PayTransferFile(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	return v.Send(name, b, false)
}

func (s *Server) payOrderCancel(v *Visit) error {
	return s.payFileDeed(v, func(id int64, _ *Form) error {
		_, err := s.office.CancelPayTransfer(v.Ctx(), v.Actor, id)
		if err == nil {
			v.Say("pay_month.said.cancel")
		}
		return err
	})
}

func (s *Server) payOrderLeft(v *Visit) error {
	return s.payFileDeed(v, func(id int64, f *Form) error {
		f.Label("day", v.P.T("pay_month.file.left_on"))
		day := f.Day("day")
		if day == 0 && f.OK() {
			f.Refuse("day", "pay_month.fault.left_missing")
		}
		if !f.OK() {
			return nil
		}
		t, err := s.office.SendPayTransfer(v.Ctx(), v.Actor, id, day)
		if err == nil {
			v.Say("pay_month.said.sent", "n", t.Count, "day", t.Sent)
		}
		return err
	})
}

func (s *Server) payOrderKept(v *Visit) error {
	return s.payFileDeed(v, func(id int64, _ *Form) error {
		_, err := s.office.KeepPayTransfer(v.Ctx(), v.Actor, id)
		if err == nil {
			v.Say("pay_month.said.kept")
		}
		return err
	})
}

func (s *Server) payOrderRejected(v *Visit) error {
	return s.payFileDeed(v, func(id int64, f *Form) error {
		slip := f.ID("slip")
		at := rejectField(slip)
		f.Label(at, v.P.T("pay_month.file.reject_reason"))
		reason := f.Text(at, 250)
		if reason == "" && f.OK() {
			f.Refuse(at, "pay_month.fault.reject_reason")
		}
		if !f.OK() {
			return nil
		}
		err := s.office.RejectPay(v.Ctx(), v.Actor, id, slip, reason)
		if err == nil {
			v.Say("pay_month.said.rejected")
		}
		return err
	})
}

// payFileDeed does a deed on a file of transfers; what refuses it is told on their page.
func (s *Server) payFileDeed(v *Visit, do func(id int64, f *Form) error) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	if err = do(id, f); err == nil && f.OK() {
		return v.Go(v.URL("pay", m, "transfers"))
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Forbidden || kind == fault.NotFound || !f.Take(err)) {
		return err
	}
	return s.showPayTransfers(v, m, f, http.StatusUnprocessableEntity)
}

func (s *Server) payDues(v *Visit) error {
	m, err := v.payMonthAsked()
	if err != nil {
		return err
	}
	all, err := s.office.PayDues(v.Ctx(), v.Actor, m)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	if v.wantsCSV() {
		out := [][]string{{"Organisme", "Compte", "À payer le", "Activité", "Montant", "Solde du compte"}}
		for _, r := range all.Rows {
			out = append(out, []string{p.T(r.Key), r.Account, r.On.String(), "", plain(r.Month), plain(r.Balance)})
			for _, x := range r.Shares {
				out = append(out, []string{p.T(r.Key), r.Account, r.On.String(), h.SectionName(x.Section), plain(x.Amount), ""})
			}
		}
		return v.csv("cotisations-"+m.String()+".csv", append(out, []string{"Total", "", "", "", plain(all.Sum), plain(all.Balance)}))
	}
	title := p.T("pay_month.dues_of", "month", p.Month(m))
	back := Link{p.T("pay_month.title_of", "month", p.Month(m)), v.URL("pay", m), "arrow-left"}
	head := Head{Back: back, Answer: Answer{Before: p.T("pay_month.dues_mark"), Mark: p.Euros(all.Sum)}, Lead: p.T("pay_month.dues_lead"), Acts: []Link{back, {p.T("books.export"), v.csvHref(), "download"}}}
	return v.written(Page{Title: title, Section: "pay", Team: true}, func(mk *markup) {
		head.write(mk, p)
		mk.put(v.payNav("months", m))
		if len(all.Rows) == 0 {
			mk.put(Empty{Title: p.T("pay_month.dues_none"), Text: p.T("pay_month.dues_none_about")}.HTML())
			return
		}
		t := Table{Caption: title, Class: "plain", Cols: []Col{{Label: p.T("pay_month.body")}, {Label: p.T("pay_month.account")}, {Label: p.T("pay_month.due_on")}, {Label: p.T("pay_month.of_month"), Num: true}, {Label: p.T("pay_month.balance"), Num: true}}}
		for _, r := range all.Rows {
			on := cellText(p.T("pay_month.by_contract"))
			if r.On != 0 {
				on = cellDay(r.On)
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.T(r.Key)), cellText(r.Account), on, cellAmount(r.Month, "", "strong"), cellAmount(r.Balance, "")}})
		}
		t.Foot = []Cell{cellText(p.T("pay_month.sum")), cellText(""), cellText(""), cellAmount(all.Sum, "", "strong"), cellAmount(all.Balance, "")}
		mk.part(t, p)
		mk.raw(`<section class="block"><div class="bh"><h2>`).text(p.T("pay_month.dues_by")).raw("</h2></div>")
		for _, r := range all.Rows {
			if len(r.Shares) == 0 {
				continue
			}
			x := Table{Caption: p.T(r.Key), Class: "plain", Cols: []Col{{Label: p.T("payments.activity")}, {Label: p.T("pay_month.of_month"), Num: true}}}
			for _, one := range r.Shares {
				x.Rows = append(x.Rows, Row{Cells: []Cell{cellText(h.SectionName(one.Section)), cellAmount(one.Amount, "")}})
			}
			mk.raw(`<details class="folded"><summary>`).icon("chevron-down").raw("<span>").text(p.T(r.Key)).raw(`</span> <span class="soft small">`).text(p.Euros(r.Month)).raw("</span></summary>").part(x, p).raw("</details>")
		}
		mk.raw("</section>")
	})
}
