package store

import (
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/money"
)

// where builds the conditions of a filter after a first `coop_id = $1`. A question mark stands for the next argument.
type where struct {
	conds []string
	args  []any
}

func (w *where) add(cond string, args ...any) {
	w.conds = append(w.conds, w.number(cond, args))
}

// number gives each question mark of a text its $N.
func (w *where) number(text string, args []any) string {
	var b []byte
	for i := range len(text) {
		if text[i] != '?' {
			b = append(b, text[i])
			continue
		}
		w.args = append(w.args, args[0])
		args = args[1:]
		b = append(b, '$')
		b = strconv.AppendInt(b, int64(len(w.args)), 10)
	}
	return string(b)
}

// in keeps rows whose column is one of the values; none when there are none. The list is filled up to a power of two
// with its last value, so that few shapes of the text are prepared.
func (w *where) in(column string, values []int64) {
	if len(values) == 0 {
		w.add("1 = 0")
		return
	}
	n := 1
	for n < len(values) {
		n *= 2
	}
	text := make([]byte, 0, len(column)+8+2*n)
	text = append(append(text, column...), " IN ("...)
	args := make([]any, n)
	for i := range n {
		args[i] = values[min(i, len(values)-1)]
		text = append(text, "?,"...)
	}
	text[len(text)-1] = ')'
	w.add(string(text), args...)
}

// among is in, between the least and the greatest of the values: PostgreSQL, which knows nothing of a table that has just
// grown, would compare each of its rows with each value.
func (w *where) among(column string, values []int64) {
	if len(values) > 1 {
		w.add(column+" >= ? AND "+column+" <= ?", slices.Min(values), slices.Max(values))
	}
	w.in(column, values)
}

func (w *where) inTexts(column string, values []string) {
	var text strings.Builder
	text.WriteString(column + " IN (")
	args := make([]any, len(values))
	for i, v := range slices.Sorted(slices.Values(values)) {
		if i > 0 {
			text.WriteString(",")
		}
		text.WriteString("?")
		args[i] = v
	}
	w.add(text.String()+")", args...)
}

// within keeps rows whose day is in one of the years; none when there are none.
func (w *where) within(column string, years []date.FiscalYear) {
	conds, args := []string{"1 = 0"}, []any{}
	for _, y := range years {
		conds = append(conds, column+" >= ? AND "+column+" <= ?")
		args = append(args, y.Start.String(), y.End.String())
	}
	w.add("("+strings.Join(conds, " OR ")+")", args...)
}

// search keeps rows whose search column holds q, or, when q is an amount, the token that stands for it. The casts keep
// SQLite from planning the statement anew for each value.
func (w *where) search(q string, token func(money.Cents) string) {
	if amount, ok := amountIn(q); ok && token != nil {
		w.add(`(search LIKE CAST(? AS TEXT) ESCAPE '\' OR search LIKE CAST(? AS TEXT) ESCAPE '\')`, holding(q), "%"+token(amount)+"%")
		return
	}
	w.add(`search LIKE CAST(? AS TEXT) ESCAPE '\'`, holding(q))
}

// text joins a head that ends with `coop_id = $1`, the conditions and a tail.
func (w *where) text(head, tail string, args ...any) string {
	for _, c := range w.conds {
		head += " AND " + c
	}
	return head + w.number(tail, args)
}

// atMost bounds a page: 50 rows when nothing is asked, 10 000 at most.
func atMost(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 10_000)
}
