// Package member is the room of people: who they are in the cooperative, which contract binds them, which roles they
// hold. One person may hold several roles, in several cooperatives.
package member

import (
	"slices"

	"essaim/date"
	"essaim/money"
)

// Role is what a person does in the cooperative; what it opens is decided by package access.
type Role string

// The roles (product § 2; practice 23).
const (
	Entrepreneur  Role = "entrepreneur"
	Advisor       Role = "advisor"       // accompagnateur: own portfolio
	Gestionnaire  Role = "gestionnaire"  // validates sales, records payments; no ledger entry, no pay
	Accountant    Role = "accountant"    // the books
	Payroll       Role = "payroll"       // pay
	Manager       Role = "manager"       // the house
	Administrator Role = "administrator" // people, roles, settings; sees no figure by that role alone
	Auditor       Role = "auditor"       // reads books and documents of one year, no personal file; expires
)

// Roles in the order they are shown.
var roles = []Role{Entrepreneur, Advisor, Gestionnaire, Accountant, Payroll, Manager, Administrator, Auditor}

// Roles returns every role in the order they are shown.
func Roles() []Role { return slices.Clone(roles) }

// Known says whether r is a role.
func (r Role) Known() bool { return slices.Contains(roles, r) }

// Grant gives one role to a person from a day, until a day (0: no end). An auditor's grant names a fiscal year and
// always ends.
type Grant struct {
	Role  Role     `json:"role"`
	From  date.Day `json:"from"`
	Until date.Day `json:"until,omitempty"`
	Year  int64    `json:"year,omitempty"` // fiscal year open to an auditor
}

// ActiveOn says whether the grant holds on a day.
func (g Grant) ActiveOn(d date.Day) bool { return g.From <= d && (g.Until == 0 || d <= g.Until) }

// Person is someone of the cooperative.
type Person struct {
	ID        int64    `json:"id"`
	Login     int64    `json:"-"` // global login, 0 when the person has none
	FirstName string   `json:"firstName"`
	LastName  string   `json:"lastName"`
	Email     string   `json:"email"`
	Phone     string   `json:"phone"`
	Lang      string   `json:"lang"`
	Grants    []Grant  `json:"grants"`
	Left      date.Day `json:"left,omitempty"`
}

// Roles returns the roles that a person holds on a day, each once, in the order they are shown. Who has left holds none.
func (p Person) Roles(on date.Day) []Role {
	if p.Left != 0 && on > p.Left {
		return nil
	}
	var held []Role
	for _, r := range roles {
		for _, g := range p.Grants {
			if g.Role == r && g.ActiveOn(on) {
				held = append(held, r)
				break
			}
		}
	}
	return held
}

// Without returns the first day, from one on, on which nobody who can sign in holds a role; ok is false when there is no
// such day, today nor later. Who has no login cannot use a role.
func Without(all []Person, r Role, from date.Day) (first date.Day, ok bool) {
	for day := from; ; {
		last, held := date.Day(0), false
		for _, p := range all {
			for _, g := range p.Grants {
				if p.Login == 0 || g.Role != r || !g.ActiveOn(day) || p.Left != 0 && day > p.Left {
					continue
				}
				until := g.Until
				if p.Left != 0 && (until == 0 || p.Left < until) {
					until = p.Left
				}
				if until == 0 {
					return 0, false
				}
				last, held = max(last, until), true
			}
		}
		if !held {
			return day, true
		}
		day = last + 1
	}
}

// AuditYears returns the fiscal years open to the person as an auditor on a day.
func (p Person) AuditYears(on date.Day) []int64 {
	if p.Left != 0 && on > p.Left {
		return nil
	}
	var years []int64
	for _, g := range p.Grants {
		if g.Role == Auditor && g.Year != 0 && g.ActiveOn(on) && !slices.Contains(years, g.Year) {
			years = append(years, g.Year)
		}
	}
	return years
}

// Name returns first and last name.
func (p Person) Name() string {
	if p.FirstName == "" {
		return p.LastName
	}
	if p.LastName == "" {
		return p.FirstName
	}
	return p.FirstName + " " + p.LastName
}

// ContractKind is the kind of contract between a person and the cooperative.
type ContractKind string

// The kinds opened so far.
const (
	CAPE ContractKind = "cape" // contrat d'appui au projet d'entreprise (L127-1 Code de commerce)
	CESA ContractKind = "cesa" // contrat d'entrepreneur salarié associé (L7331-2 Code du travail)
	CDI  ContractKind = "cdi"  // the team's employment contract
)

// Contract binds a person for a time.
type Contract struct {
	ID        int64        `json:"id"`
	Person    int64        `json:"person"`
	Kind      ContractKind `json:"kind"`
	Start     date.Day     `json:"start"`
	End       date.Day     `json:"end,omitempty"`      // a CAPE term always ends
	Term      int          `json:"term,omitempty"`     // CAPE: 1 first term, 2 and 3 renewals
	FixedCost money.Cents  `json:"fixedCost"`          // CESA: monthly employer cost of the fixed part
	Activity  int64        `json:"activity,omitempty"` // activity that bears the fixed part, 0: the person's only one
	Associate bool         `json:"associate"`
}

// ActiveOn says whether the contract runs on a day.
func (c Contract) ActiveOn(d date.Day) bool { return c.Start <= d && (c.End == 0 || d <= c.End) }
