package store

import (
	"strconv"

	"essaim/coop"
	"essaim/fault"
	"essaim/ledger"
	"essaim/sale"
)

var insertCustomer = into("customer", "coop_id, id, activity_id, third_id, kind, name, siren, archived, body, search")

const customerColumns = `id, activity_id, third_id, body`

func scanCustomer(scan func(...any) error, c *sale.Customer) error {
	var id, activity, third int64
	var body string
	if err := scan(&id, &activity, &third, &body); err != nil {
		return err
	}
	err := decode(body, c)
	c.ID, c.Activity, c.Third = id, activity, third
	return err
}

// Customer returns one customer.
func (tx *Tx) Customer(id int64) (sale.Customer, error) {
	var c sale.Customer
	found := false
	err := tx.rows(`SELECT `+customerColumns+` FROM customer WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, func(scan func(...any) error) error {
		found = true
		return scanCustomer(scan, &c)
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.customer_unknown")
	}
	if err == nil {
		tx.knows(c)
	}
	return c, err
}

// knows keeps a customer's name for the documents that this operation writes.
func (tx *Tx) knows(c sale.Customer) {
	if tx.write {
		if tx.buyers == nil {
			tx.buyers = map[int64]string{}
		}
		tx.buyers[c.ID] = c.FullName()
	}
}

// SaveCustomer writes a customer. A new one gets its third party in the books; the name of an old one follows there. The
// public identity behind a SIREN is kept for the other activities, nothing else of the customer is.
func (tx *Tx) SaveCustomer(c *sale.Customer) error {
	search := Normal(c.FullName() + " " + c.SIREN + " " + c.Address.City + " " + c.Email + " " + c.Contact)
	if c.ID == 0 {
		third := ledger.Third{Kind: ledger.Customer, Name: c.FullName()}
		if err := tx.AddThird(&third); err != nil {
			return err
		}
		id, err := tx.NextID("customer")
		if err != nil {
			return err
		}
		saved := *c
		saved.ID, saved.Third = id, third.ID
		body, err := encode(saved)
		if err != nil {
			return err
		}
		if err := tx.stage(insertCustomer, tx.coop, id, c.Activity, third.ID, string(c.Kind), c.FullName(), c.SIREN, flag(c.Archived), body, search); err != nil {
			return err
		}
		*c = saved
		tx.knows(saved)
		return tx.share(saved)
	}
	old, err := tx.Customer(c.ID)
	if err != nil {
		return err
	}
	c.Activity, c.Third = old.Activity, old.Third // a relation never passes to another activity
	body, err := encode(c)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE customer SET kind = $3, name = $4, siren = $5, archived = $6, body = $7, search = $8 WHERE coop_id = $1 AND id = $2`,
		tx.coop, c.ID, string(c.Kind), c.FullName(), c.SIREN, flag(c.Archived), body, search); err != nil {
		return err
	}
	tx.knows(*c)
	if err := tx.renameThird(c.Third, c.FullName()); err != nil {
		return err
	}
	return tx.share(*c)
}

// share keeps the public identity of a legal person. A private person has no SIREN; were one typed, nothing is shared.
func (tx *Tx) share(c sale.Customer) error {
	if c.SIREN == "" || c.Kind == sale.Consumer {
		return nil
	}
	return tx.SaveCompany(Company{SIREN: coop.Digits(c.SIREN), Name: c.Name, Address: c.Address, VATNumber: c.VATNumber, SIRET: c.SIRET})
}

// CustomerFilter selects customers. Of private persons nothing crosses activities: without Activity or Activities the
// caller must be someone who may see all.
type CustomerFilter struct {
	Activity   int64   // 0: any
	Activities []int64 // when not nil, only of these
	Q          string  // part of name, SIREN, town, mail or contact
	Archived   bool    // archived ones too
	Limit      int     // 0: 50
	After      string  // id of the last customer of the page before
}

// Customers returns customers by name.
func (tx *Tx) Customers(f CustomerFilter) ([]sale.Customer, error) {
	w := where{args: []any{tx.coop}}
	if f.Activity != 0 {
		w.add("activity_id = ?", f.Activity)
	}
	if f.Activities != nil {
		w.in("activity_id", f.Activities)
	}
	if f.Q != "" {
		w.search(f.Q, nil)
	}
	if !f.Archived {
		w.add("archived = 0")
	}
	if f.After != "" {
		after, err := strconv.ParseInt(f.After, 10, 64)
		if err != nil {
			return nil, fault.At("after", "store.page_unknown")
		}
		w.add("(search, id) > (SELECT p.search, p.id FROM customer p WHERE p.coop_id = $1 AND p.id = ?)", after)
	}
	return list(tx, w.text(`SELECT `+customerColumns+` FROM customer WHERE coop_id = $1`, ` ORDER BY search, id LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanCustomer)
}

// Company is the public identity behind a SIREN, shared by the activities of a cooperative. It never holds anything of a
// private person, nor of the relation one activity has with the company.
type Company struct {
	SIREN     string
	Name      string
	Address   coop.Address
	VATNumber string
	SIRET     string
}

type companyBody struct {
	Address   coop.Address `json:"address"`
	VATNumber string       `json:"vatNumber,omitempty"`
	SIRET     string       `json:"siret,omitempty"`
}

func scanCompany(scan func(...any) error, c *Company) error {
	var text string
	if err := scan(&c.SIREN, &c.Name, &text); err != nil {
		return err
	}
	var b companyBody
	err := decode(text, &b)
	c.Address, c.VATNumber, c.SIRET = b.Address, b.VATNumber, b.SIRET
	return err
}

// CompanyBySIREN returns the company of a SIREN, if an activity has met it.
func (tx *Tx) CompanyBySIREN(siren string) (Company, bool, error) {
	var c Company
	found := false
	err := tx.rows(`SELECT siren, name, body FROM company WHERE coop_id = $1 AND siren = $2`, []any{tx.coop, siren}, func(scan func(...any) error) error {
		found = true
		return scanCompany(scan, &c)
	})
	return c, found, err
}

// SaveCompany keeps a public identity; what is written last wins, save that an empty field does not erase a known one.
func (tx *Tx) SaveCompany(c Company) error {
	old, found, err := tx.CompanyBySIREN(c.SIREN)
	if err != nil {
		return err
	}
	if found {
		if c.VATNumber == "" {
			c.VATNumber = old.VATNumber
		}
		if c.SIRET == "" {
			c.SIRET = old.SIRET
		}
		if c.Address == (coop.Address{}) {
			c.Address = old.Address
		}
		if c == old {
			return nil
		}
	}
	body, err := encode(companyBody{c.Address, c.VATNumber, c.SIRET})
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO company (coop_id, siren, name, body, search) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (coop_id, siren) DO UPDATE SET name = excluded.name, body = excluded.body, search = excluded.search`,
		tx.coop, c.SIREN, c.Name, body, Normal(c.Name+" "+c.SIREN+" "+c.Address.City))
	return err
}
