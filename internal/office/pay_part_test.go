package office_test

import (
	"slices"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// contractIs changes the first contract of someone.
func (p *payHouse) contractIs(t testing.TB, person int64, change func(*member.Contract, *payroll.Terms)) {
	t.Helper()
	p.write(t, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(person)
		if err != nil {
			return err
		}
		terms, err := tx.PayTerms(p.month.Last())
		if err != nil {
			return err
		}
		c, is := all[0], terms[all[0].ID]
		change(&c, &is.Terms)
		if err := tx.SaveContract(&c); err != nil {
			return err
		}
		return tx.SavePayTerms(is)
	})
}

func (p *payHouse) slips(t testing.TB) map[int64]store.Slip {
	t.Helper()
	by := map[int64]store.Slip{}
	storetest.Read(t, p.db, p.coop, func(tx *store.Tx) error {
		all, err := tx.Slips(p.month)
		for _, s := range all {
			by[s.Contract] = s
		}
		return err
	})
	return by
}

// The month that a contract begins or ends in pays its calendar days: of thirty, fifteen from the 16th, eighteen until the
// 18th. The pay, the ceiling and the reference SMIC shrink alike, and a day away comes off what is left.
func TestAMonthBegunOrEndedPaysItsDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 3)
		begins, ends, whole, team := p.people[0], p.people[1], p.people[2], p.officer.Person
		from := func(c *member.Contract, _ *payroll.Terms) { c.Start = date.MustParse("2026-11-16") }
		p.contractIs(t, begins, from)
		p.ends(t, ends, "2026-11-18")
		p.contractIs(t, team, from)
		p.write(t, func(tx *store.Tx) error { // one working day of the eleven that are left
			return tx.SavePayAbsence(&store.PayAbsence{Person: team, Contract: p.contract[team], From: date.MustParse("2026-11-20"), Until: date.MustParse("2026-11-20"), Body: `{"kind":"unpaid"}`, By: storetest.Reader})
		})
		if v := p.compute(t); v.Failed != 0 {
			t.Fatalf("%+v", v.Refused)
		}
		slips := p.slips(t)
		for _, c := range []struct {
			person         int64
			element        string
			month, due     money.Cents
			rate           money.Rate
			gross, ceiling money.Cents
		}{
			{begins, "fixed_part", 1_200_00, 600_00, 500_000, 600_00, 2_002_50},
			{ends, "fixed_part", 1_201_00, 720_60, 600_000, 720_60, 2_403_00},
			{whole, "fixed_part", 0, 1_202_00, 0, 1_202_00, 4_005_00},
			{team, "salary", 2_500_00, 1_250_00, 500_000, 1_136_36, 1_869_00}, // less 1 250 / 11; fourteen days of ceiling
		} {
			s := slips[p.contract[c.person]].Body.Payslip
			if want := (payroll.Item{Element: c.element, Amount: c.due, Base: c.month, Rate: c.rate}); s.Items[0] != want || s.Totals.Gross != c.gross || s.Ceiling != c.ceiling {
				t.Errorf("person %d: %+v, gross %s, ceiling %s; want %+v, %s, %s", c.person, s.Items[0], s.Totals.Gross, s.Ceiling, want, c.gross, c.ceiling)
			}
		}
		// 1 867.02 × 15/30 × 1 136.36/1 250
		if got := money.Cents(money.MulDiv(slips[p.contract[team]].Body.Payslip.SMIC, 1, 300)); got != 848_64 {
			t.Errorf("reference SMIC %s", got)
		}
	})
}

// An entrepreneur who is also on the team has two payslips and one ceiling, shared by the whole of both pays, the variable
// part in it; once one of them is issued, the other is still the one that was looked at.
func TestTwoContractsAtOnceShareOneCeiling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 2)
		both, cesa := p.people[0], p.contract[p.people[0]]
		team := member.Contract{Person: both, Kind: member.CDI, Start: date.MustParse("2026-11-01")}
		p.write(t, func(tx *store.Tx) error {
			if err := tx.SaveContract(&team); err != nil {
				return err
			}
			if err := tx.AddPayRequest(&store.PayRequest{Person: both, Contract: cesa, Month: p.month, Until: p.month, Kind: "gross", Amount: 1_000_00, State: store.PayAsked, By: both}); err != nil {
				return err
			}
			return tx.SavePayTerms(store.PayTerms{Contract: team.ID, From: team.Start, Terms: payroll.Terms{Gross: 1_500_00, Hours: 17_50}})
		})
		if v := p.compute(t); v.Failed != 0 {
			t.Fatalf("%+v", v.Refused)
		}
		check := func(state string) {
			t.Helper()
			slips := p.slips(t)
			a, b := slips[cesa].Body, slips[team.ID].Body
			if a.Payslip.Totals.Gross != 2_200_00 || b.Payslip.Totals.Gross != 1_500_00 {
				t.Fatalf("%s: gross %s and %s", state, a.Payslip.Totals.Gross, b.Payslip.Totals.Gross)
			}
			if a.Inputs.Beside != 1_500_00 || b.Inputs.Beside != 2_200_00 {
				t.Errorf("%s: beside %s and %s", state, a.Inputs.Beside, b.Inputs.Beside)
			}
			// 4 005 × 22/37 and 4 005 × 15/37
			if a.Payslip.Ceiling != 2_381_35 || b.Payslip.Ceiling != 1_623_65 {
				t.Errorf("%s: ceilings %s and %s", state, a.Payslip.Ceiling, b.Payslip.Ceiling)
			}
			if alone := slips[p.contract[p.people[1]]].Body; alone.Inputs.Beside != 0 || alone.Payslip.Ceiling != 4_005_00 {
				t.Errorf("%s: who has one contract: beside %s, ceiling %s", state, alone.Inputs.Beside, alone.Payslip.Ceiling)
			}
		}
		check("drafts")
		first, err := p.IssuePay(t.Context(), p.officer, p.month, []int64{p.slips(t)[cesa].ID}, "")
		must(t, err)
		must(t, p.Drain(t.Context()))
		if v, err := p.Run(t.Context(), p.officer, first.ID); err != nil || v.Failed != 0 || v.Done != 1 {
			t.Fatalf("%+v %v", v, err)
		}
		if v := p.issue(t, p.officer); v.Failed != 0 { // what was looked at is what is issued
			t.Fatalf("%+v", v.Refused)
		}
		check("issued")
	})
}

// A fixed term of two months at most has the abatement of the neutral rate: half the SMIC, 748 in 2026.
func TestAShortFixedTermHasItsAbatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		team := p.officer.Person
		p.known(t, team, func(k *payroll.Person) { k.Tax = nil })
		for _, c := range []struct {
			until string
			less  money.Cents
		}{{"2026-12-31", 748_00}, {"2027-01-31", 0}} {
			p.contractIs(t, team, func(k *member.Contract, is *payroll.Terms) {
				k.Start, k.End, is.Regime = date.MustParse("2026-11-01"), date.MustParse(c.until), payroll.FixedTerm
			})
			if v := p.compute(t); v.Failed != 0 {
				t.Fatalf("%+v", v.Refused)
			}
			s := p.slips(t)[p.contract[team]].Body
			if x := s.Payslip.Totals; s.Contract.ShortTerm != (c.less != 0) || x.NetTaxable-x.TaxBase != c.less || !x.TaxNeutral {
				t.Errorf("until %s: %+v", c.until, x)
			}
		}
	})
}

// A cooperative whose leave is paid by a fund bears its contribution on each payslip, on a line and owed to a body of its
// own; a fund that asks nothing is no rule.
func TestALeaveFundIsPaidByEachPayslip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		_, now, err := p.Settings(t.Context(), p.system)
		must(t, err)
		now.Pay.LeaveMode = coop.LeaveFund
		r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), now.Pay, "CA du 5 janvier")
		must(t, err)
		if err := r.Check(); !said(err, "coop.pay_leave_fund") {
			t.Errorf("a fund without its rate: %v", err)
		}
		p.payRule(t, func(r *coop.Pay) { r.LeaveMode, r.LeaveFundRate = coop.LeaveFund, 200_000 })
		if v := p.compute(t); v.Failed != 0 {
			t.Fatalf("%+v", v.Refused)
		}
		s := p.slips(t)[p.contract[p.people[0]]].Body.Payslip
		n := slices.IndexFunc(s.Lines, func(l payroll.Line) bool { return l.Body == "leave_fund" })
		if n < 0 || s.Lines[n].Amount != 240_00 || s.Lines[n].Part != payroll.EmployerIs { // a fifth of 1 200
			t.Errorf("%+v", s.Lines)
		}
	})
}
