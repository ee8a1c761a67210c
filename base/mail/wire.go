package mail

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

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
