package db

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing/fstest" // for its file system in memory

	"github.com/pressly/goose/v3"
)

// A dialect is how the one text of a migration is read.
type dialect struct {
	goose     goose.Dialect
	prefix    string // what makes a line this engine's alone
	clustered string // what the mark "/* clustered */" stands for
	text      string // what the type TEXT stands for
	hasTable  string // counts the tables of a name
}

// merge gathers the schema/*.sql of all schemas into the one folder that goose
// reads. A version stands once.
func (d dialect) merge(schemas []fs.FS) (fstest.MapFS, error) {
	all := fstest.MapFS{}
	versions := map[int64]string{}
	for _, schema := range schemas {
		files, err := fs.Glob(schema, "schema/*.sql")
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, errors.New("a schema has no file schema/*.sql")
		}
		for _, file := range files {
			name := path.Base(file)
			v, err := goose.NumericComponent(name)
			if err != nil {
				return nil, fmt.Errorf("migration %s: %w", name, err)
			}
			if other, ok := versions[v]; ok {
				return nil, fmt.Errorf("migrations %s and %s have the same version", other, name)
			}
			text, err := fs.ReadFile(schema, file)
			if err != nil {
				return nil, err
			}
			versions[v] = name
			all[name] = &fstest.MapFile{Data: []byte(d.read(string(text)))}
		}
	}
	return all, nil
}

// read gives a migration as the engine takes it. Columns of text are ordered
// and compared by their bytes on PostgreSQL too, whatever the database's locale:
// otherwise ranges and pages by a text would differ between the two.
func (d dialect) read(sql string) string {
	lines := strings.Split(strings.ReplaceAll(sql, "/* clustered */", d.clustered), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, d.prefix)
	}
	column := regexp.MustCompile(`\b\w+\s+TEXT\b`)
	return column.ReplaceAllStringFunc(strings.Join(lines, "\n"), func(s string) string {
		if strings.EqualFold(strings.Fields(s)[0], "AS") { // CAST(… AS TEXT)
			return s
		}
		return strings.TrimSuffix(s, "TEXT") + d.text
	})
}
