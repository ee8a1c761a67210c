package staff

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// Staff serves the logins of the hosting company's people.
type Staff struct {
	db        *db.DB
	passwords *access.Passwords
	url       func(path string) string // under the base URL
}

// New makes it.
func New(d *db.DB, p *access.Passwords, url func(path string) string) *Staff {
	return &Staff{d, p, url}
}

// Add adds a person of the staff, or finds the one with this address, and gives
// a link with which they set a password, once, within 24 hours. Earlier links
// die. Without a name, the person is called by the first part of the address. Who
// is there already keeps name and role.
func (s *Staff) Add(ctx context.Context, email, name string, role access.StaffRole) (link string, err error) {
	address, ok := access.ParseEmail(email)
	if !ok {
		return "", fault.FieldErr("email", "email.malformed", "Enter an address like name@example.com.")
	}
	if name = access.CleanName(name); name == "" {
		name, _, _ = strings.Cut(address.Typed, "@")
	}
	if len([]rune(name)) > access.MostName {
		return "", fault.FieldErr("name", "", "Shorten the name to %d characters.", access.MostName)
	}
	by := access.Elsewhere(access.Actor{Kind: access.BySystem, Name: "atrium staff add"})
	err = s.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		p, t, err := access.AddStaff(ctx, tx, address, name, role)
		if err != nil {
			return err
		}
		if !p.Disabled.IsZero() {
			return fault.Conflictf("The staff login of this address is switched off.").WithCode("staff.disabled")
		}
		link = s.url("/staff/set-password/" + t.Reveal())
		return audit.Write(ctx, tx, by, audit.Entry{Action: "staff.added", Subject: p.Email, After: map[string]string{"name": p.Name, "role": string(p.Role)}})
	})
	if err != nil {
		return "", err
	}
	return link, nil
}

// Link finds whose password a link sets. It changes nothing. A link that is
// wrong, used or older than 24 hours is NotFound.
func (s *Staff) Link(ctx context.Context, t access.Token) (access.StaffPerson, error) {
	p, err := access.FindStaffLink(ctx, s.db.Auto(), t, s.db.Clock().Now())
	return p, dead(err)
}

// SetPassword spends a link: the person has this password from now on, and
// every session of theirs ends. A weak password is Invalid and leaves the link
// as it is; a link that doesn't work, or no longer, is NotFound.
func (s *Staff) SetPassword(ctx context.Context, t access.Token, password string, by access.Actor) error {
	p, err := s.Link(ctx, t)
	if err != nil {
		return err
	}
	if why := s.passwords.Weakness(password, p.Name, p.Email); why != "" {
		return fault.FieldErr("password", "password.weak", why)
	}
	hash, err := s.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		p, err := access.SetStaffPassword(ctx, tx, t, hash)
		if err != nil {
			return dead(err)
		}
		return audit.Write(ctx, tx, access.Elsewhere(p.As(by.IP, by.Agent)), audit.Entry{Action: "staff.password", Subject: p.Email})
	})
}

// dead gives every link that doesn't work the same sentence.
func dead(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.NotFoundf("This link has expired or was already used.").WithCode("link")
	}
	return err
}

// LogIn opens a staff session and ends the one that the browser had, which may
// be the zero Token. A wrong address or password is Invalid with the code
// access.WrongLogin.
func (s *Staff) LogIn(ctx context.Context, had access.Token, email, password string, by access.Actor) (access.Token, error) {
	p, err := s.passwords.AuthenticateStaff(ctx, s.db, email, password, by)
	if err != nil {
		return access.Token{}, err
	}
	by = p.As(by.IP, by.Agent)
	var t access.Token
	err = s.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		if err := access.EndStaffToken(ctx, tx, had); err != nil {
			return err
		}
		if t, err = access.NewStaffSession(ctx, tx, p.ID, by); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "staff.login", Subject: p.Email})
	})
	return t, err
}

// LogOut ends a staff session. One that has ended already is no error.
func (s *Staff) LogOut(ctx context.Context, t access.Token, by access.Actor) error {
	session, err := access.FindStaffSession(ctx, s.db, t)
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
