package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
)

const (
	kind    = "backup"
	format  = 1
	maxLine = 64 << 20 // bytes of one row
)

// header is the first line.
type header struct {
	Atrium     string    `json:"atrium"` // kind
	Format     int       `json:"format"`
	Created    time.Time `json:"created"`
	Migrations []int64   `json:"migrations"`
}

// section is the line before a table's rows.
type section struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

// trailer is the last line.
type trailer struct {
	Rows   map[string]int64 `json:"rows"` // by table
	SHA256 string           `json:"sha256"`
}

// Contents is what a backup holds.
type Contents struct {
	Created    time.Time
	Migrations []int64          // versions of the schema it was made with
	Rows       map[string]int64 // by table
}

// Total is the number of rows.
func (c Contents) Total() int64 {
	var n int64
	for _, rows := range c.Rows {
		n += rows
	}
	return n
}

// passing lists the tables that a backup leaves out and a restore empties.
func passing() []string {
	return []string{"sessions", "staff_sessions", "login_steps", "two_step_setups", "limits", "copies"}
}

// kept lists the tables that are in a backup.
func kept() []string {
	return slices.DeleteFunc(ours(), func(t string) bool { return slices.Contains(passing(), t) })
}

// ours lists the tables that a restore empties: all but the migrations' own.
func ours() []string {
	var list []string
	for _, t := range db.Tables() {
		if !strings.HasPrefix(t.Name, "goose_") {
			list = append(list, t.Name)
		}
	}
	return list
}

// writeLine writes v as one line of JSON.
func writeLine(to io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	if b.Len() > maxLine {
		return fmt.Errorf("a row of %d bytes is more than a backup takes", b.Len())
	}
	_, err := to.Write(b.Bytes())
	return err
}

// readObject reads a line that is an object with fields of v and no others.
func readObject(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("a line goes on after its end")
	}
	return nil
}

// A cell is one value of a row: int64, string, bool or nil.
type cell struct{ value any }

// UnmarshalJSON reads it.
func (c *cell) UnmarshalJSON(text []byte) (err error) {
	switch text[0] {
	case 'n':
		c.value = nil
	case 't', 'f':
		c.value = text[0] == 't'
	case '"':
		var s string
		err = json.Unmarshal(text, &s)
		if err == nil && strings.IndexByte(s, 0) >= 0 {
			err = errors.New("a NUL in text")
		}
		c.value = s
	case '[', '{':
		err = errors.New("a list within a row")
	default:
		c.value, err = strconv.ParseInt(string(text), 10, 64)
	}
	return err
}
