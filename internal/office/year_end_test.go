package office_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/mail"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// closing is a cooperative at the end of 2026: Ada under a CESA in the workshop of the worked example, Zoé under a CAPE in
// the studio, both in a third activity, and Jean who runs the pay.
type closing struct {
	*dated
	officer, zoe access.Actor
	trio         int64
	year         int64
}

func newClosing(t *testing.T, h *dated) *closing {
	t.Helper()
	c := &closing{dated: h}
	from := date.MustParse("2025-01-06")
	zoe, err := h.SavePerson(t.Context(), h.system, member.Person{FirstName: "Zoé", LastName: "Lam", Email: "zoe@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: from}}})
	must(t, err)
	jean, _, err := h.Person(t.Context(), h.system, storetest.Reader)
	must(t, err)
	jean.Grants = append(jean.Grants, member.Grant{Role: member.Payroll, From: from})
	_, err = h.SavePerson(t.Context(), h.system, jean)
	must(t, err)
	contract, err := h.SaveContract(t.Context(), h.system, member.Contract{Person: storetest.Person, Kind: member.CESA, Start: from, FixedCost: 531_50, Activity: storetest.First})
	must(t, err)
	_, err = h.SaveContract(t.Context(), h.system, member.Contract{Person: zoe.ID, Kind: member.CAPE, Start: date.MustParse("2026-03-01"), End: date.MustParse("2027-02-28"), Term: 1})
	must(t, err)
	studio, err := h.Activity(t.Context(), h.system, storetest.Second)
	must(t, err)
	studio.Shares = []activity.Share{{Person: zoe.ID, From: date.MustParse("2026-03-01"), Parts: 1}}
	_, err = h.SaveActivity(t.Context(), h.system, studio)
	must(t, err)
	trio, err := h.SaveActivity(t.Context(), h.system, activity.Activity{Code: "003", Name: "Duo", Trade: "Décor", Opened: from, Natures: []string{"service"}, Tax: "S20",
		Shares: []activity.Share{{Person: storetest.Person, From: from, Parts: 3}, {Person: zoe.ID, From: date.MustParse("2026-03-01"), Parts: 1}}})
	must(t, err)
	c.trio = trio.ID
	storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error {
		return tx.SavePayTerms(store.PayTerms{Contract: contract.ID, From: from, Terms: payroll.Terms{Gross: 500_00}})
	})
	rule, err := office.RuleOf(coop.RulePay, "", from, coop.Pay{Way: coop.PaySoftware, Staff: 60, Accident: 20_800, Health: 60_00, HealthEmployer: 500_000, CutOff: 20, PotMonth: 7, LeaveMode: coop.LeaveRecorded, Mapping: "silae"}, "CA du 4")
	must(t, err)
	_, err = h.SaveRule(t.Context(), h.system, rule)
	must(t, err)

	post := func(day string, section int64, account string, amount money.Cents, more ...ledger.Line) {
		t.Helper()
		lines := append([]ledger.Line{{Account: account, Section: section, Amount: amount}, {Account: "512", Section: section, Amount: -amount}}, more...)
		_, err := h.PostEntry(t.Context(), h.system, ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse(day), Ref: "R", Label: "Essai", Lines: lines}, "")
		must(t, err)
	}
	h.on("2027-01-15")
	post("2026-03-31", storetest.First, "706", -42_000_00)
	post("2026-04-30", storetest.First, "6061", 6_000_00)
	post("2026-05-31", storetest.First, "6251", 3_000_00)
	post("2026-06-30", storetest.First, "6226", 3_600_00)
	post("2026-07-31", storetest.First, "6411", 16_800_00)
	post("2026-07-31", storetest.First, "6451", 1_058_45)
	post("2026-07-31", storetest.Second, "706", -2_345_67)
	post("2026-07-31", c.trio, "706", -400_00)
	c.officer = access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Payroll}, Today: h.system.Today}
	c.zoe = access.Actor{Coop: h.coop, Person: zoe.ID, Name: "Zoé Lam", Roles: []member.Role{member.Entrepreneur}, Activities: []int64{storetest.Second, c.trio}, Today: h.system.Today}
	c.year = storetest.Year2026
	return c
}

func (c *closing) at(day string) {
	d := c.on(day)
	c.officer.Today, c.zoe.Today = d, d
}

func (c *closing) view(t *testing.T) office.YearEndView {
	t.Helper()
	v, err := c.YearEnd(t.Context(), c.officer, c.year)
	must(t, err)
	var sum money.Cents
	for _, r := range v.Rows {
		sum += r.Balance
	}
	if sum-v.Booked != v.Result {
		t.Errorf("the rows sum to %v, %v is booked, the activities have %v", sum, v.Booked, v.Result)
	}
	return v
}

func (c *closing) booked(t *testing.T) store.Run {
	t.Helper()
	run, err := c.BookYear(t.Context(), c.officer, c.year, "")
	must(t, err)
	must(t, c.Drain(t.Context()))
	seen, err := c.Run(t.Context(), c.officer, run.ID)
	must(t, err)
	for _, r := range seen.Refused {
		t.Errorf("%s: %v", r.Subject, r.Why)
	}
	return seen.Run
}

func denied(t *testing.T, err error, key string) {
	t.Helper()
	all := fault.All(err)
	if len(all) == 0 || all[0].Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// Law notes § 1.3 through the books, the form, the run and the account of the next year: BASE 29 400, PAID 17 858.45,
// BAL 11 541.55.
func TestAYearEnds(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := newClosing(t, h)
		ctx := t.Context()
		if _, err := c.YearForm(ctx, c.ada, c.year, storetest.First); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a form before anybody is asked: %v", err)
		}
		_, err := c.BookYear(ctx, c.officer, c.year, "")
		denied(t, err, "office.year_not_asked")
		must(t, c.AskYear(ctx, c.officer, c.year, date.MustParse("2027-02-10"), "ask"))
		must(t, c.AskYear(ctx, c.officer, c.year, date.MustParse("2027-02-10"), "ask"))
		if v := c.view(t); len(v.Silent) != 1 || v.Silent[0] != storetest.Person {
			t.Errorf("silent: %v", v.Silent)
		}

		f, err := c.YearForm(ctx, c.ada, c.year, storetest.First)
		must(t, err)
		if f.Row.Base != 29_400_00 || f.Row.Paid != 17_858_45 || f.Part.Balance != 11_541_55 {
			t.Fatalf("BASE %v PAID %v BAL %v", f.Row.Base, f.Row.Paid, f.Part.Balance)
		}
		if len(f.Months) != 7 || f.Months[0] != date.MonthOf(2027, 1) {
			t.Errorf("months %v", f.Months)
		}
		smooth, once := f.Options[0], f.Options[1]
		if smooth.Months != 7 || once.Months != 1 || smooth.Gross <= once.Gross || smooth.Net <= once.Net || smooth.Cost != 11_541_55 || smooth.Paid != smooth.Net-smooth.Tax {
			t.Errorf("%+v, %+v", smooth, once)
		}
		if len(f.Partners) != 1 || f.Partners[0].ID != c.trio {
			t.Errorf("partners %v", f.Partners)
		}
		if _, err := c.YearForm(ctx, c.zoe, c.year, storetest.First); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else's form: %v", err)
		}

		wishes := []activity.Wish{{Kind: activity.WishPay, Amount: 8_000_00, Months: 6}, {Kind: activity.WishKeep, Amount: 1_541_55}, {Kind: activity.WishProvision, Amount: 1_000_00, Reason: "Un four"}, {Kind: activity.WishTransfer, Amount: 1_000_00, To: c.trio}}
		short := append([]activity.Wish{}, wishes[1:]...)
		_, err = c.SignYear(ctx, c.ada, c.year, storetest.First, short, 11_541_55, "")
		denied(t, err, "activity.wish.sum")
		_, err = c.SignYear(ctx, c.ada, c.year, storetest.First, wishes, 11_541_54, "")
		denied(t, err, "office.year_moved")
		all := []activity.Wish{{Kind: activity.WishKeep, Amount: 11_541_55}}
		_, err = c.SignYear(ctx, c.ada, c.year, storetest.First, all, 11_541_55, "")
		must(t, err)
		choice, err := c.SignYear(ctx, c.ada, c.year, storetest.First, wishes, 11_541_55, "sign")
		must(t, err)
		again, err := c.SignYear(ctx, c.ada, c.year, storetest.First, wishes, 11_541_55, "sign")
		must(t, err)
		if again.ID != choice.ID || choice.Hash != store.HashOf(choice.Body) || choice.State != store.ChoiceSigned {
			t.Errorf("%+v, then %+v", choice, again)
		}
		// Three quarters of the shared activity are hers, with what she gave it.
		if d, err := c.YearForm(ctx, c.ada, c.year, c.trio); err != nil || d.Part.Balance != 300_00+750_00 {
			t.Errorf("%v %v", d.Part.Balance, err)
		}
		must(t, c.RemindYear(ctx, c.officer, c.year, ""))
		_, err = c.BookYear(ctx, c.officer, c.year, "")
		denied(t, err, "office.year_waiting")

		c.at("2027-02-11") // the shared activity had no answer: it is paid
		must(t, c.Drain(ctx))
		if v := c.view(t); len(v.Silent) != 0 || v.Choices[c.trio][storetest.Person].State != store.ChoiceSilent {
			t.Errorf("silence: %+v", v.Choices)
		}
		_, err = c.SignYear(ctx, c.ada, c.year, storetest.First, wishes, 11_541_55, "")
		denied(t, err, "office.year_late")
		before := c.view(t)
		run := c.booked(t)
		if run.Done != 4 || run.Failed != 0 {
			t.Errorf("run: %+v", run)
		}
		v := c.view(t)
		if v.Missing != 0 || v.Booked == 0 {
			t.Errorf("%d parts miss, %v booked", v.Missing, v.Booked)
		}
		var stays money.Cents
		for i, r := range v.Rows {
			stays += r.Stays
			if b := before.Rows[i]; b.Base != r.Base || b.Paid != r.Paid || b.Balance != r.Balance {
				t.Errorf("the year end says %+v where it said %+v", r, b)
			}
		}
		if stays != 1_541_55 || v.Result != stays {
			t.Errorf("%v stays, the books have %v", stays, v.Result)
		}
		_, err = c.BookYear(ctx, c.officer, c.year, "")
		denied(t, err, "office.year_done")

		// The pot of the next year is what was set aside, pay and contributions.
		next, err := c.Account(ctx, c.ada, storetest.First, 0)
		must(t, err)
		if next.Account.Pot.Amount != 8_000_00 {
			t.Errorf("pot %v", next.Account.Pot.Amount)
		}
		closed, err := c.Account(ctx, c.ada, storetest.First, c.year)
		must(t, err)
		if got := closed.Account.Total.Result.Amount; got != 1_541_55 {
			t.Errorf("result %v", got)
		}

		// The auditor finds 500 of charges: pay bears them, and the pot with it.
		_, err = c.PostEntry(ctx, c.system, ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-12-31"), Ref: "AUD", Label: "Facture oubliée", Lines: []ledger.Line{{Account: "6251", Section: storetest.First, Amount: 500_00}, {Account: "4081", Section: storetest.First, Amount: -500_00}}}, "")
		if err != nil {
			_, err = c.PostEntry(ctx, c.system, ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-12-31"), Ref: "AUD", Label: "Facture oubliée", Lines: []ledger.Line{{Account: "6251", Section: storetest.First, Amount: 500_00}, {Account: "512", Section: storetest.First, Amount: -500_00}}}, "")
		}
		must(t, err)
		if v := c.view(t); v.Missing != 1 {
			t.Errorf("%d parts", v.Missing)
		}
		c.booked(t)
		if next, err = c.Account(ctx, c.ada, storetest.First, 0); err != nil || next.Account.Pot.Amount != 7_500_00 {
			t.Errorf("pot %v %v", next.Account.Pot.Amount, err)
		}
		_, err = c.BookYear(ctx, c.officer, c.year, "")
		denied(t, err, "office.year_done")

		// The CAPE's result is set aside, and goes back to the account once there is a CESA.
		if len(v.Aside) != 2 || v.Aside[0].Aside+v.Aside[1].Aside != 2_345_67+100_00+250_00 {
			t.Errorf("aside: %+v", v.Aside)
		}
		denied(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 2_345_68, office.AsideToAccount, ""), "office.year_release")
		must(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 2_000_00, office.AsideToAccount, "r1"))
		must(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 2_000_00, office.AsideToAccount, "r1"))
		must(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 345_67, office.AsideToCompany, "r2"))
		denied(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 1, office.AsideToAccount, ""), "office.year_release")
		// A release that is reversed has released nothing: it can be made again, once.
		var released int64
		storetest.Read(t, c.db, c.coop, func(tx *store.Tx) error {
			all, err := tx.YearEntries(c.year)
			for _, e := range all {
				if e.Sum.Kind == store.YearReleased && e.Sum.Amount == -345_67 {
					released = e.Entry
				}
			}
			return err
		})
		_, err = c.ReverseEntry(ctx, c.system, released, c.system.Today, "Erreur")
		must(t, err)
		denied(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 345_68, office.AsideToAccount, ""), "office.year_release")
		must(t, c.ReleaseAside(ctx, c.officer, c.year, storetest.Second, c.zoe.Person, 345_67, office.AsideToCompany, "r3"))
		studio, err := c.Account(ctx, c.system, storetest.Second, 0)
		must(t, err)
		if got := studio.Account.Total.Result.Amount; got != 2_000_00 {
			t.Errorf("released %v", got)
		}
		found, err := c.db.Verify(ctx)
		must(t, err)
		if len(found) != 0 {
			t.Errorf("verify: %+v", found)
		}
	})
}

// Nobody books or releases what concerns their own pay, an entrepreneur asks nobody, and an advisor sees nothing.
func TestYearEndIsNobodysOwn(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := newClosing(t, h)
		ctx := t.Context()
		for name, err := range map[string]error{
			"ada asks":  c.AskYear(ctx, c.ada, c.year, 0, ""),
			"ada sees":  func() error { _, err := c.YearEnd(ctx, c.ada, c.year); return err }(),
			"ada books": func() error { _, err := c.BookYear(ctx, c.ada, c.year, ""); return err }(),
			"own aside": func() error {
				me := c.officer
				me.Person = c.zoe.Person
				return c.ReleaseAside(ctx, me, c.year, storetest.Second, me.Person, 1, office.AsideToAccount, "")
			}(),
			"an advisor": func() error {
				me := c.officer
				me.Roles = []member.Role{member.Advisor}
				me.Portfolio = []int64{storetest.First}
				_, err := c.YearEnd(ctx, me, c.year)
				return err
			}(),
		} {
			if k := fault.KindOf(err); k != fault.Forbidden && k != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		// The officer has a part: it waits for another, and the others are booked.
		act, err := c.Activity(ctx, c.system, storetest.Second)
		must(t, err)
		act.Shares = append(act.Shares, activity.Share{Person: storetest.Reader, From: date.MustParse("2026-03-01"), Parts: 1})
		_, err = c.SaveActivity(ctx, c.system, act)
		must(t, err)
		_, err = c.SaveContract(ctx, c.system, member.Contract{Person: storetest.Reader, Kind: member.CESA, Start: date.MustParse("2026-03-01"), Activity: storetest.Second})
		must(t, err)
		must(t, c.AskYear(ctx, c.officer, c.year, 0, ""))
		c.at("2027-03-01")
		run, err := c.BookYear(ctx, c.officer, c.year, "")
		must(t, err)
		must(t, c.Drain(ctx))
		seen, err := c.Run(ctx, c.officer, run.ID)
		must(t, err)
		if len(seen.Refused) != 1 || seen.Refused[0].Why[0].Key != "access.denied.run_own_pay" {
			t.Errorf("%+v", seen.Refused)
		}
		if v := c.view(t); v.Missing != 1 {
			t.Errorf("%d parts miss", v.Missing)
		}
	})
}

// letters keeps the mails that leave.
type letters []mail.Message

func (l *letters) Send(_ context.Context, m mail.Message) error { *l = append(*l, m); return nil }

// Who is asked gets a mail, and another when they are reminded: neither holds a figure, a name of an activity nor an id.
func TestYearEndMailsHoldNoFigure(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		var sent letters
		h := &dated{now: storetest.Now}
		files, err := store.OpenFiles(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, files.Close()) })
		h.house = furnish(t, storetest.Open(t, store.Options{URL: address, Now: func() time.Time { return h.now }}), files, &sent)
		c := newClosing(t, h)
		must(t, c.AskYear(t.Context(), c.officer, c.year, 0, ""))
		must(t, c.RemindYear(t.Context(), c.officer, c.year, ""))
		must(t, c.Drain(t.Context()))
		if len(sent) != 2 {
			t.Fatalf("%d mails", len(sent))
		}
		for _, m := range sent {
			if !slices.Equal(m.To, []string{"ada@trame.example"}) || strings.ContainsAny(m.Subject+m.Text, "0123456789€") || strings.Contains(m.Text, "Atelier") || !strings.Contains(m.Text, "/year-choice") {
				t.Errorf("%+v", m)
			}
		}
	})
}
