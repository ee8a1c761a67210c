package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// StaffOn proves that this actor is staff, may R, and acts on this account,
// which exists. What is done with it is in the account's activity.
type StaffOn[R StaffPermission] struct {
	_      [0]R
	act    Act
	person StaffPerson
	card   Card
}

// Account is the account acted on. A zero proof panics.
func (s StaffOn[R]) Account() id.Account {
	if s.act.account == 0 || s.person.ID == 0 {
		panic("access: a proof that no door has made")
	}
	return s.act.account
}

// Act is account and actor.
func (s StaffOn[R]) Act() Act { s.Account(); return s.act }

// Actor is who acts.
func (s StaffOn[R]) Actor() Actor { s.Account(); return s.act.actor }

// Person is who it is.
func (s StaffOn[R]) Person() StaffPerson { s.Account(); return s.person }

// Card is what the door read about the account.
func (s StaffOn[R]) Card() Card { s.Account(); return s.card }

// Still is nil while the person may still R, and Denied otherwise. Ask it inside
// the transaction: who has lost the right meanwhile changes nothing any more.
func (s StaffOn[R]) Still(ctx context.Context, tx *db.Tx) error {
	s.Account()
	return stillStaff(ctx, tx, s.person.ID, StaffNameOf[R]())
}

// Still is nil while the person may still R, and Denied otherwise. Whose session has
// been ended since the door let them in gets NotFound.
func (s Staff[R]) Still(ctx context.Context, tx *db.Tx) error {
	if err := stillStaff(ctx, tx, s.Person().ID, StaffNameOf[R]()); err != nil || s.seat == "" {
		return err
	}
	n, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM staff_sessions WHERE token_hash = $1`, s.seat)
	if err == nil && n == 0 {
		err = loggedOut()
	}
	return err
}

func stillStaff(ctx context.Context, tx *db.Tx, p StaffID, n StaffName) error {
	now, err := db.One(ctx, tx, scanStaff, `SELECT `+staffColumns+` FROM staff p WHERE p.id = $1`, p)
	if fault.Is(err, fault.NotFound) || err == nil && (!now.Disabled.IsZero() || !now.Role.Holds(n)) {
		return fault.Deniedf("Your staff role does not include this.").WithCode(StaffDeniedPrefix + n.Slug())
	}
	return err
}

// EnterStaffOn is the gate to one account: Denied without R, NotFound when there
// is no such account.
func EnterStaffOn[R StaffPermission](s StaffSession, account id.Account, c Card, ip, agent string) (StaffOn[R], error) {
	in, err := EnterStaff[R](s, ip, agent)
	if err != nil {
		return StaffOn[R]{}, err
	}
	if account == 0 || c.account != account {
		return StaffOn[R]{}, fault.NotFoundf("There is no such account.")
	}
	return StaffOn[R]{act: Act{account, in.actor}, person: in.person, card: c}, nil
}

// Elsewhere is the proof without its account.
func (s StaffOn[R]) Elsewhere() Staff[R] { return Staff[R]{person: s.Person(), actor: s.act.actor} }

// Seeing is the proof of seeing accounts, which every role that may R includes.
func Seeing[R StaffPermission](in Staff[R]) Staff[SeeAccounts] {
	if p := in.Person(); !p.Role.Holds(NameSeeAccounts) {
		panic("access: a role that may change what it can't see")
	}
	return Staff[SeeAccounts]{person: in.person, actor: in.actor}
}

// ToSee is Seeing of one account.
func ToSee[R StaffPermission](in StaffOn[R]) StaffOn[SeeAccounts] {
	return StaffOn[SeeAccounts]{act: in.Act(), person: Seeing(in.Elsewhere()).person, card: in.card}
}

// AsManager lets staff who manage users act as the account's managers do: they
// give any permission, also in a closed account, and touch everybody but the
// owner.
func AsManager(in StaffOn[ManageUsers]) Manager { return Manager{in.scope(NameManageUsers)} }

// AsStaff lets staff act where members need P. Only faces of the staff area
// call it, with the staff permission that is fit for it.
func AsStaff[P Permission, R StaffPermission](in StaffOn[R]) To[P] {
	return To[P]{scope: in.scope(StaffNameOf[R]())}
}

// scope is that of an owner, whose rights are the staff member's own.
func (s StaffOn[R]) scope(by StaffName) scope {
	m := Membership{account: s.Account(), name: s.card.Name, status: s.card.Status, actor: s.act.actor, rights: Rights{Owner: true}}
	return scope{act: s.act, member: m, staff: by}
}

type staffOnAccount struct {
	StaffSession
	card Card
}

func scanStaffOnAccount(r db.Row) (staffOnAccount, error) {
	var s staffOnAccount
	c := &s.card
	err := r.Scan(append(s.StaffSession.targets(), &c.account, &c.Name, &c.Language, &c.TimeZone, &c.Status)...)
	return s, err
}

// FindStaffOn finds the living staff session of a token and an account's card,
// in one query. Without a session it is NotFound; the card of an account that
// does not exist is zero.
func FindStaffOn(ctx context.Context, d *db.DB, l Lives, t Token, account id.Account) (StaffSession, Card, error) {
	s, err := db.One(ctx, d.Auto(), scanStaffOnAccount, `SELECT `+staffSessionColumns+`,
		COALESCE(a.account_id, 0), COALESCE(a.name, ''), COALESCE(a.language, ''), COALESCE(a.time_zone, ''), COALESCE(a.status, '')
		FROM staff_sessions s JOIN staff p ON p.id = s.staff_id LEFT JOIN accounts a ON a.account_id = $2
		WHERE s.token_hash = $1`, t.Hash(), account)
	if err != nil {
		return StaffSession{}, Card{}, err
	}
	return s.StaffSession, s.card, s.alive(l, d.Clock().Now())
}
