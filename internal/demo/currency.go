package demo

import (
	"essaim/coop"
	"essaim/date"
	"essaim/money"
	"essaim/sale"
)

// inFrancs is the translator's guide for a museum of Lausanne, invoiced in francs and paid in two parts: the bank gives a
// little less for the second than what the books hold of it.
func (w *world) inFrancs() {
	day := opened(w.opt.Today - 24)
	c := &client{means: sale.Transfer, customer: sale.Customer{
		Kind: sale.Foreign, Name: "Musée des Rives SA", Email: "comptabilite@musee-des-rives.example", Contact: "Noémie Favre",
		Address: coop.Address{Line1: "avenue du Port 14", Zip: "1006", City: "Lausanne", Country: "CH"},
	}}
	w.agenda.at(day, 8, 55, func() error {
		a, err := w.named(accounting)
		if err != nil {
			return err
		}
		return w.office.SaveRate(w.ctx, a, sale.DayRate{Currency: "CHF", Day: w.today, Rate: 934_500}, "cours fictif de démonstration", "")
	})
	content := taxed(several("Traduction du guide des collections", "service", "forfait", money.Unit, 2400_00), "EXS")
	content.Currency, content.Delivered = "CHF", day-1
	w.sure("008", c, content, day, func(d sale.Document) error {
		for _, part := range []struct {
			ago        date.Day
			own, euros money.Cents
		}{{15, 1000_00, 1074_50}, {5, 1400_00, 1489_20}} {
			on := opened(w.opt.Today - 1 - part.ago)
			w.agenda.at(open(on+1), 10, 25, func() error {
				a, err := w.named(desk)
				if err != nil {
					return err
				}
				_, err = w.office.Receive(w.ctx, a, sale.Payment{Customer: d.Customer, Date: on, Amount: part.euros, Means: sale.Transfer, Reference: "VIR " + d.Number, Allocations: []sale.Allocation{{Invoice: d.ID, Foreign: part.own}}}, "")
				return err
			})
		}
		return nil
	})
}
