package fec

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"essaim/date"
	"essaim/money"
)

// Options of a check.
type Options struct {
	// Name is the name of the file, without its directory; "" leaves the name and the fiscal year unchecked.
	Name string
	// PerRule is how many findings of one rule are told one by one before the rest is only counted; 0 means 1000.
	PerRule int
}

// Summary is what a check saw.
type Summary struct {
	Lines    int // lines of entries, well formed or not
	Entries  int // entries by journal and number
	Errors   int
	Warnings int
	Debit    money.Cents
	Credit   money.Cents
}

// Clean says whether nothing was found; with strict, not even a warning.
func (s Summary) Clean(strict bool) bool { return s.Errors == 0 && (!strict || s.Warnings == 0) }

// Check reads a whole file once and hands every finding to report as it is met; those that only the end of the file
// can tell (balance of scattered entries, holes, totals) come last. The memory used does not grow with the number of
// lines beyond a fixed bound. The error is one of reading, never of content.
func Check(r io.Reader, opt Options, report func(Finding)) (Summary, error) {
	c := newChecker(opt, report)
	s := newScanner(r)
	c.name(opt.Name)
	if c.open(s) {
		for {
			line, ok := s.next()
			if !ok {
				break
			}
			c.line(s, line)
		}
		if s.err == nil {
			c.finish()
		}
	}
	if s.err != nil {
		return c.Summary, fmt.Errorf("read the FEC: %w", s.err)
	}
	c.tellRest()
	return c.Summary, nil
}

// checker is the state of one check.
type checker struct {
	Summary
	report  func(Finding)
	perRule int
	told    [rules]int

	layout
	cells cells
	cal   calendar
	n     int // line being read

	closing  date.Day // day on which the year closes, 0 when unknown
	earliest date.Day // first day an entry may bear
	oneYear  date.Day // first day of a year of twelve months

	once [rules]bool // rules told once for the file

	utf8Line, latinLine int // first line with either charset
	lastValid           date.Day

	journals  map[string]*journal
	journal   *journal // of the last line
	current   openEntry
	pending   map[entryKey]*openEntry
	sequences sequences
	content   hashSet // entries by what they hold
	lost      hashSet // numbers without a count, to see them come back
	accounts  map[string]uint64
	totals    classTotals
	blanks    blanks
	broken    bool // an amount could not be read: the grand total says nothing
	spoiled   bool // the last line belongs to an unknown entry
}

func newChecker(opt Options, report func(Finding)) *checker {
	c := &checker{
		report: report, perRule: opt.PerRule,
		journals: map[string]*journal{}, pending: map[entryKey]*openEntry{}, accounts: map[string]uint64{},
	}
	if c.perRule <= 0 {
		c.perRule = 1000
	}
	c.sequences.init()
	return c
}

// find tells one finding.
func (c *checker) find(line int, f Field, r Rule, args ...any) {
	c.tell(line, f, r, ruleTable[r].key, args)
}

// tell tells one finding in other words than the rule's own.
func (c *checker) tell(line int, f Field, r Rule, key string, args []any) {
	if r.Severity() == Warning {
		c.Warnings++
	} else {
		c.Errors++
	}
	if c.told[r]++; c.told[r] <= c.perRule {
		c.report(Finding{line, f, r, key, args})
	}
}

// findOnce tells the first finding of a rule and forgets the next.
func (c *checker) findOnce(line int, f Field, r Rule, args ...any) {
	if !c.once[r] {
		c.once[r] = true
		c.find(line, f, r, args...)
	}
}

// tellRest says how many findings of a rule were left untold.
func (c *checker) tellRest() {
	for r, n := range c.told {
		if n > c.perRule {
			c.report(Finding{0, noField, Rule(r), "fec.rule.more", []any{"n", n - c.perRule}})
		}
	}
}

func (c *checker) name(name string) {
	if name == "" {
		return
	}
	_, end, ok := ParseFileName(name)
	if !ok {
		c.find(0, noField, RuleFileName, "name", shown([]byte(name)))
	}
	if end != 0 {
		c.closing = end
		c.earliest, c.oneYear = monthsBefore(end, 24)+1, monthsBefore(end, 12)+1
	}
}

// monthsBefore returns the closing day n months before one: the last day of a month for the last day of a month.
func monthsBefore(end date.Day, n int) date.Day {
	if end == end.Month().Last() {
		return (end.Month() - date.Month(n)).Last()
	}
	return end.AddMonths(-n)
}

// open reads the first line; false when nothing of the rest can be understood.
func (c *checker) open(s *scanner) bool {
	if s.utf16 {
		c.find(1, noField, RuleCharset)
		return false
	}
	if s.bom {
		c.find(1, noField, RuleBOM)
	}
	line, ok := s.next()
	for ok && !s.long && blank(line) {
		c.find(s.line, noField, RuleLineEmpty)
		line, ok = s.next()
	}
	if !ok {
		if s.err == nil {
			c.find(0, noField, RuleFileEmpty)
		}
		return false
	}
	if s.long {
		c.find(s.line, noField, RuleLineLong, "most", MaxLine/1024)
		return false
	}
	if slices.Contains(line, 0) {
		c.find(s.line, noField, RuleCharset)
		return false
	}
	h := readHeading(line)
	if h.known < 3 {
		return c.openBare(s, line, h)
	}
	c.layout = h.layout
	if !h.legal {
		c.find(s.line, noField, RuleSeparator)
	}
	for _, f := range h.missing {
		c.find(s.line, h.place(f), RuleColumnMissing, "name", f.String())
	}
	for _, f := range h.twice {
		c.find(s.line, f, RuleColumnTwice, "name", f.String())
	}
	if !h.ordered && len(h.missing) == 0 {
		c.find(s.line, noField, RuleColumnOrder)
	}
	for _, name := range h.extra {
		c.find(s.line, noField, RuleColumnExtra, "name", shown([]byte(name)))
	}
	return true
}

// openBare takes a first line without names for a line of an entry when it looks like one.
func (c *checker) openBare(s *scanner, line []byte, h heading) bool {
	c.find(s.line, noField, RuleHeaderMissing)
	c.layout = lawful(h.sep)
	c.cells.cut(line, h.sep)
	if _, ok := c.cal.parse(c.cells.cell(int(EcritureDate))); !ok || c.cells.n != Columns {
		return false
	}
	if !h.legal {
		c.find(s.line, noField, RuleSeparator)
	}
	c.line(s, line)
	return true
}

func blank(line []byte) bool {
	for _, b := range line {
		if b != ' ' && b != '\t' {
			return false
		}
	}
	return true
}

// blanks are empty lines that wait to be told: before another line they are an error, at the end of the file they are not.
type blanks struct{ first, n int }

func (b *blanks) add(line int) {
	if b.n == 0 {
		b.first = line
	}
	b.n++
}

func (c *checker) tellBlanks(r Rule) {
	for i := range c.blanks.n {
		c.find(c.blanks.first+i, noField, r)
	}
	c.blanks.n = 0
}

// finish tells what only the whole file shows.
func (c *checker) finish() {
	c.tellBlanks(RuleEndEmpty)
	if c.Lines == 0 {
		c.find(0, noField, RuleFileEmpty)
		return
	}
	c.closeEntry()
	c.tellPending()
	c.tellSequences()
	if c.Debit != c.Credit && !c.broken {
		c.find(0, noField, RuleTotal, "debit", c.Debit, "credit", c.Credit, "gap", c.Debit-c.Credit)
	}
	c.tellClasses()
}

// number writes a line number without thousands separators.
func number(n int) string { return strconv.Itoa(n) }
