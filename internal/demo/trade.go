package demo

import (
	"essaim/money"
	"essaim/sale"
)

// trade is one activity of the cooperative as the story needs it.
type trade struct {
	code, name, trade string
	people            []holder
	advisor           string // first name
	policy            int    // position in policies
	natures           []string
	tax               string
	gross             bool // prices typed TTC
	insurance         string
	opened            int         // months from the first month of the story; negative: before
	opening           money.Cents // treasury brought along on the first day
	reserve           money.Cents
	tenths            int      // documents in ten months
	season            *[12]int // weight of each civil month in per cent; nil: flat
	quotes            int      // invoices in a hundred that begin with a quote
	offers            []offer
	buyers            string // kinds of its customers, one letter each (see buyerKinds)
	buys              []buy
	travel            money.Cents // usual expense note of a month
}

// holder is someone who shares an activity.
type holder struct {
	first, last string
	bond        bond
	fixed       money.Cents // monthly cost of the fixed part under CESA
	joined      int         // month from which the activity is shared; 0: from its opening
	tax         money.Rate  // withheld at source
}

// bond is how a holder's contracts follow one another.
type bond int

const (
	associate bond = iota // CESA for years, associate
	salaried              // CESA for a year or two
	grown                 // CAPE first, CESA since
	renewed               // CAPE in its second term
	ending                // CAPE in its last weeks, nothing signed after it
	arrived               // CAPE since the first of this month, or since the eve
)

// offer is what an activity usually sells: Low and High are prices for one unit, in the mode of its documents.
type offer struct {
	nature, label, unit string
	tax                 string // 20 % unless said
	low, high, step     money.Cents
	least, most         int // units
}

// buy is a usual purchase.
type buy struct {
	account, supplier, label string
	tax                      string // "" when the activity deducts nothing
	every                    int    // months
	low, high                money.Cents
}

// buyerKinds are the letters of trade.buyers.
var buyerKinds = map[byte]sale.CustomerKind{
	'c': sale.Company, 'a': sale.NonTaxable, 'k': sale.NonTaxable, 'p': sale.Public, 'i': sale.Consumer, 'e': sale.EUCompany, 's': sale.Foreign,
}

// How a year goes, January to December, in per cent of a usual month.
var (
	outdoors  = [12]int{45, 55, 105, 140, 150, 140, 110, 75, 115, 125, 90, 50}
	teaching  = [12]int{105, 100, 120, 105, 110, 120, 40, 15, 105, 135, 135, 110}
	presents  = [12]int{55, 65, 80, 90, 105, 100, 85, 60, 90, 105, 150, 215}
	festive   = [12]int{60, 65, 90, 100, 130, 150, 115, 70, 115, 90, 95, 120}
	buildings = [12]int{80, 95, 110, 115, 110, 115, 90, 35, 115, 125, 115, 95}
	sunny     = [12]int{50, 60, 105, 140, 150, 140, 120, 85, 115, 100, 75, 60}
)

const (
	house  = 0 // a tenth of what is invoiced
	margin = 1 // on the margin, for those who buy a lot
	scale  = 2 // on what is collected, by brackets
)

const (
	tenYears = "Garantie décennale et responsabilité civile professionnelle : Mutuelle des Bâtisseurs (fictive), police n° 7 045 118, France métropolitaine"
	gardens  = "Responsabilité civile et décennale « aménagements paysagers » : Mutuelle des Bâtisseurs (fictive), police n° 7 045 203, France métropolitaine"
)
