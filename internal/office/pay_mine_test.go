package office_test

import (
	"errors"
	"strings"
	"testing"

	"essaim/access"
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

	"pgregory.net/rapid"
)

// paid is a house that has set its pay up: Ada has a fixed part of 500 €, Bob, who shares her activity, of 300 €.
type paid struct {
	*together
	adaCESA, bobCESA member.Contract
}

const midNovember = "2026-11-10" // before the cut-off

func newPaid(t *testing.T, db *store.DB) *paid {
	h := &paid{together: newTogether(t, db)}
	ctx := t.Context()
	rules := coop.Default().Pay
	rules.Way, rules.Accident, rules.Staff, rules.PotMonth = coop.PayOwn, 20_800, 60, 12
	rule, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), rules, "AG du 12 juin 2025")
	must(t, err)
	_, err = h.SaveRule(ctx, h.system, rule)
	must(t, err)
	sign := func(person int64, gross money.Cents) member.Contract {
		c, err := h.SaveContract(ctx, h.system, member.Contract{Person: person, Kind: member.CESA, Start: date.MustParse("2026-01-01"), FixedCost: gross, Activity: storetest.First})
		must(t, err)
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error {
			return tx.SavePayTerms(store.PayTerms{Contract: c.ID, From: c.Start, Terms: payroll.Terms{Gross: gross}})
		})
		return c
	}
	h.adaCESA, h.bobCESA = sign(storetest.Person, 500_00), sign(h.bob.Person, 300_00)
	h.ada.Today, h.bob.Today = date.MustParse(midNovember), date.MustParse(midNovember)
	return h
}

// earned puts money on the activity's account.
func (h *paid) earned(t *testing.T, amount money.Cents) {
	t.Helper()
	if amount == 0 {
		return
	}
	h.post(t, "OD", "Reprise", ledger.Line{Account: "512", Section: storetest.First, Amount: amount}, ledger.Line{Account: "110", Section: storetest.First, Amount: -amount})
}

// kept is Ada's part of last year, set aside: 600 € and 200 € of contributions.
func (h *paid) kept(t *testing.T) {
	t.Helper()
	h.post(t, "OD", "Part variable 2025", ledger.Line{Account: "6413", Section: storetest.First, Amount: 600_00}, ledger.Line{Account: "6451", Section: storetest.First, Amount: 200_00},
		ledger.Line{Account: "4286", Section: storetest.First, Third: h.adas, Amount: -600_00}, ledger.Line{Account: "4386", Section: storetest.First, Amount: -200_00})
}

func (h *paid) see(t *testing.T, a access.Actor, q office.PayQuestion) office.PayView {
	t.Helper()
	q.Activity = storetest.First
	v, err := h.MyPay(t.Context(), a, q)
	must(t, err)
	if v.Why != "" {
		t.Fatalf("no pay: %s", v.Why)
	}
	return v
}

func (h *paid) asks(t *testing.T, a access.Actor, w office.PayWish) store.PayRequest {
	t.Helper()
	w.Activity = storetest.First
	r, err := h.AskPay(t.Context(), a, w)
	must(t, err)
	return r
}

func says(notes []payroll.Note, key string) bool {
	for _, n := range notes {
		if n.Key == key {
			return true
		}
	}
	return false
}

// Last year's pot is taken first, whole before anything of this year; each has its line on the payslip, and what is
// released of the provision is what it pays.
func TestMyPayTakesThePotFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.earned(t, 8000_00)
		h.kept(t)
		v := h.see(t, h.ada, office.PayQuestion{Kind: "cost", Amount: 500_00, Given: true})
		if v.Means.Pot != 800_00 || v.Advance.Cost != 0 || v.Balance.Cost > 500_00 || v.Balance.Cost < 499_00 || v.Cut {
			t.Errorf("of the pot alone: %+v of %+v", v.Grant.Balance, v.Means)
		}
		v = h.see(t, h.ada, office.PayQuestion{Kind: "cost", Amount: 1500_00, Given: true})
		if v.Balance.Cost != 800_00 || v.Advance.Cost > 700_00 || v.Advance.Cost < 699_00 {
			t.Errorf("pot and account: %+v %+v", v.Balance, v.Advance)
		}
		elements := map[string]money.Cents{}
		for _, i := range v.Payslip.Items {
			elements[i.Element] += i.Amount
		}
		if elements["fixed_part"] != 500_00 || elements[payroll.Balance] != v.Balance.Gross || elements[payroll.Advance] != v.Advance.Gross || v.Balance.Gross == 0 || v.Advance.Gross == 0 {
			t.Errorf("the payslip holds %v", elements)
		}
		if bob := h.see(t, h.bob, office.PayQuestion{Kind: "cost", Amount: 500_00, Given: true}); bob.Means.Pot != 0 {
			t.Errorf("Bob takes %v of Ada's pot", bob.Means.Pot)
		}
	})
}

// A demand above the account is cut, and the reason is told; a colleague's part is not for the taking, and two demands
// never spend the same euro, whoever asked first.
func TestADemandAboveTheAccountIsCut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.earned(t, 4000_00)
		v := h.see(t, h.ada, office.PayQuestion{Kind: "net", Amount: 5000_00, Given: true})
		if !v.Cut || !says(v.Notes, "mypay.note.cut") || !says(v.Notes, "mypay.note.shared") || v.Total.Cost-v.Alone.Cost > v.Means.Account {
			t.Errorf("%+v %+v", v.Grant.Advance, v.Notes)
		}
		space := 2 * v.Means.Account // she shares by halves
		h.asks(t, h.bob, office.PayWish{Kind: "net", Amount: 5000_00})
		bob := h.see(t, h.bob, office.PayQuestion{})
		ada := h.see(t, h.ada, office.PayQuestion{Kind: "net", Amount: 5000_00, Given: true})
		if sum := bob.Advance.Cost + ada.Advance.Cost; sum > space+1 || sum < space-5_00 || ada.Advance.Cost < v.Advance.Cost-5_00 {
			t.Errorf("Ada %v, Bob %v of %v", ada.Advance.Cost, bob.Advance.Cost, space)
		}
		if v.Most.Cost > v.Means.Account || v.Most.Net <= 0 || v.Most.Net >= v.Most.Cost {
			t.Errorf("most %+v", v.Most)
		}
	})
}

// The fixed part is in the month whatever the account says; what it lacks is an advance of the cooperative, and no variable
// part is granted (practice 12).
func TestTheFixedPartIsNeverRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.earned(t, -900_00)
		v := h.see(t, h.ada, office.PayQuestion{Kind: "net", Amount: 200_00, Given: true})
		if v.Total != v.Alone || v.Total.Gross != 500_00 || v.Shortfall != v.Alone.Cost || !says(v.Notes, "mypay.note.nothing") || !says(v.Notes, "mypay.note.advance") || !says(v.Notes, "activity.why.negative") {
			t.Errorf("%+v short %v %+v", v.Total, v.Shortfall, v.Notes)
		}
		// Half of one month is there: the rest is advanced.
		h.earned(t, 900_00+300_00)
		if v = h.see(t, h.ada, office.PayQuestion{}); v.Shortfall <= 0 || v.Shortfall >= v.Alone.Cost {
			t.Errorf("short %v of %v", v.Shortfall, v.Alone.Cost)
		}
	})
}

// After the cut-off, what is asked is for the next month and says so; the month missed keeps what was asked, and its money
// is not there twice.
func TestAfterTheCutOffTheNextMonthIsAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		h.earned(t, 6000_00)
		november := date.MonthOf(2026, 11)
		before := h.see(t, h.ada, office.PayQuestion{})
		if before.Month != november || before.CutOff != date.MustParse("2026-11-20") || before.PayDay != date.MustParse("2026-11-30") {
			t.Errorf("%v until %v, paid %v", before.Month, before.CutOff, before.PayDay)
		}
		r := h.asks(t, h.ada, office.PayWish{Month: november, Kind: "cost", Amount: 600_00})
		late := h.ada
		late.Today = date.MustParse("2026-11-21")
		_, err := h.AskPay(t.Context(), late, office.PayWish{Activity: storetest.First, Month: november, Kind: "cost", Amount: 700_00})
		isRefused(t, err, fault.Conflict, "mypay.late")
		_, err = h.TakeBackPay(t.Context(), late, storetest.First, r.ID)
		isRefused(t, err, fault.Conflict, "mypay.late")
		v := h.see(t, late, office.PayQuestion{})
		if v.Month != november+1 || v.Missed != november || v.Before == nil || v.Before.ID != r.ID || v.Asked != nil {
			t.Errorf("%v, missed %v, %+v", v.Month, v.Missed, v.Before)
		}
		if took := before.Means.Account - v.Means.Account; took < 290_00 { // half of what November takes, fixed parts aside
			t.Errorf("December has %v, November had %v", v.Means.Account, before.Means.Account)
		}
	})
}

// A standing order holds month after month; one month asked otherwise leaves it; a new one ends it; taking it back leaves
// the months before (practice 40).
func TestAStandingOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		ctx := t.Context()
		h.earned(t, 9000_00)
		november := date.MonthOf(2026, 11)
		standing := h.asks(t, h.ada, office.PayWish{Month: november, Until: november + 7, Kind: "net", Amount: 100_00})
		once := h.asks(t, h.ada, office.PayWish{Month: november, Kind: "net", Amount: 250_00})
		v := h.see(t, h.ada, office.PayQuestion{})
		if v.Asked.ID != once.ID || v.Standing.ID != standing.ID || v.Amount != 250_00 {
			t.Errorf("asked %+v, standing %+v", v.Asked, v.Standing)
		}
		h.asks(t, h.ada, office.PayWish{Month: november, Kind: "net", Amount: 0}) // nothing, this once
		if v = h.see(t, h.ada, office.PayQuestion{}); v.Total != v.Alone {
			t.Errorf("granted %+v", v.Total)
		}
		december := h.ada
		december.Today = date.MustParse("2026-12-05")
		if v = h.see(t, december, office.PayQuestion{}); v.Asked == nil || v.Asked.ID != standing.ID || v.Amount != 100_00 {
			t.Errorf("in December %+v", v.Asked)
		}
		changed := h.asks(t, december, office.PayWish{Month: november + 1, Until: november + 4, Kind: "net", Amount: 120_00})
		ends := func(id int64, want date.Month, state string) {
			t.Helper()
			storetest.Read(t, db, h.coop, func(tx *store.Tx) error {
				r, err := tx.PayRequest(id)
				if r.Until != want || r.State != state {
					t.Errorf("request %d until %v, %s", id, r.Until, r.State)
				}
				return err
			})
		}
		ends(standing.ID, november, store.PayAsked)
		january := h.ada
		january.Today = date.MustParse("2026-12-30")
		_, err := h.TakeBackPay(ctx, january, storetest.First, changed.ID)
		must(t, err)
		ends(changed.ID, november+1, store.PayAsked)
		again, err := h.TakeBackPay(ctx, december, storetest.First, changed.ID) // December's own, while it can
		must(t, err)
		if again.State != store.PayWithdrawn {
			t.Errorf("%+v", again)
		}
		_, err = h.AskPay(ctx, december, office.PayWish{Activity: storetest.First, Kind: "net", Amount: 0})
		isRefused(t, err, fault.Invalid, "mypay.amount_none")
		_, err = h.AskPay(ctx, december, office.PayWish{Activity: storetest.First, Kind: "wages", Amount: 10_00})
		isRefused(t, err, fault.Invalid, "mypay.kind")
		_, err = h.AskPay(ctx, december, office.PayWish{Activity: storetest.First, Kind: "net", Amount: 10_00, Until: november})
		isRefused(t, err, fault.Invalid, "mypay.until")
	})
}

// Why there is no pay is told, and whom to ask: a test contract, no contract, a rule or terms that are not set up.
func TestWhyThereIsNoPay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		why := func(want string, today string) {
			t.Helper()
			h.ada.Today = date.MustParse(today)
			v, err := h.MyPay(ctx, h.ada, office.PayQuestion{Activity: storetest.First})
			must(t, err)
			if v.Why != want || v.Whom == "" {
				t.Errorf("on %s: %q, want %q", today, v.Why, want)
			}
			_, err = h.AskPay(ctx, h.ada, office.PayWish{Activity: storetest.First, Kind: "net", Amount: 100_00})
			isRefused(t, err, fault.Conflict, want)
		}
		why("mypay.why.no_contract", midNovember)
		_, err := h.SaveContract(ctx, h.system, member.Contract{Person: storetest.Person, Kind: member.CAPE, Start: date.MustParse("2026-01-01"), End: date.MustParse("2026-12-31"), Term: 1})
		must(t, err)
		why("mypay.why.cape", midNovember)
		_, err = h.SaveContract(ctx, h.system, member.Contract{Person: storetest.Person, Kind: member.CESA, Start: date.MustParse("2027-01-01"), FixedCost: 500_00})
		must(t, err)
		why("mypay.why.from", midNovember)
		why("mypay.why.no_rule", "2026-12-10") // January can be asked for
		rules := coop.Default().Pay
		rule, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), rules, "AG")
		must(t, err)
		_, err = h.SaveRule(ctx, h.system, rule)
		must(t, err)
		why("mypay.why.no_terms", "2026-12-10")
	})
}

func absentTo(t *testing.T, err error) {
	t.Helper()
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("%v", err)
	}
}

// Nobody reads or asks for another; a payslip opens to its person and to those who pay or book, its file under no name; the
// log holds no figure.
func TestPayIsOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newPaid(t, db)
		ctx := t.Context()
		h.earned(t, 6000_00)
		stranger := access.Actor{Coop: h.coop, Person: storetest.Reader, Roles: []member.Role{member.Advisor, member.Administrator}, Portfolio: []int64{storetest.First}, Today: h.ada.Today}
		for _, a := range []access.Actor{stranger, h.accountant} {
			_, err := h.MyPay(ctx, a, office.PayQuestion{Activity: storetest.First})
			absentTo(t, err)
			_, err = h.AskPay(ctx, a, office.PayWish{Activity: storetest.First, Kind: "net", Amount: 10_00})
			absentTo(t, err)
		}
		r := h.asks(t, h.ada, office.PayWish{Kind: "net", Amount: 123_45})
		_, err := h.TakeBackPay(ctx, h.bob, storetest.First, r.ID)
		absentTo(t, err)
		token := h.ada
		token.Token, token.Scopes = true, []string{access.ScopeAccountRead}
		if _, err := h.MyPay(ctx, token, office.PayQuestion{Activity: storetest.First}); err == nil {
			t.Error("a token reads pay")
		}
		slip := store.Slip{Person: storetest.Person, Contract: h.adaCESA.ID, Activity: storetest.First, Month: date.MonthOf(2026, 10), Origin: store.SlipSoftware, State: store.SlipIssued}
		draft := slip
		draft.Month, draft.State, draft.Origin = draft.Month+1, store.SlipDraft, store.SlipOwn
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error { return errors.Join(tx.SaveSlip(&slip), tx.SaveSlip(&draft)) })
		for _, a := range []access.Actor{h.bob, stranger} {
			for _, id := range []int64{slip.ID, draft.ID, 999} {
				if s, err := h.PaySlip(ctx, a, id); err == nil || s.ID != 0 || fault.KindOf(err) != fault.NotFound {
					t.Errorf("payslip %d opens to person %d: %v", id, a.Person, err)
				}
			}
		}
		_, err = h.PaySlip(ctx, h.ada, slip.ID)
		must(t, err)
		_, err = h.PaySlip(ctx, h.accountant, slip.ID)
		must(t, err)
		_, err = h.PaySlip(ctx, h.ada, draft.ID)
		absentTo(t, err)
		_, _, err = h.PaySlipFile(ctx, h.ada, slip.ID)
		isRefused(t, err, fault.NotFound, "mypay.no_file")
		mine, err := h.MySlips(ctx, h.ada)
		must(t, err)
		if len(mine) != 1 || mine[0].ID != slip.ID {
			t.Errorf("her payslips: %+v", mine)
		}
		if bobs, err := h.MySlips(ctx, h.bob); err != nil || len(bobs) != 0 {
			t.Errorf("his payslips: %+v %v", bobs, err)
		}
		storetest.Read(t, db, h.coop, func(tx *store.Tx) error {
			rows, err := tx.Audits(store.AuditFilter{Action: "pay.", Limit: 10})
			if len(rows) != 1 || strings.Contains(rows[0].Detail, "123") || strings.Contains(rows[0].Detail, "amount") {
				t.Errorf("the log holds %+v", rows)
			}
			return err
		})
	})
}

// Whatever the account, the pots and what is asked by two people, what they are granted never costs more than there is.
func TestDemandsNeverCostMoreThanThereIs(t *testing.T) {
	h := newPaid(t, storetest.Open(t, store.Options{URL: storetest.SQLite(t)}))
	h.kept(t)
	var stands money.Cents
	rapid.Check(t, func(rt *rapid.T) {
		account := money.Cents(rapid.Int64Range(-3000_00, 9000_00).Draw(rt, "account"))
		h.earned(t, account-stands)
		stands = account
		kinds := []string{"net", "gross", "cost"}
		ask := func(a access.Actor) {
			h.asks(t, a, office.PayWish{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Amount: money.Cents(rapid.Int64Range(1, 6000_00).Draw(rt, "asked"))})
		}
		if rapid.Bool().Draw(rt, "first") {
			ask(h.ada)
			ask(h.bob)
		} else {
			ask(h.bob)
			ask(h.ada)
		}
		ada, bob := h.see(t, h.ada, office.PayQuestion{}), h.see(t, h.bob, office.PayQuestion{})
		there := max(account-ada.Alone.Cost-bob.Alone.Cost-800_00, 0) // what is set aside of the fixed parts to come only lessens it
		if ada.Balance.Cost > 800_00 || bob.Balance.Cost != 0 || ada.Advance.Cost+bob.Advance.Cost > there {
			rt.Fatalf("of %v: Ada %v + %v, Bob %v", account, ada.Balance.Cost, ada.Advance.Cost, bob.Advance.Cost)
		}
		// The part of each is half of what there is, whoever asked first: nobody is cut for what the other takes.
		if gap := ada.Means.Account - bob.Means.Account; gap > 1 || gap < -1 {
			rt.Fatalf("of %v: Ada may have %v, Bob %v", account, ada.Means.Account, bob.Means.Account)
		}
		if ada.Advance.Cost > ada.Means.Account || bob.Advance.Cost > bob.Means.Account {
			rt.Fatalf("Ada takes %v of %v, Bob %v of %v", ada.Advance.Cost, ada.Means.Account, bob.Advance.Cost, bob.Means.Account)
		}
		if ada.Total.Gross < 500_00 || bob.Total.Gross < 300_00 {
			rt.Fatalf("fixed parts: %v, %v", ada.Total.Gross, bob.Total.Gross)
		}
	})
}
