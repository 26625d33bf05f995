package office

import (
	"strconv"

	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/sale"
)

// number takes the next number of a kind of document, as the cooperative's rule of the day writes it: unique,
// chronological, each series without a hole. F-2026-0123 until a cooperative decides otherwise.
func number(tx *store.Tx, d sale.Document, f sale.Facts) (string, error) {
	k, name := d.Kind, string(d.Kind)
	if k == sale.Invoice && d.Content.Stage == sale.Penalty {
		name = coop.SeriesPenalty
	}
	s := *f.Rules.Numbering.Each()[name]
	n, err := tx.NextNumber(seriesOf(name, s, f), f.Today)
	if err != nil {
		return "", err
	}
	no := s.Number(n, f.Today, f.Activity.Code)
	if s == *usual[name] && name != coop.SeriesPenalty { // nothing but this rule ever wrote such a number
		return no, nil
	}
	switch taken, err := tx.NumberTaken(k, no); {
	case err != nil:
		return "", err
	case taken: // an import, or a series begun elsewhere
		return "", fault.New(fault.Conflict, "office.number_taken", "number", no)
	}
	return no, nil
}

var usual = func() map[string]*coop.Series { n := coop.Default().Numbering; return n.Each() }()

// seriesOf names the count that a document takes its number from: of its series, of its activity where each has its own,
// and of the period of the day.
func seriesOf(name string, s coop.Series, f sale.Facts) string {
	if s.ByActivity() {
		name += "@" + strconv.FormatInt(f.Activity.ID, 10)
	}
	return name + "/" + s.Period(f.Today)
}
