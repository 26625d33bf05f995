package office

import (
	"fmt"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
)

// keepsSales refuses an entry written by hand that pays or writes off an invoice of the house: only a payment or a credit
// note also moves its VAT from pending to due, the turnover collected and what the invoice still asks for. An invoice
// that was itself booked by hand has no document and is settled by hand.
func keepsSales(tx *store.Tx, e *ledger.Entry) error {
	money := false
	for _, l := range e.Lines {
		money = money || strings.HasPrefix(l.Account, "5") && l.Amount > 0
	}
	for i, l := range e.Lines {
		if l.Third == 0 || !strings.HasPrefix(l.Account, ledger.Customers) && !strings.HasPrefix(l.Account, ledger.Doubtful) && l.Account != ledger.DepositsHeld && l.Account != ledger.DepositsBilled {
			continue
		}
		if l.Settles != (ledger.ItemRef{}) {
			item, err := tx.Item(l.Settles)
			if fault.KindOf(err) == fault.NotFound {
				continue // told by the check of the entry
			}
			if err != nil {
				return err
			}
			if err := keepsInvoice(tx, item, fmt.Sprintf("lines[%d].settles", i)); err != nil {
				return err
			}
			continue
		}
		if !money || l.Amount > 0 {
			continue
		}
		open, err := tx.OpenItemsOf(l.Third, ledger.Customers)
		if err != nil {
			return err
		}
		for _, item := range open {
			if item.Section != l.Section {
				continue
			}
			if err := keepsInvoice(tx, item, fmt.Sprintf("lines[%d].third", i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func keepsInvoice(tx *store.Tx, item ledger.OpenItem, field string) error {
	rest, ok := strings.CutPrefix(item.Document, "invoice:")
	if !ok {
		return nil
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return nil //nolint:nilerr // no document of ours
	}
	inv, err := tx.Sale(id)
	if err != nil {
		return err
	}
	return fault.At(field, "office.invoice_by_payment", "invoice", inv.Number, "sale", strconv.FormatInt(inv.ID, 10), "customer", strconv.FormatInt(inv.Customer, 10))
}
