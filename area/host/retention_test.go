package host_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/test/apptest"
)

const day = 24 * time.Hour

func count(w *apptest.World, sql string) int64 {
	w.T.Helper()
	n, err := db.One(w.T.Context(), w.DB.Across(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

func TestWhatIsTooOldIsDeletedOnceADayAndNothingElse(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "emails")
		w.Account("Amsel", "mia")
		acme.Invite("carl@example.com", "domains").SeeOther()
		w.Mail.Wait(t, "carl@example.com", "Acme has invited you")
		waitFor(t, func() bool { return count(w, `SELECT count(*) FROM emails WHERE state = 'queued'`) == 0 })
		w.Clock.Add(100 * day)
		emails := count(w, `SELECT count(*) FROM emails`)
		jonas := w.Staff("jonas")
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/emails")).OK()
		first, _ := acme.Owner.Get(acme.Path("/emails")).Find("main td a[href*='/emails/']").Last().Attr("href")
		acme.Owner.Get(first).OK().Has("iframe")
		fresh := count(w, `SELECT count(*) FROM audit WHERE at > `+strconv.FormatInt(w.Clock.Now().Add(-day).UnixMicro(), 10))
		kept := count(w, `SELECT count(*) FROM audit WHERE action IN ('account.opened', 'invitation.accepted')`)

		save(jonas, "/retention", url.Values{"activity_shown_days": {"60"}, "activity_kept_days": {"90"}, "bodies_kept_days": {"60"}}).SeeOther()
		w.Clock.Add(day)
		month := strconv.FormatInt(w.Clock.Now().Add(-60*day).UnixMicro(), 10)
		waitFor(t, func() bool {
			return count(w, `SELECT count(*) FROM emails WHERE (body_text <> '' OR body_html <> '') AND created_at < `+month) == 0
		})
		old := strconv.FormatInt(w.Clock.Now().Add(-90*day).UnixMicro(), 10)
		if got := count(w, `SELECT count(*) FROM audit WHERE at < `+old); got != kept {
			t.Errorf("%d old rows are left, want %d", got, kept)
		}
		if got := count(w, `SELECT count(*) FROM audit WHERE at >= `+old); got < fresh {
			t.Errorf("%d fresh rows are left, there were %d", got, fresh)
		}
		acme.Owner.LogIn()
		acme.Owner.Get(first).OK().HasNot("iframe").Says("no longer kept").Says("ann@example.com")
		if got := count(w, `SELECT count(*) FROM emails`); got < emails {
			t.Errorf("of %d emails the history has %d", emails, got)
		}
		w.Holds()
	})
}
