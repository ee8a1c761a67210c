package atrium

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"atrium/area/contact"
	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/base/settings"
)

// An invariant is what holds in every database at every moment, and what counts
// how often it is broken.
type invariant struct {
	sentence string
	broken   func(context.Context, *db.Whole) (int64, error)
}

// across counts by one query over all accounts.
func across(sql string) func(context.Context, *db.Whole) (int64, error) {
	return func(ctx context.Context, w *db.Whole) (int64, error) { return db.One(ctx, w, scanInt, sql) }
}

// invariants lists them all.
func invariants() []invariant {
	return []invariant{
		{"A user has at most one membership in an account",
			across(`SELECT count(*) FROM (SELECT 1 FROM memberships GROUP BY account_id, user_id HAVING count(*) > 1) AS twice`)},
		{"Every account has exactly one owner",
			across(`SELECT count(*) FROM accounts a WHERE 1 <> (SELECT count(*) FROM memberships m WHERE m.account_id = a.account_id AND m.owner)`)},
		{"Nobody has become an account's owner while their login was deactivated",
			across(`SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.owner AND u.disabled_at > 0
				AND (m.joined_at > u.disabled_at OR m.changed_at > u.disabled_at)`)},
		{"Every membership is of a user there is",
			across(`SELECT count(*) FROM memberships m WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id)`)},
		{"Every membership is in its user's list of accounts",
			across(`SELECT count(*) FROM memberships m WHERE NOT EXISTS (SELECT 1 FROM user_accounts l WHERE l.user_id = m.user_id AND l.account_id = m.account_id)`)},
		{"A user's list of accounts has only those of their memberships",
			across(`SELECT count(*) FROM (SELECT account_id, user_id FROM user_accounts EXCEPT SELECT account_id, user_id FROM memberships) AS gone`)},
		{"Every account's opening is in the audit",
			across(`SELECT count(*) FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM audit u WHERE u.account_id = a.account_id AND u.action = 'account.opened')`)},
		{"Every accepted invitation's acceptance is in the audit",
			across(`SELECT count(*) FROM invitations i WHERE i.state = 'accepted' AND NOT EXISTS (` + accepted(`SELECT 1 FROM audit u`) + `)`)},
		{"Every acceptance in the audit is an accepted invitation's",
			across(`SELECT count(*) FROM audit u WHERE u.action = 'invitation.accepted' AND NOT EXISTS (` + accepted(`SELECT 1 FROM invitations i`) + `)
				AND NOT EXISTS (SELECT 1 FROM dropped_accounts d WHERE d.account_id = u.account_id)`)},
		{"Since an account takes only the invited address, nobody has accepted with another", strangers},
		{"An invitation says who accepted it exactly if it is accepted, and when it was decided exactly if it is not pending",
			across(`SELECT count(*) FROM invitations WHERE (state = 'accepted') <> (accepted_by <> 0) OR (state = 'pending') <> (decided_at = 0)`)},
		{"An address has at most one pending invitation to an account",
			across(`SELECT count(*) FROM (SELECT 1 FROM invitations WHERE state = 'pending' GROUP BY account_id, email_key HAVING count(*) > 1) AS twice`)},
		{"Every pending invitation has exactly one link that was not replaced",
			across(`SELECT count(*) FROM invitations i WHERE i.state = 'pending' AND 1 <>
				(SELECT count(*) FROM invitation_links l WHERE l.account_id = i.account_id AND l.invitation_id = i.id AND l.replaced_at = 0)`)},
		{"Every invitation's link is of an invitation of its own account",
			across(`SELECT count(*) FROM invitation_links l WHERE NOT EXISTS (SELECT 1 FROM invitations i WHERE i.account_id = l.account_id AND i.id = l.invitation_id)`)},
		{"Every approved request's approval is in the audit",
			across(`SELECT count(*) FROM access_requests r WHERE r.state = 'approved' AND NOT EXISTS (` + approved(`SELECT 1 FROM audit u`) + `)`)},
		{"Every approval in the audit is an approved request's",
			across(`SELECT count(*) FROM audit u WHERE u.action = 'request.approved' AND NOT EXISTS (` + approved(`SELECT 1 FROM access_requests r`) + `)
				AND NOT EXISTS (SELECT 1 FROM dropped_accounts d WHERE d.account_id = u.account_id)`)},
		{"A request says when it was decided exactly if it does not wait, and who decided exactly if it was approved or declined",
			across(`SELECT count(*) FROM access_requests WHERE (state = 'pending') <> (decided_at = 0) OR (state IN ('approved', 'declined')) <> (decided_by <> 0)`)},
		{"A user has at most one request that waits for the same permission of an account",
			across(`SELECT count(*) FROM (SELECT 1 FROM access_requests WHERE state = 'pending' GROUP BY account_id, user_id, permission HAVING count(*) > 1) AS twice`)},
		{"Nobody asks for access to an account that they belong to",
			across(`SELECT count(*) FROM access_requests r JOIN memberships m ON m.account_id = r.account_id AND m.user_id = r.user_id
				WHERE r.state = 'pending' AND r.permission = ''`)},
		{"Every row of an account is of an account there is",
			across(strays())},
		{"Staff find every account and every user by exactly what they are called",
			func(ctx context.Context, w *db.Whole) (int64, error) { return access.MisfiledTerms(ctx, w) }},
		{"Staff's lists show of every account and every user what there is, and members and accounts are listed by their names",
			func(ctx context.Context, w *db.Whole) (int64, error) { return access.WrongLines(ctx, w) }},
		{"The billing contact of an account is a member who may see its invoices",
			across(`SELECT count(*) FROM accounts a WHERE a.billing_user <> 0 AND NOT EXISTS (SELECT 1 FROM memberships m
				WHERE m.account_id = a.account_id AND m.user_id = a.billing_user AND (m.owner OR (m.permissions / 128) % 2 = 1))`)},
		{"An account's contacts are what staff find it by beside what it is called",
			func(ctx context.Context, w *db.Whole) (int64, error) { return contact.Misfiled(ctx, w) }},
		{"An account has an address in one contact at most, and one billing contact at most",
			across(`SELECT (SELECT count(*) FROM (SELECT 1 FROM contacts GROUP BY account_id, email_key HAVING count(*) > 1) AS twice)
				+ (SELECT count(*) FROM (SELECT 1 FROM contacts WHERE billing GROUP BY account_id HAVING count(*) > 1) AS many)`)},
		{"Every session and one-time link is of somebody there is",
			across(`SELECT (SELECT count(*) FROM sessions WHERE user_id NOT IN (SELECT id FROM users))
				+ (SELECT count(*) FROM user_tokens WHERE user_id NOT IN (SELECT id FROM users))
				+ (SELECT count(*) FROM staff_sessions WHERE staff_id NOT IN (SELECT id FROM staff))
				+ (SELECT count(*) FROM staff_tokens WHERE staff_id NOT IN (SELECT id FROM staff))`)},
		{"Every secret, recovery code and log in under way of two-step login is of somebody there is", across(twoStepStrays())},
		{"Every browser that is known is known to somebody there is",
			across(`SELECT count(*) FROM browsers WHERE realm = 'user' AND person_id NOT IN (SELECT id FROM users)
				OR realm = 'staff' AND person_id NOT IN (SELECT id FROM staff)`)},
		{"Every passkey is of a user there is", across(`SELECT count(*) FROM passkeys WHERE user_id NOT IN (SELECT id FROM users)`)},
		{"Who has two-step login on has a secret that codes are checked by or a passkey, and nobody else has such a secret",
			across(`SELECT (SELECT count(*) FROM users u WHERE u.two_step_at = 0 AND EXISTS (SELECT 1 FROM two_step t WHERE t.realm = 'user' AND t.person_id = u.id)
					OR u.two_step_at > 0 AND NOT EXISTS (SELECT 1 FROM two_step t WHERE t.realm = 'user' AND t.person_id = u.id)
					AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id))
				+ (SELECT count(*) FROM staff p WHERE (p.two_step_at > 0) <> EXISTS (SELECT 1 FROM two_step t WHERE t.realm = 'staff' AND t.person_id = p.id))`)},
		{"Recovery codes belong to somebody who has two-step login on",
			across(`SELECT (SELECT count(*) FROM recovery_codes c JOIN users u ON u.id = c.person_id WHERE c.realm = 'user' AND u.two_step_at = 0)
				+ (SELECT count(*) FROM recovery_codes c JOIN staff p ON p.id = c.person_id WHERE c.realm = 'staff' AND p.two_step_at = 0)`)},
		{"Nobody of the staff is logged in without two-step login",
			across(`SELECT count(*) FROM staff_sessions s JOIN staff p ON p.id = s.staff_id WHERE p.two_step_at = 0`)},
		{"Every mail that waits has a job that delivers it",
			func(ctx context.Context, w *db.Whole) (int64, error) { return mail.Undelivered(ctx, w) }},
		{"Only a mail that waits, or was given up, has a sealed link",
			across(`SELECT count(*) FROM emails WHERE sealed <> '' AND state NOT IN ('queued', 'failed')`)},
		{"No one-time link and no session can be read from jobs, mails, the audit, the limits and the settings", readableSecrets},
		{"Every section of the settings can be read, and its secrets can't",
			func(ctx context.Context, w *db.Whole) (int64, error) { return settings.Broken(ctx, w) }},
		{"Nobody has run ANALYZE on SQLite, which slows it down",
			func(ctx context.Context, w *db.Whole) (int64, error) { return w.Statistics(ctx) }},
	}
}

// accepted joins an invitation i and a row u of the audit: one transaction wrote
// both, at one instant.
func accepted(sql string) string {
	return sql + ` WHERE u.account_id = i.account_id AND u.action = 'invitation.accepted' AND u.subject = i.email
		AND u.user_id = i.accepted_by AND u.at = i.decided_at AND i.state = 'accepted'`
}

// approved joins a request r and a row u of the audit: one transaction wrote both,
// at one instant.
func approved(sql string) string {
	return sql + ` WHERE u.account_id = r.account_id AND u.action = 'request.approved' AND u.user_id = r.decided_by AND u.at = r.decided_at
		AND r.state = 'approved'`
}

// strangers counts acceptances with another address than the invited one, in
// accounts that take no other since before.
func strangers(ctx context.Context, w *db.Whole) (int64, error) {
	all, err := db.All(ctx, w, func(r db.Row) (a struct{ invited, with string }, err error) {
		err = r.Scan(&a.invited, &a.with)
		return a, err
	}, `SELECT u.subject, u.after FROM audit u JOIN accounts a ON a.account_id = u.account_id
		WHERE u.action = 'invitation.accepted' AND a.invited_rule_at > 0 AND u.at > a.invited_rule_at`)
	n := int64(0)
	for _, a := range all {
		var with struct{ Email string }
		if err := json.Unmarshal([]byte(a.with), &with); err != nil {
			return 0, err
		}
		invited, _ := access.ParseEmail(a.invited)
		if email, ok := access.ParseEmail(with.Email); !ok || email.Key != invited.Key {
			n++
		}
	}
	return n, err
}

// twoStepStrays counts rows of two-step login without a person.
func twoStepStrays() string {
	var sums []string
	for _, table := range []string{"two_step", "recovery_codes", "login_steps", "two_step_setups"} {
		sums = append(sums, `(SELECT count(*) FROM `+table+` WHERE realm = 'user' AND person_id NOT IN (SELECT id FROM users)
			OR realm = 'staff' AND person_id NOT IN (SELECT id FROM staff))`)
	}
	return `SELECT ` + strings.Join(sums, ` + `)
}

// strays counts accounts' rows without an account. Mails and the audit may be of
// account 0, which is none, or of one that was deleted and is being cleared away.
func strays() string {
	var sums []string
	for _, t := range db.Tables() {
		if t.Class != db.Accounts || t.Name == "accounts" {
			continue
		}
		sum := `(SELECT count(*) FROM ` + t.Name + ` t WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = t.account_id)`
		if slices.Contains([]string{"audit", "emails", "email_tries"}, t.Name) {
			sum += ` AND t.account_id <> 0 AND NOT EXISTS (SELECT 1 FROM dropped_accounts d WHERE d.account_id = t.account_id)`
		}
		sums = append(sums, sum+`)`)
	}
	return `SELECT ` + strings.Join(sums, ` + `)
}

// Invariants says what is broken of all that must hold, a sentence each with how
// often: nothing, unless Atrium has a fault or somebody changed the database by
// hand. It reads the whole of one snapshot.
func Invariants(ctx context.Context, d *db.DB) ([]string, error) {
	var broken []string
	err := d.Inspect(ctx, func(w *db.Whole) error {
		for _, i := range invariants() {
			n, err := i.broken(ctx, w)
			if err != nil {
				return fmt.Errorf("whether this holds can't be told: %s: %w", i.sentence, err)
			}
			if n > 0 {
				broken = append(broken, fmt.Sprintf("%s (broken: %d)", i.sentence, n))
			}
		}
		return nil
	})
	return broken, err
}

func scanInt(r db.Row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}
