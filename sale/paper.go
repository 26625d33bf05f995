package sale

import "essaim/activity"

// Paper is a document as it is read: every text chosen, every amount written. Screen, PDF and e-mail show the same Paper,
// so they cannot differ.
type Paper struct {
	Kind     Kind
	Lang     string
	Title    string   // « Facture »
	Number   string   // « F-2026-0012 », or the words that stand for it before validation
	Draft    bool     // not validated: the PDF is marked as a draft
	Brand    string   // trade name of the activity
	Look     Look     `json:",omitzero"`
	Under    []string // « Une activité de … », legal form, address
	Buyer    []string // name first, then address and identifiers
	Delivery []string // delivery address when different
	Meta     []Pair   // dates, references
	Object   string
	Gross    bool // amounts of the rows include tax
	Head     PaperRow
	Rows     []PaperRow
	Taxes    []PaperTax
	Totals   []Pair // net, VAT, gross, deposits deducted, what was paid, what is retained
	Terms    []Pair `json:",omitempty"` // quotes: how it will be invoiced
	Due      Pair   // « À payer »
	Pay      []Pair // how to pay: IBAN, BIC, reference
	Code     string // what the square beside it says to a phone: see [TransferCode]
	Notes    []string
	Closing  string   `json:",omitempty"` // words of the activity's own
	Mentions []string // every mandatory mention that is not elsewhere
	Sign     []string // box for the customer's agreement, or the trace of it (quotes)
	Drawn    string   // the signature that they drew, as [CheckDrawn] lets it be; "" without one
	Seller   []string // legal identity, foot of the page
	Annex    []Pair   `json:",omitempty"` // pages that follow: a heading or "", and its text; a text that ends with a colon is to be filled in
}

// Look is how the paper of an activity looks: [activity.Look]. Image is read by whoever lays the paper out.
type Look struct {
	Accent        string `json:",omitempty"`
	Logo          string `json:",omitempty"` // SHA-256
	Width, Height int    `json:",omitempty"`
	Image         []byte `json:"-"`
	Address       string `json:"-"` // where a page finds the logo
}

// LookOf is what a paper takes of how an activity's papers look.
func LookOf(l activity.Look) Look {
	return Look{Accent: l.Accent, Logo: l.Logo, Width: l.Width, Height: l.Height}
}

// Pair is a label and its value.
type Pair struct{ Label, Value string }

// PaperRow is one line of the table of goods and services.
type PaperRow struct {
	Label, Quantity, Price, Discount string
	Done, Before                     string `json:",omitempty"` // works invoiced as they advance: how far, and what was invoiced before
	Rate, Amount                     string
}

// PaperTax is one row of the VAT summary.
type PaperTax struct{ Label, Net, VAT string }
