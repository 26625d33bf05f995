package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"essaim/activity"
	"essaim/sale"
)

// Room for a logo at the head of a paper.
const (
	logoTall = 44.0
	logoWide = 170.0
)

// dress is how the paper of an activity looks.
type dress struct {
	accent      activity.Colour
	coloured    bool
	logo        []byte // PNG without transparency; nil: none, or one that cannot be read
	wide, tall  float64
	name, quiet style
}

// wear reads a look. A paper never fails for what only adorns it.
func wear(l sale.Look) dress {
	d := dress{name: style{cut: display, size: 20, color: ink, track: -0.012}, quiet: quietText}
	if d.accent, d.coloured = activity.ParseColour(l.Accent); d.coloured {
		d.name.color = paintOf(d.accent.Ink())
	}
	c, err := png.DecodeConfig(bytes.NewReader(l.Image))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > 4096 || c.Height > 4096 {
		return d
	}
	if _, err := png.Decode(bytes.NewReader(l.Image)); err != nil { // the library fails on what is cut
		return d
	}
	k := min(logoWide/float64(c.Width), logoTall/float64(c.Height))
	d.logo, d.wide, d.tall = l.Image, k*float64(c.Width), k*float64(c.Height)
	d.name.size = 14
	return d
}

func paintOf(c activity.Colour) paint { return paint{c.R, c.G, c.B} }

// band tops the first page with the colour of the activity.
func (d dress) band(s *sheet) {
	if d.coloured {
		s.fill(left, 26, bodyWidth, 3, 1.5, paintOf(d.accent))
	}
}

// head is the name of the activity and the lines under it, in a column: with its logo, or the hexagon of its initials.
func (d dress) head(s *sheet, y, width float64, brand string, under []string) []line {
	if d.logo == nil {
		s.badgeIn(left-23, y+13, 15, brand, d)
		names := append(paragraph(left, width, toLeft, d.name, 25, brand), space(4))
		for _, t := range under {
			names = append(names, paragraph(left, width, toLeft, d.quiet, 13, t)...)
		}
		return names
	}
	names := []line{{d.tall, func(s *sheet, y float64) { s.picture(left, y, d.wide, d.tall, d.logo) }}, space(7)}
	names = append(names, paragraph(left, width, toLeft, d.name, 18, brand)...)
	names = append(names, space(2))
	st := style{cut: regular, size: 8.5, color: ink2}
	for _, t := range together(st, under, width) { // beside a logo short texts share a line: the address stays in its window
		names = append(names, paragraph(left, width, toLeft, st, 12, t)...)
	}
	return names
}

// together joins short texts on one line as long as they fit.
func together(st style, texts []string, width float64) []string {
	var list []string
	for _, t := range texts {
		if n := len(list); n > 0 {
			if both := list[n-1] + " · " + t; st.width(letters(both)) <= width {
				list[n-1] = both
				continue
			}
		}
		list = append(list, t)
	}
	return list
}

// badgeIn is [sheet.badge] in the colour of the activity.
func (s *sheet) badgeIn(x, y, radius float64, name string, d dress) {
	letters := initials(name)
	if letters == "" {
		return
	}
	under, over := hexagonal, ink2
	if d.coloured {
		under, over = paintOf(d.accent.Tint(16)), paintOf(d.accent.Ink())
	}
	s.hexagon(x, y, radius, radius*0.22, under)
	st := style{cut: semibold, size: radius * 0.62, color: over}
	s.centre(x, y+st.size*0.3636, st, letters)
}

// picture draws a PNG without transparency.
func (s *sheet) picture(x, y, w, h float64, body []byte) {
	s.add(func(p *pen) {
		sum := sha256.Sum256(body)
		name, how := hex.EncodeToString(sum[:8]), fpdf.ImageOptions{ImageType: "PNG"}
		if p.GetImageInfo(name) == nil {
			p.RegisterImageOptionsReader(name, how, bytes.NewReader(body))
		}
		if p.Err() { // an adornment: the paper goes without
			p.ClearError()
			return
		}
		p.ImageOptions(name, x, y, w, h, false, how, 0, "")
	})
}

// pictures returns the entry of the library's resources that names the pictures of the file, "" when there is none.
func pictures(doc []byte) string {
	at := bytes.Index(doc, []byte("\n2 0 obj"))
	if at < 0 {
		return ""
	}
	own := doc[at:]
	if end := bytes.Index(own, []byte("endobj")); end >= 0 {
		own = own[:end]
	}
	from := bytes.Index(own, []byte("/XObject <<"))
	if from < 0 {
		return ""
	}
	to := bytes.Index(own[from:], []byte(">>"))
	if to < 0 {
		return ""
	}
	if list := strings.Join(strings.Fields(string(own[from+len("/XObject <<"):from+to])), " "); list != "" {
		return "/XObject <<" + list + ">> "
	}
	return ""
}

// closing are words of the activity's own, under all that is to be read.
func (d *document) closing() {
	if d.Closing == "" {
		return
	}
	lines := paragraph(left, bodyWidth*0.94, toLeft, quietText, 13, d.Closing)
	d.y += 14
	d.need(height(lines))
	d.flow(lines)
}

// marked is the marker under the amount to pay, in the colour of the activity.
func (d *document) marked(s *sheet, x, y, width float64, st style) {
	c := marker
	if w := wear(sale.Look{Accent: d.Look.Accent}); w.coloured {
		c = paintOf(w.accent.Tint(30))
	}
	s.fill(x-3, y-0.3*st.size, width+6, 0.42*st.size, 0, c)
}
