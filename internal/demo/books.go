package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// debt is a line of a third party that waits for its transfer.
type debt struct {
	account string
	section int64
	third   int64
	item    ledger.ItemRef
	amount  money.Cents // owed
	due     date.Day
	label   string
}

// purse holds amounts by section.
type purse map[int64]money.Cents

// sections returns the sections in order, so that an entry made of a purse is always the same.
func (p purse) sections() []int64 { return slices.Sorted(maps.Keys(p)) }

func (p purse) total() (sum money.Cents) {
	for _, v := range p {
		sum += v
	}
	return sum
}

// post books an entry of today (or of the day it bears) by someone of the team, and returns it as posted.
func (w *world) post(who string, e ledger.Entry) (ledger.Entry, error) {
	all, err := w.postAll(who, []ledger.Entry{e})
	if len(all) == 1 {
		e = all[0]
	}
	return e, err
}

// postAll books entries together, as they are typed in one sitting; an entry without lines is none.
func (w *world) postAll(who string, es []ledger.Entry) ([]ledger.Entry, error) {
	var whole []ledger.Entry
	for _, e := range es {
		if e.Date == 0 {
			e.Date = w.today
		}
		e.Lines = slices.DeleteFunc(e.Lines, func(l ledger.Line) bool { return l.Amount == 0 })
		if len(e.Lines) > 0 {
			whole = append(whole, e)
		}
	}
	if len(whole) == 0 {
		return nil, nil
	}
	a, err := w.named(who)
	if err != nil {
		return nil, err
	}
	posted, err := w.office.PostEntries(w.ctx, a, whole, "")
	if err != nil {
		return nil, fmt.Errorf("entries %s %s…: %s", whole[0].Journal, whole[0].Ref, explained(err))
	}
	return posted, nil
}

// explained writes refusals in words: a story that the rules refuse is a defect, and its reader wants to know which.
func explained(err error) string {
	all := fault.All(err)
	if len(all) == 0 {
		return err.Error()
	}
	var words []string
	for _, f := range all {
		words = append(words, f.Field+" "+i18n.For("fr").Fault(f))
	}
	return strings.Join(words, "; ")
}

// bookkeeper is who books for an activity: the accountant, and for the accountant's own the deputy.
func (w *world) bookkeeper(e *enterprise) string {
	if slices.Contains(e.holders, w.byName[accounting]) {
		return paying
	}
	return accounting
}

// supplier returns the third party of a supplier, opened the first time.
func (w *world) supplier(name string) (int64, error) {
	if id, ok := w.suppliers[name]; ok {
		return id, nil
	}
	a, err := w.named(accounting)
	if err != nil {
		return 0, err
	}
	t, err := w.office.AddThird(w.ctx, a, ledger.Third{Kind: ledger.Supplier, Name: name}, "")
	w.suppliers[name] = t.ID
	return t.ID, err
}

// bill is a supplier's invoice, or an expense note, waiting for the next sitting at the books.
type bill struct {
	who   string // of the team, who books it
	entry ledger.Entry
	due   date.Day
}

// purchase makes the entry of a supplier's invoice: the charge, the VAT that is deducted (none without a tax code), the
// debt.
func (w *world) purchase(section int64, account, supplier, label, ref string, net money.Cents, tax string, on date.Day, days int) (ledger.Entry, date.Day, error) {
	third, err := w.supplier(supplier)
	if err != nil {
		return ledger.Entry{}, 0, err
	}
	vatAccount, debtAccount := ledger.VATDeductible, ledger.Suppliers
	if account[0] == '2' {
		vatAccount, debtAccount = "44562", "404"
	}
	var vat money.Cents
	if tax != "" {
		vat = net.Times(ledger.France()[tax].Rate)
	}
	due := on + date.Day(days)
	e := ledger.Entry{Journal: ledger.JournalPurchases, DocDate: on, Ref: ref, Label: supplier + ", " + lower(label)}
	e.Lines = []ledger.Line{{Account: account, Section: section, Tax: tax, Amount: net}, {Account: vatAccount, Section: section, Tax: tax, Amount: vat}, {Account: debtAccount, Section: section, Third: third, Due: due, Amount: -(net + vat)}}
	return e, due, nil
}

// sitting books the papers that have come in, each of the two who may in one go.
func (w *world) sitting() error {
	for _, who := range []string{accounting, paying} {
		var es []ledger.Entry
		var due []date.Day
		for _, b := range w.papers {
			if b.who == who {
				es, due = append(es, b.entry), append(due, b.due)
			}
		}
		posted, err := w.postAll(who, es)
		if err != nil {
			return err
		}
		for i, e := range posted {
			w.owe(e, due[i])
			w.holds(e)
		}
	}
	w.papers = nil
	return nil
}

func lower(s string) string {
	r := []rune(s)
	if len(r) > 1 && r[1] >= 'a' {
		return strings.ToLower(string(r[:1])) + string(r[1:])
	}
	return s
}

// owe keeps the debts that an entry opened.
func (w *world) owe(e ledger.Entry, due date.Day) {
	for _, l := range e.Lines {
		if l.Third != 0 && l.Amount < 0 && l.Settles == (ledger.ItemRef{}) {
			w.debts = append(w.debts, debt{l.Account, l.Section, l.Third, ledger.ItemRef{Entry: e.ID, Line: l.N}, -l.Amount, due, e.Label})
		}
	}
}

// transfer pays the debts of some accounts that are due by a day: one movement of the bank for all activities.
func (w *world) transfer(accounts []string, until date.Day, ref, label string) error {
	e := ledger.Entry{Journal: ledger.JournalBank, Ref: ref, Label: label}
	bank := purse{}
	var kept []debt
	for _, d := range w.debts {
		if d.due > until || !slices.Contains(accounts, d.account) {
			kept = append(kept, d)
			continue
		}
		e.Lines = append(e.Lines, ledger.Line{Account: d.account, Section: d.section, Third: d.third, Amount: d.amount, Settles: d.item, Label: cut("Virement, " + d.label)})
		bank[d.section] -= d.amount
	}
	w.debts = kept
	e.Lines = append(e.Lines, bank.lines(ledger.Bank)...)
	_, err := w.post(paying, e)
	return err
}

func cut(s string) string {
	if r := []rune(s); len(r) > ledger.MaxLabel {
		return string(r[:ledger.MaxLabel])
	}
	return s
}

// lines makes one line for each section.
func (p purse) lines(account string) []ledger.Line {
	var all []ledger.Line
	for _, s := range p.sections() {
		if p[s] != 0 {
			all = append(all, ledger.Line{Account: account, Section: s, Amount: p[s]})
		}
	}
	return all
}

// settled pays a purse of an account from the bank: one movement, each activity its part.
func (w *world) settled(owed purse, account, ref, label string) error {
	bank := purse{}
	for s, v := range owed {
		bank[s] = -v
	}
	_, err := w.post(paying, ledger.Entry{Journal: ledger.JournalBank, Ref: ref, Label: label, Lines: append(owed.lines(account), bank.lines(ledger.Bank)...)})
	return err
}

// balances returns what some accounts hold by section at the end of a month, debit positive.
func (w *world) balances(m date.Month, accounts ...string) (map[string]purse, error) {
	all := map[string]purse{}
	for _, a := range accounts {
		all[a] = purse{}
	}
	y, ok := w.yearOf(m.First())
	if !ok {
		return nil, fmt.Errorf("no fiscal year for %s", m)
	}
	err := w.office.DB().Read(w.ctx, w.coop.ID, func(tx *store.Tx) error {
		sections, err := tx.BalancesBySection(y.ID)
		for id, rows := range sections {
			for _, b := range rows {
				if p := all[b.Account]; id != 0 && p != nil && b.Period <= y.Span.Period(m.First()) && b.Net() != 0 {
					p[id] += b.Net()
				}
			}
		}
		return err
	})
	return all, err
}

func (w *world) yearOf(d date.Day) (ledger.FiscalYear, bool) {
	for _, y := range w.years {
		if y.Span.Contains(d) {
			return y, true
		}
	}
	return ledger.FiscalYear{}, false
}
