package store_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// after are the fields of a document that change after its validation, each with its reason: they are not in its digest.
var after = map[string]string{
	"Status": "sending and the customer's answer move it; its history tells", "Version": "grows with each change", "Created": "its history tells", "SubmittedAt": "its history tells",
	"OpenedBy": "its history tells", "SentAt": "sending comes later", "Paid": "payments", "Credited": "credit notes", "Settled.VAT": "payments", "Settled.Net": "payments", "Settled.Credited": "credit notes",
	"Settled.Moved": "credit notes", "Lost": "losses", "Settled.Held": "payments", "Settled.Billed": "payments", "Settled.Deducted": "later invoices", "Settled.LossEntry": "losses",
	"Settled.LostWhole": "losses", "Settled.LostVAT": "losses", "Settled.LostNet": "losses", "Settled.Recovered": "payments", "Settled.Doubtful": "decided later", "Settled.Release": "decided later", "Settled.Unretained": "credit notes", "Settled.Closed": "decided later",
	"Settled.Foreign": "payments", "Settled.Refunded": "credit notes", "File": "the paper is drawn later", "Link": "not kept", "Signed": "the customer's answer comes later and has a hash of its own",
}

// Every field that a reader could rely on is in the digest, those of tomorrow too.
func TestDigestOfDocument(t *testing.T) {
	full := sale.Document{Content: sale.Content{Lines: []sale.Line{{}}}, Totals: sale.Totals{Lines: []sale.LineTotal{{}}, Taxes: []sale.TaxTotal{{}}}}
	was := store.DocumentDigest(full, "", 0)
	seen := map[string]bool{}
	var walk func(name string, v reflect.Value)
	walk = func(name string, v reflect.Value) {
		if _, ok := after[name]; ok {
			seen[name] = true
			return
		}
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(strings.TrimPrefix(name+"."+v.Type().Field(i).Name, "."), v.Field(i))
			}
			return
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
		case reflect.Slice:
			if v.Len() == 0 {
				v.Set(reflect.MakeSlice(v.Type(), 1, 1))
				if store.DocumentDigest(full, "", 0) == was {
					t.Errorf("%s is not in the digest", name)
				}
				v.Set(old)
				return
			}
			walk(name+"[0]", v.Index(0))
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int, reflect.Int32, reflect.Int64:
			v.SetInt(1)
		default:
			t.Fatalf("%s is a %s", name, v.Kind())
		}
		if store.DocumentDigest(full, "", 0) == was {
			t.Errorf("%s is not in the digest", name)
		}
		v.Set(old)
	}
	walk("", reflect.ValueOf(&full).Elem())
	for name := range after {
		if !seen[name] {
			t.Errorf("%s: take it off the list", name)
		}
	}
	if store.DocumentDigest(full, "x", 0) == was || store.DocumentDigest(full, "", 1) == was {
		t.Error("the name of the customer or the count of those before is not in the digest")
	}
}

// What was written in the log before it was chained is its beginning: the chain goes on from there, and nothing of it can
// be changed, emptied or removed unseen.
func TestLogIsChained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		if _, err := db.Owner().ExecContext(ctx, "DELETE FROM chain WHERE name = 'audit'"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Owner().ExecContext(ctx, "UPDATE audit SET chain = "+map[string]string{"sqlite": "x''", "postgres": "''"}[db.Engine()]); err != nil {
			t.Fatal(err)
		}
		before := query(t, db.Owner(), "SELECT COUNT(*) FROM audit")[0][0]
		for k := range 3 {
			storetest.Write(t, db, coop, func(tx *store.Tx) error {
				if err := tx.Audit(storetest.Person, "x.y", fmt.Sprint(k), nil); err != nil {
					return err
				}
				return tx.Audit(storetest.Person, "x.z", fmt.Sprint(k), map[string]any{"k": k})
			})
		}
		clean(t, db)
		if got := query(t, db.Owner(), "SELECT COUNT(*), MAX(id) FROM audit")[0]; got[0] != got[1] || got[0] == before {
			t.Fatalf("%v rows and the last, %s before", got, before)
		}
		for _, text := range []string{
			"UPDATE audit SET subject = 'x' WHERE id = (SELECT MAX(id) - 1 FROM audit)",
			"DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)",
		} {
			if _, err := db.Owner().ExecContext(ctx, text); err != nil {
				t.Fatal(err)
			}
			if found, err := db.Verify(ctx); err != nil || len(found) == 0 {
				t.Errorf("%s is not seen: %v", text, err)
			}
		}
	})
}
