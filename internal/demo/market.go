package demo

import (
	"time"

	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// potter sells on a market on Saturdays: takings, a till, cards paid out by SumUp.
const potter = "001"

// marketMonths is how long she has told her takings here.
const marketMonths = 3

func (w *world) marketFrom() date.Month { return w.opt.Today.Month() - (marketMonths - 1) }

// ofMarket says whether money of a section waits for a payout or a deposit told by [world.market].
func (w *world) ofMarket(section int64, m date.Month) bool {
	for _, e := range w.enterprises {
		if e.code == potter {
			return e.id == section && m >= w.marketFrom()
		}
	}
	return false
}

// market plans the Saturdays of the potter.
func (w *world) market() {
	var e *enterprise
	for _, x := range w.enterprises {
		if x.code == potter {
			e = x
		}
	}
	if e == nil {
		return
	}
	chance := newChance(w.opt.Seed, "market")
	till := func(day date.Day, hour int, m sale.TillMove) {
		w.agenda.at(day, hour, 5, func() error {
			a, err := w.as(e.holders[0])
			if err == nil {
				_, err = w.office.MoveTill(w.ctx, a, e.id, day, m, "")
			}
			return err
		})
	}
	first := w.marketFrom().First()
	till(open(first), 9, sale.TillMove{Kind: sale.TillFloat, Amount: 80_00, Word: "pièces et petits billets"})
	n := 0
	for day := first; day < w.opt.Today; day++ {
		if day.Weekday() != time.Saturday {
			continue
		}
		n++
		t := sale.Taking{Count: chance.between(14, 38), Note: "Marché de la Croix-Rousse",
			Means: sale.Tenders{Cash: chance.euros(140_00, 320_00, 50), Card: chance.euros(210_00, 520_00, 50)}}
		if n%3 == 0 {
			t.Means.Cheque = chance.euros(35_00, 90_00, 100)
		}
		t.Lines = []sale.TakingLine{{Nature: "made", Tax: "S20", Gross: t.Means.Total()}}
		w.agenda.at(day, 19, 40, func() error { return w.sold(e, day, t, n == 4) })
		if paid := open(day + 3); paid < w.opt.Today-1 {
			w.agenda.at(paid, 9, 20, func() error { return w.acquired(e, day, t.Means.Card) })
		}
		if n%4 == 0 {
			till(open(day+2), 10, sale.TillMove{Kind: sale.TillBanked, Amount: 500_00})
		}
	}
	for m := w.marketFrom(); m < w.opt.Today.Month(); m++ {
		w.agenda.at(m.Last(), 20, 30, func() error { return w.countedTill(e) })
	}
	w.agenda.at(w.opt.Today-1, 18, 10, func() error {
		a, err := w.as(e.holders[0])
		if err == nil {
			_, err = w.office.Announce(w.ctx, a, store.Announcement{Activity: e.id, Means: string(sale.Cheque), Amount: 76_00, Day: w.today, Word: "Mme Roux, deux bols commandés au marché"}, "")
		}
		return err
	})
}

// sold tells the takings of a market; once, a figure is wrong and they are made again.
func (w *world) sold(e *enterprise, day date.Day, t sale.Taking, wrong bool) error {
	a, err := w.as(e.holders[0])
	if err != nil {
		return err
	}
	first := t
	if wrong {
		first.Count = t.Count + 100
	}
	r, err := w.office.SaveTaking(w.ctx, a, e.id, day, first, "")
	if err == nil && wrong {
		_, err = w.office.RedoTaking(w.ctx, a, r.ID, e.id, day, t, "")
	}
	return err
}

// acquired records what SumUp pays for the cards of a market.
func (w *world) acquired(e *enterprise, market date.Day, cards money.Cents) error {
	a, err := w.named(paying)
	if err != nil {
		return err
	}
	fee := cards.Times(17_500)
	_, err = w.office.SavePayout(w.ctx, a, w.today, sale.Payout{Acquirer: "SumUp", How: sale.FeeExempt, Fee: fee, Net: cards - fee, Reference: "SUMUP " + market.Compact(), Parts: []sale.PayoutPart{{Activity: e.id, Card: cards}}}, "")
	return err
}

// countedTill counts the till at the end of a month: a coin is missing.
func (w *world) countedTill(e *enterprise) error {
	a, err := w.as(e.holders[0])
	if err != nil {
		return err
	}
	m, err := w.office.Takings(w.ctx, a, e.id, w.today.Month())
	if err == nil {
		_, err = w.office.MoveTill(w.ctx, a, e.id, w.today, sale.TillMove{Kind: sale.TillCount, Counted: m.Till.Held - 50, Word: "erreur de rendu de monnaie"}, "")
	}
	return err
}

// deposited deposits the cheques of the month together, with their slip.
func (w *world) deposited() error {
	a, err := w.named(paying)
	if err != nil {
		return err
	}
	var desk office.CashDesk
	if desk, err = w.office.CashDesk(w.ctx, a); err != nil || len(desk.Loose) == 0 {
		return err
	}
	_, err = w.office.Remit(w.ctx, a, w.today, desk.Loose, "", "")
	return err
}
