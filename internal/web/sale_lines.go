package web

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// lineFields are what a line of the form holds.
var lineFields = []string{"label", "quantity", "unit", "price", "nature", "tax", "discount", "discountFlat", "axis", "done", "deposit", "option", "variant"}

// compactLines numbers the lines of the form from 0 without a hole, in their order, and without those in which nothing was
// typed; do takes one out ("drop3"), adds one ("add") or leaves the empty ones ("look"). It returns the numbers that the lines had.
func (f *Form) compactLines(do string) (before []int) {
	type line map[string]string
	var kept []line
	var blank line // the first in which no words stand yet: its unit, nature and rate stay
	blankAt := 0
	for _, i := range f.lineNumbers() {
		name := "lines[" + strconv.Itoa(i) + "]."
		l := line{}
		for _, field := range lineFields {
			l[field] = f.values.Get(name + field)
			f.values.Del(name + field)
		}
		if do == "drop"+strconv.Itoa(i) || do != "look" && strings.TrimSpace(l["label"]+l["price"]) == "" {
			if blank == nil && do != "drop"+strconv.Itoa(i) {
				blank, blankAt = l, i
			}
			continue
		}
		kept, before = append(kept, l), append(before, i)
	}
	if do == "add" || len(kept) == 0 {
		fresh := line{"quantity": "1"}
		if n := len(kept); n > 0 { // most often it is sold alike
			fresh["nature"], fresh["tax"] = kept[n-1]["nature"], kept[n-1]["tax"]
		} else if blank != nil {
			fresh = blank
			fresh["quantity"] = cmp.Or(strings.TrimSpace(fresh["quantity"]), "1")
		}
		kept, before = append(kept, fresh), append(before, blankAt)
	}
	for i, l := range kept {
		for field, value := range l {
			f.values.Set("lines["+strconv.Itoa(i)+"]."+field, value)
		}
	}
	return before
}

// lineNumbers are the numbers of the lines that the form holds.
func (f *Form) lineNumbers() []int {
	var numbers []int
	for field := range f.values {
		rest, ok := strings.CutPrefix(field, "lines[")
		if !ok {
			continue
		}
		index, _, ok := strings.Cut(rest, "]")
		n, err := strconv.Atoi(index)
		if ok && err == nil && n >= 0 && n < 10*sale.MaxLines && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// readSale reads the content of a document from its form. Of a credit note, what its invoice decides stays.
func readSale(f *Form, d sale.Document) sale.Content {
	c := sale.Content{
		Gross: f.Bool("gross"), Delivered: f.Day("delivered"), DeliveredFrom: f.Day("deliveredFrom"), ValidUntil: f.Day("validUntil"),
		Title: f.Text("title", 200), Note: f.Text("note", 4000), Reason: f.Text("reason", 4000), OrderRef: f.Text("orderRef", 100),
		Service: f.Text("service", 100), Commitment: f.Text("commitment", 100), Contract: f.Text("contract", 100),
		SendWhenValidated: d.Kind != sale.Quote && mailedIn(f), Word: d.Content.Word,
		UseAdvance: d.Kind == sale.Invoice && f.Bool("useAdvance"),
	}
	c.SetDelay(f.Delay("dueDays"))
	readCurrency(f, d, &c)
	c.Papers = readPapers(f, d.Content.Papers)
	if f.Has("word") {
		c.Word = f.Text("word", 4000)
	}
	for _, i := range f.lineNumbers() {
		name := "lines[" + strconv.Itoa(i) + "]."
		l := sale.Line{
			Label: f.Text(name+"label", 2000), Quantity: f.Micro(name + "quantity"), Unit: f.Text(name+"unit", 30), Price: f.Micro(name + "price"),
			Nature: f.Get(name + "nature"), Tax: f.Get(name + "tax"), Discount: f.Rate(name + "discount"), DiscountFlat: f.Cents(name + "discountFlat"), Axis: f.ID(name + "axis"),
			Option: f.Text(name+"option", 100), Variant: f.Text(name+"variant", 100),
		}
		if f.Get(name+"quantity") == "" {
			l.Quantity = money.Unit
		}
		c.Lines = append(c.Lines, l)
	}
	readStage(f, d, &c)
	if c.Title == "" {
		c.Title = titleOf(c)
	}
	return c
}

// titleOf is what a document is about when nobody said: its first line, shortened.
func titleOf(c sale.Content) string {
	for _, l := range c.Lines {
		if first, _, _ := strings.Cut(strings.TrimSpace(l.Label), "\n"); first != "" {
			return clip(first, 80)
		}
	}
	return ""
}

// fillSale writes a document into the fields of its form.
func fillSale(f *Form, d sale.Document) {
	c := d.Content
	f.Set("dueDays", c.Delay().Code()).Set("note", c.Note).Set("reason", c.Reason).Set("orderRef", c.OrderRef).Set("service", c.Service).
		Set("commitment", c.Commitment).Set("contract", c.Contract).Set("delivered", c.Delivered).Set("deliveredFrom", c.DeliveredFrom).Set("validUntil", c.ValidUntil).Set("word", c.Word).Set("useAdvance", c.UseAdvance)
	fillPapers(f, c.Papers)
	fillStage(f, c)
	fillCurrency(f, c)
	if c.Title != titleOf(c) {
		f.Set("title", c.Title)
	}
	f.values.Set("gross", "0")
	if c.Gross {
		f.values.Set("gross", "1")
	}
	for i, l := range c.Lines {
		name := "lines[" + strconv.Itoa(i) + "]."
		f.Set(name+"label", l.Label).Set(name+"unit", l.Unit).Set(name+"nature", l.Nature).Set(name+"tax", l.Tax)
		quantity := l.Quantity
		if quantity == 0 && l.Price == 0 {
			quantity = money.Unit
		}
		f.Set(name+"quantity", quantity)
		if l.Price != 0 {
			f.values.Set(name+"price", f.P.UnitPrice(l.Price))
		}
		if l.Discount != 0 {
			f.Set(name+"discount", l.Discount)
		}
		if l.DiscountFlat != 0 {
			f.Set(name+"discountFlat", l.DiscountFlat)
		}
		if l.Axis != 0 {
			f.Set(name+"axis", l.Axis)
		}
		f.Set(name+"option", l.Option).Set(name+"variant", l.Variant)
	}
	if d.Customer != 0 {
		f.Set("customer", d.Customer)
	}
}

// formLine is a line with its choices and its sentence. The blank one has the sign that the script replaces by its number.
func (v *Visit) formLine(d *saleForm, i int, l sale.Line) formLine {
	x := formLine{I: i, Name: "lines[" + strconv.Itoa(i) + "].", Axis: l.Axis, Axes: d.Axes}
	if i < 0 {
		x.Name = "lines[__n__]."
		if x.Axis = d.Deal; d.Deal != 0 {
			d.F.Set(x.Name+"axis", d.Deal)
		}
	}
	if x.Axis != 0 && !slices.ContainsFunc(x.Axes, func(o Option) bool { return o.Value == idText(x.Axis) }) {
		x.Axes = nil // of another sort, or of a deal that is closed: it is carried as it is
	}
	usual := d.Sheet.Facts.Activity.Natures
	for _, n := range sale.Natures() {
		if slices.Contains(usual, n.Code) {
			x.Natures = append(x.Natures, Option{Value: n.Code, Label: v.P.T(n.Label)})
		}
	}
	for _, n := range sale.Natures() {
		if !slices.Contains(usual, n.Code) {
			x.Natures = append(x.Natures, Option{Value: n.Code, Label: v.P.T(n.Label)})
		}
	}
	if l.Nature == "" {
		l.Nature = d.usualNature()
	}
	n, _ := sale.NatureOf(l.Nature)
	if n.Late { // the credit note of what a late customer was asked: it sells nothing
		x.Natures = []Option{{Value: n.Code, Label: v.P.T(n.Label)}}
	}
	if l.Tax == "" {
		l.Tax = sale.StartTax(n, d.Sheet.Facts)
	}
	if d.Locked() && i >= 0 {
		d.F.Set(x.Name+"price", d.F.P.UnitPrice(l.Price))
		d.F.Set(x.Name+"nature", l.Nature)
	}
	if d.F.Get(x.Name+"nature") == "" {
		d.F.Set(x.Name+"nature", l.Nature)
	}
	d.F.Set(x.Name+"tax", l.Tax) // fitted to the nature
	if i < 0 {
		d.F.Set(x.Name+"quantity", "1")
	}
	x.Taxes = lineTaxes(v.P, d.Doc, n, l.Tax, d.Sheet.Facts)
	if d.F.Refusal(x.Name+"tax") != "" {
		x.Right = taxHint(v.P, d.Doc, n, d.Sheet.Facts)
	}
	if code := sale.UnionWithoutVAT(l, d.Sheet.Facts); code != "" && i >= 0 && l.Label+d.F.Get(x.Name+"price") != "" && d.Doc.Kind != sale.CreditNote {
		x.Union = v.P.T("form.union_hint", "customer", d.Buyer().FullName(), "choice", v.P.T(d.Sheet.Facts.Taxes[code].Label))
	}
	x.Sentence = v.lineSentence(d, i, l, n)
	if d.Works() && i >= 0 {
		x.Sentence = v.worksLine(d, i, l)
	}
	for _, field := range []string{"nature", "tax", "discount", "discountFlat", "option", "variant"} {
		x.Open = x.Open || d.F.Refusal(x.Name+field) != ""
	}
	return x
}

// lineTaxes are the rates that go with a nature and the customer, then the grounds for none. What is chosen stays among
// them, so that nothing is changed behind one's back.
func lineTaxes(p i18n.Printer, d sale.Document, n sale.Nature, chosen string, f sale.Facts) []Option {
	var list []Option
	all := sale.TaxesFor(d, n, f)
	if c, ok := f.Taxes[chosen]; ok && !slices.ContainsFunc(all, func(x ledger.TaxCode) bool { return x.Code == chosen }) {
		all = append(all, c)
	}
	for _, with := range []bool{true, false} {
		for _, c := range all {
			switch {
			case with && !c.Exempt():
				list = append(list, Option{Value: c.Code, Label: p.T(c.Label), Group: p.T("form.with_vat")})
			case !with && c.Exempt():
				list = append(list, Option{Value: c.Code, Label: p.T(c.Label), Group: p.T("form.without_vat")})
			}
		}
	}
	return list
}

// taxHint names the choices that are right, below a tax that was refused.
func taxHint(p i18n.Printer, d sale.Document, n sale.Nature, f sale.Facts) string {
	var names []string
	for _, c := range sale.TaxesFor(d, n, f) {
		names = append(names, p.T(c.Label))
	}
	return p.T("form.tax_right", "choices", strings.Join(names, " · "))
}

// written counts the lines in which something was typed.
func written(lines []sale.Line) (n int) {
	for _, l := range lines {
		if l.Label != "" || l.Price != 0 {
			n++
		}
	}
	return n
}

// lineSentence says what a line comes to and which VAT it bears, as one would say it.
func (v *Visit) lineSentence(d *saleForm, i int, l sale.Line, n sale.Nature) string {
	p, c := v.P, d.Doc.Content
	code := d.Sheet.Facts.Taxes[l.Tax]
	var t sale.LineTotal
	all := d.Doc.Totals.Own()
	known := i >= 0 && i < len(all.Lines)
	if known {
		t = all.Lines[i]
	}
	alone := known && written(d.Doc.Content.Lines) == 1
	var s string
	switch {
	case code.Exempt() && l.Tax != "":
		s = p.T("form.vat_none", "why", p.T(code.Label))
	case c.Gross && alone && t.Gross != 0:
		s = p.T("form.vat_within_amount", "rate", code.Rate, "amount", c.Sum(all.VAT))
	case c.Gross:
		s = p.T("form.vat_within", "rate", code.Rate)
	case alone && t.Net != 0:
		s = p.T("form.vat_more_amount", "rate", code.Rate, "amount", c.Sum(all.VAT), "gross", c.Sum(all.Gross))
	default:
		s = p.T("form.vat_more", "rate", code.Rate)
	}
	amount := t.Net
	if c.Gross {
		amount = t.Gross
	}
	if known && (l.Quantity != money.Unit || l.Discount != 0 || l.DiscountFlat != 0) && amount != 0 {
		s = p.T("form.line_amount", "amount", c.Sum(amount)) + " " + s
	}
	if n.Label != "" {
		s = p.T(n.Label) + ". " + s
	}
	return s
}

// customerOf finds the customer that was chosen, or typed by name. strict refuses a name that is no one's, or several
// people's.
func (v *Visit) customerOf(f *Form, d *saleForm, strict bool) error {
	if d.Doc.Kind == sale.CreditNote {
		return nil // its invoice's
	}
	d.Doc.Customer = 0
	name, id := f.Get("customerName"), f.ID("customer")
	if id > 0 {
		c, err := v.s.office.Customer(v.Ctx(), v.Actor, id)
		if err == nil && c.Activity == v.Activity && (f.Bool("chosen") || !f.Has("customerName") || sameName(c.FullName(), name)) {
			d.Doc.Customer = c.ID
			f.values.Set("customerName", c.FullName())
			f.Set("customer", c.ID)
			return nil
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	f.values.Del("customer")
	if name == "" {
		return nil
	}
	found, err := v.s.office.Customers(v.Ctx(), v.Actor, store.CustomerFilter{Activity: v.Activity, Q: clip(name, 80), Limit: 12})
	if err != nil {
		return err
	}
	var exact []sale.Customer
	for _, c := range found {
		if sameName(c.FullName(), name) {
			exact = append(exact, c)
		}
	}
	if len(exact) == 0 && len(found) == 1 && strict {
		exact = found
	}
	switch {
	case len(exact) == 1:
		d.Doc.Customer = exact[0].ID
		f.values.Set("customerName", exact[0].FullName())
		f.Set("customer", exact[0].ID)
	case strict && len(found) > 0:
		d.Choices = found
		f.Refuse("customer", "form.customer_several", "name", name)
	case strict:
		f.Refuse("customer", "form.customer_unknown", "name", name)
	}
	return nil
}

// sameName compares names without case and double spaces.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// Mode is what prices are typed in as long as nobody chose otherwise: a document to a consumer includes tax, any other does
// as the activity usually does (practice 8). It is empty once the person chose.
func (d *saleForm) Mode() string {
	if d.Doc.Origin != 0 || d.Doc.Content.Gross != usuallyGross(d.Sheet.Facts) {
		return ""
	}
	return d.F.Get("gross")
}

func usuallyGross(f sale.Facts) bool { return f.Activity.Gross || f.Customer.Kind == sale.Consumer }

// Modes are prices tax included, or before tax.
func (s screen) Modes() []Option {
	return []Option{{Value: "1", Label: s.P.T("form.ttc")}, {Value: "0", Label: s.P.T("form.ht")}}
}

// Units are what people count in, suggested.
func (s screen) Units() []string {
	return strings.Split(s.P.T("form.units"), "|")
}

// ReadNote says beforehand whether a document will be read, by whom, and how long that takes.
func (s screen) ReadNote() template.HTML {
	d, ok := s.D.(*saleForm)
	if !ok {
		return ""
	}
	p := s.P
	why := p.T(d.Sheet.ReadKey, d.Sheet.ReadArgs...)
	n := Note{Icon: "send", Strong: why}
	if d.Sheet.Read {
		n.Icon, n.Strong, n.Text = "user", p.T("form.team_reads"), why
		if d.Reader != "" {
			n.Strong = p.T("form.reads", "name", d.Reader)
		}
		n.Text += " " + p.T("form.answer", "n", d.Sheet.Facts.Rules.Trust.AnswerWorkDays)
		if usual := usualWords(p, d.Sheet.Usual); usual != "" {
			n.Text += " " + usual + "."
		}
	}
	all := n.HTML()
	if d.Doc.Customer == 0 && d.Doc.Content.Title == "" { // nothing is written yet
		return all
	}
	for _, g := range s.findings(d.Doc, d.Sheet.Facts) {
		x := Note{Tone: ToneWait, Icon: "alert-triangle", Strong: g.Strong, Text: g.Text}
		if g.Block {
			x.Tone = ToneLate
		}
		if g.Href != "" {
			x.Links = []Link{{Label: g.Act, Href: g.Href}}
		}
		all += x.HTML()
	}
	return all
}

// SendLabel names the deed of the main button.
func (s screen) SendLabel() string {
	d, ok := s.D.(*saleForm)
	if !ok {
		return ""
	}
	switch {
	case d.Sheet.Read:
		return s.P.T("form.submit")
	case d.Doc.Kind == sale.Quote:
		return s.P.T("form.validate_quote")
	case d.Doc.Kind == sale.CreditNote:
		return s.P.T("form.validate_credit")
	}
	return s.P.T("form.validate_invoice")
}

// BuyerHint says what the kind of customer means for the document, and what is missing.
func (s screen) BuyerHint() string {
	d, ok := s.D.(*saleForm)
	if !ok || d.Buyer().ID == 0 {
		return ""
	}
	c := d.Buyer()
	kind := s.P.T(customerKindWords[c.Kind])
	if c.Kind == sale.Consumer && d.Doc.Content.Gross {
		kind = s.P.T("form.consumer_gross", "kind", kind)
	}
	if c.Email == "" {
		return s.P.T("form.buyer_no_mail", "kind", kind)
	}
	return s.P.T("form.buyer_mail", "kind", kind, "mail", c.Email)
}

// ErrorID is the id that the summary of refusals leads to.
func (s screen) ErrorID(e *fault.Error) string { return fieldID(e.Field) }

// PriceLabel is « Prix TTC » or « Prix HT ».
func (s screen) PriceLabel() string {
	d, ok := s.D.(*saleForm)
	key := "form.price_ht"
	if ok && d.Doc.Content.Gross {
		key = "form.price_ttc"
	}
	if ok && d.Doc.Content.Abroad() {
		return s.P.T(key) + " (" + d.Doc.Content.Currency + ")"
	}
	return s.P.T(key)
}

// LineTitle names a line for those who hear it.
func (s screen) LineTitle(l formLine) string {
	if l.I < 0 { // the blank one: the script gives it its place
		return s.P.T("form.line", "n", "__m__")
	}
	return s.P.T("form.line", "n", l.I+1)
}

// lineScreen is what the block of one line sees.
type lineScreen struct {
	screen
	Line formLine
}

// Line gives the block of a line its line.
func (s screen) Line(l formLine) lineScreen { return lineScreen{s, l} }

// Spaced writes a SIREN as people read it.
func (s screen) Spaced(siren string) string { return coop.GroupSIREN(siren) }

// Sign is the number of the line, or the sign that the script replaces by it.
func (l formLine) Sign() string {
	if l.I < 0 {
		return "__n__"
	}
	return strconv.Itoa(l.I)
}

// FirstWhat and FirstPrice are the numbers of the fields: those of the first line bear them.
func (s lineScreen) FirstWhat() string  { return s.first("2", "3") }
func (s lineScreen) FirstPrice() string { return s.first("3", "4") }

func (s lineScreen) first(number, credit string) string {
	d, ok := s.D.(*saleForm)
	if s.Line.I != 0 || !ok {
		return ""
	}
	if d.Credit() {
		return credit
	}
	return number
}

// Needed says beside a field that the buyer demands it.
func (s screen) Needed(needed bool) string {
	if needed {
		return s.P.T("form.demanded")
	}
	return ""
}
