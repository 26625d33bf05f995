package office

import (
	"context"
	"fmt"
	"strconv"

	"essaim/internal/store"
)

// noteLogin writes a change of what protects a login in the audit log of each cooperative that the login opens. A job that
// is done again finds what it has written.
func (o *Office) noteLogin(ctx context.Context, n store.LoginNote, job store.Job) error {
	places, err := o.db.Memberships(ctx, n.Login)
	if err != nil {
		return err
	}
	if n.Coop != 0 && n.Person != 0 { // who was just dismissed has no place there any more
		places = []store.Membership{{Coop: n.Coop, Person: n.Person}}
	}
	for _, m := range places {
		if n.Coop != 0 && m.Coop != n.Coop {
			continue
		}
		err := o.db.Write(ctx, m.Coop, func(tx *store.Tx) error {
			r := request{key: "login.note/" + strconv.FormatInt(job.ID, 10), digest: []byte(n.Action)}
			if _, done, err := r.once(tx); err != nil || done {
				return err
			}
			by := n.By
			if n.Self {
				by = m.Person
			}
			var detail any
			if len(n.Detail) > 0 {
				detail = n.Detail
			}
			if err := tx.Audit(by, n.Action, fmt.Sprintf("person:%d", m.Person), detail); err != nil {
				return err
			}
			return r.keep(tx, m.Person)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
