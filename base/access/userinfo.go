package access

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
)

// A UserInfo is a user as staff see them in a list.
type UserInfo struct {
	User
	Accounts  int64 // how many they are a member of
	LastLogin time.Time
	key       string // of the address
}

func scanUserInfo(r db.Row) (UserInfo, error) {
	var u UserInfo
	err := r.Scan(append(u.User.targets(), &u.key, &u.Accounts, db.Time(&u.LastLogin))...)
	return u, err
}

// SearchUsers lists users, at most limit. Every word of the text must begin a
// word of the user's name or email address; they come by the words that were
// found, the whole one before longer ones, and without a text in the order of
// their addresses. after is what the page before gave as next, "" for the first;
// next "" = that was all. As with FindAccounts a page may be shorter before the
// last. It reads from the replica where there is one.
func SearchUsers(ctx context.Context, d *db.DB, text, after string, limit int) (users []UserInfo, next string, err error) {
	return searchUsers(ctx, d.Replica(), text, after, limit)
}

func searchUsers(ctx context.Context, across db.Querier, text, after string, limit int) (users []UserInfo, next string, err error) {
	spans, ok := typed(text)
	if !ok {
		return nil, "", nil
	}
	if len(spans) == 0 {
		return listByAddress(ctx, across, after, limit)
	}
	found, next, err := userFiling().find(ctx, across, spans, after, limit)
	if err != nil || len(found) == 0 {
		return nil, next, err
	}
	users, err = findUserInfos(ctx, across, found)
	return users, next, err
}

const userInfoColumns = userColumns + `, u.email_key, l.accounts, l.last_login_at`

func listByAddress(ctx context.Context, q db.Querier, after string, limit int) (found []UserInfo, next string, err error) {
	found, err = db.All(ctx, q, scanUserInfo, `SELECT `+userInfoColumns+` FROM users u JOIN user_lines l ON l.user_id = u.id
		WHERE u.email_key > $1 ORDER BY u.email_key LIMIT $2`, after, limit+1)
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].key
	}
	return found, next, err
}

// findUserInfos reads users, in the order of the list.
func findUserInfos(ctx context.Context, q db.Querier, list []int64) ([]UserInfo, error) {
	places, args := In(list)
	users, err := db.All(ctx, q, scanUserInfo, `SELECT `+userInfoColumns+` FROM users u JOIN user_lines l ON l.user_id = u.id
		WHERE u.id IN (`+places+`)`, args...)
	slices.SortFunc(users, func(a, b UserInfo) int { return slices.Index(list, int64(a.ID)) - slices.Index(list, int64(b.ID)) })
	return users, err
}

// In is a list of values for IN (…), as places $1, $2 … and arguments. It is
// padded with its last value to a multiple of ten, so that lists of all lengths
// make few statements.
func In[T any](list []T) (places string, args []any) {
	var all []string
	for i := range (len(list) + 9) / 10 * 10 {
		all = append(all, "$"+strconv.Itoa(i+1))
		args = append(args, list[min(i, len(list)-1)])
	}
	return strings.Join(all, ", "), args
}
