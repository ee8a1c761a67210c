package email

import (
	"strings"

	"atrium/base/mail"
	"atrium/ui"
)

// A listView is a page of a history: an account's, or staff's of all accounts.
type listView struct {
	wish
	Base     string // "/a/10001/emails"
	Found    mail.Found
	Accounts bool // each mail names its account
}

func (v listView) newest() string {
	if v.mark() == (mail.Mark{}) {
		return ""
	}
	return v.page(v.Base, mail.Mark{})
}

func (v listView) older() string {
	if v.Found.Next == (mail.Mark{}) {
		return ""
	}
	return v.page(v.Base, v.Found.Next)
}

// href is the page of a mail.
func (v listView) href(m mail.Posted) string {
	if v.Accounts {
		return postHref(m)
	}
	return v.Base + "/" + m.ID.String()
}

// looked says how far back the look went that ended before the page was full.
func (v listView) looked(p ui.Printer) string {
	if v.Found.Looked.IsZero() {
		return ""
	}
	return p.T("Searched back to %s so far.", p.Date(v.Found.Looked))
}

// said is what the page tells who can't see that the list has changed.
func (v listView) said(p ui.Printer) string {
	n := len(v.Found.Emails)
	if v.older() != "" {
		return p.N(n, "One email, and there may be older ones", "%d emails, and there may be older ones")
	}
	return p.N(n, "One email", "%d emails")
}

type showView struct {
	Base string
	mail.Message
	Tries   []mail.Try
	Refusal *mail.Refusal // what is known of the address, if it refuses mail now
	Lift    string        // where staff let mails go to it again; "": who looks at it may not
	Again   bool          // who looks at it may have it sent again
	Images  bool          // it may load images now
}

func (v showView) here() string { return v.Base + "/" + v.ID.String() }

// body is where the frame's document is.
func (v showView) body() string {
	if v.Images {
		return v.here() + "/body?images=show"
	}
	return v.here() + "/body"
}

// resend is what the button says that sends the mail again.
func (v showView) resend(p ui.Printer) string {
	if v.State == mail.Failed {
		return p.T("Run again")
	}
	return p.T("Send again")
}

func (v showView) resendHint(p ui.Printer) string {
	if v.State == mail.Failed {
		return p.T("It is sent again now, and tried for three days.")
	}
	return p.T("A copy goes to the same address.")
}

// tries are all of them, the latest first: the one that succeeded, too.
func (v showView) tries(p ui.Printer) []mail.Try {
	if v.State != mail.Sent {
		return v.Tries
	}
	return append([]mail.Try{{At: v.Ended, Answer: v.Answer}}, v.Tries...)
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
		if d.Why != "" {
			return ui.Mute, p.T("Not sent")
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
	case d.State == mail.Cancelled && d.Why == mail.Unwanted:
		return p.T("The recipient has switched emails of this kind off.")
	case d.State == mail.Cancelled && d.Why == mail.Forbidden:
		return p.T("The recipient no longer has the permission for emails of this kind.")
	case d.State == mail.Cancelled && d.Why == mail.Gone:
		return p.T("The recipient no longer belongs to this account.")
	case d.State == mail.Cancelled && d.Why == mail.LoginOff:
		return p.T("The recipient's login was deactivated.")
	case d.State == mail.Cancelled && d.Why == mail.Unchosen:
		return p.T("The recipient no longer gets emails of this kind.")
	case d.State == mail.Cancelled:
		return p.T("Its link stopped working before it was sent.")
	case d.State == mail.Failed:
		return answer(p, d.Answer)
	case d.State == mail.Queued && d.Attempts > 0:
		return p.T("We will try again. %s", answer(p, d.Answer))
	}
	return ""
}

// answer tells what came back from handing a mail over.
func answer(p ui.Printer, said string) string {
	switch {
	case said == "":
		return p.T("The mail server could not be reached.")
	case mail.SaidByServer(said) == "":
		return p.T("It could not be handed to the mail server: %s", said)
	}
	return p.T("The mail server answered: %s", said)
}

// lines are those of a plain text.
func lines(text string) []string {
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
}
