package office

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

const jobSubscriptions = "subscription.drafts"

// draftHour is when drafts are made on their day, before anyone looks.
const draftHour = 4

// SubscriptionLine is a subscription as the list shows it.
type SubscriptionLine struct {
	sale.Subscription
	Buyer  string
	Gross  money.Cents // of the next period
	Missed []date.Day  // periods that were never invoiced nor left out
}

// Subscriptions are what comes back in an activity, and what of it is ready to be sent.
type Subscriptions struct {
	Ready []store.DraftPeriod
	All   []SubscriptionLine
	May   bool // write and send
	Draft bool // write
}

// Subscriptions returns the subscriptions of an activity.
func (o *Office) Subscriptions(ctx context.Context, a access.Actor, activityID int64) (all Subscriptions, err error) {
	on := access.Subject{Activity: activityID, Kind: string(sale.Invoice)}
	all.Draft, all.May = can(a, access.DraftDocument, on) == nil, can(a, access.SubmitDocument, on) == nil
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if _, err := open(set, a, access.ViewDocument, on); err != nil {
			return err
		}
		if all.Ready, err = tx.DraftPeriods(activityID, runMost); err != nil {
			return err
		}
		done, err := tx.PeriodsOf(activityID)
		if err != nil {
			return err
		}
		rows, err := tx.Subscriptions(activityID, 0, runMost)
		if err != nil {
			return err
		}
		all.All = nil
		for _, s := range rows {
			line := SubscriptionLine{Subscription: s}
			if line.Buyer, err = tx.BuyerName(s.Customer); err != nil {
				return err
			}
			if line.Gross, err = o.costs(tx, s); err != nil {
				return err
			}
			if s.State == sale.SubscriptionRunning {
				line.Missed = s.Missed(done[s.ID])
			}
			all.All = append(all.All, line)
		}
		return nil
	})
	return all, err
}

// costs is what the next period comes to.
func (o *Office) costs(tx *store.Tx, s sale.Subscription) (money.Cents, error) {
	f, err := o.facts(tx, sale.Document{Kind: sale.Invoice, Activity: s.Activity})
	if err != nil {
		return 0, err
	}
	c := s.Content
	c.Lines = s.Priced(max(s.Next, s.First))
	t, err := sale.Compute(c, f.Taxes)
	if err != nil {
		return 0, nil //nolint:nilerr // its page tells what is wrong with it
	}
	return t.Gross, nil
}

// SubscriptionView is a subscription with everything its page says.
type SubscriptionView struct {
	sale.Subscription
	Facts   sale.Facts
	Totals  sale.Totals // of the next period
	Periods []store.SubscriptionPeriod
	Missed  []date.Day
	Trouble []*fault.Error // what kept its last draft from being made
	Draft   bool           // who looks may write it
}

// Reads returns a text of the model as its next invoice says it, in the language of invoices.
func (l SubscriptionLine) Reads(text string) string { return l.Subscription.Reads(text, french) }

// Reads returns a text of the model as its next invoice says it, in the language of invoices.
func (v SubscriptionView) Reads(text string) string { return v.Subscription.Reads(text, french) }

// Subscription returns one.
func (o *Office) Subscription(ctx context.Context, a access.Actor, id int64) (v SubscriptionView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		s, err := subscription(tx, a, id, access.ViewDocument)
		if err != nil {
			return err
		}
		v, err = o.subscriptionView(tx, a, s)
		return err
	})
	return v, err
}

// SubscriptionOf returns a subscription as typed, or as an invoice (fromInvoice) or nothing begins one. Nothing is saved.
func (o *Office) SubscriptionOf(ctx context.Context, a access.Actor, s sale.Subscription, fromInvoice int64) (v SubscriptionView, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: s.Activity, Kind: string(sale.Invoice)}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if fromInvoice != 0 {
			d, _, err := document(tx, a, fromInvoice)
			if err != nil {
				return err
			}
			if d.Activity != s.Activity || d.Kind == sale.CreditNote {
				return fault.New(fault.NotFound, "office.absent")
			}
			c := sale.Content{Title: d.Content.Title, Lines: d.Content.Lines, Gross: d.Content.Gross, DueDays: d.Content.DueDays, DueMonth: d.Content.DueMonth, DueDay: d.Content.DueDay, OrderRef: d.Content.OrderRef,
				Service: d.Content.Service, Commitment: d.Content.Commitment, Contract: d.Content.Contract, Note: d.Content.Note, SendWhenValidated: d.Content.SendWhenValidated}
			s.Customer, s.Content = d.Customer, c
		}
		v, err = o.subscriptionView(tx, a, s)
		return err
	})
	return v, err
}

func (o *Office) subscriptionView(tx *store.Tx, a access.Actor, s sale.Subscription) (v SubscriptionView, err error) {
	v = SubscriptionView{Subscription: s, Draft: can(a, access.DraftDocument, access.Subject{Activity: s.Activity, Kind: string(sale.Invoice)}) == nil, Trouble: readFaults(s.Trouble)}
	if v.Facts, err = o.facts(tx, sale.Document{Kind: sale.Invoice, Activity: s.Activity, Customer: s.Customer, Author: s.By}); err != nil {
		return v, err
	}
	if s.Customer != 0 && v.Facts.Customer.Activity != s.Activity {
		return v, fault.New(fault.NotFound, "office.absent")
	}
	c := s.Content.Fit(v.Facts.Taxes)
	if s.Months > 0 {
		c.Lines = s.Priced(max(s.Next, s.First))
	}
	v.Totals, _ = sale.Compute(c, v.Facts.Taxes) // as far as it goes
	if s.ID == 0 {
		return v, nil
	}
	if v.Periods, err = tx.Periods(s.ID); err != nil {
		return v, err
	}
	var done []date.Day
	for _, p := range v.Periods {
		done = append(done, p.Start)
	}
	v.Missed = s.Missed(done)
	return v, nil
}

// subscription reads one on which the actor may do an action.
func subscription(tx *store.Tx, a access.Actor, id int64, act access.Action) (sale.Subscription, error) {
	s, err := tx.Subscription(id)
	if err != nil {
		return s, absent(a, access.ViewDocument, err)
	}
	on := access.Subject{Activity: s.Activity, Kind: string(sale.Invoice)}
	if err := can(a, access.ViewDocument, on); err != nil {
		return sale.Subscription{}, err
	}
	return s, can(a, act, on)
}

// SaveSubscription creates a subscription (ID 0) or changes what it sells, to whom and when. Drafts made before stay as
// they are. Those due today are made behind.
func (o *Office) SaveSubscription(ctx context.Context, a access.Actor, s sale.Subscription, key string) (sale.Subscription, error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: s.Activity, Kind: string(sale.Invoice)}); err != nil {
		return s, err
	}
	asked := s
	var saved sale.Subscription
	err := o.writeOnce(Keyed(ctx, key), a, "subscription", []any{s.ID, s.Activity, s.Customer, asked}, func(tx *store.Tx, id int64) (err error) {
		saved, err = tx.Subscription(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		saved = asked
		var was any
		if saved.ID == 0 {
			saved.By, saved.State, saved.Next, saved.Trouble, saved.Prices = a.Person, sale.SubscriptionRunning, saved.First, "", nil
		} else {
			old, err := subscription(tx, a, saved.ID, access.DraftDocument)
			if err != nil {
				return 0, err
			}
			if old.Activity != saved.Activity {
				return 0, fault.New(fault.NotFound, "office.absent")
			}
			was = old
			saved.By, saved.State, saved.Trouble, saved.Prices, saved.Next = old.By, old.State, "", old.Prices, old.Next
			if old.State == sale.SubscriptionEnded {
				return 0, fault.New(fault.Conflict, "office.subscription_over")
			}
			if old.First != saved.First || old.Months != saved.Months || old.Day != saved.Day {
				if done, err := tx.Periods(saved.ID); err != nil {
					return 0, err
				} else if len(done) > 0 {
					return 0, fault.At("first", "office.subscription_begun")
				}
				saved.Next = saved.First
			}
		}
		if err := o.keepSubscription(tx, a, &saved, was, "subscription.save"); err != nil {
			return 0, err
		}
		return saved.ID, nil
	})
	return saved, err
}

// keepSubscription checks and writes a subscription, tells it and has the drafts made that are due.
func (o *Office) keepSubscription(tx *store.Tx, a access.Actor, s *sale.Subscription, was any, action string) error {
	f, err := o.facts(tx, sale.Document{Kind: sale.Invoice, Activity: s.Activity, Customer: s.Customer, Author: s.By})
	if err != nil {
		return err
	}
	if err := ownCustomer(sale.Document{Activity: s.Activity, Customer: s.Customer}, f); err != nil {
		return err
	}
	s.Content = s.Content.Fit(f.Taxes)
	s.Content.Delivered, s.Content.DeliveredFrom, s.Content.ValidUntil, s.Content.Word = 0, 0, 0, ""
	if err := errors.Join(sale.CheckSubscription(*s, f), checkMailed(sale.Document{Kind: sale.Invoice, Customer: s.Customer, Content: s.Content}, f)); err != nil {
		return err
	}
	if s.State == sale.SubscriptionRunning {
		*s = s.Placed(f.Today)
		if !s.Has(s.Next) {
			s.State = sale.SubscriptionEnded
		}
	}
	fresh := s.ID == 0
	if err := tx.SaveSubscription(s); err != nil {
		return err
	}
	var detail any
	if !fresh {
		detail = told(toldSubscription(was), toldSubscription(*s))
	} else {
		detail = told(nil, toldSubscription(*s))
	}
	if err := tx.Audit(a.Person, action, fmt.Sprintf("subscription:%d", s.ID), detail); err != nil {
		return err
	}
	return o.draftsOn(tx, f)
}

// toldSubscription is what the log holds of a subscription.
func toldSubscription(x any) any {
	s, ok := x.(sale.Subscription)
	if !ok {
		return nil
	}
	return map[string]any{"customer": s.Customer, "title": s.Content.Title, "months": s.Months, "first": s.First, "end": s.End, "times": s.Times, "before": s.Before, "state": string(s.State)}
}

// draftsOn leaves the job that makes the drafts of the next day on which there are any.
func (o *Office) draftsOn(tx *store.Tx, f sale.Facts) error {
	day, err := tx.NextReady()
	if err != nil || day == 0 {
		return err
	}
	at := tx.Now()
	if day > f.Today {
		zone := f.Zone
		if zone == nil {
			zone = time.UTC
		}
		y, m, d := day.Date()
		at = time.Date(y, time.Month(m), d, draftHour, 0, 0, 0, zone).UnixMicro()
	}
	_, err = tx.AddJob(jobSubscriptions, struct{}{}, at)
	return err
}

// draftsOfDay makes the drafts that are due in a cooperative. Each is in an operation of its own with its period, which is
// taken once: done again, the job finds nothing to do.
func (o *Office) draftsOfDay(ctx context.Context, coopID int64) error {
	for {
		var due []sale.Subscription
		var f sale.Facts
		err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
			today, err := tx.Today()
			if err == nil {
				due, err = tx.SubscriptionsReady(today, runChunk)
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(due) == 0 {
			return o.db.Write(ctx, coopID, func(tx *store.Tx) error {
				set, err := tx.Settings()
				if err != nil {
					return err
				}
				f.Zone = set.Zone
				if f.Today, err = tx.Today(); err != nil {
					return err
				}
				return o.draftsOn(tx, f)
			})
		}
		deeds := make([]func(*store.Tx) error, len(due))
		for i, s := range due {
			deeds[i] = func(tx *store.Tx) error {
				if err := tx.ReachToday(); err != nil {
					return err
				}
				return o.draftNext(tx, s.ID)
			}
		}
		for i, err := range o.db.WriteEach(ctx, coopID, deeds) {
			if err == nil {
				continue
			}
			if ctx.Err() != nil || fault.KindOf(err) == fault.Busy || fault.KindOf(err) == fault.Conflict {
				return err
			}
			if err := o.db.Write(ctx, coopID, func(tx *store.Tx) error { return o.trouble(tx, due[i].ID, err) }); err != nil {
				return err
			}
		}
	}
}

// draftNext makes the draft of the period that a subscription has reached, and moves it to the next. Periods before it are
// proposed on its page and not made by themselves.
func (o *Office) draftNext(tx *store.Tx, id int64) error {
	s, err := tx.Subscription(id)
	if err != nil {
		return err
	}
	today, err := tx.Today()
	if err != nil {
		return err
	}
	due := s.Reached(today)
	if len(due) == 0 {
		if s.State == sale.SubscriptionRunning && !s.Has(s.Next) {
			s.State = sale.SubscriptionEnded
			return tx.SaveSubscription(&s)
		}
		return nil
	}
	start := due[len(due)-1]
	a := access.Actor{Coop: tx.Coop(), System: true, Name: "Essaim", Lang: "fr", Today: today}
	if err := o.draftPeriod(tx, a, s, start); err != nil {
		return err
	}
	s.Trouble = ""
	if s.Next = s.Last(start) + 1; !s.Has(s.Next) {
		s.State = sale.SubscriptionEnded
	}
	return tx.SaveSubscription(&s)
}

// draftPeriod writes the invoice of a period as a draft; a period that was taken before is left alone.
func (o *Office) draftPeriod(tx *store.Tx, a access.Actor, s sale.Subscription, start date.Day) error {
	d := sale.Document{Kind: sale.Invoice, Activity: s.Activity, Customer: s.Customer, Status: sale.Draft, Author: s.By, Created: tx.Now(), Content: s.Draft(start, french)}
	var err error
	if d.ID, err = tx.NextSale(); err != nil {
		return err
	}
	fresh, err := tx.TakePeriod(s.ID, start, d.ID)
	if err != nil || !fresh {
		return err
	}
	f, err := o.facts(tx, d)
	if err != nil {
		return err
	}
	d.Content = d.Content.Fit(f.Taxes)
	if err := sale.CheckDraft(d, f); err != nil {
		return err
	}
	if d.Totals, err = sale.Amounts(d, f); err != nil {
		return err
	}
	if err := tx.SaveSale(&d); err != nil {
		return err
	}
	return o.log(tx, a, &d, "create", "", 0)
}

// trouble stops a subscription whose draft cannot be made, with the words of what is wrong.
func (o *Office) trouble(tx *store.Tx, id int64, why error) error {
	if len(fault.All(why)) == 0 {
		slog.Error("subscription", "coop", tx.Coop(), "id", id, "error", why)
		why = fault.New(fault.Internal, "run.fault.defect").Wrap(why)
	}
	s, err := tx.Subscription(id)
	if err != nil {
		return err
	}
	s.State = sale.SubscriptionPaused
	if s.Trouble, err = keepFaults(why); err != nil {
		return err
	}
	if err := tx.SaveSubscription(&s); err != nil {
		return err
	}
	return tx.Audit(0, "subscription.stopped", fmt.Sprintf("subscription:%d", id), nil)
}

// setSubscription is a deed on a subscription.
func (o *Office) setSubscription(ctx context.Context, a access.Actor, id, version int64, action string, change func(*store.Tx, *sale.Subscription) error) (s sale.Subscription, err error) {
	err = o.writeOnce(ctx, a, action, []int64{id, version}, func(tx *store.Tx, id int64) (err error) {
		s, err = tx.Subscription(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		if s, err = subscription(tx, a, id, access.DraftDocument); err != nil {
			return 0, err
		}
		if version != 0 && s.Version != version {
			return 0, fault.New(fault.Conflict, "office.changed_meanwhile")
		}
		was := s
		was.Prices = slices.Clone(s.Prices)
		if err := change(tx, &s); err != nil {
			return 0, err
		}
		return id, o.keepSubscription(tx, a, &s, was, action)
	})
	return s, err
}

// PauseSubscription stops the drafts until [Office.ResumeSubscription]; those made before stay.
func (o *Office) PauseSubscription(ctx context.Context, a access.Actor, id, version int64) (sale.Subscription, error) {
	return o.setSubscription(ctx, a, id, version, "subscription.pause", func(_ *store.Tx, s *sale.Subscription) error {
		if s.State != sale.SubscriptionRunning {
			return fault.New(fault.Conflict, "office.subscription_not_running")
		}
		s.State = sale.SubscriptionPaused
		return nil
	})
}

// ResumeSubscription makes drafts again, from the period of today on; those of the pause are proposed.
func (o *Office) ResumeSubscription(ctx context.Context, a access.Actor, id, version int64) (sale.Subscription, error) {
	return o.setSubscription(ctx, a, id, version, "subscription.resume", func(_ *store.Tx, s *sale.Subscription) error {
		if s.State != sale.SubscriptionPaused {
			return fault.New(fault.Conflict, "office.subscription_not_paused")
		}
		s.State, s.Trouble = sale.SubscriptionRunning, ""
		return nil
	})
}

// EndSubscription ends it: no draft is made any more.
func (o *Office) EndSubscription(ctx context.Context, a access.Actor, id, version int64) (sale.Subscription, error) {
	return o.setSubscription(ctx, a, id, version, "subscription.end", func(_ *store.Tx, s *sale.Subscription) error {
		if s.State == sale.SubscriptionEnded {
			return fault.New(fault.Conflict, "office.subscription_over")
		}
		s.State, s.Trouble = sale.SubscriptionEnded, ""
		return nil
	})
}

// ChangePrice announces a new price from a day on; the same day again replaces what was announced for it, and no change at
// all takes it back.
func (o *Office) ChangePrice(ctx context.Context, a access.Actor, id, version int64, c sale.PriceChange) (sale.Subscription, error) {
	return o.setSubscription(ctx, a, id, version, "subscription.price", func(tx *store.Tx, s *sale.Subscription) error {
		if s.State == sale.SubscriptionEnded {
			return fault.New(fault.Conflict, "office.subscription_over")
		}
		done, err := tx.Periods(s.ID)
		if err != nil {
			return err
		}
		for _, p := range done {
			if p.Start >= c.From {
				return fault.At("from", "office.subscription_price_late", "on", p.Start)
			}
		}
		s.Prices = slices.DeleteFunc(s.Prices, func(x sale.PriceChange) bool {
			return x.From == c.From && (x.Line == c.Line || c.Percent == 0 && c.Price == 0)
		})
		if c.Percent != 0 || c.Price != 0 {
			s.Prices = append(s.Prices, c)
			slices.SortStableFunc(s.Prices, func(x, y sale.PriceChange) int { return int(x.From - y.From) })
		}
		return nil
	})
}

// FillPeriod makes the draft of a period that was missed, or leaves it out for good.
func (o *Office) FillPeriod(ctx context.Context, a access.Actor, id int64, start date.Day, leave bool) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		s, err := subscription(tx, a, id, access.DraftDocument)
		if err != nil {
			return err
		}
		if !s.Has(start) || s.Next != 0 && start >= s.Next {
			return fault.New(fault.Conflict, "office.subscription_period")
		}
		what := "subscription.fill"
		if leave {
			what = "subscription.leave"
			if fresh, err := tx.TakePeriod(id, start, 0); err != nil || !fresh {
				return err
			}
		} else if err := o.draftPeriod(tx, a, s, start); err != nil {
			return err
		}
		return tx.Audit(a.Person, what, fmt.Sprintf("subscription:%d", id), map[string]any{"start": start})
	})
}
