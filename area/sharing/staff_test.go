package sharing_test

import (
	"testing"
	"time"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// support is what the door hands over to somebody of the staff who manages
// users.
func (o office) support() access.StaffOn[access.ManageUsers] {
	o.t.Helper()
	email, _ := access.ParseEmail("stan@host.example")
	token := access.NewToken()
	o.do(func(tx *db.Tx) error {
		p, _, err := access.AddStaff(o.t.Context(), tx, email, "Stan", access.Support)
		if err != nil {
			return err
		}
		if err := tx.ExecOne(o.t.Context(), `UPDATE staff SET two_step_at = $1 WHERE id = $2`, tx.Now(), p.ID); err != nil {
			return err
		}
		return tx.ExecOne(o.t.Context(), `INSERT INTO staff_sessions (token_hash, staff_id, agent, ip, created_at, seen_at) VALUES ($1, $2, '', '', $3, $3)`,
			token.Hash(), p.ID, tx.Now())
	})
	session, card, err := access.FindStaffOn(o.t.Context(), o.DB, access.DefaultLives(), token, o.acme)
	ok(o.t, err)
	in, err := access.EnterStaffOn[access.ManageUsers](session, o.acme, card, "192.0.2.9", "")
	ok(o.t, err)
	return in
}

func (o office) count(sql string, args ...any) int64 {
	o.t.Helper()
	n, err := db.One(o.t.Context(), o.DB.Across(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql, args...)
	ok(o.t, err)
	return n
}

// The door let them in; then they were given another role, or their login was
// switched off. What they had begun changes nothing.
func TestStaffWhoLoseTheRightMeanwhileChangeNothing(t *testing.T) {
	for _, lost := range []string{`UPDATE staff SET role = 'read-only'`, `UPDATE staff SET disabled_at = 1`} {
		eachOffice(t, func(t *testing.T, o office) {
			in, mia, ann := o.support(), o.user(o.mia), o.user(o.ann)
			inv := o.invite(o.ann, "bob@example.com", "domains")
			audited := o.count(`SELECT count(*) FROM audit`)
			o.do(func(tx *db.Tx) error { return tx.ExecOne(t.Context(), lost) })
			for name, try := range map[string]func() error{
				"invite": func() error {
					_, err := o.Associate(t.Context(), in, sharing.Association{User: "x@example.com", All: true, Invite: true})
					return err
				},
				"associate": func() error {
					_, err := o.Associate(t.Context(), in, sharing.Association{User: "x@example.com", First: "X", All: true, Reason: "why"})
					return err
				},
				"manage": func() error {
					_, err := o.Manage(t.Context(), in, mia, sharing.Managed{First: "M", Email: "m@example.com", All: true, Version: 1})
					return err
				},
				"link": func() error { _, err := o.SendPasswordLink(t.Context(), in, mia); return err },
				"owner": func() error {
					_, err := o.MakeOwner(t.Context(), in, mia, sharing.Handover{From: ann, Checked: true, Reason: "why"})
					return err
				},
				"remove": func() error { _, err := o.Remove(t.Context(), access.AsManager(in), mia); return err },
				"cancel": func() error { _, err := o.Cancel(t.Context(), access.AsManager(in), inv.ID); return err },
			} {
				if err := try(); !fault.Is(err, fault.Denied) {
					t.Errorf("%s: got %v, want Denied", name, err)
				}
			}
			if o.count(`SELECT count(*) FROM audit`) != audited || o.count(`SELECT count(*) FROM users`) != 2 || o.count(`SELECT count(*) FROM invitations`) != 1 {
				t.Error("something was changed")
			}
		})
	}
}

// Who is picked may be deactivated, deleted or given a login meanwhile.
func TestWhoIsPickedIsTakenAsTheyAreNow(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		in := o.support()
		bob := o.user(o.person("Bob"))
		give := sharing.Association{User: bob.String(), Perms: []string{"domains"}, Reason: "why"}
		o.do(func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `UPDATE users SET disabled_at = 1 WHERE id = $1`, bob)
		})
		_, err := o.Associate(t.Context(), in, give)
		is(t, err, fault.Invalid, "pick.disabled")
		for user, code := range map[string]string{"": "pick.none", "nobody": "pick.none", id.User(1).String(): "pick.gone"} {
			give.User = user
			_, err := o.Associate(t.Context(), in, give)
			is(t, err, fault.Invalid, code)
		}
		give.User, give.First = "new@example.com", "New"
		made, err := o.Associate(t.Context(), in, give)
		ok(t, err)
		o.do(func(tx *db.Tx) error { return access.RemoveMember(t.Context(), tx, o.acme, made.User.ID) })
		again, err := o.Associate(t.Context(), in, give) // the address has a login by now
		ok(t, err)
		if again.User.ID != made.User.ID {
			t.Error("the address has got two logins")
		}
	})
}

// Pending invitations of the former owner are the new one's; those of others stay theirs.
func TestOnlyTheFormerOwnersInvitationsPassOn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		in := o.support()
		anns := o.invite(o.ann, "a@example.com", "profile")
		o.manages(true)
		mias := o.invite(o.mia, "m@example.com", "domains")
		bob := o.user(o.person("Bob"))
		_, err := o.Associate(t.Context(), in, sharing.Association{User: bob.String(), Perms: []string{"domains"}, Reason: "why"})
		ok(t, err)
		o.clock.Add(time.Minute)
		_, err = o.MakeOwner(t.Context(), in, bob, sharing.Handover{From: o.user(o.ann), Remove: true, Checked: true, Reason: "why"})
		ok(t, err)
		for inv, want := range map[access.InvitationID]id.User{anns.ID: bob, mias.ID: o.user(o.mia)} {
			got, err := o.Invitation(t.Context(), access.AsManager(in), inv)
			ok(t, err)
			if got.InvitedBy != want {
				t.Errorf("the invitation to %s is by %s", got.Email.Typed, got.InviterName)
			}
		}
		if o.count(`SELECT count(*) FROM memberships WHERE account_id = $1 AND user_id = $2`, o.acme, o.user(o.ann)) != 0 {
			t.Error("the former owner still has access")
		}
		_, err = o.MakeOwner(t.Context(), in, o.user(o.mia), sharing.Handover{From: o.user(o.ann), Checked: true, Reason: "why"})
		is(t, err, fault.Conflict, access.OwnerChanged)
	})
}

// Nothing is told of a change that is none.
func TestTheOwnerIsNotMadeTheOwner(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		in, ann := o.support(), o.user(o.ann)
		audited, mails := o.count(`SELECT count(*) FROM audit`), o.count(`SELECT count(*) FROM emails`)
		for _, remove := range []bool{false, true} {
			_, err := o.MakeOwner(t.Context(), in, ann, sharing.Handover{From: ann, Remove: remove, Checked: true, Reason: "By mistake"})
			is(t, err, fault.Conflict, "owner.already")
		}
		if o.count(`SELECT count(*) FROM audit`) != audited || o.count(`SELECT count(*) FROM emails`) != mails {
			t.Error("it was told")
		}
	})
}
