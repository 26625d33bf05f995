package office

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/sale"
)

// told is what the log keeps of a change: the fields that differ, with what they were and what they are. Fields within
// fields are named with a point ("address.city").
func told(was, now any) map[string]any {
	before, after := fieldsOf(was), fieldsOf(now)
	detail := map[string]any{}
	for name, x := range before {
		if reflect.DeepEqual(x, after[name]) {
			delete(before, name)
			delete(after, name)
		}
	}
	if len(before) > 0 {
		detail["was"] = before
	}
	if len(after) > 0 {
		detail["now"] = after
	}
	return detail
}

// fieldsOf are the fields of a value that hold something, as JSON names them; its id is in the subject already.
func fieldsOf(x any) map[string]any {
	b, err := json.Marshal(x)
	var all map[string]any
	if err != nil || json.Unmarshal(b, &all) != nil {
		return nil
	}
	flat := map[string]any{}
	flatten(flat, "", all)
	delete(flat, "id")
	return flat
}

func flatten(into map[string]any, prefix string, from map[string]any) {
	for name, x := range from {
		switch x := x.(type) {
		case map[string]any:
			flatten(into, prefix+name+".", x)
		case nil:
		case []any:
			if len(x) > 0 {
				into[prefix+name] = x
			}
		default:
			if x != "" && x != false && x != 0.0 {
				into[prefix+name] = x
			}
		}
	}
}

// toldRule is what the log keeps of a version of a rule beside the one before. A contribution policy is kept whole, since
// its scale is read as one.
func toldRule(was, now coop.Rule) map[string]any {
	fields := func(r coop.Rule) map[string]any {
		f := map[string]any{"kind": r.Kind, "name": r.Name, "from": r.From, "decision": r.Decision}
		var value map[string]any
		switch {
		case r.ID == 0 && r.Value == "":
			return nil
		case r.Kind == coop.RuleContribution:
			f["scale"] = r.Value
		case json.Unmarshal([]byte(r.Value), &value) == nil:
			f["value"] = value
		}
		return f
	}
	return told(fields(was), fields(now))
}

// toldCustomer is what the log keeps of a customer. Of a private person it names the fields and not what they hold: the
// log outlives them, and is read by people who may not open the activity.
func toldCustomer(was, now sale.Customer) map[string]any {
	was.Third, now.Third = 0, 0
	d := told(was, now)
	if was.Kind != sale.Consumer && now.Kind != sale.Consumer {
		return d
	}
	var names []string
	for _, side := range []string{"was", "now"} {
		fields, _ := d[side].(map[string]any)
		for name := range fields {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return map[string]any{"fields": names}
}

// auditSorts say in which table the subjects of the log are.
var auditSorts = map[string]string{"payslip": "payslip", "quote": "sale", "invoice": "sale", "credit": "sale", "customer": "customer", "entry": "entry", "payment": "payment", "third": "third", "sale": "sale", "subscription": "subscription", "product": "product"}

// calledIn names what rows of the log are about, by subject ("invoice:12"), and what their details point at.
func calledIn(tx *store.Tx, rows []store.AuditRow) (map[string]store.Called, error) {
	ids := map[string][]int64{}
	note := func(sort string, id int64) {
		if id > 0 && sort != "" && !slices.Contains(ids[sort], id) {
			ids[sort] = append(ids[sort], id)
		}
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.Subject] {
			seen[r.Subject] = true
			kind, rest, _ := strings.Cut(r.Subject, ":")
			if id, err := strconv.ParseInt(rest, 10, 64); err == nil && auditSorts[kind] != "" {
				ids[auditSorts[kind]] = append(ids[auditSorts[kind]], id)
			}
		}
		var d struct{ Customer, Reverses, By int64 }
		if len(rows) <= auditPointed && strings.Contains(r.Detail, `":`) && json.Unmarshal([]byte(r.Detail), &d) == nil {
			note("customer", d.Customer)
			note("payment", d.Reverses)
			note("entry", d.By)
		}
	}
	names := map[string]store.Called{}
	for sort, some := range ids {
		of, err := tx.Called(sort, some)
		if err != nil {
			return nil, err
		}
		for id, c := range of {
			names[sort+":"+strconv.FormatInt(id, 10)] = c
		}
	}
	return names, nil
}

// auditPointed bounds the rows whose details are looked into: a page of the log.
const auditPointed = 1000

// AuditCalled finds the name of what a subject of the log says: see [Office.AuditLog].
func AuditCalled(names map[string]store.Called, subject string) (store.Called, bool) {
	kind, rest, _ := strings.Cut(subject, ":")
	if sort := auditSorts[kind]; sort != "" {
		kind = sort
	}
	c, ok := names[kind+":"+rest]
	return c, ok
}
