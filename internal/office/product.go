package office

import (
	"context"
	"crypto/sha256"
	"fmt"

	"essaim/access"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/sale"
)

// Products returns the catalogue of an activity.
func (o *Office) Products(ctx context.Context, a access.Actor, f store.ProductFilter) (all []sale.Product, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		if _, err := open(set, a, access.ViewDocument, access.Subject{Activity: f.Activity, Kind: string(sale.Quote)}); err != nil {
			return err
		}
		all, err = tx.Products(f)
		return err
	})
	return all, err
}

// Product returns one.
func (o *Office) Product(ctx context.Context, a access.Actor, id int64) (p sale.Product, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		p, err = product(tx, a, id, access.ViewDocument)
		return err
	})
	return p, err
}

func product(tx *store.Tx, a access.Actor, id int64, act access.Action) (sale.Product, error) {
	p, err := tx.Product(id)
	if err != nil {
		return p, absent(a, access.ViewDocument, err)
	}
	on := access.Subject{Activity: p.Activity, Kind: string(sale.Quote)}
	if err := can(a, access.ViewDocument, on); err != nil {
		return sale.Product{}, err
	}
	return p, can(a, act, on)
}

// SaveProduct creates a product (ID 0) or changes one. Documents made with it before stay as they are.
func (o *Office) SaveProduct(ctx context.Context, a access.Actor, p sale.Product, key string) (sale.Product, error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: p.Activity, Kind: string(sale.Quote)}); err != nil {
		return p, err
	}
	asked := p
	err := o.writeOnce(Keyed(ctx, key), a, "product", []any{p.ID, p.Activity, p}, func(tx *store.Tx, id int64) (err error) {
		p, err = tx.Product(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		p = asked
		var was any
		if p.ID != 0 {
			old, err := product(tx, a, p.ID, access.DraftDocument)
			if err != nil {
				return 0, err
			}
			if old.Activity != p.Activity {
				return 0, fault.New(fault.NotFound, "office.absent")
			}
			was = old
		}
		err := o.saveProduct(tx, a, &p, was)
		return p.ID, err
	})
	return p, err
}

func (o *Office) saveProduct(tx *store.Tx, a access.Actor, p *sale.Product, was any) error {
	f, err := o.facts(tx, sale.Document{Kind: sale.Quote, Activity: p.Activity})
	if err != nil {
		return err
	}
	p.Lines = sale.Content{Lines: p.Lines}.Taken().Fit(f.Taxes).Lines
	if err := sale.CheckProduct(*p, f); err != nil {
		return err
	}
	if err := tx.SaveProduct(p); err != nil {
		return err
	}
	return tx.Audit(a.Person, "product.save", fmt.Sprintf("product:%d", p.ID), told(toldProduct(was), toldProduct(*p)))
}

func toldProduct(x any) any {
	p, ok := x.(sale.Product)
	if !ok {
		return nil
	}
	return map[string]any{"name": p.Label, "code": p.Reference, "archived": p.Archived}
}

// Import is what becomes of a file of products.
type Import struct {
	Products []sale.Product // that are or would be kept; those with an ID replace the one of their reference
	Rows     []sale.CatalogueRow
	Refused  int
}

// TryProducts reads a file of products and tells what would become of each row. Nothing is written.
func (o *Office) TryProducts(ctx context.Context, a access.Actor, activityID int64, file []byte) (im Import, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: activityID, Kind: string(sale.Quote)}); err != nil {
		return im, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		im, err = o.readProducts(tx, activityID, file)
		return err
	})
	return im, err
}

// ImportProducts keeps the products of a file, all that were not refused, in one operation.
func (o *Office) ImportProducts(ctx context.Context, a access.Actor, activityID int64, file []byte, key string) (im Import, err error) {
	if err := can(a, access.DraftDocument, access.Subject{Activity: activityID, Kind: string(sale.Quote)}); err != nil {
		return im, err
	}
	sum := sha256.Sum256(file)
	err = o.writeOnce(Keyed(ctx, key), a, "products", []any{activityID, sum[:]}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		if im, err = o.readProducts(tx, activityID, file); err != nil {
			return 0, err
		}
		if len(im.Products) == 0 {
			return 0, fault.At("file", "sheet.nothing")
		}
		for i := range im.Products {
			var was any
			if im.Products[i].ID != 0 {
				if was, err = tx.Product(im.Products[i].ID); err != nil {
					return 0, err
				}
			}
			if err := o.saveProduct(tx, a, &im.Products[i], was); err != nil {
				return 0, err
			}
		}
		return int64(len(im.Products)), nil
	})
	return im, err
}

func (o *Office) readProducts(tx *store.Tx, activityID int64, file []byte) (im Import, err error) {
	rows, err := sheet.Read(file)
	if err != nil {
		return im, fault.At("file", fault.All(err)[0].Key, fault.All(err)[0].Args...)
	}
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = sheet.Plain(rows[i][j])
		}
	}
	f, err := o.facts(tx, sale.Document{Kind: sale.Quote, Activity: activityID})
	if err != nil {
		return im, err
	}
	if im.Products, im.Rows, err = sale.ReadCatalogue(rows, f); err != nil {
		return im, fault.At("file", fault.All(err)[0].Key, fault.All(err)[0].Args...)
	}
	for i := range im.Products {
		p := &im.Products[i]
		p.Activity = activityID
		if p.Reference == "" {
			continue
		}
		old, found, err := tx.ProductByReference(activityID, p.Reference)
		if err != nil {
			return im, err
		}
		if found {
			p.ID, p.Version = old.ID, old.Version
			for k := range im.Rows {
				if im.Rows[k].Label != "" && len(im.Rows[k].Refused) == 0 && (im.Rows[k].Label == p.Label || len(p.Lines) > 0 && im.Rows[k].Label == p.Lines[0].Label) {
					im.Rows[k].Mended = append(im.Rows[k].Mended, i18n.Said{Key: "sheet.replaces", Args: []any{"label", old.Label}})
					break
				}
			}
		}
	}
	for _, r := range im.Rows {
		if len(r.Refused) > 0 {
			im.Refused++
		}
	}
	return im, nil
}
