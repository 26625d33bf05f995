package store_test

import (
	"database/sql"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// large are the tables that grow with the years of a cooperative: a question that reads one of them whole is seen by nobody
// as long as data are few.
var large = map[string]bool{
	"entry": true, "entry_line": true, "open_item": true, "netted": true,
	"sale": true, "sale_event": true, "sale_axis": true, "collected": true, "validation": true, "signature": true, "link": true,
	"payment": true, "allocation": true, "register": true, "remitted": true, "closing": true, "announcement": true,
	"customer": true, "third": true, "attachment": true, "file": true, "mail": true, "audit": true, "job": true, "idempotency": true,
	"reminder": true, "reminder_item": true, "pause": true, "review": true, "run_item": true, "subscription_period": true,
	"internal_invoice": true, "joint_part": true,
}

// wholly are the texts that read a large table whole on purpose, each with its reason.
var wholly = map[string]string{
	`^SELECT COUNT\(\*\) FROM \w+ WHERE coop_id = \$1$`:                        "what the command line tells of a file",
	`gross - paid - credited - lost ELSE 0 END.* FROM sale\b`:                  "sums of a list, remembered until a document changes",
	`FROM third WHERE .* search LIKE`:                                          "a word looked for anywhere in a name",
	`CAST\(SUM\(amount\) AS BIGINT\) FROM entry_line .*\n.* third_id, section`: "opening balances of an export, in the order of the third parties",
	`action IN \('attachment.add'`:                                             "verify",
	`FROM attachment WHERE coop_id = \$1 ORDER BY id`:                          "verify",
	`FROM file WHERE coop_id = \$1 ORDER BY sha256`:                            "verify",
	`^SELECT COUNT\(\*\) FROM sale WHERE .* AND id <> \$2`:                     "once, before the first link of a chain",
	`^UPDATE job SET state = 'done'`:                                           "the demonstration, once",
}

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	step        = regexp.MustCompile(`^(SCAN|SEARCH) (\S+)(.*)$`)
	index       = regexp.MustCompile(`USING (?:COVERING )?INDEX (\S+)`)
	aliases     = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z]{1,2})\b)?`)
)

// readsWhole returns the large tables of which a plan reads every row of the cooperative: by a scan, or by an index of
// which only the cooperative is bound, unless the index holds but some rows or the question stops early in its order.
func readsWhole(text string, plan []string, partial map[string]bool) (found []string) {
	tables := map[string]string{}
	for _, m := range aliases.FindAllStringSubmatch(text, -1) {
		tables[m[1]] = m[1]
		if m[2] != "" && !strings.EqualFold(m[2], "ON") {
			tables[m[2]] = m[1]
		}
	}
	sorted := false
	for _, line := range plan {
		sorted = sorted || strings.Contains(line, "TEMP B-TREE FOR ORDER BY")
	}
	if strings.Contains(text, "WHERE coop_id = $1 AND 1 = 0") {
		return nil // of no activity at all: nothing is read
	}
	stops := !sorted && strings.Contains(text, "LIMIT") && strings.Contains(text, "ORDER BY")
	for _, line := range plan {
		m := step.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		table := tables[m[2]]
		bound := strings.Count(m[3], "=?") + strings.Count(m[3], ">?") + strings.Count(m[3], "<?") + strings.Count(m[3], "rowid")
		whole := m[1] == "SCAN" || bound == 1 && strings.Contains(m[3], "(coop_id=?)")
		if name := index.FindStringSubmatch(m[3]); name != nil && partial[name[1]] {
			whole = false // of what is still open
		}
		if large[table] && whole && !stops {
			found = append(found, table+": "+line)
		}
	}
	return found
}

func planOf(t *testing.T, db *sql.DB, text string) (plan []string) {
	t.Helper()
	values := make([]any, 600)
	for i := range values {
		values[i] = 1
	}
	n := 0
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		v, _ := strconv.Atoi(m[1])
		n = max(n, v)
	}
	rows, err := db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+store.Steady(text), values[:n]...)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}

// head is the beginning of a question whose conditions only the program knows: as it is asked, it is judged below.
var head = regexp.MustCompile(`WHERE (?:[a-z]\.)?coop_id = \$1$`)

// No question reads a large table whole, whatever it is asked for: SQLite plans without looking at the data, so that an
// empty file tells. Asked are the texts of the source, and every reading method with every field of its filter.
func TestNoQuestionReadsATableWhole(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	coop := storetest.Coop(t, db)
	partial := map[string]bool{}
	rows, err := db.Owner().QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		partial[name] = true
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{} // text → where it stands
	for _, s := range source(t) {
		if !s.partial && !strings.HasPrefix(s.text, "INSERT") && !strings.HasPrefix(s.at, "verify") && !head.MatchString(s.text) {
			texts[numbered(s.text)] = s.at
		}
	}
	written := len(texts)
	storetest.Read(t, db, coop, func(tx *store.Tx) error { askEverything(tx); return nil })
	for _, text := range db.Prepared() {
		if strings.HasPrefix(strings.TrimSpace(text), "SELECT") && texts[text] == "" {
			texts[text] = "asked"
		}
	}
	for text := range texts { // the beginning of what was asked in full is not asked as it stands
		for whole := range texts {
			if len(whole) > len(text) && strings.HasPrefix(whole, text+" AND") {
				delete(texts, text)
				break
			}
		}
	}
	if written < 100 || len(texts) < written+60 {
		t.Errorf("only %d texts and %d asked", written, len(texts)-written)
	}
	used := map[string]bool{}
	for text, at := range texts {
		for _, finding := range readsWhole(text, planOf(t, db.Owner(), text), partial) {
			excused := false
			for words := range wholly {
				if regexp.MustCompile("(?s)" + words).MatchString(text) {
					excused, used[words] = true, true
				}
			}
			if !excused {
				t.Errorf("%s: %s\n\t%s", at, finding, text)
			}
		}
	}
	for words := range wholly {
		if !used[words] {
			t.Errorf("no text that reads a table whole holds %q: take it off the list", words)
		}
	}
}

// askEverything calls every reading method of a transaction, a filter once for each of its fields. What is answered is of
// no interest.
func askEverything(tx *store.Tx) {
	v := reflect.ValueOf(tx)
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		if changing.MatchString(m.Name) {
			continue
		}
		var calls [][]reflect.Value
		in := make([]reflect.Value, m.Type.NumIn()-1)
		for k := range in {
			in[k] = some(m.Type.In(k + 1))
		}
		calls = append(calls, in)
		for k, arg := range in {
			if arg.Kind() != reflect.Struct {
				continue
			}
			for f := range arg.NumField() { // the field alone, and with a kind or an activity before it
				for _, with := range []string{"", "Kind", "Activity"} {
					one := reflect.New(arg.Type()).Elem()
					if !one.Field(f).CanSet() || with != "" && !one.FieldByName(with).IsValid() {
						continue
					}
					if with != "" {
						one.FieldByName(with).Set(some(one.FieldByName(with).Type()))
					}
					one.Field(f).Set(some(one.Field(f).Type()))
					calls = append(calls, slices.Replace(slices.Clone(in), k, k+1, one))
				}
			}
		}
		for _, in := range calls {
			v.Method(i).Call(in)
		}
	}
	for _, state := range []string{"unpaid", "partly", "overdue", "paid", "credited"} {
		for _, f := range []store.SaleFilter{{}, {Activity: 1}, {Activities: []int64{1, 2}}, {Customer: 1}} {
			f.Kind, f.State, f.Today = sale.Invoice, state, storetest.Today
			_, _ = tx.Sales(f)
			_, _ = tx.SaleTotals(f)
		}
	}
}

// changing are the methods that write, or that read what is not of a cooperative.
var changing = regexp.MustCompile(`^(Add|Save|Set|Delete|Use|Take|End|Remove|Note|Audit$|Pass|Ensure|Rename|Clear|Sweep|Touch|File|Post|Lift|Create|Reach|Done|See|Retry|Revoke|Next|Skip|Once|Keep|Move|Exec|One|Stage|Batch|CountRun|Wake|ReadEvents|Recording|Known|Issued|BalancesHeld|TurnoverHeld|Login|Session|Token|Secret|Credential|Attempt)`)

// some returns a value of a type that is not its zero.
func some(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("invoice")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{1})
			break
		}
		v.Set(reflect.Append(v, some(t.Elem()), some(t.Elem())))
	case reflect.Func:
		v.Set(reflect.MakeFunc(t, func([]reflect.Value) (out []reflect.Value) {
			for out0 := range t.Outs() {
				out = append(out, reflect.Zero(out0))
			}
			return out
		}))
	}
	return v
}
