package store

import (
	"essaim/date"
	"essaim/sale"
)

// SalesCarried returns the invoices and credit notes of an activity whose turnover another year may have begun to count: those
// that something was collected of in a fiscal year, and those of its days that correct or deduct an invoice, with those named.
func (tx *Tx) SalesCarried(activity, year int64, span date.FiscalYear) (map[int64]sale.Document, error) {
	docs := map[int64]sale.Document{}
	read := func(scan func(...any) error) error {
		var d sale.Document
		err := scanSale(scan, &d)
		docs[d.ID] = d
		return err
	}
	err := tx.rows(`SELECT `+saleColumns+` FROM sale`+tx.db.d.using("sale_activity")+` WHERE coop_id = $1 AND activity_id = $2 AND kind IN ('invoice', 'credit') AND number <> '' AND day >= $3 AND day <= $4 AND (corrects <> 0 OR content LIKE '%"deposit":%')`,
		[]any{tx.coop, activity, span.Start.String(), span.End.String()}, read)
	if err != nil {
		return nil, err
	}
	if err := tx.rows(`SELECT `+saleColumns+` FROM sale WHERE coop_id = $1 AND id IN (SELECT sale_id FROM collected WHERE coop_id = $1 AND activity_id = $2 AND year_id = $3)`, []any{tx.coop, activity, year}, read); err != nil {
		return nil, err
	}
	for named := sale.Named(docs); len(named) > 0; named = sale.Named(docs) {
		for _, id := range named {
			if docs[id], err = tx.Sale(id); err != nil {
				return nil, err
			}
		}
	}
	return docs, nil
}
