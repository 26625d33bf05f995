package store_test

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"testing"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func TestLogins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ada, jean store.Login
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			var created bool
			var err error
			if ada, created, err = tx.EnsureLogin(" Ada@Trame.Example ", "fr"); err != nil || !created {
				t.Errorf("created %v, %v", created, err)
			}
			again, created, err := tx.EnsureLogin("ADA@trame.example", "en") // seen within the transaction
			if err != nil || created || again.ID != ada.ID || again.Lang != "fr" {
				t.Errorf("again %+v, created %v, %v", again, created, err)
			}
			jean, _, err = tx.EnsureLogin("jean@trame.example", "en")
			return err
		})
		if ada.ID == jean.ID || ada.Email != "ada@trame.example" || len(ada.Handle) != 32 || bytes.Equal(ada.Handle, jean.Handle) || ada.Created != storetest.Now.UnixMicro() {
			t.Errorf("%+v, %+v", ada, jean)
		}
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			for _, err := range []error{
				tx.SetPassword(ada.ID, "hash"), tx.SetLang(ada.ID, "en"), tx.SetDisabled(ada.ID, 5), tx.SetTOTP(ada.ID, "SECRET", 7, 100),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		want := ada
		want.Password, want.Lang, want.Disabled, want.TOTP, want.TOTPOn, want.TOTPStep = "hash", "en", 5, "SECRET", 7, 100
		storetest.Read(t, db, 0, func(tx *store.Tx) error {
			got, found, err := tx.Login(ada.ID)
			if err != nil || !found || !sameLogin(got, want) {
				t.Errorf("%+v, %v, %v", got, found, err)
			}
			got, found, err = tx.LoginByEmail("ada@TRAME.example")
			if err != nil || !found || !sameLogin(got, want) {
				t.Errorf("%+v, %v, %v", got, found, err)
			}
			if _, found, err := tx.Login(99); found || err != nil {
				t.Errorf("99: %v, %v", found, err)
			}
			all, err := tx.Logins()
			if err == nil && (len(all) != 2 || !sameLogin(all[0], want) || !sameLogin(all[1], jean)) {
				t.Errorf("all %+v", all)
			}
			return err
		})
		// A step serves once, and none before it afterwards.
		for _, x := range []struct {
			step int64
			ok   bool
		}{{100, false}, {101, true}, {101, false}, {99, false}, {105, true}, {104, false}} {
			storetest.Write(t, db, 0, func(tx *store.Tx) error {
				ok, err := tx.TakeTOTPStep(ada.ID, x.step)
				if ok != x.ok {
					t.Errorf("step %d: %v", x.step, ok)
				}
				return err
			})
		}
		storetest.Read(t, db, 0, func(tx *store.Tx) error {
			got, _, err := tx.Login(jean.ID)
			if !sameLogin(got, jean) {
				t.Errorf("the other login moved too: %+v", got)
			}
			return err
		})
	})
}

func sameLogin(a, b store.Login) bool {
	handles := bytes.Equal(a.Handle, b.Handle)
	a.Handle, b.Handle = nil, nil
	return handles && a.ID == b.ID && a.Email == b.Email && a.Password == b.Password && a.TOTP == b.TOTP && a.TOTPOn == b.TOTPOn &&
		a.TOTPStep == b.TOTPStep && a.Lang == b.Lang && a.Disabled == b.Disabled && a.Created == b.Created
}

// Many who open the same login at once open one.
func TestEnsureLoginAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mu sync.Mutex
		ids, created := map[int64]bool{}, 0
		var work sync.WaitGroup
		for range 20 {
			work.Go(func() {
				var l store.Login
				var made bool
				err := db.Write(context.Background(), 0, func(tx *store.Tx) (err error) { l, made, err = tx.EnsureLogin("ada@trame.example", "fr"); return err })
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[l.ID] = true
				if made {
					created++
				}
			})
		}
		work.Wait()
		if len(ids) != 1 || created != 1 {
			t.Errorf("logins %v, created %d times", ids, created)
		}
	})
}

// The global tables are written in the transaction of no cooperative, read in any.
func TestGlobalTablesBelongToNoCooperative(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		id := storetest.Coop(t, db)
		var ada store.Login
		storetest.Write(t, db, 0, func(tx *store.Tx) (err error) { ada, _, err = tx.EnsureLogin("ada@trame.example", "fr"); return err })
		for name, write := range map[string]func(*store.Tx) error{
			"login":   func(tx *store.Tx) error { _, _, err := tx.EnsureLogin("jean@trame.example", "fr"); return err },
			"known":   func(tx *store.Tx) error { _, _, err := tx.EnsureLogin("ada@trame.example", "fr"); return err },
			"session": func(tx *store.Tx) error { return tx.AddSession(store.Session{Token: []byte("x")}) },
			"token":   func(tx *store.Tx) error { return tx.AddToken(store.Token{Hash: []byte("x"), Login: ada.ID}) },
			"sweep":   func(tx *store.Tx) error { return tx.SweepGlobal(0) },
		} {
			if err := db.Write(ctx, id, write); err == nil || fault.KindOf(err) != fault.Internal {
				t.Errorf("%s in a cooperative: %v", name, err)
			}
			if err := db.Read(ctx, 0, write); err == nil && name != "known" { // nothing was to be written
				t.Errorf("%s in a reading", name)
			}
		}
		storetest.Read(t, db, id, func(tx *store.Tx) error {
			l, found, err := tx.Login(ada.ID)
			if !found || l.Email != ada.Email {
				t.Errorf("%+v", l)
			}
			return err
		})
	})
}

func TestCredentials(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			ada, _, err := tx.EnsureLogin("ada@trame.example", "fr")
			if err != nil {
				return err
			}
			jean, _, err := tx.EnsureLogin("jean@trame.example", "fr")
			if err != nil {
				return err
			}
			one, two := []byte{0, 1, 2}, []byte{0xff, 0}
			for _, c := range []store.Credential{{ID: two, Login: ada.ID, Name: "deux", Body: "{}", Created: 2}, {ID: one, Login: ada.ID, Name: "un", Body: "{}", Created: 1}} {
				if err := tx.AddCredential(c); err != nil {
					return err
				}
			}
			if err := tx.UseCredential(one, `{"counter":1}`, 9); err != nil {
				return err
			}
			for _, x := range []struct {
				ok   bool
				call func() (bool, error)
			}{
				{false, func() (bool, error) { return tx.RenameCredential(jean.ID, one, "volée") }},
				{true, func() (bool, error) { return tx.RenameCredential(ada.ID, one, "bureau") }},
				{false, func() (bool, error) { return tx.DeleteCredential(jean.ID, two) }},
			} {
				if ok, err := x.call(); ok != x.ok || err != nil {
					t.Errorf("%v, %v", ok, err)
				}
			}
			all, err := tx.Credentials(ada.ID)
			if err != nil || len(all) != 2 || all[0].Name != "bureau" || all[0].Used != 9 || all[0].Body != `{"counter":1}` || !bytes.Equal(all[1].ID, two) {
				t.Errorf("%+v, %v", all, err)
			}
			c, found, err := tx.Credential(two)
			if err != nil || !found || c.Login != ada.ID || c.Name != "deux" {
				t.Errorf("%+v, %v, %v", c, found, err)
			}
			if ok, err := tx.DeleteCredential(ada.ID, two); !ok || err != nil {
				t.Errorf("%v, %v", ok, err)
			}
			_, found, err = tx.Credential(two)
			if found {
				t.Error("still there")
			}
			return err
		})
	})
}

func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := func(n byte) []byte { return bytes.Repeat([]byte{n}, 32) }
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			for _, s := range []store.Session{
				{Token: key(1), Login: 1, Data: []byte("a"), Created: 10, Seen: 10, Expires: 100, Agent: "Firefox", Address: "192.0.2.1"},
				{Token: key(2), Login: 1, Created: 11, Seen: 20, Expires: 100, Data: []byte{}},
				{Token: key(3), Login: 2, Created: 12, Seen: 12, Expires: 100, Data: []byte{}},
				{Token: key(4), Login: 1, Created: 13, Seen: 13, Expires: 50, Data: []byte{}},
			} {
				if err := tx.AddSession(s); err != nil {
					return err
				}
			}
			return nil
		})
		list := func(login, now int64) (order []byte) {
			t.Helper()
			storetest.Read(t, db, 0, func(tx *store.Tx) error {
				all, err := tx.Sessions(login, now)
				for _, s := range all {
					order = append(order, s.Token[0])
				}
				return err
			})
			return order
		}
		if got := list(1, 50); !slices.Equal(got, []byte{2, 4, 1}) {
			t.Errorf("at 50: %v", got)
		}
		if got := list(1, 51); !slices.Equal(got, []byte{2, 1}) {
			t.Errorf("at 51: %v", got)
		}
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			if err := tx.TouchSession(key(1), 30, 130); err != nil {
				return err
			}
			if err := tx.TouchSession(key(1), 25, 125); err != nil { // a slower request, later
				return err
			}
			s, found, err := tx.Session(key(1))
			if err != nil || !found || s.Seen != 30 || s.Expires != 130 || string(s.Data) != "a" || s.Agent != "Firefox" || s.Address != "192.0.2.1" || s.Created != 10 {
				t.Errorf("%+v, %v, %v", s, found, err)
			}
			s.Data, s.Login = []byte("b"), 7
			if ok, err := tx.SaveSession(s); !ok || err != nil {
				t.Errorf("saved %v, %v", ok, err)
			}
			if s, _, _ = tx.Session(key(1)); string(s.Data) != "b" || s.Login != 7 {
				t.Errorf("%+v", s)
			}
			if ok, err := tx.SaveSession(store.Session{Token: key(9), Data: []byte{}}); ok || err != nil {
				t.Errorf("an ended session came back: %v, %v", ok, err)
			}
			if ok, err := tx.EndSession(2, key(2)); ok || err != nil {
				t.Errorf("another's session: %v, %v", ok, err)
			}
			n, err := tx.EndSessions(1, key(2))
			if n != 1 || err != nil {
				t.Errorf("%d ended, %v", n, err)
			}
			return nil
		})
		if got := list(1, 0); !slices.Equal(got, []byte{2}) {
			t.Errorf("left %v", got)
		}
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			n, err := tx.EndSessions(1, nil)
			if n != 1 {
				t.Errorf("%d ended, want all", n)
			}
			return err
		})
		if got := list(2, 0); !slices.Equal(got, []byte{3}) {
			t.Errorf("the other's %v", got)
		}
		storetest.Write(t, db, 0, func(tx *store.Tx) error { return tx.DeleteSession(key(3)) })
		if got := list(2, 0); len(got) != 0 {
			t.Errorf("left %v", got)
		}
	})
}

func TestGlobalTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			ada, _, err := tx.EnsureLogin("ada@trame.example", "fr")
			if err != nil {
				return err
			}
			whole := store.Token{Hash: []byte{1}, Kind: store.TokenAPI, Login: ada.ID, Coop: 3, Name: "caisse", Scopes: "entries account", Created: 5, Expires: 90}
			for _, x := range []store.Token{whole, {Hash: []byte{2}, Kind: store.TokenAPI, Login: ada.ID, Created: 6}, {Hash: []byte{3}, Kind: store.TokenReset, Login: ada.ID, Expires: 9}} {
				if err := tx.AddToken(x); err != nil {
					return err
				}
			}
			if err := tx.UseToken([]byte{1}, 8); err != nil {
				return err
			}
			if err := tx.UseToken([]byte{1}, 7); err != nil {
				return err
			}
			got, found, err := tx.Token([]byte{1})
			whole.Used = 8
			if err != nil || !found || !bytes.Equal(got.Hash, whole.Hash) || got.Scopes != whole.Scopes || got.Used != 8 || got.Coop != 3 || got.Expires != 90 || got.Name != "caisse" {
				t.Errorf("%+v, %v, %v", got, found, err)
			}
			all, err := tx.Tokens(ada.ID, store.TokenAPI)
			if err != nil || len(all) != 2 || all[0].Hash[0] != 2 {
				t.Errorf("%+v, %v", all, err)
			}
			for _, want := range []bool{true, false} {
				if took, err := tx.TakeToken([]byte{3}); took != want || err != nil {
					t.Errorf("took %v, %v", took, err)
				}
			}
			if ok, err := tx.DeleteToken(ada.ID+1, []byte{2}); ok || err != nil {
				t.Errorf("another's: %v, %v", ok, err)
			}
			if ok, err := tx.DeleteToken(ada.ID, []byte{2}); !ok || err != nil {
				t.Errorf("%v, %v", ok, err)
			}
			if err := tx.DeleteTokens(ada.ID, store.TokenReset); err != nil {
				return err
			}
			if all, err = tx.Tokens(ada.ID, store.TokenAPI); len(all) != 1 {
				t.Errorf("left %+v", all)
			}
			return err
		})
	})
}

func TestAttemptsAndSecrets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var first []byte
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			if a, err := tx.Attempt("login:x"); a != (store.Attempt{}) || err != nil {
				t.Errorf("%+v, %v", a, err)
			}
			for _, a := range []store.Attempt{{1, 10, 0}, {2, 10, 40}} {
				if err := tx.SetAttempt("login:x", a); err != nil {
					return err
				}
				if got, err := tx.Attempt("login:x"); got != a || err != nil {
					t.Errorf("%+v, %v", got, err)
				}
			}
			if err := tx.SetAttempt("login:x", store.Attempt{Failures: 0, Since: 3, Until: 4}); err != nil {
				return err
			}
			if a, err := tx.Attempt("login:x"); a != (store.Attempt{}) || err != nil {
				t.Errorf("%+v, %v", a, err)
			}
			var err error
			first, err = tx.Secret("auth", 32)
			return err
		})
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			again, err := tx.Secret("auth", 16)
			other, err2 := tx.Secret("other", 32)
			if len(first) != 32 || !bytes.Equal(again, first) || bytes.Equal(other, first) || err2 != nil {
				t.Errorf("%x, %x, %x, %v", first, again, other, err2)
			}
			return err
		})
	})
}

func TestSweepGlobal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const day = 24 * 3600 * 1_000_000
		now := int64(100 * day)
		storetest.Write(t, db, 0, func(tx *store.Tx) error {
			ada, _, err := tx.EnsureLogin("ada@trame.example", "fr")
			if err != nil {
				return err
			}
			for i, expires := range []int64{now - 1, now, now + 1} {
				if err := tx.AddSession(store.Session{Token: []byte{byte(i)}, Login: ada.ID, Data: []byte{}, Expires: expires}); err != nil {
					return err
				}
			}
			for i, x := range []store.Token{
				{Kind: store.TokenReset, Expires: now - day - 1}, {Kind: store.TokenReset, Expires: now - day}, {Kind: store.TokenAPI, Expires: 1},
				{Kind: store.TokenRecovery},
			} {
				x.Hash, x.Login = []byte{byte(i)}, ada.ID
				if err := tx.AddToken(x); err != nil {
					return err
				}
			}
			for name, a := range map[string]store.Attempt{"old": {1, now - day - 1, 0}, "waiting": {9, now - 2*day, now + 1}, "recent": {1, now - day, 0}} {
				if err := tx.SetAttempt(name, a); err != nil {
					return err
				}
			}
			if err := tx.SweepGlobal(now); err != nil {
				return err
			}
			sessions, err := tx.Sessions(ada.ID, 0)
			if len(sessions) != 2 {
				t.Errorf("sessions %+v", sessions)
			}
			for kind, want := range map[string]int{store.TokenReset: 1, store.TokenAPI: 1, store.TokenRecovery: 1} {
				if all, err := tx.Tokens(ada.ID, kind); len(all) != want || err != nil {
					t.Errorf("%s: %+v, %v", kind, all, err)
				}
			}
			for name, want := range map[string]int64{"old": 0, "waiting": 9, "recent": 1} {
				if a, err := tx.Attempt(name); a.Failures != want || err != nil {
					t.Errorf("%s: %+v, %v", name, a, err)
				}
			}
			return err
		})
	})
}
