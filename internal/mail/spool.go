package mail

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"time"

	"essaim/fault"
)

// Spool keeps messages as files (.eml) in a directory instead of sending them: for a demonstration, or until a server is
// set. The same message sent again is the same file.
type Spool struct{ root *os.Root }

// NewSpool opens the directory, made when it is missing.
func NewSpool(dir string) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory of mails: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("directory of mails: %w", err)
	}
	return &Spool{root}, nil
}

// Close lets go of the directory.
func (s *Spool) Close() error { return s.root.Close() }

const suffix = ".eml"

// Send writes the message to its file, whole or not at all.
func (s *Spool) Send(_ context.Context, m Message) error {
	msg, err := compose(m, "")
	if err != nil {
		return err
	}
	part := m.ID + ".part"
	f, err := s.root.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return temporary(err, "")
	}
	_, err = msg.WriteTo(f)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = s.root.Rename(part, m.ID+suffix)
	}
	if err != nil {
		return temporary(errors.Join(err, s.root.Remove(part)), "")
	}
	return nil
}

// Letter is a message read back.
type Letter struct {
	ID          string
	MessageID   string
	Date        time.Time
	From        string // with the name
	ReplyTo     string
	To, Cc      []string
	Subject     string
	Text        string
	HTML        string
	Attachments []Attachment
}

// List returns the heads of the messages kept, the latest first.
func (s *Spool) List() ([]Letter, error) {
	dir, err := s.root.Open(".")
	if err != nil {
		return nil, fmt.Errorf("directory of mails: %w", err)
	}
	names, err := dir.Readdirnames(-1)
	if err = errors.Join(err, dir.Close()); err != nil {
		return nil, fmt.Errorf("directory of mails: %w", err)
	}
	var all []Letter
	for _, name := range names {
		id, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		l, err := s.read(id, false)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Letter) int { return cmp.Or(b.Date.Compare(a.Date), cmp.Compare(b.ID, a.ID)) })
	return all, nil
}

// Read returns one message whole.
func (s *Spool) Read(id string) (Letter, error) { return s.read(id, true) }

func (s *Spool) read(id string, whole bool) (Letter, error) {
	if !identifier.MatchString(id) {
		return Letter{}, fault.New(fault.NotFound, "mail.absent")
	}
	f, err := s.root.Open(id + suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Letter{}, fault.New(fault.NotFound, "mail.absent").Wrap(err)
	}
	if err != nil {
		return Letter{}, fmt.Errorf("mail %s: %w", id, err)
	}
	defer func() { _ = f.Close() }() // only read
	l, err := parse(f, whole)
	l.ID = id
	if err != nil {
		return Letter{}, fault.New(fault.Invalid, "mail.unreadable").Wrap(err)
	}
	return l, nil
}

// Parse reads a message as it travels: bytes that anybody may have written.
func Parse(r io.Reader) (Letter, error) { return parse(r, true) }

func parse(r io.Reader, whole bool) (Letter, error) {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return Letter{}, err
	}
	var words mime.WordDecoder
	plain := func(name string) string {
		if text, err := words.DecodeHeader(m.Header.Get(name)); err == nil {
			return text
		}
		return m.Header.Get(name)
	}
	list := func(name string) (all []string) {
		found, err := m.Header.AddressList(name)
		for _, a := range found {
			all = append(all, shown(a))
		}
		if err != nil && m.Header.Get(name) != "" {
			all = []string{plain(name)}
		}
		return all
	}
	one := func(name string) string { return strings.Join(list(name), ", ") }
	l := Letter{
		MessageID: strings.Trim(m.Header.Get("Message-Id"), "<>"), From: one("From"), ReplyTo: one("Reply-To"),
		To: list("To"), Cc: list("Cc"), Subject: plain("Subject"),
	}
	l.Date, _ = m.Header.Date() // zero when it has none
	if !whole {
		return l, nil
	}
	return l, l.part(textproto.MIMEHeader(m.Header), m.Body, 0)
}

func shown(a *netmail.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

const deepest = 8 // parts within parts

// part reads one part of a message, and those within it.
func (l *Letter) part(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if depth > deepest {
		return errors.New("parts within parts without end")
	}
	media, params, err := mime.ParseMediaType(cmp.Or(h.Get("Content-Type"), "text/plain"))
	if err != nil {
		media = "application/octet-stream"
	}
	if strings.HasPrefix(media, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.part(p.Header, p, depth+1); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	disposition, place, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	text := strings.ToValidUTF8(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))), "\ufffd")
	switch {
	case disposition != "attachment" && media == "text/plain" && l.Text == "":
		l.Text = text
	case disposition != "attachment" && media == "text/html" && l.HTML == "":
		l.HTML = text
	default:
		var words mime.WordDecoder
		name, err := words.DecodeHeader(cmp.Or(place["filename"], params["name"]))
		if err != nil {
			name = place["filename"]
		}
		l.Attachments = append(l.Attachments, Attachment{Name: name, Media: media, Bytes: b})
	}
	return nil
}
