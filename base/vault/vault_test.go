package vault_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"atrium/base/vault"
)

// keyLine is a key of 32 times the same byte.
func keyLine(b byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32))
}

// open loads a vault with these lines in its file.
func open(t *testing.T, lines ...string) *vault.Vault {
	t.Helper()
	path := filepath.Join(t.TempDir(), "atrium.key")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := vault.Load(path, false)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, v *vault.Vault, plain, aad string) string {
	t.Helper()
	s, err := v.Seal([]byte(plain), aad)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	v := open(t, keyLine(1))
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.StringN(1, 40, -1).Draw(t, "aad")
		sealed, err := v.Seal(plain, aad)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Open(sealed, aad)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open = %q, %v; want %q", got, err, plain)
		}
	})
}

func TestSealingTwiceGivesTwoTexts(t *testing.T) {
	v := open(t, keyLine(1))
	if a, b := seal(t, v, "x", "row 1"), seal(t, v, "x", "row 1"); a == b {
		t.Errorf("both are %q", a)
	}
}

func TestSealedTextSaysItsVersionAndKey(t *testing.T) {
	s := seal(t, open(t, keyLine(1)), "secret", "row 1")
	parts := strings.Split(s, ".")
	if len(parts) != 3 || parts[0] != "v1" || len(parts[1]) != 8 || strings.Trim(parts[2], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("sealed text is %q", s)
	}
}

// What was sealed by an earlier release must open in this one.
func TestTextOfVersionOneStaysReadable(t *testing.T) {
	const sealed = "v1.WZxLQ6mE.Msq2TeN1nR_nRhkRQLaTXZJI3xNSfhdM_0aPW9fyseaRBNXz9fB3pgRL-VRRQdEHurMczOdoVpyURg"
	got, err := open(t, keyLine(1)).Open(sealed, "emails 10001 0000000001c")
	if err != nil || string(got) != "https://example.com/invite/abc" {
		t.Errorf("Open = %q, %v", got, err)
	}
}

func TestSealingNeedsWhatItBelongsTo(t *testing.T) {
	if s, err := open(t, keyLine(1)).Seal([]byte("x"), ""); err == nil {
		t.Errorf("sealed %q", s)
	}
}

func TestOnlyTheSameTextForTheSameRowOpens(t *testing.T) {
	v := open(t, keyLine(1))
	sealed := seal(t, v, "secret", "row 1")
	last := byte('A')
	if sealed[len(sealed)-3] == last {
		last = 'B'
	}
	changed := sealed[:len(sealed)-3] + string(last) + sealed[len(sealed)-2:]
	stranger := seal(t, open(t, keyLine(2)), "secret", "row 1")
	for _, tt := range []struct{ name, sealed, aad, want string }{
		{"another row", sealed, "row 2", "does not belong"},
		{"no row", sealed, "", "does not belong"},
		{"changed", changed, "row 1", "was changed"},
		{"another vault's", stranger, "row 1", "which the key file does not hold"},
		{"another vault's under our key's name", sealed[:12] + stranger[12:], "row 1", "was changed"},
		{"cut", sealed[:16], "row 1", "was changed"},
		{"no data", sealed[:12], "row 1", "was changed"},
		{"not base64", sealed[:12] + "=!", "row 1", "damaged"},
		{"empty", "", "row 1", "not sealed text"},
		{"later version", "v2" + sealed[2:], "row 1", "not sealed text"},
		{"more parts", sealed + ".x", "row 1", "not sealed text"},
	} {
		got, err := v.Open(tt.sealed, tt.aad)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Open = %q, %v; want an error with %q", tt.name, got, err, tt.want)
		}
	}
}

func TestTheFirstKeySealsAndAllOpen(t *testing.T) {
	old := open(t, keyLine(1))
	rotated := open(t, keyLine(2), keyLine(1))
	dropped := open(t, keyLine(2))

	before, after := seal(t, old, "x", "row 1"), seal(t, rotated, "x", "row 1")
	for _, s := range []string{before, after} {
		if got, err := rotated.Open(s, "row 1"); err != nil || string(got) != "x" {
			t.Errorf("the rotated vault opens %q as %q, %v", s, got, err)
		}
	}
	if _, err := dropped.Open(after, "row 1"); err != nil {
		t.Errorf("not sealed by the first key: %v", err)
	}
	if _, err := dropped.Open(before, "row 1"); err == nil {
		t.Error("opened by a key that was dropped")
	}

	mac := old.MAC("cookies", []byte("x"))
	if !rotated.Verify("cookies", []byte("x"), mac) || dropped.Verify("cookies", []byte("x"), mac) {
		t.Error("a MAC holds as long as its key is in the file, no longer")
	}
}

func TestMACsDifferByPurposeDataAndKey(t *testing.T) {
	v := open(t, keyLine(1))
	mac := v.MAC("cookies", []byte("x"))
	if len(mac) != 32 || !v.Verify("cookies", []byte("x"), mac) {
		t.Errorf("MAC is %x", mac)
	}
	if v.Verify("links", []byte("x"), mac) || v.Verify("cookies", []byte("y"), mac) || v.Verify("cookies", []byte("x"), mac[:31]) {
		t.Error("a MAC is taken for another's")
	}
	if bytes.Equal(mac, open(t, keyLine(2)).MAC("cookies", []byte("x"))) {
		t.Error("two keys make the same MAC")
	}
}

func TestPrintingShowsNoKey(t *testing.T) {
	v := open(t, keyLine('k'))
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(format, v); got != "vault" {
			t.Errorf("%s prints %q", format, got)
		}
	}
}
