package demo

import (
	"essaim/joint"
	"essaim/money"
)

// together is what two activities do with each other: the designer and the film-maker share the site of a festival, and the
// film-maker has billed a day of shooting, which waits for its « bon à payer ».
func (w *world) together() {
	day := opened(w.opt.Today - 9)
	lead, other := w.told("005"), w.told("017")
	w.agenda.at(day, 10, 20, func() error {
		a, err := w.as(lead.author(w.today))
		if err != nil {
			return err
		}
		b, err := w.as(other.author(w.today))
		if err != nil {
			return err
		}
		d, err := w.office.SaveDeal(w.ctx, a, joint.Deal{Lead: lead.id, Title: "Site et film du festival", Note: "Identité et site d’un côté, film de l’autre.", Members: []joint.Member{
			{Activity: lead.id, Weight: 60 * money.Unit}, {Activity: other.id, Weight: 40 * money.Unit, First: 180_00, FirstFor: "location de la caméra"},
		}}, "")
		if err != nil {
			return err
		}
		if _, err = w.office.AgreeDeal(w.ctx, b, d.ID, 0, other.id); err != nil {
			return err
		}
		i, err := w.office.SaveInternal(w.ctx, b, joint.Invoice{Sender: other.id, Receiver: lead.id, Content: joint.Content{
			Title: "Journée de tournage", Done: w.today - 1, MayWait: true, Lines: []joint.Line{{Label: "Tournage, une journée", Quantity: money.Unit, Unit: "jour", Price: money.Cents(420_00).Micro()}},
		}}, "")
		if err != nil {
			return err
		}
		_, err = w.office.SendInternal(w.ctx, b, i.ID, 0, "Merci pour l’accueil !")
		return err
	})
}
