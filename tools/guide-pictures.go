//go:build ignore

// Takes the pictures of the user guide from a demonstration that is being served; scripts/guide-pictures calls it.
//
// It signs in as the people of the demonstration and clicks as they would; forms are filled and not sent, so that it can be
// run again on the same demonstration. It needs Debian's chromium, or the one that ESSAIM_TEST_CHROMIUM names.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// most is what a picture may weigh.
const most = 60_000

// picture is one of the guide.
type picture struct {
	name, who     string
	path          string   // below the cooperative's address
	width, height int64    // of the screen; a height of 0 takes the whole page
	steps         []string // scripts, one after the other; each holds once it answers true
	lang          string   // "": French
	dark          bool
}

// Scripts that people's hands stand for.
const (
	helpers = `
		window.at = (s) => [...document.querySelectorAll(s)].find((e) => e.checkVisibility() && e.getClientRects().length);
		window.type = (s, text) => { const e = at(s); if (!e) return false; e.focus(); e.value = text; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); e.blur(); return true; };
		window.press = (e) => { if (!e || window.pressed === e) return !!window.pressed; window.pressed = e; e.click(); return true; };
		true`
	opened = `document.readyState === 'complete'`
)

var pictures = []picture{
	{name: "quick-invoice", who: "maelle", path: "/a/10/sales/quick", width: 390, height: 1640, steps: []string{
		`type('[name=customerName]', 'Camille Roux') && (type('[name="lines[0].label"]', 'Deux bols en grès') || true) && (type('[name=gross], [name="lines[0].gross"], [name="lines[0].price"]', '48,00') || true)`,
	}},
	{name: "quote", who: "karim", path: "/sales/663", width: 1440, height: 960},
	{name: "deposit", who: "karim", path: "/sales/673", width: 1440, height: 960},
	{name: "situation", who: "karim", path: "/sales/813", width: 1440, height: 1080},
	{name: "takings-new", who: "maelle", path: "/a/10/takings/new", width: 390, height: 1000},
	{name: "till", who: "maelle", path: "/a/10/till", width: 390, height: 1000},
	{name: "reminders", who: "karim", path: "/reminders", width: 1440, height: 960},
	{name: "owed", who: "maelle", path: "/a/10/owed", width: 1440, height: 960},
	{name: "desk", who: "odile", path: "/desk", width: 1440, height: 960},
	{name: "subscriptions", who: "karim", path: "/a/14/subscriptions", width: 1440, height: 960},
}

func main() {
	base := flag.String("base", "http://127.0.0.1:8080", "address of the demonstration")
	slug := flag.String("coop", "trame-et-sillon", "cooperative")
	one := flag.String("look", "", "WHO,PATH,WIDTH[,LANG[,dark]]: one page whole, into the file named")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("name the directory of the pictures")
	}
	list, dir := pictures, flag.Arg(0)
	if *one != "" {
		f := append(strings.Split(*one, ","), "", "")
		p := picture{name: filepath.Base(dir), who: f[0], path: f[1], lang: f[3], dark: f[4] == "dark"}
		if _, err := fmt.Sscan(f[2], &p.width); err != nil {
			log.Fatal(err)
		}
		list, dir = []picture{p}, filepath.Dir(dir)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(cmp.Or(os.Getenv("ESSAIM_TEST_CHROMIUM"), "/usr/bin/chromium")), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("hide-scrollbars", true))
	root, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	root, stop = chromedp.NewContext(root)
	defer stop()
	if err := chromedp.Do(root); err != nil {
		log.Fatal(err)
	}
	for _, p := range list {
		if names := flag.Args()[1:]; len(names) > 0 && !slices.Contains(names, p.name) {
			continue
		}
		shot, err := take(root, *base, *slug, p)
		if err != nil {
			log.Fatalf("%s: %v", p.name, err)
		}
		name := p.name
		if filepath.Ext(name) == "" {
			name += ".webp"
		}
		if *one == "" && len(shot) > most {
			log.Fatalf("%s weighs %d bytes", p.name, len(shot))
		}
		if err := os.WriteFile(filepath.Join(dir, name), shot, 0o644); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %d bytes\n", name, len(shot))
	}
}

// take walks up to a page in a browser of its own, and returns what is seen there.
func take(root context.Context, base, slug string, p picture) ([]byte, error) {
	ctx, stop := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	defer stop()
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	scale, height := 1.0, cmp.Or(p.height, 900)
	if p.height != 0 && p.width > 1000 {
		scale = 0.8 // the columns of a wide screen in a picture that weighs little
	}
	phone := p.width < 500
	screen := func(height int64) chromedp.Action[chromedp.Void] {
		view := []chromedp.EmulateViewportOption{chromedp.EmulateScale(scale)}
		if phone {
			view = append(view, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
		}
		return chromedp.EmulateViewport(p.width, height, view...)
	}
	theme := "light"
	if p.dark {
		theme = "dark"
	}
	if err := chromedp.Do(ctx, screen(height), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": cmp.Or(p.lang, "fr")}})
		return err
	})); err != nil {
		return nil, err
	}
	steps := append([]string{
		fmt.Sprintf(`type('[name=email]', %q) && type('[name=password]', 'essaim-demo') && press(at('form[action="/sign-in"] button.go'))`, p.who+"@trame-et-sillon.example"),
		`!location.pathname.startsWith('/sign-in') && ` + opened,
	}, fmt.Sprintf(`location.pathname === %q ? %s : (location.href = %q, false)`, strings.Split("/"+slug+p.path, "?")[0], opened, base+"/"+slug+p.path))
	if err := open(ctx, base+"/sign-in"); err != nil {
		return nil, err
	}
	for _, step := range append(steps, p.steps...) {
		if err := until(ctx, step); err != nil {
			return nil, fmt.Errorf("%s: %w", step, err)
		}
	}
	if err := until(ctx, opened); err != nil {
		return nil, err
	}
	if p.height == 0 {
		tall, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
		if err != nil {
			return nil, err
		}
		fmt.Println("tall:", tall)
		if err := chromedp.Do(ctx, screen(min(tall, 12_000))); err != nil {
			return nil, err
		}
	}
	time.Sleep(400 * time.Millisecond) // pictures and fonts are painted
	quality, format := int64(68), page.CaptureScreenshotFormat("webp")
	if filepath.Ext(p.name) == ".png" {
		format = "png"
	}
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: format, Quality: &quality})
	return shot.Data, err
}

func open(ctx context.Context, address string) error {
	return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.Navigate, page.NavigateParams{URL: address})
		return err
	}))
}

// until asks the page again and again: a step that leads to another page holds there.
func until(ctx context.Context, script string) error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](helpers+"; !!("+script+")"))
		if err == nil && holds {
			return nil
		}
		if time.Now().After(end) {
			return cmp.Or(err, fmt.Errorf("never held"))
		}
	}
}
