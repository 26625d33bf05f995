package office_test

import (
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// tenth is a policy of ten per cent.
func tenth(name string, base activity.Base, when activity.Moment) activity.Policy {
	return activity.Policy{Name: name, Base: base, When: when, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}}}
}

// adopt makes a policy a rule of the cooperative since a day, and gives it to the activity.
func (h *house) adopt(t *testing.T, p activity.Policy, since, from string) error {
	t.Helper()
	rule, err := office.RuleOf(coop.RuleContribution, p.Name, date.MustParse(since), p, "AG du 3 mars, résolution 2")
	must(t, err)
	rule, err = h.SaveRule(t.Context(), h.system, rule)
	must(t, err)
	act, err := h.Activity(t.Context(), h.system, storetest.First)
	must(t, err)
	act.Policy, act.PolicyFrom = rule.ID, 0
	if from != "" {
		act.PolicyFrom = date.MustParse(from)
	}
	_, err = h.SaveActivity(t.Context(), h.system, act)
	return err
}

// taken is the contribution booked in 2026, by period.
func (h *house) taken(t *testing.T) map[int]money.Cents {
	t.Helper()
	sums := map[int]money.Cents{}
	must(t, h.db.Read(t.Context(), h.coop, func(tx *store.Tx) error {
		bs, err := tx.Balances(storetest.First, storetest.Year2026)
		for _, b := range bs {
			if b.Account == activity.ContributionCharge && b.Net() != 0 {
				sums[b.Period] += b.Net()
			}
		}
		return err
	}))
	return sums
}

func (h *house) wantTaken(t *testing.T, why string, want map[int]money.Cents) {
	t.Helper()
	got := h.taken(t)
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", why, got, want)
		return
	}
	for p, v := range want {
		if got[p] != v {
			t.Errorf("%s: %v, want %v", why, got, want)
		}
	}
}

// TestMonthlyRun: the run of a month takes what is due by then, once, and gives nothing back of what was taken since.
func TestMonthlyRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		october, november := date.MonthOf(2026, 10), date.MonthOf(2026, 11)
		run := func(h *house, m date.Month) {
			t.Helper()
			must(t, h.RunContributions(t.Context(), h.accountant, m))
		}

		h := open(t, db) // ten per cent of what is invoiced, taken with the invoice
		h.invoice(t, h.customer(t), 1000_00)
		run(h, october)
		run(h, november)
		h.wantTaken(t, "taken with the invoice", map[int]money.Cents{11: 100_00})

		h = open(t, db)
		must(t, h.adopt(t, tenth("Au mois", activity.Invoiced, activity.Monthly), "2020-01-01", "2026-01-01"))
		h.invoice(t, h.customer(t), 1000_00)
		h.wantTaken(t, "not before the month's run", nil)
		run(h, november)
		run(h, october)
		run(h, november)
		h.wantTaken(t, "by the month", map[int]money.Cents{11: 100_00})
		refusal(t, h.RunContributions(t.Context(), h.accountant, november+1), "month", "office.contribution_ahead")

		h = open(t, db) // what comes with time reaches those who sell nothing
		p := tenth("Avec un fixe", activity.Invoiced, activity.AtInvoice)
		p.FixedMonthly = 30_00
		must(t, h.adopt(t, p, "2020-01-01", "2026-01-01"))
		_, err := h.SaveContract(t.Context(), h.system, member.Contract{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2026-09-01"), FixedCost: 500_00})
		must(t, err)
		run(h, october)
		h.wantTaken(t, "two months of the fixed part", map[int]money.Cents{10: 60_00})
		h.invoice(t, h.customer(t), 1000_00)
		h.wantTaken(t, "and the third with the invoice", map[int]money.Cents{10: 60_00, 11: 130_00})
		run(h, october)
		run(h, november)
		h.wantTaken(t, "once", map[int]money.Cents{10: 60_00, 11: 130_00})
	})
}

// TestAnotherPolicy: a change begins with a fiscal year (practice 38), and says so on its field.
func TestAnotherPolicy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		double := tenth("Vingt", activity.Invoiced, activity.AtInvoice)
		double.Scales[0].Brackets[0].Rate = 20 * money.Percent

		h := open(t, db)
		h.invoice(t, h.customer(t), 1000_00)
		must(t, h.adopt(t, double, "2020-01-01", ""))
		h.invoice(t, h.customer(t), 1000_00)
		h.wantTaken(t, "the next year's policy", map[int]money.Cents{11: 200_00})
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		if act.PolicyFrom != date.MustParse("2027-01-01") || len(act.Earlier) != 1 {
			t.Errorf("%s %v", act.PolicyFrom, act.Earlier)
		}

		h = open(t, db)
		h.invoice(t, h.customer(t), 1000_00)
		refusal(t, h.adopt(t, double, "2020-01-01", "2026-11-22"), "policyFrom", "office.policy_from")
		must(t, h.adopt(t, double, "2020-01-01", "2026-01-01"))
		h.invoice(t, h.customer(t), 1000_00)
		h.wantTaken(t, "the whole year anew, because it was said", map[int]money.Cents{11: 400_00})
	})
}

// TestFirstPolicyWithinTheYear: a cooperative that begins in November takes its share from November on.
func TestFirstPolicyWithinTheYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		act, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		if act.PolicyFrom != date.MustParse("2026-11-01") {
			t.Errorf("a first policy begins with the month: %s", act.PolicyFrom)
		}
		must(t, h.adopt(t, tenth("La première", activity.Invoiced, activity.AtInvoice), "2026-11-20", "2026-01-01"))
		h.invoice(t, h.customer(t), 1000_00)
		h.wantTaken(t, "the cooperative's first", map[int]money.Cents{11: 100_00})
	})
}

// TestOneActivityBearsAContract: the fixed part of a person in two activities is borne by one of them.
func TestOneActivityBearsAContract(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		contract, err := h.SaveContract(t.Context(), h.system, member.Contract{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2026-01-01"), FixedCost: 981_00})
		must(t, err)
		second, err := h.SaveActivity(t.Context(), h.system, activity.Activity{
			Code: "077", Name: "Atelier du soir", Opened: date.MustParse("2026-06-01"), Shares: []activity.Share{{Person: storetest.Person, From: date.MustParse("2026-06-01"), Parts: 1}},
		})
		must(t, err)
		fixed := func(id int64) money.Cents {
			t.Helper()
			v, err := h.Account(t.Context(), h.system, id, 0)
			must(t, err)
			f, _ := v.Account.Find("fixed")
			return f.Amount
		}
		if a, b := fixed(storetest.First), fixed(second.ID); a == 0 || b != 0 {
			t.Errorf("borne by the first %s and the second %s", a, b)
		}
		contract.Activity = 0
		refusal(t, save(h, t, contract), "activity", "office.contract_activity")
		contract.Activity = second.ID
		must(t, save(h, t, contract))
		if a, b := fixed(storetest.First), fixed(second.ID); a != 0 || b == 0 {
			t.Errorf("borne by the first %s and the second %s", a, b)
		}
		contract.Activity = 999
		refusal(t, save(h, t, contract), "activity", "office.contract_not_shared")
	})
}

// A payment dated back bears what its own month owes, and nothing of what comes with time since: the month by month table
// and the statement of that month stay right.
func TestBackdatedBearsItsOwnMonth(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		p := tenth("Avec un fixe", activity.Collected, activity.AtReceipt)
		p.FixedMonthly = 30_00
		must(t, h.adopt(t, p, "2020-01-01", "2026-01-01"))
		must(t, save(h.house, t, member.Contract{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2026-10-01"), FixedCost: 500_00}))
		inv := h.invoiced(t, h.customer(t), 1000_00, "2026-10-02")
		h.on("2026-10-31")
		must(t, h.RunContributions(t.Context(), h.accountant, date.MonthOf(2026, 10)))
		h.wantTaken(t, "end of October", map[int]money.Cents{10: 30_00})
		h.on("2026-11-22")
		c, err := h.Customer(t.Context(), h.ada, inv.Customer)
		must(t, err)
		h.receive(t, c, 600_00, "2026-10-20", sale.Allocation{Invoice: inv.ID, Amount: 600_00})
		h.wantTaken(t, "a payment of October", map[int]money.Cents{10: 80_00})
		h.receive(t, c, 300_00, "2026-11-20", sale.Allocation{Invoice: inv.ID, Amount: 300_00})
		h.wantTaken(t, "a payment of November", map[int]money.Cents{10: 80_00, 11: 55_00})
		h.receive(t, c, 120_00, "2026-10-21", sale.Allocation{Invoice: inv.ID, Amount: 120_00})
		h.wantTaken(t, "another of October", map[int]money.Cents{10: 90_00, 11: 55_00})
	})
}

func save(h *house, t *testing.T, c member.Contract) error {
	_, err := h.SaveContract(t.Context(), h.system, c)
	return err
}
