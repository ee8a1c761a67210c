package email

import (
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
	"atrium/fault"
	"atrium/ui"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A world is a database with mails and two accounts of Ann's.
type world struct {
	*testing.T
	*Email
	db    *db.DB
	mail  *mail.Mail
	first access.To[access.Emails]
	other access.To[access.Emails]
}

const host = "https://atrium.example"

func each(t *testing.T, fn func(w world)) {
	dbtest.Each(t, []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema}, func(t *testing.T, d *db.DB) {
		v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.New(t.Context(), d, job.New(d, slog.New(slog.DiscardHandler)), v, mail.Config{Settings: settingstest.Open(t, d, v), BaseURL: host})
		if err != nil {
			t.Fatal(err)
		}
		w := world{T: t, Email: New(d, m), db: d, mail: m}
		w.first, w.other = w.ann()
		fn(w)
	})
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w world) ann() (first, other access.To[access.Emails]) {
	w.Helper()
	email, _ := access.ParseEmail("ann@example.com")
	var t access.Token
	var accounts [2]id.Account
	w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
		u, err := access.NewUser(w.Context(), tx, email, "", access.User{FirstName: "Ann"})
		if err != nil {
			return err
		}
		for i := range accounts {
			if accounts[i], err = access.OpenAccount(w.Context(), tx, u.ID, access.NewAccount{Name: "Nordlicht"}); err != nil {
				return err
			}
		}
		t, err = accesstest.Session(w.Context(), tx, u.ID, false, access.Actor{})
		return err
	}))
	enter := func(a id.Account) access.To[access.Emails] {
		_, m, err := access.FindMembership(w.Context(), w.db, access.DefaultLives(), t, a, "", "")
		w.must(err)
		in, err := access.Enter[access.Emails](m, access.See)
		w.must(err)
		return in
	}
	return enter(accounts[0]), enter(accounts[1])
}

func (w world) send(in access.To[access.Emails], l mail.Letter) {
	w.Helper()
	l.Account, l.To, l.Kind = in.Account(), mail.Address{Name: "Ann", Email: "ann@example.com"}, "test"
	w.must(w.db.Write(w.Context(), in, func(tx *db.Tx) error { return w.mail.Send(w.Context(), tx, l) }))
	dbtest.Clock(w.db).Add(time.Second) // ids order by time
}

func TestTheHistoryIsPagedFromTheLatestOn(t *testing.T) {
	each(t, func(w world) {
		const all = 60
		for n := range all {
			w.send(w.first, mail.Letter{Subject: fmt.Sprint("Mail ", n), Blocks: []mail.Block{mail.P("Hello.")}})
		}
		w.send(w.other, mail.Letter{Subject: "Elsewhere"})
		var pages, seen int
		for before := (mail.Mark{}); pages == 0 || before != (mail.Mark{}); pages++ {
			list, err := w.List(w.Context(), w.first, mail.Filter{}, before)
			w.must(err)
			for _, m := range list.Emails {
				seen++
				if want := fmt.Sprint("Mail ", all-seen); m.Subject != want {
					w.Errorf("%s stands where %s should", m.Subject, want)
				}
			}
			before = list.Next
		}
		if pages != 3 || seen != all {
			w.Errorf("%d emails on %d pages", seen, pages)
		}
		latest, err := w.Latest(w.Context(), w.first, 5)
		w.must(err)
		if len(latest) != 5 || latest[0].Subject != "Mail 59" || latest[4].Subject != "Mail 55" {
			w.Errorf("the latest are %v", latest)
		}
	})
}

func TestAnEmailOfAnotherAccountIsNotThere(t *testing.T) {
	each(t, func(w world) {
		w.send(w.first, mail.Letter{Subject: "Ours", Blocks: []mail.Block{mail.P("Hello.")}})
		list, err := w.List(w.Context(), w.first, mail.Filter{}, mail.Mark{})
		w.must(err)
		ours := list.Emails[0].ID
		m, err := w.Find(w.Context(), w.first, ours)
		if err != nil || m.Subject != "Ours" || !strings.Contains(m.Text, "Hello.") {
			w.Errorf("our own is %+v, %v", m, err)
		}
		_, foreign := w.Find(w.Context(), w.other, ours)
		_, missing := w.Find(w.Context(), w.first, ours+1)
		if !fault.Is(foreign, fault.NotFound) || foreign.Error() != missing.Error() {
			w.Errorf("a foreign one is %v, a missing one %v", foreign, missing)
		}
		if list, err := w.List(w.Context(), w.other, mail.Filter{}, mail.Mark{}); err != nil || len(list.Emails) != 0 {
			w.Errorf("the other account has %v, %v", list, err)
		}
	})
}

func TestTheBodyShownHasNoLinks(t *testing.T) {
	each(t, func(w world) {
		w.send(w.first, mail.Letter{Subject: "Invitation", Ref: "invitation:1", Blocks: []mail.Block{
			mail.Secret("See the invitation", host+"/invite/10001.secret"), mail.Button("Home", host+"/a/10001/"), mail.Quote("<script>1</script>"),
		}})
		list, err := w.List(w.Context(), w.first, mail.Filter{}, mail.Mark{})
		w.must(err)
		m, err := w.Find(w.Context(), w.first, list.Emails[0].ID)
		w.must(err)
		body := string(unlinked(m.HTML))
		if strings.Contains(body, "href") || strings.Contains(body+m.Text, "10001.secret") {
			w.Errorf("there is a link in\n%s", body)
		}
		for _, part := range []string{"<!doctype html>", "@media (prefers-color-scheme: dark)", "See the invitation", "link removed", "&lt;script&gt;", host + "/a/10001/", "</html>"} {
			if !strings.Contains(body, part) {
				w.Errorf("%q is not in\n%s", part, body)
			}
		}
	})
}

func TestUnlinkedLeavesEverythingElseAsItWas(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"a < b &amp; c":                 "a < b &amp; c",
		"<p CLASS='x'>Hi</P>":           "<p CLASS='x'>Hi</P>",
		"<style>a > b {}</style>":       "<style>a > b {}</style>",
		`<A HREF="x" id=y>go</A>`:       `<a id="y">go</A>`,
		`<a href=x href=y />`:           `<a/>`,
		`<base href="//evil">`:          `<base>`,
		"<!-- <a href=x> --><br/>":      "<!-- <a href=x> --><br/>",
		`<a title="<b href=x>" href=y>`: `<a title="&lt;b href=x&gt;">`,
	} {
		if got := string(unlinked(in)); got != want {
			t.Errorf("%s becomes %s, not %s", in, got, want)
		}
	}
}

func TestTheStateIsSaidInWords(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	for _, c := range []struct {
		d    mail.Delivery
		want string
	}{
		{mail.Delivery{State: mail.Queued}, "Waiting to be sent: "},
		{mail.Delivery{State: mail.Queued, Attempts: 2, Answer: "451 later"}, "Not sent yet: We will try again. The mail server answered: 451 later"},
		{mail.Delivery{State: mail.Queued, Attempts: 2, Answer: "dial tcp: refused"}, "Not sent yet: We will try again. It could not be handed to the mail server: dial tcp: refused"},
		{mail.Delivery{State: mail.Queued, Attempts: 2, Answer: "dial tcp: refused"}.ForMembers(), "Not sent yet: We will try again. The mail server could not be reached."},
		{mail.Delivery{State: mail.Failed, Attempts: 90, Answer: "550 no such user"}.ForMembers(), "Not delivered: The mail server answered: 550 no such user"},
		{mail.Delivery{State: mail.Sent, Attempts: 1, Answer: "250 ok"}, "Sent: "},
		{mail.Delivery{State: mail.Failed, Attempts: 1, Answer: "550 no such user"}, "Not delivered: The mail server answered: 550 no such user"},
		{mail.Delivery{State: mail.Cancelled, Refused: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), Answer: "550 no such user"}, "Not sent: This address refused mail on 24 Nov 2026, so nothing more is sent to it. The mail server answered: 550 no such user"},
		{mail.Delivery{State: mail.Cancelled}, "Cancelled: Its link stopped working before it was sent."},
	} {
		_, word := state(p, c.d)
		if got := word + ": " + account(p, c.d); got != c.want {
			t.Errorf("%+v is %q", c.d, got)
		}
	}
}
