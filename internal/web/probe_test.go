package web

import (
	"errors"
	"fmt"
	"net/url"

	"essaim/access"
	"essaim/fault"
	"essaim/internal/auth"
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
		s.page("GET", "/{coop}/probe/list", access.ViewHouse, func(v *Visit) error { return v.Blocks(Page{Title: "List", Team: true}, Head{Title: "List"}, invoices()) })
		s.page("GET", "/{coop}/a/{activity}/probe", access.ViewAccount, func(v *Visit) error {
			return v.Blocks(Page{Title: "Probe", Section: "account"}, Head{Title: fmt.Sprint("activity ", v.Activity)})
		})
		s.page("POST", "/{coop}/probe/{what}", "", probe)
		s.page("GET", "/{coop}/probe/{what}", "", probe)
	})
}

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
	case "save":
		f, err := v.Form()
		if err != nil {
			return err
		}
		amount := f.Cents("amount")
		if v.Autosave() {
			if !f.OK() {
				return v.NotSaved(f)
			}
			return v.Saved(v.URL("probe", "save", 7), int64(amount))
		}
		if !f.OK() {
			return v.Again("forgotten", Page{Title: "Probe"}, forgottenData{F: f})
		}
		return v.Go(v.URL("probe", "saved") + "?" + url.Values{"note": {f.Text("note", 50_000)}}.Encode())
	}
	return errAbsent()
}
