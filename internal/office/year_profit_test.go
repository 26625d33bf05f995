package office_test

import (
	"bytes"
	"slices"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
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

// sharing is a cooperative that paid November 2026 by itself and closes the year: two entrepreneurs whose activities made
// 4 000 each, and an officer on the team.
type sharing struct {
	*payHouse
	dated *dated
	self  []access.Actor
}

func (s *sharing) on(day string) {
	d := s.dated.on(day)
	s.officer.Today, s.manager.Today = d, d
	s.system = s.dated.system
	for i := range s.self {
		s.self[i].Today = d
	}
}

func agreed() coop.Profit {
	x := coop.Default().YearEnd.Profit
	x.From, x.Until = date.MustParse("2026-01-01"), date.MustParse("2028-12-31")
	x.Above, x.Rate, x.ByPay, x.Presence, x.Plan = 1_000_00, 500_000, money.One, 3, true
	return x
}

func newSharing(t *testing.T, h *dated, staff int, profit coop.Profit) *sharing {
	t.Helper()
	s := &sharing{payHouse: pay(t, h.house, 2), dated: h}
	if staff != 30 {
		rules := coop.Pay{Way: coop.PayOwn, Staff: staff, Accident: 20_800, Mobility: 20_000, Health: 40_00, HealthEmployer: 500_000, CutOff: 20, PotMonth: 7, LeaveMode: coop.LeaveRecorded, Mapping: "silae"}
		r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-02-01"), rules, "CA du 2 février 2026")
		must(t, err)
		_, err = h.SaveRule(t.Context(), h.system, r)
		must(t, err)
	}
	rule := coop.Default().YearEnd
	rule.Profit = profit
	r, err := office.RuleOf(coop.RuleYearEnd, "", date.MustParse("2026-01-01"), rule, "AG du 12 janvier 2026")
	must(t, err)
	_, err = h.SaveRule(t.Context(), h.system, r)
	must(t, err)
	s.compute(t)
	s.issue(t, s.officer)
	s.issue(t, s.manager)
	for _, id := range s.people[:2] {
		s.self = append(s.self, access.Actor{Coop: h.coop, Person: id, Lang: "fr", Roles: []member.Role{member.Entrepreneur}, Activities: []int64{s.activity(t, id)}})
	}
	s.on("2027-01-15")
	must(t, s.AskYear(t.Context(), s.officer, storetest.Year2026, date.MustParse("2027-02-10"), ""))
	return s
}

func (s *sharing) form(t *testing.T, i int) office.YearForm {
	t.Helper()
	f, err := s.YearForm(t.Context(), s.self[i], storetest.Year2026, s.activity(t, s.people[i]))
	must(t, err)
	return f
}

func (s *sharing) sign(t *testing.T, i int, wishes ...activity.Wish) error {
	t.Helper()
	_, err := s.SignYear(t.Context(), s.self[i], storetest.Year2026, s.activity(t, s.people[i]), wishes, s.form(t, i).Part.Balance, "")
	return err
}

func (s *sharing) view(t *testing.T) office.YearEndView {
	t.Helper()
	v, err := s.YearEnd(t.Context(), s.officer, storetest.Year2026)
	must(t, err)
	var sum money.Cents
	for _, r := range v.Rows {
		sum += r.Balance
		if r.Balance+r.Received != r.Leave+r.Out+r.Profit+r.Provided+r.Given+r.Aside+r.Stays {
			t.Errorf("%+v", r)
		}
	}
	if sum-v.Booked != v.Result {
		t.Errorf("the rows sum to %v, %v is booked, the activities have %v", sum, v.Booked, v.Result)
	}
	return v
}

func (s *sharing) bookYear(t *testing.T) {
	t.Helper()
	run, err := s.BookYear(t.Context(), s.officer, storetest.Year2026, "")
	must(t, err)
	must(t, s.Drain(t.Context()))
	seen, err := s.Run(t.Context(), s.officer, run.ID)
	must(t, err)
	for _, r := range seen.Refused {
		t.Errorf("%s: %v", r.Subject, r.Why)
	}
}

func (s *sharing) account(t *testing.T, section int64, account string) (sum money.Cents) {
	t.Helper()
	storetest.Read(t, s.db, s.coop, func(tx *store.Tx) error {
		for _, year := range []int64{storetest.Year2026, storetest.Year2026 + 1} {
			by, err := tx.BalancesBySection(year)
			if err != nil {
				return err
			}
			for _, b := range by[section] {
				if b.Account == account && b.Period > 0 {
					sum += b.Net()
				}
			}
		}
		return nil
	})
	return sum
}

// An agreement of half of what passes 1 000: two units would give more than 20 % of the pay of all, 980.20, and share it.
// What is chosen is set aside, paid with the pay of a month within its limits, and nothing of it is a charge of that year.
func TestProfitSharingFromTheFormToThePayslip(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		s := newSharing(t, h, 30, agreed())
		ctx := t.Context()
		var pots []int64
		for i := range 2 {
			f := s.form(t, i)
			pots = append(pots, int64((f.Row.Balance - 1_000_00).Times(500_000)))
		}
		limit := money.Cents(1_200_00 + 1_201_00 + 2_500_00).Times(200_000)
		most := money.Allocate(limit, pots)
		if limit != 980_20 || money.Cents(pots[0]+pots[1]) <= limit {
			t.Fatalf("limit %v, pots %v", limit, pots)
		}
		for i := range 2 {
			f := s.form(t, i)
			if f.Profit.Gross != most[i] || f.Profit.Cost != most[i] || f.Profit.CutAll != money.Cents(pots[i])-most[i] || f.Profit.Cut != 0 {
				t.Errorf("%d: %+v, want %v", i, f.Profit, most[i])
			}
			n := slices.IndexFunc(f.Options, func(o office.YearOption) bool { return o.Kind == activity.WishProfit })
			if n < 0 || n+1 >= len(f.Options) {
				t.Fatalf("options: %+v", f.Options)
			}
			paid, saved := f.Options[n], f.Options[n+1]
			bonus := payroll.Law().On(date.MonthOf(2026, 12)).Bonus(most[i], false, 30)
			if paid.Cost != most[i] || paid.Net != bonus.Net || paid.Taxable != bonus.Taxable || paid.Paid != paid.Net-paid.Tax || (paid.Tax-bonus.Taxable.Times(35_000)).Abs() > 1 || saved.Paid != 0 || saved.Tax != 0 || !saved.Saved {
				t.Errorf("%+v, %+v", paid, saved)
			}
		}
		balance := s.form(t, 0).Part.Balance
		denied(t, s.sign(t, 0, activity.Wish{Kind: activity.WishProfit, Amount: most[0] + 1}, activity.Wish{Kind: activity.WishKeep, Amount: balance - most[0] - 1}), "activity.wish.profit")
		must(t, s.sign(t, 0, activity.Wish{Kind: activity.WishProfit, Amount: most[0]}, activity.Wish{Kind: activity.WishKeep, Amount: balance - most[0]}))
		must(t, s.sign(t, 1, activity.Wish{Kind: activity.WishProfit, Amount: 300_00, Saved: true}, activity.Wish{Kind: activity.WishKeep, Amount: s.form(t, 1).Part.Balance - 300_00}))
		if _, _, err := s.ProfitSheet(ctx, s.self[0], storetest.Year2026, s.self[0].Activities[0]); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a sheet before anything is booked: %v", err)
		}
		s.bookYear(t)
		v := s.view(t)
		if v.Missing != 0 || v.Booked != most[0]+300_00 || len(v.Profit) != 2 || v.Profit[0].Left() != most[0] || !v.Profit[1].Saved || v.Term != date.MustParse("2027-05-31") {
			t.Errorf("%+v", v.Profit)
		}
		first := s.self[0].Activities[0]
		if got := s.account(t, first, "4284"); got != -most[0] {
			t.Errorf("4284 holds %v", got)
		}
		// Nobody reads the sheet of another, and an entrepreneur pays nobody.
		if _, _, err := s.ProfitSheet(ctx, s.self[1], storetest.Year2026, first); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else's sheet: %v", err)
		}
		name, sheet, err := s.ProfitSheet(ctx, s.self[0], storetest.Year2026, first)
		must(t, err)
		if name != "interessement-2026.pdf" || !bytes.HasPrefix(sheet, []byte("%PDF-")) {
			t.Errorf("%s: %d bytes", name, len(sheet))
		}
		if _, err := s.PayProfit(ctx, s.self[0], storetest.Year2026, date.MonthOf(2027, 3), ""); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
			t.Errorf("an entrepreneur pays: %v", err)
		}

		s.on("2027-03-10")
		_, err = s.PayProfit(ctx, s.officer, storetest.Year2026, date.MonthOf(2027, 2), "")
		denied(t, err, "office.profit_month")
		n, err := s.PayProfit(ctx, s.officer, storetest.Year2026, date.MonthOf(2027, 3), "pay")
		must(t, err)
		if again, err := s.PayProfit(ctx, s.officer, storetest.Year2026, date.MonthOf(2027, 3), "pay"); n != 2 || again != 2 || err != nil {
			t.Errorf("%d, then %d, %v", n, again, err)
		}
		_, err = s.PayProfit(ctx, s.officer, storetest.Year2026, date.MonthOf(2027, 4), "")
		denied(t, err, "office.profit_none")
		s.month = date.MonthOf(2027, 3)
		s.compute(t)
		s.issue(t, s.manager)
		if got := s.account(t, first, "4284"); got != 0 {
			t.Errorf("once paid, 4284 holds %v", got)
		}
		if got, want := s.account(t, s.self[1].Activities[0], "4285"), -payroll.Law().On(s.month).Bonus(300_00, true, 30).Net; got != want {
			t.Errorf("4285 holds %v, want %v", got, want)
		}
		slip := s.slipsOf(t, s.people[0])[0].Body
		without := slip.Inputs
		without.Items = slices.DeleteFunc(slices.Clone(without.Items), func(it payroll.Item) bool { return it.Element == "profit_sharing" })
		bare, _, err := payroll.Compute(payroll.Law().On(s.month), slip.Employer, slip.Contract, slip.Before, without)
		must(t, err)
		bonus := payroll.Law().On(s.month).Bonus(most[0], false, 30)
		if got := slip.Payslip.Totals; got.Paid-bare.Totals.Paid != bonus.Net-(got.Tax-bare.Totals.Tax) || got.NetTaxable-bare.Totals.NetTaxable != bonus.Taxable || got.NetSocial != bare.Totals.NetSocial || got.Cost != bare.Totals.Cost {
			t.Errorf("%+v, without it %+v", got, bare.Totals)
		}
		if v := s.view(t); v.Profit[0].Left() != 0 || v.Profit[0].Month != s.month {
			t.Errorf("%+v", v.Profit[0])
		}
		s.sound(t)
	})
}

// A month is locked without the payslip that was to pay the bonus: what was written into it is nobody's, and the next month
// pays it, once.
func TestProfitSharingOfALockedMonthIsWrittenAgain(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		s := newSharing(t, h, 30, agreed())
		ctx := t.Context()
		for i := range 2 {
			must(t, s.sign(t, i, activity.Wish{Kind: activity.WishProfit, Amount: 300_00}, activity.Wish{Kind: activity.WishKeep, Amount: s.form(t, i).Part.Balance - 300_00}))
		}
		s.bookYear(t)
		s.on("2027-03-10")
		s.month = date.MonthOf(2027, 3)
		n, err := s.PayProfit(ctx, s.officer, storetest.Year2026, s.month, "")
		must(t, err)
		s.known(t, s.people[0], func(k *payroll.Person) { r := money.Rate(1_200_000); k.Tax = &r })
		s.compute(t)
		s.issue(t, s.manager)
		if v := s.view(t); n != 2 || v.Profit[0].Left() != 0 || v.Profit[1].Left() != 0 {
			t.Errorf("while the month is open: %d, %+v", n, v.Profit)
		}
		must(t, s.LockPay(ctx, s.manager, s.month))
		v := s.view(t)
		if v.Profit[0].Left() != 300_00 || v.Profit[0].Month != 0 || v.Profit[1].Left() != 0 || v.Profit[1].Month != s.month {
			t.Fatalf("once it is locked without hers: %+v", v.Profit)
		}
		s.known(t, s.people[0], func(k *payroll.Person) { r := money.Rate(35_000); k.Tax = &r })
		s.on("2027-04-10")
		s.month++
		n, err = s.PayProfit(ctx, s.officer, storetest.Year2026, s.month, "")
		must(t, err)
		s.compute(t)
		s.issue(t, s.officer)
		s.issue(t, s.manager) // the last: the month locks
		v = s.view(t)
		if state, err := s.PayMonth(ctx, s.officer, s.month, nil); err != nil || !state.Locked || n != 1 || v.Profit[0].Left() != 0 || v.Profit[0].Month != s.month {
			t.Errorf("%d, %+v, %v", n, v.Profit, err)
		}
		for i := range 2 {
			if got := s.account(t, s.self[i].Activities[0], "4284"); got != 0 {
				t.Errorf("once paid, 4284 of %d holds %v", i, got)
			}
		}
		_, err = s.PayProfit(ctx, s.officer, storetest.Year2026, s.month+1, "")
		denied(t, err, "office.profit_none")
		s.sound(t)
	})
}

// From 250 on the forfait social is in the cost, set aside with the bonus, and the payslip that pays finds it there. What
// the books lose before it is paid is taken back by the next run.
func TestProfitSharingBearsTheForfaitSocial(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		s := newSharing(t, h, 250, agreed())
		f := s.form(t, 0)
		law := payroll.Law().On(date.MonthOf(2026, 12))
		if pack := f.Profit.Gross.Times(200_000); pack == 0 || f.Profit.Cost != f.Profit.Gross+pack {
			t.Fatalf("%+v", f.Profit)
		}
		must(t, s.sign(t, 0, activity.Wish{Kind: activity.WishProfit, Amount: f.Profit.Cost}, activity.Wish{Kind: activity.WishKeep, Amount: f.Part.Balance - f.Profit.Cost}))
		s.on("2027-02-11")
		s.bookYear(t)
		first := s.self[0].Activities[0]
		if aside, pack := s.account(t, first, "4284"), s.account(t, first, "4384"); aside != -f.Profit.Gross || pack != f.Profit.Gross-f.Profit.Cost {
			t.Errorf("aside %v, package %v", aside, pack)
		}
		// An expense of the year arrives late: 200 less, and the formula gives less.
		_, err := s.PostEntry(t.Context(), s.system, ledger.Entry{Journal: ledger.JournalMisc, Date: date.MustParse("2026-12-30"), Ref: "F", Label: "Loyer", Lines: []ledger.Line{
			{Account: "6132", Section: first, Amount: 200_00}, {Account: "512", Section: first, Amount: -200_00}}}, "")
		must(t, err)
		s.view(t)
		s.bookYear(t)
		v := s.view(t)
		if len(v.Profit) != 1 {
			t.Fatalf("%+v of %+v", v.Profit, f.Profit)
		}
		now := v.Profit[0]
		if now.Gross >= f.Profit.Gross || now.Gross <= 0 || now.Gross > law.BonusFor(now.Gross+now.Package, 250)+1 || s.account(t, first, "4284") != -now.Gross || s.account(t, first, "4384") != -now.Package {
			t.Errorf("%+v of %+v", now, f.Profit)
		}
		_, err = s.PayProfit(t.Context(), s.officer, storetest.Year2026, date.MonthOf(2027, 2), "")
		must(t, err)
		s.month = date.MonthOf(2027, 2)
		s.compute(t)
		s.issue(t, s.manager)
		if aside, pack := s.account(t, first, "4284"), s.account(t, first, "4384"); aside != 0 || pack.Abs() > 1 {
			t.Errorf("once paid: aside %v, package %v", aside, pack)
		}
		s.sound(t)
	})
}

// Without an agreement for the year, or before the months of presence that it asks for, the choice is neither offered nor
// accepted.
func TestProfitSharingNeedsAnAgreement(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		past := agreed()
		past.From, past.Until = date.MustParse("2024-01-01"), date.MustParse("2025-12-31")
		s := newSharing(t, h, 30, past)
		f := s.form(t, 0)
		if f.Profit != (office.ProfitRight{}) || slices.ContainsFunc(f.Options, func(o office.YearOption) bool { return o.Kind == activity.WishProfit }) {
			t.Errorf("%+v, %+v", f.Profit, f.Options)
		}
		denied(t, s.sign(t, 0, activity.Wish{Kind: activity.WishProfit, Amount: f.Part.Balance}), "activity.wish.not_offered")
		rule := coop.Default().YearEnd
		rule.Profit = agreed()
		r, err := office.RuleOf(coop.RuleYearEnd, "", date.MustParse("2026-06-01"), rule, "AG du 1er juin 2026")
		must(t, err)
		_, err = s.SaveRule(t.Context(), s.system, r)
		must(t, err)
		s.write(t, func(tx *store.Tx) error {
			all, err := tx.Contracts()
			for _, c := range all {
				if err == nil && c.Person == s.people[0] {
					c.Start = date.MustParse("2026-10-15")
					err = tx.SaveContract(&c)
				}
			}
			return err
		})
		if f := s.form(t, 0); !f.Profit.Short || f.Profit.Gross != 0 {
			t.Errorf("after eleven weeks: %+v", f.Profit)
		}
		if f := s.form(t, 1); f.Profit.Short || f.Profit.Gross == 0 {
			t.Errorf("after a year: %+v", f.Profit)
		}
	})
}

// What was paid before this program enters the pay of all for the months of the year that it covers, and that of a manager,
// whom no contract of employment binds, does not: the limit of all stays that of the others.
func TestProfitSharingCountsWhatOpenedTheBooks(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		s := newSharing(t, h, 30, agreed())
		right := func() money.Cents { return s.form(t, 0).Profit.Gross + s.form(t, 1).Profit.Gross }
		if got := right(); got != 980_20 {
			t.Fatalf("before: %v", got)
		}
		opens := func(person int64, month date.Month, gross money.Cents) {
			s.write(t, func(tx *store.Tx) error {
				return tx.SaveSlip(&store.Slip{Person: person, Contract: s.contract[person], Activity: ledger.Mutual, Month: month, Origin: store.SlipOpening, State: store.SlipIssued, By: storetest.Reader,
					Body: store.SlipBody{Opening: &payroll.Opening{Until: month}, After: payroll.YearToDate{Year: month.Year(), Until: month, Gross: gross}}})
			})
		}
		officer := s.people[2]
		terms := func(regime payroll.Regime) { // until September: the payslips made here are of the contract of October
			s.write(t, func(tx *store.Tx) error {
				x := payroll.Terms{Gross: 2500_00, Hours: 3500}
				if err := tx.SavePayTerms(store.PayTerms{Contract: s.contract[officer], From: date.MustParse("2026-10-01"), Terms: x}); err != nil {
					return err
				}
				x.Regime = regime
				return tx.SavePayTerms(store.PayTerms{Contract: s.contract[officer], From: date.MustParse("2026-01-05"), Terms: x})
			})
		}
		terms(payroll.Manager)
		opens(officer, date.MonthOf(2026, 9), 900_00)
		if got := right(); got != 980_20 {
			t.Errorf("the opening of a manager enters: %v", got)
		}
		terms("")
		if got := right(); got != 980_20+180_00 {
			t.Errorf("nine months of the year: %v", got)
		}
	})
}
