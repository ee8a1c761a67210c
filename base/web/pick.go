package web

import (
	"strings"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/ui"
)

// FindUsersPath is where the field Select User asks as one types.
const FindUsersPath = "/staff/users/find"

// mostFound is how many users the field Select User offers.
const mostFound = 10

// FindUsers gives the lines of the field Select User: those whose name or address
// matches the text, and after them the offer to create a user, when the text is
// an address that nobody has. Below two letters there are none.
func (q *Request) FindUsers(text string) ([]ui.PickOption, error) {
	text = strings.TrimSpace(text)
	if len([]rune(text)) < 2 {
		return nil, nil
	}
	users, fresh, err := access.FindToPick(q.Context(), q.routes.DB, text, mostFound)
	if err != nil {
		return nil, err
	}
	var found []ui.PickOption
	for _, u := range users {
		found = append(found, pickOption(u.User, u.Name, u.Email, q.Printer().T("Accounts: %d", u.Accounts)))
	}
	if fresh != "" {
		found = append(found, ui.PickOption{Value: fresh, Title: q.Printer().T("Create new user %s", fresh), Text: fresh})
	}
	return found, nil
}

func pickOption(u id.User, name, email, note string) ui.PickOption {
	return ui.PickOption{Value: u.String(), Title: name, Sub: email, Note: note, Text: name + " (" + email + ")"}
}

// Pick is the field Select User as it was left: user is the value that was
// chosen, find what was typed. Who was chosen is among what it offers.
func (q *Request) Pick(user, find string) (ui.Pick, error) {
	pick := ui.Pick{Href: FindUsersPath, Typed: find, Chosen: user}
	found, err := q.FindUsers(find)
	if err != nil {
		return pick, err
	}
	pick.Found = found
	for _, o := range found {
		if o.Value == user {
			return pick, nil
		}
	}
	chosen, err := access.FindPicked(q.Context(), q.routes.DB.Auto(), user)
	if err != nil {
		pick.Chosen = ""
		return pick, nil
	}
	option := pickOption(chosen.User.ID, chosen.User.Name(), chosen.User.Email, "")
	if chosen.User.ID == 0 {
		option = ui.PickOption{Value: chosen.Email.Typed, Title: q.Printer().T("Create new user %s", chosen.Email.Typed), Text: chosen.Email.Typed}
	}
	pick.Chosen, pick.Found = option.Value, append([]ui.PickOption{option}, found...)
	return pick, nil
}
