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
	all := money.Cents(0)
	for _, x := range people {
		all += x.Gross
	}
	r.Pot = min(pot, all.Times(p.rate(pProfitPay)))
	r.Cut = pot - r.Pot
	shares, ok := split.share(r.Pot, people)
	if !ok {
		return r, fault.At("people", "payroll.profit_nothing")
	}
	most := p.MostProfit()
	for i, x := range people {
		b := p.Bonus(min(shares[i], most), x.Saved, staff)
		b.ID, b.Cut = x.ID, shares[i]-b.Gross
		r.Cost += b.Gross + b.Package
		r.Bonuses = append(r.Bonuses, b)
	}
	return r, nil
}

// share splits a pot; false when what a part of it goes by is nil for everyone.
func (s ProfitSplit) share(pot money.Cents, people []ProfitPerson) ([]money.Cents, bool) {
	n := len(people)
	even, pay, days := make([]int64, n), make([]int64, n), make([]int64, n)
	gross, time := money.Cents(0), 0
	for i, x := range people {
		even[i], pay[i], days[i] = 1, int64(x.Gross), int64(x.Days)
		gross += x.Gross
		time += x.Days
	}
	if n == 0 || s.ByPay > 0 && gross == 0 || s.ByTime > 0 && time == 0 {
		return nil, false
	}
	shares := make([]money.Cents, n)
	parts := money.Allocate(pot, []int64{int64(s.Even), int64(s.ByPay), int64(s.ByTime)})
	for k, weights := range [][]int64{even, pay, days} {
		if parts[k] == 0 {
			continue
		}
		for i, v := range money.Allocate(parts[k], weights) {
			shares[i] += v
		}
	}
	return shares, true
}

// MostProfit is the most that one person may have of a year: three quarters of the yearly ceiling (L3314-8).
func (p *Parameters) MostProfit() money.Cents {
	return p.cents(pCeilingYear).Times(p.rate(pProfitEach))
}

// Bonus is what a gross bonus gives. A payslip rounds the CSG that is deducted from the taxable income apart from the
// rest; all of it is due on what is saved, and none of that is deducted.
func (p *Parameters) Bonus(gross money.Cents, saved bool, staff int) ProfitBonus {
	b := ProfitBonus{Gross: gross, CRDS: gross.Times(p.rate(pProfitCrds))}
	if saved {
		b.CSG = gross.Times(p.rate(pProfitCsg))
	} else {
		deducted := gross.Times(p.rate(pCsgDeductibleWrk))
		b.CSG, b.Taxable = deducted+gross.Times(p.rate(pProfitCsg)-p.rate(pCsgDeductibleWrk)), gross-deducted
	}
	b.Net = gross - b.CSG - b.CRDS
	if int64(staff) >= p.count(pStaffProfit) {
		b.Package = gross.Times(p.rate(pProfitPackage))
	}
	return b
}

// BonusFor is the largest gross bonus that costs no more than a budget, the forfait social in it.
func (p *Parameters) BonusFor(budget money.Cents, staff int) money.Cents {
	if budget <= 0 || int64(staff) < p.count(pStaffProfit) {
		return max(budget, 0)
	}
	g := money.Cents(money.MulDiv(int64(budget), int64(money.One), int64(money.One+p.rate(pProfitPackage))))
	for g+1+(g+1).Times(p.rate(pProfitPackage)) <= budget {
		g++
	}
	for g > 0 && g+g.Times(p.rate(pProfitPackage)) > budget {
		g--
	}
	return g
}

// ProfitUnit is a work unit of an agreement: its result of the year, and those of it who have a right.
type ProfitUnit struct {
	ID     int64
	Result money.Cents
	People []ProfitPerson
}

// ProfitOffer is the most that one person may have of one unit.
type ProfitOffer struct {
	Unit   int64
	ID     string      // of the person
	Gross  money.Cents // at most
	CutAll money.Cents // what the limit of all took off it
	Cut    money.Cents // what the limit of one person took off it
}

// OfferProfit says what each person may have of each unit. gross is the pay of the year of all of the cooperative: where
// the units together give more than 20 % of it, each gives less in proportion, so that what one person has does not hang
// on what another chooses. Somebody of several units has three quarters of the ceiling in all.
func (p *Parameters) OfferProfit(f ProfitFormula, split ProfitSplit, gross money.Cents, units []ProfitUnit) []ProfitOffer {
	pots := make([]int64, len(units))
	sum := money.Cents(0)
	for i, u := range units {
		if _, ok := split.share(0, u.People); ok {
			pot := f.Pot(u.Result)
			pots[i], sum = int64(pot), sum+pot
		}
	}
	limited := make([]money.Cents, len(units))
	for i, v := range pots {
		limited[i] = money.Cents(v)
	}
	if limit := gross.Times(p.rate(pProfitPay)); sum > limit {
		limited = money.Allocate(limit, pots)
	}
	var all []ProfitOffer
	most, had := p.MostProfit(), map[string]money.Cents{}
	for i, u := range units {
		whole, ok := split.share(money.Cents(pots[i]), u.People)
		if !ok || pots[i] == 0 {
			continue
		}
		left, _ := split.share(limited[i], u.People)
		for k, x := range u.People {
			o := ProfitOffer{Unit: u.ID, ID: x.ID, Gross: min(left[k], most-had[x.ID]), CutAll: max(whole[k]-left[k], 0)}
			o.Cut = left[k] - o.Gross
			had[x.ID] += o.Gross
			all = append(all, o)
		}
	}
	return all
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
