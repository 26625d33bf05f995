package fec

import (
	"strconv"

	"essaim/i18n"
)

// Severity says what a finding does to the verdict.
type Severity uint8

// An Error makes the file unfit to hand over; a Warning is what the tax tool calls « alerte », or a doubt worth a look.
const (
	Error Severity = iota
	Warning
)

// Rule is one thing that [Check] looks at.
type Rule uint8

// The rules, errors first. The table of the package comment says what each holds and where it comes from.
const (
	RuleFileName Rule = iota
	RuleCharset
	RuleFileEmpty
	RuleSeparator
	RuleHeaderMissing
	RuleColumnMissing
	RuleColumnTwice
	RuleColumnOrder
	RuleLineLong
	RuleFieldCount
	RuleFieldEmpty
	RuleDate
	RuleAmount
	RuleDirection
	RuleDecimalPoint
	RuleLineEmpty
	RuleAuxiliary
	RuleCurrency
	RuleValidBeforeEntry
	RuleEntryUnbalanced
	RuleEntryDate
	RuleNumberTwice
	RuleNumberHole
	RuleTotal

	RuleAccount
	RuleOutOfYear
	RuleBothSides
	RuleNoAmount
	RuleLettering
	RuleEntryScattered
	RuleBOM
	RuleOtherCharset
	RuleControl
	RuleEndEmpty
	RuleColumnExtra
	RuleYearLong
	RuleValidOrder
	RuleNumberOrder
	RuleNumberStart
	RuleNumberUnreadable
	RuleEntryValid
	RuleEntryTwice
	RulePieceAfterEntry
	RuleAccountLabel
	RuleJournalLabel
	RuleCurrencyEuro
	RuleCurrencyCode
	RuleInternal
	RuleLink
	RuleYearClosed

	rules
)

type ruleInfo struct {
	code     string
	key      string
	severity Severity
}

var ruleTable = [rules]ruleInfo{
	RuleFileName:         {"file-name", "fec.rule.file-name", Error},
	RuleCharset:          {"charset", "fec.rule.charset", Error},
	RuleFileEmpty:        {"file-empty", "fec.rule.file-empty", Error},
	RuleSeparator:        {"separator", "fec.rule.separator", Error},
	RuleHeaderMissing:    {"header-missing", "fec.rule.header-missing", Error},
	RuleColumnMissing:    {"column-missing", "fec.rule.column-missing", Error},
	RuleColumnTwice:      {"column-twice", "fec.rule.column-twice", Error},
	RuleColumnOrder:      {"column-order", "fec.rule.column-order", Error},
	RuleLineLong:         {"line-long", "fec.rule.line-long", Error},
	RuleFieldCount:       {"field-count", "fec.rule.field-count", Error},
	RuleFieldEmpty:       {"field-empty", "fec.rule.field-empty", Error},
	RuleDate:             {"date", "fec.rule.date", Error},
	RuleAmount:           {"amount", "fec.rule.amount", Error},
	RuleDirection:        {"direction", "fec.rule.direction", Error},
	RuleDecimalPoint:     {"decimal-point", "fec.rule.decimal-point", Error},
	RuleLineEmpty:        {"line-empty", "fec.rule.line-empty", Error},
	RuleAuxiliary:        {"auxiliary", "fec.rule.auxiliary", Error},
	RuleCurrency:         {"currency", "fec.rule.currency", Error},
	RuleValidBeforeEntry: {"valid-before-entry", "fec.rule.valid-before-entry", Error},
	RuleEntryUnbalanced:  {"entry-unbalanced", "fec.rule.entry-unbalanced", Error},
	RuleEntryDate:        {"entry-date", "fec.rule.entry-date", Error},
	RuleNumberTwice:      {"number-twice", "fec.rule.number-twice", Error},
	RuleNumberHole:       {"number-hole", "fec.rule.number-hole", Error},
	RuleTotal:            {"total-unbalanced", "fec.rule.total-unbalanced", Error},

	RuleAccount:          {"account", "fec.rule.account", Warning},
	RuleOutOfYear:        {"out-of-year", "fec.rule.out-of-year", Warning},
	RuleBothSides:        {"both-sides", "fec.rule.both-sides", Warning},
	RuleNoAmount:         {"no-amount", "fec.rule.no-amount", Warning},
	RuleLettering:        {"lettering", "fec.rule.lettering", Warning},
	RuleEntryScattered:   {"entry-scattered", "fec.rule.entry-scattered", Warning},
	RuleBOM:              {"bom", "fec.rule.bom", Warning},
	RuleOtherCharset:     {"other-charset", "fec.rule.other-charset", Warning},
	RuleControl:          {"control", "fec.rule.control", Warning},
	RuleEndEmpty:         {"end-empty", "fec.rule.end-empty", Warning},
	RuleColumnExtra:      {"column-extra", "fec.rule.column-extra", Warning},
	RuleYearLong:         {"year-long", "fec.rule.year-long", Warning},
	RuleValidOrder:       {"valid-order", "fec.rule.valid-order", Warning},
	RuleNumberOrder:      {"number-order", "fec.rule.number-order", Warning},
	RuleNumberStart:      {"number-start", "fec.rule.number-start", Warning},
	RuleNumberUnreadable: {"number-unreadable", "fec.rule.number-unreadable", Warning},
	RuleEntryValid:       {"entry-valid", "fec.rule.entry-valid", Warning},
	RuleEntryTwice:       {"entry-twice", "fec.rule.entry-twice", Warning},
	RulePieceAfterEntry:  {"piece-after-entry", "fec.rule.piece-after-entry", Warning},
	RuleAccountLabel:     {"account-label", "fec.rule.account-label", Warning},
	RuleJournalLabel:     {"journal-label", "fec.rule.journal-label", Warning},
	RuleCurrencyEuro:     {"currency-euro", "fec.rule.currency-euro", Warning},
	RuleCurrencyCode:     {"currency-code", "fec.rule.currency-code", Warning},
	RuleInternal:         {"internal", "fec.rule.internal", Warning},
	RuleLink:             {"link", "fec.rule.link", Warning},
	RuleYearClosed:       {"year-closed", "fec.rule.year-closed", Warning},
}

// String returns the code of the rule, as printed and as named in the package comment.
func (r Rule) String() string { return ruleTable[r].code }

// Severity says whether a breach is an error or a warning.
func (r Rule) Severity() Severity { return ruleTable[r].severity }

// Finding is one breach of one rule.
type Finding struct {
	Line  int   // physical line of the file, from 1; 0 for the file as a whole
	Field Field // the column; its name is "" when the line, the entry or the file is meant
	Rule  Rule
	key   string
	args  []any
}

// Text returns the words of the finding.
func (f Finding) Text(p i18n.Printer) string { return p.T(f.key, f.args...) }

// Append writes "line;field;rule;message" without an end of line. The rule of a warning is written "warning:rule".
func (f Finding) Append(b []byte, p i18n.Printer) []byte {
	b = strconv.AppendInt(b, int64(f.Line), 10)
	b = append(b, ';')
	b = append(b, f.Field.String()...)
	b = append(b, ';')
	if f.Rule.Severity() == Warning {
		b = append(b, "warning:"...)
	}
	b = append(b, f.Rule.String()...)
	b = append(b, ';')
	return append(b, f.Text(p)...)
}

// Rules returns all the rules, errors first, in the order of the package comment.
func Rules() []Rule {
	all := make([]Rule, rules)
	for i := range all {
		all[i] = Rule(i)
	}
	return all
}
