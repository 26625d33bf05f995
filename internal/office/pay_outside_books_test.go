package office_test

import (
	"bytes"
	"slices"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/variables"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
)

// journalOf is the journal that a software would give for our estimates: what our own entries say.
func (p *payHouse) journalOf(t testing.TB, slips []store.Slip, rows []variables.Result) []variables.Line {
	t.Helper()
	set, _, err := p.Settings(t.Context(), p.system)
	must(t, err)
	var lines []variables.Line
	for i, s := range slips {
		x := s.Body.Payslip.Totals
		code := set.Sections[s.Activity].Code
		add := func(account string, debit, credit int64) {
			lines = append(lines, variables.Line{Journal: "PA", Day: p.month.First() + 19, Account: account, Section: code, Matricule: rows[i].Matricule, Reference: "P" + rows[i].Matricule, Label: "Paie", Debit: money.Cents(debit), Credit: money.Cents(credit)})
		}
		add("641100", int64(x.Gross), 0)
		add("645100", int64(x.Cost-x.Gross), 0)
		add("421000", 0, int64(x.Paid))
		add("442100", 0, int64(x.Tax))
		add("431000", 0, int64(x.Cost-x.Paid-x.Tax))
	}
	return lines
}

func (p *payHouse) journalFile(t testing.TB, lines []variables.Line) *office.Upload {
	t.Helper()
	var b bytes.Buffer
	must(t, variables.WriteJournal(&b, shipped(t, variables.OfJournal), lines))
	return &office.Upload{Name: "journal.csv", Body: b.Bytes()}
}

// The journal of the software is booked, one entry per payslip in its section; what names an unknown account or section, or
// does not balance, is told on its line and holds everything back; what differs from the payslip holds that one back.
func TestJournalComesBack(t *testing.T) {
	eachOutside(t, 2, coop.PaySoftware, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		lines := p.journalOf(t, ours, rows)
		try := func(change func([]variables.Line) []variables.Line) office.PayReturn {
			return p.staged(t, office.PayReturnFiles{Results: table(t, rows), Journal: p.journalFile(t, change(slices.Clone(lines)))})
		}
		for key, change := range map[string]func([]variables.Line) []variables.Line{
			"ledger.account_unknown":         func(l []variables.Line) []variables.Line { l[0].Account = "699999"; return l },
			"variables.section_unknown":      func(l []variables.Line) []variables.Line { l[0].Section = "ZZZ"; return l },
			"variables.piece_unbalanced":     func(l []variables.Line) []variables.Line { l[0].Debit++; return l },
			"variables.unknown_person":       func(l []variables.Line) []variables.Line { l[0].Matricule = "999"; return l },
			"pay_outside.fault.line_account": func(l []variables.Line) []variables.Line { l[0].Account = "512000"; return l },
			"pay_outside.fault.line_nobody":  func(l []variables.Line) []variables.Line { l[0].Matricule, l[0].Section = "", ""; return l },
			"variables.other_month":          func(l []variables.Line) []variables.Line { l[0].Day = p.month.First() - 1; return l },
		} {
			if v := try(change); !v.Blocked || !hasKey(v.Journal, key) || v.Ready != 0 {
				t.Errorf("%s: blocked %v, %v", key, v.Blocked, v.Journal)
			} else if _, err := p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, ""); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: accepted, %v", key, err)
			}
		}
		for key, change := range map[string]func([]variables.Line) []variables.Line{
			"pay_outside.fault.entry_paid":    func(l []variables.Line) []variables.Line { l[2].Credit--; l[4].Credit++; return l },
			"pay_outside.fault.entry_cost":    func(l []variables.Line) []variables.Line { l[0].Debit++; l[4].Credit++; return l },
			"pay_outside.fault.entry_section": func(l []variables.Line) []variables.Line { l[1].Section = "001"; return l },
			"pay_outside.fault.entry_none":    func(l []variables.Line) []variables.Line { return l[5:] },
		} {
			v := try(change)
			n := slices.IndexFunc(v.Rows, func(r office.PayReturnRow) bool { return r.Person.ID == p.people[0] })
			if v.Blocked || n < 0 || !hasKey(v.Rows[n].Refused, key) || v.Ready != 1 {
				t.Errorf("%s: blocked %v, ready %d, %v, %v", key, v.Blocked, v.Ready, v.Journal, v.Rows[max(n, 0)].Refused)
			}
		}
		// A line that names nobody is of the one who is paid in its section.
		v := try(func(l []variables.Line) []variables.Line { l[0].Matricule = ""; return l })
		if v.Blocked || v.Ready != 2 || v.Others != 1 {
			t.Fatalf("blocked %v, ready %d, %v", v.Blocked, v.Ready, v.Journal)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		for _, s := range p.software(t) {
			p.costs(t, s)
			must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
				e, err := tx.Entry(s.Entry)
				if err == nil && (len(e.Lines) != 5 || e.Journal != ledger.JournalPay || e.Lines[0].Section != s.Activity) {
					t.Errorf("the entry is %+v", e.Lines)
				}
				return err
			}))
		}
		_, err = p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Journal: p.journalFile(t, lines)}, "")
		isRefused(t, err, fault.Invalid, "pay_outside.fault.journal_alone")
	})
}

// The PDF of each is filed in the space of its person; a return is taken back while the month is open, its entries reversed,
// and comes again.
func TestReturnIsFiledAndTakenBack(t *testing.T) {
	eachOutside(t, 2, coop.PayBoth, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		var papers []office.Upload
		for _, s := range ours[:2] {
			_, b, err := p.PaySlipPDF(t.Context(), p.officer, s.ID)
			must(t, err)
			papers = append(papers, office.Upload{Name: "b.pdf", Body: b})
		}
		v := p.staged(t, office.PayReturnFiles{Results: table(t, rows[:2]), Slips: papers[:1]})
		if v.Ready != 2 || len(v.PDF) != 0 || len(v.Missing) != 1 {
			t.Fatalf("ready %d, %v, missing %v", v.Ready, v.PDF, v.Missing)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		first := v.ID
		// The other PDF comes alone, later.
		v = p.staged(t, office.PayReturnFiles{Slips: papers[1:]})
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		var entries []int64
		for _, s := range p.software(t) {
			if s.File == "" {
				t.Errorf("the payslip of %d is not filed", s.Person)
				continue
			}
			entries = append(entries, s.Entry)
			_, b, err := p.PaySlipPDF(t.Context(), p.manager, s.ID)
			must(t, err)
			if !bytes.HasPrefix(b, []byte("%PDF")) {
				t.Error("what is filed is no PDF")
			}
		}
		// Taken back: reversed, and as if it had never come.
		done, err := p.UndoPayReturn(t.Context(), p.officer, first)
		must(t, err)
		if done.Count != 2 || len(done.Left) != 0 {
			t.Errorf("taken back: %+v", done)
		}
		if all := p.software(t); len(all) != 0 {
			t.Errorf("%d payslips are left", len(all))
		}
		must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
			for _, id := range entries {
				if _, reversed, err := tx.ReversalOf(id); err != nil || !reversed {
					t.Errorf("entry %d is not reversed, %v", id, err)
				}
			}
			return nil
		}))
		v = p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		if v.Ready != 2 || v.Others != 1 {
			t.Fatalf("again: ready %d, others %d, %+v", v.Ready, v.Others, v.Told)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		must(t, p.LockPay(t.Context(), p.officer, p.month))
		_, err = p.UndoPayReturn(t.Context(), p.officer, v.ID)
		isRefused(t, err, fault.Closed, "pay_month.fault.locked")
		p.sound(t)
	})
}

// sound asks that the books and the payslips verify.
func (p *payHouse) sound(t testing.TB) {
	t.Helper()
	found, err := p.db.Verify(t.Context(), p.coop)
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %+v", f)
	}
}

// A return is taken back person by person: one's own stays for another, what the bank pays stays, each with its reason; what
// was taken back can be accepted again.
func TestUndoLeavesWhoMustStay(t *testing.T) {
	eachOutside(t, 3, coop.PayBoth, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, _ := p.estimates(t)
		v := p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		v, err = p.PayReturn(t.Context(), p.manager, v.ID)
		must(t, err)
		_, err = p.AcceptPay(t.Context(), p.manager, v.ID, v.Digest, "")
		must(t, err)
		p.write(t, func(tx *store.Tx) error {
			for _, s := range p.software(t) {
				if s.Person != p.people[1] {
					continue
				}
				sent := store.PayTransfer{Month: p.month, Day: p.month.Last(), Count: 1, Total: s.Body.Payslip.Totals.Paid}
				if err := tx.AddPayTransfer(&sent); err != nil {
					return err
				}
				return tx.OrderSlips(sent.ID, []int64{s.ID})
			}
			return nil
		})
		v, err = p.PayReturn(t.Context(), p.officer, v.ID)
		must(t, err)
		why := map[int64]string{}
		for _, x := range v.Stay {
			why[x.Person.ID] = x.Why[0].Key
		}
		if v.Back != 2 || len(why) != 2 || why[p.people[1]] != "pay_outside.fault.ordered" || why[p.officer.Person] == "" {
			t.Fatalf("%d can be taken back, %v stay", v.Back, why)
		}
		done, err := p.UndoPayReturn(t.Context(), p.officer, v.ID)
		must(t, err)
		if done.Count != 2 || len(done.Left) != 2 {
			t.Errorf("taken back %+v", done)
		}
		left := p.software(t)
		if len(left) != 2 || slices.ContainsFunc(left, func(s store.Slip) bool { return s.Person != p.people[1] && s.Person != p.officer.Person }) {
			t.Fatalf("%d payslips are left", len(left))
		}
		p.sound(t)
		_, err = p.UndoPayReturn(t.Context(), p.officer, v.ID)
		if len(fault.All(err)) == 0 {
			t.Errorf("nobody can be taken back any more: %v", err)
		}
		v, err = p.PayReturn(t.Context(), p.officer, v.ID)
		must(t, err)
		if v.State != store.PayAccepted || v.People != 2 || v.Ready != 2 {
			t.Fatalf("the return is %s with %d, %d ready", v.State, v.People, v.Ready)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "again")
		must(t, err)
		if n := len(p.software(t)); n != 4 {
			t.Errorf("%d payslips", n)
		}
		p.sound(t)
	})
}

// A payslip that came back bears what it releases of last year's pot, as the books hold it on that day: the pot of its body
// and its entry say the same, whatever our estimate had counted on.
func TestReturnReleasesThePot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		_, now, err := p.Settings(t.Context(), p.system)
		must(t, err)
		rules := now.Pay
		rules.PotMonth = 12
		rule, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-15"), rules, "CA du 12 janvier 2026")
		must(t, err)
		_, err = p.SaveRule(t.Context(), p.system, rule)
		must(t, err)
		outside(t, p, coop.PaySoftware)
		who, section := p.people[0], p.activity(t, p.people[0])
		set := func(tx *store.Tx, sign money.Cents, pay, charges money.Cents) error {
			worker, err := tx.WorkerOf(who)
			if err != nil {
				return err
			}
			e := ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Part variable", By: storetest.Reader, Lines: []ledger.Line{{Account: "6451", Section: section, Amount: sign * charges}, {Account: "4386", Section: section, Amount: -sign * charges}}}
			if pay != 0 {
				e.Lines = append(e.Lines, ledger.Line{Account: "6413", Section: section, Amount: sign * pay}, ledger.Line{Account: ledger.VariablePot, Section: section, Third: worker.ID, Amount: -sign * pay})
			}
			return tx.Post(&e)
		}
		p.write(t, func(tx *store.Tx) error {
			if err := set(tx, 1, 600_00, 300_00); err != nil {
				return err
			}
			return tx.AddPayRequest(&store.PayRequest{Person: who, Contract: p.contract[who], Month: p.month, Until: p.month, Kind: "cost", Amount: 900_00, State: store.PayAsked, Body: "{}"})
		})
		_, err = p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		n := slices.IndexFunc(ours, func(s store.Slip) bool { return s.Person == who })
		if ours[n].Body.Pot < 890_00 {
			t.Fatalf("our estimate takes %s of the pot", ours[n].Body.Pot)
		}
		p.write(t, func(tx *store.Tx) error { return set(tx, -1, 0, 100_00) }) // less is set aside than was counted
		v := p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		slips := p.software(t)
		if len(slips) != 1 || slips[0].Person != who {
			t.Fatalf("%d payslips", len(slips))
		}
		must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
			e, err := tx.Entry(slips[0].Entry)
			if err != nil {
				return err
			}
			var released money.Cents
			for _, l := range e.Lines {
				if l.Account == ledger.VariablePot || l.Account == "4386" {
					released += l.Amount
				}
			}
			if pot := slips[0].Body.Pot; pot != released || pot == 0 || pot > 800_00 {
				t.Errorf("the payslip says %s of the pot, its entry %s, the estimate %s", pot, released, ours[n].Body.Pot)
			}
			return nil
		}))
		p.sound(t)
	})
}
