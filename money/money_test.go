package money

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// document computes a document as the house does: each line rounded, a total the sum of its lines, VAT per rate on the
// sum of the rate's nets.
func document(lines ...line) (net, vat, gross Cents) {
	nets := map[Rate]Cents{}
	for _, l := range lines {
		n := Extend(l.quantity, l.price)
		nets[l.rate] += n
		net += n
	}
	for rate, n := range nets {
		vat += n.Times(rate)
	}
	return net, vat, net + vat
}

type line struct {
	quantity, price Micro
	rate            Rate
}

// Real documents, several of them bugs of other programs.
func TestDocumentsRoundAsTheHouseSays(t *testing.T) {
	at := func(price Micro, rate Rate) line { return line{Unit, price, rate} }
	many := func(n int64, price Micro, rate Rate) line { return line{Micro(n) * Unit, price, rate} }
	for _, c := range []struct {
		name            string
		lines           []line
		net, vat, gross Cents
	}{
		{"three lines of 0.335", []line{at(335_000, 20*Percent), at(335_000, 20*Percent), at(335_000, 20*Percent)}, 102, 20, 122},
		{"one line of 3 × 0.335", []line{many(3, 335_000, 20*Percent)}, 101, 20, 121},
		{"221.125 at 20 %", []line{at(221_125_000, 20*Percent)}, 221_13, 44_23, 265_36},
		{"181.86387 at 5.5 %", []line{at(181_863_870, 55_000)}, 181_86, 10_00, 191_86},
		{"352.70 at 10 % and 10.025 at 20 %", []line{at(352_700_000, 10*Percent), at(10_025_000, 20*Percent)}, 362_73, 37_28, 400_01},
		{"eight lines at 10 %, two of them negative", []line{
			at(150*Unit, 10*Percent), many(20, 86*Unit, 10*Percent), at(-1_730_100_000, 10*Percent), at(100*Unit, 10*Percent),
			at(-2_018_450_000, 10*Percent), many(45, 33*Unit, 10*Percent), many(18, 74*Unit, 10*Percent), many(35, 28*Unit, 10*Percent),
		}, 2018_45, 201_85, 2220_30},
		{"nothing", nil, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			net, vat, gross := document(c.lines...)
			if net != c.net || vat != c.vat || gross != c.gross {
				t.Errorf("%s + %s = %s, want %s + %s = %s", net, vat, gross, c.net, c.vat, c.gross)
			}
			for i := range c.lines {
				c.lines[i].quantity = -c.lines[i].quantity
			}
			if n, v, g := document(c.lines...); n != -net || v != -vat || g != -gross {
				t.Errorf("the credit note is %s + %s = %s and does not mirror the invoice", n, v, g)
			}
		})
	}
}

func TestRoundingIsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		amount Cents
		rate   Rate
		want   Cents
	}{
		{25, 20 * Percent, 5}, {24, 10 * Percent, 2}, {25, 10 * Percent, 3}, {-25, 10 * Percent, -3}, {-24, 10 * Percent, -2},
		{35, 10 * Percent, 4}, {45, 10 * Percent, 5}, // not to even
		{1, One, 1}, {-1, One, -1}, {0, One, 0}, {1, One / 2, 1}, {-1, One / 2, -1}, {1, One/2 - 1, 0},
		{100_00, 55_000, 5_50}, {100_00, -55_000, -5_50},
	} {
		if got := c.amount.Times(c.rate); got != c.want {
			t.Errorf("%s × %s %% = %s, want %s", c.amount, c.rate, got, c.want)
		}
	}
}

// exact is a × b / d by rational numbers, rounded half away from zero, kept within an int64.
func exact(a, b, d int64) int64 {
	product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	divisor := big.NewInt(d)
	q, r := new(big.Int).QuoRem(product, divisor, new(big.Int))
	if r.Abs(r).Lsh(r, 1).CmpAbs(divisor) >= 0 {
		q.Add(q, big.NewInt(int64(product.Sign()*divisor.Sign())))
	}
	switch {
	case q.IsInt64():
		return q.Int64()
	case q.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

func TestMulDivIsExact(t *testing.T) {
	edges := []int64{0, 1, -1, 2, -2, 3, 99, 100, 999_999, 1_000_000, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, math.MaxInt32, 1 << 62, -(1 << 62)}
	for _, a := range edges {
		for _, b := range edges {
			for _, d := range edges {
				if d != 0 && MulDiv(a, b, d) != exact(a, b, d) {
					t.Errorf("MulDiv(%d, %d, %d) = %d, want %d", a, b, d, MulDiv(a, b, d), exact(a, b, d))
				}
			}
		}
	}
	number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2_000_000, 2_000_000), rapid.SampledFrom(edges))
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		d := number.Filter(func(d int64) bool { return d != 0 }).Draw(t, "d")
		if got, want := MulDiv(a, b, d), exact(a, b, d); got != want {
			t.Fatalf("MulDiv(%d, %d, %d) = %d, want %d", a, b, d, got, want)
		}
	})
}

func TestPartsOfAnAmount(t *testing.T) {
	if got := Cents(100).Share(1, 3); got != 33 {
		t.Errorf("a third of 1.00 is %s", got)
	}
	if got := Cents(100).Share(5, 0); got != 0 {
		t.Errorf("a share of nothing is %s", got)
	}
	if got := Cents(120_00).NetOf(20 * Percent); got != 100_00 {
		t.Errorf("120.00 with tax is %s before", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.SampledFrom([]Rate{0, 21_000, 55_000, 100_000, 200_000}).Draw(t, "rate")
		gross := Cents(rapid.Int64Range(-1_000_000_00, 1_000_000_00).Draw(t, "gross"))
		net := gross.NetOf(rate)
		if back := net + net.Times(rate); (back - gross).Abs() > 1 {
			t.Fatalf("%s with tax is %s before, which makes %s", gross, net, back)
		}
		if (-gross).NetOf(rate) != -net {
			t.Fatalf("the net of %s is not that of %s with the other sign", -gross, gross)
		}
	})
}

func TestAllocateLosesNothingAndIsFair(t *testing.T) {
	for _, c := range []struct {
		total   Cents
		weights []int64
		want    []Cents
	}{
		{100, []int64{1, 1, 1}, []Cents{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []Cents{-34, -33, -33}},
		{10_00, []int64{50, 30, 20}, []Cents{5_00, 3_00, 2_00}},
		{5, []int64{1, 9}, []Cents{1, 4}}, // 0.5 and 4.5: the tie goes to the first
		{2, []int64{1, 0, 1}, []Cents{1, 0, 1}},
		{7, []int64{0, 0}, []Cents{7, 0}},
		{7, []int64{-3, 1}, []Cents{0, 7}},
		{7, nil, []Cents{}},
	} {
		got := Allocate(c.total, c.weights)
		if len(got) != len(c.want) {
			t.Fatalf("Allocate(%s, %v) = %v", c.total, c.weights, got)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("Allocate(%s, %v) = %v, want %v", c.total, c.weights, got, c.want)
				break
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		total := Cents(rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000_000), 1, 20).Draw(t, "weights")
		parts := Allocate(total, weights)
		var sum Cents
		var whole int64
		for i, p := range parts {
			sum += p
			whole += weights[i]
		}
		if sum != total {
			t.Fatalf("Allocate(%s, %v) = %v, which sums to %s", total, weights, parts, sum)
		}
		if whole == 0 {
			return
		}
		for i, p := range parts {
			// Within a cent of the exact part, on either side: |p × whole − total × weight| < whole.
			off := new(big.Int).Mul(big.NewInt(int64(p)), big.NewInt(whole))
			off.Sub(off, new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weights[i])))
			if off.CmpAbs(big.NewInt(whole)) >= 0 {
				t.Fatalf("Allocate(%s, %v): part %d is %s, more than a cent away", total, weights, i, p)
			}
			for j := range parts {
				if weights[i] > weights[j] && parts[i].Abs() < parts[j].Abs() {
					t.Fatalf("Allocate(%s, %v) = %v: more weight, less money", total, weights, parts)
				}
			}
		}
	})
}

func TestTextsForMachines(t *testing.T) {
	for got, want := range map[string]string{
		Cents(0).String():                  "0.00",
		Cents(-5).String():                 "-0.05",
		Cents(1234_56).String():            "1234.56",
		Cents(math.MinInt64).String():      "-92233720368547758.08",
		(20 * Percent).String():            "20",
		Rate(55_000).String():              "5.5",
		Rate(1).String():                   "0.0001",
		Rate(-21_000).String():             "-2.1",
		Micro(335_000).String():            "0.335",
		(3 * Unit).String():                "3",
		Micro(-1).String():                 "-0.000001",
		Cents(12_34).Micro().String():      "12.34",
		string(Cents(-1).Append(nil, ',')): "-0,01",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
