package payroll

import (
	"essaim/date"
	"essaim/money"
)

// Quarters are the quarters of the basic pension that the pay of a calendar year gives (R351-9 CSS): one for each time
// the SMIC of 1 January of so many hours, up to four.
type Quarters struct {
	Got     int         `json:"got"`
	Most    int         `json:"most"`
	Each    money.Cents `json:"each"`    // pay of one quarter
	Missing money.Cents `json:"missing"` // pay until the next one; 0 when there is none left
}

// QuartersOf counts them for pay subject to the capped old-age contribution ([YearToDate.T1]).
func QuartersOf(t *Table, year int, pay money.Cents) Quarters {
	p := t.On(date.MonthOf(year, 1))
	q := Quarters{Most: int(p.count(pPensionQuarterMost)), Each: p.cents(pSmicHour) * money.Cents(p.count(pPensionQuarterHours))}
	if q.Each <= 0 {
		return q
	}
	q.Got = min(q.Most, int(max(pay, 0)/q.Each))
	if q.Got < q.Most {
		q.Missing = q.Each*money.Cents(q.Got+1) - max(pay, 0)
	}
	return q
}
