package i18n

import (
	"strconv"
	"strings"
	"time"

	"essaim/date"
)

var months = map[string][12]string{
	"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var short = map[string][12]string{
	"fr": {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"},
}

var weekdays = map[string][7]string{
	"fr": {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// Day writes « 22 nov. 2026 »; no day is an empty text.
func (p Printer) Day(d date.Day) string {
	if d == 0 {
		return ""
	}
	y, _, _ := d.Date()
	return p.ShortDay(d) + nbsp + strconv.Itoa(y)
}

// ShortDay writes « 22 nov. ».
func (p Printer) ShortDay(d date.Day) string {
	if d == 0 {
		return ""
	}
	_, m, dd := d.Date()
	return p.nth(dd) + nbsp + short[p.Lang()][m-1]
}

func (p Printer) nth(day int) string {
	if day == 1 && p.Lang() == "fr" {
		return "1er"
	}
	return strconv.Itoa(day)
}

// LongDay writes « dimanche 22 novembre ».
func (p Printer) LongDay(d date.Day) string {
	_, m, dd := d.Date()
	return weekdays[p.Lang()][d.Weekday()] + " " + p.nth(dd) + " " + months[p.Lang()][m-1]
}

// Month writes « novembre 2026 ».
func (p Printer) Month(m date.Month) string {
	return months[p.Lang()][m.Number()-1] + " " + strconv.Itoa(m.Year())
}

// MonthName writes « novembre »; ShortMonth « nov. ».
func (p Printer) MonthName(m date.Month) string  { return months[p.Lang()][m.Number()-1] }
func (p Printer) ShortMonth(m date.Month) string { return short[p.Lang()][m.Number()-1] }

// Instant writes « 22 nov. 2026 à 14 h 05 » in the location of t.
func (p Printer) Instant(t time.Time) string {
	d := p.Day(date.FromTime(t))
	if p.Lang() == "en" {
		return d + ", " + t.Format("15:04")
	}
	return d + " à " + p.Clock(t)
}

// Clock writes « 14 h 05 ».
func (p Printer) Clock(t time.Time) string {
	if p.Lang() == "en" {
		return t.Format("15:04")
	}
	return strconv.Itoa(t.Hour()) + nbsp + "h" + nbsp + t.Format("04")
}

// ParseDay reads a day as people type it: "22/11/2026", "22/11", "22.11.26", "22 nov. 2026", "2026-11-22". A day
// without its year is the one nearest to today within the past eleven months or the next month.
func ParseDay(s string, today date.Day) (date.Day, error) {
	if len(s) > 40 {
		return 0, date.ErrSyntax
	}
	s = strings.ToLower(strings.TrimSpace(strings.NewReplacer(nbsp, " ", narrow, " ").Replace(s)))
	if d, err := date.Parse(s); err == nil {
		return d, nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == ' ' })
	if len(parts) < 2 || len(parts) > 3 {
		return 0, date.ErrSyntax
	}
	day, ok := number(strings.TrimSuffix(parts[0], "er"))
	if !ok {
		return 0, date.ErrSyntax
	}
	month, ok := parseMonth(parts[1])
	if !ok {
		return 0, date.ErrSyntax
	}
	y, m, _ := today.Date()
	if len(parts) == 3 {
		if y, ok = number(parts[2]); !ok {
			return 0, date.ErrSyntax
		}
		switch len(parts[2]) {
		case 2:
			y += 2000
		case 4:
		default:
			return 0, date.ErrSyntax
		}
	} else if month > m+1 {
		y--
	} else if m == 12 && month == 1 {
		y++
	}
	return date.Check(y, month, day)
}

// number reads digits and nothing else.
func number(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil
}

// plain drops the accents of the months, which a hurried thumb leaves out.
var plain = strings.NewReplacer("é", "e", "û", "u")

func parseMonth(s string) (int, bool) {
	if n, ok := number(s); ok {
		return n, n >= 1 && n <= 12
	}
	s, found := plain.Replace(s), 0
	for _, lang := range []string{"fr", "en"} {
		for i, name := range months[lang] {
			name = plain.Replace(strings.ToLower(name))
			if len(s) >= 3 && (strings.HasPrefix(name, s) || plain.Replace(strings.ToLower(short[lang][i])) == s+".") {
				if found != 0 && found != i+1 {
					return 0, false // "jui" is June or July
				}
				found = i + 1
			}
		}
	}
	return found, found != 0
}
