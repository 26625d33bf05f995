package office

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// AddPerson is [Office.SavePerson] for someone new; key makes a second click harmless. An address serves one person.
func (o *Office) AddPerson(ctx context.Context, a access.Actor, p member.Person, key string) (member.Person, error) {
	if err := can(a, access.ManagePeople, access.Subject{}); err != nil {
		return p, err
	}
	p.ID, p.Login = 0, 0
	if err := p.Check(); err != nil {
		return p, err
	}
	saved := p
	err := o.write(ctx, a, func(tx *store.Tx) error {
		saved = p
		if id, done, err := once(tx, a, "person", key, p); err != nil || done {
			if err == nil {
				saved, err = tx.Person(id)
			}
			return err
		}
		all, err := tx.Persons()
		if err != nil {
			return err
		}
		for _, other := range all {
			if store.CleanEmail(other.Email) == store.CleanEmail(p.Email) {
				return fault.At("email", "people.email_taken", "name", other.Name())
			}
		}
		if err := tx.SavePerson(&saved); err != nil {
			return err
		}
		if err := auditPerson(tx, a, member.Person{}, saved); err != nil {
			return err
		}
		return keep(tx, a, "person", key, p, saved.ID)
	})
	return saved, err
}

// SignIn is how a person enters: the login behind the sheet.
type SignIn struct {
	Login  int64  // 0: the person cannot sign in
	Email  string // of the login, which may differ from that of the sheet
	Chosen bool   // a password was chosen: the invitation has served
	Closed bool   // the login is closed for every cooperative
}

// SignInOf tells how a person enters.
func (o *Office) SignInOf(ctx context.Context, a access.Actor, person int64) (in SignIn, err error) {
	if err := can(a, access.ManagePeople, access.Subject{}); err != nil {
		return in, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		p, err := tx.Person(person)
		in.Login = p.Login
		return err
	})
	if err != nil || in.Login == 0 {
		return in, err
	}
	err = o.db.Read(ctx, 0, func(tx *store.Tx) error {
		l, found, err := tx.Login(in.Login)
		if !found {
			in.Login = 0
		}
		in.Email, in.Chosen, in.Closed = l.Email, l.Password != "", l.Disabled != 0
		return err
	})
	return in, err
}

// SignIns tells how people enter, by person: see [Office.SignInOf].
func (o *Office) SignIns(ctx context.Context, a access.Actor, people []member.Person) (map[int64]SignIn, error) {
	if err := can(a, access.ManagePeople, access.Subject{}); err != nil {
		return nil, err
	}
	var ids []int64
	for _, p := range people {
		if p.Login != 0 {
			ids = append(ids, p.Login)
		}
	}
	ways := map[int64]SignIn{}
	err := o.db.Read(ctx, 0, func(tx *store.Tx) error {
		logins, err := tx.LoginsOf(ids)
		for _, p := range people {
			if l, found := logins[p.Login]; found {
				ways[p.ID] = SignIn{Login: l.ID, Email: l.Email, Chosen: l.Password != "", Closed: l.Disabled != 0}
			}
		}
		return err
	})
	return ways, err
}

// Admit ties a person to the login they sign in with.
func (o *Office) Admit(ctx context.Context, a access.Actor, person, login int64) error {
	if err := can(a, access.ManagePeople, access.Subject{Person: person}); err != nil {
		return err
	}
	return o.setLogin(ctx, a, person, login, "person.admit")
}

// Dismiss takes the way in from a person of this cooperative, at once. It returns the login they had; alone says that it
// opened nothing else, so that it may be closed: the login of someone who is in another cooperative too stays open there.
func (o *Office) Dismiss(ctx context.Context, a access.Actor, person int64) (login int64, alone bool, err error) {
	if err := can(a, access.ManagePeople, access.Subject{Person: person}); err != nil {
		return 0, false, err
	}
	in, err := o.SignInOf(ctx, a, person)
	if err != nil || in.Login == 0 {
		return 0, false, err
	}
	if err := o.setLogin(ctx, a, person, 0, "person.dismiss"); err != nil {
		return 0, false, err
	}
	left, err := o.db.Memberships(ctx, in.Login)
	return in.Login, len(left) == 0, err
}

func (o *Office) setLogin(ctx context.Context, a access.Actor, person, login int64, deed string) error {
	closed, err := o.closedLogins(ctx, a.Coop)
	if err != nil {
		return err
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		p, err := tx.Person(person)
		if err != nil || p.Login == login {
			return err
		}
		if login != 0 { // two persons behind one login would add their roles up
			other, taken, err := tx.PersonOfLogin(login)
			if err != nil {
				return err
			}
			if taken && other.ID != p.ID {
				return fault.New(fault.Conflict, "people.login_taken", "name", other.Name())
			}
		}
		was := p
		p.Login = login
		if err := keepAdministrator(tx, a, was, p, closed); err != nil {
			return &fault.Error{Kind: fault.Conflict, Key: fault.All(err)[0].Key, Args: fault.All(err)[0].Args}
		}
		if err := tx.SavePerson(&p); err != nil {
			return err
		}
		return tx.Audit(a.Person, deed, fmt.Sprintf("person:%d", person), nil)
	})
}

// AuditQuery is an [store.AuditFilter] between two days, both included.
type AuditQuery struct {
	store.AuditFilter
	From, To date.Day
}

// AuditLog is [Office.Audits] between two days, with what people know the subjects by ([AuditCalled]).
func (o *Office) AuditLog(ctx context.Context, a access.Actor, q AuditQuery) (all []store.AuditRow, names map[int64]string, called map[string]store.Called, err error) {
	if err := can(a, access.ViewAudit, access.Subject{}); err != nil {
		return nil, nil, nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if q.To != 0 {
			before, err := auditBefore(tx, instantOf(q.To+1, set.Zone))
			if err != nil {
				return err
			}
			if q.Before == 0 || before < q.Before {
				q.Before = before
			}
		}
		if all, err = tx.Audits(q.AuditFilter); err != nil {
			return err
		}
		if q.From != 0 {
			first := instantOf(q.From, set.Zone)
			all = slices.DeleteFunc(all, func(r store.AuditRow) bool { return r.At < first })
		}
		if called, err = calledIn(tx, all); err != nil {
			return err
		}
		names, err = namesOf(tx)
		return err
	})
	return all, names, called, err
}

// instantOf returns the first instant of a day, in microseconds.
func instantOf(d date.Day, zone *time.Location) int64 {
	y, m, n := d.Date()
	return time.Date(y, time.Month(m), n, 0, 0, 0, 0, zone).UnixMicro()
}

// auditBefore returns the id below which every change was made before an instant. Ids grow with time, so that halving
// finds it in a few steps whatever the length of the log.
func auditBefore(tx *store.Tx, instant int64) (int64, error) {
	last, err := tx.Audits(store.AuditFilter{Limit: 1})
	if err != nil || len(last) == 0 {
		return 1, err
	}
	// The first id whose change came at the instant or later.
	i := sort.Search(int(last[0].ID), func(i int) bool {
		rows, e := tx.Audits(store.AuditFilter{Before: int64(i) + 2, Limit: 1})
		if e != nil {
			err = e
		}
		return len(rows) > 0 && rows[0].At >= instant
	})
	return int64(i) + 1, err
}

// Find looks for people and activities by name, and for customers and documents as [Office.Search] does: what the actor
// may see of each.
func (o *Office) Find(ctx context.Context, a access.Actor, q string) (hits []store.Hit, err error) {
	want := store.Normal(q)
	if want == "" || len(q) > 200 {
		return nil, nil
	}
	persons, err := o.personsFor(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, p := range persons {
		if strings.Contains(store.Normal(p.Name()+" "+p.LastName+" "+p.FirstName+" "+p.Email), want) && len(hits) < findMost {
			hits = append(hits, store.Hit{Kind: "person", ID: p.ID, Title: p.Name(), Detail: p.Email})
		}
	}
	activities, _, err := o.Activities(ctx, a)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, act := range activities {
		if strings.Contains(store.Normal(act.Name+" "+act.Code+" "+act.Trade), want) && n < findMost {
			n++
			hits = append(hits, store.Hit{Kind: "activity", ID: act.ID, Activity: act.ID, Title: act.Name, Detail: act.Trade})
		}
	}
	found, err := o.Search(ctx, a, q)
	for _, h := range found {
		if h.Kind != "person" && h.Kind != "activity" {
			hits = append(hits, h)
		}
	}
	return hits, err
}

// findMost bounds what a search shows of one sort.
const findMost = 20

// personsFor returns everyone to those who may see the team's list, and nobody to the others.
func (o *Office) personsFor(ctx context.Context, a access.Actor) ([]member.Person, error) {
	if access.Can(a, access.ViewPeople, access.Subject{Coop: a.Coop}) != access.Allowed {
		return nil, nil
	}
	return o.Persons(ctx, a)
}

// ProofLine is one line of a figure of the house.
type ProofLine struct {
	Account  string // empty: an activity, or a message
	Label    string
	Activity int64
	Key      string // message, instead of Label
	Amount   money.Cents
}

// The figures of the house that open.
const (
	ProofBank       = "bank"
	ProofActivities = "activities"
	ProofOwed       = "owed"
	ProofCoverage   = "coverage"
	ProofGap        = "gap"
)

// ProofLines opens a figure of the house: the lines sum to it. With an account, the lines are the sections that bear it,
// and sum to what the figure says of that account: so far a reader without the books goes, and on to an activity's account.
func (o *Office) ProofLines(ctx context.Context, a access.Actor, figure, account string) (lines []ProofLine, p activity.Proof, err error) {
	if err := can(a, access.ViewHouse, access.Subject{}); err != nil {
		return nil, p, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		rules, err := set.On(a.Today)
		if err != nil {
			return err
		}
		year, ok := set.YearOf(a.Today)
		if !ok {
			return fault.New(fault.Closed, "office.no_year", "date", a.Today)
		}
		sections, err := tx.BalancesBySection(year.ID)
		if err != nil {
			return err
		}
		var every []ledger.Balance
		for _, b := range sections {
			every = append(every, b...)
		}
		p = activity.Prove(every, rules.Grid)
		match, sign := func(acc string) bool { return rules.Grid.Cash.Match(acc) && !strings.HasPrefix(acc, ledger.Liaison) }, money.Cents(1)
		if figure == ProofOwed {
			out := []string{"44564", "44574", "44586", "44587"} // VAT not due yet, as [activity.Prove] leaves it out
			owed := coop.Prefixes{In: rules.Grid.Taxes.In, Out: append(out, rules.Grid.Taxes.Out...)}
			match, sign = owed.Match, -1
		}
		if account != "" {
			if figure != ProofBank && figure != ProofOwed || !match(account) {
				return fault.New(fault.NotFound, "office.absent")
			}
			lines = bySection(sections, set, account, sign)
			return nil
		}
		switch figure {
		case ProofBank:
			lines = byAccount(every, set.Chart, sign, match)
		case ProofActivities:
			lines = cashLines(sections, set, rules.Grid)
		case ProofOwed:
			lines = byAccount(every, set.Chart, sign, match)
			if short := p.Owed - sumOf(lines); short > 0 {
				lines = append(lines, ProofLine{Key: "house.proof_credit", Amount: short})
			}
		case ProofCoverage:
			lines = []ProofLine{{Key: "house.to_activities", Amount: p.ToActivities}, {Key: "house.owed", Amount: p.Owed}}
		case ProofGap:
			lines = gapLines(sections, set)
			if rest := p.Gap - sumOf(lines); rest != 0 {
				lines = append(lines, ProofLine{Key: "house.proof_between", Amount: rest})
			}
		default:
			return fault.New(fault.NotFound, "office.absent")
		}
		return nil
	})
	return lines, p, err
}

func sumOf(lines []ProofLine) (sum money.Cents) {
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}

// byAccount sums the balances of every section by account, in the order of the chart.
func byAccount(every []ledger.Balance, chart ledger.Chart, sign money.Cents, match func(string) bool) (lines []ProofLine) {
	sums := map[string]money.Cents{}
	for _, b := range every {
		if b.Section != 0 && match(b.Account) {
			sums[b.Account] += sign * b.Net()
		}
	}
	for acc, sum := range sums {
		if sum == 0 {
			continue
		}
		l := ProofLine{Account: acc, Label: acc, Amount: sum}
		if known, ok := chart.Find(acc); ok {
			l.Label = known.Label
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(x, y ProofLine) int { return strings.Compare(x.Account, y.Account) })
	return lines
}

// bySection sums an account by section, the largest first.
func bySection(sections map[int64][]ledger.Balance, set *store.Settings, account string, sign money.Cents) (lines []ProofLine) {
	for id, balances := range sections {
		var sum money.Cents
		for _, b := range balances {
			if b.Account == account {
				sum += sign * b.Net()
			}
		}
		if id == 0 || sum == 0 {
			continue
		}
		l := ProofLine{Label: set.Sections[id].Name, Amount: sum}
		if id >= ledger.FirstActivity {
			l.Activity = id
		}
		lines = append(lines, l)
	}
	return sortedLines(lines)
}

// cashLines are the treasuries above zero, the largest first.
func cashLines(sections map[int64][]ledger.Balance, set *store.Settings, grid coop.Grid) (lines []ProofLine) {
	for id, balances := range sections {
		if cash := balanceOf(balances, grid.Cash); id >= ledger.FirstActivity && cash > 0 {
			lines = append(lines, ProofLine{Activity: id, Label: set.Sections[id].Name, Amount: cash})
		}
	}
	return sortedLines(lines)
}

// gapLines are the sections whose lines do not sum to nil.
func gapLines(sections map[int64][]ledger.Balance, set *store.Settings) (lines []ProofLine) {
	for id, balances := range sections {
		var sum money.Cents
		for _, b := range balances {
			sum += b.Net()
		}
		if id != 0 && sum != 0 {
			lines = append(lines, ProofLine{Activity: id, Label: set.Sections[id].Name, Amount: sum.Abs()})
		}
	}
	return sortedLines(lines)
}

func sortedLines(lines []ProofLine) []ProofLine {
	slices.SortFunc(lines, func(x, y ProofLine) int {
		if x.Amount != y.Amount {
			return int(min(max(y.Amount-x.Amount, -1), 1))
		}
		return int(x.Activity - y.Activity)
	})
	return lines
}
