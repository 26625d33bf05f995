package journey

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// draft is an invoice of Maëlle's that can be submitted, to a customer of hers.
func draft(t *testing.T, h *house) sale.Document {
	t.Helper()
	maelle := h.Actor("maelle")
	c, err := h.office.SaveCustomer(t.Context(), maelle, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Company, Name: "Les Halles du Pré", SIREN: "552032534", Email: "compta@halles.example",
		Address: coop.Address{Line1: "9 place du Marché", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "halles")
	must(t, err)
	return sale.Document{Kind: sale.Invoice, Activity: webtest.Ceramique, Customer: c.ID, Content: sale.Content{
		Title: "Vaisselle", DueDays: 30, Delivered: storetest.Today,
		Lines: []sale.Line{{Label: "Assiettes creuses, série de douze", Nature: "service", Quantity: money.Unit, Price: money.Cents(250_00).Micro(), Tax: "S20"}},
	}}
}

// typed fills the form of an invoice to a customer who is known.
func typed(t *testing.T, h *house, p *tab) {
	t.Helper()
	draft(t, h)
	p.open(path("/a/%d/sales/new?kind=invoice", webtest.Ceramique))
	p.write("customerName", "Les Halles du Pré")
	p.write("lines[0].label", "Douze assiettes creuses, émail blanc satiné")
	p.write("lines[0].price", "250")
	p.write("delivered", "22/11/2026")
}

const send = `button[name=do][value=submit]`

// A finger that taps twice makes one invoice: the page sends once; and where no script runs, the program knows the form
// again by its key.
func TestDoubleClick(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		for _, mute := range []bool{false, true} {
			d := phone
			d.mute = mute
			p := h.device(t, "Maëlle", d)
			p.signIn("maelle")
			typed(t, h, p)
			before, posted := h.sales(t), h.posted("/sales/new")
			if mute {
				h.together(func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/sales/new") })
			}
			x, y := p.shown(send)
			p.load(p.press(x, y), p.press(x, y))
			p.says(p.words("sales.state_submitted"))
			if n := h.sales(t) - before; n != 1 {
				t.Errorf("two taps (scripts off: %v) made %d invoices", mute, n)
			}
			if n := h.posted("/sales/new") - posted; mute && n != 2 {
				t.Errorf("without scripts the form was sent %d times: the test shows nothing", n)
			}
			p.look("double-click")
		}
	})
}

// The session ends in another window while a long form is being written: nothing of it is lost.
func TestSessionEndedMeanwhile(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		p := h.device(t, "Maëlle", phone)
		p.signIn("maelle")
		beside := p.another()
		beside.open("/me")
		typed(t, h, p)
		beside.follow(`form[action="/sign-out"] button`)
		p.expect("401") // the form that came too late, and the draft that saves itself
		if status := p.send(send); status != http.StatusUnauthorized {
			t.Fatalf("sent after the session: %d", status)
		}
		p.look("session-over")
		p.enter("maelle")
		p.says("Douze assiettes creuses, émail blanc satiné")
		p.look("session-kept")
		if n := h.sales(t); n != 0 {
			t.Errorf("%d documents before the person agreed", n)
		}
		p.follow(`main form button.go`)
		p.says(p.words("sales.state_submitted"))
		p.says("Douze assiettes creuses, émail blanc satiné")
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents", n)
		}
	})
}

// The line is cut while someone writes, while they send, and while the answer is on its way: the page says so, what was
// typed stays, and sending again makes no second document.
func TestLineCut(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		p := h.device(t, "Maëlle", phone)
		p.expect("net::ERR_")
		p.signIn("maelle")
		autosave := func(r *http.Request) bool { return r.Header.Get("X-Autosave") != "" }
		sending := func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "/edit") && r.Header.Get("X-Autosave") == ""
		}
		const told = `document.querySelector('[data-saved]').classList.contains(%q)`

		// A draft that saves itself: it is saved, and nobody hears of it.
		h.lose(autosave)
		typed(t, h, p)
		p.until(fmt.Sprintf(told, "late"))
		p.says(p.words("form.offline"))
		p.look("cut-draft")
		if n := h.sales(t); n != 1 {
			t.Fatalf("%d documents: the program was to save it and the browser not to know", n)
		}
		h.lose(nil)
		p.write("lines[0].price", "260")
		p.until(fmt.Sprintf(told, "ok"))
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents after the line came back", n)
		}

		// What was typed last is sent at once, and does not arrive: the page stays, with what was typed.
		h.cutOff(true)
		p.write("lines[0].price", "275,50")
		p.click(send)
		p.until(fmt.Sprintf(told, "late") + ` && !document.querySelector('form[aria-busy]')`)
		p.says(p.words("form.offline"))
		if got := eval[string](p, `document.querySelector('[name="lines[0].price"]').value`); got != "275,50" {
			t.Errorf("after the cut the form says %q", got)
		}
		p.look("cut-sending")
		h.cutOff(false)

		// Sent again, it arrives, and the answer does not: the browser shows its own page. Asked once more, it gives the
		// same form again, and nothing happens twice.
		posted := h.posted("/edit")
		h.lose(sending)
		if status := p.send(send); status != 0 {
			t.Fatalf("the answer arrived: %d", status)
		}
		h.lose(nil)
		p.load(reload)
		p.says(p.words("sales.state_submitted"))
		p.says(p.printer().Amount(330_60))
		p.look("cut-again")
		if n := h.posted("/edit") - posted; n < 3 { // saved, sent, sent again; and the browser tries again by itself
			t.Errorf("sent %d times: the test shows nothing", n)
		}
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents after sending again", n)
		}
		d, err := h.office.Validate(t.Context(), h.Actor("jean"), 1, 0)
		must(t, err)
		if d.Number != "F-2026-0001" || d.Totals.Gross != 330_60 {
			t.Errorf("validated: %s of %s", d.Number, d.Totals.Gross)
		}
		h.clean(t)
	})
}

// Two people validate the same invoice in the same moment: it has one number, one of them is told. Two others validated in
// the same moment have numbers that follow.
func TestTwoValidateAtOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		maelle, content := h.Actor("maelle"), draft(t, h)
		var at [3]string
		for i := range at {
			d, err := h.office.SaveDraft(t.Context(), maelle, content, fmt.Sprint("at-once-", i))
			must(t, err)
			_, err = h.office.Submit(t.Context(), maelle, d.ID, 0)
			must(t, err)
			at[i] = path("/desk/%d", d.ID)
		}
		jean, nadia := h.device(t, "Jean", laptop), h.device(t, "Nadia", laptop)
		jean.signIn("jean")
		nadia.signIn("nadia")
		validating := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/validate") }
		atOnce := func(first, second string) [2]int {
			jean.open(first)
			nadia.open(second)
			h.together(validating)
			const button = `button[formaction$="/validate"]`
			one := jean.leave(jean.press(jean.shown(button)))
			two := nadia.leave(nadia.press(nadia.shown(button)))
			return [2]int{one(), two()}
		}

		got := atOnce(at[0], at[0])
		late := func(d *tab) bool { return strings.Contains(d.text("main"), "l’a validé avant vous") }
		if got != [2]int{http.StatusOK, http.StatusOK} || late(jean) == late(nadia) {
			t.Errorf("the same invoice validated at once: %v, one of them is told: %v, %v", got, late(jean), late(nadia))
		}
		jean.look("at-once-jean")
		nadia.look("at-once-nadia")
		h.clean(t)

		got = atOnce(at[1], at[2])
		if got != [2]int{http.StatusOK, http.StatusOK} {
			t.Errorf("two invoices validated at once: %v", got)
		}
		numbers := map[string]bool{}
		sales, _, err := h.office.Sales(t.Context(), maelle, store.SaleFilter{Activity: webtest.Ceramique, Today: storetest.Today, Limit: 50})
		must(t, err)
		for _, d := range sales {
			numbers[d.Number] = true
		}
		for _, number := range []string{"F-2026-0001", "F-2026-0002", "F-2026-0003"} {
			if !numbers[number] {
				t.Errorf("no %s among %v", number, numbers)
			}
		}
		h.clean(t)
	})
}
