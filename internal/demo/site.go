package demo

import (
	"essaim/internal/office"
	"fmt"

	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

// site is the electrician's building site: a quote with its schedule, a deposit and two situations that are paid, 5 % of
// which the customer keeps until the works have stood; what is left is for the balance.
func (w *world) site(t date.Day) {
	e, c := w.told("003"), w.company("Hôtel des Trois Ponts")
	works := func(label string, quantity int64, unit string, price money.Cents) sale.Line {
		return sale.Line{Label: label, Nature: "works", Quantity: money.Micro(quantity) * money.Unit, Unit: unit, Price: price.Micro(), Tax: "S20"}
	}
	content := sale.Content{
		Title: "Réfection électrique du premier étage", DueDays: 15, Retention: 5 * money.Percent, ReleaseOn: t + 380,
		Lines: []sale.Line{
			works("Dépose de l’ancienne installation", 1, "forfait", 1_450_00), works("Réseau, gaines et câbles", 1, "forfait", 4_200_00),
			works("Appareillage des chambres", 12, "chambre", 285_00), works("Tableau divisionnaire et essais", 1, "forfait", 1_980_00),
		},
		Schedule: []sale.Term{
			{Stage: sale.Deposit, Share: 30 * money.Percent, When: "à la commande"}, {Stage: sale.Progress, Share: 30 * money.Percent, When: "réseau passé"},
			{Stage: sale.Progress, Share: 20 * money.Percent, When: "chambres équipées"}, {Stage: sale.Balance, When: "à la réception des travaux"},
		},
	}
	old := sale.Content{
		Title: "Mise aux normes de la salle de vente", DueDays: 30, Retention: 5 * money.Percent, ReleaseOn: t + 9,
		Lines: []sale.Line{works("Mise aux normes de la salle de vente", 1, "forfait", 3_400_00)},
	}
	shop := w.company("Librairie L’Encre bleue")
	w.sure("003", shop, old, opened(t-320), func(d sale.Document) error {
		w.agenda.at(open(w.today+24), 10, 58, func() error {
			_, err := w.receive(shop, []sale.Document{d}, d.Totals.Gross-d.Totals.Retained, w.today-1, "VIR ENCRE BLEUE")
			return err
		})
		return nil
	})
	var quote sale.Document
	start := opened(t - 118)
	w.agenda.at(start, 8, 20, func() (err error) {
		quote, err = w.quote(e, c, content)
		return err
	})
	w.agenda.at(open(start+6), 14, 10, func() error {
		a, err := w.as(e.author(w.today))
		if err != nil {
			return err
		}
		_, err = w.office.RecordAcceptance(w.ctx, a, quote.ID, office.Agreement{Name: contact(c.customer)}, 0)
		return err
	})
	for i, step := range []struct {
		after, paid int
		how         sale.Invoicing
	}{
		{7, 12, sale.Invoicing{Stage: sale.Deposit, Share: 30 * money.Percent}},
		{52, 16, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{money.One, 60 * money.Percent}}},
		{88, 14, sale.Invoicing{Stage: sale.Progress, Done: []money.Rate{money.One, money.One, 50 * money.Percent}}},
	} {
		w.agenda.at(open(start+date.Day(step.after)), 17, 30+i, func() error {
			a, err := w.as(e.author(w.today))
			if err != nil {
				return err
			}
			s, err := w.office.StartInvoice(w.ctx, a, quote.ID, step.how)
			if err != nil {
				return err
			}
			if step.how.Stage != sale.Deposit {
				s.Doc.Content.Delivered = w.today
			}
			d, err := w.office.CreateAndSubmit(w.ctx, a, s.Doc, "")
			if err != nil {
				return fmt.Errorf("step %d of the site: %w", i, err)
			}
			w.agenda.at(open(w.today+1), 9, 40+i, func() error {
				if d.Number == "" {
					if d, err = w.validate(w.byName[e.advisor], d.ID); err != nil {
						return err
					}
				}
				if err := w.mailed(e, d); err != nil {
					return err
				}
				w.agenda.at(open(w.today+date.Day(step.paid)), 10, 50+i, func() error {
					_, err := w.receive(c, []sale.Document{d}, d.Totals.Gross-d.Totals.Retained, w.today-1, "VIR TROIS PONTS")
					return err
				})
				return nil
			})
			return nil
		})
	}
}
