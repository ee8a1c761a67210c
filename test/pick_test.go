package test

import (
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// Select User finds those who have a login, and offers to create one for an
// address that nobody has.
func TestSelectUserFindsUsersAndOffersNewOnes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("Acme", "maja").Member("max", "domains")
		staff := w.StaffAs("stan", access.Support)
		ask := func(text string) []string {
			r := staff.Get("/staff/users/find?q=" + strings.ReplaceAll(text, "@", "%40")).OK()
			var lines []string
			for _, li := range r.Find("ul[role=listbox] > li[role=option]").EachIter() {
				lines = append(lines, strings.Join(strings.Fields(li.Text()), " "))
			}
			return lines
		}
		for text, want := range map[string]string{
			"m": "", "ma": "Maja Owner maja@example.com Accounts: 1 | Max Member max@example.com Accounts: 1",
			"member":          "Max Member max@example.com Accounts: 1",
			"MAX@example.com": "Max Member max@example.com Accounts: 1",
			"new@example.com": "Create new user new@example.com", "nobody": "",
		} {
			if got := strings.Join(ask(text), " | "); got != want {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
	})
}

// Whoever manages users picks them: the search asks for EditAccounts, and no
// role has the one without the other.
func TestEveryRoleThatManagesUsersMayFindThem(t *testing.T) {
	for _, r := range access.StaffRoles() {
		if r.Holds(access.NameManageUsers) && !r.Holds(access.NameEditAccounts) {
			t.Errorf("%s manages users and can't find them", r)
		}
	}
}
