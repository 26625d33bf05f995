package demo

import (
	"hash/fnv"
	"math/rand/v2"

	"essaim/money"
)

// chance is a stream of decisions that depends on the seed and its own name alone: a change in one activity's story
// leaves the others as they were.
type chance struct{ *rand.Rand }

func newChance(seed uint64, name string) chance {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return chance{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between returns a number from low to high, both included.
func (c chance) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + c.IntN(high-low+1)
}

// in says yes n times in a hundred.
func (c chance) in(n int) bool { return c.IntN(100) < n }

// euros returns an amount from low to high cents, in steps.
func (c chance) euros(low, high, step money.Cents) money.Cents {
	if high <= low || step <= 0 {
		return low
	}
	return low + step*money.Cents(c.IntN(int((high-low)/step)+1))
}

// about returns an amount within ten per cent of a usual one.
func (c chance) about(usual money.Cents) money.Cents {
	return money.Cents(money.MulDiv(int64(usual), int64(900+c.IntN(201)), 1000))
}

// pick returns one of a list.
func pick[T any](c chance, list []T) T { return list[c.IntN(len(list))] }
