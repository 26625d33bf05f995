package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// A draft saves itself: a form with data-autosave is sent by app.js, a moment after the last key, to its own address with
// the header X-Autosave. The handler saves as for the button that keeps a draft, and answers with [Visit.Saved]; what
// could not be read yet is not a refusal (the person is still typing).

// Autosave says whether the form was sent by itself rather than by the person.
func (v *Visit) Autosave() bool { return v.r.Header.Get("X-Autosave") != "" }

// Saved answers it: when it was saved, where the form is to be sent from now on (a new draft has an address) and the
// version that the next change starts from.
func (v *Visit) Saved(action string, version int64) error {
	return v.SavedPart(action, version, false)
}

// SavedPart is [Visit.Saved] of a form that holds more than the draft does, a customer who is not there yet: the device
// keeps it.
func (v *Visit) SavedPart(action string, version int64, more bool) error {
	said := map[string]string{
		"saved":   v.P.T("web.saved_at", "time", v.P.Clock(v.At(v.s.office.Now().UnixMicro()))),
		"action":  action,
		"version": strconv.FormatInt(version, 10),
	}
	if more {
		said["more"] = "1"
	}
	return v.sayJSON(http.StatusOK, said)
}

// NotSaved answers it when the draft could not be kept yet, with the words to show, and those of each field. rows are the
// numbers that the lines have in the page, where the form has been numbered anew.
func (v *Visit) NotSaved(f *Form, rows ...int) error {
	text := v.P.T("web.save_waits")
	if !f.OK() {
		text = v.P.Fault(f.refused[0])
		if rest, ok := strings.CutPrefix(f.refused[0].Field, "lines["); ok && len(f.lineNumbers()) > 1 { // which one
			index, _, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(index); err == nil {
				text = v.P.T("web.save_line", "n", n+1, "text", text)
			}
		}
	}
	type field struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	fields := []field{}
	for _, e := range f.refused {
		name := e.Field
		if rest, ok := strings.CutPrefix(name, "lines["); ok {
			index, tail, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(index); err == nil && n < len(rows) {
				name = "lines[" + strconv.Itoa(rows[n]) + "]" + tail
			}
		}
		fields = append(fields, field{name, v.P.Fault(e)})
	}
	return v.sayJSON(http.StatusUnprocessableEntity, struct {
		Error  string  `json:"error"`
		Fields []field `json:"fields"`
	}{text, fields})
}

func (v *Visit) sayJSON(status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	v.write(status, b, false)
	return nil
}
