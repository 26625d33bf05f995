package slips

import (
	"errors"
	"maps"
	"slices"
)

// MaxPages is the most pages of one file.
const MaxPages = 5000

var errPages = errors.New("too many pages")

// page is one page, with what it inherits (§ 7.7.3).
type page struct {
	resources any
	boxes     map[name]any
	contents  any
}

// inherited are the entries of a page that a node above it may hold, beside its resources.
func inherited() []name { return []name{"MediaBox", "CropBox", "Rotate"} }

// own are the other entries of a page that change how it looks. Links, notes, forms and history stay behind: they may lead to the pages
// of someone else.
func own() []name { return []name{"BleedBox", "TrimBox", "ArtBox", "UserUnit", "Group"} }

// tree walks the pages below a node.
func (d *document) tree(node any, above page, depth int) error {
	if r, ok := node.(ref); ok {
		if d.nodes[r.number] {
			return errSyntax
		}
		d.nodes[r.number] = true
	}
	n, ok := d.get(node).(dict)
	if !ok || depth > maxDepth {
		return errSyntax
	}
	here := page{resources: above.resources, boxes: map[name]any{}}
	maps.Copy(here.boxes, above.boxes)
	if v, ok := n["Resources"]; ok {
		here.resources = v
	}
	for _, k := range inherited() {
		if v, ok := n[k]; ok {
			here.boxes[k] = v
		}
	}
	if kids, ok := d.get(n["Kids"]).(array); ok && n["Type"] != name("Page") {
		for _, kid := range kids {
			if err := d.tree(kid, here, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(d.pages) == MaxPages {
		return errPages
	}
	for _, k := range own() {
		if v, ok := n[k]; ok {
			here.boxes[k] = v
		}
	}
	here.contents = n["Contents"]
	d.pages = append(d.pages, here)
	return nil
}

// content returns what a page paints: its streams are one, parted anywhere between two words.
func (d *document) content(p page) ([]byte, error) {
	parts, _ := d.list(p.contents)
	if len(parts) > 4000 {
		return nil, errMuch
	}
	var all []byte
	for _, part := range parts {
		s, ok := d.get(part).(*stream)
		if !ok {
			continue
		}
		b, err := d.decode(s)
		if err != nil {
			return nil, err
		}
		if all = append(append(all, b...), '\n'); len(all) > maxStream {
			return nil, errMuch
		}
	}
	return all, nil
}

// names returns every name that stands in a content stream: what it may ask of its resources.
func (d *document) names(content []byte, into map[name]bool) error {
	s := d.scanContent(content)
	for {
		v, err := s.next()
		switch {
		case errors.Is(err, errEnd):
			return nil
		case errors.Is(err, errMuch):
			return err
		case err != nil:
			s.at++ // a stray sign: viewers go on
			continue
		}
		switch v := v.(type) {
		case name:
			into[v] = true
		case array:
			// An array of a content holds names only in what is marked.
		case dict:
			collect(v, into)
		case op:
			if v == "ID" {
				s.picture()
			}
		}
	}
}

// scanContent reads a content stream. Its words are counted apart from the values of the file, for they are not kept.
func (d *document) scanContent(b []byte) *scanner {
	return &scanner{b: b, values: &d.work}
}

// next reads the next word of a content stream, where no references stand.
func (s *scanner) next() (any, error) {
	return s.token(0)
}

// collect returns the names within a value.
func collect(v any, into map[name]bool) {
	switch v := v.(type) {
	case name:
		into[v] = true
	case array:
		for _, x := range v {
			collect(x, into)
		}
	case dict:
		for _, x := range v {
			collect(x, into)
		}
	}
}

// picture goes over the bytes of a picture in a content stream (§ 8.9.7), to the EI that stands alone.
func (s *scanner) picture() {
	for i := s.at + 1; i+2 < len(s.b); i++ {
		if s.b[i] == 'E' && s.b[i+1] == 'I' && isSpace(s.b[i-1]) && (i+2 == len(s.b) || isSpace(s.b[i+2])) && slices.IndexFunc(s.b[i+2:min(i+12, len(s.b))], func(c byte) bool { return c > 126 || c < 9 }) < 0 {
			s.at = i + 2
			return
		}
	}
	s.at = len(s.b)
}
