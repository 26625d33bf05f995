package fec

import "encoding/binary"

// textTable numbers texts in the order they come. It holds their bytes end to end, so that a million small texts cost
// little more than their length.
type textTable struct {
	bytes  []byte
	ends   []int    // of each text in bytes
	hashes []uint32 // of each text, to go to its bytes only when it may be the one
	slots  []uint32 // number + 1
}

// text returns the text of a number.
func (t *textTable) text(n uint32) string { return string(t.of(n)) }

func (t *textTable) of(n uint32) []byte {
	if n == 0 {
		return t.bytes[:t.ends[0]]
	}
	return t.bytes[t.ends[n-1]:t.ends[n]]
}

// size returns how many texts there are.
func (t *textTable) size() int { return len(t.ends) }

// put returns the number of the text, and whether it is new.
func (t *textTable) put(b []byte) (uint32, bool) {
	if 2*len(t.ends) >= len(t.slots) {
		t.grow()
	}
	var h uint32
	if len(b) == 6 { // the usual account number
		h = uint32(hashWord(uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint16(b[4:]))) >> 16)
	} else {
		h = uint32(hashBytes(0, b) >> 16)
	}
	mask := uint32(len(t.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		n := t.slots[i]
		if n == 0 {
			t.bytes = append(t.bytes, b...)
			t.ends = append(t.ends, len(t.bytes))
			t.hashes = append(t.hashes, h)
			t.slots[i] = uint32(len(t.ends))
			return uint32(len(t.ends) - 1), true
		}
		if t.hashes[n-1] == h && string(t.of(n-1)) == string(b) {
			return n - 1, false
		}
	}
}

func (t *textTable) grow() {
	t.slots = make([]uint32, max(256, 2*len(t.slots)))
	mask := uint32(len(t.slots) - 1)
	for n, h := range t.hashes {
		i := h & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = uint32(n + 1)
	}
}

// pairTable numbers pairs in the order they come.
type pairTable struct {
	keys  []uint64
	slots []uint32 // number + 1
}

// put returns the number of the pair, and whether it is new.
func (t *pairTable) put(k uint64) (uint32, bool) {
	if 2*len(t.keys) >= len(t.slots) {
		t.slots = make([]uint32, max(256, 2*len(t.slots)))
		for n, k := range t.keys {
			t.slots[t.free(k)] = uint32(n + 1)
		}
	}
	i := t.free(k)
	if n := t.slots[i]; n != 0 {
		return n - 1, false
	}
	t.keys = append(t.keys, k)
	t.slots[i] = uint32(len(t.keys))
	return uint32(len(t.keys) - 1), true
}

// free returns the slot of the pair, or the empty one where it would go.
func (t *pairTable) free(k uint64) uint64 {
	mask := uint64(len(t.slots) - 1)
	i := hashWord(0, k) & mask
	for t.slots[i] != 0 && t.keys[t.slots[i]-1] != k {
		i = (i + 1) & mask
	}
	return i
}
