package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/i18n"
	"essaim/sale"
)

// usualDelays are the delays of payment that forms propose, as far as the law leaves them to the buyer.
var usualDelays = []coop.Delay{
	{}, {Days: 8}, {Days: 15}, {Days: 30}, {Days: 45}, {Days: 60},
	{Days: 0, Month: coop.ThenEnd}, {Days: 30, Month: coop.ThenEnd}, {Days: 45, Month: coop.ThenEnd}, {Days: 45, Month: coop.FromEnd}, {Days: 30, Month: coop.FromEnd, Day: 10},
}

// Delay reads a delay of payment as people write it; an empty field is « à réception ».
func (f *Form) Delay(name string) coop.Delay { return read(f, name, coop.ParseDelay, "coop.delay_odd") }

// DelayCode reads one that may be left to others: an empty field is none.
func (f *Form) DelayCode(name string) string {
	if f.Get(name) == "" {
		return ""
	}
	d := f.Delay(name)
	if f.Refusal(name) != "" {
		return ""
	}
	return d.Code()
}

// setDelay writes a delay in words; none leaves the field empty.
func (f *Form) setDelay(name, code string) *Form {
	if d, err := coop.ParseDelay(code); err == nil {
		f.values.Set(name, d.Words(f.P))
	}
	return f
}

// delayLabel is how a list of choices says a delay.
func delayLabel(p i18n.Printer, d coop.Delay) string { return upperFirst(d.Words(p)) }

func upperFirst(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// delayOptions are the choices of a form: what the law leaves to the customer, what the document has, and what was agreed.
func delayOptions(p i18n.Printer, f sale.Facts, now coop.Delay) []Option {
	given, whose := f.Delay()
	list := slices.Clone(usualDelays)
	list = slices.DeleteFunc(list, func(d coop.Delay) bool { return !f.Customer.Lawful(d, f.Today) })
	for _, d := range []coop.Delay{given, now} {
		if !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b coop.Delay) int {
		return cmp.Or(cmp.Compare(len(a.Month), len(b.Month)), cmp.Compare(a.Days, b.Days), cmp.Compare(a.Day, b.Day))
	})
	var all []Option
	for _, d := range list {
		o := Option{Value: d.Code(), Label: delayLabel(p, d)}
		if d == given && whose == sale.OfCustomer {
			o.Label = p.T("form.due_of_customer", "delay", o.Label)
		}
		all = append(all, o)
	}
	return all
}

// DueOptions are the delays of payment of a document's form.
func (s screen) DueOptions() []Option {
	d, ok := s.D.(*saleForm)
	if !ok {
		return nil
	}
	return delayOptions(s.P, d.Sheet.Facts, d.Doc.Content.Delay())
}

// DelayList are delays to choose from while one is typed: fields name it "list=delays".
func (s screen) DelayList() template.HTML {
	m := new(markup).raw(`<datalist id="delays">`)
	for _, d := range usualDelays {
		m.raw("<option").attr("value", d.Words(s.P)).raw("></option>")
	}
	return m.raw("</datalist>").html()
}

// PublicKinds are the kinds of public buyer, with how long the law leaves them.
func (s screen) PublicKinds() []Option {
	var list []Option
	for _, k := range sale.PublicBuyers() {
		n := sale.Customer{Kind: sale.Public, Public: k}.MaxDelay(s.Actor.Today)
		list = append(list, Option{Value: string(k), Label: s.P.T("customers.public."+cmp.Or(string(k), "administration"), "n", n)})
	}
	return list
}

// delayRuleWords say the delays of the cooperative.
func delayRuleWords(p i18n.Printer, t coop.Terms) []string {
	words := []string{p.T("rules.terms_due", "delay", t.Delay().Words(p))}
	if d, err := coop.ParseDelay(t.Consumers); err == nil {
		words = append(words, p.T("rules.terms_consumers", "delay", d.Words(p)))
	}
	return words
}

// DueGiven is the delay that the form proposed as long as nobody chose another, and DueFor to whom: a document whose
// customer changes takes the delay agreed with the new one.
func (d *saleForm) DueGiven() string {
	given, _ := d.Sheet.Facts.Delay()
	if d.Doc.Origin != 0 || given != d.Doc.Content.Delay() {
		return ""
	}
	return given.Code()
}

// followDelay takes the delay of the customer just chosen, when the form still holds what it proposed for another.
func (v *Visit) followDelay(f *Form, d *saleForm) error {
	given := f.Get("dueGiven")
	if given == "" || given != f.Get("dueDays") || d.Doc.Kind == sale.CreditNote || f.ID("dueFor") == d.Doc.Customer {
		return nil
	}
	delay, err := v.s.office.Delay(v.Ctx(), v.Actor, v.Activity, d.Doc.Customer)
	if err != nil {
		return err
	}
	d.Doc.Content.SetDelay(delay)
	f.values.Set("dueDays", delay.Code())
	return nil
}

// customerPays tells on a customer's page how they are to pay and how they do.
func (v *Visit) customerPays(d *customerPage) error {
	pays, err := v.s.office.CustomerPays(v.Ctx(), v.Actor, d.Customer.ID)
	if err != nil {
		return err
	}
	p, h := v.P, pays.Habit
	d.Agreed = p.T("form.due_from."+string(pays.Whose), "delay", delayLabel(p, pays.Delay))
	if h.Invoices == 0 {
		return nil
	}
	late := p.T("customers.habit_on")
	switch {
	case h.Late > 0:
		late = p.T("customers.habit_late", "n", h.Late)
	case h.Late < 0:
		late = p.T("customers.habit_early", "n", -h.Late)
	}
	d.Habit = []string{upperFirst(p.T("customers.habit_days", "n", h.Days)), upperFirst(late) + ", " + p.T("customers.habit_of", "n", h.Invoices)}
	return nil
}
