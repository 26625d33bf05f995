// Package fault is the one kind of error a person may see: what failed, on which field, why, and by a message key
// that every language translates. Anything else that goes wrong is an internal error and is told as such.
package fault

import (
	"errors"
	"strings"
)

// Kind says what sort of refusal it is; it decides the HTTP status and the exit code.
type Kind string

// The kinds.
const (
	Invalid   Kind = "invalid"   // what was typed cannot be taken; the field says where
	NotFound  Kind = "notfound"  // absent, or not open to this person
	Conflict  Kind = "conflict"  // someone else was there first, or the state does not allow it
	Closed    Kind = "closed"    // the month, the year or the account is closed
	Forbidden Kind = "forbidden" // the person may see it but not do this
	Busy      Kind = "busy"      // try again: the store is busy or full
	Internal  Kind = "internal"  // a defect or a broken machine
)

// Error is one refusal. Key names a message of the catalogues; Args are its named values (name, value, name, …).
type Error struct {
	Kind  Kind
	Field string // name of the field as the form or the API calls it, such as "lines[2].rate"; may be empty
	Key   string
	Args  []any
	Err   error // the cause, for the log; never shown
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Field != "" {
		b.WriteString(" " + e.Field)
	}
	b.WriteString(": " + e.Key)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// New makes a refusal about the whole.
func New(kind Kind, key string, args ...any) *Error { return &Error{Kind: kind, Key: key, Args: args} }

// At makes a refusal of what was typed in one field.
func At(field, key string, args ...any) *Error {
	return &Error{Kind: Invalid, Field: field, Key: key, Args: args}
}

// Wrap attaches a cause for the log.
func (e *Error) Wrap(err error) *Error { e.Err = err; return e }

// All returns the refusals within err (one, or several joined by [errors.Join]), in order.
func All(err error) []*Error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, e := range many.Unwrap() {
			all = append(all, All(e)...)
		}
		return all
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return []*Error{e}
	}
	return nil
}

// KindOf returns the kind of the first refusal within err; [Internal] for any other error, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if all := All(err); len(all) > 0 {
		return all[0].Kind
	}
	return Internal
}

// Prefix puts a path before the field of every refusal within err: Prefix("lines[2]", err).
func Prefix(path string, err error) error {
	all := All(err)
	if len(all) == 0 {
		return err
	}
	errs := make([]error, len(all))
	for i, e := range all {
		c := *e
		if c.Field == "" {
			c.Field = path
		} else {
			c.Field = path + "." + c.Field
		}
		errs[i] = &c
	}
	return errors.Join(errs...)
}
