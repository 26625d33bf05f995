package payroll

import (
	"encoding/json"
	"fmt"

	"essaim/date"
	"essaim/money"
)

// said is an argument of a note as it is kept: words choose how they write an amount, a rate or a day by its type, which
// plain JSON would lose.
type said struct {
	Cents *money.Cents `json:"cents,omitempty"`
	Rate  *money.Rate  `json:"rate,omitempty"`
	Day   string       `json:"day,omitempty"`
	Month string       `json:"month,omitempty"`
}

type noteData struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

// MarshalJSON keeps the types of the arguments.
func (n Note) MarshalJSON() ([]byte, error) {
	d := noteData{Key: n.Key}
	for _, a := range n.Args {
		switch v := a.(type) {
		case money.Cents:
			a = said{Cents: &v}
		case money.Rate:
			a = said{Rate: &v}
		case date.Day:
			a = said{Day: v.String()}
		case date.Month:
			a = said{Month: v.String()}
		case int, int64, string, bool:
		default:
			a = fmt.Sprint(v)
		}
		d.Args = append(d.Args, a)
	}
	return json.Marshal(d)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Note) UnmarshalJSON(b []byte) error {
	var d struct {
		Key  string            `json:"key"`
		Args []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return err
	}
	*n = Note{Key: d.Key}
	for _, raw := range d.Args {
		a, err := saidIn(raw)
		if err != nil {
			return err
		}
		n.Args = append(n.Args, a)
	}
	return nil
}

func saidIn(raw json.RawMessage) (any, error) {
	if len(raw) > 0 && raw[0] == '{' {
		var s said
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		switch {
		case s.Cents != nil:
			return *s.Cents, nil
		case s.Rate != nil:
			return *s.Rate, nil
		case s.Day != "":
			return date.Parse(s.Day)
		case s.Month != "":
			return date.ParseMonth(s.Month)
		}
		return nil, nil
	}
	var n int64
	if json.Unmarshal(raw, &n) == nil {
		return n, nil
	}
	var v any
	err := json.Unmarshal(raw, &v)
	return v, err
}
