package contact

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// Client is what members see of their account's contacts.
type Client struct{ Contact *Contact }

// Routes adds the contacts, the forms that add, change and delete them, and
// their card on Home.
func (c Client) Routes(r *web.Routes) {
	in, p := web.Require[access.Contacts](r, "Contacts"), pages{c.Contact}
	in.Menu(web.Entry{Group: "Account", Label: "Contacts", Path: "/contacts", Icon: ui.IconPerson, Rank: 125})
	in.Card(35, c.card)
	in.Get("/contacts", ofMembers(p.list))
	in.Get("/contacts/new", ofMembers(p.blank))
	in.Post("/contacts/new", ofMembers(p.add))
	in.Get("/contacts/{contact}", ofMembers(p.show))
	in.Post("/contacts/{contact}", ofMembers(p.change))
	in.Get("/contacts/{contact}/delete", ofMembers(p.askRemove))
	in.Post("/contacts/{contact}/delete", ofMembers(p.remove))
}

func base(a id.Account) string { return "/a/" + a.String() + "/contacts" }

// ofMembers has a page drawn as members see it.
func ofMembers(page handler) func(*web.Request, access.To[access.Contacts]) (web.Reply, error) {
	return func(q *web.Request, in access.To[access.Contacts]) (web.Reply, error) { return page(q, in, desk(in)) }
}

// desk is where members look after contacts: in a closed account they only see
// them.
func desk(in access.To[access.Contacts]) place {
	m := in.Membership()
	closed := m.Status() == access.Closed
	return place{Base: base(in.Account()), Account: m.AccountName(), Closed: closed, Writes: !closed}
}

func (c Client) card(q *web.Request, in access.To[access.Contacts]) (templ.Component, error) {
	list, err := c.Contact.List(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return card(q.Printer(), newListView(q.Printer(), desk(in), list)), nil
}
