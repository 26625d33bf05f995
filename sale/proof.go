package sale

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"essaim/fault"
	"essaim/money"
)

// Proof is all that is kept of a customer's agreement, or of their withdrawal from it, beside the quote itself: it is
// chained, and never changed.
type Proof struct {
	Sale      int64       `json:"sale"`
	Number    string      `json:"number"`
	Hash      string      `json:"hash"` // SHA-256 of [SignedContent]
	Gross     money.Cents `json:"gross"`
	Name      string      `json:"name"`
	At        int64       `json:"at"`                  // microseconds UTC
	Address   string      `json:"address,omitempty"`   // network address, on the link
	Agent     string      `json:"agent,omitempty"`     // what their browser says it is
	Words     string      `json:"words,omitempty"`     // the agreement as they typed it
	Drawn     string      `json:"drawn,omitempty"`     // the signature as drawn, the strokes of a path
	Link      string      `json:"link,omitempty"`      // SHA-256 of the reference they followed
	Recorded  bool        `json:"recorded,omitempty"`  // by the activity
	Withdrawn bool        `json:"withdrawn,omitempty"` // not an agreement: the consumer withdraws from it
	Mail      string      `json:"mail,omitempty"`      // where the receipt of a withdrawal goes
	By        int64       `json:"by,omitempty"`        // person who recorded it
	Earlier   int64       `json:"earlier,omitempty"`   // of the first: how many quotes had been accepted before there was a chain
}

// SignedContent is what a customer's agreement is bound to, as the bytes that are hashed: number, content and amounts.
func SignedContent(d Document) ([]byte, error) {
	return json.Marshal(struct {
		Number  string
		Content Content
		Totals  Totals
	}{d.Number, d.Content, d.Totals})
}

// maxDrawn bounds a drawn signature, in bytes.
const maxDrawn = 20_000

// The pad on which a signature is drawn, in its own units.
const (
	PadWidth  = 600
	PadHeight = 200
)

var strokes = regexp.MustCompile(`^(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})*)*$`)

// Stroke is one line of a drawn signature, without lifting the pen.
type Stroke [][2]int

// Strokes reads a drawn signature; not ok when it is none, is too long or leaves the pad.
func Strokes(s string) (all []Stroke, ok bool) {
	if len(s) > maxDrawn || !strokes.MatchString(s) {
		return nil, false
	}
	for _, part := range strings.Split(s, "M")[1:] {
		var one Stroke
		for at := range strings.SplitSeq(part, "L") {
			a, b, _ := strings.Cut(at, " ")
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			if x > PadWidth || y > PadHeight {
				return nil, false
			}
			one = append(one, [2]int{x, y})
		}
		all = append(all, one)
	}
	return all, true
}

// CheckDrawn refuses a drawn signature that is none: it is shown as it is kept.
func CheckDrawn(s string) error {
	if _, ok := Strokes(s); !ok {
		return fault.At("drawn", "sale.fault.drawn")
	}
	return nil
}
