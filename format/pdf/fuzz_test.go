package pdf

import (
	"bytes"
	"testing"
	"time"

	"essaim/sale"
)

// Any bytes in any field make a document, without a panic and in bounded time.
func FuzzDocument(f *testing.F) {
	f.Add("Facture", "Maëlle céramique", "Atelier modelage\net cuisson", "1\u202f234,50\u00a0€", uint8(3), true)
	f.Add("\xff\xfe\x00", "👩‍🎨\u202e", "\u0301\u0301", "", uint8(200), false)
	f.Add("", "", "", "999\u202f999\u202f999\u202f999\u202f999\u202f999\u202f999,99\u00a0€", uint8(0), true)
	f.Add("a\r\n\r\n\tb", "(\\)<>[]", "日本語\U0010ffff", "FR7630006000011234567890189", uint8(50), true)
	f.Add("x:", ":", " ", "-----/////", uint8(1), false)
	f.Fuzz(func(t *testing.T, a, b, c, d string, n uint8, draft bool) {
		const most = 10_000
		a, b, c, d = clip(a, most), clip(b, most), clip(c, most), clip(d, most)
		if len(a)+len(b)+len(c)+len(d) > 2*most {
			n %= 10
		}
		texts := []string{a, b, c, d}
		p := sale.Paper{
			Lang: a, Title: a, Number: b, Draft: draft, Brand: b, Under: texts, Buyer: texts, Delivery: texts, Object: c,
			Meta: []sale.Pair{{Label: a, Value: b}, {Label: c, Value: d}}, Head: sale.PaperRow{Label: a, Quantity: b, Price: c, Amount: d},
			Taxes: []sale.PaperTax{{Label: a, Net: b, VAT: d}}, Totals: []sale.Pair{{Label: b, Value: d}}, Due: sale.Pair{Label: a, Value: d},
			Pay: []sale.Pair{{Label: a, Value: d}, {Label: b, Value: c}}, Notes: texts, Mentions: texts, Sign: texts, Seller: texts,
		}
		for i := range n {
			p.Rows = append(p.Rows, sale.PaperRow{Label: texts[i%4], Quantity: b, Price: d, Rate: a, Amount: d})
		}
		out, err := Document(p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(out, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(out, []byte("%%EOF\n")) {
			t.Error("not a whole file")
		}
		r := Report{
			Lang: a, Title: b, Subtitle: c, Brand: a, Answer: sale.Pair{Label: c, Value: d}, Foot: texts,
			Blocks: []Block{{
				Heading: a, Text: b, Columns: []Column{{Title: c, Weight: 1}, {Title: d, Right: true}, {Title: a}},
				Rows: []Row{{Cells: texts}, {Cells: texts[:1], Strong: true}, {Detail: true}}, Foot: texts,
				Chart: Chart{Line: draft, Points: []Point{{Label: a, Amount: 1 << 62}, {Label: b, Amount: -1 << 63}, {Label: c, Amount: 12}}},
			}},
		}
		if _, err := Statement(r); err != nil {
			t.Fatal(err)
		}
	})
}

// The most that a paper holds: 200 rows with labels of 2 000 characters.
func TestLargestPaper(t *testing.T) {
	p := paper(t, "facture")
	for len(p.Rows) < 200 {
		p.Rows = append(p.Rows, paper(t, "limites").Rows[3])
	}
	began := time.Now()
	out, err := Document(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes in %v", len(out), time.Since(began))
	if len(out) > 1_000_000 {
		t.Errorf("%d bytes", len(out))
	}
}
