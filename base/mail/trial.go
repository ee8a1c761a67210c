package mail

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"atrium/base/settings"
)

// A Step is one exchange with a mail server, in the order in which a mail is
// handed over.
type Step struct {
	Name   StepName
	Answer string // the server's words, with their code, or what went wrong on the way
	OK     bool
}

// A StepName is a translation key.
type StepName string

// The steps.
const (
	Connecting StepName = "Connection"
	Encrypting StepName = "Encryption"
	LoggingIn  StepName = "Log in"
	AsSender   StepName = "Sender"
	ToAddress  StepName = "Recipient"
	Handing    StepName = "Email"
)

// trialTime is how long a trial takes at most.
const trialTime = 20 * time.Second

// Try sends a letter at once, by the mail server that is in force, and tells what
// the server answered at each step, up to the first that failed. It takes 20
// seconds at most. The letter is in no history.
func (m *Mail) Try(ctx context.Context, l Letter) ([]Step, error) {
	s := m.Settings.Current(ctx, m.db.Auto())
	u := s.SMTP()
	if u == nil {
		return nil, errNoServer
	}
	to, err := newSender(u, m.host(s), m.Roots)
	if err != nil {
		return nil, err
	}
	msg, err := m.trialLetter(s, l)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	t := trial{sender: to}
	defer t.close()
	t.run(ctx, msg)
	return t.steps, nil
}

func (m *Mail) trialLetter(s *settings.Snapshot, l Letter) (*gomail.Msg, error) {
	from, err := fromOf(s)
	if err != nil {
		return nil, err
	}
	if l.Language == "" {
		l.Language = "en"
	}
	l = l.clean()
	if err := l.check(m.base); err != nil {
		return nil, err
	}
	text, html, err := render(l, m.head(s))
	if err != nil {
		return nil, err
	}
	now := m.db.Clock().Now()
	e := email{Message: Message{To: l.To, Subject: l.Subject, Language: l.Language, Text: text, HTML: html}}
	e.Created, e.messageID = now, fmt.Sprintf("test.%d@%s", now.UnixMicro(), m.host(s))
	return compose(e, from, "")
}

// A trial talks to a mail server line by line: a delivery's client keeps to
// itself what the server says when all is well.
type trial struct {
	*sender
	conn  net.Conn
	text  *textproto.Conn
	offer map[string]string // what the server can do: "AUTH" -> "PLAIN LOGIN"
	steps []Step
}

func (t *trial) run(ctx context.Context, msg *gomail.Msg) {
	from, to := msg.GetFrom()[0].Address, msg.GetTo()[0].Address
	for _, step := range []struct {
		name StepName
		do   func() (string, error)
	}{
		{Connecting, func() (string, error) { return t.connect(ctx) }},
		{Encrypting, func() (string, error) { return t.encrypt(ctx) }},
		{LoggingIn, t.logIn},
		{AsSender, func() (string, error) { return t.ask("MAIL FROM:<%s>%s", from, t.utf8(from, to)) }},
		{ToAddress, func() (string, error) { return t.ask("RCPT TO:<%s>", to) }},
		{Handing, func() (string, error) { return t.hand(msg) }},
	} {
		answer, err := step.do()
		if err == nil && answer == "" {
			continue // nothing to be done
		}
		s := Step{step.name, answer, err == nil}
		if err != nil {
			s.Answer = judge(err, t.password).said
			if ctx.Err() != nil {
				s.Answer = "no answer within 20 seconds"
			}
		}
		t.steps = append(t.steps, s)
		if err != nil {
			return
		}
	}
	t.ask("QUIT") // it has the mail, whatever it says to that
}

func (t *trial) connect(ctx context.Context) (string, error) {
	conn, err := t.dial(ctx, "tcp", net.JoinHostPort(t.host, fmt.Sprint(t.port)))
	if err != nil {
		return "", err
	}
	t.conn = conn
	context.AfterFunc(ctx, func() { conn.Close() })
	how := ""
	if t.implicit {
		if how, err = t.secure(ctx); err != nil {
			return "", err
		}
	}
	t.text = textproto.NewConn(t.conn)
	said, err := t.answer()
	if err != nil {
		return "", err
	}
	return said + how, t.greet()
}

// secure encrypts the connection and says how.
func (t *trial) secure(ctx context.Context) (string, error) {
	c := tls.Client(t.conn, t.tls)
	if err := c.HandshakeContext(ctx); err != nil {
		return "", err
	}
	t.conn = c
	return ", " + tls.VersionName(c.ConnectionState().Version), nil
}

// greet says who we are and reads what the server can do.
func (t *trial) greet() error {
	if err := t.text.PrintfLine("EHLO %s", t.hello); err != nil {
		return err
	}
	_, said, err := t.read()
	if err != nil {
		return err
	}
	t.offer = map[string]string{}
	for line := range strings.Lines(said) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		t.offer[strings.ToUpper(name)] = rest
	}
	return nil
}

func (t *trial) encrypt(ctx context.Context) (string, error) {
	_, offered := t.offer["STARTTLS"]
	switch {
	case t.implicit || !offered && t.policy != gomail.TLSMandatory:
		return "", nil
	case !offered:
		return "", errors.New("the server does not offer STARTTLS")
	}
	said, err := t.ask("STARTTLS")
	if err != nil {
		return "", err
	}
	how, err := t.secure(ctx)
	if err != nil {
		return "", err
	}
	t.text = textproto.NewConn(t.conn)
	return said + how, t.greet()
}

// logIn proves who we are, by the best way that the server offers.
func (t *trial) logIn() (string, error) {
	if t.user == "" {
		return "", nil
	}
	way, how := t.way()
	if way == nil {
		return "", errors.New("the server offers no way to log in that Atrium knows")
	}
	_, encrypted := t.conn.(*tls.Conn)
	_, first, err := way.Start(&smtp.ServerInfo{Name: t.host, TLS: encrypted, Auth: strings.Fields(t.offer["AUTH"])})
	if err != nil {
		return "", err
	}
	line := "AUTH " + how
	if first != nil {
		line += " " + base64.StdEncoding.EncodeToString(first)
	}
	for {
		if err := t.text.PrintfLine("%s", line); err != nil {
			return "", err
		}
		code, said, err := t.text.ReadResponse(0)
		switch {
		case err != nil:
			return "", err
		case code/100 == 2:
			return fmt.Sprintf("%d %s", code, words(said, t.password)), nil
		case code != 334:
			return "", &textproto.Error{Code: code, Msg: said}
		}
		challenge, err := base64.StdEncoding.DecodeString(said)
		if err != nil {
			return "", err
		}
		reply, err := way.Next(challenge, true)
		if err != nil {
			return "", err
		}
		line = base64.StdEncoding.EncodeToString(reply)
	}
}

func (t *trial) way() (smtp.Auth, string) {
	offered := strings.Fields(strings.ToUpper(t.offer["AUTH"]))
	for _, w := range []struct {
		name string
		auth smtp.Auth
	}{
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(t.user, t.password)},
		{"PLAIN", smtp.PlainAuth("", t.user, t.password, t.host, false)},
		{"LOGIN", smtp.LoginAuth(t.user, t.password, t.host, false)},
		{"CRAM-MD5", smtp.CRAMMD5Auth(t.user, t.password)},
	} {
		for _, o := range offered {
			if o == w.name {
				return w.auth, w.name
			}
		}
	}
	return nil, ""
}

func (t *trial) utf8(from, to string) string {
	if _, ok := t.offer["SMTPUTF8"]; ok && !(ascii(from) && ascii(to)) {
		return " SMTPUTF8"
	}
	return ""
}

func (t *trial) hand(msg *gomail.Msg) (string, error) {
	if _, err := t.ask("DATA"); err != nil {
		return "", err
	}
	w := t.text.DotWriter()
	if _, err := msg.WriteTo(w); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return t.answer()
}

// ask sends a line and gives the answer with its code; a no is an error.
func (t *trial) ask(format string, args ...any) (string, error) {
	if err := t.text.PrintfLine(format, args...); err != nil {
		return "", err
	}
	return t.answer()
}

func (t *trial) answer() (string, error) {
	code, said, err := t.read()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %s", code, words(said, t.password)), nil
}

// read gives an answer's code and its lines; a no is an error.
func (t *trial) read() (code int, said string, err error) {
	code, said, err = t.text.ReadResponse(0)
	if err == nil && code/100 != 2 && code != 354 {
		err = &textproto.Error{Code: code, Msg: said}
	}
	return code, said, err
}

func (t *trial) close() {
	if t.conn != nil {
		t.conn.Close()
	}
}
