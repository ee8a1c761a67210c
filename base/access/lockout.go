package access

import (
	"context"

	"atrium/base/db"
)

// Forgive forgets the wrong log ins to an address from this browser's address:
// who has just proved to own it, and set a new password, may use it at once.
func Forgive(ctx context.Context, tx *db.Tx, by Actor, e Email) error {
	return loginHere().Reset(ctx, tx, by.IP+" "+e.Key)
}
