package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
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
