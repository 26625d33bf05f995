package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
)

// encode and decode are the JSON of the columns that hold a value no query looks into.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func decode(text string, into any) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("value kept as JSON: %w", err)
	}
	return nil
}

func sortByName[T any](all []T, name func(T) string) {
	slices.SortStableFunc(all, func(a, b T) int { return strings.Compare(Normal(name(a)), Normal(name(b))) })
}

func readCoop(body string) (c coop.Cooperative, err error) {
	return c, decode(body, &c)
}

// Cooperatives returns the cooperatives of the store by name.
func (db *DB) Cooperatives(ctx context.Context) ([]coop.Cooperative, error) {
	var all []coop.Cooperative
	err := db.Read(ctx, 0, func(tx *Tx) error {
		var err error
		all, err = list(tx, `SELECT body FROM cooperative ORDER BY id`, nil, func(scan func(...any) error, c *coop.Cooperative) error {
			var body string
			err := scan(&body)
			if err == nil {
				*c, err = readCoop(body)
			}
			return err
		})
		return err
	})
	sortByName(all, func(c coop.Cooperative) string { return c.Name })
	return all, err
}

// CoopBySlug returns the cooperative that an address names, if there is one.
func (db *DB) CoopBySlug(ctx context.Context, slug string) (coop.Cooperative, bool, error) {
	var c coop.Cooperative
	found := false
	err := db.Read(ctx, 0, func(tx *Tx) error {
		var body string
		var err error
		if found, err = tx.one(`SELECT body FROM cooperative WHERE slug = $1`, []any{slug}, &body); err != nil || !found {
			return err
		}
		c, err = readCoop(body)
		return err
	})
	return c, found, err
}

// FreeCoop returns the id the next cooperative of the store may take.
func (db *DB) FreeCoop(ctx context.Context) (int64, error) {
	last := int64(0)
	err := db.Read(ctx, 0, func(tx *Tx) error {
		_, err := tx.one(`SELECT id FROM cooperative ORDER BY id DESC LIMIT 1`, nil, &last)
		return err
	})
	return last + 1, err
}

// CreateCooperative opens a cooperative in its own transaction's scope: identity, chart, journals, the house's two
// sections, fiscal years. c.ID must be that of the transaction (or 0, and is set).
func (tx *Tx) CreateCooperative(c *coop.Cooperative, years ...date.FiscalYear) error {
	if c.ID == 0 {
		c.ID = tx.coop
	}
	if c.ID != tx.coop || c.ID <= 0 {
		return fmt.Errorf("store: cooperative %d created in the transaction of %d", c.ID, tx.coop)
	}
	body, err := encode(c)
	if err != nil {
		return err
	}
	if err := tx.slugFree(c.Slug, 0); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO cooperative (id, slug, body) VALUES ($1, $2, $3)`, c.ID, c.Slug, body); err != nil {
		return err
	}
	for _, a := range ledger.FrenchChart() {
		if err := tx.stage(insertAccount, tx.coop, a.Code, a.Label, string(a.Third)); err != nil {
			return err
		}
	}
	for _, j := range ledger.FrenchJournals() {
		if _, err := tx.exec(`INSERT INTO journal (coop_id, code, label) VALUES ($1, $2, $3)`, tx.coop, j.Code, j.Label); err != nil {
			return err
		}
	}
	for _, s := range []Section{{ledger.House, "CAE", c.Name}, {ledger.Mutual, "SMUT", "Services mutualisés"}} {
		if _, err := tx.exec(`INSERT INTO section (coop_id, id, code, name) VALUES ($1, $2, $3, $4)`, tx.coop, s.ID, s.Code, s.Name); err != nil {
			return err
		}
	}
	if err := tx.SkipIDs("section", ledger.FirstActivity); err != nil {
		return err
	}
	for _, y := range years {
		if _, err := tx.AddYear(y); err != nil {
			return err
		}
	}
	return tx.Touch()
}

var insertAccount = into("account", "coop_id, code, label, third")

func (tx *Tx) slugFree(slug string, id int64) error {
	var other int64
	found, err := tx.one(`SELECT id FROM cooperative WHERE slug = $1`, []any{slug}, &other)
	if err == nil && found && other != id {
		return &fault.Error{Kind: fault.Conflict, Field: "slug", Key: "store.slug_taken", Args: []any{"slug", slug}}
	}
	return err
}

// SaveCooperative writes the identity of the cooperative of the transaction.
func (tx *Tx) SaveCooperative(c *coop.Cooperative) error {
	if c.ID != tx.coop {
		return fmt.Errorf("store: cooperative %d saved in the transaction of %d", c.ID, tx.coop)
	}
	body, err := encode(c)
	if err != nil {
		return err
	}
	if err := tx.slugFree(c.Slug, c.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE cooperative SET slug = $2, body = $3 WHERE id = $1`, tx.coop, c.Slug, body)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "store.coop_unknown")
	}
	return tx.Touch()
}

// SaveRule writes a dated rule. A rule that has served is not rewritten by the use cases: they add one from a later day.
func (tx *Tx) SaveRule(r *coop.Rule) error {
	if r.ID == 0 {
		id, err := tx.NextID("rule")
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO rule (coop_id, id, kind, name, from_day, value, decision) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tx.coop, id, string(r.Kind), r.Name, r.From.String(), r.Value, r.Decision); err != nil {
			return err
		}
		r.ID = id
		return tx.Touch()
	}
	n, err := tx.exec(`UPDATE rule SET kind = $3, name = $4, from_day = $5, value = $6, decision = $7 WHERE coop_id = $1 AND id = $2`,
		tx.coop, r.ID, string(r.Kind), r.Name, r.From.String(), r.Value, r.Decision)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "store.rule_unknown")
	}
	return tx.Touch()
}

// DropRule takes a rule away that never was in force: the log says what it was.
func (tx *Tx) DropRule(id int64) error {
	n, err := tx.exec(`DELETE FROM rule WHERE coop_id = $1 AND id = $2`, tx.coop, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "store.rule_unknown")
	}
	return tx.Touch()
}

// LastIssued returns the day of the last document that has a number, 0 when none has.
func (tx *Tx) LastIssued() (last date.Day, err error) {
	for _, text := range []string{
		`SELECT day FROM sale WHERE coop_id = $1 AND kind = 'quote' AND number <> '' ORDER BY day DESC LIMIT 1`,
		`SELECT day FROM sale WHERE coop_id = $1 AND kind = 'invoice' AND number <> '' ORDER BY day DESC LIMIT 1`,
		`SELECT day FROM sale WHERE coop_id = $1 AND kind = 'credit' AND number <> '' ORDER BY day DESC LIMIT 1`,
	} {
		var day date.Day
		if _, err := tx.one(text, []any{tx.coop}, &day); err != nil {
			return 0, err
		}
		last = max(last, day)
	}
	return last, nil
}

// AddAccount adds an account to the chart.
func (tx *Tx) AddAccount(a ledger.Account) error {
	s, err := tx.Settings()
	if err != nil {
		return err
	}
	if old, ok := s.Chart[a.Code]; ok {
		return &fault.Error{Kind: fault.Conflict, Field: "code", Key: "store.account_taken", Args: []any{"code", a.Code, "label", old.Label}}
	}
	if _, err := tx.exec(`INSERT INTO account (coop_id, code, label, third) VALUES ($1, $2, $3, $4)`, tx.coop, a.Code, a.Label, string(a.Third)); err != nil {
		return err
	}
	return tx.Touch()
}

// maxMonths bounds how long a fiscal year may be: a first one may last up to 24 months.
const maxMonths = 24

// AddYear opens a fiscal year right after or right before those that exist. What the years before it leave is carried
// over into its period 0; the later years already hold it.
func (tx *Tx) AddYear(span date.FiscalYear) (ledger.FiscalYear, error) {
	y := ledger.FiscalYear{Span: span}
	if span.Start == 0 || span.End < span.Start || len(span.Months()) > maxMonths {
		return y, fault.At("end", "store.year_span")
	}
	years, err := tx.years()
	if err != nil {
		return y, err
	}
	if n := len(years); n > 0 && span.Start != years[n-1].Span.End+1 && span.End != years[0].Span.Start-1 {
		return y, &fault.Error{Kind: fault.Conflict, Field: "start", Key: "store.year_apart", Args: []any{"from", years[0].Span.Start, "to", years[n-1].Span.End}}
	}
	if len(years) > 0 && span.End < years[0].Span.Start {
		// Opening balances entered in what would no longer be the first year would count twice beside those carried over.
		var n int64
		if _, err := tx.one(`SELECT COUNT(*) FROM entry WHERE coop_id = $1 AND year_id = $2 AND journal = $3`, []any{tx.coop, years[0].ID, ledger.JournalOpening}, &n); err != nil {
			return y, err
		} else if n > 0 {
			return y, &fault.Error{Kind: fault.Conflict, Field: "start", Key: "store.year_begun", Args: []any{"year", years[0].Span.Label()}}
		}
	}
	if y.ID, err = tx.NextID("fiscal_year"); err != nil {
		return y, err
	}
	if _, err := tx.exec(`INSERT INTO fiscal_year (coop_id, id, start_day, end_day, closed_to) VALUES ($1, $2, $3, $4, 0)`, tx.coop, y.ID, span.Start.String(), span.End.String()); err != nil {
		return y, err
	}
	// The accounts of [ledger.Result] end in the result of their section, as in Carried.
	if _, err := tx.exec(`INSERT INTO balance (coop_id, section_id, year_id, account, period, debit, credit)
		SELECT b.coop_id, b.section_id, CAST($2 AS BIGINT), b.carried, 0, CAST(SUM(b.debit) AS BIGINT), CAST(SUM(b.credit) AS BIGINT)
		FROM (SELECT coop_id, section_id, debit, credit, CASE WHEN substr(account, 1, 1) IN ('6', '7') OR substr(account, 1, 3) IN ('186', '187') THEN $3 ELSE account END AS carried
			FROM balance WHERE coop_id = $1 AND period > 0 AND year_id IN (SELECT id FROM fiscal_year WHERE coop_id = $1 AND end_day < $4)) b
		GROUP BY b.coop_id, b.section_id, b.carried`, tx.coop, y.ID, ledger.ProfitOfYear, span.Start.String()); err != nil {
		return y, err
	}
	return y, tx.Touch()
}

// YearsOver says whether today is after the last fiscal year of the transaction's cooperative.
func (tx *Tx) YearsOver() (bool, error) {
	if tx.coop == 0 {
		return false, nil
	}
	s, err := tx.Settings()
	if err != nil {
		return false, err
	}
	today, err := tx.Today()
	return len(s.Years) > 0 && s.Years[len(s.Years)-1].Span.End < today, err
}

// ReachToday opens the fiscal years from the last one to that of today: a year begins by itself with its first operation.
func (tx *Tx) ReachToday() error {
	for {
		over, err := tx.YearsOver()
		if err != nil || !over {
			return err
		}
		s, err := tx.Settings()
		if err != nil {
			return err
		}
		y, err := tx.AddYear(s.Years[len(s.Years)-1].Span.Next())
		if err != nil {
			return err
		}
		if err := tx.Audit(0, "year.open", y.Span.Label(), nil); err != nil {
			return err
		}
	}
}

func (tx *Tx) years() ([]ledger.FiscalYear, error) {
	return list(tx, `SELECT id, start_day, end_day, closed_to FROM fiscal_year WHERE coop_id = $1 ORDER BY start_day`, []any{tx.coop}, func(scan func(...any) error, y *ledger.FiscalYear) error {
		return scan(&y.ID, &y.Span.Start, &y.Span.End, &y.ClosedTo)
	})
}

// SetClosedTo closes the periods of a fiscal year up to one (0: opens all).
func (tx *Tx) SetClosedTo(year int64, period int) error {
	n, err := tx.exec(`UPDATE fiscal_year SET closed_to = $3 WHERE coop_id = $1 AND id = $2`, tx.coop, year, period)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "store.year_unknown")
	}
	return tx.Touch()
}
