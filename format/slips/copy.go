package slips

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// copier writes chosen pages as a document of their own. Nothing of the other pages goes along: of the resources, which programs
// often share between all pages, only what these pages name; no links, notes, outlines or properties.
type copier struct {
	d       *document
	out     bytes.Buffer
	offsets []int
	numbers map[int]int // object of the source → of the copy
	queue   []queued
	most    int // bytes
}

type queued struct {
	number int
	value  any
}

// maxCopy is the largest document of one person, in bytes.
const maxCopy = 60 << 20

// extract writes pages, from 0, as a document.
func (d *document) extract(pages []int) ([]byte, error) {
	c := &copier{d: d, numbers: map[int]int{}, most: maxCopy}
	c.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	c.offsets = make([]int, 3) // 0 is none, 1 the catalogue, 2 the tree
	kids := array{}
	for _, i := range pages {
		p := d.pages[i]
		content, err := d.content(p)
		if err != nil {
			return nil, err
		}
		used := map[name]bool{}
		if err := d.names(content, used); err != nil {
			return nil, err
		}
		resources, err := c.resources(p.resources, used, 0)
		if err != nil {
			return nil, err
		}
		n := c.number()
		entries := dict{"Type": name("Page"), "Parent": ref{-2, 0}, "Resources": resources, "Contents": c.contents(p.contents)}
		for k, v := range p.boxes {
			entries[k] = d.get(v)
		}
		if entries["MediaBox"] == nil {
			entries["MediaBox"] = array{0, 0, 595, 842}
		}
		kids = append(kids, ref{-n, 0})
		if err := c.object(n, entries); err != nil {
			return nil, err
		}
	}
	for len(c.queue) > 0 {
		q := c.queue[0]
		c.queue = c.queue[1:]
		if err := c.object(q.number, q.value); err != nil {
			return nil, err
		}
	}
	if err := c.object(2, dict{"Type": name("Pages"), "Count": len(pages), "Kids": kids}); err != nil {
		return nil, err
	}
	if err := c.object(1, dict{"Type": name("Catalog"), "Pages": ref{-2, 0}}); err != nil {
		return nil, err
	}
	start := c.out.Len()
	fmt.Fprintf(&c.out, "xref\n0 %d\n0000000000 65535 f \n", len(c.offsets))
	for _, at := range c.offsets[1:] {
		fmt.Fprintf(&c.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&c.out, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(c.offsets), start)
	return c.out.Bytes(), nil
}

func (c *copier) number() int {
	c.offsets = append(c.offsets, 0)
	return len(c.offsets) - 1
}

// contents keeps the streams of a page as they are, each one an object.
func (c *copier) contents(v any) any {
	parts, _ := c.d.list(v)
	out := array{}
	for _, p := range parts {
		if s, ok := c.d.get(p).(*stream); ok {
			out = append(out, c.refer(p, s))
		}
	}
	return out
}

// refer returns the reference to a value in the copy, which is written later.
func (c *copier) refer(from any, v any) ref {
	if r, ok := from.(ref); ok {
		if n, known := c.numbers[r.number]; known {
			return ref{-n, 0}
		}
		n := c.number()
		c.numbers[r.number] = n
		c.queue = append(c.queue, queued{n, v})
		return ref{-n, 0}
	}
	n := c.number()
	c.queue = append(c.queue, queued{n, v})
	return ref{-n, 0}
}

// resources keeps of the resources what is named. A form without resources of its own uses those of the page, so its names count.
func (c *copier) resources(v any, used map[name]bool, depth int) (dict, error) {
	all, _ := c.d.get(v).(dict)
	if depth > maxDepth {
		return nil, errDeep
	}
	forms, _ := c.d.get(all["XObject"]).(dict)
	for again := true; again; {
		again = false
		for k, x := range forms {
			s, ok := c.d.get(x).(*stream)
			if !used[k] || !ok || s.dict["Subtype"] != name("Form") || s.dict["Resources"] != nil {
				continue
			}
			b, err := c.d.decode(s)
			if err != nil {
				return nil, err
			}
			before := len(used)
			if err := c.d.names(b, used); err != nil {
				return nil, err
			}
			again = again || len(used) > before
		}
	}
	out := dict{}
	for kind, v := range all {
		entries, ok := c.d.get(v).(dict)
		if kind == "Properties" { // of marked content: nothing that is painted
			continue
		}
		if !ok {
			if kind == "ProcSet" {
				out[kind] = c.d.get(v)
			}
			continue
		}
		kept := dict{}
		for k, x := range entries {
			if used[k] || kind == "ColorSpace" && bytes.HasPrefix([]byte(k), []byte("Default")) {
				kept[k] = x
			}
		}
		if len(kept) > 0 {
			out[kind] = kept
		}
	}
	return out, nil
}

// object writes one object of the copy.
func (c *copier) object(n int, v any) error {
	c.offsets[n] = c.out.Len()
	fmt.Fprintf(&c.out, "%d 0 obj\n", n)
	if err := c.write(v, 0); err != nil {
		return err
	}
	c.out.WriteString("\nendobj\n")
	if c.out.Len() > c.most {
		return errMuch
	}
	return nil
}

// left are the entries of a stream that are not copied: they lead out of the page or out of the file, or say what is not painted.
func left() []name {
	return []name{
		"StructParent", "StructParents", "PieceInfo", "Metadata", "OC", "F", "FFilter", "FDecodeParms", "Ref", "OPI", "LastModified", "Length",
	}
}

// painting are the only entries of a form or of a pattern that are copied: in these a page paints, so that anything else might be
// another's.
func painting() []name {
	return []name{
		"Type", "Subtype", "FormType", "BBox", "Matrix", "Resources", "Group", "Filter", "DecodeParms", "PatternType", "PaintType", "TilingType",
		"XStep", "YStep",
	}
}

// pruned returns the resources of a form, a pattern or a font of drawings, cut down to what its own streams name.
func (c *copier) pruned(resources any, streams ...any) (dict, error) {
	used := map[name]bool{}
	for _, v := range streams {
		s, ok := c.d.get(v).(*stream)
		if !ok {
			continue
		}
		b, err := c.d.decode(s)
		if err != nil {
			return nil, err
		}
		if err := c.d.names(b, used); err != nil {
			return nil, err
		}
	}
	return c.resources(resources, used, 0)
}

func (c *copier) write(v any, depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	switch v := v.(type) {
	case nil:
		c.out.WriteString("null")
	case bool:
		c.out.WriteString(strconv.FormatBool(v))
	case int:
		c.out.WriteString(strconv.Itoa(v))
	case float64:
		c.out.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	case name:
		c.name(v)
	case text:
		fmt.Fprintf(&c.out, "<%x>", string(v))
	case array:
		c.out.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				c.out.WriteByte(' ')
			}
			if err := c.write(x, depth+1); err != nil {
				return err
			}
		}
		c.out.WriteByte(']')
	case dict:
		if v["Subtype"] == name("Type3") && v["Resources"] != nil {
			var glyphs []any
			drawings, _ := c.d.get(v["CharProcs"]).(dict)
			for _, g := range drawings {
				glyphs = append(glyphs, g)
			}
			resources, err := c.pruned(v["Resources"], glyphs...)
			if err != nil {
				return err
			}
			v = maps.Clone(v)
			v["Resources"] = resources
		}
		return c.dict(v, depth)
	case *stream:
		entries := dict{"Length": len(v.raw)}
		paints := v.dict["Subtype"] == name("Form") || v.dict["PatternType"] != nil
		for k, x := range v.dict {
			if !slices.Contains(left(), k) && (!paints || slices.Contains(painting(), k)) {
				entries[k] = x
			}
		}
		if v.dict["Resources"] != nil {
			resources, err := c.pruned(v.dict["Resources"], v)
			if err != nil {
				return err
			}
			entries["Resources"] = resources
		}
		if err := c.dict(entries, depth); err != nil {
			return err
		}
		c.out.WriteString("\nstream\n")
		c.out.Write(v.raw)
		c.out.WriteString("\nendstream")
	case ref:
		if v.number >= 0 {
			target := c.d.get(v)
			// A page is copied by [document.extract] and by nothing else, whoever refers to it.
			if t, ok := target.(dict); ok && t["Type"] == name("Catalog") || c.d.nodes[v.number] || target == nil {
				c.out.WriteString("null")
				return nil
			}
			v = c.refer(v, target)
		}
		fmt.Fprintf(&c.out, "%d 0 R", -v.number)
	default:
		return errSyntax
	}
	return nil
}

func (c *copier) dict(d dict, depth int) error {
	c.out.WriteString("<<")
	for _, k := range slices.Sorted(maps.Keys(d)) {
		c.name(k)
		c.out.WriteByte(' ')
		if err := c.write(d[k], depth+1); err != nil {
			return err
		}
	}
	c.out.WriteString(">>")
	return nil
}

func (c *copier) name(n name) {
	c.out.WriteByte('/')
	for _, b := range []byte(n) {
		if b > 32 && b < 127 && b != '#' && !isDelimiter(b) {
			c.out.WriteByte(b)
		} else {
			fmt.Fprintf(&c.out, "#%02x", b)
		}
	}
}
