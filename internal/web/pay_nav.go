package web

import (
	"html/template"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
)

// payNav leads to the parts of pay: the months, what is known of people, absences, transfers, the end of the year and the
// rules, each for who may open it. m is the month whose transfers it opens.
func (v *Visit) payNav(here string, m date.Month) template.HTML {
	links := []struct {
		part, label string
		action      access.Action
		href        string
	}{
		{"months", "pay_month.nav.months", access.ViewPay, v.URL("pay")},
		{"files", "pay_month.nav.files", access.RunPay, v.URL("pay-files")},
		{"absences", "pay_month.nav.absences", access.RunPay, v.URL("pay-absences")},
		{"transfers", "pay_month.nav.transfers", access.ViewPay, v.URL("pay", m, "transfers")},
		{"book", "pay_month.nav.book", access.ViewPay, v.URL("pay", "book") + "?from=" + m.String() + "&until=" + m.String()},
		{"year", "pay_month.nav.year", access.ViewPay, v.URL("year-end")},
		{"rules", "pay_month.nav.rules", access.ViewRules, v.URL("rules") + "#" + string(coop.RulePay)},
	}
	mk := new(markup)
	mk.raw(`<nav class="seg yrs payn"`).attr("aria-label", v.P.T("pay_month.nav")).raw(">")
	for _, l := range links {
		if !v.can(l.action, 0) {
			continue
		}
		mk.raw(`<a href="`).text(l.href).raw(`"`)
		if l.part == here {
			mk.raw(` aria-current="page"`)
		}
		mk.raw("><span>").text(v.P.T(l.label)).raw("</span></a>")
	}
	return mk.raw("</nav>").html()
}
