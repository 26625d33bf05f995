package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"essaim/fault"
	"essaim/internal/auth"
	"essaim/internal/mail"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/web"
	"essaim/internal/web/api"
)

// place says where the data are.
type place struct {
	DB    string `name:"db" default:"sqlite:essaim.db" placeholder:"URL" env:"ESSAIM_DB" help:"sqlite:FILE or postgres://user:password@host/name."`
	Files string `placeholder:"DIR" env:"ESSAIM_FILES" help:"Directory of filed documents (default: beside the file, or ./files)."`
}

// dir returns the directory of files: beside an embedded file unless named.
func (p place) dir() string {
	if p.Files != "" {
		return p.Files
	}
	if path, ok := strings.CutPrefix(p.DB, "sqlite:"); ok {
		return strings.TrimSuffix(path, filepath.Ext(path)) + "-files"
	}
	return "files"
}

// open opens store, files and office.
func (p place) open(ctx context.Context, opt office.Options, now func() time.Time) (*office.Office, func() error, error) {
	return p.openAs(ctx, opt, store.Options{Now: now})
}

// openAs is open with other options of the store than its clock.
func (p place) openAs(ctx context.Context, opt office.Options, so store.Options) (*office.Office, func() error, error) {
	return p.openWith(ctx, so, func(*store.DB) (office.Options, error) { return opt, nil })
}

// openWith is openAs with options that are made once the database is there: nothing is left beside one that is refused.
func (p place) openWith(ctx context.Context, so store.Options, options func(*store.DB) (office.Options, error)) (*office.Office, func() error, error) {
	so.URL = p.DB
	db, err := store.Open(ctx, so)
	if err != nil {
		return nil, nil, err
	}
	opt, err := options(db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	files, err := store.OpenFiles(p.dir())
	if err != nil {
		return nil, nil, errors.Join(fault.At("files", "cmd.directory", "dir", p.dir()).Wrap(err), db.Close())
	}
	return office.New(db, files, opt), func() error { return errors.Join(files.Close(), db.Close()) }, nil
}

// ServeCmd serves a database.
type ServeCmd struct {
	place
	Addr      string `default:"127.0.0.1:8080" env:"ESSAIM_ADDR" help:"Address to listen on."`
	PublicURL string `name:"public-url" placeholder:"URL" env:"ESSAIM_PUBLIC_URL" help:"Address that browsers see, https unless loopback (default: http and the address listened on)."`
	TLSCert   string `name:"tls-cert" placeholder:"FILE" help:"Certificate, to serve https directly."`
	TLSKey    string `name:"tls-key" placeholder:"FILE" help:"Its key."`
	SMTP      string `name:"smtp" placeholder:"URL" env:"ESSAIM_SMTP" help:"Mail server: smtp://user:password@host:port?tls=starttls. Without it mails are written to a directory."`
	Proxy     bool   `help:"Believe X-Forwarded-For: only behind a proxy of your own."`

	guests []web.Guest
	now    func() time.Time
	ready  func(url string)
}

// Help is the long help of the command.
func (c *ServeCmd) Help() string {
	return `Serves the pages and the API until it is told to stop; jobs (rendering, mail) run beside. Without a certificate it
speaks plain http, so it listens on this machine only, unless --public-url names the https address of a proxy in front of it.

Exit codes: 0 told to stop, 1 it failed while serving, 2 wrong use: no such file, a database without a cooperative, an address taken, a
certificate that cannot be read.

Example: essaim serve --db sqlite:essaim.db --addr 127.0.0.1:8080 --smtp 'smtp://localhost:25?tls=none'`
}

// Run serves until ctx ends.
func (c *ServeCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return exitUsage, fault.New(fault.Invalid, "cmd.tls_pair")
	}
	if c.TLSCert != "" { // told before anything is served
		if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
			return exitUsage, fault.At("tls-cert", "cmd.tls_files", "cert", c.TLSCert, "key", c.TLSKey).Wrap(err)
		}
	}
	if err := present(c.DB); err != nil { // a mistyped name would be served empty
		return exitUsage, err
	}
	if c.TLSCert == "" && c.PublicURL == "" && c.guests == nil && !loopback(c.Addr) {
		return exitUsage, fault.At("addr", "cmd.plain", "addr", c.Addr)
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return exitUsage, fault.New(fault.Invalid, "cmd.addr", "addr", c.Addr).Wrap(err)
	}
	defer func() { _ = l.Close() }() // closed by the server; a second close is harmless
	public := c.PublicURL
	if public == "" {
		scheme := "http"
		if c.TLSCert != "" {
			scheme = "https"
		}
		public = scheme + "://" + host(l.Addr().String())
	}
	o, shut, err := c.openWith(ctx, store.Options{Now: c.now}, func(db *store.DB) (office.Options, error) {
		if err := inhabited(ctx, db, c.DB); err != nil {
			return office.Options{}, err
		}
		mailer, err := c.mailer()
		return office.Options{PublicURL: public, Mail: mailer}, err
	})
	if err != nil {
		return exitUsage, err
	}
	defer func() {
		if err := shut(); err != nil {
			slog.Error("closing", "error", err)
		}
	}()
	address := c.address()
	a, err := auth.New(o.DB(), auth.Options{PublicURL: public, Now: c.now, Send: o.SendLetter, Address: address, Lang: web.VisitorLang})
	if err != nil {
		return exitUsage, fault.At("public-url", "cmd.public_url", "url", public).Wrap(err)
	}
	defer a.Close() // letters still being written need the store
	server, err := web.New(o, a, web.Options{PublicURL: public, Version: version(), API: api.New(o, a), Guests: c.guests, Address: address})
	if err != nil {
		return exitUsage, err
	}
	s := &http.Server{Handler: server.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	var working sync.WaitGroup
	jobs, stop := context.WithCancel(context.WithoutCancel(ctx))
	clean(jobs, a)
	working.Go(func() { o.Work(jobs) })
	working.Go(func() { sweep(jobs, a) })
	failed := make(chan error, 1)
	go func() {
		if c.TLSCert != "" {
			failed <- s.ServeTLS(l, c.TLSCert, c.TLSKey)
		} else {
			failed <- s.Serve(l)
		}
	}()
	fmt.Fprintf(stdout, "%s\n", printer("").T("cmd.serving", "url", public))
	if c.ready != nil {
		c.ready(public)
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		// Requests under way are finished, then the jobs, then the store.
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		err = s.Shutdown(bounded)
		cancel()
	}
	stop()
	working.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err != nil {
		return exitFound, err
	}
	return exitClean, nil
}

// sweep removes every hour what sign-in no longer needs.
func sweep(ctx context.Context, a *auth.Service) {
	next := time.NewTicker(time.Hour)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			clean(ctx, a)
		}
	}
}

// clean removes sessions, links and counts that have run out. The program serves as well with them.
func clean(ctx context.Context, a *auth.Service) {
	if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
		slog.Error("removing what sign-in no longer needs", "error", err)
	}
}

func (c *ServeCmd) mailer() (office.Mailer, error) {
	if c.SMTP == "" {
		dir := filepath.Join(c.dir(), "mail")
		m, err := mail.NewSpool(dir)
		if err != nil {
			return nil, fault.At("files", "cmd.directory", "dir", dir).Wrap(err)
		}
		return m, nil
	}
	m, err := mail.New(mail.Config{URL: c.SMTP})
	if err != nil {
		return nil, fault.At("smtp", "cmd.smtp").Wrap(err)
	}
	return m, nil
}

// address tells who asks.
func (c *ServeCmd) address() func(*http.Request) string {
	if !c.Proxy {
		return nil
	}
	return func(r *http.Request) string {
		// The proxy's word is the last one, whether it added to the visitor's own line or wrote a line of its own.
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(list[len(list)-1]); net.ParseIP(last) != nil {
			return last
		}
		name, _, _ := net.SplitHostPort(r.RemoteAddr)
		return name
	}
}

// host makes an address a browser can open of one that is listened on.
func host(addr string) string {
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(name); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		name = "localhost"
	}
	return net.JoinHostPort(name, port)
}

// loopback says whether an address is open to this machine only.
func loopback(addr string) bool {
	name, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback()
	}
	return err != nil || name == "localhost" // what is no address is refused where it is listened on
}

// exists says whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
