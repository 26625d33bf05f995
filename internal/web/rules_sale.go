package web

import (
	"fmt"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/sale"
)

// The dated rules about documents: the controls before submission, the numbers, the texts by nature of sale.

// gateChoices are what a control may do.
func gateChoices(p i18n.Printer) []Option {
	return []Option{{Value: string(coop.GateBlock), Label: p.T("rules.gate_block")}, {Value: string(coop.GateWarn), Label: p.T("rules.gate_warn")}, {Value: string(coop.GateOff), Label: p.T("rules.gate_off")}}
}

// gateOptions are the controls by field and label.
func gateOptions(p i18n.Printer) []Option {
	var all []Option
	for _, name := range coop.GateNames() {
		all = append(all, Option{Value: name, Label: p.T("sale.gates." + name)})
	}
	return all
}

func gatesWords(p i18n.Printer, g coop.Gates) []string {
	lists := map[coop.Gate][]string{}
	for _, name := range coop.GateNames() {
		choice := *g.Of(name)
		word := lowerFirst(p.T("sale.gates." + name))
		if name == "quote" && choice != coop.GateOff {
			word = p.T("rules.gate_quote_above", "amount", g.QuoteAbove)
		}
		lists[choice] = append(lists[choice], word)
	}
	var words []string
	for _, c := range []struct {
		choice coop.Gate
		key    string
	}{{coop.GateBlock, "rules.gates_block"}, {coop.GateWarn, "rules.gates_warn"}, {coop.GateOff, "rules.gates_off"}} {
		if list := lists[c.choice]; len(list) > 0 {
			words = append(words, p.T(c.key, "list", strings.Join(list, ", ")))
		}
	}
	return words
}

// seriesNames are the kinds of document that are numbered, in the order of the form.
var seriesNames = []string{"invoice", "credit", "quote", "penalty"}

func resetOptions(p i18n.Printer) []Option {
	return []Option{{Value: string(coop.ResetYear), Label: p.T("rules.reset.year")}, {Value: string(coop.ResetMonth), Label: p.T("rules.reset.month")}, {Value: string(coop.ResetNever), Label: p.T("rules.reset.never")}}
}

func seriesOptions(p i18n.Printer) []Option {
	var all []Option
	for _, name := range seriesNames {
		all = append(all, Option{Value: name, Label: p.T("rules.series." + name)})
	}
	return all
}

func numberingWords(p i18n.Printer, n coop.Numbering, on date.Day) []string {
	var words []string
	for _, name := range seriesNames {
		s := n.Each()[name]
		words = append(words, p.T("rules.series_is", "what", p.T("rules.series."+name), "example", s.Number(123, on, "042"), "reset", lowerFirst(p.T("rules.reset."+string(s.Reset)))))
	}
	if n.Why != "" {
		words = append(words, n.Why)
	}
	return words
}

func mentionsWords(p i18n.Printer, m coop.Mentions) []string {
	var words []string
	for _, n := range sale.Natures() {
		if text := m.ByNature[n.Code]; text != "" {
			words = append(words, p.T("rules.mention_of", "nature", p.T(n.Label), "text", text))
		}
	}
	if len(words) == 0 {
		words = []string{p.T("rules.mention_none")}
	}
	if m.LookReserved {
		words = append(words, p.T("rules.look_reserved")+".")
	}
	return words
}

// fillSaleRule and readSaleRule are [fillRule] and [readRule] of these kinds.
func fillSaleRule(f *Form, kind coop.RuleKind, now coop.Rules) {
	switch kind {
	case coop.RuleGates:
		for _, name := range coop.GateNames() {
			f.Set(name, string(*now.Gates.Of(name)))
		}
		f.Set("quoteAbove", now.Gates.QuoteAbove)
	case coop.RuleNumbering:
		for _, name := range seriesNames {
			s := now.Numbering.Each()[name]
			f.Set(name+".template", s.Template).Set(name+".reset", string(s.Reset))
		}
		f.Set("why", now.Numbering.Why)
	case coop.RuleMentions:
		for _, n := range sale.Natures() {
			f.Set(n.Code, now.Mentions.ByNature[n.Code])
		}
		f.Set("lookReserved", now.Mentions.LookReserved)
	}
}

func readSaleRule(f *Form, kind coop.RuleKind) any {
	switch kind {
	case coop.RuleGates:
		g := coop.Gates{QuoteAbove: f.Cents("quoteAbove")}
		for _, name := range coop.GateNames() {
			*g.Of(name) = coop.Gate(f.Get(name))
		}
		return g
	case coop.RuleNumbering:
		var n coop.Numbering
		for _, name := range seriesNames {
			*n.Each()[name] = coop.Series{Template: f.Text(name+".template", 60), Reset: coop.Reset(f.Get(name + ".reset"))}
		}
		n.Why = f.Text("why", 250)
		return n
	}
	m := coop.Mentions{ByNature: map[string]string{}, LookReserved: f.Bool("lookReserved")}
	for _, n := range sale.Natures() {
		if text := strings.TrimSpace(strings.ReplaceAll(f.Text(n.Code, coop.MaxMention), "\r\n", "\n")); text != "" {
			m.ByNature[n.Code] = text
		}
	}
	return m
}

// saleRule says whether a kind of rule is one of these.
func saleRule(kind coop.RuleKind) bool {
	return slices.Contains([]coop.RuleKind{coop.RuleGates, coop.RuleNumbering, coop.RuleMentions}, kind)
}

// seriesHint explains the templates of numbers.
func seriesHint(p i18n.Printer) string {
	return p.T("rules.series_hint", "yyyy", "{YYYY}", "yy", "{YY}", "mm", "{MM}", "ana", "{ANA}", "seq", "{SEQ}", "four", "{SEQ:4}")
}

// ruleTexts are the natures of sale that a text may be written for.
func ruleTexts(p i18n.Printer) []Option { return natureOptions(p) }

// saleAuditField names a field of these rules in the log; "" when it is none.
func saleAuditField(p i18n.Printer, name string) string {
	for _, x := range append(gateOptions(p), seriesOptions(p)...) {
		switch name {
		case x.Value:
			return x.Label
		case x.Value + ".template":
			return p.T("audit.field.template", "what", x.Label)
		case x.Value + ".reset":
			return p.T("audit.field.reset", "what", x.Label)
		}
	}
	switch name {
	case "quoteAbove":
		return p.T("rules.gate_above")
	case "why":
		return p.T("rules.series_why")
	case "samplePercent":
		return p.T("rules.tr_sample")
	}
	for _, n := range sale.Natures() {
		if name == "byNature."+n.Code {
			return fmt.Sprintf("%s (%s)", p.T("rules.mentions"), p.T(n.Label))
		}
	}
	return ""
}
