// Package payroll is the room of pay: from a contract, what has been paid this year and the month's inputs to a payslip,
// explained line by line, and back from a budget to the pay it bears.
//
// [Compute] is pure and holds the only formulas: the payslip, the simulator, the run of the month, the command line and
// the comparison with a payroll software all ask it. Parameters are dated data with their source (data/parameters.json),
// contribution lines are data too (data/lines.json), the neutral grids of the tax withheld as well (data/tax_grids.json):
// a year more is data more.
//
// Ceilings and the general reduction are regularised month by month (R242-2 and D241-8 CSS): each base of the month is
// the base of the year so far less what earlier months had, so that the months sum to the year. A payslip rounds every
// line half away from zero to the cent and its totals are sums of rounded lines; [ComputeExact] runs the same formulas
// without rounding, to be held against models that do not round. Law and order of the computation: DESIGN.md.
package payroll
