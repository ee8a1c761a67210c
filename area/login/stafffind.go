package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

// find answers the field Select User, a list and no whole page. Those who give
// accounts to users ask: to open an account takes EditAccounts, and every role
// that manages users holds it too.
func (s Staff) find(q *web.Request, _ access.Staff[access.EditAccounts]) (web.Reply, error) {
	found, err := q.FindUsers(q.Query("q"))
	if err != nil {
		return nil, err
	}
	return web.Page{Body: func(f ui.Frame) templ.Component { return ui.PickList(f.P, found) }}, nil
}
