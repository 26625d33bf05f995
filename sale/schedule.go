package sale

import (
	"fmt"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// Term is one line of the schedule of a quote: what will be invoiced, how much of it, and when as people say it. The last
// one is the balance and takes what is left.
type Term struct {
	Stage  Stage       `json:"stage"`
	Label  string      `json:"label,omitempty"`
	Share  money.Rate  `json:"share,omitempty"`  // of the whole
	Amount money.Cents `json:"amount,omitempty"` // or a typed amount, tax included
	When   string      `json:"when,omitempty"`   // « à la commande »
	On     date.Day    `json:"on,omitempty"`     // or a day
}

// maxTerms bounds a schedule.
const maxTerms = 24

// TermName names a line of a schedule that its author did not name.
func TermName(t Term, p i18n.Printer) string {
	switch {
	case t.Stage == Balance:
		return p.T("sale.term_balance")
	case t.Stage == Progress && t.Share != 0:
		return p.T("sale.term_progress_share", "share", t.Share)
	case t.Stage == Progress:
		return p.T("sale.term_progress")
	case t.Share != 0:
		return p.T("sale.term_deposit_share", "share", t.Share)
	}
	return p.T("sale.term_deposit")
}

// TermAmounts returns what each term of a schedule comes to, tax included: shares are *rounded(cumulated) − given*, so that
// 10 in three equal parts is 3.33, 3.34 and 3.33, and the balance is what is left.
func TermAmounts(schedule []Term, gross money.Cents) []money.Cents {
	list := make([]money.Cents, len(schedule))
	var share money.Rate
	var shared, given money.Cents
	for i, t := range schedule {
		switch {
		case t.Stage == Balance:
			list[i] = gross - given
		case t.Amount != 0:
			list[i] = t.Amount
		default:
			share += t.Share
			list[i] = gross.Times(share) - shared
			shared += list[i]
		}
		given += list[i]
	}
	return list
}

// checkSchedule tells what is wrong with a schedule.
func checkSchedule(c Content, t Totals) []error {
	var errs []error
	bad := func(i int, field, key string, args ...any) { errs = append(errs, termFault(i, field, key, args...)) }
	s := c.Schedule
	if len(s) == 0 {
		return nil
	}
	if len(s) > maxTerms {
		return []error{fault.At("schedule", "sale.fault.terms_many", "max", maxTerms)}
	}
	var share money.Rate
	for i, term := range s {
		errs = append(errs, prefixed(i, checkText("label", term.Label, maxTitle), checkText("when", term.When, maxTitle), checkWritten("label", term.Label), checkWritten("when", term.When))...)
		last := i == len(s)-1
		switch {
		case last && term.Stage != Balance:
			bad(i, "stage", "sale.fault.balance_last")
		case !last && term.Stage != Deposit && term.Stage != Progress:
			bad(i, "stage", "sale.fault.term_stage")
		case last:
		case term.Share < 0 || term.Share > money.One || term.Amount < 0 || (term.Share == 0) == (term.Amount == 0):
			bad(i, "share", "sale.fault.term_share")
		}
		share += term.Share
	}
	if share > money.One {
		bad(len(s)-1, "share", "sale.fault.terms_above")
	} else if amounts := TermAmounts(s, t.Gross); len(errs) == 0 && t.Gross > 0 && amounts[len(s)-1] < 0 {
		bad(len(s)-1, "share", "sale.fault.terms_above")
	}
	return errs
}

func termFault(i int, field, key string, args ...any) *fault.Error {
	return fault.At(fmt.Sprintf("schedule[%d].%s", i, field), key, args...)
}

func prefixed(i int, lists ...[]error) (errs []error) {
	for _, list := range lists {
		for _, err := range list {
			errs = append(errs, fault.Prefix(fmt.Sprintf("schedule[%d]", i), err))
		}
	}
	return errs
}
