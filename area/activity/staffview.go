package activity

import (
	"net/url"
	"strconv"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/id"
	"atrium/ui"
)

// A staffWish is what the filter's form of everything says. What can't be chosen
// there is as if it were not said; what was typed stays, so that it can be
// mended.
type staffWish struct{ Account, Person, Staff, Area, Period, Before string }

func readStaffWish(query func(name string) string) staffWish {
	w := staffWish{Account: query("account"), Person: query("person"), Staff: all, Area: all, Period: period(query)}
	if _, ok := id.Parse[access.StaffPerson](query("staff")); ok || query("staff") == anyStaff {
		w.Staff = query("staff")
	}
	switch a := Area(query("area")); a {
	case LogIns, Users, Account, Nowhere, Office:
		w.Area = string(a)
	}
	if _, ok := parseMark(query("before")); ok {
		w.Before = query("before")
	}
	return w
}

// anyStaff says in the filter: whoever of the staff.
const anyStaff = "any"

func (w staffWish) search() Search {
	s := Search{Account: w.Account, Person: w.Person, Support: w.Staff == anyStaff}
	s.One, _ = id.Parse[access.StaffPerson](w.Staff) // "all" and "any" are nobody's id
	s.Days, _ = strconv.Atoi(w.Period)               // "all" is no number: from the beginning
	s.Before, _ = parseMark(w.Before)
	if w.Area != all {
		s.Area = Area(w.Area)
	}
	return s
}

func (w staffWish) query(before string) string {
	v := url.Values{"account": {w.Account}, "person": {w.Person}, "staff": {w.Staff}, "area": {w.Area}, "period": {w.Period}}
	if before != "" {
		v.Set("before", before)
	}
	return "?" + v.Encode()
}

type surveyView struct {
	staffWish
	Survey
	Err error
}

const surveyBase = "/staff/activity"

func (v surveyView) newest() string {
	if v.Before == "" {
		return ""
	}
	return surveyBase + v.query("")
}

func (v surveyView) older() string {
	if v.Next == (audit.Mark{}) {
		return ""
	}
	return surveyBase + v.query(formatMark(v.Next))
}

func (v surveyView) file() string { return surveyBase + ".csv" + v.query("") }

// staff are those to choose from.
func (v surveyView) staff(p ui.Printer) []ui.Option {
	options := []ui.Option{{Value: all, Label: p.T("Users and staff")}, {Value: anyStaff, Label: p.T("Anybody of the staff")}}
	for _, x := range v.Survey.Staff {
		options = append(options, ui.Option{Value: x.ID.String(), Label: p.T("%s (%s)", x.Name, x.Email)})
	}
	return options
}

func staffAreas(p ui.Printer) []ui.Option {
	return append(areas(p),
		ui.Option{Value: string(Nowhere), Label: p.T("Users' own logins")},
		ui.Option{Value: string(Office), Label: p.T("Staff and the system")})
}

// place names where an entry was done.
func place(p ui.Printer, e Entry) string {
	if e.AccountName == "" {
		return p.T("account #%s", e.Account.String())
	}
	return p.T("%s (#%s)", e.AccountName, e.Account.String())
}
