package access

import (
	"atrium/base/id"
	"atrium/fault"
)

// scope is the inside of every proof about an account. Only this package fills
// it: from a Membership that its own query read, or from a genuine link.
type scope struct {
	act    Act
	member Membership
	staff  StaffName // by which staff act here; zero for members
}

// Account is the account that the proof is about. A zero proof panics: it was
// made by hand, past the doors.
func (s scope) Account() id.Account {
	if s.act.account == 0 {
		panic("access: a proof that no door has made")
	}
	return s.act.account
}

// Act is the proof without what it proves: account and actor, for the audit and
// for areas below.
func (s scope) Act() Act { s.Account(); return s.act }

// Actor is who acts.
func (s scope) Actor() Actor { s.Account(); return s.act.actor }

// Membership is what the door read about the member.
func (s scope) Membership() Membership { s.Account(); return s.member }

// To proves that this actor may use permission P on this account.
type To[P Permission] struct {
	_ [0]P // keeps proofs of different permissions inconvertible
	scope
}

// Member proves that this actor is a member of this account, no more.
type Member struct{ scope }

// Manager proves that this actor may manage the account's users: its owner, or
// a member whom the owner lets.
type Manager struct{ scope }

// Owner proves that this actor owns the account.
type Owner struct{ scope }

// Leaving proves that this actor is a member of this account, whom its rules may
// keep out: good for giving the membership up.
type Leaving struct{ scope }

// Use says what the actor is about to do.
type Use bool

// A door behind GET sees; every other method changes.
const (
	See    Use = false
	Change Use = true
)

// NeedsTwoStep is the fault code when an account asks for two-step login and
// its member has none.
const NeedsTwoStep = "two-step.required"

// Enter is the one gate: the owner and holders of P pass, all others get Denied
// naming P. Whom the account's rules keep out gets Denied by every gate, with the
// code NeedsTwoStep. In a closed account nothing can be changed but paying and
// tickets.
func Enter[P Permission](m Membership, use Use) (To[P], error) {
	s, err := m.enter()
	if err != nil {
		return To[P]{}, err
	}
	n := NameOf[P]()
	if !m.rights.Holds(n) {
		return To[P]{}, denied(n)
	}
	if n != NameInvoices && n != NameTickets {
		if err := m.open(use); err != nil {
			return To[P]{}, err
		}
	}
	return To[P]{scope: s}, nil
}

// EnterMember passes every member. What a member does about their own membership
// is not held up by a closed account.
func EnterMember(m Membership, _ Use) (Member, error) {
	s, err := m.enter()
	return Member{s}, err
}

// EnterLeaving passes every member, also whom the account's rules keep out:
// nobody is held in an account that they can't open.
func EnterLeaving(m Membership, _ Use) (Leaving, error) { return Leaving{m.scope()}, nil }

// EnterManager passes the owner and members who may manage users.
func EnterManager(m Membership, use Use) (Manager, error) {
	s, err := m.enter()
	if err != nil {
		return Manager{}, err
	}
	if m.rights.Visiting {
		return Manager{}, errVisiting()
	}
	if !m.rights.Manages() {
		return Manager{}, fault.Deniedf("Only the owner of this account manages its users.").WithCode("managers")
	}
	if err := m.open(use); err != nil {
		return Manager{}, err
	}
	return Manager{s}, nil
}

// EnterOwner passes the owner.
func EnterOwner(m Membership, use Use) (Owner, error) {
	s, err := m.enter()
	if err != nil {
		return Owner{}, err
	}
	if m.rights.Visiting {
		return Owner{}, errVisiting()
	}
	if !m.rights.Owner {
		return Owner{}, fault.Deniedf("Only the owner of this account can do this.").WithCode("owner")
	}
	if err := m.open(use); err != nil {
		return Owner{}, err
	}
	return Owner{s}, nil
}

// errVisiting refuses what staff don't do in the owner's name.
func errVisiting() error {
	return fault.Deniedf("You are logged in as the owner of this account. Managing its users and its ownership is not done in the owner's name: use the Users tab of its record.").WithCode("visit")
}

// DeniedPrefix begins the fault code of a missing permission; its slug follows.
const DeniedPrefix = "permission."

func denied(n Name) error {
	return fault.Deniedf("Your access does not include this.").WithCode(DeniedPrefix + n.Slug())
}

// View gives the proof of viewing that a proof of managing includes.
func View[V, M Permission](in To[M]) To[V] {
	need, ok := NameOf[M]().Needs()
	if !ok || need != NameOf[V]() {
		panic("access: this permission does not include that view")
	}
	return To[V]{scope: in.scope}
}
