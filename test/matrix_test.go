package test

import (
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/base/db/dbtest"
	"atrium/base/web"
	"atrium/test/apptest"
)

var update = flag.Bool("update", false, "write the golden files")

// The list of routes and their doors is reviewed as a whole: a change to it
// shows in its golden file.
func TestRoutesAndTheirDoors(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	var b strings.Builder
	for _, r := range w.App.Routes.Rows() {
		b.WriteString(r.Method + " " + r.Path + " " + r.Door)
		if r.Fresh {
			b.WriteString(" fresh")
		}
		b.WriteString("\n")
	}
	const golden = "testdata/routes.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the routes changed; if that is meant: go test ./test -run TestRoutes -update\n%s", b.String())
	}
}

// who is somebody who opens every route.
type who struct {
	name   string
	person *apptest.Person
	user   bool // logged in as a user
	member bool
	rights access.Rights
	staff  access.StaffRole
	visits bool // logged in as the owner
	shut   bool // the account asks for two-step login, which they don't have
}

// allowed is what the door's name says about them.
func (x who) allowed(door string) bool {
	switch door {
	case "anyone":
		return true
	case "user":
		return x.user
	case "member", "leaving":
		return x.member
	case "managers":
		return x.member && x.rights.Manages()
	case "owner":
		return x.member && x.rights.Owner && !x.visits
	}
	if slug, ok := strings.CutPrefix(door, "staff:"); ok {
		n, known := access.StaffNameFrom(slug)
		if !known {
			panic("a door this test does not know: " + door)
		}
		return x.staff != "" && x.staff.Holds(n)
	}
	n, ok := access.NameFrom(door)
	if !ok {
		panic("a door this test does not know: " + door)
	}
	return x.member && x.rights.Holds(n)
}

// Every route, opened by everyone there is: the door alone decides.
func TestTheDoorDecidesOnEveryRouteForEverybody(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		stranger := w.Account("Other", "sam").Owner
		all := []who{
			{name: "anonymous", person: w.Person("nobody")},
			{name: "stranger", person: stranger, user: true},
			{name: "member without permission", person: memberWithNothing(t, w, acme, "nil"), user: true, member: true},
			{name: "owner", person: acme.Owner, user: true, member: true, rights: access.Rights{Owner: true}},
			{name: "manager", person: manager(t, w, acme, "mia"), user: true, member: true, rights: access.Rights{Managing: true, Set: access.SetOf(access.NameEmails)}},
		}
		for _, r := range access.StaffRoles() {
			all = append(all, who{name: "staff, " + string(r), person: w.StaffAs("staff-"+string(r), r), staff: r})
		}
		for _, n := range access.Everything.Names() {
			set := access.SetOf(n).Normal()
			all = append(all, who{name: "member with only " + n.Slug(), person: acme.Member("m"+n.Slug(), set.Slugs()...), user: true, member: true, rights: access.Rights{Set: set}})
		}
		visitor := w.Staff("vera")
		visitor.Get("/staff/accounts/"+acme.Number.String()+"/visit").OK().Submit("main form", map[string][]string{"reason": {"To see what each route answers"}}).SeeOther()
		all = append(all, who{name: "staff as the owner", person: visitor, staff: access.Administrator, member: true, visits: true, rights: access.Rights{Owner: true, Visiting: true}})
		paths := newPaths(t, w, acme)
		for _, x := range all {
			for _, row := range w.App.Routes.Rows() {
				if row.Path == "/logout" || row.Path == "/staff/logout" || row.Path == web.VisitEnd {
					continue // would end the walk
				}
				check(t, x, row, paths.fill(row.Path))
			}
		}
	})
}

// open says which routes of an account stay open to a member whom its rules keep
// out: leaving it, and no other.
var open = []string{"GET /a/{account}/users/people/leave", "POST /a/{account}/users/people/leave"}

// An account that asks for two-step login is shut to who has none, whatever they
// may do there: every route of it answers the page that says so, the API a problem
// with a code. Nobody else notices, and nowhere else.
func TestARuleOfTheAccountShutsEveryRoute(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		full := acme.Member("full", access.Everything.Slugs()...)
		mia := manager(t, w, acme, "mia")
		stepped := acme.Member("tess", "emails")
		stepped.TurnOnTwoStep()
		visitor := w.Staff("vera")
		visitor.Get("/staff/accounts/"+acme.Number.String()+"/visit").OK().Submit("main form", map[string][]string{"reason": {"To see what each route answers"}}).SeeOther()
		paths := newPaths(t, w, acme)
		w.Exec(`UPDATE accounts SET two_step_rule_at = 1 WHERE account_id = $1`, acme.Number)
		all := []who{
			{name: "owner, shut out", person: acme.Owner, user: true, member: true, shut: true, rights: access.Rights{Owner: true}},
			{name: "manager, shut out", person: mia, user: true, member: true, shut: true, rights: access.Rights{Managing: true, Set: access.SetOf(access.NameEmails)}},
			{name: "member with everything, shut out", person: full, user: true, member: true, shut: true, rights: access.Rights{Set: access.Everything}},
			{name: "member with two-step login", person: stepped, user: true, member: true, rights: access.Rights{Set: access.SetOf(access.NameEmails)}},
			{name: "stranger", person: w.Account("Other", "sam").Owner, user: true},
			{name: "staff as the owner", person: visitor, staff: access.Administrator, member: true, visits: true, rights: access.Rights{Owner: true, Visiting: true}},
		}
		left := 0
		for _, x := range all {
			for _, row := range w.App.Routes.Rows() {
				if row.Path == "/logout" || row.Path == "/staff/logout" || row.Path == web.VisitEnd {
					continue // would end the walk
				}
				if x.shut && strings.Contains(row.Path, "{account}") && !strings.HasPrefix(row.Path, "/staff/") {
					if slices.Contains(open, row.Method+" "+row.Path) {
						left++
					} else {
						checkShut(t, x, row, paths.fill(row.Path))
						continue
					}
				}
				check(t, x, row, paths.fill(row.Path))
			}
		}
		if left != 3*len(open) {
			t.Errorf("%d routes stayed open to three people, want %v", left, open)
		}
	})
}

// checkShut sends what check sends: the answer is the account's rule.
func checkShut(t *testing.T, x who, row web.Row, path string) {
	t.Helper()
	name := x.name + ": " + row.Method + " " + row.Path
	var answer *apptest.Response
	if row.Method == "GET" {
		answer = x.person.Get(path)
	} else {
		answer = x.person.Post(path, map[string][]string{"no-form-has-this": {"1"}})
	}
	if answer.Status != http.StatusForbidden {
		t.Errorf("%s: got %d, want 403", name, answer.Status)
		return
	}
	if strings.HasPrefix(row.Path, "/api/") {
		if !strings.Contains(answer.Body, `"code":"`+access.NeedsTwoStep+`"`) {
			t.Errorf("%s: got %s, want a problem with the code %s", name, answer.Body, access.NeedsTwoStep)
		}
		return
	}
	answer.Says("Acme asks for two-step login").Has("main a[href^='/me/security?next=']").HasNot("nav.side")
}

// check sends a GET, or a POST whose form has a field that no form has: who gets
// through the door is told so, and nothing is changed.
func check(t *testing.T, x who, row web.Row, path string) {
	t.Helper()
	var r *apptest.Response
	if row.Method == "GET" {
		r = x.person.Get(path)
	} else {
		r = x.person.Post(path, map[string][]string{"no-form-has-this": {"1"}})
	}
	name := x.name + ": " + row.Method + " " + row.Path
	if x.allowed(row.Door) {
		refused := r.Status == http.StatusUnprocessableEntity && strings.Contains(r.Body, "does not belong to it")
		if row.Most > 0 { // it takes a form with a file only
			refused = r.Status == http.StatusUnsupportedMediaType
		}
		if row.Method == "POST" && !refused {
			t.Errorf("%s: got %d, want the door open and the form refused", name, r.Status)
		}
		if r.Status == http.StatusForbidden || r.Status == http.StatusUnauthorized || r.Status >= 500 || strings.Contains(r.Header.Get("Location"), "/login?next") {
			t.Errorf("%s: got %d, want the door open", name, r.Status)
		}
		return
	}
	want := http.StatusForbidden
	intoAccount := strings.Contains(row.Path, "{account}")
	switch {
	case strings.HasPrefix(row.Door, "staff:") && x.staff != "":
		// in the staff area, but not with this role
	case intoAccount && x.visits:
		// what is not done in the owner's name
	case strings.HasPrefix(row.Door, "staff:"), !x.user:
		want = http.StatusUnauthorized
	case intoAccount && !x.member:
		want = http.StatusNotFound
	}
	if want == http.StatusUnauthorized && row.Method == "GET" && !strings.HasPrefix(row.Path, "/api/") {
		want = http.StatusSeeOther
		if !strings.Contains(r.Header.Get("Location"), "/login?next=") {
			t.Errorf("%s: leads to %q, want to log in", name, r.Header.Get("Location"))
		}
	}
	if r.Status != want {
		t.Errorf("%s: got %d, want %d", name, r.Status, want)
	}
}

// paths fills the blanks of routes with things of one account that exist.
type paths map[string]string

func newPaths(t *testing.T, w *apptest.World, a *apptest.Account) paths {
	t.Helper()
	link := a.InviteLink("waiting@example.com", "domains")
	a.Member("rita"+a.Number.String(), "emails").Post(a.Path("/requests"), map[string][]string{"permission": {"orders"}, "note": {""}}).SeeOther()
	page := a.Owner.Get(a.Path("/users"))
	last := func(href string) string { return href[strings.LastIndex(href, "/")+1:] }
	manage, _ := page.Find("td a[href*='/users/']:not([href$='/remove'])").First().Attr("href")
	invite, _ := page.Find("td a[href*='/invites/']:not([href$='/cancel'])").First().Attr("href")
	request, _ := page.Find("a[href*='/requests/']:not([href$='#decline'])").First().Attr("href")
	mail, _ := a.Owner.Get(a.Path("/emails")).Find("main a[href*='/emails/']").First().Attr("href")
	a.Owner.Get(a.Path("/contacts/new")).OK().Submit("main form", map[string][]string{"name": {"Billing Office"}, "email": {"billing@example.com"}}).SeeOther()
	contact, _ := a.Owner.Get(a.Path("/contacts")).Find("td a.ttl").First().Attr("href")
	p := paths{
		"{account}": a.Number.String(), "{user}": last(manage), "{invite}": last(invite), "{email}": last(mail),
		"{token}": last(link), "{session}": "00000000001", "{person}": "00000000001", "{job}": "00000000001", "{logo}": "light", "{subscription}": "v1.none", "{preset}": "1", "{change}": "up", "{note}": "00000000001", "{passkey}": "00000000001", "{contact}": last(contact), "{request}": last(request),
	}
	for name, value := range p {
		if value == "" {
			t.Fatalf("found nothing to put in place of %s", name)
		}
	}
	return p
}

func (p paths) fill(path string) string {
	for name, value := range p {
		path = strings.ReplaceAll(path, name, value)
	}
	if strings.Contains(path, "{") {
		panic("a blank this test does not know: " + path)
	}
	return path
}

func memberWithNothing(t *testing.T, w *apptest.World, a *apptest.Account, first string) *apptest.Person {
	t.Helper()
	p := a.Member(first, "tickets")
	w.Exec(`UPDATE memberships SET permissions = 0 WHERE account_id = $1 AND user_id = (SELECT id FROM users WHERE email = $2)`, a.Number, p.Email)
	return p
}

// manager is a member whom the owner lets manage users.
func manager(t *testing.T, w *apptest.World, a *apptest.Account, first string) *apptest.Person {
	t.Helper()
	p := a.Member(first, "emails")
	a.LetManage(p, true)
	return p
}
