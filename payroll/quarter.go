package payroll

import (
	"essaim/date"
	"essaim/money"
)

// quarterHours is the pay that makes one quarter of the basic pension, in hours of the SMIC of 1 January (R351-9 CSS, since
// 2014), and quartersMost how many a year may hold.
const (
	quarterHours = 150
	quartersMost = 4
)

// Quarters says how many quarters of the basic pension a year's pay makes, and what pay is missing for the next one: 0 when
// the year holds them all.
func Quarters(year int, pay money.Cents) (n int, next money.Cents) {
	one := quarterHours * Law().On(date.MonthOf(year, 1)).cents(pSmicHour)
	if one <= 0 {
		return 0, 0
	}
	if n = int(max(pay, 0) / one); n >= quartersMost {
		return quartersMost, 0
	}
	return n, money.Cents(n+1)*one - pay
}
