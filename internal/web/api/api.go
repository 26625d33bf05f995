// Package api is the JSON API of a cooperative: entries, customers, quotes, invoices, payments and accounts, through the
// same use cases as the pages. It describes itself at /api/openapi.json.
//
// A token belongs to a person and to one cooperative, and opens what that person may do, within its scopes. Amounts are
// whole cents, quantities and prices decimal text ("1.5"), days "2026-11-22". A field that a body does not have is refused.
// Every call that changes something takes an Idempotency-Key: the same key with the same body returns the first answer,
// with another body it is refused.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"essaim/access"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/auth"
	"essaim/internal/office"
)

type server struct {
	office *office.Office
	auth   *auth.Service
}

// told makes the framework's own refusals (a body that is no JSON, a filter out of range) look like ours.
var told = sync.OnceFunc(func() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		p := &Problem{Status: status, Title: msg, Kind: string(fault.Invalid)}
		for _, err := range errs {
			if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
				p.Errors = append(p.Errors, ProblemField{Field: d.Location, Key: "api.value", Message: d.Message})
			}
		}
		return p
	}
})

// New returns the handler of /api/. What a body must hold is judged by the rooms, field by field and in words: the schema
// only describes it.
func New(o *office.Office, a *auth.Service) http.Handler {
	told()
	mux := http.NewServeMux()
	cfg := huma.DefaultConfig("Essaim", "1")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/openapi", "", "/api/schemas"
	cfg.CreateHooks = nil // no $schema link in every answer
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Info.Description = "Entries, customers, quotes, invoices, payments and accounts of one cooperative. Amounts are whole cents; days are ISO. A field that is not described is refused. Every call that changes something takes an Idempotency-Key: a repeat under the same key returns the first answer."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "An API token of a person, from the profile page."}}
	cfg.Security = []map[string][]string{{"token": {}}}
	api := humago.New(mux, cfg)
	s := &server{o, a}
	api.UseMiddleware(s.authenticate(api))
	s.entries(api)
	s.thirds(api)
	s.customers(api)
	s.sales(api)
	s.payments(api)
	s.accounts(api)
	// The one address that is called thousands of times a second is read without reflection; it is described all the same.
	mux.HandleFunc("POST /api/v1/entries", s.postEntry)
	return mux
}

// schemaName names a type with its room, since several rooms have an Entry or a Line of their own.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if room := path.Base(t.PkgPath()); t.PkgPath() != "" && room != "api" {
		name = strings.ToUpper(room[:1]) + room[1:] + name
	}
	return name
}

type actorKey struct{}

// actor returns who calls.
func actor(ctx context.Context) access.Actor {
	a, _ := ctx.Value(actorKey{}).(access.Actor)
	return a
}

// who reads the token of a call.
func (s *server) who(ctx context.Context, header string) (access.Actor, error) {
	t, err := s.auth.Bearer(ctx, header)
	if err != nil {
		return access.Actor{}, err
	}
	a, err := s.office.ActorIn(ctx, t.Coop, t.Login)
	if err != nil {
		return a, err
	}
	a.Token, a.Scopes = true, t.Scopes
	return a, nil
}

func (s *server) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		a, err := s.who(c.Context(), c.Header("Authorization"))
		if err == nil {
			err = plain(c.URL(), c.Header("Idempotency-Key"))
		}
		if err != nil {
			status, p := problem(err, c.Header("Accept-Language"))
			if errors.Is(err, auth.ErrToken) {
				status, p = http.StatusUnauthorized, noToken(c.Header("Accept-Language"))
				c.SetHeader("WWW-Authenticate", "Bearer")
			}
			c.SetHeader("Content-Type", "application/problem+json") // before the status, which sends what is set by then
			c.SetStatus(status)
			if err := json.NewEncoder(c.BodyWriter()).Encode(p); err != nil {
				slog.Debug("api answer", "error", err)
			}
			return
		}
		next(huma.WithValue(c, actorKey{}, a))
	}
}

// noToken is the answer to a call without a token that serves.
func noToken(lang string) *Problem {
	p := i18n.For(lang)
	return &Problem{Status: http.StatusUnauthorized, Title: p.T("api.token"), Kind: string(fault.Forbidden), Errors: []ProblemField{{Field: "Authorization", Key: "api.token", Message: p.T("api.token")}}}
}

// keyMax bounds an idempotency key, as the description says.
const keyMax = 200

// plainKey refuses an idempotency key that cannot be kept.
func plainKey(key string) error {
	switch {
	case utf8.RuneCountInString(key) > keyMax:
		return fault.At("Idempotency-Key", "api.key_long", "max", keyMax)
	case !fault.Plain(key):
		return fault.At("Idempotency-Key", "api.signs")
	}
	return nil
}

// plain refuses what of a call, beside its body, is no text.
func plain(address url.URL, key string) error {
	for name, all := range address.Query() {
		if !fault.Plain(name) || slices.ContainsFunc(all, func(v string) bool { return !fault.Plain(v) }) {
			return fault.At(strings.ToValidUTF8(name, "\ufffd"), "api.signs")
		}
	}
	return plainKey(key)
}

// Problem is a refusal (RFC 9457): each broken field with its message in the caller's language and its stable key.
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Kind   string         `json:"kind" doc:"invalid, notfound, conflict, closed, forbidden, busy or internal"`
	Errors []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one broken field.
type ProblemField struct {
	Field   string `json:"field,omitempty"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

func (p *Problem) Error() string  { return p.Title }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Closed: http.StatusConflict,
	fault.Forbidden: http.StatusForbidden, fault.Busy: http.StatusServiceUnavailable, fault.Internal: http.StatusInternalServerError,
}

// problem turns an error into an answer; an internal one is logged and not shown.
func problem(err error, lang string) (int, *Problem) {
	p := i18n.For(lang)
	kind := fault.KindOf(err)
	out := &Problem{Status: statuses[kind], Kind: string(kind)}
	for _, e := range fault.All(err) {
		out.Errors = append(out.Errors, ProblemField{Field: e.Field, Key: e.Key, Message: p.Fault(e)})
	}
	if len(out.Errors) > 0 {
		out.Title = out.Errors[0].Message
	} else {
		slog.Error("api", "error", err)
		out.Title = p.T("api.internal")
	}
	return out.Status, out
}

// refuse is problem for huma's handlers.
func refuse(err error, lang string) error {
	if err == nil {
		return nil
	}
	_, p := problem(err, lang)
	return p
}

// Once holds the headers of a call that changes something.
type Once struct {
	Lang string `header:"Accept-Language" doc:"fr or en: the language of messages"`
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Makes a repeat harmless"`
}

// Spoken holds the language of messages.
type Spoken struct {
	Lang string `header:"Accept-Language" doc:"fr or en: the language of messages"`
}
