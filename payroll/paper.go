package payroll

import (
	"essaim/date"
	"essaim/money"
)

// PaperFacts is what a payslip says beyond what was computed: who pays, who is paid, since when and when.
type PaperFacts struct {
	Payslip Payslip
	Year    YearToDate // with this payslip in it
	Model   Model
	Lang    string   // of the person, for the second page; the first is in French, in the words of its model
	From    date.Day // the days of the month that are paid
	Until   date.Day
	Paid    date.Day
	House   PaperHouse
	Person  PaperPerson
	Leave   []LeaveCounter // counters beside those of State
	State   *LeaveState    // leave at the end of the month, nil: no leave to count
}

// PaperHouse is the employer as a payslip names it (R3243-1, 1° to 3°).
type PaperHouse struct {
	Name      string
	Address   []string
	SIRET     string
	APE       string
	Urssaf    string // the one that contributions are paid to, with the number of the account
	Agreement string // convention collective; "": the Code du travail is referred to instead
	Foot      []string
}

// PaperPerson is the person paid (R3243-1, 4° and 5°).
type PaperPerson struct {
	Name      string
	Address   []string
	NIR       string
	Number    string // matricule
	Job       string
	Class     string // position in the agreement's grid
	Executive bool
	Hired     date.Day
	Hours     int // a week, in hundredths; never shown for a CESA, which has no working time
}

// LeaveCounter is one counter of leave, in days or in euros.
type LeaveCounter struct {
	Label              string // « Congés 2026 »
	Earned, Taken, Due money.Micro
	Euros              bool
}

// Paper is a payslip as it is read: every text chosen, every amount written. Screen and PDF show the same one.
type Paper struct {
	Title    string // « Bulletin de paie »
	Month    string // « Novembre 2026 »
	Dates    []string
	House    []string // name first
	Person   []string // name first, in the window of an envelope
	About    []PaperPair
	Tables   []PaperTable
	Net      PaperPair   // what is paid
	Cost     []PaperPair // total paid by the employer, relief, sums of the year
	Leave    PaperTable  // no rows: none
	Mentions []string
	Foot     []string
	Told     Told
}

// PaperPair is a label and its value.
type PaperPair struct{ Label, Value string }

// PaperTable is a table: a column of words, then up to four of figures.
type PaperTable struct {
	Titles []string
	Rows   []PaperRow
}

// PaperRow is one row. Its kind says how it stands out.
type PaperRow struct {
	Kind   RowKind `json:",omitempty"`
	Label  string
	Detail string   `json:",omitempty"` // beside the label, quieter
	Cells  []string `json:",omitempty"` // as many as titles but the first, from the left; what is missing is empty
}

// RowKind is how a row stands out.
type RowKind string

// The kinds of row.
const (
	PlainRow RowKind = ""
	GroupRow RowKind = "group" // a heading above several blocks
	BlockRow RowKind = "block" // the name of a block, with its figures when it is one row
	InBlock  RowKind = "in"    // a row of the block above
	TotalRow RowKind = "total"
	NetRow   RowKind = "net" // the sums that the law wants easily seen
)

// Told is the second page: the payslip as a subtraction that one can read aloud.
type Told struct {
	Lang     string
	Title    string
	Lead     string
	Cost     PaperPair
	Received PaperPair
	Titles   [3]string // of the columns: kept back, paid beside, together
	Rows     []ToldRow
	Steps    []PaperPair // from the cost to what is received, by the words of the payslip
	StepsOf  string      // their heading
	Notes    []string
	Whole    money.Cents // what the bars are drawn against
	Kept     money.Cents // what is received, for its bar
}

// ToldRow is one purpose.
type ToldRow struct {
	Label, Why                   string
	Employee, Employer, Together string
	Amount                       money.Cents
}
