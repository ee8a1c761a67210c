package ui

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// A CodeForm asks for the second step of logging in.
type CodeForm struct {
	P        Printer
	Err      error
	Action   string // where it posts to
	Email    string // whose login it is
	Recovery bool   // asks for a recovery code
	Other    string // the page that asks for the other kind; "" = there is none
	Passkey  string // the page that asks for a passkey; "" = they have none
	Back     string // where one logs in as somebody else
	Submit   Button
	Lost     string // what to do without phone and recovery codes
}

// A KeyForm shows a key for an authenticator app and asks for its first code.
type KeyForm struct {
	P      Printer
	Err    error
	Action string
	Key    string // in groups of four
	Link   string // otpauth://…
	Submit Button
}

// A CodeSheet shows recovery codes, this once.
type CodeSheet struct {
	P     Printer
	Brand string
	Email string // whose they are
	Codes []string
	Href  string // where to go on
	Link  string
}

// file is the sheet as a text file, in an address: it is never asked for again.
func (c CodeSheet) file() templ.SafeURL {
	text := c.P.T("Recovery codes of %s for %s. Each works once.", c.Email, c.Brand) + "\n\n" + strings.Join(c.Codes, "\n") + "\n"
	return templ.SafeURL("data:text/plain;charset=utf-8," + url.PathEscape(text))
}
