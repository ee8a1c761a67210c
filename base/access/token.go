package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"atrium/base/id"
)

// A Token is the secret of a session or a one-time link: 256 random bits. It is
// given out once; the database keeps its hash. It does not print.
type Token struct{ text string }

const secretLength = 43 // 32 bytes in base64url

// NewToken makes a token.
func NewToken() Token {
	var b [32]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return Token{base64.RawURLEncoding.EncodeToString(b[:])}
}

// NewAccountToken makes a token that names its account, so that finding it
// touches one account's rows only: "10001.secret".
func NewAccountToken(a id.Account) Token {
	return Token{a.String() + "." + NewToken().text}
}

// ParseToken reads a token as it came back. It is false for what can't be one.
func ParseToken(s string) (Token, bool) {
	secret := s
	if account, rest, ok := strings.Cut(s, "."); ok {
		if _, ok := id.ParseAccount(account); !ok {
			return Token{}, false
		}
		secret = rest
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(b) != 32 || len(secret) != secretLength { // the decoder skips line breaks
		return Token{}, false
	}
	return Token{s}, true
}

// Account is the account that the token names, or zero.
func (t Token) Account() id.Account {
	account, _, ok := strings.Cut(t.text, ".")
	if !ok {
		return 0
	}
	a, _ := id.ParseAccount(account)
	return a
}

// Reveal gives the secret, for a cookie or a link and nothing else.
func (t Token) Reveal() string { return t.text }

// Hash is what the database keeps: SHA-256 in hex. A slow hash would add
// nothing to 256 random bits.
func (t Token) Hash() string {
	sum := sha256.Sum256([]byte(t.text))
	return hex.EncodeToString(sum[:])
}

// Format prints "token", whatever the verb, so that no secret gets into a log.
func (t Token) Format(s fmt.State, _ rune) { io.WriteString(s, "token") }
