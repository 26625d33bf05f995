package office

import (
	"context"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
)

// HouseView is the manager's table of all activities.
type HouseView struct {
	House activity.HouseTable
	Names map[int64]string
	Year  ledger.FiscalYear
}

// House builds the account of every activity the actor may see, side by side, with the proofs of the house.
func (o *Office) House(ctx context.Context, a access.Actor) (v HouseView, err error) {
	all := access.Can(a, access.ViewHouse, access.Subject{Coop: a.Coop}) == access.Allowed
	if !all && len(a.Followed()) == 0 {
		return v, can(a, access.ViewHouse, access.Subject{})
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		near := o.near.of(tx.Coop(), set)
		rules, err := near.rulesOn(a.Today)
		if err != nil {
			return err
		}
		ok := false
		if v.Year, ok = set.YearOf(a.Today); !ok {
			return fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
		inputs, balances, err := o.houseInputs(tx, a, near, rules, v.Year, all)
		if err != nil {
			return err
		}
		rows := make([]activity.HouseRow, 0, len(inputs))
		for _, in := range inputs {
			account := activity.Build(in)
			rows = append(rows, account.Row())
		}
		v.House = activity.House(rows)
		if all {
			v.House.Proof = activity.Prove(balances, rules.Grid)
		}
		v.Names, err = namesOf(tx)
		return err
	})
	return v, err
}

func (o *Office) houseInputs(tx *store.Tx, a access.Actor, near *near, rules coop.Rules, year ledger.FiscalYear, all bool) ([]activity.Input, []ledger.Balance, error) {
	balances, err := tx.BalancesBySection(year.ID)
	if err != nil {
		return nil, nil, err
	}
	turnover, err := tx.TurnoverAll(year.ID)
	if err != nil {
		return nil, nil, err
	}
	open, err := tx.OpenSumsAll("41")
	if err != nil {
		return nil, nil, err
	}
	contracts, err := tx.Contracts()
	if err != nil {
		return nil, nil, err
	}
	of := map[int64][]member.Contract{}
	for _, c := range contracts {
		of[c.Person] = append(of[c.Person], c)
	}
	activities, err := tx.Activities()
	if err != nil {
		return nil, nil, err
	}
	last, err := tx.LastInvoices()
	if err != nil {
		return nil, nil, err
	}
	var inputs []activity.Input
	followed := a.Followed()
	negative := map[int64][]ledger.Balance{}
	for _, act := range activities {
		if act.Closed != 0 && act.Closed < year.Span.Start || !all && !slices.Contains(followed, act.ID) {
			continue
		}
		in := activity.Input{Activity: act, Grid: rules.Grid, Available: rules.Available, Balances: balances[act.ID], Turnover: turnover[act.ID], Open: open[act.ID], Year: year.Span, Today: a.Today, LastInvoice: last[act.ID]}
		var people []int64
		for _, share := range act.Shares {
			people = append(people, share.Person)
		}
		slices.Sort(people)
		for _, p := range slices.Compact(people) {
			in.Contracts = append(in.Contracts, of[p]...)
		}
		if in.Policy, err = near.policyOf(act, year, a.Today); err != nil {
			return nil, nil, err
		}
		if balanceOf(in.Balances, rules.Grid.Cash) < 0 {
			negative[act.ID] = in.Balances
		}
		inputs = append(inputs, in)
	}
	if len(negative) > 0 {
		since, err := negativeSince(tx, rules.Grid.Cash, year.Span, a.Today, negative)
		if err != nil {
			return nil, nil, err
		}
		for i := range inputs {
			inputs[i].NegativeSince = since[inputs[i].Activity.ID]
		}
	}
	each := make([]*activity.Input, len(inputs))
	for i := range inputs {
		each[i] = &inputs[i]
	}
	if err := closedBefore(tx, rules, 0, each); err != nil {
		return nil, nil, err
	}
	var every []ledger.Balance
	for _, b := range balances {
		every = append(every, b...)
	}
	return inputs, every, nil
}
