package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keySize = 32
	maxFile = 64 << 10
)

const keyFileHead = `# Atrium's secret keys. Keep a copy apart from the database: without this file
# what Atrium sealed can't be read. One key a line; the first seals, all open.
`

// Load reads the key file. With create, a missing one is made with a fresh key;
// of several processes that start at once, all get the key of the one that was
// first. A file that others than its owner may read is refused.
func Load(path string, create bool) (*Vault, error) {
	text, err := readKeyFile(path)
	if create && errors.Is(err, fs.ErrNotExist) {
		if err := createKeyFile(path); err != nil {
			return nil, fmt.Errorf("can't make the key file %s: %w", path, err)
		}
		text, err = readKeyFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the key file %s is missing: put back the copy you kept; without it what Atrium sealed can't be read (%w)", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("can't read the key file %s: %w", path, err)
	}
	keys, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("the key file %s is malformed: %w", path, err)
	}
	return &Vault{keys: keys}, nil
}

func readKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, errors.New("it is not a file")
	case mode.Perm()&0o077 != 0:
		return nil, fmt.Errorf("others than its owner may use it (mode %04o); run: chmod 600 %s", mode.Perm(), path)
	case info.Size() > maxFile:
		return nil, errors.New("it is too large")
	}
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// cause is the reason of a file error, without the path that the reader is told anyway.
func cause(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// createKeyFile writes the whole file under another name and then links it to
// its own: the link fails if the name is taken, so a key file is never
// replaced, and nobody ever sees half of one.
func createKeyFile(path string) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".atrium-key-*") // made with mode 0600
	if err != nil {
		return cause(err)
	}
	defer os.Remove(f.Name())
	err = writeKeyFile(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return nil // another process was first
	} else if err != nil {
		return err
	}
	return syncDir(dir)
}

func writeKeyFile(f *os.File) error {
	secret := make([]byte, keySize)
	rand.Read(secret) // never fails since Go 1.24
	if _, err := io.WriteString(f, keyFileHead+base64.StdEncoding.EncodeToString(secret)+"\n"); err != nil {
		return err
	}
	return f.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// parseKeys reads the lines. It never says what stands in one.
func parseKeys(text []byte) ([]key, error) {
	var keys []key
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		secret, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(secret) != keySize {
			return nil, fmt.Errorf("line %d is not a key: 32 bytes in base64, 44 characters", i+1)
		}
		k, err := newKey(secret)
		if err != nil {
			return nil, err
		}
		for _, other := range keys {
			if bytes.Equal(other.secret, k.secret) {
				return nil, fmt.Errorf("line %d repeats a key", i+1)
			}
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, errors.New("it holds no key")
	}
	return keys, nil
}
