package access

import (
	"slices"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

func (w world) find(a id.Account, u User) MemberInfo {
	w.t.Helper()
	m, err := FindMember(w.t.Context(), w.Auto(), a, u.ID)
	ok(w.t, err)
	return m
}

func TestAccountsAreNumberedFrom10001On(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		for i := range id.Account(3) {
			if a := w.open(ann, "Acme"); a != 10001+i {
				t.Errorf("the %d. account is %d", i+1, a)
			}
		}
		m := w.find(10001, ann)
		if !m.Owner || m.Managing || m.Set != 0 || m.Permissions() != Everything || (Offer{}).RoleOf(m.Rights) != "Owner" || m.Joined != w.clock.Now() || !m.LastLogin.IsZero() {
			t.Errorf("the owner is %+v", m)
		}
		c, err := FindCard(t.Context(), w.Auto(), 10001)
		if err != nil || c != (Card{10001, "Acme", "en", "UTC", Active, Rules{}}) {
			t.Errorf("the card says %+v, %v", c, err)
		}
		_, err = FindCard(t.Context(), w.Auto(), 10004)
		is(t, err, fault.NotFound, "")
	})
}

func TestAnAccountThatWasNotOpenedLeavesNoGap(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		err := w.try(func(tx *db.Tx) error {
			act, err := Open(t.Context(), tx, ann.As("", ""), NewAccount{Name: "Acme"})
			if err != nil || act.Account() != 10001 || act.Actor().User != ann.ID {
				t.Errorf("opened as %+v, %v", act, err)
			}
			return fault.Conflictf("no")
		})
		is(t, err, fault.Conflict, "")
		if a := w.open(ann, "Acme"); a != 10001 {
			t.Errorf("the first account is %d", a)
		}
	})
}

func TestAnAccountHasOneOwner(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, eve := w.user("ann", ""), w.user("bob", ""), w.user("eve", "")
		acme, second := w.open(ann, "Acme"), w.open(ann, "Second") // one person may own several
		w.join(acme, bob, Everything)
		try := func(sql string, u User) error {
			return w.try(func(tx *db.Tx) error { return tx.ExecOne(t.Context(), sql, acme, u.ID) })
		}
		is(t, try(`INSERT INTO memberships (account_id, user_id, owner, joined_at) VALUES ($1, $2, TRUE, 1)`, eve), fault.Conflict, "")
		is(t, try(`UPDATE memberships SET owner = TRUE WHERE account_id = $1 AND user_id = $2`, bob), fault.Conflict, "")
		for _, a := range []id.Account{acme, second} {
			if o, err := FindOwner(t.Context(), w.Auto(), a); err != nil || o.User != ann.ID {
				t.Errorf("%d is owned by %+v, %v", a, o, err)
			}
		}
	})
}

func TestWhoIsAMemberAlreadyKeepsWhatTheyHave(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.join(acme, bob, SetOf(NameProductSSO, NameEmails))
		before := w.find(acme, bob)
		if before.Set != SetOf(NameProducts, NameProductSSO, NameEmails) || before.Owner || before.Managing || before.InvitedAs != bob.Email || before.Version != 1 || before.Name() != "bob" {
			t.Errorf("bob is %+v", before)
		}
		for _, u := range []User{bob, ann} {
			err := w.try(func(tx *db.Tx) error { return AddMember(t.Context(), tx, acme, u.ID, Everything, "x@example.com") })
			is(t, err, fault.Conflict, AlreadyMember)
		}
		if after := w.find(acme, bob); after != before {
			t.Errorf("bob was %+v and is %+v", before, after)
		}
		if !w.find(acme, ann).Owner {
			t.Error("the owner lost the account")
		}
	})
}

func TestPermissionsAreChangedInTheStateThatWasSeen(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, eve := w.user("ann", ""), w.user("bob", ""), w.user("eve", "")
		acme, other := w.open(ann, "Acme"), w.open(eve, "Other")
		w.join(acme, bob, SetOf(NameEmails))
		w.join(other, bob, SetOf(NameEmails))
		act := Act{acme, ann.As("", "")}
		set := func(by Act, u User, s Set, version int64) error {
			return w.try(func(tx *db.Tx) error { return SetPermissions(t.Context(), tx, by, u.ID, s, version) })
		}
		w.clock.Add(time.Hour)
		ok(t, set(act, bob, SetOf(NameManageDomains), 1))
		m := w.find(acme, bob)
		if m.Set != SetOf(NameDomains, NameManageDomains) || m.Version != 2 || m.ChangedAt != w.clock.Now() || m.ChangedBy != "ann" {
			t.Errorf("bob is %+v", m)
		}
		for _, version := range []int64{1, 3, 0, -1} {
			is(t, set(act, bob, Everything, version), fault.Conflict, "member.changed")
		}
		is(t, set(act, ann, SetOf(NameEmails), 1), fault.Conflict, "member.changed") // the owner
		is(t, set(act, eve, SetOf(NameEmails), 1), fault.Conflict, "member.changed") // no member
		if m := w.find(other, bob); m.Set != SetOf(NameEmails) || m.Version != 1 {
			t.Errorf("in the other account bob is %+v", m)
		}
		if after := w.find(acme, bob); after != m {
			t.Errorf("bob was %+v and is %+v", m, after)
		}
	})
}

func TestRemovingAMemberLeavesEverythingElse(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme, second := w.open(ann, "Acme"), w.open(ann, "Second")
		w.join(acme, bob, 0)
		w.join(second, bob, 0)
		remove := func(a id.Account, u User) error {
			return w.try(func(tx *db.Tx) error { return RemoveMember(t.Context(), tx, a, u.ID) })
		}
		is(t, remove(acme, ann), fault.NotFound, "") // the owner stays, on the list too
		ok(t, remove(acme, bob))
		is(t, remove(acme, bob), fault.NotFound, "")
		_, err := FindMember(t.Context(), w.Auto(), acme, bob.ID)
		is(t, err, fault.NotFound, "")
		_, err = FindUser(t.Context(), w.Auto(), bob.ID)
		ok(t, err)
		for u, want := range map[User][]id.Account{ann: {acme, second}, bob: {second}} {
			if got := w.accounts(u); !slices.Equal(got, want) {
				t.Errorf("%s has %v, want %v", u.FirstName, got, want)
			}
		}
		w.join(acme, bob, SetOf(NameEmails)) // and back again
	})
}

func (w world) accounts(u User) []id.Account {
	w.t.Helper()
	all, err := AccountsOf(w.t.Context(), w.DB, u.ID)
	ok(w.t, err)
	var list []id.Account
	for _, a := range all {
		list = append(list, a.Account)
	}
	slices.Sort(list)
	return list
}

func TestOnesAccountsAreListedWithWhatOneMayThere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.clock.Add(time.Hour)
		own := w.open(bob, "Bob's")
		w.join(acme, bob, SetOf(NameEmails))
		w.exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, acme)
		w.do(func(tx *db.Tx) error { return IndexAccount(t.Context(), tx, acme) })
		all, err := AccountsOf(t.Context(), w.DB, bob.ID)
		ok(t, err)
		slices.SortFunc(all, func(a, b AccountInfo) int { return int(a.Account - b.Account) })
		want := []AccountInfo{{acme, "Acme", Closed, Rights{Set: SetOf(NameEmails)}, w.clock.Now(), false, "3acme"}, {own, "Bob's", Active, Rights{Owner: true}, w.clock.Now(), false, "0bob's"}}
		if !slices.Equal(all, want) {
			t.Errorf("listed %+v, want %+v", all, want)
		}
		if got := w.accounts(User{ID: 1}); len(got) != 0 {
			t.Errorf("nobody has %v", got)
		}
	})
}

// The list of a user's accounts decides nothing.
func TestNobodyGetsInByTheListOfAccounts(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, eve := w.user("ann", ""), w.user("eve", "")
		acme := w.open(ann, "Acme")
		w.exec(`INSERT INTO user_accounts (user_id, account_id, used_at) VALUES ($1, $2, 1)`, eve.ID, acme)
		if got := w.accounts(eve); len(got) != 0 {
			t.Errorf("eve has %v", got)
		}
		if m := w.membership(eve, acme); m.Account() != 0 {
			t.Errorf("eve is %+v", m)
		}
	})
}

func TestAMemberIsFoundByTheAddressOfTheirLogin(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, eve := w.user("ann", ""), w.user("bob", ""), w.user("eve", "")
		acme, other := w.open(ann, "Acme"), w.open(eve, "Other")
		w.join(acme, bob, 0)
		m, err := FindMemberByEmail(t.Context(), w.Auto(), acme, email(t, "BOB@example.com"))
		if err != nil || m.User != bob.ID {
			t.Errorf("found %+v, %v", m, err)
		}
		for a, address := range map[id.Account]string{acme: "eve@example.com", other: "bob@example.com", 99999: "bob@example.com"} {
			_, err := FindMemberByEmail(t.Context(), w.Auto(), a, email(t, address))
			is(t, err, fault.NotFound, "")
		}
		if all, err := Members(t.Context(), w.Auto(), acme); err != nil || len(all) != 2 {
			t.Errorf("%d members, %v", len(all), err)
		}
	})
}

func TestALoginHasOneAddressAndAnAddressOneLogin(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		again := func(address string) error {
			return w.try(func(tx *db.Tx) error {
				_, err := NewUser(t.Context(), tx, email(t, address), "", User{FirstName: "Eve"})
				return err
			})
		}
		is(t, again("ANN@example.com"), fault.Invalid, KnownEmail)
		move := func(u User, address string) error {
			return w.try(func(tx *db.Tx) error { return SetEmail(t.Context(), tx, u.ID, email(t, address)) })
		}
		is(t, move(bob, "ann@example.com"), fault.Invalid, KnownEmail)
		ok(t, move(ann, "Ann@EXAMPLE.com"))
		ok(t, again("dora@example.com"))
		u, err := FindUserByEmail(t.Context(), w.Auto(), email(t, "ann@example.com"))
		if err != nil || u.ID != ann.ID || u.Email != "Ann@EXAMPLE.com" || u.Verified != w.clock.Now() {
			t.Errorf("found %+v, %v", u, err)
		}
	})
}

func TestAnAddressIsProvedOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		verify := func(address string) (proved bool) {
			w.do(func(tx *db.Tx) (err error) {
				proved, err = Verify(t.Context(), tx, ann.ID, email(t, address))
				return err
			})
			return proved
		}
		if verify("former@example.com") {
			t.Error("an address that is not theirs was proved")
		}
		if !verify("ANN@example.com") || verify("ann@example.com") {
			t.Error("proved not once")
		}
	})
}
