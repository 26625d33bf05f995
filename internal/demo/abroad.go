package demo

import (
	"essaim/coop"
	"essaim/money"
	"essaim/sale"
)

// fromAbroad is the last thing told: the accountant keeps the rates of the day, and a translator invoices a customer who
// pays in dollars. The rates are invented, as everything here.
func (w *world) fromAbroad() error {
	keeper, err := w.named(accounting)
	if err != nil {
		return err
	}
	day := w.today
	for _, all := range [][3]money.Micro{{1_085_400, 838_250, 938_700}, {1_083_900, 837_600, 939_200}, {1_081_200, 839_100, 940_500}} {
		day = opened(day - 1)
		for i, currency := range []string{"USD", "GBP", "CHF"} {
			if err := w.office.SaveRate(w.ctx, keeper, sale.DayRate{Currency: currency, Day: day, Rate: all[i]}, "BCE (fictif)", ""); err != nil {
				return err
			}
		}
	}
	e := w.told("008")
	c := &client{means: sale.Transfer, customer: sale.Customer{
		Kind: sale.Foreign, Name: "Harbor & Pine Publishing, Inc.", Address: coop.Address{Line1: "12 Water Street", Zip: "04101", City: "Portland (Maine)", Country: "US"},
		Email: "accounts@harborpine.example", Contact: "Dana Whitfield",
	}}
	content := taxed(several("Traduction d’un guide de randonnée, vers l’anglais", "service", "mot", 9800*money.Unit, 15), "EXS")
	content.Currency, content.Delivered = "USD", w.today-2
	d, err := w.written(e, c, content, 0)
	if err != nil {
		return err
	}
	if d.Number == "" {
		if d, err = w.validate(w.byName[e.advisor], d.ID); err != nil {
			return err
		}
	}
	return w.mailed(e, d)
}
