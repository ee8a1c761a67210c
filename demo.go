package atrium

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"atrium/area/account"
	"atrium/area/login"
	"atrium/area/sharing"
	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/clock"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
)

// DemoPassword is everybody's in the demo.
const DemoPassword = "quiet-harbour-lantern-42"

// DemoSecret is what the authenticator app of everybody in the demo knows who has
// two-step login on.
func DemoSecret() access.Secret {
	s, _ := access.ParseSecret("ATRI UMDE MODE MODE MODE MODE MODE MODE")
	return s
}

// DemoDay is the day the demo plays on unless it is told otherwise, so that two
// people who look at it see the same.
func DemoDay() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

// A calendar is a clock that the demo's story turns from day to day.
type calendar struct{ now time.Time }

func (c *calendar) Now() time.Time { c.now = c.now.Add(time.Millisecond); return c.now }

// FillDemo fills an empty database with a year in the life of a hosting
// company's customers, ending at today. Everything is done by the services,
// with the proofs of the people who do it: the data is what use would leave.
func FillDemo(ctx context.Context, c Config, today time.Time) error {
	cal := &calendar{today}
	c.Clock, c.Phones = cal, nil // phones of the story tell its time
	a, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer a.Close()
	s := &story{App: a, ctx: ctx, cal: cal, today: today, people: map[string]demoPerson{}, accounts: map[string]id.Account{}, played: 366}
	s.tell()
	if s.err != nil {
		return fmt.Errorf("filling the demo: %w", s.err)
	}
	return s.settleMails()
}

// story plays the demo's events. After the first error it does nothing more.
type story struct {
	*App
	ctx      context.Context
	cal      *calendar
	today    time.Time
	people   map[string]demoPerson
	accounts map[string]id.Account
	played   int // up to how many days ago everyday's log-ins were played
	err      error
}

type demoPerson struct{ first, last, email string }

// ago turns the calendar to so many days before today, at this time of day,
// after what people do every day until then. The story goes forward.
func (s *story) ago(days int, hour, minute int) {
	s.everyday(days)
	s.turn(days, hour, minute)
}

func (s *story) turn(days int, hour, minute int) {
	day := s.today.AddDate(0, 0, -days)
	s.cal.now = time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, time.UTC)
}

func (s *story) try(err error) {
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("on %s: %w", s.cal.now.Format(time.DateOnly), err)
	}
}

// from is the actor of a browser in which nobody is logged in.
func from() access.Actor {
	return access.Actor{Kind: access.Anonymous, IP: "192.0.2.10", Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
}

// register has somebody register and confirm their address.
func (s *story) register(who, accountName, country, zone string, verified bool) {
	if s.err != nil {
		return
	}
	p := s.people[who]
	_, account, err := s.login.Register(s.ctx, from(), login.Registration{
		NewLogin: access.NewLogin{FirstName: p.first, LastName: p.last, Email: p.email, Password: DemoPassword, Language: "en", TimeZone: zone},
		Account:  accountName, Country: country}, access.Token{})
	s.try(err)
	s.accounts[accountName] = account
	if verified {
		s.confirm(who)
	}
}

// confirm follows the link in the mail that asks to confirm an address.
func (s *story) confirm(who string) {
	s.try(s.Jobs.Drain(s.ctx))
	if t, ok := s.link(s.people[who].email, "/verify/"); ok {
		claim, err := s.login.Claim(s.ctx, t)
		s.try(err)
		_, err = s.login.Confirm(s.ctx, claim.User.At(from()), t) // logged in, as they are after registering
		s.try(err)
	}
}

// link takes the token out of the latest mail to somebody.
func (s *story) link(email, path string) (access.Token, bool) {
	if s.err != nil {
		return access.Token{}, false
	}
	all, err := s.mail.Outbox(s.ctx, 0, 200)
	s.try(err)
	i := slices.IndexFunc(all, func(m mail.Message) bool { return m.To.Email == email })
	if i < 0 {
		s.try(fmt.Errorf("no mail to %s", email))
		return access.Token{}, false
	}
	m, err := s.mail.Open(s.ctx, all[i].Account, all[i].ID)
	s.try(err)
	found := regexp.MustCompile(regexp.QuoteMeta(path) + `([\w.-]+)`).FindStringSubmatch(m.Text)
	if found == nil {
		s.try(fmt.Errorf("no link to %s in the mail to %s", path, email))
		return access.Token{}, false
	}
	t, ok := access.ParseToken(found[1])
	return t, ok
}

// visit logs somebody in to an account, as opening its Home does, and gives
// what its door would know of them.
func (s *story) visit(who, accountName string) (access.Session, access.Membership) {
	if s.err != nil {
		return access.Session{}, access.Membership{}
	}
	email, _ := access.ParseEmail(s.people[who].email)
	u, err := access.FindUserByEmail(s.ctx, s.DB.Auto(), email)
	s.try(err)
	by := u.As(from().IP, from().Agent)
	var t access.Token
	s.try(s.DB.WriteGlobal(s.ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		in, err := access.NewSession(s.ctx, tx, u.ID, false, by)
		t = in.Token
		return err
	}))
	session, m, err := access.FindMembership(s.ctx, s.DB, access.DefaultLives(), t, s.accounts[accountName], by.IP, by.Agent)
	s.try(err)
	s.try(access.Touch(s.ctx, s.DB, session, m, func(tx *db.Tx, by access.Act) error { return noteLogin(s.ctx, tx, by) }))
	return session, m
}

func (s *story) manager(who, accountName string) access.Manager {
	_, m := s.visit(who, accountName)
	if s.err != nil {
		return access.Manager{}
	}
	in, err := access.EnterManager(m, access.Change)
	s.try(err)
	return in
}

// invite has somebody invite a person, by name, to an account.
func (s *story) invite(by, accountName, email, message string, set access.Set) {
	in := s.manager(by, accountName)
	if s.err != nil {
		return
	}
	_, err := s.share.Invite(s.ctx, in, sharing.Draft{Email: email, All: set == access.Everything, Perms: set.Slugs(), Message: message})
	s.try(err)
}

// accept has the invited person follow the link in their mail: with the login
// they have, or with a new one.
func (s *story) accept(who, zone string) {
	p := s.people[who]
	t, ok := s.link(p.email, "/invite/")
	if !ok {
		return
	}
	in, _, err := s.share.Open(s.ctx, t, from())
	s.try(err)
	email, _ := access.ParseEmail(p.email)
	if _, err := access.FindUserByEmail(s.ctx, s.DB.Auto(), email); err == nil {
		_, err = s.share.AcceptWithLogin(s.ctx, in, p.email, DemoPassword, "", access.Token{})
		s.try(err)
		return
	}
	_, err = s.share.AcceptWithNewLogin(s.ctx, in, access.NewLogin{FirstName: p.first, LastName: p.last, Email: p.email, Password: DemoPassword, Language: "en", TimeZone: zone}, "", access.Token{})
	s.try(err)
	s.confirm(who)
}

// want has a member ask for a permission.
func (s *story) want(who, accountName string, n access.Name, note string) {
	_, m := s.visit(who, accountName)
	if s.err != nil {
		return
	}
	in, err := access.EnterMember(m, access.Change)
	s.try(err)
	_, err = s.share.Ask(s.ctx, in, sharing.Wish{Permission: n.Slug(), Note: note})
	s.try(err)
}

// seek has somebody ask for access to an account that they name.
func (s *story) seek(who, accountName, named, note string) {
	session, _ := s.visit(who, accountName)
	if s.err != nil {
		return
	}
	s.try(s.share.Seek(s.ctx, session.Self(from().IP, from().Agent), sharing.Search{Account: named, Note: note}))
	s.try(s.Jobs.Drain(s.ctx))
}

func (s *story) decline(email string) {
	t, ok := s.link(email, "/invite/")
	if !ok {
		return
	}
	in, _, err := s.share.Open(s.ctx, t, from())
	s.try(err)
	s.try(s.share.Decline(s.ctx, in))
}

// change gives a member other permissions.
func (s *story) change(by, accountName, who string, set access.Set) {
	in, m := s.member(by, accountName, who)
	if s.err == nil {
		_, err := s.share.SetPermissions(s.ctx, in, m.User, sharing.Grant{Perms: set.Slugs(), Version: m.Version})
		s.try(err)
	}
}

// trust lets a member manage users.
func (s *story) trust(by, accountName, who string) {
	in, m := s.member(by, accountName, who)
	if s.err == nil {
		_, err := s.share.SetPermissions(s.ctx, in, m.User, sharing.Grant{Perms: m.Set.Slugs(), Managing: true, Version: m.Version})
		s.try(err)
	}
}

func (s *story) remove(by, accountName, who string) {
	in, m := s.member(by, accountName, who)
	if s.err == nil {
		_, err := s.share.Remove(s.ctx, in, m.User)
		s.try(err)
	}
}

func (s *story) member(by, accountName, who string) (access.Manager, access.MemberInfo) {
	in := s.manager(by, accountName)
	email, _ := access.ParseEmail(s.people[who].email)
	if s.err != nil {
		return in, access.MemberInfo{}
	}
	m, err := s.share.MemberByEmail(s.ctx, in, email)
	s.try(err)
	return in, m
}

// details fills in an account's details.
func (s *story) details(by, accountName string, d account.Details) {
	_, m := s.visit(by, accountName)
	if s.err != nil {
		return
	}
	in, err := access.Enter[access.Profile](m, access.Change)
	s.try(err)
	now, err := s.acct.Details(s.ctx, in)
	s.try(err)
	d.Name, d.Email, d.Language, d.TimeZone, d.Topics, d.Version = now.Name, now.Email, now.Language, now.TimeZone, now.Topics, now.Version
	d.Address.Country = now.Address.Country
	_, err = s.acct.Change(s.ctx, in, d)
	s.try(err)
}

// settleMails makes the mails of the past look as after a working mail server:
// accepted, also those whose links were then used, and without their links; one
// was refused. Those of the last days still wait, so that their links can be
// tried out at /dev/mail.
func (s *story) settleMails() error {
	past := s.today.AddDate(0, 0, -4)
	return s.DB.WriteGlobal(s.ctx, db.Lock{}, func(tx *db.Tx) error {
		for account := range s.each() {
			if _, err := tx.Exec(s.ctx, `UPDATE emails SET state = 'sent', sealed = '', attempts = 1, answer = '', tried_at = created_at + 900000, ended_at = created_at + 1000000
				WHERE account_id = $1 AND state IN ('queued', 'cancelled') AND created_at < $2`, account, past); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(s.ctx, `UPDATE emails SET state = 'failed', attempts = 1, answer = '550 5.1.1 <office@old-agency.example>: Recipient address rejected: User unknown'
			WHERE account_id = $1 AND to_email = 'office@old-agency.example' AND created_at < $2`, s.accounts["Nordlicht Studio GmbH"], past); err != nil {
			return err
		}
		if err := s.refuseMail(tx, past); err != nil {
			return err
		}
		_, err := tx.Exec(s.ctx, `DELETE FROM jobs WHERE lane IN ('mail', 'mail.first') AND created_at < $1`, past)
		return err
	})
}

// refuseMail notes the try at the mail that was refused, and that its address is
// suppressed since.
func (s *story) refuseMail(tx *db.Tx, past time.Time) error {
	account := s.accounts["Nordlicht Studio GmbH"]
	if _, err := tx.Exec(s.ctx, `INSERT INTO email_tries (account_id, email_id, n, tried_at, answer)
		SELECT account_id, id, 1, created_at + 900000, answer FROM emails WHERE account_id = $1 AND state = 'failed' AND created_at < $2`, account, past); err != nil {
		return err
	}
	_, err := tx.Exec(s.ctx, `INSERT INTO refusals (email_key, domain, email, answer, refused_at, account_id, email_id)
		SELECT to_email, 'old-agency.example', to_email, answer, created_at + 900000, account_id, id FROM emails
		WHERE account_id = $1 AND state = 'failed' AND created_at < $2 AND id = (SELECT max(l.id) FROM emails l WHERE l.account_id = $1 AND l.state = 'failed')`, account, past)
	return err
}

// each goes through the accounts, and 0 for the mails of none.
func (s *story) each() map[id.Account]bool {
	all := map[id.Account]bool{0: true}
	for _, a := range s.accounts {
		all[a] = true
	}
	return all
}

// staff adds a person of the staff, who sets the password.
func (s *story) staff(email, name string, role access.StaffRole) {
	link, err := s.Staff.Add(s.ctx, staff.Newcomer{Email: email, Name: name, Role: role})
	s.try(err)
	t, _ := access.ParseToken(link[strings.LastIndexByte(link, '/')+1:])
	if s.err != nil {
		return
	}
	s.try(s.Staff.SetPassword(s.ctx, t, DemoPassword, from()))
	address, _ := access.ParseEmail(email)
	p, _, err := access.FindStaffByEmail(s.ctx, s.DB.Auto(), address)
	s.try(err)
	s.twoSteps(p.Holder(), p.As(from().IP, from().Agent))
}

// secure has a user turn two-step login on, with the demo's key.
func (s *story) secure(who string) {
	email, _ := access.ParseEmail(s.people[who].email)
	u, err := access.FindUserByEmail(s.ctx, s.DB.Auto(), email)
	s.try(err)
	s.twoSteps(u.Holder(), u.As(from().IP, from().Agent))
}

// ask has an owner turn two-step login on and then ask everybody in the account
// for it.
func (s *story) ask(who, accountName string) {
	_, m := s.visit(who, accountName)
	s.secure(who)
	if s.err != nil {
		return
	}
	in, err := access.EnterOwner(m, access.Change)
	s.try(err)
	s.try(s.share.SetRule(s.ctx, in, access.TwoStepRule, true))
}

func (s *story) twoSteps(h access.Holder, by access.Actor) {
	if s.err != nil {
		return
	}
	s.try(s.steps.EnrolKnown(s.ctx, h, DemoSecret()))
	s.try(s.DB.WriteGlobal(s.ctx, db.Lock{}, func(tx *db.Tx) error {
		return audit.Write(s.ctx, tx, access.Elsewhere(by), audit.Entry{Action: "two-step.on", Subject: by.Email})
	}))
}

// DemoClock is the clock of a demo that plays on the given day and goes on from
// there.
func DemoClock(today time.Time) clock.Clock { return clock.From(today) }
