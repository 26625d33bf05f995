package demo

import (
	"time"

	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// around is what stands around the pay of the present month: somebody who is ill has said so and waits for the officer to
// complete it, and somebody who resigned leaves at its end.
func (w *world) around() {
	first := w.opt.Today.Month().First()
	if opened(w.opt.Today.Month().Last()) < w.opt.Today {
		return // the month is paid
	}
	day := func(before date.Day) date.Day { return max(first, opened(w.opt.Today-before)) }
	if d := day(9); d < w.opt.Today {
		w.agenda.at(d, 8, 20, func() error {
			ill := w.byName["Grâce"]
			a, err := w.as(ill)
			if err != nil {
				return err
			}
			_, err = w.office.DeclarePayAbsence(w.ctx, a, store.PayAbsence{Contract: ill.bound[member.CESA], From: w.today, Until: w.today + 4}, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.Sickness}, Note: "Arrêt de mon médecin, je reviens lundi"}, nil)
			return err
		})
	}
	if d := day(6); d < w.opt.Today {
		w.agenda.at(d, 16, 40, func() error {
			a, err := w.named(paying)
			if err != nil {
				return err
			}
			gone := w.byName["Sylvain"]
			_, err = w.office.PrepareExit(w.ctx, a, office.ExitQuestion{Person: gone.id, Contract: gone.bound[member.CESA], ExitBody: office.ExitBody{Reason: payroll.Resignation, End: w.opt.Today.Month().Last()}})
			return err
		})
	}
}

// leaves are the weeks that people take off: three in August, one at the end of the year and one in spring. What lies in the
// present month is left out, so that its table speaks of what is to be looked at.
func (w *world) leaves() {
	for m := w.first; m < w.opt.Today.Month(); m++ {
		var days date.Day
		switch m.Number() {
		case 4, 12:
			days = 5
		case 8:
			days = 19
		default:
			continue
		}
		from := m.First() + 6
		if m.Number() == 12 {
			from = m.First() + 20
		}
		for from.Weekday() != time.Monday {
			from++
		}
		w.agenda.at(opened(from-12), 14, 10, func() error {
			for _, p := range w.people {
				kind := member.CESA
				if _, team := p.bound[member.CDI]; team {
					kind = member.CDI
				}
				contract, paid := p.bound[kind]
				if !paid || p.from > w.today {
					continue
				}
				who := paying
				if p.first == paying {
					who = managing
				}
				a, err := w.named(who)
				if err != nil {
					return err
				}
				if _, err := w.office.SavePayAbsence(w.ctx, a, nil, store.PayAbsence{Person: p.id, Contract: contract, From: from, Until: from + days - 1}, office.PayAbsenceBody{Absence: payroll.Absence{Kind: payroll.PaidLeave}}, nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
