package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"essaim/fault"
)

// Config says which server hands messages over.
type Config struct {
	// URL is « smtp://user:password@host:port?tls=starttls ». tls is "tls" (from the first byte; the default on port 465),
	// "starttls" (demanded; the default elsewhere) or "none" (the default on this machine).
	URL     string
	From    string         // address of messages that name none: « factures@exemple.coop »; may be empty
	Timeout time.Duration  // of one message, all in all; 0: two minutes
	Roots   *x509.CertPool // that vouch for the server; nil: the machine's
}

// Sender hands messages over by SMTP. It opens a connection for each, so it may be used by several at once.
type Sender struct {
	from    string
	host    string
	options []gomail.Option
	timeout time.Duration
}

// New makes a sender; nothing is asked of the server yet.
func New(cfg Config) (*Sender, error) {
	if cfg.From != "" {
		if _, err := address(cfg.From); err != nil {
			return nil, fmt.Errorf("sender's address %q: write name@domain", cfg.From)
		}
	}
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" {
		return nil, errors.New("mail server: write smtp://user:password@host:port?tls=starttls") // without what was given: it holds a password
	}
	mode := u.Query().Get("tls")
	local := u.Hostname() == "localhost"
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		local = ip.IsLoopback()
	}
	switch {
	case mode != "":
	case u.Port() == "465":
		mode = "tls"
	case local:
		mode = "none"
	default:
		mode = "starttls"
	}
	port := map[string]int{"tls": 465, "starttls": 587, "none": 25}[mode]
	if port == 0 {
		return nil, fmt.Errorf("mail server: tls=%s: write tls, starttls or none", mode)
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("mail server: port %q", u.Port())
		}
	}
	s := &Sender{from: cfg.From, host: u.Hostname(), timeout: cfg.Timeout}
	if s.timeout == 0 {
		s.timeout = 2 * time.Minute
	}
	s.options = []gomail.Option{gomail.WithPort(port), gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12})}
	auth := gomail.SMTPAuthAutoDiscover
	switch mode {
	case "tls":
		s.options = append(s.options, gomail.WithSSL())
	case "starttls":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "none":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
		auth = gomail.SMTPAuthPlainNoEnc // asked for by name: the administrator trusts the way there
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	_, err = gomail.NewClient(s.host, s.options...) // wrong options are told now
	return s, err
}

// Send hands a message over: nil means that the server took it for every recipient. When it refuses one of them it gets
// none, so that a second try cannot reach the others twice.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := compose(m, s.from)
	if err != nil {
		return err
	}
	timeout := s.timeout
	if until, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(until))
	}
	if timeout <= 0 || ctx.Err() != nil {
		return temporary(context.Cause(ctx), "")
	}
	client, err := gomail.NewClient(s.host, append(s.options[:len(s.options):len(s.options)], gomail.WithTimeout(timeout))...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return classify(client.DialAndSendWithContext(ctx, msg), msg.IsDelivered())
}

// classify tells what a failure means for the message. Once the server has taken it, what goes wrong in taking leave
// means nothing.
func classify(err error, delivered bool) error {
	if err == nil || delivered {
		return nil
	}
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return temporary(err, "") // no connection, no agreement on TLS, a wrong password: nothing was sent
	}
	said := answer(e)
	switch {
	case e.ErrorCode() >= 500, e.Reason == gomail.ErrGetSender, e.Reason == gomail.ErrGetRcpts:
		out := permanent(fault.New(fault.Conflict, "mail.refused", "answer", said).Wrap(err))
		out.Answer = said
		return out
	case e.ErrorCode() == 0 && e.Reason == gomail.ErrSMTPDataClose:
		return &Error{Kind: ErrDoubtful, words: fault.New(fault.Conflict, "mail.doubtful").Wrap(err)}
	}
	return temporary(err, said)
}

func temporary(err error, said string) error {
	return &Error{Kind: ErrTemporary, Answer: said, words: fault.New(fault.Busy, "mail.later").Wrap(err)}
}

// serverWords finds a reply, quoted or not, in the words of the library.
var serverWords = regexp.MustCompile(`\b([45]\d\d) ("(?:[^"\\]|\\.)*"|[^\n]*?(?:, affected |$))`)

// answer returns what the server said.
func answer(e *gomail.SendError) string {
	found := serverWords.FindStringSubmatch(e.Error())
	if found == nil {
		return e.Reason.String()
	}
	said := strings.TrimSuffix(found[2], ", affected ")
	if plain, err := strconv.Unquote(said); err == nil {
		said = plain
	}
	if len(said) > 300 {
		said = strings.ToValidUTF8(said[:300], "") + "…"
	}
	return found[1] + " " + visible(said)
}
