package sharing

import (
	"atrium/base/access"
	"atrium/ui"
)

// reachView is the page that says who can reach the account.
type reachView struct {
	Base, Account, Host string
	Offer               access.Offer
	Rights              access.Rights // of who looks
	Closed              bool
	Reach               Reach
	Look                Look
	Shuts               bool // the account is shut to who has no two-step login
	Members             []reachRow
	Requests            []requestRow
	Invites             []inviteRow
}

type reachRow struct {
	memberRow
	One    access.Reachable
	Unused bool
}

// given says how somebody came to have access.
func (r reachRow) given(p ui.Printer) string {
	switch {
	case r.One.GivenBy != "":
		return p.T("From %s", r.One.GivenBy)
	case r.One.Founder:
		return p.T("Opened the account")
	}
	return p.T("From support")
}

// first is what to look at first, a sentence each.
func (v reachView) first(p ui.Printer) []string {
	var all []string
	if n := v.Look.Unused; n > 0 {
		all = append(all, p.N(n, "One member was not here for 90 days or more.", "%d members were not here for 90 days or more."))
	}
	if n := v.Look.OneStep; n > 0 && v.Shuts {
		all = append(all, p.N(n, "One member is shut out until they turn two-step login on.", "%d members are shut out until they turn two-step login on."))
	} else if n > 0 {
		all = append(all, p.N(n, "One member has no two-step login.", "%d members have no two-step login."))
	}
	if n := v.Look.Waiting; n > 0 {
		all = append(all, p.N(n, "One invitation was not taken up in seven days.", "%d invitations were not taken up in seven days."))
	}
	if n := len(v.Requests); n > 0 {
		all = append(all, p.N(n, "One request waits for an answer.", "%d requests wait for an answer."))
	}
	return all
}

// minutes is how long a stay of staff was at most, rounded up.
func minutes(s access.Stay) int { return int((s.Ended.Sub(s.Started).Seconds() + 59) / 60) }
