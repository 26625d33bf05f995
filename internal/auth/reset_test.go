package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

func (b *browser) forgot(email string) error {
	b.h.t.Helper()
	return b.do(func(ctx context.Context) error { return b.h.BeginReset(ctx, email) })
}

func (b *browser) choose(token, password string) (result Result, err error) {
	b.h.t.Helper()
	b.visit(func(ctx context.Context) { result, err = b.h.FinishReset(ctx, token, password) })
	return result, err
}

func TestReset(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		desk, phone := h.browser(firefox), h.browser(iphone)
		_, err := desk.signIn(ada, phrase)
		h.must(err)
		h.must(phone.forgot(" ADA@trame.example"))
		token := h.lastLink()
		letter := h.mails()[len(h.mails())-1]
		if letter.To[0] != ada || letter.Lang != "fr" || letter.Subject != "Essaim\u00a0: choisir un nouveau mot de passe" || !strings.Contains(letter.Text, "60 minutes") {
			t.Errorf("letter %+v", letter)
		}
		for _, s := range dump(t, h.db) {
			if strings.Contains(s, token) {
				t.Error("the link is in the database")
			}
		}
		link, err := h.Link(context.Background(), token)
		h.must(err)
		if link != (Link{Email: ada, Lang: "fr"}) {
			t.Errorf("link %+v", link)
		}
		// A refused password leaves the link.
		_, err = phone.choose(token, "soleil2024")
		h.refused(err, "auth.password_common")
		_, err = phone.choose(token, ada)
		h.refused(err, "auth.password_email")
		result, err := phone.choose(token, other)
		h.must(err)
		if result != (Result{Login: login}) || !phone.in(login) || desk.in(login) {
			t.Errorf("%+v, phone %v, desk %v", result, phone.in(login), desk.in(login))
		}
		// It serves once.
		_, err = h.browser(firefox).choose(token, "encore une autre phrase")
		h.refused(err, "auth.link_over")
		_, err = h.Link(context.Background(), token)
		h.refused(err, "auth.link_over")
		_, err = desk.signIn(ada, phrase)
		h.refused(err, "auth.wrong")
		_, err = desk.signIn(ada, other)
		h.must(err)
	})
}

func TestResetRunsOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		h.must(b.forgot(ada))
		token := h.lastLink()
		h.later(time.Hour)
		_, err := h.Link(context.Background(), token)
		h.must(err)
		h.later(time.Microsecond)
		_, err = h.Link(context.Background(), token)
		h.refused(err, "auth.link_over")
		_, err = b.choose(token, other)
		h.refused(err, "auth.link_over")
		for _, wrong := range []string{"", "x", token[:len(token)-1], token + "x"} {
			_, err = b.choose(wrong, other)
			h.refused(err, "auth.link_over")
		}
	})
}

// Two clicks at the same moment: one of them chooses.
func TestResetServesOneOfTwoClicks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		h.must(b.forgot(ada))
		token := h.lastLink()
		answers := make(chan error)
		for range 2 {
			c := h.browser(firefox)
			go func() {
				_, err := c.choose(token, other)
				answers <- err
			}()
		}
		done := 0
		for range 2 {
			if err := <-answers; err == nil {
				done++
			} else {
				h.refused(err, "auth.link_over")
			}
		}
		if done != 1 {
			t.Errorf("%d of two clicks chose", done)
		}
	})
}

func TestResetEndsTheOtherLinks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		b := h.browser(firefox)
		h.must(b.forgot(ada))
		first := h.lastLink()
		h.must(b.forgot(ada))
		second := h.lastLink()
		if first == second {
			t.Fatal("one link")
		}
		_, err := b.choose(first, other) // people click the first letter
		h.must(err)
		_, err = b.choose(second, "encore une autre phrase")
		h.refused(err, "auth.link_over")
	})
}

func TestResetIsNoWayAroundTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, phrase)
		h.must(err)
		secret, _ := b.protect()
		h.must(b.do(h.SignOut))
		h.must(b.forgot(ada))
		result, err := b.choose(h.lastLink(), other)
		h.must(err)
		if !result.NeedsTOTP || b.in(login) {
			t.Fatalf("the mailbox alone opens: %+v", result)
		}
		h.must(b.second(h.code(secret, 0)))
		if !b.in(login) {
			t.Error("out")
		}
	})
}

func TestResetAnswersTheSameToAll(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		closed := h.person("jean@trame.example", phrase)
		h.must(h.Disable(context.Background(), closed, true, By{}))
		before := len(h.mails())
		b := h.browser(firefox)
		for _, email := range []string{"nobody@trame.example", "jean@trame.example", "", "not an address", strings.Repeat("x", 100_000)} {
			h.must(b.forgot(email))
			h.must(b.do(func(context.Context) error { h.mails(); return nil }))
		}
		if n := len(h.mails()); n != before {
			t.Errorf("%d letters were sent", n-before)
		}
	})
}

func TestLettersAreFew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person(ada, phrase)
		before := len(h.mails())
		b := h.browser(firefox)
		for range 10 {
			h.must(b.forgot(ada))
			h.mails()
		}
		if n := len(h.mails()) - before; n != 3 {
			t.Errorf("%d letters in one mailbox, want 3", n)
		}
		h.refused(b.forgot(ada), "auth.too_many_asked")
		h.refused(b.forgot("nobody@trame.example"), "auth.too_many_asked")
		h.later(time.Hour)
		h.must(b.forgot(ada))
		if n := len(h.mails()) - before; n != 4 {
			t.Errorf("%d letters, want one more after an hour", n)
		}
	})
}

func TestInvite(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		in, err := h.Invite(ctx, " New@Trame.Example ", "en")
		h.must(err)
		letter := h.mails()[0]
		if !in.New || in.Login == 0 || letter.To[0] != "new@trame.example" || letter.Lang != "en" || !strings.Contains(letter.Text, in.Link) || !strings.Contains(letter.Text, "7 days") {
			t.Errorf("%+v, %+v", in, letter)
		}
		again, err := h.Invite(ctx, "new@trame.example", "en")
		h.must(err)
		if again.New || again.Login != in.Login || again.Link == "" || again.Link == in.Link {
			t.Errorf("asked again: %+v", again)
		}
		b := h.browser(firefox)
		_, err = b.signIn("new@trame.example", "")
		h.refused(err, "auth.wrong")
		token := strings.TrimPrefix(in.Link, thePlace+"/password/")
		link, err := h.Link(ctx, token)
		h.must(err)
		if link != (Link{Email: "new@trame.example", Lang: "en", Invite: true}) {
			t.Errorf("link %+v", link)
		}
		h.later(7 * 24 * time.Hour)
		_, err = b.choose(token, phrase)
		h.must(err)
		if !b.in(in.Login) {
			t.Error("out")
		}
		_, err = b.choose(strings.TrimPrefix(again.Link, thePlace+"/password/"), other)
		h.refused(err, "auth.link_over")
		n := len(h.mails())
		known, err := h.Invite(ctx, "new@trame.example", "en") // by another cooperative
		h.must(err)
		if known != (Invitation{Login: in.Login}) || len(h.mails()) != n {
			t.Errorf("known: %+v, %d letters", known, len(h.mails())-n)
		}
		for _, wrong := range []string{"", "ada", "a b@c.fr", "Ada <ada@c.fr>", "ada@", "ada@c.fr\nBcc: x@y.fr", strings.Repeat("a", 250) + "@c.fr"} {
			_, err := h.Invite(ctx, wrong, "fr")
			h.refused(err, "auth.email_wrong")
		}
	})
}

// Who lost the invitation and asks for a new password gets an invitation again.
func TestLostInvitation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, err := h.Invite(context.Background(), "new@trame.example", "fr")
		h.must(err)
		h.later(8 * 24 * time.Hour)
		h.must(h.browser(firefox).forgot("new@trame.example"))
		link, err := h.Link(context.Background(), h.lastLink())
		h.must(err)
		if !link.Invite {
			t.Errorf("link %+v", link)
		}
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		login := h.person(ada, phrase)
		b := h.browser(firefox)
		_, err := b.signIn(ada, other)
		h.refused(err, "auth.wrong")
		_, err = b.signIn(ada, phrase)
		h.must(err)
		_, err = h.browser(iphone).signIn("nobody@trame.example", phrase)
		h.refused(err, "auth.wrong")
		h.must(b.forgot(ada))
		h.mails()
		_, _, err = h.CreateToken(context.Background(), login, 1, "caisse", nil, h.now.Add(time.Hour))
		h.must(err)
		count := func() (n [4]int) {
			t.Helper()
			storetest.Read(t, h.db, 0, func(tx *store.Tx) error {
				sessions, err1 := tx.Sessions(login, 0)
				links, err2 := tx.Tokens(login, store.TokenReset)
				tokens, err3 := tx.Tokens(login, store.TokenAPI)
				a, err4 := tx.Attempt(h.subject(paceLogin, "login", "nobody@trame.example").name)
				n = [4]int{len(sessions), len(links), len(tokens), int(a.Failures)}
				for _, err := range []error{err1, err2, err3, err4} {
					if err != nil {
						return err
					}
				}
				return nil
			})
			return n
		}
		h.must(h.Sweep(context.Background()))
		if count() != [4]int{1, 1, 1, 1} {
			t.Errorf("swept what lives: %v", count())
		}
		h.later(26 * time.Hour)
		h.must(h.Sweep(context.Background()))
		if count() != [4]int{0, 0, 1, 0} {
			t.Errorf("left behind: %v", count())
		}
	})
}
