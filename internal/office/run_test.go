package office_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// drafts writes n invoices of Ada's.
func (h *house) drafts(t testing.TB, c sale.Customer, n int) (ids []int64) {
	t.Helper()
	for i := range n {
		d, err := h.SaveDraft(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: services(money.Cents(100_00 + i))}, "")
		must(t, err)
		ids = append(ids, d.ID)
	}
	return ids
}

// gone counts the documents that left their author, and fails when one did so twice.
func (h *house) gone(t *testing.T, ids []int64) (n int) {
	t.Helper()
	for _, id := range ids {
		s, err := h.Document(t.Context(), h.system, id)
		must(t, err)
		times := 0
		for _, e := range s.Events {
			if e.Deed == "submit" || e.Deed == "validate" {
				times++
			}
		}
		if times > 1 {
			t.Errorf("document %d left %d times", id, times)
		}
		n += times
	}
	return n
}

func (h *house) runOf(t *testing.T, id int64) office.RunView {
	t.Helper()
	v, err := h.Run(t.Context(), h.ada, id)
	must(t, err)
	return v
}

// A refusal in the middle keeps its words and the others go on; mended, it is tried again alone.
func TestRunGoesOnAfterARefusal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		c := h.customer(t)
		ids := h.drafts(t, c, 7)
		bad, err := h.Document(t.Context(), h.ada, ids[3])
		must(t, err)
		bad.Doc.Content.Delivered = 0 // compulsory on an invoice
		broken, err := h.SaveDraft(t.Context(), h.ada, bad.Doc, "")
		must(t, err)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, append(ids, ids[0], 99_999), "k")
		must(t, err)
		if again, err := h.SubmitAll(t.Context(), h.ada, storetest.First, append(ids, ids[0], 99_999), "k"); err != nil || again.ID != run.ID {
			t.Fatalf("a second click made run %d: %v", again.ID, err)
		}
		if n := h.gone(t, ids); n != 0 {
			t.Fatalf("%d left before anybody did the run", n)
		}
		must(t, h.Drain(t.Context()))
		v := h.runOf(t, run.ID)
		if v.State != store.RunDone || v.Total != 8 || v.Done != 6 || v.Failed != 2 || len(v.Refused) != 2 || !v.Mine {
			t.Fatalf("%+v", v)
		}
		if first := v.Refused[0]; first.N != 4 || !strings.Contains(first.About, c.Name) || len(first.Why) == 0 || first.Why[0].Field != "delivered" || i18n.For("fr").Fault(first.Why[0]) == first.Why[0].Key {
			t.Errorf("%+v", first)
		}
		if why := v.Refused[1].Why; len(why) != 1 || why[0].Kind != fault.NotFound {
			t.Errorf("%+v", why)
		}
		if n := h.gone(t, ids); n != 6 {
			t.Errorf("%d left", n)
		}
		broken.Content.Delivered = storetest.Today
		_, err = h.SaveDraft(t.Context(), h.ada, broken, "")
		must(t, err)
		must(t, h.RetryRun(t.Context(), h.ada, run.ID))
		must(t, h.Drain(t.Context()))
		if v := h.runOf(t, run.ID); v.Done != 7 || v.Failed != 1 || h.gone(t, ids) != 7 {
			t.Errorf("%+v", v)
		}
	})
}

// A program that dies between two turns leaves a run that another takes up: all is done, and nothing twice.
func TestRunAfterACrash(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ids := h.drafts(t, h.customer(t), office.RunChunk+20)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "")
		must(t, err)
		for { // the worker that dies has taken the job
			job, found, err := h.db.ClaimJob(t.Context(), h.coop, 2*time.Minute, "run")
			must(t, err)
			if !found {
				t.Fatal("no job")
			}
			if job.Kind == "run" {
				break
			}
		}
		dying, die := context.WithCancel(t.Context())
		if err := h.GoOn(dying, h.coop, run.ID, func(context.Context) { die() }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if v := h.runOf(t, run.ID); v.State != store.RunRunning || v.Done != office.RunChunk || h.gone(t, ids) != office.RunChunk {
			t.Fatalf("%+v", v)
		}
		must(t, h.Drain(t.Context()))
		if n := h.gone(t, ids); n != office.RunChunk {
			t.Fatalf("%d left while the lease of another ran", n)
		}
		h.now = h.now.Add(3 * time.Minute)
		must(t, h.Drain(t.Context()))
		v := h.runOf(t, run.ID)
		if v.State != store.RunDone || v.Done != len(ids) || v.Failed != 0 || h.gone(t, ids) != len(ids) {
			t.Fatalf("%+v", v)
		}
	})
}

// Two workers on one run, as after a lease that ended too early: each thing is done once.
func TestRunByTwoWorkers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ids := h.drafts(t, h.customer(t), office.RunChunk+10)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "")
		must(t, err)
		done := make(chan error, 2)
		for range 2 {
			go func() { done <- h.GoOn(t.Context(), h.coop, run.ID, func(context.Context) {}) }()
		}
		must(t, <-done)
		must(t, <-done)
		if v := h.runOf(t, run.ID); v.State != store.RunDone || v.Done != len(ids) || h.gone(t, ids) != len(ids) {
			t.Errorf("%+v", v)
		}
	})
}

// A run that is stopped leaves the rest as it is, and can be taken up again; only who started it does either.
func TestRunStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ids := h.drafts(t, h.customer(t), office.RunChunk+5)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "")
		must(t, err)
		must(t, h.GoOn(t.Context(), h.coop, run.ID, func(context.Context) {
			if err := h.CancelRun(t.Context(), h.gestionary, run.ID); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%v", err)
			}
			must(t, h.CancelRun(t.Context(), h.ada, run.ID))
		}))
		must(t, h.Drain(t.Context()))
		if v := h.runOf(t, run.ID); v.State != store.RunCancelled || v.Done != office.RunChunk || v.Left() != 5 || h.gone(t, ids) != office.RunChunk {
			t.Fatalf("%+v", v)
		}
		if all, err := h.Runs(t.Context(), h.ada, true); err != nil || len(all) != 0 {
			t.Errorf("%v %v", all, err) // its end was read
		}
		if _, err := h.Run(t.Context(), h.nord(t), run.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
		if v, err := h.Run(t.Context(), h.gestionary, run.ID); err != nil || v.Mine {
			t.Errorf("%+v %v", v, err)
		}
		must(t, h.RetryRun(t.Context(), h.ada, run.ID))
		must(t, h.Drain(t.Context()))
		if v := h.runOf(t, run.ID); v.State != store.RunDone || v.Done != len(ids) {
			t.Errorf("%+v", v)
		}
		if err := h.CancelRun(t.Context(), h.ada, run.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%v", err)
		}
	})
}

// What a run does, it does with the rights its person has by then.
func TestRunOfSomeoneWhoLeft(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ids := h.drafts(t, h.customer(t), 3)
		run, err := h.SubmitAll(t.Context(), h.ada, storetest.First, ids, "")
		must(t, err)
		p, _, err := h.Person(t.Context(), h.system, storetest.Person)
		must(t, err)
		p.Left = storetest.Today - 1
		_, err = h.SavePerson(t.Context(), h.system, p)
		must(t, err)
		must(t, h.Drain(t.Context()))
		v, err := h.Run(t.Context(), h.system, run.ID)
		must(t, err)
		if v.Failed != 3 || h.gone(t, ids) != 0 {
			t.Errorf("%+v", v)
		}
	})
}

// Each kind of run has its words in both languages.
func TestRunKindsHaveWords(t *testing.T) {
	for _, kind := range office.RunKinds() {
		for _, lang := range []string{"fr", "en"} {
			if !i18n.For(lang).Has(fmt.Sprintf("run.kind.%s", kind)) {
				t.Errorf("%s: no words for run.kind.%s", lang, kind)
			}
		}
	}
}

// A run lets through what was read. A word, or that someone opened it, changes nothing to that; what was mended meanwhile is
// refused, and tried again it is taken as it is then.
func TestValidateAllAsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		ids := h.drafts(t, h.customer(t), 3)
		var read []office.Read
		for _, id := range ids {
			d, err := h.Submit(ctx, h.ada, id, 0)
			must(t, err)
			if d.Status != sale.Submitted {
				t.Fatalf("nothing is read: %s", d.ReadRule)
			}
			read = append(read, office.Read{Sale: id, Version: d.Version})
		}
		_, err := h.OpenForReading(ctx, h.gestionary, ids[0])
		must(t, err)
		_, err = h.Decide(ctx, h.gestionary, ids[0], sale.DeedAmend, office.Reading{Word: "Bien reçu"})
		must(t, err)
		_, err = h.Decide(ctx, h.gestionary, ids[1], sale.DeedAmend, office.Reading{Word: "Merci"})
		must(t, err)
		mended := services(250_00)
		_, err = h.Amend(ctx, h.gestionary, ids[2], 0, mended)
		must(t, err)
		run, err := h.ValidateAll(ctx, h.gestionary, read, "")
		must(t, err)
		must(t, h.Drain(ctx))
		see := func() office.RunView {
			t.Helper()
			v, err := h.Run(ctx, h.gestionary, run.ID)
			must(t, err)
			return v
		}
		if v := see(); v.Done != 2 || len(v.Refused) != 1 || v.Refused[0].Why[0].Key != "run.fault.changed" {
			t.Fatalf("%+v", v)
		}
		must(t, h.RetryRun(ctx, h.gestionary, run.ID))
		must(t, h.Drain(ctx))
		if v := see(); v.Done != 3 || v.Failed != 0 {
			t.Errorf("tried again: %+v", v)
		}
		sheet, err := h.Document(ctx, h.gestionary, ids[2])
		if must(t, err); sheet.Doc.Number == "" || sheet.Doc.Totals.Net != 250_00 {
			t.Errorf("as it was mended: %s %v", sheet.Doc.Number, sheet.Doc.Totals.Net)
		}
	})
}
