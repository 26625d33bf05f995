package office

import (
	"sync"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/sale"
)

// nears keeps, by cooperative, what stands around its documents and seldom changes: the rules of the day, each activity
// with the people who share it and their contracts. Whoever changes one of these touches the settings, and with other
// settings all of it is read again.
type nears struct {
	mu  sync.Mutex
	all map[int64]*near
}

// near is true as long as the settings it was read with.
type near struct {
	set *store.Settings

	mu       sync.Mutex
	day      date.Day // of rules
	rules    coop.Rules
	sellers  map[int64]*seller
	policies map[policyAsked]*activity.Applied
}

// seller is an activity as documents and contributions see it. Its reserve, which its people change without touching the
// settings, is left out.
type seller struct {
	activity  activity.Activity
	names     map[int64]string // of the people who share it
	advisor   member.Person    // who accompanies, zero when nobody
	contracts map[int64][]member.Contract
}

type policyAsked struct {
	activity int64
	year     date.FiscalYear
	on       date.Day
}

// of returns what is kept with these settings.
func (n *nears) of(coopID int64, set *store.Settings) *near {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := n.all[coopID]
	if k == nil || k.set != set {
		if n.all == nil {
			n.all = map[int64]*near{}
		}
		k = &near{set: set, sellers: map[int64]*seller{}, policies: map[policyAsked]*activity.Applied{}}
		n.all[coopID] = k
	}
	return k
}

// rulesOn returns the rules in force on a day: today, nearly always.
func (n *near) rulesOn(day date.Day) (coop.Rules, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.day == day && day != 0 {
		return n.rules, nil
	}
	rules, err := n.set.On(day)
	if err == nil {
		n.day, n.rules = day, rules
	}
	return rules, err
}

// seller returns an activity with its people.
func (n *near) seller(tx *store.Tx, id int64) (*seller, error) {
	n.mu.Lock()
	s := n.sellers[id]
	n.mu.Unlock()
	if s != nil {
		return s, nil
	}
	s = &seller{names: map[int64]string{}, contracts: map[int64][]member.Contract{}}
	var err error
	if s.activity, err = tx.Activity(id); err != nil {
		return nil, err
	}
	s.activity.Reserve, s.activity.ReserveOn = 0, 0
	for _, share := range s.activity.Shares {
		if _, seen := s.names[share.Person]; seen {
			continue
		}
		p, err := tx.Person(share.Person)
		if err != nil {
			return nil, err
		}
		s.names[share.Person] = p.Name()
		if s.contracts[share.Person], err = tx.ContractsOf(share.Person); err != nil {
			return nil, err
		}
	}
	if s.activity.Advisor != 0 {
		if s.advisor, err = tx.Person(s.activity.Advisor); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	n.sellers[id] = s
	n.mu.Unlock()
	return s, nil
}

// sign finds the contracts that rule a document, of everybody who shares the activity today, its author first: the one in
// force, or the last that ended (a CAPE that is over stops sales).
func (s *seller) sign(f *sale.Facts, author int64) {
	var all []sale.Signer
	seen := map[int64]bool{}
	for _, share := range s.activity.Shares {
		if share.From > f.Today || share.Until != 0 && share.Until < f.Today || seen[share.Person] {
			continue
		}
		seen[share.Person] = true
		signer := sale.Signer{Name: s.names[share.Person], Contract: contractOn(s.contracts[share.Person], f.Today)}
		if share.Person == author {
			all = append([]sale.Signer{signer}, all...)
		} else {
			all = append(all, signer)
		}
	}
	if len(all) > 0 {
		f.Entrepreneur, f.Contract, f.Others = all[0].Name, all[0].Contract, all[1:]
	}
}

// everyContract returns the contracts of the people who share the activity, person after person.
func (s *seller) everyContract() []member.Contract {
	var all []member.Contract
	seen := map[int64]bool{}
	for _, share := range s.activity.Shares {
		if !seen[share.Person] {
			seen[share.Person] = true
			all = append(all, s.contracts[share.Person]...)
		}
	}
	return all
}

// policyOf is [policyOf], read once.
func (n *near) policyOf(act activity.Activity, year ledger.FiscalYear, on date.Day) (*activity.Applied, error) {
	asked := policyAsked{act.ID, year.Span, on}
	n.mu.Lock()
	defer n.mu.Unlock()
	if p, known := n.policies[asked]; known {
		return p, nil
	}
	p, err := policyOf(n.set, act, year.Span, on)
	if err == nil {
		if len(n.policies) > 1000 { // days pass
			clear(n.policies)
		}
		n.policies[asked] = p
	}
	return p, err
}

// policyOf returns the policy of an activity for a fiscal year, as known on a day; nil when it has none.
func policyOf(set *store.Settings, act activity.Activity, year date.FiscalYear, on date.Day) (*activity.Applied, error) {
	p, err := activity.PolicyOf(set.Rules, act, year, on)
	if err != nil || p.Rule.ID == 0 {
		return nil, err
	}
	return &p, nil
}

// readsCharges says whether a policy looks at more than what was invoiced, collected and booked before.
func readsCharges(p activity.Policy) bool {
	return p.Base == activity.GrossMarginInvoiced || p.Base == activity.GrossMarginCollected
}
