package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/auth"
	"essaim/internal/mail"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/web"
	"essaim/member"
)

// InitCmd opens a new cooperative and its first administrator.
type InitCmd struct {
	place
	Name      string `required:"" help:"Name of the cooperative, as documents print it."`
	Slug      string `required:"" help:"Its name in addresses: small letters, figures and dashes."`
	SIREN     string `name:"siren" required:"" help:"SIREN, or the SIRET of the seat. With a SIREN the seat is taken for the first establishment."`
	LegalForm string `name:"legal-form" default:"SCOP SARL à capital variable" help:"Legal form, as documents print it."`
	Street    string `required:"" help:"Seat: number and street."`
	Zip       string `required:"" help:"Seat: postcode."`
	Town      string `required:"" help:"Seat: town, which is also that of the registry unless --rcs says another."`
	RCS       string `name:"rcs" placeholder:"TOWN" help:"Town of the registry."`
	Capital   string `default:"capital variable" help:"Capital, as documents print it."`
	Email     string `placeholder:"ADDRESS" help:"Address of the cooperative, from which mails leave (default: the administrator's)."`
	YearStart int    `name:"year-start" default:"1" help:"First month of the fiscal year."`

	AdminEmail   string `name:"admin-email" required:"" placeholder:"ADDRESS" help:"Address of the first administrator, who signs in with it."`
	AdminFirst   string `name:"admin-first" required:"" placeholder:"NAME" help:"First name of the administrator."`
	AdminLast    string `name:"admin-last" required:"" placeholder:"NAME" help:"Last name of the administrator."`
	PasswordFile string `name:"password-file" placeholder:"FILE" help:"File whose first line is the administrator's password, - for the standard input. Without it a link to choose one is printed."`
	PublicURL    string `name:"public-url" default:"http://localhost:8080" env:"ESSAIM_PUBLIC_URL" placeholder:"URL" help:"Address that browsers see, for the link."`
	Lang         speech `placeholder:"fr|en" help:"Language of the administrator and of the words printed (default: from the environment, else French)."`
}

// Help is the long help of the command.
func (c *InitCmd) Help() string {
	return `Opens a cooperative with its chart of accounts, its journals, the fiscal year of today and the rules every house starts with,
and its first administrator, who invites the others. The identity can be completed on the page of the cooperative.

Exit codes: 0 done, 2 something given is wrong, or a cooperative of this name in addresses is there already: nothing is
written then.

Example: essaim init --db sqlite:essaim.db --name "Trame & Sillon" --slug trame --siren 732829320 --street "1 place des Tapis" \
  --zip 69004 --town Lyon --admin-email awa@trame.example --admin-first Awa --admin-last Diop`
}

// Run opens the cooperative.
func (c *InitCmd) Run(ctx context.Context, stdout io.Writer) (int, error) {
	password, err := c.password()
	if err != nil {
		return exitUsage, err
	}
	house := c.cooperative()
	admin := member.Person{FirstName: c.AdminFirst, LastName: c.AdminLast, Email: c.AdminEmail, Lang: printer(c.Lang).Lang()}
	if err := errors.Join(asked(house.Check(), identityOptions), asked(admin.Check(), adminOptions)); err != nil {
		return exitUsage, err
	}
	if web.Reserved(house.Slug) { // its pages could not be reached
		return exitUsage, fault.At("slug", "cmd.slug_reserved", "slug", house.Slug)
	}
	o, shut, err := c.open(ctx, office.Options{PublicURL: c.PublicURL}, nil)
	if err != nil {
		return exitUsage, err
	}
	defer func() { _ = shut() }() // each step is committed by then
	if _, taken, err := o.DB().CoopBySlug(ctx, house.Slug); err != nil {
		return exitFound, err
	} else if taken {
		return exitUsage, fault.At("slug", "cmd.slug_taken", "slug", house.Slug)
	}
	a, err := desk(o, c.PublicURL)
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if err := found(ctx, o.DB(), &house); err != nil {
		return exitFound, err
	}
	system, err := o.System(ctx, house.ID)
	if err != nil {
		return exitFound, err
	}
	way, err := enter(ctx, a, c.AdminEmail, admin.Lang, password)
	if err != nil {
		return exitFound, err
	}
	admin.Login, admin.Grants = way.Login, []member.Grant{{Role: member.Administrator, From: system.Today}}
	if _, err := o.SavePerson(ctx, system, admin); err != nil {
		return exitFound, err
	}
	p := printer(c.Lang)
	fmt.Fprintln(stdout, p.T("cmd.opened", "name", house.Name, "slug", house.Slug, "db", shown(c.DB)))
	fmt.Fprintln(stdout, told(p, c.AdminEmail, way, password))
	return exitClean, nil
}

var (
	identityOptions = map[string]string{
		"name": "--name", "slug": "--slug", "siren": "--siren", "nic": "--siren", "legalForm": "--legal-form", "rcs": "--rcs", "capital": "--capital", "email": "--email", "yearStart": "--year-start",
		"address.line1": "--street", "address.zip": "--zip", "address.city": "--town",
	}
	adminOptions = map[string]string{"firstName": "--admin-first", "lastName": "--admin-last", "email": "--admin-email"}
)

// cooperative makes the identity of what was given.
func (c *InitCmd) cooperative() coop.Cooperative {
	number := coop.Digits(c.SIREN)
	siren, nic := number, ""
	if len(number) == 14 {
		siren, nic = number[:9], number[9:]
	} else {
		for key := range 10 { // the seat is the first establishment: 0001 and the key
			if n := "0001" + strconv.Itoa(key); coop.ValidSIRET(siren + n) {
				nic = n
			}
		}
	}
	house := coop.Cooperative{
		Slug: c.Slug, Name: strings.TrimSpace(c.Name), LegalForm: c.LegalForm, SIREN: siren, NIC: nic, RCS: c.RCS, VATNumber: coop.VATNumber(siren), Capital: c.Capital,
		Address: coop.Address{Line1: c.Street, Zip: c.Zip, City: c.Town, Country: "FR"}, Email: c.Email, TimeZone: "Europe/Paris", YearStart: c.YearStart,
	}
	if house.RCS == "" {
		house.RCS = c.Town
	}
	if house.Email == "" {
		house.Email = c.AdminEmail
	}
	return house
}

// found writes the cooperative with the fiscal year of today.
func found(ctx context.Context, db *store.DB, house *coop.Cooperative) error {
	id, err := db.FreeCoop(ctx)
	if err != nil {
		return err
	}
	house.ID = id
	today := date.FromTime(db.Now().In(paris()))
	return db.Write(ctx, id, func(tx *store.Tx) error {
		if err := tx.CreateCooperative(house, yearOf(today, house.YearStart)); err != nil {
			return err
		}
		return tx.Audit(0, "cooperative.open", house.SIREN, nil)
	})
}

// yearOf returns the fiscal year of twelve months that begins with a month and holds a day.
func yearOf(d date.Day, month int) date.FiscalYear {
	y, m, _ := d.Date()
	if m < month {
		y--
	}
	start := date.Of(y, month, 1)
	return date.FiscalYear{Start: start, End: start.AddMonths(12) - 1}
}

// password reads the file that was named.
func (c *InitCmd) password() (string, error) {
	return readPassword(c.PasswordFile, c.AdminEmail, os.Stdin)
}

// readPassword returns the first line of a file, of the standard input for "-", checked as a password; "" for no file.
func readPassword(name, email string, stdin io.Reader) (string, error) {
	if name == "" {
		return "", nil
	}
	from := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", fault.At("password-file", "cmd.no_file", "file", name).Wrap(err)
		}
		defer func() { _ = f.Close() }() // only read
		from = f
	}
	line, err := bufio.NewReader(io.LimitReader(from, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fault.At("password-file", "cmd.no_file", "file", name).Wrap(err)
	}
	password := strings.TrimRight(line, "\r\n")
	return password, auth.CheckPassword(password, email)
}

// desk is the service of sign-in for the command line: it writes no letters, the command prints what is to be handed over.
func desk(o *office.Office, publicURL string) (*auth.Service, error) {
	a, err := auth.New(o.DB(), auth.Options{PublicURL: publicURL, Send: func(context.Context, mail.Message) error { return nil }})
	if err != nil {
		return nil, fault.At("--public-url", "cmd.public_url", "url", publicURL).Wrap(err)
	}
	return a, nil
}

// enter opens a login, unless there is one, and gives it the password when there is one to give.
func enter(ctx context.Context, a *auth.Service, email, lang, password string) (auth.Invitation, error) {
	way, err := a.Invite(ctx, email, lang)
	if err == nil && password != "" {
		way.Link = ""
		err = a.SetPassword(ctx, way.Login, password)
	}
	return way, err
}
