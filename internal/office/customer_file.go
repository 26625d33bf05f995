package office

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"essaim/access"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// CustomerFile writes the customer file of an activity as a ZIP: customers with their contacts and notes, the list of
// documents with what is still owed, the money that came, the reminders, the subscriptions, and the papers themselves. The clientele that somebody brought and developed is theirs
// (L7331-2 Code du travail; practice 9): it leaves with them, private persons of that activity included. Who has
// no access any more asks the team, who reads these customers anyway: the log says who made it.
func (o *Office) CustomerFile(ctx context.Context, a access.Actor, activityID int64, w io.Writer) error {
	var customers []sale.Customer
	var rows []store.SaleRow
	var story [3][][]string // payments, reminders, subscriptions
	err := o.write(ctx, a, func(tx *store.Tx) error {
		customers, rows = nil, nil
		if err := can(a, access.ViewCustomer, access.Subject{Activity: activityID}); err != nil {
			return err
		}
		for after := ""; ; {
			some, err := tx.Customers(store.CustomerFilter{Activity: activityID, Archived: true, Limit: 1000, After: after})
			if err != nil {
				return err
			}
			customers = append(customers, some...)
			if len(some) < 1000 {
				break
			}
			after = fmt.Sprint(some[len(some)-1].ID)
		}
		var err error
		if rows, err = tx.DocumentsOf(activityID); err != nil {
			return err
		}
		if story, err = customerStory(tx, activityID, customers, rows); err != nil {
			return err
		}
		return tx.Audit(a.Person, "customer.file", fmt.Sprintf("activity:%d", activityID), map[string]any{"total": len(customers)})
	})
	if err != nil {
		return err
	}
	z, now, words := zip.NewWriter(w), o.Now(), i18n.For("fr")
	create := func(name string) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: now})
	}
	names := map[int64]string{}
	list := [][]string{{"Client", "Prénom", "Genre", "SIREN", "SIRET", "TVA", "Adresse", "Complément", "Code postal", "Ville", "Pays", "Courriel", "Téléphone", "Contact", "Notes", "Archivé"}}
	for _, c := range customers {
		names[c.ID] = c.FullName()
		archived := ""
		if c.Archived {
			archived = "oui"
		}
		list = append(list, []string{c.Name, c.FirstName, words.T(fileWords[string(c.Kind)]), c.SIREN, c.SIRET, c.VATNumber, c.Address.Line1, c.Address.Line2, c.Address.Zip, c.Address.City, c.Address.Country, c.Email, c.Phone, c.Contact, c.Notes, archived})
	}
	docs := [][]string{{"Client", "Genre", "Numéro", "Date", "Échéance", "Objet", "HT", "TVA", "TTC", "Payé", "Reste dû", "Fichier"}}
	written := map[string]bool{}
	for _, r := range rows {
		if r.Number == "" {
			continue
		}
		d, b, err := o.file(ctx, a.Coop, r.ID)
		file := ""
		switch {
		case err == nil:
			file = "documents/" + fileName(d)
			if !written[file] {
				written[file] = true
				f, err := create(file)
				if err != nil {
					return err
				}
				if _, err := f.Write(b); err != nil {
					return err
				}
			}
		case !errors.Is(err, errNoFile):
			return err
		}
		docs = append(docs, []string{names[r.Customer], words.T(fileWords[string(r.Kind)]), r.Number, r.Day.String(), r.Due.String(), r.Title, comma(r.Net), comma(r.VAT), comma(r.Gross), comma(r.Paid), comma(r.Remaining()), file})
	}
	for _, t := range []struct {
		name string
		rows [][]string
	}{{"clients.csv", list}, {"documents.csv", docs}, {"paiements.csv", story[0]}, {"relances.csv", story[1]}, {"abonnements.csv", story[2]}} {
		f, err := create(t.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, "\ufeff"); err != nil {
			return err
		}
		c := csv.NewWriter(f)
		c.Comma = ';'
		for _, row := range t.rows {
			if err := c.Write(slices.Collect(safeCells(row))); err != nil {
				return err
			}
		}
		c.Flush()
		if err := c.Error(); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return nil
}

// fileWords name the kinds of customers and documents in the tables of the file.
var fileWords = map[string]string{
	string(sale.Company): "customers.company", string(sale.NonTaxable): "customers.nontaxable", string(sale.Public): "customers.public",
	string(sale.Consumer): "customers.consumer", string(sale.EUCompany): "customers.eu", string(sale.Foreign): "customers.foreign",
	string(sale.Quote): "sales.a_quote", string(sale.Invoice): "sales.an_invoice", string(sale.CreditNote): "sales.a_credit",
}

// customerStory lists what became of the customers of an activity: payments, reminders, subscriptions.
func customerStory(tx *store.Tx, activityID int64, customers []sale.Customer, rows []store.SaleRow) (story [3][][]string, err error) {
	const page = 500
	words := i18n.For("fr") // like the other tables of the file
	states := map[sale.SubscriptionState]string{sale.SubscriptionRunning: "en cours", sale.SubscriptionPaused: "en pause", sale.SubscriptionEnded: "terminé"}
	names, numbers := map[int64]string{}, map[int64]string{}
	for _, c := range customers {
		names[c.ID] = c.FullName()
	}
	for _, r := range rows {
		numbers[r.ID] = r.Number
	}
	story[0] = [][]string{{"Client", "Jour", "Montant", "Moyen", "Référence", "Factures", "Gardé d’avance", "Annulé"}}
	for before := int64(0); ; {
		some, err := tx.Payments(store.PaymentFilter{Activity: activityID, Before: before, Limit: page})
		if err != nil {
			return story, err
		}
		for _, p := range some {
			var of []string
			for _, al := range p.Allocations {
				if n := numbers[al.Invoice]; n != "" { // those of another activity are its own
					of = append(of, n)
				}
			}
			undone := ""
			if p.Reversed != 0 {
				undone = "oui"
			}
			story[0] = append(story[0], []string{names[p.Customer], p.Date.String(), comma(p.Amount), words.T("payments.means." + string(p.Means)), p.Reference, strings.Join(of, ", "), comma(p.Excess), undone})
			before = p.ID
		}
		if len(some) < page {
			break
		}
	}
	story[1] = [][]string{{"Client", "Jour", "Niveau", "Objet", "Dû", "Intérêts", "Indemnité"}}
	for before := int64(0); ; {
		some, err := tx.Reminders(store.ReminderFilter{Activity: activityID, Before: before, Limit: page})
		if err != nil {
			return story, err
		}
		for _, r := range some {
			story[1] = append(story[1], []string{names[r.Customer], r.Day.String(), fmt.Sprint(r.Level), r.Title, comma(r.Owed), comma(r.Interest), comma(r.Forty)})
			before = r.ID
		}
		if len(some) < page {
			break
		}
	}
	story[2] = [][]string{{"Client", "Objet", "Mois par période", "Depuis", "Prochaine période", "Fin", "État"}}
	for after := int64(0); ; {
		some, err := tx.Subscriptions(activityID, after, page)
		if err != nil {
			return story, err
		}
		for _, s := range some {
			story[2] = append(story[2], []string{names[s.Customer], s.Content.Title, fmt.Sprint(s.Months), s.First.String(), s.Next.String(), s.End.String(), states[s.State]})
			after = s.ID
		}
		if len(some) < page {
			break
		}
	}
	return story, nil
}

// comma writes an amount as French spreadsheets read it.
func comma(c money.Cents) string { return string(c.Append(nil, ',')) }

// safeCells keeps a spreadsheet from taking a text for a formula.
func safeCells(row []string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, t := range row {
			if t != "" && strings.ContainsRune("=+@\t\r", rune(t[0])) {
				t = "'" + t
			}
			if !yield(t) {
				return
			}
		}
	}
}
