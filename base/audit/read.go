package audit

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// ID is the id of a row.
type ID = id.ID[entryKind]

// A Record is a row as it was written.
type Record struct {
	Account id.Account // 0: about none
	ID      ID
	At      time.Time
	By      access.ActorKind
	User    id.User        // who, if By is a user
	Staff   access.StaffID // who, if By is staff
	Name    string         // of who did it, at that time
	Behalf  string         // the owner in whose name staff did it; "": nobody's
	IP      string
	Agent   string // the User-Agent
	Action  string
	Subject string
	Before  string // JSON, or "" where nothing was
	After   string
}

// Mark is the record's place in the order of records.
func (r Record) Mark() Mark { return Mark{r.At, r.ID, r.Account} }

// A Mark is a place in the order of records. Records of one transaction have
// one time; their ids tell them apart, and of different accounts the account.
type Mark struct {
	At      time.Time
	ID      ID
	Account id.Account
}

// A Filter says which records are looked for. The zero one says all.
type Filter struct {
	User    id.User        // only what this user did; 0: anybody
	Staff   bool           // only what staff did
	One     access.StaffID // only what this person of the staff did; 0: anybody
	Actions []string       // only these; none: any
	Since   time.Time      // no earlier; zero: from the beginning
	Before  Mark           // only what comes after it in the list; zero: from the latest
}

// List is what was done in an account, the latest first.
func List(ctx context.Context, q db.Querier, account id.Account, f Filter, limit int) ([]Record, error) {
	sql, args := f.statement(account, limit)
	return db.All(ctx, q, scanRecord, sql, args...)
}

// statement always names both ends, in a BETWEEN: given two comparisons, or a
// pair (at, id), SQLite reads everybody's records to find those of one user.
func (f Filter) statement(account id.Account, limit int) (sql string, args []any) {
	sql = `SELECT ` + columns + ` FROM audit WHERE account_id = $1 AND at BETWEEN $2 AND $3 AND (at < $3 OR id < $4)`
	args = []any{account, f.Since, f.end(), f.Before.ID}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.User != 0 {
		sql += ` AND user_id = ` + arg(f.User)
	}
	if f.Staff {
		sql += ` AND actor_kind = ` + arg(string(access.ByStaff))
	}
	if f.One != 0 {
		sql += ` AND staff_id = ` + arg(f.One)
	}
	if len(f.Actions) > 0 {
		var places []string
		for _, a := range f.Actions {
			places = append(places, arg(a))
		}
		sql += ` AND action IN (` + strings.Join(places, ", ") + `)`
	}
	return sql + ` ORDER BY at DESC, id DESC LIMIT ` + arg(limit), args
}

// end is the latest time that is looked for.
func (f Filter) end() any {
	if f.Before.At.IsZero() {
		return int64(math.MaxInt64)
	}
	return f.Before.At
}

const columns = `account_id, id, at, actor_kind, user_id, staff_id, actor_name, behalf, ip, agent, action, subject, before, after`

func (r *Record) targets() []any {
	return []any{&r.Account, &r.ID, db.Time(&r.At), &r.By, &r.User, &r.Staff, &r.Name, &r.Behalf, &r.IP, &r.Agent, &r.Action, &r.Subject, &r.Before, &r.After}
}

func scanRecord(r db.Row) (Record, error) {
	var a Record
	err := r.Scan(a.targets()...)
	return a, err
}

// A Person is a user who did something in an account.
type Person struct {
	User  id.User
	Name  string // when they last did
	Email string // "": they are no member any more
}

// People lists users who did something in an account, unsorted, so many at most. It
// looks each up in the index instead of reading all that they did.
func People(ctx context.Context, q db.Querier, account id.Account, most int) ([]Person, error) {
	return db.All(ctx, q, scanPerson, `WITH RECURSIVE who (user_id) AS (
			SELECT min(user_id) FROM audit WHERE account_id = $1 AND user_id > 0
			UNION ALL
			SELECT (SELECT min(a.user_id) FROM audit a WHERE a.account_id = $1 AND a.user_id > who.user_id) FROM who WHERE who.user_id IS NOT NULL
		)
		SELECT who.user_id,
			(SELECT a.actor_name FROM audit a WHERE a.account_id = $1 AND a.user_id = who.user_id ORDER BY a.at DESC, a.id DESC LIMIT 1),
			COALESCE(u.email, '')
		FROM who
		LEFT JOIN memberships m ON m.account_id = $1 AND m.user_id = who.user_id
		LEFT JOIN users u ON u.id = m.user_id
		WHERE who.user_id IS NOT NULL LIMIT $2`, account, most)
}

// FindPerson finds one of People by their login, NotFound if they did nothing there.
func FindPerson(ctx context.Context, q db.Querier, account id.Account, u id.User) (Person, error) {
	return db.One(ctx, q, scanPerson, `SELECT a.user_id, a.actor_name, COALESCE(u.email, '') FROM audit a
		LEFT JOIN memberships m ON m.account_id = a.account_id AND m.user_id = a.user_id LEFT JOIN users u ON u.id = m.user_id
		WHERE a.account_id = $1 AND a.user_id = $2 ORDER BY a.at DESC, a.id DESC LIMIT 1`, account, u)
}

// Emails are the addresses of those in a list, which is not empty, who are members.
func Emails(ctx context.Context, q db.Querier, account id.Account, of []id.User) (map[id.User]string, error) {
	places, args := access.In(of)
	emails := make(map[id.User]string, len(of))
	_, err := db.All(ctx, q, func(r db.Row) (u id.User, err error) {
		var email string
		err = r.Scan(&u, &email)
		emails[u] = email
		return u, err
	}, `SELECT u.id, u.email FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $`+strconv.Itoa(len(args)+1)+` AND m.user_id IN (`+places+`)`, append(args, account)...)
	return emails, err
}

func scanPerson(r db.Row) (Person, error) {
	var p Person
	err := r.Scan(&p.User, &p.Name, &p.Email)
	return p, err
}
