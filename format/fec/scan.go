package fec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

const (
	// MaxLine is the longest line taken, in bytes; a longer one is reported and passed over.
	MaxLine = 64 << 10
	// maxCells is the most cells of a line that are looked at; more are counted only.
	maxCells = 64
	// window is the part of the file in memory. A quarter of a mebibyte keeps the copy from the kernel in the cache.
	window = 256 << 10
)

// scanner cuts a stream into lines. It holds one window of the file; a returned line is valid until the next call.
type scanner struct {
	r          io.Reader
	buf        []byte
	start, end int
	line       int  // number of the last line returned, from 1
	done       bool // nothing more to read
	cr         bool // a carriage return alone ends the lines
	bom        bool // the file began with the UTF-8 mark
	utf16      bool // the file began with a UTF-16 mark
	long       bool // the last line was longer than MaxLine and is empty here
	err        error
}

func newScanner(r io.Reader) *scanner {
	s := &scanner{r: r, buf: make([]byte, window)}
	s.fill()
	head := s.buf[:s.end]
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		s.bom, s.start = true, 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		s.utf16 = true
	}
	// The first end of line decides what ends a line.
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 && head[i] == '\r' {
		s.cr = i+1 < len(head) && head[i+1] != '\n' || i+1 == len(head)
	}
	return s
}

// fill moves what is left to the front and reads until the window is full or the stream ends.
func (s *scanner) fill() {
	if s.start > 0 {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	for idle := 0; s.end < len(s.buf) && !s.done; {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if n == 0 && err == nil {
			if idle++; idle > 100 {
				err = io.ErrNoProgress
			}
		}
		if err != nil {
			s.done = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
	}
}

// next returns the next line without its end.
func (s *scanner) next() ([]byte, bool) {
	mark := byte('\n')
	if s.cr {
		mark = '\r'
	}
	s.long = false
	for {
		rest := s.buf[s.start:s.end]
		if i := bytes.IndexByte(rest, mark); i >= 0 {
			s.start += i + 1
			s.line++
			return s.trim(rest[:i]), true
		}
		if s.done {
			s.start = s.end
			if s.err != nil || len(rest) == 0 && !s.long || s.cr && string(rest) == "\n" {
				return nil, false
			}
			s.line++
			return s.trim(rest), true
		}
		if len(rest) > MaxLine+1 { // one for a carriage return
			s.long = true
			s.start = s.end // what is already here belongs to the line passed over
		}
		s.fill()
	}
}

// trim drops what is left of an end of line, and the whole of a line that is too long.
func (s *scanner) trim(line []byte) []byte {
	if s.cr {
		line = bytes.TrimPrefix(line, []byte{'\n'})
	} else {
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	if s.long || len(line) > MaxLine {
		s.long = true
		return nil
	}
	return line
}

// cells holds where the separators of a line stand.
type cells struct {
	line []byte
	n    int // cells of the line, may exceed maxCells
	at   [maxCells + 1]int32
}

const (
	low  = 0x0101010101010101
	low7 = 0x7f7f7f7f7f7f7f7f
)

// cut finds the separators of a line, eight bytes at a time.
func (c *cells) cut(line []byte, sep byte) {
	c.line = line
	n, i := 0, 0
	pattern := uint64(sep) * low
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:]) ^ pattern
		for m := ^(x&low7 + low7 | x | low7); m != 0; m &= m - 1 {
			if n < maxCells {
				c.at[n+1] = int32(i + bits.TrailingZeros64(m)>>3)
			}
			n++
		}
	}
	for ; i < len(line); i++ {
		if line[i] == sep {
			if n < maxCells {
				c.at[n+1] = int32(i)
			}
			n++
		}
	}
	c.n = n + 1
	c.at[0] = -1
}

// cell returns the i-th cell without the spaces around; nothing for a column that the line has not.
func (c *cells) cell(i int) []byte {
	if i < 0 || i >= c.n || i >= maxCells {
		return nil
	}
	end := len(c.line)
	if i+1 < c.n {
		end = int(c.at[i+1])
	}
	b := c.line[c.at[i]+1 : end]
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
