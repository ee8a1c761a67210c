package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestATokenComesBackAsItWasGiven(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		for _, token := range []Token{NewToken(), NewAccountToken(10001)} {
			back, ok := ParseToken(token.Reveal())
			if !ok || back != token || back.Hash() != token.Hash() || back.Account() != token.Account() {
				t.Fatalf("%q comes back as %q, %t", token.Reveal(), back.Reveal(), ok)
			}
			if secret := token.Reveal()[strings.Index(token.Reveal(), ".")+1:]; len(secret) != 43 { // 32 bytes in base64
				t.Fatalf("%q is not 256 bits", secret)
			}
			if seen[token.Hash()] {
				t.Fatal("the same token twice")
			}
			seen[token.Hash()] = true
		}
	}
	if a, none := NewAccountToken(10001), NewToken(); a.Account() != 10001 || none.Account() != 0 || !strings.HasPrefix(a.Reveal(), "10001.") {
		t.Errorf("the accounts are %d and %d", a.Account(), none.Account())
	}
}

func TestTheDatabaseKeepsAHash(t *testing.T) {
	token, ok := ParseToken("10001." + strings.Repeat("A", 43))
	if want := "cad59ee27d42b265c6f8c3de7572af79eba60971bf63a72e5ee4450e909be16b"; !ok || token.Hash() != want {
		t.Errorf("the hash is %q, want %q", token.Hash(), want)
	}
}

func TestWhatCantBeATokenIsRefused(t *testing.T) {
	good := strings.Repeat("A", 43)
	for _, s := range []string{
		"", ".", good[1:], good + "A", good + "=", good[:42] + "B", good[:42] + "+", good[:42] + "/", good[:42] + "é", " " + good[1:], good[:42] + "\n", "\r\n" + good, good + "\n", good[:20] + "\r\n" + good[20:],
		"." + good, "0." + good, "010001." + good, "-1." + good, "+1." + good, "10001", "10001.", "10001." + good[1:], "10001.." + good, "x." + good, "10001." + good + ".", "10001.10001." + good, "9999999999999999." + good,
	} {
		if token, ok := ParseToken(s); ok || token != (Token{}) {
			t.Errorf("%q is read as %q, %t", s, token.Reveal(), ok)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		if token, ok := ParseToken(s); ok && token.Reveal() != s {
			t.Fatalf("%q is read as %q", s, token.Reveal())
		}
	})
}

func TestATokenIsOnNoLog(t *testing.T) {
	token := NewAccountToken(10001)
	secret := token.Reveal()[len("10001."):]
	within := struct{ Token Token }{token}
	var printed bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08.3f"} {
		fmt.Fprintf(&printed, verb+verb+verb+verb+"\n", token, &token, within, []Token{token})
	}
	fmt.Fprintln(&printed, token, within, fmt.Errorf("%w: %v", fmt.Errorf("no"), token))
	for _, h := range []slog.Handler{slog.NewTextHandler(&printed, nil), slog.NewJSONHandler(&printed, nil)} {
		slog.New(h).Info("a token", "token", token, "within", within, "pointer", &token)
	}
	b, err := json.Marshal(map[string]any{"token": token, "within": within})
	ok(t, err)
	printed.Write(b)
	text := printed.String()
	if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", secret)) {
		t.Errorf("the secret %s is in\n%s", secret, text)
	}
}
