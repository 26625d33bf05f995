// Package qr makes the squares that phones read (ISO/IEC 18004), as modules to be drawn: by format/pdf as rectangles, by
// the pages as a path. Error correction is of level M, as EPC069-12 asks of a code for a transfer.
package qr

import (
	"strconv"

	barcode "github.com/boombuler/barcode/qr"
)

// Quiet is the margin around a square that readers want, in modules.
const Quiet = 4

// Square is a code: Side modules a side, without its margin.
type Square struct {
	Side int
	dark []bool
}

// Of encodes a text as UTF-8. One that no square holds (2 331 bytes) is an error.
func Of(text string) (Square, error) {
	code, err := barcode.Encode(text, barcode.M, barcode.Unicode)
	if err != nil {
		return Square{}, err
	}
	b := code.Bounds()
	s := Square{Side: b.Dx(), dark: make([]bool, b.Dx()*b.Dy())}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, _, _, _ := code.At(b.Min.X+x, b.Min.Y+y).RGBA()
			s.dark[y*s.Side+x] = r == 0
		}
	}
	return s, nil
}

// Dark says whether a module is dark.
func (s Square) Dark(x, y int) bool { return s.dark[y*s.Side+x] }

// Runs calls draw for each horizontal run of dark modules: fewer shapes than modules, and no hairline between them.
func (s Square) Runs(draw func(x, y, length int)) {
	for y := range s.Side {
		for x := 0; x < s.Side; {
			if !s.Dark(x, y) {
				x++
				continue
			}
			from := x
			for x < s.Side && s.Dark(x, y) {
				x++
			}
			draw(from, y, x-from)
		}
	}
}

// Path writes the square as the path of an SVG whose unit is a module, its margin included.
func (s Square) Path() string {
	var b []byte
	s.Runs(func(x, y, length int) {
		b = strconv.AppendInt(append(b, 'M'), int64(x+Quiet), 10)
		b = strconv.AppendInt(append(b, ' '), int64(y+Quiet), 10)
		b = strconv.AppendInt(append(b, 'h'), int64(length), 10)
		b = strconv.AppendInt(append(b, "v1h-"...), int64(length), 10)
		b = append(b, 'z')
	})
	return string(b)
}
