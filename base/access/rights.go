package access

// Rights are what a membership amounts to.
type Rights struct {
	Owner    bool
	Managing bool // the owner lets this member manage users
	Set      Set  // of a member who is not the owner
	Visiting bool // staff who logged in as the owner: everything but managing users and the ownership
}

// Manages tells whether they include managing the account's users.
func (r Rights) Manages() bool { return (r.Owner || r.Managing) && !r.Visiting }

// Holds tells whether they include n.
func (r Rights) Holds(n Name) bool { return r.Owner || r.Set.Has(n) }

// Permissions is what they include: everything for the owner.
func (r Rights) Permissions() Set {
	if r.Owner {
		return Everything
	}
	return r.Set
}
