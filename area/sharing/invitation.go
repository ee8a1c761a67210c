package sharing

import (
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/fault"
)

// Life is how long an invitation's link works from its issue: at exactly this
// age it is dead.
const Life = 168 * time.Hour

// MostMessage is how long the message may be, in characters.
const MostMessage = 500

// State is what has become of an invitation.
type State string

// The states that are stored. Expired is not one of them: see Invitation.Dead.
const (
	Pending   State = "pending"
	Accepted  State = "accepted"
	Declined  State = "declined"
	Cancelled State = "cancelled"
)

// An Invitation is an email address and permissions, waiting for somebody.
type Invitation struct {
	ID           access.InvitationID
	Email        access.Email
	Set          access.Set
	Message      string
	State        State
	InvitedBy    id.User // zero: staff
	InviterName  string
	InviterEmail string
	Created      time.Time
	Issued       time.Time // of the newest link
	Decided      time.Time
	AcceptedBy   id.User
	Version      int64
	form         string // key of the form that made it
	Void         bool   // pending, but its sender may no longer give what it contains
}

// Expires is when the newest link stops working.
func (i Invitation) Expires() time.Time { return i.Issued.Add(Life) }

// Expired tells whether a pending invitation's link is too old.
func (i Invitation) Expired(now time.Time) bool {
	return i.State == Pending && !now.Before(i.Expires())
}

// Death is why a genuine link no longer works.
type Death string

// Why.
const (
	Alive       Death = ""
	WasUsed     Death = "used"
	WasDeclined Death = "declined"
	Withdrawn   Death = "withdrawn"
	IsExpired   Death = "expired"
	IsReplaced  Death = "replaced"
)

// Death tells why the link no longer works, or Alive. The newest reason counts:
// of a replaced link of an accepted invitation one wants to know the latter.
func (i Invitation) Death(link access.Invited, now time.Time) Death {
	switch {
	case i.State == Accepted:
		return WasUsed
	case i.State == Declined:
		return WasDeclined
	case i.State == Cancelled:
		return Withdrawn
	case !link.Replaced().IsZero():
		return IsReplaced
	case i.Expired(now):
		return IsExpired
	}
	return Alive
}

// A Draft is what the form of Invite New User says.
type Draft struct {
	Email   string
	All     bool     // All Permissions
	Perms   []string // slugs; used when All is not set
	Message string
	Key     string // of the form, so that sending it twice invites once
}

// invited is a Draft that was checked.
type invited struct {
	email   access.Email
	set     access.Set
	message string
}

// check reads the draft, one sentence a field, and refuses what the inviter can't
// give.
func (d Draft) check(by access.Manager, offer access.Offer) (invited, error) {
	var wrong fault.Fields
	email, ok := access.ParseEmail(d.Email)
	switch {
	case strings.TrimSpace(d.Email) == "":
		wrong.AddCode("email", "invite.empty", "Enter the email address of the person you want to invite.")
	case !ok:
		wrong.AddCode("email", "invite.malformed", "Enter an address like name@example.com.")
	case isSelf(by, email):
		wrong.AddCode("email", "invite.self", "This is your own address. You already have access.")
	}
	set := readSet(&wrong, by, choice{offer, d.All, d.Perms}, "Tick at least one permission, or choose All Permissions.")
	message := strings.TrimSpace(d.Message)
	if len([]rune(message)) > MostMessage {
		wrong.AddCode("message", "invite.message", "Shorten the message to %d characters.", MostMessage)
	}
	return invited{email, set, message}, wrong.Err()
}

func isSelf(by access.Manager, e access.Email) bool {
	own, ok := access.ParseEmail(by.Actor().Email)
	return ok && own.Key == e.Key && by.Actor().Kind == access.ByUser
}

// A choice is what a form says about permissions.
type choice struct {
	offer access.Offer
	all   bool     // All Permissions
	slugs []string // used when all is not set
}

// kept adds to what was chosen what somebody has that the host hides: the form
// could not show it.
func kept(o access.Offer, set, before access.Set) access.Set {
	return (set | before.Without(o.Set())).Normal()
}

// readSet reads the permissions of a form. They are made whole (who may manage
// may view) before they are compared with what the giver holds. A permission
// that the host hides is like one that does not exist.
func readSet(wrong *fault.Fields, by access.Manager, c choice, none string) access.Set {
	held := by.Membership().Rights()
	set, ok := held.Permissions()&c.offer.Set(), true
	if !c.all {
		set, ok = access.ParseSet(c.slugs)
		set = set.Normal()
	}
	switch {
	case !ok || !c.offer.Set().Holds(set):
		wrong.AddCode("perm", "perm.unknown", "One of these permissions does not exist. Reload the page.")
	case set == 0:
		wrong.AddCode("perm", "perm.none", none)
	case !canGive(held, set):
		wrong.AddCode("perm", "perm.more", "You can only give permissions that you have yourself.")
	}
	return set
}

// canGive tells whether someone with these rights may give the set: the owner
// any, a managing member what they hold, everybody else nothing.
func canGive(r access.Rights, set access.Set) bool {
	return r.Manages() && r.Permissions().Holds(set)
}
