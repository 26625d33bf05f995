package member

import (
	"errors"
	"fmt"
	"strings"

	"essaim/coop"
	"essaim/fault"
)

// Check tells everything that is wrong with a person and the grants, joined.
func (p Person) Check() error {
	var errs []error
	add := func(e error) {
		if e != nil {
			errs = append(errs, e)
		}
	}
	if strings.TrimSpace(p.FirstName) == "" {
		add(fault.At("firstName", "member.first_name_missing"))
	}
	if strings.TrimSpace(p.LastName) == "" {
		add(fault.At("lastName", "member.last_name_missing"))
	}
	add(coop.CheckText("firstName", p.FirstName))
	add(coop.CheckText("lastName", p.LastName))
	add(coop.CheckText("phone", p.Phone))
	if p.Email == "" {
		add(fault.At("email", "member.email_missing"))
	} else {
		add(coop.CheckEmail("email", p.Email))
	}
	if p.Lang != "" && p.Lang != "fr" && p.Lang != "en" {
		add(fault.At("lang", "member.lang_unknown"))
	}
	for i, g := range p.Grants {
		if e := g.Check(); e != nil {
			add(fault.Prefix(fmt.Sprintf("grants[%d]", i), e))
			continue
		}
		for _, before := range p.Grants[:i] {
			if before.Role == g.Role && before.Year == g.Year && before.overlaps(g) {
				add(fault.At(fmt.Sprintf("grants[%d].from", i), "member.grant_twice", "from", before.From))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// overlaps says whether two grants share a day.
func (g Grant) overlaps(h Grant) bool {
	return (g.Until == 0 || h.From <= g.Until) && (h.Until == 0 || g.From <= h.Until)
}

// Check tells what is wrong with a grant: an unknown role, no first day, an end before it; an auditor's names a fiscal
// year and always ends (practice 23).
func (g Grant) Check() error {
	switch {
	case !g.Role.Known():
		return fault.At("role", "member.role_unknown", "role", string(g.Role))
	case g.From == 0:
		return fault.At("from", "member.grant_from")
	case g.Until != 0 && g.Until < g.From:
		return fault.At("until", "member.grant_until")
	case g.Role == Auditor && g.Year == 0:
		return fault.At("year", "member.auditor_year")
	case g.Role == Auditor && g.Until == 0:
		return fault.At("until", "member.auditor_until")
	}
	return nil
}
