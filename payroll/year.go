package payroll

// Carry is the year to date as the next contract with the same employer begins it: the ceilings and the bases of the year
// go on, since they are one employer's (R242-2 CSS), while the reduction and the reduced rates of 2025 are counted by
// contract (D241-7 CSS; circ. DSS/5B/2019/141, Q 2.19) and begin again. A contract that holds beside another has a year
// to date of its own and [Inputs.Beside].
func (y YearToDate) Carry() YearToDate {
	y.Formula, y.RSMIC, y.RPay, y.RT1, y.RFour, y.Reduced, y.Pension = 0, 0, 0, 0, 0, 0, 0
	y.LowPay, y.SMIC, y.Sickness, y.Family = 0, 0, 0, 0
	return y
}
