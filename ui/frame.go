package ui

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Frame is what surrounds a page: who looks at it, where they are, and what
// they may reach from here. base/web fills it; Layout and Plain draw it.
type Frame struct {
	P   Printer
	Now time.Time

	Title  string // of the page; the document's title adds the account and the brand
	Failed bool   // the page shows an error: its title begins with "Error: "
	Brand  string // the company's name, beside the mark
	Staff  bool   // the staff area
	Help   string // where Help leads; "" = there is none
	Logo   *Logo  // in place of the mark and the name; nil = they stand there
	Sheet  string // the URL of the host's own stylesheet; "" = none

	Person       *Person       // nil when logged out
	Account      *AccountHead  // nil outside an account
	Menu         []MenuGroup   // the side bar's; the first group needs no label
	PersonMenu   []MenuItem    // the person's own; Layout adds Log out
	Record       *Record       // the account that a page of the staff area is about; nil on the others
	Accounts     []AccountItem // in the switcher, in this order
	MoreAccounts int           // how many more than those listed there are

	Visit *Visit // staff who are logged in as the account's owner; nil = nobody

	Flash   *Flash // what the last page did; nil = nothing
	Verify  string // the address still to be confirmed; "" = none
	NoIndex bool   // search engines keep out

	Asset func(name string) string // the URL of an embedded asset: Assets.URL
}

// A Logo is the host's, by the URLs of its pictures.
type Logo struct {
	Light, Dark   string // Dark may be empty: then Light stands on dark pages, too
	Width, Height int    // of Light
}

// A Person is who is logged in.
type Person struct{ First, Name, Initials, Email string }

// An AccountHead is the account a page is about.
type AccountHead struct {
	Name     string
	Number   string
	Initials string
	Status   string // in words, when it is not simply open; may be empty
}

// A Record is what staff keep about an account: a head and tabs over its pages.
type Record struct {
	Name, Number string
	Href         string // of its first tab
	Tone         Tone   // of Status
	Status       string // in words
	Tabs         []MenuItem
	Actions      []MenuItem // buttons beside the name
}

// A Visit is what the banner says while staff are logged in as an account's
// owner.
type Visit struct {
	Staff, Owner string // their names
	Until        string // the time it ends
	End          string // where the button to return posts to
}

// A MenuGroup is a run of menu entries under a label.
type MenuGroup struct {
	Label string // "" = none
	Items []MenuItem
}

// A MenuItem is a link of a menu.
type MenuItem struct {
	Label   string
	Href    string
	Icon    Glyph // "" = none
	Count   int   // shown when above zero
	Current bool
}

// An AccountItem is a line of the switcher.
type AccountItem struct {
	Name    string
	Number  string
	Href    string
	Role    string // in words: "Owner", "Webmaster", …
	Owner   bool   // their own: listed first
	Current bool
	Closed  bool
	Shut    bool // it asks for two-step login, which they don't have
}

// The kinds of Flash, Note and Tag.
const (
	OK   Tone = "ok"
	Info Tone = "info"
	Warn Tone = "warn"
	Bad  Tone = "bad"
	Mute Tone = "mute"
)

// A Tone colours a message or a tag. Its words must say the same.
type Tone string

// A Flash is a message about what was just done. It stays until it is
// dismissed or the next page.
type Flash struct {
	Kind Tone
	Text string
}

// title is the document's.
func (f Frame) title() string {
	parts := []string{f.Title}
	if f.Account != nil && f.Account.Name != f.Title {
		parts = append(parts, f.Account.Name)
	}
	if f.Record != nil && f.Record.Name != f.Title {
		parts = append(parts, f.Record.Name)
	}
	brand := f.Brand
	if f.Staff {
		brand = f.P.T("%s staff", brand)
	}
	title := strings.Join(append(parts, brand), " · ")
	if f.Failed {
		title = f.P.T("Error: %s", title)
	}
	return title
}

// home is where the brand leads.
func (f Frame) home() string {
	switch {
	case f.Staff:
		return "/staff/"
	case f.Account != nil:
		return "/a/" + f.Account.Number + "/"
	}
	return "/"
}

// logout is where Log out posts to.
func (f Frame) logout() string {
	if f.Visit != nil {
		return f.Visit.End
	}
	if f.Staff {
		return "/staff/logout"
	}
	return "/logout"
}

// accountName is the account's that the page is about, or "" outside one.
func (f Frame) accountName() string {
	if f.Account == nil {
		return ""
	}
	return f.Account.Name
}

// Initials shortens a name to the first letters of its first two words, for an
// Avatar.
func Initials(name string) string {
	var out [2]rune
	n := 0
	for w := range strings.FieldsSeq(name) {
		w = strings.TrimLeftFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if first, size := utf8.DecodeRuneInString(w); size > 0 && n < 2 {
			out[n] = unicode.ToUpper(first)
			n++
		}
	}
	if n == 0 {
		return "?"
	}
	return string(out[:n])
}
