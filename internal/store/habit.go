package store

import "essaim/sale"

// habitOf is how many invoices tell how a customer pays.
const habitOf = 12

// Payoffs returns when the last invoices of an activity's customer were wholly paid, the newest first. What was given
// up, or only credited, says nothing of how they pay.
func (tx *Tx) Payoffs(activity, customer int64) ([]sale.Payoff, error) {
	return list(tx, `SELECT s.day, s.due, MAX(p.day) FROM sale s`+tx.db.d.using("sale_customer")+`
		CROSS JOIN allocation a`+tx.db.d.using("allocation_sale")+` CROSS JOIN payment p
		WHERE s.coop_id = $1 AND a.coop_id = s.coop_id AND a.sale_id = s.id AND p.coop_id = a.coop_id AND p.id = a.payment_id AND s.activity_id = $2 AND s.kind = 'invoice' AND s.customer_id = $3 AND s.number <> '' AND s.paid > 0 AND s.paid + s.credited >= s.gross
		AND p.reverses = 0 AND p.amount > 0 AND p.means <> 'cents' AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.coop_id = p.coop_id AND r.reverses = p.id AND r.reverses <> 0)
		GROUP BY s.id, s.day, s.due ORDER BY MAX(p.day) DESC, s.id DESC LIMIT CAST($4 AS BIGINT)`, []any{tx.coop, activity, customer, habitOf},
		func(scan func(...any) error, s *sale.Payoff) error { return scan(&s.Date, &s.Due, &s.Paid) })
}
