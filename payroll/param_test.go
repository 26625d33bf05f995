package payroll

import (
	"slices"
	"strings"
	"testing"

	"essaim/date"
)

// Data that is not in shape is refused when it is read: an id nothing asks, days out of order, a value without its text.
func TestDataOutOfShapeIsRefused(t *testing.T) {
	at := func(id string) int {
		return slices.IndexFunc(Law().all, func(p Parameter) bool { return p.ID == id })
	}
	for what, c := range map[string]struct {
		change func(all []Parameter) []Parameter
		says   string
	}{
		"an id that nothing asks": {func(all []Parameter) []Parameter {
			return append(all, Parameter{ID: "smic.day", From: date.Of(2026, 1, 1), Value: "1", Unit: "eur", Source: "x"})
		}, "asked by nothing"},
		"a parameter that is missing": {func(all []Parameter) []Parameter {
			return slices.DeleteFunc(all, func(p Parameter) bool { return p.ID == "smic.hour" })
		}, "has no value"},
		"days out of order": {func(all []Parameter) []Parameter {
			i := at("smic.hour")
			all[i], all[i+1] = all[i+1], all[i]
			return all
		}, "does not come after"},
		"the same day twice": {func(all []Parameter) []Parameter {
			i := at("smic.hour")
			all[i+1].From = all[i].From
			return all
		}, "does not come after"},
		"no source":         {func(all []Parameter) []Parameter { all[0].Source = ""; return all }, "no source"},
		"an unknown unit":   {func(all []Parameter) []Parameter { all[0].Unit = "franc"; return all }, "unit"},
		"no number":         {func(all []Parameter) []Parameter { all[0].Value = "onze"; return all }, "no number"},
		"too many decimals": {func(all []Parameter) []Parameter { all[0].Value = "11.881"; return all }, "decimals"},
	} {
		table := &Table{all: c.change(slices.Clone(Law().all))}
		if err := table.index(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, d := range []lineData{
		{Code: "x", Part: "employer", Base: "nowhere", Rate: "ags.emp"},
		{Code: "x", Part: "employer", Base: "pay", Rate: "nothing.emp"},
		{Code: "x", Part: "employer", Base: "pay", Rate: "ags.emp", When: "monday"},
		{Code: "x", Part: "employer", Base: "pay", Rate: "ags.emp", Who: []string{"king"}},
		{Code: "x", Part: "king", Base: "pay", Rate: "ags.emp"},
	} {
		if _, err := Law().line(d); err == nil {
			t.Errorf("%+v is read", d)
		}
	}
	for _, g := range []gridData{{Below: []string{"1"}, Rates: []string{"0"}, Source: "x"}, {Below: []string{"2", "1"}, Rates: []string{"0", "1", "2"}, Source: "x"}, {Below: []string{"1"}, Rates: []string{"0", "1"}}} {
		if _, err := g.grid(); err == nil {
			t.Errorf("%+v is read", g)
		}
	}
}

// Grids follow each other, each begins with nothing, and its rates rise.
func TestGridsAreInOrder(t *testing.T) {
	for i, g := range Law().grids {
		if i > 0 && g.from <= Law().grids[i-1].from || g.rates[0] != 0 || !slices.IsSorted(g.rates) || len(g.rates) != 20 {
			t.Errorf("grid from %s", g.from)
		}
	}
}
