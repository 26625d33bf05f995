package fec

import (
	"encoding/binary"

	"essaim/date"
	"essaim/money"
)

// amountForm says how an amount was written.
type amountForm uint8

const (
	amountEmpty amountForm = iota
	amountPlain            // 12 or 12,50
	amountPoint            // 12.50: taken, though the law asks for a comma
	amountFine             // more than two decimals that are not zero
	amountWide             // beyond money.Max
	amountBad
)

// parseAmount reads digits with an optional sign before them and an optional decimal part after a comma or a point.
func parseAmount(b []byte) (money.Cents, amountForm) {
	if len(b) == 0 {
		return 0, amountEmpty
	}
	i := 0
	if b[0] == '-' || b[0] == '+' {
		i = 1
	}
	first := i
	var v int64
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		if v > int64(money.Max) {
			return 0, amountWide
		}
		v = v*10 + int64(d)
	}
	digits := i - first
	form := amountPlain
	if i < len(b) {
		switch b[i] {
		case ',':
		case '.':
			form = amountPoint
		default:
			return 0, amountBad
		}
		i++
		decimals := b[i:]
		digits += len(decimals)
		for k, c := range decimals {
			d := c - '0'
			if d > 9 {
				return 0, amountBad
			}
			if k < 2 {
				v = v*10 + int64(d)
			} else if d != 0 {
				form = amountFine
			}
		}
		for k := len(decimals); k < 2; k++ {
			v *= 10
		}
	} else {
		v *= 100
	}
	switch {
	case digits == 0:
		return 0, amountBad
	case v > int64(money.Max):
		return 0, amountWide
	case b[0] == '-':
		v = -v
	}
	return money.Cents(v), form
}

// calendar reads days written AAAAMMJJ and remembers the last few, since neighbours share them.
type calendar struct {
	key [16]uint64
	day [16]date.Day
}

// parse returns the day, or false for anything but eight digits of a day that exists.
func (c *calendar) parse(b []byte) (date.Day, bool) {
	if len(b) != 8 {
		return 0, false
	}
	k := binary.LittleEndian.Uint64(b)
	slot := (k >> 56) & 15 // the last digit of the day
	if c.key[slot] == k {
		return c.day[slot], true
	}
	d, err := date.ParseCompact(string(b))
	if err != nil {
		return 0, false
	}
	c.key[slot], c.day[slot] = k, d
	return d, true
}

// noDay says whether a date field is left blank: nothing, or zeros as some programs write it.
func noDay(b []byte) bool {
	for _, c := range b {
		if c != '0' {
			return false
		}
	}
	return true
}

// direction reads the side of an amount, D or C, +1 or -1; ok is false for anything else.
func direction(b []byte) (credit, ok bool) {
	switch string(b) {
	case "D", "d", "+1", "1":
		return false, true
	case "C", "c", "-1":
		return true, true
	}
	return false, false
}
