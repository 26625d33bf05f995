package office

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

// TaxImport is what becomes of a file of rates of the tax withheld.
type TaxImport struct {
	From    date.Day
	Rows    []TaxRow
	Taken   int // that change a file
	Same    int // that say what was known
	Refused int
}

// TaxRow is a line of the file.
type TaxRow struct {
	N       int
	Who     string // as the file names them
	Name    string // once they are found
	Was     *money.Rate
	Tax     *money.Rate // nil: the neutral grid
	Same    bool
	Refused []*fault.Error

	version store.PayPerson // to write
}

// TryTaxRates reads a file of rates that hold from a day on, and tells what would become of each line. Nothing is written.
func (o *Office) TryTaxRates(ctx context.Context, a access.Actor, from date.Day, file []byte) (im TaxImport, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return im, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		im, err = readTaxRates(tx, a, from, file)
		return err
	})
	return im, err
}

// ImportTaxRates keeps the rates of a file, all that were not refused, in one operation.
func (o *Office) ImportTaxRates(ctx context.Context, a access.Actor, from date.Day, file []byte) (im TaxImport, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return im, err
	}
	sum := sha256.Sum256(file)
	err = o.writeOnce(ctx, a, "pay.rates", []any{from, sum[:]}, func(*store.Tx, int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		if im, err = readTaxRates(tx, a, from, file); err != nil {
			return 0, err
		}
		for _, r := range im.Rows {
			if len(r.Refused) > 0 || r.Same {
				continue
			}
			if err := tx.SavePayPerson(r.version); err != nil {
				return 0, err
			}
			if err := tx.Audit(a.Person, "pay.rates", thing("person", r.version.Person), map[string]any{"from": from, "fields": []string{"pay.tax"}}); err != nil {
				return 0, err
			}
		}
		return int64(im.Taken), nil
	})
	return im, err
}

func readTaxRates(tx *store.Tx, a access.Actor, from date.Day, file []byte) (im TaxImport, err error) {
	im.From = from
	if from == 0 {
		return im, fault.At("from", "ledger.date_missing")
	}
	rows, err := sheet.Read(file)
	if err != nil {
		return im, onFile(err)
	}
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = sheet.Plain(rows[i][j])
		}
	}
	lines, err := payroll.ReadTaxLines(rows)
	if err != nil {
		return im, onFile(err)
	}
	known, err := tx.PayPersons(date.Of(2199, 12, 31)) // the last version of each
	if err != nil {
		return im, err
	}
	inForce, err := tx.PayPersons(from)
	if err != nil {
		return im, err
	}
	names, err := namesOf(tx)
	if err != nil {
		return im, err
	}
	lineOf := map[int64]int{} // by person: index of the line that named them
	for _, l := range lines {
		r := TaxRow{N: l.N, Who: l.Who, Tax: l.Tax, Refused: fault.All(l.Refuse)}
		refuse := func(key string, args ...any) { r.Refused = append(r.Refused, fault.At("number", key, args...)) }
		var found []int64
		for id, p := range known {
			if p.Known.Same(l.Who) {
				found = append(found, id)
			}
		}
		switch {
		case l.Who == "":
		case len(found) == 0:
			refuse("payroll.tax_file.unknown", "who", l.Who)
		case len(found) > 1:
			refuse("payroll.tax_file.several", "who", l.Who)
		default:
			id := found[0]
			r.Name, r.version = names[id], inForce[id]
			r.Was, r.version.Person = r.version.Known.Tax, id
			if before, twice := lineOf[id]; twice { // by matricule, then by NIR
				refuse("payroll.tax_file.twice", "line", im.Rows[before].N)
				im.Rows[before].Refused = append(im.Rows[before].Refused, fault.At("number", "payroll.tax_file.twice", "line", l.N))
			}
			lineOf[id] = len(im.Rows)
			var refused *fault.Error
			if err := can(a, access.RunPay, access.Subject{Person: id}); errors.As(err, &refused) {
				r.Refused = append(r.Refused, refused)
			}
			if known[id].From > from {
				refuse("payfile.from_before", "last", known[id].From)
			}
			r.Same = inForce[id].Person != 0 && sameRate(r.Was, l.Tax)
			r.version.Known.Tax, r.version.From, r.version.By = l.Tax, from, a.Person
		}
		im.Rows = append(im.Rows, r)
	}
	for _, r := range im.Rows {
		switch {
		case len(r.Refused) > 0:
			im.Refused++
		case r.Same:
			im.Same++
		default:
			im.Taken++
		}
	}
	return im, nil
}

func sameRate(a, b *money.Rate) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// onFile puts the refusals of a file on its field.
func onFile(err error) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	first := slices.Clone(all)[0]
	return fault.At("file", first.Key, first.Args...)
}
