package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/fault"
)

func TestEveryKindOfErrorHasItsStatus(t *testing.T) {
	s := newSite(t, plain)
	for _, c := range []struct {
		err    error
		status int
		title  string
		says   string
		code   string
		retry  string
	}{
		{fault.Invalidf("The name is too long."), 422, "That did not work", "The name is too long.", "", ""},
		{fault.FieldErr("name", "name.long", "Shorten it to %d characters.", 80), 422, "That did not work", "Shorten it to 80 characters.", "name.long", ""},
		{fault.NotFoundf("This link is not complete."), 404, "Page not found", "This link is not complete.", "", ""},
		{errNoPage, 404, "Page not found", "There is nothing at this address that you can open.", "", ""},
		{NoPage(), 404, "Page not found", "There is nothing at this address that you can open.", "", ""},
		{fault.Deniedf("You may not.").WithCode("no"), 403, "Access denied", "You may not.", "no", ""},
		{fault.Conflictf("%s was quicker.", "Ann").WithCode("late"), 409, "That did not work", "Ann was quicker.", "late", ""},
		{fault.TooManyf(59*time.Second, "Wait a minute."), 429, "That was too often", "Wait a minute.", "", "60"},
		{fault.Unavailablef("It does not answer.").Because(errors.New("dial tcp 10.0.0.1")), 503, "Something went wrong", "It does not answer.", "", ""},
		{&fault.Error{Kind: fault.Unavailable, Public: "Busy.", RetryAfter: 5 * time.Second}, 503, "Something went wrong", "Busy.", "", "6"},
		{errors.New("SELECT password FROM users"), 500, "Something went wrong", "Something went wrong on our side.", "", ""},
		{fmt.Errorf("saving: %w", fault.Conflictf("Too late.")), 409, "That did not work", "Too late.", "", ""},
		{httpError{http.StatusTeapot, "Only tea."}, 418, "That did not work", "Only tea.", "", ""},
		{fmt.Errorf("reading: %w", httpError{413, "Too large."}), 413, "That did not work", "Too large.", "", ""},
	} {
		s.answer = func(*Request) (Reply, error) { return nil, c.err }
		a := s.do("GET", "/do").is(c.status).says(c.says).has("Retry-After", c.retry)
		if h1 := a.find("h1").Text(); h1 != c.title {
			t.Errorf("%v: the page is called %q, want %q", c.err, h1, c.title)
		}
		b := s.do("GET", "/api/v1/do").is(c.status).has("Content-Type", "application/problem+json").has("Retry-After", c.retry)
		var p problem
		ok(t, json.Unmarshal(b.Body.Bytes(), &p))
		if p.Type != "about:blank" || p.Status != c.status || p.Title != http.StatusText(c.status) || p.Code != c.code || len(p.ID) != 12 {
			t.Errorf("%v: the problem is %s", c.err, b.Body)
		}
		if c.status != 500 && p.Detail != c.says && (len(p.Fields) != 1 || p.Fields[0] != problemField{"name", "name.long", c.says}) {
			t.Errorf("%v: the problem says %s", c.err, b.Body)
		}
		for _, inside := range []string{"SELECT", "dial tcp", "saving", "reading"} {
			if strings.Contains(a.Body.String()+b.Body.String(), inside) {
				t.Errorf("%q reaches a person", inside)
			}
		}
	}
}

func TestOurOwnFailureIsShownByANumberOnly(t *testing.T) {
	s := newSite(t, plain)
	s.answer = func(*Request) (Reply, error) { return nil, errors.New("the database burns") }
	a := s.do("GET", "/do").is(500).saysNot("burns")
	var number string
	for _, line := range strings.Fields(s.log.String()) {
		if id, found := strings.CutPrefix(line, "request="); found {
			number = id
		}
	}
	if len(number) != 12 {
		t.Fatalf("logged\n%s", s.log)
	}
	a.says("If you ask us about this, tell us this number: " + number)
	if !strings.Contains(s.log.String(), `request=`+number+` route="GET /do" err="the database burns"`) {
		t.Errorf("logged\n%s", s.log)
	}
	s.answer = func(*Request) (Reply, error) {
		return nil, fault.Unavailablef("Busy.").Because(errors.New("no route to the database"))
	}
	s.do("GET", "/do").is(503).says("tell us this number")
	if !strings.Contains(s.log.String(), "no route to the database") {
		t.Error("why it was not available is on no log")
	}
	s.answer = func(*Request) (Reply, error) { return nil, fault.Conflictf("Too late.") }
	s.do("GET", "/do").is(409).saysNot("this number")
}

func TestTheAPISaysThatOneIsLoggedOut(t *testing.T) {
	s := newSite(t, plain)
	a := s.do("GET", "/api/v1/accounts/10001/membership").is(401).has("Content-Type", "application/problem+json").has("Location", "")
	if !strings.Contains(a.Body.String(), `"code":"login"`) {
		t.Errorf("got %s", a.Body)
	}
	s.do("GET", "/api/v1/nothing").is(404).has("Content-Type", "application/problem+json")
}

// Whether there is nothing, or something of somebody else's, shows in nothing.
func TestA404LooksTheSameWhereverItWasAsked(t *testing.T) {
	s := newSite(t, plain)
	s.answer = func(*Request) (Reply, error) { return nil, errNoPage }
	within := s.post("/a/10001/domains", "", s.as(s.ann)).is(404)
	stranger := s.post("/a/10001/domains", "", s.as(s.sam)).is(404)
	if a, b := within.find("main .stack").Text(), stranger.find("main .stack").Text(); a != b || a == "" {
		t.Errorf("%q and %q", a, b)
	}
	if a, b := within.find("title").Text(), stranger.find("title").Text(); a != b {
		t.Errorf("%q and %q", a, b)
	}
}

func TestWrongPasswordsAndLimitsAreSecurityEvents(t *testing.T) {
	s := newSite(t, plain)
	for _, err := range []error{
		fault.FieldErr("email", access.WrongLogin, "The email address or the password is wrong."),
		fault.TooManyf(time.Minute, "Wait.").WithCode("limit.login"),
	} {
		s.answer = func(q *Request) (Reply, error) {
			p := saying(q, "the form")
			p.Err = err
			return p, nil
		}
		s.post("/do", "email=ann%40example.com&password=hunter2", s.as(s.ann), from("192.0.2.7:1"))
		s.answer = func(*Request) (Reply, error) { return nil, err }
		s.do("GET", "/api/v1/do")
	}
	log := s.log.String()
	if strings.Count(log, `level=WARN msg="security: log in failed"`) != 2 || strings.Count(log, `level=WARN msg="security: limit reached" limit=limit.login`) != 2 || !strings.Contains(log, "ip=192.0.2.7 user=") {
		t.Errorf("logged\n%s", log)
	}
	if strings.Contains(log, "hunter2") || strings.Contains(log, "ann@example.com") {
		t.Error("what was typed is on the log")
	}
}

// What failed is told in a whole page, though the database went away meanwhile and
// the list of one's accounts can't be read.
func TestThatTheDatabaseIsAwayIsSaidWithoutAskingIt(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{fault.Unavailablef("We could not confirm that this was saved."), 503, "We could not confirm that this was saved."},
		{errors.New("closed"), 500, "If you ask us about this, tell us this number"},
	} {
		s := newSite(t, plain)
		s.answer = func(*Request) (Reply, error) {
			ok(t, s.DB.Close())
			return nil, c.err
		}
		a := s.post("/a/10001/domains", "", s.as(s.ann)).is(c.status).says(c.says)
		if a.find("title").Length() != 1 || a.find("a[href='/accounts']").Length() == 0 {
			t.Errorf("half a page:\n%s", a.Body)
		}
	}
}
