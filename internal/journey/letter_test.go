package journey

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"essaim/internal/mail/smtptest"
)

// letter is a message as its reader sees it.
type letter struct {
	subject, text string
	files         map[string][]byte
}

// read opens a message that the mail server received.
func read(t *testing.T, m smtptest.Message) letter {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Data))
	must(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	must(t, err)
	l := letter{subject: subject, files: map[string][]byte{}}
	l.part(t, msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), "", msg.Body)
	return l
}

func (l *letter) part(t *testing.T, kind, coding, name string, body io.Reader) {
	t.Helper()
	media, params, err := mime.ParseMediaType(kind)
	must(t, err)
	if strings.HasPrefix(media, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			must(t, err)
			l.part(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.FileName(), p)
		}
	}
	switch strings.ToLower(coding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	must(t, err)
	switch {
	case name != "":
		l.files[name] = b
	case media == "text/plain":
		l.text = string(b)
	}
}

var address = regexp.MustCompile(`http://localhost:\d+/\S+`)

// pdf returns the words of an attached document, as another program reads them.
func (l letter) pdf(t *testing.T, name string) string {
	t.Helper()
	b := l.files[name]
	if !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Fatalf("no document %s is attached to « %s »", name, l.subject)
	}
	read := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	read.Stdin = bytes.NewReader(b)
	out, err := read.Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian's poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
