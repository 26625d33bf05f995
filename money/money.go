// Package money holds amounts, rates and quantities, and the only rounding rule of the house.
//
// An amount of account is a whole number of [Cents]. A [Rate] is a whole number of parts per million, so that
// 5.5 % is 55 000 exactly. Quantities and unit prices are a whole number of millionths ([Micro]). Nothing here
// is a float. Every rounding is half away from zero to the cent (house rule; same as the « arrondi au centime le
// plus proche » of French tax practice, symmetrical so that a credit note mirrors its invoice).
package money

import (
	"math"
	"math/bits"
	"sort"
	"strconv"
)

// Cents is an amount in hundredths of the currency of account (euro unless the document says otherwise).
type Cents int64

// Rate is a proportion in parts per million: 20 % is 200 000.
type Rate int64

// Micro is a quantity, or a unit price in the currency of the document, in millionths.
type Micro int64

const (
	// Percent is one hundredth as a [Rate].
	Percent Rate = 10_000
	// One is the whole as a [Rate].
	One Rate = 1_000_000
	// Unit is the quantity one, or one euro as a unit price.
	Unit Micro = 1_000_000
	// Max bounds every amount a person or a file may bring: ten billion euros. Sums of a million such amounts
	// still fit an int64.
	Max Cents = 1_000_000_000_000
	// MaxMicro bounds quantities and unit prices (a million units, or a million euros times a thousand).
	MaxMicro Micro = 1_000_000_000_000_000
)

// MulDiv returns a × b / d rounded half away from zero. The product is taken over 128 bits; a quotient that does
// not fit saturates. d must not be zero.
func MulDiv(a, b, d int64) int64 {
	neg := (a < 0) != (b < 0) != (d < 0)
	hi, lo := bits.Mul64(abs(a), abs(b))
	ud := abs(d)
	// Add half the divisor, so that the truncated quotient is the rounded one (no exact tie exists for an odd divisor).
	lo, carry := bits.Add64(lo, ud/2, 0)
	hi += carry
	q := uint64(math.MaxUint64)
	if hi < ud {
		q, _ = bits.Div64(hi, lo, ud)
	}
	switch {
	case neg && q > math.MaxInt64:
		return math.MinInt64
	case neg:
		return -int64(q)
	case q > math.MaxInt64:
		return math.MaxInt64
	}
	return int64(q)
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-(a + 1)) + 1
	}
	return uint64(a)
}

// Times returns c × r rounded to the cent.
func (c Cents) Times(r Rate) Cents { return Cents(MulDiv(int64(c), int64(r), int64(One))) }

// Share returns c × part / whole rounded to the cent; zero when whole is zero.
func (c Cents) Share(part, whole Cents) Cents {
	if whole == 0 {
		return 0
	}
	return Cents(MulDiv(int64(c), int64(part), int64(whole)))
}

// Abs returns the amount without its sign.
func (c Cents) Abs() Cents {
	if c < 0 {
		return -c
	}
	return c
}

// Extend returns quantity × unit price rounded to the cent: 3 × 0.335 = 1.005 gives 1.01.
func Extend(quantity, price Micro) Cents {
	return Cents(MulDiv(int64(quantity), int64(price), int64(Unit)*int64(Unit)/100))
}

// Micro returns the amount as a unit price.
func (c Cents) Micro() Micro { return Micro(c) * 10_000 }

// NetOf returns the part of a gross amount (tax included) that is before tax at rate r, rounded.
func (c Cents) NetOf(r Rate) Cents { return Cents(MulDiv(int64(c), int64(One), int64(One+r))) }

// Allocate splits total in proportion to weights so that the parts sum to total to the cent: each part is
// truncated, then the missing cents go to the largest remainders (ties: first come). A negative weight counts as
// nothing; when all are zero the whole goes to the first part. The weights together stay below 2^63.
func Allocate(total Cents, weights []int64) []Cents {
	parts := make([]Cents, len(weights))
	if len(weights) == 0 {
		return parts
	}
	var sum int64
	for _, w := range weights {
		sum += max(w, 0)
	}
	if sum <= 0 {
		parts[0] = total
		return parts
	}
	sign, t := Cents(1), uint64(total)
	if total < 0 {
		sign, t = -1, uint64(-total)
	}
	type rest struct {
		i int
		r uint64
	}
	rests := make([]rest, len(weights))
	left := t
	for i, w := range weights {
		hi, lo := bits.Mul64(t, uint64(max(w, 0)))
		q, r := bits.Div64(hi, lo, uint64(sum))
		parts[i], rests[i] = sign*Cents(q), rest{i, r}
		left -= q
	}
	sort.SliceStable(rests, func(a, b int) bool { return rests[a].r > rests[b].r })
	for k := 0; uint64(k) < left; k++ {
		parts[rests[k].i] += sign
	}
	return parts
}

// String writes the amount for machines: "-1234.56".
func (c Cents) String() string { return string(c.Append(nil, '.')) }

// Append writes the amount with two decimals after sep, no thousands separator.
func (c Cents) Append(b []byte, sep byte) []byte {
	u := uint64(c)
	if c < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/100, 10)
	return append(b, sep, byte('0'+u/10%10), byte('0'+u%10))
}

// String writes the rate in percent for machines: "5.5".
func (r Rate) String() string { return trimmed(int64(r), 4) }

// String writes the quantity or price for machines: "0.335".
func (m Micro) String() string { return trimmed(int64(m), 6) }

func trimmed(v int64, scale int) string {
	s := strconv.FormatUint(abs(v), 10)
	for len(s) <= scale {
		s = "0" + s
	}
	whole, frac := s[:len(s)-scale], s[len(s)-scale:]
	for frac != "" && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	if frac != "" {
		whole += "." + frac
	}
	if v < 0 {
		whole = "-" + whole
	}
	return whole
}
