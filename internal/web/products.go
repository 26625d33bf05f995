package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// productPages are the catalogue of an activity: what it sells again and again, one by one or in groups.
func (s *Server) productPages() {
	s.page("GET", "/{coop}/a/{activity}/products", access.ViewDocument, s.products)
	s.page("GET", "/{coop}/a/{activity}/products.csv", access.ViewDocument, s.productsCSV)
	s.page("GET", "/{coop}/a/{activity}/products/new", access.DraftDocument, s.newProduct)
	s.page("POST", "/{coop}/a/{activity}/products/new", access.DraftDocument, s.productSent)
	s.page("GET", "/{coop}/a/{activity}/products/import", access.DraftDocument, s.productsImport)
	s.page("POST", "/{coop}/a/{activity}/products/import", access.DraftDocument, s.productsImportSent)
	s.page("GET", "/{coop}/products/{id}", access.ViewDocument, s.product)
	s.page("POST", "/{coop}/products/{id}", access.DraftDocument, s.productSent)
}

func (v *Visit) productPage(title string) Page {
	page := Page{Title: title, Section: "products", Main: "narrow"}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	return page
}

// worth is what a product comes to, in its own mode.
func worth(p sale.Product) (sum money.Cents) {
	for _, l := range p.Lines {
		sum += money.Extend(l.Quantity, l.Price)
	}
	return sum
}

func (s *Server) products(v *Visit) error {
	f := store.ProductFilter{Activity: v.Activity, Q: clip(v.Query("q"), 100), Archived: v.Query("archived") != "", Limit: 500}
	all, err := s.office.Products(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	p, base := v.P, v.URL("a", v.Activity, "products")
	head := Head{Title: p.T("products.title"), Lead: p.T("products.lead")}
	may := v.can(access.DraftDocument, v.Activity)
	if may {
		head.Acts, head.Go = []Link{{p.T("products.new"), base + "/new", "plus"}, {p.T("products.import"), base + "/import", "arrow-up"}}, true
	}
	if len(all) > 0 {
		head.Acts = append(head.Acts, Link{p.T("products.export"), base + ".csv", "download"})
	}
	return v.written(v.productPage(p.T("products.title")), func(m *markup) {
		if h, err := v.House(); err == nil && !v.Actor.Owns(v.Activity) {
			m.backTo(v, h.ActivityName(v.Activity))
		}
		head.write(m, p)
		if len(all) == 0 && f.Q == "" && !f.Archived {
			e := Empty{Title: p.T("products.none"), Text: p.T("products.none_about")}
			if may {
				e.Acts = []Link{{p.T("products.new"), base + "/new", "plus"}, {p.T("products.import"), base + "/import", "arrow-up"}}
			}
			e.write(m, p)
			return
		}
		m.raw(`<form class="find" role="search" action="`).text(base).raw(`">`)
		m.findField("q", "search", p.T("products.find"), f.Q, "")
		m.raw(`<button class="b">`).icon("search").text(p.T("sales.look")).raw("</button></form>")
		if len(all) == 0 {
			m.note(Note{Text: p.T("products.none_such")})
		}
		var list List
		for _, x := range all {
			mode := p.T("paper.net_short")
			if x.Gross {
				mode = p.T("paper.gross_short")
			}
			i := Item{Icon: "tag", Name: x.Label, Href: v.URL("products", x.ID), About: strings.Join(slices.DeleteFunc([]string{x.Reference, p.T("products.lines", "n", len(x.Lines))}, func(s string) bool { return s == "" }), " · "), Status: Status{Text: p.Euros(worth(x)) + " " + mode}}
			if x.Archived {
				i.Under = Status{Text: p.T("customers.archived")}
			}
			list.Items = append(list.Items, i)
		}
		list.write(m, p)
		m.raw(`<p class="acts"><a class="lk" href="`)
		if f.Archived {
			m.text(v.With("archived", "")).raw(`">`).text(p.T("products.hide_archived"))
		} else {
			m.text(v.With("archived", "1")).raw(`">`).text(p.T("products.show_archived"))
		}
		m.raw("</a></p>")
	})
}

func (s *Server) productsCSV(v *Visit) error {
	all, err := s.office.Products(v.Ctx(), v.Actor, store.ProductFilter{Activity: v.Activity, Limit: 10_000})
	if err != nil {
		return err
	}
	return v.Send("catalogue.csv", sheet.Write(sale.CatalogueRows(all)), false)
}

// productForm is the page of a product.
type productForm struct {
	F       *Form
	P       sale.Product
	Sale    *saleForm
	Write   bool
	Changed bool
	v       *Visit
}

func (d *productForm) Back() string { return d.v.URL("a", d.P.Activity, "products") }
func (d *productForm) Modes() []Option {
	return []Option{{Value: "0", Label: d.v.P.T("form.ht")}, {Value: "1", Label: d.v.P.T("form.ttc")}}
}

func (s *Server) newProduct(v *Visit) error {
	start, err := s.office.Start(v.Ctx(), v.Actor, sale.Quote, v.Activity, 0)
	if err != nil {
		return err
	}
	return s.showProduct(v, &productForm{P: sale.Product{Activity: v.Activity, Gross: start.Doc.Content.Gross, Lines: start.Doc.Content.Lines}, Write: true}, 0)
}

func (s *Server) product(v *Visit) error {
	id, err := v.ID("id")
	if err != nil {
		return err
	}
	p, err := s.office.Product(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Activity = p.Activity
	return s.showProduct(v, &productForm{P: p, Write: v.can(access.DraftDocument, p.Activity)}, 0)
}

func (s *Server) showProduct(v *Visit, d *productForm, status int) error {
	d.v = v
	if d.F == nil {
		d.F = v.NewForm()
		fillSale(d.F, sale.Document{Content: sale.Content{Lines: d.P.Lines, Gross: d.P.Gross}})
		d.F.values.Del("title")
		d.F.Set("name", d.P.Label).Set("reference", d.P.Reference).Set("archived", d.P.Archived)
	}
	d.Sale = &saleForm{F: d.F, Doc: sale.Document{Kind: sale.Quote, Activity: d.P.Activity, Status: sale.Draft, Content: sale.Content{Lines: d.P.Lines, Gross: d.P.Gross}}}
	title := d.P.Label
	if d.P.ID == 0 {
		title = v.P.T("products.new")
	}
	page := v.productPage(title)
	page.Status = status
	if !d.Write {
		list := List{}
		for _, l := range d.P.Lines {
			list.Items = append(list.Items, Item{Name: l.Label, About: quantityWords(v.P, l), Status: Status{Text: v.P.UnitEuros(l.Price)}})
		}
		return v.Blocks(page, Head{Title: title, Lead: d.P.Reference}, list)
	}
	if err := s.prepareSaleForm(v, d.Sale); err != nil {
		return err
	}
	return v.Show("product", page, d)
}

func (s *Server) productSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	p := sale.Product{Activity: v.Activity}
	if v.PathValue("id") != "" {
		id, err := v.ID("id")
		if err != nil {
			return err
		}
		if p, err = s.office.Product(v.Ctx(), v.Actor, id); err != nil {
			return err
		}
		v.Activity = p.Activity
		if err := access.Refuse(v.Actor, access.DraftDocument, access.Subject{Coop: v.Coop.ID, Activity: p.Activity, Kind: string(sale.Quote)}); err != nil {
			return err
		}
		p.Version = f.ID("version")
	}
	do := f.Get("do")
	f.compactLines(do)
	c := readSale(f, sale.Document{Kind: sale.Quote})
	p.Lines, p.Gross = c.Lines, c.Gross
	p.Label, p.Reference, p.Archived = f.Text("name", 200), f.Text("reference", 60), f.Bool("archived")
	if p.Label == "" {
		p.Label = titleOf(c)
	}
	d := &productForm{F: f, P: p, Write: true}
	if do != "save" && do != "" {
		f.refused = nil
		return s.showProduct(v, d, 0)
	}
	if f.OK() {
		_, err := s.office.SaveProduct(v.Ctx(), v.Actor, p, f.Key)
		switch {
		case err == nil:
			v.Say("products.said_saved")
			return v.Go(v.URL("a", v.Activity, "products"))
		case f.Take(err):
		case fault.KindOf(err) == fault.Conflict && p.ID != 0:
			d.Changed = true
			return s.showProduct(v, d, http.StatusConflict)
		default:
			return err
		}
	}
	return s.showProduct(v, d, http.StatusUnprocessableEntity)
}

func (s *Server) productsImport(v *Visit) error { return s.showImport(v, v.NewForm(), nil, "", 0) }

// showImport is the page of a file: sent, then told row by row, then accepted.
func (s *Server) showImport(v *Visit, f *Form, im *office.Import, text string, status int) error {
	p := v.P
	page := v.productPage(p.T("products.import"))
	page.Status = status
	return v.written(page, func(m *markup) {
		Head{Back: Link{Label: p.T("products.title"), Href: v.URL("a", v.Activity, "products")}, Title: p.T("products.import"), Lead: p.T("products.import_lead")}.write(m, p)
		f.Label("file", p.T("products.file"))
		m.put(f.Summary())
		if im == nil {
			m.raw(`<form class="pane stack" method="post" enctype="multipart/form-data">`).put(f.Once())
			m.raw(`<div class="f upl" id="f-file"><label class="lab" for="file">`).text(p.T("products.file")).raw(`</label><input type="file" id="file" name="file" accept=".csv,.txt,text/csv,text/plain"><p class="hint"><span>`).text(p.T("products.file_hint")).raw("</span></p></div>")
			m.put(f.Area("text", p.T("products.paste"), "rows=6"))
			m.raw(`<div class="acts"><button class="b go">`).text(p.T("products.try")).raw("</button></div></form>")
			return
		}
		tone := ToneOK
		if im.Refused > 0 {
			tone = ToneWait
		}
		m.note(Note{Tone: tone, Strong: p.T("products.would", "n", len(im.Products)), Text: p.T("products.refused", "n", im.Refused)})
		t := Table{Caption: p.T("products.import"), Class: "plain", Cols: []Col{{Label: p.T("products.row")}, {Label: p.T("form.what")}, {Label: p.T("products.becomes")}}}
		for _, r := range im.Rows {
			var words []string
			st := Status{Tone: ToneOK, Text: p.T("products.kept")}
			for _, x := range r.Mended {
				words = append(words, p.T(x.Key, x.Args...))
				st = Status{Tone: ToneWait, Icon: "edit", Text: strings.Join(words, " ")}
			}
			for k, e := range r.Refused {
				if k == 0 {
					words = nil
				}
				if text := p.Fault(e); !slices.Contains(words, text) {
					words = append(words, text)
				}
				st = Status{Tone: ToneLate, Text: strings.Join(words, " ")}
			}
			t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(strconv.Itoa(r.N)), cellText(r.Label), cellStatus(st)}})
		}
		m.part(t, p)
		m.raw(`<form method="post">`).put(f.Once()).raw(`<textarea name="text" hidden aria-hidden="true">`).raw("\n").text(text).raw(`</textarea><div class="acts">`)
		if len(im.Products) > 0 {
			m.raw(`<button class="b go" name="do" value="accept">`).text(p.T("products.accept", "n", len(im.Products))).raw("</button>")
		}
		m.raw(`<a class="b" href="`).text(v.URL("a", v.Activity, "products/import")).raw(`">`).text(p.T("products.other")).raw("</a></div></form>")
	})
}

func (s *Server) productsImportSent(v *Visit) error {
	f, err := v.Form()
	if err != nil {
		return err
	}
	text := f.table()
	if !f.OK() {
		return s.showImport(v, f, nil, "", http.StatusUnprocessableEntity)
	}
	if f.Get("do") == "accept" {
		im, err := s.office.ImportProducts(v.Ctx(), v.Actor, v.Activity, text, f.Key)
		if err == nil {
			v.Say("products.said_imported", "n", len(im.Products))
			return v.Go(v.URL("a", v.Activity, "products"))
		}
		if !f.Take(err) {
			return err
		}
		return s.showImport(v, f, nil, "", http.StatusUnprocessableEntity)
	}
	im, err := s.office.TryProducts(v.Ctx(), v.Actor, v.Activity, text)
	if f.Take(err) {
		return s.showImport(v, f, nil, "", http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	plain, err := plainSheet(text)
	if err != nil {
		return err
	}
	f.Key = v.key()
	return s.showImport(v, f, &im, plain, 0)
}

// plainSheet writes a table in one alphabet, for the form that brings it back.
func plainSheet(text []byte) (string, error) {
	rows, err := sheet.Read(text)
	if err != nil {
		return "", err
	}
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = sheet.Plain(rows[i][j])
		}
	}
	return string(sheet.Write(rows)), nil
}

// productDo answers the buttons of the form of a document that look in the catalogue ("product") and take from it
// ("take12").
func (s *Server) productDo(v *Visit, f *Form, d *saleForm, do string) error {
	if rest, ok := strings.CutPrefix(do, "take"); ok {
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return nil //nolint:nilerr // no button of ours
		}
		p, err := s.office.Product(v.Ctx(), v.Actor, id)
		if err != nil || p.Activity != v.Activity {
			return err
		}
		sheet, err := s.office.Preview(v.Ctx(), v.Actor, d.Doc)
		if err != nil {
			return err
		}
		lines := slices.DeleteFunc(slices.Clone(d.Doc.Content.Lines), func(l sale.Line) bool { return l.Label == "" && l.Price == 0 })
		d.Doc.Content.Lines = append(lines, p.Put(d.Doc.Content.Gross, sheet.Facts)...)
		for name := range f.values {
			if strings.HasPrefix(name, "lines[") {
				f.values.Del(name)
			}
		}
		fresh := newForm(v.P, f.today, "")
		fillSale(fresh, sale.Document{Content: sale.Content{Lines: d.Doc.Content.Lines}})
		for name, value := range fresh.values {
			if strings.HasPrefix(name, "lines[") {
				f.values[name] = value
			}
		}
		return nil
	}
	var err error
	d.Found, err = s.office.Products(v.Ctx(), v.Actor, store.ProductFilter{Activity: v.Activity, Q: clip(f.Get("productq"), 100), Limit: 20})
	d.Sought = true
	return err
}
