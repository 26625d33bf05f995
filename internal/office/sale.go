package office

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// Facts reads what the rules of sales need to know around a document. Its customer may be 0 while it is a draft.
func (o *Office) facts(tx *store.Tx, d sale.Document) (sale.Facts, error) {
	set, err := tx.Settings()
	if err != nil {
		return sale.Facts{}, err
	}
	f := sale.Facts{Coop: set.Coop, Zone: set.Zone, Taxes: ledger.France()}
	if f.Today, err = tx.Today(); err != nil {
		return f, err
	}
	near := o.near.of(tx.Coop(), set)
	if f.Rules, err = near.rulesOn(f.Today); err != nil {
		return f, err
	}
	seller, err := near.seller(tx, d.Activity)
	if err != nil {
		return f, err
	}
	f.Activity = seller.activity
	if d.Customer != 0 {
		if f.Customer, err = tx.Customer(d.Customer); err != nil {
			return f, err
		}
		if f.CustomerKnown, err = tx.KnownBuyer(d.Customer); err != nil {
			return f, err
		}
	}
	if f.IssuedBefore, err = tx.IssuedUpTo(d.Activity, f.Rules.Trust.FirstInvoices); err != nil {
		return f, err
	}
	seller.sign(&f, d.Author)
	if d.Origin != 0 {
		from, err := tx.Sale(d.Origin)
		if err != nil {
			return f, err
		}
		f.Accepted = from.Status == sale.Accepted
		if first, soon := sale.PaidTooSoon(from, f.Customer, signedOn(from, f.Zone), f.Today); soon && d.Kind == sale.Invoice {
			f.PayableFrom = first
		}
	}
	if f.Papers, err = papersOf(tx, d); err != nil {
		return f, err
	}
	if sale.NeedsHousing(d, f) {
		if f.Certified, err = certified(tx, d); err != nil {
			return f, err
		}
	}
	if d.Corrects != 0 {
		inv, err := tx.Sale(d.Corrects)
		if err != nil {
			return f, err
		}
		f.Invoice = &inv
	}
	return f, depositFacts(tx, d, &f)
}

func contractOn(all []member.Contract, on date.Day) member.Contract {
	var last member.Contract
	for _, c := range all {
		if c.ActiveOn(on) {
			return c
		}
		if c.Start <= on && c.End > last.End {
			last = c
		}
	}
	return last
}

// Sheet is a document with everything a page says of it.
type Sheet struct {
	Doc      sale.Document
	Facts    sale.Facts
	Events   []store.SaleEvent
	State    string
	Read     bool // it will be read before it leaves
	ReadKey  string
	ReadArgs []any
	Usual    Usual           // how long readers take to answer
	Invoices []store.SaleRow // invoices made from a quote, credit notes of an invoice
	Payments []sale.Payment
	Mails    []store.Mail
	Subject  access.Subject // what an action on it bears on
	Staged   *Staged        // of the form of an invoice made of a quote
	Newer    *store.Rate    // of the form of a document in another currency: a rate of a later day is kept
	Can      map[access.Action]bool
}

// Document returns a document with its facts. A reader of the desk who opens a submitted document does so with
// [Office.OpenForReading].
func (o *Office) Document(ctx context.Context, a access.Actor, id int64) (Sheet, error) {
	var s Sheet
	err := o.read(ctx, a, func(tx *store.Tx) error {
		var err error
		if s.Doc, s.Subject, err = document(tx, a, id); err != nil {
			return err
		}
		return o.sheet(tx, a, &s)
	})
	return s, err
}

func (o *Office) sheet(tx *store.Tx, a access.Actor, s *Sheet) error {
	var err error
	if s.Facts, err = o.facts(tx, s.Doc); err != nil {
		return err
	}
	if err := wear(tx, s.Doc, &s.Facts); err != nil {
		return err
	}
	s.State = sale.State(s.Doc, s.Facts.Today)
	s.ReadKey, s.ReadArgs, s.Read = sale.Read(s.Doc, s.Facts)
	if s.Doc.Number == "" {
		if err := o.addUsual(tx, s); err != nil {
			return err
		}
	}
	if s.Events, err = tx.Events(s.Doc.ID); err != nil {
		return err
	}
	if s.Mails, err = tx.Mails(s.Doc.ID); err != nil {
		return err
	}
	if s.Payments, err = tx.Payments(store.PaymentFilter{Sale: s.Doc.ID}); err != nil {
		return err
	}
	if s.Invoices, err = tx.SalesFrom(s.Doc.ID); err != nil {
		return err
	}
	s.Subject.Coop = a.Coop
	s.Can = map[access.Action]bool{}
	for _, act := range []access.Action{access.DraftDocument, access.SubmitDocument, access.ValidateDocument, access.SendDocument, access.RecordPayment, access.ManageCustomer, access.ViewLedger} {
		s.Can[act] = access.Can(a, act, s.Subject) == access.Allowed
	}
	return nil
}

// Start returns an empty document with what the cooperative and the activity usually write, from a quote (an invoice) or
// from an invoice (a credit note) when origin is given. Nothing is saved.
func (o *Office) Start(ctx context.Context, a access.Actor, kind sale.Kind, activityID, origin int64) (Sheet, error) {
	var s Sheet
	if err := can(a, access.DraftDocument, access.Subject{Activity: activityID, Kind: string(kind)}); err != nil {
		return s, err
	}
	err := o.read(ctx, a, func(tx *store.Tx) error {
		d := sale.Document{Kind: kind, Activity: activityID, Status: sale.Draft, Author: a.Person}
		if origin != 0 {
			from, err := tx.Sale(origin)
			if err != nil {
				return err
			}
			if from.Activity != activityID {
				return fault.New(fault.NotFound, "office.absent")
			}
			if err := derive(&d, from); err != nil {
				return err
			}
			if err := atRate(tx, &d, true); err != nil {
				return err
			}
			if err := invoicedWhole(tx, d, from, true); err != nil {
				return err
			}
		}
		s.Doc, s.Subject = d, access.Subject{Activity: d.Activity, Author: d.Author, Kind: string(d.Kind)}
		if err := o.sheet(tx, a, &s); err != nil {
			return err
		}
		if origin == 0 {
			c := &s.Doc.Content
			given, _ := s.Facts.Delay()
			c.SetDelay(given)
			c.Gross = s.Facts.Activity.Gross
			if kind == sale.Quote {
				c.ValidUntil = s.Facts.Today + date.Day(s.Facts.Rules.Terms.QuoteDays)
			}
			l := sale.Line{Nature: "service"}
			if n := s.Facts.Activity.Natures; len(n) > 0 {
				l.Nature = n[0]
			}
			if n, ok := sale.NatureOf(l.Nature); ok {
				l.Tax = sale.StartTax(n, s.Facts)
			}
			c.Lines = []sale.Line{l}
		}
		s.ReadKey, s.ReadArgs, s.Read = sale.Read(s.Doc, s.Facts)
		return nil
	})
	return s, err
}

// derive makes an invoice from an accepted quote, or a credit note from an invoice.
func derive(d *sale.Document, from sale.Document) error {
	d.Customer = from.Customer
	switch {
	case d.Kind == sale.Invoice && from.Kind == sale.Quote:
		if from.Status != sale.Accepted {
			return fault.New(fault.Conflict, "office.quote_not_accepted")
		}
		d.Origin, d.Content = from.ID, from.Content.Taken()
		d.Content.ValidUntil, d.Content.Schedule = 0, nil
	case d.Kind == sale.CreditNote && from.Kind == sale.Invoice:
		if from.Number == "" {
			return fault.New(fault.Conflict, "office.credit_draft")
		}
		if from.Content.Stage == sale.Deposit && from.Credited < from.Totals.Gross && len(sale.Undeducted(from)) == 0 {
			return fault.New(fault.Conflict, "sale.fault.credit_deducted", "invoice", from.Number)
		}
		d.Corrects, d.Content = from.ID, sale.CreditOf(from)
	case from.Content.Stage == sale.Penalty && d.Kind == sale.Invoice:
		return fault.New(fault.Conflict, "office.penalty_copy")
	case d.Kind == from.Kind && d.Kind != sale.CreditNote: // a copy
		d.Content = from.Content.Offered()
		d.Content.Delivered, d.Content.DeliveredFrom, d.Content.ValidUntil = 0, 0, 0
		d.Content.SendWhenValidated, d.Content.UseAdvance, d.Content.Word = false, false, ""
		c := &d.Content
		if c.Stage != "" || c.Situation != 0 { // a copy is an invoice of its own
			c.Stage, c.Situation, c.Before = "", 0, nil
			c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l sale.Line) bool { return l.Deposit != 0 })
			for i := range c.Lines {
				c.Lines[i].Done, c.Lines[i].Before = 0, 0
			}
		}
	default:
		return fault.New(fault.Conflict, "office.origin")
	}
	return nil
}

// SaveDraft creates a draft (ID 0) or replaces the content of one that is still the entrepreneur's. key makes a second
// click harmless: it returns the draft of the first.
func (o *Office) SaveDraft(ctx context.Context, a access.Actor, d sale.Document, key string) (sale.Document, error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: d.Activity, Kind: string(d.Kind)}); err != nil {
		return d, err
	}
	var saved sale.Document
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = d
		if id, done, err := once(tx, a, "draft", key, d); err != nil || done {
			if err == nil {
				saved, err = tx.Sale(id)
			}
			return err
		}
		if err := o.saveDraft(tx, a, &saved); err != nil {
			return err
		}
		return keep(tx, a, "draft", key, d, saved.ID)
	})
	return saved, err
}

func (o *Office) saveDraft(tx *store.Tx, a access.Actor, d *sale.Document) error {
	deed := "create"
	if d.ID != 0 {
		old, err := tx.Sale(d.ID)
		if err != nil {
			return err
		}
		if old.Activity != d.Activity || old.Kind != d.Kind {
			return fault.New(fault.NotFound, "office.absent")
		}
		if _, err := old.Next(sale.DeedEdit); err != nil {
			return err
		}
		d.Origin, d.Corrects = old.Origin, old.Corrects
		if _, err := recompose(tx, d); err != nil {
			return err
		}
		if err := atRate(tx, d, false); err != nil {
			return err
		}
		content, customer, version := d.Content, d.Customer, d.Version
		same, err := o.sameDraft(tx, old, *d)
		if err != nil {
			return err
		}
		*d = old
		if same {
			return nil
		}
		d.Content, d.Version = content, version
		if old.Corrects == 0 {
			d.Customer = customer
		}
		deed = "edit"
	} else if err := o.prepare(tx, a, d); err != nil {
		return err
	} else if _, err := recompose(tx, d); err != nil {
		return err
	}
	if err := atRate(tx, d, false); err != nil {
		return err
	}
	f, err := o.facts(tx, *d)
	if err != nil {
		return err
	}
	if err := ownCustomer(*d, f); err != nil {
		return err
	}
	d.Content = d.Content.Fit(f.Taxes)
	if err := sale.CheckDraft(*d, f); err != nil {
		return err
	}
	// The amounts of a draft that is not yet complete are shown as far as they go.
	d.Totals, _ = sale.Amounts(*d, f)
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	return o.log(tx, a, d, deed, "", 0)
}

// sameDraft says whether a form brings what the document already holds. A page that saved itself as it was closed never
// hears the answer and may bring the same words again under the version it knew: that is no conflict, and no change.
func (o *Office) sameDraft(tx *store.Tx, old, d sale.Document) (bool, error) {
	if old.Corrects == 0 && old.Customer != d.Customer {
		return false, nil
	}
	f, err := o.facts(tx, old)
	if err != nil {
		return false, err
	}
	had, err := json.Marshal(old.Content)
	if err != nil {
		return false, err
	}
	has, err := json.Marshal(d.Content.Fit(f.Taxes))
	return bytes.Equal(had, has), err
}

// prepare makes a new document of what a person wrote: its author, and what it comes from.
func (o *Office) prepare(tx *store.Tx, a access.Actor, d *sale.Document) error {
	d.Status, d.Author, d.Created = sale.Draft, a.Person, tx.Now()
	if d.Origin == 0 && d.Corrects == 0 {
		return nil
	}
	from, err := tx.Sale(cmp.Or(d.Origin, d.Corrects))
	if err != nil {
		return err
	}
	if from.Activity != d.Activity {
		return fault.New(fault.NotFound, "office.absent")
	}
	fresh := sale.Document{Kind: d.Kind}
	if err := derive(&fresh, from); err != nil {
		return err
	}
	d.Customer = cmp.Or(d.Customer, fresh.Customer)
	return invoicedWhole(tx, *d, from, true)
}

// ownCustomer refuses the customer of another activity: a relation is each activity's own, and a private person is known
// to one only (practice 9).
func ownCustomer(d sale.Document, f sale.Facts) error {
	if d.Customer != 0 && f.Customer.Activity != d.Activity {
		return fault.At("customer", "office.customer_elsewhere")
	}
	return nil
}

// invoicedWhole refuses another invoice of a quote that invoices made of it, less their credit notes, hold already in
// full; reading counts those that wait to be read too. A quote invoiced in parts goes on until then.
func invoicedWhole(tx *store.Tx, d, quote sale.Document, reading bool) error {
	if d.Kind != sale.Invoice || quote.Kind != sale.Quote {
		return nil
	}
	rows, err := tx.SalesFrom(quote.ID)
	if err != nil {
		return err
	}
	var sum money.Cents
	var last store.SaleRow
	for _, r := range rows {
		if r.ID == d.ID || r.Kind != sale.Invoice || r.Number == "" && (!reading || r.Status != sale.Submitted) {
			continue
		}
		inv, err := tx.Sale(r.ID)
		if err != nil {
			return err
		}
		sold, waiting := sale.SoldOf(quote, inv)
		if d.Content.Stage == sale.Deposit {
			sold += waiting // what is asked in advance is asked once
		}
		if sum += sold; sold > 0 {
			last = r
		}
	}
	switch {
	case sum < quote.Totals.Own().Gross:
		return depositFits(d, quote, sum)
	case last.ID == 0:
		return nil
	case last.Number == "":
		return fault.At("origin", "office.quote_in_reading", "quote", quote.Number, "sale", strconv.FormatInt(last.ID, 10))
	}
	return fault.At("origin", "office.quote_invoiced", "quote", quote.Number, "invoice", last.Number, "sale", strconv.FormatInt(last.ID, 10))
}

// depositFits refuses a deposit that asks for more than is left of its quote once what was sold and asked is taken off: no
// later invoice could deduct it. All is in the currency of the quote; a deposit in another one is judged by its author.
func depositFits(d, quote sale.Document, asked money.Cents) error {
	if d.Content.Stage != sale.Deposit || d.Content.Abroad() != quote.Content.Abroad() || d.Content.Abroad() && d.Content.Currency != quote.Content.Currency {
		return nil
	}
	t, err := sale.Compute(d.Content, ledger.France())
	if err != nil {
		return nil // told on its line
	}
	if rest := quote.Totals.Own().Gross - asked; t.Gross > rest {
		return fault.At("lines", "sale.fault.deposit_left", "rest", quote.Content.Sum(rest))
	}
	return nil
}

// invoicedMeanwhile is invoicedWhole of a document's own quote.
func invoicedMeanwhile(tx *store.Tx, d sale.Document, reading bool) error {
	if d.Origin == 0 {
		return nil
	}
	quote, err := tx.Sale(d.Origin)
	if err != nil {
		return err
	}
	return invoicedWhole(tx, d, quote, reading)
}

// log writes the document's own history and the audit log.
func (o *Office) log(tx *store.Tx, a access.Actor, d *sale.Document, deed, comment string, line int) error {
	if deed != "edit" { // each keystroke saved is no event of the document
		if err := tx.AddEvent(d.ID, deed, comment, line, a.Person, a.Name); err != nil {
			return err
		}
	}
	return tx.Audit(a.Person, "sale."+deed, fmt.Sprintf("%s:%d", d.Kind, d.ID), map[string]any{"number": d.Number, "comment": comment})
}

// once looks for the answer given under an idempotency key of this person; keep records it. No key: each call stands for
// itself.
func once(tx *store.Tx, a access.Actor, use, key string, what any) (int64, bool, error) {
	if key == "" {
		return 0, false, nil
	}
	return asked(a, use, key, digest(what)).once(tx)
}

func keep(tx *store.Tx, a access.Actor, use, key string, what any, id int64) error {
	if key == "" {
		return nil
	}
	return asked(a, use, key, digest(what)).keep(tx, id)
}

func digest(request any) []byte {
	b, err := json.Marshal(request)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// deed runs one deed on a document: reads it, asks access and the state machine, applies change, saves and logs.
func (o *Office) deed(ctx context.Context, a access.Actor, id, version int64, act access.Action, deed sale.Deed, comment string, line int, change func(*store.Tx, *sale.Document) error) (sale.Document, error) {
	var d sale.Document
	err := o.write(ctx, a, func(tx *store.Tx) error {
		var s access.Subject
		var err error
		if d, s, err = document(tx, a, id); err != nil {
			return err
		}
		if err := can(a, act, s); err != nil {
			return err
		}
		if version != 0 && version != d.Version {
			return fault.New(fault.Conflict, "office.changed_meanwhile")
		}
		if d.Status, err = d.Next(deed); err != nil {
			return err
		}
		if change != nil {
			if err := change(tx, &d); err != nil {
				return err
			}
		}
		if err := tx.SaveSale(&d); err != nil {
			return err
		}
		return o.log(tx, a, &d, string(deed), comment, line)
	})
	return d, err
}

// Submit sends a draft to the desk, or validates it at once when the trust rules let it leave alone. The document's
// Status tells which.
func (o *Office) Submit(ctx context.Context, a access.Actor, id, version int64) (sale.Document, error) {
	var d sale.Document
	err := o.writeOnce(ctx, a, "submitted", [2]int64{id, version}, reread(&d), func(tx *store.Tx) (int64, error) {
		var s access.Subject
		var err error
		if d, s, err = document(tx, a, id); err != nil {
			return 0, err
		}
		if err := can(a, access.SubmitDocument, s); err != nil {
			return 0, err
		}
		if version != 0 && version != d.Version {
			return 0, fault.New(fault.Conflict, "office.changed_meanwhile")
		}
		return id, o.submit(tx, a, &d)
	})
	return d, err
}

func (o *Office) submit(tx *store.Tx, a access.Actor, d *sale.Document) error {
	to, err := d.Next(sale.DeedSubmit)
	if err != nil {
		return err
	}
	if err := invoicedMeanwhile(tx, *d, true); err != nil {
		return err
	}
	f, err := o.facts(tx, *d)
	if err != nil {
		return err
	}
	if err := ownCustomer(*d, f); err != nil {
		return err
	}
	d.Content = d.Content.Fit(f.Taxes)
	if err := errors.Join(sale.CheckSubmit(*d, f), sale.CheckGates(*d, f), checkMailed(*d, f), o.checkDeals(tx, *d)); err != nil {
		return err
	}
	if d.Totals, err = sale.Amounts(*d, f); err != nil {
		return err
	}
	if err := o.remember(tx, a, d, f); err != nil {
		return err
	}
	word := d.Content.Word
	d.Content.Word = ""
	key, _, read := sale.Read(*d, f)
	if !read {
		// No one validates for oneself: it is the rule that validates, not the person.
		d.ReadRule = key
		if word != "" && d.ID != 0 {
			if err := o.log(tx, a, d, "comment", word, 0); err != nil {
				return err
			}
		}
		return o.issue(tx, a, d, f, 0)
	}
	warned := sale.Findings(*d, f)
	d.Status, d.SubmittedAt, d.OpenedBy, d.ReadRule = to, tx.Now(), 0, key
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	if err := o.log(tx, a, d, string(sale.DeedSubmit), word, 0); err != nil {
		return err
	}
	return o.warn(tx, a, d, warned)
}

// TakeBack returns a submitted document to its author until a reader has opened it.
func (o *Office) TakeBack(ctx context.Context, a access.Actor, id int64) (sale.Document, error) {
	return o.deed(ctx, a, id, 0, access.SubmitDocument, sale.DeedTakeBack, "", 0, nil)
}

// DeleteDraft throws a draft away.
func (o *Office) DeleteDraft(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		d, s, err := document(tx, a, id)
		if err != nil {
			return err
		}
		if err := can(a, access.DraftDocument, s); err != nil {
			return err
		}
		if _, err := d.Next(sale.DeedDelete); err != nil {
			return err
		}
		if err := tx.DeleteDraft(id); err != nil {
			return err
		}
		return tx.Audit(a.Person, "sale.delete", fmt.Sprintf("%s:%d", d.Kind, d.ID), nil)
	})
}

// OpenForReading marks a submitted document as opened by a reader: its author can no longer take it back.
func (o *Office) OpenForReading(ctx context.Context, a access.Actor, id int64) (Sheet, error) {
	s, err := o.Document(ctx, a, id)
	if err != nil {
		return s, err
	}
	if s.Doc.Status != sale.Submitted || s.Doc.OpenedBy != 0 || !s.Can[access.ValidateDocument] {
		return s, nil
	}
	d, err := o.deed(ctx, a, id, 0, access.ValidateDocument, sale.DeedOpen, "", 0, func(_ *store.Tx, d *sale.Document) error {
		d.OpenedBy = a.Person
		return nil
	})
	if fault.KindOf(err) == fault.Conflict {
		return o.Document(ctx, a, id) // someone else was quicker: show it as it is now
	}
	s.Doc = d
	return s, err
}

// Comment adds a word to the history of a document.
func (o *Office) Comment(ctx context.Context, a access.Actor, id int64, comment string, line int) error {
	if len(comment) == 0 || len(comment) > 4000 {
		return fault.At("comment", "office.comment_missing")
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		d, _, err := document(tx, a, id)
		if err != nil {
			return err
		}
		return o.log(tx, a, &d, "comment", comment, line)
	})
}

// Sales lists documents the actor may see: of one activity, or of all that are open to the actor (0).
func (o *Office) Sales(ctx context.Context, a access.Actor, f store.SaleFilter) ([]store.SaleRow, store.SaleSum, error) {
	var rows []store.SaleRow
	var sum store.SaleSum
	f.Today = a.Today
	err := o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if f.Activities, f.Within, err = mayList(set, a, f.Activity, string(f.Kind)); err != nil {
			return err
		}
		if rows, err = tx.Sales(f); err != nil {
			return err
		}
		sum, err = tx.SaleTotals(f)
		return err
	})
	return rows, sum, err
}

var errNoFile = errors.New("document is not rendered yet")
