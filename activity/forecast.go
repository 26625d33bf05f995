package activity

import (
	"essaim/date"
	"essaim/money"
)

// forecastMonths is how far the treasury is looked at beyond the present month.
const forecastMonths = 3

// forecast carries the treasury to the end of the present month and of the three that follow, by rules one can say
// aloud: customers pay on the day their invoice is due, those up to 90 days late pay next month, those later never;
// what is owed today leaves next month; the fixed parts leave each month; the VAT that waits leaves the month after its
// receipt. No new sale is imagined.
func (b *builder) forecast(a *Account) {
	if !b.Year.Contains(b.Today) {
		return
	}
	pending := -b.net(b.vatPending, 0, b.last)
	stand, received := a.Cash.Amount, money.Cents(0)
	first := b.Today.Month()
	for m := first; m <= first+forecastMonths; m++ {
		id := m.String()
		from := max(m.First(), b.Today)
		in := []Figure{b.items("forecast-due-"+id, "activity.forecast.due", DebitSide, from, m.Last(), "month", m)}
		var out []Figure
		if f := b.fixedOf(m); f.Amount != 0 {
			f.Key = "forecast-" + f.Key
			out = append(out, f)
		}
		if m == first+1 {
			in = append(in, b.items("forecast-late-"+id, "activity.forecast.late", DebitSide, b.Today-90, b.Today-1))
			for _, l := range a.Available.Children {
				switch l.Key {
				case "vat", "contribution", "suppliers", "expenses", "social", "salaries", "refunds":
					if l.Amount < 0 {
						out = append(out, under("forecast-", l))
					}
				}
			}
		}
		if m > first {
			if f := min(pending.Share(received, a.Receivable.Amount), pending); f > 0 {
				out = append(out, Figure{Key: "forecast-vat-" + id, Label: "activity.forecast.vat", Amount: -f, Scope: Scope{Kind: FromEstimate}})
			}
		}
		c := CashMonth{
			Month: m,
			In:    sum("forecast-in-"+id, "activity.month.cash_in", in, "month", m),
			Out:   sum("forecast-out-"+id, "activity.month.cash_out", out, "month", m),
		}
		before := Figure{Key: "forecast-before-" + id, Label: "activity.forecast.before", Amount: stand, Scope: Scope{Kind: FromEstimate}}
		c.End = sum("forecast-"+id, "activity.forecast.end", []Figure{before, under("end-", c.In), under("end-", c.Out)}, "month", m)
		stand, received = c.End.Amount, c.In.Amount
		a.Forecast = append(a.Forecast, c)
	}
}

// lowest returns the lowest end of month of the forecast; ok is false without one.
func (a *Account) lowest() (low CashMonth, ok bool) {
	for _, c := range a.Forecast {
		if !ok || c.End.Amount < low.End.Amount {
			low, ok = c, true
		}
	}
	return low, ok
}

// Movement is what a day brought to a treasury, or took from it.
type Movement struct {
	Day    date.Day
	Amount money.Cents
}

// NegativeSince returns the first day of the stretch, still lasting, during which a treasury has been below zero at the
// end of the day, from its opening and its movements in the order of days; 0 when it is not below zero. When it already
// was at the opening, the stretch begins on the day of the opening, since.
func NegativeSince(opening money.Cents, since date.Day, ms []Movement) date.Day {
	var first date.Day
	if opening < 0 {
		first = since
	}
	stand := opening
	for i, m := range ms {
		stand += m.Amount
		if i+1 < len(ms) && ms[i+1].Day == m.Day {
			continue
		}
		switch {
		case stand >= 0:
			first = 0
		case first == 0:
			first = m.Day
		}
	}
	return first
}
