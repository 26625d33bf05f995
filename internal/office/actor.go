package office

import (
	"context"
	"slices"
	"sync"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/member"
)

// actors keeps who may do what between requests; an entry serves as long as the settings it was read with and the day.
type actors struct {
	mu  sync.Mutex
	all map[actorKey]actorKept
}

type actorKey struct{ coop, login int64 }

type actorKept struct {
	set   *store.Settings
	today date.Day
	actor access.Actor
}

// Coop returns the cooperative of a slug.
func (o *Office) Coop(ctx context.Context, slug string) (coop.Cooperative, error) {
	c, _, err := o.inCoop(ctx, slug, func(*store.Tx) error { return nil })
	return c, err
}

// Actor returns who a login is in a cooperative today. A login without a person there is told that the page does not
// exist.
func (o *Office) Actor(ctx context.Context, slug string, login int64) (access.Actor, coop.Cooperative, error) {
	a, c, _, err := o.ActorAt(ctx, slug, login)
	return a, c, err
}

// ActorAt is [Office.Actor] with the number of the state that it was read in: see [store.Tx.Written].
func (o *Office) ActorAt(ctx context.Context, slug string, login int64) (a access.Actor, c coop.Cooperative, written int64, err error) {
	c, written, err = o.inCoop(ctx, slug, func(tx *store.Tx) error {
		a, err = o.actor(tx, login)
		return err
	})
	return a, c, written, err
}

// inCoop reads in the cooperative of a slug. Which one that is has been seen before, nearly always: its settings, which
// are read anyway and are never out of date, say whether it still is.
func (o *Office) inCoop(ctx context.Context, slug string, fn func(*store.Tx) error) (c coop.Cooperative, written int64, err error) {
	id, known := o.slugs.Load(slug)
	for {
		if !known {
			c, ok, err := o.db.CoopBySlug(ctx, slug)
			if err == nil && !ok {
				err = fault.New(fault.NotFound, "office.absent")
			}
			if err != nil {
				return coop.Cooperative{}, 0, err
			}
			id = c.ID
			o.slugs.Store(slug, id)
		}
		still := false
		err := o.db.Read(ctx, id.(int64), func(tx *store.Tx) (err error) {
			if written, err = tx.Written(); err != nil { // before all that is read under it
				return err
			}
			set, err := tx.Settings()
			if err != nil {
				return err
			}
			if c, still = set.Coop, set.Coop.Slug == slug; !still {
				return nil
			}
			return fn(tx)
		})
		if err == nil && !still && !known { // renamed since it was found
			err = fault.New(fault.NotFound, "office.absent")
		}
		if err != nil || still {
			return c, written, err
		}
		known = false // it has another name by now
	}
}

// ActorIn is [Office.Actor] by the cooperative's id: API tokens carry it.
func (o *Office) ActorIn(ctx context.Context, coopID, login int64) (a access.Actor, err error) {
	err = o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		a, err = o.actor(tx, login)
		return err
	})
	return a, err
}

func (o *Office) actor(tx *store.Tx, login int64) (access.Actor, error) {
	set, err := tx.Settings()
	if err != nil {
		return access.Actor{}, err
	}
	today, err := tx.Today()
	if err != nil {
		return access.Actor{}, err
	}
	key := actorKey{tx.Coop(), login}
	o.actors.mu.Lock()
	k, ok := o.actors.all[key]
	o.actors.mu.Unlock()
	if ok && k.set == set && k.today == today {
		return k.actor, nil
	}
	p, found, err := tx.PersonOfLogin(login)
	if err != nil {
		return access.Actor{}, err
	}
	if !found || p.Left != 0 && p.Left < today {
		return access.Actor{}, fault.New(fault.NotFound, "office.absent")
	}
	a, err := actorOf(tx, p, today)
	if err != nil {
		return access.Actor{}, err
	}
	a.Login = login
	o.actors.mu.Lock()
	if o.actors.all == nil || len(o.actors.all) > 10_000 {
		o.actors.all = map[actorKey]actorKept{}
	}
	o.actors.all[key] = actorKept{set, today, a}
	o.actors.mu.Unlock()
	return a, nil
}

func actorOf(tx *store.Tx, p member.Person, today date.Day) (access.Actor, error) {
	a := access.Actor{Coop: tx.Coop(), Person: p.ID, Name: p.Name(), Lang: p.Lang, Today: today}
	for _, g := range p.Grants {
		if !g.ActiveOn(today) {
			continue
		}
		if !slices.Contains(a.Roles, g.Role) {
			a.Roles = append(a.Roles, g.Role)
		}
	}
	set, err := tx.Settings()
	if err != nil {
		return a, err
	}
	open := p.AuditYears(today)
	for i := range set.Years {
		if id := set.Years[len(set.Years)-1-i].ID; slices.Contains(open, id) {
			a.AuditYears = append(a.AuditYears, id)
		}
	}
	activities, err := tx.Activities()
	if err != nil {
		return a, err
	}
	for _, act := range activities {
		for _, s := range act.Shares {
			if s.Person == p.ID && s.From <= today && (s.Until == 0 || today <= s.Until) {
				a.Activities = append(a.Activities, act.ID)
				break
			}
		}
		if act.Advisor == p.ID {
			a.Portfolio = append(a.Portfolio, act.ID)
		}
	}
	return a, standIn(tx, &a, p.ID, today, activities)
}

// standIn adds the people whom the actor replaces today.
func standIn(tx *store.Tx, a *access.Actor, id int64, today date.Day, activities []activity.Activity) error {
	absences, err := tx.Absences(today)
	if err != nil {
		return err
	}
	for _, x := range absences {
		if x.Substitute != id || !x.On(today) {
			continue
		}
		away, err := tx.Person(x.Person)
		if err != nil {
			return err
		}
		roles := away.Roles(today)
		stand := access.Stand{Person: away.ID, All: slices.Contains(roles, member.Gestionnaire) || slices.Contains(roles, member.Manager)}
		for _, act := range activities {
			if act.Advisor == away.ID && slices.Contains(roles, member.Advisor) {
				stand.Portfolio = append(stand.Portfolio, act.ID)
			}
			if slices.ContainsFunc(act.Shares, func(s activity.Share) bool {
				return s.Person == away.ID && s.From <= today && (s.Until == 0 || today <= s.Until)
			}) {
				stand.Own = append(stand.Own, act.ID)
			}
		}
		a.Stands = append(a.Stands, stand)
	}
	return nil
}

// System returns the program itself as an actor of a cooperative: jobs, the demo, the command line.
func (o *Office) System(ctx context.Context, coopID int64) (a access.Actor, err error) {
	err = o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		a.Today, err = tx.Today()
		return err
	})
	a.Coop, a.System, a.Name, a.Lang = coopID, true, "Essaim", "fr"
	return a, err
}
