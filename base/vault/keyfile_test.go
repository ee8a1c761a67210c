package vault_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"atrium/base/vault"
)

func TestAMissingKeyFileIsMadeOnlyWhenAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atrium.key")
	if _, err := vault.Load(path, false); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("without create: %v", err)
	}
	v, err := vault.Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, v, "x", "row 1")
	again, err := vault.Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Open(sealed, "row 1"); err != nil {
		t.Errorf("loading again made another key: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestProcessesThatStartAtOnceAgreeOnOneKey(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "atrium.key")
		vaults := make([]*vault.Vault, 8)
		var wg sync.WaitGroup
		for i := range vaults {
			wg.Go(func() {
				v, err := vault.Load(path, true)
				if err != nil {
					t.Error(err)
				}
				vaults[i] = v
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		sealed := seal(t, vaults[0], "x", "row 1")
		for _, v := range vaults {
			if _, err := v.Open(sealed, "row 1"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestKeyFilesThatOthersMayUseAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atrium.key")
	if err := os.WriteFile(path, []byte(keyLine(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o604, 0o620, 0o640, 0o644, 0o666, 0o601} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Load(path, true); err == nil || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	for _, mode := range []fs.FileMode{0o400, 0o600} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Load(path, false); err != nil {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestMalformedKeyFilesAreRefused(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "holds no key"},
		{"only remarks", "# nothing\n\n", "holds no key"},
		{"short", keyLine(1)[:40], "line 1 is not a key"},
		{"not base64", "# mine\n" + strings.Repeat("?", 44), "line 2 is not a key"},
		{"two in a line", keyLine(1) + " " + keyLine(2), "line 1 is not a key"},
		{"second broken", keyLine(1) + "\nxyz", "line 2 is not a key"},
		{"twice", keyLine(1) + "\n" + keyLine(1), "line 2 repeats a key"},
		{"huge", strings.Repeat("#\n", 40_000), "too large"},
	} {
		path := filepath.Join(t.TempDir(), "atrium.key")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Load(path, true)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v; want %q and the path", tt.name, err, tt.want)
		}
		if err != nil && (strings.Contains(err.Error(), keyLine(1)) || strings.Contains(err.Error(), "xyz")) {
			t.Errorf("%s: the error shows what is in the file: %v", tt.name, err)
		}
	}
}

func TestRemarksEmptyLinesAndSpacesAreSkipped(t *testing.T) {
	v := open(t, "# the new one", "  "+keyLine(2)+"\r", "", keyLine(1))
	for _, line := range []string{keyLine(1), keyLine(2)} {
		if _, err := v.Open(seal(t, open(t, line), "x", "row 1"), "row 1"); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := vault.Load(dir, true); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("a folder: %v", err)
	}
	missing := filepath.Join(dir, "no", "atrium.key")
	if _, err := vault.Load(missing, true); err == nil || !strings.Contains(err.Error(), "can't make the key file "+missing) {
		t.Errorf("in a missing folder: %v", err)
	}
}
