package slips

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"io"

	"golang.org/x/image/tiff/lzw"
)

// A few bytes may decode into gigabytes: each stream, and all that is decoded of a file, is bounded.
const (
	maxStream  = 32 << 20
	maxDecoded = int64(4) << 30 // of a file, what its streams hold and what they decode into, each time; nothing of it is kept but values
	maxRow     = 1 << 16        // of a table that a predictor has changed: those of cross-references have rows of a few bytes
)

// decode returns what a stream holds, its filters undone (ISO 32000-1 § 7.4). Pictures' own filters are refused.
func (d *document) decode(s *stream) ([]byte, error) {
	filters, _ := d.list(s.dict["Filter"])
	parms, _ := d.list(s.dict["DecodeParms"])
	if len(filters) > 4 {
		return nil, errSyntax
	}
	b := s.raw
	if err := d.charge(len(b)); err != nil {
		return nil, err
	}
	for i, f := range filters {
		var parm dict
		if i < len(parms) {
			parm, _ = d.get(parms[i]).(dict)
		}
		kind, _ := d.get(f).(name)
		out, err := d.undo(kind, parm, b)
		if err != nil {
			return nil, err
		}
		b = out
	}
	return b, nil
}

// charge counts bytes that a filter reads or gives, also those of a stream that is then refused: it may be asked for again.
func (d *document) charge(n int) error {
	if d.decoded += int64(n); d.decoded > maxDecoded {
		return errMuch
	}
	return nil
}

// list returns a value that may stand alone or in an array.
func (d *document) list(v any) (array, bool) {
	switch v := d.get(v).(type) {
	case nil:
		return nil, false
	case array:
		return v, true
	default:
		return array{v}, true
	}
}

func (d *document) undo(kind name, parm dict, b []byte) ([]byte, error) {
	switch kind {
	case "FlateDecode", "Fl":
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		out, err := d.bounded(z)
		if err != nil {
			return nil, err
		}
		return d.unpredict(parm, out)
	case "LZWDecode", "LZW":
		if early, ok := d.get(parm["EarlyChange"]).(int); ok && early == 0 {
			return nil, errSyntax
		}
		out, err := d.bounded(lzw.NewReader(bytes.NewReader(b), lzw.MSB, 8))
		if err != nil {
			return nil, err
		}
		return d.unpredict(parm, out)
	case "ASCIIHexDecode", "AHx":
		values := 1
		out, err := (&scanner{b: append([]byte{'<'}, b...), values: &values}).hex()
		return []byte(out), err
	case "ASCII85Decode", "A85":
		b = bytes.TrimPrefix(bytes.TrimSpace(b), []byte("<~"))
		if i := bytes.IndexByte(b, '~'); i >= 0 {
			b = b[:i]
		}
		return d.bounded(ascii85.NewDecoder(bytes.NewReader(b)))
	case "RunLengthDecode", "RL":
		return d.runs(b)
	}
	return nil, errSyntax
}

// bounded reads what a filter gives. A stream cut short gives what it has: programs write such files, and viewers show them.
func (d *document) bounded(r io.Reader) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(r, maxStream+1))
	if d.charge(len(out)) != nil || len(out) > maxStream {
		return nil, errMuch
	}
	if err != nil && len(out) == 0 {
		return nil, err
	}
	return out, nil
}

func (d *document) runs(b []byte) ([]byte, error) {
	var out []byte
	for len(b) > 0 && b[0] != 128 {
		n := int(b[0]) + 1
		if n > 129 {
			n = 258 - n
			if len(b) < 2 {
				break
			}
			out = append(out, bytes.Repeat(b[1:2], n)...)
			b = b[2:]
		} else {
			n = min(n, len(b)-1)
			out = append(out, b[1:1+n]...)
			b = b[1+n:]
		}
		if len(out) > maxStream {
			break
		}
	}
	if d.charge(len(out)) != nil || len(out) > maxStream {
		return nil, errMuch
	}
	return out, nil
}

// unpredict undoes the predictors of PNG (RFC 2083 § 6), which cross-reference streams use. That of TIFF is for pictures. Each row is
// undone where it will stay, beside the one before, so that a row costs its own bytes and not those that its width promises.
func (d *document) unpredict(parm dict, b []byte) ([]byte, error) {
	natural := func(key name, otherwise int) int {
		if n, ok := d.get(parm[key]).(int); ok {
			return n
		}
		return otherwise
	}
	predictor := natural("Predictor", 1)
	if predictor == 1 {
		return b, nil
	}
	colors, bits, columns := natural("Colors", 1), natural("BitsPerComponent", 8), natural("Columns", 1)
	if predictor < 10 || colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, errSyntax
	}
	pixel, width := max(1, colors*bits/8), (colors*bits*columns+7)/8
	if width > maxRow {
		return nil, errMuch
	}
	out := make([]byte, 0, len(b))
	var before []byte // nothing is above the first row
	for len(b) > 1 {
		kind := b[0]
		n, at := min(width, len(b)-1), len(out)
		out = append(out, b[1:1+n]...)
		b = b[1+n:]
		row := out[at:]
		for i := range row {
			var left, above, corner byte
			if i >= pixel {
				left = row[i-pixel]
			}
			if before != nil {
				above = before[i]
				if i >= pixel {
					corner = before[i-pixel]
				}
			}
			switch kind {
			case 0:
			case 1:
				row[i] += left
			case 2:
				row[i] += above
			case 3:
				row[i] += byte((int(left) + int(above)) / 2)
			case 4:
				row[i] += paeth(left, above, corner)
			default:
				return nil, errSyntax
			}
		}
		before = row
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := distance(p, a), distance(p, b), distance(p, c)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func distance(p int, v byte) int {
	if n := p - int(v); n >= 0 {
		return n
	} else { //nolint:revive // the two signs of one distance
		return -n
	}
}
