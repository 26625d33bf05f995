package store

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"essaim/date"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/money"
	"essaim/sale"
)

// booked is what the entry of an invoice or a credit note says of it. Entries are chained: what a document was validated
// without a digest of its own is known by them.
type booked struct {
	ref        string
	document   string
	day, due   date.Day
	release    date.Day // of what is retained
	by, third  int64
	receivable money.Cents // on 411 and 4191
	vat        money.Cents // on 4457
}

// book notes what the entry of a document says of it; nil for any other.
func (v *verifier) book(e *ledger.Entry) *booked {
	if e.Journal != ledger.JournalSales || !strings.HasPrefix(e.Document, string(sale.Invoice)+":") && !strings.HasPrefix(e.Document, string(sale.CreditNote)+":") {
		return nil
	}
	b := &booked{ref: e.Ref, document: e.Document, day: e.DocDate, by: e.By}
	v.booked[e.ID] = b
	return b
}

func (b *booked) line(l *ledger.Line) {
	if b == nil {
		return
	}
	switch {
	case strings.HasPrefix(l.Account, ledger.Retention):
		b.receivable += l.Amount
		b.third, b.release = l.Third, l.Due
	case strings.HasPrefix(l.Account, ledger.Customers), l.Account == ledger.Advances, strings.HasPrefix(l.Account, ledger.Doubtful):
		b.receivable += l.Amount
		b.third = l.Third
		b.due = max(b.due, l.Due)
	case strings.HasPrefix(l.Account, ledger.Advances):
		b.third = l.Third
	case strings.HasPrefix(l.Account, "4457"):
		b.vat += l.Amount
	}
}

// payments follows their chain and sums their allocations per invoice.
func (v *verifier) payments(tx *Tx) (paid map[int64]money.Cents, err error) {
	var head []byte
	allocated := map[int64][]sale.Allocation{}
	if err := tx.rows(`SELECT payment_id, sale_id, amount, foreign_minor FROM allocation WHERE coop_id = $1 ORDER BY payment_id, sale_id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id int64
		var a sale.Allocation
		err := scan(&id, &a.Invoice, &a.Amount, &a.Foreign)
		allocated[id] = append(allocated[id], a)
		return err
	}); err != nil {
		return nil, err
	}
	paid = map[int64]money.Cents{}
	var seq int64
	if err := tx.rows(`SELECT id, day, amount, means, reference, customer_id, activity_id, excess, entry_id, reverses, by_id, at, hash, chain, exchange FROM payment WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var p sale.Payment
		var reverses int64
		var hash, chain []byte
		if err := scan(&p.ID, &p.Date, &p.Amount, &p.Means, &p.Reference, &p.Customer, &p.Activity, &p.Excess, &p.Entry, &reverses, &p.By, &p.At, &hash, &chain, &p.Exchange); err != nil {
			return err
		}
		p.Seq, p.Allocations = p.ID, allocated[p.ID]
		delete(allocated, p.ID)
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
	}); err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(allocated)) {
		if err := v.tell("verify.payment_changed", "payment", id); err != nil {
			return nil, err
		}
	}
	state, err := tx.head("payment")
	if err != nil {
		return nil, err
	}
	return paid, v.head("payment", state, seq, head)
}

// frozen is the last validation of a document.
type frozen struct {
	earlier int64
	hash    []byte
	link    []byte
}

// validations follows their chain, and returns the last of each document and how many are known to be earlier than all.
func (v *verifier) validations(tx *Tx) (last map[int64]frozen, earlier int64, err error) {
	last = map[int64]frozen{}
	var head []byte
	var seq int64
	if err := tx.rows(`SELECT id, sale_id, earlier, hash, chain FROM validation WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, document int64
		var f frozen
		var chain []byte
		if err := scan(&id, &document, &f.earlier, &f.hash, &chain); err != nil {
			return err
		}
		f.link = chain
		last[document] = f
		earlier += f.earlier
		seq++
		head = ledger.Link(head, f.hash)
		if id != seq || !bytes.Equal(head, chain) {
			head, seq = chain, id // tell each break once
			return v.tell("verify.validation_broken", "n", id)
		}
		return nil
	}); err != nil {
		return nil, 0, err
	}
	state, err := tx.head("validation")
	if err != nil {
		return nil, 0, err
	}
	return last, earlier, v.head("validation", state, seq, head)
}

// history is what the deeds on a document make of it.
type history struct {
	began, submitted, sent, validated, accepted int64 // instants
	validator, reader                           int64 // persons
	signer                                      string
	status                                      sale.Status
}

// histories replays what happened to each document.
func histories(tx *Tx) (map[int64]*history, error) {
	all := map[int64]*history{}
	err := tx.rows(`SELECT e.sale_id, s.kind, e.at, e.by_id, e.deed, e.comment FROM sale_event e JOIN sale s ON s.coop_id = e.coop_id AND s.id = e.sale_id WHERE e.coop_id = $1 ORDER BY e.sale_id, e.n`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, at, by int64
		var kind sale.Kind
		var deed, comment string
		if err := scan(&id, &kind, &at, &by, &deed, &comment); err != nil {
			return err
		}
		h := all[id]
		if h == nil {
			h = &history{began: at, status: sale.Draft}
			all[id] = h
		}
		switch d := sale.Deed(deed); d {
		case sale.DeedSubmit:
			h.submitted, h.reader = at, 0
		case sale.DeedOpen:
			h.reader = by
		case sale.DeedValidate:
			h.validated, h.validator, h.accepted, h.signer = at, by, 0, ""
		case sale.DeedSend:
			h.sent = at
		case sale.DeedAccept:
			h.accepted, h.signer = at, comment
		case sale.DeedReopen:
			h.sent, h.accepted, h.signer = 0, 0, ""
		case sale.DeedTakeBack, sale.DeedAmend, sale.DeedReturn, sale.DeedRefuse, sale.DeedWithdraw:
		default: // a word, a payment: no deed on the document itself
			return nil
		}
		if to, err := sale.Next(h.status, kind, sale.Deed(deed)); err == nil {
			h.status = to
		}
		return nil
	})
	return all, err
}

// documentary is what documents are compared with.
type documentary struct {
	paid      map[int64]money.Cents
	last      map[int64]frozen
	imprints  map[string]bool // by hash: whether each is whole
	histories map[int64]*history
	credits   map[int64][]sale.Document // invoice → its validated credit notes
	clearing  map[int64][]sale.Document // deposit → the invoices, and their credit notes, that deduct it
	deposits  []*keptSale
	asking    []*keptSale     // documents of penalties
	thirds    map[int64]int64 // customer → third party
	files     map[string]File
	byName    map[string]int64 // name of a file → latest instant one was filed
	bare      int64            // validated documents without a digest
	first     int64            // instant of the first validation with one
	unread    map[int64]bool   // documents that cannot be read
	late      []any            // names of those that have none and were validated after it
}

// documents compares every document with its validation, its entry, its payments, its history and itself, and the turnover
// kept with the documents. One that cannot be read is named, and the walk goes on.
func (v *verifier) documents(tx *Tx) error {
	w := documentary{unread: map[int64]bool{}}
	var err error
	var earlier int64
	if w.paid, err = v.payments(tx); err != nil {
		return err
	}
	if w.last, earlier, err = v.validations(tx); err != nil {
		return err
	}
	if w.imprints, err = v.imprints(tx); err != nil {
		return err
	}
	if w.histories, err = histories(tx); err != nil {
		return err
	}
	if err := w.around(tx); err != nil {
		return err
	}
	if err := v.collections(tx); err != nil {
		return err
	}
	invoiced := map[turnoverKey]money.Cents{}
	if err := tx.rows(`SELECT `+keptColumns+` FROM sale WHERE coop_id = $1 ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		var k keptSale
		if err := k.scan(scan); err != nil {
			return err
		}
		broken := k.read()
		for _, part := range broken {
			if err := v.tell("verify.document_unreadable", "document", k.name(), "part", i18n.Said{Key: "verify.part." + part}); err != nil {
				return err
			}
		}
		if k.Number != "" && k.Kind != sale.Quote {
			v.invoice(&k, invoiced)
		}
		if len(broken) > 0 {
			w.unread[k.ID] = true
			return nil
		}
		return v.document(&k, &w)
	}); err != nil {
		return err
	}
	for _, k := range w.deposits {
		var errs []error
		v.settled(k, &w, func(key string, args ...any) { errs = append(errs, v.tell(key, args...)) })
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	for id := range w.last {
		if w.histories[id] == nil {
			if err := v.tell("verify.validation_alone", "document", strconv.FormatInt(id, 10)); err != nil {
				return err
			}
		}
	}
	if w.bare > earlier && len(w.last) > 0 || len(w.late) > 0 {
		name := any("–")
		if len(w.late) > 0 {
			name = w.late[0]
		}
		if err := v.tell("verify.document_bare", "count", w.bare, "earlier", earlier, "document", name); err != nil {
			return err
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(v.collected), func(a, b collectedKey) int {
		return cmp.Or(cmp.Compare(a.sale, b.sale), cmp.Compare(a.nature, b.nature))
	}) {
		if v.collected[k] == 0 || w.unread[k.sale] {
			continue
		}
		number := "#" + strconv.FormatInt(k.sale, 10)
		if _, err := tx.one(`SELECT number FROM sale WHERE coop_id = $1 AND id = $2 AND number <> ''`, []any{tx.coop, k.sale}, &number); err != nil {
			return err
		}
		if err := v.tell("verify.collected_alone", "document", number, "nature", k.nature, "kept", v.collected[k]); err != nil {
			return err
		}
	}
	if err := errors.Join(v.penalties(tx, w.asking), v.register(tx, invoiced)); err != nil {
		return err
	}
	if err := v.closings(tx); err != nil {
		return err
	}
	return v.turnover(tx, invoiced)
}

// around reads what stands around the documents.
func (w *documentary) around(tx *Tx) error {
	w.clearing = map[int64][]sale.Document{}
	w.credits, w.thirds, w.files, w.byName = map[int64][]sale.Document{}, map[int64]int64{}, map[string]File{}, map[string]int64{}
	if err := tx.rows(`SELECT id, number, corrects, content, totals FROM sale WHERE coop_id = $1 AND kind = 'credit' AND number <> '' ORDER BY id`, []any{tx.coop}, func(scan func(...any) error) error {
		d := sale.Document{Kind: sale.CreditNote}
		var content, totals string
		if err := scan(&d.ID, &d.Number, &d.Corrects, &content, &totals); err != nil {
			return err
		}
		if decode(content, &d.Content) == nil && decode(totals, &d.Totals) == nil { // told otherwise
			w.credits[d.Corrects] = append(w.credits[d.Corrects], d)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := tx.rows(`SELECT id, third_id FROM customer WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var id, third int64
		err := scan(&id, &third)
		w.thirds[id] = third
		return err
	}); err != nil {
		return err
	}
	if err := tx.EachFile(func(f File) error {
		w.files[f.SHA256], w.byName[f.Name] = f, max(w.byName[f.Name], f.Created)
		return nil
	}); err != nil {
		return err
	}
	_, err := tx.one(`SELECT COALESCE(MIN(s.validated_at), 0) FROM sale s JOIN validation n ON n.coop_id = s.coop_id AND n.sale_id = s.id WHERE s.coop_id = $1 AND n.id = 1`, []any{tx.coop}, &w.first)
	return err
}

// collectedKey is the turnover collected of one document in one nature.
type collectedKey struct {
	sale   int64
	nature string
}

// collections sums what payments and credit notes have collected of each document.
func (v *verifier) collections(tx *Tx) error {
	return tx.rows(`SELECT c.sale_id, c.nature, c.net, c.year_id, c.period, c.day, c.activity_id, COALESCE(s.activity_id, 0), COALESCE(s.number, '') FROM collected c LEFT JOIN sale s ON s.coop_id = c.coop_id AND s.id = c.sale_id
		WHERE c.coop_id = $1 AND c.record_id = 0 ORDER BY c.activity_id, c.year_id, c.period, c.id`, []any{tx.coop}, func(scan func(...any) error) error {
		var k collectedKey
		var net money.Cents
		var year, of, activity int64
		var period int
		var day date.Day
		var number string
		if err := scan(&k.sale, &k.nature, &net, &year, &period, &day, &activity, &of, &number); err != nil {
			return err
		}
		v.collected[k] += net
		if y, ok := v.set.Year(year); !ok || !y.Span.Contains(day) || y.Span.Period(day) != period || activity != of {
			return v.tell("verify.collected_place", "number", number, "day", day)
		}
		return nil
	})
}

// invoice adds a document to the turnover invoiced.
func (v *verifier) invoice(k *keptSale, invoiced map[turnoverKey]money.Cents) {
	year, ok := v.set.YearOf(k.Date)
	if !ok {
		return
	}
	for nature, net := range k.NetByNature() {
		if k.Kind == sale.CreditNote {
			net = -net
		}
		invoiced[turnoverKey{0, k.Activity, year.ID, nature, year.Span.Period(k.Date)}] += net
	}
}

// document compares one document, and tells everything that is wrong with it.
func (v *verifier) document(k *keptSale, w *documentary) error {
	var errs []error
	tell := func(key string, args ...any) { errs = append(errs, v.tell(key, args...)) }
	name := k.name()
	differs := func(key, what string) {
		tell(key, "document", name, "what", i18n.Said{Key: "verify.what." + what})
	}

	// What lists show is what the document says.
	for _, c := range []struct {
		what string
		same bool
	}{
		{"title", k.title == k.Content.Title}, {"net", k.column.Net == k.Totals.Net}, {"vat", k.column.VAT == k.Totals.VAT}, {"gross", k.column.Gross == k.Totals.Gross},
		{"due", k.due == k.owed()}, {"retained", k.column.Retained == sale.Retained(k.Document) && k.release == sale.ReleaseDay(k.Document)},
		{"currency", k.own == OwnOf(k.Document)},
		{"lost", k.Kind == sale.Invoice && k.Number != "" || k.Lost == 0},
		{"paid", k.Kind == sale.Invoice && k.Number != "" || k.Paid == 0}, {"credited", k.Kind == sale.Invoice && k.Number != "" || k.Credited == 0},
	} {
		if !c.same {
			differs("verify.document_column", c.what)
		}
	}

	// What happened to it has made it what it is.
	h := w.histories[k.ID]
	if h == nil {
		h = &history{}
	}
	for _, c := range []struct {
		what string
		same bool
	}{
		{"status", k.Status == h.status}, {"created", k.Created == h.began}, {"submitted", k.SubmittedAt == h.submitted}, {"reader", k.OpenedBy == h.reader}, {"sent", k.SentAt == h.sent},
		{"validated", k.ValidatedAt == h.validated && (k.ValidatedBy == 0 || k.ValidatedBy == h.validator)}, {"signed", k.Signed.At == h.accepted && k.Signed.Name == h.signer},
	} {
		if !c.same {
			differs("verify.document_history", c.what)
		}
	}
	if !k.validated() {
		return errors.Join(errs...)
	}

	// It is what was validated.
	if f, ok := w.last[k.ID]; !ok {
		if w.bare++; w.first != 0 && k.ValidatedAt >= w.first {
			w.late = append(w.late, name)
		}
	} else if digest := DocumentDigest(k.Document, k.buyer, f.earlier); !bytes.Equal(digest[:], f.hash) {
		tell("verify.document_changed", "document", name)
	}
	if !imprinted(k.Imprint, w.imprints) {
		tell("verify.document_imprint", "document", name)
	}
	v.pick(k, w.last[k.ID].link)
	if !k.addsUp() {
		tell("verify.document_totals", "document", name)
	}
	if k.Signed.At != 0 {
		if hash, err := sale.SignedHash(k.Document); err != nil || hash != k.Signed.Hash {
			tell("verify.document_signed", "document", name)
		}
	}
	v.paper(k, w, tell)
	if k.Kind != sale.Quote {
		v.bookedAs(k, w, tell)
	}
	for _, l := range k.Content.Lines {
		if l.Deposit != 0 && k.Number != "" && k.Kind != sale.Quote {
			if all := w.clearing[l.Deposit]; len(all) == 0 || all[len(all)-1].ID != k.ID {
				w.clearing[l.Deposit] = append(all, k.Document)
			}
		}
	}
	w.asks(k)
	switch {
	case k.Kind != sale.Invoice:
	case k.Content.Stage == sale.Deposit: // once all that deducts it is known
		w.deposits = append(w.deposits, k)
	default:
		v.settled(k, w, tell)
	}
	return errors.Join(errs...)
}

// owed is the day that the column of due days must hold: of a quote the end of the offer.
func (k *keptSale) owed() date.Day {
	switch {
	case k.Kind == sale.Quote:
		return k.Content.ValidUntil
	case k.Kind == sale.Invoice && k.Number != "":
		return k.Content.Delay().Due(k.Date)
	}
	return 0
}

// addsUp says whether the amounts are those of the lines. What a credit note takes depends on what the invoice still held.
func (k *keptSale) addsUp() bool {
	t := &k.Totals
	var lines, net, vat money.Cents
	for _, l := range t.Lines {
		lines += l.Net
	}
	for _, row := range t.Taxes {
		net, vat = net+row.Net, vat+row.VAT
	}
	if lines != t.Net || net != t.Net || vat != t.VAT || t.Net+t.VAT != t.Gross || len(t.Lines) != len(k.Content.Lines) {
		return false
	}
	if k.Kind == sale.CreditNote {
		return true
	}
	if t.Foreign != nil { // the books hold what the euros came to; the document, what its content comes to
		t = t.Foreign
	}
	want, err := sale.Compute(k.Content, ledger.France())
	return err == nil && slices.Equal(want.Lines, t.Lines) && slices.Equal(want.Taxes, t.Taxes) && want.Retained == t.Retained
}

// paper compares the filed PDF with the list of files. None is filed before the document was drawn for the first time.
func (v *verifier) paper(k *keptSale, w *documentary, tell func(string, ...any)) {
	name := strings.ReplaceAll(k.Number, "/", "-") + ".pdf"
	switch f, listed := w.files[k.File]; {
	case k.File == "":
		if w.byName[name] >= max(k.ValidatedAt, k.Signed.At) {
			tell("verify.file_left", "number", k.Number)
		}
	case !listed:
		tell("verify.file_unnamed", "number", k.Number, "sha", k.File)
	case f.Name != name:
		tell("verify.file_other", "number", k.Number, "name", f.Name)
	}
}

// bookedAs compares an invoice or a credit note with its entry.
func (v *verifier) bookedAs(k *keptSale, w *documentary, tell func(string, ...any)) {
	sign := money.Cents(1)
	if k.Kind == sale.CreditNote {
		sign = -1
	}
	b := v.booked[k.Entry]
	if b == nil {
		if k.Totals.Gross != 0 || k.Entry != 0 {
			tell("verify.document", "number", k.Number, "document", sign*k.Totals.Gross, "entry", money.Cents(0))
		}
		return
	}
	if b.receivable != sign*k.Totals.Gross {
		tell("verify.document", "number", k.Number, "document", sign*k.Totals.Gross, "entry", b.receivable)
	}
	if b.vat != -sign*k.Totals.VAT {
		tell("verify.document_vat", "number", k.Number, "document", sign*k.Totals.VAT, "entry", -b.vat)
	}
	if k.Number != b.ref || k.Date != b.day || w.thirds[k.Customer] != b.third || b.document != string(k.Kind)+":"+strconv.FormatInt(k.ID, 10) {
		tell("verify.document_entry", "number", k.Number, "ref", b.ref)
	}
	if k.ValidatedBy != b.by {
		tell("verify.document_by", "number", k.Number)
	}
	if k.Totals.Retained != 0 && k.Content.ReleaseOn != b.release {
		tell("verify.document_due", "number", k.Number, "kept", k.Content.ReleaseOn, "entry", b.release)
	}
	if k.Kind == sale.Invoice && k.Document.Due != b.due && k.Totals.Gross != k.Totals.Retained {
		tell("verify.document_due", "number", k.Number, "kept", k.Document.Due, "entry", b.due)
	}
}

// settled compares what an invoice holds of its payments and credit notes with them, and with what the books leave open.
func (v *verifier) settled(k *keptSale, w *documentary, tell func(string, ...any)) {
	received := k.Paid
	for _, m := range k.Settled.Moved { // what a credit note turned into an advance no longer pays the invoice
		received += m.Amount
	}
	if received != w.paid[k.ID] {
		tell("verify.paid", "number", k.Number, "kept", received, "payments", w.paid[k.ID])
	}
	credits := w.credits[k.ID]
	var credited money.Cents
	for _, cn := range credits {
		credited += cn.Totals.Gross
	}
	if k.Credited != credited {
		tell("verify.credited", "number", k.Number, "kept", k.Credited, "credits", credited)
	}
	var open money.Cents
	found := false
	for _, ref := range sale.ItemsOf(k.Document) {
		if item := v.items[ref]; item != nil {
			open, found = open+item.Remaining, true
			if item.Account == ledger.Retention { // what was agreed since its entry
				item.Due = sale.ReleaseDay(k.Document)
			}
		}
	}
	if rest := k.Totals.Gross - k.Paid - k.Credited - k.Lost; found && open != rest {
		tell("verify.document_open", "number", k.Number, "kept", rest, "entries", open)
	}
	want, err := sale.Settlement(k.Document, credits, w.clearing[k.ID], ledger.France())
	same := err == nil && maps.Equal(want.VAT, k.Settled.VAT) && maps.Equal(want.Net, k.Settled.Net) && slices.Equal(want.Credited, k.Settled.Credited) &&
		slices.Equal(want.Refunded, k.Settled.Refunded) && slices.Equal(want.Deducted, k.Settled.Deducted) && want.Unretained == k.Settled.Unretained && want.Held == k.Settled.Held && want.Billed == k.Settled.Billed &&
		k.Lost == k.Settled.LostWhole-k.Settled.Recovered
	for _, m := range k.Settled.Moved {
		same = same && slices.ContainsFunc(credits, func(cn sale.Document) bool { return cn.ID == m.Credit && 0 < m.Amount && m.Amount <= cn.Totals.Gross })
	}
	if !same {
		tell("verify.settled", "number", k.Number)
	}
	for nature, net := range want.Net {
		c := collectedKey{k.ID, nature}
		if v.collected[c] != net {
			tell("verify.collected", "number", k.Number, "kept", v.collected[c], "payments", net)
		}
		delete(v.collected, c)
	}
}

// turnover compares the sums kept of what was invoiced and collected with the documents and with what makes them up.
func (v *verifier) turnover(tx *Tx, invoiced map[turnoverKey]money.Cents) error {
	sums := map[turnoverKey]amounts{}
	for k, net := range invoiced {
		sums[k] = amounts{a: net}
	}
	if err := tx.rows(`SELECT activity_id, year_id, nature, period, net FROM collected WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k turnoverKey
		var net money.Cents
		err := scan(&k.activity, &k.year, &k.nature, &k.period, &net)
		s := sums[k]
		s.b += net
		sums[k] = s
		return err
	}); err != nil {
		return err
	}
	differs := func(k turnoverKey, kept, want amounts) error {
		args := []any{"section", v.set.Sections[k.activity].Code, "period", k.period}
		if kept.a != want.a {
			if err := v.tell("verify.turnover", append(args, "kept", kept.a, "documents", want.a)...); err != nil {
				return err
			}
		}
		if kept.b != want.b {
			return v.tell("verify.turnover_collected", append(args, "kept", kept.b, "payments", want.b)...)
		}
		return nil
	}
	if err := tx.rows(`SELECT activity_id, year_id, nature, period, invoiced, collected FROM turnover WHERE coop_id = $1`, []any{tx.coop}, func(scan func(...any) error) error {
		var k turnoverKey
		var kept amounts
		if err := scan(&k.activity, &k.year, &k.nature, &k.period, &kept.a, &kept.b); err != nil {
			return err
		}
		want := sums[k]
		delete(sums, k)
		return differs(k, kept, want)
	}); err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(sums), func(a, b turnoverKey) int {
		return cmp.Or(cmp.Compare(a.activity, b.activity), cmp.Compare(a.year, b.year), cmp.Compare(a.nature, b.nature), cmp.Compare(a.period, b.period))
	}) {
		if err := differs(k, amounts{}, sums[k]); err != nil {
			return err
		}
	}
	return nil
}
