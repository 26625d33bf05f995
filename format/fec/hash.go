package fec

import (
	"encoding/binary"
	"math/bits"
)

// hashBytes mixes b into h, eight bytes at a time. Two different texts of a file meet with a chance of about
// 2 to the power −64; where that is not good enough the texts themselves are compared.
func hashBytes(h uint64, b []byte) uint64 {
	const k0, k1 = 0x9e3779b97f4a7c15, 0xd6e8feb86659fd93
	n := uint64(len(b))
	for len(b) >= 8 {
		hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(b), k0)
		h = hi ^ lo
		b = b[8:]
	}
	tail := n << 56
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	hi, lo := bits.Mul64(h^tail^k1, k0)
	return hi ^ lo ^ n
}

// hashWord mixes one number into h.
func hashWord(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v, 0xd6e8feb86659fd93)
	return hi ^ lo ^ v<<1
}

// hashSet remembers the line of each of at most hashSetMost hashes; later ones are not kept.
type hashSet struct {
	keys  []uint64
	lines []uint32
	n     int
}

const hashSetMost = 1 << 20

// put returns the line under which the hash was put before, or 0 after putting it.
func (s *hashSet) put(h uint64, line int) int {
	if h == 0 {
		h = 1
	}
	if 2*s.n >= len(s.keys) && s.n < hashSetMost {
		s.grow()
	}
	mask := uint64(len(s.keys) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.keys[i] {
		case h:
			return int(s.lines[i])
		case 0:
			if s.n < hashSetMost {
				s.keys[i], s.lines[i] = h, uint32(line)
				s.n++
			}
			return 0
		}
	}
}

func (s *hashSet) grow() {
	old, lines := s.keys, s.lines
	size := max(1024, 2*len(old))
	s.keys, s.lines = make([]uint64, size), make([]uint32, size)
	mask := uint64(size - 1)
	for j, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.keys[i] != 0 {
			i = (i + 1) & mask
		}
		s.keys[i], s.lines[i] = h, lines[j]
	}
}
