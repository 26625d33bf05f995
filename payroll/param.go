package payroll

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"essaim/date"
	"essaim/money"
)

//go:embed data/parameters.json data/lines.json data/tax_grids.json data/elements.json
var files embed.FS

// Parameter is one dated value of the law.
type Parameter struct {
	ID     string   `json:"id"`
	From   date.Day `json:"from"` // first day it holds; it holds until the next of the same id
	Value  string   `json:"value"`
	Unit   string   `json:"unit"` // eur, pct, coef, count, hours, days
	Source string   `json:"source"`
	Unsure string   `json:"unsure,omitempty"` // what was not verified
}

// Verified is the last day whose parameters were read: a payslip beyond it is computed with those of that day and says so.
func Verified() date.Day { return date.Of(2026, 12, 31) }

// Begins is the first month that is computed.
func Begins() date.Month { return date.MonthOf(2025, 1) }

// param is the rank of a parameter among those the formulas ask by name.
type param int

// scales say how many units of the last decimal make one.
var scales = map[string]int64{"eur": 100, "pct": 10_000, "coef": 1_000_000, "count": 1, "hours": 100, "days": 100}

// Table is every parameter, line and grid there is. It is read-only.
type Table struct {
	all    []Parameter
	byID   map[string][]dated
	lines  []line
	grids  []grid
	things map[string]Element
}

type dated struct {
	from  date.Day
	value int64
	n     int // rank in all
}

var law = must(load())

// Law is the table that the program carries.
func Law() *Table { return law }

func must(t *Table, err error) *Table {
	if err != nil {
		panic(err) // embedded data that a test reads first
	}
	return t
}

func load() (*Table, error) {
	t := &Table{things: map[string]Element{}}
	if err := read("data/parameters.json", &t.all); err != nil {
		return nil, err
	}
	var lines []lineData
	var grids []gridData
	var things []Element
	if err := errors.Join(t.index(), read("data/lines.json", &lines), read("data/tax_grids.json", &grids), read("data/elements.json", &things)); err != nil {
		return nil, err
	}
	for _, e := range things {
		t.things[e.Code] = e
	}
	for _, d := range lines {
		l, err := t.line(d)
		if err != nil {
			return nil, err
		}
		t.lines = append(t.lines, l)
	}
	for _, d := range grids {
		g, err := d.grid()
		if err != nil {
			return nil, err
		}
		t.grids = append(t.grids, g)
	}
	return t, nil
}

func read(name string, into any) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// index reads the values and proves the shape: known units, days in order, every parameter that is asked there.
func (t *Table) index() error {
	t.byID = map[string][]dated{}
	for n, p := range t.all {
		scale, ok := scales[p.Unit]
		if !ok {
			return fmt.Errorf("parameter %s: unit %q", p.ID, p.Unit)
		}
		v, err := scaled(p.Value, scale)
		if err != nil {
			return fmt.Errorf("parameter %s from %s: %w", p.ID, p.From, err)
		}
		if p.Source == "" {
			return fmt.Errorf("parameter %s from %s: no source", p.ID, p.From)
		}
		before := t.byID[p.ID]
		if len(before) > 0 && before[len(before)-1].from >= p.From {
			return fmt.Errorf("parameter %s: %s does not come after what precedes it", p.ID, p.From)
		}
		t.byID[p.ID] = append(before, dated{p.From, v, n})
	}
	for _, id := range paramIDs {
		if len(t.byID[id]) == 0 {
			return fmt.Errorf("parameter %s is asked and has no value", id)
		}
	}
	for id := range t.byID {
		if !slices.Contains(paramIDs[:], id) {
			return fmt.Errorf("parameter %s is asked by nothing", id)
		}
	}
	return nil
}

// scaled reads a decimal into whole units of its last decimal.
func scaled(s string, scale int64) (int64, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, fmt.Errorf("%q is no number", s)
	}
	r.Mul(r, new(big.Rat).SetInt64(scale))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, fmt.Errorf("%q has too many decimals", s)
	}
	return r.Num().Int64(), nil
}

// All returns every parameter with its source, as the program carries it.
func (t *Table) All() []Parameter { return slices.Clone(t.all) }

// With returns a table in which one parameter, by its rank in [Table.All], has another value: what a what-if and the
// test that every parameter matters ask.
func (t *Table) With(rank int, value string) (*Table, error) {
	c := *t
	c.all = slices.Clone(t.all)
	c.all[rank].Value = value
	return &c, c.index()
}

// Parameters are the values that hold in one month.
type Parameters struct {
	t      *Table
	Month  date.Month
	v      [nParams]int64
	Unsure []Parameter // those in force whose value or reading was not verified
	// Late says that the month is beyond what was verified: values of the last verified day were taken.
	Late bool
}

// On returns the parameters of a month.
func (t *Table) On(m date.Month) *Parameters {
	p := &Parameters{t: t, Month: m, Late: m.First() > Verified()}
	for i, id := range paramIDs {
		all := t.byID[id]
		at := all[0]
		for _, d := range all[1:] {
			if d.from <= m.First() {
				at = d
			}
		}
		p.v[i] = at.value
		if t.all[at.n].Unsure != "" {
			p.Unsure = append(p.Unsure, t.all[at.n])
		}
	}
	return p
}

// Source returns the parameter that gives a rate or a ceiling in a month, with its text.
func (t *Table) Source(id string, m date.Month) (Parameter, bool) {
	all := t.byID[id]
	if len(all) == 0 {
		return Parameter{}, false
	}
	at := all[0]
	for _, d := range all[1:] {
		if d.from <= m.First() {
			at = d
		}
	}
	return t.all[at.n], true
}

func (p *Parameters) rate(id param) money.Rate   { return money.Rate(p.v[id]) }
func (p *Parameters) cents(id param) money.Cents { return money.Cents(p.v[id]) }
func (p *Parameters) count(id param) int64       { return p.v[id] }

// grid is the neutral rates of the tax withheld (CGI 204 H), by the net taxable of a month.
type grid struct {
	from  date.Day
	below []money.Cents
	rates []money.Rate
}

type gridData struct {
	From   date.Day `json:"from"`
	Below  []string `json:"below"`
	Rates  []string `json:"rates"`
	Unit   string   `json:"unit"`
	Source string   `json:"source"`
}

func (d gridData) grid() (grid, error) {
	g := grid{from: d.From}
	for _, s := range d.Below {
		v, err := scaled(s, 100)
		if err != nil {
			return g, err
		}
		g.below = append(g.below, money.Cents(v))
	}
	for _, s := range d.Rates {
		v, err := scaled(s, 10_000)
		if err != nil {
			return g, err
		}
		g.rates = append(g.rates, money.Rate(v))
	}
	if len(g.rates) != len(g.below)+1 || !slices.IsSorted(g.below) || d.Source == "" {
		return g, fmt.Errorf("grid from %s: its rows do not follow", d.From)
	}
	return g, nil
}

// Neutral returns the neutral rate for a net taxable of a month, by the grid of the day it is paid on.
func (t *Table) Neutral(taxable money.Cents, paid date.Day) money.Rate {
	g := t.gridOn(paid)
	for i, limit := range g.below {
		if taxable < limit {
			return g.rates[i]
		}
	}
	return g.rates[len(g.rates)-1]
}

// gridOn returns the grid in force on a day of payment.
func (t *Table) gridOn(paid date.Day) *grid {
	g := &t.grids[0]
	for i := range t.grids {
		if x := &t.grids[i]; x.from <= paid {
			g = x
		}
	}
	return g
}
