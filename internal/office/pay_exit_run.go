package office

import (
	"context"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
)

// PrepareExit ends a contract: its last day is set, and its last month holds what the end pays. The run of that month pays
// it like any other. Who runs somebody's pay may do so whole, without keeping the people of the cooperative; nobody does it
// for themselves.
func (o *Office) PrepareExit(ctx context.Context, a access.Actor, q ExitQuestion) (i store.PayItem, err error) {
	if err := can(a, access.RunPay, access.Subject{Person: q.Person}); err != nil {
		return i, err
	}
	if err := coop.CheckText("follow", q.Follow); err != nil {
		return i, err
	}
	if q.ExitBody.End == 0 {
		return i, fault.At("end", "ledger.date_missing")
	}
	err = o.writeOnce(ctx, a, "pay.exit", q, func(tx *store.Tx, id int64) (err error) {
		i, err = tx.PayItem(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		if _, stands, err := exitOf(tx, q.Contract); err != nil {
			return 0, err
		} else if stands {
			return 0, fault.New(fault.Conflict, "payexit.fault.already")
		}
		v, err := o.exit(tx, a, q)
		switch {
		case err != nil:
			return 0, err
		case v.Why != "":
			return 0, &fault.Error{Kind: fault.Conflict, Key: v.Why, Args: v.WhyArgs}
		}
		c := v.Contract
		c.End = v.ExitBody.End
		if err := putContract(tx, a, nil, &c); err != nil {
			return 0, err
		}
		month := v.ExitBody.End.Month()
		i = store.PayItem{Person: c.Person, Contract: c.ID, Month: month, Until: month, Element: exitItem, Amount: v.Count.Given, By: a.Person}
		if i.Body, err = jsonOf(PayItemBody{Exit: &v.ExitBody}); err != nil {
			return 0, err
		}
		if err := tx.AddPayItem(&i); err != nil {
			return 0, err
		}
		return i.ID, tx.Audit(a.Person, "pay.exit", thing("person", c.Person), map[string]any{"until": v.ExitBody.End})
	})
	return i, err
}

// TakeBackExit takes an end back, as long as its last payslip is not issued: the contract has the end it had before, unless
// somebody gave it another since.
func (o *Office) TakeBackExit(ctx context.Context, a access.Actor, id int64) (i store.PayItem, err error) {
	err = o.write(ctx, a, func(tx *store.Tx) error {
		if i, err = exitFor(tx, a, id); err != nil || i.Dropped {
			return err
		}
		b := ItemBody(i).Exit
		c, err := contractOf(tx, i.Person, i.Contract)
		if err != nil {
			return err
		}
		if out, err := issuedIn(tx, c, i.Month); err != nil {
			return err
		} else if out {
			return fault.New(fault.Conflict, "payexit.fault.issued", "month", i.Month)
		}
		if c.End == b.End {
			c.End = b.Was
			if err := putContract(tx, a, nil, &c); err != nil {
				return err
			}
		}
		if err := tx.DropPayItem(i.ID); err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.exit_back", thing("person", i.Person), map[string]any{"until": b.End})
	})
	return i, err
}

// exitFor reads an end that the actor may decide of.
func exitFor(tx *store.Tx, a access.Actor, id int64) (store.PayItem, error) {
	i, err := tx.PayItem(id)
	if err == nil && (i.Element != exitItem || ItemBody(i).Exit == nil) {
		err = fault.New(fault.NotFound, "store.pay_item_unknown")
	}
	if err != nil {
		if refused := can(a, access.RunPay, access.Subject{}); refused != nil {
			return i, refused
		}
		return i, err
	}
	return i, can(a, access.RunPay, access.Subject{Person: i.Person})
}

// payExitRights say who sees the papers of an end: the person, and who runs their pay, who adds the receipt once it comes
// back signed. What was drawn up stays.
func payExitRights(tx *store.Tx, a access.Actor, id int64) (attachRights, error) {
	i, err := tx.PayItem(id)
	if err == nil && i.Element != exitItem {
		err = fault.New(fault.NotFound, "store.pay_item_unknown")
	}
	if err != nil {
		return attachRights{}, absent(a, access.RunPay, err)
	}
	r := attachRights{told: thing("person", i.Person), see: mayPayFile(a, i.Person), change: can(a, access.RunPay, access.Subject{Person: i.Person})}
	shown, err := tx.Attachments(exitSubject(id))
	r.frozen = drawnUp(shown)
	return r, err
}

// ExitPapers are the papers of the ends of the actor's contracts, the last first.
func (o *Office) ExitPapers(ctx context.Context, a access.Actor) (all []store.Attachment, err error) {
	if err := can(a, access.ViewPay, access.Subject{Person: a.Person}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = nil
		contracts, err := tx.ContractsOf(a.Person)
		if err != nil {
			return err
		}
		for _, c := range contracts {
			i, ends, err := exitOf(tx, c.ID)
			if err != nil || !ends {
				if err != nil {
					return err
				}
				continue
			}
			pieces, err := tx.Attachments(exitSubject(i.ID))
			if err != nil {
				return err
			}
			all = append(pieces, all...)
		}
		return nil
	})
	return all, err
}
