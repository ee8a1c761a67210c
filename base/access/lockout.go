package access

import (
	"context"
	"slices"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// The limits on trying passwords. A browser that is known to the login is counted
// by itself and by nothing else, so that nobody elsewhere, and nobody in the same
// house, locks a person out of it. All others are counted by network and login,
// by network, by login, and all together.
func loginBrowser() Limit {
	return Limit{"login-browser", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

func loginHere() Limit {
	return Limit{"login", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

func loginFrom() Limit {
	return Limit{"login-from", 100, 15 * time.Minute, "Too many attempts to log in came from your network. Try again in %d minutes."}
}

func loginTo() Limit {
	return Limit{"login-to", 200, time.Hour, "There were too many attempts to log in to this address. Try again in %d minutes."}
}

func loginAll() Limit {
	return Limit{"login-all", 6000, 15 * time.Minute, "Very many attempts to log in are coming in. Try again in %d minutes, or in a browser that you have logged in with before."}
}

// in is the limit as it counts in a realm: staff are counted apart.
func (l Limit) in(r realm) Limit {
	if r == employees {
		l.Name = "staff-" + l.Name
	}
	return l
}

// A tally is a limit and what a try was counted by, to be forgotten when it was
// right.
type tally struct {
	limit Limit
	key   string
}

func (t tally) count(ctx context.Context, d *db.DB) error { return t.limit.Count(ctx, d, t.key) }

func (t tally) reset(ctx context.Context, tx *db.Tx) error { return t.limit.Reset(ctx, tx, t.key) }

// here counts by network and login.
func here(r realm, by Actor, e Email) tally {
	return tally{loginHere().in(r), by.Network() + " " + e.Key}
}

// countLogin counts a try to log in: TooMany when there were too many.
func countLogin(ctx context.Context, d *db.DB, r realm, e Email, by Actor) (tally, error) {
	known, err := r.knownTo(ctx, d, e, by)
	if err != nil {
		return tally{}, err
	}
	if known {
		own := tally{loginBrowser().in(r), by.Browser.Hash() + " " + e.Key}
		return own, own.count(ctx, d)
	}
	try := here(r, by, e)
	if err := try.count(ctx, d); err != nil {
		return try, err
	}
	if err := loginFrom().in(r).Count(ctx, d, by.Network()); err != nil {
		return try, err
	}
	over := loginTo().in(r).Count(ctx, d, e.Key)
	if over == nil {
		over = loginAll().in(r).Count(ctx, d, "")
	}
	if !fault.Is(over, fault.TooMany) || r == employees {
		return try, over
	}
	home, err := knownFrom(ctx, d, e, by)
	if err != nil || home {
		return try, err
	}
	return try, over
}

// knownFrom tells whether the login has a session from by's network. Whoever
// tries passwords from all over the world does not lock its person out there,
// even if their browser keeps no cookies.
func knownFrom(ctx context.Context, d *db.DB, e Email, by Actor) (bool, error) {
	ips, err := db.All(ctx, d.Auto(), scanString, `SELECT s.ip FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = $1`, e.Key)
	return slices.ContainsFunc(ips, func(ip string) bool { return Network(ip) == by.Network() }), err
}

// Forgive forgets the wrong log ins to an address: who has just proved to own
// it, and set a new password, may use it at once.
func Forgive(ctx context.Context, tx *db.Tx, by Actor, e Email) error {
	if err := here(users, by, e).reset(ctx, tx); err != nil {
		return err
	}
	return loginTo().Reset(ctx, tx, e.Key)
}
