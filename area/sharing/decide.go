package sharing

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/fault"
)

// An Approval is what the form says that approves a request: the permissions that
// the person has from now on.
type Approval struct {
	All     bool
	Perms   []string
	Version int64 // of the membership that the form showed
}

// A Decided is what became of a request: who asked, as the member that they are now
// if it was approved.
type Decided struct {
	Request
	Member access.MemberInfo
}

// Requests lists those that wait, the oldest first.
func (s *Sharing) Requests(ctx context.Context, in access.Manager) ([]Request, error) {
	return listRequests(ctx, s.DB.Auto(), in.Account(), s.DB.Clock().Now().Add(-RequestLife))
}

// Request finds one, NotFound if the account has none such. Beside it is the
// membership of who asks; its User is zero if they have none.
func (s *Sharing) Request(ctx context.Context, in access.Manager, r RequestID) (Request, access.MemberInfo, error) {
	return s.findRequest(ctx, s.DB.Auto(), in, r)
}

func (s *Sharing) findRequest(ctx context.Context, q db.Querier, in access.Manager, r RequestID) (Request, access.MemberInfo, error) {
	req, err := findRequest(ctx, q, in.Account(), r)
	if err != nil {
		return req, access.MemberInfo{}, err
	}
	m, err := access.FindMember(ctx, q, in.Account(), req.By.ID)
	if fault.Is(err, fault.NotFound) {
		return req, access.MemberInfo{}, nil
	}
	return req, m, err
}

// Approve gives who asked what was chosen, which need not be just what they asked
// for, effective at once, and mails them. Nobody gives what they don't hold. It is
// Conflict with the code request.gone when the request no longer waits, and with
// member.changed when the member has other permissions than the form showed.
func (s *Sharing) Approve(ctx context.Context, in access.Manager, r RequestID, a Approval) (Decided, error) {
	var wrong fault.Fields
	set := readSet(&wrong, in, s.choice(ctx, a.All, a.Perms), "Tick at least one permission, or decline the request.")
	if err := wrong.Err(); err != nil {
		return Decided{}, err
	}
	asked, _, err := s.Request(ctx, in, r)
	if err != nil {
		return Decided{}, err
	}
	var d Decided
	err = s.write(ctx, in, func(tx *db.Tx) (err error) {
		if d, err = s.decide(ctx, tx, in, r, Approved, ""); err != nil {
			return err
		}
		var before access.Set
		if d.For == forAccess {
			err = s.admit(ctx, tx, in, &d, set)
		} else if before, err = s.extend(ctx, tx, in, &d, set, a.Version); err == nil {
			err = audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "request.approved", Subject: d.By.Email})
		}
		if err != nil {
			return err
		}
		return s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.approved(d, before, in.Actor()) })
	}, db.LockUser(asked.By.ID))
	return d, err
}

// decide marks a request as answered: only one that waits, and by who may.
func (s *Sharing) decide(ctx context.Context, tx *db.Tx, in access.Manager, r RequestID, to State, reason string) (Decided, error) {
	req, m, err := s.findRequest(ctx, tx, in, r)
	if err != nil {
		return Decided{}, err
	}
	if !req.Open(tx.Now()) {
		return Decided{}, noRequest(nil)
	}
	if err := mayDecide(in.Membership().Rights(), in.Actor().User, req, m.Rights); err != nil {
		return Decided{}, err
	}
	req.State, req.Reason = to, reason
	if ok, err := decideRequest(ctx, tx, in.Account(), req, in.Actor()); err != nil || !ok {
		return Decided{}, noRequest(err)
	}
	return Decided{req, m}, nil
}

// admit makes who asked for access a member. An account that takes only the invited,
// proved address takes nobody whose address is not proved. Of who is let in by
// somebody else the owner is told.
func (s *Sharing) admit(ctx context.Context, tx *db.Tx, in access.Manager, d *Decided, set access.Set) error {
	if err := enabled(ctx, tx, d.By.ID); err != nil {
		return err
	}
	rules, err := access.FindRules(ctx, tx, in.Account())
	if err == nil && rules.On(access.InvitedRule) && d.By.Verified.IsZero() {
		err = fault.Conflictf("%s has not confirmed their email address yet, and this account takes only people who have.", d.By.Name()).WithCode("request.unproved")
	}
	if err != nil {
		return err
	}
	if err := access.AddMember(ctx, tx, in.Account(), d.By.ID, set, ""); err != nil {
		return err
	}
	d.Member = d.member()
	d.Member.Set = set.Normal()
	entry := audit.Entry{Action: "request.approved", Subject: d.By.Email, After: map[string]any{"permissions": d.Member.Set.Slugs()}}
	if err := audit.Write(ctx, tx, in.Act(), entry); err != nil {
		return err
	}
	if in.Membership().Rights().Owner {
		return nil
	}
	owner, err := access.FindOwner(ctx, tx, in.Account())
	if err != nil {
		return err
	}
	return s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.letIn(owner, *d, in.Actor()) })
}

// extend gives a member more than they had, and says what that was.
func (s *Sharing) extend(ctx context.Context, tx *db.Tx, in access.Manager, d *Decided, set access.Set, version int64) (before access.Set, err error) {
	if d.Member, before, err = s.give(ctx, tx, in, d.By.ID, set, version); err != nil {
		return before, err
	}
	if d.Member.Set.Without(before) == 0 {
		return before, fault.FieldErr("perm", "request.nothing", "This gives nothing new. Tick what you want to give, or decline the request.")
	}
	return before, nil
}

// Refuse says no to a request, with a reason or without, and mails who asked. It is
// Conflict with the code request.gone when the request no longer waits.
func (s *Sharing) Refuse(ctx context.Context, in access.Manager, r RequestID, reason string) (Decided, error) {
	var wrong fault.Fields
	reason = readNote(&wrong, "reason", reason)
	if err := wrong.Err(); err != nil {
		return Decided{}, err
	}
	var d Decided
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if d, err = s.decide(ctx, tx, in, r, Declined, reason); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "request.declined", Subject: d.By.Email}); err != nil {
			return err
		}
		return s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.refused(d, in.Actor()) })
	})
	return d, err
}
