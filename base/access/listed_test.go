package access

import (
	"fmt"
	"slices"
	"testing"

	"atrium/base/db"
	"atrium/base/id"
)

func TestNamesAreOrderedAsPeopleExpect(t *testing.T) {
	for _, in := range [][]string{
		{"", "0 Zeros", "2 Brothers", "11 Friends", "acme", "Acme 2", "ACME 10", "acme 010 a", "Ärzte", "Arztpraxis", "Zoë", "Жук"},
		{"Shop 9", "Shop 10", "Shop 999999999", "Shop 1000000000"},
	} {
		for i := range in[1:] {
			if a, b := nameKey(in[i]), nameKey(in[i+1]); a >= b {
				t.Errorf("%q (%q) does not come before %q (%q)", in[i], a, in[i+1], b)
			}
		}
	}
	for a, b := range map[string]string{"Müller": "MÜLLER ", "Straße": "STRASSE", "Shop 007": "shop 7", "e\u0301": "é"} {
		if nameKey(a) != nameKey(b) {
			t.Errorf("%q and %q are ordered apart", a, b)
		}
	}
}

// wantMembers fails the test unless these are the account's members, in the order of
// lists, read two by two.
func (w world) wantMembers(account id.Account, want ...string) {
	w.t.Helper()
	var got []string
	for skip := 0; skip == len(got); skip += 2 {
		page, total, err := MemberPage(w.t.Context(), w.Auto(), account, skip, 2)
		if err != nil || len(page) > 0 && total != len(want) {
			w.t.Fatal(total, err)
		}
		for _, m := range page {
			got = append(got, m.Name())
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("members are listed as %q, not %q", got, want)
	}
	w.wantLines()
}

// wantAccounts does so of a user's accounts.
func (w world) wantAccounts(u User, want ...string) {
	w.t.Helper()
	all, err := AccountsOf(w.t.Context(), w.DB, u.ID)
	ok(w.t, err)
	SortAccounts(all)
	var got []string
	for _, a := range all {
		got = append(got, a.Name)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("accounts are listed as %q, not %q", got, want)
	}
	w.wantLines()
}

func TestMembersAndAccountsAreListedByWhatTheyAreCalledNow(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		dora := w.user("Dora", "")
		acme := w.open(dora, "Acme 10")
		w.wantMembers(acme, "Dora")
		people := map[string]User{}
		for _, name := range []string{"Émile", "carl", "Fritz", "Bea"} {
			people[name] = w.user(name, "")
			w.join(acme, people[name], Everything)
		}
		w.wantMembers(acme, "Dora", "Bea", "carl", "Émile", "Fritz")
		fritz := people["Fritz"]
		fritz.FirstName = "Adam"
		w.do(func(tx *db.Tx) error { return SetProfile(t.Context(), tx, fritz) })
		w.wantMembers(acme, "Dora", "Adam", "Bea", "carl", "Émile")
		w.do(func(tx *db.Tx) error {
			return SetOwner(t.Context(), tx, Act{account: acme}, dora.ID, people["carl"].ID)
		})
		w.wantMembers(acme, "carl", "Adam", "Bea", "Dora", "Émile")
		w.do(func(tx *db.Tx) error { return RemoveMember(t.Context(), tx, acme, fritz.ID) })
		w.wantMembers(acme, "carl", "Bea", "Dora", "Émile")

		own, shop := w.open(dora, "Own"), w.open(people["Bea"], "Acme 9")
		w.join(shop, dora, Everything)
		w.wantAccounts(dora, "Own", "Acme 9", "Acme 10")
		set := func(account id.Account, column, value string) {
			w.do(func(tx *db.Tx) error {
				if err := tx.ExecOne(t.Context(), fmt.Sprintf(`UPDATE accounts SET %s = $1 WHERE account_id = $2`, column), value, account); err != nil {
					return err
				}
				return IndexAccount(t.Context(), tx, account)
			})
		}
		set(shop, "name", "Zoo")
		w.wantAccounts(dora, "Own", "Acme 10", "Zoo")
		set(own, "status", string(Closed))
		w.wantAccounts(dora, "Acme 10", "Zoo", "Own")
		set(acme, "status", string(Closed))
		w.wantAccounts(dora, "Zoo", "Own", "Acme 10")
		w.join(own, people["Bea"], Everything)
		w.wantAccounts(people["Bea"], "Zoo", "Acme 10", "Own")
	})
}
