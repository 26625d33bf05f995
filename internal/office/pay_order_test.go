package office_test

import (
	"testing"

	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/payroll"
)

// together has the first two people of a payHouse share the first one's activity by halves.
func (p *payHouse) together(t *testing.T) (shared int64) {
	t.Helper()
	shared = p.activity(t, p.people[0])
	p.write(t, func(tx *store.Tx) error {
		a, err := tx.Activity(shared)
		if err != nil {
			return err
		}
		a.Shares = append(a.Shares, activity.Share{Person: p.people[1], From: a.Opened, Parts: 1})
		if err := tx.SaveActivity(&a); err != nil {
			return err
		}
		all, err := tx.Contracts()
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Person == p.people[1] {
				c.Activity = shared
				return tx.SaveContract(&c)
			}
		}
		return nil
	})
	return shared
}

// slipsOf are the payslips of a person in the month.
func (p *payHouse) slipsOf(t *testing.T, person int64) (all []store.Slip) {
	t.Helper()
	storetest.Read(t, p.db, p.coop, func(tx *store.Tx) (err error) {
		all, err = tx.SlipsOf(person, p.month, p.month)
		return err
	})
	return all
}

// Two share an activity and both ask for all they may have: whoever is issued first takes nothing of the other's part.
func TestTheFirstIssuedTakesNothingOfTheOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 2)
		ctx := t.Context()
		p.together(t)
		p.write(t, func(tx *store.Tx) error {
			for _, person := range p.people[:2] {
				if err := tx.AddPayRequest(&store.PayRequest{Person: person, Contract: p.contract[person], Month: p.month, Until: p.month, Kind: "cost", Amount: 9000_00, State: store.PayAsked, By: person}); err != nil {
					return err
				}
			}
			return nil
		})
		p.compute(t)
		var want [2]money.Cents
		for i, person := range p.people[:2] {
			s := p.slipsOf(t, person)
			if len(s) != 1 || s[0].Body.Advance <= 0 {
				t.Fatalf("%+v", s)
			}
			want[i] = s[0].Body.Advance
			run, err := p.IssuePay(ctx, p.officer, p.month, []int64{s[0].ID}, "")
			must(t, err)
			must(t, p.Drain(ctx))
			if v, err := p.Run(ctx, p.officer, run.ID); err != nil || v.Done != 1 || v.Failed != 0 {
				t.Errorf("person %d: %+v %v", i, v, err)
			}
		}
		for i, person := range p.people[:2] {
			if s := p.slipsOf(t, person); s[0].State != store.SlipIssued || s[0].Body.Advance != want[i] {
				t.Errorf("person %d: %s, %v for %v", i, s[0].State, s[0].Body.Advance, want[i])
			}
		}
		if diff := want[0] - want[1]; diff > 5_00 || diff < -5_00 {
			t.Errorf("halves of %v and %v", want[0], want[1])
		}
	})
}

// Payslips of a year follow each other: each counts on the one before. What can never be issued any more is not what keeps
// a month open.
func TestPayslipsFollowEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 2)
		ctx, ada, bob := t.Context(), p.people[0], p.people[1]
		p.compute(t)
		s := p.slipsOf(t, ada)
		_, err := p.IssuePay(ctx, p.officer, p.month, []int64{s[0].ID}, "")
		must(t, err)
		must(t, p.Drain(ctx))
		_, err = p.AddPayItem(ctx, p.officer, store.PayItem{Person: ada, Contract: p.contract[ada], Element: "bonus", Month: p.month, Until: p.month, Amount: 100_00, Label: "Prime"}, office.PayItemBody{})
		if !said(err, "payfile.issued") {
			t.Errorf("an element after the payslip: %v", err)
		}
		november := p.month
		p.month-- // October, once November is out
		p.compute(t)
		for _, person := range []int64{ada, bob} {
			if s := p.slipsOf(t, person); len(s) != 1 {
				t.Fatalf("%+v", s)
			}
		}
		run := p.issue(t, p.manager)
		if run.Failed != 1 || len(run.Refused) != 1 || run.Refused[0].Why[0].Key != "pay_month.fault.later" {
			t.Errorf("October after November: %+v", run)
		}
		p.month = november
		p.compute(t) // October counts in what follows it
		p.issue(t, p.manager)
		if err := p.LockPay(ctx, p.officer, november); err != nil {
			t.Errorf("November: %v", err)
		}
		if err := p.LockPay(ctx, p.officer, november-1); err != nil {
			t.Errorf("October with a draft that comes too late: %v", err)
		}
		if found, err := db.Verify(ctx); err != nil || len(found) != 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}

// Two sums are to be given back over the same months, one of which ends before the other: together they take what is owed,
// once each, and nothing after.
func TestDebtsBesideEachOtherAreServedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		ada := p.people[0]
		first := p.month - 4 // July
		for _, x := range []struct {
			amount money.Cents
			until  date.Month
		}{{1500_00, first + 1}, {1300_00, office.ForEver()}} {
			p.write(t, func(tx *store.Tx) error {
				return tx.AddPayItem(&store.PayItem{Person: ada, Contract: p.contract[ada], Month: first, Until: x.until, Element: "instalment", Amount: x.amount, Label: "Acompte", By: storetest.Reader})
			})
		}
		var given money.Cents
		for m := first; m <= p.month+1; m++ {
			var in payroll.Inputs
			storetest.Read(t, db, p.coop, func(tx *store.Tx) (err error) {
				all, err := tx.Contracts()
				if err != nil {
					return err
				}
				for _, c := range all {
					if c.ID == p.contract[ada] {
						_, in, err = office.PayInputs(tx, m, c)
					}
				}
				return err
			})
			var now money.Cents
			for _, it := range in.Items {
				if it.Element == "instalment" {
					now += it.Amount
				}
			}
			given += now
			slip, _, err := payroll.Compute(payroll.Law().On(m), payroll.Employer{}, payroll.Contract{Regime: payroll.CESA, From: m.First(), Cover: payroll.Cover{HealthEmployer: 500_000}}, payroll.YearToDate{}, in)
			must(t, err)
			p.write(t, func(tx *store.Tx) error {
				return tx.SaveSlip(&store.Slip{Person: ada, Contract: p.contract[ada], Activity: p.activity(t, ada), Month: m, Origin: store.SlipOwn, State: store.SlipIssued, Body: store.SlipBody{Payslip: slip}})
			})
		}
		if given != 2800_00 {
			t.Errorf("given back %v of 2 800,00", given)
		}
	})
}

// What pay knows of somebody begins within a year: what is written cannot be taken back.
func TestWhatPayKnowsBeginsSoon(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		ada := p.people[0]
		var known store.PayPerson
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			all, err := tx.PayPersons(storetest.Today)
			known = all[ada]
			return err
		})
		was := known.Known
		known.From = storetest.Today.AddMonths(12 * 70)
		if err := p.SavePayPerson(t.Context(), p.manager, &was, known); !said(err, "payfile.from_far") {
			t.Errorf("in seventy years: %v", err)
		}
		known.From = storetest.Today.AddMonths(11)
		must(t, p.SavePayPerson(t.Context(), p.manager, &was, known))
		if _, err := p.SavePayTerms(t.Context(), p.manager, nil, ada, store.PayTerms{Contract: p.contract[ada], From: storetest.Today.AddMonths(12 * 70), Terms: payroll.Terms{Gross: 1}}); !said(err, "payfile.from_far") && !said(err, "payfile.changed") {
			t.Errorf("terms in seventy years: %v", err)
		}
	})
}
