package sharing_test

import (
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/clock/clocktest"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
	"atrium/fault"
	"atrium/test/apptest"
)

// An office is the service alone, for what no page can be made to do.
type office struct {
	*sharing.Sharing
	t     *testing.T
	clock *clocktest.Clock
	acme  id.Account
	ann   access.Token // owns it
	mia   access.Token // manages its users, and may see domains and emails
}

// accepts is Accept, of which only the error counts.
func (o office) accepts(in access.Invited, me access.Self) error {
	_, err := o.Accept(o.t.Context(), in, me)
	return err
}

func eachOffice(t *testing.T, fn func(t *testing.T, o office)) {
	t.Helper()
	dbtest.Each(t, officeSchemas(), func(t *testing.T, d *db.DB) { fn(t, newOffice(t, d)) })
}

func officeSchemas() []fs.FS {
	return []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema}
}

func newOffice(t *testing.T, d *db.DB) office {
	t.Helper()
	o := office{t: t, clock: dbtest.Clock(d), Sharing: newSharing(t, d)}
	o.ann, o.mia = o.person("Ann"), o.person("Mia")
	o.do(func(tx *db.Tx) (err error) {
		o.acme, err = access.OpenAccount(t.Context(), tx, o.user(o.ann), access.NewAccount{Name: "Acme", Language: "en", TimeZone: "UTC"})
		if err == nil {
			err = access.AddMember(t.Context(), tx, o.acme, o.user(o.mia), access.SetOf(access.NameDomains, access.NameEmails), "")
		}
		return err
	})
	o.manages(true)
	return o
}

// newSharing is the service of one process.
func newSharing(t *testing.T, d *db.DB) *sharing.Sharing {
	t.Helper()
	v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
	ok(t, err)
	jobs := job.New(d, slog.New(slog.DiscardHandler))
	set := settingstest.Open(t, d, v)
	m, err := mail.New(t.Context(), d, jobs, v, mail.Config{Settings: set, BaseURL: "https://atrium.example"})
	ok(t, err)
	p := accesstest.Passwords()
	s := &sharing.Sharing{DB: d, Jobs: jobs, Mail: m, Passwords: p, Settings: set, TwoStep: access.NewTwoStep(d, v, p, access.TwoStepOptions{}),
		URL: func(path string) string { return "https://atrium.example" + path }}
	s.Work()
	return s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.CodeOf(err) != code {
		t.Fatalf("got %v (kind %d, code %q), want kind %d, code %q", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
}

func (o office) do(fn func(tx *db.Tx) error) {
	o.t.Helper()
	ok(o.t, o.DB.WriteGlobal(o.t.Context(), db.Lock{}, fn))
}

// person is somebody with a login, logged in.
func (o office) person(first string) access.Token {
	o.t.Helper()
	e, _ := access.ParseEmail(first + "@example.com")
	var token access.Token
	o.do(func(tx *db.Tx) error {
		u, err := access.NewUser(o.t.Context(), tx, e, "", access.User{FirstName: first, Language: "en", TimeZone: "UTC"})
		if err == nil {
			token, err = accesstest.Session(o.t.Context(), tx, u.ID, false, u.As("192.0.2.1", ""))
		}
		return err
	})
	return token
}

func (o office) self(t access.Token) access.Self {
	o.t.Helper()
	s, err := access.FindSession(o.t.Context(), o.DB, access.DefaultLives(), t)
	ok(o.t, err)
	return s.Self("192.0.2.1", "")
}

func (o office) user(t access.Token) id.User { o.t.Helper(); return o.self(t).User().ID }

// as is what the door of the managers hands over.
func (o office) as(t access.Token) access.Manager {
	o.t.Helper()
	_, m, err := access.FindMembership(o.t.Context(), o.DB, access.DefaultLives(), t, o.acme, "192.0.2.1", "")
	ok(o.t, err)
	in, err := access.EnterManager(m, access.Change)
	ok(o.t, err)
	return in
}

// manages sets whether Mia manages users.
func (o office) manages(yes bool) {
	o.t.Helper()
	o.do(func(tx *db.Tx) error {
		return tx.ExecOne(o.t.Context(), `UPDATE memberships SET manages = $1 WHERE account_id = $2 AND user_id = $3`, yes, o.acme, o.user(o.mia))
	})
}

func draft(email string, slugs ...string) sharing.Draft {
	return sharing.Draft{Email: email, Perms: slugs}
}

func (o office) invite(by access.Token, email string, slugs ...string) sharing.Invitation {
	o.t.Helper()
	inv, err := o.Invite(o.t.Context(), o.as(by), draft(email, slugs...))
	ok(o.t, err)
	return inv
}

// link makes a new link, and opens it.
func (o office) link(by access.Token, i access.InvitationID) (access.Invited, sharing.Welcome) {
	o.t.Helper()
	o.clock.Add(time.Minute)
	_, link, err := o.NewLink(o.t.Context(), o.as(by), i)
	ok(o.t, err)
	token, genuine := access.ParseToken(link[strings.LastIndex(link, "/")+1:])
	if !genuine {
		o.t.Fatalf("%q is no link", link)
	}
	in, w, err := o.Open(o.t.Context(), token, access.Actor{Kind: access.Anonymous})
	ok(o.t, err)
	return in, w
}

// The door let her in, and then the owner was quicker.
func TestWhoNoLongerManagesUsersChangesNothingAnyMore(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		ctx := t.Context()
		inv := o.invite(o.mia, "bob@example.com", "domains")
		in := o.as(o.mia)
		o.manages(false)
		_, err := o.Invite(ctx, in, draft("eve@example.com", "domains"))
		is(t, err, fault.Conflict, "rights.changed")
		o.clock.Add(time.Minute)
		_, err = o.Resend(ctx, in, inv.ID)
		is(t, err, fault.Conflict, "rights.changed")
		_, _, err = o.NewLink(ctx, in, inv.ID)
		is(t, err, fault.Conflict, "rights.changed")
		_, err = o.Amend(ctx, in, inv.ID, false, []string{"emails"}, inv.Version)
		is(t, err, fault.Conflict, "rights.changed")
		_, err = o.Cancel(ctx, in, inv.ID)
		is(t, err, fault.Conflict, "rights.changed")
		_, err = o.SetPermissions(ctx, in, o.user(o.ann), sharing.Grant{Perms: []string{"emails"}, Version: 1})
		is(t, err, fault.Conflict, "rights.changed")
		_, err = o.Remove(ctx, in, o.user(o.ann))
		is(t, err, fault.Conflict, "rights.changed")
		o.manages(true)
		_, err = o.Remove(ctx, o.as(o.ann), o.user(o.mia))
		ok(t, err)
		_, err = o.Invite(ctx, in, draft("eve@example.com", "domains"))
		is(t, err, fault.Conflict, "rights.changed")
	})
}

func TestAllOfNothingIsNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.ann, "bob@example.com", "domains")
		o.do(func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `UPDATE memberships SET permissions = 0 WHERE account_id = $1 AND user_id = $2`, o.acme, o.user(o.mia))
		})
		_, err := o.Invite(t.Context(), o.as(o.mia), sharing.Draft{Email: "eve@example.com", All: true})
		is(t, err, fault.Invalid, "perm.none")
		_, err = o.Amend(t.Context(), o.as(o.mia), inv.ID, true, nil, inv.Version)
		is(t, err, fault.Invalid, "perm.none")
	})
}

// An invitation is void once its sender could not give it any more. Whoever
// sends it again, or changes it, stands for it then.
func TestWhoSendsAVoidInvitationAgainStandsForIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.mia, "bob@example.com", "domains")
		o.manages(false)
		in, w := o.link(o.ann, inv.ID)
		if w.Death != sharing.Alive || w.InvitedBy != o.user(o.ann) || w.InviterName != "Ann" || w.InviterEmail != "Ann@example.com" {
			t.Errorf("the invitation is %+v", w)
		}
		ok(t, o.accepts(in, o.self(o.person("Bob"))))
	})
}

func TestWhoAddsWhatTheSenderLacksStandsForTheInvitation(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.mia, "bob@example.com", "domains")
		changed, err := o.Amend(t.Context(), o.as(o.ann), inv.ID, false, []string{"invoices"}, inv.Version)
		ok(t, err)
		if changed.InvitedBy != o.user(o.ann) {
			t.Errorf("the invitation is %+v", changed)
		}
		in, w := o.link(o.ann, inv.ID)
		if w.Death != sharing.Alive || w.InvitedBy != o.user(o.ann) {
			t.Errorf("the invitation is %+v", w)
		}
		ok(t, o.accepts(in, o.self(o.person("Bob"))))
	})
}

func TestASenderWhoCouldStillGiveItStaysTheSender(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.mia, "bob@example.com", "domains", "emails")
		o.clock.Add(time.Minute)
		resent, err := o.Resend(t.Context(), o.as(o.ann), inv.ID)
		ok(t, err)
		inv, err = o.Invitation(t.Context(), o.as(o.ann), inv.ID)
		ok(t, err)
		changed, err := o.Amend(t.Context(), o.as(o.ann), inv.ID, false, []string{"emails"}, inv.Version)
		ok(t, err)
		if resent.InvitedBy != o.user(o.mia) || changed.InvitedBy != o.user(o.mia) {
			t.Errorf("the invitation is %+v, then %+v", resent, changed)
		}
	})
}

// A manager adds something to the owner's invitation, or takes its link out of the
// mail's hands, and is then removed: nobody comes in by what they did.
func TestWhatAManagerDidToAnInvitationEndsWithThem(t *testing.T) {
	for name, did := range map[string]func(o office, inv sharing.Invitation) access.Invited{
		"added": func(o office, inv sharing.Invitation) access.Invited {
			_, err := o.Amend(o.t.Context(), o.as(o.mia), inv.ID, false, []string{"domains", "emails"}, inv.Version)
			ok(o.t, err)
			return access.Invited{}
		},
		"link": func(o office, inv sharing.Invitation) access.Invited {
			in, _ := o.link(o.mia, inv.ID)
			return in
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o office) {
				o.t = t
				inv := o.invite(o.ann, "bob@example.com", "domains")
				in := did(o, inv)
				seen, err := o.Invitation(t.Context(), o.as(o.ann), inv.ID)
				ok(t, err)
				if seen.InvitedBy != o.user(o.mia) || seen.Void {
					t.Fatalf("the invitation is %+v", seen)
				}
				_, err = o.Remove(t.Context(), o.as(o.ann), o.user(o.mia))
				ok(t, err)
				if seen, err = o.Invitation(t.Context(), o.as(o.ann), inv.ID); err != nil || !seen.Void {
					t.Errorf("the invitation is %+v, %v", seen, err)
				}
				if name == "link" {
					is(t, o.accepts(in, o.self(o.person("Bob"))), fault.Conflict, "invite.gone")
				}
				in, w := o.link(o.ann, inv.ID) // in her own name again
				if w.Death != sharing.Alive {
					t.Errorf("the invitation is %+v", w)
				}
				ok(t, o.accepts(in, o.self(o.person("Eve"))))
			})
		})
	}
}

// The page was opened, then a newer link was made, then the button is clicked.
func TestALinkThatIsReplacedMeanwhileNeitherAcceptsNorDeclines(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.ann, "bob@example.com", "domains")
		old, _ := o.link(o.ann, inv.ID)
		in, _ := o.link(o.ann, inv.ID)
		bob := o.self(o.person("Bob"))
		is(t, o.Decline(t.Context(), old), fault.Conflict, "invite.gone")
		is(t, o.accepts(old, bob), fault.Conflict, "invite.gone")
		ok(t, o.accepts(in, bob))
	})
}

func TestNobodyIsInvitedTwiceNorByThemselves(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		in, _ := o.link(o.mia, o.invite(o.mia, "mia2@example.com", "domains").ID)
		is(t, o.accepts(in, o.self(o.mia)), fault.Conflict, access.AlreadyMember) // who sent it
		is(t, o.accepts(in, o.self(o.ann)), fault.Conflict, access.AlreadyMember)
		ok(t, o.accepts(in, o.self(o.person("Bob"))))
	})
}

func TestAMemberWhoLogsInOnTheInvitationPageIsLoggedIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		bob.LogOut()
		link := acme.InviteLink("cleo@example.com", "invoices")
		form := map[string][]string{"email": {"bob@example.com"}, "password": {apptest.Password}}
		bob.Get(link).Submit("form[action$='/login']", form).Follow().OK().Says("You already have access to this account. The invitation was not used.")
		bob.Get(acme.Path("/emails")).OK()
		bob.Get("/me/sessions").OK()
		w.Person("cleo").Get(link).Submit("form[action$='/new']", newLogin("Cleo", "cleo@example.com")).SeeOther()
	})
}

func TestAcceptingWithALoginEndsTheSessionThatTheBrowserHad(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		guest := w.Account("Other", "sam").Owner
		bob := w.Account("Bob's", "bob").Owner
		before := guest.Session()
		first, second := acme.InviteLink("x@example.com", "emails"), acme.InviteLink("y@example.com", "emails")
		path := func(link string) string { return strings.TrimPrefix(link, w.URL) }
		alive := func(secret string) bool {
			token, _ := access.ParseToken(secret)
			_, err := access.FindSession(t.Context(), w.DB, access.DefaultLives(), token)
			return err == nil
		}
		// Another tab still shows the page of who is logged out.
		guest.Post(path(first)+"/login", map[string][]string{"email": {bob.Email}, "password": {apptest.Password}}).SeeOther()
		between := guest.Session()
		if between == before || alive(before) || !alive(between) {
			t.Error("the session that the browser had lives on")
		}
		form := newLogin("Dora", "dora@example.com")
		form.Set("zone", "")
		guest.Post(path(second)+"/new", form).SeeOther()
		if guest.Session() == between || alive(between) || !alive(guest.Session()) {
			t.Error("the session that the browser had lives on")
		}
	})
}

func TestAFormOnADeadInvitationSaysThatItIsDead(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Account("Bob's", "bob").Owner.LogOut()
		link := acme.InviteLink("bob@example.com", "domains")
		guest := w.Person("guest")
		page := guest.Get(link).OK()
		cancel, _ := acme.Owner.Get(acme.Path("/users")).Find("a[href$='/cancel']").Attr("href")
		acme.Owner.Get(cancel).Submit("main form", nil).SeeOther()
		page.Submit("form[action$='/login']", map[string][]string{"email": {"bob@example.com"}, "password": {"wrong"}}).Is(409).
			Says("was withdrawn").Says("The email address or the password is wrong.").HasNot("input[type=password]")
		page.Submit("form[action$='/login']", map[string][]string{"email": {"bob@example.com"}, "password": {apptest.Password}}).Is(409).Says("was withdrawn")
		page.Submit("form[action$='/new']", newLogin("Bob", "bob@example.com")).Is(409).Says("was withdrawn").Says("This address already has a login.")
		if guest.Session() != "" {
			t.Error("the guest is logged in")
		}
	})
}

// A new login on an invitation tells as little of addresses as registering does.
func TestANewLoginOnAnInvitationTellsOfFiveAddressesAnHour(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		in, _ := o.link(o.ann, o.invite(o.ann, "bob@example.com", "domains").ID)
		accept := func(email string) error {
			n := access.NewLogin{FirstName: "Bob", Email: email, Password: "correct donkey battery clip", TimeZone: "UTC"}
			_, err := o.AcceptWithNewLogin(t.Context(), in, n, "/", access.Token{})
			return err
		}
		for range 5 {
			is(t, accept("mia@example.com"), fault.Invalid, access.KnownEmail)
		}
		is(t, accept("mia@example.com"), fault.TooMany, "limit.known")
		is(t, accept("bob@example.com"), fault.TooMany, "limit.known")
		o.clock.Add(time.Hour)
		ok(t, accept("bob@example.com"))
	})
}
