package slips

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

// The values of a PDF (ISO 32000-1 § 7.3): nil, bool, int, float64, text, name, array, dict, ref, *stream; and op, an operator of a content
// stream.
type (
	name  string
	text  string
	op    string
	array []any
	dict  map[name]any
	ref   struct{ number, generation int }
)

type stream struct {
	dict dict
	raw  []byte // as the file holds it, filters and all
}

var (
	errSyntax = errors.New("not as a PDF is written")
	errDeep   = errors.New("nested too deep")
	errMuch   = errors.New("more than is read")
	errEnd    = errors.New("the end")
)

const (
	maxDepth  = 48
	maxValues = 6_000_000   // of a file, all told; a long text or name counts as several, see [scanner.charge]
	maxWork   = 600_000_000 // words of the content streams of a file, each time they are read
)

// scanner reads values from bytes.
type scanner struct {
	b      []byte
	at     int
	values *int // what is left of maxValues
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isRegular(c byte) bool { return !isSpace(c) && !isDelimiter(c) }

// skip goes over white space and comments.
func (s *scanner) skip() {
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case isSpace(c):
			s.at++
		case c == '%':
			for s.at < len(s.b) && s.b[s.at] != '\n' && s.b[s.at] != '\r' {
				s.at++
			}
		default:
			return
		}
	}
}

// charge counts the bytes of what is kept, so that a few values are not the whole memory.
func (s *scanner) charge(bytes int) { *s.values -= bytes / 16 }

// word reads regular signs.
func (s *scanner) word() string {
	from := s.at
	for s.at < len(s.b) && isRegular(s.b[s.at]) {
		s.at++
	}
	s.charge(s.at - from)
	return string(s.b[from:s.at])
}

// keyword goes over a keyword if it stands here.
func (s *scanner) keyword(k string) bool {
	s.skip()
	if !bytes.HasPrefix(s.b[s.at:], []byte(k)) || s.at+len(k) < len(s.b) && isRegular(s.b[s.at+len(k)]) {
		return false
	}
	s.at += len(k)
	return true
}

// value reads one value of a file, where « 12 0 R » is a reference.
func (s *scanner) value(depth int) (any, error) {
	v, err := s.token(depth)
	n, ok := v.(int)
	if err != nil || !ok || n < 0 {
		return v, err
	}
	back := s.at
	s.skip()
	if g, ok := s.digits(); ok && s.keyword("R") {
		return ref{n, g}, nil
	}
	s.at = back
	return v, nil
}

// digits reads a small natural number.
func (s *scanner) digits() (int, bool) {
	n, from := 0, s.at
	for s.at < len(s.b) && s.b[s.at] >= '0' && s.b[s.at] <= '9' {
		if s.at-from >= 10 {
			return 0, false
		}
		n = n*10 + int(s.b[s.at]-'0')
		s.at++
	}
	return n, s.at > from
}

// token reads one value, or one operator.
func (s *scanner) token(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	if *s.values--; *s.values < 0 {
		return nil, errMuch
	}
	s.skip()
	if s.at >= len(s.b) {
		return nil, errEnd
	}
	switch c := s.b[s.at]; c {
	case '/':
		return s.name(), nil
	case '(':
		return s.literal()
	case '[':
		s.at++
		return s.array(depth)
	case '<':
		if s.at+1 < len(s.b) && s.b[s.at+1] == '<' {
			s.at += 2
			return s.dict(depth)
		}
		return s.hex()
	case '{', '}':
		s.at++
		return op(c), nil
	case ')', ']', '>':
		return nil, errSyntax
	}
	w := s.word()
	if c := w[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		if v, ok := number(w); ok {
			return v, nil
		}
	}
	switch w {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	return op(w), nil
}

func number(w string) (any, bool) {
	if n, err := strconv.Atoi(w); err == nil && n > -1<<40 && n < 1<<40 {
		return n, true
	}
	f, err := strconv.ParseFloat(w, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || math.Abs(f) > 1<<40 {
		return nil, false
	}
	return f, true
}

func (s *scanner) name() name {
	s.at++
	w := s.word()
	if !bytes.ContainsRune([]byte(w), '#') {
		return name(w)
	}
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) {
			if n, err := strconv.ParseUint(w[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, w[i])
	}
	return name(out)
}

func (s *scanner) literal() (text, error) {
	s.at++
	var out []byte
	for open := 1; s.at < len(s.b); s.at++ {
		c := s.b[s.at]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				s.at++
				s.charge(len(out))
				return text(out), nil
			}
		case '\\':
			if s.at++; s.at >= len(s.b) {
				return "", errSyntax
			}
			if c = s.b[s.at]; c >= '0' && c <= '7' {
				n := 0
				for i := 0; i < 3 && s.at < len(s.b) && s.b[s.at] >= '0' && s.b[s.at] <= '7'; i++ {
					n = n*8 + int(s.b[s.at]-'0')
					s.at++
				}
				s.at--
				out = append(out, byte(n))
				continue
			}
			switch c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case '\n':
				continue
			case '\r':
				if s.at+1 < len(s.b) && s.b[s.at+1] == '\n' {
					s.at++
				}
				continue
			}
		}
		out = append(out, c)
	}
	return "", errSyntax
}

func (s *scanner) hex() (text, error) {
	s.at++
	var out []byte
	half, odd := byte(0), false
	for ; s.at < len(s.b); s.at++ {
		c := s.b[s.at]
		var v byte
		switch {
		case c == '>':
			if odd {
				out = append(out, half<<4)
			}
			s.at++
			s.charge(len(out))
			return text(out), nil
		case isSpace(c):
			continue
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		default:
			return "", errSyntax
		}
		if odd {
			out = append(out, half<<4|v)
		}
		half, odd = v, !odd
	}
	return "", errSyntax
}

func (s *scanner) array(depth int) (array, error) {
	out := array{}
	for {
		if s.skip(); s.at < len(s.b) && s.b[s.at] == ']' {
			s.at++
			return out, nil
		}
		v, err := s.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, operator := v.(op); operator {
			return nil, errSyntax
		}
		out = append(out, v)
	}
}

func (s *scanner) dict(depth int) (dict, error) {
	out := dict{}
	for {
		s.skip()
		if s.at+1 < len(s.b) && s.b[s.at] == '>' && s.b[s.at+1] == '>' {
			s.at += 2
			return out, nil
		}
		if s.at >= len(s.b) || s.b[s.at] != '/' {
			return nil, errSyntax
		}
		key := s.name()
		v, err := s.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, operator := v.(op); operator {
			return nil, errSyntax
		}
		out[key] = v
	}
}
