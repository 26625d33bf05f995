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

// Wrap returns the refusal with a cause for the log.
func (e *Error) Wrap(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// All returns the refusals within err (one, or several joined by [errors.Join], wrapped or not), in order.
func All(err error) []*Error {
	refusals, _ := part(err)
	return refusals
}

// part sorts what err is made of: refusals, and errors that hold none.
func part(err error) (refusals []*Error, others []error) {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if e, ok := inner.(*Error); ok { //nolint:errorlint // the chain is walked by hand, to see every branch of it
			return []*Error{e}, nil
		}
		if many, ok := inner.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				r, o := part(one)
				refusals, others = append(refusals, r...), append(others, o...)
			}
			return refusals, others
		}
	}
	if err != nil {
		others = append(others, err)
	}
	return nil, others
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

// Prefix puts a path before the field of every refusal within err: Prefix("lines[2]", err). Other errors stay.
func Prefix(path string, err error) error {
	refusals, others := part(err)
	if len(refusals) == 0 {
		return err
	}
	errs := make([]error, 0, len(refusals)+len(others))
	for _, e := range refusals {
		c := *e
		if c.Field == "" {
			c.Field = path
		} else {
			c.Field = path + "." + c.Field
		}
		errs = append(errs, &c)
	}
	return errors.Join(append(errs, others...)...)
}
