package pdf

import (
	"strings"

	"essaim/i18n"
)

// The body of a page.
const (
	left      = 51.0
	rightEdge = paperWidth - left
	bodyWidth = rightEdge - left
	topEdge   = 48.0
	footEdge  = paperHeight - 30 // where the foot ends
)

// line is one line of something, to be drawn with its top at y.
type line struct {
	height float64
	draw   func(s *sheet, y float64)
}

// layout fills sheets from the top, turning to a new one where the body ends.
type layout struct {
	*sheet // in hand
	words  i18n.Printer
	sheets []*sheet
	y      float64
	bottom float64 // of the body: the foot stands below
	behind string  // word behind the text of each page

	running   func()  // draws what tops every page but the first, and moves y below it
	tableHead func()  // draws the head of the table in hand; nil between tables
	inset     float64 // left free below that head, within a row that goes on from one page to the next
}

// turn begins a new page.
func (l *layout) turn() {
	l.sheet = &sheet{}
	l.sheets = append(l.sheets, l.sheet)
	l.y = topEdge
	if l.behind != "" {
		l.watermark()
	}
	if len(l.sheets) > 1 {
		l.running()
		if l.tableHead != nil {
			l.tableHead()
			l.y += l.inset
		}
	}
}

// watermark sets the word large and pale from corner to corner.
func (l *layout) watermark() {
	const cos, sin = 0.5736, 0.8192 // 55°, the diagonal of the page
	st := style{cut: display, size: 150, color: ghost, track: -0.01}
	w := st.width(l.behind)
	if most := 760.0; w > most {
		st.size *= most / w
		w = most
	}
	x, y := (paperWidth-w*cos+st.size*0.7*sin)/2, (paperHeight+w*sin+st.size*0.7*cos)/2
	l.slanted(x, y, cos, sin, st, l.behind)
}

// need turns the page where the given height does not fit any more, unless no page has that much room.
func (l *layout) need(height float64) {
	if l.y+height > l.bottom && height <= l.bottom-topEdge-runningHeight {
		l.turn()
	}
}

// flow places columns of lines side by side from y on, over as many pages as they take, and moves y below the longest.
func (l *layout) flow(columns ...[]line) {
	for first := true; ; first = false {
		end, rest := l.y, false
		for i, column := range columns {
			y, n := l.y, 0
			// A page that was just begun takes at least one line, whatever its height.
			for n < len(column) && (y+column[n].height <= l.bottom+0.01 || n == 0 && !first) {
				column[n].draw(l.sheet, y)
				y += column[n].height
				n++
			}
			columns[i] = column[n:]
			end, rest = max(end, y), rest || n < len(column)
		}
		l.y = end
		if !rest {
			return
		}
		l.turn()
	}
}

func height(lines []line) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.height
	}
	return h
}

// space is an empty line.
func space(h float64) line { return line{h, func(*sheet, float64) {}} }

// sides says where the lines of a paragraph stand.
type side int

const (
	toLeft side = iota
	toRight
)

// paragraph sets a text within a width, from x on or up to x + width.
func paragraph(x, width float64, to side, st style, lead float64, t string) []line {
	var lines []line
	for _, t := range even(st, t, width) {
		lines = append(lines, line{lead, func(s *sheet, y float64) {
			y = baseline(y, lead, st)
			if to == toRight {
				s.right(x+width, y, st, t)
			} else {
				s.text(x, y, st, t)
			}
		}})
	}
	return lines
}

// even wraps a text so that no short word is left alone on its last line, where that costs no line.
func even(st style, t string, width float64) []string {
	lines := wrap(st, t, width)
	if n := len(lines); n > 1 && n < 12 && st.width(lines[n-1]) < 0.14*width {
		if better := wrap(st, t, 0.92*width); len(better) == n {
			return better
		}
	}
	return lines
}

// label sets a text whose further lines, if any, stand closer than the lines of a list.
func label(x, width float64, to side, st style, lead, further float64, t string) []line {
	lines := paragraph(x, width, to, st, lead, t)
	if len(lines) > 1 {
		copy(lines[1:], paragraph(x, width, to, st, further, t)[1:])
		lines[len(lines)-1].height = (lead + further) / 2
	}
	return lines
}

// baseline centres the capitals in a line whose top is y.
func baseline(y, lead float64, st style) float64 { return y + lead/2 + 0.3636*st.size }

// wrap cuts a text into lines that fit the width: at spaces, after a hyphen or a stroke, and inside a word only when it
// is longer than a line. An empty text has no line.
func wrap(st style, t string, width float64) []string {
	var lines []string
	t = strings.TrimRight(letters(t), " \n")
	if t == "" {
		return nil
	}
	gap := st.width(" ")
	for t := range strings.SplitSeq(t, "\n") {
		current, used := "", 0.0
		for word := range strings.SplitSeq(t, " ") {
			if word == "" {
				continue
			}
			spaced := current != ""
			for _, part := range syllables(st, word, width) {
				before := 0.0
				if spaced {
					before = gap
				}
				switch {
				case current == "":
					current, used = part.text, part.width
				case used+before+part.width <= width+0.01:
					if spaced {
						current += " "
					}
					current += part.text
					used += before + part.width
				default:
					lines = append(lines, current)
					current, used = part.text, part.width
				}
				spaced = false
			}
		}
		lines = append(lines, current)
	}
	return lines
}

// part is a piece of a word and its width.
type part struct {
	text  string
	width float64
}

// syllables cuts a word where a line may end inside it.
func syllables(st style, word string, width float64) []part {
	if !strings.ContainsAny(word, "-/‐") {
		if w := st.width(word); w <= width {
			return []part{{word, w}}
		}
	}
	var parts []part
	from, used := 0, 0.0
	cut := func(at int) {
		parts = append(parts, part{word[from:at], st.width(word[from:at])})
		from, used = at, 0
	}
	for i, r := range word {
		size := len(string(r))
		w := st.width(word[i : i+size])
		if i > from && used+w > width {
			cut(i)
		}
		used += w
		if (r == '-' || r == '/' || r == '‐') && i > from && i+size < len(word) && !figure(rune(word[i+size])) {
			cut(i + size)
		}
	}
	cut(len(word))
	return parts
}
