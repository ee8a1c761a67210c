package ui_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"atrium/ui"
)

func newAssets(t *testing.T) *ui.Assets {
	t.Helper()
	a, err := ui.NewAssets()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ask(a *ui.Assets, method, url, encoding string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

func TestAssetsAreKeptForEverUnderANameThatChanges(t *testing.T) {
	a := newAssets(t)
	for name, kind := range map[string]string{
		"atrium.css":  "text/css; charset=utf-8",
		"atrium.js":   "text/javascript; charset=utf-8",
		"favicon.svg": "image/svg+xml",
	} {
		want, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		url := a.URL(name)
		stem, ext, _ := strings.Cut(name, ".")
		if !regexp.MustCompile(`^/assets/` + stem + `\.[0-9a-f]{12}\.` + ext + `$`).MatchString(url) {
			t.Errorf("%s is at %s", name, url)
		}
		r := ask(a, "GET", url, "")
		got, _ := io.ReadAll(r.Body)
		if r.StatusCode != 200 || string(got) != string(want) || r.ContentLength != int64(len(want)) {
			t.Errorf("%s: %d, %d bytes of %d", url, r.StatusCode, len(got), len(want))
		}
		for h, want := range map[string]string{
			"Content-Type":           kind,
			"Cache-Control":          "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff",
			"Content-Encoding":       "",
		} {
			if got := r.Header.Get(h); got != want {
				t.Errorf("%s: %s is %q, want %q", url, h, got, want)
			}
		}
	}
}

func TestAssetsAreCompressedForWhoTakesGzip(t *testing.T) {
	a := newAssets(t)
	want, err := os.ReadFile("assets/atrium.css")
	if err != nil {
		t.Fatal(err)
	}
	for header, packed := range map[string]bool{
		"":                  false,
		"br":                false,
		"gzip":              true,
		"GZIP;q=0.5":        true,
		"br, gzip ; q = 1 ": true,
		"gzip;q=0":          false,
		"gzip;q=0.000, br":  false,
		"xgzip":             false,
	} {
		r := ask(a, "GET", a.URL("atrium.css"), header)
		if got := r.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("Accept-Encoding %q: packed %v", header, got)
		}
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary is %q", header, r.Header.Get("Vary"))
		}
		if packed {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(z); err != nil || string(got) != string(want) {
				t.Errorf("Accept-Encoding %q: %d bytes, %v", header, len(got), err)
			}
		}
	}
}

func TestOtherPathsAndMethodsAreRefused(t *testing.T) {
	a := newAssets(t)
	for _, path := range []string{"/assets/", "/assets/atrium.css", "/assets/atrium.000000000000.css", "/assets/../assets.go"} {
		r := ask(a, "GET", path, "gzip")
		if r.StatusCode != 404 || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
	}
	if r := ask(a, "POST", a.URL("atrium.css"), ""); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", r.StatusCode, r.Header.Get("Allow"))
	}
	r := ask(a, "HEAD", a.URL("atrium.css"), "")
	if body, _ := io.ReadAll(r.Body); r.StatusCode != 200 || len(body) > 0 || r.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d, %d bytes", r.StatusCode, len(body))
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown name has a URL")
		}
	}()
	a.URL("other.css")
}

// What every page pulls in stays small, and asks nothing of other servers.
func TestAssetsStaySmallAndAtHome(t *testing.T) {
	a := newAssets(t)
	for name, limit := range map[string]int64{"atrium.css": 8 << 10, "atrium.js": 6 << 10} {
		if got := ask(a, "GET", a.URL(name), "gzip").ContentLength; got > limit {
			t.Errorf("%s has %d bytes packed, allowed are %d", name, got, limit)
		}
		text, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`https?:|data:|url\(|@import|innerHTML|\.style\b`).Find(text); found != nil {
			t.Errorf("%s contains %s", name, found)
		}
	}
}
