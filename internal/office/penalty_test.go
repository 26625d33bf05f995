package office_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// asked makes the document of penalties of some invoices, all that they owe.
func (h *dated) asked(t *testing.T, c sale.Customer, invoices ...sale.Document) sale.Document {
	t.Helper()
	var picks []office.PenaltyPick
	for _, d := range invoices {
		picks = append(picks, office.PenaltyPick{Invoice: d.ID, Interest: true, Forty: true})
	}
	d, err := h.AskPenalties(t.Context(), h.gestionary, c.ID, picks, nil)
	must(t, err)
	return d
}

func (h *dated) penalties(t *testing.T, c sale.Customer) office.Penalties {
	t.Helper()
	p, err := h.Penalties(t.Context(), h.gestionary, c.ID)
	must(t, err)
	return p
}

func (h *dated) turnover(t *testing.T) (all []activity.Turnover) {
	t.Helper()
	must(t, h.db.Read(t.Context(), h.coop, func(tx *store.Tx) (err error) {
		all, err = tx.Turnover(storetest.First, storetest.Year2026)
		return err
	}))
	return all
}

// A customer who paid late is asked for the interest and the 40 € by a document of its own: numbered apart, without VAT,
// no turnover, owed and paid like an invoice, never asked twice, never bearing penalties in its turn.
func TestPenalties(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		a := h.invoiced(t, c, 1_000_00, "2026-03-02") // 1 200 due 1 April
		b := h.invoiced(t, c, 100_00, "2026-03-20")   // 120 due 19 April, stays unpaid
		h.on("2026-05-01")
		h.receive(t, c, 1_200_00, "2026-05-01", sale.Allocation{Invoice: a.ID, Amount: 1_200_00})
		h.on("2026-05-20")
		p := h.penalties(t, c)
		// 1 200 × 7.86 % × 30 / 365 = 7.75; 120 × 7.86 % × 31 / 365 = 0.80
		if len(p.Claims) != 2 || p.Claims[0].Interest != 7_75 || p.Claims[0].Forty != 40_00 || !p.Claims[0].Paid || p.Claims[0].Until != date.MustParse("2026-05-01") || p.Claims[1].Interest != 80 || p.Total() != 88_55 || p.Unread != 0 {
			t.Fatalf("%+v", p)
		}
		turnover, contribution := h.turnover(t), h.taken(t)
		d := h.asked(t, c, a)
		if d.Number != "PR-2026-0001" || d.Content.Stage != sale.Penalty || d.Totals.Gross != 47_75 || d.Totals.VAT != 0 || d.Status != sale.Validated || d.Due != date.MustParse("2026-05-20") || len(d.Content.Lines) != 2 {
			t.Fatalf("%+v", d)
		}
		if income, costs := h.moved(t, "763", 5), h.moved(t, "7588", 5); income != -7_75 || costs != -40_00 {
			t.Errorf("763 %s, 7588 %s", income, costs)
		}
		if now := h.turnover(t); !slices.Equal(now, turnover) {
			t.Errorf("turnover %+v, was %+v", now, turnover)
		}
		if now := h.taken(t); len(now) != len(contribution) || now[5] != contribution[5] {
			t.Errorf("contribution %v, was %v", now, contribution)
		}
		next := h.invoiced(t, c, 10_00, "2026-05-20")
		if next.Number != "F-2026-0003" {
			t.Errorf("the series of invoices goes on: %s", next.Number)
		}
		if p := h.penalties(t, c); len(p.Claims) != 1 || p.Claims[0].Invoice != b.ID || len(p.Asked) != 1 || p.Asked[0].ID != d.ID {
			t.Fatalf("%+v", p)
		}
		if l, err := h.LateOf(t.Context(), h.ada, a.ID); err != nil || l.Total() != 0 {
			t.Errorf("asked, and owed besides: %+v %v", l, err)
		}
		for name, picks := range map[string][]office.PenaltyPick{"again": {{Invoice: a.ID, Interest: true, Forty: true}}, "nothing": nil, "unticked": {{Invoice: b.ID}}, "not late": {{Invoice: next.ID, Interest: true}}, "itself": {{Invoice: d.ID, Interest: true}}} {
			if _, err := h.AskPenalties(t.Context(), h.gestionary, c.ID, picks, nil); !refusedAt(err, "claims", "office.penalty_none") {
				t.Errorf("%s: %v", name, err)
			}
		}
		seen := money.Cents(1)
		if _, err := h.AskPenalties(t.Context(), h.gestionary, c.ID, []office.PenaltyPick{{Invoice: b.ID, Interest: true}}, &seen); !refusedAt(err, "claims", "office.penalty_changed") {
			t.Errorf("another sum than the one read: %v", err)
		}

		// It is owed, and bears nothing itself.
		h.on("2026-08-01")
		owed, err := h.Owed(t.Context(), h.gestionary, storetest.First, c.ID)
		must(t, err)
		if !slices.ContainsFunc(owed, func(x sale.Document) bool { return x.ID == d.ID }) {
			t.Error("it is not among what the customer owes")
		}
		if l, err := h.LateOf(t.Context(), h.ada, d.ID); err != nil || l.Total() != 0 {
			t.Errorf("penalties on penalties: %+v %v", l, err)
		}
		for _, day := range []string{"2026-08-01", "2026-08-20", "2026-09-20"} {
			h.on(day)
			_, err := h.Remind(t.Context(), h.gestionary, c.ID)
			must(t, err)
		}
		history, err := h.ReminderHistory(t.Context(), h.gestionary, store.ReminderFilter{Sale: d.ID})
		must(t, err)
		if len(history) != 3 || history[0].Level != 3 {
			t.Fatalf("%+v", history)
		}
		for _, it := range history[0].Items {
			if penalised := it.Interest+it.Forty != 0; penalised == (it.Sale == d.ID) {
				t.Errorf("the formal notice claims %s and %s of %d", it.Interest, it.Forty, it.Sale)
			}
		}
		h.receive(t, c, 47_75, "2026-09-20", sale.Allocation{Invoice: d.ID, Amount: 47_75})
		if got, err := h.Document(t.Context(), h.ada, d.ID); err != nil || got.State != "paid" || len(got.Doc.Settled.Net) != 0 {
			t.Errorf("%s %+v %v", got.State, got.Doc.Settled, err)
		}
		if slices.ContainsFunc(h.turnover(t), func(x activity.Turnover) bool { return x.Nature != "service" || x.Period == 9 }) {
			t.Errorf("what was paid counts as turnover: %+v", h.turnover(t))
		}

		// What goes on running is asked by another, the 40 € once.
		e := h.asked(t, c, b)
		h.on("2026-10-20")
		p = h.penalties(t, c)
		if i := slices.IndexFunc(p.Claims, func(x sale.Claim) bool { return x.Invoice == b.ID }); i < 0 || p.Claims[i].Forty != 0 || p.Claims[i].Before != e.Content.Late[0].Interest || p.Claims[i].Interest <= 0 || p.Unread != date.MustParse("2026-07-01") {
			t.Errorf("%+v", p)
		}

		// A credit note takes it back whole: it may be asked again.
		cn := h.credit(t, e, 0)
		if cn.Totals.Gross != e.Totals.Gross || cn.Totals.VAT != 0 || !strings.HasPrefix(cn.Number, "A-2026-") {
			t.Errorf("%+v", cn)
		}
		p = h.penalties(t, c)
		if i := slices.IndexFunc(p.Claims, func(x sale.Claim) bool { return x.Invoice == b.ID }); i < 0 || p.Claims[i].Forty != 40_00 || p.Claims[i].Before != 0 {
			t.Errorf("taken back: %+v", p.Claims)
		}
		if left := h.moved(t, "763", 9) + h.moved(t, "763", 10); left != 0 {
			t.Errorf("763 keeps %s of what was taken back", left)
		}
		name, paper, err := h.PDF(t.Context(), h.ada, d.ID)
		must(t, err)
		if name != "PR-2026-0001.pdf" || !bytes.HasPrefix(paper, []byte("%PDF")) {
			t.Errorf("%s, %d bytes", name, len(paper))
		}
		h.clean(t)

		// What is kept beside the documents is compared with them.
		must(t, h.db.Write(t.Context(), h.coop, func(tx *store.Tx) error {
			forged := d
			forged.ID, forged.Content.Late = e.ID, []sale.Claim{{Invoice: a.ID, Number: a.Number, Interest: 1}}
			return tx.AddPenalties(&forged)
		}))
		found, err := h.db.Verify(t.Context())
		must(t, err)
		if !slices.ContainsFunc(found, func(f store.Finding) bool { return f.Key == "verify.penalty" }) {
			t.Errorf("%+v", found)
		}
	})
}

func refusedAt(err error, field, key string) bool {
	return slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Field == field && e.Key == key })
}

// What a person writes never holds penalties, a private person owes none, and who may not remind asks for none.
func TestPenaltiesRefused(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		a := h.invoiced(t, c, 1_000_00, "2026-03-02")
		h.on("2026-05-20")
		d := h.asked(t, c, a)
		if _, err := h.Start(t.Context(), h.ada, sale.Invoice, storetest.First, d.ID); !refusedAt(err, "", "office.penalty_copy") {
			t.Errorf("a copy: %v", err)
		}
		forged := d.Content
		forged.Lines = slices.Clone(forged.Lines)
		forged.Lines[0].Price *= 10
		if _, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: c.ID, Content: forged}, ""); !refusedAt(err, "lines[0].nature", "sale.fault.penalty_nature") {
			t.Errorf("typed by hand: %v", err)
		}
		nord := h.nord(t)
		nord.Today = h.ada.Today
		if _, err := h.AskPenalties(t.Context(), nord, c.ID, []office.PenaltyPick{{Invoice: a.ID, Interest: true}}, nil); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
			t.Errorf("of another activity: %v", err)
		}
		person, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{Activity: storetest.First, Kind: sale.Consumer, Name: "Ferrand", FirstName: "Lise", Address: c.Address}, "")
		must(t, err)
		h.invoiced(t, person, 100_00, "2026-05-20")
		h.on("2026-09-01")
		if p := h.penalties(t, person); p.Owing || len(p.Claims) != 0 {
			t.Errorf("a private person: %+v", p)
		}
		if _, err := h.AskPenalties(t.Context(), h.gestionary, person.ID, nil, nil); !refusedAt(err, "customer", "sale.fault.penalty_consumer") {
			t.Errorf("a private person: %v", err)
		}
	})
}

// The half-year that nobody has read is guessed until the team reads it, and its rates are those that count from then on.
func TestLateRatesOfTheTeam(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		a := h.invoiced(t, c, 1_000_00, "2026-07-02") // due 1 August
		h.on("2026-08-31")
		p := h.penalties(t, c)
		// 1 200 × 7.86 % × 30 / 365 = 7.75
		if p.Claims[0].Interest != 7_75 || p.Unread != date.MustParse("2026-07-01") {
			t.Fatalf("%+v", p)
		}
		adopt := func(from string, ecb, legal money.Rate) error {
			return h.SaveLateRates(t.Context(), h.accountant, coop.LateHalf{From: date.MustParse(from), LateRates: coop.LateRates{ECB: ecb, Legal: legal}, Source: "Arrêté lu au Journal officiel"}, "")
		}
		if err := adopt("2026-07-02", 21_500, 30_000); !refusedAt(err, "from", "coop.late_from") {
			t.Errorf("a day within the half-year: %v", err)
		}
		if err := adopt("2026-07-01", 21_500, 300_000); !refusedAt(err, "legal", "coop.late_range") {
			t.Errorf("30 %%: %v", err)
		}
		if err := adopt("2026-07-01", -1, 30_000); !refusedAt(err, "ecb", "coop.late_range") {
			t.Errorf("below nothing: %v", err)
		}
		if err := adopt("2027-01-01", 21_500, 30_000); !refusedAt(err, "from", "office.late_ahead") {
			t.Errorf("months ahead: %v", err)
		}
		if err := h.SaveLateRates(t.Context(), h.gestionary, coop.LateHalf{}, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who keeps no books: %v", err)
		}
		must(t, adopt("2026-07-01", 21_500, 30_000))
		p = h.penalties(t, c)
		// 1 200 × 9 % × 30 / 365 = 8.88
		if p.Claims[0].Interest != 8_88 || p.Unread != 0 {
			t.Errorf("%+v", p)
		}
		if d := h.asked(t, c, a); !strings.Contains(d.Content.Lines[0].Label, "9") || d.Totals.Gross != 48_88 {
			t.Errorf("%+v", d.Content.Lines)
		}
		h.clean(t)
	})
}
