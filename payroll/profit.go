package payroll

import (
	"errors"
	"fmt"

	"essaim/fault"
	"essaim/money"
)

// ProfitFormula is what an agreement on profit-sharing (intéressement, L3312-1 c. trav.) gives a work unit: a rate of its
// result above a threshold, up to a limit. A work unit is an activity, or several that the agreement names together.
type ProfitFormula struct {
	Above money.Cents `json:"above"`
	Rate  money.Rate  `json:"rate"`
	Most  money.Cents `json:"most,omitempty"` // 0: none
}

// Pot is what the formula gives for a result; a loss gives nothing.
func (f ProfitFormula) Pot(result money.Cents) money.Cents {
	pot := max(0, result-f.Above).Times(f.Rate)
	if f.Most > 0 {
		pot = min(pot, f.Most)
	}
	return pot
}

// ProfitSplit says how a pot is shared out: parts of it evenly, by pay and by time present; they make the whole (L3314-5).
type ProfitSplit struct {
	Even   money.Rate `json:"even"`
	ByPay  money.Rate `json:"byPay"`
	ByTime money.Rate `json:"byTime"`
}

// ProfitPerson is one who shares.
type ProfitPerson struct {
	ID    string      `json:"id"`
	Gross money.Cents `json:"gross"` // of the year
	Days  int         `json:"days"`  // present in the year, maternity and accident counted
	// Saved: the bonus goes to a savings plan within fifteen days, free of tax (L3315-2).
	Saved bool `json:"saved"`
}

// ProfitBonus is one person's bonus.
type ProfitBonus struct {
	ID      string      `json:"id"`
	Gross   money.Cents `json:"gross"`
	Cut     money.Cents `json:"cut"` // what the limit of one person took off; it goes to no one else here
	CSG     money.Cents `json:"csg"`
	CRDS    money.Cents `json:"crds"`
	Net     money.Cents `json:"net"`
	Taxable money.Cents `json:"taxable"`
	Package money.Cents `json:"package"` // forfait social, borne by the cooperative
}

// Profit is a pot shared out.
type Profit struct {
	Pot     money.Cents   `json:"pot"` // within the limit of all
	Cut     money.Cents   `json:"cut"` // what that limit took off
	Bonuses []ProfitBonus `json:"bonuses"`
	Cost    money.Cents   `json:"cost"`
}

// ShareProfit shares a pot: 20 % of all gross pay at most, and three quarters of the yearly ceiling each (L3314-8); CSG and
// CRDS are on the whole without allowance, and the employer's forfait social is due from 250 on (L137-15 CSS).
func (p *Parameters) ShareProfit(pot money.Cents, split ProfitSplit, staff int, people []ProfitPerson) (Profit, error) {
	var r Profit
	if err := checkProfit(pot, split, staff, people); err != nil {
		return r, err
	}
	n := len(people)
	even, pay, days := make([]int64, n), make([]int64, n), make([]int64, n)
	all, time := money.Cents(0), int64(0)
	for i, x := range people {
		even[i], pay[i], days[i] = 1, int64(x.Gross), int64(x.Days)
		all += x.Gross
		time += int64(x.Days)
	}
	if split.ByPay > 0 && all == 0 || split.ByTime > 0 && time == 0 {
		return r, fault.At("people", "payroll.profit_nothing")
	}
	r.Pot = min(pot, all.Times(p.rate(pProfitPay)))
	r.Cut = pot - r.Pot
	parts := money.Allocate(r.Pot, []int64{int64(split.Even), int64(split.ByPay), int64(split.ByTime)})
	shares := make([]money.Cents, n)
	for k, weights := range [][]int64{even, pay, days} {
		if parts[k] == 0 {
			continue
		}
		for i, v := range money.Allocate(parts[k], weights) {
			shares[i] += v
		}
	}
	most := p.cents(pCeilingYear).Times(p.rate(pProfitEach))
	for i, x := range people {
		b := ProfitBonus{ID: x.ID, Gross: min(shares[i], most)}
		b.Cut = shares[i] - b.Gross
		b.CSG, b.CRDS = b.Gross.Times(p.rate(pProfitCsg)), b.Gross.Times(p.rate(pProfitCrds))
		b.Net = b.Gross - b.CSG - b.CRDS
		if !x.Saved {
			b.Taxable = b.Gross - b.Gross.Times(p.rate(pCsgDeductibleWrk))
		}
		if int64(staff) >= p.count(pStaffProfit) {
			b.Package = b.Gross.Times(p.rate(pProfitPackage))
		}
		r.Cost += b.Gross + b.Package
		r.Bonuses = append(r.Bonuses, b)
	}
	return r, nil
}

func checkProfit(pot money.Cents, split ProfitSplit, staff int, people []ProfitPerson) error {
	var errs []error
	if pot < 0 || pot > 100*MaxGross {
		errs = append(errs, fault.At("pot", "payroll.large", "max", 100*MaxGross))
	}
	if split.Even < 0 || split.ByPay < 0 || split.ByTime < 0 || split.Even+split.ByPay+split.ByTime != money.One {
		errs = append(errs, fault.At("split", "payroll.profit_split"))
	}
	if staff < 0 {
		errs = append(errs, fault.At("staff", "payroll.staff"))
	}
	if len(people) == 0 || len(people) > 10_000 {
		return errors.Join(append(errs, fault.At("people", "payroll.profit_people", "max", 10_000))...)
	}
	for i, x := range people {
		if x.Gross < 0 || x.Gross > 12*MaxGross {
			errs = append(errs, fault.At(fmt.Sprintf("people[%d].gross", i), "payroll.large", "max", 12*MaxGross))
		}
		if x.Days < 0 || x.Days > 366 {
			errs = append(errs, fault.At(fmt.Sprintf("people[%d].days", i), "payroll.profit_days"))
		}
	}
	return errors.Join(errs...)
}
