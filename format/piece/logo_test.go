package piece

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"essaim/fault"
)

func drawn(t testing.TB, w, h int, paint func(x, y int) color.Color) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, paint(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A logo is laid on white, cut to what shows, made small, written without transparency; what would not show is refused.
func TestReadLogo(t *testing.T) {
	square := func(c color.Color) func(x, y int) color.Color {
		return func(x, y int) color.Color {
			if x >= 100 && x < 300 && y >= 50 && y < 150 {
				return c
			}
			return color.Transparent
		}
	}
	l, err := ReadLogo(drawn(t, 400, 400, square(color.Black)))
	if err != nil || l.Width != 200 || l.Height != 100 {
		t.Fatalf("%d × %d, %v: not cut to what shows", l.Width, l.Height, err)
	}
	img, err := png.Decode(bytes.NewReader(l.Body))
	if err != nil || !img.(interface{ Opaque() bool }).Opaque() {
		t.Error("transparent, or no PNG", err)
	}
	if l, err := ReadLogo(drawn(t, 3000, 1500, func(int, int) color.Color { return color.NRGBA{20, 60, 90, 255} })); err != nil || l.Width != logoWide || l.Height != logoWide/2 {
		t.Errorf("%d × %d, %v", l.Width, l.Height, err)
	}
	huge := drawn(t, 10, 10, square(color.Black))
	binary.BigEndian.PutUint32(huge[16:], 15_000) // says more than it holds
	binary.BigEndian.PutUint32(huge[20:], 15_000)
	for name, c := range map[string]struct {
		body []byte
		key  string
	}{
		"empty":              {nil, "piece.empty"},
		"white on nothing":   {drawn(t, 400, 400, square(color.White)), "piece.logo_white"},
		"transparent":        {drawn(t, 40, 40, func(int, int) color.Color { return color.Transparent }), "piece.logo_white"},
		"a line":             {drawn(t, 400, 10, func(int, int) color.Color { return color.Black }), "piece.logo_thin"},
		"svg":                {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "piece.logo_svg"},
		"a page":             {[]byte("<!doctype html><script>alert(1)</script>"), "piece.logo_kind"},
		"a PDF":              {[]byte("%PDF-1.7"), "piece.logo_kind"},
		"a bomb":             {huge, "piece.broken"},
		"cut":                {drawn(t, 400, 400, square(color.Black))[:200], "piece.broken"},
		"three million byte": {append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 3<<20)...), "piece.logo_large"},
	} {
		_, err := ReadLogo(c.body)
		var key string
		for _, e := range fault.All(err) {
			key = e.Key
			if e.Field != "logo" {
				t.Errorf("%s: told on %q", name, e.Field)
			}
		}
		if key != c.key && (name != "a bomb" || key != "piece.dimensions") {
			t.Errorf("%s: %q, want %q", name, key, c.key)
		}
	}
	if strings.Contains(string(l.Body), "tEXt") {
		t.Error("words of the file were kept")
	}
}

func FuzzReadLogo(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Add([]byte("<svg/>"))
	f.Add(drawn(f, 40, 30, func(x, _ int) color.Color { return color.NRGBA{uint8(6 * x), 0, 0, 255} })) //nolint:gosec // under 240
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ReadLogo(b)
		if err != nil {
			return
		}
		c, err := png.DecodeConfig(bytes.NewReader(l.Body))
		if err != nil || c.Width != l.Width || c.Height != l.Height || c.Width > logoWide || c.Height > 6*logoWide {
			t.Fatalf("%d × %d, %+v, %v", l.Width, l.Height, c, err)
		}
	})
}
