package journey

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"essaim/i18n"
)

const (
	patience = time.Minute           // bounds what a test waits for; nothing waits for a time
	pace     = 15 * time.Millisecond // between two questions to a page
)

// chromium is started once for all tests, by the first that needs it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	program := cmp.Or(os.Getenv("ESSAIM_TEST_CHROMIUM"), "/usr/bin/chromium")
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("these tests need a browser: apt-get install chromium, or name one in ESSAIM_TEST_CHROMIUM: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	closing = append(closing, cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	closing = append(closing, cancel)
	return ctx, chromedp.Do(ctx)
})

var closing []context.CancelFunc

func TestMain(m *testing.M) {
	code := m.Run()
	for i := range closing {
		closing[len(closing)-1-i]()
	}
	os.Exit(code)
}

// device is what someone holds in their hands.
type device struct {
	width, height int64
	scale         float64
	phone, dark   bool
	lang          string
	mute          bool // without scripts
}

var (
	phone  = device{width: 390, height: 844, scale: 2, phone: true, lang: "fr"}
	laptop = device{width: 1440, height: 900, scale: 1, lang: "fr"}
)

// viewport is the screen of the device, of some height.
func (d device) viewport(height int64) chromedp.Action[chromedp.Void] {
	view := []chromedp.EmulateViewportOption{chromedp.EmulateScale(d.scale), func(p *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
		p.ScreenWidth, p.ScreenHeight = d.width, d.height
	}}
	if d.phone {
		view = append(view, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	return chromedp.EmulateViewport(d.width, height, view...)
}

// theme is what the person likes to read by.
func (d device) theme() string {
	if d.dark {
		return "dark"
	}
	return "light"
}

// screen puts the device around the page in front, and every page after it.
func (d device) screen() chromedp.Action[chromedp.Void] {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: d.theme()}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	return chromedp.Steps(d.viewport(d.height), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// other is what someone else reads the same page on: the desk of a phone, the phone of a desk, light for dark.
func (d device) other() device {
	o := phone
	if d.phone {
		o = laptop
	}
	o.dark, o.lang, o.mute = !d.dark, d.lang, d.mute
	return o
}

// tab is a page in front of someone.
type tab struct {
	t       *testing.T
	h       *house
	who     string
	ctx     context.Context
	device  device
	shots   string // where pictures go; "": nowhere
	loads   int    // pages that were left
	mu      sync.Mutex
	said    []string // complaints of the console
	expects []string // complaints that the test provokes
}

// device opens a browser of its own, with its own cookies.
func (h *house) device(t *testing.T, who string, d device) *tab {
	t.Helper()
	root, err := chromium()
	must(t, err)
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return h.tab(t, ctx, who, d)
}

// another opens a second tab beside, with the same cookies.
func (p *tab) another() *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	return p.h.tab(p.t, ctx, p.who, p.device)
}

func (h *house) tab(t *testing.T, ctx context.Context, who string, d device) *tab {
	t.Helper()
	p := &tab{t: t, h: h, who: who, ctx: ctx, device: d}
	if keep := flag.Lookup("test.artifacts"); os.Getenv("ESSAIM_SHOTS") != "" || keep != nil && keep.Value.String() == "true" {
		p.shots = cmp.Or(os.Getenv("ESSAIM_SHOTS"), t.ArtifactDir())
	}
	must(t, chromedp.Do(ctx)) // opens it; it lives as long as ctx
	must(t, chromedp.Listen(ctx, p.hear))
	p.do(d.screen(), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: d.mute}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": d.lang}})
		return err
	}))
	return p
}

// hear keeps what the console says: an error of a script, a breach of the policy, a resource that is not there.
func (p *tab) hear(event any) {
	what := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			what += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			what = "console." + string(e.Type)
			for _, a := range e.Args {
				what += " " + string(a.Value) + a.Description
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Source == "security" || e.Entry.Source == "violation" && e.Entry.Level != "verbose" {
			what = string(e.Entry.Source) + ": " + e.Entry.Text + " " + e.Entry.URL
		}
	}
	if what == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, what)
}

// expect says which complaint of the console the test provokes.
func (p *tab) expect(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expects = append(p.expects, words)
}

// do runs steps that must succeed in time; when they do not, the page is shown.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail(err)
	}
}

// load runs steps that lead to another page, and waits until it is there; it returns the status of the answer, 0 for a
// page of the browser's own.
func (p *tab) load(steps ...chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	return p.leave(steps...)()
}

// leave is load without the waiting, which is left to what it returns. The page that is left is marked, so that the next
// is told from it whichever process shows it.
func (p *tab) leave(steps ...chromedp.Action[chromedp.Void]) func() int {
	p.t.Helper()
	p.loads++
	eval[int](p, fmt.Sprintf(`window.journey = %d`, p.loads))
	p.do(steps...)
	return func() int {
		p.t.Helper()
		p.until(fmt.Sprintf(`window.journey !== %d && document.readyState === 'complete'`, p.loads))
		return eval[int](p, `performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0`)
	}
}

func (p *tab) fail(err error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience/4)
	defer cancel()
	where, _ := chromedp.Run(ctx, chromedp.Location()) // what can be told of a page that may be gone
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	p.picture("failed")
	p.t.Fatalf("%s at %s: %v\n%s", p.who, where, err, text)
}

// eval asks the page.
func eval[T any](p *tab, script string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		p.fail(fmt.Errorf("%s: %w", script, err))
	}
	return v
}

// open goes to an address.
func (p *tab) open(address string) {
	p.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = p.h.url + address
	}
	if status := p.load(navigate(address)); status >= 400 {
		p.fail(fmt.Errorf("status %d", status))
	}
}

// navigate asks for an address and does not wait for it.
func navigate(address string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		got, err := cdp.Call(ctx, target, page.Navigate, page.NavigateParams{URL: address})
		if err == nil && got.ErrorText != "" {
			err = errors.New(got.ErrorText)
		}
		return err
	})
}

// reload asks for the page again, form and all.
var reload = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, page.Reload, page.ReloadParams{})
	return err
})

// follow clicks on what leads to another page.
func (p *tab) follow(selector string) {
	p.t.Helper()
	if status := p.send(selector); status >= 400 {
		p.fail(fmt.Errorf("%s led to status %d", selector, status))
	}
}

// send is follow for a form that may be refused: it returns the status.
func (p *tab) send(selector string) int {
	p.t.Helper()
	return p.load(p.press(p.shown(selector)))
}

// click clicks on what stays on the page.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(p.press(p.shown(selector)))
}

// press is a click of the mouse, or a tap of the finger on what has no mouse.
func (p *tab) press(x, y float64) chromedp.Action[chromedp.Void] {
	if p.device.phone {
		return chromedp.TapXY(x, y)
	}
	return chromedp.MouseClickXY(x, y)
}

// shown waits until an element is to be seen, has come to rest and nothing lies over it, and returns where. A page has some
// of its buttons twice, one for the phone and one for the desk: it is the first that is seen. It is marked with
// data-journey and stands in the middle of the screen, not under the bar at the foot.
func (p *tab) shown(selector string) (x, y float64) {
	p.t.Helper()
	const script = `((s) => {
		const [e] = [...document.querySelectorAll(s)].filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length);
		if (!e) return false;
		if (!e.hasAttribute('data-journey')) {
			document.querySelectorAll('[data-journey]').forEach((o) => o.removeAttribute('data-journey'));
			e.scrollIntoView({block: 'center', behavior: 'instant'});
		}
		const r = e.getBoundingClientRect(), was = e.dataset.journey, is = [r.x + r.width / 2, r.y + r.height / 2].join();
		e.dataset.journey = is;
		const top = document.elementFromPoint(...is.split(',').map(Number));
		return is === was && top && (e.contains(top) || top.contains(e));
	})(%q)`
	p.until(fmt.Sprintf(script, selector))
	at := eval[[]float64](p, `document.querySelector('[data-journey]').dataset.journey.split(',').map(Number)`)
	return at[0], at[1]
}

// until waits for a condition of the page. It asks again and again from outside: a page without scripts, a page behind
// another and a page that is going away have no frames or timers that could ask, and a page that has gone leaves the
// question to the next.
func (p *tab) until(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		if err == nil && holds {
			return
		}
		select {
		case <-time.After(pace):
		case <-ctx.Done():
			p.fail(fmt.Errorf("%s: %w", condition, cmp.Or(err, ctx.Err())))
		}
	}
}

// printer writes as the pages in front of this person are written.
func (p *tab) printer() i18n.Printer { return i18n.For(p.device.lang) }

// words are those of the catalogue in the language of the page.
func (p *tab) words(key string, args ...any) string { return p.printer().T(key, args...) }

// says waits until the page says some words.
func (p *tab) says(words string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.body && document.body.innerText.replace(/\s+/g, ' ').includes(%q)`, strings.Join(strings.Fields(words), " ")))
}

// write types into a field, in place of what it holds.
func (p *tab) write(name, text string) {
	p.t.Helper()
	p.shown(fmt.Sprintf(`[name=%q]:not([type=hidden])`, name))
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		const script = `(() => { const e = document.querySelector('[data-journey]'); e.focus(); e.select(); })()`
		if _, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: script}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// choose ticks one of several.
func (p *tab) choose(name, value string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`label:has(input[name=%q][value=%q])`, name, value))
}

// pick chooses in a list.
func (p *tab) pick(name, value string) {
	p.t.Helper()
	p.shown(fmt.Sprintf(`select[name=%q]`, name))
	p.until(fmt.Sprintf(`(() => { const e = document.querySelector('[data-journey]'); e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); return e.value === %[1]q; })()`, value))
}

// holds says what the fields still hold: what is refused is not lost.
func (p *tab) holds(fields map[string]string) {
	p.t.Helper()
	for name, want := range fields {
		got := eval[string](p, fmt.Sprintf(`[...document.querySelectorAll('[name=%q]')].filter((e) => !['radio', 'checkbox'].includes(e.type) || e.checked).map((e) => e.value).join()`, name))
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
			p.t.Errorf("%s holds %q and no longer %q", name, got, want)
		}
	}
}

// signIn comes in by the front door, and has the pages in the language of the device.
func (p *tab) signIn(who string) {
	p.t.Helper()
	p.open("/sign-in")
	p.enter(who)
	if eval[string](p, `document.documentElement.lang`) == p.device.lang {
		return
	}
	p.open("/me")
	p.choose("lang", p.device.lang)
	p.follow(`form[action="/me/look"] button`)
	if got := eval[string](p, `document.documentElement.lang`); got != p.device.lang {
		p.t.Errorf("the profile changed the language to %q", got)
	}
	p.open(path("/"))
}

// enter fills the form of sign-in in front.
func (p *tab) enter(who string) {
	p.t.Helper()
	p.write("email", who+"@"+p.h.mail)
	p.write("password", p.h.password)
	p.follow(`form[action="/sign-in"] button.go`)
}

// text is what one reads in an element, with plain spaces.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(eval[string](p, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText`, selector))), " ")
}

// look checks the page in front as every page is checked, on the device and on the other, and keeps pictures of both.
func (p *tab) look(step string) {
	p.t.Helper()
	where := eval[string](p, `location.pathname`)
	mine := p.device
	for _, d := range []device{mine.other(), mine} {
		p.device = d
		p.do(d.screen())
		p.until(fmt.Sprintf(`document.readyState === 'complete' && document.fonts.status === 'loaded' && screen.width === %d && matchMedia('(prefers-color-scheme: %s)').matches`, d.width, d.theme()))
		if wide := eval[string](p, tooWide); wide != "" {
			p.t.Errorf("%s (%s, %d px): wider than the screen: %s", where, p.who, d.width, wide)
		}
		if pale := eval[string](p, paleText); pale != "" {
			p.t.Errorf("%s (%s, %d px, %s): hard to read: %s", where, p.who, d.width, d.theme(), pale)
		}
		p.named(where)
		p.picture(step)
	}
	p.quiet(where)
}

// paleText names words that stand out too little from what lies behind them (WCAG AA).
const paleText = `(() => {
	const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const known = new Map();
	const rgba = (c) => { if (!known.has(c)) { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; known.set(c, [d[0], d[1], d[2], d[3] / 255]); } return known.get(c); };
	const over = (f, b) => [0, 1, 2].map((i) => f[i] * f[3] + b[i] * (1 - f[3]));
	const light = (c) => c.map((x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4).reduce((s, x, i) => s + x * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => { const layers = []; for (; e; e = e.parentElement) { const s = getComputedStyle(e); if (s.backgroundImage !== 'none') return null; const c = rgba(s.backgroundColor); if (c[3]) layers.push(c); if (c[3] === 1) break; }
		return layers.reverse().reduce((b, c) => over(c, b), [255, 255, 255]); };
	const out = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement;
		if (!n.data.trim() || !e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest('svg, .sr, .skip, :disabled, option, [aria-hidden=true]')) continue;
		const s = getComputedStyle(e), b = behind(e);
		if (!b) continue;
		const [x, y] = [light(over(rgba(s.color), b)), light(b)], ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
		const size = parseFloat(s.fontSize), need = size >= 24 || size >= 18.66 && s.fontWeight >= 700 ? 3 : 4.5;
		if (ratio < need - 0.02) out.add(ratio.toFixed(1) + ' ' + e.tagName.toLowerCase() + '.' + e.className + ' «' + n.data.trim().slice(0, 30) + '»');
	}
	return [...out].slice(0, 5).join(', ');
})()`

// tooWide names what sticks out of the page to the right.
const tooWide = `(() => { const w = document.documentElement.clientWidth, s = document.scrollingElement.scrollWidth;
	if (s <= w) return '';
	const inside = (e) => { for (let x = e.parentElement; x && x !== document.body; x = x.parentElement) if (getComputedStyle(x).overflowX !== 'visible') return true; return false; };
	const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > w + 1 && !inside(e)).slice(-3)
		.map((e) => e.tagName.toLowerCase() + '.' + e.className + ' to ' + Math.round(e.getBoundingClientRect().right));
	return s + ' > ' + w + ': ' + out.join(', '); })()`

// named checks that whoever does not see the page hears what each control is: the names are those the browser gives to
// readers of the screen.
func (p *tab) named(where string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.fail(err)
	}
	controls := 0
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		switch role := strings.Trim(string(n.Role.Value), `"`); role {
		case "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "spinbutton", "slider", "DisclosureTriangle", "PopUpButton", "menuitem", "tab":
			controls++
			if n.Name == nil || strings.TrimSpace(strings.Trim(string(n.Name.Value), `"`)) == "" {
				p.t.Errorf("%s (%s): a %s without a name: %s", where, p.who, role, p.outer(ctx, n.BackendDOMNodeID))
			}
		}
	}
	if controls == 0 {
		p.t.Errorf("%s (%s): no control at all", where, p.who)
	}
}

// outer is the markup of an element, shortened.
func (p *tab) outer(ctx context.Context, id cdp.BackendNodeID) string {
	found, err := chromedp.Call(ctx, dom.GetOuterHTML, dom.GetOuterHTMLParams{BackendNodeID: id})
	if err != nil {
		return err.Error()
	}
	return found.OuterHTML[:min(len(found.OuterHTML), 200)]
}

// quiet checks that the console has not complained since the last look.
func (p *tab) quiet(where string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
heard:
	for _, what := range p.said {
		for _, words := range p.expects {
			if strings.Contains(what, words) {
				continue heard
			}
		}
		p.t.Errorf("%s (%s): the console says: %s", where, p.who, what)
	}
	p.said = nil
}

// picture keeps the whole page as it stands.
func (p *tab) picture(step string) {
	p.t.Helper()
	if p.shots == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience/2)
	defer cancel()
	// The screen is made as tall as the page for a moment: what stands at its foot stays at the foot.
	tall, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err == nil && tall > p.device.height {
		err = chromedp.Do(ctx, p.device.viewport(tall))
		defer func() { _ = chromedp.Do(ctx, p.device.viewport(p.device.height)) }() // the next step tells if this went wrong
	}
	var shot page.CaptureScreenshotResult
	if err == nil {
		shot, err = chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	}
	if err != nil {
		p.t.Logf("no picture of %s: %v", step, err)
		return
	}
	name := fmt.Sprintf("%s-%d-%s-%s.png", step, p.device.width, p.device.theme(), p.device.lang)
	if err := os.MkdirAll(p.shots, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.shots, name), shot.Data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
