package apptest

import (
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"atrium/area/staff"
	"atrium/base/access"
)

// Staff adds an administrator to the staff, who sets a password and two-step
// login up, and is logged in.
func (w *World) Staff(first string) *Person {
	w.T.Helper()
	return w.StaffAs(first, access.Administrator)
}

// StaffAs is Staff in any role.
func (w *World) StaffAs(first string, role access.StaffRole) *Person {
	w.T.Helper()
	p := w.Person(first)
	link, err := w.App.Staff.Add(w.T.Context(), staff.Newcomer{Email: p.Email, Name: p.First + " Staff", Role: role})
	if err != nil {
		w.T.Fatal(err)
	}
	p.Get(link).OK().Submit("main form", url.Values{"password": {Password}}).SeeOther()
	p.LogInStaff()
	return p
}

// LogInStaff logs in by both steps, e.g. after the session has ended with time. The
// first time it sets the second up.
func (p *Person) LogInStaff() {
	p.World.T.Helper()
	page := p.Get("/staff/login").OK().Submit("main form", url.Values{"email": {p.Email}, "password": {Password}}).Follow()
	if p.Key != "" {
		page.OK().Submit("main form", url.Values{"code": {p.Code()}}).SeeOther()
		return
	}
	page = page.Follow().OK()
	p.Key = strings.ReplaceAll(page.Has(".key").Find(".key").Text(), " ", "")
	page.Submit("main form", url.Values{"code": {p.Code()}}).OK()
}

// Code is what the person's authenticator app shows: each time another one. It
// moves the clock on when that takes one that is not to come yet.
func (p *Person) Code() string {
	p.World.T.Helper()
	const each = 30 * time.Second
	now := p.World.Clock.Now()
	at := now.Add(-each)
	if next := p.shown.Add(each); next.After(at) {
		at = next
	}
	if at.After(now.Add(each)) {
		p.World.Clock.Add(at.Sub(now))
	}
	p.shown = at
	code, err := totp.GenerateCode(p.Key, at)
	if err != nil {
		p.World.T.Fatal(err)
	}
	return code
}
