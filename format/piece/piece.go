// Package piece reads what people attach to a document: a photo, a scan, a certificate. The bytes come from anyone, so that
// nothing of them is kept as it came but a PDF: a picture is decoded, turned upright, made small enough to be looked at
// and written anew, without what its camera noted of the place and the day.
//
// Formats: JPEG (ITU T.81, Exif 2.32 for the orientation), PNG (W3C 2003), WebP (RFC 9649), PDF (ISO 32000-1 § 7.5).
package piece

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"essaim/fault"
)

// Max is the largest piece taken in, in bytes.
const Max = 10 << 20

// The media types kept.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
)

// Bounds of a picture. A dense picture of few bytes would fill the memory: its dimensions are read before its points.
const (
	maxSide     = 16_000
	maxBaseline = 40_000_000 // points of a JPEG read line by line: the largest that telephones make
	maxOther    = 20_000_000 // points of what is held whole, several bytes a point, while it is read
	keptSide    = 2200       // the page of an A4 sheet stays legible: about 190 points an inch
	thumbSide   = 320
	quality     = 84
	thumbGrade  = 78
	keptPNG     = 1 << 20 // a drawing or a screen stays sharp as PNG up to there
)

// Piece is what is kept of an attachment.
type Piece struct {
	Media string
	Body  []byte
	Thumb []byte // a small JPEG; nil of a PDF
}

// Ext is the ending of the name of a file of this media type.
func Ext(media string) string {
	switch media {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case PDF:
		return ".pdf"
	}
	return ".bin"
}

// Read takes a piece in, or refuses it in words. What it is follows from its bytes, never from its name.
func Read(b []byte) (Piece, error) {
	switch {
	case len(b) == 0:
		return Piece{}, fault.At("file", "piece.empty")
	case len(b) > Max:
		return Piece{}, fault.At("file", "piece.large", "max", Max>>20)
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return readPDF(b)
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return readJPEG(b)
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		c, err := png.DecodeConfig(bytes.NewReader(b))
		return other(c, err, func() (image.Image, error) { return png.Decode(bytes.NewReader(b)) })
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		c, err := webp.DecodeConfig(bytes.NewReader(b))
		return other(c, err, func() (image.Image, error) { return webp.Decode(bytes.NewReader(b)) })
	case len(b) > 12 && string(b[4:8]) == "ftyp": // HEIC, AVIF, a film
		return Piece{}, fault.At("file", "piece.heic")
	}
	return Piece{}, fault.At("file", "piece.kind")
}

// readPDF keeps a PDF as it is: it is never opened here, and browsers are told to save it rather than to show it.
func readPDF(b []byte) (Piece, error) {
	end := b[max(0, len(b)-2048):]
	if !bytes.Contains(end, []byte("%%EOF")) || !bytes.Contains(b, []byte("startxref")) {
		return Piece{}, fault.At("file", "piece.broken")
	}
	return Piece{Media: PDF, Body: bytes.Clone(b)}, nil
}

func readJPEG(b []byte) (Piece, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return Piece{}, broken(err)
	}
	turn, progressive := marks(b)
	most := maxBaseline
	if progressive || c.ColorModel == color.CMYKModel {
		most = maxOther
	}
	if err := bounded(c, most); err != nil {
		return Piece{}, err
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return Piece{}, broken(err)
	}
	return write(img, turn, false)
}

func other(c image.Config, err error, decode func() (image.Image, error)) (Piece, error) {
	if err != nil {
		return Piece{}, broken(err)
	}
	if err := bounded(c, maxOther); err != nil {
		return Piece{}, err
	}
	img, err := decode()
	if err != nil {
		return Piece{}, broken(err)
	}
	return write(img, 1, true)
}

func broken(err error) error { return fault.At("file", "piece.broken").Wrap(err) }

func bounded(c image.Config, most int) error {
	if c.Width <= 0 || c.Height <= 0 {
		return fault.At("file", "piece.broken")
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > most {
		return fault.At("file", "piece.dimensions", "width", c.Width, "height", c.Height)
	}
	return nil
}

// write draws the picture anew: on white, upright, no larger than what is kept.
func write(img image.Image, turn int, sharp bool) (Piece, error) {
	whole := upright(fit(img, keptSide), turn)
	p := Piece{Media: JPEG}
	var out bytes.Buffer
	if sharp {
		if err := png.Encode(&out, whole); err != nil {
			return p, broken(err)
		}
		if out.Len() <= keptPNG {
			p.Media = PNG
		} else {
			out.Reset()
		}
	}
	if p.Media == JPEG {
		if err := jpeg.Encode(&out, whole, &jpeg.Options{Quality: quality}); err != nil {
			return p, broken(err)
		}
	}
	var small bytes.Buffer
	if err := jpeg.Encode(&small, fit(whole, thumbSide), &jpeg.Options{Quality: thumbGrade}); err != nil {
		return p, broken(err)
	}
	p.Body, p.Thumb = out.Bytes(), small.Bytes()
	return p, nil
}

// fit draws a picture on white within a square of a side; a smaller one keeps its size.
func fit(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(to, to.Bounds(), img, b.Min, draw.Over)
		return to
	}
	// The average of what becomes one point keeps small print legible, in time that grows with the picture alone.
	half := img
	for half.Bounds().Dx() >= 4*w && half.Bounds().Dy() >= 4*h {
		n := half.Bounds()
		next := image.NewRGBA(image.Rect(0, 0, (n.Dx()+1)/2, (n.Dy()+1)/2))
		draw.ApproxBiLinear.Scale(next, next.Bounds(), half, n, draw.Src, nil)
		half = next
	}
	draw.CatmullRom.Scale(to, to.Bounds(), half, half.Bounds(), draw.Over, nil)
	return to
}

// upright turns a picture as its camera was held (Exif 2.32 § 4.6.4 A, tag 274).
func upright(img *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var a, b int
			switch turn {
			case 2:
				a, b = w-1-x, y
			case 3:
				a, b = w-1-x, h-1-y
			case 4:
				a, b = x, h-1-y
			case 5:
				a, b = y, x
			case 6:
				a, b = h-1-y, x
			case 7:
				a, b = h-1-y, w-1-x
			default:
				a, b = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(a, b):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return to
}

// marks walks the segments of a JPEG before its points: how it is turned, and whether it is held whole while it is read.
func marks(b []byte) (turn int, progressive bool) {
	turn = 1
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		mark := b[at+1]
		if mark == 0xff { // padding
			at++
			continue
		}
		if mark == 0xda || mark == 0xd9 {
			break
		}
		size := int(b[at+2])<<8 | int(b[at+3])
		if size < 2 || at+2+size > len(b) {
			break
		}
		body := b[at+4 : at+2+size]
		switch {
		case mark == 0xc2:
			progressive = true
		case mark == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			if t := orientation(body[6:]); t != 0 {
				turn = t
			}
		}
		at += 2 + size
	}
	return turn, progressive
}

// orientation reads the tag 274 of the first directory of a TIFF header; 0 when there is none.
func orientation(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	little := string(b[:2]) == "II"
	if !little && string(b[:2]) != "MM" {
		return 0
	}
	num := func(at, size int) int {
		if at < 0 || at+size > len(b) {
			return -1
		}
		part := slices.Clone(b[at : at+size])
		if little {
			slices.Reverse(part)
		}
		n := 0
		for _, x := range part {
			n = n<<8 | int(x)
		}
		return n
	}
	at := num(4, 4)
	count := num(at, 2)
	for i := range max(0, count) {
		row := at + 2 + 12*i
		tag := num(row, 2)
		if tag < 0 {
			return 0
		}
		if tag == 274 {
			if t := num(row+8, 2); t >= 1 && t <= 8 {
				return t
			}
			return 0
		}
	}
	return 0
}

// maxName bounds the name of a piece, in characters.
const maxName = 100

// Name makes the name that a file came with fit to be shown and to be saved under: no folder, nothing that no eye can see,
// and the ending of what it really is.
func Name(name, media string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) || strings.ContainsRune(`<>:"/|?*`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSuffix(name, path.Ext(name)), ". ")
	if r := []rune(name); len(r) > maxName {
		name = strings.TrimSpace(string(r[:maxName]))
	}
	if name == "" {
		name = "piece"
	}
	return name + Ext(media)
}
