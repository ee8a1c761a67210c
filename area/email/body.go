package email

import (
	"strings"

	"golang.org/x/net/html"
)

// unlinked is an HTML document whose links lead nowhere: in the sandbox they
// could only replace the mail by an error.
func unlinked(document string) []byte {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(document))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return []byte(out.String()) // the end: a string has no other error
		}
		raw := string(z.Raw()) // before Token changes it
		t := z.Token()
		if kept := withoutHref(t.Attr); len(kept) < len(t.Attr) {
			t.Attr = kept
			raw = t.String()
		}
		out.WriteString(raw)
	}
}

func withoutHref(all []html.Attribute) []html.Attribute {
	var kept []html.Attribute
	for _, a := range all {
		if a.Key != "href" {
			kept = append(kept, a)
		}
	}
	return kept
}

// hasImages tells whether a document has images that are elsewhere.
func hasImages(document string) bool {
	z := html.NewTokenizer(strings.NewReader(document))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			for _, a := range t.Attr {
				if t.Data == "img" && a.Key == "src" && !strings.HasPrefix(a.Val, "data:") {
					return true
				}
			}
		}
	}
}
