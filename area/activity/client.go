package activity

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// Client is what members see of their account's activity.
type Client struct{ Activity *Activity }

// Routes adds the page and its file.
func (c Client) Routes(r *web.Routes) {
	in := web.Member(r, "Activity")
	in.Menu(web.Entry{Group: "Account", Label: "Activity", Path: "/activity", Icon: ui.IconClock, Rank: 140})
	in.Get("/activity", c.list)
	in.Get("/activity.csv", c.export)
}

func base(a id.Account) string { return "/a/" + a.String() + "/activity" }

func (c Client) list(q *web.Request, in access.Member) (web.Reply, error) {
	w := readWish(q.Query)
	list, err := c.Activity.List(q.Context(), in, w.filter())
	if err != nil {
		return nil, err
	}
	v := listView{Base: base(in.Account()), Account: in.Membership().AccountName(), Owner: in.Membership().Rights().Owner, wish: w.whose(list.Choice), List: list,
		Shown: q.Settings().Retention.ActivityShown}
	return web.Page{Title: q.Printer().T("Activity"), Body: func(f ui.Frame) templ.Component { return listPage(f, v) }}, nil
}

func (c Client) export(q *web.Request, in access.Member) (web.Reply, error) {
	return csvFile(q, "activity-"+in.Account().String()+".csv", false, func(each func([]Entry) error) error {
		return c.Activity.Export(q.Context(), in, readWish(q.Query).filter(), each)
	}), nil
}
