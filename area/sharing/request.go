package sharing

import (
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/fault"
)

type requestKind struct{}

// RequestID is the id of a request within its account.
type RequestID = id.ID[requestKind]

// RequestLife is how long a request waits for an answer.
const RequestLife = 30 * 24 * time.Hour

// MostNote is how long a note or a reason beside a request may be, in characters.
const MostNote = 300

// The states of a request that invitations don't have: somebody gave what was asked
// for, or it came to an end without an answer of its own.
const (
	Approved State = "approved"
	Ended    State = "ended"
)

// forAccess is what who is no member asks for, where members ask for a permission.
const forAccess = ""

// The codes of what is in the way of a request.
const (
	requestGone = "request.gone"
	requestOpen = "request.open"
	requestHeld = "request.held"
)

// A Request is somebody's: a member's for a permission, or for access to the
// account of who is no member.
type Request struct {
	ID      RequestID
	By      access.User   // as they are now
	Asker   access.Rights // theirs in the account; none if they are no member
	For     string        // the permission's slug; "": access
	Sought  string        // what who is no member called the account
	Note    string
	State   State
	Asked   time.Time
	Decided time.Time
	Decider string // the name of who decided; "": nobody
	Reason  string // of declining
}

// Open tells whether the request still waits for an answer.
func (r Request) Open(now time.Time) bool {
	return r.State == Pending && now.Before(r.Asked.Add(RequestLife))
}

// Permission is the one asked for; false: access as such.
func (r Request) Permission() (access.Name, bool) { return access.NameFrom(r.For) }

// Set is what was asked for, with what it needs.
func (r Request) Set() access.Set {
	if n, ok := r.Permission(); ok {
		return access.SetOf(n).Normal()
	}
	return 0
}

// member is who asks as letters know members.
func (r Request) member() access.MemberInfo {
	return access.MemberInfo{User: r.By.ID, FirstName: r.By.FirstName, LastName: r.By.LastName, Email: r.By.Email, Language: r.By.Language, TimeZone: r.By.TimeZone}
}

// mayDecide is nil if somebody with these rights may answer the request of a member,
// or of who has no rights yet: neither their own, nor one for more than they hold,
// nor of a member who holds more.
func mayDecide(by access.Rights, me id.User, r Request, asker access.Rights) error {
	switch {
	case r.By.ID == me:
		return fault.Deniedf("You can't change your own access.").WithCode("member.self")
	case !canGive(by, r.Set()|asker.Set) || asker.Managing && !by.Owner:
		return fault.Deniedf("This asks for more than you hold, or comes from somebody who may do more. Only the owner can decide.").WithCode("request.more")
	}
	return nil
}

// readNote reads what was typed beside a request, at the field of this name.
func readNote(wrong *fault.Fields, field, typed string) string {
	typed = strings.TrimSpace(typed)
	if len([]rune(typed)) > MostNote {
		wrong.AddCode(field, "request.note", "Shorten the text to %d characters.", MostNote)
	}
	return typed
}

func noRequest(err error) error {
	if err != nil {
		return err
	}
	return fault.Conflictf("This request no longer waits: it was decided, has been settled otherwise, or is more than 30 days old.").WithCode(requestGone)
}
