package email

import (
	"atrium/base/mail"
	"atrium/ui"
)

// allView is staff's list of the mails of all accounts.
type allView struct {
	State         mail.State // "": all
	Emails        []mail.Posted
	Newest, Older string // "": not there
}

func (v allView) states(p ui.Printer) []ui.MenuItem {
	return []ui.MenuItem{
		{Label: p.T("All"), Href: allView{}.page(mail.Mark{}), Current: v.State == ""},
		{Label: p.T("Not delivered"), Href: allView{State: mail.Failed}.page(mail.Mark{}), Current: v.State == mail.Failed},
		{Label: p.T("Waiting to be sent"), Href: allView{State: mail.Queued}.page(mail.Mark{}), Current: v.State == mail.Queued},
	}
}

func (v allView) title(p ui.Printer) string {
	switch v.State {
	case mail.Failed:
		return p.T("Not delivered")
	case mail.Queued:
		return p.T("Waiting to be sent")
	}
	return p.T("All emails")
}

func (v allView) none(p ui.Printer) string {
	switch v.State {
	case mail.Failed:
		return p.T("Every email was delivered, or still waits")
	case mail.Queued:
		return p.T("No email waits")
	}
	return p.T("No emails yet")
}

// postHref is the page of a mail: in the record of its account, or among those
// of none.
func postHref(m mail.Posted) string { return staffBase(m.Account) + "/" + m.ID.String() }

func ofAccount(p ui.Printer, m mail.Posted) string {
	if m.Account == 0 {
		return p.T("No account: about a person's own login")
	}
	return p.T("%s (#%s)", m.AccountName, m.Account.String())
}

func waiting(p ui.Printer, n int64) string {
	if n >= mostCounted {
		return p.T("No mail server is set: %d emails or more wait. They leave once there is one.", mostCounted)
	}
	return p.N(int(n), "No mail server is set: one email waits. It leaves once there is one.", "No mail server is set: %d emails wait. They leave once there is one.")
}

func refusedLately(p ui.Printer, n int64) string {
	if n >= mostCounted {
		return p.T("%d addresses or more refused mail in the last seven days and get none any more.", mostCounted)
	}
	return p.N(int(n), "One address refused mail in the last seven days and gets none any more.", "%d addresses refused mail in the last seven days and get none any more.")
}

func moreFailed(p ui.Printer, more bool) string {
	if more {
		return p.T("Show all of them")
	}
	return p.T("Show as a list")
}
