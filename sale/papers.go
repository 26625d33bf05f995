package sale

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Papers is what a document says beyond its lines because of what is sold, where and to whom.
//
// Sources: CGI 279-0 bis and 278-0 bis A (works in dwellings; since the loi de finances pour 2025 the customer certifies on
// the quote or the invoice, in place of form 1301-SD); CGI 283-2 nonies (subcontracted works); Code de la consommation
// L111-1, L221-1, L221-5, L221-10, L221-18, L221-25, L221-28 and the annex to R221-1 (consumers away from the shop);
// Code des assurances L241-1 and L243-2, loi 96-603 art. 22-2 (ten-year insurance).
type Papers struct {
	Housing     *Housing `json:"housing,omitempty"`
	Subcontract bool     `json:"subcontract,omitempty"` // works for a main contractor, who owes the VAT
	Place       Place    `json:"place,omitempty"`       // quotes to consumers: where it is signed
	Waiver      string   `json:"waiver,omitempty"`      // why there is no right of withdrawal: one of [Waivers]
	Early       bool     `json:"early,omitempty"`       // the customer asks that the service begin before the fourteen days are over
	Prompt      string   `json:"prompt,omitempty"`      // why money may be taken within the seven days: one of [Prompts]
	Delay       string   `json:"delay,omitempty"`       // delay of execution, when it is no day
}

// Housing is what the customer certifies of a dwelling whose works bear a reduced rate.
type Housing struct {
	Old     bool   `json:"old"` // finished more than two years ago
	Address string `json:"address"`
	Work    string `json:"work"` // one of [HousingWorks]
}

// Place is where a consumer signs.
type Place string

// The places. Away from the shop is at home, at work, at a fair where people are canvassed (L221-1 I 2°).
const (
	Shop     Place = "shop"
	Home     Place = "home"
	Distance Place = "distance"
)

// Places returns the places in the order forms show them.
func Places() []Place { return []Place{Shop, Home, Distance} }

// HousingWorks are the natures of works in a dwelling: "improve" at 10 %, "energy" at 5.5 %.
func HousingWorks() []string { return []string{"improve", "energy"} }

// Waivers are the exceptions to the right of withdrawal that a craft or a service meets (L221-28): "urgent" 8°, "bespoke"
// 3°, "perishable" 4°, "dated" 12°.
func Waivers() []string { return []string{"urgent", "bespoke", "perishable", "dated"} }

// Prompts are the contracts made away from the shop for which money may be taken at once (L221-10): "meeting" 3°, at the home
// of the seller or of a consumer who agreed to it; "service" 2°, services at home given over time by an approved body. The
// urgent repairs of 4° are a waiver.
func Prompts() []string { return []string{"meeting", "service"} }

const (
	unpaidDays = 7 // L221-10
	maxDelay   = 100
)

// NeedsHousing says whether a line of works bears a reduced rate, which is that of dwellings of more than two years.
func NeedsHousing(d Document, f Facts) bool {
	return d.Kind != CreditNote && writer{d: d, f: f}.reducedWorks()
}

// NeedsPlace says whether it matters where the document is signed: a quote to a consumer.
func NeedsPlace(d Document, f Facts) bool { return d.Kind == Quote && f.Customer.Kind == Consumer }

// SellsWorks says whether a line sells building works.
func SellsWorks(d Document) bool {
	return slices.ContainsFunc(d.Content.Lines, func(l Line) bool { n, _ := NatureOf(l.Nature); return n.Works })
}

// papers are those of the document, never nil.
func (c Content) papers() Papers {
	if c.Papers == nil {
		return Papers{}
	}
	return *c.Papers
}

// checkPapersDraft refuses what no draft may hold.
func checkPapersDraft(c Content) []error {
	var errs []error
	p := c.papers()
	if p.Housing != nil {
		errs = append(errs, checkText("housing.address", p.Housing.Address, maxTitle)...)
		if p.Housing.Work != "" && !slices.Contains(HousingWorks(), p.Housing.Work) {
			errs = append(errs, fault.At("housing.work", "sale.fault.housing_work"))
		}
	}
	errs = append(errs, checkText("delay", p.Delay, maxDelay)...)
	if p.Place != "" && !slices.Contains(Places(), p.Place) {
		errs = append(errs, fault.At("place", "sale.fault.place"))
	}
	if p.Waiver != "" && !slices.Contains(Waivers(), p.Waiver) {
		errs = append(errs, fault.At("waiver", "sale.fault.waiver"))
	}
	if p.Prompt != "" && !slices.Contains(Prompts(), p.Prompt) {
		errs = append(errs, fault.At("prompt", "sale.fault.prompt"))
	}
	return errs
}

// checkPapers tells what the law asks of the document and is not there yet.
func checkPapers(d Document, f Facts) []error {
	if d.Kind == CreditNote {
		return nil
	}
	p := d.Content.papers()
	errs := append(checkWritten("delay", p.Delay), checkHousing(d, f)...)
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if NeedsPlace(d, f) {
		goods, _ := writer{d: d, f: f}.sells()
		switch {
		case p.Place == "": // the notice of withdrawal and what may be cashed depend on it: practice 32
			bad("place", "sale.fault.place_missing")
		case p.Place != Home && p.Place != Distance:
		case p.Waiver == "bespoke" && !goods && !SellsWorks(d):
			bad("waiver", "sale.fault.waiver_goods")
		case d.Content.Delivered == 0 && p.Delay == "": // L221-5, L111-1 3°
			bad("delay", "sale.fault.delay_missing")
		}
	}
	if p.Subcontract {
		for i, l := range d.Content.Lines {
			if n, _ := NatureOf(l.Nature); n.Works && l.Tax != taxWorksReverse && f.Customer.Kind == Company {
				errs = append(errs, lineFault(i, "tax", "sale.fault.subcontract_taxed"))
			}
		}
	}
	if SellsWorks(d) {
		if e := checkCover(d, f); e != nil {
			errs = append(errs, e)
		}
	}
	return errs
}

// checkHousing: what a reduced rate on works asks, and on an invoice the customer's certificate (CGI 279-0 bis 3).
func checkHousing(d Document, f Facts) []error {
	if !NeedsHousing(d, f) {
		return nil
	}
	var errs []error
	h := Housing{}
	if p := d.Content.papers(); p.Housing != nil {
		h = *p.Housing
	}
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if !h.Old {
		bad("housing.old", "sale.fault.housing_old")
	}
	if strings.TrimSpace(h.Address) == "" {
		bad("housing.address", "sale.fault.housing_address")
	}
	errs = append(errs, checkWritten("housing.address", h.Address)...)
	if h.Work == "" {
		bad("housing.work", "sale.fault.housing_work")
	}
	for i, l := range d.Content.Lines {
		if n, _ := NatureOf(l.Nature); n.Works && h.Work != "energy" && f.Taxes[l.Tax].Rate > 0 && f.Taxes[l.Tax].Rate < 10*money.Percent {
			errs = append(errs, lineFault(i, "tax", "sale.fault.housing_energy"))
		}
	}
	if len(errs) == 0 && d.Kind == Invoice && !f.Certified {
		bad("housing", "sale.fault.certificate_missing", "customer", f.Customer.FullName())
	}
	return errs
}

// opens is the day on which the site opens, as far as it is known: the insurance of that day answers for ten years.
func opens(d Document, f Facts) date.Day {
	switch c := d.Content; {
	case c.DeliveredFrom != 0:
		return c.DeliveredFrom
	case c.Delivered != 0:
		return c.Delivered
	}
	return f.Today
}

// checkCover: where the insurance is told with its days, it covers the day the site opens. Where only a text is, nobody can
// tell, and the text is printed as it stands.
func checkCover(d Document, f Facts) error {
	c, on := f.Activity.Cover, opens(d, f)
	switch {
	case c == (coop.Cover{}), c.On(on):
		return nil
	case c.From > on:
		return fault.New(fault.Invalid, "sale.fault.cover_ahead", "activity", f.Activity.Name, "from", c.From, "on", on)
	}
	return fault.New(fault.Invalid, "sale.fault.cover_over", "activity", f.Activity.Name, "until", c.Until, "on", on)
}

// coverWords print an insurance.
func (w writer) coverWords(c coop.Cover) string {
	text := w.p.T("paper.cover", "insurer", c.Insurer, "contract", c.Contract, "zone", c.Zone)
	if c.From != 0 && c.Until != 0 {
		text += " " + w.p.T("paper.cover_days", "from", c.From, "until", c.Until)
	}
	return text
}

// paperMentions are the mentions that come from [Papers].
func (w writer) paperMentions(add func(string)) {
	p := w.d.Content.papers()
	if w.d.Kind == CreditNote {
		return
	}
	if SellsWorks(w.d) {
		if c := w.f.Activity.Cover; c.On(opens(w.d, w.f)) {
			add(w.coverWords(c))
		}
	}
	if p.Delay != "" {
		add(w.p.T("paper.delay", "delay", p.Delay))
	}
	if w.d.Kind != Quote || w.f.Customer.Kind != Consumer {
		return
	}
	switch {
	case p.Place == Shop:
		add(w.p.T("paper.signed_shop"))
	case p.Place == "":
	case p.Waiver != "":
		add(w.p.T("paper.no_withdrawal", "why", w.p.T("sale.waiver."+p.Waiver)))
	default:
		add(w.p.T("paper.withdrawal"))
		if p.Place == Home && p.Prompt == "" {
			add(w.p.T("paper.unpaid", "n", unpaidDays))
		}
		if p.Early {
			add(w.p.T("paper.early"))
		}
	}
}

// certificate is what the customer certifies with their signature of the quote, or on the invoice.
func (w writer) certificate() string {
	h := w.d.Content.papers().Housing
	if h == nil || w.d.Kind == CreditNote || !w.reducedWorks() {
		return ""
	}
	key := "paper.certificate_improve"
	if h.Work == "energy" {
		key = "paper.certificate_energy"
	}
	return w.p.T(key, "name", w.f.Customer.FullName(), "address", h.Address)
}

// annex is the notice and the model form that go with a quote signed away from the shop: the annex to R221-1 (décret 2022-424)
// and the notice of R221-3 (also décret 2026-3 art. 7), whose wording the decrees give, in the order that they give.
func (w writer) annex() []Pair {
	if !Withdrawable(w.d, w.f.Customer) {
		return nil
	}
	goods, services := w.sells()
	c, p := w.f.Coop, w.p
	to := strings.Join(compact([]string{c.Name + " (" + w.f.Activity.Name + ")", strings.Join(w.address(c.Address), ", "), c.Phone, cmp.Or(w.f.Activity.Email, c.Email)}), ", ")
	start := p.T("paper.annex_services_start")
	if goods {
		start = p.T("paper.annex_goods_start")
	}
	all := []Pair{{p.T("paper.annex_title"), p.T("paper.annex_right")}, {"", start}, {"", p.T("paper.annex_how", "to", to)}, {"", p.T("paper.annex_online")}, {p.T("paper.annex_effects_title"), p.T("paper.annex_effects")}}
	if goods {
		all = append(all, Pair{"", p.T("paper.annex_withhold")}, Pair{"", p.T("paper.annex_return")}, Pair{"", p.T("paper.annex_cost")}, Pair{"", p.T("paper.annex_worth")})
	}
	if services {
		all = append(all, Pair{"", p.T("paper.annex_begun")})
	}
	what := w.d.Content.Title
	if w.d.Number != "" {
		what = fmt.Sprintf("%s (%s %s)", what, strings.ToLower(w.title()), w.d.Number)
	}
	return append(all, Pair{p.T("paper.form_title"), p.T("paper.form_use")}, Pair{"", p.T("paper.form_to", "to", to)}, Pair{"", p.T("paper.form_words", "what", what)},
		Pair{"", p.T("paper.form_ordered")}, Pair{"", p.T("paper.form_name")}, Pair{"", p.T("paper.form_address")}, Pair{"", p.T("paper.form_sign")}, Pair{"", p.T("paper.form_day")}, Pair{"", p.T("paper.form_strike")})
}

// PaidTooSoon returns the first day on which money may be taken for a quote that a consumer signed away from the shop, and
// whether day comes before it. Nothing is taken before seven days from the contract are over (L221-10), the day of the
// contract not counted; repairs that the customer called for urgently and the other contracts of [Prompts] are apart.
func PaidTooSoon(quote Document, customer Customer, signed, day date.Day) (from date.Day, soon bool) {
	p := quote.Content.papers()
	if customer.Kind != Consumer || p.Place != Home || p.Waiver == "urgent" || p.Prompt != "" || signed == 0 {
		return 0, false
	}
	from = signed + unpaidDays + 1
	return from, day < from
}

// WithPublic writes into the document what a public buyer usually asks and the person left to the customer's sheet, so
// that it stays what was validated.
func (c Content) WithPublic(buyer Customer) Content {
	if buyer.Kind != Public {
		return c
	}
	if c.Service == "" {
		c.Service = buyer.ServiceCode
	}
	if c.Contract == "" {
		c.Contract = buyer.ContractRef
	}
	return c
}

// Remembered returns the customer with what a document told of its usual service and contract, and whether that is news.
func (c Customer) Remembered(d Document) (Customer, bool) {
	if c.Kind != Public {
		return c, false
	}
	was := c
	if c.ServiceCode == "" {
		c.ServiceCode = d.Content.Service
	}
	if c.ContractRef == "" {
		c.ContractRef = d.Content.Contract
	}
	return c, c != was
}
