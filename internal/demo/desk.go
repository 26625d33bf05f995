package demo

import (
	"essaim/date"
	"essaim/internal/office"
	"essaim/member"
)

// reread plans what the desk does beside the queue: once a month it reads what left alone and was picked, and says a word
// where one is due; this month's still wait. An advisor is away next week.
func (w *world) reread() {
	for m := w.first; m < w.opt.Today.Month(); m++ {
		w.agenda.at(opened(m.Last()), 17, 10, func() error {
			a, err := w.as(w.byName[desk])
			if err != nil {
				return err
			}
			r, err := w.office.Reviews(w.ctx, a)
			if err != nil {
				return err
			}
			for i, x := range r.Waiting {
				verdict, remark := office.VerdictFine, ""
				if i == 0 && m.Number()%4 == 1 {
					verdict, remark = office.VerdictRemark, "Écrire aussi où le travail a été fait : le client le demande."
				}
				if err := w.office.Review(w.ctx, a, x.Sale, verdict, remark); err != nil {
					return err
				}
			}
			return nil
		})
	}
	away := w.byName["Odile"]
	if away == nil || w.byName[desk] == nil {
		return
	}
	w.agenda.at(opened(w.opt.Today-3), 9, 20, func() error {
		a, err := w.as(away)
		if err != nil {
			return err
		}
		sub, err := w.as(w.byName[desk])
		if err != nil {
			return err
		}
		_, err = w.office.SaveAbsence(w.ctx, a, member.Absence{Person: a.Person, Substitute: sub.Person, From: w.opt.Today + 8, Until: w.opt.Today + date.Day(12)})
		return err
	})
}
