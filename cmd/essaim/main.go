// Command essaim is the whole program: the pages and the API of a cooperative, its books, and the tools around them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"essaim/fault"
)

// commands is the command line. Each command's own help ends with an example.
type commands struct {
	Demo    DemoCmd    `cmd:"" help:"Fill a believable cooperative on a fresh file and serve it."`
	Serve   ServeCmd   `cmd:"" help:"Serve the pages and the API of a database."`
	Init    InitCmd    `cmd:"" help:"Open a new cooperative and its first administrator."`
	User    UserCmd    `cmd:"" help:"Give a person a way to sign in, or close it."`
	Verify  VerifyCmd  `cmd:"" help:"Recompute everything that is derived and follow the chains; tell what differs."`
	FEC     FECCmd     `cmd:"" name:"fec" help:"Check, sum and export the file of entries (FEC)."`
	Payslip PayslipCmd `cmd:"" help:"Compute payslips from a file of cases, line by line, or the gross that fits a cost or a net."`
	Bench   BenchCmd   `cmd:"" help:"Measure this program on this machine, on both engines."`

	Version kong.VersionFlag `help:"Print the version and stop."`
}

// FECCmd groups what is done with a FEC.
type FECCmd struct {
	Check   FECCheckCmd   `cmd:"" help:"Check a FEC as the tax administration would."`
	Balance FECBalanceCmd `cmd:"" help:"Sum a FEC by account, activity or month, without a database."`
	Export  FECExportCmd  `cmd:"" help:"Write the FEC of a fiscal year and its file of sections."`
}

// command is what every command does: it writes to stdout and returns its exit code.
type command interface {
	Run(stdout io.Writer) (exit int, err error)
}

// contextual commands run until they are told to stop.
type contextual interface {
	Run(ctx context.Context, stdout io.Writer) (exit int, err error)
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main without the process: 0 done, 1 found something wrong, 2 wrong use.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	exit := -1
	parser, err := kong.New(&c, kong.Name("essaim"), kong.Description("The operating system of a coopérative d'activités et d'emploi."),
		kong.Vars{"version": version()}, kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(code int) {
			if exit < 0 {
				exit = code
			}
		}))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if len(args) == 0 { // nothing was asked: all that can be
		if _, err := parser.Parse([]string{"--help"}); err != nil {
			fmt.Fprintf(stderr, "essaim: %v\n", err)
		}
		return exitUsage
	}
	k, err := parser.Parse(args)
	if exit >= 0 { // --help and --version answer by themselves
		return exit
	}
	if err != nil {
		tell(stderr, err)
		return exitUsage
	}
	target := k.Selected().Target.Addr().Interface()
	switch t := target.(type) {
	case contextual:
		exit, err = t.Run(ctx, stdout)
	case command:
		exit, err = t.Run(stdout)
	default:
		err = fmt.Errorf("%T does not run", t)
		exit = exitUsage
	}
	if err != nil {
		tell(stderr, err)
	}
	return exit
}

// tell writes refusals in the person's language, with the option they are about, and anything else as it is.
func tell(w io.Writer, err error) {
	if all := fault.All(err); len(all) > 0 {
		for _, e := range all {
			words := printer("").Fault(e)
			if strings.HasPrefix(e.Field, "--") {
				words = e.Field + ": " + words
			}
			fmt.Fprintf(w, "essaim: %s\n", words)
			if e.Err != nil {
				fmt.Fprintf(w, "  (%v)\n", e.Err)
			}
		}
		return
	}
	fmt.Fprintf(w, "essaim: %v\n", err)
}

// asked names the fields of refusals by the options that gave them.
func asked(err error, options map[string]string) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	errs := make([]error, len(all))
	for i, e := range all {
		c := *e
		if option, ok := options[e.Field]; ok {
			c.Field = option
		}
		errs[i] = &c
	}
	return errors.Join(errs...)
}

// version tells which build this is.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return "essaim " + b.Main.Version + " " + s.Value[:12]
			}
		}
		return "essaim " + b.Main.Version
	}
	return "essaim"
}
