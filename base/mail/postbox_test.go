package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	stdlog "log"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A postbox is a mail server of the tests, on a free port of this machine.
type postbox struct {
	t      *testing.T
	server *smtp.Server
	addr   string
	ear    net.Listener

	mu       sync.Mutex
	calls    int // connections
	live     map[*smtp.Conn]bool
	froms    int // MAIL commands
	got      []parcel
	script   func(n int, c *smtp.Conn, p parcel) error // what the nth mail is answered; nil: accepted
	rcpt     func(to string) *smtp.SMTPError           // what an address is answered; nil: accepted
	dropText int                                       // of how many mails the connection breaks in the middle of the text
	user     string
	password string
}

// A parcel is a mail as it came.
type parcel struct {
	from, to string
	raw      string
	tls      bool
	utf8     bool // SMTPUTF8 was asked for
	user     string
}

type postboxOption func(*postbox)

func withTLS(c *tls.Config) postboxOption {
	return func(b *postbox) { b.server.TLSConfig = c }
}

func withUTF8(is bool) postboxOption {
	return func(b *postbox) { b.server.EnableSMTPUTF8 = is }
}

func withLogin(user, password string) postboxOption {
	return func(b *postbox) { b.user, b.password = user, password }
}

// scripted answers the nth mail, counted from 1, by what answer returns.
func scripted(answer func(n int, c *smtp.Conn, p parcel) error) postboxOption {
	return func(b *postbox) { b.script = answer }
}

// newPostbox starts a mail server; implicit speaks TLS from the first byte.
func newPostbox(t *testing.T, implicit bool, options ...postboxOption) *postbox {
	t.Helper()
	b := &postbox{t: t, live: map[*smtp.Conn]bool{}}
	b.server = smtp.NewServer(smtp.BackendFunc(b.session))
	b.server.Domain = "postbox.test"
	b.server.ErrorLog = stdlog.New(io.Discard, "", 0)
	for _, o := range options {
		o(b)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.addr, b.ear = l.Addr().String(), l
	b.serve(l, implicit)
	t.Cleanup(func() { b.server.Close() })
	return b
}

func (b *postbox) serve(l net.Listener, implicit bool) {
	if implicit {
		l = tls.NewListener(l, b.server.TLSConfig)
	}
	go b.server.Serve(l)
}

func (b *postbox) url() string { return "smtp://" + b.addr }

func (b *postbox) session(c *smtp.Conn) (smtp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	b.live[c] = true
	s := &session{box: b, conn: c}
	if b.user == "" {
		return s, nil
	}
	return &guarded{s}, nil
}

func (b *postbox) mails() []parcel {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]parcel(nil), b.got...)
}

// counts gives the connections and the MAIL commands so far.
func (b *postbox) counts() (calls, froms int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls, b.froms
}

// tire ends all connections as a server does on which nobody has said anything
// for long: it says so and hangs up.
func (b *postbox) tire() {
	b.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		b.mu.Lock()
		for c := range b.live {
			c.Conn().SetReadDeadline(time.Now())
		}
		left := len(b.live)
		b.mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("%d connections did not end within ten seconds", left)
		}
	}
}

// only is the one mail that came.
func (b *postbox) only() parcel {
	b.t.Helper()
	list := b.mails()
	if len(list) != 1 {
		b.t.Fatalf("%d mails came, not one", len(list))
	}
	return list[0]
}

type session struct {
	box  *postbox
	conn *smtp.Conn
	p    parcel
}

func (s *session) Reset() {}

func (s *session) Logout() error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	delete(s.box.live, s.conn)
	return nil
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.froms++
	s.p.from, s.p.utf8 = from, o.UTF8
	_, s.p.tls = s.conn.TLSConnectionState()
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.p.to = to
	if s.box.rcpt != nil {
		if no := s.box.rcpt(to); no != nil {
			return no
		}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	s.box.mu.Lock()
	drop := s.box.dropText > 0
	s.box.dropText--
	s.box.mu.Unlock()
	if drop {
		io.CopyN(io.Discard, r, 100)
		return s.conn.Conn().Close()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.p.raw = string(raw)
	s.box.mu.Lock()
	s.box.got = append(s.box.got, s.p)
	n := len(s.box.got)
	script := s.box.script
	s.box.mu.Unlock()
	if script != nil {
		return script(n, s.conn, s.p)
	}
	return nil
}

// guarded is a session that wants a log in.
type guarded struct{ *session }

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != g.box.user || password != g.box.password {
			return answer(535, "who are you, with "+password+"?") // there are servers that repeat it
		}
		g.p.user = user
		return nil
	}), nil
}

func (g *guarded) Mail(from string, o *smtp.MailOptions) error {
	if g.p.user == "" {
		return smtp.ErrAuthRequired
	}
	return g.session.Mail(from, o)
}

// answer is an SMTP refusal.
func answer(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 7, 1}, Message: text}
}

// opened is a parcel taken apart.
type opened struct {
	header     netmail.Header
	text, html string
}

func open(t *testing.T, p parcel) opened {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(p.raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	o := opened{header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		if enc := part.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
			t.Fatal(enc)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		switch kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind {
		case "text/plain":
			if o.html != "" {
				t.Error("the plain text must come first")
			}
			o.text = strings.ReplaceAll(string(body), "\r\n", "\n")
		case "text/html":
			o.html = string(body)
		default:
			t.Error(kind)
		}
	}
}

func (o opened) decoded(t *testing.T, name string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(o.header.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// certificate makes a certificate for host, and the pool that trusts it.
func certificate(t *testing.T, host string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
