package access

import (
	"net/url"
	"testing"
)

func TestBrowsersOfferPasskeysAtANameUnderHTTPSOrOnThisMachine(t *testing.T) {
	for base, want := range map[string]bool{
		"https://my.example.com":      true,
		"https://my.example.com:8443": true,
		"http://localhost:8080":       true,
		"http://atrium.localhost":     true,
		"http://my.example.com":       false,
		"https://192.0.2.1":           false,
		"http://127.0.0.1:8080":       false,
		"https://[2001:db8::1]":       false,
	} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		if got := NewPasskeys(nil, nil, u, nil).Possible(); got != want {
			t.Errorf("%s: %v, want %v", base, got, want)
		}
	}
}
