package activity

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Staff is what staff see of the activity of all accounts.
type Staff struct{ Activity *Activity }

// Routes adds the page of everything, the tab of an account's record, and their
// files.
func (s Staff) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Activity", Path: "/activity", Icon: ui.IconClock, Rank: 40})
	see.Get("/activity", s.survey)
	see.Get("/activity.csv", s.surveyFile)

	on := web.StaffOn[access.SeeAccounts](r)
	on.Tab(web.Entry{Label: "Activity", Path: "/activity", Rank: 110})
	on.Get("/activity", s.record)
	on.Get("/activity.csv", s.recordFile)
}

// recordBase is the address of an account's record.
func recordBase(a id.Account) string { return "/staff/accounts/" + a.String() }

func (s Staff) survey(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	w := readStaffWish(q.Query)
	found, err := s.Activity.Survey(q.Context(), in, w.search())
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err
	}
	v := surveyView{staffWish: w, Survey: found, Err: err}
	return web.Page{Title: q.Printer().T("Activity"), Err: err, Body: func(f ui.Frame) templ.Component { return surveyPage(f, v) }}, nil
}

func (s Staff) surveyFile(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	return csvFile(q, "activity.csv", true, func(each func([]Entry) error) error {
		return s.Activity.SurveyFile(q.Context(), in, readStaffWish(q.Query).search(), each)
	}), nil
}

func (s Staff) record(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	w := readWish(q.Query)
	list, err := s.Activity.OnRecord(q.Context(), in, w.filter())
	if err != nil {
		return nil, err
	}
	v := listView{Base: recordBase(in.Account()) + "/activity", Owner: true, Staff: true, wish: w.whose(list.Choice), List: list}
	return web.Page{Title: q.Printer().T("Activity"), Body: func(f ui.Frame) templ.Component { return recordPage(f, v) }}, nil
}

func (s Staff) recordFile(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	return csvFile(q, "activity-"+in.Account().String()+".csv", false, func(each func([]Entry) error) error {
		return s.Activity.RecordFile(q.Context(), in, readWish(q.Query).filter(), each)
	}), nil
}
