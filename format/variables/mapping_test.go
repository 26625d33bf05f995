package variables

import (
	"encoding/json"
	"slices"
	"testing"

	"essaim/i18n"
)

func shippedMapping(tb testing.TB, name string) Mapping {
	tb.Helper()
	m, err := Shipped(name)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func shippedReturn(tb testing.TB, name string, kind Kind) ReturnMapping {
	tb.Helper()
	m, err := ShippedReturn(name, kind)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestWhatShipsIsWhole(t *testing.T) {
	if got := Mappings(); !slices.Equal(got, []string{"csv", "silae"}) {
		t.Errorf("%v", got)
	}
	for _, name := range Mappings() {
		m := shippedMapping(t, name)
		for _, e := range Elements() {
			if m.Codes[e].Code == "" || m.Codes[e].Label != i18n.For("fr").T(e.said().Key) {
				t.Errorf("%s: %s has no code, or another name than on the pages: %+v", name, e, m.Codes[e])
			}
		}
	}
	if got := shippedMapping(t, "silae").Examples(); !slices.Equal(got, Elements()) {
		t.Errorf("the codes of a client's file are not known here, all are examples: %v", got)
	}
	if got := shippedMapping(t, "csv").Examples(); got != nil {
		t.Errorf("%v", got)
	}
	for _, kind := range []Kind{OfResults, OfJournal} {
		if got := ReturnMappings(kind); !slices.Equal(got, []string{"csv", "silae"}) {
			t.Errorf("%s: %v", kind, got)
		}
		for _, name := range ReturnMappings(kind) {
			if m := shippedReturn(t, name, kind); m.Kind != kind || m.Name != name {
				t.Errorf("%s %s: %+v", name, kind, m)
			}
		}
	}
	_, err := Shipped("../silae")
	refused(t, err, " variables.mapping_none")
	_, err = ShippedReturn("sage", OfResults)
	refused(t, err, " variables.mapping_none")
}

// An element is dated when it says nothing without days; every one has a name in both languages.
func TestElementsHaveNames(t *testing.T) {
	for _, e := range Elements() {
		for _, lang := range []string{"fr", "en"} {
			if !i18n.For(lang).Has(e.said().Key) {
				t.Errorf("%s: no name in %s", e, lang)
			}
		}
	}
	if Sickness.Measure() != Number || !Sickness.Dated() || FixedPart.Measure() != Euros || FixedPart.Dated() || Exit.Measure() != Event || Element("x").Measure() != "" {
		t.Error("an element counts something else")
	}
}

// Each fault of a mapping is told, on its place.
func TestAWrongMappingIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Mapping)
		want   []string
	}{
		"separator":            {func(m *Mapping) { m.Separator = "|" }, []string{"separator variables.mapping_one_of"}},
		"no separator":         {func(m *Mapping) { m.Separator = "" }, []string{"separator variables.mapping_one_of"}},
		"decimal":              {func(m *Mapping) { m.Decimal = ";" }, []string{"decimal variables.mapping_one_of"}},
		"charset":              {func(m *Mapping) { m.Charset = "utf-16" }, []string{"charset variables.mapping_one_of"}},
		"newline":              {func(m *Mapping) { m.Newline = "\n" }, []string{"newline variables.mapping_one_of"}},
		"minus":                {func(m *Mapping) { m.Negative = "red" }, []string{"negative variables.mapping_one_of"}},
		"date":                 {func(m *Mapping) { m.Date = "DD/DD/YYYY" }, []string{"date variables.mapping_date"}},
		"date without day":     {func(m *Mapping) { m.Date = "MM/YYYY" }, []string{"date variables.mapping_date"}},
		"date with a formula":  {func(m *Mapping) { m.Date = "=DD/MM/YYYY" }, []string{"date variables.mapping_date"}},
		"unsourced":            {func(m *Mapping) { m.Sources = nil }, []string{"sources variables.mapping_unsourced"}},
		"unchecked":            {func(m *Mapping) { m.Checked = "hier" }, []string{"checked variables.mapping_checked"}},
		"layout":               {func(m *Mapping) { m.Layout = "deep" }, []string{"layout variables.mapping_one_of"}},
		"no column":            {func(m *Mapping) { m.Columns = nil }, []string{"columns variables.mapping_columns"}},
		"nobody":               {func(m *Mapping) { m.Columns = m.Columns[1:] }, []string{"columns variables.mapping_who"}},
		"nothing":              {func(m *Mapping) { m.Columns[1].Source = FromConstant }, []string{"columns variables.mapping_what"}},
		"no value":             {func(m *Mapping) { m.Columns[2].Source = FromBase }, []string{"columns variables.mapping_what"}},
		"unknown source":       {func(m *Mapping) { m.Columns[2].Source = "salary" }, []string{"columns[2].source variables.mapping_source", "columns variables.mapping_what"}},
		"twice":                {func(m *Mapping) { m.Columns[3].Source = FromUntil }, []string{"columns[4].source variables.mapping_twice"}},
		"constant of a source": {func(m *Mapping) { m.Columns[2].Constant = "1" }, []string{"columns[2].constant variables.mapping_constant"}},
		"title of two lines":   {func(m *Mapping) { m.Columns[0].Title = "A\nB" }, []string{"columns[0].title variables.mapping_word"}},
		"no title":             {func(m *Mapping) { m.Columns[0].Title = "" }, []string{"columns[0].title variables.mapping_empty"}},
		"element of a column":  {func(m *Mapping) { m.Columns[2].Element = Bonus }, []string{"columns[2].element variables.mapping_element_here"}},
		"unknown element":      {func(m *Mapping) { m.Codes["rent"] = Code{Code: "X"} }, []string{"codes.rent variables.mapping_element"}},
		"empty code":           {func(m *Mapping) { m.Codes[Bonus] = Code{} }, []string{"codes.bonus.code variables.mapping_empty"}},
		"code's value":         {func(m *Mapping) { m.Codes[Bonus] = Code{Code: "X", Value: "text"} }, []string{"codes.bonus.value variables.mapping_one_of"}},
	} {
		m := shippedMapping(t, "silae")
		c.change(&m)
		t.Run(name, func(t *testing.T) { refused(t, m.Check(), c.want...) })
	}
	_, err := ParseMapping([]byte(`{"name":"x","separateur":";"}`))
	refused(t, err, " variables.mapping_json")
	_, err = ParseMapping([]byte(`{} {}`))
	refused(t, err, " variables.mapping_json")
	_, err = ParseMapping(make([]byte, MaxMapping+1))
	refused(t, err, " variables.mapping_large")
}

func TestAWrongMappingOfReturnsIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		kind   Kind
		change func(*ReturnMapping)
		want   []string
	}{
		"kind":           {OfResults, func(m *ReturnMapping) { m.Kind = "slips" }, []string{"kind variables.mapping_one_of"}},
		"no column":      {OfResults, func(m *ReturnMapping) { m.Columns = nil }, []string{"columns variables.mapping_columns"}},
		"a foreign":      {OfResults, func(m *ReturnMapping) { m.Columns[2].Field = Debit }, []string{"columns[2].field variables.mapping_source"}},
		"twice":          {OfResults, func(m *ReturnMapping) { m.Columns[1].Field = Matricule }, []string{"columns[1].field variables.mapping_twice"}},
		"same title":     {OfResults, func(m *ReturnMapping) { m.Columns[1].Titles = []string{"MATRICULE "} }, []string{"columns[1].titles[0] variables.mapping_word", "columns[1].titles[0] variables.mapping_title"}},
		"no title":       {OfResults, func(m *ReturnMapping) { m.Columns[2].Titles = nil }, []string{"columns[2].titles variables.mapping_empty"}},
		"nobody":         {OfResults, func(m *ReturnMapping) { m.Columns = m.Columns[2:] }, []string{"columns variables.mapping_who"}},
		"nothing":        {OfResults, func(m *ReturnMapping) { m.Columns = m.Columns[:3] }, []string{"columns variables.mapping_what"}},
		"total":          {OfResults, func(m *ReturnMapping) { m.Totals = []string{"—"} }, []string{"totals[0] variables.mapping_empty"}},
		"one side":       {OfJournal, func(m *ReturnMapping) { m.Columns = m.Columns[:8] }, []string{"columns variables.mapping_sides"}},
		"three amounts":  {OfJournal, func(m *ReturnMapping) { m.Columns[0].Field = Amount }, []string{"columns variables.mapping_sides"}},
		"no position":    {OfJournal, func(m *ReturnMapping) { m.Header = false; m.Columns = m.Columns[:1] }, []string{"columns[0].position variables.mapping_position", "columns variables.mapping_sides"}},
		"a formula date": {OfJournal, func(m *ReturnMapping) { m.Date = "" }, []string{"date variables.mapping_date"}},
	} {
		m := shippedReturn(t, "silae", c.kind)
		c.change(&m)
		t.Run(name, func(t *testing.T) { refused(t, m.Check(), c.want...) })
	}
}

// What a cooperative has made its own is kept as JSON and is the same when it is read.
func TestAMappingIsData(t *testing.T) {
	for _, name := range Mappings() {
		m := shippedMapping(t, name)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseMapping(b)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := json.Marshal(again); err != nil || string(c) != string(b) {
			t.Errorf("%s changes when it is kept: %v", name, err)
		}
	}
}

func FuzzParseMapping(f *testing.F) {
	for _, name := range Mappings() {
		b, err := open(name, "variables")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, kind := range []Kind{OfResults, OfJournal} {
		b, err := open("silae", string(kind))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := ParseMapping(b); err == nil && m.Check() != nil {
			t.Error("a mapping that is wrong was read")
		}
		if m, err := ParseReturnMapping(b); err == nil && m.Check() != nil {
			t.Error("a mapping that is wrong was read")
		}
	})
}
