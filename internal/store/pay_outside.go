package store

import (
	"essaim/date"
	"essaim/fault"
)

// PayMapping is a table by which the cooperative speaks to its payroll software.
type PayMapping struct {
	ID   int64
	Kind string // variables, results, journal
	Name string
	Body string // JSON of the format
	By   int64
	At   int64
}

// PayMapping returns the table of a kind and a name that holds; ok is false when the cooperative has none of its own.
func (tx *Tx) PayMapping(kind, name string) (m PayMapping, ok bool, err error) {
	m.Kind, m.Name = kind, name
	ok, err = tx.one(`SELECT id, body, by_id, at FROM pay_mapping WHERE coop_id = $1 AND kind = $2 AND name = $3 ORDER BY id DESC LIMIT 1`, []any{tx.coop, kind, name}, &m.ID, &m.Body, &m.By, &m.At)
	return m, ok, err
}

// PayMappings returns every version of the tables of a name, the last first, without what is in them.
func (tx *Tx) PayMappings(name string) ([]PayMapping, error) {
	return list(tx, `SELECT id, kind, name, by_id, at FROM pay_mapping WHERE coop_id = $1 AND name = $2 ORDER BY id DESC`, []any{tx.coop, name}, func(scan func(...any) error, m *PayMapping) error {
		return scan(&m.ID, &m.Kind, &m.Name, &m.By, &m.At)
	})
}

// AddPayMapping writes a version.
func (tx *Tx) AddPayMapping(m *PayMapping) error {
	id, err := tx.NextID("pay_mapping")
	if err != nil {
		return err
	}
	m.ID, m.At = id, tx.now
	_, err = tx.exec(`INSERT INTO pay_mapping (coop_id, id, kind, name, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, tx.coop, m.ID, m.Kind, m.Name, m.Body, m.By, m.At)
	return err
}

// What an exchange with a payroll software is, and where a return stands.
const (
	PayExport   = "export"
	PayImport   = "import"
	PayStaged   = "staged"
	PayAccepted = "accepted"
	PayDropped  = "dropped"
	PayUndone   = "undone"
)

// PayExchange is a file of variables that was made for a month, or what came back.
type PayExchange struct {
	ID    int64
	Month date.Month
	Kind  string
	State string
	Body  string // JSON of the office
	By    int64
	At    int64
}

const payExchangeColumns = `id, month, kind, state, body, by_id, at`

func scanPayExchange(scan func(...any) error, x *PayExchange) error {
	month := ""
	err := scan(&x.ID, &month, &x.Kind, &x.State, &x.Body, &x.By, &x.At)
	x.Month = monthOf(month)
	return err
}

// PayExchange returns one.
func (tx *Tx) PayExchange(id int64) (x PayExchange, err error) {
	rows, err := list(tx, `SELECT `+payExchangeColumns+` FROM pay_exchange WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanPayExchange)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "store.pay_exchange_unknown")
	}
	if len(rows) > 0 {
		x = rows[0]
	}
	return x, err
}

// PayExchanges returns those of a month, the last first.
func (tx *Tx) PayExchanges(m date.Month) ([]PayExchange, error) {
	return list(tx, `SELECT `+payExchangeColumns+` FROM pay_exchange WHERE coop_id = $1 AND month = $2 ORDER BY id DESC`, []any{tx.coop, m.String()}, scanPayExchange)
}

// PayAcceptedImports returns the returns that hold, from a month on, by month and order.
func (tx *Tx) PayAcceptedImports(from date.Month) ([]PayExchange, error) {
	return list(tx, `SELECT `+payExchangeColumns+` FROM pay_exchange WHERE coop_id = $1 AND kind = 'import' AND state = 'accepted' AND month >= $2 ORDER BY month, id`, []any{tx.coop, from.String()}, scanPayExchange)
}

// AddPayExchange writes one.
func (tx *Tx) AddPayExchange(x *PayExchange) error {
	id, err := tx.NextID("pay_exchange")
	if err != nil {
		return err
	}
	x.ID, x.At = id, tx.now
	_, err = tx.exec(`INSERT INTO pay_exchange (coop_id, id, month, kind, state, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.coop, x.ID, x.Month.String(), x.Kind, x.State, x.Body, x.By, x.At)
	return err
}

// SetPayExchange notes what became of a return.
func (tx *Tx) SetPayExchange(x PayExchange) error {
	n, err := tx.exec(`UPDATE pay_exchange SET state = $3, body = $4 WHERE coop_id = $1 AND id = $2`, tx.coop, x.ID, x.State, x.Body)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "store.pay_exchange_unknown")
	}
	return err
}

// TakeBackSlip takes away a payslip that came from elsewhere and that nothing pays: what it booked was reversed before. Ours
// are never taken away.
func (tx *Tx) TakeBackSlip(id int64) error {
	n, err := tx.exec(`DELETE FROM payslip WHERE coop_id = $1 AND id = $2 AND origin IN ('software', 'opening') AND transfer_id = 0`, tx.coop, id)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "store.payslip_issued")
	}
	return err
}

// ThawEstimate lets our estimate of a month be computed again: what it was held against was taken back.
func (tx *Tx) ThawEstimate(contract int64, m date.Month) error {
	_, err := tx.exec(`UPDATE payslip SET state = 'draft', hash = '' WHERE coop_id = $1 AND contract_id = $2 AND month = $3 AND origin = 'estimate'`, tx.coop, contract, m.String())
	return err
}

// EntryTouched says whether something was settled of what an entry opened: a payment of it is known.
func (tx *Tx) EntryTouched(entry int64) (bool, error) {
	n := 0
	_, err := tx.one(`SELECT COUNT(*) FROM open_item WHERE coop_id = $1 AND entry_id = $2 AND remaining <> amount`, []any{tx.coop, entry}, &n)
	return n > 0, err
}
