package payroll

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"essaim/date"
	"essaim/money"
)

// Model is one of the models of payslip (R3243-2 Code du travail, arrêté du 25 février 2016): which blocks in which order,
// which lines in which row, in which words. Lines are kept whole; they are grouped when a payslip is read.
type Model struct {
	Code   string   `json:"code"`
	From   date.Day `json:"from"`            // first day of payment on which it is the one to use
	Until  date.Day `json:"until,omitempty"` // last one; 0: no other follows
	Source string   `json:"source"`
	Unsure string   `json:"unsure,omitempty"` // what was not read in the text itself

	Beside    string       `json:"beside"`     // key of the heading of what is paid and kept back beside
	BeforeTax string       `json:"before_tax"` // key of the net before tax
	Net       string       `json:"net"`        // key of what is paid
	Blocks    []ModelBlock `json:"blocks"`
}

// ModelBlock is one block of a model.
type ModelBlock struct {
	Code   string     `json:"code"`
	Group  string     `json:"group,omitempty"` // key of the heading that stands above the first block that has it
	Label  string     `json:"label"`           // key
	Unsure string     `json:"unsure,omitempty"`
	Rows   []ModelRow `json:"rows"`
}

// ModelRow is the lines that one row sums up, by code.
type ModelRow struct {
	Label  string   `json:"label,omitempty"` // key; "": the row is the block's own
	Lines  []string `json:"lines"`
	Unsure string   `json:"unsure,omitempty"`
}

// Purpose is what contributions are for, in a person's own words.
type Purpose struct {
	Code  string   `json:"code"`
	Lines []string `json:"lines"`
}

// Block is a block of a payslip as it is read.
type Block struct {
	Code  string `json:"code"`
	Group string `json:"group,omitempty"` // key of a heading above
	Label string `json:"label"`           // key
	Rows  []Row  `json:"rows"`
}

// Row is a row of a payslip. In the blocks of the gross and of what is paid beside, Employee is what is paid, negative
// when it is taken off; in those of contributions it is what is kept back.
type Row struct {
	Label    string      `json:"label,omitempty"` // key; "" when the row is the block's own
	Element  string      `json:"element,omitempty"`
	Text     string      `json:"text,omitempty"` // words of whoever entered it
	Base     money.Cents `json:"base,omitempty"` // 0: the row has none to show
	Rate     money.Rate  `json:"rate,omitempty"` // of the employee's part
	Employee money.Cents `json:"employee"`
	Employer money.Cents `json:"employer"`
	Lines    []Line      `json:"lines,omitempty"` // what it sums up
}

// The blocks that are of every model.
const (
	BlockGross  = "gross"
	BlockBeside = "beside"
	blockOther  = "other" // takes a line that a model says nothing of
)

//go:embed data/blocks.json
var blocksFile []byte

type layouts struct {
	Models   []Model   `json:"models"`
	Purposes []Purpose `json:"purposes"`
}

var models = func() layouts {
	l, err := loadLayouts()
	if err != nil {
		panic(err) // embedded data that a test reads first
	}
	return l
}()

func loadLayouts() (l layouts, err error) {
	if err := json.Unmarshal(blocksFile, &l); err != nil {
		return l, fmt.Errorf("data/blocks.json: %w", err)
	}
	if len(l.Models) == 0 {
		return l, fmt.Errorf("data/blocks.json: no model")
	}
	for _, m := range l.Models {
		if !slices.ContainsFunc(m.Blocks, func(b ModelBlock) bool { return b.Code == blockOther && len(b.Rows) > 0 }) {
			return l, fmt.Errorf("model %s: no block %q", m.Code, blockOther)
		}
	}
	return l, nil
}

// Models lists the models of payslip, the oldest first. Whoever pays may use one before its day.
func Models() []Model { return slices.Clone(models.Models) }

// ModelOn returns the model to use for what is paid on a day: the last that has begun, the first before them all.
func ModelOn(paid date.Day) Model {
	m := models.Models[0]
	for _, next := range models.Models[1:] {
		if next.From <= paid {
			m = next
		}
	}
	return m
}

// Group lays a payslip out in the blocks of a model: the gross, the contributions, what is paid and kept back beside.
// Nothing is left out: the gross sums to [Totals.Gross], the contributions to [Totals.Employee] and [Totals.Employer], and
// gross less contributions plus what is beside is the net before tax, [Totals.Net] + [Totals.Beside].
func Group(s Payslip, m Model) []Block {
	gross, beside := itemBlocks(s, m)
	all := []Block{gross}
	used := make([]bool, len(s.Lines))
	for _, b := range m.Blocks {
		block := Block{Code: b.Code, Group: b.Group, Label: b.Label}
		for n, r := range b.Rows {
			row := Row{Label: r.Label}
			for i, l := range s.Lines {
				strange := b.Code == blockOther && n == 0 && !m.places(l.Code)
				if !used[i] && (strange || slices.Contains(r.Lines, l.Code)) {
					used[i] = true
					row.Lines = append(row.Lines, l)
				}
			}
			if len(row.Lines) > 0 {
				row.sum()
				block.Rows = append(block.Rows, row)
			}
		}
		if len(block.Rows) > 0 {
			all = append(all, block)
		}
	}
	if len(beside.Rows) > 0 {
		all = append(all, beside)
	}
	return all
}

// places says whether a model has a row for a line.
func (m Model) places(code string) bool {
	return slices.ContainsFunc(m.Blocks, func(b ModelBlock) bool {
		return slices.ContainsFunc(b.Rows, func(r ModelRow) bool { return slices.Contains(r.Lines, code) })
	})
}

// sum makes a row of its lines. Its base is shown when all of them bear on it, apart from what makes good earlier months;
// its rate is the sum of the employee's rates on that base.
func (r *Row) sum() {
	base, shared := r.Lines[0].Base, true
	for _, l := range r.Lines {
		shared = shared && (l.Base == base || strings.HasSuffix(l.Code, "_regularisation"))
		if l.Part == Employee {
			r.Employee += l.Amount
			r.Rate += l.Rate
		} else {
			r.Employer += l.Amount
		}
	}
	if shared {
		if slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Rate != 0 }) { // the reduction is no rate of a base
			r.Base = base
		}
		return
	}
	r.Rate = 0
	for _, l := range r.Lines { // the employee's part may still be of one base
		if l.Part == Employee {
			if r.Base != 0 && r.Base != l.Base {
				r.Base, r.Rate = 0, 0
				return
			}
			r.Base, r.Rate = l.Base, r.Rate+l.Rate
		}
	}
}

// itemBlocks are the gross, and what is paid or kept back beside it; a benefit in kind is in both, since it is not cash.
func itemBlocks(s Payslip, m Model) (gross, beside Block) {
	gross, beside = Block{Code: BlockGross, Label: "slip.block.gross"}, Block{Code: BlockBeside, Label: m.Beside}
	for _, it := range s.Items {
		e, known := law.ElementOf(it.Element)
		if !known || it.Amount == 0 {
			continue
		}
		v := it.Amount
		if e.Sign < 0 {
			v = -v
		}
		row := Row{Label: "slip.element." + it.Element, Element: it.Element, Text: it.Text, Base: it.Base, Rate: it.Rate, Employee: v}
		switch e.Kind {
		case "pay":
			gross.Rows = append(gross.Rows, row)
		case "in_kind":
			gross.Rows = append(gross.Rows, row)
			beside.Rows = append(beside.Rows, Row{Label: "slip.element.in_kind_off", Element: it.Element, Text: it.Text, Employee: -v})
		case "allowance":
			beside.Rows = append(beside.Rows, row)
		case "recovery":
			row.Employee = -v
			beside.Rows = append(beside.Rows, row)
		case "employer":
			row.Employee, row.Employer = 0, v
			beside.Rows = append(beside.Rows, row)
		}
	}
	return gross, beside
}

// Relieved is what the employer does not pay thanks to the State: the general reduction, and in 2025 the lower rates of
// sickness and of family allowances (R3243-1 c. trav., 14°; the lower rates count in it).
func Relieved(s Payslip) money.Cents {
	all := s.Totals.Reduction
	p := law.On(s.Month)
	lower := func(l Line, low, full param) {
		if l.Param != paramIDs[low] || l.Part != EmployerIs {
			return
		}
		switch l.Code {
		case "maladie", "allocations_familiales":
			all += l.Base.Times(p.rate(full)) - l.Amount
		default: // makes good earlier months
			all -= l.Amount
		}
	}
	for _, l := range s.Lines {
		lower(l, pSicknessLowEmp, pSicknessEmp)
		lower(l, pFamilyLowEmp, pFamilyEmp)
		if (l.Code == "maladie_regularisation" || l.Code == "allocations_familiales_regularisation") && l.Rate > 0 { // earlier months lose it
			all -= l.Amount
		}
	}
	return all
}

// Share is what one purpose takes of what a payslip costs.
type Share struct {
	Code     string // of a [Purpose], "tax", or the element of an item
	Item     bool   // Code is an element
	Text     string
	Employee money.Cents // kept back from the person
	Employer money.Cents // paid beside by the cooperative
}

// Amount is both parts.
func (s Share) Amount() money.Cents { return s.Employee + s.Employer }

// Shares tells where the difference goes between what a payslip costs and what it pays: by purpose, in the order of the
// data, then the tax, then what the person has had otherwise. It sums to [Totals.Cost] − [Totals.Paid] exactly.
func Shares(s Payslip) []Share {
	all := make([]Share, len(models.Purposes))
	for i, p := range models.Purposes {
		all[i].Code = p.Code
	}
	place := func(code string) int {
		n := slices.IndexFunc(models.Purposes, func(p Purpose) bool { return slices.Contains(p.Lines, code) })
		if n < 0 {
			n = slices.IndexFunc(models.Purposes, func(p Purpose) bool { return p.Code == "common" })
		}
		return max(n, 0)
	}
	for _, l := range s.Lines {
		if one := &all[place(l.Code)]; l.Part == Employee {
			one.Employee += l.Amount
		} else {
			one.Employer += l.Amount
		}
	}
	all = append(all, Share{Code: "tax", Employee: s.Totals.Tax})
	held := map[string]int{} // what a recovery and its employer's part meet on: one row for both
	for _, it := range s.Items {
		e, _ := law.ElementOf(it.Element)
		one := Share{Code: it.Element, Item: true, Text: it.Text}
		account := ""
		switch e.Kind {
		case "pay":
			if !e.Refunded { // an insurer hands it on: paid, and no cost
				continue
			}
			one.Employee = -it.Amount
		case "in_kind":
			one.Employee = it.Amount
		case "recovery":
			one.Employee, account = it.Amount, e.Account
		case "employer":
			one.Employer, account = it.Amount, e.Against
		case "allowance":
			if e.Cost { // the cooperative bears it and the person has it
				continue
			}
			one.Employee = -it.Amount
		default:
			continue
		}
		if n, met := held[account]; met && account != "" && all[n].Text == one.Text {
			all[n].Employee += one.Employee
			all[n].Employer += one.Employer
			continue
		}
		held[account] = len(all)
		all = append(all, one)
	}
	return slices.DeleteFunc(all, func(s Share) bool { return s.Employee == 0 && s.Employer == 0 })
}
