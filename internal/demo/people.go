package demo

import (
	"cmp"
	"fmt"
	"slices"

	"essaim/date"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// mailDomain is that of the cooperative's people.
const mailDomain = "trame-et-sillon.example"

// colleague is someone of the team.
type colleague struct {
	first, last string
	roles       []member.Role
	gross       money.Cents // of a month, 0: not on the payroll
	tax         money.Rate
}

// The team. The payroll officer is the accountant's deputy: whoever runs an activity books nothing of it, so that the
// accountant's own activity, and what touches all of them at once, is somebody else's work.
var team = []colleague{
	{"Solène", "Garrigue", []member.Role{member.Manager}, 2120_00, 52_000},
	{"Hélène", "Vasseur", []member.Role{member.Accountant, member.Entrepreneur}, 1290_00, 48_000},
	{"Karim", "Benali", []member.Role{member.Gestionnaire}, 1480_00, 14_000},
	{"Odile", "Marchand", []member.Role{member.Advisor}, 1590_00, 24_000},
	{"Thibault", "Nguyen", []member.Role{member.Advisor}, 1560_00, 22_000},
	{"Samira", "Haddad", []member.Role{member.Payroll, member.Accountant}, 1380_00, 12_000},
	{"Mathis", "Delorme", []member.Role{member.Administrator}, 760_00, 0},
	{"Béatrice", "Fournel", []member.Role{member.Auditor}, 0, 0},
}

// The people of the team by what they do in the story.
const (
	managing      = "Solène"
	accounting    = "Hélène"
	desk          = "Karim"
	paying        = "Samira"
	administering = "Mathis"
	auditing      = "Béatrice"
)

// person is someone of the cooperative.
type person struct {
	first, last string
	id, login   int64
	third       int64 // on the accounts of pay and expenses
	lang        string
	roles       []member.Role
	bond        bond
	fixed       money.Cents                   // cost of the fixed part, of a month
	fixedPart   money.Cents                   // its gross
	bound       map[member.ContractKind]int64 // contracts that pay, by kind
	capes       map[date.Day]int64            // contracts that do not, by first day
	tax         money.Rate
	gross       money.Cents // of the team's contract
	from        date.Day    // first day in the cooperative
	contracts   []member.Contract
	activity    *enterprise // that bears the fixed part
	joined      date.Day    // first day of the share
	address     string      // local part of the mail address, "": the first name
}

func (p *person) name() string { return p.first + " " + p.last }

// mail is the person's address: the first name, in a crowd the last one too.
func (p *person) mail() string {
	if p.address != "" {
		return p.address + "@" + mailDomain
	}
	return plain(p.first) + "@" + mailDomain
}

// cast makes everyone who will appear, in the order of their numbers.
func (w *world) cast() {
	w.byName = map[string]*person{}
	add := func(p *person) {
		w.people = append(w.people, p)
		w.byName[p.first] = p
	}
	for _, c := range team {
		add(&person{first: c.first, last: c.last, lang: "fr", roles: c.roles, gross: c.gross, tax: c.tax, from: w.start})
	}
	for _, t := range trades() {
		e := &enterprise{trade: t, chance: newChance(w.opt.Seed, t.code)}
		w.enterprises = append(w.enterprises, e)
		for _, h := range t.people {
			p := w.byName[h.first]
			if p == nil {
				p = &person{first: h.first, last: h.last, lang: "fr", roles: []member.Role{member.Entrepreneur}}
				add(p)
			}
			p.bond, p.fixed, p.tax, p.activity = h.bond, h.fixed, h.tax, e
			e.holders = append(e.holders, p)
			w.bind(p, h, t)
		}
		e.opened = e.holders[0].joined
	}
	w.byName["Ingrid"].lang = "en"
	w.byName[auditing].from = w.opt.Today.AddMonths(-1)
	// Numbers follow the days of arrival: who is there on the first day comes in the order of the cast.
	slices.SortStableFunc(w.people, func(a, b *person) int { return cmp.Compare(max(a.from, w.start), max(b.from, w.start)) })
	for i, p := range w.people {
		p.id = int64(i) + 1
	}
}

// bind decides the contracts of a holder, and from when.
func (w *world) bind(p *person, h holder, t trade) {
	end := w.opt.Today
	month := func(n int) date.Day { return (w.first + date.Month(n)).First() }
	add := func(c member.Contract) { p.contracts = append(p.contracts, c) }
	switch h.bond {
	case associate, salaried:
		from := month(max(t.opened, h.joined))
		if h.joined == 0 {
			from = month(t.opened)
		}
		add(member.Contract{Kind: member.CESA, Start: from, FixedCost: h.fixed, Associate: h.bond == associate})
		p.joined = from
	case grown:
		from := month(t.opened)
		p.joined = from
		add(member.Contract{Kind: member.CAPE, Start: from, End: from.AddMonths(12) - 1, Term: 1})
		add(member.Contract{Kind: member.CESA, Start: from.AddMonths(12), FixedCost: h.fixed})
	case renewed:
		from := end.Month().First().AddMonths(-14)
		p.joined = from
		add(member.Contract{Kind: member.CAPE, Start: from, End: from.AddMonths(12) - 1, Term: 1})
		add(member.Contract{Kind: member.CAPE, Start: from.AddMonths(12), End: from.AddMonths(24) - 1, Term: 2})
	case ending:
		from := (end + 26).AddMonths(-12)
		p.joined = from
		add(member.Contract{Kind: member.CAPE, Start: from, End: from.AddMonths(12) - 1, Term: 1})
	case arrived:
		p.joined = min(end.Month().First(), opened(end-1)) // on the first of a month, the eve
		add(member.Contract{Kind: member.CAPE, Start: p.joined, End: p.joined.AddMonths(12) - 1, Term: 1})
	}
	if p.from == 0 || p.joined < p.from {
		p.from = p.joined
	}
}

// enrol opens a person's login and sheet, with roles from their first day.
func (w *world) enrol(p *person, hash string) error {
	if err := w.office.DB().Write(w.ctx, 0, func(tx *store.Tx) error {
		l, err := tx.AddLogin(store.Login{Email: p.mail(), Password: hash, Lang: p.lang, Handle: handle(w.opt.Seed, p.mail())})
		p.login = l.ID
		return err
	}); err != nil {
		return err
	}
	saved, err := w.office.SavePerson(w.ctx, w.system, w.sheet(p))
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	if saved.ID != p.id {
		return fmt.Errorf("%s is person %d, planned as %d", p.name(), saved.ID, p.id)
	}
	w.changed()
	if err := w.office.DB().Read(w.ctx, w.coop.ID, func(tx *store.Tx) error { return w.worker(tx, p) }); err != nil {
		return err
	}
	if p.gross > 0 {
		c, err := w.office.SaveContract(w.ctx, w.system, member.Contract{Person: p.id, Kind: member.CDI, Start: w.start.AddMonths(-24 - int(p.id)), Associate: true})
		if err != nil {
			return err
		}
		if err := w.agreed(p, c); err != nil {
			return err
		}
	}
	return w.filed(p)
}

// sheet is what the cooperative keeps of a person.
func (w *world) sheet(p *person) member.Person {
	m := member.Person{Login: p.login, FirstName: p.first, LastName: p.last, Email: p.mail(), Phone: fmt.Sprintf("06 39 98 %02d %02d", 10+p.id, 37*p.id%100), Lang: p.lang}
	for _, r := range p.roles {
		g := member.Grant{Role: r, From: p.from}
		if r == member.Auditor {
			// One year's books, for the time of the audit; the grant ends by itself.
			g.Until, g.Year = w.opt.Today+45, w.audited().ID
		}
		m.Grants = append(m.Grants, g)
	}
	return m
}

// audited returns the year that the auditor reads: the last one that is over, or the first.
func (w *world) audited() ledger.FiscalYear {
	y := w.years[0]
	for _, each := range w.years {
		if each.Span.End < w.today {
			y = each
		}
	}
	return y
}

// engage signs a person's contracts. activity is known by then.
func (w *world) engage(p *person) error {
	admin, err := w.named(administering)
	if err != nil {
		return err
	}
	for _, c := range p.contracts {
		c.Person = p.id
		if c.Kind == member.CESA && p.activity != nil {
			c.Activity = p.activity.id
		}
		sign := func() error {
			saved, err := w.office.SaveContract(w.ctx, admin, c)
			if err != nil {
				return err
			}
			return w.agreed(p, saved)
		}
		// A renewal or a CESA is signed three weeks before it begins, by whoever is there then.
		if day := opened(c.Start - 21); day > w.today && c.Start > p.joined {
			w.agenda.at(day, 11, 15, func() error {
				if admin, err = w.named(administering); err != nil {
					return err
				}
				return sign()
			})
			continue
		}
		if err := sign(); err != nil {
			return fmt.Errorf("%s: %w", p.name(), err)
		}
	}
	return nil
}

// worker finds the third party that a person came in with.
func (w *world) worker(tx *store.Tx, p *person) error {
	t, err := tx.WorkerOf(p.id)
	p.third = t.ID
	return err
}
