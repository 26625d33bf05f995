package mail

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/fault"
)

func spool(t testing.TB) (*Spool, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mail", "kept")
	s, err := NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

func TestSpool(t *testing.T) {
	s, dir := spool(t)
	if all, err := s.List(); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	first, second := invoice(), invoice()
	second.ID, second.Subject, second.Date, second.HTML = "1.43.8", "Rappel", noon.Add(time.Hour), "<p>Rappel</p>"
	for _, m := range []Message{first, second, first} { // the first twice: a repeat
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.List()
	if err != nil || len(all) != 2 || all[0].ID != "1.43.8" || all[0].Subject != "Rappel" || all[1].ID != "1.42.7" || all[1].To[0] != first.To[0] || all[1].Text != "" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, m := range []Message{first, second} {
		data, err := os.ReadFile(filepath.Join(dir, m.ID+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		check(t, data, m)
		l, err := s.Read(m.ID)
		if err != nil || l.ID != m.ID || l.Text != m.Text || len(l.Attachments) != 1 {
			t.Errorf("%+v, %v", l, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "1.42.7.eml"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	for _, id := range []string{"1.1.1", "", "../x", "1.42.7.eml", "/etc/passwd", "..", "1.42.7\x00"} {
		if _, err := s.Read(id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	m := invoice()
	m.Subject = "x\r\nBcc: thief@example.com"
	if err := s.Send(context.Background(), m); !errors.Is(err, ErrPermanent) {
		t.Errorf("%v", err)
	}
}

// What cannot be written leaves nothing behind, and is tried again.
func TestSpoolThatCannotWrite(t *testing.T) {
	s, dir := spool(t)
	if err := os.Mkdir(filepath.Join(dir, "1.42.7.eml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) {
		t.Errorf("%v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.part"))
	if err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if _, err := s.List(); err == nil {
		t.Error("a directory was read as a message")
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.eml"), []byte("no head"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read("broken"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}

// Whatever people write comes back as they wrote it, but for what a mail cannot carry.
func TestWhatIsWrittenIsRead(t *testing.T) {
	s, dir := spool(t)
	printable := rapid.StringMatching(`[ -~éèàçœŒ€«»’–…日本\x{a0}\x{202f}]{0,120}`)
	rapid.Check(t, func(t *rapid.T) {
		m := Message{
			ID: "property", FromAddress: "bonjour@trame.example", To: []string{"a@b.example"}, Date: noon,
			From:    strings.TrimSpace(printable.Draw(t, "from")),
			Subject: strings.Join(strings.Fields(printable.Draw(t, "subject")), " "),
			Text:    strings.Join(rapid.SliceOf(printable).Draw(t, "text"), "\n"),
			HTML:    printable.Draw(t, "html"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "attachments") {
			m.Attachments = append(m.Attachments, Attachment{Name: "pièce.bin", Media: "application/octet-stream", Bytes: rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")})
		}
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "property.eml"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		from := strings.TrimSpace(m.From + " <bonjour@trame.example>")
		if m.From == "" {
			from = "bonjour@trame.example"
		}
		if got.From != from || got.Subject != m.Subject {
			t.Fatalf("from %q, want %q; subject %q, want %q", got.From, from, got.Subject, m.Subject)
		}
		if strings.TrimRight(got.Text, "\n") != strings.TrimRight(m.Text, "\n") || strings.TrimRight(got.HTML, "\n") != strings.TrimRight(m.HTML, "\n") {
			t.Fatalf("text %q, want %q; HTML %q, want %q", got.Text, m.Text, got.HTML, m.HTML)
		}
		if len(got.Attachments) != len(m.Attachments) {
			t.Fatalf("%d attachments, want %d", len(got.Attachments), len(m.Attachments))
		}
		for i, a := range got.Attachments {
			if !bytes.Equal(a.Bytes, m.Attachments[i].Bytes) || a.Name != "pièce.bin" {
				t.Fatalf("attachment %d: %s, %x, want %x", i, a.Name, a.Bytes, m.Attachments[i].Bytes)
			}
		}
	})
}

// Parts within parts end somewhere, whoever wrote the message.
func TestPartsWithinParts(t *testing.T) {
	nested := func(levels int) string {
		var b strings.Builder
		for i := range levels {
			if i > 0 {
				b.WriteString("--b" + strings.Repeat("x", i-1) + "\r\n")
			}
			b.WriteString("Content-Type: multipart/mixed; boundary=b" + strings.Repeat("x", i) + "\r\n\r\n")
		}
		return b.String() + "--b" + strings.Repeat("x", levels-1) + "\r\n\r\nfound\r\n--b" + strings.Repeat("x", levels-1) + "--\r\n"
	}
	if l, err := Parse(strings.NewReader(nested(1))); err != nil || l.Text != "found" {
		t.Errorf("%q, %v", l.Text, err)
	}
	if _, err := Parse(strings.NewReader(nested(40))); err == nil || !strings.Contains(err.Error(), "without end") {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	s, dir := spool(f)
	m := invoice()
	m.Attachments[0].Bytes = []byte("%PDF")
	m.HTML = "<p>x</p>"
	if err := s.Send(context.Background(), m); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, m.ID+".eml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\n\r\nx"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b--\r\n--a--"))
	f.Add([]byte("Content-Type: multipart/mixed\r\n\r\n--\r\n"))
	f.Add([]byte("Content-Transfer-Encoding: base64\r\nTo: a, b\r\n\r\n%%%"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Parse(bytes.NewReader(data))
		if err != nil {
			return
		}
		n := len(l.Text) + len(l.HTML)
		for _, a := range l.Attachments {
			n += len(a.Bytes)
		}
		if n > 4*len(data)+64 {
			t.Errorf("%d bytes out of %d", n, len(data))
		}
	})
}
