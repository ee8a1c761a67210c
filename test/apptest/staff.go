package apptest

import (
	"net/url"

	"atrium/base/access"
)

// Staff adds an administrator to the staff, who sets a password and logs in.
func (w *World) Staff(first string) *Person {
	w.T.Helper()
	return w.StaffAs(first, access.Administrator)
}

// StaffAs is Staff in any role.
func (w *World) StaffAs(first string, role access.StaffRole) *Person {
	w.T.Helper()
	p := w.Person(first)
	link, err := w.App.Staff.Add(w.T.Context(), p.Email, p.First+" Staff", role)
	if err != nil {
		w.T.Fatal(err)
	}
	p.Get(link).OK().Submit("main form", url.Values{"password": {Password}}).SeeOther()
	p.LogInStaff()
	return p
}

// LogInStaff logs in again, e.g. after the session has ended with time.
func (p *Person) LogInStaff() {
	p.World.T.Helper()
	p.Get("/staff/login").OK().Submit("main form", url.Values{"email": {p.Email}, "password": {Password}}).SeeOther()
}
