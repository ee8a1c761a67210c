package db_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// wantNoOpen wants an error that says all of words.
func wantNoOpen(t *testing.T, url string, words ...string) {
	t.Helper()
	d, err := db.Open(t.Context(), url, db.Options{})
	if err == nil {
		t.Errorf("%s opened", url)
		d.Close()
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestAnAddressIsOfOneOfTwoKinds(t *testing.T) {
	wantNoOpen(t, "mysql://x", "sqlite:", "postgres://")
	wantNoOpen(t, "", "sqlite:", "postgres://")
	wantNoOpen(t, "sqlite:", "needs a file")
	wantNoOpen(t, "sqlite::memory:", "needs a file")
}

func TestSQLiteFilesThatCanNotBeUsedAreExplained(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "atrium.db")
	wantNoOpen(t, "sqlite:"+filepath.Join(folder, "missing", "atrium.db"), "missing does not exist")
	wantNoOpen(t, "sqlite:"+folder, "is not a file")

	if err := os.WriteFile(path, []byte(strings.Repeat("this is a letter, ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantNoOpen(t, "sqlite:"+path, path, "not a SQLite database")
}

func TestSQLiteFilesOfOthersAreExplained(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "atrium.db")
	if err := os.WriteFile(path, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	for f := folder; f != os.TempDir() && f != "/"; f = filepath.Dir(f) {
		if err := os.Chmod(f, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	asNobody(t, func() {
		wantNoOpen(t, "sqlite:"+path, path, "may not be written", "belongs to user")
	})
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o777) }) // so that it can be removed
	asNobody(t, func() {
		wantNoOpen(t, "sqlite:"+path, folder, "may not be written")
		wantNoOpen(t, "sqlite:"+filepath.Join(folder, "new.db"), folder, "may not be written")
	})
}

// asNobody runs fn without root's right to write everywhere. It changes only
// this thread, which ends with the test's goroutine.
func asNobody(t *testing.T, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked
		if err := unix.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		fn()
	}()
	<-done
}

func TestANewSQLiteFileIsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%c?d#e.db")
	d := dbtest.Reopen(t, "sqlite:"+path, schemas())
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		i, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if i.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", p, i.Mode())
		}
	}
}

func TestPostgreSQLThatCanNotBeUsedIsExplained(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	at := url[:strings.LastIndex(url, "/")]
	wantNoOpen(t, "postgres://127.0.0.1:1/atrium", "127.0.0.1:1", "does not answer", "refused")
	wantNoOpen(t, at+"/nosuch?sslmode=disable", `no database "nosuch"`)
	wantNoOpen(t, strings.Replace(at, "postgres@", "stranger@", 1)+"/postgres?sslmode=disable", "stranger")
	wantNoOpen(t, "postgres://%zz", "can't be read")
}

func TestPostgreSQLMustKeepTextAsUTF8(t *testing.T) {
	url := dbtest.URL(t, dbtest.Postgres)
	d := dbtest.Reopen(t, url, schemas())
	name := "latin_" + url[strings.LastIndex(url, "_")+1:strings.LastIndex(url, "?")]
	_, err := db.All(t.Context(), d.Auto(), scan[string], `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'`)
	if err != nil {
		t.Fatal(err)
	}
	defer db.All(t.Context(), d.Auto(), scan[string], `DROP DATABASE `+name)
	wantNoOpen(t, url[:strings.LastIndex(url, "/")]+"/"+name+"?sslmode=disable", "LATIN1", "UTF8")
}
