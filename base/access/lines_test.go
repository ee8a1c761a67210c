package access

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// wantLines fails the test unless staff's lists show what there is.
func (w world) wantLines() {
	w.t.Helper()
	if n, err := WrongLines(w.t.Context(), w.Across()); err != nil || n != 0 {
		w.t.Errorf("%d lines of staff's lists are wrong, %v", n, err)
	}
}

func TestStaffsListsShowWhatThereIs(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.open(bob, "Other")
		w.join(acme, bob, Everything)
		w.wantLines()
		line, err := FindLine(t.Context(), w.Auto(), acme)
		ok(t, err)
		if line.Members != 2 || line.Owner != ann.Name() || line.Email != ann.Email {
			t.Errorf("%+v", line)
		}
		w.do(func(tx *db.Tx) error {
			ann.FirstName, ann.LastName = "Anna", ""
			return SetProfile(t.Context(), tx, ann)
		})
		w.wantLines()
		w.do(func(tx *db.Tx) error { return SetEmail(t.Context(), tx, ann.ID, email(t, "anna@example.org")) })
		w.wantLines()
		w.do(func(tx *db.Tx) error { return RemoveMember(t.Context(), tx, acme, bob.ID) })
		w.wantLines()
		users, _, err := SearchUsers(t.Context(), w.DB, "bob", "", 5)
		if err != nil || len(users) != 1 || users[0].Accounts != 1 {
			t.Error(users, err)
		}
		eve := w.user("eve", "")
		w.wantLines()
		for _, fn := range []func(*db.Tx) error{
			func(tx *db.Tx) error { _, err := Verify(t.Context(), tx, eve.ID, email(t, eve.Email)); return err },
			func(tx *db.Tx) error { _, err := Deactivate(t.Context(), tx, eve.ID); return err },
			func(tx *db.Tx) error { return Activate(t.Context(), tx, eve.ID) },
		} {
			w.do(fn)
			w.wantLines()
		}
		w.do(func(tx *db.Tx) error { return DeleteUser(t.Context(), tx, eve.ID) })
		w.wantLines()
	})
}

// A user who joins and leaves accounts at once, and an account that many join and
// leave: no count is lost.
func TestCountsOfListsAreRightAfterManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, eve := w.user("ann", ""), w.user("eve", "")
		const many = 6
		var accounts []id.Account
		var people []User
		for n := range many {
			accounts = append(accounts, w.open(ann, fmt.Sprintf("Account %d", n)))
			people = append(people, w.user(fmt.Sprintf("person%d", n), ""))
		}
		var all sync.WaitGroup
		failed := make([]error, 2*many)
		for n := range many {
			all.Go(func() { failed[2*n] = w.comeAndGo(accounts[n], eve.ID) })
			all.Go(func() { failed[2*n+1] = w.comeAndGo(accounts[0], people[n].ID) })
		}
		all.Wait()
		ok(t, errors.Join(failed...))
		w.wantLines()
		line, err := FindLine(t.Context(), w.Auto(), accounts[0])
		if err != nil || line.Members != many+2 {
			t.Errorf("%+v, %v", line, err)
		}
		users, _, err := SearchUsers(t.Context(), w.DB, "eve", "", 5)
		if err != nil || len(users) != 1 || users[0].Accounts != many {
			t.Error(users, err)
		}
	})
}

// comeAndGo makes u a member, removes and makes them one again.
func (w world) comeAndGo(account id.Account, u id.User) error {
	in := Act{account: account}
	add := func(tx *db.Tx) error { return AddMember(w.t.Context(), tx, account, u, Everything, "") }
	for _, fn := range []func(*db.Tx) error{add, func(tx *db.Tx) error { return RemoveMember(w.t.Context(), tx, account, u) }, add, add} {
		if err := w.Write(w.t.Context(), in, fn, db.LockUser(u)); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
