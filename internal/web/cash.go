package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// cashPages are what the team sees of money that is not in the bank yet: what was announced, tills, cards, cheques.
func (s *Server) cashPages() {
	s.page("GET", "/{coop}/cash", "", s.cash)
	s.page("GET", "/{coop}/cash/payout", "", s.newPayout)
	s.page("POST", "/{coop}/cash/payout", "", s.payoutSent)
	s.page("POST", "/{coop}/cash/deposit", "", s.depositSent)
	s.page("POST", "/{coop}/cash/arrived", "", s.arrivedSent)
}

type cashData struct {
	F           *Form
	Announced   []announcedRow
	Tills       Table
	Transit     []transitRow
	Waiting     Table
	Loose       []looseRow
	LooseTotal  money.Cents
	Payouts     List
	Remittances List
	Anything    bool
}

type announcedRow struct {
	ID           int64
	Who, About   string
	Amount       money.Cents
	Receive      string
	May, Invoice bool
	Pieces       template.HTML
}

type transitRow struct {
	Activity int64
	Name     string
	Amount   money.Cents
}

type looseRow struct {
	Value, Label, About string
	Amount              money.Cents
}

func (s *Server) cash(v *Visit) error {
	f := v.NewForm().Set("date", v.Today())
	return s.showCash(v, f, false)
}

func (s *Server) showCash(v *Visit, f *Form, again bool) error {
	desk, err := s.office.CashDesk(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := cashData{F: f}
	for _, n := range desk.Announced {
		r := announcedRow{ID: n.ID, Who: h.ActivityName(n.Activity), Amount: n.Amount, May: v.can(access.RecordPayment, n.Activity), Invoice: n.Sale != 0}
		about := []string{p.T("payments.means." + n.Means), p.Day(n.Day)}
		for _, words := range []string{n.Word, n.Number, n.Buyer} {
			if words != "" {
				about = append(about, words)
			}
		}
		r.About = strings.Join(about, " · ")
		r.Pieces = v.piecesShown("announcement:" + strconv.FormatInt(n.ID, 10))
		q := "?announced=" + strconv.FormatInt(n.ID, 10) + "&activity=" + strconv.FormatInt(n.Activity, 10)
		if n.Customer != 0 {
			q += "&customer=" + strconv.FormatInt(n.Customer, 10)
		}
		if n.Sale != 0 {
			q += "&invoice=" + strconv.FormatInt(n.Sale, 10)
		}
		r.Receive = v.URL("payments", "new") + q
		d.Announced = append(d.Announced, r)
	}
	d.Tills = Table{Caption: p.T("cash.tills"), Class: "plain", Cols: []Col{{Label: p.T("till.activity")}, {Label: p.T("cash.held"), Num: true}, {Label: p.T("cash.counted")}, {Label: p.T("cash.look")}}}
	for _, t := range desk.Tills {
		if t.Transit != 0 && v.can(access.RecordPayment, t.Activity) {
			d.Transit = append(d.Transit, transitRow{t.Activity, h.ActivityName(t.Activity), t.Transit})
		}
		if t.Held == 0 && t.Counted == 0 && t.Moved == 0 {
			continue
		}
		last, st := p.T("till.never_counted"), Status{Tone: ToneOK, Text: p.T("cash.fine")}
		switch late := t.Late(v.Today()); {
		case late > 0:
			st = Status{Tone: ToneWait, Text: tillLate(p, t, late)}
		case t.Held == 0:
			st = Status{Text: p.T("till.nothing_to_count")}
		}
		if t.Counted != 0 {
			last = p.Day(t.Counted)
		}
		d.Tills.Rows = append(d.Tills.Rows, Row{Cells: []Cell{cellActivity(h.ActivityName(t.Activity), "", v.URL("a", t.Activity, "takings")), cellAmount(t.Held, ""), cellText(last), cellStatus(st)}})
	}
	var cards, online money.Cents
	d.Waiting = Table{Caption: p.T("cash.waiting"), Class: "plain", Cols: []Col{{Label: p.T("till.activity")}, {Label: p.T("till.means.card"), Num: true}, {Label: p.T("till.means.online"), Num: true}}}
	for _, u := range desk.Waiting {
		cards, online = cards+u.Card, online+u.Online
		d.Waiting.Rows = append(d.Waiting.Rows, Row{Cells: []Cell{cellActivity(h.ActivityName(u.Activity), "", v.URL("a", u.Activity, "takings")), cellAmount(u.Card, ""), cellAmount(u.Online, "")}})
	}
	d.Waiting.Foot = []Cell{cellText(p.T("till.sum")), cellAmount(cards, "", "strong"), cellAmount(online, "", "strong")}
	for _, c := range desk.Loose {
		if !v.can(access.RecordPayment, c.Activity) && c.Activity >= 10 {
			continue
		}
		about := []string{p.Day(c.Date), h.SectionName(c.Activity)}
		if c.Ref != "" && c.Ref != c.Label {
			about = append(about, c.Ref)
		}
		d.Loose = append(d.Loose, looseRow{fmt.Sprintf("%d-%d", c.Entry, c.Activity), c.Label, strings.Join(about, " · "), c.Amount})
		d.LooseTotal += c.Amount
	}
	for _, r := range desk.Payouts {
		d.Payouts.Items = append(d.Payouts.Items, v.recordItem(r))
	}
	for _, r := range desk.Remittances {
		d.Remittances.Items = append(d.Remittances.Items, v.recordItem(r))
	}
	d.Anything = len(d.Announced)+len(d.Tills.Rows)+len(d.Transit)+len(d.Waiting.Rows)+len(d.Loose)+len(d.Payouts.Items)+len(d.Remittances.Items) > 0
	page := Page{Title: p.T("cash.title"), Section: "cash", Team: true}
	if again {
		return v.Again("cash", page, d)
	}
	return v.Show("cash", page, d)
}

func (s *Server) depositSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var cheques []sale.ChequeItem
	for _, x := range f.All("cheque") {
		entry, activity, ok := strings.Cut(x, "-")
		e, err := strconv.ParseInt(entry, 10, 64)
		a, other := strconv.ParseInt(activity, 10, 64)
		if !ok || err != nil || other != nil {
			f.Refuse("cheque", "web.field_choice")
			continue
		}
		cheques = append(cheques, sale.ChequeItem{Entry: e, Activity: a})
	}
	day, word := f.Day("date"), f.Text("word", 300)
	if f.OK() {
		r, err := s.office.Remit(v.Ctx(), v.Actor, day, cheques, word, f.Key)
		if err == nil {
			v.SayBooked(r.Date, r.Booked, "cash.deposited", "number", r.Number, "amount", r.Amount())
			return v.Go(v.URL("register", r.ID))
		}
		for _, e := range fault.All(err) {
			if e.Field == "items" || strings.HasPrefix(e.Field, "items[") {
				e.Field = "cheque"
			}
		}
		if !f.takeBooks(err, "cheque") {
			return err
		}
	}
	return s.showCash(v, f, true)
}

func (s *Server) arrivedSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	if f.ID("activity") == 0 {
		f.Refuse("amount", "web.field_choice")
	}
	if f.OK() {
		_, err := s.office.MoveTill(v.Ctx(), v.Actor, f.ID("activity"), v.Today(), sale.TillMove{Kind: sale.TillArrived, Amount: f.Cents("amount")}, f.Key)
		if err == nil {
			v.Say("till.moved.arrived")
			return v.Go(v.URL("cash"))
		}
		if !f.takeBooks(err, "amount") {
			return err
		}
	}
	return s.showCash(v, f, true)
}

type payoutForm struct {
	F    *Form
	Rows []payoutRow
	How  []Option
}

// Acquirers are those that people have named; any other may be typed.
func (payoutForm) Acquirers() []string {
	return []string{"SumUp", "Stripe", "PayPal", "Zettle", "Etsy"}
}

type payoutRow struct {
	I            int
	Name         string
	Activity     int64
	Card, Online money.Cents
}

func (s *Server) newPayout(v *Visit) error {
	return s.showPayout(v, v.NewForm().Set("date", v.Today()).Set("how", string(sale.FeeExempt)), false)
}

// payoutRows are the activities with cards or online payments that wait, as the form lists them.
func (s *Server) payoutRows(v *Visit) ([]payoutRow, office.CashDesk, error) {
	desk, err := s.office.CashDesk(v.Ctx(), v.Actor)
	if err != nil {
		return nil, desk, err
	}
	h, err := v.House()
	var rows []payoutRow
	for _, u := range desk.Waiting {
		if v.can(access.RecordPayment, u.Activity) {
			rows = append(rows, payoutRow{int(u.Activity), h.ActivityName(u.Activity), u.Activity, u.Card, u.Online})
		}
	}
	return rows, desk, err
}

func (s *Server) showPayout(v *Visit, f *Form, again bool) error {
	rows, _, err := s.payoutRows(v)
	if err != nil {
		return err
	}
	d := payoutForm{F: f, Rows: rows}
	for _, how := range sale.FeeVATs() {
		d.How = append(d.How, Option{Value: string(how), Label: v.P.T("till.fee_vat." + string(how))})
	}
	page := Page{Title: v.P.T("cash.payout"), Section: "cash", Team: true}
	if again {
		return v.Again("payout", page, d)
	}
	return v.Show("payout", page, d)
}

func (s *Server) payoutSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	rows, _, err := s.payoutRows(v)
	if err != nil {
		return err
	}
	p := sale.Payout{Acquirer: f.Text("acquirer", 120), Fee: f.Cents("fee"), How: sale.FeeVAT(f.Get("how")), VAT: f.Cents("vat"), Net: f.Cents("net"), Reference: f.Text("reference", 120)}
	for _, r := range rows {
		at := fmt.Sprintf("parts[%d].", r.Activity)
		if x := (sale.PayoutPart{Activity: r.Activity, Card: f.Cents(at + "card"), Online: f.Cents(at + "online")}); x.Card != 0 || x.Online != 0 {
			p.Parts = append(p.Parts, x)
		}
	}
	day := f.Day("date")
	if f.OK() {
		r, err := s.office.SavePayout(v.Ctx(), v.Actor, day, p, f.Key)
		if err == nil {
			v.SayBooked(r.Date, r.Booked, "cash.paid_out", "acquirer", r.Payout.Acquirer, "amount", r.Payout.Net)
			return v.Go(v.URL("register", r.ID))
		}
		for _, e := range fault.All(err) { // the form names activities, the use case their rank
			for i, x := range slices.Backward(p.Parts) {
				e.Field = strings.Replace(e.Field, fmt.Sprintf("parts[%d].", i), fmt.Sprintf("parts[%d].", x.Activity), 1)
			}
		}
		if !f.takeBooks(err, "net") {
			return err
		}
	}
	return s.showPayout(v, f, true)
}

// announcedPayment fills the form of a payment with what was announced.
func (s *Server) announcedPayment(v *Visit, f *Form) error {
	id := v.queryID("announced")
	if id == 0 {
		return nil
	}
	n, err := s.office.Announcement(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if n.State == store.Announced {
		f.Set("announced", id).Set("date", n.Day).Set("means", n.Means).Set("amount", n.Amount).Set("reference", n.Word)
	}
	return nil
}
