package office

import (
	"context"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
)

// WithdrawRule takes back a rule before its first day: nothing was done under it. What was in force, or comes before it,
// stays; the log keeps what was withdrawn.
func (o *Office) WithdrawRule(ctx context.Context, a access.Actor, id int64) error {
	if err := can(a, access.ManageRules, access.Subject{}); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		today, err := tx.Today()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(set.Rules, func(r coop.Rule) bool { return r.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "store.rule_unknown")
		}
		r := set.Rules[i]
		if r.From <= today {
			return fault.New(fault.Conflict, "office.rule_served", "from", r.From)
		}
		if err := mayRule(tx, a, r); err != nil {
			return err
		}
		if r.Kind == coop.RuleContribution {
			acts, err := tx.Activities()
			if err != nil {
				return err
			}
			if slices.ContainsFunc(acts, func(x activity.Activity) bool { return x.Policy == id }) {
				return fault.New(fault.Conflict, "office.policy_used", "name", r.Name)
			}
		}
		if err := tx.DropRule(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, "rule.withdraw", fmt.Sprintf("rule:%d", id), toldRule(r, coop.Rule{}))
	})
}
