package auth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"essaim/fault"
	"essaim/i18n"
)

const bodyMost = 1 << 16 // bytes of a browser's answer

// The four handlers below are mounted by the pages, within [Service.Load]; static/passkey.js calls them. They answer
// JSON: a [Ceremony], {"ok": true}, or {"error": "words", "key": "message key"}.

// PasskeyBeginRegister answers POST with the ceremony of [Service.BeginRegister].
func (s *Service) PasskeyBeginRegister(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(ctx context.Context, _ []byte) (any, error) { return s.BeginRegister(ctx) })
}

// PasskeyFinishRegister takes {"name": …, "credential": …}.
func (s *Service) PasskeyFinishRegister(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(ctx context.Context, body []byte) (any, error) {
		var in struct {
			Name       string          `json:"name"`
			Credential json.RawMessage `json:"credential"`
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, errPasskey(err)
		}
		return done, s.FinishRegister(ctx, in.Name, in.Credential)
	})
}

// PasskeyBeginLogin answers POST with the ceremony of [Service.BeginLogin].
func (s *Service) PasskeyBeginLogin(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(ctx context.Context, _ []byte) (any, error) { return s.BeginLogin(ctx) })
}

// PasskeyFinishLogin takes {"credential": …}.
func (s *Service) PasskeyFinishLogin(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, func(ctx context.Context, body []byte) (any, error) {
		var in struct {
			Credential json.RawMessage `json:"credential"`
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, errPasskey(err)
		}
		return done, s.FinishLogin(ctx, in.Credential)
	})
}

var done = map[string]bool{"ok": true}

// answer reads a JSON request and writes a JSON answer. Nothing but application/json is read: a form of another site
// cannot send it.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, fn func(context.Context, []byte) (any, error)) {
	ctx := r.Context()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var out any
	var err error
	var status int
	switch {
	case r.Method != http.MethodPost:
		status, err = http.StatusMethodNotAllowed, errPasskey(errors.New("method "+r.Method))
	case media != "application/json":
		status, err = http.StatusUnsupportedMediaType, errPasskey(errors.New("content type "+media))
	default:
		var body []byte
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost)); err == nil {
			out, err = fn(ctx, body)
		} else {
			err = errPasskey(err)
		}
		status = statusOf(err)
	}
	if err != nil {
		f := fault.New(fault.Internal, "auth.passkey_failed")
		if all := fault.All(err); len(all) > 0 {
			f = all[0]
		}
		s.opt.Log.Info("passkey", "err", err)
		out = map[string]string{"error": i18n.For(lang(ctx)).Fault(f), "key": f.Key}
	}
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil {
		s.opt.Log.Info("passkey: answer", "err", err)
	}
}

func statusOf(err error) int {
	switch fault.KindOf(err) {
	case "":
		return http.StatusOK
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict, fault.Closed:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
