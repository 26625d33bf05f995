package webtest

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Chrome is a real browser on a page of the house. What its console complains of (a script that fails, something the
// policy of the pages refuses, a file that is not there) fails the test at its end.
type Chrome struct {
	h   *House
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	expected []string
}

// Chrome opens a browser until the end of the test.
func (h *House) Chrome(t testing.TB) *Chrome {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(cmp.Or(os.Getenv("ESSAIM_TEST_CHROMIUM"), "/usr/bin/chromium")), chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	c := &Chrome{h: h, t: t, ctx: ctx}
	messages := chromedp.Console(ctx)
	c.Do(chromedp.Navigate("about:blank"))
	heard := make(chan struct{})
	var wrong []string
	go func() {
		defer close(heard)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException {
				c.mu.Lock()
				wrong = append(wrong, m.Text+" "+m.URL)
				c.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		<-heard
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, w := range wrong {
			if !slices.ContainsFunc(c.expected, func(e string) bool { return strings.Contains(w, e) }) {
				t.Errorf("the browser complains: %s", w)
			}
		}
	})
	return c
}

// Expect says that a complaint of the console which holds some words is part of the test ("status of 422").
func (c *Chrome) Expect(words string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expected = append(c.expected, words)
}

// Do runs steps of chromedp, which must succeed.
func (c *Chrome) Do(steps ...chromedp.Action[chromedp.Void]) {
	c.t.Helper()
	if err := chromedp.Do(c.ctx, steps...); err != nil {
		c.t.Fatal(err)
	}
}

// Open goes to a page of the house.
func (c *Chrome) Open(path string) {
	c.t.Helper()
	c.Do(chromedp.Navigate(c.h.URL + path))
}

// As signs in as someone of the fixture.
func (c *Chrome) As(name string) {
	c.t.Helper()
	c.Open("/sign-in?next=/me")
	c.Do(chromedp.SendKeys("#f-email", name+"@trame.example"), chromedp.SendKeys("#f-password", Password))
	c.Eval(`document.querySelector('form[action="/sign-in"]').requestSubmit(), 1`)
	c.Until(`!location.pathname.startsWith('/sign-in')`)
}

// Eval evaluates an expression to text in the page.
func (c *Chrome) Eval(expression string) string {
	c.t.Helper()
	v, err := chromedp.Run(c.ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		c.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Until waits for an expression to hold in the page.
func (c *Chrome) Until(expression string) {
	c.t.Helper()
	for {
		_, err := chromedp.Run(c.ctx, chromedp.Poll[bool](`(`+expression+`) ? true : null`, chromedp.WithPollingTimeout(20*time.Second)))
		if err == nil {
			return
		}
		// The page that was being asked has gone: the next one is asked.
		if !strings.Contains(err.Error(), "navigated or closed") && !strings.Contains(err.Error(), "Cannot find context") {
			c.t.Fatalf("waiting for %s: %v\nat %s", expression, err, c.Eval("location.href"))
		}
	}
}

// Size makes the window as wide as a phone or a desk.
func (c *Chrome) Size(width, height int64) {
	c.t.Helper()
	c.Do(chromedp.EmulateViewport(width, height))
}

// Shot keeps a picture of the whole page.
func (c *Chrome) Shot(file string) {
	c.t.Helper()
	b, err := chromedp.Run(c.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// Fits checks that nothing sticks out sideways, and that on a phone what a thumb taps is large enough (the grid of entries
// is for keyboards).
func (c *Chrome) Fits() {
	c.t.Helper()
	if wide := c.Eval(`document.documentElement.scrollWidth - innerWidth`); wide != "0" && !strings.HasPrefix(wide, "-") {
		c.t.Errorf("%s sticks out by %s px at a width of %s: %s", c.Eval("location.pathname"), wide, c.Eval("innerWidth"),
			c.Eval(`[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .filters, .sr')).slice(0, 5).map(e => e.tagName + '.' + e.className).join(', ')`))
	}
	if small := c.Eval(`innerWidth >= 992 ? '' : [...document.querySelectorAll('button, .b, .ib, .fi, .dock a, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])')].filter(e => e.offsetParent && !e.closest('.seg, .sr, .grid, .egrid')).filter(e => (e.closest('.in, label, .search') || e).getBoundingClientRect().height < 43.5).slice(0, 5).map(e => e.outerHTML.slice(0, 80)).join('\n')`); small != "" {
		c.t.Errorf("%s: too small for a thumb:\n%s", c.Eval("location.pathname"), small)
	}
}

// Leave signs out.
func (c *Chrome) Leave() {
	c.t.Helper()
	c.Open("/me")
	c.Eval(`location.pathname === '/me' && document.querySelector('form[action="/sign-out"]').requestSubmit(), 1`)
	c.Until(`location.pathname === '/sign-in'`)
}
