package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// Rules are what an account asks of everybody who works in it, and since when;
// the zero time: it does not.
type Rules struct {
	TwoStep time.Time // two-step login
	Invited time.Time // of who joins: the invited address, proved
}

// A Rule is one of them.
type Rule string

// The rules. They are in the audit.
const (
	TwoStepRule Rule = "two-step"
	InvitedRule Rule = "invited"
)

// AllRules lists them.
func AllRules() []Rule { return []Rule{TwoStepRule, InvitedRule} }

// On tells whether the rule is in force.
func (r Rules) On(which Rule) bool { return !r.at(which).IsZero() }

// With is the rules with one of them in force since then; the zero time: not.
func (r Rules) With(which Rule, since time.Time) Rules {
	*r.at(which) = since
	return r
}

func (r *Rules) at(which Rule) *time.Time {
	switch which {
	case TwoStepRule:
		return &r.TwoStep
	case InvitedRule:
		return &r.Invited
	}
	panic("access: there is no rule " + string(which))
}

func scanRules(r db.Row) (Rules, error) {
	var s Rules
	err := r.Scan(db.Time(&s.TwoStep), db.Time(&s.Invited))
	return s, err
}

// FindRules reads an account's rules.
func FindRules(ctx context.Context, q db.Querier, account id.Account) (Rules, error) {
	return db.One(ctx, q, scanRules, `SELECT two_step_rule_at, invited_rule_at FROM accounts WHERE account_id = $1`, account)
}

// SetRules stores an account's rules, under its lock. They are in force on
// everybody's next request.
func SetRules(ctx context.Context, tx *db.Tx, account id.Account, r Rules) error {
	return tx.ExecOne(ctx, `UPDATE accounts SET two_step_rule_at = $1, invited_rule_at = $2 WHERE account_id = $3`, r.TwoStep, r.Invited, account)
}
