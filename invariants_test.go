package atrium_test

import (
	"context"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"atrium"
	"atrium/base/access"
	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// lived fills a world: an owner, a member who joined by invitation, one who
// left, one of whose requests was approved and waits another, an invitation that was renewed and waits, and a mail that waits for the
// mail server. It gives a backup of it.
func lived(t *testing.T, w *apptest.World) string {
	t.Helper()
	acme := w.Account("Acme", "ann")
	acme.Member("bob", "invoices")
	w.Account("Bolt", "sam")
	for _, name := range []string{"Billing Office", "Webmaster"} {
		email, _, _ := strings.Cut(strings.ToLower(name), " ")
		acme.Owner.Get(acme.Path("/contacts/new")).OK().Submit("main form", url.Values{"name": {name}, "email": {email + "@example.com"}}).SeeOther()
	}
	left := acme.Member("leo", "domains")
	left.Post(acme.Path("/users/people/leave"), nil).SeeOther()
	bob := acme.Member("rob", "emails")
	for _, slug := range []string{"domains", "quotes"} {
		bob.Post(acme.Path("/requests"), url.Values{"permission": {slug}, "note": {"Please."}}).SeeOther()
	}
	wants, _ := acme.Owner.Get(acme.Path("/users")).Find("a[href*='/requests/']:not([href$='#decline'])").First().Attr("href")
	acme.Owner.Get(wants).OK().Submit("form[action$='/approve']", nil).SeeOther()
	w.Mail.SetDown(true)
	acme.Invite("cyd@example.com", "tickets").SeeOther()
	if broken := broken(t, w.DB); len(broken) != 0 {
		t.Fatalf("after ordinary use: %q", broken)
	}
	return save(t, w.DB)
}

func save(t *testing.T, d *db.DB) string {
	t.Helper()
	known, err := db.Versions(atrium.Schemas())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup")
	if _, err := backup.Save(t.Context(), d, path, known); err != nil {
		t.Fatal(err)
	}
	return path
}

// restored is a database of its own, filled from a backup. No tracer minds what
// is done to it.
func restored(t *testing.T, engine, path string) *db.DB {
	t.Helper()
	d := dbtest.Reopen(t, dbtest.Migrated(t, engine, atrium.Schemas()), atrium.Schemas(), func(o *db.Options) { o.Trace = nil })
	load(t, d, path)
	return d
}

func load(t *testing.T, d *db.DB, path string) {
	t.Helper()
	known, err := db.Versions(atrium.Schemas())
	if err != nil {
		t.Fatal(err)
	}
	f, err := backup.Open(t.Context(), path, known)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Restore(t.Context(), d, false); err != nil {
		t.Fatal(err)
	}
}

func broken(t *testing.T, d *db.DB) []string {
	t.Helper()
	list, err := atrium.Invariants(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// run runs statements; what begins with a database's name runs on that one only.
func run(t *testing.T, d *db.DB, statements ...string) {
	t.Helper()
	engine := dbtest.SQLite
	if d.SkipLocked() != "" {
		engine = dbtest.Postgres
	}
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		for _, sql := range statements {
			only, rest, ok := strings.Cut(sql, ": ")
			if ok && slices.Contains(dbtest.Engines(), only) {
				if only != engine {
					continue
				}
				sql = rest
			}
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// loosened is a table without its keys and checks.
func loosened(table string) []string {
	return []string{
		`CREATE TABLE loose AS SELECT * FROM ` + table,
		`DROP TABLE ` + table,
		`ALTER TABLE loose RENAME TO ` + table,
	}
}

// hidden makes an invitation's link of account 10001 genuine, and gives it as it
// would stand somewhere.
func hidden(t *testing.T, d *db.DB) string {
	t.Helper()
	k := access.NewAccountToken(10001)
	run(t, d, `INSERT INTO invitation_links (account_id, token_hash, invitation_id, issued_at, replaced_at)
		SELECT account_id, '`+k.Hash()+`', id, 1, 1 FROM invitations WHERE account_id = 10001 AND state = 'pending'`)
	return k.Reveal()
}

// session makes a session genuine and gives its token.
func session(t *testing.T, d *db.DB) string {
	t.Helper()
	k := access.NewToken()
	run(t, d, `INSERT INTO sessions (token_hash, id, user_id, remember, agent, ip, created_at, seen_at)
		SELECT '`+k.Hash()+`', 1, id, FALSE, '', '', 1, 1 FROM users WHERE email = 'ann@example.com'`)
	return k.Reveal()
}

// step makes a log in under way genuine and gives its token.
func step(t *testing.T, d *db.DB) string {
	t.Helper()
	k := access.NewToken()
	run(t, d, `INSERT INTO login_steps (token_hash, realm, person_id, proof, remember, next, created_at, expires_at)
		SELECT '`+k.Hash()+`', 'user', id, '', FALSE, '', 1, 1 FROM users WHERE email = 'ann@example.com'`)
	return k.Reveal()
}

// A way in which a database can be broken, and the sentences that say so.
type harm struct {
	what string
	sql  []string
	with func(*testing.T, *db.DB) string // gives what ? stands for
	says []string                        // how each begins
}

func harms() []harm {
	const pending = ` FROM invitations WHERE account_id = 10001 AND state = 'pending'`
	return []harm{
		{what: "a membership twice", says: []string{"A user has at most one membership", "Staff's lists show"},
			sql: append(loosened("memberships"), `INSERT INTO memberships SELECT * FROM memberships WHERE NOT owner`)},
		{what: "no owner", says: []string{"Every account has exactly one owner", "Staff find every account", "Staff's lists show"},
			sql: []string{`UPDATE memberships SET owner = FALSE WHERE account_id = 10001`}},
		{what: "two owners", says: []string{"Every account has exactly one owner", "Staff find every account", "Staff's lists show"},
			sql: []string{`DROP INDEX memberships_one_owner`, `UPDATE memberships SET owner = TRUE WHERE account_id = 10001`}},
		{what: "a member who is nobody", says: []string{"Every membership is of a user", "Every membership is in its user's list", "A user's list of accounts"},
			sql: append(loosened("memberships"), `UPDATE memberships SET user_id = 5 WHERE invited_as = 'bob@example.com'`)},
		{what: "a list that lacks an account", says: []string{"Every membership is in its user's list", "Staff's lists show"},
			sql: []string{`DELETE FROM user_accounts WHERE account_id = 10002`}},
		{what: "a list with an account more", says: []string{"A user's list of accounts", "Staff's lists show"},
			sql: []string{`INSERT INTO user_accounts (user_id, account_id) SELECT id, 10002 FROM users WHERE email = 'ann@example.com'`}},
		{what: "an account that nobody opened", says: []string{"Every account's opening"},
			sql: []string{`DELETE FROM audit WHERE account_id = 10002 AND action = 'account.opened'`}},
		{what: "an acceptance that nobody noted", says: []string{"Every accepted invitation's"},
			sql: []string{`DELETE FROM audit WHERE action = 'invitation.accepted' AND subject = 'bob@example.com'`}},
		{what: "an acceptance noted at another time", says: []string{"Every accepted invitation's", "Every acceptance in the audit"},
			sql: []string{`UPDATE audit SET at = at + 1 WHERE action = 'invitation.accepted' AND subject = 'bob@example.com'`}},
		{what: "an acceptance noted of somebody else", says: []string{"Every accepted invitation's", "Every acceptance in the audit"},
			sql: []string{`UPDATE invitations SET accepted_by = 5 WHERE email = 'bob@example.com'`}},
		{what: "a noted acceptance that did not happen", says: []string{"Every acceptance in the audit"},
			sql: []string{`UPDATE invitations SET state = 'declined', accepted_by = 0 WHERE email = 'bob@example.com'`}},
		{what: "accepted by nobody", says: []string{"Every accepted invitation's", "An invitation says who", "Every acceptance in the audit"},
			sql: []string{`UPDATE invitations SET accepted_by = 0 WHERE email = 'bob@example.com'`}},
		{what: "accepted by somebody else than was invited", says: []string{"Since an account takes only the invited address"},
			sql: []string{`UPDATE accounts SET invited_rule_at = 1 WHERE account_id = 10001`,
				`UPDATE audit SET after = '{"email":"eve@example.com"}' WHERE action = 'invitation.accepted' AND subject = 'bob@example.com'`}},
		{what: "pending and decided", says: []string{"An invitation says who"},
			sql: []string{`UPDATE invitations SET decided_at = 1 WHERE state = 'pending'`}},
		{what: "two pending invitations", says: []string{"An address has at most one pending"},
			sql: []string{`DROP INDEX invitations_one_pending`,
				`INSERT INTO invitations (account_id, id, email, email_key, permissions, state, invited_by, inviter_name, inviter_email, created_at, issued_at)
					SELECT account_id, 5, email, email_key, 1, state, 1, '', '', 1, 1` + pending,
				`INSERT INTO invitation_links (account_id, token_hash, invitation_id, issued_at) VALUES (10001, 'h', 5, 1)`}},
		{what: "a pending invitation without link", says: []string{"Every pending invitation"},
			sql: []string{`UPDATE invitation_links SET replaced_at = 1 WHERE account_id = 10001`}},
		{what: "a pending invitation with two links", says: []string{"Every pending invitation"},
			sql: []string{`INSERT INTO invitation_links (account_id, token_hash, invitation_id, issued_at) SELECT account_id, 'h', id, 1` + pending}},
		{what: "a link of another account's invitation", says: []string{"Every invitation's link"},
			sql: append(loosened("invitation_links"), `INSERT INTO invitation_links (account_id, token_hash, invitation_id, issued_at, replaced_at)
				SELECT 10002, 'h', id, 1, 0`+pending)},
		{what: "an approval that nobody noted", says: []string{"Every approved request's"},
			sql: []string{`DELETE FROM audit WHERE action = 'request.approved'`}},
		{what: "a noted approval that did not happen", says: []string{"Every approval in the audit"},
			sql: []string{`UPDATE access_requests SET state = 'declined' WHERE state = 'approved'`}},
		{what: "a request that waits and was decided", says: []string{"A request says when"},
			sql: []string{`UPDATE access_requests SET decided_at = 1 WHERE state = 'pending'`}},
		{what: "two requests for the same", says: []string{"A user has at most one request"},
			sql: []string{`DROP INDEX access_requests_one_open`, `INSERT INTO access_requests (account_id, id, user_id, permission, note, state, asked_at)
				SELECT account_id, 5, user_id, permission, note, state, asked_at FROM access_requests WHERE state = 'pending'`}},
		{what: "a member who asks for access", says: []string{"Nobody asks for access"},
			sql: []string{`UPDATE access_requests SET permission = '' WHERE state = 'pending'`}},
		{what: "a row of an account that is none", says: []string{"Every row of an account"},
			sql: []string{`UPDATE audit SET account_id = 10009 WHERE action = 'member.left'`}},
		{what: "an owner who can't log in", says: []string{"Nobody has become an account's owner", "Staff's lists show"},
			sql: []string{`UPDATE users SET disabled_at = 1 WHERE email = 'ann@example.com'`}},
		{what: "an account with another name", says: []string{"Staff find every account", "Staff's lists show"},
			sql: []string{`UPDATE accounts SET name = 'Another' WHERE account_id = 10002`}},
		{what: "a count of members that is wrong", says: []string{"Staff's lists show"},
			sql: []string{`UPDATE account_lines SET members = members + 1 WHERE account_id = 10002`}},
		{what: "a user who is not in the list", says: []string{"Staff find every account", "Staff's lists show"},
			sql: []string{`DELETE FROM user_lines WHERE user_id = (SELECT id FROM users WHERE email = 'ann@example.com')`}},
		{what: "a member who is listed elsewhere", says: []string{"Staff's lists show"},
			sql: []string{`UPDATE memberships SET listed = '1zoe' WHERE account_id = 10002`}},
		{what: "an account that a user has listed elsewhere", says: []string{"Staff's lists show"},
			sql: []string{`UPDATE user_accounts SET listed = '9' WHERE account_id = 10002`}},
		{what: "a name that is ordered as another", says: []string{"Staff's lists show"},
			sql: []string{`UPDATE account_lines SET name_key = 'zoo' WHERE account_id = 10002`}},
		{what: "a billing contact who is no member", says: []string{"The billing contact of an account"},
			sql: []string{`UPDATE accounts SET billing_user = 5 WHERE account_id = 10002`}},
		{what: "a contact of another name", says: []string{"An account's contacts are what"},
			sql: []string{`UPDATE contacts SET name = 'Another' WHERE email = 'billing@example.com'`}},
		{what: "a contact that was taken away", says: []string{"An account's contacts are what"}, sql: []string{`DELETE FROM contacts`}},
		{what: "two contacts of one address", says: []string{"An account has an address in one contact", "An account's contacts are what"},
			sql: []string{`DROP INDEX contacts_email`, `UPDATE contacts SET email_key = 'billing@example.com'`}},
		{what: "two billing contacts", says: []string{"An account has an address in one contact"},
			sql: []string{`DROP INDEX contacts_billing`, `UPDATE contacts SET billing = TRUE`}},
		{what: "a session of nobody", says: []string{"Every session and one-time link"},
			sql: []string{`INSERT INTO sessions (token_hash, id, user_id, remember, agent, ip, created_at, seen_at) VALUES ('h', 1, 5, FALSE, '', '', 1, 1)`}},
		{what: "a staff link of nobody", says: []string{"Every session and one-time link"},
			sql: []string{`INSERT INTO staff_tokens (token_hash, staff_id, created_at, expires_at) VALUES ('h', 5, 1, 1)`}},
		{what: "a mail that nothing delivers", says: []string{"Every mail that waits"},
			sql: []string{`DELETE FROM jobs WHERE kind IN ('mail.deliver', 'mail.first')`}},
		{what: "a sent mail with a link", says: []string{"Only a mail that waits"},
			sql: []string{`sqlite: PRAGMA ignore_check_constraints = ON`, `postgres: ALTER TABLE emails DROP CONSTRAINT emails_kept_check`,
				`UPDATE emails SET state = 'sent' WHERE sealed <> ''`}},
		{what: "a readable link in a mail", says: []string{"No one-time link"}, with: hidden,
			sql: []string{`UPDATE emails SET body_html = 'go to <a href="https://host.example/invite/?">it</a>' WHERE state = 'sent'`}},
		{what: "an escaped link in a job", says: []string{"No one-time link"}, with: hidden,
			sql: []string{`INSERT INTO jobs (id, lane, kind, args, run_at, created_at) VALUES (1, '', 'x', '{"next":"%2Finvite%2F?"}', 1, 1)`}},
		{what: "a session's token in the audit", says: []string{"No one-time link"}, with: session,
			sql: []string{`UPDATE audit SET after = '{"cookie":"?"}' WHERE action = 'account.opened'`}},
		{what: "an escaped session's token in a limit", says: []string{"No one-time link"}, with: session,
			sql: []string{`INSERT INTO limits (name, started_at, count) VALUES ('x%2F?', 1, 1)`}},
		{what: "two-step login that nothing can check", says: []string{"Staff's lists show", "Who has two-step login on", "Staff find every account"},
			sql: []string{`UPDATE users SET two_step_at = 1 WHERE email = 'ann@example.com'`}},
		{what: "a secret of who has two-step login off", says: []string{"Who has two-step login on"},
			sql: []string{`INSERT INTO two_step (realm, person_id, sealed, created_at) SELECT 'user', id, '', 1 FROM users WHERE email = 'ann@example.com'`}},
		{what: "a secret of nobody", says: []string{"Every secret, recovery code"},
			sql: []string{`INSERT INTO two_step (realm, person_id, sealed, created_at) VALUES ('staff', 5, '', 1)`}},
		{what: "a browser known to nobody", says: []string{"Every browser that is known"},
			sql: []string{`INSERT INTO browsers (realm, person_id, token_hash, agent, ip, created_at, used_at) VALUES ('staff', 5, 'h', '', '', 1, 1)`}},
		{what: "a passkey of nobody", says: []string{"Every passkey is of a user"},
			sql: []string{`INSERT INTO passkeys (credential, user_id, id, name, public_key, transports, flags, sign_count, created_at) VALUES ('c', 5, 1, '', '', '', 0, 0, 1)`}},
		{what: "a log in under way of nobody", says: []string{"Every secret, recovery code"},
			sql: []string{`INSERT INTO login_steps (token_hash, realm, person_id, proof, remember, next, created_at, expires_at) VALUES ('h', 'user', 5, '', FALSE, '', 1, 1)`}},
		{what: "recovery codes alone", says: []string{"Recovery codes belong"},
			sql: []string{`INSERT INTO recovery_codes (realm, person_id, slot, hash) SELECT 'user', id, 1, 'h' FROM users WHERE email = 'ann@example.com'`}},
		{what: "staff logged in by the password alone", says: []string{"Nobody of the staff"},
			sql: []string{`INSERT INTO staff (id, email, email_key, name, password_hash, role, created_at) VALUES (7, '', '', '', '', 'support', 1)`,
				`INSERT INTO staff_sessions (token_hash, staff_id, agent, ip, created_at, seen_at) VALUES ('h', 7, '', '', 1, 1)`}},
		{what: "a step's token in the audit", says: []string{"No one-time link"}, with: step,
			sql: []string{`UPDATE audit SET after = '{"cookie":"?"}' WHERE action = 'account.opened'`}},
		{what: "a password in the settings", says: []string{"Every section of the settings"},
			sql: []string{`INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('mail', '{}', 'open sesame', 1, 1, '')`}},
		{what: "settings that are no settings", says: []string{"Every section of the settings"},
			sql: []string{`INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('limits', '[]', '', 1, 1, '')`}},
		{what: "a logo that is not there", says: []string{"Every section of the settings"},
			sql: []string{`INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('logos', '{"light":{"hash":"abc"}}', '', 1, 1, '')`}},
		{what: "statistics", says: []string{"Nobody has run ANALYZE"}, sql: []string{`sqlite: ANALYZE`}},
	}
}

func TestEveryInvariantCanBeSeenToBreak(t *testing.T) {
	said := map[string]bool{}
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			path := lived(t, apptest.New(t, engine))
			if b := broken(t, restored(t, engine, path)); len(b) != 0 {
				t.Fatalf("after a restore: %q", b)
			}
			for _, h := range harms() {
				t.Run(h.what, func(t *testing.T) { h.check(t, engine, restored(t, engine, path), said) })
			}
		})
	}
	for _, s := range atrium.Sentences() {
		if !said[s] {
			t.Errorf("nothing breaks: %s", s)
		}
	}
}

// check does the harm and wants its sentences and no others.
func (h harm) check(t *testing.T, engine string, d *db.DB, said map[string]bool) {
	t.Helper()
	var secret string
	if h.with != nil {
		secret = h.with(t, d)
	}
	var sql []string
	for _, s := range h.sql {
		sql = append(sql, strings.ReplaceAll(s, "?", secret))
	}
	run(t, d, sql...)
	got := broken(t, d)
	if h.what == "statistics" && engine == dbtest.Postgres {
		h.says = nil // there they do good
	}
	if len(got) != len(h.says) {
		t.Errorf("%d are broken, want %d: %q", len(got), len(h.says), got)
	}
	for _, begin := range h.says {
		i := slices.IndexFunc(got, func(s string) bool { return strings.HasPrefix(s, begin) })
		if i < 0 {
			t.Errorf("%q does not say %q", got, begin)
			continue
		}
		sentence, n, _ := strings.Cut(got[i], " (broken: ")
		said[sentence] = true
		if n == "0)" {
			t.Error(got[i])
		}
	}
}

// What only looks like a secret is none: anybody may type it.
func TestWhatOnlyLooksLikeALinkBreaksNothing(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, atrium.Schemas())
	run(t, d, `INSERT INTO limits (name, started_at, count) VALUES ('/invite/10001.`+access.NewToken().Reveal()+`', 1, 1)`)
	if b := broken(t, d); len(b) != 0 {
		t.Error(b)
	}
}

func TestInvariantsEndWithTheirContext(t *testing.T) {
	dbtest.Each(t, atrium.Schemas(), func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := atrium.Invariants(ctx, d); err == nil {
			t.Error("no error")
		}
	})
}
