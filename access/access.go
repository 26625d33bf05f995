// Package access decides who may do what: one pure function, [Can], over a table of rules. What a person may not see
// answers as absent; what a person may see but not do answers as forbidden. No one validates, approves or pays what
// concerns their own activity, whatever their roles (practice 23).
package access

import (
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
	AuditYears []int64 // fiscal years open to an auditor
	Today      date.Day
	Token      bool     // through an API token
	Scopes     []string // scopes of the token
	System     bool     // the program itself (jobs, demo, command line)
}

// Has says whether the actor holds a role.
func (a Actor) Has(r member.Role) bool {
	for _, x := range a.Roles {
		if x == r {
			return true
		}
	}
	return false
}

// Owns says whether the actor is an entrepreneur of the activity.
func (a Actor) Owns(activity int64) bool { return contains(a.Activities, activity) }

// Follows says whether the activity is in the actor's portfolio.
func (a Actor) Follows(activity int64) bool { return contains(a.Portfolio, activity) }

func contains(xs []int64, x int64) bool {
	for _, y := range xs {
		if x == y {
			return true
		}
	}
	return false
}

// Action is what is asked.
type Action string

// The actions. Those that end in "activity" bear on one activity, the others on the cooperative.
const (
	// on one activity
	ViewAccount      Action = "view account"      // activity account, its panels, its statement
	ViewDocument     Action = "view document"     // quotes, invoices, credit notes of the activity
	DraftDocument    Action = "draft document"    // write and change drafts
	SubmitDocument   Action = "submit document"   // submit, take back, answer a comment
	ValidateDocument Action = "validate document" // validate, return, correct while reading: never one's own
	SendDocument     Action = "send document"     // mail a validated document, record an acceptance
	ManageCustomer   Action = "manage customer"   // the activity's own customers
	RecordPayment    Action = "record payment"    // record, reverse, reassign: never one's own
	SetReserve       Action = "set reserve"       // choose the reserve of one's account

	// on the cooperative
	ViewHouse      Action = "view house"   // all activities side by side
	ReadDesk       Action = "read desk"    // the reading desk (what waits)
	ViewLedger     Action = "view ledger"  // trial balance, general ledger, journals, entries (a year)
	PostEntry      Action = "post entry"   // miscellaneous entries, reversal
	ClosePeriod    Action = "close period" // close and reopen a month
	ExportFEC      Action = "export fec"
	ManagePeople   Action = "manage people"   // persons, roles, logins
	ManageActivity Action = "manage activity" // open an activity, shares, policy
	ManageRules    Action = "manage rules"    // dated rules and policies of the cooperative
	ViewAudit      Action = "view audit"      // audit log
	ViewPeople     Action = "view people"     // directory of persons
)

// Subject is what the action bears on. Year is a fiscal year id for books; zero values mean "the cooperative".
type Subject struct {
	Coop     int64
	Activity int64
	Year     int64
	Author   int64 // person who wrote the document, when that matters
}
