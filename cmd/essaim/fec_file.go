package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"essaim/fault"
	"essaim/format/fec"
	"essaim/i18n"
)

// Exit codes of the commands that look at a file.
const (
	exitClean = 0 // done, nothing to say
	exitFound = 1 // something is wrong in what was looked at
	exitUsage = 2 // wrong use: no such file, an option missing
)

// FECCheckCmd checks a FEC as the tax administration would.
type FECCheckCmd struct {
	File   string    `arg:"" help:"The file, such as 123456782FEC20261231.txt."`
	Strict bool      `help:"Warnings count as errors for the exit code."`
	Lang   speech    `placeholder:"fr|en" help:"Language of the messages (default: from the environment, else French)."`
	Stderr io.Writer `kong:"-"` // where the closing summary goes; nil is os.Stderr
}

// Help is the long help of the command.
func (c *FECCheckCmd) Help() string {
	return `Prints one line for each finding, "line;field;rule;message", and a summary on the standard error. Line 0 is the
file as a whole. The rule of a warning begins with "warning:".

Exit codes: 0 no error (with --strict: nothing at all), 1 something found, 2 the file cannot be read.

Example: essaim fec check --strict 123456782FEC20261231.txt`
}

// Run checks the file and writes the findings as they come.
func (c *FECCheckCmd) Run(stdout io.Writer) (exit int, err error) {
	p := printer(c.Lang)
	f, err := openBooks(c.File)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = f.Close() }() // only read
	out := bufio.NewWriterSize(stdout, 32<<10)
	var line []byte
	var broken error
	s, err := fec.Check(f, fec.Options{Name: filepath.Base(c.File)}, func(found fec.Finding) {
		line = append(found.Append(line[:0], p), '\n')
		if _, err := out.Write(line); err != nil && broken == nil {
			broken = err
		}
	})
	if err := cmp.Or(out.Flush(), broken); err != nil {
		return exitUsage, fmt.Errorf("write the findings: %w", err)
	}
	if err != nil {
		return exitUsage, fault.New(fault.NotFound, "fec.cmd.absent", "name", c.File).Wrap(err)
	}
	verdict := p.T("fec.cmd.none")
	if !s.Clean(true) {
		verdict = p.T("fec.cmd.errors", "n", s.Errors) + ", " + p.T("fec.cmd.warnings", "n", s.Warnings)
	}
	fmt.Fprintln(orStderr(c.Stderr), p.T("fec.cmd.summary", "file", filepath.Base(c.File), "lines", p.T("fec.cmd.lines", "n", s.Lines),
		"entries", p.T("fec.cmd.entries", "n", s.Entries), "verdict", verdict))
	if !s.Clean(c.Strict) {
		return exitFound, nil
	}
	return exitClean, nil
}

// FECBalanceCmd sums a FEC without a database.
type FECBalanceCmd struct {
	File     string    `arg:"" help:"The file, such as 123456782FEC20261231.txt."`
	By       string    `default:"account" enum:"account,activity,month" help:"What the balance is cut by: account, activity or month."`
	Sections string    `placeholder:"FILE" help:"Side file of sections, for --by activity."`
	CSV      bool      `name:"csv" help:"Semicolons, decimal commas, UTF-8; names of the columns first."`
	Lang     speech    `placeholder:"fr|en" help:"Language of the titles (default: from the environment, else French)."`
	Stderr   io.Writer `kong:"-"` // where remarks go; nil is os.Stderr
}

// Help is the long help of the command.
func (c *FECBalanceCmd) Help() string {
	return `Sums debits and credits of each account, by activity or month if wanted, whatever the size of the file. The
balance is the debit less the credit. The side file of sections is "JournalCode;EcritureNum;Ligne;Section".

Exit codes: 0 done, 1 the content cannot be summed (fec check tells all that is wrong), 2 a file cannot be read or an
option is missing.

Example: essaim fec balance 123456782FEC20261231.txt --by activity --sections 123456782FEC20261231-sections.csv --csv`
}

// Run sums the file and writes the balance.
func (c *FECBalanceCmd) Run(stdout io.Writer) (exit int, err error) {
	p := printer(c.Lang)
	var by fec.By
	switch c.By {
	case "", "account":
	case "activity":
		by = fec.BySection
	case "month":
		by = fec.ByMonth
	default:
		return exitUsage, fault.At("by", "fec.cmd.by", "by", c.By)
	}
	if by == fec.BySection && c.Sections == "" {
		return exitUsage, fault.At("sections", "fec.cmd.sections")
	}
	f, err := openBooks(c.File)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = f.Close() }() // only read
	var side io.ReadSeeker
	if by == fec.BySection {
		s, err := openBooks(c.Sections)
		if err != nil {
			return exitUsage, err
		}
		defer func() { _ = s.Close() }()
		side = s
	}
	// What is kept is small and rarely thrown away: let the collector run early rather than let the memory double.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	b, err := fec.ReadBalance(f, side, by)
	switch {
	case fault.KindOf(err) == fault.Internal:
		return exitUsage, err
	case err != nil:
		return exitFound, err
	}
	if b.Unused > 0 {
		fmt.Fprintln(orStderr(c.Stderr), p.T("fec.cmd.unused", "n", b.Unused))
	}
	if c.CSV {
		err = b.WriteCSV(stdout)
	} else {
		err = b.WriteText(stdout, p)
	}
	if err != nil {
		return exitUsage, fmt.Errorf("write the balance: %w", err)
	}
	return exitClean, nil
}

// openBooks opens a regular file to read.
func openBooks(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err == nil {
		info, infoErr := f.Stat()
		if infoErr == nil && info.IsDir() {
			infoErr = errors.New("is a directory")
		}
		if infoErr == nil {
			return f, nil
		}
		err = errors.Join(infoErr, f.Close())
	}
	return nil, fault.At("file", "fec.cmd.absent", "name", name).Wrap(err)
}

// speech is a language asked for: "fr", "en", or "" for that of the environment.
type speech string

// Validate refuses a language that there is no catalogue of.
func (s speech) Validate() error {
	if s != "" && s != "fr" && s != "en" {
		return fault.At("lang", "cmd.lang", "lang", string(s))
	}
	return nil
}

// printer speaks the language asked for, else that of the environment, else French. The locale "C" says nothing.
func printer(lang speech) i18n.Printer {
	for _, name := range []string{string(lang), os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")} {
		if name != "" {
			return i18n.For(strings.ReplaceAll(name, "_", "-"))
		}
	}
	return i18n.For("fr")
}

func orStderr(w io.Writer) io.Writer {
	if w == nil {
		return os.Stderr
	}
	return w
}
