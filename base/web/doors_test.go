package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db/dbtest"
)

// That a handler behind the wrong door, a route without a door and a proof made
// outside base/access don't compile is the compiler's to hold. What follows is
// what a door decides when somebody comes.

func TestADoorLetsInWhomItsNameSays(t *testing.T) {
	s := newSite(t, plain)
	in := "/a/" + s.acme.String()
	people := map[string]access.Token{"ann": s.ann, "bob": s.bob, "mia": s.mia, "sam": s.sam, "stan": s.stan, "nobody": {}}
	for _, c := range []struct {
		path   string
		opens  string // for whom
		others map[string]int
	}{
		{"/do", "ann bob mia sam stan nobody", nil},
		{"/me", "ann bob mia sam", map[string]int{"stan": 303, "nobody": 303}},
		{in + "/", "ann bob mia", map[string]int{"sam": 404, "stan": 303, "nobody": 303}},
		{in + "/invoices", "ann bob", map[string]int{"mia": 403, "sam": 404, "stan": 303, "nobody": 303}},
		{in + "/domains", "ann", map[string]int{"bob": 403, "mia": 403, "sam": 404, "stan": 303, "nobody": 303}},
		{in + "/users", "ann mia", map[string]int{"bob": 403, "sam": 404, "stan": 303, "nobody": 303}},
		{in + "/ownership", "ann", map[string]int{"bob": 403, "mia": 403, "sam": 404, "stan": 303, "nobody": 303}},
		{"/staff/", "stan", map[string]int{"ann": 303, "bob": 303, "mia": 303, "sam": 303, "nobody": 303}},
		{"/api/v1/accounts/" + s.acme.String() + "/membership", "ann bob mia", map[string]int{"sam": 404, "stan": 401, "nobody": 401}},
	} {
		for name, token := range people {
			want := http.StatusOK
			if !slices.Contains(strings.Fields(c.opens), name) {
				want = c.others[name]
			}
			if got := s.do("GET", c.path, s.as(token)).Code; got != want {
				t.Errorf("%s opens %s: %d, want %d", name, c.path, got, want)
			}
		}
	}
}

func TestAHandlerIsHandedTheProofOfWhoCame(t *testing.T) {
	s := newSite(t, plain)
	s.do("GET", "/me", s.as(s.bob)).says("I am Bob@example.com")
	s.do("GET", "/a/"+s.acme.String()+"/invoices", s.as(s.bob)).says("Inside " + s.acme.String())
	s.do("GET", "/staff/", s.as(s.stan)).says("Staff stan@example.com")
	s.do("GET", "/who").says("anonymous 127.0.0.1")
	s.do("GET", "/who", s.as(s.bob), from("192.0.2.7:1"), header("User-Agent", "Firefox")).says("user Bob@example.com 192.0.2.7 Firefox")
}

func TestWhatIsNoAccountOfOnesOwnIsNotThere(t *testing.T) {
	s := newSite(t, plain)
	foreign := s.do("GET", "/a/"+s.acme.String()+"/invoices", s.as(s.sam)).is(404)
	for _, number := range []string{"99999", "0", "010001", "-10001", "abc", "10001x", "%31%30%30%30%32", "99999999999999999999", "10001%00"} {
		missing := s.do("GET", "/a/"+number+"/invoices", s.as(s.sam)).is(404)
		if missing.Body.String() != foreign.Body.String() {
			t.Errorf("%s looks different from a foreign account", number)
		}
		if !slices.Equal(keys(missing.Header()), keys(foreign.Header())) || missing.Header().Get("Content-Length") != foreign.Header().Get("Content-Length") {
			t.Errorf("%s has other headers: %v and %v", number, missing.Header(), foreign.Header())
		}
	}
	s.do("GET", "/a/0"+s.acme.String()+"/", s.as(s.ann)).is(404)
	if log := s.log.String(); !strings.Contains(log, `msg="security: no member of this account"`) {
		t.Error("nobody watching over the system sees it")
	}
}

func keys(h http.Header) []string {
	var list []string
	for name := range h {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestWhoIsLoggedOutIsSentToLogInAndBack(t *testing.T) {
	s := newSite(t, plain)
	s.do("GET", "/me?a=1&b=%2F").is(303).has("Location", "/login?next=%2Fme%3Fa%3D1%26b%3D%252F")
	s.do("HEAD", "/me").is(303).has("Location", "/login?next=%2Fme")
	s.do("GET", "/staff/").is(303).has("Location", "/staff/login?next=%2Fstaff%2F")
	s.post("/me", "").is(401).says("You were logged out; nothing was saved").has("Location", "")
	s.post("/a/10001/domains", "").is(401).says("nothing was saved")
	// Every sort of cookie that opens nothing.
	for _, value := range []string{"", "x", access.NewToken().Reveal(), s.ann.Reveal() + "x", strings.ToLower(s.ann.Reveal()), "10001." + s.ann.Reveal(), s.ann.Hash(), s.stan.Reveal()} {
		s.do("GET", "/me", cookie("atrium", value)).is(303)
	}
	s.do("GET", "/me", cookie("__Host-atrium", s.ann.Reveal())).is(303)
	dbtest.Clock(s.DB).Add(access.DefaultLives().User.Idle)
	s.do("GET", "/me", s.as(s.ann)).is(303)
	s.do("GET", "/a/10001/", s.as(s.ann)).is(303).has("Location", "/login?next=%2Fa%2F10001%2F")
	s.do("GET", "/staff/", s.as(s.stan)).is(303)
}

func TestADatabaseThatDoesNotAnswerLogsNobodyOut(t *testing.T) {
	s := newSite(t, plain)
	ok(t, s.DB.Close())
	for path, token := range map[string]access.Token{"/me": s.ann, "/a/10001/": s.ann, "/staff/": s.stan, "/api/v1/accounts/10001/membership": s.ann} {
		if a := s.do("GET", path, s.as(token)); a.Code < 500 {
			t.Errorf("%s answered %d to %s", path, a.Code, a.Header().Get("Location"))
		}
	}
	s.do("GET", "/who", s.as(s.ann)).is(200).saysNot("Ann") // where anyone may go, nobody gets more by it
}

func TestADeniedPageSaysWhatIsMissingAndWhatIsThere(t *testing.T) {
	s := newSite(t, plain)
	s.do("GET", "/a/10001/domains", s.as(s.bob)).is(403).says("Access denied").says("You cannot open Domains of Acme.").says("View Domains").
		says("Ann manages who may do what.").says("View & Pay Invoices")
	s.do("GET", "/a/10001/users", s.as(s.bob)).is(403).says("Only the owner of this account manages its users.").says("The owner is Ann.")
	s.do("GET", "/a/10001/ownership", s.as(s.mia)).is(403).says("nothing has been shared with you yet")
	if log := s.log.String(); strings.Count(log, `msg="security: access denied"`) != 3 || !strings.Contains(log, "door=domains") || !strings.Contains(log, "door=owner") {
		t.Errorf("logged\n%s", log)
	}
}

func TestTheMenuHoldsWhatIsBehindDoorsThatOpen(t *testing.T) {
	s := newSite(t, plain)
	for _, c := range []struct {
		who  access.Token
		want string
	}{{s.ann, "Home Domains Invoices"}, {s.bob, "Home Invoices For those who may not"}, {s.mia, "Home"}} {
		a := s.do("GET", "/a/10001/", s.as(c.who)).is(200)
		var labels []string
		for _, item := range a.find("nav.side a").EachIter() {
			labels = append(labels, strings.Join(strings.Fields(item.Text()), " "))
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("the menu is %q, want %q", got, c.want)
		}
		if a.find("nav.side a[aria-current=page]").Text() == "" {
			t.Error("no entry is the present one")
		}
	}
}

func TestCardsStandInTheirOrderForThoseWhoMaySeeThem(t *testing.T) {
	s := newSite(t, plain)
	for who, want := range map[access.Token]string{s.ann: "the domains' card the invoices' card", s.bob: "the invoices' card", s.mia: ""} {
		a := s.do("GET", "/a/10001/", s.as(who)).is(200)
		var cards []string
		for _, p := range a.find("p").EachIter() {
			if strings.HasSuffix(p.Text(), "card") {
				cards = append(cards, p.Text())
			}
		}
		if got := strings.Join(cards, " "); got != want {
			t.Errorf("the cards are %q, want %q", got, want)
		}
	}
}

func TestAnAPIRouteAnswersJSON(t *testing.T) {
	s := newSite(t, plain)
	a := s.do("GET", "/api/v1/accounts/10001/membership", s.as(s.bob)).is(200).has("Content-Type", "application/json").has("Cache-Control", "no-store")
	var got struct {
		Account int64
		User    string
	}
	ok(t, json.Unmarshal(a.Body.Bytes(), &got))
	if got.Account != 10001 || len(got.User) != 11 {
		t.Errorf("got %s", a.Body)
	}
}

func TestUseIsNotedAfterTheAnswer(t *testing.T) {
	s := newSite(t, plain)
	clock := dbtest.Clock(s.DB)
	clock.Add(time.Hour)
	s.do("GET", "/a/10001/", s.as(s.bob)).is(200)
	session, m, err := access.FindMembership(t.Context(), s.DB, access.DefaultLives(), s.bob, s.acme, "", "")
	ok(t, err)
	if session.Seen != clock.Now() {
		t.Errorf("last seen at %v", session.Seen)
	}
	noted := false
	ok(t, access.Touch(t.Context(), s.DB, session, m, nil)) // would call nil for a log in
	info, err := access.FindMember(t.Context(), s.DB.Auto(), s.acme, session.User.ID)
	ok(t, err)
	if noted = info.LastLogin == clock.Now(); !noted {
		t.Errorf("the last log in was at %v", info.LastLogin)
	}
}

// Whoever hangs up at once is noted all the same.
func TestUseIsNotedWhenTheBrowserDoesNotWait(t *testing.T) {
	s := newSite(t, plain)
	dbtest.Clock(s.DB).Add(time.Hour)
	ctx, hangUp := context.WithCancel(t.Context())
	s.answer = func(q *Request) (Reply, error) { return hangingUp{saying(q, "Hello"), hangUp}, nil }
	s.post("/a/10001/", "", s.as(s.bob), func(q *http.Request) { *q = *q.WithContext(ctx) }).is(200)
	session, err := access.FindSession(t.Context(), s.DB, access.DefaultLives(), s.bob)
	ok(t, err)
	info, err := access.FindMember(t.Context(), s.DB.Auto(), s.acme, session.User.ID)
	ok(t, err)
	if now := dbtest.Clock(s.DB).Now(); session.Seen != now || info.LastLogin != now {
		t.Errorf("last seen at %v, last log in at %v", session.Seen, info.LastLogin)
	}
}

// hangingUp is a page whose browser goes once it has it.
type hangingUp struct {
	Page
	hangUp func()
}

func (h hangingUp) write(q *Request) error {
	defer h.hangUp()
	return h.Page.write(q)
}
