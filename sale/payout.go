package sale

import (
	"errors"
	"fmt"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// FeeVAT says how the fee of an acquirer bears VAT.
type FeeVAT string

// The three ways.
const (
	FeeDomestic FeeVAT = "domestic" // of a French acquirer: deductible (CGI art. 271)
	FeeExempt   FeeVAT = "exempt"   // exempt (CGI art. 261 C), or not to be deducted: the fee is all charge
	FeeReverse  FeeVAT = "reverse"  // of an acquirer in another member state: due by the cooperative and deducted (CGI art. 283-2)
)

// FeeVATs returns them in the order forms show them.
func FeeVATs() []FeeVAT { return []FeeVAT{FeeDomestic, FeeExempt, FeeReverse} }

// FeeAccount is the charge of acquirers' fees.
const FeeAccount = "6278"

const feeRate = 20 * money.Percent

// Payout is what an acquirer (SumUp, Stripe, PayPal, a marketplace) pays into the bank: it clears what cards and online
// payments brought gross, in one activity or many (practice 2), and books its fee with its VAT.
type Payout struct {
	Acquirer  string       `json:"acquirer"`
	Parts     []PayoutPart `json:"parts"`
	Fee       money.Cents  `json:"fee"` // net of tax
	How       FeeVAT       `json:"how"`
	VAT       money.Cents  `json:"vat"` // on the fee: kept back by the acquirer, or due by the cooperative
	Net       money.Cents  `json:"net"` // what the bank shows
	Reference string       `json:"reference,omitempty"`
}

// PayoutPart is what is cleared of one activity.
type PayoutPart struct {
	Activity int64       `json:"activity"`
	Card     money.Cents `json:"card,omitempty"`
	Online   money.Cents `json:"online,omitempty"`
}

// Uncleared is what waits for an acquirer in one activity.
type Uncleared struct {
	Activity     int64
	Card, Online money.Cents
}

// Gross is what the payout clears.
func (p Payout) Gross() money.Cents {
	var sum money.Cents
	for _, x := range p.Parts {
		sum += x.Card + x.Online
	}
	return sum
}

// Check tells what is wrong with a payout, and completes it. waiting is what stands on the accounts of cards and online
// payments at the end of its day, and has stood since.
func (p Payout) Check(day date.Day, waiting []Uncleared, f RegisterFacts) (Payout, error) {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if err := checkDay(day, f.Today); err != nil {
		errs = append(errs, err)
	}
	if p.Acquirer == "" {
		bad("acquirer", "till.fault.acquirer")
	}
	for field, s := range map[string]string{"acquirer": p.Acquirer, "reference": p.Reference} {
		errs = append(errs, checkText(field, s, maxReference)...)
	}
	seen := map[int64]bool{}
	for i, x := range p.Parts {
		var w Uncleared
		for _, u := range waiting {
			if u.Activity == x.Activity {
				w = u
			}
		}
		for _, side := range []struct {
			field         string
			amount, there money.Cents
		}{{"card", x.Card, w.Card}, {"online", x.Online, w.Online}} {
			field := fmt.Sprintf("parts[%d].%s", i, side.field)
			switch {
			case side.amount < 0:
				bad(field, "till.fault.part_negative")
			case side.amount > max(0, side.there):
				bad(field, "till.fault.payout_more", "amount", side.amount, "waiting", max(0, side.there), "on", day)
			}
		}
		if seen[x.Activity] {
			bad(fmt.Sprintf("parts[%d].card", i), "till.fault.part_twice")
		}
		seen[x.Activity] = true
	}
	gross := p.Gross()
	switch {
	case p.Fee < 0:
		bad("fee", "till.fault.fee_negative")
	case gross == 0:
		bad("parts", "till.fault.payout_nil")
	}
	switch p.How {
	case FeeDomestic:
		if due := p.Fee.Times(feeRate); p.VAT < 0 || (p.VAT-due).Abs() > 10 { // several lines of fee, each rounded
			bad("vat", "till.fault.fee_vat", "due", due)
		}
	case FeeExempt:
		if p.VAT != 0 {
			bad("vat", "till.fault.fee_exempt")
		}
	case FeeReverse:
		if p.VAT != 0 && p.VAT != p.Fee.Times(feeRate) {
			bad("vat", "till.fault.fee_reverse")
		}
		p.VAT = p.Fee.Times(feeRate)
	default:
		bad("how", "till.fault.fee_how")
	}
	if len(errs) > 0 {
		return p, errors.Join(errs...)
	}
	if want := gross - p.kept(); want != p.Net {
		return p, fault.At("net", "till.fault.net", "gross", gross, "kept", p.kept(), "want", want)
	}
	return p, nil
}

// kept is what the acquirer keeps back.
func (p Payout) kept() money.Cents {
	if p.How == FeeReverse {
		return p.Fee
	}
	return p.Fee + p.VAT
}

// lines: each activity bears its part of the fee and of its VAT by *rounded(cumulated) − already given*.
func (p Payout) lines() []ledger.Line {
	var all []ledger.Line
	gross := p.Gross()
	var so, fee, vat money.Cents
	for _, x := range p.Parts {
		part := x.Card + x.Online
		so += part
		f, v := p.Fee.Share(so, gross)-fee, p.VAT.Share(so, gross)-vat
		fee, vat = fee+f, vat+v
		line := func(account, tax string, amount money.Cents) {
			if amount != 0 {
				all = append(all, ledger.Line{Account: account, Section: x.Activity, Tax: tax, Amount: amount})
			}
		}
		net := part - f
		if p.How != FeeReverse {
			net -= v
		}
		line(ledger.Bank, "", net)
		line(FeeAccount, "", f)
		line("44566", "D20", v)
		if p.How == FeeReverse {
			line("4452", "D20", -v)
		}
		line(Cards, "", -x.Card)
		line(Onlines, "", -x.Online)
	}
	return all
}
