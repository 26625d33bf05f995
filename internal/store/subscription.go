package store

import (
	"essaim/date"
	"essaim/fault"
	"essaim/money"
	"essaim/sale"
)

var insertSubscription = into("subscription", "coop_id, id, activity_id, customer_id, state, version, next, ready, title, body")

const subscriptionColumns = `id, activity_id, customer_id, state, version, next, body`

func scanSubscription(scan func(...any) error, s *sale.Subscription) error {
	var id, activity, customer, version int64
	var state, body string
	var next date.Day
	if err := scan(&id, &activity, &customer, &state, &version, &next, &body); err != nil {
		return err
	}
	err := decode(body, s)
	s.ID, s.Activity, s.Customer, s.State, s.Version, s.Next = id, activity, customer, sale.SubscriptionState(state), version, next
	return err
}

// SaveSubscription writes a subscription, a new one (ID 0) or over the version it was read at.
func (tx *Tx) SaveSubscription(s *sale.Subscription) error {
	body, err := encode(s)
	if err != nil {
		return err
	}
	ready := date.Day(0)
	if s.State == sale.SubscriptionRunning && s.Next != 0 {
		ready = s.Ready(s.Next)
	}
	if s.ID == 0 {
		id, err := tx.NextID("subscription")
		if err != nil {
			return err
		}
		if err := tx.stage(insertSubscription, tx.coop, id, s.Activity, s.Customer, string(s.State), int64(1), s.Next.String(), ready.String(), s.Content.Title, body); err != nil {
			return err
		}
		s.ID, s.Version = id, 1
		return nil
	}
	n, err := tx.exec(`UPDATE subscription SET customer_id = $4, state = $5, version = version + 1, next = $6, ready = $7, title = $8, body = $9 WHERE coop_id = $1 AND id = $2 AND version = $3`,
		tx.coop, s.ID, s.Version, s.Customer, string(s.State), s.Next.String(), ready.String(), s.Content.Title, body)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "office.changed_meanwhile")
	}
	s.Version++
	return nil
}

// Subscription returns one.
func (tx *Tx) Subscription(id int64) (sale.Subscription, error) {
	all, err := list(tx, `SELECT `+subscriptionColumns+` FROM subscription WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanSubscription)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.subscription_unknown")
	}
	if err != nil {
		return sale.Subscription{}, err
	}
	return all[0], nil
}

// Subscriptions returns those of an activity after an id, in order.
func (tx *Tx) Subscriptions(activity, after int64, limit int) ([]sale.Subscription, error) {
	return list(tx, `SELECT `+subscriptionColumns+` FROM subscription WHERE coop_id = $1 AND activity_id = $2 AND id > $3 ORDER BY id LIMIT CAST($4 AS BIGINT)`, []any{tx.coop, activity, after, atMost(limit)}, scanSubscription)
}

// SubscriptionsReady returns those whose next draft is due on a day.
func (tx *Tx) SubscriptionsReady(today date.Day, limit int) ([]sale.Subscription, error) {
	return list(tx, `SELECT `+subscriptionColumns+` FROM subscription WHERE coop_id = $1 AND state = 'running' AND ready <> '' AND ready <= $2 ORDER BY ready, id LIMIT CAST($3 AS BIGINT)`, []any{tx.coop, today.String(), atMost(limit)}, scanSubscription)
}

// NextReady returns the day of the next draft of the cooperative, 0 when there is none.
func (tx *Tx) NextReady() (date.Day, error) {
	var text string
	if _, err := tx.one(`SELECT COALESCE(MIN(ready), '') FROM subscription WHERE coop_id = $1 AND state = 'running' AND ready <> ''`, []any{tx.coop}, &text); err != nil || text == "" {
		return 0, err
	}
	return date.Parse(text)
}

// TakePeriod records the invoice of a period, or that it is left out (0); false when it was taken before.
func (tx *Tx) TakePeriod(subscription int64, start date.Day, saleID int64) (bool, error) {
	n, err := tx.exec(`INSERT INTO subscription_period (coop_id, subscription_id, start, sale_id) VALUES ($1, $2, $3, $4) ON CONFLICT (coop_id, subscription_id, start) DO NOTHING`, tx.coop, subscription, start.String(), saleID)
	return n == 1, err
}

// SubscriptionPeriod is a period that was invoiced or left out.
type SubscriptionPeriod struct {
	Start  date.Day
	Sale   int64 // 0: left out
	Status sale.Status
	Number string
	Gross  money.Cents
}

// Periods returns the periods of a subscription that were invoiced or left out, the latest first.
func (tx *Tx) Periods(subscription int64) ([]SubscriptionPeriod, error) {
	return list(tx, `SELECT p.start, p.sale_id, COALESCE(s.status, ''), COALESCE(s.number, ''), COALESCE(s.gross, 0) FROM subscription_period p LEFT JOIN sale s ON s.coop_id = p.coop_id AND s.id = p.sale_id
		WHERE p.coop_id = $1 AND p.subscription_id = $2 ORDER BY p.start DESC`, []any{tx.coop, subscription}, func(scan func(...any) error, p *SubscriptionPeriod) error {
		return scan(&p.Start, &p.Sale, (*string)(&p.Status), &p.Number, (*int64)(&p.Gross))
	})
}

// DraftPeriod is an invoice of a subscription that has not left its author yet.
type DraftPeriod struct {
	Sale, Subscription int64
	Start              date.Day
	Title, Buyer       string
	Gross              money.Cents
}

// DraftPeriods returns the invoices of an activity's subscriptions that wait to be sent, by customer.
func (tx *Tx) DraftPeriods(activity int64, limit int) ([]DraftPeriod, error) {
	return list(tx, `SELECT s.id, p.subscription_id, p.start, s.title, s.buyer, s.gross FROM sale s JOIN subscription_period p ON p.coop_id = s.coop_id AND p.sale_id = s.id
		WHERE s.coop_id = $1 AND s.activity_id = $2 AND s.kind = 'invoice' AND s.status IN ('draft', 'returned') ORDER BY s.buyer, s.id LIMIT CAST($3 AS BIGINT)`, []any{tx.coop, activity, atMost(limit)},
		func(scan func(...any) error, d *DraftPeriod) error {
			return scan(&d.Sale, &d.Subscription, &d.Start, &d.Title, &d.Buyer, (*int64)(&d.Gross))
		})
}

// PeriodsOf returns which periods of an activity's subscriptions were invoiced or left out.
func (tx *Tx) PeriodsOf(activity int64) (map[int64][]date.Day, error) {
	all := map[int64][]date.Day{}
	err := tx.rows(`SELECT p.subscription_id, p.start FROM subscription s CROSS JOIN subscription_period p WHERE s.coop_id = $1 AND s.activity_id = $2 AND p.coop_id = s.coop_id AND p.subscription_id = s.id`, []any{tx.coop, activity}, func(scan func(...any) error) error {
		var id int64
		var start date.Day
		err := scan(&id, &start)
		all[id] = append(all[id], start)
		return err
	})
	return all, err
}
