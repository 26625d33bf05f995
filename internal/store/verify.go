package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
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
// running server does not disturb it. With ids it looks at these cooperatives alone.
func (db *DB) Verify(ctx context.Context, only ...int64) ([]Finding, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Finding
	for _, c := range coops {
		if len(only) > 0 && !slices.Contains(only, c.ID) {
			continue
		}
		v := &verifier{coop: c.Slug}
		switch err := db.Read(ctx, c.ID, v.run); {
		case err == nil || errors.Is(err, errEnough):
		case ctx.Err() == nil && fault.KindOf(err) == fault.Internal: // a row that no program of ours wrote: a day that is none
			v.found = append(v.found, Finding{v.coop, "verify.unreadable", []any{"what", err.Error()}})
		default:
			return all, fmt.Errorf("cooperative %s: %w", c.Slug, err)
		}
		all = append(all, v.found...)
	}
	return all, nil
}

// Head is where a chain of a cooperative ends: whoever keeps it elsewhere can tell that what is before it is still the same.
type Head struct {
	Coop  string
	Name  string // "entry", "payment", "validation", "signature", "audit", "register", "closing"
	N     int64
	Chain []byte
}

// Heads returns the ends of the chains of each cooperative that hold something.
func (db *DB) Heads(ctx context.Context) ([]Head, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Head
	for _, c := range coops {
		if err := db.Read(ctx, c.ID, func(tx *Tx) error {
			heads, err := tx.heads()
			for _, name := range []string{"entry", "payment", "validation", "signature", "audit", "register", "closing"} {
				if h := heads[name]; h.seq > 0 {
					all = append(all, Head{c.Slug, name, h.seq, h.head})
				}
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Earlier is how many documents of a cooperative were validated before their chain began, and bear no digest: they are
// compared with the books like the others, but their words may have changed unseen.
type Earlier struct {
	Coop string
	N    int64
}

// Earliers counts them, in the cooperatives that have some.
func (db *DB) Earliers(ctx context.Context) ([]Earlier, error) {
	coops, err := db.Cooperatives(ctx)
	if err != nil {
		return nil, err
	}
	var all []Earlier
	for _, c := range coops {
		e := Earlier{Coop: c.Slug}
		if err := db.Read(ctx, c.ID, func(tx *Tx) error {
			_, err := tx.one(`SELECT COUNT(*) FROM sale WHERE coop_id = $1 AND number <> '' AND status NOT IN ('draft', 'submitted', 'returned') AND id NOT IN (SELECT sale_id FROM validation WHERE coop_id = $1)`, []any{tx.coop}, &e.N)
			return err
		}); err != nil {
			return nil, err
		}
		if e.N > 0 {
			all = append(all, e)
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
	coop      string
	found     []Finding
	set       *Settings
	balances  map[balanceKey]amounts
	items     map[ledger.ItemRef]*verifiedItem
	series    map[string]*verifiedSeries
	booked    map[int64]*booked // entry → what it says of its document
	collected map[collectedKey]money.Cents
	netted    map[nettedKey]bool
	undone    map[int64]bool       // entries undone within their month
	records   map[int64]notedEntry // entry → what a record of the register is compared with
	tills     map[tillDay]money.Cents
	slips     map[int64]paidEntry // entry → what a payslip is compared with

	heard heard
	drawn map[int64]drawn
	share int // the largest that was ever to be read afterwards, in percent

	exchanged    map[exchanged]money.Cents // what activities passed on to each other, by entry
	internalSeen map[*verifiedSeries][]int // numbers of internal invoices
}

type nettedKey struct {
	entry, section int64
	undone         bool
}

// verifiedItem is an open item as its entry makes it; Remaining is what the later entries leave of it.
type verifiedItem struct {
	ledger.OpenItem
	journal string // of the entry, with its number: what people call it
	number  int64
}

// entryName is what people call an entry: its journal and its number there.
func entryName(journal string, number int64) string {
	return journal + " " + strconv.FormatInt(number, 10)
}

// nameOf is entryName of an entry that is only known by its id.
func (v *verifier) nameOf(tx *Tx, id int64) (string, error) {
	var journal string
	var number int64
	found, err := tx.one(`SELECT journal, number FROM entry WHERE coop_id = $1 AND id = $2`, []any{tx.coop, id}, &journal, &number)
	if !found {
		return "#" + strconv.FormatInt(id, 10), err
	}
	return entryName(journal, number), err
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
	v.exchanged, v.internalSeen = map[exchanged]money.Cents{}, map[*verifiedSeries][]int{}
	v.balances, v.items, v.series = map[balanceKey]amounts{}, map[ledger.ItemRef]*verifiedItem{}, map[string]*verifiedSeries{}
	v.records, v.tills = map[int64]notedEntry{}, map[tillDay]money.Cents{}
	v.slips = map[int64]paidEntry{}
	v.heard = heard{map[int64]ReminderNote{}, map[int64]int64{}, map[int64]heardReview{}, map[int64]int64{}}
	v.drawn = map[int64]drawn{}
	v.booked, v.collected = map[int64]*booked{}, map[collectedKey]money.Cents{}
	for _, step := range []func(*Tx) error{v.entries, v.days, v.sums, v.net, v.numbers, v.documents, v.signatures, v.open, v.together, v.log, v.reminders, v.reviews, v.attachments, v.rates, v.yearChoices, v.pay} {
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
			if err := v.tell("verify.entry_changed", "entry", entryName(e.Journal, e.Number), "year", e.Year); err != nil {
				return err
			}
		}
		head = ledger.Link(head, digest[:])
		if !bytes.Equal(head, e.Chain) {
			if err := v.tell("verify.chain_broken", "entry", entryName(e.Journal, e.Number)); err != nil {
				return err
			}
			head = e.Chain // tell each break once
		}
		name := fmt.Sprintf("entry/%s/%d", e.Journal, e.Year)
		series := v.seriesOf(name)
		series.count++
		if e.Number != series.count {
			if err := v.tell("verify.number_hole", "journal", e.Journal, "number", series.count); err != nil {
				return err
			}
			series.count = e.Number
		}
		v.exchange(e)
		return v.lines(e)
	})
	if err != nil {
		return err
	}
	state, err := tx.head("entry")
	if err != nil {
		return err
	}
	return v.head("entry", state, seq, head)
}

// head compares where a chain ends with what is kept of it.
func (v *verifier) head(chain string, state chainState, seq int64, head []byte) error {
	what := i18n.Said{Key: "verify.chain." + chain}
	switch {
	case state.seq != seq:
		return v.tell("verify.head", "chain", what, "count", seq, "head", state.seq)
	case !bytes.Equal(state.head, head):
		return v.tell("verify.head_changed", "chain", what, "count", seq)
	}
	return nil
}

// days compares the day that each line repeats with that of its entry.
func (v *verifier) days(tx *Tx) error {
	return tx.rows(`SELECT DISTINCT l.entry_id, COALESCE(e.journal, ''), COALESCE(e.number, 0) FROM entry_line l LEFT JOIN entry e ON e.coop_id = l.coop_id AND e.id = l.entry_id
		WHERE l.coop_id = $1 AND (e.id IS NULL OR e.day <> l.day) ORDER BY l.entry_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, number int64
		var journal string
		if err := scan(&id, &journal, &number); err != nil {
			return err
		}
		if number == 0 {
			return v.tell("verify.line_alone", "entry", strconv.FormatInt(id, 10))
		}
		return v.tell("verify.line_day", "entry", entryName(journal, number))
	})
}

func (v *verifier) lines(e *ledger.Entry) error {
	year, ok := v.set.Year(e.Year)
	if !ok || !year.Span.Contains(e.Date) {
		if err := v.tell("verify.year", "entry", entryName(e.Journal, e.Number)); err != nil {
			return err
		}
	}
	var total money.Cents
	gaps := map[int64]money.Cents{}
	period := year.Span.Period(e.Date)
	own := v.book(e)
	v.noted(e)
	v.paid(e)
	for i := range e.Lines {
		l := &e.Lines[i]
		own.line(l)
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
			ref := ledger.ItemRef{Entry: e.ID, Line: l.N}
			v.items[ref] = &verifiedItem{ledger.OpenItem{Item: ref, Account: l.Account, Section: l.Section, Third: l.Third, Date: e.Date, Due: l.Due, Amount: l.Amount, Remaining: l.Amount, Ref: e.Ref, Label: l.Label, Document: l.Document}, e.Journal, e.Number}
			continue
		}
		item := v.items[l.Settles]
		if item == nil || item.Account != l.Account || item.Section != l.Section || item.Third != l.Third {
			if err := v.tell("verify.settles", "entry", entryName(e.Journal, e.Number), "line", l.N); err != nil {
				return err
			}
			continue
		}
		item.Remaining += l.Amount
	}
	if total != 0 {
		if err := v.tell("verify.unbalanced", "entry", entryName(e.Journal, e.Number), "gap", total); err != nil {
			return err
		}
	}
	liaison, internal := e.Nil()
	for _, sum := range []struct {
		accounts string
		gap      money.Cents
	}{{"181", liaison}, {"186, 187", internal}} {
		if sum.gap != 0 {
			if err := v.tell("verify.internal", "entry", entryName(e.Journal, e.Number), "accounts", sum.accounts, "gap", sum.gap); err != nil {
				return err
			}
		}
	}
	for s, gap := range gaps {
		if shifts(e, s) {
			v.netted[nettedKey{entry: e.ID, section: s}] = true
		}
		if gap != 0 {
			if err := v.tell("verify.unbalanced_section", "entry", entryName(e.Journal, e.Number), "section", v.set.Sections[s].Code, "gap", gap); err != nil {
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
			return v.balance(k, kept, want)
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
			if err := v.balance(k, amounts{}, want); err != nil {
				return err
			}
		}
	}
	return nil
}

// balance tells of a balance that is not what the entries make it; of its two sides when only they differ.
func (v *verifier) balance(k balanceKey, kept, entries amounts) error {
	where := i18n.Said{Key: "verify.everywhere"}
	if k.section != 0 {
		where = i18n.Said{Key: "verify.section", Args: []any{"section", v.set.Sections[k.section].Code}}
	}
	if x, y := kept.a-kept.b, entries.a-entries.b; x != y {
		return v.tell("verify.balance", "account", k.account, "where", where, "period", k.period, "kept", x, "entries", y)
	}
	return v.tell("verify.balance_sides", "account", k.account, "where", where, "period", k.period, "debit", kept.a, "credit", kept.b, "debits", entries.a, "credits", entries.b)
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
		name, err := v.nameOf(tx, id)
		if err != nil {
			return err
		}
		if err := v.tell("verify.netted", "entry", name); err != nil {
			return err
		}
	}
	return nil
}

// open compares open items.
func (v *verifier) open(tx *Tx) error {
	var strangers []ledger.OpenItem
	err := tx.rows(`SELECT `+itemColumns+` FROM open_item WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var kept ledger.OpenItem
		if err := scanItem(scan, &kept); err != nil {
			return err
		}
		want := v.items[kept.Item]
		delete(v.items, kept.Item)
		switch {
		case want == nil:
			strangers = append(strangers, kept)
		case want.Remaining != kept.Remaining:
			return v.tell("verify.item", "entry", entryName(want.journal, want.number), "line", kept.Item.Line, "remaining", kept.Remaining, "entries", want.Remaining)
		case want.OpenItem != kept:
			return v.tell("verify.item_changed", "entry", entryName(want.journal, want.number), "line", kept.Item.Line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, kept := range strangers {
		name, err := v.nameOf(tx, kept.Item.Entry)
		if err != nil {
			return err
		}
		if err := v.tell("verify.item_alone", "entry", name, "line", kept.Item.Line, "remaining", kept.Remaining); err != nil {
			return err
		}
	}
	for _, ref := range slices.SortedFunc(maps.Keys(v.items), func(a, b ledger.ItemRef) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Line, b.Line))
	}) {
		want := v.items[ref]
		if err := v.tell("verify.item_missing", "entry", entryName(want.journal, want.number), "line", ref.Line, "remaining", want.Remaining); err != nil {
			return err
		}
	}
	return nil
}

// log follows the chain of the log. What was written before there was a chain is its beginning, and bears none.
func (v *verifier) log(tx *Tx) error {
	var head []byte
	var seq int64
	if err := tx.rows(`SELECT id, at, by_id, action, subject, detail, chain FROM audit WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var r AuditRow
		var chain []byte
		if err := scan(&r.ID, &r.At, &r.By, &r.Action, &r.Subject, &r.Detail, &chain); err != nil {
			return err
		}
		v.heard.hear(&r)
		seq++
		if r.ID != seq {
			if err := v.tell("verify.audit_hole", "row", seq); err != nil {
				return err
			}
			seq = r.ID
		}
		if head == nil && len(chain) == 0 {
			return nil
		}
		digest := r.digest()
		head = ledger.Link(head, digest[:])
		if !bytes.Equal(head, chain) {
			head = slices.Clone(chain) // tell each break once
			return v.tell("verify.audit_changed", "row", r.ID, "action", r.Action, "subject", r.Subject)
		}
		return nil
	}); err != nil {
		return err
	}
	state, err := tx.head("audit")
	if err != nil || head == nil && state.seq == 0 {
		return err
	}
	return v.head("audit", state, seq, head)
}
