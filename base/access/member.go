package access

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// MemberInfo is a member as the account's managers see it.
type MemberInfo struct {
	User      id.User
	FirstName string
	LastName  string
	Email     string
	Rights
	InvitedAs string
	Joined    time.Time
	LastLogin time.Time // to this account; zero: never
	Version   int64
	ChangedAt time.Time // when the permissions were last changed; zero: never
	ChangedBy string
	TwoStep   bool // their login has two-step login on
	Language  string
	TimeZone  string
	listed    string
}

// Name is first and last name.
func (m MemberInfo) Name() string { return User{FirstName: m.FirstName, LastName: m.LastName}.Name() }

const memberColumns = `m.user_id, u.first_name, u.last_name, u.email, m.owner, m.manages, m.permissions, m.invited_as,
	m.joined_at, m.last_login_at, m.version, m.changed_at, m.changed_by, u.two_step_at > 0, u.language, u.time_zone, m.listed`

func scanMember(r db.Row) (MemberInfo, error) {
	var m MemberInfo
	var set int64
	err := r.Scan(m.targets(&set)...)
	m.Set = Set(set)
	return m, err
}

// targets are those of memberColumns; the permissions go to set.
func (m *MemberInfo) targets(set *int64) []any {
	return []any{&m.User, &m.FirstName, &m.LastName, &m.Email, &m.Owner, &m.Managing, set, &m.InvitedAs,
		db.Time(&m.Joined), db.Time(&m.LastLogin), &m.Version, db.Time(&m.ChangedAt), &m.ChangedBy, &m.TwoStep, &m.Language, &m.TimeZone, &m.listed}
}

// Members lists an account's members, unsorted.
func Members(ctx context.Context, q db.Querier, account id.Account) ([]MemberInfo, error) {
	return db.All(ctx, q, scanMember, `SELECT `+memberColumns+` FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = $1`, account)
}

// MemberPage lists those of Members that a page of a list shows, and how many there
// are in all, if it shows any.
func MemberPage(ctx context.Context, q db.Querier, account id.Account, skip, most int) (list []MemberInfo, total int, err error) {
	var m MemberInfo // one after the other
	var set int64
	targets := append(m.targets(&set), &total)
	list, err = db.All(ctx, q, func(r db.Row) (MemberInfo, error) {
		err := r.Scan(targets...)
		m.Set = Set(set)
		return m, err
	}, `SELECT `+memberColumns+`, (SELECT members FROM account_lines WHERE account_id = $1)
		FROM (SELECT user_id FROM memberships WHERE account_id = $1 ORDER BY listed, user_id LIMIT $2 OFFSET $3) p
		JOIN memberships m ON m.account_id = $1 AND m.user_id = p.user_id
		JOIN users u ON u.id = p.user_id`, account, most, skip)
	SortMembers(list)
	return list, total, err
}

// FindMember finds one member, NotFound if the user is none.
func FindMember(ctx context.Context, q db.Querier, account id.Account, u id.User) (MemberInfo, error) {
	return db.One(ctx, q, scanMember, `SELECT `+memberColumns+` FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.user_id = $2`, account, u)
}

// FindMemberByEmail finds the member whose login has this address, NotFound if
// there is none: it takes as long for the address of somebody else's login as
// for one without.
func FindMemberByEmail(ctx context.Context, q db.Querier, account id.Account, e Email) (MemberInfo, error) {
	return db.One(ctx, q, scanMember, `SELECT `+memberColumns+` FROM users u JOIN memberships m ON m.user_id = u.id
		WHERE m.account_id = $1 AND u.email_key = $2`, account, e.Key)
}

// FindOwner finds the account's owner.
func FindOwner(ctx context.Context, q db.Querier, account id.Account) (MemberInfo, error) {
	return db.One(ctx, q, scanMember, `SELECT `+memberColumns+` FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.owner`, account)
}

// FindGiver finds the rights of a member who may give permissions in an account: its
// owner, or one who manages users, unless their login was deactivated. Others have
// none.
func FindGiver(ctx context.Context, q db.Querier, account id.Account, u id.User) (Rights, error) {
	m, err := db.One(ctx, q, scanMember, `SELECT `+memberColumns+` FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.user_id = $2 AND (m.owner OR m.manages) AND u.disabled_at = 0`, account, u)
	if fault.Is(err, fault.NotFound) {
		return Rights{}, nil
	}
	return m.Rights, err
}

// An AccountInfo is an account as one of its members sees it in a list.
type AccountInfo struct {
	Account id.Account
	Name    string
	Status  Status
	Rights
	Used        time.Time // when this user last worked in it
	AsksTwoStep bool      // it asks for two-step login
	listed      string
}

// Shut tells whether the account is shut to the user whose it is.
func (a AccountInfo) Shut(u User) bool { return a.AsksTwoStep && u.TwoStep.IsZero() }

func scanAccountInfo(r db.Row) (AccountInfo, error) {
	var a AccountInfo
	var set int64
	err := r.Scan(a.targets(&set)...)
	a.Set = Set(set)
	return a, err
}

// targets are those of accountInfoColumns; the permissions go to set.
func (a *AccountInfo) targets(set *int64) []any {
	return []any{&a.Account, &a.Name, &a.Status, &a.Owner, &a.Managing, set, db.Time(&a.Used), &a.AsksTwoStep, &a.listed}
}

// scanAccountInfos scans one account after the other into the same one, and of each
// row a column more, the same in all.
func scanAccountInfos(total *int) func(db.Row) (AccountInfo, error) {
	var a AccountInfo
	var set int64
	targets := append(a.targets(&set), total)
	return func(r db.Row) (AccountInfo, error) {
		err := r.Scan(targets...)
		a.Set = Set(set)
		return a, err
	}
}

const accountInfoColumns = `a.account_id, a.name, a.status, m.owner, m.manages, m.permissions, ua.used_at, a.two_step_rule_at > 0, ua.listed`

// AccountsOf lists the accounts that a user is a member of, unsorted. It reads
// across accounts: for lists, never to decide.
func AccountsOf(ctx context.Context, d *db.DB, u id.User) ([]AccountInfo, error) {
	return accountsOf(ctx, d.Across(), u)
}

// AccountsNow is AccountsOf for a transaction that decides on them, under the user's
// lock: what somebody has written who commits with it is seen in it alone.
func AccountsNow(ctx context.Context, tx *db.Tx, u id.User) ([]AccountInfo, error) {
	return accountsOf(ctx, tx, u)
}

func accountsOf(ctx context.Context, q db.Querier, u id.User) ([]AccountInfo, error) {
	return db.All(ctx, q, scanAccountInfo, `SELECT `+accountInfoColumns+`
		FROM user_accounts ua
		JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		JOIN accounts a ON a.account_id = m.account_id
		WHERE ua.user_id = $1`, u)
}

// AccountPage lists those of AccountsOf that a page of a list shows, without when
// they were used, and how many there are in all, if it shows any.
func AccountPage(ctx context.Context, d *db.DB, u id.User, skip, most int) (list []AccountInfo, total int, err error) {
	list, err = db.All(ctx, d.Across(), scanAccountInfos(&total), `SELECT `+accountInfoColumns+`, (SELECT accounts FROM user_lines WHERE user_id = $1)
		FROM (SELECT account_id, user_id, 0 AS used_at, listed FROM user_accounts WHERE user_id = $1 ORDER BY listed, account_id LIMIT $2 OFFSET $3) ua
		JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		JOIN accounts a ON a.account_id = m.account_id`, u, most, skip)
	SortAccounts(list)
	return list, total, err
}

// AccountsCalled lists those of AccountsOf, in the order of lists, that have each
// word of a text in their name, or the number that it begins, and how many there
// are in all.
func AccountsCalled(ctx context.Context, d *db.DB, u id.User, text string) (found []id.Account, total int, err error) {
	words := strings.Fields(unsigned(nameKey(strings.ReplaceAll(text, "#", " "))))
	lines, err := db.All(ctx, d.Across(), func(r db.Row) (AccountInfo, error) {
		var a AccountInfo
		err := r.Scan(&a.Account, &a.listed)
		return a, err
	}, `SELECT account_id, listed FROM user_accounts WHERE user_id = $1 ORDER BY listed, account_id`, u)
	for _, a := range lines {
		name := unsigned(a.listed[1:])
		missing := slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) })
		if !missing || len(words) == 1 && strings.HasPrefix(a.Account.String(), words[0]) {
			found = append(found, a.Account)
		}
	}
	return found, len(lines), err
}

// AccountsIn lists those of AccountsOf that are in a list, in the order of lists.
func AccountsIn(ctx context.Context, d *db.DB, u id.User, of []id.Account) ([]AccountInfo, error) {
	if len(of) == 0 {
		return nil, nil
	}
	places, args := In(of)
	list, err := db.All(ctx, d.Across(), scanAccountInfo, `SELECT `+accountInfoColumns+` FROM user_accounts ua
		JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		JOIN accounts a ON a.account_id = m.account_id
		WHERE ua.user_id = $`+strconv.Itoa(len(args)+1)+` AND ua.account_id IN (`+places+`)`, append(args, u)...)
	SortAccounts(list)
	return list, err
}

// LatestAccounts lists those of AccountsOf that the user was in last, the latest
// first, and how many there are in all. It reads no more of the others than when
// the user was there.
func LatestAccounts(ctx context.Context, d *db.DB, u id.User, most int) (list []AccountInfo, total int, err error) {
	list, err = db.All(ctx, d.Across(), scanAccountInfos(&total), `SELECT `+accountInfoColumns+`, (SELECT accounts FROM user_lines WHERE user_id = $1)
		FROM (SELECT account_id, user_id, used_at, listed FROM user_accounts WHERE user_id = $1 ORDER BY used_at DESC, account_id LIMIT $2) ua
		JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = ua.user_id
		JOIN accounts a ON a.account_id = m.account_id`, u, most)
	slices.SortFunc(list, func(a, b AccountInfo) int { // a join may lose the order
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.Account, b.Account))
	})
	return list, total, err
}
