package demo

import (
	"essaim/internal/office"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

// sell plans the documents of an activity for a month: as many as its trade and the season bring.
func (w *world) sell(e *enterprise, m date.Month) {
	from, to := max(m.First(), e.opened+6), min(m.Last(), w.opt.Today-1)
	if to <= from || len(e.offers) == 0 {
		return
	}
	weight := 100
	if e.season != nil {
		weight = e.season[m.Number()-1]
	}
	// Thousandths of documents; what does not make a whole one waits for the next month.
	e.due += e.tenths * weight * int(to-from+1) / int(m.Last()-m.First()+1)
	n := e.due / 1000
	e.due %= 1000
	var days []date.Day
	for range n {
		days = append(days, opened(from+date.Day(e.chance.IntN(int(to-from)+1))))
	}
	slices.Sort(days)
	for _, day := range days {
		if day < from {
			continue
		}
		c := pick(e.chance, e.clients)
		quoted := e.chance.in(e.quotes)
		content := e.content(c.customer)
		hour, minute := e.chance.between(8, 18), e.chance.IntN(60)
		if quoted {
			w.quoted(e, c, content, day, hour, minute)
			continue
		}
		w.agenda.at(day, hour, minute, func() error { return w.invoice(e, c, content, 0) })
	}
}

// quoted begins with a quote some weeks before the day of the invoice; one in eight comes to nothing.
func (w *world) quoted(e *enterprise, c *client, content sale.Content, day date.Day, hour, minute int) {
	before, answer := e.chance.between(12, 26), e.chance.between(2, 9)
	declined := e.chance.in(12)
	made := opened(max(day-date.Day(before), e.opened+1, w.today))
	w.agenda.at(made, hour, minute, func() error {
		q, err := w.quote(e, c, content)
		if err != nil {
			return err
		}
		w.agenda.at(open(made+date.Day(answer)), hour, (minute+17)%60, func() error {
			a, err := w.as(e.author(w.today))
			if err != nil {
				return err
			}
			if declined {
				_, err = w.office.RefuseQuote(w.ctx, a, q.ID)
				return err
			}
			if q, err = w.office.RecordAcceptance(w.ctx, a, q.ID, office.Agreement{Name: contact(c.customer)}, 0); err != nil {
				return err
			}
			w.agenda.at(open(max(day, w.today+1)), hour, minute, func() error { return w.invoice(e, c, q.Content, q.ID) })
			return nil
		})
		return nil
	})
}

func contact(c sale.Customer) string {
	if c.Contact != "" {
		return c.Contact
	}
	return c.FullName()
}

// known saves a customer the first time something is written for them.
func (w *world) known(a access.Actor, e *enterprise, c *client) error {
	if c.saved {
		return nil
	}
	c.customer.Activity = e.id
	saved, err := w.office.SaveCustomer(w.ctx, a, c.customer, "")
	if err != nil {
		return fmt.Errorf("customer %s of %s: %w", c.customer.FullName(), e.code, err)
	}
	c.customer, c.saved = saved, true
	return nil
}

func (w *world) quote(e *enterprise, c *client, content sale.Content) (sale.Document, error) {
	a, err := w.as(e.author(w.today))
	if err != nil {
		return sale.Document{}, err
	}
	if err := w.known(a, e, c); err != nil {
		return sale.Document{}, err
	}
	if content, err = w.housed(a, c, sale.Quote, content, 0); err != nil {
		return sale.Document{}, err
	}
	content.Delivered, content.ValidUntil = 0, w.today+30
	e.sold++
	d, err := w.office.CreateAndSubmit(w.ctx, a, sale.Document{Kind: sale.Quote, Activity: e.id, Customer: c.customer.ID, Content: content}, "")
	if err != nil {
		return d, fmt.Errorf("quote of %s: %w", e.code, err)
	}
	return d, nil
}

// written has an invoice written and submitted today. It comes back numbered when the trust rules let it leave alone.
func (w *world) written(e *enterprise, c *client, content sale.Content, origin int64) (sale.Document, error) {
	a, err := w.as(e.author(w.today))
	if err != nil {
		return sale.Document{}, err
	}
	if err := w.known(a, e, c); err != nil {
		return sale.Document{}, err
	}
	if content, err = w.housed(a, c, sale.Invoice, content, origin); err != nil {
		return sale.Document{}, err
	}
	content.ValidUntil = 0
	if content.Delivered == 0 {
		content.Delivered = max(w.today-date.Day(e.chance.IntN(5)), e.opened)
	}
	e.sold++
	d, err := w.office.CreateAndSubmit(w.ctx, a, sale.Document{Kind: sale.Invoice, Activity: e.id, Customer: c.customer.ID, Origin: origin, Content: content}, "")
	if err != nil {
		return d, fmt.Errorf("invoice of %s: %w", e.code, err)
	}
	return d, nil
}

// invoice writes an invoice; the team reads it the next morning unless it left alone; then it is mailed and paid.
func (w *world) invoice(e *enterprise, c *client, content sale.Content, origin int64) error {
	d, err := w.written(e, c, content, origin)
	if err != nil {
		return err
	}
	if d.Number != "" {
		return w.issued(e, c, d)
	}
	reader := w.reader(e)
	w.agenda.at(open(w.today+1), e.chance.between(9, 11), e.chance.IntN(60), func() error {
		if d, err = w.validate(reader, d.ID); err != nil {
			return err
		}
		return w.issued(e, c, d)
	})
	return nil
}

// reader is who reads the documents of an activity: its advisor, or the desk.
func (w *world) reader(e *enterprise) *person {
	if e.chance.in(60) {
		return w.byName[e.advisor]
	}
	return w.byName[desk]
}

func (w *world) validate(reader *person, id int64) (sale.Document, error) {
	a, err := w.as(reader)
	if err != nil {
		return sale.Document{}, err
	}
	d, err := w.office.Validate(w.ctx, a, id, 0)
	if err != nil {
		return d, fmt.Errorf("validating %d: %w", id, err)
	}
	return d, nil
}

// issued mails an invoice and plans its payment.
func (w *world) issued(e *enterprise, c *client, d sale.Document) error {
	if err := w.mailed(e, d); err != nil {
		return err
	}
	paid := max(d.Date+1, d.Due+date.Day(c.late+e.chance.between(-2, 2)))
	if d.Origin != 0 && c.customer.Kind == sale.Consumer { // nothing within seven days of a quote signed at home
		paid = max(paid, d.Date+8)
	}
	w.pays(e, c, []sale.Document{d}, d.Totals.Gross, paid)
	return nil
}

// mailed sends a recent document to its customer. (What is older left long ago, by whatever way.)
func (w *world) mailed(e *enterprise, d sale.Document) error {
	w.queued = true
	if w.today < w.opt.Today-recent {
		return nil
	}
	a, err := w.as(e.author(w.today))
	if err != nil {
		return err
	}
	_, err = w.office.Send(w.ctx, a, d.ID, "", "")
	return err
}

// pays has a customer pay on a day; the desk records it when the bank tells, the next working morning. Those of the
// activity that is short of money are the ones who make it wait.
func (w *world) pays(e *enterprise, c *client, ds []sale.Document, amount money.Cents, on date.Day) {
	ref := fmt.Sprintf("VIR %s", plain(c.customer.Name))
	if c.means != sale.Transfer {
		ref = ""
	}
	told, minute := open(on+1), e.chance.IntN(60)
	if e.code == short && told > w.shortFrom() {
		return
	}
	w.agenda.at(told, 10, minute, func() error {
		_, err := w.receive(c, ds, amount, on, ref)
		return err
	})
}

// receive records a payment of some documents; what exceeds them is kept as an advance.
func (w *world) receive(c *client, ds []sale.Document, amount money.Cents, on date.Day, ref string) (sale.Payment, error) {
	a, err := w.named(desk)
	if err != nil {
		return sale.Payment{}, err
	}
	p := sale.Payment{Customer: c.customer.ID, Date: on, Amount: amount, Means: c.means}
	left := amount
	for _, d := range ds {
		part := min(left, d.Totals.Gross)
		if part > 0 {
			p.Allocations = append(p.Allocations, sale.Allocation{Invoice: d.ID, Amount: part})
		}
		left -= part
	}
	p.Excess = left
	if ref != "" {
		p.Reference = ref + " " + ds[0].Number
	}
	p, err = w.office.Receive(w.ctx, a, p, "")
	if err != nil {
		return p, fmt.Errorf("payment of %s: %w", c.customer.FullName(), err)
	}
	return p, nil
}
