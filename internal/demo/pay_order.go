package demo

import (
	"essaim/date"
	"essaim/fault"
)

// ordered has the bank pay a month as the office does: the payroll officer makes the file of transfers and says that it
// left, the manager does so for the officer's own pay, and the month is locked.
func (w *world) ordered(m date.Month) error {
	if !w.slipping(m) {
		return nil
	}
	for _, who := range []string{paying, managing} {
		a, err := w.named(who)
		if err != nil {
			return err
		}
		t, err := w.office.OrderPay(w.ctx, a, m, w.today, "")
		if all := fault.All(err); len(all) == 1 && all[0].Key == "pay_month.fault.nothing_to_pay" {
			continue // nobody's is left for her
		}
		if err != nil {
			return err
		}
		if _, err := w.office.SendPayTransfer(w.ctx, a, t.ID, w.today); err != nil {
			return err
		}
	}
	a, err := w.named(paying)
	if err != nil {
		return err
	}
	return w.office.LockPay(w.ctx, a, m)
}
