package sale

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// Subscription is an invoice that comes back: what is sold, to whom, every how many months (practice 36). A period begins
// on Day of its month, or on the month's last day when it is shorter, so that the 31st comes back after February.
type Subscription struct {
	ID       int64             `json:"-"`
	Activity int64             `json:"-"`
	Customer int64             `json:"-"`
	State    SubscriptionState `json:"-"`
	Version  int64             `json:"-"`
	Next     date.Day          `json:"-"` // first day of the next period to be invoiced; once it has ended, the day after the last

	By      int64         `json:"by"` // person in whose name its invoices are written
	Content Content       `json:"content"`
	Months  int           `json:"months"`            // of a period: 1, 2, 3, 6 or 12
	First   date.Day      `json:"first"`             // first day of the first period
	Day     int           `json:"day"`               // of the month on which periods begin, 1 to 31
	End     date.Day      `json:"end,omitempty"`     // no period begins after it
	Times   int           `json:"times,omitempty"`   // how many periods in all; 0: without end
	Before  int           `json:"before"`            // days before its day that the draft is there
	Arrears bool          `json:"arrears,omitempty"` // invoiced when the period is over rather than when it begins
	Means   Means         `json:"means,omitempty"`   // as agreed, printed
	Prices  []PriceChange `json:"prices,omitempty"`  // by day
	Trouble string        `json:"trouble,omitempty"` // what kept its last draft from being made: it is then paused
}

// SubscriptionState says whether drafts are made.
type SubscriptionState string

// The states.
const (
	SubscriptionRunning SubscriptionState = "running"
	SubscriptionPaused  SubscriptionState = "paused"
	SubscriptionEnded   SubscriptionState = "ended"
)

// PriceChange changes what periods cost that begin on its day or later. Until then invoices announce it.
type PriceChange struct {
	From    date.Day    `json:"from"`
	Percent money.Rate  `json:"percent,omitempty"` // of every line, up or down
	Line    int         `json:"line,omitempty"`    // or the new price of one line, from 1
	Price   money.Micro `json:"price,omitempty"`
}

// Periods are the lengths a period can have, in months.
func Periods() []int { return []int{1, 2, 3, 6, 12} }

const (
	maxTimes    = 600
	maxBefore   = 60
	maxPrices   = 60
	maxPeriods  = 1200 // a hundred years of months
	maxPriceCut = -90 * money.Percent
	maxPriceUp  = 300 * money.Percent
)

// Start returns the first day of period k, from 0.
func (s Subscription) Start(k int) date.Day {
	m := s.First.Month() + date.Month(k*s.Months)
	return min(m.First()+date.Day(s.Day)-1, m.Last())
}

// Last returns the last day of the period that begins on a day.
func (s Subscription) Last(start date.Day) date.Day {
	m := start.Month() + date.Month(s.Months)
	return min(m.First()+date.Day(s.Day)-1, m.Last()) - 1
}

// After returns the first day of the period after the one that begins on a day; 0 when there is none.
func (s Subscription) After(start date.Day) date.Day {
	next := s.Last(start) + 1
	if !s.has(next) {
		return 0
	}
	return next
}

// has says whether a period begins on a day, before the end.
func (s Subscription) has(start date.Day) bool {
	k := int(start.Month()-s.First.Month()) / max(1, s.Months)
	return start >= s.First && k < maxPeriods && s.Start(k) == start && (s.End == 0 || start <= s.End) && (s.Times == 0 || k < s.Times)
}

// Has says whether a period of the subscription begins on a day.
func (s Subscription) Has(start date.Day) bool { return s.Months > 0 && s.has(start) }

// Ready returns the day from which the draft of the period that begins on a day is made.
func (s Subscription) Ready(start date.Day) date.Day {
	if s.Arrears {
		start = s.Last(start) + 1
	}
	return start - date.Day(s.Before)
}

// Reached returns the first days of the periods from Next on whose drafts are due on a day, in order.
func (s Subscription) Reached(today date.Day) []date.Day {
	var all []date.Day
	if s.State != SubscriptionRunning || s.Next == 0 || !s.Has(s.Next) {
		return nil
	}
	for start := s.Next; start != 0 && s.Ready(start) <= today; start = s.After(start) {
		all = append(all, start)
	}
	return all
}

// Missed returns the first days of the periods before Next that are not in done: they were never invoiced nor left out.
func (s Subscription) Missed(done []date.Day) []date.Day {
	var all []date.Day
	for start := s.First; start != 0 && start < s.Next; start = s.After(start) {
		if !slices.Contains(done, start) {
			all = append(all, start)
		}
	}
	return all
}

// Placed returns the subscription with Next on the first period that today's draft can be for: earlier ones, of a model made
// late or taken up after a pause, are proposed and not made by themselves.
func (s Subscription) Placed(today date.Day) Subscription {
	start := s.Next
	if start == 0 {
		start = s.First
	}
	for s.Has(start) {
		next := s.After(start)
		if next == 0 || s.Ready(next) > today {
			break
		}
		start = next
	}
	s.Next = start
	return s
}

// Priced returns the lines as they cost in the period that begins on a day.
func (s Subscription) Priced(start date.Day) []Line {
	lines := slices.Clone(s.Content.Lines)
	for _, c := range s.Prices {
		if c.From > start {
			continue
		}
		for i := range lines {
			switch c.Line {
			case 0:
				lines[i].Price = raised(lines[i].Price, c.Percent)
			case i + 1:
				lines[i].Price = c.Price
			}
		}
	}
	return lines
}

// raised rounds to the cent: a price that went up is one that people read.
func raised(p money.Micro, by money.Rate) money.Micro {
	cent := money.Cents(1).Micro()
	return money.Micro(money.MulDiv(int64(p), int64(money.One+by), int64(money.One)*int64(cent))) * cent
}

// Draft returns the content of the invoice of the period that begins on a day, its placeholders filled, the period on it,
// the means agreed, and the change of price that comes next.
func (s Subscription) Draft(start date.Day, p i18n.Printer) Content {
	c := s.Content
	last := s.Last(start)
	c.Lines = s.Priced(start)
	for i := range c.Lines {
		c.Lines[i].Label = Fill(c.Lines[i].Label, start, last, p)
	}
	c.Title, c.Note = Fill(c.Title, start, last, p), Fill(c.Note, start, last, p)
	c.DeliveredFrom, c.Delivered = start, last
	notes := compact([]string{c.Note, s.agreed(p)})
	for _, change := range s.Prices {
		if change.From > start {
			notes = append(notes, s.announced(change, p))
			break
		}
	}
	c.Note = strings.Join(notes, "\n")
	return c
}

func (s Subscription) agreed(p i18n.Printer) string {
	if s.Means == "" {
		return ""
	}
	return p.T("sale.subscription.means", "means", i18n.Said{Key: "payments.means." + string(s.Means)})
}

// announced tells the customer what changes, and when.
func (s Subscription) announced(c PriceChange, p i18n.Printer) string {
	after := s.Priced(c.From)
	var prices []string
	before := s.Priced(c.From - 1)
	for i := range after {
		if after[i].Price != before[i].Price {
			prices = append(prices, s.Content.UnitPrice(after[i].Price, p))
		}
	}
	mode := "paper.net_short"
	if s.Content.Gross {
		mode = "paper.gross_short"
	}
	return p.T("sale.subscription.announced", "from", c.From, "price", strings.Join(prices, ", ")+" "+p.T(mode))
}

// Fill puts month and period where a text asks for them: {mois} and {période} in French, {month} and {period} in English,
// both in every language.
func Fill(text string, from, last date.Day, p i18n.Printer) string {
	if !strings.ContainsRune(text, '{') {
		return text
	}
	month, period := p.Month(from.Month()), p.T("paper.period", "from", from, "to", last)
	return placed.ReplaceAllStringFunc(text, func(name string) string {
		if placed.FindStringSubmatch(name)[1] != "" {
			return month
		}
		return period
	})
}

// placed are the names that [Fill] knows, whatever their case: people write « {Mois} » at the head of a label.
var placed = regexp.MustCompile(`(?i)\{(?:(mois|month)|période|periode|period)\}`)

// Shown returns the first day of the period that its texts are read for where no invoice is meant: the next one, and of
// what has ended the last one.
func (s Subscription) Shown() date.Day {
	if s.Months < 1 || s.First == 0 {
		return s.First
	}
	start := max(s.Next, s.First)
	if s.has(start) {
		return start
	}
	last := s.First
	for next := s.After(last); next != 0 && next < start; next = s.After(next) {
		last = next
	}
	return last
}

// Reads returns a text of the model as the invoice of its next period says it.
func (s Subscription) Reads(text string, p i18n.Printer) string {
	start := s.Shown()
	if start == 0 || s.Months < 1 || s.Day < 1 {
		return text
	}
	return Fill(text, start, s.Last(start), p)
}

// CheckSubscription tells what a model cannot be kept with, each with its field. What keeps one of its invoices from
// leaving is told when that invoice is sent.
func CheckSubscription(s Subscription, f Facts) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if s.Customer == 0 {
		bad("customer", "sale.fault.customer_missing")
	}
	if !slices.Contains(Periods(), s.Months) {
		bad("months", "sale.fault.subscription_months")
	}
	if s.Day < 1 || s.Day > 31 {
		bad("day", "sale.fault.subscription_day")
	}
	switch {
	case s.First == 0:
		bad("first", "sale.fault.subscription_first")
	case s.First < f.Today-3653 || s.First > f.Today+3653:
		bad("first", "sale.fault.day_absurd")
	case s.Months > 0 && s.Day >= 1 && s.Start(0) != s.First:
		bad("day", "sale.fault.subscription_day_first", "first", s.First)
	case s.End != 0 && s.End < s.First:
		bad("end", "sale.fault.subscription_end", "first", s.First)
	}
	if s.Times < 0 || s.Times > maxTimes {
		bad("times", "sale.fault.subscription_times", "max", maxTimes)
	}
	if s.Before < 0 || s.Before > maxBefore {
		bad("before", "sale.fault.subscription_before", "max", maxBefore)
	}
	if s.Means != "" && !slices.Contains([]Means{Transfer, Cheque, Card, Debit, Cash}, s.Means) {
		bad("means", "sale.fault.subscription_means")
	}
	if len(s.Content.Lines) == 0 {
		bad("lines", "sale.fault.no_line")
	}
	for i, l := range s.Content.Lines {
		if strings.TrimSpace(l.Label) == "" {
			errs = append(errs, lineFault(i, "label", "sale.fault.label_missing"))
		}
		if l.Price == 0 {
			errs = append(errs, lineFault(i, "price", "sale.fault.subscription_price"))
		}
		if l.Nature == "" {
			errs = append(errs, lineFault(i, "nature", "sale.fault.nature_unknown"))
		}
		if l.Tax == "" {
			errs = append(errs, lineFault(i, "tax", "sale.fault.tax_unknown"))
		}
	}
	if len(s.Prices) > maxPrices {
		bad("prices", "sale.fault.lines_many", "max", maxPrices)
	}
	for i, c := range s.Prices {
		errs = append(errs, fault.Prefix(fmt.Sprintf("prices[%d]", i), s.checkPrice(c)))
	}
	d := Document{Kind: Invoice, Activity: s.Activity, Customer: s.Customer, Content: s.Content}
	errs = append(errs, CheckDraft(d, f))
	if errors.Join(errs...) == nil { // otherwise none of its invoices could ever leave
		switch t, err := Amounts(d, f); {
		case err != nil:
		case t.Gross < 0:
			bad("lines", "sale.fault.total_negative", "total", t.Gross)
		case t.Gross == 0:
			bad("lines", "sale.fault.total_nil")
		}
	}
	return errors.Join(errs...)
}

func (s Subscription) checkPrice(c PriceChange) error {
	switch {
	case c.From <= s.First:
		return fault.At("from", "sale.fault.price_from", "first", s.First)
	case c.Line == 0 && (c.Percent == 0 || c.Percent < maxPriceCut || c.Percent > maxPriceUp):
		return fault.At("percent", "sale.fault.price_percent")
	case c.Line != 0 && (c.Line < 0 || c.Line > len(s.Content.Lines)):
		return fault.At("line", "sale.fault.price_line")
	case c.Line != 0 && (c.Price <= 0 || c.Price > money.MaxMicro):
		return fault.At("price", "sale.fault.subscription_price")
	}
	return nil
}
