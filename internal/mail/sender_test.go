package mail

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/mail/smtptest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("CET", 3600))

// invoice is the message of an invoice, with all that a message can hold.
func invoice() Message {
	return Message{
		ID: "1.42.7", From: "Atelier Mésange · Trame et Sillon", FromAddress: "bonjour@trame.example", ReplyTo: "Ada Morel <ada@mesange.example>",
		To: []string{"Mairie de Saint-Étienne <compta@saint-etienne.example>"}, Cc: []string{"ada@mesange.example"},
		Subject: "Facture F-2026-0123 — table en chêne, 1\u202f234,56\u00a0€",
		Text:    "Bonjour,\n\nVoici la facture F-2026-0123.\n.\n.deux points en tête\nÀ régler avant le 22 déc. 2026 " + strings.Repeat("très ", 60) + "\n",
		Lang:    "fr", Date: noon,
		Attachments: []Attachment{{Name: "Facture été.pdf", Media: "application/pdf", Bytes: bytes.Repeat([]byte("%PDF-1.7\x00\xff\r\n.\r\n"), 900)}},
	}
}

func sender(t *testing.T, s *smtptest.Server) *Sender {
	t.Helper()
	out, err := New(Config{URL: s.URL(), From: "essaim@trame.example", Timeout: 20 * time.Second, Roots: s.Roots()})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSend(t *testing.T) {
	server := smtptest.Start(t)
	if err := sender(t, server).Send(context.Background(), invoice()); err != nil {
		t.Fatal(err)
	}
	got := server.Await(1)[0]
	if got.From != "bonjour@trame.example" || !slices.Equal(got.To, []string{"compta@saint-etienne.example", "ada@mesange.example"}) {
		t.Errorf("envelope %s, %v", got.From, got.To)
	}
	for line := range bytes.Lines(got.Data) {
		if len(line) > 200 || !bytes.HasSuffix(line, []byte("\r\n")) || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Fatalf("line %q", line)
		}
	}
	check(t, got.Data, invoice())
	if !strings.Contains(string(got.Data), "Content-Language: fr\r\n") || !strings.Contains(string(got.Data), "\r\nMIME-Version: 1.0\r\n") {
		t.Errorf("head %.800s", got.Data)
	}
}

// check reads the message back and compares it with what was sent.
func check(t *testing.T, data []byte, want Message) {
	t.Helper()
	got, err := Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if got.MessageID != MessageID(want.ID, want.FromAddress) || got.From != want.From+" <"+want.FromAddress+">" || got.ReplyTo != want.ReplyTo ||
		!slices.Equal(got.To, want.To) || !slices.Equal(got.Cc, want.Cc) || got.Subject != want.Subject || !got.Date.Equal(want.Date) {
		t.Errorf("head %+v", got)
	}
	if got.Text != want.Text || got.HTML != want.HTML {
		t.Errorf("text %q, HTML %q", got.Text, got.HTML)
	}
	if len(got.Attachments) != len(want.Attachments) {
		t.Fatalf("%d attachments", len(got.Attachments))
	}
	for i, a := range got.Attachments {
		if w := want.Attachments[i]; a.Name != w.Name || a.Media != w.Media || !bytes.Equal(a.Bytes, w.Bytes) {
			t.Errorf("attachment %s, %s, %d bytes", a.Name, a.Media, len(a.Bytes))
		}
	}
}

func TestSendHTMLBesideText(t *testing.T) {
	server := smtptest.Start(t)
	m := invoice()
	m.HTML = "<p>Voici la facture <b>F-2026-0123</b>.</p>\n"
	m.Attachments = append(m.Attachments, Attachment{Name: "lignes.csv", Media: "text/csv; charset=utf-8", Bytes: []byte("a;b\n1;2\n")})
	if err := sender(t, server).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	m.Attachments[1].Media = "text/csv"
	check(t, server.Await(1)[0].Data, m)
}

func TestSendPlain(t *testing.T) {
	server := smtptest.Start(t)
	m := Message{ID: "letter", To: []string{"ada@mesange.example"}, Subject: "Bonjour", Text: "Un mot.\n"}
	began := time.Now().Add(-2 * time.Second)
	if err := sender(t, server).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	got, err := Parse(bytes.NewReader(server.Await(1)[0].Data))
	if err != nil || got.From != "essaim@trame.example" || got.MessageID != "letter@trame.example" || got.Text != m.Text || got.ReplyTo != "" || got.Date.Before(began) {
		t.Errorf("%+v, %v", got, err)
	}
}

// The same message is the same bytes, whenever it is sent.
func TestTheSameMessageIsTheSameBytes(t *testing.T) {
	server := smtptest.Start(t)
	for range 2 {
		if err := sender(t, server).Send(context.Background(), invoice()); err != nil {
			t.Fatal(err)
		}
	}
	if all := server.Await(2); !bytes.Equal(all[0].Data, all[1].Data) {
		t.Error("they differ")
	}
}

func TestWhatAFailureMeans(t *testing.T) {
	for name, x := range map[string]struct {
		mode  smtptest.Mode
		kind  error
		key   string
		words string
		kept  int
	}{
		"taken":                     {smtptest.Accept, nil, "", "", 1},
		"taken, no leave":           {smtptest.AcceptThenCut, nil, "", "", 1},
		"no such mailbox":           {smtptest.Reject, ErrPermanent, "mail.refused", "550 5.1.1 <compta@saint-etienne.example>: no such mailbox", 0},
		"come back later":           {smtptest.Temporary, ErrTemporary, "mail.later", "451 4.3.0", 0},
		"content refused":           {smtptest.RejectData, ErrPermanent, "mail.refused", "554 5.6.0 not this one", 0},
		"cut before the message":    {smtptest.CutEarly, ErrTemporary, "mail.later", "", 0},
		"cut after the whole of it": {smtptest.Cut, ErrDoubtful, "mail.doubtful", "", 1},
		"cut in the middle of it":   {smtptest.CutInside, nil, "", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t)
			server.SetMode(x.mode)
			err := sender(t, server).Send(context.Background(), invoice())
			if got := server.Messages(); len(got) != x.kept {
				t.Errorf("%d messages kept", len(got))
			}
			if x.mode == smtptest.CutInside {
				// The server closed before the lone dot: whether our last bytes left before we heard of it is a matter of
				// chance, so it is temporary or doubtful, never sent and never permanent.
				if !errors.Is(err, ErrTemporary) && !errors.Is(err, ErrDoubtful) {
					t.Errorf("%v", err)
				}
				return
			}
			if !errors.Is(err, x.kind) {
				t.Fatalf("%v, want %v", err, x.kind)
			}
			if x.kind == nil {
				return
			}
			for _, other := range []error{ErrPermanent, ErrTemporary, ErrDoubtful} {
				if !errors.Is(x.kind, other) && errors.Is(err, other) {
					t.Errorf("%v is %v too", err, other)
				}
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Permanent() != errors.Is(x.kind, ErrPermanent) || e.Doubtful() != errors.Is(x.kind, ErrDoubtful) || !strings.Contains(e.Answer, x.words) {
				t.Errorf("%+v", e)
			}
			if f := fault.All(err); len(f) != 1 || f[0].Key != x.key {
				t.Errorf("refusal %+v", f)
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{URL: "smtp://" + address})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Send(ctx, invoice()); !errors.Is(err, ErrTemporary) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A server that takes the connection and says nothing is given up at the deadline.
func TestSilentServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the test is over
	s, err := New(Config{URL: "smtp://" + l.Addr().String(), Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) {
		t.Errorf("%v", err)
	}
}

func TestSecureServers(t *testing.T) {
	for name, fromFirstByte := range map[string]bool{"starttls": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.WithTLS(fromFirstByte), smtptest.WithUser("essaim", "p@ss:w/rd"))
			if err := sender(t, server).Send(context.Background(), invoice()); err != nil {
				t.Fatal(err)
			}
			check(t, server.Await(1)[0].Data, invoice())

			// Whoever is not vouched for gets neither message nor password.
			s, err := New(Config{URL: server.URL()})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) || !strings.Contains(err.Error(), "certificate") {
				t.Errorf("a stranger's certificate: %v", err)
			}
			s, err = New(Config{URL: strings.Replace(server.URL(), "essaim:", "other:", 1), Roots: server.Roots()})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) || strings.Contains(err.Error(), "p@ss") {
				t.Errorf("a wrong user: %v", err)
			}
			if n := len(server.Messages()); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
	// A server that offers no TLS gets nothing from one who demands it.
	server := smtptest.Start(t)
	s, err := New(Config{URL: strings.Replace(server.URL(), "tls=none", "tls=starttls", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrTemporary) || len(server.Messages()) != 0 {
		t.Errorf("%v", err)
	}
}

func TestUserInTheClear(t *testing.T) {
	server := smtptest.Start(t, smtptest.WithUser("essaim", "secret"))
	if err := sender(t, server).Send(context.Background(), invoice()); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{URL: strings.Replace(server.URL(), "essaim:secret@", "", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(context.Background(), invoice()); !errors.Is(err, ErrPermanent) { // 530: the server will not change its mind by itself
		t.Errorf("%v", err)
	}
}

func TestAddressesOfServers(t *testing.T) {
	for address, ok := range map[string]bool{
		"smtp://localhost": true, "smtp://mail.exemple.coop": true, "smtp://a:b@mail.exemple.coop:465": true, "smtp://mail.exemple.coop:25?tls=none": true,
		"smtp://127.0.0.1:1025": true, "smtp://[::1]:1025": true,
		"": false, "mail.exemple.coop": false, "http://x": false, "smtp://": false, "smtp://x?tls=maybe": false, "smtp://x:0": false, "smtp://x:99999": false,
		"smtp://u:secret@x:y": false,
	} {
		_, err := New(Config{URL: address})
		if (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is told: %v", err)
		}
	}
	if _, err := New(Config{URL: "smtp://localhost", From: "nobody"}); err == nil {
		t.Error("an address without a domain was taken")
	}
}

func TestNothingSlipsIntoTheHead(t *testing.T) {
	server := smtptest.Start(t)
	s := sender(t, server)
	const trap = "x\r\nBcc: thief@example.com"
	for name, set := range map[string]func(*Message){
		"name":       func(m *Message) { m.From = trap },
		"sender":     func(m *Message) { m.FromAddress = "a@b.fr>\r\nRCPT TO:<thief@example.com" },
		"subject":    func(m *Message) { m.Subject = trap },
		"subject 2":  func(m *Message) { m.Subject = "a\u2028Bcc: thief@example.com" },
		"subject 3":  func(m *Message) { m.Subject = "a\x00b" },
		"recipient":  func(m *Message) { m.To = []string{"a@b.fr\r\nDATA"} },
		"copy":       func(m *Message) { m.Cc = []string{trap} },
		"reply":      func(m *Message) { m.ReplyTo = trap },
		"lang":       func(m *Message) { m.Lang = trap },
		"attachment": func(m *Message) { m.Attachments[0].Name = trap },
		"media":      func(m *Message) { m.Attachments[0].Media = "a/b\r\nX: y" },
		"no address": func(m *Message) { m.To = []string{"the town hall"} },
		"two in one": func(m *Message) { m.To = []string{"a@b.fr, thief@example.com"} },
		"no one":     func(m *Message) { m.To = nil },
	} {
		m := invoice()
		set(&m)
		err := s.Send(context.Background(), m)
		if !errors.Is(err, ErrPermanent) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		for _, f := range fault.All(err) {
			for i := 1; i < len(f.Args); i += 2 {
				if text, ok := f.Args[i].(string); ok && strings.ContainsAny(text, "\r\n\x00\u2028") {
					t.Errorf("%s: %q is shown as it is", name, text)
				}
			}
		}
	}
	for _, id := range []string{"", ".", "../x", "a b", "a@b", "a\n", strings.Repeat("x", 101)} {
		m := invoice()
		m.ID = id
		if err := s.Send(context.Background(), m); err == nil || len(fault.All(err)) != 0 {
			t.Errorf("%q: %v: a defect of the program is not the person's", id, err)
		}
	}
	m := invoice()
	m.FromAddress = ""
	nobody, err := New(Config{URL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Send(context.Background(), m); !errors.Is(err, ErrPermanent) || fault.All(err)[0].Key != "mail.sender" {
		t.Errorf("%v", err)
	}
	// What only looks dangerous goes through, and media types that are none become plain bytes.
	m = invoice()
	m.From = `Dupont, "Jean" <jean@dupont.example> Bcc: x`
	m.Attachments[0].Media = "not a type"
	if err := s.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	m.Attachments[0].Media = "application/octet-stream"
	check(t, server.Await(1)[0].Data, m)
	if n := len(server.Messages()); n != 1 {
		t.Errorf("%d messages left", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	server := smtptest.Start(t)
	s := sender(t, server)
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			m := invoice()
			m.ID = "1." + string(rune('a'+i))
			if err := s.Send(context.Background(), m); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	seen := map[string]bool{}
	for _, got := range server.Await(20) {
		l, err := Parse(bytes.NewReader(got.Data))
		if err != nil || seen[l.MessageID] {
			t.Errorf("%s: %v", l.MessageID, err)
		}
		seen[l.MessageID] = true
	}
}
