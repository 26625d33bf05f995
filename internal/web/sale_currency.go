package web

import (
	"strings"

	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// What the form of a document holds of another currency than the euro: which one, its rate with the day and the source of
// it. A foreign customer's own is proposed until the person chooses; the rate is the last that the accountant keeps.

// readCurrency reads it. What its invoice or its quote decides, the use case takes from there again.
func readCurrency(f *Form, d sale.Document, c *sale.Content) {
	was := d.Content
	if !f.Has("currency") || d.Kind == sale.CreditNote {
		c.Currency, c.Exchange, c.ExchangeOn, c.ExchangeSource = was.Currency, was.Exchange, was.ExchangeOn, was.ExchangeSource
		return
	}
	c.Currency = f.Get("currency")
	if c.Currency == "EUR" {
		c.Currency = ""
	}
	if of := f.Get("exchangeOf"); c.Currency != "" && (of == "" || of == c.Currency) {
		c.Exchange, c.ExchangeOn, c.ExchangeSource = f.Micro("exchange"), f.Day("exchangeOn"), f.Text("exchangeSource", 100)
	}
}

// fillCurrency writes it into the fields of the form.
func fillCurrency(f *Form, c sale.Content) {
	if c.Currency == "" {
		c.Currency = "EUR"
	}
	f.Set("currency", c.Currency).Set("exchangeSource", c.ExchangeSource).Set("exchangeOn", c.ExchangeOn)
	if c.Exchange != 0 {
		f.Set("exchange", c.Exchange)
	}
}

// usualCurrency is what a customer most likely pays in.
func usualCurrency(c sale.Customer) string {
	if c.Kind == sale.Foreign || c.Kind == sale.EUCompany {
		return sale.CurrencyOf(c.Address.Country)
	}
	return "EUR"
}

func currencyOr(c sale.Content) string {
	if c.Currency == "" {
		return "EUR"
	}
	return c.Currency
}

// CurrencyFixed says whether the currency is that of what the document comes from.
func (d *saleForm) CurrencyFixed() bool { return d.Credit() || d.Doc.Origin != 0 }

// InCurrency says whether the choice of a currency stands in sight rather than among what is rarely asked.
func (d *saleForm) InCurrency() bool {
	k := d.Buyer().Kind
	return d.Doc.Content.Abroad() || k == sale.Foreign || k == sale.EUCompany
}

// CurrencyMode is the currency as long as nobody chose it: it follows the customer. It is empty once the person chose.
func (d *saleForm) CurrencyMode() string {
	if currencyOr(d.Doc.Content) != usualCurrency(d.Buyer()) {
		return ""
	}
	return currencyOr(d.Doc.Content)
}

// followCurrency gives a document the currency of its customer, unless the person chose; it says whether it changed.
func (d *saleForm) followCurrency() bool {
	usual, mode := usualCurrency(d.Sheet.Facts.Customer), d.F.Get("currencyMode")
	if d.CurrencyFixed() || mode == "" || mode != d.F.Get("currency") || mode == usual {
		return false
	}
	c := &d.Doc.Content
	c.Currency, c.Exchange, c.ExchangeOn, c.ExchangeSource = usual, 0, 0, ""
	if usual == "EUR" {
		c.Currency = ""
	}
	return true
}

// showRate writes into the fields the rate that the document took of those the house keeps; what was typed and cannot be
// read stays.
func (d *saleForm) showRate() {
	c := d.Doc.Content
	d.F.Set("currency", currencyOr(c))
	if d.Credit() || !c.Abroad() || c.Exchange == 0 || d.F.Refusal("exchange") != "" || d.F.Refusal("exchangeOn") != "" {
		return
	}
	d.F.Set("exchange", c.Exchange).Set("exchangeOn", c.ExchangeOn).Set("exchangeSource", c.ExchangeSource)
}

// Own are the amounts of the form, in the currency of the document.
func (d *saleForm) Own() sale.Totals { return d.Doc.Totals.Own() }

// Sum writes an amount in the currency of the document of the form.
func (s screen) Sum(v money.Cents) string { return s.P.Sum(s.content().Sum(v)) }

// content is that of the document which the page is about.
func (s screen) content() (c sale.Content) {
	switch d := s.D.(type) {
	case *saleForm:
		c = d.Doc.Content
	case *salePage:
		c = d.Doc.Content
	case *invoicingPage:
		c = d.Quote.Content
	}
	return c
}

// Sign stands behind a field of an amount: « € », « USD ».
func (s screen) Sign() string {
	if c := s.content(); c.Abroad() {
		return c.Currency
	}
	return "€"
}

// CurrencyOptions are the euro and the currencies that a document may be written in.
func (s screen) CurrencyOptions() []Option {
	return currencyOptions(s.P, Option{Value: "EUR", Label: s.P.T("form.currency_eur")})
}

// currencyOptions are the currencies that a document may be written in, after a first choice.
func currencyOptions(p i18n.Printer, first Option) []Option {
	list := []Option{first}
	for _, code := range sale.Currencies() {
		list = append(list, Option{Value: code, Label: code + " · " + p.T("currency."+lower(code))})
	}
	return list
}

func lower(code string) string { return strings.ToLower(code) }

// CurrencyNote says which currency the document bears, and by what it is decided.
func (s screen) CurrencyNote() string {
	d, ok := s.D.(*saleForm)
	if !ok {
		return ""
	}
	if d.Credit() {
		return s.P.T("form.currency_credit", "currency", d.Doc.Content.Currency, "rate", rateWords(s.P, d.Doc.Content))
	}
	return s.P.T("form.currency_quote", "currency", d.Doc.Content.Currency)
}

// NewerRate tells of a rate of a later day than that of the document.
func (s screen) NewerRate() string {
	d, ok := s.D.(*saleForm)
	if !ok || d.Sheet.Newer == nil {
		return ""
	}
	r := d.Sheet.Newer
	return s.P.T("form.exchange_newer", "rate", r.Rate, "currency", r.Currency, "source", r.Source, "on", r.Day)
}

// rateWords writes a rate: « 1 € = 1,0854 USD, BCE, 20 nov. 2026 ».
func rateWords(p i18n.Printer, c sale.Content) string {
	if !c.Abroad() || c.Exchange == 0 {
		return ""
	}
	return p.T("form.exchange_words", "rate", c.Exchange, "currency", c.Currency, "source", c.ExchangeSource, "on", c.ExchangeOn)
}

// ownGross is what a document of a list comes to in its currency; a credit note in minus.
func ownGross(p i18n.Printer, r *store.SaleRow) string {
	gross := r.Own.Gross
	if r.Kind == sale.CreditNote {
		gross = -gross
	}
	return p.Sum(i18n.Sum{Amount: gross, Currency: r.Currency})
}

// ownSums writes amounts of other currencies: « 1 000,00 CHF, 250,00 USD ».
func ownSums(p i18n.Printer, own []i18n.Sum) string {
	var list []string
	for _, x := range own {
		list = append(list, p.Sum(x))
	}
	return strings.Join(list, ", ")
}

// ownWords says beside a total in euros what of it is owed in other currencies.
func ownWords(p i18n.Printer, before string, own []i18n.Sum) string {
	if len(own) == 0 {
		return ""
	}
	return before + p.T("owed.own", "list", ownSums(p, own))
}

// bothSums is an amount in the currency of a document with its euros beside; in euros alone, they are it.
func bothSums(p i18n.Printer, c sale.Content, own, euros money.Cents) string {
	if !c.Abroad() {
		return p.Euros(euros)
	}
	return p.Sum(c.Sum(own)) + " (" + p.Euros(euros) + ")"
}

// RemainsOwn says what remains to be paid in the currency of the invoice.
func (s screen) RemainsOwn() string {
	d := s.salePage().Doc
	if d.Kind != sale.Invoice || !d.Content.Abroad() || sale.Remaining(d) == 0 {
		return ""
	}
	left, _ := sale.Owing(d)
	return s.P.T("sale_page.remains_own", "own", d.Content.Sum(left))
}
