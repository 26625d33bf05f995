package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
)

// PayAround is what stands around one's pay: the last payslip, what the file lacks, the years that await a choice.
type PayAround struct {
	Last   *store.Slip // issued in the last quarter; nil: none
	Paid   bool        // a contract that pays runs: an absence may be declared
	Lacks  []string    // message keys of what the cooperative waits for before it can pay
	Years  []YearForm  // that can be answered today
	Chosen bool        // a choice was made once, of whatever year
}

// Unanswered are the years that nobody answered yet.
func (x PayAround) Unanswered() []YearForm {
	return slices.DeleteFunc(slices.Clone(x.Years), func(f YearForm) bool { return f.Choice.ID != 0 || f.Part.Balance <= 0 })
}

// MyPayAround reads it for the actor.
func (o *Office) MyPayAround(ctx context.Context, a access.Actor) (x PayAround, err error) {
	if err := can(a, access.ViewPay, access.Subject{Person: a.Person}); err != nil {
		return x, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		x, err = payAround(tx, a)
		return err
	})
	return x, err
}

func payAround(tx *store.Tx, a access.Actor) (x PayAround, err error) {
	contracts, err := tx.ContractsOf(a.Person)
	if err != nil {
		return x, err
	}
	x.Paid = slices.ContainsFunc(member.Running(contracts, a.Today), func(c member.Contract) bool { return c.Kind != member.CAPE })
	this := a.Today.Month()
	slips, err := tx.SlipsOf(a.Person, this-3, this+1)
	if err != nil {
		return x, err
	}
	for i := range slips { // the last first
		if shown(slips[i]) {
			x.Last = &slips[i]
			break
		}
	}
	if x.Paid {
		if x.Lacks, err = payWaits(tx, a); err != nil {
			return x, err
		}
	}
	years, err := tx.YearEnds()
	if err != nil {
		return x, err
	}
	for _, e := range years {
		choices, err := tx.YearChoices(e.Year)
		if err != nil {
			return x, err
		}
		x.Chosen = x.Chosen || slices.ContainsFunc(choices, func(c store.YearChoice) bool { return c.Person == a.Person })
		if e.Deadline < a.Today { // what nobody can answer any more is not read
			continue
		}
		f, err := readYearEnd(tx, e.Year)
		if err != nil {
			return x, err
		}
		x.Years = append(x.Years, f.formsOf(a.Person)...)
	}
	return x, nil
}

// payWaits is what the file of the actor lacks where the cooperative makes the payslips.
func payWaits(tx *store.Tx, a access.Actor) ([]string, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(set.Rules, func(r coop.Rule) bool { return r.Kind == coop.RulePay && r.From <= a.Today }) {
		return nil, nil // nobody pays here yet
	}
	rules, err := set.On(a.Today)
	if err != nil || rules.Pay.Way != coop.PayOwn {
		return nil, err
	}
	known, err := tx.PayPersonOf(a.Person)
	if err != nil {
		return nil, err
	}
	return onDay(known, a.Today, func(p store.PayPerson) date.Day { return p.From }).Known.Lacks(), nil
}
