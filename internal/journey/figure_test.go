package journey

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"essaim/internal/web/webtest"
	"essaim/money"
)

// row is a line of « Pourquoi ? » as it stands on the page.
type row struct {
	Kind, Label, Href, Amount string
}

// rows reads the subtraction of a page, the one in front or another.
const rows = `(async (href) => { let d = document;
	if (href) d = new DOMParser().parseFromString(await (await fetch(href)).text(), 'text/html');
	return [...d.querySelectorAll('table.sub tr')].map((r) => ({ Kind: r.className, Label: r.querySelector('th').textContent, Href: (r.querySelector('th a') || r.querySelector('td a') || {getAttribute: () => ''}).getAttribute('href'), Amount: r.querySelector('td').textContent })); })(%q)`

// cents reads an amount as people read it: « −1 234,56 € ».
func cents(t *testing.T, text string) money.Cents {
	t.Helper()
	sign, digits := money.Cents(1), ""
	for _, r := range text {
		switch {
		case r == '−' || r == '-':
			sign = -1
		case r >= '0' && r <= '9':
			digits += string(r)
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !strings.ContainsAny(text, ",.") {
		t.Fatalf("not an amount with cents: %q", text)
	}
	return sign * money.Cents(n)
}

// why reads the panel of a figure and checks that its lines sum to it, and those of every figure it leads to.
func (p *tab) why(figure string) map[string]money.Cents {
	p.t.Helper()
	all := map[string]money.Cents{}
	p.sums(path("/a/%d/why/%s", webtest.Ceramique, figure), all)
	return all
}

func (p *tab) sums(href string, all map[string]money.Cents) {
	p.t.Helper()
	_, figure, _ := strings.Cut(href, "/why/")
	if _, seen := all[figure]; seen {
		return
	}
	all[figure] = 0
	var sum money.Cents
	result := false
	for _, r := range eval[[]row](p, fmt.Sprintf(rows, href), chromedp.EvalAwaitPromise) {
		if strings.TrimSpace(r.Amount) == "" {
			continue // « rien encore »
		}
		amount := cents(p.t, r.Amount)
		switch r.Kind {
		case "nest":
		case "eq", "res":
			if result = true; amount != sum {
				p.t.Errorf("%s: %s, but its lines make %s", href, amount, sum)
			}
			all[figure] = amount
		default:
			sum += amount
		}
		switch {
		case strings.Contains(r.Href, "/why/"):
			p.sums(r.Href, all)
			if _, of, _ := strings.Cut(r.Href, "/why/"); !strings.Contains(of, "?") && all[of] != amount {
				p.t.Errorf("%s: « %s » is %s there and %s on its own page", href, r.Label, amount, all[of])
			}
		case r.Href != "":
			if status := eval[int](p, fmt.Sprintf(`fetch(%q).then((a) => a.status)`, r.Href), chromedp.EvalAwaitPromise); status != 200 {
				p.t.Errorf("%s: « %s » leads to %s, which answers %d", href, r.Label, r.Href, status)
			}
		}
	}
	if !result {
		p.t.Errorf("%s: no figure", href)
	}
}
