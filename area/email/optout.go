package email

import (
	"context"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/ui"
)

// Off tells whether the emails that a link is about are switched off.
func (e *Email) Off(ctx context.Context, s mail.Subscription) (bool, error) {
	return mail.OptedOut(ctx, e.db.Auto(), s.Account, s.Email, s.Topic)
}

// Switch switches the emails that a link is about off, or on again. It is in the
// account's activity; what changes nothing is not.
func (e *Email) Switch(ctx context.Context, s mail.Subscription, on bool) error {
	return e.db.Write(ctx, s.Act(), func(tx *db.Tx) error {
		if _, err := access.FindCard(ctx, tx, s.Account); err != nil {
			return err // the account was deleted
		}
		do, action := mail.OptOut, "mail.optout"
		if on {
			do, action = mail.OptIn, "mail.optin"
		}
		changed, err := do(ctx, tx, s)
		if err != nil || !changed {
			return err
		}
		return audit.Write(ctx, tx, s.Act(), audit.Entry{Action: action, Subject: s.Email, After: map[string]string{"topic": string(s.Topic)}})
	})
}

// subscription shows what the link is about. It changes nothing: programs that
// look for viruses open links, too.
func (c Client) subscription(q *web.Request, from access.Actor) (web.Reply, error) {
	s, err := c.Email.mail.OpenSubscription(q.Path("subscription"), from)
	if err != nil {
		return nil, err
	}
	return c.subscriptionPage(q, s)
}

func (c Client) subscriptionPage(q *web.Request, s mail.Subscription) (web.Reply, error) {
	off, err := c.Email.Off(q.Context(), s)
	if err != nil {
		return nil, err
	}
	p, here := q.Printer(), q.Self()
	return web.Page{Title: p.T("Emails: %s", p.Word(s.Topic.Label())), Secret: true, Body: func(f ui.Frame) templ.Component { return subscriptionPage(f, s, here, off) }}, nil
}

// subscribe answers the page's buttons, and mail programs that switch emails off
// on their reader's behalf: those send List-Unsubscribe=One-Click (RFC 8058),
// have no session, and follow nothing, so the answer is the page itself.
func (c Client) subscribe(q *web.Request, from access.Actor) (web.Reply, error) {
	form, err := q.Form("List-Unsubscribe", "do")
	if err != nil {
		return nil, err
	}
	s, err := c.Email.mail.OpenSubscription(q.Path("subscription"), from)
	if err != nil {
		return nil, err
	}
	if err := c.Email.Switch(q.Context(), s, form.Text("do") == "on"); err != nil {
		return nil, err
	}
	return c.subscriptionPage(q, s)
}
