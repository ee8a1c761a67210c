package login

import (
	"context"
	"slices"
	"strings"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/fault"
)

// askedFor is the fault code when somebody would turn off the two-step login that
// their own account asks for.
const askedFor = "two-step.asked-for"

// Asking lists which of one's accounts ask for two-step login, one's own apart
// from those of others.
func (l *Login) Asking(ctx context.Context, me access.Self) (own, others []access.AccountInfo, err error) {
	all, err := access.AccountsOf(ctx, l.db, me.User().ID)
	own, others = asking(all)
	return own, others, err
}

func asking(all []access.AccountInfo) (own, others []access.AccountInfo) {
	for _, a := range all {
		switch {
		case !a.AsksTwoStep:
		case a.Owner:
			own = append(own, a)
		default:
			others = append(others, a)
		}
	}
	return own, others
}

// mayTurnOff refuses who owns an account that asks for two-step login. Ask it
// under the user's lock: whoever becomes an owner, or has an own account ask for
// it, takes that lock too. Ask it last: Citus writes no table of everybody's after
// accounts on several nodes were read.
func mayTurnOff(ctx context.Context, tx *db.Tx, me access.Self) error {
	all, err := access.AccountsNow(ctx, tx, me.User().ID)
	own, _ := asking(all)
	if err != nil || len(own) == 0 {
		return err
	}
	return fault.Conflictf("Your own account asks everybody for two-step login: %s. Switch that off there first; until then yours stays on.", names(own)).WithCode(askedFor)
}

func names(accounts []access.AccountInfo) string {
	var all []string
	for _, a := range accounts {
		all = append(all, a.Name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
