package store

import (
	"encoding/json"
	"strconv"
	"strings"

	"essaim/money"
)

// yearChoices looks at what people signed of their years: the body still has its digest, the log says the same digest, and
// the amounts come to the balance.
func (v *verifier) yearChoices(tx *Tx) error {
	all, err := tx.EveryYearChoice()
	if err != nil || len(all) == 0 {
		return err
	}
	logged := map[string]string{} // by subject
	if err := tx.rows(`SELECT subject, detail FROM audit WHERE coop_id = $1 AND action IN ('yearend.sign', 'yearend.silent') ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var subject, detail string
		if err := scan(&subject, &detail); err != nil {
			return err
		}
		var d struct{ Hash string }
		if json.Unmarshal([]byte(detail), &d) == nil { // the chain of the log tells the rest
			logged[strings.TrimPrefix(subject, "yearchoice:")] = d.Hash
		}
		return nil
	}); err != nil {
		return err
	}
	for _, c := range all {
		var said struct {
			By      int64
			Balance money.Cents
			Wishes  []struct{ Amount money.Cents }
		}
		id := strconv.FormatInt(c.ID, 10)
		if HashOf(c.Body) != c.Hash || logged[id] != c.Hash || json.Unmarshal([]byte(c.Body), &said) != nil || said.By != c.By || said.Balance != c.Balance {
			if err := v.tell("verify.year_choice", "id", c.ID); err != nil {
				return err
			}
			continue
		}
		var sum money.Cents
		for _, w := range said.Wishes {
			sum += w.Amount
		}
		if sum != c.Balance {
			if err := v.tell("verify.year_sum", "id", c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
