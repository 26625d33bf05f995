package journey

import (
	"cmp"
	"context"
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

	"essaim/internal/web/webtest"
)

// patience bounds what a test waits for; nothing waits for a time.
const patience = time.Minute

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
	view := []chromedp.EmulateViewportOption{chromedp.EmulateScale(d.scale)}
	if d.phone {
		view = append(view, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	return chromedp.EmulateViewport(d.width, height, view...)
}

// tab is a page in front of someone.
type tab struct {
	t       *testing.T
	h       *house
	who     string
	ctx     context.Context
	device  device
	shots   string // where pictures go; "": nowhere
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
	if !strings.HasSuffix(t.Name(), "/postgres") { // the pages are the same
		p.shots = cmp.Or(os.Getenv("ESSAIM_SHOTS"), t.ArtifactDir())
	}
	must(t, chromedp.Do(ctx)) // opens it; it lives as long as ctx
	must(t, chromedp.Listen(ctx, p.hear))
	p.do(chromedp.Navigate(h.url + "/robots.txt")) // the browser changes process with the host, and forgets the screen
	theme := "light"
	if d.dark {
		theme = "dark"
	}
	p.do(d.viewport(d.height), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
			return err
		}
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

// load runs steps that lead to another page, and waits for it; it returns the status of the answer.
func (p *tab) load(steps ...chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		p.fail(err)
	}
	if answer == nil {
		return 0
	}
	return int(answer.Status)
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
func eval[T any](p *tab, script string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
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
	if status := p.load(chromedp.Navigate(address)); status >= 400 {
		p.fail(fmt.Errorf("status %d", status))
	}
}

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
	selector = p.shown(selector)
	return p.load(chromedp.Click(selector))
}

// click clicks on what stays on the page.
func (p *tab) click(selector string) {
	p.t.Helper()
	selector = p.shown(selector)
	p.do(chromedp.Click(selector))
}

// shown waits until an element is to be seen, and returns a selector of the first that is: a page has some of its buttons
// twice, one for the phone and one for the desk. It stands in the middle of the screen then.
func (p *tab) shown(selector string) string {
	p.t.Helper()
	const script = `((s) => { const all = [...document.querySelectorAll(s)].filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length);
		document.querySelectorAll('[data-journey]').forEach((e) => e.removeAttribute('data-journey'));
		if (!all.length) return false;
		all[0].setAttribute('data-journey', '');
		all[0].scrollIntoView({block: 'center', behavior: 'instant'}); // not under the bar at the foot
		return true; })(%q)`
	p.until(fmt.Sprintf(script, selector))
	return "[data-journey]"
}

// until waits for a condition of the page; a page that goes away while it is asked leaves the question to the next.
func (p *tab) until(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool]("("+condition+") ? true : null", chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if gone := err.Error(); ctx.Err() != nil || !strings.Contains(gone, "navigated or closed") && !strings.Contains(gone, "Cannot find context") {
			p.fail(fmt.Errorf("%s: %w", condition, err))
		}
	}
}

// says waits until the page says some words.
func (p *tab) says(words string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.body && document.body.innerText.replace(/\s+/g, ' ').includes(%q)`, words))
}

// write types into a field, in place of what it holds.
func (p *tab) write(name, text string) {
	p.t.Helper()
	field := p.shown(fmt.Sprintf(`[name=%q]:not([type=hidden])`, name))
	p.do(chromedp.Focus(field), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: `document.activeElement.select()`}); err != nil {
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

// signIn comes in by the front door.
func (p *tab) signIn(who string) {
	p.t.Helper()
	p.open("/sign-in")
	p.look("sign-in")
	p.enter(who)
}

// enter fills the form of sign-in in front.
func (p *tab) enter(who string) {
	p.t.Helper()
	p.write("email", who+"@trame.example")
	p.write("password", webtest.Password)
	p.follow(`form[action="/sign-in"] button.go`)
}

// text is what one reads in an element, with plain spaces.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(eval[string](p, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText`, selector))), " ")
}

// look checks the page in front as every page is checked, and keeps a picture of it.
func (p *tab) look(step string) {
	p.t.Helper()
	p.until(`document.readyState === 'complete' && (!document.fonts || document.fonts.status === 'loaded')`)
	where := eval[string](p, `location.pathname`)
	if wide := eval[string](p, tooWide); wide != "" {
		p.t.Errorf("%s (%s, %d px): wider than the screen: %s", where, p.who, p.device.width, wide)
	}
	p.named(where)
	p.picture(step)
	p.quiet(where)
}

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
	theme := "light"
	if p.device.dark {
		theme = "dark"
	}
	name := fmt.Sprintf("%s-%d-%s-%s.png", step, p.device.width, theme, p.device.lang)
	if err := os.MkdirAll(p.shots, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.shots, name), shot.Data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
