// Package variables is the exchange of a cooperative with the payroll software that makes its payslips: the variables of
// the month go there as a table, the amounts of each payslip and the journal of pay come back as tables.
//
// No software of pay has a published format for this: each file of a client has its own codes of elements, and the table
// that comes back has the columns that someone asked for in the software. So a format here is data, a [Mapping] for what
// leaves and a [ReturnMapping] for what comes back; the package ships with one of each kind for Silae, to be completed with
// the codes of the cooperative, and with a generic one in French.
//
// What cannot be carried is told, person by person and line by line, and is never dropped in silence; what is told does not
// hold back the rest. Nothing here posts anything: the caller decides on what came back whole.
package variables
