package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"essaim/fault"
	"essaim/i18n"
	"essaim/payroll"
)

// maxPayslips bounds the file of cases: some hundred thousand of them.
const maxPayslips = 64 << 20

// PayslipCmd computes payslips from a file of cases.
type PayslipCmd struct {
	File  string    `arg:"" help:"One case or an array of them, as JSON; - for the standard input."`
	Lang  speech    `placeholder:"fr|en" help:"Language of what is said of a case that cannot be computed (default: from the environment, else French)."`
	Stdin io.Reader `kong:"-"` // nil is os.Stdin
}

// Help is the long help of the command.
func (c *PayslipCmd) Help() string {
	return `Reads cases and prints an array in the same order: "lignes" (contributions without any rounding), "totaux" (their sums)
and "paie" (what a payslip prints, line by line to the cent). One month stands alone, without a year behind it.

Fields of a case, none of which is required but one amount:
  brut, coutTotal or netAvantImpot   euros; the last two give the largest gross in cents that fits
  sens             brut->tout, cout->brut or net->brut (by default, as the amount says)
  date             dd/mm/yyyy, day of payment and month of the payslip (01/07/2026)
  regime           cdi, cdd, cesa, cape or mandataire (cdi)
  heuresSemaine    hours a week (35; none for a cesa)
  cadre, alsaceMoselle   true or false (false)
  effectif         headcount (1)
  tauxATMP, tauxVM, ratioAlternants, tauxPAS   per cent (the mean of the year, 0, 0, neutral)
  mutuelle         euros a month, half of it the employer's (40)
  id, modele, note are kept or left aside.

A case that cannot be computed is told in words at its place ("rang", "erreur") and the others are computed.
Exit codes: 0 all computed, 1 a case was refused, 2 the file cannot be read.

Example: echo '{"brut": 2500, "effectif": 30}' | essaim payslip -`
}

// Run computes the cases and writes the array.
func (c *PayslipCmd) Run(stdout io.Writer) (exit int, err error) {
	b, err := c.read()
	if err != nil {
		return exitUsage, err
	}
	cases, err := payroll.ReadCases(b)
	if err != nil {
		return exitUsage, err
	}
	p := printer(c.Lang)
	out := bufio.NewWriterSize(stdout, 64<<10)
	exit = exitClean
	var text []byte
	for i, k := range cases {
		text = append(text[:0], ",\n"...)
		if i == 0 {
			text = append(text[:0], "[\n"...)
		}
		exact, slip, err := k.Answer(payroll.Law())
		if err == nil {
			text, err = payroll.AppendAnswer(text, k, exact, slip)
		} else {
			exit = exitFound
			text, err = payroll.AppendRefusal(text, k, i+1, refusal(p, err))
		}
		if err != nil {
			return exitFound, err
		}
		if _, err := out.Write(text); err != nil {
			return exitUsage, fmt.Errorf("write the payslips: %w", err)
		}
	}
	end := "\n]\n"
	if len(cases) == 0 {
		end = "[]\n"
	}
	_, err = out.WriteString(end)
	if err := errors.Join(err, out.Flush()); err != nil {
		return exitUsage, fmt.Errorf("write the payslips: %w", err)
	}
	return exit, nil
}

// read takes the file whole, up to a bound.
func (c *PayslipCmd) read() (b []byte, err error) {
	in := c.Stdin
	if in == nil {
		in = os.Stdin
	}
	if c.File != "-" {
		f, err := os.Open(c.File) // #nosec G304 -- the file the person named
		if err != nil {
			return nil, fault.New(fault.NotFound, "payroll.wire.absent", "name", c.File).Wrap(err)
		}
		defer func() { _ = f.Close() }() // only read
		in = f
	}
	if b, err = io.ReadAll(io.LimitReader(in, maxPayslips+1)); err != nil {
		return nil, fault.New(fault.NotFound, "payroll.wire.absent", "name", c.File).Wrap(err)
	}
	if len(b) > maxPayslips {
		return nil, fault.New(fault.Invalid, "payroll.wire.large", "most", maxPayslips>>20)
	}
	return b, nil
}

// refusal says everything that is wrong with a case, each with its field.
func refusal(p i18n.Printer, err error) string {
	all := fault.All(err)
	if len(all) == 0 {
		return err.Error()
	}
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = p.Fault(e)
		if e.Field != "" {
			words[i] = p.T("payroll.wire.field", "field", e.Field, "words", words[i])
		}
	}
	return strings.Join(words, " ")
}
