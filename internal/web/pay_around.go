package web

import (
	"html/template"
	"strings"

	"essaim/internal/office"
)

// payAround leads to what stands around one's pay: the payslips, the file, an absence to declare, the choice of the year's
// end. On the page of the payslips these are left out.
func (v *Visit) payAround(x *office.PayAround, slips bool) template.HTML {
	p := v.P
	var l List
	for _, f := range x.Years {
		l.Items = append(l.Items, Item{Icon: "coins", Name: p.T("mypay.year_choice", "year", f.Year.Span.Label()), About: f.Activity.Name, Href: v.URL("year-choice", f.Year.ID, f.Activity.ID), Under: formState(v, f)})
	}
	if slips {
		i := Item{Icon: "file-text", Name: p.T("mypay.slips"), About: p.T("mypay.slips_none"), Href: v.URL("payslips")}
		if s := x.Last; s != nil {
			i.About, i.Amount, i.Why = p.T("mypay.slips_last", "month", s.Month), new(s.Body.Payslip.Totals.Paid), v.URL("payslips", s.ID)
		}
		l.Items = append(l.Items, i)
	}
	file := Item{Icon: "address-book", Name: p.T("payfile.mine"), About: p.T("mypay.file_about"), Href: v.URL("pay-file")}
	if len(x.Lacks) > 0 {
		file.Under = Status{Tone: ToneWait, Text: v.payLacks(x)}
	}
	l.Items = append(l.Items, file)
	if x.Paid {
		l.Items = append(l.Items, Item{Icon: "calendar-event", Name: p.T("payfile.absence_declare"), About: p.T("mypay.absence_about"), Href: v.URL("pay-file", "absence")})
	}
	if x.Chosen && len(x.Years) == 0 {
		l.Items = append(l.Items, Item{Icon: "coins", Name: p.T("pay_year.my_title"), Href: v.URL("year-choice")})
	}
	return Block{Title: p.T("mypay.around"), Body: l}.HTML(p)
}

// payLacks says what the file lacks, « Il manque l’IBAN ».
func (v *Visit) payLacks(x *office.PayAround) string {
	words := make([]string, len(x.Lacks))
	for i, key := range x.Lacks {
		words[i] = v.P.T(key)
	}
	return v.P.T("mypay.lacks", "what", strings.Join(words, ", "))
}

// payNotes are what is to be done about one's pay.
func (v *Visit) payNotes(x *office.PayAround) (all []Note) {
	p := v.P
	for _, f := range x.Unanswered() {
		all = append(all, Note{Tone: ToneWait, Icon: "coins", Strong: p.T("mypay.year_open", "year", f.Year.Span.Label(), "amount", f.Part.Balance), Text: p.T("mypay.year_until", "day", f.Deadline), Links: []Link{{Label: p.T("mypay.year_choose"), Href: v.URL("year-choice", f.Year.ID, f.Activity.ID)}}})
	}
	if len(x.Lacks) > 0 {
		all = append(all, Note{Tone: ToneWait, Icon: "alert-triangle", Strong: v.payLacks(x), Text: p.T("mypay.lacks_about"), Links: []Link{{Label: p.T("mypay.lacks_open"), Href: v.URL("pay-file")}}})
	}
	return all
}

// payToDo is the same on the home.
func (v *Visit) payToDo(x *office.PayAround) (all []Item) {
	for _, n := range v.payNotes(x) {
		all = append(all, Item{Icon: n.Icon, Name: n.Strong, About: n.Text, Act: &n.Links[0]})
	}
	return all
}
