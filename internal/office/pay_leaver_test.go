package office_test

import (
	"slices"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// leaves has somebody resign, as who runs the pay prepares it.
func (p *payHouse) leaves(t testing.TB, person int64, day string) {
	t.Helper()
	_, err := p.PrepareExit(t.Context(), p.officer, office.ExitQuestion{Person: person, Contract: p.contract[person], ExitBody: office.ExitBody{Reason: payroll.Resignation, End: date.MustParse(day)}})
	must(t, err)
}

func (p *payHouse) taxed(t testing.TB, person int64, rate money.Rate) {
	t.Helper()
	p.known(t, person, func(k *payroll.Person) { k.Tax = &rate })
}

// An end was typed on her contract and nobody prepared it: her last payslip would leave her leave out for good. It is not
// issued, the row says so first, and the month neither locks by itself nor is locked while she waits.
func TestNoLastPayslipWithoutItsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		x := exit(t, db)
		ada := x.ada.Person
		x.ends(t, ada, "2026-11-18")
		x.compute(t)
		v, rows := x.rows(t)
		if r := rows[ada]; !r.Unprepared || !r.First() || r.Look[0].Key != "pay_month.fault.exit" || v.Rows[0].Person.ID != ada || rows[x.bob.Person].Unprepared {
			t.Errorf("the row says %q", looked(r))
		}
		run := x.issue(t, x.officer)
		if run.Done != 1 || run.Failed != 1 || len(run.Refused) != 1 || run.Refused[0].Why[0].Key != "pay_month.fault.exit" {
			t.Fatalf("%+v", run)
		}
		x.taxed(t, ada, 1_200_000) // nothing can be computed of her: the draft of before would be dropped
		_, err := x.IssuePay(ctx, x.manager, x.month, []int64{rows[x.officer.Person].Slip.ID}, "")
		must(t, err)
		must(t, x.Drain(ctx))
		if v, _ := x.rows(t); v.Locked {
			t.Error("the month locks by itself")
		}
		err = x.LockPay(ctx, x.officer, x.month)
		all := fault.All(err)
		if len(all) != 1 || all[0].Key != "pay_month.fault.leaver" || !slices.Contains(all[0].Args, any(rows[ada].Person.Name())) {
			t.Errorf("she has no payslip and the month is locked: %v", err)
		}
		x.taxed(t, ada, 35_000)
		x.leaves(t, ada, "2026-11-18")
		x.compute(t)
		if _, rows = x.rows(t); rows[ada].Unprepared || slices.Contains(looked(rows[ada]), "pay_month.fault.exit") {
			t.Errorf("prepared, the row says %q", looked(rows[ada]))
		}
		has(t, rows[ada], "pay_month.look.exit")
		if run = x.issue(t, x.officer); run.Done != 1 || run.Failed != 0 {
			t.Fatalf("%+v", run)
		}
		s := x.slipOf(t, ada)
		if of := itemsOf(s.Body.Payslip); s.State != store.SlipIssued || of["leave_indemnity"] <= 0 {
			t.Errorf("%s: %v", s.State, of)
		}
		if v, _ := x.rows(t); !v.Locked {
			t.Error("all are issued and the month does not lock")
		}
		clean(t, db)
	})
}

// A contract that another goes on from the day after ends no service: its last payslip needs no end. One that began before
// and runs on beside it is another service.
func TestAContractThatIsFollowedNeedsNoEnd(t *testing.T) {
	for _, c := range []struct {
		start string
		n     int
	}{{"2026-11-19", 0}, {"2026-11-20", 1}, {"2026-10-01", 1}} {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			p := pay(t, open(t, db), 1)
			ada := p.people[0]
			p.ends(t, ada, "2026-11-18")
			p.write(t, func(tx *store.Tx) error {
				k := member.Contract{Person: ada, Kind: member.CDI, Start: date.MustParse(c.start)}
				if err := tx.SaveContract(&k); err != nil {
					return err
				}
				return tx.SavePayTerms(store.PayTerms{Contract: k.ID, From: k.Start, Terms: payroll.Terms{Gross: 1_800_00, Hours: 3500}})
			})
			p.compute(t)
			run := p.issue(t, p.officer)
			var why []string
			for _, r := range run.Refused {
				for _, e := range r.Why {
					if e.Key == "pay_month.fault.exit" {
						why = append(why, e.Key)
					}
				}
			}
			if len(why) != c.n {
				t.Errorf("followed from %s: %+v", c.start, run.Refused)
			}
		})
	}
}

// A fixed term that runs to its term has its end from the first day: prepared as it stands, it pays 10 % of the pay of the
// contract, twelve months of 2 000 and one of 1 800.
func TestATermThatRunsOutPaysItsPrecarity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		x := exit(t, db)
		ada, term := x.ada.Person, date.MustParse("2026-11-30")
		x.contractIs(t, ada, func(c *member.Contract, k *payroll.Terms) {
			c.Kind, c.Activity, c.Start, c.End = member.CDI, 0, date.MustParse("2025-11-01"), term
			k.Regime, k.Hours, k.Gross = payroll.FixedTerm, 3500, 1_800_00
		})
		x.compute(t)
		if run := x.issue(t, x.officer); len(run.Refused) != 1 || run.Refused[0].Why[0].Key != "pay_month.fault.exit" {
			t.Fatalf("%+v", run)
		}
		v, err := x.Exit(ctx, x.officer, office.ExitQuestion{Person: ada, Contract: x.contract[ada]})
		must(t, err)
		if v.Reason != payroll.EndOfTerm || v.ExitBody.End != term || v.Was != term {
			t.Fatalf("%s on %s, %s before", v.Reason, v.ExitBody.End, v.Was)
		}
		q := office.ExitQuestion{Person: ada, Contract: x.contract[ada], ExitBody: v.ExitBody}
		i, err := x.PrepareExit(ctx, x.officer, q)
		must(t, err)
		if i.Amount != 2_580_00 {
			t.Errorf("the end gives %s", i.Amount)
		}
		x.compute(t)
		if run := x.issue(t, x.officer); run.Failed != 0 || run.Done != 1 {
			t.Fatalf("%+v", run)
		}
		of := itemsOf(x.slipOf(t, ada).Body.Payslip)
		if of["end_of_contract"] != 2_580_00 {
			t.Errorf("%v", of)
		}
		if of["leave_indemnity"] <= 0 {
			t.Errorf("no leave is paid: %v", of)
		}
		clean(t, db)
	})
}

// A term of next year proposes its last day, and not that of this month.
func TestATermProposesItsLastDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := exit(t, db)
		ada, term := x.ada.Person, date.MustParse("2027-01-31")
		x.contractIs(t, ada, func(c *member.Contract, k *payroll.Terms) {
			c.Kind, c.Activity, c.Start, c.End = member.CDI, 0, date.MustParse("2025-11-01"), term
			k.Regime, k.Hours, k.Gross = payroll.FixedTerm, 3500, 1_800_00
		})
		v, err := x.Exit(t.Context(), x.officer, office.ExitQuestion{Person: ada, Contract: x.contract[ada]})
		must(t, err)
		if v.ExitBody.End != term {
			t.Errorf("proposed: %s", v.ExitBody.End)
		}
	})
}
