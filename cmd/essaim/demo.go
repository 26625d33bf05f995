package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/demo"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/web"
)

// DemoCmd fills a believable cooperative and serves it.
type DemoCmd struct {
	Dir     string `default:"." placeholder:"DIR" help:"Directory of the file essaim.db and of its documents; made when it is missing."`
	Addr    string `default:"127.0.0.1:8080" env:"ESSAIM_ADDR" help:"Address to listen on."`
	Seed    uint64 `default:"1" help:"Chance: other amounts, customers and days."`
	Today   string `placeholder:"YYYY-MM-DD" help:"The day it is for the demonstration (default: the real one)."`
	Size    string `enum:"small,large" default:"small" help:"small: 40 people, 18 months; large: 500 activities, 10 years (minutes, about a gigabyte)."`
	DB      string `name:"db" placeholder:"URL" env:"ESSAIM_DEMO_DB" help:"Another database than the file: postgres://user:password@host/name, empty."`
	NoServe bool   `name:"no-serve" help:"Only fill."`
	Lang    speech `placeholder:"fr|en" help:"Language of the words printed (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *DemoCmd) Help() string {
	return `Fills a cooperative of forty people, thirty activities and eighteen months in a fresh file, prints its address and one login
for each role, and serves it; the sign-in page has a button for each. A file that is a demonstration already is served
again as it is, which is said; one that is not is refused. The same seed and day fill the same bytes.

Exit codes: 0 done, 1 the filling or the serving failed, 2 wrong use, among which a database that is no demonstration.

Example: essaim demo --dir /tmp/demo --addr 127.0.0.1:8080 --today 2026-11-22`
}

// Run fills when there is nothing, and serves.
func (c *DemoCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	var today date.Day
	if c.Today != "" {
		day, err := date.Parse(c.Today)
		if err != nil {
			return exitUsage, fault.At("today", "cmd.day_wrong", "day", c.Today)
		}
		today = day
	}
	if !c.NoServe { // a busy address is told before the minutes of a filling
		l, err := net.Listen("tcp", c.Addr)
		if err != nil {
			return exitUsage, fault.New(fault.Invalid, "cmd.addr", "addr", c.Addr).Wrap(err)
		}
		if err := l.Close(); err != nil {
			return exitUsage, err
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return exitUsage, fault.At("dir", "cmd.directory", "dir", c.Dir).Wrap(err)
	}
	at := place{DB: c.DB, Files: filepath.Join(c.Dir, "files")}
	if c.DB == "" {
		at = place{DB: "sqlite:" + filepath.Join(c.Dir, "essaim.db")}
	}
	clock := demo.NewClock()
	if code, err := c.ready(ctx, stdout, at, clock, today); err != nil || c.NoServe {
		return code, err
	}
	p := printer(c.Lang)
	s := ServeCmd{place: at, Addr: c.Addr, now: clock.Now, guests: guests(p), ready: func(string) { logins(stdout, p) }}
	return s.Run(ctx, stdout)
}

// ready makes sure that there is a demonstration and sets the clock on its day.
func (c *DemoCmd) ready(ctx context.Context, stdout io.Writer, at place, clock *demo.Clock, today date.Day) (int, error) {
	path, file := strings.CutPrefix(at.DB, "sqlite:")
	if !file || exists(path) {
		name, last, err := inspect(ctx, at, clock)
		if err != nil {
			return exitUsage, err
		}
		if name != "" {
			p := printer(c.Lang)
			fmt.Fprintln(stdout, p.T("cmd.demo_there", "db", strings.TrimPrefix(shown(at.DB), "sqlite:"), "name", name, "day", last))
			if today != 0 && today < last {
				fmt.Fprintln(stdout, p.T("cmd.demo_day", "today", today, "day", last))
			}
			return exitClean, c.wind(clock, today, last)
		}
	}
	fresh := at
	if file {
		fresh = place{DB: "sqlite:" + path + ".filling", Files: at.dir() + ".filling"}
		if err := discard(fresh); err != nil { // of a filling that was cut
			return exitUsage, err
		}
	}
	if today == 0 {
		today = date.FromTime(time.Now().In(paris()))
	}
	if err := c.fill(ctx, stdout, fresh, clock, today); err != nil {
		if file {
			err = errors.Join(err, discard(fresh))
		}
		return exitFound, err
	}
	if file { // the name appears when the whole is there
		if err := os.Rename(fresh.Files, at.dir()); err != nil {
			return exitFound, err
		}
		if err := os.Rename(path+".filling", path); err != nil {
			return exitFound, err
		}
	}
	return exitClean, c.wind(clock, today, 0)
}

// wind sets the clock for serving: on the day asked for, else on the real one. It never stands before the last day of
// the story, or numbers would go back.
func (c *DemoCmd) wind(clock *demo.Clock, today, last date.Day) error {
	clock.Follow()
	if real := date.FromTime(time.Now().In(paris())); c.Today == "" && real >= max(today, last) {
		return nil
	}
	clock.Stay(max(today, last), paris())
	return nil
}

func paris() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil { // the zones are in the program
		return time.UTC
	}
	return zone
}

// inspect names the demonstration that the database holds, "" for none, and its last day. One that holds another
// cooperative is refused.
func inspect(ctx context.Context, at place, clock *demo.Clock) (name string, last date.Day, err error) {
	db, err := store.Open(ctx, store.Options{URL: at.DB, Now: clock.Now})
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	all, err := db.Cooperatives(ctx)
	if err != nil {
		return "", 0, err
	}
	for _, each := range all {
		if !each.Demo {
			return "", 0, fault.New(fault.Conflict, "cmd.not_demo", "file", strings.TrimPrefix(shown(at.DB), "sqlite:"), "name", each.Name)
		}
		name = each.Name
		err = db.Read(ctx, each.ID, func(tx *store.Tx) error {
			rows, err := tx.Audits(store.AuditFilter{Limit: 1})
			if len(rows) > 0 {
				last = max(last, date.FromTime(time.UnixMicro(rows[0].At).In(paris())))
			}
			return err
		})
		if err != nil {
			return "", 0, err
		}
	}
	return name, last, nil
}

// fill opens, fills and closes. A file is synced once, at the end: before that its name is not there, and what a fall
// leaves is thrown away.
func (c *DemoCmd) fill(ctx context.Context, stdout io.Writer, at place, clock *demo.Clock, today date.Day) error {
	p := printer(c.Lang)
	fmt.Fprintln(stdout, p.T("demo.filling"))
	o, shut, err := at.openAs(ctx, office.Options{PublicURL: "http://localhost", Mail: demo.Outbox{}}, store.Options{Now: clock.Now, Filling: true})
	if err != nil {
		return err
	}
	r, err := demo.Fill(ctx, o, demo.Options{Clock: clock, Seed: c.Seed, Today: today, Size: demo.Size(c.Size)})
	if err = errors.Join(err, shut()); err != nil {
		return err
	}
	fmt.Fprintln(stdout, p.T("demo.filled", "name", r.Coop.Name, "people", r.People, "activities", r.Activities, "documents", r.Documents, "entries", r.Entries, "lines", r.Lines))
	return nil
}

// discard removes an embedded database and its documents.
func discard(at place) error {
	path := strings.TrimPrefix(at.DB, "sqlite:")
	var errs []error
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, os.RemoveAll(at.Files))...)
}

// guests are the buttons of the sign-in page.
func guests(p i18n.Printer) []web.Guest {
	var all []web.Guest
	for _, l := range demo.Logins() {
		all = append(all, web.Guest{Name: l.Name, Role: p.T(l.Role) + " — " + p.T(l.About), Email: l.Email, Password: demo.Password})
	}
	return all
}

// logins prints one login for each role and what this person sees.
func logins(w io.Writer, p i18n.Printer) {
	fmt.Fprintf(w, "\n%s\n\n", p.T("demo.logins", "password", demo.Password))
	for _, l := range demo.Logins() {
		fmt.Fprintf(w, "  %-40s %s\n  %-40s %s\n", l.Email, l.Name+", "+p.T(l.Role), "", p.T(l.About))
	}
}
