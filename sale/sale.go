// Package sale is the room of sales: customers, quotes, invoices and credit notes, their amounts and mentions, payments,
// and the journal entries they make.
//
// Law: CGI art. 289 and ann. II art. 242 nonies A (mentions), Code de commerce L441-9 and D441-5, décret 2022-1299 (four
// more mentions), R127-3 Code de commerce (documents under CAPE); BOI-TVA-BASE-20 for when VAT is due.
package sale

import (
	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// CustomerKind decides mentions, channel, the 40 € and the validation rule (practice 9).
type CustomerKind string

// The six kinds.
const (
	Company    CustomerKind = "company"    // taxable company in France
	NonTaxable CustomerKind = "nontaxable" // association, condominium, union: legal person outside e-invoicing
	Public     CustomerKind = "public"     // public body, Chorus Pro
	Consumer   CustomerKind = "consumer"   // private person: never shared nor suggested
	EUCompany  CustomerKind = "eu"         // company of another member state
	Foreign    CustomerKind = "foreign"    // outside the EU
)

// Customer is one activity's relation with a buyer. Only the public identity behind a SIREN is shared between activities.
type Customer struct {
	ID        int64        `json:"id"`
	Activity  int64        `json:"activity"`
	Third     int64        `json:"-"` // third party of the books
	Kind      CustomerKind `json:"kind"`
	Name      string       `json:"name"`
	FirstName string       `json:"firstName,omitempty"` // consumers
	SIREN     string       `json:"siren,omitempty"`
	SIRET     string       `json:"siret,omitempty"` // compulsory for public bodies
	VATNumber string       `json:"vatNumber,omitempty"`
	Address   coop.Address `json:"address"`
	Delivery  coop.Address `json:"delivery,omitzero"` // delivery address of goods when different
	Email     string       `json:"email,omitempty"`
	Phone     string       `json:"phone,omitempty"`
	Contact   string       `json:"contact,omitempty"`
	Notes     string       `json:"notes,omitempty"`
	// Public buyers (practice 21): whether the buyer demands each of its fields.
	NeedsService    bool   `json:"needsService,omitempty"`
	NeedsCommitment bool   `json:"needsCommitment,omitempty"`
	NeedsContract   bool   `json:"needsContract,omitempty"`
	ServiceCode     string `json:"serviceCode,omitempty"`
	ContractRef     string `json:"contractRef,omitempty"` // usual contract number
	Archived        bool   `json:"archived,omitempty"`

	Terms  string      `json:"terms,omitempty"`  // code of a [coop.Delay]; "": those of the activity
	Public PublicBuyer `json:"public,omitempty"` // public buyers: which delay the law gives them

	// Ceased is the day on which the public register deleted it: nothing done from then on is sold to it.
	Ceased date.Day `json:"ceased,omitempty"`
}

// Nature is a nature of sale: the revenue account it is booked to and the VAT it usually bears.
type Nature struct {
	Code     string `json:"code"`  // "service", "training", "goods", "made", "works", "study", "recharged"
	Label    string `json:"label"` // message key
	Account  string `json:"account"`
	Goods    bool   `json:"goods"` // goods: VAT at delivery; otherwise services: VAT at receipt
	Tax      string `json:"tax"`   // usual tax code
	Training bool   `json:"training,omitempty"`
	Works    bool   `json:"works,omitempty"`  // building works: insurance printed, reverse charge of subcontracts
	Late     bool   `json:"late,omitempty"`   // no sale: what a late customer owes, see [Penalty]
	Either   bool   `json:"either,omitempty"` // accessory (postage, recharged costs): follows the VAT of the main sale
}

// Kind is the kind of document.
type Kind string

// The kinds.
const (
	Quote      Kind = "quote"
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit"
)

// Status is the state that a person's deed gives a document. What time and payments add (overdue, partly paid, paid) is
// [State].
type Status string

// The statuses. Quotes end as accepted, refused or expired; invoices and credit notes stay sent.
const (
	Draft     Status = "draft"
	Submitted Status = "submitted"
	Returned  Status = "returned" // to be corrected, with a comment
	Validated Status = "validated"
	Sent      Status = "sent"
	Accepted  Status = "accepted"
	Refused   Status = "refused"
)

// Line is one line of a document. Price is per unit in the document's currency: net, or tax included when the document
// is typed TTC ([Content.Gross]).
type Line struct {
	Label        string      `json:"label"`
	Nature       string      `json:"nature"`
	Quantity     money.Micro `json:"quantity"`
	Unit         string      `json:"unit,omitempty"` // as printed: « heure », « jour », « pièce »
	Price        money.Micro `json:"price"`
	Discount     money.Rate  `json:"discount,omitempty"`     // in proportion
	DiscountFlat money.Cents `json:"discountFlat,omitempty"` // or in euros, in the mode of the document (net or TTC)
	Tax          string      `json:"tax"`                    // code of a ledger.TaxCode
	Axis         int64       `json:"axis,omitempty"`
	// Works invoiced as they advance ([Content.Situation]): the share of the line done by now, and what earlier situations
	// invoiced of it, in the mode of the document.
	Done   money.Rate  `json:"done,omitempty"`
	Before money.Cents `json:"before,omitempty"`
	// Deduction of a deposit invoice, by its id: the price is negative and VAT is exactly what the deposit bore.
	Deposit int64       `json:"deposit,omitempty"`
	VAT     money.Cents `json:"vat,omitempty"`
	// Quotes: what is left to the customer, see choice.go.
	Option  string `json:"option,omitempty"`  // name of an option, or of an alternative
	Variant string `json:"variant,omitempty"` // name of the choice between alternatives
	Chosen  bool   `json:"chosen,omitempty"`
}

// Stage is what an invoice is in the life of a sale.
type Stage string

// The stages; an invoice like another has none. What they do to the books: DESIGN.md.
const (
	Deposit  Stage = "deposit"  // money asked before the work: never turnover
	Progress Stage = "progress" // works done so far, less what was invoiced before
	Balance  Stage = "balance"  // all that is left
	Penalty  Stage = "penalty"  // no sale: interest and indemnity of who paid late
)

// Content is what a person writes: the same for the three kinds of document.
type Content struct {
	Title         string   `json:"title"`
	Lines         []Line   `json:"lines"`
	Gross         bool     `json:"gross"`                   // prices typed TTC
	Delivered     date.Day `json:"delivered,omitempty"`     // delivery, or end of the service; compulsory on invoices, first on the form
	DeliveredFrom date.Day `json:"deliveredFrom,omitempty"` // start of a period of service
	DueDays       int      `json:"dueDays"`                 // with DueMonth and DueDay: see [Content.Delay]
	ValidUntil    date.Day `json:"validUntil,omitempty"`    // quotes
	OrderRef      string   `json:"orderRef,omitempty"`
	Service       string   `json:"service,omitempty"` // public buyers
	Commitment    string   `json:"commitment,omitempty"`
	Contract      string   `json:"contract,omitempty"`
	Note          string   `json:"note,omitempty"`     // printed under the lines
	Reason        string   `json:"reason,omitempty"`   // credit notes: why
	Currency      string   `json:"currency,omitempty"` // "" is EUR
	// Another currency: its units for one euro, the day and the source of that rate, printed.
	Exchange       money.Micro `json:"exchange,omitempty"`
	ExchangeOn     date.Day    `json:"exchangeOn,omitempty"`
	ExchangeSource string      `json:"exchangeSource,omitempty"`

	Stage     Stage      `json:"stage,omitempty"`     // invoices
	Situation int        `json:"situation,omitempty"` // rank among the situations of the works; lines then hold Done and Before
	Before    []Part     `json:"before,omitempty"`    // what earlier situations invoiced, by nature and tax code
	Retention money.Rate `json:"retention,omitempty"` // works: share of the gross that the customer keeps (loi 71-584)
	ReleaseOn date.Day   `json:"releaseOn,omitempty"` // last day the customer may keep it
	Schedule  []Term     `json:"schedule,omitempty"`  // quotes: how it will be invoiced
	Papers    *Papers    `json:"papers,omitempty"`    // never changed in place
	Late      []Claim    `json:"late,omitempty"`      // penalties: what each line was computed from
	// What the delay of payment makes of the end of a month, and a day of the month.
	DueMonth coop.MonthEnd `json:"dueMonth,omitempty"`
	DueDay   int           `json:"dueDay,omitempty"`
	// Invoices and credit notes: mailed to the customer as soon as it is validated, in the same operation.
	SendWhenValidated bool `json:"sendWhenValidated,omitempty"`
	// Deposits: what the customer had sent ahead pays it as soon as it is validated, in the same operation.
	UseAdvance bool   `json:"useAdvance,omitempty"`
	Word       string `json:"word,omitempty"` // for the reader: told in the history, and gone from here, once submitted
}

// Document is a quote, an invoice or a credit note.
type Document struct {
	ID          int64       `json:"id"`
	Kind        Kind        `json:"kind"`
	Activity    int64       `json:"activity"`
	Customer    int64       `json:"customer"`
	Status      Status      `json:"status"`
	Version     int64       `json:"version"` // grows with each change: a form that carries an old one is told so
	Author      int64       `json:"author"`
	Created     int64       `json:"created"` // microseconds UTC
	SubmittedAt int64       `json:"submittedAt,omitempty"`
	OpenedBy    int64       `json:"openedBy,omitempty"` // reader who opened it: it can no longer be taken back
	ReadRule    string      `json:"readRule,omitempty"` // the trust rule that sent it to the desk
	ValidatedBy int64       `json:"validatedBy,omitempty"`
	ValidatedAt int64       `json:"validatedAt,omitempty"` // microseconds UTC
	Number      string      `json:"number,omitempty"`
	Date        date.Day    `json:"date,omitempty"` // day of validation, never typed
	Due         date.Day    `json:"due,omitempty"`
	SentAt      int64       `json:"sentAt,omitempty"`
	Origin      int64       `json:"origin,omitempty"`   // quote an invoice comes from
	Corrects    int64       `json:"corrects,omitempty"` // invoice a credit note corrects
	Entry       int64       `json:"entry,omitempty"`    // journal entry
	Content     Content     `json:"content"`
	Totals      Totals      `json:"totals"`
	Paid        money.Cents `json:"paid"`             // received and allocated so far, less what credit notes turned into advances (invoices)
	Credited    money.Cents `json:"credited"`         // by validated credit notes (invoices)
	Lost        money.Cents `json:"lost,omitempty"`   // written off (invoices)
	Settled     Settled     `json:"settled,omitzero"` // what payments and credit notes have moved so far (invoices)
	File        string      `json:"file,omitempty"`   // SHA-256 of the filed PDF
	Link        string      `json:"-"`                // random public reference of a quote sent for signature
	Signed      Signature   `json:"signed,omitzero"`  // quotes
	Imprint     string      `json:"-"`                // SHA-256 of the two sides of its [Imprint]; "" of a draft
}

// Settled holds what has been booked of an invoice by *rounded(cumulated) − booked*: VAT moved from pending to due by tax
// code, and net turnover collected by nature. It also remembers what the next payment, reversal or credit note must know
// and the totals no longer tell.
type Settled struct {
	VAT      map[string]money.Cents `json:"vat,omitempty"` // codes due on receipt only
	Net      map[string]money.Cents `json:"net,omitempty"`
	Debits   bool                   `json:"debits,omitempty"`   // issued under the option for debits: no VAT of it is ever pending
	Credited []Part                 `json:"credited,omitempty"` // validated credit notes, by nature and tax code
	Moved    []Moved                `json:"moved,omitempty"`    // money received that credit notes turned into advances

	// Deposits: what stands on 41911 and 41912, and what later invoices deducted of each part.
	Held     money.Cents `json:"held,omitempty"`
	Billed   money.Cents `json:"billed,omitempty"`
	Deducted []Part      `json:"deducted,omitempty"`

	// What was written off, in all, by tax code and by nature, and what of it came in the end.
	LossEntry int64                  `json:"lossEntry,omitempty"`
	LostWhole money.Cents            `json:"lostWhole,omitempty"`
	LostVAT   map[string]money.Cents `json:"lostVat,omitempty"`
	LostNet   map[string]money.Cents `json:"lostNet,omitempty"`
	Recovered money.Cents            `json:"recovered,omitempty"`

	Doubtful ledger.ItemRef `json:"doubtful,omitzero"` // its line on 416, once it is doubtful
	Release  date.Day       `json:"release,omitempty"` // day the retention was freed for, when not that of the content
	Closed   date.Day       `json:"closed,omitempty"`  // quotes: since when nothing more will be invoiced of it
	// What credit notes took of the retention, in proportion of what they took of the invoice.
	Unretained money.Cents `json:"unretained,omitempty"`
	Foreign    money.Cents `json:"foreign,omitempty"`  // paid so far, in the currency of the document
	Refunded   []Part      `json:"refunded,omitempty"` // as Credited, in the currency of the document
}

// Part is the share of a document that bears one nature and one tax code, on one second axis, or of them what deducts one
// deposit.
type Part struct {
	Nature  string      `json:"nature"`
	Tax     string      `json:"tax"`
	Net     money.Cents `json:"net"`
	VAT     money.Cents `json:"vat"`
	Deposit int64       `json:"deposit,omitempty"`
	Axis    int64       `json:"axis,omitempty"` // second axis: of whom, in a shared deal
}

// Moved is money that had paid an invoice and that a credit note made an advance of the customer.
type Moved struct {
	Credit int64       `json:"credit"` // id of the credit note
	Amount money.Cents `json:"amount"`
	// What the customer owes of it because it was refunded and the payment then came back.
	Claimed money.Cents `json:"claimed,omitempty"`
}

// Signature is the trace of a customer's acceptance on the link, or of an acceptance recorded by the activity.
type Signature struct {
	Name      string `json:"name,omitempty"`
	At        int64  `json:"at,omitempty"`        // microseconds UTC
	Address   string `json:"address,omitempty"`   // network address, on the link
	Hash      string `json:"hash,omitempty"`      // SHA-256 of the content that was accepted
	Recorded  bool   `json:"recorded,omitempty"`  // recorded by the activity rather than signed on the link
	Withdrawn int64  `json:"withdrawn,omitempty"` // microseconds UTC: the consumer withdrew from it
}

// Totals are the amounts of a document in cents of euro; before its exchange rate is known, of its currency.
type Totals struct {
	Lines []LineTotal `json:"lines"`
	Taxes []TaxTotal  `json:"taxes"`
	Net   money.Cents `json:"net"`
	VAT   money.Cents `json:"vat"`
	Gross money.Cents `json:"gross"`
	// What the customer keeps of the gross until the works have stood the time agreed, on 4117.
	Retained money.Cents `json:"retained,omitempty"`
	Foreign  *Totals     `json:"foreign,omitempty"` // the amounts in the currency of the document, when it is not the euro
}

// LineTotal is the amount of one line after its discount. In a document typed TTC, Net is the line's part of the net
// total of its rate.
type LineTotal struct {
	Net   money.Cents `json:"net"`
	Gross money.Cents `json:"gross"`         // documents typed TTC; otherwise 0
	VAT   money.Cents `json:"vat,omitempty"` // of a line that deducts a deposit
}

// TaxTotal is one row of the VAT summary.
type TaxTotal struct {
	Tax  string      `json:"tax"`
	Rate money.Rate  `json:"rate"`
	Net  money.Cents `json:"net"`
	VAT  money.Cents `json:"vat"`
}

// Means is a means of payment.
type Means string

// The means.
const (
	Transfer Means = "transfer"
	Cheque   Means = "cheque"
	Card     Means = "card"
	Cash     Means = "cash"
	Debit    Means = "debit"
	Advance  Means = "advance" // an over-payment kept before
	GivenUp  Means = "cents"   // no money: a difference too small to be asked for or given back
)

// Payment is money received from a customer, or a refund of what had been kept as an advance: then its amount and its
// excess are negative. It is never edited: reversed, or reassigned (reversed and recorded again).
type Payment struct {
	ID          int64        `json:"id"`
	Date        date.Day     `json:"date"`
	Amount      money.Cents  `json:"amount"`
	Means       Means        `json:"means"`
	Reference   string       `json:"reference,omitempty"`
	Customer    int64        `json:"customer"`
	Activity    int64        `json:"activity"`
	Allocations []Allocation `json:"allocations"`
	Excess      money.Cents  `json:"excess"`             // kept as an advance of the customer
	Exchange    money.Cents  `json:"exchange,omitempty"` // euros received beyond (or, negative, short of) what the allocations settle in the books
	Ahead       bool         `json:"ahead,omitempty"`    // what came before its invoice is kept as an advance and used on its day: see [Payment.Split]
	Entry       int64        `json:"entry"`
	Booked      date.Day     `json:"-"`                  // day of its entry, told as it is recorded: later than Date when its month was closed
	Reversed    int64        `json:"reversed,omitempty"` // id of the reversal entry
	By          int64        `json:"by"`
	At          int64        `json:"at"`
	Seq         int64        `json:"seq"`
}

// Allocation is the part of a payment that settles one invoice.
type Allocation struct {
	Invoice int64       `json:"invoice"`
	Amount  money.Cents `json:"amount"`
	Foreign money.Cents `json:"foreign,omitempty"` // what it settles in the currency of the invoice; Amount follows from it
}
