package office

import (
	"bytes"
	"reflect"
	"testing"

	"essaim/ledger"
)

// Whatever a person may give of an entry tells one request from another.
func TestDigestOfDraftsHoldsEveryField(t *testing.T) {
	draft := func() EntryDraft {
		return EntryDraft{Entry: ledger.Entry{Journal: "OD", Ref: "A", Lines: make([]ledger.Line, 2)}, Sections: []string{"001", "002"}, Thirds: []string{"", ""}}
	}
	plain := digestOf([]EntryDraft{draft()})
	differs := func(name string, d EntryDraft) {
		if bytes.Equal(digestOf([]EntryDraft{d}), plain) {
			t.Errorf("%s makes no difference", name)
		}
	}
	// What the books add is not the person's.
	ours := map[string]bool{"ID": true, "Year": true, "Number": true, "Seq": true, "By": true, "At": true, "ValidOn": true, "Hash": true, "Chain": true, "Lines": true, "N": true, "Added": true, "Settles": true}
	each := func(v reflect.Value, set func(func(reflect.Value)) EntryDraft) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if ours[f.Name] {
				continue
			}
			differs(v.Type().Name()+"."+f.Name, set(func(v reflect.Value) {
				if x := v.Field(i); x.Kind() == reflect.String {
					x.SetString("x")
				} else {
					x.SetInt(77)
				}
			}))
		}
	}
	each(reflect.ValueOf(ledger.Entry{}), func(change func(reflect.Value)) EntryDraft {
		d := draft()
		change(reflect.ValueOf(&d.Entry).Elem())
		return d
	})
	each(reflect.ValueOf(ledger.Line{}), func(change func(reflect.Value)) EntryDraft {
		d := draft()
		change(reflect.ValueOf(&d.Lines[1]).Elem())
		return d
	})
	for _, settles := range []ledger.ItemRef{{Entry: 1}, {Line: 1}} {
		d := draft()
		d.Lines[0].Settles = settles
		differs("settles", d)
	}
	d := draft()
	d.Sections[1] = "00"
	differs("section", d)
	d = draft()
	d.Sections, d.Thirds = []string{"001", "00"}, []string{"", "2"}
	differs("a text that moves into the next", d)
	if bytes.Equal(digestOf([]EntryDraft{draft(), draft()}), plain) {
		t.Error("twice the same is not once")
	}
}
