package host_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/area/staff"
	"atrium/base/access"
	"atrium/test/apptest"
)

func TestTheCompanyIsOnEveryPageAndMail(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		save(jonas, "", url.Values{"name": {"Northwind <Hosting>"}, "contact": {"help@northwind.example"}, "hue": {"300"}}).Follow().
			Says("Saved: Company.").Says("Last changed by Jonas Staff")
		page := w.Person("guest").Get("/login").OK().Says("Northwind <Hosting>")
		page.Has("a[href='mailto:help@northwind.example']").Has("link[href='/brand.css?hue=300']")
		if title := page.Find("title").Text(); title != "Log in · Northwind <Hosting>" {
			t.Errorf("the title is %q", title)
		}
		sheet := w.Person("guest").Get("/brand.css?hue=300").OK()
		if sheet.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(sheet.Body, "@layer brand { :root { --accent-h: 300 } }") ||
			!strings.Contains(sheet.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("the stylesheet is %q, %v", sheet.Body, sheet.Header)
		}
		for _, hue := range []string{"", "361", "-1", "1}*{", "1.5"} {
			w.Person("guest").Get("/brand.css?hue=" + url.QueryEscape(hue)).Is(http.StatusNotFound)
		}
		acme := w.Account("Acme", "ann")
		acme.Invite("bob@example.com", "domains").SeeOther()
		letter := w.Mail.Wait(t, "bob@example.com", "Acme has invited you")
		text := strings.ReplaceAll(letter.Text, "\r\n", "\n")
		if !strings.Contains(text, "-- \nNorthwind <Hosting>\n"+w.URL+"\nhelp@northwind.example") || !strings.Contains(letter.HTML, `href="mailto:help@northwind.example"`) {
			t.Errorf("the mail ends in %q", text[max(0, len(text)-100):])
		}
		want := `Jonas Staff company {"contact":"","hue":195,"name":"Atrium"} {"contact":"help@northwind.example","hue":300,"name":"Northwind \u003cHosting\u003e"}`
		if got := audits(w, "settings.changed"); len(got) != 1 || got[0] != want {
			t.Errorf("the audit has %q", got)
		}
	})
}

func TestTheCompanysNameIsNoPasswordAndWhatAppsShow(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		form := url.Values{"first": {"Eve"}, "last": {""}, "email": {"eve@example.com"}, "password": {"Northw1nd-2026!"}, "account": {"Eve's"}, "country": {"DE"}, "zone": {""}}
		ann := w.Account("Acme", "ann").Owner
		key := func() string {
			page := ann.Get("/me/security").OK().Submit("form[action='/me/security/two-step']", nil).Follow().OK()
			link, _ := page.Find("a[href^='otpauth:']").Attr("href")
			return link
		}
		if link := key(); !strings.HasPrefix(link, "otpauth://totp/Atrium:ann%40example.com?") {
			t.Errorf("without a name of the company's the key is %s", link)
		}
		save(jonas, "", url.Values{"name": {"Northwind Hosting"}}).SeeOther()
		page := w.Person("eve").Post("/register", form).Is(http.StatusUnprocessableEntity).Says("the name of this site in the password")
		page.Has("input[name=email][value='eve@example.com']")
		if link := key(); !strings.HasPrefix(link, "otpauth://totp/Northwind%20Hosting:ann%40example.com?") || !strings.HasSuffix(link, "&issuer=Northwind%20Hosting") {
			t.Errorf("the key is %s", link)
		}

		sue := w.Person("sue")
		link, err := w.App.Staff.Add(t.Context(), staff.Newcomer{Email: sue.Email, Name: "Sue", Role: access.Support})
		if err != nil {
			t.Fatal(err)
		}
		sue.Get(link).OK().Submit("main form", url.Values{"password": {"hosting northwind"}}).Is(http.StatusUnprocessableEntity).Says("the name of this site")
		page = sue.Get(link).OK().Submit("main form", url.Values{"password": {apptest.Password}}).Follow()
		page = page.Submit("main form", url.Values{"email": {sue.Email}, "password": {apptest.Password}}).Follow().Follow().OK()
		page.Has("a[href^='otpauth://totp/Northwind%20Hosting%20staff:sue%40example.com?']")
		save(jonas, "", url.Values{"name": {"Other"}}).SeeOther()
		w.Person("eve").Post("/register", form).SeeOther()
	})
}

func TestWhereHelpLeadsIsInTheMenuOnPhones(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		acme.Owner.Get(acme.Path("/")).OK().HasNot(".usr a[href^='mailto:']")
		save(jonas, "", url.Values{"contact": {"help@northwind.example"}}).Follow().Has(".usr a.only-n[href='mailto:help@northwind.example']")
		acme.Owner.Get(acme.Path("/")).OK().Has(".usr a.only-n[href='mailto:help@northwind.example']")
	})
}

func TestWhatIsWrongIsSaidAndNothingTypedIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		page := save(jonas, "/limits", url.Values{"invites_per_hour": {"twenty"}, "invites_pending": {"50"}}).Is(http.StatusUnprocessableEntity)
		page.Says("Enter a number from 1 to 1,000.").Has("input[name=invites_per_hour][value=twenty]").Has("input[name=invites_pending][value='50']")
		page = save(jonas, "/users", url.Values{"managed": {"no"}, "offer": nil, "note-domains": {"Ours"}}).Is(http.StatusUnprocessableEntity)
		page.Says("Leave at least one permission").Has("input[name=managed][value=no][checked]").HasNot("input[name=offer][checked]").Has("input[name=note-domains][value=Ours]")
		if got := audits(w, "settings.changed"); len(got) != 0 {
			t.Errorf("the audit has %q", got)
		}
	})
}

func TestWhoSavesTooLateSeesThePresentState(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		stale := jonas.Get("/staff/settings/limits").OK()
		save(jonas, "/limits", url.Values{"invites_per_hour": {"7"}}).SeeOther()
		late := stale.Submit("form[action='/staff/settings/limits']", url.Values{"invites_per_hour": {"9"}}).Is(http.StatusConflict)
		late.Says("changed by someone else meanwhile").Has("input[name=invites_per_hour][value='7']")
		late.Submit("form[action='/staff/settings/limits']", url.Values{"invites_per_hour": {"9"}}).SeeOther()
		w.Unaudited(func() { save(jonas, "/limits", nil).SeeOther() })
	})
}

func TestOnlyWhoMayChangesTheSettings(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, role := range access.StaffRoles() {
			p := w.StaffAs(strings.ReplaceAll(string(role), "-", ""), role)
			if role == access.Administrator {
				p.Get("/staff/settings").OK()
				continue
			}
			p.Get("/staff/settings").Is(http.StatusForbidden)
			p.Post("/staff/settings/limits", url.Values{"version": {"0"}}).Is(http.StatusForbidden)
			p.Get("/staff/accounts").OK().HasNot("a[href='/staff/settings']")
		}
	})
}

func TestRegistration(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		form := url.Values{"first": {"Eve"}, "last": {""}, "email": {"eve@example.com"}, "password": {apptest.Password}, "account": {""}, "country": {"DE"}, "zone": {""}}
		guest := w.Person("guest")
		guest.Get("/login").OK().Has("main a[href='/register']")

		save(jonas, "/registration", url.Values{"open": {"invitation"}}).SeeOther()
		guest.Get("/login").OK().HasNot("main a[href='/register']")
		guest.Get("/register").Is(http.StatusForbidden).Says("Registration is closed").Says("by invitation").HasNot("form[action='/register']")
		guest.Post("/register", form).Is(http.StatusForbidden).Says("Registration is closed")
		acme.Member("bob", "domains").Get(acme.Path("/")).OK()

		save(jonas, "/registration", url.Values{"open": {"off"}}).SeeOther()
		guest.Post("/register", form).Is(http.StatusForbidden).Says("can't be made here")
		link := acme.InviteLink("carl@example.com", "domains")
		path := strings.TrimPrefix(link, w.URL)
		guest.Get(path).OK().Has("form[action$='/login']").HasNot("form[action$='/new']").Says("New ones can't be made here")
		guest.Post(path+"/new", url.Values{"first": {"Carl"}, "last": {""}, "email": {"carl@example.com"}, "password": {apptest.Password}, "zone": {""}}).Is(http.StatusForbidden)
		sam := w.Person("bob")
		sam.Get(path).OK().Submit("form[action$='/login']", url.Values{"email": {sam.Email}, "password": {apptest.Password}}).Is(http.StatusSeeOther)
		save(jonas, "/registration", url.Values{"open": {"open"}}).SeeOther()
		w.Account("Eve's", "eve")
		w.Holds()
	})
}

func TestWhereTheHostManagesUsersNobodyElseDoes(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains", "invoices")
		link := acme.InviteLink("carl@example.com", "domains")
		page := acme.Owner.Get(acme.Path("/users"))
		manage, _ := page.Find("a[href*='/users/']:contains('Manage Permissions')").First().Attr("href")
		invite, _ := page.Find("a.ttl[href*='/invites/']").First().Attr("href")
		save(jonas, "", url.Values{"name": {"Northwind"}, "contact": {"https://northwind.example/help"}}).SeeOther()
		save(jonas, "/users", url.Values{"managed": {"no"}}).SeeOther()

		page = acme.Owner.Get(acme.Path("/users")).OK().Says("Northwind manages users for you. Contact support to add somebody.").Says("Bob Member").Says("carl@example.com")
		page.Has("main a[href='https://northwind.example/help']").HasNot("form#invite").HasNot("a[href$='/remove']").HasNot("form[action$='/resend']").HasNot("a[href$='/cancel']")
		acme.Owner.Get(manage).OK().Says("Northwind manages users for you").HasNot("input[name=perm]")
		for path, form := range map[string]url.Values{
			acme.Path("/users"): {"email": {"x@example.com"}, "access": {"all"}, "message": {""}, "key": {"k"}}, manage: {"access": {"all"}, "version": {"1"}},
			manage + "/remove": nil, invite: {"access": {"all"}, "version": {"1"}}, invite + "/resend": nil, invite + "/link": nil, invite + "/cancel": nil,
		} {
			acme.Owner.Post(path, form).Is(http.StatusForbidden).Says("Northwind manages users for you")
		}
		carl := w.Person("carl")
		carl.Get(link).OK().Submit("form[action$='/new']", url.Values{"first": {"Carl"}, "email": {carl.Email}, "password": {apptest.Password}}).SeeOther()
		carl.Get(acme.Path("/")).OK()
		bob.Get(acme.Path("/users/people/leave")).OK().Submit("main form", nil).SeeOther()
		w.Holds()
	})
}

func TestAHiddenPermissionIsNotOfferedAndStaysWithWhoHoldsIt(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails", "quotes")
		var offer []string
		for _, s := range access.Everything.Slugs() {
			if s != "quotes" && s != "emails" && s != "domains" {
				offer = append(offer, s)
			}
		}
		// domains takes managedomains along: 13 less 4
		save(jonas, "/users", url.Values{"offer": offer, "note-invoices": {"Ask us for a <b>yearly</b> bill."}}).SeeOther()
		page := acme.Owner.Get(acme.Path("/users")).OK().Says("0 of 9 permissions").Says("Ask us for a <b>yearly</b> bill.")
		for _, slug := range []string{"quotes", "emails", "domains", "managedomains"} {
			page.HasNot("input[name=perm][value=" + slug + "]")
		}
		if presets := page.Find("[data-preset='products,invoices']").Text(); presets != "Accountant" {
			t.Errorf("the accountant's preset is %q", presets)
		}
		invite := func(form url.Values) *apptest.Response {
			return acme.Owner.Get(acme.Path("/users")).OK().Submit("form#invite", form)
		}
		invite(url.Values{"email": {"x@example.com"}, "access": {"choose"}, "perm": {"quotes"}}).Is(http.StatusUnprocessableEntity).Says("One of these permissions does not exist.")
		invite(url.Values{"email": {"carl@example.com"}, "access": {"all"}}).Follow().Says("Full access").Says("9 of 9 permissions")

		manage, _ := page.Find("a[href*='/users/']:contains('Manage Permissions')").First().Attr("href")
		bob.Get(acme.Path("/emails")).OK()
		acme.Owner.Get(manage).OK().Submit("form[aria-labelledby=h-perms]", url.Values{"access": {"choose"}, "perm": {"products", "invoices"}}).Follow().
			Says("Bob Member now has 2 of 9 permissions.").Says("Accountant")
		bob.Get(acme.Path("/emails")).OK()
		acme.Owner.Get(manage).OK().Submit("form[aria-labelledby=h-perms]", url.Values{"access": {"choose"}, "perm": {"emails"}}).Is(http.StatusUnprocessableEntity)

		save(jonas, "/users", url.Values{"offer": access.Everything.Slugs()}).SeeOther()
		acme.Owner.Get(manage).OK().Has("input[value=quotes][checked]").Has("input[value=emails][checked]").Has("input[value=invoices][checked]").HasNot("input[value=domains][checked]")
		w.Holds()
	})
}

func TestLimitsOnInvitations(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		save(jonas, "/limits", url.Values{"invites_per_hour": {"3"}, "invites_pending": {"2"}}).SeeOther()
		acme.Invite("a@example.com", "domains").SeeOther()
		acme.Invite("b@example.com", "domains").SeeOther()
		acme.Invite("c@example.com", "domains").Is(http.StatusTooManyRequests).Says("This account has 2 pending invitations.")
		save(jonas, "/limits", url.Values{"invites_pending": {"10"}}).SeeOther()
		acme.Invite("c@example.com", "domains").SeeOther()
		acme.Invite("d@example.com", "domains").Is(http.StatusTooManyRequests).Says("You have sent many invitations.")
	})
}

func TestASecondProcessFollowsWithinASecond(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		other := w.Another()
		save(jonas, "", url.Values{"name": {"Northwind"}}).SeeOther()
		w.Clock.Add(time.Second)
		guest, tries := other.Person("guest"), 0
		for ; tries < 100 && !strings.Contains(guest.Get("/login").OK().Body, "Northwind"); tries++ { // a worker may be reading them just now
		}
		guest.Get("/login").OK().Says("Northwind")
	})
}

func TestTimesOfTheStaffAreaAreInTheHostsZone(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		page := save(jonas, "/region", url.Values{"language": {"tlh"}, "time_zone": {"Asia/Tokyo"}}).Is(http.StatusUnprocessableEntity)
		page.Says("Choose a language from the list.").Has("#language-error").Has("option[value='Asia/Tokyo'][selected]")
		save(jonas, "/region", url.Values{"time_zone": {"Asia/Tokyo"}}).SeeOther()
		if title, _ := jonas.Get("/staff/settings/region").OK().Find("footer time").Attr("title"); !strings.Contains(title, "(Asia/Tokyo)") && !strings.Contains(title, "JST") {
			t.Errorf("the time is %q", title)
		}
		p := w.Account("Acme", "ann").Owner
		p.Get("/me/profile").OK().Has("option[value='Asia/Tokyo'][selected]")
	})
}

func TestALogoStandsOnEveryPage(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		upload(jonas, "light", "0", []byte("GIF89a")).Is(http.StatusUnprocessableEntity).Says("This file is no PNG picture.")
		upload(jonas, "light", "0", make([]byte, 300<<10)).Is(http.StatusUnprocessableEntity).Says("This file is larger than 256 KB.")
		upload(jonas, "light", "0", make([]byte, 5<<20)).Is(http.StatusRequestEntityTooLarge)
		upload(jonas, "light", "3", picture(t)).Is(http.StatusConflict).Says("changed by someone else meanwhile")
		upload(jonas, "other", "0", picture(t)).Is(http.StatusNotFound)
		jonas.Post("/staff/settings/logo/light", url.Values{"version": {"0"}, "logo": {"x"}}).Is(http.StatusUnsupportedMediaType)

		upload(jonas, "light", "0", picture(t)).SeeOther()
		upload(jonas, "dark", "1", picture(t)).SeeOther()
		page := w.Person("guest").Get("/login").OK().Has("header .brand img[alt=Atrium][width='120'][height='40']").Has("header .brand source[media*=dark]").HasNot("header .brand svg")
		src, _ := page.Find("header .brand img").Attr("src")
		file := w.Person("guest").Get(src).OK()
		if file.Header.Get("Content-Type") != "image/png" || file.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(file.Body, "\x89PNG") {
			t.Errorf("the logo is %v", file.Header)
		}
		w.Person("guest").Get("/brand/light.png?v=0").Is(http.StatusNotFound)
		jonas.Get("/staff/settings").OK().Submit("form[action='/staff/settings/logo/light/remove']", nil).SeeOther()
		w.Person("guest").Get("/login").OK().HasNot("header .brand img").Has("header .brand svg")
		w.Person("guest").Get(src).Is(http.StatusNotFound)
		if got := audits(w, "settings.changed"); len(got) != 3 || !strings.Contains(got[0], `"width":120`) {
			t.Errorf("the audit has %q", got)
		}
		w.Holds()
	})
}
