package staff

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/job"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// OverviewClient is the page that staff begin with.
type OverviewClient struct{ Overview *Overview }

// Routes adds it, and running failed work again.
func (c OverviewClient) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Overview", Path: "/", Icon: ui.IconHome, Rank: 10})
	see.Overview(20, c.failed)
	see.Get("/", c.overview)

	web.Staff[access.RunJobs](r).Post("/jobs/{job}/again", c.runAgain)
}

func (c OverviewClient) overview(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	sections, err := q.Overview(in)
	if err != nil {
		return nil, err
	}
	year, err := c.Overview.Year(q.Context(), in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := overviewView{Sections: sections, Charts: charts(p, year)}
	return web.Page{Title: p.T("Overview"), Body: func(f ui.Frame) templ.Component { return overviewPage(f, v) }}, nil
}

// failed is the section about jobs; nil while none has failed.
func (c OverviewClient) failed(q *web.Request, in access.Staff[access.SeeAccounts]) (templ.Component, error) {
	all, err := c.Overview.Failed(q.Context(), in)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return failedCard(q.Printer(), q.Now(), all, in.Person().Role.Holds(access.NameRunJobs)), nil
}

func (c OverviewClient) runAgain(q *web.Request, in access.Staff[access.RunJobs]) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	key, ok := job.ParseID(q.Path("job"))
	if !ok {
		return nil, web.NoPage()
	}
	p := q.Printer()
	err := c.Overview.RunAgain(q.Context(), in, key)
	if fault.Is(err, fault.Conflict) {
		return web.Redirect{To: "/staff/", Flash: ui.Flash{Kind: ui.Info, Text: p.Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done("/staff/", p.T("It is run again now. If it fails, it is tried for about a day before it comes back here.")), nil
}
