package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/money"
)

// read opens a workbook as a spreadsheet does: by its relations, cell by cell.
func read(t interface{ Fatal(...any) }, b []byte) (names []string, pages [][][]string) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	part := func(name string, into any) {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(name, err)
		}
		text, err := io.ReadAll(f)
		if err == nil {
			err = xml.Unmarshal(text, into)
		}
		if err != nil {
			t.Fatal(name, err)
		}
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	part("xl/workbook.xml", &book)
	part("xl/_rels/workbook.xml.rels", &rels)
	part("xl/styles.xml", &struct{}{})
	part("[Content_Types].xml", &struct{}{})
	for _, s := range book.Sheets {
		names = append(names, s.Name)
		n := slices.IndexFunc(rels.All, func(r struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}) bool {
			return r.ID == s.ID
		})
		var sheet struct {
			Rows []struct {
				Cells []struct {
					At    string `xml:"r,attr"`
					Value string `xml:"v"`
					Text  string `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		part("xl/"+rels.All[n].Target, &sheet)
		var page [][]string
		for _, r := range sheet.Rows {
			var row []string
			for _, c := range r.Cells {
				row = append(row, c.At+" "+c.Value+c.Text)
			}
			page = append(page, row)
		}
		pages = append(pages, page)
	}
	return names, pages
}

// A workbook opens, its amounts are numbers, and what looks like a formula is a text.
func TestWorkbook(t *testing.T) {
	b, err := Workbook([]Page{{Name: "Livre de paie : 2026/11 et des mots qui ne finissent pas", Sums: true, Rows: [][]Value{{Text("Nom"), Text("Brut")}, {Text("=1+1 <&\">"), Euros(-1_234_56)}, {Text(""), Euros(5)}}}, {Name: "livre"}, {Name: "Livre"}})
	if err != nil {
		t.Fatal(err)
	}
	names, pages := read(t, b)
	if want := []string{"Livre de paie   2026 11 et des", "livre", "Feuille 3"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	want := [][]string{{"A1 Nom", "B1 Brut"}, {`A2 =1+1 <&">`, "B2 -1234.56"}, {"B3 0.05"}}
	if !slices.EqualFunc(pages[0], want, slices.Equal) {
		t.Errorf("%q", pages[0])
	}
	again, _ := Workbook([]Page{{Name: "x"}})
	other, _ := Workbook([]Page{{Name: "x"}})
	if !bytes.Equal(again, other) {
		t.Error("the same pages give other bytes")
	}
	if columnName(0)+columnName(25)+columnName(26)+columnName(701)+columnName(702) != "AZAAZZAAA" {
		t.Error(columnName(25), columnName(26), columnName(701), columnName(702))
	}
}

// Whatever a cell holds, the workbook is one that can be read, and says it again.
func TestWorkbookOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := rapid.String().Draw(t, "text"), money.Cents(rapid.Int64Range(-1e12, 1e12).Draw(t, "cents"))
		b, err := Workbook([]Page{{Name: s, Rows: [][]Value{{Text("x" + s), Euros(c)}}}})
		if err != nil {
			t.Fatal(err)
		}
		names, pages := read(t, b)
		if len(names) != 1 || names[0] == "" || len(pages[0]) != 1 || pages[0][0][1] != "B1 "+string(c.Append(nil, '.')) {
			t.Fatalf("%q %q", names, pages)
		}
		clean := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
				return 0xfffd
			}
			return r
		}, s)
		if pages[0][0][0] != "A1 x"+clean {
			t.Fatalf("%q, wants %q", pages[0][0][0], clean)
		}
	})
}
