package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/auth"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
)

// UserCmd groups what is done with the people who sign in.
type UserCmd struct {
	Add      UserAddCmd      `cmd:"" help:"Add a person to a cooperative, or give one other roles, and print a link to choose a password."`
	Password UserPasswordCmd `cmd:"" help:"Give a login a password, or a link to choose a new one."`
	List     UserListCmd     `cmd:"" help:"List the people of a cooperative, their roles and whether they can sign in."`
	Disable  UserDisableCmd  `cmd:"" help:"Close a login at once, or open it again."`
}

// within says which cooperative is meant.
type within struct {
	place
	Coop string `placeholder:"SLUG" help:"Cooperative, when the database holds several."`
	Lang speech `placeholder:"fr|en" help:"Language of the words printed (default: from the environment, else French)."`
}

// inside opens the database and finds the cooperative.
func (c within) inside(ctx context.Context) (*office.Office, access.Actor, func() error, error) {
	if err := present(c.DB); err != nil {
		return nil, access.Actor{}, nil, err
	}
	o, shut, err := c.open(ctx, office.Options{}, nil)
	if err != nil {
		return nil, access.Actor{}, nil, err
	}
	id, err := theCoop(ctx, o, c.DB, c.Coop)
	var a access.Actor
	if err == nil {
		a, err = o.System(ctx, id)
	}
	if err != nil {
		return nil, a, nil, errors.Join(err, shut())
	}
	return o, a, shut, nil
}

// UserAddCmd adds a person.
type UserAddCmd struct {
	within
	Email        string   `arg:"" help:"Address the person signs in with."`
	First        string   `placeholder:"NAME" help:"First name (compulsory for someone new)."`
	Last         string   `placeholder:"NAME" help:"Last name (compulsory for someone new)."`
	Roles        []string `required:"" help:"entrepreneur, advisor, gestionnaire, accountant, payroll, manager, administrator, auditor; separated by commas. They replace those held today."`
	From         string   `placeholder:"YYYY-MM-DD" help:"First day of the roles (default: today)."`
	Until        string   `placeholder:"YYYY-MM-DD" help:"Last day of the roles (default: none; compulsory for an auditor)."`
	Year         string   `placeholder:"LABEL" help:"Fiscal year an auditor may read, such as 2025."`
	PasswordFile string   `name:"password-file" placeholder:"FILE" help:"File whose first line is the password, - for the standard input. Without it a link to choose one is printed."`
	PublicURL    string   `name:"public-url" default:"http://localhost:8080" env:"ESSAIM_PUBLIC_URL" placeholder:"URL" help:"Address that browsers see, for the link."`
}

// Help is the long help of the command.
func (c *UserAddCmd) Help() string {
	return `Exit codes: 0 done, 2 something given is wrong.

Example: essaim user add karim@trame.example --first Karim --last Benali --roles gestionnaire,entrepreneur`
}

// Run adds.
func (c *UserAddCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	password, err := readPassword(c.PasswordFile, c.Email, os.Stdin)
	if err != nil {
		return exitUsage, err
	}
	o, system, shut, err := c.inside(ctx)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // each step is committed by then
	p, err := person(ctx, o, system, c.Email)
	if fault.KindOf(err) == fault.NotFound {
		p, err = member.Person{Email: c.Email, Lang: printer(c.Lang).Lang()}, nil
	}
	if err != nil {
		return exitUsage, err
	}
	if c.First != "" {
		p.FirstName = c.First
	}
	if c.Last != "" {
		p.LastName = c.Last
	}
	if p.Grants, err = c.grants(ctx, o, system, p.Grants); err != nil {
		return exitUsage, err
	}
	if err := asked(p.Check(), map[string]string{"firstName": "--first", "lastName": "--last"}); err != nil {
		return exitUsage, err
	}
	a, err := desk(o, c.PublicURL)
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	way, err := enter(ctx, a, c.Email, p.Lang, password)
	if err != nil {
		return exitUsage, err
	}
	p.Login = way.Login
	if _, err := o.SavePerson(ctx, system, p); err != nil {
		return exitUsage, err
	}
	if state, err := stateOf(ctx, o, p); err != nil {
		return exitFound, err
	} else if state == "cmd.login_closed" { // the roles are given; the door stays shut until someone opens it
		fmt.Fprintln(stdout, printer(c.Lang).T("cmd.still_closed", "email", c.Email))
		return exitClean, nil
	}
	fmt.Fprintln(stdout, told(printer(c.Lang), c.Email, way, password))
	return exitClean, nil
}

// grants closes the roles held before and gives those named.
func (c *UserAddCmd) grants(ctx context.Context, o *office.Office, system access.Actor, held []member.Grant) ([]member.Grant, error) {
	from, until := system.Today, date.Day(0)
	for _, d := range []struct {
		text string
		into *date.Day
	}{{c.From, &from}, {c.Until, &until}} {
		if d.text == "" {
			continue
		}
		day, err := date.Parse(d.text)
		if err != nil {
			return nil, fault.At("from", "cmd.day_wrong", "day", d.text)
		}
		*d.into = day
	}
	var year int64
	if c.Year != "" {
		set, _, err := o.Settings(ctx, system)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(set.Years, func(y ledger.FiscalYear) bool { return y.Span.Label() == c.Year })
		if i < 0 {
			return nil, fault.At("year", "cmd.no_year", "year", c.Year)
		}
		year = set.Years[i].ID
	}
	var all []member.Grant
	for _, g := range held {
		if g.From >= from {
			continue // never began
		}
		if g.Until == 0 || g.Until >= from {
			g.Until = from - 1
		}
		all = append(all, g)
	}
	if strings.TrimSpace(strings.Join(c.Roles, "")) == "" {
		return nil, fault.At("--roles", "cmd.roles_none")
	}
	for _, name := range c.Roles {
		g := member.Grant{Role: member.Role(strings.TrimSpace(name)), From: from, Until: until}
		if g.Role == member.Auditor {
			g.Year = year
		}
		all = append(all, g)
	}
	return all, nil
}

// UserPasswordCmd gives a login a password.
type UserPasswordCmd struct {
	place
	Email        string `arg:"" help:"Address the person signs in with."`
	PasswordFile string `name:"password-file" placeholder:"FILE" help:"File whose first line is the password, - for the standard input. Without it the old one ends and a link to choose another is printed."`
	PublicURL    string `name:"public-url" default:"http://localhost:8080" env:"ESSAIM_PUBLIC_URL" placeholder:"URL" help:"Address that browsers see, for the link."`
	Lang         speech `placeholder:"fr|en" help:"Language of the words printed (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *UserPasswordCmd) Help() string {
	return `Every session of the login ends, and the limits of sign-in on it are lifted.

Exit codes: 0 done, 2 no such login, one that is closed, or a password that is too easily guessed.

Example: printf 'quatre mots sans lien\n' | essaim user password karim@trame.example --password-file -`
}

// Run gives it.
func (c *UserPasswordCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	password, err := readPassword(c.PasswordFile, c.Email, os.Stdin)
	if err != nil {
		return exitUsage, err
	}
	o, l, shut, err := c.login(ctx, c.Email)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // each step is committed by then
	if l.Disabled != 0 {          // a link or a password would open nothing
		return exitUsage, fault.New(fault.Conflict, "cmd.still_closed", "email", l.Email)
	}
	if password == "" {
		if err := o.DB().Write(ctx, 0, func(tx *store.Tx) error {
			if _, err := tx.EndSessions(l.ID, nil); err != nil {
				return err
			}
			if err := tx.SetPassword(l.ID, ""); err != nil {
				return err
			}
			return tx.NoteLogin(store.LoginNote{Login: l.ID, Action: "login.password"})
		}); err != nil {
			return exitFound, err
		}
	}
	a, err := desk(o, c.PublicURL)
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	way, err := enter(ctx, a, c.Email, l.Lang, password)
	if err == nil {
		err = a.Unlock(ctx, c.Email)
	}
	if err != nil {
		return exitFound, err
	}
	fmt.Fprintln(stdout, told(printer(c.Lang), c.Email, way, password))
	return exitClean, nil
}

// login opens the database and finds a login by its address.
func (p place) login(ctx context.Context, email string) (*office.Office, store.Login, func() error, error) {
	if err := present(p.DB); err != nil {
		return nil, store.Login{}, nil, err
	}
	o, shut, err := p.open(ctx, office.Options{}, nil)
	if err != nil {
		return nil, store.Login{}, nil, err
	}
	var l store.Login
	err = o.DB().Read(ctx, 0, func(tx *store.Tx) error {
		var found bool
		if l, found, err = tx.LoginByEmail(email); err == nil && !found {
			err = fault.New(fault.NotFound, "cmd.no_login", "email", email)
		}
		return err
	})
	if err != nil {
		return nil, l, nil, errors.Join(err, shut())
	}
	return o, l, shut, nil
}

// UserListCmd lists people.
type UserListCmd struct{ within }

// Help is the long help of the command.
func (c *UserListCmd) Help() string {
	return `Prints name, address to sign in with, roles held today and the state of the login.

Example: essaim user list --db sqlite:essaim.db`
}

// Run lists.
func (c *UserListCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	o, system, shut, err := c.inside(ctx)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // only read
	people, err := o.Persons(ctx, system)
	if err != nil {
		return exitFound, err
	}
	p := printer(c.Lang)
	w := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	ways, err := o.SignIns(ctx, system, people)
	if err != nil {
		return exitFound, err
	}
	for _, each := range people {
		way := ways[each.ID]
		address := way.Email // the one to sign in with; that of the sheet for who has none
		if address == "" {
			address = each.Email
		}
		var roles []string
		for _, r := range each.Roles(system.Today) {
			roles = append(roles, p.T(r.Label()))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", each.Name(), address, strings.Join(roles, ", "), p.T(stateKey(way)))
	}
	return exitClean, w.Flush()
}

// stateOf returns the message key of the state of a person's login.
func stateOf(ctx context.Context, o *office.Office, p member.Person) (key string, err error) {
	err = o.DB().Read(ctx, 0, func(tx *store.Tx) error {
		l, _, err := tx.Login(p.Login)
		key = stateKey(office.SignIn{Login: l.ID, Chosen: l.Password != "", Closed: l.Disabled != 0})
		return err
	})
	return key, err
}

func stateKey(way office.SignIn) string {
	switch {
	case way.Login == 0:
		return "cmd.login_none"
	case way.Closed:
		return "cmd.login_closed"
	case !way.Chosen:
		return "cmd.login_invited"
	}
	return "cmd.login_open"
}

// UserDisableCmd closes a login.
type UserDisableCmd struct {
	place
	Email  string `arg:"" help:"Address the person signs in with."`
	Enable bool   `help:"Open it again."`
	Lang   speech `placeholder:"fr|en" help:"Language of the words printed (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *UserDisableCmd) Help() string {
	return `Sessions and API tokens of the login end, in every cooperative. The person and what they did stay.

Exit codes: 0 done, 2 no such login, or that of the last administrator of a cooperative.

Example: essaim user disable karim@trame.example`
}

// Run closes, or opens.
func (c *UserDisableCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	o, l, shut, err := c.login(ctx, c.Email)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // each step is committed by then
	a, err := desk(o, "http://localhost")
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if !c.Enable && l.Disabled == 0 {
		if err := o.MayClose(ctx, l.ID); err != nil {
			return exitUsage, err
		}
	}
	if err := a.Disable(ctx, l.ID, !c.Enable, auth.By{}); err != nil {
		return exitFound, err
	}
	key := "cmd.closed_login"
	if c.Enable {
		key = "cmd.opened_login"
	}
	fmt.Fprintln(stdout, printer(c.Lang).T(key, "email", l.Email))
	return exitClean, nil
}

// person finds someone of the cooperative by their address.
func person(ctx context.Context, o *office.Office, system access.Actor, email string) (member.Person, error) {
	all, err := o.Persons(ctx, system)
	if err != nil {
		return member.Person{}, err
	}
	for _, p := range all {
		if store.CleanEmail(p.Email) == store.CleanEmail(email) {
			return p, nil
		}
	}
	return member.Person{}, fault.New(fault.NotFound, "cmd.no_login", "email", email)
}

// told says how someone gets in.
func told(p i18n.Printer, email string, way auth.Invitation, password string) string {
	switch {
	case way.Link != "":
		return p.T("cmd.invited", "email", email, "link", way.Link)
	case password != "":
		return p.T("cmd.password_set", "email", email)
	}
	return p.T("cmd.login_kept", "email", email)
}

// shown writes an address of a database without its password.
func shown(url string) string {
	if at := strings.LastIndexByte(url, '@'); at > 0 && strings.Contains(url, "://") {
		return url[:strings.Index(url, "://")+3] + "…" + url[at:]
	}
	return url
}
