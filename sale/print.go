package sale

import (
	"cmp"
	"strings"
	"time"

	"essaim/coop"
	"essaim/i18n"
	"essaim/money"
)

// Print writes a document in a language: every text chosen, every amount written, every mandatory mention there. Amounts
// of a numbered document are those that were validated; of a draft, those of what is typed.
func Print(d Document, f Facts, p i18n.Printer) Paper {
	f = f.worn()
	numbered := d.Number != ""
	if !numbered || d.Status == Draft { // a quote reopened has a number and new content
		if t, err := Amounts(d, f); err == nil {
			d.Totals = t
		} else {
			d.Totals = Totals{}
		}
	}
	w := writer{d: d.Own(), f: f, p: p, books: d}
	paper := Paper{
		Kind: d.Kind, Lang: p.Lang(), Title: w.title(), Number: d.Number, Draft: d.Status == Draft || d.Status == Submitted || d.Status == Returned,
		Brand: cmp.Or(f.Look.Name, f.Activity.Name), Look: LookOf(f.Look), Under: w.under(), Buyer: w.buyer(), Delivery: w.delivery(), Meta: w.meta(), Object: d.Content.Title,
		Gross: d.Content.Gross, Head: w.head(), Rows: w.rows(), Taxes: w.taxes(), Totals: w.totals(), Terms: w.schedule(), Due: w.due(), Pay: w.pay(), Code: w.code(),
		Notes: w.notes(), Closing: f.Look.Foot, Mentions: w.mentions(), Sign: w.sign(), Drawn: w.drawn(), Seller: w.seller(), Annex: w.annex(),
	}
	if !numbered {
		paper.Number = p.T("paper.number_later")
	}
	return paper
}

// writer is what the parts of a paper share.
type writer struct {
	d Document
	f Facts
	p i18n.Printer

	books Document // with its amounts in euros
}

func (w writer) title() string {
	switch w.d.Kind {
	case Quote:
		return w.p.T("paper.quote")
	case CreditNote:
		return w.p.T("paper.credit")
	}
	if title := w.stageTitle(); title != "" {
		return title
	}
	return w.p.T("paper.invoice")
}

func (w writer) under() []string {
	c := w.f.Coop
	list := []string{w.p.T("paper.under", "coop", c.Name)}
	if c.LegalForm != "" {
		list = append(list, c.LegalForm)
	}
	list = append(list, w.address(c.Address)...)
	return compact(append(append(list, w.f.Activity.Email, w.f.Activity.Phone), w.f.Look.Lines...))
}

// address writes the lines of an address; the country only abroad.
func (w writer) address(a coop.Address) []string {
	list := compact([]string{a.Line1, a.Line2, strings.TrimSpace(a.Zip + " " + a.City)})
	if a.Country != "" && a.Country != "FR" {
		list = append(list, w.p.Country(a.Country))
	}
	return list
}

func (w writer) buyer() []string {
	c := w.f.Customer
	list := []string{c.FullName()}
	if c.Contact != "" && c.Kind != Consumer {
		list = append(list, w.p.T("paper.attention", "name", c.Contact))
	}
	list = append(list, w.address(c.Address)...)
	switch {
	case c.Kind == Public && c.SIRET != "":
		list = append(list, "SIRET"+nbsp+coop.GroupSIRET(c.SIRET))
	case c.SIREN != "":
		list = append(list, "SIREN"+nbsp+coop.GroupSIREN(c.SIREN))
	case c.SIRET != "":
		list = append(list, "SIREN"+nbsp+coop.GroupSIREN(coop.Digits(c.SIRET)[:min(9, len(coop.Digits(c.SIRET)))]))
	}
	if c.VATNumber != "" {
		list = append(list, w.p.T("paper.vat_number", "number", c.VATNumber))
	}
	return compact(list)
}

func (w writer) delivery() []string {
	a := w.f.Customer.Delivery
	if a == (coop.Address{}) || a == w.f.Customer.Address {
		return nil
	}
	return w.address(a)
}

func (w writer) meta() []Pair {
	d, c, p := w.d, w.d.Content, w.p
	var list []Pair
	add := func(label, value string) {
		if value != "" {
			list = append(list, Pair{label, value})
		}
	}
	if d.Number != "" {
		add(p.T("paper.date"), p.Day(d.Date))
	}
	switch {
	case c.Delivered == 0:
	case c.DeliveredFrom != 0 && c.DeliveredFrom != c.Delivered:
		add(p.T("paper.period_label"), p.T("paper.period", "from", c.DeliveredFrom, "to", c.Delivered))
	default:
		add(w.deliveredLabel(), p.Day(c.Delivered))
	}
	switch {
	case d.Kind == CreditNote:
		if inv := w.f.Invoice; inv != nil {
			add(p.T("paper.corrects"), p.T("paper.corrects_of", "number", inv.Number, "on", inv.Date))
		}
	case d.Kind == Invoice && d.Due != 0:
		add(p.T("paper.due_on"), p.Day(d.Due))
		if c.DueMonth != coop.NetDays || c.DueDay != 0 { // the day is what the law asks for; this is how it was found
			add(p.T("paper.terms"), c.Delay().Words(p))
		}
	case c.Delay() == (coop.Delay{}):
		add(p.T("paper.terms"), p.T("paper.on_receipt"))
	case c.DueMonth != coop.NetDays || c.DueDay != 0:
		add(p.T("paper.terms"), c.Delay().Words(p))
	default:
		add(p.T("paper.terms"), p.T("paper.due_days", "n", c.DueDays))
	}
	if d.Kind == Quote {
		add(p.T("paper.valid_until"), p.Day(c.ValidUntil))
	}
	add(p.T("paper.order"), c.OrderRef)
	add(p.T("paper.exchange"), w.exchange())
	if w.f.Customer.Kind == Public {
		service := c.Service
		if service == "" {
			service = w.f.Customer.ServiceCode
		}
		add(p.T("paper.service"), service)
		add(p.T("paper.commitment"), c.Commitment)
		add(p.T("paper.contract"), cmp.Or(c.Contract, w.f.Customer.ContractRef))
	}
	return list
}

func (w writer) deliveredLabel() string {
	switch goods, services := w.sells(); {
	case isPenalty(w.d):
		return w.p.T("paper.penalty_until")
	case w.d.Kind == Quote:
		return w.p.T("paper.planned")
	case goods && services:
		return w.p.T("paper.delivered_both")
	case goods:
		return w.p.T("paper.delivered_goods")
	}
	return w.p.T("paper.delivered_services")
}

// sells says whether the lines sell goods, services, or both. An accessory follows its tax code.
func (w writer) sells() (goods, services bool) {
	for _, l := range w.d.Content.Lines {
		n, ok := NatureOf(l.Nature)
		if !ok || n.Late {
			continue
		}
		is := n.Goods
		if n.Either {
			is = w.f.Taxes[l.Tax].Goods
		}
		goods, services = goods || is, services || !is
	}
	return goods, services
}

func (w writer) head() PaperRow {
	p := w.p
	h := PaperRow{Label: p.T("paper.head_label"), Quantity: p.T("paper.head_quantity"), Rate: p.T("paper.head_rate")}
	if w.d.Content.Gross {
		h.Price, h.Amount = p.T("paper.head_price_gross"), p.T("paper.head_amount_gross")
	} else {
		h.Price, h.Amount = p.T("paper.head_price_net"), p.T("paper.head_amount_net")
	}
	for _, l := range w.d.Content.Lines {
		if l.Discount != 0 || l.DiscountFlat != 0 {
			h.Discount = p.T("paper.head_discount")
		}
	}
	if w.advances() {
		return w.worksHead(h)
	}
	if isPenalty(w.d) {
		return PaperRow{Label: h.Label, Amount: p.T("paper.penalty_amount")}
	}
	return h
}

func (w writer) rows() []PaperRow {
	c, p := w.d.Content, w.p
	rows := make([]PaperRow, 0, len(c.Lines))
	for _, i := range w.sold() {
		l := c.Lines[i]
		r := PaperRow{Label: l.Label, Quantity: p.Micro(l.Quantity), Price: p.UnitPrice(l.Price)}
		if l.Unit != "" {
			r.Quantity += nbsp + w.unit(l.Unit, l.Quantity)
		}
		switch {
		case l.Discount != 0:
			r.Discount = minus + p.Rate(l.Discount)
		case l.DiscountFlat != 0:
			r.Discount = w.sum(-l.DiscountFlat)
		}
		code, known := w.f.Taxes[l.Tax]
		if known {
			r.Rate = p.Rate(code.Rate)
		}
		if i < len(w.d.Totals.Lines) {
			if c.Gross {
				r.Amount = p.Amount(w.d.Totals.Lines[i].Gross)
			} else {
				r.Amount = p.Amount(w.d.Totals.Lines[i].Net)
			}
		}
		// The unit price before tax is a mandatory mention for buyers who are not consumers (CGI ann. II 242 nonies A, 8°).
		if c.Gross && known && code.Rate > 0 && w.f.Customer.Kind != Consumer {
			net := money.Micro(money.MulDiv(int64(l.Price), int64(money.One), int64(money.One+code.Rate)))
			net = money.Micro(money.MulDiv(int64(net), 1, 100)) * 100 // four decimals are what a reader can use; amounts are not made of it
			r.Label += "\n" + p.T("paper.unit_net", "price", w.unitPrice(net))
		}
		if l.Option != "" || l.Variant != "" {
			r.Label = w.choiceName(l) + "\n" + r.Label
			if !l.Chosen {
				r.Amount = w.unchosen(l)
			}
		}
		if w.advances() {
			r = w.worksRow(r, l)
		}
		if isPenalty(w.d) {
			r.Quantity, r.Price, r.Rate = "", "", ""
		}
		rows = append(rows, r)
	}
	return rows
}

// choiceName says before its words what a line is: « Option « Pose » », « Revêtement : chêne ».
func (w writer) choiceName(l Line) string {
	if l.Variant != "" {
		return w.p.T("paper.variant", "choice", l.Variant, "name", l.Option)
	}
	return w.p.T("paper.option", "name", l.Option)
}

// unchosen is the amount of a line that is not counted, between brackets.
func (w writer) unchosen(l Line) string {
	amount, err := l.amount()
	if err != nil {
		return ""
	}
	return "(" + w.p.Amount(amount) + ")"
}

// choices tells under the totals what each option adds and what is counted already.
func (w writer) choices() []Pair {
	var list []Pair
	for _, c := range w.d.Content.Choices(w.f.Taxes) {
		name := w.choiceName(Line{Variant: c.Variant, Option: c.Name})
		words := w.p.T("paper.choice_taken")
		switch {
		case c.Variant == "" && c.Chosen:
			words = w.p.T("paper.option_taken", "amount", w.d.Content.Sum(c.Delta))
		case !c.Chosen && c.Delta < 0:
			words = w.p.T("paper.choice_less", "amount", w.d.Content.Sum(-c.Delta))
		case !c.Chosen:
			words = w.p.T("paper.choice_more", "amount", w.d.Content.Sum(c.Delta))
		}
		list = append(list, Pair{name, words})
	}
	return list
}

// unit is what is counted, in the plural from two (in English, of more than one) where the language's list knows it: what
// people typed otherwise stays as it is.
func (w writer) unit(unit string, n money.Micro) string {
	most := 2*money.Unit - 1
	if w.p.Lang() == "en" {
		most = money.Unit
	}
	if n <= most {
		return unit
	}
	for pair := range strings.SplitSeq(w.p.T("paper.units_plural"), "|") {
		if one, many, _ := strings.Cut(pair, "="); one == unit {
			return many
		}
	}
	return unit
}

// taxes has one row a rate, whatever the codes, and one row a ground where no VAT is charged.
func (w writer) taxes() []PaperTax {
	var list []PaperTax
	if isPenalty(w.d) {
		return nil // no VAT, and the ground of it among the mentions
	}
	var sums []TaxTotal
	for _, row := range w.before().Taxes {
		if n := len(sums); n > 0 && row.Rate > 0 && sums[n-1].Rate == row.Rate {
			sums[n-1].Net += row.Net
			sums[n-1].VAT += row.VAT
			continue
		}
		sums = append(sums, row)
	}
	for _, s := range sums {
		list = append(list, PaperTax{Label: w.p.T(w.f.Taxes[s.Tax].Label), Net: w.sum(s.Net), VAT: w.sum(s.VAT)})
	}
	return list
}

func (w writer) totals() []Pair {
	t, p := w.before(), w.p
	if isPenalty(w.d) {
		return w.settled(nil)
	}
	list := append(w.works(), []Pair{
		{p.T("paper.total_net"), w.sum(t.Net)}, {p.T("paper.total_vat"), w.sum(t.VAT)}, {p.T("paper.total_gross"), w.sum(t.Gross)},
	}...)
	list = append(list, w.inEuros()...)
	list = append(append(list, w.choices()...), w.deductions()...)
	return append(w.settled(list), w.retention()...)
}

// settled adds to the sums of an invoice what was credited and paid of it.
func (w writer) settled(list []Pair) []Pair {
	p := w.p
	if w.d.Kind == Invoice && w.d.Credited != 0 {
		list = append(list, Pair{p.T("paper.credited"), w.sum(-w.d.Credited)})
	}
	if w.d.Kind == Invoice && w.d.Paid != 0 {
		list = append(list, Pair{p.T("paper.paid"), w.sum(-w.d.Paid)})
	}
	return list
}

func (w writer) due() Pair {
	switch w.d.Kind {
	case Quote:
		return Pair{w.p.T("paper.quoted"), w.sum(w.d.Totals.Gross)}
	case CreditNote:
		return Pair{w.p.T("paper.in_favour"), w.sum(w.d.Totals.Gross)}
	}
	if deducts(w.d.Content) || w.d.Totals.Retained != 0 {
		return Pair{w.p.T("paper.net_to_pay"), w.sum(Remaining(w.d) - w.kept())}
	}
	return Pair{w.p.T("paper.to_pay"), w.sum(Remaining(w.d))}
}

func (w writer) pay() []Pair {
	c, p := w.f.Coop, w.p
	if w.d.Kind != Invoice || c.IBAN == "" || Remaining(w.d) == 0 {
		return nil
	}
	list := []Pair{{p.T("paper.transfer_to"), c.Name}, {"IBAN", coop.Group(coop.Digits(c.IBAN), 4)}}
	if c.BIC != "" {
		list = append(list, Pair{"BIC", c.BIC})
	}
	if w.d.Number != "" {
		list = append(list, Pair{p.T("paper.reference"), w.d.Number})
	}
	return list
}

func (w writer) notes() []string {
	list := append([]string{w.d.Content.Note}, w.stageNotes()...)
	if w.d.Kind == CreditNote && w.d.Content.Reason != "" {
		list = append(list, w.p.T("paper.reason", "reason", w.d.Content.Reason))
	}
	return compact(list)
}

// sign is the box for the customer's agreement on a quote, or the trace of it.
func (w writer) sign() []string {
	s, p := w.d.Signed, w.p
	if w.d.Kind != Quote || w.d.Status == Refused && s.Withdrawn == 0 {
		return nil
	}
	if s.At == 0 {
		return []string{p.T("paper.agreed"), p.T("paper.agreed_how")}
	}
	at := w.instant(s.At)
	left := ""
	if s.Withdrawn != 0 {
		left = p.T("paper.withdrawn", "name", w.f.Customer.FullName(), "at", w.instant(s.Withdrawn))
	}
	if s.Recorded {
		return compact([]string{p.T("paper.agreed_recorded", "name", s.Name, "at", at, "activity", w.f.Activity.Name), w.hash(), left})
	}
	list := []string{p.T("paper.agreed_signed", "name", s.Name, "at", at)}
	if s.Address != "" {
		list = append(list, p.T("paper.agreed_from", "address", s.Address))
	}
	return compact(append(list, w.hash(), left))
}

// instant reads the clock that the signing page shows.
func (w writer) instant(at int64) string {
	if w.f.Zone == nil {
		return w.p.Instant(time.UnixMicro(at).UTC()) + nbsp + "UTC"
	}
	return w.p.Instant(time.UnixMicro(at).In(w.f.Zone))
}

// drawn is the signature that the customer drew on the link: only strokes within the pad are ever printed.
func (w writer) drawn() string {
	if w.d.Kind != Quote || w.d.Signed.At == 0 || w.d.Signed.Recorded || w.d.Status == Refused || CheckDrawn(w.f.Drawn) != nil {
		return ""
	}
	return w.f.Drawn
}

func (w writer) hash() string {
	if w.d.Signed.Hash == "" {
		return ""
	}
	return w.p.T("paper.agreed_hash", "hash", w.d.Signed.Hash)
}

// seller is the legal identity of the cooperative, foot of every page (Code de commerce R123-237).
func (w writer) seller() []string {
	c, p := w.f.Coop, w.p
	first := []string{c.Name, c.LegalForm}
	if c.Capital != "" && !strings.Contains(c.LegalForm, c.Capital) {
		first = append(first, c.Capital)
	}
	ids := []string{}
	if c.SIREN != "" {
		ids = append(ids, "SIRET"+nbsp+coop.GroupSIRET(c.SIRET()))
		if c.RCS != "" {
			ids = append(ids, "RCS"+nbsp+c.RCS+nbsp+coop.GroupSIREN(c.SIREN))
		}
	}
	if c.VATNumber != "" {
		ids = append(ids, p.T("paper.vat_number", "number", c.VATNumber))
	}
	return compact([]string{
		strings.Join(compact(first), ", "), strings.Join(w.address(c.Address), ", "), strings.Join(ids, ", "),
		strings.Join(compact([]string{c.Email, c.Phone}), ", "),
	})
}

const (
	nbsp  = "\u00a0"
	minus = "\u2212"
)

// compact drops the empty texts.
func compact(list []string) []string {
	var kept []string
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// grounds returns the texts of the exemptions and reverse charges a document bears, once each.
func (w writer) grounds() []string {
	var list []string
	seen := map[string]bool{}
	for _, row := range w.d.Totals.Taxes {
		if c := w.f.Taxes[row.Tax]; c.Ground != "" && !seen[c.Ground] {
			seen[c.Ground] = true
			list = append(list, c.Ground)
		}
	}
	return list
}

// reducedWorks says whether works bear a reduced rate.
func (w writer) reducedWorks() bool {
	for _, l := range w.d.Content.Lines {
		n, _ := NatureOf(l.Nature)
		c := w.f.Taxes[l.Tax]
		if n.Works && c.Rate > 0 && c.Rate <= 10*money.Percent {
			return true
		}
	}
	return false
}

// onDebits says whether the option for debits bears on the document: as issued once it is, as the rules stand before.
func (w writer) onDebits() bool {
	switch {
	case w.d.Kind == CreditNote && w.f.Invoice != nil:
		return w.f.Invoice.Settled.Debits
	case w.d.Kind == Invoice && w.d.Number != "":
		return w.d.Settled.Debits
	}
	return w.f.Rules.VAT.OnDebits
}

// receipt says whether a tax code is due on receipt unless the cooperative opted for debits.
func (w writer) receipt() bool {
	for _, row := range w.d.Totals.Taxes {
		if c := w.f.Taxes[row.Tax]; c.OnReceipt {
			return true
		}
	}
	return false
}
