package web

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
)

// sent is a form with parts in this order: a name with a * is a file.
func sent(t *testing.T, parts ...[2]string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		name, file := strings.CutSuffix(p[0], "*")
		var err error
		if file {
			part, e := w.CreateFormFile(name, `..\..\evil".png`)
			if err = e; err == nil {
				_, err = part.Write([]byte(p[1]))
			}
		} else {
			err = w.WriteField(name, p[1])
		}
		ok(t, err)
	}
	ok(t, w.Close())
	return w.FormDataContentType(), b.String()
}

func TestAFormWithAFileIsReadStrictly(t *testing.T) {
	s := newSite(t, "http://localhost")
	big := strings.Repeat("x", 11)
	for name, tt := range map[string]struct {
		parts  [][2]string
		status int
		says   string
	}{
		"as drawn":          {[][2]string{{"version", "7"}, {"logo*", "content"}}, 200, "7 content"},
		"the other way":     {[][2]string{{"logo*", "content"}, {"version", "7"}}, 200, "7 content"},
		"no file":           {[][2]string{{"version", "7"}}, 200, "7 "},
		"one byte too many": {[][2]string{{"version", "7"}, {"logo*", big + "yyy"}}, 200, "7 " + big},
		"an unknown field":  {[][2]string{{"version", "7"}, {"admin", "1"}}, 422, "does not belong to it"},
		"a second file":     {[][2]string{{"logo*", "a"}, {"logo*", "b"}}, 422, "same field twice"},
		"another file":      {[][2]string{{"version", "7"}, {"shell*", "a"}}, 422, "does not belong to it"},
		"a doubled field":   {[][2]string{{"version", "7"}, {"version", "8"}}, 422, "same field twice"},
		"no text":           {[][2]string{{"version", "\xff"}}, 422, "not text"},
		"a flood":           {[][2]string{{"logo*", strings.Repeat("x", fileLimit)}}, 413, "more than this form takes"},
	} {
		kind, body := sent(t, tt.parts...)
		s.answer = func(q *Request) (Reply, error) {
			form, file, err := q.File("logo", 10, "version")
			if err != nil {
				return nil, err
			}
			return saying(q, form.Text("version")+" "+string(file)), nil
		}
		q := httptest.NewRequest("POST", "/file", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		r := s.send(q)
		if r.Code != tt.status || !strings.Contains(r.Body.String(), tt.says) {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	kind, body := sent(t, [2]string{"logo*", "content"})
	for name, r := range map[string]struct{ kind, body string }{
		"half of it": {kind, body[:len(body)-20]}, "another kind": {"application/x-www-form-urlencoded", "version=7"}, "no boundary": {"multipart/form-data", body},
	} {
		q := httptest.NewRequest("POST", "/file", strings.NewReader(r.body))
		q.Header.Set("Content-Type", r.kind)
		if got := s.send(q); got.Code/100 != 4 {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
}
