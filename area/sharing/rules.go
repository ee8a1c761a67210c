package sharing

import (
	"context"
	"slices"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// ownerFirst is the fault code when an owner asks of others what they don't do.
const ownerFirst = "rules.owner"

// A RuleBook is what an account asks of everybody who works in it, and whom that
// concerns.
type RuleBook struct {
	access.Rules
	Owner   access.MemberInfo
	Without []access.MemberInfo // members without two-step login, by name
	Waiting []Invitation        // whoever accepts one is a member
}

// RuleBook reads an account's rules for its owner.
func (s *Sharing) RuleBook(ctx context.Context, in access.Owner) (RuleBook, error) {
	return s.ruleBook(ctx, in.Account())
}

// Rules reads an account's rules for its managers.
func (s *Sharing) Rules(ctx context.Context, in access.Manager) (access.Rules, error) {
	return access.FindRules(ctx, s.DB.Auto(), in.Account())
}

// shuts tells whether the account shuts one of these members out, because it asks
// for two-step login. Where all have it, the database is not asked.
func shuts(ctx context.Context, q db.Querier, account id.Account, members []access.MemberInfo) (bool, error) {
	if !slices.ContainsFunc(members, func(m access.MemberInfo) bool { return !m.TwoStep }) {
		return false, nil
	}
	rules, err := access.FindRules(ctx, q, account)
	return rules.On(access.TwoStepRule), err
}

// RuleBookFor reads an account's rules for staff.
func (s *Sharing) RuleBookFor(ctx context.Context, in access.StaffOn[access.SeeAccounts]) (RuleBook, error) {
	return s.ruleBook(ctx, in.Account())
}

func (s *Sharing) ruleBook(ctx context.Context, account id.Account) (RuleBook, error) {
	var b RuleBook
	var err error
	if b.Rules, err = access.FindRules(ctx, s.DB.Auto(), account); err != nil {
		return b, err
	}
	members, err := access.Members(ctx, s.DB.Auto(), account)
	if err != nil {
		return b, err
	}
	access.SortMembers(members)
	for _, m := range members {
		if m.Owner {
			b.Owner = m
		}
		if !m.TwoStep {
			b.Without = append(b.Without, m)
		}
	}
	now := s.DB.Clock().Now()
	b.Waiting, err = listInvitations(ctx, s.DB.Auto(), account, now)
	b.Waiting = slices.DeleteFunc(b.Waiting, func(i Invitation) bool { return i.State != Pending || i.Expired(now) })
	return b, err
}

// SetRule switches one of the account's rules on or off, in force on everybody's
// next request. Whom two-step login shuts out until they set it up is mailed how;
// the owner needs it first, else it is Invalid at the field on, with the code
// rules.owner. Switching it to what it is changes nothing.
func (s *Sharing) SetRule(ctx context.Context, in access.Owner, rule access.Rule, on bool) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		return s.setRule(ctx, tx, in.Act(), rule, on, "")
	}, db.LockUser(in.Actor().User))
}

// LiftRule switches a rule off for an account whose owner can't, for a reason that
// only staff read. The owner is told.
func (s *Sharing) LiftRule(ctx context.Context, in access.StaffOn[access.ManageUsers], rule access.Rule, reason string) error {
	reason = strings.TrimSpace(reason)
	var wrong fault.Fields
	checkReason(&wrong, reason)
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.write(ctx, access.AsManager(in), func(tx *db.Tx) error {
		return s.setRule(ctx, tx, in.Act(), rule, false, reason)
	})
}

// A ruling is what a rule is, for the audit.
type ruling struct {
	On     bool   `json:"on"`
	Reason string `json:"reason,omitempty"`
}

func (s *Sharing) setRule(ctx context.Context, tx *db.Tx, by access.Act, rule access.Rule, on bool, reason string) error {
	rules, err := access.FindRules(ctx, tx, by.Account())
	if err != nil || rules.On(rule) == on {
		return err
	}
	members, err := access.Members(ctx, tx, by.Account())
	if err != nil {
		return err
	}
	if on && rule == access.TwoStepRule && slices.ContainsFunc(members, func(m access.MemberInfo) bool { return m.Owner && !m.TwoStep }) {
		return fault.FieldErr("on", ownerFirst, "Set up two-step login for your own login first. Otherwise this would shut you out.")
	}
	since := time.Time{}
	if on {
		since = tx.Now()
	}
	if err := access.SetRules(ctx, tx, by.Account(), rules.With(rule, since)); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, by, audit.Entry{Action: "account.rule", Subject: string(rule), Before: ruling{On: !on}, After: ruling{on, reason}}); err != nil {
		return err
	}
	return s.mail(ctx, tx, by, ruleLetters(by.Actor(), rule, on, members)...)
}

// ruleLetters are for those who have to do something now, and for the owner when
// staff did it.
func ruleLetters(by access.Actor, rule access.Rule, on bool, members []access.MemberInfo) []func(place) mail.Letter {
	var letters []func(place) mail.Letter
	for _, m := range members {
		switch {
		case on && rule == access.TwoStepRule && !m.TwoStep:
			letters = append(letters, func(a place) mail.Letter { return a.needsTwoStep(m, by) })
		case !on && m.Owner && by.Kind == access.ByStaff:
			letters = append(letters, func(a place) mail.Letter { return a.ruleLifted(m, rule) })
		}
	}
	return letters
}
