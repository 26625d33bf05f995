package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/format/variables"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/payroll"
)

// outsideMonth is a month that a payroll software paid; before and after it the cooperative pays by itself.
var outsideMonth = date.MonthOf(2026, 8)

func init() {
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"SavePayCodes": func(w *walk) func() error {
			outsideSetUp(w.t, w.House)
			return func() error {
				return w.Office.SavePayCodes(w.t.Context(), w.Actor("paul"), "C-", map[variables.Element]variables.Code{variables.Salary: {Code: "0010"}})
			}
		},
		"SavePayTable": func(w *walk) func() error {
			outsideSetUp(w.t, w.House)
			t, err := w.Office.PayTables(w.t.Context(), w.Actor("paul"))
			w.must(err)
			t.Journal.Label = "Notre journal"
			_, b, err := t.Table(office.PayJournal)
			w.must(err)
			return func() error { return w.Office.SavePayTable(w.t.Context(), w.Actor("paul"), office.PayJournal, b) }
		},
		"SendPay": func(w *walk) func() error {
			outsideSetUp(w.t, w.House)
			outsideCodes(w.t, w.House)
			return func() error {
				_, err := w.Office.SendPay(w.t.Context(), w.Actor("paul"), outsideMonth, "")
				return err
			}
		},
		"StagePay": func(w *walk) func() error {
			file := w.outsideFile()
			return func() error {
				_, err := w.Office.StagePay(w.t.Context(), w.Actor("paul"), outsideMonth, office.PayReturnFiles{Results: &file}, "")
				return err
			}
		},
		"AcceptPay": func(w *walk) func() error {
			id := w.newPayReturn()
			v, err := w.Office.PayReturn(w.t.Context(), w.Actor("paul"), id)
			w.must(err)
			return func() error {
				_, err := w.Office.AcceptPay(w.t.Context(), w.Actor("paul"), id, v.Digest, "")
				return err
			}
		},
		"DropPayReturn": func(w *walk) func() error {
			id := w.newPayReturn()
			return func() error { _, err := w.Office.DropPayReturn(w.t.Context(), w.Actor("paul"), id); return err }
		},
		"UndoPayReturn": func(w *walk) func() error {
			id := w.newPayReturn()
			v, err := w.Office.PayReturn(w.t.Context(), w.Actor("paul"), id)
			w.must(err)
			_, err = w.Office.AcceptPay(w.t.Context(), w.Actor("paul"), id, v.Digest, "")
			w.must(err)
			return func() error { _, err := w.Office.UndoPayReturn(w.t.Context(), w.Actor("paul"), id); return err }
		},
	})
}

// outsideSetUp makes the month one of a payroll software, with codes of the cooperative, Maëlle in it.
func outsideSetUp(t testing.TB, h *webtest.House) {
	t.Helper()
	ctx := t.Context()
	paySetUp(t, h)
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	system, err := h.Office.System(ctx, h.Coop.ID)
	must(err)
	set, now, err := h.Office.Settings(ctx, system)
	must(err)
	at, err := set.On(outsideMonth.Last())
	must(err)
	if at.Pay.Way == coop.PaySoftware {
		return
	}
	pay := now.Pay
	for _, x := range []struct{ from, way string }{{"2026-08-01", coop.PaySoftware}, {"2026-09-01", coop.PayOwn}} {
		pay.Way = x.way
		rule, err := office.RuleOf(coop.RulePay, "", date.MustParse(x.from), pay, "CA du 2 juillet 2026")
		must(err)
		_, err = h.Office.SaveRule(ctx, system, rule)
		must(err)
	}
	outsideCodes(t, h)
}

// outsideCodes gives each element a code, and Maëlle what it takes to leave.
func outsideCodes(t testing.TB, h *webtest.House) {
	t.Helper()
	storetest.Write(t, h.DB, h.Coop.ID, func(tx *store.Tx) error {
		all, err := tx.ContractsOf(h.Actor("maelle").Person)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Activity = webtest.Ceramique; tx.SaveContract(&c) != nil {
				return errors.New("no contract")
			}
			if err := tx.SavePayTerms(store.PayTerms{Contract: c.ID, From: date.MustParse("2025-03-01"), Terms: payroll.Terms{Gross: 767_26}}); err != nil {
				return err
			}
		}
		return tx.SavePayPerson(store.PayPerson{Person: h.Actor("maelle").Person, From: outsideMonth.Last(), Known: payroll.Person{Number: "E1"}})
	})
	codes := map[variables.Element]variables.Code{}
	for _, e := range variables.Elements() {
		codes[e] = variables.Code{Code: "X" + string(e)}
	}
	if err := h.Office.SavePayCodes(t.Context(), h.Actor("paul"), "C-", codes); err != nil {
		t.Fatal(err)
	}
}

// outsideReturn is what a software gives back of Maëlle.
func outsideReturn(t testing.TB, h *webtest.House, n int) office.Upload {
	t.Helper()
	outsideSetUp(t, h)
	tables, err := h.Office.PayTables(t.Context(), h.Actor("paul"))
	if err != nil {
		t.Fatal(err)
	}
	gross := money.Cents(767_26)
	var b bytes.Buffer
	if err := variables.WriteResults(&b, tables.Results, []variables.Result{{Matricule: "E1", Month: outsideMonth, Gross: gross, Employee: 160_00, Employer: 100_00, NetBeforeTax: gross - 160_00, NetPaid: gross - 160_00, Cost: gross + 100_00, NetTaxable: gross - 140_00 + money.Cents(n), NetSocial: gross - 160_00, Ceiling: 4005_00}}); err != nil {
		t.Fatal(err)
	}
	return office.Upload{Name: "retour.csv", Body: b.Bytes()}
}

func (w *walk) newPaySent() int64 {
	w.t.Helper()
	outsideSetUp(w.t, w.House)
	outsideCodes(w.t, w.House)
	x, err := w.Office.SendPay(w.t.Context(), w.Actor("paul"), outsideMonth, "")
	w.must(err)
	return x.ID
}

// outsideFile is a return that never came; what was accepted before is taken back.
func (w *walk) outsideFile() office.Upload {
	w.t.Helper()
	outsideSetUp(w.t, w.House)
	v, err := w.Office.PayOutside(w.t.Context(), w.Actor("paul"), outsideMonth)
	w.must(err)
	for _, r := range v.Returns {
		if r.State == store.PayAccepted {
			_, err := w.Office.UndoPayReturn(w.t.Context(), w.Actor("paul"), r.ID)
			w.must(err)
		}
	}
	w.pieces++
	return outsideReturn(w.t, w.House, w.pieces)
}

func (w *walk) newPayReturn() int64 {
	w.t.Helper()
	file := w.outsideFile()
	x, err := w.Office.StagePay(w.t.Context(), w.Actor("paul"), outsideMonth, office.PayReturnFiles{Results: &file}, "")
	w.must(err)
	return x.ID
}

// The officer prepares the file, reads what comes back with its gaps, accepts it, and takes it back; what is wrong is told
// on its field.
func TestPayGoesOutAndComesBack(t *testing.T) {
	h := webtest.Start(t)
	outsideSetUp(t, h)
	paul := h.As("paul")
	at := fmt.Sprintf("%s/pay/%s/outside", place, outsideMonth)
	p := paul.Get(at).Want(t, 200, "Logiciel de paie", "rien n’est encore parti", "Le Goff", "Part fixe 767,26")
	paul.Post(at+"/send", p.Form("/send", nil)).WantTo(t, at)
	p = paul.Get(at).Want(t, 200, "variables-2026-08-1.csv", "Les variables sont parties")
	i := strings.Index(p.Body, "/pay-sent/")
	file := paul.Get(place + p.Body[i:i+strings.IndexAny(p.Body[i:], `"`)])
	file.Want(t, 200)
	if !strings.Contains(file.Body, "Xfixed_part") {
		t.Errorf("the file is %q", file.Body)
	}
	// A broken file is told on its field; nothing is kept.
	p = paul.Get(at)
	postFiles(paul, at+"/return", p.Form("/return", nil), map[string]office.Upload{"results": {Name: "x.csv", Body: []byte("a;b\n1;2\n")}}).Want(t, http.StatusUnprocessableEntity, "Montants des bulletins")
	back := outsideReturn(t, h, 0)
	to := postFiles(paul, at+"/return", paul.Get(at).Form("/return", nil), map[string]office.Upload{"results": back}).Want(t, 303).Location
	p = paul.Get(to).Want(t, 200, "Lu, rien n’est écrit", "Retour : ", "écarts, le plus grand d’abord", "Accepter un bulletin", "Le Goff")
	paul.Post(to+"/accept", url.Values{"key": {p.Form("/accept", nil).Get("key")}, "seen": {"elsewhere"}}).Want(t, http.StatusConflict, "Quelque chose a changé")
	paul.Post(to+"/accept", paul.Get(to).Form("/accept", nil)).WantTo(t, at)
	paul.Get(at).Want(t, 200, "Accepté")
	paul.Get(place+"/pay-returns").Want(t, 200, "Des écarts", "Mois de suite sans écart : 0 sur 3")
	postFiles(paul, at+"/return", paul.Get(at).Form("/return", nil), map[string]office.Upload{"results": back}).Want(t, http.StatusUnprocessableEntity, "a déjà été accepté")
	paul.Post(to+"/undo", paul.Get(to).Form("/undo", nil)).WantTo(t, at)
	paul.Get(at).Want(t, 200, "Repris")
	// The codes.
	codes := place + "/pay-codes"
	p = paul.Get(codes).Want(t, 200, "Codes du logiciel", "Tables d’échange")
	paul.Post(codes, p.Form("/pay-codes", url.Values{"codes.fixed_part.code": {"1000"}})).WantTo(t, codes)
	if p := paul.Get(codes).Want(t, 200); !strings.Contains(p.Body, `value="1000"`) || !strings.Contains(p.Body, `value="Xsalary"`) {
		t.Error("the codes are not those that were typed")
	}
	paul.Post(codes+"/table", paul.Get(codes).Form("/table", url.Values{"kind": {"journal"}, "table": {`{"name":"x"}`}})).Want(t, http.StatusUnprocessableEntity)
	paul.Get(codes+"/journal.json").Want(t, 200)
	paul.Get(codes+"/nothing.json").Want(t, 404)
	h.As("maelle").Get(at).Want(t, 404)
}

// postFiles sends a form with its files.
func postFiles(b *webtest.Browser, to string, form url.Values, files map[string]office.Upload) *webtest.Page {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				panic(err)
			}
		}
	}
	for name, file := range files {
		part, err := m.CreateFormFile(name, file.Name)
		if err == nil {
			_, err = part.Write(file.Body)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := m.Close(); err != nil {
		panic(err)
	}
	return b.Upload(to, body.String(), m.FormDataContentType())
}
