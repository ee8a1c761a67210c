package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/db"
)

// A UserInfo is a user as staff see them in a list.
type UserInfo struct {
	User
	Key       string // of the address: lists are in its order
	Accounts  int64  // how many they are a member of
	LastLogin time.Time
}

func scanUserInfo(r db.Row) (UserInfo, error) {
	var u UserInfo
	var entered, opened time.Time
	err := r.Scan(append(u.User.targets(), &u.Key, &u.Accounts, db.Time(&entered), db.Time(&opened))...)
	u.LastLogin = entered
	if opened.After(entered) {
		u.LastLogin = opened
	}
	return u, err
}

// ListUsers lists users in the order of their addresses: those whose address
// begins with prefix, after the one with the key after. It reads across
// accounts.
func ListUsers(ctx context.Context, d *db.DB, prefix, after string, limit int) ([]UserInfo, error) {
	prefix = Fold(strings.TrimSpace(prefix))
	return db.All(ctx, d.Across(), scanUserInfo, `SELECT `+userColumns+`, u.email_key, count(m.account_id), COALESCE(max(m.last_login_at), 0),
			(SELECT COALESCE(max(s.created_at), 0) FROM sessions s WHERE s.user_id = u.id)
		FROM (SELECT * FROM users WHERE email_key >= $1 AND email_key < $2 AND email_key > $3 ORDER BY email_key LIMIT $4) u
		LEFT JOIN user_accounts ua ON ua.user_id = u.id
		LEFT JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		GROUP BY `+userColumns+`, u.email_key ORDER BY u.email_key`, prefix, prefix+"\U0010ffff", after, limit)
}
