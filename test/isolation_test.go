package test

import (
	"regexp"
	"strings"
	"testing"

	"atrium/test/apptest"
)

// Every route with an id, asked in one's own account with the id of another
// account's thing, answers as if there were no such thing; and another account
// answers as if it did not exist. Staff reach every account, and in its record
// only its own things.
func TestAnotherAccountsThingsLookLikeMissingOnes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		acme.Member("bob", "emails")
		other.Member("eve", "emails")
		mine, theirs := newPaths(t, w, acme), newPaths(t, w, other)
		missing := paths{}
		for name := range mine {
			missing[name] = "00000000001"
		}
		missing["{account}"], theirs["{token}"] = "99999", mine["{token}"]
		staff := w.Staff("stan")
		asked := 0
		for _, row := range w.App.Routes.Rows() {
			if strings.HasPrefix(row.Path, "/staff/accounts/{account}") && strings.Count(row.Path, "{") > 1 {
				asked++
				foreign, none := theirs.clone(), missing.clone()
				foreign["{account}"], none["{account}"] = mine["{account}"], mine["{account}"]
				same(t, staff, row.Method, foreign.fill(row.Path), none.fill(row.Path))
			}
			if !strings.HasPrefix(row.Path, "/a/{account}") && !strings.HasPrefix(row.Path, "/api/v1/accounts/{account}") {
				continue
			}
			asked++
			same(t, acme.Owner, row.Method, theirs.fill(row.Path), missing.fill(row.Path))
			if strings.Count(row.Path, "{") > 1 {
				foreign, none := theirs.clone(), missing.clone()
				foreign["{account}"], none["{account}"] = mine["{account}"], mine["{account}"]
				same(t, acme.Owner, row.Method, foreign.fill(row.Path), none.fill(row.Path))
			}
		}
		if asked < 10 {
			t.Errorf("only %d routes were asked", asked)
		}
	})
}

func (p paths) clone() paths {
	c := paths{}
	for name, value := range p {
		c[name] = value
	}
	return c
}

// same fails the test unless both paths answer the same 404.
func same(t *testing.T, p *apptest.Person, method, foreign, missing string) {
	t.Helper()
	ask := func(path string) *apptest.Response {
		if method == "POST" {
			return p.Post(path, formOf(path))
		}
		return p.Get(path)
	}
	a, b := ask(foreign), ask(missing)
	if a.Status != 404 || b.Status != 404 {
		t.Errorf("%s %s answered %d, %s answered %d; want 404 twice", method, foreign, a.Status, missing, b.Status)
	}
	if stripped(a.Body) != stripped(b.Body) || a.Header.Get("Content-Length") != b.Header.Get("Content-Length") {
		t.Errorf("%s: the answers for %s and %s differ", method, foreign, missing)
	}
}

// formOf is a form that the route would take, so that only the id is wrong.
func formOf(path string) map[string][]string {
	switch {
	case strings.HasSuffix(path, "/resend"), strings.HasSuffix(path, "/cancel"), strings.HasSuffix(path, "/link"), strings.HasSuffix(path, "/remove"), strings.HasSuffix(path, "/leave"),
		strings.HasSuffix(path, "/owner"), strings.HasSuffix(path, "/password-link"), strings.HasSuffix(path, "/accept"), strings.HasSuffix(path, "/decline"):
		return nil
	case strings.Contains(path, "/users/"), strings.Contains(path, "/invites/"), strings.Contains(path, "/requests/"):
		return map[string][]string{"access": {"choose"}, "perm": {"domains"}, "version": {"1"}}
	}
	return nil
}

// stripped is a body without what differs between any two requests.
func stripped(body string) string {
	return regexp.MustCompile(`"request":"\w+"`).ReplaceAllString(body, "")
}
