package office

import (
	"fmt"
	"slices"
	"strings"

	"essaim/fault"
	"essaim/format/variables"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/payroll"
)

// A journal of pay that comes back is posted as one entry per payslip: whose a line is, the line says, or its section when
// one person alone is paid in it. A journal without one of its lines is no journal: one line refused holds the whole back.

// journal reads the entries that came back and puts each on its person.
func (r *payReading) journal(b []byte, table variables.ReturnMapping) error {
	set, err := r.tx.Settings()
	if err != nil {
		return err
	}
	want := variables.Expected{People: r.people, Month: r.v.Month}
	sections := map[string]int64{}
	for id, s := range set.Sections {
		sections[s.Code] = id
		want.Sections = append(want.Sections, s.Code)
	}
	entries, err := variables.ReadJournal(b, table, want)
	if err != nil && len(fault.All(err)) == 0 {
		return err
	}
	r.v.Journal = append(r.v.Journal, fault.All(err)...)
	bearers := map[int64][]int{} // by section: rows of the table that it bears
	for i, row := range r.rows {
		if !row.Done && row.slip.Activity != 0 {
			bearers[row.slip.Activity] = append(bearers[row.slip.Activity], i)
		}
	}
	lines := map[int][]ledger.Line{}
	for _, l := range entries.Lines {
		tell := func(e *fault.Error) {
			e.Field = fmt.Sprintf("lines[%d].%s", l.Line, e.Field)
			r.v.Journal = append(r.v.Journal, e)
		}
		who, section := l.Person, sections[l.Section]
		if who < 0 && l.Matricule == "" && l.NIR == "" {
			switch of := bearers[section]; {
			case l.Section == "":
				tell(fault.At("matricule", "pay_outside.fault.line_nobody", "line", l.Line))
				continue
			case len(of) != 1:
				tell(fault.At("matricule", "pay_outside.fault.line_whose", "line", l.Line, "section", l.Section, "n", len(of)))
				continue
			default:
				who = of[0]
			}
		}
		row := r.rows[who]
		if who < 0 || row == nil { // told by the reader, or of someone whose payslip did not come back
			if who >= 0 {
				tell(fault.At("matricule", "pay_outside.fault.line_no_slip", "line", l.Line, "name", r.f.people[r.contracts[who].Person].Name()))
			}
			continue
		}
		if l.Section == "" {
			section = row.slip.Activity
		}
		row.Lines++
		account, known := set.Chart.Find(strings.TrimRight(l.Account, "0"))
		if !known {
			account, known = set.Chart.Find(l.Account)
		}
		switch {
		case !known:
			tell(fault.At("account", "ledger.account_unknown", "account", l.Account))
			continue
		case l.Account[0] != '4' && l.Account[0] != '6', account.Third != ledger.NoThird && account.Third != ledger.Body && account.Third != ledger.Worker:
			tell(fault.At("account", "pay_outside.fault.line_account", "line", l.Line, "account", l.Account))
			continue
		}
		line := ledger.Line{Account: account.Code, Section: section, Amount: l.Debit - l.Credit}
		n := slices.IndexFunc(lines[who], func(x ledger.Line) bool { return x.Account == line.Account && x.Section == section })
		if n >= 0 {
			lines[who][n].Amount += line.Amount
			continue
		}
		lines[who] = append(lines[who], line)
	}
	if len(r.v.Journal) > 0 {
		r.v.Blocked = true
		return nil
	}
	for i, row := range r.rows {
		if row.Done || row.Line == 0 || len(row.Refused) > 0 {
			continue
		}
		if err := r.entryOf(set, row, lines[i]); err != nil {
			return err
		}
	}
	return nil
}

// entryOf makes the entry of a payslip of its lines of the journal, and asks that it says what the payslip says.
func (r *payReading) entryOf(set *store.Settings, row *PayReturnRow, lines []ledger.Line) error {
	if len(lines) == 0 {
		if row.Theirs != (payroll.Totals{}) && (row.Theirs.Paid != 0 || row.Theirs.Cost != 0) {
			row.Refused = append(row.Refused, fault.At("journal", "pay_outside.fault.entry_none"))
		}
		return nil
	}
	worker, err := r.tx.WorkerOf(row.slip.Person)
	if err != nil {
		return row.refuse(err)
	}
	balance := map[int64]money.Cents{}
	var paid, cost money.Cents
	for i := range lines {
		l := &lines[i]
		balance[l.Section] += l.Amount
		if account, _ := set.Chart.Find(l.Account); account.Third == ledger.Worker {
			l.Third = worker.ID
		}
		switch {
		case l.Account == ledger.NetPay:
			paid -= l.Amount
			l.Due = r.f.payDay()
		case payCharge(l.Account):
			cost += l.Amount
		}
	}
	for section, gap := range balance {
		if gap != 0 {
			row.Refused = append(row.Refused, fault.At("journal", "pay_outside.fault.entry_section", "section", set.Sections[section].Code, "gap", gap.Abs()))
		}
	}
	if paid != row.Theirs.Paid {
		row.Refused = append(row.Refused, fault.At("journal", "pay_outside.fault.entry_paid", "entry", paid, "paid", row.Theirs.Paid))
	}
	if cost != row.Theirs.Cost {
		row.Refused = append(row.Refused, fault.At("journal", "pay_outside.fault.entry_cost", "entry", cost, "cost", row.Theirs.Cost))
	}
	for _, p := range row.pots { // the software knows nothing of what was set aside last year
		at := p.Section
		lines = append(lines,
			ledger.Line{Account: "6413", Section: at, Amount: -p.Pay}, ledger.Line{Account: "6451", Section: at, Amount: -p.Charges},
			ledger.Line{Account: ledger.VariablePot, Section: at, Third: worker.ID, Amount: p.Pay, Settles: p.Item}, ledger.Line{Account: "4386", Section: at, Amount: p.Charges})
	}
	lines = slices.DeleteFunc(lines, func(l ledger.Line) bool { return l.Amount == 0 })
	row.entry = &ledger.Entry{Journal: ledger.JournalPay, Lines: lines}
	return nil
}

// payCharge says whether an account is of the charges that a payslip costs: 63 and 64, without the 649 that meets a benefit
// in kind.
func payCharge(account string) bool {
	return (strings.HasPrefix(account, "63") || strings.HasPrefix(account, "64")) && !strings.HasPrefix(account, "649")
}
