package demo

import (
	"fmt"

	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

// subscribed is the developer whose hosting and maintenance come back: the invoices of the next month are ready, grouped for
// one gesture, a price goes up in the spring, one customer is paused; and what he sells most stands in his catalogue.
func (w *world) subscribed(t date.Day) {
	e := w.told("006")
	line := func(label, unit string, price money.Cents) sale.Line {
		return sale.Line{Label: label, Nature: "service", Unit: unit, Quantity: money.Unit, Price: price.Micro(), Tax: "S20"}
	}
	w.agenda.at(opened(t-3), 17, 45, func() error {
		a, err := w.as(e.author(w.today))
		if err != nil {
			return err
		}
		first := (t.Month() + 1).First()
		for i, s := range []struct {
			c      *client
			title  string
			months int
			price  money.Cents
		}{
			{w.company("Librairie L’Encre bleue"), "Hébergement du site, {mois}", 1, 39_00}, {w.company("Hôtel des Trois Ponts"), "Hébergement et réservation en ligne, {mois}", 1, 85_00},
			{w.company("Épicerie Chez Nous"), "Hébergement du site, {mois}", 1, 29_00}, {w.company("Théâtre du Fil"), "Billetterie en ligne, {mois}", 1, 120_00},
			{w.company("Pharmacie de la Tour"), "Sauvegardes chiffrées, {mois}", 1, 45_00}, {w.association("Festival Paroles d’hiver"), "Hébergement du site, {mois}", 1, 25_00},
			{w.company("Cabinet Lestrade Architectes"), "Maintenance, {période}", 3, 690_00}, {w.company("Domaine des Roches rouges"), "Boutique en ligne, {mois}", 1, 95_00},
		} {
			if err := w.known(a, e, s.c); err != nil {
				return err
			}
			saved, err := w.office.SaveSubscription(w.ctx, a, sale.Subscription{Activity: e.id, Customer: s.c.customer.ID, Months: s.months, First: first, Day: 1, Before: max(5, int(first-w.today)), Means: sale.Transfer,
				Content: sale.Content{Title: s.title, DueDays: 30, SendWhenValidated: true, Lines: []sale.Line{line(s.title, "forfait", s.price)}}}, "")
			if err != nil {
				return fmt.Errorf("subscription %d of %s: %w", i, e.code, err)
			}
			switch i {
			case 1:
				if _, err = w.office.ChangePrice(w.ctx, a, saved.ID, 0, sale.PriceChange{From: first.AddMonths(4), Percent: 4 * money.Percent}); err != nil {
					return err
				}
			case 7:
				if _, err = w.office.PauseSubscription(w.ctx, a, saved.ID, 0); err != nil {
					return err
				}
			}
		}
		w.queued = true
		for _, p := range []sale.Product{
			{Label: "Journée de développement", Reference: "DEV-J", Lines: []sale.Line{line("Développement", "jour", 520_00)}},
			{Label: "Heure de dépannage", Reference: "DEP-H", Lines: []sale.Line{line("Dépannage à distance", "heure", 75_00)}},
			{Label: "Site vitrine, clé en main", Reference: "SITE", Lines: []sale.Line{line("Maquettes et intégration", "forfait", 1_450_00), line("Mise en ligne et formation", "forfait", 380_00), line("Hébergement, première année", "an", 348_00)}},
		} {
			p.Activity = e.id
			if _, err := w.office.SaveProduct(w.ctx, a, p, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
