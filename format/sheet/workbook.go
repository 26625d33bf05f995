package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"

	"essaim/money"
)

// Value is a cell of a workbook: a text, or an amount in euros that a spreadsheet counts with.
type Value struct {
	Text   string
	Cents  money.Cents
	Amount bool // Cents, not Text
}

// Text is a cell of words. A spreadsheet never takes it for a formula.
func Text(s string) Value { return Value{Text: s} }

// Euros is a cell that holds an amount.
func Euros(c money.Cents) Value { return Value{Cents: c, Amount: true} }

// Page is one sheet of a workbook. The first row is its titles; the last one stands out when it holds sums.
type Page struct {
	Name string
	Rows [][]Value
	Sums bool
}

// The styles of a cell, by their place in cellXfs.
const (
	styleText = iota
	styleTitle
	styleAmount
	styleSum
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const mainSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

const styles = xmlHead + `<styleSheet ` + mainSpace + `><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/></cellXfs></styleSheet>`

// Workbook writes pages as an Office Open XML spreadsheet (ECMA-376, .xlsx): texts as they are, amounts as numbers with two
// decimals. The same pages give the same bytes.
func Workbook(pages []Page) ([]byte, error) {
	var types, book, rels strings.Builder
	files := []struct{ name, body string }{{"[Content_Types].xml", ""}, {"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", ""}, {"xl/_rels/workbook.xml.rels", ""}, {"xl/styles.xml", styles}}
	names := map[string]bool{}
	for i, p := range pages {
		n := strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`)
		book.WriteString(`<sheet name="` + escaped(pageName(p.Name, n, names)) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		rels.WriteString(`<Relationship Id="rId` + n + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
		files = append(files, struct{ name, body string }{"xl/worksheets/sheet" + n + ".xml", p.xml()})
	}
	files[0].body = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`
	files[2].body = xmlHead + `<workbook ` + mainSpace + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + book.String() + `</sheets></workbook>`
	files[3].body = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `<Relationship Id="rId` + strconv.Itoa(len(pages)+1) + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(f.body)); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// xml writes a page: widths by what the columns hold, the titles in sight when one scrolls.
func (p Page) xml() string {
	var widths []int
	for _, row := range p.Rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 8)
			}
			n := utf8.RuneCountInString(c.Text) + 2
			if c.Amount {
				n = len(strconv.FormatInt(int64(c.Cents), 10)) + 5
			}
			widths[i] = min(max(widths[i], n), 60)
		}
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<worksheet ` + mainSpace + `><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	if len(widths) > 0 {
		b.WriteString("<cols>")
		for i, w := range widths {
			n := strconv.Itoa(i + 1)
			b.WriteString(`<col min="` + n + `" max="` + n + `" width="` + strconv.Itoa(w) + `" customWidth="1"/>`)
		}
		b.WriteString("</cols>")
	}
	b.WriteString("<sheetData>")
	for i, row := range p.Rows {
		n := strconv.Itoa(i + 1)
		b.WriteString(`<row r="` + n + `">`)
		strong := i == 0 || p.Sums && i == len(p.Rows)-1
		for j, c := range row {
			at := columnName(j) + n
			switch {
			case c.Amount:
				style := styleAmount
				if strong {
					style = styleSum
				}
				b.WriteString(`<c r="` + at + `" s="` + strconv.Itoa(style) + `"><v>` + string(c.Cents.Append(nil, '.')) + `</v></c>`)
			case c.Text != "":
				style := styleText
				if strong {
					style = styleTitle
				}
				b.WriteString(`<c r="` + at + `" s="` + strconv.Itoa(style) + `" t="inlineStr"><is><t xml:space="preserve">` + escaped(c.Text) + `</t></is></c>`)
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// columnName is A, B… Z, AA.
func columnName(i int) (s string) {
	for ; i >= 0; i = i/26 - 1 {
		s = string(rune('A'+i%26)) + s
	}
	return s
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer never fails
	return b.String()
}

// pageName is a name that spreadsheets take: at most 31 signs, none of theirs, no two alike.
func pageName(s, n string, names map[string]bool) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, s), " '")
	if r := []rune(s); len(r) > 31 {
		s = strings.TrimSpace(string(r[:31]))
	}
	if key := strings.ToLower(s); s == "" || names[key] {
		s = "Feuille " + n
	}
	names[strings.ToLower(s)] = true
	return s
}
