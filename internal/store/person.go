package store

import (
	"context"

	"essaim/fault"
	"essaim/member"
)

const personColumns = `id, login_id, first_name, last_name, email, phone, lang, left_on`

func scanPerson(scan func(...any) error, p *member.Person) error {
	return scan(&p.ID, &p.Login, &p.FirstName, &p.LastName, &p.Email, &p.Phone, &p.Lang, &p.Left)
}

func scanGrant(scan func(...any) error, g *member.Grant) error {
	return scan(&g.Role, &g.From, &g.Until, &g.Year)
}

// Persons returns everyone of the cooperative with their roles, by last then first name.
func (tx *Tx) Persons() ([]member.Person, error) {
	all, err := list(tx, `SELECT `+personColumns+` FROM person WHERE coop_id = $1 ORDER BY search, id`, []any{tx.coop}, scanPerson)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int, len(all))
	for i := range all {
		at[all[i].ID] = i
	}
	err = tx.rows(`SELECT person_id, role, from_day, until_day, year_id FROM role_grant WHERE coop_id = $1 ORDER BY person_id, n`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var g member.Grant
		err := scan(&id, &g.Role, &g.From, &g.Until, &g.Year)
		if i, ok := at[id]; ok {
			all[i].Grants = append(all[i].Grants, g)
		}
		return err
	})
	return all, err
}

// Person returns one person with their roles.
func (tx *Tx) Person(id int64) (member.Person, error) {
	var p member.Person
	found, err := tx.person(&p, `SELECT `+personColumns+` FROM person WHERE coop_id = $1 AND id = $2`, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.person_unknown")
	}
	return p, err
}

// PersonOfLogin returns the person who signs in with a login, if the cooperative has one.
func (tx *Tx) PersonOfLogin(login int64) (member.Person, bool, error) {
	var p member.Person
	if login == 0 {
		return p, false, nil
	}
	found, err := tx.person(&p, `SELECT `+personColumns+` FROM person WHERE coop_id = $1 AND login_id = $2`, login)
	return p, found, err
}

func (tx *Tx) person(p *member.Person, text string, key int64) (bool, error) {
	found := false
	err := tx.rows(text, []any{tx.coop, key}, func(scan func(...any) error) error {
		found = true
		return scanPerson(scan, p)
	})
	if err != nil || !found {
		return false, err
	}
	p.Grants, err = list(tx, `SELECT role, from_day, until_day, year_id FROM role_grant WHERE coop_id = $1 AND person_id = $2 ORDER BY n`, []any{tx.coop, p.ID}, scanGrant)
	return true, err
}

// SavePerson writes a person, replaces their roles, and keeps their account in the books in step ([Tx.WorkerOf]). A login
// serves one person of a cooperative.
func (tx *Tx) SavePerson(p *member.Person) error {
	if other, found, err := tx.PersonOfLogin(p.Login); err != nil {
		return err
	} else if found && other.ID != p.ID {
		return fault.New(fault.Conflict, "store.login_taken", "name", other.Name())
	}
	search := Normal(p.LastName + " " + p.FirstName + " " + p.Email)
	if p.ID == 0 {
		id, err := tx.NextID("person")
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO person (coop_id, id, login_id, first_name, last_name, email, phone, lang, left_on, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			tx.coop, id, p.Login, p.FirstName, p.LastName, p.Email, p.Phone, p.Lang, p.Left.String(), search); err != nil {
			return err
		}
		p.ID = id
	} else {
		n, err := tx.exec(`UPDATE person SET login_id = $3, first_name = $4, last_name = $5, email = $6, phone = $7, lang = $8, left_on = $9, search = $10 WHERE coop_id = $1 AND id = $2`,
			tx.coop, p.ID, p.Login, p.FirstName, p.LastName, p.Email, p.Phone, p.Lang, p.Left.String(), search)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "store.person_unknown")
		}
	}
	if _, err := tx.exec(`DELETE FROM role_grant WHERE coop_id = $1 AND person_id = $2`, tx.coop, p.ID); err != nil {
		return err
	}
	for i, g := range p.Grants {
		if _, err := tx.exec(`INSERT INTO role_grant (coop_id, person_id, n, role, from_day, until_day, year_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			tx.coop, p.ID, i+1, string(g.Role), g.From.String(), g.Until.String(), g.Year); err != nil {
			return err
		}
	}
	if err := tx.worker(p); err != nil {
		return err
	}
	return tx.Touch()
}

const contractColumns = `id, person_id, kind, start_day, end_day, term, fixed_cost, activity_id, associate`

func scanContract(scan func(...any) error, c *member.Contract) error {
	return scan(&c.ID, &c.Person, &c.Kind, &c.Start, &c.End, &c.Term, &c.FixedCost, &c.Activity, &c.Associate)
}

// Contracts returns every contract, by person and first day.
func (tx *Tx) Contracts() ([]member.Contract, error) {
	return list(tx, `SELECT `+contractColumns+` FROM contract WHERE coop_id = $1 ORDER BY person_id, start_day, id`, []any{tx.coop}, scanContract)
}

// ContractsOf returns the contracts of a person by first day.
func (tx *Tx) ContractsOf(person int64) ([]member.Contract, error) {
	return list(tx, `SELECT `+contractColumns+` FROM contract WHERE coop_id = $1 AND person_id = $2 ORDER BY start_day, id`, []any{tx.coop, person}, scanContract)
}

// SaveContract writes a contract; its person never changes.
func (tx *Tx) SaveContract(c *member.Contract) error {
	if c.ID == 0 {
		id, err := tx.NextID("contract")
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO contract (coop_id, id, person_id, kind, start_day, end_day, term, fixed_cost, activity_id, associate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			tx.coop, id, c.Person, string(c.Kind), c.Start.String(), c.End.String(), c.Term, int64(c.FixedCost), c.Activity, flag(c.Associate)); err != nil {
			return err
		}
		c.ID = id
		return tx.Touch()
	}
	n, err := tx.exec(`UPDATE contract SET kind = $4, start_day = $5, end_day = $6, term = $7, fixed_cost = $8, activity_id = $9, associate = $10 WHERE coop_id = $1 AND id = $2 AND person_id = $3`,
		tx.coop, c.ID, c.Person, string(c.Kind), c.Start.String(), c.End.String(), c.Term, int64(c.FixedCost), c.Activity, flag(c.Associate))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "store.contract_unknown")
	}
	return tx.Touch()
}

// Membership is a person of one cooperative as seen from their login.
type Membership struct {
	Coop   int64
	Slug   string
	Name   string // of the cooperative
	Person int64
}

// Memberships returns the cooperatives in which a login is someone, by name.
func (db *DB) Memberships(ctx context.Context, login int64) ([]Membership, error) {
	if login == 0 {
		return nil, nil
	}
	var all []Membership
	err := db.Wide(ctx, func(tx *Tx) error {
		var err error
		all, err = list(tx, `SELECT c.id, c.slug, c.body, p.id FROM person p JOIN cooperative c ON c.id = p.coop_id WHERE p.login_id = $1`, []any{login}, func(scan func(...any) error, m *Membership) error {
			var body string
			if err := scan(&m.Coop, &m.Slug, &body, &m.Person); err != nil {
				return err
			}
			c, err := readCoop(body)
			m.Name = c.Name
			return err
		})
		return err
	})
	sortByName(all, func(m Membership) string { return m.Name })
	return all, err
}
