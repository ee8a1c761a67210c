package access

import "slices"

// An Offer is the permissions that the host does not hide, and the presets it
// makes of them. A hidden one is in no form, in no preset, in no new All and in no
// count; who holds it keeps it. The zero Offer offers nothing.
type Offer struct {
	set     Set
	presets []Preset
}

// NewOffer makes the offer of a set. What is not in it is taken out of the
// presets, and those that are empty then are left out.
func NewOffer(s Set, presets []Preset) Offer {
	o := Offer{set: s}
	for _, p := range presets {
		if p.Set &= s; p.Set != 0 {
			o.presets = append(o.presets, p)
		}
	}
	return o
}

// Set is the permissions on offer.
func (o Offer) Set() Set { return o.set }

// Len is how many there are.
func (o Offer) Len() int { return o.set.Len() }

// Count is how many of them are in a set.
func (o Offer) Count(s Set) int { return (s & o.set).Len() }

// Presets are those of the form, in its order.
func (o Offer) Presets() []Preset { return slices.Clone(o.presets) }

// Role is the label of the preset that the set equals, else "Custom", whatever
// of it is hidden.
func (o Offer) Role(s Set) string {
	for _, p := range o.presets {
		if p.Set == s&o.set {
			return p.Label
		}
	}
	return Custom
}

// RoleOf is "Owner", or the Role of a member's permissions.
func (o Offer) RoleOf(r Rights) string {
	if r.Owner {
		return OwnerRole
	}
	return o.Role(r.Set)
}
