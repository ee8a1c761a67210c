package sharing_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/clock/clocktest"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
)

// A stage is one database with some people, on which many accounts are played.
type stage struct {
	*sharing.Sharing
	ctx   context.Context
	clock *clocktest.Clock
	users []access.User
	stan  access.StaffPerson
	did   map[string]int // how often each thing was allowed
}

const cast = 6

// How many sequences are played, and of how many steps, on average.
var sequences = map[string]string{dbtest.SQLite: "400", dbtest.Postgres: "100"}

const steps = "60"

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
	ok(t, err)
	jobs := job.New(d, slog.New(slog.DiscardHandler))
	set := settingstest.Open(t, d, v)
	m, err := mail.New(t.Context(), d, jobs, v, mail.Config{Settings: set, BaseURL: "https://atrium.example", Readable: true})
	ok(t, err)
	s := &stage{ctx: t.Context(), clock: dbtest.Clock(d), did: map[string]int{}, Sharing: &sharing.Sharing{DB: d, Jobs: jobs, Mail: m, Passwords: accesstest.Passwords(), Settings: set,
		URL: func(path string) string { return "https://atrium.example" + path }}}
	s.Work()
	ok(t, d.WriteGlobal(s.ctx, db.Lock{}, func(tx *db.Tx) error {
		s.users = nil
		for n := range cast {
			e, _ := access.ParseEmail(fmt.Sprintf("p%d@example.com", n))
			u, err := access.NewUser(s.ctx, tx, e, "", access.User{FirstName: fmt.Sprintf("P%d", n), Language: "en", TimeZone: "UTC"})
			if err != nil {
				return err
			}
			s.users = append(s.users, u)
		}
		email, _ := access.ParseEmail("stan@host.example")
		s.stan, _, err = access.AddStaff(s.ctx, tx, email, "Stan", access.Support)
		return err
	}))
	return s
}

// Nobody gains a permission that nobody who held it gave them, whatever people do in
// whatever order: grants, edits, removals, leaving, invitations, requests, letting others
// manage users, ownership, staff, logins deactivated, time that passes, requests
// that were let in by a door a while ago. After each step the doors let everybody
// do what the model says, and there is one owner, who holds everything.
func TestNoSequenceGainsAnyoneWhatNobodyGave(t *testing.T) {
	wanted(t, "rapid.steps", steps)
	dbtest.Each(t, []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema}, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		_, engine := filepath.Split(t.Name())
		wanted(t, "rapid.checks", sequences[engine])
		rapid.Check(t, func(r *rapid.T) { s.play(r) })
		t.Logf("what was allowed: %v", s.did)
		for what := range (&play{}).actions() {
			if what != "" && !strings.HasSuffix(what, ", too") && s.did[what] == 0 && engine == dbtest.SQLite { // which plays enough
				t.Errorf("%q was never allowed in any sequence", what)
			}
		}
	})
}

// wanted sets a flag of rapid for this test, unless somebody who looks for more has.
func wanted(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup(name)
	if before := f.Value.String(); before == f.DefValue {
		ok(t, f.Value.Set(value))
		t.Cleanup(func() { ok(t, f.Value.Set(before)) })
	}
}

// A play is one sequence, on an account of its own.
type play struct {
	*stage
	*model
	account  id.Account
	pleas    []*plea
	sessions map[int]access.Token
	since    map[int]time.Time
	doors    map[int]access.Manager // that were passed a while ago
}

func (s *stage) play(r *rapid.T) {
	p := &play{stage: s, sessions: map[int]access.Token{}, since: map[int]time.Time{}, doors: map[int]access.Manager{}}
	p.model = &model{T: r, holds: map[int]*holding{0: {owner: true}}, off: map[int]bool{}, now: s.clock.Now}
	s.clock.Add(25 * time.Hour) // the limits of the last play are over
	p.do(func(tx *db.Tx) error {
		if _, err := tx.Exec(s.ctx, `UPDATE users SET disabled_at = 0`); err != nil {
			return err
		}
		var err error
		p.account, err = access.OpenAccount(s.ctx, tx, s.users[0].ID, access.NewAccount{Name: "Acme", Language: "en", TimeZone: "UTC"})
		return err
	})
	for n := 1; n <= 3; n++ { // two managers and a member to begin with
		h := &holding{set: whole(p.some("held at first")), manages: n < 3}
		p.holds[n] = h
		p.do(func(tx *db.Tx) error {
			if err := access.AddMember(s.ctx, tx, p.account, s.users[n].ID, h.set, ""); err != nil {
				return err
			}
			_, err := tx.Exec(s.ctx, `UPDATE memberships SET manages = $1 WHERE account_id = $2 AND user_id = $3`, h.manages, p.account, s.users[n].ID)
			return err
		})
	}
	r.Repeat(p.actions())
}

func (p *play) do(fn func(*db.Tx) error) {
	if err := p.DB.WriteGlobal(p.ctx, db.Lock{}, fn); err != nil {
		p.Fatal(err)
	}
}

// membership is what a door reads about somebody, who logs in anew now and then.
func (p *play) membership(who int) (access.Membership, bool) {
	if at, ok := p.since[who]; !p.off[who] && (!ok || p.clock.Now().Sub(at) > 6*time.Hour) {
		p.do(func(tx *db.Tx) error {
			u := p.users[who]
			in, err := access.NewSession(p.ctx, tx, u.ID, false, u.As("192.0.2.1", ""))
			p.sessions[who] = in.Token
			return err
		})
		p.since[who] = p.clock.Now()
	}
	_, m, err := access.FindMembership(p.ctx, p.DB, access.DefaultLives(), p.sessions[who], p.account, "192.0.2.1", "")
	return m, err == nil && m.Account() == p.account
}

// manager passes the managers' door now, or has passed it a while ago.
func (p *play) manager(who int) (access.Manager, bool) {
	if in, ok := p.doors[who]; ok && !p.off[who] && rapid.IntRange(0, 3).Draw(p.T, "by an earlier door") == 0 {
		return in, true
	}
	m, ok := p.membership(who)
	if !ok {
		return access.Manager{}, false
	}
	in, err := access.EnterManager(m, access.Change)
	if err == nil {
		p.doors[who] = in
	}
	return in, err == nil
}

func (p *play) desk() access.StaffOn[access.ManageUsers] {
	var t access.Token
	p.do(func(tx *db.Tx) (err error) { t, err = accesstest.StaffSession(p.ctx, tx, p.stan); return err })
	session, card, err := access.FindStaffOn(p.ctx, p.DB, access.DefaultLives(), t, p.account)
	if err != nil {
		p.Fatal(err)
	}
	in, err := access.EnterStaffOn[access.ManageUsers](session, p.account, card, "", "")
	if err != nil {
		p.Fatal(err)
	}
	return in
}

func (p *play) anyone(label string) int { return rapid.IntRange(0, cast-1).Draw(p.T, label) }

// hand is somebody who may be able to give: mostly who manages.
func (p *play) hand() int {
	var may []int
	for n := range cast {
		if h := p.holds[n]; h != nil && (h.owner || h.manages) {
			may = append(may, n, n, n)
		}
		may = append(may, n)
	}
	return rapid.SampledFrom(may).Draw(p.T, "hand")
}

// guest is somebody, mostly without access.
func (p *play) guest() int {
	var of []int
	for n := range cast {
		of = append(of, n)
		if p.holds[n] == nil {
			of = append(of, n, n, n)
		}
	}
	return rapid.SampledFrom(of).Draw(p.T, "guest")
}

// some are permissions that are worth quarrelling about.
func (p *play) some(label string) access.Set {
	of := []access.Name{access.NameProducts, access.NameManageProducts, access.NameDomains, access.NameInvoices, access.NameEmails}
	return access.SetOf(rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, len(of), rapid.ID[access.Name]).Draw(p.T, label)...)
}

// chosen are the permissions of a form, which may say All.
func (p *play) chosen(by int) (all bool, set access.Set) {
	if all = rapid.IntRange(0, 4).Draw(p.T, "all") == 0; all {
		return true, p.holds[by].all()
	}
	return false, p.some("permissions")
}

// pick is one of the invitations, mostly a pending one; nil when there is none.
func (p *play) pick() *paper {
	var of []*paper
	for _, x := range p.papers {
		of = append(of, x)
		if x.pending {
			of = append(of, x, x, x)
		}
	}
	if len(of) == 0 {
		p.Skip("no invitation")
	}
	return of[rapid.IntRange(0, len(of)-1).Draw(p.T, "invitation")]
}

var inMail = regexp.MustCompile(`/(?:invite|handover)/([\w.-]+)`)

// mailed is the link of the newest mail of a kind.
func (p *play) mailed(kind string) access.Token {
	all, err := p.Mail.Outbox(p.ctx, 0, 6)
	if err != nil {
		p.Fatal(err)
	}
	for _, x := range all {
		if x.Kind != kind || x.Account != p.account {
			continue
		}
		m, err := p.Mail.Open(p.ctx, x.Account, x.ID)
		if err != nil {
			p.Fatal(err)
		}
		if found := inMail.FindStringSubmatch(m.Text); found != nil {
			t, _ := access.ParseToken(found[1])
			return t
		}
	}
	p.Fatalf("no mail with a link: %s", kind)
	return access.Token{}
}
