package store

import (
	"slices"
	"strings"

	"essaim/ledger"
)

// What the office asks before it opens an entry to someone whose work is not to see pay: of whom it speaks.

// PersonalLine is a line on an account that tells what somebody is paid or refunded.
type PersonalLine struct {
	Entry   int64
	Account string
	Third   int64 // 0: the line names nobody
	Person  int64 // whose third party it is
}

// PersonalLines returns the lines of some entries, in one section (0: in all), that tell what somebody is paid or
// refunded.
func (tx *Tx) PersonalLines(section int64, entries []int64) (all []PersonalLine, err error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(entries, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("l.entry_id", some)
		if section != 0 {
			w.add("l.section_id = ?", section)
		}
		w.begins("l.account", set.Chart.Personal())
		lines, err := list(tx, w.text(`SELECT l.entry_id, l.account, l.third_id, COALESCE(t.person_id, 0) FROM entry_line l LEFT JOIN third t ON t.coop_id = l.coop_id AND t.id = l.third_id WHERE l.coop_id = $1`, " ORDER BY l.entry_id, l.n"), w.args,
			func(scan func(...any) error, p *PersonalLine) error {
				return scan(&p.Entry, &p.Account, &p.Third, &p.Person)
			})
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// Crossing returns which of some entries have a line on the liaison account in a section: their other half stands
// elsewhere.
func (tx *Tx) Crossing(section int64, entries []int64) (all []int64, err error) {
	for some := range slices.Chunk(entries, inMost) {
		w := where{args: []any{tx.coop}}
		w.in("l.entry_id", some)
		w.add("l.section_id = ?", section)
		w.begins("l.account", []string{ledger.Liaison})
		found, err := list(tx, w.text(`SELECT DISTINCT l.entry_id FROM entry_line l WHERE l.coop_id = $1`, " ORDER BY l.entry_id"), w.args,
			func(scan func(...any) error, id *int64) error { return scan(id) })
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// PayLines returns the lines of one section that a filter selects and whose entry, here or in another section, may tell
// what somebody is paid or refunded. They are as many as there are payslips, transfers and notes, whatever else was
// booked: what a document of a sale has made is not among them.
func (tx *Tx) PayLines(f LineFilter) ([]PostedLine, error) {
	accounts, err := tx.accountsWithin(f)
	if err != nil {
		return nil, err
	}
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	var all []PostedLine
	for _, account := range accounts {
		w := where{args: []any{tx.coop}}
		w.add("l.section_id = ?", f.Section)
		w.add("l.account = ?", account)
		w.add("l.day >= ?", f.From.String())
		w.add("l.day <= ?", f.To.String())
		switch {
		case f.Side > 0:
			w.add("l.amount > 0")
		case f.Side < 0:
			w.add("l.amount < 0")
		}
		if f.Side != 0 {
			w.add("NOT " + isNetted)
		}
		conds, args := beginning("p.account", set.Chart.Personal())
		w.add("(e.journal = '"+ledger.JournalPay+"' OR e.document LIKE 'pay:%' OR EXISTS (SELECT 1 FROM entry_line p WHERE p.coop_id = l.coop_id AND p.entry_id = l.entry_id AND "+conds+"))", args...)
		lines, err := list(tx, w.text(`SELECT `+postedColumns+` FROM entry_line l JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id WHERE l.coop_id = $1`, ""), w.args, scanPosted)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

// begins keeps rows whose column begins with one of some texts, which hold no sign of LIKE.
func (w *where) begins(column string, beginnings []string) {
	conds, args := beginning(column, beginnings)
	w.add(conds, args...)
}

func beginning(column string, beginnings []string) (string, []any) {
	var conds []string
	var args []any
	for _, b := range beginnings {
		conds, args = append(conds, column+" LIKE CAST(? AS TEXT)"), append(args, b+"%")
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}
