package test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// A file is an account's record, as somebody of the staff has it before them.
type file struct {
	*apptest.Account
	staff *apptest.Person
}

func fileOf(a *apptest.Account, staff *apptest.Person) file { return file{a, staff} }

func (r file) at(rest string) string { return "/staff/accounts/" + r.Number.String() + rest }

// associate searches for the user on Associate User, and sends it.
func (r file) associate(values url.Values) *apptest.Response {
	r.World.T.Helper()
	page := r.staff.Get(r.at("/users/associate")).OK()
	r.World.Unaudited(func() {
		page = page.Submit("main form", url.Values{"find": {values.Get("find")}, "do": {"find"}}).OK()
	})
	return page.Submit("main form", values)
}

// atOnce is the form that gives access without an invitation.
func atOnce(user string, perms ...string) url.Values {
	return url.Values{"user": {user}, "find": {user}, "invite": {"no"}, "access": {"choose"}, "perm": perms, "reason": {"Asked by phone"}}
}

func userID(w *apptest.World, email string) string {
	w.T.Helper()
	e, _ := access.ParseEmail(email)
	u, err := access.FindUserByEmail(w.T.Context(), w.DB.Auto(), e)
	if err != nil {
		w.T.Fatal(err)
	}
	return u.ID.String()
}

func (r file) user(email string) string { return r.at("/users/" + userID(r.World, email)) }

// mailed lets all work be done, and counts the mails to an address.
func mailed(w *apptest.World, address string) int {
	w.T.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		n := w.DBCount(`SELECT count(*) FROM jobs WHERE period = 0 AND failed_at = 0`)
		if n == 0 {
			return len(w.Mail.To(address))
		}
	}
	w.T.Fatal("work is left to do")
	return 0
}

func TestStaffGiveAnExistingUserAccessAtOnceWithoutMail(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, bob := w.Account("Acme", "ann"), w.Account("Bob's", "bob").Owner
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		before, owner := mailed(w, bob.Email), mailed(w, "ann@example.com")
		bob.Get(acme.Path("/emails")).Is(404)
		wrong := atOnce(bob.Email)
		wrong.Set("user", userID(w, bob.Email))
		wrong.Set("reason", " ")
		r.associate(wrong).Is(422).Says("Tick at least one permission").Says("Say why").Has("input[value='" + userID(w, bob.Email) + "']:checked")
		bob.Get(acme.Path("/emails")).Is(404)
		right := atOnce(bob.Email, "emails")
		right.Set("user", userID(w, bob.Email))
		page := r.associate(right)
		w.Unaudited(func() { page.Follow().Says("Bob Owner now has access. No email was sent.") })
		bob.Get(acme.Path("/emails")).OK()
		bob.Get(acme.Path("/profile")).Denied("Modify Master Account Profile")
		if mailed(w, bob.Email) != before || mailed(w, "ann@example.com") != owner {
			t.Error("a mail was sent")
		}
		r.associate(atOnce(bob.Email, "emails")).Is(422).Says("already has access").Has("a[href='" + r.user(bob.Email) + "']")
	})
}

func TestStaffMakeAUserWhoHasNoPasswordUntilTheySetOne(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r := fileOf(w.Account("Acme", "ann"), w.StaffAs("stan", access.Support))
		r.associate(atOnce("lena@example.com", "emails")).Is(422).Says("Enter your first name.")
		form := atOnce("lena@example.com", "emails")
		form.Set("first", "Lena")
		r.associate(form).SeeOther()
		if n := mailed(w, "lena@example.com"); n != 0 {
			t.Errorf("%d mails were sent", n)
		}
		lena := w.Person("lena")
		lena.LogIn().Is(422).Says("The email address or the password is wrong.")
		r.staff.Get(r.user(lena.Email)).OK().Says("Not set yet").Submit("form[action$='/password-link']", nil).SeeOther()
		link := w.Mail.Wait(t, lena.Email, "Set a password for your login").Link(t, "/reset/")
		lena.Get(link).OK().Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
		lena.LogIn().SeeOther()
		lena.Get(r.Path("/emails")).OK()
		r.staff.Get(r.user(lena.Email)).OK().SaysNot("Not set yet")
		for range 2 {
			r.staff.Post(r.user(lena.Email)+"/password-link", nil).SeeOther()
		}
		r.staff.Post(r.user(lena.Email)+"/password-link", nil).Is(429).Says("This link was sent several times.")
	})
}

// Staff's invitations are the host's: they make nobody before they are accepted,
// don't count for the account, and hold whoever owns it.
func TestAnInvitationByStaffHoldsUntilItIsCancelled(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("mia", "domains")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		for i := range 21 {
			address := fmt.Sprintf("bob%d@example.com", i)
			r.associate(url.Values{"user": {address}, "find": {address}, "access": {"all"}}).SeeOther()
			if got := w.DBCount(`SELECT count(*) FROM users WHERE email = $1`, address); got != 0 {
				t.Errorf("%s is a user already", address)
			}
		}
		letter := w.Mail.Wait(t, "bob0@example.com", "Acme has invited you to their account")
		if text := letter.Words(); !strings.Contains(text, "Atrium invites you to help manage the account Acme.") || !strings.Contains(text, "You do not know Atrium?") || strings.Contains(text, "Stan") {
			t.Errorf("the mail says: %s", text)
		}
		r.associate(url.Values{"user": {"bob0@example.com"}, "find": {"bob0@example.com"}, "access": {"all"}}).Is(422).Says("already has an invitation").Has("a[href*='/invites/']")
		r.hand("mia@example.com", "remove").SeeOther()
		guest := w.Person("guest")
		link := letter.Link(t, "/invite/")
		guest.Get(link).OK().Says("Atrium invites you")
		other := w.Mail.Wait(t, "bob1@example.com", "Acme has invited you").Link(t, "/invite/")
		cancel, _ := r.staff.Get(r.at("/users")).OK().Find("tr:contains('bob1@example.com') a[href$='/cancel']").Attr("href")
		r.staff.Get(cancel).OK().Submit("main form", nil).SeeOther()
		guest.Get(other).Is(410)
		guest.Get(link).OK().Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "email": {"bob0@example.com"}, "password": {apptest.Password}}).SeeOther()
		guest.Get(acme.Path("/emails")).OK()
	})
}

func TestAPersonOfTheStaffGivesTwoHundredAnHour(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r := fileOf(w.Account("Acme", "ann"), w.StaffAs("stan", access.Support))
		bob := w.Account("Bob's", "bob").Owner
		invite := url.Values{"user": {"x@example.com"}, "find": {"x@example.com"}, "access": {"all"}}
		r.associate(invite).SeeOther()
		w.Exec(`UPDATE limits SET count = 200 WHERE name >= 'staff-give:' AND name < 'staff-give;'`)
		invite.Set("user", "y@example.com")
		r.associate(invite).Is(429).Says("You have given many people access.").Has("input[value='y@example.com']:checked")
		r.associate(atOnce(bob.Email, "emails")).Is(429)
		other := fileOf(r.Account, w.StaffAs("olga", access.Support))
		other.associate(invite).SeeOther()
		w.Clock.Add(time.Hour)
	})
}

func TestStaffChangeALoginsNameAndAddress(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		page := r.staff.Get(r.user(bob.Email)).OK()
		page.Submit("form[action='"+r.user(bob.Email)+"']", url.Values{"first": {" "}, "email": {"no address"}, "perm": nil}).Is(422).
			Says("Enter your first name.").Says("Enter an address like name@example.com.").Says("remove the user instead").Has("input[value='no address']")
		page.Submit("form[action='"+r.user(bob.Email)+"']", url.Values{"email": {"ann@example.com"}}).Is(422).Says("This address already has a login.")
		bob.TurnOnTwoStep()
		login := r.staff.Get(r.user(bob.Email)).OK().Find("dt:contains('Two-step login') + dd")
		if text := strings.TrimSpace(login.Text()); text != "On" {
			t.Errorf("two-step login is %q", text)
		}
		r.staff.Get("/staff/users/" + userID(w, bob.Email)).OK().Has("a[href$='/two-step-off']").Has("form[action$='/logout']")
		page.Has("main a[href='/staff/users/" + userID(w, bob.Email) + "']")
		before := mailed(w, bob.Email)
		page.Submit("form[action='"+r.user(bob.Email)+"']", url.Values{"first": {"Robert"}, "email": {"robert@example.com"}}).SeeOther()
		r.staff.Get(r.at("/users/" + userID(w, "robert@example.com"))).OK().Says("Robert Member").Says("Not confirmed")
		if mailed(w, bob.Email) != before+1 || mailed(w, "robert@example.com") != 1 {
			t.Error("not one mail each to the former and the new address")
		}
		w.Mail.Wait(t, "robert@example.com", "Confirm your email address").Link(t, "/verify/")
		undo := w.Mail.Wait(t, bob.Email, "The email address of your login was changed").Link(t, "/undo/")
		w.Person("sam").Get(undo).OK().Submit("main form", nil)
		if userID(w, bob.Email) == "" {
			t.Error("the address was not put back")
		}
	})
}

// A login that was deactivated is told nothing, so what is left from before may be
// a link to the very address that it has again.
func TestEachChangeOfALoginsAddressIsTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		stan := w.StaffAs("stan", access.Support)
		login := "/staff/users/" + userID(w, bob.Email)
		move := func(to string) (told, asked int) {
			t.Helper()
			from := stan.Get(login).Find("input[name=email]").AttrOr("value", "")
			hadFrom, hadTo := mailed(w, from), mailed(w, to)
			w.Clock.Add(time.Minute)
			stan.Get(login).Submit("form[action='"+login+"']", url.Values{"email": {to}}).SeeOther()
			return mailed(w, from) - hadFrom, mailed(w, to) - hadTo
		}
		const other = "robert@example.com"
		for _, to := range []string{other, bob.Email, other} { // to and fro
			if told, asked := move(to); told != 1 || asked != 1 {
				t.Errorf("to %s: %d mails to the former address and %d to the new one", to, told, asked)
			}
		}
		stan.Post(login+"/deactivate", url.Values{"reason": {""}}).SeeOther()
		if told, asked := move(bob.Email); told != 0 || asked != 0 {
			t.Errorf("while deactivated: %d and %d mails", told, asked)
		}
		stan.Post(login+"/activate", nil).SeeOther()
		if told, asked := move(other); told != 1 || asked != 1 {
			t.Errorf("to the same address again: %d mails to the former address and %d to the new one", told, asked)
		}
		undo := w.Mail.To(bob.Email)
		w.Person("sam").Get(undo[len(undo)-1].Link(t, "/undo/")).OK().Submit("main form", nil)
		if userID(w, bob.Email) == "" {
			t.Error("the address was not put back")
		}
	})
}

// By which address somebody acts in an account is in that account's activity, also
// when staff changed it in the record of another of theirs.
func TestAnAddressThatStaffChangeIsInTheActivityOfEachAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "olga")
		bob := acme.Member("bob", "emails")
		other.Join(bob, "emails")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		said := "changed the name or the email address of bob@example.com"
		r.staff.Get(r.user(bob.Email)).OK().Submit("form:has(input[name=email])", url.Values{"first": {"Bobby"}}).SeeOther()
		other.Owner.Get(other.Path("/activity")).OK().SaysNot(said) // names alone are no matter of other accounts
		r.staff.Get(r.user(bob.Email)).OK().Submit("form:has(input[name=email])", url.Values{"email": {"robert@example.com"}}).SeeOther()
		acme.Owner.Get(acme.Path("/activity")).OK().Says(said).Says("robert@example.com")
		other.Owner.Get(other.Path("/activity")).OK().Says(said).Says("robert@example.com").Says("Support").SaysNot("Stan")
		w.Holds()
	})
}

func TestWhoManagesAUserThatWasChangedMeanwhileSeesThemAsTheyAre(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		path := r.user(bob.Email)
		stale := r.staff.Get(path).OK()
		own := acme.Owner.Get(acme.Path("/users/" + userID(w, bob.Email))).OK()
		stale.Submit("form[action='"+path+"']", url.Values{"perm": {"domains"}}).SeeOther()
		own.Submit("form:has([name=perm])", url.Values{"perm": {"invoices"}}).Is(409).Says("changed by Support").Has("[value=domains]:checked").HasNot("[value=invoices]:checked")
		stale.Submit("form[action='"+path+"']", url.Values{"first": {"Robert"}, "perm": {"quotes"}}).Is(409).Says("changed by Support").Has("[value=domains]:checked").Has("input[value=Bob]")
		bob.Get("/me/profile").Has("input[value=Bob]")
	})
}

// hand sends Make Owner.
func (r file) hand(email, former string) *apptest.Response {
	r.World.T.Helper()
	return r.staff.Get(r.user(email)+"/owner").OK().Submit("main form", url.Values{"checked": {"yes"}, "former": {former}, "reason": {"Company sold"}})
}

func TestMakeOwnerHandsTheAccountOver(t *testing.T) {
	for _, former := range []string{"keep", "remove"} {
		t.Run(former, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				acme := w.Account("Acme", "ann")
				bob := acme.Member("bob", "emails")
				w.Exec(`UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND NOT owner`, acme.Number)
				pending := acme.InviteLink("cleo@example.com", "profile", "emails")
				r := fileOf(acme, w.StaffAs("stan", access.Support))
				w.Unaudited(func() {
					to := r.staff.Get(r.user(bob.Email)).OK().Submit("form[action='"+r.user(bob.Email)+"']", url.Values{"owner": {"yes"}, "perm": nil}).SeeOther()
					r.staff.Get(to).OK().Says("Make Bob Member the owner of Acme?").Submit("main form", nil).Is(422).Says("Check that the person").Says("Say why")
				})
				acme.Owner.Get(acme.Path("/users")).OK()
				r.hand(bob.Email, former).SeeOther()

				bob.Get(acme.Path("/profile")).OK()
				page := bob.Get(acme.Path("/users")).OK().Says("(you)").Says("Sent by Bob Member")
				if former == "keep" {
					page.Says("13 of 13 permissions")
					acme.Owner.Get(acme.Path("/profile")).OK()
					acme.Owner.Get(acme.Path("/users")).Is(403)
				} else {
					acme.Owner.Get(acme.Path("/")).Is(404)
				}
				w.Person("cleo").Get(pending).OK().Says("Bob Member invites you").
					Submit("form[action$='/new']", url.Values{"first": {"Cleo"}, "email": {"cleo@example.com"}, "password": {apptest.Password}}).SeeOther()
				told := w.Mail.Wait(t, "ann@example.com", "You are no longer the owner of Acme").Words()
				if strings.Contains(told, "You keep all permissions.") != (former == "keep") || !strings.Contains(told, "Atrium made Bob Member (bob@example.com) the owner of Acme.") {
					t.Errorf("the former owner reads: %s", told)
				}
				w.Mail.Wait(t, bob.Email, "You are now the owner of Acme")
				bob.Get(acme.Path("/activity")).OK().Says("Support made bob@example.com the owner").SaysNot("Stan").SaysNot("Company sold")
				w.Holds()
			})
		})
	}
}

func TestWhoIsTooLateToMakeAnOwnerSeesWhoOwnsTheAccountNow(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "emails"), acme.Member("eve", "emails")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		late := r.staff.Get(r.user(eve.Email) + "/owner").OK()
		r.hand(bob.Email, "keep").SeeOther()
		form := url.Values{"checked": {"yes"}, "reason": {"Company sold"}}
		late.Submit("main form", form).Is(409).Says("Meanwhile this account has got another owner.").Says("Bob Member can no longer manage users.").Has("textarea:contains('Company sold')").
			Submit("main form", nil).SeeOther()
		eve.Get(acme.Path("/users")).OK()
		r.staff.Get(r.user(eve.Email) + "/owner").OK().Says("owns this account already")
	})
}

func TestAClosedAccountGetsAnotherOwnerAndADeactivatedLoginGetsNone(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		w.StaffAs("bill", access.Billing).Get(r.at("/status")).OK().Submit("main form", url.Values{"status": {"closed"}, "reason": {"Unpaid"}}).SeeOther()
		w.Exec(`UPDATE users SET disabled_at = 1 WHERE email = $1`, bob.Email)
		r.hand(bob.Email, "keep").Is(409).Says("the login was deactivated")
		w.Exec(`UPDATE users SET disabled_at = 0 WHERE email = $1`, bob.Email)
		r.hand(bob.Email, "keep").SeeOther()
		w.Holds()
	})
}

// What staff do to an account's users is in its activity, by whom and why for
// staff only.
func TestEveryActionOfStaffOnAccountsUsersIsInItsActivity(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, cleo := acme.Member("bob", "emails"), w.Account("Cleo's", "cleo").Owner
		r := fileOf(acme, w.StaffAs("stan", access.Support))
		r.associate(atOnce(cleo.Email, "emails")).SeeOther()
		r.associate(url.Values{"user": {"dora@example.com"}, "find": {"dora@example.com"}, "access": {"all"}}).SeeOther()
		invite, _ := r.staff.Get(r.at("/users")).OK().Find("td a[href*='/invites/']").First().Attr("href")
		w.Clock.Add(2 * time.Minute)
		r.staff.Post(invite+"/resend", nil).SeeOther()
		r.staff.Get(invite).OK().Submit("form:has([name=perm])", url.Values{"access": {"choose"}, "perm": {"domains"}}).SeeOther()
		r.staff.Post(invite+"/cancel", nil).SeeOther()
		path := r.user(cleo.Email)
		r.staff.Get(path).OK().Submit("form[action='"+path+"']", url.Values{"last": {"Klein"}, "perm": {"domains"}}).SeeOther()
		r.staff.Post(path+"/password-link", nil).SeeOther()
		r.hand(cleo.Email, "keep").SeeOther()
		r.staff.Get(r.user(bob.Email)+"/remove").OK().Submit("main form", nil).SeeOther()
		page := cleo.Get(acme.Path("/activity")).OK()
		for _, said := range []string{
			"Support gave cleo@example.com access at once, without an invitation", "Support invited dora@example.com", "Support sent the invitation to dora@example.com again",
			"the invitation to dora@example.com", "Support cancelled the invitation to dora@example.com", "Support gave cleo@example.com", "Support changed the name or the email address of cleo@example.com",
			"Support sent cleo@example.com a link to set a password", "Support made cleo@example.com the owner", "Support removed the access of bob@example.com",
		} {
			page.Says(said)
		}
		page.SaysNot("Stan").SaysNot("Asked by phone").SaysNot("Company sold")
		r.staff.Get(r.at("/activity")).OK().Says("Stan Staff").Says("Asked by phone").Says("Company sold")
		if n := w.DBCount(`SELECT count(*) FROM audit WHERE account_id = $1 AND staff_id <> 0 AND actor_name = 'Stan Staff'`, acme.Number); n != 10 {
			t.Errorf("%d records are by Stan, want 10", n)
		}
	})
}

func TestWhoMayOnlySeeUsersHasNoButtons(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "emails")
		acme.Invite("cleo@example.com", "emails").SeeOther()
		path := fileOf(acme, nil).at("/users")
		w.StaffAs("rita", access.ReadOnly).Get(path).OK().Says("Bob Member").Says("cleo@example.com").HasNot("main .acts a").HasNot("main form").HasNot("main a[href*='/invites/']").HasNot("main a[href$='/associate']")
		w.StaffAs("stan", access.Support).Get(path).OK().Has("main .acts a").Has("main a[href$='/associate']")
	})
}
