package office_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
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
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

const november = "2026-11"

// payHouse is a cooperative that pays its people by itself.
type payHouse struct {
	*house
	month    date.Month
	officer  access.Actor // who runs the pay, and is paid
	manager  access.Actor
	people   []int64 // by order
	contract map[int64]int64
}

func payNIR(n int) string {
	body := fmt.Sprintf("18505%02d%03d%03d", 1+n%90, 1+n%900, 1+n%999)
	v, _ := new(big.Int).SetString(body, 10)
	return body + fmt.Sprintf("%02d", 97-new(big.Int).Mod(v, big.NewInt(97)).Int64())
}

func payIBAN(n int) string {
	account := fmt.Sprintf("2004101005%011d06", n)
	v, _ := new(big.Int).SetString(account+"152700", 10) // FR00
	return fmt.Sprintf("FR%02d%s", 98-new(big.Int).Mod(v, big.NewInt(97)).Int64(), account)
}

// pay opens a cooperative of n entrepreneurs, each with an activity of 4 000 € and a fixed part of 1 200 € and more, and of
// an officer on the team.
func pay(t testing.TB, h *house, n int) *payHouse {
	t.Helper()
	ctx := t.Context()
	p := &payHouse{house: h, contract: map[int64]int64{}}
	var err error
	p.month, err = date.ParseMonth(november)
	must(t, err)
	rules := coop.Pay{Way: coop.PayOwn, Staff: 30, Accident: 20_800, Mobility: 20_000, Health: 40_00, HealthEmployer: 500_000, CutOff: 20, PotMonth: 7, LeaveMode: coop.LeaveRecorded, Mapping: "silae"}
	r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), rules, "CA du 12 janvier 2026")
	must(t, err)
	_, err = h.SaveRule(ctx, h.system, r)
	must(t, err)
	set, _, err := h.Settings(ctx, h.system)
	must(t, err)
	c := set.Coop
	c.IBAN = payIBAN(999_999)
	must(t, h.SaveCooperative(ctx, h.system, c))
	from := date.MustParse("2026-01-05")
	rate := money.Rate(35_000)
	must(t, h.db.Write(ctx, h.coop, func(tx *store.Tx) error {
		for i := range n + 1 {
			x := member.Person{FirstName: fmt.Sprintf("Prénom%d", i), LastName: fmt.Sprintf("Nom%04d", i), Email: fmt.Sprintf("p%d@trame.example", i), Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: from}}}
			kind := member.CESA
			if i == n {
				x.Grants[0].Role, kind = member.Payroll, member.CDI
			}
			if err := tx.SavePerson(&x); err != nil {
				return err
			}
			p.people = append(p.people, x.ID)
			k := member.Contract{Person: x.ID, Kind: kind, Start: from}
			gross := money.Cents(1200_00 + i%1000*100)
			if i < n {
				a := activity.Activity{Code: fmt.Sprintf("P%04d", i), Name: fmt.Sprintf("Activité %d", i), Trade: "Métier", Opened: from, Natures: []string{"service"}, Tax: "S20", Shares: []activity.Share{{Person: x.ID, From: from, Parts: 1}}}
				if err := tx.SaveActivity(&a); err != nil {
					return err
				}
				k.Activity = a.ID
				e := ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Ventes", By: storetest.Reader,
					Lines: []ledger.Line{{Account: "512", Section: a.ID, Amount: 4000_00}, {Account: "706", Section: a.ID, Amount: -4000_00, Tax: ""}}}
				if err := tx.Post(&e); err != nil {
					return err
				}
			}
			if err := tx.SaveContract(&k); err != nil {
				return err
			}
			p.contract[x.ID] = k.ID
			terms := payroll.Terms{Gross: gross}
			if kind == member.CDI {
				terms.Gross, terms.Hours = 2500_00, 3500
			}
			if err := errors.Join(tx.SavePayTerms(store.PayTerms{Contract: k.ID, From: from, Terms: terms}),
				tx.SavePayPerson(store.PayPerson{Person: x.ID, From: from, Known: payroll.Person{Number: fmt.Sprint(i), NIR: payNIR(i), Holder: x.Name(), IBAN: payIBAN(i), Tax: &rate}})); err != nil {
				return err
			}
		}
		return nil
	}))
	p.officer = access.Actor{Coop: h.coop, Person: p.people[n], Name: "Officière", Roles: []member.Role{member.Payroll}, Today: storetest.Today}
	p.manager = access.Actor{Coop: h.coop, Person: storetest.Reader, Name: "Jean Roux", Roles: []member.Role{member.Manager}, Today: storetest.Today}
	must(t, h.db.Write(ctx, h.coop, func(tx *store.Tx) error {
		x, err := tx.Person(storetest.Reader)
		if err != nil {
			return err
		}
		x.Grants = append(x.Grants, member.Grant{Role: member.Manager, From: from})
		return tx.SavePerson(&x)
	}))
	return p
}

func (p *payHouse) write(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	must(t, p.db.Write(t.Context(), p.coop, fn))
}

// known changes what pay knows of someone.
func (p *payHouse) known(t testing.TB, person int64, change func(*payroll.Person)) {
	t.Helper()
	p.write(t, func(tx *store.Tx) error {
		all, err := tx.PayPersons(storetest.Today)
		if err != nil {
			return err
		}
		k := all[person]
		change(&k.Known)
		return tx.SavePayPerson(k)
	})
}

func (p *payHouse) ends(t testing.TB, person int64, day string) {
	t.Helper()
	p.write(t, func(tx *store.Tx) error {
		all, err := tx.Contracts()
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Person == person {
				c.End = date.MustParse(day)
				return tx.SaveContract(&c)
			}
		}
		return nil
	})
}

func (p *payHouse) item(t testing.TB, person int64, element string, amount money.Cents) {
	t.Helper()
	p.write(t, func(tx *store.Tx) error {
		return tx.AddPayItem(&store.PayItem{Person: person, Contract: p.contract[person], Month: p.month, Until: p.month, Element: element, Amount: amount, Label: "Avance du 3", By: storetest.Reader})
	})
}

func (p *payHouse) compute(t testing.TB) office.RunView {
	t.Helper()
	run, err := p.ComputePay(t.Context(), p.officer, p.month, "")
	must(t, err)
	must(t, p.Drain(t.Context()))
	v, err := p.Run(t.Context(), p.officer, run.ID)
	must(t, err)
	return v
}

func (p *payHouse) issue(t testing.TB, a access.Actor) office.RunView {
	t.Helper()
	run, err := p.IssuePay(t.Context(), a, p.month, nil, "")
	must(t, err)
	must(t, p.Drain(t.Context()))
	v, err := p.Run(t.Context(), a, run.ID)
	must(t, err)
	return v
}

func (p *payHouse) rows(t testing.TB) (v office.PayMonthView, by map[int64]*office.PayRow) {
	t.Helper()
	v, err := p.PayMonth(t.Context(), p.officer, p.month, nil)
	must(t, err)
	by = map[int64]*office.PayRow{}
	for i := range v.Rows {
		by[v.Rows[i].Person.ID] = &v.Rows[i]
	}
	return v, by
}

func looked(r *office.PayRow) (keys []string) {
	for _, n := range slices.Concat(r.Look, r.Waits) {
		keys = append(keys, n.Key)
	}
	for _, e := range r.Refused {
		keys = append(keys, e.Key)
	}
	return keys
}

func has(t *testing.T, r *office.PayRow, key string) {
	t.Helper()
	if !slices.Contains(looked(r), key) {
		t.Errorf("%s: %q is not among %q", r.Person.Name(), key, looked(r))
	}
}

// The month of forty people, one of them absent, one leaving, one whose account is negative, and what is wrong with others
// said in words: nobody keeps the rest from being paid, and nothing is half-posted.
func TestTheMonthOfFortyPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		p := pay(t, open(t, db), 40)
		absent, leaving, negative, bare, noNIR, wild, ended, neutral, asks, owes := p.people[0], p.people[1], p.people[2], p.people[3], p.people[4], p.people[5], p.people[6], p.people[7], p.people[8], p.people[9]
		p.write(t, func(tx *store.Tx) error {
			return tx.SavePayAbsence(&store.PayAbsence{Person: absent, Contract: p.contract[absent], From: date.MustParse("2026-11-09"), Until: date.MustParse("2026-11-13"), Body: `{"kind":"sickness"}`, By: storetest.Reader})
		})
		p.leaves(t, leaving, "2026-11-18")
		p.ends(t, ended, "2026-10-31")
		p.item(t, ended, "bonus", 100_00)
		p.item(t, owes, "advance_recovery", 3000_00)
		p.write(t, func(tx *store.Tx) error {
			e := ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "OD", Label: "Achat", By: storetest.Reader,
				Lines: []ledger.Line{{Account: "606", Section: p.activity(t, negative), Amount: 5000_00}, {Account: "512", Section: p.activity(t, negative), Amount: -5000_00}}}
			return tx.Post(&e)
		})
		p.known(t, bare, func(k *payroll.Person) { k.IBAN = "" })
		p.known(t, noNIR, func(k *payroll.Person) { k.NIR = "" })
		p.known(t, wild, func(k *payroll.Person) { r := money.Rate(1_200_000); k.Tax = &r })
		p.known(t, neutral, func(k *payroll.Person) { k.Tax = nil })
		p.write(t, func(tx *store.Tx) error {
			return tx.AddPayRequest(&store.PayRequest{Person: asks, Contract: p.contract[asks], Month: p.month, Until: p.month, Kind: "gross", Amount: 9000_00, State: store.PayAsked, By: asks})
		})

		run := p.compute(t)
		if run.State != store.RunDone || run.Total != 41 || run.Failed != 2 || run.Done != 39 {
			t.Fatalf("%+v", run.Run)
		}
		for _, line := range run.Refused {
			if len(line.Why) == 0 || !slices.Contains([]string{"payroll.rate", "payroll.ended"}, line.Why[0].Key) || line.About == "" {
				t.Errorf("%+v", line)
			}
		}
		v, by := p.rows(t)
		has(t, by[absent], "pay_month.look.absence_bare")
		has(t, by[leaving], "pay_month.look.exit")
		has(t, by[negative], "mypay.note.advance")
		has(t, by[bare], "payroll.lacks.iban")
		has(t, by[noNIR], "payroll.lacks.nir")
		has(t, by[wild], "payroll.rate")
		has(t, by[ended], "payroll.ended")
		has(t, by[asks], "mypay.note.cut")
		has(t, by[owes], "pay_month.look.negative")
		has(t, by[neutral], "pay_month.look.counters")
		for i, r := range v.Rows {
			if i > 0 && r.First() && !v.Rows[i-1].First() {
				t.Errorf("%s is to be looked at and comes after who is not", r.Person.Name())
			}
		}
		var sum money.Cents
		for _, r := range v.Rows {
			sum += r.Cost
		}
		if v.Sum.Cost != sum || sum == 0 || v.Drafts != 38 || v.Others != 1 {
			t.Errorf("%+v %d %d", v.Sum, v.Drafts, v.Others)
		}

		if _, err := p.IssuePay(ctx, p.officer, p.month, []int64{by[p.officer.Person].Slip.ID}, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the officer issues their own payslip: %v", err)
		}
		issued := p.issue(t, p.officer)
		if issued.Failed != 0 || issued.Done != 38 {
			t.Fatalf("%+v %+v", issued.Run, issued.Refused)
		}
		if again := p.issueAgain(t); again != 0 {
			t.Errorf("a second run issued %d", again)
		}
		p.issue(t, p.manager) // the officer's own, by another
		v, _ = p.rows(t)
		if v.Issued != 39 || v.Drafts != 0 || v.Others != 0 || v.Locked {
			t.Errorf("%d issued, %d drafts, locked %v", v.Issued, v.Drafts, v.Locked)
		}
		p.balanced(t, 39)
		proof, err := p.PayBook(ctx, p.officer, p.month, p.month)
		must(t, err)
		if proof.Slips != proof.Books || proof.Slips == 0 || proof.Others != 0 || len(proof.Rows) != 39 || proof.Sum.Cost != proof.Slips {
			t.Errorf("slips %v, books %v, others %v, %d rows", proof.Slips, proof.Books, proof.Others, len(proof.Rows))
		}
		for _, c := range proof.Costs {
			if c.Slips != c.Books {
				t.Errorf("section %d: %v and %v", c.Section, c.Slips, c.Books)
			}
		}
		dues, err := p.PayDues(ctx, p.officer, p.month)
		must(t, err)
		var owed money.Cents
		for _, r := range proof.Rows {
			owed += r.Body.Employee + r.Body.Employer + r.Body.Tax
		}
		if dues.Sum != owed || dues.Balance != owed {
			t.Errorf("owed to bodies %v (%v in the accounts), by the payslips %v", dues.Sum, dues.Balance, owed)
		}

		transfers, err := p.PayTransfers(ctx, p.officer, p.month)
		must(t, err)
		waits := map[int64]string{}
		for _, w := range transfers.Waiting {
			waits[w.Person.ID] = w.Why[0].Key
		}
		if len(waits) != 3 || waits[bare] != "payroll.lacks.iban" || waits[owes] != "pay_month.wait.negative" || waits[p.officer.Person] != "pay_month.wait.own" || len(transfers.Ready) != 36 {
			t.Errorf("%v, %d ready", waits, len(transfers.Ready))
		}
		order, err := p.OrderPay(ctx, p.officer, p.month, transfers.Day, "")
		must(t, err)
		if order.Count != 36 || order.Total != transfers.Total {
			t.Errorf("%+v, expected %v", order, transfers.Total)
		}
		name, b, err := p.PayTransferFile(ctx, p.officer, order.ID)
		must(t, err)
		if name != "virements-2026-11.xml" || !strings.Contains(string(b), "<NbOfTxs>36</NbOfTxs>") || strings.Contains(string(b), payIBAN(3)) {
			t.Errorf("%s\n%.500s", name, b)
		}
		if _, err := p.OrderPay(ctx, p.officer, p.month, transfers.Day, ""); !said(err, "pay_month.fault.nothing_to_pay") {
			t.Errorf("the same payslips in a second file: %v", err)
		}
		must(t, p.LockPay(ctx, p.officer, p.month))
		if _, err := p.ComputePay(ctx, p.officer, p.month, ""); fault.KindOf(err) != fault.Closed {
			t.Errorf("a locked month is computed again: %v", err)
		}
		found, err := db.Verify(ctx)
		must(t, err)
		for _, f := range found {
			t.Errorf("verify: %s %v", f.Key, f.Args)
		}
	})
}

func said(err error, key string) bool {
	return slices.ContainsFunc(fault.All(err), func(e *fault.Error) bool { return e.Key == key })
}

// issueAgain starts the run again, as a second click long after the first would.
func (p *payHouse) issueAgain(t *testing.T) int {
	t.Helper()
	run, err := p.IssuePay(t.Context(), p.officer, p.month, nil, "")
	if err != nil {
		return 0
	}
	return run.Total
}

func (p *payHouse) activity(t testing.TB, person int64) int64 {
	t.Helper()
	var id int64
	storetest.Read(t, p.db, p.coop, func(tx *store.Tx) error {
		all, err := tx.Contracts()
		for _, c := range all {
			if c.Person == person {
				id = c.Activity
			}
		}
		return err
	})
	return id
}

// balanced checks that each issued payslip has its entry, to the cent in each section, and what it says.
func (p *payHouse) balanced(t testing.TB, n int) {
	t.Helper()
	storetest.Read(t, p.db, p.coop, func(tx *store.Tx) error {
		slips, err := tx.Slips(p.month)
		if err != nil {
			return err
		}
		entries := map[int64]bool{}
		for _, s := range slips {
			if s.State != store.SlipIssued {
				continue
			}
			e, err := tx.Entry(s.Entry)
			if err != nil {
				return err
			}
			entries[e.ID] = true
			sums := map[int64]money.Cents{}
			var net money.Cents
			for _, l := range e.Lines {
				sums[l.Section] += l.Amount
				if l.Account == ledger.NetPay {
					net -= l.Amount
				}
			}
			for section, sum := range sums {
				if sum != 0 {
					t.Errorf("payslip %d: %v too much in section %d", s.ID, sum, section)
				}
			}
			if net != s.Body.Payslip.Totals.Paid || e.Journal != ledger.JournalPay || e.Document != fmt.Sprintf("pay:%d", s.ID) {
				t.Errorf("payslip %d: %v on 421, %v paid, %s %s", s.ID, net, s.Body.Payslip.Totals.Paid, e.Journal, e.Document)
			}
		}
		if len(entries) != n {
			t.Errorf("%d entries of %d payslips", len(entries), n)
		}
		return nil
	})
}

// Each thing of a payslip that somebody changes behind the program's back is told by verify, in words of its own.
func TestVerifyTellsOfAChangedPayslip(t *testing.T) {
	for name, x := range map[string]struct{ change, key string }{
		"body":     {`UPDATE payslip SET body = REPLACE(body, '"gross":120000', '"gross":120001') WHERE coop_id = $1`, "verify.pay_changed"},
		"sums":     {`UPDATE payslip SET paid = paid + 1 WHERE coop_id = $1`, "verify.pay_sums"},
		"entry":    {`UPDATE payslip SET entry_id = 0 WHERE coop_id = $1`, "verify.pay_entry"},
		"activity": {`UPDATE payslip SET activity_id = 1 WHERE coop_id = $1`, "verify.pay_entry"},
		"file":     {`UPDATE payslip SET file = 'ab' WHERE coop_id = $1`, "verify.pay_file"},
		"state":    {`UPDATE payslip SET state = 'draft' WHERE coop_id = $1`, "verify.pay_draft"},
		"transfer": {`UPDATE pay_transfer SET total = total + 1 WHERE coop_id = $1`, "verify.pay_transfer"},
	} {
		t.Run(name, func(t *testing.T) {
			address := storetest.SQLite(t)
			db := storetest.Open(t, store.Options{URL: address})
			p := pay(t, open(t, db), 2)
			p.compute(t)
			p.issue(t, p.officer)
			_, err := p.OrderPay(t.Context(), p.officer, p.month, storetest.Today+2, "")
			must(t, err)
			clean, err := db.Verify(t.Context())
			must(t, err)
			if len(clean) != 0 {
				t.Fatalf("%+v", clean)
			}
			tamper(t, address, x.change, p.coop)
			found, err := db.Verify(t.Context())
			must(t, err)
			if !slices.ContainsFunc(found, func(f store.Finding) bool { return f.Key == x.key }) {
				t.Errorf("%s is not told: %+v", x.key, found)
			}
		})
	}
}

// forged changes the body of all payslips, with the hash that goes with it: as somebody would who has read how they are kept.
func forged(t *testing.T, address, old, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	bodies := map[int64]string{}
	rows, err := db.QueryContext(t.Context(), `SELECT id, body FROM payslip`)
	must(t, err)
	for rows.Next() {
		var id int64
		var body string
		must(t, rows.Scan(&id, &body))
		bodies[id] = body
	}
	must(t, errors.Join(rows.Err(), rows.Close()))
	changed := 0
	for id, body := range bodies {
		b := strings.Replace(body, old, text, 1)
		if b == body {
			continue
		}
		sum := sha256.Sum256([]byte(b))
		_, err := db.ExecContext(t.Context(), `UPDATE payslip SET body = $1, hash = $2 WHERE id = $3`, b, hex.EncodeToString(sum[:]), id)
		must(t, err)
		changed++
	}
	if changed == 0 {
		t.Fatalf("nothing holds %s", old)
	}
}

// A forger who mends the hash is told by the figures, by the year behind the payslip, by its place in the month.
func TestVerifyTellsOfAForgedPayslip(t *testing.T) {
	for name, x := range map[string]struct {
		forge func(t *testing.T, address string)
		key   string
	}{
		"figures": {func(t *testing.T, address string) { forged(t, address, `"amount":120000`, `"amount":119900`) }, "verify.pay_figures"},
		"chain": {func(t *testing.T, address string) {
			forged(t, address, `"before":{"year":0,`, `"before":{"year":2026,`)
		}, "verify.pay_chain"},
		"twice": {func(t *testing.T, address string) {
			tamper(t, address, `INSERT INTO payslip (coop_id, id, person_id, contract_id, activity_id, month, origin, state, gross, net, paid, cost, body, hash, entry_id, file, transfer_id, by_id, at)
				SELECT coop_id, id + 100, person_id, contract_id, activity_id, month, 'software', state, gross, net, paid, cost, body, hash, 0, '', 0, by_id, at FROM payslip`)
		}, "verify.pay_twice"},
	} {
		t.Run(name, func(t *testing.T) {
			address := storetest.SQLite(t)
			db := storetest.Open(t, store.Options{URL: address})
			p := pay(t, open(t, db), 2)
			p.compute(t)
			p.issue(t, p.officer)
			x.forge(t, address)
			found, err := db.Verify(t.Context())
			must(t, err)
			if !slices.ContainsFunc(found, func(f store.Finding) bool { return f.Key == x.key }) || slices.ContainsFunc(found, func(f store.Finding) bool { return f.Key == "verify.pay_changed" }) {
				t.Errorf("%s is not told: %+v", x.key, found)
			}
		})
	}
}

// tamper changes rows as no program of ours would.
func tamper(t *testing.T, address, text string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	res, err := db.ExecContext(t.Context(), text, args...)
	must(t, err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("nothing was changed: %v", err)
	}
}

// A program that dies while it issues leaves a run that another takes up: each payslip has one entry, and nothing is
// issued twice.
func TestIssuingGoesOnAfterACrash(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		p := pay(t, h.house, office.RunChunk+5)
		p.compute(t)
		run, err := p.IssuePay(t.Context(), p.officer, p.month, nil, "")
		must(t, err)
		for {
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
		p.balanced(t, office.RunChunk)
		h.now = h.now.Add(3 * time.Minute)
		must(t, h.Drain(t.Context()))
		p.balanced(t, office.RunChunk+5)
		v, _ := p.rows(t)
		if v.Issued != office.RunChunk+5 || v.Filed != v.Issued || v.Others != 1 {
			t.Errorf("%d issued, %d filed, %d of others", v.Issued, v.Filed, v.Others)
		}
		found, err := h.db.Verify(t.Context())
		must(t, err)
		for _, f := range found {
			t.Errorf("verify: %s %v", f.Key, f.Args)
		}
	})
}

// What is computed again with nothing changed is the same; what is asked meanwhile makes a draft stale, and it is not issued
// as it was.
func TestAStaleDraftIsNotIssued(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	p := pay(t, open(t, db), 2)
	p.compute(t)
	_, before := p.rows(t)
	p.compute(t)
	_, again := p.rows(t)
	for id, r := range before {
		if again[id].Slip.At != r.Slip.At || again[id].Stale {
			t.Errorf("%s was written again", r.Person.Name())
		}
	}
	p.item(t, p.people[0], "bonus", 50_00)
	_, rows := p.rows(t)
	if !rows[p.people[0]].Stale {
		t.Error("the draft passes for fresh")
	}
	v := p.issue(t, p.officer)
	if v.Failed != 1 || v.Done != 1 || v.Refused[0].Why[0].Key != "pay_month.fault.stale" {
		t.Errorf("%+v", v)
	}
}

// A file of transfers is taken back as long as the bank has not executed it: its payslips are paid by another.
func TestAFileOfTransfersIsTakenBack(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	ctx := t.Context()
	p := pay(t, open(t, db), 3)
	p.compute(t)
	p.issue(t, p.officer)
	first, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "k")
	must(t, err)
	if same, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "k"); err != nil || same.ID != first.ID {
		t.Errorf("a second click made file %d: %v", same.ID, err)
	}
	_, err = p.CancelPayTransfer(ctx, p.officer, first.ID)
	must(t, err)
	second, err := p.OrderPay(ctx, p.officer, p.month, storetest.Today+2, "")
	must(t, err)
	if second.Count != 3 || second.Total != first.Total {
		t.Errorf("%+v after %+v", second, first)
	}
	p.write(t, func(tx *store.Tx) error { // the bank pays one of them
		slips, err := tx.Slips(p.month)
		if err != nil {
			return err
		}
		for _, s := range slips {
			if s.Transfer != second.ID {
				continue
			}
			paid, err := tx.Entry(s.Entry)
			if err != nil {
				return err
			}
			for _, l := range paid.Lines {
				if l.Account == ledger.NetPay {
					e := ledger.Entry{Journal: ledger.JournalMisc, Date: storetest.Today, DocDate: storetest.Today, Ref: "VIR", Label: "Virement", By: storetest.Reader, Lines: []ledger.Line{
						{Account: ledger.NetPay, Section: l.Section, Third: l.Third, Amount: -l.Amount, Settles: ledger.ItemRef{Entry: paid.ID, Line: l.N}}, {Account: "512", Section: l.Section, Amount: l.Amount}}}
					return tx.Post(&e)
				}
			}
		}
		return nil
	})
	if _, err := p.CancelPayTransfer(ctx, p.officer, second.ID); !said(err, "pay_month.fault.executed") {
		t.Errorf("a file that the bank executes is taken back: %v", err)
	}
}

// A contract that follows another in the year goes on with its ceilings, since the employer is the same, and begins its
// reduction again.
func TestAContractGoesOnWithTheYearOfTheOneBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), 1)
		ada := p.people[0]
		before := payroll.YearToDate{Year: 2026, Until: p.month - 1, Pay: 30_000_00, Ceiling: 40_050_00, T1: 30_000_00, Four: 30_000_00, Formula: 398_100, RSMIC: 1, RPay: 30_000_00, Reduced: 1_000_00, Gross: 30_000_00}
		section := p.activity(t, ada)
		p.ends(t, ada, "2026-10-31")
		p.write(t, func(tx *store.Tx) error {
			s := store.Slip{Person: ada, Contract: p.contract[ada], Activity: section, Month: p.month - 1, Origin: store.SlipOpening, State: store.SlipIssued, Body: store.SlipBody{After: before}}
			if err := tx.SaveSlip(&s); err != nil {
				return err
			}
			k := member.Contract{Person: ada, Kind: member.CESA, Start: p.month.First(), Activity: section}
			if err := tx.SaveContract(&k); err != nil {
				return err
			}
			p.contract[ada] = k.ID
			return tx.SavePayTerms(store.PayTerms{Contract: k.ID, From: k.Start, Terms: payroll.Terms{Gross: 1_300_00}})
		})
		p.compute(t)
		p.issue(t, p.officer)
		storetest.Read(t, db, p.coop, func(tx *store.Tx) error {
			slips, err := tx.SlipsOf(ada, p.month, p.month)
			if err != nil {
				return err
			}
			if len(slips) != 1 || slips[0].Contract != p.contract[ada] || slips[0].State != store.SlipIssued || slips[0].Body.Before != before.Carry() {
				t.Errorf("%+v", slips)
			}
			return nil
		})
		if found, err := db.Verify(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("verify: %+v %v", found, err)
		}
	})
}
