package payroll_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"essaim/date"
	"essaim/money"
	"essaim/payroll"
)

// A note is read back with arguments of the types it was written with: an amount stays an amount.
func TestANoteKeepsItsTypes(t *testing.T) {
	m := date.MonthOf(2026, 11)
	n := payroll.Note{Key: "payroll.note.negative", Args: []any{"amount", money.Cents(12_34), "rate", money.Rate(15_000), "day", m.Last(), "month", m, "n", int64(3), "what", "csg"}}
	b, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	var back payroll.Note
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(n, back) {
		t.Errorf("%#v became %#v by %s", n, back, b)
	}
}

// What figures stand on is named by its content.
func TestTheLawHasAHash(t *testing.T) {
	if h := payroll.LawHash(); len(h) != 64 || h == payroll.HashOf("data/parameters.json") {
		t.Errorf("%q", h)
	}
}
