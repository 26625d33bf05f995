package office_test

import (
	"encoding/json"
	"strings"
	"testing"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// officer runs the pay: they are the reader of the fixture.
func (h *house) officer() access.Actor {
	return access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Payroll}, Today: storetest.Today}
}

// employed gives someone an employment contract and returns it.
func (h *house) employed(t *testing.T, person int64, kind member.ContractKind) member.Contract {
	t.Helper()
	_, all, err := h.Person(t.Context(), h.system, person)
	must(t, err)
	for _, c := range all {
		if c.Kind == kind && c.End == 0 {
			return c
		}
	}
	c, err := h.SaveContract(t.Context(), h.system, member.Contract{Person: person, Kind: kind, Start: date.MustParse("2026-01-01")})
	must(t, err)
	return c
}

func (h *house) payRule(t *testing.T, change func(*coop.Pay)) {
	t.Helper()
	_, now, err := h.Settings(t.Context(), h.system)
	must(t, err)
	change(&now.Pay)
	r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), now.Pay, "CA du 5 janvier")
	must(t, err)
	_, err = h.SaveRule(t.Context(), h.system, r)
	must(t, err)
}

func keysOf(err error) (keys []string) {
	for _, e := range fault.All(err) {
		keys = append(keys, e.Field+" "+e.Key)
	}
	return keys
}

func wants(t *testing.T, err error, want string) {
	t.Helper()
	if got := strings.Join(keysOf(err), ", "); got != want {
		t.Errorf("%q, wants %q (%v)", got, want, err)
	}
}

const cardNIR = "255081416802538"

// The file of someone has its versions by day; nobody types their own, and what anybody earns is not in the log.
func TestPayFileIsTypedByAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean := h.officer()
		rate := money.Rate(53_000)
		first := store.PayPerson{Person: h.ada.Person, From: date.MustParse("2026-03-01"), Known: payroll.Person{Number: "E1", NIR: "2 55 08 14 168 025 38", IBAN: "FR76 3000 6000 0112 3456 7890 189", Holder: "Mme Ada Morel"}}
		must(t, h.SavePayPerson(ctx, jean, nil, first))
		second := first
		second.From, second.Known.Tax, second.Known.NIR, second.Known.IBAN = date.MustParse("2026-11-01"), &rate, cardNIR, "FR7630006000011234567890189"
		must(t, h.SavePayPerson(ctx, jean, nil, second))

		x, err := h.PayFile(ctx, h.ada, h.ada.Person) // her own
		must(t, err)
		if len(x.Versions) != 2 || !x.Own || x.Now.From != second.From || x.Now.Known.NIR != cardNIR || x.Versions[0].Known.IBAN != "FR7630006000011234567890189" || len(x.Lacks) != 0 {
			t.Errorf("%+v", x)
		}
		own := store.PayPerson{Person: jean.Person, From: storetest.Today}
		wants(t, h.SavePayPerson(ctx, jean, nil, own), " access.denied.run_own_pay")
		_, err = h.PayFile(ctx, h.accountant, h.ada.Person)
		if fault.KindOf(err) != fault.Forbidden { // who books the pay sees payslips, not the file
			t.Errorf("the accountant: %v", err)
		}
		_, err = h.PayFile(ctx, h.ada, jean.Person)
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("a colleague: %v", err)
		}

		wants(t, h.SavePayPerson(ctx, jean, nil, first), "from payfile.from_before")
		stale := first.Known
		if err := h.SavePayPerson(ctx, jean, &stale, second); !office.Changed(err) {
			t.Errorf("over what nobody read: %v", err)
		}
		wrong := second
		wrong.Known.NIR, wrong.Known.Tax = "255081416802539", new(money.Rate)
		*wrong.Known.Tax = 2 * money.One
		wants(t, h.SavePayPerson(ctx, jean, nil, wrong), "nir payroll.nir, tax payroll.rate")
		claire, err := h.AddPerson(ctx, h.system, member.Person{FirstName: "Claire", LastName: "Roy", Email: "claire@exemple.fr", Lang: "fr"}, "")
		must(t, err)
		twin := store.PayPerson{Person: claire.ID, From: storetest.Today, Known: payroll.Person{Number: "e1"}}
		wants(t, h.SavePayPerson(ctx, jean, nil, twin), "number payfile.taken")

		rows, _, err := h.Audits(ctx, h.system, store.AuditFilter{Action: "pay.person"})
		must(t, err)
		if len(rows) != 2 {
			t.Fatalf("%d rows", len(rows))
		}
		for _, r := range rows {
			for _, secret := range []string{cardNIR, "30006", "53000", "E1", "Mme"} {
				if strings.Contains(r.Detail, secret) {
					t.Errorf("the log says %q: %s", secret, r.Detail)
				}
			}
		}
		if !strings.Contains(rows[0].Detail, "pay.tax") || strings.Contains(rows[0].Detail, "pay.holder") {
			t.Errorf("the log does not say which fields changed: %s", rows[0].Detail)
		}
	})
}

// Payslips on paper are the person's own choice, in the version of today and in those to come; the officer's version that
// ended before stays as it was.
func TestPaperIsOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean := h.officer()
		for _, day := range []date.Day{storetest.Today - 60, storetest.Today + 30} {
			must(t, h.SavePayPerson(ctx, jean, nil, store.PayPerson{Person: h.ada.Person, From: day, Known: payroll.Person{Number: "E1", City: day.String()}}))
		}
		must(t, h.SetPaper(ctx, h.ada, true))
		must(t, h.SetPaper(ctx, h.ada, true)) // a second click
		x, err := h.PayFile(ctx, h.ada, h.ada.Person)
		must(t, err)
		if len(x.Versions) != 3 || x.Versions[0].Known.Paper || !x.Versions[1].Known.Paper || !x.Versions[2].Known.Paper {
			t.Errorf("%+v", x.Versions)
		}
		if x.Versions[1].From != storetest.Today || x.Versions[1].Known.City != (storetest.Today-60).String() || x.Versions[2].Known.City != (storetest.Today+30).String() {
			t.Errorf("another field moved: %+v", x.Versions)
		}
		rows, _, err := h.Audits(ctx, h.system, store.AuditFilter{Action: "pay.paper"})
		must(t, err)
		if len(rows) != 1 || rows[0].By != h.ada.Person {
			t.Errorf("%+v", rows)
		}
	})
}

// The cost of a fixed part is counted when its terms are saved, kept with the contract in the same operation, and counted
// again when the rates of the cooperative change; it is that of a month alone.
func TestTermsKeepTheCostOfTheFixedPart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean, c := h.officer(), h.employed(t, h.ada.Person, member.CESA)
		fixed := func() money.Cents {
			_, all, err := h.Person(ctx, h.system, h.ada.Person)
			must(t, err)
			for _, x := range all {
				if x.ID == c.ID {
					return x.FixedCost
				}
			}
			return -1
		}
		alone := func(accident, mobility money.Rate, gross money.Cents) money.Cents {
			m := storetest.Today.Month()
			slip, _, err := payroll.Compute(payroll.Law().On(m), payroll.Employer{Staff: 30, Accident: accident, Mobility: mobility}, payroll.Contract{Regime: payroll.CESA, From: m.First(), Cover: payroll.Cover{HealthEmployer: 500_000}}, payroll.YearToDate{},
				payroll.Inputs{Month: m, Paid: date.MustParse("2026-11-30"), Items: []payroll.Item{{Element: "fixed_part", Amount: gross}}})
			must(t, err)
			return slip.Totals.Cost
		}
		h.payRule(t, func(p *coop.Pay) { p.Staff, p.Accident, p.Mobility = 30, 20_800, 20_000 })
		terms := store.PayTerms{Contract: c.ID, From: max(c.Start, date.MustParse("2026-02-01")), Terms: payroll.Terms{Gross: 1200_00, Job: "Potière"}}
		cost, err := h.SavePayTerms(ctx, jean, nil, h.ada.Person, terms)
		must(t, err)
		if want := alone(20_800, 20_000, 1200_00); cost != want || fixed() != want || want <= 1200_00 {
			t.Errorf("cost %v, kept %v, alone %v", cost, fixed(), want)
		}
		later := terms // an amendment of next year is not what this month costs
		later.From, later.Terms.Gross = date.MustParse("2027-01-01"), 2000_00
		cost, err = h.SavePayTerms(ctx, jean, nil, h.ada.Person, later)
		must(t, err)
		if want := alone(20_800, 20_000, 1200_00); cost != want || fixed() != want {
			t.Errorf("cost %v, kept %v, wants %v", cost, fixed(), want)
		}
		h.payRule(t, func(p *coop.Pay) { p.Accident = 40_000 })
		if want := alone(40_000, 20_000, 1200_00); fixed() != want {
			t.Errorf("after the rates: %v, wants %v", fixed(), want)
		}
		_, err = h.SavePayTerms(ctx, jean, nil, h.ada.Person, terms)
		wants(t, err, "from payfile.from_before")
		hours := later
		hours.Terms.Hours = 35_00
		_, err = h.SavePayTerms(ctx, jean, nil, h.ada.Person, hours)
		wants(t, err, "hours payroll.hours_cesa")
		if _, err = h.SavePayTerms(ctx, jean, nil, jean.Person, later); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("one's own: %v", err)
		}
		other := h.officer()
		other.Person = 999
		if _, err = h.SavePayTerms(ctx, other, nil, storetest.Reader, later); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the contract of somebody else: %v", err)
		}
	})
}

// A file of rates is told line by line before anything is written; refused lines change nothing, the others are kept in one
// operation, twice is once, and the officer's own line is refused.
func TestTaxRatesOfAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean := h.officer()
		manager := jean
		manager.Person, manager.Roles = h.ada.Person, []member.Role{member.Manager}
		must(t, h.SavePayPerson(ctx, manager, nil, store.PayPerson{Person: jean.Person, From: storetest.Today - 90, Known: payroll.Person{Number: "E9"}}))
		must(t, h.SavePayPerson(ctx, jean, nil, store.PayPerson{Person: h.ada.Person, From: storetest.Today - 90, Known: payroll.Person{Number: "E1", NIR: cardNIR, City: "Lodève"}}))
		from := date.MustParse("2026-11-01")
		file := []byte("NIR;Taux\n" + cardNIR[:13] + ";5,3\nE9;2\nE4;3\n")
		im, err := h.TryTaxRates(ctx, jean, from, file)
		must(t, err)
		if im.Taken != 1 || im.Refused != 2 || im.Rows[1].Refused[0].Key != "access.denied.run_own_pay" || im.Rows[2].Refused[0].Key != "payroll.tax_file.unknown" {
			t.Errorf("%+v", im)
		}
		x, err := h.PayFile(ctx, h.ada, h.ada.Person)
		must(t, err)
		if len(x.Versions) != 1 {
			t.Error("a preview wrote")
		}
		for range 2 {
			_, err = h.ImportTaxRates(office.Keyed(ctx, "k"), jean, from, file)
			must(t, err)
		}
		x, err = h.PayFile(ctx, h.ada, h.ada.Person)
		must(t, err)
		if v := x.Versions; len(v) != 2 || v[1].From != from || v[1].Known.Tax == nil || *v[1].Known.Tax != 53_000 || v[1].Known.City != "Lodève" {
			t.Errorf("%+v", v)
		}
		im, err = h.TryTaxRates(ctx, jean, from, file)
		must(t, err)
		if im.Taken != 0 || im.Same != 1 {
			t.Errorf("once more: %+v", im)
		}
		im, err = h.TryTaxRates(ctx, jean, storetest.Today-200, []byte("E1;4\n"))
		must(t, err)
		if im.Refused != 1 || im.Rows[0].Refused[0].Key != "payfile.from_before" {
			t.Errorf("before the last version: %+v", im)
		}
		_, err = h.TryTaxRates(ctx, jean, from, []byte("\x00\x01"))
		wants(t, err, "file sheet.binary")
	})
}

// An element is of the months it says; a variable part that the officer sets replaces the one set before, with its reason,
// and never their own; a locked month is not touched.
func TestPayItems(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean, c, m := h.officer(), h.employed(t, h.ada.Person, member.CESA), storetest.Today.Month()
		item := func(element string, amount money.Cents) store.PayItem {
			return store.PayItem{Person: h.ada.Person, Contract: c.ID, Element: element, Month: m, Until: m, Amount: amount}
		}
		_, err := h.AddPayItem(ctx, jean, item("variable_advance", 1), office.PayItemBody{})
		wants(t, err, "element payfile.element")
		_, err = h.AddPayItem(ctx, jean, item("bonus", 0), office.PayItemBody{})
		wants(t, err, "amount payfile.amount")
		_, err = h.AddPayItem(ctx, jean, item(office.OverrideAdvance, 500_00), office.PayItemBody{Reason: " "})
		wants(t, err, "reason payfile.override_reason")
		_, err = h.AddPayItem(ctx, jean, item("transport", 80_00), office.PayItemBody{Share: 400_000})
		wants(t, err, "share payroll.transport_share")
		_, err = h.AddPayItem(ctx, jean, item("transport", 20_000_00), office.PayItemBody{Share: 500_000})
		wants(t, err, "amount payroll.transport")
		_, err = h.AddPayItem(ctx, jean, item("garnishment", 80_00), office.PayItemBody{Creditor: "Trésor"})
		wants(t, err, "rank payroll.rank")
		own := item("bonus", 100_00)
		own.Person = jean.Person
		_, err = h.AddPayItem(ctx, jean, own, office.PayItemBody{})
		wants(t, err, " access.denied.run_own_pay")

		each := item("bonus", 50_00)
		each.Until = office.ForEver()
		each, err = h.AddPayItem(office.Keyed(ctx, "k1"), jean, each, office.PayItemBody{Reason: "dropped: a bonus has none"})
		must(t, err)
		again, err := h.AddPayItem(office.Keyed(ctx, "k1"), jean, func() store.PayItem { x := item("bonus", 50_00); x.Until = office.ForEver(); return x }(), office.PayItemBody{})
		must(t, err)
		if again.ID != each.ID || strings.Contains(each.Body, "dropped") {
			t.Errorf("%+v, %+v", each, again)
		}
		for _, amount := range []money.Cents{500_00, 300_00} {
			_, err = h.AddPayItem(ctx, jean, item(office.OverrideAdvance, amount), office.PayItemBody{Reason: "Trésorerie"})
			must(t, err)
		}
		must(t, h.EndPayItem(ctx, jean, each.ID, m+2))
		must(t, h.EndPayItem(ctx, jean, each.ID, m+2))
		x, err := h.PayFile(ctx, h.ada, h.ada.Person) // she reads why
		must(t, err)
		live, override := 0, money.Cents(0)
		for _, k := range x.Contracts {
			for _, i := range k.Items {
				switch {
				case i.Dropped:
				case i.Element == office.OverrideAdvance:
					live, override = live+1, i.Amount
					if office.ItemBody(i).Reason != "Trésorerie" {
						t.Error("the reason is lost")
					}
				case i.Until != m+2:
					t.Errorf("not stopped: %+v", i)
				}
			}
		}
		if live != 1 || override != 300_00 {
			t.Errorf("%d overrides, %v", live, override)
		}
		must(t, h.db.Write(ctx, h.coop, func(tx *store.Tx) error {
			return tx.SavePayMonth(store.PayMonth{Month: m, State: store.PayMonthLocked})
		}))
		_, err = h.AddPayItem(ctx, jean, item("bonus", 10_00), office.PayItemBody{})
		wants(t, err, "month payfile.locked")
		wants(t, h.EndPayItem(ctx, jean, each.ID, m-1), "month payfile.locked")
		must(t, h.EndPayItem(ctx, jean, each.ID, m)) // from the next month on
	})
}

// An absence that the person declares counts once pay has completed it; its document is seen by the two of them, and the
// log says the days and never why.
func TestPayAbsences(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), t.Context()
		jean, c := h.officer(), h.employed(t, h.ada.Person, member.CESA)
		days := store.PayAbsence{Contract: c.ID, From: date.MustParse("2026-11-09"), Until: date.MustParse("2026-11-13")}
		doc, err := h.Take(ctx, "certificate", office.Upload{Name: "burn-out.pdf", Body: []byte("%PDF-1.4\nx\nstartxref\n0\n%%EOF")})
		must(t, err)
		x, err := h.DeclarePayAbsence(ctx, h.ada, days, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness, Subrogated: true, Maintenance: payroll.Maintenance{From: 1, Percent: money.One}}, Note: "Grippe"}, &doc)
		must(t, err)
		v, err := h.PayAbsence(ctx, jean, x.ID)
		must(t, err)
		if !v.Declared || v.Documents != 1 || v.Body.Subrogated || v.Body.Maintenance.From != 0 || v.Body.Note != "Grippe" || v.File != doc.SHA256 {
			t.Errorf("what is paid is not the person's to say: %+v", v)
		}
		_, err = h.DeclarePayAbsence(ctx, h.ada, store.PayAbsence{Contract: c.ID, From: days.Until, Until: days.Until + 3}, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Child}}, nil)
		wants(t, err, "from payroll.absence_twice")
		subject := "pay_absence:" + jsonNumber(x.ID)
		if at, err := h.Attachments(ctx, h.ada, subject); err != nil || len(at.Pieces) != 1 || strings.Contains(at.Pieces[0].Name, "burn") {
			t.Errorf("her document: %v %+v", err, at.Pieces)
		}
		for name, a := range map[string]access.Actor{"accountant": h.accountant, "gestionnaire": h.gestionary} {
			if _, err := h.Attachments(ctx, a, subject); err == nil {
				t.Errorf("the %s sees a sick note", name)
			}
		}
		body := v.Body
		body.Maintenance = payroll.Maintenance{From: 4, Percent: 900_000, Bearer: payroll.ByFund}
		body.Subrogated, body.Received = true, []office.Received{{Month: date.MonthOf(2026, 11), Daily: 87_30}}
		stale := v.PayAbsence
		stale.At--
		if _, err = h.SavePayAbsence(ctx, jean, &stale, v.PayAbsence, body, nil); !office.Changed(err) {
			t.Errorf("over what nobody read: %v", err)
		}
		_, err = h.SavePayAbsence(ctx, jean, &v.PayAbsence, v.PayAbsence, body, nil)
		must(t, err)
		v, err = h.PayAbsence(ctx, h.ada, x.ID)
		must(t, err)
		if v.Declared || v.Drop || v.Complete || v.Body.Sum() != 87_30 || v.Body.Note != "Grippe" {
			t.Errorf("%+v", v)
		}
		if _, err := h.DropPayAbsence(ctx, h.ada, x.ID); fault.KindOf(err) != fault.Forbidden { // completed: payroll's now
			t.Errorf("%v", err)
		}
		early := body
		early.Received = []office.Received{{Month: date.MonthOf(2026, 10), Daily: 1}}
		_, err = h.SavePayAbsence(ctx, jean, nil, v.PayAbsence, early, nil)
		wants(t, err, "received[0].month payfile.received_month")
		_, err = h.DropPayAbsence(ctx, jean, x.ID)
		must(t, err)
		rows, _, err := h.Audits(ctx, h.system, store.AuditFilter{Limit: 100})
		must(t, err)
		for _, r := range rows {
			for _, secret := range []string{"sickness", "Grippe", "burn", "8730"} {
				if strings.Contains(r.Detail, secret) {
					t.Errorf("the log says %q: %s %s", secret, r.Action, r.Detail)
				}
			}
		}
	})
}

func jsonNumber(n int64) string {
	b, err := json.Marshal(n)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
