package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/internal/auth"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// The size of the cooperative that is asked: 75 activities with four customers each, two fiscal years, a contribution of
// ten per cent of what is invoiced, and one activity that has written ten thousand invoices. The account that is read is
// that of an ordinary one.
const (
	activities = 75
	customers  = 4
	invoices   = 10_000
	usual      = 120 // invoices of the activity whose account is read
)

const (
	slug     = "banc"
	email    = "banc@essaim.invalid"
	password = "le banc des abeilles mesure"
)

// fixture is what the clients need to know of it.
type fixture struct {
	today     date.Day
	sections  []string // codes
	thirds    []string // code of a customer in the books, by section
	ids       []int64  // activities
	customers [][]int64
	long      int64  // the activity with many invoices
	entries   string // token that books entries
	sales     string // token that writes invoices
}

// fill opens the cooperative in an empty database. many says whether the ten thousand invoices are written too.
func fill(ctx context.Context, url, files string, many bool) (f fixture, err error) {
	db, err := store.Open(ctx, store.Options{URL: url})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	kept, err := store.OpenFiles(files)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	id, err := db.FreeCoop(ctx)
	if err != nil {
		return f, err
	}
	keeper, seller, err := logins(ctx, db)
	if err != nil {
		return f, err
	}
	if err := db.Write(ctx, id, func(tx *store.Tx) error { return f.open(tx, id, keeper, seller) }); err != nil {
		return f, err
	}
	o := office.New(db, kept, office.Options{})
	if err := f.trade(ctx, o, id, many); err != nil {
		return f, err
	}
	a, err := auth.New(db, auth.Options{PublicURL: "http://localhost"})
	if err != nil {
		return f, err
	}
	defer a.Close()
	if f.entries, _, err = a.CreateToken(ctx, keeper, id, "bench", []string{access.ScopeEntriesWrite}, time.Time{}); err != nil {
		return f, err
	}
	f.sales, _, err = a.CreateToken(ctx, seller, id, "bench", []string{access.ScopeInvoices}, time.Time{})
	return f, err
}

// logins opens two: who books entries, and who sells and reads pages. Nobody books for their own activity.
func logins(ctx context.Context, db *store.DB) (keeper, seller int64, err error) {
	hash, err := auth.HashPassword(password)
	if err != nil {
		return 0, 0, err
	}
	err = db.Write(ctx, 0, func(tx *store.Tx) error {
		k, _, err := tx.EnsureLogin("compta@essaim.invalid", "fr")
		if err != nil {
			return err
		}
		s, _, err := tx.EnsureLogin(email, "fr")
		if err != nil {
			return err
		}
		keeper, seller = k.ID, s.ID
		return errors.Join(tx.SetPassword(keeper, hash), tx.SetPassword(seller, hash))
	})
	return keeper, seller, err
}

func (f *fixture) open(tx *store.Tx, id, keeper, seller int64) error {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err
	}
	f.today = date.FromTime(time.UnixMicro(tx.Now()).In(zone))
	year, _, _ := f.today.Date()
	c := coop.Cooperative{
		ID: id, Slug: slug, Name: "Le Banc", LegalForm: "SCOP SARL à capital variable", SIREN: "404833048", NIC: "00022", RCS: "Lyon", VATNumber: "FR83404833048",
		Capital: "capital variable", Email: "bonjour@banc.example", TimeZone: "Europe/Paris", YearStart: 1,
		Address: coop.Address{Line1: "1 place de la Croix-Rousse", Zip: "69004", City: "Lyon", Country: "FR"},
	}
	if err := tx.CreateCooperative(&c, civil(year-1), civil(year)); err != nil {
		return err
	}
	since := civil(year - 1).Start
	policy := activity.Policy{Name: "Dix pour cent", Base: activity.Invoiced, When: activity.AtInvoice, Scales: []activity.Scale{{Brackets: []activity.Bracket{{Rate: 10 * money.Percent}}}}}
	contribution, err := office.RuleOf(coop.RuleContribution, policy.Name, since, policy, "AG du banc, résolution 1")
	if err == nil {
		err = tx.SaveRule(&contribution)
	}
	if err != nil {
		return err
	}
	// Every invoice leaves alone: what is measured is writing, numbering and booking.
	trust := coop.Default().Trust
	trust.FirstInvoices, trust.KnownCustomers = 0, false
	rule, err := office.RuleOf(coop.RuleTrust, "", since, trust, "AG du banc, résolution 2")
	if err == nil {
		err = tx.SaveRule(&rule)
	}
	if err != nil {
		return err
	}
	people := []member.Person{
		{Login: keeper, FirstName: "Irène", LastName: "Costa", Email: "compta@essaim.invalid", Lang: "fr", Grants: []member.Grant{{Role: member.Accountant, From: since}}},
		{Login: seller, FirstName: "Ada", LastName: "Morel", Email: email, Lang: "fr", Grants: []member.Grant{{Role: member.Entrepreneur, From: since}}},
	}
	for i := range people {
		if err := tx.SavePerson(&people[i]); err != nil {
			return err
		}
	}
	if err := tx.SaveContract(&member.Contract{Person: people[1].ID, Kind: member.CESA, Start: since}); err != nil {
		return err
	}
	for i := range activities + 1 {
		a := activity.Activity{
			Code: fmt.Sprintf("%03d", i+1), Name: fmt.Sprintf("Atelier %d", i+1), Trade: "Artisane", Opened: since, Policy: contribution.ID, Natures: []string{"service"}, Tax: "S20",
			Shares: []activity.Share{{Person: people[1].ID, From: since, Parts: 1}},
		}
		if err := tx.SaveActivity(&a); err != nil {
			return err
		}
		var mine []int64
		third := ""
		for k := range customers {
			c := sale.Customer{
				Activity: a.ID, Kind: sale.NonTaxable, Name: fmt.Sprintf("Association %d de l’atelier %d", k+1, i+1), Email: fmt.Sprintf("asso%d@atelier%d.example", k+1, i+1),
				Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
			}
			if err := tx.SaveCustomer(&c); err != nil {
				return err
			}
			mine = append(mine, c.ID)
			if third == "" {
				t, err := tx.Third(c.Third)
				if err != nil {
					return err
				}
				third = t.Code
			}
		}
		if i == activities {
			f.long = a.ID
		} else {
			f.ids, f.sections, f.thirds = append(f.ids, a.ID), append(f.sections, a.Code), append(f.thirds, third)
		}
		f.customers = append(f.customers, mine)
	}
	return nil
}

func civil(year int) date.FiscalYear {
	return date.FiscalYear{Start: date.MustParse(fmt.Sprintf("%04d-01-01", year)), End: date.MustParse(fmt.Sprintf("%04d-12-31", year))}
}

// trade writes the invoices of the long list through the use case that the pages call.
func (f *fixture) trade(ctx context.Context, o *office.Office, id int64, many bool) error {
	if !many {
		return nil
	}
	a, err := o.System(ctx, id)
	if err != nil {
		return err
	}
	const writers = 32
	failed := make([]error, writers)
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := w; i < invoices+usual && failed[w] == nil; i += writers {
				seller, buyers := f.long, f.customers[activities]
				if i >= invoices {
					seller, buyers = f.ids[0], f.customers[0]
				}
				_, failed[w] = o.CreateAndSubmit(ctx, a, sale.Document{Kind: sale.Invoice, Activity: seller, Customer: buyers[i%len(buyers)], Content: sale.Content{
					Title: fmt.Sprintf("Intervention %d", i+1), Delivered: f.today - date.Day(i%60), DueDays: i % 45,
					Lines: []sale.Line{{Label: "Intervention", Nature: "service", Quantity: money.Unit, Price: money.Micro(100+i%900) * money.Unit, Tax: "S20"}},
				}}, "")
			}
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}
