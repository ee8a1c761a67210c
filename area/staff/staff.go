package staff

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

// Staff serves the logins of the hosting company's people.
type Staff struct {
	db        *db.DB
	mail      *mail.Mail
	passwords *access.Passwords
	twoStep   *access.TwoStep
	settings  *settings.Store
	url       func(path string) string // under the base URL
}

// New makes it.
func New(d *db.DB, m *mail.Mail, p *access.Passwords, two *access.TwoStep, set *settings.Store, url func(path string) string) *Staff {
	return &Staff{d, m, p, two, set, url}
}

// lives are how long sessions live.
func (s *Staff) lives(ctx context.Context) access.Lives {
	return s.settings.Current(ctx, s.db.Auto()).Sessions.Lives()
}

// A Newcomer is somebody to be added to the staff.
type Newcomer struct {
	Email string
	Name  string // "": the first part of the address
	Role  access.StaffRole
	// ResetTwoStep also takes from who is there already what their codes are
	// checked by, and ends their sessions: they set it up at their next log in.
	ResetTwoStep bool
}

// check says what is wrong with it, and gives it clean.
func (n Newcomer) check() (Newcomer, access.Email, error) {
	address, ok := access.ParseEmail(n.Email)
	if !ok {
		return n, address, fault.FieldErr("email", "email.malformed", "Enter an address like name@example.com.")
	}
	if n.Name = access.CleanName(n.Name); n.Name == "" {
		n.Name, _, _ = strings.Cut(address.Typed, "@")
	}
	if len([]rune(n.Name)) > access.MostName {
		return n, address, fault.FieldErr("name", "", "Shorten the name to %d characters.", access.MostName)
	}
	return n, address, nil
}

// Add adds a person of the staff, or finds the one with this address, and gives
// a link with which they set a password, once, within 24 hours. Earlier links
// die. Who is there already keeps name and role. It is for who runs the program.
func (s *Staff) Add(ctx context.Context, n Newcomer) (link string, err error) {
	n, address, err := n.check()
	if err != nil {
		return "", err
	}
	by := access.Elsewhere(access.Actor{Kind: access.BySystem, Name: "atrium staff add"})
	err = s.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		p, t, err := access.AddStaff(ctx, tx, address, n.Name, n.Role)
		if err != nil {
			return err
		}
		if !p.Disabled.IsZero() {
			return fault.Conflictf("The staff login of this address is switched off.").WithCode("staff.disabled")
		}
		link = s.url("/staff/set-password/" + t.Reveal())
		entry := audit.Entry{Action: "staff.added", Subject: p.Email, After: map[string]string{"name": p.Name, "role": string(p.Role)}}
		if err := audit.Write(ctx, tx, by, entry); err != nil || !n.ResetTwoStep {
			return err
		}
		return s.resetTwoStep(ctx, tx, p, by, "")
	})
	if err != nil {
		return "", err
	}
	return link, nil
}

// resetTwoStep takes away what a person's codes are checked by, ends their
// sessions and tells them. Who has none is left as they are.
func (s *Staff) resetTwoStep(ctx context.Context, tx *db.Tx, p access.StaffPerson, by access.Act, reason string) error {
	was, err := s.twoStep.TurnOff(ctx, tx, p.Holder())
	if err != nil || !was {
		return err
	}
	if err := access.EndStaffSessions(ctx, tx, p.ID); err != nil {
		return err
	}
	entry := audit.Entry{Action: "staff.two-step-reset", Subject: p.Email}
	if reason != "" {
		entry.After = map[string]string{"reason": reason}
	}
	if err := audit.Write(ctx, tx, by, entry); err != nil {
		return err
	}
	return s.mail.Send(ctx, tx, s.to(ctx, tx, p).twoStepReset(tx.Now()))
}

// Link finds whose password a link sets. It changes nothing. A link that is
// wrong, used or older than 24 hours is NotFound.
func (s *Staff) Link(ctx context.Context, t access.Token) (access.StaffPerson, error) {
	p, err := access.FindStaffLink(ctx, s.db.Auto(), t, s.db.Clock().Now())
	return p, dead(err)
}

// SetPassword spends a link: the person has this password from now on, and
// every session of theirs ends; they are told by mail. A weak password is Invalid
// and leaves the link as it is; a link that doesn't work, or no longer, is NotFound.
func (s *Staff) SetPassword(ctx context.Context, t access.Token, password string, by access.Actor) error {
	p, err := s.Link(ctx, t)
	if err != nil {
		return err
	}
	if why := s.passwords.Weakness(ctx, password, p.Name, p.Email); why != "" {
		return fault.FieldErr("password", "password.weak", why)
	}
	hash, err := s.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		p, err := access.SetStaffPassword(ctx, tx, t, hash)
		if err != nil {
			return dead(err)
		}
		if err := access.ForgetBrowsers(ctx, tx, p.Holder(), by); err != nil {
			return err
		}
		if _, err := access.Meet(ctx, tx, p.Holder(), by); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(p.As(by.IP, by.Agent)), audit.Entry{Action: "staff.password", Subject: p.Email}); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, p).passwordSet(tx.Now()))
	})
}

// dead gives every link that doesn't work the same sentence.
func dead(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.NotFoundf("This link has expired or was already used.").WithCode("link")
	}
	return err
}

// LogIn takes the first step into the staff area: the password. The second, which
// its token is for, is a code, or setting two-step login up for who has none yet.
// next is where it leads. A wrong address or password is Invalid with the code
// access.WrongLogin.
func (s *Staff) LogIn(ctx context.Context, email, password, next string, by access.Actor) (access.Token, error) {
	p, err := s.passwords.AuthenticateStaff(ctx, s.db, email, password, by)
	if err != nil {
		return access.Token{}, err
	}
	by = p.At(by)
	var t access.Token
	err = s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) (err error) {
		if t, err = s.twoStep.AskStaff(ctx, tx, by, access.Wish{Next: next}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "staff.two-step-asked", Subject: p.Email})
	})
	return t, err
}

// LogOut ends a staff session. One that has ended already is no error.
func (s *Staff) LogOut(ctx context.Context, t access.Token, by access.Actor) error {
	session, err := access.FindStaffSession(ctx, s.db, s.lives(ctx), t)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p := session.Person
	return s.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := access.EndStaffToken(ctx, tx, t); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(p.As(by.IP, by.Agent)), audit.Entry{Action: "staff.logout", Subject: p.Email})
	})
}
