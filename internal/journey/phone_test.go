package journey

import (
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
)

// An invoice in six fields, from nothing, to someone who was nobody's customer, on a phone: the network goes in the middle
// and the browser with it, the session ends, and neither a word nor the photograph is lost; whoever reads it sees the
// photograph. Who signs out leaves nothing on the phone.
func TestPhoneInvoice(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	first := h.device(t, "Maëlle", phone)
	first.signIn("maelle")
	const drafts = `Object.keys(localStorage).filter((k) => k.startsWith('draft ')).length`
	late := `document.querySelector('[data-saved]').classList.contains('late')`

	gestures := 0
	count := func(n int) { gestures += n }

	// The network is gone before anything was saved; the browser is closed.
	first.follow(`.dock a[href$="/sales/quick"]`)
	count(1)
	first.look("1-empty")
	h.cutOff(true)
	first.expect("net::ERR_")
	first.write("customerName", "Odile Marchand")
	first.write("lines[0].label", "Service de six bols, émail bleu")
	first.write("lines[0].price", "186")
	count(3)
	first.until(late)
	first.says(first.words("form.offline"))
	if n := h.sales(t); n != 0 {
		t.Fatalf("%d documents: the network was to be cut", n)
	}
	p := first.another()
	first.do(navigate("about:blank"))
	h.cutOff(false)
	p.open(path("/a/%d/sales/quick", webtest.Ceramique))
	p.says(p.words("quick.is_new", "name", "Odile Marchand"))
	if got := eval[string](p, `document.querySelector('[name="lines[0].price"]').value`); got != "186" {
		t.Errorf("the price is %q", got)
	}
	p.until(`location.search === '?shape=quick'`)
	if n := h.sales(t); n != 1 {
		t.Errorf("%d documents once the network is back", n)
	}

	// What the law asks of a new customer, the photograph, and the sum.
	p.choose("buyer.kind", "consumer")
	p.write("buyer.address.line1", "3 rue Haute")
	p.write("buyer.address.zip", "69001")
	p.write("buyer.address.city", "Lyon")
	count(4)
	p.do(chromedp.SetUploadFiles("#f-photo", []string{picture(t)}))
	p.until(`document.querySelector('[data-carried]').hidden === false`)
	count(1)
	p.says("TVA 20 %, comptée dans le prix : 31,00 €")
	p.look("2-typed")

	// The session ends; what was typed comes back, the photograph too.
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
	p.expect("401")
	if status := p.send(send); status != 401 {
		t.Fatalf("sent after the session: %d", status)
	}
	p.enter("maelle")
	p.says("Service de six bols, émail bleu")
	p.follow(`main form button.go`)
	p.until(`document.querySelector('#f-photo').files.length === 1`)
	p.says(p.words("quick.is_new", "name", "Odile Marchand"))
	p.follow(send)
	count(1)
	p.says(p.words("sales.state_submitted"))
	p.says("Odile Marchand")
	p.look("3-sent")
	if n := h.sales(t); n != 1 {
		t.Errorf("%d documents", n)
	}
	if n := eval[int](p, drafts); n != 0 {
		t.Errorf("%d drafts are left on the phone", n)
	}
	t.Logf("%d gestures from the home to the desk: Facturer, six fields, four of a new customer and a photograph among them", gestures)
	if gestures > 12 {
		t.Errorf("%d gestures", gestures)
	}

	jean := h.device(t, "Jean", laptop)
	jean.signIn("jean")
	jean.open(path("/desk"))
	jean.says("Odile Marchand")
	jean.until(`[...document.querySelectorAll('.doc .pieces img')].some((i) => i.complete && i.naturalWidth > 0)`)
	jean.look("4-desk")
	jean.follow(`button[formaction$="/validate"]`)
	jean.says("F-2026-0001")

	// Half an invoice more, and the phone is handed on.
	p.open(path("/a/%d/sales/quick", webtest.Ceramique))
	h.cutOff(true)
	p.expect("net::ERR_")
	p.write("customerName", "Famille Roy")
	p.until(late)
	h.cutOff(false)
	if n := eval[int](p, drafts); n != 1 {
		t.Errorf("%d drafts on the phone", n)
	}
	p.click(`.mine summary`)
	p.follow(`form[action="/sign-out"] button`)
	if n := eval[int](p, drafts); n != 0 {
		t.Errorf("%d drafts after signing out", n)
	}
	h.clean(t)
}

// picture is a photograph as telephones take them, larger than a slow network likes.
func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 2000, 1500))
	for y := range 1500 {
		for x := range 2000 {
			img.Set(x, y, color.RGBA{R: uint8(x / 8), G: uint8(y / 6), B: 120, A: 255})
		}
	}
	name := filepath.Join(t.TempDir(), "bols.jpg")
	f, err := os.Create(name)
	must(t, err)
	must(t, jpeg.Encode(f, img, nil))
	must(t, f.Close())
	return name
}
