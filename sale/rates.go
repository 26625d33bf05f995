package sale

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// RateDays bounds what one file of rates brings: the latest days of it.
const RateDays = 100

// DayRate is what a currency was worth on a day: its units for one euro.
type DayRate struct {
	Currency string
	Day      date.Day
	Rate     money.Micro
}

// Compare orders rates by currency, then by day.
func (r DayRate) Compare(o DayRate) int {
	return cmp.Or(cmp.Compare(r.Currency, o.Currency), cmp.Compare(r.Day, o.Day))
}

// RateSource names the file that [ReadRates] reads.
const RateSource = "BCE"

// Check tells what is wrong with a rate that someone keeps.
func (r DayRate) Check(source string, today date.Day) []error {
	var errs []error
	if !slices.Contains(currencies, r.Currency) {
		errs = append(errs, fault.At("currency", "sale.fault.currency", "currency", r.Currency))
	}
	if r.Rate <= 0 || r.Rate > maxExchange {
		errs = append(errs, fault.At("rate", "sale.fault.exchange_range"))
	}
	switch {
	case r.Day == 0:
		errs = append(errs, fault.At("day", "sale.fault.exchange_day"))
	case r.Day > today:
		errs = append(errs, fault.At("day", "sale.fault.exchange_ahead", "on", r.Day))
	case r.Day < today-7305:
		errs = append(errs, fault.At("day", "sale.fault.day_absurd"))
	}
	if strings.TrimSpace(source) == "" {
		errs = append(errs, fault.At("source", "sale.fault.exchange_source"))
	}
	return slices.Concat(errs, checkText("source", source, maxRef), checkWritten("source", source))
}

const maxExchange = 1_000_000 * money.Unit

// ReadRates reads the reference rates of the European Central Bank as it publishes them (eurofxref.csv, of one day, and
// eurofxref-hist.csv, of all): a row of codes after "Date", then a row a day. Currencies that no document may be written
// in, and days without a rate ("N/A"), are left out. Whatever else cannot be read refuses the whole file: nothing is guessed.
func ReadRates(rows [][]string, today date.Day) (list []DayRate, err error) {
	if len(rows) < 2 || len(rows[0]) < 2 || !strings.EqualFold(strings.TrimSpace(rows[0][0]), "date") {
		return nil, fault.At("file", "sale.fault.rates_head")
	}
	at := map[int]string{}
	for i, cell := range rows[0][1:] {
		code := strings.TrimSpace(cell)
		if !slices.Contains(currencies, code) {
			continue
		}
		for _, other := range at {
			if other == code {
				return nil, fault.At("file", "sale.fault.rates_twice", "currency", code)
			}
		}
		at[i+1] = code
	}
	if len(at) == 0 {
		return nil, fault.At("file", "sale.fault.rates_head")
	}
	seen := map[date.Day]bool{}
	for n, row := range rows[1:] {
		if n >= RateDays {
			break
		}
		day, ok := rateDay(row[0])
		switch {
		case !ok || seen[day]:
			return nil, fault.At("file", "sale.fault.rates_day", "row", n+2, "day", row[0])
		case day > today:
			return nil, fault.At("file", "sale.fault.exchange_ahead", "on", day)
		}
		seen[day] = true
		for i := 1; i < len(row); i++ {
			code, cell := at[i], strings.TrimSpace(row[i])
			if code == "" || cell == "" || cell == "N/A" {
				continue
			}
			rate, err := money.ParseMicro(cell)
			if err != nil || rate <= 0 || rate > maxExchange {
				return nil, fault.At("file", "sale.fault.rates_value", "row", n+2, "currency", code, "value", cell)
			}
			list = append(list, DayRate{code, day, rate})
		}
	}
	if len(list) == 0 {
		return nil, fault.At("file", "sale.fault.rates_head")
	}
	return list, nil
}

// rateDay reads « 2026-11-20 » and "20 November 2026".
func rateDay(text string) (date.Day, bool) {
	text = strings.TrimSpace(text)
	if d, err := date.Parse(text); err == nil {
		return d, true
	}
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return 0, false
	}
	months := []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	month := slices.Index(months, strings.ToLower(parts[1])) + 1
	day, err := strconv.Atoi(parts[0])
	if month == 0 || err != nil || day < 1 || day > 31 || len(parts[2]) != 4 {
		return 0, false
	}
	two := func(n int) string { return strconv.Itoa(100 + n)[1:] }
	d, err := date.Parse(parts[2] + "-" + two(month) + "-" + two(day))
	return d, err == nil
}

// Fresh says whether a rate kept is of a later day than that of a document which is still written.
func (c Content) Fresh(r DayRate) bool {
	return c.Currency == r.Currency && (c.Exchange == 0 || r.Day > c.ExchangeOn)
}

// At is the content at a rate.
func (c Content) At(r DayRate, source string) Content {
	c.Exchange, c.ExchangeOn, c.ExchangeSource = r.Rate, r.Day, source
	return c
}
