package web

import (
	"fmt"
	"slices"
	"strconv"

	"essaim/i18n"
	"essaim/money"
	"essaim/sale"
)

// A payment of an invoice in another currency says two things: what it settles in that currency, and the euros that came to
// the bank. What the rates make of the difference is shown before it is recorded.

// partField is the field of what a payment settles of an invoice: in the currency of the invoice.
func partField(inv sale.Document) string {
	if inv.Content.Abroad() {
		return fmt.Sprintf("own[%d]", inv.ID)
	}
	return fmt.Sprintf("alloc[%d]", inv.ID)
}

// partOf is that part.
func partOf(inv sale.Document, part money.Cents) sale.Allocation {
	if inv.Content.Abroad() {
		return sale.Allocation{Invoice: inv.ID, Foreign: part}
	}
	return sale.Allocation{Invoice: inv.ID, Amount: part}
}

// wholeOf settles all that is left of an invoice, in its currency.
func wholeOf(inv sale.Document) sale.Allocation {
	left, _ := sale.Owing(inv)
	return partOf(inv, left)
}

// ownOpen is an open invoice in another currency.
func (s *Server) ownOpen(v *Visit, inv sale.Document, d *newPaymentData) openInvoice {
	left, currency := sale.OwnPayable(inv), inv.Content.Currency
	o := openInvoice{
		ID: inv.ID, Number: inv.Number, Title: inv.Content.Title, When: v.P.T("payments.due", "due", inv.Due), Left: sale.Payable(inv), Lost: inv.Lost > 0, Field: partField(inv), Href: v.URL("sales", inv.ID),
		Own: left, Currency: currency,
	}
	if d != nil {
		d.Abroad = currency
		o.Status = lateStatus(v.P, inv.Due, v.Today()).HTML()
	}
	if o.Lost {
		o.When, o.Status = v.P.T("payments.written_off", "amount", inv.Lost), ""
	}
	return o
}

// Sum is what is left of the invoice in its currency.
func (o openInvoice) Sum() i18n.Sum { return i18n.Sum{Amount: o.Own, Currency: o.Currency} }

// shownExchange is the difference that a payment would leave on the exchange accounts.
type shownExchange struct {
	Tone, Strong, Text, Seen string
}

// showExchange answers with the difference, once, before it is recorded; it says whether it did. A person who changes the
// payment sees the new one.
func (s *Server) showExchange(v *Visit, f *Form, p *sale.Payment) (bool, error) {
	own := false
	for _, a := range p.Allocations {
		own = own || a.Foreign != 0
	}
	if !own || !f.OK() {
		return false, nil
	}
	tried, err := s.office.TryPayment(v.Ctx(), v.Actor, *p)
	if err != nil || tried.Exchange == 0 {
		return false, nil // told by the recording itself
	}
	if f.Get("exchangeSeen") == strconv.FormatInt(int64(tried.Exchange), 10) {
		return false, nil
	}
	h, err := v.House()
	if err != nil {
		return false, err
	}
	x := &shownExchange{Tone: ToneOK, Strong: v.P.T("payments.exchange_gain", "amount", tried.Exchange), Seen: strconv.FormatInt(int64(tried.Exchange), 10)}
	if tried.Exchange < 0 {
		x.Tone, x.Strong = ToneWait, v.P.T("payments.exchange_loss", "amount", -tried.Exchange)
	}
	key := "payments.exchange_team"
	open, _, err := s.office.CustomerOpen(v.Ctx(), v.Actor, p.Customer)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(open, func(inv sale.Document) bool {
		return inv.Lost > 0 && slices.ContainsFunc(p.Allocations, func(a sale.Allocation) bool { return a.Invoice == inv.ID })
	}) {
		key = "payments.exchange_lost"
	}
	x.Text = v.P.T(key, "book", tried.Amount-tried.Exchange, "received", tried.Amount, "activity", h.ActivityName(tried.Activity))
	return true, s.showNewPaymentWith(v, f, true, x)
}
