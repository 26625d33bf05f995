package auth

import (
	"context"
	"strings"
	"time"

	"essaim/fault"
	"essaim/internal/store"
)

// Session is one device in the list of a person's sessions.
type Session struct {
	ID      string
	Current bool // the one of this request
	Browser string
	System  string
	Address string
	Since   time.Time
	Seen    time.Time // to five minutes
	Expires time.Time // if it is not seen again
}

// Sessions returns the sessions of who is signed in, the last seen first.
func (s *Service) Sessions(ctx context.Context) (all []Session, err error) {
	id, err := who(ctx)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(tx *store.Tx) error {
		found, err := tx.Sessions(id.Login, s.now())
		for _, x := range found {
			browser, system := device(x.Agent)
			all = append(all, Session{
				ID: written(x.Token), Current: written(x.Token) == id.Session, Browser: browser, System: system, Address: x.Address,
				Since: instant(x.Created), Seen: instant(x.Seen), Expires: instant(x.Expires),
			})
		}
		return err
	})
	return all, err
}

// EndSession ends one session of who is signed in, at once; the one of this request too.
func (s *Service) EndSession(ctx context.Context, session string) error {
	id, err := who(ctx)
	if err != nil {
		return err
	}
	if session == id.Session {
		return s.SignOut(ctx)
	}
	found, err := s.noted(ctx, own(id.Login, "sessions"), func(tx *store.Tx) (bool, error) { return tx.EndSession(id.Login, unwritten(session)) })
	s.visits.forget()
	if err == nil && !found {
		err = fault.New(fault.NotFound, "auth.session_gone")
	}
	return err
}

// EndOtherSessions ends every session of who is signed in but this one and returns how many.
func (s *Service) EndOtherSessions(ctx context.Context) (n int64, err error) {
	id, err := who(ctx)
	if err != nil {
		return 0, err
	}
	_, err = s.noted(ctx, own(id.Login, "sessions", "which", "others"), func(tx *store.Tx) (bool, error) {
		n, err = tx.EndSessions(id.Login, unwritten(id.Session))
		return n > 0, err
	})
	s.visits.forget()
	return n, err
}

// By is who closes or opens the login of a person, and in which cooperative; the zero value is the program, for all.
type By struct{ Coop, Actor, Person int64 }

// Disable closes a login, at once: its sessions end and its API tokens no longer serve. With false it opens it again.
func (s *Service) Disable(ctx context.Context, login int64, closed bool, by By) error {
	if _, err := s.login(ctx, login); err != nil {
		return err
	}
	note := store.LoginNote{Login: login, Action: "login.open", Coop: by.Coop, By: by.Actor, Person: by.Person}
	if closed {
		note.Action = "login.close"
	}
	_, err := s.noted(ctx, note, func(tx *store.Tx) (bool, error) {
		if !closed {
			return true, tx.SetDisabled(login, 0)
		}
		if err := tx.SetDisabled(login, s.now()); err != nil {
			return false, err
		}
		_, err := tx.EndSessions(login, nil)
		return true, err
	})
	s.forget()
	return err
}

// SetLang changes the language of who is signed in: "fr" or "en".
func (s *Service) SetLang(ctx context.Context, lang string) error {
	id, err := who(ctx)
	if err != nil {
		return err
	}
	if lang != "en" {
		lang = "fr"
	}
	err = s.write(ctx, func(tx *store.Tx) error { return tx.SetLang(id.Login, lang) })
	s.forget()
	return err
}

// device reads a browser's name for itself; what it does not know is "".
func device(agent string) (browser, system string) {
	first := func(table [][2]string) string {
		for _, x := range table {
			if strings.Contains(agent, x[0]) {
				return x[1]
			}
		}
		return ""
	}
	// Order matters: Edge says Chrome too, Chrome says Safari too, Android says Linux too.
	browser = first([][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	})
	system = first([][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	})
	return browser, system
}
