package sale

import (
	"maps"
	"slices"

	"essaim/ledger"
	"essaim/money"
)

// held returns what 41911 and 41912 should hold of a deposit: what was received and no later invoice has cleared yet, and
// what else was asked. A loss changes neither: later invoices have cleared the whole of what is lost.
func held(d Document) (received, billed money.Cents) {
	d.Lost, d.Settled.LostVAT, d.Settled.LostNet = 0, nil, nil
	gross, _, nets := effective(d)
	deducted := deductedNet(d)
	for nature, n := range nets {
		here := max(0, paidShare(n, d.Paid, gross)-deducted[nature])
		received += here
		billed += n - deducted[nature] - here
	}
	return received, billed
}

func deductedNet(d Document) map[string]money.Cents {
	sums := map[string]money.Cents{}
	for _, p := range d.Settled.Deducted {
		sums[p.Nature] += p.Net
	}
	return sums
}

// moveHeld brings what is booked of a deposit on 4191 to what should be, and returns the lines that take it there.
func moveHeld(d *Document, third int64, purse *purse) ([]ledger.Line, error) {
	received, billed := held(*d)
	var lines []ledger.Line
	for _, side := range []struct {
		account string
		more    money.Cents
	}{{ledger.DepositsHeld, received - d.Settled.Held}, {ledger.DepositsBilled, billed - d.Settled.Billed}} {
		switch {
		case side.more > 0:
			lines = append(lines, ledger.Line{Account: side.account, Section: d.Activity, Third: third, Amount: -side.more, Document: documentOf(*d)})
		case side.more < 0:
			used, err := purse.takeFrom(side.account, -side.more, d.Activity, third, documentOf(*d))
			if err != nil {
				return nil, err
			}
			lines = append(lines, used...)
		}
	}
	d.Settled.Held, d.Settled.Billed = received, billed
	return lines, nil
}

// clear applies what a document deducts of deposits (sign 1), or what a credit note gives back of it (-1), to the deposits,
// and returns the lines, the deposits as they stand after, and the turnover that this makes collected.
func clearDeposits(d Document, sign money.Cents, f Facts, purse *purse) (lines []ledger.Line, after []Document, collected []Collected, err error) {
	cleared := map[int64][]Part{}
	for _, p := range parts(d.Content, d.Totals) {
		if p.Deposit != 0 {
			cleared[p.Deposit] = append(cleared[p.Deposit], Part{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: -sign * p.Net, VAT: -sign * p.VAT})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(cleared)) {
		at := slices.IndexFunc(f.Deposits, func(x Document) bool { return x.ID == id })
		if at < 0 {
			return nil, nil, nil, noDeposit(d, id)
		}
		dep := f.Deposits[at]
		dep.Settled.Deducted = slices.DeleteFunc(addParts(dep.Settled.Deducted, cleared[id]), func(p Part) bool { return p.Net == 0 && p.VAT == 0 })
		if len(dep.Settled.Deducted) == 0 {
			dep.Settled.Deducted = nil
		}
		more, got, err := settle(&dep, f.Customer.Third, f.Taxes, purse)
		if err != nil {
			return nil, nil, nil, err
		}
		lines, after, collected = append(lines, more...), append(after, dep), append(collected, got...)
	}
	return lines, after, collected, nil
}
