package store

// Counts are how many rows of each kind a cooperative has: what a filling or an import tells at its end.
type Counts struct{ Documents, Payments, Entries, Lines int64 }

// Counts counts.
func (tx *Tx) Counts() (c Counts, err error) {
	for _, each := range []struct {
		text string
		into *int64
	}{
		{`SELECT COUNT(*) FROM sale WHERE coop_id = $1`, &c.Documents}, {`SELECT COUNT(*) FROM payment WHERE coop_id = $1`, &c.Payments},
		{`SELECT COUNT(*) FROM entry WHERE coop_id = $1`, &c.Entries}, {`SELECT COUNT(*) FROM entry_line WHERE coop_id = $1`, &c.Lines},
	} {
		if _, err := tx.one(each.text, []any{tx.coop}, each.into); err != nil {
			return c, err
		}
	}
	return c, nil
}
