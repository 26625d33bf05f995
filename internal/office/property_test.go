package office_test

import (
	"context"
	"flag"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"essaim/activity"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// TestAnySequence draws sequences of what people do (invoices of several natures and rates, net or TTC, parts paid, paid too
// much, reversed, reassigned, credited, charges booked and reversed) and says after each that the books hold: every
// entry balances in total and in each section, balances and open items equal the entries, numbers have no hole (verify
// recomputes all of that), VAT and contribution equal the rule applied to the cumulated amounts, and each section's
// analytic balance is nil.
func TestAnySequence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		files, err := store.OpenFiles(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, files.Close()) })
		rounds(t, db, 50, 20)
		rapid.Check(t, func(rt *rapid.T) {
			s := &sequence{house: furnish(t, db, files), t: t, rt: rt}
			s.buyer = s.customer(t)
			for range rapid.IntRange(3, 12).Draw(rt, "steps") {
				s.step()
			}
			s.holds()
		})
		untouched(t, db)
	})
}

// untouched says, once all runs of a property are over, that each left the others as they were.
func untouched(t *testing.T, db *store.DB) {
	t.Helper()
	found, err := db.Verify(t.Context())
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %s %s %v", f.Coop, f.Key, f.Args)
	}
}

// rounds is how often a property is drawn where each round is a cooperative of its own: each statement is a round trip on
// PostgreSQL. What the command line says still wins.
func rounds(t *testing.T, db *store.DB, sqlite, postgres int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	was, fewer := checks.String(), sqlite
	if db.Engine() == "postgres" {
		fewer = postgres
	}
	if was != "100" {
		return
	}
	must(t, checks.Set(strconv.Itoa(fewer)))
	t.Cleanup(func() { must(t, checks.Set(was)) })
}

type sequence struct {
	*house
	t        *testing.T
	rt       *rapid.T
	buyer    sale.Customer
	invoices []int64
	payments []int64
	entries  []int64
}

func (s *sequence) step() {
	switch rapid.SampledFrom([]string{"invoice", "invoice", "pay", "pay", "unpay", "reassign", "credit", "charge", "uncharge"}).Draw(s.rt, "deed") {
	case "invoice":
		s.write()
	case "pay":
		s.pay()
	case "unpay":
		if id, ok := pick(s.rt, s.payments); ok {
			s.allow(s.Unreceive(s.t.Context(), s.gestionary, id))
		}
	case "reassign":
		s.reassign()
	case "credit":
		s.credit()
	case "charge":
		s.charge()
	case "uncharge":
		if id, ok := pick(s.rt, s.entries); ok {
			_, err := s.ReverseEntry(s.t.Context(), s.accountant, id, 0, "")
			s.allow(err)
		}
	}
}

// allow lets refusals through: they must leave no trace, which holds says. Anything else is a defect.
func (s *sequence) allow(err error) {
	if err != nil && fault.KindOf(err) == fault.Internal {
		s.rt.Fatal(err)
	}
}

func pick(rt *rapid.T, ids []int64) (int64, bool) {
	if len(ids) == 0 {
		return 0, false
	}
	return rapid.SampledFrom(ids).Draw(rt, "which"), true
}

func (s *sequence) write() {
	c := sale.Content{Title: "Vente", DueDays: 30, Delivered: storetest.Today, Gross: rapid.Bool().Draw(s.rt, "ttc")}
	for range rapid.IntRange(1, 4).Draw(s.rt, "lines") {
		n := rapid.SampledFrom([][2]string{{"service", "S20"}, {"service", "S55"}, {"goods", "G20"}, {"goods", "G55"}, {"made", "G10"}}).Draw(s.rt, "nature")
		c.Lines = append(c.Lines, sale.Line{Label: "Ligne", Nature: n[0], Tax: n[1], Quantity: money.Micro(rapid.Int64Range(1, 5_000_000).Draw(s.rt, "quantity")), Price: money.Micro(rapid.Int64Range(1, 900_000_000).Draw(s.rt, "price"))})
	}
	d, err := s.CreateAndSubmit(s.t.Context(), s.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: s.buyer.ID, Content: c}, "")
	s.allow(err)
	if err == nil && d.Status == sale.Submitted {
		d, err = s.Validate(s.t.Context(), s.gestionary, d.ID, 0)
		s.allow(err)
	}
	if err == nil {
		s.invoices = append(s.invoices, d.ID)
	}
}

func (s *sequence) pay() {
	p := sale.Payment{Customer: s.buyer.ID, Date: storetest.Today, Means: rapid.SampledFrom([]sale.Means{sale.Transfer, sale.Cheque, sale.Card}).Draw(s.rt, "means")}
	seen := map[int64]bool{}
	for range rapid.IntRange(1, 3).Draw(s.rt, "invoices") {
		id, ok := pick(s.rt, s.invoices)
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		d, err := s.Document(s.t.Context(), s.gestionary, id)
		must(s.t, err)
		left := sale.Remaining(d.Doc)
		if left <= 0 {
			continue
		}
		part := left
		if rapid.Bool().Draw(s.rt, "part") {
			part = money.Cents(rapid.Int64Range(1, int64(left)).Draw(s.rt, "amount"))
		}
		p.Allocations = append(p.Allocations, sale.Allocation{Invoice: id, Amount: part})
		p.Amount += part
	}
	if rapid.IntRange(0, 4).Draw(s.rt, "more") == 0 {
		p.Excess = 10_00
		p.Amount += p.Excess
	}
	got, err := s.Receive(s.t.Context(), s.gestionary, p, "")
	s.allow(err)
	if err == nil {
		s.payments = append(s.payments, got.ID)
	}
}

func (s *sequence) reassign() {
	id, ok := pick(s.rt, s.payments)
	to, some := pick(s.rt, s.invoices)
	if !ok || !some {
		return
	}
	p, _, _, err := s.Payment(s.t.Context(), s.gestionary, id)
	must(s.t, err)
	d, err := s.Document(s.t.Context(), s.gestionary, to)
	must(s.t, err)
	part := min(p.Amount, sale.Remaining(d.Doc))
	if part <= 0 {
		return
	}
	again, err := s.Reassign(s.t.Context(), s.gestionary, id, 0, []sale.Allocation{{Invoice: to, Amount: part}}, true)
	s.allow(err)
	if err == nil {
		s.payments = append(s.payments, again.ID)
	}
}

func (s *sequence) credit() {
	id, ok := pick(s.rt, s.invoices)
	if !ok {
		return
	}
	start, err := s.Start(s.t.Context(), s.ada, sale.CreditNote, storetest.First, id)
	s.allow(err)
	if err != nil {
		return
	}
	d := start.Doc
	d.Content.Reason = "Erreur de quantité"
	if len(d.Content.Lines) > 1 && rapid.Bool().Draw(s.rt, "partial") {
		d.Content.Lines = d.Content.Lines[:1]
	}
	d, err = s.CreateAndSubmit(s.t.Context(), s.ada, d, "")
	s.allow(err)
	if err == nil && d.Status == sale.Submitted {
		_, err = s.Validate(s.t.Context(), s.gestionary, d.ID, 0)
		s.allow(err)
	}
}

func (s *sequence) charge() {
	net := money.Cents(rapid.Int64Range(1, 100_000).Draw(s.rt, "charge"))
	lines := []ledger.Line{{Account: "6064", Section: storetest.First, Amount: net}, {Account: "467", Section: storetest.First, Amount: -net}}
	if rapid.Bool().Draw(s.rt, "crosses") {
		lines[1].Section = rapid.SampledFrom([]int64{ledger.House, ledger.Mutual, storetest.Second}).Draw(s.rt, "section")
	}
	e, err := s.PostEntry(s.t.Context(), s.accountant, ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, Ref: "OD", Label: "Fournitures", Lines: lines}, "")
	s.allow(err)
	if err == nil {
		s.entries = append(s.entries, e.ID)
	}
}

// holds says what is true of the books at any time.
func (s *sequence) holds() {
	found, err := s.db.Verify(context.Background(), s.coop)
	must(s.t, err)
	for _, f := range found {
		s.rt.Fatalf("verify: %s %s %v", f.Coop, f.Key, f.Args)
	}
	var due, pending, contributed, base money.Cents
	for _, id := range s.invoices {
		sheet, err := s.Document(s.t.Context(), s.gestionary, id)
		must(s.t, err)
		d := sheet.Doc
		for tax, booked := range d.Settled.VAT {
			var vat money.Cents
			for _, r := range d.Totals.Taxes {
				if r.Tax == tax {
					vat = r.VAT
				}
			}
			for _, c := range d.Settled.Credited {
				if c.Tax == tax {
					vat -= c.VAT
				}
			}
			// What is due follows what is paid of what remains after credit notes.
			if want := vat.Share(d.Paid, d.Totals.Gross-d.Credited); booked != want {
				s.rt.Fatalf("invoice %s: VAT %s due %s, rule %s (paid %s of %s less %s)", d.Number, tax, booked, want, d.Paid, d.Totals.Gross, d.Credited)
			}
		}
	}
	must(s.t, s.db.Read(s.t.Context(), s.coop, func(tx *store.Tx) error {
		balances, err := tx.Balances(storetest.First, storetest.Year2026)
		if err != nil {
			return err
		}
		var sum money.Cents
		for _, b := range balances {
			sum += b.Net()
			switch b.Account {
			case ledger.VATDue:
				due -= b.Net()
			case ledger.VATPending:
				pending -= b.Net()
			case activity.ContributionCharge:
				contributed += b.Net()
			}
		}
		if sum != 0 {
			s.rt.Fatalf("analytic balance %s", sum)
		}
		rows, err := tx.Turnover(storetest.First, storetest.Year2026)
		for _, r := range rows {
			base += r.Invoiced
		}
		return err
	}))
	if want := max(base, 0).Times(10 * money.Percent); contributed != want {
		s.rt.Fatalf("contribution booked %s, rule %s on %s", contributed, want, base)
	}
	if due < 0 || pending < 0 {
		s.rt.Fatalf("VAT due %s, pending %s", due, pending)
	}
}
