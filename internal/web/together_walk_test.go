package web_test

import (
	"maps"
	"slices"
	"strings"

	"essaim/access"
	"essaim/internal/store/storetest"
	"essaim/internal/web"
	"essaim/internal/web/webtest"
	"essaim/joint"
	"essaim/money"
)

func init() {
	looks = append(looks, "Internal", "InternalPDF", "Deal", "Together", "Partners", "DealAxes")
	maps.Copy(deeds, map[string]func(w *walk) func() error{
		"SaveInternal": func(w *walk) func() error { return func() error { w.newInternalDraft(); return nil } },
		"DeleteInternal": func(w *walk) func() error {
			id := w.newInternalDraft()
			return func() error { return w.Office.DeleteInternal(w.t.Context(), w.Actor("malo"), id) }
		},
		"SendInternal": func(w *walk) func() error { return func() error { w.newInternal(); return nil } },
		"AcceptInternal": func(w *walk) func() error {
			id := w.newInternal()
			return func() error {
				_, err := w.Office.AcceptInternal(w.t.Context(), w.Actor("maelle"), id, 0, 0)
				return err
			}
		},
		"PayInternal": func(w *walk) func() error {
			id := w.newInternal()
			inv, err := w.Office.Validate(w.t.Context(), w.Actor("nadia"), w.newWaiting(), 0)
			w.must(err)
			_, err = w.Office.AcceptInternal(w.t.Context(), w.Actor("maelle"), id, 0, inv.ID)
			w.must(err)
			return func() error { _, err := w.Office.PayInternal(w.t.Context(), w.Actor("maelle"), id, 0); return err }
		},
		"RefuseInternal": func(w *walk) func() error {
			id := w.newInternal()
			return func() error {
				_, err := w.Office.RefuseInternal(w.t.Context(), w.Actor("maelle"), id, 0, "Pas encore livré")
				return err
			}
		},
		"CommentInternal": func(w *walk) func() error {
			id := w.newInternal()
			return func() error {
				return w.Office.CommentInternal(w.t.Context(), w.Actor("maelle"), id, "Merci !")
			}
		},
		"CancelInternal": func(w *walk) func() error {
			id := w.newInternal()
			_, err := w.Office.AcceptInternal(w.t.Context(), w.Actor("maelle"), id, 0, 0)
			w.must(err)
			return func() error {
				_, err := w.Office.CancelInternal(w.t.Context(), w.Actor("malo"), id, 0, "Deux fois la même")
				return err
			}
		},
		"SaveDeal": func(w *walk) func() error { return func() error { w.newDeal(); return nil } },
		"AgreeDeal": func(w *walk) func() error {
			id := w.newDeal()
			return func() error {
				_, err := w.Office.AgreeDeal(w.t.Context(), w.Actor("malo"), id, 0, webtest.Paysage)
				return err
			}
		},
		"RefuseDeal": func(w *walk) func() error {
			id := w.newDeal()
			return func() error {
				_, err := w.Office.RefuseDeal(w.t.Context(), w.Actor("malo"), id, 0, webtest.Paysage, "Plutôt la moitié")
				return err
			}
		},
		"CloseDeal": func(w *walk) func() error {
			id := w.newDeal()
			return func() error { _, err := w.Office.CloseDeal(w.t.Context(), w.Actor("maelle"), id, 0); return err }
		},
	})
}

// newInternalDraft is from the garden to the pottery.
func (w *walk) newInternalDraft() int64 {
	i, err := w.Office.SaveInternal(w.t.Context(), w.Actor("malo"), joint.Invoice{Sender: webtest.Paysage, Receiver: webtest.Ceramique, Content: joint.Content{
		Title: "Taille de la haie", Done: storetest.Today, MayWait: true, Lines: []joint.Line{{Label: "Une journée", Quantity: money.Unit, Price: money.Cents(200_00).Micro()}},
	}}, "")
	w.must(err)
	return i.ID
}

func (w *walk) newInternal() int64 {
	i, err := w.Office.SendInternal(w.t.Context(), w.Actor("malo"), w.newInternalDraft(), 0, "")
	w.must(err)
	return i.ID
}

func (w *walk) newDeal() int64 {
	d, err := w.Office.SaveDeal(w.t.Context(), w.Actor("maelle"), joint.Deal{Lead: webtest.Ceramique, Title: "Jardin de la poterie", Members: []joint.Member{{Activity: webtest.Ceramique, Weight: 60 * money.Unit}, {Activity: webtest.Paysage, Weight: 40 * money.Unit}}}, "")
	w.must(err)
	return d.ID
}

// betweenTwo decides an address about something of two activities, which either sees.
func (w *walk) betweenTwo(a access.Actor, rt web.Route) (d access.Decision, ours bool) {
	ask := func(act access.Action, on, other, author int64, year int64) access.Decision {
		return access.Can(a, act, access.Subject{Coop: w.Coop.ID, Activity: on, Other: other, Author: author, Year: year})
	}
	either := func(first access.Decision, others ...access.Decision) access.Decision {
		if slices.Contains(others, access.Allowed) {
			return access.Allowed
		}
		return first
	}
	malo, maelle := w.Actor("malo").Person, w.Actor("maelle").Person
	_, deed, _ := strings.Cut(rt.Pattern, "/{id}")
	switch {
	case strings.HasPrefix(rt.Pattern, "/{coop}/internal/{id}"):
		const y = storetest.Year2026
		if seen := either(ask(access.ViewDocument, webtest.Paysage, 0, 0, y), ask(access.ViewDocument, webtest.Ceramique, 0, 0, y)); seen != access.Allowed {
			return seen, true
		}
		draft, agree := ask(access.DraftDocument, webtest.Paysage, 0, malo, y), ask(access.AgreeJoint, webtest.Ceramique, webtest.Paysage, malo, y)
		switch deed {
		case "/edit", "/delete":
			return draft, true
		case "/accept", "/refuse", "/pay":
			return agree, true
		case "/cancel":
			return either(ask(access.SubmitDocument, webtest.Paysage, 0, malo, y), ask(access.ValidateDocument, webtest.Paysage, 0, malo, y)), true
		case "/comment":
			return either(draft, ask(access.AgreeJoint, webtest.Ceramique, 0, 0, y)), true
		}
		return access.Allowed, true
	case strings.HasPrefix(rt.Pattern, "/{coop}/deals/{id}"):
		if seen := either(ask(access.ViewDocument, webtest.Ceramique, 0, 0, 0), ask(access.ViewDocument, webtest.Paysage, 0, 0, 0)); seen != access.Allowed {
			return seen, true
		}
		switch deed {
		case "/edit", "/close":
			return ask(access.SubmitDocument, webtest.Ceramique, 0, 0, 0), true
		case "/agree", "/refuse":
			return ask(access.AgreeJoint, webtest.Paysage, webtest.Ceramique, maelle, 0), true
		}
		return access.Allowed, true
	}
	return 0, false
}
