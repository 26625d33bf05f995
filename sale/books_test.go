package sale

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// fataler is what the books of a test need of *testing.T or *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// books keeps what a ledger keeps, as simply as can be: it posts entries, checks that each balances in total and in each
// section, and follows balances and open items.
type books struct {
	t        fataler
	next     int64
	entries  map[int64]ledger.Entry
	balances map[[2]any]money.Cents // by section and account
	items    []ledger.OpenItem
	checks   ledger.Books
}

func newBooks(t fataler) *books {
	b := &books{t: t, next: 100, entries: map[int64]ledger.Entry{}, balances: map[[2]any]money.Cents{}}
	chart := ledger.Chart{}
	for _, a := range ledger.FrenchChart() {
		chart[a.Code] = a
	}
	journals := map[string]ledger.Journal{}
	for _, j := range ledger.FrenchJournals() {
		journals[j.Code] = j
	}
	b.checks = ledger.Books{
		Chart: chart, Sections: func(s ledger.Section) bool { return s >= ledger.FirstActivity }, Taxes: ledger.France(), Journals: journals,
		Year: ledger.FiscalYear{ID: 1, Span: date.FiscalYear{Start: date.MustParse("2026-01-01"), End: date.MustParse("2026-12-31")}},
	}
	return b
}

// post refuses an entry that the ledger would refuse or complete.
func (b *books) post(e ledger.Entry) ledger.Entry {
	b.t.Helper()
	lines := len(e.Lines)
	if err := e.Prepare(b.checks); err != nil {
		b.t.Fatalf("%s %s: %v", e.Journal, e.Label, words(err))
	}
	if len(e.Lines) != lines {
		b.t.Fatalf("%s: the entry does not balance inside each section: %+v", e.Label, e.Lines)
	}
	b.next++
	e.ID = b.next
	b.entries[e.ID] = e
	for _, l := range e.Lines {
		b.balances[[2]any{l.Section, l.Account}] += l.Amount
		switch {
		case l.Settles != (ledger.ItemRef{}):
			found := false
			for i := range b.items {
				if it := &b.items[i]; it.Item == l.Settles {
					found = true
					it.Remaining += l.Amount
					if it.Account != l.Account || it.Section != l.Section || it.Third != l.Third || it.Remaining*it.Amount < 0 || it.Remaining.Abs() > it.Amount.Abs() {
						b.t.Fatalf("%s: line %d settles %+v beyond what it holds", e.Label, l.N, *it)
					}
				}
			}
			if !found {
				b.t.Fatalf("%s: line %d settles no item", e.Label, l.N)
			}
		case l.Third != 0:
			b.items = append(b.items, ledger.OpenItem{
				Item: ledger.ItemRef{Entry: e.ID, Line: l.N}, Account: l.Account, Section: l.Section, Third: l.Third,
				Amount: l.Amount, Remaining: l.Amount, Document: l.Document, Due: l.Due,
			})
		}
	}
	return e
}

func (b *books) balance(section ledger.Section, account string) money.Cents {
	return b.balances[[2]any{section, account}]
}

// itemAt returns an item by its line.
func (b *books) itemAt(ref ledger.ItemRef) ledger.OpenItem {
	b.t.Helper()
	for _, it := range b.items {
		if it.Item == ref {
			return it
		}
	}
	b.t.Fatalf("line %+v opened nothing", ref)
	return ledger.OpenItem{}
}

// advances returns the open items on 4191 and below, oldest first.
func (b *books) advances() []ledger.OpenItem {
	var open []ledger.OpenItem
	for _, it := range b.items {
		if strings.HasPrefix(it.Account, ledger.Advances) && it.Remaining != 0 {
			open = append(open, it)
		}
	}
	return open
}

// shop is an activity at work: it issues, credits, is paid, and posts all of it.
type shop struct {
	*books
	f         Facts
	invoices  map[int64]Document
	payments  map[int64]Payment
	collected map[int64]map[string]money.Cents // by invoice and nature
	ids       int64
	credits   []Document // credit notes, in their order
}

func newShop(t fataler, f Facts) *shop {
	return &shop{
		books: newBooks(t), f: f, invoices: map[int64]Document{}, payments: map[int64]Payment{},
		collected: map[int64]map[string]money.Cents{}, ids: 1000,
	}
}

func (s *shop) id() int64 { s.ids++; return s.ids }

func (s *shop) invoice(c Content) Document {
	s.t.Helper()
	d := Document{ID: s.id(), Kind: Invoice, Activity: s.f.Activity.ID, Customer: s.f.Customer.ID, Status: Draft, Content: c}
	f := s.facts(c)
	d, err := Issue(d, f, "F-"+d.Content.Title+date.Day(d.ID).Compact(), 3, 1)
	if err != nil {
		s.t.Fatalf("issue: %v", words(err))
	}
	e, err := InvoiceEffect(d, f)
	if err != nil {
		s.t.Fatalf("entry: %v", err)
	}
	d.Entry = s.apply(e).ID
	if at := slices.IndexFunc(e.Invoices, func(x Document) bool { return x.ID == d.ID }); at >= 0 {
		d.Settled = e.Invoices[at].Settled
	}
	s.invoices[d.ID] = d
	return d
}

func (s *shop) receivable(id int64) Receivable {
	r := Receivable{Invoice: s.invoices[id], Third: s.f.Customer.Third}
	for _, ref := range ItemsOf(r.Invoice) {
		r.Items = append(r.Items, s.itemAt(ref))
	}
	return r
}

// facts are those of a document: with the deposits that it names, and what the books hold of them.
func (s *shop) facts(c Content) Facts {
	f := s.f
	for _, l := range c.Lines {
		if d, ok := s.invoices[l.Deposit]; ok && !slices.ContainsFunc(f.Deposits, func(x Document) bool { return x.ID == d.ID }) {
			f.Deposits = append(f.Deposits, d)
		}
	}
	f.DepositItems = s.advances()
	for id := int64(1000); id <= s.ids; id++ {
		if d, ok := s.invoices[id]; ok && d.Content.Situation != 0 {
			f.Situations = append(f.Situations, d)
		}
	}
	return f
}

func (s *shop) receivables() []Receivable {
	var rs []Receivable
	for id := int64(1000); id <= s.ids; id++ {
		if _, ok := s.invoices[id]; ok {
			rs = append(rs, s.receivable(id))
		}
	}
	return rs
}

func (s *shop) payFacts() PayFacts {
	f := PayFacts{Coop: s.f.Coop, Rules: s.f.Rules, Taxes: s.f.Taxes, Today: s.f.Today, Customer: s.f.Customer, Advances: s.advances(), Claims: s.claims(), GivenBack: s.givenBack(), GivenUp: map[int64]money.Cents{}}
	for id := range s.invoices {
		f.GivenUp[id] = CentsGivenUp(id, slices.Collect(maps.Values(s.payments)))
	}
	return f
}

func (s *shop) apply(e Effect) ledger.Entry {
	s.t.Helper()
	posted := s.post(e.Entry)
	for _, d := range e.Invoices {
		s.invoices[d.ID] = d
	}
	for _, c := range e.Collected {
		if s.collected[c.Invoice] == nil {
			s.collected[c.Invoice] = map[string]money.Cents{}
		}
		s.collected[c.Invoice][c.Nature] += c.Net
	}
	return posted
}

// pay records a payment; what is above the allocations is kept.
func (s *shop) pay(means Means, amount money.Cents, allocations ...Allocation) Payment {
	s.t.Helper()
	p := Payment{ID: s.id(), Date: s.f.Today, Amount: amount, Means: means, Customer: s.f.Customer.ID, Activity: s.f.Activity.ID, Allocations: allocations, Excess: amount}
	for _, a := range allocations {
		p.Excess -= a.Amount
	}
	e, err := Receive(p, s.receivables(), s.payFacts())
	if err != nil {
		s.t.Fatalf("receive %v: %v", amount, words(err))
	}
	p.Entry = s.apply(e).ID
	s.payments[p.ID] = p
	return p
}

func (s *shop) reverse(id int64) error {
	p := s.payments[id]
	e, err := Unreceive(p, s.entries[p.Entry], s.receivables(), s.payFacts())
	if err != nil {
		return err
	}
	p.Reversed = s.apply(e).ID
	s.payments[id] = p
	return nil
}

func (s *shop) credit(inv int64, c Content) (Document, error) {
	d := s.invoices[inv]
	f := s.facts(c)
	f.Invoice = &d
	cn := Document{ID: s.id(), Kind: CreditNote, Activity: d.Activity, Customer: d.Customer, Status: Draft, Corrects: inv, Content: c}
	cn, err := Issue(cn, f, "A-"+date.Day(cn.ID).Compact(), 3, 1)
	if err != nil {
		return cn, err
	}
	e, err := CreditEffect(cn, s.receivable(inv), f)
	if err != nil {
		return cn, err
	}
	s.apply(e)
	s.credits = append(s.credits, cn)
	return cn, nil
}

// audit holds the books against the rule, on every invoice as it stands.
func (s *shop) audit() {
	s.t.Helper()
	var pending, due, receivable, advance, receivedDeposits, billedDeposits money.Cents
	for id, d := range s.invoices {
		if open := s.receivable(id).Open(); open != Remaining(d) || d.Totals.Gross-d.Paid-d.Credited-d.Lost != open {
			s.t.Fatalf("invoice %s: books hold %v open, the invoice %v", d.Number, open, Remaining(d))
		}
		allocated := money.Cents(0)
		for _, p := range s.payments {
			for _, a := range p.Allocations {
				if a.Invoice == id && p.Reversed == 0 {
					allocated += a.Amount
				}
			}
		}
		held := d.Paid
		for _, m := range d.Settled.Moved {
			held += m.Amount
		}
		if held != allocated {
			s.t.Fatalf("invoice %s: payments gave %v, it accounts for %v", d.Number, allocated, held)
		}
		gross, vats, nets := effective(d)
		receivable += gross - d.Paid
		for tax, v := range vats {
			code := s.f.Taxes[tax]
			deposit := d.Content.Stage == Deposit
			if code.Rate == 0 || !code.OnReceipt && !deposit || code.OnReceipt && d.Settled.Debits {
				due += v
				continue
			}
			share := paidShare(v, d.Paid, gross)
			var lost money.Cents
			if deposit && code.Goods { // delivered: what is lost of it is taken back from what was due
				lost = d.Settled.stillLost(d.Settled.LostVAT[tax])
				var delivered money.Cents
				for _, p := range d.Settled.Deducted {
					if p.Tax == tax {
						delivered += p.VAT
					}
				}
				share = max(share, delivered)
			}
			due += share - lost
			pending += v + lost - share
			if d.Settled.VAT[tax] != share {
				s.t.Fatalf("invoice %s: VAT %s booked %v, rule %v", d.Number, tax, d.Settled.VAT[tax], share)
			}
		}
		for nature, n := range nets {
			want := paidShare(n, d.Paid, gross)
			if d.Content.Stage == Deposit {
				var cleared money.Cents
				for _, p := range d.Settled.Deducted {
					if p.Nature == nature {
						cleared += p.Net
					}
				}
				work, waiting := min(want, cleared), max(0, want-cleared)
				receivedDeposits += waiting
				billedDeposits += n + d.Settled.stillLost(d.Settled.LostNet[nature]) - cleared - waiting
				if s.collected[id][depositNature(nature)] != waiting {
					s.t.Fatalf("deposit %s: %v waits for work, told %v", d.Number, waiting, s.collected[id][depositNature(nature)])
				}
				want = work
			}
			if s.collected[id][nature] != want || d.Settled.Net[nature] != want {
				s.t.Fatalf("invoice %s: %s collected %v, told %v, rule %v", d.Number, nature, d.Settled.Net[nature], s.collected[id][nature], want)
			}
		}
	}
	for _, it := range s.advances() {
		if it.Account == ledger.Advances {
			advance += it.Remaining
		}
	}
	for _, it := range s.claims() {
		receivable += it.Remaining
	}
	section := s.f.Activity.ID
	for account, want := range map[string]money.Cents{
		ledger.Customers: receivable, ledger.VATPending: -pending, ledger.VATDue: -due, ledger.Advances: advance,
		ledger.DepositsHeld: -receivedDeposits, ledger.DepositsBilled: -billedDeposits,
	} {
		got := s.balance(section, account)
		if account == ledger.Customers {
			got += s.balance(section, ledger.Retention) + s.balance(section, ledger.Doubtful)
		}
		if got != want {
			s.t.Fatalf("%s holds %v, want %v", account, got, want)
		}
	}
}

var _ fataler = (*testing.T)(nil)
