package mail

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// ID is the id of a mail.
type ID = id.ID[email]

// State is how far a mail has come.
type State string

// The states.
const (
	Queued    State = "queued"    // waits to be sent, or to be tried again
	Sent      State = "sent"      // the mail server has it
	Failed    State = "failed"    // given up; Answer says why
	Cancelled State = "cancelled" // its link died before it was sent, or its address refuses mail
)

// Why is why a mail was cancelled.
type Why string

// A Message is a mail in the history.
type Message struct {
	Account  id.Account
	ID       ID
	User     id.User
	To       Address
	Kind     string
	Topic    Topic
	Language string
	Subject  string
	Text     string // the bodies, where one mail is asked for
	HTML     string
	Delivery
}

// A Delivery is what became of a mail so far.
type Delivery struct {
	State    State
	Attempts int64     // how often it was tried
	Answer   string    // what the mail server, or the way there, said last
	Created  time.Time // when it was written
	Ended    time.Time // when it was sent, given up or cancelled
	Why      Why       // why it was cancelled; "": its link died, or Refused
	Refused  time.Time // when its address had refused mail, so that it was cancelled; Answer has the words
}

// ForMembers is the delivery with the server's words alone, as members see it.
func (d Delivery) ForMembers() Delivery {
	d.Answer = SaidByServer(d.Answer)
	return d
}

// List is an account's history without the bodies: latest first, those before a
// given one; 0 starts at the end.
func List(ctx context.Context, q db.Querier, account id.Account, before ID, limit int) ([]Message, error) {
	return listEmails(ctx, q, account, before, limit)
}

// Find is one mail of an account with its bodies; where a one-time link was,
// they say "link removed". The HTML is a document of its own, to be shown in a
// sandbox.
func Find(ctx context.Context, q db.Querier, account id.Account, key ID) (Message, error) {
	e, err := findEmail(ctx, q, account, key)
	return conceal(e.Message), err
}

// States tells, for each ref of an account, what became of the latest mail
// about it. Refs no mail was written about are not in the map.
func States(ctx context.Context, q db.Querier, account id.Account, refs ...string) (map[string]Delivery, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	return listStates(ctx, q, account, refs)
}
