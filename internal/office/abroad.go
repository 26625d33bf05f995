package office

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// AbroadRow is what one customer is told under in a month.
type AbroadRow struct {
	Customer sale.Customer
	Sold     money.Cents
	Back     money.Cents // regularisations, in minus
	Told     []sale.Told
}

// AbroadSection is how far the list of a month and the books of a section are from each other, and why.
type AbroadSection struct {
	Section int64
	Told    money.Cents // in the list
	Booked  money.Cents // revenue of the month in the books
	Other   money.Cents // told this month and booked in another, or on a deposit
	Else    money.Cents // booked this month and told in another
}

// Agrees says whether nothing is left unexplained.
func (s AbroadSection) Agrees() bool { return s.Told == s.Booked+s.Other-s.Else }

// AbroadMonth is a statement of a month.
type AbroadMonth struct {
	Statement sale.Statement
	Month     date.Month
	Rows      []AbroadRow // by VAT number
	Sections  []AbroadSection
	Sold      money.Cents
	Back      money.Cents
}

// abroadLooks is how long before a month an invoice may have been issued whose work is done in it.
const abroadLooks = 731

// AbroadOf returns what other member states are told of a month.
func (o *Office) AbroadOf(ctx context.Context, a access.Actor, s sale.Statement, month date.Month) (all AbroadMonth, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if err := can(a, access.ViewLedger, access.Subject{Year: yearOf(set, month.First())}); err != nil {
			return err
		}
		if !slices.Contains(sale.Statements(), s) {
			return fault.New(fault.NotFound, "office.absent")
		}
		all = AbroadMonth{Statement: s, Month: month}
		told, sections, err := tell(tx, month)
		if err != nil {
			return err
		}
		return all.fill(tx, told, sections)
	})
	return all, err
}

// tell returns what all statements tell, of the documents that may bear on a month, and the activities they are of.
func tell(tx *store.Tx, month date.Month) (told []sale.Told, sections []int64, err error) {
	today, err := tx.Today()
	if err != nil {
		return nil, nil, err
	}
	docs, err := tx.SalesAbroad(month.First()-abroadLooks, today)
	if err != nil {
		return nil, nil, err
	}
	by := map[int64][]int64{}
	for _, d := range docs {
		by[d.Activity] = append(by[d.Activity], d.ID)
	}
	collected := map[int64][]sale.CollectedOn{}
	for activity, ids := range by {
		sections = append(sections, activity)
		some, err := tx.CollectedOf(activity, ids)
		if err != nil {
			return nil, nil, err
		}
		maps.Copy(collected, some)
	}
	slices.Sort(sections)
	return sale.Tell(docs, collected), sections, nil
}

func (m *AbroadMonth) fill(tx *store.Tx, told []sale.Told, sections []int64) error {
	within := func(d date.Day) bool { return d != 0 && d.Month() == m.Month }
	customers, bySection := map[int64]*AbroadRow{}, map[int64]*AbroadSection{}
	section := func(id int64) *AbroadSection {
		if bySection[id] == nil {
			bySection[id] = &AbroadSection{Section: id}
		}
		return bySection[id]
	}
	var ids []int64
	for _, t := range told {
		if t.Statement != m.Statement {
			continue
		}
		here, booked := within(t.Day), within(t.Booked)
		switch {
		case here && !booked:
			section(t.Activity).Other += t.Amount
		case booked && !here:
			section(t.Activity).Else += t.Amount
		}
		if !here {
			continue
		}
		section(t.Activity).Told += t.Amount
		r := customers[t.Customer]
		if r == nil {
			r = &AbroadRow{}
			customers[t.Customer] = r
			ids = append(ids, t.Customer)
		}
		r.Told = append(r.Told, t)
		if t.Back {
			r.Back += t.Amount
			m.Back += t.Amount
		} else {
			r.Sold += t.Amount
			m.Sold += t.Amount
		}
	}
	sums, err := tx.RevenueUnder(sections, []string{m.Statement.Tax()}, m.Month.First(), m.Month.Last())
	if err != nil {
		return err
	}
	for _, s := range sums {
		section(s.Section).Booked += s.Amount
	}
	known, err := tx.CustomersOf(ids)
	if err != nil {
		return err
	}
	for id, r := range customers {
		r.Customer = known[id]
		m.Rows = append(m.Rows, *r)
	}
	m.merge()
	for _, s := range bySection {
		m.Sections = append(m.Sections, *s)
	}
	slices.SortFunc(m.Sections, func(a, b AbroadSection) int { return cmp.Compare(a.Section, b.Section) })
	return nil
}

// merge makes one row of those that several activities have for one VAT number: the form knows the cooperative alone.
func (m *AbroadMonth) merge() {
	slices.SortFunc(m.Rows, func(a, b AbroadRow) int {
		return cmp.Or(cmp.Compare(a.Customer.VATNumber, b.Customer.VATNumber), cmp.Compare(a.Customer.ID, b.Customer.ID))
	})
	var rows []AbroadRow
	for _, r := range m.Rows {
		if n := len(rows); n > 0 && r.Customer.VATNumber != "" && rows[n-1].Customer.VATNumber == r.Customer.VATNumber {
			last := &rows[n-1]
			last.Sold, last.Back, last.Told = last.Sold+r.Sold, last.Back+r.Back, append(last.Told, r.Told...)
			continue
		}
		rows = append(rows, r)
	}
	m.Rows = rows
}

// ExportsToProve lists the invoices of goods that left France without VAT and whose transport no paper proves yet.
func (o *Office) ExportsToProve(ctx context.Context, a access.Actor, activityID int64) (all []store.SaleRow, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		within, years, err := mayList(set, a, activityID, string(sale.Invoice))
		if err != nil {
			return err
		}
		if all, err = tx.SalesWithoutTransport(activityID); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r store.SaleRow) bool {
			return within != nil && !slices.Contains(within, r.Activity) || years != nil && !slices.ContainsFunc(years, func(y date.FiscalYear) bool { return y.Contains(r.Day) })
		})
		for i := 0; i < len(all); i++ {
			d, err := tx.Sale(all[i].ID)
			if err != nil {
				return err
			}
			if d.Content.Stage == sale.Deposit { // nothing has left yet
				all = slices.Delete(all, i, i+1)
				i--
			}
		}
		return nil
	})
	return all, err
}
