package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/ui"
)

// frame is what surrounds the page: who is logged in, where, and what they may
// reach from here. A page that says that something is away (503) does not ask the
// database for more, which may be what is away; one that says that something went
// wrong (500) does without what can't be had.
func (q *Request) frame(title string, status int) (ui.Frame, error) {
	p := q.Printer()
	f := ui.Frame{P: p, Now: q.now, Title: title, Asset: q.routes.Assets.URL, Flash: q.flash()}
	q.brandFrame(&f)
	if q.staff != nil || strings.HasPrefix(q.row.Path, "/staff/") {
		f.Staff = true
		if q.staff != nil {
			first, _, _ := strings.Cut(q.staff.Person.Name, " ")
			f.Person = &ui.Person{First: first, Name: q.staff.Person.Name, Initials: ui.Initials(q.staff.Person.Name), Email: q.staff.Person.Email}
			f.Menu = q.staffMenu()
			f.PersonMenu = q.staffPersonMenu()
			f.Record = q.recordHead()
		}
		return f, nil
	}
	if q.visit != nil {
		q.visitFrame(&f)
		return f, nil
	}
	s, ok := q.Session()
	if !ok {
		return f, nil
	}
	u := s.User
	f.Person = &ui.Person{First: u.FirstName, Name: u.Name(), Initials: ui.Initials(u.Name()), Email: u.Email}
	if u.Verified.IsZero() {
		f.Verify = u.Email
	}
	f.PersonMenu = append(f.PersonMenu,
		ui.MenuItem{Label: p.T("Your Profile"), Href: "/me/profile", Icon: ui.IconPerson},
		ui.MenuItem{Label: p.T("Password & two-step login"), Href: "/me/security", Icon: ui.IconShield},
		ui.MenuItem{Label: p.T("Sessions"), Href: "/me/sessions", Icon: ui.IconDevice})
	if q.member.Account() != 0 {
		q.accountFrame(&f)
	}
	f.PersonMenu = append(f.PersonMenu, ui.MenuItem{Label: p.T("Switch Account"), Href: "/accounts", Icon: ui.IconSwitch})
	if status == http.StatusServiceUnavailable {
		return f, nil
	}
	err := q.readLatest()
	switch {
	case err != nil && status == http.StatusInternalServerError:
		return f, nil
	case err != nil:
		return f, err
	}
	f.Accounts, f.MoreAccounts = q.switcher(u, q.latest.list, q.latest.total)
	return f, nil
}

// latest are the accounts that the switcher shows.
type latest struct {
	list  []access.AccountInfo
	total int
}

// readLatest reads what the frame of a user's page shows beside the page, once.
func (q *Request) readLatest() error {
	if q.latest != nil {
		return nil
	}
	list, total, err := access.LatestAccounts(q.Context(), q.routes.DB, q.session.User.ID, shown)
	if err == nil {
		q.latest = &latest{list, total}
	}
	return err
}

func (q *Request) accountFrame(f *ui.Frame) {
	m, p := q.member, q.Printer()
	f.Account = &ui.AccountHead{Name: m.AccountName(), Number: m.Account().String(), Initials: ui.Initials(m.AccountName())}
	switch m.Status() {
	case access.Inactive:
		f.Account.Status = p.T("Inactive")
	case access.Closed:
		f.Account.Status = p.T("Closed")
	}
	if m.Shut() {
		return // nothing in the menu could be opened
	}
	here := q.entry()
	for _, e := range q.routes.entries {
		if !e.allows(m.Rights()) {
			continue
		}
		i := len(f.Menu) - 1
		if i < 0 || f.Menu[i].Label != p.Word(e.Group) {
			f.Menu = append(f.Menu, ui.MenuGroup{Label: p.Word(e.Group)})
			i++
		}
		item := ui.MenuItem{Label: p.Word(e.Label), Href: "/a/" + m.Account().String() + e.Path, Icon: e.Icon, Current: e.Path == here}
		f.Menu[i].Items = append(f.Menu[i].Items, item)
		if e.Path == UsersPath || e.Path == PeoplePath {
			item.Current = false
			f.PersonMenu = append(f.PersonMenu, item)
		}
	}
}

// The menu entries that also stand in the person's own menu.
const (
	UsersPath  = "/users"
	PeoplePath = "/users/people"
)

// AskPath is where who belongs to no account, or wants another, asks its owner.
const AskPath = "/accounts/ask"

// entry is the path of the menu entry that the request belongs to: the longest
// that its own path begins with.
func (q *Request) entry() string { return q.entryOf(q.member.Rights()) }

// entryOf is entry in the menu of who has these rights.
func (q *Request) entryOf(x access.Rights) string {
	path, best := strings.TrimPrefix(q.row.Path, "/a/{account}"), ""
	if len(path) == len(q.row.Path) {
		return ""
	}
	if strings.HasPrefix(path, "/invites/") || strings.HasPrefix(path, "/requests/") {
		path = UsersPath // where invitations and requests are listed
	}
	for _, e := range q.routes.entries {
		under := path == e.Path || e.Path != "/" && strings.HasPrefix(path, e.Path+"/")
		if under && len(e.Path) > len(best) && e.allows(x) {
			best = e.Path
		}
	}
	return best
}

// shown is how many accounts the switcher lists at once.
const shown = 10

// switcher lists a user's accounts: their own first, then the others, by name,
// closed ones last. Of more than ten it lists the eight that were used last.
func (q *Request) switcher(u access.User, all []access.AccountInfo, total int) (items []ui.AccountItem, more int) {
	if total > shown {
		all = all[:min(shown-2, len(all))]
		more = total - len(all)
	}
	access.SortAccounts(all)
	here, offer := q.entry(), q.settings.Offer()
	for _, a := range all {
		items = append(items, ui.AccountItem{
			Name: a.Name, Number: a.Account.String(), Role: q.Printer().Word(offer.RoleOf(a.Rights)), Owner: a.Owner,
			Href: "/a/" + a.Account.String() + q.section(a.Rights, here), Current: a.Account == q.member.Account(), Closed: a.Status == access.Closed, Shut: a.Shut(u),
		})
	}
	return items, more
}

// section is the same section in another account if one may go there, else Home.
func (q *Request) section(x access.Rights, here string) string {
	for _, e := range q.routes.entries {
		if here != "" && e.Path == here && e.allows(x) {
			return here
		}
	}
	return "/"
}

// Cards draws the cards of Home that this member may see.
func (q *Request) Cards(in access.Member) ([]templ.Component, error) {
	drawn := make([]templ.Component, len(q.routes.cards))
	var draw []func() error
	for i, c := range q.routes.cards {
		if c.allows(in.Membership().Rights()) {
			draw = append(draw, func() (err error) { drawn[i], err = c.draw(q, in.Membership()); return err })
		}
	}
	err := q.Together(draw...)
	return slices.DeleteFunc(drawn, func(c templ.Component) bool { return c == nil }), err
}
