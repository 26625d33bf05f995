package web

import (
	"net/http"
	"strconv"
	"strings"

	"essaim/activity"
	"essaim/internal/office"
)

// why answers « Pourquoi ce chiffre ? »: the lines a figure is made of, each with its document, down to the last. It is a
// page of its own, or the panel alone for the account that puts it beside its figures.
func (s *Server) why(v *Visit) error {
	key := v.PathValue("figure")
	panel, err := s.office.Why(v.Ctx(), v.Actor, v.Activity, v.yearAsked(), key)
	if err != nil {
		return err
	}
	a := &panel.View.Account
	w := v.accountWords(a, panel.View.Year.ID)
	account := v.URL("a", v.Activity) + "/" + w.year
	y := w.panel(&panel)
	if key == "available" {
		y = w.available(&panel.View)
	}
	v.w.Header().Add("Vary", "HX-Request")
	if v.Partial() {
		if key != "available" {
			y.Close = account
		}
		v.html(http.StatusOK, new(markup).put(y.HTML(v.P)).b)
		return nil
	}
	page := Page{Title: y.Title, Section: "account", Main: "narrow"}
	back := w.T("account.title")
	if w.team {
		page.Section, page.Team, back = "activities", true, a.Activity.Name
	}
	head := new(markup).raw(`<div class="head"><div><a class="lk" href="`).text(account).raw(`">`).icon("arrow-left").text(back).
		raw(`</a><h1 class="ttl">`).text(y.Caption).raw("</h1>").fresh(v.freshness(&panel.View)).raw("</div></div>").html()
	return v.Blocks(page, head, y.HTML(v.P))
}

// available is the subtraction of the account: from the money there is to what remains for pay. Of a year gone by, it is
// the result.
func (w accountWords) available(view *office.AccountView) Why {
	a := &view.Account
	f := a.Available
	if !a.Year.Contains(a.Today) {
		f = a.Total.Result
	}
	y := Why{Title: w.title(f), Caption: w.label(f)}
	result, small := f.Amount, w.note(f)
	kept := f.Key == a.Available.Key && blocked(a)
	switch {
	case kept: // where no pay is possible, what remains is kept: the same lines, and no pay in their sum
		if k, ok := a.Find("kept"); ok {
			result = -k.Amount
		}
		y.Title, y.Caption, small = w.v.P.T("account.why_kept_title", "amount", result), w.T("account.kept"), w.T(keptWords[a.Why], a.WhyArgs...)
	case f.Key == a.Available.Key && a.Cash.Amount < 0: // the page's answer is another figure
		y.Title = w.v.P.T("account.why_pay_title", "amount", f.Amount)
	}
	for _, c := range f.Children {
		if c.Amount == 0 && c.Key != "cash" || kept && c.Key == "kept" {
			continue // nothing to read aloud
		}
		r := WhyRow{Label: w.label(c), Small: w.note(c), Amount: c.Amount, Href: w.why(c)}
		if c.Key == "cash" {
			r.Kind = WhyStart
		}
		y.Rows = append(y.Rows, r)
		if c.Key != "vat" || len(c.Children) < 2 {
			continue
		}
		for _, part := range c.Children {
			y.Rows = append(y.Rows, WhyRow{Kind: WhyNest, Label: w.label(part), Amount: part.Amount, Href: w.why(part)})
		}
	}
	y.Rows = append(y.Rows, WhyRow{Kind: WhyResult, Label: y.Caption, Small: small, Amount: result})
	if a.Pot.Amount != 0 && f.Key == a.Available.Key {
		y.Foot = w.v.P.T("account.pot_apart", "amount", a.Pot.Amount)
	}
	y.Ask = w.ask(view)
	return y
}

// keptWords say what is kept for, and from when pay can begin, by what prevents it.
var keptWords = map[string]string{
	"activity.why.cape": "account.kept_cape", "activity.why.from": "account.kept_from", "activity.why.no_contract": "account.kept_none",
}

func (w accountWords) title(f activity.Figure) string {
	return w.v.P.T("account.why_title", "amount", f.Amount)
}

// panel is any other figure: its parts or its lines, and its sum.
func (w accountWords) panel(p *office.Panel) Why {
	f := p.Figure
	y := Why{Title: w.title(f), Caption: w.label(f), Ask: w.ask(&p.View), Foot: w.foot(p)}
	d := w.v.documents(p.View.Account.Activity.ID)
	for _, l := range p.Lines {
		r := WhyRow{Label: w.lineWords(l), Amount: l.Amount}
		switch {
		case l.Figure != "":
			if l.Amount != 0 {
				r.Href = w.base + l.Figure + w.year
				if l.Year != 0 {
					r.Href = w.base + l.Figure + "?year=" + strconv.FormatInt(l.Year, 10)
				}
			}
		default:
			r.Href = d.href(l.Document, l.Entry)
			var small []string
			switch {
			case l.Due != 0:
				small = append(small, w.v.P.T("account.why_due", "day", l.Due))
			case l.Date != 0:
				small = append(small, w.v.P.Day(l.Date))
			}
			if l.Of != 0 {
				small = append(small, w.v.P.T("account.why_of", "amount", l.Of))
			}
			if l.What != "" {
				r.Label = w.T(l.What)
				small = append(small, w.lineWords(l))
			}
			if w.shows(l) && !strings.Contains(r.Label, l.Ref) {
				small = append(small, l.Ref)
			}
			r.Small = strings.Join(small, " · ")
		}
		y.Rows = append(y.Rows, r)
	}
	if len(p.Lines) == 0 {
		y.Rows = append(y.Rows, WhyRow{Label: w.v.P.T("account.why_none")})
	}
	y.Rows = append(y.Rows, WhyRow{Kind: WhyResult, Label: w.label(f), Small: w.note(f), Amount: f.Amount})
	return y
}

// foot says what lines cannot: what is masked, and where a figure comes from that no entry holds.
func (w accountWords) foot(p *office.Panel) string {
	for _, l := range p.Lines {
		if l.Veiled {
			return w.v.P.T("account.why_masked")
		}
	}
	switch p.Figure.Scope.Kind {
	case activity.FromPay:
		return w.v.P.T("account.why_pay")
	case activity.FromRule, activity.FromPolicy:
		return w.v.P.T("account.why_rule")
	case activity.FromEstimate:
		return w.v.P.T("account.why_estimate")
	case activity.FromRest:
		return w.v.P.T("account.why_rest")
	case activity.FromLedger, activity.FromOpen, activity.FromReceipts, activity.FromChoice, activity.FromSum:
	}
	return ""
}

// ask leads the entrepreneur to who accompanies.
func (w accountWords) ask(view *office.AccountView) *Link {
	c := Contact{Name: view.Advisor.Name(), First: view.Advisor.FirstName, Phone: view.Advisor.Phone, Email: view.Advisor.Email}
	if w.team || view.Advisor.ID == 0 || view.Advisor.ID == w.v.Actor.Person || c.Phone == "" && c.Email == "" {
		return nil
	}
	l := Link{Label: w.v.P.T("account.ask", "name", c.First), Href: string(c.Tel())}
	if c.Phone == "" {
		l.Href = "mailto:" + c.Email
	}
	return &l
}
