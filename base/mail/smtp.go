package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// A sender hands mails to one mail server. It keeps connections for a few
// seconds, so that mails sent together share one.
type sender struct {
	host     string
	port     int
	user     string
	password string
	hello    string
	implicit bool // TLS from the first byte
	policy   gomail.TLSPolicy
	tls      *tls.Config

	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	timeout time.Duration // of connecting, and of each mail
	keep    time.Duration // of a connection between two mails

	mu   sync.Mutex
	idle map[*wire]bool
	shut bool
}

// newSender reads smtp://user:password@host:port, or smtps://. Encryption is
// required, and the certificate checked, but to a server on this machine.
func newSender(u *url.URL, hello string, roots *x509.CertPool) (*sender, error) {
	s := &sender{
		host: u.Hostname(), user: u.User.Username(), hello: hello,
		implicit: u.Scheme == "smtps", policy: gomail.TLSMandatory, port: 587,
		dial:    (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		timeout: 30 * time.Second, keep: 5 * time.Second,
		idle: map[*wire]bool{},
	}
	s.password, _ = u.User.Password()
	if s.implicit {
		s.port = 465
	}
	if p := u.Port(); p != "" {
		s.port, _ = strconv.Atoi(p)
	}
	if (u.Scheme != "smtp" && !s.implicit) || s.host == "" || s.port < 1 || s.port > 65535 || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("the mail server %s must look like smtp://user:password@host:587 or smtps://user:password@host:465", u.Redacted())
	}
	s.tls = &tls.Config{ServerName: s.host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	if loopback(s.host) {
		// Nobody is between us and this machine: its self-made certificate is
		// as good as none, and none is enough.
		s.policy = gomail.TLSOpportunistic
		s.tls.InsecureSkipVerify = roots == nil
	}
	return s, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// send hands a mail over and gives the server's words.
func (s *sender) send(ctx context.Context, msg *gomail.Msg) (string, error) {
	for {
		w, kept, err := s.take(ctx)
		if err != nil {
			return "", err
		}
		err = w.send(ctx, msg)
		if err == nil {
			s.give(w)
			return msg.ServerResponse(), nil
		}
		w.conn.Close()
		if msg.IsDelivered() { // only what came after has failed
			return msg.ServerResponse(), nil
		}
		var e *gomail.SendError
		if kept && errors.As(err, &e) && e.Reason == gomail.ErrConnCheck {
			continue // it was closed while it was kept: the mail was not begun
		}
		return "", err
	}
}

// take gives a connection: a kept one, or a new one.
func (s *sender) take(ctx context.Context) (w *wire, kept bool, err error) {
	if w = s.takeIdle(); w != nil {
		return w, true, nil
	}
	w, err = s.connect(ctx)
	return w, false, err
}

func (s *sender) takeIdle() *wire {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range s.idle {
		delete(s.idle, w)
		w.timer.Stop()
		return w
	}
	return nil
}

// give keeps a connection for the next mail, for a while.
func (s *sender) give(w *wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		go w.quit()
		return
	}
	s.idle[w] = true
	w.timer = time.AfterFunc(s.keep, func() {
		s.mu.Lock()
		mine := s.idle[w]
		delete(s.idle, w)
		s.mu.Unlock()
		if mine {
			w.quit()
		}
	})
}

// close ends the kept connections; those in use end with their mail.
func (s *sender) close() {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.shut = map[*wire]bool{}, true
	s.mu.Unlock()
	for w := range idle {
		w.timer.Stop()
		w.quit()
	}
}

// A wire is a connection to the mail server, logged in.
type wire struct {
	conn   net.Conn
	client *gomail.Client
	smtp   *smtp.Client
	timer  *time.Timer // of keeping it
}

func (s *sender) connect(ctx context.Context) (*wire, error) {
	w := &wire{}
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithHELO(s.hello), gomail.WithTimeout(s.timeout),
		gomail.WithTLSPolicy(s.policy), gomail.WithTLSConfig(s.tls),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			w.conn = conn
			if !s.implicit {
				return conn, nil
			}
			secure := tls.Client(conn, s.tls)
			return secure, secure.HandshakeContext(ctx)
		}),
	}
	if s.implicit {
		options = append(options, gomail.WithSSL())
	}
	if s.user != "" {
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5))
	}
	var err error
	if w.client, err = gomail.NewClient(s.host, options...); err != nil {
		return nil, err
	}
	// go-mail leaves the connection open when what follows on dialling fails.
	if w.smtp, err = w.client.DialToSMTPClientWithContext(ctx); err != nil {
		if w.conn != nil {
			w.conn.Close()
		}
		return nil, err
	}
	return w, nil
}

func (w *wire) send(ctx context.Context, msg *gomail.Msg) error {
	stop := context.AfterFunc(ctx, func() { w.conn.Close() })
	defer stop()
	to, from := msg.GetTo()[0].Address, msg.GetFrom()[0].Address
	w.smtp.SkipSMTPUTF8(ascii(to) && ascii(from)) // asked for needlessly, it makes the mail undeliverable further on
	return w.client.SendWithSMTPClient(w.smtp, msg)
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// quit takes leave of the server.
func (w *wire) quit() {
	w.conn.SetDeadline(time.Now().Add(2 * time.Second))
	w.smtp.Quit() // the connection is closed in any case
	w.conn.Close()
}

// judge gives what the server said, or what went wrong on the way, and whether
// it is for good. Only a 5xx about the mail is: one about us, while connecting
// or for want of a log in, is mended by whoever runs the server.
func judge(err error) (said string, forGood bool) {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		var t *textproto.Error
		if errors.As(err, &t) {
			return words(fmt.Errorf("%d %s", t.Code, t.Msg)), false
		}
		return words(err), false
	}
	said = serverWords(e)
	switch code := e.ErrorCode(); code {
	case 502, 503, 530, 534, 535, 538:
		return said, false
	default:
		return said, code >= 500
	}
}

// serverWords takes what the server said out of go-mail's sentence about it:
// `sending SMTP RCPT TO command: 550 "no such user", affected recipient(s): …`.
func serverWords(e *gomail.SendError) string {
	s := strings.TrimPrefix(e.Error(), e.Reason.String()+": ")
	code, rest, _ := strings.Cut(s, " ")
	if quoted, err := strconv.QuotedPrefix(rest); err == nil {
		if text, err := strconv.Unquote(quoted); err == nil {
			return words(errors.New(code + " " + text))
		}
	}
	s, _, _ = strings.Cut(s, ", affected ")
	return words(errors.New(s))
}

// words makes an error fit to be kept: one printable line of at most 500 bytes.
func words(err error) string {
	s := line(strings.ToValidUTF8(err.Error(), " "))
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "")
	}
	return s
}
