// Package audit keeps who did what, when and from where. A service writes its
// row in the transaction of the change, so there is never one without the other.
// Rows are never changed; List and People read an account's, Across those of
// all, and ByMonth counts them.
package audit

import (
	"context"
	"embed"
	"encoding/json"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// Schema holds the migration of the audit table.
//
//go:embed schema/*.sql
var Schema embed.FS

// An Entry is what was done. Secrets never go into it.
type Entry struct {
	Action  string // a noun and what became of it, "invitation.sent"; never renamed
	Subject string // what it was done to, as a person would name it: an email, a name
	Before  any    // what it was, as JSON; nil where nothing was
	After   any    // what it is now
}

// WriteConcerned adds a row to each account that a user belongs to, but for one (0:
// none): what staff did to the login is in the activity of each.
func WriteConcerned[R access.StaffPermission](ctx context.Context, tx *db.Tx, in access.Staff[R], u id.User, but id.Account, e Entry) error {
	acts, err := access.Concerned(ctx, tx, in, u)
	if err != nil {
		return err
	}
	for _, act := range acts {
		if act.Account() == but {
			continue
		}
		if err := Write(ctx, tx, act, e); err != nil {
			return err
		}
	}
	return nil
}

type entryKind struct{}

// Write adds a row in the transaction of what it tells about. Who did it, and
// in which account, is in the act.
func Write(ctx context.Context, tx *db.Tx, by access.Act, e Entry) error {
	before, err := text(e.Before)
	if err != nil {
		return err
	}
	after, err := text(e.After)
	if err != nil {
		return err
	}
	a := by.Actor()
	if a.Behalf != "" {
		a.User = 0 // the owner did not do it
	}
	return tx.Later(ctx, `INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, behalf, ip, agent, action, subject, before, after)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		by.Account(), db.NewID[entryKind](tx), tx.Now(), string(a.Kind), a.User, a.Staff, a.Name, a.Behalf, a.IP, a.Agent, e.Action, e.Subject, before, after)
}

func text(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}
