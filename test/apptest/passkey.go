package apptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// An Authenticator is a phone with one passkey, made by hand as WebAuthn has it.
type Authenticator struct {
	Origin   string // what the browser says that it is at
	Verifies bool   // it makes sure who uses it
	Count    uint32 // what it says that it has signed

	t      testing.TB
	host   string
	id     []byte
	handle []byte
	key    *ecdsa.PrivateKey
}

// Authenticator makes one for the program's own address.
func (w *World) Authenticator() *Authenticator {
	w.T.Helper()
	u, err := url.Parse(w.URL)
	if err != nil {
		w.T.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.T.Fatal(err)
	}
	a := &Authenticator{t: w.T, Origin: w.URL, Verifies: true, host: u.Hostname(), key: key, id: make([]byte, 16)}
	rand.Read(a.id)
	return a
}

// Answer fills in the first passkey form that matches with what the
// authenticator says to its question: the fields that Response.Submit needs.
func (a *Authenticator) Answer(page *Response, selector string) url.Values {
	a.t.Helper()
	form := page.Has(selector).Find(selector).First()
	var question struct {
		Challenge string
		User      struct{ ID string }
	}
	if err := json.Unmarshal([]byte(form.AttrOr("data-passkey", "")), &question); err != nil {
		a.t.Fatalf("%s asks for no passkey: %v", page.Path, err)
	}
	_, creates := form.Attr("data-create")
	kind := "webauthn.get"
	if creates {
		kind = "webauthn.create"
		a.handle = plain(a.t, question.User.ID)
	}
	client := a.json(map[string]any{"type": kind, "challenge": question.Challenge, "origin": a.Origin, "crossOrigin": false})
	said := map[string]any{"clientDataJSON": coded(client)}
	if creates {
		said["attestationObject"] = coded(a.attestation())
		said["transports"] = []string{"internal"}
	} else {
		a.Count++
		data := a.data(false)
		hash := sha256.Sum256(client)
		digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
		signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
		if err != nil {
			a.t.Fatal(err)
		}
		said["authenticatorData"], said["signature"], said["userHandle"] = coded(data), coded(signature), coded(a.handle)
	}
	whole := map[string]any{"id": coded(a.id), "rawId": coded(a.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": said}
	return url.Values{"answer": {string(a.json(whole))}}
}

func (a *Authenticator) json(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// data is the authenticator data, WebAuthn 6.1, with the public key or without.
func (a *Authenticator) data(attested bool) []byte {
	host := sha256.Sum256([]byte(a.host))
	flags := byte(0x01) // somebody is there
	if a.Verifies {
		flags |= 0x04
	}
	if attested {
		flags |= 0x40
	}
	b := binary.BigEndian.AppendUint32(append(host[:], flags), a.Count)
	if !attested {
		return b
	}
	b = append(b, make([]byte, 16)...) // no model
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(a.id))), a.id...)
	public, err := a.key.PublicKey.ECDH()
	if err != nil {
		a.t.Fatal(err)
	}
	point := public.Bytes() // 4, x, y
	// CBOR: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
	b = append(b, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	b = append(b, point[1:33]...)
	return append(append(b, 0x22, 0x58, 0x20), point[33:]...)
}

// attestation is CBOR: {"fmt": "none", "attStmt": {}, "authData": …}
func (a *Authenticator) attestation() []byte {
	data := a.data(true)
	b := []byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58")
	return append(append(b, byte(len(data))), data...)
}

func coded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func plain(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Verify has somebody confirm their address by the link in their mail.
func (p *Person) Verify() {
	p.World.T.Helper()
	link := p.World.Mail.Wait(p.World.T, p.Email, "Confirm your email address").Link(p.World.T, "/verify/")
	p.Get(link).OK().Submit("main form", nil).SeeOther()
}

// AddPasskey has somebody who is logged in, and whose address is confirmed, add
// a passkey of this name.
func (p *Person) AddPasskey(name string) *Authenticator {
	p.World.T.Helper()
	p.Prove()
	a := p.World.Authenticator()
	page := p.Get("/me/passkeys/new").OK()
	form := a.Answer(page, "form[data-passkey]")
	form.Set("name", name)
	page.Submit("form[data-passkey]", form).SeeOther()
	return a
}
