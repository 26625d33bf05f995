package bench

import (
	"slices"
	"time"

	"essaim/date"
	"essaim/money"
	"essaim/payroll"
)

// wages is the work of a payroll without its database: years of payslips, each with the year before it, and the pay that
// a budget bears.
type wages struct {
	employer  payroll.Employer
	contracts []payroll.Contract
	pays      []money.Cents
	months    []*payroll.Parameters
}

func newWages() wages {
	begun, cover := date.Of(2020, 1, 1), payroll.Cover{Health: 40_00, HealthEmployer: 500_000}
	w := wages{
		employer: payroll.Employer{Staff: 60, Accident: 20_800, Mobility: 20_100},
		contracts: []payroll.Contract{
			{Regime: payroll.CESA, From: begun, Cover: cover},
			{Regime: payroll.CESA, From: begun, Cover: cover, Executive: true},
			{Regime: payroll.Permanent, From: begun, Cover: cover, Hours: 28_00},
		},
		pays: []money.Cents{600_00, 0, 1_500_00, 2_600_00, 4_200_00, 900_00, 1_867_02, 0, 3_100_00, 5_200_00, 2_000_00, 6_100_00},
	}
	for m := range 12 {
		w.months = append(w.months, payroll.Law().On(date.MonthOf(2026, m+1)))
	}
	return w
}

// year computes the year of one contract, and returns how many payslips it made.
func (w wages) year(k payroll.Contract) (n int, err error) {
	var y payroll.YearToDate
	for m, p := range w.months {
		in := payroll.Inputs{Month: p.Month, Paid: p.Month.Last(), Items: []payroll.Item{{Element: "fixed_part", Amount: 500_00}, {Element: "variable_advance", Amount: w.pays[m]}}}
		if _, y, err = payroll.Compute(p, w.employer, k, y, in); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// inverses seeks what budgets and wished nets bear, month after month.
func (w wages) inverses(k payroll.Contract) (n int, err error) {
	var y payroll.YearToDate
	for m, p := range w.months {
		in := payroll.Inputs{Month: p.Month, Paid: p.Month.Last(), Items: []payroll.Item{{Element: "fixed_part", Amount: 500_00}}}
		for _, by := range []payroll.By{payroll.ByCost, payroll.ByNet} {
			if _, _, err := payroll.Solve(p, w.employer, k, y, in, "variable_advance", payroll.Target{By: by, Amount: 1_000_00 + w.pays[m]}); err != nil {
				return n, err
			}
			n++
		}
		if _, y, err = payroll.Compute(p, w.employer, k, y, in); err != nil {
			return n, err
		}
	}
	return n, nil
}

// rate repeats a work on one core for as long as a point is counted, and returns how many a second it makes.
func (b *bench) rate(work func(payroll.Contract) (int, error), contracts []payroll.Contract) (float64, error) {
	var rates []float64
	for range b.rounds {
		done, start := 0, time.Now()
		for i := 0; time.Since(start) < b.counted; i++ {
			n, err := work(contracts[i%len(contracts)])
			if err != nil {
				return 0, err
			}
			done += n
			if err := b.ctx.Err(); err != nil {
				return 0, err
			}
		}
		rates = append(rates, float64(done)/time.Since(start).Seconds())
	}
	slices.Sort(rates)
	return rates[len(rates)/2], nil
}

// payroll measures the engine of pay on one core.
func (b *bench) payroll() error {
	w := newWages()
	slips, err := b.rate(w.year, w.contracts)
	if err != nil {
		return err
	}
	inverses, err := b.rate(w.inverses, w.contracts)
	if err != nil {
		return err
	}
	b.write("\n")
	b.say("bench.payroll", "payslips", b.count(slips), "inverses", b.count(inverses))
	return nil
}
