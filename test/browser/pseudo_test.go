package browser

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// Every page in a language that is longer than English by two fifths, and in one
// that is written from right to left: none scrolls sideways, on a desk or on a
// phone. The pictures are to be looked at.
func TestEveryPageFitsInOtherLanguages(t *testing.T) {
	b := newBrowser(t)
	for _, language := range []string{"en-XA", "ar-XB"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := apptest.New(t, dbtest.SQLite)
			acme := w.Account("Nordlicht Studio", "maja")
			acme.Member("bob", "domains", "emails")
			acme.InviteLink("waiting@example.com", "domains", "invoices")
			acme.Owner.Open("Nordwind Charter")
			people := map[string]*apptest.Person{"guest": w.Person("guest"), "owner": acme.Owner, "staff": w.Staff("ines")}
			s := newStory(t, b, w.Another(apptest.Speaking(language)), language)
			seen := 0
			for name, who := range people {
				who = who.At(s.World)
				tab := s.person()
				tab.as(who)
				for _, path := range everyPage(who) {
					tab.fitsIn(language, name, path)
					seen++
				}
			}
			if seen < 50 {
				t.Errorf("only %d pages were found", seen)
			}
		})
	}
}

func (p *tab) fitsIn(language, who, path string) {
	p.s.t.Helper()
	p.open(path)
	if got := eval[string](p, `document.documentElement.lang + " " + document.dir`); got != language+" ltr" && got != language+" rtl" || strings.HasSuffix(got, "rtl") != (language == "ar-XB") {
		p.s.t.Errorf("%s speaks %s", path, got)
	}
	for _, v := range []view{phone, desk} {
		name := language + "-" + who + strings.ReplaceAll(strings.TrimSuffix(varying.ReplaceAllString(path, "/one"), "/"), "/", "-")
		p.do(v.set())
		p.fits(name+" ("+path+")", v.width)
		if x := eval[float64](p, `scrollX`); x != 0 {
			p.s.t.Errorf("%s: the page is scrolled by %v to the side", name, x)
		}
		p.picture(name + map[bool]string{true: "-390", false: "-1280"}[v == phone])
	}
}

// varying is what differs in addresses of the same page: numbers, ids, tokens
// and queries.
var varying = regexp.MustCompile(`/([0-9]{5,}|[0-9a-z]{11}|[A-Za-z0-9_-]{20,})\b|\?.*`)

// everyPage are the addresses that links lead somebody to from where they begin,
// one for each kind of page.
func everyPage(p *apptest.Person) []string {
	var all []string
	kinds := map[string]bool{}
	todo := []string{"/", "/login", "/register", "/staff/"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		kind := varying.ReplaceAllString(path, "/*")
		if kinds[kind] {
			continue
		}
		kinds[kind] = true
		r := p.Get(path)
		for r.Status == 303 { // where it leads is another page
			to, err := url.Parse(r.Header.Get("Location"))
			if err != nil {
				break
			}
			path = to.RequestURI()
			r = p.Get(path)
		}
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || r.Status != 200 && r.Status != 403 || strings.HasSuffix(kind, "/body") || slices.Contains(all, path) {
			continue
		}
		all = append(all, path)
		r.Find("a[href^='/']").Each(func(_ int, a *goquery.Selection) { todo = append(todo, a.AttrOr("href", "")) })
	}
	slices.Sort(all)
	return all
}
