package store_test

import (
	"reflect"
	"testing"

	"essaim/internal/store"
)

// What the log keeps of a reminder holds all that the customer was told: no field changes unseen but those that come later.
func TestReminderDigestHoldsEveryField(t *testing.T) {
	sent := func() store.Reminder { return store.Reminder{ID: 1, Items: []store.ReminderItem{{Sale: 3}, {Sale: 4}}} }
	r := sent()
	whole := r.Note().Digest
	later := map[string]bool{"File": true, "Posted": true, "MailState": true, "Items": true}
	alter := func(name string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Int, reflect.Int64, reflect.Int32:
			v.SetInt(v.Int() + 7)
		default:
			t.Fatalf("%s is a %s: say how the digest holds it", name, v.Kind())
		}
	}
	for i := range reflect.TypeFor[store.Reminder]().NumField() {
		name := reflect.TypeFor[store.Reminder]().Field(i).Name
		r := sent()
		if name != "Items" {
			alter(name, reflect.ValueOf(&r).Elem().Field(i))
		}
		if same := r.Note().Digest == whole; same != later[name] {
			t.Errorf("%s: the digest is the same: %t", name, same)
		}
	}
	for i := range reflect.TypeFor[store.ReminderItem]().NumField() {
		r := sent()
		alter("item", reflect.ValueOf(&r.Items[1]).Elem().Field(i))
		if r.Note().Digest == whole {
			t.Errorf("%s of an invoice is not in the digest", reflect.TypeFor[store.ReminderItem]().Field(i).Name)
		}
	}
}
