package web

import (
	"slices"

	"essaim/internal/office"
)

// showProfit tells what was set aside as profit-sharing and where it is paid.
func (s *Server) showProfit(v *Visit, d *yearData, refused *Form) {
	p := v.P
	for _, x := range d.V.Profit {
		i := Item{Icon: "coins", Name: d.V.Names[x.Person] + ", " + d.V.Sections[x.Activity].Name, About: p.T("pay_year.profit.line", "gross", x.Gross, "written", x.Written), Amount: new(x.Gross)}
		if x.Saved {
			i.About += ", " + p.T("pay_year.profit.saved")
		}
		switch left := x.Left(); {
		case left < 0:
			i.Status = Status{Text: p.T("pay_year.profit.too_much", "over", -left), Tone: "late"}
		case left == 0:
			i.Status = Status{Text: p.T("pay_year.profit.done", "month", x.Month), Tone: "ok"}
		case x.Over:
			i.Status = Status{Text: p.T("pay_year.profit.over"), Tone: "wait"}
		default:
			i.Status = Status{Text: p.T("pay_year.profit.left", "left", left), Tone: "wait"}
			d.MayPay = d.MayPay || d.V.MayAsk && x.Person != v.Actor.Person
		}
		d.Profit = append(d.Profit, i)
	}
	d.Late = v.Today() > d.V.Term && slices.ContainsFunc(d.V.Profit, func(x office.ProfitDue) bool { return x.Left() > 0 })
	d.PF = v.NewForm()
	if refused != nil && refused.Get("month") != "" {
		d.PF = refused
	}
	first := v.Today().Month()
	for m := first; m <= max(first+3, d.V.Term.Month()) && m <= first+12; m++ {
		d.Months = append(d.Months, Option{Value: m.String(), Label: p.Month(m)})
	}
}

func (s *Server) yearProfit(v *Visit) error {
	return s.yearDeed(v, func(f *Form, year int64) (string, error) {
		m := f.Month("month")
		if !f.OK() {
			return "", errAbsent()
		}
		n, err := s.office.PayProfit(v.Ctx(), v.Actor, year, m, f.Key)
		if err == nil {
			v.Say("pay_year.said_profit", "n", n, "month", m)
		}
		return "", err
	})
}
