package web

import (
	"cmp"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/fault"
)

// A Door stands before routes. Behind it, handlers are handed the proof T that
// it alone can mint: a handler behind the wrong door does not compile.
type Door[T any] struct {
	routes *Routes
	name   string
	page   string // what is behind it, for the page that says one may not
	prefix string // of its paths
	enter  func(q *Request, use access.Use) (T, error)
	admit  func(m access.Membership, use access.Use) (T, error) // of doors into an account
	allows func(access.Rights) bool
	fresh  bool         // who comes in must have proved lately who they are
	staff  staffDoor[T] // of doors of the staff area
}

// Fresh is the same door for who has proved lately who they are: see
// access.FreshFor. Others are asked to, and come back. It is for doors of users.
func (d Door[T]) Fresh() Door[T] {
	d.fresh = true
	return d
}

// Get adds a page. HEAD comes with it.
func (d Door[T]) Get(path string, h func(*Request, T) (Reply, error)) { d.handle("GET", path, h) }

// Post adds a form's target.
func (d Door[T]) Post(path string, h func(*Request, T) (Reply, error)) { d.handle("POST", path, h) }

// PostFile adds the target of a form with a file, which Request.File reads.
func (d Door[T]) PostFile(path string, h func(*Request, T) (Reply, error)) {
	d.handle("POST", path, h)
	d.routes.rows[len(d.routes.rows)-1].Most = fileLimit
}

func (d Door[T]) handle(method, path string, h func(*Request, T) (Reply, error)) {
	use := access.Use(method != "GET")
	d.routes.rows = append(d.routes.rows, Row{Method: method, Path: d.prefix + path, Door: d.name, Fresh: d.fresh, serve: func(q *Request) (Reply, error) {
		q.page = d.page
		in, err := d.enter(q, use)
		if fault.Is(err, fault.Denied) {
			q.security("access denied", "door", d.name)
		}
		if err == nil && d.fresh && !q.proved() {
			err = errNotProved
		}
		if err != nil {
			return nil, err
		}
		return q.answer(func() (Reply, error) { return h(q, in) })
	}})
}

// answer asks what the frame of a user's page will show together with the page.
func (q *Request) answer(h func() (Reply, error)) (reply Reply, err error) {
	if !q.isPage() || q.session == nil {
		return h()
	}
	e := q.Together(
		func() error { reply, err = h(); return nil },
		func() error { q.readLatest(); return nil }, // whom it fails for, the frame asks again
	)
	return reply, cmp.Or(err, e)
}

// Menu adds a line to the menu of those whom the door lets in: the account's, or
// the staff area's.
func (d Door[T]) Menu(e Entry) {
	if d.staff.holds != nil {
		d.routes.staffEntries = append(d.routes.staffEntries, staffEntry{e, d.staff.holds})
		return
	}
	allows := d.allows
	if e.Only != nil {
		allows = func(x access.Rights) bool { return d.allows(x) && e.Only(x) }
	}
	d.routes.entries = append(d.routes.entries, entry{e, allows})
}

// Card adds a card to the Home of those whom the door lets in. Lower ranks
// come first.
func (d Door[T]) Card(rank int, draw func(*Request, T) (templ.Component, error)) {
	d.routes.cards = append(d.routes.cards, card{rank, d.allows, func(q *Request, m access.Membership) (templ.Component, error) {
		in, err := d.admit(m, access.See)
		if err != nil {
			return nil, err
		}
		return draw(q, in)
	}})
}

// Denied adds to the page that says which permission is missing what those whom
// the door lets in can do about it; nil: nothing.
func (d Door[T]) Denied(draw func(q *Request, in T, missing access.Name) (templ.Component, error)) {
	d.routes.denials = append(d.routes.denials, func(q *Request, m access.Membership, missing access.Name) (templ.Component, error) {
		in, err := d.admit(m, access.See)
		if err != nil {
			return nil, err
		}
		return draw(q, in, missing)
	})
}

// JSON adds an API route that answers out as JSON. It is a function because Go's
// methods take no type parameters.
func JSON[T, Out any](d Door[T], path string, fn func(*Request, T) (Out, error)) {
	if d.admit != nil {
		d.prefix = "/accounts/{account}"
	}
	d.prefix = "/api/v1" + d.prefix
	d.Get(path, func(q *Request, in T) (Reply, error) {
		out, err := fn(q, in)
		return jsonReply{200, out}, err
	})
}

// Anyone lets everyone in. Handlers get who they are: a user when logged in.
func Anyone(r *Routes) Door[access.Actor] {
	return Door[access.Actor]{routes: r, name: "anyone", enter: func(q *Request, _ access.Use) (access.Actor, error) {
		return q.actor(), nil
	}}
}

// User lets in who is logged in; it acts on no account.
func User(r *Routes) Door[access.Self] {
	return Door[access.Self]{routes: r, name: "user", enter: func(q *Request, _ access.Use) (access.Self, error) {
		s, err := q.find()
		if err != nil {
			return access.Self{}, err
		}
		return s.Self(q.IP(), q.Agent()).In(q.browser()), nil
	}}
}

// Require lets in the owner and who holds P on the account in the path. page
// names on screen what is behind it.
func Require[P access.Permission](r *Routes, page string) Door[access.To[P]] {
	n := access.NameOf[P]()
	return within(r, n.Slug(), page, access.Enter[P], func(x access.Rights) bool { return x.Holds(n) })
}

// Member lets every member of the account in the path in.
func Member(r *Routes, page string) Door[access.Member] {
	return within(r, "member", page, access.EnterMember, func(access.Rights) bool { return true })
}

// Leaving lets every member of the account in the path in, also whom its rules
// keep out of everything else there: to give the membership up.
func Leaving(r *Routes, page string) Door[access.Leaving] {
	return within(r, "leaving", page, access.EnterLeaving, func(access.Rights) bool { return true })
}

// Managers lets in the owner and members who may manage users.
func Managers(r *Routes, page string) Door[access.Manager] {
	return within(r, "managers", page, access.EnterManager, access.Rights.Manages)
}

// Owner lets in the owner of the account in the path.
func Owner(r *Routes, page string) Door[access.Owner] {
	return within(r, "owner", page, access.EnterOwner, func(x access.Rights) bool { return x.Owner })
}

func within[T any](r *Routes, name, page string, admit func(access.Membership, access.Use) (T, error), allows func(access.Rights) bool) Door[T] {
	return Door[T]{routes: r, name: name, page: page, prefix: "/a/{account}", admit: admit, allows: allows,
		enter: func(q *Request, use access.Use) (T, error) {
			m, err := q.membership()
			if err != nil {
				var none T
				return none, err
			}
			return admit(m, use)
		}}
}
