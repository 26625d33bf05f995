package slips

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A row is undone in place: what its width promises is not made, and no row has memory of its own.
func TestARowCostsItsOwnBytes(t *testing.T) {
	d := &document{values: 1000}
	wide := dict{"Predictor": 12, "Columns": maxRow}
	got, err := d.unpredict(wide, []byte{1, 3, 4})
	if err != nil || !bytes.Equal(got, []byte{3, 7}) || cap(got) > 8 {
		t.Errorf("%v of %d bytes, %v", got, cap(got), err)
	}
	for _, parm := range []dict{{"Predictor": 12, "Columns": maxRow + 1}, {"Predictor": 15, "Columns": 1 << 20, "Colors": 32, "BitsPerComponent": 16}} {
		if got, err := d.unpredict(parm, []byte{1, 3, 4}); !errors.Is(err, errMuch) {
			t.Errorf("%v is taken: %v", parm, got)
		}
	}
	rows := bytes.Repeat([]byte{4, 1, 2, 3}, 20_000)
	if n := testing.AllocsPerRun(3, func() {
		if got, err := d.unpredict(dict{"Predictor": 14, "Columns": 3}, rows); err != nil || len(got) != 60_000 {
			t.Error(len(got), err)
		}
	}); n > 2 {
		t.Errorf("20 000 rows take %v pieces of memory", n)
	}
}

// gone is how many bytes of the file were gone through, in times its length.
func (d *document) gone() float64 {
	return float64(maxPasses*len(d.b)+1<<16-d.reach) / float64(len(d.b))
}

// Streams that do not say how long they are end at the next « endstream », which the file is gone through for once, and not once each.
func TestManyStreamsWithoutALength(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj 2 0 obj <</Type /Pages /Kids [<</Type /Page>>]>> endobj\n")
	for i := range n {
		fmt.Fprintf(&b, "%d 0 obj <<>> stream\n", i+3)
	}
	b.WriteString("x\nendstream\ntrailer <</Root 1 0 R>>")
	d, err := open([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if s, ok := d.object(i + 3).(*stream); !ok || !bytes.HasSuffix(s.raw, []byte("x")) {
			t.Fatalf("object %d: %v", i+3, s)
		}
	}
	if d.gone() > 8 {
		t.Errorf("gone through %.0f times", d.gone())
	}
}

// Objects that each reach to the end of the file, or to one far place, are the square of its length: they are refused, and how far they were
// followed is bounded.
func TestOverlappingObjectsAreRefused(t *testing.T) {
	const n = 20_000
	numbered := func(s string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, s, i+3)
		}
		return b.String()
	}
	pages := "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj 2 0 obj <</Type /Pages /Kids [<</Type /Page /Contents [3 0 R]>>]>> endobj\n"
	for name, b := range map[string]string{
		"strings without end": pages + numbered("%d 0 obj(\n") + "trailer <</Root 1 0 R>>",
		"strings to the end":  pages + numbered("%d 0 obj(\n") + strings.Repeat(")", n) + "trailer <</Root 1 0 R>>",
		"trailers":            pages + strings.Repeat("trailer(", n),
	} {
		t.Run(name, func(t *testing.T) {
			whole := []byte("%PDF-1.4\n" + b)
			refused(t, whole, "slips.much")
			d := &document{b: whole, values: maxValues, work: maxWork}
			d.reach = maxPasses * len(whole)
			d.forget()
			if err := d.search(); !errors.Is(err, errMuch) || d.reach < -3*len(whole) {
				t.Errorf("%v, %d left of %d", err, d.reach, len(whole))
			}
		})
	}
	// A table of which every number leads to the same long object.
	var table, parts strings.Builder
	long := "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages <</Kids [<</Type /Page /Contents 2 0 R>>]>>>> endobj\n"
	for i := range 4000 {
		fmt.Fprintf(&parts, "%d 0 R ", i+3)
	}
	second := len(long)
	long += "2 0 obj [" + parts.String() + "] endobj\n"
	fmt.Fprintf(&table, "0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n", strings.Index(long, "1 0 obj"), second)
	table.WriteString(strings.Repeat(fmt.Sprintf("%010d 00000 n \n", len(long)), 4000))
	long += "0 0 obj (" + strings.Repeat("x", 1<<20) + ") endobj\n"
	refused(t, fmt.Appendf(nil, "%sxref\n0 4003\n%strailer <</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", long, table.String(), len(long)), "slips.much")
	// A length that leads to white space, which leads nowhere.
	var far strings.Builder
	for i := range n {
		fmt.Fprintf(&far, "%d 0 obj <</Length %d>> stream\n", i+3, 100*n)
	}
	refused(t, []byte("%PDF-1.4\n"+pages+far.String()+strings.Repeat(" ", 300*n)+"trailer <</Root 1 0 R>>"), "slips.much")
}

// An object stream whose objects all are one long string gives no more than twice what it holds, and a long text is not one value.
func TestObjectsOfAStreamDoNotOverlap(t *testing.T) {
	const n, long = 1000, 1 << 20
	var heads strings.Builder
	for i := range n {
		fmt.Fprintf(&heads, "%d 0 ", i+10)
	}
	inside := func(count int) []byte {
		return file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [<</Type /Page>>]>>",
			deflated(fmt.Sprintf("/Type /ObjStm /N %d /First %d", count, len(heads.String())), []byte(heads.String()+"("+strings.Repeat("x", long)+")")))
	}
	for count, most := range map[int]int{1: 1, n: 2} {
		d, err := open(inside(count))
		if err != nil {
			t.Fatal(err)
		}
		before := d.values
		got := d.unpack(3, d.object(3).(*stream))
		if len(got) < 1 || len(got) > most || d.spent() != (count > 1) {
			t.Errorf("%d of %d objects, spent %v", len(got), count, d.spent())
		}
		if taken := before - d.values; taken < long/16 || taken > 4*long/16 {
			t.Errorf("%d objects took %d values", count, taken)
		}
	}
}

// What a filter reads and gives is counted also when it fails, or when there is none: pages may ask for the same stream again and again.
func TestStreamsAreCountedEachTime(t *testing.T) {
	d := &document{values: 1000}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(make([]byte, maxStream+1)) //nolint:errcheck // a buffer
	w.Close()                          //nolint:errcheck,gosec // a buffer
	for name, c := range map[string]struct {
		s    *stream
		want int64
		err  error
	}{
		"no filter":        {&stream{dict{}, make([]byte, 1000)}, 1000, nil},
		"too long":         {&stream{dict{"Filter": name("FlateDecode")}, z.Bytes()}, maxStream, errMuch},
		"runs":             {&stream{dict{"Filter": name("RL")}, bytes.Repeat([]byte{129, 0}, maxStream/128+1)}, maxStream, errMuch},
		"a broken row":     {&stream{dict{"Filter": name("RL"), "DecodeParms": nil}, bytes.Repeat([]byte{129, 0}, 10)}, 1280, nil},
		"nothing comes of": {&stream{dict{"Filter": name("AHx")}, bytes.Repeat([]byte{' '}, 500)}, 500, errSyntax},
	} {
		before := d.decoded
		if _, err := d.decode(c.s); !errors.Is(err, c.err) || d.decoded-before < c.want {
			t.Errorf("%s: %v, %d bytes counted, want %d", name, err, d.decoded-before, c.want)
		}
	}
	d.decoded = maxDecoded
	if _, err := d.decode(&stream{dict{}, []byte("x")}); !errors.Is(err, errMuch) || !d.spent() {
		t.Errorf("%v", err)
	}
}

// weighty is a file of pages that each have a font of their own, whose map says 65 536 codes.
func weighty(n int, content func(i int) string) []byte {
	objects := []string{"<</Type /Catalog /Pages 2 0 R>>", "", ""}
	var kids, fonts strings.Builder
	for i := range n {
		at := len(objects)
		fmt.Fprintf(&kids, "%d 0 R ", at+1)
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", i, at+3)
		objects = append(objects,
			fmt.Sprintf("<</Type /Page /Parent 2 0 R /Resources 3 0 R /Contents %d 0 R>>", at+2), painted(content(i)),
			fmt.Sprintf("<</Type /Font /Subtype /Type0 /ToUnicode %d 0 R /DescendantFonts [<</W [0 65535 600]>>]>>", at+4),
			painted("<0000> <00ff> <0000> endbfrange <0100> <ffff> <004100420043004400450046> endbfrange"))
	}
	objects[1] = "<</Type /Pages /Kids [" + kids.String() + "]>>"
	objects[2] = "<</Font <<" + fonts.String() + ">>>>"
	return file(objects...)
}

// However many large fonts a file has, what is held of them together is bounded, and each page is read with its own.
func TestFontsAreHeldWithinABound(t *testing.T) {
	const n = 12
	wide := func(s string) string {
		var out strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&out, "%04x", c)
		}
		return out.String()
	}
	for name, content := range map[string]func(int) string{
		"one each": func(i int) string { return fmt.Sprintf("BT /F%d 9 Tf <%s> Tj ET", i, wide("Martin")) },
		"saved within each other": func(int) string {
			var s strings.Builder
			s.WriteString("BT ")
			for i := range n {
				fmt.Fprintf(&s, "/F%d 9 Tf <%s> Tj q ", i, wide("M"))
			}
			return s.String() + strings.Repeat("Q ", n) + "1 0 0 1 90 90 Tm <" + wide("Martin") + "> Tj"
		},
	} {
		d, err := open(weighty(n, content))
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.pages {
			if name != "one each" && i > 0 {
				break
			}
			work := d.work
			lines, err := d.lines(i)
			if err != nil || !strings.Contains(fmt.Sprint(lines), "Martin") {
				t.Errorf("%s, page %d: %v %v", name, i, lines, err)
			}
			held := 0
			for _, f := range d.fonts {
				held += f.held()
			}
			if held != d.codes || held > maxHeld || held < 100_000 {
				t.Errorf("%s, page %d: %d codes held, %d counted", name, i, held, d.codes)
			}
			if work-d.work < 131_072 {
				t.Errorf("%s, page %d: reading its font costs %d", name, i, work-d.work)
			}
		}
	}
	// Widths that are listed in many arrays are bounded as those of a range are.
	list := "[" + strings.Repeat("0 ", maxCodes-1) + "]"
	d := &document{values: maxValues, work: maxWork}
	v, err := (&scanner{b: []byte("<</Subtype /Type0 /DescendantFonts [<</W [0 " + list + " 100000 " + list + "]>>]>>"), values: &d.values}).value(0)
	if f := d.font(v); err != nil || len(f.widths) > maxCodes {
		t.Errorf("%d widths, %v", len(f.widths), err)
	}
}

// A letter that stands for many makes no page of more text than is kept of one; and who writes « matricule » everywhere is not looked for
// below each.
func TestThePageOfEndlessText(t *testing.T) {
	b := weighty(1, func(int) string {
		return "BT /F0 9 Tf [" + strings.Repeat("<"+strings.Repeat("0102", 5000)+"> ", 100) + "] TJ"
	})
	d, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	p := &painter{d: d, ctm: matrix{1, 0, 0, 1, 0, 0}, scale: 1}
	content, err := d.content(d.pages[0])
	if err != nil {
		t.Fatal(err)
	}
	resources, _ := d.get(d.pages[0].resources).(dict)
	err = p.run(content, resources, 0)
	kept := 0
	for _, c := range p.chunks {
		kept += len(c.text)
	}
	if !errors.Is(err, errUnread) || kept > 2*maxText {
		t.Errorf("%d bytes of text, %v", kept, err)
	}
	if _, err := Split(b, people()[:1], month); !slices.Contains(keys(err), "pages[1] slips.page_unread") {
		t.Errorf("%v", keys(err))
	}

	var everywhere strings.Builder
	everywhere.WriteString("BT /F 1 Tf ")
	for i := range 4 {
		for j := range 2000 {
			fmt.Fprintf(&everywhere, "1 0 0 1 %d %d Tm (mat) Tj ", 5*j, 800-10*i)
		}
	}
	b = file("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R]>>",
		"<</Type /Page /Contents 4 0 R /Resources <</Font <</F <</Type /Font /Subtype /Type1>>>>>>>>", painted(everywhere.String()))
	if d, err = open(b); err != nil {
		t.Fatal(err)
	}
	lines, err := d.lines(0)
	if x := gather(people()).identify(lines); err != nil || x.looked <= maxLooked || x.looked > maxLooked+3*2000 {
		t.Errorf("%d cells, %v", x.looked, err)
	}
	if _, err := Split(b, people()[:1], month); !slices.Contains(keys(err), "pages[1] slips.page_unread") {
		t.Errorf("%v", keys(err))
	}
}

// A file without cross-references whose object streams and catalogues contradict each other is always read in one way: what was written
// last counts.
func TestASearchedFileIsReadInOneWay(t *testing.T) {
	packed := func(n int, v string) string {
		return fmt.Sprintf("%d 0 obj\n%s\nendobj\n", n, deflated("/Type /ObjStm /N 1 /First 6", []byte("900 0 "+v)))
	}
	catalog := func(n int) string {
		return fmt.Sprintf("%d 0 obj <</Type /Catalog /N %d /Pages <</Kids [<</Type /Page>>]>>>> endobj\n", n, n)
	}
	// The numbers do not follow the order in which they were written.
	var b strings.Builder
	b.WriteString("%PDF-1.5\n")
	for _, n := range []int{7, 30, 2, 18, 11} {
		b.WriteString(packed(n, fmt.Sprintf("(of %d)", n)) + catalog(n+1))
	}
	for range 40 {
		d, err := open([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		root, _ := d.get(d.trailer["Root"]).(dict)
		if got := d.object(900); got != text("of 11") || root["N"] != 12 {
			t.Fatalf("%v, the catalogue %v", got, slices.Sorted(maps.Keys(root)))
		}
	}
}
