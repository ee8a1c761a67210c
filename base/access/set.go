package access

import "math/bits"

// Set is a set of permissions: bit n is Name n. It is stored as it is.
type Set uint64

// Everything is all thirteen.
const Everything Set = 1<<names - 1

// Total is how many permissions there are.
const Total = int(names)

// SetOf makes a set.
func SetOf(ns ...Name) Set {
	var s Set
	for _, n := range ns {
		s |= 1 << n
	}
	return s
}

// ParseSet makes a set of slugs. It is false if one of them is unknown.
func ParseSet(slugs []string) (Set, bool) {
	var s Set
	for _, slug := range slugs {
		n, ok := NameFrom(slug)
		if !ok {
			return 0, false
		}
		s |= 1 << n
	}
	return s, true
}

// Has tells whether n is in the set.
func (s Set) Has(n Name) bool { return s&(1<<n) != 0 }

// Holds tells whether all of t is in the set.
func (s Set) Holds(t Set) bool { return t&^s == 0 }

// Without is the set less t.
func (s Set) Without(t Set) Set { return s &^ t }

// Len is how many permissions are in the set.
func (s Set) Len() int { return bits.OnesCount64(uint64(s)) }

// Normal adds what the members of the set need: who may manage may view.
func (s Set) Normal() Set {
	s &= Everything
	for n := range names {
		if need, ok := n.Needs(); ok && s.Has(n) {
			s |= 1 << need
		}
	}
	return s
}

// Names lists the set in the permissions' order.
func (s Set) Names() []Name {
	ns := make([]Name, 0, s.Len())
	for n := range names {
		if s.Has(n) {
			ns = append(ns, n)
		}
	}
	return ns
}

// Slugs lists the set in the permissions' order.
func (s Set) Slugs() []string {
	slugs := make([]string, 0, s.Len())
	for n := range names {
		if s.Has(n) {
			slugs = append(slugs, n.Slug())
		}
	}
	return slugs
}

// Warns tells whether the set holds a sensitive permission.
func (s Set) Warns() bool {
	for _, n := range s.Names() {
		if n.Text().Sensitive {
			return true
		}
	}
	return false
}

// A Preset fills in the boxes of the form. Only the permissions are stored:
// a member's role is found again by exact match.
type Preset struct {
	Label string
	Set   Set
}

// DefaultPresets lists those of a host that has made no others, in the form's
// order.
func DefaultPresets() []Preset {
	return []Preset{
		{"Accountant", SetOf(NameProducts, NameDomains, NameInvoices, NameQuotes)},
		{"Webmaster", SetOf(NameProducts, NameManageProducts, NameProductSSO, NameDomains, NameManageDomains, NameTickets)},
		{"Developer", SetOf(NameProducts, NameManageProducts, NameProductSSO, NameDomains, NameTickets)},
		{"Full access", Everything},
	}
}

// The roles that are no preset.
const (
	Custom    = "Custom"
	OwnerRole = "Owner"
)
