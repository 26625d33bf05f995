package piece

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"essaim/fault"
)

func refused(t *testing.T, b []byte, key string) {
	t.Helper()
	_, err := Read(b)
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Key != key || e.Kind != fault.Invalid || e.Field != "file" {
		t.Errorf("%v and not %s", err, key)
	}
}

// photo is a picture whose left upper quarter is red.
func photo(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is a JPEG with the segment that a telephone adds: how it was held, and a word that stands for the place.
func exif(b []byte, order binary.AppendByteOrder, turn uint16) []byte {
	head := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM"
	}
	x := append([]byte("Exif\x00\x00"), head...)
	x = order.AppendUint16(x, 42)
	x = order.AppendUint32(x, 8)
	x = order.AppendUint16(x, 1)
	x = order.AppendUint16(x, 274)
	x = order.AppendUint16(x, 3)
	x = order.AppendUint32(x, 1)
	x = order.AppendUint16(x, turn)
	x = append(x, "\x00\x00GPS 45.7578 4.8320"...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(x)+2))
	return append(append(append([]byte{}, b[:2]...), append(seg, x...)...), b[2:]...)
}

func TestPhotoIsTurnedScaledAndStripped(t *testing.T) {
	src := exif(asJPEG(t, photo(3000, 2000)), binary.LittleEndian, 6)
	p, err := Read(src)
	if err != nil {
		t.Fatal(err)
	}
	if p.Media != JPEG || bytes.Contains(p.Body, []byte("Exif")) || bytes.Contains(p.Body, []byte("GPS")) || bytes.Contains(p.Thumb, []byte("GPS")) {
		t.Error("what the camera noted is still there")
	}
	img, err := jpeg.Decode(bytes.NewReader(p.Body))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 1467 || b.Dy() != keptSide {
		t.Errorf("%v", b)
	}
	// Turned by a quarter to the right, the red quarter is at the right.
	if r, _, _, _ := img.At(1300, 200).RGBA(); r < 0xe000 {
		t.Error("it is not upright")
	}
	small, err := jpeg.Decode(bytes.NewReader(p.Thumb))
	if err != nil || max(small.Bounds().Dx(), small.Bounds().Dy()) != thumbSide {
		t.Error(small.Bounds(), err)
	}
	if again, err := Read(src); err != nil || !bytes.Equal(again.Body, p.Body) {
		t.Error("the same photo gives other bytes")
	}
}

func TestEveryWayOfHoldingACamera(t *testing.T) {
	where := map[uint16][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}, 9: {0, 0}}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for turn, at := range where {
			p, err := Read(exif(asJPEG(t, photo(64, 32)), order, turn))
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(p.Body))
			if err != nil {
				t.Fatal(err)
			}
			w, h := img.Bounds().Dx(), img.Bounds().Dy()
			if r, _, _, _ := img.At(w/4+at[0]*w/2, h/4+at[1]*h/2).RGBA(); r < 0xd000 {
				t.Errorf("%d: the red quarter is not at %v", turn, at)
			}
			if turn >= 5 && turn <= 8 && w > h {
				t.Errorf("%d: %d × %d", turn, w, h)
			}
		}
	}
}

func TestDrawingStaysSharpOnWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	img.SetNRGBA(3, 3, color.NRGBA{0, 0, 0, 255})
	p, err := Read(asPNG(t, img))
	if err != nil || p.Media != PNG {
		t.Fatal(p.Media, err)
	}
	out, err := png.Decode(bytes.NewReader(p.Body))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, a := out.At(20, 20).RGBA(); r != 0xffff || a != 0xffff {
		t.Error("what one sees through is not white")
	}
	if r, _, _, _ := out.At(3, 3).RGBA(); r != 0 {
		t.Error("the point is gone")
	}
}

func TestHostileAndStrange(t *testing.T) {
	refused(t, nil, "piece.empty")
	refused(t, make([]byte, Max+1), "piece.large")
	refused(t, []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "piece.kind")
	refused(t, []byte("<!doctype html><script>alert(1)</script>"), "piece.kind")
	refused(t, []byte("MZ\x90\x00 a program"), "piece.kind")
	refused(t, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "piece.heic")
	refused(t, []byte("%PDF-1.7\nnothing"), "piece.broken")
	refused(t, asJPEG(t, photo(64, 64))[:200], "piece.broken")
	refused(t, asPNG(t, photo(64, 64))[:60], "piece.broken")
	refused(t, []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00abcd"), "piece.broken")
	// Few bytes that say to be a very large picture.
	for _, side := range [][2]uint32{{30_000, 30_000}, {15_000, 15_000}, {60_000, 2}, {5_000, 5_000}} {
		bomb := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
		binary.BigEndian.PutUint32(bomb[16:], side[0])
		binary.BigEndian.PutUint32(bomb[20:], side[1])
		binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
		refused(t, bomb, "piece.dimensions")
	}
	// A picture that goes on as a program: what is kept ends with the picture.
	p, err := Read(append(asPNG(t, photo(8, 8)), "<?php evil(); ?>"...))
	if err != nil || bytes.Contains(p.Body, []byte("php")) {
		t.Error(err)
	}
	pdf := []byte("%PDF-1.4\n1 0 obj<<>>endobj\nxref\ntrailer\nstartxref\n9\n%%EOF\n")
	if p, err := Read(pdf); err != nil || p.Media != PDF || !bytes.Equal(p.Body, pdf) || p.Thumb != nil {
		t.Error(p, err)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		`C:\Users\moi\Attestation décennale.PDF`: "Attestation décennale.pdf", "../../etc/passwd": "passwd.pdf", "": "piece.pdf", "..": "piece.pdf",
		"a\u202efdp.exe": "afdp.pdf", strings.Repeat("é", 300): strings.Repeat("é", 100) + ".pdf", "x\r\nSet-Cookie: y.pdf": "xSet-Cookie y.pdf", ".htaccess": "piece.pdf",
	} {
		if got := Name(name, PDF); got != want {
			t.Errorf("%q: %q and not %q", name, got, want)
		}
	}
}

// Whatever comes, nothing breaks, and what is kept can be read again.
func FuzzRead(f *testing.F) {
	f.Add(exif(asJPEG(f, photo(16, 8)), binary.LittleEndian, 6))
	f.Add(asPNG(f, photo(8, 8)))
	f.Add([]byte("%PDF-1.4\nstartxref\n0\n%%EOF"))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8L\x04\x00\x00\x00\x2f\x00\x00\x00"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Read(b)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if p.Media == PDF {
			return
		}
		again, err := Read(p.Body)
		if err != nil {
			t.Fatalf("what is kept cannot be read: %v", err)
		}
		if _, err := jpeg.DecodeConfig(bytes.NewReader(again.Thumb)); err != nil {
			t.Fatal(err)
		}
	})
}
