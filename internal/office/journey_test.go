package office_test

import (
	"bytes"
	"context"
	"testing"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/fec"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// house is a small cooperative with people in their roles.
type house struct {
	*office.Office
	db                                  *store.DB
	coop                                int64
	system, ada, accountant, gestionary access.Actor
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	files, err := store.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return furnish(t, db, files)
}

// furnish opens a cooperative of its own in a store.
func furnish(t testing.TB, db *store.DB, files *store.Files, mailer ...office.Mailer) *house {
	t.Helper()
	opt := office.Options{PublicURL: "http://localhost"}
	for _, m := range mailer {
		opt.Mail = m
	}
	h := &house{Office: office.New(db, files, opt), db: db, coop: storetest.Coop(t, db)}
	var err error
	h.system, err = h.System(t.Context(), h.coop)
	if err != nil {
		t.Fatal(err)
	}
	policy := activity.Policy{Name: "Dix pour cent", Base: activity.Invoiced, When: activity.AtInvoice, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}}}
	rule, err := office.RuleOf(coop.RuleContribution, policy.Name, date.MustParse("2020-01-01"), policy, "AG du 12 juin 2019, résolution 4")
	if err == nil {
		rule, err = h.SaveRule(t.Context(), h.system, rule)
	}
	if err != nil {
		t.Fatal(err)
	}
	act, err := h.Activity(t.Context(), h.system, storetest.First)
	if err == nil {
		act.Policy = rule.ID
		_, err = h.SaveActivity(t.Context(), h.system, act)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.ada = access.Actor{Coop: h.coop, Person: storetest.Person, Name: "Ada Morel", Roles: []member.Role{member.Entrepreneur}, Activities: []int64{storetest.First}, Today: storetest.Today}
	h.gestionary = access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Gestionnaire}, Today: storetest.Today}
	h.accountant = access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Accountant}, Today: storetest.Today}
	return h
}

func (h *house) customer(t testing.TB) sale.Customer {
	t.Helper()
	c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{
		Activity: storetest.First, Kind: sale.Company, Name: "Brindille d’Orge", SIREN: "732829320", Email: "compta@brindille.example",
		Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func services(net money.Cents) sale.Content {
	return sale.Content{Title: "Atelier modelage", DueDays: 30, Delivered: storetest.Today, Lines: []sale.Line{
		{Label: "Atelier modelage, trois demi-journées", Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20"},
	}}
}

// TestFirstJourney walks from a quote to what can be paid, each figure to the cent.
func TestFirstJourney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)

		quote, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: customer.ID, Content: services(1000_00)}, "k1")
		must(t, err)
		again, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Quote, Activity: storetest.First, Customer: customer.ID, Content: services(1000_00)}, "k1")
		must(t, err)
		if again.ID != quote.ID {
			t.Fatalf("a double click made two drafts: %d and %d", quote.ID, again.ID)
		}
		quote, err = h.Submit(ctx, h.ada, quote.ID, 0)
		must(t, err)
		if quote.Status != sale.Validated || quote.Number != "D-2026-0001" {
			t.Fatalf("quotes are free by default: %s %q", quote.Status, quote.Number)
		}
		link, err := h.Link(ctx, h.ada, quote.ID)
		must(t, err)
		token := link[len("http://localhost/trame/d/"):]
		_, err = h.OpenLink(ctx, h.coop, token, "fr")
		must(t, err)
		signed, err := h.SignQuote(ctx, h.coop, token, office.Agreement{Name: "Odile Martin", Address: "192.0.2.7"})
		must(t, err)
		if signed.Status != sale.Accepted || signed.Signed.Hash == "" {
			t.Fatalf("signed quote: %+v", signed.Signed)
		}

		start, err := h.Start(ctx, h.ada, sale.Invoice, storetest.First, quote.ID)
		must(t, err)
		start.Doc.Content.Delivered = storetest.Today
		invoice, err := h.SaveDraft(ctx, h.ada, start.Doc, "k2")
		must(t, err)
		invoice, err = h.Submit(ctx, h.ada, invoice.ID, invoice.Version)
		must(t, err)
		if invoice.Status != sale.Submitted {
			t.Fatalf("the first invoices are read: %s", invoice.Status)
		}
		if _, err := h.Validate(ctx, h.ada, invoice.ID, 0); fault.KindOf(err) != fault.Forbidden {
			t.Fatalf("validating one's own invoice: %v", err)
		}
		invoice, err = h.Validate(ctx, h.gestionary, invoice.ID, 0)
		must(t, err)
		if invoice.Number != "F-2026-0001" || invoice.Date != storetest.Today {
			t.Fatalf("number %q of %s", invoice.Number, invoice.Date)
		}
		if _, err := h.Validate(ctx, h.gestionary, invoice.ID, 0); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("validating twice: %v", err)
		}
		must(t, h.Drain(ctx))

		account := h.account(t)
		figure(t, account, "invoiced-year", 1000_00)
		figure(t, account, "contribution-year", -100_00)
		figure(t, account, "cash", -100_00)
		figure(t, account, "owed", 1200_00)

		if _, err := h.Receive(ctx, h.ada, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 600_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 600_00}}}, ""); fault.KindOf(err) == "" {
			t.Fatal("an entrepreneur recorded a payment")
		}
		paid, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 600_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 600_00}}}, "p1")
		must(t, err)
		account = h.account(t)
		figure(t, account, "cash", 500_00)
		figure(t, account, "owed", 600_00)
		figure(t, account, "vat", -100_00) // law notes § 3.3: partial receipt 600 moves 100
		figure(t, account, "collected-year", 500_00)
		for _, key := range []string{"cash", "cash-in", "cash-out", "owed", "owed-not-due", "vat", "vat-sales", "collected-year", "invoiced-year", "contribution-year", "result-year", "available"} {
			h.opens(t, key)
		}

		must(t, h.Unreceive(ctx, h.gestionary, paid.ID))
		account = h.account(t)
		figure(t, account, "cash", -100_00)
		figure(t, account, "owed", 1200_00)
		figure(t, account, "vat", 0)
		figure(t, account, "collected-year", 0)

		if _, err := h.Receive(ctx, h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 1300_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 1200_00}}}, ""); fault.KindOf(err) != fault.Invalid {
			t.Fatalf("a payment above what is due must be said: %v", err)
		}
		_, err = h.Receive(ctx, h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 1300_00, Excess: 100_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 1200_00}}}, "")
		must(t, err)
		account = h.account(t)
		figure(t, account, "cash", 1200_00)
		figure(t, account, "vat", -200_00)
		h.clean(t)
	})
}

// TestReassign corrects a wrong match in one gesture.
func TestReassign(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		customer := h.customer(t)
		first, second := h.invoice(t, customer, 500_00), h.invoice(t, customer, 500_00)
		p, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 600_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: first.ID, Amount: 600_00}}}, "")
		must(t, err)
		_, err = h.Reassign(t.Context(), h.gestionary, p.ID, 0, []sale.Allocation{{Invoice: second.ID, Amount: 600_00}}, false)
		must(t, err)
		owed, err := h.Owed(t.Context(), h.gestionary, storetest.First, 0)
		must(t, err)
		if len(owed) != 1 || owed[0].ID != first.ID {
			t.Fatalf("open after the correction: %+v", owed)
		}
		h.clean(t)
	})
}

// TestCreditNote takes an invoice back, before and after it is paid.
func TestCreditNote(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		customer := h.customer(t)
		invoice := h.invoice(t, customer, 500_00)
		_, err := h.Receive(t.Context(), h.gestionary, sale.Payment{Customer: customer.ID, Date: storetest.Today, Amount: 240_00, Means: sale.Transfer, Allocations: []sale.Allocation{{Invoice: invoice.ID, Amount: 240_00}}}, "")
		must(t, err)
		s, err := h.Start(t.Context(), h.ada, sale.CreditNote, storetest.First, invoice.ID)
		must(t, err)
		s.Doc.Content.Reason = "Atelier annulé"
		d, err := h.SaveDraft(t.Context(), h.ada, s.Doc, "")
		must(t, err)
		d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
		must(t, err)
		if d.Status == sale.Submitted {
			d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
			must(t, err)
		}
		if d.Number != "A-2026-0001" {
			t.Fatalf("number %q", d.Number)
		}
		account := h.account(t)
		figure(t, account, "invoiced-year", 0)
		figure(t, account, "contribution-year", 0)
		figure(t, account, "vat", 0)
		figure(t, account, "cash", 240_00)
		h.clean(t)
	})
}

func (h *house) invoice(t testing.TB, c sale.Customer, net money.Cents) sale.Document {
	t.Helper()
	d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: services(net)}, "")
	must(t, err)
	d, err = h.Submit(t.Context(), h.ada, d.ID, 0)
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

func (h *house) account(t *testing.T) activity.Account {
	t.Helper()
	v, err := h.Account(t.Context(), h.ada, storetest.First, 0)
	must(t, err)
	return v.Account
}

// opens says that « pourquoi » sums to the figure, and that each figure it names opens too.
func (h *house) opens(t *testing.T, key string) {
	t.Helper()
	p, err := h.Why(t.Context(), h.ada, storetest.First, 0, key)
	must(t, err)
	var sum money.Cents
	for _, l := range p.Lines {
		sum += l.Amount
		if l.Figure != "" && l.Figure != key && l.Year == 0 {
			h.opens(t, l.Figure)
		}
	}
	if sum != p.Figure.Amount {
		t.Fatalf("why %s: %s, lines %s", key, p.Figure.Amount, sum)
	}
}

// clean says that verify and the FEC find nothing.
func (h *house) clean(t *testing.T) {
	t.Helper()
	found, err := h.db.Verify(context.Background())
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
	h.cleanYear(t, storetest.Year2026)
}

// cleanYear says that the FEC of a fiscal year is right, and each activity's balance nil.
func (h *house) cleanYear(t *testing.T, id int64) {
	t.Helper()
	var file, side bytes.Buffer
	must(t, h.ExportFEC(t.Context(), h.accountant, id, false, &file, &side))
	set, _, err := h.Settings(t.Context(), h.accountant)
	must(t, err)
	year, _ := set.Year(id)
	sum, err := fec.Check(bytes.NewReader(file.Bytes()), fec.Options{Name: office.FECName(set, year)}, func(f fec.Finding) { t.Errorf("fec: %+v", f) })
	must(t, err)
	if !sum.Clean(true) {
		t.Errorf("fec: %+v", sum)
	}
	rows, err := h.BySection(t.Context(), h.accountant, id, 12)
	must(t, err)
	for _, r := range rows {
		if r.Sum != 0 {
			t.Errorf("analytic balance of %s is %s", r.Section.Code, r.Sum)
		}
	}
}

func figure(t *testing.T, a activity.Account, key string, want money.Cents) {
	t.Helper()
	f, ok := a.Find(key)
	if !ok {
		t.Fatalf("no figure %q", key)
	}
	if f.Amount != want {
		t.Errorf("%s is %s, want %s", key, f.Amount, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
