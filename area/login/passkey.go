package login

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// Passkeys asks for passkeys; nil where browsers offer none.
func (l *Login) Passkeys() *access.Passkeys {
	if !l.passkeys.Possible() {
		return nil
	}
	return l.passkeys
}

// LogInWithPasskey opens a session for whoever's passkey was shown at the
// browser, and ends the one that the browser had. It is both steps of two-step
// login in one. See Passkeys.CheckLogIn for what it answers otherwise.
func (l *Login) LogInWithPasskey(ctx context.Context, by access.Actor, browser access.Token, a access.Answer, remember bool, old access.Token) (access.Token, error) {
	s, err := l.passkeys.CheckLogIn(ctx, browser, by, a)
	if err != nil {
		return access.Token{}, l.noteCopy(ctx, s, by, err)
	}
	var t access.Token
	err = l.db.WriteGlobal(ctx, db.LockUser(s.User().ID), func(tx *db.Tx) error {
		me, err := access.LetIn(ctx, tx, s, browser, by)
		if err != nil {
			return err
		}
		if t, err = l.replaceSession(ctx, tx, me, remember, old); err != nil {
			return err
		}
		return openedBy(ctx, tx, me, s)
	})
	return t, err
}

// openedBy writes the audit rows of a session that a passkey has opened.
func openedBy(ctx context.Context, tx *db.Tx, me access.Actor, s access.Shown) error {
	if err := audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "session.opened", Subject: me.Email}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "passkey.used", Subject: s.Name()})
}

// noteCopy writes to the audit, and mails to its user, that a passkey may have
// been copied, if that is why it was refused.
func (l *Login) noteCopy(ctx context.Context, s access.Shown, by access.Actor, err error) error {
	if fault.CodeOf(err) != access.CopiedPasskey {
		return err
	}
	u := s.User()
	e := l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if err := audit.Write(ctx, tx, access.Elsewhere(u.As(by.IP, by.Agent)), audit.Entry{Action: "passkey.copied", Subject: s.Name()}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).passkeyCopied(s.Name(), tx.Now()))
	})
	if e != nil {
		return e
	}
	return err
}

// FinishWithPasskey is FinishLogIn with a passkey in place of a code.
func (l *Login) FinishWithPasskey(ctx context.Context, in access.Step, a access.Answer, old access.Token) (access.Token, error) {
	s, err := l.passkeys.CheckStep(ctx, in, a)
	if err != nil {
		return access.Token{}, l.noteCopy(ctx, s, in.Actor(), err)
	}
	var t access.Token
	err = l.db.WriteGlobal(ctx, db.LockUser(in.User().ID), func(tx *db.Tx) error {
		passed, err := l.twoStep.PassWith(ctx, tx, in, s)
		if err != nil {
			return err
		}
		if t, err = l.replaceSession(ctx, tx, passed.Actor, in.Wish().Remember, old); err != nil {
			return err
		}
		return openedBy(ctx, tx, passed.Actor, s)
	})
	return t, err
}

// AskPasskey asks for a new passkey. Whose address is not confirmed gets
// Conflict: a passkey would outlive that the address's owner takes the login back.
func (l *Login) AskPasskey(ctx context.Context, me access.Self) (access.Question, error) {
	if err := mayAddPasskey(me); err != nil {
		return access.Question{}, err
	}
	return l.passkeys.AskNew(ctx, me)
}

func mayAddPasskey(me access.Self) error {
	if me.User().Verified.IsZero() {
		return fault.Conflictf("Confirm your email address first. Then you can add passkeys.").WithCode("passkey.unverified")
	}
	return nil
}

// longestName is how many characters the name of a passkey may have.
const longestName = 60

func passkeyName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "":
		return "", fault.FieldErr("name", "passkey.name", "Give it a name that you know it by.")
	case utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, unicode.IsControl):
		return "", fault.FieldErr("name", "passkey.name", "Use 60 characters at most.")
	}
	return name, nil
}

// AddPasskey adds the passkey that an authenticator has made, and tells its user
// by mail. See Passkeys.CheckNew for what it answers otherwise; a name that is
// none is Invalid at the field name.
func (l *Login) AddPasskey(ctx context.Context, me access.Self, a access.Answer, name string) error {
	if err := mayAddPasskey(me); err != nil {
		return err
	}
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	n, err := l.passkeys.CheckNew(ctx, me, a)
	if err != nil {
		return err
	}
	u := me.User()
	return l.own(ctx, me, func(tx *db.Tx) error {
		if err := access.AddPasskey(ctx, tx, me, n, name); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "passkey.added", Subject: name}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).passkeyAdded(name, tx.Now()))
	})
}

// Passkey finds one of one's own, NotFound if it is not.
func (l *Login) Passkey(ctx context.Context, me access.Self, k access.PasskeyID) (access.Passkey, error) {
	return access.FindPasskey(ctx, l.db.Auto(), me.User().ID, k)
}

// RenamePasskey gives one of one's own passkeys another name.
func (l *Login) RenamePasskey(ctx context.Context, me access.Self, k access.PasskeyID, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	u := me.User().ID
	return l.db.WriteGlobal(ctx, db.LockUser(u), func(tx *db.Tx) error {
		was, err := access.FindPasskey(ctx, tx, u, k)
		if err != nil {
			return err
		}
		if err := access.RenamePasskey(ctx, tx, u, k, name); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "passkey.renamed", Subject: name, Before: was.Name, After: name})
	})
}

// RemovePasskey removes one of one's own passkeys, and tells its user by mail.
// See access.RemovePasskey for what it answers otherwise.
func (l *Login) RemovePasskey(ctx context.Context, me access.Self, k access.PasskeyID) error {
	u := me.User()
	return l.own(ctx, me, func(tx *db.Tx) error { return l.removePasskey(ctx, tx, me.Actor(), u, k) })
}

func (l *Login) removePasskey(ctx context.Context, tx *db.Tx, me access.Actor, u access.User, k access.PasskeyID) error {
	was, err := access.FindPasskey(ctx, tx, u.ID, k)
	if err != nil {
		return err
	}
	if err := access.RemovePasskey(ctx, tx, u.ID, k); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "passkey.removed", Subject: was.Name}); err != nil {
		return err
	}
	return l.mail.Send(ctx, tx, l.to(ctx, tx, u).passkeyRemoved(was.Name, tx.Now()))
}

// TurnOnWithPasskeys turns two-step login on with the passkeys one has as second
// step, and gives recovery codes, which are shown this once. Who has it on
// already gets Conflict with the code two-step.on, who has no passkey Conflict.
func (l *Login) TurnOnWithPasskeys(ctx context.Context, me access.Self) (access.Recovery, error) {
	codes, err := l.twoStep.NewRecovery(ctx)
	if err != nil {
		return access.Recovery{}, err
	}
	u := me.User()
	return codes, l.own(ctx, me, func(tx *db.Tx) error {
		now, err := access.FindUser(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if !now.TwoStep.IsZero() {
			return twoStepOn()
		}
		if err := l.twoStep.EnrolPasskeys(ctx, tx, u, codes); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "two-step.on", Subject: u.Email}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).twoStepOnPasskeys(tx.Now()))
	})
}

// TurnOffWithPasskey is TurnOffTwoStep with a passkey in place of a code.
func (l *Login) TurnOffWithPasskey(ctx context.Context, me access.Self, a access.Answer) error {
	s, err := l.passkeys.CheckTurnOff(ctx, me, a)
	if err != nil {
		return l.noteCopy(ctx, s, me.Actor(), err)
	}
	return l.turnOff(ctx, me, func(tx *db.Tx) error { return access.SpendToTurnOff(ctx, tx, me, s) })
}

// ProveWithPasskey is Prove with a passkey in place of the password.
func (l *Login) ProveWithPasskey(ctx context.Context, me access.Self, a access.Answer) (access.Token, error) {
	s, err := l.passkeys.CheckProof(ctx, me, a)
	if err != nil {
		return access.Token{}, l.noteCopy(ctx, s, me.Actor(), err)
	}
	return l.prove(ctx, me, func(tx *db.Tx) (access.Token, error) { return access.ProveWith(ctx, tx, me, s) })
}
