package web

import (
	"html/template"
	"net/http"

	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/sale"
)

// What left alone and was picked is read afterwards: the list on the left, the document and three answers on the right.

type afterData struct {
	Title    string
	About    string
	Counts   []fact
	Rows     []deskRow
	Done     []deskRow
	Open     *afterOpen
	Empty    template.HTML
	Verdicts []Option
}

type afterOpen struct {
	ID             int64
	Title, About   string
	Paper          template.HTML
	F              *Form
	Credit         string // where a credit note is begun
	Verdict        string // given already, in words
	Remark, Author string
	May, Alone     bool
}

// verdictWords say what was found.
var verdictWords = map[string]string{office.VerdictFine: "desk.verdict_fine", office.VerdictRemark: "desk.verdict_remark", office.VerdictCredit: "desk.verdict_credit"}

func (s *Server) deskAfter(v *Visit) error { return s.showAfter(v, nil) }

func (s *Server) showAfter(v *Visit, f *Form) error {
	r, err := s.office.Reviews(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	p := v.P
	d := afterData{Title: p.T("desk.after_count", "n", len(r.Waiting)), About: p.T("desk.after_about", "n", r.Percent)}
	for _, x := range []string{"", office.VerdictFine, office.VerdictRemark, office.VerdictCredit} {
		label := "desk.after_waiting"
		if x != "" {
			label = verdictWords[x]
		}
		d.Counts = append(d.Counts, fact{p.T(label), p.Int(int64(r.Counts[x]))})
	}
	for _, x := range []string{office.VerdictFine, office.VerdictRemark, office.VerdictCredit} {
		d.Verdicts = append(d.Verdicts, Option{Value: x, Label: p.T(verdictWords[x])})
	}
	open := int64(0)
	if v.PathValue("id") != "" {
		if open, err = v.ID("id"); err != nil {
			return err
		}
	} else if len(r.Waiting) > 0 {
		open = r.Waiting[0].Sale
	}
	row := func(x store.ReviewRow) deskRow {
		out := deskRow{Href: v.URL("reviews", x.Sale), Buyer: x.Row.Buyer, Amount: p.Euros(x.Row.Gross), Current: x.Sale == open,
			About: p.T("desk.about", "activity", h.ActivityName(x.Activity), "kind", p.T("desk.kind."+string(x.Row.Kind))), Why: x.Row.Number, Age: p.Day(x.Row.Day)}
		if x.Row.Kind == sale.CreditNote {
			out.Amount = p.Euros(-x.Row.Gross)
		}
		if x.Verdict != "" {
			out.Promise = p.T(verdictWords[x.Verdict])
		}
		return out
	}
	for _, x := range r.Waiting {
		d.Rows = append(d.Rows, row(x))
	}
	for _, x := range r.Done {
		d.Done = append(d.Done, row(x))
	}
	status := http.StatusOK
	if open != 0 {
		if d.Open, err = s.afterOpen(v, h, open); err != nil {
			return err
		}
		d.Open.Alone = v.PathValue("id") != ""
		if d.Open.F = f; f == nil {
			d.Open.F = v.NewForm().Set("verdict", office.VerdictFine)
		} else {
			status = http.StatusUnprocessableEntity
		}
	}
	if len(d.Rows) == 0 && open == 0 {
		d.Empty = Empty{Title: p.T("desk.after_none"), Text: d.About}.HTML()
	}
	return v.Show("desk_after", Page{Title: p.T("desk.after"), Section: "desk", Team: true, Wide: true, Main: "flush", Script: "desk.js", NoDock: true, Status: status}, d)
}

func (s *Server) afterOpen(v *Visit, h *house, id int64) (*afterOpen, error) {
	sheet, err := s.office.Document(v.Ctx(), v.Actor, id)
	if err != nil {
		return nil, err
	}
	review, found, err := s.office.ReviewOf(v.Ctx(), v.Actor, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errAbsent()
	}
	doc := sheet.Doc
	o := &afterOpen{ID: id, Title: doc.Number + " · " + v.P.T("desk.of."+string(doc.Kind), "activity", sheet.Facts.Activity.Name), About: v.P.T("desk.after_left", "on", v.P.Instant(v.At(doc.ValidatedAt))),
		Paper: paper(v.worn(sale.Print(doc, sheet.Facts, i18n.For("fr")), doc.Activity)), Author: h.PersonName(doc.Author), May: review.Verdict == ""}
	if review.Verdict != "" {
		o.Verdict, o.Remark = v.P.T(verdictWords[review.Verdict]), review.Remark
		o.About += " · " + v.P.T("desk.after_read", "name", h.PersonName(review.By), "on", v.P.Instant(v.At(review.At)))
	}
	if review.Verdict == office.VerdictCredit && doc.Kind == sale.Invoice {
		o.Credit = v.URL("sales", id)
	}
	return o, nil
}

func (s *Server) deskAfterSent(v *Visit) error {
	id, f, err := v.deed()
	if err != nil {
		return err
	}
	verdict, remark := f.Choice("verdict", office.VerdictFine, office.VerdictRemark, office.VerdictCredit), f.Text("remark", 4000)
	if f.OK() {
		err := s.office.Review(office.Keyed(v.Ctx(), f.Key), v.Actor, id, verdict, remark)
		if err == nil {
			v.Say("desk.after_said")
			return v.Go(v.URL("reviews"))
		}
		if !f.Take(err) {
			return err
		}
	}
	return s.showAfter(v, f)
}
