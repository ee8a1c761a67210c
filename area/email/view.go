package email

import (
	"strings"

	"atrium/base/mail"
	"atrium/ui"
)

type listView struct {
	Base          string // "/a/10001/emails"
	Account       string
	Emails        []mail.Message
	Newest, Older string // "": not there
}

func newListView(base, account string, l List, later bool) listView {
	v := listView{Base: base, Account: account, Emails: l.Emails}
	if later {
		v.Newest = base
	}
	if l.Next != 0 {
		v.Older = base + "?before=" + l.Next.String()
	}
	return v
}

type showView struct {
	Base string
	mail.Message
	Again bool // who looks at it may have it sent again
}

// recipient is whom the mail went to.
func recipient(m mail.Message) string {
	if m.To.Name == "" {
		return m.To.Email
	}
	return m.To.Name + " <" + m.To.Email + ">"
}

// state is what became of the mail, in a word or two.
func state(p ui.Printer, d mail.Delivery) (ui.Tone, string) {
	switch d.State {
	case mail.Sent:
		return ui.OK, p.T("Sent")
	case mail.Failed:
		return ui.Bad, p.T("Not delivered")
	case mail.Cancelled:
		if !d.Refused.IsZero() {
			return ui.Bad, p.T("Not sent")
		}
		return ui.Mute, p.T("Cancelled")
	}
	if d.Attempts > 0 {
		return ui.Warn, p.T("Not sent yet")
	}
	return ui.Info, p.T("Waiting to be sent")
}

// account says more about it, where there is more to say.
func account(p ui.Printer, d mail.Delivery) string {
	switch {
	case d.State == mail.Cancelled && !d.Refused.IsZero():
		return p.T("This address refused mail on %s, so nothing more is sent to it. The mail server answered: %s", p.Date(d.Refused), d.Answer)
	case d.State == mail.Cancelled:
		return p.T("Its link stopped working before it was sent.")
	case d.State == mail.Failed && d.Answer != "":
		return p.T("The mail server answered: %s", d.Answer)
	case d.State == mail.Queued && d.Attempts > 0:
		return p.T("We will try again. The mail server answered: %s", d.Answer)
	}
	return ""
}

// lines are those of a plain text.
func lines(text string) []string {
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
}
