// Package mail hands messages over: to a server by SMTP ([Sender]) or, where none is set, to a directory where they can
// be read ([Spool]). A message leaves from the cooperative's address with the activity's name; answers go to the
// entrepreneur (RFC 5322, 5321; practice 52).
//
// Whoever sends may send again after a failure, so a message has an identifier that does not change, and its Message-ID
// derives from it: a second delivery can be recognised. How a failure must be treated is told by [ErrPermanent],
// [ErrTemporary] and [ErrDoubtful]; each error is also a refusal with words for the person who sent the message.
package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"essaim/fault"
)

// Message is one mail to send.
type Message struct {
	ID          string // letters, figures, « . », « - », « _ »: the same each time this message is sent
	From        string // name that the recipient sees: the activity's
	FromAddress string // of the cooperative; "": that of the configuration
	ReplyTo     string // address, with or without a name; "": answers go to FromAddress
	To, Cc      []string
	Subject     string
	Text        string
	HTML        string // the same content for those who prefer it; may be empty
	Attachments []Attachment
	Lang        string    // "fr" or "en"; may be empty
	Date        time.Time // zero: now
}

// Attachment is a file sent along.
type Attachment struct {
	Name  string // « F-2026-0123.pdf »
	Media string // « application/pdf »; "": any bytes
	Bytes []byte
}

// What to do about a failure, for [errors.Is].
var (
	ErrPermanent = errors.New("mail: refused for good") // sending it again changes nothing
	ErrTemporary = errors.New("mail: refused for now")  // nothing left: try again later
	ErrDoubtful  = errors.New("mail: it may have left") // the connection broke before the server's last word: do not resend unasked
)

// Error is a failure to hand a message over. It is a refusal with words ([fault.Error]) and is one of [ErrPermanent],
// [ErrTemporary] and [ErrDoubtful].
type Error struct {
	Kind   error
	Answer string // what the server said, when it said something
	words  *fault.Error
}

func (e *Error) Error() string        { return e.Kind.Error() + ": " + e.words.Error() }
func (e *Error) Is(target error) bool { return target == e.Kind }
func (e *Error) Unwrap() error        { return e.words }

// Permanent says that sending it again changes nothing.
func (e *Error) Permanent() bool { return errors.Is(e.Kind, ErrPermanent) }

// Doubtful says that the message may have left.
func (e *Error) Doubtful() bool { return errors.Is(e.Kind, ErrDoubtful) }

func permanent(words *fault.Error) *Error { return &Error{Kind: ErrPermanent, words: words} }

var identifier = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$`)

// MessageID returns the Message-ID, without brackets, of the message of that identifier that leaves from an address.
func MessageID(id, from string) string {
	_, domain, _ := strings.Cut(from, "@")
	return id + "@" + domain
}

// compose writes the message; what it cannot carry is a permanent failure. from is the address that it leaves from when
// it names none.
func compose(m Message, from string) (*gomail.Msg, error) {
	if !identifier.MatchString(m.ID) {
		return nil, fmt.Errorf("mail: identifier %q: letters, figures, dots and dashes", m.ID)
	}
	if len(m.To) == 0 {
		return nil, permanent(fault.New(fault.Invalid, "mail.nobody"))
	}
	heads := []string{m.From, m.FromAddress, m.ReplyTo, m.Subject, m.Lang}
	heads = append(append(heads, m.To...), m.Cc...)
	for _, a := range m.Attachments {
		heads = append(heads, a.Name, a.Media)
	}
	for _, h := range heads {
		if strings.ContainsFunc(h, unicode.IsControl) || strings.ContainsAny(h, "\u2028\u2029") {
			return nil, permanent(fault.New(fault.Invalid, "mail.header", "text", visible(h)))
		}
	}
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	sender := cmp.Or(m.FromAddress, from)
	if sender == "" {
		return nil, permanent(fault.New(fault.Invalid, "mail.sender"))
	}
	a, err := address(sender)
	if err != nil {
		return nil, err
	}
	out.FromMailAddress(&netmail.Address{Name: m.From, Address: a.Address})
	to, err := addresses(m.To)
	if err != nil {
		return nil, err
	}
	out.ToMailAddress(to...)
	if len(m.Cc) > 0 {
		cc, err := addresses(m.Cc)
		if err != nil {
			return nil, err
		}
		out.CcMailAddress(cc...)
	}
	if m.ReplyTo != "" {
		if a, err = address(m.ReplyTo); err != nil {
			return nil, err
		}
		out.ReplyToMailAddress(a)
	}
	out.Subject(m.Subject)
	if m.Date.IsZero() {
		m.Date = time.Now()
	}
	out.SetDateWithValue(m.Date)
	out.SetMessageIDWithValue(MessageID(m.ID, out.GetFrom()[0].Address))
	if m.Lang != "" {
		out.SetGenHeader("Content-Language", m.Lang)
	}
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		out.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	} else {
		// One level of parts: the boundary may be ours, so that the same message is the same bytes.
		out.SetBoundary(boundary(m))
	}
	for _, a := range m.Attachments {
		media := "application/octet-stream"
		if kind, params, err := mime.ParseMediaType(a.Media); err == nil {
			media = mime.FormatMediaType(kind, params)
		}
		if err := out.AttachReader(a.Name, bytes.NewReader(a.Bytes), gomail.WithFileContentType(gomail.ContentType(media))); err != nil {
			return nil, fmt.Errorf("mail: attachment %s: %w", a.Name, err)
		}
	}
	return out, nil
}

// boundary derives from the whole content, so that no content can hold it but by chance.
func boundary(m Message) string {
	h := sha256.New()
	for _, part := range []string{m.ID, m.Subject, m.Text} {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	for _, a := range m.Attachments {
		fmt.Fprintf(h, "%d %s%d ", len(a.Name), a.Name, len(a.Bytes))
		_, _ = h.Write(a.Bytes) // a hash never fails
	}
	return "essaim_" + hex.EncodeToString(h.Sum(nil)[:20])
}

func addresses(list []string) ([]*netmail.Address, error) {
	out := make([]*netmail.Address, len(list))
	for i, text := range list {
		var err error
		if out[i], err = address(text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func address(text string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil {
		return nil, permanent(fault.New(fault.Invalid, "mail.address", "address", visible(text)).Wrap(err))
	}
	return a, nil
}

// visible shows a text on one line.
func visible(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)), " ")
}
