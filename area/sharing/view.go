package sharing

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// usersView is User Management.
type usersView struct {
	Base     string // "/a/10001"
	Account  string
	Owner    bool  // it is the owner who looks at it
	Host     error // why nobody here manages users; nil: they do
	Requests []requestRow
	People   people
	Invites  []inviteRow
	Form     inviteForm
}

// people is the list of members, searched and paged.
type people struct {
	Members
	Offer access.Offer
	Rows  []memberRow
}

// said is announced of what a search finds.
func (v people) said(p ui.Printer) string { return p.N(v.Found, "%d user", "%d users") }

// Search tells whether there are so many that one may look for them, or somebody
// does.
func (v people) Search() bool { return v.Total > searchFrom || v.Query != "" }

type memberRow struct {
	access.MemberInfo
	You  bool
	Shut bool   // the account is shut to them, until they have two-step login
	Lock string // why nobody here may touch them; "" = one may
	Acts templ.Component
}

type inviteRow struct {
	Invitation
	Expired  bool
	Lock     bool // nobody here may touch it
	Closed   bool // nor open it
	Delivery mail.Delivery
}

// problem is an error beside a form, and the link that helps.
type problem struct {
	Err        error
	Href, Link string
}

type inviteForm struct {
	Draft   Draft
	Perms   permsView
	Problem problem
}

// permsView is the editor of permissions: the radio of All and Choose, the
// presets and the boxes.
type permsView struct {
	All    bool
	Ticked access.Set
	Offer  access.Offer
	Gives  access.Set        // of it, what the giver holds
	Notes  map[string]string // the host's own sentences, by slug
	Held   access.Set        // what the person holds now; 0: nothing yet
	Staff  bool              // staff give them
	Err    error
}

type permissionsView struct {
	Base      string
	Member    access.MemberInfo
	Before    access.Set
	Perms     permsView
	Sensitive bool
	Shut      bool // the account is shut to them, until they have two-step login
	Lets      bool // who looks at it says who manages users
	Managing  bool // as the form says
	Err       error
}

// handoverView is the owner's page to hand the account over.
type handoverView struct {
	Base, Account string
	Members       []access.MemberInfo // who may be chosen
	Shuts         bool                // the account is shut to those of them who have no two-step login
	Chosen        string
	Host          error // why owners don't hand accounts over here; nil: they do
	Offer         Offer // that waits; zero: none
	To            access.MemberInfo
	Err           error
}

// offerView is that page for who is to own the account.
type offerView struct {
	Path, Account string
	Owner         access.MemberInfo
	Offer         Offer
	Err           error
}

type untouchableView struct {
	Base   string
	Member access.MemberInfo
	Why    error
}

type invitationView struct {
	Base     string
	Row      inviteRow
	Version  int64
	Editable bool
	Perms    permsView
	Err      error
}

type linkView struct {
	Base, Email, Link string
	Expires           time.Time
	Only              bool // nobody else can accept with it
}

type welcomeView struct {
	Welcome
	Offer       access.Offer
	New         bool // whoever is new here can make a login
	Times       ui.Printer
	Path        string
	AccountPath string
	Forms       guestForms
	Name, Email string // who is logged in; "" = nobody
	Differs     bool   // the invitation was sent to another address
	Unproved    bool   // it is theirs, and has to be confirmed first
	Stepped     bool   // they have two-step login
}

// Only tells whether the account takes only the invited address.
func (v welcomeView) Only() bool { return v.Card.Rules.On(access.InvitedRule) }

// Asks tells whether whoever looks at it is led to set two-step login up.
func (v welcomeView) Asks() bool { return v.Card.Rules.On(access.TwoStepRule) && !v.Stepped }

type deadView struct {
	Welcome
	Times ui.Printer
	Path  string
	Err   error
}

type accountsView struct {
	AccountPage
	User  access.User
	Offer access.Offer
}

// Search tells whether there are so many that one may look for them, or somebody
// does.
func (v accountsView) Search() bool { return v.Total > searchFrom || v.Query != "" }

// said is announced of what a search finds.
func (v accountsView) said(p ui.Printer) string { return p.N(v.Found, "%d account", "%d accounts") }

type peopleView struct {
	Offer         access.Offer
	Base, Account string
	Owner         access.MemberInfo
	Rights        access.Rights
	Ask           askView
	Asked         []Request // that wait
}

// peopleOf draws each line of a page by row.
func peopleOf(q *web.Request, m Members, row func(access.MemberInfo) memberRow) people {
	v := people{Members: m, Offer: q.Settings().Offer(), Rows: make([]memberRow, 0, len(m.List))}
	for _, one := range m.List {
		v.Rows = append(v.Rows, row(one))
	}
	return v
}

// ownRow is a member's line in User Management.
func ownRow(q *web.Request, in access.Manager, m access.MemberInfo) memberRow {
	row := memberRow{MemberInfo: m, You: m.User == in.Actor().User, Shut: in.Membership().AsksTwoStep() && !m.TwoStep}
	if hostManages(q.Settings(), in) != nil {
		return row
	}
	if err := mayTouch(in, m); err != nil {
		row.Lock = q.Printer().Fault(err)
		locked := row
		row.Acts = lockedActions(q.Printer(), &locked)
		return row
	}
	row.Acts = memberActions(q.Printer(), base(in.Account())+"/users/"+m.User.String(), m.Name())
	return row
}

func invitesOf(q *web.Request, in access.Manager, list []Invitation, deliveries map[string]mail.Delivery) []inviteRow {
	var rows []inviteRow
	for _, i := range list {
		rows = append(rows, inviteRow{Invitation: i, Expired: i.Expired(q.Now()), Lock: hostManages(q.Settings(), in) != nil || within(in, i) != nil, Delivery: deliveries[ref(i.ID)]})
	}
	return rows
}

func permsOf(q *web.Request, in access.Manager, all bool, slugs []string, err error) permsView {
	var ticked access.Set
	for _, s := range slugs {
		if n, ok := access.NameFrom(s); ok {
			ticked |= access.SetOf(n)
		}
	}
	offer := q.Settings().Offer()
	return permsView{All: all, Ticked: ticked, Offer: offer, Gives: in.Membership().Rights().Permissions() & offer.Set(), Notes: q.Settings().Users.Notes, Err: err}
}

// permsKey is all that the editor shows beside the words of a language.
type permsKey struct {
	All, Staff          bool
	Ticked, Gives, Held access.Set
	Presets, Notes      string
}

// key names the editor for ui.Printer.Once.
func (v permsView) key() permsKey {
	k := permsKey{All: v.All, Staff: v.Staff, Ticked: v.Ticked, Gives: v.Gives, Held: v.Held}
	for _, p := range v.presets() {
		k.Presets += p.Label + "\x00" + strconv.FormatUint(uint64(p.Set), 16) + "\x00"
	}
	if len(v.Notes) > 0 {
		for _, n := range v.Gives.Names() {
			k.Notes += v.Notes[n.Slug()] + "\x00"
		}
	}
	return k
}

// A permGroup is the boxes under one heading.
type permGroup struct {
	Label string
	Names []access.Name
}

// groups are the boxes that the giver may tick, under their headings.
func (v permsView) groups() []permGroup {
	var groups []permGroup
	for _, label := range []string{"Account", "Services", "Domains", "Billing", "Support"} {
		g := permGroup{Label: label}
		for _, n := range v.Gives.Names() {
			if n.Text().Group == label {
				g.Names = append(g.Names, n)
			}
		}
		if len(g.Names) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// presets are those that the giver holds in full. Staff have Check All for all.
func (v permsView) presets() []access.Preset {
	held := slices.DeleteFunc(v.Offer.Presets(), func(p access.Preset) bool { return !v.Gives.Holds(p.Set) })
	if v.Staff {
		held = slices.DeleteFunc(held, func(p access.Preset) bool { return p.Set == v.Gives })
	}
	return held
}

func (v permsView) bad() string {
	if f, ok := fault.As(v.Err); ok {
		for _, field := range f.Fields {
			if field.Name == "perm" {
				return "perm-error"
			}
		}
	}
	return ""
}

func slugs(s access.Set) string { return strings.Join(s.Slugs(), ",") }

func needs(n access.Name) string {
	if need, ok := n.Needs(); ok {
		return need.Slug()
	}
	return ""
}

// count says "6 of 13 permissions".
func count(p ui.Printer, o access.Offer, s access.Set) string {
	return p.T("%d of %d permissions", o.Count(s), o.Len())
}

// memberWords are what the buttons say that each row of the users' table ends in.
func memberWords(f ui.Frame) []string {
	if f.Staff {
		return []string{f.P.T("Manage User"), f.P.T("Remove")}
	}
	return []string{f.P.T("Manage Permissions"), f.P.T("Remove Access")}
}

// abreast tells whether buttons with these words find room beside each other at the
// end of a table's row. Where a language's are longer they stand below each other,
// rather than take the room of names and email addresses.
func abreast(words ...string) bool { return utf8.RuneCountInString(strings.Join(words, "")) <= 36 }

func newFormKey() string { return rand.Text() }

func (v handoverView) options(p ui.Printer) []ui.Option {
	all := []ui.Option{{Value: "", Label: p.T("Choose somebody")}}
	for _, m := range v.Members {
		label := m.Name() + " (" + m.Email + ")"
		if !m.TwoStep {
			label = p.T("%s, no two-step login", label)
		}
		all = append(all, ui.Option{Value: m.User.String(), Label: label})
	}
	return all
}

// without are those who may be chosen and have no two-step login.
func (v handoverView) without() []access.MemberInfo {
	return slices.DeleteFunc(slices.Clone(v.Members), func(m access.MemberInfo) bool { return m.TwoStep })
}
