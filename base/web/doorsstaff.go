package web

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
)

// staffDoor is what a door of the staff area knows beside its routes.
type staffDoor[T any] struct {
	holds func(access.StaffRole) bool
	admit func(*Request) (T, error) // of who has come in by another door; nil for doors to one account
}

// Staff lets in staff who may R. There is no way in from a user's session.
func Staff[R access.StaffPermission](r *Routes) Door[access.Staff[R]] {
	n := access.StaffNameOf[R]()
	enter := func(q *Request) (access.Staff[R], error) {
		s, err := q.staffSession()
		if err != nil {
			return access.Staff[R]{}, err
		}
		in, err := access.EnterStaff[R](s, q.IP(), q.Agent())
		return in.In(q.browser()), err
	}
	return Door[access.Staff[R]]{routes: r, name: "staff:" + n.Slug(), prefix: "/staff",
		enter: func(q *Request, _ access.Use) (access.Staff[R], error) { return enter(q) },
		staff: staffDoor[access.Staff[R]]{holds: holder(n), admit: enter}}
}

// StaffOn lets in staff who may R, to the record of the account in the path. An
// account that does not exist is NotFound.
func StaffOn[R access.StaffPermission](r *Routes) Door[access.StaffOn[R]] {
	n := access.StaffNameOf[R]()
	return Door[access.StaffOn[R]]{routes: r, name: "staff:" + n.Slug(), prefix: "/staff/accounts/{account}",
		enter: func(q *Request, _ access.Use) (access.StaffOn[R], error) {
			s, card, err := q.record()
			if err != nil {
				return access.StaffOn[R]{}, err
			}
			account, _ := id.ParseAccount(q.Path("account"))
			return access.EnterStaffOn[R](s, account, card, q.IP(), q.Agent())
		},
		staff: staffDoor[access.StaffOn[R]]{holds: holder(n)}}
}

func holder(n access.StaffName) func(access.StaffRole) bool {
	return func(r access.StaffRole) bool { return r.Holds(n) }
}

// Tab adds a tab to the record of every account, for those whom the door lets
// in. Its path is within the record: "" is Summary, "/users" the Users tab.
func (d Door[T]) Tab(e Entry) {
	d.routes.tabs = append(d.routes.tabs, staffEntry{e, d.staff.holds})
}

// Action adds a button beside the account's name in its record, for those whom
// the door lets in. It leads to a page.
func (d Door[T]) Action(e Entry) {
	d.routes.actions = append(d.routes.actions, staffEntry{e, d.staff.holds})
}

// Overview adds a section to staff's Overview, for those whom the door lets in.
// Lower ranks come first. A section that has nothing to say is nil.
func (d Door[T]) Overview(rank int, draw func(*Request, T) (templ.Component, error)) {
	d.routes.overview = append(d.routes.overview, section{rank, d.staff.holds, func(q *Request) (templ.Component, error) {
		in, err := d.staff.admit(q)
		if err != nil {
			return nil, err
		}
		return draw(q, in)
	}})
}

// A staffEntry is a line of the staff area's menu, or a tab.
type staffEntry struct {
	Entry
	holds func(access.StaffRole) bool
}

type section struct {
	rank  int
	holds func(access.StaffRole) bool
	draw  func(q *Request) (templ.Component, error)
}

// Overview draws the sections of staff's Overview that this person may see.
func (q *Request) Overview(in access.Staff[access.SeeAccounts]) ([]templ.Component, error) {
	var drawn []templ.Component
	for _, s := range q.routes.overview {
		if !s.holds(in.Person().Role) {
			continue
		}
		c, err := s.draw(q)
		if err != nil {
			return nil, err
		}
		if c != nil {
			drawn = append(drawn, c)
		}
	}
	return drawn, nil
}
