package payroll

import (
	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// LeaveMode is how a cooperative carries paid leave.
type LeaveMode string

// The modes (practice 42).
const (
	LeaveRecorded LeaveMode = "recorded" // pay is maintained: counters alone
	LeaveProvided LeaveMode = "provided" // a tenth is set aside, and paid when leave is taken
	LeaveByFund   LeaveMode = "fund"     // building trades: a fund collects a contribution and pays
)

// Days are working days (jours ouvrables) in hundredths.
type Days int64

// LeavePeriod returns the year of acquisition that a day lies in: 1 June to 31 May (R3141-4 c. trav.).
func LeavePeriod(d date.Day) (from, until date.Day) {
	y, m, _ := d.Date()
	if m < 6 {
		y--
	}
	return date.Of(y, 6, 1), date.Of(y+1, 5, 31)
}

// LeaveAcquired is the leave acquired from the beginning of the period that until lies in to that day: two and a half
// days a month of work, two for a month of sickness, in proportion to the days (L3141-3, L3141-5, L3141-5-1 c. trav.);
// paid leave, accident, maternity, paternity and part time count as work, leave without pay does not. When until ends the
// period or the contract, four weeks of work count as a month where that gives more (L3141-4) and the sum goes up to the
// next whole day (L3141-7).
func (t *Table) LeaveAcquired(k Contract, until date.Day, all []Absence) Days {
	p := t.On(until.Month())
	from, last := LeavePeriod(until)
	if k.Until != 0 {
		last = min(last, k.Until)
	}
	end := min(until, last)
	const scale = 10_000 // shares of a day are summed before they are rounded
	work, sick, worked, ill := int64(0), int64(0), int64(0), int64(0)
	for m := from.Month(); m <= end.Month(); m++ {
		days := int64(m.Last()-m.First()) + 1
		w, s := int64(0), int64(0)
		for d := max(m.First(), from, k.From); d <= min(m.Last(), end); d++ {
			switch away(all, d) {
			case Sickness:
				s++
			case UnpaidLeave:
			default:
				w++
			}
		}
		work, sick, worked, ill = work+w*scale/days, sick+s*scale/days, worked+w, ill+s
	}
	hundredths := func(months, each int64) int64 { return months * each / scale * 100 / scales["coef"] }
	normal := hundredths(work, p.v[pLeaveMonth])
	closing := end == last
	if closing {
		months := worked / (7 * p.count(pLeaveWeeks))
		normal = max(normal, months*p.v[pLeaveMonth]*100/scales["coef"])
	}
	sum := normal + hundredths(sick, p.v[pLeaveSickMonth])
	if normal == 0 {
		sum = min(sum, p.count(pLeaveSickMost)*100)
	}
	if closing {
		sum = (sum + 99) / 100 * 100
	}
	return Days(min(sum, p.count(pLeaveMost)*100))
}

// away returns why a person is away on a day, "" when not.
func away(all []Absence, d date.Day) AbsenceKind {
	for _, a := range all {
		if a.From <= d && d <= a.Until {
			return a.Kind
		}
	}
	return ""
}

// LeaveCounters are the counters of a payslip.
type LeaveCounters struct {
	Before   Days `json:"before"`   // acquired in the periods before and not taken
	Acquired Days `json:"acquired"` // in this period
	Taken    Days `json:"taken"`    // since it began
}

// Left is what remains to be taken; negative when leave was taken ahead.
func (c LeaveCounters) Left() Days { return c.Before + c.Acquired - c.Taken }

// LeaveTaken is how many working days an absence of paid leave takes: every day but Sundays and public holidays.
func LeaveTaken(a Absence) (n Days) {
	if a.Kind != PaidLeave || a.Until-a.From > 366 {
		return 0
	}
	for d := a.From; d <= a.Until; d++ {
		if d.Weekday() != 0 && !d.Holiday() {
			n += 100
		}
	}
	return n
}

// LeavePay is the indemnity of days of leave: the better of a tenth of the pay of the period in proportion to the days,
// and of what the days would have paid, at twenty-six working days a month (L3141-24 c. trav.).
type LeavePay struct {
	Tenth      money.Cents `json:"tenth"`
	Maintained money.Cents `json:"maintained"`
	Due        money.Cents `json:"due"`
}

// LeaveIndemnity counts what days of leave are worth: gross is the pay of the period in which the days were acquired,
// month what a month pays now.
func (p *Parameters) LeaveIndemnity(days, acquired Days, gross, month money.Cents) (LeavePay, error) {
	switch {
	case days < 0 || acquired < 0 || days > 100_00 || acquired > 100_00:
		return LeavePay{}, fault.At("days", "payroll.leave_days")
	case gross < 0 || gross > 12*MaxGross || month < 0 || month > MaxGross:
		return LeavePay{}, fault.At("gross", "payroll.large", "max", MaxGross)
	}
	var l LeavePay
	if acquired > 0 {
		l.Tenth = money.Cents(money.MulDiv(int64(gross.Times(p.rate(pLeaveTenth))), int64(days), int64(acquired)))
	}
	l.Maintained = money.Cents(money.MulDiv(int64(month), int64(days), p.count(pLeaveMonthDays)*100))
	l.Due = max(l.Tenth, l.Maintained)
	return l, nil
}
