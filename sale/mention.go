package sale

import (
	"slices"
	"strings"

	"essaim/coop"
	"essaim/i18n"
)

// mentions returns every mandatory mention that stands nowhere else on the paper.
//
// Sources: Code de commerce R127-3 (CAPE); CGI ann. II 242 nonies A (ground of an exemption, « Autoliquidation »; since
// décret 2022-1299 nature of the operations and option for debits, printed before they are compulsory); Code de commerce
// L441-9, L441-10, D441-5 (discount, late rate, 40 €) and, for public buyers, Code de la commande publique L2192-13;
// loi 96-603 art. 22-2 (insurance of the building trades); Code de la consommation
// L616-1 (mediator), L217-3 (guarantee of goods); CGI 279-0 bis (works at a reduced rate).
func (w writer) mentions() []string {
	d, f, p := w.d, w.f, w.p
	goods, services := w.sells()
	var list []string
	add := func(s string) {
		if strings.TrimSpace(s) != "" {
			list = append(list, s)
		}
	}
	for _, s := range f.capes() {
		add(p.T("paper.cape", "name", s.Name, "end", s.Contract.End, "coop", f.Coop.Name,
			"seat", strings.Join(w.address(f.Coop.Address), ", "), "siren", coop.GroupSIREN(f.Coop.SIREN)))
	}
	if d.Kind == CreditNote && f.Invoice != nil {
		add(p.T("paper.credit_mention", "number", f.Invoice.Number, "on", f.Invoice.Date))
	}
	for _, g := range w.grounds() {
		add(g)
	}
	switch {
	case goods && services:
		add(p.T("paper.nature_both"))
	case goods:
		add(p.T("paper.nature_goods"))
	case services:
		add(p.T("paper.nature_services"))
	}
	if w.onDebits() && w.receipt() {
		add(p.T("paper.debits"))
	}
	add(w.depositDue())
	if w.reducedWorks() && d.Kind != CreditNote {
		if text := w.certificate(); text != "" {
			add(text)
		} else {
			add(p.T("paper.reduced_works"))
		}
	}
	w.paperMentions(add)
	switch {
	case isPenalty(d):
		w.claimed(add)
	case d.Kind == Invoice:
		w.late(add)
	}
	if d.Kind != CreditNote && !isPenalty(d) {
		if f.Activity.Insurance != "" {
			add(p.T("paper.insurance", "text", f.Activity.Insurance))
		}
		if f.Rules.Terms.Insurance != "" && f.Rules.Terms.Insurance != f.Activity.Insurance {
			add(p.T("paper.insurance", "text", f.Rules.Terms.Insurance))
		}
		if f.Customer.Kind == Consumer {
			if goods {
				add(p.T("paper.guarantee"))
			}
			if f.Coop.Mediator != "" {
				add(p.T("paper.mediator", "text", f.Coop.Mediator))
			}
		}
	}
	for _, text := range w.ownTexts() {
		add(text)
	}
	return list
}

// ownTexts are what the cooperative wrote for the natures of the lines, each once.
func (w writer) ownTexts() (list []string) {
	for _, n := range natures {
		text := w.f.Rules.Mentions.ByNature[n.Code]
		if text == "" || slices.Contains(list, text) || !slices.ContainsFunc(w.d.Content.Lines, func(l Line) bool { return l.Nature == n.Code }) {
			continue
		}
		list = append(list, text)
	}
	return list
}

// Missing names what the cooperative has not filled in and the paper of a document needs: "iban", without which an invoice
// does not say where to pay, and "mediator", compulsory on what a consumer gets (Code de la consommation L616-1). It holds
// nothing up: a payment comes by other means, and an author cannot fill in what the cooperative owes.
func Missing(d Document, f Facts) (names []string) {
	if d.Kind == Invoice && f.Coop.IBAN == "" {
		names = append(names, "iban")
	}
	if d.Kind != CreditNote && f.Customer.Kind == Consumer && f.Coop.Mediator == "" {
		names = append(names, "mediator")
	}
	return names
}

// late says what a late payer owes and what an early one gains. None of it bears on consumers. Public buyers pay the
// interest of public contracts, whatever the seller's terms say.
func (w writer) late(add func(string)) {
	t, p := w.f.Rules.Terms, w.p
	switch w.f.Customer.Kind {
	case Consumer:
		return
	case Public:
		add(p.T("paper.late_public"))
	default:
		add(p.T("paper.late", "rate", LateWords(p, w.f.Rules.Reminders)))
		add(p.T("paper.forty"))
	}
	if t.Discount != "" {
		add(strings.TrimSuffix(w.usual(t.Discount, coop.Default().Terms.Discount, "paper.discount_usual"), ".") + ".")
	}
}

// LateWords tell the late rate of professionals as documents print it: what is printed is what is counted (Code de commerce
// L441-10 II).
func LateWords(p i18n.Printer, r coop.Reminders) string {
	switch r.Interest {
	case coop.LateECB:
		return p.T("paper.late_ecb")
	case coop.LateFixed:
		return p.T("paper.late_fixed", "rate", r.Rate)
	case coop.LateLegal:
	}
	return p.T("paper.late_usual")
}

// usual returns a text of the cooperative's terms, in the language of the paper when it is the one every cooperative
// starts with; what a cooperative wrote itself stands as it is.
func (w writer) usual(text, start, key string) string {
	if text == start {
		return w.p.T(key)
	}
	return text
}
