package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/payroll"
)

// paidEntry is what the entry of a payslip says, by account.
type paidEntry struct {
	document string
	section  int64 // of all its lines, -1: of several
	net      money.Cents
	cost     money.Cents // classes 63 and 64 without 649
	debts    map[string]money.Cents
}

// paid keeps what payslips are compared with.
func (v *verifier) paid(e *ledger.Entry) {
	if e.Journal != ledger.JournalPay || !strings.HasPrefix(e.Document, "pay:") {
		return
	}
	p := paidEntry{document: e.Document, debts: map[string]money.Cents{}}
	for i := range e.Lines {
		l := &e.Lines[i]
		switch {
		case i == 0:
			p.section = l.Section
		case p.section != l.Section:
			p.section = -1
		}
		switch {
		case l.Account == ledger.NetPay:
			p.net -= l.Amount
		case strings.HasPrefix(l.Account, "649"):
		case strings.HasPrefix(l.Account, "63"), strings.HasPrefix(l.Account, "64"):
			p.cost += l.Amount
		default:
			p.debts[l.Account] -= l.Amount
		}
	}
	v.slips[e.ID] = p
}

// verifiedSlip is a payslip as its row has it.
type verifiedSlip struct {
	Slip
	gross, net, paid, cost money.Cents
	raw                    string
	filed                  string
}

// pay compares each payslip with its hash, with what its inputs give again under the same law, with its entry, with the
// payslip before it, and each file of transfers with what it pays.
func (v *verifier) pay(tx *Tx) error {
	type slot struct {
		contract int64
		month    date.Month
	}
	issued := map[slot]int64{}
	last := map[int64]payroll.YearToDate{}
	of := map[int64][]int64{} // contracts of a person, in their order
	ordered, orderedSum := map[int64]int{}, map[int64]money.Cents{}
	err := tx.rows(`SELECT p.id, p.person_id, p.contract_id, p.activity_id, p.month, p.origin, p.state, p.gross, p.net, p.paid, p.cost, p.body, p.hash, p.entry_id, p.file, p.transfer_id, COALESCE(f.sha256, '')
		FROM payslip p LEFT JOIN file f ON f.coop_id = p.coop_id AND f.sha256 = p.file WHERE p.coop_id = $1 ORDER BY p.contract_id, p.month, p.id`, []any{tx.coop}, func(scan func(...any) error) error {
		var s verifiedSlip
		month := ""
		if err := scan(&s.ID, &s.Person, &s.Contract, &s.Activity, &month, &s.Origin, &s.State, (*int64)(&s.gross), (*int64)(&s.net), (*int64)(&s.paid), (*int64)(&s.cost), &s.raw, &s.Hash, &s.Entry, &s.File, &s.Transfer, &s.filed); err != nil {
			return err
		}
		s.Month = monthOf(month)
		tell := func(key string) error { return v.tell(key, "slip", s.ID, "month", s.Month) }
		if s.State != SlipIssued {
			if s.Entry != 0 || s.Transfer != 0 || s.File != "" {
				return tell("verify.pay_draft")
			}
			return nil
		}
		if sum := sha256.Sum256([]byte(s.raw)); hex.EncodeToString(sum[:]) != s.Hash {
			return tell("verify.pay_changed")
		}
		if err := json.Unmarshal([]byte(s.raw), &s.Body); err != nil {
			return tell("verify.pay_changed")
		}
		t := &s.Body.Payslip.Totals
		if s.Month != s.Body.Inputs.Month && s.Origin == SlipOwn || s.gross != t.Gross || s.net != t.Net || s.paid != t.Paid || s.cost != t.Cost {
			if err := tell("verify.pay_sums"); err != nil {
				return err
			}
		}
		if s.filed != s.File {
			if err := tell("verify.pay_file"); err != nil {
				return err
			}
		}
		if s.Transfer != 0 {
			ordered[s.Transfer]++
			orderedSum[s.Transfer] += s.paid
		}
		if s.Origin == SlipEstimate {
			return nil
		}
		at := slot{s.Contract, s.Month}
		if other := issued[at]; other != 0 && s.Origin != SlipOpening {
			if err := tell("verify.pay_twice"); err != nil {
				return err
			}
		}
		if s.Origin != SlipOpening {
			issued[at] = s.ID
		}
		if s.Origin == SlipOwn {
			before := []payroll.YearToDate{last[s.Contract]}
			if _, begun := last[s.Contract]; !begun { // a contract that follows another of the same employer goes on with its year
				for _, c := range of[s.Person] {
					before = append(before, last[c].Carry())
				}
			}
			if err := v.own(&s, before, tell); err != nil {
				return err
			}
		}
		if !slices.Contains(of[s.Person], s.Contract) {
			of[s.Person] = append(of[s.Person], s.Contract)
		}
		last[s.Contract] = s.Body.After
		return nil
	})
	if err != nil {
		return err
	}
	return tx.rows(`SELECT id, month, count, total, cancelled FROM pay_transfer WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, cancelled int64
		var count int
		var total money.Cents
		month := ""
		if err := scan(&id, &month, &count, (*int64)(&total), &cancelled); err != nil {
			return err
		}
		if cancelled != 0 {
			count, total = 0, 0
		}
		if ordered[id] != count || orderedSum[id] != total {
			return v.tell("verify.pay_transfer", "file", id, "month", monthOf(month))
		}
		return nil
	})
}

// own compares a payslip that this program issued with what it was computed from, and with its entry.
// before are the years to date that it may begin with; one of another year is none.
func (v *verifier) own(s *verifiedSlip, before []payroll.YearToDate, tell func(string) error) error {
	b := &s.Body
	if !slices.ContainsFunc(before, func(y payroll.YearToDate) bool {
		if y.Year != s.Month.Year() {
			y = payroll.YearToDate{}
		}
		return b.Before == y
	}) {
		if err := tell("verify.pay_chain"); err != nil {
			return err
		}
	}
	if b.Law == payroll.LawHash() && b.Version == payroll.Formulas { // another law, other formulas: not to be held against these
		again, after, err := payroll.Compute(payroll.Law().On(s.Month), b.Employer, b.Contract, b.Before, b.Inputs)
		if err != nil || after != b.After || again.Totals != b.Payslip.Totals || !sameLines(again.Lines, b.Payslip.Lines) {
			if err := tell("verify.pay_figures"); err != nil {
				return err
			}
		}
	}
	e, booked := v.slips[s.Entry]
	t := &b.Payslip.Totals
	if !booked {
		if s.Entry != 0 || t.Cost != 0 || t.Paid != 0 || len(b.Payslip.Lines) > 0 {
			return tell("verify.pay_entry")
		}
		return nil
	}
	if e.document != "pay:"+strconv.FormatInt(s.ID, 10) || e.section != s.Activity || e.net != t.Paid || e.cost != t.Cost-b.Released() || !owes(e.debts, b.Payslip) {
		return tell("verify.pay_entry")
	}
	return nil
}

func sameLines(a, b []payroll.Line) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
}

// owes says whether an entry owes to each body what the payslip does, on the accounts that nothing else of it moves.
func owes(debts map[string]money.Cents, s payroll.Payslip) bool {
	want := map[string]money.Cents{}
	for _, o := range payroll.OwedTo(s) {
		want[o.Account] += o.Amount
	}
	for account, amount := range want {
		if account == "4378" || account == "427" { // meal vouchers and garnishments stand there too
			continue
		}
		if debts[account] != amount {
			return false
		}
	}
	return true
}
