package activity

import (
	"fmt"
	"net/netip"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/id"
)

// An Entry is a record as one who may read it sees it.
type Entry struct {
	audit.Record
	Mine        bool         // done by who looks at it
	Email       string       // of who did it; "" unless they are a member, or staff look
	AccountName string       // for staff: where it was done
	Offer       access.Offer // by whose presets sets of permissions are called
}

// newEntry hides from me what is not mine to know: where exactly others were,
// and who of the staff it was.
func newEntry(r audit.Record, me id.User, email string) Entry {
	e := Entry{Record: r, Mine: r.By == access.ByUser && r.User == me}
	switch {
	case r.By == access.ByStaff:
		e.User, e.Staff, e.Name, e.IP, e.Agent = 0, 0, "", "", ""
		return e
	case r.By == access.ByUser:
		e.Email = email
	}
	if !e.Mine {
		e.IP = shorten(r.IP)
	}
	return e
}

// shorten hides of an address what tells a household from its neighbours: the
// last octet of IPv4, all beyond the /48 of IPv6. What is no address is "".
func shorten(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	if a = a.Unmap(); a.Is4() {
		s := a.String()
		return s[:strings.LastIndexByte(s, '.')] + ".x"
	}
	b := a.As16()
	return fmt.Sprintf("%x:%x:%x:x", uint(b[0])<<8|uint(b[1]), uint(b[2])<<8|uint(b[3]), uint(b[4])<<8|uint(b[5]))
}

// An Area is a part of what is done in an account.
type Area string

// The areas, as addresses call them. What is done outside accounts is Nowhere,
// for users' own logins, or of Office, for what staff do about themselves and the
// whole.
const (
	Everywhere Area = ""
	LogIns     Area = "logins"
	Users      Area = "users"
	Account    Area = "account"
	Nowhere    Area = "nowhere"
	Office     Area = "office"
)

// actions lists the actions of the area; none means any.
func (a Area) actions() []string {
	var all []string
	for action, s := range stories {
		if a != Everywhere && s.area == a {
			all = append(all, action)
		}
	}
	return all
}

// Known tells whether there is a sentence for an action.
func Known(action string) bool { return stories[action].say != nil }
