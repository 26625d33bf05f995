package office

import (
	"context"

	"essaim/access"
	"essaim/date"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// StatementReport is the statement before it is laid out.
func (o *Office) StatementReport(ctx context.Context, a access.Actor, activityID int64, month date.Month) (pdf.Report, error) {
	st, err := o.statementOf(ctx, a, activityID, month)
	if err != nil {
		return pdf.Report{}, err
	}
	return st.report(), nil
}

// GoOn does a run's job, with a hook between two turns.
func (o *Office) GoOn(ctx context.Context, coopID, run int64, between func(context.Context)) error {
	return o.goOn(ctx, coopID, run, between)
}

// RunChunk is how many subjects a turn has.
const RunChunk = runChunk

// PayInputs are those of a contract in a month, with what is kept back of the net, and why they could not be counted.
func PayInputs(tx *store.Tx, m date.Month, c member.Contract) (in payroll.Inputs, kept payroll.Inputs, err error) {
	f, err := readPay(tx, m)
	if err != nil {
		return in, kept, err
	}
	if in = f.inputs(c); f.faults[c.ID] != nil {
		return in, kept, f.faults[c.ID]
	}
	kept, err = f.kept(c, payroll.YearToDate{}, in)
	return in, kept, err
}

// ExitLetters are the papers of an end as they are laid out.
func ExitLetters(ctx context.Context, o *Office, a access.Actor, id int64) (certificate, receipt pdf.Letter) {
	var x exitPaper
	if err := o.read(ctx, a, func(tx *store.Tx) (err error) { x, _, err = readExitPaper(tx, a, id); return err }); err != nil {
		panic(err)
	}
	return x.certificate(), x.receipt()
}

// Euros is an amount as papers write it.
func Euros(c money.Cents) string { return i18n.For("fr").Euros(c) }
