package sale

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

const (
	maxAhead    = 366 // days a delivery may lie ahead of the invoice
	maxValidity = 731 // days of validity of a quote
)

// CheckSubmit tells everything that keeps a document from being sent to the desk or validated, joined, each with its
// field: on the document, or on the customer ("customer.siren").
func CheckSubmit(d Document, f Facts) error {
	errs := []error{CheckDraft(d, f)}
	errs = append(errs, checkPrinted(d.Content)...)
	errs = append(errs, checkVariants(d.Content)...)
	errs = append(errs, checkOpen(d, f)...)
	errs = append(errs, checkTerms(d, f)...)
	errs = append(errs, checkLines(d, f)...)
	errs = append(errs, checkStage(d, f)...)
	errs = append(errs, checkPenalty(d, f)...)
	errs = append(errs, checkExchange(d, f)...)
	errs = append(errs, checkPapers(d, f)...)
	if d.Kind == CreditNote {
		if f.Invoice == nil {
			errs = append(errs, fault.New(fault.Conflict, "sale.fault.credit_of_nothing"))
		} else {
			errs = append(errs, checkCredit(d, *f.Invoice, f.Taxes)...)
		}
	} else {
		errs = append(errs, checkCustomer(d, f)...)
	}
	return errors.Join(errs...)
}

// checkPrinted: every text of the document can be written on paper. A draft may hold what it will not print.
func checkPrinted(c Content) []error {
	var errs []error
	for _, text := range [][2]string{
		{"title", c.Title}, {"note", c.Note}, {"reason", c.Reason}, {"orderRef", c.OrderRef}, {"service", c.Service}, {"commitment", c.Commitment}, {"contract", c.Contract},
	} {
		errs = append(errs, checkWritten(text[0], text[1])...)
	}
	for i, l := range c.Lines {
		for _, e := range slices.Concat(checkWritten("label", l.Label), checkWritten("unit", l.Unit), checkWritten("option", l.Option), checkWritten("variant", l.Variant)) {
			errs = append(errs, fault.Prefix(fmt.Sprintf("lines[%d]", i), e))
		}
	}
	return errs
}

// checkOpen: the activity sells. A credit note, or what a late customer owes, may follow the closing or the end of a CAPE: the seller is the
// cooperative, which is still there.
func checkOpen(d Document, f Facts) []error {
	if d.Kind == CreditNote || isPenalty(d) {
		return nil
	}
	a := f.Activity
	switch {
	case a.Closed != 0 && a.Closed < f.Today:
		return []error{fault.New(fault.Closed, "sale.fault.activity_closed", "activity", a.Name, "on", a.Closed)}
	case a.Opened > f.Today:
		return []error{fault.New(fault.Closed, "sale.fault.activity_ahead", "activity", a.Name, "on", a.Opened)}
	}
	for _, s := range f.capes() {
		if s.Contract.End != 0 && s.Contract.End < f.Today {
			return []error{fault.New(fault.Closed, "sale.fault.cape_over", "name", s.Name, "on", s.Contract.End)}
		}
	}
	return nil
}

// checkTerms: days, delay of payment, validity.
func checkTerms(d Document, f Facts) []error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	c := d.Content
	switch {
	case d.Kind == CreditNote:
	case c.Delivered == 0:
		if d.Kind == Invoice && !isDeposit(d) {
			bad("delivered", "sale.fault.delivered_missing")
		}
	case c.Delivered > f.Today+maxAhead:
		bad("delivered", "sale.fault.delivered_ahead", "on", c.Delivered)
	case d.Kind == Invoice && !isDeposit(d) && c.Delivered > f.Today && sellsGoods(c, f.Taxes):
		bad("delivered", "sale.fault.goods_ahead", "on", c.Delivered)
	case f.Activity.Opened != 0 && c.Delivered < f.Activity.Opened:
		bad("delivered", "sale.fault.delivered_before", "on", c.Delivered, "opened", f.Activity.Opened)
	}
	if d.Kind != CreditNote {
		if err := checkDelay(d, f); err != nil {
			errs = append(errs, err)
		}
	}
	if d.Kind == Quote && c.ValidUntil != 0 {
		if c.ValidUntil < f.Today {
			bad("validUntil", "sale.fault.valid_past", "on", c.ValidUntil)
		} else if c.ValidUntil > f.Today+maxValidity {
			bad("validUntil", "sale.fault.valid_long", "max", maxValidity)
		}
	}
	return errs
}

// sellsGoods says whether a line is a delivery of goods: its sale and its VAT come on the day of the delivery, not before
// (CGI art. 269-1 a and 2 a; practice 3 and 20). What is received earlier is a deposit, kept as an advance.
func sellsGoods(c Content, taxes ledger.Taxes) bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool {
		n, _ := NatureOf(l.Nature)
		return n.Goods || taxes[l.Tax].Goods
	})
}

// checkLines: what each line must say, and the tax it bears.
func checkLines(d Document, f Facts) []error {
	var errs []error
	if len(d.Content.Lines) == 0 {
		return []error{fault.At("lines", "sale.fault.no_line")}
	}
	works := false
	whole := true
	for i, l := range d.Content.Lines {
		bad := func(field, key string, args ...any) { errs = append(errs, lineFault(i, field, key, args...)) }
		if strings.TrimSpace(l.Label) == "" {
			bad("label", "sale.fault.label_missing")
		}
		if l.Quantity == 0 && l.Price != 0 {
			bad("quantity", "sale.fault.quantity_missing")
		}
		if whole := money.Extend(l.Quantity, l.Price); d.Kind != CreditNote && !within(l.DiscountFlat, whole) {
			bad("discountFlat", "sale.fault.discount_above", "amount", whole) // a rebate on the whole is a line of its own, below zero
		}
		n, natureKnown := NatureOf(l.Nature)
		if l.Nature == "" {
			bad("nature", "sale.fault.nature_missing")
		}
		works = works || n.Works
		code, taxKnown := f.Taxes[l.Tax]
		if l.Tax == "" {
			bad("tax", "sale.fault.tax_missing")
		}
		if natureKnown && taxKnown && !code.Input {
			if err := checkTax(d, l, n, code, f); err != nil {
				errs = append(errs, fault.Prefix(fmt.Sprintf("lines[%d]", i), err))
			}
		} else {
			whole = false
		}
	}
	if works && d.Kind != CreditNote && f.Activity.Insurance == "" && f.Rules.Terms.Insurance == "" && f.Activity.Cover == (coop.Cover{}) {
		errs = append(errs, fault.New(fault.Invalid, "sale.fault.insurance_missing", "activity", f.Activity.Name))
	}
	if t, err := Amounts(d, f); whole && err == nil && t.Gross <= 0 {
		switch {
		case d.Kind == Invoice && t.Gross == 0 && deducts(d.Content): // deposits have paid it whole
		case d.Kind == CreditNote:
			errs = append(errs, fault.At("lines", "sale.fault.credit_nil"))
		case t.Gross < 0 && deducts(d.Content):
			errs = append(errs, fault.At("lines", "sale.fault.deducts_more", "total", t.Gross))
		case t.Gross < 0:
			errs = append(errs, fault.At("lines", "sale.fault.total_negative", "total", t.Gross))
		default:
			errs = append(errs, fault.At("lines", "sale.fault.total_nil"))
		}
	}
	return errs
}

// checkTax: the rate is in force on the day of delivery, goes with the nature of the line, and an exemption has its
// ground, its attestation and the buyer the law asks for. A credit note bears the taxes of its invoice: [checkCredit].
func checkTax(d Document, l Line, n Nature, code ledger.TaxCode, f Facts) error {
	if d.Kind == CreditNote {
		return nil
	}
	on := f.taxDay(d)
	if _, ok := f.Taxes.On(l.Tax, on); !ok {
		if code.Until != 0 && on > code.Until {
			return fault.At("tax", "sale.fault.tax_over", "rate", code.Rate, "on", on, "from", code.From, "until", code.Until)
		}
		return fault.At("tax", "sale.fault.tax_ahead", "rate", code.Rate, "on", on, "from", code.From)
	}
	switch {
	case n.Late && code.Code != taxOutside:
		return fault.At("tax", "sale.fault.penalty_tax")
	case code.Goods && !n.Goods && !n.Either:
		return fault.At("tax", "sale.fault.tax_of_goods")
	case !code.Goods && n.Goods && code.Code != taxOutside:
		return fault.At("tax", "sale.fault.tax_of_services")
	}
	if !code.Exempt() {
		if n.Training && holdsTraining(f.Rules.VAT, on) {
			return fault.At("tax", "sale.fault.training_exempt", "from", f.Rules.VAT.TrainingFrom)
		}
		return nil
	}
	if code.Ground == "" {
		return fault.At("tax", "sale.fault.ground_missing")
	}
	return checkExemption(code, n, f, on)
}

// TaxesFor returns the tax codes that a line of a nature may bear, by their order on forms: what [CheckSubmit] would take
// for the customer of the facts, whoever it may be as long as none is chosen.
func TaxesFor(d Document, n Nature, f Facts) []ledger.TaxCode {
	var list []ledger.TaxCode
	for _, code := range offered {
		if c, ok := f.Taxes.On(n.Fit(code, f.Taxes), f.taxDay(d)); ok && !slices.ContainsFunc(list, func(x ledger.TaxCode) bool { return x.Code == c.Code }) && suits(d, n, c, f) {
			list = append(list, c)
		}
	}
	return list
}

// offered are the codes that a form proposes: rates, then grounds for none.
var offered = []string{"S20", "S10", "S55", "S21", taxTraining, taxLessons, taxCare, taxWorksReverse, taxUnionServices, taxUnionGoods, taxExportGoods, taxAbroad, taxOutside}

func suits(d Document, n Nature, c ledger.TaxCode, f Facts) bool {
	if f.Customer.VATNumber == "" { // what is still to be asked of the customer is told by [CheckSubmit]
		f.Customer.VATNumber = "?"
	}
	if f.Customer.Kind != "" {
		return checkTax(d, Line{Tax: c.Code, Nature: n.Code}, n, c, f) == nil
	}
	for _, k := range kinds {
		f.Customer.Kind = k
		if checkTax(d, Line{Tax: c.Code, Nature: n.Code}, n, c, f) == nil {
			return true
		}
	}
	return false
}

// FitTax returns the tax code that a line takes when its nature or its customer has just changed: its own when it still
// goes, its twin for the other nature, or the usual one. Only a form asks: a code once submitted is judged, not replaced.
func FitTax(d Document, code string, n Nature, f Facts) string {
	all := TaxesFor(d, n, f)
	has := func(code string) bool {
		return slices.ContainsFunc(all, func(c ledger.TaxCode) bool { return c.Code == code })
	}
	code = n.Fit(code, f.Taxes)
	twins := map[string]string{taxUnionServices: taxUnionGoods, taxUnionGoods: taxUnionServices, taxExportGoods: taxAbroad, taxAbroad: taxExportGoods}
	c, ok := f.Taxes[code]
	start := startTax(n, c.Goods, f)
	switch {
	case has(code), ok && !c.Exempt() && suits(d, n, c, f): // a rate that the form does not propose by itself
		return code
	case has(twins[code]):
		return twins[code]
	case has(start):
		return start
	}
	return n.Usual(f.Rules.VAT, f.Today)
}

// UnionWithoutVAT returns the code that most often goes with a line which bears French VAT while the customer is a company
// of another member state with its VAT number, or "" (CGI art. 259-1°, 262 ter-I, 283-2). Some services are taxed in
// France all the same (works on a building here, meals, seats at an event): it is a hint, not a refusal.
func UnionWithoutVAT(l Line, f Facts) string {
	n, ok := NatureOf(l.Nature)
	if !ok || f.Customer.Kind != EUCompany || f.Customer.VATNumber == "" || f.Taxes[l.Tax].Rate == 0 {
		return ""
	}
	if n.Goods || n.Either && f.Taxes[l.Tax].Goods {
		return taxUnionGoods
	}
	return taxUnionServices
}

func checkExemption(code ledger.TaxCode, n Nature, f Facts, on date.Day) error {
	kind := f.Customer.Kind
	switch code.Code {
	case taxTraining:
		switch v := f.Rules.VAT; {
		case !n.Training:
			return fault.At("tax", "sale.fault.exempt_training_only")
		case v.TrainingNumber == "":
			return fault.At("tax", "sale.fault.training_none")
		case v.TrainingFrom > on:
			return fault.At("tax", "sale.fault.training_ahead", "from", v.TrainingFrom, "on", on)
		}
	case taxCare:
		switch {
		case n.Training || n.Works || n.Goods || n.Either:
			return fault.At("tax", "sale.fault.exempt_care")
		case kind != Consumer && kind != NonTaxable && kind != Public:
			return fault.At("tax", "sale.fault.exempt_care_whom")
		}
	case taxOutside:
		if !n.Either && !n.Goods && !n.Late { // expenses paid in the customer's name (CGI art. 267-II 2°), returnable packaging
			return fault.At("tax", "sale.fault.exempt_outside")
		}
	case taxLessons:
		if kind != Consumer {
			return fault.At("tax", "sale.fault.exempt_lessons")
		}
	case taxWorksReverse:
		if !n.Works || kind != Company {
			return fault.At("tax", "sale.fault.reverse_works")
		}
		if f.Customer.VATNumber == "" {
			return fault.At("tax", "sale.fault.reverse_vat_number")
		}
	case taxUnionServices, taxUnionGoods:
		if kind != EUCompany {
			return fault.At("tax", "sale.fault.exempt_union")
		}
	case taxExportGoods, taxAbroad:
		if kind != Foreign {
			return fault.At("tax", "sale.fault.exempt_abroad")
		}
	}
	return nil
}

// checkCustomer: the buyer is complete for its kind, and a public buyer's own references are there (practice 21). On a
// quote they are asked for, not required.
func checkCustomer(d Document, f Facts) []error {
	c := f.Customer
	if d.Customer == 0 && c.ID == 0 {
		return []error{fault.At("customer", "sale.fault.customer_missing")}
	}
	var errs []error
	for _, err := range append([]error{c.Check(f.Today)}, c.missing(d.Kind)...) {
		errs = append(errs, fault.Prefix("customer", err))
	}
	if done := d.done(f); c.Ceased != 0 && done >= c.Ceased {
		errs = append(errs, fault.At("customer", "sale.fault.customer_ceased", "customer", c.FullName(), "on", c.Ceased))
	}
	if c.Kind != Public || d.Kind != Invoice {
		return errs
	}
	need := func(needed bool, value, field, key, keyWithout string) {
		if !needed || strings.TrimSpace(value) != "" {
			return
		}
		if whom := c.whom(); whom != "" {
			errs = append(errs, fault.At(field, key, "customer", c.FullName(), "whom", whom))
		} else {
			errs = append(errs, fault.At(field, keyWithout, "customer", c.FullName()))
		}
	}
	need(c.NeedsService, d.Content.Service+c.ServiceCode, "service", "sale.fault.service_missing", "sale.fault.service_missing_whom")
	need(c.NeedsCommitment, d.Content.Commitment, "commitment", "sale.fault.commitment_missing", "sale.fault.commitment_missing_whom")
	need(c.NeedsContract, d.Content.Contract+c.ContractRef, "contract", "sale.fault.contract_missing", "sale.fault.contract_missing_whom")
	return errs
}
