package piece

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"

	"essaim/fault"
)

// Bounds of a logo.
const (
	MaxLogo   = 2 << 20 // bytes
	logoArea  = 16_000_000
	logoWide  = 900 // points kept: 190 points of paper at 340 an inch
	logoWhite = 236 // what is lighter than this on every channel does not show on paper
)

// Logo is a picture to print on white paper.
type Logo struct {
	Body          []byte // PNG without transparency
	Width, Height int
}

// ReadLogo takes a logo in, or refuses it in words: decoded, laid on white, cut to what shows of it, made small enough and
// written anew, so that nothing of the bytes that came is kept.
func ReadLogo(b []byte) (Logo, error) {
	var c image.Config
	var err error
	var decode func() (image.Image, error)
	r := func() *bytes.Reader { return bytes.NewReader(b) }
	turn := 1
	switch head := bytes.ToLower(bytes.TrimSpace(b[:min(len(b), 512)])); {
	case len(b) == 0:
		return Logo{}, fault.At("logo", "piece.empty")
	case len(b) > MaxLogo:
		return Logo{}, fault.At("logo", "piece.logo_large", "max", MaxLogo>>20)
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		c, err = jpeg.DecodeConfig(r())
		turn, _ = marks(b)
		decode = func() (image.Image, error) { return jpeg.Decode(r()) }
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		c, err = png.DecodeConfig(r())
		decode = func() (image.Image, error) { return png.Decode(r()) }
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		c, err = webp.DecodeConfig(r())
		decode = func() (image.Image, error) { return webp.Decode(r()) }
	case bytes.Contains(head, []byte("<svg")), bytes.HasPrefix(head, []byte("<?xml")):
		return Logo{}, fault.At("logo", "piece.logo_svg")
	default:
		return Logo{}, fault.At("logo", "piece.logo_kind")
	}
	if err != nil {
		return Logo{}, brokenLogo(err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return Logo{}, fault.At("logo", "piece.broken")
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > logoArea {
		return Logo{}, fault.At("logo", "piece.dimensions", "width", c.Width, "height", c.Height)
	}
	img, err := decode()
	if err != nil {
		return Logo{}, brokenLogo(err)
	}
	whole := upright(fit(img, keptSide), turn)
	seen := shows(whole)
	if seen.Dx() < 8 || seen.Dy() < 8 {
		return Logo{}, fault.At("logo", "piece.logo_white")
	}
	if seen.Dx() > 12*seen.Dy() || seen.Dy() > 6*seen.Dx() {
		return Logo{}, fault.At("logo", "piece.logo_thin", "width", seen.Dx(), "height", seen.Dy())
	}
	kept := fit(whole.SubImage(seen), logoWide)
	var out bytes.Buffer
	if err := png.Encode(&out, kept); err != nil {
		return Logo{}, brokenLogo(err)
	}
	return Logo{Body: out.Bytes(), Width: kept.Bounds().Dx(), Height: kept.Bounds().Dy()}, nil
}

func brokenLogo(err error) error { return fault.At("logo", "piece.broken").Wrap(err) }

// shows is the part of a picture that can be told from white paper.
func shows(img *image.RGBA) image.Rectangle {
	var seen image.Rectangle
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c := img.RGBAAt(x, y); c != (color.RGBA{}) && (c.R < logoWhite || c.G < logoWhite || c.B < logoWhite) {
				seen = seen.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return seen
}
