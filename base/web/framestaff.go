package web

import (
	"strings"

	"atrium/base/access"
	"atrium/ui"
)

// StaffOwn is the group of the staff area's entries that stand in the person's
// own menu instead of the side bar.
const StaffOwn = "own"

// staffMenu is what this person of the staff may reach.
func (q *Request) staffMenu() []ui.MenuGroup {
	p := q.Printer()
	here := longest(q.routes.staffEntries, strings.TrimPrefix(q.row.Path, "/staff"))
	var menu []ui.MenuGroup
	for _, e := range q.routes.staffEntries {
		if e.Group == StaffOwn || !e.holds(q.staff.Person.Role) {
			continue
		}
		if n := len(menu); n == 0 || menu[n-1].Label != p.Word(e.Group) {
			menu = append(menu, ui.MenuGroup{Label: p.Word(e.Group)})
		}
		g := &menu[len(menu)-1]
		g.Items = append(g.Items, ui.MenuItem{Label: p.Word(e.Label), Href: "/staff" + e.Path, Icon: e.Icon, Current: e.Path == here})
	}
	return menu
}

func (q *Request) staffPersonMenu() []ui.MenuItem {
	var items []ui.MenuItem
	for _, e := range q.routes.staffEntries {
		if e.Group == StaffOwn && e.holds(q.staff.Person.Role) {
			items = append(items, ui.MenuItem{Label: q.Printer().Word(e.Label), Href: "/staff" + e.Path, Icon: e.Icon})
		}
	}
	return items
}

// longest is the path of the entry that path belongs to: the longest that it
// begins with.
func longest(entries []staffEntry, path string) string {
	best, length := "", 0
	for _, e := range entries {
		for _, begin := range []string{e.Path, e.Also} {
			if (path == begin || begin != "/" && strings.HasPrefix(path, begin+"/")) && len(begin) > length {
				best, length = e.Path, len(begin)
			}
		}
	}
	return best
}

// recordHead is the account whose record the page is part of, with its tabs;
// nil on other pages.
func (q *Request) recordHead() *ui.Record {
	if q.card == nil {
		return nil
	}
	p, base := q.Printer(), "/staff/accounts/"+q.Path("account")
	head := &ui.Record{Name: q.card.Name, Number: q.Path("account"), Href: base}
	switch q.card.Status {
	case access.Inactive:
		head.Tone, head.Status = ui.Warn, p.T("Inactive")
	case access.Closed:
		head.Tone, head.Status = ui.Mute, p.T("Closed")
	default:
		head.Tone, head.Status = ui.OK, p.T("Active")
	}
	here := longest(q.routes.tabs, strings.TrimPrefix(q.row.Path, "/staff/accounts/{account}"))
	head.Tabs = q.recordItems(q.routes.tabs, base)
	for i, t := range head.Tabs {
		head.Tabs[i].Current = t.Href == base+here
	}
	head.Actions = q.recordItems(q.routes.actions, base)
	return head
}

// recordItems are those of the entries that this person may open.
func (q *Request) recordItems(entries []staffEntry, base string) []ui.MenuItem {
	var items []ui.MenuItem
	for _, e := range entries {
		if e.holds(q.staff.Person.Role) {
			items = append(items, ui.MenuItem{Label: q.Printer().Word(e.Label), Href: base + e.Path, Icon: e.Icon})
		}
	}
	return items
}
