package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

	"atrium/fault"
)

// fileLimit is how much a form with a file may send. What the file itself may
// have is File's to say, and less: so that a file that is somewhat too large is
// refused beside its field and not on a page of its own.
const fileLimit = 4 << 20

// File reads a form with one file, as strictly as Form reads others: only the
// fields named, each once, and the file under its own name, once. Of a file with
// more than most bytes it gives most+1. Where no file was chosen it is empty.
func (q *Request) File(name string, most int64, fields ...string) (Form, []byte, error) {
	if kind, _, err := mime.ParseMediaType(q.r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return Form{}, nil, httpError{http.StatusUnsupportedMediaType, "This address only understands forms with a file."}
	}
	parts, err := q.r.MultipartReader()
	if err != nil {
		return Form{}, nil, damaged(err)
	}
	var file []byte
	seen, values := []string{}, url.Values{}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			f := Form{values}
			return f, file, f.strict(fields)
		}
		if err != nil {
			return Form{}, nil, damaged(err)
		}
		if slices.Contains(seen, part.FormName()) {
			return Form{}, nil, errDoubled()
		}
		seen = append(seen, part.FormName())
		limit := int64(bodyLimit)
		if part.FormName() == name {
			limit = most
		}
		b, err := readPart(part, limit)
		switch {
		case err != nil:
			return Form{}, nil, damaged(err)
		case part.FormName() == name:
			file = b
		default:
			values.Add(part.FormName(), string(b))
		}
	}
}

// readPart reads most+1 bytes at most, and passes over the others.
func readPart(part *multipart.Part, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, part)
	return b, err
}

// damaged is a body that can't be read to its end.
func damaged(err error) error {
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		return httpError{http.StatusRequestEntityTooLarge, "That is more than this form takes. Nothing was saved."}
	}
	return fault.Invalidf("The form was damaged on its way. Go back and send it again.").Because(err)
}
