// Package access decides who may do what: one pure function, [Can], over a table of rules. What a person may not see
// answers as absent; what a person may see but not do answers as forbidden; [Refuse] says both in words that tell whom
// to ask. No one validates, records payments or books for their own activity, whatever their roles (practice 23), and
// nobody gives roles to themselves.
package access

import (
	"slices"

	"essaim/date"
	"essaim/member"
)

// Actor is who asks: a person of the cooperative with the roles that hold today.
type Actor struct {
	Coop       int64
	Person     int64
	Login      int64
	Name       string
	Lang       string
	Roles      []member.Role
	Activities []int64 // activities the person is an entrepreneur of today
	Portfolio  []int64 // activities the person accompanies (advisor)
	Stands     []Stand // absent people the actor stands in for today
	AuditYears []int64 // fiscal years open to an auditor today, the latest first
	Today      date.Day
	Token      bool     // through an API token
	Scopes     []string // scopes of the token
	System     bool     // the program itself (jobs, demo, command line)
}

// Has says whether the actor holds a role.
func (a Actor) Has(r member.Role) bool { return slices.Contains(a.Roles, r) }

// Owns says whether the actor is an entrepreneur of the activity.
func (a Actor) Owns(activity int64) bool {
	return activity != 0 && slices.Contains(a.Activities, activity)
}

// Follows says whether the activity is in the actor's portfolio.
func (a Actor) Follows(activity int64) bool {
	return activity != 0 && slices.Contains(a.Portfolio, activity)
}

// Year returns the fiscal year that an auditor's pages and lists begin with: the latest of theirs; 0 for anyone else.
func (a Actor) Year() int64 {
	if len(a.AuditYears) == 0 {
		return 0
	}
	return a.AuditYears[0]
}

// Action is what is asked.
type Action string

// The actions on one activity: the subject names it.
const (
	ViewAccount      Action = "view account"      // activity account, its panels, its statement
	ViewDocument     Action = "view document"     // quotes, invoices, credit notes; for an auditor the subject names the year
	DraftDocument    Action = "draft document"    // write and change drafts
	SubmitDocument   Action = "submit document"   // submit, take back, answer a comment
	ValidateDocument Action = "validate document" // validate, return, correct while reading: never one's own
	SendDocument     Action = "send document"     // mail a validated document, record an acceptance
	ViewCustomer     Action = "view customer"     // the activity's own customers
	ManageCustomer   Action = "manage customer"   // write and change them
	RemindCustomer   Action = "remind customer"   // tell a customer that an invoice is late, and keep such words back
	RecordPayment    Action = "record payment"    // record, reverse, reassign: never one's own
	RecordTaking     Action = "record taking"     // takings, moves and counts of a till, announcing what was received
	SetReserve       Action = "set reserve"       // choose the reserve of one's account
	ManageLook       Action = "manage look"       // logo, colour and lines of the activity's papers
	AgreeJoint       Action = "agree joint"       // « bon à payer » of an internal invoice, agreement to a shared key, for the activity; the subject names the other activity and the author
)

// The actions on the cooperative.
const (
	ViewHouse         Action = "view house"         // all activities side by side, and the proofs
	ViewPortfolio     Action = "view portfolio"     // the same table for the activities one accompanies
	ReadDesk          Action = "read desk"          // the reading desk (what waits); it shows what the reader may validate
	ViewLedger        Action = "view ledger"        // trial balance, general ledger, journals, entries of a year
	PostEntry         Action = "post entry"         // miscellaneous entries and reversals; the subject names each section they touch, and the person whose pay they book: never one's own
	ClosePeriod       Action = "close period"       // close and reopen a month
	ExportFEC         Action = "export fec"         // the FEC of a year
	ViewPay           Action = "view pay"           // lines and documents of a person's pay (practice 24); the subject names the person
	AskPay            Action = "ask pay"            // say what one wants to be paid: the person alone; the subject names the person
	RunPay            Action = "run pay"            // pay files, absences, elements, computing, issuing, transfers: never one's own; the subject names the person
	ViewPeople        Action = "view people"        // the team's list of persons
	ManagePeople      Action = "manage people"      // persons, roles, logins: never one's own
	ManageActivity    Action = "manage activity"    // open an activity, shares, policy: never one's own
	ViewRules         Action = "view rules"         // the cooperative's rules and policies: everyone
	ManageRules       Action = "manage rules"       // adopt dated rules and policies; the subject names each activity that a policy bears on: never one's own
	ManageCooperative Action = "manage cooperative" // identity, bank, mail, connections
	ViewAudit         Action = "view audit"         // audit log
	DeclareAbsence    Action = "declare absence"    // days away with who stands in: one's own, or anyone's; the subject names the person
	ManageSelf        Action = "manage self"        // own password, passkeys, sessions, tokens, language; the subject names the person
)

var actions = []Action{
	ViewAccount, ViewDocument, DraftDocument, SubmitDocument, ValidateDocument, SendDocument, ViewCustomer, ManageCustomer, RemindCustomer, RecordPayment, RecordTaking, SetReserve, ManageLook, AgreeJoint,
	ViewHouse, ViewPortfolio, ReadDesk, ViewLedger, PostEntry, ClosePeriod, ExportFEC, ViewPay, AskPay, RunPay, ViewPeople, ManagePeople, ManageActivity,
	ViewRules, ManageRules, ManageCooperative, ViewAudit, DeclareAbsence, ManageSelf,
}

// Actions returns every action.
func Actions() []Action { return slices.Clone(actions) }

// Subject is what the action bears on; zero values mean "the cooperative".
type Subject struct {
	Coop     int64
	Activity int64
	Year     int64  // fiscal year id, for books, documents and payments: that of their day
	Author   int64  // person who wrote the document, when that matters
	Person   int64  // person concerned: a sheet, a pay
	Other    int64  // activity at the other side of what two agree on
	Kind     string // "quote", "invoice", "credit" or [Payment]: a token's scope may hold one kind only
}
