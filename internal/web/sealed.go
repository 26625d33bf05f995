package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"essaim/date"
	"essaim/internal/store"
)

// What a browser keeps for us and must neither read nor change is sealed: a message for the next page, a form that was
// sent after the session had ended.

// sealer reads the secret of the pages, or makes it the first time.
func sealer(db *store.DB) (cipher.AEAD, error) {
	var key []byte
	err := db.Write(context.Background(), 0, func(tx *store.Tx) (err error) {
		key, err = tx.Secret("web", 32)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("secret of the pages: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret of the pages: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

type sealedBox struct {
	Until int64           `json:"u"` // microseconds
	Value json.RawMessage `json:"v"`
}

// lock seals a value for a purpose; it opens until the time is over.
func (s *Server) lock(purpose string, value any, lives time.Duration) (string, error) {
	v, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(sealedBox{s.office.Now().Add(lives).UnixMicro(), v})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.seal.Seal(nil, nil, squeeze(b, 1), []byte(purpose))), nil
}

var errSealed = errors.New("web: not sealed here, or too long ago")

// unlock opens what lock sealed for the same purpose.
func (s *Server) unlock(purpose, text string, into any) error {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return errSealed
	}
	if b, err = s.seal.Open(nil, nil, b, []byte(purpose)); err != nil {
		return errSealed
	}
	if b, err = expand(b, 4*formMax); err != nil {
		return errSealed
	}
	var box sealedBox
	if err := json.Unmarshal(b, &box); err != nil || box.Until < s.office.Now().UnixMicro() {
		return errSealed
	}
	return json.Unmarshal(box.Value, into)
}

// flash is a message for the page that follows a deed, with a way back where the deed can be undone.
type flash struct {
	Text string            `json:"t"`
	Undo string            `json:"u,omitempty"` // address that undoes it, by POST
	With map[string]string `json:"w,omitempty"` // its fields
}

// Say leaves a message for the next page: « Brouillon effacé ».
func (v *Visit) Say(key string, args ...any) {
	v.leave(flash{Text: v.P.T(key, args...)})
}

// SayBooked is [Visit.Say] of what bears a day; when its month was closed it tells which day the books gave it.
func (v *Visit) SayBooked(day, booked date.Day, key string, args ...any) {
	text := v.P.T(key, args...)
	if booked > day {
		text += " " + v.P.T("till.said_late", "month", day.Month(), "booked", booked, "day", day)
	}
	v.leave(flash{Text: text})
}

// SayUndo is [Visit.Say] with a button that undoes the deed by sending fields (name, value …) to an address.
func (v *Visit) SayUndo(undo string, fields map[string]string, key string, args ...any) {
	v.leave(flash{Text: v.P.T(key, args...), Undo: undo, With: fields})
}

func (v *Visit) leave(f flash) {
	if text, err := v.s.lock("flash", f, time.Minute); err == nil {
		v.remember("flash", text, 60)
	}
}

// takeFlash reads the message once.
func (v *Visit) takeFlash() {
	c, err := v.r.Cookie("flash")
	if err != nil || c.Value == "" {
		return
	}
	http.SetCookie(v.w, &http.Cookie{Name: "flash", Path: "/", MaxAge: -1, HttpOnly: true, Secure: v.s.secure, SameSite: http.SameSiteLaxMode})
	var f flash
	if v.s.unlock("flash", c.Value, &f) == nil && (f.Undo == "" || local(f.Undo)) {
		v.flash = &f
	}
}
