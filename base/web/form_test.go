package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// read answers what a form was read as.
func read(q *Request) (Reply, error) {
	f, err := q.Form("name", "many*")
	if err != nil {
		return nil, err
	}
	return saying(q, fmt.Sprintf("%q %q %q", f.Text("name"), f.Raw("name"), f.All("many"))), nil
}

const form = "application/x-www-form-urlencoded"

func TestAFormIsReadStrictly(t *testing.T) {
	s := newSite(t, plain)
	s.answer = read
	for name, c := range map[string]struct {
		kind, body string
		status     int
		says       string
	}{
		"everything":           {form, "name=a+b&many=1&many=2", 200, `"a b" "a b" ["1" "2"]`},
		"nothing":              {form, "", 200, `"" "" []`},
		"no body and no kind":  {"", "", 200, `"" "" []`},
		"with a charset":       {form + "; charset=utf-8", "name=%C3%A9", 200, `"é"`},
		"spaces and lines":     {form, "name=+a%0D%0Ab+", 200, `"a\nb" " a\nb "`},
		"a value that is none": {form, "name", 200, `"" "" []`},
		"unknown":              {form, "name=a&admin=1", 422, "a field that does not belong to it"},
		"doubled":              {form, "name=a&name=b", 422, "the same field twice"},
		"doubled and empty":    {form, "name=&name=", 422, "the same field twice"},
		"an array":             {form, "name[]=a", 422, "a field that does not belong to it"},
		"another case":         {form, "Name=a", 422, "a field that does not belong to it"},
		"the star itself":      {form, "many*=a", 422, "a field that does not belong to it"},
		"an empty name":        {form, "=a", 422, "a field that does not belong to it"},
		"NUL":                  {form, "name=a%00b", 422, "characters that are not text"},
		"NUL in one of many":   {form, "many=a&many=b%00", 422, "characters that are not text"},
		"not UTF-8":            {form, "name=%ff", 422, "characters that are not text"},
		"a surrogate":          {form, "name=%ED%A0%80", 422, "characters that are not text"},
		"a broken escape":      {form, "name=%zz", 422, "damaged on its way"},
		"a semicolon":          {form, "name=a;many=b", 422, "damaged on its way"},
		"JSON":                 {"application/json", `{"name":"a"}`, 415, "only understands forms"},
		"multipart":            {"multipart/form-data; boundary=x", "--x--", 415, "only understands forms"},
		"text":                 {"text/plain", "name=a", 415, "only understands forms"},
		"two kinds":            {form + ", text/plain", "name=a", 415, "only understands forms"},
		"no kind":              {"", "name=a", 415, "only understands forms"},
		"just small enough":    {form, "name=" + strings.Repeat("x", bodyLimit-5), 200, `"xxxxx`},
		"too large":            {form, "name=" + strings.Repeat("x", bodyLimit-4), 413, "That is more than this form takes. Nothing was saved."},
	} {
		a := s.post("/do", c.body, func(q *http.Request) { q.Header.Set("Content-Type", c.kind) })
		if a.Code != c.status || !strings.Contains(a.words(), c.says) {
			t.Errorf("%s: answered %d %.300q, want %d %q", name, a.Code, a.words(), c.status, c.says)
		}
	}
}

func TestABodyOfUnknownLengthIsLimitedToo(t *testing.T) {
	s := newSite(t, plain)
	s.answer = read
	q := httptest.NewRequest("POST", "/do", struct{ *strings.Reader }{strings.NewReader("name=" + strings.Repeat("x", bodyLimit))})
	q.Header.Set("Content-Type", form)
	q.ContentLength = -1
	s.send(q).is(413)
	q = httptest.NewRequest("POST", "/do", struct{ *strings.Reader }{strings.NewReader("name=a")})
	q.ContentLength = -1
	s.send(q).is(415)
}

// What stands in the address is not part of the form.
func TestTheQueryIsNoForm(t *testing.T) {
	s := newSite(t, plain)
	s.answer = read
	s.post("/do?name=query&other=1", "many=1").is(200).says(`"" "" ["1"]`)
}

func TestAQueryThatIsNoTextIsEmpty(t *testing.T) {
	s := newSite(t, plain)
	s.answer = func(q *Request) (Reply, error) { return saying(q, fmt.Sprintf("%q", q.Query("a"))), nil }
	for query, want := range map[string]string{"a=b": `"b"`, "a=b&a=c": `"b"`, "a=%00": `""`, "a=%ff": `""`, "": `""`, "a=%F0%9F%99%82": `"🙂"`} {
		s.do("GET", "/do?"+query).is(200).says(want)
	}
}

func TestTheBrowsersNameIsShortenedToWholeLetters(t *testing.T) {
	s := newSite(t, plain)
	for sent, want := range map[string]string{
		"Firefox": "Firefox", strings.Repeat("x", 300): strings.Repeat("x", 200), strings.Repeat("x", 199) + "é": strings.Repeat("x", 199), "\xff": "", "": "",
	} {
		a := s.do("GET", "/who", header("User-Agent", sent)).is(200)
		if got := strings.TrimPrefix(a.find("#says").Text(), "anonymous  127.0.0.1 "); got != want {
			t.Errorf("%q is kept as %q, want %q", sent, got, want)
		}
	}
}

func TestLoggingInLeadsNowhereElse(t *testing.T) {
	for next, want := range map[string]string{
		"/": "/", "/a/10001/": "/a/10001/", "/a/10001/users?q=b%20c&page=2#x": "/a/10001/users?q=b%20c&page=2#x", "/invite/10001.abc": "/invite/10001.abc", "/é": "/é",
		"/x?next=//evil.example": "/x?next=//evil.example", "/%5cevil.example": "/%5cevil.example", "/%2f/evil.example": "/%2f/evil.example", "/a//evil.example": "/a//evil.example",
		"": "/", "a": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\/evil.example`: "/", `\\evil.example`: "/", "https://evil.example/": "/",
		"http:/evil.example": "/", "javascript:alert(1)": "/", " //evil.example": "/", "/\t/evil.example": "/", "/\n/evil.example": "/", "/\r\nSet-Cookie: a=b": "/", "\t//evil.example": "/",
		"/\x00": "/", "/\xff": "/", "/\x7f": "/", "/%zz": "/", "/#\r\nSet-Cookie: a=b": "/", "/#\u0085": "/", "?a": "/", "#a": "/", ".": "/", "@evil.example": "/", ":": "/",
	} {
		if got := Next(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	base, err := url.Parse(secure)
	ok(t, err)
	part := rapid.SampledFrom([]string{"/", `\`, "\t", "\n", "\r", " ", "\x00", "\u00a0", "evil.example", "a", "%2f", "%5c", "%09", "@", ":", "?", "#", ".", "..", ";", "https:", "é"})
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "parts"), "")
		next := Next(typed)
		// Browsers leave out tabs and line ends, and take \ for / in a path.
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(next))
		path, _, _ := strings.Cut(seen, "?")
		path, _, _ = strings.Cut(path, "#")
		path = strings.ReplaceAll(path, `\`, "/")
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(next, "\r\n\x00") {
			t.Fatalf("%q leads to %q", typed, next)
		}
		if to, err := base.Parse(next); err != nil || to.Host != base.Host || to.Scheme != base.Scheme {
			t.Fatalf("%q leads to %v, %v", typed, to, err)
		}
	})
}
