package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// A version of a rule begins from the one in force: what its form does not show would be lost without a word. Each value
// of each rule is changed alone and must come back from the form that shows it.
func TestRulesComeBackWholeFromTheirForms(t *testing.T) {
	kinds := map[string]coop.RuleKind{}
	for _, k := range ruleKinds {
		kinds[string(k.kind)] = k.kind
	}
	rules := reflect.TypeFor[coop.Rules]()
	for i := range rules.NumField() {
		name := rules.Field(i).Tag.Get("json")
		kind, ok := kinds[name]
		if !ok {
			t.Errorf("no form for %s", name)
			continue
		}
		start := coop.Default()
		for _, leaf := range leaves(reflect.ValueOf(&start).Elem().Field(i), name) {
			if leaf.path == "gates.Certificate" { // no choice any more
				continue
			}
			now := coop.Default()
			now.Reminders.Interest = coop.LateFixed // the only one that has a rate
			now.Mentions.ByNature = map[string]string{}
			leaf.change(reflect.ValueOf(&now).Elem().Field(i))
			f := newForm(i18n.For("fr"), date.MustParse("2026-11-22"), "key")
			fillRule(f, kind, now)
			want, _ := json.Marshal(reflect.ValueOf(now).Field(i).Interface())
			got, _ := json.Marshal(readRule(f, kind))
			if string(got) != string(want) {
				t.Errorf("%s comes back as\n%s, not\n%s", leaf.path, got, want)
			}
		}
	}
}

// leaf is a single value within a rule, and how to change it.
type leaf struct {
	path  string
	index []int
}

func leaves(v reflect.Value, path string) (all []leaf) {
	if v.Kind() != reflect.Struct {
		return []leaf{{path: path}}
	}
	for i := range v.NumField() {
		for _, l := range leaves(v.Field(i), fmt.Sprintf("%s.%s", path, v.Type().Field(i).Name)) {
			all = append(all, leaf{l.path, append([]int{i}, l.index...)})
		}
	}
	return all
}

// change gives the value another that its rule allows.
func (l leaf) change(v reflect.Value) {
	for _, i := range l.index {
		v = v.Field(i)
	}
	switch x := v.Addr().Interface().(type) {
	case *date.Day:
		*x = date.MustParse("2026-03-01")
		return
	case *coop.MonthEnd:
		*x = coop.ThenEnd
		return
	case *money.Rate: // of a hundredth of a percent: what a form can write
		*x += 100
		return
	case *map[string]string:
		*x = map[string]string{"goods": "Un texte."}
		return
	case *coop.Gate:
		*x = map[coop.Gate]coop.Gate{coop.GateWarn: coop.GateBlock}[*x]
		if *x == "" {
			*x = coop.GateWarn
		}
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.String:
		if _, err := date.Parse(v.String()); err == nil {
			v.SetString("2028-02-03")
		} else if code, ok := map[string]string{"terms.Consumers": "7", "pay.Way": coop.PayOwn, "pay.LeaveMode": coop.LeaveProvided}[l.path]; ok {
			v.SetString(code)
		} else {
			v.SetString(v.String() + "x")
		}
	}
}
