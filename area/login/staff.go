package login

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

// Staff is what staff see of logins.
type Staff struct{ Login *Login }

// Routes adds the list of users, and the search of the field Select User.
func (s Staff) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Users", Path: "/users", Icon: ui.IconUsers, Rank: 30})
	see.Get("/users", s.users)

	web.Staff[access.EditAccounts](r).Get("/users/find", s.find)
}

const perPage = 50

// Users finds users, fifty at a time: see access.SearchUsers.
func (l *Login) Users(ctx context.Context, _ access.Staff[access.SeeAccounts], search, after string) (users []access.UserInfo, next string, err error) {
	return access.SearchUsers(ctx, l.db, search, after, perPage)
}

func (s Staff) users(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := usersView{Query: q.Query("q")}
	users, next, err := s.Login.Users(q.Context(), in, v.Query, q.Query("after"))
	if err != nil {
		return nil, err
	}
	v.Users = users
	if next != "" {
		v.After = "/staff/users?" + url.Values{"q": {v.Query}, "after": {next}}.Encode()
	}
	return web.Page{Title: q.Printer().T("Users"), Body: func(f ui.Frame) templ.Component { return usersPage(f, v) }}, nil
}
