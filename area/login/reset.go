package login

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/fault"
)

func forgettingFrom() access.Limit {
	return access.Limit{Name: "forgot-from", Most: 5, Per: time.Hour, Public: "You have asked for many links. Try again in %d minutes."}
}

func forgetting() access.Limit {
	return access.Limit{Name: "forgot", Most: 3, Per: time.Hour,
		Public: "A link for this address was asked for several times. Look into your mailbox, or try again in %d minutes."}
}

// forgotten is the job that mails the link to set a new password. Its wish is
// sealed: next may hold the one-time link of an invitation.
type forgotten struct {
	Sealed string `json:"sealed"`
}

// Kind names the work.
func (forgotten) Kind() string { return "login.forgotten" }

// A wish is who wants a new password, and where setting it leads.
type wish struct{ Email, Next string }

// Forgot sends a link to set a new password, if there is a login with this
// address. What it does and answers is the same if there is none. Five an hour
// from one network and three for one login, then TooMany.
func (l *Login) Forgot(ctx context.Context, by access.Actor, address, next string) error {
	email, ok := access.ParseEmail(address)
	if !ok {
		return fault.FieldErr("email", "email.malformed", "Enter an address like name@example.com.")
	}
	plain, err := json.Marshal(wish{email.Typed, next})
	if err != nil {
		return err
	}
	sealed, err := l.vault.Seal(plain, forgotten{}.Kind())
	if err != nil {
		return err
	}
	return l.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := forgettingFrom().CountIn(ctx, tx, by.Network()); err != nil {
			return err
		}
		if err := forgetting().CountIn(ctx, tx, email.Key); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "password.forgotten", Subject: email.Typed}); err != nil {
			return err
		}
		return l.jobs.Enqueue(ctx, tx, forgotten{sealed})
	})
}

// mailReset makes the link and mails it. Done again, it makes a newer one.
func (l *Login) mailReset(ctx context.Context, f forgotten) error {
	plain, err := l.vault.Open(f.Sealed, f.Kind())
	if err != nil {
		return job.Fatal(err)
	}
	var w wish
	if err := json.Unmarshal(plain, &w); err != nil {
		return job.Fatal(err)
	}
	email, ok := access.ParseEmail(w.Email)
	if !ok {
		return job.Fatal(errors.New("what was an address when it was typed is none now"))
	}
	u, err := access.FindUserByEmail(ctx, l.db.Auto(), email)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		u, err := access.FindUserByEmail(ctx, tx, email) // it may have changed before the lock
		if fault.Is(err, fault.NotFound) || err == nil && !u.Disabled.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := l.link(ctx, tx, u.ID, access.Reset, u.Email)
		if err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).reset(l.url(withNext("/reset/"+t.Reveal(), w.Next)), tx.Now().Add(LinkLife)))
	})
}

// hash refuses a weak password, and hashes any other.
func (l *Login) hash(ctx context.Context, u access.User, password string) (string, error) {
	if why := l.passwords.Weakness(ctx, password, u.FirstName, u.LastName, u.Email); why != "" {
		return "", fault.FieldErr("password", "password.weak", why)
	}
	return l.passwords.Hash(ctx, password)
}

// A newPassword is one to be stored.
type newPassword struct {
	hash   string
	action string           // for the audit
	keep   access.SessionID // the session that stays; zero: none
}

// setPassword stores a new password, ends the other sessions and every link
// that somebody else may have asked for, and tells the person. The browser where
// it was set is known from then on, so that nobody's tries lock it out, and all
// others are not.
func (l *Login) setPassword(ctx context.Context, tx *db.Tx, u access.User, me access.Actor, p newPassword) error {
	if err := access.SetPassword(ctx, tx, u.ID, p.hash); err != nil {
		return err
	}
	ended, err := access.EndSessions(ctx, tx, u.ID, p.keep)
	if err != nil {
		return err
	}
	if err := access.ForgetBrowsers(ctx, tx, u.Holder(), me); err != nil {
		return err
	}
	if _, err := access.Meet(ctx, tx, u.Holder(), me); err != nil {
		return err
	}
	if err := l.kill(ctx, tx, u.ID, access.Reset, access.Changing); err != nil {
		return err
	}
	entry := audit.Entry{Action: p.action, Subject: u.Email, After: sessionsEnded{ended}}
	if err := audit.Write(ctx, tx, access.Elsewhere(me), entry); err != nil {
		return err
	}
	return l.mail.Send(ctx, tx, l.to(ctx, tx, u).passwordChanged(tx.Now()))
}

// sessionsEnded is how many sessions a change has ended, for the audit.
type sessionsEnded struct {
	Ended int64 `json:"sessions ended"`
}

// SetPassword changes one's own password, which needs the present one, and ends
// one's other sessions.
func (l *Login) SetPassword(ctx context.Context, me access.Self, current, password string) error {
	if err := l.passwords.CheckPassword(ctx, l.db, me, "current", current); err != nil {
		return err
	}
	if password == current {
		return fault.FieldErr("password", "password.same", "This is your present password. Choose another one.")
	}
	u := me.User()
	hash, err := l.hash(ctx, u, password)
	if err != nil {
		return err
	}
	return l.own(ctx, me, func(tx *db.Tx) error {
		return l.setPassword(ctx, tx, u, me.Actor(), newPassword{hash, "password.changed", me.Session().ID})
	})
}
