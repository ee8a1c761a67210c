package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// A verdict is what a mail met that was not accepted.
type verdict struct {
	said    string // by the server, or what went wrong on the way
	forGood bool   // trying again is in vain
	address bool   // since the address is refused
}

// A confided is an error of a mail server that knows the password, and may repeat it.
type confided struct {
	error
	password string
}

func (c confided) Unwrap() error { return c.error }

// judge takes a verdict out of an error, without the secrets that the server may
// have repeated. Only a 5xx about the mail is for good: one about us, while
// connecting or for want of a log in, is mended by whoever runs the server.
func judge(err error, secrets ...string) verdict {
	var c confided
	if errors.As(err, &c) {
		secrets = append(secrets, c.password)
	}
	var e *gomail.SendError
	if !errors.As(err, &e) {
		var t *textproto.Error
		if errors.As(err, &t) {
			err = fmt.Errorf("%d %s", t.Code, t.Msg)
		}
		var never unfit
		return verdict{said: words(err.Error(), secrets...), forGood: errors.As(err, &never)}
	}
	v := verdict{said: words(serverWords(e), secrets...)}
	switch code := e.ErrorCode(); code {
	case 502, 503, 530, 534, 535, 538:
	default:
		v.forGood, v.address = code >= 500, refusesAddress(e, v.said)
	}
	return v
}

// serverWords takes what the server said out of go-mail's sentence about it:
// `sending SMTP RCPT TO command: 550 "no such user", affected recipient(s): …`.
func serverWords(e *gomail.SendError) string {
	s := strings.TrimPrefix(e.Error(), e.Reason.String()+": ")
	code, rest, _ := strings.Cut(s, " ")
	if quoted, err := strconv.QuotedPrefix(rest); err == nil {
		if text, err := strconv.Unquote(quoted); err == nil {
			return code + " " + text
		}
	}
	s, _, _ = strings.Cut(s, ", affected ")
	return s
}

// SaidByServer is the answer if a mail server gave it: then it begins with the
// three digits of a reply (RFC 5321, section 4.2). Else it is "": what went wrong
// on the way there names machines of the host's network, which only staff see.
func SaidByServer(answer string) string {
	code, _, _ := strings.Cut(answer, " ")
	if n, err := strconv.Atoi(code); err != nil || len(code) != 3 || n < 200 {
		return ""
	}
	return answer
}

// words makes what a server said fit to be kept: one printable line of at most 500
// bytes, without what is secret.
func words(said string, secrets ...string) string {
	for _, secret := range secrets {
		said = scrub(said, secret)
	}
	s := line(strings.ToValidUTF8(said, " "))
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "")
	}
	return s
}
