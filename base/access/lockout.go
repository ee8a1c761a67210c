package access

import (
	"context"
	"slices"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// The limits on trying passwords. They are per browser's network and login
// first, so that somebody elsewhere can't lock a person out.
func loginHere() Limit {
	return Limit{"login", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

func loginFrom() Limit {
	return Limit{"login-from", 100, 15 * time.Minute, "Too many attempts to log in came from your network. Try again in %d minutes."}
}

func loginTo() Limit {
	return Limit{"login-to", 200, time.Hour, "There were too many attempts to log in to this address. Try again in %d minutes."}
}

// here is what loginHere counts by.
func here(by Actor, e Email) string { return by.Network() + " " + e.Key }

func countLogin(ctx context.Context, d *db.DB, e Email, by Actor) error {
	if err := loginHere().Count(ctx, d, here(by, e)); err != nil {
		return err
	}
	if err := loginFrom().Count(ctx, d, by.Network()); err != nil {
		return err
	}
	over := loginTo().Count(ctx, d, e.Key)
	if !fault.Is(over, fault.TooMany) {
		return over
	}
	known, err := knownFrom(ctx, d, e, by)
	if err != nil {
		return err
	}
	if known {
		return nil
	}
	return over
}

// knownFrom tells whether the login has a session from by's network. Whoever
// tries passwords from all over the world does not lock its person out there.
func knownFrom(ctx context.Context, d *db.DB, e Email, by Actor) (bool, error) {
	ips, err := db.All(ctx, d.Auto(), scanString, `SELECT s.ip FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = $1`, e.Key)
	return slices.ContainsFunc(ips, func(ip string) bool { return Network(ip) == by.Network() }), err
}

// Forgive forgets the wrong log ins to an address: who has just proved to own
// it, and set a new password, may use it at once.
func Forgive(ctx context.Context, tx *db.Tx, by Actor, e Email) error {
	if err := loginHere().Reset(ctx, tx, here(by, e)); err != nil {
		return err
	}
	return loginTo().Reset(ctx, tx, e.Key)
}
