package apptest

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	letters "atrium/base/mail"
	"atrium/base/vault"
)

// A MailServer is a real SMTP server that keeps what it accepts.
type MailServer struct {
	Addr string
	mu   sync.Mutex
	in   []Letter
	down bool
	no   string
	gone map[string]string // addresses that are refused, and in which words
}

// A Letter is a mail as it arrived.
type Letter struct {
	From, To, Subject, MessageID string
	Text, HTML                   string
	Raw                          string
}

func newMailServer(t *testing.T) *MailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &MailServer{Addr: l.Addr().String()}
	s := smtp.NewServer(m)
	s.Domain, s.AllowInsecureAuth, s.EnableSMTPUTF8 = "mail.example", true, true
	s.ErrorLog = log.New(io.Discard, "", 0) // connections that break are part of the tests
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return m
}

// SetDown makes the server refuse all mail for now, or accept it again.
func (m *MailServer) SetDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

// Refuse makes the server refuse all mail for good, in these words, or accept it
// again: "".
func (m *MailServer) Refuse(words string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.no = words
}

// RefuseTo makes the server refuse mail to an address, in these words, or accept
// it again: "".
func (m *MailServer) RefuseTo(address, words string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone == nil {
		m.gone = map[string]string{}
	}
	m.gone[address] = words
}

// NewSession is go-smtp's.
func (m *MailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: m}, nil }

type session struct {
	server   *MailServer
	from, to string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.down {
		return &smtp.SMTPError{Code: 421, Message: "come back later"}
	}
	if s.server.no != "" {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: s.server.no}
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.to = to
	if words := s.server.gone[to]; words != "" {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: words}
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l, err := parseLetter(string(raw))
	if err != nil {
		return err
	}
	l.From, l.To = s.from, s.to
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.in = append(s.server.in, l)
	return nil
}

func parseLetter(raw string) (Letter, error) {
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Subject: subject, MessageID: msg.Header.Get("Message-ID"), Raw: raw}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return Letter{}, errors.New("not a multipart mail")
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		body := io.Reader(p)
		if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
			body = quotedprintable.NewReader(p)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			return l, err
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			l.HTML = string(b)
		} else {
			l.Text = string(b)
		}
	}
}

// To lists what arrived for an address, oldest first.
func (m *MailServer) To(address string) []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.in), func(l Letter) bool { return l.To != address })
}

// Len is how many mails arrived.
func (m *MailServer) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.in)
}

// Wait waits for a mail to the address whose subject contains the words, and
// gives the latest such.
func (m *MailServer) Wait(t testing.TB, address, subject string) Letter {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		for _, l := range slices.Backward(m.To(address)) {
			if strings.Contains(l.Subject, subject) {
				return l
			}
		}
	}
	t.Fatalf("no mail to %s about %q arrived; there are %d: %v", address, subject, m.Len(), m.subjects())
	return Letter{}
}

func (m *MailServer) subjects() (all []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.in {
		all = append(all, l.To+": "+l.Subject)
	}
	return all
}

// Words is the plain text on one line, as wrapping is not what it says.
func (l Letter) Words() string { return strings.Join(strings.Fields(l.Text), " ") }

// Link is the first link of the text under the path, e.g. "/invite/".
func (l Letter) Link(t testing.TB, path string) string {
	t.Helper()
	link := regexp.MustCompile(`https?://[^\s/]+` + regexp.QuoteMeta(path) + `\S+`).FindString(l.Text)
	if link == "" {
		t.Fatalf("no link to %s in:\n%s", path, l.Text)
	}
	return link
}

// Unsubscribe is the link of a mail that goes to an address, by which it switches
// such mails off.
func (w *World) Unsubscribe(s letters.Subscription) string {
	w.T.Helper()
	keys, err := vault.Load(w.Secrets, false)
	if err != nil {
		w.T.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		w.T.Fatal(err)
	}
	token, err := keys.Seal(text, "mail/unsubscribe")
	if err != nil {
		w.T.Fatal(err)
	}
	return letters.OptOutPath + token
}
