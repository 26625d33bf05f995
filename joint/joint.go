// Package joint is the room of working together: internal invoices from one activity of the cooperative to another, and
// deals that several activities share.
//
// Law and standard: the cooperative is one taxpayer, so that what one activity does for another is no supply (CGI art. 256):
// no VAT, no mention of one, no place in e-invoicing. The PCG books it between establishments by the couple 186/187 with the
// liaison account 181 (practice 1): the receiver bears 1862, the sender 1872, and both are nil for the house.
//
// Money moves once: 181 counts with class 5, so that an internal invoice is paid by the entry that books it. That entry comes
// with the « bon à payer » of the receiver or, where both agree to wait, with what the receiver's own customer pays.
package joint

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"essaim/date"
	"essaim/fault"
	"essaim/money"
)

// Bounds of what is typed.
const (
	MaxLines = 100
	MaxText  = 250
	MaxNote  = 2000
)

// Kind is an internal invoice, or the credit that undoes one.
type Kind string

// The kinds.
const (
	Bill   Kind = "bill"
	Credit Kind = "credit"
)

// Status is where an internal invoice stands.
type Status string

// The statuses. Accepted is agreed and not yet, or not wholly, paid: it waits for the receiver's customer.
const (
	Draft     Status = "draft"
	Sent      Status = "sent"
	Refused   Status = "refused"
	Accepted  Status = "accepted"
	Booked    Status = "booked"
	Cancelled Status = "cancelled" // an internal credit has undone it
)

// Deed is what a person does to it.
type Deed string

// The deeds.
const (
	DeedEdit   Deed = "edit"
	DeedDelete Deed = "delete"
	DeedSend   Deed = "send"
	DeedAccept Deed = "accept" // « bon à payer »
	DeedRefuse Deed = "refuse" // with a comment
	DeedPay    Deed = "pay"    // the receiver no longer waits for its customer
	DeedCancel Deed = "cancel" // by an internal credit
)

var steps = map[Status]map[Deed]Status{
	Draft:    {DeedEdit: Draft, DeedDelete: Draft, DeedSend: Sent},
	Refused:  {DeedEdit: Refused, DeedSend: Sent},
	Sent:     {DeedAccept: Accepted, DeedRefuse: Refused},
	Accepted: {DeedPay: Booked, DeedCancel: Cancelled},
	Booked:   {DeedCancel: Cancelled},
}

// Line is one line of an internal invoice: a net price, no tax.
type Line struct {
	Label    string      `json:"label"`
	Quantity money.Micro `json:"quantity"`
	Unit     string      `json:"unit,omitempty"`
	Price    money.Micro `json:"price"`
}

// Net is the amount of the line, rounded to the cent.
func (l Line) Net() money.Cents { return money.Extend(l.Quantity, l.Price) }

// Content is what the sender writes.
type Content struct {
	Title   string   `json:"title"`
	Lines   []Line   `json:"lines"`
	Done    date.Day `json:"done"` // day the work was done
	Note    string   `json:"note,omitempty"`
	MayWait bool     `json:"mayWait,omitempty"` // the receiver may pay when its own customer does
	Deal    int64    `json:"deal,omitempty"`    // the deal it is for: the second axis of its entry
}

// Net is the sum of the lines.
func (c Content) Net() (sum money.Cents) {
	for _, l := range c.Lines {
		sum += l.Net()
	}
	return sum
}

// Invoice is an internal invoice or the credit of one.
type Invoice struct {
	ID       int64
	Kind     Kind
	Sender   int64 // activity that did the work
	Receiver int64 // activity that it was done for
	Status   Status
	Version  int64
	Author   int64
	Created  int64 // microseconds UTC
	SentAt   int64
	Number   string   // I-2026-0001, taken when it is first sent
	Date     date.Day // of that day
	Decided  int64    // instant of the last decision
	By       int64    // who took it; 0: silence, by the rule
	Silent   bool     // accepted by silence
	Awaits   int64    // invoice of the receiver to its customer whose payment pays this; 0: none
	Corrects int64    // invoice that a credit undoes
	Net      money.Cents
	Paid     money.Cents // booked so far
	Content  Content
}

// Next returns the status a deed leads to.
func (i Invoice) Next(d Deed) (Status, error) {
	to, ok := steps[i.Status][d]
	if i.Kind == Credit || d == DeedDelete && i.Number != "" {
		ok = false
	}
	if !ok {
		return i.Status, fault.New(fault.Conflict, "joint.fault.step."+string(i.Status))
	}
	return to, nil
}

// Editable says whether its author may still change it.
func (i Invoice) Editable() bool { return i.Kind == Bill && (i.Status == Draft || i.Status == Refused) }

// Left is what remains to be paid of an invoice that was agreed.
func (i Invoice) Left() money.Cents {
	if i.Status != Accepted {
		return 0
	}
	return i.Net - i.Paid
}

// CheckDraft tells what a draft may not hold.
func (i Invoice) CheckDraft() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	for _, x := range []struct {
		field, text string
		max         int
	}{{"title", i.Content.Title, MaxText}, {"note", i.Content.Note, MaxNote}} {
		errs = append(errs, text(x.field, x.text, x.max))
	}
	if i.Receiver != 0 && i.Receiver == i.Sender {
		bad("receiver", "joint.fault.same")
	}
	if len(i.Content.Lines) > MaxLines {
		bad("lines", "joint.fault.lines_many", "max", MaxLines)
		return errors.Join(errs...)
	}
	var sum money.Cents
	for n, l := range i.Content.Lines {
		at := fmt.Sprintf("lines[%d].", n)
		errs = append(errs, text(at+"label", l.Label, MaxText), text(at+"unit", l.Unit, 30))
		if l.Quantity < 0 || l.Quantity > 1_000_000*money.Unit {
			bad(at+"quantity", "joint.fault.quantity")
			continue
		}
		if l.Price < -1_000_000*money.Unit || l.Price > 1_000_000*money.Unit {
			bad(at+"price", "joint.fault.price")
			continue
		}
		sum += l.Net()
	}
	if sum.Abs() > money.Max/1000 {
		bad("lines", "joint.fault.price")
	}
	return errors.Join(errs...)
}

// CheckSend tells what keeps it from being sent.
func (i Invoice) CheckSend(today date.Day) error {
	errs := []error{i.CheckDraft()}
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if i.Receiver == 0 {
		bad("receiver", "joint.fault.receiver")
	}
	if strings.TrimSpace(i.Content.Title) == "" {
		bad("title", "joint.fault.title")
	}
	switch {
	case i.Content.Done == 0:
		bad("done", "joint.fault.done")
	case i.Content.Done > today:
		bad("done", "joint.fault.done_ahead", "today", today)
	}
	if len(i.Content.Lines) == 0 {
		bad("lines[0].label", "joint.fault.no_line")
	}
	for n, l := range i.Content.Lines {
		if strings.TrimSpace(l.Label) == "" {
			bad(fmt.Sprintf("lines[%d].label", n), "joint.fault.label")
		}
	}
	if len(i.Content.Lines) > 0 && i.Content.Net() <= 0 {
		bad("lines[0].price", "joint.fault.nothing")
	}
	return errors.Join(errs...)
}

func text(field, s string, max int) error {
	if utf8.RuneCountInString(s) > max {
		return fault.At(field, "web.field_long", "n", max)
	}
	if !fault.Plain(s) {
		return fault.At(field, "web.field_signs")
	}
	return nil
}

// Due is what should be booked by now of an invoice that waits for a customer's payment: its net in proportion to what the
// customer has paid, rounded; exact once the customer has paid all there is to pay. Nothing is due of an invoice that
// credit notes brought to nil.
func Due(net, collected, awaited money.Cents) money.Cents {
	if awaited <= 0 || collected <= 0 {
		return 0
	}
	return net.Share(min(collected, awaited), awaited)
}
