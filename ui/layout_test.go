package ui_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"atrium/ui"
)

var now = time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)

// frame is a full one: an owner in one of several accounts.
func frame(t *testing.T) ui.Frame {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return ui.Frame{
		P: ui.NewPrinter("en", berlin), Now: now,
		Title: "User Management", Brand: "Atrium",
		Person:  &ui.Person{First: "Maja", Name: "Maja Lindqvist", Initials: "ML", Email: "maja@nordlicht-studio.example"},
		Account: &ui.AccountHead{Name: "Nordlicht Studio GmbH", Number: "10482", Initials: "NS"},
		Menu: []ui.MenuGroup{
			{Items: []ui.MenuItem{{Label: "Home", Href: "/a/10482/", Icon: ui.IconHome}}},
			{Label: "Account", Items: []ui.MenuItem{
				{Label: "User Management", Href: "/a/10482/users", Icon: ui.IconUsers, Count: 4, Current: true},
				{Label: "Account details", Href: "/a/10482/profile", Icon: ui.IconBuilding},
				{Label: "Emails", Href: "/a/10482/emails", Icon: ui.IconMail},
			}},
		},
		PersonMenu: []ui.MenuItem{
			{Label: "Your Profile", Href: "/me/profile", Icon: ui.IconPerson},
			{Label: "Password & Security", Href: "/me/security", Icon: ui.IconLock},
			{Label: "Sessions", Href: "/me/sessions", Icon: ui.IconDevice},
			{Label: "User Management", Href: "/a/10482/users", Icon: ui.IconUsers},
			{Label: "Switch Account", Href: "/accounts", Icon: ui.IconSwitch},
		},
		Accounts: []ui.AccountItem{
			{Name: "Nordlicht Studio GmbH", Number: "10482", Href: "/a/10482/", Role: "Owner", Owner: true, Current: true},
			{Name: "Café Amsel", Number: "10733", Href: "/a/10733/", Role: "Webmaster"},
			{Name: "Stadtchor Lübeck e.V.", Number: "11587", Href: "/a/11587/", Role: "Accountant", Closed: true},
		},
		Asset: newAssets(t).URL,
	}
}

// markup writes HTML as it stands, and the components between it.
func markup(parts ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range parts {
			var err error
			switch p := p.(type) {
			case string:
				_, err = io.WriteString(w, p)
			case templ.Component:
				err = p.Render(ctx, w)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// around draws content inside a component that takes children.
func around(outer templ.Component, content ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, markup(content...)), w)
	})
}

func TestLayoutHasItsLandmarks(t *testing.T) {
	f := frame(t)
	d := draw(t, around(ui.Layout(f), "<h1>Here</h1>"))
	if attr(t, d, "html", "lang") != "en" || attr(t, d, "html", "dir") != "ltr" {
		t.Error("the language or its direction is missing")
	}
	if attr(t, d, "body > a:first-child", "href") != "#main" || words(d.Find("main#main h1")) != "Here" {
		t.Error("the skip link does not lead to the page")
	}
	var names []string
	d.Find("nav").Each(func(_ int, s *goquery.Selection) { names = append(names, s.AttrOr("aria-label", "")) })
	if got := strings.Join(names, "; "); got != "Main, small screens; Main" {
		t.Errorf("navigations are called %q", got)
	}
	if d.Find("header.top").Length() != 1 || d.Find("main").Length() != 1 {
		t.Error("one banner and one main are wanted")
	}
	d.Find("nav.nav").Each(func(_ int, s *goquery.Selection) {
		if got := words(s.Find("[aria-current=page]")); got != "User Management 4" {
			t.Errorf("the current entry is %q", got)
		}
	})
	if attr(t, d, "form[action='/logout'][method=post] button", "type") != "" {
		t.Error("Log out is not a button that posts")
	}
	if got := words(d.Find(".usr summary")); !strings.Contains(got, "Hello, Maja!") {
		t.Errorf("the person's menu says %q", got)
	}
	if d.Find("style, [style], script:not([src]), [onclick]").Length() > 0 {
		t.Error("something is inline")
	}
	if d.Find(".note, meta[name=robots], [href='']").Length() > 0 {
		t.Error("what is not given is drawn")
	}
}

func TestTitles(t *testing.T) {
	for _, c := range []struct {
		change func(*ui.Frame)
		want   string
	}{
		{func(*ui.Frame) {}, "User Management · Nordlicht Studio GmbH · Atrium"},
		{func(f *ui.Frame) { f.Failed = true }, "Error: User Management · Nordlicht Studio GmbH · Atrium"},
		{func(f *ui.Frame) { f.Account = nil }, "User Management · Atrium"},
		{func(f *ui.Frame) { f.Title = f.Account.Name }, "Nordlicht Studio GmbH · Atrium"},
		{func(f *ui.Frame) { f.Staff = true }, "User Management · Nordlicht Studio GmbH · Atrium staff"},
		{func(f *ui.Frame) { f.Account.Name = "<b>x</b>" }, "User Management · <b>x</b> · Atrium"},
	} {
		f := frame(t)
		c.change(&f)
		if got := draw(t, ui.Layout(f)).Find("title").Text(); got != c.want {
			t.Errorf("title %q, want %q", got, c.want)
		}
	}
}

func TestNamesAreEscapedEverywhere(t *testing.T) {
	f := frame(t)
	evil := `<b onclick="x">"x'</b>`
	f.Title, f.Brand, f.Verify = evil, evil, evil
	f.Person = &ui.Person{First: evil, Name: evil, Initials: ui.Initials(evil), Email: evil}
	f.Account = &ui.AccountHead{Name: evil, Number: "1", Initials: ui.Initials(evil), Status: evil}
	f.Menu[1].Label, f.Menu[1].Items[0].Label = evil, evil
	f.PersonMenu[0] = ui.MenuItem{Label: evil, Href: "javascript:alert(1)"}
	f.Accounts[0].Name, f.Accounts[0].Role = evil, evil
	f.Flash = &ui.Flash{Kind: ui.OK, Text: evil}
	d := draw(t, around(ui.Layout(f), ui.Confirm(ui.Confirmation{Title: evil, Text: []string{evil}, Action: "/x", Keep: evil}), ui.PageHead(evil, evil)))
	if n := d.Find("[onclick]").Length(); n > 0 {
		t.Errorf("%d names became markup", n)
	}
	if d.Find("[href^=javascript]").Length() > 0 {
		t.Error("a javascript: address is a link")
	}
	if words(d.Find(".acct summary .cut")) != "Account: "+evil+". Switch Account" {
		t.Errorf("the switcher says %q", words(d.Find(".acct summary .cut")))
	}
}

func TestSwitcher(t *testing.T) {
	f := frame(t)
	f.MoreAccounts = 34
	d := draw(t, ui.Layout(f))
	items := d.Find(".acct .pop .item")
	if items.Length() != 4 || items.Last().AttrOr("href", "") != "/accounts" || words(items.Last()) != "All accounts 37" {
		t.Errorf("%d items, the last is %q", items.Length(), words(items.Last()))
	}
	if got := words(items.First()); got != "NS Nordlicht Studio GmbH #10482 Owner · current" || items.First().AttrOr("aria-current", "") != "true" {
		t.Errorf("the current account reads %q", got)
	}
	if got := words(d.Find(".acct .item.closed .x")); got != "Accountant · Closed" {
		t.Errorf("the closed account reads %q", got)
	}
	if attr(t, d, ".acct form[method=get][action='/accounts'] input", "name") != "q" {
		t.Error("many accounts can't be searched")
	}

	f.MoreAccounts, f.Account, f.Menu = 0, nil, nil
	d = draw(t, ui.Layout(f))
	if words(d.Find(".acct summary")) != "Switch Account" || d.Find(".acct form").Length() > 0 || d.Find(".burger, .side").Length() > 0 {
		t.Errorf("outside an account the switcher says %q", words(d.Find(".acct summary")))
	}
	f.Accounts = nil
	if d = draw(t, ui.Layout(f)); words(d.Find(".acct .pop")) != "All accounts" {
		t.Errorf("without an account the switcher offers %q", words(d.Find(".acct .pop")))
	}
}

func TestStaffAreaLooksAndLeadsElsewhere(t *testing.T) {
	f := frame(t)
	f.Staff, f.Account = true, nil
	d := draw(t, ui.Layout(f))
	if attr(t, d, "html", "data-area") != "staff" || words(d.Find(".top > .tag")) != "Staff" || d.Find(".acct").Length() > 0 {
		t.Error("the staff area is not marked, or has a switcher")
	}
	if attr(t, d, ".brand", "href") != "/staff/" || d.Find("form[action='/staff/logout']").Length() != 1 {
		t.Error("the brand or Log out leads out of the staff area")
	}
}

func TestNotices(t *testing.T) {
	f := frame(t)
	f.Verify, f.NoIndex, f.Help = "maja@nordlicht-studio.example", true, "/help"
	f.Flash = &ui.Flash{Kind: ui.OK, Text: "Invitation sent."}
	d := draw(t, ui.Layout(f))
	if attr(t, d, "meta[name=robots]", "content") != "noindex" || attr(t, d, ".top a.push", "href") != "/help" {
		t.Error("robots are not kept out, or Help is missing")
	}
	if d.Find("form[method=post][action='/me/verify'] button").Length() != 1 || words(d.Find("main [role=status] > div")) != "Invitation sent." {
		t.Errorf("notices: %q", words(d.Find(".note")))
	}
	f.Flash.Kind = ui.Bad
	if d = draw(t, ui.Layout(f)); d.Find("main [role=alert]").Length() != 1 {
		t.Error("a bad message is not an alert")
	}
}

func TestPlainNeedsNobody(t *testing.T) {
	f := frame(t)
	f.Person, f.Account, f.Menu, f.Accounts = nil, nil, nil, nil
	d := draw(t, around(ui.Plain(f), "<h1>Log in</h1>"))
	if words(d.Find("main#main.narrow h1")) != "Log in" || d.Find("details, nav, .acct").Length() > 0 {
		t.Error("menus of somebody who is not there")
	}
	if attr(t, d, ".brand", "href") != "/" {
		t.Error("the brand does not lead home")
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Maja Lindqvist": "ML", "deniz": "D", "Ana María de la Cruz": "AM", "Émile Zola": "ÉZ",
		"李 小龙": "李小", "": "?", "💥": "?", "<b>x</b>": "B", "O'Neil & Sons": "OS",
	} {
		if got := ui.Initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
