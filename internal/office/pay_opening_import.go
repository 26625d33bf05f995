package office

import (
	"context"
	"crypto/sha256"
	"errors"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/format/sheet"
	"essaim/internal/store"
	"essaim/member"
	"essaim/payroll"
)

// OpeningImport is what becomes of a table of openings: all of it is taken, or nothing.
type OpeningImport struct {
	Rows    []OpeningRow
	Refused int
}

// OpeningRow is a line of the table.
type OpeningRow struct {
	N       int
	Who     string // as the file names them
	Name    string // once they are found
	Opening payroll.Opening
	After   payroll.YearToDate // the counters it makes
	Refused []*fault.Error

	slip store.Slip
}

// OpeningTemplate is the table to fill in, with a line for each contract that lacks counters before a month.
func (o *Office) OpeningTemplate(ctx context.Context, a access.Actor, m date.Month) ([]byte, error) {
	v, err := o.PayOpenings(ctx, a, m)
	if err != nil {
		return nil, err
	}
	rows := [][]string{payroll.OpeningTitles()}
	for _, l := range v.Rows {
		if l.Missing == nil || l.Used != 0 || l.Own {
			continue
		}
		rows = append(rows, []string{l.Number, l.Person.Name(), string(l.Contract.Kind), l.Contract.Start.String(), l.Missing.Until.String()})
	}
	return sheet.Write(rows), nil
}

// TryOpenings reads a table and tells what would become of each line. Nothing is written.
func (o *Office) TryOpenings(ctx context.Context, a access.Actor, file []byte) (im OpeningImport, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return im, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		im, err = readOpenings(tx, a, file)
		return err
	})
	return im, err
}

// ImportOpenings takes over the sums of every line in one operation; a line that is refused refuses them all.
func (o *Office) ImportOpenings(ctx context.Context, a access.Actor, file []byte) (im OpeningImport, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return im, err
	}
	sum := sha256.Sum256(file)
	err = o.writeOnce(ctx, a, "pay.openings", sum[:], func(tx *store.Tx, _ int64) error { return nil }, func(tx *store.Tx) (int64, error) {
		if im, err = readOpenings(tx, a, file); err != nil {
			return 0, err
		}
		if im.Refused > 0 {
			return 0, fault.At("file", "payopening.fault.refused", "n", im.Refused)
		}
		for _, r := range im.Rows {
			if err := keepOpening(tx, a, nil, r.slip); err != nil {
				return 0, err
			}
		}
		return int64(len(im.Rows)), nil
	})
	return im, err
}

func readOpenings(tx *store.Tx, a access.Actor, file []byte) (im OpeningImport, err error) {
	rows, err := sheet.Read(file)
	if err != nil {
		return im, onFile(err)
	}
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = sheet.Plain(rows[i][j])
		}
	}
	lines, err := payroll.ReadOpeningLines(rows)
	if err != nil {
		return im, err
	}
	known, err := tx.PayPersons(date.Of(2199, 12, 31)) // the last version of each
	if err != nil {
		return im, err
	}
	names, err := namesOf(tx)
	if err != nil {
		return im, err
	}
	taken := map[int64]int{} // by contract: index of the line that named it
	again := 0
	for _, l := range lines {
		r := OpeningRow{N: l.N, Who: l.Who, Opening: l.Opening, Refused: fault.All(l.Refuse)}
		refuse := func(err error) error {
			all := fault.All(err)
			if err != nil && len(all) == 0 {
				return err
			}
			r.Refused = append(r.Refused, all...)
			return nil
		}
		c, person, err := contractNamed(tx, known, l)
		r.Name = names[person]
		if err := refuse(err); err != nil {
			return im, err
		}
		if c.ID != 0 {
			var refused *fault.Error
			if err := can(a, access.RunPay, access.Subject{Person: person}); errors.As(err, &refused) {
				r.Refused = append(r.Refused, refused)
			}
			if before, twice := taken[c.ID]; twice {
				r.Refused = append(r.Refused, fault.At("number", "payroll.tax_file.twice", "line", im.Rows[before].N))
				im.Rows[before].Refused = append(im.Rows[before].Refused, fault.At("number", "payroll.tax_file.twice", "line", l.N))
			}
			taken[c.ID] = len(im.Rows)
		}
		if c.ID != 0 && len(r.Refused) == 0 {
			kept, _, err := openingOf(tx, c, l.Until.Year())
			switch {
			case err != nil:
				return im, err
			case kept != nil:
				if kept.Body.Opening != nil && *kept.Body.Opening == l.Opening {
					again++
				}
				r.Refused = append(r.Refused, fault.At("until", "payopening.fault.there", "month", kept.Month))
			default:
				r.slip, err = readyOpening(tx, a, c, l.Opening)
				if err := refuse(err); err != nil {
					return im, err
				}
				r.After = r.slip.Body.After
			}
		}
		im.Rows = append(im.Rows, r)
	}
	if again == len(im.Rows) {
		return OpeningImport{}, fault.At("file", "payopening.fault.twice")
	}
	for _, r := range im.Rows {
		if len(r.Refused) > 0 {
			im.Refused++
		}
	}
	return im, nil
}

// contractNamed finds the contract that a line names: by matricule or NIR, and by its first day when there are several.
func contractNamed(tx *store.Tx, known map[int64]store.PayPerson, l payroll.OpeningLine) (c member.Contract, person int64, err error) {
	if l.Who == "" || l.Until == 0 {
		return c, 0, nil // said already
	}
	n := 0
	for id, p := range known {
		if p.Known.Same(l.Who) {
			person, n = id, n+1
		}
	}
	switch n {
	case 0:
		return c, 0, fault.At("number", "payroll.tax_file.unknown", "who", l.Who)
	case 1:
	default:
		return c, 0, fault.At("number", "payroll.tax_file.several", "who", l.Who)
	}
	all, err := tx.ContractsOf(person)
	if err != nil {
		return c, person, err
	}
	var fit []member.Contract
	for _, x := range all {
		if x.Kind != member.CAPE && x.Start <= l.Until.Last() && (x.End == 0 || x.End >= date.MonthOf(l.Until.Year(), 1).First()) && (l.Start == 0 || x.Start == l.Start) {
			fit = append(fit, x)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], person, nil
	case len(fit) == 0 && l.Start != 0:
		return c, person, fault.At("start", "payopening.fault.no_contract_on", "day", l.Start)
	case len(fit) == 0:
		return c, person, fault.At("until", "payopening.fault.no_contract", "until", l.Until)
	}
	return c, person, fault.At("start", "payopening.fault.which", "n", len(fit))
}
