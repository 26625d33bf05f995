package coop

import (
	"strconv"
	"strings"
	"unicode"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
)

// MonthEnd is what a delay of payment makes of the end of a month.
type MonthEnd string

// Both ways to count « 45 jours fin de mois » are lawful, and the parties choose (Commission d'examen des pratiques
// commerciales, « Délais de paiement : sur la computation des délais »).
const (
	NetDays MonthEnd = ""     // from the invoice: « 30 jours »
	ThenEnd MonthEnd = "then" // the days, then the end of the month they end in: « 45 jours fin de mois »
	FromEnd MonthEnd = "from" // the end of the month of the invoice, then the days: « fin de mois + 45 jours »
)

// Delay says when an invoice is to be paid, from the day it bears. The zero value is « à réception ».
type Delay struct {
	Days  int
	Month MonthEnd
	Day   int // the first such day of a month from then on: « le 10 »; 0: none. In a shorter month, its last day
}

// Ceilings between companies, from the day of the invoice (Code de commerce L441-10 I).
const (
	MaxNetDays   = 60
	MaxMonthDays = 45
)

// Due is the day to pay an invoice that bears a day.
func (d Delay) Due(from date.Day) date.Day {
	due := from
	if d.Month == FromEnd {
		due = due.Month().Last()
	}
	due += date.Day(d.Days)
	if d.Month == ThenEnd {
		due = due.Month().Last()
	}
	if d.Day == 0 {
		return due
	}
	for m := due.Month(); ; m++ {
		if day := min(m.First()+date.Day(d.Day)-1, m.Last()); day >= due {
			return day
		}
	}
}

// everyDay are the first and the last of four years: months of every length after months of every length.
var everyDay = [2]date.Day{date.Of(2024, 1, 1), date.Of(2027, 12, 31)}

// Longest is the most days that a delay leaves, whatever the day of the invoice.
func (d Delay) Longest() int {
	if d.Month == NetDays && d.Day == 0 {
		return d.Days
	}
	most := 0
	for on := everyDay[0]; on <= everyDay[1]; on++ {
		most = max(most, int(d.Due(on)-on))
	}
	return most
}

// Beyond returns the first invoice of a year without 29 February that a delay would leave unpaid for longer than companies
// may agree on, 0 when there is none: sixty days, or forty-five days end of month, counted in whichever of both ways ends
// later where an end of month is counted (Code de commerce L441-10 I).
func (d Delay) Beyond() date.Day {
	if d.Day == 0 && (d.Month == NetDays && d.Days <= MaxNetDays || d.Month != NetDays && d.Days <= MaxMonthDays) {
		return 0
	}
	start := date.Of(2026, 1, 1)
	for n := date.Day(0); n <= everyDay[1]-everyDay[0]; n++ {
		on := start + n
		limit := on + MaxNetDays
		if d.Month != NetDays {
			limit = max(limit, Delay{Days: MaxMonthDays, Month: ThenEnd}.Due(on), Delay{Days: MaxMonthDays, Month: FromEnd}.Due(on))
		}
		if d.Due(on) > limit {
			return on
		}
	}
	return 0
}

// Code is how a delay is kept and what forms carry: "0", "30", "45fm", "fm45", "30fm@10".
func (d Delay) Code() string {
	s := strconv.Itoa(d.Days)
	switch d.Month {
	case ThenEnd:
		s += "fm"
	case FromEnd:
		s = "fm" + s
	case NetDays:
	}
	if d.Day != 0 {
		s += "@" + strconv.Itoa(d.Day)
	}
	return s
}

// Words are how a delay is said: « 45 jours fin de mois, le 10 ».
func (d Delay) Words(p i18n.Printer) string {
	var s string
	switch {
	case d.Month == ThenEnd && d.Days == 0, d.Month == FromEnd && d.Days == 0:
		s = p.T("coop.delay_end")
	case d.Month == ThenEnd:
		s = p.T("coop.delay_then", "n", d.Days)
	case d.Month == FromEnd:
		s = p.T("coop.delay_from", "n", d.Days)
	case d.Days == 0 && d.Day == 0:
		return p.T("coop.delay_now")
	case d.Days == 0:
		return p.T("coop.delay_next", "day", d.Day)
	default:
		s = p.T("coop.delay_net", "n", d.Days)
	}
	if d.Day != 0 {
		s = p.T("coop.delay_day", "delay", s, "day", d.Day)
	}
	return s
}

const maxDelay = 366 // days

// Check refuses on a field what is no delay at all.
func (d Delay) Check(field string) error {
	if d.Days < 0 || d.Days > maxDelay || d.Day < 0 || d.Day > 31 || d.Month != NetDays && d.Month != ThenEnd && d.Month != FromEnd {
		return fault.At(field, "coop.delay_odd")
	}
	return nil
}

// ParseDelay reads a delay as people write it: « à réception », « 30 », « 30 jours nets », « 45 jours fin de mois »,
// « fin de mois + 45 jours », « 30 jours fin de mois le 10 », "30 days end of month", or a [Delay.Code].
func ParseDelay(text string) (Delay, error) {
	var d Delay
	odd := fault.At("", "coop.delay_odd")
	day, days := 0, -1
	wanted := false // the number that comes next is a day of the month
	for _, w := range delayWords(text) {
		n, err := strconv.Atoi(w)
		switch {
		case err == nil && wanted:
			if day != 0 || n < 1 || n > 31 {
				return Delay{}, odd
			}
			day, wanted = n, false
		case err == nil:
			if days >= 0 || n > maxDelay {
				return Delay{}, odd
			}
			days = n
		case w == "@":
			wanted = true
		case w == "fm":
			if d.Month != NetDays {
				return Delay{}, odd
			}
			if d.Month = ThenEnd; days < 0 {
				d.Month = FromEnd
			}
		case w == "now":
			if days >= 0 || d.Month != NetDays {
				return Delay{}, odd
			}
			days = 0
		default:
			return Delay{}, odd
		}
	}
	if wanted || days < 0 && d.Month == NetDays && day == 0 {
		return Delay{}, odd
	}
	if d.Days, d.Day = max(days, 0), day; d.Month == FromEnd && d.Days == 0 { // « fin de mois » is said one way
		d.Month = ThenEnd
	}
	return d, nil
}

// delayWords cuts what was typed into numbers, "fm", "@" (a day of the month follows), "now", and what is none of them.
// Words that add nothing are dropped.
func delayWords(text string) []string {
	s := strings.NewReplacer("à", "a", "é", "e", "è", "e", "\u00a0", " ", "\u202f", " ", "+", " ", ",", " ", ".", " ", "’", "'", "@", " @ ").Replace(strings.ToLower(text))
	for _, pair := range [][2]string{
		{"a reception", "now"}, {"au comptant", "now"}, {"comptant", "now"}, {"on receipt", "now"}, {"de la facture", ""}, {"date de facture", ""}, {"date of invoice", ""}, {"of the month", ""},
		{"fin de mois", " fm "}, {"fin du mois", " fm "}, {"end of month", " fm "}, {"fdm", " fm "}, {"eom", " fm "}, {"fm", " fm "}, {"on the", "@"},
	} {
		s = strings.ReplaceAll(s, pair[0], " "+pair[1]+" ")
	}
	var list []string
	for w := range strings.FieldsSeq(s) {
		number := strings.TrimRightFunc(w, unicode.IsLetter)
		unit := w[len(number):]
		if _, err := strconv.Atoi(number); err == nil {
			switch unit {
			case "", "j", "jours", "jour", "d", "days", "day", "th", "st", "nd", "rd", "er":
				list = append(list, number)
			default:
				list = append(list, w)
			}
			continue
		}
		switch w {
		case "jours", "jour", "j", "days", "day", "nets", "net", "de", "a", "apres", "after", "la", "the", "puis", "then":
		case "le", "on":
			list = append(list, "@")
		default:
			list = append(list, w)
		}
	}
	return list
}

// Delay is the usual delay of the cooperative.
func (t Terms) Delay() Delay { return Delay{Days: t.DueDays, Month: t.DueMonth, Day: t.DueDay} }

// checkDelays: what every company may be asked, and a delay of its own for private persons.
func (t *Terms) checkDelays() error {
	d := t.Delay()
	if d.Days < 0 || d.Month == NetDays && d.Day == 0 && d.Days > MaxNetDays {
		return fault.At("dueDays", "coop.rule_range", "min", 0, "max", MaxNetDays)
	}
	if err := d.Check("dueDays"); err != nil {
		return err
	}
	if d.Beyond() != 0 {
		return fault.At("dueDays", "coop.delay_beyond", "net", MaxNetDays, "month", MaxMonthDays)
	}
	return CheckTermsCode("consumers", t.Consumers)
}

// CheckTermsCode refuses a code that is no delay, or one that no company could be asked.
func CheckTermsCode(field, code string) error {
	if code == "" {
		return nil
	}
	d, err := ParseDelay(code)
	switch {
	case err != nil:
		return fault.At(field, "coop.delay_odd")
	case d.Beyond() != 0:
		return fault.At(field, "coop.delay_beyond", "net", MaxNetDays, "month", MaxMonthDays)
	}
	return nil
}
