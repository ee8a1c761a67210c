package access

import (
	"net/netip"

	"atrium/base/id"
)

// ActorKind says what sort of someone acts.
type ActorKind string

// The kinds. They are stored in the audit.
const (
	Anonymous ActorKind = "anonymous"
	ByUser    ActorKind = "user"
	ByStaff   ActorKind = "staff"
	BySystem  ActorKind = "system"
)

// An Actor is who does something, and from where. It travels in every proof, so
// the audit can show it.
type Actor struct {
	Kind  ActorKind
	User  id.User
	Staff StaffID
	Name  string // first and last name
	Email string
	IP    string
	Agent string // the browser's User-Agent, shortened
	// Browser is the secret that the browser is known by to those who have logged in
	// with it: see Meet. The zero Token is no browser.
	Browser Token
	// Behalf is the name of the owner as whom staff are logged in; User is then
	// that owner. "" otherwise.
	Behalf string
	proof  string // of the password that Authenticate found right
	// stepped tells that a code was right too, at two-step login.
	stepped bool
}

// Network is what limits count by: the address, and of IPv6 the /64, which is
// what one household or machine is given.
func (a Actor) Network() string { return Network(a.IP) }

// Network is Actor.Network of an address. What is no address stays as it is.
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Unmap().Is4() {
		return ip
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}

// An Act is an account and an actor: what a write in one account needs to know.
// Its account is zero for what concerns no account.
type Act struct {
	account id.Account
	actor   Actor
}

// Account is the account acted on, or zero.
func (a Act) Account() id.Account { return a.account }

// Actor is who acts.
func (a Act) Actor() Actor { return a.actor }

// Elsewhere is an act of the actor on no account: registering, resetting a
// password, one's own profile.
func Elsewhere(a Actor) Act { return Act{actor: a} }
