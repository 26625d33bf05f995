package auth

import (
	"context"
	"time"

	"essaim/i18n"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// linkLetter writes the letter that carries a link.
func (s *Service) linkLetter(l store.Login, kind, token string, lives time.Duration) mail.Message {
	p := i18n.For(l.Lang)
	link := s.origin + s.opt.LinkPath + token
	out := mail.Message{To: []string{l.Email}, Lang: p.Lang()}
	if kind == store.TokenInvite {
		out.Subject = p.T("auth.letter_invite_subject", "name", s.opt.Name)
		out.Text = p.T("auth.letter_invite", "name", s.opt.Name, "link", link, "n", int(lives/(24*time.Hour)))
		return out
	}
	out.Subject = p.T("auth.letter_reset_subject", "name", s.opt.Name)
	out.Text = p.T("auth.letter_reset", "name", s.opt.Name, "link", link, "email", l.Email, "n", int(lives/time.Minute))
	return out
}

// tell sends word of a change to what protects the account, behind the answer: it must not fail for a letter.
func (s *Service) tell(ctx context.Context, l store.Login, key string) {
	p := i18n.For(l.Lang)
	s.behind(ctx, func(ctx context.Context) error {
		return s.send(ctx, mail.Message{
			To: []string{l.Email}, Lang: p.Lang(), Subject: p.T("auth.letter_changed_subject", "name", s.opt.Name),
			Text: p.T(key, "name", s.opt.Name, "email", l.Email, "link", s.origin),
		})
	})
}

func (s *Service) send(ctx context.Context, l mail.Message) error {
	if s.opt.Send == nil {
		s.opt.Log.Warn("no way to send letters is set", "subject", l.Subject)
		return nil
	}
	return s.opt.Send(ctx, l)
}

// behind runs fn after the answer, so that its time tells nothing. A few run at once; more than that are dropped: it is
// a flood, and the person can ask again.
func (s *Service) behind(ctx context.Context, fn func(context.Context) error) {
	select {
	case s.mailing <- struct{}{}:
	default:
		s.opt.Log.Warn("too many letters asked for at once")
		return
	}
	ctx = context.WithoutCancel(ctx)
	s.work.Go(func() {
		defer func() { <-s.mailing }()
		if err := fn(ctx); err != nil {
			s.opt.Log.Error("letter", "err", err)
		}
	})
}
