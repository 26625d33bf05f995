package qr_test

import (
	"image"
	"image/color"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	"essaim/format/qr"
)

// picture draws the square as a phone sees it, so many pixels a module.
func picture(s qr.Square, scale int) image.Image {
	side := (s.Side + 2*qr.Quiet) * scale
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	s.Runs(func(x, y, length int) {
		for dy := range scale {
			for dx := range length * scale {
				img.SetGray((x+qr.Quiet)*scale+dx, (y+qr.Quiet)*scale+dy, color.Gray{})
			}
		}
	})
	return img
}

// What is drawn is read back by another library, accents included.
func TestAnotherLibraryReadsIt(t *testing.T) {
	for _, text := range []string{
		"BCD\n002\n1\nSCT\nAGRIFRPP\nTrame & Sillon\nFR7630006000011234567890189\nEUR1000.00\n\n\nF-2026-0012",
		"BCD\n002\n1\nSCT\n\nCoopérative d’activités et d’emploi « L’Établi »\nFR7630006000011234567890189\nEUR999999999.99\n\n\nF-2026-0012, F-2026-0013",
	} {
		s, err := qr.Of(text)
		if err != nil {
			t.Fatal(err)
		}
		if s.Side > 69 { // version 13, the largest that EPC069-12 allows
			t.Errorf("%d modules", s.Side)
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(picture(s, 4))
		if err != nil {
			t.Fatal(err)
		}
		got, err := reader.NewQRCodeReader().Decode(bits, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.GetText() != text {
			t.Errorf("read %q, want %q", got.GetText(), text)
		}
	}
}
