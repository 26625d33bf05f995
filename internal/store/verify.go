package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// Finding is one thing that verify found wrong: a message key with its arguments.
type Finding struct {
	Coop string
	Key  string
	Args []any
}

// findingsMax bounds what is told of one cooperative: the first hundred findings say enough.
const findingsMax = 100

// Verify recomputes everything that is derived from entries, documents and payments, and follows the chains. It returns
// what differs; no finding means that the books are as they were validated. It reads one state of the data, so that a
// running server does not disturb it.
func (db *DB) Verify(ctx context.Context) ([]Finding, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Finding
	for _, c := range coops {
		v := &verifier{coop: c.Slug}
		if err := db.Read(ctx, c.ID, v.run); err != nil && !errors.Is(err, errEnough) {
			return all, fmt.Errorf("cooperative %s: %w", c.Slug, err)
		}
		all = append(all, v.found...)
	}
	return all, nil
}

// Head is where a cooperative's chain of entries ends: whoever keeps it elsewhere can tell that the books before it are
// still the same.
type Head struct {
	Coop    string
	Entries int64
	Chain   []byte
}

// Heads returns the end of each cooperative's chain.
func (db *DB) Heads(ctx context.Context) ([]Head, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Head
	for _, c := range coops {
		if err := db.Read(ctx, c.ID, func(tx *Tx) error {
			s, err := tx.head("entry")
			all = append(all, Head{c.Slug, s.seq, s.head})
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// VerifyFiles reads every document that is filed and compares it with its name, which is the SHA-256 of its content, and
// with the size in the books.
func (db *DB) VerifyFiles(ctx context.Context, files *Files) ([]Finding, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Finding
	for _, c := range coops {
		v := &verifier{coop: c.Slug}
		if err := db.Read(ctx, c.ID, func(tx *Tx) error {
			if err := tx.rows(`SELECT number, file FROM sale WHERE coop_id = $1 AND file <> '' AND file NOT IN (SELECT sha256 FROM file WHERE coop_id = $1) ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
				var number, sha string
				if err := scan(&number, &sha); err != nil {
					return err
				}
				return v.tell("verify.file_unnamed", "number", number, "sha", sha)
			}); err != nil {
				return err
			}
			return tx.EachFile(func(f File) error {
				b, err := files.Get(f.SHA256)
				switch {
				case fault.KindOf(err) == fault.NotFound:
					return v.tell("verify.file_missing", "name", f.Name, "sha", f.SHA256)
				case err != nil || int64(len(b)) != f.Size:
					return v.tell("verify.file_changed", "name", f.Name, "sha", f.SHA256)
				}
				return nil
			})
		}); err != nil && !errors.Is(err, errEnough) {
			return all, fmt.Errorf("cooperative %s: %w", c.Slug, err)
		}
		all = append(all, v.found...)
	}
	return all, nil
}

var errEnough = errors.New("enough findings")

type verifier struct {
	coop     string
	found    []Finding
	set      *Settings
	balances map[balanceKey]amounts
	items    map[ledger.ItemRef]*verifiedItem
	series   map[string]int64
	netted   map[nettedKey]bool
	undone   map[int64]bool // entries undone within their month
}

type nettedKey struct {
	entry, section int64
	undone         bool
}

type verifiedItem struct {
	account        string
	section, third int64
	amount, left   money.Cents
}

func (v *verifier) tell(key string, args ...any) error {
	v.found = append(v.found, Finding{v.coop, key, args})
	if len(v.found) >= findingsMax {
		return errEnough
	}
	return nil
}

func (v *verifier) run(tx *Tx) error {
	var err error
	if v.set, err = tx.Settings(); err != nil {
		return err
	}
	v.netted, v.undone = map[nettedKey]bool{}, map[int64]bool{}
	v.balances, v.items, v.series = map[balanceKey]amounts{}, map[ledger.ItemRef]*verifiedItem{}, map[string]int64{}
	for _, step := range []func(*Tx) error{v.entries, v.sums, v.net, v.open, v.numbers, v.payments, v.documents} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// entries follows the chain and checks each entry: digest, link, balance in total and in each section, numbers.
func (v *verifier) entries(tx *Tx) error {
	var head []byte
	var seq int64
	err := tx.EachEntry(0, func(e *ledger.Entry) error {
		seq++
		if e.ID != seq {
			if err := v.tell("verify.chain_hole", "entry", seq); err != nil {
				return err
			}
			seq = e.ID
		}
		digest := e.Digest()
		if !bytes.Equal(digest[:], e.Hash) {
			if err := v.tell("verify.entry_changed", "entry", e.Journal+" "+fmt.Sprint(e.Number), "year", e.Year); err != nil {
				return err
			}
		}
		head = ledger.Link(head, digest[:])
		if !bytes.Equal(head, e.Chain) {
			if err := v.tell("verify.chain_broken", "entry", e.Journal+" "+fmt.Sprint(e.Number)); err != nil {
				return err
			}
			head = e.Chain // tell each break once
		}
		name := fmt.Sprintf("entry/%s/%d", e.Journal, e.Year)
		v.series[name]++
		if e.Number != v.series[name] {
			if err := v.tell("verify.number_hole", "journal", e.Journal, "number", v.series[name]); err != nil {
				return err
			}
			v.series[name] = e.Number
		}
		return v.lines(e)
	})
	if err != nil {
		return err
	}
	state, err := tx.head("entry")
	if err != nil {
		return err
	}
	if state.seq != seq || !bytes.Equal(state.head, head) {
		return v.tell("verify.head", "entries", seq, "head", state.seq)
	}
	return nil
}

func (v *verifier) lines(e *ledger.Entry) error {
	year, ok := v.set.Year(e.Year)
	if !ok || !year.Span.Contains(e.Date) {
		if err := v.tell("verify.year", "entry", e.Journal+" "+fmt.Sprint(e.Number)); err != nil {
			return err
		}
	}
	var total money.Cents
	gaps := map[int64]money.Cents{}
	period := year.Span.Period(e.Date)
	for i := range e.Lines {
		l := &e.Lines[i]
		total += l.Amount
		gaps[l.Section] += l.Amount
		for _, s := range [2]int64{l.Section, 0} {
			v.add(balanceKey{section: s, year: e.Year, account: l.Account, period: period}, l.Amount)
			for _, y := range v.set.Years {
				if y.Span.Start > year.Span.End {
					v.add(balanceKey{section: s, year: y.ID, account: Carried(l.Account)}, l.Amount)
				}
			}
		}
		if l.Third == 0 {
			continue
		}
		if l.Settles == (ledger.ItemRef{}) {
			v.items[ledger.ItemRef{Entry: e.ID, Line: l.N}] = &verifiedItem{l.Account, l.Section, l.Third, l.Amount, l.Amount}
			continue
		}
		item := v.items[l.Settles]
		if item == nil || item.account != l.Account || item.section != l.Section || item.third != l.Third {
			if err := v.tell("verify.settles", "entry", e.Journal+" "+fmt.Sprint(e.Number), "line", l.N); err != nil {
				return err
			}
			continue
		}
		item.left += l.Amount
	}
	if total != 0 {
		if err := v.tell("verify.unbalanced", "entry", e.Journal+" "+fmt.Sprint(e.Number), "gap", total); err != nil {
			return err
		}
	}
	liaison, internal := e.Nil()
	for _, sum := range []struct {
		accounts string
		gap      money.Cents
	}{{"181", liaison}, {"186, 187", internal}} {
		if sum.gap != 0 {
			if err := v.tell("verify.internal", "entry", e.Journal+" "+fmt.Sprint(e.Number), "accounts", sum.accounts, "gap", sum.gap); err != nil {
				return err
			}
		}
	}
	for s, gap := range gaps {
		if shifts(e, s) {
			v.netted[nettedKey{entry: e.ID, section: s}] = true
		}
		if gap != 0 {
			if err := v.tell("verify.unbalanced_section", "entry", e.Journal+" "+fmt.Sprint(e.Number), "section", v.set.Sections[s].Code, "gap", gap); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verifier) add(k balanceKey, amount money.Cents) {
	b := v.balances[k]
	if amount > 0 {
		b.a += amount
	} else {
		b.b -= amount
	}
	v.balances[k] = b
}

// sums compares the balances kept with those recomputed.
func (v *verifier) sums(tx *Tx) error {
	err := tx.rows(`SELECT section_id, year_id, account, period, debit, credit FROM balance WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k balanceKey
		var kept amounts
		if err := scan(&k.section, &k.year, &k.account, &k.period, &kept.a, &kept.b); err != nil {
			return err
		}
		want := v.balances[k]
		delete(v.balances, k)
		// What is carried over may be kept as sums of other partial sums: its net is what counts.
		if want != kept && (k.period > 0 || want.a-want.b != kept.a-kept.b) {
			return v.balance(k, kept.a-kept.b, want.a-want.b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(v.balances), func(a, b balanceKey) int {
		return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.year, b.year), cmp.Compare(a.account, b.account), cmp.Compare(a.period, b.period))
	}) {
		want := v.balances[k]
		if want.a != want.b || k.period > 0 && want != (amounts{}) {
			if err := v.balance(k, 0, want.a-want.b); err != nil {
				return err
			}
		}
	}
	return nil
}

// balance tells of a balance that is not what the entries make it.
func (v *verifier) balance(k balanceKey, kept, entries money.Cents) error {
	if k.section == 0 {
		return v.tell("verify.balance_house", "account", k.account, "period", k.period, "kept", kept, "entries", entries)
	}
	return v.tell("verify.balance", "account", k.account, "section", v.set.Sections[k.section].Code, "period", k.period, "kept", kept, "entries", entries)
}

// net compares what is kept of entries that bring a section no money, or less than their lines say.
func (v *verifier) net(tx *Tx) error {
	if err := tx.rows(`SELECT r.id, r.reverses, r.day, r.year_id, o.day, o.year_id FROM entry r JOIN entry o ON o.coop_id = r.coop_id AND o.id = r.reverses WHERE r.coop_id = $1 AND r.reverses <> 0 ORDER BY r.id`, []any{tx.coop}, func(scan func(...any) error) error {
		var r, o, year, other int64
		var day, on date.Day
		err := scan(&r, &o, &day, &year, &on, &other)
		if together(v.set, year, day, other, on) && !v.undone[o] {
			v.undone[r], v.undone[o] = true, true
		}
		return err
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(v.undone)), inMost) {
		w := where{args: []any{tx.coop}}
		w.in("entry_id", some)
		if err := tx.rows(w.text(`SELECT DISTINCT entry_id, section_id FROM entry_line WHERE coop_id = $1`, ""), w.args, func(scan func(...any) error) error {
			k := nettedKey{undone: true}
			err := scan(&k.entry, &k.section)
			v.netted[k] = true
			return err
		}); err != nil {
			return err
		}
	}
	wrong := map[int64]bool{}
	if err := tx.rows(`SELECT entry_id, section_id, undone FROM netted WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k nettedKey
		err := scan(&k.entry, &k.section, &k.undone)
		if !v.netted[k] {
			wrong[k.entry] = true
		}
		delete(v.netted, k)
		return err
	}); err != nil {
		return err
	}
	for k := range v.netted {
		wrong[k.entry] = true
	}
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		if err := v.tell("verify.netted", "entry", id); err != nil {
			return err
		}
	}
	return nil
}

// open compares open items.
func (v *verifier) open(tx *Tx) error {
	err := tx.rows(`SELECT entry_id, n, account, section_id, third_id, amount, remaining FROM open_item WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var ref ledger.ItemRef
		var kept verifiedItem
		if err := scan(&ref.Entry, &ref.Line, &kept.account, &kept.section, &kept.third, &kept.amount, &kept.left); err != nil {
			return err
		}
		want := v.items[ref]
		delete(v.items, ref)
		if want == nil || *want != kept {
			return v.tell("verify.item", "entry", ref.Entry, "line", ref.Line, "remaining", kept.left)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, ref := range slices.SortedFunc(maps.Keys(v.items), func(a, b ledger.ItemRef) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Line, b.Line))
	}) {
		want := v.items[ref]
		if err := v.tell("verify.item_missing", "entry", ref.Entry, "line", ref.Line, "remaining", want.left); err != nil {
			return err
		}
	}
	return nil
}

// numbers compares the series with what they have given: the last number of each equals the count of what bears one.
func (v *verifier) numbers(tx *Tx) error {
	err := tx.rows(`SELECT kind, number FROM sale WHERE coop_id = $1 AND number <> '' ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var kind, number string
		if err := scan(&kind, &number); err != nil {
			return err
		}
		if parts := strings.Split(number, "-"); len(parts) == 3 {
			v.series[kind+"/"+parts[1]]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.rows(`SELECT name, last FROM series WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var name string
		var last int64
		if err := scan(&name, &last); err != nil {
			return err
		}
		if v.series[name] != last {
			return v.tell("verify.series", "series", name, "last", last, "count", v.series[name])
		}
		return nil
	})
}

// payments follows their chain and sums their allocations per invoice.
func (v *verifier) payments(tx *Tx) error {
	var head []byte
	allocated := map[int64][]sale.Allocation{}
	if err := tx.rows(`SELECT payment_id, sale_id, amount FROM allocation WHERE coop_id = $1 ORDER BY payment_id, sale_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var a sale.Allocation
		err := scan(&id, &a.Invoice, &a.Amount)
		allocated[id] = append(allocated[id], a)
		return err
	}); err != nil {
		return err
	}
	paid := map[int64]money.Cents{}
	var seq int64
	err := tx.rows(`SELECT id, day, amount, means, reference, customer_id, activity_id, excess, entry_id, reverses, by_id, at, hash, chain FROM payment WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var p sale.Payment
		var reverses int64
		var hash, chain []byte
		if err := scan(&p.ID, &p.Date, &p.Amount, &p.Means, &p.Reference, &p.Customer, &p.Activity, &p.Excess, &p.Entry, &reverses, &p.By, &p.At, &hash, &chain); err != nil {
			return err
		}
		p.Seq, p.Allocations = p.ID, allocated[p.ID]
		seq++
		digest := PaymentDigest(p, reverses)
		head = ledger.Link(head, digest[:])
		if p.ID != seq || !bytes.Equal(digest[:], hash) || !bytes.Equal(head, chain) {
			if err := v.tell("verify.payment_changed", "payment", p.ID); err != nil {
				return err
			}
			head, seq = chain, p.ID
		}
		sign := money.Cents(1)
		if reverses != 0 {
			sign = -1
		}
		for _, a := range p.Allocations {
			paid[a.Invoice] += sign * a.Amount
		}
		return nil
	})
	if err != nil {
		return err
	}
	state, err := tx.head("payment")
	if err != nil {
		return err
	}
	if state.seq != seq || !bytes.Equal(state.head, head) {
		if err := v.tell("verify.payment_head", "payments", seq, "head", state.seq); err != nil {
			return err
		}
	}
	return tx.rows(`SELECT id, number, paid, settled FROM sale WHERE coop_id = $1 AND kind = 'invoice' AND number <> ''`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var number, text string
		var kept money.Cents
		if err := scan(&id, &number, &kept, &text); err != nil {
			return err
		}
		var settled sale.Settled
		if err := decode(text, &settled); err != nil {
			return err
		}
		for _, m := range settled.Moved { // what a credit note turned into an advance no longer pays the invoice
			kept += m.Amount
		}
		if kept != paid[id] {
			return v.tell("verify.paid", "number", number, "kept", kept, "payments", paid[id])
		}
		return nil
	})
}

// documents compares each validated document's totals with its entry, and the turnover kept with the documents.
func (v *verifier) documents(tx *Tx) error {
	type row struct {
		number       string
		kind         sale.Kind
		entry        int64
		gross        money.Cents
		credited     money.Cents
		corrects, id int64
	}
	docs, err := list(tx, `SELECT id, number, kind, entry_id, gross, credited, corrects FROM sale WHERE coop_id = $1 AND number <> '' AND kind <> 'quote'`, []any{tx.coop}, func(scan func(...any) error, r *row) error {
		return scan(&r.id, &r.number, &r.kind, &r.entry, &r.gross, &r.credited, &r.corrects)
	})
	if err != nil {
		return err
	}
	credits := map[int64]money.Cents{}
	for _, d := range docs {
		if d.kind == sale.CreditNote {
			credits[d.corrects] += d.gross
		}
	}
	revenue := map[int64]money.Cents{} // entry → what it books on third parties
	if err := tx.rows(`SELECT entry_id, amount FROM entry_line WHERE coop_id = $1 AND (account LIKE '411%' OR account LIKE '4191%')`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var amount money.Cents
		err := scan(&id, &amount)
		revenue[id] += amount
		return err
	}); err != nil {
		return err
	}
	if err := v.booked(tx); err != nil {
		return err
	}
	for _, d := range docs {
		want := d.gross
		if d.kind == sale.CreditNote {
			want = -want
		}
		if d.gross != 0 && revenue[d.entry] != want {
			if err := v.tell("verify.document", "number", d.number, "document", want, "entry", revenue[d.entry]); err != nil {
				return err
			}
		}
		if d.kind == sale.Invoice && d.credited != credits[d.id] {
			if err := v.tell("verify.credited", "number", d.number, "kept", d.credited, "credits", credits[d.id]); err != nil {
				return err
			}
		}
	}
	return v.turnover(tx)
}

// booked compares the number, the day and the customer of each document with those that its entry bears: the entry is
// chained, the document is not.
func (v *verifier) booked(tx *Tx) error {
	return tx.rows(`SELECT s.number, e.ref, s.day, e.doc_day, c.third_id, coalesce((SELECT min(l.third_id) FROM entry_line l WHERE l.coop_id = s.coop_id AND l.entry_id = s.entry_id AND l.third_id <> 0), c.third_id)
		FROM sale s JOIN entry e ON e.coop_id = s.coop_id AND e.id = s.entry_id JOIN customer c ON c.coop_id = s.coop_id AND c.id = s.customer_id
		WHERE s.coop_id = $1 AND s.number <> '' AND s.kind <> 'quote' ORDER BY s.id`, []any{tx.coop}, func(scan func(...any) error) error {
		var number, ref, day, booked string
		var customer, third int64
		if err := scan(&number, &ref, &day, &booked, &customer, &third); err != nil {
			return err
		}
		if number != ref || day != booked || customer != third {
			return v.tell("verify.document_entry", "number", number, "ref", ref)
		}
		return nil
	})
}

func (v *verifier) turnover(tx *Tx) error {
	type key struct {
		activity, year int64
		nature         string
		period         int
	}
	sums := map[key]money.Cents{}
	if err := tx.rows(`SELECT activity_id, year_id, nature, period, net FROM collected WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k key
		var net money.Cents
		err := scan(&k.activity, &k.year, &k.nature, &k.period, &net)
		sums[k] += net
		return err
	}); err != nil {
		return err
	}
	invoiced := map[key]money.Cents{}
	if err := tx.rows(`SELECT activity_id, kind, day, content, totals FROM sale WHERE coop_id = $1 AND number <> '' AND kind <> 'quote'`, []any{tx.coop}, func(scan func(...any) error) error {
		var d sale.Document
		var content, totals string
		if err := scan(&d.Activity, &d.Kind, &d.Date, &content, &totals); err != nil {
			return err
		}
		if err := decode(content, &d.Content); err != nil {
			return err
		}
		if err := decode(totals, &d.Totals); err != nil {
			return err
		}
		year, ok := v.set.YearOf(d.Date)
		if !ok {
			return nil
		}
		for nature, net := range d.NetByNature() {
			if d.Kind == sale.CreditNote {
				net = -net
			}
			invoiced[key{d.Activity, year.ID, nature, year.Span.Period(d.Date)}] += net
		}
		return nil
	}); err != nil {
		return err
	}
	err := tx.rows(`SELECT activity_id, year_id, nature, period, invoiced, collected FROM turnover WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k key
		var i, c money.Cents
		if err := scan(&k.activity, &k.year, &k.nature, &k.period, &i, &c); err != nil {
			return err
		}
		if i != invoiced[k] || c != sums[k] {
			if err := v.tell("verify.turnover", "section", v.set.Sections[k.activity].Code, "period", k.period, "kept", i, "documents", invoiced[k]); err != nil {
				return err
			}
		}
		delete(invoiced, k)
		delete(sums, k)
		return nil
	})
	if err != nil {
		return err
	}
	left := slices.Collect(func(yield func(key) bool) {
		for k, n := range invoiced {
			if n != 0 && !yield(k) {
				return
			}
		}
		for k, n := range sums {
			if n != 0 && !yield(k) {
				return
			}
		}
	})
	for _, k := range left {
		if err := v.tell("verify.turnover", "section", v.set.Sections[k.activity].Code, "period", k.period, "kept", money.Cents(0), "documents", invoiced[k]); err != nil {
			return err
		}
	}
	return nil
}
