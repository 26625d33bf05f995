package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// Settings returns the cooperative's settings and the rules in force today: what pages show around figures.
func (o *Office) Settings(ctx context.Context, a access.Actor) (set *store.Settings, rules coop.Rules, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if set, err = tx.Settings(); err != nil {
			return err
		}
		rules, err = set.On(a.Today)
		return err
	})
	return set, rules, err
}

// Activities returns the activities the actor may see, by code, with their people's names by id.
func (o *Office) Activities(ctx context.Context, a access.Actor) (all []activity.Activity, names map[int64]string, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		every, err := tx.Activities()
		if err != nil {
			return err
		}
		for _, act := range every {
			s := access.Subject{Coop: a.Coop, Activity: act.ID, Year: a.Year()}
			if access.Can(a, access.ViewDocument, s) != access.Absent || access.Can(a, access.ViewAccount, s) == access.Allowed || access.Can(a, access.ManageActivity, s) == access.Allowed {
				all = append(all, act)
			}
		}
		names, err = namesOf(tx)
		return err
	})
	return all, names, err
}

func namesOf(tx *store.Tx) (map[int64]string, error) {
	persons, err := tx.Persons()
	names := map[int64]string{}
	for _, p := range persons {
		names[p.ID] = p.Name()
	}
	return names, err
}

// Activity returns an activity that the actor may see.
func (o *Office) Activity(ctx context.Context, a access.Actor, id int64) (act activity.Activity, err error) {
	s := access.Subject{Activity: id, Year: a.Year()}
	if err := can(a, access.ViewDocument, s); err != nil && can(a, access.ViewAccount, s) != nil && can(a, access.ManageActivity, s) != nil {
		return act, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		act, err = tx.Activity(id)
		return err
	})
	return act, err
}

// SaveActivity opens an activity (ID 0) or changes it: trade name, shares, advisor, policy. Its code is stable for life.
func (o *Office) SaveActivity(ctx context.Context, a access.Actor, act activity.Activity) (activity.Activity, error) {
	return o.saveActivity(ctx, a, nil, act)
}

func (o *Office) saveActivity(ctx context.Context, a access.Actor, was *activity.Activity, act activity.Activity) (activity.Activity, error) {
	if err := can(a, access.ManageActivity, access.Subject{Activity: act.ID}); err != nil {
		return act, err
	}
	if err := act.Check(); err != nil {
		return act, err
	}
	err := o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		var old activity.Activity
		if act.ID != 0 {
			if old, err = tx.Activity(act.ID); err != nil {
				return err
			}
			if was != nil {
				was.Reserve, was.ReserveOn = old.Reserve, old.ReserveOn
				if !same(*was, old) {
					return errChanged()
				}
			}
			if old.Code != act.Code {
				return fault.At("code", "office.code_stable")
			}
			act.Reserve, act.ReserveOn = old.Reserve, old.ReserveOn
			if err := assign(set, a.Today, old, &act); err != nil {
				return err
			}
		} else if _, taken := set.ByCode[act.Code]; taken {
			return fault.At("code", "office.code_taken", "code", act.Code)
		}
		if act.Policy != 0 {
			known := false
			for _, r := range set.Rules {
				known = known || r.ID == act.Policy && r.Kind == coop.RuleContribution
			}
			if !known {
				return fault.At("policy", "office.policy_unknown")
			}
		}
		if err := tx.SaveActivity(&act); err != nil {
			return err
		}
		if err := bear(tx, act); err != nil {
			return err
		}
		now := act // the log holds no figure: whoever reads it may open none
		now.Reserve, now.ReserveOn, old.Reserve, old.ReserveOn = 0, 0, 0, 0
		return tx.Audit(a.Person, "activity.save", fmt.Sprintf("activity:%d", act.ID), told(old, now))
	})
	return act, err
}

// assign gives the activity the policy asked for. A change begins with a fiscal year: the next one unless said, or the one
// that runs, which is then computed anew from its first day. A first policy begins with the month.
func assign(set *store.Settings, today date.Day, old activity.Activity, act *activity.Activity) error {
	policy, from := act.Policy, act.PolicyFrom
	act.Policy, act.PolicyFrom, act.Earlier = old.Policy, old.PolicyFrom, old.Earlier
	if policy == old.Policy && from == old.PolicyFrom {
		return nil
	}
	year, ok := set.YearOf(today)
	if !ok {
		return fault.New(fault.Closed, "office.no_year", "date", today)
	}
	next := year.Span.End + 1
	first := old.Policy == 0 && len(old.Earlier) == 0
	switch {
	case from == 0 && first:
		from = max(today.Month().First(), year.Span.Start)
	case from == 0:
		from = next
	case !first && from != next && from != year.Span.Start, from < year.Span.Start:
		return fault.At("policyFrom", "office.policy_from", "next", next, "start", year.Span.Start)
	}
	act.Assign(policy, from)
	return nil
}

// SetReserve keeps an amount of one's account aside from pay.
func (o *Office) SetReserve(ctx context.Context, a access.Actor, id int64, amount money.Cents) error {
	return o.setReserve(ctx, a, id, nil, amount)
}

func (o *Office) setReserve(ctx context.Context, a access.Actor, id int64, was *money.Cents, amount money.Cents) error {
	if err := can(a, access.SetReserve, access.Subject{Activity: id}); err != nil {
		return err
	}
	if amount < 0 || amount > money.Max {
		return fault.At("reserve", "office.reserve_range")
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		if was != nil {
			if act, err := tx.Activity(id); err != nil || act.Reserve != *was {
				if err == nil {
					err = errChanged()
				}
				return err
			}
		}
		if err := tx.SetReserve(id, amount, a.Today); err != nil {
			return err
		}
		return tx.Audit(a.Person, "activity.reserve", fmt.Sprintf("activity:%d", id), nil)
	})
}

// Persons returns the people of the cooperative.
func (o *Office) Persons(ctx context.Context, a access.Actor) (all []member.Person, err error) {
	if err := can(a, access.ViewPeople, access.Subject{}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.Persons()
		return err
	})
	return all, err
}

// Person returns someone with their contracts.
func (o *Office) Person(ctx context.Context, a access.Actor, id int64) (p member.Person, contracts []member.Contract, err error) {
	if err := can(a, access.ViewPeople, access.Subject{}); err != nil {
		return p, nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if p, err = tx.Person(id); err != nil {
			return err
		}
		contracts, err = tx.ContractsOf(id)
		return err
	})
	return p, contracts, err
}

// SavePerson creates or changes a person and their roles. No one gives a role to oneself.
func (o *Office) SavePerson(ctx context.Context, a access.Actor, p member.Person) (member.Person, error) {
	return o.savePerson(ctx, a, nil, p)
}

func (o *Office) savePerson(ctx context.Context, a access.Actor, was *member.Person, p member.Person) (member.Person, error) {
	if err := can(a, access.ManagePeople, access.Subject{Person: p.ID}); err != nil {
		return p, err
	}
	if err := p.Check(); err != nil {
		return p, err
	}
	closed, err := o.closedLogins(ctx, a.Coop)
	if err != nil {
		return p, err
	}
	err = o.write(ctx, a, func(tx *store.Tx) error {
		var old member.Person
		if p.ID != 0 {
			var err error
			if old, err = tx.Person(p.ID); err != nil {
				return err
			}
			if was != nil && !same(*was, old) {
				return errChanged()
			}
			if p.ID == a.Person && !sameGrants(old.Grants, p.Grants) {
				return fault.At("roles", "office.own_roles")
			}
			if p.Login == 0 {
				p.Login = old.Login
			}
			if err := keepAdministrator(tx, a, old, p, closed); err != nil {
				return err
			}
		}
		if err := tx.SavePerson(&p); err != nil {
			return err
		}
		return auditPerson(tx, a, old, p)
	})
	return p, err
}

// auditPerson tells what was saved of someone, and each role that was granted or withdrawn on its own.
func auditPerson(tx *store.Tx, a access.Actor, old, now member.Person) error {
	subject := fmt.Sprintf("person:%d", now.ID)
	before, after := old, now // roles are told one by one
	before.Grants, after.Grants = nil, nil
	if err := tx.Audit(a.Person, "person.save", subject, told(before, after)); err != nil {
		return err
	}
	for _, g := range old.Grants {
		if !slices.Contains(now.Grants, g) {
			if err := tx.Audit(a.Person, "person.withdraw", subject, g); err != nil {
				return err
			}
		}
	}
	for _, g := range now.Grants {
		if !slices.Contains(old.Grants, g) {
			if err := tx.Audit(a.Person, "person.grant", subject, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func sameGrants(a, b []member.Grant) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// SaveContract records a contract: the law's clocks are checked.
func (o *Office) SaveContract(ctx context.Context, a access.Actor, c member.Contract) (member.Contract, error) {
	return o.saveContract(ctx, a, nil, c)
}

func (o *Office) saveContract(ctx context.Context, a access.Actor, was *member.Contract, c member.Contract) (member.Contract, error) {
	if err := can(a, access.ManagePeople, access.Subject{Person: c.Person}); err != nil {
		return c, err
	}
	err := o.write(ctx, a, func(tx *store.Tx) error { return putContract(tx, a, was, &c) })
	return c, err
}

// putContract records a contract within an operation that has asked access itself.
func putContract(tx *store.Tx, a access.Actor, was *member.Contract, c *member.Contract) error {
	others, err := tx.ContractsOf(c.Person)
	if err != nil {
		return err
	}
	var old member.Contract
	all := []member.Contract{*c}
	for _, other := range others {
		if other.ID != c.ID {
			all = append(all, other)
		} else if old = other; was != nil && !same(*was, old) {
			return errChanged()
		}
	}
	if err := member.CheckContracts(all); err != nil {
		return err
	}
	if err := checkBearer(tx, *c); err != nil {
		return err
	}
	if err := tx.SaveContract(c); err != nil {
		return err
	}
	return tx.Audit(a.Person, "contract.save", fmt.Sprintf("person:%d", c.Person), told(old, *c))
}

// sharedBy returns the activities that a person shares on a day of the contract, the first joined first.
func sharedBy(all []activity.Activity, c member.Contract) []int64 {
	type joined struct {
		id   int64
		from date.Day
	}
	var mine []joined
	for _, a := range all {
		i := slices.IndexFunc(a.Shares, func(s activity.Share) bool {
			return s.Person == c.Person && (s.Until == 0 || s.Until >= c.Start) && (c.End == 0 || s.From <= c.End)
		})
		if i >= 0 {
			mine = append(mine, joined{a.ID, a.Shares[i].From})
		}
	}
	slices.SortStableFunc(mine, func(a, b joined) int { return cmp.Compare(a.from, b.from) })
	ids := make([]int64, len(mine))
	for i, m := range mine {
		ids[i] = m.id
	}
	return ids
}

// checkBearer: one activity bears the fixed part of a CESA; where the person has several, it is named.
func checkBearer(tx *store.Tx, c member.Contract) error {
	if c.Kind != member.CESA {
		return nil
	}
	all, err := tx.Activities()
	if err != nil {
		return err
	}
	shared := sharedBy(all, c)
	if c.Activity == 0 && len(shared) > 1 {
		return fault.At("activity", "office.contract_activity")
	}
	if c.Activity != 0 && !slices.Contains(shared, c.Activity) {
		return fault.At("activity", "office.contract_not_shared")
	}
	return nil
}

// bear names the bearer of the CESA of people who join a further activity: the one they were in before.
func bear(tx *store.Tx, act activity.Activity) error {
	var all []activity.Activity
	seen := map[int64]bool{}
	for _, s := range act.Shares {
		if seen[s.Person] {
			continue
		}
		seen[s.Person] = true
		contracts, err := tx.ContractsOf(s.Person)
		if err != nil {
			return err
		}
		for _, c := range contracts {
			if c.Activity != 0 || c.Kind != member.CESA {
				continue
			}
			if all == nil {
				if all, err = tx.Activities(); err != nil {
					return err
				}
			}
			if shared := sharedBy(all, c); len(shared) > 1 {
				c.Activity = shared[0]
				if err := tx.SaveContract(&c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// SaveRule adds a dated rule of the cooperative, with the decision that adopted it. What was in force before stays
// written: a change is a new row with a later day.
func (o *Office) SaveRule(ctx context.Context, a access.Actor, r coop.Rule) (coop.Rule, error) {
	return o.saveRule(ctx, a, nil, r)
}

func (o *Office) saveRule(ctx context.Context, a access.Actor, last *int64, r coop.Rule) (coop.Rule, error) {
	if err := can(a, access.ManageRules, access.Subject{}); err != nil {
		return r, err
	}
	if strings.TrimSpace(r.Decision) == "" {
		return r, fault.At("decision", "office.decision_missing")
	}
	if r.From == 0 {
		return r, fault.At("from", "ledger.date_missing")
	}
	if r.Kind == coop.RuleContribution {
		if _, err := activity.ReadPolicy(r.Value); err != nil {
			return r, err
		}
	} else if _, err := coop.ParseRules([]coop.Rule{r}, r.From); err != nil {
		return r, err
	}
	err := o.write(ctx, a, func(tx *store.Tx) error {
		if err := mayRule(tx, a, r); err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		before := LastRule(set.Rules, r.Kind, r.Name)
		if last != nil && before.ID != *last {
			return errChanged()
		}
		r.ID = 0
		if r.Kind == coop.RuleLateRates {
			if err := r.Check(); err != nil {
				return err
			}
		}
		if r.Kind == coop.RuleNumbering {
			last, err := tx.LastIssued()
			if err != nil {
				return err
			}
			if r.From < last { // what has its number keeps it
				err = fault.At("from", "office.numbering_past", "last", last)
			}
			if err := errors.Join(err, r.Check(), coop.CheckNumbering(set.Rules, r)); err != nil {
				return err
			}
		}
		if err := tx.SaveRule(&r); err != nil {
			return err
		}
		if r.Kind == coop.RulePay { // what a fixed part costs follows the rates
			today, err := tx.Today()
			if err == nil {
				err = keepFixedAll(tx, today)
			}
			if err != nil {
				return err
			}
		}
		return tx.Audit(a.Person, "rule.save", fmt.Sprintf("rule:%d", r.ID), toldRule(before, r))
	})
	return r, err
}

// mayRule asks about the activities that a policy is that of: nobody decides on what is taken of their own.
func mayRule(tx *store.Tx, a access.Actor, r coop.Rule) error {
	if r.Kind != coop.RuleContribution || len(a.Activities) == 0 {
		return nil
	}
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	for _, id := range a.Activities {
		act, err := tx.Activity(id)
		if err != nil {
			return err
		}
		for _, known := range set.Rules {
			if known.ID == act.Policy && known.Name == r.Name {
				if err := can(a, access.ManageRules, access.Subject{Activity: id}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// RuleOf makes the value of a rule from its struct.
func RuleOf(kind coop.RuleKind, name string, from date.Day, value any, decision string) (coop.Rule, error) {
	b, err := json.Marshal(value)
	return coop.Rule{Kind: kind, Name: name, From: from, Value: string(b), Decision: decision}, err
}

// TheCooperative is the cooperative itself in the log.
const TheCooperative = "cooperative"

// SaveCooperative changes the identity printed on documents.
func (o *Office) SaveCooperative(ctx context.Context, a access.Actor, c coop.Cooperative) error {
	return o.saveCooperative(ctx, a, nil, c)
}

func (o *Office) saveCooperative(ctx context.Context, a access.Actor, was *coop.Cooperative, c coop.Cooperative) error {
	if err := can(a, access.ManageCooperative, access.Subject{}); err != nil {
		return err
	}
	c.ID = a.Coop
	if err := c.Check(); err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if was != nil && !same(*was, set.Coop) {
			return errChanged()
		}
		c.Slug, c.Demo = set.Coop.Slug, set.Coop.Demo
		if err := tx.SaveCooperative(&c); err != nil {
			return err
		}
		return tx.Audit(a.Person, "cooperative.save", TheCooperative, told(set.Coop, c))
	})
}

// Customers lists an activity's own customers.
func (o *Office) Customers(ctx context.Context, a access.Actor, f store.CustomerFilter) (all []sale.Customer, err error) {
	if err := can(a, access.ViewCustomer, access.Subject{Activity: f.Activity}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err = tx.Customers(f)
		return err
	})
	return all, err
}

// Customer returns a customer of an activity the actor may see.
func (o *Office) Customer(ctx context.Context, a access.Actor, id int64) (c sale.Customer, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if c, err = tx.Customer(id); err != nil {
			return absent(a, access.ViewCustomer, err)
		}
		if err := can(a, access.ViewCustomer, access.Subject{Activity: c.Activity}); err != nil {
			c = sale.Customer{}
			return err
		}
		return nil
	})
	return c, err
}

// SaveCustomer creates or changes a customer of an activity. key makes a second click harmless.
func (o *Office) SaveCustomer(ctx context.Context, a access.Actor, c sale.Customer, key string) (sale.Customer, error) {
	return o.saveCustomer(ctx, a, nil, c, key, nil)
}

// AddCustomer is [Office.SaveCustomer] for a new one, unless it repeats a customer of the activity: that one is returned
// instead, with repeats, and nothing is written. What was saved under key is no repeat: it answers the second click.
func (o *Office) AddCustomer(ctx context.Context, a access.Actor, c sale.Customer, key string) (saved sale.Customer, repeats bool, err error) {
	c.ID = 0
	var like sale.Customer
	saved, err = o.saveCustomer(ctx, a, nil, c, key, func(tx *store.Tx) error {
		for _, q := range []string{c.SIREN, c.FullName()} {
			if q == "" {
				continue
			}
			all, err := tx.Customers(store.CustomerFilter{Activity: c.Activity, Q: q, Archived: true, Limit: 100})
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(all, c.Repeats); i >= 0 {
				like = all[i]
				return errRepeats
			}
		}
		return nil
	})
	if errors.Is(err, errRepeats) {
		return like, true, nil
	}
	return saved, false, err
}

var errRepeats = errors.New("office: this customer is there already")

func (o *Office) saveCustomer(ctx context.Context, a access.Actor, was *sale.Customer, c sale.Customer, key string, first func(*store.Tx) error) (sale.Customer, error) {
	if err := can(a, access.ManageCustomer, access.Subject{Activity: c.Activity}); err != nil {
		return c, err
	}
	var saved sale.Customer
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = c
		today, err := tx.Today()
		if err == nil {
			err = c.Check(today)
		}
		if err != nil {
			return err
		}
		if id, done, err := once(tx, a, "customer", key, c); err != nil || done {
			if err == nil {
				saved, err = tx.Customer(id)
			}
			return err
		}
		if first != nil {
			if err := first(tx); err != nil {
				return err
			}
		}
		var old sale.Customer
		if c.ID != 0 {
			var err error
			if old, err = tx.Customer(c.ID); err != nil {
				return err
			}
			if old.Activity != c.Activity {
				return fault.New(fault.NotFound, "office.absent")
			}
			if was != nil && !same(*was, old) {
				return errChanged()
			}
			saved.Third = old.Third
		}
		if err := tx.SaveCustomer(&saved); err != nil {
			return err
		}
		if err := tx.Audit(a.Person, "customer.save", fmt.Sprintf("customer:%d", saved.ID), toldCustomer(old, saved)); err != nil {
			return err
		}
		return keep(tx, a, "customer", key, c, saved.ID)
	})
	return saved, err
}

// Company returns the public identity behind a SIREN that an activity of the cooperative has met: name, address and
// numbers, never that it is a customer nor whose (practice 9). It takes the whole number: by a name or a town one would
// learn for whom the others work.
func (o *Office) Company(ctx context.Context, a access.Actor, activityID int64, siren string) (c store.Company, known bool, err error) {
	if err := can(a, access.ManageCustomer, access.Subject{Activity: activityID}); err != nil {
		return c, false, err
	}
	if siren = coop.Digits(siren); !coop.ValidSIREN(siren) {
		return c, false, nil
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		c, known, err = tx.CompanyBySIREN(siren)
		return err
	})
	return c, known, err
}

// Audits returns the log of changes, newest first.
func (o *Office) Audits(ctx context.Context, a access.Actor, f store.AuditFilter) (all []store.AuditRow, names map[int64]string, err error) {
	if err := can(a, access.ViewAudit, access.Subject{}); err != nil {
		return nil, nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if all, err = tx.Audits(f); err != nil {
			return err
		}
		names, err = namesOf(tx)
		return err
	})
	return all, names, err
}
