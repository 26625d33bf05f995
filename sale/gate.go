package sale

import (
	"errors"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
)

// Gate is a control before submission that the cooperative makes block, warn or rest (practice 33). What the law itself
// asks is no gate: [CheckSubmit] refuses it whatever the cooperative chose.
type Gate struct {
	Name  string // of its field in [coop.Gates]; its words are "sale.gate.<name>", its title "sale.gates.<name>"
	Mend  string // where it is mended: "activity", "person", "papers", "quote", "lines"
	Field string // of the document that the refusal stands beside, "" for the whole
	// Held returns the arguments of its words when it holds.
	Held func(d Document, f Facts) (args []any, held bool)
}

// Finding is a gate that holds for a document.
type Finding struct {
	Gate
	Block bool
	Args  []any
}

// Key is the message key of what it says.
func (f Finding) Key() string { return "sale.gate." + f.Name }

// The kinds of paper that gates look for among [Facts.Papers]. Papers of its quote count for an invoice, those of its
// invoice for a credit note.
const (
	PaperAgreement   = "agreement"   // training agreement (L6353-1 Code du travail)
	PaperAttendance  = "attendance"  // signed attendance sheets
	PaperCertificate = "certificate" // the customer's, for works at a reduced rate: no gate, see checkHousing
	PaperInsurance   = "insurance"   // of the activity
	PaperQuote       = "quote"       // quote or order signed on paper
	PaperTransport   = "transport"   // of goods that leave France without VAT: proof of exit, waybill
)

// gates are asked in this order; add one here and in [coop.Gates].
var gates = []Gate{
	{Name: "insurance", Mend: "activity", Held: insuranceOver},
	{Name: "contract", Mend: "person", Field: "delivered", Held: contractEnds},
	{Name: "agreement", Mend: "papers", Held: paperMissing(PaperAgreement)},
	{Name: "attendance", Mend: "papers", Held: paperMissing(PaperAttendance)},
	{Name: "quote", Mend: "quote", Held: quoteUnsigned},
	{Name: "subcontract", Mend: "lines", Field: "lines", Held: subcontractTaxed},
	{Name: "transport", Mend: "papers", Held: transportUnproved},
}

// Gates returns the gates in the order they are asked.
func Gates() []Gate { return slices.Clone(gates) }

// Findings returns the gates of the cooperative that hold for a document which has no number yet, those that block first.
// A credit note corrects what is: nothing holds it.
func Findings(d Document, f Facts) []Finding {
	if d.Number != "" || d.Kind == CreditNote {
		return nil
	}
	var block, warn []Finding
	for _, g := range gates {
		choice := coop.GateOff
		if c := f.Rules.Gates.Of(g.Name); c != nil {
			choice = *c
		}
		if choice == coop.GateOff || choice == "" {
			continue
		}
		args, held := g.Held(d, f)
		switch {
		case !held:
		case choice == coop.GateBlock:
			block = append(block, Finding{g, true, args})
		default:
			warn = append(warn, Finding{g, false, args})
		}
	}
	return append(block, warn...)
}

// CheckGates refuses what a gate that blocks holds: before submission, and when a reader validates, whoever they are and
// whenever the cooperative chose to block.
func CheckGates(d Document, f Facts) error {
	var errs []error
	for _, x := range Findings(d, f) {
		if x.Block {
			errs = append(errs, fault.At(x.Field, x.Key(), x.Args...))
		}
	}
	return errors.Join(errs...)
}

// works says whether a line sells building works.
func (d Document) works() bool {
	return slices.ContainsFunc(d.Content.Lines, func(l Line) bool { n, _ := NatureOf(l.Nature); return n.Works })
}

func (d Document) training() bool {
	return slices.ContainsFunc(d.Content.Lines, func(l Line) bool { n, _ := NatureOf(l.Nature); return n.Training })
}

// done is the last day of the work, as far as it is known.
func (d Document) done(f Facts) date.Day {
	if d.Content.Delivered != 0 {
		return d.Content.Delivered
	}
	return f.Today
}

func insuranceOver(d Document, f Facts) ([]any, bool) {
	until := f.Activity.InsuredUntil()
	if d.works() && f.Activity.Cover != (coop.Cover{}) {
		return nil, false // what counts is the day the site opens: checkCover refuses it
	}
	if until == 0 || d.done(f) <= until && f.Today <= until {
		return nil, false
	}
	return []any{"activity", f.Activity.Name, "until", until}, true
}

// contractEnds: the work is delivered after the CAPE, or the contract, of one who sells has ended. A CAPE that is over
// today is refused by the law itself.
func contractEnds(d Document, f Facts) ([]any, bool) {
	for _, s := range append([]Signer{{f.Entrepreneur, f.Contract}}, f.Others...) {
		if end := s.Contract.End; end != 0 && d.Content.Delivered > end && end >= f.Today {
			return []any{"name", s.Name, "end", end, "delivered", d.Content.Delivered}, true
		}
	}
	return nil, false
}

// paperMissing holds an invoice of training without a paper. Papers that nobody looked for (nil) are not missing.
func paperMissing(kind string) func(Document, Facts) ([]any, bool) {
	return func(d Document, f Facts) ([]any, bool) {
		return nil, f.Papers != nil && d.Kind == Invoice && d.training() && !f.Papers[kind]
	}
}

// quoteUnsigned: an invoice above the cooperative's limit comes from a quote that its customer accepted.
func quoteUnsigned(d Document, f Facts) ([]any, bool) {
	limit := f.Rules.Gates.QuoteAbove
	if d.Kind != Invoice || f.Accepted || f.Papers[PaperQuote] {
		return nil, false
	}
	t, err := Amounts(d, f)
	if err != nil || t.Gross <= limit {
		return nil, false
	}
	return []any{"limit", limit}, true
}

// subcontractTaxed: works that the document itself calls subcontracted, for a company, and that bear VAT: it is the main
// contractor who owes it (CGI art. 283-2 nonies).
func subcontractTaxed(d Document, f Facts) ([]any, bool) {
	if f.Customer.Kind != Company || !d.works() {
		return nil, false
	}
	var said strings.Builder
	said.WriteString(strings.ToLower(d.Content.Title + " " + d.Content.Note))
	for _, l := range d.Content.Lines {
		said.WriteString(" " + strings.ToLower(l.Label))
	}
	if !strings.Contains(said.String(), "sous-trait") && !strings.Contains(said.String(), "sous trait") && !strings.Contains(said.String(), "subcontract") {
		return nil, false
	}
	for i, l := range d.Content.Lines {
		if n, _ := NatureOf(l.Nature); n.Works && f.Taxes[l.Tax].Rate != 0 {
			return []any{"n", i + 1, "customer", f.Customer.FullName()}, true
		}
	}
	return nil, false
}

// transportUnproved: goods that leave France without VAT, and no paper of their transport is there yet (CGI ann. III art. 74;
// règlement d'exécution (UE) 282/2011 art. 45 bis).
func transportUnproved(d Document, f Facts) ([]any, bool) {
	return []any{"customer", f.Customer.FullName()}, f.Papers != nil && d.Kind == Invoice && Leaves(d) && !isDeposit(d) && !f.Papers[PaperTransport]
}
