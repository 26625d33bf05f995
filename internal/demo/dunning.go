package demo

import (
	"fmt"

	"essaim/access"
	"essaim/date"
	"essaim/internal/store"
	"essaim/sale"
)

// dunned is how the cooperative runs after its money: a customer who has heard two words and is due for the formal notice, one
// who promised to pay and is left in peace until then.
func (w *world) dunned(t date.Day) {
	maison := w.company("Galerie Ombre portée")
	w.lateSince("017", maison, one("Captation du vernissage", "service", 1240_00), t-68, func(d sale.Document) error {
		w.reminds(d, open(t-55))
		w.reminds(d, open(t-34))
		return nil
	})
	theatre := w.company("Théâtre du Fil")
	w.lateSince("005", theatre, one("Affiche et programme de la saison", "service", 890_00), t-31, func(d sale.Document) error {
		w.reminds(d, open(t-20))
		day := open(t - 9)
		w.agenda.at(day, 14, 20, func() error {
			a, err := w.team("Karim")
			if err != nil {
				return err
			}
			_, err = w.office.PauseReminders(w.ctx, a, store.Pause{Customer: d.Customer, Until: t + 8, Reason: sale.Promise, Word: "Subvention attendue, virement promis à la fin du mois"})
			return err
		})
		return nil
	})
}

// lateSince is [world.late] with what follows.
func (w *world) lateSince(code string, c *client, content sale.Content, due date.Day, then func(sale.Document) error) {
	day := opened(due - 30)
	content.DueDays = int(due - day)
	w.sure(code, c, content, day, then)
}

// team is a person of the team as an actor of today.
func (w *world) team(first string) (access.Actor, error) { return w.as(w.byName[first]) }

// reminds tells the customer of an invoice what is late.
func (w *world) reminds(d sale.Document, day date.Day) {
	w.agenda.at(day, 10, 15, func() error {
		a, err := w.team("Karim")
		if err != nil {
			return err
		}
		n, err := w.office.Remind(w.ctx, a, d.Customer)
		if err == nil && n != 1 {
			err = fmt.Errorf("reminding of %s: %d told", d.Number, n)
		}
		w.queued = true
		return err
	})
}
