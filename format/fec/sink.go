package fec

import "io"

// sink gathers text and hands it on in large pieces; the first error stays.
type sink struct {
	w   io.Writer
	buf []byte
	err error
}

const sinkSize = 64 << 10

func (s *sink) text(t string) { s.buf = append(s.buf, t...) }

// more hands on what is gathered when it is enough; called between lines.
func (s *sink) more() {
	if len(s.buf) >= sinkSize {
		_ = s.flush() // the error stays for the last flush
	}
}

func (s *sink) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		_, s.err = s.w.Write(s.buf)
	}
	s.buf = s.buf[:0]
	return s.err
}
