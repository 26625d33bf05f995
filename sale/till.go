package sale

import (
	"errors"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// TillKind says what moved in a till.
type TillKind string

// What moves in a till beside sales and payments.
const (
	TillFloat  TillKind = "float"  // opening float, drawn from the bank
	TillOwn    TillKind = "own"    // put in by the person, out of their pocket
	TillBack   TillKind = "back"   // taken back by the person, of what they had put in
	TillBanked TillKind = "banked" // paid in at the bank
	TillCount  TillKind = "count"  // counted: the difference is booked

	// TillArrived clears what is between the till and the bank: the bank shows it. The team's.
	TillArrived TillKind = "arrived"
)

// TillKinds returns them in the order forms show them.
func TillKinds() []TillKind { return []TillKind{TillCount, TillBanked, TillFloat, TillOwn, TillBack} }

// TillMove is one of them.
type TillMove struct {
	Kind     TillKind    `json:"kind"`
	Amount   money.Cents `json:"amount,omitempty"`  // moved, as typed: positive
	Counted  money.Cents `json:"counted,omitempty"` // a count
	Expected money.Cents `json:"expected,omitempty"`
	Word     string      `json:"word,omitempty"`
}

// TillFacts is what a move is checked against.
type TillFacts struct {
	RegisterFacts
	Balance money.Cents // of the till at the end of the day of the move
	Put     money.Cents // what the person has put in of their own and not taken back
	Transit money.Cents // between the till and the bank
	Team    bool        // told by the team: a count far from the books is then taken
}

// farCount bounds the difference that a person books alone: beyond, something was forgotten, or the team looks first.
const farCount = 50_00

// Check tells what is wrong with a move, and completes it.
func (m TillMove) Check(day date.Day, f TillFacts) (TillMove, error) {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if err := checkDay(day, f.Today); err != nil {
		errs = append(errs, err)
	}
	if err := checkWord("word", m.Word); err != nil {
		errs = append(errs, err)
	}
	switch m.Kind {
	case TillCount:
		m.Amount, m.Expected = 0, f.Balance
		diff := m.Counted - m.Expected
		switch {
		case m.Counted < 0:
			bad("counted", "till.fault.counted_negative")
		case m.Counted > money.Max:
			bad("counted", "sale.fault.amount_large", "max", money.Max)
		case diff != 0 && m.Word == "":
			key := "till.fault.count_word_less"
			if diff > 0 {
				key = "till.fault.count_word_more"
			}
			bad("word", key, "expected", m.Expected, "gap", diff.Abs())
		case diff.Abs() > farCount && !f.Team:
			bad("counted", "till.fault.count_far", "expected", m.Expected, "gap", diff.Abs(), "max", money.Cents(farCount))
		}
	case TillFloat, TillOwn, TillBack, TillBanked:
		m.Counted, m.Expected = 0, 0
		switch {
		case m.Amount < 0:
			bad("amount", "till.fault.move_negative")
		case m.Amount == 0:
			bad("amount", "till.fault.move_nil")
		case m.Amount > money.Max:
			bad("amount", "sale.fault.amount_large", "max", money.Max)
		case m.Kind == TillBack && m.Amount > f.Put:
			bad("amount", "till.fault.back_more", "put", f.Put)
		}
	case TillArrived: // all of it, whichever way it goes
		m.Counted, m.Expected = 0, 0
		if m.Amount == 0 || m.Amount != f.Transit {
			bad("amount", "till.fault.arrived", "transit", f.Transit)
		}
	default:
		bad("kind", "till.fault.kind")
	}
	return m, errors.Join(errs...)
}

// Moved is what the move adds to the till, negative when it takes.
func (m TillMove) Moved() money.Cents {
	switch m.Kind {
	case TillCount:
		return m.Counted - m.Expected
	case TillFloat, TillOwn:
		return m.Amount
	case TillBack, TillBanked:
		return -m.Amount
	case TillArrived:
	}
	return 0
}

// lines: a float or a deposit goes through 580 until the bank shows it; a difference is 658 or 758.
func (m TillMove) lines(section ledger.Section) []ledger.Line {
	if m.Kind == TillArrived {
		return []ledger.Line{{Account: ledger.Bank, Section: section, Amount: m.Amount}, {Account: Transit, Section: section, Amount: -m.Amount}}
	}
	moved := m.Moved()
	if moved == 0 {
		return nil
	}
	other := Transit
	switch m.Kind {
	case TillOwn, TillBack:
		other = Pockets
	case TillCount:
		if other = "758"; moved < 0 {
			other = "658"
		}
	case TillFloat, TillBanked, TillArrived:
	}
	return []ledger.Line{{Account: Till, Section: section, Amount: moved}, {Account: other, Section: section, Amount: -moved}}
}

// TillDay is what a till holds at the end of a day on which it moved.
type TillDay struct {
	Day     date.Day
	Moved   money.Cents
	Balance money.Cents
}

// CheckTill refuses a till that would hold less than nothing on some day: before is what it holds before the first day.
func CheckTill(before money.Cents, days []TillDay) error {
	balance := before
	for _, d := range days {
		if balance += d.Moved; balance < 0 {
			return fault.New(fault.Invalid, "till.fault.below", "on", d.Day, "lacking", -balance)
		}
	}
	return nil
}
