package joint

import (
	"strconv"
	"strings"

	"essaim/activity"
	"essaim/date"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// The accounts of what activities do for each other: sub-accounts of the PCG's couple, apart from the contribution's.
const (
	Bought = activity.InternalBought
	Sold   = activity.InternalSold
)

// french speaks the language of the books (Code de commerce L123-22).
var french = i18n.For("fr")

// Move is money that passes from one activity to another, in words for both.
type Move struct {
	From, To         int64
	FromName, ToName string
	Amount           money.Cents // negative: it goes back
	Axis             int64
	What             string
}

// Entry returns the entry of moves: for each of them 1862 in the section that pays, 1872 in the one that is paid, and the two
// lines on 181 that make both balance, each with the words of its reader.
func Entry(day date.Day, ref, document, label string, moves []Move) ledger.Entry {
	e := ledger.Entry{Journal: ledger.JournalInternal, Date: day, DocDate: day, Ref: ref, Document: document, Label: short(label)}
	for _, m := range moves {
		if m.Amount == 0 {
			continue
		}
		bought := short(french.T("joint.entry.bought", "activity", m.ToName, "what", m.What))
		sold := short(french.T("joint.entry.sold", "activity", m.FromName, "what", m.What))
		e.Lines = append(e.Lines,
			ledger.Line{Account: Bought, Section: m.From, Axis: m.Axis, Amount: m.Amount, Label: bought},
			ledger.Line{Account: Sold, Section: m.To, Axis: m.Axis, Amount: -m.Amount, Label: sold},
			ledger.Line{Account: ledger.Liaison, Section: m.From, Amount: -m.Amount, Label: bought, Added: true},
			ledger.Line{Account: ledger.Liaison, Section: m.To, Amount: m.Amount, Label: sold, Added: true},
		)
	}
	return e
}

// Document names an internal invoice on the lines of entries, DealDocument a deal.
func Document(id int64) string     { return "internal:" + strconv.FormatInt(id, 10) }
func DealDocument(id int64) string { return "deal:" + strconv.FormatInt(id, 10) }

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return s
}
