package access

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// A UserInfo is a user as staff see them in a list.
type UserInfo struct {
	User
	Accounts  int64 // how many they are a member of
	LastLogin time.Time
}

func scanUserInfo(r db.Row) (UserInfo, error) {
	var u UserInfo
	var entered, opened time.Time
	err := r.Scan(append(u.User.targets(), &u.Accounts, db.Time(&entered), db.Time(&opened))...)
	u.LastLogin = entered
	if opened.After(entered) {
		u.LastLogin = opened
	}
	return u, err
}

// SearchUsers lists users, at most limit. Every word of the text must begin a
// word of the user's name or email address; they come by the words that were
// found, the whole one before longer ones, and without a text in the order of
// their addresses. after is what the page before gave as next, "" for the first;
// next "" = that was all. As with FindAccounts a page may be shorter before the
// last. It reads across accounts, from the replica where there is one.
func SearchUsers(ctx context.Context, d *db.DB, text, after string, limit int) (users []UserInfo, next string, err error) {
	return searchUsers(ctx, d.Replica(), text, after, limit)
}

func searchUsers(ctx context.Context, across db.Querier, text, after string, limit int) (users []UserInfo, next string, err error) {
	spans, ok := typed(text)
	if !ok {
		return nil, "", nil
	}
	var found []id.User
	if len(spans) == 0 {
		found, next, err = listByAddress(ctx, across, after, limit)
	} else {
		var list []int64
		list, next, err = userFiling().find(ctx, across, spans, after, limit)
		for _, n := range list {
			found = append(found, id.User(n))
		}
	}
	if err != nil || len(found) == 0 {
		return nil, next, err
	}
	users, err = findUserInfos(ctx, across, found)
	return users, next, err
}

type addressed struct {
	user id.User
	key  string
}

func listByAddress(ctx context.Context, across db.Querier, after string, limit int) (found []id.User, next string, err error) {
	list, err := db.All(ctx, across, func(r db.Row) (addressed, error) {
		var a addressed
		err := r.Scan(&a.user, &a.key)
		return a, err
	}, `SELECT id, email_key FROM users WHERE email_key > $1 ORDER BY email_key LIMIT $2`, after, limit+1)
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].key
	}
	for _, a := range list {
		found = append(found, a.user)
	}
	return found, next, err
}

// findUserInfos reads users, in the order of the list.
func findUserInfos(ctx context.Context, across db.Querier, list []id.User) ([]UserInfo, error) {
	places, args := In(list)
	users, err := db.All(ctx, across, scanUserInfo, `SELECT `+userColumns+`, count(m.account_id), COALESCE(max(m.last_login_at), 0),
			(SELECT COALESCE(max(s.created_at), 0) FROM sessions s WHERE s.user_id = u.id)
		FROM users u
		LEFT JOIN user_accounts ua ON ua.user_id = u.id
		LEFT JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		WHERE u.id IN (`+places+`) GROUP BY u.id`, args...)
	slices.SortFunc(users, func(a, b UserInfo) int { return slices.Index(list, a.ID) - slices.Index(list, b.ID) })
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
