package sale

import (
	"cmp"
	"fmt"
	"slices"

	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
)

// depositNature is the nature under which turnover collected on a deposit counts until later invoices clear it.
func depositNature(nature string) string { return activity.DepositNature + nature }

// isDeposit says whether a document, an invoice or the credit note of one, is of a deposit.
func isDeposit(d Document) bool { return d.Content.Stage == Deposit }

// from is what every invoice of a quote starts with.
func from(quote Document) Content {
	c := quote.Content
	c.ValidUntil, c.Schedule, c.Word, c.Reason = 0, nil, "", ""
	c.Stage, c.Situation, c.Before = "", 0, nil
	c.Lines = slices.Clone(c.Lines)
	return c
}

// DepositOf returns the content of a deposit invoice on a quote: its share, or an amount tax included, of each nature and
// tax code. An amount is typed TTC so that the customer reads it to the cent.
func DepositOf(quote Document, share money.Rate, amount money.Cents, label string) Content {
	c := from(quote)
	c.Stage, c.Lines, c.Retention, c.ReleaseOn, c.Delivered, c.DeliveredFrom = Deposit, nil, 0, 0, 0, 0
	all := foreignParts(quote)
	c.Gross = c.Gross || share == 0
	var whole, sum, given money.Cents
	for _, p := range all {
		whole += p.Net + p.VAT
	}
	for _, p := range all {
		part := p.Net
		if c.Gross {
			part += p.VAT
		}
		if share != 0 {
			part = part.Times(share)
		} else {
			sum += part
			part = amount.Share(sum, whole) - given
			given += part
		}
		if part != 0 {
			c.Lines = append(c.Lines, Line{Label: label, Nature: p.Nature, Quantity: money.Unit, Price: part.Micro(), Tax: p.Tax, Axis: p.Axis})
		}
	}
	return c
}

// ProgressOf returns the content of the next situation of a quote's works: done[i] is the cumulated share of line i, and
// earlier its situations so far. Without done, the balance: everything is done.
//
// What credit notes have taken back of the situations is to be invoiced again: it counts no more among what was invoiced
// before, neither on the lines nor in the VAT. A situation that was taken back whole leaves its number too.
func ProgressOf(quote Document, earlier []Document, done []money.Rate) Content {
	c := from(quote)
	c.Stage, c.Situation = Progress, 1
	if done == nil {
		c.Stage = Balance
	}
	for i := range c.Lines {
		c.Lines[i].Done, c.Lines[i].Before = money.One, 0
		if done != nil {
			c.Lines[i].Done = done[i]
		}
	}
	for _, d := range earlier {
		if d.Content.Situation == 0 || d.Number == "" || takenBack(d) {
			continue
		}
		c.Situation = max(c.Situation, d.Content.Situation+1)
		for i, v := range invoicedLines(d, c.Gross) {
			if i < len(c.Lines) {
				c.Lines[i].Before += v
			}
		}
		c.Before = addParts(c.Before, slices.DeleteFunc(foreignParts(d), func(p Part) bool { return p.Deposit != 0 }))
	}
	return c
}

// takenBack says whether credit notes have taken an invoice back whole. One that deposits have paid whole comes to nothing
// all the same: its parts tell.
func takenBack(d Document) bool {
	if d.Totals.Gross != 0 {
		return d.Credited >= d.Totals.Gross
	}
	return len(d.Settled.Credited) > 0 && !slices.ContainsFunc(remainingParts(d), func(p Part) bool { return p.Net != 0 || p.VAT != 0 })
}

// invoicedLines returns what a situation has invoiced of each line, in its own currency and mode, less what its credit notes
// took. They name natures and rates, not lines: what they took is spread over the lines of one kind, in proportion.
func invoicedLines(d Document, gross bool) []money.Cents {
	t := d.Totals.own()
	list := make([]money.Cents, min(len(d.Content.Lines), len(t.Lines)))
	for i, l := range d.Content.Lines[:len(list)] {
		switch {
		case l.Deposit != 0:
		case gross:
			list[i] = t.Lines[i].Gross
		default:
			list[i] = t.Lines[i].Net
		}
	}
	credited := d.Settled.Credited
	if d.Totals.Foreign != nil {
		credited = d.Settled.Refunded
	}
	for _, p := range credited {
		off := p.Net
		if gross {
			off += p.VAT
		}
		if p.Deposit != 0 || off == 0 {
			continue
		}
		var whole, sum, given money.Cents
		weight := func(i int) money.Cents { // lines of the sign of what was taken
			if l := d.Content.Lines[i]; !p.is(Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}) || (list[i] > 0) != (off > 0) {
				return 0
			}
			return list[i]
		}
		weights := make([]money.Cents, len(list))
		for i := range list {
			weights[i] = weight(i)
			whole += weights[i]
		}
		for i, w := range weights {
			if w == 0 {
				continue
			}
			sum += w
			part := off.Share(sum, whole) - given
			given += part
			list[i] -= part
		}
	}
	return list
}

// DoneBy returns the share of each line of a quote that its situations have invoiced so far: what they said, or what is left
// of it once credit notes took some back.
func DoneBy(quote Document, earlier []Document) []money.Rate {
	done := make([]money.Rate, len(quote.Content.Lines))
	credited := make([]bool, len(done))
	before := make([]money.Cents, len(done))
	for _, d := range earlier {
		if d.Content.Situation == 0 || d.Number == "" || d.Kind == CreditNote {
			continue
		}
		whole := takenBack(d)
		said := d
		said.Settled.Credited, said.Settled.Refunded = nil, nil
		was := invoicedLines(said, quote.Content.Gross)
		for i, v := range invoicedLines(d, quote.Content.Gross) {
			if i >= len(done) || d.Content.Lines[i].Deposit != 0 {
				continue
			}
			if whole {
				credited[i] = credited[i] || was[i] != 0
				continue
			}
			before[i] += v
			credited[i] = credited[i] || v != was[i]
			done[i] = max(done[i], d.Content.Lines[i].Done)
		}
	}
	for i, l := range quote.Content.Lines {
		if !credited[i] {
			continue
		}
		if v, err := l.amount(); err == nil && v != 0 {
			done[i] = max(0, min(done[i], money.Rate(money.MulDiv(int64(before[i]), int64(money.One), int64(v)))))
		}
	}
	return done
}

// deductions returns the lines that clear deposits on an invoice: of each part what most allows, all that is left of it when
// there is no bound.
func deductions(deposits []Document, gross bool, most func(all, left Part) Part) []Line {
	var lines []Line
	for _, d := range deposits {
		for _, p := range leftToDeduct(d) {
			if most != nil {
				now := most(deductible(d, p), p)
				p.Net, p.VAT = now.Net, now.VAT
			}
			if p.Net == 0 && p.VAT == 0 {
				continue
			}
			price := p.Net
			if gross {
				price += p.VAT
			}
			lines = append(lines, Line{Label: deductionLabel(d), Nature: p.Nature, Quantity: money.Unit, Price: (-price).Micro(), Tax: p.Tax, Deposit: d.ID, VAT: -p.VAT, Axis: p.Axis})
		}
	}
	return lines
}

// ProposedDeductions returns what an invoice as it stands would deduct of the deposits of its quote: all that is left of them
// with the last one.
//
// Before, a deposit is given back rate by rate, as the total and the VAT of each rate are what an invoice states (CGI ann. II
// art. 242 nonies A-I 8°, and art. 289-I for deposits): a situation gives back of each rate as much as its works have advanced,
// another invoice what it sells under that rate and no more; the rest stays for the next. So none comes out below zero.
func ProposedDeductions(c Content, quote Document, made []Document) []Line {
	deposits, _ := stagesOf(made)
	if len(deposits) == 0 {
		return nil
	}
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Deposit != 0 })
	t, err := Compute(c, ledger.France())
	if err != nil || lastOf(c, t, quote, made) {
		return deductions(deposits, c.Gross, nil)
	}
	room := map[string]Part{} // what the invoice bears under each code, less what it gives back so far
	for _, row := range t.Taxes {
		room[row.Tax] = Part{Net: max(0, row.Net), VAT: max(0, row.VAT)}
	}
	done, of := map[string]money.Cents{}, map[string]money.Cents{}
	for _, l := range c.Lines {
		if v, err := l.amount(); err == nil && c.Stage == Progress {
			done[l.Tax] += v.Times(l.Done)
			of[l.Tax] += v
		}
	}
	return deductions(deposits, c.Gross, func(all, left Part) Part {
		r, now := room[left.Tax], left
		if c.Stage == Progress { // in all, the share of the deposit that the works are of the sale
			now.Net = min(left.Net, max(0, all.Net.Share(done[left.Tax], of[left.Tax])-(all.Net-left.Net)))
		}
		now.Net = min(now.Net, r.Net)
		now.VAT = min(left.VAT.Share(now.Net, left.Net), r.VAT)
		room[left.Tax] = Part{Net: r.Net - now.Net, VAT: r.VAT - now.VAT}
		return now
	})
}

// lastOf says whether nothing of the sale is left to invoice after an invoice that comes to t.
func lastOf(c Content, t Totals, quote Document, made []Document) bool {
	if c.Situation != 0 {
		return c.Stage != Progress || !slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Done != money.One })
	}
	left := inMode(c, quote.Totals.own()) - inMode(c, t)
	for _, d := range made {
		if isDeposit(d) {
			continue
		}
		for _, p := range foreignParts(d) {
			if p.Deposit != 0 {
				continue
			}
			if left -= p.Net; c.Gross {
				left -= p.VAT
			}
		}
	}
	return left <= 0
}

// inMode is a total as the document is typed, net or tax included: what lines sum to.
func inMode(c Content, t Totals) money.Cents {
	if c.Gross {
		return t.Gross
	}
	return t.Net
}

// leftToDeduct returns what of a deposit neither a credit note nor a later invoice has taken, in its own currency.
func leftToDeduct(d Document) []Part {
	list := foreignParts(d)
	for i := range list {
		taken := findPart(foreignDeducted(d), list[i])
		list[i].Net -= taken.Net
		list[i].VAT -= taken.VAT
	}
	return list
}

// deductible returns a part of a deposit less its credit notes.
func deductible(d Document, p Part) Part { return findPart(foreignParts(d), p) }

// foreignParts and foreignDeducted are parts in the currency of the document.
func foreignParts(d Document) []Part {
	list := parts(d.Content, d.Totals.own())
	credited := d.Settled.Credited
	if d.Totals.Foreign != nil {
		credited = d.Settled.Refunded
	}
	return lessParts(list, credited)
}

func foreignDeducted(d Document) []Part {
	if d.Totals.Foreign == nil {
		return d.Settled.Deducted
	}
	var list []Part
	for _, p := range d.Settled.Deducted { // booked in euros: the same share of the part in its currency
		book, own := findPart(remainingParts(d), p), findPart(foreignParts(d), p)
		list = append(list, Part{Nature: p.Nature, Tax: p.Tax, Axis: p.Axis, Net: own.Net.Share(p.Net, book.Net), VAT: own.VAT.Share(p.VAT, book.VAT)})
	}
	return list
}

// own are the amounts in the currency of the document.
func (t Totals) own() Totals {
	if t.Foreign != nil {
		return *t.Foreign
	}
	return t
}

// is says whether two parts are of the same nature, tax code, deposit and second axis.
func (p Part) is(q Part) bool {
	return p.Nature == q.Nature && p.Tax == q.Tax && p.Deposit == q.Deposit && p.Axis == q.Axis
}

func byPart(a, b Part) int {
	return cmp.Or(cmp.Compare(a.Tax, b.Tax), cmp.Compare(a.Nature, b.Nature), cmp.Compare(a.Deposit, b.Deposit), cmp.Compare(a.Axis, b.Axis))
}

// findPart returns the part of a list that is of the same kind, empty when there is none.
func findPart(list []Part, p Part) Part {
	if i := slices.IndexFunc(list, p.is); i >= 0 {
		return list[i]
	}
	return Part{Nature: p.Nature, Tax: p.Tax, Deposit: p.Deposit, Axis: p.Axis}
}

// lessParts takes parts off a list of its own.
func lessParts(list, off []Part) []Part {
	for i := range list {
		p := findPart(off, list[i])
		list[i].Net -= p.Net
		list[i].VAT -= p.VAT
	}
	return list
}

// checkStage tells what keeps an invoice from being a deposit, a situation or a balance, or from deducting what it deducts.
func checkStage(d Document, f Facts) []error {
	var errs []error
	c := d.Content
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if isDeposit(d) && (c.Situation != 0 || deducts(c) || c.Retention != 0) {
		bad("stage", "sale.fault.deposit_alone")
	}
	if c.Retention != 0 && d.Kind == Quote && c.ReleaseOn != 0 && (c.ReleaseOn < f.Today || c.ReleaseOn > f.Today+maxRelease) {
		bad("releaseOn", "sale.fault.release_range", "max", maxRelease) // it binds both: no invoice of it could say so
	}
	if c.Retention != 0 && d.Kind == Invoice {
		switch {
		case !slices.ContainsFunc(c.Lines, func(l Line) bool { n, _ := NatureOf(l.Nature); return n.Works }):
			bad("retention", "sale.fault.retention_works")
		case c.ReleaseOn == 0:
			bad("releaseOn", "sale.fault.release_missing")
		case c.ReleaseOn < f.Today || c.ReleaseOn > f.Today+maxRelease:
			bad("releaseOn", "sale.fault.release_range", "max", maxRelease)
		}
	}
	if d.Kind == Invoice && c.Situation != 0 {
		errs = append(errs, checkSituation(d, f)...)
	}
	if d.Kind == CreditNote {
		errs = append(errs, givesBackLost(c, f)...)
	}
	if d.Kind != Invoice {
		return errs
	}
	taken := map[Part]Part{}
	for i, l := range c.Lines {
		if l.Deposit == 0 {
			continue
		}
		at := slices.IndexFunc(f.Deposits, func(x Document) bool { return x.ID == l.Deposit })
		if at < 0 || !isDeposit(f.Deposits[at]) || f.Deposits[at].Number == "" || f.Deposits[at].Activity != d.Activity || f.Deposits[at].Customer != d.Customer || f.Deposits[at].Origin != d.Origin { // a quote and its deposits are cleared together
			errs = append(errs, lineFault(i, "deposit", "sale.fault.deposit_unknown"))
			continue
		}
		dep := f.Deposits[at]
		if dep.Content.Currency != c.Currency {
			errs = append(errs, lineFault(i, "deposit", "sale.fault.deposit_currency", "invoice", dep.Number))
			continue
		}
		amount, err := l.amount()
		if err != nil {
			continue // told by [Compute]
		}
		net := -amount
		if c.Gross {
			net = -(amount - l.VAT)
		}
		kind := Part{Nature: l.Nature, Tax: l.Tax, Deposit: l.Deposit, Axis: l.Axis}
		sum := taken[kind]
		sum.Net, sum.VAT = sum.Net+net, sum.VAT-l.VAT
		taken[kind] = sum
		left := findPart(leftToDeduct(dep), Part{Nature: l.Nature, Tax: l.Tax, Axis: l.Axis})
		if !within(sum.Net, left.Net) || !within(sum.VAT, left.VAT) {
			errs = append(errs, lineFault(i, "price", "sale.fault.deposit_above", "invoice", dep.Number, "rest", c.Sum(left.Net)))
		}
	}
	if f.More {
		errs = append(errs, checkRates(c, f.Taxes)...)
	}
	return errs
}

// givesBackLost refuses a credit note that gives back a deposit that was written off: it would stand on 41912 for ever, with
// nobody to pay it.
func givesBackLost(c Content, f Facts) (errs []error) {
	for i, l := range c.Lines {
		if at := slices.IndexFunc(f.Deposits, func(x Document) bool { return x.ID == l.Deposit }); l.Deposit != 0 && at >= 0 && f.Deposits[at].Settled.LostWhole > 0 {
			errs = append(errs, lineFault(i, "deposit", "sale.fault.deposit_given_up", "invoice", f.Deposits[at].Number))
		}
	}
	return errs
}

// checkRates: an invoice that is not the last deducts of deposits no more than it sells under each rate, as its total and VAT by
// rate are what it states (CGI ann. II art. 242 nonies A-I 8°); the rest stays for the next.
func checkRates(c Content, taxes ledger.Taxes) []error {
	sold := c
	sold.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Deposit != 0 })
	before, err := Compute(sold, taxes)
	if err != nil || len(sold.Lines) == len(c.Lines) {
		return nil
	}
	after, err := Compute(c, taxes)
	if err != nil {
		return nil
	}
	var errs []error
	for _, row := range after.Taxes {
		if row.Net >= 0 && row.VAT >= 0 {
			continue
		}
		was := slices.IndexFunc(before.Taxes, func(x TaxTotal) bool { return x.Tax == row.Tax })
		most := money.Cents(0)
		if was >= 0 {
			most = before.Taxes[was].Net
		}
		if most < 0 { // a rebate had made it so
			continue
		}
		at := slices.IndexFunc(c.Lines, func(l Line) bool { return l.Deposit != 0 && l.Tax == row.Tax })
		if at >= 0 {
			errs = append(errs, lineFault(at, "price", "sale.fault.deducts_rate", "rate", taxes[row.Tax].Rate, "most", most))
		}
	}
	return errs
}

// LeavesMore says whether something of a quote is left to invoice after an invoice of it; made are its invoices that have a
// number.
func LeavesMore(d, quote Document, made []Document, taxes ledger.Taxes) bool {
	c := d.Content
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Deposit != 0 })
	t, err := Compute(c, taxes)
	return err == nil && !lastOf(c, t, quote, slices.DeleteFunc(slices.Clone(made), func(x Document) bool { return x.ID == d.ID }))
}

// maxRelease bounds, in days, how far the release of a retention may lie ahead: one year after the works are received
// (loi 71-584, art. 2), which may be long after the first situation.
const maxRelease = 1461

// ReleaseLate returns the day by which the law frees a retention if the works are received when they end, or today, when the
// document frees it later; 0 otherwise. One year after the works are received it is paid, unless the customer has objected by registered letter (loi 71-584
// art. 2, which no clause may defeat: art. 3). Works that are received later free it later: it is told, not refused.
func ReleaseLate(c Content, today date.Day) date.Day {
	if by := max(c.Delivered, today).AddMonths(12); c.Retention != 0 && c.ReleaseOn > by {
		return by
	}
	return 0
}

// checkSituation: what came before is what earlier situations say today, and no line has changed the VAT it bears.
func checkSituation(d Document, f Facts) []error {
	var errs []error
	c := d.Content
	want := ProgressOf(Document{Content: Content{Lines: c.Lines, Gross: c.Gross}}, f.Situations, nil)
	stale := c.Situation != want.Situation || !slices.Equal(c.Before, want.Before)
	for i, l := range c.Lines {
		for _, s := range f.Situations {
			if i < len(s.Content.Lines) && s.Content.Lines[i].Deposit == 0 && l.Deposit == 0 && !takenBack(s) && s.Content.Lines[i].Tax != l.Tax {
				errs = append(errs, lineFault(i, "tax", "sale.fault.situation_tax", "invoice", s.Number))
			}
		}
		if l.Deposit == 0 && l.Before != want.Lines[i].Before {
			stale = true
		}
	}
	if stale {
		errs = append(errs, fault.New(fault.Conflict, "sale.fault.situation_stale", "what", staleWords(c.Situation, want.Situation, f.Situations)))
	}
	return errs
}

// staleWords tells what happened to a quote since a situation of it was written as the was-th, which is now the n-th.
func staleWords(was, n int, situations []Document) i18n.Said {
	if n > was {
		for _, s := range situations {
			if s.Content.Situation == n-1 && s.Number != "" {
				return i18n.Said{Key: "sale.fault.stale_passed", Args: []any{"before", n - 1, "invoice", s.Number, "was", was, "n", n}}
			}
		}
	}
	if n < was {
		return i18n.Said{Key: "sale.fault.stale_undone", Args: []any{"was", was, "n", n}}
	}
	return i18n.Said{Key: "sale.fault.stale_moved"}
}

// Invoicing is how a quote is invoiced: a deposit by a share or an amount tax included, works by the cumulated share of each
// line that is done, or the balance, all that is left.
type Invoicing struct {
	Stage  Stage
	Share  money.Rate
	Amount money.Cents
	Label  string
	Done   []money.Rate // of each line of the quote; what is missing stays as it was
}

// Compose returns the content of the next invoice of a quote; made are the invoices with a number that it has so far.
func Compose(quote Document, made []Document, how Invoicing) (Content, error) {
	deposits, situations := stagesOf(made)
	own := quote.Totals.own()
	switch how.Stage {
	case Deposit:
		switch {
		case how.Share < 0 || how.Share > money.One || how.Share == 0 && how.Amount == 0:
			return Content{}, fault.At("share", "sale.fault.term_share")
		case how.Amount < 0 || how.Amount > own.Gross:
			return Content{}, fault.At("amount", "sale.fault.deposit_whole", "gross", quote.Content.Sum(own.Gross))
		}
		label := how.Label
		if label == "" && how.Share != 0 {
			label = french.T("sale.deposit_share", "share", how.Share, "number", quote.Number, "on", quote.Date)
		} else if label == "" {
			label = french.T("sale.deposit_amount", "number", quote.Number, "on", quote.Date)
		}
		return DepositOf(quote, how.Share, how.Amount, label), nil
	case Progress:
		done := DoneBy(quote, situations)
		for i := range done {
			if i < len(how.Done) {
				done[i] = how.Done[i]
			}
			if done[i] < 0 || done[i] > money.One {
				return Content{}, lineFault(i, "done", "sale.fault.done_range")
			}
		}
		c := ProgressOf(quote, situations, done)
		for i, l := range c.Lines {
			if _, err := l.amount(); err != nil {
				return Content{}, fault.Prefix(fmt.Sprintf("lines[%d]", i), err)
			}
		}
		c.Lines = append(c.Lines, ProposedDeductions(c, quote, made)...)
		return c, nil
	}
	c := from(quote)
	switch {
	case len(situations) > 0:
		c = ProgressOf(quote, situations, nil)
	case len(deposits) > 0:
		c.Stage = Balance
	}
	if c.Situation == 0 {
		if c.Lines = uninvoiced(c, made); len(c.Lines) == 0 {
			return Content{}, fault.New(fault.Conflict, "sale.fault.sale_invoiced", "quote", quote.Number)
		}
	}
	c.Lines = append(c.Lines, ProposedDeductions(c, quote, made)...)
	return c, nil
}

// LeftOf returns what of a quote its invoices have not sold yet, tax included, deposits not deducted. The cents by which the
// VAT of several invoices differs from that of one are nothing to invoice. It is in the currency of the quote.
func LeftOf(quote Document, made []Document) money.Cents {
	left := quote.Totals.own().Gross
	for _, d := range made {
		sold, _ := SoldOf(quote, d)
		left -= sold
	}
	if _, err := Compose(quote, made, Invoicing{Stage: Balance}); err != nil {
		return 0
	}
	return max(0, left)
}

// uninvoiced returns the lines of a quote that none of its invoices holds yet. What of a nature and rate was invoiced
// otherwise than the quote says, or credited since, is left as one line.
func uninvoiced(c Content, made []Document) []Line {
	whole := func(l Line) money.Cents { v, _ := l.amount(); return v }
	var sold []Part
	var held []Line // lines of the invoices, each for one of the quote
	for _, d := range made {
		if isDeposit(d) || takenBack(d) {
			continue
		}
		sold = addParts(sold, slices.DeleteFunc(foreignParts(d), func(p Part) bool { return p.Deposit != 0 }))
		held = append(held, slices.DeleteFunc(slices.Clone(d.Content.Lines), func(l Line) bool { return l.Deposit != 0 })...)
	}
	if len(sold) == 0 {
		return c.Lines
	}
	var order []Part
	left, kept, rest := map[Part]money.Cents{}, map[Part]money.Cents{}, map[Part][]Line{}
	for _, l := range c.Lines {
		k := Part{Nature: l.Nature, Tax: l.Tax, Axis: l.Axis}
		if _, seen := left[k]; !seen {
			order = append(order, k)
			p := findPart(sold, k)
			if left[k] = -p.Net; c.Gross {
				left[k] -= p.VAT
			}
		}
		left[k] += whole(l)
		if at := slices.IndexFunc(held, func(h Line) bool {
			return h.Label == l.Label && h.Nature == l.Nature && h.Tax == l.Tax && h.Axis == l.Axis && whole(h) == whole(l)
		}); at >= 0 {
			held = slices.Delete(held, at, at+1)
			continue
		}
		rest[k] = append(rest[k], l)
		kept[k] += whole(l)
	}
	var lines []Line
	for _, k := range order {
		switch {
		case kept[k] == left[k]:
			lines = append(lines, rest[k]...)
		case left[k] > 0:
			at := slices.IndexFunc(c.Lines, func(l Line) bool { return k.is(Part{Nature: l.Nature, Tax: l.Tax, Axis: l.Axis}) })
			lines = append(lines, Line{Label: c.Lines[at].Label, Nature: k.Nature, Quantity: money.Unit, Price: left[k].Micro(), Tax: k.Tax, Axis: k.Axis})
		}
	}
	return lines
}

// SoldOf is [Sold] in the currency of the quote that the invoice is of: between two rates of one currency nothing is sold nor
// left. An invoice in another currency than its quote is worth its euros, at the rate of the quote when that has one.
func SoldOf(quote, d Document) (sold, waiting money.Cents) {
	if quote.Content.abroad() == d.Content.abroad() && (!d.Content.abroad() || quote.Content.Currency == d.Content.Currency) {
		return Sold(d.inOwn())
	}
	sold, waiting = Sold(d)
	if quote.Content.abroad() && quote.Content.Exchange > 0 {
		sold, waiting = quote.Content.units(sold), quote.Content.units(waiting)
	}
	return sold, waiting
}

// Sold returns what an invoice takes of the sale it comes from, tax included, deposits that it deducts comprised, less its
// credit notes; of a deposit nothing is sold, and waiting is what no invoice has deducted yet.
func Sold(d Document) (sold, waiting money.Cents) {
	left := d.Totals.Gross - d.Credited
	if isDeposit(d) {
		for _, p := range d.Settled.Deducted {
			left -= p.Net + p.VAT
		}
		return 0, left
	}
	for _, p := range remainingParts(d) {
		if p.Deposit != 0 {
			left -= p.Net + p.VAT
		}
	}
	return left, 0
}
