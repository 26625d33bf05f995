// Package activity is the room of activities: the trade names people work under, who shares them, what they pay for
// mutualised services (the contribution), and the activity account that answers « combien puis-je me verser ? ».
//
// Law: L7332-3 and R7331-5 Code du travail (each activity has its own account, consultable at any time).
package activity

import (
	"essaim/date"
	"essaim/money"
)

// Activity is a trade name with its own accounts inside the cooperative. Its id is the id of its analytic section.
type Activity struct {
	ID        int64       `json:"id"`
	Code      string      `json:"code"` // stable for life: « 042 »
	Name      string      `json:"name"` // trade name
	Trade     string      `json:"trade"`
	Email     string      `json:"email,omitempty"` // replies of customers
	Phone     string      `json:"phone,omitempty"`
	Opened    date.Day    `json:"opened"`
	Closed    date.Day    `json:"closed,omitempty"`
	Advisor   int64       `json:"advisor,omitempty"` // person who accompanies
	Policy    int64       `json:"policy,omitempty"`  // id of the contribution rule, 0: none
	Natures   []string    `json:"natures,omitempty"` // usual natures of sale, first is the default
	Tax       string      `json:"tax,omitempty"`     // usual tax code; a default only (practice 3)
	Gross     bool        `json:"gross"`             // prices typed TTC by default
	Reserve   money.Cents `json:"reserve"`           // chosen by the entrepreneur
	ReserveOn date.Day    `json:"reserveOn,omitempty"`
	Insurance string      `json:"insurance,omitempty"` // trade insurance printed on documents (building)
	Shares    []Share     `json:"shares"`
}

// Share is the dated part of one entrepreneur in an activity; parts are relative (1, 1, 1 is a third each).
type Share struct {
	Person int64    `json:"person"`
	From   date.Day `json:"from"`
	Until  date.Day `json:"until,omitempty"`
	Parts  int64    `json:"parts"`
}

// Base is what a contribution is computed on.
type Base string

// The bases seen in real cooperatives (law notes § 1.4).
const (
	Invoiced             Base = "invoiced"
	Collected            Base = "collected"
	GrossMarginInvoiced  Base = "gross_margin_invoiced"
	GrossMarginCollected Base = "gross_margin_collected"
)

// Moment is when a contribution is taken (practice 38).
type Moment string

// The moments.
const (
	AtInvoice Moment = "invoice"
	AtReceipt Moment = "receipt"
	Monthly   Moment = "monthly"
)

// Bracket is one marginal bracket of a fiscal year: Rate applies to the part of the base above the previous bracket's
// UpTo and up to UpTo (0: no end).
type Bracket struct {
	UpTo money.Cents `json:"upTo,omitempty"`
	Rate money.Rate  `json:"rate"`
}

// Scale is a list of marginal brackets for the natures it names; a scale without natures takes all the others.
type Scale struct {
	Natures  []string  `json:"natures,omitempty"`
	Brackets []Bracket `json:"brackets"`
}

// Policy is a contribution policy as dated data, adopted by a decision (the rule row that holds it has both).
type Policy struct {
	Name          string      `json:"name"`
	Base          Base        `json:"base"`
	When          Moment      `json:"when"`
	Scales        []Scale     `json:"scales"`
	Deducts       []string    `json:"deducts,omitempty"`     // account prefixes of the charges a gross margin deducts
	MinYearCAPE   money.Cents `json:"minYearCape,omitempty"` // yearly minimum while under CAPE, prorated by months of contract
	MinYear       money.Cents `json:"minYear,omitempty"`     // yearly minimum otherwise
	FixedMonthly  money.Cents `json:"fixedMonthly,omitempty"`
	ExemptMonths  int         `json:"exemptMonths,omitempty"` // first months of an activity without contribution
	ExemptNatures []string    `json:"exemptNatures,omitempty"`
	OnDeposits    bool        `json:"onDeposits,omitempty"`
	Unknown       []string    `json:"unknown,omitempty"` // parts of the real policy that its source does not tell
	Source        string      `json:"source,omitempty"`
}
