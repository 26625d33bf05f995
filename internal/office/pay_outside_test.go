package office_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/variables"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// outside makes the cooperative one that a payroll software pays, with a generic table.
func outside(t testing.TB, p *payHouse, way string) {
	t.Helper()
	_, now, err := p.Settings(t.Context(), p.system)
	must(t, err)
	rules := now.Pay
	rules.Way, rules.Mapping = way, "csv"
	r, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-02-01"), rules, "CA du 12 janvier 2026")
	must(t, err)
	_, err = p.SaveRule(t.Context(), p.system, r)
	must(t, err)
	codes := map[variables.Element]variables.Code{}
	for _, e := range variables.Elements() {
		codes[e] = variables.Code{Code: "X" + string(e)}
	}
	must(t, p.SavePayCodes(t.Context(), p.manager, "C-", codes))
}

func shipped(t testing.TB, kind variables.Kind) variables.ReturnMapping {
	t.Helper()
	m, err := variables.ShippedReturn("csv", kind)
	must(t, err)
	return m
}

func table(t testing.TB, rows []variables.Result) *office.Upload {
	t.Helper()
	var b bytes.Buffer
	must(t, variables.WriteResults(&b, shipped(t, variables.OfResults), rows))
	return &office.Upload{Name: "resultats.csv", Body: b.Bytes()}
}

// estimates are our payslips of the month as the software would give them back, without a cent of gap.
func (p *payHouse) estimates(t testing.TB) (rows []variables.Result, slips []store.Slip) {
	t.Helper()
	must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
		rows, slips = nil, nil
		all, err := tx.Slips(p.month)
		if err != nil {
			return err
		}
		known, err := tx.PayPersons(p.month.Last())
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Origin != store.SlipEstimate {
				continue
			}
			x := s.Body.Payslip.Totals
			rows = append(rows, variables.Result{Matricule: known[s.Person].Known.Number, NIR: known[s.Person].Known.NIR, Month: p.month, Gross: x.Gross, Employee: x.Employee, Employer: x.Employer, Reduction: x.Reduction,
				NetBeforeTax: x.Net + x.Beside, PAS: x.Tax, PASRate: x.TaxRate, NetPaid: x.Paid, Cost: x.Cost, NetTaxable: x.NetTaxable, NetSocial: x.NetSocial, Ceiling: s.Body.Payslip.Ceiling})
			slips = append(slips, s)
		}
		return nil
	}))
	return rows, slips
}

func (p *payHouse) staged(t testing.TB, files office.PayReturnFiles) office.PayReturn {
	t.Helper()
	x, err := p.StagePay(t.Context(), p.officer, p.month, files, "")
	must(t, err)
	v, err := p.PayReturn(t.Context(), p.officer, x.ID)
	must(t, err)
	return v
}

// software are the payslips of the month that came back.
func (p *payHouse) software(t testing.TB) (all []store.Slip) {
	t.Helper()
	must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
		slips, err := tx.Slips(p.month)
		all = slices.DeleteFunc(slips, func(s store.Slip) bool { return s.Origin != store.SlipSoftware })
		return err
	}))
	return all
}

func eachOutside(t *testing.T, n int, way string, run func(t *testing.T, p *payHouse)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pay(t, open(t, db), n)
		outside(t, p, way)
		run(t, p)
	})
}

func hasKey(all []*fault.Error, key string) bool {
	return slices.ContainsFunc(all, func(e *fault.Error) bool { return e.Key == key })
}

// What is decided leaves once; who cannot leave is told and the others go on; a second file says what changed since.
func TestVariablesLeaveAndSayWhatChanged(t *testing.T) {
	eachOutside(t, 3, coop.PaySoftware, func(t *testing.T, p *payHouse) {
		p.known(t, p.people[2], func(k *payroll.Person) { k.Number = "" })
		sent, err := p.SendPay(t.Context(), p.officer, p.month, "k1")
		must(t, err)
		_, b, err := p.SentPayFile(t.Context(), p.officer, sent.ID)
		must(t, err)
		if !strings.Contains(string(b), "Nom0000;Prénom0;11/2026;Xfixed_part;;1200,00") || strings.Contains(string(b), "Nom0002") || !strings.Contains(string(b), "Xsalary;;2500,00") {
			t.Errorf("the file is\n%s", b)
		}
		if sent.People != 3 || sent.Kept != 1 || sent.Changed+sent.New+sent.Gone != 0 {
			t.Errorf("the file tells %+v", sent.PaySentBody)
		}
		if strings.Contains(string(b), "modifié") {
			t.Error("a first file has no changes")
		}
		// What changes is told beside the whole list.
		p.item(t, p.people[0], "bonus", 100_00)
		p.known(t, p.people[2], func(k *payroll.Person) { k.Number = "M2" })
		v, err := p.PayOutside(t.Context(), p.officer, p.month)
		must(t, err)
		since := map[int64]string{}
		for _, r := range v.Rows {
			since[r.Person.ID] = r.Since
		}
		if since[p.people[0]] != office.SendChanged || since[p.people[1]] != office.SendSame || since[p.people[2]] != office.SendNew {
			t.Errorf("since the file before: %v", since)
		}
		again, err := p.SendPay(t.Context(), p.officer, p.month, "k2")
		must(t, err)
		_, b, err = p.SentPayFile(t.Context(), p.officer, again.ID)
		must(t, err)
		if again.Changed != 1 || again.New != 1 || again.People != 4 || !strings.Contains(string(b), "Xbonus") || strings.Count(string(b), "modifié") != 3 || !strings.Contains(string(b), "Nom0001") {
			t.Errorf("the second file tells %+v\n%s", again.PaySentBody, b)
		}
		if again.File == sent.File {
			t.Error("two contents of one hash")
		}
	})
}

// A return without a gap issues the payslips it says, books each, and the next month counts on it; one's own is left for
// another.
func TestReturnIsAcceptedWhole(t *testing.T) {
	eachOutside(t, 3, coop.PayBoth, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		file := table(t, rows)
		v := p.staged(t, office.PayReturnFiles{Results: file})
		if v.Blocked || len(v.Told)+len(v.Missing)+len(v.Differ) != 0 || v.Ready != 3 || v.Others != 1 {
			t.Fatalf("the return tells %+v", v)
		}
		if len(p.software(t)) != 0 {
			t.Fatal("something is written before it is accepted")
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, "other", "")
		isRefused(t, err, fault.Conflict, "pay_outside.fault.changed")
		x, err := p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "k")
		must(t, err)
		if x.People != 3 || x.Gaps != 0 {
			t.Errorf("accepted %+v", x.PayReturnedBody)
		}
		slips := p.software(t)
		if len(slips) != 3 || slices.ContainsFunc(slips, func(s store.Slip) bool {
			return s.Person == p.officer.Person || s.State != store.SlipIssued || s.Entry == 0
		}) {
			t.Fatalf("%d payslips are issued", len(slips))
		}
		// The officer's own is accepted by another.
		v, err = p.PayReturn(t.Context(), p.manager, v.ID)
		must(t, err)
		if v.Ready != 1 {
			t.Fatalf("%d are left", v.Ready)
		}
		_, err = p.AcceptPay(t.Context(), p.manager, v.ID, v.Digest, "")
		must(t, err)
		slips = p.software(t)
		for _, s := range slips {
			for _, o := range ours {
				if o.Contract == s.Contract && (s.Body.Payslip.Totals != o.Body.Payslip.Totals || s.Body.After != o.Body.After) {
					t.Errorf("contract %d: adopted %+v\nours %+v", s.Contract, s.Body.After, o.Body.After)
				}
			}
			p.costs(t, s)
		}
		_, err = p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Results: file}, "")
		isRefused(t, err, fault.Invalid, "pay_outside.fault.twice")
		all, run, _, err := p.PayParallels(t.Context(), p.officer)
		must(t, err)
		if len(all) != 1 || !all[0].Whole || run != 1 {
			t.Errorf("parallel %+v, %d", all, run)
		}
		p.sound(t)
	})
}

// costs asks that an entry costs its section what the payslip costs, and owes the person what they are paid.
func (p *payHouse) costs(t testing.TB, s store.Slip) {
	t.Helper()
	must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
		e, err := tx.Entry(s.Entry)
		if err != nil {
			return err
		}
		var cost, paid money.Cents
		for _, l := range e.Lines {
			if strings.HasPrefix(l.Account, "64") || strings.HasPrefix(l.Account, "63") {
				cost += l.Amount
			}
			if l.Account == ledger.NetPay {
				paid -= l.Amount
			}
		}
		if x := s.Body.Payslip.Totals; cost != x.Cost || paid != x.Paid {
			t.Errorf("the entry costs %s and owes %s, the payslip %s and %s", cost, paid, x.Cost, x.Paid)
		}
		return nil
	}))
}

// The year to date is that of the payslip that came back, not of our estimate; every cent of gap is listed, the largest
// first.
func TestNextMonthCountsOnWhatCameBack(t *testing.T) {
	eachOutside(t, 2, coop.PaySoftware, func(t *testing.T, p *payHouse) {
		p.month = date.MonthOf(2026, 10)
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		// The software pays 100,00 more to the first, and counts its contributions and a cent of tax by itself.
		r := &rows[0]
		r.Gross, r.Employee, r.Employer, r.NetBeforeTax, r.PAS, r.NetTaxable = r.Gross+100_00, r.Employee+21_90, r.Employer+40_00, r.NetBeforeTax+78_10, r.PAS+1, r.NetTaxable+81_00
		r.NetPaid, r.Cost, r.Reduction, r.NetSocial = r.NetBeforeTax-r.PAS, r.Cost+140_00, r.Reduction-30_00, r.NetSocial+78_10
		v := p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		var gaps []money.Cents
		for _, g := range v.Differ {
			gaps = append(gaps, g.Difference().Abs())
		}
		if len(gaps) != 10 || gaps[0] != 140_00 || gaps[9] != 1 || !slices.IsSortedFunc(gaps, func(a, b money.Cents) int { return int(b - a) }) {
			t.Errorf("gaps %v", gaps)
		}
		if v.Rows[0].Person.ID != p.people[0] && v.Rows[1].Person.ID != p.people[0] {
			t.Errorf("who differs stands behind: %v", v.Rows[0].Person)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		for _, s := range p.software(t) {
			p.costs(t, s)
		}
		was := ours[0].Body.After
		must(t, p.db.Read(t.Context(), p.coop, func(tx *store.Tx) error {
			years, err := tx.YearsToDate(p.month + 1)
			if err != nil {
				return err
			}
			y := years[p.contract[p.people[0]]]
			if y.Gross != was.Gross+100_00 || y.Pay != was.Pay+100_00 || y.T1 != was.T1+100_00 || y.Granted != was.Granted-30_00 || y.Reduced != was.Reduced-30_00 || y.Cost != was.Cost+140_00 || y.Tax != was.Tax+1 || y.NetTaxable != was.NetTaxable+81_00 {
				t.Errorf("the year to date is %+v, was %+v", y, was)
			}
			return nil
		}))
		// November is computed on it.
		p.month++
		_, err = p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		_, next := p.estimates(t)
		for _, s := range next {
			if s.Person == p.people[0] && (s.Body.Before.Gross != was.Gross+100_00 || s.Body.After.Gross != s.Body.Before.Gross+s.Body.Payslip.Totals.Gross) {
				t.Errorf("november counts on %+v", s.Body.Before)
			}
		}
		p.sound(t)
	})
}

// A line of nobody, one too many of somebody, somebody missing, another month, a cell that is no amount, a total that is
// none: each is told with its line, the rest can be accepted, and nothing is half posted.
func TestReturnWithALineTooMany(t *testing.T) {
	eachOutside(t, 4, coop.PaySoftware, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, _ := p.estimates(t)
		other := rows[3]
		other.Month = p.month - 1
		bad := []variables.Result{rows[0], rows[1], rows[1], {Matricule: "999", Gross: 1, NetPaid: 1, Cost: 1}, other}
		v := p.staged(t, office.PayReturnFiles{Results: table(t, bad)})
		for _, key := range []string{"variables.person_twice", "variables.unknown_person", "variables.other_month"} {
			if !hasKey(v.Told, key) {
				t.Errorf("%s is not told among %v", key, v.Told)
			}
		}
		if len(v.Missing) == 0 || v.Ready != 1 || v.Blocked {
			t.Errorf("ready %d, missing %d, blocked %v", v.Ready, len(v.Missing), v.Blocked)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		if all := p.software(t); len(all) != 1 || all[0].Person != p.people[0] {
			t.Errorf("%d payslips", len(all))
		}
		// A total that is not the sum holds everything back.
		body := append([]byte{}, table(t, rows[1:3]).Body...)
		body = append(body, []byte("Total;;;;;1,00\r\n")...)
		x, err := p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Results: &office.Upload{Name: "t.csv", Body: body}}, "")
		must(t, err)
		v, err = p.PayReturn(t.Context(), p.officer, x.ID)
		must(t, err)
		if !v.Blocked || !hasKey(v.Told, "variables.total") {
			t.Errorf("a wrong total: %+v", v.Told)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		isRefused(t, err, fault.Conflict, "pay_outside.fault.blocked")
		// What is no table is refused on its field, and nothing is kept of it.
		for _, b := range []string{"", "%PDF-1.4", "a;b\n1;2", strings.Repeat("x;", 10000)} {
			if _, err := p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Results: &office.Upload{Name: "x", Body: []byte(b)}}, ""); len(fault.All(err)) == 0 {
				t.Errorf("%.20q is taken: %v", b, err)
			}
		}
		if _, err := p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Slips: []office.Upload{{Name: "x.pdf", Body: []byte("%PDF-1.4 nothing")}}}, ""); len(fault.All(err)) == 0 {
			t.Errorf("a broken PDF is taken: %v", err)
		}
		// A row that does not add up is refused alone.
		wrong := rows[1]
		wrong.NetPaid += 5
		v = p.staged(t, office.PayReturnFiles{Results: table(t, []variables.Result{wrong, rows[2]})})
		n := slices.IndexFunc(v.Rows, func(r office.PayReturnRow) bool { return r.Person.ID == p.people[1] })
		if n < 0 || !hasKey(v.Rows[n].Refused, "payroll.returned.sum") || v.Ready != 1 {
			t.Errorf("a row that does not add up: %+v", v.Rows)
		}
		p.sound(t)
	})
}

// Two contracts of one person leave under two numbers, that they keep, and come back apart; a number typed on the terms
// of a contract is the one that leaves.
func TestEachContractHasItsNumber(t *testing.T) {
	eachOutside(t, 2, coop.PaySoftware, func(t *testing.T, p *payHouse) {
		second := member.Contract{Person: p.people[0], Kind: member.CDI, Start: date.MustParse("2026-03-02"), Activity: 0}
		p.write(t, func(tx *store.Tx) error {
			return errors.Join(tx.SaveContract(&second), tx.SavePayTerms(store.PayTerms{Contract: second.ID, From: second.Start, Terms: payroll.Terms{Gross: 900_00, Hours: 1750}}),
				tx.SavePayPerson(store.PayPerson{Person: p.people[0], From: second.Start, Known: payroll.Person{Number: "M7", NIR: payNIR(0), Holder: "X", IBAN: payIBAN(0)}}))
		})
		sent, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		_, b, err := p.SentPayFile(t.Context(), p.officer, sent.ID)
		must(t, err)
		made := fmt.Sprintf("C-%d", second.ID)
		if !strings.Contains(string(b), "\nM7;") || !strings.Contains(string(b), "\n"+made+";") {
			t.Fatalf("the file is\n%s", b)
		}
		// It is kept when the first contract is over, and by an amendment that says nothing of it.
		first := func(end date.Day) {
			p.write(t, func(tx *store.Tx) error {
				all, err := tx.ContractsOf(p.people[0])
				if err != nil {
					return err
				}
				n := slices.IndexFunc(all, func(c member.Contract) bool { return c.ID == p.contract[p.people[0]] })
				all[n].End = end
				return tx.SaveContract(&all[n])
			})
		}
		first(date.MustParse("2026-10-31"))
		p.write(t, func(tx *store.Tx) error {
			return tx.SavePayTerms(store.PayTerms{Contract: second.ID, From: date.MustParse("2026-11-02"), Terms: payroll.Terms{Gross: 950_00, Hours: 1750}})
		})
		v, err := p.PayOutside(t.Context(), p.officer, p.month)
		must(t, err)
		n := slices.IndexFunc(v.Rows, func(r office.PaySendRow) bool { return r.Contract == second.ID })
		if n < 0 || len(v.Rows[n].Rows) == 0 || v.Rows[n].Rows[0].Person.Matricule != made {
			t.Errorf("the number is not kept: %+v", v.Rows)
		}
		first(0)
		// Both come back, each its own.
		x, err := p.SendPay(t.Context(), p.officer, p.month, "again")
		must(t, err)
		if x.People != 4 {
			t.Fatalf("%d leave", x.People)
		}
		rows, slips := p.estimates(t)
		for i, s := range slips {
			if s.Contract == second.ID {
				rows[i].Matricule = made
			}
		}
		back := p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		if back.Ready != 3 || back.Others != 1 || len(back.Told)+len(back.Missing)+len(back.Differ) != 0 {
			t.Fatalf("ready %d, others %d, %v", back.Ready, back.Others, back.Told)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, back.ID, back.Digest, "")
		must(t, err)
		of := map[int64]bool{}
		for _, s := range p.software(t) {
			of[s.Contract] = true
		}
		if !of[second.ID] || !of[p.contract[p.people[0]]] {
			t.Errorf("contracts %v are paid", of)
		}
		p.sound(t)
		// The number of somebody else is refused on its field.
		_, err = p.SavePayTerms(t.Context(), p.manager, nil, p.people[1], store.PayTerms{Contract: p.contract[p.people[1]], From: date.MustParse("2026-11-02"), Terms: payroll.Terms{Gross: 1300_00, Number: strings.ToLower(made)}})
		isRefused(t, err, fault.Invalid, "payfile.taken")
		_, err = p.SavePayTerms(t.Context(), p.manager, nil, p.people[1], store.PayTerms{Contract: p.contract[p.people[1]], From: date.MustParse("2026-11-02"), Terms: payroll.Terms{Gross: 1300_00, Number: "S-44"}})
		must(t, err)
		v, err = p.PayOutside(t.Context(), p.officer, p.month)
		must(t, err)
		if !slices.ContainsFunc(v.Rows, func(r office.PaySendRow) bool {
			return r.Person.ID == p.people[1] && len(r.Rows) > 0 && r.Rows[0].Person.Matricule == "S-44"
		}) {
			t.Error("the number that was typed does not leave")
		}
	})
}

// detailOf is the detail that a software would give of our estimates.
func (p *payHouse) detailOf(slips []store.Slip, rows []variables.Result) (all []variables.Detail) {
	for i, s := range slips {
		add := func(code string, employer bool, base money.Cents, rate money.Rate, amount money.Cents) {
			d := variables.Detail{Matricule: rows[i].Matricule, Month: p.month, Code: code, Employer: employer, Base: &base, Amount: amount}
			if rate != 0 {
				d.Rate = &rate
			}
			all = append(all, d)
		}
		for _, x := range s.Body.Payslip.Items {
			add(x.Element, false, x.Amount, 0, x.Amount)
		}
		for _, l := range s.Body.Payslip.Lines {
			add(l.Code, l.Part == payroll.EmployerIs, l.Base, l.Rate, l.Amount)
		}
	}
	return all
}

func detailFile(t testing.TB, rows []variables.Detail) *office.Upload {
	t.Helper()
	var b bytes.Buffer
	must(t, variables.WriteDetails(&b, shipped(t, variables.OfLines), rows))
	return &office.Upload{Name: "detail.csv", Body: b.Bytes()}
}

// The detail is compared line by line: two gaps that make up for each other in the totals still show, each with its reason,
// and the month is no month without a gap; what is wrong in it holds nobody back; without it the return has totals alone.
func TestReturnIsComparedLineByLine(t *testing.T) {
	eachOutside(t, 2, coop.PayBoth, func(t *testing.T, p *payHouse) {
		_, err := p.SendPay(t.Context(), p.officer, p.month, "")
		must(t, err)
		rows, ours := p.estimates(t)
		of := func(v *office.PayReturn) *office.PayReturnRow {
			n := slices.IndexFunc(v.Rows, func(r office.PayReturnRow) bool { return r.Person.ID == p.people[0] })
			return &v.Rows[n]
		}
		v := p.staged(t, office.PayReturnFiles{Results: table(t, rows)})
		if v.Lined != 0 || of(&v).Detailed {
			t.Errorf("totals alone are compared line by line: %d", v.Lined)
		}
		lines := p.detailOf(ours, rows)
		v = p.staged(t, office.PayReturnFiles{Results: table(t, rows), Lines: detailFile(t, lines)})
		if len(v.Detail) != 0 || v.Lined != 3 || len(of(&v).LineGaps)+len(of(&v).Partial) != 0 || of(&v).Differs() {
			t.Fatalf("the same detail: %v, %d, %+v", v.Detail, v.Lined, of(&v))
		}
		whole := v.Digest
		bad := slices.Clone(lines)
		i := slices.IndexFunc(bad, func(d variables.Detail) bool { return d.Code == "atmp" })
		j := slices.IndexFunc(bad, func(d variables.Detail) bool { return d.Code == "vieillesse_plafonnee" && d.Employer })
		rate := *bad[i].Rate + 1_000
		gap := bad[i].Base.Times(rate) - bad[i].Amount
		bad[i].Rate, bad[i].Amount = &rate, bad[i].Amount+gap
		bad[j].Amount -= gap
		bad = append(bad, variables.Detail{Matricule: "999", Month: p.month, Code: "atmp", Amount: 1_00})
		v = p.staged(t, office.PayReturnFiles{Results: table(t, rows), Lines: detailFile(t, bad)})
		row := of(&v)
		var why []string
		for _, g := range row.LineGaps {
			if g.Difference().Abs() != gap {
				t.Errorf("a gap of %s, not %s", g.Difference(), gap)
			}
			why = append(why, g.Why.Key)
		}
		if len(row.Gaps) != 0 || len(why) != 2 || !slices.Contains(why, "payroll.line_gap.rate") || !slices.Contains(why, "payroll.line_gap.product") || v.Digest == whole || v.Rows[1].Person.ID != p.people[0] && v.Rows[0].Person.ID != p.people[0] {
			t.Errorf("the totals: %+v, the lines: %v", row.Gaps, why)
		}
		if !hasKey(v.Detail, "variables.unknown_person") || v.Blocked || v.Ready != 2 {
			t.Errorf("a line of nobody: %v, ready %d", v.Detail, v.Ready)
		}
		// A detail that is not whole says so.
		part := p.staged(t, office.PayReturnFiles{Results: table(t, rows), Lines: detailFile(t, slices.Delete(slices.Clone(lines), i, i+1))})
		if x := of(&part); len(x.Partial) != 1 || x.Partial[0].Field != "employer" || !slices.ContainsFunc(x.LineGaps, func(g payroll.LineGap) bool { return g.Why.Key == "payroll.line_gap.ours" }) {
			t.Errorf("not whole: %+v %+v", x.Partial, x.LineGaps)
		}
		_, err = p.AcceptPay(t.Context(), p.officer, v.ID, v.Digest, "")
		must(t, err)
		v, err = p.PayReturn(t.Context(), p.manager, v.ID)
		must(t, err)
		if row := of(&v); !row.Done || len(row.LineGaps) != 2 || v.Lines != 2 || v.PayReturned.Lined != 2 {
			t.Errorf("once accepted: %+v, %+v", row, v.PayReturnedBody)
		}
		_, err = p.AcceptPay(t.Context(), p.manager, v.ID, v.Digest, "")
		must(t, err)
		all, run, _, err := p.PayParallels(t.Context(), p.officer)
		must(t, err)
		if len(all) != 1 || all[0].Gaps != 0 || all[0].Lines != 2 || all[0].Lined != 3 || run != 0 {
			t.Errorf("a month of compensated gaps is without a gap: %+v, %d", all, run)
		}
		p.sound(t)
		_, err = p.StagePay(t.Context(), p.officer, p.month, office.PayReturnFiles{Lines: detailFile(t, lines)}, "")
		isRefused(t, err, fault.Invalid, "pay_outside.fault.lines_alone")
	})
}
