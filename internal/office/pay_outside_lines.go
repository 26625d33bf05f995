package office

import (
	"essaim/fault"
	"essaim/format/variables"
	"essaim/payroll"
)

// The detail of the payslips is compared line by line with ours and is booked nowhere: what is wrong in it is told, and
// holds nobody back.

// lines reads the detail that came back, by index among the people.
func (r *payReading) lines(b []byte, table variables.ReturnMapping) error {
	details, err := variables.ReadDetails(b, table, r.people, r.v.Month)
	if err != nil && len(fault.All(err)) == 0 {
		return err
	}
	r.v.Detail = append(r.v.Detail, fault.All(err)...)
	if r.details == nil {
		r.details = map[int][]payroll.ReturnedLine{}
	}
	for _, d := range details {
		part := payroll.Employee
		if d.Employer {
			part = payroll.EmployerIs
		}
		r.details[d.Person] = append(r.details[d.Person], payroll.ReturnedLine{Codes: table.Ours(d.Code), Code: d.Code, Label: d.Label, Part: part, Base: d.Base, Rate: d.Rate, Amount: d.Amount})
	}
	return nil
}

// compare holds a payslip that came back against ours: its totals, and its lines when they came.
func (r *payReading) compare(row *PayReturnRow, person int, ours payroll.Payslip, back payroll.Returned) {
	row.Ours = &ours.Totals
	row.Gaps = payroll.Gaps(ours.Totals, row.Theirs, back)
	lines := r.details[person]
	row.Detailed = len(lines) > 0
	if !row.Detailed {
		return
	}
	row.LineGaps = payroll.LineGaps(ours, lines, row.Theirs, back.Ceiling)
	for _, x := range []struct {
		part payroll.Part
		said bool
		of   string
	}{{payroll.Employee, back.Employee != nil, "employee"}, {payroll.EmployerIs, back.Employer != nil, "employer"}} {
		total := row.Theirs.Employee
		if x.part == payroll.EmployerIs {
			total = row.Theirs.Employer
		}
		if sum, ok := payroll.LinesSum(lines, x.part); ok && x.said && sum != total {
			row.Partial = append(row.Partial, payroll.Gap{Field: x.of, Ours: total, Theirs: sum})
		}
	}
}
