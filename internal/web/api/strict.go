package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"essaim/fault"
)

// given is a body that is read strictly: what it may not hold is told on its field, by the handler, in the caller's words.
type given[T any] struct {
	value T
	err   error
}

// UnmarshalJSON reads the body and keeps what is wrong with it.
func (g *given[T]) UnmarshalJSON(b []byte) error {
	g.err = strict(b, &g.value)
	return nil
}

// Schema is that of what is given.
func (given[T]) Schema(r huma.Registry) *huma.Schema { return r.Schema(reflect.TypeFor[T](), true, "") }

// strict reads JSON into a value. A field that the value does not have, and a text with signs that no text has, are refused
// with the path of the field: a misspelt discount must not leave an invoice at its full price.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			return fault.New(fault.Invalid, "api.json")
		}
		if bytes.IndexByte(b, '\\') < 0 && fault.Plain(string(b)) { // no escape that could hide anything
			return nil
		}
	}
	var all any
	if syntax := json.Unmarshal(b, &all); syntax != nil {
		return fault.New(fault.Invalid, "api.json").Wrap(syntax)
	}
	if odd := look("", all, reflect.TypeOf(into).Elem(), utf8.Valid(b)); len(odd) > 0 {
		return errors.Join(odd...)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fault.At(wrong.Field, "api.json").Wrap(err)
	}
	if err != nil {
		return fault.New(fault.Invalid, "api.json").Wrap(err)
	}
	return nil
}

// faultsMax bounds what is told of one body.
const faultsMax = 20

// look walks what was given beside the type it is meant for.
func look(path string, v any, t reflect.Type, utf8 bool) (odd []error) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && (reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())) {
		t = nil // it reads itself
	}
	switch v := v.(type) {
	case string:
		if !fault.Plain(v) || !utf8 && strings.ContainsRune(v, '\ufffd') {
			odd = append(odd, fault.At(path, "api.signs"))
		}
	case []any:
		var of reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			of = t.Elem()
		}
		for i, x := range v {
			if odd = append(odd, look(path+"["+strconv.Itoa(i)+"]", x, of, utf8)...); len(odd) >= faultsMax {
				break
			}
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			var of reflect.Type
			at := strings.TrimPrefix(path+"."+name, ".")
			if t != nil && t.Kind() == reflect.Struct {
				var ok bool
				if of, ok = field(t, name); !ok {
					if !fault.Plain(name) {
						at = path
					}
					odd = append(odd, fault.At(at, "api.unknown", "name", strconv.Quote(name)))
					continue
				}
			}
			if odd = append(odd, look(at, v[name], of, utf8)...); len(odd) >= faultsMax {
				break
			}
		}
	}
	return odd
}

// field finds a field of a struct by its name in JSON.
func field(t reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "-" && strings.EqualFold(tag, name) {
			return f.Type, true
		}
	}
	return nil, false
}
