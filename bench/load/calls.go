package main

import (
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"

	"atrium/base/access"
)

// A call is a request and the answer that it must get: with any other, something
// else was measured.
type call struct {
	request []byte
	status  int
	to      string // where it leads; "": wherever
}

// calls gives the next one, until there are no more. Connections share it.
type calls func() (call, bool)

// again gives the same call for ever.
func again(c call) calls { return func() (call, bool) { return c, true } }

// once gives each of a list.
func once(list []call) calls {
	var next atomic.Int64
	return func() (call, bool) {
		n := int(next.Add(1)) - 1
		if n >= len(list) {
			return call{}, false
		}
		return list[n], true
	}
}

const browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n" +
	"Accept: text/html,application/json\r\nAccept-Language: en\r\nAccept-Encoding: gzip\r\n"

// get is a browser's request for a path, with a session's cookie.
func get(host, path, cookie string) call {
	return call{fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: atrium=%s\r\n%s\r\n", path, host, cookie, browser), 200, ""}
}

// post is a browser that sends a form and is led on.
func post(host, path string, t access.Token, form url.Values, to string) call {
	body := form.Encode()
	return call{fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: atrium=%s\r\n%sOrigin: http://%s\r\nSec-Fetch-Site: same-origin\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, host, t.Reveal(), browser, host, len(body), body), 303, to}
}

// asStaff is the call of the staff's session.
func (b *bench) asStaff(host, path string) call {
	c := get(host, path, b.entrance.staff.Reveal())
	c.request = []byte(strings.Replace(string(c.request), "Cookie: atrium=", "Cookie: atrium_staff=", 1))
	return c
}

// A change is something that is written: how often, round by round.
type change func(host string, round, n int) call

func (b *bench) invite(host string, round, n int) call {
	o := b.entrance.owners[n%len(b.entrance.owners)]
	users := "/a/" + o.account.String() + "/users"
	return post(host, users, o.token, url.Values{"email": {fmt.Sprintf("new%d.%d@example.org", round, n)}, "access": {"choose"}, "perm": {"emails", "tickets"},
		"message": {""}, "key": {fmt.Sprintf("FORM%d.%d", round, n)}}, users)
}

func (b *bench) accept(host string, round, n int) call {
	w := b.entrance.welcomes[round*b.writes+n]
	return post(host, "/invite/"+w.link.Reveal()+"/accept", w.guest, nil, "/a/"+w.account.String()+"/")
}

// permit changes a member's permissions to and fro.
func (b *bench) permit(host string, round, n int) call {
	m := b.entrance.members[n]
	users := "/a/" + m.account.String() + "/users"
	perms := [][]string{{"tickets", "affiliates"}, {"orders", "affiliates", "emails"}}[round%2]
	return post(host, users+"/"+m.user.String(), m.token, url.Values{"access": {"choose"}, "perm": perms, "version": {fmt.Sprint(1 + round)}}, users)
}

// remove takes access away from whom accept let in.
func (b *bench) remove(host string, round, n int) call {
	w := b.entrance.welcomes[round*b.writes+n]
	users := "/a/" + w.account.String() + "/users"
	return post(host, users+"/"+w.user.String()+"/remove", w.token, nil, users)
}
