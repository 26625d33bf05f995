package web_test

import (
	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/payroll"
	"maps"
)

// payMonthDeeds are the deeds of the month of pay, each in a month of its own.
func init() {
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"ComputePay": func(w *walk) func() error {
			w.payslip("2026-11", store.SlipOwn, store.SlipDraft)
			return func() error {
				_, err := w.Office.ComputePay(w.t.Context(), w.Actor("paul"), storetest.Today.Month(), "")
				return err
			}
		},
		"IssuePay": func(w *walk) func() error {
			s := w.payslip("2026-10", store.SlipOwn, store.SlipDraft)
			return func() error {
				_, err := w.Office.IssuePay(w.t.Context(), w.Actor("paul"), s.Month, nil, "")
				return err
			}
		},
		"LockPay": func(w *walk) func() error {
			s := w.payslip("2026-09", store.SlipSoftware, store.SlipIssued)
			return func() error { return w.Office.LockPay(w.t.Context(), w.Actor("paul"), s.Month) }
		},
		"NotePay": func(w *walk) func() error {
			return func() error {
				return w.Office.NotePay(w.t.Context(), w.Actor("paul"), w.Actor("irene").Person, "Demander le RIB")
			}
		},
		"OrderPay": func(w *walk) func() error {
			s := w.payslip("2026-08", store.SlipSoftware, store.SlipIssued)
			return func() error {
				_, err := w.Office.OrderPay(w.t.Context(), w.Actor("paul"), s.Month, storetest.Today+1, "")
				return err
			}
		},
		"CancelPayTransfer": func(w *walk) func() error {
			s := w.payslip("2026-07", store.SlipSoftware, store.SlipIssued)
			t, err := w.Office.OrderPay(w.t.Context(), w.Actor("paul"), s.Month, storetest.Today+1, "")
			w.must(err)
			return func() error {
				_, err := w.Office.CancelPayTransfer(w.t.Context(), w.Actor("paul"), t.ID)
				return err
			}
		},
		"SendPayTransfer": func(w *walk) func() error {
			id := w.newPayTransfer()
			return func() error {
				_, err := w.Office.SendPayTransfer(w.t.Context(), w.Actor("paul"), id, storetest.Today)
				return err
			}
		},
		"KeepPayTransfer": func(w *walk) func() error {
			id := w.newPayTransfer()
			_, err := w.Office.SendPayTransfer(w.t.Context(), w.Actor("paul"), id, storetest.Today)
			w.must(err)
			return func() error {
				_, err := w.Office.KeepPayTransfer(w.t.Context(), w.Actor("paul"), id)
				return err
			}
		},
		"RejectPay": func(w *walk) func() error {
			id := w.newPayTransfer()
			_, err := w.Office.SendPayTransfer(w.t.Context(), w.Actor("paul"), id, storetest.Today)
			w.must(err)
			s := w.payslip("2026-09", store.SlipOwn, store.SlipIssued)
			return func() error {
				return w.Office.RejectPay(w.t.Context(), w.Actor("paul"), id, s.ID, "Compte clos")
			}
		},
	})
}

// payslip makes a payslip of Irène's for a month, in a cooperative that pays by itself.
func (w *walk) payslip(month, origin, state string) store.Slip {
	w.t.Helper()
	ctx, system, irene := w.t.Context(), w.system(), w.Actor("irene").Person
	m, err := date.ParseMonth(month)
	w.must(err)
	_, contracts, err := w.Office.Person(ctx, system, irene)
	w.must(err)
	if len(contracts) == 0 {
		c, err := w.Office.SaveContract(ctx, system, member.Contract{Person: irene, Kind: member.CDI, Start: date.MustParse("2025-03-03")})
		w.must(err)
		contracts = append(contracts, c)
	}
	set, now, err := w.Office.Settings(ctx, system)
	w.must(err)
	if now.Pay.Way != coop.PayOwn {
		rules := now.Pay
		rules.Way, rules.Accident, rules.Staff = coop.PayOwn, 20_000, 12
		r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2025-01-01"), rules, "CA")
		w.must(err)
		_, err = w.Office.SaveRule(ctx, system, r)
		w.must(err)
		c := set.Coop
		c.IBAN = "FR7630006000011234567890189"
		w.must(w.Office.SaveCooperative(ctx, system, c))
	}
	s := store.Slip{Person: irene, Contract: contracts[0].ID, Activity: ledger.Mutual, Month: m, Origin: origin, State: state, Body: store.SlipBody{Inputs: payroll.Inputs{Month: m}, Payslip: payroll.Payslip{Month: m, Totals: payroll.Totals{Gross: 2000_00, Net: 1500_00, Paid: 1500_00, Cost: 2600_00}}}}
	w.must(w.Office.DB().Write(ctx, w.Coop.ID, func(tx *store.Tx) error {
		if err := tx.SavePayTerms(store.PayTerms{Contract: s.Contract, From: date.MustParse("2025-03-03"), Terms: payroll.Terms{Gross: 2000_00, Hours: 3500}}); err != nil {
			return err
		}
		if err := tx.SavePayPerson(store.PayPerson{Person: irene, From: date.MustParse("2025-03-03"), Known: payroll.Person{Holder: "Irène Costa", IBAN: "FR1420041010050500013M02606"}}); err != nil {
			return err
		}
		if old, ok, err := tx.SlipOf(s.Contract, m, origin); err != nil || ok {
			s = old
			return err
		}
		return tx.SaveSlip(&s)
	}))
	return s
}

// newPayTransfer is a file of transfers that the bank has not executed.
func (w *walk) newPayTransfer() int64 {
	w.t.Helper()
	s := w.payslip("2026-09", store.SlipOwn, store.SlipIssued)
	all, err := w.Office.PayTransfers(w.t.Context(), w.system(), s.Month)
	w.must(err)
	for _, f := range all.Files {
		if f.Cancelled == 0 {
			if f.Sent != 0 {
				_, err := w.Office.KeepPayTransfer(w.t.Context(), w.system(), f.ID)
				w.must(err)
			}
			return f.ID
		}
	}
	t, err := w.Office.OrderPay(w.t.Context(), w.system(), s.Month, storetest.Today+1, "")
	w.must(err)
	return t.ID
}
