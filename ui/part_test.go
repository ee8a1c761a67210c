package ui_test

import (
	"testing"
	"time"

	"atrium/ui"
)

func TestTimeTellsTheExactTimeToo(t *testing.T) {
	f := frame(t)
	d := draw(t, ui.Time(f.P, now.Add(-2*time.Hour), now))
	if words(d.Find("time")) != "2 hours ago" ||
		attr(t, d, "time", "datetime") != "2026-11-22T11:05:00Z" ||
		attr(t, d, "time", "title") != "22 Nov 2026, 12:05 (CET)" {
		t.Error(d.Html())
	}
	if d = draw(t, ui.Time(f.P, time.Time{}, now)); words(d.Selection) != "Never" || d.Find("time").Length() > 0 {
		t.Error(d.Html())
	}
}

func TestPagerLeadsWhereThereIsMore(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	d := draw(t, ui.Pager(p, "", "?after=b"))
	if attr(t, d, "nav a", "href") != "?after=b" || attr(t, d, "nav a", "rel") != "next" {
		t.Error(d.Html())
	}
	if d = draw(t, ui.Pager(p, "", "")); d.Find("nav").Length() > 0 {
		t.Error("a pager with one page")
	}
}

func TestCardIsNamedByItsHeading(t *testing.T) {
	d := draw(t, around(ui.Card(ui.Head{ID: "h-u", Title: "Users", Count: 4, Href: "/all", Link: "All users"}), "<p>in it</p>"))
	if attr(t, d, "section.card", "aria-labelledby") != "h-u" || words(d.Find("#h-u")) != "Users" || words(d.Find(".count")) != "4" {
		t.Error(d.Html())
	}
	if attr(t, d, "header a", "href") != "/all" || words(d.Find("section > p")) != "in it" {
		t.Error(d.Html())
	}
	if d = draw(t, ui.Card(ui.Head{ID: "h", Title: "Users"})); d.Find(".count, a").Length() > 0 {
		t.Error(d.Html())
	}
}

func TestConfirmPostsOnlyOnYes(t *testing.T) {
	d := draw(t, ui.Confirm(ui.Confirmation{
		Title: "Remove Ann's access to Acme?", Text: []string{"Ann is logged out at once.", "Their login stays."},
		Action: "/a/10001/users/u/remove", Yes: ui.Button{Label: "Remove Access", Tone: ui.Bad}, Keep: "Keep access", Back: "/a/10001/users",
	}))
	if attr(t, d, "form[method=post]", "action") != "/a/10001/users/u/remove" || d.Find("button").Length() != 1 || d.Find("p").Length() != 2 {
		t.Error(d.Html())
	}
	if attr(t, d, "footer a", "href") != "/a/10001/users" || words(d.Find("footer a")) != "Keep access" {
		t.Error("the safe answer is not a link")
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	for _, g := range ui.Icons() {
		if d := draw(t, ui.Icon(g)); attr(t, d, "svg[aria-hidden=true] path", "d") == "" {
			t.Errorf("%s is empty", g)
		}
	}
	if d := draw(t, ui.Icon("")); d.Find("svg").Length() > 0 {
		t.Error("no icon is drawn as one")
	}
}
