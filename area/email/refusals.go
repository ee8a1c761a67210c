package email

import (
	"context"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/fault"
)

// mostReason is how long a reason may be, in characters.
const mostReason = 500

// A RefusalPage is one page of the addresses that refused mail.
type RefusalPage struct {
	Refusals []mail.Refusal
	Next     string // the key after which the next page begins; "": there are no more
}

// Refusals gives the addresses that refused mail, in their order, after a key:
// all of them, or those whose address or domain begins with a text.
func (p *Posts) Refusals(ctx context.Context, _ access.Staff[access.SeeAccounts], text, after string) (RefusalPage, error) {
	all, err := mail.Refusals(ctx, p.db.Across(), text, after, pageSize+1)
	if err != nil || len(all) <= pageSize {
		return RefusalPage{Refusals: all}, err
	}
	return RefusalPage{Refusals: all[:pageSize], Next: all[pageSize-1].Key}, nil
}

// Refusal finds an address that refused mail. It is NotFound if it has not, or
// if mails go to it again.
func (p *Posts) Refusal(ctx context.Context, _ access.Staff[access.SeeAccounts], email string) (mail.Refusal, error) {
	return mail.Refused(ctx, p.db.Auto(), email)
}

// Lift lets mails go to an address again that had refused some. It takes a
// reason, which is kept with it in the activity.
func (p *Posts) Lift(ctx context.Context, in access.Staff[access.RunJobs], key, reason string) error {
	reason = strings.TrimSpace(reason)
	switch n := len([]rune(reason)); {
	case n == 0:
		return fault.FieldErr("reason", "", "Say why, for those who look into this later.")
	case n > mostReason:
		return fault.FieldErr("reason", "", "Shorten the reason to %d characters.", mostReason)
	}
	return p.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		r, err := mail.Lift(ctx, tx, key)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "mail.lifted", Subject: r.Email,
			Before: map[string]string{"answer": r.Answer}, After: map[string]string{"reason": reason}})
	})
}

// lately is how long an address that refused mail is in Overview.
const lately = 7 * 24 * time.Hour
