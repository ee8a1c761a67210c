package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
	"atrium/ui"
)

// A Profile is what people say about themselves.
type Profile struct {
	First    string `json:"first name"`
	Last     string `json:"last name"`
	Language string `json:"language"` // "": the host's
	Zone     string `json:"time zone"`
}

func profileOf(u access.User) Profile {
	return Profile{u.FirstName, u.LastName, u.Language, u.TimeZone}
}

// check says what is wrong with a clean profile. A time zone that one has stays
// good when it is not on the list: browsers know older names.
func (p Profile) check(now Profile) error {
	var wrong fault.Fields
	access.CheckNames(&wrong, p.First, p.Last)
	if p.Language != "" && !ui.KnownLanguage(p.Language) {
		wrong.Add("language", "Choose a language from the list.")
	}
	if !ui.KnownZone(p.Zone) && p.Zone != now.Zone {
		wrong.Add("zone", "Choose a time zone from the list.")
	}
	return wrong.Err()
}

// SetProfile stores one's own profile.
func (l *Login) SetProfile(ctx context.Context, me access.Self, p Profile) error {
	before := profileOf(me.User())
	p.First, p.Last = access.CleanName(p.First), access.CleanName(p.Last)
	if err := p.check(before); err != nil {
		return err
	}
	return l.db.WriteGlobal(ctx, db.LockUser(me.User().ID), func(tx *db.Tx) error {
		u := access.User{ID: me.User().ID, FirstName: p.First, LastName: p.Last, Language: p.Language, TimeZone: p.Zone}
		if err := access.SetProfile(ctx, tx, u); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "profile.changed", Subject: me.User().Email, Before: before, After: p})
	})
}
