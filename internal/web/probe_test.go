package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"sync/atomic"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/auth"
	"essaim/money"
)

// The tests add a few addresses of their own: every way in which a page can end.
func init() {
	sections = append(sections, func(s *Server) {
		s.page("GET", "/{coop}/probe/specimen", "", func(v *Visit) error {
			var parts []any
			for _, h := range specimen(v.P) {
				parts = append(parts, h)
			}
			return v.Blocks(Page{Title: "Specimen", Section: "home", Home: true}, parts...)
		})
		s.page("GET", "/{coop}/probe/list", access.ViewHouse, func(v *Visit) error {
			return v.Blocks(Page{Title: "List", Team: true}, Head{Title: "List"}, invoices())
		})
		rows := invoices()
		s.page("GET", "/{coop}/probe/rows", "", func(v *Visit) error { return v.Blocks(Page{Title: "List"}, Head{Title: "List"}, rows) })
		s.page("GET", "/{coop}/a/{activity}/probe", access.ViewAccount, func(v *Visit) error {
			return v.Blocks(Page{Title: "Probe", Section: "account"}, Head{Title: fmt.Sprint("activity ", v.Activity)})
		})
		s.page("POST", "/{coop}/probe/{what}", "", probe)
		s.page("GET", "/{coop}/probe/{what}", "", probe)
	})
}

// sent counts the forms that arrived.
var sent atomic.Int64

func probe(v *Visit) error {
	switch v.PathValue("what") {
	case "conflict":
		return fault.New(fault.Conflict, "web.busy_title")
	case "closed":
		return fault.New(fault.Closed, "web.busy_title")
	case "forbidden":
		return fault.New(fault.Forbidden, access.Whom(access.ClosePeriod))
	case "absent":
		return fault.New(fault.NotFound, "access.absent.advisor")
	case "busy":
		return fault.New(fault.Busy, "web.save_waits")
	case "invalid":
		return fault.New(fault.Invalid, "web.form_broken")
	case "broken":
		return errors.New("a secret of the store")
	case "panic":
		panic("a secret of the program")
	case "stale":
		if !v.s.auth.FreshWithin(v.Ctx(), 1) {
			return auth.ErrStale
		}
		return v.Go("/me")
	case "say":
		v.Say("sign.token_revoked")
		return v.Go(v.URL("probe", "form"))
	case "undo":
		v.SayUndo(v.URL("probe", "say"), map[string]string{"id": "<12>"}, "sign.passkey_deleted")
		return v.Go(v.URL("probe", "form"))
	case "pdf":
		return v.Send("F-2026-0012.pdf", []byte("%PDF-1.7"), true)
	case "csv":
		return v.Send("journal d’été.csv", []byte("a;b\n"), false)
	case "form":
		return v.Show("forgotten", Page{Title: "Probe"}, forgottenData{F: v.NewForm()})
	case "draft":
		f := v.NewForm().Set("amount", money.Cents(0))
		return v.Blocks(Page{Title: "Draft"}, Head{Title: "Draft"}, template.HTML(`<p class="saved" data-saved></p><form method="post" action="`+v.URL("probe", "save")+`" data-autosave="`+v.URL("probe", "save")+`" data-main>`),
			f.Once(), f.Field("amount", "Prix", "amount"), f.Area("note", "Note"), template.HTML(`<input type="hidden" name="version" value="0"><button class="b go" data-send data-k="v">V</button></form>`))
	case "saved":
		return v.Blocks(Page{Title: "Saved"}, Head{Title: fmt.Sprint("saved ", sent.Load(), " ", v.Query("note"))})
	case "save":
		if !v.Autosave() {
			sent.Add(1)
		}
		f, err := v.Form()
		if err != nil {
			return err
		}
		amount := f.Cents("amount")
		if v.Autosave() {
			if !f.OK() {
				return v.NotSaved(f)
			}
			return v.Saved(v.URL("probe", "save")+"?id=7", int64(amount))
		}
		if !f.OK() {
			return v.Again("forgotten", Page{Title: "Probe"}, forgottenData{F: f})
		}
		return v.Go(v.URL("probe", "saved") + "?" + url.Values{"note": {f.Text("note", 50_000)}}.Encode())
	}
	return errAbsent()
}
