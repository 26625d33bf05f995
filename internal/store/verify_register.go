package store

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// notedEntry is the entry of a record of the register, or of what undoes one.
type notedEntry struct {
	document string
	day      date.Day
	doc      date.Day
	by       int64
	lines    map[notedLine]money.Cents
}

// bears says whether the entry is of what was recorded of a day: on it, or in a later month, that day being the document's.
func (n notedEntry) bears(day date.Day) bool {
	return n.day == day || n.doc == day && n.day.Month() > day.Month()
}

type notedLine struct {
	account string
	section int64
}

type tillDay struct {
	section int64
	day     date.Day
}

// noted keeps what the register and the tills are compared with.
func (v *verifier) noted(e *ledger.Entry) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Account == sale.Till && l.Section >= ledger.FirstActivity {
			v.tills[tillDay{l.Section, e.Date}] += l.Amount
		}
	}
	if !strings.HasPrefix(e.Document, "register:") {
		return
	}
	n := notedEntry{document: e.Document, day: e.Date, doc: e.DocDate, by: e.By, lines: map[notedLine]money.Cents{}}
	for i := range e.Lines {
		n.lines[notedLine{e.Lines[i].Account, e.Lines[i].Section}] += e.Lines[i].Amount
	}
	v.records[e.ID] = n
}

// recordNumbers counts the numbers of the register, by their series.
func (v *verifier) recordNumbers(tx *Tx) error {
	return tx.rows(`SELECT kind, number, at FROM register WHERE coop_id = $1 AND number <> '' AND reverses = 0 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var kind, number string
		var at int64
		if err := scan(&kind, &number, &at); err != nil {
			return err
		}
		parts := strings.Split(number, "-")
		if len(parts) != 3 {
			return nil // told by its digest
		}
		s := v.seriesOf(kind + "/" + parts[1])
		s.count++
		s.day, s.like = max(s.day, v.dayOf(at)), number
		if n, err := strconv.Atoi(parts[2]); err == nil && n > 0 && n < 1<<24 {
			s.seen = append(s.seen, make([]bool, max(0, n-len(s.seen)))...)
			s.seen[n-1] = true
		}
		return nil
	})
}

func (v *verifier) dayOf(at int64) date.Day {
	return date.FromTime(time.UnixMicro(at).In(v.set.Zone))
}

// recordName is what people call a record.
func recordName(r sale.Record) string {
	return cmp.Or(r.Number, "#"+strconv.FormatInt(r.ID, 10))
}

// register follows its chain, and compares each record with its entry, with the record it undoes and with itself; takings
// with the turnover they brought; each till with nothing.
func (v *verifier) register(tx *Tx, invoiced map[turnoverKey]money.Cents) error {
	var head []byte
	var seq int64
	all := map[int64]sale.Record{}
	collected := map[collectedKey]money.Cents{}
	remitted := map[notedCheque]int64{}
	err := tx.rows(`SELECT id, kind, number, activity_id, day, amount, entry_id, reverses, by_id, at, body, hash, chain FROM register WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var r sale.Record
		var amount money.Cents
		var body string
		var hash, chain []byte
		if err := scan(&r.ID, (*string)(&r.Kind), &r.Number, &r.Activity, &r.Date, (*int64)(&amount), &r.Entry, &r.Reverses, &r.By, &r.At, &body, &hash, &chain); err != nil {
			return err
		}
		seq++
		digest := recordDigest(r, body)
		head = ledger.Link(head, digest[:])
		unread := readRecord(body, &r) != nil
		if r.ID != seq || !bytes.Equal(digest[:], hash) || !bytes.Equal(head, chain) || unread || amount != r.Amount() {
			head, seq = slices.Clone(chain), r.ID // tell each break once
			if err := v.tell("verify.record_changed", "record", recordName(r)); err != nil || unread {
				return err
			}
		}
		r.Booked = cmp.Or(v.records[r.Entry].day, r.Date)
		all[r.ID] = r
		if err := v.record(r, all[r.Reverses]); err != nil {
			return err
		}
		if r.Remittance != nil {
			for _, it := range r.Remittance.Items {
				k := notedCheque{it.Entry, it.Activity}
				if r.Reverses == 0 {
					remitted[k] = r.ID
				} else {
					delete(remitted, k)
				}
			}
		}
		if r.Taking == nil {
			return nil
		}
		sign := money.Cents(1)
		if r.Reverses != 0 {
			sign = -1
		}
		year, _ := v.set.YearOf(r.Booked)
		for nature, net := range r.Taking.NetByNature() {
			invoiced[turnoverKey{activity: r.Activity, year: year.ID, nature: nature, period: year.Span.Period(r.Booked)}] += sign * net
			if net != 0 {
				collected[collectedKey{r.ID, nature}] = sign * net
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	state, err := tx.head("register")
	if err != nil {
		return err
	}
	if err := v.head("register", state, seq, head); err != nil {
		return err
	}
	if err := v.takingsCollected(tx, all, collected); err != nil {
		return err
	}
	if err := v.deposited(tx, remitted); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(v.records)) { // an entry that says it is of a record that does not know it
		if err := v.tell("verify.record_entry_alone", "document", v.records[id].document, "day", v.records[id].day); err != nil {
			return err
		}
	}
	return v.tillsHold()
}

type notedCheque struct{ entry, activity int64 }

// record compares one with its entry.
func (v *verifier) record(r, undone sale.Record) error {
	name := recordName(r)
	if r.Taking != nil && !r.Taking.Recompute(ledger.France()) {
		if err := v.tell("verify.record_sums", "record", name); err != nil {
			return err
		}
	}
	sign := money.Cents(1)
	if r.Reverses != 0 {
		sign = -1
		if undone.ID == 0 || undone.Kind != r.Kind || undone.Amount() != r.Amount() || undone.Activity != r.Activity || undone.Reverses != 0 {
			if err := v.tell("verify.record_reverses", "record", name); err != nil {
				return err
			}
		}
	}
	want := map[notedLine]money.Cents{}
	lines, err := r.Lines(ledger.France())
	if err != nil {
		return v.tell("verify.record_sums", "record", name)
	}
	for _, l := range lines {
		want[notedLine{l.Account, l.Section}] += sign * l.Amount
	}
	e := v.records[r.Entry]
	delete(v.records, r.Entry)
	for _, m := range []map[notedLine]money.Cents{want, e.lines} {
		maps.DeleteFunc(m, func(_ notedLine, c money.Cents) bool { return c == 0 })
	}
	if !maps.Equal(want, e.lines) || len(want) > 0 && (e.document != r.Document() || !e.bears(r.Date) || e.by != r.By) {
		return v.tell("verify.record_entry", "record", name)
	}
	return nil
}

// takingsCollected compares the turnover that takings collected with them.
func (v *verifier) takingsCollected(tx *Tx, all map[int64]sale.Record, want map[collectedKey]money.Cents) error {
	wrong := map[int64]bool{}
	if err := tx.rows(`SELECT record_id, nature, net, year_id, period, day, activity_id, sale_id, payment_id FROM collected WHERE coop_id = $1 AND record_id <> 0`, []any{tx.coop}, func(scan func(...any) error) error {
		var k collectedKey
		var net money.Cents
		var year, activity, document, payment int64
		var period int
		var day date.Day
		if err := scan(&k.sale, &k.nature, (*int64)(&net), &year, &period, &day, &activity, &document, &payment); err != nil {
			return err
		}
		r := all[k.sale]
		y, ok := v.set.Year(year)
		if want[k] != net || !ok || !y.Span.Contains(day) || y.Span.Period(day) != period || day != r.Booked || activity != r.Activity || document != 0 || payment != 0 {
			wrong[k.sale] = true
		}
		delete(want, k)
		return nil
	}); err != nil {
		return err
	}
	for k := range want {
		wrong[k.sale] = true
	}
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		if err := v.tell("verify.record_collected", "record", recordName(all[id])); err != nil {
			return err
		}
	}
	return nil
}

// deposited compares which cheques are known as deposited with the deposits.
func (v *verifier) deposited(tx *Tx, want map[notedCheque]int64) error {
	wrong := map[int64]bool{}
	if err := tx.rows(`SELECT entry_id, activity_id, record_id FROM remitted WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k notedCheque
		var record int64
		err := scan(&k.entry, &k.activity, &record)
		if want[k] != record {
			wrong[record] = true
		}
		delete(want, k)
		return err
	}); err != nil {
		return err
	}
	for _, record := range want {
		wrong[record] = true
	}
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		if err := v.tell("verify.remitted", "record", "#"+strconv.FormatInt(id, 10)); err != nil {
			return err
		}
	}
	return nil
}

// tillsHold adds up each till day by day: none may ever hold less than nothing.
func (v *verifier) tillsHold() error {
	var section int64
	var held money.Cents
	told := false
	for _, k := range slices.SortedFunc(maps.Keys(v.tills), func(a, b tillDay) int {
		return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.day, b.day))
	}) {
		if k.section != section {
			section, held, told = k.section, 0, false
		}
		if held += v.tills[k]; held < 0 && !told {
			told = true
			if err := v.tell("verify.till_below", "section", v.set.Sections[section].Code, "day", k.day, "held", held); err != nil {
				return err
			}
		}
	}
	return nil
}

// closings follow their chain; each is made again out of the payments and takings it covers, and carries the total of the
// one before on.
func (v *verifier) closings(tx *Tx) error {
	ops, err := tx.Operations(0, 0)
	if err != nil {
		return err
	}
	var paid, taken []Operated // each in the order of its chain
	for _, op := range ops {
		if op.Payment != 0 {
			paid = append(paid, op)
		} else {
			taken = append(taken, op)
		}
	}
	var head []byte
	var seq int64
	last := map[sale.ClosingKind]sale.Closing{}
	err = tx.rows(`SELECT id, kind, from_day, to_day, payments, records, body, at, hash, chain FROM closing WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var c, kept sale.Closing
		var body string
		var hash, chain []byte
		if err := scan(&c.ID, (*string)(&c.Kind), &c.From, &c.To, &c.Payments[1], &c.Records[1], &body, &c.At, &hash, &chain); err != nil {
			return err
		}
		seq++
		digest := closingDigest(c, body)
		head = ledger.Link(head, digest[:])
		unread := decode(body, &kept) != nil
		if c.ID != seq || !bytes.Equal(digest[:], hash) || !bytes.Equal(head, chain) || unread {
			head, seq = slices.Clone(chain), c.ID
			if err := v.tell("verify.closing_changed", "closing", c.ID, "day", c.To); err != nil || unread {
				return err
			}
		}
		before := last[c.Kind]
		last[c.Kind] = kept
		want := sale.Closing{ID: c.ID, Kind: c.Kind, From: c.From, To: c.To, At: kept.At, Payments: [2]int64{before.Payments[1], c.Payments[1]}, Records: [2]int64{before.Records[1], c.Records[1]}}
		late := false
		for _, chain := range [2][]Operated{between(paid, want.Payments), between(taken, want.Records)} {
			for _, op := range chain {
				want.Add(op.Operation)
				late = late || op.On > c.To
			}
		}
		want.Seal(before.Grand)
		if late || !sameClosing(want, kept) {
			return v.tell("verify.closing_sums", "closing", c.ID, "day", c.To, "kept", kept.Grand, "want", want.Grand)
		}
		return nil
	})
	if err != nil {
		return err
	}
	state, err := tx.head("closing")
	if err != nil {
		return err
	}
	return v.head("closing", state, seq, head)
}

func sameClosing(a, b sale.Closing) bool {
	x, err := encode(a)
	y, other := encode(b)
	return err == nil && other == nil && x == y
}

// between returns the operations of one chain after a place and up to another.
func between(chain []Operated, places [2]int64) []Operated {
	at := func(place int64) int {
		i, _ := slices.BinarySearchFunc(chain, place, func(op Operated, place int64) int {
			if op.Payment+op.Record <= place { // one of them is 0
				return -1
			}
			return 1
		})
		return i
	}
	from, to := at(places[0]), at(places[1])
	return chain[from:max(from, to)]
}
