package activity

import (
	"io/fs"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A world is a database with Ann, who owns two accounts, and Bob, who is a
// member of the first.
type world struct {
	*testing.T
	*Activity
	db         *db.DB
	ann, other access.Member // Ann in the first account, and in the second
	bob        access.Member
}

func each(t *testing.T, fn func(w world)) {
	dbtest.Each(t, []fs.FS{access.Schema, audit.Schema, settings.Schema}, func(t *testing.T, d *db.DB) {
		w := world{T: t, Activity: New(d, settingstest.Open(t, d, nil)), db: d}
		ann, inAnn := w.login("Ann")
		bob, inBob := w.login("Bob")
		var first, second id.Account
		w.write(func(tx *db.Tx) (err error) {
			if first, err = access.OpenAccount(w.Context(), tx, ann, access.NewAccount{Name: "Nordlicht"}); err != nil {
				return err
			}
			if second, err = access.OpenAccount(w.Context(), tx, ann, access.NewAccount{Name: "Amsel"}); err != nil {
				return err
			}
			return access.AddMember(w.Context(), tx, first, bob, access.SetOf(access.NameEmails), "bob@example.com")
		})
		w.ann, w.other, w.bob = w.enter(inAnn, first), w.enter(inAnn, second), w.enter(inBob, first)
		fn(w)
	})
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) write(fn func(*db.Tx) error) {
	w.Helper()
	w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, fn))
}

func (w world) login(first string) (u id.User, t access.Token) {
	w.Helper()
	email, _ := access.ParseEmail(first + "@example.com")
	w.write(func(tx *db.Tx) error {
		made, err := access.NewUser(w.Context(), tx, email, "", access.User{FirstName: first, LastName: "Archer"})
		if err != nil {
			return err
		}
		u = made.ID
		t, err = accesstest.Session(w.Context(), tx, u, false, access.Actor{})
		return err
	})
	return u, t
}

func (w world) enter(t access.Token, a id.Account) access.Member {
	w.Helper()
	_, m, err := access.FindMembership(w.Context(), w.db, access.DefaultLives(), t, a, "", "")
	w.must(err)
	in, err := access.EnterMember(m, access.See)
	w.must(err)
	return in
}

// A row is one of the audit, as whoever writes it would.
type row struct {
	by      access.ActorKind // "": the user
	name    string           // "": the user's
	ago     time.Duration
	ip      string
	action  string
	subject string
	before  string
	after   string
}

// add puts rows into an account's audit, done by its member.
func (w world) add(in access.Member, rows ...row) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		for _, r := range rows {
			user, staff := in.Actor().User, access.StaffID(0)
			if r.by == "" {
				r.by = access.ByUser
			}
			if r.by != access.ByUser {
				user = 0
			}
			if r.by == access.ByStaff {
				staff = 7
			}
			if r.name == "" && r.by == access.ByUser {
				r.name = in.Actor().Name
			}
			err := tx.ExecOne(w.Context(), `INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, ip, agent, action, subject, before, after)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
				in.Account(), db.NewID[row](tx), tx.Now().Add(-r.ago), string(r.by), user, staff, r.name, r.ip, firefox, r.action, r.subject, r.before, r.after)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"

const day = 24 * time.Hour
