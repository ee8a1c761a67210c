package test

import (
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"atrium"
	"atrium/base/config"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// moved copies a database that nobody has open into a new one of another kind.
func moved(t *testing.T, from, engine string) string {
	t.Helper()
	to := dbtest.URL(t, engine)
	if _, err := atrium.Copy(t.Context(), atrium.CopyConfig{From: config.URL(from), To: config.URL(to)}); err != nil {
		t.Fatal(err)
	}
	return to
}

func withKey(file string) apptest.Option {
	return apptest.With(func(s *config.Settings) { s.KeyFile = file })
}

// Who was logged in is still so, passwords and authenticator apps open, a link
// that waits in somebody's mailbox works, and a mail that waits leaves.
func TestPeopleDoNotNoticeThatTheirDatabaseWasMoved(t *testing.T) {
	for from, to := range map[string]string{dbtest.SQLite: dbtest.Postgres, dbtest.Postgres: dbtest.SQLite} {
		t.Run(from+" to "+to, func(t *testing.T) {
			before := apptest.New(t, from)
			acme := before.Account("Acme", "ann")
			dora := acme.Member("dora", "invoices")
			dora.TurnOnTwoStep()
			sam := before.Staff("sam")
			link := strings.TrimPrefix(acme.InviteLink("bob@example.com", "domains"), before.URL)
			before.Mail.SetDown(true)
			acme.Invite("cyd@example.com", "tickets").SeeOther()
			before.Stop()

			w := apptest.On(t, moved(t, before.Database(), to), withKey(before.Secrets))
			w.Clock.Set(before.Clock.Now())
			w.Holds()
			acme.Owner.At(w).Get(acme.Path("/users")).OK().Says("dora@example.com").Says("bob@example.com")
			dora.At(w).Get(acme.Path("/")).OK()

			again := dora.At(w)
			again.LogOut()
			again.LogIn().Follow().OK().Submit("main form", url.Values{"code": {again.Code()}}).SeeOther()
			again.Get(acme.Path("/")).OK()
			sam.At(w).LogInStaff()

			bob := w.Person("bob")
			bob.Get(link).OK().Says("Acme").Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "last": {"New"}, "email": {bob.Email}, "password": {apptest.Password}}).SeeOther()
			bob.Get(acme.Path("/")).OK()
			passTime(t, w, "the mail that waited arrives", func() bool { return len(w.Mail.To("cyd@example.com")) == 1 })
			cyd := w.Mail.Wait(t, "cyd@example.com", "invited you")
			w.Person("cyd").Get(strings.TrimPrefix(cyd.Link(t, "/invite/"), before.URL)).OK().Says("Acme")
			w.Holds()
		})
	}
}

// A year in the life of a host goes from SQLite to PostgreSQL and back.
func TestTheDemoIsMovedThereAndBack(t *testing.T) {
	folder := t.TempDir()
	s := config.Settings{Listen: "127.0.0.1:0", Base: "http://localhost:8080", Log: "warn", From: "Atrium <no-reply@localhost>", DevMail: true,
		Database: config.URL("sqlite:" + filepath.Join(folder, "atrium.db"))}
	if err := atrium.FillDemo(t.Context(), atrium.Config{Settings: s, Log: slog.New(slog.DiscardHandler)}, atrium.DemoDay()); err != nil {
		t.Fatal(err)
	}
	there := moved(t, string(s.Database), dbtest.Postgres)
	back := moved(t, there, dbtest.SQLite)
	look := func(database string) apptest.Snapshot {
		return apptest.Look(t, dbtest.Reopen(t, database, atrium.Schemas()))
	}
	was := look(string(s.Database))
	if changes := was.Changes(look(there)); len(changes) != 0 {
		t.Errorf("there: %d rows are not the same: %.500q", len(changes), changes)
	}
	if changes := was.Changes(look(back)); len(changes) != 0 {
		t.Errorf("back: %d rows are not the same: %.500q", len(changes), changes)
	}
	w := apptest.On(t, there, withKey(s.SecretKeyFile()))
	w.Holds()
	maja := w.Person("maja")
	maja.Post("/login", url.Values{"email": {"maja@nordlicht-studio.example"}, "password": {atrium.DemoPassword}}).SeeOther()
	maja.Get("/accounts").OK().Says("Nordlicht Studio GmbH")
	helga := w.Person("helga")
	helga.Key = strings.ReplaceAll(atrium.DemoSecret().Reveal(), " ", "")
	helga.Get("/login").OK().Submit("form[action^='/login']", url.Values{"email": {"helga@stadtchor.example"}, "password": {atrium.DemoPassword}}).
		Follow().OK().Submit("main form", url.Values{"code": {helga.Code()}}).SeeOther()
	helga.Get("/accounts").OK().Says("Stadtchor")
}
