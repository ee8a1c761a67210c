package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

// A Welcome is what the page behind a link shows.
type Welcome struct {
	Invitation
	Card   access.Card // of the account
	Death  Death       // why the link no longer works
	Member bool        // who looks has access already
	Newer  time.Time
}

// Open finds what a genuine link is about. It changes nothing: mail scanners
// open links. A wrong link is NotFound.
func (s *Sharing) Open(ctx context.Context, t access.Token, by access.Actor) (access.Invited, Welcome, error) {
	var in access.Invited
	var w Welcome
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if in, err = access.FindInvited(ctx, tx, t, by); err != nil {
			return err
		}
		w, err = s.welcome(ctx, tx, in)
		return err
	})
	return in, w, err
}

// Genuine finds which invitation a genuine link is for, whether or not it works.
// A wrong link is NotFound.
func (s *Sharing) Genuine(ctx context.Context, t access.Token, by access.Actor) (access.Invited, error) {
	return access.FindInvited(ctx, s.DB.Auto(), t, by)
}

func (s *Sharing) welcome(ctx context.Context, tx *db.Tx, in access.Invited) (Welcome, error) {
	inv, err := findInvitation(ctx, tx, in.Account(), in.Invitation())
	if err != nil {
		return Welcome{}, err
	}
	card, err := access.FindCard(ctx, tx, in.Account())
	if err != nil {
		return Welcome{}, err
	}
	w := Welcome{Invitation: inv, Card: card, Death: inv.Death(in, tx.Now()), Newer: inv.Issued}
	if w.Death == Alive {
		can, err := s.senderCan(ctx, tx, in.Account(), inv)
		if err != nil {
			return w, err
		}
		if !can {
			w.Death = Withdrawn
		}
	}
	if u := in.Actor().User; u != 0 {
		w.Member, err = access.IsMember(ctx, tx, in.Account(), u)
	}
	return w, err
}

// senderCan tells whether who sent the invitation could still give what it
// contains: not while their login is deactivated. Those sent by staff hold until
// they are cancelled.
func (s *Sharing) senderCan(ctx context.Context, tx *db.Tx, account id.Account, inv Invitation) (bool, error) {
	if inv.InvitedBy == 0 {
		return true, nil
	}
	giver, err := access.FindGiver(ctx, tx, account, inv.InvitedBy)
	return canGive(giver, inv.Set), err
}

// Accept turns the invitation into a membership of who is logged in. Exactly
// one acceptance wins; the loser gets Conflict with the code invite.gone. The
// same user's second click succeeds, having changed nothing. Someone who is a
// member already gets Conflict with the code member.already and the invitation
// stays as it is. So it does where the account takes only the invited, proved
// address and this is not theirs: Conflict with the code invite.address or
// invite.unproved. What the invitation was about is beside it.
func (s *Sharing) Accept(ctx context.Context, in access.Invited, me access.Self) (w Welcome, err error) {
	in = in.By(me.Actor())
	err = s.DB.Write(ctx, in, func(tx *db.Tx) (err error) {
		w, err = s.accept(ctx, tx, in, me.User())
		return err
	}, db.LockUser(me.User().ID))
	return w, err
}

// AcceptWithNewLogin creates a login and accepts, or does neither. The session
// that the browser had ends. The address may be another than the invited one,
// and is not verified by this. The same form sent twice ends in the account both
// times. Where the account takes only the invited, proved address, no other is
// taken, and it creates the login only: beside its session there is then the
// Conflict of Accept. The mail that asks to confirm the address leads to next.
func (s *Sharing) AcceptWithNewLogin(ctx context.Context, in access.Invited, n access.NewLogin, next string, old access.Token) (access.Token, error) {
	if s.Settings.Current(ctx, s.DB.Auto()).Registration.Open == settings.Nobody {
		return access.Token{}, fault.Deniedf("New logins can't be made here at the moment. Log in with one that you have.").WithCode("registration.closed")
	}
	login, err := s.Passwords.Prepare(ctx, n)
	if err != nil {
		return access.Token{}, err
	}
	if err := access.MayTry(ctx, s.DB, in.Actor()); err != nil {
		return access.Token{}, err
	}
	var t access.Token
	var unproved error
	err = s.DB.Write(ctx, in, func(tx *db.Tx) error {
		unproved = nil
		only, err := onlyInvited(ctx, tx, in, login.Email())
		if err != nil {
			return err
		}
		u, err := login.Create(ctx, tx)
		if err != nil {
			return err
		}
		in := in.By(u.At(in.Actor()))
		if err := access.EndToken(ctx, tx, old); err != nil {
			return err
		}
		admitted, err := access.NewSession(ctx, tx, u.ID, false, in.Actor())
		if err != nil {
			return err
		}
		t = admitted.Token
		created := access.LoginCreated{User: u.ID}
		if only {
			if created, err = created.Leading(s.Vault, next); err != nil {
				return err
			}
		}
		if err := s.Jobs.Tell(ctx, tx, created); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "login.created", Subject: u.Email}); err != nil {
			return err
		}
		if _, unproved = s.accept(ctx, tx, in, u); fault.CodeOf(unproved) == addressUnproved {
			return nil
		}
		return unproved
	})
	if fault.CodeOf(err) == access.KnownEmail {
		if again, unproved, ok := s.again(ctx, in, n, old); ok {
			return again, unproved
		}
	}
	if err != nil {
		return access.Token{}, access.TellKnown(ctx, s.DB, in.Actor(), err)
	}
	return t, unproved
}

// again lets in who has just created this login and accepted with it, or is to
// confirm its address first, and whose form came a second time: the address and
// the password show that it is them, unless two-step login is on by now.
func (s *Sharing) again(ctx context.Context, in access.Invited, n access.NewLogin, old access.Token) (t access.Token, unproved error, ok bool) {
	email, _ := access.ParseEmail(n.Email)
	u, err := access.FindUserByEmail(ctx, s.DB.Auto(), email)
	if err != nil {
		return access.Token{}, nil, false
	}
	inv, err := findInvitation(ctx, s.DB.Auto(), in.Account(), in.Invitation())
	if err != nil {
		return access.Token{}, nil, false
	}
	rules, err := access.FindRules(ctx, s.DB.Auto(), in.Account())
	waits := err == nil && rules.On(access.InvitedRule) && inv.State == Pending && u.Verified.IsZero() && email.Key == inv.Email.Key
	if !waits && (inv.State != Accepted || inv.AcceptedBy != u.ID) {
		return access.Token{}, nil, false
	}
	opened, err := s.AcceptWithLogin(ctx, in, n.Email, n.Password, "", old)
	if fault.CodeOf(err) == addressUnproved {
		unproved, err = err, nil
	}
	return opened.Session, unproved, err == nil && opened.Step == (access.Token{})
}

// accept spends the link and makes the membership, in one transaction.
func (s *Sharing) accept(ctx context.Context, tx *db.Tx, in access.Invited, u access.User) (Welcome, error) {
	w, err := s.welcome(ctx, tx, in)
	if err != nil {
		return w, err
	}
	if w.Member {
		if w.State == Accepted && w.AcceptedBy == u.ID {
			return w, nil // the same click twice
		}
		return w, fault.Conflictf("You already have access to this account.").WithCode(access.AlreadyMember)
	}
	if w.Death != Alive {
		return w, gone(nil)
	}
	if w.Card.Status == access.Closed {
		return w, fault.Conflictf("This account is closed, so nobody can join it.").WithCode("closed")
	}
	if err := addressed(ctx, tx, w, u.ID); err != nil {
		return w, err
	}
	if err := access.AddMember(ctx, tx, in.Account(), u.ID, w.Set, w.Email.Typed); err != nil {
		return w, err
	}
	if err := endRequest(ctx, tx, in.Account(), u.ID, forAccess); err != nil {
		return w, err
	}
	if ok, err := spend(ctx, tx, in, Accepted, u.ID); err != nil || !ok {
		return w, gone(err)
	}
	if err := s.Mail.Void(ctx, tx, in.Account(), ref(w.ID)); err != nil {
		return w, err
	}
	entry := audit.Entry{Action: "invitation.accepted", Subject: w.Email.Typed, After: map[string]any{"email": u.Email, "permissions": w.Set.Slugs()}}
	if err := audit.Write(ctx, tx, in.Act(), entry); err != nil {
		return w, err
	}
	owner, err := access.FindOwner(ctx, tx, in.Account())
	if err != nil {
		return w, err
	}
	return w, s.mailOf(ctx, tx, w.Card, func(a place) mail.Letter { return a.accepted(owner, w.Invitation, u) })
}

// Decline ends the invitation and tells who sent it. Whoever holds the link may.
func (s *Sharing) Decline(ctx context.Context, in access.Invited) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		w, err := s.welcome(ctx, tx, in)
		if err != nil {
			return err
		}
		if w.Death != Alive {
			return gone(nil)
		}
		if ok, err := spend(ctx, tx, in, Declined, 0); err != nil || !ok {
			return gone(err)
		}
		if err := s.Mail.Void(ctx, tx, in.Account(), ref(w.ID)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "invitation.declined", Subject: w.Email.Typed, Before: w.Set.Slugs()}); err != nil {
			return err
		}
		sender, err := s.sender(ctx, tx, in.Account(), w.Invitation)
		if err != nil {
			return err
		}
		return s.mailOf(ctx, tx, w.Card, func(a place) mail.Letter { return a.declined(sender, w.Invitation) })
	})
}

// sender finds who sent an invitation, or the owner when they could not give what
// it contains any more.
func (s *Sharing) sender(ctx context.Context, tx *db.Tx, account id.Account, inv Invitation) (access.MemberInfo, error) {
	m, err := access.FindMember(ctx, tx, account, inv.InvitedBy)
	if fault.Is(err, fault.NotFound) || err == nil && !canGive(m.Rights, inv.Set) {
		return access.FindOwner(ctx, tx, account)
	}
	return m, err
}

// AskAgain tells who sent the invitation that somebody with a dead link wants a new
// invitation: once a day each.
func (s *Sharing) AskAgain(ctx context.Context, in access.Invited) error {
	daily := access.Limit{Name: "ask-again", Most: 1, Per: 24 * time.Hour, Public: "You have asked today already."}
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		w, err := s.welcome(ctx, tx, in)
		if err != nil {
			return err
		}
		if w.Death == Alive {
			return fault.Conflictf("This invitation works. You can accept it.").WithCode("invite.alive")
		}
		if err := daily.CountIn(ctx, tx, w.ID.String()); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "invitation.asked", Subject: w.Email.Typed}); err != nil {
			return err
		}
		sender, err := s.sender(ctx, tx, in.Account(), w.Invitation)
		if err != nil {
			return err
		}
		return s.mailOf(ctx, tx, w.Card, func(a place) mail.Letter { return a.askedAgain(sender, w.Invitation) })
	})
}
