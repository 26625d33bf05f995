package demo

import (
	"essaim/date"
	"essaim/internal/store"
)

// monthsTold is how long the story of the small cooperative is.
const monthsTold = 18

// small tells the story of forty people over eighteen months.
func (w *world) small() error {
	if err := w.begin(monthsTold); err != nil {
		return err
	}
	w.cast()
	if err := w.peopled(); err != nil {
		return err
	}
	if err := w.broughtAlong(); err != nil {
		return err
	}
	for _, e := range w.enterprises {
		w.clientele(e)
	}
	for m := w.first; m <= w.opt.Today.Month(); m++ {
		for _, e := range w.enterprises {
			w.sell(e, m)
		}
		w.month(m)
	}
	w.reserves()
	w.stories()
	w.reread()
	w.market()
	w.together()
	w.leaves()
	w.around()
	w.inFrancs()
	w.drawn()
	if err := w.run(w.opt.Today); err != nil {
		return err
	}
	if err := w.eve(); err != nil {
		return err
	}
	return w.counted()
}

// begin opens the cooperative at the start of a story of so many months.
func (w *world) begin(months int) error {
	w.first = w.opt.Today.Month() - date.Month(months-1)
	w.start = w.first.First()
	w.suppliers, w.social, w.pots, w.held = map[string]int64{}, map[string]purse{}, map[int64]*pot{}, map[string]purse{}
	w.set(w.start, 8*60)
	if err := w.office.DB().DateSchema(w.ctx, w.opt.Clock.Now()); err != nil {
		return err
	}
	if err := w.founded("trame-et-sillon", "Trame & Sillon"); err != nil {
		return err
	}
	return w.adopted()
}

// peopled opens logins, sheets, activities and contracts: those of the first day now, the others on their day.
func (w *world) peopled() error {
	arrive := func(p *person) error {
		return w.enrol(p, passwordHash())
	}
	for _, p := range w.people {
		if p.from > w.start {
			w.agenda.at(p.from, 8, 30, func() error { return arrive(p) })
		} else if err := arrive(p); err != nil {
			return err
		}
	}
	begin := func(e *enterprise) error {
		if err := w.openActivity(e); err != nil {
			return err
		}
		for _, p := range e.there(max(w.today, e.opened)) {
			if p.activity == e {
				if err := w.engage(p); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, e := range w.enterprises {
		if e.opened > w.start {
			w.agenda.at(e.opened, 8, 45, func() error { return begin(e) })
		} else if err := begin(e); err != nil {
			return err
		}
		for _, p := range e.holders {
			if p.joined > max(e.opened, w.start) {
				w.agenda.at(p.joined, 8, 50, func() error {
					if err := w.openActivity(e); err != nil {
						return err
					}
					return w.engage(p)
				})
			}
		}
	}
	return nil
}

// reserves are what some keep aside of their account, chosen some months into the story.
func (w *world) reserves() {
	for i, e := range w.enterprises {
		if e.reserve == 0 {
			continue
		}
		day := opened(w.first.First() + date.Day(120+23*i))
		if day >= w.opt.Today {
			day = opened(w.opt.Today - 30)
		}
		w.agenda.at(day, 20, 5, func() error {
			a, err := w.as(e.holders[0])
			if err != nil {
				return err
			}
			return w.office.SetReserve(w.ctx, a, e.id, e.reserve)
		})
	}
}

// recent is how far back, in days, documents are drawn and mailed: what is older was handed over long ago, and its paper
// is drawn when somebody opens it.
const recent = 75

// drawn has the papers of recent documents drawn, and their mails handed over, each night.
func (w *world) drawn() {
	from := w.opt.Today - recent
	w.agenda.at(from-1, 23, 55, func() error {
		return w.direct(func(tx *store.Tx) error {
			_, err := tx.PassJobs("document.render")
			return err
		})
	})
	for day := from; day < w.opt.Today; day++ {
		w.agenda.at(day, 23, 30, func() error {
			if !w.queued {
				return nil
			}
			w.queued = false
			return w.office.Drain(w.ctx)
		})
	}
}

// counted tells what there is in the end.
func (w *world) counted() error {
	w.result.People, w.result.Activities = len(w.people), len(w.enterprises)
	return w.office.DB().Read(w.ctx, w.coop.ID, func(tx *store.Tx) (err error) {
		w.result.Counts, err = tx.Counts()
		return err
	})
}
