package email

import (
	"atrium/base/mail"
	"atrium/ui"
)

// allView is staff's list of the mails of all accounts.
type allView struct {
	listView
	Trouble Trouble // where nothing is asked for: what did not arrive is first
	Runs    bool    // who looks at it may have mails sent again
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
