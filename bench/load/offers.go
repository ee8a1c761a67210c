package main

import (
	"context"
	"log/slog"
	"net/url"

	"atrium"
	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/id"
)

// atriumOperations adds to Atrium's database what an order needs, sessions and
// invitations, and gives what Atrium is asked.
func (b *bench) atriumOperations(ctx context.Context, o order) ([]operation, error) {
	cookie := map[string]string{"Cookie": "atrium=" + b.entrance.token.Reveal()}
	invite, accept := operation{Name: "invite", want: 303}, operation{Name: "accept", want: 303}
	err := b.onDatabase(ctx, func(tx *db.Tx) error {
		s := &seeder{ctx: ctx, tx: tx}
		if err := s.find(o); err != nil {
			return err
		}
		tokens, err := s.logIn(o)
		if err != nil {
			return err
		}
		for _, i := range o.Invites {
			invite.Asks = append(invite.Asks, form("/a/"+(id.Account(firstAccount+i.Account)).String()+"/users", tokens[o.Accounts[i.Account].Members[0]],
				url.Values{"email": {i.Email}, "access": {"all"}, "key": {i.Email}}))
		}
		links, err := s.offer(o)
		for n, i := range o.Accepts {
			if err == nil {
				accept.Asks = append(accept.Asks, form("/invite/"+links[n].Reveal()+"/accept", tokens[i.Person], nil))
			}
		}
		return err
	})
	return []operation{
		{Name: "membership, as JSON", Asks: []ask{{Method: "GET", Path: b.jsonPath(), Headers: cookie}}},
		{Name: "User Management, ten members, as a page", Asks: []ask{{Method: "GET", Path: b.pagePath(), Headers: cookie}}},
		invite, accept,
	}, err
}

func form(path string, session access.Token, fields url.Values) ask {
	return ask{Method: "POST", Path: path, Body: fields.Encode(),
		Headers: map[string]string{"Cookie": "atrium=" + session.Reveal(), "Content-Type": "application/x-www-form-urlencoded"}}
}

func (b *bench) onDatabase(ctx context.Context, f func(*db.Tx) error) error {
	d, err := atrium.OpenDB(ctx, atrium.Config{Settings: config.Settings{Database: config.URL(b.database)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.WriteGlobal(ctx, db.Lock{}, f)
}

// find looks the users up that were seeded.
func (s *seeder) find(o order) error {
	byEmail := map[string]id.User{}
	type row struct {
		id    id.User
		email string
	}
	list, err := db.All(s.ctx, s.tx, func(r db.Row) (u row, err error) { return u, r.Scan(&u.id, &u.email) }, `SELECT id, email FROM users`)
	for _, u := range list {
		byEmail[u.email] = u.id
	}
	for _, p := range o.People {
		s.users = append(s.users, byEmail[p.Email])
	}
	return err
}

// logIn gives every user a session, one that was seen a moment ago.
func (s *seeder) logIn(o order) ([]access.Token, error) {
	var tokens []access.Token
	sessions := s.table("sessions", "token_hash", "id", "user_id", "remember", "agent", "ip", "created_at", "seen_at")
	for _, u := range s.users {
		t := access.NewToken()
		tokens = append(tokens, t)
		sessions.add(t.Hash(), db.NewID[access.Session](s.tx), u, true, "Firefox", "127.0.0.1", s.tx.Now(), s.tx.Now())
	}
	return tokens, done(sessions)
}

// offer writes the invitations that are accepted, by the accounts' owners.
func (s *seeder) offer(o order) ([]access.Token, error) {
	var tokens []access.Token
	list := s.table("invitations", "account_id", "id", "email", "email_key", "permissions", "state", "invited_by", "inviter_name", "inviter_email", "created_at", "issued_at")
	links := s.table("invitation_links", "account_id", "token_hash", "invitation_id", "issued_at")
	for _, i := range o.Accepts {
		owner := o.Accounts[i.Account].Members[0]
		account, key := firstAccount+i.Account, db.NewID[access.InvitationKind](s.tx)
		t := access.NewAccountToken(id.Account(account))
		tokens = append(tokens, t)
		list.add(account, key, i.Email, i.Email, int64(access.Everything), "pending", s.users[owner], o.People[owner].Name, o.People[owner].Email, s.tx.Now(), s.tx.Now())
		links.add(account, t.Hash(), key, s.tx.Now())
	}
	return tokens, done(list, links)
}
