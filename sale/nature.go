package sale

import (
	"embed"
	"encoding/json"
	"slices"

	"essaim/coop"
	"essaim/date"
	"essaim/ledger"
)

//go:embed data/*.json
var data embed.FS

var natures = func() (list []Nature) { read("data/natures.json", &list); return }()

// Natures returns the natures of sale in the order forms show them; what a late customer owes is none.
func Natures() []Nature {
	return slices.DeleteFunc(slices.Clone(natures), func(n Nature) bool { return n.Late })
}

// NatureOf returns the nature of a code.
func NatureOf(code string) (Nature, bool) {
	for _, n := range natures {
		if n.Code == code {
			return n, true
		}
	}
	return Nature{}, false
}

// The tax codes that the room knows by name, because the law ties them to a nature or to a buyer.
const (
	taxTraining      = "XFORM" // CGI art. 261-4-4° a: attestation 3511
	taxLessons       = "XEDU"  // CGI art. 261-4-4° b: paid by the pupils themselves
	taxCare          = "XMED"  // CGI art. 261-4-1°: care given to a person by a regulated profession
	taxWorksReverse  = "AE"    // CGI art. 283-2 nonies: subcontracted works
	taxUnionServices = "EUS"   // CGI art. 259-1° and 283-2
	taxUnionGoods    = "EUG"   // CGI art. 262 ter-I
	taxExportGoods   = "EXG"   // CGI art. 262-I
	taxAbroad        = "EXS"   // CGI art. 259-1°, customer outside the EU
	taxOutside       = "HORS"  // CGI art. 256: goods or services, out of the scope of VAT
)

// Usual returns the tax code a new line of this nature starts with: training is exempt in every activity once the
// cooperative holds its attestation (practice 3 d).
func (n Nature) Usual(v coop.VAT, on date.Day) string {
	if n.Training && holdsTraining(v, on) {
		return taxTraining
	}
	return n.Tax
}

// StartTax returns the code that a new line of a nature starts with in an activity: the one of a customer who is not in
// France (see [FollowTaxes]), what the nature decides by itself, or the activity's usual rate.
func StartTax(n Nature, f Facts) string { return startTax(n, false, f) }

func holdsTraining(v coop.VAT, on date.Day) bool {
	return v.TrainingNumber != "" && v.TrainingFrom <= on
}

// Fit returns the code of the same rate that goes with the nature: S20 on goods becomes G20. The person chose « 20 % »;
// when it is due follows from what is sold. A code that has no twin is returned as it is, and [CheckSubmit] judges it.
func (n Nature) Fit(code string, taxes ledger.Taxes) string {
	c, ok := taxes[code]
	if !ok || c.Exempt() || n.Either || c.Goods == n.Goods {
		return code
	}
	twin := ""
	for _, t := range taxes {
		if t.Rate == c.Rate && t.Goods == n.Goods && !t.Input && t.From == c.From && t.Until == c.Until && (twin == "" || t.Code < twin) {
			twin = t.Code
		}
	}
	if twin == "" {
		return code
	}
	return twin
}

// Fit gives every line of a known nature the tax code that goes with it (see [Nature.Fit]).
func (c Content) Fit(taxes ledger.Taxes) Content {
	c.Lines = settledChoices(slices.Clone(c.Lines))
	for i, l := range c.Lines {
		if n, ok := NatureOf(l.Nature); ok {
			c.Lines[i].Tax = n.Fit(l.Tax, taxes)
		}
	}
	return c
}

func read(name string, into any) {
	b, err := data.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		panic("sale: " + name + ": " + err.Error())
	}
}
