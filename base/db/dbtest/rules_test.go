package dbtest

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestEveryRuleFindsWhatBreaksIt(t *testing.T) {
	bad := Open(t, Postgres, []fs.FS{os.DirFS("testdata")})
	good := Open(t, Postgres, []fs.FS{os.DirFS("../testdata")})
	want := []string{
		"accounts",
		"memberships",
		"invitations_pkey invitations_secret_key memberships_by_sum",
		"memberships.memberships_invitation_fkey",
		"preferences.preferences_account_fkey",
		"memberships.memberships_session_fkey",
		"users_born_key",
		"memberships.memberships_invitation_fkey memberships.memberships_session_fkey",
		"emails.emails_account_id_parent_fkey",
		"emails.emails_watch",
		"nothing",
		"preferences_id_seq",
		"accounts.account_id integer users.born date",
		"invitations.secret",
	}
	for i, r := range rules() {
		if got := strings.Join(list(t, bad, withTables(r.sql+" ORDER BY 1")), " "); got != want[i] {
			t.Errorf("%s: %q; want %q", r.rule, got, want[i])
		}
		if got := list(t, good, withTables(r.sql)); len(got) != 0 {
			t.Errorf("%s: %q", r.rule, got)
		}
	}
}
