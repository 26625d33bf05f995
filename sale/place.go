package sale

import (
	"slices"

	"essaim/money"
)

// taxAbroadOf returns the code without French VAT that a line usually bears for a customer who is not in France, "" where
// French VAT stays the usual one:
//
//   - a business of another member state owes the VAT of services itself (CGI art. 259-1°, 283-2), and goods that leave for
//     it are exempt (262 ter-I); without its VAT number nothing is sent to it, and the number is asked for;
//   - outside the Union services are not in scope (259-1°) and goods are exported (262-I);
//   - works are taxed where the building stands (259 A, 2°), most often here;
//   - a consumer, wherever they live, is sold to under the rates of France (259-2°, 258 A).
//
// Training to a business abroad is not exempt here but out of scope, like its other services.
func taxAbroadOf(n Nature, goods bool, f Facts) string {
	goods = n.Goods || n.Either && goods
	switch {
	case n.Works:
	case f.Customer.Kind == EUCompany && goods:
		return taxUnionGoods
	case f.Customer.Kind == EUCompany:
		return taxUnionServices
	case f.Customer.Kind == Foreign && goods:
		return taxExportGoods
	case f.Customer.Kind == Foreign:
		return taxAbroad
	}
	return ""
}

// FollowTaxes gives the lines of a document whose customer has just changed the codes that lines start with for the new
// one, unless somebody chose another than the one they started with.
func FollowTaxes(c *Content, before, now Facts) {
	c.Lines = slices.Clone(c.Lines)
	for i, l := range c.Lines {
		n, ok := NatureOf(l.Nature)
		if !ok || l.Deposit != 0 {
			continue
		}
		goods := before.Taxes[l.Tax].Goods
		if given := startTax(n, goods, before); l.Tax == "" || n.Fit(l.Tax, now.Taxes) == given {
			c.Lines[i].Tax = startTax(n, goods, now)
		}
	}
}

// Put returns the lines as they stand on a document in its mode for a customer: those under the usual code of France take
// the one of the customer. What they cost before tax stays; a price TTC put on a document typed net becomes the net price
// with six decimals at most, and the other way round.
func (p Product) Put(gross bool, f Facts) []Line {
	home := f
	home.Customer = Customer{}
	c := Content{Lines: p.Lines}
	FollowTaxes(&c, home, f)
	for i, was := range p.Lines {
		from, to := int64(money.One), int64(money.One)
		if p.Gross {
			from += int64(f.Taxes[was.Tax].Rate)
		}
		if gross {
			to += int64(f.Taxes[c.Lines[i].Tax].Rate)
		}
		if from != to {
			c.Lines[i].Price = money.Micro(money.MulDiv(int64(was.Price), to, from))
		}
	}
	return c.Lines
}

// startTax is [StartTax] of a line; goods says of a nature that is either whether it bears a code of goods.
func startTax(n Nature, goods bool, f Facts) string {
	if code := taxAbroadOf(n, goods, f); code != "" {
		return code
	}
	usual := n.Usual(f.Rules.VAT, f.Today)
	if usual == n.Tax && f.Activity.Tax != "" {
		usual = n.Fit(f.Activity.Tax, f.Taxes)
	}
	if n.Either && goods {
		return Nature{Goods: true}.Fit(usual, f.Taxes)
	}
	return usual
}
