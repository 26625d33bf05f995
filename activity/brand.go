package activity

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/fault"
)

// Brand is how the papers of an activity look: its own mark beside the name of the cooperative, which stays the seller.
type Brand struct {
	Logo   string `json:"logo,omitempty"`   // SHA-256 of a filed PNG or JPEG
	Accent string `json:"accent,omitempty"` // « #0b6b5c »
	Strap  string `json:"strap,omitempty"`  // under the name
	Site   string `json:"site,omitempty"`
}

// MinContrast is what an accent must have against white: text is printed in it (WCAG 2.2, 1.4.3).
const MinContrast = 4.5

// Check tells what is wrong with a brand.
func (b Brand) Check() error {
	var errs []error
	if b.Accent != "" {
		switch c, ok := Contrast(b.Accent); {
		case !ok:
			errs = append(errs, fault.At("accent", "activity.accent_shape"))
		case c < MinContrast:
			errs = append(errs, fault.At("accent", "activity.accent_pale"))
		}
	}
	for _, f := range [][2]string{{"strap", b.Strap}, {"site", b.Site}} {
		if e := coop.CheckText(f[0], f[1]); e != nil {
			errs = append(errs, e)
		}
	}
	if b.Site != "" && (strings.ContainsAny(b.Site, " <>\"") || !strings.Contains(b.Site, ".")) {
		errs = append(errs, fault.At("site", "activity.site_shape"))
	}
	return errors.Join(errs...)
}

// RGB reads « #0b6b5c ».
func RGB(s string) (r, g, b uint8, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return uint8(n >> 16), uint8(n >> 8), uint8(n), err == nil //nolint:gosec // each a byte of n
}

// Contrast is the ratio of a colour against white, from 1 to 21 (WCAG 2.2, relative luminance).
func Contrast(colour string) (float64, bool) {
	r, g, b, ok := RGB(colour)
	if !ok {
		return 0, false
	}
	lin := func(c uint8) float64 {
		x := float64(c) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b) + 0.05), true
}
