package store

// Called is what people know something by: the number of a document or an entry, the name of a customer or a third party.
type Called struct {
	Name     string // "" of a document that has no number yet
	Kind     string // of a customer
	Activity int64  // 0: of none
}

// calledBy are the texts that name things of a sort.
var calledBy = map[string]string{
	"sale":         `SELECT id, number, kind, activity_id FROM sale WHERE coop_id = $1`,
	"customer":     `SELECT id, name, kind, activity_id FROM customer WHERE coop_id = $1`,
	"entry":        `SELECT id, journal || ' ' || CAST(number AS TEXT), '', 0 FROM entry WHERE coop_id = $1`,
	"payment":      `SELECT id, day, '', activity_id FROM payment WHERE coop_id = $1`,
	"subscription": `SELECT id, title, '', activity_id FROM subscription WHERE coop_id = $1`,
	"product":      `SELECT id, label, '', activity_id FROM product WHERE coop_id = $1`,
	"payslip":      `SELECT id, month, '', activity_id FROM payslip WHERE coop_id = $1`,
	"third":        `SELECT id, name, kind, 0 FROM third WHERE coop_id = $1`,
}

// calledMost bounds the ids of one question.
const calledMost = 512

// Called names the things of a sort ("sale", "customer", "entry", "payment", "third" …) by their ids; what is no more there
// is left out.
func (tx *Tx) Called(sort string, ids []int64) (map[int64]Called, error) {
	names := map[int64]Called{}
	for len(ids) > 0 {
		some := ids[:min(len(ids), calledMost)]
		ids = ids[len(some):]
		w := where{args: []any{tx.coop}}
		w.in("id", some)
		err := tx.rows(w.text(calledBy[sort], ``), w.args, func(scan func(...any) error) error {
			var id int64
			var c Called
			err := scan(&id, &c.Name, &c.Kind, &c.Activity)
			names[id] = c
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}
