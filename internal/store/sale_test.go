package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/activity"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// document is a document with something in every field.
func document(kind sale.Kind, activity, customer int64, title string, net money.Cents) sale.Document {
	vat := net.Times(20 * money.Percent)
	return sale.Document{
		Kind: kind, Activity: activity, Customer: customer, Status: sale.Draft, Author: storetest.Person,
		Content: sale.Content{Title: title, DueDays: 30, Lines: []sale.Line{{Label: "Table", Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20"}}},
		Totals:  sale.Totals{Lines: []sale.LineTotal{{Net: net}}, Taxes: []sale.TaxTotal{{Tax: "S20", Rate: 20 * money.Percent, Net: net, VAT: vat}}, Net: net, VAT: vat, Gross: net + vat},
	}
}

// issued gives a document a number and a day, as its validation does.
func issued(d sale.Document, number, day string) sale.Document {
	d.Status, d.Number, d.Date = sale.Sent, number, date.MustParse(day)
	d.ValidatedBy, d.ValidatedAt = storetest.Reader, 1_700_000_000_000_000
	if d.Kind == sale.Invoice {
		d.Due = d.Date + 30
	}
	return d
}

func save(t testing.TB, db *store.DB, coop int64, d *sale.Document) {
	t.Helper()
	storetest.Write(t, db, coop, func(tx *store.Tx) error {
		saved := *d
		err := tx.SaveSale(&saved)
		*d = saved
		return err
	})
}

func TestSales(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		who, _ := customer(t, db, coop, storetest.First, "Durand")
		d := document(sale.Quote, storetest.First, who, "Une table", 1_000_00)
		d.Content.ValidUntil = date.MustParse("2026-12-24")
		save(t, db, coop, &d)
		read := func(id int64) (got sale.Document) {
			storetest.Read(t, db, coop, func(tx *store.Tx) (err error) { got, err = tx.Sale(id); return err })
			return got
		}
		if d.ID != 1 || d.Version != 1 || d.Created != storetest.Now.UnixMicro() {
			t.Errorf("%+v", d)
		}
		equal(t, read(d.ID), d)

		// Every field comes back.
		inv := document(sale.Invoice, storetest.First, who, "Une chaise", 500_00)
		inv.Status, inv.SubmittedAt, inv.OpenedBy, inv.ReadRule, inv.SentAt, inv.Origin, inv.Corrects, inv.Entry = sale.Sent, 5, storetest.Reader, "sale.read.first", 6, d.ID, 8, 9
		inv.Number, inv.Date, inv.Due, inv.ValidatedBy, inv.ValidatedAt = "F-2026-0001", storetest.Today, storetest.Today+30, storetest.Reader, 7
		inv.Paid, inv.Credited, inv.File = 100_00, 50_00, "abc"
		inv.Settled = sale.Settled{VAT: map[string]money.Cents{"S20": 3}, Net: map[string]money.Cents{"service": 4}, Debits: true, Credited: []sale.Part{{Nature: "service", Tax: "S20", Net: 1, VAT: 2}}, Moved: []sale.Moved{{Credit: 3, Amount: 4}}}
		inv.Signed = sale.Signature{Name: "M. Durand", At: 11, Address: "192.0.2.1", Hash: "ff", Recorded: true}
		save(t, db, coop, &inv)
		equal(t, read(inv.ID), inv)

		// A change over a version that is no longer there is refused, and the document stands.
		old := d
		d.Content.Title = "Une grande table"
		save(t, db, coop, &d)
		equal(t, d.Version, int64(2))
		equal(t, read(d.ID), d)
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.SaveSale(&old) }), fault.Conflict, "sale.changed_meanwhile")
		equal(t, old.Version, int64(1))
		equal(t, read(d.ID), d)
		isFault(t, db.Read(ctx, coop, func(tx *store.Tx) error { _, err := tx.Sale(99); return err }), fault.NotFound, "store.sale_unknown")

		// The buyer's name follows the customer until the document is validated, and no further.
		rename := func(name string) {
			storetest.Write(t, db, coop, func(tx *store.Tx) error {
				c, err := tx.Customer(who)
				if err != nil {
					return err
				}
				c.Name = name
				return tx.SaveCustomer(&c)
			})
		}
		buyer := func(id int64) (name string) {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				rows, err := tx.Sales(store.SaleFilter{})
				for _, r := range rows {
					if r.ID == id {
						name = r.Buyer
					}
				}
				return err
			})
			return name
		}
		rename("Dupont")
		save(t, db, coop, &d)
		equal(t, buyer(d.ID), "Dupont")
		d = issued(d, "D-2026-0001", "2026-11-20")
		d.Status = sale.Validated
		save(t, db, coop, &d)
		rename("Martin")
		d.Status = sale.Sent
		save(t, db, coop, &d)
		equal(t, buyer(d.ID), "Dupont")
		equal(t, buyer(inv.ID), "Durand")
		equal(t, read(d.ID), d)

		// Two documents never bear one number.
		twice := issued(document(sale.Invoice, storetest.First, who, "Double", 1_00), "F-2026-0001", "2026-11-21")
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.SaveSale(&twice) }), fault.Conflict, "store.conflict")
	})
}

// An id taken beforehand, so that the entry can name the document, is the one it is saved under.
func TestSaleWithItsIDTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		var d sale.Document
		storetest.Write(t, db, coop, func(tx *store.Tx) (err error) {
			d = issued(document(sale.Invoice, storetest.First, 0, "x", 1_00), "F-2026-0001", "2026-11-20")
			if d.ID, err = tx.NextSale(); err != nil {
				return err
			}
			id := d.ID
			err = tx.SaveSale(&d)
			equal(t, d.ID, id)
			equal(t, d.Version, int64(1))
			return err
		})
		d.Paid = 1_00
		save(t, db, coop, &d)
		equal(t, d.Version, int64(2))
	})
}

func TestEventsAndLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		hash := sha256.Sum256([]byte("reference"))
		// In one transaction: an event on an old document first, then new documents with events of theirs.
		old := document(sale.Quote, storetest.First, 0, "old", 1_00)
		save(t, db, coop, &old)
		event := func(id int64, deed string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.AddEvent(id, deed, "un mot", 2, storetest.Reader, "Jean Roux") }
		}
		var fresh [2]sale.Document
		create := func(i int) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				fresh[i] = document(sale.Quote, storetest.First, 0, fmt.Sprint("fresh ", i), 1_00)
				if err := tx.SaveSale(&fresh[i]); err != nil {
					return err
				}
				for _, deed := range []string{"create", "submit"} {
					if err := event(fresh[i].ID, deed)(tx); err != nil {
						return err
					}
				}
				return tx.AddLink(fresh[i].ID, append([]byte{byte(i)}, hash[1:]...), "", storetest.Today+30)
			}
		}
		errs := inOneBatch(t, db, coop, []func(*store.Tx) error{
			event(old.ID, "open"), create(0), event(old.ID, "return"), create(1),
			func(tx *store.Tx) error { return errors.Join(event(old.ID, "lost")(tx), errRefused) },
			event(old.ID, "submit"),
		})
		for i, err := range errs {
			if (err != nil) != (i == 4) {
				t.Errorf("%d: %v", i, err)
			}
		}
		deeds := func(id int64) (all []string) {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				events, err := tx.Events(id)
				for i, e := range events {
					equal(t, e, store.SaleEvent{N: i + 1, At: storetest.Now.UnixMicro(), By: storetest.Reader, ByName: "Jean Roux", Deed: e.Deed, Comment: "un mot", Line: 2})
					all = append(all, e.Deed)
				}
				return err
			})
			return all
		}
		equal(t, deeds(old.ID), []string{"open", "return", "submit"})
		equal(t, deeds(fresh[1].ID), []string{"create", "submit"})
		storetest.Write(t, db, coop, event(fresh[1].ID, "validate"))
		equal(t, deeds(fresh[1].ID), []string{"create", "submit", "validate"})
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			d, link, err := tx.SaleByLink(append([]byte{1}, hash[1:]...))
			equal(t, d, fresh[1])
			equal(t, link.Expires, storetest.Today+30)
			_, _, err2 := tx.SaleByLink([]byte("none"))
			isFault(t, err2, fault.NotFound, "store.link_unknown")
			return err
		})

		// A draft goes with its events and links; what has a number, or waits at the desk, stays.
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.DeleteDraft(fresh[0].ID) })
		isFault(t, db.Read(ctx, coop, func(tx *store.Tx) error { _, err := tx.Sale(fresh[0].ID); return err }), fault.NotFound, "store.sale_unknown")
		equal(t, len(deeds(fresh[0].ID)), 0)
		for _, change := range []func(*sale.Document){
			func(d *sale.Document) { d.Status = sale.Submitted },
			func(d *sale.Document) { *d = issued(*d, "D-2026-0001", "2026-11-20") },
			func(d *sale.Document) { d.Status = sale.Draft }, // reopened: it keeps its number and its place
		} {
			change(&fresh[1])
			save(t, db, coop, &fresh[1])
			isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.DeleteDraft(fresh[1].ID) }), fault.Conflict, "store.draft_only")
		}
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.DeleteDraft(99) }), fault.NotFound, "store.sale_unknown")
	})
}

// market fills the lists: documents of every kind and state in two activities.
func market(t *testing.T, db *store.DB, coop int64) []sale.Document {
	t.Helper()
	a, _ := customer(t, db, coop, storetest.First, "Mairie d’Écully")
	b, _ := customer(t, db, coop, storetest.Second, "Café Zola")
	type row struct {
		activity, customer int64
		kind               sale.Kind
		status             sale.Status
		number, day        string
		net                money.Cents
		paid, credited     money.Cents
		title              string
		submitted          int64
	}
	var all []sale.Document
	for i, r := range []row{
		{storetest.First, a, sale.Quote, sale.Sent, "D-2026-0001", "2026-09-01", 1_000_00, 0, 0, "Bancs", 0},
		{storetest.First, a, sale.Invoice, sale.Sent, "F-2026-0001", "2026-09-10", 1_000_00, 0, 0, "Bancs", 0},        // overdue
		{storetest.Second, b, sale.Invoice, sale.Sent, "F-2026-0002", "2026-11-01", 200_00, 100_00, 0, "Affiche", 0},  // partly
		{storetest.Second, b, sale.Invoice, sale.Sent, "F-2026-0003", "2026-11-02", 300_00, 360_00, 0, "Site", 0},     // paid
		{storetest.First, a, sale.Invoice, sale.Validated, "F-2026-0004", "2026-11-03", 50_00, 0, 60_00, "Erreur", 0}, // credited
		{storetest.First, a, sale.CreditNote, sale.Validated, "A-2026-0001", "2026-11-04", 50_00, 0, 0, "Erreur", 0},
		{storetest.First, a, sale.Invoice, sale.Submitted, "", "", 70_00, 0, 0, "Plus tard", 30},
		{storetest.Second, b, sale.Quote, sale.Submitted, "", "", 80_00, 0, 0, "Plus tôt", 20},
		{storetest.First, 0, sale.Invoice, sale.Draft, "", "", 90_00, 0, 0, "Brouillon à 100 %", 0},
		{storetest.Second, b, sale.Invoice, sale.Returned, "", "", 95_00, 0, 0, "À revoir", 10},
		{storetest.First, a, sale.Quote, sale.Accepted, "D-2026-0002", "2026-08-01", 400_00, 0, 0, "Porte", 0},
		{storetest.First, a, sale.Invoice, sale.Sent, "F-2026-0005", "2026-11-20", 1_033_33, 300_00, 100_00, "Porte", 0}, // 839.996 due
	} {
		d := document(r.kind, r.activity, r.customer, r.title, r.net)
		d.SubmittedAt = r.submitted
		d.Content.ValidUntil = date.MustParse("2026-10-01")
		save(t, db, coop, &d) // drafts first: the buyer's name is taken then
		if r.number != "" {
			d = issued(d, r.number, r.day)
		}
		d.Status, d.Paid, d.Credited = r.status, r.paid, r.credited
		save(t, db, coop, &d)
		if d.ID != int64(i)+1 {
			t.Fatalf("document %d has the id %d", i, d.ID)
		}
		all = append(all, d)
	}
	return all
}

func TestSaleLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		docs := market(t, db, coop)
		day := date.MustParse
		for _, c := range []struct {
			name string
			f    store.SaleFilter
			want []int64
		}{
			{"all", store.SaleFilter{}, []int64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
			{"a page", store.SaleFilter{Limit: 3}, []int64{12, 11, 10}},
			{"the next page", store.SaleFilter{Limit: 3, Before: 10}, []int64{9, 8, 7}},
			{"one activity", store.SaleFilter{Activity: storetest.Second}, []int64{10, 8, 4, 3}},
			{"a portfolio", store.SaleFilter{Activities: []int64{storetest.Second, 99, 98}}, []int64{10, 8, 4, 3}},
			{"both", store.SaleFilter{Activities: []int64{storetest.Second, storetest.First}, Kind: sale.Invoice}, []int64{12, 10, 9, 7, 5, 4, 3, 2}},
			{"an empty portfolio", store.SaleFilter{Activities: []int64{}}, nil},
			{"an activity outside the portfolio", store.SaleFilter{Activity: storetest.First, Activities: []int64{storetest.Second}}, nil},
			{"invoices", store.SaleFilter{Kind: sale.Invoice}, []int64{12, 10, 9, 7, 5, 4, 3, 2}},
			{"drafts", store.SaleFilter{Status: []sale.Status{sale.Draft, sale.Returned}}, []int64{10, 9}},
			{"submitted quotes", store.SaleFilter{Kind: sale.Quote, Status: []sale.Status{sale.Submitted}}, []int64{8}},
			{"unpaid", store.SaleFilter{State: "unpaid", Today: storetest.Today}, []int64{12, 3, 2}},
			{"unpaid of an activity", store.SaleFilter{Activity: storetest.First, State: "unpaid", Today: storetest.Today}, []int64{12, 2}},
			{"partly", store.SaleFilter{State: "partly", Today: storetest.Today}, []int64{12, 3}},
			{"overdue", store.SaleFilter{State: "overdue", Today: storetest.Today}, []int64{2}},
			{"overdue later", store.SaleFilter{State: "overdue", Today: day("2026-12-21")}, []int64{12, 3, 2}},
			{"due on the day itself", store.SaleFilter{State: "overdue", Today: day("2026-12-20")}, []int64{3, 2}},
			{"paid", store.SaleFilter{State: "paid"}, []int64{4}},
			{"credited", store.SaleFilter{State: "credited"}, []int64{5}},
			{"expired", store.SaleFilter{State: "expired", Today: storetest.Today}, []int64{1}},
			{"a state there is not", store.SaleFilter{State: "lost"}, nil},
			{"a customer", store.SaleFilter{Customer: 2}, []int64{10, 8, 4, 3}},
			{"from", store.SaleFilter{From: day("2026-11-03")}, []int64{12, 6, 5}},
			{"from to", store.SaleFilter{From: day("2026-09-01"), To: day("2026-11-01")}, []int64{3, 2, 1}},
			{"to, of invoices", store.SaleFilter{To: day("2026-11-01"), Kind: sale.Invoice}, []int64{3, 2}},
			{"within days", store.SaleFilter{Within: []date.FiscalYear{{Start: day("2026-09-02"), End: day("2026-11-01")}, {Start: day("2026-11-04"), End: day("2026-11-05")}}}, []int64{6, 3, 2}},
			{"within nothing", store.SaleFilter{Within: []date.FiscalYear{}}, nil},
			{"a buyer", store.SaleFilter{Q: "ecully"}, []int64{12, 11, 7, 6, 5, 2, 1}},
			{"a title", store.SaleFilter{Q: "PLUS TOT"}, []int64{8}},
			{"a number", store.SaleFilter{Q: "f-2026-0003"}, []int64{4}},
			{"part of a number", store.SaleFilter{Q: "2026-0002", Kind: sale.Invoice}, []int64{3}},
			{"a sign of patterns", store.SaleFilter{Q: "100 %"}, []int64{9}},
			{"a lone sign", store.SaleFilter{Q: "_"}, nil},
			{"an amount", store.SaleFilter{Q: "1 200,00"}, []int64{2, 1}},
			{"an amount typed short", store.SaleFilter{Q: "1240"}, []int64{12}},
			{"an amount to the cent", store.SaleFilter{Q: "1240.00"}, []int64{12}},
			{"everything at once", store.SaleFilter{Activity: storetest.First, Kind: sale.Invoice, Status: []sale.Status{sale.Sent}, State: "unpaid", Customer: 1, Q: "porte", From: day("2026-11-01"), To: storetest.Today, Today: storetest.Today, Before: 13, Limit: 5}, []int64{12}},
		} {
			var got []int64
			var sum store.SaleSum
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				rows, err := tx.Sales(c.f)
				for _, r := range rows {
					got = append(got, r.ID)
					d := docs[r.ID-1]
					if r.Gross != d.Totals.Gross || r.Number != d.Number || r.Paid != d.Paid || r.Version != d.Version || r.Title != d.Content.Title || r.State(storetest.Today) != sale.State(d, storetest.Today) || r.Remaining() != sale.Remaining(d) {
						t.Errorf("%s: row %+v of %+v", c.name, r, d)
					}
				}
				if err != nil {
					return err
				}
				sum, err = tx.SaleTotals(c.f)
				return err
			})
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
			if c.f.Limit != 0 || c.f.Before != 0 {
				continue
			}
			var want store.SaleSum
			for _, id := range c.want {
				d := docs[id-1]
				sign := money.Cents(1)
				if d.Kind == sale.CreditNote && c.f.Kind == "" {
					sign = -1
				}
				want.Count++
				want.Net += sign * d.Totals.Net
				want.Gross += sign * d.Totals.Gross
				if d.Number != "" {
					want.Remaining += sale.Remaining(d)
				}
			}
			if sum != want {
				t.Errorf("%s: %+v, want %+v", c.name, sum, want)
			}
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			ids := func(rows []store.SaleRow, err error) (all []int64) {
				if err != nil {
					t.Error(err)
				}
				for _, r := range rows {
					all = append(all, r.ID)
				}
				return all
			}
			equal(t, ids(tx.Desk(nil)), []int64{8, 7})
			equal(t, ids(tx.Desk([]int64{storetest.First})), []int64{7})
			equal(t, len(ids(tx.Desk([]int64{}))), 0)
			n, err := tx.IssuedCount(storetest.First)
			equal(t, n, 3)
			known, err2 := tx.CustomerInvoiced(2)
			equal(t, known, true)
			unknown, err3 := tx.CustomerInvoiced(99)
			equal(t, unknown, false)
			var open []int64
			for _, c := range [][2]int64{{0, 0}, {storetest.First, 0}, {0, 2}, {storetest.First, 2}} {
				all, err := tx.OpenInvoices(c[0], c[1])
				if err != nil {
					return err
				}
				for _, d := range all {
					open = append(open, d.ID)
				}
			}
			equal(t, open, []int64{2, 3, 12, 2, 12, 3})
			return errors.Join(err, err2, err3)
		})
	})
}

func TestSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		market(t, db, coop)
		for _, c := range []struct {
			q          string
			activities []int64
			limit      int
			want       string
		}{
			{"morel", nil, 9, "[person:1:Ada Morel activity:10:Atelier Morel]"},
			{"  ATELIER  ", nil, 9, "[activity:10:Atelier Morel]"},
			{"ébéniste", nil, 9, "[activity:10:Atelier Morel]"},
			{"zola", nil, 3, "[customer:2:Café Zola invoice:10:À revoir quote:8:Plus tôt]"},
			{"zola", []int64{storetest.First}, 9, "[]"},
			{"morel", []int64{storetest.Second}, 9, "[]"}, // a person is looked for in the whole house only
			{"1 240", nil, 9, "[invoice:12:F-2026-0005]"},
			{"1200,00", []int64{storetest.First}, 9, "[invoice:2:F-2026-0001 quote:1:D-2026-0001]"},
			{"A-2026", nil, 9, "[credit:6:A-2026-0001]"},
			{"%", nil, 9, "[invoice:9:Brouillon à 100 %]"},
			{"", nil, 9, "[]"},
			{" ", nil, 9, "[]"},
		} {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				hits, err := tx.Search(c.q, c.activities, c.limit)
				got := []string{}
				for _, h := range hits {
					got = append(got, fmt.Sprintf("%s:%d:%s", h.Kind, h.ID, h.Title))
				}
				if fmt.Sprint(got) != c.want {
					t.Errorf("%q in %v: %v, want %s", c.q, c.activities, got, c.want)
				}
				return err
			})
		}
	})
}

func TestNormal(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Été À l’ŒUVRE": "ete a l'oeuvre", "  deux\u00a0 espaces\n": "deux espaces", "STRASSE, Straße": "strasse, strasse", "N° 5 – ﬁn": "n° 5 - fin",
		"Łódź Ångström Æther": "lodz angstrom aether", "I\u0307": "i", "½ ﬀ": "1\u20442 ff", "日本": "日本",
	} {
		if got := store.Normal(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := store.Normal(store.Normal(in)); got != want {
			t.Errorf("%q: twice %q", in, got)
		}
	}
}

func TestPayments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		market(t, db, coop)
		a := sale.Payment{Date: date.MustParse("2026-11-10"), Amount: 500_00, Means: sale.Transfer, Reference: "VIR 1", Customer: 1, Activity: storetest.First, Entry: 7, By: storetest.Reader, Excess: 20_00,
			Allocations: []sale.Allocation{{Invoice: 12, Amount: 300_00}, {Invoice: 2, Amount: 100_00}, {Invoice: 12, Amount: 80_00}}}
		b := sale.Payment{Date: date.MustParse("2026-11-12"), Amount: 100_00, Means: sale.Cheque, Customer: 2, Activity: storetest.Second, Entry: 8, Allocations: []sale.Allocation{{Invoice: 3, Amount: 100_00}}}
		back := a
		back.Entry, back.Date = 9, date.MustParse("2026-11-15")
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			a.ID, b.ID = 0, 0
			next, err := tx.NextPayment()
			if err := errors.Join(err, tx.AddPayment(&a, 0), tx.AddPayment(&b, 0)); err != nil {
				return err
			}
			equal(t, next, a.ID)
			return nil
		})
		equal(t, a.Allocations, []sale.Allocation{{Invoice: 2, Amount: 100_00}, {Invoice: 12, Amount: 380_00}})
		equal(t, []int64{a.ID, a.Seq, b.ID, a.At}, []int64{1, 1, 2, storetest.Now.UnixMicro()})
		get := func(id int64) (p sale.Payment) {
			storetest.Read(t, db, coop, func(tx *store.Tx) (err error) { p, err = tx.Payment(id); return err })
			return p
		}
		equal(t, get(1), a)
		equal(t, get(2), b)
		if store.PaymentDigest(get(1), 0) != store.PaymentDigest(a, 0) || store.PaymentDigest(a, 0) == store.PaymentDigest(a, 1) {
			t.Error("the digest is not that of the content")
		}

		storetest.Write(t, db, coop, func(tx *store.Tx) error { back.ID = 0; return tx.AddPayment(&back, a.ID) })
		a.Reversed = 9
		equal(t, get(1), a)
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.AddPayment(&back, a.ID) }), fault.Conflict, "store.payment_reversed")
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.AddPayment(&back, 99) }), fault.NotFound, "store.payment_unknown")
		isFault(t, db.Read(ctx, coop, func(tx *store.Tx) error { _, err := tx.Payment(99); return err }), fault.NotFound, "store.payment_unknown")

		day := date.MustParse
		for _, c := range []struct {
			f    store.PaymentFilter
			want []int64
		}{
			{store.PaymentFilter{}, []int64{2, 1}}, {store.PaymentFilter{Limit: 1}, []int64{2}}, {store.PaymentFilter{Before: 2}, []int64{1}},
			{store.PaymentFilter{Activity: storetest.First}, []int64{1}}, {store.PaymentFilter{Activities: []int64{storetest.Second}}, []int64{2}}, {store.PaymentFilter{Activities: []int64{}}, nil},
			{store.PaymentFilter{Customer: 2}, []int64{2}}, {store.PaymentFilter{Sale: 12}, []int64{1}}, {store.PaymentFilter{Sale: 4}, nil},
			{store.PaymentFilter{From: day("2026-11-11")}, []int64{2}}, {store.PaymentFilter{To: day("2026-11-11"), From: day("2026-11-10")}, []int64{1}},
		} {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				all, err := tx.Payments(c.f)
				var ids []int64
				for _, p := range all {
					ids = append(ids, p.ID)
					want := a
					if p.ID == 2 {
						want = b
					}
					equal(t, p, want)
				}
				equal(t, ids, c.want)
				return err
			})
		}
	})
}

func TestTurnover(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		rows := []store.CollectedRow{
			{Activity: storetest.First, Year: storetest.Year2026, Period: 11, Day: date.MustParse("2026-11-10"), Sale: 1, Payment: 2, Nature: "service", Net: 100_00},
			{Activity: storetest.First, Year: storetest.Year2026, Period: 3, Day: date.MustParse("2026-03-10"), Sale: 1, Nature: "goods", Net: -30_00},
			{Activity: storetest.Second, Year: storetest.Year2026, Period: 11, Day: date.MustParse("2026-11-10"), Sale: 1, Payment: 2, Nature: "service", Net: 7_00},
		}
		move := func(tx *store.Tx) error {
			tx.MoveTurnover(storetest.First, storetest.Year2026, "service", 11, 300_00, 100_00)
			tx.MoveTurnover(storetest.First, storetest.Year2026, "goods", 3, 0, -30_00)
			tx.MoveTurnover(storetest.Second, storetest.Year2026, "service", 11, 0, 7_00)
			return nil
		}
		for _, err := range inOneBatch(t, db, coop, []func(*store.Tx) error{
			move, func(tx *store.Tx) error { return errors.Join(move(tx), errRefused) },
			func(tx *store.Tx) error {
				if err := move(tx); err != nil {
					return err
				}
				mine, err := tx.Turnover(storetest.First, storetest.Year2026) // sees both
				equal(t, mine[1].Invoiced, money.Cents(600_00))
				return err
			},
			func(tx *store.Tx) error { return tx.AddCollected(rows) },
		}) {
			if err != nil && !errors.Is(err, errRefused) {
				t.Error(err)
			}
		}
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			all, err := tx.TurnoverAll(storetest.Year2026)
			equal(t, len(all), 2)
			equal(t, all[storetest.First], []activity.Turnover{{Nature: "goods", Period: 3, Collected: -60_00}, {Nature: "service", Period: 11, Invoiced: 600_00, Collected: 200_00}})
			none, err2 := tx.Turnover(storetest.First, storetest.Year2025)
			equal(t, len(none), 0)
			got, err3 := tx.Collected(storetest.First, storetest.Year2026, 1, 12)
			equal(t, got, []store.CollectedRow{rows[1], rows[0]})
			got, err4 := tx.Collected(storetest.First, storetest.Year2026, 4, 11)
			equal(t, got, rows[:1])
			return errors.Join(err, err2, err3, err4)
		})
	})
}

func TestItems(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		who, third := customer(t, db, coop, storetest.First, "Durand")
		d := issued(document(sale.Invoice, storetest.First, who, "x", 100_00), "F-2026-0001", "2026-11-20")
		var e *ledger.Entry
		storetest.Write(t, db, coop, func(tx *store.Tx) (err error) {
			if d.ID, err = tx.NextSale(); err != nil {
				return err
			}
			e = invoice(storetest.First, third, "2026-11-20", "x")
			e.Document, e.Ref = "invoice:"+itoa(d.ID), d.Number
			if err := tx.Post(e); err != nil {
				return err
			}
			d.Version, d.Entry = 0, e.ID
			tx.MoveTurnover(storetest.First, storetest.Year2026, "service", 11, 100_00, 0)
			return tx.SaveSale(&d)
		})
		pay := func(amount money.Cents, ref ledger.ItemRef) error {
			return db.Write(ctx, coop, func(tx *store.Tx) error {
				return tx.Post(&ledger.Entry{Journal: ledger.JournalBank, Date: storetest.Today, Ref: "P", Label: "p", Lines: []ledger.Line{
					{Account: ledger.Bank, Section: storetest.First, Amount: amount},
					{Account: ledger.Customers, Section: storetest.First, Third: third, Amount: -amount, Settles: ref},
				}})
			})
		}
		var ref ledger.ItemRef
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			ref = ledger.ItemRef{Entry: e.ID, Line: 1}
			item, err := tx.Item(ref)
			equal(t, item, ledger.OpenItem{Item: ref, Account: "411", Section: storetest.First, Third: third, Date: e.Date, Due: e.Date + 30, Amount: 120_00, Remaining: 120_00, Ref: d.Number, Label: "x", Document: "invoice:" + itoa(d.ID)})
			_, err4 := tx.Item(ledger.ItemRef{Entry: 1, Line: 9})
			isFault(t, err4, fault.NotFound, "store.item_unknown")
			return err
		})
		if err := pay(50_00, ref); err != nil {
			t.Fatal(err)
		}
		before := dump(t, db)
		isFault(t, pay(70_01, ref), fault.Conflict, "ledger.item_over")
		isFault(t, pay(-50_01, ref), fault.Conflict, "ledger.item_over")
		if err := pay(1_00, ledger.ItemRef{Entry: 9, Line: 1}); !store.IsFault(err, "ledger.item_unknown") {
			t.Error(err)
		}
		same(t, dump(t, db), before)
		open := func() (n [4]int) {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				x, err := tx.OpenItems(storetest.First, "41")
				y, err2 := tx.OpenItemsAll("411")
				z, err3 := tx.OpenItemsOf(third, "411")
				w, err4 := tx.OpenItems(storetest.Second, "4")
				n = [4]int{len(x), len(y), len(z), len(w)}
				return errors.Join(err, err2, err3, err4)
			})
			return n
		}
		equal(t, open(), [4]int{1, 1, 1, 0})
		if err := pay(70_00, ref); err != nil {
			t.Fatal(err)
		}
		equal(t, open(), [4]int{})
		found, err := db.Verify(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found { // the invoice is written here by hand: nothing has happened to it
			if strings.HasPrefix(f.Key, "verify.item") || strings.HasPrefix(f.Key, "verify.balance") {
				t.Errorf("verify: %+v", f)
			}
		}
	})
}

// What a list adds up to is remembered only as long as it is true: after each commit that changes a document, and not of
// what a transaction has not committed.
func TestSumsAreRememberedWhileTrue(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, beside := storetest.Open(t, store.Options{URL: url}), storetest.Open(t, store.Options{URL: url})
		coop, other := storetest.Coop(t, db), storetest.Coop(t, db)
		sum := func(db *store.DB, coop int64, f store.SaleFilter) (n int) {
			t.Helper()
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				s, err := tx.SaleTotals(f)
				n = s.Count
				return err
			})
			return n
		}
		counts := func() [4]int {
			t.Helper()
			return [4]int{sum(db, coop, store.SaleFilter{}), sum(db, coop, store.SaleFilter{Activities: []int64{}}), sum(db, coop, store.SaleFilter{Kind: sale.Quote}), sum(db, other, store.SaleFilter{})}
		}
		equal(t, counts(), [4]int{})
		d := document(sale.Quote, storetest.First, 0, "x", 1_00)
		save(t, db, coop, &d)
		equal(t, counts(), [4]int{1, 0, 1, 0})
		equal(t, counts(), [4]int{1, 0, 1, 0})
		if err := db.Write(ctx, coop, func(tx *store.Tx) error {
			more := document(sale.Invoice, storetest.First, 0, "y", 1_00)
			if err := tx.SaveSale(&more); err != nil {
				return err
			}
			s, err := tx.SaleTotals(store.SaleFilter{})
			equal(t, s.Count, 2)
			return errors.Join(err, errRefused)
		}); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		equal(t, counts(), [4]int{1, 0, 1, 0})
		e := document(sale.Invoice, storetest.First, 0, "y", 1_00)
		save(t, beside, coop, &e) // the command line beside the server
		equal(t, counts(), [4]int{2, 0, 1, 0})
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.DeleteDraft(d.ID) })
		equal(t, counts(), [4]int{1, 0, 0, 0})
		e.Status = sale.Submitted
		save(t, db, coop, &e)
		equal(t, sum(db, coop, store.SaleFilter{Status: []sale.Status{sale.Submitted}}), 1)
	})
}
