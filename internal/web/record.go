package web

import (
	"html/template"
	"strconv"

	"essaim/access"
	"essaim/ledger"
	"essaim/sale"
)

type recordData struct {
	R        sale.Record
	Back     string
	Eyebrow  string
	Before   string
	Amount   string
	Activity string
	By       string
	State    Status
	Parts    List
	Sold     Table
	Cheques  Table
	Entry    string
	May      bool
	Redo     string
	Reversal string
	About    string
	Slip     bool
	Coop     string
	Bank     string
	Pieces   template.HTML
}

// record is the page of one record of the register.
func (s *Server) record(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	r, may, err := s.office.Record(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if r.ID != id { // what undoes a record is told by the record
		return v.Go(v.URL("register", r.ID))
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	v.Activity = r.Activity
	p := v.P
	it := v.recordItem(r)
	d := recordData{R: r, Eyebrow: p.Day(r.Date), Before: it.Name, Amount: p.Euros(*it.Amount), By: h.PersonName(r.By), State: it.Status, May: may, Back: v.URL("cash"), Coop: v.Coop.Name, Bank: spaced(v.Coop.IBAN)}
	if r.Activity != 0 {
		d.Activity = h.ActivityName(r.Activity)
	}
	if r.Taking != nil || r.Till != nil && r.Till.Kind != sale.TillArrived {
		d.Back = v.URL("a", r.Activity, "takings") + "?month=" + r.Date.Month().String()
	}
	add := func(icon, name, about string, amount any) {
		x := Item{Icon: icon, Name: name, About: about}
		switch a := amount.(type) {
		case int:
			x.Status = Status{Text: p.Int(int64(a))}
		default:
			x.Status = Status{Text: p.Text(a)}
		}
		d.Parts.Items = append(d.Parts.Items, x)
	}
	switch {
	case r.Taking != nil:
		for _, t := range r.Taking.Means.List() {
			if t.Amount != 0 {
				add(map[sale.Means]string{sale.Cash: "cash", sale.Card: "credit-card", sale.Cheque: "ballpen", sale.Online: "world"}[t.Means], p.T("till.means."+string(t.Means)), "", p.Euros(t.Amount))
			}
		}
		add("receipt", p.T("till.sales_count"), r.Taking.Note, r.Taking.Count)
		d.Sold = Table{Caption: p.T("till.sold"), Class: "plain", Cols: []Col{{Label: p.T("till.what")}, {Label: p.T("till.taxed_at")}, {Label: p.T("till.net"), Num: true}, {Label: p.T("till.vat"), Num: true}, {Label: p.T("till.gross"), Num: true}}}
		for i, l := range r.Taking.Lines {
			n, _ := sale.NatureOf(l.Nature)
			net := r.Taking.Totals.Lines[i].Net
			d.Sold.Rows = append(d.Sold.Rows, Row{Cells: []Cell{cellText(p.T(n.Label)), cellText(p.T(ledger.France()[l.Tax].Label)), cellAmount(net, ""), cellAmount(l.Gross-net, ""), cellAmount(l.Gross, "", "strong")}})
		}
		t := r.Taking.Totals
		d.Sold.Foot = []Cell{cellText(p.T("till.sum")).Span(2), cellAmount(t.Net, ""), cellAmount(t.VAT, ""), cellAmount(t.Gross, "", "strong")}
	case r.Till != nil:
		if r.Till.Kind == sale.TillCount {
			add("calculator", p.T("till.counted"), "", p.Euros(r.Till.Counted))
			add("scale", p.T("till.expected"), "", p.Euros(r.Till.Expected))
			add("arrows-exchange", p.T("till.difference"), r.Till.Word, p.Euros(r.Amount()))
		} else {
			add("cash", it.Name, r.Till.Word, p.Euros(r.Amount()))
		}
	case r.Payout != nil:
		add("coins", p.T("till.gross_cleared"), "", p.Euros(r.Payout.Gross()))
		add("minus", p.T("till.fee"), p.T("till.fee_vat."+string(r.Payout.How)), p.Euros(r.Payout.Fee))
		add("percentage", p.T("till.fee_vat"), "", p.Euros(r.Payout.VAT))
		add("building-bank", p.T("till.payout_bank"), r.Payout.Reference, p.Euros(r.Payout.Net))
		d.Sold = Table{Caption: p.T("till.cleared"), Class: "plain", Cols: []Col{{Label: p.T("till.activity")}, {Label: p.T("till.means.card"), Num: true}, {Label: p.T("till.means.online"), Num: true}}}
		for _, x := range r.Payout.Parts {
			d.Sold.Rows = append(d.Sold.Rows, Row{Cells: []Cell{cellActivity(h.ActivityName(x.Activity), "", ""), cellAmount(x.Card, ""), cellAmount(x.Online, "")}})
		}
	case r.Remittance != nil:
		d.Slip, d.Before = true, p.T("till.slip") // its number stands above
		d.About = r.Remittance.Word
		d.Cheques = Table{Caption: p.T("till.slip"), Class: "plain", Cols: []Col{{Label: p.T("till.cheque")}, {Label: p.T("till.activity")}, {Label: p.T("till.day")}, {Label: p.T("till.amount"), Num: true}}}
		for _, x := range r.Remittance.Items {
			d.Cheques.Rows = append(d.Cheques.Rows, Row{Cells: []Cell{cellSub(x.Label, x.Ref, v.documentURL(x.Document)), cellText(h.SectionName(x.Activity)), cellDay(x.Date), cellAmount(x.Amount, "", "strong")}})
		}
		d.Cheques.Foot = []Cell{cellText(p.T("till.cheques", "n", len(r.Remittance.Items))).Span(3), cellAmount(r.Amount(), "", "strong")}
	}
	if v.canOn(access.ViewLedger, 0, r.Date) && r.Entry != 0 {
		d.Entry = v.URL("books", "entries", r.Entry)
	}
	if may && r.Taking != nil && v.can(access.RecordTaking, r.Activity) {
		d.Redo = v.URL("a", r.Activity, "takings", "new") + "?redo=" + strconv.FormatInt(r.ID, 10)
	}
	team := r.Payout != nil || r.Remittance != nil
	section := "takings"
	if team {
		section = "cash"
	}
	d.Reversal = p.T("till.undo_about")
	if d.Pieces, err = (screen{Visit: v}).Pieces("register:" + strconv.FormatInt(r.ID, 10)); err != nil {
		return err
	}
	return v.Show("record", Page{Title: it.Name, Section: section, Team: team}, d)
}

func (s *Server) recordUndone(v *Visit) error {
	id, _, err := v.deed()
	if err != nil {
		return err
	}
	if err := s.office.UndoRecord(v.Ctx(), v.Actor, id); err != nil {
		return err
	}
	v.Say("till.undone_said")
	return v.Go(v.URL("register", id))
}
