package sale

import (
	"time"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
	"essaim/member"
)

// Facts is what the rules need to know about the world around a document. The caller reads it; the room decides.
type Facts struct {
	Coop          coop.Cooperative
	Rules         coop.Rules // in force today
	Activity      activity.Activity
	Look          activity.Look // of its papers, when the document was validated; the zero value where nothing is printed
	Imprint       *Imprint      // what stood around it then; nil of a draft
	Customer      Customer
	Contract      member.Contract // of the author, or of the first entrepreneur: the one in force, otherwise the last that ended (a CAPE that is over stops sales)
	Entrepreneur  string          // name printed under CAPE
	Others        []Signer        // the others who share the activity today
	Taxes         ledger.Taxes
	Today         date.Day
	Zone          *time.Location    // clock of the cooperative: hours are written as it reads them; nil: UTC, said so
	Invoice       *Document         // the invoice a credit note corrects, with its Credited and Settled so far
	Deposits      []Document        // the deposit invoices that the lines of the document name
	Situations    []Document        // the other situations of the same quote that have a number, the oldest first
	DepositItems  []ledger.OpenItem // what the books hold of the customer's deposits, on 41911 and 41912, the oldest first
	IssuedBefore  int               // invoices this activity has had validated
	CustomerKnown bool              // customer already invoiced by this activity
	Accepted      bool              // it comes from a quote that its customer signed or accepted
	Drawn         string            // the signature that the customer of an accepted quote drew
	More          bool              // of an invoice that deducts deposits of a quote: something of the sale is left to invoice after it
	PayableFrom   date.Day          // no money may be taken for it before (see [PaidTooSoon]); 0: at once
	Papers        map[string]bool   // kinds of paper attached to the document, to what it comes from or to its activity; nil: nobody looked
	Certified     bool              // the customer has certified the dwelling: on the quote they accepted, or on a paper attached
}

// taxDay is the day whose rates apply: the day of delivery, which makes VAT chargeable (CGI art. 269-1); today as long
// as there is none.
func (f Facts) taxDay(d Document) date.Day {
	if d.Content.Delivered != 0 {
		return d.Content.Delivered
	}
	return f.Today
}

// Signer is an entrepreneur of the activity with the contract that binds the cooperative.
type Signer struct {
	Name     string
	Contract member.Contract
}

// capes returns those of the activity who are under a contrat d'appui au projet d'entreprise, the author first: what they
// sell together must name each of them (Code de commerce R127-3).
func (f Facts) capes() []Signer {
	var list []Signer
	for _, s := range append([]Signer{{f.Entrepreneur, f.Contract}}, f.Others...) {
		if s.Contract.Kind == member.CAPE {
			list = append(list, s)
		}
	}
	return list
}

// underCAPE says whether anyone who shares the activity is under CAPE.
func (f Facts) underCAPE() bool { return len(f.capes()) > 0 }
