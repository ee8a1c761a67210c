package activity

import (
	"slices"
	"strconv"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/ui"
)

type listView struct {
	wish
	List
	Base    string // "/a/10001/activity"
	Account string
	Owner   bool // sees what everybody did
	Staff   bool // it is somebody of the staff who looks
	Shown   int  // for how many days members see it; 0: all that is kept
}

// newest and older lead to other pages; "": there is none.
func (v listView) newest() string {
	if v.wish.Before == "" {
		return ""
	}
	return v.Base + v.query("")
}

func (v listView) older() string {
	if v.Next == (audit.Mark{}) {
		return ""
	}
	return v.Base + v.query(formatMark(v.Next))
}

func (v listView) file() string { return v.Base + ".csv" + v.query("") }

func (v listView) lede(p ui.Printer) string {
	if v.Owner {
		return p.T("Who did what in %s, the latest first.", v.Account)
	}
	return p.T("What you did in %s, the latest first. Its owner sees what everybody did.", v.Account)
}

// persons are those to choose from, by name.
func (v listView) persons(p ui.Printer) []ui.Option {
	compare := p.Comparer()
	slices.SortFunc(v.People, func(a, b audit.Person) int { return compare(a.Name+a.Email, b.Name+b.Email) })
	options := []ui.Option{{Value: all, Label: p.T("Everybody")}}
	for _, x := range v.People {
		label := p.T("%s (%s)", x.Name, x.Email)
		if x.Email == "" {
			label = p.T("%s (no longer a member)", x.Name)
		}
		options = append(options, ui.Option{Value: x.User.String(), Label: label})
	}
	if v.Staff {
		return append(options, ui.Option{Value: support, Label: p.T("Our staff")})
	}
	return append(options, ui.Option{Value: support, Label: p.T("Support")})
}

// findHint says what a search for a person has found.
func (v listView) findHint(p ui.Printer) string {
	switch n := len(v.People); {
	case v.Find == "":
		return p.T("Among all who did something here. The list of persons has those who did what is shown.")
	case n == 0:
		return p.T("Nobody who did something here is called “%s”.", v.Find)
	case n > 1:
		return p.T("Found: %d. Choose one of them in the list of persons.", n)
	}
	return ""
}

func areas(p ui.Printer) []ui.Option {
	return []ui.Option{
		{Value: all, Label: p.T("Everything")},
		{Value: string(LogIns), Label: p.T("Log-ins")},
		{Value: string(Users), Label: p.T("Users and invitations")},
		{Value: string(Account), Label: p.T("Account")},
	}
}

// periods are to choose from, less than what is shown at most, in days; 0: all
// that is kept.
func periods(p ui.Printer, shown int) []ui.Option {
	options := []ui.Option{{Value: "7"}, {Value: usual}, {Value: "90"}}
	for i, o := range options {
		options[i].Label = p.T("The last %s days", o.Value)
	}
	if shown == 0 {
		return append(options, ui.Option{Value: all, Label: p.T("All that is kept")})
	}
	options = slices.DeleteFunc(options, func(o ui.Option) bool { n, _ := strconv.Atoi(o.Value); return n >= shown })
	return append(options, ui.Option{Value: all, Label: p.T("All that is shown: %d days", shown)})
}

// who names who did it.
func (e Entry) who(p ui.Printer) string {
	switch {
	case e.byName() && e.Behalf != "":
		return p.T("%s, as %s", e.Name, e.Behalf)
	case e.byName():
		return e.Name
	case e.By == access.ByStaff && e.Behalf != "":
		return p.T("Support, as %s", e.Behalf)
	case e.By == access.ByStaff:
		return p.T("Support")
	case e.By == access.BySystem:
		return p.T("Done by itself")
	case e.Name == "":
		return p.T("Not logged in")
	}
	return e.Name
}

// browser is in plain words with what it was done; "" where that is hidden.
func (e Entry) browser(p ui.Printer) string {
	if e.By == access.BySystem || e.By == access.ByStaff && !e.byName() {
		return ""
	}
	return p.Browser(e.Agent)
}

// byName tells whether staff did it and who looks at it may know who.
func (e Entry) byName() bool { return e.By == access.ByStaff && e.Name != "" }
