package sharing

import (
	"context"
	"slices"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

type handoverKind struct{}

// HandoverID is the id of an offer within its account.
type HandoverID = id.ID[handoverKind]

// An Offer is an owner's, to hand the account over to a member.
type Offer struct {
	ID      HandoverID
	From    id.User
	To      id.User
	State   State
	Offered time.Time
}

// Expires is when the offer's link stops working: after as long as an invitation's.
func (o Offer) Expires() time.Time { return o.Offered.Add(Life) }

// The codes of what is in the way of an offer.
const (
	offerGone    = "offer.gone"
	offerPending = "offer.pending"
)

func offering() access.Limit {
	return access.Limit{Name: "handover", Most: 5, Per: 24 * time.Hour, Public: "This account was offered often today. Try again in %d minutes."}
}

// Others lists who could own the account instead, by name.
func (s *Sharing) Others(ctx context.Context, in access.Owner) ([]access.MemberInfo, error) {
	all, err := access.Members(ctx, s.DB.Auto(), in.Account())
	access.SortMembers(all)
	return slices.DeleteFunc(all, func(m access.MemberInfo) bool { return m.Owner }), err
}

// Offer finds the offer that waits for an answer, NotFound if none does.
func (s *Sharing) Offer(ctx context.Context, in access.Owner) (Offer, error) {
	return findOffer(ctx, s.DB.Auto(), in.Account(), s.DB.Clock().Now().Add(-Life))
}

// OfferOwnership offers the account to a member and mails them a link, which
// works once and for seven days. Where only staff hand accounts over it is Denied.
// While another offer waits it is Conflict with the code offer.pending; five a
// day, beyond that TooMany.
func (s *Sharing) OfferOwnership(ctx context.Context, in access.Owner, to id.User) (access.MemberInfo, error) {
	if err := hostTransfers(s.Settings.Current(ctx, s.DB.Auto())); err != nil {
		return access.MemberInfo{}, err
	}
	var m access.MemberInfo
	err := s.DB.Write(ctx, in, func(tx *db.Tx) (err error) {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if m, err = access.FindMember(ctx, tx, in.Account(), to); fault.Is(err, fault.NotFound) || err == nil && m.Owner {
			return fault.FieldErr("user", "offer.nobody", "Choose who is to own the account.")
		}
		if err != nil {
			return err
		}
		if _, err := findOffer(ctx, tx, in.Account(), tx.Now().Add(-Life)); !fault.Is(err, fault.NotFound) {
			return offered(err)
		}
		if err := offering().CountIn(ctx, tx, in.Account().String()); err != nil {
			return err
		}
		return s.offer(ctx, tx, in.Act(), m)
	})
	return m, err
}

// hostTransfers refuses owners where only staff hand accounts over.
func hostTransfers(set *settings.Snapshot) error {
	if set.Users.OwnersTransfer() {
		return nil
	}
	return fault.Deniedf("At %s only support hands an account over to somebody else. Contact support.", set.Company.Name).WithCode("offer.host")
}

func offered(err error) error {
	if err != nil {
		return err
	}
	return fault.Conflictf("The account is offered to somebody already. Cancel that first.").WithCode(offerPending)
}

func (s *Sharing) offer(ctx context.Context, tx *db.Tx, by access.Act, m access.MemberInfo) error {
	if err := s.dropOffers(ctx, tx, by.Account()); err != nil { // expired ones
		return err
	}
	t := access.NewToken()
	o := Offer{ID: db.NewID[handoverKind](tx), From: by.Actor().User, To: m.User, State: Pending, Offered: tx.Now()}
	if err := insertOffer(ctx, tx, by.Account(), o, t); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, by, audit.Entry{Action: "owner.offered", Subject: m.Email}); err != nil {
		return err
	}
	shut, err := shuts(ctx, tx, by.Account(), []access.MemberInfo{m})
	if err != nil {
		return err
	}
	return s.mail(ctx, tx, by, func(a place) mail.Letter { return a.offered(m, o, by.Actor(), shut, a.link("/handover/"+t.Reveal())) })
}

// dropOffers ends every offer that waits, and its link.
func (s *Sharing) dropOffers(ctx context.Context, tx *db.Tx, account id.Account) error {
	ended, err := cancelOffers(ctx, tx, account)
	if err != nil {
		return err
	}
	return s.voidOffers(ctx, tx, account, ended)
}

// dropOffersTo ends the offer to somebody who has gone: should they be let in again,
// it was not for who they are then.
func (s *Sharing) dropOffersTo(ctx context.Context, tx *db.Tx, account id.Account, to id.User) error {
	ended, err := cancelOffersTo(ctx, tx, account, to)
	if err != nil {
		return err
	}
	return s.voidOffers(ctx, tx, account, ended)
}

func (s *Sharing) voidOffers(ctx context.Context, tx *db.Tx, account id.Account, ended []HandoverID) error {
	for _, o := range ended {
		if err := s.Mail.Void(ctx, tx, account, offerRef(o)); err != nil {
			return err
		}
	}
	return nil
}

func offerRef(o HandoverID) string { return "handover:" + o.String() }

// CancelOffer ends the offer that waits, whose link dies at once. When it was
// answered meanwhile it is Conflict with the code offer.gone.
func (s *Sharing) CancelOffer(ctx context.Context, in access.Owner) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		o, err := findOffer(ctx, tx, in.Account(), tx.Now().Add(-Life))
		if fault.Is(err, fault.NotFound) {
			return noOffer(nil)
		}
		if err != nil {
			return err
		}
		if err := s.dropOffers(ctx, tx, in.Account()); err != nil {
			return err
		}
		to, err := access.FindUser(ctx, tx, o.To)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "owner.offer-cancelled", Subject: to.Email})
	})
}

func noOffer(err error) error {
	if err != nil {
		return err
	}
	return fault.Conflictf("This offer no longer stands: it was answered, cancelled or is more than seven days old.").WithCode(offerGone)
}

// OfferTo finds the offer to this member that the link is of. A link that is not
// theirs is NotFound; one that no longer works is Conflict with the code
// offer.gone.
func (s *Sharing) OfferTo(ctx context.Context, in access.Member, t access.Token) (Offer, error) {
	return s.offerTo(ctx, s.DB.Auto(), in, t, s.DB.Clock().Now())
}

func (s *Sharing) offerTo(ctx context.Context, q db.Querier, in access.Member, t access.Token, now time.Time) (Offer, error) {
	o, err := findOfferTo(ctx, q, in.Account(), in.Actor().User, t)
	if fault.Is(err, fault.NotFound) || err == nil && in.Membership().Rights().Visiting {
		return o, fault.NotFoundf("This link is not complete. Open it from the email again.")
	}
	if err == nil && (o.State != Pending || !now.Before(o.Expires())) {
		err = noOffer(nil)
	}
	return o, err
}

// TakeOwnership accepts an offer: the member owns the account, its former owner
// keeps all permissions, the invitations that they have sent are the new owner's,
// and both are mailed. It is Conflict when the offer no longer stands, the account
// is closed or has another owner by now.
func (s *Sharing) TakeOwnership(ctx context.Context, in access.Member, t access.Token) error {
	o, err := s.OfferTo(ctx, in, t)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if ok, err := decideOffer(ctx, tx, in.Account(), o, Accepted); err != nil || !ok {
			return noOffer(err)
		}
		if err := s.Mail.Void(ctx, tx, in.Account(), offerRef(o.ID)); err != nil {
			return err
		}
		if in.Membership().Status() == access.Closed {
			return fault.Conflictf("This account is closed. You can read it, but nothing in it can be changed.").WithCode("closed")
		}
		_, err := s.handOver(ctx, tx, in.Act(), o.To, Handover{From: o.From})
		return err
	}, db.LockUser(o.To), db.LockUser(o.From))
}

// DeclineOwnership turns an offer down and tells the owner.
func (s *Sharing) DeclineOwnership(ctx context.Context, in access.Member, t access.Token) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		o, err := s.offerTo(ctx, tx, in, t, tx.Now())
		if err != nil {
			return err
		}
		if ok, err := decideOffer(ctx, tx, in.Account(), o, Declined); err != nil || !ok {
			return noOffer(err)
		}
		if err := s.Mail.Void(ctx, tx, in.Account(), offerRef(o.ID)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "owner.offer-declined", Subject: in.Actor().Email}); err != nil {
			return err
		}
		owner, err := access.FindOwner(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		return s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.offerDeclined(owner, in.Actor()) })
	})
}
