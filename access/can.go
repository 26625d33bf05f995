package access

import (
	"slices"

	"essaim/fault"
	"essaim/member"
)

// Decision is the answer.
type Decision int

// Absent: the actor may not even see it; the web answers 404. Denied: the actor sees it and may not do this; 403.
const (
	Absent Decision = iota
	Denied
	Allowed
)

// String names the decision.
func (d Decision) String() string {
	switch d {
	case Allowed:
		return "allowed"
	case Denied:
		return "denied"
	}
	return "absent"
}

// reach is how far a role carries an action.
type reach int

const (
	nowhere   reach = iota
	own             // one's own activities
	portfolio       // the activities one accompanies
	audited         // the years of an auditor's grant
	anywhere        // the whole cooperative
)

// table says which role may do what, and how far. What is not there is not allowed. The rules that no role lifts are in
// [decide].
var table = map[member.Role]map[Action]reach{
	member.Entrepreneur: {
		ViewAccount: own, ViewDocument: own, DraftDocument: own, SubmitDocument: own, SendDocument: own,
		ViewCustomer: own, ManageCustomer: own, RemindCustomer: own, SetReserve: own, AgreeJoint: own, RecordTaking: own, ManageLook: own,
	},
	// Drafts for a person of the portfolio; submission stays the person's (practice E).
	member.Advisor: {
		ViewAccount: portfolio, ViewDocument: portfolio, DraftDocument: portfolio, ValidateDocument: portfolio, SendDocument: portfolio,
		ViewCustomer: portfolio, ManageCustomer: portfolio, RemindCustomer: portfolio, AgreeJoint: portfolio,
		ViewPortfolio: anywhere, ReadDesk: anywhere, ViewPeople: anywhere,
	},
	// No ledger entry, no pay (practice 23).
	member.Gestionnaire: {
		ViewDocument: anywhere, ValidateDocument: anywhere, SendDocument: anywhere, ViewCustomer: anywhere, RemindCustomer: anywhere, RecordPayment: anywhere, RecordTaking: anywhere,
		ReadDesk: anywhere, ViewPeople: anywhere, AgreeJoint: anywhere,
	},
	member.Accountant: {
		ViewAccount: anywhere, ViewDocument: anywhere, ViewCustomer: anywhere, RemindCustomer: anywhere, RecordPayment: anywhere, RecordTaking: anywhere,
		ViewHouse: anywhere, ViewLedger: anywhere, PostEntry: anywhere, ClosePeriod: anywhere, ExportFEC: anywhere,
		ViewPay:    anywhere, // the books name each worker's account
		ViewPeople: anywhere,
	},
	member.Payroll: {
		ViewAccount: anywhere, ViewHouse: anywhere, ViewPay: anywhere, RunPay: anywhere, ViewPeople: anywhere,
	},
	member.Manager: {
		ViewAccount: anywhere, ViewDocument: anywhere, ValidateDocument: anywhere, SendDocument: anywhere, ViewCustomer: anywhere, RemindCustomer: anywhere,
		ViewHouse: anywhere, ReadDesk: anywhere, ViewPeople: anywhere, ManageActivity: anywhere, ManageRules: anywhere, DeclareAbsence: anywhere,
		ViewPay:    anywhere, // who answers for the employer; an advisor does not
		RunPay:     anywhere, // and pays who runs the pay
		AgreeJoint: anywhere, ManageLook: anywhere,
	},
	// No figure by that role alone.
	member.Administrator: {
		ViewPeople: anywhere, ManagePeople: anywhere, ManageActivity: anywhere, ManageRules: anywhere, ManageCooperative: anywhere, ViewAudit: anywhere, DeclareAbsence: anywhere, ManageLook: anywhere,
	},
	// Books and documents of the years granted, nothing personal; the grant expires.
	member.Auditor: {
		ViewLedger: audited, ExportFEC: audited, ViewDocument: audited,
	},
}

// seenBy says what makes an action visible: who may do one of these on the same subject sees that the other exists. An
// action that only looks is its own sight.
var seenBy = map[Action][]Action{
	DraftDocument:    {ViewDocument},
	SubmitDocument:   {ViewDocument},
	ValidateDocument: {ViewDocument},
	SendDocument:     {ViewDocument},
	ManageCustomer:   {ViewCustomer},
	RecordPayment:    {ViewDocument},
	RemindCustomer:   {ViewDocument},
	RecordTaking:     {ViewDocument},
	SetReserve:       {ViewAccount},
	ManageLook:       {ViewDocument},
	AgreeJoint:       {ViewDocument},
	PostEntry:        {ViewLedger},
	RunPay:           {ViewPay},
	ClosePeriod:      {ViewLedger},
	ExportFEC:        {ViewLedger},
	ManagePeople:     {ViewPeople},
	ManageActivity:   {ViewHouse, ViewPortfolio, ViewPeople},
	ManageRules:      {ViewRules},
}

// Can decides. It knows nothing but its arguments: the same question has the same answer.
func Can(a Actor, act Action, s Subject) Decision {
	d, _ := decide(a, act, s)
	return d
}

// The keys of refusals that are not "ask whom".
const (
	refusedOwn    = "access.denied.own"
	refusedAuthor = "access.denied.author"
	refusedSelf   = "access.denied.self"
	refusedPay    = "access.denied.own_pay"
	refusedOwnPay = "access.denied.run_own_pay"
	refusedToken  = "access.denied.token"
	refusedBoth   = "access.denied.both"
)

// decide returns the decision and, for a denial, the message key of its reason.
func decide(a Actor, act Action, s Subject) (Decision, string) {
	if a.Coop == 0 || a.Coop != s.Coop || !slices.Contains(actions, act) {
		return Absent, ""
	}
	if a.System {
		// The program does what the office asks of it in nobody's name; it has no password, no session, no token.
		if act == ManageSelf {
			return Absent, ""
		}
		return Allowed, ""
	}
	if a.Person == 0 {
		return Absent, ""
	}
	allowed := permitted(a, act, s)
	visible := allowed || slices.ContainsFunc(seenBy[act], func(v Action) bool { return permitted(a, v, s) })
	if !visible {
		return Absent, ""
	}
	if a.Token && !scoped(a.Scopes, act, s.Kind) {
		return Denied, refusedToken
	}
	switch act {
	case ValidateDocument, RecordPayment, PostEntry, ManageActivity, ManageRules:
		if a.Owns(s.Activity) {
			return Denied, refusedOwn
		}
		if act == PostEntry && s.Person == a.Person {
			return Denied, refusedPay
		}
		if act == ValidateDocument && s.Author == a.Person {
			return Denied, refusedAuthor
		}
	case ManagePeople:
		if s.Person == a.Person {
			return Denied, refusedSelf
		}
	case RunPay:
		if s.Person == a.Person {
			return Denied, refusedOwnPay
		}
	case AgreeJoint: // nobody agrees with themselves: neither who asked, nor who shares the activity that asks
		if s.Author == a.Person && s.Author != 0 || a.Owns(s.Other) {
			return Denied, refusedBoth
		}
	}
	if allowed {
		return Allowed, ""
	}
	return Denied, denied(a, act)
}

// permitted says whether a role of the actor carries the action to the subject, before the rules that no role lifts.
func permitted(a Actor, act Action, s Subject) bool {
	switch act {
	case ViewRules:
		return len(a.Roles) > 0
	case ManageSelf:
		return s.Person == a.Person && len(a.Roles) > 0
	case DeclareAbsence:
		if s.Person == a.Person && slices.ContainsFunc(a.Roles, Reads) {
			return true
		}
	case ViewPay, AskPay:
		if s.Person == a.Person && len(a.Roles) > 0 {
			return true
		}
	}
	for _, r := range a.Roles {
		switch table[r][act] {
		case own:
			if a.Owns(s.Activity) {
				return true
			}
		case portfolio:
			if a.Follows(s.Activity) {
				return true
			}
		case audited:
			if s.Year != 0 && slices.Contains(a.AuditYears, s.Year) {
				return true
			}
		case anywhere:
			return true
		}
	}
	return slices.ContainsFunc(a.Stands, func(x Stand) bool { return x.permits(act, s) })
}

// RolesFor returns the roles that open an action, somewhere at least, in the order roles are shown. What everyone may do
// has them all.
func RolesFor(act Action) []member.Role {
	var open []member.Role
	for _, r := range member.Roles() {
		if table[r][act] != nowhere || act == ViewRules || act == ManageSelf || act == AskPay || act == DeclareAbsence && Reads(r) {
			open = append(open, r)
		}
	}
	return open
}

// Whom returns the message key of the sentence that tells whom to ask for an action.
func Whom(act Action) string {
	switch act {
	case ViewAccount, ViewDocument, ValidateDocument, SendDocument, ViewCustomer, ManageCustomer, DraftDocument:
		return "access.whom.advisor"
	case SubmitDocument, SetReserve, AgreeJoint, RecordTaking, ManageLook:
		return "access.whom.entrepreneur"
	case RecordPayment, RemindCustomer:
		return "access.whom.desk"
	case ViewLedger, PostEntry, ClosePeriod, ExportFEC:
		return "access.whom.accountant"
	case ViewPay, AskPay, RunPay:
		return "access.whom.payroll"
	case ViewHouse, ViewPortfolio, ReadDesk, ManageRules, ViewRules, DeclareAbsence:
		return "access.whom.manager"
	}
	return "access.whom.administrator"
}

// whom is [Whom] for this actor: an advisor is not sent to the advisor, who may no more than they do.
func whom(a Actor, act Action) string {
	if w := Whom(act); w != "access.whom.advisor" || !a.Has(member.Advisor) {
		return w
	}
	return "access.whom.desk"
}

// absent and denied are the sentences of the two refusals, whole, so that each language writes them as it should.
func absent(a Actor, act Action) string {
	switch whom(a, act) {
	case "access.whom.advisor":
		return "access.absent.advisor"
	case "access.whom.entrepreneur":
		return "access.absent.entrepreneur"
	case "access.whom.desk":
		return "access.absent.desk"
	case "access.whom.accountant":
		return "access.absent.accountant"
	case "access.whom.payroll":
		return "access.absent.payroll"
	case "access.whom.manager":
		return "access.absent.manager"
	}
	return "access.absent.administrator"
}

func denied(a Actor, act Action) string {
	switch whom(a, act) {
	case "access.whom.advisor":
		return "access.denied.advisor"
	case "access.whom.entrepreneur":
		return "access.denied.entrepreneur"
	case "access.whom.desk":
		return "access.denied.desk"
	case "access.whom.accountant":
		return "access.denied.accountant"
	case "access.whom.payroll":
		return "access.denied.payroll"
	case "access.whom.manager":
		return "access.denied.manager"
	}
	return "access.denied.administrator"
}

// Refuse returns nil when the actor may, otherwise the refusal in words: [fault.NotFound] for what is absent,
// [fault.Forbidden] for what is denied. An absent subject's words are the same whether it exists or not.
func Refuse(a Actor, act Action, s Subject) error {
	switch d, reason := decide(a, act, s); d {
	case Allowed:
		return nil
	case Denied:
		return fault.New(fault.Forbidden, reason)
	}
	return fault.New(fault.NotFound, absent(a, act))
}
