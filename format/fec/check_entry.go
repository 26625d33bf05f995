package fec

import (
	"bytes"
	"cmp"
	"slices"

	"essaim/date"
	"essaim/money"
)

const (
	// pendingMost is how many entries whose lines do not balance yet are kept, waiting for the rest of their lines.
	pendingMost = 1 << 15
	// journalsMost is how many journals are told apart; a file with more is no set of books.
	journalsMost = 1 << 12
)

// journal is what is kept of one journal.
type journal struct {
	id                 uint32
	code               string
	label              uint64 // hash of its label
	labelTold          bool
	sequence           *sequence // of the last number
	tail               bool      // the count stands before the year: 12/2026
	started            bool
	orderTold, oddTold bool
}

// entryKey names an entry.
type entryKey struct {
	journal uint32
	num     string
}

// openEntry is an entry whose lines are being read, or that does not balance yet.
type openEntry struct {
	journal       *journal
	num           []byte
	line          int // its first line
	day, valid    date.Day
	debit, credit money.Cents
	hash          uint64
	again         bool // its number was met before: already told
	dateTold      bool
	validTold     bool
	broken        bool // one of its lines could not be read: its balance says nothing
}

// entry adds one line to the entry it belongs to. A line without a journal or a number was told already.
func (c *checker) entry(v *values) {
	if len(v.journal) == 0 || len(v.num) == 0 {
		total := c.broken // the amounts of the line count in the total all the same
		c.spoil()
		c.broken = total
		return
	}
	e := c.at(v.journal, v.num)
	if c.spoiled {
		c.spoiled, e.broken = false, true
	}
	if e.journal != nil {
		c.journalLabel(e.journal)
	}
	if v.entry != 0 {
		if e.day == 0 {
			e.day = v.entry
		} else if e.day != v.entry && !e.dateTold {
			e.dateTold = true
			c.find(c.n, EcritureDate, RuleEntryDate, "journal", shown(v.journal), "num", shown(v.num), "day", v.entry, "first", e.day)
		}
	}
	if v.valid != 0 {
		if e.valid == 0 {
			e.valid = v.valid
		} else if e.valid != v.valid && !e.validTold {
			e.validTold = true
			c.find(c.n, ValidDate, RuleEntryValid, "journal", shown(v.journal), "num", shown(v.num), "valid", v.valid, "first", e.valid)
		}
	}
	if !v.amounts {
		e.broken = true
	}
	e.debit += v.debit
	e.credit += v.credit
	h := hashWord(e.hash, uint64(uint32(v.entry)))
	for _, b := range [...][]byte{v.account, v.aux, v.piece, v.label} {
		h = hashBytes(h, b)
	}
	e.hash = hashWord(hashWord(h, uint64(v.debit)), uint64(v.credit))
}

// spoil notes a line whose entry is not known. It may belong to the entry being read or to the next: neither is told
// to be unbalanced, nor is the file.
func (c *checker) spoil() {
	c.current.broken = true
	c.broken, c.spoiled = true, true
}

// at returns the entry of that journal and number, opening it when the line before was of another.
func (c *checker) at(code, num []byte) *openEntry {
	const most = 256 // bytes of a name that are kept; a longer one is no name
	code, num = code[:min(len(code), most)], num[:min(len(num), most)]
	e := &c.current
	if e.line != 0 && e.journal.code == string(code) && bytes.Equal(e.num, num) {
		return e
	}
	c.closeEntry()
	j := c.journalOf(code)
	if len(c.pending) > 0 {
		k := entryKey{j.id, string(num)}
		if p := c.pending[k]; p != nil {
			delete(c.pending, k)
			*e = *p
			if !e.again {
				e.again = true
				c.find(c.n, EcritureNum, RuleEntryScattered, "journal", shown(code), "num", shown(num))
			}
			return e
		}
	}
	*e = openEntry{journal: j, num: append(e.num[:0], num...), line: c.n, hash: hashWord(7, uint64(j.id))}
	if c.number(j, num) { // what stood above under this number balanced: it was another entry
		e.again = true
		c.find(c.n, EcritureNum, RuleNumberTwice, "journal", shown(code), "num", shown(num))
	} else {
		c.Entries++
	}
	return e
}

func (c *checker) journalOf(code []byte) *journal {
	if c.journal != nil && c.journal.code == string(code) {
		return c.journal
	}
	j := c.journals[string(code)]
	if j == nil {
		j = &journal{id: uint32(len(c.journals) + 1), code: string(code)}
		if len(c.journals) < journalsMost {
			c.journals[j.code] = j
		}
	}
	c.journal = j
	return j
}

func (c *checker) journalLabel(j *journal) {
	label := c.get(JournalLib)
	if len(label) == 0 || j.labelTold {
		return
	}
	h := hashBytes(2, label)
	if j.label == 0 {
		j.label = h
	} else if j.label != h {
		j.labelTold = true
		c.find(c.n, JournalLib, RuleJournalLabel, "journal", shown([]byte(j.code)), "label", shown(label))
	}
}

// closeEntry puts aside the entry being read: forgotten when it balances, kept for a while when not.
func (c *checker) closeEntry() {
	e := &c.current
	if e.line == 0 {
		return
	}
	switch {
	case e.debit != e.credit || e.broken:
		if len(c.pending) >= pendingMost {
			c.tellPending()
		}
		kept := *e
		kept.num = slices.Clone(e.num)
		c.pending[entryKey{e.journal.id, string(kept.num)}] = &kept
	case !e.again && e.debit != 0:
		if first := c.content.put(e.hash, e.line); first != 0 {
			c.find(e.line, EcritureNum, RuleEntryTwice, "journal", shown([]byte(e.journal.code)), "num", shown(e.num), "first", number(first))
		}
	}
	e.line = 0
}

// tellPending tells the entries that never came to balance, in the order of their first lines.
func (c *checker) tellPending() {
	all := make([]*openEntry, 0, len(c.pending))
	for _, e := range c.pending {
		if !e.broken && e.debit != e.credit {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b *openEntry) int { return cmp.Compare(a.line, b.line) })
	for _, e := range all {
		c.find(e.line, Debit, RuleEntryUnbalanced, "journal", shown([]byte(e.journal.code)), "num", shown(e.num),
			"debit", e.debit, "credit", e.credit, "gap", e.debit-e.credit)
	}
	clear(c.pending)
}

// classTotals are the sums that the whole file must, or must not, bring to nil.
type classTotals struct {
	internal, link            money.Cents // accounts 186 and 187, 181
	expense, income           money.Cents
	hasInternal, hasLink      bool
	movedExpense, movedIncome bool
}

func (t *classTotals) add(account []byte, v money.Cents) {
	switch account[0] {
	case '1':
		switch string(account[:3]) {
		case "186", "187":
			t.internal += v
			t.hasInternal = true
		case "181":
			t.link += v
			t.hasLink = true
		}
	case '6':
		t.expense += v
		t.movedExpense = t.movedExpense || v != 0
	case '7':
		t.income += v
		t.movedIncome = t.movedIncome || v != 0
	}
}

// tellClasses tells sums of the whole file that should or should not be nil.
func (c *checker) tellClasses() {
	if c.broken {
		return
	}
	t := &c.totals
	if t.internal != 0 {
		c.find(0, CompteNum, RuleInternal, "sum", t.internal)
	}
	if t.link != 0 {
		c.find(0, CompteNum, RuleLink, "sum", t.link)
	}
	if t.movedExpense && t.movedIncome && t.expense == 0 && t.income == 0 {
		c.find(0, CompteNum, RuleYearClosed)
	}
}
