package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
)

// VerifyCmd recomputes everything that is derived.
type VerifyCmd struct {
	DB   string `name:"db" required:"" placeholder:"URL" help:"sqlite:FILE or postgres://…"`
	Lang string `placeholder:"fr|en" help:"Language of the findings (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *VerifyCmd) Help() string {
	return `Reads every entry, document and payment, recomputes balances, open items, numbers and turnover, and follows the chains.
A running server is not disturbed.

Exit codes: 0 everything agrees, 1 something differs (each finding on a line), 2 the database cannot be read.

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
	found, err := db.Verify(ctx)
	if err != nil {
		return exitFound, err
	}
	p := printer(c.Lang)
	for _, f := range found {
		fmt.Fprintf(stdout, "%s: %s\n", f.Coop, p.T(f.Key, f.Args...))
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
		fmt.Fprintln(stdout, p.T("cmd.verify_head", "coop", h.Coop, "entries", h.Entries, "head", hex.EncodeToString(h.Chain)))
	}
	return exitClean, nil
}

// present refuses an embedded file that is not there, instead of making an empty one.
func present(url string) error {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && !exists(path) {
		return fault.New(fault.NotFound, "cmd.no_file", "file", path)
	}
	return nil
}

// FECExportCmd writes a FEC.
type FECExportCmd struct {
	place
	Coop string `placeholder:"SLUG" help:"Cooperative, when the database holds several."`
	Year string `placeholder:"LABEL" help:"Fiscal year, such as 2026 (default: that of today)."`
	Out  string `default:"." placeholder:"DIR" help:"Directory the two files are written to."`
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
	coopID, err := theCoop(ctx, o, c.Coop)
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
	main, err := os.Create(name)
	if err != nil {
		return exitUsage, err
	}
	beside, err := os.Create(side)
	if err == nil {
		err = o.ExportFEC(ctx, a, year.ID, !c.UTF8, main, beside)
		if e := beside.Close(); err == nil {
			err = e
		}
	}
	if e := main.Close(); err == nil {
		err = e
	}
	if err != nil {
		return exitFound, err
	}
	fmt.Fprintf(stdout, "%s\n%s\n", name, side)
	return exitClean, nil
}

// theCoop finds a cooperative by its slug, or the only one there is.
func theCoop(ctx context.Context, o *office.Office, slug string) (int64, error) {
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
	return 0, fault.New(fault.NotFound, "cmd.which_coop", "slugs", strings.Join(slugs, ", "))
}
