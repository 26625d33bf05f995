package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/format/variables"
	"essaim/internal/store"
)

// The kinds of tables that speak to a payroll software: what leaves, what comes back of each payslip, its entries.
const (
	PayVariables = "variables"
	PayResults   = "results"
	PayJournal   = "journal"
	PayLines     = "lines"
)

// PayTables are the tables by which a cooperative speaks to its payroll software: its own, or those of the program.
type PayTables struct {
	Name      string
	Variables variables.Mapping
	Results   variables.ReturnMapping
	Journal   variables.ReturnMapping
	Lines     variables.ReturnMapping
	Own       map[string]store.PayMapping // by kind: of the cooperative, with who wrote it
	Versions  []store.PayMapping          // the last first
	MayRun    bool
}

// genericTable is what a software that the program does not know is spoken to by.
const genericTable = "csv"

func payTables(tx *store.Tx, name string) (t PayTables, err error) {
	if name == "" {
		name = genericTable
	}
	t = PayTables{Name: name, Own: map[string]store.PayMapping{}}
	for _, kind := range []string{PayVariables, PayResults, PayJournal, PayLines} {
		own, ok, err := tx.PayMapping(kind, name)
		if err != nil {
			return t, err
		}
		if ok {
			t.Own[kind] = own
		}
		if err := t.read(kind, own.Body, ok); err != nil {
			return t, err
		}
	}
	t.Versions, err = tx.PayMappings(name)
	return t, err
}

// read takes one table: the cooperative's, the program's of that name, or the generic one.
func (t *PayTables) read(kind, body string, own bool) (err error) {
	if kind == PayVariables {
		if own {
			t.Variables, err = variables.ParseMapping([]byte(body))
			return err
		}
		if t.Variables, err = variables.Shipped(t.Name); err != nil {
			t.Variables, err = variables.Shipped(genericTable)
		}
		return err
	}
	m, k := &t.Results, variables.OfResults
	switch kind {
	case PayJournal:
		m, k = &t.Journal, variables.OfJournal
	case PayLines:
		m, k = &t.Lines, variables.OfLines
	}
	if own {
		*m, err = variables.ParseReturnMapping([]byte(body))
		return err
	}
	if *m, err = variables.ShippedReturn(t.Name, k); err != nil {
		*m, err = variables.ShippedReturn(genericTable, k)
	}
	return err
}

// PayTables returns the tables of the software that the rule names.
func (o *Office) PayTables(ctx context.Context, a access.Actor) (t PayTables, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return t, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := payRules(tx, a.Today.Month())
		if err != nil {
			return err
		}
		t, err = payTables(tx, f.rules.Mapping)
		t.MayRun = true
		return err
	})
	return t, err
}

// SavePayCodes writes what each element is called in the software: an element without a code is not sent, and whoever has
// some is told. A code that was typed is no example any more. prefix begins the numbers that are made of contracts.
func (o *Office) SavePayCodes(ctx context.Context, a access.Actor, prefix string, codes map[variables.Element]variables.Code) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		f, err := payRules(tx, a.Today.Month())
		if err != nil {
			return err
		}
		t, err := payTables(tx, f.rules.Mapping)
		if err != nil {
			return err
		}
		m := t.Variables
		m.Prefix, m.Codes = strings.TrimSpace(prefix), map[variables.Element]variables.Code{}
		for e, c := range codes {
			c.Code, c.Label = strings.TrimSpace(c.Code), strings.TrimSpace(c.Label)
			if c.Code == "" && m.Layout == variables.ByElement {
				continue
			}
			c.Example = false
			m.Codes[e] = c
		}
		m.Checked = a.Today.String()
		if err := m.Check(); err != nil {
			return err
		}
		return saveTable(tx, a, PayVariables, t.Name, m)
	})
}

// SavePayTable writes a whole table of a kind, as JSON.
func (o *Office) SavePayTable(ctx context.Context, a access.Actor, kind string, body []byte) error {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return err
	}
	var table any
	var err error
	switch kind {
	case PayVariables:
		table, err = variables.ParseMapping(body)
	case PayResults, PayJournal, PayLines:
		var m variables.ReturnMapping
		m, err = variables.ParseReturnMapping(body)
		if err == nil && string(m.Kind) != kind {
			err = fault.At("kind", "variables.mapping_one_of", "value", string(m.Kind), "choices", kind)
		}
		table = m
	default:
		return fault.At("kind", "variables.mapping_one_of", "value", kind, "choices", "variables | results | journal | lines")
	}
	if err != nil {
		return fault.Prefix("table", err)
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		f, err := payRules(tx, a.Today.Month())
		if err != nil {
			return err
		}
		t, err := payTables(tx, f.rules.Mapping)
		if err != nil {
			return err
		}
		return saveTable(tx, a, kind, t.Name, table)
	})
}

func saveTable(tx *store.Tx, a access.Actor, kind, name string, table any) error {
	body, err := json.Marshal(table)
	if err != nil {
		return err
	}
	if was, ok, err := tx.PayMapping(kind, name); err != nil || ok && was.Body == string(body) {
		return err
	}
	if err := tx.AddPayMapping(&store.PayMapping{Kind: kind, Name: name, Body: string(body), By: a.Person}); err != nil {
		return err
	}
	return tx.Audit(a.Person, "pay.table", thing("pay_mapping", 0), map[string]any{"kind": kind, "name": name})
}

// Table is a table as it is written, to be kept or changed elsewhere.
func (t *PayTables) Table(kind string) (name string, b []byte, err error) {
	var table any
	switch kind {
	case PayVariables:
		table = t.Variables
	case PayResults:
		table = t.Results
	case PayJournal:
		table = t.Journal
	case PayLines:
		table = t.Lines
	default:
		return "", nil, fault.New(fault.NotFound, "store.file_unknown")
	}
	b, err = json.MarshalIndent(table, "", "  ")
	return fmt.Sprintf("%s.%s.json", t.Name, kind), append(b, '\n'), err
}

// Lacking are the elements that a table gives no code of.
func (t *PayTables) Lacking() (all []variables.Element) {
	for _, e := range variables.Elements() {
		_, coded := t.Variables.Codes[e]
		if t.Variables.Layout == variables.ByPerson {
			coded = slices.ContainsFunc(t.Variables.Columns, func(c variables.Column) bool { return c.Element == e })
		}
		if !coded {
			all = append(all, e)
		}
	}
	return all
}
