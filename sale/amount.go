package sale

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// MaxLines bounds the lines of a document.
const MaxLines = 200

// Compute returns the amounts of a document.
//
// Typed net: each line is rounded, quantity × price less its discount; VAT is the rounded product of the sum of nets
// and the rate. Typed TTC (practice 8): the gross total is the sum of the typed amounts; the VAT of a rate is
// round(G × r / (1 + r)) and its net is G − VAT, so that 9.99 at 20 % is 8.32 + 1.67.
//
// Works invoiced as they advance: a line is *rounded(whole × done) − before*, and so is the VAT of a rate over the
// situations (Content.Before). A line that deducts a deposit bears the VAT that it says.
//
// VAT is computed per rate, whatever the codes: goods and services at 20 % make one row on paper. What a code (or, in a
// document typed TTC, a line) bears of it is *rounded(cumulated) − already given*, codes in order: the parts sum to the
// VAT of the rate to the cent, whatever their signs, and a credit note gets the same parts. Rows of Taxes stand by
// falling rate, then by code.
func Compute(c Content, taxes ledger.Taxes) (Totals, error) {
	if len(c.Lines) > MaxLines {
		return Totals{}, fault.At("lines", "sale.fault.lines_many", "max", MaxLines)
	}
	if c.HasChoices() {
		return computeChosen(c, taxes)
	}
	t := Totals{Lines: make([]LineTotal, len(c.Lines))}
	var errs []error
	for i, l := range c.Lines {
		if code, ok := taxes[l.Tax]; !ok || code.Input {
			errs = append(errs, lineFault(i, "tax", "sale.fault.tax_unknown"))
		}
		amount, err := c.amount(l)
		if err != nil {
			errs = append(errs, fault.Prefix(fmt.Sprintf("lines[%d]", i), err))
		} else if c.Gross {
			t.Lines[i].Gross = amount
		} else {
			t.Lines[i].Net = amount
		}
		if l.Deposit != 0 {
			t.Lines[i].VAT = l.VAT
		}
	}
	if len(errs) > 0 {
		return Totals{}, errors.Join(errs...)
	}
	if c.Gross {
		t.netOfGross(c, taxes)
	}
	t.sum(c, taxes)
	if !c.Gross {
		t.taxNets(taxes, c.Before)
	}
	t.deduct(c, taxes)
	t.total()
	t.retain(c)
	if t.Gross > money.Max || t.Gross < -money.Max || t.Net > money.Max || t.Net < -money.Max {
		return Totals{}, fault.At("lines", "sale.fault.amount_large", "max", money.Max)
	}
	return t, nil
}

// amount returns quantity × price less the discount, in the mode of the document.
func (l Line) amount() (money.Cents, error) {
	switch {
	case l.Discount < 0 || l.Discount > money.One:
		return 0, fault.At("discount", "sale.fault.discount_range")
	case l.DiscountFlat > money.Max || l.DiscountFlat < -money.Max:
		return 0, fault.At("discountFlat", "sale.fault.amount_large", "max", money.Max)
	}
	v := money.Extend(l.Quantity, l.Price) // saturates
	if v <= money.Max && v >= -money.Max {
		v -= v.Times(l.Discount) + l.DiscountFlat
	}
	if v > money.Max || v < -money.Max {
		return 0, fault.At("price", "sale.fault.amount_large", "max", money.Max)
	}
	return v, nil
}

// amount returns what a line comes to on the document: of works invoiced as they advance, what is done beyond what was
// invoiced before.
func (c Content) amount(l Line) (money.Cents, error) {
	v, err := l.amount()
	switch {
	case err != nil || c.Situation == 0 || l.Deposit != 0:
		return v, err
	case l.Done < 0 || l.Done > money.One:
		return 0, fault.At("done", "sale.fault.done_range")
	case l.Before > money.Max || l.Before < -money.Max:
		return 0, fault.At("before", "sale.fault.amount_large", "max", money.Max)
	}
	return v.Times(l.Done) - l.Before, nil
}

// netOfGross gives each line of a document typed TTC its part of the net of its rate.
func (t *Totals) netOfGross(c Content, taxes ledger.Taxes) {
	order := make([]int, len(c.Lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := c.Lines[a], c.Lines[b]
		return cmp.Or(byRate(taxes)(x.Tax, y.Tax), cmp.Compare(x.Nature, y.Nature))
	})
	var rate money.Rate = -1
	var gross, given money.Cents
	before, bore := map[money.Rate]money.Cents{}, map[money.Rate]money.Cents{} // gross and VAT of earlier situations by rate
	for _, p := range c.Before {
		before[taxes[p.Tax].Rate] += p.Net + p.VAT
		bore[taxes[p.Tax].Rate] += p.VAT
	}
	whole := map[money.Rate]money.Cents{}
	for i, l := range c.Lines {
		if l.Deposit == 0 {
			whole[taxes[l.Tax].Rate] += t.Lines[i].Gross
		}
	}
	for _, i := range order {
		if l := c.Lines[i]; l.Deposit != 0 {
			t.Lines[i].Net = t.Lines[i].Gross - l.VAT
			continue
		}
		if r := taxes[c.Lines[i].Tax].Rate; r != rate {
			rate, gross, given = r, 0, 0
		}
		gross += t.Lines[i].Gross
		vat := vatWithin(gross, rate)
		if len(c.Before) > 0 { // what the situations bear in all, less what they bore, spread over the lines
			vat = (vatWithin(before[rate]+whole[rate], rate) - bore[rate]).Share(gross, whole[rate])
		}
		t.Lines[i].Net = t.Lines[i].Gross - (vat - given)
		given = vat
	}
}

// vatWithin returns the VAT that an amount TTC contains.
func vatWithin(gross money.Cents, r money.Rate) money.Cents {
	return money.Cents(money.MulDiv(int64(gross), int64(r), int64(money.One+r)))
}

// byRate orders tax codes by falling rate, then by code.
func byRate(taxes ledger.Taxes) func(a, b string) int {
	return func(a, b string) int { return cmp.Or(cmp.Compare(taxes[b].Rate, taxes[a].Rate), cmp.Compare(a, b)) }
}

// sum makes the rows by tax code out of the lines. In a document typed TTC their VAT is what lines hold beyond their net.
func (t *Totals) sum(c Content, taxes ledger.Taxes) {
	rows := map[string]*TaxTotal{}
	var codes []string
	for i, l := range c.Lines {
		if l.Deposit != 0 {
			continue
		}
		row := rows[l.Tax]
		if row == nil {
			row = &TaxTotal{Tax: l.Tax, Rate: taxes[l.Tax].Rate}
			rows[l.Tax] = row
			codes = append(codes, l.Tax)
		}
		row.Net += t.Lines[i].Net
		if c.Gross {
			row.VAT += t.Lines[i].Gross - t.Lines[i].Net
		}
	}
	slices.SortFunc(codes, byRate(taxes))
	t.Taxes = make([]TaxTotal, len(codes))
	for i, code := range codes {
		t.Taxes[i] = *rows[code]
	}
}

// taxNets computes the VAT of each rate on the sum of its nets and gives each code its part.
func (t *Totals) taxNets(taxes ledger.Taxes, before []Part) {
	var rate money.Rate = -1
	var net, given money.Cents
	for i := range t.Taxes {
		row := &t.Taxes[i]
		if row.Rate != rate {
			rate, net, given = row.Rate, 0, 0
		}
		net += row.Net
		var bore money.Cents
		for _, p := range before {
			if p.Tax == row.Tax {
				net += p.Net
				bore += p.VAT
			}
		}
		vat := net.Times(rate)
		row.VAT = vat - given - bore
		given = vat
	}
}

// deduct takes off the rows what the lines deduct of deposits.
func (t *Totals) deduct(c Content, taxes ledger.Taxes) {
	for i, l := range c.Lines {
		if l.Deposit == 0 {
			continue
		}
		k := slices.IndexFunc(t.Taxes, func(r TaxTotal) bool { return r.Tax == l.Tax })
		if k < 0 {
			k = len(t.Taxes)
			t.Taxes = append(t.Taxes, TaxTotal{Tax: l.Tax, Rate: taxes[l.Tax].Rate})
		}
		t.Taxes[k].Net += t.Lines[i].Net
		t.Taxes[k].VAT += t.Lines[i].VAT
	}
	slices.SortStableFunc(t.Taxes, func(a, b TaxTotal) int { return byRate(taxes)(a.Tax, b.Tax) })
}

// retain computes what the customer keeps: a share of the works alone (loi 71-584 du 16 juillet 1971, art. 1), before deposits
// are deducted, and never more than what is left to pay.
func (t *Totals) retain(c Content) {
	t.Retained = 0
	if c.Retention != 0 {
		t.Retained = max(0, min(worksOf(c, *t).Times(c.Retention), t.Gross))
	}
}

// worksOf is what the works of a document come to, tax included, before deposits are deducted.
func worksOf(c Content, t Totals) (sum money.Cents) {
	for _, p := range parts(c, t) {
		if n, _ := NatureOf(p.Nature); n.Works && p.Deposit == 0 {
			sum += p.Net + p.VAT
		}
	}
	return sum
}

func (t *Totals) total() {
	t.Net, t.VAT = 0, 0
	for _, row := range t.Taxes {
		t.Net += row.Net
		t.VAT += row.VAT
	}
	t.Gross = t.Net + t.VAT
}

// parts splits the totals of a document by nature and tax code. In a document typed net the VAT of a code is spread over
// its natures by *rounded(cumulated) − already given*.
func parts(c Content, t Totals) []Part {
	var list []Part
	last := map[string]int{} // of a tax code, the part that takes what is left of its VAT
	rows := map[string]TaxTotal{}
	for _, r := range t.Taxes {
		rows[r.Tax] = r
	}
	for i, l := range c.Lines {
		if i >= len(t.Lines) {
			break
		}
		q := Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}
		k := slices.IndexFunc(list, q.is)
		if k < 0 {
			k = len(list)
			list = append(list, q)
		}
		list[k].Net += t.Lines[i].Net
		switch {
		case l.Deposit != 0:
			list[k].VAT += t.Lines[i].VAT
			r := rows[l.Tax]
			r.Net, r.VAT = r.Net-t.Lines[i].Net, r.VAT-t.Lines[i].VAT
			rows[l.Tax] = r
		case c.Gross:
			list[k].VAT += t.Lines[i].Gross - t.Lines[i].Net
		}
	}
	slices.SortFunc(list, byPart)
	if c.Gross {
		return list
	}
	for i, p := range list {
		if p.Deposit == 0 {
			last[p.Tax] = i
		}
	}
	tax, net, given := "", money.Cents(0), money.Cents(0)
	for i := range list {
		p := &list[i]
		if p.Deposit != 0 {
			continue
		}
		row := rows[p.Tax]
		if p.Tax != tax {
			tax, net, given = p.Tax, 0, 0
		}
		net += p.Net
		vat := row.VAT.Share(net, row.Net)
		if i == last[p.Tax] {
			vat = row.VAT
		}
		p.VAT = vat - given
		given = vat
	}
	return list
}

func lineFault(i int, field, key string, args ...any) *fault.Error {
	return fault.At(fmt.Sprintf("lines[%d].%s", i, field), key, args...)
}
