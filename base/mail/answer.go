package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

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
