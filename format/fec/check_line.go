package fec

import (
	"unicode/utf8"

	"essaim/date"
	"essaim/money"
)

// values is what one line says, as far as it can be read.
type values struct {
	journal, num, account, aux, piece, label []byte
	entry, doc, valid                        date.Day
	debit, credit                            money.Cents
	amounts                                  bool // both amounts were read
}

// compulsory are the columns that may never be left empty; Debit and Credit are looked at with the amounts.
var compulsory = [...]Field{
	JournalCode, JournalLib, EcritureNum, EcritureDate, CompteNum, CompteLib, PieceRef, PieceDate, EcritureLib, ValidDate,
}

// line checks one line by itself, then hands it to its entry.
func (c *checker) line(s *scanner, line []byte) {
	c.n = s.line
	if s.long {
		c.Lines++
		c.find(c.n, noField, RuleLineLong, "most", MaxLine/1024)
		c.spoil()
		return
	}
	if blank(line) {
		c.blanks.add(c.n)
		return
	}
	c.tellBlanks(RuleLineEmpty)
	c.Lines++
	c.characters(line)
	c.cells.cut(line, c.sep)
	if c.cells.n != c.count {
		c.find(c.n, noField, RuleFieldCount, "got", number(c.cells.n), "want", number(c.count))
		c.spoil()
		return
	}
	for _, f := range compulsory {
		if c.col[f] >= 0 && len(c.get(f)) == 0 {
			c.find(c.n, f, RuleFieldEmpty, "name", f.String())
		}
	}
	v := values{
		journal: c.get(JournalCode), num: c.get(EcritureNum), account: c.get(CompteNum), aux: c.get(CompAuxNum),
		piece: c.get(PieceRef), label: c.get(EcritureLib),
	}
	c.days(&v)
	c.amounts(&v)
	c.account(&v)
	c.pairs(&v)
	c.entry(&v)
}

// get returns the cell of a column of the line being read.
func (c *checker) get(f Field) []byte { return c.cells.cell(c.col[f]) }

// characters looks at the bytes of a line: control characters, and which charset it is written in.
func (c *checker) characters(line []byte) {
	var high, control bool
	for _, b := range line {
		if b >= 0x80 {
			high = true
		} else if (b < ' ' || b == 0x7f) && b != c.sep {
			control = true
		}
	}
	if control {
		c.find(c.n, noField, RuleControl)
	}
	if !high {
		return
	}
	if utf8.Valid(line) {
		if c.utf8Line == 0 {
			c.utf8Line = c.n
		}
	} else {
		if c.latinLine == 0 {
			c.latinLine = c.n
		}
		for _, b := range line {
			if b >= 0x80 && b < 0xa0 {
				c.findOnce(c.n, noField, RuleOtherCharset)
			}
		}
	}
	if c.utf8Line > 0 && c.latinLine > 0 {
		c.findOnce(c.n, noField, RuleOtherCharset)
	}
}

// day reads one date; blank is for the caller to judge.
func (c *checker) day(f Field) (date.Day, bool) {
	b := c.get(f)
	if len(b) == 0 {
		return 0, false
	}
	d, ok := c.cal.parse(b)
	if !ok && (f != DateLet || !noDay(b)) {
		c.find(c.n, f, RuleDate, "value", shown(b))
	}
	return d, ok
}

func (c *checker) days(v *values) {
	var hasEntry, hasDoc, hasValid bool
	v.entry, hasEntry = c.day(EcritureDate)
	v.doc, hasDoc = c.day(PieceDate)
	c.day(DateLet)
	v.valid, hasValid = c.day(ValidDate)
	if hasEntry && c.closing != 0 {
		if v.entry > c.closing || v.entry < c.earliest {
			c.find(c.n, EcritureDate, RuleOutOfYear, "day", v.entry, "closing", c.closing)
		} else if v.entry < c.oneYear {
			c.findOnce(c.n, EcritureDate, RuleYearLong, "day", v.entry, "closing", c.closing)
		}
	}
	if hasEntry && hasValid && v.valid < v.entry {
		c.find(c.n, ValidDate, RuleValidBeforeEntry, "valid", v.valid, "entry", v.entry)
	}
	if hasEntry && hasDoc && v.doc > v.entry {
		c.find(c.n, PieceDate, RulePieceAfterEntry, "doc", v.doc, "entry", v.entry)
	}
	if hasValid {
		if v.valid < c.lastValid {
			c.findOnce(c.n, ValidDate, RuleValidOrder, "valid", v.valid, "before", c.lastValid)
		}
		c.lastValid = v.valid
	}
}

// amount reads one amount and tells what is wrong with how it is written.
func (c *checker) amount(f Field) (money.Cents, bool) {
	b := c.get(f)
	v, form := parseAmount(b)
	switch form {
	case amountPlain:
		return v, true
	case amountPoint:
		c.findOnce(c.n, f, RuleDecimalPoint, "value", shown(b))
		return v, true
	case amountEmpty:
		if f != Montantdevise {
			c.find(c.n, f, RuleFieldEmpty, "name", f.String())
			return 0, true
		}
		return 0, false
	case amountFine:
		if f == Montantdevise { // dinars have three decimals
			return v, true
		}
	}
	c.find(c.n, f, RuleAmount, "value", shown(b))
	return 0, false
}

func (c *checker) amounts(v *values) {
	if c.sens {
		c.oneAmount(v)
	} else if c.col[Debit] >= 0 && c.col[Credit] >= 0 {
		var okD, okC bool
		v.debit, okD = c.amount(Debit)
		v.credit, okC = c.amount(Credit)
		v.amounts = okD && okC
		if v.debit != 0 && v.credit != 0 {
			c.find(c.n, Credit, RuleBothSides, "debit", v.debit, "credit", v.credit)
		}
	}
	if !v.amounts {
		c.broken = true
		return
	}
	if v.debit == 0 && v.credit == 0 && (c.sens || len(c.get(Debit)) > 0 && len(c.get(Credit)) > 0) {
		c.find(c.n, Debit, RuleNoAmount)
	}
	c.Debit += v.debit
	c.Credit += v.credit
}

// oneAmount reads the form « Montant » and « Sens ».
func (c *checker) oneAmount(v *values) {
	amount, ok := c.amount(Montant)
	b := c.get(Sens)
	credit, known := direction(b)
	switch {
	case len(b) == 0:
		c.find(c.n, Sens, RuleFieldEmpty, "name", Sens.String())
	case !known:
		c.find(c.n, Sens, RuleDirection, "value", shown(b))
	}
	v.amounts = ok && known
	if credit {
		v.credit = amount
	} else {
		v.debit = amount
	}
}

// account checks the number against the PCG (three digits, classes 1 to 8) and remembers its label.
func (c *checker) account(v *values) {
	b := v.account
	if len(b) == 0 {
		return
	}
	digits := len(b) >= 3
	for i := 0; digits && i < 3; i++ {
		digits = b[i] >= '0' && b[i] <= '9'
	}
	if !digits || b[0] == '0' || b[0] == '9' {
		c.find(c.n, CompteNum, RuleAccount, "account", shown(b))
		return
	}
	if v.amounts {
		c.totals.add(b, v.debit-v.credit)
	}
	const most = 1 << 17 // accounts whose label is remembered
	label := c.get(CompteLib)
	h := hashBytes(1, label)
	if known, ok := c.accounts[string(b)]; !ok {
		if len(label) > 0 && len(c.accounts) < most && len(b) <= 64 {
			c.accounts[string(b)] = h
		}
	} else if known != h && known != 0 && len(label) > 0 {
		c.accounts[string(b)] = 0 // told once for each account
		c.find(c.n, CompteLib, RuleAccountLabel, "account", shown(b), "label", shown(label))
	}
}

// pairs checks the columns that go two by two.
func (c *checker) pairs(v *values) {
	if lib := c.get(CompAuxLib); (len(v.aux) == 0) != (len(lib) == 0) && c.col[CompAuxNum] >= 0 && c.col[CompAuxLib] >= 0 {
		c.both(CompAuxNum, CompAuxLib, len(v.aux) == 0, RuleAuxiliary)
	}
	if let, day := c.get(EcritureLet), noDay(c.get(DateLet)); (len(let) == 0) != day && c.col[EcritureLet] >= 0 && c.col[DateLet] >= 0 {
		c.both(EcritureLet, DateLet, len(let) == 0, RuleLettering)
	}
	if c.col[Montantdevise] < 0 || c.col[Idevise] < 0 {
		return
	}
	amount, read := c.amount(Montantdevise)
	code := c.get(Idevise)
	unused := len(c.get(Montantdevise)) == 0 || read && amount == 0
	switch {
	case len(code) == 0 && !unused:
		c.both(Idevise, Montantdevise, true, RuleCurrency)
	case len(code) > 0 && len(c.get(Montantdevise)) == 0 && string(code) == "EUR":
		c.findOnce(c.n, Idevise, RuleCurrencyEuro)
	case len(code) > 0 && len(c.get(Montantdevise)) == 0:
		c.both(Montantdevise, Idevise, true, RuleCurrency)
	}
	if len(code) > 0 && !currencyCode(code) {
		c.find(c.n, Idevise, RuleCurrencyCode, "value", shown(code))
	}
}

// both tells that of two columns one is empty: a when aEmpty, else b.
func (c *checker) both(a, b Field, aEmpty bool, r Rule) {
	if !aEmpty {
		a, b = b, a
	}
	c.find(c.n, a, r, "empty", a.String(), "filled", b.String())
}

// currencyCode says whether b has the shape of an ISO 4217 code.
func currencyCode(b []byte) bool {
	if len(b) != 3 {
		return false
	}
	for _, ch := range b {
		if ch < 'A' || ch > 'Z' {
			return false
		}
	}
	return true
}
