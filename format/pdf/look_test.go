package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"essaim/sale"
)

func logoOf(w, h int, c color.Color) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for y := h / 8; y < h-h/8; y++ {
		for x := w / 8; x < w-w/8; x++ {
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// A logo stands in the file once, whatever the paper; a paper without one names no picture; one that cannot be read never
// keeps an invoice from leaving; the same paper gives the same bytes.
func TestPaperWearsItsLogo(t *testing.T) {
	paper := sale.Paper{Lang: "fr", Title: "Facture", Number: "F-1", Brand: "Essai", Under: []string{"Une activité de Trame & Sillon"}, Closing: "Merci."}
	plain, err := Document(paper)
	if err != nil || bytes.Contains(plain, []byte("/Subtype /Image")) {
		t.Fatal(err, "a picture in a paper without logo")
	}
	paper.Look = sale.Look{Accent: "#1f6f5c", Logo: "x", Image: logoOf(300, 120, color.Black)}
	dressed, err := Document(paper)
	if err != nil || bytes.Count(dressed, []byte("/Subtype /Image")) != 1 {
		t.Fatalf("%v: %d pictures", err, bytes.Count(dressed, []byte("/Subtype /Image")))
	}
	if at := bytes.LastIndex(dressed, []byte("\n2 0 obj")); at < 0 || !bytes.Contains(dressed[at:at+400], []byte("/XObject <</I")) {
		t.Error("the resources that count do not name the picture")
	}
	if again, err := Document(paper); err != nil || !bytes.Equal(again, dressed) {
		t.Error("not the same bytes twice", err)
	}
	for name, image := range map[string][]byte{"nothing": {}, "no picture": []byte("GIF89a"), "cut": paper.Look.Image[:60]} {
		paper.Look.Image = image
		if b, err := Document(paper); err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	letter := Letter{Lang: "fr", Brand: "Essai", Title: "Rappel", Text: "Bonjour", Look: sale.Look{Accent: "#f2b134", Image: logoOf(80, 200, color.Black)}}
	if b, err := Write(letter); err != nil || bytes.Count(b, []byte("/Subtype /Image")) != 1 {
		t.Error("a letter without its logo", err)
	}
}
