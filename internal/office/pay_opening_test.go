package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/format/sheet"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/payroll"
)

func sums(until date.Month) payroll.Opening {
	return payroll.Opening{Until: until, Gross: 30_000_00, Ceiling: 36_045_00, Reduction: 1_000_00, Net: 23_400_00, NetTaxable: 24_300_00, NetSocial: 23_400_00, Tax: 850_00, Cost: 38_000_00}
}

func (p *payHouse) row(t *testing.T, person int64) office.PayRow {
	t.Helper()
	_, by := p.rows(t)
	return *by[person]
}

func lookKeys(r office.PayRow) (keys []string) {
	for _, n := range r.Look {
		keys = append(keys, n.Key)
	}
	return keys
}

// A cooperative that begins to pay in November is told who lacks counters; once they are taken over the payslip goes on
// from them, they can be changed until it is issued, and never after.
func TestCountersOfAYearThatBeganElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p, ctx := pay(t, open(t, db), 2), t.Context()
		ada, other := p.people[0], p.people[1]
		v, err := p.PayOpenings(ctx, p.officer, p.month)
		must(t, err)
		if len(v.Rows) != 3 || v.Lack != 3 || *v.Rows[0].Missing != (office.PayMissing{From: p.month - 10, Until: p.month - 1}) {
			t.Fatalf("%+v", v)
		}
		p.compute(t)
		if keys := lookKeys(p.row(t, ada)); !slices.Contains(keys, "pay_month.look.counters") || slices.Contains(keys, "pay_month.look.first") {
			t.Errorf("a payslip without counters: %q", keys)
		}

		x := sums(p.month - 1)
		wants(t, p.SaveOpening(ctx, p.officer, nil, p.officer.Person, p.contract[p.officer.Person], x), " access.denied.run_own_pay")
		far := x
		far.Until = p.month + 1
		wants(t, p.SaveOpening(ctx, p.officer, nil, ada, p.contract[ada], far), "until payopening.fault.ahead")
		wrong := x
		wrong.Net = 40_000_00
		wants(t, p.SaveOpening(ctx, p.officer, nil, ada, p.contract[ada], wrong), "net payroll.opening.net")
		blank := x
		blank.Reduction = 0
		wants(t, p.SaveOpening(ctx, p.officer, nil, ada, p.contract[ada], blank), "reduction payroll.opening.reduction_missing")
		must(t, p.SaveOpening(ctx, p.officer, nil, ada, p.contract[ada], x))
		if err := p.SaveOpening(ctx, p.officer, nil, ada, p.contract[ada], x); !office.Changed(err) {
			t.Errorf("over what nobody read: %v", err)
		}
		late := x
		late.Until = p.month - 3
		late.Ceiling = 0
		must(t, p.SaveOpening(ctx, p.officer, &x, ada, p.contract[ada], late))
		p.compute(t)
		if keys := lookKeys(p.row(t, ada)); !slices.Contains(keys, "pay_month.look.counters_gap") {
			t.Errorf("counters that stop in August: %q", keys)
		}
		must(t, p.SaveOpening(ctx, p.officer, &late, ada, p.contract[ada], x))
		must(t, p.SaveOpening(ctx, p.officer, nil, other, p.contract[other], x))
		must(t, p.DropOpening(ctx, p.officer, other, p.contract[other], 2026))
		must(t, p.DropOpening(ctx, p.officer, other, p.contract[other], 2026)) // a second click
		p.compute(t)
		if keys := lookKeys(p.row(t, ada)); slices.Contains(keys, "pay_month.look.counters") || slices.Contains(keys, "pay_month.look.counters_gap") {
			t.Errorf("counters are there: %q", keys)
		}
		p.issue(t, p.officer)
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			slips, err := tx.SlipsOf(ada, p.month, p.month)
			if err != nil || len(slips) != 1 {
				t.Fatal(len(slips), err)
			}
			b := slips[0].Body
			if b.Before.Pay != 30_000_00 || b.Before.Ceiling != 36_045_00 || b.Before.Reduced != 1_000_00 || b.After.Gross != 30_000_00+b.Payslip.Totals.Gross || b.After.NetTaxable != 24_300_00+b.Payslip.Totals.NetTaxable {
				t.Errorf("%+v", b.Before)
			}
			return nil
		})
		wants(t, p.SaveOpening(ctx, p.officer, &x, ada, p.contract[ada], late), "until payopening.fault.used")
		wants(t, p.DropOpening(ctx, p.officer, ada, p.contract[ada], 2026), " payopening.fault.used")
		if found, err := db.Verify(ctx); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
		book, err := p.PayBook(ctx, p.officer, p.month-1, p.month)
		must(t, err)
		for _, r := range book.Rows {
			if r.Origin == store.SlipOpening {
				t.Error("the pay book holds what was paid elsewhere")
			}
		}
	})
}

// A table is taken whole or not at all, each line with its words, and once.
func TestCountersByTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p, ctx := pay(t, open(t, db), 3), t.Context()
		empty, err := p.OpeningTemplate(ctx, p.officer, p.month)
		must(t, err)
		rows, err := sheet.Read(empty)
		must(t, err)
		if len(rows) != 4 || rows[1][0] != "0" || rows[1][3] != "2026-01-05" || rows[1][4] != (p.month-1).String() { // the officer's is another's to type
			t.Fatalf("%q", rows)
		}
		table := func(lines ...string) []byte {
			return []byte("Matricule;Dernier mois payé;Brut;Net avant impôt;Net imposable;Net social;Impôt prélevé;Coût employeur;Réduction générale\n" + strings.Join(lines, "\n"))
		}
		line := func(n int, gross string) string {
			return fmt.Sprintf("%d;2026-10;%s;9 400,00;9 700,00;9 400,00;330,00;15 000,00;800,00", n, gross)
		}
		bad := table(line(0, "12 000,00"), line(1, "douze"), line(3, "12 000,00"), line(77, "12 000,00"), line(2, "9 000,00"))
		im, err := p.TryOpenings(ctx, p.officer, bad)
		must(t, err)
		var keys []string
		for _, r := range im.Rows {
			key := ""
			if len(r.Refused) > 0 {
				key = r.Refused[0].Field + " " + r.Refused[0].Key
			}
			keys = append(keys, key)
		}
		if want := []string{"", "gross payroll.opening_file.amount", " access.denied.run_own_pay", "number payroll.tax_file.unknown", "net payroll.opening.net"}; !slices.Equal(keys, want) || im.Refused != 4 || im.Rows[0].After.Pay != 12_000_00 {
			t.Errorf("%q %+v", keys, im)
		}
		_, err = p.ImportOpenings(ctx, p.officer, bad)
		wants(t, err, "file payopening.fault.refused")
		v, err := p.PayOpenings(ctx, p.officer, p.month)
		must(t, err)
		if v.Lack != 4 {
			t.Errorf("a table that was refused wrote: %+v", v.Rows)
		}

		good := table(line(0, "12 000,00"), line(2, "11 000,00"))
		_, err = p.ImportOpenings(ctx, p.officer, good)
		must(t, err)
		if v, err = p.PayOpenings(ctx, p.officer, p.month); err != nil || v.Lack != 2 || len(v.Rows) != 4 {
			t.Errorf("%+v %v", v, err)
		}
		_, err = p.ImportOpenings(ctx, p.officer, good)
		wants(t, err, "file payopening.fault.twice")
		im, err = p.TryOpenings(ctx, p.officer, table(line(0, "12 000,01"), line(1, "12 000,00")))
		must(t, err)
		if im.Refused != 1 || im.Rows[0].Refused[0].Key != "payopening.fault.there" {
			t.Errorf("%+v", im)
		}
		if _, err := p.PayOpenings(ctx, p.ada, p.month); err == nil {
			t.Errorf("an entrepreneur reads who lacks counters: %v", err)
		}
	})
}

// Leave is counted from what was taken over and from absences that are completed, and stands on the payslip as it was then.
func TestLeaveOnThePayslip(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p, ctx := pay(t, open(t, db), 1), t.Context()
		ada, contract := p.people[0], p.contract[p.people[0]]
		p.payRule(t, func(r *coop.Pay) { r.LeaveMode = coop.LeaveProvided })
		must(t, p.SaveLeave(ctx, p.officer, nil, ada, contract, payroll.LeaveOpening{Until: p.month - 2, LeaveCounters: payroll.LeaveCounters{Before: 8_00, Acquired: 10_00, Taken: 6_00}, Aside: 500_00}))
		wants(t, p.SaveLeave(ctx, p.officer, nil, p.officer.Person, p.contract[p.officer.Person], payroll.LeaveOpening{Until: p.month - 2}), " access.denied.run_own_pay")
		away := func(from, until string, declared bool) {
			x := store.PayAbsence{Person: ada, Contract: contract, From: date.MustParse(from), Until: date.MustParse(until)}
			b := office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.PaidLeave}}
			if declared {
				a := p.officer
				a.Person, a.Roles = ada, []member.Role{member.Entrepreneur}
				_, err := p.DeclarePayAbsence(ctx, a, x, b, nil)
				must(t, err)
				return
			}
			_, err := p.SavePayAbsence(ctx, p.officer, nil, x, b, nil)
			must(t, err)
		}
		away("2026-11-02", "2026-11-07", false)
		away("2026-11-23", "2026-11-28", true) // counts once pay has completed it
		p.compute(t)
		if r := p.row(t, ada); r.Stale {
			t.Error("a payslip is stale as soon as it is computed")
		}
		away("2026-11-09", "2026-11-10", false)
		if r := p.row(t, ada); !r.Stale {
			t.Error("leave that came after does not make the payslip stale")
		}
		p.compute(t)
		p.issue(t, p.officer)
		away("2026-11-12", "2026-11-13", false) // too late for this payslip
		var s store.Slip
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			slips, err := tx.SlipsOf(ada, p.month, p.month)
			if len(slips) == 1 {
				s = slips[0]
			}
			return err
		})
		l := s.Body.Leave
		if l == nil || l.LeaveCounters != (payroll.LeaveCounters{Before: 8_00, Acquired: 15_00, Taken: 14_00}) || len(l.Spans) != 2 || !l.Known {
			t.Fatalf("%+v", l)
		}
		if want := 500_00 + s.Body.Payslip.Totals.Gross.Times(100_000); l.Aside.Set != want || l.Aside.Paid != 0 {
			t.Errorf("%+v, wants %s", l.Aside, want)
		}
		f, err := p.PayFile(ctx, p.officer, ada)
		must(t, err)
		if k := f.Contracts[0]; k.Leave.Taken != 16_00 || k.Left.Before != 8_00 || k.Leave.Aside.Set != l.Aside.Set {
			t.Errorf("%+v", k.Leave)
		}
		was := *f.Contracts[0].Left
		wants(t, p.SaveLeave(ctx, p.officer, &was, ada, contract, payroll.LeaveOpening{Until: p.month - 3}), "until payopening.fault.leave_before")
		must(t, p.DropLeave(ctx, p.officer, ada, contract, p.month-2))
		if f, err = p.PayFile(ctx, p.officer, ada); err != nil || f.Contracts[0].Left != nil || f.Contracts[0].Leave.Known {
			t.Errorf("%+v %v", f.Contracts[0].Leave, err)
		}
		if found, err := db.Verify(ctx); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}
