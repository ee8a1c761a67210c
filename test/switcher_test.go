package test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// TestTheSwitcherListsTheAccountsUsedLast compares what it reads, of fewer accounts
// than it shows and of more, with the list of all.
func TestTheSwitcherListsTheAccountsUsedLast(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		email, _ := access.ParseEmail(ann.Email)
		u, err := access.FindUserByEmail(t.Context(), w.App.DB.Auto(), email)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 12; n++ {
			all, err := access.AccountsOf(t.Context(), w.App.DB, u.ID)
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(all, func(a, b access.AccountInfo) int {
				return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.Account, b.Account))
			})
			last, total, err := access.LatestAccounts(t.Context(), w.App.DB, u.ID, 10)
			if err != nil || total != n || !slices.Equal(last, all[:min(n, 10)]) {
				t.Fatalf("of %d accounts, %d: %v, not %v, %v", n, total, last, all, err)
			}
			w.Clock.Add(25 * time.Hour) // five may be opened in a day
			ann.LogIn()
			ann.Get(ann.Open(fmt.Sprintf("Shop %d", n)).Path("/")).OK()
		}
	})
}
