package fault

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

func TestWhatAnErrorSays(t *testing.T) {
	e := At("lines[2].rate", "sale.rate_unknown", "rate", 7)
	if e.Kind != Invalid || e.Error() != "invalid lines[2].rate: sale.rate_unknown" {
		t.Errorf("%v", e)
	}
	caused := New(Busy, "store.full").Wrap(io.ErrShortWrite)
	if caused.Error() != "busy: store.full: short write" || !errors.Is(caused, io.ErrShortWrite) {
		t.Errorf("%v", caused)
	}
}

// A refusal kept in a variable is not changed by giving a cause to one occurrence of it.
func TestWrapLeavesTheOriginalAlone(t *testing.T) {
	one := New(NotFound, "sale.not_found", "number", 12)
	two := one.Wrap(io.EOF)
	if one.Err != nil || two.Err == nil || two.Key != one.Key || len(two.Args) != 2 {
		t.Errorf("%+v, %+v", one, two)
	}
}

func TestAllFindsEveryRefusalInOrder(t *testing.T) {
	a, b, c := At("a", "x.a"), At("b", "x.b"), New(Closed, "x.c")
	for name, want := range map[string]struct {
		err  error
		keys []string
	}{
		"none":                        {nil, nil},
		"a foreign error":             {io.EOF, nil},
		"one":                         {a, []string{"x.a"}},
		"one wrapped":                 {fmt.Errorf("issuing: %w", a), []string{"x.a"}},
		"joined":                      {errors.Join(a, b), []string{"x.a", "x.b"}},
		"joined with foreign ones":    {errors.Join(io.EOF, a, io.EOF, b), []string{"x.a", "x.b"}},
		"joined, then wrapped":        {fmt.Errorf("issuing: %w", errors.Join(a, b)), []string{"x.a", "x.b"}},
		"joined in joined":            {errors.Join(errors.Join(a, fmt.Errorf("deep: %w", b)), c), []string{"x.a", "x.b", "x.c"}},
		"several wrapped at once":     {fmt.Errorf("%w and %w", b, a), []string{"x.b", "x.a"}},
		"one that has a cause itself": {a.Wrap(b), []string{"x.a"}},
	} {
		var keys []string
		for _, e := range All(want.err) {
			keys = append(keys, e.Key)
		}
		if !slices.Equal(keys, want.keys) {
			t.Errorf("%s: %v, want %v", name, keys, want.keys)
		}
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{nil, ""}, {io.EOF, Internal}, {New(Conflict, "x.y"), Conflict}, {errors.Join(io.EOF, At("f", "x.y")), Invalid},
		{fmt.Errorf("deep: %w", errors.Join(New(Closed, "x.y"), At("f", "x.z"))), Closed},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("KindOf(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

func TestPrefixPutsThePathBeforeEveryField(t *testing.T) {
	inner := At("rate", "x.a")
	err := Prefix("lines[2]", errors.Join(inner, New(Invalid, "x.b")))
	var fields []string
	for _, e := range All(err) {
		fields = append(fields, e.Field)
	}
	if !slices.Equal(fields, []string{"lines[2].rate", "lines[2]"}) {
		t.Errorf("%v", fields)
	}
	if inner.Field != "rate" {
		t.Errorf("the refusal itself has changed: %s", inner.Field)
	}
	if err := Prefix("lines[2]", io.EOF); !errors.Is(err, io.EOF) {
		t.Errorf("an error of another kind has become %v", err)
	}
	if err := Prefix("lines[2]", nil); err != nil {
		t.Errorf("no error has become %v", err)
	}
	if err := Prefix("lines[2]", errors.Join(At("rate", "x.a"), io.EOF)); !errors.Is(err, io.EOF) || len(All(err)) != 1 {
		t.Errorf("the other error is lost: %v", err)
	}
}
