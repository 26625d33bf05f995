package activity

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"essaim/coop"
	"essaim/fault"
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
		"no name":             {func(p *Policy) { p.Name = "" }, "name", "activity.policy.name"},
		"no base":             {func(p *Policy) { p.Base = "profit" }, "base", "activity.policy.base"},
		"no moment":           {func(p *Policy) { p.When = "" }, "when", "activity.policy.when"},
		"minimum":             {func(p *Policy) { p.MinAsked = "never" }, "minAsked", "activity.policy.min_asked"},
		"descending":          {func(p *Policy) { p.Scales[0].Brackets[1].UpTo = 100 }, "scales[0].brackets[1].upTo", "activity.policy.ascending"},
		"open in the middle":  {func(p *Policy) { p.Scales[0].Brackets[0].UpTo = 0 }, "scales[0].brackets[0].upTo", "activity.policy.ascending"},
		"last one closed":     {func(p *Policy) { p.Scales[0].Brackets[2].UpTo = 300 }, "scales[0].brackets[2].upTo", "activity.policy.last_open"},
		"above 100 %":         {func(p *Policy) { p.Scales[1].Brackets[0].Rate++ }, "scales[1].brackets[0].rate", "activity.policy.rate"},
		"below 0 %":           {func(p *Policy) { p.Scales[1].Brackets[0].Rate = -1 }, "scales[1].brackets[0].rate", "activity.policy.rate"},
		"no bracket":          {func(p *Policy) { p.Scales[1].Brackets = nil }, "scales[1].brackets", "activity.policy.no_bracket"},
		"no general scale":    {func(p *Policy) { p.Scales[0].Natures = []string{"service"} }, "scales", "activity.policy.general"},
		"two general scales":  {func(p *Policy) { p.Scales[1].Natures = nil }, "scales", "activity.policy.general"},
		"nature twice":        {func(p *Policy) { p.ExemptNatures = []string{"training"} }, "exemptNatures", "activity.policy.nature_twice"},
		"margin of what":      {func(p *Policy) { p.Deducts = nil }, "deducts", "activity.policy.deducts"},
		"no prefix":           {func(p *Policy) { p.Deducts = []string{"60*"} }, "deducts", "activity.policy.prefix"},
		"negative minimum":    {func(p *Policy) { p.MinYear = -1 }, "minYear", "activity.policy.amount"},
		"a lifetime of grace": {func(p *Policy) { p.ExemptMonths = 37 }, "exemptMonths", "activity.policy.exempt_months"},
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
		p, _, ok, err := PolicyOf(rows, id, year2026, day(opened), day(on))
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return -1
		}
		return p.Scales[0].Brackets[0].Rate
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
	if _, _, _, err := PolicyOf(rows, 1, year2026, day("2024-01-01"), day("2026-09-30")); err == nil {
		t.Error("a row that cannot be read goes unseen")
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
