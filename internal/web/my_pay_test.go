package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/ledger"
	"essaim/money"
	"essaim/payroll"
)

// paySetUp makes the house pay: its rule, and what the contracts of Maëlle and Lucie pay. Doing it twice is doing it once.
func paySetUp(t testing.TB, h *webtest.House) {
	t.Helper()
	ctx := t.Context()
	system, err := h.Office.System(ctx, h.Coop.ID)
	if err != nil {
		t.Fatal(err)
	}
	set, _, err := h.Office.Settings(ctx, system)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules {
		if r.Kind == coop.RulePay {
			return
		}
	}
	pay := coop.Default().Pay
	pay.Way, pay.Accident, pay.Staff, pay.PotMonth, pay.CutOff = coop.PayOwn, 20_800, 60, 12, 25
	rule, err := office.RuleOf(coop.RulePay, "", date.MustParse("2026-01-01"), pay, "AG du 12 juin 2025")
	if err == nil {
		_, err = h.Office.SaveRule(ctx, system, rule)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, gross := range map[string]money.Cents{"maelle": 767_26, "lucie": 390_00} {
		c := contractOf(t, h, name)
		storetest.Write(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
			return tx.SavePayTerms(store.PayTerms{Contract: c, From: date.MustParse("2025-03-01"), Terms: payroll.Terms{Gross: gross}})
		})
	}
}

func contractOf(t testing.TB, h *webtest.House, name string) (id int64) {
	t.Helper()
	storetest.Read(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(h.Actor(name).Person)
		if len(all) > 0 {
			id = all[0].ID
		}
		return err
	})
	return id
}

// newPayRequest is a request of Maëlle's that she may take back.
func (w *walk) newPayRequest() int64 {
	w.t.Helper()
	paySetUp(w.t, w.House)
	r, err := w.Office.AskPay(w.t.Context(), w.Actor("maelle"), office.PayWish{Activity: webtest.Ceramique, Kind: "net", Amount: 40_00})
	w.must(err)
	return r.ID
}

// newPayslip is Maëlle's of October, with its PDF; the same each time.
func newPayslip(t testing.TB, h *webtest.House) store.Slip {
	t.Helper()
	paySetUp(t, h)
	m := date.MonthOf(2026, 10)
	person, contract := h.Actor("maelle").Person, contractOf(t, h, "maelle")
	var s store.Slip
	storetest.Write(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
		known, err := tx.SlipsOf(person, m, m)
		if err != nil || len(known) > 0 {
			if len(known) > 0 {
				s = known[0]
			}
			return err
		}
		in := payroll.Inputs{Month: m, Paid: m.Last(), Items: []payroll.Item{{Element: "fixed_part", Amount: 767_26}, {Element: payroll.Advance, Amount: 500_00}}}
		k := payroll.Contract{Regime: payroll.CESA, From: date.MustParse("2025-03-01")}
		slip, after, err := payroll.Compute(payroll.Law().On(m), payroll.Employer{Staff: 60, Accident: 20_800}, k, payroll.YearToDate{}, in)
		if err != nil {
			return err
		}
		s = store.Slip{Person: person, Contract: contract, Activity: webtest.Ceramique, Month: m, Origin: store.SlipOwn, State: store.SlipIssued, Body: store.SlipBody{Contract: k, Inputs: in, Payslip: slip, After: after}}
		if err := tx.SaveSlip(&s); err != nil {
			return err
		}
		if s.File, err = h.Files.Put(aPDF("slip").Body); err != nil {
			return err
		}
		return tx.FileSlip(s.ID, s.File)
	})
	return s
}

// payHouse is a studio whose Maëlle has money and something left of last year.
func payHouse(t testing.TB) *studio {
	s := newStudio(t)
	paySetUp(t, s.House)
	worker, err := s.Office.Worker(t.Context(), s.as("irene"), s.as("maelle").Person)
	s.must(err)
	post := func(lines ...ledger.Line) {
		for i := range lines {
			lines[i].Section = webtest.Ceramique
		}
		_, err := s.Office.PostEntry(t.Context(), s.as("irene"), ledger.Entry{Journal: "OD", Date: storetest.Today, Ref: "R", Label: "Reprise", Lines: lines}, "")
		s.must(err)
	}
	post(ledger.Line{Account: "512", Amount: 9000_00}, ledger.Line{Account: "110", Amount: -9000_00})
	post(ledger.Line{Account: "6413", Amount: 700_00}, ledger.Line{Account: "6451", Amount: 200_00}, ledger.Line{Account: "4286", Third: worker.ID, Amount: -700_00}, ledger.Line{Account: "4386", Amount: -200_00})
	return s
}

// She tries an amount in one kind and in another, asks for it, sees it on her home, and takes it back; no amount stands in
// an address.
func TestSheAsksForHerPay(t *testing.T) {
	s := payHouse(t)
	b := s.As("maelle")
	page := fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique)
	p := b.Get(page).Want(t, 200, "En novembre, je me verse", "Solde 2025 à prendre avant le 31 déc.", "Acquis 2026", "900,00 €", "Combien en novembre", "En novembre\u202f: ", "Part fixe", "Où va chaque euro", "Retraite", "Le même montant chaque mois", "Lissé sur")
	form := func(p *webtest.Page, fill url.Values) url.Values { return p.Form("/pay", fill) }
	tried := b.Post(page, form(p, url.Values{"kind": {"net"}, "was": {"net"}, "amount": {"300"}, "do": {"try"}})).Want(t, 200, "300,00")
	other := b.Post(page, form(tried, url.Values{"kind": {"cost"}, "was": {"net"}, "amount": {"300,00"}, "do": {"try"}})).Want(t, 200, "€ de coût")
	if strings.Contains(other.Body, `value="300,00"`) {
		t.Error("300 € net became 300 € of cost")
	}
	b.Post(page, form(p, url.Values{"kind": {"net"}, "amount": {"99999"}, "do": {"try"}})).Want(t, 200, "Possible aujourd’hui", "les réserves portent")
	if odd := b.Post(page, form(p, url.Values{"kind": {"net"}, "amount": {"beaucoup"}, "do": {"try"}})).Want(t, 422, "Ce n’est pas un montant"); !strings.Contains(odd.Body, `value="beaucoup"`) {
		t.Error("what was typed is lost")
	}
	b.Post(page, form(p, url.Values{"kind": {"net"}, "amount": {"100"}, "turnover": {"1000"}, "do": {"try"}})).Want(t, 200, "Avec "+i18n.For("fr").Euros(900_00)+" de plus pour ma paie")

	b.Get(place+"/?a=10").Want(t, 200, "Je peux me verser", "net", "en novembre", "Demander ma paie")
	asked := b.Post(page, form(tried, url.Values{"kind": {"net"}, "was": {"net"}, "amount": {"300"}, "do": {"ask"}}))
	if asked.Location != page || strings.Contains(asked.Location, "300") {
		t.Errorf("asking leads to %q", asked.Location)
	}
	p = b.Follow(asked).Want(t, 200, "Demande envoyée pour la paie de novembre", "Demandé pour novembre 2026", "300,00 € net", "Reprendre ma demande")
	b.Get(place+"/?a=10").Want(t, 200, "J’ai demandé", "300 € net", "Voir ma demande")
	back := ""
	for _, part := range strings.Split(p.Body, `formaction="`)[1:] {
		back, _, _ = strings.Cut(part, `"`)
	}
	b.Follow(b.Post(back, form(p, nil))).Want(t, 200, "Demande reprise").Without(t, "Demandé pour novembre")

	p = b.Get(page)
	b.Follow(b.Post(page, form(p, url.Values{"kind": {"net"}, "was": {"net"}, "amount": {"120"}, "standing": {"1"}, "until": {"2027-03"}, "do": {"ask"}}))).Want(t, 200, "chaque mois, de novembre 2026 à mars 2027", "Arrêter")
	p = b.Get(page)
	b.Post(page, form(p, url.Values{"kind": {"net"}, "was": {"net"}, "amount": {"130"}, "month": {"2026-10"}, "do": {"ask"}})).Want(t, 422, "trop tard pour la paie d’octobre")
	s.As("hugo").Get(place+"/audit").Want(t, 200, "A fait une demande de paie", "A repris sa demande de paie").Without(t, "120,00", "300,00")
}

// Who has no pay reads why; the team reads its payslips; a payslip opens in plain words and as its PDF, under no name.
func TestPayslipsOnTheirPage(t *testing.T) {
	s := payHouse(t)
	s.As("malo").Get(fmt.Sprintf("%s/a/%d/pay", place, webtest.Paysage)).Want(t, 200, "Sous CAPE", "En parler avec")
	slip := newPayslip(t, s.House)
	b := s.As("maelle")
	b.Get(place+"/payslips").Want(t, 200, "Mes bulletins", "Octobre 2026", "Ouvrir le PDF", i18n.For("fr").Euros(slip.Body.Payslip.Totals.Paid))
	one := fmt.Sprintf("%s/payslips/%d", place, slip.ID)
	p := b.Get(one).Want(t, 200, "Bulletin d’octobre 2026", "En octobre 2026, j’ai reçu", "Ma pension plus tard", "Ce que je reçois")
	for _, rule := range forbidden {
		if found := rule.FindString(withoutNumbers.ReplaceAllString(p.Text(), " ")); found != "" {
			t.Errorf("a payslip says %q", found)
		}
	}
	if file := b.Get(one + "/file"); file.Status != 200 || !strings.Contains(file.Header.Get("Content-Disposition"), "bulletin-2026-10.pdf") {
		t.Errorf("the PDF: %d %v", file.Status, file.Header)
	}
	s.As("paul").Get(one).Want(t, 200, "Bulletin")
	for _, other := range []string{"lucie", "malo", "samira", "hugo"} {
		want := 404
		if other == "lucie" { // who keeps the books
			want = 200
		}
		s.As(other).Get(one).Want(t, want)
	}
	s.As("paul").Get(place+"/payslips").Want(t, 200, "Pas encore de bulletin")
}

// BenchmarkMyPay measures the simulator through the handler, as the page asks it each time that something is typed: it is
// to answer in under 100 ms.
func BenchmarkMyPay(b *testing.B) {
	s := payHouse(b)
	newPayslip(b, s.House)
	me := s.As("maelle")
	page := fmt.Sprintf("%s/a/%d/pay", place, webtest.Ceramique)
	form := me.Get(page).Form("/pay", url.Values{"kind": {"net"}, "was": {"net"}, "amount": {"700"}, "do": {"try"}}).Encode()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, page, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Host = strings.TrimPrefix(s.URL, "http://")
		r.Header.Set("Origin", s.URL)
		r.Header.Set("HX-Request", "true")
		for _, c := range me.Cookies() {
			r.AddCookie(c)
		}
		w := &sink{header: http.Header{}}
		s.Handler.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
