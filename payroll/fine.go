package payroll

import (
	"strings"

	"essaim/money"
)

// Fine is an amount in 10⁻¹⁰ of a cent. Every base is a whole number of cents, or of ten-thousandths of one, and every
// rate a whole number of parts per million: their products are whole in this unit, so that nothing is lost before the
// one rounding. It holds some nine million euros either way.
type Fine int64

const perCent Fine = 1e10

func fine(c money.Cents) Fine { return Fine(c) * perCent }

// times returns f × r.
func (f Fine) times(r money.Rate) Fine {
	return Fine(money.MulDiv(int64(f), int64(r), int64(money.One)))
}

// Cents returns the amount rounded half away from zero to the cent.
func (f Fine) Cents() money.Cents {
	half := perCent / 2
	if f < 0 {
		half = -half
	}
	return money.Cents((f + half) / perCent)
}

// String writes the amount in euros with as many decimals as it has: "389.9886".
func (f Fine) String() string {
	sign := ""
	u := uint64(f) // #nosec G115 -- the sign is taken off below
	if f < 0 {
		sign, u = "-", -u
	}
	const euro = uint64(perCent) * 100
	var b []byte
	for n, rest := 0, u%euro; n < 12; n++ {
		b = append(b, byte('0'+rest%10))
		rest /= 10
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	decimals := strings.TrimRight(string(b), "0")
	whole := digits(u / euro)
	if decimals == "" {
		return sign + whole
	}
	return sign + whole + "." + decimals
}

func digits(n uint64) string {
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			return string(b[i:])
		}
	}
}
