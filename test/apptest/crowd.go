package apptest

import (
	"net/http"
	"net/url"
	"strconv"

	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/db"
)

// sessionCookie is what the browser's session is called under an http base URL.
const sessionCookie = "atrium"

// Crowd is n people with a login of no account, logged in. They are made past
// the pages, so that hundreds cost little, and have no password.
func (w *World) Crowd(first string, n int) []*Person {
	w.T.Helper()
	var people []*Person
	for i := range n {
		people = append(people, w.Person(first+strconv.Itoa(i+1)))
	}
	var tokens []access.Token
	ctx := w.T.Context()
	err := w.DB.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		tokens = nil
		for _, p := range people {
			email, _ := access.ParseEmail(p.Email)
			u, err := access.NewUser(ctx, tx, email, "", access.User{FirstName: p.First, LastName: "Crowd", Language: "en", TimeZone: "UTC"})
			if err != nil {
				return err
			}
			by := u.As("192.0.2.1", "")
			if err := audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "login.created", Subject: u.Email}); err != nil {
				return err
			}
			t, err := accesstest.Session(ctx, tx, u.ID, false, by)
			if err != nil {
				return err
			}
			tokens = append(tokens, t)
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
	for i, p := range people {
		p.http.Jar.SetCookies(p.home(), []*http.Cookie{{Name: sessionCookie, Value: tokens[i].Reveal(), Path: "/"}})
	}
	return people
}

func (p *Person) home() *url.URL {
	p.World.T.Helper()
	u, err := url.Parse(p.World.URL)
	if err != nil {
		p.World.T.Fatal(err)
	}
	return u
}

// Session is the secret of the browser's session, "" when logged out.
func (p *Person) Session() string {
	for _, c := range p.http.Jar.Cookies(p.home()) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

// At is the same person with the same browser, at another process' address.
func (p *Person) At(w *World) *Person {
	q := *p
	q.World = w
	return &q
}
