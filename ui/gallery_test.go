package ui_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"atrium/fault"
	"atrium/ui"
)

// TestGallery draws every component and looks at it the way people do: wide and
// narrow, light and dark, from the right, without the script.
func TestGallery(t *testing.T) {
	pages := map[string]templ.Component{
		"users": usersPage(t), "pieces": piecesPage(t), "invitation": invitationPage(t), "accounts": accountsPage(t), "staff": staffPage(t),
	}
	g, checker, ctx := newGallery(t, pages), axe(t), browser(t)
	for page := range pages {
		for _, v := range []view{{1280, "light"}, {1280, "dark"}, {390, "light"}, {390, "dark"}, {320, "light"}} {
			t.Run(page+"/"+v.String(), func(t *testing.T) {
				do(t, ctx, v.set(), chromedp.Navigate(g.URL+"/"+page))
				fits(t, ctx, v.width)
				for _, s := range violations(t, ctx, checker) {
					t.Error(s)
				}
				keep(t, ctx, page+"-"+v.String())
			})
		}
		for _, width := range []int64{700, 880, 1010} {
			t.Run(fmt.Sprintf("%s/%d", page, width), func(t *testing.T) {
				do(t, ctx, view{width, "light"}.set(), chromedp.Navigate(g.URL+"/"+page))
				fits(t, ctx, width)
				keep(t, ctx, fmt.Sprintf("%s-%d", page, width))
			})
		}
		t.Run(page+"/rtl", func(t *testing.T) {
			do(t, ctx, view{390, "light"}.set(), chromedp.Navigate(g.URL+"/"+page))
			eval[string](t, ctx, `document.documentElement.dir = "rtl"`)
			fits(t, ctx, 390)
			keep(t, ctx, page+"-rtl")
		})
	}
	for _, v := range []view{{1280, "light"}, {390, "dark"}} {
		for _, menu := range []string{".acct", ".usr", ".burger"} {
			if menu == ".burger" && v.width > 1000 {
				continue
			}
			t.Run("menu"+menu+"/"+v.String(), func(t *testing.T) {
				do(t, ctx, v.set(), chromedp.Navigate(g.URL+"/users"), chromedp.Click(chromedp.CSS(menu+" > summary")))
				until(t, ctx, `document.querySelector("`+menu+`").open`)
				fits(t, ctx, v.width)
				for _, s := range violations(t, ctx, checker) {
					t.Error(s)
				}
				png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				write(t, "menu"+menu+"-"+v.String(), png)
			})
		}
	}
	t.Run("without script", func(t *testing.T) {
		do(t, ctx, scripts(true), chromedp.Navigate(g.URL+"/users"))
		if n := eval[int](t, ctx, `[...document.querySelectorAll(".if-js")].filter(e => e.checkVisibility()).length`); n > 0 {
			t.Errorf("%d things that need the script are visible", n)
		}
		do(t, ctx, scripts(false))
	})
	if b := g.noted(&g.breaches); len(b) > 0 {
		t.Errorf("the content security policy was broken: %v", b)
	}
}

// fits fails when the page scrolls sideways.
func fits(t *testing.T, ctx context.Context, width int64) {
	t.Helper()
	if got := eval[int64](t, ctx, `document.documentElement.scrollWidth`); got != width {
		wide := eval[[]string](t, ctx, `[...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect();
			return r.right > innerWidth + 1 || r.left < -1 }).slice(0, 8).map(e => e.outerHTML.slice(0, 120))`)
		t.Errorf("the page is %d wide in a window of %d: %s", got, width, strings.Join(wide, "\n"))
	}
}

func TestPermissionsFollowEachOther(t *testing.T) {
	g, ctx := newGallery(t, map[string]templ.Component{"users": usersPage(t)}), browser(t)
	do(t, ctx, view{1280, "light"}.set(), chromedp.Navigate(g.URL+"/users"))
	state := func() string {
		return eval[string](t, ctx, `[...document.querySelectorAll("[name=perm]:checked")].map(b => b.value).join(" ") + " | " +
			[...document.querySelectorAll("[data-preset][aria-pressed=true]")].map(b => b.textContent.trim()).join(" ") + " | " +
			document.querySelector("[data-count]").textContent + " | " + document.querySelector("[data-also]").textContent`)
	}
	click := func(selector string) {
		t.Helper()
		do(t, ctx, chromedp.Click(chromedp.CSS(selector)))
	}
	for _, step := range []struct{ click, want string }{
		{"", " |  | 0 of 13 permissions chosen | "},
		{"[value=manageproducts]", "products manageproducts |  | 2 of 13 permissions chosen | Also ticks View Products & Services."},
		{"[value=productsso]", "products manageproducts productsso |  | 3 of 13 permissions chosen | "},
		{"[value=products]", " |  | 0 of 13 permissions chosen | Also unticks View & Modify Product Passwords, Perform Single Sign-On."},
		{"[data-preset^='products,domains,inv']", "products domains invoices quotes | Accountant | 4 of 13 permissions chosen | "},
		{"[value=quotes]", "products domains invoices |  | 3 of 13 permissions chosen | "},
		{"[value=quotes]", "products domains invoices quotes | Accountant | 4 of 13 permissions chosen | "},
		{"[data-preset='']", " |  | 0 of 13 permissions chosen | "},
	} {
		if step.click != "" {
			click(step.click)
		}
		if got := state(); got != step.want {
			t.Errorf("after %q:\n got %s\nwant %s", step.click, got, step.want)
		}
	}
	click("[value=all]")
	until(t, ctx, `!document.querySelector("[data-perms]").checkVisibility()`)
}

func TestMenusCloseAndGiveTheFocusBack(t *testing.T) {
	g, ctx := newGallery(t, map[string]templ.Component{"users": usersPage(t)}), browser(t)
	do(t, ctx, view{1280, "light"}.set(), chromedp.Navigate(g.URL+"/users"), chromedp.Click(chromedp.CSS(".acct > summary")), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Escape))
	until(t, ctx, `!document.querySelector(".acct").open && document.activeElement === document.querySelector(".acct > summary")`)
	do(t, ctx, chromedp.Click(chromedp.CSS(".usr > summary")), chromedp.Click(chromedp.CSS("h1")))
	until(t, ctx, `!document.querySelector(".usr").open`)
	do(t, ctx, chromedp.Click(chromedp.CSS(".acct > summary")), chromedp.Click(chromedp.CSS(".usr > summary")))
	until(t, ctx, `document.querySelector(".usr").open && !document.querySelector(".acct").open`)
}

func TestFormsAreSentOnce(t *testing.T) {
	g, ctx := newGallery(t, map[string]templ.Component{"pieces": piecesPage(t)}), browser(t)
	do(t, ctx, view{1280, "light"}.set(), chromedp.Navigate(g.URL+"/pieces"))
	if got := eval[string](t, ctx, `document.activeElement.getAttribute("role")`); got != "alert" {
		t.Errorf("the focus is not on the summary of what is wrong, but on a %q", got)
	}
	if got := eval[string](t, ctx, `document.querySelector("[name=zone]").value`); got != eval[string](t, ctx, `Intl.DateTimeFormat().resolvedOptions().timeZone`) {
		t.Errorf("the time zone guessed is %q", got)
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#password"), "correct horse"), chromedp.Click(chromedp.CSS("[data-show]")))
	until(t, ctx, `document.getElementById("password").type === "text"`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#message"), "Hé👋"))
	until(t, ctx, `document.getElementById("message-count").textContent === "497 characters left"`)
	eval[any](t, ctx, `const m = document.getElementById("message"); m.value = "x".repeat(503); m.dispatchEvent(new Event("input", {bubbles: true})); 0`)
	until(t, ctx, `document.getElementById("message-count").textContent === "3 characters too many"`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#send button.primary")), chromedp.Click(chromedp.CSS("#send button.primary")))
	until(t, ctx, `document.querySelector("#send button.primary").textContent === "Saving…"`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#send button.primary")))
	if got := eval[string](t, ctx, `document.getElementById("password").type`); got != "password" {
		t.Errorf("a shown password is sent from a field of type %s", got)
	}
	do(t, ctx, chromedp.Sleep(800e6))
	if posts := g.noted(&g.posts); len(posts) != 1 || !strings.Contains(posts[0], "password=correct+horse") || !strings.Contains(posts[0], "do=save") {
		t.Errorf("sent %d times: %q", len(posts), posts)
	}

	do(t, ctx, chromedp.Click(chromedp.CSS("[data-copy]")))
	until(t, ctx, `document.querySelector("[data-copy]").textContent === "Copied"`)
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-dismiss]")))
	until(t, ctx, `!document.querySelector("[data-dismiss]") && document.activeElement.id === "main"`)
}

// usersPage is User Management.
func usersPage(t *testing.T) templ.Component {
	f := frame(t)
	f.Flash = &ui.Flash{Kind: ui.OK, Text: "Invitation sent to lena.hoffmann@freelance.example. It works until 29 Nov 2026, 14:05 (CET)."}
	f.Verify = "maja@nordlicht-studio.example"
	user := func(name, email, access, count string, tag templ.Component) string {
		var b strings.Builder
		c := markup(`<tr role="row"><td role="cell" class="lead"><div class="who">`, ui.Avatar(ui.Initials(name)), `<div><div class="ttl">`, name,
			`</div><div class="sub brk">`, email, `</div></div></div></td><td role="cell" data-l="Access"><div>`, access, `<div class="sub">`, count, ` of 13 permissions</div></div></td>
			<td role="cell" data-l="Last login"><div>`, ui.Time(f.P, now.Add(-7200e9), now), `<div>`, tag, `</div></div></td><td role="cell" class="end"><div class="acts">
			<a class="btn sm" href="#x">Manage Permissions<span class="vh"> of `, name, `</span></a>
			<a class="btn sm danger" href="#x">`, ui.Icon(ui.IconBin), `Remove Access<span class="vh"> of `, name, `</span></a></div></td></tr>`)
		if err := c.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	return around(ui.Layout(f),
		around(ui.PageHead("User Management", "People who can log in to Nordlicht Studio GmbH, and what each of them may do here."),
			`<a class="btn primary" href="#invite">`, ui.Icon(ui.IconPlus), `Invite user</a>`),
		`<div class="stack">`,
		around(ui.Card(ui.Head{ID: "h-u", Title: "Users", Count: 4}), `<table class="flow" role="table"><thead role="rowgroup"><tr role="row">
			<th scope="col" role="columnheader">User</th><th scope="col" role="columnheader">Access</th><th scope="col" role="columnheader">Last login</th>
			<th scope="col" role="columnheader"><span class="vh">Actions</span></th></tr></thead><tbody role="rowgroup">
			<tr role="row"><td role="cell" class="lead"><div class="who">`, ui.Avatar("ML"), `<div><div class="ttl">Maja Lindqvist <span class="sub">(you)</span></div>
			<div class="sub brk">maja@nordlicht-studio.example</div></div></div></td><td role="cell" data-l="Access"><div>`, ui.Badge(ui.Info, "Owner"),
			`<div class="sub">All permissions</div></div></td><td role="cell" data-l="Last login"><div>just now</div></td>
			<td role="cell" class="end"><div class="acts"><button class="btn sm" type="button" aria-disabled="true" aria-describedby="why">Manage Permissions</button>
			<button class="btn sm danger" type="button" aria-disabled="true" aria-describedby="why">`, ui.Icon(ui.IconBin), `Remove Access</button></div>
			<span class="sub" id="why">The owner always has full access.</span></td></tr>`,
			user("Tomasz Wrona", "tomasz@wrona-web.example", "Webmaster", "6", ui.Tag(ui.OK, "Two-step login on")),
			user("Priya Raman", strings.Repeat("a-very-long-name.", 6)+"@raman-accounting.example", "Accountant", "4", ui.Tag(ui.Warn, "No two-step login")),
			user("Wolfeschlegelsteinhausenbergerdorff Adolph-Blaine-Charles-David-Earl-Frederick", "w@example.com", "Custom", "2", ui.Tag(ui.Warn, "No two-step login")),
			`</tbody></table>`),
		around(ui.Card(ui.Head{ID: "h-i", Title: "Pending Invites", Count: 1}), `<table class="flow" role="table"><thead role="rowgroup"><tr role="row">
			<th scope="col" role="columnheader">Email</th><th scope="col" role="columnheader">Access</th><th scope="col" role="columnheader">Status</th>
			<th scope="col" role="columnheader"><span class="vh">Actions</span></th></tr></thead><tbody role="rowgroup">
			<tr role="row"><td role="cell" class="lead"><div class="ttl brk">lena.hoffmann@freelance.example</div><div class="sub">Sent 2 days ago by Maja Lindqvist</div></td>
			<td role="cell" data-l="Access"><div>Developer<div class="sub">5 of 13 permissions</div></div></td>
			<td role="cell" data-l="Status"><div>`, ui.Tag(ui.Info, "Pending"), `<div class="sub">Expires in 5 days</div></div></td>
			<td role="cell" class="end"><div class="acts"><form method="post" action="/slow">`,
			ui.Submit(ui.Button{Label: "Resend Invite", Icon: ui.IconSend, Second: true, Small: true, About: " to lena.hoffmann@freelance.example"}),
			`</form><a class="btn sm danger" href="#x">Cancel Invite<span class="vh"> to lena.hoffmann@freelance.example</span></a></div></td></tr></tbody></table>`),
		inviteForm(ui.Form{P: f.P}), `</div>`)
}

func inviteForm(form ui.Form) templ.Component {
	perms := []struct{ group, key, needs, label, text, risk string }{
		{"Account", "profile", "", "Modify Master Account Profile", "Access and modify the account profile information", "Invoices and domain ownership follow these details."},
		{"", "contacts", "", "View &amp; Manage Contacts", "Access and manage contacts", "New contacts get copies of invoices and domain notices."},
		{"", "emails", "", "View Emails", "Access to view account email history", "Some emails contain login details."},
		{"Services", "products", "", "View Products &amp; Services", "View access to products, services and addons", ""},
		{"", "manageproducts", "products", "View &amp; Modify Product Passwords", "Allow password resets and other actions", "Full control over websites and mailboxes."},
		{"", "productsso", "products", "Perform Single Sign-On", "Allow single sign-on into services", "Full control over websites and mailboxes."},
		{"", "orders", "", "Place New Orders/Upgrades/Cancellations", "Allow placing of new orders", "Can spend money and end services."},
		{"Domains", "domains", "", "View Domains", "View access to domain registrations", ""},
		{"", "managedomains", "domains", "Manage Domain Settings", "Allow domain management eg. nameservers/whois/transfers", "Can take websites and email offline."},
		{"Billing", "invoices", "", "View &amp; Pay Invoices", "View and payment access to invoices", "Can pay with saved payment methods."},
		{"", "quotes", "", "View &amp; Accept Quotes", "View and acceptance permissions for quotes", "Accepting is binding."},
		{"", "affiliates", "", "View &amp; Manage Affiliate Account", "Access to view and request withdrawals", "Can request a payout."},
		{"Support", "tickets", "", "View &amp; Open Support Tickets", "Access to open, respond and manage support tickets", ""},
	}
	var list strings.Builder
	for i, p := range perms {
		if p.group != "" && i > 0 {
			list.WriteString("</fieldset>")
		}
		if p.group != "" {
			fmt.Fprintf(&list, `<fieldset class="group"><legend>%s</legend>`, p.group)
		}
		fmt.Fprintf(&list, `<label class="perm"><input type="checkbox" name="perm" value="%s" data-needs="%s" aria-describedby="d-%[1]s"><span><b>%[3]s</b>`, p.key, p.needs, p.label)
		if p.risk != "" {
			list.WriteString(` <span class="tag warn plain">Sensitive</span>`)
		}
		fmt.Fprintf(&list, `<span class="sub" id="d-%s">%s`, p.key, p.text)
		if p.risk != "" {
			fmt.Fprintf(&list, `<span class="risk">%s</span>`, p.risk)
		}
		list.WriteString("</span></span></label>")
	}
	return markup(`<form class="card" id="invite" method="post" action="/slow" aria-labelledby="h-n" novalidate>`,
		ui.CardHead(ui.Head{ID: "h-n", Title: "Invite New User"}), `<div class="body stack">`, form.Summary(),
		form.Field(ui.Input{Name: "email", Label: "Email address", Type: "email", Placeholder: "name@example.com", Hint: "We send a link that works for 7 days. They can use an existing login or create one."}),
		`<fieldset><legend class="lg">What may this person do?</legend><div class="choice">
		<label class="opt"><input type="radio" name="access" value="all"><span><b>All Permissions</b><span class="sub">Everything you can do, except managing users and the ownership.</span></span></label>
		<label class="opt"><input type="radio" name="access" value="choose" checked><span><b>Choose Permissions</b><span class="sub">Pick only what this person needs. Recommended.</span></span></label></div></fieldset>
		<div class="reveal" data-perms><div class="presets if-js" role="group" aria-label="Start from a preset"><span class="sub">Start from:</span>
		<button type="button" class="btn sm" aria-pressed="false" data-preset="products,domains,invoices,quotes">Accountant</button>
		<button type="button" class="btn sm" aria-pressed="false" data-preset="products,manageproducts,productsso,domains,managedomains,tickets">Webmaster</button>
		<button type="button" class="btn sm quiet" data-preset="">Clear</button></div><div class="groups">`, list.String(), `</fieldset></div>`, `<p class="sub" role="status" data-also="Also ticks %s." data-also-not="Also unticks %s."></p></div>`,
		form.TextArea(ui.Input{Name: "message", Label: "Message", Max: 500, Optional: true}), `</div><footer>`,
		ui.Submit(ui.Button{Label: "Send Invite", Busy: "Sending…", Icon: ui.IconMail}), `<span class="sub if-js if-choose" data-count="%d of %d permissions chosen"></span></footer></form>`)
}

// piecesPage has what the other pages have not, with errors.
func piecesPage(t *testing.T) templ.Component {
	f := frame(t)
	f.Title, f.Failed, f.Brand = "Pieces", true, "Hosting of the North"
	f.Person.First = "Wolfeschlegelsteinhausenbergerdorff"
	f.Account.Name, f.Account.Status = "Gesellschaft zur Pflege norddeutscher Binnenschifffahrtsmuseen mbH & Co. KG", "Inactive"
	f.MoreAccounts = 34
	f.Flash = &ui.Flash{Kind: ui.Bad, Text: "The mail server does not answer."}
	var fs fault.Fields
	fs.Add("email", "Enter an address like %s.", "name@example.com")
	fs.Add("message", "Shorten the message to %d characters.", 500)
	fs.Add("terms", "Tick this to go on.")
	fs.Add("country", "Choose a country.")
	form := ui.Form{P: f.P, Err: fs.Err()}
	ok := ui.Form{P: f.P, Prefix: "ok-"}
	icons := `<div class="acts">`
	var content []any
	for _, g := range ui.Icons() {
		content = append(content, ui.Icon(g))
	}
	all := markup(append(append([]any{icons}, content...), `</div>`)...)
	return around(ui.Layout(f), ui.PageHead("Pieces", ""), `<div class="stack">`, form.Summary(), `<div class="cols"><form id="send" class="card c7" method="post" action="/slow" novalidate aria-labelledby="p-f">`,
		ui.CardHead(ui.Head{ID: "p-f", Title: "A form"}), `<div class="body stack">`,
		form.Field(ui.Input{Name: "email", Label: "Email address", Type: "email", Value: "not an address", Autocomplete: "email", Hint: "We write to it now and then."}),
		form.Password(ui.Input{Name: "password", Label: "Password", Autocomplete: "new-password", Hint: "At least 12 characters. Pasting is fine."}),
		form.TextArea(ui.Input{Name: "message", Label: "Message", Max: 500, Optional: true}),
		form.Select(ui.Choice{Name: "country", Label: "Country", Options: []ui.Option{{Value: "", Label: "Choose…"}, {Value: "DE", Label: "Germany"}}}),
		ok.Select(ui.Choice{Name: "zone", Label: "Time zone", Zone: true, Options: []ui.Option{{Value: "", Label: "Choose…"}, {Value: "UTC", Label: "UTC"}, {Value: "Europe/Berlin", Label: "Berlin"}}}),
		form.Checkbox(ui.Check{Name: "terms", Value: "yes", Label: "I agree to the terms of this host, which are long and go on over more than one line", Hint: "You can read them first."}),
		ok.Field(ui.Input{Name: "fixed", Label: "Currency", Value: "EUR", Disabled: true}), `</div><footer>`,
		ui.Submit(ui.Button{Label: "Save", Busy: "Saving…", Name: "do", Value: "save"}), ui.Submit(ui.Button{Label: "Delete", Tone: ui.Bad, Second: true, Icon: ui.IconBin}), `</footer></form><div class="stack c5">`,
		ui.Confirm(ui.Confirmation{Title: "Remove Tomasz Wrona's access to Nordlicht Studio GmbH?", Text: []string{"Tomasz is logged out of this account at once and can no longer open it.", "Their login and their other accounts stay."},
			Action: "/slow", Yes: ui.Button{Label: "Remove Access", Tone: ui.Bad, Icon: ui.IconBin}, Keep: "Keep access", Back: "#x"}),
		around(ui.Card(ui.Head{ID: "p-e", Title: "Emails", Href: "#x", Link: "All emails"}), ui.Empty(ui.Emptiness{Icon: ui.IconMail, Title: "No emails yet", Text: "Every email we send about this account will be kept here.", Href: "#x", Link: "Account details"}), ui.Pager(f.P, "#x", "#x")),
		around(ui.Card(ui.Head{ID: "p-d", Title: "Account details"}), `<div class="body"><dl class="facts"><dt>Company</dt><dd>Nordlicht Studio GmbH</dd><dt>Address</dt><dd>Hafenstraße 12, 20457 Hamburg</dd></dl></div>`),
		`</div></div><div class="stats"><a class="card stat" href="#x"><span class="t">Users</span><b>4</b>1 invited</a><div class="card stat"><span class="t">Emails</span><b>128</b>this year</div></div>`,
		`<div class="card body stack">`, ok.Field(ui.Input{Name: "link", Label: "Link", Value: "https://example.com/invite/abc"}), `<div><button class="btn if-js" type="button" data-copy="ok-link" data-done="Copied">`, ui.Icon(ui.IconCopy), `Copy link</button></div></div>`,
		around(ui.Note(ui.Info), `The owner always has full access.`), around(ui.Note(ui.Warn), `They may know service passwords. <a href="#x">Consider changing them.</a>`), around(ui.Note(ui.OK), `All is well.`),
		`<section class="card" aria-labelledby="p-l">`, around(ui.CardHead(ui.Head{ID: "p-l", Title: "Accounts", Count: 3}), `<div class="find push"><label class="vh" for="filter">Find an account</label>
		<input id="filter" type="search" placeholder="Name or number"></div>`), `<ul class="list" id="l"><li><div><a href="#x">Nordlicht Studio GmbH</a><div class="sub">#10482</div></div><div class="e">`, ui.Badge(ui.Info, "Owner"), `</div></li>
		<li><div><a href="#x">Café Amsel</a><div class="sub">#10733</div></div><div class="e">`, ui.Tag(ui.OK, "Active"), `</div></li><li><div><a href="#x">Stadtchor Lübeck e.V.</a><div class="sub">#11587</div></div><div class="e">`,
		ui.Tag(ui.Mute, "Closed"), ui.Tag(ui.Bad, "Suspended"), `</div></li></ul></section>`, all, `</div>`)
}

// invitationPage is what a logged out person sees behind the link.
func invitationPage(t *testing.T) templ.Component {
	f := frame(t)
	f.Title, f.NoIndex, f.Help = "Invitation to Nordlicht Studio GmbH", true, "#help"
	f.Person, f.Account, f.Menu, f.Accounts = nil, nil, nil, nil
	have, fresh := ui.Form{P: f.P, Prefix: "l-"}, ui.Form{P: f.P, Prefix: "n-"}
	return around(ui.Plain(f), `<div class="stack"><div><h1>Join Nordlicht Studio GmbH</h1>
		<p class="lede">Maja Lindqvist invites you to help manage this account. The invitation works until 27 Nov 2026, 14:05 (CET).</p></div>`,
		around(ui.Card(ui.Head{ID: "w", Title: "What you will be able to do"}), `<ul class="list"><li>View Products &amp; Services</li><li>View Domains</li></ul>`),
		`<div class="two"><form class="card" method="post" novalidate aria-labelledby="l1">`, ui.CardHead(ui.Head{ID: "l1", Title: "I have a login"}), `<div class="body stack">`,
		have.Field(ui.Input{Name: "email", Label: "Email address", Type: "email", Autocomplete: "username", Value: "lena.hoffmann@freelance.example"}),
		around(have.Password(ui.Input{Name: "password", Label: "Password", Autocomplete: "current-password"}), `<a href="/forgot">Forgot password?</a>`), `</div><footer>`,
		ui.Submit(ui.Button{Label: "Log in and accept"}), `</footer></form><form class="card" method="post" novalidate aria-labelledby="l2">`, ui.CardHead(ui.Head{ID: "l2", Title: "I am new here"}), `<div class="body stack">`,
		fresh.Field(ui.Input{Name: "first", Label: "First name", Autocomplete: "given-name"}),
		fresh.Field(ui.Input{Name: "last", Label: "Last name", Autocomplete: "family-name", Optional: true}),
		fresh.Field(ui.Input{Name: "email", Label: "Email address", Type: "email", Autocomplete: "email", Value: "lena.hoffmann@freelance.example", Hint: "You may use a different address for your login."}),
		fresh.Password(ui.Input{Name: "password", Label: "New password", Autocomplete: "new-password", Hint: "At least 12 characters. Pasting is fine."}), `</div><footer>`,
		ui.Submit(ui.Button{Label: "Create login and accept"}), `</footer></form></div><p class="sub">Not expecting this? <a href="#x">Decline the invitation</a> or just close this page; nothing happens until you accept.</p></div>`)
}

// accountsPage is outside any account.
func accountsPage(t *testing.T) templ.Component {
	f := frame(t)
	f.Title, f.Account, f.Menu = "Switch Account", nil, nil
	return around(ui.Layout(f), ui.PageHead("Switch Account", "All accounts you can work on."), around(ui.Card(ui.Head{ID: "a", Title: "Your accounts", Count: 1}),
		`<ul class="list"><li><div class="who">`, ui.Avatar("NS"), `<div><a href="/a/10482/">Nordlicht Studio GmbH</a><div class="sub">#10482</div></div></div><div class="e">`, ui.Badge(ui.Info, "Owner"), `</div></li></ul>`))
}

// staffPage is a tab of an account's staff record.
func staffPage(t *testing.T) templ.Component {
	f := frame(t)
	f.Title, f.Staff, f.Account = "Users", true, nil
	return around(ui.Layout(f), around(ui.PageHead("Nordlicht Studio GmbH", "Account #10482, active since 2019"), `<a class="btn" href="#x">Login as Owner</a>`),
		`<nav class="tabs" aria-label="Account"><a href="#x">Summary</a><a href="#x">Profile</a><a href="#x" aria-current="page">Users</a><a href="#x">Products/Services</a><a href="#x">Invoices</a><a href="#x">Emails</a></nav>`,
		around(ui.Card(ui.Head{ID: "s", Title: "Users"}), ui.Empty(ui.Emptiness{Icon: ui.IconUsers, Title: "Only the owner can log in to this account."})),
		ui.BarChart(f.P, ui.Chart{ID: "ch", Title: "Log-ins to accounts", Unit: "Log-ins", First: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC),
			Counts: []int64{12, 0, 1, 40, 63, 1240, 999, 12345, 870, 1, 0, 321}}))
}
