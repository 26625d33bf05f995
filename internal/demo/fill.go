package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/mail"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
)

// Size says how much is filled.
type Size string

// The sizes: forty people over eighteen months, told day by day; or five hundred activities over ten years, for
// measuring.
const (
	Small Size = "small"
	Large Size = "large"
)

// Options say what is filled.
type Options struct {
	Clock *Clock   // the clock that the office's store was opened with; the filling sets it
	Seed  uint64   // chance: amounts, customers, days
	Today date.Day // the story ends on the eve of this day
	Size  Size     // "" is Small
}

// Result tells what was filled.
type Result struct {
	Coop       coop.Cooperative
	People     int
	Activities int
	store.Counts
}

// Outbox takes every message and sends none: the mails of the story have long arrived.
type Outbox struct{}

// Send says that the message was handed over.
func (Outbox) Send(context.Context, mail.Message) error { return nil }

// Fill fills one cooperative in the store of an office, whose clock and mailer are the demonstration's own ([Clock],
// [Outbox]). Afterwards the clock stays where the story ended: the caller sets it on. Nothing runs beside it, so that
// the same seed and day give the same rows in the same order.
func Fill(ctx context.Context, o *office.Office, opt Options) (Result, error) {
	w, err := tell(ctx, o, opt)
	if err != nil {
		return Result{}, err
	}
	switch opt.Size {
	case Small, "":
		err = w.small()
	case Large:
		err = w.large(wide)
	default:
		err = fmt.Errorf("demo: no size %q", opt.Size)
	}
	if err != nil {
		return w.result, err
	}
	return w.done()
}

// tell begins a story.
func tell(ctx context.Context, o *office.Office, opt Options) (*world, error) {
	if opt.Clock == nil || opt.Today == 0 {
		return nil, errors.New("demo: a clock and a day are needed")
	}
	zone, err := time.LoadLocation("Europe/Paris")
	return &world{ctx: ctx, office: o, opt: opt, zone: zone, chance: newChance(opt.Seed, "house")}, err
}

// done marks the cooperative as a demonstration, last of all: one whose filling was cut is none.
func (w *world) done() (Result, error) {
	w.coop.Demo = true
	if err := w.direct(func(tx *store.Tx) error { return tx.SaveCooperative(&w.coop) }); err != nil {
		return w.result, err
	}
	w.result.Coop = w.coop
	return w.result, nil
}

// world is what the story knows while it is told.
type world struct {
	ctx    context.Context
	office *office.Office
	opt    Options
	zone   *time.Location
	agenda agenda
	chance chance

	coop        coop.Cooperative
	first       date.Month // of the story
	start       date.Day   // its first day
	today       date.Day   // of the event that happens
	system      access.Actor
	people      []*person
	byName      map[string]*person // by first name
	enterprises []*enterprise
	suppliers   map[string]int64    // name → third party
	policies    []int64             // ids of the contribution rules
	years       []ledger.FiscalYear // opened so far
	papers      []bill              // suppliers' invoices and expense notes waiting to be booked
	slips       []ledger.Entry      // of the pay run
	rows        []store.Slip        // its payslips
	debts       []debt              // suppliers, expenses and pay waiting for their transfer
	social      map[string]purse    // what each body is owed, by account
	pay         coop.Pay            // how the house pays
	paidSoFar   map[paidKey]paidYear
	capeSoFar   map[int64]paidYear // by contract
	vat         purse              // the last return, until it is paid
	pots        map[int64]*pot     // last year's variable parts, by person
	bills       int                // of the house itself
	actors      map[*person]access.Actor
	extent      extent           // of the large cooperative
	held        map[string]purse // VAT of the month that the history knows, by account
	rulesFrom   date.Day         // first day of the contribution policies, 0: of the first fiscal year
	queued      bool             // something waits to be drawn or mailed
	sending     []mailing        // quotes that leave on the eve
	result      Result
}

// set puts the clock on an hour of a day.
func (w *world) set(day date.Day, minute int) {
	y, m, d := day.Date()
	w.today = day
	w.opt.Clock.Set(time.Date(y, time.Month(m), d, minute/60, minute%60, 0, 0, w.zone))
}

// run lets everything planned before a day happen.
func (w *world) run(before date.Day) error {
	for w.ctx.Err() == nil {
		e, ok := w.agenda.next(before)
		if !ok {
			return nil
		}
		w.set(e.day, e.minute)
		if err := e.do(); err != nil {
			return fmt.Errorf("demo, %s at %02d:%02d: %w", e.day, e.minute/60, e.minute%60, err)
		}
	}
	return w.ctx.Err()
}

// direct runs one transaction of the cooperative, for what has no use case: opening the cooperative and its years.
func (w *world) direct(fn func(*store.Tx) error) error {
	return w.office.DB().Write(w.ctx, w.coop.ID, fn)
}

// as returns who a person is today. What a person may do is read again when someone came or an activity was opened.
func (w *world) as(p *person) (access.Actor, error) {
	if w.actors == nil {
		w.actors = map[*person]access.Actor{}
	}
	a, ok := w.actors[p]
	if !ok {
		var err error
		if a, err = w.office.ActorIn(w.ctx, w.coop.ID, p.login); err != nil {
			return a, fmt.Errorf("%s: %w", p.name(), err)
		}
		w.actors[p] = a
	}
	a.Today = w.today
	return a, nil
}

// changed forgets who may do what.
func (w *world) changed() { w.actors = nil }

// named returns someone of the team as an actor.
func (w *world) named(first string) (access.Actor, error) { return w.as(w.byName[first]) }
