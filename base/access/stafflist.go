package access

import (
	"context"

	"atrium/base/db"
)

// ListStaff lists everybody of the staff in the order of their addresses, also
// those whose login is switched off.
func ListStaff(ctx context.Context, q db.Querier) ([]StaffPerson, error) {
	return db.All(ctx, q, scanStaff, `SELECT `+staffColumns+` FROM staff p ORDER BY p.email_key`)
}
