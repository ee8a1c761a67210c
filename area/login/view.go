package login

import (
	"slices"
	"time"

	"atrium/base/access"
	"atrium/ui"
)

type loginView struct {
	Email    string
	Remember bool
	Days     int // how long a browser is remembered that is not used
	Next     string
	Register bool // new here can register
	Passkeys bool // browsers offer them here
	Err      error
}

// passkeyLogInView is logging in with a passkey alone.
type passkeyLogInView struct {
	Form     ui.PasskeyForm
	Remember bool
	Days     int // as in loginView
	Next     string
	Err      error
}

// passkeyStepView asks for a passkey after the password.
type passkeyStepView struct {
	Form  ui.PasskeyForm
	Email string
	App   bool // a code of an app would do too
	Err   error
}

type newPasskeyView struct {
	Form ui.PasskeyForm
	Name string
	Err  error
}

type forgotView struct {
	Email, Next string
	Err         error
}

type resetView struct {
	Of     Resetting
	Typed  Renewal
	Action string
	Err    error
}

// dropped tells whether a passkey was ticked to be removed.
func (v resetView) dropped(k access.Passkey) bool { return slices.Contains(v.Typed.Drop, k.ID) }

// foreignView is a link to confirm an address, opened by who is not logged in with
// that login.
type foreignView struct {
	Claim Claim
	Self  string       // where the link leads
	Next  string       // and where it leads on
	As    *access.User // whom the browser is logged in as; nil: nobody
}

// deadView is a link that does not work, and what helps.
type deadView struct{ Text, Href, Link string }

// profileView is Your Profile: two forms.
type profileView struct {
	User    access.User
	Profile Profile
	Email   string      // typed as the new address
	Both    bool        // chosen: accounts change with it
	Awaited access.Link // a change of address that waits; zero: none

	ProofErr, ProfileErr, EmailErr error
}

func (v profileView) failed() error {
	for _, err := range []error{v.ProofErr, v.ProfileErr, v.EmailErr} {
		if err != nil {
			return err
		}
	}
	return nil
}

// securityView is Password & two-step login.
type securityView struct {
	User     access.User
	State    TwoStepState
	Passkeys bool   // browsers offer them here
	Next     string // where setting two-step login up leads back to; "/": nowhere

	ReplaceErr  error
	PasswordErr error
}

// comes tells whether whoever looks at it comes from an account that asks for
// two-step login.
func (v securityView) comes() bool { return v.Next != "/" }

// usesPasskeys tells whether passkeys are, or could be, a second step here.
func (v securityView) usesPasskeys() bool { return v.Passkeys && len(v.State.Passkeys) > 0 }

// proveView asks somebody who is logged in to prove who they are.
type proveView struct {
	Email string
	Form  ui.PasskeyForm // without options: they have no passkey
	Next  string         // where that leads
	Err   error
}

// scanView is the page of a key that waits for its first code.
type scanView struct {
	Title    string
	Form     ui.KeyForm
	Back     string
	Replaces bool // the app there is
}

// turnOffView asks for the second step before two-step login is turned off.
type turnOffView struct {
	Form  ui.PasskeyForm // without options: they have no passkey
	App   bool
	Own   []access.AccountInfo // accounts of theirs that ask for it, so that they can't
	Shuts []access.AccountInfo // accounts of others that are then shut to them
	Err   error
}

// codesView is new recovery codes.
type codesView struct {
	Title, Email string
	Codes        []string
	Anew         bool   // in place of earlier ones
	Others       int    // sessions in other browsers
	Next         string // where one came from; "/": nowhere
}

// ended says what the codes are in place of.
func (v codesView) ended(p ui.Printer) string {
	if v.Anew {
		return p.T("Recovery codes that you had before no longer work.")
	}
	return ""
}

// after is where the page leads once the codes are kept.
func (v codesView) after() string {
	if v.Next == "/" {
		return "/me/security"
	}
	return v.Next
}

type sessionsView struct {
	All  []access.Session
	Here access.SessionID
}

func (v sessionsView) browser(f ui.Frame, s access.Session) ui.LoggedIn {
	b := ui.LoggedIn{P: f.P, Now: f.Now, Agent: s.Agent, IP: s.IP, Since: s.Created, Seen: s.Seen, Here: s.ID == v.Here, Out: sessionPath(s.ID)}
	if b.Here {
		b.Out = "/logout"
	}
	return b
}

// usersView is staff's list of users.
type usersView struct {
	Query   string
	Users   []access.UserLine
	After   string // the next page; "" = none
	Manages bool   // who looks may change them
}

// userPageView is a user's page for staff.
type userPageView struct {
	UserView
	Form    Naming
	Manages bool
	Offer   access.Offer
	Err     error
}

type createView struct {
	Naming
	Send bool // a link to set a password
	Err  error
}

// askView asks before something is done to a user.
type askView struct {
	ui.Confirmation
	Reason   bool // why is asked for
	Optional bool // but need not be said
	Typed    string
	Err      error
}

// owns tells how many accounts the user owns.
func (v UserView) owns() int {
	n := 0
	for _, a := range v.Accounts {
		if a.Owner {
			n++
		}
	}
	return n
}

// lastSeen is when one of the user's browsers was last used; zero: none is logged
// in.
func (v UserView) lastSeen() time.Time {
	if len(v.Sessions) == 0 {
		return time.Time{}
	}
	return v.Sessions[0].Seen
}

// zones lists the time zones, and the one that the person has if that goes by an
// older name.
func zones(current string) []ui.Option {
	all := ui.Zones()
	if current != "" && !ui.KnownZone(current) {
		all = slices.Insert(all, 0, ui.Option{Value: current, Label: current})
	}
	return all
}

func countries(p ui.Printer) []ui.Option {
	return append([]ui.Option{{Value: "", Label: p.T("Choose a country")}}, p.Countries()...)
}

func passkeyPath(k access.Passkey) string { return "/me/passkeys/" + k.ID.String() }

func sessionPath(s access.SessionID) string { return "/me/sessions/" + s.String() + "/logout" }
