package web

import (
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// « Tout valider sauf… »: a page of what waits, ticked; what is unticked stays, the others are validated in
// a run, and what cannot be says why on its page while the others go.

type bulkData struct {
	F      *Form
	Rows   []bulkRow
	Size   int // that wait under the filter, beyond the page too
	Sum    string
	Back   string
	Query  string
	Filter string // in words
}

type bulkRow struct {
	deskRow
	ID, Version int64
	Ticked      bool
}

func (s *Server) deskBulk(v *Visit) error {
	f := v.deskFilter()
	f.After, f.Limit = store.DeskPlace{}, office.BulkMost
	desk, err := s.office.Desk(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d := bulkData{F: v.NewForm(), Size: desk.Size, Back: v.URL("desk") + deskQuery(f), Query: deskQuery(f)}
	var words []string
	if f.Kind != "" {
		words = append(words, v.P.T("desk.kinds."+string(f.Kind)))
	}
	if f.Activity != 0 {
		words = append(words, h.ActivityName(f.Activity))
	}
	if f.Advisor != 0 {
		words = append(words, h.PersonName(f.Advisor))
	}
	if f.Late {
		words = append(words, v.P.T("desk.late"))
	}
	d.Filter = strings.Join(words, " · ")
	var sum money.Cents
	for i := range desk.Rows {
		r := &desk.Rows[i]
		row := bulkRow{deskRow: v.deskRowOf(h, r, desk.Promised), ID: r.ID, Version: r.Version}
		row.Href = v.URL("desk", r.ID) + d.Query
		// A warning that was sent knowingly is looked at before it is let through.
		row.Ticked = r.ReadRule != "sale.read.gate"
		if row.Ticked {
			if r.Kind == sale.CreditNote {
				sum -= r.Gross
			} else {
				sum += r.Gross
			}
		}
		d.Rows = append(d.Rows, row)
	}
	d.Sum = v.P.Euros(sum)
	return v.Show("desk_bulk", Page{Title: v.P.T("desk.bulk_title"), Section: "desk", Team: true}, d)
}

func (s *Server) deskBulkSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var read []office.Read
	for _, text := range f.All("ok") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return fault.New(fault.Invalid, "web.form_broken")
		}
		read = append(read, office.Read{Sale: id, Version: f.ID("version." + text)})
	}
	if len(read) == 0 {
		v.Say("desk.bulk_none")
		filter := v.deskFilter()
		filter.After = store.DeskPlace{}
		return v.Go(v.URL("desk") + deskQuery(filter))
	}
	run, err := s.office.ValidateAll(v.Ctx(), v.Actor, read, f.Key)
	if err != nil {
		return err
	}
	return v.Go(v.URL("runs", run.ID))
}
