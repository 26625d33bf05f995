package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
)

// VerifyCmd recomputes everything that is derived.
type VerifyCmd struct {
	DB    string `name:"db" required:"" placeholder:"URL" env:"ESSAIM_DB" help:"sqlite:FILE or postgres://…"`
	Files string `placeholder:"DIR" env:"ESSAIM_FILES" help:"Directory of filed documents (default: beside the file, or ./files); when there is none they are not read, and the answer says so."`
	Lang  speech `placeholder:"fr|en" help:"Language of the findings (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *VerifyCmd) Help() string {
	return `Reads every entry, document and payment, recomputes balances, open items, numbers and turnover, compares each document with its
validation, its entry and its history, follows the chains and reads every filed document against its SHA-256. It ends with the head of each chain: keep it elsewhere, and nobody can rewrite the books
before it unseen. A running server is not disturbed.

Exit codes: 0 everything agrees, 1 something differs (each finding on a line), 2 the database cannot be read or holds no cooperative.

Example: essaim verify --db sqlite:essaim.db`
}

// Run verifies.
func (c *VerifyCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	if err := present(c.DB); err != nil {
		return exitUsage, err
	}
	db, err := store.Open(ctx, store.Options{URL: c.DB})
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = db.Close() }() // only read
	if err := inhabited(ctx, db, c.DB); err != nil {
		return exitUsage, err
	}
	found, err := db.Verify(ctx)
	if err != nil {
		return exitFound, err
	}
	p := printer(c.Lang)
	remark := ""
	if dir := (place{DB: c.DB, Files: c.Files}).dir(); c.Files != "" || exists(dir) {
		lost, err := verifyFiles(ctx, db, dir)
		if err != nil {
			return exitUsage, err
		}
		found = append(found, lost...)
	} else {
		remark = p.T("cmd.verify_files", "dir", dir)
	}
	for _, f := range found {
		fmt.Fprintf(stdout, "%s: %s\n", f.Coop, p.T(f.Key, f.Args...))
	}
	if remark != "" {
		fmt.Fprintln(stdout, remark)
	}
	earlier, err := db.Earliers(ctx)
	if err != nil {
		return exitUsage, err
	}
	for _, e := range earlier {
		fmt.Fprintln(stdout, p.T("cmd.verify_earlier", "coop", e.Coop, "n", e.N))
	}
	if len(found) > 0 {
		return exitFound, nil
	}
	fmt.Fprintln(stdout, p.T("cmd.verify_clean"))
	heads, err := db.Heads(ctx)
	if err != nil {
		return exitFound, err
	}
	for _, h := range heads {
		fmt.Fprintln(stdout, p.T("cmd.verify_head", "coop", h.Coop, "what", i18n.Said{Key: "cmd.head." + h.Name, Args: []any{"n", h.N}}, "head", hex.EncodeToString(h.Chain)))
	}
	return exitClean, nil
}

// verifyFiles reads the filed documents, in a directory that is there.
func verifyFiles(ctx context.Context, db *store.DB, dir string) ([]store.Finding, error) {
	if !exists(dir) {
		return nil, fault.At("files", "cmd.no_file", "file", dir)
	}
	files, err := store.OpenFiles(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = files.Close() }() // only read
	return db.VerifyFiles(ctx, files)
}

// present refuses an embedded file that is not there, instead of making an empty one.
func present(url string) error {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && !exists(path) {
		return fault.New(fault.NotFound, "cmd.absent", "file", path)
	}
	return nil
}

// inhabited refuses a database that holds no cooperative: a mistyped name, or a copy that was not put back.
func inhabited(ctx context.Context, db *store.DB, url string) error {
	all, err := db.Cooperatives(ctx)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "cmd.no_coop", "db", shown(url))
	}
	return err
}

// FECExportCmd writes a FEC.
type FECExportCmd struct {
	place
	Coop string `placeholder:"SLUG" help:"Cooperative, when the database holds several."`
	Year string `placeholder:"LABEL" help:"Fiscal year, such as 2026 (default: that of today)."`
	Out  string `default:"." placeholder:"DIR" help:"Directory the two files are written to; made when it is missing."`
	UTF8 bool   `name:"utf8" help:"UTF-8 instead of ISO 8859-15."`
}

// Help is the long help of the command.
func (c *FECExportCmd) Help() string {
	return `Writes SIRENFECyyyymmdd.txt (LPF art. A47 A-1) and SIRENFECyyyymmdd-sections.csv, which holds the section of each line, and
prints the two paths.

Example: essaim fec export --db sqlite:essaim.db --year 2026 --out /tmp`
}

// Run exports.
func (c *FECExportCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	if err := present(c.DB); err != nil {
		return exitUsage, err
	}
	o, shut, err := c.open(ctx, office.Options{}, nil)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // only read
	coopID, err := theCoop(ctx, o, c.DB, c.Coop)
	if err != nil {
		return exitUsage, err
	}
	a, err := o.System(ctx, coopID)
	if err != nil {
		return exitUsage, err
	}
	set, _, err := o.Settings(ctx, a)
	if err != nil {
		return exitUsage, err
	}
	year, ok := set.YearOf(a.Today)
	if c.Year != "" {
		year, ok = ledger.FiscalYear{}, false
		for _, y := range set.Years {
			if y.Span.Label() == c.Year {
				year, ok = y, true
			}
		}
	}
	if !ok {
		return exitUsage, fault.New(fault.NotFound, "cmd.no_year", "year", c.Year)
	}
	name := filepath.Join(c.Out, office.FECName(set, year))
	side := strings.TrimSuffix(name, ".txt") + "-sections.csv"
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return exitUsage, fault.At("out", "cmd.directory", "dir", c.Out).Wrap(err)
	}
	if err := whole([]string{name, side}, func(w []io.Writer) error { return o.ExportFEC(ctx, a, year.ID, !c.UTF8, w[0], w[1]) }); err != nil {
		return exitFound, fault.At("out", "cmd.export", "dir", c.Out).Wrap(err)
	}
	fmt.Fprintf(stdout, "%s\n%s\n", name, side)
	return exitClean, nil
}

// whole writes files that appear under their names when all of them are complete: a cut export leaves what was there.
func whole(names []string, write func([]io.Writer) error) (err error) {
	var files []*os.File
	var all []io.Writer
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Close())
		}
		for i, f := range files {
			if err == nil {
				err = os.Rename(f.Name(), names[i])
			} else {
				_ = os.Remove(f.Name()) // it was never named
			}
		}
	}()
	for _, name := range names {
		f, err := os.Create(name + ".part")
		if err != nil {
			return err
		}
		files, all = append(files, f), append(all, f)
	}
	return write(all)
}

// theCoop finds a cooperative by its slug, or the only one there is.
func theCoop(ctx context.Context, o *office.Office, url, slug string) (int64, error) {
	if err := inhabited(ctx, o.DB(), url); err != nil {
		return 0, err
	}
	all, err := o.DB().Cooperatives(ctx)
	if err != nil {
		return 0, err
	}
	if slug == "" && len(all) == 1 {
		return all[0].ID, nil
	}
	var slugs []string
	for _, c := range all {
		if c.Slug == slug {
			return c.ID, nil
		}
		slugs = append(slugs, c.Slug)
	}
	key := "cmd.which_coop"
	if slug != "" {
		key = "cmd.coop_unknown"
	}
	return 0, fault.New(fault.NotFound, key, "slug", slug, "slugs", strings.Join(slugs, ", "))
}
