package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// OverrideAdvance is the amount, as gross, that the officer sets in the place of what was asked for a month: never for oneself,
// with a reason that the person reads. It is no element of a payslip: what the account does not bear of it is cut all the same.
const OverrideAdvance = "override_advance"

// The elements that are written as people say them and become others on a payslip: see [payFacts.brought], [payFacts.kept].
const (
	transportItem   = "transport"     // the price of a subscription, and the share refunded
	vouchersItem    = "meal_vouchers" // so many vouchers
	garnishmentItem = "garnishment"   // a creditor; maintenance: the term of a month, others: the debt
	advanceItem     = "advance"       // money lent: a tenth of a pay at most gives it back (L3251-3 c. trav.)
	instalmentItem  = "instalment"    // pay handed over before its day
)

// payElements are what the officer writes, in the order of the form; the others follow from the contract, from what is
// asked and from absences.
var payElements = []string{
	"bonus", "back_pay", "leave_indemnity", "in_kind", transportItem, vouchersItem, instalmentItem, advanceItem, garnishmentItem, OverrideAdvance,
}

// PayElements returns the elements that may be written for a contract: nobody but a CESA asks for anything that could be
// overridden.
func PayElements(kind member.ContractKind) []string {
	return slices.DeleteFunc(slices.Clone(payElements), func(code string) bool { return code == OverrideAdvance && kind != member.CESA })
}

// PayItemBody is what an element holds besides its amount.
type PayItemBody struct {
	Reason string `json:"reason,omitempty"` // of an override, as the person reads it
	// A creditor: who, in which rank, and the dependants of the person for the scale.
	Creditor   string       `json:"creditor,omitempty"`
	Rank       payroll.Rank `json:"rank,omitempty"`
	Dependants int          `json:"dependants,omitempty"`
	// Share is what is refunded of a subscription; vouchers are so many, of a value, of which the employer pays a part.
	Share    money.Rate  `json:"share,omitempty"`
	Count    int         `json:"count,omitempty"`
	Value    money.Cents `json:"value,omitempty"`
	Employer money.Cents `json:"employer,omitempty"`

	Exit *ExitBody `json:"exit,omitempty"` // the end of the contract
	// Profit-sharing: the fiscal year and the activity that gave it.
	Year     int64 `json:"year,omitempty"`
	Activity int64 `json:"activity,omitempty"`
}

// of keeps what an element asks for.
func (b PayItemBody) of(element string) PayItemBody {
	switch element {
	case OverrideAdvance:
		return PayItemBody{Reason: strings.TrimSpace(b.Reason)}
	case garnishmentItem:
		return PayItemBody{Creditor: strings.TrimSpace(b.Creditor), Rank: b.Rank, Dependants: b.Dependants}
	case transportItem:
		return PayItemBody{Share: b.Share}
	case vouchersItem:
		return PayItemBody{Count: b.Count, Value: b.Value, Employer: b.Employer}
	}
	return PayItemBody{}
}

// ItemBody reads what an element holds besides its amount.
func ItemBody(i store.PayItem) (b PayItemBody) {
	if i.Body != "" && json.Unmarshal([]byte(i.Body), &b) != nil {
		return PayItemBody{} // written by this program; what cannot be read says nothing
	}
	return b
}

// ForEver is the last month of an element that nothing ends yet.
func ForEver() date.Month { return date.MonthOf(2199, 12) }

// AddPayItem writes what a month brings to a contract, or each month until another.
func (o *Office) AddPayItem(ctx context.Context, a access.Actor, i store.PayItem, b PayItemBody) (store.PayItem, error) {
	if err := can(a, access.RunPay, access.Subject{Person: i.Person}); err != nil {
		return i, err
	}
	if b = b.of(i.Element); i.Element == vouchersItem {
		i.Amount = b.Value * money.Cents(min(max(b.Count, 0), 31))
	}
	asked := []any{i.Person, i.Contract, i.Month, i.Until, i.Element, i.Amount, i.Label, b}
	err := o.writeOnce(ctx, a, "pay.item", asked, func(tx *store.Tx, id int64) (err error) {
		i, err = tx.PayItem(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		c, err := contractOf(tx, i.Person, i.Contract)
		if err != nil {
			return 0, err
		}
		if err := checkPayItem(c, i, b); err != nil {
			return 0, err
		}
		if err := openPayMonth(tx, i.Month); err != nil {
			return 0, err
		}
		if out, err := issuedIn(tx, c, i.Month); err != nil {
			return 0, err
		} else if out { // the month is open because others wait: theirs is paid
			return 0, fault.At("month", "payfile.issued", "month", i.Month, "next", i.Month+1)
		}
		if i.Element == OverrideAdvance { // the last one set is the one that counts
			all, err := tx.PayItemsOf(c.ID)
			if err != nil {
				return 0, err
			}
			for _, x := range all {
				if x.Element == OverrideAdvance && x.Month == i.Month && !x.Dropped {
					if err := tx.DropPayItem(x.ID); err != nil {
						return 0, err
					}
				}
			}
		}
		if i.Body, err = jsonOf(b); err != nil {
			return 0, err
		}
		i.ID, i.By = 0, a.Person
		if err := tx.AddPayItem(&i); err != nil {
			return 0, err
		}
		deed := "pay.item"
		if i.Element == OverrideAdvance {
			deed = "pay.override"
		}
		return i.ID, tx.Audit(a.Person, deed, thing("person", i.Person), map[string]any{"pay.element": i.Element, "from": i.Month, "until": lastMonth(i.Until)})
	})
	return i, err
}

// lastMonth is the end of an element for the log: none when nothing ends it.
func lastMonth(m date.Month) string {
	if m >= ForEver() {
		return ""
	}
	return m.String()
}

func checkPayItem(c member.Contract, i store.PayItem, b PayItemBody) error {
	switch {
	case !slices.Contains(PayElements(c.Kind), i.Element):
		return fault.At("element", "payfile.element")
	case i.Amount < 0 || i.Amount == 0 && i.Element != OverrideAdvance:
		return fault.At("amount", "payfile.amount")
	case i.Amount > payroll.MaxGross:
		return fault.At("amount", "payroll.large", "max", payroll.MaxGross)
	case i.Month < payroll.Begins():
		return fault.At("month", "payroll.before", "first", payroll.Begins())
	case i.Until < i.Month:
		return fault.At("until", "payfile.until")
	case i.Month < c.Start.Month():
		return fault.At("month", "payfile.from_contract", "start", c.Start)
	case c.End != 0 && i.Month > c.End.Month():
		return fault.At("month", "payfile.from_ended", "end", c.End)
	case i.Element == OverrideAdvance && i.Until != i.Month:
		return fault.At("until", "payfile.override_month")
	case i.Element == OverrideAdvance && strings.TrimSpace(b.Reason) == "":
		return fault.At("reason", "payfile.override_reason")
	case i.Element == garnishmentItem && !slices.Contains(payroll.Ranks(), b.Rank):
		return fault.At("rank", "payroll.rank")
	case i.Element == garnishmentItem && b.Creditor == "":
		return fault.At("creditor", "payfile.creditor")
	case b.Dependants < 0 || b.Dependants > 30:
		return fault.At("dependants", "payroll.dependants")
	}
	k := (&payFacts{}).contract(c)
	switch i.Element {
	case transportItem:
		if _, err := payroll.Law().On(i.Month).Transport(k, i.Amount, b.Share); err != nil {
			e := fault.All(err)[0]
			return fault.At(map[string]string{"price": "amount"}[e.Field]+strings.TrimPrefix(e.Field, "price"), e.Key, e.Args...)
		}
	case vouchersItem:
		if _, err := payroll.Law().On(i.Month).Vouchers(b.Count, b.Value, b.Employer); err != nil {
			return err
		}
	}
	for _, f := range []struct{ name, v string }{{"label", i.Label}, {"reason", b.Reason}, {"creditor", b.Creditor}} {
		if err := coop.CheckText(f.name, f.v); err != nil {
			return err
		}
	}
	return nil
}

// openPayMonth refuses what would change a month that is locked: a correction stands in a later one.
func openPayMonth(tx *store.Tx, m date.Month) error {
	p, err := tx.PayMonth(m)
	if err == nil && p.State == store.PayMonthLocked {
		err = fault.At("month", "payfile.locked", "month", m)
	}
	return err
}

// EndPayItem makes a month the last that an element is in; one that would end before it began is dropped, with its trace.
// The months that are locked keep what they had.
func (o *Office) EndPayItem(ctx context.Context, a access.Actor, id int64, last date.Month) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		i, err := tx.PayItem(id)
		if err != nil {
			if refused := can(a, access.RunPay, access.Subject{}); refused != nil {
				return refused
			}
			return err
		}
		if err := can(a, access.RunPay, access.Subject{Person: i.Person}); err != nil {
			return err
		}
		switch {
		case i.Dropped || i.Until <= last && last >= i.Month: // a second click
			return nil
		case i.Element == exitItem: // the contract ends with it: see TakeBackExit
			return fault.New(fault.Conflict, "payexit.fault.take_back")
		}
		if err := openPayMonth(tx, max(i.Month, last+1)); err != nil {
			return err
		}
		if last < i.Month {
			err = tx.DropPayItem(id)
		} else {
			err = tx.EndPayItem(id, last)
		}
		if err != nil {
			return err
		}
		return tx.Audit(a.Person, "pay.item_end", thing("person", i.Person), map[string]any{"pay.element": i.Element, "until": last})
	})
}
