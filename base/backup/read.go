package backup

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"unicode/utf8"
)

// errForeign is the error of a file that is something else.
var errForeign = errors.New("this is not a backup of Atrium")

// A reader reads a backup line by line, strictly: what it does not know is an
// error. Only once section has given io.EOF is the backup known to be whole.
type reader struct {
	ctx  context.Context
	head header
	end  trailer // once it was read
	file *bufio.Reader
	gzip *gzip.Reader
	in   *bufio.Reader
	sum  hash.Hash
	line []byte // the line that comes next
	rows map[string]int64

	now   section // the one whose rows are read
	cells []cell
	row   []any
}

// newReader reads the header.
func newReader(ctx context.Context, from io.Reader) (*reader, error) {
	r := &reader{ctx: ctx, file: bufio.NewReaderSize(from, 1<<16), sum: sha256.New(), rows: map[string]int64{}}
	var err error
	if r.gzip, err = gzip.NewReader(r.file); err != nil {
		return nil, foreign(err)
	}
	r.gzip.Multistream(false)
	r.in = bufio.NewReaderSize(r.gzip, 1<<16)
	if err := r.advance(); err != nil {
		return nil, foreign(err)
	}
	if err := readObject(r.line, &r.head); err != nil || r.head.Atrium != kind || r.head.Format < 1 {
		return nil, errForeign
	}
	if r.head.Format > format {
		return nil, fmt.Errorf("the backup is of a newer Atrium (format %d): restore it with that one", r.head.Format)
	}
	if len(r.head.Migrations) == 0 {
		return nil, damaged(errors.New("no schema is named"))
	}
	r.sum.Write(r.line)
	return r, r.advance()
}

// foreign is the error of a file whose first line can't be read: nothing says
// that it was a backup, unless the disk itself fails.
func foreign(err error) error {
	if why := explain(err); errors.Is(why, errDamaged) {
		return errForeign
	}
	return err
}

// errDamaged is in the chain of every error about a backup that is not as it
// was written.
var errDamaged = errors.New("the backup is damaged")

// damaged hides why from errors.Is: an io.EOF of a line is no end of the backup.
func damaged(why error) error { return fmt.Errorf("%w: %v", errDamaged, why) }

// explain tells damage from a disk that can't be read.
func explain(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, errDamaged):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged(errors.New("its end is missing"))
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return damaged(err)
	}
	return err
}

// advance reads the next line.
func (r *reader) advance() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		switch {
		case len(r.line) > maxLine:
			return damaged(errors.New("a line is too long"))
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return explain(err)
		case !utf8.Valid(r.line):
			return damaged(errors.New("a line is not UTF-8"))
		default:
			return nil
		}
	}
}

// section begins the next table. After the last it checks the trailer and that
// nothing follows, and gives io.EOF.
func (r *reader) section() (section, error) {
	if bytes.HasPrefix(r.line, []byte(`{"rows":`)) {
		return section{}, r.finish()
	}
	var s section
	if err := readObject(r.line, &s); err != nil {
		return s, damaged(err)
	}
	if _, twice := r.rows[s.Table]; twice || !slices.Contains(kept(), s.Table) {
		return s, damaged(fmt.Errorf("a table %q does not belong there", s.Table))
	}
	if len(s.Columns) == 0 {
		return s, damaged(fmt.Errorf("the table %s has no columns", s.Table))
	}
	r.now, r.rows[s.Table] = s, 0
	r.cells, r.row = make([]cell, len(s.Columns)), make([]any, len(s.Columns))
	r.sum.Write(r.line)
	return s, r.advance()
}

// next gives the section's next row, valid until the one after it, and io.EOF
// after its last.
func (r *reader) next() ([]any, error) {
	if r.line[0] != '[' {
		return nil, io.EOF
	}
	cells := r.cells[:0]
	if err := json.Unmarshal(r.line, &cells); err != nil {
		return nil, damaged(fmt.Errorf("a row of %s: %w", r.now.Table, err))
	}
	if len(cells) != len(r.row) {
		return nil, damaged(fmt.Errorf("a row of %s has %d values in %d columns", r.now.Table, len(cells), len(r.row)))
	}
	for i, c := range cells {
		r.row[i] = c.value
	}
	r.rows[r.now.Table]++
	r.sum.Write(r.line)
	return r.row, r.advance()
}

func (r *reader) finish() error {
	if err := readObject(r.line, &r.end); err != nil {
		return damaged(err)
	}
	switch {
	case r.end.SHA256 != hex.EncodeToString(r.sum.Sum(nil)):
		return damaged(errors.New("its checksum is wrong"))
	case !maps.Equal(r.end.Rows, r.rows):
		return damaged(errors.New("rows are missing"))
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) { // here gzip checks its own sum
		if err == nil {
			err = damaged(errors.New("something follows its end"))
		}
		return explain(err)
	}
	if _, err := r.file.ReadByte(); !errors.Is(err, io.EOF) {
		return damaged(errors.New("something follows its end"))
	}
	return io.EOF
}

func (r *reader) contents() Contents {
	return Contents{Created: r.head.Created, Migrations: r.head.Migrations, Rows: r.rows}
}
