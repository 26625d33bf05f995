package activity

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/member"
	"essaim/money"
)

// messages reads the catalogue of this room.
func messages(t testing.TB) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "i18n", "fr", "activity.json"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]any{}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPolicyCheck(t *testing.T) {
	ok := func() Policy {
		return Policy{
			Name: "P", Base: GrossMarginCollected, When: Monthly, Deducts: []string{"60"},
			Scales: []Scale{{Brackets: []Bracket{{UpTo: 100, Rate: 1}, {UpTo: 200, Rate: 2}, {Rate: 3}}}, {Natures: []string{"training"}, Brackets: []Bracket{{Rate: money.One}}}},
		}
	}
	if err := ok().Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil      func(*Policy)
		field, key string
	}{
		"no name":              {func(p *Policy) { p.Name = "" }, "name", "activity.policy.name"},
		"no base":              {func(p *Policy) { p.Base = "profit" }, "base", "activity.policy.base"},
		"no moment":            {func(p *Policy) { p.When = "" }, "when", "activity.policy.when"},
		"at receipt, not paid": {func(p *Policy) { p.Base, p.When = GrossMarginInvoiced, AtReceipt }, "when", "activity.policy.when_base"},
		"at invoice, paid":     {func(p *Policy) { p.When = AtInvoice }, "when", "activity.policy.when_base"},
		"minimum":              {func(p *Policy) { p.MinAsked = "never" }, "minAsked", "activity.policy.min_asked"},
		"descending":           {func(p *Policy) { p.Scales[0].Brackets[1].UpTo = 100 }, "scales[0].brackets[1].upTo", "activity.policy.ascending"},
		"open in the middle":   {func(p *Policy) { p.Scales[0].Brackets[0].UpTo = 0 }, "scales[0].brackets[0].upTo", "activity.policy.ascending"},
		"last one closed":      {func(p *Policy) { p.Scales[0].Brackets[2].UpTo = 300 }, "scales[0].brackets[2].upTo", "activity.policy.last_open"},
		"above 100 %":          {func(p *Policy) { p.Scales[1].Brackets[0].Rate++ }, "scales[1].brackets[0].rate", "activity.policy.rate"},
		"below 0 %":            {func(p *Policy) { p.Scales[1].Brackets[0].Rate = -1 }, "scales[1].brackets[0].rate", "activity.policy.rate"},
		"no bracket":           {func(p *Policy) { p.Scales[1].Brackets = nil }, "scales[1].brackets", "activity.policy.no_bracket"},
		"no general scale":     {func(p *Policy) { p.Scales[0].Natures = []string{"service"} }, "scales", "activity.policy.general"},
		"two general scales":   {func(p *Policy) { p.Scales[1].Natures = nil }, "scales", "activity.policy.general"},
		"nature twice":         {func(p *Policy) { p.ExemptNatures = []string{"training"} }, "exemptNatures", "activity.policy.nature_twice"},
		"margin of what":       {func(p *Policy) { p.Deducts = nil }, "deducts", "activity.policy.deducts"},
		"no prefix":            {func(p *Policy) { p.Deducts = []string{"60*"} }, "deducts", "activity.policy.prefix"},
		"negative minimum":     {func(p *Policy) { p.MinYear = -1 }, "minYear", "activity.policy.amount"},
		"a lifetime of grace":  {func(p *Policy) { p.ExemptMonths = 37 }, "exemptMonths", "activity.policy.exempt_months"},
	} {
		p := ok()
		c.spoil(&p)
		all := fault.All(p.Check())
		if len(all) != 1 || all[0].Field != c.field || all[0].Key != c.key {
			t.Errorf("%s: %v", name, p.Check())
		}
	}
}

func TestReadPolicy(t *testing.T) {
	for _, n := range RealPolicies() {
		b, err := json.Marshal(n.Policy)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPolicy(string(b)); err != nil {
			t.Errorf("%s: %v", n.ID, err)
		}
	}
	for _, bad := range []string{"", "{", `{"nom":"x"}`, `{"name":"x"}`} {
		if _, err := ReadPolicy(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A change is never retroactive unless the decision says so (practice 38).
func TestPolicyOfAYear(t *testing.T) {
	value := func(rate money.Rate, retroactive bool) string {
		b, _ := json.Marshal(Policy{Name: "Barème", Base: Invoiced, When: Monthly, Retroactive: retroactive, Scales: []Scale{{Brackets: []Bracket{{Rate: rate}}}}})
		return string(b)
	}
	rows := []coop.Rule{
		{ID: 1, Kind: coop.RuleContribution, Name: "Barème", From: day("2024-01-01"), Value: value(100_000, false)},
		{ID: 2, Kind: coop.RuleContribution, Name: "Barème", From: day("2026-07-01"), Value: value(110_000, false)},
		{ID: 3, Kind: coop.RuleContribution, Name: "Autre", From: day("2020-01-01"), Value: value(500_000, false)},
		{ID: 4, Kind: coop.RuleTrust, Name: "Barème", From: day("2020-01-01"), Value: `{}`},
	}
	rate := func(id int64, opened, on string) money.Rate {
		p, err := PolicyOf(rows, Activity{Policy: id, Opened: day(opened)}, year2026, day(on))
		if err != nil {
			t.Fatal(err)
		}
		if p.Rule.ID == 0 {
			return -1
		}
		if p.Since != 0 {
			t.Errorf("%d since %s", id, p.Since)
		}
		return p.Policy.Scales[0].Brackets[0].Rate
	}
	for _, c := range []struct {
		id         int64
		opened, on string
		want       money.Rate
	}{
		{1, "2024-01-01", "2026-11-22", 100_000}, // adopted in July: from 2027 on
		{2, "2024-01-01", "2026-11-22", 100_000}, // whichever version the activity names
		{1, "2026-09-01", "2026-11-22", 110_000}, // opened after the change
		{3, "2024-01-01", "2026-11-22", 500_000},
		{4, "2024-01-01", "2026-11-22", -1}, // no contribution rule
		{0, "2024-01-01", "2026-11-22", -1},
		{9, "2024-01-01", "2026-11-22", -1},
	} {
		if got := rate(c.id, c.opened, c.on); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	rows = append(rows, coop.Rule{ID: 5, Kind: coop.RuleContribution, Name: "Barème", From: day("2026-10-01"), Value: value(90_000, true)})
	if got := rate(1, "2024-01-01", "2026-09-30"); got != 100_000 {
		t.Error(got, "not before its day")
	}
	if got := rate(1, "2024-01-01", "2026-10-01"); got != 90_000 {
		t.Error(got, "the decision says so: the whole year")
	}
	rows[0].Value = "{"
	if _, err := PolicyOf(rows, Activity{Policy: 1, Opened: day("2024-01-01")}, year2026, day("2026-09-30")); err == nil {
		t.Error("a row that cannot be read goes unseen")
	}
}

// Another policy begins with a fiscal year; a first one, or a cooperative's first, within it, and leaves alone what came
// before.
func TestPolicyGivenWithinTheYear(t *testing.T) {
	at := func(name string, rate money.Rate, from string, id int64) coop.Rule {
		b, err := json.Marshal(Policy{Name: name, Base: Invoiced, When: AtInvoice, FixedMonthly: 1_00, Scales: []Scale{{Brackets: []Bracket{{Rate: rate}}}}})
		if err != nil {
			t.Fatal(err)
		}
		return coop.Rule{ID: id, Kind: coop.RuleContribution, Name: name, From: day(from), Value: string(b)}
	}
	rows := []coop.Rule{at("Dix", 100_000, "2020-01-01", 1), at("Vingt", 200_000, "2020-01-01", 2), at("Neuf", 90_000, "2026-11-15", 3), at("Neuf", 95_000, "2026-12-01", 4)}
	year2027 := date.FiscalYear{Start: day("2027-01-01"), End: day("2027-12-31")}
	given := func(steps ...Assignment) Activity {
		a := Activity{ID: 42, Opened: day("2024-01-01"), Shares: []Share{{Person: 7, From: day("2024-01-01"), Parts: 1}}}
		for _, s := range steps {
			a.Assign(s.Policy, s.From)
		}
		return a
	}
	turnover := []Turnover{sold("service", 3, 1_000_00), sold("service", 11, 2_000_00)}
	contracts := []member.Contract{{Person: 7, Kind: member.CESA, Start: day("2024-01-01")}}
	for name, c := range map[string]struct {
		a    Activity
		year date.FiscalYear
		on   string
		rule int64
		due  money.Cents
	}{
		"from the beginning":                 {given(Assignment{1, 0}), year2026, "2026-11-22", 1, 300_00 + 11_00},
		"another one next year":              {given(Assignment{1, 0}, Assignment{2, day("2027-01-01")}), year2026, "2026-11-22", 1, 300_00 + 11_00},
		"then it holds":                      {given(Assignment{1, 0}, Assignment{2, day("2027-01-01")}), year2027, "2027-11-22", 2, 600_00 + 11_00},
		"from the first day of this one":     {given(Assignment{1, 0}, Assignment{2, day("2026-01-01")}), year2026, "2026-11-22", 2, 600_00 + 11_00},
		"changed one's mind":                 {given(Assignment{1, 0}, Assignment{2, day("2027-01-01")}, Assignment{1, day("2027-01-01")}), year2027, "2027-11-22", 1, 300_00 + 11_00},
		"a first one in November":            {given(Assignment{1, day("2026-11-01")}), year2026, "2026-11-22", 1, 200_00 + 1_00},
		"which holds for the whole of 2027":  {given(Assignment{1, day("2026-11-01")}), year2027, "2027-11-22", 1, 300_00 + 11_00},
		"not before its day":                 {given(Assignment{1, day("2026-11-01")}), year2026, "2026-10-31", 0, 0},
		"the cooperative's first, mid-month": {given(Assignment{3, 0}), year2026, "2026-12-02", 3, 180_00 + 2_00},
		"its next version, the next year":    {given(Assignment{3, 0}), year2027, "2027-11-22", 4, 285_00 + 11_00},
		"none any more":                      {given(Assignment{1, 0}, Assignment{0, day("2027-01-01")}), year2027, "2027-11-22", 0, 0},
	} {
		p, err := PolicyOf(rows, c.a, c.year, day(c.on))
		if err != nil || p.Rule.ID != c.rule {
			t.Errorf("%s: rule %d, %v", name, p.Rule.ID, err)
			continue
		}
		if c.rule == 0 {
			continue
		}
		if got := p.Policy.Due(Gather(p, c.a, nil, turnover, contracts, c.year, day(c.on))); got.Due != c.due {
			t.Errorf("%s: %s, want %s: %+v", name, got.Due, c.due, got.Steps)
		}
	}
	if a := given(Assignment{1, 0}, Assignment{2, day("2027-01-01")}, Assignment{1, day("2027-01-01")}); a.PolicyFrom != 0 || len(a.Earlier) != 0 {
		t.Errorf("%+v", a)
	}
}

// An activity bears the contracts of its people for the days they share it, and none that another activity bears.
func TestBorne(t *testing.T) {
	a := Activity{ID: 42, Shares: []Share{{Person: 1, From: day("2025-01-01"), Until: day("2026-06-30"), Parts: 1}, {Person: 2, From: day("2026-03-01"), Parts: 1}}}
	cs := []member.Contract{
		{ID: 1, Person: 1, Kind: member.CESA, Start: day("2024-05-01")},
		{ID: 2, Person: 2, Kind: member.CAPE, Start: day("2025-09-01"), End: day("2026-08-31")},
		{ID: 3, Person: 2, Kind: member.CESA, Start: day("2026-09-01"), Activity: 42},
		{ID: 4, Person: 2, Kind: member.CESA, Start: day("2026-09-01"), Activity: 43},
		{ID: 5, Person: 1, Kind: member.CESA, Start: day("2026-07-01")}, // has left by then
		{ID: 6, Person: 3, Kind: member.CESA, Start: day("2024-01-01")},
	}
	var got []string
	for _, c := range a.Borne(cs) {
		got = append(got, fmt.Sprintf("%d %s %s", c.ID, c.Start, c.End))
	}
	want := []string{"1 2025-01-01 2026-06-30", "2 2026-03-01 2026-08-31", "3 2026-09-01 " + date.Day(0).String()}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestActivityCheck(t *testing.T) {
	ok := func() Activity {
		return Activity{Code: "042", Name: "Trio paysage", Opened: day("2024-01-01"), Email: "trio@exemple.fr", Shares: []Share{
			{Person: 1, From: day("2024-01-01"), Parts: 1}, {Person: 2, From: day("2024-01-01"), Until: day("2025-01-01"), Parts: 1}, {Person: 2, From: day("2025-01-02"), Parts: 2},
		}}
	}
	if err := ok().Check(); err != nil {
		t.Fatal(err)
	}
	for key, spoil := range map[string]func(*Activity){
		"activity.code_shape":     func(a *Activity) { a.Code = "42 b" },
		"activity.name_missing":   func(a *Activity) { a.Name = " " },
		"activity.opened_missing": func(a *Activity) { a.Opened = 0 },
		"activity.closed_before":  func(a *Activity) { a.Closed = day("2023-12-31") },
		"activity.reserve_range":  func(a *Activity) { a.Reserve = -1 },
		"activity.shares_missing": func(a *Activity) { a.Shares = nil },
		"activity.share_person":   func(a *Activity) { a.Shares[0].Person = 0 },
		"activity.share_from":     func(a *Activity) { a.Shares[0].From = 0 },
		"activity.share_until":    func(a *Activity) { a.Shares[1].Until = day("2023-01-01") },
		"activity.share_parts":    func(a *Activity) { a.Shares[0].Parts = 0 },
		"activity.share_twice":    func(a *Activity) { a.Shares[2].From = day("2025-01-01") },
		"coop.email_shape":        func(a *Activity) { a.Email = "trio" },
		"coop.text_control":       func(a *Activity) { a.Insurance = "a\nb" },
	} {
		a := ok()
		spoil(&a)
		all := fault.All(a.Check())
		if len(all) != 1 || all[0].Key != key {
			t.Errorf("%s: %v", key, a.Check())
		}
	}
	if got := len(ok().Members(day("2025-01-01"))); got != 2 {
		t.Error(got)
	}
}
