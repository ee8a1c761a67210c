package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"atrium"
	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/id"
)

// An entrance is what the load comes in by: sessions, and what there is to change.
type entrance struct {
	account id.Account
	token   access.Token // of the owner of the account under load
	guest   access.Token // of a member of it who may do one thing only
	visitor access.Token // of a user with many accounts
	staff   access.Token // of an administrator
	changes
	grown
}

// firstAccount is the number that Atrium gives the first account.
const firstAccount = 10001

// seed fills an empty database as the plan says, in the schema of the program
// itself, and logs the owner of the account under load in.
func seed(ctx context.Context, url string, p plan) (entrance, error) {
	d, err := atrium.OpenDB(ctx, atrium.Config{Settings: config.Settings{Database: config.URL(url)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return entrance{}, err
	}
	defer d.Close()
	e := entrance{account: firstAccount + target}
	err = d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		s := &seeder{ctx: ctx, tx: tx, plan: p, random: rand.New(rand.NewPCG(2, 2))}
		for _, write := range []func() error{s.people, s.accounts, s.memberships, s.lines, s.invitations, s.mails} {
			if err := write(); err != nil {
				return err
			}
		}
		if err := s.changes(&e.changes); err != nil {
			return err
		}
		if err := s.grow(&e.grown); err != nil {
			return err
		}
		in, err := access.NewSession(ctx, tx, s.users[targetOwner], true, access.Actor{IP: "127.0.0.1", Agent: "load"})
		e.token, e.guest = in.Token, s.tokens[targetGuest]
		if visitor < len(s.tokens) {
			e.visitor = s.tokens[visitor]
		}
		return err
	})
	return e, err
}

// A seeder writes the tables, one after the other.
type seeder struct {
	ctx    context.Context
	tx     *db.Tx
	plan   plan
	random *rand.Rand
	users  []id.User
	tokens []access.Token // a session of each
}

// soon is when sessions and owners' memberships were last seen: in the future, so
// that none has to be noted as seen again while something else is measured. It
// happens every five minutes.
func (s *seeder) soon() time.Time { return s.tx.Now().Add(3 * time.Hour) }

// ago is a time within the days before now.
func (s *seeder) ago(days int) time.Time {
	return s.tx.Now().Add(-time.Duration(s.random.Int64N(int64(days) * int64(24*time.Hour))))
}

// name is a person's, by index.
func name(u int) (first, last string) {
	firsts := []string{"Ann", "Bob", "Chloé", "Dmitri", "Eve", "Fatima", "Grace", "Håkon", "Ivy", "João", "Kim"}
	lasts := []string{"Archer", "Baker", "Çelik", "Diaz", "Evans", "Fischer", "Garcia", "Horváth", "Ito", "Jansen", "Kowalski", "Lee", "Müller"}
	return firsts[u%len(firsts)], lasts[u%len(lasts)]
}

func address(u int) string { return fmt.Sprintf("person%d@example.com", u) }

// people writes users, each with a session.
func (s *seeder) people() error {
	users := s.table("users", "id", "email", "email_key", "first_name", "last_name", "password_hash", "language", "time_zone", "verified_at", "created_at")
	sessions := s.table("sessions", "token_hash", "id", "user_id", "remember", "agent", "ip", "created_at", "seen_at")
	for u := range s.plan.users {
		user := db.NewID[id.UserKind](s.tx)
		s.users = append(s.users, user)
		first, last := name(u)
		users.add(user, address(u), address(u), first, last, "", "en", "Europe/Berlin", s.ago(300), s.ago(900))
		s.tokens = append(s.tokens, access.NewToken())
		sessions.add(s.tokens[u].Hash(), db.NewID[access.Session](s.tx), user, true, "Firefox", "192.0.2.1", s.ago(30), s.soon())
	}
	return done(users, sessions)
}

func (s *seeder) accounts() error {
	accounts := s.table("accounts", "account_id", "name", "country", "time_zone", "created_at")
	reviews := s.table("access_reviews", "account_id", "reminded_at") // else all owners are mailed at the start
	for a := range s.plan.accounts {
		_, last := name(a)
		called := fmt.Sprintf("%s Hosting %d", last, a)
		accounts.add(firstAccount+a, called, "DE", "Europe/Berlin", s.ago(900))
		reviews.add(firstAccount+a, s.tx.Now())
	}
	if err := done(accounts, reviews); err != nil {
		return err
	}
	return s.tx.ExecOne(s.ctx, `UPDATE counters SET value = $1 WHERE name = 'account'`, firstAccount+len(s.plan.accounts))
}

func (s *seeder) memberships() error {
	members := s.table("memberships", "account_id", "user_id", "owner", "permissions", "joined_at", "last_login_at", "seen_at")
	lists := s.table("user_accounts", "user_id", "account_id", "used_at")
	for a, users := range s.plan.accounts {
		for i, u := range users {
			used := s.ago(60)
			login, seen, set := used, used, s.permissions(i)
			switch {
			case i == 0:
				login, seen = s.tx.Now(), s.soon()
			case a == target && i == targetGuest:
				login, seen, set = s.tx.Now(), s.soon(), access.SetOf(access.NameTickets)
			}
			members.add(firstAccount+a, s.users[u], i == 0, int64(set), s.ago(300), login, seen)
			lists.add(s.users[u], firstAccount+a, used)
		}
	}
	return done(members, lists)
}

// lines writes what lists show; the first start puts it in order.
func (s *seeder) lines() error {
	_, err := s.tx.Exec(s.ctx, `INSERT INTO account_lines (account_id, name, company, status, created_at, owner, owner_email, members, terms)
		SELECT a.account_id, a.name, a.company, a.status, a.created_at, u.first_name || ' ' || u.last_name, u.email,
			(SELECT count(*) FROM memberships n WHERE n.account_id = a.account_id), ''
		FROM accounts a JOIN memberships m ON m.account_id = a.account_id AND m.owner JOIN users u ON u.id = m.user_id`)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(s.ctx, `INSERT INTO user_lines (user_id, name, email, email_key, verified, two_step, disabled, accounts, last_login_at, terms)
		SELECT u.id, u.first_name || ' ' || u.last_name, u.email, u.email_key, u.verified_at > 0, FALSE, FALSE, (SELECT count(*) FROM user_accounts l WHERE l.user_id = u.id), (SELECT max(created_at) FROM sessions s WHERE s.user_id = u.id), '' FROM users u`)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(s.ctx, `INSERT INTO counters (name, value) VALUES ('order of users', 0), ('order of accounts', 0)`)
	return err
}

// permissions are those of an account's i-th member: none are stored for the
// owner, every other one has a preset, the rest any.
func (s *seeder) permissions(i int) access.Set {
	presets := access.DefaultPresets()
	switch {
	case i == 0:
		return 0
	case i%2 == 0:
		return presets[i%len(presets)].Set
	}
	return access.Set(s.random.Int64N(int64(access.Everything)) + 1).Normal()
}

// targetInvitations is how many are pending in the account under load; others
// have up to as many.
const targetInvitations = 3

// invitations writes them with their links and the mails they were sent by.
func (s *seeder) invitations() error {
	list := s.table("invitations", "account_id", "id", "email", "email_key", "permissions", "state", "invited_by", "inviter_name", "inviter_email", "created_at", "issued_at")
	links := s.table("invitation_links", "account_id", "token_hash", "invitation_id", "issued_at")
	mails := s.mailTable()
	for a, users := range s.plan.accounts {
		many := targetInvitations
		if a != target {
			many = s.random.IntN(targetInvitations + 1)
		}
		for i := range many {
			key := db.NewID[access.InvitationKind](s.tx)
			issued, to := s.ago(6), fmt.Sprintf("guest%d.%d@example.net", a, i)
			first, last := name(users[0])
			list.add(firstAccount+a, key, to, to, int64(s.permissions(i+1)), "pending", s.users[users[0]], first+" "+last, address(users[0]), issued, issued)
			links.add(firstAccount+a, access.NewToken().Hash(), key, issued)
			mails.add(s.mail(a, 0, "invitation", "invitation:"+key.String(), to, issued)...)
		}
	}
	return done(list, links, mails)
}

// mails writes a history of two mails for each account.
func (s *seeder) mails() error {
	mails := s.mailTable()
	for a, users := range s.plan.accounts {
		for range 2 {
			mails.add(s.mail(a, s.users[users[0]], "permissions", "", address(users[0]), s.ago(300))...)
		}
	}
	return done(mails)
}

func (s *seeder) mailTable() *table {
	return s.table("emails", "account_id", "id", "user_id", "kind", "ref", "language", "to_name", "to_email", "subject", "body_text", "body_html", "sealed",
		"dies_at", "message_id", "state", "attempts", "created_at", "tried_at", "ended_at")
}

// letter tells the ids of mails apart.
type letter struct{}

func (s *seeder) mail(a int, u id.User, kind, ref, to string, at time.Time) []any {
	text := strings.Repeat("What a mail of Atrium says, in a line of usual length.\n", 8)
	key := db.NewID[letter](s.tx)
	return []any{firstAccount + a, key, u, kind, ref, "en", "", to, "About your account", text, "<p>" + text + "</p>", "",
		0, key.String() + "@example.com", "sent", 1, at, at, at}
}
