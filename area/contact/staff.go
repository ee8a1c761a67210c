package contact

import (
	"atrium/base/access"
	"atrium/base/web"
)

// Staff is what staff see of accounts' contacts, and what they do with them.
type Staff struct{ Contact *Contact }

// Routes adds the tab Contacts to accounts' records.
func (s Staff) Routes(r *web.Routes) {
	see, edit, p := web.StaffOn[access.SeeAccounts](r), web.StaffOn[access.EditAccounts](r), pages{s.Contact}
	see.Tab(web.Entry{Label: "Contacts", Path: "/contacts", Rank: 40})
	see.Get("/contacts", ofStaff[access.SeeAccounts](p.list))
	edit.Get("/contacts/new", ofStaff[access.EditAccounts](p.blank))
	edit.Post("/contacts/new", ofStaff[access.EditAccounts](p.add))
	see.Get("/contacts/{contact}", ofStaff[access.SeeAccounts](p.show))
	edit.Post("/contacts/{contact}", ofStaff[access.EditAccounts](p.change))
	edit.Get("/contacts/{contact}/delete", ofStaff[access.EditAccounts](p.askRemove))
	edit.Post("/contacts/{contact}/delete", ofStaff[access.EditAccounts](p.remove))
}

// ofStaff has a page drawn in the account's record, for staff who may change
// accounts as a form.
func ofStaff[R access.StaffPermission](page handler) func(*web.Request, access.StaffOn[R]) (web.Reply, error) {
	return func(q *web.Request, in access.StaffOn[R]) (web.Reply, error) {
		at := place{Base: "/staff/accounts/" + in.Account().String() + "/contacts", Account: in.Card().Name,
			Writes: in.Person().Role.Holds(access.NameEditAccounts)}
		return page(q, access.AsStaff[access.Contacts](in), at)
	}
}
