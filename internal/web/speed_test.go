package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html/template"
	"io"
	"net/http/httptest"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/money"
)

// invoices is the list asked for most: fifty rows of seven columns.
func invoices() Table {
	t := Table{Caption: "Factures", Cols: []Col{{Label: "Numéro", Sort: "?sort=number"}, {Label: "Client", Sort: "?sort=customer"}, {Label: "Date"}, {Label: "État"}, {Label: "Total HT", Num: true}, {Label: "Total TTC", Num: true}, {Label: "Reste dû", Num: true}}}
	day := date.MustParse("2026-11-22")
	for i := range 50 {
		href := fmt.Sprintf("/trame-et-sillon/sales/%d", 1000+i)
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			cellLink(fmt.Sprintf("F-2026-%04d", i), href), cellSub("Association Cerf-volant bleu & Cie", "Ateliers d’automne", ""), cellDay(day - date.Day(i)), cellStatus(Status{Tone: ToneLate, Text: "12 jours de retard"}),
			cellAmount(money.Cents(958_33+i*100), href), cellAmount(money.Cents(1150_00+i*120), href), cellAmount(money.Cents(i%3*400_00), href),
		}})
	}
	t.Foot = []Cell{cellText("50 factures").Span(4), cellAmount(47_916_50, ""), cellAmount(57_500_00, ""), cellAmount(20_000_00, "")}
	return t
}

// frameOf is a page around its blocks, as Show makes it once the actor is known.
func frameOf() screen {
	r := httptest.NewRequest("GET", "/trame-et-sillon/", nil)
	v := &Visit{P: i18n.For("fr"), r: r, Coop: coop.Cooperative{Slug: "trame-et-sillon"}}
	nav := &Shell{Brand: "Trame & Sillon", Home: "/trame-et-sillon/", Place: Place{Name: "Maëlle céramique", About: "CESA, depuis mars 2025"}, Name: "Maëlle Le Goff", Roles: "Entrepreneur·e", Search: "/trame-et-sillon/search", Advisor: Contact{Name: "Samira Haddad", First: "Samira", Phone: "04 00 00 00 00"}}
	for _, s := range []string{"home", "account", "sales", "customers"} {
		item := NavItem{Section: s, Label: "Factures et devis", Icon: "file-invoice", Href: "/trame-et-sillon/" + s}
		nav.Dock = append(nav.Dock, item)
		if len(nav.Groups) == 0 {
			nav.Groups = []NavGroup{{}}
		}
		nav.Groups[0].Items = append(nav.Groups[0].Items, item)
	}
	return screen{Visit: v, Page: Page{Title: "Factures", Section: "sales"}, Nav: nav, D: nil}
}

func BenchmarkList(b *testing.B) {
	p := i18n.For("fr")
	b.Run("rows", func(b *testing.B) {
		b.ReportAllocs()
		t := invoices()
		for b.Loop() {
			t.HTML(p)
		}
	})
	b.Run("rows by html-template", func(b *testing.B) {
		b.ReportAllocs()
		t := template.Must(template.New("").Funcs(functions).Parse(`<table><tbody>{{range .Rows}}<tr><th scope="row"><a href="{{.Href}}">{{.Number}}</a></th><td data-l="Client">{{.Customer}}<small>{{.About}}</small></td><td data-l="Date">{{$.P.Day .Day}}</td><td data-l="État"><span class="st late">{{icon "alert-triangle"}}{{.State}}</span></td><td class="num"><a class="amt" href="{{.Href}}">{{$.P.Euros .Net}}</a></td><td class="num"><a class="amt" href="{{.Href}}">{{$.P.Euros .Gross}}</a></td><td class="num"><a class="amt" href="{{.Href}}">{{$.P.Euros .Left}}</a></td></tr>{{end}}</tbody></table>`))
		type row struct {
			Href, Number, Customer, About, State string
			Day                                  date.Day
			Net, Gross, Left                     money.Cents
		}
		data := struct {
			P    i18n.Printer
			Rows []row
		}{P: p}
		for i := range 50 {
			data.Rows = append(data.Rows, row{"/trame-et-sillon/sales/1000", "F-2026-0001", "Association Cerf-volant bleu & Cie", "Ateliers d’automne", "12 jours de retard", date.MustParse("2026-11-22"), money.Cents(958_33 + i), 1150_00, 400_00})
		}
		for b.Loop() {
			if err := t.Execute(io.Discard, data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("page", func(b *testing.B) { benchmarkPage(b, func() []any { return []any{invoices()} }) })
}

func BenchmarkAccount(b *testing.B) {
	p := i18n.For("fr")
	b.Run("page", func(b *testing.B) {
		benchmarkPage(b, func() []any {
			var parts []any
			for _, h := range specimen(p)[:12] {
				parts = append(parts, h)
			}
			return parts
		})
	})
}

func benchmarkPage(b *testing.B, parts func() []any) {
	sc := frameOf()
	var out markup
	b.ReportAllocs()
	for b.Loop() {
		writePage(&out, &sc, parts()...)
	}
	b.ReportMetric(float64(len(out.b)), "bytes")
}

func writePage(out *markup, sc *screen, parts ...any) {
	out.b = out.b[:0]
	err := out.layout(sc, func(m *markup) error {
		for _, part := range parts {
			switch part := part.(type) {
			case Component:
				part.write(m, sc.P)
			case template.HTML:
				m.put(part)
			}
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
}

func BenchmarkSqueeze(b *testing.B) {
	var page markup
	sc := frameOf()
	writePage(&page, &sc, invoices())
	for _, level := range []int{gzip.HuffmanOnly, 1, 2, 3, 5, 6} {
		b.Run(fmt.Sprint("level ", level), func(b *testing.B) {
			w, err := gzip.NewWriterLevel(nil, level)
			if err != nil {
				b.Fatal(err)
			}
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				w.Reset(&out)
				_, _ = w.Write(page.b)
				_ = w.Close()
			}
			b.ReportMetric(float64(out.Len()), "bytes")
		})
	}
}

// The page asked for most stays light and quick to write: held by counting what it allocates, not by the clock.
func TestListStaysLight(t *testing.T) {
	p := i18n.For("fr")
	table := invoices()
	if n := testing.AllocsPerRun(10, func() { table.HTML(p) }); n > 3500 {
		t.Errorf("a list of fifty rows allocates %.0f times", n)
	}
	var page markup
	sc := frameOf()
	writePage(&page, &sc, table)
	if n := len(squeeze(page.b, 1)); n > 60_000 {
		t.Errorf("a list of fifty rows weighs %d bytes compressed", n)
	}
}
