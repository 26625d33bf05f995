package member

import (
	"testing"

	"essaim/date"
	"essaim/fault"
)

func cape(id int64, start, end string, term int) Contract {
	return Contract{ID: id, Person: 1, Kind: CAPE, Start: day(start), End: day(end), Term: term}
}

func cesa(id int64, start string) Contract {
	return Contract{ID: id, Person: 1, Kind: CESA, Start: day(start), FixedCost: 981_00}
}

func TestContractInForce(t *testing.T) {
	cs := []Contract{
		cape(1, "2025-03-01", "2026-02-28", 1), cesa(2, "2026-03-01"),
		{ID: 3, Person: 1, Kind: CDI, Start: day("2026-01-01")}, {ID: 4, Person: 2, Kind: CESA, Start: day("2020-01-01")},
	}
	for on, want := range map[string]int64{"2025-02-28": 0, "2025-12-31": 1, "2026-01-01": 3, "2026-03-01": 2} {
		c, ok := InForce(cs, 1, day(on))
		if c.ID != want || ok != (want != 0) {
			t.Errorf("%s: contract %d, want %d", on, c.ID, want)
		}
	}
	if got := len(Running(cs, day("2026-03-01"))); got != 3 {
		t.Error(got)
	}
	if c, ok := Next(cs, CESA, day("2025-06-01")); !ok || c.ID != 2 {
		t.Error(c, ok)
	}
	if _, ok := Next(cs, CESA, day("2026-03-01")); ok {
		t.Error("a contract that runs is not to come")
	}
}

func TestMonths(t *testing.T) {
	year := date.FiscalYear{Start: day("2026-01-01"), End: day("2026-12-31")}
	for name, c := range map[string]struct {
		cs          []Contract
		on          string
		cape, other int
	}{
		"none":                      {nil, "2026-11-22", 0, 0},
		"cape then cesa mid-month":  {[]Contract{cape(1, "2026-01-15", "2026-06-14", 1), cesa(2, "2026-06-15")}, "2026-11-22", 5, 6},
		"a month begun counts":      {[]Contract{cape(1, "2026-05-31", "2027-05-30", 1)}, "2026-11-01", 7, 0},
		"not yet begun on the day":  {[]Contract{cesa(1, "2026-11-23")}, "2026-11-22", 0, 0},
		"whole year":                {[]Contract{cesa(1, "2020-01-01")}, "2027-03-01", 0, 12},
		"year before":               {[]Contract{cesa(1, "2020-01-01")}, "2025-12-31", 0, 0},
		"two people, counted once":  {[]Contract{cesa(1, "2020-01-01"), {ID: 2, Person: 2, Kind: CAPE, Start: day("2026-01-01"), End: day("2026-12-31"), Term: 1}}, "2026-03-31", 0, 3},
		"a hole between two terms":  {[]Contract{cape(1, "2025-06-01", "2026-01-31", 1), cape(2, "2026-04-01", "2026-12-31", 2)}, "2026-12-31", 10, 0},
		"ended in the year, unpaid": {[]Contract{cape(1, "2025-06-01", "2026-03-15", 1)}, "2026-12-31", 3, 0},
	} {
		if cape, other := Months(c.cs, year, day(c.on)); cape != c.cape || other != c.other {
			t.Errorf("%s: %d and %d, want %d and %d", name, cape, other, c.cape, c.other)
		}
	}
	crooked := date.FiscalYear{Start: day("2026-07-01"), End: day("2027-06-30")}
	if _, other := Months([]Contract{cesa(1, "2020-01-01")}, crooked, day("2026-11-22")); other != 5 {
		t.Error(other)
	}
}

func TestCAPEClock(t *testing.T) {
	on := day("2026-11-22")
	for name, c := range map[string]struct {
		cs   []Contract
		want Clock
		ok   bool
	}{
		"none":          {[]Contract{cesa(1, "2025-01-01")}, Clock{}, false},
		"not begun":     {[]Contract{cape(1, "2026-12-01", "2027-11-30", 1)}, Clock{}, false},
		"first term":    {[]Contract{cape(1, "2026-01-13", "2026-12-13", 1)}, Clock{Term: 1, Renewals: 2, Ends: day("2026-12-13"), Days: 21, Longest: day("2028-12-13")}, true},
		"last term":     {[]Contract{cape(1, "2024-01-01", "2024-12-31", 1), cape(2, "2025-01-01", "2025-12-31", 2), cape(3, "2026-01-01", "2026-11-22", 3)}, Clock{Term: 3, Ends: on, Longest: on}, true},
		"over":          {[]Contract{cape(1, "2025-01-01", "2025-12-31", 1)}, Clock{Term: 1, Renewals: 2, Ends: day("2025-12-31"), Days: -326, Longest: day("2027-12-31")}, true},
		"renewed":       {[]Contract{cape(1, "2026-01-01", "2026-12-31", 1), cape(2, "2027-01-01", "2027-12-31", 2)}, Clock{Term: 1, Renewals: 2, Ends: day("2026-12-31"), Days: 39, Longest: day("2028-12-31"), Continues: true}, true},
		"cesa follows":  {[]Contract{cape(1, "2026-01-01", "2026-12-31", 1), cesa(2, "2027-01-01")}, Clock{Term: 1, Renewals: 2, Ends: day("2026-12-31"), Days: 39, Longest: day("2028-12-31"), Continues: true}, true},
		"cesa too late": {[]Contract{cape(1, "2026-01-01", "2026-12-31", 1), cesa(2, "2027-01-02")}, Clock{Term: 1, Renewals: 2, Ends: day("2026-12-31"), Days: 39, Longest: day("2028-12-31")}, true},
	} {
		if got, ok := CAPEClock(c.cs, 1, on); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestLastDayOfATerm(t *testing.T) {
	for start, want := range map[string]string{
		"2026-01-01": "2026-12-31", "2026-01-31": "2027-01-30", "2024-02-29": "2025-02-28", "2023-03-01": "2024-02-29", "2024-03-01": "2025-02-28",
	} {
		if got := lastOf(day(start), 12); got != day(want) {
			t.Errorf("%s: %s, want %s", start, got, want)
		}
	}
}

func TestCheckContracts(t *testing.T) {
	three := []Contract{cape(1, "2023-01-01", "2023-12-31", 1), cape(2, "2024-01-01", "2024-12-31", 2), cape(3, "2025-01-01", "2025-12-31", 3)}
	if err := CheckContracts(append(three[:3:3], cesa(4, "2026-01-01"))); err != nil {
		t.Fatal("36 months of CAPE, then a CESA: ", err)
	}
	if err := CheckContracts([]Contract{cesa(1, "2026-01-01"), {ID: 2, Person: 1, Kind: CDI, Start: day("2024-01-01")}}); err != nil {
		t.Fatal("the accountant who is also an entrepreneur: ", err)
	}
	for name, c := range map[string]struct {
		cs         []Contract
		field, key string
	}{
		"thirteen months":   {[]Contract{cape(1, "2026-01-01", "2027-01-01", 1)}, "contracts[0].end", "member.cape_long"},
		"no end":            {[]Contract{{ID: 1, Person: 1, Kind: CAPE, Start: day("2026-01-01"), Term: 1}}, "contracts[0].end", "member.cape_endless"},
		"third renewal":     {append(three[:3:3], cape(4, "2026-01-01", "2026-06-30", 4)), "contracts[3].start", "member.cape_renewed"},
		"wrong number":      {[]Contract{cape(1, "2026-01-01", "2026-12-31", 2)}, "contracts[0].term", "member.cape_term"},
		"overlap":           {[]Contract{cape(2, "2026-06-01", "2026-12-31", 2), cape(1, "2026-01-01", "2026-06-01", 1)}, "contracts[0].start", "member.contracts_overlap"},
		"beside a CESA":     {[]Contract{cesa(1, "2025-01-01"), cape(2, "2026-01-01", "2026-12-31", 1)}, "contracts[1].start", "member.contracts_overlap"},
		"fixed part":        {[]Contract{{ID: 1, Person: 1, Kind: CAPE, Start: day("2026-01-01"), End: day("2026-12-31"), Term: 1, FixedCost: 1}}, "contracts[0].fixedCost", "member.cape_fixed"},
		"negative fixed":    {[]Contract{{ID: 1, Person: 1, Kind: CESA, Start: day("2026-01-01"), FixedCost: -1}}, "contracts[0].fixedCost", "member.fixed_negative"},
		"ends before":       {[]Contract{{ID: 1, Person: 1, Kind: CESA, Start: day("2026-01-02"), End: day("2026-01-01")}}, "contracts[0].end", "member.contract_end"},
		"no first day":      {[]Contract{{ID: 1, Person: 1, Kind: CESA}}, "contracts[0].start", "member.contract_start"},
		"unknown kind":      {[]Contract{{ID: 1, Person: 1, Kind: "stage", Start: day("2026-01-01")}}, "contracts[0].kind", "member.contract_kind"},
		"two CESA together": {[]Contract{cesa(1, "2025-01-01"), cesa(2, "2026-01-01")}, "contracts[1].start", "member.contracts_overlap"},
	} {
		all := fault.All(CheckContracts(c.cs))
		if len(all) != 1 || all[0].Key != c.key || all[0].Field != c.field {
			t.Errorf("%s: %v", name, CheckContracts(c.cs))
		}
	}
}
