package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// queue writes n documents that wait, of two activities and three kinds, one hour after the other until now.
func (h *house) queue(t testing.TB, n int) {
	t.Helper()
	var who [2]int64
	storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error {
		for i, act := range []int64{storetest.First, storetest.Second} {
			c := sale.Customer{Activity: act, Kind: sale.Consumer, Name: fmt.Sprintf("Client %d", i)}
			if err := tx.SaveCustomer(&c); err != nil {
				return err
			}
			who[i] = c.ID
		}
		return nil
	})
	kinds := []sale.Kind{sale.Invoice, sale.Invoice, sale.Invoice, sale.Quote, sale.CreditNote}
	for from := 0; from < n; from += 500 {
		storetest.Write(t, h.db, h.coop, func(tx *store.Tx) error {
			for i := from; i < min(n, from+500); i++ {
				net := money.Cents(100_00 + i)
				d := sale.Document{
					Kind: kinds[i%5], Activity: []int64{storetest.First, storetest.Second}[i%2], Customer: who[i%2], Status: sale.Submitted, Author: storetest.Person,
					SubmittedAt: h.Now().UnixMicro() - int64(n-i)*3_600_000_000, ReadRule: "sale.read.cape",
					Content: sale.Content{Title: fmt.Sprint("Travail ", i), DueDays: 30, Delivered: storetest.Today, Lines: []sale.Line{{Label: "Travail", Nature: "service", Quantity: money.Unit, Price: net.Micro(), Tax: "S20"}}},
					Totals:  sale.Totals{Net: net, VAT: net / 5, Gross: net + net/5},
				}
				if err := tx.SaveSale(&d); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// Every document of the queue is on one page and one only, oldest first, whatever is asked of it; the counts are of all.
func TestDeskPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.queue(t, 130)
		walk := func(f office.DeskFilter) (all []store.SaleRow) {
			t.Helper()
			for pages := 0; ; pages++ {
				d, err := h.Desk(t.Context(), h.gestionary, f)
				must(t, err)
				if d.Before != len(all) || pages > 100 {
					t.Fatalf("%d stand before the page, %d were seen", d.Before, len(all))
				}
				all = append(all, d.Rows...)
				if !d.More {
					if d.Size != len(all) {
						t.Errorf("%+v: %d counted, %d seen", f, d.Size, len(all))
					}
					return all
				}
				last := d.Rows[len(d.Rows)-1]
				f.After = store.DeskPlace{At: last.SubmittedAt, ID: last.ID}
			}
		}
		all := walk(office.DeskFilter{Limit: 7})
		if len(all) != 130 || !slices.IsSortedFunc(all, func(a, b store.SaleRow) int { return int(a.SubmittedAt - b.SubmittedAt) }) {
			t.Errorf("%d documents, or out of order", len(all))
		}
		for name, c := range map[string]struct {
			f    office.DeskFilter
			want int
		}{
			"invoices":     {office.DeskFilter{Kind: sale.Invoice}, 78},
			"quotes":       {office.DeskFilter{Kind: sale.Quote}, 26},
			"an activity":  {office.DeskFilter{Activity: storetest.Second}, 65},
			"both":         {office.DeskFilter{Kind: sale.Invoice, Activity: storetest.Second, Limit: 5}, 39},
			"an advisor":   {office.DeskFilter{Advisor: storetest.Reader}, 65},
			"nobody's":     {office.DeskFilter{Advisor: 4711}, 0},
			"no activity":  {office.DeskFilter{Activity: 4711}, 0},
			"late, small":  {office.DeskFilter{Late: true, Limit: 9}, h.lateOf(all)},
			"late invoice": {office.DeskFilter{Late: true, Kind: sale.CreditNote}, h.lateOf(slices.DeleteFunc(slices.Clone(all), func(r store.SaleRow) bool { return r.Kind != sale.CreditNote }))},
		} {
			if got := walk(c.f); len(got) != c.want {
				t.Errorf("%s: %d, want %d", name, len(got), c.want)
			}
		}
		d, err := h.Desk(t.Context(), h.gestionary, office.DeskFilter{})
		must(t, err)
		if d.All != 130 || d.Kinds[sale.Invoice] != 78 || d.Activities[storetest.First] != 65 || d.Advisors[storetest.Reader] != 65 || d.Late != h.lateOf(all) || d.Oldest != all[0].SubmittedAt || len(d.Rows) != 50 {
			t.Errorf("%+v", d)
		}
		if d.Late == 0 || d.Late == d.All {
			t.Errorf("%d of %d late tells nothing", d.Late, d.All)
		}
		// An advisor sees their own portfolio; what one wrote oneself is not there.
		advisor := access.Actor{Coop: h.coop, Person: storetest.Reader, Roles: []member.Role{member.Advisor}, Portfolio: []int64{storetest.First}, Today: storetest.Today}
		if d, err := h.Desk(t.Context(), advisor, office.DeskFilter{}); err != nil || d.All != 65 || d.Size != 65 || slices.ContainsFunc(d.Rows, func(r store.SaleRow) bool { return r.Activity != storetest.First }) {
			t.Errorf("portfolio: %d of %d, %v", d.Size, d.All, err)
		}
		author := access.Actor{Coop: h.coop, Person: storetest.Person, Roles: []member.Role{member.Gestionnaire}, Today: storetest.Today}
		if d, err := h.Desk(t.Context(), author, office.DeskFilter{}); err != nil || d.All != 0 || len(d.Rows) != 0 {
			t.Errorf("their own: %d, %v", d.All, err)
		}
	})
}

var paris = func() *time.Location {
	z, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return z
}()

// lateOf counts what was promised an answer before today, two working days after it came.
func (h *house) lateOf(rows []store.SaleRow) (n int) {
	for _, r := range rows {
		if date.FromTime(time.UnixMicro(r.SubmittedAt).In(paris)).AddWorking(2) < storetest.Today {
			n++
		}
	}
	return n
}

// The median of what readers took, in working days, of those that waited.
func TestUsualAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		customer := h.customer(t)
		usual := func() office.Usual {
			t.Helper()
			d, err := h.Desk(t.Context(), h.gestionary, office.DeskFilter{})
			must(t, err)
			return d.Usual
		}
		for i := range 5 {
			if u := usual(); u.Known {
				t.Fatalf("known after %d answers: %+v", i, u)
			}
			d, err := h.CreateAndSubmit(t.Context(), h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(1_010_00)}, "")
			must(t, err)
			_, err = h.Validate(t.Context(), h.gestionary, d.ID, 0)
			must(t, err)
		}
		if u := usual(); !u.Known || u.Days != 0 {
			t.Errorf("answered the same day: %+v", u)
		}
	})
}

// Practice 34: of what leaves alone a part is picked, every document or none at the ends; it is read once, by another.
func TestReviews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		leave := func(percent int) sale.Document {
			t.Helper()
			trust := coop.Default().Trust
			trust.FirstInvoices, trust.KnownCustomers, trust.SamplePercent = 0, false, percent
			rule, err := office.RuleOf(coop.RuleTrust, "", storetest.Today, trust, "CA du 3 mars")
			must(t, err)
			_, err = h.SaveRule(ctx, h.system, rule)
			must(t, err)
			d, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(100_00)}, "")
			must(t, err)
			if d.Number == "" {
				t.Fatalf("it did not leave alone: %s", d.ReadRule)
			}
			return d
		}
		waiting := func(want ...int64) office.Reviews {
			t.Helper()
			r, err := h.Reviews(ctx, h.gestionary)
			must(t, err)
			var got []int64
			for _, x := range r.Waiting {
				got = append(got, x.Sale)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v wait, want %v", got, want)
			}
			return r
		}
		leave(0)
		waiting()
		d, e := leave(100), leave(100)
		waiting(d.ID, e.ID)
		if err := h.Review(ctx, h.ada, d.ID, office.VerdictFine, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("one's own: %v", err)
		}
		refusal(t, h.Review(ctx, h.gestionary, d.ID, office.VerdictRemark, " "), "remark", "office.review_remark")
		must(t, h.Review(ctx, h.gestionary, d.ID, office.VerdictRemark, "Le lieu manque."))
		if err := h.Review(ctx, h.gestionary, d.ID, office.VerdictFine, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("read twice: %v", err)
		}
		must(t, h.Review(ctx, h.gestionary, e.ID, office.VerdictFine, ""))
		r := waiting()
		if r.Counts[office.VerdictRemark] != 1 || r.Counts[office.VerdictFine] != 1 || len(r.Done) != 1 || r.Done[0].Sale != d.ID {
			t.Errorf("%+v", r)
		}
		sheet, err := h.Document(ctx, h.ada, d.ID)
		if last := sheet.Events[len(sheet.Events)-1]; err != nil || last.Deed != office.DeedReviewed || last.Comment != "Le lieu manque." {
			t.Errorf("the author reads %+v, %v", last, err)
		}
	})
}

// A warning goes on to a reader, who is told; what blocks is refused and nothing is lost.
func TestGatesAtSubmission(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		act, err := h.Activity(ctx, h.system, storetest.First)
		must(t, err)
		act.InsuranceUntil = storetest.Today - 1
		_, err = h.SaveActivity(ctx, h.system, act)
		must(t, err)
		adopt := func(kind coop.RuleKind, value any) {
			t.Helper()
			rule, err := office.RuleOf(kind, "", storetest.Today, value, "CA du 3 mars")
			must(t, err)
			_, err = h.SaveRule(ctx, h.system, rule)
			must(t, err)
		}
		trust := coop.Default().Trust
		trust.FirstInvoices, trust.KnownCustomers = 0, false
		adopt(coop.RuleTrust, trust)
		written := sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: h.customer(t).ID, Content: services(100_00)}
		d, err := h.CreateAndSubmit(ctx, h.ada, written, "")
		must(t, err)
		sheet, err := h.Document(ctx, h.gestionary, d.ID)
		if must(t, err); d.Status != sale.Submitted || d.ReadRule != "sale.read.gate" || strings.Join(sheet.Warned(), " ") != "insurance" {
			t.Errorf("%s by %s, warned %v", d.Status, d.ReadRule, sheet.Warned())
		}
		gates := coop.Default().Gates
		gates.Insurance = coop.GateBlock
		adopt(coop.RuleGates, gates)
		draft, err := h.SaveDraft(ctx, h.ada, written, "")
		must(t, err)
		_, err = h.Submit(ctx, h.ada, draft.ID, 0)
		refusal(t, err, "", "sale.gate.insurance")
		if sheet, err := h.Document(ctx, h.ada, draft.ID); err != nil || sheet.Doc.Status != sale.Draft || len(sheet.Doc.Content.Lines) != 1 {
			t.Errorf("after the refusal: %s, %v", sheet.Doc.Status, err)
		}
		// What was sent before the cooperative chose to block is held too, one by one or in a run, until it is mended.
		_, err = h.Decide(ctx, h.gestionary, d.ID, sale.DeedValidate, office.Reading{})
		refusal(t, err, "", "sale.gate.insurance")
		run, err := h.ValidateAll(ctx, h.gestionary, []office.Read{{Sale: d.ID, Version: sheet.Doc.Version}}, "")
		must(t, err)
		must(t, h.Drain(ctx))
		v, err := h.Run(ctx, h.gestionary, run.ID)
		if must(t, err); v.Done != 0 || len(v.Refused) != 1 || v.Refused[0].Why[0].Key != "sale.gate.insurance" {
			t.Errorf("in a run: %+v", v)
		}
		act.InsuranceUntil = storetest.Today + 300
		_, err = h.SaveActivity(ctx, h.system, act)
		must(t, err)
		_, err = h.Decide(ctx, h.gestionary, d.ID, sale.DeedValidate, office.Reading{})
		must(t, err)
	})
}

// Peers b.4: numbers by template. A change in the middle of a year goes on or is refused; each activity may have its series.
func TestNumberingByRule(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		issue := func() string {
			t.Helper()
			d, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(100_00)}, "")
			must(t, err)
			if d.Number == "" { // the first ones are read
				d, err = h.Validate(ctx, h.gestionary, d.ID, 0)
				must(t, err)
			}
			return d.Number
		}
		adopt := func(template string, reset coop.Reset) error {
			t.Helper()
			n := coop.Default().Numbering
			n.Invoice, n.Why = coop.Series{Template: template, Reset: reset}, "Une antenne par métier"
			rule, err := office.RuleOf(coop.RuleNumbering, "", storetest.Today, n, "CA du 3 mars")
			must(t, err)
			_, err = h.SaveRule(ctx, h.system, rule)
			return err
		}
		want := func(number string) {
			t.Helper()
			if got := issue(); got != number {
				t.Errorf("%s, want %s", got, number)
			}
		}
		want("F-2026-0001")
		want("F-2026-0002")
		must(t, adopt("F-{YYYY}-{SEQ:6}", coop.ResetYear))
		want("F-2026-000003")
		early := coop.Default().Numbering
		early.Invoice.Template = "FA-{YYYY}-{SEQ:4}"
		rule, err := office.RuleOf(coop.RuleNumbering, "", storetest.Today-1, early, "CA")
		must(t, err)
		_, err = h.SaveRule(ctx, h.system, rule)
		refusal(t, err, "from", "office.numbering_past")
		refusal(t, adopt("F-{YYYY}-{SEQ:4}", coop.ResetNever), "value.invoice.template", "coop.number_repeats")
		refusal(t, adopt("A-{YYYY}-{SEQ:5}", coop.ResetYear), "value.invoice.template", "coop.number_repeats")
		must(t, adopt("{ANA}/{YY}{MM}-{SEQ:3}", coop.ResetMonth))
		want("001/2611-001")
		want("001/2611-002")
		must(t, adopt("F-{YYYY}-{SEQ:4}", coop.ResetYear)) // back again: the count of the year goes on
		want("F-2026-0004")
		must(t, adopt("F{YY}{SEQ:4}", coop.ResetYear))
		want("F260005")
		h.clean(t)
		// A number that came from elsewhere is never given again.
		storetest.Write(t, db, h.coop, func(tx *store.Tx) error {
			old := sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Status: sale.Sent, Number: "X-2026-0001", Date: storetest.Today}
			return tx.SaveSale(&old)
		})
		must(t, adopt("X-{YYYY}-{SEQ:4}", coop.ResetNever))
		_, err = h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(100_00)}, "")
		refusal(t, err, "", "office.number_taken")
	})
}

// Who stands in for an absent reader reads in their place from the first day to the last.
func TestAbsence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		var login int64
		must(t, db.Write(ctx, 0, func(tx *store.Tx) error {
			l, _, err := tx.EnsureLogin("zoe@trame.example", "fr")
			login = l.ID
			return err
		}))
		zoe, err := h.SavePerson(ctx, h.system, member.Person{Login: login, FirstName: "Zoé", LastName: "Martin", Email: "zoe@trame.example", Lang: "fr", Grants: []member.Grant{{Role: member.Advisor, From: storetest.Today - 90}}})
		must(t, err)
		third := activity.Activity{Code: "003", Name: "Les outils", Opened: storetest.Today - 90, Shares: []activity.Share{{Person: storetest.Reader, From: storetest.Today - 90, Parts: 1}}}
		third, err = h.SaveActivity(ctx, h.system, third)
		must(t, err)
		asked := func() access.Actor {
			t.Helper()
			a, err := h.ActorIn(ctx, h.coop, login)
			must(t, err)
			return a
		}
		if n := len(asked().Stands); n != 0 {
			t.Fatalf("%d stands before", n)
		}
		x := member.Absence{Person: storetest.Reader, Substitute: zoe.ID, From: storetest.Today, Until: storetest.Today + 7}
		for field, bad := range map[string]member.Absence{
			"substitute":  {Person: storetest.Reader, Substitute: storetest.Person, From: x.From, Until: x.Until}, // does not read
			"until":       {Person: storetest.Reader, Substitute: zoe.ID, From: storetest.Today - 9, Until: storetest.Today - 1},
			"substitute ": {Person: storetest.Reader, Substitute: storetest.Reader, From: x.From, Until: x.Until},
		} {
			_, err := h.SaveAbsence(ctx, h.gestionary, bad)
			if e := fault.All(err); len(e) != 1 || e[0].Field != strings.TrimSpace(field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := h.SaveAbsence(ctx, asked(), x); fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
			t.Errorf("for another: %v", err)
		}
		x, err = h.SaveAbsence(ctx, h.gestionary, x)
		must(t, err)
		if _, err := h.SaveAbsence(ctx, h.gestionary, x); err == nil {
			t.Error("declared twice")
		}
		a := asked()
		may := func(activity, author int64) access.Decision {
			return access.Can(a, access.ValidateDocument, access.Subject{Coop: h.coop, Activity: activity, Author: author})
		}
		if may(storetest.Second, storetest.Person) != access.Allowed || may(third.ID, storetest.Reader) == access.Allowed || may(storetest.Second, storetest.Reader) == access.Allowed {
			t.Errorf("stands: %+v", a.Stands)
		}
		h.queue(t, 4)
		if d, err := h.Desk(ctx, a, office.DeskFilter{}); err != nil || d.All != 4 {
			t.Errorf("the queue: %d, %v", d.All, err)
		}
		must(t, h.EndAbsence(ctx, h.gestionary, x.ID))
		if n := len(asked().Stands); n != 0 {
			t.Errorf("%d stands after", n)
		}
	})
}

// The desk answers under 50 ms with 2 000 documents waiting, right after a document changed.
func BenchmarkDesk(b *testing.B) {
	for engine, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			db := storetest.Open(b, store.Options{URL: address(b)})
			h := open(b, db)
			h.queue(b, 2000)
			place := store.DeskPlace{}
			for b.Loop() {
				storetest.Write(b, db, h.coop, func(tx *store.Tx) error { return tx.Touch() })
				d, err := h.Desk(b.Context(), h.gestionary, office.DeskFilter{After: place})
				if err != nil || d.All != 2000 {
					b.Fatal(d.All, err)
				}
				last := d.Rows[len(d.Rows)-1]
				if place = (store.DeskPlace{At: last.SubmittedAt, ID: last.ID}); !d.More {
					place = store.DeskPlace{}
				}
			}
		})
	}
}

// A rule that has not begun is taken back, and the log keeps what it was; one in force is not.
func TestRuleWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		adopt := func(from date.Day) coop.Rule {
			t.Helper()
			trust := coop.Default().Trust
			trust.FirstInvoices = 7
			rule, err := office.RuleOf(coop.RuleTrust, "", from, trust, "CA du 3 mars")
			must(t, err)
			rule, err = h.SaveRule(ctx, h.system, rule)
			must(t, err)
			return rule
		}
		served, soon := adopt(storetest.Today), adopt(storetest.Today+30)
		if err := h.WithdrawRule(ctx, h.ada, soon.ID); fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an entrepreneur withdraws: %v", err)
		}
		must(t, h.WithdrawRule(ctx, h.system, soon.ID))
		refusal(t, h.WithdrawRule(ctx, h.system, served.ID), "", "office.rule_served")
		refusal(t, h.WithdrawRule(ctx, h.system, soon.ID), "", "store.rule_unknown")
		set, _, err := h.Settings(ctx, h.system)
		must(t, err)
		if last := office.LastRule(set.Rules, coop.RuleTrust, ""); last.ID != served.ID {
			t.Errorf("last is %+v", last)
		}
		rows, _, err := h.Audits(ctx, h.system, store.AuditFilter{Action: "rule.withdraw"})
		if must(t, err); len(rows) != 1 || !strings.Contains(rows[0].Detail, "CA du 3 mars") || !strings.Contains(rows[0].Detail, "7") {
			t.Errorf("%+v", rows)
		}
		if found, err := db.Verify(ctx); err != nil || len(found) > 0 {
			t.Errorf("verify: %v %v", found, err)
		}
	})
}

// An auditor reads the closings of the years of theirs, however many came since, and their event journal.
func TestClosingsOfAnAuditor(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		inv := h.invoiced(t, h.customer(t), 1000_00, "2026-02-02")
		h.on("2026-03-02")
		h.settle(t, inv, 600_00)
		undone := h.settle(t, inv, 100_00)
		must(t, h.Unreceive(t.Context(), h.gestionary, undone.ID))
		h.on("2027-02-01")
		inv = h.invoiced(t, h.customer(t), 1000_00, "2027-02-01")
		h.settle(t, inv, 500_00)
		h.on("2027-02-02")
		_, err := h.CloseTakings(t.Context(), h.accountant)
		must(t, err)
		auditor := access.Actor{Coop: h.coop, Person: 4711, Roles: []member.Role{member.Auditor}, AuditYears: []int64{storetest.Year2026}, Today: h.ada.Today}
		view, err := h.Closings(t.Context(), auditor, 0, 1) // the last of all is of 2027
		must(t, err)
		if len(view.Days) != 1 || view.Days[0].To != date.MustParse("2026-03-02") || view.Grand != 600_00 || view.Until != date.MustParse("2026-12-31") {
			t.Errorf("%+v until %v", view, view.Until)
		}
		mine, _, _, err := h.MoneyEvents(t.Context(), auditor, 0, 100)
		must(t, err)
		all, _, _, err := h.MoneyEvents(t.Context(), h.accountant, 0, 100)
		must(t, err)
		has := func(rows []store.AuditRow, action string) bool {
			return slices.ContainsFunc(rows, func(r store.AuditRow) bool { return r.Action == action })
		}
		if !has(mine, "payment.reversed") || has(mine, "closing.asked") || !has(all, "closing.asked") || has(all, "payment") {
			t.Errorf("%d of %d events: %+v", len(mine), len(all), mine)
		}
		if _, _, _, err := h.MoneyEvents(t.Context(), h.gestionary, 0, 100); fault.KindOf(err) != fault.NotFound {
			t.Errorf("who keeps no books: %v", err)
		}
	})
}
