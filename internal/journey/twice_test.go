package journey

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"essaim/coop"
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
			p.shown(send)
			at := eval[[]float64](p, `(() => { const r = document.querySelector('[data-journey]').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
			p.load(chromedp.MouseClickXY(at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
			p.says("en relecture")
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
		p.says("en relecture")
		p.says("Douze assiettes creuses, émail blanc satiné")
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents", n)
		}
	})
}

// The line is cut while the answer is on its way: the page says so, what was typed stays, and sending again makes no
// second document.
func TestLineCut(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		h := open(t, address)
		p := h.device(t, "Maëlle", phone)
		p.expect("net::ERR_")
		p.signIn("maelle")

		// A draft that saves itself.
		h.lose(func(r *http.Request) bool { return r.Header.Get("X-Autosave") != "" })
		typed(t, h, p)
		p.until(`document.querySelector('[data-saved]').classList.contains('late')`)
		p.look("cut-draft")
		if n := h.sales(t); n != 1 {
			t.Fatalf("%d documents: the program was to save it and the browser not to know", n)
		}
		h.lose(nil)
		p.write("lines[0].price", "260")
		p.until(`document.querySelector('[data-saved]').classList.contains('ok')`)
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents after the line came back", n)
		}

		// A form that is sent: the browser shows its own page, and going back brings the form.
		h.lose(func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "/edit") && r.Header.Get("X-Autosave") == ""
		})
		button := p.shown(send)
		p.do(chromedp.Click(button))
		p.until(`location.protocol === 'chrome-error:'`)
		h.lose(nil)
		p.load(chromedp.NavigateBack())
		p.look("cut-back")
		if n := h.sales(t); n != 1 {
			t.Errorf("%d documents after going back", n)
		}
		h.clean(t)
	})
}
