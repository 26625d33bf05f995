package office_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// TestAnyMonthAbroad draws invoices and credit notes over several months, in euros and in dollars, to businesses of the
// Union: services and goods that another state is told of, beside exempt lessons and sales in France that it is not. What is
// told of each customer in each month is what the entries hold under the code, read one by one.
func TestAnyMonthAbroad(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		now := storetest.Now
		db := storetest.Open(t, store.Options{URL: address, Now: func() time.Time { return now }})
		files, err := store.OpenFiles(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, files.Close()) })
		rounds(t, db, 12, 5)
		told := 0
		rapid.Check(t, func(rt *rapid.T) {
			h := &dated{house: furnish(t, db, files)}
			s := &abroad{sequence: &sequence{house: h.house, t: t, rt: rt}, day: date.MustParse("2026-09-05")}
			to := func(day date.Day) {
				s.day = day
				h.on(day.String())
				now = h.now
				h.rate(t, "USD", money.Micro(rapid.Int64Range(900_000, 1_400_000).Draw(rt, "rate")))
			}
			to(s.day)
			s.buyers = []sale.Customer{
				s.union(t, "Werkstatt Beispiel GmbH", "DE811569869", "10115", "Berlin"), s.union(t, "Atelier Voorbeeld", "BE0428759497", "1000", "Bruxelles"), s.customer(t),
			}
			s.sell()
			s.credit()
			for range rapid.IntRange(4, 10).Draw(rt, "steps") {
				switch rapid.SampledFrom([]string{"invoice", "invoice", "credit", "later"}).Draw(rt, "deed") {
				case "invoice":
					s.sell()
				case "credit":
					s.credit()
				case "later":
					if next := s.day + date.Day(rapid.IntRange(3, 35).Draw(rt, "days")); next < date.MustParse("2026-12-31") {
						to(next)
					}
				}
			}
			to(date.MustParse("2026-12-31"))
			told += s.equal()
		})
		if told == 0 {
			t.Error("nothing was told in any run")
		}
		untouched(t, db)
	})
}

type abroad struct {
	*sequence
	day    date.Day
	buyers []sale.Customer
}

func (s *abroad) union(t *testing.T, name, vat, zip, city string) sale.Customer {
	c, err := s.SaveCustomer(t.Context(), s.ada, sale.Customer{
		Activity: storetest.First, Kind: sale.EUCompany, Name: name, VATNumber: vat, Address: coop.Address{Line1: "1 rue du Modèle", Zip: zip, City: city, Country: vat[:2]},
	}, "")
	must(t, err)
	return c
}

// sell is work done and invoiced in one month: told and booked on the same days.
func (s *abroad) sell() {
	c := sale.Content{Title: "Vente", DueDays: 30, Delivered: s.day.Month().First() + date.Day(rapid.IntRange(0, int(s.day-s.day.Month().First())).Draw(s.rt, "done"))}
	buyer := rapid.SampledFrom(s.buyers).Draw(s.rt, "buyer")
	kinds := [][2]string{{"service", "EUS"}, {"service", "EUS"}, {"made", "EUG"}, {"goods", "EUG"}, {"service", "XEDU"}}
	if buyer.Kind != sale.EUCompany {
		kinds = [][2]string{{"service", "S20"}, {"made", "G20"}}
	} else if rapid.IntRange(0, 2).Draw(s.rt, "currency") == 0 {
		c.Currency = "USD"
	}
	for range rapid.IntRange(1, 3).Draw(s.rt, "lines") {
		n := rapid.SampledFrom(kinds).Draw(s.rt, "nature")
		c.Lines = append(c.Lines, sale.Line{Label: "Ligne", Nature: n[0], Tax: n[1], Quantity: money.Micro(rapid.Int64Range(1_000_000, 5_000_000).Draw(s.rt, "quantity")), Price: money.Micro(rapid.Int64Range(1_000_000, 900_000_000).Draw(s.rt, "price"))})
	}
	d, err := s.CreateAndSubmit(s.t.Context(), s.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: buyer.ID, Content: c}, "")
	s.allow(err)
	if err == nil && d.Status == sale.Submitted {
		d, err = s.Validate(s.t.Context(), s.gestionary, d.ID, 0)
		s.allow(err)
	}
	if err == nil {
		s.invoices = append(s.invoices, d.ID)
	}
}

// equal compares the statements of the months with the entries, and says how many rows there were.
func (s *abroad) equal() (n int) {
	type of struct {
		tax      string
		month    date.Month
		customer int64
	}
	booked := map[of]money.Cents{}
	must(s.t, s.db.Read(s.t.Context(), s.coop, func(tx *store.Tx) error {
		clear(booked)
		return tx.EachEntry(storetest.Year2026, func(e *ledger.Entry) error {
			var customer int64
			for _, l := range e.Lines {
				customer = max(customer, l.Third)
			}
			for _, l := range e.Lines {
				if strings.HasPrefix(l.Account, "7") && (l.Tax == "EUS" || l.Tax == "EUG") {
					booked[of{l.Tax, e.Date.Month(), customer}] -= l.Amount
				}
			}
			return nil
		})
	}))
	for month := date.MustParse("2026-09-01").Month(); month <= date.MustParse("2026-12-01").Month(); month++ {
		for _, statement := range sale.Statements() {
			all, err := s.AbroadOf(s.t.Context(), s.accountant, statement, month)
			must(s.t, err)
			for _, section := range all.Sections {
				if !section.Agrees() || section.Other != 0 || section.Else != 0 {
					s.rt.Fatalf("%s of %s: section %+v", statement, month, section)
				}
			}
			var sold, back money.Cents
			for _, r := range all.Rows {
				n++
				key := of{statement.Tax(), month, r.Customer.Third}
				if got := r.Sold + r.Back; got != booked[key] {
					s.rt.Fatalf("%s of %s, %s: %s is told, %s in the books", statement, month, r.Customer.Name, got, booked[key])
				}
				delete(booked, key)
				sold, back = sold+r.Sold, back+r.Back
			}
			if sold != all.Sold || back != all.Back {
				s.rt.Fatalf("%s of %s: %s and %s, the rows make %s and %s", statement, month, all.Sold, all.Back, sold, back)
			}
		}
	}
	for key, amount := range booked {
		if amount != 0 {
			s.rt.Fatalf("%+v: %s in the books is told to nobody", key, amount)
		}
	}
	return n
}
