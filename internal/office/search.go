package office

import (
	"context"
	"slices"
	"strings"

	"essaim/access"
	"essaim/internal/store"
)

// Search looks for people, activities, customers and documents that the actor may see.
func (o *Office) Search(ctx context.Context, a access.Actor, q string) (hits []store.Hit, err error) {
	if q = strings.TrimSpace(q); q == "" || len(q) > 200 {
		return nil, nil
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		every, err := tx.Activities()
		if err != nil {
			return err
		}
		activities := []int64{}
		for _, act := range every {
			if access.Can(a, access.ViewDocument, access.Subject{Coop: a.Coop, Activity: act.ID}) != access.Absent {
				activities = append(activities, act.ID)
			}
		}
		all := len(activities) == len(every) && len(every) > 0
		if all {
			activities = nil // one query serves
		}
		found, err := tx.Search(q, activities, searchMost)
		if err != nil {
			return err
		}
		for _, h := range found {
			if h.Kind == "person" && access.Can(a, access.ViewPeople, access.Subject{Coop: a.Coop}) != access.Allowed {
				continue
			}
			hits = append(hits, h)
		}
		if all {
			return nil
		}
		return searchYears(tx, a, q, &hits)
	})
	return hits, err
}

// searchMost bounds what a search finds.
const searchMost = 30

// searchYears adds the documents of the years that are open to an auditor.
func searchYears(tx *store.Tx, a access.Actor, q string, hits *[]store.Hit) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	years, err := open(set, a, access.ViewDocument, access.Subject{})
	if err != nil || len(years) == 0 {
		return nil // not an auditor: what they may see was found
	}
	rows, err := tx.Sales(store.SaleFilter{Q: q, Within: years, Limit: searchMost})
	if err != nil {
		return err
	}
	for _, h := range store.Hits(rows) {
		if !slices.Contains(*hits, h) {
			*hits = append(*hits, h)
		}
	}
	return nil
}
