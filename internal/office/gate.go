package office

import (
	"strings"

	"essaim/access"
	"essaim/internal/store"
	"essaim/sale"
)

// DeedWarned tells that its author submitted a document although gates warned; its comment names them, parted by spaces.
const DeedWarned = "warned"

// warn keeps which warnings stood when a document was submitted all the same: its reader is told, whatever is mended since.
func (o *Office) warn(tx *store.Tx, a access.Actor, d *sale.Document, found []sale.Finding) error {
	var names []string
	for _, f := range found {
		names = append(names, f.Name)
	}
	if len(names) == 0 {
		return nil
	}
	return tx.AddEvent(d.ID, DeedWarned, strings.Join(names, " "), 0, a.Person, a.Name)
}

// Warned returns the names of the gates that warned when the document was last submitted.
func (s Sheet) Warned() []string {
	for i := range s.Events {
		switch e := s.Events[len(s.Events)-1-i]; e.Deed {
		case DeedWarned:
			return strings.Fields(e.Comment)
		case string(sale.DeedSubmit):
			return nil
		}
	}
	return nil
}
