package web

import (
	"strconv"
	"sync"

	"essaim/i18n"
)

// The frame around a page is written by hand like the rows of lists: every page has it, and html/template would take
// longer for it than for the page (see doc.go).

// headTags are the same on every page.
var headTags = sync.OnceValue(func() string {
	m := new(markup)
	m.raw(`<meta name="color-scheme" content="light dark"><meta name="theme-color" content="#f6f5f2" media="(prefers-color-scheme: light)"><meta name="theme-color" content="#141311" media="(prefers-color-scheme: dark)"><meta name="robots" content="noindex">`)
	m.raw(`<link rel="preload" href="`).raw(assetURL("fonts/inter-400.woff2")).raw(`" as="font" type="font/woff2" crossorigin><link rel="stylesheet" href="`).raw(assetURL("app.css"))
	m.raw(`"><link rel="icon" href="`).raw(assetURL("favicon.svg")).raw(`" type="image/svg+xml"><link rel="apple-touch-icon" href="`).raw(assetURL("apple-touch-icon.png"))
	m.raw(`"><link rel="manifest" href="/manifest.webmanifest"><script src="`).raw(assetURL("app.js")).raw(`" defer></script>`)
	return string(m.b)
})

const logo = `<svg viewBox="0 0 28 28" aria-hidden="true" class="logo"><path class="lg1" d="M13.85 6.80L13.85 12.40L9.00 15.20L4.15 12.40L4.15 6.80L9.00 4.00z"/><path class="lg2" d="M24.25 6.80L24.25 12.40L19.40 15.20L14.55 12.40L14.55 6.80L19.40 4.00z"/><path class="lg3" d="M19.05 16.10L19.05 21.70L14.20 24.50L9.35 21.70L9.35 16.10L14.20 13.30z"/></svg>`

// head writes what stands before the body.
func (m *markup) headOf(p i18n.Printer, theme, title, brand string, page Page) {
	m.raw(`<!doctype html><html lang="`).raw(p.Lang()).raw(`"`).attr("data-theme", theme)
	m.raw(`><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>`).text(title).raw(" · ").text(brand).raw("</title>").raw(headTags())
	if page.Live {
		m.raw(`<meta name="htmx-config" content='{"includeIndicatorCSS":false}'><script src="`).raw(assetURL("htmx.min.js")).raw(`" defer></script>`)
	}
	if page.Refresh > 0 {
		m.raw(`<noscript><meta http-equiv="refresh" content="`).int(page.Refresh).raw(`"></noscript>`)
	}
	if page.Script != "" {
		m.raw(`<script src="`).raw(assetURL(page.Script)).raw(`" defer></script>`)
	}
	m.raw("</head>")
}

// layout writes the frame of a cooperative around main.
func (m *markup) layout(sc *screen, main func(*markup) error) error {
	p, nav, page := sc.P, sc.Nav, sc.Page
	m.headOf(p, sc.Theme(), page.Title, nav.Brand, page)
	m.raw("<body").attr("data-by", strconv.FormatInt(sc.Who.Login, 36)) // whose drafts a tab may save: see app.js
	switch {
	case page.Wide && page.Team:
		m.raw(` class="wide team"`)
	case page.Wide:
		m.raw(` class="wide"`)
	case page.Team:
		m.raw(` class="team"`)
	}
	m.raw(`><a class="skip" href="#main">`).text(p.T("web.skip")).raw(`</a><header class="top"><a class="ib phone-only" href="#side"`).attr("aria-label", p.T("web.menu")).raw(">").icon("menu-2")
	m.raw(`</a><a class="brand" href="`).text(nav.Home).raw(`"`).attr("aria-label", p.T("web.brand_home", "name", nav.Brand)).raw(">").raw(logo).raw("<span>").text(nav.Brand).raw("</span></a>")
	m.places(p, nav)
	if nav.Search != "" {
		m.raw(`<form class="search" action="`).text(nav.Search).raw(`" role="search"><label class="sr" for="q">`).text(p.T("web.search")).raw("</label>").icon("search")
		m.raw(`<input id="q" type="search" name="q"`).attr("placeholder", p.T("web.search_hint")).attr("value", sc.SearchText()).raw(`><kbd aria-hidden="true">/</kbd></form><span class="sp"></span><a class="ib phone-only" href="`).text(nav.Search).raw(`"`).attr("aria-label", p.T("web.search")).raw(">").icon("search").raw("</a>")
	} else {
		m.raw(`<span class="sp grow"></span>`)
	}
	m.raw(`<details class="pop mine"><summary class="ib"`).attr("aria-label", p.T("web.profile")).raw(">").avatar(nav.Name).raw(`</summary><div class="sheet"><p class="who2"><b>`).text(nav.Name).raw("</b><small>").text(nav.Roles)
	m.raw(`</small></p><a href="/me">`).icon("user").text(p.T("web.profile")).raw(`</a><form method="post" action="/sign-out"><button>`).icon("logout").text(p.T("web.sign_out")).raw("</button></form></div></details></header>")
	m.side(p, nav, page.Section)
	m.raw(`<main class="main`)
	if page.Main != "" {
		m.raw(" ").text(page.Main)
	}
	m.raw(`" id="main">`).flash(p, sc.Flash())
	if err := main(m); err != nil {
		return err
	}
	m.raw("</main>")
	if len(nav.Dock) > 0 && !page.NoDock {
		m.raw(`<nav class="dock d`).int(len(nav.Dock)).raw(`"`).attr("aria-label", p.T("web.dock")).raw(">")
		for i, d := range nav.Dock {
			m.raw("<a")
			if page.Home && i == 0 {
				m.raw(` class="go"`)
			}
			m.raw(` href="`).text(d.Href).raw(`"`)
			if d.Section == page.Section {
				m.raw(` aria-current="page"`)
			}
			m.raw(">").icon(d.Icon).text(d.Label).raw("</a>")
		}
		m.raw("</nav>")
	}
	m.raw("</body></html>\n")
	return nil
}

// places writes where one is, and the others one can go to.
func (m *markup) places(p i18n.Printer, nav *Shell) {
	here := func() {
		m.hexagon(nav.Place.Name).raw(`<span class="t"><b>`).text(nav.Place.Name).raw(`</b><small><span class="phone-only">`).text(nav.Brand).raw(`</span><span class="desk-only">`).text(nav.Place.About).raw("</span></small></span>")
	}
	if len(nav.Places) == 0 {
		m.raw(`<div class="switch-act one"`).attr("title", nav.Place.Name).raw(">")
		here()
		m.raw("</div>")
		return
	}
	m.raw(`<details class="pop place"><summary class="switch-act"`).attr("title", nav.Place.Name).raw(">")
	here()
	m.icon("chevron-down").raw(`<span class="sr">`).text(p.T("web.switch")).raw(`</span></summary><div class="sheet">`)
	for _, x := range nav.Places {
		m.raw(`<a href="`).text(x.Href).raw(`">`).hexagon(x.Name).raw(`<span class="t"><b>`).text(x.Name).raw("</b><small>").text(x.About).raw("</small></span></a>")
	}
	m.raw("</div></details>")
}

// side writes the sections, and who accompanies.
func (m *markup) side(p i18n.Printer, nav *Shell, section string) {
	m.raw(`<nav class="side" id="side"`).attr("aria-label", p.T("web.sections")).raw(`><div><a class="ib close phone-only" href="#main"`).attr("aria-label", p.T("web.close")).raw(">").icon("x").raw("</a>")
	for _, g := range nav.Groups {
		if g.Name != "" {
			m.raw("<h2>").text(g.Name).raw("</h2>")
		}
		for _, i := range g.Items {
			m.raw(`<a href="`).text(i.Href).raw(`"`)
			if i.Section == section {
				m.raw(` aria-current="page"`)
			}
			m.raw(">").icon(i.Icon).text(i.Label)
			if i.Count != "" {
				m.raw("<b>").text(i.Count).raw("</b>")
			}
			m.raw("</a>")
		}
	}
	if a := nav.Advisor; a.Name != "" {
		m.raw(`<div class="foot">`).avatar(a.Name).raw("<span><b>").text(a.First).raw("</b> ").text(p.T("web.advisor")).raw("<br>").contact(a).raw("</span></div>")
	} else {
		m.raw(`<div class="foot">`).avatar(nav.Name).raw("<span><b>").text(nav.Name).raw("</b><br>").text(nav.Roles).raw("</span></div>")
	}
	m.raw("</div></nav>")
}

// contact writes the telephone number, or the address, as a link.
func (m *markup) contact(c Contact) *markup {
	switch {
	case c.Phone != "":
		m.raw(`<a href="`).text(string(c.Tel())).raw(`">`).text(c.Phone).raw("</a>")
	case c.Email != "":
		m.raw(`<a href="mailto:`).text(c.Email).raw(`">`).text(c.Email).raw("</a>")
	}
	return m
}

// flash writes the message of the deed before.
func (m *markup) flash(p i18n.Printer, f *flash) {
	if f == nil {
		return
	}
	m.raw(`<div class="undo" role="status"><span>`).text(f.Text).raw("</span>")
	if f.Undo != "" {
		m.raw(`<form method="post" action="`).text(f.Undo).raw(`">`)
		for name, value := range f.With {
			m.raw(`<input type="hidden" name="`).text(name).raw(`" value="`).text(value).raw(`">`)
		}
		m.raw("<button>").text(p.T("web.undo")).raw("</button></form>")
	}
	m.raw("</div>")
}

// bare writes the frame of those who are in no cooperative: sign-in, a customer's page.
func (m *markup) bare(sc *screen, main func(*markup) error) error {
	p := sc.P
	m.headOf(p, sc.Theme(), sc.Page.Title, "Essaim", sc.Page)
	m.raw(`<body class="bare"><a class="skip" href="#main">`).text(p.T("web.skip")).raw(`</a><header class="top"><a class="brand" href="/">`).raw(logo).raw(`<span>Essaim</span></a><span class="sp"></span><form class="langs" method="post" action="/language"><input type="hidden" name="back"`).attr("value", sc.Here()).raw(">")
	for _, l := range [][2]string{{"fr", "Français"}, {"en", "English"}} {
		m.raw(`<button name="lang" value="`).raw(l[0]).raw(`" lang="`).raw(l[0]).raw(`"`)
		if l[0] == p.Lang() {
			m.raw(` aria-current="true"`)
		}
		m.raw(">").raw(l[1]).raw("</button>")
	}
	m.raw(`</form></header><main class="main`)
	if sc.Page.Main != "" {
		m.raw(" ").text(sc.Page.Main)
	}
	m.raw(`" id="main">`).flash(p, sc.Flash())
	if err := main(m); err != nil {
		return err
	}
	m.raw("</main></body></html>\n")
	return nil
}
