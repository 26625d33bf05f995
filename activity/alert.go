package activity

import (
	"cmp"
	"slices"
	"strings"

	"essaim/date"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// Level says how pressing an alert is.
type Level string

// The levels: late (red: something is lost or over) and wait (honey: something to look at).
const (
	Late Level = "late"
	Wait Level = "wait"
)

// Alert is one thing to look at. Key is a message key with Args; Days is its age or what is left, for sorting; Figure
// is the key of the amount it speaks of, when there is one.
type Alert struct {
	Key    string      `json:"key"`
	Args   []any       `json:"args,omitempty"`
	Level  Level       `json:"level"`
	Days   int         `json:"days,omitempty"`
	Amount money.Cents `json:"amount,omitempty"`
	Figure string      `json:"figure,omitempty"`
}

// When alerts speak, in days.
const (
	capeSoon     = 60 // before the end of a CAPE without a follow-up
	capeLate     = 30 // of these, the last ones are red
	overdueAfter = 60 // age of an unpaid invoice
	silentAfter  = 90 // without an invoice
	freedSoon    = 30 // before customers have to pay what they retained (practice 37)
	potSoon      = 31 // before last year's variable part must be taken (practice 10)
)

// alerts tells what to look at today, the most pressing first.
func (b *builder) alerts(a *Account) []Alert {
	if !b.Year.Contains(b.Today) || !b.Activity.OpenOn(b.Today) {
		return nil
	}
	var list []Alert
	add := func(l Level, key, figure string, days int, amount money.Cents, args ...any) {
		list = append(list, Alert{Key: key, Args: args, Level: l, Days: days, Amount: amount, Figure: figure})
	}
	b.alertMoney(a, add)
	for _, s := range b.Activity.Members(b.Today) {
		if c, over := member.Over(b.Contracts, s.Person, b.Today); over && c.Kind != member.CAPE {
			days := int(b.Today - c.End)
			add(Late, "activity.alert.contract_over", "", days, 0, "n", days)
			continue
		}
		k, ok := member.CAPEClock(b.Contracts, s.Person, b.Today)
		if c, running := member.InForce(b.Contracts, s.Person, b.Today); !ok || k.Continues || running && c.Kind != member.CAPE {
			continue
		}
		if k.Days < 0 {
			add(Late, "activity.alert.cape_over", "", -k.Days, 0, "n", -k.Days)
		} else if k.Days <= capeSoon {
			l := Wait
			if k.Days <= capeLate {
				l = Late
			}
			add(l, "activity.alert.cape_ends", "", k.Days, 0, "n", k.Days)
		}
	}
	if days, amount := b.oldest(); days > overdueAfter {
		add(Wait, "activity.alert.overdue", "overdue", days, amount, "n", days, "amount", amount)
	}
	if on, amount := b.retained(); amount > 0 {
		key := "activity.alert.retention_soon"
		if on <= b.Today {
			key = "activity.alert.retention_due"
		}
		add(Wait, key, "owed", int(b.Today-on), amount, "amount", amount, "on", on)
	}
	if b.PotUntil >= b.Today && b.PotUntil <= b.Today+potSoon && a.Pot.Amount > 0 {
		left := int(b.PotUntil - b.Today)
		add(Wait, "activity.alert.pot", "pot", left, a.Pot.Amount, "amount", a.Pot.Amount, "until", b.PotUntil)
	}
	if silent := int(b.Today - max(b.LastInvoice, b.Activity.Opened)); silent >= silentAfter {
		if b.LastInvoice == 0 {
			add(Wait, "activity.alert.never_invoiced", "", silent, 0, "n", silent)
		} else {
			add(Wait, "activity.alert.no_invoice", "", silent, 0, "n", silent)
		}
	}
	slices.SortStableFunc(list, func(x, y Alert) int { return cmp.Compare(rank(x.Level), rank(y.Level)) })
	return list
}

func rank(l Level) int {
	if l == Late {
		return 0
	}
	return 1
}

// alertMoney tells of a treasury below zero, of what it does not cover, and of the reserve.
func (b *builder) alertMoney(a *Account, add func(l Level, key, figure string, days int, amount money.Cents, args ...any)) {
	days := 0
	if a.Cash.Amount < 0 {
		if b.NegativeSince != 0 {
			days = int(b.Today - b.NegativeSince)
		}
		if days > 0 { // since today: « negative » says it all
			add(Late, "activity.alert.negative", "cash", days, a.Cash.Amount, "n", days)
		} else {
			add(Late, "activity.alert.negative_now", "cash", 0, a.Cash.Amount)
		}
	}
	missing, short := find(a.Available.Children, "missing")
	fixed, _ := find(a.Available.Children, "fixed")
	switch {
	case short && fixed.Amount < 0:
		add(Wait, "activity.alert.advance", "missing", days, missing.Amount, "amount", missing.Amount)
		return
	case short && a.Cash.Amount >= 0:
		add(Wait, "activity.alert.short", "missing", 0, missing.Amount, "amount", missing.Amount)
		return
	case short:
		return
	}
	reserve, kept := find(a.Available.Children, "reserve")
	if kept && -reserve.Amount < b.Activity.Reserve {
		lack := b.Activity.Reserve + reserve.Amount
		add(Wait, "activity.alert.below_reserve", "reserve", 0, lack, "amount", lack)
		return
	}
	low, ok := a.lowest()
	switch {
	case !ok:
	case low.End.Amount < 0:
		add(Wait, "activity.alert.negative_soon", low.End.Key, daysTo(b.Today, low.Month), -low.End.Amount, "month", low.Month)
	case b.Activity.Reserve > low.End.Amount:
		lack := b.Activity.Reserve - low.End.Amount
		add(Wait, "activity.alert.reserve_soon", low.End.Key, daysTo(b.Today, low.Month), lack, "month", low.Month, "amount", lack)
	}
}

func daysTo(today date.Day, m date.Month) int { return int(m.Last() - today) }

// retained returns what customers keep of works and have to pay soon, or had to, and from when.
func (b *builder) retained() (on date.Day, amount money.Cents) {
	for _, it := range b.Open {
		if day := dueOf(it); it.Remaining > 0 && strings.HasPrefix(it.Account, ledger.Retention) && day <= b.Today+freedSoon {
			if amount += it.Remaining; on == 0 || day < on {
				on = day
			}
		}
	}
	return on, amount
}

// oldest returns the age in days of the oldest overdue item beyond the threshold, and what all such items sum to.
func (b *builder) oldest() (days int, amount money.Cents) {
	for _, it := range b.Open {
		age := int(b.Today - dueOf(it))
		if it.Remaining > 0 && age > overdueAfter && b.owing.Match(it.Account) {
			days, amount = max(days, age), amount+it.Remaining
		}
	}
	return days, amount
}
