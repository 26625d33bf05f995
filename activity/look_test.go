package activity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Contrasts computed by the formula of WCAG 2.2: black on white is 21, #767676 is the lightest grey that words may have.
func TestColourOnPaper(t *testing.T) {
	for text, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54, "#ffff00": 1.07, "#f2b134": 1.89} {
		c, ok := ParseColour(text)
		if got := c.OnPaper(); !ok || got < want-0.01 || got > want+0.01 {
			t.Errorf("%s: %.2f, want %.2f", text, got, want)
		}
	}
	for _, text := range []string{"", "#12", "#12345g", "red", "#1234567", "éà"} {
		if c, ok := ParseColour(text); ok {
			t.Errorf("%q is %s", text, c)
		}
	}
	if c, _ := ParseColour("ABC"); c.String() != "#aabbcc" {
		t.Error(c)
	}
}

// Whatever the colour, words written in its ink can be read; a colour that can be read is its own ink.
func TestInkIsReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Colour{rapid.Uint8().Draw(t, "r"), rapid.Uint8().Draw(t, "g"), rapid.Uint8().Draw(t, "b")}
		ink := c.Ink()
		if ink.OnPaper() < Readable || c.OnPaper() >= Readable && ink != c {
			t.Fatalf("%s: %s, %.2f", c, ink, ink.OnPaper())
		}
		if back, ok := ParseColour(c.String()); !ok || back != c {
			t.Fatalf("%s is read as %s", c, back)
		}
	})
}

func TestLookCheck(t *testing.T) {
	if err := (Look{Name: "L’Atelier", Accent: "#1f6f5c", Lines: []string{"Atelier : 7 rue du Four"}, Foot: "Merci."}).Check(); err != nil {
		t.Error(err)
	}
	for name, l := range map[string]Look{
		"long name": {Name: strings.Repeat("a", 81)}, "colour": {Accent: "rouge"}, "five lines": {Lines: []string{"1", "2", "3", "4", "5"}}, "long line": {Lines: []string{strings.Repeat("a", 81)}},
		"long foot": {Foot: strings.Repeat("a", 301)}, "control": {Foot: "a\x00b"}, "no glyph": {Name: "\U0001F600"},
	} {
		if l.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
