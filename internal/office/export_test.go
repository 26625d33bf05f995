package office

import (
	"context"

	"essaim/access"
	"essaim/date"
	"essaim/format/pdf"
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
