package member

// Label returns the message key of a role.
func (r Role) Label() string {
	switch r {
	case Entrepreneur:
		return "member.role.entrepreneur"
	case Advisor:
		return "member.role.advisor"
	case Gestionnaire:
		return "member.role.gestionnaire"
	case Accountant:
		return "member.role.accountant"
	case Payroll:
		return "member.role.payroll"
	case Manager:
		return "member.role.manager"
	case Administrator:
		return "member.role.administrator"
	case Auditor:
		return "member.role.auditor"
	}
	return string(r)
}

// Label returns the message key of a kind of contract.
func (k ContractKind) Label() string {
	switch k {
	case CAPE:
		return "member.contract.cape"
	case CESA:
		return "member.contract.cesa"
	case CDI:
		return "member.contract.cdi"
	}
	return string(k)
}
