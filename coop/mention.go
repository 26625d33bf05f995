package coop

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"essaim/fault"
)

// Mentions are the texts of the cooperative's own that its documents print once when a line of that nature is sold:
// general terms of a trade, what a profession must say.
type Mentions struct {
	ByNature map[string]string `json:"byNature"` // nature code → text

	LookReserved bool `json:"lookReserved,omitempty"` // logo, colour and lines of papers are chosen by the cooperative
}

// MaxMention is how long the text of a nature may be, in bytes.
const MaxMention = 1000

func (m *Mentions) check() error {
	var errs []error
	for _, nature := range slices.Sorted(maps.Keys(m.ByNature)) {
		text := m.ByNature[nature]
		if len(text) > MaxMention {
			errs = append(errs, fault.At(nature, "coop.mention_long", "max", MaxMention))
			continue
		}
		for line := range strings.SplitSeq(text, "\n") {
			for _, piece := range pieces(strings.TrimSuffix(line, "\r")) {
				if err := CheckText(nature, piece); err != nil {
					errs = append(errs, err)
				}
			}
		}
	}
	return errors.Join(errs...)
}

// pieces cuts a text that may be longer than a short one into parts that [CheckText] judges.
func pieces(s string) []string {
	r := []rune(s)
	var all []string
	for len(r) > MaxText {
		all, r = append(all, string(r[:MaxText])), r[MaxText:]
	}
	return append(all, string(r))
}
