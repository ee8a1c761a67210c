package backup_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// small is a backup of a few rows, and the database it is of.
func small(t *testing.T) (*db.DB, []byte) {
	t.Helper()
	d := dbtest.Open(t, dbtest.SQLite, schemas())
	write(t, d, func(tx *db.Tx) error {
		for _, sql := range []string{
			`INSERT INTO users (id, email, email_key, first_name, last_name, password_hash, language, time_zone, created_at)
				VALUES (1, 'ann@example.com', 'ann@example.com', 'Ann', '', '', 'en', 'UTC', 5)`,
			`INSERT INTO accounts (account_id, name, created_at) VALUES (10001, 'Acme', 5)`,
			`INSERT INTO memberships (account_id, user_id, owner, joined_at) VALUES (10001, 1, TRUE, 5)`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	packed, err := os.ReadFile(saved(t, d, schemas()))
	if err != nil {
		t.Fatal(err)
	}
	return d, packed
}

// open is backup.Open of bytes.
func open(t *testing.T, packed []byte) (*backup.File, error) {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "backup"), packed)
}

func openAt(t *testing.T, path string, packed []byte) (*backup.File, error) {
	t.Helper()
	if err := os.WriteFile(path, packed, 0o600); err != nil {
		t.Fatal(err)
	}
	return backup.Open(t.Context(), path, known(t, schemas()))
}

func wantRefused(t *testing.T, what string, packed []byte, words ...string) {
	t.Helper()
	f, err := open(t, packed)
	wantError(t, what, err, words...)
	if err == nil {
		f.Close()
	}
}

func TestATruncatedBackupIsRefused(t *testing.T) {
	_, whole := small(t)
	path := filepath.Join(t.TempDir(), "backup")
	for n := range whole {
		f, err := openAt(t, path, whole[:n])
		if err == nil {
			f.Close()
			t.Fatalf("the first %d of %d bytes are taken for a backup", n, len(whole))
		}
		if s := err.Error(); !strings.Contains(s, "the backup is damaged: its end is missing") && !strings.Contains(s, "not a backup") {
			t.Fatalf("the first %d bytes: %s", n, s)
		}
	}
}

// A flipped bit is found, unless it says nothing and all is unpacked as before: in
// gzip's header when and where it was packed, of its tables a code that nothing
// uses, and what fills up the byte that begins the last, empty block.
func TestAFlippedBitIsFound(t *testing.T) {
	_, whole := small(t)
	want, path := strings.Join(linesOf(t, whole), "\n"), filepath.Join(t.TempDir(), "backup")
	for n := range whole {
		flipped := slices.Clone(whole)
		flipped[n] ^= 1 << (n * 5 % 8) // one of each byte's
		f, err := openAt(t, path, flipped)
		if err != nil {
			continue
		}
		f.Close()
		if n < 3 || strings.Join(linesOf(t, flipped), "\n") != want {
			t.Fatalf("a bit of byte %d of %d is flipped and nobody minds", n, len(whole))
		}
	}
}

func TestOtherFilesAreNoBackups(t *testing.T) {
	_, whole := small(t)
	var other bytes.Buffer
	z := gzip.NewWriter(&other)
	io.WriteString(z, "-- PostgreSQL database dump\n")
	z.Close()
	wantRefused(t, "nothing", nil, "not a backup of Atrium")
	wantRefused(t, "text", []byte(strings.Repeat("CREATE TABLE users;\n", 100)), "not a backup of Atrium")
	wantRefused(t, "another's gzip", other.Bytes(), "not a backup of Atrium")
	wantRefused(t, "two of them", append(slices.Clone(whole), whole...), "damaged", "something follows")
	wantRefused(t, "a byte more", append(slices.Clone(whole), 0), "damaged", "something follows")
	_, err := backup.Open(t.Context(), t.TempDir(), known(t, schemas()))
	wantError(t, "a folder", err, "is a directory")
}

// forge packs lines and gives them a trailer that counts right.
func forge(lines ...string) []byte { return forgeWith("", lines...) }

// forgeWith is forge with something after the trailer's line.
func forgeWith(more string, lines ...string) []byte {
	rows, table := map[string]int64{}, ""
	for _, l := range lines {
		var s struct{ Table string }
		if json.Unmarshal([]byte(l), &s) == nil && s.Table != "" {
			table = s.Table
			rows[table] = 0
		} else if table != "" {
			rows[table]++
		}
	}
	text := strings.Join(lines, "\n") + "\n"
	sum := sha256.Sum256([]byte(text))
	counts, _ := json.Marshal(rows)
	return packed(text + fmt.Sprintf(`{"rows":%s,"sha256":"%s"}`, counts, hex.EncodeToString(sum[:])) + "\n" + more)
}

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.Bytes()
}

// lines are those of a backup without its trailer.
func linesOf(t *testing.T, whole []byte) []string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	return list[:len(list)-1]
}

// Backups that somebody made by hand, with the right checksum.
func TestAForgedBackupIsRefusedBeforeTheDatabaseIsTouched(t *testing.T) {
	_, whole := small(t)
	good := linesOf(t, whole)
	if f, err := open(t, forge(good...)); err != nil {
		t.Fatal("the forger is no good:", err)
	} else {
		f.Close()
	}
	head := good[0]
	with := func(line string) []byte { return forge(append(slices.Clone(good), line)...) }
	replaced := func(old, new string) []byte {
		return forge(strings.Split(strings.Replace(strings.Join(good, "\n"), old, new, 1), "\n")...)
	}
	for what, c := range map[string]struct {
		file []byte
		word string
	}{
		"a newer format":            {replaced(`"format":1`, `"format":2`), "newer Atrium (format 2)"},
		"format 0":                  {replaced(`"format":1`, `"format":0`), "not a backup"},
		"another program's":         {replaced(`"atrium":"backup"`, `"atrium":"letter"`), "not a backup"},
		"a newer migration":         {replaced(`"migrations":[`, `"migrations":[1,`), "another, newer Atrium"},
		"no migration":              {forge(`{"atrium":"backup","format":1,"created":"2026-11-22T10:00:00Z","migrations":[]}`), "no schema"},
		"an unknown field":          {replaced(`"format":1`, `"format":1,"x":1`), "not a backup"},
		"an unknown table":          {with(`{"table":"pg_authid","columns":["oid"]}`), `"pg_authid" does not belong`},
		"the migrations' table":     {with(`{"table":"goose_db_version","columns":["id"]}`), "does not belong"},
		"sessions":                  {with(`{"table":"sessions","columns":["id"]}`), "does not belong"},
		"a table twice":             {with(`{"table":"users","columns":["id"]}`), "does not belong"},
		"a table that is SQL":       {with(`{"table":"users; DROP TABLE users","columns":["id"]}`), "does not belong"},
		"a table without columns":   {replaced(good[1], `{"table":"users","columns":[]}`), "no columns"},
		"a row without table":       {forge(head, `[1]`), "damaged"},
		"a second header":           {with(head), "damaged"},
		"an empty line":             {with(``), "damaged"},
		"a text as line":            {with(`"x"`), "damaged"},
		"a fraction":                {replaced(`[1,"ann`, `[1.5,"ann`), "damaged"},
		"an exponent":               {replaced(`[1,"ann`, `[1e3,"ann`), "damaged"},
		"a number too large":        {replaced(`[1,"ann`, `[9223372036854775808,"ann`), "damaged"},
		"a list in a row":           {replaced(`[1,"ann@example.com"`, `[1,["ann@example.com"]`), "damaged"},
		"an object in a row":        {replaced(`[1,"ann@example.com"`, `[1,{"a":1}`), "damaged"},
		"a NUL":                     {replaced(`"Ann"`, `"A\u0000n"`), "NUL"},
		"bytes that are not UTF-8":  {replaced(`"Ann"`, "\"A\xffn\""), "not UTF-8"},
		"a value too many":          {replaced(`[1,"ann`, `[1,1,"ann`), "values in"},
		"a value too few":           {replaced(`[1,"ann`, `["ann`), "values in"},
		"two lists in a line":       {replaced(`[1,"ann`, `[1][1,"ann`), "damaged"},
		"nested to the depth":       {with(strings.Repeat("[", 1<<20)), "damaged"},
		"a line after the end":      {forgeWith("[]\n", good...), "something follows"},
		"no trailer":                {packed(strings.Join(good, "\n") + "\n"), "its end is missing"},
		"a row less than counted":   {packed(strings.Join(good, "\n") + "\n" + `{"rows":{"users":2},"sha256":"` + sumOf(good) + "\"}\n"), "rows are missing"},
		"another's checksum":        {packed(strings.Join(good, "\n") + "\n" + `{"rows":{},"sha256":"` + sumOf(good[1:]) + "\"}\n"), "checksum is wrong"},
		"a trailer with more in it": {packed(strings.Join(good, "\n") + "\n" + `{"rows":{},"more":1,"sha256":"` + sumOf(good) + "\"}\n"), "damaged"},
	} {
		wantRefused(t, what, c.file, c.word)
	}
}

func sumOf(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n") + "\n"))
	return hex.EncodeToString(sum[:])
}

// What is well formed and does not fit is found by the database, and then all
// is as it was.
func TestABackupThatDoesNotFitChangesNothing(t *testing.T) {
	_, whole := small(t)
	good := linesOf(t, whole)
	user := slices.IndexFunc(good, func(l string) bool { return strings.HasPrefix(l, `[1,"ann`) })
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		fill(t, d, 3)
		before := dump(t, d)
		without := func(table string) []byte {
			i := slices.IndexFunc(good, func(l string) bool { return strings.HasPrefix(l, `{"table":"`+table+`"`) })
			end := i + 1
			for good[end][0] == '[' {
				end++
			}
			return forge(slices.Delete(slices.Clone(good), i, end)...)
		}
		replaced := func(old, new string) []byte {
			return forge(strings.Split(strings.Replace(strings.Join(good, "\n"), old, new, 1), "\n")...)
		}
		for what, c := range map[string]struct {
			file []byte
			word string
		}{
			"a table is missing":          {without("staff"), "no table staff"},
			"a column is missing":         {replaced(`"id","email",`, `"id",`), "values in"},
			"a column is unknown":         {replaced(`"id","email",`, `"id","mail",`), `users has no column "mail"`},
			"a column is SQL":             {replaced(`"id","email",`, `"id","email\") SELECT 1 --",`), "has no column"},
			"a column is there twice":     {replaced(`"id","email",`, `"id","id",`), "twice"},
			"text in a number":            {replaced(`[1,"ann`, `["1","ann`), "not of the type BIGINT"},
			"a number in text":            {replaced(`"Ann"`, `5`), "not of the type TEXT"},
			"a number in a boolean":       {replaced(`[10001,1,true`, `[10001,1,1`), "not of the type BOOLEAN"},
			"a null where none may be":    {replaced(`"Ann"`, `null`), "users can't be filled"},
			"a key is there twice":        {forge(slices.Insert(slices.Clone(good), user, good[user])...), "users can't be filled"},
			"a CHECK refuses":             {replaced(`"active"`, `"asleep"`), "accounts can't be filled"},
			"a reference leads nowhere":   {replaced(`[10001,1,true`, `[10001,2,true`), "memberships"},
			"a reference to no account":   {replaced(`[10001,1,true`, `[10002,1,true`), "memberships"},
			"all of what it refers to":    {without("users"), ""},
			"all its accounts are absent": {without("accounts"), ""},
		} {
			f, err := open(t, c.file)
			if err == nil {
				err = f.Restore(t.Context(), d, true)
				f.Close()
			}
			wantError(t, what, err, c.word)
			wantSame(t, what, dump(t, d), before)
		}
		if f, err := open(t, whole); err != nil {
			t.Error(err)
		} else if err := f.Restore(t.Context(), d, true); err != nil {
			t.Error("after all that:", err)
		}
	})
}
