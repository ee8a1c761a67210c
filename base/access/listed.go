package access

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"atrium/base/db"
	"atrium/base/id"
)

// Members and accounts are listed by names, in the order of keys that stand beside
// them: an index then gives a page of a list, and nothing is ordered but what is
// shown.

// nameKey is what a name is ordered by, byte by byte: folded, without accents, and
// numbers by their size, for which a sign of how many digits it has stands before
// each.
func nameKey(name string) string {
	var key strings.Builder
	text := []rune(norm.NFD.String(Fold(strings.TrimSpace(name))))
	for len(text) > 0 {
		digits := 0
		for digits < len(text) && '0' <= text[digits] && text[digits] <= '9' {
			digits++
		}
		switch {
		case digits > 0:
			number := strings.TrimLeft(string(text[:digits]), "0")
			key.WriteByte(byte(1 + min(len(number), 30)))
			key.WriteString(number)
		case !unicode.Is(unicode.Mn, text[0]):
			key.WriteRune(text[0])
		}
		text = text[max(digits, 1):]
	}
	return key.String()
}

// unsigned is a key without these signs, to look for words in.
func unsigned(key string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, key)
}

// SortMembers puts the owner first, the others by name.
func SortMembers(all []MemberInfo) {
	slices.SortFunc(all, func(a, b MemberInfo) int {
		return cmp.Or(strings.Compare(a.listed, b.listed), cmp.Compare(a.User, b.User))
	})
}

// SortAccounts puts a user's own accounts first and closed ones last, each by name.
func SortAccounts(all []AccountInfo) {
	slices.SortFunc(all, func(a, b AccountInfo) int {
		return cmp.Or(strings.Compare(a.listed, b.listed), cmp.Compare(a.Account, b.Account))
	})
}

// listedMember is what memberships.listed says of who has this name_key.
func listedMember(owner bool, key string) string {
	if owner {
		return "0" + key
	}
	return "1" + key
}

// listedAccount is what user_accounts.listed says of an account with this name_key.
func listedAccount(s Status, owner bool, key string) string {
	switch {
	case s != Closed:
		return listedMember(owner, key)
	case owner:
		return "2" + key
	}
	return "3" + key
}

// listedMemberSQL and listedAccountSQL are the same of a membership m, for many at once.
const (
	listedMemberSQL  = `SELECT CASE WHEN m.owner THEN '0' ELSE '1' END || l.name_key FROM user_lines l WHERE l.user_id = m.user_id`
	listedAccountSQL = `SELECT CASE WHEN l.status <> 'closed' THEN CASE WHEN m.owner THEN '0' ELSE '1' END ELSE CASE WHEN m.owner THEN '2' ELSE '3' END END || l.name_key
		FROM account_lines l WHERE l.account_id = m.account_id`
)

// listUser has the accounts of a user list them by the name they have now. The
// user's line is written first: who is about to give them a membership has it, too,
// and reads it afterwards.
func listUser(ctx context.Context, tx *db.Tx, u User) error {
	key := nameKey(u.Name())
	moved, err := tx.Exec(ctx, `UPDATE user_lines SET name_key = $1 WHERE user_id = $2 AND name_key <> $1`, key, u.ID)
	if err != nil || moved == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE memberships SET listed = substr(listed, 1, 1) || $1
		WHERE user_id = $2 AND account_id IN (SELECT account_id FROM user_accounts WHERE user_id = $2)`, key, u.ID)
	return err
}

// listAccount has an account's members list it by its name, status and owner, under
// the account's lock.
func listAccount(ctx context.Context, tx *db.Tx, account id.Account) error {
	var status Status
	var key string
	_, err := db.One(ctx, tx, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan((*string)(&status), &key) },
		`SELECT status, name_key FROM account_lines WHERE account_id = $1`, account)
	if err != nil {
		return err
	}
	seats, err := seatsOf(ctx, tx, account)
	for _, m := range seats {
		if err == nil {
			err = tx.Later(ctx, `UPDATE user_accounts SET listed = $1 WHERE user_id = $2 AND account_id = $3`, listedAccount(status, m.owner, key), m.user, account)
		}
	}
	return err
}

// A seat is a user's in an account.
type seat struct {
	user  id.User
	owner bool
}

// seatsOf lists who has an account, in an order in which everybody may lock their
// rows. Citus changes no table of everybody's by what it finds in an account's, so
// those are changed one by one, by their keys.
func seatsOf(ctx context.Context, tx *db.Tx, account id.Account) ([]seat, error) {
	return db.All(ctx, tx, func(r db.Row) (m seat, err error) {
		err = r.Scan(&m.user, &m.owner)
		return m, err
	}, `SELECT user_id, owner FROM memberships WHERE account_id = $1 ORDER BY user_id`, account)
}

// listMembers has an account list its members by their names.
func listMembers(ctx context.Context, tx *db.Tx, account id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE memberships AS m SET listed = (`+listedMemberSQL+`) WHERE m.account_id = $1`, account)
	return err
}
