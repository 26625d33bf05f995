// Package ledger is the room of the books: chart of accounts, journals, balanced entries, sections, open items,
// periods and tax codes.
//
// Law and standard: PCG (règlement ANC 2014-03 as amended by 2022-06); LPF art. A47 A-1 for what an entry must carry;
// R7331-5 Code du travail: each activity has its own analytic balance sheet and income statement. Hence the rule of
// the house (practice 1): every line of every class carries a [Section], and an entry balances in total and inside
// each section; where an operation crosses sections [Complete] adds the liaison lines on account 181.
//
// A validated entry never changes. Correction is reversal ([Entry.Reversal]).
package ledger

import (
	"slices"
	"strings"

	"essaim/date"
	"essaim/money"
)

// Section is the analytic section a line belongs to: an activity's own id, or one of the house's.
type Section = int64

// The house's own sections; activities take ids from FirstActivity on.
const (
	House         Section = 1 // the cooperative itself: equity, taxes, what no activity bears (code CAE)
	Mutual        Section = 2 // mutualised services (code SMUT)
	FirstActivity int64   = 10
)

// The accounts the engine itself posts to.
const (
	Liaison        = "181"   // compte de liaison des établissements
	InternalPrefix = "18"    // beginning of the three accounts that are nil for the house
	InternalCharge = "186"   // biens et prestations de services échangés entre établissements (charges)
	InternalIncome = "187"   // idem (produits)
	Customers      = "411"   // clients
	Advances       = "4191"  // clients, avances et acomptes reçus
	DepositsHeld   = "41911" // acomptes facturés et encaissés: work still to be done
	DepositsBilled = "41912" // acomptes facturés, à encaisser
	Retention      = "4117"  // clients, retenues de garantie
	Doubtful       = "416"   // clients douteux ou litigieux
	BadDebt        = "654"   // pertes sur créances irrécouvrables
	SmallCharge    = "658"   // charges diverses de gestion courante: the cents given up
	SmallIncome    = "758"   // produits divers de gestion courante: the cents too many
	ExchangeLoss   = "656"   // pertes de change sur créances commerciales (règlement ANC 2015-05; 666 is for loans)
	ExchangeGain   = "756"   // gains de change sur créances commerciales
	VATDue         = "44571" // TVA collectée
	VATPending     = "44574" // TVA collectée, en attente d'encaissement (usual sub-account)
	VATDeductible  = "44566" // TVA déductible sur autres biens et services
	Bank           = "512"   // banques
	Suppliers      = "401"   // fournisseurs
	ExpensesDue    = "425"   // personnel, avances et frais à rembourser
	PayAdvance     = "4251"  // personnel, avances et acomptes: pay taken before its day, kept back on a payslip
	NetPay         = "421"   // personnel, rémunérations dues
	VariablePot    = "4286"  // charges de personnel à payer: last year's variable part of one person
	ProfitOfYear   = "120"   // résultat de l'exercice (bénéfice)
	LossOfYear     = "129"   // résultat de l'exercice (perte)
)

// personal are the beginnings of the accounts that tell what somebody is paid or refunded, in whatever journal: what the
// staff is owed, what is set aside for it and its charges, what it costs.
var personal = []string{"421", "425", "427", "428", "438", "64"}

// Refund says whether an account holds what somebody advanced for the cooperative. The PCG keeps advances on pay on 425
// too: [PayAdvance] is pay.
func Refund(account string) bool {
	return strings.HasPrefix(account, ExpensesDue) && !strings.HasPrefix(account, PayAdvance)
}

// Personal returns the beginnings of the accounts that tell what somebody is paid or refunded: those of every chart, and
// those of this one whose lines name a worker.
func (c Chart) Personal() []string {
	all := slices.Clone(personal)
	for _, code := range c.Codes() {
		if c[code].Third == Worker && !slices.ContainsFunc(personal, func(p string) bool { return strings.HasPrefix(code, p) }) {
			all = append(all, code)
		}
	}
	return all
}

// ThirdKind says which third party a line on an account must name.
type ThirdKind string

// The kinds of third party.
const (
	NoThird  ThirdKind = ""
	Customer ThirdKind = "customer"
	Supplier ThirdKind = "supplier"
	Worker   ThirdKind = "worker"
	Body     ThirdKind = "body" // social and tax bodies; optional on their accounts
)

// Account is one account of the chart.
type Account struct {
	Code  string    `json:"code"`
	Label string    `json:"label"`
	Third ThirdKind `json:"third,omitempty"` // kind of third party a line must name; bodies may be left out
}

// Journal groups entries; each numbers its entries from 1 within a fiscal year, without a hole.
type Journal struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// The journals every cooperative starts with.
const (
	JournalSales     = "VE"
	JournalPurchases = "AC"
	JournalBank      = "BQ"
	JournalMisc      = "OD"
	JournalPay       = "PA"
	JournalInternal  = "CI" // contributions and internal charges
	JournalOpening   = "AN"
)

// Third is a third party of the books. Customers' thirds belong to one activity's relation; Section 0 is the house's.
type Third struct {
	ID     int64     `json:"id"`
	Kind   ThirdKind `json:"kind"`
	Code   string    `json:"code"`             // CompAuxNum
	Name   string    `json:"name"`             // CompAuxLib
	Person int64     `json:"person,omitempty"` // whose account it is, of a worker
}

// ItemRef points at the line that opened an item (an invoice's line on 411): entry id and line number.
type ItemRef struct {
	Entry int64 `json:"entry"`
	Line  int   `json:"line"`
}

// Line is one line of an entry. Amount is in cents of euro, debit positive, credit negative, never zero.
type Line struct {
	N        int         `json:"n"` // from 1
	Account  string      `json:"account"`
	Section  Section     `json:"section"`
	Third    int64       `json:"third,omitempty"`
	Axis     int64       `json:"axis,omitempty"` // second axis: deal, project or funding line
	Tax      string      `json:"tax,omitempty"`  // code of a TaxCode
	Due      date.Day    `json:"due,omitempty"`  // on third-party lines
	Amount   money.Cents `json:"amount"`
	Currency string      `json:"currency,omitempty"`      // ISO 4217 when foreign
	Foreign  int64       `json:"foreignAmount,omitempty"` // in minor units of Currency, signed like Amount
	Label    string      `json:"label,omitempty"`
	Document string      `json:"document,omitempty"` // "invoice:12", "payment:7", "file:3"
	Settles  ItemRef     `json:"settles,omitzero"`   // the open item this line settles, in part or whole
	Added    bool        `json:"added,omitempty"`    // liaison line added by the engine
}

// Debit and Credit are the two columns of a line.
func (l Line) Debit() money.Cents  { return max(l.Amount, 0) }
func (l Line) Credit() money.Cents { return max(-l.Amount, 0) }

// Entry is one journal entry. Until it is posted Number, Seq, Hash and Chain are empty.
type Entry struct {
	ID       int64    `json:"id"`
	Journal  string   `json:"journal"`
	Year     int64    `json:"year"`   // id of the fiscal year
	Number   int64    `json:"number"` // within journal and year
	Seq      int64    `json:"seq"`    // position in the cooperative's chain
	Date     date.Day `json:"date"`
	DocDate  date.Day `json:"docDate"` // PieceDate
	Ref      string   `json:"ref"`     // PieceRef
	Label    string   `json:"label"`
	Document string   `json:"document,omitempty"` // default of the lines' document
	Reverses int64    `json:"reverses,omitempty"` // id of the entry this one reverses
	By       int64    `json:"by"`                 // person who validated, 0 for the program
	At       int64    `json:"at"`                 // instant of validation, microseconds UTC
	ValidOn  date.Day `json:"validOn"`            // civil day of validation in the cooperative (ValidDate)
	Lines    []Line   `json:"lines"`
	Hash     []byte   `json:"-"`
	Chain    []byte   `json:"-"`
}

// Balance is the sum of the lines of one account and section in one period of a fiscal year. Period 0 holds what is
// carried over from the years before; periods from 1 are the months of the year.
type Balance struct {
	Year    int64
	Section Section
	Account string
	Period  int
	Debit   money.Cents
	Credit  money.Cents
}

// Net is debit minus credit.
func (b Balance) Net() money.Cents { return b.Debit - b.Credit }

// OpenItem is what remains of a line on a third-party account.
type OpenItem struct {
	Item      ItemRef
	Account   string
	Section   Section
	Third     int64
	Date      date.Day
	Due       date.Day
	Amount    money.Cents // as opened, signed like the line
	Remaining money.Cents // signed like the line; nil when settled
	Ref       string
	Label     string
	Document  string
}

// FiscalYear is a year of the cooperative's books. ClosedTo is the last period closed (0: none).
type FiscalYear struct {
	ID       int64
	Span     date.FiscalYear
	ClosedTo int
}
