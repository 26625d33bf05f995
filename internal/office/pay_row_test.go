package office_test

import (
	"slices"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// A file is prepared, then it leaves on a day that somebody says; until the books show that the bank paid, it is taken back.
func TestATransferLeavesOnTheDayThatSomebodySays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		p := pay(t, open(t, db), 3)
		p.compute(t)
		p.issue(t, p.officer)
		file, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "")
		must(t, err)
		v, by := p.rows(t)
		if v.Prepared != 3 || v.Unpaid != 0 || v.Sent != 0 || by[p.people[0]].Sent != 0 || by[p.people[0]].Issued.Transfer != file.ID {
			t.Errorf("a file that is only prepared: %d prepared, sent %v", v.Prepared, v.Sent)
		}
		for day, key := range map[date.Day]string{storetest.Today - 1: "pay_month.fault.sent_before", storetest.Today + 1: "pay_month.fault.sent_ahead"} {
			if _, err := p.SendPayTransfer(ctx, p.officer, file.ID, day); !said(err, key) {
				t.Errorf("%v: %v", day, err)
			}
		}
		if _, err := p.SendPayTransfer(ctx, access.Actor{Coop: p.coop, Person: p.people[0], Roles: []member.Role{member.Accountant}, Today: storetest.Today}, file.ID, storetest.Today); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody who does not run the pay: %v", err)
		}
		for range 2 { // a second click
			_, err = p.SendPayTransfer(ctx, p.officer, file.ID, storetest.Today)
			must(t, err)
		}
		if v, by = p.rows(t); v.Prepared != 0 || v.Sent != storetest.Today || by[p.people[0]].Sent != storetest.Today {
			t.Errorf("%d prepared, sent %v", v.Prepared, v.Sent)
		}
		if _, err := p.CancelPayTransfer(ctx, p.officer, file.ID); !said(err, "pay_month.fault.sent") {
			t.Errorf("a file that left is cancelled: %v", err)
		}
		_, err = p.KeepPayTransfer(ctx, p.officer, file.ID)
		must(t, err)
		if v, _ = p.rows(t); v.Prepared != 3 || v.Sent != 0 {
			t.Errorf("taken back: %d prepared, sent %v", v.Prepared, v.Sent)
		}
		months, err := p.PayMonths(ctx, p.officer)
		must(t, err)
		for _, m := range months.Months {
			if m.Month == p.month && (m.Prepared != 3 || m.Unpaid != 0) {
				t.Errorf("%+v", m)
			}
		}
		trail := map[string]int{}
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			all, err := tx.Audits(store.AuditFilter{Subject: "pay_month:" + p.month.String(), Limit: 50})
			for _, r := range all {
				trail[r.Action]++
			}
			return err
		})
		if trail["pay.order_sent"] != 1 || trail["pay.order_kept"] != 1 {
			t.Errorf("%v", trail)
		}
		found, err := db.Verify(ctx)
		must(t, err)
		if len(found) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// unpaidCAPE opens an activity whose holder is under CAPE and is not paid.
func (p *payHouse) unpaidCAPE(t testing.TB) (person, section int64) {
	t.Helper()
	from := date.MustParse("2026-02-02")
	p.write(t, func(tx *store.Tx) error {
		x := member.Person{FirstName: "Awa", LastName: "Traoré", Email: "awa@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: from}}}
		if err := tx.SavePerson(&x); err != nil {
			return err
		}
		a := activity.Activity{Code: "C001", Name: "Fil & Façon", Trade: "Couture", Opened: from, Natures: []string{"service"}, Tax: "S20", Shares: []activity.Share{{Person: x.ID, From: from, Parts: 1}}}
		if err := tx.SaveActivity(&a); err != nil {
			return err
		}
		c := member.Contract{Person: x.ID, Kind: member.CAPE, Activity: a.ID, Start: from, End: date.MustParse("2027-01-31")}
		person, section = x.ID, a.ID
		return tx.SaveContract(&c)
	})
	return person, section
}

// Who holds a CAPE without pay gets no payslip; their activity bears the contribution for accidents, owed to the Urssaf with
// those of the month (practice 16).
func TestAnUnpaidCAPEHasAContributionAndNoPayslip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		p := pay(t, open(t, db), 2)
		awa, section := p.unpaidCAPE(t)
		p.compute(t)
		v, by := p.rows(t)
		if by[awa] != nil || len(v.Charges) != 1 || v.Charges[0].Person.ID != awa || v.Pending != 1 || v.Drafts != 2 || v.Charged == 0 {
			t.Fatalf("%d charges, %d pending, %d drafts, %v", len(v.Charges), v.Pending, v.Drafts, v.Charged)
		}
		cost := money.Cents(259_36).Times(20_800) // 1.71 € × 151.67 hours, at the rate of the establishment
		if v.Charged != cost {
			t.Errorf("%v, expected %v", v.Charged, cost)
		}
		p.issue(t, p.officer)
		p.issue(t, p.manager)
		must(t, p.Drain(ctx))
		if v, _ = p.rows(t); v.Passed != 1 || v.Pending != 0 || v.Issued != 3 || v.Filed != 3 || !v.Locked {
			t.Errorf("%d passed, %d issued, %d filed, locked %v", v.Passed, v.Issued, v.Filed, v.Locked)
		}
		slip := v.Charges[0].Issued
		if slip == nil || slip.File != "" {
			t.Fatalf("%+v", slip)
		}
		if _, _, err := p.PaySlipPDF(ctx, p.officer, slip.ID); !said(err, "pay_month.fault.charge") {
			t.Errorf("a paper: %v", err)
		}
		mine, err := p.MySlips(ctx, access.Actor{Coop: p.coop, Person: awa, Roles: []member.Role{member.Entrepreneur}, Today: storetest.Today})
		must(t, err)
		if len(mine) != 0 {
			t.Errorf("Awa reads %d payslips", len(mine))
		}
		dues, err := p.PayDues(ctx, p.officer, p.month)
		must(t, err)
		n := slices.IndexFunc(dues.Rows, func(d office.PayDue) bool { return d.Account == "431" })
		if n < 0 || !slices.Contains(dues.Rows[n].Shares, office.PayDueShare{Section: section, Amount: cost}) {
			t.Errorf("owed to the Urssaf: %+v", dues.Rows)
		}
		book, err := p.PayBook(ctx, p.officer, p.month, p.month)
		must(t, err)
		if len(book.Rows) != 3 || book.Slips != book.Books || book.Sum.Cost+cost != book.Slips || book.Others != 0 {
			t.Errorf("%d rows, %v and %v, of which %v", len(book.Rows), book.Slips, book.Books, book.Sum.Cost)
		}
		months, err := p.PayMonths(ctx, p.officer)
		must(t, err)
		for _, m := range months.Months {
			if m.Month == p.month && m.Issued != 3 {
				t.Errorf("%d payslips in the list of months", m.Issued)
			}
		}
		found, err := db.Verify(ctx)
		must(t, err)
		if len(found) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// What people ask moves from month to month and is looked at where it is asked: a payslip is to be looked at when the rest of
// it moves.
func TestAVariablePartIsNothingToLookAt(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	p := pay(t, open(t, db), 3)
	p.month--
	p.compute(t)
	p.issue(t, p.officer)
	p.month++
	asks, raised, same := p.people[0], p.people[1], p.people[2]
	p.write(t, func(tx *store.Tx) error {
		if err := tx.AddPayRequest(&store.PayRequest{Person: asks, Contract: p.contract[asks], Month: p.month, Until: p.month, Kind: "gross", Amount: 900_00, State: store.PayAsked, By: asks}); err != nil {
			return err
		}
		return tx.SavePayTerms(store.PayTerms{Contract: p.contract[raised], From: date.MustParse("2026-11-01"), Terms: payroll.Terms{Gross: 1700_00}})
	})
	p.compute(t)
	_, by := p.rows(t)
	if by[asks].Gross < 2000_00 || by[asks].First() || by[same].First() {
		t.Errorf("%v: %v; %v", by[asks].Gross, looked(by[asks]), looked(by[same]))
	}
	has(t, by[raised], "pay_month.look.change")
	p.issue(t, p.officer)
	if _, by = p.rows(t); by[raised].First() {
		t.Errorf("issued, and still to be looked at: %v", looked(by[raised]))
	}
}

// The page of a month computes again only the drafts that it shows, once there are many.
func TestAPageChecksWhatItShows(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	p := pay(t, open(t, db), 130)
	p.compute(t)
	shown := p.people[7]
	pick := func(v *office.PayMonthView) (some []*office.PayRow) {
		for i := range v.Rows {
			if v.Rows[i].Person.ID == shown {
				some = append(some, &v.Rows[i])
			}
		}
		return some
	}
	p.item(t, shown, "bonus", 50_00)
	v, err := p.PayMonth(t.Context(), p.officer, p.month, pick)
	must(t, err)
	for _, r := range v.Rows {
		if is := r.Person.ID == shown; r.Checked != is || r.Stale != is || (r.Available != nil) != is {
			t.Errorf("%s: checked %v, stale %v", r.Person.Name(), r.Checked, r.Stale)
		}
	}
	if v.Drafts != 130 || v.Others != 1 {
		t.Errorf("%d drafts, %d others", v.Drafts, v.Others)
	}
}

// Who only reads is not told that somebody else's pay is theirs.
func TestWhoReadsTransfersIsNotToldThatTheyAreTheirs(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	p := pay(t, open(t, db), 2)
	p.compute(t)
	p.issue(t, p.officer)
	reader := access.Actor{Coop: p.coop, Person: p.people[1], Today: storetest.Today, Roles: []member.Role{member.Accountant}}
	v, err := p.PayTransfers(t.Context(), reader, p.month)
	must(t, err)
	if len(v.Waiting) != 0 || len(v.Ready) != 2 || v.MayRun {
		t.Errorf("%+v", v.Waiting)
	}
}

// The bank pays two of three and rejects the third: the next file pays it, once somebody says so and why.
func TestWhatTheBankRejectsIsPaidByTheNextFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		p := pay(t, open(t, db), 3)
		p.compute(t)
		p.issue(t, p.officer)
		file, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "")
		must(t, err)
		slips := map[int64]store.Slip{}
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			all, err := tx.Slips(p.month)
			for _, s := range all {
				slips[s.Person] = s
			}
			return err
		})
		paid, out := slips[p.people[0]], slips[p.people[2]]
		if err := p.RejectPay(ctx, p.officer, file.ID, out.ID, "Compte clos"); !said(err, "pay_month.fault.not_sent") {
			t.Errorf("of a file that has not left: %v", err)
		}
		_, err = p.SendPayTransfer(ctx, p.officer, file.ID, storetest.Today)
		must(t, err)
		for _, person := range p.people[:2] {
			p.write(t, func(tx *store.Tx) error {
				owed, err := tx.Entry(slips[person].Entry)
				if err != nil {
					return err
				}
				for _, l := range owed.Lines {
					if l.Account == ledger.NetPay {
						return tx.Post(&ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "VIR", Label: "Virement", By: storetest.Reader, Lines: []ledger.Line{
							{Account: ledger.NetPay, Section: l.Section, Third: l.Third, Amount: -l.Amount, Settles: ledger.ItemRef{Entry: owed.ID, Line: l.N}}, {Account: "512", Section: l.Section, Amount: l.Amount}}})
					}
				}
				return nil
			})
		}
		v, err := p.PayTransfers(ctx, p.officer, p.month)
		must(t, err)
		if x := v.Files[0]; !x.Executed || len(x.Unpaid) != 1 || x.Unpaid[0].Slip.ID != out.ID || len(v.Ready)+len(v.Waiting) != 0 {
			t.Fatalf("%+v", v)
		}
		self := p.officer
		self.Person = p.people[2]
		reader := access.Actor{Coop: p.coop, Person: storetest.Reader, Roles: []member.Role{member.Accountant}, Today: storetest.Today}
		for _, a := range []access.Actor{self, reader} {
			if err := p.RejectPay(ctx, a, file.ID, out.ID, "Compte clos"); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%v: %v", a.Roles, err)
			}
		}
		if err := p.RejectPay(ctx, p.officer, file.ID, out.ID, " "); !said(err, "pay_month.fault.reject_reason") {
			t.Errorf("without a reason: %v", err)
		}
		if err := p.RejectPay(ctx, p.officer, file.ID, paid.ID, "Compte clos"); !said(err, "pay_month.fault.slip_paid") {
			t.Errorf("of what the books show paid: %v", err)
		}
		must(t, p.RejectPay(ctx, p.officer, file.ID, out.ID, "Compte clos"))
		if err := p.RejectPay(ctx, p.officer, file.ID, out.ID, "Compte clos"); !said(err, "pay_month.fault.not_in_file") {
			t.Errorf("again: %v", err)
		}
		v, err = p.PayTransfers(ctx, p.officer, p.month)
		must(t, err)
		if x := v.Files[0]; x.Count != 2 || x.Total != file.Total-out.Body.Payslip.Totals.Paid || len(x.Unpaid) != 0 || len(v.Ready) != 1 || v.Ready[0].Slip.ID != out.ID {
			t.Errorf("%+v", v)
		}
		again, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "")
		must(t, err)
		if again.Count != 1 || again.Total != out.Body.Payslip.Totals.Paid {
			t.Errorf("%+v", again)
		}
		// Rejected too, it leaves nothing of that file.
		_, err = p.SendPayTransfer(ctx, p.officer, again.ID, storetest.Today)
		must(t, err)
		must(t, p.RejectPay(ctx, p.officer, again.ID, out.ID, "Compte inconnu"))
		if v, err = p.PayTransfers(ctx, p.officer, p.month); err != nil || v.Files[1].Cancelled == 0 || len(v.Ready) != 1 {
			t.Errorf("%+v, %v", v, err)
		}
		trail := 0
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			all, err := tx.Audits(store.AuditFilter{Subject: "pay_month:" + p.month.String(), Limit: 50})
			for _, r := range all {
				if r.Action == "pay.order_rejected" {
					trail++
				}
			}
			return err
		})
		if trail != 2 {
			t.Errorf("%d in the log", trail)
		}
		found, err := db.Verify(ctx)
		must(t, err)
		if len(found) > 0 {
			t.Errorf("%+v", found)
		}
	})
}

// Once its day of execution has passed, the bank may have paid a file that is said to have left.
func TestAFileIsNotKeptAfterItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		p := pay(t, open(t, db), 1)
		p.compute(t)
		p.issue(t, p.officer)
		file, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "")
		must(t, err)
		_, err = p.SendPayTransfer(ctx, p.officer, file.ID, storetest.Today)
		must(t, err)
		late := p.officer
		late.Today = file.Day + 1
		if _, err := p.KeepPayTransfer(ctx, late, file.ID); !said(err, "pay_month.fault.kept_late") {
			t.Errorf("the day after: %v", err)
		}
		late.Today = file.Day
		_, err = p.KeepPayTransfer(ctx, late, file.ID)
		must(t, err)
	})
}
