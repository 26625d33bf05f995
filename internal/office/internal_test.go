package office_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/joint"
	"essaim/money"
	"essaim/sale"
)

// bill is an internal invoice from the second activity to the first, sent.
func (h *house) bill(t *testing.T, nord access.Actor, net money.Cents, mayWait bool) joint.Invoice {
	t.Helper()
	i, err := h.SaveInternal(t.Context(), nord, joint.Invoice{Sender: storetest.Second, Receiver: storetest.First, Content: joint.Content{
		Title: "Affiche du salon", Done: nord.Today, MayWait: mayWait, Lines: []joint.Line{{Label: "Affiche", Quantity: money.Unit, Price: net.Micro()}},
	}}, "")
	must(t, err)
	i, err = h.SendInternal(t.Context(), nord, i.ID, 0, "")
	must(t, err)
	return i
}

func (h *house) section(t *testing.T, id int64) (sums map[string]money.Cents) {
	t.Helper()
	sums = map[string]money.Cents{}
	must(t, h.db.Read(t.Context(), h.coop, func(tx *store.Tx) error {
		all, err := tx.Balances(id, storetest.Year2026)
		for _, b := range all {
			sums[b.Account] += b.Net()
		}
		return err
	}))
	return sums
}

// An internal invoice of 500 passes 500 from the account of one activity to that of the other, without VAT, and the house
// takes its ten percent once: of the customer's 1 000, 50 from each (practice 1, 38).
func TestInternalInvoice(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		nord := h.nord(t)
		second, err := h.Activity(t.Context(), h.system, storetest.Second)
		must(t, err)
		first, err := h.Activity(t.Context(), h.system, storetest.First)
		must(t, err)
		second.Policy = first.Policy
		_, err = h.SaveActivity(t.Context(), h.system, second)
		must(t, err)
		c := h.customer(t)
		h.invoice(t, c, 1_000_00)
		i := h.bill(t, nord, 500_00, false)
		if i.Number != "I-2026-0001" || i.Status != joint.Sent {
			t.Fatalf("%+v", i)
		}
		// Whoever sends it does not agree to it, nor does who shares both activities.
		_, err = h.AcceptInternal(t.Context(), nord, i.ID, 0, 0)
		if fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
			t.Errorf("its author: %v", err)
		}
		both := h.ada
		both.Activities = []int64{storetest.First, storetest.Second}
		if _, err = h.AcceptInternal(t.Context(), both, i.ID, 0, 0); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("of both activities: %v", err)
		}
		_, err = h.RefuseInternal(t.Context(), h.ada, i.ID, 0, " ")
		refusal(t, err, "comment", "joint.fault.comment")
		i, err = h.RefuseInternal(t.Context(), h.ada, i.ID, 0, "C’était 480, non ?")
		must(t, err)
		must(t, h.CommentInternal(t.Context(), nord, i.ID, "Non, 500 : le devis du 3."))
		i, err = h.SendInternal(t.Context(), nord, i.ID, 0, "")
		must(t, err)
		i, err = h.AcceptInternal(t.Context(), h.ada, i.ID, 0, 0)
		must(t, err)
		if i.Status != joint.Booked || i.Number != "I-2026-0001" || i.Paid != 500_00 {
			t.Fatalf("%+v", i)
		}
		a, b := h.section(t, storetest.First), h.section(t, storetest.Second)
		for _, x := range []struct {
			name string
			got  money.Cents
			want money.Cents
		}{
			{"bought", a[joint.Bought], 500_00}, {"sold", b[joint.Sold], -500_00}, {"contribution of the first", a["1861"], 50_00}, {"of the second", b["1861"], 50_00},
			{"treasury of the first", a["181"], -550_00}, {"of the second", b["181"], 450_00},
		} {
			if x.got != x.want {
				t.Errorf("%s %s, want %s", x.name, x.got, x.want)
			}
		}
		acc := h.account(t)
		figure(t, acc, "bought-year", -500_00)
		figure(t, acc, "exchanged-year", -500_00)
		figure(t, acc, "contribution-year", -50_00)
		h.opens(t, "exchanged-year")
		h.opens(t, "result-year")
		h.opens(t, "cash")
		h.clean(t)

		// Cancelled by an internal credit: all as before, contribution too.
		if _, err = h.SaveInternal(t.Context(), nord, i, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("edited once agreed: %v", err)
		}
		credit, err := h.CancelInternal(t.Context(), nord, i.ID, 0, "Affiche non livrée")
		must(t, err)
		if credit.Number != "I-2026-0002" || credit.Paid != -500_00 {
			t.Errorf("%+v", credit)
		}
		a, b = h.section(t, storetest.First), h.section(t, storetest.Second)
		if a[joint.Bought] != 0 || b[joint.Sold] != 0 || a["1861"] != 100_00 || b["1861"] != 0 || b["181"] != 0 {
			t.Errorf("after the credit: %v %v", a, b)
		}
		if _, err = h.CancelInternal(t.Context(), nord, i.ID, 0, "Encore"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("cancelled twice: %v", err)
		}
		h.clean(t)
	})
}

// Due when the receiver's customer pays: in proportion, in the same operation as the payment, and back with it.
func TestInternalInvoiceWaitsForTheCustomer(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		nord, c := h.nord(t), h.customer(t)
		inv := h.invoice(t, c, 1_000_00)
		i := h.bill(t, nord, 333_33, false)
		_, err := h.AcceptInternal(t.Context(), h.ada, i.ID, 0, inv.ID)
		refusal(t, err, "awaits", "joint.fault.no_wait")
		i = h.bill(t, nord, 333_33, true)
		i, err = h.AcceptInternal(t.Context(), h.ada, i.ID, 0, inv.ID)
		must(t, err)
		if i.Status != joint.Accepted || i.Paid != 0 {
			t.Fatalf("%+v", i)
		}
		booked := func(want money.Cents, status joint.Status) {
			t.Helper()
			s, err := h.Internal(t.Context(), nord, i.ID)
			must(t, err)
			if s.Doc.Paid != want || s.Doc.Status != status || -h.section(t, storetest.Second)[joint.Sold] != want {
				t.Errorf("paid %s %s, want %s %s", s.Doc.Paid, s.Doc.Status, want, status)
			}
			h.verified(t)
		}
		h.receive(t, c, 400_00, storetest.Today.String(), sale.Allocation{Invoice: inv.ID, Amount: 400_00})
		booked(111_11, joint.Accepted)
		p := h.receive(t, c, 800_00, storetest.Today.String(), sale.Allocation{Invoice: inv.ID, Amount: 800_00})
		booked(333_33, joint.Booked)
		must(t, h.Unreceive(t.Context(), h.gestionary, p.ID))
		booked(111_11, joint.Accepted)
		i, err = h.PayInternal(t.Context(), h.ada, i.ID, 0)
		must(t, err)
		booked(333_33, joint.Booked)
		h.receive(t, c, 800_00, storetest.Today.String(), sale.Allocation{Invoice: inv.ID, Amount: 800_00})
		booked(333_33, joint.Booked)
	})
}

// verified says that verify finds nothing, where the FEC would wonder at the same sums coming and going.
func (h *house) verified(t *testing.T) {
	t.Helper()
	found, err := h.db.Verify(context.Background())
	must(t, err)
	for _, f := range found {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
}

// Silence agrees by the rule alone: after n days, under m €, with its trace (practice 57).
func TestSilenceAgrees(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		nord := h.nord(t)
		r, err := office.RuleOf(coop.RuleInternal, "", date.MustParse("2026-01-01"), coop.Internal{SilentDays: 10, SilentUpTo: 300_00}, "AG du 12 juin 2025, résolution 9")
		must(t, err)
		_, err = h.SaveRule(t.Context(), h.system, r)
		must(t, err)
		small, large := h.bill(t, nord, 300_00, false), h.bill(t, nord, 300_01, false)
		again := h.bill(t, nord, 20_00, false)
		status := func(id int64, want joint.Status) joint.Invoice {
			t.Helper()
			must(t, h.Drain(t.Context()))
			s, err := h.Internal(t.Context(), nord, id)
			must(t, err)
			if s.Doc.Status != want {
				t.Errorf("internal invoice %d is %s, want %s", id, s.Doc.Status, want)
			}
			return s.Doc
		}
		h.now = h.now.Add(9 * 24 * time.Hour)
		status(small.ID, joint.Sent)
		_, err = h.RefuseInternal(t.Context(), h.ada, again.ID, 0, "Trop cher")
		must(t, err)
		_, err = h.SendInternal(t.Context(), nord, again.ID, 0, "")
		must(t, err)
		h.now = h.now.Add(24 * time.Hour)
		if i := status(small.ID, joint.Booked); !i.Silent || i.By != 0 {
			t.Errorf("no trace of the silence: %+v", i)
		}
		status(large.ID, joint.Sent)
		status(again.ID, joint.Sent) // its ten days began again
		h.now = h.now.Add(9 * 24 * time.Hour)
		status(again.ID, joint.Booked)
		h.clean(t)
	})
}

// shared is a deal of the two activities, agreed: the first leads.
func (h *house) shared(t *testing.T, nord access.Actor, lead, other money.Micro, first money.Cents) joint.Deal {
	t.Helper()
	d := joint.Deal{Lead: storetest.First, Title: "Site du domaine", Members: []joint.Member{{Activity: storetest.First, Weight: lead * money.Unit}, {Activity: storetest.Second, Weight: other * money.Unit, First: first}}}
	if first > 0 {
		d.Members[1].FirstFor = "Hébergement"
	}
	d, err := h.SaveDeal(t.Context(), h.ada, d, "")
	must(t, err)
	d, err = h.AgreeDeal(t.Context(), nord, d.ID, 0, storetest.Second)
	must(t, err)
	if d.Status != joint.Agreed {
		t.Fatalf("%+v", d)
	}
	return d
}

func (h *house) dealInvoice(t *testing.T, c sale.Customer, lines ...sale.Line) sale.Document {
	t.Helper()
	content := services(1)
	content.Lines = lines
	d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content}, "")
	must(t, err)
	if d.Status == sale.Submitted {
		d, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
		must(t, err)
	}
	return d
}

func on(axis int64, net money.Cents) sale.Line {
	return sale.Line{Label: "Ligne", Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20", Axis: axis}
}

// A key of 60/40 on 1 000 received in two parts, one line of the second alone, and named costs first.
func TestDealIsSharedOnReceipt(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		nord, c := h.nord(t), h.customer(t)
		d, err := h.SaveDeal(t.Context(), h.ada, joint.Deal{Lead: storetest.First, Title: "Site du domaine", Members: []joint.Member{{Activity: storetest.First, Weight: 60 * money.Unit}, {Activity: storetest.Second, Weight: 40 * money.Unit}}}, "")
		must(t, err)
		content := services(1)
		content.Lines = []sale.Line{on(d.ID, 1_000_00)}
		_, err = h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: content}, "")
		refusal(t, err, "lines[0].axis", "joint.fault.not.proposed") // the key binds nobody yet
		if _, err = h.AgreeDeal(t.Context(), h.ada, d.ID, 0, storetest.Second); err == nil {
			t.Error("the lead agreed for the other")
		}
		_, err = h.RefuseDeal(t.Context(), nord, d.ID, 0, storetest.Second, "Plutôt la moitié")
		must(t, err)
		d.Members[0].Weight, d.Members[1].Weight, d.Version = 50*money.Unit, 50*money.Unit, 0
		d, err = h.SaveDeal(t.Context(), h.ada, d, "")
		must(t, err)
		d, err = h.AgreeDeal(t.Context(), nord, d.ID, 0, storetest.Second)
		must(t, err)
		if m, _ := d.Of(storetest.Second); d.Status != joint.Agreed || m.By != nord.Person || m.At == 0 {
			t.Fatalf("%+v", d)
		}
		second, _ := d.Of(storetest.Second)
		inv := h.dealInvoice(t, c, on(d.ID, 1_000_00), on(second.Axis, 200_00), on(0, 300_00)) // 1 500 net, 1 800 gross
		got := func(want money.Cents) {
			t.Helper()
			if sold := -h.section(t, storetest.Second)[joint.Sold]; sold != want {
				t.Errorf("passed on %s, want %s", sold, want)
			}
			h.clean(t)
		}
		h.receive(t, c, 600_00, storetest.Today.String(), sale.Allocation{Invoice: inv.ID, Amount: 600_00}) // 500 net: a third
		got(233_33)                                                                                         // half of 333,33 less the odd cent, and 66,67
		p := h.receive(t, c, 1_200_00, storetest.Today.String(), sale.Allocation{Invoice: inv.ID, Amount: 1_200_00})
		got(700_00)
		h.opens(t, "cash")
		h.opens(t, "bought-year")
		must(t, h.Unreceive(t.Context(), h.gestionary, p.ID))
		got(233_33)
		s, err := h.Deal(t.Context(), nord, d.ID)
		must(t, err)
		if s.Parts[1].Invoiced != 700_00 || s.Parts[1].Collected != 233_33 || len(s.Margin) != 1 || s.Margin[0].Received != 233_33 || s.Bills[0].Opens || s.Bills[0].Sale.Content.Title != "" {
			t.Errorf("what the member sees: %+v", s)
		}
		d.Members[0].Weight = 10 * money.Unit
		d.Version = 0
		_, err = h.SaveDeal(t.Context(), h.ada, d, "")
		refusal(t, err, "members[0].weight", "joint.fault.begun")
		d, err = h.CloseDeal(t.Context(), h.ada, d.ID, 0)
		must(t, err)
		h.credit(t, inv, 0) // the third that was paid becomes an advance of the customer
		got(0)
	})
}

// Whatever the order of invoices, parts, reversals, reassignments and credit notes, each member has received exactly the
// key's part of what was collected, and the parts sum to it.
func TestAnySequenceIsSharedExactly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		files, err := store.OpenFiles(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, files.Close()) })
		rounds(t, db, 50, 20)
		rapid.Check(t, func(rt *rapid.T) {
			s := &sequence{house: furnish(t, db, files), t: t, rt: rt}
			nord := s.nord(t)
			s.buyer = s.customer(t)
			d := s.shared(t, nord, money.Micro(rapid.Int64Range(0, 100).Draw(rt, "lead")), money.Micro(rapid.Int64Range(1, 100).Draw(rt, "other")), money.Cents(rapid.Int64Range(0, 50_00).Draw(rt, "first")))
			for range rapid.IntRange(3, 10).Draw(rt, "steps") {
				switch rapid.SampledFrom([]string{"invoice", "pay", "pay", "unpay", "reassign", "credit"}).Draw(rt, "deed") {
				case "invoice":
					var lines []sale.Line
					for range rapid.IntRange(1, 3).Draw(rt, "lines") {
						lines = append(lines, on(rapid.SampledFrom(append(d.Axes(), 0)).Draw(rt, "axis"), money.Cents(rapid.Int64Range(1, 900_00).Draw(rt, "net"))))
					}
					s.invoices = append(s.invoices, s.dealInvoice(t, s.buyer, lines...).ID)
				case "pay":
					s.pay()
				case "unpay":
					if id, ok := pick(rt, s.payments); ok {
						s.allow(s.Unreceive(t.Context(), s.gestionary, id))
					}
				case "reassign":
					s.reassign()
				case "credit":
					s.credit()
				}
			}
			found, err := db.Verify(context.Background(), s.coop)
			must(t, err)
			for _, f := range found {
				rt.Fatalf("verify: %s %v", f.Key, f.Args)
			}
			sheet, err := s.Deal(t.Context(), s.ada, d.ID)
			must(t, err)
			var parts, collected money.Cents
			for _, p := range sheet.Parts {
				parts += p.Collected
			}
			for _, b := range sheet.Bills {
				collected += b.Collected
			}
			if parts != collected || -s.section(t, storetest.Second)[joint.Sold] != sheet.Parts[1].Collected {
				rt.Fatalf("parts %s of %s collected; the second received %s, the key says %s", parts, collected, -s.section(t, storetest.Second)[joint.Sold], sheet.Parts[1].Collected)
			}
			for _, id := range s.invoices { // all paid: the key holds to the cent
				inv, err := s.Document(t.Context(), s.gestionary, id)
				must(t, err)
				if left := sale.Remaining(inv.Doc); left > 0 {
					_, err := s.Receive(t.Context(), s.gestionary, transfer(s.buyer, left, storetest.Today, sale.Allocation{Invoice: id, Amount: left}), "")
					must(t, err)
				}
			}
			sheet, err = s.Deal(t.Context(), s.ada, d.ID)
			must(t, err)
			for _, p := range sheet.Parts {
				if p.Invoiced != p.Collected {
					rt.Fatalf("%s: collected %s of %s", p.Name, p.Collected, p.Invoiced)
				}
			}
		})
		untouched(t, db)
	})
}
