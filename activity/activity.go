// Package activity is the room of activities: the trade names people work under, who shares them, what they pay for
// mutualised services (the contribution), and the activity account that answers « combien puis-je me verser ? ».
//
// Law: L7332-3 and R7331-5 Code du travail (each activity has its own account, consultable at any time).
package activity

import (
	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// Activity is a trade name with its own accounts inside the cooperative. Its id is the id of its analytic section.
type Activity struct {
	ID         int64        `json:"id"`
	Code       string       `json:"code"` // stable for life: « 042 »
	Name       string       `json:"name"` // trade name
	Trade      string       `json:"trade"`
	Email      string       `json:"email,omitempty"` // replies of customers
	Phone      string       `json:"phone,omitempty"`
	Opened     date.Day     `json:"opened"`
	Closed     date.Day     `json:"closed,omitempty"`
	Advisor    int64        `json:"advisor,omitempty"`    // person who accompanies
	Policy     int64        `json:"policy,omitempty"`     // id of the contribution rule, 0: none; the last one given: [Activity.Assign]
	PolicyFrom date.Day     `json:"policyFrom,omitempty"` // its first day; 0: always
	Earlier    []Assignment `json:"earlier,omitempty"`    // policies before it, in order of time
	Natures    []string     `json:"natures,omitempty"`    // usual natures of sale, first is the default
	Tax        string       `json:"tax,omitempty"`        // usual tax code; a default only (practice 3)
	Gross      bool         `json:"gross"`                // prices typed TTC by default
	Reserve    money.Cents  `json:"reserve"`              // chosen by the entrepreneur
	ReserveOn  date.Day     `json:"reserveOn,omitempty"`
	Insurance  string       `json:"insurance,omitempty"` // trade insurance printed on documents (building)
	Cover      coop.Cover   `json:"cover,omitzero"`      // ten-year insurance of works
	Shares     []Share      `json:"shares"`
	// Last day that the certificate of the trade insurance covers, 0: not told. A ten-year insurance tells its own: see
	// [Activity.InsuredUntil].
	InsuranceUntil date.Day `json:"insuranceUntil,omitempty"`
	// Codes of the [coop.Delay] that its customers have to pay, and private persons among them; "": the cooperative's.
	Terms          string `json:"terms,omitempty"`
	TermsConsumers string `json:"termsConsumers,omitempty"`
}

// InsuredUntil is the last day of the activity's insurance, 0 when it is not told: one date, that of the ten-year insurance
// where there is one.
func (a Activity) InsuredUntil() date.Day {
	if a.Cover != (coop.Cover{}) {
		return a.Cover.Until
	}
	return a.InsuranceUntil
}

// Share is the dated part of one entrepreneur in an activity; parts are relative (1, 1, 1 is a third each).
type Share struct {
	Person int64    `json:"person"`
	From   date.Day `json:"from"`
	Until  date.Day `json:"until,omitempty"`
	Parts  int64    `json:"parts"`
}
