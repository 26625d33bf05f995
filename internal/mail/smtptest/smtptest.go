// Package smtptest is a mail server for tests, on this machine, that speaks SMTP (RFC 5321) and keeps what it receives:
//
//	server := smtptest.Start(t)
//	sender, err := mail.New(mail.Config{URL: server.URL()})
//	…
//	letters := server.Await(1)
//
// It can refuse, put off, or cut the connection once the message is there.
package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mode is how the server treats messages.
type Mode int

// The modes.
const (
	Accept        Mode = iota
	Reject             // 550 to each recipient
	Temporary          // 451 to each recipient
	RejectData         // 554 when the message is there
	Cut                // takes the message, closes without a word
	CutEarly           // closes when it is told of a recipient
	CutInside          // closes in the middle of the message
	AcceptThenCut      // takes the message, says so, closes before the leave-taking
)

// Message is one that was received.
type Message struct {
	From string   // of the envelope
	To   []string // of the envelope
	Data []byte   // head and body, lines ended by \r\n
}

// Option changes a server before it starts.
type Option func(*Server)

// WithTLS makes the server speak TLS: from the first byte, or with STARTTLS, which it then demands. The certificate is
// vouched for by [Server.Roots].
func WithTLS(fromFirstByte bool) Option {
	return func(s *Server) { s.secure, s.implicit = true, fromFirstByte }
}

// WithUser makes the server demand AUTH PLAIN of this user.
func WithUser(user, password string) Option {
	return func(s *Server) { s.user, s.password = user, password }
}

// Server is a mail server of a test.
type Server struct {
	t                testing.TB
	l                net.Listener
	secure, implicit bool
	user, password   string
	config           *tls.Config
	roots            *x509.CertPool

	mu       sync.Mutex
	arrived  *sync.Cond
	mode     Mode
	messages []Message
	open     map[net.Conn]bool
	closed   bool
	work     sync.WaitGroup
}

// Start starts a server on 127.0.0.1, ended with the test.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := &Server{t: t, open: map[net.Conn]bool{}}
	s.arrived = sync.NewCond(&s.mu)
	for _, o := range options {
		o(s)
	}
	if s.secure {
		s.certificate()
	}
	var err error
	if s.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatalf("smtptest: %v", err)
	}
	s.work.Go(s.accept)
	t.Cleanup(s.stop)
	return s
}

// URL is the address that mail.Config wants.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.l.Addr().String(), RawQuery: "tls=none"}
	if s.secure {
		u.RawQuery = "tls=starttls"
	}
	if s.implicit {
		u.RawQuery = "tls=tls"
	}
	if s.user != "" {
		u.User = url.UserPassword(s.user, s.password)
	}
	return u.String()
}

// Roots vouch for a server that speaks TLS.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// SetMode changes how the next messages are treated.
func (s *Server) SetMode(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
}

// Messages returns what was received so far.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Await returns what was received once there are n messages; the test fails when they do not come in ten seconds.
func (s *Server) Await(n int) []Message {
	s.t.Helper()
	late := false
	timer := time.AfterFunc(10*time.Second, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.arrived.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.messages) < n && !late {
		s.arrived.Wait()
	}
	if len(s.messages) < n {
		s.t.Fatalf("smtptest: %d messages came, %d expected", len(s.messages), n)
	}
	return append([]Message(nil), s.messages...)
}

func (s *Server) stop() {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		_ = c.Close() // the test is over
	}
	s.mu.Unlock()
	_ = s.l.Close() // the test is over
	s.work.Wait()
}

func (s *Server) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			_ = c.Close() // the test is over
		} else {
			s.open[c] = true
			s.work.Go(func() {
				defer func() {
					s.mu.Lock()
					delete(s.open, c)
					s.mu.Unlock()
					_ = c.Close() // the client has left or is sent away
				}()
				s.serve(c)
			})
		}
		s.mu.Unlock()
	}
}

func (s *Server) currentMode() Mode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mode
}

// serve speaks with one client.
func (s *Server) serve(raw net.Conn) {
	_ = raw.SetDeadline(time.Now().Add(time.Minute)) // a test that hangs ends all the same
	c := raw
	secured := false
	if s.implicit {
		c, secured = tls.Server(raw, s.config), true
	}
	text := textproto.NewConn(c)
	say := func(format string, args ...any) bool { return text.PrintfLine(format, args...) == nil }
	known := s.user == ""
	var m Message
	if !say("220 smtptest ready") {
		return
	}
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		mode := s.currentMode()
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			lines := []string{"smtptest", "8BITMIME", "ENHANCEDSTATUSCODES"}
			if s.secure && !secured {
				lines = append(lines, "STARTTLS")
			}
			if s.user != "" {
				lines = append(lines, "AUTH PLAIN")
			}
			for i, l := range lines {
				between := "-"
				if i == len(lines)-1 {
					between = " "
				}
				say("250%s%s", between, l)
			}
		case "STARTTLS":
			say("220 go ahead")
			c, secured = tls.Server(raw, s.config), true
			text = textproto.NewConn(c)
		case "AUTH":
			given, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			if known = string(given) == "\x00"+s.user+"\x00"+s.password; known {
				say("235 2.7.0 welcome")
			} else {
				say("535 5.7.8 wrong user or password")
			}
		case "MAIL":
			switch {
			case s.secure && !secured:
				say("530 5.7.0 STARTTLS first")
			case !known:
				say("530 5.7.0 AUTH first")
			default:
				m = Message{From: path(rest)}
				say("250 2.1.0 ok")
			}
		case "RCPT":
			switch mode {
			case Reject:
				say("550 5.1.1 <%s>: no such mailbox", path(rest))
			case Temporary:
				say("451 4.3.0 <%s>: come back later", path(rest))
			case CutEarly:
				return
			default:
				m.To = append(m.To, path(rest))
				say("250 2.1.5 ok")
			}
		case "DATA":
			say("354 go ahead")
			if mode == CutInside {
				_, _ = text.R.Peek(1) // until something has come
				return
			}
			data, err := read(text)
			if err != nil {
				return
			}
			if mode == RejectData {
				say("554 5.6.0 not this one")
				continue
			}
			m.Data = data
			s.keep(m)
			if mode == Cut {
				return
			}
			say("250 2.0.0 kept")
			if mode == AcceptThenCut {
				return
			}
		case "RSET", "NOOP":
			say("250 2.0.0 ok")
		case "QUIT":
			say("221 2.0.0 goodbye")
			return
		default:
			say("502 5.5.1 not here")
		}
	}
}

// read reads a message up to the lone dot, with its line ends as they came.
func read(text *textproto.Conn) ([]byte, error) {
	var b []byte
	for {
		line, err := text.R.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		if string(line) == ".\r\n" {
			return b, nil
		}
		if line[0] == '.' {
			line = line[1:]
		}
		b = append(b, line...)
	}
}

func (s *Server) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	s.arrived.Broadcast()
}

// path returns the address of « FROM:<a@b> BODY=8BITMIME ».
func path(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}

// certificate makes the server's own, for 127.0.0.1.
func (s *Server) certificate() {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatalf("smtptest: %v", err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smtptest"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		s.t.Fatalf("smtptest: %v", err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatalf("smtptest: %v", err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(made)
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}
