package access

import "slices"

// The scopes of an API token. A token never does more than its person may.
const (
	ScopeEntriesWrite = "entries:write"
	ScopeEntriesRead  = "entries:read"
	ScopeCustomers    = "customers"
	ScopeQuotes       = "quotes"
	ScopeInvoices     = "invoices" // credit notes too
	ScopePayments     = "payments"
	ScopeAccountRead  = "account:read"
)

var scopes = []string{ScopeEntriesRead, ScopeEntriesWrite, ScopeCustomers, ScopeQuotes, ScopeInvoices, ScopePayments, ScopeAccountRead}

// Scopes returns every scope, in the order they are shown.
func Scopes() []string { return slices.Clone(scopes) }

// KnownScope says whether s is a scope.
func KnownScope(s string) bool { return slices.Contains(scopes, s) }

// ScopeLabel returns the message key of a scope.
func ScopeLabel(s string) string {
	switch s {
	case ScopeEntriesRead:
		return "access.scope.entries_read"
	case ScopeEntriesWrite:
		return "access.scope.entries_write"
	case ScopeCustomers:
		return "access.scope.customers"
	case ScopeQuotes:
		return "access.scope.quotes"
	case ScopeInvoices:
		return "access.scope.invoices"
	case ScopePayments:
		return "access.scope.payments"
	case ScopeAccountRead:
		return "access.scope.account_read"
	}
	return s
}

// Payment is the kind of a payment, as [Subject.Kind] names it.
const Payment = "payment"

// scoped says whether the scopes of a token hold an action. What no scope names, a token does not do: people, rules,
// roles, settings, passwords, the audit log and pay stay with the person.
func scoped(have []string, act Action, kind string) bool {
	has := func(s string) bool { return slices.Contains(have, s) }
	switch act {
	case ViewAccount, ViewHouse, ViewPortfolio:
		return has(ScopeAccountRead)
	case ViewLedger, ExportFEC:
		return has(ScopeEntriesRead)
	case PostEntry:
		return has(ScopeEntriesWrite)
	case ViewCustomer, ManageCustomer:
		return has(ScopeCustomers)
	case RecordPayment, RecordTaking:
		return has(ScopePayments)
	case ViewDocument, DraftDocument, SubmitDocument, SendDocument, ValidateDocument:
		switch kind {
		case "quote":
			return has(ScopeQuotes)
		case "invoice", "credit":
			return has(ScopeInvoices)
		case Payment:
			return has(ScopePayments)
		}
		return has(ScopeQuotes) && has(ScopeInvoices)
	}
	return false
}
