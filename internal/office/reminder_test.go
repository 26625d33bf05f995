package office_test

import (
	"bytes"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

// levels are those that an activity's customers would hear today, by customer.
func (h *dated) levels(t *testing.T) map[int64]int {
	t.Helper()
	r, err := h.Reminders(t.Context(), h.gestionary, storetest.First)
	must(t, err)
	all := map[int64]int{}
	for _, d := range r.Due {
		all[d.Customer.ID] = d.Level
	}
	return all
}

// A customer hears one word after the other, never two at once, never one twice; a payment ends it.
func TestReminders(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		a := h.invoiced(t, c, 1_000_00, "2026-03-02") // due 1 April
		b := h.invoiced(t, c, 100_00, "2026-03-20")   // due 19 April
		h.on("2026-04-07")
		if got := h.levels(t); len(got) != 0 {
			t.Fatalf("six days late: %v", got)
		}
		h.on("2026-04-08")
		if got := h.levels(t)[c.ID]; got != 1 {
			t.Fatalf("a week late: level %d", got)
		}
		n, err := h.Remind(t.Context(), h.gestionary, c.ID)
		must(t, err)
		if again, err := h.Remind(t.Context(), h.gestionary, c.ID, c.ID); n != 1 || again != 0 || err != nil {
			t.Fatalf("told %d, then %d: %v", n, again, err)
		}
		h.on("2026-04-21")
		if got := h.levels(t); len(got) != 0 {
			t.Fatalf("thirteen days after the first word: %v", got)
		}
		h.on("2026-04-26") // the first is 25 days late, told 18 days ago; the second 7 days late
		r, err := h.Reminders(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(r.Due) != 1 || r.Due[0].Level != 2 || len(r.Due[0].Items) != 2 || r.Due[0].Items[0].Level != 2 || r.Due[0].Items[1].Level != 1 || r.Due[0].Owed != 1_320_00 {
			t.Fatalf("%+v", r.Due)
		}
		if text := r.Due[0].Text; strings.ContainsAny(text, "{}") || !strings.Contains(text, a.Number) || !strings.Contains(text, b.Number) || !strings.Contains(text, "25 jours") {
			t.Errorf("%s", text)
		}
		_, err = h.Remind(t.Context(), h.ada, c.ID)
		must(t, err)
		h.on("2026-05-20") // 49 days late: the formal notice, by letter, with what the law adds
		r, err = h.Reminders(t.Context(), h.gestionary, 0)
		must(t, err)
		formal := r.Due[0]
		if formal.Level != 3 || formal.Means != coop.ByLetter || formal.To != "" || formal.Forty != 80_00 || formal.Interest <= 0 || formal.Guessed {
			t.Fatalf("%+v", formal)
		}
		// 1 200 × 7.86 % × 49 / 365 = 12.66, 120 × 7.86 % × 31 / 365 = 0.80
		if formal.Interest != 12_66+80 || formal.Total() != 1_320_00+80_00+13_46 {
			t.Errorf("interest %s, total %s", formal.Interest, formal.Total())
		}
		_, err = h.Remind(t.Context(), h.gestionary, c.ID)
		must(t, err)
		history, err := h.ReminderHistory(t.Context(), h.ada, store.ReminderFilter{Sale: a.ID})
		must(t, err)
		if len(history) != 3 || history[0].Level != 3 || history[2].ByName == "" {
			t.Fatalf("%+v", history)
		}
		name, letter, err := h.ReminderPDF(t.Context(), h.ada, history[0].ID)
		must(t, err)
		if !bytes.HasPrefix(letter, []byte("%PDF")) || !strings.HasPrefix(name, "relance-2026-05-20") {
			t.Errorf("%s, %d bytes", name, len(letter))
		}
		_, second, err := h.ReminderPDF(t.Context(), h.ada, history[0].ID)
		must(t, err)
		if !bytes.Equal(letter, second) {
			t.Error("the letter was laid out twice")
		}
		must(t, h.PostReminder(t.Context(), h.gestionary, history[0].ID))
		if err := h.PostReminder(t.Context(), h.gestionary, history[0].ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("posted twice: %v", err)
		}
		h.on("2026-08-01") // the second invoice, told twice, has its last word to come
		if n, err := h.Remind(t.Context(), h.gestionary, c.ID); n != 1 || err != nil {
			t.Errorf("told %d: %v", n, err)
		}
		h.on("2026-11-01")
		if got := h.levels(t); len(got) != 0 {
			t.Errorf("after the last word: %v", got)
		}
	})
}

// A pause keeps the word back until its day, for one invoice or for all of them; what is paid is not asked for.
func TestRemindersKeptBack(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		a := h.invoiced(t, c, 1_000_00, "2026-03-02")
		b := h.invoiced(t, c, 100_00, "2026-03-02")
		h.on("2026-04-10")
		p, err := h.PauseReminders(t.Context(), h.ada, store.Pause{Customer: c.ID, Sale: a.ID, Until: date.MustParse("2026-04-20"), Reason: sale.Promise, Word: "Viré vendredi"})
		must(t, err)
		r, err := h.Reminders(t.Context(), h.ada, storetest.First)
		must(t, err)
		if len(r.Due) != 1 || len(r.Due[0].Items) != 1 || r.Due[0].Items[0].ID != b.ID || len(r.Held) != 1 || r.Held[0].Owed != 1_200_00 || r.Held[0].Number != a.Number {
			t.Fatalf("%+v\n%+v", r.Due, r.Held)
		}
		h.receive(t, c, 120_00, "2026-04-10", sale.Allocation{Invoice: b.ID, Amount: 120_00})
		if got := h.levels(t); len(got) != 0 {
			t.Errorf("paid and paused: %v", got)
		}
		if n, err := h.Remind(t.Context(), h.gestionary, c.ID); n != 0 || err != nil {
			t.Errorf("told %d: %v", n, err)
		}
		h.on("2026-04-21")
		if got := h.levels(t)[c.ID]; got != 1 {
			t.Errorf("after the pause: level %d", got)
		}
		h.on("2026-04-15")
		must(t, h.ResumeReminders(t.Context(), h.ada, p.ID))
		if got := h.levels(t)[c.ID]; got != 1 {
			t.Errorf("resumed: level %d", got)
		}
		for _, bad := range []store.Pause{
			{Customer: c.ID, Until: date.MustParse("2026-04-14"), Reason: sale.Other}, {Customer: c.ID, Until: date.MustParse("2028-01-01"), Reason: sale.Other}, {Customer: c.ID, Until: date.MustParse("2026-05-01")},
		} {
			if _, err := h.PauseReminders(t.Context(), h.ada, bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// A private person is told in the same words, and owes neither interest nor indemnity; where the cooperative says that the
// team reminds, an entrepreneur does not; another activity's customers are not there.
func TestWhoMayRemindWhom(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{Activity: storetest.First, Kind: sale.Consumer, FirstName: "Odile", Name: "Brun", Address: coop.Address{Line1: "1 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}, "")
		must(t, err)
		h.invoiced(t, c, 100_00, "2026-03-02")
		for _, day := range []string{"2026-04-10", "2026-04-27", "2026-06-01"} {
			h.on(day)
			r, err := h.Reminders(t.Context(), h.ada, storetest.First)
			must(t, err)
			if len(r.Due) != 1 || r.Due[0].Interest != 0 || r.Due[0].Forty != 0 || r.Due[0].Means != coop.ByLetter {
				t.Fatalf("%s: %+v", day, r.Due)
			}
			_, err = h.Remind(t.Context(), h.ada, c.ID)
			must(t, err)
		}
		if _, err := h.Reminders(t.Context(), h.ada, storetest.Second); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another activity: %v", err)
		}
		rules := coop.UsualReminders()
		rules.Own = false
		must(t, h.db.Write(t.Context(), h.coop, func(tx *store.Tx) error {
			r, err := office.RuleOf(coop.RuleReminders, "", date.MustParse("2026-01-01"), rules, "Bureau")
			if err != nil {
				return err
			}
			return tx.SaveRule(&r)
		}))
		if _, err := h.Reminders(t.Context(), h.ada, storetest.First); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the team alone: %v", err)
		}
		if _, err := h.Remind(t.Context(), h.ada, c.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the team alone: %v", err)
		}
		_, err = h.Reminders(t.Context(), h.gestionary, storetest.First)
		must(t, err)
	})
}

// A run tells many customers, one after the other, and says why it told one nothing.
func TestRemindAll(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		var ids []int64
		for i := range 5 {
			c, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{Activity: storetest.First, Kind: sale.NonTaxable, Name: "Association " + string(rune('A'+i)), Email: "bureau@asso.example", Address: coop.Address{Line1: "1 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}, "")
			must(t, err)
			h.invoiced(t, c, money.Cents(100_00+i), "2026-03-02")
			ids = append(ids, c.ID)
		}
		h.on("2026-04-10")
		_, err := h.PauseReminders(t.Context(), h.ada, store.Pause{Customer: ids[2], Until: date.MustParse("2026-04-20"), Reason: sale.Dispute})
		must(t, err)
		run, err := h.RemindAll(t.Context(), h.gestionary, storetest.First, ids)
		must(t, err)
		must(t, h.Drain(t.Context()))
		v, err := h.Run(t.Context(), h.gestionary, run.ID)
		must(t, err)
		if v.Done != 4 || v.Failed != 1 || v.Refused[0].Why[0].Key != "office.remind_nothing" {
			t.Fatalf("%+v", v)
		}
		all, err := h.ReminderHistory(t.Context(), h.gestionary, store.ReminderFilter{})
		must(t, err)
		for _, r := range all {
			if r.MailState != "handed over" && r.File == "" {
				t.Errorf("%+v", r)
			}
		}
	})
}
