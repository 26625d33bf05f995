package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// body is the entry of a small sale: three lines in one of the sections. item makes its first line a customer's, which
// opens an item.
func (f *fixture) body(run string, k int, item bool) []byte {
	s := k % len(f.sections)
	net := 15_000 + k*7919%250_000
	first, third := "467", ""
	if item {
		first, third = "411", `,"third":"`+f.thirds[s]+`"`
	}
	return fmt.Appendf(nil, `{"journal":"OD","date":"%s","ref":"%s-%d","label":"Facture %d","lines":[{"account":"%s","section":"%s","debit":%d%s},{"account":"706","section":"%s","credit":%d,"tax":"S20"},{"account":"44571","section":"%s","credit":%d,"tax":"S20"}]}`,
		f.today, run, k, k, first, f.sections[s], net+net/5, third, f.sections[s], net, f.sections[s], net/5)
}

// stride keeps the numbers of the clients of one run apart.
const stride = 1_000_000

// entry asks for one entry; path is that of the program or of the floor.
func (f *fixture) entry(at, run string, item bool) ask {
	return func(client, i int) (string, []byte, string) {
		k := client*stride + i
		return at, f.body(run, k, item), fmt.Sprintf("%s-%d", run, k)
	}
}

// bulkSize is how many entries a bulk holds.
const bulkSize = 100

func (f *fixture) bulk(at, run string) ask {
	return func(client, i int) (string, []byte, string) {
		b := []byte{'['}
		for n := range bulkSize {
			if n > 0 {
				b = append(b, ',')
			}
			b = append(b, f.body(run, client*stride+i*bulkSize+n, false)...)
		}
		return at, append(b, ']'), fmt.Sprintf("%s-%d-%d", run, client, i)
	}
}

// invoice asks for an invoice that leaves alone: written, numbered and booked with its contribution when the answer comes.
func (f *fixture) invoice(at, run string) ask {
	return func(client, i int) (string, []byte, string) {
		k := client*stride + i
		n := k % len(f.ids)
		buyers := f.customers[n]
		return at, fmt.Appendf(nil, `{"activity":%d,"customer":%d,"title":"Intervention %d","delivered":"%s","dueDays":30,"submit":true,"lines":[{"label":"Intervention","nature":"service","quantity":"1.5","price":"%d.50","tax":"S20"},{"label":"Déplacement","nature":"service","price":"35","tax":"S20"}]}`,
			f.ids[n], buyers[k/len(f.ids)%len(buyers)], k, f.today, 100+k*7919%900), fmt.Sprintf("%s-%d", run, k)
	}
}

// page asks for pages in turn.
func page(urls ...string) ask {
	return func(client, i int) (string, []byte, string) { return urls[(client+i)%len(urls)], nil, "" }
}

// signIn opens a session over HTTP and returns the Cookie header that carries it.
func signIn(ctx context.Context, base, email, password string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	c := newClient(1)
	c.Jar, c.Timeout = jar, 30*time.Second
	defer c.CloseIdleConnections()
	form := url.Values{"email": {email}, "password": {password}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+firstPage, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	answer, err := c.Do(r)
	if err != nil {
		return "", err
	}
	_ = answer.Body.Close() // the cookie is in its header
	if answer.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("sign-in: %s", answer.Status)
	}
	var all []string
	for _, cookie := range jar.Cookies(r.URL) {
		all = append(all, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(all, "; "), nil
}
