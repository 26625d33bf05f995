package pdf

import "essaim/format/qr"

// squareSide is how large a code for a transfer is printed: its modules are then wider than half a millimetre for what an
// invoice says, and phones read it from the hand.
const squareSide = 74.0

// square draws the code of a text with its corner at x, y, on white with the margin that readers want. What no square
// holds is left out: the account stands beside it in letters.
func (s *sheet) square(x, y, side float64, text string) {
	code, err := qr.Of(text)
	if err != nil {
		return
	}
	s.fill(x, y, side, side, 3, paint{0xff, 0xff, 0xff})
	unit := side / float64(code.Side+2*qr.Quiet)
	s.add(func(p *pen) {
		p.ink(ink)
		code.Runs(func(cx, cy, length int) {
			p.Rect(x+float64(cx+qr.Quiet)*unit, y+float64(cy+qr.Quiet)*unit, float64(length)*unit, unit, "F")
		})
	})
}
