package journey

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/date"
	"essaim/internal/auth"
	"essaim/internal/demo"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/internal/web/webtest"
	"essaim/member"
	"essaim/money"

	"github.com/chromedp/chromedp"
)

// demonstration is the cooperative that `essaim demo` shows, as it stands on a day, served as the command serves it.
func demonstration(t *testing.T, today date.Day) *house {
	t.Helper()
	clock := demo.NewClock()
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t), Now: clock.Now, Filling: true})
	files, err := store.OpenFiles(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, files.Close()) })
	srv := httptest.NewUnstartedServer(nil)
	url := "http://localhost:" + srv.Listener.Addr().String()[strings.LastIndexByte(srv.Listener.Addr().String(), ':')+1:]
	o := office.New(db, files, office.Options{PublicURL: url, Mail: demo.Outbox{}})
	r, err := demo.Fill(t.Context(), o, demo.Options{Clock: clock, Seed: 1, Today: today})
	must(t, err)
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	clock.Stay(today, zone)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	door, err := auth.New(db, auth.Options{PublicURL: url, Now: clock.Now, Lang: web.VisitorLang, Send: demo.Outbox{}.Send, Log: log})
	must(t, err)
	t.Cleanup(door.Close)
	pages, err := web.New(o, door, web.Options{PublicURL: url, Version: "test", Log: log})
	must(t, err)
	h := &house{House: &webtest.House{T: t, DB: db, Office: o, Auth: door, Coop: r.Coop, Files: files}, office: o, url: url, mail: "trame-et-sillon.example", password: demo.Password}
	srv.Config.Handler = h.watch(t, pages.Handler())
	srv.Start()
	t.Cleanup(srv.Close)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); o.Work(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return h
}

// begins is a message up to its first figure.
func (p *tab) begins(key string) string {
	text, _, _ := strings.Cut(p.words(key), "{")
	return text
}

// opens goes to an address again and again until a condition holds there: what a run makes comes when it is made.
func (p *tab) opens(address, condition string) {
	p.t.Helper()
	for range 100 {
		p.open(address)
		if eval[bool](p, "!!("+condition+")") {
			return
		}
	}
	p.fail(fmt.Errorf("never: %s", condition))
}

// wages is a file of transfers, as the schema of the banks names its parts.
type wages struct {
	Head struct {
		ID    string `xml:"MsgId"`
		Count int    `xml:"NbOfTxs"`
		Sum   string `xml:"CtrlSum"`
		By    string `xml:"InitgPty>Nm"`
	} `xml:"CstmrCdtTrfInitn>GrpHdr"`
	Order struct {
		Method  string `xml:"PmtMtd"`
		Count   int    `xml:"NbOfTxs"`
		Sum     string `xml:"CtrlSum"`
		Level   string `xml:"PmtTpInf>SvcLvl>Cd"`
		Purpose string `xml:"PmtTpInf>CtgyPurp>Cd"`
		Day     string `xml:"ReqdExctnDt>Dt"`
		Payer   string `xml:"Dbtr>Nm"`
		IBAN    string `xml:"DbtrAcct>Id>IBAN"`
		Charges string `xml:"ChrgBr"`
		Each    []struct {
			ID     string `xml:"PmtId>EndToEndId"`
			Amount struct {
				Currency string `xml:"Ccy,attr"`
				Text     string `xml:",chardata"`
			} `xml:"Amt>InstdAmt"`
			Name string `xml:"Cdtr>Nm"`
			IBAN string `xml:"CdtrAcct>Id>IBAN"`
			Text string `xml:"RmtInf>Ustrd"`
		} `xml:"CdtTrfTxInf"`
	} `xml:"CstmrCdtTrfInitn>PmtInf"`
}

// The month of pay of the demonstration, as its people make it: on her phone an entrepreneur tries what she may pay herself,
// is told why it is less than she wished, and asks; the officer completes an absence, computes forty people of whom one is
// ill, one leaves and two have nothing on their account, issues, has the manager issue her own, makes the file for the bank
// and says that it left, and locks the month; and the entrepreneur reads her payslip.
func TestTheMonthOfPay(t *testing.T) {
	h := demonstration(t, date.MustParse("2026-11-19"))
	const month = "2026-11"
	ctx := t.Context()

	maelle := h.device(t, "Maëlle", phone)
	maelle.signIn("maelle")
	maelle.follow(`a[href$="/pay"]`)
	maelle.look("pay-01-mine")
	maelle.write("amount", "50000")
	maelle.says(maelle.begins("mypay.note.cut"))
	maelle.look("pay-02-cut")
	maelle.write("amount", "400")
	maelle.until(`!document.body.innerText.includes('50 000')`)
	maelle.follow(`button[value=ask]`)
	maelle.says(maelle.words("mypay.asked", "month", date.MonthOf(2026, 11), "amount", maelle.printer().Euros(400_00)+" "+maelle.words("mypay.of.net")))
	maelle.look("pay-03-asked")

	samira := h.device(t, "Samira", laptop)
	samira.signIn("samira")
	samira.open(path("/pay/" + month))
	samira.says(samira.begins("pay_month.look.absence_declared"))
	samira.look("pay-04-month")
	samira.open(path("/pay-absences"))
	samira.look("pay-05-absences")
	samira.follow(`main a[href*="/pay-absences/"]`)
	samira.look("pay-06-absence")
	samira.follow(`main form:has([name=kind]) button.go`)

	samira.open(path("/pay/" + month))
	samira.follow(`form[action$="/compute"] button`)
	issue := `document.querySelector('form[action$="/issue"] button')`
	samira.opens(path("/pay/"+month), issue)
	for _, words := range []string{
		samira.begins("pay_month.look.absence_bare"), samira.words("pay_month.look.exit", "day", date.MustParse("2026-11-30")), samira.begins("mypay.note.advance"),
	} {
		samira.says(words)
	}
	samira.look("pay-07-computed")
	samira.follow(`main tbody a[href*="/pay/` + month + `/"]`)
	samira.look("pay-08-slip")
	samira.open(path("/pay/" + month))
	samira.follow(`form[action$="/issue"] button`)
	samira.opens(path("/pay/"+month), `!`+issue)
	samira.look("pay-09-issued")

	solene := h.device(t, "Solène", laptop) // nobody issues their own
	solene.signIn("solene")
	solene.open(path("/pay/" + month))
	solene.follow(`form[action$="/issue"] button`)
	solene.opens(path("/pay/"+month), `!`+issue)
	solene.look("pay-10-last-one")

	day, err := date.ParseMonth(month)
	must(t, err)
	due, count := map[bool]money.Cents{}, map[bool]int{} // to the officer herself, and to the others
	must(t, h.DB.Read(ctx, h.Coop.ID, func(tx *store.Tx) error {
		slips, err := tx.Slips(day)
		if err != nil {
			return err
		}
		people, err := tx.Persons()
		if err != nil {
			return err
		}
		for _, s := range slips {
			own := slices.ContainsFunc(people, func(x member.Person) bool { return x.ID == s.Person && x.FirstName == "Samira" })
			if amount := s.Body.Payslip.Totals.Paid; s.State == store.SlipIssued && amount > 0 {
				due[own] += amount
				count[own]++
			}
		}
		return nil
	}))

	// The file, field by field.
	samira.open(path("/pay/" + month + "/transfers"))
	samira.look("pay-11-transfers")
	samira.follow(`form[action$="/transfers"] button`)
	text := eval[string](samira, `fetch(document.querySelector('a[href$="/file"]').href).then((a) => a.text())`, chromedp.EvalAwaitPromise)
	var w wages
	must(t, xml.Unmarshal([]byte(text), &w))
	var sum money.Cents
	for _, each := range w.Order.Each {
		amount, err := money.ParseCents(each.Amount.Text)
		must(t, err)
		sum += amount
		if each.Amount.Currency != "EUR" || each.Name == "" || !strings.HasPrefix(each.IBAN, "FR") || each.ID == "" || len(each.ID) > 35 || !strings.Contains(each.Text, "2026") {
			t.Errorf("transfer %+v", each)
		}
	}
	if w.Head.Count != len(w.Order.Each) || w.Order.Count != w.Head.Count || w.Head.Sum != w.Order.Sum || w.Order.Method != "TRF" || w.Order.Level != "SEPA" || w.Order.Purpose != "SALA" || w.Order.Charges != "SLEV" || w.Order.Day == "" || w.Head.By == "" || w.Order.Payer != w.Head.By || w.Order.IBAN == "" || len(w.Head.ID) > 35 || w.Head.ID == "" {
		t.Errorf("%+v %+v", w.Head, w.Order)
	}
	if total, err := money.ParseCents(w.Head.Sum); err != nil || total != sum || sum != due[false] || w.Head.Count != count[false] || count[false] < 30 || count[true] != 1 {
		t.Errorf("%d transfers of %v, %v said; %v due to %v", w.Head.Count, sum, w.Head.Sum, due, count)
	}
	held := exec.CommandContext(ctx, "xmllint", "--noout", "--schema", "../../format/sepa/testdata/pain.001.001.09.xsd", "-")
	held.Stdin = strings.NewReader(text)
	if out, err := held.CombinedOutput(); err != nil {
		t.Errorf("the file is not of the schema: %s", out)
	}
	samira.look("pay-12-file")

	solene.open(path("/pay/" + month + "/transfers"))
	solene.follow(`form[action$="/transfers"] button`)
	for range 2 {
		solene.follow(`form[action$="/sent"] button`)
	}
	solene.look("pay-13-left")
	samira.open(path("/pay/" + month))
	samira.says(samira.begins("pay_month.locked_at") + "Solène") // nothing was left to issue: it closed by itself
	samira.look("pay-14-locked")
	samira.open(path("/pay/" + month + "/dues"))
	samira.look("pay-15-dues")

	maelle.open(path("/payslips"))
	maelle.look("pay-16-payslips")
	maelle.follow(`main a[href*="/payslips/"]`)
	maelle.look("pay-17-payslip")
	if found, err := h.DB.Verify(ctx); err != nil || len(found) != 0 {
		t.Errorf("verify: %+v %v", found, err)
	}
}
