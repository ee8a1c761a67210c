package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
)

// Sessions lists one's own, the last used first.
func (l *Login) Sessions(ctx context.Context, me access.Self) ([]access.Session, error) {
	return access.Sessions(ctx, l.db, l.lives(ctx), me.User().ID)
}

// EndSession logs one of one's own sessions out. It is NotFound if there is
// none such.
func (l *Login) EndSession(ctx context.Context, me access.Self, s access.SessionID) error {
	u := me.User()
	return l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if err := access.EndSession(ctx, tx, u.ID, s); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "session.ended", Subject: u.Email})
	})
}

// EndOthers logs all other sessions out and tells how many there were. Their
// browsers are not known to the user any more.
func (l *Login) EndOthers(ctx context.Context, me access.Self) (int64, error) {
	u := me.User()
	var ended int64
	err := l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		if ended, err = access.EndSessions(ctx, tx, u.ID, me.Session().ID); err != nil {
			return err
		}
		if err := access.ForgetBrowsers(ctx, tx, u.Holder(), me.Actor()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "sessions.ended", Subject: u.Email, After: sessionsEnded{ended}})
	})
	return ended, err
}
