package sale

import (
	"essaim/activity"
	"essaim/coop"
	"essaim/member"
	"essaim/money"
)

// Imprint is what stands around a document on its paper, as it was when it was validated: what the cooperative, the
// activity, the customer or a rule become later never changes a document that left. What its customer signs, what the page
// shows and what is filed, however late, is one and the same.
type Imprint struct {
	House    House
	Customer Customer
}

// House is the side of an imprint that many documents share: who sells, on which terms.
type House struct {
	Coop         coop.Cooperative
	Activity     activity.Activity
	Contract     member.Contract
	Entrepreneur string
	Others       []Signer
	VAT          coop.VAT
	Terms        coop.Terms
	Mentions     coop.Mentions
	Interest     coop.LateBasis // of what is paid late, with Rate
	Rate         money.Rate
}

// ImprintOf returns what the paper of a document shows of its surroundings today.
func ImprintOf(f Facts) Imprint {
	return Imprint{
		House{f.Coop, f.Activity, f.Contract, f.Entrepreneur, f.Others, f.Rules.VAT, f.Rules.Terms, f.Rules.Mentions, f.Rules.Reminders.Interest, f.Rules.Reminders.Rate},
		f.Customer,
	}
}

// worn returns the facts as the paper of the document shows them.
func (f Facts) worn() Facts {
	m := f.Imprint
	if m == nil {
		return f
	}
	h := m.House
	f.Coop, f.Activity, f.Contract, f.Entrepreneur, f.Others = h.Coop, h.Activity, h.Contract, h.Entrepreneur, h.Others
	f.Rules.VAT, f.Rules.Terms, f.Rules.Mentions, f.Customer = h.VAT, h.Terms, h.Mentions, m.Customer
	f.Rules.Reminders.Interest, f.Rules.Reminders.Rate = h.Interest, h.Rate
	return f
}
