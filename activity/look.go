package activity

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"essaim/coop"
	"essaim/fault"
)

// Look is how the papers of an activity look. What the law asks of them is the cooperative's and stays.
type Look struct {
	Name   string   `json:"name,omitempty"`   // trade name on papers, when it is not that of the activity
	Accent string   `json:"accent,omitempty"` // "#1f6f5c"
	Lines  []string `json:"lines,omitempty"`  // under the name: where to find the workshop, a site
	Foot   string   `json:"foot,omitempty"`   // above the legal identity of the cooperative
	Logo   string   `json:"logo,omitempty"`   // SHA-256 of a PNG on white
	Width  int      `json:"width,omitempty"`  // of the logo, in points of the picture
	Height int      `json:"height,omitempty"`
}

// Bounds of the texts, in characters.
const (
	maxLookName = 80
	maxLookLine = 80
	MaxLookRows = 4
	MaxLookFoot = 300
)

// Check tells what is wrong with a look, on its fields: "name", "accent", "lines", "foot".
func (l Look) Check() error {
	var errs []error
	long := func(field, s string, most int) {
		if utf8.RuneCountInString(s) > most {
			errs = append(errs, fault.At(field, "activity.look_long", "max", most))
		}
		if e := coop.CheckText(field, strings.ReplaceAll(s, "\n", " ")); e != nil {
			errs = append(errs, e)
		}
	}
	long("name", l.Name, maxLookName)
	if _, ok := ParseColour(l.Accent); l.Accent != "" && !ok {
		errs = append(errs, fault.At("accent", "activity.look_colour"))
	}
	if len(l.Lines) > MaxLookRows {
		errs = append(errs, fault.At("lines", "activity.look_lines", "max", MaxLookRows))
	} else {
		for _, s := range l.Lines {
			long("lines", s, maxLookLine)
		}
	}
	long("foot", l.Foot, MaxLookFoot)
	return errors.Join(errs...)
}

// Colour is one of the sRGB space.
type Colour struct{ R, G, B uint8 }

// ParseColour reads "#1f6f5c", "1F6F5C" or "#abc".
func ParseColour(s string) (Colour, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "#")
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return Colour{}, false
	}
	return Colour{uint8(n >> 16), uint8(n >> 8 & 255), uint8(n & 255)}, true //nolint:gosec // six digits
}

// String is how it is kept: "#1f6f5c".
func (c Colour) String() string {
	const digits = "0123456789abcdef"
	b := []byte{'#'}
	for _, v := range []uint8{c.R, c.G, c.B} {
		b = append(b, digits[v>>4], digits[v&15])
	}
	return string(b)
}

// OnPaper is the contrast of the colour with white paper, from 1 to 21 (WCAG 2.2, 1.4.3).
func (c Colour) OnPaper() float64 { return 1.05 / (c.luminance() + 0.05) }

// luminance is the relative luminance of WCAG 2.2.
func (c Colour) luminance() float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// Readable is the contrast that words need (WCAG 2.2 AA).
const Readable = 4.5

// Ink is the colour in which words are written: itself where they can be read on white, otherwise darkened until they can.
func (c Colour) Ink() Colour {
	for range 256 {
		if c.OnPaper() >= Readable {
			return c
		}
		c = Colour{darker(c.R), darker(c.G), darker(c.B)}
	}
	return c
}

func darker(v uint8) uint8 { return uint8(max(0, int(v)*31/32-1)) } //nolint:gosec // between 0 and 255

// Tint is a part of the colour, in hundredths, on white.
func (c Colour) Tint(part int) Colour {
	mix := func(v uint8) uint8 { return uint8(255 - (255-int(v))*part/100) } //nolint:gosec // between 0 and 255
	return Colour{mix(c.R), mix(c.G), mix(c.B)}
}
