package store

import (
	"strings"

	"essaim/fault"
	"essaim/sale"
)

var insertProduct = into("product", "coop_id, id, activity_id, version, reference, label, archived, body, search")

const productColumns = `id, activity_id, version, body`

func scanProduct(scan func(...any) error, p *sale.Product) error {
	var id, activity, version int64
	var body string
	if err := scan(&id, &activity, &version, &body); err != nil {
		return err
	}
	err := decode(body, p)
	p.ID, p.Activity, p.Version = id, activity, version
	return err
}

// SaveProduct writes a product, a new one (ID 0) or over the version it was read at. A reference is one product's.
func (tx *Tx) SaveProduct(p *sale.Product) error {
	body, err := encode(p)
	if err != nil {
		return err
	}
	if p.Reference != "" {
		if other, found, err := tx.ProductByReference(p.Activity, p.Reference); err != nil {
			return err
		} else if found && other.ID != p.ID {
			return fault.At("reference", "store.product_reference", "label", other.Label)
		}
	}
	words := []string{p.Reference, p.Label}
	for _, l := range p.Lines {
		words = append(words, l.Label)
	}
	search := Normal(strings.Join(words, " "))
	if p.ID == 0 {
		id, err := tx.NextID("product")
		if err != nil {
			return err
		}
		if err := tx.stage(insertProduct, tx.coop, id, p.Activity, int64(1), p.Reference, p.Label, flag(p.Archived), body, search); err != nil {
			return err
		}
		p.ID, p.Version = id, 1
		return nil
	}
	n, err := tx.exec(`UPDATE product SET version = version + 1, reference = $4, label = $5, archived = $6, body = $7, search = $8 WHERE coop_id = $1 AND id = $2 AND version = $3`, tx.coop, p.ID, p.Version, p.Reference, p.Label, flag(p.Archived), body, search)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "office.changed_meanwhile")
	}
	p.Version++
	return nil
}

// Product returns one.
func (tx *Tx) Product(id int64) (sale.Product, error) {
	all, err := list(tx, `SELECT `+productColumns+` FROM product WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, scanProduct)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "store.product_unknown")
	}
	if err != nil {
		return sale.Product{}, err
	}
	return all[0], nil
}

// ProductByReference finds the product of a reference.
func (tx *Tx) ProductByReference(activity int64, reference string) (p sale.Product, found bool, err error) {
	all, err := list(tx, `SELECT `+productColumns+` FROM product WHERE coop_id = $1 AND activity_id = $2 AND reference = $3 AND reference <> ''`, []any{tx.coop, activity, reference}, scanProduct)
	if err != nil || len(all) == 0 {
		return p, false, err
	}
	return all[0], true, nil
}

// ProductFilter selects products of an activity.
type ProductFilter struct {
	Activity int64
	Q        string // words of it
	Archived bool   // archived ones too
	Limit    int    // 0: 50
}

// Products returns products by label.
func (tx *Tx) Products(f ProductFilter) ([]sale.Product, error) {
	w := where{args: []any{tx.coop}}
	w.add("activity_id = ?", f.Activity)
	if !f.Archived {
		w.add("archived = 0")
	}
	for word := range strings.FieldsSeq(Normal(f.Q)) {
		w.add("search LIKE CAST(? AS TEXT)", "%"+strings.NewReplacer("%", "", "_", "").Replace(word)+"%")
	}
	return list(tx, w.text(`SELECT `+productColumns+` FROM product WHERE coop_id = $1`, ` ORDER BY label, id LIMIT CAST(? AS BIGINT)`, atMost(f.Limit)), w.args, scanProduct)
}
