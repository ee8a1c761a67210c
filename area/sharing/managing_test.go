package sharing_test

import (
	"net/url"
	"strings"
	"testing"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/fault"
	"atrium/test/apptest"
)

func TestTheOwnerLetsAMemberManageUsersAndNoLonger(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		path := userPath(t, acme, "Mia")
		mia.Get(acme.Path("/users")).Is(403)
		page := acme.Owner.Get(path).OK().HasNot("[name=managing][checked]")
		page.Submit("form:has([name=managing])", url.Values{"managing": {"yes"}}).SeeOther()
		acme.Owner.Get(path).Has("[name=managing][checked]")
		acme.Owner.Get(acme.Path("/users")).Says("May invite and manage users")
		mia.Get(acme.Path("/users")).OK().Has("form#invite").Has("a[href$='/users/people/leave']")
		if l := w.Mail.Wait(t, "mia@example.com", "You can now manage the users of Acme"); !strings.Contains(l.Text, "Ann Owner lets you invite people") {
			t.Errorf("the mail:\n%s", l.Text)
		}
		page.Submit("form:has([name=managing])", url.Values{"managing": nil}).Is(409).Has("[name=managing][checked]") // it shows an older state
		acme.Owner.Get(path).Submit("form:has([name=managing])", url.Values{"managing": nil, "perm": nil}).Is(422).HasNot("[name=managing][checked]")
		acme.LetManage(mia, false)
		mia.Get(acme.Path("/users")).Is(403)
		w.Mail.Wait(t, "mia@example.com", "You no longer manage the users of Acme")
		acme.Owner.Get(acme.Path("/activity")).Says("let mia@example.com invite and manage users").Says("no longer lets mia@example.com invite and manage users")
	})
}

// A manager makes nobody a manager, neither by the form, which has no such box for
// them, nor past it; and staff, who choose nobody for the owner, leave it as it is.
func TestOnlyTheOwnerSaysWhoManagesUsers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia, bob := acme.Member("mia", "domains", "emails"), acme.Member("bob", "domains")
		acme.LetManage(mia, true)
		path := userPath(t, acme, "Bob")
		mia.Get(path).OK().HasNot("[name=managing]")
		mia.Post(path, url.Values{"access": {"choose"}, "perm": {"domains"}, "version": {"1"}, "managing": {"yes"}}).Is(403).
			Says("Only the owner of this account says who manages its users.")
		bob.Get(acme.Path("/users")).Is(403)
		desk := "/staff/accounts/" + acme.Number.String() + "/users/" + strings.TrimPrefix(userPath(t, acme, "Mia"), acme.Path("/users/"))
		w.Staff("stan").Get(desk).OK().HasNot("[name=managing]").Submit("main form:has([name=version])", url.Values{"perm": {"emails"}}).SeeOther()
		mia.Get(acme.Path("/users")).OK()
	})
}

func TestAVoidInvitationIsShownAsWhatItIs(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		acme.LetManage(mia, true)
		mia.Get(acme.Path("/users")).Submit("form#invite", choose("bob@example.com", "domains")).SeeOther()
		const void = "It can no longer be accepted: Mia Member may no longer give this."
		acme.Owner.Get(acme.Path("/users")).Says("Pending").SaysNot(void)
		acme.LetManage(mia, false)
		page := acme.Owner.Get(acme.Path("/users")).OK().Says("Void").Says(void).Says("Resend it in your own name, or cancel it.")
		href, _ := page.Find("a[href*='/invites/']").Attr("href")
		acme.Owner.Get(href).Says(void)
		acme.Owner.Get(acme.Path("/")).SaysNot("1 pending")
		w.Staff("stan").Get("/staff/accounts/" + acme.Number.String() + "/users").Says(void)
		acme.LetManage(mia, true)
		acme.Owner.Get(acme.Path("/users")).SaysNot(void)
	})
}

// Who asks for a new invitation is heard by somebody who can give it.
func TestAskingAgainForAVoidInvitationReachesTheOwner(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		acme.LetManage(mia, true)
		path := userPath(t, acme, "Mia")
		mia.Get(acme.Path("/users")).Submit("form#invite", choose("bob@example.com", "domains")).SeeOther()
		link := w.Mail.Wait(t, "bob@example.com", "has invited you").Link(t, "/invite/")
		acme.Owner.Get(path).Submit("form:has([name=managing])", url.Values{"perm": {"emails"}}).SeeOther()
		w.Person("bob").Get(link).Is(410).Submit("form[action$='/ask']", nil).OK()
		w.Mail.Wait(t, "ann@example.com", "bob@example.com asks for a new invitation")
	})
}

// An offer of ownership is to a member. Who is removed and let in again, perhaps to
// do less, does not own the account by a mail of before.
func TestAnOfferOfOwnershipEndsWithTheMembership(t *testing.T) {
	for name, goes := range map[string]func(o office) error{
		"removed": func(o office) error { _, err := o.Remove(o.t.Context(), o.as(o.ann), o.user(o.mia)); return err },
		"left": func(o office) error {
			_, m, err := access.FindMembership(o.t.Context(), o.DB, access.DefaultLives(), o.mia, o.acme, "", "")
			ok(o.t, err)
			in, err := access.EnterLeaving(m, access.Change)
			ok(o.t, err)
			return o.Leave(o.t.Context(), in)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o office) {
				o.t = t
				_, m, err := access.FindMembership(t.Context(), o.DB, access.DefaultLives(), o.ann, o.acme, "", "")
				ok(t, err)
				in, err := access.EnterOwner(m, access.Change)
				ok(t, err)
				_, err = o.OfferOwnership(t.Context(), in, o.user(o.mia))
				ok(t, err)
				ok(t, goes(o))
				_, err = o.Offer(t.Context(), in)
				is(t, err, fault.NotFound, "")
				if n := o.count(`SELECT count(*) FROM emails WHERE kind = 'owner.offered' AND sealed <> ''`); n != 0 {
					t.Errorf("%d mails still have the link", n)
				}
			})
		})
	}
}

// What a manager may not see, because the host hides it, they can't take away either;
// and what it needs stays with it.
func TestWhatIsHiddenKeepsWhatItNeeds(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		inv := o.invite(o.ann, "bob@example.com", "domains", "managedomains", "emails")
		settingstest.Set(t, o.DB, o.Settings, func(u *settings.Users) { u.Hidden = []string{"managedomains"} })
		changed, err := o.Amend(t.Context(), o.as(o.ann), inv.ID, false, []string{"emails"}, inv.Version)
		ok(t, err)
		if want := access.SetOf(access.NameDomains, access.NameManageDomains, access.NameEmails); changed.Set != want {
			t.Errorf("it has %v, want %v", changed.Set.Slugs(), want.Slugs())
		}
		o.manages(true)
		_, err = o.SetPermissions(t.Context(), o.as(o.ann), o.user(o.mia), sharing.Grant{Perms: []string{"managedomains"}, Version: 1})
		is(t, err, fault.Invalid, "perm.unknown")
	})
}
