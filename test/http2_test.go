package test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"atrium/test/apptest"
)

// TestAProxyMaySpeakHTTP2 asks as a proxy does that speaks HTTP/2 without TLS, and
// as one that speaks HTTP/1.1: for a page, for a form, for what is no page.
func TestAProxyMaySpeakHTTP2(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann")
		for version, set := range map[int]func(*http.Protocols, bool){1: (*http.Protocols).SetHTTP1, 2: (*http.Protocols).SetUnencryptedHTTP2} {
			var p http.Protocols
			set(&p, true)
			proxy := &http.Transport{Protocols: &p}
			t.Cleanup(proxy.CloseIdleConnections)
			ask := func(method, path string) (*http.Response, string) {
				q, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range ann.Owner.Cookies() {
					q.AddCookie(c)
				}
				r, err := proxy.RoundTrip(q)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Body.Close()
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				if r.ProtoMajor != version {
					t.Errorf("%s %s was answered in %s, not in HTTP/%d", method, path, r.Proto, version)
				}
				return r, string(body)
			}
			if r, page := ask("GET", ann.Path("/users")); r.StatusCode != http.StatusOK || !strings.Contains(page, "User Management") {
				t.Errorf("HTTP/%d: the page is %s", version, r.Status)
			}
			if r, _ := ask("POST", ann.Path("/users/rules/two-step")); r.StatusCode == http.StatusOK {
				t.Errorf("HTTP/%d: an empty form is %s", version, r.Status)
			}
			if r, _ := ask("GET", "/a/99999/users"); r.StatusCode != http.StatusNotFound {
				t.Errorf("HTTP/%d: another's account is %s", version, r.Status)
			}
		}
	})
}
