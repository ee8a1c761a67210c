package login

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/fault"
)

func verifyingSoon() access.Limit {
	return access.Limit{Name: "verify", Most: 1, Per: time.Minute, Public: "This was sent a moment ago. You can send it again in a minute."}
}

func verifyingToday() access.Limit {
	return access.Limit{Name: "verify-day", Most: 5, Per: 24 * time.Hour, Public: "This was sent five times today. You can send it again in %d minutes."}
}

// welcome mails the link that proves the address of a new login. Done again, or
// after the person has asked for the link, it does nothing.
func (l *Login) welcome(ctx context.Context, f access.LoginCreated) error {
	return l.db.WriteGlobal(ctx, db.LockUser(f.User), func(tx *db.Tx) error {
		u, err := access.FindUser(ctx, tx, f.User)
		if fault.Is(err, fault.NotFound) || err == nil && !u.Verified.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err = access.FindLinkOf(ctx, tx, u.ID, access.Proving, tx.Now()); !fault.Is(err, fault.NotFound) {
			return err
		}
		next, err := f.Next(l.vault)
		if err != nil {
			return job.Fatal(err)
		}
		return l.mailProof(ctx, tx, u, next)
	})
}

// mailProof mails the link; following it leads to next.
func (l *Login) mailProof(ctx context.Context, tx *db.Tx, u access.User, next string) error {
	t, err := l.link(ctx, tx, u.ID, access.Proving, u.Email)
	if err != nil {
		return err
	}
	return l.mail.Send(ctx, tx, l.to(ctx, tx, u).verify(l.url(withNext("/verify/"+t.Reveal(), next)), tx.Now().Add(LinkLife)))
}

// SendProof mails the link that proves one's address again; the one before
// dies. Once a minute and five times a day, then TooMany. An address that is
// proved already is Conflict. Following the link leads to next.
func (l *Login) SendProof(ctx context.Context, me access.Self, next string) error {
	return l.db.WriteGlobal(ctx, db.LockUser(me.User().ID), func(tx *db.Tx) error {
		u, err := access.FindUser(ctx, tx, me.User().ID)
		if err != nil {
			return err
		}
		if !u.Verified.IsZero() {
			return fault.Conflictf("Your email address is confirmed already.").WithCode("email.verified")
		}
		for _, limit := range []access.Limit{verifyingSoon(), verifyingToday()} {
			if err := limit.CountIn(ctx, tx, u.ID.String()); err != nil {
				return err
			}
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "email.asked", Subject: u.Email}); err != nil {
			return err
		}
		return l.mailProof(ctx, tx, u, next)
	})
}

// A Claim is what a link to prove an address is about.
type Claim struct {
	User  access.User
	Email string // the address that it proves
	New   bool   // which then becomes the login's
}

// Claim finds what a link would prove. A dead link is NotFound.
func (l *Login) Claim(ctx context.Context, t access.Token) (Claim, error) {
	link, u, err := l.find(ctx, access.Proving, t)
	if err == nil {
		return Claim{User: u, Email: link.Email}, nil
	}
	if fault.CodeOf(err) != deadLink {
		return Claim{}, err
	}
	link, u, err = l.find(ctx, access.Changing, t)
	return Claim{User: u, Email: link.Email, New: true}, err
}

// NotLoggedIn is the fault code of who opens a link to confirm an address without
// being logged in with that login.
const NotLoggedIn = "confirm.login"

// Confirm spends a link and notes that the address is proved; a new address
// becomes the login's, and the former one is told, with a link to undo it. Only who
// is logged in with that login can: others get Denied with the code NotLoggedIn,
// so that nobody confirms, by a link in their mail, a login that somebody else has
// made with their address. A dead link is NotFound; an address that somebody
// else's login has by now is Conflict.
func (l *Login) Confirm(ctx context.Context, by access.Actor, t access.Token) (Claim, error) {
	c, err := l.Claim(ctx, t)
	if err != nil {
		return c, err
	}
	email, ok := access.ParseEmail(c.Email)
	if !ok {
		return c, dead()
	}
	if by.User != c.User.ID {
		return c, fault.Deniedf("Log in with the login %s to confirm this address.", c.User.Email).WithCode(NotLoggedIn)
	}
	me := c.User.As(by.IP, by.Agent)
	err = l.db.WriteGlobal(ctx, db.LockUser(c.User.ID), func(tx *db.Tx) error {
		if c.New {
			return l.changeEmail(ctx, tx, me, t, email)
		}
		return proveEmail(ctx, tx, me, t, email)
	})
	return c, err
}

func proveEmail(ctx context.Context, tx *db.Tx, me access.Actor, t access.Token, email access.Email) error {
	if _, err := access.SpendLink(ctx, tx, access.Proving, t); err != nil {
		return err
	}
	fresh, err := access.Verify(ctx, tx, me.User, email)
	if err != nil {
		return err
	}
	if !fresh {
		return dead()
	}
	return audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "email.verified", Subject: email.Typed})
}

// Disown spends a link to confirm an address for who says that they did not make
// the login, and gives a link's token to set a new password, where they are asked
// what is to stay of it. A dead link is NotFound, and so is one to a new address:
// who did not ask for that lets it be.
func (l *Login) Disown(ctx context.Context, by access.Actor, t access.Token) (access.Token, error) {
	_, u, err := l.find(ctx, access.Proving, t)
	if err != nil {
		return access.Token{}, err
	}
	var reset access.Token
	err = l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		link, err := access.SpendLink(ctx, tx, access.Proving, t)
		if err != nil {
			return err
		}
		if reset, err = l.link(ctx, tx, u.ID, access.Reset, link.Email); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "login.disowned", Subject: u.Email})
	})
	return reset, err
}
