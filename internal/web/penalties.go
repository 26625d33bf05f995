package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/internal/office"
	"essaim/money"
	"essaim/sale"
)

// penaltyPages ask a customer who paid late for what the law adds, by a document of its own.
func (s *Server) penaltyPages() {
	s.page("GET", "/{coop}/customers/{id}/penalties", access.RemindCustomer, s.penalties)
	s.page("POST", "/{coop}/customers/{id}/penalties", access.RemindCustomer, s.penaltiesSent)
}

type penaltyData struct {
	F     *Form
	Back  Link
	Rows  []penaltyRow
	Asked []Item
	Warn  string // rates that nobody has read yet
	Rates string // where they are read, for who may
	None  Empty
	More  string
}

// penaltyRow is what an invoice owes.
type penaltyRow struct {
	Invoice         int64
	Number, Href    string
	About           string
	How             []string // span by span
	Interest, Forty money.Cents
	PickI, PickF    bool // ticked
}

func (s *Server) penalties(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	return s.showPenalties(v, c, nil, http.StatusOK)
}

func (s *Server) showPenalties(v *Visit, c sale.Customer, f *Form, status int) error {
	all, err := s.office.Penalties(v.Ctx(), v.Actor, c.ID)
	if err != nil {
		return err
	}
	p := v.P
	again := f != nil
	if !again {
		f = v.NewForm()
	}
	only := v.queryID("invoice")
	if !slices.ContainsFunc(all.Claims, func(x sale.Claim) bool { return x.Invoice == only }) {
		only = 0
	}
	d := penaltyData{F: f, Back: Link{Label: c.FullName(), Href: v.URL("customers", c.ID)}}
	for _, x := range all.Claims {
		id := strconv.FormatInt(x.Invoice, 10)
		r := penaltyRow{Invoice: x.Invoice, Number: x.Number, Href: v.URL("sales", x.Invoice), Interest: x.Interest, Forty: x.Forty, PickI: only == 0 || only == x.Invoice, PickF: only == 0 || only == x.Invoice}
		if again {
			r.PickI, r.PickF = slices.Contains(f.All("interest"), id), slices.Contains(f.All("forty"), id)
		}
		key := "penalty.unpaid"
		if x.Paid {
			key = "penalty.paid"
		}
		r.About = p.T(key, "due", x.Due, "until", x.Until)
		for _, sp := range x.Spans {
			r.How = append(r.How, p.T("sale.penalty.span", "base", sp.Base, "rate", sp.Rate, "n", sp.Days(), "from", sp.From, "to", sp.To))
		}
		if x.Before != 0 {
			r.How = append(r.How, p.T("sale.penalty.before", "amount", x.Before))
		}
		d.Rows = append(d.Rows, r)
	}
	if all.More > 0 {
		d.More = p.T("penalty.more", "n", all.More)
	}
	if all.Unread != 0 {
		d.Warn, d.Rates = p.T("late_rates.unread", "half", halfOf(p, all.Unread)), v.lateRatesHref(all.Unread)
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	words := newStateWords(v, h)
	for _, doc := range all.Asked {
		row := rowOf(doc)
		d.Asked = append(d.Asked, Item{Icon: "percentage", Name: doc.Number, Href: v.URL("sales", doc.ID), About: p.Day(doc.Date), Amount: new(doc.Totals.Gross), Under: words.of(&row)})
	}
	switch {
	case !all.Owing:
		d.None = Empty{Title: p.T("penalty.consumer"), Text: p.T("penalty.consumer_about")}
	case len(d.Rows) == 0:
		d.None = Empty{Title: p.T("penalty.none"), Text: p.T("penalty.none_about")}
	}
	page := Page{Title: p.T("penalty.title"), Section: "activities", Main: "narrow", Status: status}
	if v.Actor.Owns(c.Activity) {
		page.Section = "sales"
	}
	return v.Show("penalties", page, d)
}

// penaliseHref is where what a customer owes for being late is asked; "" for who may not, and of who owes none.
func (v *Visit) penaliseHref(c sale.Customer) (string, error) {
	if !c.Kind.OwesLate() || !v.can(access.RemindCustomer, c.Activity) {
		return "", nil
	}
	if v.Actor.Owns(c.Activity) {
		_, now, err := v.s.office.Settings(v.Ctx(), v.Actor)
		if err != nil || !now.Reminders.Own {
			return "", err
		}
	}
	return v.URL("customers", c.ID, "penalties"), nil
}

// lateRatesHref is where the rates of a half-year are read, "" for who may not.
func (v *Visit) lateRatesHref(from interface{ String() string }) string {
	if !v.can(access.PostEntry, 0) {
		return ""
	}
	return v.URL("books", "late-rates") + "?from=" + from.String()
}

func (s *Server) penaltiesSent(v *Visit) error {
	c, err := v.customerAsked()
	if err != nil {
		return err
	}
	f, err := v.Form()
	if err != nil {
		return err
	}
	picks := map[int64]office.PenaltyPick{}
	for _, name := range []string{"interest", "forty"} {
		for _, text := range f.All(name) {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				continue
			}
			x := picks[id]
			x.Invoice, x.Interest, x.Forty = id, x.Interest || name == "interest", x.Forty || name == "forty"
			picks[id] = x
		}
	}
	list := make([]office.PenaltyPick, 0, len(picks))
	for _, x := range picks {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b office.PenaltyPick) int { return cmp.Compare(a.Invoice, b.Invoice) })
	d, err := s.office.AskPenalties(v.Ctx(), v.Actor, c.ID, list, v.penaltiesSeen(f, list))
	if err == nil {
		v.Say("penalty.said", "number", d.Number, "amount", d.Totals.Gross)
		return v.Go(v.URL("sales", d.ID))
	}
	f.Label("claims", v.P.T("penalty.title"))
	if !f.Take(err) {
		return err
	}
	return s.showPenalties(v, c, f, http.StatusUnprocessableEntity)
}

// penaltiesSeen is what the page that was read said of the sums that are ticked.
func (v *Visit) penaltiesSeen(f *Form, list []office.PenaltyPick) *money.Cents {
	var sum money.Cents
	for _, x := range list {
		for _, one := range []struct {
			name string
			on   bool
		}{{"interest", x.Interest}, {"forty", x.Forty}} {
			if one.on {
				n, err := strconv.ParseInt(f.Get("seen."+one.name+"."+strconv.FormatInt(x.Invoice, 10)), 10, 64)
				if err != nil {
					return nil
				}
				sum += money.Cents(n)
			}
		}
	}
	return &sum
}
