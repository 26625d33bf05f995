package sale

import (
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/i18n"
	"essaim/member"
)

func names(all []Finding) (list []string) {
	for _, f := range all {
		list = append(list, f.Name)
	}
	return list
}

// Practice 33: each control holds what it names, and nothing else.
func TestGates(t *testing.T) {
	works := line("Réfection d’un mur, en sous-traitance", "works", "S20", "1", "800")
	for name, c := range map[string]struct {
		change func(*Document, *Facts)
		want   string
	}{
		"nothing":                        {func(*Document, *Facts) {}, ""},
		"insurance expired":              {func(_ *Document, f *Facts) { f.Activity.InsuranceUntil = today - 1 }, "insurance"},
		"insurance ends before the work": {func(d *Document, f *Facts) { f.Activity.InsuranceUntil, d.Content.Delivered = today+5, today+6 }, "insurance"},
		"works under a ten-year insurance": {func(d *Document, f *Facts) { // its days are the law's own: checkCover
			d.Content.Lines[0].Nature, f.Activity.Cover = "works", coop.Cover{Insurer: "MB", Contract: "7", Zone: "France", From: today - 400, Until: today - 1}
		}, ""},
		"other sales under it, over": {func(_ *Document, f *Facts) {
			f.Activity.Cover = coop.Cover{Insurer: "MB", Contract: "7", Zone: "France", From: today - 400, Until: today - 1}
		}, "insurance"},
		"insurance on its last day": {func(_ *Document, f *Facts) { f.Activity.InsuranceUntil = today }, ""},
		"cape ends before delivery": {func(d *Document, f *Facts) {
			f.Contract = member.Contract{Kind: member.CAPE, Start: today - 200, End: today + 3}
			d.Content.Delivered = today + 4
		}, "contract"},
		"cape ends on the day": {func(d *Document, f *Facts) {
			f.Contract = member.Contract{Kind: member.CAPE, Start: today - 200, End: today + 4}
			d.Content.Delivered = today + 4
		}, ""},
		"training without papers": {func(d *Document, f *Facts) { d.Content.Lines[0].Nature, f.Papers = "training", map[string]bool{} }, "agreement attendance"},
		"training with its agreement": {func(d *Document, f *Facts) {
			d.Content.Lines[0].Nature, f.Papers = "training", map[string]bool{PaperAgreement: true}
		}, "attendance"},
		"training, nobody looked":         {func(d *Document, _ *Facts) { d.Content.Lines[0].Nature = "training" }, ""},
		"no signed quote above the limit": {func(_ *Document, f *Facts) { f.Rules.Gates.Quote, f.Rules.Gates.QuoteAbove = coop.GateWarn, 119_99 }, "quote"},
		"at the limit":                    {func(_ *Document, f *Facts) { f.Rules.Gates.Quote, f.Rules.Gates.QuoteAbove = coop.GateWarn, 120_00 }, ""},
		"a signed quote": {func(_ *Document, f *Facts) {
			f.Rules.Gates.Quote, f.Rules.Gates.QuoteAbove, f.Accepted = coop.GateWarn, 1, true
		}, ""},
		"a quote signed on paper": {func(_ *Document, f *Facts) {
			f.Rules.Gates.Quote, f.Rules.Gates.QuoteAbove, f.Papers = coop.GateWarn, 1, map[string]bool{PaperQuote: true}
		}, ""},
		"subcontract with VAT":             {func(d *Document, _ *Facts) { d.Content.Lines[0] = works }, "subcontract"},
		"subcontract under reverse charge": {func(d *Document, _ *Facts) { d.Content.Lines[0] = works; d.Content.Lines[0].Tax = taxWorksReverse }, ""},
		"subcontract to a person":          {func(d *Document, f *Facts) { d.Content.Lines[0] = works; f.Customer.Kind = Consumer }, ""},
		"a credit note":                    {func(d *Document, f *Facts) { d.Kind, f.Activity.InsuranceUntil = CreditNote, today-1 }, ""},
		"issued":                           {func(d *Document, f *Facts) { d.Number, f.Activity.InsuranceUntil = "F-2026-0001", today-1 }, ""},
		"all off": {func(d *Document, f *Facts) {
			f.Rules.Gates, f.Activity.InsuranceUntil = coop.Gates{}, today-1
			d.Content.Lines[0] = works
		}, ""},
	} {
		d, f := draft(Invoice, false, line("Atelier", "service", "S20", "1", "100")), facts()
		c.change(&d, &f)
		found := Findings(d, f)
		if got := strings.Join(names(found), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for _, x := range found {
			for _, lang := range []string{"fr", "en"} {
				if p := i18n.For(lang); !p.Has(x.Key()) || !p.Has("sale.gates."+x.Name) || strings.Contains(p.T(x.Key(), x.Args...), "{") {
					t.Errorf("%s: %s: %q", name, lang, p.T(x.Key(), x.Args...))
				}
			}
		}
	}
}

// What blocks is refused; what warns goes on, and is read.
func TestGateBlocksOrWarns(t *testing.T) {
	d, f := draft(Invoice, false, line("Atelier", "service", "S20", "1", "100")), facts()
	f.Activity.InsuranceUntil = today - 1
	if key, _, read := Read(d, f); CheckGates(d, f) != nil || !read || key != "sale.read.gate" {
		t.Errorf("a warning: %v, read %v by %s", CheckGates(d, f), read, key)
	}
	f.Rules.Gates.Insurance = coop.GateBlock
	refused(t, CheckGates(d, f), "", "sale.gate.insurance")
	f.Rules.Gates.Insurance = coop.GateOff
	if key, _, read := Read(d, f); CheckGates(d, f) != nil || read || key != "sale.read.alone" {
		t.Errorf("off: %v, read %v by %s", CheckGates(d, f), read, key)
	}
}

// Every gate is one that a cooperative chooses, and the other way round.
func TestGatesAreChosen(t *testing.T) {
	for _, g := range Gates() {
		if !slices.Contains(coop.GateNames(), g.Name) {
			t.Errorf("%s is no field of coop.Gates", g.Name)
		}
	}
	for _, name := range coop.GateNames() {
		if !slices.ContainsFunc(Gates(), func(g Gate) bool { return g.Name == name }) {
			t.Errorf("%s is chosen and never asked", name)
		}
	}
}

// A text of a nature stands once, on documents that sell it.
func TestOwnTexts(t *testing.T) {
	f := facts()
	f.Rules.Mentions.ByNature = map[string]string{"service": "Annulation gratuite jusqu’à 48 h.", "made": "Pièces uniques."}
	d := draft(Invoice, false, line("Atelier", "service", "S20", "1", "100"), line("Suite", "service", "S20", "1", "50"))
	p := strings.Join(Print(d, f, i18n.For("fr")).Mentions, "\n")
	if strings.Count(p, "Annulation gratuite") != 1 || strings.Contains(p, "Pièces uniques") {
		t.Error(p)
	}
}
