package main

import (
	"context"
	"io"
	"os"
	"slices"

	"essaim/fault"
	"essaim/internal/bench"
	"essaim/internal/demo"
)

// BenchCmd measures this program on this machine.
type BenchCmd struct {
	Postgres string   `placeholder:"URL" env:"ESSAIM_TEST_POSTGRES" help:"Address of a PostgreSQL superuser: measure on a fresh database there too, dropped afterwards."`
	Part     string   `arg:"" optional:"" help:"Measure this part alone: entry, bulk, invoice, pages, fec or payroll."`
	Quick    bool     `help:"One second for each point, once: an idea rather than a figure."`
	Only     []string `placeholder:"PART,…" help:"Measure these parts only: entry, bulk, invoice, pages, fec, payroll."`
	Large    string   `placeholder:"URL" help:"Database of a large demonstration to measure pages on (essaim demo --size large --no-serve). Without it one is filled first, which takes some minutes; a quick run does without."`
	Lang     speech   `placeholder:"fr|en" help:"Language of the tables (default: from the environment, else French)."`

	FloorAddr string `hidden:"" help:"Serve the floor on this address, for the bench itself."`
	FloorFile string `hidden:"" help:"File the floor writes to."`
}

// Help is the long help of the command.
func (c *BenchCmd) Help() string {
	return `Starts this program on a fresh database in a temporary directory, asks it from 1, 8 and 32 clients and prints tables in
Markdown: journal entries, bulks of 100, invoices, pages, the sum of a FEC, payslips. Beside each rate stands that of a floor, the
least that a durable entry over HTTP costs on this machine, measured in turn. Pages are measured on a large demonstration.
A full run takes about twenty minutes and a gigabyte of the temporary directory. docs/performance.md says what to make of it.

Example: essaim bench --only pages --large sqlite:grande/essaim.db, or essaim bench payroll`
}

// Run measures, or is the floor.
func (c *BenchCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	if c.FloorAddr != "" {
		if err := bench.Floor(ctx, c.FloorAddr, c.FloorFile); err != nil {
			return exitFound, err
		}
		return exitClean, nil
	}
	only := c.Only
	if c.Part != "" {
		only = append(slices.Clone(only), c.Part)
	}
	program, err := os.Executable()
	if err != nil {
		return exitUsage, err
	}
	err = bench.Run(ctx, stdout, bench.Options{
		Program: program, Postgres: c.Postgres, Quick: c.Quick, Only: only, Print: printer(c.Lang),
		Serve: func(url, files, addr string) []string {
			return []string{"serve", "--db", url, "--files", files, "--addr", addr}
		},
		Floor:   func(file, addr string) []string { return []string{"bench", "--floor-file", file, "--floor-addr", addr} },
		Balance: func(file string) []string { return []string{"fec", "balance", file} },
		Large: bench.Large{
			URL: c.Large, Password: demo.Password,
			Fill:  func(dir string) []string { return []string{"demo", "--size", "large", "--dir", dir, "--no-serve"} },
			Serve: func(url, addr string) []string { return []string{"demo", "--db", url, "--addr", addr} },
		},
	})
	switch {
	case err == nil:
		return exitClean, nil
	case fault.KindOf(err) == fault.Invalid:
		return exitUsage, err
	}
	return exitFound, err
}
