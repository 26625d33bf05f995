package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/joint"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// exchanged is what an entry of the journal of internal exchanges gives to or takes from a section: 1872 as a gain, 1862 as
// a loss.
type exchanged struct {
	entry, section int64
	sold           bool
}

// exchange notes what activities pass on to each other in an entry.
func (v *verifier) exchange(e *ledger.Entry) {
	for i := range e.Lines {
		l := &e.Lines[i]
		if sold := strings.HasPrefix(l.Account, joint.Sold); sold || strings.HasPrefix(l.Account, joint.Bought) {
			v.exchanged[exchanged{e.ID, l.Section, sold}] -= l.Amount
		}
	}
}

// internalNumbers counts what bears a number of the series of internal invoices.
func (v *verifier) internalNumbers(tx *Tx) error {
	return tx.rows(`SELECT number FROM internal_invoice WHERE coop_id = $1 AND number <> '' ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var number string
		if err := scan(&number); err != nil {
			return err
		}
		var year, n int
		if read, err := fmt.Sscanf(number, "I-%d-%d", &year, &n); err != nil || read != 2 || number != fmt.Sprintf("I-%d-%04d", year, n) {
			return v.tell("verify.internal_changed", "number", number)
		}
		s := v.seriesOf("internal/" + strconv.Itoa(year))
		s.count++
		s.like = number
		if n > 0 && n < 1<<24 {
			v.internalSeen[s] = append(v.internalSeen[s], n)
		}
		return nil
	})
}

// together compares internal invoices and shared deals with the entries that booked them, and with what customers paid.
func (v *verifier) together(tx *Tx) error {
	for s, seen := range v.internalSeen {
		slices.Sort(seen)
		for i, n := range seen {
			if n != i+1 {
				return v.tell("verify.document_missing", "number", fmt.Sprintf("%s%04d", s.like[:strings.LastIndexByte(s.like, '-')+1], i+1))
			}
		}
	}
	internals, deals := map[int64]money.Cents{}, map[int64]map[int64]money.Cents{}
	gave := map[exchanged]money.Cents{}
	if err := tx.rows(`SELECT `+partColumns+` FROM joint_part WHERE coop_id = $1 ORDER BY entry_id, activity_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var p JointPart
		if err := scanPart(scan, &p); err != nil {
			return err
		}
		gave[exchanged{p.Entry, p.Activity, true}] += p.Amount
		gave[exchanged{p.Entry, p.From, false}] -= p.Amount
		internals[p.Internal] += p.Amount
		if deals[p.Deal] == nil {
			deals[p.Deal] = map[int64]money.Cents{}
		}
		deals[p.Deal][p.Activity] += p.Amount
		return nil
	}); err != nil {
		return err
	}
	if !maps.Equal(gave, v.exchanged) {
		told := map[int64]bool{}
		for _, side := range []map[exchanged]money.Cents{gave, v.exchanged} {
			for _, k := range slices.SortedFunc(maps.Keys(side), func(a, b exchanged) int {
				return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.section, b.section))
			}) {
				if gave[k] == v.exchanged[k] || told[k.entry] {
					continue
				}
				told[k.entry] = true
				name, err := v.nameOf(tx, k.entry)
				if err != nil {
					return err
				}
				if err := v.tell("verify.joint_entry", "entry", name, "kept", gave[k], "booked", v.exchanged[k]); err != nil {
					return err
				}
			}
		}
	}
	settled, err := v.axes(tx)
	if err != nil {
		return err
	}
	if err := v.internals(tx, internals, settled); err != nil {
		return err
	}
	return v.deals(tx, deals)
}

// paidUp is what an invoice has collected of what it still asks, net.
type paidUp struct{ collected, effective money.Cents }

// axes recomputes what each document bears on each axis, and what was collected of it.
func (v *verifier) axes(tx *Tx) (map[int64]paidUp, error) {
	type row struct{ net, collected money.Cents }
	kept := map[int64]map[int64]row{}
	if err := tx.rows(`SELECT sale_id, axis, net, collected FROM sale_axis WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, axis int64
		var r row
		if err := scan(&id, &axis, (*int64)(&r.net), (*int64)(&r.collected)); err != nil {
			return err
		}
		if kept[id] == nil {
			kept[id] = map[int64]row{}
		}
		kept[id][axis] = r
		return nil
	}); err != nil {
		return nil, err
	}
	settled := map[int64]paidUp{}
	var awaited []int64
	if err := tx.rows(`SELECT awaits FROM internal_invoice WHERE coop_id = $1 AND awaits <> 0`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		awaited = append(awaited, id)
		return err
	}); err != nil {
		return nil, err
	}
	for _, id := range awaited {
		if d, err := tx.Sale(id); err == nil {
			settled[id] = paidUpOf(d)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(kept)) {
		d, err := tx.Sale(id)
		if err != nil || d.Number == "" || d.Kind == sale.Quote {
			continue // of drafts that were thrown away nothing follows, and unreadable ones are told elsewhere
		}
		nets := map[int64]money.Cents{}
		for i, l := range d.Content.Lines {
			if i < len(d.Totals.Lines) {
				nets[l.Axis] += d.Totals.Lines[i].Net
			}
		}
		for axis, r := range kept[id] {
			if nets[axis] != r.net {
				if err := v.tell("verify.axis", "number", d.Number, "kept", r.net, "document", nets[axis]); err != nil {
					return nil, err
				}
			}
		}
		if d.Kind != sale.Invoice {
			continue
		}
		buckets, err := tx.Buckets(id)
		if err != nil {
			return nil, err
		}
		for _, b := range joint.Spread(buckets, paidUpOf(d).collected) {
			if kept[id][b.Axis].collected != b.Collected {
				if err := v.tell("verify.axis", "number", d.Number, "kept", kept[id][b.Axis].collected, "document", b.Collected); err != nil {
					return nil, err
				}
			}
		}
	}
	return settled, nil
}

func paidUpOf(d sale.Document) paidUp {
	p := paidUp{effective: d.Totals.Net}
	for nature, net := range d.Settled.Net {
		if !strings.HasPrefix(nature, "deposit/") {
			p.collected += net
		}
	}
	for _, c := range d.Settled.Credited {
		p.effective -= c.Net
	}
	return p
}

// internals compares each internal invoice with what it says and with what was booked of it.
func (v *verifier) internals(tx *Tx, booked map[int64]money.Cents, settled map[int64]paidUp) error {
	all, err := list(tx, `SELECT `+internalColumns+` FROM internal_invoice WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, scanInternal)
	if err != nil {
		return err
	}
	undone, byID := map[int64]money.Cents{}, map[int64]joint.Invoice{}
	for _, i := range all {
		undone[i.Corrects] += i.Paid
		byID[i.ID] = i
	}
	said, err := saidOfInternals(tx)
	if err != nil {
		return err
	}
	for _, i := range all {
		want := i.Paid
		switch i.Status {
		case joint.Draft, joint.Sent, joint.Refused:
			want = 0
		case joint.Booked:
			if i.Kind == joint.Bill {
				want = i.Net
			}
		case joint.Cancelled:
			want = -undone[i.ID]
		case joint.Accepted:
		}
		if i.Awaits != 0 {
			p := settled[i.Awaits]
			want = joint.Due(i.Net, p.collected, p.effective)
		}
		digest, told := said[joint.Document(i.ID)]
		switch of := byID[i.Corrects]; { // what the log says of it, and what a credit says of the invoice it undoes
		case told && digest != i.Digest(), i.Kind == joint.Credit && !i.Undoes(of):
			if err := v.tell("verify.internal_changed", "number", cmp.Or(i.Number, strconv.FormatInt(i.ID, 10))); err != nil {
				return err
			}
		}
		if i.Paid != want || booked[i.ID] != i.Paid || i.Net != i.Content.Net() || (i.Number == "") != (i.Status == joint.Draft) {
			if err := v.tell("verify.internal_invoice", "number", cmp.Or(i.Number, strconv.FormatInt(i.ID, 10))); err != nil {
				return err
			}
		}
	}
	return nil
}

// saidOfInternals returns the digest of each internal invoice as the log, which is chained, said it last.
func saidOfInternals(tx *Tx) (map[string]string, error) {
	said := map[string]string{}
	err := tx.rows(`SELECT subject, detail FROM audit WHERE coop_id = $1 AND action LIKE 'internal.%' AND detail LIKE '%"digest":%' ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var subject, detail string
		if err := scan(&subject, &detail); err != nil {
			return err
		}
		var note struct{ Digest string }
		if json.Unmarshal([]byte(detail), &note) == nil { // the chain of the log tells it otherwise
			said[subject] = note.Digest
		}
		return nil
	})
	return said, err
}

// deals compares what each deal has shared with its key applied to what was collected.
func (v *verifier) deals(tx *Tx, shared map[int64]map[int64]money.Cents) error {
	all, err := tx.Deals(nil)
	if err != nil {
		return err
	}
	for _, d := range all {
		collected, err := tx.CollectedOn(d.ID)
		if err != nil {
			return err
		}
		for n, due := range d.Parts(collected) {
			if m := d.Members[n]; m.Activity != d.Lead && due != shared[d.ID][m.Activity] {
				if err := v.tell("verify.deal", "deal", d.Title, "section", v.set.Sections[m.Activity].Code, "kept", shared[d.ID][m.Activity], "key", due); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
