package web

import (
	"net/http"
	"strconv"

	"essaim/activity"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

// yearForms lists what a person is asked about their years.
func (s *Server) yearForms(v *Visit) error {
	all, err := s.office.YearForms(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	p := v.P
	var items []Item
	for _, x := range all {
		i := Item{Icon: "coins", Name: p.T("pay_year.form_of", "year", x.Year.Span.Label(), "activity", x.Activity.Name), Href: v.URL("year-choice", x.Year.ID, x.Activity.ID), Amount: new(x.Part.Balance)}
		i.Status = formState(v, x)
		items = append(items, i)
	}
	d := struct {
		Items []Item
		None  Empty
	}{items, Empty{Title: p.T("pay_year.no_form"), Text: p.T("pay_year.no_form_about")}}
	return v.Show("year_choices", Page{Title: p.T("pay_year.my_title"), Section: "account", Main: "narrow"}, d)
}

func formState(v *Visit, x office.YearForm) Status {
	switch {
	case x.Choice.State == store.ChoiceSigned:
		return Status{Text: v.P.T("pay_year.my_state.signed"), Tone: "ok"}
	case x.Choice.State == store.ChoiceSilent:
		return Status{Text: v.P.T("pay_year.my_state.silent"), Tone: "ok"}
	case x.Late:
		return Status{Text: v.P.T("pay_year.my_state.late"), Tone: "ok"}
	}
	return Status{Text: v.P.T("pay_year.my_state.waits", "deadline", x.Deadline), Tone: "wait"}
}

type choiceData struct {
	F        *Form
	X        office.YearForm
	Label    string
	Balance  string
	Lines    []choiceLine // the balance as a subtraction
	Options  []choiceOption
	Smooth   string // what one payment loses
	Months   []Option
	Partners []Option
	Profit   []string // what the limits say of profit-sharing
	Where    []Option // where it goes
	State    Status
	Open     bool // may be signed
	Chosen   []choiceLine
	Spread   Table
	Signed   string // when, and the digest
}

type choiceLine struct {
	Label  string
	Amount money.Cents
	Strong bool
}

type choiceOption struct {
	Name, About      string
	Cost, Gross, Net money.Cents
	Tax, Paid        money.Cents
	Pays             bool
	Saved            bool        // profit-sharing that goes to the plan
	Taxable          money.Cents // of profit-sharing
	Shares           bool        // profit-sharing
}

func (v *Visit) choiceAsked() (year, act int64) {
	year, _ = strconv.ParseInt(v.PathValue("year"), 10, 64)
	act, _ = strconv.ParseInt(v.PathValue("id"), 10, 64)
	return year, act
}

func (s *Server) yearForm(v *Visit) error { return s.showYearForm(v, nil, http.StatusOK) }

func (s *Server) showYearForm(v *Visit, f *Form, status int) error {
	year, act := v.choiceAsked()
	x, err := s.office.YearForm(v.Ctx(), v.Actor, year, act)
	if err != nil {
		return err
	}
	p := v.P
	d := choiceData{F: f, X: x, Label: x.Year.Span.Label(), Balance: p.Euros(x.Part.Balance), State: formState(v, x), Open: !x.Late && !x.Booked && x.Part.Balance > 0}
	if f == nil {
		d.F = v.NewForm()
		d.F.Set("months", len(x.Months))
		for _, w := range x.Part.Wishes {
			d.F.Set(string(w.Kind), w.Amount)
			switch w.Kind {
			case activity.WishPay:
				d.F.Set("months", min(max(w.Months, 1), len(x.Months)))
			case activity.WishProvision:
				d.F.Set("reason", w.Reason)
			case activity.WishTransfer:
				d.F.Set("to", w.To)
			case activity.WishProfit:
				if w.Saved {
					d.F.Set("saved", "1")
				}
			}
		}
	}
	d.F.Set("seen", strconv.FormatInt(int64(x.Part.Balance), 10))
	d.Lines = []choiceLine{{Label: p.T("pay_year.my.base"), Amount: x.Row.Base}, {Label: p.T("pay_year.my.paid"), Amount: -x.Row.Paid}}
	if x.People > 1 {
		d.Lines = append(d.Lines, choiceLine{Label: p.T("pay_year.my.result"), Amount: x.Row.Balance, Strong: true}, choiceLine{Label: p.T("pay_year.my.others", "n", x.People), Amount: x.Part.Share - x.Row.Balance})
	}
	if x.Part.Received != 0 {
		d.Lines = append(d.Lines, choiceLine{Label: p.T("pay_year.my.received"), Amount: x.Part.Received})
	}
	if x.Part.Leave != 0 {
		d.Lines = append(d.Lines, choiceLine{Label: p.T("pay_year.my.leave"), Amount: -x.Part.Leave})
	}
	d.Lines = append(d.Lines, choiceLine{Label: p.T("pay_year.my.balance"), Amount: x.Part.Balance, Strong: true})
	var first, last money.Cents
	for i, o := range x.Options {
		c := choiceOption{Cost: o.Cost, Gross: o.Gross, Net: o.Net, Tax: o.Tax, Paid: o.Paid, Pays: o.Kind == activity.WishPay, Shares: o.Kind == activity.WishProfit, Saved: o.Saved, Taxable: o.Taxable}
		if c.Pays {
			if i == 0 {
				first = o.Net
			}
			last = o.Net
			c.Name, c.About = p.T("pay_year.option.months", "n", o.Months), p.T("pay_year.option.months_about", "from", x.Months[0], "until", x.Months[o.Months-1])
		} else if c.Shares {
			key := profitKey(o.Saved)
			c.Name, c.About = p.T("pay_year.option."+key), p.T("pay_year.option_about."+key, "most", o.Cost, "term", office.ProfitTerm(x.Year.Span))
			if o.Package != 0 {
				c.About += " " + p.T("pay_year.option_about.package", "package", o.Package)
			}
		} else {
			c.Name, c.About = p.T("pay_year.option."+string(o.Kind)), p.T("pay_year.option_about."+string(o.Kind))
		}
		d.Options = append(d.Options, c)
	}
	if first > last {
		d.Smooth = p.T("pay_year.smooth", "amount", first-last, "n", len(x.Months))
	}
	d.Profit = profitSays(v, x)
	d.Where = []Option{{Value: "", Label: p.T("pay_year.wish.profit_paid")}, {Value: "1", Label: p.T("pay_year.wish.profit_saved")}}
	for n := len(x.Months); n >= 1; n-- {
		d.Months = append(d.Months, Option{Value: strconv.Itoa(n), Label: p.T("pay_year.option.months", "n", n)})
	}
	for _, a := range x.Partners {
		d.Partners = append(d.Partners, Option{Value: strconv.FormatInt(a.ID, 10), Label: a.Name})
	}
	if x.Choice.ID != 0 {
		for _, w := range x.Said.Wishes {
			label := p.T("pay_year.option." + string(w.Kind))
			switch w.Kind {
			case activity.WishPay:
				label = p.T("pay_year.option.months", "n", w.Months)
			case activity.WishProfit:
				label = p.T("pay_year.option." + profitKey(w.Saved))
			}
			d.Chosen = append(d.Chosen, choiceLine{Label: label, Amount: w.Amount})
		}
		key := "pay_year.signed_on"
		if x.Choice.State == store.ChoiceSilent {
			key = "pay_year.silent_on"
		}
		d.Signed = p.T(key, "at", p.Instant(v.At(x.Choice.At)))
		d.Spread = spreadTable(v, x.Chosen)
	}
	return v.Show("year_choice", Page{Title: p.T("pay_year.my_title"), Section: "account", Main: "narrow", Status: status}, d)
}

func profitKey(saved bool) string {
	if saved {
		return "profit_saved"
	}
	return "profit"
}

// profitSays is what the limits and the agreement say of somebody's profit-sharing.
func profitSays(v *Visit, x office.YearForm) (words []string) {
	r := x.Profit
	if r.Short {
		words = append(words, v.P.T("pay_year.profit.short", "n", x.Rule.Profit.Presence))
	}
	if r.CutAll > 0 {
		words = append(words, v.P.T("pay_year.profit.cut_all", "cut", r.CutAll))
	}
	if r.Cut > 0 {
		words = append(words, v.P.T("pay_year.profit.cut_one", "cut", r.Cut))
	}
	return words
}

// profitSheet is the sheet that stands apart from the payslip.
func (s *Server) profitSheet(v *Visit) error {
	year, act := v.choiceAsked()
	name, b, err := s.office.ProfitSheet(v.Ctx(), v.Actor, year, act)
	if err != nil {
		return err
	}
	return v.Send(name, b, true)
}

// spreadTable is what a choice gives month by month.
func spreadTable(v *Visit, s payroll.Spread) Table {
	p := v.P
	t := Table{Caption: p.T("pay_year.by_month"), Class: "plain", Cols: []Col{{Label: p.T("pay_year.month")}, {Label: p.T("pay_year.col.cost"), Num: true}, {Label: p.T("pay_year.col.gross"), Num: true}, {Label: p.T("pay_year.col.net"), Num: true}, {Label: p.T("pay_year.col.tax"), Num: true}, {Label: p.T("pay_year.col.get"), Num: true}}}
	for _, m := range s.Months {
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.Month(m.Month)), cellAmount(m.Cost, ""), cellAmount(m.Gross, ""), cellAmount(m.Net, ""), cellAmount(m.Tax, ""), cellAmount(m.Paid, "")}})
	}
	t.Foot = []Cell{cellText(p.T("pay_year.total")), cellAmount(s.Cost, "", "strong"), cellAmount(s.Gross, ""), cellAmount(s.Net, ""), cellAmount(s.Tax, ""), cellAmount(s.Paid, "", "strong")}
	return t
}

func (s *Server) yearSigned(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	year, act := v.choiceAsked()
	if _, err := s.office.YearForm(v.Ctx(), v.Actor, year, act); err != nil {
		return err
	}
	var wishes []activity.Wish
	for _, k := range activity.WishKinds() {
		if f.Get(string(k)) == "" {
			continue
		}
		w := activity.Wish{Kind: k, Amount: f.Cents(string(k))}
		if w.Amount == 0 {
			continue
		}
		switch k {
		case activity.WishPay:
			w.Months = f.Int("months", 1, 12)
		case activity.WishProvision:
			w.Reason = f.Text("reason", 250)
		case activity.WishTransfer:
			w.To = f.ID("to")
		case activity.WishProfit:
			w.Saved = f.Bool("saved")
		}
		wishes = append(wishes, w)
	}
	seen, err := strconv.ParseInt(f.Get("seen"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "web.form_broken").Wrap(err)
	}
	f.Label("sum", v.P.T("pay_year.sum"))
	if !f.Bool("agreed") {
		f.Refuse("agreed", "pay_year.fault.agreed")
	}
	if f.OK() {
		if _, err := s.office.SignYear(v.Ctx(), v.Actor, year, act, wishes, money.Cents(seen), f.Key); err == nil {
			v.Say("pay_year.said_signed")
			return v.Go(v.URL("year-choice", year, act))
		} else if !f.Take(err) {
			return err
		}
	}
	return s.showYearForm(v, f, http.StatusUnprocessableEntity)
}
