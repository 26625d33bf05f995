package store

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"essaim/money"
)

// insert describes rows that are only added: written many at a time.
type insert struct {
	table   string
	columns int
	head    string   // INSERT INTO t (…) VALUES
	texts   sync.Map // rows → text
}

func into(table, columns string) *insert {
	return &insert{table: table, columns: strings.Count(columns, ",") + 1, head: "INSERT INTO " + table + " (" + columns + ") VALUES "}
}

// text returns the statement for n rows.
func (i *insert) text(d *dialect, n int, tail string) string {
	key := d.name + strconv.Itoa(n) + tail
	if t, ok := i.texts.Load(key); ok {
		return t.(string)
	}
	var b strings.Builder
	b.WriteString(i.head)
	for r := range n {
		if r > 0 {
			b.WriteByte(',')
		}
		for c := range i.columns {
			b.WriteByte("(,"[min(c, 1)])
			b.WriteString(d.mark(r*i.columns + c + 1))
		}
		b.WriteByte(')')
	}
	b.WriteString(tail)
	i.texts.Store(key, b.String())
	return b.String()
}

type balanceKey struct {
	coop, section, year int64
	account             string
	period              int
}

type turnoverKey struct {
	coop, activity, year int64
	nature               string
	period               int
}

type amounts struct{ a, b money.Cents } // debit and credit, or invoiced and collected

type takenKey struct {
	coop int64
	name string
}

type seriesState struct {
	last int64
	day  string
}

type chainState struct {
	seq  int64
	head []byte
}

// stage is what operations leave to be written together.
type stage struct {
	order    []*insert
	rows     map[*insert][]any
	balances map[balanceKey]amounts
	turnover map[turnoverKey]amounts
	series   map[takenKey]seriesState
	chains   map[takenKey]chainState
	counters map[takenKey]int64  // next
	keys     map[keptKey]kept    // idempotency keys of this transaction
	events   map[eventKey]int    // last event of each document that the transaction touched
	stamps   map[takenKey]bool   // what readers remember and must read again
	imprints map[takenKey]string // bodies by their hash

	// Of the transaction's stage only:
	settings map[int64]*Settings             // as of the operations before, by cooperative
	heads    map[int64]map[string]chainState // chains as the last commit left them, by cooperative
	wrote    bool                            // rows were written that no commit has made true yet: nothing read since may be kept in memory
}

func newStage() *stage {
	return &stage{rows: map[*insert][]any{}, balances: map[balanceKey]amounts{}, turnover: map[turnoverKey]amounts{},
		series: map[takenKey]seriesState{}, chains: map[takenKey]chainState{}, counters: map[takenKey]int64{}, keys: map[keptKey]kept{}, events: map[eventKey]int{}, stamps: map[takenKey]bool{}, imprints: map[takenKey]string{}, settings: map[int64]*Settings{}, heads: map[int64]map[string]chainState{}}
}

// take adds a finished operation's stage to the transaction's.
func (s *stage) take(o *stage) {
	for _, i := range o.order {
		s.add(i, o.rows[i]...)
	}
	for k, v := range o.balances {
		s.balances[k] = amounts{s.balances[k].a + v.a, s.balances[k].b + v.b}
	}
	for k, v := range o.turnover {
		s.turnover[k] = amounts{s.turnover[k].a + v.a, s.turnover[k].b + v.b}
	}
	maps.Copy(s.series, o.series)
	maps.Copy(s.chains, o.chains)
	maps.Copy(s.counters, o.counters)
	maps.Copy(s.keys, o.keys)
	maps.Copy(s.events, o.events)
	maps.Copy(s.imprints, o.imprints)
	for k := range o.stamps {
		s.stamps[k] = true
	}
}

func (s *stage) add(i *insert, args ...any) {
	if _, ok := s.rows[i]; !ok {
		s.order = append(s.order, i)
	}
	s.rows[i] = append(s.rows[i], args...)
}

// holds says whether a table has something staged.
func (s *stage) holds(table string) bool {
	for _, i := range s.order {
		if i.table == table {
			return true
		}
	}
	return table == "balance" && len(s.balances) > 0 || table == "turnover" && len(s.turnover) > 0
}

const rowsMax = 64

// children are the staged tables with a foreign key on rows that may be staged too: they are written last, whichever
// operation of the batch came first.
var children = map[string]bool{"sale_event": true, "link": true}

// pending is a statement that waits to be sent with others.
type pending struct {
	text string
	args []any
}

// flush writes rows and sums; series, chains and counters wait for the commit.
func (tx *Tx) flush(s *stage) error {
	list := s.drain(tx.db.d)
	if len(list) == 0 {
		return nil
	}
	if err := tx.db.d.send(tx.ctx, tx.c, list, false); err != nil {
		return tx.fail(err)
	}
	return nil
}

// drain takes the statements that write rows and sums.
func (s *stage) drain(d *dialect) []pending {
	var list []pending
	for _, last := range [2]bool{false, true} {
		for _, i := range s.order {
			if children[i.table] == last {
				list = many(list, d, i, s.rows[i], "")
			}
		}
	}
	s.order = nil
	clear(s.rows)
	if len(s.balances) > 0 {
		// Always the same order of locks.
		keys := slices.SortedFunc(maps.Keys(s.balances), func(a, b balanceKey) int {
			return cmp.Or(cmp.Compare(a.coop, b.coop), cmp.Compare(a.section, b.section), cmp.Compare(a.year, b.year), cmp.Compare(a.account, b.account), cmp.Compare(a.period, b.period))
		})
		args := make([]any, 0, insertBalance.columns*len(keys))
		for _, k := range keys {
			if v := s.balances[k]; v != (amounts{}) {
				args = append(args, k.coop, k.section, k.year, k.account, k.period, int64(v.a), int64(v.b))
			}
		}
		list = many(list, d, insertBalance, args, ` ON CONFLICT (coop_id, section_id, year_id, account, period) DO UPDATE SET debit = balance.debit + excluded.debit, credit = balance.credit + excluded.credit`)
		clear(s.balances)
	}
	if len(s.turnover) > 0 {
		var args []any
		for _, k := range slices.SortedFunc(maps.Keys(s.turnover), func(a, b turnoverKey) int {
			return cmp.Or(cmp.Compare(a.coop, b.coop), cmp.Compare(a.activity, b.activity), cmp.Compare(a.year, b.year), cmp.Compare(a.nature, b.nature), cmp.Compare(a.period, b.period))
		}) {
			v := s.turnover[k]
			args = append(args, k.coop, k.activity, k.year, k.nature, k.period, int64(v.a), int64(v.b))
		}
		list = many(list, d, insertTurnover, args, ` ON CONFLICT (coop_id, activity_id, year_id, nature, period) DO UPDATE SET invoiced = turnover.invoiced + excluded.invoiced, collected = turnover.collected + excluded.collected`)
		clear(s.turnover)
	}
	return list
}

// drainTaken takes the statements that write the series, chains and counters that the transaction moved.
func (s *stage) drainTaken(list []pending, d *dialect) []pending {
	var series, counters, chains, stamps, imprints []any
	for _, k := range taken(s.imprints) {
		imprints = append(imprints, k.coop, k.name, s.imprints[k])
	}
	for _, k := range taken(s.series) {
		v := s.series[k]
		series = append(series, k.coop, k.name, v.last, v.day)
	}
	for _, k := range taken(s.counters) {
		counters = append(counters, k.coop, k.name, s.counters[k])
	}
	for _, k := range taken(s.chains) {
		v := s.chains[k]
		chains = append(chains, k.coop, k.name, v.seq, v.head)
	}
	for _, k := range taken(s.stamps) {
		stamps = append(stamps, k.coop, k.name, int64(1))
	}
	list = many(list, d, insertImprint, imprints, ` ON CONFLICT (coop_id, hash) DO NOTHING`)
	list = many(list, d, insertStamp, stamps, ` ON CONFLICT (coop_id, name) DO UPDATE SET n = stamp.n + 1`)
	list = many(list, d, insertSeries, series, ` ON CONFLICT (coop_id, name) DO UPDATE SET last = excluded.last, day = excluded.day`)
	list = many(list, d, insertCounter, counters, ` ON CONFLICT (coop_id, name) DO UPDATE SET next = excluded.next`)
	return many(list, d, insertChain, chains, ` ON CONFLICT (coop_id, name) DO UPDATE SET seq = excluded.seq, head = excluded.head`)
}

// taken returns the keys in order, so that the same operations leave the same file.
func taken[V any](m map[takenKey]V) []takenKey {
	return slices.SortedFunc(maps.Keys(m), func(a, b takenKey) int { return cmp.Or(cmp.Compare(a.coop, b.coop), cmp.Compare(a.name, b.name)) })
}

// many adds the statements that write rows: of 64, 32 or 16, and the rest at once when it is at most 8, so that few
// shapes are prepared and an entry needs one statement for each table.
func many(list []pending, d *dialect, i *insert, args []any, tail string) []pending {
	for n := rowsMax; len(args) > 0; {
		left := len(args) / i.columns
		if left <= 8 {
			n = left
		}
		for n > left {
			n /= 2
		}
		list = append(list, pending{i.text(d, n, tail), args[:n*i.columns]})
		args = args[n*i.columns:]
	}
	return list
}

var (
	insertBalance  = into("balance", "coop_id, section_id, year_id, account, period, debit, credit")
	insertTurnover = into("turnover", "coop_id, activity_id, year_id, nature, period, invoiced, collected")
	insertSeries   = into("series", "coop_id, name, last, day")
	insertStamp    = into("stamp", "coop_id, name, n")
	insertCounter  = into("counter", "coop_id, name, next")
	insertChain    = into("chain", "coop_id, name, seq, head")
	insertImprint  = into("imprint", "coop_id, hash, body")
)
