package staff

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// postChanged is the fault code when a form shows an older state.
const postChanged = "staff.changed"

// managing is the proof of who says who is staff.
type managing = access.Staff[access.ManageStaff]

const perPage = 50

// People lists the staff by address, fifty at a time: after the one with that key.
// next is the key to go on after; "" = that was all.
func (s *Staff) People(ctx context.Context, _ managing, after string) (people []access.StaffInfo, next string, err error) {
	people, err = access.StaffPage(ctx, s.db.Auto(), after, perPage+1)
	if err != nil || len(people) <= perPage {
		return people, "", err
	}
	return people[:perPage], people[perPage-1].Key, nil
}

// Person finds one of the staff and where they are logged in, NotFound if there
// is none.
func (s *Staff) Person(ctx context.Context, _ managing, p access.StaffID) (access.StaffInfo, []access.StaffSession, error) {
	person, err := access.FindStaff(ctx, s.db.Auto(), p)
	if err != nil {
		return person, nil, err
	}
	sessions, err := access.StaffSessions(ctx, s.db, s.lives(ctx), p)
	return person, sessions, err
}

// write changes who is staff: one after the other, by who still may.
func (s *Staff) write(ctx context.Context, in managing, p access.StaffID, fn func(*db.Tx, access.StaffInfo) error) error {
	return s.db.WriteGlobal(ctx, db.LockStaff(p), func(tx *db.Tx) error {
		if err := access.LockStaffList(ctx, tx); err != nil {
			return err
		}
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if p == 0 {
			return fn(tx, access.StaffInfo{})
		}
		person, err := access.FindStaff(ctx, tx, p)
		if err != nil {
			return err
		}
		return fn(tx, person)
	})
}

// notMyself refuses what nobody does to their own login.
func notMyself(in managing, p access.StaffID) error {
	if in.Person().ID == p {
		return fault.Conflictf("Nobody does this to their own login. Ask another administrator.").WithCode("staff.self")
	}
	return nil
}

// Invite adds a colleague and mails them a link to set a password, once, within
// 24 hours. An address that is on the staff is Invalid at the field email.
func (s *Staff) Invite(ctx context.Context, in managing, n Newcomer) (access.StaffPerson, error) {
	n, address, err := n.check()
	if _, known := access.StaffRoleFrom(string(n.Role)); !known && err == nil {
		err = fault.FieldErr("role", "", "Choose a role from the list.")
	}
	if err != nil {
		return access.StaffPerson{}, err
	}
	var p access.StaffPerson
	err = s.write(ctx, in, 0, func(tx *db.Tx, _ access.StaffInfo) error {
		_, _, err := access.FindStaffByEmail(ctx, tx, address)
		if err == nil {
			return fault.FieldErr("email", "staff.known", "This address is on the staff already.")
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		var t access.Token
		if p, t, err = access.AddStaff(ctx, tx, address, n.Name, n.Role); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.invited", Subject: p.Email, After: postOf(p)}); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, p).invited(in.Person(), s.url("/staff/set-password/"+t.Reveal()), tx.Now().Add(access.StaffLinkLife)))
	})
	return p, err
}

// A Post is what a person is called and what they are. The audit keeps it.
type Post struct {
	Name string           `json:"name"`
	Role access.StaffRole `json:"role"`
}

func postOf(p access.StaffPerson) Post { return Post{p.Name, p.Role} }

// SendLink mails a new link to set a password; the one before dies. The password
// and the sessions end when it is used. Who is deactivated gets Conflict.
func (s *Staff) SendLink(ctx context.Context, in managing, p access.StaffID) (access.StaffPerson, error) {
	var person access.StaffPerson
	err := s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		person = now.StaffPerson
		if !now.Disabled.IsZero() {
			return fault.Conflictf("This login is deactivated. Activate it first.").WithCode("staff.disabled")
		}
		if err := s.mail.Void(ctx, tx, 0, linkRef(p)); err != nil {
			return err
		}
		t, err := access.NewStaffLink(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.link", Subject: now.Email}); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, now.StaffPerson).invited(in.Person(), s.url("/staff/set-password/"+t.Reveal()), tx.Now().Add(access.StaffLinkLife)))
	})
	return person, err
}

// Uninvite takes back the invitation of somebody who has set no password yet:
// they are on the staff no longer. Otherwise it is Conflict.
func (s *Staff) Uninvite(ctx context.Context, in managing, p access.StaffID) (access.StaffPerson, error) {
	var person access.StaffPerson
	err := s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		person = now.StaffPerson
		if err := s.mail.Void(ctx, tx, 0, linkRef(p)); err != nil {
			return err
		}
		if err := access.DropStaff(ctx, tx, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.uninvited", Subject: now.Email, Before: postOf(now.StaffPerson)})
	})
	return person, err
}

// Change gives a person another name and role, from their next request on. seen is
// what the form showed: if it was changed meanwhile, Conflict with the code
// staff.changed. Nobody changes their own role, and the last administrator stays
// one: Conflict, too.
func (s *Staff) Change(ctx context.Context, in managing, p access.StaffID, seen, to Post) error {
	var wrong fault.Fields
	if to.Name = access.CleanName(to.Name); to.Name == "" || len([]rune(to.Name)) > access.MostName {
		wrong.Add("name", "Enter a name of at most %d characters.", access.MostName)
	}
	if _, known := access.StaffRoleFrom(string(to.Role)); !known {
		wrong.Add("role", "Choose a role from the list.")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if postOf(now.StaffPerson) != seen {
			return fault.Conflictf("Somebody has changed this meanwhile. Check the current state below and save again.").WithCode(postChanged)
		}
		if now.Role != to.Role {
			if err := notMyself(in, p); err != nil {
				return err
			}
		}
		if err := access.SetStaff(ctx, tx, p, to.Name, to.Role); err != nil {
			return err
		}
		entry := audit.Entry{Action: "staff.changed", Subject: now.Email, Before: postOf(now.StaffPerson), After: to}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), entry); err != nil || now.Role == to.Role {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, now.StaffPerson).roleChanged(in.Person(), to.Role))
	})
}

// Deactivate shuts a person's login at once. Nobody does it to themselves, and the
// last administrator stays: Conflict.
func (s *Staff) Deactivate(ctx context.Context, in managing, p access.StaffID) error {
	if err := notMyself(in, p); err != nil {
		return err
	}
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if err := access.DisableStaff(ctx, tx, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.deactivated", Subject: now.Email})
	})
}

// Activate opens a login that was deactivated.
func (s *Staff) Activate(ctx context.Context, in managing, p access.StaffID) error {
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if err := access.EnableStaff(ctx, tx, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.activated", Subject: now.Email})
	})
}

// EndOne logs a person out of one browser. It is NotFound if there is none
// such.
func (s *Staff) EndOne(ctx context.Context, in managing, p access.StaffID, key access.StaffSessionID) error {
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if err := access.EndStaffSession(ctx, tx, p, key); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.browser-ended", Subject: now.Email})
	})
}

// EndSessions logs a person out everywhere.
func (s *Staff) EndSessions(ctx context.Context, in managing, p access.StaffID) error {
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if err := access.EndStaffSessions(ctx, tx, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.logged-out", Subject: now.Email})
	})
}

// ResetTwoStep takes two-step login from somebody who has lost phone and recovery
// codes, for a reason: they set it up when they log in next. Nobody resets their
// own; who has none is Conflict.
func (s *Staff) ResetTwoStep(ctx context.Context, in managing, p access.StaffID, reason string) error {
	if reason = access.CleanName(reason); reason == "" || len([]rune(reason)) > 200 {
		return fault.FieldErr("reason", "", "Say why, in at most %d characters.", 200)
	}
	if err := notMyself(in, p); err != nil {
		return err
	}
	return s.write(ctx, in, p, func(tx *db.Tx, now access.StaffInfo) error {
		if now.TwoStep.IsZero() {
			return fault.Conflictf("Two-step login is not set up.").WithCode(access.TwoStepOff)
		}
		return s.resetTwoStep(ctx, tx, now.StaffPerson, access.Elsewhere(in.Actor()), reason)
	})
}

func linkRef(p access.StaffID) string { return "staff:" + p.String() }
