package payroll

import (
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Vouchers makes the items of a month's meal vouchers: what the person pays, what the cooperative pays free of
// contributions, and what comes back into pay: beyond the limit or beyond 60 % of the voucher, and all of it when the
// employer pays less than half (CGI 81 19°; L3262-6 c. trav.).
func (p *Parameters) Vouchers(count int, value, employer money.Cents) ([]Item, error) {
	switch {
	case count < 0 || count > 31:
		return nil, fault.At("count", "payroll.vouchers")
	case value < 0 || value > 100_00 || employer < 0 || employer > value:
		return nil, fault.At("employer", "payroll.voucher_share")
	case count == 0 || value == 0:
		return nil, nil
	}
	n := money.Cents(count)
	free := min(employer, p.cents(pVoucherFree), value.Times(p.rate(pVoucherMost)))
	if employer < value.Times(p.rate(pVoucherLeast)) {
		free = 0
	}
	var items []Item
	add := func(element string, each money.Cents) {
		if each > 0 {
			items = append(items, Item{Element: element, Amount: each * n, Base: n * 100})
		}
	}
	add("meal_voucher_worker", value-employer)
	add("meal_voucher_employer", free)
	add("meal_voucher_excess", employer-free)
	return items, nil
}

// Transport makes the items of a subscription to public transport: what is refunded free of contributions, and what goes
// beyond the limit. Below half of full time it is due in proportion to the hours (R3261-9 c. trav.); a contract without
// hours has it whole. Share is what the cooperative refunds, half at least (R3261-1); 0 is that least.
func (p *Parameters) Transport(k Contract, price money.Cents, share money.Rate) ([]Item, error) {
	least := p.rate(pTransportDue)
	if share == 0 {
		share = least
	}
	switch {
	case price < 0 || price > 10_000_00:
		return nil, fault.At("price", "payroll.transport")
	case share < least || share > money.One:
		return nil, fault.At("share", "payroll.transport_share", "least", least)
	}
	part := func(r money.Rate) money.Cents {
		x := price.Times(r)
		if half := p.count(pWeekHours) / 2; k.Hours > 0 && int64(k.Hours) < half {
			x = money.Cents(money.MulDiv(int64(x), int64(k.Hours), half))
		}
		return x
	}
	paid, free := part(share), part(min(share, p.rate(pTransportFree)))
	var items []Item
	if free > 0 {
		items = append(items, Item{Element: "transport", Amount: free, Base: price, Rate: min(share, p.rate(pTransportFree))})
	}
	if paid > free {
		items = append(items, Item{Element: "transport_excess", Amount: paid - free})
	}
	return items, nil
}

// ExemptionReason is why a person has not the cooperative's health cover (L911-7 and D911-2 CSS).
type ExemptionReason string

// The reasons that the law gives whatever the cooperative decided.
const (
	OtherCover    ExemptionReason = "other_cover"    // compulsory cover of a spouse or of another employer
	SolidaryCover ExemptionReason = "solidary_cover" // complémentaire santé solidaire
	OwnContract   ExemptionReason = "own_contract"   // individual contract, until its term
	ShortContract ExemptionReason = "short_contract" // fixed term of three months at most
	BeforeScheme  ExemptionReason = "before_scheme"  // was there when the cover was set up by decision
)

// ExemptionReasons returns them in the order in which they are met.
func ExemptionReasons() []ExemptionReason {
	return []ExemptionReason{OtherCover, SolidaryCover, OwnContract, ShortContract, BeforeScheme}
}

// yearly says whether it is proved again each year.
func (r ExemptionReason) yearly() bool {
	switch r {
	case OtherCover, SolidaryCover:
		return true
	case OwnContract, ShortContract, BeforeScheme:
	}
	return false
}

// Exemption is an exemption from the health cover.
type Exemption struct {
	Reason ExemptionReason `json:"reason"`
	Asked  date.Day        `json:"asked"`
	Proof  date.Day        `json:"proof,omitempty"` // of the last document shown
	Until  date.Day        `json:"until,omitempty"` // known end, 0: none
}

// Holds says whether an exemption holds in a month, with what to say when it does not: no proof yet, one of another year,
// or its end passed. A month in which it ends is covered.
func (e Exemption) Holds(m date.Month) (bool, Note) {
	switch {
	case e.Asked == 0 || e.Asked > m.Last():
		return false, Note{Key: "payroll.exemption.not_asked"}
	case e.Until != 0 && e.Until < m.Last():
		return false, Note{"payroll.exemption.over", []any{"until", e.Until}}
	case e.Reason == BeforeScheme:
		return true, Note{}
	case e.Proof == 0:
		return false, Note{Key: "payroll.exemption.no_proof"}
	case e.Reason.yearly() && e.Proof.Month().Year() < m.Year():
		return false, Note{"payroll.exemption.old_proof", []any{"proof", e.Proof}}
	}
	return true, Note{}
}
