// Package coop is the room of the cooperative itself: its identity, the numbers that identify it before the law
// (SIREN, SIRET, VAT number, IBAN) and its own rules, each with a date and the decision that adopted it.
package coop

import (
	"bytes"
	"encoding/json"

	"essaim/date"
	"essaim/money"
)

// Address is a postal address; Country is ISO 3166-1 alpha-2.
type Address struct {
	Line1   string `json:"line1"`
	Line2   string `json:"line2,omitempty"`
	Zip     string `json:"zip"`
	City    string `json:"city"`
	Country string `json:"country"`
}

// Cooperative is the one legal person that invoices, keeps the books and employs (R7331-1 Code du travail).
type Cooperative struct {
	ID        int64   `json:"id"`
	Slug      string  `json:"slug"` // in addresses: /trame-et-sillon/…
	Name      string  `json:"name"`
	LegalForm string  `json:"legalForm"` // « SCOP SARL à capital variable »
	Address   Address `json:"address"`
	SIREN     string  `json:"siren"`
	NIC       string  `json:"nic"` // five digits that complete the SIRET of the seat
	RCS       string  `json:"rcs"` // town of the registry
	VATNumber string  `json:"vatNumber"`
	Capital   string  `json:"capital"` // as printed: « capital variable »
	Email     string  `json:"email"`
	Phone     string  `json:"phone"`
	IBAN      string  `json:"iban"`
	BIC       string  `json:"bic"`
	TimeZone  string  `json:"timeZone"` // IANA name
	Mediator  string  `json:"mediator"` // consumer mediator, name and address (L612-1 Code de la consommation)
	YearStart int     `json:"yearStart"`
	Demo      bool    `json:"demo"`
}

// SIRET returns the SIREN and the NIC of the seat.
func (c Cooperative) SIRET() string { return c.SIREN + c.NIC }

// Rules are the cooperative's own rules in force on a day, read from dated rows (see [RuleKind]).
type Rules struct {
	Trust     Trust     `json:"trust"`
	Terms     Terms     `json:"terms"`
	Grid      Grid      `json:"grid"`
	Available Available `json:"available"`
	VAT       VAT       `json:"vat"`
	Reminders Reminders `json:"reminders"`
	Gates     Gates     `json:"gates"`
	Numbering Numbering `json:"numbering"`
	Mentions  Mentions  `json:"mentions"`
	Internal  Internal  `json:"internal"`
	Pay       Pay       `json:"pay"`
	YearEnd   YearEnd   `json:"year_end"`
}

// RuleKind names a kind of dated rule; its value is one of the structs below.
type RuleKind string

// The kinds of rule a cooperative holds.
const (
	RuleTrust        RuleKind = "trust"
	RuleTerms        RuleKind = "terms"
	RuleGrid         RuleKind = "grid"
	RuleAvailable    RuleKind = "available"
	RuleVAT          RuleKind = "vat"
	RuleGates        RuleKind = "gates"
	RuleNumbering    RuleKind = "numbering"
	RuleMentions     RuleKind = "mentions"
	RuleInternal     RuleKind = "internal"
	RulePay          RuleKind = "pay"
	RuleYearEnd      RuleKind = "year_end"
	RuleContribution RuleKind = "contribution" // value: activity.Policy
)

// Rule is one dated row: what, from when, adopted by which decision.
type Rule struct {
	ID       int64    `json:"id"`
	Kind     RuleKind `json:"kind"`
	Name     string   `json:"name"` // contribution policies have one; others are unique per kind and day
	From     date.Day `json:"from"`
	Value    string   `json:"value"`    // JSON of the kind's struct
	Decision string   `json:"decision"` // « AG du 12 juin 2025, résolution 4 »
}

// Trust says which documents the team reads before they leave (practice note 34; the figures are the house's).
type Trust struct {
	FirstInvoices  int         `json:"firstInvoices"`  // number of first invoices of an activity that are read: 5
	AllUnderCAPE   bool        `json:"allUnderCape"`   // every invoice while under CAPE: true
	AloneUpTo      money.Cents `json:"aloneUpTo"`      // net total up to which a known customer's invoice leaves alone: 3 000.00
	KnownCustomers bool        `json:"knownCustomers"` // alone only to customers already invoiced once: true
	AlwaysExempt   bool        `json:"alwaysExempt"`   // always read when a line is exempt of VAT: true
	AlwaysForeign  bool        `json:"alwaysForeign"`  // always read for a foreign buyer: true
	CreditAbove    money.Cents `json:"creditAbove"`    // credit notes above this net total are read: 500.00
	Quotes         bool        `json:"quotes"`         // quotes are read too: false
	AnswerWorkDays int         `json:"answerWorkDays"` // promised delay of answer in working days: 2
	SamplePercent  int         `json:"samplePercent"`  // of what left alone, read afterwards: 5
}

// Terms are the payment terms that documents print by default.
type Terms struct {
	DueDays     int    `json:"dueDays"`     // 30
	Discount    string `json:"discount"`    // text of the discount for early payment; that there is none is said too (Code de commerce L441-9 I)
	QuoteDays   int    `json:"quoteDays"`   // validity of a quote in days: 30
	IssuingDuty string `json:"issuingDuty"` // ISO day from which the cooperative must issue e-invoices
	Insurance   string `json:"insurance"`   // liability insurance line printed on documents

	CentsUpTo money.Cents `json:"centsUpTo"` // a difference up to here may be given up: 1 €

	// With DueDays, the usual delay; and, when it is another, that of private persons: the code of a [Delay].
	DueMonth  MonthEnd `json:"dueMonth,omitempty"`
	DueDay    int      `json:"dueDay,omitempty"`
	Consumers string   `json:"consumers,omitempty"`
}

// UnmarshalJSON reads terms; what rows of before held of the late rate, as a text that nothing was counted with, and of the
// 40 €, as a choice that the law does not leave (Code de commerce L441-10, D441-5), is passed over.
func (t *Terms) UnmarshalJSON(b []byte) error {
	type plain Terms
	row := struct {
		*plain
		LateRate  json.RawMessage `json:"lateRate,omitempty"`
		Penalty40 json.RawMessage `json:"penalty40,omitempty"`
	}{plain: (*plain)(t)}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(&row)
}

// Prefixes selects accounts: those that begin with one of In and with none of Out.
type Prefixes struct {
	In  []string `json:"in"`
	Out []string `json:"out,omitempty"`
}

// Grid is the treasury grid (peers b.9; practice 1: 181 counts with class 5). Prefixes are the cooperative's.
type Grid struct {
	Cash      Prefixes `json:"cash"`      // class 5 and 181
	Taxes     Prefixes `json:"taxes"`     // 42 except 421, 425; 43; 44
	Suppliers Prefixes `json:"suppliers"` // 40
	Salaries  Prefixes `json:"salaries"`  // 421, and 4251: advances on pay
	Expenses  Prefixes `json:"expenses"`  // 425 except 4251
	Customers Prefixes `json:"customers"` // 41
	Sales     Prefixes `json:"sales"`     // 70, 71–75 …
	Purchases Prefixes `json:"purchases"` // 60
	Charges   Prefixes `json:"charges"`   // 61–62, 63 except pay taxes, 65–68
	Pay       Prefixes `json:"pay"`       // 64, 631, 633
	Internal  Prefixes `json:"internal"`  // 186, 187
}

// Available switches the lines of « disponible » on or off (practice 47).
type Available struct {
	VAT          bool `json:"vat"`
	Contribution bool `json:"contribution"`
	Minimum      bool `json:"minimum"` // with Contribution: also what the yearly minimum still adds
	Suppliers    bool `json:"suppliers"`
	Expenses     bool `json:"expenses"`
	Social       bool `json:"social"`
	FixedPay     bool `json:"fixedPay"`
	HorizonMonth int  `json:"horizonMonths"` // fixed parts kept until the end of this many months, the present one included
	Deposits     bool `json:"deposits"`
	Reserve      bool `json:"reserve"`
	Pot          bool `json:"pot"` // last year's variable part, shown apart
}

// VAT holds what bears on the cooperative as a whole, never on one activity (practice 3).
type VAT struct {
	OnDebits       bool     `json:"onDebits"`       // option for debits (CGI ann. III art. 77)
	TrainingNumber string   `json:"trainingNumber"` // attestation 3511, empty when not held
	TrainingFrom   date.Day `json:"trainingFrom"`
}

// Internal is when an internal invoice that nobody answers is agreed by silence (practice 57): never, unless the
// cooperative says so.
type Internal struct {
	SilentDays int         `json:"silentDays"` // days after which silence agrees; 0: never
	SilentUpTo money.Cents `json:"silentUpTo"` // up to this amount
}

// Default returns the rules a cooperative starts with.
func Default() Rules {
	return Rules{
		Trust: Trust{FirstInvoices: 5, AllUnderCAPE: true, AloneUpTo: 3_000_00, KnownCustomers: true, AlwaysExempt: true, AlwaysForeign: true, CreditAbove: 500_00, AnswerWorkDays: 2, SamplePercent: 5},
		Terms: Terms{DueDays: 30, QuoteDays: 30, CentsUpTo: 1_00, Discount: "Pas d’escompte pour paiement anticipé", IssuingDuty: "2027-09-01"},
		Grid: Grid{
			Cash: Prefixes{In: []string{"5", "181"}}, Taxes: Prefixes{In: []string{"42", "43", "44"}, Out: []string{"421", "425"}},
			Suppliers: Prefixes{In: []string{"40"}}, Salaries: Prefixes{In: []string{"421", "4251"}}, Expenses: Prefixes{In: []string{"425"}, Out: []string{"4251"}}, Customers: Prefixes{In: []string{"41"}},
			Sales: Prefixes{In: []string{"7"}}, Purchases: Prefixes{In: []string{"60"}},
			Charges: Prefixes{In: []string{"61", "62", "63", "65", "66", "67", "68", "69"}, Out: []string{"631", "633"}},
			Pay:     Prefixes{In: []string{"64", "631", "633"}}, Internal: Prefixes{In: []string{"186", "187"}},
		},
		Available: Available{VAT: true, Contribution: true, Minimum: true, Suppliers: true, Expenses: true, Social: true, FixedPay: true, HorizonMonth: 2, Deposits: true, Reserve: true, Pot: true},
		VAT:       VAT{},
		Reminders: UsualReminders(),
		Gates:     defaultGates(), Numbering: defaultNumbering(),
		Internal: Internal{},
		Pay:      defaultPay(),
		YearEnd:  defaultYearEnd(),
	}
}

// Match says whether an account is selected.
func (p Prefixes) Match(account string) bool {
	for _, o := range p.Out {
		if len(account) >= len(o) && account[:len(o)] == o {
			return false
		}
	}
	for _, i := range p.In {
		if len(account) >= len(i) && account[:len(i)] == i {
			return true
		}
	}
	return false
}
