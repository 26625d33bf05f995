package web

import (
	"essaim/i18n"
	"essaim/sale"
)

// readPapers reads what a document says beyond its lines. Each group stands on the form when it matters; one that does not
// keeps what it held, so that a rate or a customer tried for a moment loses nothing.
func readPapers(f *Form, was *sale.Papers) *sale.Papers {
	p := sale.Papers{}
	if was != nil {
		p = *was
	}
	if f.Has("papersHousing") {
		p.Housing = &sale.Housing{Old: f.Bool("housing.old"), Address: f.Text("housing.address", 200), Work: f.Get("housing.work")}
	}
	if f.Has("papersPlace") {
		p.Place, p.Waiver, p.Early, p.Delay = sale.Place(f.Get("place")), f.Get("waiver"), f.Bool("early"), f.Text("delay", 100)
		if f.Has("prompt") {
			p.Prompt = f.Get("prompt")
		}
		if p.Place != sale.Home {
			p.Prompt = ""
		}
		if p.Place != sale.Home && p.Place != sale.Distance { // asked of these only
			p.Waiver, p.Early = "", false
		}
	}
	if f.Has("papersSubcontract") {
		p.Subcontract = f.Bool("subcontract")
	}
	if p == (sale.Papers{}) || p == (sale.Papers{Housing: p.Housing}) && *p.Housing == (sale.Housing{}) {
		return nil
	}
	return &p
}

func fillPapers(f *Form, p *sale.Papers) {
	if p == nil {
		return
	}
	f.Set("place", string(p.Place)).Set("waiver", p.Waiver).Set("early", p.Early).Set("prompt", p.Prompt).Set("delay", p.Delay).Set("subcontract", p.Subcontract)
	if h := p.Housing; h != nil {
		f.Set("housing.old", h.Old).Set("housing.address", h.Address).Set("housing.work", h.Work)
	}
}

// Housed, Placed and Subcontracted say which groups the form shows.
func (d *saleForm) Housed() bool { return sale.NeedsHousing(d.Doc, d.Sheet.Facts) }
func (d *saleForm) Placed() bool { return sale.NeedsPlace(d.Doc, d.Sheet.Facts) }
func (d *saleForm) Subcontracted() bool {
	return !d.Credit() && sale.SellsWorks(d.Doc) && d.Buyer().Kind == sale.Company
}

// Away says whether the quote is signed where a consumer may withdraw.
func (d *saleForm) Away() bool {
	p := d.Doc.Content.Papers
	return p != nil && (p.Place == sale.Home || p.Place == sale.Distance)
}

// AtShop and AtHome say which of the places it is: the seven days are of those who sign where nobody sells.
func (d *saleForm) AtShop() bool {
	return d.Doc.Content.Papers != nil && d.Doc.Content.Papers.Place == sale.Shop
}
func (d *saleForm) AtHome() bool {
	return d.Doc.Content.Papers != nil && d.Doc.Content.Papers.Place == sale.Home
}

// Certify says that an invoice still waits for the customer's certificate.
func (d *saleForm) Certify() bool {
	return d.Housed() && d.Doc.Kind == sale.Invoice && !d.Sheet.Facts.Certified
}

// PlaceOptions, WaiverOptions and HousingOptions are the choices of the form.
func (s screen) PlaceOptions() []Option {
	var all []Option
	for _, x := range sale.Places() {
		all = append(all, Option{Value: string(x), Label: s.P.T("papers.place." + string(x))})
	}
	return all
}

// WaiverOptions begin with none.
func (s screen) WaiverOptions() []Option {
	return append([]Option{{Label: s.P.T("papers.waiver_none")}}, options(s.P, "sale.waiver.", sale.Waivers()...)...)
}

// PromptOptions begin with none.
func (s screen) PromptOptions() []Option {
	return append([]Option{{Label: s.P.T("papers.prompt_none")}}, options(s.P, "sale.prompt.", sale.Prompts()...)...)
}

// HousingOptions begin with none chosen.
func (s screen) HousingOptions() []Option {
	return append([]Option{{Label: s.P.T("papers.choose")}}, options(s.P, "papers.work.", sale.HousingWorks()...)...)
}

// papersChanges tells what differs between two states.
func papersChanges(p i18n.Printer, was, is *sale.Papers, add func(key, a, b string)) {
	a, b := sale.Papers{}, sale.Papers{}
	if was != nil {
		a = *was
	}
	if is != nil {
		b = *is
	}
	named := func(prefix, value string) string {
		if value == "" {
			return ""
		}
		return p.T(prefix + value)
	}
	yes := func(x bool) string {
		if x {
			return p.T("web.changed_yes")
		}
		return ""
	}
	ha, hb := sale.Housing{}, sale.Housing{}
	if a.Housing != nil {
		ha = *a.Housing
	}
	if b.Housing != nil {
		hb = *b.Housing
	}
	add("papers.old", yes(ha.Old), yes(hb.Old))
	add("papers.housing_address", ha.Address, hb.Address)
	add("papers.work", named("papers.work.", ha.Work), named("papers.work.", hb.Work))
	add("papers.place", named("papers.place.", string(a.Place)), named("papers.place.", string(b.Place)))
	add("papers.waiver", named("sale.waiver.", a.Waiver), named("sale.waiver.", b.Waiver))
	add("papers.prompt", named("sale.prompt.", a.Prompt), named("sale.prompt.", b.Prompt))
	add("papers.early", yes(a.Early), yes(b.Early))
	add("papers.delay", a.Delay, b.Delay)
	add("papers.subcontract", yes(a.Subcontract), yes(b.Subcontract))
}
