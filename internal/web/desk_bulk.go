package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// « Tout valider sauf… »: a page of what waits, ticked; what is unticked stays, and what cannot be validated says why
// beside its row while the others go.

type bulkData struct {
	F      *Form
	Rows   []bulkRow
	Size   int // that wait under the filter, beyond the page too
	Sum    string
	Done   string // what was just validated, when something was not
	Back   string
	Query  string
	Filter string // in words
}

type bulkRow struct {
	deskRow
	ID, Version int64
	Ticked      bool
	Refused     []string
}

func (s *Server) deskBulk(v *Visit) error { return s.showBulk(v, nil, "", http.StatusOK) }

func (s *Server) showBulk(v *Visit, refused map[int64][]string, done string, status int) error {
	f := v.deskFilter()
	f.After = store.DeskPlace{}
	desk, err := s.office.Desk(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	d := bulkData{F: v.NewForm(), Size: desk.Size, Done: done, Back: v.URL("desk") + deskQuery(f), Query: deskQuery(f)}
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
		row := bulkRow{deskRow: v.deskRowOf(h, r, desk.Promised), ID: r.ID, Version: r.Version, Refused: refused[r.ID]}
		row.Href = v.URL("desk", r.ID) + d.Query
		// A warning that was sent knowingly is looked at before it is let through.
		row.Ticked = row.Refused == nil && r.ReadRule != "sale.read.gate"
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
	return v.Show("desk_bulk", Page{Title: v.P.T("desk.bulk_title"), Section: "desk", Team: true, Status: status}, d)
}

func (s *Server) deskBulkSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	var sum money.Cents
	n, refused := 0, map[int64][]string{}
	for _, text := range f.All("ok") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			return fault.New(fault.Invalid, "web.form_broken")
		}
		ctx := office.Keyed(v.Ctx(), f.Key+"/"+text) // each under its own key: a second click validates none twice
		d, err := s.office.Decide(ctx, v.Actor, id, sale.DeedValidate, office.Reading{Version: f.ID("version." + text)})
		if err == nil {
			n++
			if d.Kind == sale.CreditNote {
				sum -= d.Totals.Gross
			} else {
				sum += d.Totals.Gross
			}
			continue
		}
		why := fault.All(err)
		if len(why) == 0 || errors.Is(err, v.Ctx().Err()) {
			return err
		}
		for _, e := range why {
			refused[id] = append(refused[id], v.P.Fault(e))
		}
	}
	if len(refused) > 0 {
		return s.showBulk(v, refused, v.P.T("desk.bulk_partly", "n", n, "sum", sum, "m", len(refused)), http.StatusUnprocessableEntity)
	}
	if n == 0 {
		v.Say("desk.bulk_none")
	} else {
		v.Say("desk.bulk_done", "n", n, "sum", sum)
	}
	filter := v.deskFilter()
	filter.After = store.DeskPlace{}
	return v.Go(v.URL("desk") + deskQuery(filter))
}
