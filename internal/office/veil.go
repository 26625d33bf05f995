package office

import (
	"slices"
	"strings"

	"essaim/access"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// What opens of an activity's entries never opens a colleague's pay, nor the expenses they advanced (practice 24 and 49).
// The sums stay whole: what is veiled is told as one line, without name, document or reference.
//
// Of whom an entry speaks is read from the entry, whatever its journal: from the third parties of the persons it names on
// the accounts of pay and refunds, never from a code or a label.

// The words of veiled lines, in the order in which their sums are told.
const (
	veiledTogether         = "office.why.together"          // one's own pay and that of others, which one line holds
	veiledPay              = "office.why.colleague"         // of others
	veiledPayOf            = "office.why.pay"               // to who is none of those who share the activity, and of what names nobody
	veiledExpensesTogether = "office.why.expenses_together" //
	veiledExpenses         = "office.why.expenses"          //
	veiledExpensesOf       = "office.why.expenses_of"       //
)

var veiledWords = []string{veiledTogether, veiledPay, veiledPayOf, veiledExpensesTogether, veiledExpenses, veiledExpensesOf}

// seesPay says whether the actor's work is to see everyone's pay.
func seesPay(a access.Actor) bool {
	return access.Can(a, access.ViewPay, access.Subject{Coop: a.Coop}) == access.Allowed
}

// veil tells of lines of one section which of them the actor may not open, by the words that stand in their place; "" for
// one that opens.
type veil struct {
	me     int64
	sole   bool // nobody but the actor ever shared the activity
	shares bool // the actor is one of those who did
	of     map[int64]*spoken
}

// spoken is of whom an entry speaks, as far as a section is concerned.
type spoken struct {
	persons  []int64         // named on the accounts of pay and refunds
	thirds   map[int64]int64 // third party → its person
	nobody   bool            // tells of pay and names no one
	expenses bool            // tells of nothing but expenses advanced
}

// veilOver reads of whom the entries of some lines of a section speak. nil: everything opens.
func (o *Office) veilOver(tx *store.Tx, a access.Actor, section int64, lines []store.PostedLine) (*veil, error) {
	if seesPay(a) {
		return nil, nil
	}
	v := &veil{me: a.Person, of: map[int64]*spoken{}}
	var entries []int64
	for _, l := range lines {
		if ofSale(l.Document) {
			continue
		}
		if _, known := v.of[l.Entry]; !known {
			v.of[l.Entry] = nil
			entries = append(entries, l.Entry)
		}
	}
	if len(entries) == 0 {
		return v, nil
	}
	personal, err := tx.PersonalLines(section, entries)
	if err != nil {
		return nil, err
	}
	v.hear(personal)
	// An entry that says nothing of pay here may say it in another section, when it crosses.
	elsewhere := slices.DeleteFunc(entries, func(id int64) bool { return v.of[id] != nil })
	if elsewhere, err = tx.Crossing(section, elsewhere); err == nil && len(elsewhere) > 0 {
		if personal, err = tx.PersonalLines(0, elsewhere); err == nil {
			v.hear(personal)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if ofPay(l) && v.of[l.Entry] == nil {
			v.of[l.Entry] = &spoken{nobody: true}
		}
	}
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	s, err := o.near.of(tx.Coop(), set).seller(tx, section)
	if err != nil {
		return nil, err
	}
	v.sole = len(s.activity.Shares) > 0
	for _, share := range s.activity.Shares {
		v.sole = v.sole && share.Person == v.me
		v.shares = v.shares || share.Person == v.me
	}
	return v, nil
}

// hear keeps what lines tell.
func (v *veil) hear(lines []store.PersonalLine) {
	for _, l := range lines {
		s := v.of[l.Entry]
		if s == nil {
			s = &spoken{thirds: map[int64]int64{}, nobody: true, expenses: true}
			v.of[l.Entry] = s
		}
		s.expenses = s.expenses && ledger.Refund(l.Account)
		if l.Third != 0 {
			s.nobody = false
			s.thirds[l.Third] = l.Person
			s.persons = append(s.persons, l.Person)
		}
	}
}

// over returns the words that stand in the place of a line.
func (v *veil) over(l store.PostedLine) string {
	if v == nil || v.of[l.Entry] == nil {
		return ""
	}
	s := v.of[l.Entry]
	if s.nobody {
		if v.sole {
			return ""
		}
		return veiledPayOf
	}
	persons, expenses := s.persons, s.expenses
	if person, named := s.thirds[l.Third]; named {
		persons, expenses = []int64{person}, expenses || ledger.Refund(l.Account)
	}
	mine := slices.Contains(persons, v.me) && v.me != 0
	others := slices.ContainsFunc(persons, func(p int64) bool { return p != v.me })
	switch {
	case mine && !others:
		return ""
	case !v.shares && expenses:
		return veiledExpensesOf
	case !v.shares:
		return veiledPayOf
	case mine && expenses:
		return veiledExpensesTogether
	case mine:
		return veiledTogether
	case expenses:
		return veiledExpenses
	}
	return veiledPay
}

// veiled sums what is not opened, by the words that stand in its place.
type veiled map[string]money.Cents

func (s veiled) lines() (all []PanelLine) {
	for _, key := range veiledWords {
		if sum, some := s[key]; some {
			all = append(all, PanelLine{Key: key, Amount: sum, Veiled: true})
		}
	}
	return all
}

// ofSale says whether a document of a sale has made a line: its entries are the program's, and speak of no pay.
func ofSale(document string) bool {
	kind, _, _ := strings.Cut(document, ":")
	return kind == "invoice" || kind == "credit" || kind == "payment"
}

func ofPay(l store.PostedLine) bool {
	return l.Journal == ledger.JournalPay || strings.HasPrefix(l.Document, "pay:")
}
