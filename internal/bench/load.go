package bench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// ask makes the i-th request of a client: address, body (nil: GET) and key of idempotency ("": none).
type ask func(client, i int) (url string, body []byte, key string)

// target is what clients ask.
type target struct {
	ask    ask
	units  int               // entries, invoices or pages in each answer
	header map[string]string // of each request
	who    []string          // Cookie headers, in turn as [page] takes its addresses
	pid    int               // of the server, for its CPU time
}

// measured is what clients got.
type measured struct {
	rate     float64 // units a second
	p50, p99 time.Duration
	cpu      time.Duration // of the server, for one unit
	bytes    int64         // of an answer
}

// clients bounds what each asks with its own connection.
func newClient(clients int) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients, DisableCompression: true},
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// warm is how long clients ask before anything counts.
const warm = 300 * time.Millisecond

// run asks from a number of clients, each waiting for its answer, and counts for as long as said. An answer that is no
// success ends the run: a rate made of refusals says nothing.
func run(ctx context.Context, t target, clients int, counted time.Duration) (measured, error) {
	c := newClient(clients)
	defer c.CloseIdleConnections()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var took []time.Duration
	var bytes int64
	from := time.Now().Add(warm)
	until := from.Add(counted)
	var before usage
	gauge := time.AfterFunc(warm, func() {
		u := usageOf(t.pid)
		mu.Lock()
		before = u
		mu.Unlock()
	})
	defer gauge.Stop()
	var wait sync.WaitGroup
	for n := range clients {
		wait.Go(func() {
			var mine []time.Duration
			var got int64
			buffer := make([]byte, 32<<10)
			for i := 0; ctx.Err() == nil; i++ {
				start := time.Now()
				if start.After(until) {
					break
				}
				size, err := t.one(ctx, c, n, i, buffer)
				if err != nil {
					cancel(err)
					return
				}
				if end := time.Now(); end.After(from) {
					mine = append(mine, end.Sub(start))
					got += size
				}
			}
			mu.Lock()
			took, bytes = append(took, mine...), bytes+got
			mu.Unlock()
		})
	}
	wait.Wait()
	elapsed := time.Since(from)
	after := usageOf(t.pid)
	if err := context.Cause(ctx); err != nil {
		return measured{}, err
	}
	if len(took) == 0 {
		return measured{}, errors.New("no answer in time")
	}
	slices.Sort(took)
	units := max(1, len(took)*t.units)
	mu.Lock()
	defer mu.Unlock()
	return measured{
		rate: float64(units) / elapsed.Seconds(), p50: took[len(took)/2], p99: took[len(took)*99/100],
		cpu: (after.cpu - before.cpu) / time.Duration(units), bytes: bytes / int64(len(took)),
	}, nil
}

func (t target) one(ctx context.Context, c *http.Client, client, i int, buffer []byte) (int64, error) {
	url, body, key := t.ask(client, i)
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	if len(t.who) > 0 {
		r.Header.Set("Cookie", t.who[(client+i)%len(t.who)])
	}
	for k, v := range t.header {
		r.Header.Set(k, v)
	}
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	var size int64
	var told []byte
	for err == nil {
		var n int
		n, err = answer.Body.Read(buffer)
		size += int64(n)
		if answer.StatusCode >= 300 && len(told) < 600 {
			told = append(told, buffer[:n]...)
		}
	}
	_ = answer.Body.Close() // read to its end
	if !errors.Is(err, io.EOF) {
		return 0, err
	}
	if answer.StatusCode >= 300 {
		return 0, fmt.Errorf("%s %s: %s %s", method, url, answer.Status, strings.TrimSpace(string(told[:min(len(told), 600)])))
	}
	return size, nil
}

// median is the middle of several runs by rate: a neighbour's burst does not decide.
func median(all []measured) measured {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b measured) int { return cmp.Compare(a.rate, b.rate) })
	return sorted[len(sorted)/2]
}

// ratio is the median of the ratios of pairs that were measured one after the other.
func ratio(ours, theirs []measured) float64 {
	var all []float64
	for i := range ours {
		all = append(all, ours[i].rate/theirs[i].rate)
	}
	slices.Sort(all)
	return all[len(all)/2]
}
