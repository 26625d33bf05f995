package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"essaim/sale"
)

// lines returns the lines of text on a sheet.
func lines(s *sheet) []written {
	var all []written
	for _, stroke := range s.strokes {
		if w, ok := stroke.(written); ok {
			all = append(all, w)
		}
	}
	return all
}

// sheetsOf returns the sheets on which the text stands as a line.
func sheetsOf(d *document, text string) []int {
	var found []int
	for i, s := range d.sheets {
		if slices.ContainsFunc(lines(s), func(w written) bool { return w.text == text }) {
			found = append(found, i+1)
		}
	}
	return found
}

// words are texts as people and their programs write them.
func words(most int) *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"à", "de la", "cuisson", "L’Œuvre", "rendez-vous", "1\u202f234,50\u00a0€", "−12\u00a0%", "n°\u00a05", "m²",
			"anticonstitutionnellement", "2026-0118", "AVENUE", "Łódź", "\n", "Жанна", "日本", "🎨", "\u202e", "e\u0301"}),
		rapid.StringMatching(`[a-zéèà]{1,14}`),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, most).Draw(t, "words"), " ") })
}

func anyPaper(t *rapid.T) sale.Paper {
	short, long := words(4), words(60)
	list := func(g *rapid.Generator[string], most int, name string) []string {
		return rapid.SliceOfN(g, 0, most).Draw(t, name)
	}
	pair := rapid.Custom(func(t *rapid.T) sale.Pair {
		return sale.Pair{Label: short.Draw(t, "label"), Value: short.Draw(t, "value")}
	})
	amount := rapid.SampledFrom([]string{"", "12,00\u00a0€", "999\u202f999\u202f999,99\u00a0€", "−1\u202f234,50\u00a0€"})
	row := rapid.Custom(func(t *rapid.T) sale.PaperRow {
		return sale.PaperRow{
			Label: long.Draw(t, "label"), Quantity: short.Draw(t, "quantity"), Price: amount.Draw(t, "price"),
			Discount: rapid.SampledFrom([]string{"", "−10\u00a0%"}).Draw(t, "discount"), Rate: "20\u00a0%", Amount: amount.Draw(t, "amount"),
		}
	})
	tax := rapid.Custom(func(t *rapid.T) sale.PaperTax {
		return sale.PaperTax{Label: short.Draw(t, "label"), Net: amount.Draw(t, "net"), VAT: amount.Draw(t, "VAT")}
	})
	return sale.Paper{
		Lang: rapid.SampledFrom([]string{"fr", "en", ""}).Draw(t, "lang"), Title: short.Draw(t, "title"), Number: short.Draw(t, "number"),
		Draft: rapid.Bool().Draw(t, "draft"), Brand: words(8).Draw(t, "brand"), Under: list(short, 4, "under"), Buyer: list(short, 7, "buyer"),
		Delivery: list(short, 4, "delivery"), Meta: rapid.SliceOfN(pair, 0, 10).Draw(t, "meta"), Object: words(12).Draw(t, "object"),
		Head: sale.PaperRow{Label: "Quoi", Quantity: "Quantité", Price: "Prix unitaire HT", Discount: "Remise", Rate: "TVA", Amount: "Total HT"},
		Rows: rapid.SliceOfN(row, 0, 60).Draw(t, "rows"), Taxes: rapid.SliceOfN(tax, 0, 5).Draw(t, "taxes"),
		Totals: rapid.SliceOfN(pair, 0, 6).Draw(t, "totals"), Due: pair.Draw(t, "due"), Pay: rapid.SliceOfN(pair, 0, 5).Draw(t, "pay"),
		Notes: list(long, 3, "notes"), Mentions: list(long, 12, "mentions"), Sign: list(short, 6, "sign"), Seller: list(words(20), 4, "seller"),
	}
}

// Whatever a paper says, every letter of it is on a sheet, inside its edges and above its foot.
func TestNothingIsLostNorOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPaper(t)
		d := draw(p)
		onSheets := map[rune]int{}
		for i, s := range d.sheets {
			for _, w := range lines(s) {
				if w.cos != 1 { // the word behind
					continue
				}
				for _, r := range w.text {
					onSheets[r]++
				}
				if w.y < topEdge-10 || w.y > footEdge+1 {
					t.Fatalf("sheet %d: %q at height %.1f", i+1, w.text, w.y)
				}
				if strings.TrimSpace(w.text) == "" {
					continue
				}
				if end := w.x + w.style.width(w.text); w.x < 10 || end > rightEdge+1 {
					t.Fatalf("sheet %d: %q from %.1f to %.1f", i+1, w.text, w.x, end)
				}
				if w.style.size < 7.5 {
					t.Fatalf("sheet %d: %q set in %.2f points", i+1, w.text, w.style.size)
				}
				if math.IsNaN(w.x) || math.IsNaN(w.y) {
					t.Fatalf("sheet %d: %q stands nowhere", i+1, w.text)
				}
			}
		}
		for _, text := range printed(p) {
			for _, r := range letters(text) {
				if r != '\n' && r != ' ' {
					onSheets[r]--
				}
			}
		}
		for r, n := range onSheets {
			if n < 0 && !unicode.IsSpace(r) { // a line of nothing but blanks may end with the one before
				t.Fatalf("%q is missing %d times", r, -n)
			}
		}
		if _, err := write(d.sheets[:1], description{}); err != nil {
			t.Fatal(err)
		}
	})
}

// Rows keep together, the head of the table is on every page that has rows, and the totals stand with a row.
func TestRowsAndTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 200).Draw(t, "rows")
		p := sale.Paper{
			Title: "Facture", Number: "F-1", Brand: "Essai", Head: sale.PaperRow{Label: "Quoi", Amount: "Total HT"},
			Totals: []sale.Pair{{Label: "Somme", Value: "1,00\u00a0€"}}, Due: sale.Pair{Label: "À payer", Value: "2,00\u00a0€"},
			Seller: []string{"Trame & Sillon"},
		}
		for i := range count {
			label := fmt.Sprintf("début%d", i) + strings.Repeat(" et encore des mots", rapid.IntRange(0, 30).Draw(t, "length")) + fmt.Sprintf("\nfin%d", i)
			p.Rows = append(p.Rows, sale.PaperRow{Label: label, Amount: fmt.Sprintf("%d,00\u00a0€", i+10)})
		}
		d := draw(p)
		page := func(text string) int {
			for i, s := range d.sheets {
				if slices.ContainsFunc(lines(s), func(w written) bool { return w.text == text || strings.HasPrefix(w.text, text+" ") }) {
					return i + 1
				}
			}
			t.Fatalf("%q is nowhere", text)
			return 0
		}
		last := 0
		for i := range count {
			from, to := page(fmt.Sprintf("début%d", i)), page(fmt.Sprintf("fin%d", i))
			if from != to {
				t.Fatalf("row %d goes from page %d to %d", i, from, to)
			}
			if from < last || from > last+1 {
				t.Fatalf("row %d is on page %d, the one before on %d", i, from, last)
			}
			last = from
		}
		if got := page("Somme"); got != last || page("À payer") != last {
			t.Fatalf("the totals are on page %d, the last row on %d", got, last)
		}
		heads := sheetsOf(d, "Quoi")
		for n := 1; n <= last; n++ {
			if !slices.Contains(heads, n) {
				t.Fatalf("page %d has rows and no head: %v", n, heads)
			}
		}
	})
}

// What every page says.
func TestEdges(t *testing.T) {
	d := draw(paper(t, "facture-longue"))
	for i, s := range d.sheets {
		var all []string
		for _, w := range lines(s) {
			all = append(all, w.text)
		}
		for _, want := range []string{fmt.Sprintf("%d/3", i+1), "Trame & Sillon, SCOP SARL à capital variable, 4 rue des Tanneurs, 69007 Lyon", "Atelier Clairière"} {
			if !slices.Contains(all, want) {
				t.Errorf("page %d does not say %q", i+1, want)
			}
		}
		if i > 0 && !slices.Contains(all, "Facture F-2026-0131, suite") {
			t.Errorf("page %d does not say which invoice it belongs to", i+1)
		}
	}
	draft := paper(t, "facture-longue")
	draft.Draft = true
	for i, s := range draw(draft).sheets {
		if !slices.ContainsFunc(lines(s), func(w written) bool { return w.text == "Brouillon" && w.cos != 1 }) {
			t.Errorf("page %d of a draft does not say that it is one", i+1)
		}
	}
	draft.Lang = "en"
	if len(sheetsOf(draw(draft), "Draft")) != 3 {
		t.Error("an English draft is not marked as one on each page")
	}
}

// A box for a signature leaves room for a hand, the trace of one does not.
func TestAgreement(t *testing.T) {
	room := func(rows ...string) float64 {
		d := &document{Paper: sale.Paper{Sign: rows}}
		d.foot(nil)
		d.turn()
		before := d.y
		d.agreement()
		return d.y - before - height(paragraph(left, 400, toLeft, quietText, 13.5, strings.Join(rows, "\n")))
	}
	const most = 50 // edges of the box and the space above
	if r := room("Bon pour accord", "Nom :", "Date :", "Signature :"); r < 30 {
		t.Errorf("%.0f points to write in", r)
	}
	if r := room("Bon pour accord", "Nom, date et signature"); r < 100 {
		t.Errorf("%.0f points to sign in", r)
	}
	if r := room("Accepté le 24 nov. 2026 à 18 h 42", "par Youssef Benali"); r > most {
		t.Errorf("%.0f points of room around the trace of an agreement", r)
	}
}

// What the foot has no room for is printed among the mentions.
func TestLongSeller(t *testing.T) {
	p := paper(t, "facture")
	p.Seller = []string{"Trame & Sillon", strings.Repeat("identité légale ", 60)}
	d := draw(p)
	n := 0
	for _, s := range d.sheets {
		for _, w := range lines(s) {
			n += strings.Count(w.text, "identité")
		}
	}
	if n != 60 {
		t.Errorf("%d of 60 words printed", n)
	}
}
