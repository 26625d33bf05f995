package store

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/sale"
)

// verifiedSeries is what bears the numbers of a series.
type verifiedSeries struct {
	count int64
	day   date.Day             // latest, of documents
	seen  []bool               // which numbers there are, of documents
	like  string               // one of them, to name one that is missing
	name  func(n int64) string // writes a number, where a rule of the cooperative says how
}

func (v *verifier) seriesOf(name string) *verifiedSeries {
	if v.series[name] == nil {
		v.series[name] = &verifiedSeries{}
	}
	return v.series[name]
}

// numbers compares the series with what bears their numbers: every number from the first to the last, and no other. A
// series of invoices or credit notes also remembers the day of its last.
func (v *verifier) numbers(tx *Tx) error {
	read, err := v.numberReader()
	if err != nil {
		return err
	}
	if err := tx.rows(`SELECT kind, number, day, activity_id FROM sale WHERE coop_id = $1 AND number <> '' ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var kind, number string
		var day date.Day
		var activity int64
		if err := scan(&kind, &number, &day, &activity); err != nil {
			return err
		}
		name, n, rule, ok := read(kind, number, activity)
		if !ok {
			return nil // told by its entry or its digest
		}
		s := v.seriesOf(name)
		s.count++
		if s.day = max(s.day, day); s.name == nil {
			s.name = func(n int64) string { return rule.Number(n, day, v.set.Sections[activity].Code) }
		}
		if n > 0 && n < 1<<24 {
			s.seen = append(s.seen, make([]bool, max(0, int(n)-len(s.seen)))...)
			s.seen[n-1] = true
		}
		return nil
	}); err != nil {
		return err
	}
	if err := v.internalNumbers(tx); err != nil {
		return err
	}
	kept := map[string]bool{}
	if err := v.recordNumbers(tx); err != nil {
		return err
	}
	if err := tx.rows(`SELECT name, last, day FROM series WHERE coop_id = $1 ORDER BY name`, []any{tx.coop}, func(scan func(...any) error) error {
		var name string
		var last int64
		var day date.Day
		if err := scan(&name, &last, &day); err != nil {
			return err
		}
		kept[name] = true
		s := v.seriesOf(name)
		if s.count != last {
			if err := v.tell("verify.series", "series", name, "last", last, "count", s.count); err != nil {
				return err
			}
		}
		// A quote that is validated again bears a later day than its number.
		if s.seen != nil && (day > s.day || day < s.day && !strings.HasPrefix(name, string(sale.Quote))) {
			return v.tell("verify.series_day", "series", name, "day", day, "last", s.day)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(v.series)) {
		s := v.series[name]
		if !kept[name] && s.count > 0 {
			if err := v.tell("verify.series_missing", "series", name, "count", s.count); err != nil {
				return err
			}
		}
		for i, there := range s.seen[:min(len(s.seen), int(s.count))] {
			if !there {
				missing := fmt.Sprintf("%s%04d", s.like[:strings.LastIndexByte(s.like, '-')+1], i+1)
				if s.name != nil {
					missing = s.name(int64(i + 1))
				}
				if err := v.tell("verify.document_missing", "number", missing); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// numberReader returns what tells the series and the count of a document from its number, whichever template of the
// cooperative wrote it.
func (v *verifier) numberReader() (func(kind, number string, activity int64) (series string, n int64, rule coop.Series, ok bool), error) {
	all, err := coop.AllNumberings(v.set.Rules)
	if err != nil {
		return nil, err
	}
	type reader struct {
		rule coop.Series
		read func(string) (int64, string, bool)
	}
	readers := map[string][]reader{}
	for _, numbering := range all {
		for kind, s := range numbering.Each() {
			readers[kind] = append(readers[kind], reader{*s, s.Reader()})
		}
	}
	return func(kind, number string, activity int64) (string, int64, coop.Series, bool) {
		kinds := []string{kind}
		if kind == string(sale.Invoice) { // no number of the one can be of the other
			kinds = append(kinds, coop.SeriesPenalty)
		}
		for _, kind := range kinds {
			for _, r := range readers[kind] {
				if n, period, ok := r.read(number); ok {
					series := kind
					if r.rule.ByActivity() {
						series += "@" + strconv.FormatInt(activity, 10)
					}
					return series + "/" + period, n, r.rule, true
				}
			}
		}
		return "", 0, coop.Series{}, false
	}, nil
}
