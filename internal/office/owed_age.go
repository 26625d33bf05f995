package office

import (
	"cmp"
	"context"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// OwedRow is what one customer of an activity owes, by age.
type OwedRow struct {
	Activity int64
	Customer int64 // 0: owed by an entry alone, without a customer of an activity
	Name     string
	Ages     [sale.Ages]money.Cents
	Retained money.Cents // kept by the customer as agreed, not due yet
	Total    money.Cents
	Own      []i18n.Sum // of it, what is owed in other currencies, as they are
	Count    int        // invoices
	Oldest   date.Day   // the earliest due day
	Told     sale.Reminded
	Doubtful money.Cents // of the total, what may not be paid
	Until    date.Day    // a pause keeps all of it back until then; 0: none does
}

// Late is what is past its day.
func (r OwedRow) Late() money.Cents { return r.Total - r.Retained - r.Ages[sale.NotDue] }

// AddOwn adds an amount to those of its currency; what is in euros is in the total alone.
func AddOwn(list []i18n.Sum, amount money.Cents, currency string) []i18n.Sum {
	if currency == "" || currency == "EUR" || amount == 0 {
		return list
	}
	for i := range list {
		if list[i].Currency == currency {
			list[i].Amount += amount
			return list
		}
	}
	return append(list, i18n.Sum{Amount: amount, Currency: currency})
}

// OwedAges is what customers owe today, by customer and age.
type OwedAges struct {
	Rows     []OwedRow // the most late first, then the most owed
	Ages     [sale.Ages]money.Cents
	Retained money.Cents
	Total    money.Cents
	Late     money.Cents
}

func (o *OwedAges) add(r OwedRow) {
	for i, c := range r.Ages {
		o.Ages[i] += c
	}
	o.Retained += r.Retained
	o.Total += r.Total
	o.Late += r.Late()
}

// OwedAges returns what customers owe, of an activity or of all that the actor sees (0), with what entries alone say: together
// what the accounts say that customers owe.
func (o *Office) OwedAges(ctx context.Context, a access.Actor, activityID int64) (all OwedAges, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all = OwedAges{}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		within, years, err := mayList(set, a, activityID, string(sale.Invoice))
		if err != nil {
			return err
		}
		if years != nil { // an auditor sees how it stood at the end of a year: [Office.OwedAtEnd]
			return absent(a, access.RemindCustomer, can(a, access.RemindCustomer, access.Subject{Activity: activityID}))
		}
		open, err := tx.OpenSales(activityID)
		if err != nil {
			return err
		}
		told, err := tx.RemindedOpen()
		if err != nil {
			return err
		}
		pauses, err := tx.PausesOn(activityID, a.Today)
		if err != nil {
			return err
		}
		accounts, err := o.owing(tx, a)
		if err != nil {
			return err
		}
		claims, err := tx.Claims(activityID, "41")
		if err != nil {
			return err
		}
		doubtful, err := doubtfulOf(tx, activityID)
		if err != nil {
			return err
		}
		type key struct{ activity, customer, third int64 }
		by := map[key]*OwedRow{}
		row := func(k key) *OwedRow {
			r := by[k]
			if r == nil {
				r = &OwedRow{Activity: k.activity, Customer: k.customer}
				by[k] = r
			}
			return r
		}
		seen := func(activity int64) bool { return within == nil || slices.Contains(within, activity) }
		for _, x := range open {
			if !seen(x.Activity) {
				continue
			}
			r := row(key{x.Activity, x.Customer, 0})
			left := x.Left()
			now, since := sale.OwedNow(x.Document(), a.Today)
			r.Name = x.Buyer
			r.Ages[sale.AgeOf(since, a.Today)] += now
			r.Retained += left - now
			r.Total += left
			r.Own = AddOwn(r.Own, x.Own.Left, x.Own.Currency)
			r.Doubtful += min(left, doubtful[x.ID])
			r.Count++
			if since != 0 && now > 0 && (r.Oldest == 0 || since < r.Oldest) {
				r.Oldest = since
			}
			last := told[x.ID]
			r.Told = sale.Reminded{Level: max(r.Told.Level, last.Level), On: max(r.Told.On, last.On)}
		}
		for _, p := range pauses {
			if r := by[key{p.Activity, p.Customer, 0}]; r != nil && p.Sale == 0 {
				r.Until = max(r.Until, p.Until)
			}
		}
		var thirds []int64
		for _, it := range claims {
			if !accounts.Match(it.Account) || !seen(it.Section) {
				continue
			}
			thirds = append(thirds, it.Third)
			r := row(key{it.Section, 0, it.Third})
			due := cmp.Or(it.Due, it.Date)
			r.Ages[sale.AgeOf(due, a.Today)] += it.Remaining
			r.Total += it.Remaining
			r.Count++
			if r.Oldest == 0 || due < r.Oldest {
				r.Oldest = due
			}
		}
		slices.Sort(thirds)
		names, err := tx.ThirdsOf(slices.Compact(thirds))
		if err != nil {
			return err
		}
		for k, r := range by {
			if k.third != 0 {
				r.Name = names[k.third].Name
			}
		}
		for _, r := range by {
			all.Rows = append(all.Rows, *r)
			all.add(*r)
		}
		slices.SortFunc(all.Rows, func(a, b OwedRow) int {
			return cmp.Or(cmp.Compare(b.Late(), a.Late()), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Activity, b.Activity), cmp.Compare(a.Customer, b.Customer))
		})
		return nil
	})
	return all, err
}

// doubtfulOf is what is doubtful of each invoice, of an activity or of all (0).
func doubtfulOf(tx *store.Tx, activityID int64) (map[int64]money.Cents, error) {
	items, err := tx.OpenItemsAll(ledger.Doubtful)
	if activityID != 0 {
		items, err = tx.OpenItems(activityID, ledger.Doubtful)
	}
	all := map[int64]money.Cents{}
	for _, it := range items {
		if id := subjectID(it.Document, "invoice"); id != 0 {
			all[id] += it.Remaining
		}
	}
	return all, err
}
