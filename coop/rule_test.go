package coop

import (
	"reflect"
	"strings"
	"testing"

	"essaim/fault"
)

func TestParseRules(t *testing.T) {
	rows := []Rule{
		{ID: 1, Kind: RuleTrust, From: day("2025-01-01"), Value: `{"firstInvoices":3}`},
		{ID: 2, Kind: RuleTrust, From: day("2026-01-01"), Value: `{"firstInvoices":8,"aloneUpTo":150000}`},
		{ID: 3, Kind: RuleTrust, From: day("2027-01-01"), Value: `{"firstInvoices":9}`},
		{ID: 5, Kind: RuleGrid, From: day("2026-01-01"), Value: `{"sales":{"in":["70"]}}`},
		{ID: 4, Kind: RuleGrid, From: day("2026-01-01"), Value: `{"sales":{"in":["71"]}}`},
		{ID: 6, Kind: RuleContribution, Name: "Barème", From: day("2026-01-01"), Value: `not looked at here`},
	}
	r, err := ParseRules(rows, day("2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Trust.FirstInvoices, want.Trust.AloneUpTo = 8, 1_500_00 // what the row does not name keeps its default
	want.Grid.Sales = Prefixes{In: []string{"70"}}               // the later written of the same day
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	if r, _ := ParseRules(rows, day("2024-12-31")); !reflect.DeepEqual(r, Default()) {
		t.Error("before the first row the defaults hold")
	}
	if r, _ := ParseRules(rows, day("2027-01-01")); r.Trust.FirstInvoices != 9 || r.Trust.AloneUpTo != 3_000_00 {
		t.Errorf("a row stands alone over the defaults, not over the row before: %+v", r.Trust)
	}
	if _, err := ParseRules([]Rule{{ID: 7, Kind: RuleVAT, Value: `{`}}, day("2026-01-01")); err == nil || !strings.Contains(err.Error(), "rule 7") {
		t.Error(err)
	}
	Default().Grid.Sales.In[0] = "9"
	if Default().Grid.Sales.In[0] != "7" {
		t.Error("the defaults can be changed from outside")
	}
}

func TestRuleCheck(t *testing.T) {
	ok := Rule{Kind: RuleAvailable, From: day("2026-01-01"), Value: `{"horizonMonths":3}`, Decision: "AG du 12 juin 2025, résolution 4"}
	if err := ok.Check(); err != nil {
		t.Fatal(err)
	}
	for want, r := range map[string]Rule{
		"coop.rule_from":     {Kind: ok.Kind, Value: ok.Value, Decision: ok.Decision},
		"coop.rule_decision": {Kind: ok.Kind, From: ok.From, Value: ok.Value},
		"coop.rule_value":    {Kind: ok.Kind, From: ok.From, Decision: ok.Decision, Value: `{"horizon":3}`},
		"coop.rule_range":    {Kind: RuleTerms, From: ok.From, Decision: ok.Decision, Value: `{"dueDays":90}`},
		"coop.rule_negative": {Kind: RuleTrust, From: ok.From, Decision: ok.Decision, Value: `{"creditAbove":-1}`},
		"coop.rule_kind":     {Kind: "salary", From: ok.From, Decision: ok.Decision},
		"coop.rule_name":     {Kind: RuleContribution, From: ok.From, Decision: ok.Decision},
		"coop.training_from": {Kind: RuleVAT, From: ok.From, Decision: ok.Decision, Value: `{"trainingNumber":"11 75 12345 75"}`},
		"coop.grid_twice":    {Kind: RuleGrid, From: ok.From, Decision: ok.Decision, Value: `{"charges":{"in":["6"],"out":["60"]}}`},
		"coop.grid_prefix":   {Kind: RuleGrid, From: ok.From, Decision: ok.Decision, Value: `{"cash":{"in":["5x"]}}`},
		"coop.grid_empty":    {Kind: RuleGrid, From: ok.From, Decision: ok.Decision, Value: `{"cash":{"in":[]}}`},
	} {
		all := fault.All(r.Check())
		if len(all) != 1 || all[0].Key != want {
			t.Errorf("%s: %v", want, r.Check())
		}
	}
	trailing := ok
	trailing.Value += `{"horizonMonths":4}`
	if key(trailing.Check()) != "coop.rule_value" {
		t.Error("two values pass for one")
	}
}
