package demo

import (
	"essaim/ledger"
	"essaim/money"
)

// The demonstration's payslips are plausible, not right to the cent: rates of 2026 for a house of fewer than fifty
// people (Urssaf, Agirc-Arrco), the general reduction along straight lines between computed points. A payroll engine is
// another room.
const (
	smicMonth       money.Cents = 1867_02 // 151.67 × 12.31
	urssafWorker    money.Rate  = 169_470 // CSG and CRDS included
	pensionWorker   money.Rate  = 40_100  //
	urssafEmployer  money.Rate  = 361_520 // before the reduction
	pensionEmployer money.Rate  = 60_100  // before the reduction
	training        money.Rate  = 5_500   // under eleven it is 0.55 %, which the demonstration keeps
	apprentices     money.Rate  = 6_800   //
	health          money.Cents = 30_00   // each
	pensionReduced  money.Rate  = 150_968 // part of the reduction that comes off the pension: 6.01 / 39.81
	taxable         money.Rate  = 819_270 // of the gross, for the tax withheld
	reducedUpTo     money.Rate  = 3 * money.One
)

// reduction is the coefficient of the general reduction at some multiples of the minimum wage.
var reduction = []struct{ at, rate money.Rate }{
	{1_000_000, 398_100}, {1_100_000, 312_500}, {1_200_000, 248_500}, {1_300_000, 199_800}, {1_500_000, 132_400}, {1_750_000, 82_400}, {2_000_000, 53_400}, {2_500_000, 26_700}, {3_000_000, 20_000},
}

// reduced returns the reduction of a month's gross. Whoever has no working time counts the hours that the pay makes
// (D241-27 CSS), so that below the minimum wage the coefficient is at its highest.
func reduced(gross money.Cents) money.Cents {
	ratio := money.Rate(money.MulDiv(int64(gross), int64(money.One), int64(smicMonth)))
	if ratio <= reduction[0].at {
		return gross.Times(reduction[0].rate)
	}
	for i := 1; i < len(reduction); i++ {
		if a, b := reduction[i-1], reduction[i]; ratio <= b.at {
			return gross.Times(a.rate - money.Rate(money.MulDiv(int64(a.rate-b.rate), int64(ratio-a.at), int64(b.at-a.at))))
		}
	}
	return 0
}

// payslip is one month of one contract.
type payslip struct {
	gross                                money.Cents
	urssaf, pension, withheld, net       money.Cents // the worker's side
	urssafDue, pensionDue, trainingDue   money.Cents // the employer's side
	apprenticesDue, healthDue, healthOwn money.Cents
}

func payslipOf(gross money.Cents, tax money.Rate) payslip {
	if gross <= 0 {
		return payslip{}
	}
	p := payslip{gross: gross, urssaf: gross.Times(urssafWorker), pension: gross.Times(pensionWorker), healthOwn: health, healthDue: health}
	p.withheld = gross.Times(taxable).Times(tax)
	p.net = gross - p.urssaf - p.pension - p.healthOwn - p.withheld
	less := reduced(gross)
	pension := less.Times(pensionReduced)
	p.urssafDue = gross.Times(urssafEmployer) - (less - pension)
	p.pensionDue = gross.Times(pensionEmployer) - pension
	p.trainingDue, p.apprenticesDue = gross.Times(training), gross.Times(apprentices)
	return p
}

// charges is what the employer pays on top of the gross.
func (p payslip) charges() money.Cents {
	return p.urssafDue + p.pensionDue + p.trainingDue + p.apprenticesDue + p.healthDue
}

func (p payslip) cost() money.Cents { return p.gross + p.charges() }

// grossFor returns the gross that costs at most so much: the cost grows with the gross.
func grossFor(cost money.Cents) money.Cents {
	low, high := money.Cents(0), max(cost, 0)
	for low < high {
		mid := low + (high-low+1)/2
		if payslipOf(mid, 0).cost() <= cost {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// part says how a payslip's gross is made: the fixed part, and of the rest what last year's provision pays.
type part struct {
	fixed           money.Cents // gross
	pot, potCharges money.Cents // released from 4286 and 4386
	potItem         ledger.ItemRef
	section, worker int64
}

// lines books the payslip in one section (notes on pay, accounting entries): charges by their nature, debts to the
// worker and to each body.
func (p payslip) lines(w part) []ledger.Line {
	var all []ledger.Line
	add := func(account string, amount money.Cents, third int64) {
		if amount != 0 {
			all = append(all, ledger.Line{Account: account, Section: w.section, Third: third, Amount: amount})
		}
	}
	add("6411", w.fixed, 0)
	add("6413", p.gross-w.fixed-w.pot, 0)
	if w.pot != 0 {
		all = append(all, ledger.Line{Account: ledger.VariablePot, Section: w.section, Third: w.worker, Amount: w.pot, Settles: w.potItem})
	}
	add("4386", w.potCharges, 0)
	add("6451", p.urssafDue-w.potCharges, 0)
	add("6453", p.pensionDue, 0)
	add("6454", p.healthDue, 0)
	add("6333", p.trainingDue, 0)
	add("6335", p.apprenticesDue, 0)
	add(ledger.NetPay, -p.net, w.worker)
	add("431", -(p.urssaf + p.urssafDue + p.trainingDue + p.apprenticesDue), 0)
	add("4373", -(p.pension + p.pensionDue), 0)
	add("4375", -(p.healthOwn + p.healthDue), 0)
	add("4421", -p.withheld, 0)
	return all
}
