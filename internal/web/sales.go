package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// salesPages are quotes, invoices and credit notes: the list, the form, the page of each.
func (s *Server) salesPages() {
	s.keptPage("/{coop}/a/{activity}/sales", access.ViewDocument, s.sales)
	s.page("GET", "/{coop}/a/{activity}/sales.csv", access.ViewDocument, s.salesCSV)
	s.page("GET", "/{coop}/a/{activity}/sales/new", access.DraftDocument, s.newSale)
	s.page("POST", "/{coop}/a/{activity}/sales/new", access.DraftDocument, s.newSaleSent)
	s.page("GET", "/{coop}/a/{activity}/sales/quick", access.DraftDocument, s.quickSale)
	s.page("POST", "/{coop}/a/{activity}/sales/preview", access.DraftDocument, s.previewSale)
	s.page("GET", "/{coop}/sales/{id}", access.ViewDocument, s.sale)
	s.page("GET", "/{coop}/sales/{id}/pdf", access.ViewDocument, s.salePDF)
	s.page("GET", "/{coop}/sales/{id}/edit", access.DraftDocument, s.editSale)
	s.page("POST", "/{coop}/sales/{id}/edit", access.DraftDocument, s.editSaleSent)
	s.page("POST", "/{coop}/sales/{id}/submit", access.SubmitDocument, s.submitSale)
	s.page("POST", "/{coop}/sales/{id}/takeback", access.SubmitDocument, s.takeBackSale)
	s.page("POST", "/{coop}/sales/{id}/delete", access.DraftDocument, s.deleteSale)
	s.page("POST", "/{coop}/sales/{id}/send", access.SendDocument, s.sendSale)
	s.page("POST", "/{coop}/sales/{id}/link", access.SendDocument, s.linkSale)
	s.page("POST", "/{coop}/sales/{id}/accept", access.SendDocument, s.acceptSale)
	s.page("POST", "/{coop}/sales/{id}/refuse", access.SendDocument, s.refuseSale)
	s.page("POST", "/{coop}/sales/{id}/withdraw", access.SendDocument, s.withdrawSale)
	s.page("POST", "/{coop}/sales/{id}/reopen", access.DraftDocument, s.reopenSale)
	s.page("GET", "/{coop}/sales/{id}/invoice", access.DraftDocument, s.invoicing)
	s.page("POST", "/{coop}/sales/{id}/invoice", access.DraftDocument, s.invoicingLive)
	s.page("POST", "/{coop}/sales/{id}/retake", access.DraftDocument, s.retakeSale)
	s.page("POST", "/{coop}/sales/{id}/retention", access.RecordPayment, s.freeRetention)
	s.page("POST", "/{coop}/sales/{id}/comment", access.ViewDocument, s.commentSale)
}

// salesShown are the documents on a page of the list.
const salesShown = 50

// A salesView is one choice above the list: its word, and what it keeps.
type salesView struct {
	state, label string
	kinds        []sale.Kind // of which it is offered; nil: all
}

var salesViews = []salesView{
	{"", "sales.all", nil},
	{"draft", "sales.drafts", nil},
	{"submitted", "sales.being_read", nil},
	{"returned", "sales.to_correct", nil},
	{"sent", "sales.out", []sale.Kind{sale.Quote}},
	{"accepted", "sales.agreed", []sale.Kind{sale.Quote}},
	{"expired", "sales.gone", []sale.Kind{sale.Quote}},
	{"unpaid", "sales.unpaid", []sale.Kind{"", sale.Invoice}},
	{"overdue", "sales.overdue", []sale.Kind{"", sale.Invoice}},
	{"paid", "sales.paid", []sale.Kind{"", sale.Invoice}},
}

// salesFilter reads the address into what the list keeps. What cannot be read is left out, as if it had not been asked.
func (v *Visit) salesFilter() store.SaleFilter {
	f := store.SaleFilter{Activity: v.Activity, Today: v.Actor.Today, Limit: salesShown, Q: clip(v.Query("q"), 100)}
	switch k := sale.Kind(v.Query("kind")); k {
	case sale.Quote, sale.Invoice, sale.CreditNote:
		f.Kind = k
	}
	switch state := v.Query("state"); state {
	case "unpaid", "partly", "overdue", "paid", "credited", "expired":
		f.State = state
	case "draft", "submitted", "returned", "validated", "accepted", "refused":
		f.Status = []sale.Status{sale.Status(state)}
	case "sent":
		f.Status = []sale.Status{sale.Validated, sale.Sent}
	}
	if id, err := strconv.ParseInt(v.Query("customer"), 10, 64); err == nil && id > 0 {
		f.Customer = id
	}
	f.From, f.To = v.queryDay("from"), v.queryDay("to")
	if id, err := strconv.ParseInt(v.Query("before"), 10, 64); err == nil && id > 0 {
		f.Before = id
	}
	return f
}

func (v *Visit) queryDay(name string) date.Day {
	d, err := i18n.ParseDay(v.Query(name), v.Actor.Today)
	if err != nil {
		return 0
	}
	return d
}

// sales lists the documents of an activity, the newest first; what is chosen stands in the address.
func (s *Server) sales(v *Visit) error {
	f := v.salesFilter()
	rows, sum, err := s.office.Sales(v.Ctx(), v.Actor, f)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	page := Page{Title: v.P.T("sales.title"), Section: "sales"}
	if !v.Actor.Owns(v.Activity) {
		page.Section, page.Team = "activities", true
	}
	return v.written(page, func(m *markup) {
		m.salesHead(v, h.ActivityName(v.Activity))
		if len(rows) > 0 || v.r.URL.RawQuery != "" { // nothing at all needs no choice
			m.salesFilters(v, f)
		}
		if len(rows) == 0 {
			m.put(v.noSales(f))
			return
		}
		m.salesTable(v, h, rows, sum, f)
		m.salesPager(v, rows, sum, f)
	})
}

// backTo leads to the account of the activity, and only names it to who may not see the account.
func (m *markup) backTo(v *Visit, name string) {
	if !v.can(access.ViewAccount, v.Activity) {
		m.raw(`<p class="muted small">`).text(name).raw("</p>")
		return
	}
	m.raw(`<a class="lk" href="`).text(v.URL("a", v.Activity) + "/").raw(`">`).icon("arrow-left").text(name).raw("</a>")
}

func (m *markup) salesHead(v *Visit, name string) {
	p, base := v.P, v.URL("a", v.Activity, "sales")
	m.raw(`<div class="head"><div>`)
	if !v.Actor.Owns(v.Activity) {
		m.backTo(v, name)
	}
	m.raw(`<h1 class="ttl">`).text(p.T("sales.title")).raw(`</h1></div>`)
	if v.can(access.DraftDocument, v.Activity) {
		m.raw(`<div class="deskact both">`).button(Link{p.T("sales.new_quote"), base + "/new?kind=quote", "file-text"}, "b").
			button(Link{p.T("sales.new_invoice"), base + "/new?kind=invoice", "file-invoice"}, "b go").raw("</div>")
	}
	m.raw("</div>")
}

// salesFilters are the kinds, the states, and the form that looks for words and days.
func (m *markup) salesFilters(v *Visit, f store.SaleFilter) {
	p := v.P
	m.raw(`<nav class="seg yrs kinds"`).attr("aria-label", p.T("sales.kinds")).raw(">")
	for _, k := range []struct {
		kind  sale.Kind
		label string
	}{{"", "sales.everything"}, {sale.Quote, "sales.quotes"}, {sale.Invoice, "sales.invoices"}, {sale.CreditNote, "sales.credits"}} {
		m.raw(`<a href="`).text(v.With("kind", string(k.kind), "state", "", "before", "")).raw(`"`)
		if f.Kind == k.kind {
			m.raw(` aria-current="page"`)
		}
		m.raw("><span>").text(p.T(k.label)).raw("</span></a>")
	}
	m.raw("</nav>")
	state := v.Query("state")
	var list Filters
	for _, x := range salesViews {
		if x.kinds != nil && !slices.Contains(x.kinds, f.Kind) {
			continue
		}
		list = append(list, Filter{Label: p.T(x.label), Href: v.With("state", x.state, "before", ""), Current: state == x.state})
		if x.state == "accepted" {
			list = append(list, Filter{Label: p.T("to_invoice.filter"), Href: v.URL("a", v.Activity, "to-invoice")})
		}
	}
	m.part(list, p).raw(`<form class="find" role="search" action="`).text(v.r.URL.Path).raw(`">`)
	for _, name := range []string{"kind", "state", "customer"} {
		if value := v.Query(name); value != "" {
			m.raw(`<input type="hidden" name="`).raw(name).raw(`" value="`).text(value).raw(`">`)
		}
	}
	m.findField("q", "search", p.T("sales.find"), v.Query("q"), p.T("sales.find_hint"))
	m.raw(`<button class="b">`).icon("search").text(p.T("sales.look")).raw(`</button><details class="when"`)
	if f.From != 0 || f.To != 0 {
		m.raw(" open")
	}
	m.raw(`><summary class="b q">`).icon("calendar").text(p.T("sales.when")).raw("</summary>")
	m.findDay("from", p.T("sales.from"), v.Query("from"), p.T("sales.day_hint"))
	m.findDay("to", p.T("sales.to"), v.Query("to"), p.T("sales.day_hint"))
	m.raw("</details>")
	if f.Q != "" || f.From != 0 || f.To != 0 || f.Customer != 0 {
		m.raw(`<a class="lk" href="`).text(v.With("q", "", "from", "", "to", "", "customer", "", "before", "")).raw(`">`).text(p.T("sales.clear")).raw("</a>")
	}
	m.raw("</form>")
}

func (m *markup) findField(name, kind, label, value, hint string) {
	m.raw(`<label class="ff `).raw(name).raw(`"><span class="sr">`).text(label).raw(`</span><span class="in"><input type="`).raw(kind).raw(`" name="`).raw(name).raw(`"`).
		attr("value", value).attr("placeholder", hint).raw("></span></label>")
}

func (m *markup) findDay(name, label, value, hint string) {
	m.raw(`<label class="ff day2"><span class="in"><span class="u">`).text(label).raw(`</span><input name="`).raw(name).raw(`" data-day`).attr("value", value).attr("placeholder", hint).raw("></span></label>")
}

// salesTable writes the rows by hand, a table at a desk and cards on a phone: it is the page asked for most.
func (m *markup) salesTable(v *Visit, h *house, rows []store.SaleRow, sum store.SaleSum, f store.SaleFilter) {
	p := v.P
	m.raw(`<div class="scroll stack sl" tabindex="0" role="region"`).attr("aria-label", p.T("sales.title")).raw(`><table class="tb" data-rows><thead><tr>`)
	for i, key := range []string{"sales.col_document", "sales.col_buyer", "sales.col_day", "sales.col_due", "sales.col_gross", "sales.col_state"} {
		m.raw(`<th scope="col"`)
		if i == 4 {
			m.raw(` class="num"`)
		}
		m.raw(">").text(p.T(key)).raw("</th>")
	}
	m.raw("</tr></thead><tbody>")
	words := newStateWords(v, h)
	base := v.URL("sales") + "/"
	nobody := p.T("home.no_buyer")
	draft, quote, invoice, credit := p.T("sales.number_later"), p.T("sales.quote"), p.T("sales.invoice"), p.T("sales.credit")
	for i := range rows {
		r := &rows[i]
		m.raw(`<tr><th scope="row"><a href="`).raw(base).int64(r.ID).raw(`">`)
		if r.Number != "" {
			m.text(r.Number)
		} else {
			switch r.Kind {
			case sale.Quote:
				m.text(quote)
			case sale.CreditNote:
				m.text(credit)
			default:
				m.text(invoice)
			}
			m.raw(` <span class="muted">`).text(draft).raw("</span>")
		}
		m.raw("</a>")
		if r.Title != "" {
			m.raw(`<small class="sub2">`).text(r.Title).raw("</small>")
		}
		m.raw(`</th><td class="by">`)
		if r.Buyer != "" {
			m.text(r.Buyer)
		} else {
			m.raw(`<span class="muted">`).text(nobody).raw("</span>")
		}
		m.raw(`</td><td class="dy">`)
		if r.Day != 0 {
			m.text(p.Day(r.Day))
		}
		m.raw(`</td><td class="du">`)
		if r.Due != 0 && r.Number != "" && r.Kind != sale.CreditNote {
			m.text(p.Day(r.Due))
		}
		m.raw(`</td><td class="num">`)
		gross := r.Gross
		if r.Kind == sale.CreditNote {
			gross = -gross
		}
		m.raw(`<span class="amt strong">`).text(p.Euros(gross)).raw(`</span>`)
		if r.Currency != "" {
			m.raw(`<small class="sub2">`).text(ownGross(p, r)).raw("</small>")
		}
		m.raw(`</td><td class="sx">`).status(words.of(r)).raw("</td></tr>")
	}
	m.raw(`</tbody><tfoot><tr><th scope="row" colspan="4">`).text(v.salesSum(sum, f)).raw(`</th><td class="num">`)
	if f.Kind != "" { // quotes and invoices do not add up
		m.raw(`<span class="amt strong">`).text(p.Euros(sum.Gross)).raw("</span>")
	}
	m.raw("</td><td>")
	if sum.Remaining != 0 {
		m.text(p.T("sales.remaining", "amount", sum.Remaining))
	}
	m.raw("</td></tr></tfoot></table></div>")
}

func (m *markup) int64(n int64) *markup { m.b = strconv.AppendInt(m.b, n, 10); return m }

// salesSum says how many there are, in words.
func (v *Visit) salesSum(sum store.SaleSum, f store.SaleFilter) string {
	switch f.Kind {
	case sale.Quote:
		return v.P.T("sales.n_quotes", "n", sum.Count)
	case sale.Invoice:
		return v.P.T("sales.n_invoices", "n", sum.Count)
	case sale.CreditNote:
		return v.P.T("sales.n_credits", "n", sum.Count)
	}
	return v.P.T("sales.n_documents", "n", sum.Count)
}

// salesPager leads to the older documents, back to the first page, and to the file of all that is shown.
func (m *markup) salesPager(v *Visit, rows []store.SaleRow, sum store.SaleSum, f store.SaleFilter) {
	p := v.P
	m.raw(`<nav class="pager"`).attr("aria-label", p.T("web.pages")).raw(`><a class="lk" href="`).text(v.csvURL()).raw(`">`).icon("file-download").text(p.T("sales.export", "n", sum.Count)).raw(`</a><span class="acts">`)
	if f.Before != 0 {
		m.raw(`<a class="b" href="`).text(v.With("before", "")).raw(`">`).text(p.T("sales.newest")).raw("</a>")
	}
	if len(rows) == salesShown && sum.Count > salesShown {
		m.raw(`<a class="b" rel="next" href="`).text(v.With("before", strconv.FormatInt(rows[len(rows)-1].ID, 10))).raw(`">`).text(p.T("sales.older")).icon("chevron-right").raw("</a>")
	}
	m.raw("</span></nav>")
}

func (v *Visit) csvURL() string {
	q := v.r.URL.Query()
	q.Del("before")
	to := v.URL("a", v.Activity, "sales.csv")
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// noSales stands where the list would: what it is for, or that nothing is like what was asked.
func (v *Visit) noSales(f store.SaleFilter) template.HTML {
	p := v.P
	if f.Before != 0 || f.Kind != "" || f.State != "" || f.Status != nil || f.Q != "" || f.Customer != 0 || f.From != 0 || f.To != 0 {
		return Empty{Title: p.T("sales.none_such"), Text: p.T("sales.none_such_about"), Acts: []Link{{p.T("sales.show_all"), v.r.URL.Path, ""}}}.HTML()
	}
	e := Empty{Title: p.T("sales.none"), Text: p.T("sales.none_about")}
	if v.can(access.DraftDocument, v.Activity) {
		e.Acts = []Link{{p.T("home.make_quote"), v.URL("a", v.Activity, "sales/new?kind=quote"), "plus"}}
	}
	return e.HTML()
}

// stateWords say in which state a document is, as people say it. The words are looked up once a page.
type stateWords struct {
	v      *Visit
	reader string // who reads it before it leaves
	known  map[string]Status
}

func newStateWords(v *Visit, h *house) *stateWords {
	w := &stateWords{v: v, known: map[string]Status{}}
	if p, ok := h.advisor(v.Activity, v.Today()); ok {
		w.reader = p.FirstName
	}
	return w
}

// stateLook is the icon, the tone and the word of a state; a feminine word where the document is an invoice.
var stateLook = map[string]struct{ tone, icon, masculine, feminine string }{
	"draft":     {"", "pencil", "sales.state_draft", "sales.state_draft"},
	"submitted": {ToneWait, "clock", "sales.state_submitted", "sales.state_submitted"},
	"returned":  {ToneWait, "message-circle", "sales.state_returned", "sales.state_returned"},
	"validated": {"", "file-check", "sales.state_validated_m", "sales.state_validated"},
	"sent":      {"", "send", "sales.state_sent_m", "sales.state_sent"},
	"partly":    {"", "cash", "sales.state_partly", "sales.state_partly"},
	"paid":      {ToneOK, "check", "sales.state_paid", "sales.state_paid"},
	"lost":      {ToneLate, "alert-triangle", "sales.state_lost", "sales.state_lost"},
	"retained":  {"", "clock", "sales.state_retained", "sales.state_retained"},
	"credited":  {"", "receipt-refund", "sales.state_credited", "sales.state_credited"},
	"accepted":  {ToneOK, "check", "sales.state_accepted", "sales.state_accepted"},
	"refused":   {"", "x", "sales.state_refused", "sales.state_refused"},
	"expired":   {"", "clock", "sales.state_expired", "sales.state_expired"},
}

// of returns the state of a row.
func (w *stateWords) of(r *store.SaleRow) Status {
	today := w.v.Actor.Today
	state := r.State(today)
	if state == "overdue" {
		return Status{Tone: ToneLate, Icon: "alert-triangle", Text: w.v.P.T("sales.state_overdue", "n", int(today-r.Due))}
	}
	return w.word(state, r.Kind)
}

func (w *stateWords) word(state string, kind sale.Kind) Status {
	key := state + string(kind)
	if s, ok := w.known[key]; ok {
		return s
	}
	l := stateLook[state]
	message := l.masculine
	if kind == sale.Invoice {
		message = l.feminine
	}
	s := Status{Tone: l.tone, Icon: l.icon, Text: w.v.P.T(message)}
	if state == "submitted" && w.reader != "" {
		s.Text = w.v.P.T("sales.state_submitted_to", "name", w.reader)
	}
	w.known[key] = s
	return s
}

// salesFile bounds the file of what is shown, in rows.
const salesFile = 100_000

// salesCSV is every document of the list, whatever its page, as a file that a French spreadsheet opens.
func (s *Server) salesCSV(v *Visit) error {
	f := v.salesFilter()
	f.Before, f.Limit = 0, 1000
	h, err := v.House()
	if err != nil {
		return err
	}
	p, words := v.P, newStateWords(v, h)
	var out bytes.Buffer
	out.WriteString("\ufeff")
	c := csv.NewWriter(&out)
	c.Comma = ';'
	var head []string
	for _, key := range []string{"sales.csv_kind", "sales.csv_number", "sales.col_day", "sales.col_due", "sales.col_buyer", "sales.csv_title", "sales.csv_net", "sales.csv_vat", "sales.csv_gross", "sales.csv_paid", "sales.csv_left", "sales.col_state", "form.currency", "sales.csv_own"} {
		head = append(head, p.T(key))
	}
	_ = c.Write(head) // to memory
	for n := 0; n < salesFile; {
		rows, _, err := s.office.Sales(v.Ctx(), v.Actor, f)
		if err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			sign := money.Cents(1)
			if r.Kind == sale.CreditNote {
				sign = -1
			}
			_ = c.Write([]string{ // to memory
				p.T(kindWords[r.Kind]), r.Number, r.Day.String(), r.Due.String(), cellSafe(r.Buyer), cellSafe(r.Title), decimals(sign * r.Net), decimals(sign * r.VAT), decimals(sign * r.Gross), decimals(r.Paid), decimals(r.Remaining()), words.of(r).Text, cmp.Or(r.Currency, "EUR"), decimals(sign * cmp.Or(r.Own.Gross, r.Gross)),
			})
		}
		n += len(rows)
		if len(rows) < f.Limit {
			break
		}
		f.Before = rows[len(rows)-1].ID
	}
	c.Flush()
	return v.Send(url.PathEscape(h.activities[v.Activity].Code)+"-"+p.T("sales.csv_name")+"-"+v.Actor.Today.String()+".csv", out.Bytes(), false)
}

// decimals writes an amount as spreadsheets of this country read it: no thousands, a comma.
func decimals(c money.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }

// cellSafe keeps a text that begins like a formula from being one.
func cellSafe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
