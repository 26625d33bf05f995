package sale

import (
	"fmt"
	"testing"

	"essaim/fault"
	"essaim/i18n"
	"essaim/member"
)

var (
	allDeeds    = []Deed{DeedEdit, DeedDelete, DeedSubmit, DeedTakeBack, DeedOpen, DeedAmend, DeedReturn, DeedValidate, DeedSend, DeedAccept, DeedRefuse, DeedReopen, DeedWithdraw}
	allStatuses = []Status{Draft, Submitted, Returned, Validated, Sent, Accepted, Refused}
)

// The whole machine as a table: what is not in it is refused, as a conflict, in words.
func TestStateMachine(t *testing.T) {
	all := map[string]Status{
		"draft edit": Draft, "draft delete": Draft, "draft submit": Submitted, "draft validate": Validated,
		"returned edit": Returned, "returned delete": Returned, "returned submit": Submitted, "returned validate": Validated,
		"submitted take_back": Draft, "submitted open": Submitted, "submitted amend": Submitted, "submitted return": Returned, "submitted validate": Validated,
		"validated send": Sent, "sent send": Sent,
	}
	quotes := map[string]Status{
		"validated accept": Accepted, "validated refuse": Refused, "validated reopen": Draft,
		"sent accept": Accepted, "sent refuse": Refused, "sent reopen": Draft,
		"accepted send": Accepted, "accepted withdraw": Refused, "refused reopen": Draft,
	}
	for _, k := range []Kind{Quote, Invoice, CreditNote} {
		for _, s := range allStatuses {
			for _, d := range append(allDeeds, "dance") {
				step := fmt.Sprint(s, " ", d)
				want, ok := all[step]
				if q, isQuote := quotes[step]; isQuote && k == Quote {
					want, ok = q, true
				}
				got, err := Next(s, k, d)
				if ok != (err == nil) || ok && got != want {
					t.Errorf("%s: %s: got %s, %v", k, step, got, err)
				}
				if err == nil {
					continue
				}
				e := fault.All(err)[0]
				if got != s || e.Kind != fault.Conflict || !i18n.For("fr").Has(e.Key) || !i18n.For("en").Has(e.Key) {
					t.Errorf("%s: %s: %s, %+v", k, step, got, e)
				}
			}
		}
	}
	_, err := Next(Sent, Invoice, DeedEdit)
	refused(t, err, "", "sale.fault.numbered_invoice")
	_, err = Next(Sent, Quote, DeedEdit)
	refused(t, err, "", "sale.fault.numbered_quote")
	_, err = Next(Accepted, Quote, DeedReopen)
	refused(t, err, "", "sale.fault.quote_accepted")
	_, err = Next(Submitted, Invoice, DeedEdit)
	refused(t, err, "", "sale.fault.submitted")
	_, err = Document{Status: Submitted, Kind: Invoice, OpenedBy: 4}.Next(DeedTakeBack)
	refused(t, err, "", "sale.fault.opened")
	_, err = Document{Status: Draft, Kind: Quote, Number: "D-1"}.Next(DeedDelete)
	refused(t, err, "", "sale.fault.quote_kept")
}

func TestState(t *testing.T) {
	inv := Document{Kind: Invoice, Status: Sent, Due: today, Totals: Totals{Gross: cents("120")}}
	with := func(change func(*Document)) Document { d := inv; change(&d); return d }
	for _, c := range []struct {
		d    Document
		want string
	}{
		{with(func(d *Document) { d.Status = Draft }), "draft"},
		{with(func(d *Document) { d.Status = Submitted }), "submitted"},
		{with(func(d *Document) { d.Status = Returned }), "returned"},
		{with(func(d *Document) { d.Status = Validated }), "validated"},
		{inv, "sent"},
		{with(func(d *Document) { d.Paid = 1 }), "partly"},
		{with(func(d *Document) { d.Credited = 1 }), "partly"},
		{with(func(d *Document) { d.Due--; d.Paid = 1 }), "overdue"},
		{with(func(d *Document) { d.Due--; d.Paid = d.Totals.Gross }), "paid"},
		{with(func(d *Document) { d.Paid, d.Credited = cents("100"), cents("20") }), "paid"},
		{with(func(d *Document) { d.Credited = cents("120") }), "credited"},
		{Document{Kind: Quote, Status: Sent}, "sent"},
		{Document{Kind: Quote, Status: Sent, Content: Content{ValidUntil: today - 1}}, "expired"},
		{Document{Kind: Quote, Status: Accepted, Content: Content{ValidUntil: today - 1}}, "accepted"},
		{Document{Kind: Quote, Status: Refused}, "refused"},
		{Document{Kind: CreditNote, Status: Validated}, "validated"},
	} {
		if got := State(c.d, today); got != c.want {
			t.Errorf("%+v: %s, want %s", c.d, got, c.want)
		}
	}
	if Remaining(with(func(d *Document) { d.Paid = cents("200") })) != 0 || Remaining(Document{Kind: Quote, Totals: inv.Totals}) != 0 {
		t.Error("what remains is never below nothing, and quotes are not owed")
	}
}

// Practice 20: the date is the day of validation, whatever was written before.
func TestIssue(t *testing.T) {
	f := facts()
	d := good()
	d.Date, d.Status = today-9, Submitted
	got := issued(t, d, f, "F-2026-0012")
	if got.Date != today || got.Due != today+30 || got.Status != Validated || got.ValidatedBy != 3 || got.ValidatedAt != 1 || got.Totals.Gross != cents("1125") {
		t.Errorf("%+v", got)
	}
	if _, err := Issue(got, f, "F-2026-0013", 3, 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("issued twice: %v", err)
	}
	if _, err := Issue(d, f, "F 12", 3, 1); err == nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("a number with a space: %v", err)
	}
	quote := good()
	quote.Kind = Quote
	q := issued(t, quote, f, "D-2026-0001")
	if q.Content.ValidUntil != today+30 || q.Due != 0 {
		t.Errorf("quote: %+v", q)
	}
	q.Status, q.Signed = Draft, Signature{Name: "x", At: 1} // reopened
	again := issued(t, q, f, "D-2026-0002")
	if again.Number != "D-2026-0001" || again.Signed != (Signature{}) {
		t.Errorf("a quote reopened keeps its number and must be signed again: %+v", again)
	}
}

// Practice 34: the rules with their defaults, and what the form says before anything is typed.
func TestTrustRules(t *testing.T) {
	small := draft(Invoice, false, line("a", "service", "S20", "1", "300"))
	large := draft(Invoice, false, line("a", "service", "S20", "1", "3000.01"))
	exempt := draft(Invoice, false, line("a", "training", "XFORM", "1", "300"))
	credit := func(net string) Document { return draft(CreditNote, false, line("a", "service", "S20", "1", net)) }
	cape := member.Contract{Kind: member.CAPE, End: today + 90}
	for _, c := range []struct {
		name, key string
		read      bool
		d         Document
		change    func(*Facts)
	}{
		{"small, known", "sale.read.alone", false, small, func(f *Facts) {}},
		{"first five", "sale.read.first", true, small, func(f *Facts) { f.IssuedBefore = 4 }},
		{"the sixth", "sale.read.alone", false, small, func(f *Facts) { f.IssuedBefore = 5 }},
		{"CAPE", "sale.read.cape", true, small, func(f *Facts) { f.Contract = cape }},
		{"a contract that ended", "sale.read.contract_over", true, small, func(f *Facts) { f.Contract = member.Contract{Kind: member.CESA, End: today - 1} }},
		{"the last day of a contract", "sale.read.alone", false, small, func(f *Facts) { f.Contract = member.Contract{Kind: member.CESA, End: today} }},
		{"no contract is known", "sale.read.alone", false, small, func(f *Facts) { f.Contract = member.Contract{} }},
		{"3 000 is still alone", "sale.read.alone", false, draft(Invoice, false, line("a", "service", "S20", "1", "3000")), func(f *Facts) {}},
		{"above 3 000", "sale.read.above", true, large, func(f *Facts) {}},
		{"stranger", "sale.read.new_customer", true, small, func(f *Facts) { f.CustomerKnown = false }},
		{"stranger, rule off", "sale.read.alone", false, small, func(f *Facts) { f.CustomerKnown, f.Rules.Trust.KnownCustomers = false, false }},
		{"exempt", "sale.read.exempt", true, exempt, func(f *Facts) {}},
		{"abroad", "sale.read.foreign", true, small, func(f *Facts) { f.Customer.Kind = EUCompany }},
		{"quote", "sale.read.quote_free", false, large, func(f *Facts) {}},
		{"quote, rule on", "sale.read.quote", true, large, func(f *Facts) { f.Rules.Trust.Quotes = true }},
		{"credit note of 500", "sale.read.credit_alone", false, credit("500"), func(f *Facts) { f.IssuedBefore = 0 }},
		{"credit note above 500", "sale.read.credit_above", true, credit("500.01"), func(f *Facts) {}},
		{"CAPE of another one of the activity", "sale.read.cape", true, small, func(f *Facts) { f.Others = []Signer{{"Noé", cape}} }},
		{"500 after a credit note of 0.01", "sale.read.credit_together", true, credit("500"), func(f *Facts) {
			f.Invoice = &Document{Settled: Settled{Credited: []Part{{Nature: "service", Tax: "S20", Net: 1}}}}
		}},
		{"499.99 after a credit note of 0.01", "sale.read.credit_alone", false, credit("499.99"), func(f *Facts) {
			f.Invoice = &Document{Settled: Settled{Credited: []Part{{Nature: "service", Tax: "S20", Net: 1}}}}
		}},
		{"before typing", "sale.read.alone_known", false, Document{Kind: Invoice}, func(f *Facts) { f.Customer = Customer{}; f.CustomerKnown = false }},
		{"before typing, rule off", "sale.read.alone_up_to", false, Document{Kind: Invoice}, func(f *Facts) { f.Customer, f.Rules.Trust.KnownCustomers = Customer{}, false }},
		{"before typing, customer chosen", "sale.read.new_customer", true, Document{Kind: Invoice}, func(f *Facts) { f.CustomerKnown = false }},
		{"before typing, first five", "sale.read.first", true, Document{Kind: Invoice}, func(f *Facts) { f.Customer, f.IssuedBefore = Customer{}, 0 }},
	} {
		f := facts()
		c.change(&f)
		d := c.d
		if c.key == "sale.read.quote" || c.key == "sale.read.quote_free" {
			d.Kind = Quote
		}
		key, args, read := Read(d, f)
		if key != c.key || read != c.read {
			t.Errorf("%s: %s %v, want %s %v", c.name, key, read, c.key, c.read)
		}
		for _, lang := range []string{"fr", "en"} {
			if p := i18n.For(lang); !p.Has(key) || hasHole(p.T(key, args...)) {
				t.Errorf("%s: %s words: %s", c.name, lang, p.T(key, args...))
			}
		}
	}
	f := facts()
	f.IssuedBefore = 3
	key, args, _ := Read(small, f)
	if got := i18n.For("fr").T(key, args...); got != "C’est la 4e facture sur 5 relues avant leur départ." {
		t.Error(got)
	}
}

func hasHole(s string) bool {
	for _, r := range s {
		if r == '{' || r == '}' {
			return true
		}
	}
	return false
}
