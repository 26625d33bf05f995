package bench

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"essaim/activity"
	"essaim/date"
	"essaim/internal/store"
	"essaim/member"
	"essaim/sale"
)

// Large is the large demonstration on which pages are measured.
type Large struct {
	URL      string // of one that exists; "": one is filled, and thrown away
	Password string // of every login
	Fill     func(dir string) []string
	Serve    func(url, addr string) []string
}

// readers is how many entrepreneurs read their own account in turn.
const readers = 16

// wide is what the clients need to know of a large demonstration.
type wide struct {
	slug       string
	today      date.Day // last day on which an invoice was written
	activities []int64
	readers    []reader // entrepreneurs of one activity each
	manager    string
	long       reader // who wrote most invoices
	invoices   int
	middle     int64 // one of them, half way down
	counts     store.Counts
}

type reader struct {
	activity int64
	email    string
}

// large measures the pages on a large demonstration.
func (b *bench) large() error {
	b.write("\n## " + b.Print.T("bench.large") + "\n\n")
	url := b.Large.URL
	if url == "" {
		dir := filepath.Join(b.dir, "large")
		began := time.Now()
		if out, err := exec.CommandContext(b.ctx, b.Program, b.Large.Fill(dir)...).CombinedOutput(); err != nil {
			return fmt.Errorf("filling the large demonstration: %w\n%s", err, out)
		}
		b.say("bench.filled", "seconds", b.decimal(time.Since(began).Seconds(), 0))
		url = "sqlite:" + filepath.Join(dir, "essaim.db")
	}
	w, err := look(b.ctx, url)
	if err != nil {
		return err
	}
	s, err := start(b.ctx, b.Program, func(addr string) []string { return b.Large.Serve(url, addr) })
	if err != nil {
		return err
	}
	defer func() { _ = s.stop() }() // measured already
	b.say("bench.large_of", "activities", len(w.activities), "entries", w.counts.Entries, "lines", w.counts.Lines, "invoices", w.invoices)
	b.say("bench.start", "ms", b.millis(s.up), "memory", mib(usageOf(s.pid()).resident))
	points, err := w.points(b.ctx, s.url, b.Large.Password)
	if err != nil {
		return err
	}
	if err := b.pagePoints(s, points); err != nil {
		return err
	}
	b.write("\n")
	b.say("bench.memory_pages", "memory", mib(usageOf(s.pid()).resident))
	return nil
}

// points are the pages: the account as its entrepreneurs read it, each their own, and as the manager goes round all of
// them; the long list by its filters.
func (w *wide) points(ctx context.Context, base, password string) ([]pagePoint, error) {
	at := func(activity int64, rest string) string {
		return fmt.Sprintf("%s/%s/a/%d/%s", base, w.slug, activity, rest)
	}
	var own, every, mine []string
	for _, r := range w.readers {
		cookie, err := signIn(ctx, base, r.email, password)
		if err != nil {
			return nil, err
		}
		own, mine = append(own, at(r.activity, "")), append(mine, cookie)
	}
	for _, id := range w.activities {
		every = append(every, at(id, ""))
	}
	manager, err := signIn(ctx, base, w.manager, password)
	if err != nil {
		return nil, err
	}
	seller, err := signIn(ctx, base, w.long.email, password)
	if err != nil {
		return nil, err
	}
	list := at(w.long.activity, "sales?kind=invoice")
	older := fmt.Sprintf("%s&before=%d", list, w.middle)
	return []pagePoint{
		{"bench.page_account", page(own...), mine},
		{"bench.page_round", page(every...), []string{manager}},
		{"bench.page_list", page(list, list+"&state=unpaid", list+"&state=overdue", list+"&state=paid", older), []string{seller}},
	}, nil
}

// look finds who reads what in a demonstration.
func look(ctx context.Context, url string) (w wide, err error) {
	db, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	all, err := db.Cooperatives(ctx)
	if err != nil {
		return w, err
	}
	if len(all) != 1 || !all[0].Demo {
		return w, fmt.Errorf("%s is no demonstration", url)
	}
	w.slug = all[0].Slug
	err = db.Read(ctx, all[0].ID, func(tx *store.Tx) error {
		if w.counts, err = tx.Counts(); err != nil {
			return err
		}
		persons, err := tx.Persons()
		if err != nil {
			return err
		}
		last, err := tx.LastInvoices()
		if err != nil {
			return err
		}
		for _, day := range last {
			w.today = max(w.today, day)
		}
		activities, err := tx.Activities()
		if err != nil {
			return err
		}
		for _, act := range activities {
			if err := w.add(tx, act, persons); err != nil {
				return err
			}
		}
		for _, p := range persons {
			if w.manager == "" && slices.Contains(p.Roles(w.today), member.Manager) {
				w.manager = p.Email
			}
		}
		rows, err := tx.Sales(store.SaleFilter{Activity: w.long.activity, Kind: sale.Invoice, Limit: 10_000})
		if err == nil && len(rows) > 0 {
			w.middle = rows[len(rows)/2].ID
		}
		return err
	})
	var spread []reader // all over the house
	for i := range min(readers, len(w.readers)) {
		spread = append(spread, w.readers[i*len(w.readers)/min(readers, len(w.readers))])
	}
	w.readers = spread
	if err == nil && (w.manager == "" || w.long.email == "" || len(w.readers) == 0) {
		err = fmt.Errorf("%s: nobody to read its pages", url)
	}
	return w, err
}

// add notes an activity that is open, and who reads its account when it is one person's.
func (w *wide) add(tx *store.Tx, act activity.Activity, persons []member.Person) error {
	if act.Closed != 0 && act.Closed < w.today {
		return nil
	}
	w.activities = append(w.activities, act.ID)
	people := act.Members(w.today)
	if len(people) != 1 {
		return nil
	}
	i := slices.IndexFunc(persons, func(p member.Person) bool { return p.ID == people[0].Person })
	if i < 0 || persons[i].Login == 0 {
		return nil
	}
	r := reader{act.ID, persons[i].Email}
	sum, err := tx.SaleTotals(store.SaleFilter{Activity: act.ID, Kind: sale.Invoice})
	if err != nil {
		return err
	}
	if sum.Count > 0 {
		w.readers = append(w.readers, r)
	}
	if sum.Count > w.invoices {
		w.invoices, w.long = sum.Count, r
	}
	return nil
}
