package access

// An Offer is the permissions that the host does not hide. A hidden one is in no
// form, in no new All and in no count; who holds it keeps it.
type Offer Set

// Set is the permissions on offer.
func (o Offer) Set() Set { return Set(o) }

// Len is how many there are.
func (o Offer) Len() int { return Set(o).Len() }

// Count is how many of them are in a set.
func (o Offer) Count(s Set) int { return (s & Set(o)).Len() }

// Presets are those of the form, less what is hidden.
func (o Offer) Presets() []Preset {
	var all []Preset
	for _, p := range Presets() {
		if p.Set &= Set(o); p.Set != 0 {
			all = append(all, p)
		}
	}
	return all
}

// Role is the label of the preset that the set equals, else "Custom", whatever
// of it is hidden.
func (o Offer) Role(s Set) string {
	for _, p := range o.Presets() {
		if p.Set == s&Set(o) {
			return p.Label
		}
	}
	return custom
}

// RoleOf is "Owner", or the Role of a member's permissions.
func (o Offer) RoleOf(r Rights) string {
	if r.Owner {
		return ownerRole
	}
	return o.Role(r.Set)
}
