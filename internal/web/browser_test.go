package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"essaim/internal/web/webtest"
	"essaim/sale"
)

// What pages do beyond their forms, in a real browser under the policy that allows nothing inline.
func TestScriptOfThePages(t *testing.T) {
	h := webtest.Start(t)
	c := h.Chrome(t)
	c.Size(1440, 900)
	c.As("maelle")

	// A draft saves itself a moment after the last key, takes its address, and says so.
	c.Open(place + "/probe/draft")
	c.Do(chromedp.SendKeys("#f-note", "Une note"))
	c.Eval(`document.querySelector('#f-amount').value = '12,50', document.querySelector('#f-amount').dispatchEvent(new Event('input', {bubbles: true}))`)
	c.Until(`document.querySelector('[data-saved]').textContent.startsWith('Brouillon enregistré à 11')`)
	c.Until(`location.pathname + location.search === '` + place + `/probe/save?id=7' && document.forms[document.forms.length - 1].elements.version.value === '1250'`)

	// What cannot be read yet is told, not refused.
	c.Expect("422")
	c.Eval(`document.querySelector('#f-amount').value = 'douze', document.querySelector('#f-amount').dispatchEvent(new Event('input', {bubbles: true}))`)
	c.Until(`document.querySelector('[data-saved]').textContent.startsWith('Ce n’est pas un montant')`)

	// Ctrl Enter sends, and a second send at once is none.
	c.Open(place + "/probe/draft")
	c.Do(chromedp.SendKeys("#f-note", "Deux"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl)))
	c.Until(`location.pathname.endsWith('/probe/saved')`)
	before := strings.Fields(c.Eval(`document.querySelector('h1').textContent`))[1]
	c.Open(place + "/probe/draft")
	c.Eval(`(() => { const f = document.querySelector('form[data-main]'); f.requestSubmit(); f.requestSubmit(); return 1; })()`)
	c.Until(`location.pathname.endsWith('/probe/saved')`)
	if after := strings.Fields(c.Eval(`document.querySelector('h1').textContent`))[1]; after == before || len(after) > len(before)+1 {
		t.Errorf("a double click: %s forms, then %s", before, after)
	}

	// A key of its own presses a button, unless one is typing.
	c.Open(place + "/probe/draft")
	c.Do(chromedp.SendKeys("#f-note", "v"))
	if at := c.Eval("location.pathname"); !strings.HasSuffix(at, "/probe/draft") {
		t.Errorf("typing led to %s", at)
	}
	c.Eval(`document.activeElement.blur()`)
	c.Do(chromedp.KeyEvent("v"))
	c.Until(`location.pathname.endsWith('/probe/saved')`)

	// The menus close with Escape and by a click beside.
	c.Open(place + "/probe/draft")
	c.Do(chromedp.Click(".pop.mine summary"))
	c.Until(`document.querySelector('.pop.mine').open`)
	c.Do(chromedp.KeyEvent(kb.Escape))
	c.Until(`!document.querySelector('.pop.mine').open`)
	c.Do(chromedp.Click(".pop.place summary"))
	c.Until(`document.querySelector('.pop.place').open`)
	c.Do(chromedp.Click("h1"))
	c.Until(`!document.querySelector('.pop.place').open`)

	// J and K walk the rows of a list, for who works without a mouse.
	c.Open(place + "/probe/specimen")
	c.Eval(`document.activeElement.blur()`)
	c.Do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	c.Until(`document.activeElement.closest('tr') === document.querySelectorAll('.tb.act tbody tr')[1]`)
}

// What is typed survives a page loaded again, the way back, and a network that is gone; what was sent is not brought back.
func TestNothingTypedIsLost(t *testing.T) {
	s := newStudio(t)
	c := s.Chrome(t)
	c.Size(390, 844)
	c.As("maelle")
	label, price := `document.querySelector('[name="lines[0].label"]')`, `document.querySelector('[name="lines[0].price"]')`
	kept := `Object.keys(localStorage).filter((k) => k.startsWith('draft ')).length`
	write := func(field, text string) {
		c.Eval(`(() => { const f = ` + field + `; f.value = '` + text + `'; f.dispatchEvent(new Event('input', {bubbles: true})); return 1; })()`)
	}
	before := len(s.documents(sale.Invoice))

	// Loaded again before it had saved itself: one document, with all that was typed.
	c.Open(newPath("invoice"))
	write(label, "Vase bleu")
	write(price, "60")
	c.Open(newPath("invoice"))
	c.Until(label + `.value === 'Vase bleu' && ` + price + `.value === '60'`)
	c.Until(`location.pathname.endsWith('/edit') && ` + kept + ` === 0`)
	if n := len(s.documents(sale.Invoice)); n != before+1 {
		t.Errorf("%d documents more", n-before)
	}

	// A line more, not readable yet.
	edit := c.Eval(`location.pathname`)
	c.Eval(`document.querySelector('[data-add]').click()`)
	write(`document.querySelector('[name="lines[1].label"]')`, "Pot")
	write(`document.querySelector('[name="lines[1].price"]')`, "douze")
	c.Expect("422")
	c.Open(edit)
	c.Until(`document.querySelectorAll('[data-line]').length === 2 && document.querySelector('[name="lines[1].price"]').value === 'douze'`)
	write(`document.querySelector('[name="lines[1].price"]')`, "12")
	c.Until(kept + ` === 0`)

	// Left before it had saved itself: the next page saves it.
	write(label, "Vase vert")
	c.Open(place + "/")
	c.Until(kept + ` === 0`)
	if d := s.documents(sale.Invoice)[0]; d.Title != "Vase vert" {
		t.Errorf("%q was left behind", d.Title)
	}

	// Sent: the way back shows what the house has, and a new form is empty.
	c.Open(newPath("invoice"))
	if got := c.Eval(label + `.value`); got != "" {
		t.Errorf("a new form holds %q", got)
	}
	c.Open(edit)
	write(label, "Vase rouge")
	c.Eval(`document.querySelector('button.keep').click()`)
	c.Until(`document.querySelector('[data-saved]') && ` + kept + ` === 0 && ` + label + `.value === 'Vase rouge'`)

	// The page that says what was refused has taken over what was sent: until its script ran, leaving it would leave nothing.
	taken := `Object.entries(localStorage).some(([k, v]) => k.startsWith('draft ') && !JSON.parse(v).sent)`
	// Refused: what the draft could not keep comes back on its page, in either shape, until it is mended.
	for _, way := range []string{"", "?shape=quick"} {
		c.Open(edit)
		c.Eval(`(() => { const l = document.querySelectorAll('[data-line]'); if (l.length > 1) l[1].querySelector('[data-drop]').click(); return 1; })()`)
		c.Until(kept + ` === 0`)
		c.Open(edit + way)
		write(label, "Vase gris")
		write(price, "12,0,0")
		c.Expect("422")
		c.Eval(`document.querySelector('form[data-main] [name=do][value=save]:not([form])').click()`)
		c.Until(`document.querySelector('[data-unsaved]') && location.pathname === '` + edit + `' && ` + kept + ` === 1 && ` + taken)
		c.Open(place + "/")
		c.Open(edit)
		c.Until(label + `.value === 'Vase gris' && ` + price + `.value === '12,0,0'`)
		write(price, "12")
		c.Until(kept + ` === 0`)
	}
}

// Nothing sticks out and nothing is too small for a thumb, from the smallest phone to a wide desk, light and dark, with
// names of sixty letters and amounts of nine digits.
func TestPagesFitEveryScreen(t *testing.T) {
	h := webtest.Start(t)
	link := quote(t, h)
	c := h.Chrome(t)
	for _, width := range []int64{320, 390, 1440} {
		c.Size(width, 900)
		for _, path := range []string{"/sign-in", "/password", link} {
			c.Open(path)
			c.Fits()
		}
	}
	c.As("anatole")
	for _, width := range []int64{320, 390, 768, 992, 1440} {
		c.Size(width, 900)
		for _, path := range []string{place + "/probe/specimen", "/me", "/me/totp", place + "/probe/form"} {
			c.Open(path)
			c.Fits()
		}
	}
}

// Every amount and link of an account opens with a thumb: what is under it, 44 pixels high, is the link and nothing else.
func TestAnAccountOpensWithAThumb(t *testing.T) {
	s := newStudio(t)
	c := s.Chrome(t)
	c.Size(390, 844)
	c.As("maelle")
	for _, path := range []string{place + "/", accountPath(webtest.Ceramique), accountPath(webtest.Ceramique) + "why/available", accountPath(webtest.Ceramique) + "why/owed", fmt.Sprintf("%s/a/%d/sales", place, webtest.Ceramique)} {
		c.Open(path)
		small := c.Eval(`(() => {
			document.querySelectorAll('details.twin').forEach(d => { d.open = true; });
			const small = [];
			let seen = 0;
			for (const e of document.querySelectorAll('main a, main button, main summary')) {
				e.scrollIntoView({block: 'center', inline: 'center'});
				const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
				if (!r.width || e.closest('.sr')) continue;
				seen++;
				const hit = d => { const at = document.elementFromPoint(x, y + d); return at && (at === e || e.contains(at)); };
				let up = 0, down = 0;
				while (up < 40 && hit(-up - 1)) up++;
				while (down < 40 && hit(down + 1)) down++;
				if (up + down + 1 < 43) small.push(e.textContent.trim() + ': ' + (up + down + 1) + ' px');
			}
			return seen < 5 ? 'only ' + seen + ' links' : small.join(', ');
		})()`)
		if small != "" {
			t.Errorf("%s: too small for a thumb: %s", path, small)
		}
	}
}

// The same of every page that someone may open, at the width of a phone and of a desk: those of an entrepreneur who has
// everything, of one who has nothing yet, of the team.
func TestEveryPageFits(t *testing.T) {
	h := webtest.Start(t)
	quote(t, h)
	c := h.Chrome(t)
	seen := map[string]bool{}
	for _, who := range []string{"maelle", "nadia", "irene", "hugo"} {
		b := h.As(who)
		var open []string
		for _, rt := range h.Server.Routes() {
			path := sample.Replace(rt.Pattern)
			if rt.Method != "GET" || rt.Public || strings.Contains(path, "/probe") || seen[path] {
				continue
			}
			if p := b.Get(path); p.Status == 200 && strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
				open = append(open, path)
				seen[path] = true
			}
		}
		c.Leave()
		c.As(who)
		for _, width := range []int64{390, 1440} {
			c.Size(width, 900)
			for _, path := range open {
				c.Open(path)
				c.Fits()
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d pages seen", len(seen))
	}
}
