package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes are those of RFC 6238 as every authenticator app makes them: six digits,
// SHA-1, a new one every 30 seconds. One step of time before and after the
// present one is taken too, for clocks that differ a little.
const (
	stepLength = 30 * time.Second
	stepSkew   = 1
	codeDigits = 6
)

// A Secret is what Atrium and an authenticator app both know: 160 random bits.
// It does not print.
type Secret struct{ text string } // base32

// NewSecret makes a secret.
func NewSecret() Secret {
	var b [20]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return Secret{secretText().EncodeToString(b[:])}
}

// ParseSecret reads a secret as apps take it, in base32. It is false for what is
// none of 160 bits.
func ParseSecret(s string) (Secret, bool) {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	b, err := secretText().DecodeString(s)
	return Secret{s}, err == nil && len(b) == 20
}

func secretText() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// Reveal gives the secret in groups of four, to be typed into an app.
func (s Secret) Reveal() string {
	var groups []string
	for i := 0; i < len(s.text); i += 4 {
		groups = append(groups, s.text[i:min(i+4, len(s.text))])
	}
	return strings.Join(groups, " ")
}

// Link gives the secret as the address that apps open and scan. issuer and
// account are what the app calls it; a colon would end the issuer there.
func (s Secret) Link(issuer, account string) string {
	issuer = strings.ReplaceAll(issuer, ":", " ")
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") } // apps take no plus for a space
	return "otpauth://totp/" + escape(issuer) + ":" + escape(account) + "?secret=" + s.text + "&issuer=" + escape(issuer)
}

// Code is what an app shows at a time.
func (s Secret) Code(at time.Time) (string, error) { return s.code(timeStep(at)) }

func (s Secret) code(step int64) (string, error) {
	return hotp.GenerateCodeCustom(s.text, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

// step finds the time step, at or near now, whose code this is.
func (s Secret) step(code string, now time.Time) (int64, bool, error) {
	for step := timeStep(now) - stepSkew; step <= timeStep(now)+stepSkew; step++ {
		want, err := s.code(step)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true, nil
		}
	}
	return 0, false, nil
}

func timeStep(t time.Time) int64 { return t.Unix() / int64(stepLength/time.Second) }

// Format prints "secret", whatever the verb, so that none gets into a log.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, "secret") }
