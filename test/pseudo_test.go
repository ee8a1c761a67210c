package test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/db/dbtest"
	"atrium/base/web"
	"atrium/test/apptest"
)

// Every page, in a language whose sentences have brackets: letters outside of
// them were written past the printer, and nobody could translate them.
func TestEveryWordOfEveryPageCanBeTranslated(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	acme := w.Account("Acme", "ann")
	acme.Member("bob", "domains")
	paths := newPaths(t, w, acme)
	visitor := w.Staff("vera")
	visitor.Get("/staff/accounts/"+acme.Number.String()+"/visit").OK().Submit("main form", url.Values{"reason": {"Reason of Vera"}}).SeeOther()
	people := map[string]*apptest.Person{
		"anonymous": w.Person("nobody"), "owner": acme.Owner, "member": memberWithNothing(t, w, acme, "nil"),
		"staff": w.Staff("stan"), "visiting staff": visitor,
	}
	w.Exec(`UPDATE emails SET subject = '[1]', body_text = '[1]', body_html = '<p>[1]</p>' WHERE account_id >= 0`) // what they say, the next test looks at
	other := w.Another(apptest.Speaking("en-XA"))
	seen, bare := map[int]int{}, map[string]string{}
	look := func(r *apptest.Response, where string) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || r.Body == "" {
			return
		}
		seen[r.Status]++
		for _, text := range outside(r.Find("html")) {
			if bare[text] == "" {
				bare[text] = where
			}
		}
	}
	for name, p := range people {
		p = p.At(other)
		for _, row := range w.App.Routes.Rows() {
			switch {
			case row.Path == web.VisitEnd || strings.HasSuffix(row.Path, "/logout"):
			case row.Method == "GET":
				r := p.Get(paths.fill(row.Path))
				look(r, name+" at "+row.Path)
				for _, form := range emptied(r) {
					look(p.Post(form.path, form.values), name+" sends nothing from "+row.Path)
				}
			default:
				look(p.Post(paths.fill(row.Path), url.Values{"no-form-has-this": {"1"}}), name+" posts to "+row.Path)
			}
		}
	}
	if seen[200] < 120 || seen[422] < 150 || seen[403] < 20 {
		t.Errorf("too few pages were seen: %v by their status", seen)
	}
	for _, text := range slices.Sorted(maps.Keys(bare)) {
		t.Errorf("%s: nobody can translate %q", bare[text], text)
	}
}

// An emptyForm is one that was sent without what must be typed.
type emptyForm struct {
	path   string
	values url.Values
}

// emptied are the forms of a page in which something must be typed, without it:
// so each says what is wrong and does nothing.
func emptied(r *apptest.Response) (all []emptyForm) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	r.Find("main form[method=post]:has(input[required], textarea[required]):not([enctype])").Each(func(_ int, form *goquery.Selection) {
		f := emptyForm{form.AttrOr("action", r.Path), url.Values{}}
		form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
			value := ""
			if field.AttrOr("type", "") == "hidden" {
				value = field.AttrOr("value", "")
			}
			switch field.AttrOr("type", "") {
			case "checkbox", "radio":
			default:
				f.values.Set(field.AttrOr("name", ""), value)
			}
		})
		all = append(all, f)
	})
	return all
}

// outside are the texts of a page that have letters outside of brackets.
func outside(html *goquery.Selection) []string {
	var all []string
	add := func(text string) {
		if rest := bareWords(text); rest != "" {
			all = append(all, strings.Join(strings.Fields(text), " ")+" → "+rest)
		}
	}
	html = html.Clone()
	html.Find("script, style, .av, .key, .codes, pre, code, iframe, [lang]:not(html) *, select[name=country] option, select[name*=zone] option, select[name=language] option").Remove()
	html.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, name := range []string{"aria-label", "title", "placeholder", "alt", "data-l", "data-busy", "data-count", "data-adds", "data-takes", "data-also", "data-also-not"} {
			add(e.AttrOr(name, ""))
		}
		own := "" // a word may be broken within: <wbr>
		e.Contents().Each(func(_ int, n *goquery.Selection) {
			if goquery.NodeName(n) == "#text" {
				own += n.Text()
			}
		})
		add(own)
	})
	return all
}

// typed is what people and machines have written in this test.
var typed = regexp.MustCompile(`\S+@\S+|[a-z]+://\S+|/\S+|127.0.0.x|\d\.\d\.\d OK: queued|\b(Acme|Atrium|Nordlicht|Billing Office|example.com|Reason of Vera|(Ann|Bob|Rita\d*|Nil|Stan|Vera|Mia|Bert|Erna|Carla|Dirk)( (Owner|Member|Staff))?|Germany|English|Deutsch|UTC|ATRIUM_\w+)\b`)

// bareWords is what is left of a text without its brackets, without what is
// typed, and without dates' figures: letters only.
func bareWords(text string) string {
	depth := 0
	rest := strings.Map(func(r rune) rune {
		switch {
		case r == '[':
			depth++
			return ' '
		case r == ']':
			depth--
			return ' '
		case depth > 0:
			return -1
		}
		return r
	}, text)
	rest = typed.ReplaceAllString(rest, "")
	if !strings.ContainsFunc(rest, unicode.IsLetter) {
		return ""
	}
	return strings.TrimSpace(rest)
}
