package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
)

// Section is an analytic section as the books name it.
type Section struct {
	ID   int64
	Code string
	Name string
}

// Settings are what nearly every operation needs of a cooperative and that seldom changes. They are kept in memory and
// read again when the cooperative's stamp has moved; a change made by another program is seen by the next transaction.
type Settings struct {
	stamp    int64
	Coop     coop.Cooperative
	Zone     *time.Location
	Chart    ledger.Chart
	Journals map[string]ledger.Journal
	Sections map[int64]Section
	ByCode   map[string]int64 // section code → id
	Years    []ledger.FiscalYear
	Rules    []coop.Rule
	deducts  coop.Prefixes
}

// On returns the rules in force on a day.
func (s *Settings) On(d date.Day) (coop.Rules, error) { return coop.ParseRules(s.Rules, d) }

// YearOf returns the fiscal year of a day.
func (s *Settings) YearOf(d date.Day) (ledger.FiscalYear, bool) {
	for _, y := range s.Years {
		if y.Span.Contains(d) {
			return y, true
		}
	}
	return ledger.FiscalYear{}, false
}

// Year returns a fiscal year by its id.
func (s *Settings) Year(id int64) (ledger.FiscalYear, bool) {
	for _, y := range s.Years {
		if y.ID == id {
			return y, true
		}
	}
	return ledger.FiscalYear{}, false
}

// JournalList returns the journals by code.
func (s *Settings) JournalList() []ledger.Journal {
	var all []ledger.Journal
	for _, j := range s.Journals {
		all = append(all, j)
	}
	slices.SortFunc(all, func(a, b ledger.Journal) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return all
}

// Settings returns the cooperative's settings as of this transaction.
func (tx *Tx) Settings() (*Settings, error) {
	if tx.set != nil {
		return tx.set, nil
	}
	if tx.write && !tx.touch {
		if s := tx.shared.settings[tx.coop]; s != nil { // nobody else writes while the lane does
			tx.set = s
			return s, nil
		}
	}
	s, err := tx.readSettings()
	if err != nil {
		return nil, err
	}
	tx.set = s
	if tx.write && !tx.touch {
		tx.shared.settings[tx.coop] = s
	}
	return s, nil
}

func (tx *Tx) readSettings() (*Settings, error) {
	stamp, err := tx.stampOf("settings")
	if err != nil {
		return nil, err
	}
	if s, ok := tx.db.settings.Load(tx.coop); ok && s.(*Settings).stamp == stamp && stamp > 0 {
		return s.(*Settings), nil
	}
	s, err := tx.loadSettings()
	if err != nil {
		return nil, err
	}
	s.stamp = stamp
	// Only what a commit has made true is kept for others.
	if !tx.write || !tx.shared.wrote {
		tx.db.settings.Store(tx.coop, s)
	}
	return s, nil
}

// stampOf returns how often something that is remembered has changed.
func (tx *Tx) stampOf(name string) (n int64, err error) {
	_, err = tx.one(`SELECT n FROM stamp WHERE coop_id = $1 AND name = $2`, []any{tx.coop, name}, &n)
	return n, err
}

// stampWritten moves with every transaction that writes for the cooperative, whatever it writes.
const stampWritten = "written"

// Written returns a number that moves whenever anything of the cooperative changes. What is read after it, in this
// transaction or a later one, is at least as new: kept under this number, it is never older than what a reader who finds
// the same number would see.
func (tx *Tx) Written() (int64, error) { return tx.stampOf(stampWritten) }

// Touch says that settings changed: the next reader loads them again.
func (tx *Tx) Touch() error {
	tx.set, tx.touch = nil, true
	_, err := tx.exec(`INSERT INTO stamp (coop_id, name, n) VALUES ($1, 'settings', 1) ON CONFLICT (coop_id, name) DO UPDATE SET n = stamp.n + 1`, tx.coop)
	return err
}

func (tx *Tx) loadSettings() (*Settings, error) {
	s := &Settings{Chart: ledger.Chart{}, Journals: map[string]ledger.Journal{}, Sections: map[int64]Section{}, ByCode: map[string]int64{}}
	var body string
	found, err := tx.one(`SELECT body FROM cooperative WHERE id = $1`, []any{tx.coop}, &body)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.NotFound, "store.coop_unknown")
	}
	if err := json.Unmarshal([]byte(body), &s.Coop); err != nil {
		return nil, fmt.Errorf("cooperative %d: %w", tx.coop, err)
	}
	if s.Zone, err = time.LoadLocation(s.Coop.TimeZone); err != nil {
		return nil, fmt.Errorf("time zone of cooperative %d: %w", tx.coop, err)
	}
	args := []any{tx.coop}
	err = tx.rows(`SELECT code, label, third FROM account WHERE coop_id = $1`, args, func(scan func(...any) error) error {
		var a ledger.Account
		defer func() { s.Chart[a.Code] = a }()
		return scan(&a.Code, &a.Label, &a.Third)
	})
	if err != nil {
		return nil, err
	}
	err = tx.rows(`SELECT code, label FROM journal WHERE coop_id = $1`, args, func(scan func(...any) error) error {
		var j ledger.Journal
		defer func() { s.Journals[j.Code] = j }()
		return scan(&j.Code, &j.Label)
	})
	if err != nil {
		return nil, err
	}
	err = tx.rows(`SELECT id, code, name FROM section WHERE coop_id = $1`, args, func(scan func(...any) error) error {
		var c Section
		defer func() { s.Sections[c.ID], s.ByCode[c.Code] = c, c.ID }()
		return scan(&c.ID, &c.Code, &c.Name)
	})
	if err != nil {
		return nil, err
	}
	if s.Years, err = list(tx, `SELECT id, start_day, end_day, closed_to FROM fiscal_year WHERE coop_id = $1 ORDER BY start_day`, args, func(scan func(...any) error, y *ledger.FiscalYear) error {
		return scan(&y.ID, &y.Span.Start, &y.Span.End, &y.ClosedTo)
	}); err != nil {
		return nil, err
	}
	s.Rules, err = list(tx, `SELECT id, kind, name, from_day, value, decision FROM rule WHERE coop_id = $1 ORDER BY from_day, id`, args, func(scan func(...any) error, r *coop.Rule) error {
		return scan(&r.ID, &r.Kind, &r.Name, &r.From, &r.Value, &r.Decision)
	})
	if err != nil {
		return nil, err
	}
	for _, r := range s.Rules {
		if r.Kind != coop.RuleContribution {
			continue
		}
		p, err := activity.ReadPolicy(r.Value)
		if err != nil {
			return nil, fmt.Errorf("contribution rule %d: %w", r.ID, err)
		}
		if p.Base == activity.GrossMarginInvoiced || p.Base == activity.GrossMarginCollected {
			s.deducts.In = append(s.deducts.In, p.Deducts...)
		}
	}
	return s, nil
}

// Today returns the civil day of the transaction in the cooperative's time zone.
func (tx *Tx) Today() (date.Day, error) {
	s, err := tx.Settings()
	if err != nil {
		return 0, err
	}
	return date.FromTime(time.UnixMicro(tx.now).In(s.Zone)), nil
}
