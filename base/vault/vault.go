// Package vault keeps what Atrium must be able to read again but nobody else
// may: one-time links until they are sent, tokens of other systems.
//
// Its keys stand in a file, one a line. The first seals, all of them open: to
// rotate, write a new first line, and drop an old one once nothing is sealed by
// it any more. Losing the file loses what was sealed; it belongs in the backup,
// apart from the database.
//
// Sealed text is "v1.KEY.DATA": which scheme, which key, and in base64url the
// nonce and ciphertext of AES-256-GCM. It is bound to what it belongs to (aad,
// say "emails 10001 0000000001c"), so it can't be moved to another row.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const version = "v1"

// A Vault seals and opens. It may be used by several goroutines.
type Vault struct{ keys []key } // the first seals

type key struct {
	id     string // tells keys apart, and nothing about them
	secret []byte
	seal   cipher.AEAD
}

func newKey(secret []byte) (key, error) {
	id, err := hkdf.Key(sha256.New, secret, nil, "atrium vault key id", 6)
	if err != nil {
		return key{}, err
	}
	enc, err := hkdf.Key(sha256.New, secret, nil, "atrium vault seal v1", 32)
	if err != nil {
		return key{}, err
	}
	block, err := aes.NewCipher(enc)
	if err != nil {
		return key{}, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return key{id: base64.RawURLEncoding.EncodeToString(id), secret: secret, seal: gcm}, err
}

// Seal encrypts plain and binds it to aad, which may not be empty.
func (v *Vault) Seal(plain []byte, aad string) (string, error) {
	if aad == "" {
		return "", errors.New("vault: to seal, say what it belongs to")
	}
	k := v.keys[0]
	data := k.seal.Seal(nil, nil, plain, []byte(aad))
	return version + "." + k.id + "." + base64.RawURLEncoding.EncodeToString(data), nil
}

// Open decrypts what Seal made with the same aad, by whichever key of the file
// sealed it.
func (v *Vault) Open(sealed, aad string) ([]byte, error) {
	k, data, err := v.parse(sealed)
	if err != nil {
		return nil, err
	}
	plain, err := k.seal.Open(nil, nil, data, []byte(aad))
	if err != nil {
		return nil, fmt.Errorf("vault: what is sealed does not belong to %q, or was changed", aad)
	}
	return plain, nil
}

func (v *Vault) parse(sealed string) (key, []byte, error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != version {
		return key{}, nil, errors.New("vault: not sealed text of version 1")
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return key{}, nil, errors.New("vault: sealed text is damaged")
	}
	i := slices.IndexFunc(v.keys, func(k key) bool { return k.id == parts[1] })
	if i < 0 {
		return key{}, nil, fmt.Errorf("vault: sealed by key %q, which the key file does not hold", parts[1])
	}
	return v.keys[i], data, nil
}

// MAC gives the HMAC-SHA256 of data by the first key, under a key of its own
// for each purpose.
func (v *Vault) MAC(purpose string, data []byte) []byte { return v.keys[0].mac(purpose, data) }

// Verify tells whether mac is the MAC of data for this purpose by any key of
// the file, in constant time.
func (v *Vault) Verify(purpose string, data, mac []byte) bool {
	ok := false
	for _, k := range v.keys {
		ok = hmac.Equal(k.mac(purpose, data), mac) || ok
	}
	return ok
}

func (k key) mac(purpose string, data []byte) []byte {
	derived, err := hkdf.Key(sha256.New, k.secret, nil, "atrium vault mac "+purpose, 32)
	if err != nil {
		panic(err) // only for impossible lengths
	}
	h := hmac.New(sha256.New, derived)
	h.Write(data)
	return h.Sum(nil)
}

// Format prints "vault", whatever the verb, so that no key gets into a log.
func (v *Vault) Format(s fmt.State, _ rune) { io.WriteString(s, "vault") }
