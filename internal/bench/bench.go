package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"essaim/fault"
	"essaim/i18n"
)

// The parts of a run.
const (
	Entry   = "entry"
	Bulk    = "bulk"
	Invoice = "invoice"
	Pages   = "pages"
	FEC     = "fec"
	Payroll = "payroll"
)

// Parts returns them in the order they are measured.
func Parts() []string { return []string{Entry, Bulk, Invoice, Pages, FEC, Payroll} }

// Options say what is measured.
type Options struct {
	Program  string   // executable of this program: it serves, and it is the floor (see [Floor])
	Postgres string   // address of a PostgreSQL superuser; "": SQLite only
	Quick    bool     // one second for each point, once: an idea rather than a figure
	Only     []string // parts; nil: all
	Print    i18n.Printer
	Large    Large // on which pages are measured
	// Serve and Floor are the arguments that make the program serve a database, and a file as the floor.
	Serve func(url, files, addr string) []string
	Floor func(file, addr string) []string
	// Balance are the arguments that make it sum a FEC.
	Balance func(file string) []string
}

// bench is a run.
type bench struct {
	Options
	ctx     context.Context
	out     io.Writer
	dir     string
	counted time.Duration
	rounds  int
	broken  error // of the output
}

// Run measures and writes Markdown. Everything it makes is thrown away.
func Run(ctx context.Context, out io.Writer, o Options) (err error) {
	if len(o.Only) == 0 {
		o.Only = Parts()
	}
	for _, p := range o.Only {
		if !slices.Contains(Parts(), p) {
			return fault.At("only", "bench.part", "part", p, "parts", strings.Join(Parts(), ", "))
		}
	}
	b := &bench{Options: o, ctx: ctx, out: out, counted: 4 * time.Second, rounds: 3}
	if o.Quick {
		b.counted, b.rounds = time.Second, 1
	}
	if b.dir, err = os.MkdirTemp("", "essaim-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := b.machine(); err != nil {
		return err
	}
	// A quick run fills no large demonstration: its pages are those of the bench's own cooperative.
	large := b.wants(Pages) && (o.Large.URL != "" || !o.Quick)
	if err := b.engine("SQLite", "sqlite:"+filepath.Join(b.dir, "essaim.db"), !large); err != nil {
		return err
	}
	if large {
		if err := b.large(); err != nil {
			return err
		}
	}
	if o.Postgres != "" {
		url, drop, err := freshDatabase(ctx, o.Postgres)
		if err != nil {
			return err
		}
		if err := errors.Join(b.engine("PostgreSQL", url, true), drop()); err != nil {
			return err
		}
	}
	if b.wants(FEC) {
		if err := b.balance(); err != nil {
			return err
		}
	}
	if b.wants(Payroll) {
		if err := b.payroll(); err != nil {
			return err
		}
	}
	return b.broken
}

func (b *bench) wants(part string) bool { return slices.Contains(b.Only, part) }

func (b *bench) say(key string, args ...any) { b.write(b.Print.T(key, args...) + "\n") }

func (b *bench) write(text string) {
	if _, err := io.WriteString(b.out, text); err != nil && b.broken == nil {
		b.broken = fmt.Errorf("write the tables: %w", err)
	}
}

func (b *bench) machine() error {
	m, err := Look(b.dir)
	if err != nil {
		return err
	}
	b.write("# " + b.Print.T("bench.title") + "\n\n")
	b.say("bench.machine", "cpu", m.CPU, "cores", m.Cores, "memory", gib(m.Memory), "system", m.System, "go", m.Go)
	b.say("bench.sync", "latency", b.micros(m.Sync), "load", m.Load)
	b.say("bench.method", "seconds", int(b.counted.Seconds()), "rounds", b.rounds)
	return nil
}

// engine measures one engine: the floor and the program in turn, point by point.
func (b *bench) engine(name, url string, pages bool) error {
	pages = pages && b.wants(Pages)
	if !pages && !slices.ContainsFunc(b.Only, func(p string) bool { return p != FEC && p != Pages && p != Payroll }) {
		return nil
	}
	b.write("\n## " + name + "\n\n")
	files := filepath.Join(b.dir, name+"-files")
	f, err := fill(b.ctx, url, files, pages)
	if err != nil {
		return fmt.Errorf("filling %s: %w", name, err)
	}
	ours, err := start(b.ctx, b.Program, func(addr string) []string { return b.Serve(url, files, addr) })
	if err != nil {
		return err
	}
	defer func() { _ = ours.stop() }() // measured already
	b.say("bench.start", "ms", b.millis(ours.up), "memory", mib(usageOf(ours.pid()).resident))
	if pages {
		if err := b.pages(f, ours); err != nil {
			return err
		}
	}
	least, err := start(b.ctx, b.Program, func(addr string) []string { return b.Floor(filepath.Join(b.dir, name+"-floor.db"), addr) })
	if err != nil {
		return err
	}
	defer func() { _ = least.stop() }() // its file is thrown away
	if b.wants(Entry) || b.wants(Bulk) || b.wants(Invoice) {
		if err := b.writes(f, ours, least); err != nil {
			return err
		}
	}
	b.write("\n")
	b.say("bench.memory", "memory", mib(usageOf(ours.pid()).resident), "floor", mib(usageOf(least.pid()).resident))
	return nil
}

// point is one line of the table: what is asked of the program and of the floor.
type point struct {
	part, key string
	clients   []int
	ours      func(run string) target
	floor     func(run string) target
}

func (b *bench) writes(f fixture, ours, least *server) error {
	api := func(at string, make func(at, run string) ask, units int, token string) func(string) target {
		return func(run string) target {
			return target{ask: make(ours.url+at, run), units: units, header: map[string]string{"Authorization": "Bearer " + token}, pid: ours.pid()}
		}
	}
	floor := func(at string, make func(at, run string) ask, units int) func(string) target {
		return func(run string) target {
			return target{ask: make(least.url+at, run), units: units, pid: least.pid()}
		}
	}
	plain := func(at, run string) ask { return f.entry(at, run, false) }
	item := func(at, run string) ask { return f.entry(at, run, true) }
	points := []point{
		{Entry, "bench.entry", []int{1, 8, 32}, api("/api/v1/entries", plain, 1, f.entries), floor("/entry", plain, 1)},
		{Entry, "bench.entry_item", []int{1, 8, 32}, api("/api/v1/entries", item, 1, f.entries), floor("/entry", item, 1)},
		{Bulk, "bench.bulk", []int{1, 8}, api("/api/v1/entries/bulk", f.bulk, bulkSize, f.entries), floor("/bulk", f.bulk, bulkSize)},
		{Invoice, "bench.invoice", []int{1, 8, 32}, api("/api/v1/invoices", f.invoice, 1, f.sales), floor("/entry", plain, 1)},
	}
	b.write("\n")
	b.say("bench.head")
	b.write("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, p := range points {
		if !b.wants(p.part) {
			continue
		}
		for _, n := range p.clients {
			if err := b.pair(p, n); err != nil {
				return fmt.Errorf("%s, %d clients: %w", p.part, n, err)
			}
		}
	}
	return nil
}

// pair measures the floor and the program in turn, round after round, and writes the line.
func (b *bench) pair(p point, clients int) error {
	var ours, least []measured
	for r := range b.rounds {
		name := fmt.Sprintf("%s%d-%d", strings.TrimPrefix(p.key, "bench."), clients, r)
		l, err := run(b.ctx, p.floor(name), clients, b.counted)
		if err != nil {
			return fmt.Errorf("the floor: %w", err)
		}
		o, err := run(b.ctx, p.ours(name), clients, b.counted)
		if err != nil {
			return err
		}
		ours, least = append(ours, o), append(least, l)
	}
	o, l := median(ours), median(least)
	b.write(fmt.Sprintf("| %s | %d | %s | %s | %s | %s | %s | %s | %s |\n", b.Print.T(p.key), clients, b.count(o.rate), b.millis(o.p50), b.millis(o.p99), b.micros(o.cpu), b.count(l.rate), b.micros(l.cpu), b.decimal(ratio(ours, least), 2)))
	return nil
}

// pagePoint is one line of the table of pages; who are the Cookie headers that go with its addresses, in turn.
type pagePoint struct {
	key string
	ask ask
	who []string
}

// pages measures what a signed-in person reads of the cooperative of the bench.
func (b *bench) pages(f fixture, s *server) error {
	cookie, err := signIn(b.ctx, s.url, email, password)
	if err != nil {
		return err
	}
	list := fmt.Sprintf("%s/%s/a/%d/sales?kind=invoice", s.url, slug, f.long)
	return b.pagePoints(s, []pagePoint{
		{"bench.page_account", page(fmt.Sprintf("%s/%s/a/%d/", s.url, slug, f.ids[0])), []string{cookie}},
		{"bench.page_list", page(list, list+"&state=unpaid", list+"&state=overdue", list+"&before=5000"), []string{cookie}},
	})
}

// pagePoints measures pages over HTTP and uncompressed.
func (b *bench) pagePoints(s *server, points []pagePoint) error {
	b.write("\n")
	b.say("bench.page_head")
	b.write("|---|---:|---:|---:|---:|---:|---:|\n")
	for _, p := range points {
		t := target{ask: p.ask, units: 1, header: map[string]string{"Accept-Language": "fr"}, who: p.who, pid: s.pid()}
		// Who comes for the first time is read with their rights: that is no page.
		c := newClient(1)
		for i := range p.who {
			if _, err := t.one(b.ctx, c, 0, i, make([]byte, 32<<10)); err != nil {
				return fmt.Errorf("%s: %w", p.key, err)
			}
		}
		c.CloseIdleConnections()
		for _, n := range []int{1, 8} {
			var all []measured
			for range b.rounds {
				m, err := run(b.ctx, t, n, b.counted)
				if err != nil {
					return fmt.Errorf("%s: %w", p.key, err)
				}
				all = append(all, m)
			}
			m := median(all)
			b.write(fmt.Sprintf("| %s | %d | %s | %s | %s | %s | %d |\n", b.Print.T(p.key), n, b.count(m.rate), b.millis(m.p50), b.millis(m.p99), b.micros(m.cpu), m.bytes>>10))
		}
	}
	return nil
}

// balance sums a generated year, beside « ledger » where the machine has it.
func (b *bench) balance() error {
	entrepreneurs, times := 2250, 3
	if b.Quick {
		entrepreneurs, times = 225, 1
	}
	file, journal, lines, err := books(b.dir, entrepreneurs)
	if err != nil {
		return err
	}
	ours, err := coldRun(b.ctx, times, b.Program, b.Balance(file)...)
	if err != nil {
		return err
	}
	b.write("\n## FEC\n\n")
	b.say("bench.balance", "lines", lines, "seconds", b.decimal(ours.took.Seconds(), 2), "memory", mib(ours.peak))
	if _, err := exec.LookPath("ledger"); err != nil {
		b.say("bench.no_ledger")
		return nil
	}
	theirs, err := coldRun(b.ctx, times, "ledger", "-f", journal, "--args-only", "bal", "--flat")
	if err != nil {
		return err
	}
	b.say("bench.ledger", "seconds", b.decimal(theirs.took.Seconds(), 2), "memory", mib(theirs.peak), "times", b.decimal(theirs.took.Seconds()/ours.took.Seconds(), 1))
	return nil
}
