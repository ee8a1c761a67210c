package ui

// A Pick is the field that selects a user. One types a name or an address and
// chooses from what is found; the form then says who in the field user, a user's
// id or an address that is to get a login, and what was typed in the field find,
// where its errors are. Without the script it searches by a button, do=find, that
// has the page drawn again.
type Pick struct {
	Label  string
	Hint   string
	Href   string       // answers ?q=… with PickList
	Typed  string       // what was typed
	Chosen string       // the value that is chosen; "" = none
	Found  []PickOption // what the typed text finds
}

// A PickOption is a line of what is found.
type PickOption struct {
	Value string
	Title string
	Sub   string // below the title; may be empty
	Note  string // at the end; may be empty
	Text  string // what the field says once this is chosen
}

// said is what is announced of a list.
func said(p Printer, found []PickOption) string {
	if len(found) == 0 {
		return p.T("Nobody was found. Type a whole email address to create a new user.")
	}
	return p.T("%d found. Choose with the arrow keys and Enter.", len(found))
}
