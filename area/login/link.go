package login

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// LinkLife is how long links to set a password and to prove an address work.
const LinkLife = 60 * time.Minute

// deadLink is the fault code of a link that does not, or no longer, work.
const deadLink = "link"

func dead() error {
	return fault.NotFoundf("This link has expired or was already used.").WithCode(deadLink)
}

// find finds what a living link is about. It changes nothing: mail scanners
// open links.
func (l *Login) find(ctx context.Context, kind access.LinkKind, t access.Token) (access.Link, access.User, error) {
	link, err := access.FindLink(ctx, l.db, kind, t)
	if fault.Is(err, fault.NotFound) {
		return link, access.User{}, dead()
	}
	if err != nil {
		return link, access.User{}, err
	}
	u, err := access.FindUser(ctx, l.db.Auto(), link.User)
	if err == nil && !u.Disabled.IsZero() {
		err = dead()
	}
	return link, u, err
}

// link makes a link of a kind; the one before dies, and so does its mail.
func (l *Login) link(ctx context.Context, tx *db.Tx, u id.User, kind access.LinkKind, email string) (access.Token, error) {
	if err := l.mail.Void(ctx, tx, 0, ref(kind, u)); err != nil {
		return access.Token{}, err
	}
	return access.NewLink(ctx, tx, u, kind, email, LinkLife)
}

// kill ends the user's links of these kinds, and the mails that they wait in.
func (l *Login) kill(ctx context.Context, tx *db.Tx, u id.User, kinds ...access.LinkKind) error {
	for _, kind := range kinds {
		if err := access.DropLinks(ctx, tx, u, kind); err != nil {
			return err
		}
		if err := l.mail.Void(ctx, tx, 0, ref(kind, u)); err != nil {
			return err
		}
	}
	return nil
}

// ref is what the mail of a link belongs to.
func ref(kind access.LinkKind, u id.User) string { return string(kind) + ":" + u.String() }
