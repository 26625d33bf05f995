package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/auth"
)

// Visit is one request: who asks, in which cooperative, about which activity, in which language; and how to answer.
type Visit struct {
	P        i18n.Printer
	Who      auth.Identity // the login; see In
	In       bool          // someone is signed in
	Coop     coop.Cooperative
	Actor    access.Actor // on the pages of a cooperative
	Activity int64        // the activity of the address; a page about a document sets it

	s      *Server
	w      http.ResponseWriter
	r      *http.Request
	q      *request
	route  *route
	member bool  // Actor and Coop are known
	form   *Form // as read
	flash  *flash

	state int64    // of the cooperative, in which Actor was read: see store.Tx.Written
	keeps *pageKey // the answer is kept under it

	placed bool // the cooperative is remembered
	house  *house
}

// newID is a number no one can guess, short enough to be read out on the phone.
func newID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when the system gives no randomness
	return hex.EncodeToString(b[:])
}

// Ctx is the context of the request.
func (v *Visit) Ctx() context.Context { return v.r.Context() }

// Query returns a value of the address after "?", trimmed.
func (v *Visit) Query(name string) string { return strings.TrimSpace(v.r.URL.Query().Get(name)) }

// PathValue returns a part of the address: v.PathValue("month").
func (v *Visit) PathValue(name string) string { return v.r.PathValue(name) }

// ID returns the id in the address; one that is no number is a page that does not exist.
func (v *Visit) ID(name string) (int64, error) {
	id, err := strconv.ParseInt(v.r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, errAbsent()
	}
	return id, nil
}

// PageNumber returns the page of a long list, from 1.
func (v *Visit) PageNumber() int {
	n, err := strconv.Atoi(v.Query("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// With returns this address with some values after "?" replaced (name, value, name, value …); "" takes one out. The page
// number goes with any other change.
func (v *Visit) With(pairs ...string) string {
	q := v.r.URL.Query()
	q.Del("page")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.r.URL.Path
	}
	return v.r.URL.Path + "?" + q.Encode()
}

// URL writes an address of the cooperative: URL("sales", 12, "edit") → "/trame-et-sillon/sales/12/edit"; URL("") is its
// home.
func (v *Visit) URL(parts ...any) string {
	b := make([]byte, 0, 64)
	b = append(append(b, '/'), v.Coop.Slug...)
	for _, p := range parts {
		b = append(b, '/')
		switch p := p.(type) {
		case string:
			b = append(b, p...) // of this package, or a key without signs
		case int64:
			b = strconv.AppendInt(b, p, 10)
		case int:
			b = strconv.AppendInt(b, int64(p), 10)
		default:
			b = append(b, url.PathEscape(fmt.Sprint(p))...)
		}
	}
	return string(b)
}

// Today is the civil day of the cooperative; outside of one, of the machine.
func (v *Visit) Today() date.Day {
	if v.member {
		return v.Actor.Today
	}
	return date.FromTime(v.s.office.Now())
}

// At returns an instant in microseconds as the cooperative's clocks show it.
func (v *Visit) At(micros int64) time.Time { return time.UnixMicro(micros).In(zoneOf(v.Coop)) }

var zones sync.Map // name → *time.Location: reading one takes longer than a page

func zoneOf(c coop.Cooperative) *time.Location {
	if z, ok := zones.Load(c.TimeZone); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	zones.Store(c.TimeZone, z)
	return z
}

// Address is the network address at the other end.
func (v *Visit) Address() string {
	if v.s.opt.Address != nil {
		return v.s.opt.Address(v.r)
	}
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		return v.r.RemoteAddr
	}
	return host
}

// speak chooses the language: the person's, else the visitor's choice, else the browser's.
func (v *Visit) speak() {
	switch {
	case v.In:
		v.P = i18n.For(v.Who.Lang)
	default:
		v.P = i18n.For(visitorLang(v.r))
	}
}

// visitorLang is the language of who has not signed in.
func visitorLang(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "fr" || c.Value == "en") {
		return c.Value
	}
	for tag := range strings.SplitSeq(strings.ToLower(r.Header.Get("Accept-Language")), ",") {
		switch tag = strings.TrimSpace(tag); {
		case strings.HasPrefix(tag, "fr"):
			return "fr"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "fr"
}

// VisitorLang is the language of a visitor who has not signed in, for [auth.Options].
func VisitorLang(r *http.Request) string { return visitorLang(r) }

// theme is what this device was told to look like: "light", "dark" or "" for as the system does.
func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// remember sets a cookie of this device for a year.
func (v *Visit) remember(name, value string, seconds int) {
	http.SetCookie(v.w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: v.s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// NewForm starts a form with its key.
func (v *Visit) NewForm() *Form {
	f := newForm(v.P, v.Today(), v.key())
	f.closed = v.closedWords()
	return f
}

// closedWords says in which words of [closedKeys] the person is told of a closed month.
func (v *Visit) closedWords() string {
	switch {
	case v.closes():
		return "own"
	case v.member && v.Actor.Owns(v.Activity):
		return "plain"
	}
	return ""
}

// closes says whether the person opens and closes months: they are not sent to ask someone for it.
func (v *Visit) closes() bool { return v.member && v.can(access.ClosePeriod, 0) }

// key makes a second click harmless. It says whose form it is, so that what a person wrote is never shown to another who
// signs in after them on the same device.
func (v *Visit) key() string { return newKey("." + strconv.FormatInt(v.Who.Login, 36)) }

// newKey is another key of the same owner.
func newKey(key string) string {
	_, owner, _ := strings.Cut(key, ".")
	return newID() + newID() + "." + owner
}

// Form reads what was sent.
func (v *Visit) Form() (*Form, error) {
	if v.form == nil {
		reader := readForm
		if v.withFiles() {
			reader = readFiles
		}
		f, err := reader(v.r, v.P, v.Today())
		if err != nil {
			return nil, err
		}
		if f.Key == "" {
			f.Key = v.key()
		}
		f.closed = v.closedWords()
		v.form = f
	}
	return v.form, nil
}

// Go sends the browser to another address of the program, after a deed.
func (v *Visit) Go(to string) error {
	v.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// Send answers with a file: shown in the page that asks for it when inline (a PDF beside its form), else kept by the
// browser under its name.
func (v *Visit) Send(name string, body []byte, inline bool) error {
	return v.sendIn("utf-8", name, body, inline)
}

// sendIn is [Visit.Send] of a text in another character set.
func (v *Visit) sendIn(charset, name string, body []byte, inline bool) error {
	h := v.w.Header()
	kind := mime.TypeByExtension(path.Ext(name))
	switch {
	case strings.HasSuffix(name, ".pdf"):
		kind = "application/pdf"
	case strings.HasSuffix(name, ".csv"):
		kind = "text/csv; charset=utf-8"
	case strings.HasSuffix(name, ".xlsx"):
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case strings.HasSuffix(name, ".txt"):
		kind = "text/plain; charset=" + charset
	case kind == "":
		kind = "application/octet-stream"
	}
	disposition := "attachment"
	if inline && (kind == "application/pdf" || kind == "image/png" || kind == "image/jpeg") { // nothing that could run
		disposition = "inline"
		// Only our own pages may frame it; the browser's reader of PDF would not start under the policy of a page.
		h["Content-Security-Policy"] = []string{"frame-ancestors 'self'"}
		h["X-Frame-Options"] = []string{"SAMEORIGIN"}
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-cache")
	v.write(http.StatusOK, body, strings.HasPrefix(kind, "text/"))
	return nil
}

// html answers with a page.
func (v *Visit) html(status int, body []byte) {
	v.htmlHead()
	v.write(status, body, true)
}

func (v *Visit) htmlHead() {
	h := v.w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Language"] = []string{v.P.Lang()}
	if len(h["Cache-Control"]) == 0 {
		h["Cache-Control"] = []string{"private, no-cache"}
	}
}

// squeezed answers with a page that is compressed already.
func (v *Visit) squeezed(status int, body []byte) error {
	h := v.w.Header()
	if acceptsGzip(v.r) {
		h["Content-Encoding"] = []string{"gzip"}
	} else {
		var err error
		if body, err = expand(body, pageMost); err != nil {
			return err
		}
	}
	v.htmlHead()
	h["Vary"] = append(h["Vary"], "Accept-Encoding")
	v.send(status, body)
	return nil
}

// squeezers compress pages: level 1 halves the time of level 5 for a tenth more bytes (see doc.go).
var squeezers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err)
	}
	return w
}}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write sends the body, compressed when that is worth it and welcome.
func (v *Visit) write(status int, body []byte, text bool) {
	h := v.w.Header()
	if text {
		h["Vary"] = append(h["Vary"], "Accept-Encoding")
	}
	keeps := v.keeps != nil && status == http.StatusOK
	if welcome := acceptsGzip(v.r); text && len(body) > 1400 && (welcome || keeps) {
		out := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(out)
		out.Reset()
		z := squeezers.Get().(*gzip.Writer)
		z.Reset(out)
		_, _ = z.Write(body) // to memory
		_ = z.Close()
		squeezers.Put(z)
		if keeps {
			v.s.kept.keep(*v.keeps, v.state, v.Today(), out.Bytes())
		}
		if welcome {
			h["Content-Encoding"] = []string{"gzip"}
			body = out.Bytes()
		}
	}
	v.send(status, body)
}

func (v *Visit) send(status int, body []byte) {
	v.w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	v.w.WriteHeader(status)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body) // the browser may have left
	}
}

// local says whether an address stays within this program; anything else is not followed.
func local(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.ContainsAny(to, "\\\r\n\t")
}

// dayIn is the civil day of an instant in a cooperative's time zone.
func dayIn(c coop.Cooperative, at time.Time) date.Day { return date.FromTime(at.In(zoneOf(c))) }
