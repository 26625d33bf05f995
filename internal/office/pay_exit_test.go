package office_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// exiting is a cooperative of two entrepreneurs who came on 1 January 2025, with twelve payslips of 2 000 € each before
// November 2026, and 4 000 € on each account.
type exiting struct {
	*payHouse
	ada, bob access.Actor
}

func exit(t *testing.T, db *store.DB) *exiting {
	t.Helper()
	x := &exiting{payHouse: pay(t, open(t, db), 2)}
	act := func(i int) access.Actor {
		return access.Actor{Coop: x.coop, Person: x.people[i], Roles: []member.Role{member.Entrepreneur}, Activities: []int64{x.activity(t, x.people[i])}, Today: storetest.Today}
	}
	x.ada, x.bob = act(0), act(1)
	x.write(t, func(tx *store.Tx) error {
		all, err := tx.Contracts()
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Person != x.ada.Person && c.Person != x.bob.Person {
				continue
			}
			c.Start = date.MustParse("2025-01-01")
			if err := tx.SaveContract(&c); err != nil {
				return err
			}
		}
		return nil
	})
	x.was(t, x.ada.Person, 2_000_00, "2025-11", "2026-10")
	return x
}

// was writes payslips that a payroll software issued, before this program made them; extra is of the last.
func (x *exiting) was(t *testing.T, person int64, gross money.Cents, from, until string, extra ...payroll.Item) {
	t.Helper()
	first, err := date.ParseMonth(from)
	must(t, err)
	last, err := date.ParseMonth(until)
	must(t, err)
	section := x.activity(t, person)
	x.write(t, func(tx *store.Tx) error {
		var y payroll.YearToDate
		for m := first; m <= last; m++ {
			if y.Year != m.Year() {
				y = payroll.YearToDate{}
			}
			in := payroll.Inputs{Month: m, Paid: m.Last(), Items: []payroll.Item{{Element: "fixed_part", Amount: 1_200_00}, {Element: "variable_advance", Amount: gross - 1_200_00}}}
			if m == last {
				in.Items = append(in.Items, extra...)
			}
			slip, after, err := payroll.Compute(payroll.Law().On(m), payroll.Employer{Staff: 30, Accident: 20_800}, payroll.Contract{Regime: payroll.CESA, From: date.MustParse("2025-01-01")}, y, in)
			if err != nil {
				return err
			}
			s := store.Slip{Person: person, Contract: x.contract[person], Activity: section, Month: m, Origin: store.SlipSoftware, State: store.SlipIssued, Body: store.SlipBody{Before: y, Inputs: in, Payslip: slip, After: after}}
			if err := tx.SaveSlip(&s); err != nil {
				return err
			}
			y = after
		}
		return nil
	})
}

func (x *exiting) ask(reason payroll.LeavingReason, end string) office.ExitQuestion {
	return office.ExitQuestion{Person: x.ada.Person, Contract: x.contract[x.ada.Person], ExitBody: office.ExitBody{Reason: reason, End: date.MustParse(end), All: true}}
}

func itemsOf(s payroll.Payslip) map[string]money.Cents {
	all := map[string]money.Cents{}
	for _, it := range s.Items {
		all[it.Element] += it.Amount
	}
	return all
}

// Ada leaves on 30 November 2026 by a rupture, after 23 months at a reference of 2 000: 958.33 of indemnity, 383.33 that the
// activity bears of it, fifteen days of leave and the thirty of the period before; whatever is left after every charge is
// her variable part. What she was told is what the run pays, to the cent; the entry balances and verify finds nothing.
func TestTheExitIsPaidAsItWasTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		x := exit(t, db)
		v, err := x.Exit(ctx, x.ada, x.ask(payroll.Rupture, "2026-11-30"))
		must(t, err)
		if v.Count.Months != 23 || v.Count.Reference != 2_000_00 || v.Count.Least != 958_33 || v.Count.Contribution != 383_33 {
			t.Errorf("%d months at %s: %s, %s", v.Count.Months, v.Count.Reference, v.Count.Least, v.Count.Contribution)
		}
		// 30 days of a period whose payslips known paid 7 months of 2 000; 15 of this one, five months and the fixed part.
		if v.Count.Days != 45_00 || v.Count.Old.Due != 1_400_00 || v.Count.New.Due != 1_120_00 || v.Count.Due != 2_520_00 {
			t.Errorf("leave: %d days, %+v, %+v", v.Count.Days, v.Count.Old, v.Count.New)
		}
		of := itemsOf(v.Last)
		if of["rupture"] != 958_33 || of["leave_indemnity"] != 2_520_00 || of["fixed_part"] != 1_200_00 {
			t.Errorf("%v", of)
		}
		if v.Year.Cost != 0 || v.Short <= 0 { // 4 000 do not bear it all: nothing variable, and the cooperative advances
			t.Errorf("of the account %+v, short of %s", v.Year, v.Short)
		}
		x.more(t, 6_000_00)
		v, err = x.Exit(ctx, x.ada, x.ask(payroll.Rupture, "2026-11-30"))
		must(t, err)
		// October is paid, and not in the books yet: its 2 197.93 are no more there to take.
		if v.Year.Cost <= 0 || v.Short != 0 || v.Last.Totals.Cost > 7_802_07 || v.Last.Totals.Cost < 7_802_07-200 {
			t.Errorf("the payslip costs %s of 7 802.07, %+v", v.Last.Totals.Cost, v.Year)
		}
		if len(v.Months) != 1 || v.Sum.Paid != v.Last.Totals.Paid || v.Months[0].State != office.ExitLast {
			t.Errorf("%+v", v.Months)
		}
		item, err := x.PrepareExit(ctx, x.officer, x.ask(payroll.Rupture, "2026-11-30"))
		must(t, err)
		x.compute(t)
		_, rows := x.rows(t)
		has(t, rows[x.ada.Person], "payexit.note.all")
		has(t, rows[x.ada.Person], "pay_month.look.exit")
		if again, err := x.Exit(ctx, x.ada, office.ExitQuestion{}); err != nil || again.Prepared == nil || again.Sum != v.Sum {
			t.Errorf("prepared: %+v, %v", again.Sum, err)
		}
		if v := x.issue(t, x.officer); v.Failed != 0 {
			t.Fatalf("%+v", v.Refused)
		}
		slip := x.slipOf(t, x.ada.Person)
		if slip.Body.Payslip.Totals != v.Last.Totals {
			t.Errorf("told %+v\npaid %+v", v.Last.Totals, slip.Body.Payslip.Totals)
		}
		x.issue(t, x.manager)
		x.balanced(t, 3)
		x.accountStands(t, x.ada.Person, v.Last.Totals.Cost)
		if _, err := x.TakeBackExit(ctx, x.officer, item.ID); !said(err, "payexit.fault.issued") {
			t.Errorf("an end that is paid is taken back: %v", err)
		}
		x.papers(t, item, slip)
		clean(t, db)
	})
}

// more puts money on Ada's account.
func (x *exiting) more(t *testing.T, amount money.Cents) {
	t.Helper()
	section := x.activity(t, x.ada.Person)
	x.write(t, func(tx *store.Tx) error {
		return tx.Post(&ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Ventes", By: storetest.Reader,
			Lines: []ledger.Line{{Account: "512", Section: section, Amount: amount}, {Account: "706", Section: section, Amount: -amount}}})
	})
}

func (x *exiting) slipOf(t *testing.T, person int64) (s store.Slip) {
	t.Helper()
	storetest.Read(t, x.db, x.coop, func(tx *store.Tx) error {
		all, err := tx.SlipsOf(person, x.month, x.month)
		if len(all) == 1 {
			s = all[0]
		}
		return err
	})
	return s
}

// accountStands holds what is left against what there was: nobody is owed a cent more than the payslip's change.
func (x *exiting) accountStands(t *testing.T, person int64, cost money.Cents) {
	t.Helper()
	v, err := x.Account(t.Context(), x.officer, x.activity(t, person), 0)
	must(t, err)
	left := 10_000_00 - cost
	if got := v.Account.Available.Amount; got != left {
		t.Errorf("%s is left of the account, want %s", got, left)
	}
}

// papers draws up what is given at the end, once, and holds its words against the payslip.
func (x *exiting) papers(t *testing.T, item store.PayItem, slip store.Slip) {
	t.Helper()
	ctx := t.Context()
	for _, a := range []access.Actor{x.ada, x.bob} {
		if err := x.FileExitPapers(ctx, a, item.ID); err == nil {
			t.Errorf("person %d draws up papers", a.Person)
		}
	}
	// What somebody attached under one of the names is not what is drawn up.
	mine, err := x.Attach(ctx, x.officer, fmt.Sprintf("pay_exit:%d", item.ID), "other", office.Upload{Name: "recu-pour-solde-de-tout-compte.pdf", Body: []byte("%PDF-1.4\nstartxref\n0\n%%EOF")})
	must(t, err)
	for range 2 {
		must(t, x.FileExitPapers(ctx, x.officer, item.ID))
	}
	all, err := x.ExitPapers(ctx, x.ada)
	must(t, err)
	all = slices.DeleteFunc(all, func(p store.Attachment) bool { return p.ID == mine.ID })
	if len(all) != 2 || all[0].Name != "certificat-de-travail.pdf" || all[1].Name != "recu-pour-solde-de-tout-compte.pdf" {
		t.Fatalf("%+v", all)
	}
	for _, p := range all {
		_, b, err := x.Attachment(ctx, x.ada, p.ID, false)
		must(t, err)
		if !bytes.HasPrefix(b, []byte("%PDF")) {
			t.Errorf("%s: %.20q", p.Name, b)
		}
		if _, _, err := x.Attachment(ctx, x.bob, p.ID, false); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Bob opens %s: %v", p.Name, err)
		}
		if _, err := x.Detach(ctx, x.officer, p.ID); err == nil {
			t.Errorf("%s is taken off", p.Name)
		}
	}
	certificate, receipt := office.ExitLetters(ctx, x.Office, x.officer, item.ID)
	if !strings.Contains(certificate.Text, "janv.") || !strings.Contains(certificate.Text, "nov.") || strings.Contains(certificate.Text, "rupture") {
		t.Errorf("%s", certificate.Text)
	}
	want := office.Euros(slip.Body.Payslip.Totals.Paid)
	if foot := receipt.Table.Foot; len(foot) != 2 || foot[1] != want || !strings.Contains(receipt.Text, want) {
		t.Errorf("%v, %s; want %s", foot, receipt.Text, want)
	}
	if !slices.ContainsFunc(receipt.Table.Rows, func(r pdf.Row) bool { return strings.HasPrefix(r.Cells[0], "Indemnité de rupture conventionnelle") }) {
		t.Errorf("%v", receipt.Table.Rows)
	}
}

func clean(t *testing.T, db *store.DB) {
	t.Helper()
	found, err := db.Verify(t.Context())
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
}

// An end that was prepared is taken back whole: the contract has its end of before, the month pays as if nothing had been.
func TestAnExitIsTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		x := exit(t, db)
		x.compute(t)
		_, before := x.rows(t)
		q := x.ask(payroll.Resignation, "2026-11-18")
		item, err := x.PrepareExit(ctx, x.officer, q)
		must(t, err)
		if again, err := x.PrepareExit(ctx, x.officer, q); !said(err, "payexit.fault.already") {
			t.Errorf("prepared twice: %+v, %v", again, err)
		}
		_, rows := x.rows(t)
		if r := rows[x.ada.Person]; !r.Stale || r.Contract.End != date.MustParse("2026-11-18") {
			t.Errorf("the draft of before passes for fresh, the contract ends on %s", r.Contract.End)
		}
		x.compute(t)
		if of := itemsOf(x.slipOf(t, x.ada.Person).Body.Payslip); of["fixed_part"] != 720_00 { // eighteen days of thirty
			t.Errorf("%v", of)
		}
		if err := x.EndPayItem(ctx, x.officer, item.ID, item.Month-1); !said(err, "payexit.fault.take_back") {
			t.Errorf("stopped as an element: %v", err)
		}
		if _, err := x.TakeBackExit(ctx, x.ada, item.ID); err == nil {
			t.Error("she takes it back herself")
		}
		_, err = x.TakeBackExit(ctx, x.officer, item.ID)
		must(t, err)
		_, err = x.TakeBackExit(ctx, x.officer, item.ID) // a second click
		must(t, err)
		x.compute(t)
		_, after := x.rows(t)
		if a, b := before[x.ada.Person], after[x.ada.Person]; a.Cost != b.Cost || b.Contract.End != 0 {
			t.Errorf("%s, then %s until %s", a.Cost, b.Cost, b.Contract.End)
		}
		x.ends(t, x.ada.Person, "2026-11-20") // moved by another after it was prepared
		x.ends(t, x.ada.Person, "2026-11-25")
		rowsOf, _, err := x.Audits(ctx, x.system, store.AuditFilter{Action: "pay.exit"})
		must(t, err)
		if len(rowsOf) != 1 || strings.Contains(rowsOf[0].Detail, "resignation") {
			t.Errorf("%+v", rowsOf)
		}
		clean(t, db)
	})
}

// What an end refuses, on its field.
func TestAnExitIsRefused(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	ctx := t.Context()
	x := exit(t, db)
	short, days := money.Cents(900_00), payroll.Days(-1)
	for _, c := range []struct {
		want   string
		change func(*office.ExitQuestion)
	}{
		{"end payroll.leaving_end", func(q *office.ExitQuestion) { q.End = date.MustParse("2024-12-31") }},
		{"end payfile.issued", func(q *office.ExitQuestion) { q.End = date.MustParse("2026-10-31") }},
		{"end payexit.fault.far", func(q *office.ExitQuestion) { q.End = storetest.Today + 900 }},
		{"end ledger.date_missing", func(q *office.ExitQuestion) { q.End = 0 }},
		{"paid payroll.settlement_short", func(q *office.ExitQuestion) { q.Given = &short }},
		{"pension payroll.settlement_pension", func(q *office.ExitQuestion) { q.Pension = true }},
		{"reason payroll.leaving_reason", func(q *office.ExitQuestion) { q.Reason = payroll.EndOfTerm }},
		{"days payroll.leave_days", func(q *office.ExitQuestion) { q.Days = &days }},
		{"follow ", func(q *office.ExitQuestion) { q.Follow = "\u4e2d" }},
	} {
		q := x.ask(payroll.Rupture, "2026-11-30")
		c.change(&q)
		_, err := x.PrepareExit(ctx, x.officer, q)
		if got := strings.Join(keysOf(err), ", "); !strings.HasPrefix(got, c.want) || got == "" {
			t.Errorf("%q, want %q (%v)", got, c.want, err)
		}
	}
	x.ends(t, x.ada.Person, "2026-12-31")
	q := x.ask(payroll.Rupture, "2027-01-31")
	_, err := x.PrepareExit(ctx, x.officer, q)
	wants(t, err, "end payexit.fault.after")
	x.write(t, func(tx *store.Tx) error {
		return tx.SavePayMonth(store.PayMonth{Month: x.month, State: store.PayMonthLocked, By: storetest.Reader})
	})
	_, err = x.PrepareExit(ctx, x.officer, x.ask(payroll.Rupture, "2026-11-30"))
	wants(t, err, "end payfile.locked")
	// Of somebody who moved the last day since, nothing is counted by halves.
	q.End = date.MustParse("2026-12-31")
	_, err = x.PrepareExit(ctx, x.officer, q)
	must(t, err)
	x.ends(t, x.ada.Person, "2026-12-15")
	v, err := x.PayMonth(ctx, x.officer, x.month+1, nil)
	must(t, err)
	for i := range v.Rows {
		if v.Rows[i].Person.ID == x.ada.Person {
			has(t, &v.Rows[i], "payexit.fault.moved")
		}
	}
}

// Nobody but her and who runs the pay sees what she would receive, and nobody prepares their own end.
func TestAnExitIsSeenByFew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		x := exit(t, db)
		q := x.ask(payroll.Rupture, "2026-11-30")
		advisor := access.Actor{Coop: x.coop, Person: storetest.Reader, Roles: []member.Role{member.Advisor}, Portfolio: x.ada.Activities, Today: storetest.Today}
		accountant := access.Actor{Coop: x.coop, Person: storetest.Reader, Roles: []member.Role{member.Accountant}, Today: storetest.Today}
		for name, a := range map[string]access.Actor{"Bob": x.bob, "an advisor": advisor, "the accountant": accountant} {
			if v, err := x.Exit(ctx, a, q); err == nil || len(v.Months) > 0 {
				t.Errorf("%s sees it", name)
			}
			if _, err := x.PrepareExit(ctx, a, q); err == nil {
				t.Errorf("%s prepares it", name)
			}
		}
		for name, a := range map[string]access.Actor{"herself": x.ada, "the officer": x.officer, "the manager": x.manager} {
			if v, err := x.Exit(ctx, a, q); err != nil || len(v.Months) != 1 {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := x.PrepareExit(ctx, x.ada, q); err == nil {
			t.Error("she prepares her own end")
		}
		own := office.ExitQuestion{Person: x.officer.Person, Contract: x.contract[x.officer.Person], ExitBody: office.ExitBody{Reason: payroll.Resignation, End: date.MustParse("2026-11-30")}}
		if _, err := x.PrepareExit(ctx, x.officer, own); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the officer prepares theirs: %v", err)
		}
		if v, err := x.Exit(ctx, x.officer, own); err != nil || v.Account != nil || v.Last.Totals.Paid <= 0 { // and may ask what it would be
			t.Errorf("%v", err)
		}
		if mixed := (office.ExitQuestion{Person: x.ada.Person, Contract: x.contract[x.bob.Person]}); true {
			if _, err := x.Exit(ctx, x.ada, mixed); fault.KindOf(err) != fault.NotFound {
				t.Errorf("a contract of Bob's: %v", err)
			}
		}
	})
}

// Months ahead: each is paid as it is asked for, the last takes the rest. In equal parts a month below the SMIC loses no
// reduction; where the year of the end is short and has none left to lose, all at once may give more.
func TestAnExitMonthsAhead(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	x := exit(t, db)
	x.more(t, 16_000_00)
	x.write(t, func(tx *store.Tx) error {
		if err := tx.AddPayItem(&store.PayItem{Person: x.ada.Person, Contract: x.contract[x.ada.Person], Month: x.month, Until: office.ForEver(), Element: "advance", Amount: 1_000_00, By: storetest.Reader}); err != nil {
			return err
		}
		return tx.AddPayRequest(&store.PayRequest{Person: x.ada.Person, Contract: x.contract[x.ada.Person], Month: x.month, Until: x.month, Kind: "cost", Amount: 1_000_00, State: store.PayAsked, By: x.ada.Person})
	})
	v, err := x.Exit(t.Context(), x.ada, x.ask(payroll.Resignation, "2027-02-15"))
	must(t, err)
	if len(v.Months) != 4 || v.Months[0].State != office.ExitAhead || v.Months[3].Month.String() != "2027-02" {
		t.Fatalf("%+v", v.Months)
	}
	var sum office.ExitPay
	for _, m := range v.Months {
		sum.Gross, sum.Net, sum.Paid, sum.Cost = sum.Gross+m.Gross, sum.Net+m.Net, sum.Paid+m.Paid, sum.Cost+m.Cost
	}
	if sum != v.Sum || v.Sum.Cost > 17_802_07 || v.Sum.Cost < 17_802_07-500 {
		t.Errorf("the months cost %s of 17 802.07", v.Sum.Cost)
	}
	if v.Months[0].Cost <= v.Months[1].Cost || v.Months[1].Gross != 1_200_00 {
		t.Errorf("%+v", v.Months)
	}
	if v.Even.Slips != 3 || // November cannot be asked for any more
		v.Even.Each <= 0 || v.Even.Net >= v.Even.Now {
		t.Errorf("in equal parts %+v", v.Even)
	}
	if len(v.Debts) != 1 || v.Debts[0].Owed != 1_000_00 || v.Debts[0].Left >= v.Debts[0].Owed || v.Debts[0].Left == 0 {
		t.Errorf("%+v", v.Debts)
	}
	x.write(t, func(tx *store.Tx) error { return tx.SetPayRequest(1, x.month, store.PayWithdrawn) })
	if v, err = x.Exit(t.Context(), x.ada, x.ask(payroll.Resignation, "2026-12-31")); err != nil || v.Even.Slips != 0 {
		t.Errorf("one payslip can still be asked for: %+v, %v", v.Even, err)
	}
	x.ada.Today = date.MustParse(midNovember)
	if v, err = x.Exit(t.Context(), x.ada, x.ask(payroll.Resignation, "2026-12-31")); err != nil || v.Even.Slips != 2 || v.Even.Net <= v.Even.Now {
		t.Errorf("within a year %+v, %v", v.Even, err)
	}
}

// Where a payroll software makes the payslips, the end is counted as an estimate and its sums leave with the variables; what
// is owed by customers is told; a reserve is not kept for nobody; a person under CAPE reads why nothing is counted.
func TestAnExitTellsTheRest(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	ctx := t.Context()
	x := exit(t, db)
	x.more(t, 6_000_00)
	before, err := x.Exit(ctx, x.ada, x.ask(payroll.Resignation, "2026-11-30"))
	must(t, err)
	section := x.activity(t, x.ada.Person)
	x.write(t, func(tx *store.Tx) error { return tx.SetReserve(section, 1_500_00, storetest.Today) })
	kept, err := x.Exit(ctx, x.ada, x.ask(payroll.Resignation, "2026-11-30"))
	must(t, err)
	if kept.Sum != before.Sum {
		t.Errorf("with a reserve %+v, without %+v", kept.Sum, before.Sum)
	}
	q := x.ask(payroll.Resignation, "2026-11-30")
	q.All = false
	if alone, err := x.Exit(ctx, x.ada, q); err != nil || alone.Year.Cost != 0 || alone.Sum.Gross >= kept.Sum.Gross {
		t.Errorf("nothing was asked: %+v, %v", alone.Year, err)
	}
	_, now, err := x.Settings(ctx, x.system)
	must(t, err)
	now.Pay.Way, now.Pay.LeaveMode = coop.PaySoftware, coop.LeaveFund
	r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-02-01"), now.Pay, "CA du 2 février 2026")
	must(t, err)
	_, err = x.SaveRule(ctx, x.system, r)
	must(t, err)
	v, err := x.Exit(ctx, x.ada, x.ask(payroll.Resignation, "2026-11-30"))
	must(t, err)
	if !v.Estimate || v.Count.Due != 0 || v.Count.Given != 0 {
		t.Errorf("%+v", v.Count)
	}
	x.write(t, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(x.bob.Person)
		if err != nil {
			return err
		}
		all[0].Kind, all[0].End, all[0].Term = member.CAPE, date.MustParse("2026-12-31"), 1
		return tx.SaveContract(&all[0])
	})
	if v, err = x.Exit(ctx, x.bob, office.ExitQuestion{}); err != nil || v.Why != "payexit.why.cape" {
		t.Errorf("under CAPE: %q, %v", v.Why, err)
	}
}
